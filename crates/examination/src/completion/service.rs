//! Commands: permit, load, decide, record.
//!
//! | file | holds |
//! |---|---|
//! | `missing.rs` | what the file lacks before it can be signed |
//! | `carry.rs` | the file of the next period |

mod carry;
mod missing;

pub use carry::carry;
pub use missing::{missing, reminders};

use super::events::{
    AddendumMade, CompletionEvent, FileLocked, FileSigned, LetterAcknowledged, LetterReleased,
    LetterWritten, ProcedurePerformed, ProcedureReviewed,
};
use super::model::{
    AddendumId, Inputs, Letter, LetterBody, LetterId, Lock, Matter, ProcedureBody, ProcedureId,
    ProcedureKind, RETENTION_YEARS_MAX, RETENTION_YEARS_MIN, Signature, Step,
};
use super::permits::{
    AcknowledgeLetter, AddToLocked, LockFile, PerformCompletion, ReviewCompletion, SignPartner,
    SignPrepared, SignQuality, WriteLetter,
};
use super::{rules, store};
use crate::model::File;
use crate::service::{NAME_MAX, TEXT_MAX};
use crate::store::{Papers, file_of};
use evidence::model::EvidenceId;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::period::Date;
use kernel::permit::{Action, Permit, authorize};
use kernel::refusal::{Refusal, sentence};
use platform::db::{Conn, DbError, Result, Tx};
use platform::journal::{Expected, Origin, record};
use scope::model::{Engagement, EngagementState};

/// The most deficiencies of one letter.
pub const DEFICIENCIES_MAX: usize = 200;
/// The most files that one record names.
const EVIDENCE_MAX: usize = 100;

fn file<A>(permit: &Permit<A>) -> Result<File, Refusal> {
    file_of(permit.facts())
}

fn engagement(conn: &mut Conn<'_>, file: File) -> Result<Engagement> {
    Ok(scope::store::engagement(conn, file.engagement)?.ok_or(Refusal::NotFound)?)
}

fn write<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    log: PartyId,
    subject: &str,
    expected: Expected,
    event: CompletionEvent,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), log);
    record(tx, env, &origin, subject, expected, vec![event])?;
    Ok(())
}

fn check_evidence(conn: &mut Conn<'_>, owner: PartyId, ids: &[EvidenceId]) -> Result<()> {
    if ids.len() > EVIDENCE_MAX {
        return Err(
            Refusal::field("evidence", format!("Name at most {EVIDENCE_MAX} files.")).into()
        );
    }
    for id in ids {
        evidence::store::item(conn, owner, *id)?.ok_or_else(|| {
            Refusal::field("evidence", format!("There is no evidence {id} of this organisation."))
        })?;
    }
    Ok(())
}

/// Records a procedure performed after the period's end, or with `change` states one anew at the version
/// that was seen; a review of what it said before then no longer counts.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn perform(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformCompletion>,
    change: Option<(ProcedureId, i64)>,
    body: &ProcedureBody,
) -> Result<ProcedureId> {
    let file = file(permit)?;
    let engagement = engagement(tx, file)?;
    let zone = engagement.period.zone();
    let today = zone.local(env.now()).date();
    if body.performed_on > today {
        return Err(Refusal::field(
            "performed_on",
            "This day is not here yet. Give the day on which it was done.",
        )
        .into());
    }
    if body.performed_on <= engagement.period.end() {
        let text =
            format!("The period ends on {}; this is done after it.", engagement.period.end());
        return Err(Refusal::field("performed_on", text).into());
    }
    if body.covers_to > body.performed_on {
        return Err(Refusal::field(
            "covers_to",
            "It cannot look at days after the one on which it was done.",
        )
        .into());
    }
    match (body.kind, body.control) {
        (ProcedureKind::RollForward, None) => {
            return Err(Refusal::field("control", "Choose the control that was followed.").into());
        }
        (ProcedureKind::RollForward, Some(control)) => {
            controls::store::control(tx, permit.owner(), control)?.ok_or(Refusal::NotFound)?;
        }
        (_, Some(_)) => {
            return Err(
                Refusal::field("control", "Only a roll-forward is about one control.").into()
            );
        }
        (_, None) => {}
    }
    check_evidence(tx, permit.owner(), &body.evidence)?;
    let matter = match &body.matter {
        Some(m) => Some(Matter {
            text: sentence("matter", &m.text, TEXT_MAX)?,
            kind: m.kind,
            effect: sentence("effect", &m.effect, TEXT_MAX)?,
        }),
        None => None,
    };
    let body = ProcedureBody {
        source: sentence("source", &body.source, TEXT_MAX)?,
        result: sentence("result", &body.result, TEXT_MAX)?,
        matter,
        ..body.clone()
    };
    let (id, expected) = match change {
        None => (env.id(), Expected::New),
        Some((id, version)) => {
            store::procedure(tx, file, id)?.ok_or(Refusal::NotFound)?;
            (id, Expected::Version(version))
        }
    };
    let event = ProcedurePerformed { id, engagement: file.engagement, body };
    write(tx, env, permit, file.firm, &id.to_string(), expected, event.into())?;
    Ok(id)
}

/// Reviews a procedure. Whoever performed it cannot review it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`].
pub fn review(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ReviewCompletion>,
    id: ProcedureId,
) -> Result<()> {
    let file = file(permit)?;
    crate::firm::service::stays_outside(tx, permit)?;
    let found = store::procedure(tx, file, id)?.ok_or(Refusal::NotFound)?;
    if found.performed_by == permit.actor().name() {
        return Err(Refusal::state(
            "You performed this procedure yourself. Somebody else has to review it.",
        )
        .into());
    }
    let event = ProcedureReviewed { engagement: file.engagement };
    write(tx, env, permit, file.firm, &id.to_string(), Expected::Any, event.into())
}

/// The permits that allow a signature on the file, each for its step.
pub trait Signs: Action {
    /// As what it is signed.
    const STEP: Step;
}
impl Signs for SignPrepared {
    const STEP: Step = Step::Prepared;
}
impl Signs for SignQuality {
    const STEP: Step = Step::Quality;
}
impl Signs for SignPartner {
    const STEP: Step = Step::Partner;
}

/// What rooms beyond this one say of the file when it is signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outside {
    /// The date of the report.
    pub report_date: Option<Date>,
    /// What is missing, in sentences: the assertion, the letter of representations.
    pub missing: Vec<String>,
    /// What the signature binds of them, by name.
    pub inputs: Inputs,
}

/// What a signature on the file would bind now.
///
/// # Errors
/// When the database refuses.
pub fn inputs_now(conn: &mut Conn<'_>, papers: &Papers, outside: &Outside) -> Result<Inputs> {
    let procedures = store::procedures(conn, papers.file)?;
    let letter = store::letter(conn, papers.file)?;
    Ok(rules::inputs(papers, &procedures, letter.as_ref(), &outside.inputs))
}

/// Signs the file. The signature binds everything that the file rests on: a later change of any of it
/// voids the signature, and the pages say what changed.
///
/// # Errors
/// [`Refusal::State`] with what is missing, when an earlier step has not been signed, or when the signer
/// took part in what they review.
pub fn sign<A: Signs>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    statement: &str,
    outside: &Outside,
) -> Result<()> {
    let file = file(permit)?;
    let papers = Papers::load(tx, file.engagement)?;
    let open: Vec<String> = missing(tx, &papers, outside)?.into_iter().map(|m| m.text).collect();
    if !open.is_empty() {
        return Err(Refusal::state(format!("The file is not complete: {}", open.join(" "))).into());
    }
    let report_date = outside.report_date.ok_or_else(|| {
        Refusal::state("The report has no date yet. State it with the report's terms.")
    })?;
    let inputs = inputs_now(tx, &papers, outside)?;
    let signatures = store::signatures(tx, file)?;
    let signer = permit.actor().name();
    check_order(A::STEP, &signatures, &inputs, &signer)?;
    if A::STEP == Step::Quality {
        took_no_part(tx, &papers, &signer)?;
    }
    let event = FileSigned {
        engagement: file.engagement,
        step: A::STEP,
        report_date,
        statement: sentence("statement", statement, TEXT_MAX)?,
        inputs_sha256: rules::digest(&inputs),
        inputs,
    };
    let subject = format!("{}/{}/{}", file.engagement, file.firm, A::STEP.word());
    write(tx, env, permit, file.firm, &subject, Expected::Any, event.into())
}

/// Each step needs those before it, by other people, on what the file is now.
fn check_order(
    step: Step,
    signatures: &[Signature],
    inputs: &Inputs,
    signer: &str,
) -> Result<(), Refusal> {
    for before in Step::ALL.into_iter().filter(|s| *s < step) {
        let Some(found) = signatures.iter().find(|s| s.step == before) else {
            return Err(Refusal::state(match before {
                Step::Prepared => "Nobody has signed the file as prepared yet.",
                _ => "The engagement quality review has not been signed yet.",
            }));
        };
        let changed = rules::changed(found, inputs);
        if !changed.is_empty() {
            return Err(Refusal::state(format!(
                "An earlier signature is void, because {}. It has to be signed again first.",
                changed.join("; ")
            )));
        }
        if found.signer == signer {
            return Err(Refusal::state(
                "You signed an earlier step yourself. Preparer and reviewer are different people.",
            ));
        }
    }
    Ok(())
}

/// A quality reviewer has done nothing of what they review.
fn took_no_part(conn: &mut Conn<'_>, papers: &Papers, signer: &str) -> Result<()> {
    let items = papers.items.values().flatten();
    let tested = items.filter_map(|i| i.tested_by.as_deref()).any(|by| by == signer);
    let concluded = papers.conclusions().iter().any(|c| c.signer == signer);
    let performed = store::procedures(conn, papers.file)?.iter().any(|p| p.performed_by == signer);
    if tested || concluded || performed {
        return Err(Refusal::state(
            "You took part in the work on this file, so you cannot be its quality reviewer.",
        )
        .into());
    }
    Ok(())
}

/// Writes the letter on deficiencies, or writes it anew at the version that was seen. Nothing of it can be
/// seen by management before it is released, and nothing of it changes afterwards.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::State`] once it is released, [`Refusal::Stale`].
pub fn write_letter(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<WriteLetter>,
    version: i64,
    body: &LetterBody,
) -> Result<LetterId> {
    let file = file(permit)?;
    let before = store::letter(tx, file)?;
    if before.as_ref().is_some_and(|l| l.released_at.is_some()) {
        return Err(Refusal::state(
            "This letter has been released to management, so it can no longer change.",
        )
        .into());
    }
    if body.deficiencies.is_empty() || body.deficiencies.len() > DEFICIENCIES_MAX {
        return Err(Refusal::field(
            "deficiencies",
            format!("A letter names 1 to {DEFICIENCIES_MAX} deficiencies."),
        )
        .into());
    }
    let mut deficiencies = Vec::new();
    for d in &body.deficiencies {
        deficiencies.push(super::model::Deficiency {
            control: sentence("deficiencies", &d.control, 40)?,
            found: sentence("deficiencies", &d.found, TEXT_MAX)?,
            effect: sentence("deficiencies", &d.effect, TEXT_MAX)?,
        });
    }
    let body = LetterBody {
        addressee: sentence("addressee", &body.addressee, NAME_MAX)?,
        opening: sentence("opening", &body.opening, TEXT_MAX)?,
        closing: sentence("closing", &body.closing, TEXT_MAX)?,
        deficiencies,
    };
    let id = before.map_or_else(|| env.id(), |l| l.id);
    let expected = if version == 0 { Expected::New } else { Expected::Version(version) };
    let event =
        LetterWritten { id, engagement: file.engagement, organisation: permit.owner(), body };
    write(tx, env, permit, file.firm, &id.to_string(), expected, event.into())?;
    Ok(id)
}

/// Releases the letter on deficiencies: management sees it from now on.
///
/// # Errors
/// [`Refusal::NotFound`] when none is written, [`Refusal::State`] when it is released already,
/// [`Refusal::Stale`] when it is not the one that was read.
pub fn release_letter(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<WriteLetter>,
    version: i64,
) -> Result<()> {
    let file = file(permit)?;
    let found = store::letter(tx, file)?.ok_or(Refusal::NotFound)?;
    if found.released_at.is_some() {
        return Err(Refusal::state("This letter has been released already.").into());
    }
    let event = LetterReleased { engagement: file.engagement };
    write(
        tx,
        env,
        permit,
        file.firm,
        &found.id.to_string(),
        Expected::Version(version),
        event.into(),
    )
}

/// Acknowledges a released letter for management. The fact is the organisation's.
///
/// # Errors
/// [`Refusal::NotFound`] while none is released, [`Refusal::State`] when it was acknowledged already.
pub fn acknowledge_letter(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<AcknowledgeLetter>,
) -> Result<()> {
    let id = permit.facts().engagement.ok_or(Refusal::NotFound)?;
    let found: Letter = store::released_letter(tx, id)?.ok_or(Refusal::NotFound)?;
    if found.acknowledged_at.is_some() {
        return Err(Refusal::state("This letter has been acknowledged already.").into());
    }
    let event = LetterAcknowledged { engagement: id, letter: found.id };
    let subject = format!("{id}/deficiencies/{}", found.id);
    write(tx, env, permit, permit.owner(), &subject, Expected::New, event.into())
}

/// Locks the assembled file. From now on nothing of it changes; what has to be added is added beside it.
///
/// # Errors
/// [`Refusal::State`] while the report is not issued or the partner has not signed; [`Refusal::Input`] naming the field: fewer years than
/// must be kept, or no reason for a late lock.
pub fn lock(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<LockFile>,
    years: u16,
    late_reason: &str,
) -> Result<Lock> {
    let file = file(permit)?;
    let engagement = engagement(tx, file)?;
    if engagement.state != EngagementState::Issued {
        return Err(Refusal::state(
            "A file is locked after its report is issued. This one is not.",
        )
        .into());
    }
    if !(RETENTION_YEARS_MIN..=RETENTION_YEARS_MAX).contains(&years) {
        return Err(Refusal::field(
            "years",
            format!("A file is kept for {RETENTION_YEARS_MIN} to {RETENTION_YEARS_MAX} years."),
        )
        .into());
    }
    let signatures = store::signatures(tx, file)?;
    let partner = signatures.iter().find(|s| s.step == Step::Partner).ok_or_else(|| {
        Refusal::state("The partner has not signed the file, so there is nothing to lock yet.")
    })?;
    let report_date = partner.report_date;
    let due = rules::assembly_due(report_date);
    let today = engagement.period.zone().local(env.now()).date();
    let late_reason = late_reason.trim();
    if today > due && late_reason.is_empty() {
        let text = format!("The file had to be assembled by {due}. Say why it is locked late.");
        return Err(Refusal::field("late_reason", text).into());
    }
    let late_reason =
        if today > due { sentence("late_reason", late_reason, TEXT_MAX)? } else { String::new() };
    let event = FileLocked {
        engagement: file.engagement,
        report_date,
        due,
        keep_until: rules::keep_until(report_date, years),
        late_reason,
    };
    let subject = format!("{}/{}/lock", file.engagement, file.firm);
    write(tx, env, permit, file.firm, &subject, Expected::New, event.into())?;
    let move_on = authorize::<scope::permits::MoveEngagement>(permit.actor(), permit.facts())?;
    scope::service::move_on(tx, env, &move_on, EngagementState::Locked)?;
    Ok(store::lock(tx, file)?.ok_or_else(|| DbError::Shape("a lock without row".into()))?)
}

/// Adds to a locked file: what was there stays as it is, and the addition says why, by whom and when.
///
/// # Errors
/// [`Refusal::State`] while the file is not locked, [`Refusal::Input`] naming the field.
pub fn add(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<AddToLocked>,
    about: &str,
    text: &str,
    reason: &str,
    evidence: &[EvidenceId],
) -> Result<AddendumId> {
    let file = file(permit)?;
    if store::lock(tx, file)?.is_none() {
        return Err(Refusal::state("The file is not locked: change it where it is.").into());
    }
    check_evidence(tx, permit.owner(), evidence)?;
    let id: AddendumId = env.id();
    let event = AddendumMade {
        id,
        engagement: file.engagement,
        about: sentence("about", about, NAME_MAX)?,
        text: sentence("text", text, TEXT_MAX)?,
        reason: sentence("reason", reason, TEXT_MAX)?,
        evidence: evidence.to_vec(),
    };
    write(tx, env, permit, file.firm, &id.to_string(), Expected::New, event.into())?;
    Ok(id)
}
