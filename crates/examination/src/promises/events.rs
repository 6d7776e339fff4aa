//! What can happen. Kinds are frozen: a changed shape is a new version. Every event goes to the firm's log.

use super::model::{Concluded, FindingJudged, Recommended, Regulation, Understood};
use kernel::ids::EngagementId;
use serde::{Deserialize, Serialize};

/// A paper as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Written<T> {
    /// The engagement.
    pub engagement: EngagementId,
    /// Its name among those of its kind.
    pub key: String,
    /// What it says.
    pub body: T,
}

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
