//! Commands of work on a case: a judgement changed, facts, what was touched, cause, review, correction.

use super::{TEXT_MAX, inside_key, load, note_event, open, say};
use crate::events::{
    CaseReopened, CauseStated, EntryCorrected, FactStated, ImpactStated, MessageSent, ReviewHeld,
    SeverityChanged,
};
use crate::model::casework::{Fact, Impact, MessagePurpose, Review, RootCause};
use crate::model::{Case, CaseId, CaseState, Severity};
use crate::permits::HandleCase;
use crate::store;
use kernel::env::Env;
use kernel::ids::EventId;
use kernel::period::parse_date;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, remark, sentence};
use platform::db::{Conn, Result, Tx};
use platform::jobs::{NewJob, enqueue, mail};
use platform::journal::{Expected, Origin, history};
use platform::words::Words;
use std::collections::BTreeSet;

/// The most steps of a root cause analysis, and the most people in a review.
pub const STEPS_MAX: usize = 40;

/// Decides severity, or whether it is an incident, anew. The earlier decision stays on record.
///
/// # Errors
/// As [`super::triage`]; [`Refusal::State`] before triage; [`Refusal::Input`] when nothing changes.
pub fn change_severity(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    (severity, incident, reason): (Severity, bool, &str),
) -> Result<()> {
    let case = open(tx, permit, id)?;
    let Some(from) = case.severity else {
        return Err(Refusal::state(
            "Decide the severity first; there is no decision yet that could change.",
        )
        .into());
    };
    let before = store::judged(tx, permit.owner(), id)?.map(|j| j.incident);
    if from == severity && before == Some(incident) {
        return Err(Refusal::field("severity", "This is what was decided already.").into());
    }
    let reason = sentence("reason", reason, TEXT_MAX)?;
    note_event(
        tx,
        env,
        permit,
        id,
        version,
        SeverityChanged { from, to: severity, incident, reason },
    )
}

/// States a milestone: when it was, and what shows it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`] when it lies in the future.
pub fn state_fact(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    fact: &Fact,
) -> Result<()> {
    load(tx, permit, id)?;
    if fact.at > env.now() {
        return Err(Refusal::field("at", "This lies in the future. Write when it was.").into());
    }
    let evidence = sentence("evidence", &fact.evidence, TEXT_MAX)?;
    let fact = Fact { evidence, ..fact.clone() };
    note_event(tx, env, permit, id, version, FactStated { fact })
}

fn unique<T: Ord + Clone>(all: &[T]) -> Vec<T> {
    all.iter().cloned().collect::<BTreeSet<T>>().into_iter().collect()
}

/// States what the case touched, as a whole.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`] naming a field whose choice is not of
/// the organisation's own registers.
pub fn state_impact(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    impact: &Impact,
) -> Result<()> {
    load(tx, permit, id)?;
    let owner = permit.owner();
    let own = |field| Refusal::field(field, "Choose from your own register.");
    let commitments = commitments::store::commitments(tx, owner)?;
    if !impact.commitments.iter().all(|c| commitments.iter().any(|k| k.id == *c)) {
        return Err(own("commitments").into());
    }
    let controls = controls::store::controls(tx, owner)?;
    if !impact.controls.iter().all(|c| controls.iter().any(|k| k.id == *c)) {
        return Err(own("controls").into());
    }
    let components = scope::store::components(tx, owner)?;
    if !impact.components.iter().all(|c| components.iter().any(|k| k.id == *c)) {
        return Err(own("components").into());
    }
    let impact = Impact {
        categories: unique(&impact.categories),
        criteria: unique(&impact.criteria),
        commitments: unique(&impact.commitments),
        controls: unique(&impact.controls),
        components: unique(&impact.components),
        data: unique(&impact.data),
        extent: sentence("extent", &impact.extent, TEXT_MAX)?,
    };
    note_event(tx, env, permit, id, version, ImpactStated { impact })
}

/// Corrects an earlier entry about the case; both stay, and this one names the other.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such case or entry, [`Refusal::Stale`], [`Refusal::Input`].
pub fn correct(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    (entry, text, reason): (EventId, &str, &str),
) -> Result<()> {
    load(tx, permit, id)?;
    if !history(tx, &id.to_string())?.iter().any(|(known, ..)| known.id == entry) {
        return Err(Refusal::field("entry", "Choose an entry about this case.").into());
    }
    let text = sentence("text", text, TEXT_MAX)?;
    let reason = sentence("reason", reason, TEXT_MAX)?;
    note_event(tx, env, permit, id, version, EntryCorrected { entry, text, reason })
}

fn lines(
    field: &'static str,
    all: &[String],
    max: usize,
) -> std::result::Result<Vec<String>, Refusal> {
    let all: Vec<String> = all
        .iter()
        .filter(|text| !text.trim().is_empty())
        .map(|text| line(field, text, max))
        .collect::<std::result::Result<_, _>>()?;
    if all.is_empty() {
        return Err(Refusal::field(field, "Write at least one line here."));
    }
    if all.len() > STEPS_MAX {
        return Err(Refusal::field(field, format!("At most {STEPS_MAX} lines are kept.")));
    }
    Ok(all)
}

/// States why it happened, with the method and its steps.
///
/// # Errors
/// As [`super::triage`].
pub fn state_cause(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    cause: &RootCause,
) -> Result<()> {
    open(tx, permit, id)?;
    let cause = RootCause {
        steps: lines("steps", &cause.steps, 1_000)?,
        cause: sentence("cause", &cause.cause, TEXT_MAX)?,
        ..cause.clone()
    };
    note_event(tx, env, permit, id, version, CauseStated { cause })
}

/// Records a post-incident review.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`]: a date that is none or lies ahead.
pub fn hold_review(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    review: &Review,
) -> Result<()> {
    load(tx, permit, id)?;
    let review = Review {
        held_on: past_date("held_on", &review.held_on, env)?,
        participants: lines("participants", &review.participants, 200)?,
        went_well: remark("went_well", &review.went_well, TEXT_MAX)?,
        went_badly: remark("went_badly", &review.went_badly, TEXT_MAX)?,
        lessons: sentence("lessons", &review.lessons, TEXT_MAX)?,
    };
    note_event(tx, env, permit, id, version, ReviewHeld { review })
}

/// A date that is not after today in any zone.
pub(crate) fn past_date(
    field: &'static str,
    text: &str,
    env: &Env,
) -> std::result::Result<String, Refusal> {
    let date = date(field, text)?;
    let tomorrow = kernel::time::Timestamp(env.now().0.saturating_add(14 * 3_600 * 1_000_000));
    if date.as_str() > tomorrow.to_rfc3339().get(..10).unwrap_or_default() {
        return Err(Refusal::field(field, "This lies in the future. Write when it was."));
    }
    Ok(date)
}

/// A date, as it is kept.
pub(crate) fn date(field: &'static str, text: &str) -> std::result::Result<String, Refusal> {
    parse_date(text.trim())
        .map(|date| date.to_string())
        .map_err(|_| Refusal::field(field, "Write a date like 2026-03-09."))
}

/// Takes up a resolved case again.
///
/// # Errors
/// As [`super::triage`]; [`Refusal::State`] when it is not resolved.
pub fn reopen(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    reason: &str,
) -> Result<()> {
    if open(tx, permit, id)?.state != CaseState::Resolved {
        return Err(Refusal::state("Only a resolved case can be taken up again.").into());
    }
    let reason = sentence("reason", reason, TEXT_MAX)?;
    note_event(tx, env, permit, id, version, CaseReopened { reason })
}

/// Says something to the reporter, for a stated purpose. Who left a mail address is sent it there too.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`].
pub fn tell(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    (purpose, text): (MessagePurpose, &str),
) -> Result<()> {
    let case = load(tx, permit, id)?;
    let text = sentence("text", text, TEXT_MAX)?;
    mail_to(tx, env, &case, version, &text)?;
    let key = inside_key(tx, permit, &case)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let message = |text| MessageSent { from_reporter: false, text, purpose };
    say(tx, env, &origin, (id, Expected::Version(version)), ("message", key, text), message)
}

/// Plans a mail to a reporter who said at which address they can be reached.
fn mail_to(tx: &mut Tx<'_>, env: &mut Env, case: &Case, version: i64, text: &str) -> Result<()> {
    let Some(to) = case.contact.as_deref().filter(|c| identity::model::Email::parse(c).is_ok())
    else {
        return Ok(());
    };
    if crate::mailroom::service::plan_update(tx, env, case, version, (to, text))? {
        return Ok(());
    }
    let number = &case.tracking_number;
    let w = Words::of(&case.language).unwrap_or_default();
    let payload = serde_json::json!({
        "to": to,
        "subject": w.t1("cases-update-subject", "number", number),
        "text": w.t2("cases-update-text-page", "text", text, "number", number),
    });
    // The list of jobs names the case, not the person: who looks after jobs need not know who reported.
    let key = format!("cases.told.{}.{version}", case.id);
    let job = NewJob::new(Some(case.organisation), mail::KIND, &key, payload).about(number);
    enqueue(tx, env, &job)?;
    Ok(())
}

/// Whether the reporter was told what came of it.
///
/// # Errors
/// When the database refuses.
pub fn outcome_told(conn: &mut Conn<'_>, case: &Case) -> Result<bool> {
    Ok(store::messages(conn, case.organisation, case.id)?
        .iter()
        .any(|m| !m.from_reporter && m.purpose == MessagePurpose::Outcome))
}
