//! The subject's tables: `apply` writes them, named queries read them.

use super::events::WorkEvent;
use super::model::{
    Action, ActionId, ActionKind, Finding, FindingKind, Link, LinkId, Notice, NoticeId,
    PrivilegedNote, Relation, Task, TaskId,
};
use crate::model::CaseId;
use kernel::event::Recorded;
use kernel::ids::PartyId;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for WorkEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        let subject = &e.subject;
        match &e.event {
            Self::TaskSet(x) => tx.execute(
                "INSERT INTO work_task (id, case_id, organisation, title, owner, due, done, version) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)",
                params![x.id, x.case, e.log, &x.title, x.owner, &x.due, e.version],
            )?,
            Self::TaskDone(x) => tx.execute(
                "UPDATE work_task SET done = $2, version = $3 WHERE id = $1",
                params![subject, &x.what, e.version],
            )?,
            Self::ActionPlanned(x) => tx.execute(
                "INSERT INTO work_action (id, case_id, organisation, kind, what, owner, due, control, done, effective_on, effective, checked, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, NULL, NULL, $9)",
                params![x.id, x.case, e.log, x.kind.word(), &x.what, x.owner, &x.due, x.control, e.version],
            )?,
            // What was found of an earlier attempt no longer counts.
            Self::ActionDone(x) => tx.execute(
                "UPDATE work_action SET done = $2, effective_on = $3, effective = NULL, checked = NULL, version = $4 WHERE id = $1",
                params![subject, &x.what, &x.effective_on, e.version],
            )?,
            Self::ActionChecked(x) => tx.execute(
                "UPDATE work_action SET effective = $2, checked = $3, version = $4 WHERE id = $1",
                params![subject, x.check.effective, json_text(&x.check)?, e.version],
            )?,
            Self::NoticeDecided(x) => tx.execute(
                "INSERT INTO work_notice (id, case_id, organisation, body, decided_by, decided_at, sent, version) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)",
                params![x.id, x.case, e.log, json_text(&x.text)?, &e.actor, e.recorded_at, e.version],
            )?,
            Self::NoticeSent(x) => tx.execute(
                "UPDATE work_notice SET sent = $2, version = $3 WHERE id = $1",
                params![subject, json_text(&x.sent)?, e.version],
            )?,
            Self::CasesLinked(x) => tx.execute(
                "INSERT INTO work_link (id, case_id, other, organisation, relation, reason, removed, version) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)",
                params![x.id, x.case, x.other, e.log, x.relation.word(), &x.reason, e.version],
            )?,
            Self::CasesUnlinked(x) => tx.execute(
                "UPDATE work_link SET removed = $2, version = $3 WHERE id = $1",
                params![subject, &x.reason, e.version],
            )?,
            Self::PrivilegedNoted(x) => tx.execute(
                "INSERT INTO work_privileged (id, case_id, organisation, author, at, body) VALUES ($1, $2, $3, $4, $5, $6)",
                params![x.id, x.case, e.log, &e.actor, e.recorded_at, &x.text],
            )?,
            Self::FindingLinked(x) => tx.execute(
                "INSERT INTO work_finding (id, case_id, organisation, kind, reference, reason, version) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                params![x.id, x.case, e.log, x.kind.word(), &x.reference, &x.reason, e.version],
            )?,
        };
        Ok(())
    }
}

fn word<T>(row: &Row, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| DbError::Shape(format!("column {column} holds {text}")).into())
}

/// A column of JSON that may be empty.
fn maybe<T: serde::de::DeserializeOwned>(row: &Row, column: &str) -> Result<Option<T>> {
    match row.get::<Option<String>>(column)? {
        Some(_) => read_json(row, column).map(Some),
        None => Ok(None),
    }
}

fn to_task(row: &Row) -> Result<Task> {
    Ok(Task {
        id: row.get("id")?,
        case: row.get("case_id")?,
        organisation: row.get("organisation")?,
        title: row.get("title")?,
        owner: row.get("owner")?,
        due: row.get("due")?,
        done: row.get("done")?,
        version: row.get("version")?,
    })
}

fn to_action(row: &Row) -> Result<Action> {
    Ok(Action {
        id: row.get("id")?,
        case: row.get("case_id")?,
        organisation: row.get("organisation")?,
        kind: word(row, "kind", ActionKind::from_word)?,
        what: row.get("what")?,
        owner: row.get("owner")?,
        due: row.get("due")?,
        control: row.get("control")?,
        done: row.get("done")?,
        effective_on: row.get("effective_on")?,
        check: maybe(row, "checked")?,
        version: row.get("version")?,
    })
}

fn to_notice(row: &Row) -> Result<Notice> {
    Ok(Notice {
        id: row.get("id")?,
        case: row.get("case_id")?,
        text: read_json(row, "body")?,
        decided_by: row.get("decided_by")?,
        decided_at: row.get("decided_at")?,
        sent: maybe(row, "sent")?,
        version: row.get("version")?,
    })
}

fn to_link(row: &Row) -> Result<Link> {
    Ok(Link {
        id: row.get("id")?,
        case: row.get("case_id")?,
        other: row.get("other")?,
        relation: word(row, "relation", Relation::from_word)?,
        reason: row.get("reason")?,
        version: row.get("version")?,
    })
}

fn to_finding(row: &Row) -> Result<Finding> {
    Ok(Finding {
        id: row.get("id")?,
        case: row.get("case_id")?,
        kind: word(row, "kind", FindingKind::from_word)?,
        reference: row.get("reference")?,
        reason: row.get("reason")?,
    })
}

/// The tasks of a case, in the order in which they were set.
///
/// # Errors
/// When the database refuses.
pub fn tasks(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<Vec<Task>> {
    conn.query(
        "SELECT * FROM work_task WHERE organisation = $1 AND case_id = $2 ORDER BY id",
        params![organisation, case],
    )?
    .iter()
    .map(to_task)
    .collect()
}

/// One task of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn task(conn: &mut Conn<'_>, organisation: PartyId, id: TaskId) -> Result<Option<Task>> {
    conn.query_opt(
        "SELECT * FROM work_task WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_task)
    .transpose()
}

/// The corrective and preventive actions of a case, in the order in which they were planned.
///
/// # Errors
/// When the database refuses.
pub fn actions(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<Vec<Action>> {
    conn.query(
        "SELECT * FROM work_action WHERE organisation = $1 AND case_id = $2 ORDER BY id",
        params![organisation, case],
    )?
    .iter()
    .map(to_action)
    .collect()
}

/// Every action of the organisation that works already, by the date from which it does.
///
/// # Errors
/// When the database refuses.
pub fn actions_in_effect(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Action>> {
    conn.query(
        "SELECT * FROM work_action WHERE organisation = $1 AND effective_on IS NOT NULL ORDER BY effective_on, id",
        params![organisation],
    )?
    .iter()
    .map(to_action)
    .collect()
}

/// One action of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn action(conn: &mut Conn<'_>, organisation: PartyId, id: ActionId) -> Result<Option<Action>> {
    conn.query_opt(
        "SELECT * FROM work_action WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_action)
    .transpose()
}

/// The decisions on notifying about a case, in the order in which they were made.
///
/// # Errors
/// When the database refuses.
pub fn notices(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<Vec<Notice>> {
    conn.query(
        "SELECT * FROM work_notice WHERE organisation = $1 AND case_id = $2 ORDER BY id",
        params![organisation, case],
    )?
    .iter()
    .map(to_notice)
    .collect()
}

/// One decision on notifying.
///
/// # Errors
/// When the database refuses.
pub fn notice(conn: &mut Conn<'_>, organisation: PartyId, id: NoticeId) -> Result<Option<Notice>> {
    conn.query_opt(
        "SELECT * FROM work_notice WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_notice)
    .transpose()
}

/// The links of a case in both directions, without those taken away.
///
/// # Errors
/// When the database refuses.
pub fn links(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<Vec<Link>> {
    conn.query(
        "SELECT * FROM work_link WHERE organisation = $1 AND (case_id = $2 OR other = $2) AND removed IS NULL ORDER BY id",
        params![organisation, case],
    )?
    .iter()
    .map(to_link)
    .collect()
}

/// Every link of one relation between cases of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn links_of(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    relation: Relation,
) -> Result<Vec<Link>> {
    conn.query(
        "SELECT * FROM work_link WHERE organisation = $1 AND relation = $2 AND removed IS NULL ORDER BY id",
        params![organisation, relation.word()],
    )?
    .iter()
    .map(to_link)
    .collect()
}

/// One link, unless it was taken away.
///
/// # Errors
/// When the database refuses.
pub fn link(conn: &mut Conn<'_>, organisation: PartyId, id: LinkId) -> Result<Option<Link>> {
    conn.query_opt(
        "SELECT * FROM work_link WHERE organisation = $1 AND id = $2 AND removed IS NULL",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_link)
    .transpose()
}

/// How many privileged notes there are about a case. The number is disclosed; the notes are not.
///
/// # Errors
/// When the database refuses.
pub fn privileged_count(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<i64> {
    conn.query_one(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM work_privileged WHERE organisation = $1 AND case_id = $2",
        params![organisation, case],
    )?
    .get("n")
}

/// The privileged notes of a case, oldest first. Asked for only with the permit to keep them.
///
/// # Errors
/// When the database refuses.
pub(crate) fn privileged(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
) -> Result<Vec<PrivilegedNote>> {
    conn.query(
        "SELECT id, author, at, body FROM work_privileged WHERE organisation = $1 AND case_id = $2 ORDER BY id",
        params![organisation, case],
    )?
    .iter()
    .map(|row| {
        Ok(PrivilegedNote {
            id: row.get("id")?,
            author: row.get("author")?,
            at: row.get("at")?,
            text: row.get("body")?,
        })
    })
    .collect()
}

/// What a case opened or changed in the room of controls.
///
/// # Errors
/// When the database refuses.
pub fn findings(conn: &mut Conn<'_>, organisation: PartyId, case: CaseId) -> Result<Vec<Finding>> {
    conn.query(
        "SELECT * FROM work_finding WHERE organisation = $1 AND case_id = $2 ORDER BY id",
        params![organisation, case],
    )?
    .iter()
    .map(to_finding)
    .collect()
}

/// The subjects in the log that a case's timeline is made of, beside the case itself; those of
/// privileged notes only where asked for.
///
/// # Errors
/// When the database refuses.
pub fn subjects(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
    privileged: bool,
) -> Result<Vec<String>> {
    let mut sql = String::from(
        "SELECT id FROM work_task WHERE organisation = $1 AND case_id = $2
         UNION SELECT id FROM work_action WHERE organisation = $1 AND case_id = $2
         UNION SELECT id FROM work_notice WHERE organisation = $1 AND case_id = $2
         UNION SELECT id FROM work_link WHERE organisation = $1 AND (case_id = $2 OR other = $2)
         UNION SELECT id FROM work_finding WHERE organisation = $1 AND case_id = $2",
    );
    if privileged {
        sql.push_str(
            " UNION SELECT id FROM work_privileged WHERE organisation = $1 AND case_id = $2",
        );
    }
    conn.query(&sql, params![organisation, case])?.iter().map(|row| row.get("id")).collect()
}
