//! What can happen to collectors. Kinds are frozen: a changed shape is a new version.

use super::model::{Asked, CollectorId, Record, RunId};
use crate::model::EvidenceId;
use kernel::ids::{EngagementId, PersonId};
use platform::blobs::BlobRef;
use serde::{Deserialize, Serialize};

/// A collector was declared, or its request was changed: another version of it. The secret is not here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CollectorStated {
    /// Its id.
    pub id: CollectorId,
    /// The engagement, if for one.
    pub engagement: Option<EngagementId>,
    /// The number of the version, from 1.
    pub number: i64,
    /// What is asked.
    pub asked: Asked,
    /// Who is told when a run fails.
    pub owner: Option<PersonId>,
    /// Whether a secret is kept for it.
    pub has_secret: bool,
    /// Whether a secret was entered with it.
    pub new_secret: bool,
}

/// A collector does not run any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CollectorStopped {
    /// Its id.
    pub id: CollectorId,
    /// Why.
    pub why: String,
}

/// A run was planned, by a person or at the time that was set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunPlanned {
    /// Its id.
    pub id: RunId,
    /// The collector.
    pub collector: CollectorId,
    /// Its version at that time.
    pub number: i64,
}

/// The system answered, and the answer became evidence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunCollected {
    /// The run.
    pub id: RunId,
    /// The version that was asked.
    pub number: i64,
    /// What is on record of it.
    pub record: Record,
    /// The evidence.
    pub evidence: EvidenceId,
}

/// An attempt brought nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunFailed {
    /// The run.
    pub id: RunId,
    /// The version that was asked.
    pub number: i64,
    /// Which attempt, from 1.
    pub attempt: i64,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
    /// Why, in a plain sentence.
    pub why: String,
    /// Whether no other attempt follows.
    pub last: bool,
    /// The answer, where it is kept to be read although it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<BlobRef>,
}

/// Somebody had the job of a run no longer done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunCancelled {
    /// The run.
    pub id: RunId,
}

kernel::events! {
    /// What can happen to collectors and their runs.
    pub enum CollectorEvent in "collectors" {
        /// A collector was declared, or its request changed.
        Stated(CollectorStated) = "collectors.stated.v1",
        /// A collector does not run any more.
        Stopped(CollectorStopped) = "collectors.stopped.v1",
        /// A run was planned.
        RunPlanned(RunPlanned) = "collectors.run_planned.v1",
        /// A run brought evidence.
        RunCollected(RunCollected) = "collectors.run_collected.v1",
        /// An attempt of a run brought nothing.
        RunFailed(RunFailed) = "collectors.run_failed.v1",
        /// Somebody had a run no longer done.
        RunCancelled(RunCancelled) = "collectors.run_cancelled.v1",
    }
}
