//! Parties, people, and what they are trusted with.

use kernel::ids::{PartyId, PersonId};
use kernel::party::{Role, Roles, Side};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

kernel::id_kind!(MembershipId, MembershipKind, "mem", "membership");
kernel::id_kind!(InvitationId, InvitationKind, "inv", "invitation");
kernel::id_kind!(TokenId, TokenKind, "tok", "token");

/// The longest name of a person or a party, in characters.
pub const NAME_CHARS_MAX: usize = 120;
/// The longest e-mail address, in bytes (RFC 5321: a path of 256 with its two angle brackets).
pub const EMAIL_BYTES_MAX: usize = 254;
/// The longest part before the `@`, in bytes (RFC 5321).
const EMAIL_LOCAL_BYTES_MAX: usize = 64;

/// An e-mail address, folded to lower case: what people sign in with, unique in a deployment.
///
/// ```
/// use identity::model::Email;
/// assert_eq!(Email::parse(" Ada@Example.COM ").unwrap().as_str(), "ada@example.com");
/// assert!(Email::parse("ada@").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Reads an address and folds it. What mail systems accept in rare corners (quoted local parts,
    /// address literals) is refused: an account is better off without.
    ///
    /// # Errors
    /// [`Refusal::Input`] on the field `email`, saying what is wrong.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |why: &str| Refusal::field("email", why.to_owned());
        let folded = text.trim().to_lowercase();
        if folded.is_empty() {
            return Err(refuse("Give an e-mail address, such as ada@example.com."));
        }
        if folded.len() > EMAIL_BYTES_MAX {
            return Err(refuse("This is longer than an e-mail address can be (254 bytes)."));
        }
        let (local, host) = folded.split_once('@').ok_or_else(|| {
            refuse("An e-mail address has an @ between name and host, such as ada@example.com.")
        })?;
        let plain = |c: char| {
            !c.is_whitespace() && !c.is_control() && !"@\"(),:;<>[\\]".contains(c) && !hidden(c)
        };
        let dots = |part: &str| !part.is_empty() && part.split('.').all(|label| !label.is_empty());
        if local.len() > EMAIL_LOCAL_BYTES_MAX || !dots(local) || !local.chars().all(plain) {
            return Err(refuse("The part before the @ is not one that mail can be sent to."));
        }
        let label = |l: &str| {
            l.len() <= 63
                && !l.starts_with('-')
                && !l.ends_with('-')
                && l.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        if !dots(host) || !host.split('.').all(label) {
            return Err(refuse(
                "The part after the @ is not the name of a host, such as example.com.",
            ));
        }
        Ok(Self(folded))
    }

    /// The folded address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that are not seen but make two addresses differ.
const fn hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A name as it may be shown: trimmed, one line, not empty, bounded.
///
/// # Errors
/// [`Refusal::Input`] on `field`.
pub fn name(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::field(field, "Give a name."));
    }
    if text.chars().any(|c| c.is_control() || hidden(c)) {
        return Err(Refusal::field(field, "A name is one line without control characters."));
    }
    let length = text.chars().count();
    if length > NAME_CHARS_MAX {
        return Err(Refusal::field(
            field,
            format!("This name has {length} characters; at most {NAME_CHARS_MAX} are kept."),
        ));
    }
    Ok(text.to_owned())
}

/// A party: a service organisation or a firm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// Its id, which also names its log.
    pub id: PartyId,
    /// On which side of the wall it stands.
    pub side: Side,
    /// Its name.
    pub name: String,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// Whether somebody still acts for a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// They may sign in.
    Active,
    /// They may not.
    Deactivated,
}

impl MemberState {
    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deactivated => "deactivated",
        }
    }
    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Deactivated].into_iter().find(|s| s.as_str() == text)
    }
}

/// A person, whatever the parties for whom they act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonProfile {
    /// Their id.
    pub id: PersonId,
    /// The party that first knew them; the facts of the account stand in its log.
    pub home: PartyId,
    /// Their address, folded.
    pub email: Email,
    /// Their name.
    pub name: String,
    /// Active while they act for at least one party.
    pub state: MemberState,
    /// When the password was last set; none until an invitation is accepted.
    pub password_set_at: Option<Timestamp>,
    /// When the second factor was added, if there is one.
    pub factor_added_at: Option<Timestamp>,
    /// When they last signed in.
    pub signed_in_at: Option<Timestamp>,
}

/// What a person is trusted with by a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// The person.
    pub person: PersonId,
    /// The party.
    pub party: PartyId,
    /// The roles, all of the party's side.
    pub roles: Roles,
    /// Whether it still holds.
    pub state: MemberState,
    /// Since when.
    pub since: Timestamp,
    /// How often it has changed, from 1: a form carries it.
    pub version: i64,
}

/// A person as their party lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub profile: PersonProfile,
    /// With what.
    pub membership: Membership,
}

/// How far an invitation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    /// Waits to be accepted (or has run out: compare [`Invitation::expires_at`]).
    Open,
    /// Accepted; its code no longer works.
    Accepted,
    /// Withdrawn, or replaced by a later one; its code no longer works.
    Withdrawn,
}

impl InvitationState {
    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
        }
    }
    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Accepted, Self::Withdrawn].into_iter().find(|s| s.as_str() == text)
    }
}

/// A door held open for one address: to join a party, or (with `person`) to set a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The party that invites.
    pub party: PartyId,
    /// Who is invited.
    pub email: Email,
    /// The roles they will hold.
    pub roles: Roles,
    /// A person who is already a member and sets their password by it.
    pub person: Option<PersonId>,
    /// How far it has come.
    pub state: InvitationState,
    /// Who invited: `per_…` or `system:…`.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// From this moment its code no longer works.
    pub expires_at: Timestamp,
}

/// A key for programs, which acts as the person who made it and can do no more than its scopes name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiToken {
    /// Its id.
    pub id: TokenId,
    /// Whose.
    pub person: PersonId,
    /// For which party.
    pub party: PartyId,
    /// What it is for.
    pub name: String,
    /// What it may do: `cases:write`.
    pub scopes: Vec<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// From this moment it no longer works.
    pub expires_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute or so.
    pub used_at: Option<Timestamp>,
}

impl ApiToken {
    /// Whether it works at `now`, as far as it is itself concerned.
    #[must_use]
    pub fn works(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// Roles as a text: their words with a blank between.
#[must_use]
pub fn roles_text(roles: Roles) -> String {
    roles.iter().map(Role::as_str).collect::<Vec<_>>().join(" ")
}

/// Roles from such a text; words that are not known are left out.
#[must_use]
pub fn roles_of_text(text: &str) -> Roles {
    text.split_whitespace().filter_map(Role::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_folded_and_odd_ones_refused() {
        for (given, kept) in [
            (" Ada@Example.COM ", "ada@example.com"),
            ("o'brien+soc2@mail.example", "o'brien+soc2@mail.example"),
            ("ÄNNE@bücher.example", "änne@bücher.example"),
            ("root@localhost", "root@localhost"),
        ] {
            assert_eq!(Email::parse(given).unwrap().as_str(), kept);
        }
        for wrong in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "a b@example.com",
            "a@b@c",
            "a..b@example.com",
            "ada@-x.example",
            "ada@x..example",
            "ada@example.com\nBcc: x@y",
            "<ada@example.com>",
            "ad\u{200b}a@example.com",
            "ada@exa_mple.com",
            "ada@[127.0.0.1]",
        ] {
            assert!(Email::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(Email::parse(&format!("{}@example.com", "a".repeat(65))).is_err());
        assert!(Email::parse(&format!("a@{}.com", "b".repeat(300))).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_is_kept_is_kept_again(text in "\\PC{0,300}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert!(email.as_str().len() <= EMAIL_BYTES_MAX);
                prop_assert_eq!(&Email::parse(email.as_str()).unwrap(), &email);
                prop_assert_eq!(email.as_str().matches('@').count(), 1);
                prop_assert!(!email.as_str().contains(char::is_whitespace));
            }
        }

        #[test]
        fn ordinary_addresses_are_taken(local in "[a-zA-Z0-9._+-]{1,20}", host in "[a-zA-Z0-9]{1,20}\\.[a-z]{2,6}") {
            let wellformed = local.split('.').all(|l| !l.is_empty());
            prop_assert_eq!(Email::parse(&format!("{local}@{host}")).is_ok(), wellformed);
        }

        #[test]
        fn names_are_bounded(text in "\\PC{0,200}") {
            if let Ok(kept) = name("name", &text) {
                prop_assert!(!kept.is_empty() && kept.chars().count() <= NAME_CHARS_MAX);
            }
        }
    }

    #[test]
    fn roles_survive_as_text() {
        let roles: Roles = [Role::Administrator, Role::Counsel].into_iter().collect();
        assert_eq!(roles_of_text(&roles_text(roles)), roles);
        assert_eq!(roles_text(Roles::NONE), "");
    }
}
