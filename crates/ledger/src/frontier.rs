//! The compact right edge of a growing tree: all that appending and the root need.

use crate::hash::{HASH_LEN, Hash, empty_root, node_hash};
use crate::tree::{
    HashReader, MAX_TREE_SIZE, NodeId, ReadError, TreeError, edge_nodes, join_right,
};

/// First byte of the stored form, so that another form can follow one day.
const FORMAT: u8 = 1;

/// Bytes before the hashes in the stored form: format, then size.
const HEAD_LEN: usize = 9;

/// Why bytes are not a stored frontier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// The bytes stop before the size, or the first byte is not a known format.
    #[error("these bytes are not a stored tree edge (format 1)")]
    NotAFrontier,
    /// The size is beyond [`MAX_TREE_SIZE`].
    #[error("a tree of {0} leaves is larger than this product can hold")]
    TooLarge(u64),
    /// A size demands one hash for each of its binary ones.
    #[error(
        "a tree of {size} leaves has {expected} hashes on its edge, not {found} (the bytes may be cut off)"
    )]
    WrongHashCount {
        /// Leaves in the tree.
        size: u64,
        /// Hashes its edge has.
        expected: usize,
        /// Whole hashes that were given.
        found: usize,
    },
}

/// The perfect subtrees along the right edge of a tree, at most 63 hashes for any size.
///
/// Appending costs one hash on average and `log2(size)` at most; the root costs `log2(size)`.
/// Two frontiers are equal exactly when their trees are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// One hash for each one in the binary form of `size`, largest subtree first.
    hashes: Vec<Hash>,
}

impl Frontier {
    /// The edge of the empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Builds a frontier from the hashes of [`edge_nodes(size)`](edge_nodes), in that order.
    ///
    /// # Errors
    /// When the size is too large or the number of hashes does not fit it.
    pub fn from_hashes(size: u64, hashes: Vec<Hash>) -> Result<Self, FrontierError> {
        if size > MAX_TREE_SIZE {
            return Err(FrontierError::TooLarge(size));
        }
        let (expected, found) = (size.count_ones() as usize, hashes.len());
        if expected != found {
            return Err(FrontierError::WrongHashCount { size, expected, found });
        }
        Ok(Self { size, hashes })
    }

    /// A frontier from hashes that are known to be the edge of a tree of `size` leaves.
    pub(crate) fn of_edge(size: u64, hashes: Vec<Hash>) -> Self {
        Self { size, hashes }
    }

    /// Reads the edge of the tree over the first `size` leaves from stored hashes.
    ///
    /// # Errors
    /// [`ReadError`] when the size is too large or the reader fails.
    pub fn read<R: HashReader>(size: u64, reader: &R) -> Result<Self, ReadError<R::Error>> {
        let nodes = edge_nodes(size)?;
        if nodes.is_empty() {
            return Ok(Self::new());
        }
        let hashes = reader.read_hashes(&nodes).map_err(ReadError::Store)?;
        let (asked, given) = (nodes.len(), hashes.len());
        Self::from_hashes(size, hashes)
            .map_err(|_| TreeError::WrongReadCount { asked, given }.into())
    }

    /// Number of leaves; also the index that the next leaf will get.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes on the edge, largest subtree first.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Appends a leaf by its hash.
    pub fn append(&mut self, leaf: Hash) {
        self.append_with(leaf, |_, _| {});
    }

    /// Appends a leaf and reports every subtree that it completes, the leaf itself first. A store
    /// that keeps single nodes writes exactly these.
    pub fn append_with(&mut self, leaf: Hash, mut completed: impl FnMut(NodeId, Hash)) {
        let mut node = NodeId { level: 0, index: self.size };
        let mut hash = leaf;
        completed(node, hash);
        while node.index & 1 == 1 {
            let Some(left) = self.hashes.pop() else { break };
            hash = node_hash(&left, &hash);
            node = NodeId { level: node.level + 1, index: node.index >> 1 };
            completed(node, hash);
        }
        self.hashes.push(hash);
        self.size += 1;
    }

    /// The root over all leaves appended so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        join_right(&self.hashes).unwrap_or_else(empty_root)
    }

    /// The stored form: a format byte (1), the size as eight bytes big-endian, the hashes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_LEN + HASH_LEN * self.hashes.len());
        bytes.push(FORMAT);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        self.hashes.iter().for_each(|hash| bytes.extend_from_slice(hash.as_bytes()));
        bytes
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`FrontierError`] unless the bytes are exactly what [`Frontier::to_bytes`] writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let Some((&[FORMAT, ref size @ ..], hashes)) = bytes.split_first_chunk::<HEAD_LEN>() else {
            return Err(FrontierError::NotAFrontier);
        };
        let size = u64::from_be_bytes(*size);
        let (chunks, cut_off) = hashes.as_chunks::<HASH_LEN>();
        let (expected, found) = (size.count_ones() as usize, chunks.len());
        if !cut_off.is_empty() {
            return Err(FrontierError::WrongHashCount { size, expected, found });
        }
        if found > u64::BITS as usize {
            return Err(FrontierError::WrongHashCount { size, expected, found });
        }
        Self::from_hashes(size, chunks.iter().copied().map(Hash::new).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;
    use crate::tree::{MemoryTree, NodeMap};

    #[test]
    fn agrees_with_the_whole_tree_at_every_size() {
        let mut frontier = Frontier::new();
        let (mut tree, mut nodes) = (MemoryTree::new(), NodeMap::new());
        for index in 0u64..300 {
            assert_eq!(frontier.size(), index);
            assert_eq!(frontier.root(), tree.root());
            assert_eq!(Frontier::from_bytes(&frontier.to_bytes()).unwrap(), frontier);
            assert_eq!(Frontier::read(index, &tree).unwrap(), frontier);
            assert_eq!(Frontier::read(index, &nodes).unwrap(), frontier);
            let leaf = leaf_hash(&index.to_be_bytes());
            frontier.append_with(leaf, |node, hash| assert_eq!(nodes.insert(node, hash), None));
            tree.append(leaf);
        }
        assert_eq!(nodes.len(), 300 + 150 + 75 + 37 + 18 + 9 + 4 + 2 + 1);
    }

    #[test]
    fn other_bytes_are_refused() {
        let mut frontier = Frontier::new();
        (0u8..5).for_each(|byte| frontier.append(leaf_hash(&[byte])));
        let bytes = frontier.to_bytes();
        assert_eq!(bytes.len(), 9 + 2 * 32);
        for cut in 0..bytes.len() {
            assert!(Frontier::from_bytes(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert_eq!(
            Frontier::from_bytes(&longer),
            Err(FrontierError::WrongHashCount { size: 5, expected: 2, found: 2 })
        );
        let mut other_format = bytes.clone();
        other_format[0] = 2;
        assert_eq!(Frontier::from_bytes(&other_format), Err(FrontierError::NotAFrontier));
        let mut huge = bytes;
        huge[1] = 0x80;
        assert_eq!(Frontier::from_bytes(&huge), Err(FrontierError::TooLarge((1 << 63) + 5)));
    }
}
