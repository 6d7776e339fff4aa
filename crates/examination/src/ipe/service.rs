//! Commands: permit, load, decide, record. Everything goes to the firm's log.

use super::events::{CheckAnswered, IpeEvent, Recorded};
use super::model::{
    By, CheckAnswer, Explanation, Generator, Growth, Ipe, Outcome, Reconciliation, Representation,
    Retrieval, Superseded, ZeroProof,
};
use super::rules::{self, State};
use super::store;
use crate::model::{File, Population, PopulationId};
use crate::permits::KeepPopulations;
use crate::service::register;
use crate::supplied::model::Origin as From;
use evidence::collectors::{self, model::RunId};
use evidence::model::EvidenceId;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use platform::db::{Conn, Result, Tx};
use platform::journal::{Expected, Origin, record};
use std::collections::BTreeMap;

const NAME_MAX: usize = 200;
const TEXT_MAX: usize = 4_000;
/// The longest query that is recorded.
const QUERY_MAX: usize = 20_000;
/// Most explanations of one population.
const EXPLANATIONS_MAX: usize = 2_000;

/// What stands of a population: everything recorded, and how each check stands by it.
///
/// # Errors
/// When the database refuses.
pub fn standing(
    conn: &mut Conn<'_>,
    file: File,
    population: &Population,
) -> Result<(Ipe, Vec<State>, i64)> {
    let (ipe, version) = store::of(conn, file, population.id)?;
    let states = rules::of_population(&population.body, &ipe);
    Ok((ipe, states, version))
}

/// Refuses to accept a population while something stands in the way: a check that fails and is not
/// explained, or one that nobody did.
///
/// # Errors
/// [`Refusal::State`] with everything that does.
pub fn may_be_accepted(conn: &mut Conn<'_>, file: File, population: &Population) -> Result<()> {
    let (ipe, states, _) = standing(conn, file, population)?;
    let mut stops = rules::stops(&states, population.body.rows, &ipe);
    stops.extend(rules::missing(&states));
    if stops.is_empty() {
        return Ok(());
    }
    Err(Refusal::state(format!("The population cannot be accepted yet. {}", stops.join(" ")))
        .into())
}

/// Refuses to select from a population, or to run a test over it, when it does not reconcile, a corrected
/// list took its place, or it was judged not complete and accurate.
///
/// # Errors
/// [`Refusal::State`] that says why.
pub fn may_be_tested(conn: &mut Conn<'_>, file: File, population: &Population) -> Result<()> {
    let (ipe, states, _) = standing(conn, file, population)?;
    if let Some(why) = rules::superseded(&ipe).or_else(|| rules::unreconciled(&states)) {
        return Err(Refusal::state(why).into());
    }
    if population.judgement.as_ref().is_some_and(|judgement| !judgement.accepted) {
        return Err(Refusal::state(format!(
            "The population {} was judged not complete and accurate. Freeze a corrected list and test that.",
            population.body.name
        ))
        .into());
    }
    Ok(())
}

/// What a population lacks to be relied on, a sentence for each. Items may be drawn from it before; the
/// sample says so.
///
/// # Errors
/// When the database refuses.
pub fn lacking(conn: &mut Conn<'_>, file: File, population: &Population) -> Result<Vec<String>> {
    let (ipe, _) = store::of(conn, file, population.id)?;
    Ok(rules::lacking(population, &ipe))
}

/// Refuses what would open an accepted population again without anybody judging it anew.
fn stays_accepted(
    tx: &mut Tx<'_>,
    permit: &Permit<KeepPopulations>,
    population: &Population,
    change: impl FnOnce(&mut Ipe, String),
) -> Result<()> {
    let (mut ipe, _) = store::of(tx, file(permit)?, population.id)?;
    change(&mut ipe, permit.actor().name());
    Ok(rules::reopens(population, &ipe).map_or(Ok(()), |why| Err(Refusal::state(why)))?)
}

fn file(permit: &Permit<KeepPopulations>) -> Result<File, Refusal> {
    crate::store::file_of(permit.facts())
}

fn known(
    tx: &mut Tx<'_>,
    permit: &Permit<KeepPopulations>,
    id: PopulationId,
) -> Result<Population> {
    Ok(crate::store::population(tx, file(permit)?, id)?.ok_or(Refusal::NotFound)?)
}

fn shown(tx: &mut Tx<'_>, permit: &Permit<KeepPopulations>, named: &[EvidenceId]) -> Result<()> {
    for id in named {
        evidence::store::item(tx, permit.owner(), *id)?.ok_or(Refusal::NotFound)?;
    }
    Ok(())
}

fn write(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    population: PopulationId,
    event: IpeEvent,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), file(permit)?.firm);
    // A subject of its own, so that the population's version stays that of its judgement.
    record(tx, env, &origin, &format!("{population}/ipe"), Expected::Any, vec![event])?;
    Ok(())
}

fn recorded<T>(
    permit: &Permit<KeepPopulations>,
    population: PopulationId,
    what: T,
) -> Result<Recorded<T>> {
    Ok(Recorded { population, engagement: file(permit)?.engagement, what })
}

/// The retrieval of a population that was frozen from what a collector of the organisation brought, as
/// the run's own record tells it; none where a person supplied the file.
///
/// # Errors
/// When the database refuses.
pub fn proposed(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    population: &Population,
) -> Result<Option<Retrieval>> {
    let Some(From::Evidence { evidence }) = &population.body.origin else { return Ok(None) };
    let Some((run, name)) = collectors::store::run_of(conn, organisation, *evidence)? else {
        return Ok(None);
    };
    let Some(record) = &run.record else { return Ok(None) };
    let started = match run.started_by.parse() {
        Ok(person) => identity::store::name_of(conn, person)?,
        Err(_) => "its schedule".to_owned(),
    };
    let covers = record.speaks_for;
    let zone =
        kernel::zone::Zone::named(&record.zone).unwrap_or_else(|_| kernel::zone::Zone::utc());
    let parameters = if covers.from == covers.to {
        format!("As it stood at {}", zone.rfc3339(covers.from))
    } else {
        format!("{} to {}", zone.rfc3339(covers.from), zone.rfc3339(covers.to))
    };
    Ok(Some(Retrieval {
        system: record.system.clone(),
        generator: Generator::Connector,
        query: record.request.clone(),
        parameters: format!("{parameters}, {}", record.zone),
        made_by: format!(
            "Collector “{name}”, version {}, started by {}",
            run.number,
            kernel::refusal::excerpt(&started, 40)
        ),
        made_at: record.begun_at,
        output_sha256: Some(record.sha256.clone()),
        observed: false,
        operates_control: operated(conn, organisation, *evidence, &run)?,
        collector: Some(run.id),
    }))
}

/// Whether whoever wrote the request or started the run owns a control that the evidence bears on: such
/// a person could have asked for less than there is.
fn operated(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    evidence: EvidenceId,
    run: &collectors::model::Run,
) -> Result<bool> {
    let versions = collectors::store::versions(conn, organisation, run.collector)?;
    let wrote = versions.into_iter().filter(|v| v.number == run.number).map(|v| v.by);
    let people: Vec<String> = wrote.chain([run.started_by.clone()]).collect();
    let item = evidence::store::item(conn, organisation, evidence)?;
    for id in item.map(|item| item.controls).unwrap_or_default() {
        let owner = controls::store::control(conn, organisation, id)?.and_then(|c| c.text.owner);
        if owner.is_some_and(|owner| people.contains(&owner.to_string())) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The run, where a retrieval says what its record says. Who watched and who operates the control is
/// the auditor's to judge.
fn said_by(own: &Retrieval, said: &Retrieval) -> Option<RunId> {
    let same = Retrieval {
        observed: own.observed,
        operates_control: own.operates_control,
        collector: own.collector,
        ..said.clone()
    };
    own.collector.filter(|_| same == *own)
}

/// Records how the list was retrieved.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`].
pub fn record_retrieval(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    population: PopulationId,
    input: &Retrieval,
) -> Result<()> {
    let found = known(tx, permit, population)?;
    if input.made_at > env.now() {
        return Err(
            Refusal::field("made_at", "The list cannot have been made in the future.").into()
        );
    }
    if let Some(hash) = &input.output_sha256
        && !(hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
    {
        return Err(Refusal::field(
            "output_sha256",
            "This must be a SHA-256 of 64 hexadecimal digits.",
        )
        .into());
    }
    let parameters = input.parameters.trim();
    let what = Retrieval {
        system: sentence("system", &input.system, NAME_MAX)?,
        query: sentence("query", &input.query, QUERY_MAX)?,
        parameters: if parameters.is_empty() {
            String::new()
        } else {
            sentence("parameters", parameters, TEXT_MAX)?
        },
        made_by: sentence("made_by", &input.made_by, NAME_MAX)?,
        output_sha256: input.output_sha256.as_ref().map(|hash| hash.to_ascii_lowercase()),
        ..input.clone()
    };
    let collector = proposed(tx, permit.owner(), &found)?.and_then(|own| said_by(&own, &what));
    let what = Retrieval { collector, ..what };
    stays_accepted(tx, permit, &found, |ipe, by| {
        ipe.retrieval = Some(By { what: what.clone(), by });
    })?;
    let event = IpeEvent::RetrievalRecorded(recorded(permit, population, what)?);
    write(tx, env, permit, population, event)
}

/// Answers a check that no file can answer.
///
/// # Errors
/// [`Refusal::Input`] for a check that is answered otherwise, [`Refusal::NotFound`].
pub fn answer_check(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    population: PopulationId,
    check: u8,
    input: &CheckAnswer,
) -> Result<()> {
    let found = known(tx, permit, population)?;
    let (_, states, _) = standing(tx, file(permit)?, &found)?;
    // What the file or a record of its retrieval answers, no person answers otherwise.
    let recorded = Ipe { answers: BTreeMap::new(), ..store::of(tx, file(permit)?, population)?.0 };
    let known = rules::of_population(&found.body, &recorded);
    let by_file = known.iter().any(|s| s.number == check && s.outcome != Outcome::NotDone);
    if !rules::ANSWERABLE.contains(&check)
        || by_file
        || !states.iter().any(|state| state.number == check)
    {
        return Err(Refusal::field(
            "check",
            "This check is answered by the file or by what is recorded. Explain it where it fails.",
        )
        .into());
    }
    if input.outcome == Outcome::NotDone {
        return Err(Refusal::field("outcome", "Say how the check came out.").into());
    }
    shown(tx, permit, &input.evidence)?;
    let answer =
        CheckAnswer { detail: sentence("detail", &input.detail, TEXT_MAX)?, ..input.clone() };
    stays_accepted(tx, permit, &found, |ipe, by| {
        ipe.answers.insert(check, By { what: answer.clone(), by });
    })?;
    let engagement = file(permit)?.engagement;
    let event = IpeEvent::CheckAnswered(CheckAnswered { population, engagement, check, answer });
    write(tx, env, permit, population, event)
}

/// Explains what a failed check found. The failure stays a failure.
///
/// # Errors
/// [`Refusal::State`] when nothing of the kind is open, [`Refusal::Input`], [`Refusal::NotFound`].
pub fn explain(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    population: PopulationId,
    input: &Explanation,
) -> Result<()> {
    let found = known(tx, permit, population)?;
    let (ipe, states, _) = standing(tx, file(permit)?, &found)?;
    let open = states.iter().any(|s| s.number == input.check && s.open.contains(&input.item));
    if !open {
        return Err(Refusal::state("This finding needs no explanation, or has one already.").into());
    }
    if ipe.explanations.len() >= EXPLANATIONS_MAX {
        return Err(Refusal::state(
            "The population has 2000 explanations. Freeze a corrected list.",
        )
        .into());
    }
    shown(tx, permit, &input.evidence)?;
    let what =
        Explanation { reason: sentence("reason", &input.reason, TEXT_MAX)?, ..input.clone() };
    let event = IpeEvent::FailureExplained(recorded(permit, population, what)?);
    write(tx, env, permit, population, event)
}

/// Compares the list with a second source, whatever comes out.
///
/// # Errors
/// [`Refusal::Input`], [`Refusal::NotFound`].
pub fn reconcile(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    population: PopulationId,
    input: &Reconciliation,
) -> Result<()> {
    let found = known(tx, permit, population)?;
    let mut what =
        Reconciliation { source: sentence("source", &input.source, NAME_MAX)?, ..input.clone() };
    for counted in &mut what.lists {
        let list = known(tx, permit, counted.list)?;
        if list.id == population {
            let why = "The list cannot bear out its own count. Choose the list of what came in or went out.";
            return Err(Refusal::field("lists", why).into());
        }
        (counted.name, counted.rows) = (list.body.name, list.body.rows);
    }
    let (ipe, _) = store::of(tx, file(permit)?, population)?;
    let made = ipe.retrieval.map(|by| by.what.system);
    let of_list = [found.body.source.as_str(), made.as_deref().unwrap_or_default()];
    if rules::own_source(&what.source, &of_list) {
        return Err(Refusal::field(
            "source",
            "This is the source of the list itself: its count shows that nothing was lost on the way, not that the list is complete. Name another record of the same events, or rest completeness on a written representation.",
        )
        .into());
    }
    stays_accepted(tx, permit, &found, |ipe, by| {
        ipe.reconciliation = Some(By { what: what.clone(), by });
        ipe.explanations.retain(|explained| explained.what.check != 10);
    })?;
    let event = IpeEvent::Reconciled(recorded(permit, population, what)?);
    write(tx, env, permit, population, event)
}

/// Rests completeness on a written representation, because no second source exists.
///
/// # Errors
/// [`Refusal::State`] when there is a second source, [`Refusal::Input`], [`Refusal::NotFound`].
pub fn rely_on_representation(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    population: PopulationId,
    input: &Representation,
) -> Result<()> {
    let found = known(tx, permit, population)?;
    if standing(tx, file(permit)?, &found)?.0.reconciliation.is_some() {
        return Err(Refusal::state(
            "The list was compared with a second source, so no representation stands in its place.",
        )
        .into());
    }
    shown(tx, permit, &[input.evidence])?;
    let dated = kernel::period::parse_date(&input.dated)
        .map_err(|fault| Refusal::field("dated", fault.to_string()))?;
    let what = Representation {
        why: sentence("why", &input.why, TEXT_MAX)?,
        signed_by: sentence("signed_by", &input.signed_by, NAME_MAX)?,
        dated: dated.to_string(),
        ..input.clone()
    };
    let event = IpeEvent::RepresentationRelied(recorded(permit, population, what)?);
    write(tx, env, permit, population, event)
}

/// Puts a corrected list in the place of a population, which stays as it was frozen.
///
/// # Errors
/// [`Refusal::State`] when another list already stands in its place, [`Refusal::Input`],
/// [`Refusal::NotFound`].
pub fn supersede(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    population: PopulationId,
    input: &Superseded,
) -> Result<()> {
    let old = known(tx, permit, population)?;
    let new = known(tx, permit, input.new)?;
    if standing(tx, file(permit)?, &old)?.0.superseded.is_some() {
        return Err(Refusal::state("Another list already stands in the place of this one.").into());
    }
    if new.body.frozen_at <= old.body.frozen_at || new.id == old.id {
        return Err(Refusal::field(
            "new",
            "The corrected list must have been frozen after the one it replaces.",
        )
        .into());
    }
    let what = Superseded { new: input.new, why: sentence("why", &input.why, TEXT_MAX)? };
    let event = IpeEvent::PopulationSuperseded(recorded(permit, population, what)?);
    write(tx, env, permit, population, event)
}

/// What the case register gained since a population was frozen from it; none for one from elsewhere, and
/// none where it gained nothing.
///
/// # Errors
/// When the database refuses.
pub fn growth(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    population: &Population,
) -> Result<Option<register::Grown>> {
    if population.body.origin != Some(From::Register) {
        return Ok(None);
    }
    let grown = register::grown(conn, organisation, &population.body)?;
    Ok(grown.filter(|grown| grown.rows > 0))
}

/// Says why what its source gained after the freeze does not belong to a population, which stays as it was
/// frozen and accepted.
///
/// # Errors
/// [`Refusal::State`] when the source gained nothing; [`Refusal::Input`], [`Refusal::NotFound`].
pub fn explain_growth(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    population: PopulationId,
    why: &str,
) -> Result<()> {
    let found = known(tx, permit, population)?;
    let grown = growth(tx, permit.owner(), &found)?.ok_or_else(|| {
        Refusal::state("The source has no more rows than were frozen. There is nothing to explain.")
    })?;
    let what = Growth { in_period: grown.in_period, why: sentence("why", why, TEXT_MAX)? };
    let event = IpeEvent::GrowthExplained(recorded(permit, population, what)?);
    write(tx, env, permit, population, event)
}

/// Proves that nothing happened which an empty list would hold.
///
/// # Errors
/// [`Refusal::State`] when the list is not empty, its query is not recorded or nothing but the list
/// itself speaks for the zero; [`Refusal::Input`], [`Refusal::NotFound`].
pub fn prove_zero(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    population: PopulationId,
    input: &ZeroProof,
) -> Result<()> {
    let found = known(tx, permit, population)?;
    if found.body.rows > 0 {
        return Err(Refusal::state("The list is not empty: there is no zero to prove.").into());
    }
    let (ipe, _, _) = standing(tx, file(permit)?, &found)?;
    let second = ipe
        .reconciliation
        .as_ref()
        .is_some_and(|found| rules::difference(0, &found.what) == (0, 0))
        || ipe.representation.is_some();
    if ipe.retrieval.is_none() || !second {
        return Err(Refusal::state(
            "An empty list alone proves nothing. Record the query that found nothing, and compare with a second source or obtain a written representation; then prove the zero.",
        )
        .into());
    }
    shown(tx, permit, &input.evidence)?;
    let what = ZeroProof { how: sentence("how", &input.how, TEXT_MAX)?, ..input.clone() };
    let event = IpeEvent::ZeroProven(recorded(permit, population, what)?);
    write(tx, env, permit, population, event)
}
