//! Who acts in these tests: parties and people by number, without a register of people where none is
//! needed.

use kernel::ids::{PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Via};
use kernel::time::Timestamp;

/// A party by its number.
pub fn party(n: u128) -> PartyId {
    PartyId::new(Timestamp(0), n)
}

/// The organisation that most tests are about.
pub fn organisation() -> PartyId {
    party(1)
}

/// A person by their number.
pub fn person(n: u128) -> PersonId {
    PersonId::new(Timestamp(0), n)
}

/// Somebody of a party, with roles of one side.
pub fn who(n: u128, at: PartyId, roles: &[Role]) -> Actor {
    Actor {
        person: Some(person(n)),
        party: Some(at),
        side: roles[0].side(),
        roles: roles.iter().copied().collect::<Roles>(),
        via: Via::Session,
    }
}
