//! Which cases people said are one matter, read from links and decided pairs; their times from the log.

use super::super::rules::recurrence::{Tie, known};
use super::rearm;
use crate::model::CaseId;
use crate::patterns::events::{LinkDecided, PatternEvent};
use crate::work::model::Relation;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Tx};
use platform::journal::{Origin, history};
use std::collections::{BTreeMap, BTreeSet};

/// Cases of one matter that are looked at: a ladder has no use for a longer count.
const MATTER_MAX: usize = 200;

/// What is tied to a case, directly or over others.
fn ties(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
) -> Result<(BTreeSet<CaseId>, Vec<Tie>)> {
    let (mut matter, mut ties, mut seen) = (BTreeSet::from([case]), Vec::new(), BTreeSet::new());
    let mut open = vec![case];
    while let Some(one) = open.pop() {
        let mut near = Vec::new();
        for link in crate::work::store::links(conn, organisation, one)? {
            if link.relation == Relation::RecurrenceOf {
                near.push((link.id.to_string(), link.other, link.case, false));
            }
        }
        for (earlier, later) in crate::patterns::store::same_as(conn, organisation, one)? {
            near.push((LinkDecided::subject(earlier, later), earlier, later, true));
        }
        for (subject, earlier, later, decided) in near {
            if !seen.insert(subject.clone()) {
                continue;
            }
            let at = if decided { decided_at(conn, &subject)? } else { first(conn, &subject)? };
            ties.extend(at.map(|at| Tie { earlier, later, at }));
            for member in [earlier, later] {
                if matter.len() < MATTER_MAX && matter.insert(member) {
                    open.push(member);
                }
            }
        }
    }
    Ok((matter, ties))
}

/// When a link was made.
fn first(conn: &mut Conn<'_>, subject: &str) -> Result<Option<Timestamp>> {
    Ok(history(conn, subject)?.first().map(|(entry, ..)| entry.recorded_at))
}

/// Since when a pair is confirmed: one that was confirmed again, with another reason, was known before.
fn decided_at(conn: &mut Conn<'_>, subject: &str) -> Result<Option<Timestamp>> {
    let mut since = None;
    for (entry, _, payload) in history(conn, subject)? {
        let Some(payload) = payload else { continue };
        let PatternEvent::LinkDecided(x) = serde_json::from_slice(&payload)
            .map_err(|e| DbError::Shape(format!("the payload of {}: {e}", entry.id)))?;
        since = if x.same { since.or(Some(entry.recorded_at)) } else { None };
    }
    Ok(since)
}

/// Since when a case is known to be the second, the third, … of its kind.
pub(super) fn recurrences(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
) -> Result<Vec<Timestamp>> {
    let (matter, ties) = ties(conn, organisation, case)?;
    if ties.is_empty() {
        return Ok(Vec::new());
    }
    let mut reported = BTreeMap::new();
    for member in matter {
        if let Some(found) = crate::store::case(conn, organisation, member)? {
            reported.insert(member, found.reported_at);
        }
    }
    Ok(known(case, &ties, &reported))
}

/// The cases that people said are one matter with a case, itself among them.
///
/// # Errors
/// When the database refuses.
pub(crate) fn matter(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
) -> Result<BTreeSet<CaseId>> {
    Ok(ties(conn, organisation, case)?.0)
}

/// Puts on record what is promised about each case of a matter, after it grew or was taken apart.
///
/// # Errors
/// When the database refuses.
pub(crate) fn rearm_all(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    cases: &BTreeSet<CaseId>,
) -> Result<()> {
    for case in cases {
        rearm(tx, env, origin, *case)?;
    }
    Ok(())
}
