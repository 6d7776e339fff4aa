//! Who acts at the command line.

use identity::model::Email;
use identity::store;
use kernel::party::{Actor, Role, Side, Via};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Conn, Result};

/// The person of this address, or the first administrator of the first organisation. Whoever holds
/// the data directory may act as anybody in it; the log says as whom. A role whose time is over does not
/// hold here either.
///
/// # Errors
/// [`Refusal::Input`] when there is no such person.
pub fn actor(conn: &mut Conn<'_>, email: Option<&str>, now: Timestamp) -> Result<Actor> {
    let person = match email {
        Some(email) => {
            let address = Email::parse(email)?;
            store::person_by_email(conn, &address)?
                .ok_or_else(|| Refusal::input(format!("Nobody here has the address {email}. See `tickmark` with --as and an address from the people page.")))?
                .id
        }
        None => first_administrator(conn)?,
    };
    let membership = store::memberships_of(conn, person)?
        .into_iter()
        .next()
        .ok_or_else(|| Refusal::input("This person acts for nobody here."))?;
    let side = store::party(conn, membership.party)?.ok_or(Refusal::NotFound)?.side;
    let actor = Actor {
        person: Some(person),
        party: Some(membership.party),
        side,
        roles: membership.roles,
        via: Via::CommandLine,
    };
    examination::firm::store::timed(conn, actor, now)
}

fn first_administrator(conn: &mut Conn<'_>) -> Result<kernel::ids::PersonId> {
    for party in store::parties(conn)?.into_iter().filter(|p| p.side == Side::ServiceOrganisation) {
        let found = store::people_of(conn, party.id)?
            .into_iter()
            .find(|m| m.membership.roles.has(Role::Administrator));
        if let Some(member) = found {
            return Ok(member.profile.id);
        }
    }
    Err(Refusal::input("There is no administrator to act as. Name a person with --as EMAIL.")
        .into())
}
