//! Asking, at the time that was set or when somebody said so.
//!
//! The answer, the evidence and the end of the job are written in one transaction, under the number of
//! the lease: a worker that is killed between asking and writing leaves nothing, and the run is done
//! again; one that comes back late writes nothing.

use super::model::{Asked, Collector, CollectorId, Record, Run, RunId, RunState};
use super::permits::RunCollector;
use super::service::{self, Attempt};
use super::{rules, store};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::Actor;
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use platform::blobs::{BlobRef, Blobs};
use platform::db::{Error, Result, Tx};
use platform::jobs::fetch::{Ask, Fetch, Missed};
use platform::jobs::webhook::Reach;
use platform::jobs::{
    Ended, Fault, Handler, NewJob, Schedule, Work, enqueue, schedule, unschedule,
};
use serde::Deserialize;
use std::sync::Arc;

/// The time of a collector has come.
pub const DUE: &str = "collectors.due";
/// Asks once.
pub const RUN: &str = "collectors.run";
/// Who acts in the log when nobody does.
pub const ACTOR: &str = "collectors";
/// Attempts of one run: with the waits between them about a quarter of an hour.
pub const ATTEMPTS: i64 = 6;
/// The longest answer, in bytes. It is held in memory until it was judged.
pub const ANSWER_BYTES_MAX: u64 = 32 << 20;

/// What collectors of this deployment may reach, for the pages that take their addresses.
#[derive(Debug, Clone, Copy)]
pub struct Reaches(pub Reach);

/// The name of a collector's schedule.
#[must_use]
pub fn name_of(id: CollectorId) -> String {
    format!("collector.{id}")
}

/// Puts a collector's schedule in place, or takes it away.
///
/// # Errors
/// When the database refuses.
pub(super) fn schedule_of(
    tx: &mut Tx<'_>,
    now: Timestamp,
    owner: PartyId,
    id: CollectorId,
    asked: &Asked,
) -> Result<()> {
    match rules::recurrence(asked)? {
        None => unschedule(tx, Some(owner), &name_of(id)),
        Some(recurrence) => {
            let planned = Schedule {
                party: Some(owner),
                name: name_of(id),
                kind: DUE.to_owned(),
                payload: serde_json::json!({ "collector": id }),
                recurrence,
            };
            schedule(tx, &planned, now)
        }
    }
}

pub(super) fn enqueue_run(
    tx: &mut Tx<'_>,
    env: &mut Env,
    owner: PartyId,
    run: RunId,
    name: &str,
) -> Result<()> {
    let payload = serde_json::json!({ "run": run });
    let job =
        NewJob::new(Some(owner), RUN, run.to_string(), payload).about(name).attempts(ATTEMPTS);
    enqueue(tx, env, &job).map(|_| ())
}

#[derive(Deserialize)]
struct ToPlan {
    collector: CollectorId,
}

/// Plans the run of a collector whose time has come.
pub struct Due;

impl Handler for Due {
    fn run(&self, work: &Work<'_>) -> Ended {
        let planned = work.payload::<ToPlan>().and_then(|job| {
            let owner = work.party().ok_or(Fault::Stopped)?;
            let found = work
                .db()
                .read_blocking(|conn| store::collector(conn, owner, job.collector))
                .map_err(|e| Fault::from(&e))?;
            Ok((owner, found.filter(|c| c.stopped_at.is_none()), work.env().now()))
        });
        let (owner, collector) = match planned {
            Err(fault) => return Err(fault).into(),
            Ok((_, None, _)) => return Ended::done(),
            // Before the end of the period that was set there is nothing to collect.
            Ok((_, Some(c), now)) if rules::request(&c.asked, now).is_err() => {
                return Ended::done();
            }
            Ok((owner, Some(c), _)) => (owner, c.id),
        };
        Ended::done().and(move |tx, env| {
            let permit =
                authorize::<RunCollector>(&Actor::system(owner, ACTOR), &Facts::of(owner))?;
            service::plan(tx, env, &permit, collector).map(|_| ())
        })
    }
}

/// Asks.
pub struct Collect<F> {
    /// By what.
    pub fetcher: F,
    /// Where answers are kept.
    pub blobs: Arc<Blobs>,
    /// Where the pages of this deployment are, for the mail to who is told of a failure.
    pub base_url: String,
}

#[derive(Deserialize)]
struct ToRun {
    run: RunId,
}

/// What a run needs, read before it asks.
struct Prepared {
    run: Run,
    collector: Collector,
    secret: Option<String>,
}

/// What came of asking.
struct Found {
    record: Record,
    media_type: &'static str,
}

/// An attempt that brought nothing, and the answer where it is kept to be read.
struct Gone {
    missed: Missed,
    answer: Option<BlobRef>,
}

impl From<Missed> for Gone {
    fn from(missed: Missed) -> Self {
        Self { missed, answer: None }
    }
}

fn given_up(why: impl Into<String>) -> Missed {
    Missed { fault: Fault::Never(why.into()), status: None }
}

impl<F: Fetch> Collect<F> {
    fn prepared(work: &Work<'_>, owner: PartyId, id: RunId) -> Result<Option<Prepared>> {
        work.db().read_blocking(|conn| {
            let Some(run) = store::run(conn, owner, id)? else { return Ok(None) };
            let found = store::collector(conn, owner, run.collector)?;
            let Some(collector) = found.filter(|_| run.evidence.is_none()) else {
                return Ok(None);
            };
            Ok(Some(Prepared { run, collector, secret: None }))
        })
    }

    /// The secret, and that the answer may become evidence at all.
    fn allowed(work: &Work<'_>, collector: &Collector) -> Result<Option<String>, Missed> {
        if let Some(at) = collector.stopped_at {
            let why = format!("The collector was stopped at {}.", at.to_rfc3339());
            return Err(given_up(why));
        }
        work.db()
            .read_blocking(|conn| {
                service::permit(conn, collector)?;
                service::secret(conn, collector)
            })
            .map_err(|e| match e {
                Error::Refused(why) => given_up(why.to_string()),
                other => Missed { fault: Fault::from(&other), status: None },
            })
    }

    fn ask(&self, work: &Work<'_>, with: &Prepared) -> Result<Found, Gone> {
        let (collector, run) = (&with.collector, &with.run);
        let url = rules::request(&collector.asked, run.planned_at)
            .map_err(|why| given_up(why.to_string()))?;
        let secret = with.secret.as_deref();
        let ask = Ask {
            url: &url,
            accept: collector.asked.format.accept(),
            secret: secret.map(|secret| (collector.asked.header.as_str(), secret)),
            bytes_max: ANSWER_BYTES_MAX,
        };
        let begun = work.env().now();
        let got = self.fetcher.get(&ask)?;
        let ended = work.env().now();
        let judged = |why: String| Missed { status: Some(got.status), ..given_up(why) };
        rules::judged(collector.asked.format, &got).map_err(judged)?;
        if secret.is_some_and(|secret| rules::repeats(secret, &got)) {
            return Err(judged(
                "The answer repeats the secret that was sent, so nothing was kept of it. Have the system leave it out, and change the secret.".to_owned(),
            )
            .into());
        }
        let media_type = crate::rules::media_type(&got.body);
        let blob = self.blobs.put_bytes(&got.body).map_err(|e| Missed {
            fault: Fault::from(&Error::from(e)),
            status: Some(got.status),
        })?;
        if let Err(why) = rules::has_columns(&collector.asked, &got.body) {
            return Err(Gone { missed: judged(why), answer: Some(blob) });
        }
        let record = service::record_of(collector, run, &got, &blob, (begun, ended))
            .map_err(|why| judged(why.to_string()))?;
        Ok(Found { record, media_type })
    }
}

/// What is told of a fault, without the secret, whatever the other side wrote into it.
fn told(missed: &Missed, secret: Option<&str>) -> Option<String> {
    let (Fault::Again(why) | Fault::NotBefore(why, _) | Fault::Never(why)) = &missed.fault else {
        return None;
    };
    let bare = secret.map(|s| s.rsplit(' ').next().unwrap_or(s));
    let repeats = [secret, bare].into_iter().flatten().any(|s| why.contains(s));
    Some(if repeats { "The system could not be asked.".to_owned() } else { why.clone() })
}

impl<F: Fetch> Handler for Collect<F> {
    fn lease_seconds(&self) -> i64 {
        300
    }

    fn run(&self, work: &Work<'_>) -> Ended {
        let (owner, job) = match (work.party(), work.payload::<ToRun>()) {
            (Some(owner), Ok(job)) => (owner, job),
            (None, _) => return Err(Fault::Stopped).into(),
            (_, Err(fault)) => return Err(fault).into(),
        };
        let mut with = match Self::prepared(work, owner, job.run) {
            Ok(Some(prepared)) => prepared,
            // It has its answer. One that was given up is asked again when somebody has its job retried.
            Ok(None) => return Ended::done(),
            Err(e) => return Err(Fault::from(&e)).into(),
        };
        if with.run.state == RunState::Cancelled {
            return Err(Fault::Stopped).into();
        }
        let found = Self::allowed(work, &with.collector).map_err(Gone::from).and_then(|secret| {
            with.secret = secret;
            self.ask(work, &with)
        });
        let (run, number) = (with.run.id, with.collector.number);
        match found {
            Ok(found) => {
                let collector = with.collector;
                Ended::done().and(move |tx, env| {
                    let permit = service::permit(tx, &collector)?;
                    let what = (&found.record, found.media_type);
                    service::collected(tx, env, &permit, (run, number), what).map(|_| ())
                })
            }
            Err(Gone { missed, answer }) => {
                let Some(why) = told(&missed, with.secret.as_deref()) else {
                    return Err(missed.fault).into();
                };
                let last = matches!(missed.fault, Fault::Never(_)) || work.attempt() >= ATTEMPTS;
                let fault = match missed.fault {
                    Fault::Again(_) => Fault::Again(why.clone()),
                    Fault::NotBefore(_, seconds) => Fault::NotBefore(why.clone(), seconds),
                    _ => Fault::Never(why.clone()),
                };
                let failed = Attempt {
                    run,
                    number,
                    attempt: work.attempt(),
                    status: missed.status,
                    why,
                    last,
                    answer,
                };
                let base_url = self.base_url.clone();
                Ended::from(Err(fault)).and(move |tx, env| {
                    let us = Actor::system(owner, ACTOR);
                    let permit = authorize::<RunCollector>(&us, &Facts::of(owner))?;
                    service::failed(tx, env, &permit, &failed, &base_url)
                })
            }
        }
    }
}
