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

/// The time limit that a socket was last given.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SocketLimit(Option<Duration>);

/// How much later than its deadline a read or write may end, for the sake of a system call in each.
const SLACK: Duration = Duration::from_millis(5);

impl SocketLimit {
    /// Sees to it that the socket's limit is `left`, or a little more; sets it only where it isn't.
    pub fn keep(
        &mut self,
        left: Duration,
        set: impl FnOnce(Option<Duration>) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.0.is_some_and(|limit| left <= limit && limit <= left + SLACK) {
            return Ok(());
        }
        let limit = Some(left + SLACK / 2);
        set(limit)?;
        self.0 = limit;
        Ok(())
    }
}

/// Whether an error means that a read or write took too long (the kind differs between systems).
pub(super) fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_told_its_limit_when_it_differs() {
        let mut kept = SocketLimit::default();
        let mut told = Vec::new();
        for left in [10_000, 10_001, 9_999, 10_003, 9_000, 10_000] {
            let left = Duration::from_millis(left);
            kept.keep(left, |limit| {
                told.push(limit.unwrap_or_default());
                Ok(())
            })
            .unwrap_or_default();
            assert!(kept.0.is_some_and(|limit| left <= limit && limit <= left + SLACK), "{left:?}");
        }
        let half = SLACK / 2;
        assert_eq!(told, [10_000, 10_003, 9_000, 10_000].map(|left| Duration::from_millis(left) + half));
        assert!(kept.keep(Duration::ZERO, |_| Err(io::ErrorKind::InvalidInput.into())).is_err());
        assert!(kept.0.is_some_and(|limit| limit > SLACK), "a limit that could not be set is not kept");
    }
}
