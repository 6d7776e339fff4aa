//! Tests of the receipts.

use super::*;
use crate::hash::leaf_hash;
use crate::tree::{MemoryTree, TreeError, inclusion_proof};

const ENTRY: &[u8] = b"v1 entry bytes \x00\xff";

fn signer() -> Signer {
    Signer::from_seed("example.com/log", [5; 32]).unwrap()
}

fn fields() -> BTreeMap<String, String> {
    let pairs = [
        ("tracking_number", "TM-7F3K-92QX"),
        ("received_at", "2026-03-09T07:12:44Z"),
        ("channel", "web"),
        ("first_answer_by", "2026-03-10T16:30:00-04:00"),
        ("organisation", "Möller & Söhne – Lohnbüro"),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A log of seven entries with ours at index 4, and the proof of it.
fn proof(signer: &Signer) -> TlogProof {
    let mut tree = MemoryTree::new();
    for index in 0..7u8 {
        tree.append(if index == 4 { leaf_hash(ENTRY) } else { leaf_hash(&[index]) });
    }
    let checkpoint = Checkpoint::new(signer.name(), tree.size(), tree.root());
    TlogProof::new(4, inclusion_proof(4, 7, &tree).unwrap(), &checkpoint.sign(signer).unwrap())
}

fn whole() -> Receipt {
    let signer = signer();
    let receipt = Receipt::issue(fields(), ENTRY, &signer).unwrap();
    receipt.with_proof(proof(&signer), &[signer.verifier().clone()]).unwrap()
}

#[test]
fn a_receipt_verifies_from_its_file_alone() {
    let text = whole().to_text().unwrap();
    assert!(text.starts_with("tickmark-receipt@v1\nchannel: web\nfirst_answer_by: "), "{text}");
    let read = Receipt::parse(text.as_bytes()).unwrap();
    assert_eq!(read, whole());
    assert_eq!(read.to_text().unwrap(), text);
    let keys = [signer().verifier().clone()];
    for (trust, pinned) in [(Trust::Pinned(&keys), true), (Trust::AsStated, false)] {
        let verified = read.verify(trust).unwrap();
        assert_eq!(verified.fields, fields());
        assert_eq!(verified.entry, ENTRY);
        assert_eq!(verified.origin, "example.com/log");
        assert_eq!(verified.pinned, pinned);
        assert!(
            matches!(verified.place, Place::Logged { index: 4, ref checkpoint } if checkpoint.size == 7)
        );
    }
    // The second part is a proof that stands on its own.
    let (_, cut_out) = text.split_once(&format!("\n\n{PROOF_HEADER}\n")).unwrap();
    let cut_out = TlogProof::parse(format!("{PROOF_HEADER}\n{cut_out}").as_bytes()).unwrap();
    cut_out.verify(ENTRY, "example.com/log", &keys).unwrap();
}

#[test]
fn before_the_proof_it_is_a_promise() {
    let receipt = Receipt::issue(fields(), ENTRY, &signer()).unwrap();
    let read = Receipt::parse(receipt.to_text().unwrap().as_bytes()).unwrap();
    assert_eq!(read.verify(Trust::AsStated).unwrap().place, Place::Promised);
    assert!(read.proof().is_none());
}

#[test]
fn windows_line_ends_are_read() {
    let text = whole().to_text().unwrap();
    let read = Receipt::parse(text.replace('\n', "\r\n").as_bytes()).unwrap();
    assert_eq!(read, whole());
    assert!(read.verify(Trust::AsStated).is_ok());
}

#[test]
fn any_changed_byte_is_noticed() {
    let text = whole().to_text().unwrap();
    let keys = [signer().verifier().clone()];
    for position in 0..text.len() {
        for flip in [0x01, 0x02, 0x20, 0x80] {
            let mut bytes = text.clone().into_bytes();
            bytes[position] ^= flip;
            let accepted =
                Receipt::parse(&bytes).and_then(|receipt| receipt.verify(Trust::Pinned(&keys)));
            assert!(accepted.is_err(), "byte {position} with {flip:#x}");
        }
    }
}

#[test]
fn a_cut_receipt_never_passes_for_a_proven_one() {
    let text = whole().to_text().unwrap();
    for position in 0..text.len() {
        let outcome = Receipt::parse(&text.as_bytes()[..position])
            .and_then(|receipt| receipt.verify(Trust::AsStated));
        if let Ok(verified) = outcome {
            assert_eq!(verified.place, Place::Promised, "cut at {position}");
        }
    }
}

#[test]
fn keys_other_than_the_trusted_ones_are_refused() {
    let receipt = whole();
    let stranger = Signer::from_seed("example.com/log", [6; 32]).unwrap();
    let refused = receipt.verify(Trust::Pinned(&[stranger.verifier().clone()]));
    assert_eq!(refused, Err(ReceiptError::KeyNotTrusted { found: signer().vkey() }));
    assert!(matches!(receipt.verify(Trust::Pinned(&[])), Err(ReceiptError::KeyNotTrusted { .. })));
    // After a change of keys, old receipts hold under both.
    let both = [stranger.verifier().clone(), signer().verifier().clone()];
    assert!(receipt.verify(Trust::Pinned(&both)).is_ok());
}

#[test]
fn a_proof_of_another_entry_is_refused() {
    let signer = signer();
    let keys = [signer.verifier().clone()];
    let receipt = Receipt::issue(fields(), b"another entry", &signer).unwrap();
    assert_eq!(
        receipt.clone().with_proof(proof(&signer), &keys),
        Err(ReceiptError::Proof(ProofError::NotIncluded(TreeError::WrongRoot)))
    );
    // Stitched together by hand it reads, but does not verify.
    let stitched = format!("{}\n{}", receipt.to_text().unwrap(), proof(&signer).to_text().unwrap());
    let read = Receipt::parse(stitched.as_bytes()).unwrap();
    assert!(matches!(
        read.verify(Trust::AsStated),
        Err(ReceiptError::Proof(ProofError::NotIncluded(_)))
    ));
}

#[test]
fn a_statement_signed_by_another_key_is_refused() {
    let forger = Signer::from_seed("example.com/log", [6; 32]).unwrap();
    let honest = Receipt::issue(fields(), ENTRY, &signer()).unwrap().to_text().unwrap();
    let (text, _) = honest.rsplit_once("\n\n").unwrap();
    let forged = forger.sign(&format!("{text}\n")).unwrap();
    let read = Receipt::parse(forged.as_bytes()).unwrap();
    assert!(matches!(
        read.verify(Trust::AsStated),
        Err(ReceiptError::Statement(NoteError::NoKnownSignature { .. }))
    ));
}

#[test]
fn fields_that_could_mislead_are_not_issued() {
    let issue = |name: &str, value: &str| {
        let fields = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        Receipt::issue(fields, ENTRY, &signer()).map(|_| ())
    };
    assert_eq!(issue("a1_b", "x"), Ok(()));
    for name in ["", "A", "1a", "_a", "a b", "a:", "log", "entry", "é", &"a".repeat(65)] {
        let shown = name.chars().take(64).collect();
        assert_eq!(issue(name, "x"), Err(ReceiptError::BadFieldName(shown)), "{name:?}");
    }
    for value in ["", " x", "x ", "a\nb", "a\u{85}b", "a\u{2028}b", "a\u{202e}b", &"a".repeat(1025)]
    {
        assert_eq!(issue("a", value), Err(ReceiptError::BadFieldValue("a".into())), "{value:?}");
    }
    assert_eq!(issue("a", &"ä".repeat(512)), Ok(()));
    let many = |count: usize| (0..count).map(|n| (format!("f{n}"), "x".to_owned())).collect();
    assert!(Receipt::issue(many(64), ENTRY, &signer()).is_ok());
    assert_eq!(Receipt::issue(many(65), ENTRY, &signer()), Err(ReceiptError::TooManyFields));
    assert_eq!(Receipt::issue(fields(), b"", &signer()), Err(ReceiptError::BadEntry));
    let longest = vec![0; MAX_ENTRY_BYTES + 1];
    assert_eq!(Receipt::issue(fields(), &longest, &signer()), Err(ReceiptError::BadEntry));
    assert!(Receipt::issue(fields(), &longest[1..], &signer()).is_ok());
}

#[test]
fn malformed_files_are_refused_with_their_reason() {
    let signed = |text: &str| signer().sign(text).unwrap();
    let vkey = signer().vkey();
    let tail = format!("log: {vkey}\nentry: AA==\n");
    let cases = [
        (String::new(), ReceiptError::NotAReceipt),
        ("hello".into(), ReceiptError::NotAReceipt),
        (signed("tickmark-receipt@v2\n"), ReceiptError::NotAReceipt),
        (RECEIPT_HEADER.into(), ReceiptError::Statement(NoteError::NoSignatures)),
        (signed(&format!("{RECEIPT_HEADER}\n")), ReceiptError::Incomplete),
        (signed(&format!("{RECEIPT_HEADER}\nentry: AA==\n")), ReceiptError::Incomplete),
        (signed(&format!("{RECEIPT_HEADER}\na\n{tail}")), ReceiptError::BadLine(2)),
        (signed(&format!("{RECEIPT_HEADER}\nb: 1\na: 1\n{tail}")), ReceiptError::BadLine(3)),
        (signed(&format!("{RECEIPT_HEADER}\na: 1\na: 2\n{tail}")), ReceiptError::BadLine(3)),
        (
            signed(&format!("{RECEIPT_HEADER}\nA: 1\n{tail}")),
            ReceiptError::BadFieldName("A".into()),
        ),
        (
            signed(&format!("{RECEIPT_HEADER}\na:  1\n{tail}")),
            ReceiptError::BadFieldValue("a".into()),
        ),
        (
            signed(&format!("{RECEIPT_HEADER}\nlog: x\nentry: AA==\n")),
            ReceiptError::BadLogKey(NoteError::BadVerifierKey),
        ),
        (signed(&format!("{RECEIPT_HEADER}\nlog: {vkey}\nentry: A\n")), ReceiptError::BadEntry),
        (signed(&format!("{RECEIPT_HEADER}\n{tail}\n")), ReceiptError::BadLine(4)),
        (
            signed(&format!("{RECEIPT_HEADER}\n{}{tail}", "a: 1\n".repeat(65))),
            ReceiptError::TooManyFields,
        ),
    ];
    for (text, error) in cases {
        assert_eq!(Receipt::parse(text.as_bytes()), Err(error), "{text}");
    }
    assert_eq!(Receipt::parse(b"\xff"), Err(ReceiptError::NotUtf8));
    assert_eq!(Receipt::parse(&vec![b'a'; MAX_RECEIPT_BYTES + 1]), Err(ReceiptError::TooLarge));
    let broken_proof = whole().to_text().unwrap().replace("\nindex 4\n", "\nindex four\n");
    assert_eq!(
        Receipt::parse(broken_proof.as_bytes()),
        Err(ReceiptError::Proof(ProofError::BadIndex))
    );
}

#[test]
fn a_statement_is_never_a_checkpoint() {
    let statement = Receipt::issue(BTreeMap::new(), ENTRY, &signer()).unwrap().to_text().unwrap();
    let keys = [signer().verifier().clone()];
    assert!(Checkpoint::open(statement.as_bytes(), "example.com/log", &keys).is_err());
    assert!(Checkpoint::open(statement.as_bytes(), RECEIPT_HEADER, &keys).is_err());
}
