//! A request's fields as the service sees them.
//!
//! The service knows the fields of the endpoint's table and nothing else: it signs those and passes over
//! the rest. That is why an extra field that the client signed breaks the signature, and one that it did
//! not sign goes unnoticed (protocol facts, section 2.1).

use std::borrow::Cow;

use redpack::Secret;
use redpack::sign::{sign, verify, workwx_sign};
use redpack::table::{Field, Rule};
use redpack::{SignType, xml::Element};

use crate::policy::Signature;

/// The fields that every answer echoes (protocol facts, section 3.4), if the request has them.
const ECHOED: [&str; 5] = ["mch_billno", "mch_id", "wxappid", "re_openid", "total_amount"];

/// A request that was readable.
pub(crate) struct Fields<'a> {
    root: &'a Element,
}

impl<'a> Fields<'a> {
    pub fn new(root: &'a Element) -> Self {
        Self { root }
    }

    /// A field's text, exactly as it came; empty where there is no such field.
    pub fn text(&self, name: &str) -> &'a str {
        self.root.child(name).map_or("", |child| &child.text)
    }

    /// A number as the service understands it.
    pub fn number(&self, name: &str) -> i64 {
        number(self.text(name))
    }

    /// What an answer to this request repeats.
    pub fn echo(&self) -> Vec<(&'static str, String)> {
        ECHOED
            .into_iter()
            .filter(|name| !self.text(name).is_empty())
            .map(|name| match name {
                "total_amount" => (name, self.number(name).to_string()),
                _ => (name, self.text(name).to_owned()),
            })
            .collect()
    }

    /// Whether a field of the table has elements in it, where only text belongs.
    pub fn is_nested(&self, known: &[Field]) -> bool {
        let known = |name: &str| name == "sign" || known.iter().any(|field| field.name == name);
        self.root.children.iter().any(|child| known(&child.name) && !child.children.is_empty())
    }

    /// Whether `sign` is right, in upper case and over the fields of the table, numbers as the service
    /// writes them.
    ///
    /// A field that comes twice is wrong in any case: the client signed both values, the service one.
    pub fn is_signed(&self, known: &[Field], key: &Secret, accepted: Signature) -> bool {
        let signature = self.text("sign");
        let twice = known.iter().any(|field| self.root.children_named(field.name).nth(1).is_some());
        let form = match accepted {
            Signature::Md5 => signature.len() == 32,
            Signature::Md5OrHmac => matches!(signature.len(), 32 | 64),
        };
        let form = form && !signature.bytes().any(|byte| byte.is_ascii_lowercase());
        let values = self.signed_values(known);
        form && !twice && verify(values.iter().map(|(name, value)| (*name, &**value)), key, signature)
    }

    /// Whether `workwx_sign` is right.
    pub fn is_workwx_signed(&self, known: &[Field], secret: &Secret) -> bool {
        let values = self.signed_values(known);
        workwx_sign(values.iter().map(|(name, value)| (*name, &**value)), secret) == self.text("workwx_sign")
    }

    fn signed_values(&self, known: &[Field]) -> Vec<(&'static str, Cow<'a, str>)> {
        known.iter().map(|field| (field.name, self.rendered(field))).collect()
    }

    fn rendered(&self, field: &Field) -> Cow<'a, str> {
        let text = self.text(field.name);
        match field.rule {
            Rule::Fen | Rule::One | Rule::Number if !text.is_empty() => number(text).to_string().into(),
            _ => text.into(),
        }
    }
}

/// Signs an answer.
pub(crate) fn sign_answer(fields: &[(&'static str, String)], key: &Secret) -> String {
    sign(fields.iter().map(|(name, value)| (*name, value.as_str())), key, SignType::Md5)
}

/// A number as a C library reads it: blanks, a sign, digits up to the first other character. The service
/// signs its own rendering of it, so that `1.00` counts as `1` (protocol facts, section 2.1).
fn number(text: &str) -> i64 {
    let text = text.trim_ascii_start();
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    };
    digits
        .bytes()
        .take_while(u8::is_ascii_digit)
        .fold(0_i64, |sum, digit| sum.saturating_mul(10).saturating_add(i64::from(digit - b'0')))
        .saturating_mul(sign)
}

#[cfg(test)]
mod tests {
    use redpack::table::SENDREDPACK;
    use redpack::xml;

    use super::*;

    #[test]
    fn numbers_are_read_as_c_reads_them() {
        for (text, expected) in [
            ("100", 100),
            ("1.00", 1),
            ("0100", 100),
            (" +7", 7),
            ("-5x", -5),
            ("abc", 0),
            ("", 0),
            ("-", 0),
            ("99999999999999999999", i64::MAX),
            ("-99999999999999999999", -i64::MAX),
            ("１", 0),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    fn signed(body: &str, signed: &[(&str, &str)]) -> bool {
        let key = Secret::new("k");
        let signature = sign(signed.iter().copied(), &key, SignType::Md5);
        let root = xml::read(format!("<xml>{body}<sign>{signature}</sign></xml>").as_bytes()).expect("xml");
        Fields::new(&root).is_signed(SENDREDPACK.fields, &key, Signature::Md5)
    }

    #[test]
    fn only_known_fields_are_signed() {
        let body = "<mch_id>1</mch_id><sub_appid>x</sub_appid><remark></remark>";
        assert!(signed(body, &[("mch_id", "1")]));
        assert!(!signed(body, &[("mch_id", "1"), ("sub_appid", "x")]));
        assert!(!signed("<mch_id>1</mch_id><mch_id>1</mch_id>", &[("mch_id", "1")]));
    }

    #[test]
    fn a_decimal_amount_breaks_the_signature() {
        assert!(signed("<total_amount>100</total_amount>", &[("total_amount", "100")]));
        for amount in ["1.00", "0100", " 100"] {
            assert!(!signed(&format!("<total_amount>{amount}</total_amount>"), &[("total_amount", amount)]));
        }
    }

    #[test]
    fn a_signature_is_32_upper_case_characters() {
        let key = Secret::new("k");
        for (signature, right) in [
            (sign([("mch_id", "1")], &key, SignType::Md5), true),
            (sign([("mch_id", "1")], &key, SignType::Md5).to_lowercase(), false),
            (sign([("mch_id", "1")], &key, SignType::HmacSha256), false),
            (String::new(), false),
        ] {
            let body = format!("<xml><mch_id>1</mch_id><sign>{signature}</sign></xml>");
            let root = xml::read(body.as_bytes()).expect("xml");
            assert_eq!(
                Fields::new(&root).is_signed(SENDREDPACK.fields, &key, Signature::Md5),
                right,
                "{signature}"
            );
        }
    }
}
