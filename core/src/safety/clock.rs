//! Waiting, as tests can do it in no time.

use std::fmt;
use std::time::{Duration, Instant};

/// Where settling takes its time from, and how it waits.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Time that only goes on, from any beginning.
    fn elapsed(&self) -> Duration;
    /// Lets that time pass.
    fn sleep(&self, time: Duration);
    /// Whether to begin nothing more: a person or the system asked the program to end. The call under way is
    /// finished, and what is known is told.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// The machine's own.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// The most that chance adds to a delay.
const MOST_JITTER: Duration = Duration::from_secs(30);

/// A delay made up to a quarter longer by chance, so that what failed together doesn't come back together.
pub(super) fn jittered(delay: Duration) -> Duration {
    let mut byte = [0];
    // Without random bytes, a little later for all: no reason to fail.
    let _ = getrandom::fill(&mut byte);
    delay + (delay / 4).min(MOST_JITTER) * u32::from(byte[0]) / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_grows_by_a_quarter_at_the_most() {
        for _ in 0..100 {
            let delay = jittered(Duration::from_secs(4));
            assert!((Duration::from_secs(4)..=Duration::from_secs(5)).contains(&delay), "{delay:?}");
        }
        assert_eq!(jittered(Duration::ZERO), Duration::ZERO);
        let day = Duration::from_secs(86_400);
        assert!(jittered(day) <= day + MOST_JITTER);
    }
}
