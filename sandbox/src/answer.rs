//! Answers in the service's XML: numbers plain, everything else as CDATA.
//!
//! `redpack::xml::write` isn't used here on purpose: it writes requests, flat and with as little CDATA as
//! they need, and a client must be tried with the form that the service has.

use std::borrow::Cow;

use redpack::Secret;

use crate::fields::sign_answer;

/// Why the service refuses: a code for programs, a text for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub code: &'static str,
    pub text: Cow<'static, str>,
}

impl Refusal {
    pub fn new(code: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, text: text.into() }
    }

    /// A field is missing or wrong.
    pub fn parameter(text: &str) -> Self {
        Self::new("PARAM_ERROR", format!("参数错误:{text}"))
    }
}

/// An answer in the making: fields in the order in which they are written.
pub(crate) struct Answer {
    fields: Vec<(&'static str, String)>,
    /// What `hblist` holds: `openid`, `amount`, `rcv_time` of each claim.
    claims: Vec<[(&'static str, String); 3]>,
}

impl Answer {
    pub fn success(text: &str) -> Self {
        Self::new("SUCCESS", "SUCCESS", text)
    }

    /// The communication was fine, the call was refused; `echo` is what the request said.
    pub fn failure(refusal: &Refusal, echo: Vec<(&'static str, String)>) -> Self {
        let mut answer = Self::new("FAIL", refusal.code, &refusal.text);
        answer.fields.extend(echo);
        answer
    }

    fn new(result_code: &str, err_code: &str, text: &str) -> Self {
        let fields = vec![
            ("return_code", "SUCCESS".to_owned()),
            ("return_msg", text.to_owned()),
            ("result_code", result_code.to_owned()),
            ("err_code", err_code.to_owned()),
            ("err_code_des", text.to_owned()),
        ];
        Self { fields, claims: Vec::new() }
    }

    /// Adds a field, unless it has nothing to say.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.fields.push((name, value));
        }
        self
    }

    /// Adds a field if there is a value.
    pub fn with_some(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds one claim to `hblist`.
    pub fn with_claim(mut self, openid: &str, amount: u64, rcv_time: String) -> Self {
        let claim = [("openid", openid.to_owned()), ("amount", amount.to_string()), ("rcv_time", rcv_time)];
        self.claims.push(claim);
        self
    }

    /// Signs it, as the WeCom endpoints do.
    pub fn signed(mut self, key: &Secret) -> Self {
        let signature = sign_answer(&self.fields, key);
        self.fields.push(("sign", signature));
        self
    }

    pub fn xml(&self) -> String {
        let mut xml = String::with_capacity(1024);
        xml.push_str("<xml>\n");
        for (name, value) in &self.fields {
            push(&mut xml, name, value);
            xml.push('\n');
        }
        if !self.claims.is_empty() {
            xml.push_str("<hblist>\n");
            for claim in &self.claims {
                xml.push_str("<hbinfo>");
                for (name, value) in claim {
                    push(&mut xml, name, value);
                }
                xml.push_str("</hbinfo>\n");
            }
            xml.push_str("</hblist>\n");
        }
        xml.push_str("</xml>");
        xml
    }
}

fn push(xml: &mut String, name: &str, value: &str) {
    xml.extend(["<", name, ">"]);
    if matches!(name, "total_amount" | "total_num" | "amount" | "refund_amount") {
        xml.push_str(value);
    } else {
        // An echo may hold anything that its sender could write.
        let value = value.replace("]]>", "]]]]><![CDATA[>").replace('\r', "]]>&#13;<![CDATA[");
        xml.extend(["<![CDATA[", &value, "]]>"]);
    }
    xml.extend(["</", name, ">"]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cdata_and_numbers_plain() {
        let answer = Answer::success("OK").with("total_num", "1").with("reason", "").with("remark", "a]]>b");
        let xml = answer.with_claim("o1", 100, "2026-11-24 08:00:00".into()).xml();
        for part in [
            "<return_code><![CDATA[SUCCESS]]></return_code>\n",
            "<total_num>1</total_num>\n",
            "<hbinfo><openid><![CDATA[o1]]></openid><amount>100</amount><rcv_time><![CDATA[2026-",
        ] {
            assert!(xml.contains(part), "{part} in {xml}");
        }
        assert!(!xml.contains("reason"));
        let root = redpack::xml::read(xml.as_bytes()).expect("xml");
        assert_eq!(root.text_of("remark"), Some("a]]>b"));
    }

    #[test]
    fn a_failure_repeats_itself_in_the_texts_and_echoes() {
        let refusal = Refusal::parameter("total_num必须等于1");
        let answer = Answer::failure(&refusal, vec![("mch_id", "1".into())]).xml();
        let root = redpack::xml::read(answer.as_bytes()).expect("xml");
        for (name, text) in [
            ("return_code", "SUCCESS"),
            ("result_code", "FAIL"),
            ("err_code", "PARAM_ERROR"),
            ("return_msg", "参数错误:total_num必须等于1"),
            ("err_code_des", "参数错误:total_num必须等于1"),
            ("mch_id", "1"),
        ] {
            assert_eq!(root.text_of(name), Some(text));
        }
    }
}
