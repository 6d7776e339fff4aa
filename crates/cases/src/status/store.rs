//! Tables of the status page. Only `apply` writes what the log holds; addresses are written by name.

use super::events::{NoticePublished, StatusEvent, UpdatePosted};
use super::model::{
    Affected, Component, ComponentId, Followers, Notice, NoticeId, NoticeKind, NoticeState,
    Recipient, SubscriberId, Update,
};
use crate::model::CaseId;
use kernel::event::Recorded;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for StatusEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::ComponentStated(x) => {
                tx.execute(
                    "INSERT INTO status_component (id, organisation, name, public_name, description, place, retired, version)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                     ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, public_name = EXCLUDED.public_name,
                       description = EXCLUDED.description, place = EXCLUDED.place, retired = EXCLUDED.retired, version = EXCLUDED.version",
                    params![x.id, x.organisation, &x.name, &x.public_name, &x.description, x.place, x.retired, e.version],
                )?;
            }
            Self::NoticePublished(x) => published(tx, e, x)?,
            Self::UpdatePosted(x) => posted(tx, e, x)?,
            Self::UpdateCorrected(x) => {
                tx.execute(
                    "UPDATE status_update SET corrected_by = $3 WHERE notice = $1 AND version = $2",
                    params![&e.subject, x.corrects, e.version],
                )?;
                let row = tx.query_one(
                    "SELECT state FROM status_notice WHERE id = $1",
                    params![&e.subject],
                )?;
                say(tx, e, &row.get::<String>("state")?, &x.text, Some(x.corrects))?;
                touch(tx, e)?;
            }
            Self::NoticeLinked(x) => {
                tx.execute(
                    "UPDATE status_notice SET linked = $2 WHERE id = $1",
                    params![&e.subject, x.case],
                )?;
                touch(tx, e)?;
            }
            Self::SubscriptionAsked(x) => {
                tx.execute(
                    "INSERT INTO status_subscriber (id, organisation, language, state, asked_at) VALUES ($1, $2, $3, 'asked', $4)
                     ON CONFLICT (id) DO UPDATE SET language = EXCLUDED.language, asked_at = EXCLUDED.asked_at",
                    params![x.id, x.organisation, &x.language, e.recorded_at],
                )?;
            }
            Self::SubscriptionConfirmed(_) => {
                tx.execute(
                    "UPDATE status_subscriber SET state = 'confirmed', confirmed_at = $2 WHERE id = $1",
                    params![&e.subject, e.recorded_at],
                )?;
            }
            Self::SubscriptionEnded(x) => {
                let state = if x.left { "left" } else { "lapsed" };
                tx.execute(
                    "UPDATE status_subscriber SET state = $3, ended_at = $2 WHERE id = $1",
                    params![&e.subject, e.recorded_at, state],
                )?;
            }
        }
        Ok(())
    }
}

fn published(tx: &mut Tx<'_>, e: &Recorded<StatusEvent>, x: &NoticePublished) -> Result<()> {
    let ended = x.state.is_over().then_some(e.occurred_at);
    tx.execute(
        "INSERT INTO status_notice (id, organisation, reference, kind, title, state, affected, begins_at, ends_at, ended_at,
           linked, published_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            x.id, x.organisation, &x.reference, x.kind.word(), &x.title, x.state.word(), json_text(&x.affected)?, x.begins_at,
            x.ends_at, ended, x.case, e.recorded_at, e.version
        ],
    )?;
    say(tx, e, x.state.word(), &x.text, None)
}

fn posted(tx: &mut Tx<'_>, e: &Recorded<StatusEvent>, x: &UpdatePosted) -> Result<()> {
    // The first update that says it is over sets its end; a later word does not move it.
    let ended = x.state.is_over().then_some(e.occurred_at);
    tx.execute(
        "UPDATE status_notice SET state = $2, affected = $3, begins_at = $4, ends_at = $5,
           ended_at = COALESCE(ended_at, $6) WHERE id = $1",
        params![&e.subject, x.state.word(), json_text(&x.affected)?, x.begins_at, x.ends_at, ended],
    )?;
    say(tx, e, x.state.word(), &x.text, None)?;
    touch(tx, e)
}

fn say(
    tx: &mut Tx<'_>,
    e: &Recorded<StatusEvent>,
    state: &str,
    text: &str,
    corrects: Option<i64>,
) -> Result<()> {
    tx.execute(
        "INSERT INTO status_update (notice, version, organisation, at, state, body, corrects, actor, event)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![&e.subject, e.version, e.log, e.recorded_at, state, text, corrects, &e.actor, e.id],
    )?;
    Ok(())
}

fn touch(tx: &mut Tx<'_>, e: &Recorded<StatusEvent>) -> Result<()> {
    tx.execute(
        "UPDATE status_notice SET version = $2 WHERE id = $1",
        params![&e.subject, e.version],
    )?;
    Ok(())
}

fn word<T>(row: &Row, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| DbError::Shape(format!("column {column} holds {text}")).into())
}

fn to_component(row: &Row) -> Result<Component> {
    Ok(Component {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        name: row.get("name")?,
        public_name: row.get("public_name")?,
        description: row.get("description")?,
        place: row.get("place")?,
        retired: row.get("retired")?,
        version: row.get("version")?,
    })
}

fn to_notice(row: &Row) -> Result<Notice> {
    Ok(Notice {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        reference: row.get("reference")?,
        kind: word(row, "kind", NoticeKind::from_word)?,
        title: row.get("title")?,
        state: word(row, "state", NoticeState::from_word)?,
        affected: read_json::<Affected>(row, "affected")?,
        begins_at: row.get("begins_at")?,
        ends_at: row.get("ends_at")?,
        ended_at: row.get("ended_at")?,
        case: row.get("linked")?,
        published_at: row.get("published_at")?,
        version: row.get("version")?,
    })
}

fn to_update(row: &Row) -> Result<Update> {
    Ok(Update {
        notice: row.get("notice")?,
        version: row.get("version")?,
        at: row.get("at")?,
        state: word(row, "state", NoticeState::from_word)?,
        text: row.get("body")?,
        corrects: row.get("corrects")?,
        corrected_by: row.get("corrected_by")?,
        actor: row.get("actor")?,
        event: row.get("event")?,
    })
}

/// The components of an organisation in their order, retired ones last.
///
/// # Errors
/// When the database refuses.
pub fn components(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Component>> {
    conn.query(
        "SELECT * FROM status_component WHERE organisation = $1 ORDER BY retired, place, id",
        params![organisation],
    )?
    .iter()
    .map(to_component)
    .collect()
}

/// One component.
///
/// # Errors
/// When the database refuses.
pub fn component(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: ComponentId,
) -> Result<Option<Component>> {
    conn.query_opt(
        "SELECT * FROM status_component WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_component)
    .transpose()
}

/// What is not over by its own word, oldest first; what the clock has ended is among it.
///
/// # Errors
/// When the database refuses.
pub fn open_notices(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Notice>> {
    conn.query(
        "SELECT * FROM status_notice WHERE organisation = $1
           AND state NOT IN ('resolved', 'completed', 'cancelled') ORDER BY begins_at, id",
        params![organisation],
    )?
    .iter()
    .map(to_notice)
    .collect()
}

/// Notices by the time at which they begin, newest first, from before a place in the list.
///
/// # Errors
/// When the database refuses.
pub fn notices(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    before: Option<(Timestamp, NoticeId)>,
    limit: i64,
) -> Result<Vec<Notice>> {
    let (at, id) = before.map_or((i64::MAX, String::new()), |(at, id)| (at.0, id.to_string()));
    conn.query(
        "SELECT * FROM status_notice WHERE organisation = $1
           AND begins_at <= $2 AND (begins_at < $2 OR id < $3) ORDER BY begins_at DESC, id DESC LIMIT $4",
        params![organisation, at, id, limit],
    )?
    .iter()
    .map(to_notice)
    .collect()
}

/// One notice.
///
/// # Errors
/// When the database refuses.
pub fn notice(conn: &mut Conn<'_>, organisation: PartyId, id: NoticeId) -> Result<Option<Notice>> {
    conn.query_opt(
        "SELECT * FROM status_notice WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_notice)
    .transpose()
}

/// The notice with a public reference.
///
/// # Errors
/// When the database refuses.
pub fn by_reference(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    reference: &str,
) -> Result<Option<Notice>> {
    conn.query_opt(
        "SELECT * FROM status_notice WHERE organisation = $1 AND reference = $2",
        params![organisation, reference],
    )?
    .as_ref()
    .map(to_notice)
    .transpose()
}

/// Notices that speak of a case.
///
/// # Errors
/// When the database refuses.
pub fn of_case(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<Vec<Notice>> {
    conn.query(
        "SELECT * FROM status_notice WHERE organisation = $1 AND linked = $2 ORDER BY begins_at, id",
        params![organisation, case],
    )?
    .iter()
    .map(to_notice)
    .collect()
}

/// What was said in a notice, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn updates(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    notice: NoticeId,
) -> Result<Vec<Update>> {
    conn.query(
        "SELECT * FROM status_update WHERE organisation = $1 AND notice = $2 ORDER BY version",
        params![organisation, notice],
    )?
    .iter()
    .map(to_update)
    .collect()
}

/// What was published last, newest first, with the notice of each.
///
/// # Errors
/// When the database refuses.
pub fn published_last(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    limit: i64,
) -> Result<Vec<(Update, Notice)>> {
    let updates = conn.query(
        "SELECT * FROM status_update WHERE organisation = $1 ORDER BY at DESC, notice DESC, version DESC LIMIT $2",
        params![organisation, limit],
    )?;
    let mut all = Vec::with_capacity(updates.len());
    for row in &updates {
        let update = to_update(row)?;
        let of = notice(conn, organisation, update.notice)?
            .ok_or_else(|| DbError::Shape("an update without its notice".into()))?;
        all.push((update, of));
    }
    Ok(all)
}

/// How many follow the page by mail.
///
/// # Errors
/// When the database refuses.
pub fn followers(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Followers> {
    let mut all = Followers::default();
    for row in conn.query(
        "SELECT state, count(*) AS n FROM status_subscriber WHERE organisation = $1 GROUP BY state",
        params![organisation],
    )? {
        let n = row.get("n")?;
        match row.get::<String>("state")?.as_str() {
            "asked" => all.asked = n,
            "confirmed" => all.confirmed = n,
            "left" => all.left = n,
            _ => {}
        }
    }
    Ok(all)
}

/// Subscribers who had confirmed by a moment, in the order of their ids, after one of them.
///
/// # Errors
/// When the database refuses.
pub fn recipients(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    confirmed_by: Timestamp,
    after: Option<SubscriberId>,
    limit: i64,
) -> Result<Vec<Recipient>> {
    conn.query(
        "SELECT s.id, s.language, a.email, a.leave_token FROM status_subscriber s
         JOIN status_address a ON a.subscriber = s.id
         WHERE s.organisation = $1 AND s.state = 'confirmed' AND s.confirmed_at <= $2 AND s.id > $3
         ORDER BY s.id LIMIT $4",
        params![
            organisation,
            confirmed_by,
            after.map(|a| a.to_string()).unwrap_or_default(),
            limit
        ],
    )?
    .iter()
    .map(|row| {
        Ok(Recipient {
            id: row.get("id")?,
            email: row.get("email")?,
            language: row.get("language")?,
            leave_token: row.get("leave_token")?,
        })
    })
    .collect()
}

/// What is kept of an address that asked to be told.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Whose.
    pub subscriber: SubscriberId,
    /// The organisation.
    pub organisation: PartyId,
    /// Whether it is confirmed.
    pub confirmed: bool,
    /// When it was last asked for.
    pub asked_at: Timestamp,
}

fn kept(row: &Row) -> Result<Kept> {
    Ok(Kept {
        subscriber: row.get("subscriber")?,
        organisation: row.get("organisation")?,
        confirmed: row.get::<String>("state")? == "confirmed",
        asked_at: row.get("asked_at")?,
    })
}

const KEPT: &str = "SELECT a.subscriber, a.organisation, a.asked_at, s.state FROM status_address a
    JOIN status_subscriber s ON s.id = a.subscriber";

/// The address, if somebody asked with it.
///
/// # Errors
/// When the database refuses.
pub fn by_email(conn: &mut Conn<'_>, organisation: PartyId, email: &str) -> Result<Option<Kept>> {
    let sql = format!("{KEPT} WHERE a.organisation = $1 AND a.email = $2");
    conn.query_opt(&sql, params![organisation, email])?.as_ref().map(kept).transpose()
}

/// Who confirms with a token of this digest.
///
/// # Errors
/// When the database refuses.
pub fn by_confirm(conn: &mut Conn<'_>, digest: &[u8]) -> Result<Option<Kept>> {
    let sql = format!("{KEPT} WHERE a.confirm_digest = $1");
    conn.query_opt(&sql, params![digest])?.as_ref().map(kept).transpose()
}

/// Who leaves with this token.
///
/// # Errors
/// When the database refuses.
pub fn by_leave(conn: &mut Conn<'_>, token: &str) -> Result<Option<Kept>> {
    let sql = format!("{KEPT} WHERE a.leave_token = $1");
    conn.query_opt(&sql, params![token])?.as_ref().map(kept).transpose()
}

/// Addresses that were never confirmed and asked before a moment; at most so many.
///
/// # Errors
/// When the database refuses.
pub fn lapsed(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<SubscriberId>> {
    conn.query(
        "SELECT a.subscriber FROM status_address a JOIN status_subscriber s ON s.id = a.subscriber
         WHERE a.organisation = $1 AND s.state = 'asked' AND a.asked_at < $2 ORDER BY a.subscriber LIMIT $3",
        params![organisation, before, limit],
    )?
    .iter()
    .map(|row| row.get("subscriber"))
    .collect()
}

/// An address to keep.
#[derive(Debug)]
pub struct Address<'a> {
    /// Whose.
    pub subscriber: SubscriberId,
    /// The organisation.
    pub organisation: PartyId,
    /// Where to.
    pub email: &'a str,
    /// The digest of the token that confirms it.
    pub confirm_digest: &'a [u8],
    /// The token with which they leave.
    pub leave_token: &'a str,
    /// When it was asked for.
    pub asked_at: Timestamp,
}

/// Keeps an address, or gives a kept one a new token of confirmation.
///
/// # Errors
/// When the database refuses.
pub fn keep_address(tx: &mut Tx<'_>, a: &Address<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO status_address (subscriber, organisation, email, confirm_digest, leave_token, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (subscriber) DO UPDATE SET confirm_digest = EXCLUDED.confirm_digest, asked_at = EXCLUDED.asked_at",
        params![a.subscriber, a.organisation, a.email, a.confirm_digest, a.leave_token, a.asked_at],
    )?;
    Ok(())
}

/// The token of confirmation was used.
///
/// # Errors
/// When the database refuses.
pub fn confirm_used(tx: &mut Tx<'_>, subscriber: SubscriberId) -> Result<()> {
    tx.execute(
        "UPDATE status_address SET confirm_digest = NULL WHERE subscriber = $1",
        params![subscriber],
    )?;
    Ok(())
}

/// Forgets an address.
///
/// # Errors
/// When the database refuses.
pub fn forget_address(tx: &mut Tx<'_>, subscriber: SubscriberId) -> Result<()> {
    tx.execute("DELETE FROM status_address WHERE subscriber = $1", params![subscriber])?;
    Ok(())
}
