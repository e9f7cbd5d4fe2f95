//! What is wrong with one field.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

/// A broken field rule: which field, which rule, and the length of the value, never the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The field's name on the wire.
    pub field: Cow<'static, str>,
    /// The rule that the value breaks, as the end of a sentence that starts with the field's name.
    pub rule: Cow<'static, str>,
    /// The value's length in bytes of UTF-8.
    pub length: usize,
}

impl Problem {
    pub(crate) fn new(
        field: impl Into<Cow<'static, str>>,
        rule: impl Into<Cow<'static, str>>,
        length: usize,
    ) -> Self {
        Self { field: field.into(), rule: rule.into(), length }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            0 => write!(f, "{} {}", self.field, self.rule),
            1 => write!(f, "{} {} (it has 1 byte)", self.field, self.rule),
            length => write!(f, "{} {} (it has {length} bytes)", self.field, self.rule),
        }
    }
}

impl std::error::Error for Problem {}
