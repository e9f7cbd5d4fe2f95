//! The waits of settling: a signal (Ctrl-C) ends them, and so does a task that is cancelled.

use std::time::{Duration, Instant};

use pyo3::prelude::*;
use redpack::Clock;

use crate::{boundary, exit, wanted};

/// How long a signal may have to wait for its handler.
const SLICE: Duration = Duration::from_millis(100);

/// The machine's clock, which looks for signals while it waits.
#[derive(Debug)]
pub(crate) struct Interruptible(Instant);

impl Default for Interruptible {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Interruptible {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || self.is_stopped() {
                return;
            }
            std::thread::sleep(left.min(SLICE));
            let _ = Python::try_attach(|py| {
                // Python runs handlers on its main thread only; elsewhere this does nothing.
                if let Err(raised) = py.check_signals() {
                    boundary::interrupt(raised);
                }
            });
        }
    }

    fn is_stopped(&self) -> bool {
        boundary::is_interrupted() || wanted::is_given_up() || exit::is_over_here()
    }
}
