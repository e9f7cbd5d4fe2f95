//! Points in time: Beijing time on the wire, RFC 3339 with its offset in our API.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// A point in time with a resolution of one second, shown in Beijing time:
/// `2026-11-24T08:00:00+08:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

const BEIJING_SECONDS: i32 = 8 * 3600;

impl Timestamp {
    /// Now, by the system's clock.
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// From seconds since 1970-01-01T00:00:00Z. Years outside 1 to 9999 are pulled to the nearest end.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        // The range that four-digit years can show, a day short at both ends for the offset.
        Self(seconds.clamp(-62_135_510_400, 253_402_214_400))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 with any offset, as [`fmt::Display`] writes it; parts of a second are cut off.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        Some(Self::from_unix_seconds(time.unix_timestamp()))
    }

    /// Reads the service's `yyyy-MM-dd HH:mm:ss` (with ASCII or full-width colons) or `yyyyMMddHHmmss`,
    /// taken as Beijing time (protocol facts, section 3.2). `None` for anything else.
    pub fn from_wire(text: &str) -> Option<Self> {
        let text = text.trim().replace('：', ":");
        let compact = text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit());
        let positions: [(usize, usize); 6] = if compact {
            [(0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14)]
        } else {
            let separators = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
            let bytes = text.as_bytes();
            if bytes.len() != 19 || separators.iter().any(|&(at, byte)| bytes[at] != byte) {
                return None;
            }
            [(0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19)]
        };
        let mut numbers = [0u16; 6];
        for (number, (from, to)) in numbers.iter_mut().zip(positions) {
            let digits = text.get(from..to)?;
            if !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            *number = digits.parse().ok()?;
        }
        let [year, month, day, hour, minute, second] = numbers;
        let small = |number: u16| u8::try_from(number).ok();
        let date =
            Date::from_calendar_date(i32::from(year), Month::try_from(small(month)?).ok()?, small(day)?);
        let time = Time::from_hms(small(hour)?, small(minute)?, small(second)?);
        let local = PrimitiveDateTime::new(date.ok()?, time.ok()?).assume_utc();
        Some(Self::from_unix_seconds(local.unix_timestamp() - i64::from(BEIJING_SECONDS)))
    }

    /// This time as the service writes it in answers: `yyyy-MM-dd HH:mm:ss`, Beijing time.
    pub fn to_wire(self) -> String {
        let (date, time) = self.beijing_parts();
        format!("{date} {time}")
    }

    /// The day in Beijing as `yyMMdd`, as order numbers use it.
    pub fn beijing_day(self) -> String {
        let local = self.beijing();
        format!("{:02}{:02}{:02}", local.year() % 100, u8::from(local.month()), local.day())
    }

    /// The next midnight in Beijing, when the service's daily limits start anew.
    pub fn next_beijing_midnight(self) -> Self {
        let offset = i64::from(BEIJING_SECONDS);
        let day = (self.0 + offset).div_euclid(86_400) + 1;
        Self::from_unix_seconds(day * 86_400 - offset)
    }

    /// This time plus a delay, rounded up to a whole second so that "not before" is never early.
    pub fn after(self, delay: Duration) -> Self {
        let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
        Self::from_unix_seconds(self.0.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX)))
    }

    fn beijing(self) -> OffsetDateTime {
        let utc = OffsetDateTime::from_unix_timestamp(self.0).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        UtcOffset::from_whole_seconds(BEIJING_SECONDS).map_or(utc, |offset| utc.to_offset(offset))
    }

    fn beijing_parts(self) -> (String, String) {
        let local = self.beijing();
        (
            format!("{:04}-{:02}-{:02}", local.year(), u8::from(local.month()), local.day()),
            format!("{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second()),
        )
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let seconds = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
        };
        Self::from_unix_seconds(seconds)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = self.beijing_parts();
        write!(f, "{date}T{time}+08:00")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_rfc3339(&text)
            .ok_or_else(|| de::Error::custom("a time must be RFC 3339, as 2026-11-24T08:00:00+08:00"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_times_are_beijing_times() {
        let expected = "2017-07-20T22:45:12+08:00";
        for text in
            ["2017-07-20 22:45:12", "2017-07-20 22：45：12", "20170720224512", " 2017-07-20 22:45:12\n"]
        {
            assert_eq!(
                Timestamp::from_wire(text).map(|t| t.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        assert_eq!(
            Timestamp::from_wire("2017-07-20 22:45:12").map(Timestamp::unix_seconds),
            Some(1_500_561_912)
        );
        for text in [
            "",
            "0",
            "2017-13-20 22:45:12",
            "2017-02-30 00:00:00",
            "2017-07-20T22:45:12",
            "２０１７０７２０２２４５１２",
            "2017-07-20 2é:45:1",
        ] {
            assert_eq!(Timestamp::from_wire(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let time = Timestamp::from_unix_seconds(1_764_000_000);
        assert_eq!(Timestamp::from_rfc3339(&time.to_string()), Some(time));
        assert_eq!(Timestamp::from_rfc3339("2025-11-24T16:00:00.9Z"), Some(time));
        for text in ["", "2025-11-24T16:00:00", "2025-11-24 16:00:00", "2025-13-24T16:00:00Z"] {
            assert_eq!(Timestamp::from_rfc3339(text), None, "{text}");
        }
        let json = serde_json::to_string(&time).expect("JSON");
        assert_eq!(serde_json::from_str::<Timestamp>(&json).expect("a time"), time);
    }

    #[test]
    fn days_are_counted_in_beijing() {
        // 23:30 in Beijing is 15:30 in Greenwich.
        let late = Timestamp::from_wire("2026-11-24 23:30:00").expect("a time");
        assert_eq!(late.beijing_day(), "261124");
        assert_eq!(late.next_beijing_midnight().to_string(), "2026-11-25T00:00:00+08:00");
        assert_eq!(late.to_wire(), "2026-11-24 23:30:00");
        let midnight = Timestamp::from_wire("2026-11-25 00:00:00").expect("a time");
        assert_eq!(midnight.next_beijing_midnight().to_string(), "2026-11-26T00:00:00+08:00");
    }

    #[test]
    fn delays_round_up_and_extremes_do_not_panic() {
        let zero = Timestamp::from_unix_seconds(0);
        assert_eq!(zero.after(Duration::from_millis(1001)).unix_seconds(), 2);
        for extreme in [i64::MIN, i64::MAX] {
            let _ = Timestamp::from_unix_seconds(extreme).next_beijing_midnight().to_string();
        }
        let _ = zero.after(Duration::MAX).to_string();
    }
}
