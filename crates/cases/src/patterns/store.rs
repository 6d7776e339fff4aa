//! The table of decided pairs, and what is known of the cases.

use super::events::PatternEvent;
use super::model::Decided;
use super::rules::PatternCase;
use super::rules::facts::Basis;
use super::rules::gaps::OpenSince;
use super::rules::outages::Outage;
use super::rules::proposals::Method;
use crate::model::{Case, CaseId, CaseKind, Privacy, Severity};
use crate::rules::import::CaseSnapshot;
use crate::status;
use kernel::event::Recorded;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Row, Tx, read_json};
use platform::journal::Project;
use platform::params;
use std::collections::BTreeMap;

/// Notices of the status page that are looked at.
const NOTICES_MAX: i64 = 1_000;

impl Project for PatternEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        let Self::LinkDecided(x) = &e.event;
        tx.execute(
            "INSERT INTO case_link_decided (organisation, earlier, later, same, method, likeness, reason, decided_by, decided_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (organisation, earlier, later) DO UPDATE SET same = EXCLUDED.same, method = EXCLUDED.method,
               likeness = EXCLUDED.likeness, reason = EXCLUDED.reason, decided_by = EXCLUDED.decided_by, decided_at = EXCLUDED.decided_at",
            params![
                x.organisation, x.earlier, x.later, x.same, x.method.map_or("", Method::word), x.likeness, &x.reason, &e.actor,
                e.recorded_at
            ],
        )?;
        Ok(())
    }
}

/// Every pair that people have decided about, oldest decision first.
///
/// # Errors
/// When the database refuses.
pub fn decided(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Decided>> {
    conn.query(
        "SELECT * FROM case_link_decided WHERE organisation = $1 ORDER BY decided_at, earlier, later",
        params![organisation],
    )?
    .iter()
    .map(|row| {
        Ok(Decided {
            earlier: row.get("earlier")?,
            later: row.get("later")?,
            same: row.get("same")?,
            method: Method::from_word(&row.get::<String>("method")?),
            reason: row.get("reason")?,
            decided_by: row.get("decided_by")?,
            decided_at: row.get("decided_at")?,
        })
    })
    .collect()
}

/// The pairs of a case that were confirmed as the same matter: which came first, which later.
///
/// # Errors
/// When the database refuses.
pub fn same_as(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
) -> Result<Vec<(CaseId, CaseId)>> {
    let mut pairs = Vec::new();
    for side in ["earlier", "later"] {
        let sql = format!(
            "SELECT earlier, later FROM case_link_decided WHERE organisation = $1 AND {side} = $2 AND same = 1 ORDER BY earlier, later"
        );
        for row in conn.query(&sql, params![organisation, case])? {
            pairs.push((row.get("earlier")?, row.get("later")?));
        }
    }
    Ok(pairs)
}

/// What cases touched, by case: names of components, codes of controls.
type Touched = BTreeMap<String, Vec<String>>;

fn touched(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    kind: &str,
    names: &BTreeMap<String, String>,
) -> Result<Touched> {
    let mut by: Touched = BTreeMap::new();
    for row in conn.query(
        "SELECT case_id, reference FROM case_touch WHERE organisation = $1 AND kind = $2",
        params![organisation, kind],
    )? {
        let reference: String = row.get("reference")?;
        let name = names.get(&reference).cloned().unwrap_or(reference);
        by.entry(row.get("case_id")?).or_default().push(name);
    }
    Ok(by)
}

fn by_case<T>(rows: &[Row], read: impl Fn(&Row) -> Result<T>) -> Result<BTreeMap<String, T>> {
    rows.iter().map(|row| Ok((row.get::<String>("case_id")?, read(row)?))).collect()
}

/// What stands beside the cases.
struct Beside {
    components: Touched,
    controls: Touched,
    effective: BTreeMap<String, Timestamp>,
    causes: BTreeMap<String, String>,
    judged: BTreeMap<String, (bool, Option<Timestamp>)>,
}

impl Beside {
    fn read(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Self> {
        let components = scope::store::components(conn, organisation)?;
        let components = components.into_iter().map(|c| (c.id.to_string(), c.name)).collect();
        let controls = controls::store::controls(conn, organisation)?;
        let controls = controls.into_iter().map(|c| (c.id.to_string(), c.text.code)).collect();
        let mut effective: BTreeMap<String, Timestamp> = BTreeMap::new();
        for action in crate::work::store::actions_in_effect(conn, organisation)? {
            // The last action of a case completes the mending; the day counts from its first instant.
            let day = action.effective_on.as_deref().unwrap_or_default();
            if let Ok(at) = Timestamp::parse(&format!("{day}T00:00:00Z")) {
                let known = effective.entry(action.case.to_string()).or_insert(at);
                *known = (*known).max(at);
            }
        }
        let causes = conn.query(
            "SELECT case_id, code FROM case_cause WHERE organisation = $1",
            params![organisation],
        )?;
        let judged = conn.query(
            "SELECT case_id, incident, first_at, changes FROM case_judged WHERE organisation = $1",
            params![organisation],
        )?;
        Ok(Self {
            components: touched(conn, organisation, "component", &components)?,
            controls: touched(conn, organisation, "control", &controls)?,
            effective,
            causes: by_case(&causes, |row| row.get("code"))?,
            judged: by_case(&judged, |row| {
                // A decision that was changed later does not say when it became grave.
                let first: Timestamp = row.get("first_at")?;
                Ok((row.get("incident")?, (row.get::<i64>("changes")? == 0).then_some(first)))
            })?,
        })
    }

    fn facts(&mut self, case: Case, snapshot: Option<CaseSnapshot>) -> PatternCase {
        let id = case.id.to_string();
        let sealed = case.privacy != Privacy::Open;
        let grave = matches!(case.severity, Some(Severity::Critical | Severity::High));
        let judged = self.judged.get(&id).copied();
        let mut components = self.components.remove(&id).unwrap_or_default();
        let mut controls = self.controls.remove(&id).unwrap_or_default();
        let mut fingerprint = None;
        if let Some(fields) = snapshot.map(|s| s.fields) {
            if let (Some(a), Some(b), Some(c)) =
                (fields.category, fields.subcategory, fields.symptom)
            {
                fingerprint = Some(vec![a, b, c]);
            }
            if let Some(asset) = fields.asset {
                components.extend(asset.split(';').map(|part| part.trim().to_owned()));
            }
        }
        for all in [&mut components, &mut controls] {
            all.retain(|word| !word.is_empty());
            all.sort_unstable();
            all.dedup();
        }
        let cause = self.causes.remove(&id).filter(|code| code != "unknown");
        if fingerprint.is_none()
            && let Some(cause) = &cause
            && !(components.is_empty() && controls.is_empty())
        {
            fingerprint =
                Some([std::slice::from_ref(cause), &controls[..], &components[..]].concat());
        }
        PatternCase {
            number: case.tracking_number,
            channel: case.channel,
            incident: judged.map_or(case.kind == CaseKind::Incident, |(incident, _)| incident),
            grave,
            reported_at: case.reported_at,
            occurred_at: case.occurred_at,
            acknowledged_at: case.acknowledged_at,
            grave_at: judged.and_then(|(_, first)| first).filter(|_| grave),
            mended: match self.effective.get(&id) {
                Some(at) => Some((*at, Basis::CorrectiveAction)),
                None => case.resolved_at.map(|at| (at, Basis::Resolution)),
            },
            text: if sealed {
                String::new()
            } else {
                format!("{} {}", case.title, case.description)
            },
            fingerprint,
            components,
            controls,
            cause,
            id,
        }
    }
}

/// What is known of the newest cases reported before a moment, newest first; not of those that concern
/// the reader, and never of canaries.
///
/// # Errors
/// When the database refuses.
pub fn cases(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    reader: Option<PersonId>,
    (until, most): (Timestamp, i64),
) -> Result<Vec<PatternCase>> {
    let mut beside = Beside::read(conn, organisation)?;
    let reader = reader.map(|p| p.to_string()).unwrap_or_default();
    let mut cases = Vec::new();
    conn.for_each(
        "SELECT c.* FROM case_record c WHERE c.organisation = $1 AND c.canary = 0 AND c.held = 0 AND c.reported_at <= $2
           AND NOT EXISTS (SELECT 1 FROM case_kept_out k WHERE k.case_id = c.id AND k.person = $3)
         ORDER BY c.reported_at DESC, c.id DESC LIMIT $4",
        params![organisation, until, reader, most],
        |row| {
            let snapshot = match row.get::<Option<String>>("snapshot")? {
                Some(_) => Some(read_json(&row, "snapshot")?),
                None => None,
            };
            cases.push(beside.facts(crate::store::to_case(&row)?, snapshot));
            Ok(())
        },
    )?;
    Ok(cases)
}

/// The channels that are open, each with the time since when.
///
/// # Errors
/// When the database refuses.
pub fn channels(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<OpenSince>> {
    let all = crate::channels::store::channels(conn, organisation)?;
    let open = all.into_iter().filter(|c| c.retired_at.is_none());
    Ok(open.map(|c| (c.name, Some(c.since))).collect())
}

/// Outages as they were published, by the names of the components inside.
///
/// # Errors
/// When the database refuses.
pub fn outages(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    until: Timestamp,
) -> Result<Vec<Outage>> {
    let components = status::store::components(conn, organisation)?;
    let names: BTreeMap<_, _> = components.into_iter().map(|c| (c.id, c.name)).collect();
    let notices = status::store::notices(conn, organisation, None, NOTICES_MAX)?;
    Ok(notices
        .into_iter()
        .filter(|n| n.kind == status::model::NoticeKind::Incident && n.begins_at <= until)
        .map(|n| Outage {
            reference: n.reference,
            begun_at: n.begins_at,
            ended_at: n.ended_at,
            components: n.affected.keys().filter_map(|id| names.get(id).cloned()).collect(),
            linked: n.case.map(|id| id.to_string()),
        })
        .collect())
}
