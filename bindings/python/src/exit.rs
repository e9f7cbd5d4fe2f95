//! The end of the interpreter, with calls still under way in daemon threads.
//!
//! CPython up to 3.13 ends a thread that asks for the interpreter too late by unwinding it through frames that
//! can't be unwound. So such a thread waits here instead, for the process to end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};
use std::time::Duration;

use pyo3::prelude::*;
use std::sync::OnceLock;

static OVER: AtomicBool = AtomicBool::new(false);
/// The thread that ends the interpreter: it may still make calls, in functions of `atexit` and finalizers.
static LAST: OnceLock<ThreadId> = OnceLock::new();

/// Called through `atexit`: by then all threads but daemons have ended.
#[pyfunction]
pub(crate) fn _interpreter_ends() {
    let _ = LAST.set(thread::current().id());
    OVER.store(true, Ordering::SeqCst);
}

/// Whether this thread may not come back into the interpreter.
pub(crate) fn is_over_here() -> bool {
    OVER.load(Ordering::SeqCst) && LAST.get() != Some(&thread::current().id())
}

/// Never returns once the interpreter is ending, but on the thread that ends it.
pub(crate) fn stay_out_if_over() {
    while is_over_here() {
        thread::sleep(Duration::from_secs(3600));
    }
}
