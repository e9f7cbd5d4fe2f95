//! Answers in the service's XML: numbers plain, everything else as CDATA.
//!
//! `redpack::xml::write` isn't used here on purpose: it writes requests, flat and with as little CDATA as
//! they need, and a client must be tried with the form that the service has.

use std::borrow::Cow;

use redpack::Secret;

use crate::fields::sign_answer;
use crate::policy::{Policy, SuccessCode};

/// Why the service refuses: a code for programs, a text for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub code: Cow<'static, str>,
    pub text: Cow<'static, str>,
    /// Told as a failure of the communication: `return_code` FAIL.
    pub communication: bool,
}

impl Refusal {
    pub fn new(code: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code: code.into(), text: text.into(), communication: false }
    }

    /// A failure of the communication, with a code or without.
    pub fn communication(code: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) -> Self {
        Self { communication: true, ..Self::new(code, text) }
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
    pub fn success(text: &str, policy: &Policy) -> Self {
        let code = match policy.success_code {
            SuccessCode::Success => "SUCCESS",
            SuccessCode::Zero => "0",
            SuccessCode::Absent => "",
        };
        Self::new("SUCCESS", "SUCCESS", code, text)
    }

    /// The call was refused; `echo` is what the request said.
    pub fn failure(refusal: &Refusal, echo: Vec<(&'static str, String)>) -> Self {
        let Refusal { code, text, communication } = refusal;
        let mut answer = Self::new(if *communication { "FAIL" } else { "SUCCESS" }, "FAIL", code, text);
        if code.is_empty() {
            answer.fields.truncate(2);
        }
        answer.fields.extend(echo);
        answer
    }

    fn new(return_code: &str, result_code: &str, err_code: &str, text: &str) -> Self {
        Self { fields: Vec::new(), claims: Vec::new() }
            .with("return_code", return_code)
            .with("return_msg", text)
            .with("result_code", result_code)
            .with("err_code", err_code)
            .with("err_code_des", text)
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

    /// Gives a field another value, if it is there.
    pub fn change(&mut self, name: &str, change: impl FnOnce(&str) -> String) {
        if let Some((_, value)) = self.fields.iter_mut().find(|(known, _)| *known == name) {
            *value = change(value);
        }
    }

    /// The same answer in a form that is unusual and right: a byte order mark and blanks before it, no
    /// CDATA, the fields backwards, and one that nobody knows.
    pub fn odd_xml(&self) -> String {
        let mut odd = Self { fields: self.fields.clone(), claims: self.claims.clone() };
        odd.fields.reverse();
        odd.fields.insert(1, ("never_seen_field", "1".into()));
        let xml = odd.xml();
        let mut plain = String::from("\u{feff}\r\n  ");
        let mut rest = xml.as_str();
        while let Some((before, after)) = rest.split_once("<![CDATA[") {
            let (text, after) = after.split_once("]]>").unwrap_or((after, ""));
            plain.extend([before, &text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")]);
            rest = after;
        }
        plain + rest
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
        let answer = Answer::success("OK", &Policy::default())
            .with("total_num", "1")
            .with("reason", "")
            .with("remark", "a]]>b");
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
    fn the_odd_form_says_the_same() {
        let answer = Answer::success("a]]>b & <c>\r\n", &Policy::default()).with("total_amount", "100");
        let answer = answer.with_claim("o1", 100, "2026-11-24 08:00:00".into());
        let odd = answer.odd_xml();
        assert!(odd.starts_with('\u{feff}') && !odd.contains("CDATA"), "{odd}");
        let (odd, usual) = (redpack::xml::read(odd.as_bytes()), redpack::xml::read(answer.xml().as_bytes()));
        let (odd, usual) = (odd.expect("xml"), usual.expect("xml"));
        for name in ["return_msg", "err_code_des", "total_amount", "result_code"] {
            assert_eq!(odd.text_of(name), usual.text_of(name), "{name}");
        }
        assert_eq!(odd.child("hblist"), usual.child("hblist"));
    }

    #[test]
    fn a_communication_failure_may_say_nothing_more() {
        let bare = Answer::failure(&Refusal::communication("", "签名失败"), Vec::new());
        assert_eq!(bare.fields, [("return_code", "FAIL".into()), ("return_msg", "签名失败".into())]);
        let busy = Answer::failure(&Refusal::communication("268458547", "系统繁忙"), Vec::new()).xml();
        let busy = redpack::xml::read(busy.as_bytes()).expect("xml");
        assert_eq!(
            (busy.text_of("return_code"), busy.text_of("err_code")),
            (Some("FAIL"), Some("268458547"))
        );
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
