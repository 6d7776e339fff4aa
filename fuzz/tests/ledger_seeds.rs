//! The seeds of the `ledger` targets: made here, kept under `corpus/`, and compared, so that they
//! stay valid when a format changes. After such a change delete the old ones and run this test: it
//! writes what is missing, and fails once to say so.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ledger::{
    Checkpoint, Frontier, MemoryTree, Receipt, Signer, TlogProof, Trust, Verifier,
    consistency_proof, decode_bundle, encode_bundle, inclusion_proof, leaf_hash, root_at,
    tiles_to_write, verify_consistency, verify_inclusion,
};

/// Path under `corpus/` and content.
type Seed = (String, Vec<u8>);

/// The key that the targets check with.
fn signer() -> Signer {
    Signer::from_seed("example.com/log", [7; 32]).unwrap()
}

fn entries() -> Vec<Vec<u8>> {
    (0..11).map(|index| format!("entry {index}").into_bytes()).collect()
}

fn tree() -> MemoryTree {
    entries().iter().map(Vec::as_slice).collect()
}

/// A checkpoint of the whole tree, signed by the log and by a witness that nobody knows.
fn checkpoint_note() -> String {
    let checkpoint = Checkpoint::new(signer().name(), tree().size(), tree().root());
    let witness = Signer::from_seed("witness.example", [8; 32]).unwrap();
    witness.cosign(&checkpoint.sign(&signer()).unwrap()).unwrap()
}

fn notes() -> Vec<Seed> {
    let plain = signer().sign("one\n\ntwo\n").unwrap();
    signer().verifier().open(checkpoint_note().as_bytes()).unwrap();
    let mut extended = Checkpoint::new("example.com/log", 0, ledger::empty_root());
    extended.extensions = vec!["an extension".into(), "another".into()];
    let text = Checkpoint::new("example.com/log", 11, tree().root()).to_text().unwrap();
    vec![
        ("ledger_note/checkpoint".into(), checkpoint_note().into_bytes()),
        ("ledger_note/empty-line".into(), plain.into_bytes()),
        ("ledger_checkpoint/plain".into(), text.into_bytes()),
        ("ledger_checkpoint/extended".into(), extended.to_text().unwrap().into_bytes()),
        ("ledger_vkey/log".into(), signer().vkey().into_bytes()),
    ]
}

fn proof() -> TlogProof {
    TlogProof::new(4, inclusion_proof(4, 11, &tree()).unwrap(), &checkpoint_note())
}

fn proofs_and_receipts() -> Vec<Seed> {
    let keys = [signer().verifier().clone()];
    let mut with_extra = proof();
    with_extra.extra = Some(b"extra data".to_vec());
    with_extra.verify(b"entry 4", "example.com/log", &keys).unwrap();
    let pairs = [
        ("channel", "web"),
        ("received_at", "2026-03-09T07:12:44Z"),
        ("tracking_number", "TM-7F3K"),
    ];
    let fields: BTreeMap<String, String> =
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let promised = Receipt::issue(fields, b"entry 4", &signer()).unwrap();
    let proven = promised.clone().with_proof(proof(), &keys).unwrap();
    proven.verify(Trust::Pinned(&keys)).unwrap();
    let windows = proven.to_text().unwrap().replace('\n', "\r\n");
    vec![
        ("ledger_proof/plain".into(), proof().to_text().unwrap().into_bytes()),
        ("ledger_proof/extra".into(), with_extra.to_text().unwrap().into_bytes()),
        ("ledger_receipt/promised".into(), promised.to_text().unwrap().into_bytes()),
        ("ledger_receipt/proven".into(), proven.to_text().unwrap().into_bytes()),
        ("ledger_receipt/windows-line-ends".into(), windows.into_bytes()),
    ]
}

fn binary() -> Vec<Seed> {
    let bundle = encode_bundle(&entries()).unwrap();
    assert_eq!(decode_bundle(11, &bundle).unwrap(), entries());
    let mut frontier = Frontier::new();
    entries().iter().for_each(|entry| frontier.append(leaf_hash(entry)));

    let leaf = leaf_hash(b"entry 4");
    let inclusion = inclusion_proof(4, 11, &tree()).unwrap();
    verify_inclusion(&leaf, 4, 11, &inclusion, &tree().root()).unwrap();
    let old_root = root_at(6, &tree()).unwrap();
    let consistency = consistency_proof(6, 11, &tree()).unwrap();
    verify_consistency(6, &old_root, 11, &tree().root(), &consistency).unwrap();
    let tree_proof = |first: u64, start: ledger::Hash, hashes: Vec<ledger::Hash>| {
        let mut bytes = [first.to_be_bytes(), 11u64.to_be_bytes()].concat();
        for hash in [start, tree().root()].into_iter().chain(hashes) {
            bytes.extend_from_slice(hash.as_bytes());
        }
        bytes
    };
    vec![
        ("ledger_bundle/eleven".into(), [vec![10], bundle].concat()),
        ("ledger_bundle/empty-entry".into(), vec![0, 0, 0]),
        ("ledger_frontier/eleven".into(), frontier.to_bytes()),
        ("ledger_frontier/empty".into(), Frontier::new().to_bytes()),
        ("ledger_tree_proof/inclusion".into(), tree_proof(4, leaf, inclusion)),
        ("ledger_tree_proof/consistency".into(), tree_proof(6, old_root, consistency)),
    ]
}

fn tile_paths() -> Vec<Seed> {
    let paths: Vec<String> =
        tiles_to_write(300_000, 300_300).iter().map(ToString::to_string).collect();
    let mut seeds: Vec<Seed> = (0..)
        .zip(paths)
        .map(|(number, path): (u32, String)| {
            (format!("ledger_tile_path/hashes-{number}"), path.into_bytes())
        })
        .collect();
    seeds.push(("ledger_tile_path/entries".into(), b"tile/entries/x001/x234/067.p/8".to_vec()));
    seeds
}

fn seeds() -> Vec<Seed> {
    assert_eq!(Verifier::parse(&signer().vkey()).as_ref(), Ok(signer().verifier()));
    [notes(), proofs_and_receipts(), binary(), tile_paths()].concat()
}

fn corpus() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

#[test]
fn the_kept_seeds_are_those_made_here() {
    let mut written = Vec::new();
    for (path, content) in seeds() {
        let file = corpus().join(&path);
        if !file.exists() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, content).unwrap();
            written.push(path);
            continue;
        }
        let same = fs::read(&file).unwrap() == content;
        assert!(same, "fuzz/corpus/{path} is not what is made now; delete it and run this again");
    }
    assert!(
        written.is_empty(),
        "wrote {written:?} under fuzz/corpus; look at them and commit them"
    );
}
