//! Signed notes (C2SP `signed-note`): a text, an empty line, and one line for each signature.
//!
//! ```text
//! example.com/log
//! 2
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — example.com/log Az3grlgt…OAYQ8=
//! ```
//!
//! Only Ed25519 (signature type `0x01`) is made and checked. Signatures of keys that the reader
//! does not know are ignored, as the specification demands, so witnesses may add theirs. A
//! signature that claims to be of a known key must be valid, or the whole note is refused.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{SIGNATURE_LENGTH, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// Longest note that is read, in bytes: room for 16 post-quantum signatures of 5 kB.
pub const MAX_NOTE_BYTES: usize = 256 * 1024;

/// Most signature lines that are read in one note.
pub const MAX_SIGNATURES: usize = 64;

/// Longest key name of a key of our own or one that we trust, in bytes.
pub const MAX_NAME_BYTES: usize = 255;

/// Signature type of Ed25519 in key ids and in verifier keys.
const ED25519: u8 = 0x01;

/// What starts a signature line: an em dash and a space.
const SIGNATURE_PREFIX: &str = "\u{2014} ";

/// Why a note, a key name or a verifier key is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Larger than [`MAX_NOTE_BYTES`].
    #[error("the signed note is larger than 256 KiB")]
    TooLarge,
    /// Not UTF-8.
    #[error("the signed note is not valid UTF-8")]
    NotUtf8,
    /// A control character other than the line feed.
    #[error(
        "the signed note contains a control character; only line feeds are allowed (check for Windows line ends)"
    )]
    ControlCharacter,
    /// No empty line between text and signatures.
    #[error("the signed note has no empty line between its text and its signatures")]
    NoSignatures,
    /// The note does not end with a line feed.
    #[error("the last line of the signed note does not end with a line feed")]
    UnendedLine,
    /// More than [`MAX_SIGNATURES`].
    #[error("the signed note has more than 64 signatures")]
    TooManySignatures,
    /// A signature line is not `— name base64`.
    #[error(
        "signature line {0} of the note is not of the form \u{201c}\u{2014} name base64\u{201d}"
    )]
    BadSignatureLine(usize),
    /// The text to sign does not end with a line feed.
    #[error("a text must end with a line feed to be signed")]
    TextNotEnded,
    /// A key name that is empty, too long, or has a space, a plus sign or a control character.
    #[error("a key name must have 1 to 255 bytes and no space, plus sign or control character")]
    BadKeyName,
    /// Not `name+hash+base64`.
    #[error("a verifier key must be of the form \u{201c}name+hash+key\u{201d}")]
    BadVerifierKey,
    /// The id in a verifier key is not the hash of its name and key.
    #[error(
        "the id in the verifier key of {0} does not match its name and key: it was altered or mistyped"
    )]
    WrongKeyId(String),
    /// A verifier key of another type than Ed25519.
    #[error(
        "the verifier key of {name} is of type {algorithm:#04x}; only Ed25519 (0x01) is supported"
    )]
    UnsupportedKey {
        /// Name in the verifier key.
        name: String,
        /// Type byte in the verifier key.
        algorithm: u8,
    },
    /// Bytes that are no point of the curve, or one under which anyone can sign.
    #[error("the verifier key of {0} is not a usable Ed25519 public key")]
    BadPublicKey(String),
    /// A signature by a known key does not fit the text.
    #[error(
        "the signature by {name} ({key_id}) does not fit the text: the text or the signature was altered"
    )]
    WrongSignature {
        /// Name of the key.
        name: String,
        /// Id of the key.
        key_id: KeyId,
    },
    /// No signature is by a key that the reader knows.
    #[error(
        "the note carries no signature by a known key (wanted {wanted}; it is signed by {found})"
    )]
    NoKnownSignature {
        /// Names of the known keys, separated by commas.
        wanted: String,
        /// Names in the note's signature lines, separated by commas.
        found: String,
    },
}

/// The four bytes that, together with a name, say which key made a signature.
///
/// They identify, they do not protect: anyone can make a key with the same id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

impl KeyId {
    /// The id of an Ed25519 key: the first four bytes of `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)`.
    #[must_use]
    pub fn of_ed25519(name: &str, public_key: &[u8; 32]) -> Self {
        let hash = Sha256::new()
            .chain_update(name)
            .chain_update([b'\n', ED25519])
            .chain_update(public_key)
            .finalize();
        let [a, b, c, d, ..] = <[u8; 32]>::from(hash);
        Self([a, b, c, d])
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Whether the specification allows this as the name of a key.
fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+' || c < ' ')
}

fn check_own_name(name: &str) -> Result<(), NoteError> {
    if is_key_name(name) && name.len() <= MAX_NAME_BYTES {
        Ok(())
    } else {
        Err(NoteError::BadKeyName)
    }
}

fn has_control_character(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ' && byte != b'\n')
}

/// A key that signs notes. Its secret is wiped from memory when it is dropped and never printed.
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl Signer {
    /// Makes the key from its name and its 32-byte seed (the RFC 8032 private key).
    ///
    /// The name is the log's origin for a log's key.
    ///
    /// # Errors
    /// [`NoteError::BadKeyName`].
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<Self, NoteError> {
        check_own_name(name)?;
        let key = SigningKey::from_bytes(&seed);
        let public = key.verifying_key();
        let key_id = KeyId::of_ed25519(name, public.as_bytes());
        Ok(Self { key, verifier: Verifier { name: name.to_owned(), key_id, key: public } })
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.verifier.name
    }

    /// The key's id.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.verifier.key_id
    }

    /// The public half, which checks what this key signs.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The public half as text, `name+hash+key`: what is published and pinned.
    #[must_use]
    pub fn vkey(&self) -> String {
        self.verifier.vkey()
    }

    /// Signs a text and returns the whole note. Ed25519 is deterministic: the same text and key
    /// give the same note.
    ///
    /// # Errors
    /// When the text does not end with a line feed, has another control character, or is too large.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        if !text.ends_with('\n') {
            return Err(NoteError::TextNotEnded);
        }
        if has_control_character(text) {
            return Err(NoteError::ControlCharacter);
        }
        let note = format!("{text}\n{}", self.signature_line(text));
        if note.len() > MAX_NOTE_BYTES { Err(NoteError::TooLarge) } else { Ok(note) }
    }

    /// Adds this key's signature to a note that others have signed. A note that already has it
    /// comes back as it was.
    ///
    /// The other signatures are not checked; open the note first when they matter.
    ///
    /// # Errors
    /// When the note is malformed or would become too large.
    pub fn cosign(&self, note: &str) -> Result<String, NoteError> {
        let parsed = SignedNote::parse(note.as_bytes())?;
        let line = self.signature_line(parsed.text);
        if note[parsed.text.len()..].contains(&line) {
            return Ok(note.to_owned());
        }
        if parsed.signatures.len() >= MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let note = format!("{note}{line}");
        if note.len() > MAX_NOTE_BYTES { Err(NoteError::TooLarge) } else { Ok(note) }
    }

    fn signature_line(&self, text: &str) -> String {
        let mut bytes = self.verifier.key_id.0.to_vec();
        bytes.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{SIGNATURE_PREFIX}{} {}\n", self.verifier.name, BASE64_STANDARD.encode(bytes))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("vkey", &self.vkey()).finish_non_exhaustive()
    }
}

/// A public key that checks notes.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key_id: KeyId,
    key: VerifyingKey,
}

impl Verifier {
    /// Reads a verifier key: `name+hash+key`, where `hash` is the key id in eight hexadecimal
    /// digits and `key` is base64 of the type byte and the public key.
    ///
    /// # Errors
    /// [`NoteError`] when it is malformed, its id is wrong, it is not Ed25519, or the key is weak.
    pub fn parse(vkey: &str) -> Result<Self, NoteError> {
        // The name has no plus sign, the key may.
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(NoteError::BadVerifierKey);
        };
        check_own_name(name)?;
        // Longest encoded key that could be of any type; the rest is refused unread.
        if encoded.len() > 4096 {
            return Err(NoteError::BadVerifierKey);
        }
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| NoteError::BadVerifierKey)?;
        let (&algorithm, public) = bytes.split_first().ok_or(NoteError::BadVerifierKey)?;
        if algorithm != ED25519 {
            return Err(NoteError::UnsupportedKey { name: name.to_owned(), algorithm });
        }
        let public: &[u8; 32] = public.try_into().map_err(|_| NoteError::BadVerifierKey)?;
        let key_id = KeyId::of_ed25519(name, public);
        if key_id.to_string() != id {
            return Err(NoteError::WrongKeyId(name.to_owned()));
        }
        // Under a key of small order a signature can be made that fits every text. A point has one
        // encoding (RFC 8032, section 5.1.3); the library reads others as well.
        let key = VerifyingKey::from_bytes(public)
            .ok()
            .filter(|key| !key.is_weak() && key.to_edwards().compress().as_bytes() == public)
            .ok_or_else(|| NoteError::BadPublicKey(name.to_owned()))?;
        Ok(Self { name: name.to_owned(), key_id, key })
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's id.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The key as text, `name+hash+key`; [`Verifier::parse`] reads it.
    #[must_use]
    pub fn vkey(&self) -> String {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.key.as_bytes());
        format!("{}+{}+{}", self.name, self.key_id, BASE64_STANDARD.encode(bytes))
    }

    /// Checks that a note is signed by this key and returns its text, with its last line feed.
    ///
    /// # Errors
    /// [`NoteError`] when the note is malformed, not signed by this key, or altered.
    pub fn open<'n>(&self, note: &'n [u8]) -> Result<&'n str, NoteError> {
        let note = SignedNote::parse(note)?;
        note.verify(std::slice::from_ref(self))?;
        Ok(note.text)
    }

    fn signed(&self, signature: &Signature<'_>) -> bool {
        self.name == signature.name && self.key_id == signature.key_id
    }

    fn check(&self, text: &str, signature: &Signature<'_>) -> Result<(), NoteError> {
        <&[u8; SIGNATURE_LENGTH]>::try_from(signature.bytes.as_slice())
            .ok()
            .and_then(|bytes| {
                let signature = ed25519_dalek::Signature::from_bytes(bytes);
                self.key.verify_strict(text.as_bytes(), &signature).ok()
            })
            .ok_or_else(|| NoteError::WrongSignature {
                name: self.name.clone(),
                key_id: self.key_id,
            })
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({})", self.vkey())
    }
}

/// One signature line, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature<'n> {
    /// Name of the key that is said to have signed.
    pub name: &'n str,
    /// Id of that key.
    pub key_id: KeyId,
    /// The signature itself, in the form of its key's type.
    pub bytes: Vec<u8>,
}

impl<'n> Signature<'n> {
    /// Reads `— name base64`, without the line feed.
    fn parse(line: &'n str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
        if !is_key_name(name) {
            return None;
        }
        let mut bytes = BASE64_STANDARD.decode(encoded).ok()?;
        let key_id = KeyId(*bytes.first_chunk::<4>()?);
        bytes.drain(..4);
        if bytes.is_empty() { None } else { Some(Self { name, key_id, bytes }) }
    }
}

/// A note that was taken apart but whose signatures are **not yet checked**.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote<'n> {
    /// The text, with its last line feed. Ignore it until [`SignedNote::verify`] says yes.
    pub text: &'n str,
    /// The signature lines in their order; at least one.
    pub signatures: Vec<Signature<'n>>,
}

/// Which signatures of a note were checked and found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Name and id of each known key that signed, once each, in the order of the note.
    pub by: Vec<(String, KeyId)>,
    /// Number of signature lines by keys that the reader does not know; they say nothing.
    pub unknown: usize,
}

impl<'n> SignedNote<'n> {
    /// Takes a note apart without checking its signatures.
    ///
    /// # Errors
    /// [`NoteError`] when it is not in the form of the specification.
    pub fn parse(note: &'n [u8]) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLarge);
        }
        let note = std::str::from_utf8(note).map_err(|_| NoteError::NotUtf8)?;
        if has_control_character(note) {
            return Err(NoteError::ControlCharacter);
        }
        let end = note.rfind("\n\n").ok_or(NoteError::NoSignatures)? + 1;
        let (text, block) = (&note[..end], &note[end + 1..]);
        let Some(lines) = block.strip_suffix('\n') else {
            return Err(if block.is_empty() {
                NoteError::NoSignatures
            } else {
                NoteError::UnendedLine
            });
        };
        let mut signatures = Vec::new();
        for (number, line) in (1..).zip(lines.split('\n')) {
            if number > MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
            signatures.push(Signature::parse(line).ok_or(NoteError::BadSignatureLine(number))?);
        }
        Ok(Self { text, signatures })
    }

    /// Checks the signatures by the given keys. Every signature line that names one of them must
    /// be good, and there must be at least one.
    ///
    /// # Errors
    /// [`NoteError::WrongSignature`] and [`NoteError::NoKnownSignature`].
    pub fn verify(&self, keys: &[Verifier]) -> Result<Verified, NoteError> {
        let mut verified = Verified { by: Vec::new(), unknown: 0 };
        for signature in &self.signatures {
            let mut known = false;
            for key in keys.iter().filter(|key| key.signed(signature)) {
                key.check(self.text, signature)?;
                known = true;
            }
            let signer = (signature.name.to_owned(), signature.key_id);
            if !known {
                verified.unknown += 1;
            } else if !verified.by.contains(&signer) {
                verified.by.push(signer);
            }
        }
        if verified.by.is_empty() {
            return Err(NoteError::NoKnownSignature {
                wanted: names(keys.iter().map(Verifier::name)),
                found: names(self.signatures.iter().map(|signature| signature.name)),
            });
        }
        Ok(verified)
    }
}

/// Names for a sentence, cut short so that a hostile note cannot flood a message.
fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let listed: Vec<String> = names.take(4).map(|name| name.chars().take(100).collect()).collect();
    if listed.is_empty() { "nobody".to_owned() } else { listed.join(", ") }
}

#[cfg(test)]
#[path = "note_tests.rs"]
mod tests;
