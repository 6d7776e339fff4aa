//! What can happen to clocks. Kinds are frozen.

use super::model::{Absence, AbsenceId, Armed, Climbed, Pass};
use crate::model::CaseId;
use kernel::ids::{PartyId, PersonId};
use kernel::target::Target;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The clocks of a case stand still.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Paused {
    /// The case.
    pub case: CaseId,
    /// The reason, from the policy's list.
    pub reason: String,
    /// For how long at most.
    pub most: Target,
    /// What was said about it.
    pub note: String,
}

/// The clocks of a case run again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Resumed {
    /// The case.
    pub case: CaseId,
}

/// A rung of the ladder was climbed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RungClimbed {
    /// The case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// The rung, and who was told.
    pub climbed: Climbed,
    /// When the case is looked at next.
    pub next_at: Option<Timestamp>,
}

/// A report concerns somebody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonExcluded {
    /// The case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// Who.
    pub person: PersonId,
    /// Why.
    pub reason: String,
}

/// What is flagged on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Somebody suffered, or fears to suffer, for reporting.
    Retaliation,
    /// The reporter says that nobody listens.
    NotHeard,
}

/// A flag was set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FlagSet {
    /// The case.
    pub case: CaseId,
    /// Which.
    pub flag: Flag,
    /// What was said about it.
    pub note: String,
}

/// A duty of law, regulation or contract runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyStarted {
    /// The case.
    pub case: CaseId,
    /// The duty's id, from the list of duties: `gdpr-33`.
    pub duty: String,
    /// How much time it gives.
    pub target: Target,
    /// Its legal reference.
    pub reference: String,
    /// What its time starts from: `occurred`, `received`, `aware` or `determined`.
    pub starts: String,
    /// When that was.
    pub from: Timestamp,
    /// What shows it.
    pub evidence: String,
}

/// A duty was fulfilled, or turned out not to exist.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DutyEnded {
    /// The case.
    pub case: CaseId,
    /// The duty's id.
    pub duty: String,
    /// When.
    pub at: Timestamp,
    /// What was done, or why nothing need be.
    pub note: String,
}

/// Somebody's absence ended, or was stated by mistake.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AbsenceEnded {
    /// Which.
    pub id: AbsenceId,
    /// When.
    pub at: Timestamp,
}

kernel::events! {
    /// What can happen to clocks and escalation.
    pub enum ClockEvent in "clocks" {
        /// What is promised about a case changed, or when something is to be done next.
        Armed(Armed) = "clocks.armed.v1",
        /// The clocks that may stand still do, for a listed reason and a limited time.
        Paused(Paused) = "clocks.paused.v1",
        /// They run again.
        Resumed(Resumed) = "clocks.resumed.v1",
        /// A rung of the ladder was climbed: people were told.
        RungClimbed(RungClimbed) = "clocks.rung_climbed.v1",
        /// A report concerns somebody, who neither reads it nor is told.
        PersonExcluded(PersonExcluded) = "clocks.person_excluded.v1",
        /// Retaliation was feared, or the reporter is not heard.
        FlagSet(FlagSet) = "clocks.flag_set.v1",
        /// A duty of law, regulation or contract began to run.
        DutyStarted(DutyStarted) = "clocks.duty_started.v1",
        /// A duty was fulfilled, or turned out not to exist.
        DutyEnded(DutyEnded) = "clocks.duty_ended.v1",
        /// Somebody is away, and perhaps somebody stands in.
        AbsenceStated(Absence) = "clocks.absence_stated.v1",
        /// An absence ended early.
        AbsenceEnded(AbsenceEnded) = "clocks.absence_ended.v1",
        /// The watchdog went over the open cases.
        Watched(Pass) = "clocks.watched.v1",
    }
}
