//! The few statements that differ between the databases. Everything else is one text.

use super::{Backend, Conn, Result, Tx};
use crate::params;

/// The number of the advisory lock that guards migrations.
const SCHEMA_LOCK: i64 = 0x7469_636b_6d61_726b;
/// The number of the advisory lock that elects the sequencer.
const SEQUENCER_LOCK: i64 = SCHEMA_LOCK + 1;

/// Keeps other application servers from migrating at the same time; held until the transaction ends.
///
/// # Errors
/// When the database refuses.
pub fn lock_schema(tx: &mut Tx<'_>) -> Result<()> {
    if tx.backend() == Backend::Postgres {
        tx.query("SELECT CAST(pg_advisory_xact_lock($1) AS TEXT) AS locked", params![SCHEMA_LOCK])?;
    }
    Ok(())
}

/// Whether this transaction is the sequencer: exactly one at a time, until it ends. SQLite has one
/// writer, which is always it.
///
/// # Errors
/// When the database refuses.
pub fn elected_sequencer(tx: &mut Tx<'_>) -> Result<bool> {
    match tx.backend() {
        Backend::Sqlite => Ok(true),
        Backend::Postgres => tx
            // Such locks are those of a whole database: deployments in schemas of one must not elect
            // each other's sequencer away.
            .query_one(
                "SELECT pg_try_advisory_xact_lock($1 # CAST(hashtext(current_schema()) AS BIGINT)) AS won",
                params![SEQUENCER_LOCK],
            )?
            .get("won"),
    }
}

/// What a query that claims rows ends with, so that several claimers do not wait for each other.
#[must_use]
pub const fn skip_locked(conn: &Conn<'_>) -> &'static str {
    match conn.backend() {
        Backend::Sqlite => "",
        Backend::Postgres => " FOR UPDATE SKIP LOCKED",
    }
}
