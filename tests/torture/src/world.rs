//! The gateway and the one clock of the run, as the parent moves them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use redpack::Clock;
use redpack_sandbox::Sandbox;

use crate::control::Control;

/// Also the parent's own clock: its waits pass at once, for everybody.
pub struct World {
    /// The gateway.
    pub sandbox: Sandbox,
    /// The word to all workers.
    pub control: Control,
    /// The shift of the parent's own journal.
    pub shift: Arc<AtomicI64>,
    began: Instant,
}

impl World {
    /// A gateway and its clock.
    pub fn new(sandbox: Sandbox, control: Control) -> Self {
        Self { sandbox, control, shift: Arc::default(), began: Instant::now() }
    }

    /// Moves every clock ahead.
    pub fn advance(&self, time: Duration) {
        let ms = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let shift = self.shift.fetch_add(ms, Ordering::SeqCst).saturating_add(ms);
        let _told = self.control.set_shift(shift);
        self.sandbox.advance(time);
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("World")
    }
}

impl Clock for World {
    fn elapsed(&self) -> Duration {
        let ahead = u64::try_from(self.shift.load(Ordering::SeqCst)).unwrap_or_default();
        self.began.elapsed() + Duration::from_millis(ahead)
    }

    fn sleep(&self, time: Duration) {
        self.advance(time);
    }
}
