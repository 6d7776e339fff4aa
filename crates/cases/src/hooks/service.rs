//! Commands: sources and their secrets; taking a message in; deciding about one that cannot be read.

use super::events::{
    HookEvent, MessageDismissed, MessageReleased, MessageTaken, MessageUnread, SecretMade,
    SourceStated, SourceStopped,
};
use super::model::{Delivery, DeliveryId, Places, Source, SourceId};
use super::permits::{DecideMessage, ManageSources, TakeInMessage};
use super::rules::{HookReport, pointer};
use super::store;
use crate::door;
use crate::model::CaseId;
use crate::service::{self as casework, Filed, ReportInput, Reporter};
use kernel::env::Env;
use kernel::party::Actor;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::{Refusal, line, sentence};
use platform::db::{Result, Tx};
use platform::inbound::hook::{Distrust, Signed, new_secret, verify};
use platform::journal::{Expected, Origin, record};
use sha2::{Digest, Sha256};

/// Sources of one organisation at most.
pub const SOURCES_MAX: usize = 50;

/// A source as stated.
#[derive(Debug, Clone)]
pub struct SourceInput {
    /// What it is called.
    pub name: String,
    /// The channel's name on its cases.
    pub channel: String,
    /// Where its reports stand.
    pub places: Places,
}

fn stated(id: SourceId, input: &SourceInput) -> Result<HookEvent> {
    let p = &input.places;
    Ok(HookEvent::Stated(SourceStated {
        id,
        name: line("name", &input.name, 80)?,
        channel: line("channel", &input.channel, 40)?,
        places: Places {
            reference: pointer("reference", &p.reference)?,
            title: pointer("title", &p.title)?,
            description: pointer("description", &p.description)?,
            kind: pointer("kind", &p.kind)?,
            occurred_at: pointer("occurred_at", &p.occurred_at)?,
            contact: pointer("contact", &p.contact)?,
        },
    }))
}

fn of(tx: &mut Tx<'_>, permit: &Permit<ManageSources>, id: SourceId) -> Result<Source> {
    let all = store::sources(tx, permit.owner())?;
    Ok(all.into_iter().find(|s| s.id == id).ok_or(Refusal::NotFound)?)
}

fn put(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSources>,
    id: SourceId,
    expected: Expected,
    event: HookEvent,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), expected, vec![event])?;
    Ok(())
}

/// Adds a source and makes its secret, which is shown now and then only used.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn add_source(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSources>,
    input: &SourceInput,
) -> Result<(SourceId, String)> {
    let known = store::sources(tx, permit.owner())?;
    if known.len() >= SOURCES_MAX {
        return Err(Refusal::state(format!("There are {SOURCES_MAX} sources already.")).into());
    }
    if known.iter().any(|s| s.name == input.name.trim()) {
        return Err(Refusal::field("name", "Another source has this name.").into());
    }
    let id = env.id();
    let event = stated(id, input)?;
    put(tx, env, permit, id, Expected::New, event)?;
    let secret = new_secret(env);
    put(tx, env, permit, id, Expected::Any, SecretMade { id }.into())?;
    store::keep_secret(tx, id, &secret)?;
    Ok((id, secret))
}

/// States anew where a source's reports stand.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`].
pub fn restate_source(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSources>,
    (id, version): (SourceId, i64),
    input: &SourceInput,
) -> Result<()> {
    of(tx, permit, id)?;
    let known = store::sources(tx, permit.owner())?;
    if known.iter().any(|s| s.id != id && s.name == input.name.trim()) {
        return Err(Refusal::field("name", "Another source has this name.").into());
    }
    let event = stated(id, input)?;
    put(tx, env, permit, id, Expected::Version(version), event)
}

/// Makes a new secret; what was signed with the one before is refused from now on. Messages are taken
/// again where the source was stopped.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn renew_secret(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSources>,
    id: SourceId,
) -> Result<String> {
    of(tx, permit, id)?;
    let secret = new_secret(env);
    put(tx, env, permit, id, Expected::Any, SecretMade { id }.into())?;
    store::keep_secret(tx, id, &secret)?;
    Ok(secret)
}

/// Takes nothing more from a source.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when it is stopped.
pub fn stop_source(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSources>,
    id: SourceId,
) -> Result<()> {
    if of(tx, permit, id)?.stopped_at.is_some() {
        return Err(Refusal::state("Nothing is taken from this source already.").into());
    }
    put(tx, env, permit, id, Expected::Any, SourceStopped { id }.into())
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// A case.
    Case(Filed),
    /// Nothing new: the matter has a case, whose tracking number this is.
    Known(String),
    /// It is kept for a person.
    Kept(DeliveryId),
    /// It was not believed, and nothing of it is kept.
    Refused(NotTaken),
}

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// It was not signed as it should be.
    Distrusted(Distrust),
    /// The source was stopped.
    Stopped,
    /// The very same request came before: somebody plays it again.
    Replayed,
    /// Its id came before with another body.
    IdReused,
}

impl NotTaken {
    /// The word under which it is tallied.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Distrusted(why) => format!("refused.{}", why.word()),
            Self::Stopped => "refused.stopped".to_owned(),
            Self::Replayed => "refused.replayed".to_owned(),
            Self::IdReused => "refused.id_reused".to_owned(),
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A message as it came, with what was read of it beforehand.
pub struct Message<'m> {
    /// Its headers.
    pub signed: std::result::Result<&'m Signed, Distrust>,
    /// Its body.
    pub body: &'m [u8],
    /// What it reports, or why that cannot be told; read where the source says that reports stand.
    pub read: std::result::Result<&'m HookReport, &'m str>,
}

/// Takes a message in: verified, once. Whatever it becomes is tallied.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such source; when the database refuses.
pub fn take_in(
    tx: &mut Tx<'_>,
    env: &mut Env,
    id: SourceId,
    message: &Message<'_>,
) -> Result<Became> {
    let (source, secret) = store::with_secret(tx, id)?.ok_or(Refusal::NotFound)?;
    let became = decide(tx, env, &source, &secret, message)?;
    let what = match &became {
        Became::Case(_) => "case".to_owned(),
        Became::Known(_) => "duplicate".to_owned(),
        Became::Kept(_) => "unread".to_owned(),
        Became::Refused(why) => why.word(),
    };
    store::tally(tx, source.organisation, id, env.now(), &what)?;
    Ok(became)
}

fn decide(
    tx: &mut Tx<'_>,
    env: &mut Env,
    source: &Source,
    secret: &str,
    message: &Message<'_>,
) -> Result<Became> {
    let refuse = |why| Ok(Became::Refused(why));
    let signed = match message.signed {
        Ok(signed) => signed,
        Err(why) => return refuse(NotTaken::Distrusted(why)),
    };
    if let Err(why) = verify(secret, signed, message.body, env.now()) {
        return refuse(NotTaken::Distrusted(why));
    }
    if source.stopped_at.is_some() {
        return refuse(NotTaken::Stopped);
    }
    let (body, signature) = (digest(message.body), digest(signed.signature.as_bytes()));
    if let Some(before) = store::by_message(tx, source.organisation, source.id, &signed.id)? {
        if before.body != body {
            return refuse(NotTaken::IdReused);
        }
        // A sender that tries again signs anew, because the time has moved on.
        if before.signature == signature {
            return refuse(NotTaken::Replayed);
        }
        return known(tx, source, &before);
    }
    let actor = Actor::system(source.organisation, "hook");
    let permit = authorize::<TakeInMessage>(&actor, &Facts::of(source.organisation))?;
    let delivery: DeliveryId = env.id();
    let common = (delivery, source.id, signed.id.clone(), body, signature);
    match message.read {
        Ok(report) => taken(tx, env, &permit, source, report, common),
        Err(fault) => {
            let (id, source, message, body, signature) = common;
            let fault = fault.to_owned();
            let event = MessageUnread { id, source, message, body, signature, fault };
            let origin = Origin::by(permit.actor(), permit.owner());
            record(tx, env, &origin, &id.to_string(), Expected::New, vec![HookEvent::from(event)])?;
            Ok(Became::Kept(id))
        }
    }
}

fn known(tx: &mut Tx<'_>, source: &Source, before: &Delivery) -> Result<Became> {
    let Some(case) = before.case else { return Ok(Became::Kept(before.id)) };
    let case = crate::store::case(tx, source.organisation, case)?.ok_or(Refusal::NotFound)?;
    Ok(Became::Known(case.tracking_number))
}

fn taken(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<TakeInMessage>,
    from: &Source,
    report: &HookReport,
    (id, source, message, body, signature): (DeliveryId, SourceId, String, String, String),
) -> Result<Became> {
    let reference = report.reference.clone();
    let before = if reference.is_empty() {
        None
    } else {
        store::by_reference(tx, from.organisation, source, &reference)?
    };
    let (case, again, became) = match before {
        Some(before) => (before.case.ok_or(Refusal::NotFound)?, true, known(tx, from, &before)?),
        None => {
            let filed = file(tx, env, &from.channel, permit.owner(), report)?;
            (filed.id, false, Became::Case(filed))
        }
    };
    let event = MessageTaken { id, source, message, body, signature, reference, case, again };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![HookEvent::from(event)])?;
    Ok(became)
}

fn file(
    tx: &mut Tx<'_>,
    env: &mut Env,
    channel: &str,
    organisation: kernel::ids::PartyId,
    report: &HookReport,
) -> Result<Filed> {
    // A clock that is a little ahead must not cost a report.
    let occurred_at = report.occurred_at.map(|at| at.min(env.now()));
    let input = ReportInput {
        occurred_at,
        reporter: Reporter::Open { contact: report.contact.clone() },
        ..ReportInput::new(channel, report.kind, &report.title, &report.description)
    };
    casework::file_report(tx, env, &door::permit(organisation)?, &input)
}

fn undecided(tx: &mut Tx<'_>, permit: &Permit<DecideMessage>, id: DeliveryId) -> Result<Delivery> {
    let found = store::delivery(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if found.kept.is_empty() || found.decided_at.is_some() {
        return Err(Refusal::state("This message has been decided.").into());
    }
    Ok(found)
}

/// Makes a case of a message that could not be read, in the words of a person or read anew.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`], [`Refusal::Stale`], [`Refusal::Input`].
pub fn release(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DecideMessage>,
    (id, version): (DeliveryId, i64),
    (report, why): (&HookReport, &str),
) -> Result<CaseId> {
    let found = undecided(tx, permit, id)?;
    let decision = sentence("why", why, 2_000)?;
    let sources = store::sources(tx, permit.owner())?;
    let source = sources.into_iter().find(|s| s.id == found.source).ok_or(Refusal::NotFound)?;
    let filed = file(tx, env, &source.channel, permit.owner(), report)?;
    let event = MessageReleased { id, case: filed.id, decision };
    let origin = Origin::by(permit.actor(), permit.owner());
    let expected = Expected::Version(version);
    record(tx, env, &origin, &id.to_string(), expected, vec![HookEvent::from(event)])?;
    Ok(filed.id)
}

/// Decides that a message that could not be read is no report.
///
/// # Errors
/// As [`release`].
pub fn dismiss(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DecideMessage>,
    (id, version): (DeliveryId, i64),
    why: &str,
) -> Result<()> {
    undecided(tx, permit, id)?;
    let event = MessageDismissed { id, decision: sentence("why", why, 2_000)? };
    let origin = Origin::by(permit.actor(), permit.owner());
    let expected = Expected::Version(version);
    record(tx, env, &origin, &id.to_string(), expected, vec![HookEvent::from(event)])?;
    Ok(())
}
