//! Points in time, to the microsecond, always UTC.
//!
//! Zones appear only where a person or a contract speaks of days and hours.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Microseconds in a second.
pub const MICROS_PER_SECOND: i64 = 1_000_000;

/// A point in time: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Serialised as the bare integer, because entry payloads are compared byte for byte.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A text that is not a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\u{201c}{text}\u{201d} is not a time: write it as 2026-03-09T16:30:00Z or with an offset such as -04:00"
)]
pub struct NotATime {
    /// What was given, cut to 64 characters.
    pub text: String,
}

impl Timestamp {
    /// Parses RFC 3339; an offset or `Z` is required.
    pub fn parse(text: &str) -> Result<Self, NotATime> {
        text.parse::<jiff::Timestamp>()
            .map(Self::from)
            .map_err(|_| NotATime { text: crate::refusal::excerpt(text, 64) })
    }

    /// The same instant for calendar arithmetic. Values outside jiff's range (years −9999 to 9999)
    /// are held at its ends.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// RFC 3339 in UTC, with as many fractional digits as needed: `2026-03-09T16:30:00Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.to_jiff().to_string()
    }

    /// This instant moved by a number of seconds (held at the ends of the range).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }

    /// Whole seconds from `earlier` to this instant, negative when it is later, rounded down.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(MICROS_PER_SECOND)
    }

    /// Milliseconds since 1970, as ids hold them; times before 1970 count as 1970.
    #[must_use]
    pub fn unix_millis(self) -> u64 {
        u64::try_from(self.0.div_euclid(1000)).unwrap_or(0)
    }
}

/// A length of time in seconds as a JSON number: whole where it is whole, otherwise with its
/// fraction.
#[must_use]
pub fn seconds(length_us: i64) -> serde_json::Number {
    if length_us % MICROS_PER_SECOND == 0 {
        return (length_us / MICROS_PER_SECOND).into();
    }
    let fraction = serde_json::Number::from_f64(length_us as f64 / MICROS_PER_SECOND as f64);
    // The quotient of two finite numbers is finite, so there always is one.
    fraction.unwrap_or_else(|| (length_us / MICROS_PER_SECOND).into())
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(value: jiff::Timestamp) -> Self {
        Self(value.as_microsecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_round_trips() {
        let t = Timestamp::parse("2026-03-09T16:30:00-04:00").unwrap();
        assert_eq!(t.to_rfc3339(), "2026-03-09T20:30:00Z");
        assert_eq!(Timestamp::parse(&t.to_rfc3339()).unwrap(), t);
        assert!(Timestamp::parse("2026-03-09 16:30").is_err());
        assert_eq!(t.plus_seconds(90).seconds_since(t), 90);
    }

    #[test]
    fn seconds_are_whole_where_they_are() {
        assert_eq!(seconds(2_580_000_000).to_string(), "2580");
        assert_eq!(seconds(-1_500_000).to_string(), "-1.5");
        assert_eq!(seconds(0).to_string(), "0");
        assert_eq!(seconds(1).to_string(), "1e-6");
    }

    #[test]
    fn extreme_values_do_not_panic() {
        for t in [Timestamp(i64::MIN), Timestamp(i64::MAX)] {
            assert!(!t.to_rfc3339().is_empty());
            let _ = t.plus_seconds(i64::MAX);
        }
    }
}
