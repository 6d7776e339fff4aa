//! The tables of control totals: `apply` writes them, named queries read them and what is counted.

use super::events::TotalEvent;
use super::model::{Against, Book, Count, Counted, Exception, ExceptionId};
use kernel::event::Recorded;
use kernel::ids::PartyId;
use kernel::period::{Date, parse_date};
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for TotalEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::Counted(x) => {
                for count in &x.counts {
                    tx.execute(
                        "INSERT INTO total_day (organisation, day, book, accepted, parts, counted_at) VALUES ($1, $2, $3, $4, $5, $6)
                         ON CONFLICT (organisation, day, book) DO UPDATE SET accepted = EXCLUDED.accepted, parts = EXCLUDED.parts,
                           counted_at = EXCLUDED.counted_at",
                        params![
                            e.log, x.day.to_string(), count.book.word(), count.accepted, json_text(&count.parts)?, e.recorded_at
                        ],
                    )?;
                }
            }
            Self::Figure(x) => {
                tx.execute(
                    "INSERT INTO total_figure (organisation, day, book, figure, source) VALUES ($1, $2, $3, $4, $5)
                     ON CONFLICT (organisation, day, book) DO UPDATE SET figure = EXCLUDED.figure, source = EXCLUDED.source",
                    params![e.log, x.day.to_string(), x.book.word(), x.figure, &x.source],
                )?;
            }
            Self::Opened(x) => {
                tx.execute(
                    "INSERT INTO total_exception (id, organisation, day, book, expected, found, against, owner, opened_at, resolution, version)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10)",
                    params![
                        x.id, e.log, x.day.to_string(), x.book.word(), x.expected, x.found, x.against.word(), x.owner, e.recorded_at,
                        e.version
                    ],
                )?;
            }
            Self::Assigned(x) => {
                tx.execute(
                    "UPDATE total_exception SET owner = $2, version = $3 WHERE id = $1",
                    params![x.id, x.owner, e.version],
                )?;
            }
            Self::Resolved(x) => {
                tx.execute(
                    "UPDATE total_exception SET resolved_at = $2, resolution = $3, version = $4 WHERE id = $1",
                    params![x.id, e.recorded_at, &x.resolution, e.version],
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

fn date(row: &Row) -> Result<Date> {
    let text: String = row.get("day")?;
    Ok(parse_date(&text).map_err(|e| DbError::Shape(format!("a date that is none: {e}")))?)
}

fn to_exception(row: &Row) -> Result<Exception> {
    Ok(Exception {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        day: date(row)?,
        book: word(row, "book", Book::from_word)?,
        expected: row.get("expected")?,
        found: row.get("found")?,
        against: word(row, "against", Against::from_word)?,
        owner: row.get("owner")?,
        opened_at: row.get("opened_at")?,
        resolved_at: row.get("resolved_at")?,
        resolution: row.get("resolution")?,
        version: row.get("version")?,
    })
}

/// The days that were counted, newest first: at most `limit` counts.
///
/// # Errors
/// When the database refuses.
pub fn counted(conn: &mut Conn<'_>, organisation: PartyId, limit: i64) -> Result<Vec<Counted>> {
    conn.query(
        "SELECT d.*, f.figure, f.source FROM total_day d LEFT JOIN total_figure f
           ON f.organisation = d.organisation AND f.day = d.day AND f.book = d.book
         WHERE d.organisation = $1 ORDER BY d.day DESC, d.book LIMIT $2",
        params![organisation, limit],
    )?
    .iter()
    .map(|row| {
        let figure: Option<i64> = row.get("figure")?;
        let source: Option<String> = row.get("source")?;
        Ok(Counted {
            day: date(row)?,
            count: Count {
                book: word(row, "book", Book::from_word)?,
                accepted: row.get("accepted")?,
                parts: read_json(row, "parts")?,
            },
            outside: figure.zip(source),
            counted_at: row.get("counted_at")?,
        })
    })
    .collect()
}

/// What somebody outside counted on a date.
///
/// # Errors
/// When the database refuses.
pub fn figure(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    day: Date,
    book: Book,
) -> Result<Option<i64>> {
    conn.query_opt(
        "SELECT figure FROM total_figure WHERE organisation = $1 AND day = $2 AND book = $3",
        params![organisation, day.to_string(), book.word()],
    )?
    .map_or(Ok(None), |row| row.get("figure").map(Some))
}

/// Exceptions: the open ones first, then the newest; at most 200.
///
/// # Errors
/// When the database refuses.
pub fn exceptions(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Exception>> {
    conn.query(
        "SELECT * FROM total_exception WHERE organisation = $1
         ORDER BY CASE WHEN resolved_at IS NULL THEN 0 ELSE 1 END, day DESC, book, id LIMIT 200",
        params![organisation],
    )?
    .iter()
    .map(to_exception)
    .collect()
}

/// The exceptions of a date, resolved ones too: a difference that was explained is not opened again.
///
/// # Errors
/// When the database refuses.
pub fn of_day(conn: &mut Conn<'_>, organisation: PartyId, day: Date) -> Result<Vec<Exception>> {
    conn.query(
        "SELECT * FROM total_exception WHERE organisation = $1 AND day = $2 ORDER BY id",
        params![organisation, day.to_string()],
    )?
    .iter()
    .map(to_exception)
    .collect()
}

/// One exception.
///
/// # Errors
/// When the database refuses.
pub fn exception(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: ExceptionId,
) -> Result<Option<Exception>> {
    conn.query_opt(
        "SELECT * FROM total_exception WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_exception)
    .transpose()
}

/// Cases of the register that were reported here between two times: cases, and canaries apart.
///
/// # Errors
/// When the database refuses.
pub fn reported(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    (from, to): (Timestamp, Timestamp),
) -> Result<[i64; 2]> {
    let row = conn.query_one(
        "SELECT CAST(COALESCE(SUM(CASE WHEN canary = 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS cases,
                CAST(COALESCE(SUM(CASE WHEN canary = 0 THEN 0 ELSE 1 END), 0) AS BIGINT) AS canaries
         FROM case_record WHERE organisation = $1 AND reported_at >= $2 AND reported_at < $3 AND intake = '\"filed\"'",
        params![organisation, from, to],
    )?;
    Ok([row.get("cases")?, row.get("canaries")?])
}
