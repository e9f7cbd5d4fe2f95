//! What every call that can block runs in: the interpreter is let go meanwhile, and no panic gets out.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;
use redpack::Error;

use crate::error::Fault;
use crate::{exit, logging};

thread_local! {
    /// What a signal handler raised while a settlement waited on this thread.
    static INTERRUPT: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// Notes what a signal handler raised: the call that waits ends early, and raises it.
pub(crate) fn interrupt(error: PyErr) {
    INTERRUPT.set(Some(error));
}

/// Whether a signal handler asked the call on this thread to end.
pub(crate) fn is_interrupted() -> bool {
    INTERRUPT.with_borrow(Option::is_some)
}

/// Runs a call without holding the interpreter. A panic becomes the error of an unknown outcome: Python's
/// own `PanicException` would pass every `except Exception`.
pub(crate) fn detached<T: Send>(
    py: Python<'_>,
    mch_billno: &str,
    call: impl FnOnce() -> Result<T, Fault> + Send,
) -> Result<T, Fault> {
    logging::take_level(py);
    INTERRUPT.set(None);
    let done = py.detach(|| {
        let done = caught(mch_billno, call);
        // A daemon thread must not come back into an interpreter that is going down.
        exit::stay_out_if_over();
        done
    });
    match INTERRUPT.take() {
        Some(raised) => Err(raised.into()),
        None => done,
    }
}

/// The same for what takes no time, without letting the interpreter go.
pub(crate) fn caught<T>(mch_billno: &str, call: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|payload| {
        // Dropping the payload may panic in its turn.
        std::mem::forget(payload);
        Err(Error::panicked(mch_billno).into())
    })
}
