//! What can happen in this subject. Kinds are frozen: a changed shape is a new version.

use super::model::{DecisionText, DisclosureId};
use crate::model::CaseId;
use kernel::ids::{EngagementId, PartyId};
use serde::{Deserialize, Serialize};

/// A decision was prepared, or prepared anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecisionPrepared {
    /// Its id.
    pub id: DisclosureId,
    /// The organisation.
    pub organisation: PartyId,
    /// For which engagement's description.
    pub engagement: EngagementId,
    /// About which case; none for the statement about the whole period.
    pub case: Option<CaseId>,
    /// What was decided.
    pub text: DecisionText,
}

/// Another person approved a decision.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecisionApproved {
    /// What they said.
    pub remark: String,
}

/// Another person sent a decision back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecisionReturned {
    /// Why.
    pub reason: String,
}

kernel::events! {
    /// What can happen to decisions on disclosure.
    pub enum DisclosureEvent in "disclosures" {
        /// A decision on disclosing an incident, or about the whole period, was prepared with its text.
        DecisionPrepared(DecisionPrepared) = "disclosures.decision_prepared.v1",
        /// Another person approved it.
        DecisionApproved(DecisionApproved) = "disclosures.decision_approved.v1",
        /// Another person sent it back.
        DecisionReturned(DecisionReturned) = "disclosures.decision_returned.v1",
    }
}
