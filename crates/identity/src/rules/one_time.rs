//! Time-based one-time codes (RFC 6238): six digits, thirty seconds, SHA-1, as every authenticator
//! reads them. A code is accepted one step early or late, and never twice.

use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use totp_rs::{Algorithm, Builder, Totp};

/// Bytes of a new secret (RFC 4226 recommends 160 bits).
pub const SECRET_BYTES: usize = 20;
/// Seconds of one step.
const STEP_SECONDS: u64 = 30;
/// How many steps early or late a code is accepted.
const SKEW: u16 = 1;

/// What a code was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// Right; codes up to this step are spent from now on.
    Right {
        /// The number of the step since 1970.
        step: i64,
    },
    /// Right once, and spent.
    Again,
    /// Not right.
    Wrong,
}

fn totp(secret: &[u8], account: &str, issuer: &str) -> Result<Totp, Refusal> {
    let builder = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(SKEW)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret.to_vec())
        .with_account_name(account.replace(':', " "))
        .with_issuer(Some(issuer.replace(':', " ")));
    builder.build().map_err(|e| Refusal::state(format!("The second factor cannot be read: {e}.")))
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.seconds_since(Timestamp(0))).unwrap_or(0)
}

/// Checks a code of a secret at `now`; `spent` is the last step whose code was accepted.
///
/// # Errors
/// When the stored secret cannot be used (a fault of the record).
pub fn check(secret: &[u8], code: &str, now: Timestamp, spent: i64) -> Result<Checked, Refusal> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).take(16).collect();
    let plain = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit());
    // Before the skew's worth of 1970 there is no earlier step to subtract.
    if !plain || seconds(now) < STEP_SECONDS * 2 {
        return Ok(Checked::Wrong);
    }
    let Some(step) = totp(secret, "x", "x")?.check(&digits, seconds(now)) else {
        return Ok(Checked::Wrong);
    };
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    Ok(if step > spent { Checked::Right { step } } else { Checked::Again })
}

/// The code of a secret at `at`; what an authenticator shows. For tests and for nothing else in the
/// product.
///
/// # Errors
/// As [`check`].
pub fn code_at(secret: &[u8], at: Timestamp) -> Result<String, Refusal> {
    Ok(totp(secret, "x", "x")?.generate(seconds(at)).to_string())
}

/// The address that an authenticator reads from a QR code.
///
/// # Errors
/// When the secret or the name cannot be written so.
pub fn address(secret: &[u8], account: &str, issuer: &str) -> Result<String, Refusal> {
    totp(secret, account, issuer)?
        .to_url()
        .map_err(|e| Refusal::state(format!("The second factor cannot be written: {e}.")))
}

/// The secret as text for typing: base 32 in groups of four.
///
/// # Errors
/// As [`address`].
pub fn in_words(secret: &[u8]) -> Result<String, Refusal> {
    let text = totp(secret, "x", "x")?.secret().to_base32();
    let letters: Vec<char> = text.chars().filter(|c| *c != '=').collect();
    Ok(letters.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(" "))
}

/// The address as a QR code: an SVG with black modules on white, four modules of quiet zone
/// (ISO/IEC 18004), sized by its view box.
///
/// # Errors
/// When the address is longer than a QR code holds.
pub fn qr_svg(address: &str, title: &str) -> Result<String, Refusal> {
    use qrcodegen::{QrCode, QrCodeEcc};
    use std::fmt::Write as _;
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).map_err(|_| {
        Refusal::state("The address is too long for a QR code: type the secret instead.")
    })?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{},{}h1v1h-1z", x + 4, y + 4);
        }
    }
    let side = code.size() + 8;
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"240\" height=\"240\" role=\"img\" shape-rendering=\"crispEdges\"><title>{title}</title><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret of its SHA-1 vectors.
    const RFC: &[u8] = b"12345678901234567890";

    #[test]
    fn the_vectors_of_rfc_6238() {
        // Appendix B gives eight digits; six digits are their last six.
        for (time, eight) in [
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let at = Timestamp(time * 1_000_000);
            assert_eq!(code_at(RFC, at).unwrap(), eight[2..]);
            let step = time / 30;
            assert_eq!(check(RFC, &eight[2..], at, 0).unwrap(), Checked::Right { step });
        }
        // The first vector lies in the second step of 1970.
        assert_eq!(code_at(RFC, Timestamp(59_000_000)).unwrap(), "287082");
    }

    #[test]
    fn a_code_is_good_one_step_around_and_once() {
        let at = Timestamp(1_234_567_890 * 1_000_000);
        let code = code_at(RFC, at).unwrap();
        let step = 1_234_567_890 / 30;
        for late in [-30, 0, 30] {
            let found = check(RFC, &code, at.plus_seconds(late), 0).unwrap();
            assert_eq!(found, Checked::Right { step });
        }
        for far in [-60, 60, 3600] {
            assert_eq!(check(RFC, &code, at.plus_seconds(far), 0).unwrap(), Checked::Wrong);
        }
        assert_eq!(check(RFC, &code, at, step).unwrap(), Checked::Again);
        assert_eq!(check(RFC, &code, at, step + 1).unwrap(), Checked::Again);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(check(RFC, &spaced, at, step - 1).unwrap(), Checked::Right { step });
        for odd in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(check(RFC, odd, at, 0).unwrap(), Checked::Wrong);
        }
    }

    #[test]
    fn an_authenticator_can_read_it() {
        let address = address(RFC, "ada@example.com", "Tickmark").unwrap();
        assert!(address.starts_with("otpauth://totp/Tickmark:ada"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{address}");
        assert_eq!(in_words(RFC).unwrap(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let svg = qr_svg(&address, "QR <code>").unwrap();
        assert!(svg.contains("<title>QR &lt;code></title>") && svg.contains("M4,4h1"));
    }

    proptest::proptest! {
        #[test]
        fn no_input_panics(code in "\\PC{0,40}", at in proptest::num::i64::ANY) {
            let _ = check(RFC, &code, Timestamp(at), 0);
        }
    }
}
