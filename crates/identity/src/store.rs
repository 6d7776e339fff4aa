//! The room's tables: what each event means, and named queries.
//!
//! Secrets are in [`secrets`]: they are written by `service` beside the event, never by [`apply`].
//!
//! [`apply`]: platform::journal::Project::apply

pub mod secrets;

use crate::events::IdentityEvent as E;
use crate::model::{
    ApiToken, Email, Invitation, InvitationId, InvitationState, Member, MemberState, Membership,
    Party, PersonProfile, TokenId, roles_of_text, roles_text,
};
use kernel::event::Recorded;
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Role, Roles, Side};
use platform::db::{Conn, DbError, Result, Row, Tx};
use platform::journal::Project;
use platform::params;

/// The most rows that a list of people, invitations or tokens gives at once.
pub const ROWS_MAX: usize = 1_000;

impl Project for E {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            E::PartyRegistered(_) | E::PersonAdded(_) | E::PersonRenamed(_) => apply_known(tx, e),
            E::MembershipGranted(_)
            | E::RolesChanged(_)
            | E::MemberDeactivated(_)
            | E::MemberReactivated(_) => apply_membership(tx, e),
            E::InvitationMade(_) | E::InvitationAccepted(_) | E::InvitationWithdrawn(_) => {
                apply_invitation(tx, e)
            }
            E::TokenMade(_) | E::TokenRevoked(_) => apply_token(tx, e),
            E::PasswordSet(p) => {
                let sql = "UPDATE identity_person SET password_set_at = $2 WHERE id = $1";
                one(tx.execute(sql, params![p.person, e.recorded_at])?)
            }
            E::FactorAdded(p) => {
                let sql = "UPDATE identity_person SET factor_added_at = $2 WHERE id = $1";
                one(tx.execute(sql, params![p.person, e.recorded_at])?)
            }
            E::FactorRemoved(p) => {
                let sql = "UPDATE identity_person SET factor_added_at = NULL WHERE id = $1";
                one(tx.execute(sql, params![p.person])?)
            }
            E::SignedIn(p) => {
                let sql = "UPDATE identity_person SET signed_in_at = $2 WHERE id = $1";
                one(tx.execute(sql, params![p.person, e.recorded_at])?)
            }
            // Facts for the log alone: no table holds them.
            E::RecoveryCodesMade(_) | E::SignInFailed(_) => Ok(()),
        }
    }
}

/// An event that names a row must meet exactly that row.
fn one(rows: u64) -> Result<()> {
    if rows == 1 {
        return Ok(());
    }
    Err(DbError::Shape(format!("an event met {rows} rows instead of one")).into())
}

fn text_of(roles: &[Role]) -> String {
    roles_text(roles.iter().copied().collect())
}

fn apply_known(tx: &mut Tx<'_>, e: &Recorded<E>) -> Result<()> {
    match &e.event {
        E::PartyRegistered(p) => one(tx.execute(
            "INSERT INTO identity_party (id, side, name, created_at) VALUES ($1, $2, $3, $4)",
            params![p.party, p.side.as_str(), &p.name, e.recorded_at],
        )?),
        E::PersonAdded(p) => one(tx.execute(
            "INSERT INTO identity_person (id, organisation, email, name, created_at)
             VALUES ($1, $2, $3, $4, $5)",
            params![p.person, e.log, p.email.as_str(), &p.name, e.recorded_at],
        )?),
        E::PersonRenamed(p) => {
            let sql = "UPDATE identity_person SET name = $2 WHERE id = $1";
            one(tx.execute(sql, params![p.person, &p.name])?)
        }
        _ => Ok(()),
    }
}

fn apply_membership(tx: &mut Tx<'_>, e: &Recorded<E>) -> Result<()> {
    match &e.event {
        E::MembershipGranted(p) => one(tx.execute(
            "INSERT INTO identity_membership (id, organisation, person, roles, state, since, version)
             VALUES ($1, $2, $3, $4, 'active', $5, $6)",
            params![p.membership, e.log, p.person, text_of(&p.roles), e.recorded_at, e.version],
        )?),
        E::RolesChanged(p) => one(tx.execute(
            "UPDATE identity_membership SET roles = $2, version = $3 WHERE id = $1",
            params![p.membership, text_of(&p.roles), e.version],
        )?),
        E::MemberDeactivated(p) => one(tx.execute(
            "UPDATE identity_membership SET state = 'deactivated', version = $2 WHERE id = $1",
            params![p.membership, e.version],
        )?),
        E::MemberReactivated(p) => one(tx.execute(
            "UPDATE identity_membership
             SET state = 'active', roles = $2, since = $3, version = $4 WHERE id = $1",
            params![p.membership, text_of(&p.roles), e.recorded_at, e.version],
        )?),
        _ => Ok(()),
    }
}

fn apply_invitation(tx: &mut Tx<'_>, e: &Recorded<E>) -> Result<()> {
    let (id, state) = match &e.event {
        E::InvitationMade(p) => {
            return one(tx.execute(
                "INSERT INTO identity_invitation
                 (id, organisation, email, roles, person, state, made_by, made_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8)",
                params![
                    p.invitation,
                    e.log,
                    p.email.as_str(),
                    text_of(&p.roles),
                    p.person,
                    &e.actor,
                    e.recorded_at,
                    p.expires_at
                ],
            )?);
        }
        E::InvitationAccepted(p) => (p.invitation, InvitationState::Accepted),
        E::InvitationWithdrawn(p) => (p.invitation, InvitationState::Withdrawn),
        _ => return Ok(()),
    };
    let sql = "UPDATE identity_invitation SET state = $2 WHERE id = $1";
    one(tx.execute(sql, params![id, state.as_str()])?)
}

fn apply_token(tx: &mut Tx<'_>, e: &Recorded<E>) -> Result<()> {
    match &e.event {
        E::TokenMade(p) => one(tx.execute(
            "INSERT INTO identity_token
             (id, organisation, person, name, scopes, made_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                p.token,
                e.log,
                p.person,
                &p.name,
                p.scopes.join(" "),
                e.recorded_at,
                p.expires_at
            ],
        )?),
        E::TokenRevoked(p) => {
            let sql = "UPDATE identity_token SET revoked_at = $2 WHERE id = $1";
            one(tx.execute(sql, params![p.token, e.recorded_at])?)
        }
        _ => Ok(()),
    }
}

// ---- reading ---------------------------------------------------------------------------------

fn shape(what: &str) -> platform::db::Error {
    DbError::Shape(format!("a stored {what} that cannot be read")).into()
}

fn read_party(row: &Row) -> Result<Party> {
    Ok(Party {
        id: row.get("id")?,
        side: Side::parse(&row.get::<String>("side")?).ok_or_else(|| shape("side"))?,
        name: row.get("name")?,
        created_at: row.get("created_at")?,
    })
}

/// A party.
///
/// # Errors
/// When the database refuses.
pub fn party(conn: &mut Conn<'_>, id: PartyId) -> Result<Option<Party>> {
    conn.query_opt(
        "SELECT id, side, name, created_at FROM identity_party WHERE id = $1",
        params![id],
    )?
    .as_ref()
    .map(read_party)
    .transpose()
}

/// Every party of the deployment, oldest first; for the command line and jobs, never for a page.
///
/// # Errors
/// When the database refuses.
pub fn parties(conn: &mut Conn<'_>) -> Result<Vec<Party>> {
    conn.query("SELECT id, side, name, created_at FROM identity_party ORDER BY id", &[])?
        .iter()
        .map(read_party)
        .collect()
}

const PERSON: &str =
    "p.id AS person_id, p.organisation AS home, p.email, p.name, p.password_set_at,
    p.factor_added_at, p.signed_in_at, (SELECT CAST(COUNT(*) AS BIGINT) FROM identity_membership a
    WHERE a.person = p.id AND a.state = 'active') AS acts";

fn read_person(row: &Row) -> Result<PersonProfile> {
    let email: String = row.get("email")?;
    Ok(PersonProfile {
        id: row.get("person_id")?,
        home: row.get("home")?,
        email: Email::parse(&email).map_err(|_| shape("address"))?,
        name: row.get("name")?,
        state: if row.get::<i64>("acts")? > 0 {
            MemberState::Active
        } else {
            MemberState::Deactivated
        },
        password_set_at: row.get("password_set_at")?,
        factor_added_at: row.get("factor_added_at")?,
        signed_in_at: row.get("signed_in_at")?,
    })
}

/// A person. Not scoped: callers show only people of the reader's own party, or the name alone.
///
/// # Errors
/// When the database refuses.
pub fn person(conn: &mut Conn<'_>, id: PersonId) -> Result<Option<PersonProfile>> {
    let sql = format!("SELECT {PERSON} FROM identity_person p WHERE p.id = $1");
    conn.query_opt(&sql, params![id])?.as_ref().map(read_person).transpose()
}

/// The person with an address, wherever in the deployment. For signing in and accepting invitations;
/// never to tell one party whom another knows.
///
/// # Errors
/// When the database refuses.
pub fn person_by_email(conn: &mut Conn<'_>, email: &Email) -> Result<Option<PersonProfile>> {
    let sql = format!("SELECT {PERSON} FROM identity_person p WHERE p.email = $1");
    conn.query_opt(&sql, params![email.as_str()])?.as_ref().map(read_person).transpose()
}

/// A person's name, for pages that say who did something; the text of the id where nobody has it.
///
/// # Errors
/// When the database refuses.
pub fn name_of(conn: &mut Conn<'_>, id: PersonId) -> Result<String> {
    conn.query_opt("SELECT name FROM identity_person WHERE id = $1", params![id])?
        .map_or_else(|| Ok(id.to_string()), |row| row.get("name"))
}

const MEMBERSHIP: &str =
    "m.id AS membership_id, m.organisation, m.person, m.roles, m.state, m.since, m.version";

fn read_membership(row: &Row) -> Result<Membership> {
    Ok(Membership {
        id: row.get("membership_id")?,
        person: row.get("person")?,
        party: row.get("organisation")?,
        roles: roles_of_text(&row.get::<String>("roles")?),
        state: MemberState::parse(&row.get::<String>("state")?)
            .ok_or_else(|| shape("membership"))?,
        since: row.get("since")?,
        version: row.get("version")?,
    })
}

fn read_member(row: &Row) -> Result<Member> {
    Ok(Member { profile: read_person(row)?, membership: read_membership(row)? })
}

/// Where a list of people stands: after the person with this name and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// The name of the last person shown.
    pub name: String,
    /// Their id, which decides between equal names.
    pub id: PersonId,
}

/// A part of a party's people, by name: at most `limit`, after the given place.
///
/// # Errors
/// When the database refuses.
pub fn people_page(
    conn: &mut Conn<'_>,
    party: PartyId,
    after: Option<&After>,
    limit: usize,
) -> Result<Vec<Member>> {
    let limit = i64::try_from(limit.min(ROWS_MAX + 1)).unwrap_or(i64::MAX);
    let from = "FROM identity_membership m JOIN identity_person p ON p.id = m.person";
    let rows = match after {
        None => conn.query(
            &format!(
                "SELECT {PERSON}, {MEMBERSHIP} {from} WHERE m.organisation = $1
                 ORDER BY p.name, p.id LIMIT $2"
            ),
            params![party, limit],
        )?,
        Some(after) => conn.query(
            &format!(
                "SELECT {PERSON}, {MEMBERSHIP} {from} WHERE m.organisation = $1
                 AND (p.name > $2 OR (p.name = $2 AND p.id > $3))
                 ORDER BY p.name, p.id LIMIT $4"
            ),
            params![party, &after.name, after.id, limit],
        )?,
    };
    rows.iter().map(read_member).collect()
}

/// The people of a party with their roles, by name, the first [`ROWS_MAX`]; deactivated ones included.
///
/// # Errors
/// When the database refuses.
pub fn people_of(conn: &mut Conn<'_>, party: PartyId) -> Result<Vec<Member>> {
    people_page(conn, party, None, ROWS_MAX)
}

/// All people of a party with their roles, by name; deactivated ones included. For files.
///
/// # Errors
/// When the database refuses.
pub fn everybody(conn: &mut Conn<'_>, party: PartyId) -> Result<Vec<Member>> {
    let mut all = people_page(conn, party, None, ROWS_MAX)?;
    while let Some(last) = all.last().filter(|_| all.len().is_multiple_of(ROWS_MAX)) {
        let after = After { name: last.profile.name.clone(), id: last.profile.id };
        let more = people_page(conn, party, Some(&after), ROWS_MAX)?;
        if more.is_empty() {
            break;
        }
        all.extend(more);
    }
    Ok(all)
}

/// How many people act for a party, and how many of them have a second factor.
///
/// # Errors
/// When the database refuses.
pub fn people_counts(conn: &mut Conn<'_>, party: PartyId) -> Result<(i64, i64)> {
    let row = conn.query_one(
        "SELECT CAST(COUNT(*) AS BIGINT) AS people,
                CAST(COUNT(p.factor_added_at) AS BIGINT) AS factors
         FROM identity_membership m JOIN identity_person p ON p.id = m.person
         WHERE m.organisation = $1 AND m.state = 'active'",
        params![party],
    )?;
    Ok((row.get("people")?, row.get("factors")?))
}

/// A person as a party's member; none when they are not, whatever they are elsewhere.
///
/// # Errors
/// When the database refuses.
pub fn member(conn: &mut Conn<'_>, party: PartyId, person: PersonId) -> Result<Option<Member>> {
    let sql = format!(
        "SELECT {PERSON}, {MEMBERSHIP} FROM identity_membership m
         JOIN identity_person p ON p.id = m.person WHERE m.organisation = $1 AND m.person = $2"
    );
    conn.query_opt(&sql, params![party, person])?.as_ref().map(read_member).transpose()
}

/// What a person is trusted with, by which parties, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn memberships_of(conn: &mut Conn<'_>, person: PersonId) -> Result<Vec<Membership>> {
    let sql =
        format!("SELECT {MEMBERSHIP} FROM identity_membership m WHERE m.person = $1 ORDER BY m.id");
    conn.query(&sql, params![person])?.iter().map(read_membership).collect()
}

/// How many active members of a party hold a role.
///
/// # Errors
/// When the database refuses.
pub fn holders(conn: &mut Conn<'_>, party: PartyId, role: Role) -> Result<usize> {
    let rows = conn.query(
        "SELECT roles FROM identity_membership WHERE organisation = $1 AND state = 'active'",
        params![party],
    )?;
    let roles: Vec<Roles> = rows
        .iter()
        .map(|row| Ok(roles_of_text(&row.get::<String>("roles")?)))
        .collect::<Result<_>>()?;
    Ok(roles.iter().filter(|held| held.has(role)).count())
}

/// The name of somebody who is an active member of both parties, if there is one.
///
/// # Errors
/// When the database refuses.
pub fn member_of_both(
    conn: &mut Conn<'_>,
    one: PartyId,
    other: PartyId,
) -> Result<Option<PersonId>> {
    conn.query_opt(
        "SELECT a.person FROM identity_membership a JOIN identity_membership b
         ON a.person = b.person WHERE a.organisation = $1 AND b.organisation = $2
         AND a.state = 'active' AND b.state = 'active' ORDER BY a.person LIMIT 1",
        params![one, other],
    )?
    .map(|row| row.get("person"))
    .transpose()
}

const INVITATION: &str =
    "i.id, i.organisation, i.email, i.roles, i.person, i.state, i.made_by, i.made_at, i.expires_at";

fn read_invitation(row: &Row) -> Result<Invitation> {
    let email: String = row.get("email")?;
    Ok(Invitation {
        id: row.get("id")?,
        party: row.get("organisation")?,
        email: Email::parse(&email).map_err(|_| shape("address"))?,
        roles: roles_of_text(&row.get::<String>("roles")?),
        person: row.get("person")?,
        state: InvitationState::parse(&row.get::<String>("state")?)
            .ok_or_else(|| shape("invitation"))?,
        made_by: row.get("made_by")?,
        made_at: row.get("made_at")?,
        expires_at: row.get("expires_at")?,
    })
}

/// An invitation of a party.
///
/// # Errors
/// When the database refuses.
pub fn invitation(
    conn: &mut Conn<'_>,
    party: PartyId,
    id: InvitationId,
) -> Result<Option<Invitation>> {
    let sql = format!(
        "SELECT {INVITATION} FROM identity_invitation i WHERE i.id = $1 AND i.organisation = $2"
    );
    conn.query_opt(&sql, params![id, party])?.as_ref().map(read_invitation).transpose()
}

/// The invitation that a code opens, whatever its state.
///
/// # Errors
/// When the database refuses.
pub fn invitation_by_code(conn: &mut Conn<'_>, digest: &[u8]) -> Result<Option<Invitation>> {
    let sql = format!(
        "SELECT {INVITATION} FROM identity_invitation i
         JOIN identity_invitation_code c ON c.invitation = i.id WHERE c.digest = $1"
    );
    conn.query_opt(&sql, params![digest])?.as_ref().map(read_invitation).transpose()
}

/// The open invitations of a party, newest first, those that have run out included.
///
/// # Errors
/// When the database refuses.
pub fn open_invitations(conn: &mut Conn<'_>, party: PartyId) -> Result<Vec<Invitation>> {
    let limit = i64::try_from(ROWS_MAX).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT {INVITATION} FROM identity_invitation i
         WHERE i.organisation = $1 AND i.state = 'open' ORDER BY i.id DESC LIMIT $2"
    );
    conn.query(&sql, params![party, limit])?.iter().map(read_invitation).collect()
}

const TOKEN: &str = "t.id, t.organisation, t.person, t.name, t.scopes, t.made_at, t.expires_at,
    t.revoked_at, d.used_at";

fn read_token(row: &Row) -> Result<ApiToken> {
    let scopes: String = row.get("scopes")?;
    Ok(ApiToken {
        id: row.get("id")?,
        person: row.get("person")?,
        party: row.get("organisation")?,
        name: row.get("name")?,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        made_at: row.get("made_at")?,
        expires_at: row.get("expires_at")?,
        revoked_at: row.get("revoked_at")?,
        used_at: row.get("used_at")?,
    })
}

/// A person's tokens for a party, newest first, revoked ones included.
///
/// # Errors
/// When the database refuses.
pub fn tokens_of(conn: &mut Conn<'_>, party: PartyId, person: PersonId) -> Result<Vec<ApiToken>> {
    let limit = i64::try_from(ROWS_MAX).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT {TOKEN} FROM identity_token t
         LEFT JOIN identity_token_digest d ON d.token = t.id
         WHERE t.organisation = $1 AND t.person = $2 ORDER BY t.id DESC LIMIT $3"
    );
    conn.query(&sql, params![party, person, limit])?.iter().map(read_token).collect()
}

/// A person's token for a party.
///
/// # Errors
/// When the database refuses.
pub fn token(
    conn: &mut Conn<'_>,
    party: PartyId,
    person: PersonId,
    id: TokenId,
) -> Result<Option<ApiToken>> {
    let sql = format!(
        "SELECT {TOKEN} FROM identity_token t
         LEFT JOIN identity_token_digest d ON d.token = t.id
         WHERE t.organisation = $1 AND t.person = $2 AND t.id = $3"
    );
    conn.query_opt(&sql, params![party, person, id])?.as_ref().map(read_token).transpose()
}

/// The token with a digest, whatever its state.
///
/// # Errors
/// When the database refuses.
pub fn token_by_digest(conn: &mut Conn<'_>, digest: &[u8]) -> Result<Option<ApiToken>> {
    let sql = format!(
        "SELECT {TOKEN} FROM identity_token_digest d
         JOIN identity_token t ON t.id = d.token WHERE d.digest = $1"
    );
    conn.query_opt(&sql, params![digest])?.as_ref().map(read_token).transpose()
}
