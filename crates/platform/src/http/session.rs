//! Sessions: a random token in a cookie, its digest in the database.

use super::App;
use crate::db::{Conn, DbError, Result, Tx};
use crate::params;
use crate::ui::Flash;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kernel::env::Env;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::time::Timestamp;
use sha2::{Digest, Sha256};

/// A session ends this long after signing in.
pub const LIFE_SECONDS: i64 = 12 * 3600;
/// A session ends when nothing was asked for this long.
pub const IDLE_SECONDS: i64 = 2 * 3600;
/// `seen_at` is written at most this often.
const SEEN_SECONDS: i64 = 60;

/// A session as stored.
#[derive(Debug, Clone)]
pub struct Session {
    /// Digest of the token; names the session.
    pub token: Vec<u8>,
    /// Who.
    pub person: PersonId,
    /// For which party.
    pub party: PartyId,
    /// The anti-forgery token that every form of this session carries.
    pub csrf: String,
    /// The engagement chosen in the switcher.
    pub engagement: Option<EngagementId>,
    /// What has just happened, to be said on the next page.
    pub flash: Vec<Flash>,
    /// Whether `seen_at` is old enough to be written again.
    pub stale: bool,
}

/// The name of the session cookie. `__Host-` binds it to this host over TLS.
#[must_use]
pub fn cookie_name(app: &App) -> &'static str {
    if app.secure() { "__Host-tickmark" } else { "tickmark" }
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v)
}

/// The Set-Cookie value that starts a session.
#[must_use]
pub fn set_cookie(app: &App, token: &str) -> String {
    let secure = if app.secure() { "; Secure" } else { "" };
    format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LIFE_SECONDS}{secure}",
        cookie_name(app)
    )
}

/// The Set-Cookie value that ends it.
#[must_use]
pub fn clear_cookie(app: &App) -> String {
    let secure = if app.secure() { "; Secure" } else { "" };
    format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", cookie_name(app))
}

/// The digest that names a session, from the token that [`start`] gave.
#[must_use]
pub fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Starts a session; returns the token for the cookie.
///
/// # Errors
/// When the database refuses.
pub fn start(tx: &mut Tx<'_>, env: &mut Env, person: PersonId, party: PartyId) -> Result<String> {
    let token = BASE64_URL_SAFE_NO_PAD.encode(env.bytes::<32>());
    let csrf = BASE64_URL_SAFE_NO_PAD.encode(env.bytes::<24>());
    let now = env.now();
    tx.execute("DELETE FROM session WHERE expires_at < $1", params![now])?;
    tx.execute(
        "INSERT INTO session (token, person, party, csrf, created_at, seen_at, expires_at, flash)
         VALUES ($1, $2, $3, $4, $5, $5, $6, '')",
        params![digest(&token), person, party, csrf, now, now.plus_seconds(LIFE_SECONDS)],
    )?;
    Ok(token)
}

/// Ends one session.
///
/// # Errors
/// When the database refuses.
pub fn end(tx: &mut Tx<'_>, session: &[u8]) -> Result<()> {
    tx.execute("DELETE FROM session WHERE token = $1", params![session])?;
    Ok(())
}

/// Ends every session of a person, for instance when their password changes or they leave.
///
/// # Errors
/// When the database refuses.
pub fn end_all(tx: &mut Tx<'_>, person: PersonId) -> Result<()> {
    tx.execute("DELETE FROM session WHERE person = $1", params![person])?;
    Ok(())
}

/// A session as its owner sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Digest of the token; names the session, opens nothing.
    pub token: Vec<u8>,
    /// For which party.
    pub party: PartyId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
}

/// A person's sessions that are valid at `now`, newest first, at most 200.
///
/// # Errors
/// When the database refuses.
pub fn of_person(conn: &mut Conn<'_>, person: PersonId, now: Timestamp) -> Result<Vec<Seen>> {
    let rows = conn.query(
        "SELECT token, party, created_at, seen_at FROM session
         WHERE person = $1 AND expires_at > $2 AND seen_at > $3
         ORDER BY created_at DESC, token LIMIT 200",
        params![person, now, now.plus_seconds(-IDLE_SECONDS)],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Seen {
                token: row.get("token")?,
                party: row.get("party")?,
                created_at: row.get("created_at")?,
                seen_at: row.get("seen_at")?,
            })
        })
        .collect()
}

/// Ends one session of a person; one that is not theirs stays as it is.
///
/// # Errors
/// When the database refuses.
pub fn end_of(tx: &mut Tx<'_>, person: PersonId, session: &[u8]) -> Result<()> {
    let sql = "DELETE FROM session WHERE token = $1 AND person = $2";
    tx.execute(sql, params![session, person])?;
    Ok(())
}

/// The session behind a cookie, if it is still valid at `now`.
///
/// # Errors
/// When the database refuses.
pub fn find(conn: &mut Conn<'_>, token: &str, now: Timestamp) -> Result<Option<Session>> {
    if token.len() > 100 {
        return Ok(None);
    }
    let token = digest(token);
    let row = conn.query_opt(
        "SELECT person, party, csrf, seen_at, engagement, flash FROM session
         WHERE token = $1 AND expires_at > $2 AND seen_at > $3",
        params![token.clone(), now, now.plus_seconds(-IDLE_SECONDS)],
    )?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Session {
        token,
        person: row.get("person")?,
        party: row.get("party")?,
        csrf: row.get("csrf")?,
        engagement: row.get("engagement")?,
        flash: read_flash(&row.get::<String>("flash")?)?,
        stale: now.seconds_since(row.get("seen_at")?) > SEEN_SECONDS,
    }))
}

/// Notes that the session is in use, and that what was said has been said.
///
/// # Errors
/// When the database refuses.
pub fn touch(tx: &mut Tx<'_>, session: &[u8], now: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE session SET seen_at = $2, flash = '' WHERE token = $1",
        params![session, now],
    )?;
    Ok(())
}

/// Leaves something to be said on the next page.
///
/// # Errors
/// When the database refuses.
pub fn say(tx: &mut Tx<'_>, session: &[u8], flash: &Flash) -> Result<()> {
    let line = format!("{}\t{}\n", flash.kind(), flash.text().replace(['\n', '\t'], " "));
    tx.execute("UPDATE session SET flash = flash || $2 WHERE token = $1", params![session, line])?;
    Ok(())
}

/// Chooses the engagement that the pages are about.
///
/// # Errors
/// When the database refuses.
pub fn choose(tx: &mut Tx<'_>, session: &[u8], engagement: EngagementId) -> Result<()> {
    tx.execute(
        "UPDATE session SET engagement = $2 WHERE token = $1",
        params![session, engagement],
    )?;
    Ok(())
}

fn read_flash(text: &str) -> Result<Vec<Flash>> {
    text.lines()
        .map(|line| {
            let (kind, text) = line
                .split_once('\t')
                .ok_or_else(|| DbError::Shape("a flash without a kind".into()))?;
            Ok(match kind {
                "done" => Flash::Done(text.to_owned()),
                "info" => Flash::Info(text.to_owned()),
                _ => Flash::Problem(text.to_owned()),
            })
        })
        .collect()
}
