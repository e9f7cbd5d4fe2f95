//! Requests: values for the fields of one endpoint, checked, signed and written as XML.

mod call;
mod encode;
mod risk_info;
mod rules;
pub mod table;
mod typed;

pub use call::Call;
pub use encode::{Expected, Merchant, WireRequest};
pub use risk_info::RiskInfo;
pub use typed::{Query, QueryWorkwx, SendMiniProgram, SendRedPack, SendWorkwx};

use std::fmt;

use crate::error::Problem;
use crate::secret::mask_openid;
use table::Endpoint;

/// The longest intent key, in bytes.
pub(crate) const MAX_INTENT: usize = 255;

/// A request to one endpoint: a value, or none yet, for each field of its table.
///
/// The typed requests ([`SendRedPack`] and its siblings) are made of it; bindings and programs that get
/// field names as text use it directly. Nothing is checked before [`Request::encode`], so that all problems
/// are reported together.
#[derive(Clone)]
pub struct Request {
    endpoint: &'static Endpoint,
    values: Vec<Option<String>>,
    intent: Option<String>,
}

impl Request {
    /// An empty request to that endpoint.
    pub fn new(endpoint: &'static Endpoint) -> Self {
        Self { endpoint, values: vec![None; endpoint.fields.len()], intent: None }
    }

    /// Gives a field its value; an empty value is as good as none.
    ///
    /// # Errors
    /// [`Problem`] if the endpoint has no such field.
    pub fn set(&mut self, name: &str, value: impl Into<String>) -> Result<(), Problem> {
        let value = value.into();
        let Some(index) = self.endpoint.position(name) else {
            let rule = format!("is not a field of {}", self.endpoint.name);
            return Err(Problem::new(name.to_owned(), rule, value.len()));
        };
        self.values[index] = Some(value).filter(|value| !value.is_empty());
        Ok(())
    }

    /// For the typed setters, whose names are in the table (a test calls every one).
    fn put(&mut self, name: &'static str, value: String) {
        let known = self.set(name, value);
        debug_assert!(known.is_ok(), "{name} is not in the table of {}", self.endpoint.name);
    }

    /// A field's value as the caller gave it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.endpoint.position(name).and_then(|index| self.values[index].as_deref())
    }

    /// The caller's own name of the payment (an invoice number, a row of a file), at most 255 bytes. It is
    /// no field of the wire: with a journal it leads to its order for ever, so that the order number may be
    /// left out, and the same payment asked for twice is made once.
    pub fn set_intent(&mut self, intent: impl Into<String>) {
        self.intent = Some(intent.into()).filter(|intent| !intent.is_empty());
    }

    /// As [`Request::set_intent`], for names that come from outside.
    ///
    /// # Errors
    /// [`Problem`] if it is empty, too long, holds the character zero, or the request is a query, which goes by
    /// the number alone.
    pub fn try_set_intent(&mut self, intent: &str) -> Result<(), Problem> {
        let rule = match intent {
            _ if self.endpoint.purpose != table::Purpose::Send => "is for sends: a query goes by mch_billno",
            "" => "must not be empty",
            _ if intent.len() > MAX_INTENT => "must not have more than 255 bytes",
            _ if intent.contains('\0') => "must not hold the character zero",
            _ => {
                self.set_intent(intent);
                return Ok(());
            }
        };
        Err(Problem::new("intent", rule, intent.len()))
    }

    /// The caller's own name of the payment.
    pub fn intent(&self) -> Option<&str> {
        self.intent.as_deref()
    }

    /// The endpoint.
    pub fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_struct(self.endpoint.name);
        for (field, value) in self.endpoint.fields.iter().zip(&self.values) {
            match (field.name, value) {
                (_, None) => &mut map,
                ("re_openid", Some(openid)) => map.field(field.name, &mask_openid(openid)),
                ("workwx_sign" | "risk_info", Some(value)) => {
                    map.field(field.name, &format_args!("{} bytes", value.len()))
                }
                (_, Some(value)) => map.field(field.name, value),
            };
        }
        if let Some(intent) = &self.intent {
            map.field("intent", intent);
        }
        map.finish()
    }
}
