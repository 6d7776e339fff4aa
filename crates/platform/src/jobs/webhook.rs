//! Signed webhooks, as <https://www.standardwebhooks.com> specifies them.
//!
//! A message is a POST of `{"type", "timestamp", "data"}` with three headers: `webhook-id` is the
//! idempotency key, the same at every attempt, `webhook-timestamp` the second of this attempt, and
//! `webhook-signature` is `v1,` and the HMAC-SHA-256 of `id.timestamp.body` under the endpoint's
//! secret. 2xx is success, 410 ends the endpoint, anything else is tried again. Redirects are not
//! followed and answers are not read.

use super::address::is_public;
use super::store::endpoints;
use super::trust::{self, Outward};
use super::{Ended, Fault, Handler, NewJob, Work, enqueue, runner};
use crate::db::{Result, Tx};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::refusal::Refusal;
use kernel::time::{MICROS_PER_SECOND, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

kernel::id_kind!(EndpointId, EndpointKind, "whk", "webhook endpoint");

/// The kind of these jobs.
pub const KIND: &str = "webhook";
/// The whole of one attempt, in seconds: name, connection, request, answer.
const ATTEMPT_SECONDS: u64 = 20;
/// The longest address, in bytes.
const URL_BYTES_MAX: usize = 500;
/// Endpoints of one party at most.
const ENDPOINTS_MAX: usize = 20;
/// The header of an answer at most, in bytes.
const ANSWER_BYTES_MAX: usize = 16 << 10;

/// Where a party wants to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// The party.
    pub party: PartyId,
    /// Where messages are posted.
    pub url: String,
    /// When it was added.
    pub made_at: Timestamp,
    /// Why nothing is sent any more; none while it is in use.
    pub disabled: Option<String>,
}

/// What webhooks may reach beyond the public internet over TLS.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reach {
    /// Also private addresses: for a deployment whose receivers are on its own network.
    pub private_addresses: bool,
    /// Also `http://` without TLS, to this machine alone: for a receiver beside the program.
    pub http_to_loopback: bool,
}

impl Reach {
    /// An address as it may be called.
    fn uri(self, url: &str) -> Result<Uri, Refusal> {
        let refuse = |why: &str| Refusal::field("url", why);
        if url.len() > URL_BYTES_MAX {
            return Err(refuse("This address is longer than 500 characters. Use a shorter one."));
        }
        let uri: Uri = url
            .parse()
            .map_err(|_| refuse("This is not an address: write https://example.org/path."))?;
        let authority = uri
            .authority()
            .ok_or_else(|| refuse("This is not an address: write https://example.org/path."))?;
        if authority.as_str().contains('@') {
            return Err(refuse("Leave out user and password: messages are signed instead."));
        }
        match uri.scheme_str() {
            Some("https") => Ok(uri),
            Some("http") if self.http_to_loopback => Ok(uri),
            _ => Err(refuse("Messages are sent over TLS only: write https://.")),
        }
    }
}

/// Adds an endpoint of a party and makes its secret, which the receiver needs to check signatures; it
/// is shown now and kept for signing.
///
/// # Errors
/// When the address may not be called, or there are too many.
pub fn add_endpoint(
    tx: &mut Tx<'_>,
    env: &mut Env,
    party: PartyId,
    reach: Reach,
    url: &str,
) -> Result<(Endpoint, String)> {
    reach.uri(url.trim())?;
    if endpoints::of_party(tx, party)?.len() >= ENDPOINTS_MAX {
        return Err(Refusal::state(format!(
            "There are {ENDPOINTS_MAX} endpoints already. Remove one first."
        ))
        .into());
    }
    let secret = format!("whsec_{}", STANDARD.encode(env.bytes::<24>()));
    let endpoint = Endpoint {
        id: env.id(),
        party,
        url: url.trim().to_owned(),
        made_at: env.now(),
        disabled: None,
    };
    endpoints::insert(tx, &endpoint, &secret)?;
    Ok((endpoint, secret))
}

/// Sends nothing more to an endpoint, and says why.
///
/// # Errors
/// [`Refusal::NotFound`] when the party has none of this id.
pub fn disable_endpoint(tx: &mut Tx<'_>, party: PartyId, id: EndpointId, why: &str) -> Result<()> {
    let done = endpoints::set_disabled(tx, party, id, Some(why))?;
    if done { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

/// Sends to a disabled endpoint again.
///
/// # Errors
/// [`Refusal::NotFound`] when the party has none of this id.
pub fn enable_endpoint(tx: &mut Tx<'_>, party: PartyId, id: EndpointId) -> Result<()> {
    if endpoints::set_disabled(tx, party, id, None)? {
        Ok(())
    } else {
        Err(Refusal::NotFound.into())
    }
}

/// Removes an endpoint; what waits for it is then put aside.
///
/// # Errors
/// [`Refusal::NotFound`] when the party has none of this id.
pub fn remove_endpoint(tx: &mut Tx<'_>, party: PartyId, id: EndpointId) -> Result<()> {
    if endpoints::delete(tx, party, id)? { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

/// What a job of this kind holds.
#[derive(Serialize, Deserialize)]
struct Message {
    endpoint: EndpointId,
    /// The exact bytes that are signed and sent.
    body: String,
}

/// Plans a message to every endpoint of a party that is in use, in the caller's transaction; how many.
/// `what` is the message's type, such as `case.reported`; `key` must not hold a full stop, which
/// separates the parts of what is signed.
///
/// # Errors
/// As [`enqueue`].
pub fn tell(
    tx: &mut Tx<'_>,
    env: &mut Env,
    party: PartyId,
    key: &str,
    what: &str,
    data: &serde_json::Value,
) -> Result<usize> {
    let key = key.replace('.', "-");
    let at = env.now().to_rfc3339();
    let body = serde_json::json!({ "type": what, "timestamp": at, "data": data }).to_string();
    let mut told = 0;
    for endpoint in endpoints::of_party(tx, party)?.iter().filter(|e| e.disabled.is_none()) {
        let message = Message { endpoint: endpoint.id, body: body.clone() };
        let payload = serde_json::json!({ "endpoint": message.endpoint, "body": message.body });
        let host = endpoint.url.parse::<Uri>().ok();
        let host = host.as_ref().and_then(Uri::host).unwrap_or_default();
        let job = NewJob::new(Some(party), KIND, format!("{key}~{}", endpoint.id), payload)
            .about(format!("{what} \u{2192} {host}"));
        enqueue(tx, env, &job)?;
        told += 1;
    }
    Ok(told)
}

/// Resolves names and refuses what may not be reached. What it gives is what is connected to, so a
/// name that resolves differently a second time gains nothing.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) reach: Reach,
    pub(super) inner: DefaultResolver,
}

/// What stands in the error of a refused address, to recognise it.
pub(super) const INSIDE: &str = "an address inside";

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let plain = uri.scheme_str() == Some("http");
        let allowed = found.iter().all(|address| {
            let ip = address.ip();
            if plain {
                self.reach.http_to_loopback && ip.to_canonical().is_loopback()
            } else {
                self.reach.private_addresses || is_public(ip)
            }
        });
        if allowed {
            return Ok(found);
        }
        let error = std::io::Error::new(std::io::ErrorKind::PermissionDenied, INSIDE);
        Err(ureq::Error::Io(error))
    }
}

/// Sends webhooks.
pub struct Sender {
    agent: ureq::Agent,
    reach: Reach,
}

impl Sender {
    /// A sender that may reach so far, and trusts the public authorities unless others are given.
    #[must_use]
    pub fn new(outward: impl Into<Outward>) -> Self {
        let Outward { reach, trust } = outward.into();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(ATTEMPT_SECONDS)))
            .max_response_header_size(ANSWER_BYTES_MAX)
            .max_idle_connections(0)
            // A proxy of the environment would be connected to in the place of what was checked.
            .proxy(None)
            .tls_config(trust.tls())
            .user_agent("Tickmark")
            .build();
        let resolver = Guarded { reach, inner: DefaultResolver::default() };
        let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), resolver);
        Self { agent, reach }
    }

    fn attempt(&self, work: &Work<'_>) -> Ended {
        let (endpoint, secret, body) = match self.prepare(work) {
            Ok(prepared) => prepared,
            Err(fault) => return Err(fault).into(),
        };
        let at = work.env().now().0.div_euclid(MICROS_PER_SECOND);
        let signature = standardwebhooks::Webhook::new(&secret)
            .and_then(|webhook| webhook.sign(work.key(), at, body.as_bytes()));
        let Ok(signature) = signature else {
            return Err(Fault::Never(
                "The endpoint's secret cannot be used. Remove the endpoint and add it again."
                    .into(),
            ))
            .into();
        };
        let sent = self
            .agent
            .post(&endpoint.url)
            .header("content-type", "application/json")
            .header(standardwebhooks::HEADER_WEBHOOK_ID, work.key())
            .header(standardwebhooks::HEADER_WEBHOOK_TIMESTAMP, at.to_string())
            .header(standardwebhooks::HEADER_WEBHOOK_SIGNATURE, signature)
            .send(body.as_bytes());
        match sent {
            Ok(answer) => {
                let wait = answer
                    .headers()
                    .get("retry-after")
                    .and_then(|v| v.to_str().ok())
                    .and_then(|v| v.trim().parse::<i64>().ok());
                answered(&endpoint, answer.status().as_u16(), wait)
            }
            Err(e) => Err(unreachable_because(&e)).into(),
        }
    }

    fn prepare(&self, work: &Work<'_>) -> Result<(Endpoint, String, String), Fault> {
        let message: Message = work.payload()?;
        let gone = || Fault::Never("The endpoint was removed.".to_owned());
        let party = work.party().ok_or_else(gone)?;
        let found = work
            .db()
            .read_blocking(|conn| endpoints::with_secret(conn, party, message.endpoint))
            .map_err(|e| runner::failed(&e))?;
        let (endpoint, secret) = found.ok_or_else(gone)?;
        if let Some(why) = &endpoint.disabled {
            return Err(Fault::Never(format!("The endpoint is no longer in use: {why}")));
        }
        self.reach.uri(&endpoint.url).map_err(|refusal| Fault::Never(refusal.to_string()))?;
        Ok((endpoint, secret, message.body))
    }
}

/// What the receiver's status means.
fn answered(endpoint: &Endpoint, status: u16, wait: Option<i64>) -> Ended {
    let said = format!("The receiver answered with the status {status}");
    match status {
        200..=299 => Ended::done(),
        410 => {
            let (party, id) = (endpoint.party, endpoint.id);
            let why = "the receiver answered that it is gone (410).";
            Ended::from(Err(Fault::Never(format!("The endpoint is no longer in use: {why}"))))
                .and(move |tx, _| endpoints::set_disabled(tx, party, id, Some(why)).map(|_| ()))
        }
        300..=399 => Err(Fault::Again(format!(
            "{said}: it has moved. Redirects are not followed; give the endpoint its new address."
        )))
        .into(),
        429 | 503 => Err(Fault::NotBefore(format!("{said}."), wait.unwrap_or(0))).into(),
        _ => Err(Fault::Again(format!("{said}."))).into(),
    }
}

fn unreachable_because(e: &ureq::Error) -> Fault {
    if let Some(why) = trust::distrusted(e, "The receiver") {
        return Fault::Again(why);
    }
    match e {
        ureq::Error::Io(io) if io.to_string() == INSIDE => Fault::Never(
            "The address leads to a machine that webhooks may not reach. Use one of the public internet, or ask the operator to allow private addresses.".into(),
        ),
        ureq::Error::Timeout(_) => Fault::Again("The receiver did not answer in time.".into()),
        ureq::Error::HostNotFound => Fault::Again("The receiver's name is not known.".into()),
        other => Fault::Again(format!("The receiver could not be reached ({other}).")),
    }
}

impl Handler for Sender {
    fn run(&self, work: &Work<'_>) -> Ended {
        self.attempt(work)
    }
}
