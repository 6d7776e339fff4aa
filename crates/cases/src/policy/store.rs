//! The table of policy versions: `apply` writes it, named queries read it.

use super::events::PolicyEvent;
use super::model::{Plan, PolicyId, PolicyState, PolicyVersion};
use kernel::event::Recorded;
use kernel::ids::PartyId;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

impl Project for PolicyEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::PolicyDrafted(x) => {
                let body = json_text(&x.body)?;
                let digest = hex::encode(Sha256::digest(body.as_bytes()));
                tx.execute(
                    "INSERT INTO policy_version (organisation, number, id, state, body, digest, change_note, drafted_by, drafted_at, version)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                     ON CONFLICT (organisation, number) DO UPDATE SET body = EXCLUDED.body, digest = EXCLUDED.digest, change_note = EXCLUDED.change_note,
                       drafted_by = EXCLUDED.drafted_by, drafted_at = EXCLUDED.drafted_at, version = EXCLUDED.version",
                    params![
                        x.organisation, x.number, x.id, PolicyState::Draft.word(), body, digest, &x.change_note, x.by,
                        e.recorded_at, e.version
                    ],
                )?;
            }
            Self::PolicyApproved(x) => {
                tx.execute(
                    "UPDATE policy_version SET state = $2 WHERE organisation = $1 AND state = $3",
                    params![
                        x.organisation,
                        PolicyState::Superseded.word(),
                        PolicyState::InForce.word()
                    ],
                )?;
                tx.execute(
                    "UPDATE policy_version SET state = $3, approved_by = $4, approved_at = $5, review_due = $6, version = $7
                     WHERE organisation = $1 AND number = $2",
                    params![
                        x.organisation, x.number, PolicyState::InForce.word(), x.by, e.recorded_at, x.review_due, e.version
                    ],
                )?;
            }
            Self::PolicyWithdrawn(x) => {
                tx.execute(
                    "UPDATE policy_version SET state = $3, version = $4 WHERE organisation = $1 AND number = $2",
                    params![x.organisation, x.number, PolicyState::Withdrawn.word(), e.version],
                )?;
            }
            Self::PolicyReviewed(x) => {
                tx.execute(
                    "UPDATE policy_version SET reviewed_at = $3, review_due = $4, version = $5 WHERE organisation = $1 AND number = $2",
                    params![x.organisation, x.number, e.recorded_at, x.review_due, e.version],
                )?;
            }
            // Whether somebody was reminded is read from the log.
            Self::ReviewReminded(_) => {}
        }
        Ok(())
    }
}

fn read(row: &Row) -> Result<PolicyVersion> {
    let state: String = row.get("state")?;
    Ok(PolicyVersion {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        number: row.get("number")?,
        state: PolicyState::from_word(&state)
            .ok_or_else(|| DbError::Shape(format!("a policy that is {state}")))?,
        body: read_json(row, "body")?,
        change_note: row.get("change_note")?,
        drafted_by: row.get("drafted_by")?,
        drafted_at: row.get("drafted_at")?,
        approved_by: row.get("approved_by")?,
        approved_at: row.get("approved_at")?,
        reviewed_at: row.get("reviewed_at")?,
        review_due: row.get("review_due")?,
        version: row.get("version")?,
    })
}

/// Every version, newest first.
///
/// # Errors
/// When the database refuses.
pub fn versions(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<PolicyVersion>> {
    conn.query(
        "SELECT * FROM policy_version WHERE organisation = $1 ORDER BY number DESC",
        params![organisation],
    )?
    .iter()
    .map(read)
    .collect()
}

/// One version.
///
/// # Errors
/// When the database refuses.
pub fn version(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    number: i64,
) -> Result<Option<PolicyVersion>> {
    conn.query_opt(
        "SELECT * FROM policy_version WHERE organisation = $1 AND number = $2",
        params![organisation, number],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// Organisations whose policy is to be reviewed by this time.
///
/// # Errors
/// When the database refuses.
pub fn reviews_due(conn: &mut Conn<'_>, by: kernel::time::Timestamp) -> Result<Vec<PolicyVersion>> {
    conn.query(
        "SELECT * FROM policy_version WHERE state = $1 AND review_due <= $2 ORDER BY organisation",
        params![PolicyState::InForce.word(), by],
    )?
    .iter()
    .map(read)
    .collect()
}

/// A plan that was read, by the version and the digest of what it says: what was read stays right.
type Key = (PolicyId, i64, String);

/// Plans that were read before: a report that is filed needs one, and reading calendars takes longer
/// than all the rest of it.
static READ: LazyLock<Mutex<HashMap<Key, Arc<Plan>>>> = LazyLock::new(Mutex::default);

/// Plans kept at most; beyond that all are forgotten, and read again when needed.
const READ_MAX: usize = 256;

fn plan_of(conn: &mut Conn<'_>, row: &Row) -> Result<Arc<Plan>> {
    let organisation: PartyId = row.get("organisation")?;
    let key: Key = (row.get("id")?, row.get("number")?, row.get("digest")?);
    let (id, number) = (key.0, key.1);
    if let Ok(read) = READ.lock()
        && let Some(plan) = read.get(&key)
    {
        return Ok(plan.clone());
    }
    let found = version(conn, organisation, number)?
        .ok_or_else(|| DbError::Shape(format!("policy {number} of {organisation}")))?;
    let plan = Arc::new(Plan::new(id, number, found.body)?);
    if let Ok(mut read) = READ.lock() {
        if read.len() >= READ_MAX {
            read.clear();
        }
        read.insert(key, plan.clone());
    }
    Ok(plan)
}

/// The policy in force.
///
/// # Errors
/// When the database refuses.
pub fn in_force(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Option<Arc<Plan>>> {
    let row = conn.query_opt(
        "SELECT id, number, digest, organisation FROM policy_version WHERE organisation = $1 AND state = $2",
        params![organisation, PolicyState::InForce.word()],
    )?;
    row.map(|row| plan_of(conn, &row)).transpose()
}

/// The policy that was in force at an instant.
///
/// # Errors
/// When the database refuses.
pub fn in_force_at(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    at: kernel::time::Timestamp,
) -> Result<Option<Arc<Plan>>> {
    let row = conn.query_opt(
        "SELECT id, number, digest, organisation FROM policy_version WHERE organisation = $1 AND approved_at <= $2
         ORDER BY approved_at DESC, number DESC LIMIT 1",
        params![organisation, at],
    )?;
    row.map(|row| plan_of(conn, &row)).transpose()
}

/// An approved version, whether or not it is still in force: what a case was promised under.
///
/// # Errors
/// When the database refuses.
pub fn plan(conn: &mut Conn<'_>, organisation: PartyId, number: i64) -> Result<Option<Arc<Plan>>> {
    let row = conn.query_opt(
        "SELECT id, number, digest, organisation FROM policy_version
         WHERE organisation = $1 AND number = $2 AND approved_at IS NOT NULL",
        params![organisation, number],
    )?;
    row.map(|row| plan_of(conn, &row)).transpose()
}
