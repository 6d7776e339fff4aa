//! The Merkle tree of RFC 6962, section 2.1: roots, inclusion proofs and consistency proofs.
//!
//! A tree of any size is covered by *perfect* subtrees: the one at `(level, index)` hangs over
//! the `2^level` leaves that start at leaf `index · 2^level`, and its hash never changes once its
//! last leaf exists. Those hashes are all that is ever stored or asked for; a [`HashReader`]
//! hands them out in one batch per proof.
//!
//! Making a proof:    [`inclusion_proof`], [`consistency_proof`], [`root_at`]
//! Checking a proof:  [`verify_inclusion`], [`verify_consistency`]
//!
//! The checks follow RFC 9162, sections 2.1.3.2 and 2.1.4.2 (the same tree, written as loops);
//! they share no code with the makers.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::hash::{Hash, empty_root, leaf_hash, node_hash};

/// Largest number of leaves that this crate accepts: what fits in a signed 64-bit integer, so
/// that a size can always be stored in a database column.
pub const MAX_TREE_SIZE: u64 = i64::MAX as u64;

/// Most hashes an inclusion proof can have for a tree of at most [`MAX_TREE_SIZE`] leaves.
pub const MAX_INCLUSION_HASHES: usize = 63;

/// Most hashes a consistency proof can have for trees of at most [`MAX_TREE_SIZE`] leaves.
pub const MAX_CONSISTENCY_HASHES: usize = 64;

/// Names a perfect subtree: the one over the leaves `index · 2^level .. (index + 1) · 2^level`.
///
/// Level 0 is a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// Height above the leaves, 0 to 62.
    pub level: u8,
    /// Position among the subtrees of this height, counted from the left, from 0.
    pub index: u64,
}

/// Why a proof, a size or an index is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The leaf is not in a tree of this size.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    NoSuchLeaf {
        /// Zero-based leaf index that was asked for.
        index: u64,
        /// Number of leaves in the tree.
        size: u64,
    },
    /// The older tree is larger than the newer one.
    #[error("a tree of {new} leaves cannot extend a tree of {old} leaves")]
    Shrinks {
        /// Leaves in the tree that should be the older one.
        old: u64,
        /// Leaves in the tree that should be the newer one.
        new: u64,
    },
    /// The size is beyond [`MAX_TREE_SIZE`].
    #[error("a tree of {0} leaves is larger than this product can hold")]
    TooLarge(u64),
    /// The proof has more or fewer hashes than its index and sizes demand.
    #[error(
        "the proof has {found} hashes, which is not the number that this place in the tree needs"
    )]
    WrongProofLength {
        /// Hashes in the proof.
        found: usize,
    },
    /// The hashes lead to another root: the entry, the proof or the root was altered.
    #[error(
        "the proof leads to another root hash: the entry, the proof or the checkpoint was altered"
    )]
    WrongRoot,
    /// A store handed out fewer or more hashes than were asked for.
    #[error("the store was asked for {asked} hashes of the tree and gave {given}")]
    WrongReadCount {
        /// Hashes asked for.
        asked: usize,
        /// Hashes given.
        given: usize,
    },
}

/// Why a proof could not be made: the question was wrong, or the store failed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError<E> {
    /// The question has no answer, or the store broke its contract.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The store failed.
    #[error("the stored hashes of the tree could not be read: {0}")]
    Store(E),
}

/// Hands out stored hashes of perfect subtrees.
///
/// Implement it over whatever keeps them: a table of nodes, tiles
/// ([`TileHashReader`](crate::tile_edge::TileHashReader)), or memory ([`MemoryTree`]).
pub trait HashReader {
    /// How reading can fail.
    type Error;

    /// The hashes of `nodes`, in the same order, one for each.
    ///
    /// Only subtrees that are complete in the tree being asked about are requested.
    ///
    /// # Errors
    /// When a hash is missing or cannot be read.
    fn read_hashes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, Self::Error>;
}

/// Leaves `start..end`. In this file it is always a range that RFC 6962 names `D[start:end]`.
#[derive(Clone, Copy)]
struct Span {
    start: u64,
    end: u64,
}

impl Span {
    /// Splits at the largest power of two smaller than the length (RFC 6962's `k`).
    /// The length is at least 2.
    fn split(self) -> (Span, Span) {
        let k = 1u64 << (self.end - self.start - 1).ilog2();
        let middle = self.start + k;
        (Span { start: self.start, end: middle }, Span { start: middle, end: self.end })
    }

    /// Pushes the perfect subtrees that cover the span, left to right.
    ///
    /// A span of this file starts at a multiple of a power of two no smaller than its length, so
    /// the subtrees are the binary digits of the length, largest first.
    fn push_nodes(self, nodes: &mut Vec<NodeId>) {
        let mut start = self.start;
        while start < self.end {
            #[expect(clippy::cast_possible_truncation, reason = "the logarithm is at most 63")]
            let level = (self.end - start).ilog2() as u8;
            nodes.push(NodeId { level, index: start >> level });
            start += 1 << level;
        }
    }
}

/// The hash over subtrees that cover a span from left to right, largest first.
///
/// The smaller ones on the right are joined first. `None` when there are none.
pub(crate) fn join_right(hashes: &[Hash]) -> Option<Hash> {
    let (last, rest) = hashes.split_last()?;
    Some(rest.iter().rev().fold(*last, |right, left| node_hash(left, &right)))
}

fn check_size(size: u64) -> Result<(), TreeError> {
    if size > MAX_TREE_SIZE { Err(TreeError::TooLarge(size)) } else { Ok(()) }
}

/// The perfect subtrees that cover the first `size` leaves, left to right, largest first: the
/// right edge that a [`Frontier`](crate::frontier::Frontier) of that size holds.
///
/// # Errors
/// [`TreeError::TooLarge`].
pub fn edge_nodes(size: u64) -> Result<Vec<NodeId>, TreeError> {
    check_size(size)?;
    let mut nodes = Vec::new();
    Span { start: 0, end: size }.push_nodes(&mut nodes);
    Ok(nodes)
}

/// Spans whose hashes are the audit path of RFC 6962, section 2.1.1, leaf's sibling first.
fn inclusion_spans(index: u64, size: u64) -> Result<Vec<Span>, TreeError> {
    check_size(size)?;
    if index >= size {
        return Err(TreeError::NoSuchLeaf { index, size });
    }
    let mut spans = Vec::new();
    let mut here = Span { start: 0, end: size };
    while here.end - here.start > 1 {
        let (left, right) = here.split();
        let (towards, sibling) = if index < left.end { (left, right) } else { (right, left) };
        spans.push(sibling);
        here = towards;
    }
    spans.reverse();
    Ok(spans)
}

/// Spans whose hashes are the consistency proof of RFC 6962, section 2.1.2, in its order.
fn consistency_spans(old: u64, new: u64) -> Result<Vec<Span>, TreeError> {
    check_size(new)?;
    if old > new {
        return Err(TreeError::Shrinks { old, new });
    }
    let mut spans = Vec::new();
    if old == 0 {
        return Ok(spans);
    }
    let mut here = Span { start: 0, end: new };
    while here.end != old {
        let (left, right) = here.split();
        let (towards, sibling) = if old <= left.end { (left, right) } else { (right, left) };
        spans.push(sibling);
        here = towards;
    }
    // If the walk never turned right, `here` is the whole old tree, whose root the checker has.
    if here.start != 0 {
        spans.push(here);
    }
    spans.reverse();
    Ok(spans)
}

fn read_exactly<R: HashReader>(
    reader: &R,
    nodes: &[NodeId],
) -> Result<Vec<Hash>, ReadError<R::Error>> {
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let hashes = reader.read_hashes(nodes).map_err(ReadError::Store)?;
    if hashes.len() != nodes.len() {
        return Err(TreeError::WrongReadCount { asked: nodes.len(), given: hashes.len() }.into());
    }
    Ok(hashes)
}

/// Reads all subtrees of all spans in one batch and joins them to one hash for each span.
fn read_spans<R: HashReader>(spans: &[Span], reader: &R) -> Result<Vec<Hash>, ReadError<R::Error>> {
    let mut nodes = Vec::new();
    let mut ends = Vec::with_capacity(spans.len());
    for span in spans {
        span.push_nodes(&mut nodes);
        ends.push(nodes.len());
    }
    let hashes = read_exactly(reader, &nodes)?;
    let mut start = 0;
    Ok(ends
        .into_iter()
        .filter_map(|end| {
            let joined = hashes.get(start..end).and_then(join_right);
            start = end;
            joined
        })
        .collect())
}

fn span_nodes(spans: &[Span]) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    spans.iter().for_each(|span| span.push_nodes(&mut nodes));
    nodes
}

/// The root of the tree over the first `size` leaves. One batch of at most 63 reads.
///
/// # Errors
/// [`ReadError`] when the size is too large or the reader fails.
pub fn root_at<R: HashReader>(size: u64, reader: &R) -> Result<Hash, ReadError<R::Error>> {
    let hashes = read_exactly(reader, &edge_nodes(size)?)?;
    Ok(join_right(&hashes).unwrap_or_else(empty_root))
}

/// Makes the proof that the leaf at `index` is in the tree over the first `size` leaves: the
/// audit path of RFC 6962, section 2.1.1, from the leaf's sibling up to the root's child.
///
/// # Errors
/// [`ReadError`] when there is no such leaf, the size is too large, or the reader fails.
pub fn inclusion_proof<R: HashReader>(
    index: u64,
    size: u64,
    reader: &R,
) -> Result<Vec<Hash>, ReadError<R::Error>> {
    read_spans(&inclusion_spans(index, size)?, reader)
}

/// The subtrees that [`inclusion_proof`] will read, for callers that fetch them beforehand (into
/// a [`NodeMap`]) because their store cannot be read from inside a call.
///
/// # Errors
/// When there is no such leaf or the size is too large.
pub fn inclusion_proof_nodes(index: u64, size: u64) -> Result<Vec<NodeId>, TreeError> {
    Ok(span_nodes(&inclusion_spans(index, size)?))
}

/// Makes the proof that the tree over the first `new` leaves extends the tree over the first
/// `old` leaves (RFC 6962, section 2.1.2). Empty when the sizes are equal and when `old` is 0.
///
/// # Errors
/// [`ReadError`] when `old` is larger than `new`, a size is too large, or the reader fails.
pub fn consistency_proof<R: HashReader>(
    old: u64,
    new: u64,
    reader: &R,
) -> Result<Vec<Hash>, ReadError<R::Error>> {
    read_spans(&consistency_spans(old, new)?, reader)
}

/// The subtrees that [`consistency_proof`] will read; see [`inclusion_proof_nodes`].
///
/// # Errors
/// When `old` is larger than `new` or a size is too large.
pub fn consistency_proof_nodes(old: u64, new: u64) -> Result<Vec<NodeId>, TreeError> {
    Ok(span_nodes(&consistency_spans(old, new)?))
}

/// Checks that `leaf` is at `index` in the tree of `size` leaves whose root is `root`.
///
/// # Errors
/// [`TreeError::NoSuchLeaf`], [`TreeError::TooLarge`], [`TreeError::WrongProofLength`], or
/// [`TreeError::WrongRoot`] when the proof does not lead from the leaf to the root.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), TreeError> {
    check_size(size)?;
    if index >= size {
        return Err(TreeError::NoSuchLeaf { index, size });
    }
    let wrong_length = TreeError::WrongProofLength { found: proof.len() };
    let (mut position, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(wrong_length);
        }
        if position & 1 == 1 || position == last {
            hash = node_hash(sibling, &hash);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if hash == *root { Ok(()) } else { Err(TreeError::WrongRoot) }
}

/// Checks that the tree of `new` leaves with root `new_root` extends the tree of `old` leaves
/// with root `old_root`: that the first `old` leaves of both are the same.
///
/// Every tree extends the empty tree, whose root must then be [`empty_root`].
///
/// # Errors
/// [`TreeError::Shrinks`], [`TreeError::TooLarge`], [`TreeError::WrongProofLength`], or
/// [`TreeError::WrongRoot`] when the proof does not join the two roots.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), TreeError> {
    check_size(new)?;
    if old > new {
        return Err(TreeError::Shrinks { old, new });
    }
    let wrong_length = TreeError::WrongProofLength { found: proof.len() };
    if old == new || old == 0 {
        let same_root = if old == new { new_root } else { &empty_root() };
        return match (proof.is_empty(), old_root == same_root) {
            (false, _) => Err(wrong_length),
            (true, false) => Err(TreeError::WrongRoot),
            (true, true) => Ok(()),
        };
    }
    // An old tree that is itself a perfect subtree of the new one needs no first hash.
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(wrong_length.clone())?
    };
    let (mut position, mut last) = (old - 1, new - 1);
    let ones = position.trailing_ones();
    position >>= ones;
    last >>= ones;
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(wrong_length);
        }
        if position & 1 == 1 || position == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(TreeError::WrongRoot) }
}

/// A subtree that a map of fetched hashes does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the hash of the subtree at level {}, index {} is missing", .0.level, .0.index)]
pub struct MissingNode(pub NodeId);

/// Hashes fetched beforehand, by the subtrees they belong to.
pub type NodeMap = BTreeMap<NodeId, Hash>;

impl HashReader for NodeMap {
    type Error = MissingNode;

    fn read_hashes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, MissingNode> {
        nodes.iter().map(|node| self.get(node).copied().ok_or(MissingNode(*node))).collect()
    }
}

/// A whole tree in memory: every perfect subtree's hash, about 64 bytes a leaf.
///
/// For offline verification of an exported log, for small logs, and for tests.
#[derive(Debug, Clone, Default)]
pub struct MemoryTree {
    /// `levels[l][i]` is the hash of `NodeId { level: l, index: i }`.
    levels: Vec<Vec<Hash>>,
}

impl MemoryTree {
    /// A tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a leaf by its hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let Some(nodes) = self.levels.get_mut(level) else {
                return;
            };
            nodes.push(hash);
            match nodes.as_slice() {
                [.., left, right] if nodes.len().is_multiple_of(2) => hash = node_hash(left, right),
                _ => return,
            }
        }
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, Vec::len) as u64
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        // A level with an odd number of nodes ends in one that has no parent yet: the edge.
        let edge: Vec<Hash> = self
            .levels
            .iter()
            .rev()
            .filter(|nodes| nodes.len() % 2 == 1)
            .filter_map(|nodes| nodes.last().copied())
            .collect();
        join_right(&edge).unwrap_or_else(empty_root)
    }
}

/// Leaves by their entries' bytes, in order.
impl<'a> FromIterator<&'a [u8]> for MemoryTree {
    fn from_iter<I: IntoIterator<Item = &'a [u8]>>(entries: I) -> Self {
        let mut tree = Self::new();
        entries.into_iter().for_each(|entry| tree.append(leaf_hash(entry)));
        tree
    }
}

impl FromIterator<Hash> for MemoryTree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        leaves.into_iter().for_each(|leaf| tree.append(leaf));
        tree
    }
}

impl HashReader for MemoryTree {
    type Error = MissingNode;

    fn read_hashes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, MissingNode> {
        let find = |node: &NodeId| {
            let index = usize::try_from(node.index).ok()?;
            self.levels.get(usize::from(node.level))?.get(index).copied()
        };
        nodes.iter().map(|node| find(node).ok_or(MissingNode(*node))).collect()
    }
}

/// A reader that cannot fail never needs its error handled.
impl From<ReadError<Infallible>> for TreeError {
    fn from(error: ReadError<Infallible>) -> Self {
        match error {
            ReadError::Tree(error) => error,
            ReadError::Store(never) => match never {},
        }
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
