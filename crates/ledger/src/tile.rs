//! Tiles (C2SP `tlog-tiles`): the tree and its entries as files that never change.
//!
//! A tile of level `l` holds up to 256 hashes, each of which hangs over `256^l` leaves; a full
//! tile of one level is one hash in the level above. The rightmost tile of a level may be
//! partial, and then its width is part of its name. Entry bundles hold the entries themselves,
//! with the same numbering as the tiles of level 0.
//!
//! This file names, reads and writes them; `tile_edge.rs` grows a log by them and answers proofs
//! from them.

use std::fmt;
use std::str::FromStr;

use crate::hash::{HASH_LEN, Hash, node_hash};
use crate::tree::{MAX_TREE_SIZE, NodeId};

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;

/// Height of a tile: each level of tiles is eight levels of the tree.
pub const TILE_HEIGHT: u8 = 8;

/// Tile levels that a tree of at most [`MAX_TREE_SIZE`] leaves can have.
pub const TILE_LEVELS: u8 = 8;

/// Longest entry that a bundle can hold, in bytes.
pub const MAX_ENTRY_BYTES: usize = u16::MAX as usize;

/// Longest tile path that is read, in bytes.
const MAX_PATH_BYTES: usize = 64;

/// Why a tile, a bundle or a path is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not the path of a tile.
    #[error(
        "this is not the path of a tile, such as tile/0/x001/067, tile/1/000.p/3 or tile/entries/005"
    )]
    BadPath,
    /// A level, index or width that no tree can have.
    #[error("no tree has a tile of level {level}, index {index}, width {width}")]
    NoSuchTile {
        /// Tile level.
        level: u8,
        /// Index within the level.
        index: u64,
        /// Number of hashes.
        width: u16,
    },
    /// The content does not have the length that the tile's width demands.
    #[error("the tile {id} must have {expected} bytes, not {found}")]
    WrongLength {
        /// Which tile.
        id: TileId,
        /// Bytes it should have.
        expected: usize,
        /// Bytes it has.
        found: usize,
    },
    /// An entry too long for the two bytes of its length.
    #[error("an entry of {0} bytes is too long for the log; the limit is 65535")]
    EntryTooLong(usize),
    /// The bundle stops inside an entry, or before all entries.
    #[error(
        "the entry bundle is cut off: it should hold {expected} entries and ends in entry {number}"
    )]
    BundleCutOff {
        /// Entries it should hold.
        expected: u16,
        /// One-based number of the entry that is missing or incomplete.
        number: u16,
    },
    /// Bytes after the last entry of the bundle.
    #[error("the entry bundle has {0} bytes after its last entry")]
    BundleTooLong(usize),
    /// More entries than a bundle holds.
    #[error("an entry bundle holds at most 256 entries, not {0}")]
    TooManyEntries(usize),
    /// The tiles given are not those on the edge of the tree.
    #[error("the partial tiles do not fit a tree of {0} leaves")]
    WrongEdge(u64),
    /// The tree would become larger than [`MAX_TREE_SIZE`].
    #[error("a tree of {0} leaves is larger than this product can hold")]
    TooLarge(u64),
    /// The store was asked for one tile and gave another.
    #[error("the store was asked for the tile {asked} and gave something else")]
    WrongTile {
        /// The tile that was wanted.
        asked: TileId,
    },
    /// The tree does not have this subtree.
    #[error("a tree of {size} leaves has no complete subtree at level {}, index {}", node.level, node.index)]
    NoSuchNode {
        /// The subtree asked for.
        node: NodeId,
        /// Leaves in the tree.
        size: u64,
    },
}

/// Which tile of hashes: its level, its index within the level, its width. Prints as its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    pub(crate) level: u8,
    pub(crate) index: u64,
    pub(crate) width: u16,
}

impl TileId {
    /// A tile by its coordinates.
    ///
    /// # Errors
    /// [`TileError::NoSuchTile`] when the width is not 1 to 256, or the tile lies beyond the
    /// largest tree.
    pub fn new(level: u8, index: u64, width: u16) -> Result<Self, TileError> {
        let refused = TileError::NoSuchTile { level, index, width };
        if width == 0 || width > TILE_WIDTH || level >= TILE_LEVELS {
            return Err(refused);
        }
        let hashes = u128::from(index) * u128::from(TILE_WIDTH) + u128::from(width);
        if hashes << (TILE_HEIGHT * level) > u128::from(MAX_TREE_SIZE) {
            return Err(refused);
        }
        Ok(Self { level, index, width })
    }

    /// The tile at a level and index as it is in a tree of `size` leaves: full, partial, or none.
    #[must_use]
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<Self> {
        if level >= TILE_LEVELS {
            return None;
        }
        let hashes = size >> (TILE_HEIGHT * level);
        let first = index.checked_mul(u64::from(TILE_WIDTH))?;
        let width = hashes.checked_sub(first)?.min(u64::from(TILE_WIDTH));
        Self::new(level, index, u16::try_from(width).ok()?).ok()
    }

    /// The tile that holds a subtree's hash, or the hashes from which it follows, in a tree of
    /// `size` leaves. `None` when the subtree is not complete there.
    #[must_use]
    pub fn of_node(node: NodeId, size: u64) -> Option<Self> {
        let end = u128::from(node.index) + 1;
        if node.level > 62 || end << node.level > u128::from(size) {
            return None;
        }
        Self::in_tree(
            node.level / TILE_HEIGHT,
            node.index >> (TILE_HEIGHT - node.level % TILE_HEIGHT),
            size,
        )
    }

    /// Tile level, 0 for leaf hashes.
    #[must_use]
    pub fn level(self) -> u8 {
        self.level
    }

    /// Index within the level, from 0.
    #[must_use]
    pub fn index(self) -> u64 {
        self.index
    }

    /// Number of hashes, 1 to 256.
    #[must_use]
    pub fn width(self) -> u16 {
        self.width
    }

    /// Whether it has all its 256 hashes, so that its name is final.
    #[must_use]
    pub fn is_full(self) -> bool {
        self.width == TILE_WIDTH
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}", self.level, Numbered { index: self.index, width: self.width })
    }
}

/// Which entry bundle: the entries under the tile of level 0 with the same index and width.
/// Prints as its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundleId(pub(crate) TileId);

impl BundleId {
    /// A bundle by its index and number of entries.
    ///
    /// # Errors
    /// As [`TileId::new`].
    pub fn new(index: u64, width: u16) -> Result<Self, TileError> {
        TileId::new(0, index, width).map(Self)
    }

    /// The bundle at an index as it is in a tree of `size` leaves.
    #[must_use]
    pub fn in_tree(index: u64, size: u64) -> Option<Self> {
        TileId::in_tree(0, index, size).map(Self)
    }

    /// The tile of leaf hashes over the same entries.
    #[must_use]
    pub fn tile(self) -> TileId {
        self.0
    }

    /// Index of its first entry in the log.
    #[must_use]
    pub fn first_entry(self) -> u64 {
        self.0.index * u64::from(TILE_WIDTH)
    }

    /// Number of entries, 1 to 256.
    #[must_use]
    pub fn width(self) -> u16 {
        self.0.width
    }
}

impl fmt::Display for BundleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/entries/{}", Numbered { index: self.0.index, width: self.0.width })
    }
}

/// `<N>[.p/<W>]`: the index in groups of three digits, all but the last marked with an `x`.
struct Numbered {
    index: u64,
    width: u16,
}

impl fmt::Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut divisor = 1;
        while self.index / divisor >= 1000 {
            divisor *= 1000;
        }
        while divisor > 1 {
            write!(f, "x{:03}/", self.index / divisor % 1000)?;
            divisor /= 1000;
        }
        write!(f, "{:03}", self.index % 1000)?;
        if self.width == TILE_WIDTH { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// What a path under a log's prefix names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TilePath {
    /// `tile/<L>/<N>[.p/<W>]`
    Hashes(TileId),
    /// `tile/entries/<N>[.p/<W>]`
    Entries(BundleId),
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hashes(id) => id.fmt(f),
            Self::Entries(id) => id.fmt(f),
        }
    }
}

impl FromStr for TilePath {
    type Err = TileError;

    /// Reads a path in its one canonical form, without a leading slash.
    fn from_str(path: &str) -> Result<Self, TileError> {
        let parsed = parse_path(path)?;
        // One tile has one name: what does not print as it was read (leading zeroes, superfluous
        // groups, `.p/256`) is refused.
        if parsed.to_string() == path { Ok(parsed) } else { Err(TileError::BadPath) }
    }
}

fn parse_path(path: &str) -> Result<TilePath, TileError> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if path.len() > MAX_PATH_BYTES {
        return Err(TileError::BadPath);
    }
    let rest = path.strip_prefix("tile/").ok_or(TileError::BadPath)?;
    let (level, rest) = rest.split_once('/').ok_or(TileError::BadPath)?;
    let (number, width) = match rest.split_once(".p/") {
        Some((number, width)) if digits(width) => {
            (number, width.parse().map_err(|_| TileError::BadPath)?)
        }
        Some(_) => return Err(TileError::BadPath),
        None => (rest, TILE_WIDTH),
    };
    let (high, last) =
        number.rsplit_once('/').map_or((None, number), |(high, last)| (Some(high), last));
    let groups =
        high.into_iter().flat_map(|high| high.split('/')).map(|group| group.strip_prefix('x'));
    let mut index: u64 = 0;
    for group in groups.chain([Some(last)]) {
        let group =
            group.filter(|group| group.len() == 3 && digits(group)).ok_or(TileError::BadPath)?;
        let group: u64 = group.parse().map_err(|_| TileError::BadPath)?;
        let shifted = index.checked_mul(1000).and_then(|index| index.checked_add(group));
        index = shifted.ok_or(TileError::BadPath)?;
    }
    if level == "entries" {
        return BundleId::new(index, width).map(TilePath::Entries);
    }
    if !digits(level) {
        return Err(TileError::BadPath);
    }
    let level = level.parse().map_err(|_| TileError::BadPath)?;
    TileId::new(level, index, width).map(TilePath::Hashes)
}

/// A tile with its hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub(crate) id: TileId,
    pub(crate) hashes: Vec<Hash>,
}

impl Tile {
    /// A tile from its hashes, as many as its width says.
    ///
    /// # Errors
    /// [`TileError::WrongLength`].
    pub fn new(id: TileId, hashes: Vec<Hash>) -> Result<Self, TileError> {
        let (expected, found) = (usize::from(id.width) * HASH_LEN, hashes.len() * HASH_LEN);
        if expected == found {
            Ok(Self { id, hashes })
        } else {
            Err(TileError::WrongLength { id, expected, found })
        }
    }

    /// Reads a tile's content: its hashes one after the other.
    ///
    /// # Errors
    /// [`TileError::WrongLength`].
    pub fn parse(id: TileId, content: &[u8]) -> Result<Self, TileError> {
        let (expected, found) = (usize::from(id.width) * HASH_LEN, content.len());
        if expected != found {
            return Err(TileError::WrongLength { id, expected, found });
        }
        let (chunks, _) = content.as_chunks::<HASH_LEN>();
        Ok(Self { id, hashes: chunks.iter().copied().map(Hash::new).collect() })
    }

    /// Which tile it is.
    #[must_use]
    pub fn id(&self) -> TileId {
        self.id
    }

    /// Its hashes, left to right.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// The content of its file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
    }

    /// The same tile as it was when it had fewer hashes; `None` unless `width` is 1 to its own.
    ///
    /// A full tile stands in for the partial ones that were deleted when it was finished.
    #[must_use]
    pub fn narrow(&self, width: u16) -> Option<Self> {
        let id = TileId::new(self.id.level, self.id.index, width).ok()?;
        Some(Self { id, hashes: self.hashes.get(..usize::from(width))?.to_vec() })
    }

    /// The hash of a subtree under this tile; `None` when it is not under it.
    #[must_use]
    pub fn node(&self, node: NodeId) -> Option<Hash> {
        let inner = node.level % TILE_HEIGHT;
        let in_tile = TILE_HEIGHT - inner;
        if node.level / TILE_HEIGHT != self.id.level || node.index >> in_tile != self.id.index {
            return None;
        }
        let start = usize::try_from((node.index & ((1 << in_tile) - 1)) << inner).ok()?;
        perfect_root(self.hashes.get(start..start + (1 << inner))?)
    }
}

/// The root over 1, 2, 4 … 256 hashes.
pub(crate) fn perfect_root(hashes: &[Hash]) -> Option<Hash> {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level =
            level.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    level.first().copied()
}

/// Writes an entry bundle: each entry after its length in two bytes, big-endian.
///
/// # Errors
/// [`TileError::EntryTooLong`] and [`TileError::TooManyEntries`].
pub fn encode_bundle<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, TileError> {
    if entries.len() > usize::from(TILE_WIDTH) {
        return Err(TileError::TooManyEntries(entries.len()));
    }
    let mut content = Vec::new();
    for entry in entries.iter().map(AsRef::as_ref) {
        let length =
            u16::try_from(entry.len()).map_err(|_| TileError::EntryTooLong(entry.len()))?;
        content.extend_from_slice(&length.to_be_bytes());
        content.extend_from_slice(entry);
    }
    Ok(content)
}

/// Reads an entry bundle of `width` entries.
///
/// # Errors
/// [`TileError`] unless the content is exactly that many entries.
pub fn decode_bundle(width: u16, content: &[u8]) -> Result<Vec<&[u8]>, TileError> {
    if width > TILE_WIDTH {
        return Err(TileError::TooManyEntries(usize::from(width)));
    }
    let mut entries = Vec::with_capacity(usize::from(width));
    let mut rest = content;
    for number in 1..=width {
        let entry = rest.split_first_chunk::<2>().and_then(|(length, after)| {
            after.split_at_checked(usize::from(u16::from_be_bytes(*length)))
        });
        let Some((entry, after)) = entry else {
            return Err(TileError::BundleCutOff { expected: width, number });
        };
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(TileError::BundleTooLong(rest.len())) }
}

#[cfg(test)]
#[path = "tile_tests.rs"]
mod tests;
