//! Gives entries their places in the tree and signs checkpoints.

use super::{Advance, Journal};
use crate::db::{Conn, Db, DbError, Result, Tx, dialect};
use crate::params;
use kernel::ids::PartyId;
use ledger::{Checkpoint, Frontier, Hash, NodeId, edge_nodes, leaf_hash, node_hash};
use std::sync::Arc;

/// Hashes in a tile of the stored tree (C2SP tlog-tiles, height 8).
pub const TILE_HASHES: usize = 256;
/// Levels of a tile.
const TILE_LEVELS: u8 = 8;
/// The same number where places are counted as the database counts them.
pub(super) const TILE_ROWS: i64 = 256;
/// Entries placed by one transaction at most, so that a long backlog does not hold the lock.
const PLACE_MAX: i64 = 10_000;

/// The right edge of a log's tree.
#[derive(Debug, Clone)]
pub struct Tail {
    /// Size and the roots of the perfect subtrees.
    pub frontier: Frontier,
    /// Complete nodes of the open tile, and of the one before it if this process filled it, by level
    /// above the leaves, 0 to 7. Without the one before, entries beside the end of a tile would have
    /// their proofs read from the database: one report in ten where many come in.
    pub open: [Vec<Hash>; 8],
    /// The first leaf of which `open` knows.
    first: u64,
    /// The perfect subtrees left of that leaf, which proofs in its tile need.
    left: Vec<(NodeId, Hash)>,
    /// Those left of the open tile.
    left_next: Vec<(NodeId, Hash)>,
    /// The root, once signed.
    pub root: Hash,
    /// The signed checkpoint of this size; empty for an empty log.
    pub signed: String,
}

impl Tail {
    /// Of a log without entries.
    pub(super) fn empty() -> Self {
        Self {
            frontier: Frontier::new(),
            open: Default::default(),
            first: 0,
            left: Vec::new(),
            left_next: Vec::new(),
            root: ledger::empty_root(),
            signed: String::new(),
        }
    }

    /// Appends an entry and stores the tile that it fills; returns its place.
    pub(super) fn extend(&mut self, tx: &mut Tx<'_>, log: PartyId, entry: Hash) -> Result<i64> {
        let leaf = i64::try_from(self.frontier.size())
            .map_err(|_| DbError::Shape("the log is full".into()))?;
        self.append(entry);
        if (leaf + 1) % TILE_ROWS == 0 {
            let hashes = self.close();
            store_tile(tx, log, 0, leaf / TILE_ROWS, &hashes)?;
        }
        Ok(leaf)
    }

    /// The hash of a node, if it lies in a remembered tile or is one of the perfect subtrees along the
    /// edge or left of what is remembered: whatever the proof of a recent entry needs.
    pub(super) fn node(&self, node: NodeId) -> Option<Hash> {
        if let Some(level) = self.open.get(usize::from(node.level)) {
            let within = node.index.checked_sub(self.first >> node.level)?;
            return level.get(usize::try_from(within).ok()?).copied();
        }
        self.edge()
            .chain(self.left.iter().copied())
            .find_map(|(id, hash)| (id == node).then_some(hash))
    }

    /// The perfect subtrees of the whole tree.
    fn edge(&self) -> impl Iterator<Item = (NodeId, Hash)> {
        let nodes = edge_nodes(self.frontier.size()).unwrap_or_default();
        nodes.into_iter().zip(self.frontier.hashes().iter().copied())
    }

    fn append(&mut self, leaf: Hash) {
        let open = &mut self.open;
        self.frontier.append_with(leaf, |node, hash| {
            if let Some(level) = open.get_mut(usize::from(node.level)) {
                level.push(hash);
            }
        });
    }

    /// Gives the leaves of the tile that has just been filled, and forgets the tile before it.
    fn close(&mut self) -> Vec<Hash> {
        let per_tile = TILE_HASHES as u64;
        let begins = self.frontier.size() - per_tile;
        if self.first < begins {
            for (level, nodes) in self.open.iter_mut().enumerate() {
                nodes.drain(..nodes.len() - (TILE_HASHES >> level));
            }
            self.first = begins;
            self.left = std::mem::take(&mut self.left_next);
        }
        self.left_next = self.edge().collect();
        self.open[0].clone()
    }
}

/// The root of a full tile.
#[must_use]
pub fn tile_root(hashes: &[Hash]) -> Hash {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| node_hash(&pair[0], &pair[pair.len() - 1])).collect();
    }
    level.first().copied().unwrap_or_else(ledger::empty_root)
}

/// Joins hashes into the bytes of a tile.
#[must_use]
pub fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|h| h.as_ref().to_vec()).collect()
}

impl Journal {
    /// Places every waiting entry of a log.
    fn place_log(&self, tx: &mut Tx<'_>, log: PartyId) -> Result<Option<Advance>> {
        let waiting = tx.query(
            "SELECT seq, entry FROM journal_entry WHERE log = $1 AND leaf IS NULL ORDER BY seq LIMIT $2",
            params![log, PLACE_MAX],
        )?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let mut tail = self.tail(tx, log)?;
        for row in &waiting {
            let leaf = tail.extend(tx, log, leaf_hash(&row.get::<Vec<u8>>("entry")?))?;
            tx.execute(
                "UPDATE journal_entry SET leaf = $1 WHERE seq = $2",
                params![leaf, row.get::<i64>("seq")?],
            )?;
        }
        self.seal(tx, log, tail).map(Some)
    }

    /// Signs the log's new state and writes it down.
    pub(super) fn seal(&self, tx: &mut Tx<'_>, log: PartyId, mut tail: Tail) -> Result<Advance> {
        let signer = self.signer(log)?;
        let checkpoint = Checkpoint::new(signer.name(), tail.frontier.size(), tail.frontier.root());
        let signed = checkpoint
            .sign(&signer)
            .map_err(|e| DbError::Outside(format!("the checkpoint could not be signed: {e}")))?;
        tail.root = checkpoint.root;
        tail.signed.clone_from(&signed);
        tx.execute(
            "INSERT INTO journal_log (log, origin, size, frontier, checkpoint) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (log) DO UPDATE SET size = EXCLUDED.size, frontier = EXCLUDED.frontier,
               checkpoint = EXCLUDED.checkpoint",
            params![
                log,
                self.origin(log),
                tail.frontier.size().cast_signed(),
                tail.frontier.to_bytes(),
                &signed
            ],
        )?;
        Ok(Advance { log, checkpoint, signed, tail: Arc::new(tail) })
    }

    /// The right edge as this transaction sees it: remembered, unless another process has moved it.
    pub(super) fn tail(&self, conn: &mut Conn<'_>, log: PartyId) -> Result<Tail> {
        let row = conn.query_opt("SELECT size FROM journal_log WHERE log = $1", params![log])?;
        let Some(row) = row else { return Ok(Tail::empty()) };
        let size = row.get::<i64>("size")?;
        if let Some(tail) = self.tails.lock().get(&log)
            && tail.frontier.size().cast_signed() == size
        {
            return Ok((**tail).clone());
        }
        load_tail(conn, log, size)
    }

    /// Places what waits, on PostgreSQL, if this process is elected. Returns whether more may wait.
    ///
    /// # Errors
    /// When the database or the guard fails.
    pub fn sequence_once(self: &Arc<Self>, db: &Db) -> Result<bool> {
        let journal = self.clone();
        let advances = db.write_blocking(move |tx| {
            if !dialect::elected_sequencer(tx)? {
                return Ok(Vec::new());
            }
            tx.query("SELECT DISTINCT log FROM journal_entry WHERE leaf IS NULL ORDER BY log", &[])?
                .iter()
                .filter_map(|row| {
                    row.get("log").and_then(|log| journal.place_log(tx, log)).transpose()
                })
                .collect()
        })?;
        self.committed(&advances);
        // After the commit: the guard must never be ahead of the database, or a crash between the
        // two would look like a restored backup. It ignores what is older than it holds.
        self.guard(&advances)?;
        self.settle()?;
        Ok(!advances.is_empty())
    }
}

fn load_tail(conn: &mut Conn<'_>, log: PartyId, size: i64) -> Result<Tail> {
    let row = conn
        .query_one("SELECT frontier, checkpoint FROM journal_log WHERE log = $1", params![log])?;
    let (frontier, signed) = (row.get::<Vec<u8>>("frontier")?, row.get("checkpoint")?);
    let frontier = Frontier::from_bytes(&frontier)
        .map_err(|e| DbError::Shape(format!("the log's edge: {e}")))?;
    let start = size - size % TILE_ROWS;
    // The open tile is made anew from its entries: at most 255.
    let mut tail =
        Tail { root: frontier.root(), signed, first: start.cast_unsigned(), ..Tail::empty() };
    for row in conn.query(
        "SELECT entry FROM journal_entry WHERE log = $1 AND leaf >= $2 AND leaf < $3 ORDER BY leaf",
        params![log, start, size],
    )? {
        tail.append(leaf_hash(&row.get::<Vec<u8>>("entry")?));
    }
    if i64::try_from(tail.open[0].len()) != Ok(size - start) {
        return Err(DbError::Shape(format!(
            "entries are missing from the end of the log of {log}"
        ))
        .into());
    }
    tail.frontier = frontier;
    // Below a tile's height nothing lies left of the open tile.
    tail.left = tail.edge().filter(|(node, _)| node.level >= TILE_LEVELS).collect();
    tail.left_next.clone_from(&tail.left);
    Ok(tail)
}

fn store_tile(
    tx: &mut Tx<'_>,
    log: PartyId,
    level: i64,
    number: i64,
    hashes: &[Hash],
) -> Result<()> {
    tx.execute(
        "INSERT INTO journal_tile (log, level, number, root, hashes) VALUES ($1, $2, $3, $4, $5)",
        params![log, level, number, tile_root(hashes).as_ref().to_vec(), tile_bytes(hashes)],
    )?;
    // The root of each full tile is a leaf of the tile above it.
    if (number + 1) % TILE_ROWS == 0 {
        let above = number / TILE_ROWS;
        let roots = super::proofs::roots(tx, log, level, above * TILE_ROWS, number + 1)?;
        store_tile(tx, log, level + 1, above, &roots)?;
    }
    Ok(())
}
