//! The journal in a file: SQLite in WAL mode, every commit flushed, commits shared between threads.
//!
//! One host only: liveness is a lock of the operating system. Other programs may read the file; **the same
//! process must not open it with another copy of SQLite**, whose closing would drop our locks.

mod batch;
mod engine;
mod open;
mod owner;
mod rows;
mod schema;
mod writer;

pub(super) use open::open;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::error::{JournalError, JournalErrorKind};
use super::moment::{Moment, millis};
use super::open::Options;

/// SQLite's error in our terms. Its messages name tables and files, never values.
#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn storage(error: rusqlite::Error) -> JournalError {
    use rusqlite::{Error, ErrorCode};
    if let Error::InvalidColumnType(_, name, kind) = &error {
        return super::row::corrupt(&format!("in a column {name} a value of the type {kind}"));
    }
    if let Error::FromSqlConversionFailure(..) | Error::IntegralValueOutOfRange(..) = &error {
        return super::row::corrupt(&format!("a value that can't be read: {error}"));
    }
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => JournalErrorKind::Unavailable,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => JournalErrorKind::Corrupt,
        _ => JournalErrorKind::Storage,
    };
    JournalError::new(kind, format!("SQLite: {error}"))
}

fn wall(options: &Options) -> Moment {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis);
    Moment(now.saturating_add(options.clock_shift()))
}

/// What tells one file from a copy of it, for as long as both exist.
#[cfg(unix)]
fn file_identity(path: &Path) -> String {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map_or_else(|_| "missing".into(), |file| format!("inode {}", file.ino()))
}

/// This system doesn't tell.
#[cfg(not(unix))]
fn file_identity(path: &Path) -> String {
    if path.exists() { "here".into() } else { "missing".into() }
}
