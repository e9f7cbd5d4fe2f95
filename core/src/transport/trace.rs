//! What happened on the wire during one call: the one witness of whether a byte may have left.
//!
//! ureq's errors alone can't tell: a reset in the handshake (nothing sent) and a reset after the request
//! (perhaps paid) look alike. The connector and the transport, which run on the caller's own thread, write
//! down here how far they came.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use crate::error::ErrorKind;

const LEASE_EXPIRED: &str = "the lease of the attempt ended before its first byte could leave";

/// How far a call came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Nothing done yet.
    Start,
    /// Looking up the host's name.
    Resolve,
    /// Opening a TCP connection.
    Connect,
    /// Shaking hands in TLS.
    Handshake,
    /// A connection is there; nothing of the request has left.
    Ready,
    /// The first byte of the request may have left.
    Send,
    /// Bytes of an answer came.
    Answer,
}

impl Phase {
    /// The word for logs and events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Handshake => "handshake",
            Self::Ready => "ready",
            Self::Send => "send",
            Self::Answer => "answer",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The record of one call.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    pub phase: Phase,
    /// Whether a kept-alive connection served the call.
    pub reused: bool,
    /// The connection that carries the request, once its first byte may have left.
    pub sender: Option<u64>,
    /// What our own connector or transport found wrong: more exact than the error that ureq makes of it.
    pub failure: Option<(ErrorKind, String)>,
}

impl Trace {
    const fn new() -> Self {
        Self { phase: Phase::Start, reused: true, sender: None, failure: None }
    }

    /// Whether a byte of the request may have left.
    pub fn may_have_sent(&self) -> bool {
        self.sender.is_some()
    }
}

/// Asked right before the first byte may leave.
pub(crate) type Permit = Arc<dyn Fn() -> bool>;

thread_local! {
    static PERMIT: RefCell<Option<Permit>> = const { RefCell::new(None) };
    static TRACE: RefCell<Trace> = const { RefCell::new(Trace::new()) };
}

/// Starts the record of a new call on this thread.
pub(super) fn begin(permit: Option<Permit>) {
    PERMIT.set(permit);
    note(|trace| *trace = Trace::new());
}

/// Whether the call under way on this thread may still send. Notes it where not.
pub(super) fn is_permitted() -> bool {
    let permitted = PERMIT.with_borrow(|permit| permit.as_ref().is_none_or(|permit| permit()));
    if !permitted {
        note(|trace| trace.failure = Some((ErrorKind::LeaseExpired, LEASE_EXPIRED.into())));
    }
    permitted
}

/// Writes into the record of the call under way on this thread.
pub(super) fn note(write: impl FnOnce(&mut Trace)) {
    TRACE.with_borrow_mut(write);
}

/// Reads the record so far.
pub(crate) fn current() -> Trace {
    TRACE.with_borrow(Clone::clone)
}

/// Notes a failure and makes the error that ureq passes on; `transport/post.rs` reads the note.
pub(super) fn fail(kind: ErrorKind, message: impl Into<String>) -> ureq::Error {
    let message = message.into();
    note(|trace| trace.failure = Some((kind, message.clone())));
    ureq::Error::Other(message.into())
}
