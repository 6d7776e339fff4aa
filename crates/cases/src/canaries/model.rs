//! Canaries and how they are sent.

use crate::model::CaseId;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(CanaryId, CanaryIdKind, "can", "canary");

kernel::words! {
    /// A channel by which a report can be sent without a person.
    Way {
        /// The form of the public page.
        Portal = "portal",
        /// The interface for programs.
        Api = "api",
        /// A mail, by the mail server.
        Email = "email",
        /// A signed message, as another system sends it.
        Webhook = "webhook",
    }
}

kernel::words! {
    /// What was not in time.
    Alarm {
        /// It could not be sent.
        Sending = "sending",
        /// It did not come in.
        Receipt = "receipt",
        /// No person confirmed it.
        Acknowledgement = "acknowledgement",
        /// No person confirmed it, and nobody was told that they did not.
        Escalation = "escalation",
    }
}

kernel::words! {
    /// How a canary ended.
    Verdict {
        /// It came in, and a person confirmed it in time.
        Passed = "passed",
        /// It came in and was confirmed, but late.
        Late = "late",
        /// It could not be sent.
        NotSent = "not_sent",
        /// It never came in.
        NotReceived = "not_received",
        /// Nobody confirmed it.
        NotAcknowledged = "not_acknowledged",
    }
}

/// How canaries are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether any are.
    pub on: bool,
    /// How many in a month by each channel, 1 to 31.
    pub per_month: u8,
    /// Within how many minutes a canary must be in the register.
    pub receive_minutes: i64,
    /// Within how many hours a person must have confirmed it.
    pub acknowledge_hours: i64,
    /// Who is told, by mail, when one was not in time.
    pub alarm_to: Vec<String>,
}

/// Days after which a canary that nobody confirmed is retired.
pub const RETIRED_AFTER_DAYS: i64 = 7;

/// A canary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canary {
    /// Its id.
    pub id: CanaryId,
    /// The organisation.
    pub organisation: PartyId,
    /// By which channel.
    pub way: Way,
    /// The channel's name, as it stands on its case.
    pub channel: String,
    /// The month in UTC: `2026-03`.
    pub month: String,
    /// When it is sent.
    pub due_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// Why it could not be sent; else empty.
    pub unsent: String,
    /// Its case.
    pub case: Option<CaseId>,
    /// When it was in the register.
    pub received_at: Option<Timestamp>,
    /// When a person confirmed it.
    pub acknowledged_at: Option<Timestamp>,
    /// When somebody was told that nobody had.
    pub escalated_at: Option<Timestamp>,
    /// What was not in time.
    pub alarms: Vec<Alarm>,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
    /// How it ended.
    pub verdict: Option<Verdict>,
}
