//! What can happen in this room. Kinds are frozen: a changed shape is a new version.

use crate::model::{ControlId, ControlText, GapId};
use kernel::ids::{PartyId, PersonId};
use scope::catalogue::CriterionId;
use serde::{Deserialize, Serialize};

/// A control as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ControlStated {
    /// Its id.
    pub id: ControlId,
    /// The organisation.
    pub organisation: PartyId,
    /// What is said of it.
    pub text: ControlText,
    /// Why it was changed; empty for a new one.
    pub reason: String,
}

/// A control is no longer in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ControlRetired {
    /// Why, and what takes its place.
    pub reason: String,
}

/// A gap was found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GapOpened {
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
    /// Until which date.
    pub due: String,
    /// What opened it.
    #[serde(default)]
    pub origin: crate::risks::model::Origin,
}

/// What is done about a gap was planned anew: as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GapPlanned {
    /// What will be done.
    pub action: String,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// Until which date.
    pub due: String,
    /// Why it was planned anew.
    pub reason: String,
}

/// A gap was closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GapClosed {
    /// How, and what proves it.
    pub outcome: String,
}

kernel::events! {
    /// What can happen to controls and gaps.
    pub enum ControlEvent in "controls" {
        /// A control was stated, or stated anew with the reason.
        ControlStated(ControlStated) = "controls.control_stated.v1",
        /// A control was retired.
        ControlRetired(ControlRetired) = "controls.control_retired.v1",
        /// A gap was found, with what will be done about it.
        GapOpened(GapOpened) = "controls.gap_opened.v1",
        /// What is done about a gap was planned anew.
        GapPlanned(GapPlanned) = "controls.gap_planned.v1",
        /// A gap was closed.
        GapClosed(GapClosed) = "controls.gap_closed.v1",
    }
}
