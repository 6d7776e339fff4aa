//! Commands on clocks, and what time does: load, fold, decide, record.

mod recurrence;
mod watch;

pub(crate) use recurrence::{matter, rearm_all};
pub use watch::{look_over, put_on_record};

use super::events::{
    AbsenceEnded, ClockEvent, DutyEnded, DutyStarted, Flag, FlagSet, Paused, PersonExcluded,
    Resumed, RungClimbed,
};
use super::model::{Absence, AbsenceId, Armed, Climbed, Planned, book_of};
use super::permits::{Escalate, ExcludePeople, KeepClocks, StateAbsence};
use super::rules::agenda::agenda;
use super::rules::facts::Facts;
use super::rules::promises::promises;
use super::rules::route::{Member, People, route};
use super::store;
use crate::events::CaseEvent;
use crate::model::{Case, CaseId};
use crate::policy::model::Plan;
use kernel::clock::ClockError;
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::permit::Permit;
use kernel::refusal::{Refusal, remark, sentence};
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Tx};
use platform::jobs::mail::{Mail, post};
use platform::journal::{Expected, Origin, history, record};
use platform::words::Words;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The longest note.
pub const NOTE_MAX: usize = 4_000;
/// Cases that one absence concerns at most.
const OWNED_MAX: i64 = 5_000;

fn shape(e: &ClockError) -> platform::db::Error {
    DbError::Shape(format!("a clock that gives no answer: {e}")).into()
}

/// What is promised about a report that comes in now. None without a policy in force; also none when
/// the promise cannot be worked out, because a report is taken whatever the policy says. The watchdog
/// finds the case then.
///
/// # Errors
/// When the database refuses.
pub fn at_filing(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
    now: Timestamp,
) -> Result<Option<Armed>> {
    let Some(plan) = crate::policy::store::in_force(conn, organisation)? else { return Ok(None) };
    match first(&plan, organisation, case, now) {
        Ok(armed) => Ok(Some(armed)),
        Err(e) => {
            tracing::error!(error = %e, %case, "nothing could be promised about a report");
            Ok(None)
        }
    }
}

fn first(
    plan: &Plan,
    organisation: PartyId,
    case: CaseId,
    now: Timestamp,
) -> std::result::Result<Armed, ClockError> {
    let facts = Facts::received(now);
    let promises = promises(plan, &facts)?;
    let next_at = agenda(plan, &facts, &promises, &Default::default(), now)?.wake(now);
    Ok(Armed { case, organisation, policy: plan.number, promises, next_at })
}

/// What is known of a case, from the log.
///
/// # Errors
/// When the database refuses.
pub fn facts_of(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<Facts> {
    let mut facts = Facts::default();
    let odd =
        |what: &str, e: serde_json::Error| DbError::Shape(format!("the payload of {what}: {e}"));
    for (entry, _, payload) in history(conn, &case.to_string())? {
        let Some(payload) = payload else { continue };
        let event: CaseEvent =
            serde_json::from_slice(&payload).map_err(|e| odd(&entry.id.to_string(), e))?;
        facts.case_event(entry.recorded_at, &event);
    }
    for (entry, _, payload) in history(conn, &book_of(case).to_string())? {
        let Some(payload) = payload else { continue };
        let event: ClockEvent =
            serde_json::from_slice(&payload).map_err(|e| odd(&entry.id.to_string(), e))?;
        facts.clock_event(entry.recorded_at, &event);
    }
    let absences = store::absences(conn, organisation, facts.received)?;
    facts.away = absences.into_iter().map(|a| (a.person, a.from, a.to)).collect();
    facts.recurrences = recurrence::recurrences(conn, organisation, case)?;
    Ok(facts)
}

/// A case with what its clocks say: for pages and for time.
#[derive(Debug)]
pub struct Read {
    /// The policy under which it came in.
    pub plan: Arc<Plan>,
    /// What is known of it.
    pub facts: Facts,
    /// What was on record.
    pub armed: Armed,
}

/// Reads a case's clocks; none when nothing was promised about it.
///
/// # Errors
/// When the database refuses.
pub fn read(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<Option<Read>> {
    let Some(armed) = store::armed(conn, case)?.filter(|a| a.organisation == organisation) else {
        return Ok(None);
    };
    let plan = crate::policy::store::plan(conn, organisation, armed.policy)?
        .ok_or_else(|| DbError::Shape(format!("policy {} of a case", armed.policy)))?;
    let facts = facts_of(conn, organisation, case)?;
    Ok(Some(Read { plan, facts, armed }))
}

fn note(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    case: CaseId,
    events: Vec<ClockEvent>,
) -> Result<()> {
    record(tx, env, origin, &book_of(case).to_string(), Expected::Any, events)?;
    Ok(())
}

/// Puts on record what is promised now, after something happened to a case. Nothing is recorded where
/// nothing changed.
///
/// # Errors
/// When the database refuses.
pub fn rearm(tx: &mut Tx<'_>, env: &mut Env, origin: &Origin, case: CaseId) -> Result<()> {
    let Some(read) = read(tx, origin.log, case)? else { return Ok(()) };
    let promises = promises(&read.plan, &read.facts).map_err(|e| shape(&e))?;
    let climbed = store::climbed_keys(tx, case)?;
    let agenda =
        agenda(&read.plan, &read.facts, &promises, &climbed, env.now()).map_err(|e| shape(&e))?;
    let armed = Armed { promises, next_at: agenda.wake(env.now()), ..read.armed.clone() };
    if armed == read.armed {
        return Ok(());
    }
    note(tx, env, origin, case, vec![armed.into()])
}

/// Climbs the rungs of a case whose time has come: those concerned are told, and it is on record that
/// they were. Returns how many were climbed. Called again it does nothing, because what was climbed is
/// on record in the same commit as the mail.
///
/// # Errors
/// When the database refuses.
pub fn climb(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<Escalate>,
    case: CaseId,
    base_url: &str,
) -> Result<usize> {
    let organisation = permit.owner();
    let Some(read) = read(tx, organisation, case)? else { return Ok(0) };
    let record_of = crate::store::case(tx, organisation, case)?.ok_or(Refusal::NotFound)?;
    let promises = promises(&read.plan, &read.facts).map_err(|e| shape(&e))?;
    let climbed = store::climbed_keys(tx, case)?;
    let agenda =
        agenda(&read.plan, &read.facts, &promises, &climbed, env.now()).map_err(|e| shape(&e))?;
    let people = people(tx, organisation, &record_of, env.now())?;
    let mut events = Vec::new();
    for planned in &agenda.due {
        let climbed = tell(tx, env, &read.plan, &record_of, &people, planned, base_url)?;
        events.push(RungClimbed { case, organisation, climbed, next_at: agenda.next }.into());
    }
    let armed = Armed { promises, next_at: agenda.next, ..read.armed.clone() };
    // What was climbed says itself when the case is looked at next.
    let told = !agenda.due.is_empty() && armed.promises == read.armed.promises;
    if armed != read.armed && !told {
        events.push(armed.into());
    }
    let origin = Origin::by(permit.actor(), organisation);
    note(tx, env, &origin, case, events)?;
    Ok(agenda.due.len())
}

fn people(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: &Case,
    now: Timestamp,
) -> Result<People> {
    let members = identity::store::people_of(conn, organisation)?
        .into_iter()
        .filter(|m| m.membership.state == identity::model::MemberState::Active)
        .map(|m| Member {
            person: m.profile.id,
            roles: m.membership.roles,
            email: m.profile.email.as_str().to_owned(),
        })
        .collect();
    let away = store::absences(conn, organisation, now)?
        .into_iter()
        .filter(|a| a.from <= now)
        .map(|a| (a.person, a.deputy))
        .collect();
    Ok(People { members, owner: case.owner, excluded: store::excluded(conn, case.id)?, away })
}

fn tell(
    tx: &mut Tx<'_>,
    env: &mut Env,
    plan: &Plan,
    case: &Case,
    people: &People,
    planned: &Planned,
    base_url: &str,
) -> Result<Climbed> {
    let (told, route) = route(planned, &plan.body.ladder, people);
    let addresses = people.members.iter().filter(|m| told.people.contains(&m.person));
    let to: Vec<String> =
        addresses.map(|m| m.email.clone()).chain(told.addresses.iter().cloned()).collect();
    let w = Words::english();
    for address in to {
        // Says which case and which promise, and nothing of what was reported.
        let due = planned.due_at.map(|at| w.t1("clocks-mail-due", "due", w.moment_utc(at)));
        let due = due.unwrap_or_default();
        let mail = Mail {
            to: address.clone(),
            subject: w.t2(
                "clocks-mail-subject",
                "number",
                &case.tracking_number,
                "why",
                &planned.why,
            ),
            text: w.ta(
                "clocks-mail-text",
                &[
                    ("number", case.tracking_number.as_str().into()),
                    ("why", planned.why.as_str().into()),
                    ("due", due.into()),
                    ("link", format!("{base_url}/cases/{}", case.id).into()),
                ],
            ),
        };
        let rung = format!("{} {} {address}", planned.key.0, plan.number);
        let key = format!("clocks:{}:{}", case.id, hex::encode(Sha256::digest(rung.as_bytes())));
        // Who reads it a week later looks at the overdue cases anyway.
        let until = env.now().plus_seconds(7 * 86_400);
        post(tx, env, Some(case.organisation), &key, &mail, Some(until))?;
    }
    Ok(Climbed {
        planned: planned.clone(),
        told: told.people.into_iter().collect(),
        addresses: told.addresses.into_iter().collect(),
        left_out: told.left_out.into_iter().collect(),
        route,
    })
}

fn open_read(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<Read> {
    let found = crate::store::case(conn, organisation, case)?.ok_or(Refusal::NotFound)?;
    if found.state.is_concluded() {
        return Err(Refusal::state("This case is concluded; its clocks no longer run.").into());
    }
    Ok(read(conn, organisation, case)?.ok_or_else(|| {
        Refusal::state(
            "No policy was in force when this case came in, so nothing is promised about it.",
        )
    })?)
}

/// Lets the clocks that may stand still do so, for a reason on the policy's list.
///
/// # Errors
/// [`Refusal::State`] when they stand still already, [`Refusal::Input`] when the reason is not listed.
pub fn pause(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepClocks>,
    case: CaseId,
    (reason, why): (&str, &str),
) -> Result<()> {
    let read = open_read(tx, permit.owner(), case)?;
    let stands = read.facts.pauses.last().is_some_and(|p| p.to.is_none());
    if stands {
        return Err(Refusal::state("The clocks of this case stand still already.").into());
    }
    let most = read.plan.pause(reason).ok_or_else(|| {
        Refusal::field("reason", "Choose one of the reasons that the policy lists.")
    })?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let note_text = sentence("note", why, NOTE_MAX)?;
    let event = Paused { case, reason: reason.to_owned(), most, note: note_text };
    note(tx, env, &origin, case, vec![event.into()])?;
    rearm(tx, env, &origin, case)
}

/// Lets them run again.
///
/// # Errors
/// [`Refusal::State`] when they do.
pub fn resume(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepClocks>,
    case: CaseId,
) -> Result<()> {
    let read = open_read(tx, permit.owner(), case)?;
    if read.facts.pauses.last().is_none_or(|p| p.to.is_some()) {
        return Err(Refusal::state("The clocks of this case run.").into());
    }
    let origin = Origin::by(permit.actor(), permit.owner());
    note(tx, env, &origin, case, vec![Resumed { case }.into()])?;
    rearm(tx, env, &origin, case)
}

/// Flags a case.
///
/// # Errors
/// As [`pause`].
pub fn flag(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ExcludePeople>,
    case: CaseId,
    flag: Flag,
    text: &str,
) -> Result<()> {
    open_read(tx, permit.owner(), case)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let event = FlagSet { case, flag, note: remark("note", text, NOTE_MAX)? };
    note(tx, env, &origin, case, vec![event.into()])?;
    rearm(tx, env, &origin, case)
}

/// Keeps somebody out of a case that concerns them.
///
/// # Errors
/// [`Refusal::Input`] when they are not a member of the organisation.
pub fn exclude(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ExcludePeople>,
    case: CaseId,
    person: PersonId,
    reason: &str,
) -> Result<()> {
    crate::store::case(tx, permit.owner(), case)?.ok_or(Refusal::NotFound)?;
    identity::store::member(tx, permit.owner(), person)?
        .ok_or_else(|| Refusal::field("person", "Choose somebody of your organisation."))?;
    let reason = sentence("reason", reason, NOTE_MAX)?;
    let event = PersonExcluded { case, organisation: permit.owner(), person, reason };
    let origin = Origin::by(permit.actor(), permit.owner());
    note(tx, env, &origin, case, vec![event.into()])
}

/// Starts the clock of a duty.
///
/// # Errors
/// [`Refusal::State`] when it runs already, [`Refusal::Input`] when its start lies in the future.
pub fn start_duty(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepClocks>,
    duty: DutyStarted,
) -> Result<()> {
    let read = open_read(tx, permit.owner(), duty.case)?;
    if read.facts.duties.iter().any(|d| d.duty.duty == duty.duty && d.ended_at.is_none()) {
        return Err(Refusal::state("The clock of this duty runs already.").into());
    }
    if duty.from > env.now() {
        return Err(Refusal::field("from", "This lies in the future. When did it happen?").into());
    }
    let case = duty.case;
    let duty = DutyStarted { evidence: sentence("evidence", &duty.evidence, NOTE_MAX)?, ..duty };
    let origin = Origin::by(permit.actor(), permit.owner());
    note(tx, env, &origin, case, vec![duty.into()])?;
    rearm(tx, env, &origin, case)
}

/// Ends the clock of a duty.
///
/// # Errors
/// [`Refusal::State`] when it does not run.
pub fn end_duty(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepClocks>,
    case: CaseId,
    duty: &str,
    text: &str,
) -> Result<()> {
    let read = open_read(tx, permit.owner(), case)?;
    if !read.facts.duties.iter().any(|d| d.duty.duty == duty && d.ended_at.is_none()) {
        return Err(Refusal::state("No clock of this duty runs.").into());
    }
    let note_text = sentence("note", text, NOTE_MAX)?;
    let event = DutyEnded { case, duty: duty.to_owned(), at: env.now(), note: note_text };
    let origin = Origin::by(permit.actor(), permit.owner());
    note(tx, env, &origin, case, vec![event.into()])?;
    rearm(tx, env, &origin, case)
}

/// An absence as stated.
#[derive(Debug, Clone, Copy)]
pub struct AbsenceInput {
    /// Who.
    pub person: PersonId,
    /// Who stands in.
    pub deputy: Option<PersonId>,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

/// States that somebody is away.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn state_absence(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<StateAbsence>,
    input: AbsenceInput,
) -> Result<AbsenceId> {
    let AbsenceInput { person, deputy, from, to } = input;
    if to <= from || to <= env.now() {
        return Err(Refusal::field("to", "The end lies after the start, and in the future.").into());
    }
    if deputy == Some(person) {
        return Err(Refusal::field("deputy", "Nobody stands in for themselves.").into());
    }
    for (who, field) in [(Some(person), "person"), (deputy, "deputy")] {
        let Some(who) = who else { continue };
        identity::store::member(tx, permit.owner(), who)?
            .ok_or_else(|| Refusal::field(field, "Choose somebody of your organisation."))?;
    }
    let id: AbsenceId = env.id();
    let event = Absence { id, organisation: permit.owner(), person, deputy, from, to };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![ClockEvent::from(event)])?;
    for case in store::cases_of_owner(tx, permit.owner(), person, OWNED_MAX)? {
        rearm(tx, env, &origin, case)?;
    }
    Ok(id)
}

/// Ends an absence early.
///
/// # Errors
/// [`Refusal::State`] when it is over.
pub fn end_absence(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<StateAbsence>,
    id: AbsenceId,
) -> Result<()> {
    let absence = store::absence(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if absence.to <= env.now() {
        return Err(Refusal::state("This absence is over.").into());
    }
    let origin = Origin::by(permit.actor(), permit.owner());
    let event = ClockEvent::from(AbsenceEnded { id, at: env.now() });
    record(tx, env, &origin, &id.to_string(), Expected::Any, vec![event])?;
    for case in store::cases_of_owner(tx, permit.owner(), absence.person, OWNED_MAX)? {
        rearm(tx, env, &origin, case)?;
    }
    Ok(())
}
