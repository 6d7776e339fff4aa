//! The subject's table: `apply` writes it, named queries read it.

use super::events::DisclosureEvent;
use super::model::{Decision, DecisionState, DisclosureId, Draft};
use crate::model::CaseId;
use kernel::event::Recorded;
use kernel::ids::EngagementId;
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for DisclosureEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        let judged = |tx: &mut Tx<'_>, state: DecisionState, remark: &str| {
            tx.execute(
                "UPDATE disclosure SET state = $2, judged_by = $3, judged_at = $4, remark = $5, version = $6 WHERE id = $1",
                params![&e.subject, state.word(), &e.actor, e.recorded_at, remark, e.version],
            )
        };
        match &e.event {
            Self::DecisionPrepared(x) => tx.execute(
                "INSERT INTO disclosure (id, organisation, engagement, case_id, body, state, prepared_by, prepared_at, judged_by, judged_at, remark, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, NULL, $9)
                 ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body, state = EXCLUDED.state, prepared_by = EXCLUDED.prepared_by,
                   prepared_at = EXCLUDED.prepared_at, judged_by = NULL, judged_at = NULL, remark = NULL, version = EXCLUDED.version",
                params![
                    x.id, x.organisation, x.engagement, case_text(x.case), json_text(&x.text)?,
                    DecisionState::Prepared.word(), &e.actor, e.recorded_at, e.version
                ],
            )?,
            Self::DecisionApproved(x) => judged(tx, DecisionState::Approved, &x.remark)?,
            Self::DecisionReturned(x) => judged(tx, DecisionState::Returned, &x.reason)?,
        };
        Ok(())
    }
}

fn case_text(case: Option<CaseId>) -> String {
    case.map_or_else(String::new, |id| id.to_string())
}

fn to_decision(row: &Row) -> Result<Decision> {
    let (case, state): (String, String) = (row.get("case_id")?, row.get("state")?);
    let odd = |column: &str, text: &str| DbError::Shape(format!("column {column} holds {text}"));
    Ok(Decision {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        engagement: row.get("engagement")?,
        case: match case.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|_| odd("case_id", text))?),
        },
        text: read_json(row, "body")?,
        state: DecisionState::from_word(&state).ok_or_else(|| odd("state", &state))?,
        prepared_by: row.get("prepared_by")?,
        prepared_at: row.get("prepared_at")?,
        judged_by: row.get("judged_by")?,
        judged_at: row.get("judged_at")?,
        remark: row.get("remark")?,
        version: row.get("version")?,
    })
}

/// Every decision of an engagement, in the order in which they were first prepared.
///
/// # Errors
/// When the database refuses.
pub fn decisions(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Vec<Decision>> {
    conn.query("SELECT * FROM disclosure WHERE engagement = $1 ORDER BY id", params![engagement])?
        .iter()
        .map(to_decision)
        .collect()
}

/// The decision about a case, or with none about the whole period.
///
/// # Errors
/// When the database refuses.
pub fn decision(
    conn: &mut Conn<'_>,
    engagement: EngagementId,
    case: Option<CaseId>,
) -> Result<Option<Decision>> {
    conn.query_opt(
        "SELECT * FROM disclosure WHERE engagement = $1 AND case_id = $2",
        params![engagement, case_text(case)],
    )?
    .as_ref()
    .map(to_decision)
    .transpose()
}

/// An approved text for the description of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosed {
    /// The decision.
    pub decision: DisclosureId,
    /// About which case; none for the statement about the whole period.
    pub case: Option<CaseId>,
    /// The text.
    pub draft: Draft,
    /// When it was approved.
    pub approved_at: Timestamp,
}

/// The approved texts of an engagement: what the description discloses under DC4, the statement about
/// the whole period first.
///
/// # Errors
/// When the database refuses.
pub fn disclosed(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Vec<Disclosed>> {
    let mut all: Vec<Disclosed> = decisions(conn, engagement)?
        .into_iter()
        .filter(|d| d.state == DecisionState::Approved && d.text.disclose)
        .filter_map(|d| {
            let Decision { id, case, text, judged_at, .. } = d;
            let approved_at = judged_at?;
            Some(Disclosed { decision: id, case, draft: text.draft, approved_at })
        })
        .collect();
    all.sort_by_key(|d| d.case.is_some());
    Ok(all)
}
