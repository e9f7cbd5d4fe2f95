//! Opening a journal by its URL.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use super::Journal;
use super::error::{JournalError, JournalErrorKind};
use super::fault::Faults;

/// What [`open_with`] can be told besides the URL.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Milliseconds to add to the journal's clock, so that tests need not wait for days.
    #[doc(hidden)]
    pub clock_shift: Arc<AtomicI64>,
    /// Faults to plant.
    #[doc(hidden)]
    pub faults: Faults,
}

impl Options {
    pub(super) fn clock_shift(&self) -> i64 {
        self.clock_shift.load(std::sync::atomic::Ordering::SeqCst)
    }
}

/// Opens the journal at a URL, and makes or migrates it where needed:
///
/// - `sqlite:PATH` — for the processes of one host. **The journal is PATH and every file beside it whose name
///   begins with PATH.** `?guard=PATH` puts the restore guard elsewhere; `?create=no` refuses a path where
///   there is no journal yet, which is what a program wants that runs every day: an empty journal pays
///   everything again.
/// - `postgresql://USER:PASSWORD@HOST/DATABASE` (or `postgres://`) — one database for several hosts, with
///   the driver's usual parameters. `sslmode=require` or `verify-full` demands TLS; `sslrootcert=FILE` names
///   the authority to trust instead of the built-in ones. `guard=PATH` keeps a restore guard on this host.
///
/// # Errors
/// Of kinds `url`, `unfit`, `newer_schema`, `unavailable`, `storage`, `corrupt`. None shows the URL.
pub fn open(url: &str) -> Result<Arc<dyn Journal>, JournalError> {
    open_with(url, &Options::default())
}

/// As [`open`], with options.
///
/// # Errors
/// As [`open`].
pub fn open_with(url: &str, options: &Options) -> Result<Arc<dyn Journal>, JournalError> {
    let refused = |what: &str| JournalError::new(JournalErrorKind::Url, what);
    let scheme = url.split(':').next().unwrap_or_default();
    match scheme {
        #[cfg(feature = "sqlite")]
        "sqlite" => super::sqlite::open(url, options),
        #[cfg(not(feature = "sqlite"))]
        "sqlite" => Err(refused("this build has no SQLite (feature `sqlite`)")),
        #[cfg(feature = "postgresql")]
        "postgres" | "postgresql" => super::postgresql::open(url, options),
        #[cfg(not(feature = "postgresql"))]
        "postgres" | "postgresql" => Err(refused("this build has no PostgreSQL (feature `postgresql`)")),
        _ => Err(refused("a journal's URL starts with sqlite: or postgresql://")),
    }
}

/// Takes `name=value` out of a URL's query; gives the URL without it and the decoded value.
pub(super) fn take_parameter(url: &str, name: &str) -> (String, Option<String>) {
    let Some((base, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let mut taken = None;
    let rest: Vec<&str> = query
        .split('&')
        .filter(|pair| match pair.split_once('=') {
            Some((key, value)) if key == name => {
                taken = Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned());
                false
            }
            _ => true,
        })
        .collect();
    let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
    (url, taken)
}
