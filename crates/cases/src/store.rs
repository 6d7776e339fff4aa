//! The room's tables: `apply` writes them, named queries read them.

mod casework;
pub mod held;
mod list;

pub use casework::{cases_with_cause, cause, facts, impact, incidents, judged, reviews, touched};
pub use list::{CaseFilter, Owner, WAITING_READ_MAX, cases};

use crate::events::{CaseEvent, ChangeImported, ReportFiled};
use crate::model::casework::MessagePurpose;
use crate::model::{Case, CaseId, CaseKind, CaseState, Count, Intake, Message, Privacy, Severity};
use crate::rules::import::{CaseSnapshot, fold};
use kernel::event::Recorded;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for CaseEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::ReportFiled(x) => filed(tx, e, x)?,
            Self::ReportReleased(x) => {
                held::release(tx, &e.subject)?;
                if let Some(armed) = &x.armed {
                    crate::clocks::store::arm(tx, armed)?;
                }
                let row =
                    tx.query_one("SELECT * FROM case_record WHERE id = $1", params![&e.subject])?;
                count(tx, &to_case(&row)?, 1)?;
                change(tx, e, |_| {})?;
            }
            Self::ReportDiscarded(_) => change(tx, e, |case| {
                case.state = CaseState::Withdrawn;
                case.closed_at = Some(e.recorded_at);
            })?,
            Self::ChangeImported(x) => imported(tx, e, x)?,
            Self::CaseTriaged(x) => {
                casework::judge(tx, e, x.incident, &x.reason)?;
                change(tx, e, |case| {
                    case.severity = Some(x.severity);
                    advance(case, CaseState::InProgress, e.recorded_at);
                })?;
            }
            Self::CaseAssigned(x) => change(tx, e, |case| {
                case.owner = Some(x.owner);
                advance(case, CaseState::Acknowledged, e.recorded_at);
            })?,
            Self::NoteAdded(_) => change(tx, e, |_| {})?,
            Self::MessageSent(x) => {
                tx.execute(
                    "INSERT INTO case_message (case_id, version, organisation, at, from_reporter, body, purpose) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    params![&e.subject, e.version, e.log, e.recorded_at, x.from_reporter, &x.text, x.purpose.word()],
                )?;
                change(tx, e, |case| {
                    if !x.from_reporter {
                        advance(case, CaseState::Acknowledged, e.recorded_at);
                    }
                })?;
            }
            Self::CaseResolved(_) => change(tx, e, |case| {
                advance(case, CaseState::Resolved, e.recorded_at);
                case.resolved_at = Some(e.recorded_at);
            })?,
            Self::CaseClosed(_) => change(tx, e, |case| {
                advance(case, CaseState::Closed, e.recorded_at);
                case.closed_at = Some(e.recorded_at);
            })?,
            Self::SeverityChanged(x) => {
                casework::judge(tx, e, x.incident, &x.reason)?;
                change(tx, e, |case| case.severity = Some(x.to))?;
            }
            Self::CaseReopened(_) => change(tx, e, |case| {
                case.state = CaseState::InProgress;
                case.resolved_at = None;
            })?,
            Self::FactStated(_)
            | Self::ImpactStated(_)
            | Self::EntryCorrected(_)
            | Self::CauseStated(_)
            | Self::ReviewHeld(_) => {
                casework::apply(tx, e)?;
                change(tx, e, |case| {
                    if let Some(at) = casework::occurred(&e.event) {
                        case.occurred_at = Some(at);
                    }
                })?;
            }
        }
        Ok(())
    }
}

/// Moves a case on, never back; the first act of a person acknowledges it.
fn advance(case: &mut Case, to: CaseState, at: Timestamp) {
    let place = |s: CaseState| CaseState::ALL.iter().position(|x| *x == s).unwrap_or_default();
    if place(to) > place(case.state) {
        case.state = to;
    }
    case.acknowledged_at.get_or_insert(at);
}

fn filed(tx: &mut Tx<'_>, e: &Recorded<CaseEvent>, x: &ReportFiled) -> Result<()> {
    let case = Case {
        id: x.id,
        organisation: x.organisation,
        tracking_number: x.tracking_number.clone(),
        channel: x.channel.clone(),
        kind: x.kind,
        title: x.title.clone(),
        description: x.description.clone(),
        severity: None,
        state: CaseState::New,
        reported_at: e.recorded_at,
        occurred_at: x.occurred_at,
        acknowledged_at: None,
        resolved_at: None,
        closed_at: None,
        owner: None,
        contact: x.contact.clone(),
        language: x.language.clone(),
        intake: Intake::Filed,
        canary: x.canary,
        held: x.held,
        privacy: x.privacy,
        version: e.version,
    };
    for person in &x.kept_out {
        keep_out(tx, x.id, *person, x.organisation)?;
    }
    if let Some(armed) = &x.armed {
        crate::clocks::store::arm(tx, armed)?;
    }
    insert(tx, &case, None)
}

fn imported(tx: &mut Tx<'_>, e: &Recorded<CaseEvent>, x: &ChangeImported) -> Result<()> {
    tx.execute(
        "INSERT INTO case_import_row (organisation, case_id, digest) VALUES ($1, $2, $3)",
        params![x.organisation, x.id, x.change.digest.to_hex()],
    )?;
    // The first event about a case finds no row.
    let before = if e.version == 1 { None } else { row_of(tx, x.id)? };
    let mut snapshot: CaseSnapshot = match &before {
        Some(row) => read_json(row, "snapshot")?,
        None => CaseSnapshot::default(),
    };
    fold(&mut snapshot, &x.change);
    let fields = &snapshot.fields;
    let case = Case {
        id: x.id,
        organisation: x.organisation,
        tracking_number: x.change.key.clone(),
        channel: fields.contact_type.clone().unwrap_or_default(),
        kind: fields.kind.unwrap_or(CaseKind::Incident),
        title: fields.title.clone().unwrap_or_else(|| {
            [&fields.category, &fields.subcategory, &fields.symptom]
                .into_iter()
                .flatten()
                .cloned()
                .collect::<Vec<_>>()
                .join(" · ")
        }),
        description: fields.description.clone().unwrap_or_default(),
        severity: fields.severity,
        state: fields.state.unwrap_or(CaseState::New),
        reported_at: fields.opened_at.or(fields.created_at).unwrap_or(e.recorded_at),
        occurred_at: None,
        acknowledged_at: fields.acknowledged_at.or(snapshot.left_new_at),
        resolved_at: fields.resolved_at,
        closed_at: fields.closed_at,
        owner: None,
        contact: None,
        language: String::new(),
        intake: Intake::Imported,
        canary: false,
        held: false,
        privacy: Privacy::Open,
        version: e.version,
    };
    let snapshot = json_text(&snapshot)?;
    match before {
        None => insert(tx, &case, Some(snapshot)),
        Some(row) => {
            let before = to_case(&row)?;
            let case = Case { occurred_at: before.occurred_at, ..case };
            tx.execute(
                "UPDATE case_record SET snapshot = $2 WHERE id = $1",
                params![case.id, snapshot],
            )?;
            update(tx, &before, &case)
        }
    }
}

fn insert(tx: &mut Tx<'_>, case: &Case, snapshot: Option<String>) -> Result<()> {
    tx.execute(
        "INSERT INTO case_record (id, organisation, tracking_number, channel, kind, title, title_folded, description, severity, state,
           reported_at, occurred_at, acknowledged_at, resolved_at, closed_at, owner, contact, language, intake, snapshot, canary, privacy, version, held)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
        params![
            case.id, case.organisation, &case.tracking_number, &case.channel, case.kind.word(), &case.title, fold_text(&case.title),
            &case.description, severity_word(case), case.state.word(), case.reported_at, case.occurred_at, case.acknowledged_at,
            case.resolved_at, case.closed_at, case.owner, case.contact.as_ref(), &case.language, json_text(&case.intake)?, snapshot,
            case.canary, case.privacy.word(), case.version, case.held
        ],
    )?;
    count(tx, case, 1)
}

fn change(tx: &mut Tx<'_>, e: &Recorded<CaseEvent>, f: impl FnOnce(&mut Case)) -> Result<()> {
    let row = tx.query_one("SELECT * FROM case_record WHERE id = $1", params![&e.subject])?;
    let before = to_case(&row)?;
    let mut after = before.clone();
    f(&mut after);
    after.version = e.version;
    update(tx, &before, &after)
}

fn update(tx: &mut Tx<'_>, before: &Case, after: &Case) -> Result<()> {
    tx.execute(
        "UPDATE case_record SET channel = $2, kind = $3, title = $4, title_folded = $5, description = $6, severity = $7, state = $8,
           reported_at = $9, acknowledged_at = $10, resolved_at = $11, closed_at = $12, owner = $13, version = $14, occurred_at = $15
         WHERE id = $1",
        params![
            after.id, &after.channel, after.kind.word(), &after.title, fold_text(&after.title), &after.description, severity_word(after),
            after.state.word(), after.reported_at, after.acknowledged_at, after.resolved_at, after.closed_at, after.owner, after.version,
            after.occurred_at
        ],
    )?;
    if bucket(before) != bucket(after) {
        count(tx, before, -1)?;
        count(tx, after, 1)?;
    }
    Ok(())
}

fn severity_word(case: &Case) -> &'static str {
    case.severity.map_or("", Severity::word)
}

/// Text as it is compared: lower case of every language.
#[must_use]
pub fn fold_text(text: &str) -> String {
    text.to_lowercase()
}

fn bucket(case: &Case) -> (String, &'static str, &'static str, &str, &'static str) {
    let month = case.reported_at.to_rfc3339().chars().take(7).collect();
    (month, case.kind.word(), severity_word(case), &case.channel, case.state.word())
}

fn count(tx: &mut Tx<'_>, case: &Case, by: i64) -> Result<()> {
    if case.canary || case.held {
        return Ok(());
    }
    let (month, kind, severity, channel, state) = bucket(case);
    tx.execute(
        "INSERT INTO case_count (organisation, month, kind, severity, channel, state, n) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (organisation, month, kind, severity, channel, state) DO UPDATE SET n = case_count.n + EXCLUDED.n",
        params![case.organisation, month, kind, severity, channel, state, by],
    )?;
    Ok(())
}

fn row_of(conn: &mut Conn<'_>, id: CaseId) -> Result<Option<Row>> {
    conn.query_opt("SELECT * FROM case_record WHERE id = $1", params![id])
}

fn word<T>(row: &Row, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| DbError::Shape(format!("column {column} holds {text}")).into())
}

pub(crate) fn to_case(row: &Row) -> Result<Case> {
    Ok(Case {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        tracking_number: row.get("tracking_number")?,
        channel: row.get("channel")?,
        kind: word(row, "kind", CaseKind::from_word)?,
        title: row.get("title")?,
        description: row.get("description")?,
        severity: Severity::from_word(&row.get::<String>("severity")?),
        state: word(row, "state", CaseState::from_word)?,
        reported_at: row.get("reported_at")?,
        occurred_at: row.get("occurred_at")?,
        acknowledged_at: row.get("acknowledged_at")?,
        resolved_at: row.get("resolved_at")?,
        closed_at: row.get("closed_at")?,
        owner: row.get("owner")?,
        contact: row.get("contact")?,
        language: row.get("language")?,
        intake: read_json(row, "intake")?,
        canary: row.get("canary")?,
        held: row.get("held")?,
        privacy: word(row, "privacy", Privacy::from_word)?,
        version: row.get("version")?,
    })
}

/// One case of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn case(conn: &mut Conn<'_>, organisation: PartyId, id: CaseId) -> Result<Option<Case>> {
    conn.query_opt(
        "SELECT * FROM case_record WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_case)
    .transpose()
}

/// Keeps somebody from a case.
pub(crate) fn keep_out(
    tx: &mut Tx<'_>,
    case: CaseId,
    person: PersonId,
    organisation: PartyId,
) -> Result<()> {
    tx.execute(
        "INSERT INTO case_kept_out (case_id, person, organisation) VALUES ($1, $2, $3)
         ON CONFLICT (case_id, person) DO NOTHING",
        params![case, person, organisation],
    )?;
    Ok(())
}

/// Whether somebody is kept from a case because the report concerns them.
///
/// # Errors
/// When the database refuses.
pub fn kept_out(conn: &mut Conn<'_>, case: CaseId, person: PersonId) -> Result<bool> {
    let row = conn.query_opt(
        "SELECT 1 AS kept_out FROM case_kept_out WHERE case_id = $1 AND person = $2",
        params![case, person],
    )?;
    Ok(row.is_some())
}

/// The case of this number.
///
/// # Errors
/// When the database refuses.
pub fn by_number(conn: &mut Conn<'_>, organisation: PartyId, number: &str) -> Result<Option<Case>> {
    conn.query_opt(
        "SELECT * FROM case_record WHERE organisation = $1 AND tracking_number = $2",
        params![organisation, number],
    )?
    .as_ref()
    .map(to_case)
    .transpose()
}

/// The case to which a return code leads: found by the number that follows from the code, and only with
/// the code's digest.
///
/// # Errors
/// When the database refuses.
pub fn by_code(conn: &mut Conn<'_>, (number, code_digest): (&str, &[u8])) -> Result<Option<Case>> {
    // Whose report it is, only the code knows. The index of numbers begins with the organisation, of which
    // there are few: each is the least one behind the one before.
    conn.query_opt(
        "WITH RECURSIVE whose (organisation) AS (
           SELECT MIN(organisation) FROM case_record
           UNION ALL SELECT (SELECT MIN(n.organisation) FROM case_record n WHERE n.organisation > whose.organisation)
             FROM whose WHERE whose.organisation IS NOT NULL)
         SELECT c.* FROM whose JOIN case_record c ON c.organisation = whose.organisation AND c.tracking_number = $1
           JOIN case_way w ON w.case_id = c.id WHERE w.code = $2",
        params![number, code_digest],
    )?
    .as_ref()
    .map(to_case)
    .transpose()
}

/// The case to which a return code leads that was given out before numbers followed from codes.
///
/// # Errors
/// When the database refuses.
pub fn by_code_alone(conn: &mut Conn<'_>, code_digest: &[u8]) -> Result<Option<Case>> {
    conn.query_opt(
        "SELECT c.* FROM case_return r JOIN case_record c ON c.id = r.case_id WHERE r.code = $1",
        params![code_digest],
    )?
    .as_ref()
    .map(to_case)
    .transpose()
}

/// Keeps the way back to a report. Not part of the record.
pub(crate) fn keep_code(
    tx: &mut Tx<'_>,
    code_digest: &[u8],
    id: CaseId,
    organisation: PartyId,
) -> Result<()> {
    tx.execute(
        "INSERT INTO case_way (case_id, organisation, code) VALUES ($1, $2, $3)",
        params![id, organisation, code_digest],
    )?;
    Ok(())
}

/// How many cases there are of each sort.
///
/// # Errors
/// When the database refuses.
pub fn counts(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Count>> {
    conn.query(
        "SELECT month, kind, severity, channel, state, n FROM case_count WHERE organisation = $1 AND n <> 0
         ORDER BY month, kind, severity, channel, state",
        params![organisation],
    )?
    .iter()
    .map(|row| {
        Ok(Count {
            month: row.get("month")?,
            kind: row.get("kind")?,
            severity: row.get("severity")?,
            channel: row.get("channel")?,
            state: row.get("state")?,
            n: row.get("n")?,
        })
    })
    .collect()
}

/// What was said to and by the reporter, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn messages(conn: &mut Conn<'_>, organisation: PartyId, id: CaseId) -> Result<Vec<Message>> {
    conn.query(
        "SELECT version, at, from_reporter, body, purpose FROM case_message WHERE organisation = $1 AND case_id = $2 ORDER BY version",
        params![organisation, id],
    )?
    .iter()
    .map(|row| {
        Ok(Message {
            version: row.get("version")?,
            at: row.get("at")?,
            from_reporter: row.get("from_reporter")?,
            text: row.get("body")?,
            purpose: word(row, "purpose", MessagePurpose::from_word)?,
        })
    })
    .collect()
}

/// Calls `f` with every case, oldest report first, and its snapshot where it was imported.
///
/// # Errors
/// Whatever the closure returns, or when the database refuses.
pub fn each_case(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    mut f: impl FnMut(Case, Option<CaseSnapshot>) -> Result<()>,
) -> Result<()> {
    conn.for_each(
        "SELECT * FROM case_record WHERE organisation = $1 AND canary = 0 AND held = 0 ORDER BY reported_at, id",
        params![organisation],
        |row| {
            let snapshot = match row.get::<Option<String>>("snapshot")? {
                Some(_) => Some(read_json(&row, "snapshot")?),
                None => None,
            };
            f(to_case(&row)?, snapshot)
        },
    )
}

/// Whether a row of another register has been taken over already.
///
/// # Errors
/// When the database refuses.
pub fn row_known(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
    digest: &str,
) -> Result<bool> {
    let row = conn.query_opt(
        "SELECT 1 AS known FROM case_import_row WHERE organisation = $1 AND case_id = $2 AND digest = $3",
        params![organisation, case, digest],
    )?;
    Ok(row.is_some())
}

/// How many rows of other registers have been taken over.
///
/// # Errors
/// When the database refuses.
pub fn imported_rows(conn: &mut Conn<'_>, organisation: PartyId) -> Result<i64> {
    conn.query_one(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM case_import_row WHERE organisation = $1",
        params![organisation],
    )?
    .get("n")
}

/// What an analysis knows of a case that was filed here.
#[must_use]
pub fn facts_of(case: &Case) -> crate::rules::analysis::CaseFacts {
    crate::rules::analysis::CaseFacts {
        number: case.tracking_number.clone(),
        state: Some(case.state.word().to_owned()),
        active: Some(!case.state.is_concluded()),
        priority: case.severity.map(|s| s.word().to_owned()),
        contact_type: Some(case.channel.clone()),
        opened_at: Some(case.reported_at),
        acknowledged_at: case.acknowledged_at,
        resolved_at: case.resolved_at,
        closed_at: case.closed_at,
        ..Default::default()
    }
}

/// Calls `f` with every row taken over from another register, in the order of the record.
///
/// # Errors
/// Whatever the closure returns, or when the database refuses.
pub fn each_change(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    mut f: impl FnMut(crate::rules::import::ImportedChange) -> Result<()>,
) -> Result<()> {
    let mut fault = None;
    platform::journal::each_payload(conn, organisation, "cases.change_imported.v1", |payload| {
        match serde_json::from_slice::<CaseEvent>(payload) {
            Ok(CaseEvent::ChangeImported(x)) => f(x.change),
            Ok(_) => Ok(()),
            Err(e) => {
                fault = Some(e.to_string());
                Ok(())
            }
        }
    })?;
    fault.map_or(Ok(()), |e| Err(DbError::Shape(format!("an imported row: {e}")).into()))
}
