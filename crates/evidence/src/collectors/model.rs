//! What a collector asks, and what came of it.

use crate::model::{EvidenceId, RequestId, SpeaksFor};
use controls::model::ControlId;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::period::Date;
use kernel::time::Timestamp;
use platform::blobs::BlobRef;
use serde::{Deserialize, Serialize};

kernel::id_kind!(CollectorId, CollectorIdKind, "col", "collector");
kernel::id_kind!(RunId, RunIdKind, "crn", "run of a collector");

/// What the answer must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated text with a header.
    Csv,
    /// One JSON document.
    Json,
    /// One JSON document on each line.
    Ndjson,
    /// A workbook.
    Xlsx,
    /// A Parquet file.
    Parquet,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Csv, Self::Json, Self::Ndjson, Self::Xlsx, Self::Parquet];

    /// The word stored and sent; also the extension of the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == text)
    }

    /// The media types that are asked for.
    #[must_use]
    pub const fn accept(self) -> &'static str {
        match self {
            Self::Csv => "text/csv, text/plain;q=0.9",
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson, application/json;q=0.9",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet, application/octet-stream;q=0.9",
        }
    }
}

/// The time that an answer speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Covers {
    /// How something stands at the moment of asking.
    Capture,
    /// What happened on the day before the run.
    DayBefore,
    /// What happened in the week before that of the run, Monday to Sunday.
    WeekBefore,
    /// What happened in the month before that of the run.
    MonthBefore,
    /// What happened on these days, ends included.
    Days {
        /// The first.
        from: Date,
        /// The last.
        to: Date,
    },
}

impl Covers {
    /// The word of a form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::DayBefore => "day_before",
            Self::WeekBefore => "week_before",
            Self::MonthBefore => "month_before",
            Self::Days { .. } => "days",
        }
    }
}

/// On which local days a collector runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum When {
    /// When somebody says so.
    ByHand,
    /// Every day.
    Daily,
    /// On this day of the week, 1 is Monday.
    Weekly {
        /// The day.
        day: i8,
    },
    /// On this day of the month; one that a month does not have is its last day.
    Monthly {
        /// The day.
        day: i8,
    },
}

impl When {
    /// The word of a form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByHand => "by_hand",
            Self::Daily => "daily",
            Self::Weekly { .. } => "weekly",
            Self::Monthly { .. } => "monthly",
        }
    }
}

/// What a collector asks: one version of it. The secret is not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What the collector is called.
    pub name: String,
    /// The system that it reads.
    pub system: String,
    /// The address with its query; `{from}` and `{to}` stand for the first and last day of the period.
    pub address: String,
    /// The header that carries the secret; empty where there is none.
    pub header: String,
    /// What the answer must be.
    pub format: Format,
    /// The columns that the answer must have; what lacks one of them is no answer. For text formats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The controls that it bears on.
    pub controls: Vec<ControlId>,
    /// The request that it is for.
    pub request: Option<RequestId>,
    /// What time the answer speaks for.
    pub covers: Covers,
    /// The zone of days and times.
    pub zone: String,
    /// On which days it runs.
    pub when: When,
    /// At which local time, `06:30`.
    pub at: String,
}

/// A collector as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Collector {
    /// Its id.
    pub id: CollectorId,
    /// Whose it is.
    pub organisation: PartyId,
    /// The engagement that it collects for, if for one.
    pub engagement: Option<EngagementId>,
    /// The number of the version that is asked, from 1.
    pub number: i64,
    /// What is asked.
    pub asked: Asked,
    /// Who stated that version, and is told when a run fails.
    pub owner: Option<PersonId>,
    /// Whether a secret is kept for it.
    pub has_secret: bool,
    /// Since when it does not run.
    pub stopped_at: Option<Timestamp>,
    /// Why.
    pub stopped_because: String,
    /// The version of the record, for forms.
    pub version: i64,
}

/// A version of what is asked, with who stated it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Its number, from 1.
    pub number: i64,
    /// What is asked.
    pub asked: Asked,
    /// Who stated it, as the log names the actor.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It waits for its first or another attempt.
    Waiting,
    /// The answer is evidence.
    Collected,
    /// It was given up; somebody has to look at it.
    Failed,
    /// Somebody had it no longer done.
    Cancelled,
}

impl RunState {
    /// The word stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Collected => "collected",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Collected, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|s| s.as_str() == text)
    }
}

/// What is on record of a run that brought evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The system that was asked.
    pub system: String,
    /// The exact request, without the secret.
    pub request: String,
    /// When the attempt began.
    pub begun_at: Timestamp,
    /// When the answer was whole.
    pub ended_at: Timestamp,
    /// The status of the answer.
    pub status: u16,
    /// Its `Date`, as the system wrote it.
    pub date: String,
    /// Its `Content-Type`.
    pub content_type: String,
    /// Its `ETag`.
    pub etag: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its bytes, unedited.
    pub sha256: String,
    /// What time it speaks for.
    pub speaks_for: SpeaksFor,
    /// The zone of its days.
    pub zone: String,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Its id, which is also the idempotency key of its job.
    pub id: RunId,
    /// The collector.
    pub collector: CollectorId,
    /// Which version of it was asked; while it waits, the one of when it was planned.
    pub number: i64,
    /// How it stands.
    pub state: RunState,
    /// Who or what started it, as the log names the actor.
    pub started_by: String,
    /// When it was planned.
    pub planned_at: Timestamp,
    /// Attempts that failed.
    pub attempts: i64,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why the last attempt failed; empty if none did.
    pub why: String,
    /// What is on record of its answer.
    pub record: Option<Record>,
    /// The evidence that it became.
    pub evidence: Option<EvidenceId>,
    /// An answer that was none, kept to be read. It is no evidence.
    pub answer: Option<BlobRef>,
}
