//! Secrets: how they are made, what is kept of them, how passwords are hashed.
//!
//! Codes and tokens carry at least 80 bits of randomness, so one SHA-256 is enough to keep them by.
//! Passwords carry what people choose, so they are kept by Argon2id with the parameters that OWASP's
//! Password Storage Cheat Sheet names first for it: 19 MiB, 2 passes, 1 lane.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kernel::env::Env;
use kernel::refusal::Refusal;
use sha2::{Digest, Sha256};

/// Memory of one hash, in KiB.
pub const MEMORY_KIB: u32 = 19_456;
/// Passes of one hash.
const PASSES: u32 = 2;
/// Lanes of one hash.
const LANES: u32 = 1;
/// The shortest password, in characters (NIST SP 800-63B-4 asks 15 of a password that is the only
/// factor, 8 beside a second one; 12 without rules of composition lies between).
pub const PASSWORD_CHARS_MIN: usize = 12;
/// The longest password, in bytes.
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// How many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 10;
/// What every token begins with, so that scanners of leaked text know one.
pub const TOKEN_PREFIX: &str = "tmk_";
/// The longest token or code that is looked at.
const SECRET_BYTES_MAX: usize = 128;
/// Crockford's letters: none that are mistaken for another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What is kept of a code or a token.
#[must_use]
pub fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// A code or token as it was given, if it has a bearable length.
#[must_use]
pub fn bounded(secret: &str) -> Option<&str> {
    (!secret.is_empty() && secret.len() <= SECRET_BYTES_MAX).then_some(secret)
}

/// A new API token: 256 bits.
pub fn new_token(env: &mut Env) -> String {
    format!("{TOKEN_PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(env.bytes::<32>()))
}

/// A new code of an invitation: 256 bits, fit for an address.
pub fn new_code(env: &mut Env) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(env.bytes::<32>())
}

/// New recovery codes: 80 bits each, `xxxx-xxxx-xxxx-xxxx`.
pub fn new_recovery_codes(env: &mut Env) -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let letters: Vec<char> = env
                .bytes::<16>()
                .iter()
                .map(|byte| char::from(LETTERS[usize::from(byte & 31)]))
                .collect();
            letters
                .chunks(4)
                .map(|part| part.iter().collect::<String>())
                .collect::<Vec<_>>()
                .join("-")
        })
        .collect()
}

/// What is kept of a recovery code; blanks, hyphens and case do not count, and letters that look
/// like digits are read as those.
#[must_use]
pub fn recovery_digest(code: &str) -> Vec<u8> {
    let plain: String = code
        .chars()
        .take(SECRET_BYTES_MAX)
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    digest(&plain)
}

/// A password that may be set: bounded, not one of the first that are tried.
///
/// # Errors
/// [`Refusal::Input`] on the field `password`.
pub fn acceptable_password(password: &str, about: &[&str]) -> Result<(), Refusal> {
    let refuse = |why: String| Err(Refusal::field("password", why));
    let length = password.chars().count();
    if length < PASSWORD_CHARS_MIN {
        return refuse(format!(
            "This password has {length} characters; at least {PASSWORD_CHARS_MIN} are needed. Several words in a row are easy to keep in mind."
        ));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return refuse(format!("This password is longer than {PASSWORD_BYTES_MAX} bytes."));
    }
    let mut letters: Vec<char> = password.to_lowercase().chars().collect();
    let lower: String = letters.iter().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() < 5 {
        return refuse("This password repeats the same few characters. Choose another.".into());
    }
    let known = about.iter().any(|word| word.chars().count() >= 4 && lower == word.to_lowercase());
    let counted = "01234567890123456789012345678901234567890".contains(&lower)
        || "abcdefghijklmnopqrstuvwxyz".contains(&lower)
        || lower.starts_with("password1")
        || lower.starts_with("qwertyuiop");
    if known || counted {
        return refuse(
            "This password would be among the first to be tried. Choose another.".into(),
        );
    }
    Ok(())
}

fn hasher() -> Argon2<'static> {
    // The parameters are constants within the library's bounds; its own default is the same.
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password: a PHC string. Takes tens of milliseconds and 19 MiB, so it never runs inside a
/// transaction.
///
/// # Errors
/// [`Refusal::Input`] when the password cannot be hashed (longer than the library takes).
pub fn hash_password(password: &str, salt: [u8; 16]) -> Result<String, Refusal> {
    hasher()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|e| Refusal::field("password", format!("This password cannot be hashed: {e}.")))
}

/// Whether a password belongs to a hash. Without a hash (an address that nobody has, an account
/// without password) the same work is done and the answer is no, so that time tells nothing.
#[must_use]
pub fn password_matches(password: &str, hash: Option<&str>) -> bool {
    let password = if password.len() > PASSWORD_BYTES_MAX { "" } else { password };
    if let Some(Ok(hash)) = hash.map(PasswordHash::new) {
        return hasher().verify_password(password.as_bytes(), &hash).is_ok()
            && !password.is_empty();
    }
    let spent = hash_password(password, [0x5a; 16]);
    std::hint::black_box(spent.is_ok());
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Timestamp;

    #[test]
    fn passwords_are_kept_by_argon2id_with_the_stated_parameters() {
        let hash = hash_password("a horse and a battery", [1; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(password_matches("a horse and a battery", Some(&hash)));
        assert!(!password_matches("a horse and a batterz", Some(&hash)));
        assert!(!password_matches("", Some(&hash)));
        assert!(!password_matches("a horse and a battery", None));
        assert!(!password_matches("a horse and a battery", Some("not a hash")));
        assert_ne!(hash, hash_password("a horse and a battery", [2; 16]).unwrap());
    }

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        for weak in ["short", "aaaaaaaaaaaaaaaa", "123456789012", "Password1234", "ada@example.com"]
        {
            assert!(acceptable_password(weak, &["ada@example.com"]).is_err(), "{weak}");
        }
        assert!(acceptable_password(&"x y z w v ".repeat(200), &[]).is_err());
        assert!(acceptable_password("a horse and a battery", &["ada@example.com"]).is_ok());
        assert!(acceptable_password("ünïcode wörter täglich", &[]).is_ok());
    }

    #[test]
    fn codes_differ_and_are_read_as_people_type_them() {
        let mut env = Env::new(Timestamp(0), [9; 32]);
        let codes = new_recovery_codes(&mut env);
        assert_eq!(codes.len(), RECOVERY_CODES);
        for code in &codes {
            assert_eq!(code.len(), 19);
            let typed = code.to_uppercase().replace('-', " ").replace('0', "O").replace('1', "l");
            assert_eq!(recovery_digest(&typed), recovery_digest(code));
            assert_eq!(codes.iter().filter(|c| *c == code).count(), 1);
        }
        let (one, other) = (new_token(&mut env), new_token(&mut env));
        assert!(one.starts_with("tmk_") && one.len() == 47 && one != other);
        assert_eq!(digest(&one).len(), 32);
        assert_eq!(bounded(&"x".repeat(200)), None);
    }
}
