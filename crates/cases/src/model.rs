//! Cases: what one is, how it came here, what was said about it.

pub mod casework;

pub use crate::channels::model::{Audience, Channel, ChannelId};
pub use crate::rules::import::{CaseKind, CaseState, Severity};

use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(CaseId, CaseIdKind, "cas", "case");

/// How a case came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intake {
    /// Reported here.
    Filed,
    /// Taken over from another register.
    Imported,
}

/// How much of a case is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Privacy {
    /// Everybody who reads cases reads it.
    #[default]
    Open,
    /// Its narrative is sealed; the reporter may be known to those who open it.
    Confidential,
    /// Its narrative is sealed, the reporter is not known, and its times are kept to the hour.
    Anonymous,
}

impl Privacy {
    /// The word in tables, addresses and keys of messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confidential => "confidential",
            Self::Anonymous => "anonymous",
        }
    }

    /// The privacy of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Open, Self::Confidential, Self::Anonymous].into_iter().find(|p| p.word() == word)
    }

    /// For payloads: what is not said is open.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it may skip")]
    pub(crate) fn is_open(&self) -> bool {
        *self == Self::Open
    }
}

/// A case as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// The public number: `TM-7K3Q-92XD-4`, or the number in the register it came from.
    pub tracking_number: String,
    /// The channel's name, or the contact type in the register it came from.
    pub channel: String,
    /// What was reported.
    pub kind: CaseKind,
    /// In a few words.
    pub title: String,
    /// In full.
    pub description: String,
    /// How much harm is at stake, once decided.
    pub severity: Option<Severity>,
    /// Where it stands.
    pub state: CaseState,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// When it happened, if the reporter said so.
    pub occurred_at: Option<Timestamp>,
    /// When a person first confirmed it.
    pub acknowledged_at: Option<Timestamp>,
    /// When the work was done.
    pub resolved_at: Option<Timestamp>,
    /// When it was concluded.
    pub closed_at: Option<Timestamp>,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// How to reach the reporter, if they said so.
    pub contact: Option<String>,
    /// The reporter's language.
    pub language: String,
    /// How it came here.
    pub intake: Intake,
    /// Whether it is held until a person has looked, because it came in a flood.
    pub held: bool,
    /// Whether it is a canary, which no figure counts; see [`crate::canaries`].
    #[serde(skip)]
    pub canary: bool,
    /// How much of it is open.
    pub privacy: Privacy,
    /// The version of the record, for forms.
    pub version: i64,
}

/// Something said to or by the reporter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The version of the entry that holds it.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// Whether the reporter said it.
    pub from_reporter: bool,
    /// What.
    pub text: String,
    /// Why it was said to them.
    pub purpose: casework::MessagePurpose,
}

/// How many cases there are of one sort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The month of the report in UTC: `2026-03`.
    pub month: String,
    /// What was reported.
    pub kind: String,
    /// The severity, or empty while undecided.
    pub severity: String,
    /// The channel.
    pub channel: String,
    /// Where they stand.
    pub state: String,
    /// How many.
    pub n: i64,
}
