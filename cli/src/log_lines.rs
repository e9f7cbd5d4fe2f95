//! `--verbose`: the library's log lines on standard error, and nobody else's.

use log::{LevelFilter, Log, Metadata, Record};

use crate::output::{note, visible};

struct Lines;

impl Log for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "redpack"
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = record.level().as_str().to_lowercase();
            note(&format!("redpack {level}: {}", visible(&record.args().to_string())));
        }
    }

    fn flush(&self) {}
}

/// Starts the log lines, if they are wanted.
pub fn start(verbose: u8) {
    if verbose > 0 && log::set_logger(&Lines).is_ok() {
        log::set_max_level(if verbose == 1 { LevelFilter::Debug } else { LevelFilter::Trace });
    }
}
