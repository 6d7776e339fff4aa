//! What can happen to the checks of a population. Everything goes to the firm's log.

use super::model::{
    CheckAnswer, Explanation, Growth, Reconciliation, Representation, Retrieval, Superseded,
    ZeroProof,
};
use crate::model::PopulationId;
use kernel::ids::EngagementId;
use serde::{Deserialize, Serialize};

/// Something was recorded of a population.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recorded<T> {
    /// The population.
    pub population: PopulationId,
    /// The engagement.
    pub engagement: EngagementId,
    /// What.
    pub what: T,
}

/// How the list was retrieved.
pub type RetrievalRecorded = Recorded<Retrieval>;
/// A failed check was explained, as a whole or for one item.
pub type FailureExplained = Recorded<Explanation>;
/// The list was reconciled with a second source, whatever came out.
pub type Reconciled = Recorded<Reconciliation>;
/// Completeness rests on a written representation.
pub type RepresentationRelied = Recorded<Representation>;
/// It was proven that nothing happened.
pub type ZeroProven = Recorded<ZeroProof>;

/// A corrected list took the place of this one.
pub type PopulationSuperseded = Recorded<Superseded>;

/// Rows that the source gained after the freeze do not belong to the population.
pub type GrowthExplained = Recorded<Growth>;

/// A check that no file can answer was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckAnswered {
    /// The population.
    pub population: PopulationId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The check's number.
    pub check: u8,
    /// The answer.
    pub answer: CheckAnswer,
}

kernel::events! {
    /// What can happen to the checks of a population.
    pub enum IpeEvent in "ipe" {
        /// How the list was retrieved: query, parameters, who, when.
        RetrievalRecorded(RetrievalRecorded) = "ipe.retrieval_recorded.v1",
        /// A person answered a check.
        CheckAnswered(CheckAnswered) = "ipe.check_answered.v1",
        /// A person explained a failed check.
        FailureExplained(FailureExplained) = "ipe.failure_explained.v1",
        /// The list was compared with a second source.
        Reconciled(Reconciled) = "ipe.reconciled.v1",
        /// A written representation stands where no second source exists.
        RepresentationRelied(RepresentationRelied) = "ipe.representation_relied.v1",
        /// The empty list was proven to be complete.
        ZeroProven(ZeroProven) = "ipe.zero_proven.v1",
        /// A corrected list took the place of a population.
        PopulationSuperseded(PopulationSuperseded) = "ipe.population_superseded.v1",
        /// A person said why what the source gained after the freeze does not belong to the population.
        GrowthExplained(GrowthExplained) = "ipe.growth_explained.v1",
    }
}
