//! Tracking numbers and return codes: what a reporter takes away.
//!
//! Both are written in Crockford's base 32 (no I, L, O, U), so that they survive being read over the
//! telephone. The return code is secret: 100 random bits and a check character. The tracking number is
//! public, follows from the code under a key of the deployment (so nobody else can tell one from the
//! other, nor how many reports there are) and carries a check character. One index then finds a report
//! by either, and each report puts one key into a place of its own instead of two.

use hmac::{Hmac, KeyInit, Mac};
use kernel::env::Env;
use sha2::Sha256;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a tracking number before its check character: 45 bits.
const NUMBER_CHARACTERS: usize = 9;
/// Characters of a return code before its check character: 100 bits.
const CODE_CHARACTERS: usize = 20;

/// Luhn's algorithm modulo 32: finds every single wrong character and almost every swap of neighbours.
fn check_character(values: &[u8]) -> u8 {
    let sum: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(i, v)| {
            let addend = u32::from(*v) * if i % 2 == 0 { 2 } else { 1 };
            addend / 32 + addend % 32
        })
        .sum();
    u8::try_from((32 - sum % 32) % 32).unwrap_or(0)
}

fn draw(env: &mut Env, n: usize) -> Vec<u8> {
    (0..n).map(|_| u8::try_from(env.below(32)).unwrap_or(0)).collect()
}

fn write(values: &[u8], groups: &[usize]) -> String {
    let mut all = values.to_vec();
    all.push(check_character(values));
    let mut rest = all.as_slice();
    let mut parts = Vec::new();
    for n in groups {
        let (head, tail) = rest.split_at((*n).min(rest.len()));
        parts.push(head.iter().map(|v| char::from(ALPHABET[usize::from(*v)])).collect::<String>());
        rest = tail;
    }
    parts.join("-")
}

/// Reads characters as people write them: any case, spaces and hyphens anywhere, O for 0, I and L for 1.
fn read(text: &str, n: usize) -> Option<Vec<u8>> {
    if text.len() > 100 {
        return None;
    }
    let mut values = Vec::with_capacity(n + 1);
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        let value = ALPHABET.iter().position(|a| char::from(*a) == c)?;
        values.push(u8::try_from(value).ok()?);
    }
    let check = values.pop()?;
    (values.len() == n && check_character(&values) == check).then_some(values)
}

/// The tracking number that belongs to a return code under a key of the deployment: `TM-7K3Q9-2XD4C`,
/// the last character checking the others. `None` when it is not a code.
#[must_use]
pub fn tracking_number(key: &[u8; 32], code: &str) -> Option<String> {
    let digest = keyed(key, b"tickmark tracking number v1\0", code)?;
    let values: Vec<u8> = digest.iter().take(NUMBER_CHARACTERS).map(|byte| byte % 32).collect();
    Some(format!("TM-{}", write(&values, &[5, 5])))
}

/// A tracking number as a person typed it, in its one spelling; `None` when it is not one.
#[must_use]
pub fn parse_tracking_number(text: &str) -> Option<String> {
    let text = text.trim();
    let body = text.get(..2).filter(|p| p.eq_ignore_ascii_case("tm")).map_or(text, |_| &text[2..]);
    Some(format!("TM-{}", write(&read(body, NUMBER_CHARACTERS)?, &[5, 5])))
}

/// A fresh return code: five groups of four characters and a check character.
pub fn return_code(env: &mut Env) -> String {
    write(&draw(env, CODE_CHARACTERS), &[4, 4, 4, 4, 5])
}

/// What is stored of a return code: at 100 bits of randomness a plain digest under a key of the
/// deployment is enough, and no slow hash stands on the public path. `None` when it is not a code.
#[must_use]
pub fn code_digest(key: &[u8; 32], text: &str) -> Option<Vec<u8>> {
    keyed(key, b"tickmark return code v1\0", text).map(|digest| digest.to_vec())
}

fn keyed(key: &[u8; 32], purpose: &[u8], code: &str) -> Option<[u8; 32]> {
    let values = read(code, CODE_CHARACTERS)?;
    let mut hash = Hmac::<Sha256>::new_from_slice(key).ok()?;
    hash.update(purpose);
    hash.update(&values);
    Some(hash.finalize().into_bytes().into())
}

/// The bits of a return code, from which the reporter's own key follows. `None` when it is not a code.
#[must_use]
pub fn code_secret(text: &str) -> Option<Vec<u8>> {
    read(text, CODE_CHARACTERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Timestamp;

    #[test]
    fn numbers_and_codes_are_read_back_as_people_write_them() {
        let mut env = Env::new(Timestamp(0), [1; 32]);
        for _ in 0..200 {
            let code = return_code(&mut env);
            let number = tracking_number(&[1; 32], &code).unwrap();
            assert_eq!(tracking_number(&[1; 32], &code.to_lowercase()), Some(number.clone()));
            assert_ne!(tracking_number(&[2; 32], &code), Some(number.clone()));
            let spoken =
                number.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(
                parse_tracking_number(&spoken).as_deref(),
                Some(number.as_str()),
                "{spoken}"
            );
            let digest = |key: u8, code: &str| code_digest(&[key; 32], code);
            assert_eq!(digest(1, &code), digest(1, &code.to_lowercase().replace('-', "")));
            assert_ne!(digest(1, &code), digest(2, &code));
            assert!(digest(1, &code).is_some());
        }
    }

    #[test]
    fn one_wrong_character_is_noticed() {
        let mut env = Env::new(Timestamp(0), [2; 32]);
        let number = tracking_number(&[2; 32], &return_code(&mut env)).unwrap();
        for (i, c) in number.char_indices().skip(3).filter(|(_, c)| *c != '-') {
            for other in ALPHABET.iter().map(|a| char::from(*a)).filter(|o| *o != c) {
                let mut wrong = number.clone();
                wrong.replace_range(i..=i, &other.to_string());
                assert_eq!(parse_tracking_number(&wrong), None, "{wrong}");
            }
        }
    }

    use proptest::prelude::*;
    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,120}") {
            let _ = (parse_tracking_number(&text), code_digest(&[0; 32], &text));
            prop_assert_eq!(tracking_number(&[0; 32], &text).is_some(), code_digest(&[0; 32], &text).is_some());
        }
    }
}
