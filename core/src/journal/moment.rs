//! Points in time as the journal keeps them: milliseconds since 1970 in UTC, shown in Beijing time.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::timestamp::Timestamp;

/// Milliseconds since 1970-01-01T00:00:00Z, shown as `2026-11-24T08:00:00.000+08:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// This moment plus a delay.
    pub fn after(self, delay: Duration) -> Self {
        Self(self.0.saturating_add(millis(delay)))
    }

    /// From an earlier moment to this one; zero if the other is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The day in Beijing as `yyMMdd`, when daily limits start anew.
    pub fn beijing_day(self) -> String {
        self.floor().beijing_day()
    }

    /// As a timestamp of whole seconds, rounded up, so that "not before" is never early.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0.saturating_add(999).div_euclid(1000))
    }

    fn floor(self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0.div_euclid(1000))
    }
}

/// A duration in milliseconds, as far as they can be counted.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.floor().to_string();
        let (clock, offset) = seconds.split_at(seconds.len().saturating_sub(6));
        write!(f, "{clock}.{:03}{offset}", self.0.rem_euclid(1000))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_rfc_3339() {
        assert_eq!(Moment(1_500_561_912_007).to_string(), "2017-07-20T22:45:12.007+08:00");
        assert_eq!(Moment(-1).to_string(), "1970-01-01T07:59:59.999+08:00");
        assert_eq!(Moment(1).timestamp(), Timestamp::from_unix_seconds(1));
        assert_eq!(Moment(5).since(Moment(9)), Duration::ZERO);
        assert_eq!(Moment(i64::MAX).after(Duration::MAX), Moment(i64::MAX));
    }
}
