//! From a request to the bytes on the wire: complete, check, sign, write.

use std::borrow::Cow;
use std::fmt;

use super::table::{Purpose, Source};
use super::{Request, rules};
use crate::error::{Error, Operation, Problem};
use crate::secret::Secret;
use crate::sign::{self, SignType};
use crate::xml;

/// Who signs: the merchant's number, default appid and keys.
#[derive(Debug, Clone)]
pub struct Merchant {
    /// The merchant number (in service-provider mode the provider's).
    pub mch_id: String,
    /// The appid that requests carry unless they name another.
    pub appid: String,
    /// The APIv2 key.
    pub api_key: Secret,
    /// The secret of the WeCom admin's 企业支付 application; needed for WeCom red packets only.
    pub workwx_secret: Option<Secret>,
}

/// What an answer must echo to be about this order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// The order number.
    pub mch_billno: Option<String>,
    /// The merchant number.
    pub mch_id: Option<String>,
    /// The amount in fen, as digits.
    pub total_amount: Option<String>,
    /// The recipient.
    pub re_openid: Option<String>,
}

impl fmt::Debug for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected").field("mch_billno", &self.mch_billno).finish_non_exhaustive()
    }
}

/// A request ready to be posted.
#[derive(Clone)]
pub struct WireRequest {
    /// The path below the host.
    pub path: Cow<'static, str>,
    /// The XML document, UTF-8.
    pub body: String,
    /// The nonce in it.
    pub nonce_str: String,
    /// Whether it moves money.
    pub purpose: Purpose,
    /// Whether a successful answer must be signed.
    pub signed_answer: bool,
    /// What the answer must echo.
    pub expected: Expected,
}

impl fmt::Debug for WireRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WireRequest")
            .field("path", &self.path)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("expected", &self.expected)
            .finish_non_exhaustive()
    }
}

impl Purpose {
    pub(crate) fn operation(self) -> Operation {
        match self {
            Purpose::Send => Operation::Send,
            Purpose::Query => Operation::Query,
        }
    }
}

impl Request {
    /// Completes the request with the merchant's fields and the defaults, checks every field rule, signs
    /// it and writes it. A send encoded twice gives the same bytes.
    ///
    /// # Errors
    /// Of kind `invalid_request`, with every broken rule in [`Error::problems`].
    pub fn encode(&self, merchant: &Merchant) -> Result<WireRequest, Error> {
        self.encode_checked(merchant).map_err(|problems| {
            let operation = self.endpoint.purpose.operation();
            Error::invalid(operation, problems)
                .masking(self.get("re_openid"))
                .for_order(self.get("mch_billno"))
        })
    }

    fn encode_checked(&self, merchant: &Merchant) -> Result<WireRequest, Vec<Problem>> {
        let mut values = self.completed(merchant)?;
        let fields = self.endpoint.fields;

        let mut business = String::with_capacity(512);
        for (field, value) in fields.iter().zip(&values) {
            if !value.is_empty() && field.source != Source::Nonce {
                sign::push_pair(&mut business, field.name, value);
            }
        }
        if let Some(index) = self.endpoint.position("nonce_str").filter(|&index| values[index].is_empty()) {
            values[index] = Cow::Owned(match self.endpoint.purpose {
                Purpose::Send => sign::derived_nonce(&business, &merchant.api_key),
                Purpose::Query => sign::random_nonce().map_err(|_| {
                    vec![Problem::new("nonce_str", "can't be made: the system's random source failed", 0)]
                })?,
            });
        }
        if let (Some(index), Some(secret)) = (self.endpoint.position("workwx_sign"), &merchant.workwx_secret)
        {
            let pairs = fields.iter().zip(&values).map(|(field, value)| (field.name, &**value));
            values[index] = Cow::Owned(sign::workwx_sign(pairs, secret));
        }

        let mut canonical = String::with_capacity(business.len() + 96);
        let mut body = String::with_capacity(2 * business.len() + 256);
        body.push_str("<xml>");
        for (field, value) in fields.iter().zip(&values).filter(|(_, value)| !value.is_empty()) {
            sign::push_pair(&mut canonical, field.name, value);
            xml::push_field(&mut body, field.name, value);
        }
        xml::push_field(
            &mut body,
            "sign",
            &sign::sign_canonical(&canonical, &merchant.api_key, SignType::Md5),
        );
        body.push_str("</xml>");

        let value_of = |name: &str| self.endpoint.position(name).map(|index| values[index].to_string());
        Ok(WireRequest {
            path: Cow::Borrowed(self.endpoint.path),
            body,
            nonce_str: value_of("nonce_str").unwrap_or_default(),
            purpose: self.endpoint.purpose,
            signed_answer: self.endpoint.signed_answer,
            expected: Expected {
                mch_billno: value_of("mch_billno"),
                mch_id: value_of("mch_id"),
                total_amount: value_of("total_amount"),
                re_openid: value_of("re_openid"),
            },
        })
    }

    /// Every field's value (empty where there is none), all rules checked.
    fn completed<'a>(&'a self, merchant: &'a Merchant) -> Result<Vec<Cow<'a, str>>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut values = Vec::with_capacity(self.values.len());
        for (field, given) in self.endpoint.fields.iter().zip(&self.values) {
            let given = given.as_deref();
            let value = match field.source {
                Source::Required | Source::Optional | Source::Nonce => given.unwrap_or_default(),
                Source::Default(default) => given.unwrap_or(default),
                Source::MerchantNumber => &merchant.mch_id,
                Source::AppId => given.unwrap_or(&merchant.appid),
                Source::WorkwxSign => "",
            };
            if field.source == Source::MerchantNumber && given.is_some_and(|given| given != merchant.mch_id) {
                let length = given.map_or(0, str::len);
                problems.push(Problem::new(field.name, "must be the client's own merchant number", length));
            }
            if field.source == Source::WorkwxSign {
                if given.is_some() {
                    let length = given.map_or(0, str::len);
                    problems.push(Problem::new(field.name, "is computed, not given", length));
                }
                if merchant.workwx_secret.is_none() {
                    problems.push(Problem::new(
                        field.name,
                        "needs the WeCom secret, which the client lacks",
                        0,
                    ));
                }
            } else if !value.is_empty() {
                rules::check(field, value, &mut problems);
            } else if !matches!(field.source, Source::Optional | Source::Nonce) {
                problems.push(Problem::new(field.name, "is required", 0));
            }
            values.push(Cow::Borrowed(value));
        }
        if self.get("agentid").is_some() && self.get("sender_name").is_some() {
            problems.push(Problem::new("agentid", "excludes sender_name: give one of the two", 0));
        }
        if problems.is_empty() { Ok(values) } else { Err(problems) }
    }
}
