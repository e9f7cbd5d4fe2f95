//! An answer's fields as they came.

use std::fmt;

use serde::Serialize;

use crate::error::LONGEST_CODE;
use crate::request::Expected;
use crate::secret::told_by_service;
use crate::xml::Element;

/// An answer of the service: every field that came, known or not.
///
/// `Debug` shows the codes only, since other fields may hold an openid; what has an openid's shape is masked there too.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Answer {
    root: Element,
}

/// Fields that decide what an answer means: two different values of one of them mean nothing.
const DECIDING: [&str; 9] = [
    "return_code",
    "result_code",
    "err_code",
    "mch_billno",
    "mch_id",
    "total_amount",
    "re_openid",
    "status",
    "sign",
];

impl Answer {
    pub(crate) fn new(root: Element) -> Self {
        Self { root }
    }

    /// The value of a top-level field without the blanks round it; `None` where it is missing or empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.root.text_of(name)
    }

    /// The document's root with everything in it.
    pub fn root(&self) -> &Element {
        &self.root
    }

    /// A deciding field that came with several different values.
    pub(super) fn contradiction(&self) -> Option<&'static str> {
        DECIDING.into_iter().find(|name| {
            let mut values = self.root.children_named(name).map(|child| child.text.trim());
            let first = values.next();
            values.any(|value| Some(value) != first)
        })
    }

    /// A field whose echo differs from what was sent. Echoes that are missing don't differ.
    pub(super) fn echo_mismatch(&self, expected: &Expected, names: &[&'static str]) -> Option<&'static str> {
        names.iter().copied().find(|&name| {
            let sent = match name {
                "mch_billno" => &expected.mch_billno,
                "mch_id" => &expected.mch_id,
                "total_amount" => &expected.total_amount,
                _ => &expected.re_openid,
            };
            match (sent.as_deref(), self.text(name)) {
                (Some(sent), Some(echo)) => sent != echo,
                _ => false,
            }
        })
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Answer");
        for name in ["return_code", "result_code", "err_code", "status"] {
            if let Some(text) = self.text(name).map(|text| told_by_service(text, LONGEST_CODE)) {
                debug.field(name, &text);
            }
        }
        debug.field("fields", &self.root.children.len()).finish()
    }
}
