//! The parties of an engagement, and the roles people hold on their side.
//!
//! Two parties share one record with a wall between them; everyone else is the public. A person
//! cannot hold roles on both sides of one engagement.

use crate::ids::{PartyId, PersonId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// On which side of the wall somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The organisation whose system is examined.
    ServiceOrganisation,
    /// The CPA firm that examines it.
    Firm,
    /// Staff, customers, vendors, readers of the report, anonymous people.
    Public,
    /// The product itself: timers, the sequencer, collectors.
    System,
}

impl Side {
    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceOrganisation => "service_organisation",
            Self::Firm => "firm",
            Self::Public => "public",
            Self::System => "system",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::ServiceOrganisation, Self::Firm, Self::Public, Self::System]
            .into_iter()
            .find(|s| s.as_str() == text)
    }
}

macro_rules! roles {
    ($($variant:ident, $word:literal, $side:ident, $doc:literal;)+) => {
        /// What a person is trusted with. Each role belongs to one side.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Role { $(#[doc = $doc] $variant),+ }

        impl Role {
            /// Every role, service organisation first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word stored in tables and shown in the matrix.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $word),+ } }

            /// The side on which the role exists.
            #[must_use]
            pub const fn side(self) -> Side { match self { $(Self::$variant => Side::$side),+ } }

            /// What the role is for, in a sentence.
            #[must_use]
            pub const fn description(self) -> &'static str { match self { $(Self::$variant => $doc),+ } }
        }
    };
}

roles! {
    Administrator, "administrator", ServiceOrganisation, "Invites people and sets up the organisation; sees no case narrative by this role alone.";
    ExecutiveSponsor, "executive_sponsor", ServiceOrganisation, "Answers for the system and signs management's assertion and representations.";
    ComplianceLead, "compliance_lead", ServiceOrganisation, "Runs the engagement on the organisation's side.";
    ControlOwner, "control_owner", ServiceOrganisation, "Answers for the operation of controls.";
    EvidenceProvider, "evidence_provider", ServiceOrganisation, "Supplies what is asked for.";
    CaseHandler, "case_handler", ServiceOrganisation, "Receives, triages and works on cases.";
    Counsel, "counsel", ServiceOrganisation, "Legal: duties to notify, privileged notes, speak-up cases.";
    DistributionAdministrator, "distribution_administrator", ServiceOrganisation, "Grants and revokes access to the issued report.";
    Viewer, "viewer", ServiceOrganisation, "Reads what the organisation shares inside.";
    Partner, "partner", Firm, "Answers for the examination and signs the opinion.";
    QualityReviewer, "quality_reviewer", Firm, "Reviews the engagement's quality before the report is dated.";
    Manager, "manager", Firm, "Plans and reviews the work.";
    Senior, "senior", Firm, "Leads fieldwork.";
    Staff, "staff", Firm, "Performs tests.";
    Specialist, "specialist", Firm, "Performs tests that need special skill.";
    FirmAdministrator, "firm_administrator", Firm, "Invites people of the firm; sees no workpaper by this role alone.";
    PeerReviewer, "peer_reviewer", Firm, "Reads workpapers for a limited time.";
}

impl Role {
    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.as_str() == text)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles(u32);

impl Roles {
    /// No role.
    pub const NONE: Self = Self(0);

    /// The set with one more role.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u32)
    }

    /// Whether the role is in the set.
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u32) != 0
    }

    /// Whether any of these roles is in the set.
    #[must_use]
    pub fn any(self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// The roles, in order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.iter().copied().filter(move |role| self.has(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<T: IntoIterator<Item = Role>>(iter: T) -> Self {
        iter.into_iter().fold(Self::NONE, Self::with)
    }
}

/// How somebody came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// A signed-in browser session.
    Session,
    /// An API token, which can do no more than its scopes name (`cases:write`).
    Token {
        /// The scopes of the token.
        scopes: Vec<String>,
    },
    /// A person at the machine that holds the data, by the command line.
    CommandLine,
    /// The product itself, by the name of the job.
    Job(&'static str),
    /// A public page.
    Public,
}

/// Who acts: a person on a side with roles, the product itself, or somebody of the public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person, unless the public or the product itself acts.
    pub person: Option<PersonId>,
    /// The party for whom they act. For the public: the party whose door they use.
    pub party: Option<PartyId>,
    /// The side of that party.
    pub side: Side,
    /// Their roles on that side.
    pub roles: Roles,
    /// How they came in.
    pub via: Via,
}

impl Actor {
    /// Somebody of the public at a party's door. Carries no identity by construction.
    #[must_use]
    pub const fn public(party: PartyId) -> Self {
        Self {
            person: None,
            party: Some(party),
            side: Side::Public,
            roles: Roles::NONE,
            via: Via::Public,
        }
    }

    /// The product itself, acting in a party's log.
    #[must_use]
    pub const fn system(party: PartyId, job: &'static str) -> Self {
        Self {
            person: None,
            party: Some(party),
            side: Side::System,
            roles: Roles::NONE,
            via: Via::Job(job),
        }
    }

    /// The text that an entry of the log holds: `per_…`, `system:job` or `public`.
    #[must_use]
    pub fn name(&self) -> String {
        match (&self.via, self.person) {
            (Via::Job(job), _) => format!("system:{job}"),
            (_, Some(person)) => person.to_string(),
            _ => "public".to_owned(),
        }
    }
}

/// A role that holds for a time, outside that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapsed {
    /// When.
    pub when: LapsedWhen,
    /// The name of who can give it again.
    pub ask: Option<String>,
}

/// When a role that holds for a time does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LapsedWhen {
    /// Its last day is over.
    Ended(crate::period::Date),
    /// Its first day is to come.
    Begins(crate::period::Date),
    /// No time was ever given.
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_its_own_bit_and_word() {
        let all: Roles = Role::ALL.iter().copied().collect();
        assert_eq!(all.iter().count(), Role::ALL.len());
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(*role));
            assert_eq!(Roles::NONE.with(*role).iter().collect::<Vec<_>>(), vec![*role]);
        }
    }
}
