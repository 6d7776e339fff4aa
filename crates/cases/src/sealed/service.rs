//! Commands: sealing, opening, restricting, holding, destroying.

use super::events::{
    ContentSealed, FileSealed, HoldPlaced, HoldReleased, KeyDestroyed, SealOpened, SealRestricted,
    SealedEvent,
};
use super::model::{Contents, FileDetails, Parcel, SealedFile, SealedReport, StoredFile};
use super::permits::{DestroySealed, HoldSealed, OpenSealed, RestrictSealed};
use super::rules::{CaseKey, holders_key, reporters_key};
use super::store;
use crate::model::{Case, CaseId, Privacy};
use crate::rules::numbers;
use crate::service::TEXT_MAX;
use kernel::env::Env;
use kernel::ids::{EventId, PartyId, PersonId};
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Tx};
use platform::journal::{Expected, Journal, Origin, erase, history, proof_of, record};
use std::collections::BTreeMap;

/// The holder of the copy that everybody who handles cases can unwrap.
pub const HANDLERS: &str = "handlers";
/// The holder of the copy that the return code unwraps.
pub const REPORTER: &str = "reporter";
/// Days for which sealed content is kept after a case was concluded, where the reporting policy says
/// nothing of it or none was in force. The policy's retention in months is that of the record, which
/// outlives the narrative.
pub const KEPT_DAYS: i64 = 90;
/// Seconds for which somebody who opened it sees it.
pub const OPEN_SECONDS: i64 = 3_600;
/// The most people to whom a case can be restricted.
const READERS_MAX: usize = 50;

/// What the events about a case's seal are about.
fn subject(case: CaseId) -> String {
    format!("seal:{case}")
}

fn odd(what: &str) -> DbError {
    DbError::Shape(format!("{what} could not be sealed or opened"))
}

fn secret(conn: &Conn<'_>) -> Result<[u8; 32]> {
    conn.key_for("case keys")
}

fn holder_key(conn: &Conn<'_>, organisation: PartyId, holder: &str) -> Result<CaseKey> {
    Ok(holders_key(&secret(conn)?, &organisation.to_string(), holder))
}

fn place(case: CaseId, part: &str) -> String {
    format!("{case} {part}")
}

/// Keeps a new case's key for those who handle cases and for whoever has the return code.
///
/// # Errors
/// When the database refuses.
pub(crate) fn keep_key(
    tx: &mut Tx<'_>,
    env: &mut Env,
    case: CaseId,
    organisation: PartyId,
    key: &CaseKey,
    code: &str,
) -> Result<()> {
    let code = numbers::code_secret(code).ok_or_else(|| odd("a key"))?;
    for (holder, by) in
        [(HANDLERS, holder_key(tx, organisation, HANDLERS)?), (REPORTER, reporters_key(&code))]
    {
        let wrapped = key.wrap(env, &by, &place(case, holder)).ok_or_else(|| odd("a key"))?;
        store::keep_key(tx, case, organisation, holder, &wrapped)?;
    }
    Ok(())
}

/// Seals a text as a part of a case.
///
/// # Errors
/// When the database refuses.
pub(crate) fn hide(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    case: CaseId,
    key: &CaseKey,
    (part, text): (&str, &[u8]),
) -> Result<()> {
    let body = key.seal(env, &place(case, part), text).ok_or_else(|| odd("a text"))?;
    let event = ContentSealed {
        case,
        organisation: origin.log,
        part: part.to_owned(),
        body: store::written(&body),
    };
    record(tx, env, origin, &subject(case), Expected::Any, vec![SealedEvent::from(event)])?;
    Ok(())
}

/// Seals what a reporter wrote.
///
/// # Errors
/// As [`hide`].
pub(crate) fn hide_report(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    case: CaseId,
    key: &CaseKey,
    report: &SealedReport,
) -> Result<()> {
    let text = serde_json::to_vec(report).map_err(|_| odd("a report"))?;
    hide(tx, env, origin, case, key, ("report", &text))
}

/// Makes files that wait in the vault part of a case.
///
/// # Errors
/// As [`hide`].
pub(crate) fn attach(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    case: CaseId,
    key: &CaseKey,
    files: &[StoredFile],
) -> Result<()> {
    let mut events = Vec::with_capacity(files.len());
    for file in files {
        let details = serde_json::to_vec(&file.details).map_err(|_| odd("a file"))?;
        let about = place(case, &file.sha256);
        let details = key.seal(env, &about, &details).ok_or_else(|| odd("a file"))?;
        events.push(SealedEvent::from(FileSealed {
            case,
            organisation: origin.log,
            sha256: file.sha256.clone(),
            bytes: i64::try_from(file.details.bytes).unwrap_or(i64::MAX),
            media_type: file.media_type.clone(),
            number: store::written(&file.number),
            details: store::written(&details),
        }));
    }
    record(tx, env, origin, &subject(case), Expected::Any, events)?;
    Ok(())
}

fn gone() -> Refusal {
    Refusal::state(
        "The sealed content of this case was destroyed at the end of its retention, or was never opened to you. Nothing can be read or added here.",
    )
}

/// The key of a case, for somebody who may open it: through their own copy, or that of everybody who
/// handles cases.
///
/// # Errors
/// [`Refusal::NotFound`] when the case concerns them, [`Refusal::State`] when no copy is theirs.
pub fn key_for(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
    person: PersonId,
) -> Result<CaseKey> {
    if crate::store::kept_out(conn, case, person)? {
        return Err(Refusal::NotFound.into());
    }
    for holder in [person.to_string(), HANDLERS.to_owned()] {
        if let Some(wrapped) = store::wrapped(conn, case, &holder)? {
            let by = holder_key(conn, organisation, &holder)?;
            let opened = CaseKey::unwrap(&by, &place(case, &holder), &wrapped);
            return Ok(opened.ok_or_else(|| odd("a key"))?);
        }
    }
    Err(gone().into())
}

/// The key of a case, for whoever has the return code.
///
/// # Errors
/// [`Refusal::State`] when it was destroyed.
pub fn key_of_reporter(conn: &mut Conn<'_>, case: CaseId, code: &str) -> Result<CaseKey> {
    let code = numbers::code_secret(code).ok_or(Refusal::NotFound)?;
    let wrapped = store::wrapped(conn, case, REPORTER)?.ok_or_else(gone)?;
    let by = reporters_key(&code);
    Ok(CaseKey::unwrap(&by, &place(case, REPORTER), &wrapped).ok_or_else(|| odd("a key"))?)
}

/// Everything that is sealed of a case, opened.
///
/// # Errors
/// When a part does not open (it was altered outside the product).
pub fn contents(conn: &mut Conn<'_>, case: CaseId, key: &CaseKey) -> Result<Contents> {
    let mut out = Contents::default();
    for (_, part, body) in store::contents(conn, case)? {
        let text = key.open(&place(case, &part), &body).ok_or_else(|| odd("a text"))?;
        let spoken = || String::from_utf8(text.clone()).map_err(|_| odd("a text"));
        match part.split_once(':') {
            None => out.report = Some(serde_json::from_slice(&text).map_err(|_| odd("a report"))?),
            Some((kind, version)) => {
                let version: i64 = version.parse().map_err(|_| odd("a text"))?;
                let of = if kind == "message" { &mut out.messages } else { &mut out.notes };
                of.insert(version, spoken()?);
            }
        }
    }
    for file in store::files(conn, case)? {
        let details = details(&file, key)?;
        out.files.push((file, details));
    }
    Ok(out)
}

/// What is hidden about a file.
///
/// # Errors
/// When it does not open.
pub fn details(file: &SealedFile, key: &CaseKey) -> Result<FileDetails> {
    let about = place(file.case, &file.sha256);
    let text = key.open(&about, &file.details).ok_or_else(|| odd("a file"))?;
    Ok(serde_json::from_slice(&text).map_err(|_| odd("a file"))?)
}

/// The key of one file.
///
/// # Errors
/// When the record's number of it is none.
pub fn file_key(file: &SealedFile, key: &CaseKey) -> Result<CaseKey> {
    let number = file.number.as_slice().try_into().map_err(|_| odd("a file"))?;
    Ok(key.of_file(number))
}

/// Opens what is sealed, for a time; that somebody did is recorded.
///
/// # Errors
/// As [`key_for`].
pub fn open(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<OpenSealed>,
    case: CaseId,
) -> Result<()> {
    let person = permit.person().ok_or(Refusal::NotFound)?;
    key_for(tx, permit.owner(), case, person)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let event = SealOpened { case, organisation: permit.owner(), person };
    record(tx, env, &origin, &subject(case), Expected::Any, vec![SealedEvent::from(event)])?;
    Ok(())
}

/// The key of a case with everything that is sealed of it.
pub type Opened = (CaseKey, Contents);

/// Everything that is sealed of a case, for somebody who opened it a moment ago; none otherwise.
///
/// # Errors
/// As [`key_for`] and [`contents`].
pub fn opened(
    conn: &mut Conn<'_>,
    permit: &Permit<OpenSealed>,
    case: CaseId,
    now: Timestamp,
) -> Result<Option<Opened>> {
    let person = permit.person().ok_or(Refusal::NotFound)?;
    let last = store::last_opened(conn, case, person)?;
    if last.is_none_or(|at| now.seconds_since(at) >= OPEN_SECONDS) {
        return Ok(None);
    }
    let key = key_for(conn, permit.owner(), case, person)?;
    let contents = contents(conn, case, &key)?;
    Ok(Some((key, contents)))
}

/// Decides that these people alone may open it from now on: each gets a copy of the key, and the copy of
/// all who handle cases is destroyed.
///
/// # Errors
/// [`Refusal::Input`] when nobody, or somebody whom the report concerns, is named; as [`key_for`].
pub fn restrict(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RestrictSealed>,
    case: &Case,
    readers: &[PersonId],
    reason: &str,
) -> Result<()> {
    if readers.is_empty() || readers.len() > READERS_MAX {
        return Err(Refusal::field("readers", "Choose at least one person, and at most 50.").into());
    }
    for person in readers {
        if crate::store::kept_out(tx, case.id, *person)? {
            let text = "One of these people is named in the report. Choose others.";
            return Err(Refusal::field("readers", text).into());
        }
    }
    let me = permit.person().ok_or(Refusal::NotFound)?;
    let key = key_for(tx, permit.owner(), case.id, me)?;
    let reason = sentence("reason", reason, TEXT_MAX)?;
    store::destroy_keys(tx, case.id, false)?;
    for person in readers {
        let holder = person.to_string();
        let by = holder_key(tx, permit.owner(), &holder)?;
        let wrapped = key.wrap(env, &by, &place(case.id, &holder)).ok_or_else(|| odd("a key"))?;
        store::keep_key(tx, case.id, permit.owner(), &holder, &wrapped)?;
    }
    let event = SealRestricted {
        case: case.id,
        organisation: permit.owner(),
        readers: readers.to_vec(),
        reason,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &subject(case.id), Expected::Any, vec![SealedEvent::from(event)])?;
    Ok(())
}

/// Places a legal hold: nothing of the case is destroyed while it stands.
///
/// # Errors
/// [`Refusal::State`] when it stands already or nothing is left to hold, [`Refusal::Input`].
pub fn hold(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HoldSealed>,
    case: CaseId,
    reason: &str,
) -> Result<()> {
    let state = store::state(tx, case)?;
    if state.held.is_some() || state.destroyed.is_some() {
        return Err(Refusal::state(
            "There is a hold on this case already, or nothing left that could be held.",
        )
        .into());
    }
    let reason = sentence("reason", reason, TEXT_MAX)?;
    let event = HoldPlaced { case, organisation: permit.owner(), reason };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &subject(case), Expected::Any, vec![SealedEvent::from(event)])?;
    Ok(())
}

/// Takes a legal hold away.
///
/// # Errors
/// [`Refusal::State`] when there is none, [`Refusal::Input`].
pub fn release(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HoldSealed>,
    case: CaseId,
    reason: &str,
) -> Result<()> {
    if store::state(tx, case)?.held.is_none() {
        return Err(Refusal::state("There is no hold on this case.").into());
    }
    let reason = sentence("reason", reason, TEXT_MAX)?;
    let event = HoldReleased { case, organisation: permit.owner(), reason };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &subject(case), Expected::Any, vec![SealedEvent::from(event)])?;
    Ok(())
}

/// When the sealed content of a concluded case may be destroyed.
#[must_use]
pub fn kept_until(case: &Case, days: i64) -> Option<Timestamp> {
    case.closed_at.map(|at| at.plus_seconds(days.saturating_mul(86_400)))
}

/// For how long the sealed content of a case is kept, and what says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days after the case was concluded.
    pub days: i64,
    /// The version of the reporting policy that says so; none where it is the usual.
    pub policy: Option<i64>,
}

/// For how long the sealed content of a case is kept: as the policy said that was in force when the case
/// was concluded, so that a later version changes nothing for it. For an open case, as the policy says
/// that is in force now.
///
/// # Errors
/// When the database refuses.
pub fn retention(conn: &mut Conn<'_>, case: &Case) -> Result<Retention> {
    let plan = match case.closed_at {
        Some(at) => crate::policy::store::in_force_at(conn, case.organisation, at)?,
        None => crate::policy::store::in_force(conn, case.organisation)?,
    };
    let said = plan.and_then(|plan| Some((plan.body.sealed_days?, plan.number)));
    Ok(said.map_or(Retention { days: KEPT_DAYS, policy: None }, |(days, number)| Retention {
        days: i64::from(days),
        policy: Some(number),
    }))
}

/// Destroys every copy of a case's key and the sealed content itself. What remains is the skeleton: the
/// entries, their order and times, severity and outcome.
///
/// # Errors
/// [`Refusal::State`] while it is open, held, kept by the policy, or already destroyed.
pub fn destroy(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DestroySealed>,
    case: &Case,
    reason: &str,
) -> Result<()> {
    let state = store::state(tx, case.id)?;
    if state.destroyed.is_some() {
        return Err(Refusal::state("This was destroyed already.").into());
    }
    if let Some((_, why)) = state.held {
        return Err(Refusal::state(format!(
            "A legal hold stands on this case ({}). It must be released first.",
            kernel::refusal::excerpt(&why, 80)
        ))
        .into());
    }
    let kept = retention(tx, case)?;
    let until = kept_until(case, kept.days)
        .ok_or_else(|| Refusal::state("The case is open. Conclude it first."))?;
    if env.now() < until {
        return Err(Refusal::state(format!(
            "The policy keeps this until {} UTC.",
            until.to_rfc3339()
        ))
        .into());
    }
    let texts = store::contents(tx, case.id)?.len();
    let files = store::files(tx, case.id)?.len();
    let told: Vec<EventId> = history(tx, &subject(case.id))?
        .iter()
        .filter(|(entry, ..)| {
            matches!(&*entry.kind, "sealed.content_sealed.v1" | "sealed.file_sealed.v1")
        })
        .map(|(entry, ..)| entry.id)
        .collect();
    let event = skeleton(case, permit.owner(), (texts, files), kept, reason)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &subject(case.id), Expected::Any, vec![SealedEvent::from(event)])?;
    for event in told {
        erase(tx, event)?;
    }
    store::destroy_keys(tx, case.id, true)
}

fn skeleton(
    case: &Case,
    organisation: PartyId,
    (texts, files): (usize, usize),
    kept: Retention,
    reason: &str,
) -> Result<KeyDestroyed> {
    Ok(KeyDestroyed {
        case: case.id,
        organisation,
        tracking_number: case.tracking_number.clone(),
        kind: case.kind,
        privacy: case.privacy,
        severity: case.severity,
        state: case.state,
        reported_at: case.reported_at,
        acknowledged_at: case.acknowledged_at,
        resolved_at: case.resolved_at,
        closed_at: case.closed_at,
        texts: i64::try_from(texts).unwrap_or(i64::MAX),
        files: i64::try_from(files).unwrap_or(i64::MAX),
        retention_days: kept.days,
        policy: kept.policy,
        reason: sentence("reason", reason, TEXT_MAX)?,
    })
}

/// The certificate that the sealed content of a case was destroyed: signed by the log, with the proof
/// that the log holds the entry. Verifies offline as a receipt does.
///
/// # Errors
/// [`Refusal::NotFound`] when nothing was destroyed, or when the database refuses.
pub fn certificate(conn: &mut Conn<'_>, journal: &Journal, case: &Case) -> Result<String> {
    let (at, event) = store::state(conn, case.id)?.destroyed.ok_or(Refusal::NotFound)?;
    let event: EventId = event.parse().map_err(|_| odd("a certificate"))?;
    let (entry, _, payload) = history(conn, &subject(case.id))?
        .into_iter()
        .find(|(entry, ..)| entry.id == event)
        .ok_or(Refusal::NotFound)?;
    let told = payload.as_deref().map(serde_json::from_slice);
    let Some(Ok(SealedEvent::KeyDestroyed(told))) = told else {
        return Err(odd("a certificate").into());
    };
    let moment =
        |at: Option<Timestamp>| at.map_or_else(|| "none".to_owned(), Timestamp::to_rfc3339);
    let fields = BTreeMap::from([
        ("document".to_owned(), "deletion certificate".to_owned()),
        ("tracking_number".to_owned(), told.tracking_number),
        ("kind".to_owned(), told.kind.word().to_owned()),
        ("severity".to_owned(), told.severity.map_or("none", |s| s.word()).to_owned()),
        ("state".to_owned(), told.state.word().to_owned()),
        ("reported_at".to_owned(), moment(Some(told.reported_at))),
        ("closed_at".to_owned(), moment(told.closed_at)),
        ("destroyed_at".to_owned(), moment(Some(at))),
        ("texts_destroyed".to_owned(), told.texts.to_string()),
        ("files_destroyed".to_owned(), told.files.to_string()),
        ("retention_days".to_owned(), told.retention_days.to_string()),
        (
            "retention_set_by".to_owned(),
            told.policy.map_or_else(
                || "the usual".to_owned(),
                |number| format!("reporting policy, version {number}"),
            ),
        ),
    ]);
    let proof = proof_of(conn, journal, event)?;
    crate::service::receipts::sign(journal, &entry.to_bytes(), fields, proof)
}

/// Whether a case hides its narrative.
#[must_use]
pub const fn is_sealed(case: &Case) -> bool {
    !matches!(case.privacy, Privacy::Open)
}

/// The key under which files that a reporter adds are sealed: the case's, or a fresh one where nothing of
/// an open case was sealed yet.
///
/// # Errors
/// As [`key_of_reporter`].
pub fn key_for_files(
    conn: &mut Conn<'_>,
    env: &mut Env,
    case: &Case,
    code: &str,
) -> Result<CaseKey> {
    if store::wrapped(conn, case.id, REPORTER)?.is_some() {
        return key_of_reporter(conn, case.id, code);
    }
    if is_sealed(case) || store::state(conn, case.id)?.destroyed.is_some() {
        return Err(gone().into());
    }
    Ok(CaseKey::draw(env))
}

/// Files that a reporter adds later, under the key of the case.
///
/// # Errors
/// As [`key_for_files`]; [`Refusal::State`] when the case got another key meanwhile.
pub(crate) fn add_parcel(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    case: &Case,
    code: &str,
    parcel: &Parcel,
) -> Result<()> {
    if store::wrapped(tx, case.id, REPORTER)?.is_none() {
        key_for_files(tx, env, case, code)?;
        keep_key(tx, env, case.id, origin.log, &parcel.key, code)?;
    } else if key_of_reporter(tx, case.id, code)? != parcel.key {
        return Err(
            Refusal::state("Other files arrived at the same time. Send these again.").into()
        );
    }
    attach(tx, env, origin, case.id, &parcel.key, &parcel.files)
}
