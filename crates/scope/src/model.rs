//! What the room speaks of: the engagement, the system's components, subservice organisations.

use crate::catalogue::{Categories, Category, CriterionId};
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::period::Period;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

pub use crate::catalogue::ReportType;

kernel::id_kind!(ComponentId, ComponentKind_, "cmp", "system component");
kernel::id_kind!(SubserviceId, SubserviceKind, "sub", "subservice organisation");

/// Where an engagement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngagementState {
    /// Scope and controls are being prepared; no firm need be joined.
    Preparation,
    /// The firm works on it.
    Fieldwork,
    /// The report has been issued.
    Issued,
    /// The firm's file is locked: nothing changes any more.
    Locked,
}

impl EngagementState {
    /// Every state, in order.
    pub const ALL: [Self; 4] = [Self::Preparation, Self::Fieldwork, Self::Issued, Self::Locked];

    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preparation => "preparation",
            Self::Fieldwork => "fieldwork",
            Self::Issued => "issued",
            Self::Locked => "locked",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// One examination of one system: an organisation, and the firm that joins it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Engagement {
    /// Its id.
    pub id: EngagementId,
    /// The service organisation.
    pub organisation: PartyId,
    /// The firm, once one is joined.
    pub firm: Option<PartyId>,
    /// What people call it.
    pub name: String,
    /// The system under examination.
    pub system_name: String,
    /// Type 1 or Type 2.
    pub report_type: ReportType,
    /// The period in its declared zone, end included; for a Type 1 the one date.
    pub period: Period,
    /// The categories in scope, security among them.
    pub categories: Vec<Category>,
    /// Where it stands.
    pub state: EngagementState,
    /// Since when; none before it first moved on.
    #[serde(skip)]
    pub moved_at: Option<Timestamp>,
    /// The version of the record, for forms.
    pub version: i64,
}

impl Engagement {
    /// Whether the firm's file is locked.
    #[must_use]
    pub fn locked(&self) -> bool {
        self.state == EngagementState::Locked
    }

    /// The criteria in scope, in order.
    #[must_use]
    pub fn criteria(&self) -> Vec<CriterionId> {
        Categories::new(self.categories.iter().copied())
            .map(|c| c.criteria().collect())
            .unwrap_or_default()
    }
}

/// The five kinds of component that a description names (DC3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentKind {
    /// Machines, networks, facilities, cloud accounts.
    Infrastructure,
    /// Applications and the software under them.
    Software,
    /// Who runs, supports and uses it.
    People,
    /// How it is run.
    Procedures,
    /// What it holds and moves.
    Data,
}

impl ComponentKind {
    /// Every kind, in the order of the description.
    pub const ALL: [Self; 5] =
        [Self::Infrastructure, Self::Software, Self::People, Self::Procedures, Self::Data];

    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Infrastructure => "infrastructure",
            Self::Software => "software",
            Self::People => "people",
            Self::Procedures => "procedures",
            Self::Data => "data",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// A part of the system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Component {
    /// Its id.
    pub id: ComponentId,
    /// The organisation.
    pub organisation: PartyId,
    /// Which of the five kinds.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// Where it is.
    pub location: String,
}

/// How a subservice organisation is presented. Management's choice, not the auditor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubserviceMethod {
    /// Its controls are not in the description and are not examined.
    CarveOut,
    /// Its controls are in the description and are examined.
    Inclusive,
}

impl SubserviceMethod {
    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CarveOut => "carve_out",
            Self::Inclusive => "inclusive",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::CarveOut, Self::Inclusive].into_iter().find(|s| s.as_str() == text)
    }
}

/// A vendor whose controls are needed, with the organisation's own, to keep its commitments.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subservice {
    /// Its id.
    pub id: SubserviceId,
    /// The organisation that uses it.
    pub organisation: PartyId,
    /// Its name.
    pub name: String,
    /// What it does for the system.
    pub service: String,
    /// How it is presented.
    pub method: SubserviceMethod,
    /// Types of controls assumed there (CSOC), each with the criteria it helps to meet.
    pub assumed_controls: Vec<AssumedControl>,
}

/// A complementary control that somebody else must run: a subservice organisation (CSOC) or the user
/// entities (CUEC).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssumedControl {
    /// What must be done there, in the imperative.
    pub statement: String,
    /// The criteria that are met only together with it.
    pub criteria: Vec<CriterionId>,
}
