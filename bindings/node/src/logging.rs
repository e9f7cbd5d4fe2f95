//! The library's log, told to the client whose call it speaks of.

use std::cell::RefCell;
use std::sync::{Arc, Once};

use log::{Level, LevelFilter, Log, Metadata, Record};
use serde::Serialize;

use crate::hub::{Hub, LOG};
use crate::told::json;

thread_local! {
    static LISTENER: RefCell<Option<Arc<Hub>>> = const { RefCell::new(None) };
}

static INSTALLED: Once = Once::new();

struct Logger;

#[derive(Serialize)]
struct Line<'a> {
    level: &'static str,
    target: &'a str,
    message: String,
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warn",
        Level::Info => "info",
        Level::Debug | Level::Trace => "debug",
    }
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Lines of other libraries may show what the service answered, openids included.
        metadata.target().starts_with("redpack") && metadata.level() <= Level::Debug
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let listener = LISTENER.with_borrow(Clone::clone);
        if let Some(hub) = listener.filter(|hub| record.level() <= hub.log_level) {
            let message = record.args().to_string();
            hub.tell(LOG, 0, json(&Line { level: word(record.level()), target: record.target(), message }));
        }
    }

    fn flush(&self) {}
}

/// Runs work whose log lines go to that client.
pub fn heard_by<R>(hub: &Arc<Hub>, work: impl FnOnce() -> R) -> R {
    struct Clear;
    impl Drop for Clear {
        fn drop(&mut self) {
            LISTENER.set(None);
        }
    }
    if hub.log_level == LevelFilter::Off {
        return work();
    }
    INSTALLED.call_once(|| {
        // Another logger can't be there: this library has its own copy of the facade.
        if log::set_logger(&Logger).is_ok() {
            log::set_max_level(LevelFilter::Debug);
        }
    });
    LISTENER.set(Some(hub.clone()));
    let _clear = Clear;
    work()
}
