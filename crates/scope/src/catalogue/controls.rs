//! The 130 controls that a company offering software as a service can start from.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CatalogueError, CriterionId};

/// The file this module reads.
pub(super) const FILE: &str = "controls.toml";

/// A word that is none of the words a field allows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\u{201c}{given}\u{201d} is not a {what}; use one of: {allowed}.")]
pub struct UnknownWord {
    /// What was given, cut to a printable length.
    pub given: String,
    /// What the field holds, such as `frequency`.
    pub what: &'static str,
    /// The words it allows, joined by commas.
    pub allowed: String,
}

/// Writes an enum whose values are written as fixed words, in files, records and addresses alike.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal, $($(#[$each:meta])* $variant:ident = $word:literal,)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$each])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of the catalogue's legend.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word it is written as.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::catalogue::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|value| value.as_str() == text)
                    .ok_or_else(|| $crate::catalogue::UnknownWord {
                        given: text.chars().take(24).flat_map(char::escape_debug).collect(),
                        what: $what,
                        allowed: [$($word),+].join(", "),
                    })
            }
        }
    };
}
pub(super) use words;

words! {
    /// How often a control operates; sampling policy goes by it.
    Frequency, "frequency",
    /// All the time, by machine. Testing one instance is enough where changes to it are controlled.
    Continuous = "continuous",
    /// Whenever its event happens (a hire, a change, an incident): sampled from the population of events.
    PerEvent = "per event",
    /// Every day, or every business day where the statement says so.
    Daily = "daily",
    /// Every week.
    Weekly = "weekly",
    /// Every month.
    Monthly = "monthly",
    /// Every quarter.
    Quarterly = "quarterly",
    /// Twice a year.
    Semiannual = "semiannual",
    /// Once a year.
    Annual = "annual",
}

words! {
    /// What a control does about the thing that can go wrong.
    ControlType, "control type",
    /// Stops it from happening.
    Preventive = "preventive",
    /// Notices that it happened.
    Detective = "detective",
    /// Puts it right.
    Corrective = "corrective",
}

words! {
    /// How a control is carried out.
    Nature, "nature of a control",
    /// By a person.
    Manual = "manual",
    /// By a system, the same way each time.
    Automated = "automated",
    /// By a person who relies on data from a system, whose report must be shown complete and accurate.
    ItDependentManual = "it-dependent manual",
}

/// Code of a catalogue control: two or three capitals, a hyphen, two digits (`IAM-04`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ControlCode(String);

impl ControlCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The letters before the hyphen, which name the domain.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.split_once('-').map_or(self.0.as_str(), |(prefix, _)| prefix)
    }

    fn of_domain(text: String, prefix: &str) -> Option<Self> {
        let number = text.strip_prefix(prefix)?.strip_prefix('-')?;
        let two_digits = number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit());
        two_digits.then_some(Self(text))
    }
}

impl fmt::Display for ControlCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A role that owns controls, such as `Security Manager`. Only roles of the catalogue's own list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct OwnerRole(String);

impl OwnerRole {
    /// The role as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OwnerRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One row of `controls.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CatalogueControl {
    /// Its code, unique and never reused.
    pub code: ControlCode,
    /// Name of its domain, such as `Identity and access`.
    pub domain: String,
    /// The promise that is tested literally. Numbers in it are proposals to confirm.
    pub statement: String,
    /// How often it operates.
    pub frequency: Frequency,
    /// The role that answers for it.
    pub owner_role: OwnerRole,
    /// Preventive, detective or corrective.
    #[serde(rename = "type")]
    pub control_type: ControlType,
    /// Manual, automated, or manual on a system's data.
    pub nature: Nature,
    /// The criteria it serves: at least one, each once.
    pub criteria: Vec<CriterionId>,
}

/// The content of `controls.toml`.
#[derive(Debug)]
pub(super) struct Controls {
    pub(super) owner_roles: Vec<OwnerRole>,
    pub(super) rows: Vec<CatalogueControl>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    owner_roles: Vec<String>,
    domain: Vec<FileDomain>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDomain {
    prefix: String,
    name: String,
    control: Vec<FileControl>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileControl {
    code: String,
    statement: String,
    frequency: Frequency,
    owner_role: String,
    #[serde(rename = "type")]
    control_type: ControlType,
    nature: Nature,
    criteria: Vec<CriterionId>,
}

impl Controls {
    /// Reads the file and checks codes, roles and references.
    pub(super) fn read(text: &str) -> Result<Self, CatalogueError> {
        let refuse = |problem: String| CatalogueError::new(FILE, problem);
        let file: File = toml::from_str(text).map_err(|error| refuse(error.to_string()))?;
        if !file.owner_roles.is_sorted_by(|a, b| a < b) {
            return Err(refuse("owner_roles must be in alphabetical order, each once".to_owned()));
        }
        let owner_roles: Vec<OwnerRole> = file.owner_roles.into_iter().map(OwnerRole).collect();
        let mut rows = Vec::new();
        let mut codes = BTreeSet::new();
        for domain in file.domain {
            for row in domain.control {
                let row = check(row, &domain.prefix, &domain.name, &owner_roles).map_err(refuse)?;
                if !codes.insert(row.code.clone()) {
                    return Err(refuse(format!("{} stands twice", row.code)));
                }
                rows.push(row);
            }
        }
        let unused =
            owner_roles.iter().find(|role| !rows.iter().any(|row| row.owner_role == **role));
        if let Some(role) = unused {
            return Err(refuse(format!("owner role {role} owns no control")));
        }
        Ok(Self { owner_roles, rows })
    }
}

/// Checks one row and gives it its types.
fn check(
    row: FileControl,
    prefix: &str,
    domain: &str,
    roles: &[OwnerRole],
) -> Result<CatalogueControl, String> {
    let name = row.code.clone();
    let code = ControlCode::of_domain(row.code, prefix)
        .ok_or_else(|| format!("{name} must be written {prefix}-NN"))?;
    let owner_role = roles
        .iter()
        .find(|role| role.as_str() == row.owner_role)
        .cloned()
        .ok_or_else(|| format!("{name}: {} is not among owner_roles", row.owner_role))?;
    if !row.statement.ends_with('.') {
        return Err(format!("{name}: the statement must be a sentence"));
    }
    let distinct: BTreeSet<CriterionId> = row.criteria.iter().copied().collect();
    if distinct.is_empty() || distinct.len() != row.criteria.len() {
        return Err(format!("{name} must serve at least one criterion, each named once"));
    }
    Ok(CatalogueControl {
        code,
        domain: domain.to_owned(),
        statement: row.statement,
        frequency: row.frequency,
        owner_role,
        control_type: row.control_type,
        nature: row.nature,
        criteria: row.criteria,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_a_wrong_one_is_told_the_right_ones() {
        for frequency in Frequency::ALL {
            assert_eq!(frequency.as_str().parse(), Ok(*frequency));
            let json = serde_json::to_string(frequency).unwrap();
            assert_eq!(json, format!("\"{frequency}\""));
        }
        assert_eq!(
            "detect".parse::<ControlType>().unwrap_err().to_string(),
            "“detect” is not a control type; use one of: preventive, detective, corrective."
        );
    }
}
