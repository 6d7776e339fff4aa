//! Verifying a signed message, as <https://www.standardwebhooks.com> specifies it.
//!
//! The time is an argument, so that a test and a replay decide as the server did.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::env::Env;
use kernel::time::{MICROS_PER_SECOND, Timestamp};

/// How far the clock of the sender may be from ours, in seconds.
pub const TOLERANCE_SECONDS: i64 = 300;
/// The longest id of a message, in bytes.
pub const ID_BYTES_MAX: usize = 200;

/// The three headers of a message.
#[derive(Debug, Clone)]
pub struct Signed {
    /// `webhook-id`: the same at every attempt.
    pub id: String,
    /// `webhook-timestamp`: the second of this attempt.
    pub timestamp: i64,
    /// `webhook-signature`: one or more of `v1,…`, with spaces between them.
    pub signature: String,
}

/// Why a message was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// A header is missing or is not what it should be.
    #[error(
        "The headers webhook-id, webhook-timestamp and webhook-signature are needed, as Standard Webhooks specifies them."
    )]
    Headers,
    /// The secret kept here cannot be used.
    #[error("The secret of this source cannot be used. Make a new one.")]
    Secret,
    /// Signed too long ago, or in the future.
    #[error(
        "The timestamp is more than five minutes from now. Check the clock, and sign every attempt anew."
    )]
    Time,
    /// No signature fits.
    #[error("No signature fits the message and the secret of this source.")]
    Signature,
}

impl Distrust {
    /// The word under which it is counted.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Secret => "secret",
            Self::Time => "time",
            Self::Signature => "signature",
        }
    }
}

impl Signed {
    /// Reads the headers.
    ///
    /// # Errors
    /// [`Distrust::Headers`].
    pub fn read(headers: &http::HeaderMap) -> Result<Self, Distrust> {
        let text = |name: &str| {
            let mut all = headers.get_all(name).iter();
            match (all.next().and_then(|v| v.to_str().ok()), all.next()) {
                (Some(one), None) => Ok(one.to_owned()),
                _ => Err(Distrust::Headers),
            }
        };
        let id = text(standardwebhooks::HEADER_WEBHOOK_ID)?;
        let good =
            (1..=ID_BYTES_MAX).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
        if !good {
            return Err(Distrust::Headers);
        }
        let timestamp = text(standardwebhooks::HEADER_WEBHOOK_TIMESTAMP)?;
        let timestamp = timestamp.parse().map_err(|_| Distrust::Headers)?;
        let signature = text(standardwebhooks::HEADER_WEBHOOK_SIGNATURE)?;
        if signature.len() > 2_000 {
            return Err(Distrust::Headers);
        }
        Ok(Self { id, timestamp, signature })
    }
}

/// A fresh secret, as it is shown to who sets up the sender: 32 random bytes.
pub fn new_secret(env: &mut Env) -> String {
    format!("whsec_{}", STANDARD.encode(env.bytes::<32>()))
}

/// Signs a message as its sender does.
///
/// # Errors
/// [`Distrust::Secret`] when the secret is not one; [`Distrust::Signature`] when the body is not text.
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> Result<String, Distrust> {
    let webhook = standardwebhooks::Webhook::new(secret).map_err(|_| Distrust::Secret)?;
    webhook.sign(id, timestamp, body).map_err(|_| Distrust::Signature)
}

/// Whether a message was signed under this secret, at most [`TOLERANCE_SECONDS`] from `now`.
///
/// # Errors
/// [`Distrust`] saying why it is not believed.
pub fn verify(secret: &str, signed: &Signed, body: &[u8], now: Timestamp) -> Result<(), Distrust> {
    let seconds = now.0.div_euclid(MICROS_PER_SECOND);
    if seconds.checked_sub(signed.timestamp).is_none_or(|d| d.abs() > TOLERANCE_SECONDS) {
        return Err(Distrust::Time);
    }
    let expected = sign(secret, &signed.id, signed.timestamp, body)?;
    let fits = signed.signature.split(' ').any(|given| {
        let same = given.len() == expected.len();
        let differing = given.bytes().zip(expected.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
        same && differing == 0
    });
    if fits { Ok(()) } else { Err(Distrust::Signature) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * MICROS_PER_SECOND)
    }

    #[test]
    fn the_example_of_the_specification_is_believed() {
        // From the reference implementations of Standard Webhooks.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = Signed {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".into(),
            timestamp: 1_614_265_330,
            signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=".into(),
        };
        let body = br#"{"test": 2432232314}"#;
        assert_eq!(verify(secret, &signed, body, at(1_614_265_330)), Ok(()));
        assert_eq!(verify(secret, &signed, body, at(1_614_265_630)), Ok(()));
        assert_eq!(verify(secret, &signed, body, at(1_614_265_631)), Err(Distrust::Time));
        assert_eq!(verify(secret, &signed, body, at(1_614_265_029)), Err(Distrust::Time));
        assert_eq!(verify(secret, &signed, b"{}", at(1_614_265_330)), Err(Distrust::Signature));
        let other = new_secret(&mut Env::new(at(0), [1; 32]));
        assert_eq!(verify(&other, &signed, body, at(1_614_265_330)), Err(Distrust::Signature));
        let several =
            Signed { signature: format!("v2,x v1,AAAA {}", signed.signature), ..signed.clone() };
        assert_eq!(verify(secret, &several, body, at(1_614_265_330)), Ok(()));
        let moved = Signed { id: "msg_other".into(), ..signed.clone() };
        assert_eq!(verify(secret, &moved, body, at(1_614_265_330)), Err(Distrust::Signature));
        let far = Signed { timestamp: i64::MIN, ..signed };
        assert_eq!(verify(secret, &far, body, at(0)), Err(Distrust::Time));
    }

    #[test]
    fn headers_that_are_missing_doubled_or_odd_are_refused() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let mut map = http::HeaderMap::new();
            for (name, value) in pairs {
                map.append(*name, http::HeaderValue::from_static(value));
            }
            Signed::read(&map).map(|s| s.timestamp)
        };
        let good =
            [("webhook-id", "m1"), ("webhook-timestamp", "5"), ("webhook-signature", "v1,x")];
        assert_eq!(headers(&good), Ok(5));
        for bad in [
            &good[..2],
            &[good[0], good[0], good[1], good[2]],
            &[("webhook-id", ""), good[1], good[2]],
            &[("webhook-id", "a b"), good[1], good[2]],
            &[good[0], ("webhook-timestamp", "5.0"), good[2]],
        ] {
            assert_eq!(headers(bad), Err(Distrust::Headers), "{bad:?}");
        }
    }
}
