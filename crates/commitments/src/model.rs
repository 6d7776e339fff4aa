//! What was promised to the users of the system, and what that requires of it.

use kernel::ids::{PartyId, PersonId};
use scope::catalogue::{Category, CriterionId};
use serde::{Deserialize, Serialize};

kernel::id_kind!(CommitmentId, CommitmentKind, "com", "service commitment");
kernel::id_kind!(RequirementId, RequirementIdKind, "req", "system requirement");

/// The kinds of place where a commitment can be written.
pub const SOURCE_KINDS: [&str; 8] =
    ["contract", "sla", "terms", "website", "privacy_notice", "regulation", "standard", "other"];

/// Where a commitment is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// One of [`SOURCE_KINDS`].
    pub kind: String,
    /// Which document, and where in it.
    pub reference: String,
}

/// A declaration to user entities, and the register's facts about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Commitment {
    /// Its id.
    pub id: CommitmentId,
    /// The organisation that made it.
    pub organisation: PartyId,
    /// A short name: `SC-01`.
    pub code: String,
    /// The category it belongs to.
    pub category: Category,
    /// What is promised.
    pub statement: String,
    /// Whether it is one of the principal ones, common to most users and stated in the description.
    pub principal: bool,
    /// Where it is written.
    pub sources: Vec<Source>,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// The version of the record.
    pub version: i64,
}

/// What carries a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequirementKind {
    /// People with the skill and the time.
    People,
    /// A procedure that is followed.
    Process,
    /// Something that the technology does.
    Technology,
}

impl RequirementKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::People, Self::Process, Self::Technology];

    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Process => "process",
            Self::Technology => "technology",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// How the system must function for commitments to be kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Requirement {
    /// Its id.
    pub id: RequirementId,
    /// The organisation.
    pub organisation: PartyId,
    /// A short name: `SR-01`.
    pub code: String,
    /// What carries it.
    pub kind: RequirementKind,
    /// What is required.
    pub statement: String,
    /// The commitments that need it.
    pub commitments: Vec<CommitmentId>,
    /// The criteria that it bears on.
    pub criteria: Vec<CriterionId>,
    /// The version of the record.
    pub version: i64,
}

/// Whether a commitment was kept in one window of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The commitment.
    pub commitment: CommitmentId,
    /// The window, in words that sort: `2026-03`.
    pub window: String,
    /// The measured value, as text with its unit.
    pub value: String,
    /// Whether the promise was kept. Decided on the unrounded value.
    pub met: bool,
    /// Where the figure comes from.
    pub source: String,
}
