//! Commands: permit, load, decide, record.
//!
//! | file | holds |
//! |---|---|
//! | `people.rs` | parties, people, roles, deactivation |
//! | `invitations.rs` | inviting, accepting, setting a password by a link |
//! | `sign_in.rs` | passwords and codes, sessions, failures |
//! | `account.rs` | one's own password, second factor and recovery codes |
//! | `tokens.rs` | API tokens |
//! | `door.rs` | what sign-in keeps for the life of the process: delays, hashing places, token use |
//! | `directory.rs` | who stands behind a session or a token, for the HTTP shell |
//!
//! Secrets come in as text, are hashed before the transaction ([`sign_in::Verified`],
//! [`crate::rules::secrets::hash_password`]) and leave only as the answer of the command that made
//! them, once.

pub mod account;
pub mod directory;
pub mod door;
pub mod invitations;
pub mod people;
pub mod sign_in;
pub mod tokens;

pub use account::{
    add_factor, change_password, make_recovery_codes, prove_code, remove_factor, start_factor,
    switch_party,
};
pub use invitations::{
    Acceptance, Accepted, Invited, Letter, accept_invitation, invite, look_at_invitation,
    mail_link, password_link, withdraw_invitation,
};
pub use people::{
    add_person, add_person_directly, answers_for, bootstrap, bootstrap_firm, change_roles,
    deactivate, nobody_on_both_sides, reactivate, register_party, rename,
};
pub use sign_in::{
    Login, Outcome, Verified, demonstration_sign_in, login, record_failure, sign_in,
};
pub use tokens::{NewToken, TokenInput, make_token, revoke_token};

use crate::model::PersonProfile;
use crate::store;
use kernel::ids::{PartyId, PersonId};
use kernel::party::Actor;
use kernel::permit::{Action, Facts, Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::{Conn, Result};
use platform::journal::Origin;

/// A permit for something in the actor's own party: what this room's pages ask for.
///
/// # Errors
/// As [`authorize`]; [`Refusal::NotFound`] for an actor without a party.
pub fn permit_here<A: Action>(actor: &Actor) -> Result<Permit<A>, Refusal> {
    let party = actor.party.ok_or(Refusal::NotFound)?;
    authorize::<A>(actor, &Facts::of(party))
}

/// The person who acts, as they are known.
fn self_of<A>(conn: &mut Conn<'_>, permit: &Permit<A>) -> Result<PersonProfile> {
    let person = permit.person().ok_or(Refusal::NotFound)?;
    Ok(store::person(conn, person)?.ok_or(Refusal::NotFound)?)
}

/// Facts of an account, made by the person themselves, in the log of their home.
fn own(home: PartyId, person: PersonId) -> Origin {
    Origin { log: home, actor: person.to_string(), occurred_at: None }
}

/// The subject under which sign-ins of a person stand, apart from the person's own facts, so that
/// they do not make a form about the person stale.
#[must_use]
pub fn sign_in_subject(person: PersonId) -> String {
    format!("{person}/sign-in")
}
