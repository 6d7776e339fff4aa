//! The table of webhook endpoints.

use crate::db::{Conn, Result, Row, Tx};
use crate::jobs::one_line;
use crate::jobs::webhook::{Endpoint, EndpointId};
use crate::params;
use kernel::ids::PartyId;

fn read(row: &Row) -> Result<Endpoint> {
    Ok(Endpoint {
        id: row.get("id")?,
        party: row.get("party")?,
        url: row.get("url")?,
        made_at: row.get("made_at")?,
        disabled: row.get("disabled")?,
    })
}

pub(crate) fn insert(tx: &mut Tx<'_>, endpoint: &Endpoint, secret: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO webhook_endpoint (id, party, url, secret, made_at) VALUES ($1, $2, $3, $4, $5)",
        params![endpoint.id, endpoint.party, &endpoint.url, secret, endpoint.made_at],
    )?;
    Ok(())
}

/// The endpoints of a party, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn of_party(conn: &mut Conn<'_>, party: PartyId) -> Result<Vec<Endpoint>> {
    conn.query(
        "SELECT id, party, url, made_at, disabled FROM webhook_endpoint WHERE party = $1 ORDER BY id",
        params![party],
    )?
    .iter()
    .map(read)
    .collect()
}

/// An endpoint of a party with its secret.
pub(crate) fn with_secret(
    conn: &mut Conn<'_>,
    party: PartyId,
    id: EndpointId,
) -> Result<Option<(Endpoint, String)>> {
    conn.query_opt(
        "SELECT id, party, url, secret, made_at, disabled FROM webhook_endpoint
         WHERE id = $1 AND party = $2",
        params![id, party],
    )?
    .map(|row| Ok((read(&row)?, row.get("secret")?)))
    .transpose()
}

pub(crate) fn set_disabled(
    tx: &mut Tx<'_>,
    party: PartyId,
    id: EndpointId,
    why: Option<&str>,
) -> Result<bool> {
    let touched = tx.execute(
        "UPDATE webhook_endpoint SET disabled = $1 WHERE id = $2 AND party = $3",
        params![why.map(one_line), id, party],
    )?;
    Ok(touched == 1)
}

pub(crate) fn delete(tx: &mut Tx<'_>, party: PartyId, id: EndpointId) -> Result<bool> {
    let touched = tx
        .execute("DELETE FROM webhook_endpoint WHERE id = $1 AND party = $2", params![id, party])?;
    Ok(touched == 1)
}
