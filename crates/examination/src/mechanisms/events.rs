//! What can happen in an evaluation. Kinds are frozen: a changed shape is a new version. Every event goes
//! to the firm's log.

pub use crate::evaluations::model::Written;

use super::model::{
    CaseReview, Change, Draw, IdentifiedChannel, Improvement, Memo, MemoReview, PaperKind,
    PatternAnswer, PeopleHeard, Point, PolicyReview, Recommendation, Scored, Weights,
};
use kernel::ids::EngagementId;
use serde::{Deserialize, Serialize};

/// A paper was withdrawn: it was wrong to write it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaperWithdrawn {
    /// The engagement.
    pub engagement: EngagementId,
    /// Of which kind.
    pub kind: PaperKind,
    /// Its name.
    pub key: String,
    /// Why.
    pub reason: String,
}

kernel::events! {
    /// What can happen in an evaluation of reporting mechanisms.
    pub enum MechanismEvent in "mechanisms" {
        /// The auditor identified a channel, or knows more of it.
        ChannelIdentified(Written<IdentifiedChannel>) = "mechanisms.channel_identified.v1",
        /// The reporting policy was reviewed.
        PolicyReviewed(Written<PolicyReview>) = "mechanisms.policy_reviewed.v1",
        /// What interviews and surveys of a group gave was summed up.
        PeopleHeard(Written<PeopleHeard>) = "mechanisms.people_heard.v1",
        /// Cases were drawn for reading, or further ones.
        CasesDrawn(Written<Draw>) = "mechanisms.cases_drawn.v1",
        /// A case was read.
        CaseRead(Written<CaseReview>) = "mechanisms.case_read.v1",
        /// A question about patterns was answered.
        PatternAnswered(Written<PatternAnswer>) = "mechanisms.pattern_answered.v1",
        /// A dimension was scored.
        DimensionScored(Written<Scored>) = "mechanisms.dimension_scored.v1",
        /// The weights of the dimensions were set.
        WeightsSet(Written<Weights>) = "mechanisms.weights_set.v1",
        /// A strength or a weakness was stated.
        PointStated(Written<Point>) = "mechanisms.point_stated.v1",
        /// Something was recommended, or the organisation's response became known.
        RecommendationStated(Written<Recommendation>) = "mechanisms.recommendation_stated.v1",
        /// An improvement that the organisation made was logged.
        ImprovementLogged(Written<Improvement>) = "mechanisms.improvement_logged.v1",
        /// A change of the mechanisms was logged.
        ChangeLogged(Written<Change>) = "mechanisms.change_logged.v1",
        /// A paper was withdrawn.
        PaperWithdrawn(PaperWithdrawn) = "mechanisms.paper_withdrawn.v1",
        /// The memorandum was signed.
        MemorandumSigned(Written<Memo>) = "mechanisms.memorandum_signed.v1",
        /// Somebody else reviewed the memorandum.
        MemorandumReviewed(Written<MemoReview>) = "mechanisms.memorandum_reviewed.v1",
    }
}
