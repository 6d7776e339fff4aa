//! The identifiers of the 61 trust services criteria: which exist, which series and category they are
//! of. Their paraphrases are data of the scope room; the rules need the identifiers alone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::words::{shown, words};

words! {
    /// One of the five categories of criteria.
    pub enum Category: "category" {
        /// The common criteria, CC1 to CC9; part of every examination.
        Security = "security" | "common_criteria" | "common" | "cc",
        /// Series A1.
        Availability = "availability",
        /// Series C1.
        Confidentiality = "confidentiality",
        /// Series PI1.
        ProcessingIntegrity = "processing_integrity",
        /// Series P1 to P8.
        Privacy = "privacy",
    }
}

/// A series: its name, its category and how many criteria it has.
struct Series {
    name: &'static str,
    category: Category,
    criteria: u8,
}

const fn series(name: &'static str, category: Category, criteria: u8) -> Series {
    Series { name, category, criteria }
}

/// Every series of the 2017 trust services criteria, in report order.
const SERIES: [Series; 20] = [
    series("CC1", Category::Security, 5),
    series("CC2", Category::Security, 3),
    series("CC3", Category::Security, 4),
    series("CC4", Category::Security, 2),
    series("CC5", Category::Security, 3),
    series("CC6", Category::Security, 8),
    series("CC7", Category::Security, 5),
    series("CC8", Category::Security, 1),
    series("CC9", Category::Security, 2),
    series("A1", Category::Availability, 3),
    series("C1", Category::Confidentiality, 2),
    series("PI1", Category::ProcessingIntegrity, 5),
    series("P1", Category::Privacy, 1),
    series("P2", Category::Privacy, 1),
    series("P3", Category::Privacy, 2),
    series("P4", Category::Privacy, 3),
    series("P5", Category::Privacy, 2),
    series("P6", Category::Privacy, 7),
    series("P7", Category::Privacy, 1),
    series("P8", Category::Privacy, 1),
];

/// One of the 61 criteria, such as CC6.2. Sorts in report order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Criterion {
    series: u8,
    number: u8,
}

/// An identifier that is not one of the 61.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{given}\" is not one of the 61 trust services criteria; {hint}.")]
pub struct UnknownCriterion {
    given: String,
    hint: String,
}

impl Criterion {
    fn of(self) -> &'static Series {
        // The index is checked on construction.
        SERIES.get(usize::from(self.series)).unwrap_or(&SERIES[0])
    }

    /// Name of its series, such as `CC6`.
    pub fn series(self) -> &'static str {
        self.of().name
    }

    /// Its category.
    pub fn category(self) -> Category {
        self.of().category
    }

    /// Whether it is one of the common criteria.
    pub fn is_common(self) -> bool {
        self.category() == Category::Security
    }

    /// Every criterion of the given categories, with the common criteria, in report order.
    pub fn in_scope(categories: &[Category]) -> Vec<Criterion> {
        Self::all()
            .filter(|criterion| criterion.is_common() || categories.contains(&criterion.category()))
            .collect()
    }

    /// All 61, in report order.
    pub fn all() -> impl Iterator<Item = Criterion> {
        (0_u8..).zip(&SERIES).flat_map(|(index, series)| {
            (1..=series.criteria).map(move |number| Criterion { series: index, number })
        })
    }

    /// Whether a text names a series, such as `CC1`.
    pub fn is_series(name: &str) -> bool {
        SERIES.iter().any(|series| series.name == name)
    }
}

impl FromStr for Criterion {
    type Err = UnknownCriterion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.trim().to_ascii_uppercase();
        let unknown = |hint: String| UnknownCriterion { given: shown(text, 20), hint };
        let Some((name, number)) = upper.split_once('.') else {
            return Err(unknown("write a series and a number such as CC6.2".to_owned()));
        };
        let found = (0_u8..).zip(&SERIES).find(|(_, series)| series.name == name);
        let Some((index, series)) = found else {
            return Err(unknown("the series are CC1 to CC9, A1, C1, PI1 and P1 to P8".to_owned()));
        };
        (1..=series.criteria)
            .find(|known| known.to_string() == number)
            .map(|number| Criterion { series: index, number })
            .ok_or_else(|| {
                unknown(if series.criteria == 1 {
                    format!("series {name} has only {name}.1")
                } else {
                    format!("series {name} runs from {name}.1 to {name}.{}", series.criteria)
                })
            })
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.series(), self.number)
    }
}

impl Serialize for Criterion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Criterion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Joins things for a sentence: "a", "a and b", "a, b and c".
pub(crate) fn listed<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let mut words: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match words.pop() {
        None => String::new(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} and {last}", words.join(", ")),
    }
}
