//! How a log grows by tiles, and how proofs are made from them (C2SP `tlog-tiles`).
//!
//! A growing log keeps a [`TileEdge`] and writes the tiles that [`TileEdge::append`] returns;
//! [`TileHashReader`] answers every proof from tiles.

use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::tile::{
    BundleId, TILE_HEIGHT, TILE_LEVELS, TILE_WIDTH, Tile, TileError, TileId, perfect_root,
};
use crate::tree::{HashReader, MAX_TREE_SIZE, NodeId};

/// The tiles that must be written when a tree grows from `old` to `new` leaves, by level and then
/// by index: every tile that became full, and the partial tile at the end of each level that grew.
#[must_use]
pub fn tiles_to_write(old: u64, new: u64) -> Vec<TileId> {
    (0..TILE_LEVELS).flat_map(|level| grown(level, old, new)).collect()
}

/// The entry bundles that must be written when a tree grows from `old` to `new` leaves.
#[must_use]
pub fn bundles_to_write(old: u64, new: u64) -> Vec<BundleId> {
    grown(0, old, new).map(BundleId).collect()
}

fn grown(level: u8, old: u64, new: u64) -> impl Iterator<Item = TileId> {
    let shift = TILE_HEIGHT * level;
    let (before, after) = (old >> shift, new >> shift);
    let width = u64::from(TILE_WIDTH);
    let tiles = if before < after { before / width..after.div_ceil(width) } else { 0..0 };
    tiles.filter_map(move |index| TileId::in_tree(level, index, new))
}

/// The partial tile of each level: what a growing log needs to write its next tiles.
///
/// At most 255 hashes for each of eight levels. Two edges are equal exactly when their trees are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TileEdge {
    size: u64,
    /// `levels[l]` holds the hashes of the partial tile of level `l`, 0 to 255 of them.
    levels: [Vec<Hash>; TILE_LEVELS as usize],
}

impl TileEdge {
    /// The edge of the empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The partial tiles of a tree of `size` leaves: what [`TileEdge::from_tiles`] wants.
    #[must_use]
    pub fn tiles(size: u64) -> Vec<TileId> {
        let last = |level: u8| (size >> (TILE_HEIGHT * level)) / u64::from(TILE_WIDTH);
        (0..TILE_LEVELS).filter_map(|level| TileId::in_tree(level, last(level), size)).collect()
    }

    /// Takes up the edge of a stored tree of `size` leaves from its partial tiles, in the order
    /// of [`TileEdge::tiles`].
    ///
    /// # Errors
    /// [`TileError::WrongEdge`] unless they are exactly those tiles.
    pub fn from_tiles(size: u64, tiles: Vec<Tile>) -> Result<Self, TileError> {
        if size > MAX_TREE_SIZE {
            return Err(TileError::TooLarge(size));
        }
        if !tiles.iter().map(Tile::id).eq(Self::tiles(size)) {
            return Err(TileError::WrongEdge(size));
        }
        let mut edge = Self { size, ..Self::default() };
        for tile in tiles {
            if let Some(level) = edge.levels.get_mut(usize::from(tile.id.level)) {
                *level = tile.hashes;
            }
        }
        Ok(edge)
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends leaves by their hashes and returns the tiles to write, those of
    /// [`tiles_to_write`] from the old size to the new.
    ///
    /// # Errors
    /// [`TileError::TooLarge`]; nothing is appended then.
    pub fn append(&mut self, leaves: &[Hash]) -> Result<Vec<Tile>, TileError> {
        let size = self.size.saturating_add(leaves.len() as u64);
        if size > MAX_TREE_SIZE {
            return Err(TileError::TooLarge(size));
        }
        let mut written = Vec::new();
        let mut grown = leaves.to_vec();
        for (level, partial) in (0..TILE_LEVELS).zip(&mut self.levels) {
            if grown.is_empty() {
                break;
            }
            let mut index = (self.size >> (TILE_HEIGHT * level)) / u64::from(TILE_WIDTH);
            partial.append(&mut grown);
            let whole = partial.len() - partial.len() % usize::from(TILE_WIDTH);
            let rest = partial.split_off(whole);
            for full in partial.chunks(usize::from(TILE_WIDTH)) {
                written.push(Tile {
                    id: TileId { level, index, width: TILE_WIDTH },
                    hashes: full.to_vec(),
                });
                grown.extend(perfect_root(full));
                index += 1;
            }
            *partial = rest;
            if !partial.is_empty() {
                let hashes = partial.clone();
                written.extend(TileId::in_tree(level, index, size).map(|id| Tile { id, hashes }));
            }
        }
        self.size = size;
        Ok(written)
    }

    /// The compact edge of the same tree.
    #[must_use]
    pub fn frontier(&self) -> Frontier {
        let mut hashes = Vec::new();
        for partial in self.levels.iter().rev() {
            let mut rest = partial.as_slice();
            while !rest.is_empty() {
                let (perfect, right) = rest.split_at(1 << rest.len().ilog2());
                hashes.extend(perfect_root(perfect));
                rest = right;
            }
        }
        Frontier::of_edge(self.size, hashes)
    }
}

/// Hands out stored tiles.
pub trait TileReader {
    /// How reading can fail.
    type Error;

    /// The tiles `ids`, in the same order, one for each. Where a partial tile is gone because
    /// its full one exists, [`Tile::narrow`] makes it again.
    ///
    /// # Errors
    /// When a tile is missing or cannot be read.
    fn read_tiles(&self, ids: &[TileId]) -> Result<Vec<Tile>, Self::Error>;
}

/// Why a hash could not be had from tiles.
#[derive(Debug, thiserror::Error)]
pub enum TileReadError<E> {
    /// The tiles do not hold it.
    #[error(transparent)]
    Tile(#[from] TileError),
    /// The store failed.
    #[error("the tiles could not be read: {0}")]
    Store(E),
}

/// Reads the hashes of a tree of a given size from its tiles, each tile once for each batch.
///
/// The tiles are not checked against the root; a proof made from altered tiles does not verify.
#[derive(Debug, Clone, Copy)]
pub struct TileHashReader<'a, R> {
    size: u64,
    tiles: &'a R,
}

impl<'a, R: TileReader> TileHashReader<'a, R> {
    /// Reads as of a tree of `size` leaves.
    #[must_use]
    pub fn new(size: u64, tiles: &'a R) -> Self {
        Self { size, tiles }
    }
}

impl<R: TileReader> HashReader for TileHashReader<'_, R> {
    type Error = TileReadError<R::Error>;

    fn read_hashes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, Self::Error> {
        let size = self.size;
        let tile_of = |node: &NodeId| {
            TileId::of_node(*node, size).ok_or(TileError::NoSuchNode { node: *node, size })
        };
        let mut ids = nodes.iter().map(tile_of).collect::<Result<Vec<_>, _>>()?;
        let wanted = ids.clone();
        ids.sort_unstable();
        ids.dedup();
        let tiles = self.tiles.read_tiles(&ids).map_err(TileReadError::Store)?;
        for (position, asked) in ids.iter().enumerate() {
            if tiles.get(position).map(Tile::id) != Some(*asked) {
                return Err(TileError::WrongTile { asked: *asked }.into());
            }
        }
        let find = |(node, id): (&NodeId, &TileId)| {
            let tile = ids.binary_search(id).ok().and_then(|position| tiles.get(position));
            let hash = tile.and_then(|tile| tile.node(*node));
            hash.ok_or_else(|| TileError::NoSuchNode { node: *node, size }.into())
        };
        nodes.iter().zip(&wanted).map(find).collect()
    }
}
