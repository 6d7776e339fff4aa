//! Tests of the signed notes.

use super::*;

/// The signature, key and text published in the documentation of Go's `sumdb/note` package.
const GO_VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_SIGNATURE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn go_note() -> String {
    format!("{GO_TEXT}\n{GO_SIGNATURE}")
}

fn signer(name: &str, seed: u8) -> Signer {
    Signer::from_seed(name, [seed; 32]).unwrap()
}

#[test]
fn a_note_signed_by_another_implementation_opens_and_is_reproduced() {
    let key = Verifier::parse(GO_VKEY).unwrap();
    assert_eq!(key.vkey(), GO_VKEY);
    assert_eq!(key.open(go_note().as_bytes()).unwrap(), GO_TEXT);
    // The matching private key from the same documentation: base64 of 0x01 and the seed.
    let secret = BASE64_STANDARD.decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").unwrap();
    let signer = Signer::from_seed("PeterNeumann", secret[1..].try_into().unwrap()).unwrap();
    assert_eq!(signer.vkey(), GO_VKEY);
    assert_eq!(signer.sign(GO_TEXT).unwrap(), go_note());
}

#[test]
fn the_text_may_contain_empty_lines() {
    let key = signer("a", 1);
    for text in ["\n", "\n\n\n", "one\n\ntwo\n", "one\n\n"] {
        let note = key.sign(text).unwrap();
        assert_eq!(key.verifier().open(note.as_bytes()), Ok(text), "{text:?}");
    }
}

#[test]
fn unknown_signatures_are_ignored_and_known_ones_must_be_good() {
    let (ours, other, witness) = (signer("a", 1), signer("a", 2), signer("w", 3));
    let note = witness.cosign(&other.cosign(&ours.sign("text\n").unwrap()).unwrap()).unwrap();
    let parsed = SignedNote::parse(note.as_bytes()).unwrap();
    let verified = parsed.verify(&[ours.verifier().clone(), witness.verifier().clone()]).unwrap();
    assert_eq!(verified.by, [("a".to_owned(), ours.key_id()), ("w".to_owned(), witness.key_id())]);
    assert_eq!(verified.unknown, 1);
    // A signature in the name of a known key that does not fit sinks the note, good ones beside it or not.
    let foreign = ours.sign("other text\n").unwrap();
    let bad_line = foreign.strip_prefix("other text\n\n").unwrap();
    let spoiled = format!("{note}{bad_line}");
    assert_eq!(
        SignedNote::parse(spoiled.as_bytes())
            .unwrap()
            .verify(&[ours.verifier().clone(), witness.verifier().clone()]),
        Err(NoteError::WrongSignature { name: "a".into(), key_id: ours.key_id() })
    );
    // To a reader who knows only the witness it is one more unknown line.
    assert_eq!(witness.verifier().open(spoiled.as_bytes()), Ok("text\n"));
    let stranger = signer("stranger", 9);
    assert_eq!(
        stranger.verifier().open(note.as_bytes()),
        Err(NoteError::NoKnownSignature { wanted: "stranger".into(), found: "a, a, w".into() })
    );
    assert!(matches!(parsed.verify(&[]), Err(NoteError::NoKnownSignature { .. })));
}

#[test]
fn signing_twice_adds_nothing() {
    let key = signer("a", 1);
    let note = key.sign("text\n").unwrap();
    assert_eq!(key.cosign(&note).unwrap(), note);
    let doubled = format!("{note}{}", note.strip_prefix("text\n\n").unwrap());
    let verified =
        SignedNote::parse(doubled.as_bytes()).unwrap().verify(&[key.verifier().clone()]).unwrap();
    assert_eq!(verified.by.len(), 1);
}

#[test]
fn any_changed_byte_is_noticed() {
    let key = signer("example.com/log", 7);
    let note = key.sign("one\ntwo\n").unwrap();
    for position in 0..note.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut bytes = note.clone().into_bytes();
            bytes[position] ^= flip;
            assert!(key.verifier().open(&bytes).is_err(), "byte {position} with {flip:#x}");
        }
        assert!(key.verifier().open(&note.as_bytes()[..position]).is_err(), "cut at {position}");
    }
}

#[test]
fn malformed_notes_are_refused_with_their_reason() {
    let cases: [(&str, NoteError); 9] = [
        ("", NoteError::NoSignatures),
        ("text\n", NoteError::NoSignatures),
        ("text\n\n", NoteError::NoSignatures),
        ("text\n\n— a AAAAAAA=", NoteError::UnendedLine),
        ("te\rxt\n\n— a AAAAAAA=\n", NoteError::ControlCharacter),
        ("text\n\n— a AAAAAA==\n", NoteError::BadSignatureLine(1)),
        ("text\n\n— a AAAAAAA=\n- b AAAAAAA=\n", NoteError::BadSignatureLine(2)),
        ("text\n\n— a+b AAAAAAA=\n", NoteError::BadSignatureLine(1)),
        ("text\n\n— a\u{a0}b AAAAAAA=\n", NoteError::BadSignatureLine(1)),
    ];
    for (note, error) in cases {
        assert_eq!(SignedNote::parse(note.as_bytes()), Err(error), "{note:?}");
    }
    assert_eq!(SignedNote::parse(b"\xff\n\n"), Err(NoteError::NotUtf8));
    let line = "— a AAAAAAA=\n";
    assert!(SignedNote::parse(format!("t\n\n{}", line.repeat(64)).as_bytes()).is_ok());
    assert_eq!(
        SignedNote::parse(format!("t\n\n{}", line.repeat(65)).as_bytes()),
        Err(NoteError::TooManySignatures)
    );
    assert_eq!(SignedNote::parse(&vec![b'a'; MAX_NOTE_BYTES + 1]), Err(NoteError::TooLarge));
}

#[test]
fn bad_texts_and_names_cannot_be_signed() {
    let key = signer("a", 1);
    assert_eq!(key.sign("no end"), Err(NoteError::TextNotEnded));
    assert_eq!(key.sign("a\tb\n"), Err(NoteError::ControlCharacter));
    assert_eq!(key.sign(&format!("{}\n", "a".repeat(MAX_NOTE_BYTES))), Err(NoteError::TooLarge));
    for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb", "a\u{1}b", &"a".repeat(256)] {
        assert_eq!(Signer::from_seed(name, [1; 32]).err(), Some(NoteError::BadKeyName), "{name:?}");
    }
}

#[test]
fn bad_verifier_keys_are_refused_with_their_reason() {
    let vkey = signer("a", 1).vkey();
    let (head, key) = vkey.rsplit_once('+').map_or(("", ""), |(head, key)| (head, key));
    assert_eq!(Verifier::parse("a"), Err(NoteError::BadVerifierKey));
    assert_eq!(Verifier::parse("a+00000000"), Err(NoteError::BadVerifierKey));
    assert_eq!(
        Verifier::parse(&format!("a+00000000+{key}")),
        Err(NoteError::WrongKeyId("a".into()))
    );
    assert_eq!(
        Verifier::parse(&vkey.replacen('a', "b", 1)),
        Err(NoteError::WrongKeyId("b".into()))
    );
    assert_eq!(Verifier::parse(&format!("{head}+{key}=")), Err(NoteError::BadVerifierKey));
    assert_eq!(Verifier::parse(&format!("{head}+")), Err(NoteError::BadVerifierKey));
    assert_eq!(
        Verifier::parse(&format!("{head}+{}", "A".repeat(5000))),
        Err(NoteError::BadVerifierKey)
    );
    let witness_type = BASE64_STANDARD.encode([4u8; 33]);
    assert_eq!(
        Verifier::parse(&format!("a+00000000+{witness_type}")),
        Err(NoteError::UnsupportedKey { name: "a".into(), algorithm: 4 })
    );
}

#[test]
fn keys_under_which_anyone_can_sign_and_second_spellings_are_refused() {
    // The identity point, a point of order four, and a good point whose encoding is not reduced
    // (y = p + 3).
    let mut identity = [0u8; 32];
    identity[0] = 1;
    let order_four = [0u8; 32];
    let mut unreduced = [0xff; 32];
    (unreduced[0], unreduced[31]) = (0xf0, 0x7f);
    for public in [identity, order_four, unreduced] {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(&public);
        let vkey =
            format!("a+{}+{}", KeyId::of_ed25519("a", &public), BASE64_STANDARD.encode(bytes));
        assert_eq!(Verifier::parse(&vkey), Err(NoteError::BadPublicKey("a".into())));
    }
}

#[test]
fn the_secret_is_not_printed() {
    let printed = format!("{:?}", signer("a", 0xab));
    assert!(!printed.contains("171") && !printed.to_lowercase().contains("abab"), "{printed}");
}
