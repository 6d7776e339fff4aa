//! What the completion of a file holds.

use controls::model::ControlId;
use evidence::model::EvidenceId;
use kernel::ids::{EngagementId, EventId};
use kernel::period::Date;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

kernel::id_kind!(ProcedureId, ProcedureIdKind, "cpr", "completion procedure");
kernel::id_kind!(LetterId, LetterIdKind, "dlt", "letter on deficiencies");
kernel::id_kind!(AddendumId, AddendumIdKind, "fad", "addendum to a file");

/// Days after the report's date within which the final file is assembled and locked, where a firm has no
/// shorter rule: the usual outer limit of the profession's documentation rules.
pub const ASSEMBLY_DAYS: u16 = 60;
/// The fewest years that a locked file is kept.
pub const RETENTION_YEARS_MIN: u16 = 5;
/// The most years that can be asked for.
pub const RETENTION_YEARS_MAX: u16 = 30;

/// A procedure performed between the period's end and the report's date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcedureKind {
    /// Management was asked about subsequent events.
    Inquiry,
    /// Minutes of meetings since the period's end were read.
    Minutes,
    /// The log of incidents since the period's end was read.
    Incidents,
    /// The log of changes since the period's end was read.
    Changes,
    /// Reports of others that became available were read.
    Reports,
    /// Other information that comes with the report was read for inconsistency.
    OtherInformation,
    /// A control that was tested before the period's end was followed to it.
    RollForward,
}

impl ProcedureKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Inquiry,
        Self::Minutes,
        Self::Incidents,
        Self::Changes,
        Self::Reports,
        Self::OtherInformation,
        Self::RollForward,
    ];
    /// Those without which no report is dated.
    pub const REQUIRED: [Self; 6] = [
        Self::Inquiry,
        Self::Minutes,
        Self::Incidents,
        Self::Changes,
        Self::Reports,
        Self::OtherInformation,
    ];

    /// The word stored and sent.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inquiry => "inquiry",
            Self::Minutes => "minutes",
            Self::Incidents => "incidents",
            Self::Changes => "changes",
            Self::Reports => "reports",
            Self::OtherInformation => "other_information",
            Self::RollForward => "roll_forward",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == text)
    }
}

/// What kind of subsequent event was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// It tells of conditions that existed within the period: the conclusions take account of it.
    Within,
    /// It tells of conditions that arose after the period: readers may need to be told.
    After,
}

impl EventKind {
    /// The word stored and sent.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::After => "after",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Within, Self::After].into_iter().find(|k| k.word() == text)
    }
}

/// A subsequent event, or another matter that a procedure brought up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// What was found.
    pub text: String,
    /// Of when its conditions are.
    pub kind: EventKind,
    /// What follows for the report.
    pub effect: String,
}

/// A procedure as performed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureBody {
    /// Which.
    pub kind: ProcedureKind,
    /// For a roll-forward, the control.
    pub control: Option<ControlId>,
    /// The day on which it was performed.
    pub performed_on: Date,
    /// Up to which day it looked.
    pub covers_to: Date,
    /// Whom was asked, in which role, or what was read.
    pub source: String,
    /// What came of it.
    pub result: String,
    /// What it brought up, if anything.
    pub matter: Option<Matter>,
    /// What shows it.
    pub evidence: Vec<EvidenceId>,
}

/// A recorded procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Procedure {
    /// Its id.
    pub id: ProcedureId,
    /// What was done.
    #[serde(flatten)]
    pub body: ProcedureBody,
    /// Who performed it.
    pub performed_by: String,
    /// Who reviewed it; never who performed it.
    pub reviewed_by: Option<String>,
    /// The version of the record.
    pub version: i64,
    /// The event that holds it.
    pub event: EventId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// A signature on the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Who prepared the file says that it is complete.
    Prepared,
    /// Somebody who took no part reviewed the significant judgements.
    Quality,
    /// The engagement partner signs.
    Partner,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 3] = [Self::Prepared, Self::Quality, Self::Partner];

    /// The word stored and sent.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Quality => "quality",
            Self::Partner => "partner",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == text)
    }
}

/// What a signature on the file binds: each input by a name that a person can read, with its digest or
/// version.
pub type Inputs = BTreeMap<String, String>;

/// A signature on the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// Which.
    pub step: Step,
    /// Who signed.
    pub signer: String,
    /// The report's date that it was signed for.
    pub report_date: Date,
    /// What the signer states.
    pub statement: String,
    /// What it binds.
    pub inputs: Inputs,
    /// Digest of the inputs.
    pub inputs_sha256: String,
    /// The event that holds it.
    pub event: EventId,
    /// When it was signed.
    pub signed_at: Timestamp,
}

/// One deficiency of the letter to management.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deficiency {
    /// The control's code.
    pub control: String,
    /// What was found, in sentences.
    pub found: String,
    /// What it means for the criteria that the control serves.
    pub effect: String,
}

/// The letter on deficiencies as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterBody {
    /// To whom.
    pub addressee: String,
    /// What stands before the list.
    pub opening: String,
    /// The deficiencies.
    pub deficiencies: Vec<Deficiency>,
    /// What stands after it.
    pub closing: String,
}

/// The letter on deficiencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// What it says.
    #[serde(flatten)]
    pub body: LetterBody,
    /// Who wrote it.
    pub written_by: String,
    /// Who released it to management.
    pub released_by: Option<String>,
    /// When.
    pub released_at: Option<Timestamp>,
    /// Who acknowledged it.
    pub acknowledged_by: Option<String>,
    /// When.
    pub acknowledged_at: Option<Timestamp>,
    /// The version of the record in the firm's log.
    pub version: i64,
    /// The event that holds what it says.
    pub event: EventId,
}

/// The lock of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lock {
    /// The report's date.
    pub report_date: Date,
    /// The last day on which the file could be assembled.
    pub due: Date,
    /// The first day on which it need no longer be kept.
    pub keep_until: Date,
    /// Why it was locked late; empty when it was not.
    pub late_reason: String,
    /// Who locked it.
    pub locked_by: String,
    /// When.
    pub locked_at: Timestamp,
    /// The event that holds it.
    pub event: EventId,
}

/// Something added after the lock. It stands beside what was there and changes none of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Addendum {
    /// Its id.
    pub id: AddendumId,
    /// What it belongs to: a control's code, a document.
    pub about: String,
    /// What is added.
    pub text: String,
    /// Why it had to be added after the lock.
    pub reason: String,
    /// What shows it.
    pub evidence: Vec<EvidenceId>,
    /// Who added it.
    pub added_by: String,
    /// When.
    pub added_at: Timestamp,
    /// The event that holds it.
    pub event: EventId,
}

/// How a population was got last time: nothing of what was in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// What it was called.
    pub name: String,
    /// The controls it was for.
    pub controls: Vec<ControlId>,
    /// System, query and parameters it came from.
    pub source: String,
    /// The columns that name a row.
    pub key: Vec<String>,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Digest of what the columns mean; the same schema gives the same digest again.
    pub schema_sha256: String,
}

/// A control whose risk class is raised because of what was found last time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RaisedRisk {
    /// The control.
    pub control: ControlId,
    /// How many deviations were recorded for it.
    pub deviations: u32,
    /// Why, in a sentence.
    pub reason: String,
}

/// What was carried into a file from the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// The engagement it came from.
    pub from: EngagementId,
    /// How the populations were got.
    pub recipes: Vec<Recipe>,
    /// Controls whose risk class is raised.
    pub risks: Vec<RaisedRisk>,
    /// Codes of tests that were left behind, each with why.
    pub left_behind: Vec<String>,
    /// Who carried.
    pub carried_by: String,
    /// The event that holds it.
    pub event: EventId,
    /// When.
    pub recorded_at: Timestamp,
}
