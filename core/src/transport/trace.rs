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
const GIVEN_UP: &str = "the caller gave up before the first byte could leave";

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
    /// The host's own word, over all calls that it makes within [`while_wanted`].
    static WANTED: RefCell<Option<Permit>> = const { RefCell::new(None) };
    static TRACE: RefCell<Trace> = const { RefCell::new(Trace::new()) };
}

/// Starts the record of a new call on this thread.
pub(super) fn begin(permit: Option<Permit>) {
    PERMIT.set(permit);
    note(|trace| *trace = Trace::new());
}

/// Makes calls that another thread may give up: `wanted` is asked right before the first byte of each request
/// may leave. Once it says no, nothing leaves: the call ends with [`ErrorKind::NotStarted`], and in a journal
/// its attempt is `not_sent`. For hosts that make calls on threads of their own for callers who may go away.
///
/// `wanted` is asked on this thread, must answer at once, and must not call this library.
pub fn while_wanted<R>(wanted: impl Fn() -> bool + 'static, calls: impl FnOnce() -> R) -> R {
    struct Restore(Option<Permit>);
    impl Drop for Restore {
        fn drop(&mut self) {
            WANTED.set(self.0.take());
        }
    }
    let _restore = Restore(WANTED.replace(Some(Arc::new(wanted))));
    calls()
}

/// Whether the call under way on this thread may still send. Notes it where not.
pub(super) fn is_permitted() -> bool {
    let asks = |permit: &RefCell<Option<Permit>>| permit.borrow().as_ref().is_none_or(|permit| permit());
    let refused = if !PERMIT.with(asks) {
        (ErrorKind::LeaseExpired, LEASE_EXPIRED)
    } else if !WANTED.with(asks) {
        (ErrorKind::NotStarted, GIVEN_UP)
    } else {
        return true;
    };
    note(|trace| trace.failure = Some((refused.0, refused.1.into())));
    false
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
