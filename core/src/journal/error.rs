//! What can go wrong with a journal itself.

use std::fmt;

use serde::Serialize;

use super::reply::Refusal;
use crate::outcome::words;

words! {
    /// What went wrong.
    JournalErrorKind {
        /// The journal's URL can't be used.
        Url = "journal_url",
        /// The engine lacks something that the journal needs, or is set to lose commits.
        Unfit = "journal_unfit",
        /// The schema was made by a newer version.
        NewerSchema = "journal_newer_schema",
        /// Not to be reached: connection refused, lost, or the file is locked for too long.
        Unavailable = "journal_unavailable",
        /// The storage failed: disk full, I/O error. What was to be written is not there.
        Storage = "journal_storage",
        /// A commit's result is unknown, and could not be read back.
        Ambiguous = "journal_ambiguous",
        /// The journal holds something that this version can't read.
        Corrupt = "journal_corrupt",
        /// The file at the journal's path is not the one that was opened.
        Replaced = "journal_replaced",
        /// A parent process was in the middle of an operation when this one was forked.
        Forked = "journal_forked",
        /// An operation was refused; see [`JournalError::refusal`].
        Refused = "journal_refused",
    }
}

/// An operation that the journal did not do. **Unless the kind is `ambiguous`, nothing was written**; in any
/// case nothing may be sent.
///
/// Neither `Display` nor `Debug` show the journal's URL.
#[derive(Clone)]
pub struct JournalError {
    inner: Box<Inner>,
}

#[derive(Debug, Clone)]
struct Inner {
    kind: JournalErrorKind,
    message: String,
    refusal: Option<Refusal>,
}

impl JournalError {
    pub(super) fn new(kind: JournalErrorKind, message: impl Into<String>) -> Self {
        Self { inner: Box::new(Inner { kind, message: message.into(), refusal: None }) }
    }

    /// What went wrong.
    pub fn kind(&self) -> JournalErrorKind {
        self.inner.kind
    }

    /// Why the operation was refused, where it was.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.inner.refusal.as_ref()
    }

    /// One line for people.
    pub fn message(&self) -> &str {
        &self.inner.message
    }
}

impl From<Refusal> for JournalError {
    fn from(refusal: Refusal) -> Self {
        let message = match &refusal {
            Refusal::NotPrepared => "there is no such order".into(),
            Refusal::Conflict { field, .. } => format!("the order exists with another {field}"),
            Refusal::Settled(_) => "the order was sent".into(),
            Refusal::Closed(_) => "the order is closed".into(),
            Refusal::Failed(_) => "the order failed for good".into(),
            Refusal::InFlight { wait, .. } => format!("somebody works on the order, for {wait:?} at most"),
            Refusal::NotYetDue { wait, .. } => format!("the order is not due for {wait:?}"),
            Refusal::QueryFirst(_) => "a query must come first".into(),
            Refusal::HorizonPassed(_) => "3 days have passed since the first attempt: query only".into(),
            Refusal::Manual(_) => "an operator must settle the order".into(),
            Refusal::Ambiguous(_) => "an attempt of the order is ambiguous".into(),
            Refusal::WrongState(order) => format!("the order is {}", order.state),
            Refusal::OtherHost { host, .. } => format!("the order's ambiguous attempt went to {host}"),
            Refusal::Paused(pause) => format!("the merchant's queue is stopped: {}", pause.reason),
            Refusal::CapReached { cap, .. } => format!("the local limit {cap} would be passed"),
            Refusal::Restored(restore) => format!("the journal may be an old copy: {}", restore.evidence),
            Refusal::Invalid { field, rule } => format!("{field} {rule}"),
        };
        Self { inner: Box::new(Inner { kind: JournalErrorKind::Refused, message, refusal: Some(refusal) }) }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "journal: {}", self.inner.message)
    }
}

impl fmt::Debug for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.inner, f)
    }
}

impl std::error::Error for JournalError {}
