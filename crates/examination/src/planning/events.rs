//! What can happen in this subject. Kinds are frozen: a changed shape is a new version.
//!
//! Every event goes to the firm's log.

use super::model::{
    BudgetLine, Due, MaterialityText, PlannedSize, RiskAbout, RiskText, TimeId, TimeText,
    Understood,
};
use crate::model::TestId;
use kernel::ids::{EngagementId, PersonId};
use serde::{Deserialize, Serialize};

/// The understanding of the system was stated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnderstandingStated {
    /// The engagement.
    pub engagement: EngagementId,
    /// All of it, as it stands now.
    pub parts: Vec<Understood>,
}

/// A risk of material misstatement was assessed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RiskAssessed {
    /// The engagement.
    pub engagement: EngagementId,
    /// What it is about.
    pub about: RiskAbout,
    /// What was assessed.
    pub text: RiskText,
}

/// Materiality was considered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MaterialityConsidered {
    /// The engagement.
    pub engagement: EngagementId,
    /// What was considered.
    pub text: MaterialityText,
}

/// A planned test was given its size.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TestSized {
    /// The engagement.
    pub engagement: EngagementId,
    /// The test.
    pub test: TestId,
    /// How many items, and why.
    pub size: PlannedSize,
}

/// A size below the firm's policy was approved.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SizeApproved {
    /// The engagement.
    pub engagement: EngagementId,
    /// The test.
    pub test: TestId,
    /// Why it is enough.
    pub reason: String,
}

/// The timeline was stated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TimelineStated {
    /// The engagement.
    pub engagement: EngagementId,
    /// All of it, as it stands now.
    pub dates: Vec<Due>,
    /// Why it changed; empty for the first one.
    pub reason: String,
}

/// The budget was stated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BudgetStated {
    /// The engagement.
    pub engagement: EngagementId,
    /// All of it, as it stands now.
    pub lines: Vec<BudgetLine>,
    /// Why it changed; empty for the first one.
    pub reason: String,
}

/// Somebody recorded their time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TimeRecorded {
    /// Its id.
    pub id: TimeId,
    /// The engagement.
    pub engagement: EngagementId,
    /// Whose.
    pub person: PersonId,
    /// What was recorded.
    pub text: TimeText,
}

/// Recorded time was withdrawn by whoever recorded it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TimeWithdrawn {
    /// Why.
    pub reason: String,
}

kernel::events! {
    /// What can happen to the plan of an engagement.
    pub enum PlanningEvent in "planning" {
        /// The understanding of the system was stated.
        UnderstandingStated(UnderstandingStated) = "planning.understanding_stated.v1",
        /// A risk of material misstatement was assessed.
        RiskAssessed(RiskAssessed) = "planning.risk_assessed.v1",
        /// Materiality was considered.
        MaterialityConsidered(MaterialityConsidered) = "planning.materiality_considered.v1",
        /// A planned test was given its size.
        TestSized(TestSized) = "planning.test_sized.v1",
        /// A size below the firm's policy was approved.
        SizeApproved(SizeApproved) = "planning.size_approved.v1",
        /// The timeline was stated.
        TimelineStated(TimelineStated) = "planning.timeline_stated.v1",
        /// The budget was stated.
        BudgetStated(BudgetStated) = "planning.budget_stated.v1",
        /// Somebody recorded their time.
        TimeRecorded(TimeRecorded) = "planning.time_recorded.v1",
        /// Recorded time was withdrawn.
        TimeWithdrawn(TimeWithdrawn) = "planning.time_withdrawn.v1",
    }
}
