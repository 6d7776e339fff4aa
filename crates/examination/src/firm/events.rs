//! What can happen in this subject. Kinds are frozen: a changed shape is a new version.
//!
//! Every event goes to the firm's log.

use super::model::{
    AcceptanceText, Assignment, Decision, FirmPolicyId, FirmProfile, Judgement, NonAttest,
    PolicyText, ServiceId, Threat,
};
use kernel::ids::{EngagementId, PersonId};
use serde::{Deserialize, Serialize};

/// The firm stated its licence and peer review.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProfileStated {
    /// All of it, as it stands now.
    pub profile: FirmProfile,
}

/// A version of a policy was drafted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PolicyDrafted {
    /// Its id.
    pub id: FirmPolicyId,
    /// What it says.
    pub text: PolicyText,
}

/// A version of a policy was approved by somebody other than its drafter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PolicyApproved {
    /// What the approver notes.
    pub note: String,
}

/// Somebody was put on the team, or their part in it changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberAssigned {
    /// The engagement.
    pub engagement: EngagementId,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub assignment: Assignment,
}

/// Somebody left the team.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberReleased {
    /// The engagement.
    pub engagement: EngagementId,
    /// Who.
    pub person: PersonId,
    /// Why.
    pub reason: String,
}

/// Somebody confirmed their independence, with the threats they declare.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IndependenceConfirmed {
    /// The engagement.
    pub engagement: EngagementId,
    /// Who.
    pub person: PersonId,
    /// What they declare.
    pub threats: Vec<Threat>,
}

/// Somebody else judged declared threats.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ThreatsJudged {
    /// The engagement.
    pub engagement: EngagementId,
    /// Whose.
    pub person: PersonId,
    /// What was judged.
    pub judgement: Judgement,
}

/// A service beside the examination as it is known after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ServiceStated {
    /// Its id.
    pub id: ServiceId,
    /// The engagement whose client it is for.
    pub engagement: EngagementId,
    /// What it is.
    pub body: NonAttest,
}

/// Acceptance or continuance was assessed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AcceptancePrepared {
    /// The engagement.
    pub engagement: EngagementId,
    /// What was assessed.
    pub text: AcceptanceText,
}

/// Somebody else decided on it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AcceptanceDecided {
    /// The engagement.
    pub engagement: EngagementId,
    /// What was decided.
    pub decision: Decision,
}

kernel::events! {
    /// What can happen to the firm and to who works for it.
    pub enum FirmEvent in "firm" {
        /// The firm stated its licence and peer review.
        ProfileStated(ProfileStated) = "firm.profile_stated.v1",
        /// A version of a policy was drafted.
        PolicyDrafted(PolicyDrafted) = "firm.policy_drafted.v1",
        /// A version of a policy was approved by somebody other than its drafter.
        PolicyApproved(PolicyApproved) = "firm.policy_approved.v1",
        /// Somebody was put on the team of an engagement, or their part in it changed.
        MemberAssigned(MemberAssigned) = "firm.member_assigned.v1",
        /// Somebody left the team.
        MemberReleased(MemberReleased) = "firm.member_released.v1",
        /// Somebody confirmed their independence, with the threats they declare.
        IndependenceConfirmed(IndependenceConfirmed) = "firm.independence_confirmed.v1",
        /// Somebody else judged declared threats to independence.
        ThreatsJudged(ThreatsJudged) = "firm.threats_judged.v1",
        /// A service for the same client beside the examination was recorded.
        ServiceStated(ServiceStated) = "firm.service_stated.v1",
        /// Acceptance or continuance was assessed.
        AcceptancePrepared(AcceptancePrepared) = "firm.acceptance_prepared.v1",
        /// Somebody else decided on acceptance or continuance.
        AcceptanceDecided(AcceptanceDecided) = "firm.acceptance_decided.v1",
    }
}
