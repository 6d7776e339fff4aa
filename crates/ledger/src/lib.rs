//! Pure transparency log: Merkle tree, tiles, checkpoints, signed notes, proofs, receipts, offline
//! verification. No input or output, no clock, no randomness; keys are arguments.
//!
//! One file for each specification:
//!
//! | file | specification | main names |
//! |---|---|---|
//! | `hash.rs` | RFC 6962 §2.1 | [`struct@Hash`], [`leaf_hash`], [`node_hash`], [`empty_root`] |
//! | `tree.rs` | RFC 6962 §2.1.1–2.1.2, RFC 9162 §2.1.3–2.1.4 | [`HashReader`], [`root_at`], [`inclusion_proof`], [`verify_inclusion`], [`consistency_proof`], [`verify_consistency`], [`MemoryTree`] |
//! | `frontier.rs` | – | [`Frontier`]: append and root with at most 63 hashes |
//! | `note.rs` | C2SP signed-note | [`Signer`], [`Verifier`], [`SignedNote`] |
//! | `checkpoint.rs` | C2SP tlog-checkpoint | [`Checkpoint`] |
//! | `tile.rs` | C2SP tlog-tiles | [`TilePath`], [`Tile`], [`encode_bundle`], [`decode_bundle`] |
//! | `tile_edge.rs` | C2SP tlog-tiles | [`TileEdge`]: which tiles to write; [`TileHashReader`]: proofs from tiles |
//! | `proof.rs` | C2SP tlog-proof | [`TlogProof`] |
//! | `receipt.rs` | this product's receipts | [`Receipt`], [`Trust`], [`VerifiedReceipt`] |
//! | `guard.rs` | – | [`guard::compare`], [`guard::confirm`]: neither rolled back nor forked |
//!
//! Every reader of foreign bytes bounds what it reads and returns a typed error that is a plain
//! sentence; each has a fuzz target in `fuzz/`.
//!
//! The tree, the notes and the proofs are our own code, small enough to be read by whoever has to
//! rely on them; only the primitives are libraries, `ed25519-dalek` and `sha2`.
//! Three other implementations (`ct-merkle`, `signed_note`, `tlog_tiles`) are the tests' oracles.
//!
//! # How a log grows
//!
//! ```
//! use ledger::{Checkpoint, Frontier, MemoryTree, Signer, inclusion_proof, leaf_hash, verify_inclusion};
//!
//! let signer = Signer::from_seed("example.com/log", [7; 32])?;
//! let mut frontier = Frontier::new();     // kept with the log: to_bytes, from_bytes
//! let mut nodes = MemoryTree::new();      // stands for whatever stores the hashes
//! for entry in [b"first".as_slice(), b"second", b"third"] {
//!     frontier.append(leaf_hash(entry));
//!     nodes.append(leaf_hash(entry));
//! }
//! let note = Checkpoint::new(signer.name(), frontier.size(), frontier.root()).sign(&signer)?;
//!
//! let proof = inclusion_proof(1, frontier.size(), &nodes)?;
//! let checkpoint = Checkpoint::open(note.as_bytes(), "example.com/log", &[signer.verifier().clone()])?;
//! verify_inclusion(&leaf_hash(b"second"), 1, checkpoint.size, &proof, &checkpoint.root)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod checkpoint;
pub mod frontier;
pub mod guard;
pub mod hash;
pub mod note;
pub mod proof;
pub mod receipt;
pub mod tile;
pub mod tile_edge;
pub mod tree;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use frontier::{Frontier, FrontierError};
pub use hash::{HASH_LEN, Hash, ParseHashError, empty_root, leaf_hash, node_hash};
pub use note::{KeyId, NoteError, Signature, SignedNote, Signer, Verified, Verifier};
pub use proof::{ProofError, TlogProof};
pub use receipt::{Place, Receipt, ReceiptError, Trust, VerifiedReceipt};
pub use tile::{
    BundleId, MAX_ENTRY_BYTES, TILE_WIDTH, Tile, TileError, TileId, TilePath, decode_bundle,
    encode_bundle,
};
pub use tile_edge::{
    TileEdge, TileHashReader, TileReadError, TileReader, bundles_to_write, tiles_to_write,
};
pub use tree::{
    HashReader, MAX_TREE_SIZE, MemoryTree, MissingNode, NodeId, NodeMap, ReadError, TreeError,
    consistency_proof, consistency_proof_nodes, edge_nodes, inclusion_proof, inclusion_proof_nodes,
    root_at, verify_consistency, verify_inclusion,
};

#[cfg(test)]
mod oracle_tests;
