//! The XML of APIv2: one flat document, written strictly and read liberally within limits.

mod element;
mod flat;
mod read;
mod write;

pub use element::Element;
pub use read::{MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, ReadError, read};
pub use write::{is_legal, write};

pub(crate) use write::{is_name, push_field};
