//! A point in time by which an operation must be done, kept over many small reads and writes.

use std::io;
use std::time::{Duration, Instant};

use ureq::unversioned::transport::NextTimeout;

/// When the time is up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(Instant);

/// Longer than any limit that can be set; keeps the arithmetic from overflowing.
const FOREVER: Duration = Duration::from_secs(86_400);

impl Deadline {
    pub fn after(limit: Duration) -> Self {
        Self(Instant::now() + limit.min(FOREVER))
    }

    pub fn from_ureq(timeout: NextTimeout) -> Self {
        Self::after(*timeout.after)
    }

    /// What is left.
    ///
    /// # Errors
    /// `TimedOut` when nothing is.
    pub fn left(self) -> io::Result<Duration> {
        let left = self.0.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }

    /// A share of what is left, for one of several tries.
    pub fn share(self, tries: usize) -> io::Result<Self> {
        let share = self.left()? / u32::try_from(tries.max(1)).unwrap_or(u32::MAX);
        Ok(Self::after(share))
    }
}

/// Whether an error means that a read or write took too long (the kind differs between systems).
pub(super) fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}
