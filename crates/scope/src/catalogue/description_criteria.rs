//! The 9 criteria for management's description of the system.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::CatalogueError;

/// The file this module reads.
pub(super) const FILE: &str = "description_criteria.toml";

/// The two kinds of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportType {
    /// As of a date: the description and the design of controls.
    Type1,
    /// Throughout a period: also whether controls operated effectively.
    Type2,
}

/// One of the 9 description criteria, `DC1` to `DC9`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DescriptionCriterionId(u8);

impl DescriptionCriterionId {
    /// How many there are.
    pub const COUNT: u8 = 9;

    /// All of them in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=Self::COUNT).map(Self)
    }

    /// Position in order, from 0 (DC1) to 8 (DC9).
    #[must_use]
    pub fn ordinal(self) -> usize {
        usize::from(self.0) - 1
    }
}

impl fmt::Display for DescriptionCriterionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("DC{}", self.0))
    }
}

/// A text that names no description criterion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("There is no description criterion \u{201c}{given}\u{201d}; they run from DC1 to DC9.")]
pub struct UnknownDescriptionCriterion {
    /// What was given, cut to a printable length.
    pub given: String,
}

impl FromStr for DescriptionCriterionId {
    type Err = UnknownDescriptionCriterion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all().find(|id| id.to_string() == text).ok_or_else(|| UnknownDescriptionCriterion {
            given: text.chars().take(24).flat_map(char::escape_debug).collect(),
        })
    }
}

impl TryFrom<String> for DescriptionCriterionId {
    type Error = UnknownDescriptionCriterion;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DescriptionCriterionId> for String {
    fn from(id: DescriptionCriterionId) -> Self {
        id.to_string()
    }
}

/// One row of `description_criteria.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescriptionCriterion {
    /// The profession's identifier.
    pub id: DescriptionCriterionId,
    /// Our short heading.
    pub heading: String,
    /// What management must disclose, in our words.
    pub disclosure: String,
    /// What the builder of the description asks for.
    pub needs: Vec<String>,
    /// When the builder calls the criterion met.
    pub complete_when: String,
    /// Whether only a Type 2 description must address it.
    #[serde(default)]
    pub type_2_only: bool,
}

impl DescriptionCriterion {
    /// Whether a description for this type of report must address the criterion.
    #[must_use]
    pub fn applies_to(&self, report: ReportType) -> bool {
        !self.type_2_only || report == ReportType::Type2
    }
}

/// The content of `description_criteria.toml`.
#[derive(Debug)]
pub(super) struct DescriptionCriteria {
    pub(super) edition: String,
    /// By [`DescriptionCriterionId::ordinal`].
    pub(super) rows: Vec<DescriptionCriterion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    edition: String,
    criterion: Vec<DescriptionCriterion>,
}

impl DescriptionCriteria {
    /// Reads the file: all nine, once, in order, none with an empty field.
    pub(super) fn read(text: &str) -> Result<Self, CatalogueError> {
        let refuse = |problem: String| CatalogueError::new(FILE, problem);
        let file: File = toml::from_str(text).map_err(|error| refuse(error.to_string()))?;
        if !file.criterion.iter().map(|row| row.id).eq(DescriptionCriterionId::all()) {
            return Err(refuse("it must hold DC1 to DC9, each once and in order".to_owned()));
        }
        for row in &file.criterion {
            let empty = row.heading.is_empty()
                || row.needs.is_empty()
                || !row.disclosure.ends_with('.')
                || !row.complete_when.ends_with('.');
            if empty {
                return Err(refuse(format!(
                    "{} needs a heading, at least one need, and sentences for disclosure and complete_when",
                    row.id
                )));
            }
        }
        Ok(Self { edition: file.edition, rows: file.criterion })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_run_from_one_to_nine() {
        assert_eq!(DescriptionCriterionId::all().count(), 9);
        for id in DescriptionCriterionId::all() {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        for wrong in ["DC0", "DC10", "DC01", "dc1", "DC", "", "CC1.1"] {
            assert!(wrong.parse::<DescriptionCriterionId>().is_err(), "{wrong}");
        }
    }
}
