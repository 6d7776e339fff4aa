//! What can happen in this room. Kinds are frozen: a changed shape is a new version.

use crate::catalogue::Category;
use crate::model::{
    AssumedControl, ComponentId, ComponentKind, EngagementState, ReportType, SubserviceId,
    SubserviceMethod,
};
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::period::Period;
use serde::{Deserialize, Serialize};

/// An engagement was opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EngagementOpened {
    /// Its id.
    pub id: EngagementId,
    /// The service organisation.
    pub organisation: PartyId,
    /// What people call it.
    pub name: String,
    /// The system.
    pub system_name: String,
    /// Type 1 or 2.
    pub report_type: ReportType,
    /// The period.
    pub period: Period,
    /// The categories.
    pub categories: Vec<Category>,
}

/// Its scope was changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EngagementScoped {
    /// What people call it.
    pub name: String,
    /// The system.
    pub system_name: String,
    /// Type 1 or 2.
    pub report_type: ReportType,
    /// The period.
    pub period: Period,
    /// The categories.
    pub categories: Vec<Category>,
    /// Why.
    pub reason: String,
}

/// A firm was joined.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FirmJoined {
    /// The firm.
    pub firm: PartyId,
}

/// It moved on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EngagementMoved {
    /// Where it stands now.
    pub state: EngagementState,
}

/// A component of the system was described.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ComponentDescribed {
    /// Its id.
    pub id: ComponentId,
    /// The organisation.
    pub organisation: PartyId,
    /// Which kind.
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

/// A subservice organisation was described.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubserviceDescribed {
    /// Its id.
    pub id: SubserviceId,
    /// The organisation that uses it.
    pub organisation: PartyId,
    /// Its name.
    pub name: String,
    /// What it does.
    pub service: String,
    /// How it is presented.
    pub method: SubserviceMethod,
    /// What is assumed of it.
    pub assumed_controls: Vec<AssumedControl>,
}

/// The controls that user entities must run were stated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UserEntityControlsStated {
    /// The organisation.
    pub organisation: PartyId,
    /// All of them, in order.
    pub controls: Vec<AssumedControl>,
}

kernel::events! {
    /// What can happen to an engagement and the system under examination.
    pub enum ScopeEvent in "scope" {
        /// An engagement was opened.
        EngagementOpened(EngagementOpened) = "scope.engagement_opened.v1",
        /// Its name, system, type, period or categories were changed, with the reason.
        EngagementScoped(EngagementScoped) = "scope.engagement_scoped.v1",
        /// A firm was joined to it.
        FirmJoined(FirmJoined) = "scope.firm_joined.v1",
        /// It moved on: into fieldwork, issued, locked.
        EngagementMoved(EngagementMoved) = "scope.engagement_moved.v1",
        /// A component of the system was described, or described anew.
        ComponentDescribed(ComponentDescribed) = "scope.component_described.v1",
        /// A subservice organisation was described, or described anew.
        SubserviceDescribed(SubserviceDescribed) = "scope.subservice_described.v1",
        /// The complementary controls of user entities were stated, all of them.
        UserEntityControlsStated(UserEntityControlsStated) = "scope.user_entity_controls_stated.v1",
    }
}
