//! Asking another system for a file: one GET, and the bytes of its answer as they came.
//!
//! The address was typed by a person of one party, so it is guarded as that of a webhook is: what a
//! name resolves to is judged and then connected to. Redirects are not followed: what is put on record
//! is the one request that was sent. Neither the header's value nor an answer that is refused stands in
//! any error.

use super::Fault;
use super::trust::{self, Outward};
use super::webhook::{Guarded, INSIDE, Reach};
use std::time::Duration;
use ureq::http::{HeaderMap, Uri};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

/// The longest address, in bytes.
pub const URL_BYTES_MAX: usize = 2_000;
/// The whole of one attempt, in seconds, unless said otherwise: name, connection, request, answer.
pub const ATTEMPT_SECONDS: u64 = 60;
/// The header of an answer at most, in bytes.
const HEADER_BYTES_MAX: usize = 16 << 10;
/// What is kept of one header at most, in characters.
const KEPT_CHARS_MAX: usize = 200;

/// Whether an address may be asked, as far as its text tells; a sentence where it may not.
///
/// # Errors
/// What is wrong with it and what to write instead.
pub fn address(reach: Reach, url: &str) -> Result<(), &'static str> {
    if url.len() > URL_BYTES_MAX {
        return Err("This address is longer than 2,000 characters. Use a shorter one.");
    }
    let odd = "This is not an address: write https://system.example/path?query.";
    if url.bytes().any(|b| !b.is_ascii_graphic()) || url.contains('#') {
        return Err(odd);
    }
    let uri: Uri = url.parse().map_err(|_| odd)?;
    let authority = uri.authority().ok_or(odd)?;
    if authority.as_str().contains('@') {
        return Err(
            "Leave out user and password: the address is part of the record. A secret goes into its own header.",
        );
    }
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if reach.http_to_loopback && is_loopback(&uri) => Ok(()),
        _ => Err("Systems are asked over TLS only: write https://."),
    }
}

fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Scheme, machine and port of an address: to whom a secret is told.
#[must_use]
pub fn machine(url: &str) -> String {
    // By its text, so that what an address may hold besides, such as places to fill in, changes nothing.
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    format!("{scheme}://{authority}").to_ascii_lowercase()
}

/// Whether a header of this name may carry a secret: a name of RFC 9110 that the request does not set
/// by itself.
#[must_use]
pub fn may_carry(name: &str) -> bool {
    const OWN: [&str; 12] = [
        "host",
        "accept",
        "accept-encoding",
        "user-agent",
        "connection",
        "content-length",
        "content-type",
        "transfer-encoding",
        "te",
        "upgrade",
        "expect",
        "range",
    ];
    name.len() <= 100
        && name.parse::<ureq::http::HeaderName>().is_ok()
        && !OWN.contains(&name.to_ascii_lowercase().as_str())
}

/// What is asked.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// The address with its query.
    pub url: &'a str,
    /// Media types that are taken.
    pub accept: &'a str,
    /// A header with a secret: its name and value.
    pub secret: Option<(&'a str, &'a str)>,
    /// Bytes of the answer at most.
    pub bytes_max: u64,
}

/// An answer with the status 200, unedited.
#[derive(Clone, Default)]
pub struct Got {
    /// Its status.
    pub status: u16,
    /// Its `Date`, as the other system wrote it; empty if it wrote none.
    pub date: String,
    /// Its `Content-Type`.
    pub content_type: String,
    /// Its `ETag`.
    pub etag: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Why there is no answer of use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// The fault of the attempt, with its sentence.
    pub fault: Fault,
    /// The status, where there was an answer.
    pub status: Option<u16>,
}

/// What asks: [`Fetcher`] over the network.
pub trait Fetch: Send + Sync {
    /// Asks once.
    ///
    /// # Errors
    /// [`Missed`] with a sentence: for good where trying again does not mend it.
    fn get(&self, ask: &Ask<'_>) -> Result<Got, Missed>;
}

/// Asks other systems.
pub struct Fetcher {
    agent: ureq::Agent,
    reach: Reach,
}

impl Fetcher {
    /// One that may reach so far, trusts the public authorities unless others are given, and waits so
    /// many seconds for the whole of an answer.
    #[must_use]
    pub fn new(outward: impl Into<Outward>, seconds: u64) -> Self {
        let Outward { reach, trust } = outward.into();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(seconds)))
            .max_response_header_size(HEADER_BYTES_MAX)
            .max_idle_connections(0)
            // A proxy of the environment would be connected to in the place of what was checked.
            .proxy(None)
            .tls_config(trust.tls())
            .user_agent("Tickmark")
            // What is kept is what was sent, so it is not to be packed on the way.
            .accept_encoding("identity")
            .build();
        let resolver = Guarded { reach, inner: DefaultResolver::default() };
        Self {
            agent: ureq::Agent::with_parts(config, DefaultConnector::default(), resolver),
            reach,
        }
    }
}

impl Fetch for Fetcher {
    fn get(&self, ask: &Ask<'_>) -> Result<Got, Missed> {
        address(self.reach, ask.url).map_err(|why| never(why.to_owned(), None))?;
        let mut request = self.agent.get(ask.url).header("accept", ask.accept);
        if let Some((name, value)) = ask.secret {
            request = request.header(name, value);
        }
        let mut answer = request.call().map_err(|e| unreachable_because(&e, ask))?;
        let status = answer.status().as_u16();
        let of = |name: &str| kept(answer.headers(), name);
        if status != 200 {
            return Err(refused(status, answer.headers()));
        }
        if !matches!(of("content-encoding").as_str(), "" | "identity") {
            return Err(never(
                "The system packed its answer although it was asked not to; what is kept must be what it sent. Have it send the file unpacked.".to_owned(),
                Some(status),
            ));
        }
        if of("content-length").parse().is_ok_and(|n: u64| n > ask.bytes_max) {
            return Err(Missed { status: Some(status), ..too_long(ask) });
        }
        let (date, content_type, etag) = (of("date"), of("content-type"), of("etag"));
        // One byte more than is taken tells a file of exactly the bound from a longer one.
        let body = answer
            .body_mut()
            .with_config()
            .limit(ask.bytes_max.saturating_add(1))
            .read_to_vec()
            .map_err(|e| Missed { status: Some(status), ..unreachable_because(&e, ask) })?;
        if u64::try_from(body.len()).unwrap_or(u64::MAX) > ask.bytes_max {
            return Err(Missed { status: Some(status), ..too_long(ask) });
        }
        Ok(Got { status, date, content_type, etag, body })
    }
}

/// A header as it is kept: text, bounded.
fn kept(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.trim().chars().take(KEPT_CHARS_MAX).collect()
}

const fn never(why: String, status: Option<u16>) -> Missed {
    Missed { fault: Fault::Never(why), status }
}

const fn again(why: String, status: Option<u16>) -> Missed {
    Missed { fault: Fault::Again(why), status }
}

fn too_long(ask: &Ask<'_>) -> Missed {
    never(
        format!(
            "The answer is longer than {} bytes. Ask for a shorter period, or export the file and upload it.",
            ask.bytes_max
        ),
        None,
    )
}

/// What a status other than 200 means.
fn refused(status: u16, headers: &HeaderMap) -> Missed {
    let said = format!("The system answered with the status {status}");
    let some = Some(status);
    match status {
        300..=399 => {
            let to = machine(&kept(headers, "location"));
            let to = if to.len() > 3 { format!(" to {to}") } else { String::new() };
            never(
                format!(
                    "{said}: it has moved{to}. Redirects are not followed, because the record names the exact request; give the new address."
                ),
                some,
            )
        }
        401 | 403 => never(
            format!("{said}: it does not let this request in. Check the secret and its rights."),
            some,
        ),
        429 | 503 => {
            let wait = kept(headers, "retry-after").parse().unwrap_or(0);
            Missed { fault: Fault::NotBefore(format!("{said}."), wait), status: some }
        }
        408 | 425 | 500..=599 => again(format!("{said}."), some),
        _ => never(format!("{said}, and not with a file. Check the address."), some),
    }
}

fn unreachable_because(e: &ureq::Error, ask: &Ask<'_>) -> Missed {
    if let Some(why) = trust::distrusted(e, "The system") {
        return again(why, None);
    }
    match e {
        ureq::Error::Io(io) if io.to_string() == INSIDE => never(
            "The address leads to a machine that may not be reached from here. Use one of the public internet, or ask the operator to allow private addresses.".into(),
            None,
        ),
        ureq::Error::Timeout(_) => again("The system did not answer in time.".into(), None),
        ureq::Error::HostNotFound => again("The system's name is not known.".into(), None),
        ureq::Error::BodyExceedsLimit(_) => too_long(ask),
        // Its text could repeat what was sent, so only that it happened is told.
        ureq::Error::Http(_) | ureq::Error::BadUri(_) => never(
            "The request cannot be sent as it is. Check the address and the header.".into(),
            None,
        ),
        other => again(format!("The system could not be reached ({other})."), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_asked_over_tls_and_holds_no_secret() {
        let strict = Reach::default();
        for good in ["https://hr.example/api?x=1&y=%20", "https://hr.example:8443/"] {
            assert_eq!(address(strict, good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "hr.example",
            "/path",
            "ftp://hr.example/",
            "http://hr.example/",
            "https://user:pw@hr.example/",
            "https://hr.example/#part",
            "https://hr.example/a b",
            "https://hr.example/\r\nx: y",
        ] {
            assert!(address(strict, bad).is_err(), "{bad}");
        }
        let loose = Reach { http_to_loopback: true, ..strict };
        assert_eq!(address(loose, "http://127.0.0.1:1/x"), Ok(()));
        assert!(address(loose, "http://192.168.0.1/x").is_err());
    }

    #[test]
    fn a_machine_is_scheme_name_and_port() {
        assert_eq!(machine("https://HR.example/a?b"), "https://hr.example");
        assert_ne!(machine("https://hr.example:444/"), machine("https://hr.example/"));
        assert_ne!(machine("https://hr.example.evil/"), machine("https://hr.example/"));
        // Also where places are still to be filled in.
        assert_eq!(machine("https://hr.example/{from}?to={to}"), "https://hr.example");
        assert_ne!(machine("https://evil.example/{from}"), machine("https://hr.example/{from}"));
        assert_eq!(machine("https://hr.example?a=https://x/"), "https://hr.example");
    }

    #[test]
    fn a_secret_takes_no_header_that_the_request_sets() {
        for good in ["Authorization", "X-Api-Key", "private-token"] {
            assert!(may_carry(good), "{good}");
        }
        for bad in ["", "Host", "a b", "content-length", "x:\r\ny", "Accept"] {
            assert!(!may_carry(bad), "{bad}");
        }
    }
}
