//! Names that nobody else has, from the system's random source at each call, so that a fork can't repeat one.

use super::error::{JournalError, JournalErrorKind};

/// `what-` and 32 random digits.
pub(crate) fn random(what: &str) -> Result<String, JournalError> {
    let digits = crate::sign::random_nonce()
        .map_err(|_| JournalError::new(JournalErrorKind::Unfit, "the system's random source failed"))?;
    Ok(format!("{what}-{digits}"))
}
