//! Targets: how much time a promise allows.
//!
//! | written | counts |
//! |---|---|
//! | `90 minutes`, `72 hours`, `7 days` | elapsed time on the clock of the world; a day is 24 hours |
//! | `30 business minutes`, `8 business hours` | time inside the calendar's open spans |
//! | `3 business days` | ends at the close of the third open date after the date of the start |
//! | `3 calendar months` | ends at the same local time on the same day of the month, or its last day |

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a target counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Elapsed minutes.
    Minutes,
    /// Elapsed hours.
    Hours,
    /// Elapsed days of 24 hours.
    Days,
    /// Minutes of open time.
    BusinessMinutes,
    /// Hours of open time.
    BusinessHours,
    /// Open dates.
    BusinessDays,
    /// Months of the calendar.
    CalendarMonths,
}

const MINUTE_US: i64 = 60_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;
const DAY_US: i64 = 24 * HOUR_US;

/// Singular and plural as written, and the largest number that is taken: 100 years of elapsed
/// time, or what could be open in them.
const UNITS: [(Unit, &str, &str, u32); 7] = [
    (Unit::Minutes, "minute", "minutes", 52_560_000),
    (Unit::Hours, "hour", "hours", 876_000),
    (Unit::Days, "day", "days", 36_500),
    (Unit::BusinessMinutes, "business minute", "business minutes", 52_560_000),
    (Unit::BusinessHours, "business hour", "business hours", 876_000),
    (Unit::BusinessDays, "business day", "business days", 36_500),
    (Unit::CalendarMonths, "calendar month", "calendar months", 1_200),
];

impl Unit {
    fn row(self) -> (&'static str, &'static str, u32) {
        let row = UNITS.iter().find(|(unit, ..)| *unit == self);
        row.map_or(("", "", 0), |&(_, one, many, most)| (one, many, most))
    }

    /// Whether a calendar's opening decides what counts.
    #[must_use]
    pub fn is_business(self) -> bool {
        matches!(self, Self::BusinessMinutes | Self::BusinessHours | Self::BusinessDays)
    }

    /// Length of one unit in microseconds, for the units that have a length.
    #[must_use]
    pub fn length_us(self) -> Option<i64> {
        match self {
            Self::Minutes | Self::BusinessMinutes => Some(MINUTE_US),
            Self::Hours | Self::BusinessHours => Some(HOUR_US),
            Self::Days => Some(DAY_US),
            Self::BusinessDays | Self::CalendarMonths => None,
        }
    }
}

/// A whole number of some unit, at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Target {
    count: u32,
    unit: Unit,
}

/// Why a target is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Not a number and a unit.
    #[error(
        "“{0}” is not a target; write a whole number and minutes, hours, days, business minutes, business hours, business days or calendar months, such as “8 business hours”"
    )]
    Form(String),
    /// Nothing to count.
    #[error("a target counts at least 1 {0}")]
    Zero(&'static str),
    /// More than a clock counts.
    #[error("a target of {unit} counts at most {most}")]
    TooLong {
        /// The unit, plural.
        unit: &'static str,
        /// The limit.
        most: u32,
    },
}

impl Target {
    /// A number of units.
    ///
    /// # Errors
    /// When the number is 0, or more than a hundred years' worth.
    pub fn new(count: u32, unit: Unit) -> Result<Self, TargetError> {
        let (one, many, most) = unit.row();
        match count {
            0 => Err(TargetError::Zero(one)),
            n if n > most => Err(TargetError::TooLong { unit: many, most }),
            _ => Ok(Self { count, unit }),
        }
    }

    /// How many units; at least 1.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// What is counted.
    #[must_use]
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// The whole target in microseconds, for the units that have a length.
    #[must_use]
    pub fn length_us(self) -> Option<i64> {
        Some(self.unit.length_us()? * i64::from(self.count))
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let refuse = || TargetError::Form(crate::refusal::excerpt(text, 60));
        if text.len() > 200 {
            return Err(refuse());
        }
        let mut words = text.split_whitespace();
        let count = words.next().ok_or_else(refuse)?;
        let unit = words.collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        let (unit, _, many, most) = UNITS
            .into_iter()
            .find(|(_, one, many, _)| unit == *one || unit == *many)
            .ok_or_else(refuse)?;
        if count.is_empty() || !count.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refuse());
        }
        // Only digits, so the one way this can fail is a number that is too large.
        let count = count.parse().map_err(|_| TargetError::TooLong { unit: many, most })?;
        Self::new(count, unit)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, many, _) = self.unit.row();
        write!(f, "{} {}", self.count, if self.count == 1 { one } else { many })
    }
}

impl TryFrom<String> for Target {
    type Error = TargetError;
    fn try_from(text: String) -> Result<Self, TargetError> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> String {
        target.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_contract_is_read_and_written_back() {
        let cases = [
            ("90 minutes", Unit::Minutes, Some(5_400_000_000)),
            ("72 hours", Unit::Hours, Some(259_200_000_000)),
            ("7 days", Unit::Days, Some(604_800_000_000)),
            ("30 business minutes", Unit::BusinessMinutes, Some(1_800_000_000)),
            ("8 business hours", Unit::BusinessHours, Some(28_800_000_000)),
            ("3 business days", Unit::BusinessDays, None),
            ("3 calendar months", Unit::CalendarMonths, None),
            ("1 business day", Unit::BusinessDays, None),
        ];
        for (text, unit, length_us) in cases {
            let target: Target = text.parse().unwrap();
            assert_eq!((target.unit(), target.length_us()), (unit, length_us), "{text}");
            assert_eq!(target.to_string(), text);
            let json = serde_json::to_string(&target).unwrap();
            assert_eq!(serde_json::from_str::<Target>(&json).unwrap(), target);
        }
        assert_eq!(
            "  1   Business\tHOURS ".parse::<Target>().unwrap().to_string(),
            "1 business hour"
        );
    }

    #[test]
    fn anything_else_is_refused_in_plain_words() {
        for text in [
            "",
            "8",
            "hours",
            "eight hours",
            "-1 hours",
            "+1 hours",
            "1.5 hours",
            "1e3 hours",
            "8h",
            "3 months",
            "8 busines hours",
            "8 hours ago",
            "٣ hours",
        ] {
            let error = text.parse::<Target>().unwrap_err().to_string();
            assert!(error.contains("write a whole number and"), "{text}: {error}");
        }
        let zero = "0 hours".parse::<Target>().unwrap_err().to_string();
        assert_eq!(zero, "a target counts at least 1 hour");
        for text in ["36501 days", "99999999999999999999 days"] {
            let error = text.parse::<Target>().unwrap_err().to_string();
            assert_eq!(error, "a target of days counts at most 36500");
        }
    }
}
