//! The subject's tables: `apply` writes them, named queries read them; and what a signature binds.

use super::events::{
    AddendumMade, CompletionEvent, FileCarried, FileLocked, FileSigned, LetterWritten,
    ProcedurePerformed,
};
use super::model::{
    Addendum, Carried, Letter, LetterId, Lock, Procedure, ProcedureId, Signature, Step,
};
use crate::model::File;
use kernel::event::Recorded;
use kernel::ids::EngagementId;
use kernel::period::Date;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for CompletionEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::ProcedurePerformed(x) => performed(tx, e, x),
            Self::ProcedureReviewed(_) => {
                tx.execute(
                    "UPDATE completion_procedure SET reviewed_by = $2, version = $3 WHERE id = $1",
                    params![&e.subject, &e.actor, e.version],
                )?;
                Ok(())
            }
            Self::FileSigned(x) => signed(tx, e, x),
            Self::LetterWritten(x) => written(tx, e, x),
            Self::LetterReleased(_) => {
                tx.execute(
                    "UPDATE completion_letter SET released_by = $2, released_at = $3, version = $4 WHERE id = $1",
                    params![&e.subject, &e.actor, e.recorded_at, e.version],
                )?;
                Ok(())
            }
            Self::LetterAcknowledged(x) => {
                tx.execute(
                    "UPDATE completion_letter SET acknowledged_by = $2, acknowledged_at = $3 WHERE id = $1",
                    params![x.letter, &e.actor, e.recorded_at],
                )?;
                Ok(())
            }
            Self::FileLocked(x) => locked(tx, e, x),
            Self::AddendumMade(x) => added(tx, e, x),
            Self::FileCarried(x) => carried_over(tx, e, x),
        }
    }
}

type E = Recorded<CompletionEvent>;

fn performed(tx: &mut Tx<'_>, e: &E, x: &ProcedurePerformed) -> Result<()> {
    tx.execute(
        "INSERT INTO completion_procedure (id, engagement, firm, body, performed_by, reviewed_by, version, event, recorded_at) VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body, performed_by = EXCLUDED.performed_by, reviewed_by = NULL, version = EXCLUDED.version, event = EXCLUDED.event, recorded_at = EXCLUDED.recorded_at",
        params![x.id, x.engagement, e.log, json_text(&x.body)?, &e.actor, e.version, e.id, e.recorded_at],
    )?;
    Ok(())
}

fn signed(tx: &mut Tx<'_>, e: &E, x: &FileSigned) -> Result<()> {
    tx.execute(
        "INSERT INTO completion_signature (engagement, firm, step, signer, report_date, statement, inputs, inputs_sha256, event, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (engagement, firm, step) DO UPDATE SET signer = EXCLUDED.signer, report_date = EXCLUDED.report_date, statement = EXCLUDED.statement, inputs = EXCLUDED.inputs,
           inputs_sha256 = EXCLUDED.inputs_sha256, event = EXCLUDED.event, recorded_at = EXCLUDED.recorded_at",
        params![
            x.engagement, e.log, x.step.word(), &e.actor, x.report_date.to_string(), &x.statement,
            json_text(&x.inputs)?, &x.inputs_sha256, e.id, e.recorded_at
        ],
    )?;
    Ok(())
}

fn written(tx: &mut Tx<'_>, e: &E, x: &LetterWritten) -> Result<()> {
    tx.execute(
        "INSERT INTO completion_letter (id, engagement, firm, organisation, body, written_by, released_by, released_at, acknowledged_by, acknowledged_at, version, event)
         VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, NULL, NULL, $7, $8)
         ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body, written_by = EXCLUDED.written_by, version = EXCLUDED.version, event = EXCLUDED.event",
        params![x.id, x.engagement, e.log, x.organisation, json_text(&x.body)?, &e.actor, e.version, e.id],
    )?;
    Ok(())
}

fn locked(tx: &mut Tx<'_>, e: &E, x: &FileLocked) -> Result<()> {
    tx.execute(
        "INSERT INTO completion_lock (engagement, firm, report_date, due, keep_until, late_reason, locked_by, locked_at, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            x.engagement, e.log, x.report_date.to_string(), x.due.to_string(), x.keep_until.to_string(),
            &x.late_reason, &e.actor, e.recorded_at, e.id
        ],
    )?;
    Ok(())
}

fn added(tx: &mut Tx<'_>, e: &E, x: &AddendumMade) -> Result<()> {
    tx.execute(
        "INSERT INTO completion_addendum (id, engagement, firm, about, text, reason, evidence, added_by, added_at, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            x.id, x.engagement, e.log, &x.about, &x.text, &x.reason, json_text(&x.evidence)?, &e.actor,
            e.recorded_at, e.id
        ],
    )?;
    Ok(())
}

fn carried_over(tx: &mut Tx<'_>, e: &E, x: &FileCarried) -> Result<()> {
    tx.execute(
        "INSERT INTO completion_carried (engagement, firm, from_engagement, recipes, risks, left_behind, carried_by, event, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            x.engagement, e.log, x.from, json_text(&x.recipes)?, json_text(&x.risks)?,
            json_text(&x.left_behind)?, &e.actor, e.id, e.recorded_at
        ],
    )?;
    Ok(())
}

fn day(row: &Row, column: &str) -> Result<Date> {
    let text: String = row.get(column)?;
    Ok(kernel::period::parse_date(&text).map_err(|e| DbError::Shape(format!("{column}: {e}")))?)
}

/// The procedures of a file, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn procedures(conn: &mut Conn<'_>, file: File) -> Result<Vec<Procedure>> {
    conn.query(
        "SELECT * FROM completion_procedure WHERE engagement = $1 AND firm = $2 ORDER BY id",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| {
        Ok(Procedure {
            id: row.get("id")?,
            body: read_json(row, "body")?,
            performed_by: row.get("performed_by")?,
            reviewed_by: row.get("reviewed_by")?,
            version: row.get("version")?,
            event: row.get("event")?,
            recorded_at: row.get("recorded_at")?,
        })
    })
    .collect()
}

/// One procedure.
///
/// # Errors
/// When the database refuses.
pub fn procedure(conn: &mut Conn<'_>, file: File, id: ProcedureId) -> Result<Option<Procedure>> {
    Ok(procedures(conn, file)?.into_iter().find(|p| p.id == id))
}

/// The signatures on a file, in the order of the steps.
///
/// # Errors
/// When the database refuses.
pub fn signatures(conn: &mut Conn<'_>, file: File) -> Result<Vec<Signature>> {
    let mut out = conn
        .query(
            "SELECT * FROM completion_signature WHERE engagement = $1 AND firm = $2 ORDER BY step",
            params![file.engagement, file.firm],
        )?
        .iter()
        .map(|row| {
            let step: String = row.get("step")?;
            Ok(Signature {
                step: Step::parse(&step)
                    .ok_or_else(|| DbError::Shape(format!("a signature as {step}")))?,
                signer: row.get("signer")?,
                report_date: day(row, "report_date")?,
                statement: row.get("statement")?,
                inputs: read_json(row, "inputs")?,
                inputs_sha256: row.get("inputs_sha256")?,
                event: row.get("event")?,
                signed_at: row.get("recorded_at")?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    out.sort_by_key(|s| s.step);
    Ok(out)
}

fn to_letter(row: &Row) -> Result<Letter> {
    Ok(Letter {
        id: row.get("id")?,
        body: read_json(row, "body")?,
        written_by: row.get("written_by")?,
        released_by: row.get("released_by")?,
        released_at: row.get("released_at")?,
        acknowledged_by: row.get("acknowledged_by")?,
        acknowledged_at: row.get("acknowledged_at")?,
        version: row.get("version")?,
        event: row.get("event")?,
    })
}

/// The letter on deficiencies of a file.
///
/// # Errors
/// When the database refuses.
pub fn letter(conn: &mut Conn<'_>, file: File) -> Result<Option<Letter>> {
    conn.query_opt(
        "SELECT * FROM completion_letter WHERE engagement = $1 AND firm = $2",
        params![file.engagement, file.firm],
    )?
    .as_ref()
    .map(to_letter)
    .transpose()
}

/// The letter on deficiencies of an engagement, if it was released: all that management may know of it.
///
/// # Errors
/// When the database refuses.
pub fn released_letter(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Option<Letter>> {
    let found = conn.query(
        "SELECT * FROM completion_letter WHERE engagement = $1 AND released_at IS NOT NULL ORDER BY id DESC",
        params![engagement],
    )?;
    found.first().map(to_letter).transpose()
}

/// One letter by its id, whoever's it is. Callers authorise first.
///
/// # Errors
/// When the database refuses.
pub fn letter_by_id(conn: &mut Conn<'_>, file: File, id: LetterId) -> Result<Option<Letter>> {
    Ok(letter(conn, file)?.filter(|l| l.id == id))
}

/// The lock of a file, once it is locked.
///
/// # Errors
/// When the database refuses.
pub fn lock(conn: &mut Conn<'_>, file: File) -> Result<Option<Lock>> {
    conn.query_opt(
        "SELECT * FROM completion_lock WHERE engagement = $1 AND firm = $2",
        params![file.engagement, file.firm],
    )?
    .map(|row| {
        Ok(Lock {
            report_date: day(&row, "report_date")?,
            due: day(&row, "due")?,
            keep_until: day(&row, "keep_until")?,
            late_reason: row.get("late_reason")?,
            locked_by: row.get("locked_by")?,
            locked_at: row.get("locked_at")?,
            event: row.get("event")?,
        })
    })
    .transpose()
}

/// What was added after the lock, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn addenda(conn: &mut Conn<'_>, file: File) -> Result<Vec<Addendum>> {
    conn.query(
        "SELECT * FROM completion_addendum WHERE engagement = $1 AND firm = $2 ORDER BY id",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| {
        Ok(Addendum {
            id: row.get("id")?,
            about: row.get("about")?,
            text: row.get("text")?,
            reason: row.get("reason")?,
            evidence: read_json(row, "evidence")?,
            added_by: row.get("added_by")?,
            added_at: row.get("added_at")?,
            event: row.get("event")?,
        })
    })
    .collect()
}

/// What was carried into a file from the one before.
///
/// # Errors
/// When the database refuses.
pub fn carried(conn: &mut Conn<'_>, file: File) -> Result<Option<Carried>> {
    conn.query_opt(
        "SELECT * FROM completion_carried WHERE engagement = $1 AND firm = $2",
        params![file.engagement, file.firm],
    )?
    .map(|row| {
        Ok(Carried {
            from: row.get("from_engagement")?,
            recipes: read_json(&row, "recipes")?,
            risks: read_json(&row, "risks")?,
            left_behind: read_json(&row, "left_behind")?,
            carried_by: row.get("carried_by")?,
            event: row.get("event")?,
            recorded_at: row.get("recorded_at")?,
        })
    })
    .transpose()
}

/// The engagements whose files were begun from this one, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn carried_into(conn: &mut Conn<'_>, file: File) -> Result<Vec<EngagementId>> {
    conn.query(
        "SELECT engagement FROM completion_carried WHERE from_engagement = $1 AND firm = $2 ORDER BY event",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| row.get("engagement"))
    .collect()
}
