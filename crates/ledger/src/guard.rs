//! The rule that keeps a log from being rolled back or forked: each checkpoint is compared with
//! the last one that was seen, which is kept where a restored database cannot reach it.

use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::tree::{TreeError, verify_consistency};

/// How a checkpoint stands to the last one seen, by size and root alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// Same size, same root.
    Same,
    /// Larger. Whether it really extends the last one needs a consistency proof: [`confirm`].
    Extends {
        /// Leaves in the last checkpoint seen.
        seen: u64,
        /// Leaves in the current one.
        now: u64,
    },
    /// Smaller: an older state was restored.
    RolledBack {
        /// Leaves in the last checkpoint seen.
        seen: u64,
        /// Leaves in the current one.
        now: u64,
    },
    /// Same size, other root: history was rewritten.
    Forked {
        /// Leaves in both.
        size: u64,
    },
    /// Not the same log at all.
    OtherLog,
}

/// Why a checkpoint must not be signed, served or believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// See [`Movement::RolledBack`].
    #[error(
        "the log was rolled back: {seen} entries were signed before, and now there are {now}; \
         restore the newer state or reconcile before signing"
    )]
    RolledBack {
        /// Leaves in the last checkpoint seen.
        seen: u64,
        /// Leaves in the current one.
        now: u64,
    },
    /// The first `size` entries are not those that were signed before.
    #[error(
        "the log was rewritten: its first {size} entries are not those that were signed before; \
         do not sign"
    )]
    Forked {
        /// Leaves in the last checkpoint seen.
        size: u64,
    },
    /// The consistency proof itself is unusable (wrong length, sizes out of range).
    #[error("the consistency proof cannot be checked: {0}")]
    Proof(TreeError),
    /// See [`Movement::OtherLog`].
    #[error("the last checkpoint seen is of the log {seen}, and this one is of {now}")]
    OtherLog {
        /// Origin of the last checkpoint seen.
        seen: String,
        /// Origin of the current one.
        now: String,
    },
}

/// Compares the current checkpoint with the last one seen.
#[must_use]
pub fn compare(last_seen: &Checkpoint, current: &Checkpoint) -> Movement {
    let (seen, now) = (last_seen.size, current.size);
    if last_seen.origin != current.origin {
        Movement::OtherLog
    } else if now < seen {
        Movement::RolledBack { seen, now }
    } else if now > seen {
        Movement::Extends { seen, now }
    } else if last_seen.root == current.root {
        Movement::Same
    } else {
        Movement::Forked { size: now }
    }
}

/// Confirms that the current checkpoint is the last one seen or extends it, by a
/// [`consistency_proof`](crate::tree::consistency_proof) between their sizes (empty when they
/// are the same). Only after this may the current one be signed or take the other's place.
///
/// # Errors
/// [`GuardError`] saying what happened to the log.
pub fn confirm(
    last_seen: &Checkpoint,
    current: &Checkpoint,
    proof: &[Hash],
) -> Result<(), GuardError> {
    match compare(last_seen, current) {
        Movement::Same | Movement::Extends { .. } => {}
        Movement::RolledBack { seen, now } => return Err(GuardError::RolledBack { seen, now }),
        Movement::Forked { size } => return Err(GuardError::Forked { size }),
        Movement::OtherLog => {
            let (seen, now) = (last_seen.origin.clone(), current.origin.clone());
            return Err(GuardError::OtherLog { seen, now });
        }
    }
    verify_consistency(last_seen.size, &last_seen.root, current.size, &current.root, proof).map_err(
        |error| match error {
            TreeError::WrongRoot => GuardError::Forked { size: last_seen.size },
            other => GuardError::Proof(other),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{empty_root, leaf_hash};
    use crate::tree::{MemoryTree, consistency_proof, root_at};

    fn at(tree: &MemoryTree, size: u64) -> Checkpoint {
        Checkpoint::new("example.com/log", size, root_at(size, tree).unwrap())
    }

    #[test]
    fn every_pair_of_states_is_told_apart() {
        let leaf = |index: u64| leaf_hash(&index.to_be_bytes());
        let tree: MemoryTree = (0..20).map(leaf).collect();
        // The same log with its entry 4 rewritten.
        let rewritten: MemoryTree =
            (0..20).map(|index| leaf(if index == 4 { 99 } else { index })).collect();
        for seen in 0..=20 {
            let last = at(&tree, seen);
            for now in 0..=20 {
                let current = at(&tree, now);
                let proof = consistency_proof(seen, now, &tree).unwrap_or_default();
                let forged = consistency_proof(seen, now, &rewritten).unwrap_or_default();
                let confirmed = confirm(&last, &current, &proof);
                let other = at(&rewritten, now);
                if now < seen {
                    assert_eq!(compare(&last, &current), Movement::RolledBack { seen, now });
                    assert_eq!(confirmed, Err(GuardError::RolledBack { seen, now }));
                    continue;
                }
                let movement =
                    if now == seen { Movement::Same } else { Movement::Extends { seen, now } };
                assert_eq!(compare(&last, &current), movement);
                assert_eq!(confirmed, Ok(()));
                if seen > 4 {
                    assert_eq!(
                        confirm(&last, &other, &forged),
                        Err(GuardError::Forked { size: seen })
                    );
                    if now == seen {
                        assert_eq!(compare(&last, &other), Movement::Forked { size: seen });
                    }
                } else {
                    // Rewritten after what was seen: nobody can tell, and nothing was promised.
                    assert_eq!(confirm(&last, &other, &forged), Ok(()));
                }
            }
        }
    }

    #[test]
    fn other_logs_and_unusable_proofs_are_refused() {
        let tree: MemoryTree = (0..9u8).map(|byte| leaf_hash(&[byte])).collect();
        let (last, current) = (at(&tree, 3), at(&tree, 9));
        let renamed = Checkpoint { origin: "example.com/other".into(), ..current.clone() };
        assert_eq!(compare(&last, &renamed), Movement::OtherLog);
        assert!(matches!(confirm(&last, &renamed, &[]), Err(GuardError::OtherLog { .. })));
        assert!(matches!(confirm(&last, &current, &[]), Err(GuardError::Proof(_))));
        assert!(matches!(confirm(&last, &last, &[empty_root()]), Err(GuardError::Proof(_))));
    }
}
