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

/// Those who answer for the policy were reminded that its review is due. Recorded under a subject of its
/// own, so that a form on the policy does not find it changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewReminded {
    /// The organisation.
    pub organisation: PartyId,
    /// The version's number.
    pub number: i64,
    /// By when it was to be reviewed.
    pub review_due: Timestamp,
    /// Who was told.
    pub told: Vec<PersonId>,
}

impl ReviewReminded {
    /// Under which subject the reminders of a version are recorded.
    #[must_use]
    pub fn subject(id: PolicyId) -> String {
        format!("{id}/review")
    }
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
        /// Its review was due, and those who answer for the policy were told.
        ReviewReminded(ReviewReminded) = "policy.review_reminded.v1",
    }
}
