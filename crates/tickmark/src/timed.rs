//! People as the shell knows them, without a role whose time is over.

use examination::firm::store::{lapsed, timed};
use identity::Directory;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use platform::db::{Conn, Result};
use platform::edge::Edge;
use platform::http::{Identities, Identity};
use std::sync::Arc;

/// The directory of people. Whoever is a peer reviewer is one only while an engagement of the firm lets
/// them in: before the first and after the last day the role is as if it were not held, on every page and
/// endpoint of every room.
pub struct Timed {
    directory: Directory,
    edge: Arc<dyn Edge>,
}

impl Timed {
    /// A directory that reads the time from here.
    #[must_use]
    pub fn new(directory: Directory, edge: Arc<dyn Edge>) -> Self {
        Self { directory, edge }
    }
}

/// The same person without a role that does not hold at `now`.
fn held(conn: &mut Conn<'_>, found: Option<Identity>, now: Timestamp) -> Result<Option<Identity>> {
    let Some(identity) = found else { return Ok(None) };
    let actor = timed(conn, identity.actor.clone(), now)?;
    let nothing = actor.roles.iter().next().is_none() && identity.actor.roles != actor.roles;
    let lapsed = if nothing { Some(lapsed(conn, &identity.actor, now)?) } else { None };
    Ok(Some(Identity { actor, lapsed, ..identity }))
}

impl Identities for Timed {
    fn by_session(
        &self,
        conn: &mut Conn<'_>,
        person: PersonId,
        party: PartyId,
    ) -> Result<Option<Identity>> {
        let found = self.directory.by_session(conn, person, party)?;
        held(conn, found, self.edge.env().now())
    }

    fn by_token(
        &self,
        conn: &mut Conn<'_>,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Identity>> {
        let found = self.directory.by_token(conn, token, now)?;
        held(conn, found, now)
    }
}
