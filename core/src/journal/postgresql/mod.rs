//! The journal in a database for several hosts: PostgreSQL, or what speaks its protocol with the features
//! that are probed at open.
//!
//! Times are the server's only. A write is one conditional statement over the revision that was seen; a
//! write whose result is unknown is looked up, never assumed.

mod claim;
mod connect;
mod open;
mod pool;
mod rows;
mod schema;
mod store;
mod write;

pub(super) use open::open;

use super::error::{JournalError, JournalErrorKind};

/// PostgreSQL's error in our terms. Neither the driver's texts nor the server's hold the URL.
#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn storage(error: postgres::Error) -> JournalError {
    let Some(db) = error.as_db_error() else {
        return JournalError::new(JournalErrorKind::Unavailable, format!("PostgreSQL: {error}"));
    };
    let kind = match db.code().code() {
        code if code.starts_with("08") || code.starts_with("57P") || code.starts_with("28") => {
            JournalErrorKind::Unavailable
        }
        // Too long a wait for a lock, cancelled by a time limit, deadlock, too many connections.
        "55P03" | "57014" | "40P01" | "40001" | "53300" => JournalErrorKind::Unavailable,
        "42501" => JournalErrorKind::Unfit,
        _ => JournalErrorKind::Storage,
    };
    JournalError::new(kind, format!("PostgreSQL: {} ({})", db.message(), db.code().code()))
}

/// Whether a failed commit may have happened all the same.
pub(super) fn is_ambiguous(error: &postgres::Error) -> bool {
    error.as_db_error().is_none_or(|db| {
        let code = db.code().code();
        code.starts_with("08") || code.starts_with("57P") || code.starts_with("58") || code.starts_with("XX")
    })
}
