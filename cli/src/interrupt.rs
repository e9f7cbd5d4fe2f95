//! Ctrl-C during long work: the call under way is finished, no other begins, and what is known is told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redpack::Clock;

use crate::output::note;
use crate::signals;
use crate::words::{Lang, journal};

/// The least that a wait takes once it is to end: who looks again and again must not spin.
const BREATH: Duration = Duration::from_millis(50);

/// The machine's clock, which can be told to stop.
#[derive(Debug)]
pub struct StoppableClock {
    started: Instant,
    stopped: AtomicBool,
    lock: Mutex<()>,
    changed: Condvar,
}

impl StoppableClock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            stopped: AtomicBool::new(false),
            lock: Mutex::new(()),
            changed: Condvar::new(),
        })
    }

    /// Stops at the first signal; the second one ends the process at once. Both are safe: the journal has
    /// whatever happened.
    pub fn stop_at_signals(self: &Arc<Self>, lang: Lang) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .map_err(|error| format!("no event loop: {error}"))?;
        let clock = Arc::clone(self);
        let unheard = |error| format!("signals can't be awaited: {error}");
        let guard = runtime.enter();
        let first = signals::ended().map_err(unheard)?;
        drop(guard);
        std::thread::spawn(move || {
            runtime.block_on(first);
            note(journal::stopping(lang));
            clock.stop();
            let Ok(second) = runtime.block_on(async { signals::ended() }) else { return };
            runtime.block_on(second);
            note(journal::stopped_at_once(lang));
            std::process::exit(130);
        });
        Ok(())
    }

    fn stop(&self) {
        let guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.stopped.store(true, Ordering::SeqCst);
        self.changed.notify_all();
        drop(guard);
    }
}

impl Clock for StoppableClock {
    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn sleep(&self, time: Duration) {
        if self.is_stopped() {
            return std::thread::sleep(time.min(BREATH));
        }
        let guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(guard, time, |()| !self.is_stopped());
        drop(waited);
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_ends_the_wait() {
        let clock = StoppableClock::new();
        assert!(!clock.is_stopped());
        let other = Arc::clone(&clock);
        let thread = std::thread::spawn(move || other.sleep(Duration::from_secs(3600)));
        clock.stop();
        assert!(thread.join().is_ok() && clock.is_stopped());
        clock.sleep(Duration::from_secs(3600));
    }
}
