//! Commands: permit, load, decide, record.

use super::events::{
    ActionChecked, ActionDone, ActionPlanned, CasesLinked, CasesUnlinked, FindingLinked,
    NoticeDecided, NoticeSent, PrivilegedNoted, TaskDone, TaskSet, WorkEvent,
};
use super::model::{
    ActionId, ActionKind, Check, FindingId, FindingKind, LinkId, NoticeId, NoticeText,
    PrivilegedId, PrivilegedNote, Relation, Sent, TaskId,
};
use super::permits::{DecideNotice, KeepPrivileged};
use super::rules::letters;
use super::store;
use crate::clocks::events::DutyStarted;
use crate::clocks::permits::KeepClocks;
use crate::clocks::service::{self as clocks, NOTE_MAX};
use crate::model::{Case, CaseId};
use crate::permits::HandleCase;
use crate::service::TEXT_MAX;
use crate::service::casework::{date, past_date};
use controls::model::{ControlId, GapId};
use controls::permits::ManageGaps;
use controls::risks::model::{DeficiencyId, DeficiencyText, RiskId, RiskText};
use controls::risks::permits::ManageRisks;
use controls::service::GapInput;
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::permit::{Permit, authorize};
use kernel::refusal::{Refusal, line, remark, sentence};
use kernel::time::Timestamp;
use platform::db::{Conn, Error, Result, Tx};
use platform::journal::{Expected, Origin, record};

/// The longest title.
pub const TITLE_MAX: usize = 200;
/// The most tasks, actions, decisions and links of one case.
const EACH_MAX: usize = 500;

fn load(conn: &mut Conn<'_>, owner: PartyId, id: CaseId) -> Result<Case> {
    Ok(crate::store::case(conn, owner, id)?.ok_or(Refusal::NotFound)?)
}

fn open(conn: &mut Conn<'_>, owner: PartyId, id: CaseId) -> Result<Case> {
    let case = load(conn, owner, id)?;
    if case.state.is_concluded() {
        return Err(Refusal::state(
            "This case is concluded. If it comes up again, open a new case and link the two.",
        )
        .into());
    }
    Ok(case)
}

fn few(n: usize) -> Result<()> {
    if n >= EACH_MAX {
        return Err(Refusal::state(format!(
            "One case holds at most {EACH_MAX} of these. Is it more than one case?"
        ))
        .into());
    }
    Ok(())
}

fn write<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    subject: &str,
    expected: Expected,
    event: impl Into<WorkEvent>,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, subject, expected, vec![event.into()])?;
    Ok(())
}

/// Sets a task.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when the case is concluded, [`Refusal::Input`].
pub fn set_task(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    case: CaseId,
    (title, owner, due): (&str, Option<PersonId>, &str),
) -> Result<TaskId> {
    open(tx, permit.owner(), case)?;
    few(store::tasks(tx, permit.owner(), case)?.len())?;
    identity::service::answers_for(tx, permit.owner(), owner, "owner")?;
    let event = TaskSet {
        id: env.id(),
        case,
        title: line("title", title, TITLE_MAX)?,
        owner,
        due: date("due", due)?,
    };
    let id = event.id;
    write(tx, env, permit, &id.to_string(), Expected::New, event)?;
    Ok(id)
}

/// A task is done.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`] when it was done already.
pub fn finish_task(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: TaskId,
    version: i64,
    what: &str,
) -> Result<()> {
    let task = store::task(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if task.done.is_some() {
        return Err(Refusal::state("This task is done already.").into());
    }
    let what = sentence("done", what, TEXT_MAX)?;
    write(tx, env, permit, &id.to_string(), Expected::Version(version), TaskDone { what })
}

/// An action as planned.
#[derive(Debug, Clone)]
pub struct ActionInput {
    /// What it is for.
    pub kind: ActionKind,
    /// What.
    pub what: String,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// Until which date.
    pub due: String,
    /// The control that it mends or adds.
    pub control: Option<ControlId>,
}

/// Plans a corrective or preventive action.
///
/// # Errors
/// As [`set_task`]; an action needs an owner.
pub fn plan_action(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    case: CaseId,
    input: &ActionInput,
) -> Result<ActionId> {
    let party = permit.owner();
    open(tx, party, case)?;
    few(store::actions(tx, party, case)?.len())?;
    if input.owner.is_none() {
        return Err(Refusal::field("owner", "Choose who answers for this action.").into());
    }
    identity::service::answers_for(tx, party, input.owner, "owner")?;
    if let Some(control) = input.control
        && controls::store::control(tx, party, control)?.is_none()
    {
        return Err(Refusal::field("control", "Choose from your own register.").into());
    }
    let event = ActionPlanned {
        id: env.id(),
        case,
        kind: input.kind,
        what: sentence("what", &input.what, TEXT_MAX)?,
        owner: input.owner,
        due: date("due", &input.due)?,
        control: input.control,
    };
    let id = event.id;
    write(tx, env, permit, &id.to_string(), Expected::New, event)?;
    Ok(id)
}

/// An action was carried out, and works from a date on. Where an earlier attempt had no effect, this is
/// the next one, and has to be checked anew.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`] when it works already.
pub fn finish_action(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: ActionId,
    version: i64,
    (what, effective_on): (&str, &str),
) -> Result<()> {
    let action = store::action(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    let failed = action.check.as_ref().is_some_and(|check| !check.effective);
    if action.done.is_some() && !failed {
        return Err(Refusal::state("This action is done already; check its effect.").into());
    }
    let event = ActionDone {
        what: sentence("done", what, TEXT_MAX)?,
        effective_on: date("effective_on", effective_on)?,
    };
    write(tx, env, permit, &id.to_string(), Expected::Version(version), event)
}

/// The effect of an action as checked.
#[derive(Debug, Clone)]
pub struct CheckInput {
    /// Whether it is effective.
    pub effective: bool,
    /// On which date it was checked.
    pub on: String,
    /// How.
    pub how: String,
    /// What was seen.
    pub result: String,
}

/// Checks whether an action has the effect that it was planned for. Nobody checks their own.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`] before it was done, or when the owner
/// checks; [`Refusal::Input`].
pub fn check_action(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: ActionId,
    version: i64,
    input: &CheckInput,
) -> Result<()> {
    let action = store::action(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    let by = permit.person().ok_or(Refusal::NotFound)?;
    let Some(effective_on) = action.effective_on.as_deref().filter(|_| action.done.is_some())
    else {
        return Err(Refusal::state("Record first that the action is done.").into());
    };
    if action.owner == Some(by) {
        return Err(Refusal::state(
            "Who answers for an action does not check its effect. Ask somebody else.",
        )
        .into());
    }
    let on = past_date("on", &input.on, env)?;
    if on.as_str() < effective_on {
        return Err(Refusal::field(
            "on",
            format!("The action works from {effective_on} on. Check it after that date."),
        )
        .into());
    }
    let check = Check {
        effective: input.effective,
        by,
        on,
        how: sentence("how", &input.how, TEXT_MAX)?,
        result: sentence("result", &input.result, TEXT_MAX)?,
    };
    write(tx, env, permit, &id.to_string(), Expected::Version(version), ActionChecked { check })
}

/// Decides whether somebody must be notified.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Input`]: a duty needs a date by which it is met.
pub fn decide_notice(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DecideNotice>,
    case: CaseId,
    input: &NoticeText,
) -> Result<NoticeId> {
    load(tx, permit.owner(), case)?;
    few(store::notices(tx, permit.owner(), case)?.len())?;
    if input.duty && input.due_at.is_none() {
        return Err(Refusal::field("due_at", "By when must they be notified? State it.").into());
    }
    if !input.regime.is_empty() && letters::regime(&input.regime).is_none() {
        return Err(Refusal::field("regime", "Choose a regime of the list, or none.").into());
    }
    let text = NoticeText {
        to: input.to,
        regime: input.regime.clone(),
        reference: line("reference", &input.reference, TITLE_MAX)?,
        duty: input.duty,
        reason: sentence("reason", &input.reason, TEXT_MAX)?,
        due_at: input.due_at.filter(|_| input.duty),
    };
    let event = NoticeDecided { id: env.id(), case, text };
    let (id, text) = (event.id, event.text.clone());
    write(tx, env, permit, &id.to_string(), Expected::New, event)?;
    start_clock(tx, env, permit, case, &text)?;
    Ok(id)
}

/// A refusal because of the state means that the clock stands as it should already.
fn as_it_should(done: Result<()>) -> Result<()> {
    match done {
        Err(Error::Refused(Refusal::State(_))) => Ok(()),
        other => other,
    }
}

/// Starts the clock of a duty that was found to exist, where its law states a time and its milestone is
/// stated.
fn start_clock(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DecideNotice>,
    case: CaseId,
    text: &NoticeText,
) -> Result<()> {
    let regime = letters::regime(&text.regime).filter(|_| text.duty);
    let Some((regime, target)) = regime.and_then(|r| Some((r, r.target?))) else { return Ok(()) };
    let facts = crate::store::facts(tx, permit.owner(), case)?;
    let Some(fact) = facts.into_iter().find(|f| f.what == regime.starts) else { return Ok(()) };
    let keeps = authorize::<KeepClocks>(permit.actor(), permit.facts())?;
    let duty = DutyStarted {
        case,
        duty: regime.code.clone(),
        target,
        reference: text.reference.clone(),
        starts: regime.starts.word().to_owned(),
        from: fact.at,
        evidence: fact.evidence.chars().take(NOTE_MAX).collect(),
    };
    as_it_should(crate::clocks::service::start_duty(tx, env, &keeps, duty))
}

/// A person sent the notice.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`] when there is no duty or it was sent,
/// [`Refusal::Input`] for a time in the future.
pub fn sent_notice(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DecideNotice>,
    id: NoticeId,
    version: i64,
    (at, how): (Timestamp, &str),
) -> Result<()> {
    let notice = store::notice(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if !notice.text.duty {
        return Err(Refusal::state("It was decided that nobody need be notified here.").into());
    }
    if notice.sent.is_some() {
        return Err(Refusal::state("This notice was sent already.").into());
    }
    if at > env.now() {
        return Err(Refusal::field("at", "This lies in the future. Write when it was sent.").into());
    }
    let sent = Sent { at, how: sentence("how", how, TEXT_MAX)? };
    let (case, regime, how) = (notice.case, notice.text.regime, sent.how.clone());
    write(tx, env, permit, &id.to_string(), Expected::Version(version), NoticeSent { sent })?;
    if regime.is_empty() {
        return Ok(());
    }
    let keeps = authorize::<KeepClocks>(permit.actor(), permit.facts())?;
    let note: String = how.chars().take(500).collect();
    as_it_should(crate::clocks::service::end_duty(tx, env, &keeps, case, &regime, &note))
}

/// Links two cases of the organisation.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Input`]: no such number, the case itself, the same link again.
pub fn link_cases(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    case: CaseId,
    (number, relation, reason): (&str, Relation, &str),
) -> Result<LinkId> {
    let party = permit.owner();
    load(tx, party, case)?;
    let number = number.trim().to_uppercase();
    let other = crate::store::by_number(tx, party, &number)?.map(|other| other.id);
    // Whom the other report concerns does not learn here that there is one.
    let hidden = match (other, permit.person()) {
        (Some(other), Some(me)) => crate::store::kept_out(tx, other, me)?,
        _ => false,
    };
    let other = other
        .filter(|_| !hidden)
        .ok_or_else(|| Refusal::field("number", "No case has this tracking number."))?;
    if other == case {
        return Err(Refusal::field("number", "This is the number of the case itself.").into());
    }
    let links = store::links(tx, party, case)?;
    few(links.len())?;
    if links.iter().any(|l| l.relation == relation && (l.case == other || l.other == other)) {
        return Err(Refusal::field("number", "The two cases are linked like this already.").into());
    }
    let event = CasesLinked {
        id: env.id(),
        case,
        other,
        relation,
        reason: sentence("reason", reason, TEXT_MAX)?,
    };
    let id = event.id;
    write(tx, env, permit, &id.to_string(), Expected::New, event)?;
    if relation == Relation::RecurrenceOf {
        let matter = clocks::matter(tx, party, case)?;
        clocks::rearm_all(tx, env, &Origin::by(permit.actor(), party), &matter)?;
    }
    Ok(id)
}

/// Takes a link away. It stays on record.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`].
pub fn unlink(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: LinkId,
    version: i64,
    reason: &str,
) -> Result<()> {
    let link = store::link(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    let reason = sentence("reason", reason, TEXT_MAX)?;
    let matter = clocks::matter(tx, permit.owner(), link.case)?;
    write(tx, env, permit, &id.to_string(), Expected::Version(version), CasesUnlinked { reason })?;
    if link.relation == Relation::RecurrenceOf {
        clocks::rearm_all(tx, env, &Origin::by(permit.actor(), permit.owner()), &matter)?;
    }
    Ok(())
}

/// Writes a privileged note.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Input`].
pub fn note_privileged(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPrivileged>,
    case: CaseId,
    text: &str,
) -> Result<PrivilegedId> {
    load(tx, permit.owner(), case)?;
    let event =
        PrivilegedNoted { id: env.id(), case, text: sentence("privileged", text, TEXT_MAX)? };
    let id = event.id;
    write(tx, env, permit, &id.to_string(), Expected::New, event)?;
    Ok(id)
}

/// The privileged notes of a case.
///
/// # Errors
/// [`Refusal::NotFound`], or when the database refuses.
pub fn privileged_notes(
    conn: &mut Conn<'_>,
    permit: &Permit<KeepPrivileged>,
    case: CaseId,
) -> Result<Vec<PrivilegedNote>> {
    load(conn, permit.owner(), case)?;
    store::privileged(conn, permit.owner(), case)
}

/// Where in the room of controls a finding of a case is said to come from.
fn origin(case: &Case) -> controls::risks::model::Origin {
    controls::risks::model::Origin {
        reference: case.id.to_string(),
        label: case.tracking_number.clone(),
    }
}

fn link_finding(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    case: CaseId,
    (kind, reference, reason): (FindingKind, String, &str),
) -> Result<FindingId> {
    let reason = remark("reason", reason, TEXT_MAX)?;
    let event = FindingLinked { id: env.id(), case, kind, reference, reason };
    let id = event.id;
    write(tx, env, permit, &id.to_string(), Expected::New, event)?;
    Ok(id)
}

/// Opens a risk from a case, or changes one because of it: the risk and the link, or neither.
///
/// # Errors
/// As [`controls::risks::service::state_risk`]; [`Refusal::NotFound`] when there is no such case.
pub fn raise_risk(
    tx: &mut Tx<'_>,
    env: &mut Env,
    (permit, risks): (&Permit<HandleCase>, &Permit<ManageRisks>),
    case: CaseId,
    change: Option<(RiskId, i64)>,
    (text, reason): (&RiskText, &str),
) -> Result<RiskId> {
    let loaded = load(tx, permit.owner(), case)?;
    few(store::findings(tx, permit.owner(), case)?.len())?;
    let change = change.map(|(id, version)| (id, version, reason));
    let origin = origin(&loaded);
    let id = controls::risks::service::state_risk(tx, env, risks, change, (text, &origin))?;
    link_finding(tx, env, permit, case, (FindingKind::Risk, id.to_string(), reason))?;
    Ok(id)
}

/// Opens a deficiency from a case that showed that a control failed (CC4.2).
///
/// # Errors
/// As [`controls::risks::service::open_deficiency`]; [`Refusal::NotFound`] when there is no such case.
pub fn open_deficiency(
    tx: &mut Tx<'_>,
    env: &mut Env,
    (permit, risks): (&Permit<HandleCase>, &Permit<ManageRisks>),
    case: CaseId,
    text: &DeficiencyText,
) -> Result<DeficiencyId> {
    let loaded = load(tx, permit.owner(), case)?;
    few(store::findings(tx, permit.owner(), case)?.len())?;
    let origin = origin(&loaded);
    let id = controls::risks::service::open_deficiency(tx, env, risks, (text, &origin))?;
    let link = (FindingKind::Deficiency, id.to_string(), text.finding.as_str());
    link_finding(tx, env, permit, case, link)?;
    Ok(id)
}

/// Opens a gap from a case that showed that a control is missing.
///
/// # Errors
/// As [`controls::service::open_gap`]; [`Refusal::NotFound`] when there is no such case.
pub fn open_gap(
    tx: &mut Tx<'_>,
    env: &mut Env,
    (permit, gaps): (&Permit<HandleCase>, &Permit<ManageGaps>),
    case: CaseId,
    input: &GapInput,
) -> Result<GapId> {
    let loaded = load(tx, permit.owner(), case)?;
    few(store::findings(tx, permit.owner(), case)?.len())?;
    let input = GapInput { origin: origin(&loaded), ..input.clone() };
    let id = controls::service::open_gap(tx, env, gaps, &input)?;
    let link = (FindingKind::Gap, id.to_string(), input.finding.as_str());
    link_finding(tx, env, permit, case, link)?;
    Ok(id)
}
