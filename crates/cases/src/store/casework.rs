//! What work on a case found out: facts, what was touched, causes, reviews.

use super::{to_case, word};
use crate::events::{CaseEvent, ImpactStated};
use crate::model::casework::{CauseCode, Fact, FactKind, Impact, Judged, Review, RootCause};
use crate::model::{Case, CaseId};
use kernel::event::Recorded;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Tx, json_text, read_json};
use platform::params;

/// Writes the decision; the first one keeps its time.
pub(super) fn judge(
    tx: &mut Tx<'_>,
    e: &Recorded<CaseEvent>,
    incident: bool,
    reason: &str,
) -> Result<()> {
    tx.execute(
        "INSERT INTO case_judged (case_id, organisation, incident, reason, first_at, changes) VALUES ($1, $2, $3, $4, $5, 0)
         ON CONFLICT (case_id) DO UPDATE SET incident = EXCLUDED.incident, reason = EXCLUDED.reason, changes = case_judged.changes + 1",
        params![&e.subject, e.log, incident, reason, e.recorded_at],
    )?;
    Ok(())
}

/// When it happened, where the event says so.
pub(super) fn occurred(event: &CaseEvent) -> Option<Timestamp> {
    match event {
        CaseEvent::FactStated(x) if x.fact.what == FactKind::Occurred => Some(x.fact.at),
        _ => None,
    }
}

pub(super) fn apply(tx: &mut Tx<'_>, e: &Recorded<CaseEvent>) -> Result<()> {
    match &e.event {
        CaseEvent::FactStated(x) => {
            tx.execute(
                "INSERT INTO case_fact (case_id, what, organisation, at, evidence) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (case_id, what) DO UPDATE SET at = EXCLUDED.at, evidence = EXCLUDED.evidence",
                params![&e.subject, x.fact.what.word(), e.log, x.fact.at, &x.fact.evidence],
            )?;
        }
        CaseEvent::ImpactStated(x) => touch(tx, e, x)?,
        CaseEvent::CauseStated(x) => {
            tx.execute(
                "INSERT INTO case_cause (case_id, organisation, code, body) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (case_id) DO UPDATE SET code = EXCLUDED.code, body = EXCLUDED.body",
                params![&e.subject, e.log, x.cause.code.word(), json_text(&x.cause)?],
            )?;
        }
        CaseEvent::ReviewHeld(x) => {
            tx.execute(
                "INSERT INTO case_review (case_id, version, organisation, body) VALUES ($1, $2, $3, $4)",
                params![&e.subject, e.version, e.log, json_text(&x.review)?],
            )?;
        }
        _ => {}
    }
    Ok(())
}

fn touch(tx: &mut Tx<'_>, e: &Recorded<CaseEvent>, x: &ImpactStated) -> Result<()> {
    let impact = &x.impact;
    tx.execute(
        "INSERT INTO case_impact (case_id, organisation, body) VALUES ($1, $2, $3)
         ON CONFLICT (case_id) DO UPDATE SET body = EXCLUDED.body",
        params![&e.subject, e.log, json_text(impact)?],
    )?;
    tx.execute("DELETE FROM case_touch WHERE case_id = $1", params![&e.subject])?;
    let mut all: Vec<(&str, String)> = Vec::new();
    all.extend(impact.categories.iter().map(|c| ("category", c.as_str().to_owned())));
    all.extend(impact.criteria.iter().map(|c| ("criterion", c.to_string())));
    all.extend(impact.commitments.iter().map(|c| ("commitment", c.to_string())));
    all.extend(impact.controls.iter().map(|c| ("control", c.to_string())));
    all.extend(impact.components.iter().map(|c| ("component", c.to_string())));
    all.extend(impact.data.iter().map(|d| ("data", d.word().to_owned())));
    all.sort();
    all.dedup();
    for (kind, reference) in all {
        tx.execute(
            "INSERT INTO case_touch (organisation, kind, reference, case_id) VALUES ($1, $2, $3, $4)",
            params![e.log, kind, reference, &e.subject],
        )?;
    }
    Ok(())
}

/// The decision at triage, as it stands; none for a case that nobody judged here.
///
/// # Errors
/// When the database refuses.
pub fn judged(conn: &mut Conn<'_>, organisation: PartyId, id: CaseId) -> Result<Option<Judged>> {
    conn.query_opt(
        "SELECT incident, reason, first_at, changes FROM case_judged WHERE organisation = $1 AND case_id = $2",
        params![organisation, id],
    )?
    .map(|row| {
        Ok(Judged {
            incident: row.get("incident")?,
            reason: row.get("reason")?,
            first_at: row.get("first_at")?,
            changes: row.get("changes")?,
        })
    })
    .transpose()
}

/// The milestones of a case as stated last, in the order of their times.
///
/// # Errors
/// When the database refuses.
pub fn facts(conn: &mut Conn<'_>, organisation: PartyId, id: CaseId) -> Result<Vec<Fact>> {
    conn.query(
        "SELECT what, at, evidence FROM case_fact WHERE organisation = $1 AND case_id = $2 ORDER BY at, what",
        params![organisation, id],
    )?
    .iter()
    .map(|row| {
        Ok(Fact {
            what: word(row, "what", FactKind::from_word)?,
            at: row.get("at")?,
            evidence: row.get("evidence")?,
        })
    })
    .collect()
}

/// What a case touched, once stated.
///
/// # Errors
/// When the database refuses.
pub fn impact(conn: &mut Conn<'_>, organisation: PartyId, id: CaseId) -> Result<Option<Impact>> {
    conn.query_opt(
        "SELECT body FROM case_impact WHERE organisation = $1 AND case_id = $2",
        params![organisation, id],
    )?
    .map(|row| read_json(&row, "body"))
    .transpose()
}

/// Which cases touched what, of one kind (`category`, `criterion`, `commitment`, `control`,
/// `component` or `data`): reference and case, in the order of both.
///
/// # Errors
/// When the database refuses.
pub fn touched(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    kind: &str,
) -> Result<Vec<(String, CaseId)>> {
    conn.query(
        "SELECT reference, case_id FROM case_touch WHERE organisation = $1 AND kind = $2 ORDER BY reference, case_id",
        params![organisation, kind],
    )?
    .iter()
    .map(|row| Ok((row.get("reference")?, row.get("case_id")?)))
    .collect()
}

/// The root cause of a case, once stated.
///
/// # Errors
/// When the database refuses.
pub fn cause(conn: &mut Conn<'_>, organisation: PartyId, id: CaseId) -> Result<Option<RootCause>> {
    conn.query_opt(
        "SELECT body FROM case_cause WHERE organisation = $1 AND case_id = $2",
        params![organisation, id],
    )?
    .map(|row| read_json(&row, "body"))
    .transpose()
}

/// The cases whose cause has this code.
///
/// # Errors
/// When the database refuses.
pub fn cases_with_cause(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    code: CauseCode,
) -> Result<Vec<CaseId>> {
    conn.query(
        "SELECT case_id FROM case_cause WHERE organisation = $1 AND code = $2 ORDER BY case_id",
        params![organisation, code.word()],
    )?
    .iter()
    .map(|row| row.get("case_id"))
    .collect()
}

/// The reviews of a case, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn reviews(conn: &mut Conn<'_>, organisation: PartyId, id: CaseId) -> Result<Vec<Review>> {
    conn.query(
        "SELECT body FROM case_review WHERE organisation = $1 AND case_id = $2 ORDER BY version",
        params![organisation, id],
    )?
    .iter()
    .map(|row| read_json(row, "body"))
    .collect()
}

/// The incidents that were reported before a time and, where it is stated, not before another: those
/// judged to be one, and rows of another register that nobody judged here and that call themselves one.
///
/// # Errors
/// When the database refuses.
pub fn incidents(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    from: Option<Timestamp>,
    before: Timestamp,
) -> Result<Vec<Case>> {
    conn.query(
        "SELECT c.* FROM case_record c LEFT JOIN case_judged j ON j.case_id = c.id
         WHERE c.organisation = $1 AND c.canary = 0 AND c.reported_at >= $2 AND c.reported_at < $3
           AND (j.incident = 1 OR (j.case_id IS NULL AND c.kind = 'incident'))
         ORDER BY c.reported_at, c.id",
        params![organisation, from.unwrap_or(Timestamp(i64::MIN)), before],
    )?
    .iter()
    .map(to_case)
    .collect()
}
