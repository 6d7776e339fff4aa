//! Passwords and codes, sessions, failures.

use crate::events::{IdentityEvent, Means, SignInFailed, SignedIn, Wrong};
use crate::model::{Email, MemberState, PersonProfile};
use crate::rules::one_time::{self, Checked};
use crate::rules::secrets as secret_rules;
use crate::store::{self, secrets};
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use platform::db::{Conn, Result, Tx};
use platform::http::session;
use platform::journal::{Expected, record};

/// At most so many failures an hour are recorded for an account: a flood must not fill the log.
const FAILURES_PER_HOUR: i64 = 10;
const HOUR_SECONDS: i64 = 3_600;

/// What is needed to check a password, read before any hashing.
#[derive(Clone, Default)]
pub struct Login {
    person: Option<PersonId>,
    hash: Option<String>,
}

impl Login {
    /// Whose account it is, if anybody's. Not for the person who tries.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        self.person
    }
}

/// Reads what a sign-in with this address is checked against. An address that nobody has, or that is
/// none, gives an empty [`Login`], on which the same work is then done.
///
/// # Errors
/// When the database refuses.
pub fn login(conn: &mut Conn<'_>, email: &str) -> Result<Login> {
    let Ok(email) = Email::parse(email) else { return Ok(Login::default()) };
    let Some(person) = store::person_by_email(conn, &email)? else { return Ok(Login::default()) };
    login_of(conn, person.id)
}

/// The same for a person who is known, to prove a password again.
///
/// # Errors
/// When the database refuses.
pub fn login_of(conn: &mut Conn<'_>, person: PersonId) -> Result<Login> {
    let hash = secrets::credential(conn, person)?.password;
    Ok(Login { person: Some(person), hash })
}

/// Proof that a password was checked against a person's hash. Made only by [`Verified::check`].
#[derive(Clone)]
pub struct Verified {
    person: PersonId,
    hash: String,
}

impl Verified {
    /// Checks a password: tens of milliseconds and 19 MiB, the same whether or not there is an
    /// account. Never call it inside a transaction.
    #[must_use]
    pub fn check(login: Login, password: &str) -> Option<Self> {
        let right = secret_rules::password_matches(password, login.hash.as_deref());
        match (right, login.person, login.hash) {
            (true, Some(person), Some(hash)) => Some(Self { person, hash }),
            _ => None,
        }
    }

    /// Whose password it was.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// Whether the password is still the one that was checked.
    pub(super) fn holds(&self, credential: &secrets::Credential) -> bool {
        credential.password.as_deref() == Some(self.hash.as_str())
    }
}

/// How an attempt to sign in ended. A failure is recorded, so it is no error.
#[derive(Clone)]
pub enum Outcome {
    /// Signed in.
    In {
        /// The session's token, for the cookie.
        token: String,
        /// Who.
        person: PersonId,
        /// For which party.
        party: PartyId,
    },
    /// Not signed in; why is in the log, not for the person who tries.
    Failed,
}

/// Signs in somebody whose password was checked, with the code of their second factor where they have
/// one, for `party` or else the party for which they have acted longest.
///
/// # Errors
/// When the database refuses.
pub fn sign_in(
    tx: &mut Tx<'_>,
    env: &mut Env,
    verified: &Verified,
    code: &str,
    party: Option<PartyId>,
) -> Result<Outcome> {
    let Some(person) = store::person(tx, verified.person)? else { return Ok(Outcome::Failed) };
    if !verified.holds(&secrets::credential(tx, person.id)?) {
        return failed(tx, env, &person, Wrong::Password);
    }
    let means = match spend_code(tx, env, &person, code)? {
        Ok(means) => means,
        Err(wrong) => return failed(tx, env, &person, wrong),
    };
    let Some(party) = acting_for(tx, person.id, party)? else {
        return failed(tx, env, &person, Wrong::Deactivated);
    };
    enter(tx, env, &person, party, means)
}

/// Checks the second factor of somebody and spends the code; the outer result is the database's.
pub(super) fn spend_code(
    tx: &mut Tx<'_>,
    env: &Env,
    person: &PersonProfile,
    code: &str,
) -> Result<Result<Means, Wrong>> {
    let mut credential = secrets::credential(tx, person.id)?;
    let Some(secret) = credential.factor.clone() else { return Ok(Ok(Means::Password)) };
    Ok(match one_time::check(&secret, code, env.now(), credential.step)? {
        Checked::Right { step } => {
            credential.step = step;
            secrets::put_credential(tx, person.home, person.id, &credential)?;
            Ok(Means::PasswordAndCode)
        }
        Checked::Again => Err(Wrong::CodeAgain),
        Checked::Wrong => {
            if secrets::spend_recovery(tx, person.id, &secret_rules::recovery_digest(code))? {
                Ok(Means::PasswordAndRecoveryCode)
            } else {
                Err(Wrong::Code)
            }
        }
    })
}

/// The party for which somebody signs in: the one asked for, else the oldest; active ones only.
fn acting_for(
    conn: &mut Conn<'_>,
    person: PersonId,
    asked: Option<PartyId>,
) -> Result<Option<PartyId>> {
    Ok(store::memberships_of(conn, person)?
        .into_iter()
        .filter(|m| m.state == MemberState::Active)
        .map(|m| m.party)
        .find(|party| asked.is_none_or(|asked| asked == *party)))
}

/// Starts the session and records it.
pub(super) fn enter(
    tx: &mut Tx<'_>,
    env: &mut Env,
    person: &PersonProfile,
    party: PartyId,
    means: Means,
) -> Result<Outcome> {
    let event = IdentityEvent::from(SignedIn { person: person.id, party, means });
    let subject = super::sign_in_subject(person.id);
    let origin = super::own(person.home, person.id);
    record(tx, env, &origin, &subject, Expected::Any, vec![event])?;
    let token = session::start(tx, env, person.id, party)?;
    Ok(Outcome::In { token, person: person.id, party })
}

fn failed(tx: &mut Tx<'_>, env: &mut Env, person: &PersonProfile, wrong: Wrong) -> Result<Outcome> {
    note_failure(tx, env, person, wrong)?;
    Ok(Outcome::Failed)
}

fn note_failure(
    tx: &mut Tx<'_>,
    env: &mut Env,
    person: &PersonProfile,
    wrong: Wrong,
) -> Result<()> {
    let mut credential = secrets::credential(tx, person.id)?;
    if env.now().seconds_since(credential.failures_since) >= HOUR_SECONDS {
        credential.failures = 0;
        credential.failures_since = env.now();
    }
    credential.failures += 1;
    if credential.failures > FAILURES_PER_HOUR {
        return Ok(());
    }
    secrets::put_credential(tx, person.home, person.id, &credential)?;
    let event = IdentityEvent::from(SignInFailed { person: person.id, wrong });
    let subject = super::sign_in_subject(person.id);
    // Whoever tried is not known to be the person.
    let mut origin = super::own(person.home, person.id);
    origin.actor = "public".to_owned();
    record(tx, env, &origin, &subject, Expected::Any, vec![event])?;
    Ok(())
}

/// Records that a password was wrong; at most ten an hour for an account, beyond which nothing is
/// written. Called after the answer was given, so that its time does not tell that the account exists.
///
/// # Errors
/// When the database refuses.
pub fn record_failure(tx: &mut Tx<'_>, env: &mut Env, person: PersonId) -> Result<()> {
    match store::person(tx, person)? {
        Some(person) => note_failure(tx, env, &person, Wrong::Password),
        None => Ok(()),
    }
}

/// Signs in as anybody, with one click: for the fictional demonstration only; the caller has checked
/// that this deployment is one.
///
/// # Errors
/// When the database refuses.
pub fn demonstration_sign_in(tx: &mut Tx<'_>, env: &mut Env, person: PersonId) -> Result<Outcome> {
    let Some(person) = store::person(tx, person)? else { return Ok(Outcome::Failed) };
    match acting_for(tx, person.id, None)? {
        Some(party) => enter(tx, env, &person, party, Means::Demonstration),
        None => Ok(Outcome::Failed),
    }
}

/// Signs in somebody who has just accepted an invitation with a new password. An account with a second
/// factor is not let in by this: its owner signs in as usual.
///
/// # Errors
/// When the database refuses.
pub fn enter_by_invitation(
    tx: &mut Tx<'_>,
    env: &mut Env,
    person: PersonId,
    party: PartyId,
) -> Result<Outcome> {
    let Some(person) = store::person(tx, person)? else { return Ok(Outcome::Failed) };
    if person.factor_added_at.is_some() || acting_for(tx, person.id, Some(party))?.is_none() {
        return Ok(Outcome::Failed);
    }
    enter(tx, env, &person, party, Means::Invitation)
}
