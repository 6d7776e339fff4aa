//! Commands: declaring collectors, planning runs, and recording what came of them.

use super::events::{
    CollectorEvent, CollectorStated, CollectorStopped, RunCancelled, RunCollected, RunFailed,
    RunPlanned,
};
use super::jobs;
use super::model::{Asked, Collector, CollectorId, Record, Run, RunId, RunState};
use super::permits::{ReadCollectors, RunCollector, StateCollectors};
use super::{rules, store};
use crate::model::EvidenceId;
use crate::permits::SupplyEvidence;
use crate::service::{EvidenceInput, supply};
use cases::sealed::rules::{CaseKey, holders_key};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::Actor;
use kernel::permit::{Facts, Permit, authorize, scope};
use kernel::refusal::{Refusal, sentence};
use kernel::time::Timestamp;
use platform::blobs::BlobRef;
use platform::db::{Conn, DbError, Result, Tx};
use platform::jobs::Job;
use platform::jobs::fetch::{self, Got};
use platform::jobs::mail::{Mail, post};
use platform::jobs::permits::ManageJobs;
use platform::jobs::webhook::Reach;
use platform::journal::{Expected, Origin, record};
use platform::words::Words;

/// Collectors of one organisation at most.
pub const COLLECTORS_MAX: usize = 100;

/// What becomes of the secret when a collector is stated.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// It stays as it is, also if there is none.
    Keep,
    /// This one takes its place.
    New(String),
    /// There is none any more.
    None,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keep => "Keep",
            Self::New(_) => "New",
            Self::None => "None",
        })
    }
}

/// The key under which an organisation's secrets are sealed.
fn key(conn: &Conn<'_>, organisation: PartyId) -> Result<CaseKey> {
    let secret = conn.key_for("collector secrets")?;
    Ok(holders_key(&secret, &organisation.to_string(), "collectors"))
}

/// To what a sealed secret is bound: it opens for no other collector, machine or header.
fn place(id: CollectorId, asked: &Asked) -> String {
    let header = asked.header.to_ascii_lowercase();
    format!("{id} {} {header}", fetch::machine(&asked.address))
}

/// The secret of a collector, to be sent and then forgotten; none where it has none.
///
/// # Errors
/// [`Refusal::State`] when it cannot be opened; when the database refuses.
pub fn secret(conn: &mut Conn<'_>, collector: &Collector) -> Result<Option<String>> {
    if !collector.has_secret {
        return Ok(None);
    }
    let sealed = store::sealed_secret(conn, collector.id)?;
    let key = key(conn, collector.organisation)?;
    let opened = sealed
        .and_then(|sealed| key.open(&place(collector.id, &collector.asked), &sealed))
        .and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(Some(opened.ok_or_else(|| {
        Refusal::state("The secret of this collector cannot be opened. Enter it again.")
    })?))
}

fn keep(
    tx: &mut Tx<'_>,
    env: &mut Env,
    owner: PartyId,
    id: CollectorId,
    (asked, secret): (&Asked, &str),
) -> Result<()> {
    let sealed = key(tx, owner)?
        .seal(env, &place(id, asked), secret.as_bytes())
        .ok_or_else(|| DbError::Shape("a secret could not be sealed".into()))?;
    store::keep_secret(tx, id, &sealed)
}

/// What becomes of the secret, decided against how the collector stood: whether there is one then, and
/// the new one.
fn decided(
    before: Option<&Collector>,
    asked: &Asked,
    secret: &Secret,
) -> Result<(bool, Option<String>), Refusal> {
    let had = before.is_some_and(|b| b.has_secret);
    let same = before.is_some_and(|b| place(b.id, &b.asked) == place(b.id, asked));
    match secret {
        Secret::None => Ok((false, None)),
        Secret::New(_) if asked.header.is_empty() => {
            Err(Refusal::field("header", "Say which header carries the secret."))
        }
        Secret::New(text) => Ok((true, Some(rules::secret(text)?))),
        // Whoever may change the address must not learn a secret that somebody else entered.
        Secret::Keep if had && !same => Err(Refusal::field(
            "secret",
            "The secret was entered for another machine or header. Enter the one for this address, or have it removed.",
        )),
        Secret::Keep => Ok((had, None)),
    }
}

/// Declares a collector, or states anew what one asks: another version of it, which runs from now on.
///
/// # Errors
/// [`Refusal::Input`] naming the field; [`Refusal::NotFound`], [`Refusal::Stale`]; [`Refusal::State`] when there are too
/// many.
pub fn state(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<StateCollectors>,
    known: Option<(CollectorId, i64)>,
    (asked, told, reach): (&Asked, &Secret, Reach),
) -> Result<CollectorId> {
    let owner = permit.owner();
    let asked = rules::checked(asked, reach)?;
    let all = store::collectors(tx, owner)?;
    let before = match known {
        None if all.len() >= COLLECTORS_MAX => {
            let text = format!("There are {COLLECTORS_MAX} collectors already.");
            return Err(Refusal::state(text).into());
        }
        None => None,
        Some((id, _)) => {
            let found = all.iter().find(|c| c.id == id);
            let found = found.filter(|c| c.engagement == permit.facts().engagement);
            Some(found.ok_or(Refusal::NotFound)?)
        }
    };
    if all.iter().any(|c| c.asked.name == asked.name && Some(c.id) != known.map(|k| k.0)) {
        return Err(Refusal::field("name", "Another collector has this name.").into());
    }
    for id in &asked.controls {
        controls::store::control(tx, owner, *id)?
            .ok_or_else(|| Refusal::field("controls", "Choose controls of your own list."))?;
    }
    if let Some(id) = asked.request {
        let found = crate::store::request(tx, id)?;
        found
            .filter(|r| Some(r.engagement) == permit.facts().engagement)
            .ok_or_else(|| Refusal::field("request", "Choose a request of this engagement."))?;
    }
    let (has_secret, new) = decided(before, &asked, told)?;
    let (id, number, expected) = match (before, known) {
        (Some(before), Some((id, version))) => (id, before.number + 1, Expected::Version(version)),
        _ => (env.id(), 1, Expected::New),
    };
    let event = CollectorStated {
        id,
        engagement: permit.facts().engagement,
        number,
        asked,
        owner: permit.person(),
        has_secret,
        new_secret: new.is_some(),
    };
    let asked = event.asked.clone();
    let origin = Origin::by(permit.actor(), owner);
    record(tx, env, &origin, &id.to_string(), expected, vec![CollectorEvent::from(event)])?;
    match new {
        Some(secret) => keep(tx, env, owner, id, (&asked, &secret))?,
        None if !has_secret => store::forget_secret(tx, id)?,
        None => {}
    }
    jobs::schedule_of(tx, env.now(), owner, id, &asked)?;
    Ok(id)
}

/// Has a collector run no more. Its secret is forgotten; what it collected stays.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`]; [`Refusal::State`] when it was stopped already.
pub fn stop(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<StateCollectors>,
    (id, version): (CollectorId, i64),
    why: &str,
) -> Result<()> {
    let found = store::collector(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if found.stopped_at.is_some() {
        return Err(Refusal::state("This collector was stopped already.").into());
    }
    let event = CollectorStopped { id, why: sentence("why", why, 2_000)? };
    let (origin, expected) =
        (Origin::by(permit.actor(), permit.owner()), Expected::Version(version));
    record(tx, env, &origin, &id.to_string(), expected, vec![CollectorEvent::from(event)])?;
    store::forget_secret(tx, id)?;
    platform::jobs::unschedule(tx, Some(permit.owner()), &jobs::name_of(id))
}

/// Plans a run, to be done at once by a worker. The run's id is the idempotency key of its job.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::State`] when the collector was stopped or its period is not over.
pub fn plan(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RunCollector>,
    id: CollectorId,
) -> Result<RunId> {
    let owner = permit.owner();
    let found = store::collector(tx, owner, id)?.ok_or(Refusal::NotFound)?;
    if found.stopped_at.is_some() {
        return Err(Refusal::state("This collector was stopped. State it anew to run it.").into());
    }
    rules::request(&found.asked, env.now())?;
    let run: RunId = env.id();
    let event = RunPlanned { id: run, collector: id, number: found.number };
    let origin = Origin::by(permit.actor(), owner);
    record(tx, env, &origin, &run.to_string(), Expected::New, vec![CollectorEvent::from(event)])?;
    jobs::enqueue_run(tx, env, owner, run, &found.asked.name)?;
    Ok(run)
}

/// What is on record of an answer to a run.
///
/// # Errors
/// [`Refusal::State`] when the period is not over.
pub fn record_of(
    collector: &Collector,
    run: &Run,
    got: &Got,
    blob: &BlobRef,
    (begun_at, ended_at): (Timestamp, Timestamp),
) -> Result<Record, Refusal> {
    let asked = &collector.asked;
    Ok(Record {
        system: asked.system.clone(),
        request: format!("GET {}", rules::request(asked, run.planned_at)?),
        begun_at,
        ended_at,
        status: got.status,
        date: got.date.clone(),
        content_type: got.content_type.clone(),
        etag: got.etag.clone(),
        bytes: blob.bytes,
        sha256: blob.sha256.clone(),
        speaks_for: rules::speaks_for(asked, run.planned_at, begun_at)?,
        zone: asked.zone.clone(),
    })
}

/// The permit by which a run's answer becomes evidence: the product's own, on the engagement that the
/// collector is for.
///
/// # Errors
/// [`Refusal::State`] once the engagement's file is locked; when the database refuses.
pub fn permit(conn: &mut Conn<'_>, collector: &Collector) -> Result<Permit<SupplyEvidence>> {
    let facts = match collector.engagement {
        Some(id) => ::scope::facts(conn, id)?,
        None => Facts::of(collector.organisation),
    };
    Ok(authorize(&Actor::system(collector.organisation, jobs::ACTOR), &facts)?)
}

/// Makes evidence of the answer to a run and records both together. A run has one answer: another one
/// for the same run, from a worker that was thought gone, is dropped. The item is the first answer's.
///
/// # Errors
/// [`Refusal::NotFound`]; as [`supply`].
pub fn collected(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<SupplyEvidence>,
    (run, number): (RunId, i64),
    (found, media_type): (&Record, &str),
) -> Result<EvidenceId> {
    let owner = permit.owner();
    let was = store::run(tx, owner, run)?.ok_or(Refusal::NotFound)?;
    if let Some(evidence) = was.evidence {
        return Ok(evidence);
    }
    let versions = store::versions(tx, owner, was.collector)?;
    let asked = versions.into_iter().find(|v| v.number == number).ok_or(Refusal::NotFound)?.asked;
    let zone = kernel::zone::Zone::named(&asked.zone).unwrap_or_else(|_| kernel::zone::Zone::utc());
    let day = zone.local(found.speaks_for.to).date();
    let input = EvidenceInput {
        name: format!("{}, {day}.{}", asked.name, asked.format.as_str()),
        blob: BlobRef { sha256: found.sha256.clone(), bytes: found.bytes },
        media_type: media_type.to_owned(),
        speaks_for: found.speaks_for,
        source: format!(
            "{}: {}\nCollector “{}”, version {number}, unedited",
            found.system, found.request, asked.name
        ),
        extracted_at: found.ended_at,
        controls: asked.controls,
    };
    let evidence = supply(tx, env, permit, &input)?;
    let event = RunCollected { id: run, number, record: found.clone(), evidence };
    let origin = Origin::by(permit.actor(), owner).at(found.ended_at);
    record(tx, env, &origin, &run.to_string(), Expected::Any, vec![CollectorEvent::from(event)])?;
    Ok(evidence)
}

/// An attempt that brought nothing.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The run.
    pub run: RunId,
    /// The version that was asked.
    pub number: i64,
    /// Which attempt, from 1.
    pub attempt: i64,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
    /// Why, in a plain sentence.
    pub why: String,
    /// Whether no other attempt follows.
    pub last: bool,
    /// The answer, where it is kept to be read.
    pub answer: Option<BlobRef>,
}

/// Records that an attempt brought nothing. A run that has its answer, or that somebody cancelled, stays
/// as it is. Whoever is told of failures gets a mail when no other attempt follows.
///
/// # Errors
/// [`Refusal::NotFound`]; when the mail cannot be planned.
pub fn failed(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RunCollector>,
    attempt: &Attempt,
    base_url: &str,
) -> Result<()> {
    let was = store::run(tx, permit.owner(), attempt.run)?.ok_or(Refusal::NotFound)?;
    if was.evidence.is_some() || was.state == RunState::Cancelled {
        return Ok(());
    }
    let Attempt { run, number, attempt, status, why, last, answer } = attempt.clone();
    if last {
        tell_owner(tx, env, permit.owner(), (&was, attempt), (&why, base_url))?;
    }
    let event = RunFailed { id: run, number, attempt, status, why, last, answer };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &run.to_string(), Expected::Any, vec![CollectorEvent::from(event)])?;
    Ok(())
}

/// Plans the mail to whoever is told of failures of a collector, while they belong to the organisation.
fn tell_owner(
    tx: &mut Tx<'_>,
    env: &mut Env,
    organisation: PartyId,
    (run, attempt): (&Run, i64),
    (why, base_url): (&str, &str),
) -> Result<()> {
    let Some(collector) = store::collector(tx, organisation, run.collector)? else { return Ok(()) };
    let Some(owner) = collector.owner else { return Ok(()) };
    let Some(member) = identity::store::member(tx, organisation, owner)? else { return Ok(()) };
    if member.membership.state != identity::model::MemberState::Active {
        return Ok(());
    }
    let w = Words::english();
    let name = collector.asked.name.as_str();
    let mail = Mail {
        to: member.profile.email.as_str().to_owned(),
        subject: w.t1("collectors-mail-subject", "name", name),
        text: w.ta(
            "collectors-mail-text",
            &[
                ("name", name.into()),
                ("system", collector.asked.system.as_str().into()),
                ("why", why.into()),
                ("link", format!("{base_url}/evidence/collectors/{}", collector.id).into()),
            ],
        ),
    };
    let key = format!("collectors:{}:failed:{attempt}", run.id);
    // Who reads it a week later finds it on the first page anyway.
    let until = env.now().plus_seconds(7 * 86_400);
    post(tx, env, Some(organisation), &key, &mail, Some(until))?;
    Ok(())
}

/// Ends a run whose job somebody had no longer done. One that has ended stays as it is; where a worker is
/// asking just now and the system answers all the same, the answer is evidence.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn cancelled(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageJobs>,
    run: RunId,
) -> Result<()> {
    let owner = permit.owner();
    let was = store::run(tx, owner, run)?.ok_or(Refusal::NotFound)?;
    if was.state != RunState::Waiting {
        return Ok(());
    }
    let origin = Origin::by(permit.actor(), owner);
    let event = CollectorEvent::from(RunCancelled { id: run });
    record(tx, env, &origin, &run.to_string(), Expected::Any, vec![event])?;
    Ok(())
}

/// What else ends with a job that somebody had no longer done: the run, where it was one of a collector.
///
/// # Errors
/// When the database refuses.
pub fn job_cancelled(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageJobs>,
    job: &Job,
) -> Result<()> {
    match job.key.parse::<RunId>() {
        Ok(run) if job.kind == jobs::RUN => cancelled(tx, env, permit, run),
        _ => Ok(()),
    }
}

/// Collectors that wait for somebody because their last run was given up, as far as this person may
/// know of them.
///
/// # Errors
/// When the database refuses.
pub fn waiting(conn: &mut Conn<'_>, actor: &Actor) -> Result<Vec<(Collector, Run)>> {
    match scope::<ReadCollectors>(actor) {
        Ok(seen) => store::waiting(conn, seen.party()),
        Err(_) => Ok(Vec::new()),
    }
}
