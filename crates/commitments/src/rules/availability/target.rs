//! An availability target as an exact fraction.

use std::fmt;
use std::str::FromStr;

/// Most digits after the decimal point of a target.
const DECIMALS_MAX: usize = 7;

/// A share above 0 and at most 1, held exactly: `99.9` is 999/1000, not the nearest floating-point
/// number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AvailabilityTarget {
    part: i128,
    whole: i128,
}

/// Why a target is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Not a number.
    #[error(
        "“{0}” is not an availability target; write a percentage such as 99.9, or 99.9%, 0.999 or 9990bp"
    )]
    Form(String),
    /// More decimals than are read.
    #[error("“{0}” has more than {DECIMALS_MAX} decimals")]
    TooFine(String),
    /// Nothing, or more than everything.
    #[error("“{0}” is not a share above 0 % and up to 100 %")]
    OutOfRange(String),
}

impl AvailabilityTarget {
    pub(super) fn is_met_by(self, good_us: i64, base_us: i64) -> bool {
        self.is_met_by_wide(i128::from(good_us), i128::from(base_us))
    }

    /// good / base ≥ part / whole, without a division.
    pub(super) fn is_met_by_wide(self, good: i128, base: i128) -> bool {
        good * self.whole >= base * self.part
    }

    #[cfg(test)]
    pub(super) fn part_of_whole(self) -> (i128, i128) {
        (self.part, self.whole)
    }

    pub(super) fn allowed_us(self, base_us: i64) -> i64 {
        let allowed = i128::from(base_us) * (self.whole - self.part) / self.whole;
        i64::try_from(allowed).unwrap_or(i64::MAX)
    }
}

impl FromStr for AvailabilityTarget {
    type Err = TargetError;

    /// A number with `%` or `bp`, or without a unit: above 1 it is a percentage, otherwise a
    /// fraction.
    fn from_str(text: &str) -> Result<Self, TargetError> {
        let shown = || kernel::refusal::excerpt(text, 40);
        let trimmed = text.trim();
        let (number, unit) = if let Some(number) = trimmed.strip_suffix('%') {
            (number.trim_end(), Some(100))
        } else if let Some(number) = trimmed.strip_suffix("bp") {
            (number.trim_end(), Some(10_000))
        } else {
            (trimmed, None)
        };
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || whole.len() > 9 {
            return Err(TargetError::Form(shown()));
        }
        if decimals.len() > DECIMALS_MAX {
            return Err(TargetError::TooFine(shown()));
        }
        // At most 16 digits, so this always parses.
        let part = format!("{whole}{decimals}").parse::<i128>();
        let part = part.map_err(|_| TargetError::Form(shown()))?;
        let scale = decimals.chars().fold(1_i128, |scale, _| scale * 10);
        let unit = unit.unwrap_or(if part > scale { 100 } else { 1 });
        if part == 0 || part > scale * unit {
            return Err(TargetError::OutOfRange(shown()));
        }
        Ok(Self { part, whole: scale * unit })
    }
}

/// The percentage, with no more decimals than it needs: `99.9`.
impl fmt::Display for AvailabilityTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundred = self.part * 100;
        write!(f, "{}", hundred / self.whole)?;
        let mut rest = hundred % self.whole;
        if rest > 0 {
            f.write_str(".")?;
        }
        while rest > 0 {
            rest *= 10;
            write!(f, "{}", rest / self.whole)?;
            rest %= self.whole;
        }
        Ok(())
    }
}
