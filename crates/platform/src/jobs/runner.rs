//! Takes what is due under a lease, has it done, writes down the end.
//!
//! One statement takes a job: it names the lease it saw last, so of two runners one comes too late, on
//! either database. The same number is named again at the end. A runner that was paused past its
//! lease finds another number there and writes nothing.

use super::store::{self, Due, Held};
use super::{Also, Ended, Fault, Handler, JobId, JobState, delay_seconds};
use crate::db::{Db, Error, Result, Tx};
use crate::edge::Edge;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use parking_lot::Mutex;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Due jobs that are looked at together; others may take some of them first.
const LOOK_AT: i64 = 16;

/// What one turn of a runner did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ran {
    /// Nothing is due.
    Nothing,
    /// It planned the jobs of schedules that were due.
    Planned(usize),
    /// It brought this job to this state: done, dead, cancelled, or waiting for another attempt.
    Brought(JobId, JobState),
    /// The lease had gone to another; what this worker had to say was not written.
    Fenced(JobId),
}

/// Does the jobs of the kinds that it has handlers for. Jobs of other kinds wait.
pub struct Runner {
    db: Db,
    edge: Arc<dyn Edge>,
    owner: String,
    handlers: BTreeMap<&'static str, Box<dyn Handler>>,
}

impl Runner {
    /// A runner without handlers: it plans the jobs of schedules and does none.
    #[must_use]
    pub fn new(db: Db, edge: Arc<dyn Edge>) -> Self {
        let owner = hex::encode(edge.env().bytes::<8>());
        Self { db, edge, owner, handlers: BTreeMap::new() }
    }

    /// The same runner, which also does jobs of this kind.
    #[must_use]
    pub fn with(mut self, kind: &'static str, handler: impl Handler + 'static) -> Self {
        self.handlers.insert(kind, Box::new(handler));
        self
    }

    /// One turn: plans what schedules ask for, else takes one due job and brings it to an end.
    ///
    /// # Errors
    /// When the database fails. What was taken is then taken again after its lease.
    pub fn tick(&self) -> Result<Ran> {
        let mut env = self.edge.env();
        let now = env.now();
        let kinds: Vec<&str> = self.handlers.keys().copied().collect();
        let (planned, due) = self.db.read_blocking(|conn| {
            let planned = store::schedules::any_due(conn, now)?;
            let due =
                if kinds.is_empty() { Vec::new() } else { store::due(conn, &kinds, now, LOOK_AT)? };
            Ok((planned, due))
        })?;
        if planned {
            let mut env = env.clone();
            let n = self.db.write_blocking(move |tx| store::schedules::fire(tx, &mut env))?;
            if n > 0 {
                return Ok(Ran::Planned(n));
            }
        }
        self.one_of(due, &mut env)
    }

    /// Takes one of these jobs, in an order of its own, so that several runners rarely meet.
    fn one_of(&self, mut due: Vec<Due>, env: &mut Env) -> Result<Ran> {
        while !due.is_empty() {
            // The oldest first, unless others are likely to be at it: then one of the first few.
            let few = u64::try_from(due.len().min(4)).unwrap_or(1);
            let due = due.remove(usize::try_from(env.below(few)).unwrap_or(0));
            if let Some(held) = self.take(due, env.now())? {
                return self.bring_to_an_end(&held);
            }
        }
        Ok(Ran::Nothing)
    }

    fn lease_seconds(&self, kind: &str) -> i64 {
        self.handlers.get(kind).map_or(120, |handler| handler.lease_seconds())
    }

    fn take(&self, due: Due, now: Timestamp) -> Result<Option<Held>> {
        let owner = self.owner.clone();
        let until = now.plus_seconds(self.lease_seconds(&due.kind).max(1));
        self.db.write_blocking(move |tx| store::take(tx, &due, &owner, now, until))
    }

    fn bring_to_an_end(&self, held: &Held) -> Result<Ran> {
        let job = &held.job;
        let ended = if job.cancel_asked {
            // Asked to stop, and the worker that held it is gone.
            Ended::from(Err(Fault::Stopped))
        } else if held.expired {
            Ended::from(Err(Fault::Never(
                "The time in which this was of use has passed, so it was not sent.".to_owned(),
            )))
        } else if job.attempts > job.attempts_max {
            // The worker that made the last attempt never came back.
            Ended::from(Err(Fault::Never(format!(
                "The program stopped during each of {} attempts.",
                job.attempts_max
            ))))
        } else {
            self.attempt(held)
        };
        self.write_end(held, ended)
    }

    fn attempt(&self, held: &Held) -> Ended {
        let job = &held.job;
        let Some(handler) = self.handlers.get(job.kind.as_str()) else {
            return Ended::from(Err(Fault::Again("Nothing here does this kind of work.".into())));
        };
        let work = Work {
            held,
            lease_seconds: self.lease_seconds(&job.kind),
            db: &self.db,
            edge: &*self.edge,
        };
        // A handler that panics must not take the runner with it, nor keep the job for ever.
        catch_unwind(AssertUnwindSafe(|| handler.run(&work))).unwrap_or_else(|_| {
            Ended::from(Err(Fault::Again("The work stopped unexpectedly.".into())))
        })
    }

    fn write_end(&self, held: &Held, ended: Ended) -> Result<Ran> {
        let (id, fence, kind) = (held.job.id, held.job.fence, held.job.kind.clone());
        let env = self.edge.env();
        let (attempts, attempts_max) = (held.job.attempts, held.job.attempts_max);
        let expired = held.expired;
        let result = ended.result;
        let also: Mutex<Option<Also>> = Mutex::new(ended.also);
        let said = result.clone();
        let written = self.db.write_blocking(move |tx| {
            let mut env = env.clone();
            let state = end_in(tx, &mut env, id, fence, &result, attempts, attempts_max, expired)?;
            if let (Some(_), Some(also)) = (state, also.lock().as_mut()) {
                also(tx, &mut env)?;
            }
            Ok(state)
        })?;
        match (&said, written) {
            (_, None) => tracing::warn!(job = %id, kind, "another worker has taken over this job"),
            (Err(fault), Some(state)) => {
                tracing::warn!(job = %id, kind, ?fault, state = state.as_str(), "a job was not done");
            }
            (Ok(()), Some(_)) => tracing::debug!(job = %id, kind, "a job was done"),
        }
        Ok(written.map_or(Ran::Fenced(id), |state| Ran::Brought(id, state)))
    }
}

/// Writes the end of an attempt; the state the job is in then, none if the lease was lost.
#[expect(clippy::too_many_arguments, reason = "the facts of one attempt, each once")]
fn end_in(
    tx: &mut Tx<'_>,
    env: &mut Env,
    id: JobId,
    fence: i64,
    result: &Result<(), Fault>,
    attempts: i64,
    attempts_max: i64,
    expired: bool,
) -> Result<Option<JobState>> {
    let now = env.now();
    let (state, error, keep, wait) = match result {
        Ok(()) => (JobState::Done, "", false, None),
        Err(Fault::Lost) => return Ok(None),
        Err(Fault::Stopped) => (JobState::Cancelled, "", false, None),
        Err(Fault::Never(why)) => (JobState::Dead, why.as_str(), !expired, None),
        Err(Fault::Again(why) | Fault::NotBefore(why, _)) if attempts >= attempts_max => {
            (JobState::Dead, why.as_str(), true, None)
        }
        Err(Fault::Again(why)) => {
            (JobState::Waiting, why.as_str(), true, Some(delay_seconds(env, attempts)))
        }
        Err(Fault::NotBefore(why, seconds)) => {
            let wait = delay_seconds(env, attempts).max((*seconds).clamp(0, 86_400));
            (JobState::Waiting, why.as_str(), true, Some(wait))
        }
    };
    let ours = match wait {
        Some(wait) => store::again(tx, id, fence, now.plus_seconds(wait), error)?,
        None => store::end(tx, id, fence, state, error, keep, now)?,
    };
    Ok(ours.then_some(state))
}

/// A job that is being done, as its handler sees it.
pub struct Work<'a> {
    held: &'a Held,
    lease_seconds: i64,
    db: &'a Db,
    edge: &'a dyn Edge,
}

impl Work<'_> {
    /// The job.
    #[must_use]
    pub const fn id(&self) -> JobId {
        self.held.job.id
    }

    /// The party; none for the deployment's own work.
    #[must_use]
    pub const fn party(&self) -> Option<PartyId> {
        self.held.job.party
    }

    /// The idempotency key, by which a receiver recognises an effect that happens again.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.held.job.key
    }

    /// When the job was planned; the same at every attempt.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        self.held.job.made_at
    }

    /// Which attempt this is, from 1.
    #[must_use]
    pub const fn attempt(&self) -> i64 {
        self.held.job.attempts
    }

    /// The database, for what the work has to read.
    #[must_use]
    pub const fn db(&self) -> &Db {
        self.db
    }

    /// A fresh environment: the time now, new randomness.
    #[must_use]
    pub fn env(&self) -> Env {
        self.edge.env()
    }

    /// What the job was planned with.
    ///
    /// # Errors
    /// [`Fault::Never`] when it is not of this shape.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_str(&self.held.payload).map_err(|_| {
            Fault::Never("This version cannot read what was planned by another version.".into())
        })
    }

    /// Says how far the work is (`of` is 0 where that is not known) and keeps the lease. Call it at
    /// least once in every half of [`Handler::lease_seconds`], and stop at once when it says so.
    ///
    /// # Errors
    /// [`Fault::Lost`] when another worker has taken over, [`Fault::Stopped`] when somebody no longer
    /// wants the work, [`Fault::Again`] when the database does not answer. Hand it on.
    pub fn progress(&self, done: i64, of: i64) -> Result<(), Fault> {
        let until = self.edge.env().now().plus_seconds(self.lease_seconds);
        let (id, fence) = (self.held.job.id, self.held.job.fence);
        match self.db.write_blocking(move |tx| store::beat(tx, id, fence, until, (done, of))) {
            Ok(None) => Err(Fault::Lost),
            Ok(Some(true)) => Err(Fault::Stopped),
            Ok(Some(false)) => Ok(()),
            Err(e) => Err(failed(&e)),
        }
    }
}

/// A failure of the machinery as the fault of an attempt.
#[must_use]
pub(crate) fn failed(e: &Error) -> Fault {
    tracing::warn!(error = %e, "a job could not reach the database");
    Fault::Again("The database did not answer.".into())
}
