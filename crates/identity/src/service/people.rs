//! Parties, people, roles, deactivation.

use super::{Invited, invitations};
use crate::events::{
    IdentityEvent, MemberDeactivated, MemberReactivated, MembershipGranted, PartyRegistered,
    PersonAdded, PersonRenamed, RolesChanged, TokenRevoked,
};
use crate::model::{self, Email, Member, MemberState, MembershipId};
use crate::permits::{AddPerson, Invite, ManageOwnAccount, ManagePeople, RegisterParty};
use crate::rules::people as rules;
use crate::store::{self, secrets};
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Side};
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::{Conn, Result, Tx};
use platform::http::session;
use platform::journal::{Expected, Origin, record};

/// Registers a party under the id for which the permit was given; its log begins with it.
///
/// # Errors
/// When the name is not one, or the side is not that of a party.
pub fn register_party(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RegisterParty>,
    side: Side,
    name: &str,
) -> Result<PartyId> {
    if !matches!(side, Side::ServiceOrganisation | Side::Firm) {
        return Err(Refusal::field("side", "A party is a service organisation or a firm.").into());
    }
    let party = permit.owner();
    let name = model::name("name", name)?;
    let origin = Origin::by(permit.actor(), party);
    let event = IdentityEvent::from(PartyRegistered { party, side, name });
    record(tx, env, &origin, &party.to_string(), Expected::New, vec![event])?;
    Ok(party)
}

/// Makes a person a member of the permit's party without an invitation: first administrators and
/// the people of a demonstration. Somebody with that address who is known already keeps their name.
///
/// # Errors
/// When a name, an address or a role is not acceptable, they are a member already, or they stand on
/// the other side.
pub fn add_person(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<AddPerson>,
    email: &str,
    name: &str,
    roles: &[Role],
) -> Result<PersonId> {
    let email = Email::parse(email)?;
    let name = model::name("name", name)?;
    let side = side_of(tx, permit.owner())?;
    let roles = rules::roles_for(side, roles)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let person = match store::person_by_email(tx, &email)? {
        Some(known) => known.id,
        None => {
            let person: PersonId = env.id();
            let event = IdentityEvent::from(PersonAdded { person, email, name });
            record(tx, env, &origin, &person.to_string(), Expected::New, vec![event])?;
            person
        }
    };
    join(tx, env, &origin, person, side, roles)?;
    Ok(person)
}

/// The side of a party.
pub(super) fn side_of(conn: &mut Conn<'_>, party: PartyId) -> Result<Side> {
    Ok(store::party(conn, party)?.ok_or(Refusal::NotFound)?.side)
}

/// Grants a membership, or renews one that had ended. The origin's log is the party.
pub(super) fn join(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    person: PersonId,
    side: Side,
    roles: Roles,
) -> Result<()> {
    let mut sides = Vec::new();
    let mut before = None;
    for membership in store::memberships_of(tx, person)? {
        if membership.state == MemberState::Active {
            sides.push(side_of(tx, membership.party)?);
        }
        if membership.party == origin.log {
            before = Some(membership);
        }
    }
    rules::may_join(&sides, side)?;
    let roles: Vec<Role> = roles.iter().collect();
    let (membership, event): (MembershipId, IdentityEvent) = match before {
        Some(m) if m.state == MemberState::Active => {
            return Err(Refusal::state("This person is a member already.").into());
        }
        Some(m) => (m.id, MemberReactivated { membership: m.id, roles }.into()),
        None => {
            let membership = env.id();
            (membership, MembershipGranted { membership, person, roles }.into())
        }
    };
    record(tx, env, origin, &membership.to_string(), Expected::Any, vec![event])?;
    Ok(())
}

/// A person of the permit's party, or nothing: people of other parties are not there.
fn member_here(conn: &mut Conn<'_>, party: PartyId, person: PersonId) -> Result<Member> {
    Ok(store::member(conn, party, person)?.ok_or(Refusal::NotFound)?)
}

/// Changes what a member is trusted with. `version` is the membership's, as the form carried it.
///
/// # Errors
/// When the roles are not of the party's side, nobody would administer it afterwards, or somebody
/// changed it meanwhile.
pub fn change_roles(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManagePeople>,
    person: PersonId,
    version: i64,
    roles: &[Role],
) -> Result<()> {
    let party = permit.owner();
    let member = member_here(tx, party, person)?.membership;
    let side = side_of(tx, party)?;
    let roles = rules::roles_for(side, roles)?;
    if member.state != MemberState::Active {
        return Err(Refusal::state("This person is deactivated. Reactivate them first.").into());
    }
    let administrators = store::holders(tx, party, rules::administrator(side))?;
    rules::administrator_remains(side, &member, roles, administrators)?;
    if roles == member.roles {
        return Ok(());
    }
    let event = RolesChanged { membership: member.id, roles: roles.iter().collect() }.into();
    let origin = Origin::by(permit.actor(), party);
    let subject = member.id.to_string();
    record::<IdentityEvent>(tx, env, &origin, &subject, Expected::Version(version), vec![event])?;
    Ok(())
}

/// Ends a membership: the person's sessions end at once and their tokens for this party no longer
/// work. What they did stays in the record under their name.
///
/// # Errors
/// When nobody would administer the party afterwards, or somebody changed it meanwhile.
pub fn deactivate(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManagePeople>,
    person: PersonId,
    version: i64,
) -> Result<()> {
    let party = permit.owner();
    let member = member_here(tx, party, person)?.membership;
    if member.state != MemberState::Active {
        return Err(Refusal::state("This person is deactivated already.").into());
    }
    let side = side_of(tx, party)?;
    let administrators = store::holders(tx, party, rules::administrator(side))?;
    rules::administrator_remains(side, &member, Roles::NONE, administrators)?;
    let origin = Origin::by(permit.actor(), party);
    let event = MemberDeactivated { membership: member.id }.into();
    let subject = member.id.to_string();
    record::<IdentityEvent>(tx, env, &origin, &subject, Expected::Version(version), vec![event])?;
    for token in store::tokens_of(tx, party, person)? {
        if token.revoked_at.is_none() {
            let event = TokenRevoked { token: token.id }.into();
            let subject = token.id.to_string();
            record::<IdentityEvent>(tx, env, &origin, &subject, Expected::Any, vec![event])?;
            secrets::drop_token(tx, token.id)?;
        }
    }
    session::end_all(tx, person)
}

/// Lets a deactivated member act for the party again, with these roles. Their tokens stay revoked.
///
/// # Errors
/// When the roles are not of the party's side, they are active, or they stand on the other side now.
pub fn reactivate(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManagePeople>,
    person: PersonId,
    roles: &[Role],
) -> Result<()> {
    let party = permit.owner();
    member_here(tx, party, person)?;
    let side = side_of(tx, party)?;
    let roles = rules::roles_for(side, roles)?;
    join(tx, env, &Origin::by(permit.actor(), party), person, side, roles)
}

/// Changes one's own name.
///
/// # Errors
/// When it is not one.
pub fn rename(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageOwnAccount>,
    name: &str,
) -> Result<()> {
    let me = super::self_of(tx, permit)?;
    let name = model::name("name", name)?;
    if name == me.name {
        return Ok(());
    }
    let event = IdentityEvent::from(PersonRenamed { person: me.id, name });
    let origin = super::own(me.home, me.id);
    record(tx, env, &origin, &me.id.to_string(), Expected::Any, vec![event])?;
    Ok(())
}

/// A new service organisation with its first administrator, who sets a password by the invitation
/// code (`/invitation/{code}`). Answers with the party, the person and the code.
///
/// # Errors
/// When a name or the address is not acceptable, or the address belongs to somebody on the other side.
pub fn bootstrap(
    tx: &mut Tx<'_>,
    env: &mut Env,
    organisation: &str,
    admin_email: &str,
    admin_name: &str,
) -> Result<(PartyId, PersonId, String)> {
    let admin = [Role::Administrator, Role::ComplianceLead];
    found(tx, env, Side::ServiceOrganisation, organisation, (admin_email, admin_name), &admin)
}

/// The same for a CPA firm, whose first administrator is also a partner.
///
/// # Errors
/// As [`bootstrap`].
pub fn bootstrap_firm(
    tx: &mut Tx<'_>,
    env: &mut Env,
    firm: &str,
    admin_email: &str,
    admin_name: &str,
) -> Result<(PartyId, PersonId, String)> {
    let admin = [Role::FirmAdministrator, Role::Partner];
    found(tx, env, Side::Firm, firm, (admin_email, admin_name), &admin)
}

fn found(
    tx: &mut Tx<'_>,
    env: &mut Env,
    side: Side,
    name: &str,
    (email, person_name): (&str, &str),
    roles: &[Role],
) -> Result<(PartyId, PersonId, String)> {
    let actor = Actor::system(env.id(), "init");
    let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
    let party = register_party(tx, env, &authorize(&actor, &facts)?, side, name)?;
    let permit = authorize::<AddPerson>(&actor, &facts)?;
    let person = add_person(tx, env, &permit, email, person_name, roles)?;
    let permit = authorize::<Invite>(&actor, &facts)?;
    let Invited { code, .. } = invitations::password_invitation(tx, env, &permit, person)?;
    Ok((party, person, code))
}

/// Adds a person with roles to a party as the product itself does: for the demonstration, which has
/// no passwords, and for tests.
///
/// # Errors
/// As [`add_person`]; [`Refusal::NotFound`] when there is no such party.
pub fn add_person_directly(
    tx: &mut Tx<'_>,
    env: &mut Env,
    party: PartyId,
    email: &str,
    name: &str,
    roles: &[Role],
) -> Result<PersonId> {
    let actor = Actor::system(party, "setup");
    let permit = authorize::<AddPerson>(&actor, &Facts::of(party))?;
    add_person(tx, env, &permit, email, name, roles)
}

/// Whether an organisation and a firm may be joined by an engagement as far as people go: nobody may
/// hold both sides of one engagement.
///
/// # Errors
/// [`Refusal::State`] naming the person who does.
pub fn nobody_on_both_sides(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    firm: PartyId,
) -> Result<()> {
    let Some(person) = store::member_of_both(conn, organisation, firm)? else { return Ok(()) };
    let name = store::name_of(conn, person)?;
    Err(Refusal::state(format!(
        "{name} acts for both parties, and nobody may hold both sides of an engagement. Deactivate the person on one side first."
    ))
    .into())
}

/// Whether a record may name this person as the one who answers for it: somebody who acts for the
/// party today. `field` is the form field that a refusal speaks of.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn answers_for(
    conn: &mut Conn<'_>,
    party: PartyId,
    person: Option<PersonId>,
    field: &'static str,
) -> Result<()> {
    let Some(person) = person else { return Ok(()) };
    match store::member(conn, party, person)? {
        Some(member) if member.membership.state == MemberState::Active => Ok(()),
        _ => Err(Refusal::field(
            field,
            "Choose somebody who acts for the organisation that answers for this.",
        )
        .into()),
    }
}
