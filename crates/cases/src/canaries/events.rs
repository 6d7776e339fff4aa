//! What can happen to canaries. Kinds are frozen: a changed shape is a new version.

use super::model::{Alarm, CanaryId, Settings, Verdict, Way};
use crate::model::CaseId;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A canary was planned.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CanaryPlanned {
    /// Its id.
    pub id: CanaryId,
    /// By which channel.
    pub way: Way,
    /// The channel's name.
    pub channel: String,
    /// The month for which it counts.
    pub month: String,
    /// When it is sent.
    pub due_at: Timestamp,
    /// SHA-256 of its mark: who reads the record cannot recognise the report.
    pub mark: String,
}

/// A canary was sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CanarySent {
    /// Which.
    pub id: CanaryId,
}

/// A canary could not be sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CanaryUnsent {
    /// Which.
    pub id: CanaryId,
    /// Why.
    pub why: String,
}

/// A canary came in: its mark is right.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CanaryReceived {
    /// Which.
    pub id: CanaryId,
    /// Its case.
    pub case: CaseId,
}

/// A person confirmed a canary, taking it for a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CanaryAcknowledged {
    /// Which.
    pub id: CanaryId,
    /// When.
    pub at: Timestamp,
}

/// Somebody was told that nobody had confirmed a canary.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CanaryEscalated {
    /// Which.
    pub id: CanaryId,
    /// When.
    pub at: Timestamp,
}

/// Something was not in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CanaryAlarmed {
    /// Which.
    pub id: CanaryId,
    /// What.
    pub alarm: Alarm,
}

/// A canary has served.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CanaryRetired {
    /// Which.
    pub id: CanaryId,
    /// How it ended.
    pub verdict: Verdict,
}

kernel::events! {
    /// What can happen to canaries.
    pub enum CanaryEvent in "canaries" {
        /// It was decided how canaries are sent.
        Settings(Settings) = "canaries.settings_stated.v1",
        /// A canary was planned, at a random time.
        Planned(CanaryPlanned) = "canaries.planned.v1",
        /// It was sent.
        Sent(CanarySent) = "canaries.sent.v1",
        /// It could not be sent.
        Unsent(CanaryUnsent) = "canaries.unsent.v1",
        /// It came in as a case.
        Received(CanaryReceived) = "canaries.received.v1",
        /// A person confirmed it.
        Acknowledged(CanaryAcknowledged) = "canaries.acknowledged.v1",
        /// Somebody was told that nobody had confirmed it.
        Escalated(CanaryEscalated) = "canaries.escalated.v1",
        /// Something was not in time.
        Alarmed(CanaryAlarmed) = "canaries.alarmed.v1",
        /// It has served.
        Retired(CanaryRetired) = "canaries.retired.v1",
    }
}
