//! Sealing: one key per case, wrapped for those who may read. Pure: keys and nonces are arguments.
//!
//! The cipher is ChaCha20-Poly1305 (RFC 8439). A nonce is random and 96 bits long; a case has few
//! enough parts that a repeated one under the same key is not to be feared, and each file has a key of
//! its own, under which its pieces are counted.

use kernel::env::Env;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};

/// Bytes that sealing adds to a text: nonce and tag.
const ADDED: usize = NONCE_LEN + 16;
/// A file is sealed in pieces of this many bytes.
pub const PIECE: usize = 1 << 16;

/// The key of one case.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseKey([u8; 32]);

impl std::fmt::Debug for CaseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CaseKey")
    }
}

impl CaseKey {
    /// A fresh key.
    pub fn draw(env: &mut Env) -> Self {
        Self(env.bytes())
    }

    /// The key of the numbered file of the case.
    #[must_use]
    pub fn of_file(&self, number: &[u8; 16]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"tickmark file key v1\0");
        hash.update(self.0);
        hash.update(number);
        Self(hash.finalize().into())
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&CHACHA20_POLY1305, &self.0).ok().map(LessSafeKey::new)
    }

    /// Seals a text. `about` is not hidden but bound: a part moved to another place does not open.
    #[must_use]
    pub fn seal(&self, env: &mut Env, about: &str, text: &[u8]) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = env.bytes();
        let mut out = Vec::with_capacity(text.len() + ADDED);
        out.extend_from_slice(&nonce);
        let mut body = text.to_vec();
        self.cipher()?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(about.as_bytes()),
                &mut body,
            )
            .ok()?;
        out.extend_from_slice(&body);
        Some(out)
    }

    /// Opens what [`CaseKey::seal`] made; nothing when it was altered, moved, or sealed otherwise.
    #[must_use]
    pub fn open(&self, about: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
        let mut body = body.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let opened =
            self.cipher()?.open_in_place(nonce, Aad::from(about.as_bytes()), &mut body).ok()?.len();
        body.truncate(opened);
        Some(body)
    }

    /// This key, wrapped by another, for one holder.
    #[must_use]
    pub fn wrap(&self, env: &mut Env, by: &Self, about: &str) -> Option<Vec<u8>> {
        by.seal(env, about, &self.0)
    }

    /// A wrapped key.
    #[must_use]
    pub fn unwrap(by: &Self, about: &str, wrapped: &[u8]) -> Option<Self> {
        by.open(about, wrapped)?.try_into().ok().map(Self)
    }
}

/// The key with which a holder's copy of case keys is wrapped: `secret` is the deployment's for this
/// purpose, `holder` a group or a person of an organisation.
#[must_use]
pub fn holders_key(secret: &[u8; 32], organisation: &str, holder: &str) -> CaseKey {
    derived(b"tickmark case key holder v1\0", &[secret, organisation.as_bytes(), holder.as_bytes()])
}

/// The key with which the reporter's copy is wrapped: from the return code alone.
#[must_use]
pub fn reporters_key(code: &[u8]) -> CaseKey {
    derived(b"tickmark case key reporter v1\0", &[code])
}

fn derived(label: &[u8], parts: &[&[u8]]) -> CaseKey {
    let mut hash = Sha256::new();
    hash.update(label);
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    CaseKey(hash.finalize().into())
}

/// Seals a file in pieces, each with its number and whether it is the last, so that pieces can neither
/// change places nor be left off at the end.
pub struct FileSealer {
    cipher: LessSafeKey,
    waiting: Vec<u8>,
    piece: u64,
}

impl std::fmt::Debug for FileSealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileSealer").field("piece", &self.piece).finish_non_exhaustive()
    }
}

/// The nonce of a piece: its number, and 1 at the end for the last.
fn piece_nonce(piece: u64, last: bool) -> Nonce {
    let mut nonce = [0u8; NONCE_LEN];
    nonce[..8].copy_from_slice(&piece.to_be_bytes());
    nonce[NONCE_LEN - 1] = u8::from(last);
    Nonce::assume_unique_for_key(nonce)
}

impl FileSealer {
    /// Begins a file under its own key.
    #[must_use]
    pub fn new(key: &CaseKey) -> Option<Self> {
        Some(Self { cipher: key.cipher()?, waiting: Vec::new(), piece: 0 })
    }

    /// Takes bytes; returns what is sealed by now.
    #[must_use]
    pub fn push(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.waiting.extend_from_slice(bytes);
        let mut out = Vec::new();
        // One piece is held back: it may be the last.
        while self.waiting.len() > PIECE {
            let rest = self.waiting.split_off(PIECE);
            let piece = std::mem::replace(&mut self.waiting, rest);
            self.seal(piece, false, &mut out)?;
        }
        Some(out)
    }

    /// Seals what is left.
    #[must_use]
    pub fn finish(mut self) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let piece = std::mem::take(&mut self.waiting);
        self.seal(piece, true, &mut out)?;
        Some(out)
    }

    fn seal(&mut self, mut piece: Vec<u8>, last: bool, out: &mut Vec<u8>) -> Option<()> {
        let nonce = piece_nonce(self.piece, last);
        self.cipher.seal_in_place_append_tag(nonce, Aad::empty(), &mut piece).ok()?;
        self.piece = self.piece.checked_add(1)?;
        out.extend_from_slice(&piece);
        Some(())
    }
}

/// Opens a sealed file; nothing when a piece was altered, moved or cut off.
#[must_use]
pub fn open_file(key: &CaseKey, sealed: &[u8]) -> Option<Vec<u8>> {
    let cipher = key.cipher()?;
    let mut out = Vec::with_capacity(sealed.len());
    let pieces = sealed.chunks(PIECE + 16);
    let last = pieces.len().checked_sub(1)?;
    for (number, piece) in (0u64..).zip(pieces) {
        let nonce = piece_nonce(number, usize::try_from(number).ok()? == last);
        let mut piece = piece.to_vec();
        out.extend_from_slice(cipher.open_in_place(nonce, Aad::empty(), &mut piece).ok()?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Timestamp;
    use proptest::prelude::*;

    fn env(n: u8) -> Env {
        Env::new(Timestamp(0), [n; 32])
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_with_its_key_alone() {
        let mut env = env(1);
        let (key, other) = (CaseKey::draw(&mut env), CaseKey::draw(&mut env));
        let sealed = key.seal(&mut env, "a", b"secret").unwrap();
        assert_eq!(key.open("a", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(key.open("b", &sealed), None);
        assert_eq!(other.open("a", &sealed), None);
        let holder = holders_key(&[7; 32], "pty_1", "handlers");
        let wrapped = key.wrap(&mut env, &holder, "a").unwrap();
        assert_eq!(CaseKey::unwrap(&holder, "a", &wrapped), Some(key.clone()));
        for wrong in [
            holders_key(&[8; 32], "pty_1", "handlers"),
            holders_key(&[7; 32], "pty_2", "handlers"),
            holders_key(&[7; 32], "pty_1", "handler"),
            reporters_key(b"handlers"),
        ] {
            assert_eq!(CaseKey::unwrap(&wrong, "a", &wrapped), None);
        }
        assert_eq!(format!("{key:?}"), "CaseKey");
        assert_ne!(key.of_file(&[1; 16]), key.of_file(&[2; 16]));
    }

    proptest! {
        #[test]
        fn any_change_is_noticed(text in prop::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), bit in 0..8u8) {
            let mut env = env(2);
            let key = CaseKey::draw(&mut env);
            let mut sealed = key.seal(&mut env, "x", &text).unwrap();
            prop_assert_eq!(sealed.len(), text.len() + ADDED);
            prop_assert_eq!(key.open("x", &sealed), Some(text));
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert_eq!(key.open("x", &sealed), None);
        }

        #[test]
        fn files_open_however_they_arrived(len in 0..(3 * PIECE + 5), cut in 1..90_000usize) {
            let mut env = env(3);
            let key = CaseKey::draw(&mut env);
            let file: Vec<u8> = (0..len).map(|i| u8::try_from(i % 251).unwrap()).collect();
            let mut sealer = FileSealer::new(&key).unwrap();
            let mut sealed = Vec::new();
            for part in file.chunks(cut) {
                sealed.extend(sealer.push(part).unwrap());
            }
            sealed.extend(sealer.finish().unwrap());
            prop_assert_eq!(open_file(&key, &sealed), Some(file));
            // Cut off at a piece's end, or with two pieces exchanged, it does not open.
            if sealed.len() > PIECE + 16 {
                prop_assert_eq!(open_file(&key, &sealed[..PIECE + 16]), None);
                let mut swapped = sealed[PIECE + 16..].to_vec();
                swapped.extend_from_slice(&sealed[..PIECE + 16]);
                prop_assert_eq!(open_file(&key, &swapped), None);
            }
        }
    }
}
