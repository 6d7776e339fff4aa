//! Addresses for answers: `report+<token>@example.org`.
//!
//! The token names a case and proves that this deployment wrote it: the case's 128 bits and 80 bits of
//! HMAC-SHA-256 under a key that never leaves the deployment, in Crockford's base 32 (lower case,
//! because mail systems change the case of addresses). Who guesses one succeeds once in 2^80 tries.

use crate::model::CaseId;
use hmac::{Hmac, KeyInit, Mac};
use kernel::ids::PartyId;
use sha2::Sha256;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Bytes of a token: the case and the proof.
const BYTES: usize = 16 + PROOF_BYTES;
const PROOF_BYTES: usize = 10;
/// Characters of a token: 208 bits in groups of five.
const CHARACTERS: usize = (BYTES * 8).div_ceil(5);

fn proof(key: &[u8; 32], organisation: PartyId, case: CaseId) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(b"tickmark answer address v1\0");
    mac.update(&organisation.to_u128().to_be_bytes());
    mac.update(&case.to_u128().to_be_bytes());
    Some(mac)
}

fn write(bytes: &[u8; BYTES]) -> String {
    let bit = |n: usize| bytes.get(n / 8).map_or(0, |b| (b >> (7 - n % 8)) & 1);
    (0..CHARACTERS)
        .map(|c| (0..5).fold(0u8, |value, i| value << 1 | bit(c * 5 + i)))
        .map(|value| char::from(ALPHABET[usize::from(value)]))
        .collect()
}

fn read(text: &str) -> Option<[u8; BYTES]> {
    if text.len() != CHARACTERS {
        return None;
    }
    let mut bytes = [0u8; BYTES];
    for (c, letter) in text.bytes().enumerate() {
        let letter = letter.to_ascii_lowercase();
        let value = ALPHABET.iter().position(|a| *a == letter)?;
        for i in 0..5 {
            let n = c * 5 + i;
            if value >> (4 - i) & 1 == 1 {
                // A bit past the end must not be set: one text per token.
                *bytes.get_mut(n / 8)? |= 1 << (7 - n % 8);
            }
        }
    }
    Some(bytes)
}

/// The address for answers about a case. None when `mailbox` is no address.
#[must_use]
pub fn address(
    key: &[u8; 32],
    mailbox: &str,
    organisation: PartyId,
    case: CaseId,
) -> Option<String> {
    let (local, domain) = mailbox.rsplit_once('@')?;
    let tag = proof(key, organisation, case)?.finalize().into_bytes();
    let mut bytes = [0u8; BYTES];
    bytes[..16].copy_from_slice(&case.to_u128().to_be_bytes());
    bytes[16..].copy_from_slice(tag.get(..PROOF_BYTES)?);
    Some(format!("{local}+{}@{domain}", write(&bytes)))
}

/// What the addresses of a message say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressed {
    /// To the mailbox, or to nobody that we know.
    Plainly,
    /// To an address for answers about this case, which we gave.
    About(CaseId),
    /// To an address for answers that we never gave.
    Forged,
}

/// Looks for an address for answers among the recipients of a message.
pub fn addressed<'r>(
    key: &[u8; 32],
    mailbox: &str,
    organisation: PartyId,
    recipients: impl IntoIterator<Item = &'r str>,
) -> Addressed {
    let Some((local, domain)) = mailbox.rsplit_once('@') else { return Addressed::Plainly };
    let mut found = Addressed::Plainly;
    for recipient in recipients {
        let Some((to, at)) = recipient.rsplit_once('@') else { continue };
        let Some((name, token)) = to.split_once('+') else { continue };
        if !at.eq_ignore_ascii_case(domain) || !name.eq_ignore_ascii_case(local) {
            continue;
        }
        match verified(key, organisation, token) {
            // One that is right counts, whatever else stands beside it.
            Some(case) => return Addressed::About(case),
            None => found = Addressed::Forged,
        }
    }
    found
}

fn verified(key: &[u8; 32], organisation: PartyId, token: &str) -> Option<CaseId> {
    let bytes = read(token)?;
    let case = CaseId::from_u128(u128::from_be_bytes(bytes[..16].try_into().ok()?));
    proof(key, organisation, case)?.verify_truncated_left(&bytes[16..]).ok()?;
    Some(case)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: [u8; 32] = [7; 32];

    proptest! {
        #[test]
        fn an_address_is_read_back_and_no_other_is(case: u128, org: u128, flip in 0usize..CHARACTERS, by in 1u8..32) {
            let (organisation, case) = (PartyId::from_u128(org), CaseId::from_u128(case));
            let to = address(&KEY, "Report@alder.example", organisation, case).unwrap();
            prop_assert!(to.split('@').next().unwrap().len() <= 64, "a local part has 64 characters");
            let read = |to: &str| addressed(&KEY, "report@alder.example", organisation, [to]);
            prop_assert_eq!(read(&to), Addressed::About(case));
            prop_assert_eq!(read(&to.to_uppercase()), Addressed::About(case));
            // Another deployment, another organisation, one changed character.
            prop_assert_eq!(addressed(&[8; 32], "report@alder.example", organisation, [to.as_str()]), Addressed::Forged);
            let other = PartyId::from_u128(org ^ 1);
            prop_assert_eq!(addressed(&KEY, "report@alder.example", other, [to.as_str()]), Addressed::Forged);
            let mut wrong = to.clone().into_bytes();
            let at = "report+".len() + flip;
            let value = ALPHABET.iter().position(|a| *a == wrong[at]).unwrap();
            wrong[at] = ALPHABET[(value + usize::from(by)) % 32];
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(read(&wrong), Addressed::Forged);
        }

        #[test]
        fn no_address_panics(to in ".{0,80}") {
            let organisation = PartyId::from_u128(1);
            let _ = addressed(&KEY, "report@alder.example", organisation, [to.as_str()]);
            let _ = address(&KEY, &to, organisation, CaseId::from_u128(1));
        }
    }

    #[test]
    fn other_mailboxes_and_domains_are_not_ours() {
        let organisation = PartyId::from_u128(1);
        for to in ["report@alder.example", "report+x@other.example", "people+x@alder.example", "x"]
        {
            let found = addressed(&KEY, "report@alder.example", organisation, [to]);
            assert_eq!(found, Addressed::Plainly, "{to}");
        }
    }
}
