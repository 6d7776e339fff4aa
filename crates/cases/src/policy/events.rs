//! What can happen to the reporting policy. Kinds are frozen.

use super::model::{PolicyBody, PolicyId};
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A version was written, or a draft changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PolicyDrafted {
    /// Its id.
    pub id: PolicyId,
    /// The organisation.
    pub organisation: PartyId,
    /// Its number.
    pub number: i64,
    /// What it says.
    pub body: PolicyBody,
    /// What changed, and why.
    pub change_note: String,
    /// Who wrote it.
    pub by: PersonId,
}

/// A version was put in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PolicyApproved {
    /// The organisation.
    pub organisation: PartyId,
    /// The version's number.
    pub number: i64,
    /// Who approved it.
    pub by: PersonId,
    /// By when it is to be reviewed.
    pub review_due: Timestamp,
}

/// A draft was given up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PolicyWithdrawn {
    /// The organisation.
    pub organisation: PartyId,
    /// The version's number.
    pub number: i64,
    /// Why.
    pub reason: String,
}

/// The version in force was reviewed and left as it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PolicyReviewed {
    /// The organisation.
    pub organisation: PartyId,
    /// The version's number.
    pub number: i64,
    /// What was looked at, and why nothing changes.
    pub finding: String,
    /// By when it is to be reviewed again.
    pub review_due: Timestamp,
}

kernel::events! {
    /// What can happen to the reporting policy.
    pub enum PolicyEvent in "policy" {
        /// A version was written, or a draft was changed.
        PolicyDrafted(PolicyDrafted) = "policy.drafted.v1",
        /// A version was approved and put in force; the one before is superseded.
        PolicyApproved(PolicyApproved) = "policy.approved.v1",
        /// A draft was given up, with the reason.
        PolicyWithdrawn(PolicyWithdrawn) = "policy.withdrawn.v1",
        /// The version in force was reviewed and left as it is, with the finding.
        PolicyReviewed(PolicyReviewed) = "policy.reviewed.v1",
    }
}
