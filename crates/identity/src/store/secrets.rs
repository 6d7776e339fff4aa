//! What must not be in the log: password hashes, second-factor secrets, digests of codes and tokens.
//!
//! Written by `service` in the same transaction as the event that says that it happened. A replay of
//! the log leaves these tables empty: whoever restores from the log alone invites people again.

use crate::model::{InvitationId, TokenId};
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Tx};
use platform::params;

/// What a person signs in with.
#[derive(Clone, Default)]
pub struct Credential {
    /// The password's Argon2id hash as a PHC string; none until one is set.
    pub password: Option<String>,
    /// The secret of the second factor, where there is one.
    pub factor: Option<Vec<u8>>,
    /// A secret that was shown and waits for its first code.
    pub pending: Option<Vec<u8>>,
    /// The last step whose code was accepted; codes of it and of earlier steps are refused.
    pub step: i64,
    /// Failures recorded since [`Credential::failures_since`].
    pub failures: i64,
    /// When counting of failures began.
    pub failures_since: Timestamp,
}

// Secrets must not reach a log by way of `{:?}`.
impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential")
            .field("password", &self.password.is_some())
            .field("factor", &self.factor.is_some())
            .finish_non_exhaustive()
    }
}

/// A person's credential; an empty one when none was ever set.
///
/// # Errors
/// When the database refuses.
pub fn credential(conn: &mut Conn<'_>, person: PersonId) -> Result<Credential> {
    let row = conn.query_opt(
        "SELECT password, factor_secret, factor_pending, factor_step, failures, failures_since
         FROM identity_credential WHERE person = $1",
        params![person],
    )?;
    let Some(row) = row else { return Ok(Credential::default()) };
    Ok(Credential {
        password: row.get("password")?,
        factor: row.get("factor_secret")?,
        pending: row.get("factor_pending")?,
        step: row.get("factor_step")?,
        failures: row.get("failures")?,
        failures_since: row.get("failures_since")?,
    })
}

/// Writes a person's credential whole.
///
/// # Errors
/// When the database refuses.
pub fn put_credential(
    tx: &mut Tx<'_>,
    home: PartyId,
    person: PersonId,
    c: &Credential,
) -> Result<()> {
    tx.execute(
        "INSERT INTO identity_credential (person, organisation, password, factor_secret,
            factor_pending, factor_step, failures, failures_since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (person) DO UPDATE SET password = EXCLUDED.password,
            factor_secret = EXCLUDED.factor_secret, factor_pending = EXCLUDED.factor_pending,
            factor_step = EXCLUDED.factor_step, failures = EXCLUDED.failures,
            failures_since = EXCLUDED.failures_since",
        params![
            person,
            home,
            c.password.clone(),
            c.factor.clone(),
            c.pending.clone(),
            c.step,
            c.failures,
            c.failures_since
        ],
    )?;
    Ok(())
}

/// Replaces a person's recovery codes by these digests.
///
/// # Errors
/// When the database refuses.
pub fn put_recovery(
    tx: &mut Tx<'_>,
    home: PartyId,
    person: PersonId,
    digests: &[Vec<u8>],
) -> Result<()> {
    tx.execute("DELETE FROM identity_recovery_code WHERE person = $1", params![person])?;
    for digest in digests {
        tx.execute(
            "INSERT INTO identity_recovery_code (person, organisation, digest) VALUES ($1, $2, $3)",
            params![person, home, &digest[..]],
        )?;
    }
    Ok(())
}

/// Spends a recovery code; says whether it was one.
///
/// # Errors
/// When the database refuses.
pub fn spend_recovery(tx: &mut Tx<'_>, person: PersonId, digest: &[u8]) -> Result<bool> {
    let n = tx.execute(
        "DELETE FROM identity_recovery_code WHERE person = $1 AND digest = $2",
        params![person, digest],
    )?;
    Ok(n == 1)
}

/// How many recovery codes are left.
///
/// # Errors
/// When the database refuses.
pub fn recovery_left(conn: &mut Conn<'_>, person: PersonId) -> Result<i64> {
    conn.query_one(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM identity_recovery_code WHERE person = $1",
        params![person],
    )?
    .get("n")
}

/// Keeps the digest of an invitation's code.
///
/// # Errors
/// When the database refuses.
pub fn put_code(tx: &mut Tx<'_>, party: PartyId, id: InvitationId, digest: &[u8]) -> Result<()> {
    tx.execute(
        "INSERT INTO identity_invitation_code (invitation, organisation, digest)
         VALUES ($1, $2, $3)",
        params![id, party, digest],
    )?;
    Ok(())
}

/// Makes an invitation's code useless for good.
///
/// # Errors
/// When the database refuses.
pub fn drop_code(tx: &mut Tx<'_>, id: InvitationId) -> Result<()> {
    tx.execute("DELETE FROM identity_invitation_code WHERE invitation = $1", params![id])?;
    Ok(())
}

/// Keeps the digest of a token.
///
/// # Errors
/// When the database refuses.
pub fn put_token(tx: &mut Tx<'_>, party: PartyId, id: TokenId, digest: &[u8]) -> Result<()> {
    tx.execute(
        "INSERT INTO identity_token_digest (token, organisation, digest) VALUES ($1, $2, $3)",
        params![id, party, digest],
    )?;
    Ok(())
}

/// Makes a token useless for good.
///
/// # Errors
/// When the database refuses.
pub fn drop_token(tx: &mut Tx<'_>, id: TokenId) -> Result<()> {
    tx.execute("DELETE FROM identity_token_digest WHERE token = $1", params![id])?;
    Ok(())
}

/// Notes when a token was last used.
///
/// # Errors
/// When the database refuses.
pub fn token_used(tx: &mut Tx<'_>, id: TokenId, at: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE identity_token_digest SET used_at = $2
         WHERE token = $1 AND (used_at IS NULL OR used_at < $2)",
        params![id, at],
    )?;
    Ok(())
}
