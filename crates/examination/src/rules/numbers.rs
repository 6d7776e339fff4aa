//! Exact rates and confidence levels.
//!
//! Rates are held as whole parts per trillion, never as floating point, because sample sizes turn on
//! ceilings: 0.035 × 400 is 14.000000000000002 in binary floating point, and a ceiling of 15 there
//! turns a sample of 400 into one of 423.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::words::shown;

/// A share between nothing and everything, exact to one part in 10¹².
///
/// Written `5%`, `1.25%`, `0.05` or `500bp` (basis points).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate {
    parts: u64,
}

/// Why a rate or a confidence level could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not a number in any of the accepted forms.
    #[error("\"{0}\" is not a rate; write it as 5%, 0.05 or 500bp.")]
    NotARate(String),
    /// A bare whole number, which could mean a percentage or a fraction.
    #[error(
        "\"{0}\" could mean {0} percent or {0} times the whole; write {0}% or a fraction such as 0.05."
    )]
    Ambiguous(String),
    /// More digits than can be held exactly.
    #[error("\"{0}\" has more digits than are kept; use at most 12 decimal places of a fraction.")]
    TooFine(String),
    /// More than the whole.
    #[error("\"{0}\" is more than 100%; a rate lies between 0% and 100%.")]
    AboveWhole(String),
    /// A confidence level that promises nothing or everything.
    #[error("A confidence of {0} cannot be used; it must be above 0% and at most 99.9999%.")]
    Confidence(Rate),
}

impl Rate {
    /// Parts in the whole.
    pub const SCALE: u64 = 1_000_000_000_000;
    /// Nothing.
    pub const ZERO: Rate = Rate { parts: 0 };
    /// Everything.
    pub const WHOLE: Rate = Rate { parts: Self::SCALE };

    /// A rate in basis points (hundredths of a percent); more than 10,000 counts as the whole.
    pub const fn from_basis_points(basis_points: u32) -> Rate {
        let parts = basis_points as u64 * (Self::SCALE / 10_000);
        Rate { parts: if parts > Self::SCALE { Self::SCALE } else { parts } }
    }

    /// Whole parts per trillion.
    pub const fn parts_per_trillion(self) -> u64 {
        self.parts
    }

    /// Nearest floating-point fraction; for probabilities and display, never for a ceiling.
    pub fn as_fraction(self) -> f64 {
        self.parts as f64 / Self::SCALE as f64
    }

    /// True for 0%.
    pub const fn is_zero(self) -> bool {
        self.parts == 0
    }

    /// The whole less this rate.
    pub const fn complement(self) -> Rate {
        Rate { parts: Self::SCALE - self.parts }
    }

    /// Smallest whole number not below `count` × rate, in integers.
    pub fn ceil_of(self, count: u64) -> u64 {
        let product = u128::from(count) * u128::from(self.parts);
        narrow(product.div_ceil(u128::from(Self::SCALE)))
    }

    /// Largest whole number not above `count` × rate, in integers.
    pub fn floor_of(self, count: u64) -> u64 {
        let product = u128::from(count) * u128::from(self.parts);
        narrow(product / u128::from(Self::SCALE))
    }

    /// Largest `n` with `n` × rate at most `count`; `None` for a rate of zero, where no `n` is too large.
    pub fn most_within(self, count: u64) -> Option<u64> {
        let scaled = u128::from(count) * u128::from(Self::SCALE);
        scaled.checked_div(u128::from(self.parts)).map(narrow)
    }

    /// Whether `part` of `whole` is at most this rate, in integers.
    pub fn covers(self, part: u64, whole: u64) -> bool {
        u128::from(part) * u128::from(Self::SCALE) <= u128::from(self.parts) * u128::from(whole)
    }
}

/// Results of [`Rate`] arithmetic never exceed 64 bits for a rate up to 100%, except a quotient by a
/// tiny rate, which then means "larger than any count in use".
fn narrow(value: u128) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

impl FromStr for Rate {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let cleaned = text.trim();
        let lower = cleaned.to_ascii_lowercase();
        let (number, places) = if let Some(rest) = lower.strip_suffix('%') {
            (rest.trim_end(), 10)
        } else if let Some(rest) = lower.strip_suffix("bp") {
            (rest.trim_end(), 8)
        } else {
            if lower.parse::<u64>().is_ok_and(|n| n > 0) {
                return Err(NumberError::Ambiguous(shown(cleaned, 40)));
            }
            (lower.as_str(), 12)
        };
        let parts = scaled_decimal(number, places).map_err(|fault| match fault {
            Fault::NotANumber => NumberError::NotARate(shown(cleaned, 40)),
            Fault::TooFine => NumberError::TooFine(shown(cleaned, 40)),
            Fault::TooLarge => NumberError::AboveWhole(shown(cleaned, 40)),
        })?;
        if parts > Self::SCALE {
            return Err(NumberError::AboveWhole(shown(cleaned, 40)));
        }
        Ok(Rate { parts })
    }
}

enum Fault {
    NotANumber,
    TooFine,
    TooLarge,
}

/// Reads plain decimal digits (`12`, `12.5`, `.5`) as a whole number of units of 10^-`places`.
fn scaled_decimal(number: &str, places: usize) -> Result<u64, Fault> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits_only(whole) || !digits_only(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return Err(Fault::NotANumber);
    }
    if number.ends_with('.') {
        return Err(Fault::NotANumber);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places {
        return Err(Fault::TooFine);
    }
    let whole = whole.trim_start_matches('0');
    // Anything longer is far above the whole in every accepted unit.
    if whole.len() > 6 {
        return Err(Fault::TooLarge);
    }
    let digits = format!("{whole}{fraction:0<places$}");
    if digits.is_empty() {
        return Ok(0);
    }
    digits.parse::<u64>().map_err(|_| Fault::TooLarge)
}

impl fmt::Display for Rate {
    /// As a percentage with no needless digits, such as `1.25%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_percent = Self::SCALE / 100;
        let (whole, rest) = (self.parts / per_percent, self.parts % per_percent);
        if rest == 0 {
            write!(f, "{whole}%")
        } else {
            let digits = format!("{rest:010}");
            write!(f, "{whole}.{}%", digits.trim_end_matches('0'))
        }
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RateVisitor)
    }
}

/// Accepts a text such as `"5%"` or a JSON number such as `0.05`.
struct RateVisitor;

impl Visitor<'_> for RateVisitor {
    type Value = Rate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a rate such as \"5%\", 0.05 or \"500bp\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Rate, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Rate, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Rate, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Rate, E> {
        // The shortest decimal that names this double is the one that was written in the file.
        let text = number.to_string();
        let written_whole = !text.contains('.');
        self.visit_str(&if written_whole { text + ".0" } else { text })
    }
}

/// A confidence level, the complement of the risk of overreliance.
///
/// Above 0% and at most 99.9999%: beyond that the risk is smaller than what the evaluation resolves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Confidence(Rate);

impl Confidence {
    const HIGHEST: u64 = Rate::SCALE / 1_000_000 * 999_999;
    /// Even odds; for checks in which the level plays no part.
    pub(crate) const HALF: Confidence = Confidence(Rate { parts: Rate::SCALE / 2 });

    /// Checks the range.
    pub fn new(rate: Rate) -> Result<Self, NumberError> {
        if rate.is_zero() || rate.parts > Self::HIGHEST {
            return Err(NumberError::Confidence(rate));
        }
        Ok(Self(rate))
    }

    /// The level itself.
    pub const fn rate(self) -> Rate {
        self.0
    }

    /// Risk of overreliance: the whole less the confidence, exact before it becomes floating point.
    pub fn risk(self) -> f64 {
        self.0.complement().as_fraction()
    }
}

impl FromStr for Confidence {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text.parse()?)
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Rate::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
