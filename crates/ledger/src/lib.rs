//! Pure transparency log: Merkle tree, tiles, checkpoints, signed notes, proofs, receipts, offline verification.
