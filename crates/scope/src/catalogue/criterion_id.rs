//! Identifiers of the 61 trust services criteria.
//!
//! The ids are a closed set, so the type holds no text: a value is a place in the table below, and
//! an id that does not exist (CC8.2, C1.3, P1.2) has no value at all.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Category;

/// A series of criteria: the part of an id before the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series(u8);

/// Label, category and number of criteria of each series, in report order.
const SERIES: [(&str, Category, u8); 20] = [
    ("CC1", Category::Security, 5),
    ("CC2", Category::Security, 3),
    ("CC3", Category::Security, 4),
    ("CC4", Category::Security, 2),
    ("CC5", Category::Security, 3),
    ("CC6", Category::Security, 8),
    ("CC7", Category::Security, 5),
    ("CC8", Category::Security, 1),
    ("CC9", Category::Security, 2),
    ("A1", Category::Availability, 3),
    ("C1", Category::Confidentiality, 2),
    ("PI1", Category::ProcessingIntegrity, 5),
    ("P1", Category::Privacy, 1),
    ("P2", Category::Privacy, 1),
    ("P3", Category::Privacy, 2),
    ("P4", Category::Privacy, 3),
    ("P5", Category::Privacy, 2),
    ("P6", Category::Privacy, 7),
    ("P7", Category::Privacy, 1),
    ("P8", Category::Privacy, 1),
];

impl Series {
    /// Every series in report order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0_u8..).zip(SERIES).map(|(place, _)| Self(place))
    }

    /// Position in report order, from 0 (CC1) to 19 (P8).
    #[must_use]
    pub fn ordinal(self) -> usize {
        usize::from(self.0)
    }

    /// The label, such as `CC6`.
    #[must_use]
    pub fn label(self) -> &'static str {
        SERIES[self.ordinal()].0
    }

    /// The category whose criteria these are. The common criteria (CC1 to CC9) are Security's, and
    /// apply whichever categories are examined.
    #[must_use]
    pub fn category(self) -> Category {
        SERIES[self.ordinal()].1
    }

    /// How many criteria the series has.
    #[must_use]
    pub fn count(self) -> u8 {
        SERIES[self.ordinal()].2
    }

    /// The criteria of this series, in order.
    pub fn criteria(self) -> impl Iterator<Item = CriterionId> {
        (1..=self.count()).map(move |number| CriterionId { series: self, number })
    }

    fn labelled(label: &str) -> Option<Self> {
        Self::all().find(|series| series.label() == label)
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// One of the 61 trust services criteria, such as `CC6.1`. Orders as a report does: the common
/// criteria, then availability, confidentiality, processing integrity and privacy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CriterionId {
    series: Series,
    number: u8,
}

impl CriterionId {
    /// How many criteria there are.
    pub const COUNT: usize = 61;

    /// All criteria in report order.
    pub fn all() -> impl Iterator<Item = Self> {
        Series::all().flat_map(Series::criteria)
    }

    /// The series this criterion belongs to.
    #[must_use]
    pub fn series(self) -> Series {
        self.series
    }

    /// Number within the series, from 1.
    #[must_use]
    pub fn number(self) -> u8 {
        self.number
    }

    /// The category whose criterion this is; see [`Series::category`].
    #[must_use]
    pub fn category(self) -> Category {
        self.series.category()
    }

    /// Position in report order, from 0 (CC1.1) to 60 (P8.1).
    #[must_use]
    pub fn ordinal(self) -> usize {
        let before: usize =
            SERIES[..self.series.ordinal()].iter().map(|(_, _, count)| usize::from(*count)).sum();
        before + usize::from(self.number) - 1
    }
}

impl fmt::Display for CriterionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `pad` so that a width given to `format!` lines up a column of ids.
        f.pad(&format!("{}.{}", self.series.label(), self.number))
    }
}

impl From<CriterionId> for String {
    fn from(id: CriterionId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for CriterionId {
    type Error = UnknownCriterion;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for CriterionId {
    type Err = UnknownCriterion;

    /// Accepts an id exactly as it is written in a report. Spaces, lower case and leading zeros are
    /// refused, because ids are compared as text by every other system that reads them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all().find(|id| id.to_string() == text).ok_or_else(|| UnknownCriterion::new(text))
    }
}

/// An id that names no criterion, with the real ids that lie nearest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCriterion {
    /// What was given, cut to a printable length.
    pub given: String,
    /// Up to three real ids, nearest first; empty if nothing is near.
    pub nearest: Vec<CriterionId>,
}

/// Longest piece of a refused id that is shown or compared, in characters.
const GIVEN_CHARS_MAX: usize = 24;

/// How many real ids a refusal offers at most.
const NEAREST_MAX: usize = 3;

impl UnknownCriterion {
    fn new(text: &str) -> Self {
        let given: String =
            text.chars().take(GIVEN_CHARS_MAX).flat_map(char::escape_debug).collect();
        Self { nearest: nearest(&text.chars().take(GIVEN_CHARS_MAX).collect::<String>()), given }
    }
}

impl fmt::Display for UnknownCriterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "There is no criterion \u{201c}{}\u{201d}. ", self.given)?;
        let names: Vec<String> = self.nearest.iter().map(ToString::to_string).collect();
        match names.split_last() {
            None => f.write_str("Criteria are written like CC6.1, A1.2, C1.1, PI1.3 or P6.4."),
            Some((only, [])) => write!(f, "Did you mean {only}?"),
            Some((last, rest)) => write!(f, "Did you mean {} or {last}?", rest.join(", ")),
        }
    }
}

impl std::error::Error for UnknownCriterion {}

/// The real ids nearest to a refused one. An existing series with a number it lacks points into
/// that series; anything else goes by the number of characters to change.
fn nearest(given: &str) -> Vec<CriterionId> {
    let tidy = given.trim().to_ascii_uppercase();
    if let Some((series, number)) = tidy.split_once('.')
        && let Some(series) = Series::labelled(series)
        && let Ok(number) = number.parse::<u32>()
    {
        let mut members: Vec<CriterionId> = series.criteria().collect();
        members.sort_by_key(|id| number.abs_diff(u32::from(id.number)));
        if members.first().is_some_and(|id| u32::from(id.number) == number) {
            members.truncate(1);
        }
        members.truncate(NEAREST_MAX);
        return members;
    }
    let mut scored: Vec<(usize, CriterionId)> =
        CriterionId::all().map(|id| (edit_distance(&tidy, &id.to_string()), id)).collect();
    scored.sort();
    let best = scored.first().map_or(usize::MAX, |(distance, _)| *distance);
    if best > 2 {
        return Vec::new();
    }
    scored
        .into_iter()
        .take_while(|(distance, _)| *distance == best)
        .take(NEAREST_MAX)
        .map(|(_, id)| id)
        .collect()
}

/// Levenshtein distance in characters; both texts are at most [`GIVEN_CHARS_MAX`] long.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_sizes_are_those_of_the_profession() {
        let sizes: Vec<(&str, u8)> = Series::all().map(|s| (s.label(), s.count())).collect();
        let expected = [
            ("CC1", 5),
            ("CC2", 3),
            ("CC3", 4),
            ("CC4", 2),
            ("CC5", 3),
            ("CC6", 8),
            ("CC7", 5),
            ("CC8", 1),
            ("CC9", 2),
            ("A1", 3),
            ("C1", 2),
            ("PI1", 5),
            ("P1", 1),
            ("P2", 1),
            ("P3", 2),
            ("P4", 3),
            ("P5", 2),
            ("P6", 7),
            ("P7", 1),
            ("P8", 1),
        ];
        assert_eq!(sizes, expected);
        assert_eq!(CriterionId::all().count(), CriterionId::COUNT);
    }

    #[test]
    fn every_id_parses_to_itself_and_stands_at_its_place() {
        let mut before = None;
        for (place, id) in CriterionId::all().enumerate() {
            assert_eq!(id.to_string().parse(), Ok(id));
            assert_eq!(id.ordinal(), place);
            assert!(before < Some(id), "{id} stands out of order");
            before = Some(id);
            let json = serde_json::to_string(&id).unwrap();
            assert_eq!(json, format!("\"{id}\""));
            assert_eq!(serde_json::from_str::<CriterionId>(&json).unwrap(), id);
        }
    }

    #[test]
    fn ids_that_do_not_exist_are_refused_with_the_nearest_real_ones() {
        let cases = [
            ("CC8.2", "CC8.1"),
            ("CC9.9", "CC9.2 CC9.1"),
            ("C1.3", "C1.2 C1.1"),
            ("P1.2", "P1.1"),
            ("P1.3", "P1.1"),
            ("PP1.1", "PI1.1 P1.1"),
            ("CC7.6", "CC7.5 CC7.4 CC7.3"),
            ("CC6.0", "CC6.1 CC6.2 CC6.3"),
            ("A1.4", "A1.3 A1.2 A1.1"),
            ("PI1.6", "PI1.5 PI1.4 PI1.3"),
            ("P6.8", "P6.7 P6.6 P6.5"),
            // Right criteria, wrong writing.
            ("cc6.1", "CC6.1"),
            ("CC6.1 ", "CC6.1"),
            ("CC6.01", "CC6.1"),
            ("CC61", "CC6.1"),
            // Nothing is near.
            ("", ""),
            ("ISO 27001 A.5.1", ""),
        ];
        for (given, nearest) in cases {
            let refused = given.parse::<CriterionId>().unwrap_err();
            let names: Vec<String> = refused.nearest.iter().map(ToString::to_string).collect();
            assert_eq!(names.join(" "), nearest, "for {given:?}");
        }
    }

    #[test]
    fn a_refusal_is_a_sentence_of_bounded_length() {
        let sentence = |text: &str| text.parse::<CriterionId>().unwrap_err().to_string();
        assert_eq!(sentence("CC8.2"), "There is no criterion “CC8.2”. Did you mean CC8.1?");
        assert_eq!(
            sentence("CC9.9"),
            "There is no criterion “CC9.9”. Did you mean CC9.2 or CC9.1?"
        );
        assert_eq!(
            sentence("nonsense"),
            "There is no criterion “nonsense”. Criteria are written like CC6.1, A1.2, C1.1, PI1.3 or P6.4."
        );
        assert!(sentence(&"\u{7}".repeat(1_000_000)).len() < 400);
    }

    #[test]
    fn distance_counts_single_characters() {
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("CC6.1", "CC6.1"), 0);
    }
}
