//! Inclusion proofs from stored entries and tiles.

use super::sequencer::{TILE_HASHES, TILE_ROWS, Tail, tile_root};
use super::{Advance, Appended, Journal, Trees};
use crate::db::{Conn, DbError, Error, Result, Row};
use crate::params;
use kernel::ids::{EventId, PartyId};
use ledger::{Checkpoint, Hash, NodeId, inclusion_proof_nodes, leaf_hash};
use std::sync::Arc;

/// An entry with what proves that it is in its log: verifies with the log's public key alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The exact bytes of the entry.
    pub entry: Vec<u8>,
    /// Its place in the tree, from 0.
    pub index: u64,
    /// The sibling hashes on the way to the root.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint to whose root they lead.
    pub checkpoint: String,
    /// The size of that tree.
    pub size: u64,
    /// What the checkpoint signs, where this process signed it; none where it was read from the
    /// database, so that its signature is still to be verified.
    pub state: Option<Checkpoint>,
}

impl Journal {
    /// Shows new trees to readers, once the guard has them.
    pub(crate) fn publish(&self, advances: &[Advance]) {
        let mut published = self.published.lock();
        for advance in advances {
            published.insert(advance.log, advance.tail.clone());
        }
    }

    /// The proof of an entry in the trees that its own commit left, from what is remembered of them;
    /// none when that does not reach, so that the stored tree must be read.
    #[must_use]
    pub fn proof_at_edge(&self, trees: &Trees, appended: &Appended) -> Option<Proof> {
        let (log, index) = (appended.log, appended.place?);
        let advance = trees.of(log)?;
        let (tail, state) = (&advance.tail, &advance.checkpoint);
        if index >= state.size {
            return None;
        }
        let nodes = inclusion_proof_nodes(index, state.size).ok()?;
        let known = nodes.iter().map(|id| tail.node(*id).map(|hash| (*id, hash)));
        let reader: ledger::NodeMap = known.collect::<Option<Vec<_>>>()?.into_iter().collect();
        Some(Proof {
            entry: appended.entry.clone(),
            index,
            hashes: ledger::inclusion_proof(index, state.size, &reader).ok()?,
            checkpoint: advance.signed.clone(),
            size: state.size,
            state: Some(state.clone()),
        })
    }

    fn published(&self, log: PartyId) -> Option<Arc<Tail>> {
        self.published.lock().get(&log).cloned()
    }
}

/// The proof of an event's entry, or none while it waits for its place.
///
/// # Errors
/// When the database refuses or the stored tree is incomplete.
pub fn proof_of(conn: &mut Conn<'_>, journal: &Journal, event: EventId) -> Result<Option<Proof>> {
    let row =
        conn.query_opt("SELECT log, leaf, entry FROM journal_entry WHERE id = $1", params![event])?;
    row.map_or(Ok(None), |row| proof_of_row(conn, journal, row.get("log")?, &row))
}

/// The first entry about a subject with its proof, which is none while it waits for its place.
///
/// # Errors
/// As [`proof_of`].
pub fn proof_of_first(
    conn: &mut Conn<'_>,
    journal: &Journal,
    subject: &str,
) -> Result<Option<(Vec<u8>, Option<Proof>)>> {
    let row = conn.query_opt(
        "SELECT log, leaf, entry FROM journal_entry WHERE subject = $1 AND version = 1",
        params![subject],
    )?;
    let Some(row) = row else { return Ok(None) };
    let proof = proof_of_row(conn, journal, row.get("log")?, &row)?;
    Ok(Some((row.get("entry")?, proof)))
}

/// The proof of the entry at a place of a log; none beyond its end.
///
/// # Errors
/// As [`proof_of`].
pub fn proof_of_leaf(
    conn: &mut Conn<'_>,
    journal: &Journal,
    log: PartyId,
    index: u64,
) -> Result<Option<Proof>> {
    let row = conn.query_opt(
        "SELECT leaf, entry FROM journal_entry WHERE log = $1 AND leaf = $2",
        params![log, index.cast_signed()],
    )?;
    row.map_or(Ok(None), |row| proof_of_row(conn, journal, log, &row))
}

/// The proof of an entry whose bytes and place have been read.
fn proof_of_row(
    conn: &mut Conn<'_>,
    journal: &Journal,
    log: PartyId,
    row: &Row,
) -> Result<Option<Proof>> {
    let Some(leaf) = row.get::<Option<i64>>("leaf")? else { return Ok(None) };
    let (index, entry) = (leaf.cast_unsigned(), row.get::<Vec<u8>>("entry")?);
    let size_seen = conn
        .query_one("SELECT size FROM journal_log WHERE log = $1", params![log])?
        .get::<i64>("size")?
        .cast_unsigned();
    // The remembered edge answers for recent entries without reading the tree. One that is newer than
    // what this reader sees is passed over: tiles that it counts as full are not here yet.
    let tail = journal
        .published(log)
        .filter(|tail| tail.frontier.size() > index && tail.frontier.size() <= size_seen);
    let (size, checkpoint) = match &tail {
        Some(tail) => (tail.frontier.size(), tail.signed.clone()),
        None => (size_seen, signed(conn, log)?),
    };
    if index >= size {
        return Ok(None);
    }
    let nodes = inclusion_proof_nodes(index, size).map_err(|e| DbError::Shape(e.to_string()))?;
    // A proof's right side is made of nodes that are joined from several stored ones.
    let stored = |nodes: &[NodeId], conn: &mut Conn<'_>| -> Result<Vec<Hash>> {
        nodes.iter().map(|n| node(conn, log, *n, size, tail.as_deref())).collect()
    };
    let read = stored(&nodes, conn)?;
    let reader = ledger::NodeMap::from_iter(nodes.into_iter().zip(read));
    let hashes = ledger::inclusion_proof(index, size, &reader)
        .map_err(|e| DbError::Shape(format!("the stored tree: {e}")))?;
    let state = tail.map(|tail| Checkpoint::new(&journal.origin(log), size, tail.root));
    Ok(Some(Proof { entry, index, hashes, checkpoint, size, state }))
}

/// The signed checkpoint of a log.
fn signed(conn: &mut Conn<'_>, log: PartyId) -> Result<String> {
    conn.query_one("SELECT checkpoint FROM journal_log WHERE log = $1", params![log])?
        .get("checkpoint")
}

/// The hash of a complete node.
fn node(
    conn: &mut Conn<'_>,
    log: PartyId,
    id: NodeId,
    size: u64,
    tail: Option<&Tail>,
) -> Result<Hash> {
    if let Some(hash) = tail.and_then(|tail| tail.node(id)) {
        return Ok(hash);
    }
    let tile_level = i64::from(id.level / 8);
    let width = 1u64 << (id.level % 8);
    let first = id.index * width;
    let per_tile = TILE_ROWS.cast_unsigned();
    let number = first / per_tile;
    // Both are at most the width of a tile.
    let offset = usize::try_from(first % per_tile).unwrap_or(TILE_HASHES);
    let wide = usize::try_from(width).unwrap_or(TILE_HASHES);
    let hashes = tile(conn, log, tile_level, number.cast_signed(), size)?;
    let part = hashes
        .get(offset..offset + wide)
        .ok_or_else(|| Error::from(DbError::Shape(format!("the stored tree lacks node {id:?}"))))?;
    Ok(if part.len() == 1 { part[0] } else { tile_root(part) })
}

/// The hashes of a tile, full or partial, of a tree of `size` entries.
///
/// # Errors
/// When the database refuses.
pub fn tile(
    conn: &mut Conn<'_>,
    log: PartyId,
    level: i64,
    number: i64,
    size: u64,
) -> Result<Vec<Hash>> {
    let full = conn.query_opt(
        "SELECT hashes FROM journal_tile WHERE log = $1 AND level = $2 AND number = $3",
        params![log, level, number],
    )?;
    let at_level = (size >> (8 * level)).cast_signed();
    let start = number * TILE_ROWS;
    let end = at_level.min(start + TILE_ROWS);
    if let Some(row) = full {
        let mut hashes = split(&row.get::<Vec<u8>>("hashes")?);
        hashes.truncate(usize::try_from(end - start).unwrap_or(0));
        return Ok(hashes);
    }
    if level > 0 {
        return roots(conn, log, level - 1, start, end);
    }
    conn.query(
        "SELECT entry FROM journal_entry WHERE log = $1 AND leaf >= $2 AND leaf < $3 ORDER BY leaf",
        params![log, start, end],
    )?
    .iter()
    .map(|row| Ok(leaf_hash(&row.get::<Vec<u8>>("entry")?)))
    .collect()
}

/// The roots of full tiles `from..to` of a level.
pub(super) fn roots(
    conn: &mut Conn<'_>,
    log: PartyId,
    level: i64,
    from: i64,
    to: i64,
) -> Result<Vec<Hash>> {
    let rows = conn.query(
        "SELECT root FROM journal_tile WHERE log = $1 AND level = $2 AND number >= $3 AND number < $4 ORDER BY number",
        params![log, level, from, to],
    )?;
    rows.iter()
        .map(|row| {
            Ok(split(&row.get::<Vec<u8>>("root")?)
                .first()
                .copied()
                .unwrap_or_else(ledger::empty_root))
        })
        .collect()
}

fn split(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks::<32>().0.iter().map(|chunk| Hash::from(*chunk)).collect()
}

/// The root of the log when it had `then` entries, from what is stored of a tree of `size`.
///
/// # Errors
/// When the database refuses or the stored tree is incomplete.
pub fn root_at(conn: &mut Conn<'_>, log: PartyId, then: u64, size: u64) -> Result<Hash> {
    let nodes = ledger::edge_nodes(then).map_err(|e| DbError::Shape(e.to_string()))?;
    let mut read = Vec::with_capacity(nodes.len());
    for id in &nodes {
        read.push(node(conn, log, *id, size, None)?);
    }
    let reader = ledger::NodeMap::from_iter(nodes.into_iter().zip(read));
    ledger::root_at(then, &reader)
        .map_err(|e| DbError::Shape(format!("the stored tree: {e}")).into())
}
