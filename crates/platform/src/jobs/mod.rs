//! What follows from a command: planned in its transaction, done afterwards, at least once.
//!
//! | file | holds |
//! |---|---|
//! | `mod.rs` | [`enqueue`], [`Job`] and its states, what a [`Handler`] is and answers |
//! | `store.rs`, `store/` | the tables `job`, `job_schedule` and `webhook_endpoint` |
//! | `runner.rs` | [`Runner`]: takes what is due under a lease, has it done, writes down the end |
//! | `retry.rs` | how long to wait after a failure |
//! | `schedule.rs` | [`Recurrence`]: local times in a zone, and when they come next |
//! | `mail.rs` | mail through SMTP |
//! | `webhook.rs` | signed webhooks (Standard Webhooks) |
//! | `fetch.rs` | asking another system for a file: one GET, guarded as webhooks are |
//! | `trust.rs` | who vouches for the machines that are spoken to |
//! | `address.rs` | which network addresses may be reached |
//! | `tidy.rs` | forgetting what ended long ago |
//! | `permits.rs` | who sees a party's jobs and acts on them |
//!
//! **Neither lost nor doubled beyond the key.** A job is a row of the transaction that caused it, so
//! it exists if and only if the command committed. A runner takes it under a lease with a number that
//! only grows; whoever finishes names that number, so a worker whose lease went to another cannot
//! write an end. A crash between an effect and its end has the effect happen again, under the same
//! idempotency key, by which the receiver recognises it.

pub mod address;
pub mod fetch;
pub mod mail;
pub mod permits;
mod retry;
mod runner;
mod schedule;
pub mod store;
pub mod tidy;
pub mod trust;
pub mod webhook;

pub use retry::delay_seconds;
pub use runner::{Ran, Runner, Work};
pub use schedule::{Days, Recurrence};
pub use store::schedules::{Schedule, schedule, unschedule};

use crate::db::{DbError, Result, Tx};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

kernel::id_kind!(JobId, JobKind, "job", "job");

/// The longest payload of a job, in bytes. Longer things are files, named by their digest.
pub const PAYLOAD_BYTES_MAX: usize = 1 << 18;
/// The longest idempotency key, in bytes.
pub const KEY_BYTES_MAX: usize = 200;
/// The longest text of what a job concerns, and of its last error, in characters.
pub const TEXT_CHARS_MAX: usize = 500;
/// Attempts before a job is put aside, when it does not say otherwise.
pub const ATTEMPTS_MAX: i64 = 12;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its time.
    Waiting,
    /// A runner is at it.
    Leased,
    /// Done.
    Done,
    /// Failed too often, or in a way that trying again does not mend. Waits for a person.
    Dead,
    /// Somebody no longer wanted it.
    Cancelled,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Waiting, Self::Leased, Self::Done, Self::Dead, Self::Cancelled];

    /// The word stored in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Leased => "leased",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// A job to plan.
#[derive(Clone)]
pub struct NewJob {
    /// The party whose job it is; none for the deployment's own.
    pub party: Option<PartyId>,
    /// Which handler does it: `mail`, `webhook`, `room.what`.
    pub kind: String,
    /// The idempotency key: one job per party and key.
    pub key: String,
    /// What the handler needs, as JSON.
    pub payload: serde_json::Value,
    /// What it concerns, for people, without secrets.
    pub about: String,
    /// Not before this time; none: at once.
    pub run_at: Option<Timestamp>,
    /// After this it is of no use and is not attempted.
    pub expires_at: Option<Timestamp>,
    /// Attempts at most.
    pub attempts_max: i64,
}

impl NewJob {
    /// A job to be done as soon as possible.
    #[must_use]
    pub fn new(
        party: Option<PartyId>,
        kind: impl Into<String>,
        key: impl Into<String>,
        payload: serde_json::Value,
    ) -> Self {
        Self {
            party,
            kind: kind.into(),
            key: key.into(),
            payload,
            about: String::new(),
            run_at: None,
            expires_at: None,
            attempts_max: ATTEMPTS_MAX,
        }
    }

    /// What it concerns, for people; never a secret.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// Not before this time.
    #[must_use]
    pub const fn at(mut self, run_at: Timestamp) -> Self {
        self.run_at = Some(run_at);
        self
    }

    /// Of no use after this time.
    #[must_use]
    pub const fn until(mut self, expires_at: Timestamp) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// Attempts at most.
    #[must_use]
    pub const fn attempts(mut self, attempts_max: i64) -> Self {
        self.attempts_max = attempts_max;
        self
    }
}

/// A job as people see it. The payload is not here: it may hold what only its receiver may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The party; none for the deployment's own.
    pub party: Option<PartyId>,
    /// Which handler does it.
    pub kind: String,
    /// Its idempotency key.
    pub key: String,
    /// What it concerns.
    pub about: String,
    /// How it stands.
    pub state: JobState,
    /// When it was planned.
    pub made_at: Timestamp,
    /// The time for which it was planned.
    pub run_at: Timestamp,
    /// The next attempt, or the end of the lease; none once it has ended.
    pub due_at: Option<Timestamp>,
    /// Attempts so far.
    pub attempts: i64,
    /// Attempts at most.
    pub attempts_max: i64,
    /// The number of the last lease.
    pub fence: i64,
    /// Whether somebody asked the running work to stop.
    pub cancel_asked: bool,
    /// How far the work is: parts done, parts in all (0: not known).
    pub progress: (i64, i64),
    /// Why the last attempt failed, in plain words; empty if none did.
    pub error: String,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whether it still holds what is needed to do it.
    pub can_retry: bool,
}

/// Plans a job in the caller's transaction: it exists if and only if the caller commits. The same key
/// again, with the same work, is the same job.
///
/// # Errors
/// [`Refusal::KeyReused`] when the key was used for other work; when a text is too long; when the
/// database refuses.
pub fn enqueue(tx: &mut Tx<'_>, env: &mut Env, job: &NewJob) -> Result<JobId> {
    let good = !job.key.is_empty() && job.key.len() <= KEY_BYTES_MAX;
    if !good || job.key.bytes().any(|b| !b.is_ascii_graphic()) {
        return Err(DbError::Shape(format!(
            "a job's key has 1 to {KEY_BYTES_MAX} visible ASCII characters"
        ))
        .into());
    }
    let payload = crate::db::json_text(&job.payload)?;
    if payload.len() > PAYLOAD_BYTES_MAX {
        return Err(Refusal::input(format!(
            "This is too long to be sent ({} bytes, at most {PAYLOAD_BYTES_MAX}). Send the long part as a file.",
            payload.len()
        ))
        .into());
    }
    let mut input = Sha256::new();
    input.update(job.kind.as_bytes());
    input.update([0]);
    input.update(payload.as_bytes());
    store::insert(tx, env, job, &payload, &input.finalize())
}

/// Text as it may be stored and shown: one line, bounded.
#[must_use]
pub(crate) fn one_line(text: &str) -> String {
    let flat: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(TEXT_CHARS_MAX).collect();
    flat.trim().to_owned()
}

/// Why an attempt did not do the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It may go better later. The sentence is shown to administrators.
    Again(String),
    /// It may go better, but not before so many seconds.
    NotBefore(String, i64),
    /// Trying again does not mend it.
    Never(String),
    /// The work saw that somebody no longer wants it.
    Stopped,
    /// The lease went to another worker: nothing more may be done or written.
    Lost,
}

impl From<&crate::db::Error> for Fault {
    fn from(e: &crate::db::Error) -> Self {
        runner::failed(e)
    }
}

/// What a handler wants written in the very transaction that writes the end of its job.
pub type Also = Box<dyn FnMut(&mut Tx<'_>, &mut Env) -> Result<()> + Send>;

/// The end of an attempt.
pub struct Ended {
    /// Whether the job was done.
    pub result: Result<(), Fault>,
    /// What is written together with the end, and not without it.
    pub also: Option<Also>,
}

impl Ended {
    /// Done.
    #[must_use]
    pub const fn done() -> Self {
        Self { result: Ok(()), also: None }
    }

    /// The same end, with something else written in its transaction.
    #[must_use]
    pub fn and(
        mut self,
        also: impl FnMut(&mut Tx<'_>, &mut Env) -> Result<()> + Send + 'static,
    ) -> Self {
        self.also = Some(Box::new(also));
        self
    }
}

impl From<Result<(), Fault>> for Ended {
    fn from(result: Result<(), Fault>) -> Self {
        Self { result, also: None }
    }
}

/// Does the jobs of one kind.
pub trait Handler: Send + Sync {
    /// How long a worker may be silent before another may take the job, in seconds. Longer than the
    /// longest step between two reports of progress.
    fn lease_seconds(&self) -> i64 {
        120
    }

    /// Does the job. It may have been done before, wholly or in part, by a worker that then stopped:
    /// an effect must carry [`Work::key`].
    fn run(&self, work: &Work<'_>) -> Ended;
}
