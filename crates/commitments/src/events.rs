//! What can happen in this room. Kinds are frozen: a changed shape is a new version.

use crate::model::{CommitmentId, Kept, RequirementId, RequirementKind, Source};
use kernel::ids::{PartyId, PersonId};
use scope::catalogue::{Category, CriterionId};
use serde::{Deserialize, Serialize};

/// A commitment as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CommitmentStated {
    /// Its id.
    pub id: CommitmentId,
    /// The organisation.
    pub organisation: PartyId,
    /// Its short name.
    pub code: String,
    /// Its category.
    pub category: Category,
    /// What is promised.
    pub statement: String,
    /// Whether it is principal.
    pub principal: bool,
    /// Where it is written.
    pub sources: Vec<Source>,
    /// Who answers for it.
    pub owner: Option<PersonId>,
}

/// A requirement as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequirementStated {
    /// Its id.
    pub id: RequirementId,
    /// The organisation.
    pub organisation: PartyId,
    /// Its short name.
    pub code: String,
    /// What carries it.
    pub kind: RequirementKind,
    /// What is required.
    pub statement: String,
    /// The commitments that need it.
    pub commitments: Vec<CommitmentId>,
    /// The criteria that it bears on.
    pub criteria: Vec<CriterionId>,
}

kernel::events! {
    /// What can happen to promises and what they require.
    pub enum CommitmentEvent in "commitments" {
        /// A commitment was stated, or stated anew.
        CommitmentStated(CommitmentStated) = "commitments.commitment_stated.v1",
        /// A requirement was stated, or stated anew.
        RequirementStated(RequirementStated) = "commitments.requirement_stated.v1",
        /// Whether a commitment was kept in a window was recorded.
        Kept(Kept) = "commitments.kept.v1",
    }
}
