//! What can happen. Kinds are frozen: a changed shape is a new version. Every event goes to the firm's log.

pub use crate::evaluations::model::Written;

use super::model::{Concluded, FindingJudged, Recommended, Regulation, Understood};

kernel::events! {
    /// What can happen in an evaluation of commitments and requirements.
    pub enum PromiseEvent in "promises" {
        /// The sources of a commitment and what carries it were read.
        Understood(Written<Understood>) = "promises.understood.v1",
        /// A finding of the checks on design was judged.
        FindingJudged(Written<FindingJudged>) = "promises.finding_judged.v1",
        /// A regulation that a commitment refers to was noted.
        RegulationNoted(Written<Regulation>) = "promises.regulation_noted.v1",
        /// A person concluded on a commitment.
        Concluded(Written<Concluded>) = "promises.concluded.v1",
        /// Something was recommended.
        Recommended(Written<Recommended>) = "promises.recommended.v1",
    }
}
