//! What can happen in this room. No secret ever enters the log: that a password was set is a fact,
//! its hash is not.

use crate::model::{Email, InvitationId, MembershipId, TokenId};
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Role, Side};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Payload of `identity.party_registered.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PartyRegistered {
    /// The party.
    pub party: PartyId,
    /// Its side.
    pub side: Side,
    /// Its name.
    pub name: String,
}
/// Payload of `identity.person_added.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonAdded {
    /// The person.
    pub person: PersonId,
    /// Their address.
    pub email: Email,
    /// Their name.
    pub name: String,
}
/// Payload of `identity.person_renamed.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonRenamed {
    /// The person.
    pub person: PersonId,
    /// The new name.
    pub name: String,
}
/// Payload of `identity.membership_granted.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MembershipGranted {
    /// The membership.
    pub membership: MembershipId,
    /// The person.
    pub person: PersonId,
    /// The roles.
    pub roles: Vec<Role>,
}
/// Payload of `identity.roles_changed.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RolesChanged {
    /// The membership.
    pub membership: MembershipId,
    /// The roles from now on.
    pub roles: Vec<Role>,
}
/// Payload of `identity.member_deactivated.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberDeactivated {
    /// The membership.
    pub membership: MembershipId,
}
/// Payload of `identity.member_reactivated.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberReactivated {
    /// The membership.
    pub membership: MembershipId,
    /// The roles from now on.
    pub roles: Vec<Role>,
}
/// Payload of `identity.invitation_made.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InvitationMade {
    /// The invitation.
    pub invitation: InvitationId,
    /// Who is invited.
    pub email: Email,
    /// The roles they will hold.
    pub roles: Vec<Role>,
    /// A member who sets a password by it.
    pub person: Option<PersonId>,
    /// Until when it works.
    pub expires_at: Timestamp,
}
/// Payload of `identity.invitation_accepted.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InvitationAccepted {
    /// The invitation.
    pub invitation: InvitationId,
    /// Who accepted.
    pub person: PersonId,
}
/// Payload of `identity.invitation_withdrawn.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InvitationWithdrawn {
    /// The invitation.
    pub invitation: InvitationId,
}
/// Payload of `identity.password_set.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PasswordSet {
    /// Whose.
    pub person: PersonId,
}
/// Payload of `identity.factor_added.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FactorAdded {
    /// Whose.
    pub person: PersonId,
    /// How many recovery codes were made with it.
    pub recovery_codes: u32,
}
/// Payload of `identity.factor_removed.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FactorRemoved {
    /// Whose.
    pub person: PersonId,
}
/// Payload of `identity.recovery_codes_made.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecoveryCodesMade {
    /// Whose.
    pub person: PersonId,
    /// How many; the earlier ones no longer work.
    pub recovery_codes: u32,
}
/// Payload of `identity.token_made.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TokenMade {
    /// The token's id.
    pub token: TokenId,
    /// Whose.
    pub person: PersonId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Until when.
    pub expires_at: Timestamp,
}
/// Payload of `identity.token_revoked.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TokenRevoked {
    /// The token's id.
    pub token: TokenId,
}
/// By what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// A password alone.
    Password,
    /// A password and a code from an authenticator.
    PasswordAndCode,
    /// A password and a recovery code, which is then spent.
    PasswordAndRecoveryCode,
    /// An invitation that was accepted.
    Invitation,
    /// One click, in the fictional demonstration only.
    Demonstration,
}
/// Payload of `identity.signed_in.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who.
    pub person: PersonId,
    /// For which party.
    pub party: PartyId,
    /// By what.
    pub means: Means,
}
/// What of an attempt to sign in was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// The password.
    Password,
    /// The password was right, the code was not.
    Code,
    /// The code was right once and came again.
    CodeAgain,
    /// Both were right, but the person acts for no party any more.
    Deactivated,
}
/// Payload of `identity.sign_in_failed.v1`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInFailed {
    /// Whose account.
    pub person: PersonId,
    /// What was wrong.
    pub wrong: Wrong,
}

kernel::events! {
    /// What can happen to parties, people and their keys.
    pub enum IdentityEvent in "identity" {
        /// A service organisation or a firm was registered; its log begins.
        PartyRegistered(PartyRegistered) = "identity.party_registered.v1",
        /// A person became known.
        PersonAdded(PersonAdded) = "identity.person_added.v1",
        /// A person's name changed.
        PersonRenamed(PersonRenamed) = "identity.person_renamed.v1",
        /// A person began to act for a party.
        MembershipGranted(MembershipGranted) = "identity.membership_granted.v1",
        /// What a person is trusted with changed.
        RolesChanged(RolesChanged) = "identity.roles_changed.v1",
        /// A person no longer acts for a party; their sessions and tokens for it ended.
        MemberDeactivated(MemberDeactivated) = "identity.member_deactivated.v1",
        /// A person acts for a party again.
        MemberReactivated(MemberReactivated) = "identity.member_reactivated.v1",
        /// Somebody was invited.
        InvitationMade(InvitationMade) = "identity.invitation_made.v1",
        /// An invitation was accepted; its code no longer works.
        InvitationAccepted(InvitationAccepted) = "identity.invitation_accepted.v1",
        /// An invitation was withdrawn or replaced; its code no longer works.
        InvitationWithdrawn(InvitationWithdrawn) = "identity.invitation_withdrawn.v1",
        /// A person set a password.
        PasswordSet(PasswordSet) = "identity.password_set.v1",
        /// A person added a second factor.
        FactorAdded(FactorAdded) = "identity.factor_added.v1",
        /// A person's second factor was removed.
        FactorRemoved(FactorRemoved) = "identity.factor_removed.v1",
        /// New recovery codes replaced the earlier ones.
        RecoveryCodesMade(RecoveryCodesMade) = "identity.recovery_codes_made.v1",
        /// An API token was made.
        TokenMade(TokenMade) = "identity.token_made.v1",
        /// An API token was revoked.
        TokenRevoked(TokenRevoked) = "identity.token_revoked.v1",
        /// A person signed in.
        SignedIn(SignedIn) = "identity.signed_in.v1",
        /// An attempt to sign in failed; at most ten an hour are recorded for an account.
        SignInFailed(SignInFailed) = "identity.sign_in_failed.v1",
    }
}
