//! Whole notes, checkpoints and tile-made proofs compared with the `signed_note` and `tlog_tiles`
//! libraries, ports of the Go implementation by other hands.

use proptest::prelude::*;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::{Checkpoint as TheirCheckpoint, HashReader as _};

use crate::hash::{Hash, leaf_hash};
use crate::tree::{MemoryTree, consistency_proof, inclusion_proof, root_at};
use crate::{Checkpoint, SignedNote, Signer, Verifier};
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// Their signer with the same name and seed.
fn theirs(name: &str, seed: [u8; 32], key_id: &str) -> StandardSigner {
    let mut key = vec![1];
    key.extend_from_slice(&seed);
    let encoded = format!("PRIVATE+KEY+{name}+{key_id}+{}", BASE64_STANDARD.encode(key));
    StandardSigner::new(&encoded).unwrap()
}

fn list(vkeys: &[String]) -> VerifierList {
    let verifier = |vkey: &String| -> Box<dyn signed_note::Verifier> {
        Box::new(StandardVerifier::new(vkey).unwrap())
    };
    VerifierList::new(vkeys.iter().map(verifier).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn notes_agree(name in "[a-z][a-z./é-]{0,20}", seed in any::<[u8; 32]>(), lines in prop::collection::vec("[^\\x00-\\x1f]{0,30}", 1..6)) {
        let text = format!("{}\n", lines.join("\n"));
        let signer = Signer::from_seed(&name, seed).unwrap();
        let note = signer.sign(&text).unwrap();
        let mut other = Note::new(text.as_bytes(), &[]).unwrap();
        other.add_sigs(&[&theirs(&name, seed, &signer.key_id().to_string())]).unwrap();
        prop_assert_eq!(note.as_bytes(), other.to_bytes());

        let parsed = Note::from_bytes(note.as_bytes()).unwrap();
        let (verified, unverified) = parsed.verify(&list(&[signer.vkey()])).unwrap();
        prop_assert_eq!((verified.len(), unverified.len()), (1, 0));
        prop_assert_eq!(parsed.text(), text.as_bytes());
        prop_assert_eq!(signer.verifier().open(note.as_bytes()).unwrap(), text);
    }

    /// A note damaged at one byte is refused by both, or means the same to both.
    #[test]
    fn damaged_notes_agree(position in any::<prop::sample::Index>(), flip in 1..=255u8) {
        let (ours, witness) = (Signer::from_seed("log", [1; 32]).unwrap(), Signer::from_seed("witness", [2; 32]).unwrap());
        let note = witness.cosign(&ours.sign("log\n1\ntext\n").unwrap()).unwrap();
        let mut bytes = note.into_bytes();
        let position = position.index(bytes.len());
        bytes[position] ^= flip;
        let accepted = ours.verifier().open(&bytes).is_ok();
        let accepted_there = Note::from_bytes(&bytes)
            .is_ok_and(|note| note.verify(&list(&[ours.vkey()])).is_ok());
        prop_assert_eq!(accepted, accepted_there);
    }

    #[test]
    fn checkpoints_agree(origin in "[!-~]{1,30}", size in 1..=i64::MAX as u64, root in any::<[u8; 32]>()) {
        let checkpoint = Checkpoint::new(&origin, size, Hash::new(root));
        let text = checkpoint.to_text().unwrap();
        let other = TheirCheckpoint::from_bytes(text.as_bytes()).unwrap();
        prop_assert_eq!((other.origin(), other.size(), other.hash().0), (origin.as_str(), size, root));
        prop_assert_eq!(other.to_bytes(), text.as_bytes());
        prop_assert_eq!(Checkpoint::parse(&text).unwrap(), checkpoint);
    }

    #[test]
    fn trees_and_proofs_agree(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 1..120), pick in any::<prop::sample::Index>()) {
        let ours: MemoryTree = entries.iter().map(Vec::as_slice).collect();
        let mut stored = Stored::default();
        for (index, entry) in (0u64..).zip(&entries) {
            let new = tlog_tiles::stored_hashes(index, entry, &stored).unwrap();
            stored.0.extend(new);
        }
        let size = entries.len() as u64;
        let root = tlog_tiles::tree_hash(size, &stored).unwrap();
        prop_assert_eq!(root.0, *ours.root().as_bytes());

        let index = pick.index(entries.len());
        let proof = tlog_tiles::prove_record(size, index as u64, &stored).unwrap();
        let same: Vec<[u8; 32]> = inclusion_proof(index as u64, size, &ours).unwrap().iter().map(|hash| *hash.as_bytes()).collect();
        prop_assert_eq!(proof.iter().map(|hash| hash.0).collect::<Vec<_>>(), same);
        let leaf = tlog_tiles::Hash(*leaf_hash(&entries[index]).as_bytes());
        prop_assert!(tlog_tiles::check_record(&proof, size, root, index as u64, leaf).is_ok());

        let old = index as u64 + 1;
        let proof = tlog_tiles::prove_tree(size, old, &stored).unwrap();
        let same: Vec<[u8; 32]> = consistency_proof(old, size, &ours).unwrap().iter().map(|hash| *hash.as_bytes()).collect();
        prop_assert_eq!(proof.iter().map(|hash| hash.0).collect::<Vec<_>>(), same);
        let old_root = tlog_tiles::Hash(*root_at(old, &ours).unwrap().as_bytes());
        prop_assert!(tlog_tiles::check_tree(&proof, size, root, old, old_root).is_ok());
    }
}

/// Their store: all hashes in their own order.
#[derive(Default)]
struct Stored(Vec<tlog_tiles::Hash>);

impl tlog_tiles::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
    }
}

#[test]
fn their_keys_and_cosigned_notes_open_here() {
    let seed = [9; 32];
    let name = "rome.ct.example.com/tevere";
    let ours = Signer::from_seed(name, seed).unwrap();
    let witness = Signer::from_seed("witness.example", [8; 32]).unwrap();
    let mut note = Note::new(b"one\n\ntwo\n", &[]).unwrap();
    note.add_sigs(&[
        &theirs("witness.example", [8; 32], &witness.key_id().to_string()),
        &theirs(name, seed, &ours.key_id().to_string()),
    ])
    .unwrap();
    let bytes = note.to_bytes();
    let keys = [Verifier::parse(&ours.vkey()).unwrap(), Verifier::parse(&witness.vkey()).unwrap()];
    let verified = SignedNote::parse(&bytes).unwrap().verify(&keys).unwrap();
    assert_eq!(verified.by.len(), 2);
    assert!(Stored::default().read_hashes(&[]).unwrap().is_empty());
}
