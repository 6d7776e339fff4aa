//! Commands: permit, load, decide, record.

use crate::events::{
    EvidenceEvent, EvidenceSupplied, RequestAnswered, RequestAsked, RequestJudged,
};
use crate::model::{EvidenceId, EvidenceItem, Request, RequestId, RequestState, SpeaksFor};
use crate::permits::{AnswerRequest, AskRequest, JudgeRequest, ReadEvidence, SupplyEvidence};
use crate::store;
use controls::model::ControlId;
use kernel::env::Env;
use kernel::ids::{EngagementId, PersonId};
use kernel::party::{Actor, Side};
use kernel::permit::{Permit, scope};
use kernel::refusal::{Refusal, line, remark, sentence};
use kernel::time::Timestamp;
use platform::blobs::BlobRef;
use platform::db::{Conn, Result, Tx};
use platform::journal::{Expected, Origin, record};
use std::collections::BTreeSet;

/// The longest name.
pub const NAME_MAX: usize = 200;
/// The longest code of a request.
pub const CODE_MAX: usize = 20;
/// The longest text.
pub const TEXT_MAX: usize = 4_000;
/// The most items of one answer.
pub const ITEMS_MAX: usize = 200;

/// The most controls that one item bears on.
pub const CONTROLS_MAX: usize = 200;

/// The vault as somebody sees it: all of it for the organisation's own people. A firm sees what was
/// supplied for the engagements that join it, and what was supplied for none; evidence for another
/// firm's engagement is never its to know.
///
/// # Errors
/// As [`::scope::service::organisation_seen`], or when the database refuses.
pub fn seen(
    conn: &mut Conn<'_>,
    actor: &Actor,
    chosen: Option<EngagementId>,
) -> Result<Vec<EvidenceItem>> {
    scope::<ReadEvidence>(actor)?;
    let owner = ::scope::service::organisation_seen(conn, actor, chosen)?;
    let mut items = store::items(conn, owner)?;
    if actor.side == Side::Firm {
        let joined = ::scope::store::engagements(conn, &scope(actor)?)?;
        items.retain(|item| item.engagement.is_none_or(|id| joined.iter().any(|e| e.id == id)));
    }
    Ok(items)
}

/// A file with what is said of it. Its bytes are in the vault already.
#[derive(Debug, Clone)]
pub struct EvidenceInput {
    /// What it is called.
    pub name: String,
    /// The stored bytes.
    pub blob: BlobRef,
    /// Its media type.
    pub media_type: String,
    /// The time it speaks for.
    pub speaks_for: SpeaksFor,
    /// Where it came from and how it was made.
    pub source: String,
    /// When it was extracted.
    pub extracted_at: Timestamp,
    /// The controls it bears on.
    pub controls: Vec<ControlId>,
}

/// Records that a file was supplied.
///
/// # Errors
/// [`Refusal::Input`]: a span that ends before it begins or begins before 1970, an extraction in the
/// future, or evidence that claims to speak for a time after it was extracted.
pub fn supply(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<SupplyEvidence>,
    input: &EvidenceInput,
) -> Result<EvidenceId> {
    if input.speaks_for.from > input.extracted_at {
        return Err(Refusal::field(
            "speaks_from",
            "Evidence cannot speak for a time that begins after it was extracted. Check the dates and their zone.",
        )
        .into());
    }
    if input.speaks_for.from < Timestamp(0) {
        return Err(Refusal::field("speaks_from", "This lies before 1970. Check the year.").into());
    }
    if input.speaks_for.to < input.speaks_for.from {
        return Err(Refusal::field(
            "speaks_to",
            "The time that this speaks for ends before it begins.",
        )
        .into());
    }
    if input.extracted_at > env.now() {
        return Err(Refusal::field(
            "extracted_at",
            "This was extracted in the future. Check the date and its zone.",
        )
        .into());
    }
    if input.speaks_for.to > input.extracted_at {
        return Err(Refusal::field(
            "speaks_to",
            "Evidence cannot speak for a time after it was extracted. Extract it again later, or shorten the span.",
        )
        .into());
    }
    if input.controls.len() > CONTROLS_MAX {
        return Err(
            Refusal::field("controls", format!("Choose at most {CONTROLS_MAX} controls.")).into()
        );
    }
    let controls: BTreeSet<ControlId> = input.controls.iter().copied().collect();
    for id in &controls {
        controls::store::control(tx, permit.owner(), *id)?
            .ok_or_else(|| Refusal::field("controls", "Choose controls of your own list."))?;
    }
    let event = EvidenceSupplied {
        id: env.id(),
        organisation: permit.owner(),
        engagement: permit.facts().engagement,
        name: line("name", &input.name, NAME_MAX)?,
        sha256: input.blob.sha256.clone(),
        bytes: input.blob.bytes,
        media_type: input.media_type.clone(),
        speaks_for: input.speaks_for,
        source: sentence("source", &input.source, TEXT_MAX)?,
        extracted_at: input.extracted_at,
        controls: controls.into_iter().collect(),
    };
    let id = event.id;
    let origin = Origin::by(permit.actor(), permit.owner()).at(input.extracted_at);
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![EvidenceEvent::from(event)])?;
    Ok(id)
}

/// A request as asked.
#[derive(Debug, Clone)]
pub struct RequestInput {
    /// Its short name.
    pub code: String,
    /// What is asked for.
    pub text: String,
    /// The control.
    pub control: Option<ControlId>,
    /// Who answers.
    pub owner: Option<PersonId>,
    /// Until which date.
    pub due: String,
}

/// Asks for something. Both sides see requests, so they are facts of the organisation's log.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn ask(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<AskRequest>,
    input: &RequestInput,
) -> Result<RequestId> {
    let due = kernel::period::parse_date(input.due.trim())
        .map_err(|e| Refusal::field("due", format!("{e}.")))?;
    let engagement = permit.facts().engagement.ok_or(Refusal::NotFound)?;
    let code = line("code", &input.code, CODE_MAX)?;
    if store::requests(tx, engagement)?.iter().any(|r| r.code == code) {
        return Err(Refusal::field(
            "code",
            format!("Another request is called {code}. Choose another code."),
        )
        .into());
    }
    if let Some(control) = input.control {
        controls::store::control(tx, permit.owner(), control)?
            .ok_or_else(|| Refusal::field("control", "Choose a control of the organisation."))?;
    }
    identity::service::answers_for(tx, permit.owner(), input.owner, "owner")?;
    let event = RequestAsked {
        id: env.id(),
        engagement,
        organisation: permit.owner(),
        code,
        text: sentence("text", &input.text, TEXT_MAX)?,
        control: input.control,
        owner: input.owner,
        due: due.to_string(),
    };
    let id = event.id;
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![EvidenceEvent::from(event)])?;
    Ok(id)
}

fn of_engagement<A>(tx: &mut Tx<'_>, permit: &Permit<A>, id: RequestId) -> Result<Request> {
    let request = store::request(tx, id)?.ok_or(Refusal::NotFound)?;
    if Some(request.engagement) != permit.facts().engagement {
        return Err(Refusal::NotFound.into());
    }
    Ok(request)
}

/// Answers a request with items of the vault.
///
/// # Errors
/// [`Refusal::State`] once it is accepted, [`Refusal::Stale`], [`Refusal::Input`].
pub fn answer(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<AnswerRequest>,
    id: RequestId,
    version: i64,
    items: &[EvidenceId],
    said: &str,
) -> Result<()> {
    let request = of_engagement(tx, permit, id)?;
    if request.state == RequestState::Accepted {
        return Err(Refusal::state("The firm has accepted this already.").into());
    }
    if items.is_empty() || items.len() > ITEMS_MAX {
        return Err(Refusal::field(
            "items",
            format!("Choose 1 to {ITEMS_MAX} items that answer this."),
        )
        .into());
    }
    for item in items {
        let item = store::item(tx, permit.owner(), *item)?
            .ok_or_else(|| Refusal::field("items", "Choose items of your own vault."))?;
        if item.engagement.is_some_and(|id| id != request.engagement) {
            return Err(Refusal::field(
                "items",
                format!("\u{201c}{}\u{201d} was supplied for another engagement, so this firm cannot open it. Supply it again for this one.", item.name),
            )
            .into());
        }
    }
    let event = EvidenceEvent::from(RequestAnswered {
        items: items.to_vec(),
        remark: remark("remark", said, TEXT_MAX)?,
    });
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event])?;
    Ok(())
}

/// Takes an answer or sends it back.
///
/// # Errors
/// [`Refusal::State`] when nothing was submitted; a return needs a reason.
pub fn judge(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<JudgeRequest>,
    id: RequestId,
    version: i64,
    accepted: bool,
    said: &str,
) -> Result<()> {
    let request = of_engagement(tx, permit, id)?;
    if request.state != RequestState::Submitted {
        return Err(Refusal::state(
            "Nothing has been submitted for this request, so there is nothing to accept or return.",
        )
        .into());
    }
    let remark = if accepted {
        remark("remark", said, TEXT_MAX)?
    } else {
        sentence("remark", said, TEXT_MAX)?
    };
    let event = EvidenceEvent::from(RequestJudged { accepted, remark });
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event])?;
    Ok(())
}
