//! Commands of the status page.

mod follow;

pub use follow::{ASKED_DAYS, ask, confirm, confirm_known, leave, leave_known, may_follow};

use super::events::{
    ComponentStated, NoticeLinked, NoticePublished, StatusEvent, UpdateCorrected, UpdatePosted,
};
use super::jobs;
use super::model::{Affected, Component, ComponentId, Notice, NoticeId, NoticeKind, NoticeState};
use super::permits::PublishStatus;
use super::{rules, store};
use crate::model::CaseId;
use kernel::env::Env;
use kernel::event::Recorded;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, remark, sentence};
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Tx};
use platform::jobs::webhook;
use platform::journal::{Expected, Origin, record};

/// The longest name of a component, and the longest title of a notice.
pub const TITLE_MAX: usize = 120;
/// The longest update.
pub const TEXT_MAX: usize = 4_000;
/// Components of one organisation at most.
pub const COMPONENTS_MAX: usize = 100;
/// The alphabet of public references: no letter that reads as another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A component as stated.
#[derive(Debug, Clone)]
pub struct ComponentInput {
    /// What it is called inside.
    pub name: String,
    /// What it is called on the page.
    pub public_name: String,
    /// What it does; may be empty.
    pub description: String,
    /// Its place in the list.
    pub place: i64,
    /// Whether it is no longer shown.
    pub retired: bool,
}

/// States a component, a new one or one that is there.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn state_component(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PublishStatus>,
    existing: Option<(ComponentId, i64)>,
    input: &ComponentInput,
) -> Result<ComponentId> {
    let all = store::components(tx, permit.owner())?;
    let public_name = line("public_name", &input.public_name, TITLE_MAX)?;
    let own = existing.map(|(id, _)| id);
    if all.iter().any(|c| c.public_name == public_name && Some(c.id) != own) {
        return Err(Refusal::field(
            "public_name",
            "Another component has this name on the page. Readers could not tell them apart: choose another.",
        )
        .into());
    }
    let (id, expected) = match existing {
        Some((id, version)) => {
            all.iter().find(|c| c.id == id).ok_or(Refusal::NotFound)?;
            (id, Expected::Version(version))
        }
        None if all.len() >= COMPONENTS_MAX => {
            return Err(Refusal::state(format!(
                "There are {COMPONENTS_MAX} components. Retire one that is no longer used and state it anew."
            ))
            .into());
        }
        None => (env.id(), Expected::New),
    };
    let event = ComponentStated {
        id,
        organisation: permit.owner(),
        name: line("name", &input.name, TITLE_MAX)?,
        public_name,
        description: remark("description", &input.description, 500)?,
        place: input.place.clamp(0, 10_000),
        retired: input.retired,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), expected, vec![StatusEvent::from(event)])?;
    Ok(id)
}

/// A notice as published.
#[derive(Debug, Clone)]
pub struct NoticeInput {
    /// What it is about.
    pub kind: NoticeKind,
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub state: NoticeState,
    /// What it affects.
    pub affected: Affected,
    /// The first words.
    pub text: String,
    /// When it began, or is going to; now, if not given.
    pub begins_at: Option<Timestamp>,
    /// When planned work is going to end.
    pub ends_at: Option<Timestamp>,
    /// The case that it speaks of.
    pub case: Option<CaseId>,
}

/// How what is published is told: from where, and to whom.
#[derive(Debug, Clone)]
pub struct Voice {
    /// The address at which the deployment is reached, for links in messages.
    pub base_url: String,
    /// Whether subscribers get mail. Webhooks are told always.
    pub mail: bool,
}

fn window(kind: NoticeKind, from: Timestamp, to: Option<Timestamp>) -> Result<(), Refusal> {
    match (kind, to) {
        (NoticeKind::Maintenance, None) => {
            Err(Refusal::field("ends_at", "Say when the work is going to end; readers plan by it."))
        }
        (NoticeKind::Maintenance, Some(to)) if to <= from => Err(Refusal::field(
            "ends_at",
            "The work would end before it begins. Correct one of the two.",
        )),
        _ => Ok(()),
    }
}

fn known(conn: &mut Conn<'_>, permit: &Permit<PublishStatus>, affected: &Affected) -> Result<()> {
    let all = store::components(conn, permit.owner())?;
    let unknown = affected.keys().any(|id| !all.iter().any(|c: &Component| c.id == *id));
    if unknown { Err(Refusal::NotFound.into()) } else { Ok(()) }
}

fn case_known(
    conn: &mut Conn<'_>,
    permit: &Permit<PublishStatus>,
    case: Option<CaseId>,
) -> Result<()> {
    if let Some(id) = case
        && crate::store::case(conn, permit.owner(), id)?.is_none()
    {
        return Err(Refusal::field("case", "There is no case under this id.").into());
    }
    Ok(())
}

/// Publishes an incident or planned work, and tells those who asked to be told.
///
/// # Errors
/// [`Refusal::Input`] naming the field; [`Refusal::NotFound`] for an unknown component.
pub fn publish(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PublishStatus>,
    input: &NoticeInput,
    voice: &Voice,
) -> Result<NoticeId> {
    if input.state.kind() != input.kind {
        return Err(
            Refusal::field("state", "This state does not belong to this kind of notice.").into()
        );
    }
    let begins_at = input.begins_at.unwrap_or_else(|| env.now());
    if input.kind == NoticeKind::Incident && begins_at > env.now() {
        return Err(
            Refusal::field("begins_at", "This lies in the future. When did it begin?").into()
        );
    }
    window(input.kind, begins_at, input.ends_at)?;
    known(tx, permit, &input.affected)?;
    case_known(tx, permit, input.case)?;
    let id: NoticeId = env.id();
    let reference: String = (0..10)
        .filter_map(|_| ALPHABET.get(usize::try_from(env.below(32)).unwrap_or_default()))
        .map(|b| char::from(*b))
        .collect();
    let event = NoticePublished {
        id,
        organisation: permit.owner(),
        reference,
        kind: input.kind,
        title: line("title", &input.title, TITLE_MAX)?,
        state: input.state,
        affected: input.affected.clone(),
        text: sentence("text", &input.text, TEXT_MAX)?,
        begins_at,
        ends_at: input.ends_at.filter(|_| input.kind == NoticeKind::Maintenance),
        case: input.case,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    let made =
        record(tx, env, &origin, &id.to_string(), Expected::New, vec![StatusEvent::from(event)])?;
    announce(tx, env, &made, id, voice)?;
    Ok(id)
}

/// An update as posted.
#[derive(Debug, Clone)]
pub struct UpdateInput {
    /// Where it stands now.
    pub state: NoticeState,
    /// What it affects now.
    pub affected: Affected,
    /// The words.
    pub text: String,
    /// When planned work begins now; as before, if not given.
    pub begins_at: Option<Timestamp>,
    /// When planned work ends now; as before, if not given.
    pub ends_at: Option<Timestamp>,
}

fn load(tx: &mut Tx<'_>, permit: &Permit<PublishStatus>, id: NoticeId) -> Result<Notice> {
    Ok(store::notice(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?)
}

/// Publishes an update of a notice.
///
/// # Errors
/// [`Refusal::State`] for a state that may not follow; otherwise as [`publish`]; [`Refusal::Stale`].
pub fn post_update(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PublishStatus>,
    (id, version): (NoticeId, i64),
    input: &UpdateInput,
    voice: &Voice,
) -> Result<()> {
    let notice = load(tx, permit, id)?;
    if !rules::next_states(notice.state).contains(&input.state) {
        return Err(Refusal::field(
            "state",
            "What is over stays over. If it came back, publish it as a notice of its own.",
        )
        .into());
    }
    known(tx, permit, &input.affected)?;
    let (begins_at, ends_at) = match notice.kind {
        NoticeKind::Incident => (notice.begins_at, None),
        NoticeKind::Maintenance => {
            (input.begins_at.unwrap_or(notice.begins_at), input.ends_at.or(notice.ends_at))
        }
    };
    window(notice.kind, begins_at, ends_at)?;
    let event = UpdatePosted {
        state: input.state,
        affected: input.affected.clone(),
        text: sentence("text", &input.text, TEXT_MAX)?,
        begins_at,
        ends_at,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    let events = vec![StatusEvent::from(event)];
    let made = record(tx, env, &origin, &id.to_string(), Expected::Version(version), events)?;
    announce(tx, env, &made, id, voice)
}

/// Corrects a published update: what was said stays, and the correction points back to it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when it is corrected already, [`Refusal::Stale`].
pub fn correct(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PublishStatus>,
    (id, version): (NoticeId, i64),
    corrects: i64,
    text: &str,
    voice: &Voice,
) -> Result<()> {
    load(tx, permit, id)?;
    let updates = store::updates(tx, permit.owner(), id)?;
    let wrong = updates.iter().find(|u| u.version == corrects).ok_or(Refusal::NotFound)?;
    if wrong.corrected_by.is_some() {
        return Err(Refusal::state(
            "This update is corrected already. Correct the correction, so that readers can follow.",
        )
        .into());
    }
    let event = UpdateCorrected { corrects, text: sentence("text", text, TEXT_MAX)? };
    let origin = Origin::by(permit.actor(), permit.owner());
    let events = vec![StatusEvent::from(event)];
    let made = record(tx, env, &origin, &id.to_string(), Expected::Version(version), events)?;
    announce(tx, env, &made, id, voice)
}

/// Links a notice to a case, or takes the link back. Nothing is published by it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`] for an unknown case.
pub fn link(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PublishStatus>,
    (id, version): (NoticeId, i64),
    case: Option<CaseId>,
) -> Result<()> {
    load(tx, permit, id)?;
    case_known(tx, permit, case)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let events = vec![StatusEvent::from(NoticeLinked { case })];
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), events)?;
    Ok(())
}

/// Plans what follows from a publication, in its transaction: webhooks, and one job that writes to
/// every subscriber who had confirmed by then.
fn announce(
    tx: &mut Tx<'_>,
    env: &mut Env,
    made: &[Recorded<StatusEvent>],
    id: NoticeId,
    voice: &Voice,
) -> Result<()> {
    for event in made {
        let notice = store::notice(tx, event.log, id)?.ok_or(Refusal::NotFound)?;
        let updates = store::updates(tx, event.log, id)?;
        let Some(update) = updates.iter().find(|u| u.version == event.version) else { continue };
        let link = jobs::link(&voice.base_url, event.log, &format!("/status/{}", notice.reference));
        let data = serde_json::json!({
            "reference": notice.reference, "kind": notice.kind, "title": notice.title,
            "state": update.state, "text": update.text, "correction": update.corrects.is_some(), "link": link,
        });
        let key = format!("status~{}", event.id);
        webhook::tell(tx, env, event.log, &key, "status.published", &data)?;
        if voice.mail {
            jobs::plan(tx, env, event.log, id, event.version, &voice.base_url)?;
        }
    }
    Ok(())
}
