//! The mail door's table: `apply` writes it, named queries read it.

use super::events::MailEvent;
use super::model::{Mail, MailId, Outcome, Reason};
use crate::model::CaseId;
use kernel::event::Recorded;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Row, Tx, Value, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for MailEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::Accepted(x) => {
                tx.execute(
                    "INSERT INTO mail_in (id, organisation, sha256, bytes, via, accepted_at, outcome, reason, sender, subject, message_id,
                       auth, attachments, decision, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', '{\"server\":\"\"}', '[]', '', $9)",
                    params![
                        x.id, e.log, &x.sha256, x.bytes, &x.via, e.recorded_at, Outcome::Waiting.word(), Reason::None.word(), e.version
                    ],
                )?;
            }
            Self::Sorted(x) => {
                tx.execute(
                    "UPDATE mail_in SET sorted_at = $2, outcome = $3, reason = $4, case_id = $5, sender = $6, subject = $7, message_id = $8,
                       auth = $9, attachments = $10, version = $11 WHERE id = $1",
                    params![
                        x.id, e.recorded_at, x.outcome.word(), x.reason.word(), x.case, &x.sender, &x.subject, &x.message_id,
                        json_text(&x.auth)?, json_text(&x.attachments)?, e.version
                    ],
                )?;
            }
            Self::Released(x) => {
                tx.execute(
                    "UPDATE mail_in SET decided_at = $2, decision = $3, case_id = $4, version = $5 WHERE id = $1",
                    params![x.id, e.recorded_at, &x.decision, x.case, e.version],
                )?;
            }
            Self::Dismissed(x) => {
                tx.execute(
                    "UPDATE mail_in SET decided_at = $2, decision = $3, version = $4 WHERE id = $1",
                    params![x.id, e.recorded_at, &x.decision, e.version],
                )?;
            }
        }
        Ok(())
    }
}

fn word<T>(row: &Row, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| DbError::Shape(format!("column {column} holds {text}")).into())
}

fn to_mail(row: &Row) -> Result<Mail> {
    Ok(Mail {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        sha256: row.get("sha256")?,
        bytes: row.get("bytes")?,
        via: row.get("via")?,
        accepted_at: row.get("accepted_at")?,
        sorted_at: row.get("sorted_at")?,
        outcome: word(row, "outcome", Outcome::from_word)?,
        reason: word(row, "reason", Reason::from_word)?,
        case: row.get("case_id")?,
        sender: row.get("sender")?,
        subject: row.get("subject")?,
        message_id: row.get("message_id")?,
        auth: read_json(row, "auth")?,
        attachments: read_json(row, "attachments")?,
        decided_at: row.get("decided_at")?,
        decision: row.get("decision")?,
        version: row.get("version")?,
    })
}

/// One message of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn mail(conn: &mut Conn<'_>, organisation: PartyId, id: MailId) -> Result<Option<Mail>> {
    conn.query_opt(
        "SELECT * FROM mail_in WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_mail)
    .transpose()
}

/// The message with exactly these bytes, if it was accepted before.
///
/// # Errors
/// When the database refuses.
pub fn by_content(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    sha256: &str,
) -> Result<Option<MailId>> {
    conn.query_opt(
        "SELECT id FROM mail_in WHERE organisation = $1 AND sha256 = $2",
        params![organisation, sha256],
    )?
    .map_or(Ok(None), |row| row.get("id").map(Some))
}

/// Which messages a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Set aside, a loop or a bounce, and not decided.
    Undecided,
    /// All.
    All,
}

/// Messages, newest first; after the place of the last one seen.
///
/// # Errors
/// When the database refuses.
pub fn mails(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    which: Which,
    after: Option<(Timestamp, MailId)>,
    limit: i64,
) -> Result<Vec<Mail>> {
    let mut sql = String::from("SELECT * FROM mail_in WHERE organisation = $1");
    let mut values: Vec<Value> = vec![organisation.into()];
    if which == Which::Undecided {
        sql.push_str(" AND outcome IN ('waiting', 'quarantine') AND decided_at IS NULL");
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), at.into(), id.into()]);
        sql.push_str(" AND accepted_at <= $2 AND (accepted_at < $3 OR id < $4)");
    }
    values.push(limit.into());
    sql.push_str(&format!(" ORDER BY accepted_at DESC, id DESC LIMIT ${}", values.len()));
    conn.query(&sql, &values)?.iter().map(to_mail).collect()
}

/// How many messages were accepted between two times, by what was made of them, and how many of each
/// became a case by a person's decision.
///
/// # Errors
/// When the database refuses.
pub fn counts(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<(Outcome, i64)>> {
    conn.query(
        "SELECT outcome, CAST(COUNT(*) AS BIGINT) AS n FROM mail_in
         WHERE organisation = $1 AND accepted_at >= $2 AND accepted_at < $3 GROUP BY outcome ORDER BY outcome",
        params![organisation, from, to],
    )?
    .iter()
    .map(|row| Ok((word(row, "outcome", Outcome::from_word)?, row.get("n")?)))
    .collect()
}

/// How many messages wait for a decision of a person.
///
/// # Errors
/// When the database refuses.
pub fn undecided(conn: &mut Conn<'_>, organisation: PartyId) -> Result<i64> {
    conn.query_one(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM mail_in
         WHERE organisation = $1 AND outcome IN ('waiting', 'quarantine') AND decided_at IS NULL",
        params![organisation],
    )?
    .get("n")
}

/// How many new cases a sender has made since a time.
///
/// # Errors
/// When the database refuses.
pub fn recent_of(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    sender: &str,
    since: Timestamp,
) -> Result<i64> {
    conn.query_one(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM mail_in
         WHERE organisation = $1 AND sender = $2 AND accepted_at >= $3 AND outcome = 'case'",
        params![organisation, sender, since],
    )?
    .get("n")
}

/// Whether mail has ever come in: whether there is a door for it.
///
/// # Errors
/// When the database refuses.
pub fn in_use(conn: &mut Conn<'_>, organisation: PartyId) -> Result<bool> {
    let row = conn.query_opt(
        "SELECT 1 AS used FROM mail_in WHERE organisation = $1 LIMIT 1",
        params![organisation],
    )?;
    Ok(row.is_some())
}

/// The messages of a case, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn of_case(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<Vec<Mail>> {
    conn.query(
        "SELECT * FROM mail_in WHERE organisation = $1 AND case_id = $2 ORDER BY accepted_at, id",
        params![organisation, case],
    )?
    .iter()
    .map(to_mail)
    .collect()
}

/// The files that the record names: every message as it came.
///
/// # Errors
/// When the database refuses.
pub fn files(conn: &mut Conn<'_>) -> Result<Vec<String>> {
    conn.query("SELECT sha256 FROM mail_in ORDER BY sha256", &[])?
        .iter()
        .map(|row| row.get("sha256"))
        .collect()
}
