//! Calls that the one who waits for them may give up: an asyncio task that is cancelled.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;

thread_local! {
    static CURRENT: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Whether nobody waits any more for the call on this thread: a settlement then begins nothing more.
pub(crate) fn is_given_up() -> bool {
    CURRENT.with_borrow(|current| current.as_ref().is_some_and(|given_up| given_up.load(Ordering::SeqCst)))
}

/// Whether somebody still waits for a call.
#[pyclass(frozen, module = "redpack._redpack")]
pub(crate) struct Wanted {
    given_up: Arc<AtomicBool>,
}

#[pymethods]
impl Wanted {
    #[new]
    fn new() -> Self {
        Self { given_up: Arc::default() }
    }

    /// Nobody waits any more. What has not sent its first byte yet will not: it ends as not sent.
    fn give_up(&self) {
        self.given_up.store(true, Ordering::SeqCst);
    }

    /// Calls a function on this thread; its calls of a client ask before each first byte.
    fn run<'py>(&self, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let outer = CURRENT.replace(Some(Arc::clone(&self.given_up)));
        let done = redpack::while_wanted(|| !is_given_up(), || function.call0());
        CURRENT.set(outer);
        done
    }
}
