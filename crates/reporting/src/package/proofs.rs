//! Proofs of the entries that workpapers name, each a file that anybody can verify by itself.

use super::{LogFile, NamedFile};
use ledger::{Hash, MemoryTree, TlogProof, Verifier, inclusion_proof, leaf_hash};
use std::collections::BTreeMap;

/// The folder of proofs in a package.
pub(super) const FOLDER: &str = "proofs";
/// What follows the entry's id in a proof's name.
const ENDING: &str = ".tlog-proof";

/// The name of the proof of an entry.
pub(super) fn name_of(entry: &str) -> String {
    format!("{FOLDER}/{entry}{ENDING}")
}

/// The proof that an entry stands at its place under the signed checkpoint.
pub(super) fn proof(
    tree: &MemoryTree,
    size: u64,
    index: u64,
    checkpoint: &str,
) -> Result<Vec<u8>, String> {
    let hashes = inclusion_proof(index, size, tree).map_err(|e| e.to_string())?;
    TlogProof::new(index, hashes, checkpoint)
        .to_text()
        .map(String::into_bytes)
        .map_err(|e| e.to_string())
}

/// What the disclosed entries of one log are, by their ids.
#[derive(Default)]
pub(super) struct Places {
    /// Leaf hash by entry id.
    leaves: BTreeMap<String, Hash>,
}

impl Places {
    /// Notes a disclosed entry.
    pub(super) fn note(&mut self, id: String, bytes: &[u8]) {
        self.leaves.insert(id, leaf_hash(bytes));
    }

    /// Checks a proof against the entry whose name it bears.
    pub(super) fn check(
        &self,
        file: &NamedFile,
        text: &[u8],
        log: &LogFile,
        key: &Verifier,
    ) -> Result<(), String> {
        let entry = file
            .name
            .strip_prefix(FOLDER)
            .and_then(|n| n.strip_prefix('/'))
            .and_then(|n| n.strip_suffix(ENDING))
            .unwrap_or_default();
        let leaf = self
            .leaves
            .get(entry)
            .ok_or_else(|| format!("{} proves an entry that is not disclosed.", file.name))?;
        let proof =
            TlogProof::parse(text).map_err(|e| format!("{} is no proof: {e}", file.name))?;
        let state = proof
            .verify_leaf(leaf, &log.origin, std::slice::from_ref(key))
            .map_err(|e| format!("{} does not verify: {e}", file.name))?;
        if proof.checkpoint != log.checkpoint {
            return Err(format!(
                "{} is under another checkpoint than the package's ({} entries).",
                file.name, state.size
            ));
        }
        Ok(())
    }
}
