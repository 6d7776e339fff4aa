//! The tables of the register: `apply` writes them, named queries read them.

use super::events::ChannelEvent;
use super::model::{
    Audience, Channel, ChannelId, ChannelKind, Place, Publication, PublicationId, Trial,
};
use kernel::event::Recorded;
use kernel::ids::PartyId;
use kernel::period::{Date, parse_date};
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for ChannelEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        let (organisation, version) = (e.log, e.version);
        match &e.event {
            Self::Stated(x) => {
                tx.execute(
                    "INSERT INTO channel (id, organisation, name, kind, audience, address, instructions, hours, languages, anonymous,
                       owner, since, retired_because, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', $13)
                     ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind, audience = EXCLUDED.audience,
                       address = EXCLUDED.address, instructions = EXCLUDED.instructions, hours = EXCLUDED.hours,
                       languages = EXCLUDED.languages, anonymous = EXCLUDED.anonymous, owner = EXCLUDED.owner",
                    params![
                        x.id, organisation, &x.name, x.kind.word(), x.audience.word(), &x.address, &x.instructions, &x.hours,
                        json_text(&x.languages)?, x.anonymous, x.owner, e.recorded_at, version
                    ],
                )?;
            }
            Self::Published(x) => {
                tx.execute(
                    "INSERT INTO channel_publication (id, organisation, channel, place, title, link, from_date) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    params![x.id, organisation, x.channel, x.place.word(), &x.title, &x.link, x.from.to_string()],
                )?;
            }
            Self::PublicationEnded(x) => {
                tx.execute(
                    "UPDATE channel_publication SET to_date = $3 WHERE organisation = $1 AND id = $2",
                    params![organisation, x.id, x.to.to_string()],
                )?;
            }
            Self::Tested(x) => {
                tx.execute(
                    "INSERT INTO channel_test (channel, version, organisation, on_date, passed, evidence, actor) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    params![x.channel, version, organisation, x.on.to_string(), x.passed, &x.evidence, &e.actor],
                )?;
            }
            Self::Retired(x) => {
                tx.execute(
                    "UPDATE channel SET retired_at = $2, retired_because = $3 WHERE id = $1",
                    params![x.channel, e.recorded_at, &x.reason],
                )?;
            }
            Self::Reopened(x) => {
                tx.execute(
                    "UPDATE channel SET retired_at = NULL, retired_because = '' WHERE id = $1",
                    params![x.channel],
                )?;
            }
        }
        tx.execute("UPDATE channel SET version = $2 WHERE id = $1", params![&e.subject, version])?;
        Ok(())
    }
}

fn word<T>(row: &Row, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| DbError::Shape(format!("column {column} holds {text}")).into())
}

fn date(text: &str) -> Result<Date> {
    Ok(parse_date(text).map_err(|e| DbError::Shape(format!("a date that is none: {e}")))?)
}

fn to_channel(row: &Row) -> Result<Channel> {
    Ok(Channel {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        name: row.get("name")?,
        kind: word(row, "kind", ChannelKind::from_word)?,
        audience: word(row, "audience", Audience::from_word)?,
        address: row.get("address")?,
        instructions: row.get("instructions")?,
        hours: row.get("hours")?,
        languages: read_json(row, "languages")?,
        anonymous: row.get("anonymous")?,
        owner: row.get("owner")?,
        since: row.get("since")?,
        retired_at: row.get("retired_at")?,
        retired_because: row.get("retired_because")?,
        version: row.get("version")?,
    })
}

/// The organisation's channels, by name, closed ones too.
///
/// # Errors
/// When the database refuses.
pub fn channels(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Channel>> {
    conn.query(
        "SELECT * FROM channel WHERE organisation = $1 ORDER BY name",
        params![organisation],
    )?
    .iter()
    .map(to_channel)
    .collect()
}

/// One channel of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn channel(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: ChannelId,
) -> Result<Option<Channel>> {
    conn.query_opt(
        "SELECT * FROM channel WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_channel)
    .transpose()
}

/// Where the organisation's channels are or were made known, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn publications(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Publication>> {
    conn.query(
        "SELECT * FROM channel_publication WHERE organisation = $1 ORDER BY from_date, id",
        params![organisation],
    )?
    .iter()
    .map(|row| {
        Ok(Publication {
            id: row.get::<PublicationId>("id")?,
            channel: row.get("channel")?,
            place: word(row, "place", Place::from_word)?,
            title: row.get("title")?,
            link: row.get("link")?,
            from: date(&row.get::<String>("from_date")?)?,
            to: row.get::<Option<String>>("to_date")?.as_deref().map(date).transpose()?,
        })
    })
    .collect()
}

/// The trials of the organisation's channels, newest first.
///
/// # Errors
/// When the database refuses.
pub fn trials(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Trial>> {
    conn.query(
        "SELECT * FROM channel_test WHERE organisation = $1 ORDER BY on_date DESC, version DESC",
        params![organisation],
    )?
    .iter()
    .map(|row| {
        Ok(Trial {
            channel: row.get("channel")?,
            on: date(&row.get::<String>("on_date")?)?,
            passed: row.get("passed")?,
            evidence: row.get("evidence")?,
            actor: row.get("actor")?,
        })
    })
    .collect()
}
