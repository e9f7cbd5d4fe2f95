//! The field rules: what a value must be before it is signed and sent (design: strict in what we send).

use std::net::Ipv4Addr;

use super::table::{Field, Rule};
use crate::error::Problem;
use crate::fen::Fen;
use crate::xml;

const SCENES: [&str; 8] =
    ["PRODUCT_1", "PRODUCT_2", "PRODUCT_3", "PRODUCT_4", "PRODUCT_5", "PRODUCT_6", "PRODUCT_7", "PRODUCT_8"];

/// Checks a value that is there; adds to `problems` what is wrong with it.
pub(super) fn check(field: &Field, value: &str, problems: &mut Vec<Problem>) {
    let mut broken = |rule: String| problems.push(Problem::new(field.name, rule, value.len()));
    // Numbers have no length on the wire but the one that their type can hold.
    let number = matches!(field.rule, Rule::Fen | Rule::Number | Rule::One);
    if value.len() > field.max_bytes && !number {
        broken(format!("must have at most {} bytes of UTF-8", field.max_bytes));
    }
    let alphanumeric = || value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match field.rule {
        Rule::Text if !xml::is_legal(value) => broken("holds a character that XML 1.0 can't carry".into()),
        Rule::Alphanumeric if !alphanumeric() => {
            broken("must be letters and digits (0-9 A-Z a-z) only".into());
        }
        Rule::Fen => match value.parse() {
            Ok(Fen(0)) => broken("must be greater than zero fen".into()),
            Ok(Fen(_)) => {}
            Err(error) => broken(format!("is an amount in fen: it {error}")),
        },
        Rule::Number => {
            if let Err(error) = value.parse::<Fen>() {
                broken(format!("is a number: it {error}"));
            }
        }
        Rule::One if value != "1" => broken("must be 1".into()),
        Rule::Ipv4 if value.parse::<Ipv4Addr>().is_err() => broken("must be an IPv4 address".into()),
        Rule::Scene if !SCENES.contains(&value) => broken("must be one of PRODUCT_1 to PRODUCT_8".into()),
        Rule::Constant(constant) if value != constant => broken(format!("must be {constant}")),
        _ => {}
    }
}
