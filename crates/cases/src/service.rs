//! Commands: permit, load, decide, record.

pub mod casework;
pub mod door;
pub mod figures;
pub mod intake;

use crate::events::{
    CaseAssigned, CaseClosed, CaseEvent, CaseResolved, CaseTriaged, MessageSent, NoteAdded,
    ReportFiled,
};
use crate::model::casework::MessagePurpose;
use crate::model::{Case, CaseId, CaseKind, CaseState, Severity};
use crate::permits::{FileReport, HandleCase};
use crate::rules::numbers;
use crate::store;
use kernel::env::Env;
use kernel::event::Entry;
use kernel::ids::PersonId;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Tx};
use platform::journal::{Appended, Expected, Journal, Origin, Proof, proof_of_first, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest title.
pub const TITLE_MAX: usize = 200;
/// The longest description, note or message.
pub const TEXT_MAX: usize = 20_000;
/// The longest way to reach a reporter.
pub const CONTACT_MAX: usize = 200;

/// A report as filed.
#[derive(Debug, Clone)]
pub struct ReportInput {
    /// The channel's name.
    pub channel: String,
    /// What is reported.
    pub kind: CaseKind,
    /// In a few words.
    pub title: String,
    /// In full.
    pub description: String,
    /// When it happened.
    pub occurred_at: Option<Timestamp>,
    /// How to reach the reporter.
    pub contact: Option<String>,
    /// The reporter's language, `en`.
    pub language: String,
}

/// What a reporter takes away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// The case.
    pub id: CaseId,
    /// The public number.
    pub tracking_number: String,
    /// The secret way back. Shown once; only its digest is kept.
    pub return_code: String,
    /// The channel by which it came.
    pub channel: String,
}

/// Files a report.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn file_report(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FileReport>,
    input: &ReportInput,
) -> Result<Filed> {
    if input.occurred_at.is_some_and(|at| at > env.now()) {
        return Err(
            Refusal::field("occurred_at", "This lies in the future. When did it happen?").into()
        );
    }
    let contact = match input.contact.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(contact) => Some(sentence("contact", contact, CONTACT_MAX)?),
    };
    let channel = sentence("channel", &input.channel, 40)?;
    let filed = Filed {
        id: env.id(),
        tracking_number: numbers::tracking_number(env),
        return_code: numbers::return_code(env),
        channel,
    };
    let event = ReportFiled {
        id: filed.id,
        organisation: permit.owner(),
        tracking_number: filed.tracking_number.clone(),
        channel: filed.channel.clone(),
        kind: input.kind,
        title: sentence("title", &input.title, TITLE_MAX)?,
        description: sentence("description", &input.description, TEXT_MAX)?,
        occurred_at: input.occurred_at,
        contact,
        language: input.language.chars().filter(char::is_ascii_alphanumeric).take(8).collect(),
        canary: false,
    };
    let digest = numbers::code_digest(&filed.return_code)
        .ok_or_else(|| DbError::Shape("a return code that is not one".into()))?;
    let mut origin = Origin::by(permit.actor(), permit.owner());
    origin.occurred_at = input.occurred_at;
    record(tx, env, &origin, &filed.id.to_string(), Expected::New, vec![CaseEvent::from(event)])?;
    store::keep_code(tx, &digest, filed.id, permit.owner())?;
    Ok(filed)
}

/// The receipt of a report: what was filed, when, and the proof that the log holds it. Verifies
/// offline with the log's public key alone. Without a proof only while the log has not placed the
/// entry yet; then it is the log's signed promise.
///
/// # Errors
/// [`Refusal::NotFound`], or when the database refuses.
pub fn receipt(conn: &mut Conn<'_>, journal: &Journal, case: &Case) -> Result<String> {
    let (entry, proof) =
        proof_of_first(conn, journal, &case.id.to_string())?.ok_or(Refusal::NotFound)?;
    issue(journal, &case.tracking_number, &case.channel, &entry, proof)
}

/// The receipt of a report that was filed a moment ago, from what its command appended: nothing is
/// read back. None where the log does not remember that far, and for an answer that is given again.
///
/// # Errors
/// When it cannot be made (a fault of the code).
pub fn receipt_at_once(
    journal: &Journal,
    filed: &Filed,
    appended: Option<&Appended>,
) -> Result<Option<String>> {
    let Some(proof) = appended.and_then(|appended| journal.proof_at_edge(appended)) else {
        return Ok(None);
    };
    let entry = proof.entry.clone();
    issue(journal, &filed.tracking_number, &filed.channel, &entry, Some(proof)).map(Some)
}

fn issue(
    journal: &Journal,
    number: &str,
    channel: &str,
    bytes: &[u8],
    proof: Option<Proof>,
) -> Result<String> {
    let odd =
        |e: &dyn std::fmt::Display| DbError::Outside(format!("a receipt could not be made: {e}"));
    let entry = Entry::parse(bytes).map_err(|e| odd(&e))?;
    let fields = BTreeMap::from([
        ("tracking_number".to_owned(), number.to_owned()),
        ("received_at".to_owned(), entry.recorded_at.to_rfc3339()),
        ("channel".to_owned(), channel.to_owned()),
        ("content_commitment".to_owned(), entry.payload),
    ]);
    let signer = journal.signer(entry.log)?;
    let mut receipt = ledger::Receipt::issue(fields, bytes, &signer).map_err(|e| odd(&e))?;
    if let Some(Proof { index, hashes, checkpoint, state, .. }) = proof {
        let proof = ledger::TlogProof::new(index, hashes, &checkpoint);
        receipt = match state {
            Some(state) => receipt.with_own_proof(proof, &state),
            None => receipt.with_proof(proof, &[signer.verifier().clone()]),
        }
        .map_err(|e| odd(&e))?;
    }
    Ok(receipt.to_text().map_err(|e| odd(&e))?)
}

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
    Ok(())
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
    load(tx, permit, id)?;
    let text = sentence("text", text, TEXT_MAX)?;
    note_event(tx, env, permit, id, version, NoteAdded { text })
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

/// The reporter says something; who they are is the return code alone.
///
/// # Errors
/// [`Refusal::NotFound`] when no report has this code, [`Refusal::Input`].
pub fn reporter_says(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FileReport>,
    code: &str,
    text: &str,
) -> Result<()> {
    let case = followed(tx, code)?;
    if case.organisation != permit.owner() {
        return Err(Refusal::NotFound.into());
    }
    let text = sentence("text", text, TEXT_MAX)?;
    let event =
        CaseEvent::from(MessageSent { from_reporter: true, text, purpose: MessagePurpose::Answer });
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &case.id.to_string(), Expected::Any, vec![event])?;
    Ok(())
}

/// The case to which a return code leads.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn followed(conn: &mut Conn<'_>, code: &str) -> Result<Case> {
    let digest = numbers::code_digest(code).ok_or(Refusal::NotFound)?;
    Ok(store::by_code(conn, &digest)?.ok_or(Refusal::NotFound)?)
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
/// As [`triage`]; [`Refusal::State`] before it is resolved.
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
    let outcome = sentence("outcome", outcome, TEXT_MAX)?;
    note_event(tx, env, permit, id, version, CaseClosed { outcome })
}
