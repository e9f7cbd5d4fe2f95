//! Names that nobody else has, from the system's random source at each call, so that a fork can't repeat one.

use super::error::{JournalError, JournalErrorKind};

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
    bytes.iter().flat_map(|&byte| [digit(byte >> 4), digit(byte)]).collect()
}

/// `what-` and 32 random digits.
pub(crate) fn random(what: &str) -> Result<String, JournalError> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|_| JournalError::new(JournalErrorKind::Unfit, "the system's random source failed"))?;
    Ok(format!("{what}-{}", hex(&bytes)))
}
