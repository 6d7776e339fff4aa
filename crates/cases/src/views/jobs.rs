//! Work behind the record: the index of words follows the log.

use super::service::figures::refresh;
use super::store::words;
use crate::model::CaseId;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use platform::db::{Conn, Db, Result};
use platform::journal;
use std::collections::BTreeSet;

/// Entries looked at in one step while people work. Each may bring some forty words, each into a page of
/// its own: a hundred entries at once held the writer for 12 to 60 ms, and whoever filed a report meanwhile
/// waited for them.
pub const STEP: i64 = 10;
/// Entries looked at in one step when nothing else is going on.
pub const STEP_ALONE: i64 = 5_000;

/// How many entries of an organisation's log have not been looked at yet.
///
/// # Errors
/// When the database refuses.
pub fn behind(conn: &mut Conn<'_>, organisation: PartyId) -> Result<i64> {
    Ok((journal::size_of(conn, organisation)? - words::place(conn, organisation)?).max(0))
}

/// The cases that the entries not looked at yet speak of, where those are few.
///
/// # Errors
/// When the database refuses.
pub fn waiting(conn: &mut Conn<'_>, organisation: PartyId, most: i64) -> Result<BTreeSet<CaseId>> {
    if behind(conn, organisation)? > most {
        return Ok(BTreeSet::new());
    }
    let from = words::place(conn, organisation)?;
    let next = journal::subjects_after(conn, organisation, from - 1, most)?;
    Ok(next.iter().filter_map(|(_, subject)| subject.parse().ok()).collect())
}

/// One step of the index: looks at the next `step` entries of the log and writes what changes for the
/// cases they speak of. Returns how many entries it looked at; 0 when there is nothing to do, or another
/// process was faster.
///
/// # Errors
/// When the database refuses; then nothing of the step was written, and it is done again.
pub fn index_step(db: &Db, organisation: PartyId, step: i64) -> Result<i64> {
    let (from, entries, changes) = db.read_blocking(|conn| {
        let from = words::place(conn, organisation)?;
        // A place is counted from 0; the first entry not looked at has the place `from`.
        let next = journal::subjects_after(conn, organisation, from - 1, step)?;
        let to = next.last().map_or(from, |(place, _)| place + 1);
        let cases: BTreeSet<CaseId> = next.iter().filter_map(|(_, s)| s.parse().ok()).collect();
        let mut changes = Vec::new();
        for case in cases {
            changes.extend(words::reindexed(conn, organisation, case)?);
        }
        Ok((from, to - from, changes))
    })?;
    if entries == 0 {
        return Ok(0);
    }
    db.write_blocking(move |tx| {
        if !words::move_place(tx, organisation, from, from + entries)? {
            return Ok(0);
        }
        for change in &changes {
            words::write(tx, organisation, change)?;
        }
        Ok(entries)
    })
}

/// Brings the index of an organisation up to date; returns how many entries were looked at.
///
/// # Errors
/// As [`index_step`].
pub fn index_all(db: &Db, organisation: PartyId) -> Result<i64> {
    let mut all = 0;
    loop {
        match index_step(db, organisation, STEP_ALONE)? {
            0 => return Ok(all),
            n => all += n,
        }
    }
}

/// One step of everything that follows the record, for every organisation: the index of words, then the
/// figures of large registers. Whether there is more to do.
///
/// # Errors
/// When the database refuses.
pub fn follow(db: &Db, now: Timestamp) -> Result<bool> {
    let mut more = false;
    for organisation in db.read_blocking(|conn| {
        Ok(identity::store::parties(conn)?
            .into_iter()
            .filter(|p| p.side == kernel::party::Side::ServiceOrganisation)
            .map(|p| p.id)
            .collect::<Vec<_>>())
    })? {
        more |= index_step(db, organisation, STEP)? == STEP;
        refresh(db, organisation, now)?;
    }
    Ok(more)
}
