//! Inviting, accepting, setting a password by a link.

use super::people::{join, side_of};
use crate::events::{
    IdentityEvent, InvitationAccepted, InvitationMade, InvitationWithdrawn, PasswordSet,
    PersonAdded, PersonRenamed,
};
use crate::model::{self, Email, Invitation, InvitationId, InvitationState, MemberState};
use crate::permits::{Invite, ManagePeople};
use crate::rules::people as rules;
use crate::rules::secrets as secret_rules;
use crate::store::{self, secrets};
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Role, Roles};
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Tx};
use platform::http::session;
use platform::jobs;
use platform::jobs::mail::{Mail, post};
use platform::journal::{Expected, Origin, record};
use platform::words::Words;

/// An invitation that was just made. The code is nowhere else: it is shown or mailed now or never.
#[derive(Clone)]
pub struct Invited {
    /// The invitation.
    pub invitation: InvitationId,
    /// Who is invited.
    pub email: Email,
    /// The secret part of the link: `/invitation/{code}`.
    pub code: String,
    /// From this moment it no longer works.
    pub expires_at: Timestamp,
}

/// Invites an address to act for the permit's party. An earlier open invitation of the same address
/// by the same party is replaced. Whether the address is known elsewhere is not said.
///
/// # Errors
/// When the address or the roles are not acceptable, or the address is a member's.
pub fn invite(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<Invite>,
    email: &str,
    roles: &[Role],
) -> Result<Invited> {
    let email = Email::parse(email)?;
    let party = permit.owner();
    let roles = rules::roles_for(side_of(tx, party)?, roles)?;
    if let Some(known) = store::person_by_email(tx, &email)?
        && let Some(member) = store::member(tx, party, known.id)?
    {
        return Err(Refusal::field(
            "email",
            match member.membership.state {
                MemberState::Active => {
                    "This address belongs to a member already. Change their roles instead."
                }
                MemberState::Deactivated => {
                    "This address belongs to a deactivated member. Reactivate them instead."
                }
            },
        )
        .into());
    }
    let expires_at = env.now().plus_seconds(rules::INVITATION_SECONDS);
    let origin = Origin::by(permit.actor(), party);
    open(tx, env, &origin, &email, roles, None, expires_at)
}

/// A link by which a member of the permit's party sets a new password, for somebody who has
/// forgotten it. Works only where this party is the account's home, so that one party cannot take
/// over an account that another trusts. The second factor stays.
///
/// # Errors
/// When they are no active member, or their account's home is another party.
pub fn password_link(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManagePeople>,
    person: PersonId,
) -> Result<Invited> {
    let origin = Origin::by(permit.actor(), permit.owner());
    link_for(tx, env, &origin, person)
}

/// The same with the right to invite: for first administrators, made by the product itself.
pub(super) fn password_invitation(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<Invite>,
    person: PersonId,
) -> Result<Invited> {
    let origin = Origin::by(permit.actor(), permit.owner());
    link_for(tx, env, &origin, person)
}

fn link_for(tx: &mut Tx<'_>, env: &mut Env, origin: &Origin, person: PersonId) -> Result<Invited> {
    let member = store::member(tx, origin.log, person)?.ok_or(Refusal::NotFound)?;
    if member.membership.state != MemberState::Active {
        return Err(Refusal::state("This person is deactivated. Reactivate them first.").into());
    }
    if member.profile.home != origin.log {
        return Err(Refusal::state(
            "This account was first made for another party, which alone can give it a new password.",
        )
        .into());
    }
    // Somebody who never had a password gets the time of an invitation, others that of a reset.
    let seconds = if member.profile.password_set_at.is_none() {
        rules::INVITATION_SECONDS
    } else {
        rules::RESET_SECONDS
    };
    let expires_at = env.now().plus_seconds(seconds);
    let roles = member.membership.roles;
    open(tx, env, origin, &member.profile.email, roles, Some(person), expires_at)
}

fn open(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    email: &Email,
    roles: Roles,
    person: Option<PersonId>,
    expires_at: Timestamp,
) -> Result<Invited> {
    let waiting = store::open_invitations(tx, origin.log)?;
    if waiting.len() >= store::ROWS_MAX {
        return Err(Refusal::state(format!(
            "{} invitations are open. Withdraw some before inviting more people.",
            waiting.len()
        ))
        .into());
    }
    for earlier in waiting.iter().filter(|i| i.email == *email) {
        withdraw(tx, env, origin, earlier.id)?;
    }
    let invitation: InvitationId = env.id();
    let code = secret_rules::new_code(env);
    let roles = roles.iter().collect();
    let event = InvitationMade { invitation, email: email.clone(), roles, person, expires_at };
    let subject = invitation.to_string();
    record(tx, env, origin, &subject, Expected::New, vec![IdentityEvent::from(event)])?;
    secrets::put_code(tx, origin.log, invitation, &secret_rules::digest(&code))?;
    Ok(Invited { invitation, email: email.clone(), code, expires_at })
}

/// What a mail with a link needs to be written.
#[derive(Clone)]
pub struct Letter {
    /// Where this deployment is reached, without a slash at the end.
    pub base_url: String,
    /// The language in which it is written.
    pub words: Words,
}

/// The key of the mail that carries an invitation's link.
fn mail_key(id: InvitationId) -> String {
    format!("identity.invitation/{id}")
}

/// Plans the mail that carries the link of an invitation which was just made, in its transaction. The
/// link stands in the planned mail until that is sent, withdrawn or has run out, and nowhere else.
///
/// # Errors
/// When the address takes no mail, or the database refuses.
pub fn mail_link<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    invited: &Invited,
    letter: &Letter,
) -> Result<()> {
    let party = permit.owner();
    let invitation = store::invitation(tx, party, invited.invitation)?.ok_or(Refusal::NotFound)?;
    let name = store::party(tx, party)?.ok_or(Refusal::NotFound)?.name;
    let what = if invitation.person.is_some() { "password" } else { "invitation" };
    let w = letter.words;
    let until = w.moment(invited.expires_at, &jiff::tz::TimeZone::UTC);
    let link = format!("{}/invitation/{}", letter.base_url, invited.code);
    let mail = Mail {
        to: invited.email.as_str().to_owned(),
        subject: w.t1(&format!("identity-mail-{what}-subject"), "party", &name),
        text: w.ta(
            &format!("identity-mail-{what}-text"),
            &[("party", name.into()), ("link", link.into()), ("until", until.into())],
        ),
    };
    let key = mail_key(invited.invitation);
    post(tx, env, Some(party), &key, &mail, Some(invited.expires_at))?;
    Ok(())
}

fn withdraw(tx: &mut Tx<'_>, env: &mut Env, origin: &Origin, id: InvitationId) -> Result<()> {
    jobs::store::cancel_by_key(tx, Some(origin.log), &mail_key(id), env.now())?;
    let event = IdentityEvent::from(InvitationWithdrawn { invitation: id });
    record(tx, env, origin, &id.to_string(), Expected::Any, vec![event])?;
    // The code's digest stays, so that the page can say that the invitation was withdrawn.
    Ok(())
}

/// Withdraws an open invitation of the permit's party.
///
/// # Errors
/// When there is none, or it is no longer open.
pub fn withdraw_invitation(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<Invite>,
    id: InvitationId,
) -> Result<()> {
    let party = permit.owner();
    let invitation = store::invitation(tx, party, id)?.ok_or(Refusal::NotFound)?;
    if invitation.state != InvitationState::Open {
        return Err(Refusal::state("This invitation is no longer open.").into());
    }
    withdraw(tx, env, &Origin::by(permit.actor(), party), id)
}

/// What a code opens: the invitation, the name of the party, and whether an account with the address
/// exists (which may be said: whoever holds the code reads that address's mail).
///
/// # Errors
/// [`Refusal::NotFound`] for a code that was never given, [`Refusal::State`] for one that no longer
/// works.
pub fn look_at_invitation(
    conn: &mut Conn<'_>,
    code: &str,
    now: Timestamp,
) -> Result<(Invitation, String, Option<PersonId>)> {
    let code = secret_rules::bounded(code).ok_or(Refusal::NotFound)?;
    let invitation =
        store::invitation_by_code(conn, &secret_rules::digest(code))?.ok_or(Refusal::NotFound)?;
    rules::may_accept(&invitation, now)?;
    let party = store::party(conn, invitation.party)?.ok_or(Refusal::NotFound)?;
    let known = store::person_by_email(conn, &invitation.email)?.map(|p| p.id);
    Ok((invitation, party.name, known))
}

/// What somebody who accepts brings along.
#[derive(Clone, Default)]
pub struct Acceptance {
    /// Their name; not needed where the account exists.
    pub name: Option<String>,
    /// The hash of the password they chose (see [`secret_rules::hash_password`]); not needed where
    /// somebody with that account is signed in.
    pub password: Option<String>,
    /// Who is signed in.
    pub signed_in: Option<PersonId>,
}

/// Who now is a member, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// The person.
    pub person: PersonId,
    /// The party that had invited them.
    pub party: PartyId,
    /// Whether a password was set, which ended their earlier sessions.
    pub password_set: bool,
}

/// Accepts an invitation by its code, once: makes the account where there is none, sets the password,
/// grants the roles.
///
/// # Errors
/// As [`look_at_invitation`]; when name or password is missing; when the account exists and
/// somebody else (or nobody) is signed in; when the account stands on the other side.
pub fn accept_invitation(
    tx: &mut Tx<'_>,
    env: &mut Env,
    code: &str,
    with: &Acceptance,
) -> Result<Accepted> {
    let (invitation, _, known) = look_at_invitation(tx, code, env.now())?;
    let accepted = match (invitation.person, known) {
        (Some(person), _) => set_by_link(tx, env, person, with)?,
        (None, Some(person)) => {
            if with.signed_in != Some(person) {
                return Err(Refusal::state(
                    "An account with this address exists. Sign in with it, then open this link again.",
                )
                .into());
            }
            (person, false)
        }
        (None, None) => (new_person(tx, env, &invitation, with)?, true),
    };
    let (person, password_set) = accepted;
    let origin = super::own(invitation.party, person);
    if invitation.person.is_none() {
        let side = side_of(tx, invitation.party)?;
        join(tx, env, &origin, person, side, invitation.roles)?;
    }
    let event = IdentityEvent::from(InvitationAccepted { invitation: invitation.id, person });
    record(tx, env, &origin, &invitation.id.to_string(), Expected::Any, vec![event])?;
    Ok(Accepted { person, party: invitation.party, password_set })
}

fn chosen(with: &Acceptance) -> Result<String, Refusal> {
    with.password.clone().ok_or_else(|| Refusal::field("password", "Choose a password."))
}

fn new_person(
    tx: &mut Tx<'_>,
    env: &mut Env,
    invitation: &Invitation,
    with: &Acceptance,
) -> Result<PersonId> {
    let name = model::name("name", with.name.as_deref().unwrap_or_default())?;
    let password = chosen(with)?;
    let person: PersonId = env.id();
    let origin = super::own(invitation.party, person);
    let events: Vec<IdentityEvent> = vec![
        PersonAdded { person, email: invitation.email.clone(), name }.into(),
        PasswordSet { person }.into(),
    ];
    record(tx, env, &origin, &person.to_string(), Expected::New, events)?;
    let credential = secrets::Credential { password: Some(password), ..Default::default() };
    secrets::put_credential(tx, invitation.party, person, &credential)?;
    Ok(person)
}

fn set_by_link(
    tx: &mut Tx<'_>,
    env: &mut Env,
    person: PersonId,
    with: &Acceptance,
) -> Result<(PersonId, bool)> {
    let profile = store::person(tx, person)?.ok_or(Refusal::NotFound)?;
    let password = chosen(with)?;
    let mut events: Vec<IdentityEvent> = Vec::new();
    if let Some(name) = with.name.as_deref().filter(|n| !n.trim().is_empty() && *n != profile.name)
    {
        events.push(PersonRenamed { person, name: model::name("name", name)? }.into());
    }
    events.push(PasswordSet { person }.into());
    let origin = super::own(profile.home, person);
    record(tx, env, &origin, &person.to_string(), Expected::Any, events)?;
    let mut credential = secrets::credential(tx, person)?;
    credential.password = Some(password);
    secrets::put_credential(tx, profile.home, person, &credential)?;
    session::end_all(tx, person)?;
    Ok((person, true))
}
