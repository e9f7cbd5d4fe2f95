//! What every exported function runs in: no panic crosses, and a failure becomes a status and an error.

use std::panic::{AssertUnwindSafe, catch_unwind};

use redpack::journal::JournalError;
use redpack::{Error, Problem};

use crate::error::redpack_error;
use crate::handle;
use crate::status::redpack_status;

// Without unwinding, a defect would end the process of whoever pays, and tell nobody of the payment.
const _: () = assert!(cfg!(panic = "unwind"), "redpack-ffi is built with panic=unwind only");

/// Why a function did not do what it was called for.
pub(crate) enum Fault {
    /// A pointer that must not be NULL is.
    Null(&'static str),
    /// A text is not UTF-8.
    Utf8(&'static str, usize),
    /// An argument breaks a rule.
    Argument(Problem),
    /// The core's error.
    Core(Box<Error>),
    /// The journal's.
    Journal(JournalError),
    /// A defect, caught.
    Panic,
}

impl Fault {
    /// An argument that breaks a rule; the rule is the end of a sentence that starts with the name.
    pub(crate) fn argument(name: &'static str, rule: &'static str, length: usize) -> Self {
        Self::Argument(Problem { field: name.into(), rule: rule.into(), length })
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Core(Box::new(error))
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Argument(problem)
    }
}

impl From<JournalError> for Fault {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

/// Runs the body of a function that can fail. Of an error object only what the caller asked for is made.
pub(crate) fn boundary(
    error_out: *mut *mut redpack_error,
    body: impl FnOnce() -> Result<(), Fault>,
) -> redpack_status {
    let caught = catch_unwind(AssertUnwindSafe(|| match forced(body) {
        Ok(()) => (redpack_status::REDPACK_STATUS_OK, None),
        Err(fault) => told(fault, !error_out.is_null()),
    }));
    let (status, error) = match caught {
        Ok(told) => told,
        Err(payload) => {
            // Dropping the payload may panic in its turn.
            std::mem::forget(payload);
            told(Fault::Panic, !error_out.is_null())
        }
    };
    if let Some(error) = error {
        // SAFETY: it was asked for only where `error_out` is not NULL, and the conventions demand that it
        // then points to a writable pointer.
        unsafe { handle::give(error_out, error) };
    }
    status
}

fn told(fault: Fault, wanted: bool) -> (redpack_status, Option<redpack_error>) {
    let status = crate::error::status_of(&fault);
    (status, wanted.then(|| redpack_error::new(fault)))
}

/// Runs the body of a function that can't fail: a getter.
pub(crate) fn infallible<R>(fallback: R, body: impl FnOnce() -> R) -> R {
    match catch_unwind(AssertUnwindSafe(|| forced(body))) {
        Ok(value) => value,
        Err(payload) => {
            std::mem::forget(payload);
            fallback
        }
    }
}

/// Runs a body; under test, panics in its place where a test demands it.
fn forced<R>(body: impl FnOnce() -> R) -> R {
    #[cfg(test)]
    tests::panic_if_demanded();
    body()
}

#[cfg(test)]
#[path = "boundary_tests.rs"]
mod tests;
