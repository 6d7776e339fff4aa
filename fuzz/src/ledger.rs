//! Targets of the crate `ledger`.

use ledger::{
    Checkpoint, Frontier, Hash, Receipt, SignedNote, Signer, TILE_WIDTH, TilePath, TlogProof,
    Trust, Verifier, decode_bundle, encode_bundle, leaf_hash, verify_consistency, verify_inclusion,
};

/// Bytes taken from the front of the input for a number or a hash.
fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

/// Whatever opens under this key is what this key signed: the seeds are signed with it, and no
/// mutation can make another signature.
fn signer() -> Option<Signer> {
    Signer::from_seed("example.com/log", [7; 32]).ok()
}

/// An entry bundle: its width less one in the first byte, then its content.
pub(crate) fn bundle(bytes: &[u8]) {
    let Some((width, content)) = bytes.split_first() else { return };
    let width = u16::from(*width) + 1;
    assert!(width <= TILE_WIDTH);
    if let Ok(entries) = decode_bundle(width, content) {
        assert_eq!(entries.len(), usize::from(width));
        assert_eq!(encode_bundle(&entries).as_deref(), Ok(content));
    }
}

/// The text of a checkpoint.
pub(crate) fn checkpoint(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_text().as_deref(), Ok(text));
    }
}

/// A stored frontier.
pub(crate) fn frontier(bytes: &[u8]) {
    if let Ok(mut frontier) = Frontier::from_bytes(bytes) {
        assert_eq!(frontier.to_bytes(), bytes);
        let (size, root) = (frontier.size(), frontier.root());
        frontier.append(leaf_hash(bytes));
        assert_eq!(frontier.size(), size + 1);
        assert_ne!(frontier.root(), root);
    }
}

/// A signed note.
pub(crate) fn note(bytes: &[u8]) {
    let Ok(note) = SignedNote::parse(bytes) else { return };
    assert!(note.text.ends_with('\n'));
    assert!(!note.signatures.is_empty());
    assert!(bytes.starts_with(note.text.as_bytes()));
    let Some(signer) = signer() else { return };
    if let Ok(text) = signer.verifier().open(bytes) {
        assert_eq!(text, note.text);
        let signed = signer.sign(text);
        let line = signed.as_deref().ok().and_then(|signed| signed.strip_prefix(text));
        let whole = String::from_utf8_lossy(bytes);
        assert!(
            line.is_some_and(|line| whole.contains(line.trim())),
            "a signature that no key made"
        );
    }
}

/// A proof file.
pub(crate) fn proof(bytes: &[u8]) {
    let Ok(proof) = TlogProof::parse(bytes) else { return };
    let written = proof.to_text();
    assert_eq!(written.as_deref().map(str::as_bytes), Ok(bytes));
    let Some(signer) = signer() else { return };
    let keys = [signer.verifier().clone()];
    let accepted = proof.verify(b"entry 4", signer.name(), &keys);
    // Only the entry itself is proven, never two at once.
    if accepted.is_ok() {
        assert!(proof.verify(b"entry 5", signer.name(), &keys).is_err());
    }
}

/// A receipt file.
pub(crate) fn receipt(bytes: &[u8]) {
    let Ok(receipt) = Receipt::parse(bytes) else { return };
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    assert_eq!(receipt.to_text().as_deref(), Ok(text.as_str()));
    let stated = receipt.verify(Trust::AsStated);
    if let Ok(verified) = &stated {
        assert_eq!(&verified.fields, receipt.fields());
        assert_eq!(verified.entry, receipt.entry());
    }
    let Some(signer) = signer() else { return };
    let keys = [signer.verifier().clone()];
    if receipt.verify(Trust::Pinned(&keys)).is_ok() {
        // What this key vouches for is what it would issue for the same facts.
        let again = Receipt::issue(receipt.fields().clone(), receipt.entry(), &signer);
        let again = again.and_then(|again| again.to_text());
        let same = again.is_ok_and(|again| text.starts_with(again.trim_end()));
        assert!(same, "a statement that no key signed");
    }
}

/// The path of a tile.
pub(crate) fn tile_path(bytes: &[u8]) {
    let Ok(path) = std::str::from_utf8(bytes) else { return };
    match path.parse::<TilePath>() {
        Ok(parsed @ TilePath::Hashes(id)) => {
            assert_eq!(parsed.to_string(), path);
            assert!((1..=TILE_WIDTH).contains(&id.width()));
        }
        Ok(parsed @ TilePath::Entries(id)) => {
            assert_eq!(parsed.to_string(), path);
            assert!((1..=TILE_WIDTH).contains(&id.width()));
        }
        Err(_) => {}
    }
}

/// Two sizes, two roots, and the hashes of a proof: checked as a proof of inclusion and as one of
/// consistency.
pub(crate) fn tree_proof(bytes: &[u8]) {
    let mut rest = bytes;
    let Some(first) = take::<8>(&mut rest).map(u64::from_be_bytes) else { return };
    let Some(second) = take::<8>(&mut rest).map(u64::from_be_bytes) else { return };
    let Some(start) = take::<32>(&mut rest).map(Hash::new) else { return };
    let Some(root) = take::<32>(&mut rest).map(Hash::new) else { return };
    let hashes: Vec<Hash> =
        rest.as_chunks::<32>().0.iter().take(200).copied().map(Hash::new).collect();
    let other = leaf_hash(bytes);
    if verify_inclusion(&start, first, second, &hashes, &root).is_ok() {
        assert!(verify_inclusion(&other, first, second, &hashes, &root).is_err());
        assert!(verify_inclusion(&start, first, second, &hashes, &other).is_err());
    }
    if verify_consistency(first, &start, second, &root, &hashes).is_ok() {
        assert!(verify_consistency(first, &other, second, &root, &hashes).is_err());
        // The empty tree is extended by every tree, whatever its root.
        if first > 0 {
            assert!(verify_consistency(first, &start, second, &other, &hashes).is_err());
        }
    }
}

/// A verifier key.
pub(crate) fn vkey(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(verifier) = Verifier::parse(text) {
        assert_eq!(verifier.vkey(), text);
    }
}
