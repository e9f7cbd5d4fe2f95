//! The attempt hook: a Python callable that is told of each call that reached for the network.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use redpack::AttemptEvent;

use crate::exit;

/// Calls the hook, with the interpreter held. What it raises goes to `sys.unraisablehook`: a payment's result
/// must not get lost for it.
pub(crate) fn tell(hook: &Py<PyAny>, event: &AttemptEvent<'_>) {
    if exit::is_over_here() {
        return;
    }
    let _ = Python::try_attach(|py| {
        let hook = hook.bind(py);
        if let Err(error) = made(py, event).and_then(|event| hook.call1((event,))) {
            error.write_unraisable(py, Some(hook));
        }
    });
}

fn made<'py>(py: Python<'py>, event: &AttemptEvent<'_>) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = CLASS.import(py, "redpack._results", "AttemptEvent")?;
    let told = PyDict::new(py);
    told.set_item(intern!(py, "path"), event.path)?;
    told.set_item(intern!(py, "mch_billno"), event.mch_billno)?;
    told.set_item(intern!(py, "host"), event.host)?;
    told.set_item(intern!(py, "phase"), event.phase.as_str())?;
    told.set_item(intern!(py, "connection_reused"), event.connection_reused)?;
    told.set_item(intern!(py, "elapsed"), event.elapsed.as_secs_f64())?;
    told.set_item(intern!(py, "outcome"), event.outcome.as_str())?;
    told.set_item(intern!(py, "kind"), event.error_kind.map(redpack::ErrorKind::as_str))?;
    told.set_item(intern!(py, "err_code"), event.err_code)?;
    told.set_item(intern!(py, "http_status"), event.http_status)?;
    class.call((), Some(&told))
}
