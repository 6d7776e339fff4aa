//! What the organisation does so that criteria are met.

use commitments::model::RequirementId;
use kernel::ids::{PartyId, PersonId};
use scope::catalogue::{ControlType, CriterionId, Frequency, Nature};
use serde::{Deserialize, Serialize};

kernel::id_kind!(ControlId, ControlKind, "ctl", "control");
kernel::id_kind!(GapId, GapKind, "gap", "gap");

/// Everything that is said of a control, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlText {
    /// Its short name: `IAM-05`.
    pub code: String,
    /// The promise that is tested literally.
    pub statement: String,
    /// How often it operates.
    pub frequency: Frequency,
    /// The role that answers for it.
    pub owner_role: String,
    /// The person who answers for it.
    pub owner: Option<PersonId>,
    /// Preventive, detective or corrective.
    pub control_type: ControlType,
    /// Manual, automated, or manual on a system's data.
    pub nature: Nature,
    /// The criteria it serves.
    pub criteria: Vec<CriterionId>,
    /// The requirements it carries.
    pub requirements: Vec<RequirementId>,
}

/// A control of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Control {
    /// Its id.
    pub id: ControlId,
    /// The organisation.
    pub organisation: PartyId,
    /// What is said of it.
    #[serde(flatten)]
    pub text: ControlText,
    /// Whether it is in force.
    pub active: bool,
    /// The version of the record.
    pub version: i64,
}

/// How far a criterion is covered before the period begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// Controls with owners serve it.
    Covered,
    /// A control serves it, but has nobody who answers for it.
    Partial,
    /// No control serves it.
    Gap,
}

/// Something that is missing, and what is done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Its id.
    pub id: GapId,
    /// The organisation.
    pub organisation: PartyId,
    /// The criterion.
    pub criterion: CriterionId,
    /// What is missing.
    pub finding: String,
    /// What will be done.
    pub action: String,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// Until which date, `2026-06-30`.
    pub due: String,
    /// How it was closed, once it was.
    pub closed: Option<String>,
    /// What opened it.
    pub origin: crate::risks::model::Origin,
    /// The version of the record.
    pub version: i64,
}

/// Where a gap stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapState {
    /// Open, and its date is still to come.
    Open,
    /// Open, and its date is over.
    Overdue,
    /// Closed.
    Closed,
}

impl GapState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Overdue, Self::Closed];

    /// The word in addresses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Closed => "closed",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == text)
    }
}

impl Gap {
    /// Where it stands on this day. The day until which it is to be closed is not over yet.
    #[must_use]
    pub fn state(&self, today: jiff::civil::Date) -> GapState {
        match kernel::period::parse_date(&self.due) {
            _ if self.closed.is_some() => GapState::Closed,
            Ok(due) if due < today => GapState::Overdue,
            _ => GapState::Open,
        }
    }
}
