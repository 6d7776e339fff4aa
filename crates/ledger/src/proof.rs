//! Proofs that an entry is in a log, as files (C2SP `tlog-proof`).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! index 1
//! lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=
//!
//! example.com/log
//! 2
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — example.com/log Az3grlgt…OAYQ8=
//! ```
//!
//! Such a file, the entry itself and the log's public key are all that it takes to check, without
//! a server or a network, that the log has the entry.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::checkpoint::{Checkpoint, CheckpointError, parse_decimal};
use crate::hash::{Hash, leaf_hash};
use crate::note::{MAX_NOTE_BYTES, NoteError, SignedNote, Verifier};
use crate::tree::{MAX_INCLUSION_HASHES, MAX_TREE_SIZE, TreeError, verify_inclusion};

/// First line of every proof.
pub const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Longest extra data that is read or written, in bytes.
pub const MAX_EXTRA_BYTES: usize = 64 * 1024;

/// Longest proof that is read, in bytes: the longest note, extra data in base64, and the rest.
pub const MAX_PROOF_BYTES: usize = MAX_NOTE_BYTES + MAX_EXTRA_BYTES / 3 * 4 + 4096;

/// Why a proof is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Larger than [`MAX_PROOF_BYTES`].
    #[error("the proof is larger than any proof can be")]
    TooLarge,
    /// Not UTF-8.
    #[error("the proof is not valid UTF-8")]
    NotUtf8,
    /// Another first line.
    #[error("this is not a proof: its first line must be c2sp.org/tlog-proof@v1")]
    NotAProof,
    /// An extra line that is not base64, is empty, or is longer than [`MAX_EXTRA_BYTES`].
    #[error("the extra line of the proof must be base64 of 1 to 65536 bytes")]
    BadExtra,
    /// No index line, or not a plain decimal number in range.
    #[error("the index line of the proof must be \u{201c}index\u{201d} and a plain decimal number")]
    BadIndex,
    /// A line of the inclusion proof that is not a hash.
    #[error("hash {0} of the proof is not 44 characters of base64")]
    BadHash(usize),
    /// More than [`MAX_INCLUSION_HASHES`].
    #[error("the proof has more than 63 hashes")]
    TooManyHashes,
    /// The proof stops before the checkpoint.
    #[error("the proof is cut off: an empty line and a checkpoint must follow its hashes")]
    NoCheckpoint,
    /// The checkpoint's note is malformed, not signed by the log, or of another log.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not lead from the entry to the checkpoint's root.
    #[error("the entry is not proven to be in the log: {0}")]
    NotIncluded(#[from] TreeError),
}

impl From<NoteError> for ProofError {
    fn from(error: NoteError) -> Self {
        Self::Checkpoint(error.into())
    }
}

/// A proof that some entry is at some index in a log.
///
/// It says nothing until [`TlogProof::verify`] has checked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Opaque data that travels along. Nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// Zero-based index of the entry in the log.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling up.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint, byte for byte as the log issued it.
    pub checkpoint: String,
}

impl TlogProof {
    /// A proof without extra data, from an [`inclusion_proof`](crate::tree::inclusion_proof) at
    /// the size of the signed checkpoint.
    #[must_use]
    pub fn new(index: u64, hashes: Vec<Hash>, checkpoint: &str) -> Self {
        Self { extra: None, index, hashes, checkpoint: checkpoint.to_owned() }
    }

    /// The proof's file, by convention named `*.tlog-proof`.
    ///
    /// # Errors
    /// [`ProofError`] when a field cannot be written so that [`TlogProof::parse`] reads it back.
    pub fn to_text(&self) -> Result<String, ProofError> {
        let mut text = format!("{PROOF_HEADER}\n");
        if let Some(extra) = &self.extra {
            if extra.is_empty() || extra.len() > MAX_EXTRA_BYTES {
                return Err(ProofError::BadExtra);
            }
            text.push_str(&format!("extra {}\n", BASE64_STANDARD.encode(extra)));
        }
        text.push_str(&format!("index {}\n", self.index));
        for hash in &self.hashes {
            text.push_str(&format!("{hash}\n"));
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        if Self::parse(text.as_bytes())? == *self { Ok(text) } else { Err(ProofError::NotAProof) }
    }

    /// Reads a proof's file. Nothing in it is checked beyond its form.
    ///
    /// # Errors
    /// [`ProofError`] saying which line is wrong.
    pub fn parse(text: &[u8]) -> Result<Self, ProofError> {
        if text.len() > MAX_PROOF_BYTES {
            return Err(ProofError::TooLarge);
        }
        let text = std::str::from_utf8(text).map_err(|_| ProofError::NotUtf8)?;
        let (header, mut rest) = text.split_once('\n').ok_or(ProofError::NotAProof)?;
        if header != PROOF_HEADER {
            return Err(ProofError::NotAProof);
        }
        let mut extra = None;
        if let Some(after) = rest.strip_prefix("extra ") {
            let (encoded, after) = after.split_once('\n').ok_or(ProofError::NoCheckpoint)?;
            extra = Some(parse_extra(encoded)?);
            rest = after;
        }
        let (line, mut rest) = rest.split_once('\n').ok_or(ProofError::BadIndex)?;
        let index = line
            .strip_prefix("index ")
            .and_then(parse_decimal)
            .filter(|index| *index < MAX_TREE_SIZE)
            .ok_or(ProofError::BadIndex)?;
        let mut hashes = Vec::new();
        loop {
            let (line, after) = rest.split_once('\n').ok_or(ProofError::NoCheckpoint)?;
            rest = after;
            if line.is_empty() {
                break;
            }
            if hashes.len() == MAX_INCLUSION_HASHES {
                return Err(ProofError::TooManyHashes);
            }
            hashes.push(line.parse().map_err(|_| ProofError::BadHash(hashes.len() + 1))?);
        }
        SignedNote::parse(rest.as_bytes())?;
        Ok(Self { extra, index, hashes, checkpoint: rest.to_owned() })
    }

    /// Checks that the log `origin`, by one of its `keys`, has signed a checkpoint of a tree that
    /// has `entry` at [`TlogProof::index`]. Returns that checkpoint.
    ///
    /// # Errors
    /// [`ProofError::Checkpoint`] and [`ProofError::NotIncluded`].
    pub fn verify(
        &self,
        entry: &[u8],
        origin: &str,
        keys: &[Verifier],
    ) -> Result<Checkpoint, ProofError> {
        self.verify_leaf(&leaf_hash(entry), origin, keys)
    }

    /// As [`TlogProof::verify`], for an entry of which only the leaf hash is at hand.
    ///
    /// # Errors
    /// [`ProofError::Checkpoint`] and [`ProofError::NotIncluded`].
    pub fn verify_leaf(
        &self,
        leaf: &Hash,
        origin: &str,
        keys: &[Verifier],
    ) -> Result<Checkpoint, ProofError> {
        let checkpoint = Checkpoint::open(self.checkpoint.as_bytes(), origin, keys)?;
        verify_inclusion(leaf, self.index, checkpoint.size, &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }

    /// Checks the proof under a state of the log that the caller has signed itself or has verified
    /// before: everything but the signature, which costs more than all the rest.
    ///
    /// # Errors
    /// As [`TlogProof::verify`]; a checkpoint of another state proves nothing.
    pub fn verify_under(&self, entry: &[u8], state: &Checkpoint) -> Result<(), ProofError> {
        let note = SignedNote::parse(self.checkpoint.as_bytes())?;
        if Checkpoint::parse(note.text)? != *state {
            return Err(TreeError::WrongRoot.into());
        }
        verify_inclusion(&leaf_hash(entry), self.index, state.size, &self.hashes, &state.root)?;
        Ok(())
    }
}

fn parse_extra(encoded: &str) -> Result<Vec<u8>, ProofError> {
    if encoded.is_empty() || encoded.len() > MAX_EXTRA_BYTES.div_ceil(3) * 4 {
        return Err(ProofError::BadExtra);
    }
    let extra = BASE64_STANDARD.decode(encoded).map_err(|_| ProofError::BadExtra)?;
    if extra.len() > MAX_EXTRA_BYTES { Err(ProofError::BadExtra) } else { Ok(extra) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Signer;
    use crate::tree::{MemoryTree, inclusion_proof};

    fn log(entries: u8) -> (Signer, MemoryTree, String) {
        let signer = Signer::from_seed("example.com/log", [3; 32]).unwrap();
        let tree: MemoryTree = (0..entries).map(|byte| leaf_hash(&[byte])).collect();
        let checkpoint = Checkpoint::new(signer.name(), tree.size(), tree.root());
        let note = checkpoint.sign(&signer).unwrap();
        (signer, tree, note)
    }

    fn proof(tree: &MemoryTree, index: u64, note: &str) -> TlogProof {
        TlogProof::new(index, inclusion_proof(index, tree.size(), tree).unwrap(), note)
    }

    #[test]
    fn every_entry_verifies_from_its_file_alone() {
        for entries in 1..=20u8 {
            let (signer, tree, note) = log(entries);
            let keys = [signer.verifier().clone()];
            for entry in 0..entries {
                let mut proof = proof(&tree, u64::from(entry), &note);
                proof.extra = (entry % 2 == 0).then(|| vec![entry; 1 + usize::from(entry)]);
                let file = proof.to_text().unwrap();
                let read = TlogProof::parse(file.as_bytes()).unwrap();
                assert_eq!(read, proof);
                let checkpoint = read.verify(&[entry], signer.name(), &keys).unwrap();
                assert_eq!((checkpoint.size, checkpoint.root), (u64::from(entries), tree.root()));
                assert_eq!(
                    read.verify(&[entry + 1], signer.name(), &keys),
                    Err(ProofError::NotIncluded(TreeError::WrongRoot))
                );
            }
        }
    }

    #[test]
    fn a_known_state_stands_for_the_signature_and_for_nothing_else() {
        let (_, tree, note) = log(11);
        let state = Checkpoint::new("example.com/log", tree.size(), tree.root());
        let good = proof(&tree, 6, &note);
        good.verify_under(&[6], &state).unwrap();
        let wrong = Err(ProofError::NotIncluded(TreeError::WrongRoot));
        assert_eq!(good.verify_under(&[7], &state), wrong);
        let (_, _, later) = log(12);
        assert_eq!(proof(&tree, 6, &later).verify_under(&[6], &state), wrong);
        let elsewhere = Checkpoint { origin: "example.com/other".into(), ..state.clone() };
        assert_eq!(good.verify_under(&[6], &elsewhere), wrong);
        let mut moved = good;
        moved.index = 5;
        assert_eq!(moved.verify_under(&[6], &state), wrong);
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let (signer, tree, note) = log(11);
        let keys = [signer.verifier().clone()];
        let file = proof(&tree, 6, &note).to_text().unwrap();
        for position in 0..file.len() {
            for flip in [0x01, 0x02, 0x20, 0x80] {
                let mut bytes = file.clone().into_bytes();
                bytes[position] ^= flip;
                let accepted = TlogProof::parse(&bytes)
                    .and_then(|proof| proof.verify(&[6], signer.name(), &keys));
                assert!(accepted.is_err(), "byte {position} with {flip:#x}");
            }
            assert!(TlogProof::parse(&file.as_bytes()[..position]).is_err(), "cut at {position}");
        }
    }

    #[test]
    fn malformed_files_are_refused_with_their_reason() {
        let (_, tree, note) = log(5);
        let file = proof(&tree, 1, &note).to_text().unwrap();
        let hash = tree.root();
        let replaced = |from: &str, to: &str| file.replacen(from, to, 1);
        let cases = [
            (String::new(), ProofError::NotAProof),
            (replaced("@v1", "@v2"), ProofError::NotAProof),
            (replaced("\n", "\r\n"), ProofError::NotAProof),
            (replaced("index 1", "index 01"), ProofError::BadIndex),
            (replaced("index 1", "index -1"), ProofError::BadIndex),
            (replaced("index 1", "index 9223372036854775807"), ProofError::BadIndex),
            (replaced("index 1\n", ""), ProofError::BadIndex),
            (replaced("index", "extra \nindex"), ProofError::BadExtra),
            (replaced("index", "extra AA\nindex"), ProofError::BadExtra),
            (replaced("index", "extra AA==\nextra AA==\nindex"), ProofError::BadIndex),
            (replaced("index 1\n", "index 1\nAAAA\n"), ProofError::BadHash(1)),
            (
                replaced("index 1\n", &format!("index 1\n{}", format!("{hash}\n").repeat(61))),
                ProofError::TooManyHashes,
            ),
            (replaced("\n\n", "\n"), ProofError::BadHash(4)),
            (format!("{PROOF_HEADER}\nindex 0\n"), ProofError::NoCheckpoint),
            (
                format!("{PROOF_HEADER}\nindex 0\n\ntext\n"),
                ProofError::Checkpoint(CheckpointError::Note(NoteError::NoSignatures)),
            ),
        ];
        for (text, error) in cases {
            assert_eq!(TlogProof::parse(text.as_bytes()), Err(error), "{text}");
        }
        assert_eq!(TlogProof::parse(b"\xff"), Err(ProofError::NotUtf8));
        assert_eq!(TlogProof::parse(&vec![b'a'; MAX_PROOF_BYTES + 1]), Err(ProofError::TooLarge));
    }

    #[test]
    fn what_cannot_be_read_back_is_not_written() {
        let (_, tree, note) = log(5);
        let good = proof(&tree, 1, &note);
        let with = |change: fn(&mut TlogProof)| {
            let mut proof = good.clone();
            change(&mut proof);
            proof.to_text()
        };
        assert_eq!(with(|proof| proof.extra = Some(vec![])), Err(ProofError::BadExtra));
        assert_eq!(
            with(|proof| proof.extra = Some(vec![0; MAX_EXTRA_BYTES + 1])),
            Err(ProofError::BadExtra)
        );
        assert!(with(|proof| proof.extra = Some(vec![0; MAX_EXTRA_BYTES])).is_ok());
        assert_eq!(with(|proof| proof.index = u64::MAX), Err(ProofError::BadIndex));
        assert!(with(|proof| proof.checkpoint.insert(0, '\n')).is_ok());
        assert!(with(|proof| proof.checkpoint.clear()).is_err());
        assert_eq!(
            with(|proof| proof.hashes = vec![Hash::new([0; 32]); 64]),
            Err(ProofError::TooManyHashes)
        );
    }

    #[test]
    fn a_proof_by_another_log_or_key_is_refused() {
        let (signer, tree, note) = log(5);
        let proof = proof(&tree, 1, &note);
        let impostor = Signer::from_seed("example.com/log", [4; 32]).unwrap();
        let refused = proof.verify(&[1], signer.name(), &[impostor.verifier().clone()]);
        assert!(matches!(refused, Err(ProofError::Checkpoint(_))), "{refused:?}");
        let refused = proof.verify(&[1], "example.com/other", &[signer.verifier().clone()]);
        assert!(matches!(refused, Err(ProofError::Checkpoint(_))), "{refused:?}");
        // The old key still vouches for what it signed after the log took a new one.
        let both = [impostor.verifier().clone(), signer.verifier().clone()];
        assert!(proof.verify(&[1], signer.name(), &both).is_ok());
    }
}
