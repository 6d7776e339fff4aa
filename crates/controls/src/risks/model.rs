//! Risks and deficiencies.

use crate::model::ControlId;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(RiskId, RiskKind, "rsk", "risk");
kernel::id_kind!(DeficiencyId, DeficiencyKind, "dfc", "deficiency");

/// Where a risk, a deficiency or a gap came from: something in a later room, named by its id and by what
/// a person calls it. Empty where it was found here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The id: `cas_…`, or empty.
    pub reference: String,
    /// What a person calls it: a tracking number.
    pub label: String,
}

impl Origin {
    /// Where it is shown.
    #[must_use]
    pub fn href(&self) -> Option<String> {
        self.reference.starts_with("cas_").then(|| format!("/cases/{}", self.reference))
    }
}

/// What is done about a risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// Controls make it smaller.
    Mitigate,
    /// Somebody else carries it.
    Transfer,
    /// What causes it is not done.
    Avoid,
    /// It is borne, knowingly.
    Accept,
}

impl Treatment {
    /// Every treatment.
    pub const ALL: [Self; 4] = [Self::Mitigate, Self::Transfer, Self::Avoid, Self::Accept];

    /// The word in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mitigate => "mitigate",
            Self::Transfer => "transfer",
            Self::Avoid => "avoid",
            Self::Accept => "accept",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == text)
    }
}

/// What is said of a risk, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskText {
    /// What could happen, in a few words.
    pub title: String,
    /// To which objective, by what, with which effect.
    pub description: String,
    /// How likely, 1 (hardly) to 5 (almost certain).
    pub likelihood: u8,
    /// How grave, 1 to 5.
    pub impact: u8,
    /// What is done about it.
    pub treatment: Treatment,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// The controls that make it smaller.
    pub controls: Vec<ControlId>,
    /// When it is looked at next, `2026-09-30`.
    pub review_on: String,
}

/// A risk of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Risk {
    /// Its id.
    pub id: RiskId,
    /// The organisation.
    pub organisation: PartyId,
    /// What is said of it.
    #[serde(flatten)]
    pub text: RiskText,
    /// What last opened or changed it.
    pub origin: Origin,
    /// Why it is no longer watched, once it is not.
    pub closed: Option<String>,
    /// The version of the record.
    pub version: i64,
}

/// How grave a deficiency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// The control failed once, and others caught it.
    Minor,
    /// The control does not do what it is for, in part or for a time.
    Significant,
    /// A criterion or a commitment was not met because of it.
    Severe,
}

impl Gravity {
    /// Every degree, least first.
    pub const ALL: [Self; 3] = [Self::Minor, Self::Significant, Self::Severe];

    /// The word in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Significant => "significant",
            Self::Severe => "severe",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.as_str() == text)
    }
}

/// What is said of a deficiency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeficiencyText {
    /// The control.
    pub control: ControlId,
    /// Whether its design is at fault, rather than its operation.
    pub design: bool,
    /// What it did not do.
    pub finding: String,
    /// How grave.
    pub gravity: Gravity,
    /// Who answers for mending it.
    pub owner: PersonId,
    /// Until which date, `2026-06-30`.
    pub due: String,
}

/// To whom in the leadership a deficiency was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// To whom.
    pub to: String,
    /// On which date.
    pub on: String,
}

/// How a deficiency was mended, and what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    /// What was done.
    pub action: String,
    /// What shows that it was done and works.
    pub evidence: String,
}

/// A deficiency of a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deficiency {
    /// Its id.
    pub id: DeficiencyId,
    /// The organisation.
    pub organisation: PartyId,
    /// What is said of it.
    #[serde(flatten)]
    pub text: DeficiencyText,
    /// Where it came from.
    pub origin: Origin,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// To whom it was told, once it was.
    pub told: Option<Told>,
    /// How it was mended, once it was.
    pub mended: Option<Mended>,
    /// The version of the record.
    pub version: i64,
}
