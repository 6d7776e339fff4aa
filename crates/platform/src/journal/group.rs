//! Places given at once, on a database with one writer.
//!
//! On SQLite the commands of a group run one after the other in one transaction, so an entry's place
//! in its tree is known when it is recorded: behind those of the log, behind those of the group's
//! commands before, behind those of its own command. Nothing is written twice, and what a refused
//! command would have appended leaves no gap.

use super::sequencer::Tail;
use super::{Advance, Journal, Pending};
use crate::db::{Conn, DbError, Result, Tx};
use kernel::ids::PartyId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The trees that the commands of one transaction extend.
pub(crate) struct Group {
    journal: Arc<Journal>,
    /// Each tree behind the commands that are kept so far, and whether any of them extended it.
    tails: BTreeMap<PartyId, (Tail, bool)>,
}

impl Group {
    pub(crate) const fn new(journal: Arc<Journal>) -> Self {
        Self { journal, tails: BTreeMap::new() }
    }

    /// The deployment's secret.
    pub(crate) fn secret(&self) -> [u8; 32] {
        self.journal.secret()
    }

    /// The place of the next entry of a log, when its command has appended `own` to it before.
    pub(crate) fn next(&mut self, conn: &mut Conn<'_>, log: PartyId, own: usize) -> Result<i64> {
        let size = match self.tails.get(&log) {
            Some((tail, _)) => tail.frontier.size(),
            None => {
                let tail = self.journal.tail(conn, log)?;
                let size = tail.frontier.size();
                self.tails.insert(log, (tail, false));
                size
            }
        };
        i64::try_from(size + own as u64)
            .map_err(|_| DbError::Shape("the log is full".into()).into())
    }

    /// Keeps what a command has appended.
    pub(crate) fn keep(&mut self, tx: &mut Tx<'_>, appended: Pending) -> Result<()> {
        for (log, leaves) in appended.logs {
            let (tail, extended) = self
                .tails
                .get_mut(&log)
                .ok_or_else(|| DbError::Shape("an entry without a place".into()))?;
            for leaf in leaves {
                tail.extend(tx, log, leaf)?;
                *extended = true;
            }
        }
        Ok(())
    }

    /// Signs the new state of each tree that was extended.
    pub(crate) fn seal(&mut self, tx: &mut Tx<'_>) -> Result<Vec<Advance>> {
        let Self { journal, tails } = self;
        std::mem::take(tails)
            .into_iter()
            .filter(|(_, (_, extended))| *extended)
            .map(|(log, (tail, _))| journal.seal(tx, log, tail))
            .collect()
    }
}
