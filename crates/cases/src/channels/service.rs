//! Commands: permit, load, decide, record.

use super::events::{
    ChannelEvent, ChannelPublished, ChannelReopened, ChannelRetired, ChannelStated, ChannelTested,
    PublicationEnded,
};
use super::model::{Audience, Channel, ChannelId, ChannelKind, Place, PublicationId};
use super::permits::ManageChannels;
use super::store;
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::period::Date;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, remark, sentence};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};
use platform::ui::safe_href;

/// The longest name of a channel.
pub const NAME_MAX: usize = 40;
/// The longest address, title of a publication, and text on hours.
pub const LINE_MAX: usize = 200;
/// The longest instructions, evidence and reasons.
pub const TEXT_MAX: usize = 4_000;
/// Channels of one organisation at most.
pub const CHANNELS_MAX: usize = 200;

/// A channel as stated.
#[derive(Debug, Clone)]
pub struct ChannelInput {
    /// What it is called, also on its cases.
    pub name: String,
    /// Which kind.
    pub kind: ChannelKind,
    /// For whom.
    pub audience: Audience,
    /// Where a reporter goes; may be empty.
    pub address: String,
    /// What a reporter is told.
    pub instructions: String,
    /// When it is open; may be empty.
    pub hours: String,
    /// Tags of the languages that are spoken there.
    pub languages: Vec<String>,
    /// Whether nobody need say who they are.
    pub anonymous: bool,
    /// Who answers for it.
    pub owner: Option<PersonId>,
}

impl Default for ChannelInput {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: ChannelKind::Portal,
            audience: Audience::Both,
            address: String::new(),
            instructions: String::new(),
            hours: String::new(),
            languages: Vec::new(),
            anonymous: false,
            owner: None,
        }
    }
}

/// Tags of languages as people write them: `en, pt-BR`.
///
/// # Errors
/// [`Refusal::Input`] naming `languages`.
pub fn languages_of(text: &str) -> std::result::Result<Vec<String>, Refusal> {
    let mut tags = Vec::new();
    for tag in text.split([',', ';', ' ', '\n']).map(str::trim).filter(|t| !t.is_empty()) {
        let good = tag.len() <= 12
            && tag.split('-').all(|p| {
                (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric())
            })
            && tag.split('-').next().is_some_and(|p| (2..=3).contains(&p.len()));
        if !good {
            return Err(Refusal::field(
                "languages",
                "Write the tags of languages with commas between them: en, de, pt-BR.",
            ));
        }
        if !tags.iter().any(|t| t == tag) {
            tags.push(tag.to_owned());
        }
    }
    if tags.len() > 40 {
        return Err(Refusal::field("languages", "These are more than 40 languages."));
    }
    Ok(tags)
}

fn put(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageChannels>,
    id: ChannelId,
    expected: Expected,
    event: ChannelEvent,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), expected, vec![event])?;
    Ok(())
}

/// States a new channel.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn state_channel(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageChannels>,
    input: &ChannelInput,
) -> Result<ChannelId> {
    let id = env.id();
    let known = store::channels(tx, permit.owner())?;
    if known.len() >= CHANNELS_MAX {
        return Err(Refusal::state(format!("There are {CHANNELS_MAX} channels already.")).into());
    }
    let event = stated(&known, id, input)?;
    put(tx, env, permit, id, Expected::New, event)?;
    Ok(id)
}

/// States a channel anew.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`]; as [`state_channel`].
pub fn restate_channel(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageChannels>,
    id: ChannelId,
    expected: Expected,
    input: &ChannelInput,
) -> Result<()> {
    load(tx, permit, id)?;
    let known = store::channels(tx, permit.owner())?;
    let event = stated(&known, id, input)?;
    put(tx, env, permit, id, expected, event)
}

fn stated(known: &[Channel], id: ChannelId, input: &ChannelInput) -> Result<ChannelEvent> {
    let name = line("name", &input.name, NAME_MAX)?;
    if known.iter().any(|c| c.name == name && c.id != id) {
        return Err(Refusal::field(
            "name",
            "Another channel has this name. Cases name their channel, so each needs its own.",
        )
        .into());
    }
    Ok(ChannelEvent::Stated(ChannelStated {
        id,
        name,
        kind: input.kind,
        audience: input.audience,
        address: remark("address", &input.address, LINE_MAX)?,
        instructions: sentence("instructions", &input.instructions, TEXT_MAX)?,
        hours: remark("hours", &input.hours, LINE_MAX)?,
        languages: languages_of(&input.languages.join(","))?,
        anonymous: input.anonymous,
        owner: input.owner,
    }))
}

fn load(tx: &mut Tx<'_>, permit: &Permit<ManageChannels>, id: ChannelId) -> Result<Channel> {
    Ok(store::channel(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?)
}

/// Where a channel is made known.
#[derive(Debug, Clone)]
pub struct PublicationInput {
    /// What kind of place.
    pub place: Place,
    /// Which one.
    pub title: String,
    /// Where it can be read; may be empty.
    pub link: String,
    /// Since when.
    pub from: Date,
}

/// Writes down that a channel is made known somewhere.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`] naming the field.
pub fn publish(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageChannels>,
    channel: ChannelId,
    expected: Expected,
    input: &PublicationInput,
) -> Result<PublicationId> {
    load(tx, permit, channel)?;
    let link = remark("link", &input.link, LINE_MAX)?;
    if !link.is_empty() && !safe_href(&link) {
        return Err(
            Refusal::field("link", "Write a link that begins with https://, or none.").into()
        );
    }
    let id = env.id();
    let event = ChannelPublished {
        channel,
        id,
        place: input.place,
        title: line("title", &input.title, LINE_MAX)?,
        link,
        from: input.from,
    };
    put(tx, env, permit, channel, expected, event.into())?;
    Ok(id)
}

/// Writes down that a channel is no longer made known somewhere.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`] when it ends before it began.
pub fn end_publication(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageChannels>,
    channel: ChannelId,
    expected: Expected,
    (id, to): (PublicationId, Date),
) -> Result<()> {
    let all = store::publications(tx, permit.owner())?;
    let found = all
        .into_iter()
        .find(|p| p.id == id && p.channel == channel && p.to.is_none())
        .ok_or(Refusal::NotFound)?;
    if to < found.from {
        return Err(Refusal::field("to", "This is before it was published.").into());
    }
    let event = PublicationEnded { id, title: found.title, to };
    put(tx, env, permit, channel, expected, event.into())
}

/// Writes down that a channel was tried.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`] naming the field.
pub fn test(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageChannels>,
    channel: ChannelId,
    expected: Expected,
    (on, passed, evidence): (Date, bool, &str),
) -> Result<()> {
    load(tx, permit, channel)?;
    let tomorrow = kernel::zone::Zone::utc().local(env.now().plus_seconds(86_400)).date();
    if on > tomorrow {
        return Err(Refusal::field("on", "This lies in the future. When was it tried?").into());
    }
    let evidence = sentence("evidence", evidence, TEXT_MAX)?;
    put(tx, env, permit, channel, expected, ChannelTested { channel, on, passed, evidence }.into())
}

/// Closes a channel.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`] when it is closed already.
pub fn retire(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageChannels>,
    channel: ChannelId,
    expected: Expected,
    reason: &str,
) -> Result<()> {
    if load(tx, permit, channel)?.retired_at.is_some() {
        return Err(Refusal::state("This channel is closed already.").into());
    }
    let reason = sentence("reason", reason, TEXT_MAX)?;
    put(tx, env, permit, channel, expected, ChannelRetired { channel, reason }.into())
}

/// Opens a closed channel again.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`] when it is open.
pub fn reopen(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageChannels>,
    channel: ChannelId,
    expected: Expected,
    reason: &str,
) -> Result<()> {
    if load(tx, permit, channel)?.retired_at.is_none() {
        return Err(Refusal::state("This channel is open.").into());
    }
    let reason = sentence("reason", reason, TEXT_MAX)?;
    put(tx, env, permit, channel, expected, ChannelReopened { channel, reason }.into())
}
