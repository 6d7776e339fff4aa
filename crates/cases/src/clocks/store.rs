//! The tables of clocks: `apply` writes them, named queries read them.

use super::events::ClockEvent;
use super::model::{Absence, AbsenceId, Armed, Climbed, Pass, Promise, RungKey, Standing};
use crate::model::CaseId;
use kernel::event::Recorded;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;
use serde::Serialize;
use std::collections::BTreeSet;

impl Project for ClockEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::Armed(x) => arm(tx, x)?,
            Self::RungClimbed(x) => {
                tx.execute(
                    "INSERT INTO clock_rung (case_id, rung_key, organisation, planned_at, executed_at, body) VALUES ($1, $2, $3, $4, $5, $6)",
                    params![
                        x.case, &x.climbed.planned.key.0, x.organisation, x.climbed.planned.at, e.recorded_at, json_text(&x.climbed)?
                    ],
                )?;
                tx.execute(
                    "UPDATE clock_case SET next_at = $2 WHERE case_id = $1",
                    params![x.case, x.next_at],
                )?;
            }
            Self::PersonExcluded(x) => {
                crate::store::keep_out(tx, x.case, x.person, x.organisation)?;
            }
            Self::AbsenceStated(x) => {
                tx.execute(
                    "INSERT INTO clock_absence (id, organisation, person, deputy, from_at, to_at) VALUES ($1, $2, $3, $4, $5, $6)",
                    params![x.id, x.organisation, x.person, x.deputy, x.from, x.to],
                )?;
            }
            Self::AbsenceEnded(x) => {
                tx.execute(
                    "UPDATE clock_absence SET to_at = $2 WHERE id = $1 AND to_at > $2",
                    params![x.id, x.at],
                )?;
            }
            Self::Watched(x) => {
                tx.execute(
                    "INSERT INTO clock_watch (id, organisation, at, body) VALUES ($1, $2, $3, $4)",
                    params![x.id, x.organisation, e.recorded_at, json_text(x)?],
                )?;
            }
            // What these say is read from the log, where the promises come from.
            Self::Paused(_)
            | Self::Resumed(_)
            | Self::FlagSet(_)
            | Self::DutyStarted(_)
            | Self::DutyEnded(_) => {}
        }
        Ok(())
    }
}

/// Writes what is promised about a case, and when it is looked at next.
pub(crate) fn arm(tx: &mut Tx<'_>, x: &Armed) -> Result<()> {
    tx.execute(
        "INSERT INTO clock_case (case_id, organisation, policy, next_at, deadline_at, promises) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (case_id) DO UPDATE SET next_at = EXCLUDED.next_at, deadline_at = EXCLUDED.deadline_at, promises = EXCLUDED.promises",
        params![x.case, x.organisation, x.policy, x.next_at, x.deadline_at(), json_text(&x.promises)?],
    )?;
    // A report that has just come in has nothing that ended.
    if x.promises.iter().all(Promise::open) {
        return Ok(());
    }
    tx.execute("DELETE FROM clock_outcome WHERE case_id = $1", params![x.case])?;
    for (place, promise) in x.promises.iter().enumerate().filter(|(_, p)| !p.open()) {
        tx.execute(
            "INSERT INTO clock_outcome (case_id, place, organisation, clock, severity, started_at, due_at, stopped_at, superseded_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                x.case,
                i64::try_from(place).unwrap_or(i64::MAX),
                x.organisation,
                promise.clock.word(),
                promise.severity.map_or("", |s| s.word()),
                promise.from,
                promise.due_at,
                promise.stopped_at,
                promise.superseded_at
            ],
        )?;
    }
    Ok(())
}

fn read_armed(row: &Row) -> Result<Armed> {
    Ok(Armed {
        case: row.get("case_id")?,
        organisation: row.get("organisation")?,
        policy: row.get("policy")?,
        promises: read_json(row, "promises")?,
        next_at: row.get("next_at")?,
    })
}

/// What is promised about a case; none when no policy was in force as it came in.
///
/// # Errors
/// When the database refuses.
pub fn armed(conn: &mut Conn<'_>, case: CaseId) -> Result<Option<Armed>> {
    conn.query_opt("SELECT * FROM clock_case WHERE case_id = $1", params![case])?
        .as_ref()
        .map(read_armed)
        .transpose()
}

/// Cases for which something is due by this time, the longest due first.
///
/// # Errors
/// When the database refuses.
pub fn due(conn: &mut Conn<'_>, now: Timestamp, limit: i64) -> Result<Vec<(PartyId, CaseId)>> {
    conn.query(
        "SELECT organisation, case_id FROM clock_case WHERE next_at <= $1 ORDER BY next_at LIMIT $2",
        params![now, limit],
    )?
    .iter()
    .map(|row| Ok((row.get("organisation")?, row.get("case_id")?)))
    .collect()
}

/// The earliest time at which something is due.
///
/// # Errors
/// When the database refuses.
pub fn next_due(conn: &mut Conn<'_>) -> Result<Option<Timestamp>> {
    conn.query_one("SELECT MIN(next_at) AS at FROM clock_case", &[])?.get("at")
}

/// The keys of the rungs of a case that were climbed.
///
/// # Errors
/// When the database refuses.
pub fn climbed_keys(conn: &mut Conn<'_>, case: CaseId) -> Result<BTreeSet<RungKey>> {
    conn.query("SELECT rung_key FROM clock_rung WHERE case_id = $1", params![case])?
        .iter()
        .map(|row| Ok(RungKey(row.get("rung_key")?)))
        .collect()
}

/// A rung that was climbed, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Done {
    /// The case.
    pub case: CaseId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub climbed: Climbed,
}

fn read_done(row: &Row) -> Result<Done> {
    Ok(Done {
        case: row.get("case_id")?,
        at: row.get("executed_at")?,
        climbed: read_json(row, "body")?,
    })
}

/// The rungs of a case that were climbed, in the order of time.
///
/// # Errors
/// When the database refuses.
pub fn climbed(conn: &mut Conn<'_>, case: CaseId) -> Result<Vec<Done>> {
    conn.query(
        "SELECT case_id, executed_at, body FROM clock_rung WHERE case_id = $1 ORDER BY executed_at, rung_key",
        params![case],
    )?
    .iter()
    .map(read_done)
    .collect()
}

/// Rungs of an organisation's cases that were climbed in a span, newest first.
///
/// # Errors
/// When the database refuses.
pub fn climbed_between(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    (from, to): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<Done>> {
    conn.query(
        "SELECT case_id, executed_at, body FROM clock_rung WHERE organisation = $1 AND executed_at >= $2 AND executed_at < $3
         ORDER BY executed_at DESC, case_id LIMIT $4",
        params![organisation, from, to, limit],
    )?
    .iter()
    .map(read_done)
    .collect()
}

/// An open case with a promise whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// What is promised about it.
    pub armed: Armed,
    /// Its number.
    pub tracking_number: String,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// How severe it is; empty while undecided.
    pub severity: String,
}

/// Open cases with a promise whose time is over, the longest overdue first. Cases that concern the
/// reader are left out.
///
/// # Errors
/// When the database refuses.
pub fn overdue(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    reader: Option<PersonId>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Overdue>> {
    let reader = reader.map(|p| p.to_string()).unwrap_or_default();
    conn.query(
        "SELECT k.*, c.tracking_number, c.owner, c.severity FROM clock_case k JOIN case_record c ON c.id = k.case_id
         WHERE k.organisation = $1 AND k.deadline_at < $2 AND k.next_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM case_kept_out x WHERE x.case_id = k.case_id AND x.person = $3)
         ORDER BY k.deadline_at, k.case_id LIMIT $4",
        params![organisation, now, reader, limit],
    )?
    .iter()
    .map(|row| {
        Ok(Overdue {
            armed: read_armed(row)?,
            tracking_number: row.get("tracking_number")?,
            owner: row.get("owner")?,
            severity: row.get("severity")?,
        })
    })
    .collect()
}

/// Whom a case concerns.
///
/// # Errors
/// When the database refuses.
pub fn excluded(conn: &mut Conn<'_>, case: CaseId) -> Result<BTreeSet<PersonId>> {
    conn.query("SELECT person FROM case_kept_out WHERE case_id = $1", params![case])?
        .iter()
        .map(|row| row.get("person"))
        .collect()
}

fn read_absence(row: &Row) -> Result<Absence> {
    Ok(Absence {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        person: row.get("person")?,
        deputy: row.get("deputy")?,
        from: row.get("from_at")?,
        to: row.get("to_at")?,
    })
}

/// Absences that end after a time.
///
/// # Errors
/// When the database refuses.
pub fn absences(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    after: Timestamp,
) -> Result<Vec<Absence>> {
    conn.query(
        "SELECT * FROM clock_absence WHERE organisation = $1 AND to_at > $2 ORDER BY from_at, id",
        params![organisation, after],
    )?
    .iter()
    .map(read_absence)
    .collect()
}

/// One absence.
///
/// # Errors
/// When the database refuses.
pub fn absence(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: AbsenceId,
) -> Result<Option<Absence>> {
    conn.query_opt(
        "SELECT * FROM clock_absence WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(read_absence)
    .transpose()
}

/// The open cases with promises for which somebody answers.
///
/// # Errors
/// When the database refuses.
pub fn cases_of_owner(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    owner: PersonId,
    limit: i64,
) -> Result<Vec<CaseId>> {
    conn.query(
        "SELECT k.case_id FROM clock_case k JOIN case_record c ON c.id = k.case_id
         WHERE k.organisation = $1 AND c.owner = $2 AND k.next_at IS NOT NULL ORDER BY k.case_id LIMIT $3",
        params![organisation, owner, limit],
    )?
    .iter()
    .map(|row| row.get("case_id"))
    .collect()
}

/// An open case as the watchdog finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenCase {
    /// Which.
    pub case: CaseId,
    /// Under which version of the policy its promises stand; none where nothing is promised.
    pub policy: Option<i64>,
    /// When something is planned for it.
    pub next_at: Option<Timestamp>,
}

/// Open cases that were reported here, after one of them, each with whether something is planned for
/// it. The watchdog goes over them; it does not ask the timers which cases there are.
///
/// # Errors
/// When the database refuses.
pub fn open_cases(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<OpenCase>> {
    let after = after.map(|c| c.to_string()).unwrap_or_default();
    conn.query(
        "SELECT c.id, k.policy, k.next_at FROM case_record c LEFT JOIN clock_case k ON k.case_id = c.id
         WHERE c.organisation = $1 AND c.id > $2 AND c.intake = '\"filed\"' AND c.held = 0 AND c.state NOT IN ('closed', 'withdrawn')
         ORDER BY c.id LIMIT $3",
        params![organisation, after, limit],
    )?
    .iter()
    .map(|row| {
        Ok(OpenCase {
            case: row.get("id")?,
            policy: row.get("policy")?,
            next_at: row.get("next_at")?,
        })
    })
    .collect()
}

/// The watchdog's passes over an organisation, newest first, with their times.
///
/// # Errors
/// When the database refuses.
pub fn passes(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    limit: i64,
) -> Result<Vec<(Timestamp, Pass)>> {
    conn.query(
        "SELECT at, body FROM clock_watch WHERE organisation = $1 ORDER BY at DESC, id DESC LIMIT $2",
        params![organisation, limit],
    )?
    .iter()
    .map(|row| Ok((row.get("at")?, read_json(row, "body")?)))
    .collect()
}

/// When an organisation was last watched.
///
/// # Errors
/// When the database refuses.
pub fn last_watched(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Option<Timestamp>> {
    conn.query_one(
        "SELECT MAX(at) AS at FROM clock_watch WHERE organisation = $1",
        params![organisation],
    )?
    .get("at")
}

/// Promises that ended, for figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Which clock.
    pub clock: String,
    /// Under which severity; empty while undecided.
    pub severity: String,
    /// How it ended.
    pub standing: Standing,
    /// How many.
    pub n: i64,
}

/// How the promises with a deadline in a span ended, by clock and severity. Those that another one
/// replaced are not among them; those that still wait neither, see [`overdue`].
///
/// # Errors
/// When the database refuses.
pub fn outcomes(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Outcome>> {
    conn.query(
        "SELECT clock, severity, CASE WHEN stopped_at <= due_at THEN 1 ELSE 0 END AS kept, CAST(COUNT(*) AS BIGINT) AS n
         FROM clock_outcome WHERE organisation = $1 AND due_at >= $2 AND due_at < $3 AND superseded_at IS NULL
           AND case_id NOT IN (SELECT id FROM case_record WHERE organisation = $1 AND canary = 1)
         GROUP BY clock, severity, CASE WHEN stopped_at <= due_at THEN 1 ELSE 0 END ORDER BY clock, severity, kept",
        params![organisation, from, to],
    )?
    .iter()
    .map(|row| {
        let kept: i64 = row.get("kept")?;
        Ok(Outcome {
            clock: row.get("clock")?,
            severity: row.get("severity")?,
            standing: if kept == 1 { Standing::Kept } else { Standing::Late },
            n: row.get("n")?,
        })
    })
    .collect()
}
