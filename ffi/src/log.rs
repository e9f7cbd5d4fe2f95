//! The library's log, handed to a callback of the host's.

use std::ffi::{CString, c_char, c_void};
use std::sync::LazyLock;

use arc_swap::ArcSwapOption;
use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::boundary::{Fault, boundary};
use crate::error::redpack_error;
use crate::status::redpack_status;

/// How much is logged.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "C reads these numbers")]
pub enum redpack_log_level {
    /// Nothing.
    REDPACK_LOG_LEVEL_OFF = 0,
    /// Defects only.
    REDPACK_LOG_LEVEL_ERROR = 1,
    /// And what deserves a look.
    REDPACK_LOG_LEVEL_WARN = 2,
    /// And a line for each order.
    REDPACK_LOG_LEVEL_INFO = 3,
    /// And a line for each call.
    REDPACK_LOG_LEVEL_DEBUG = 4,
}

/// Called on the thread that makes a call. Texts live during the callback only; they hold no secret, and openids
/// are masked. It must not unwind (no C++ exception, no longjmp) and must not call this library. "user" is the
/// pointer that was given with the callback.
pub type redpack_log_callback = Option<
    unsafe extern "C" fn(
        level: redpack_log_level,
        target: *const c_char,
        message: *const c_char,
        user: *mut c_void,
    ),
>;

struct Sink {
    callback: unsafe extern "C" fn(redpack_log_level, *const c_char, *const c_char, *mut c_void),
    user: usize,
}

static SINK: LazyLock<ArcSwapOption<Sink>> = LazyLock::new(|| ArcSwapOption::from(None));

struct Logger;

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Lines of other libraries may show what the service answered, openids included.
        metadata.target().starts_with("redpack") && metadata.level() <= Level::Debug
    }

    fn log(&self, record: &Record<'_>) {
        let sink = SINK.load();
        let Some(sink) = sink.as_ref().filter(|_| self.enabled(record.metadata())) else { return };
        let level = match record.level() {
            Level::Error => redpack_log_level::REDPACK_LOG_LEVEL_ERROR,
            Level::Warn => redpack_log_level::REDPACK_LOG_LEVEL_WARN,
            Level::Info => redpack_log_level::REDPACK_LOG_LEVEL_INFO,
            Level::Debug | Level::Trace => redpack_log_level::REDPACK_LOG_LEVEL_DEBUG,
        };
        let text = |text: String| CString::new(text.replace('\0', " ")).unwrap_or_default();
        let (target, message) = (text(record.target().to_owned()), text(record.args().to_string()));
        // SAFETY: the conventions demand that callback and user pointer stay usable while they are set.
        unsafe { (sink.callback)(level, target.as_ptr(), message.as_ptr(), sink.user as *mut c_void) };
    }

    fn flush(&self) {}
}

static LOGGER: Logger = Logger;

/// Hands the log of the library to a callback: one for the whole process, whatever the client. (A client's
/// attempts go to the callback of its handle: redpack_config_set_attempt_callback.) Lines up to "level" (a value
/// of redpack_log_level). NULL for no callback. The callback and what "user" points to must stay usable until
/// another callback is set and every call that was under way then has returned. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_set_log_callback(
    level: i32,
    callback: redpack_log_callback,
    user: *mut c_void,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let filter = match level {
            0 => LevelFilter::Off,
            1 => LevelFilter::Error,
            2 => LevelFilter::Warn,
            3 => LevelFilter::Info,
            4 => LevelFilter::Debug,
            _ => return Err(Fault::argument("level", "is no value of redpack_log_level", 0)),
        };
        let Some(callback) = callback else {
            log::set_max_level(LevelFilter::Off);
            SINK.store(None);
            return Ok(());
        };
        SINK.store(Some(Sink { callback, user: user as usize }.into()));
        // It fails where a logger is set already: ours from an earlier call, unless this library was linked
        // into a Rust program that has its own, which then gets the lines.
        let _ = log::set_logger(&LOGGER);
        log::set_max_level(filter);
        Ok(())
    })
}
