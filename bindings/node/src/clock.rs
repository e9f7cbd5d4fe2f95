//! The clock of settling: its waits end when the caller gives up.

use std::time::{Duration, Instant};

use redpack::Clock;

use crate::job;

/// The machine's clock, and the caller's patience.
#[derive(Debug)]
pub struct PatientClock(Instant);

impl PatientClock {
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for PatientClock {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, time: Duration) {
        job::current_waits(time);
    }

    fn is_stopped(&self) -> bool {
        job::current_is_given_up()
    }
}
