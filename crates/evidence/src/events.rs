//! What can happen in this room. Kinds are frozen: a changed shape is a new version.

use crate::model::{EvidenceId, RequestId, SpeaksFor};
use controls::model::ControlId;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A file was supplied.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EvidenceSupplied {
    /// Its id.
    pub id: EvidenceId,
    /// The organisation.
    pub organisation: PartyId,
    /// The engagement, if for one.
    pub engagement: Option<EngagementId>,
    /// What it is called.
    pub name: String,
    /// Digest of its bytes.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Its media type.
    pub media_type: String,
    /// The time it speaks for.
    pub speaks_for: SpeaksFor,
    /// Where it came from.
    pub source: String,
    /// When it was extracted.
    pub extracted_at: Timestamp,
    /// The controls it bears on.
    pub controls: Vec<ControlId>,
}

/// The firm asked for something.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestAsked {
    /// Its id.
    pub id: RequestId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The organisation.
    pub organisation: PartyId,
    /// Its short name.
    pub code: String,
    /// What is asked for.
    pub text: String,
    /// The control.
    pub control: Option<ControlId>,
    /// Who answers.
    pub owner: Option<PersonId>,
    /// Until which date.
    pub due: String,
}

/// A request was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestAnswered {
    /// What was supplied, all of it.
    pub items: Vec<EvidenceId>,
    /// A note with it.
    pub remark: String,
}

/// The firm took the answer, or sent it back with a reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestJudged {
    /// Whether it was taken.
    pub accepted: bool,
    /// The reason of a return.
    pub remark: String,
}

kernel::events! {
    /// What can happen to evidence and requests.
    pub enum EvidenceEvent in "evidence" {
        /// A file was supplied, with the time it speaks for.
        EvidenceSupplied(EvidenceSupplied) = "evidence.supplied.v1",
        /// The firm asked for something.
        RequestAsked(RequestAsked) = "evidence.request_asked.v1",
        /// A request was answered.
        RequestAnswered(RequestAnswered) = "evidence.request_answered.v1",
        /// The firm took an answer or sent it back.
        RequestJudged(RequestJudged) = "evidence.request_judged.v1",
    }
}
