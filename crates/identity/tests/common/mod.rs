//! What the tests of this room share.
#![expect(dead_code, reason = "each test file uses a part of it")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it stands")]

use identity::events::IdentityEvent;
use identity::permits::{Invite, MakeToken, ManageOwnAccount, ManagePeople};
use identity::rules::secrets::hash_password;
use identity::service::{self, Acceptance, Login, Outcome, Verified};
use identity::store;
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Error, Result, Tx};
use platform::testing::TestDb;
use std::sync::atomic::{AtomicU64, Ordering};

/// A password that every test person has.
pub const PASSWORD: &str = "a horse and a battery";

static SEED: AtomicU64 = AtomicU64::new(1);

/// Some noon in 2026.
pub fn noon() -> Timestamp {
    Timestamp::parse("2026-03-02T12:00:00Z").unwrap()
}

/// An environment at a time, with randomness of its own.
pub fn at(now: Timestamp) -> Env {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&SEED.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    Env::new(now, seed)
}

/// A service organisation and a firm with their administrators.
pub struct World {
    pub organisation: PartyId,
    pub admin: PersonId,
    pub firm: PartyId,
    pub partner: PersonId,
}

/// Runs a command at a time.
pub fn run<T: Send + 'static>(
    t: &TestDb,
    now: Timestamp,
    f: impl Fn(&mut Tx<'_>, &mut Env) -> Result<T> + Send + 'static,
) -> Result<T> {
    let env = at(now);
    t.db.write_blocking(move |tx| f(tx, &mut env.clone()))
}

/// Two parties whose administrators have accepted and have [`PASSWORD`].
pub fn world(t: &TestDb) -> World {
    let hash = hash_password(PASSWORD, [1; 16]).unwrap();
    run(t, noon(), move |tx, env| {
        let (organisation, admin, code) =
            service::bootstrap(tx, env, "Palmetto Payroll", "Ada@palmetto.example", "Ada Admin")?;
        let with = Acceptance { password: Some(hash.clone()), ..Default::default() };
        service::accept_invitation(tx, env, &code, &with)?;
        let (firm, partner, code) =
            service::bootstrap_firm(tx, env, "Oak & Elm LLP", "paul@oak.example", "Paul Partner")?;
        service::accept_invitation(tx, env, &code, &with)?;
        Ok(World { organisation, admin, firm, partner })
    })
    .unwrap()
}

/// A signed-in person with roles.
pub fn actor(person: PersonId, party: PartyId, side: Side, roles: &[Role]) -> Actor {
    let roles: Roles = roles.iter().copied().collect();
    Actor { person: Some(person), party: Some(party), side, roles, via: Via::Session }
}

impl World {
    pub fn admin(&self) -> Actor {
        actor(self.admin, self.organisation, Side::ServiceOrganisation, &[Role::Administrator])
    }
    pub fn partner(&self) -> Actor {
        actor(self.partner, self.firm, Side::Firm, &[Role::FirmAdministrator])
    }
}

pub fn may_invite(actor: &Actor) -> Permit<Invite> {
    authorize(actor, &Facts::of(actor.party.unwrap())).unwrap()
}
pub fn may_manage(actor: &Actor) -> Permit<ManagePeople> {
    authorize(actor, &Facts::of(actor.party.unwrap())).unwrap()
}
pub fn own(actor: &Actor) -> Permit<ManageOwnAccount> {
    authorize(actor, &Facts::of(actor.party.unwrap())).unwrap()
}
pub fn may_make_token(actor: &Actor) -> Permit<MakeToken> {
    authorize(actor, &Facts::of(actor.party.unwrap())).unwrap()
}

/// What signing in with an address and a password is checked against.
pub fn login(t: &TestDb, email: &str) -> Login {
    let email = email.to_owned();
    t.db.read_blocking(|conn| service::login(conn, &email)).unwrap()
}

/// Signs in; none when the password is wrong (which is then recorded), else the outcome.
pub fn sign_in(
    t: &TestDb,
    now: Timestamp,
    email: &str,
    password: &str,
    code: &str,
) -> Option<(String, PersonId, PartyId)> {
    let login = login(t, email);
    let whose = login.person();
    let code = code.to_owned();
    match Verified::check(login, password) {
        Some(verified) => {
            let done =
                run(t, now, move |tx, env| service::sign_in(tx, env, &verified, &code, None));
            match done.unwrap() {
                Outcome::In { token, person, party } => Some((token, person, party)),
                Outcome::Failed => None,
            }
        }
        None => {
            if let Some(person) = whose {
                run(t, now, move |tx, env| service::record_failure(tx, env, person)).unwrap();
            }
            None
        }
    }
}

/// The refusal of a command that must be refused.
pub fn refused<T>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => panic!("a refusal was expected, not {other}"),
        Ok(_) => panic!("a refusal was expected, but it was done"),
    }
}

/// Kinds of the events about a subject, oldest first.
pub fn kinds(t: &TestDb, subject: &str) -> Vec<String> {
    let subject = subject.to_owned();
    let entries = t.db.read_blocking(|conn| platform::journal::history(conn, &subject)).unwrap();
    entries.into_iter().map(|(entry, _, _)| entry.kind).collect()
}

/// Every payload of the log as one text.
pub fn whole_log(t: &TestDb) -> String {
    t.db.read_blocking(|conn| {
        let rows = conn.query("SELECT payload FROM journal_entry", &[])?;
        rows.iter()
            .map(|row| Ok(String::from_utf8_lossy(&row.get::<Vec<u8>>("payload")?).into_owned()))
            .collect::<Result<Vec<_>>>()
    })
    .unwrap()
    .join("\n")
}

/// The names of a party's people.
pub fn names(t: &TestDb, party: PartyId) -> Vec<String> {
    let people = t.db.read_blocking(|conn| store::people_of(conn, party)).unwrap();
    people.into_iter().map(|m| m.profile.name).collect()
}

/// Used so that the event type stays part of what tests see.
pub type Event = IdentityEvent;
