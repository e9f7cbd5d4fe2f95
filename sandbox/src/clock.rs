//! The gateway's clock: the machine's, moved ahead or held still as tests need it.
//!
//! Everything that time does to an order (a late landing, the end of PROCESSING, closing, refund) goes by
//! this clock. Certificates and the time limits of connections go by the machine's.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use redpack::Timestamp;
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, by the gateway's clock.
pub(crate) type Moment = i64;

/// How the gateway's clock differs from the machine's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Clock {
    /// How far it is ahead of the machine's (or behind), while it runs.
    ahead_ms: i64,
    /// Where it stands, if it is held still.
    held_at_ms: Option<Moment>,
}

impl Clock {
    pub fn now(&self) -> Moment {
        self.held_at_ms.unwrap_or_else(|| machine_now().saturating_add(self.ahead_ms))
    }

    /// Moves it ahead.
    pub fn advance(&mut self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        match &mut self.held_at_ms {
            Some(moment) => *moment = moment.saturating_add(by),
            None => self.ahead_ms = self.ahead_ms.saturating_add(by),
        }
    }

    /// Sets it; whether it is held still stays as it was.
    pub fn set(&mut self, moment: Moment) {
        match &mut self.held_at_ms {
            Some(held_at) => *held_at = moment,
            None => self.ahead_ms = moment.saturating_sub(machine_now()),
        }
    }

    /// Holds it still, or lets it run on from where it stands.
    pub fn hold(&mut self, still: bool) {
        let now = self.now();
        if still {
            self.held_at_ms = Some(now);
        } else {
            self.held_at_ms = None;
            self.set(now);
        }
    }

    pub fn is_held(&self) -> bool {
        self.held_at_ms.is_some()
    }
}

/// The second in which a moment lies.
pub(crate) fn second(moment: Moment) -> Timestamp {
    Timestamp::from_unix_seconds(moment.div_euclid(1000))
}

/// The first moment of a second.
pub(crate) fn moment(time: Timestamp) -> Moment {
    time.unix_seconds().saturating_mul(1000)
}

/// A moment that many seconds later.
pub(crate) fn later(moment: Moment, seconds: u64) -> Moment {
    let ms = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000);
    moment.saturating_add(ms)
}

fn machine_now() -> Moment {
    let ms = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => ms(since),
        Err(before) => -ms(before.duration()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn it_runs_ahead_and_stands_still() {
        let mut clock = Clock::default();
        assert!((clock.now() - machine_now()).abs() < 5_000);
        clock.advance(DAY);
        assert!((clock.now() - machine_now() - 86_400_000).abs() < 5_000);
        clock.hold(true);
        let held = clock.now();
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!((clock.now(), clock.is_held()), (held, true));
        clock.advance(DAY);
        assert_eq!(clock.now(), held + 86_400_000);
        clock.set(1_000);
        assert_eq!(clock.now(), 1_000);
        clock.hold(false);
        assert!((1_000..60_000).contains(&clock.now()), "it runs on from where it stood");
    }

    #[test]
    fn moments_and_seconds_agree() {
        assert_eq!(second(1_999).unix_seconds(), 1);
        assert_eq!(second(-1).unix_seconds(), -1);
        assert_eq!(moment(second(5_432)), 5_000);
        assert_eq!(later(1, u64::MAX), i64::MAX);
    }
}
