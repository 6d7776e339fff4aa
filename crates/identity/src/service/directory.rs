//! Who stands behind a session or a token, for the HTTP shell.

use crate::door::Door;
use crate::model::MemberState;
use crate::rules::secrets;
use crate::store;
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Via};
use kernel::time::Timestamp;
use platform::db::{Conn, Result};
use platform::http::{Identities, Identity};

/// Looks people up in this room's tables.
#[derive(Debug, Clone)]
pub struct Directory {
    door: Door,
}

impl Directory {
    /// A directory that tells the door which tokens are used.
    #[must_use]
    pub const fn new(door: Door) -> Self {
        Self { door }
    }
}

/// Roles in words: “Compliance lead, control owner”.
#[must_use]
pub fn in_words(roles: Roles) -> String {
    let words: Vec<String> =
        roles.iter().map(Role::as_str).map(|word| word.replace('_', " ")).collect();
    let mut text = words.join(", ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// A member who may act, as the shell knows them.
fn identity(
    conn: &mut Conn<'_>,
    person: PersonId,
    party: PartyId,
    via: Via,
) -> Result<Option<Identity>> {
    let Some(member) = store::member(conn, party, person)? else { return Ok(None) };
    if member.membership.state != MemberState::Active {
        return Ok(None);
    }
    let Some(party) = store::party(conn, party)? else { return Ok(None) };
    let roles = member.membership.roles;
    Ok(Some(Identity {
        actor: Actor { person: Some(person), party: Some(party.id), side: party.side, roles, via },
        name: member.profile.name,
        role: in_words(roles),
        party: party.name,
        lapsed: None,
    }))
}

impl Identities for Directory {
    fn by_session(
        &self,
        conn: &mut Conn<'_>,
        person: PersonId,
        party: PartyId,
    ) -> Result<Option<Identity>> {
        identity(conn, person, party, Via::Session)
    }

    fn by_token(
        &self,
        conn: &mut Conn<'_>,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Identity>> {
        let Some(token) = secrets::bounded(token) else { return Ok(None) };
        if !token.starts_with(secrets::TOKEN_PREFIX) {
            return Ok(None);
        }
        let Some(token) = store::token_by_digest(conn, &secrets::digest(token))? else {
            return Ok(None);
        };
        if !token.works(now) {
            return Ok(None);
        }
        let via = Via::Token { scopes: token.scopes };
        let found = identity(conn, token.person, token.party, via)?;
        if found.is_some() {
            self.door.token_used(token.id, now);
        }
        Ok(found)
    }
}
