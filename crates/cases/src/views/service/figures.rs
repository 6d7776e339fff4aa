//! The figures that need every case: at once where there are few, as last counted where there are many.

use super::super::rules::counting::{Counted, Counter};
use super::super::store;
use crate::clocks;
use crate::model::{CaseId, CaseState};
use crate::rules::analysis::interval::ShareInterval;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use platform::db::{Conn, Db, Result, json_text};
use platform::journal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Cases up to which the figures are counted anew for each reader.
pub const AT_ONCE: i64 = 3_000;
/// How long figures stay before they are counted again, in seconds.
const STAY_SECONDS: i64 = 60;
/// Cases that are named as the worst.
const WORST: i64 = 10;

/// Promises about one clock under one severity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The clock.
    pub clock: String,
    /// The severity; empty while undecided.
    pub severity: String,
    /// Kept in time.
    pub kept: u64,
    /// Kept late or not at all, their time being over.
    pub late: u64,
}

impl Kept {
    /// The interval of the share that was kept.
    #[must_use]
    pub fn interval(&self) -> Option<ShareInterval> {
        ShareInterval::of(self.kept, self.kept + self.late, 0.95)
    }
}

/// How long the clocks of one person's cases stood still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PausedShare {
    /// Who answers for the cases.
    pub owner: PersonId,
    /// Cases with promises.
    pub cases: u64,
    /// Seconds from their reports to their conclusion, or to now.
    pub seconds: i64,
    /// Of them, seconds during which their clocks stood still.
    pub paused: i64,
}

/// A case that did worst.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worst {
    /// Which.
    pub case: CaseId,
    /// The clock that is over; empty where nothing is promised and the case is merely old.
    pub clock: String,
    /// Since when it is overdue, or when it was reported.
    pub since: Timestamp,
}

/// The figures that need every case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// When they were counted: the end of observation.
    pub counted_at: Timestamp,
    /// Entries of the record that were known then.
    pub place: i64,
    /// Durations and backlog.
    pub counted: Counted,
    /// Promises kept and broken.
    pub kept: Vec<Kept>,
    /// Paused time by owner.
    pub paused: Vec<PausedShare>,
    /// The cases that did worst, worst first.
    pub worst: Vec<Worst>,
}

/// Counts them now.
///
/// # Errors
/// When the database refuses.
pub fn count(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    now: Timestamp,
    exact: bool,
) -> Result<Figures> {
    let place = journal::size_of(conn, organisation)?;
    let mut counter = Counter::new(now, exact);
    store::each_times(conn, organisation, |times| {
        counter.add(times);
        Ok(())
    })?;
    Ok(Figures {
        counted_at: now,
        place,
        counted: counter.finish(),
        kept: kept(conn, organisation, now)?,
        paused: paused(conn, organisation, now)?,
        worst: worst(conn, organisation, now)?,
    })
}

fn kept(conn: &mut Conn<'_>, organisation: PartyId, now: Timestamp) -> Result<Vec<Kept>> {
    let mut by: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    for outcome in clocks::store::outcomes(conn, organisation, (Timestamp(i64::MIN), now))? {
        let (kept, late) = by.entry((outcome.clock, outcome.severity)).or_default();
        let n = u64::try_from(outcome.n).unwrap_or(0);
        if outcome.standing == clocks::model::Standing::Kept {
            *kept += n;
        } else {
            *late += n;
        }
    }
    let row = |((clock, severity), (kept, late))| Kept { clock, severity, kept, late };
    Ok(by.into_iter().map(row).collect())
}

fn paused(conn: &mut Conn<'_>, organisation: PartyId, now: Timestamp) -> Result<Vec<PausedShare>> {
    let mut by: BTreeMap<PersonId, PausedShare> = BTreeMap::new();
    let mut ends: BTreeMap<CaseId, (PersonId, Timestamp)> = BTreeMap::new();
    for (case, owner, from, to) in store::promised_cases(conn, organisation)? {
        let end = to.unwrap_or(now).max(from);
        ends.insert(case, (owner, end));
        let share =
            by.entry(owner).or_insert(PausedShare { owner, cases: 0, seconds: 0, paused: 0 });
        share.cases += 1;
        share.seconds += (end.0 - from.0) / 1_000_000;
    }
    if ends.is_empty() {
        return Ok(Vec::new());
    }
    for case in store::paused_cases(conn, organisation)? {
        let Some((owner, end)) = ends.get(&case).copied() else { continue };
        let Some(read) = clocks::service::read(conn, organisation, case)? else { continue };
        let still = read.facts.pauses.iter().map(|pause| {
            let to = pause.to.unwrap_or(end).min(end);
            (to.0 - pause.from.0).max(0) / 1_000_000
        });
        if let Some(share) = by.get_mut(&owner) {
            share.paused += still.sum::<i64>();
        }
    }
    Ok(by.into_values().collect())
}

fn worst(conn: &mut Conn<'_>, organisation: PartyId, now: Timestamp) -> Result<Vec<Worst>> {
    let mut worst: Vec<Worst> = clocks::store::overdue(conn, organisation, None, now, WORST)?
        .into_iter()
        .filter_map(|overdue| {
            let open = overdue.armed.promises.iter().filter(|p| p.open());
            let first = open.min_by_key(|p| p.due_at)?;
            Some(Worst { case: overdue.armed.case, clock: first.clock.word(), since: first.due_at })
        })
        .collect();
    let room = usize::try_from(WORST).unwrap_or(0).saturating_sub(worst.len());
    let mut old = Vec::new();
    for state in CaseState::ALL.iter().filter(|s| !s.is_concluded()) {
        old.extend(store::oldest(conn, organisation, *state, WORST)?);
    }
    old.sort_unstable();
    let more = old.into_iter().filter(|(_, case)| !worst.iter().any(|w| w.case == *case));
    let more: Vec<Worst> =
        more.take(room).map(|(since, case)| Worst { case, clock: String::new(), since }).collect();
    worst.extend(more);
    Ok(worst)
}

/// The figures for a reader: counted now where the cases are few, else as last counted. None where a
/// large register has not been counted yet.
///
/// # Errors
/// When the database refuses.
pub fn seen(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    cases: i64,
    now: Timestamp,
) -> Result<Option<Figures>> {
    if cases <= AT_ONCE {
        return count(conn, organisation, now, true).map(Some);
    }
    // Figures of another version of the program are counted anew.
    Ok(store::figures(conn, organisation)?.and_then(|(.., body)| serde_json::from_str(&body).ok()))
}

/// Counts the figures of a large register again, if something happened since and they have stayed long
/// enough. Whether it did.
///
/// # Errors
/// When the database refuses.
pub fn refresh(db: &Db, organisation: PartyId, now: Timestamp) -> Result<bool> {
    let fresh = db.read_blocking(|conn| {
        let cases: i64 = crate::store::counts(conn, organisation)?.iter().map(|c| c.n).sum();
        if cases <= AT_ONCE {
            return Ok(None);
        }
        if let Some((place, counted_at, _)) = store::figures(conn, organisation)?
            && (place == journal::size_of(conn, organisation)?
                || now < counted_at.plus_seconds(STAY_SECONDS))
        {
            return Ok(None);
        }
        count(conn, organisation, now, false).map(Some)
    })?;
    let Some(fresh) = fresh else { return Ok(false) };
    let body = json_text(&fresh)?;
    db.write_blocking(move |tx| {
        store::keep_figures(tx, organisation, (fresh.place, fresh.counted_at, &body))
    })?;
    Ok(true)
}
