//! The generic call: any other v2 endpoint, with whatever fields it wants.

use std::borrow::Cow;
use std::fmt;

use super::encode::{Expected, Merchant, WireRequest};
use super::table::Purpose;
use crate::error::{Error, Operation, Problem};
use crate::secret::Secret;
use crate::sign::{self, SignType};
use crate::xml;

/// A call to any v2 endpoint. The merchant number, a nonce and the signature are added; all other fields
/// are the caller's, and **all of them are signed**, so give exactly those that the endpoint documents.
///
/// The nonce is derived from the fields, as in a typed send, so that a repeated call writes the same bytes.
#[derive(Clone)]
pub struct Call {
    path: String,
    fields: Vec<(String, String)>,
    sign_type: SignType,
    merchant_field: Cow<'static, str>,
    signed_answer: bool,
}

impl Call {
    /// A call to that path, such as `/mmpaymkttransfers/sendgroupredpack`.
    pub fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            fields: Vec::new(),
            sign_type: SignType::Md5,
            merchant_field: Cow::Borrowed("mch_id"),
            signed_answer: false,
        }
    }

    /// Adds a field. An empty value is neither signed nor sent.
    pub fn field(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// Signs with the other algorithm. HMAC-SHA256 adds the field `sign_type` unless the caller gives it.
    pub fn sign_type(mut self, sign_type: SignType) -> Self {
        self.sign_type = sign_type;
        self
    }

    /// The name under which the merchant number goes, where it is not `mch_id` (transfers call it `mchid`).
    pub fn merchant_field(mut self, name: &str) -> Self {
        self.merchant_field = Cow::Owned(name.to_owned());
        self
    }

    /// Demands a valid signature of a successful answer. Without this one is verified only where it is there.
    pub fn signed_answer(mut self, required: bool) -> Self {
        self.signed_answer = required;
        self
    }

    /// The order number among the fields, if there is one.
    pub fn mch_billno(&self) -> Option<&str> {
        self.given("mch_billno")
    }

    fn given(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(given, value)| given == name && !value.is_empty())
            .map(|(_, value)| &**value)
    }

    /// Completes, checks, signs and writes the call.
    ///
    /// # Errors
    /// Of kind `invalid_request`, with every problem in [`Error::problems`].
    pub fn encode(&self, merchant: &Merchant) -> Result<WireRequest, Error> {
        let problems = self.problems(merchant);
        if !problems.is_empty() {
            let error = Error::invalid(Operation::Send, problems);
            return Err(error.masking(self.given("re_openid")).for_order(self.mch_billno()));
        }
        let mut fields: Vec<(&str, &str)> = self
            .fields
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .filter(|(name, value)| !value.is_empty() && *name != self.merchant_field)
            .collect();
        fields.push((&self.merchant_field, &merchant.mch_id));
        if self.sign_type == SignType::HmacSha256 && self.given("sign_type").is_none() {
            fields.push(("sign_type", self.sign_type.as_str()));
        }
        let nonce = match self.given("nonce_str") {
            Some(given) => given.to_owned(),
            None => derived(&fields, &self.path, &merchant.api_key),
        };
        if self.given("nonce_str").is_none() {
            fields.push(("nonce_str", &nonce));
        }
        fields.sort_unstable();
        let signature = sign::sign(fields.iter().copied(), &merchant.api_key, self.sign_type);
        fields.push(("sign", &signature));
        let mut body = String::with_capacity(1024);
        body.push_str("<xml>");
        for (name, value) in &fields {
            xml::push_field(&mut body, name, value);
        }
        body.push_str("</xml>");
        let expected = |name: &str| self.given(name).map(str::to_owned);
        Ok(WireRequest {
            path: Cow::Owned(self.path.clone()),
            body,
            expected: Expected {
                mch_billno: expected("mch_billno"),
                mch_id: Some(merchant.mch_id.clone()),
                total_amount: expected("total_amount"),
                re_openid: expected("re_openid"),
            },
            nonce_str: nonce,
            purpose: Purpose::Send,
            signed_answer: self.signed_answer,
        })
    }

    fn problems(&self, merchant: &Merchant) -> Vec<Problem> {
        let mut problems = Vec::new();
        let path_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
        if !self.path.starts_with('/') || self.path.starts_with("//") || !self.path.bytes().all(path_byte) {
            let rule = "must start with one / and hold letters, digits, / - _ . only";
            problems.push(Problem::new("path", rule, self.path.len()));
        }
        if !xml::is_name(&self.merchant_field) {
            let rule = "is not a name that XML can carry";
            problems.push(Problem::new(self.merchant_field.clone(), rule, self.merchant_field.len()));
        }
        for (index, (name, value)) in self.fields.iter().enumerate() {
            let mut broken =
                |rule: &'static str| problems.push(Problem::new(name.clone(), rule, value.len()));
            if !xml::is_name(name) {
                broken("is not a name that XML can carry");
            } else if name == "sign" {
                broken("is computed, not given");
            } else if self.fields[..index].iter().any(|(earlier, _)| earlier == name) {
                broken("is given twice");
            } else if *name == self.merchant_field && !value.is_empty() && *value != merchant.mch_id {
                broken("must be the client's own merchant number");
            } else if name == "sign_type" && !value.is_empty() && value != self.sign_type.as_str() {
                broken("must name the algorithm that signs");
            }
            if !xml::is_legal(value) {
                broken("holds a character that XML 1.0 can't carry");
            }
        }
        problems
    }
}

fn derived(fields: &[(&str, &str)], path: &str, key: &Secret) -> String {
    sign::derived_nonce(&format!("{path}?{}", sign::canonical(fields.iter().copied())), key)
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| &**name).collect();
        f.debug_struct("Call").field("path", &self.path).field("fields", &names).finish_non_exhaustive()
    }
}
