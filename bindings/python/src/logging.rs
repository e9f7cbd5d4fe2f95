//! The core's log lines, handed to Python's `logging` under the logger `redpack`.
//!
//! Nothing happens at import: the logger is asked for its level when a call begins, so that lines that nobody
//! wants cost nothing, and a level that is changed later counts from the next call on.

use log::{Level, LevelFilter, Log, Metadata, Record};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::exit;

const DEBUG: i32 = 10;
const INFO: i32 = 20;
const WARNING: i32 = 30;
const ERROR: i32 = 40;

struct Bridge;

impl Log for Bridge {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Lines of other libraries may show what the service answered, openids included.
        metadata.target().starts_with("redpack") && metadata.level() <= Level::Debug
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) || exit::is_over_here() {
            return;
        }
        let level = match record.level() {
            Level::Error => ERROR,
            Level::Warn => WARNING,
            Level::Info => INFO,
            Level::Debug | Level::Trace => DEBUG,
        };
        let line = record.args().to_string();
        let _ = Python::try_attach(|py| {
            let told = logger(py).and_then(|logger| logger.call_method1("log", (level, "%s", line)));
            // A handler that fails must not change what becomes of a payment.
            if let Err(error) = told {
                error.write_unraisable(py, None);
            }
        });
    }

    fn flush(&self) {}
}

fn logger(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let logger = LOGGER.get_or_try_init(py, || {
        let logging = py.import("logging")?;
        let logger = logging.call_method1("getLogger", ("redpack",))?;
        // As every library does: a program that sets no logging up gets nothing on its standard error.
        logger.call_method1("addHandler", (logging.call_method0("NullHandler")?,))?;
        // It fails where this process has a logger of Rust's already, which then gets the lines.
        let _ = log::set_logger(&Bridge);
        PyResult::Ok(logger.unbind())
    })?;
    Ok(logger.bind(py).clone())
}

/// Takes over the level that the logger has now.
pub(crate) fn take_level(py: Python<'_>) {
    let level = logger(py)
        .and_then(|logger| logger.call_method0(intern!(py, "getEffectiveLevel")))
        .and_then(|level| level.extract::<i32>());
    log::set_max_level(match level {
        Ok(..=DEBUG) => LevelFilter::Debug,
        Ok(..=INFO) => LevelFilter::Info,
        Ok(..=WARNING) | Err(_) => LevelFilter::Warn,
        Ok(..=ERROR) => LevelFilter::Error,
        Ok(_) => LevelFilter::Off,
    });
}
