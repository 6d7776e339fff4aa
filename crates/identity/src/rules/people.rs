//! Who may be trusted with what.

use crate::model::{Invitation, InvitationState, Membership};
use kernel::party::{Role, Roles, Side};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;

/// An invitation works this long.
pub const INVITATION_SECONDS: i64 = 7 * 86_400;
/// A link to set a new password works this long.
pub const RESET_SECONDS: i64 = 86_400;
/// A token works at most this long.
pub const TOKEN_DAYS_MAX: i64 = 366;
/// A person holds at most this many working tokens for a party.
pub const TOKENS_MAX: usize = 50;

/// The role that administers the people of a side.
#[must_use]
pub const fn administrator(side: Side) -> Role {
    match side {
        Side::Firm => Role::FirmAdministrator,
        _ => Role::Administrator,
    }
}

/// Roles that a party may give: at least one, all of its own side.
///
/// # Errors
/// [`Refusal::Input`] on the field `roles`.
pub fn roles_for(side: Side, roles: &[Role]) -> Result<Roles, Refusal> {
    if let Some(other) = roles.iter().find(|role| role.side() != side) {
        return Err(Refusal::field(
            "roles",
            format!("The role {other} belongs to the other side. Choose roles of your own side."),
        ));
    }
    if roles.is_empty() {
        return Err(Refusal::field("roles", "Choose at least one role."));
    }
    Ok(roles.iter().copied().collect())
}

/// Whether somebody who holds these memberships may join a party of `side`.
///
/// A person cannot hold both sides in one engagement. Which engagements will join which parties is
/// not known when somebody is invited, so an account serves one side of the wall at a time: whoever
/// moves is deactivated there first, or uses another address here.
///
/// # Errors
/// [`Refusal::State`] when an active membership stands on the other side.
pub fn may_join(active_sides: &[Side], side: Side) -> Result<(), Refusal> {
    if active_sides.iter().all(|held| *held == side) {
        return Ok(());
    }
    Err(Refusal::state(
        "This account acts for the other side of the wall, and nobody may hold both sides of an engagement. Use another e-mail address here, or have the other account deactivated first.",
    ))
}

/// Whether an administrator may be deactivated or lose the role: one must remain.
///
/// # Errors
/// [`Refusal::State`] when nobody else could invite anybody afterwards.
pub fn administrator_remains(
    side: Side,
    before: &Membership,
    roles_after: Roles,
    administrators: usize,
) -> Result<(), Refusal> {
    let role = administrator(side);
    if before.roles.has(role) && !roles_after.has(role) && administrators <= 1 {
        return Err(Refusal::state(
            "This is the last administrator. Make somebody else an administrator first, so that people can still be invited.",
        ));
    }
    Ok(())
}

/// Whether an invitation may still be accepted.
///
/// # Errors
/// [`Refusal::State`] when it was used, withdrawn, or has run out.
pub fn may_accept(invitation: &Invitation, now: Timestamp) -> Result<(), Refusal> {
    match invitation.state {
        InvitationState::Open if now < invitation.expires_at => Ok(()),
        InvitationState::Open => Err(Refusal::state(
            "This invitation has run out. Ask the person who invited you for a new one.",
        )),
        InvitationState::Accepted => Err(Refusal::state(
            "This invitation has been used. Sign in with the password that was chosen then.",
        )),
        InvitationState::Withdrawn => Err(Refusal::state(
            "This invitation was withdrawn or replaced by a later one. Use the later one, or ask the person who invited you.",
        )),
    }
}

/// The scopes that a token may have: known ones, at least one, and when a token makes a token, none
/// that it lacks itself.
///
/// # Errors
/// [`Refusal::Input`] on the field `scopes`.
pub fn token_scopes(
    asked: &[String],
    known: &[&str],
    held: Option<&[String]>,
) -> Result<Vec<String>, Refusal> {
    let mut scopes: Vec<String> = asked.to_vec();
    scopes.sort();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(Refusal::field("scopes", "Choose at least one thing that the token may do."));
    }
    for scope in &scopes {
        if scope == crate::permits::OWN_ACCOUNT || !known.contains(&scope.as_str()) {
            let shown = kernel::refusal::excerpt(scope, 64);
            return Err(Refusal::field(
                "scopes",
                format!("There is no scope “{shown}”. Choose from: {}.", offered(known).join(", ")),
            ));
        }
        if held.is_some_and(|held| !held.contains(scope)) {
            return Err(Refusal::field(
                "scopes",
                format!("This token lacks the scope {scope}, so it cannot give it to another."),
            ));
        }
    }
    Ok(scopes)
}

/// The scopes that may be offered, in order and once each.
#[must_use]
pub fn offered<'s>(known: &[&'s str]) -> Vec<&'s str> {
    let mut scopes: Vec<&str> =
        known.iter().copied().filter(|s| *s != crate::permits::OWN_ACCOUNT).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// When a token made now for so many days stops working.
///
/// # Errors
/// [`Refusal::Input`] on the field `days`.
pub fn token_expiry(now: Timestamp, days: i64) -> Result<Timestamp, Refusal> {
    if (1..=TOKEN_DAYS_MAX).contains(&days) {
        return Ok(now.plus_seconds(days * 86_400));
    }
    Err(Refusal::field("days", format!("A token works for 1 to {TOKEN_DAYS_MAX} days.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_stay_on_their_side() {
        assert!(roles_for(Side::Firm, &[Role::Partner, Role::Staff]).is_ok());
        assert!(roles_for(Side::Firm, &[Role::Partner, Role::Counsel]).is_err());
        assert!(roles_for(Side::ServiceOrganisation, &[]).is_err());
    }

    #[test]
    fn nobody_joins_the_other_side() {
        assert!(may_join(&[], Side::Firm).is_ok());
        assert!(may_join(&[Side::Firm, Side::Firm], Side::Firm).is_ok());
        assert!(may_join(&[Side::ServiceOrganisation], Side::Firm).is_err());
        assert!(may_join(&[Side::Firm], Side::ServiceOrganisation).is_err());
    }

    #[test]
    fn scopes_are_known_ones_and_never_more_than_the_maker_has() {
        let known = ["cases:read", "cases:write", "account:own"];
        let ask = |s: &[&str]| s.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let twice = token_scopes(&ask(&["cases:write", "cases:read", "cases:read"]), &known, None);
        assert_eq!(twice.unwrap(), ask(&["cases:read", "cases:write"]));
        assert!(token_scopes(&[], &known, None).is_err());
        assert!(token_scopes(&ask(&["account:own"]), &known, None).is_err());
        assert!(token_scopes(&ask(&["cases:delete"]), &known, None).is_err());
        let held = ask(&["cases:read"]);
        assert!(token_scopes(&ask(&["cases:read"]), &known, Some(&held)).is_ok());
        assert!(token_scopes(&ask(&["cases:write"]), &known, Some(&held)).is_err());
        assert_eq!(offered(&known), ["cases:read", "cases:write"]);
    }
}
