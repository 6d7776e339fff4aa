//! Commands: permit, load, decide, record.

pub mod casework;
pub mod closing;
pub mod door;
pub mod figures;
pub mod filing;
pub mod gate;
pub mod held;
pub mod intake;
pub mod receipts;

pub use filing::{
    Filed, Promised, ReportInput, Reporter, SEALED_TITLE, file_report, followed, kept_time,
    reporter_says, reporter_writes, to_the_hour,
};
pub(crate) use filing::{inside_key, say};
pub use receipts::{receipt, receipt_at_once};

use crate::events::{CaseAssigned, CaseClosed, CaseEvent, CaseResolved, CaseTriaged, NoteAdded};
use crate::model::casework::MessagePurpose;
use crate::model::{Case, CaseId, CaseState, Severity};
use crate::permits::HandleCase;
use crate::store;
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// The longest title.
pub const TITLE_MAX: usize = 200;
/// The longest description, note or message.
pub const TEXT_MAX: usize = 20_000;
/// The longest way to reach a reporter.
pub const CONTACT_MAX: usize = 200;

fn load(tx: &mut Tx<'_>, permit: &Permit<HandleCase>, id: CaseId) -> Result<Case> {
    Ok(store::case(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?)
}

fn open(tx: &mut Tx<'_>, permit: &Permit<HandleCase>, id: CaseId) -> Result<Case> {
    let case = load(tx, permit, id)?;
    if case.state.is_concluded() {
        return Err(Refusal::state(
            "This case is concluded. If it comes up again, open a new case and link the two.",
        )
        .into());
    }
    Ok(case)
}

fn note_event(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    event: impl Into<CaseEvent>,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event.into()])?;
    crate::clocks::service::rearm(tx, env, &origin, id)
}

/// Decides severity, and whether it is an incident; once. Later it is changed by
/// [`casework::change_severity`].
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`], [`Refusal::Stale`], [`Refusal::Input`].
pub fn triage(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    (severity, incident, reason): (Severity, bool, &str),
) -> Result<()> {
    open(tx, permit, id)?;
    if store::judged(tx, permit.owner(), id)?.is_some() {
        return Err(Refusal::state(
            "The severity is decided. Change it with a reason; the first decision stays on record.",
        )
        .into());
    }
    let reason = sentence("reason", reason, TEXT_MAX)?;
    note_event(tx, env, permit, id, version, CaseTriaged { severity, incident, reason })
}

/// Makes somebody answer for a case.
///
/// # Errors
/// As [`triage`].
pub fn assign(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    owner: PersonId,
) -> Result<()> {
    open(tx, permit, id)?;
    note_event(tx, env, permit, id, version, CaseAssigned { owner })
}

/// Notes something inside.
///
/// # Errors
/// As [`triage`]; notes may follow a conclusion.
pub fn note(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    text: &str,
) -> Result<()> {
    let case = load(tx, permit, id)?;
    let text = sentence("text", text, TEXT_MAX)?;
    let key = inside_key(tx, permit, &case)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let note = |text| NoteAdded { text };
    say(tx, env, &origin, (id, Expected::Version(version)), ("note", key, text), note)
}

/// Tells the reporter something.
///
/// # Errors
/// As [`triage`].
pub fn tell_reporter(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    text: &str,
) -> Result<()> {
    casework::tell(tx, env, permit, id, version, (MessagePurpose::Answer, text))
}

/// The work is done.
///
/// # Errors
/// As [`triage`]; [`Refusal::State`] before triage.
pub fn resolve(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    (root_cause, action): (&str, &str),
) -> Result<()> {
    let case = open(tx, permit, id)?;
    if case.severity.is_none() {
        return Err(Refusal::state(
            "Decide the severity first: a case is not resolved before it was judged.",
        )
        .into());
    }
    let event = CaseResolved {
        root_cause: sentence("root_cause", root_cause, TEXT_MAX)?,
        action: sentence("action", action, TEXT_MAX)?,
    };
    note_event(tx, env, permit, id, version, event)
}

/// Concludes a case.
///
/// # Errors
/// As [`triage`]; [`Refusal::State`] before it is resolved, and while something that the policy demands
/// is missing.
pub fn close(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
    version: i64,
    outcome: &str,
) -> Result<()> {
    let case = open(tx, permit, id)?;
    if case.state != CaseState::Resolved {
        return Err(Refusal::state(
            "Record first what was done: a case is closed after it is resolved.",
        )
        .into());
    }
    let missing = closing::missing_of(tx, &case)?;
    if !missing.is_empty() {
        let all: Vec<&str> = missing.iter().map(|m| m.sentence()).collect();
        return Err(Refusal::state(format!("Before it can be closed: {}", all.join(" "))).into());
    }
    let outcome = sentence("outcome", outcome, TEXT_MAX)?;
    note_event(tx, env, permit, id, version, CaseClosed { outcome })
}
