//! The vault's items and the list of what the firm asked for.

use controls::model::ControlId;
use kernel::ids::{EngagementId, EventId, PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(EvidenceId, EvidenceKind, "evd", "evidence item");
kernel::id_kind!(RequestId, RequestIdKind, "rqi", "request");

/// The span of time that evidence speaks for, ends included. Not when it was uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeaksFor {
    /// From this instant.
    pub from: Timestamp,
    /// To this instant; the same for a snapshot.
    pub to: Timestamp,
}

/// A file with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceItem {
    /// Its id.
    pub id: EvidenceId,
    /// The organisation that supplied it.
    pub organisation: PartyId,
    /// The engagement it was supplied for, if for one.
    pub engagement: Option<EngagementId>,
    /// What it is called.
    pub name: String,
    /// Digest of its bytes: its name in the vault.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Its media type, judged by its bytes.
    pub media_type: String,
    /// The time it speaks for.
    pub speaks_for: SpeaksFor,
    /// Where it came from and how it was made: system, query, parameters.
    pub source: String,
    /// When it was extracted from there.
    pub extracted_at: Timestamp,
    /// The controls it bears on.
    pub controls: Vec<ControlId>,
    /// Who supplied it.
    pub supplied_by: String,
    /// When.
    pub recorded_at: Timestamp,
    /// The event that recorded it, for its proof.
    pub event: EventId,
}

impl EvidenceItem {
    /// Whether a collector brought it, by a run that is on record; nobody could edit it in between.
    #[must_use]
    pub fn is_collected(&self) -> bool {
        self.supplied_by.strip_prefix("system:") == Some(crate::collectors::jobs::ACTOR)
    }
}

/// Where a request stands on the organisation's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Asked.
    Open,
    /// Somebody works on it.
    InProgress,
    /// Answered; the firm looks at it.
    Submitted,
    /// Sent back with a reason.
    Returned,
    /// Taken by the firm. Only the firm accepts.
    Accepted,
}

impl RequestState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Open, Self::InProgress, Self::Submitted, Self::Returned, Self::Accepted];

    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Accepted => "accepted",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// Something the firm asked for. Both sides see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The organisation.
    pub organisation: PartyId,
    /// A short name: `R-024`.
    pub code: String,
    /// What is asked for.
    pub text: String,
    /// The control it is about, if one.
    pub control: Option<ControlId>,
    /// Who answers.
    pub owner: Option<PersonId>,
    /// Until which date, `2026-06-30`.
    pub due: String,
    /// Where it stands.
    pub state: RequestState,
    /// What was supplied.
    pub items: Vec<EvidenceId>,
    /// What was said last: the reason of a return, a note with an answer.
    pub remark: String,
    /// The version of the record.
    pub version: i64,
}
