//! Runs the shared vectors of answers' bodies: the tree that is read, or the refusal.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "support/vectors.rs"]
mod vectors;

use redpack::xml::{self, Element};
use serde_json::{Value, json};
use vectors::{list, ran, read, text};

fn body(case: &Value) -> Vec<u8> {
    if let Some(plain) = case["body"].as_str() {
        return plain.into();
    }
    if let Some(coded) = case["body_hex"].as_str() {
        let byte = |at| u8::from_str_radix(&coded[at..at + 2], 16).expect("hex");
        return (0..coded.len()).step_by(2).map(byte).collect();
    }
    let repeat = &case["body_repeat"];
    let times = repeat["times"].as_u64().expect("a number");
    let middle = text(repeat, "middle").repeat(usize::try_from(times).expect("a number"));
    format!("{}{middle}{}", text(repeat, "before"), text(repeat, "after")).into_bytes()
}

/// The tree in the form of the vectors: what stands between an element's children is layout.
fn told(element: &Element) -> Value {
    if element.children.is_empty() {
        return json!({"name": element.name, "text": element.text});
    }
    let children: Vec<Value> = element.children.iter().map(told).collect();
    json!({"name": element.name, "children": children})
}

#[test]
fn bodies_and_the_trees_in_them() {
    let file = read("parse.json");
    let cases = list(&file, "cases");
    for case in cases {
        match xml::read(&body(case)) {
            Ok(root) => assert_eq!(told(&root), case["root"], "{case}"),
            Err(error) => assert_eq!(case["error"], true, "{error}: {case}"),
        }
    }
    ran("parse.json", cases.len());
}
