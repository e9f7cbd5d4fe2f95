//! Requests from names and values.

use redpack::table::{ENDPOINTS, Purpose};
use redpack::{Call, Request, SignType};
use serde::Deserialize;

use crate::told::{Fault, Problems};

/// Names and values, in the caller's order.
pub type Pairs = Vec<(String, String)>;

/// A request to one of the typed endpoints.
#[derive(Deserialize)]
pub struct RequestGiven {
    endpoint: String,
    fields: Pairs,
    intent: Option<String>,
}

impl RequestGiven {
    /// The order number among the fields.
    pub fn mch_billno(&self) -> &str {
        value_of(&self.fields, "mch_billno")
    }

    /// All fields that the endpoint doesn't have are told at once.
    pub fn request(&self) -> Result<Request, Fault> {
        let endpoint = ENDPOINTS.into_iter().find(|endpoint| endpoint.name == self.endpoint);
        let rule =
            "is none of sendredpack, sendminiprogramhb, sendworkwxredpack, gethbinfo, queryworkwxredpack";
        let endpoint = endpoint.ok_or_else(|| Fault::argument("endpoint", rule, self.endpoint.len()))?;
        let mut request = Request::new(endpoint);
        let set = |(name, value): &(String, String)| request.set(name, value.as_str()).err();
        let mut problems: Vec<_> = self.fields.iter().filter_map(set).collect();
        if let Some(intent) = &self.intent {
            problems.extend(request.try_set_intent(intent).err());
        }
        if !problems.is_empty() {
            let asks = endpoint.purpose == Purpose::Query;
            return Err(Fault::Problems(Problems {
                broken: problems,
                asks,
                mch_billno: self.mch_billno().to_owned(),
            }));
        }
        Ok(request)
    }
}

/// A call to any other endpoint.
#[derive(Deserialize)]
pub struct CallGiven {
    path: String,
    fields: Pairs,
    sign_type: Option<String>,
    merchant_field: Option<String>,
    signed_answer: Option<bool>,
}

impl CallGiven {
    /// The order number among the fields.
    pub fn mch_billno(&self) -> &str {
        value_of(&self.fields, "mch_billno")
    }

    pub fn call(&self) -> Result<Call, Fault> {
        let mut call = Call::new(&self.path);
        for (name, value) in &self.fields {
            call = call.field(name, value.as_str());
        }
        if let Some(word) = &self.sign_type {
            call = call.sign_type(sign_type(word)?);
        }
        if let Some(name) = &self.merchant_field {
            call = call.merchant_field(name);
        }
        Ok(call.signed_answer(self.signed_answer.unwrap_or(false)))
    }
}

fn value_of<'a>(fields: &'a Pairs, name: &str) -> &'a str {
    fields.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value)
}

/// The algorithm of that name.
pub fn sign_type(word: &str) -> Result<SignType, Fault> {
    [SignType::Md5, SignType::HmacSha256]
        .into_iter()
        .find(|known| known.as_str() == word)
        .ok_or_else(|| Fault::argument("signType", "is neither MD5 nor HMAC-SHA256", word.len()))
}
