//! Commands of the firm: plan, write down, follow up, corroborate, conclude.

use super::events::{
    EntryAdded, FollowUpDone, InquiryEvent, ProcedureCancelled, ProcedureConcluded,
    ProcedurePlanned,
};
use super::model::{
    Agreed, Asked, Entry, InquiryId, KeptEntry, Outcome, Plan, Procedure, ProcedureKind,
    ProcedureState, Support,
};
use super::permits::HoldInquiries;
use super::rules::{Work, supports};
use super::store;
use crate::model::File;
use crate::store::{Papers, file_of};
use cases::surveys::rules::bank;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, remark, sentence};
use platform::db::{Conn, Result, Tx};
use platform::journal::{Expected, Origin, record};
use std::collections::BTreeSet;

/// The longest text.
pub const TEXT_MAX: usize = 4_000;
/// The longest name.
pub const NAME_MAX: usize = 200;
/// Questions, people, controls or tests of one procedure at most.
pub const LINKS_MAX: usize = 60;
/// Entries of one procedure at most.
pub const ENTRIES_MAX: usize = 500;

fn write<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    (id, expected): (InquiryId, Expected),
    event: InquiryEvent,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), file_of(permit.facts())?.firm);
    record(tx, env, &origin, &id.to_string(), expected, vec![event])?;
    Ok(())
}

fn load(tx: &mut Tx<'_>, file: File, id: InquiryId) -> Result<Procedure> {
    let procedure = store::procedure(tx, file, id)?.ok_or(Refusal::NotFound)?;
    match procedure.state {
        ProcedureState::Concluded => Err(Refusal::state(
            "This procedure is concluded. Plan another one for what is still to be found out.",
        )
        .into()),
        ProcedureState::Cancelled => {
            Err(Refusal::state("This procedure was called off. Plan another one.").into())
        }
        ProcedureState::Planned | ProcedureState::Held => Ok(procedure),
    }
}

/// Whether the organisation consents to something now.
fn consented(conn: &mut Conn<'_>, file: File, what: Agreed) -> Result<bool> {
    let engagement = scope::store::engagement(conn, file.engagement)?.ok_or(Refusal::NotFound)?;
    let all = store::consents(conn, engagement.organisation, file.engagement)?;
    Ok(all.iter().any(|c| c.what == what && c.holds()))
}

fn no_consent() -> Refusal {
    Refusal::state(
        "The organisation has not consented to user entities being asked. Ask it for its consent; it gives it on its page of appointments.",
    )
}

fn asked(given: &[Asked]) -> Result<Vec<Asked>, Refusal> {
    given
        .iter()
        .map(|a| {
            Ok(Asked {
                name: line("name", &a.name, NAME_MAX)?,
                function: line("function", &a.function, NAME_MAX)?,
                tenure: a.tenure,
                reason: sentence("why", &a.reason, TEXT_MAX)?,
            })
        })
        .collect()
}

fn checked(conn: &mut Conn<'_>, file: File, plan: &Plan) -> Result<Plan> {
    let counts = [
        plan.controls.len(),
        plan.tests.len(),
        plan.asked.len(),
        plan.questions.len(),
        plan.own.len(),
    ];
    if counts.iter().any(|n| *n > LINKS_MAX) {
        return Err(Refusal::input(format!(
            "At most {LINKS_MAX} controls, tests, people and questions each."
        ))
        .into());
    }
    let papers = Papers::load(conn, file.engagement)?;
    if plan.controls.iter().any(|id| papers.control(*id).is_none())
        || plan.tests.iter().any(|id| !papers.tests.iter().any(|t| t.id == *id))
    {
        return Err(Refusal::NotFound.into());
    }
    if plan.kind == ProcedureKind::Walkthrough && plan.controls.is_empty() {
        return Err(Refusal::field(
            "controls",
            "A walkthrough traces a control from end to end. Choose the control.",
        )
        .into());
    }
    if plan.kind != ProcedureKind::Survey && plan.asked.is_empty() {
        return Err(Refusal::field("name", "Name whom you meet, and why you chose them.").into());
    }
    if plan.questions.iter().any(|id| bank::question(id).is_none()) {
        return Err(Refusal::field("questions", "Choose questions of the bank.").into());
    }
    if plan.kind == ProcedureKind::Survey && !consented(conn, file, Agreed::UserEntities)? {
        return Err(no_consent().into());
    }
    let own = plan.own.iter().map(|q| line("own", q, 1_000)).collect::<Result<Vec<_>, _>>()?;
    if plan.kind != ProcedureKind::Observation && plan.questions.is_empty() && own.is_empty() {
        return Err(Refusal::field("questions", "Choose or write at least one question.").into());
    }
    let unique: BTreeSet<_> = plan.controls.iter().copied().collect();
    let tests: BTreeSet<_> = plan.tests.iter().copied().collect();
    Ok(Plan {
        kind: plan.kind,
        title: line("title", &plan.title, NAME_MAX)?,
        purpose: sentence("purpose", &plan.purpose, TEXT_MAX)?,
        controls: unique.into_iter().collect(),
        tests: tests.into_iter().collect(),
        asked: asked(&plan.asked)?,
        questions: plan.questions.clone(),
        own,
    })
}

/// Plans a procedure: a new one, or with `change` one that is not concluded at the version that was seen.
///
/// # Errors
/// [`Refusal::Input`] naming the field; [`Refusal::State`] for a survey without consent; [`Refusal::NotFound`].
pub fn plan(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HoldInquiries>,
    change: Option<(InquiryId, i64)>,
    input: &Plan,
) -> Result<InquiryId> {
    let file = file_of(permit.facts())?;
    let plan = checked(tx, file, input)?;
    let (id, expected) = match change {
        Some((id, version)) => {
            let before = load(tx, file, id)?;
            if before.plan.kind != plan.kind {
                return Err(Refusal::field(
                    "kind",
                    "What is done stays what it was planned as. Plan another procedure.",
                )
                .into());
            }
            (id, Expected::Version(version))
        }
        None => (env.id(), Expected::New),
    };
    let event = ProcedurePlanned { id, engagement: file.engagement, plan };
    write(tx, env, permit, (id, expected), event.into())?;
    Ok(id)
}

fn checked_entry(env: &Env, entry: &Entry) -> Result<Entry, Refusal> {
    let date = |field: &'static str, text: &str| {
        kernel::period::parse_date(text.trim())
            .map(|d| d.to_string())
            .map_err(|_| Refusal::field(field, "Give a date such as 2026-06-30."))
    };
    Ok(match entry {
        Entry::Answer { question, who, role, at, answer } => {
            if *at > env.now() {
                return Err(Refusal::field("at", "Nothing can have been said in the future."));
            }
            Entry::Answer {
                question: line("question", question, 1_000)?,
                who: line("who", who, NAME_MAX)?,
                role: line("role", role, NAME_MAX)?,
                at: *at,
                answer: sentence("answer", answer, TEXT_MAX)?,
            }
        }
        Entry::Session { on, place, present, seen } => {
            let on = date("on", on)?;
            if on > env.now().to_rfc3339().chars().take(10).collect::<String>() {
                return Err(Refusal::field("on", "Nothing can have been watched in the future."));
            }
            Entry::Session {
                on,
                place: line("place", place, NAME_MAX)?,
                present: line("present", present, NAME_MAX)?,
                seen: sentence("seen", seen, TEXT_MAX)?,
            }
        }
        Entry::FollowUp { what, due } => {
            Entry::FollowUp { what: sentence("what", what, TEXT_MAX)?, due: date("due", due)? }
        }
        Entry::Corroboration { by, found, evidence } => {
            let lines: Vec<&str> =
                evidence.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
            if lines.is_empty() || lines.len() > LINKS_MAX {
                return Err(Refusal::field(
                    "evidence",
                    "Say what shows this: the id of an item of evidence, a page, or a document by its name.",
                ));
            }
            let evidence =
                lines.into_iter().map(|l| line("evidence", l, 300)).collect::<Result<_, _>>()?;
            Entry::Corroboration { by: *by, found: sentence("found", found, TEXT_MAX)?, evidence }
        }
    })
}

/// Writes down what a procedure gave.
///
/// # Errors
/// As [`plan`]; [`Refusal::State`] once it is concluded, or where a survey has no consent any more.
pub fn add(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HoldInquiries>,
    (id, version): (InquiryId, i64),
    input: &Entry,
) -> Result<i64> {
    let file = file_of(permit.facts())?;
    let procedure = load(tx, file, id)?;
    if procedure.plan.kind == ProcedureKind::Survey && !consented(tx, file, Agreed::UserEntities)? {
        return Err(no_consent().into());
    }
    if matches!(input, Entry::Session { .. })
        && !matches!(procedure.plan.kind, ProcedureKind::Observation | ProcedureKind::Walkthrough)
    {
        return Err(Refusal::input(
            "Only observations and walkthroughs have sessions. Write down an answer.",
        )
        .into());
    }
    let before = store::entries(tx, file, id)?.len();
    if before >= ENTRIES_MAX {
        return Err(
            Refusal::state("This procedure holds as much as it can. Plan another one.").into()
        );
    }
    let number = i64::try_from(before).unwrap_or(i64::MAX).saturating_add(1);
    let entry = checked_entry(env, input)?;
    let event = EntryAdded { engagement: file.engagement, number, entry };
    write(tx, env, permit, (id, Expected::Version(version)), event.into())?;
    Ok(number)
}

/// Says what came of something left to do.
///
/// # Errors
/// As [`add`]; [`Refusal::State`] when it is done already.
pub fn follow_up(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HoldInquiries>,
    (id, version): (InquiryId, i64),
    (number, outcome): (i64, &str),
) -> Result<()> {
    let file = file_of(permit.facts())?;
    load(tx, file, id)?;
    let all = store::entries(tx, file, id)?;
    let one = all
        .iter()
        .find(|e| e.number == number && matches!(e.entry, Entry::FollowUp { .. }))
        .ok_or(Refusal::NotFound)?;
    if one.outcome.is_some() {
        return Err(Refusal::state("This is done already.").into());
    }
    let event = FollowUpDone { number, outcome: sentence("outcome", outcome, TEXT_MAX)? };
    write(tx, env, permit, (id, Expected::Version(version)), event.into())
}

/// What a procedure's entries amount to.
#[must_use]
pub fn work(procedure: &Procedure, entries: &[KeptEntry]) -> Work {
    Work::of(procedure.plan.kind, entries.iter().map(|e| &e.entry))
}

/// Concludes a procedure. It is refused where what was done does not support what it is used for, and while
/// something is left to be done.
///
/// # Errors
/// [`Refusal::State`] with what is missing; otherwise as [`add`].
pub fn conclude(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HoldInquiries>,
    (id, version): (InquiryId, i64),
    (support, text): (Support, &str),
) -> Result<()> {
    let file = file_of(permit.facts())?;
    let procedure = load(tx, file, id)?;
    let entries = store::entries(tx, file, id)?;
    let open = entries
        .iter()
        .filter(|e| matches!(e.entry, Entry::FollowUp { .. }) && e.outcome.is_none())
        .count();
    if open > 0 {
        return Err(Refusal::state(format!(
            "{open} of its follow-ups are open. Say of each what came of it, then conclude."
        ))
        .into());
    }
    supports(&work(&procedure, &entries), support)
        .map_err(|lack| Refusal::state(lack.to_string()))?;
    let outcome = Outcome { support, text: sentence("text", text, TEXT_MAX)? };
    write(tx, env, permit, (id, Expected::Version(version)), ProcedureConcluded { outcome }.into())
}

/// Calls a procedure off.
///
/// # Errors
/// As [`add`].
pub fn cancel(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HoldInquiries>,
    (id, version): (InquiryId, i64),
    reason: &str,
) -> Result<()> {
    let file = file_of(permit.facts())?;
    load(tx, file, id)?;
    let reason = remark("reason", reason, TEXT_MAX)?;
    if reason.is_empty() {
        return Err(Refusal::field("reason", "Say why it is called off.").into());
    }
    write(tx, env, permit, (id, Expected::Version(version)), ProcedureCancelled { reason }.into())
}
