//! The public door: whose it is, and filing a report at it once.

use crate::model::CaseId;
use crate::model::Privacy;
use crate::permits::FileReport;
use crate::service::filing::file_in;
use crate::service::{Filed, Promised, ReportInput, Reporter, to_the_hour};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use identity::model::Party;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::{Actor, Side};
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::{Conn, DbError, Result, Tx};
use platform::journal::once;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The longest idempotency key, in bytes.
const KEY_BYTES_MAX: usize = 200;

/// The organisation at whose door somebody stands: the one that is named, else the only one here.
///
/// # Errors
/// [`Refusal::NotFound`] when the name is no organisation's, [`Refusal::Input`] naming `organisation`
/// when one must be named.
pub fn organisation(conn: &mut Conn<'_>, named: Option<&str>) -> Result<Party> {
    if let Some(named) = named {
        let id: PartyId = named.trim().parse().map_err(|_| Refusal::NotFound)?;
        let party = identity::store::party(conn, id)?;
        return Ok(party
            .filter(|p| p.side == Side::ServiceOrganisation)
            .ok_or(Refusal::NotFound)?);
    }
    let mut all = identity::store::parties(conn)?;
    all.retain(|p| p.side == Side::ServiceOrganisation);
    match all.pop() {
        Some(only) if all.is_empty() => Ok(only),
        _ => Err(Refusal::field(
            "organisation",
            "Several organisations, or none, receive reports here. Use the link that the organisation gave you, or name the organisation by its id.",
        )
        .into()),
    }
}

/// The permit of somebody at the door. Whoever reports is the public, also when they are signed in:
/// the record of a report never says who filed it.
///
/// # Errors
/// When the rule of [`FileReport`] does not admit the public.
pub fn permit(organisation: PartyId) -> Result<Permit<FileReport>> {
    Ok(authorize::<FileReport>(&Actor::public(organisation), &Facts::of(organisation))?)
}

/// By what name the door keeps the keys of its callers apart.
#[must_use]
pub fn caller(organisation: PartyId) -> String {
    format!("public:{organisation}")
}

/// What is kept of the answer to a keyed report. The return code is sealed under the caller's key,
/// which is not kept: the database alone gives no way back to a report.
#[derive(Debug, Serialize, Deserialize)]
struct Sealed {
    id: CaseId,
    tracking_number: String,
    channel: String,
    code: String,
    #[serde(default)]
    privacy: Privacy,
    #[serde(default)]
    files: bool,
    #[serde(default)]
    promised: Promised,
    #[serde(default)]
    held: bool,
}

/// A key as it is kept: its digest.
fn kept(key: &str) -> Result<String> {
    if key.is_empty() || key.len() > KEY_BYTES_MAX {
        return Err(Refusal::input(format!(
            "An idempotency key has 1 to {KEY_BYTES_MAX} bytes; a random UUID is a good one."
        ))
        .into());
    }
    let mut hash = Sha256::new();
    hash.update(b"tickmark report key v1\0");
    hash.update(key.as_bytes());
    Ok(BASE64_URL_SAFE_NO_PAD.encode(hash.finalize()))
}

/// The code with a pad that follows from the key and the number; applying it twice gives the code back.
fn padded(key: &str, number: &str, code: &[u8]) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())
        .map_err(|_| DbError::Shape("a key that cannot be one".into()))?;
    mac.update(b"tickmark return code seal v1\0");
    mac.update(number.as_bytes());
    let pad = mac.finalize().into_bytes();
    if code.len() > pad.len() {
        return Err(DbError::Shape("a return code that is too long".into()).into());
    }
    Ok(code.iter().zip(pad).map(|(c, p)| c ^ p).collect())
}

fn opened(key: &str, sealed: Sealed) -> Result<Filed> {
    let odd = || DbError::Shape("a sealed return code that does not open".into());
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(&sealed.code).map_err(|_| odd())?;
    let code = padded(key, &sealed.tracking_number, &bytes)?;
    Ok(Filed {
        id: sealed.id,
        return_code: String::from_utf8(code).map_err(|_| odd())?,
        tracking_number: sealed.tracking_number,
        channel: sealed.channel,
        privacy: sealed.privacy,
        files: sealed.files,
        promised: sealed.promised,
        held: sealed.held,
    })
}

/// Files a report at an organisation's door; the same key with the same request gives the first answer
/// again.
///
/// # Errors
/// As [`crate::service::file_report`]; [`Refusal::KeyReused`] when the key came before with another request.
pub fn file(
    tx: &mut Tx<'_>,
    env: &mut Env,
    organisation: PartyId,
    key: Option<&str>,
    request: &[u8],
    (input, held): (&ReportInput, bool),
) -> Result<Filed> {
    let permit = permit(organisation)?;
    let Some(key) = key else { return file_in(tx, env, &permit, input, held) };
    // The key is kept with a time too.
    let exact = env.now();
    let kept_at = if input.reporter == Reporter::Anonymous { to_the_hour(exact) } else { exact };
    let sealed = once(tx, env, &caller(organisation), Some(&kept(key)?), request, |tx, env| {
        let filed = file_in(tx, env, &permit, input, held)?;
        env.set_now(kept_at);
        let code = padded(key, &filed.tracking_number, filed.return_code.as_bytes())?;
        Ok(Sealed {
            id: filed.id,
            tracking_number: filed.tracking_number,
            channel: filed.channel,
            code: BASE64_URL_SAFE_NO_PAD.encode(code),
            privacy: filed.privacy,
            files: filed.files,
            promised: filed.promised,
            held: filed.held,
        })
    });
    env.set_now(exact);
    opened(key, sealed?)
}
