//! Authorisation as a value: a command that demands a [`Permit`] cannot be called without one.
//!
//! Each action of a room is a type with a [`Rule`]. [`authorize`] compares who acts with the facts of
//! the object and gives a permit or a refusal; [`scope`] does the same for lists. The wall is here
//! too: whoever stands on the other side is told that nothing is there ([`Refusal::NotFound`]),
//! never that it is forbidden.

use crate::ids::{EngagementId, PartyId, PersonId};
use crate::party::{Actor, Role, Side, Via};
use crate::refusal::Refusal;
use crate::time::Timestamp;
use std::marker::PhantomData;

/// Who may do an action.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The name in the matrix and in logs: `cases.triage`.
    pub name: &'static str,
    /// Roles of the service organisation that may. Empty: the organisation never learns of the object.
    pub organisation: &'static [Role],
    /// Roles of the firm that may, through the engagement that joins the two parties.
    pub firm: &'static [Role],
    /// Whether the public may, at that party's public doors.
    pub public: bool,
    /// Whether the product's own jobs may.
    pub system: bool,
    /// Whether the action is still possible once the engagement's file is locked.
    pub when_locked: bool,
    /// The scope that an API token needs.
    pub scope: &'static str,
}

/// A thing that can be done. Rooms declare these with [`action!`](crate::action).
pub trait Action: 'static {
    /// Who may.
    const RULE: Rule;
}

/// Declares actions and the list of their rules for the printed matrix.
///
/// ```
/// use kernel::party::Role::*;
/// kernel::actions! {
///     /// Decides whether a report is an event or an incident.
///     Triage = { name: "cases.triage", organisation: [CaseHandler, ComplianceLead], firm: [], public: false, system: false, when_locked: true, scope: "cases:write" };
/// }
/// assert_eq!(ACTIONS[0].name, "cases.triage");
/// ```
#[macro_export]
macro_rules! actions {
    ($( $(#[$doc:meta])* $name:ident = { name: $text:literal, organisation: [$($org:expr),*], firm: [$($firm:expr),*],
        public: $public:expr, system: $system:expr, when_locked: $locked:expr, scope: $scope:literal };)+) => {
        $( $(#[$doc])* #[derive(Debug, Clone, Copy)] pub struct $name;
        impl $crate::permit::Action for $name {
            const RULE: $crate::permit::Rule = $crate::permit::Rule {
                name: $text, organisation: &[$($org),*], firm: &[$($firm),*],
                public: $public, system: $system, when_locked: $locked, scope: $scope,
            };
        } )+
        /// The rules of every action declared here, for the printed matrix.
        pub const ACTIONS: &[$crate::permit::Rule] = &[$(<$name as $crate::permit::Action>::RULE),+];
    };
}

/// What is known of the object before anyone may touch it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The service organisation to which the object belongs; for a firm's own affairs, the firm.
    pub owner: PartyId,
    /// The firm that the object's engagement joins, if there is one.
    pub firm: Option<PartyId>,
    /// The engagement, if the object belongs to one.
    pub engagement: Option<EngagementId>,
    /// Whether the engagement's file has been locked.
    pub locked: bool,
    /// Since when, where that is known.
    pub locked_at: Option<Timestamp>,
    /// Whether this person is kept from the object, for instance because a report names them.
    pub excluded: bool,
}

impl Facts {
    /// An object of one party, outside any engagement.
    #[must_use]
    pub const fn of(owner: PartyId) -> Self {
        Self {
            owner,
            firm: None,
            engagement: None,
            locked: false,
            locked_at: None,
            excluded: false,
        }
    }

    /// An object of an engagement between an organisation and a firm.
    #[must_use]
    pub const fn engagement(
        id: EngagementId,
        owner: PartyId,
        firm: Option<PartyId>,
        locked: bool,
    ) -> Self {
        Self { owner, firm, engagement: Some(id), locked, locked_at: None, excluded: false }
    }

    /// The same facts with the time at which the file was locked.
    #[must_use]
    pub const fn locked_at(mut self, at: Option<Timestamp>) -> Self {
        self.locked_at = at;
        self
    }

    /// The same facts with this person kept out.
    #[must_use]
    pub const fn excluding(mut self, excluded: bool) -> Self {
        self.excluded = excluded;
        self
    }
}

/// Proof that an actor may do `A` to an object. Made only by [`authorize`].
#[derive(Debug)]
pub struct Permit<A> {
    actor: Actor,
    facts: Facts,
    _action: PhantomData<fn() -> A>,
}

impl<A> Permit<A> {
    /// Who acts.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What was known of the object.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The party that owns the object.
    #[must_use]
    pub const fn owner(&self) -> PartyId {
        self.facts.owner
    }

    /// The person, when one acts.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        self.actor.person
    }
}

/// What an actor may list of `A`: becomes a WHERE clause, so nothing else is ever read.
#[derive(Debug, Clone)]
pub struct Scope<A> {
    party: PartyId,
    side: Side,
    _action: PhantomData<fn() -> A>,
}

impl<A> Scope<A> {
    /// The party whose rows may be read: as their owner on the organisation's side, through
    /// engagements on the firm's side.
    #[must_use]
    pub const fn party(&self) -> PartyId {
        self.party
    }

    /// The side on which the reader stands.
    #[must_use]
    pub const fn side(&self) -> Side {
        self.side
    }
}

fn token_allows(actor: &Actor, rule: &Rule) -> bool {
    match &actor.via {
        Via::Token { scopes } => scopes.iter().any(|s| s == rule.scope),
        _ => true,
    }
}

fn lacks_role(rule: &Rule) -> Refusal {
    Refusal::Forbidden(format!(
        "Your role does not include this ({}). Ask an administrator of your organisation if it should.",
        rule.name
    ))
}

/// Decides whether `actor` may do `A` to the object of which `facts` are known.
///
/// # Errors
/// As [`decide`].
pub fn authorize<A: Action>(actor: &Actor, facts: &Facts) -> Result<Permit<A>, Refusal> {
    decide(&A::RULE, actor, facts)?;
    Ok(Permit { actor: actor.clone(), facts: *facts, _action: PhantomData })
}

/// What [`authorize`] goes by, for a rule that is known as a value: it gives no permit.
///
/// # Errors
/// [`Refusal::NotFound`] when the actor may not know that the object exists, [`Refusal::Forbidden`]
/// when they may know but lack the role or the token lacks the scope, [`Refusal::State`] when the
/// engagement's file is locked.
pub fn decide(rule: &Rule, actor: &Actor, facts: &Facts) -> Result<(), Refusal> {
    if facts.excluded {
        return Err(Refusal::NotFound);
    }
    let held: &[Role] = match actor.side {
        Side::System
            if rule.system
                && actor.party.is_none_or(|p| p == facts.owner || Some(p) == facts.firm) =>
        {
            &[]
        }
        Side::Public if rule.public && actor.party == Some(facts.owner) => &[],
        Side::ServiceOrganisation
            if actor.party == Some(facts.owner) && !rule.organisation.is_empty() =>
        {
            rule.organisation
        }
        Side::Firm
            if !rule.firm.is_empty()
                && actor.party.is_some()
                && (actor.party == facts.firm || actor.party == Some(facts.owner)) =>
        {
            rule.firm
        }
        _ => return Err(Refusal::NotFound),
    };
    let needs_role = matches!(actor.side, Side::ServiceOrganisation | Side::Firm);
    if needs_role && !actor.roles.any(held) {
        return Err(lacks_role(rule));
    }
    if !token_allows(actor, rule) {
        return Err(Refusal::Forbidden(format!(
            "This token lacks the scope {}. Make a token that has it.",
            rule.scope
        )));
    }
    if facts.locked && !rule.when_locked {
        let since = facts.locked_at.map(|at| at.to_rfc3339().chars().take(10).collect::<String>());
        let when =
            since.map_or_else(|| "is locked".to_owned(), |day| format!("was locked on {day}"));
        return Err(Refusal::state(format!(
            "The engagement's file {when}, so this can no longer change. What has to be added is added beside it, with its reason."
        )));
    }
    Ok(())
}

/// Decides what `actor` may list of `A`.
///
/// # Errors
/// As [`authorize`]; there is no object, so only roles, side and token count.
pub fn scope<A: Action>(actor: &Actor) -> Result<Scope<A>, Refusal> {
    let rule = A::RULE;
    let party = actor.party.ok_or(Refusal::NotFound)?;
    let roles = match actor.side {
        Side::ServiceOrganisation => rule.organisation,
        Side::Firm => rule.firm,
        Side::System if rule.system => {
            return Ok(Scope { party, side: actor.side, _action: PhantomData });
        }
        Side::Public if rule.public => {
            return Ok(Scope { party, side: actor.side, _action: PhantomData });
        }
        _ => return Err(Refusal::NotFound),
    };
    if roles.is_empty() {
        return Err(Refusal::NotFound);
    }
    if !actor.roles.any(roles) || !token_allows(actor, &rule) {
        return Err(lacks_role(&rule));
    }
    Ok(Scope { party, side: actor.side, _action: PhantomData })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::party::Roles;
    use crate::time::Timestamp;

    crate::actions! {
        /// A thing of the organisation that both sides read.
        Read = { name: "test.read", organisation: [Role::Viewer], firm: [Role::Staff], public: false, system: true, when_locked: true, scope: "test:read" };
        /// A thing that only the firm knows of.
        Secret = { name: "test.secret", organisation: [], firm: [Role::Staff], public: false, system: false, when_locked: false, scope: "test:secret" };
    }

    fn party(n: u128) -> PartyId {
        PartyId::new(Timestamp(0), n)
    }
    fn actor(side: Side, party: PartyId, role: Role) -> Actor {
        Actor {
            person: Some(PersonId::new(Timestamp(0), 9)),
            party: Some(party),
            side,
            roles: Roles::NONE.with(role),
            via: Via::Session,
        }
    }

    #[test]
    fn the_wall_answers_not_found() {
        assert_eq!(ACTIONS.len(), 2);
        let (organisation, firm, other) = (party(1), party(2), party(3));
        let facts =
            Facts::engagement(EngagementId::new(Timestamp(0), 5), organisation, Some(firm), false);
        let viewer = actor(Side::ServiceOrganisation, organisation, Role::Viewer);
        let staff = actor(Side::Firm, firm, Role::Staff);
        assert!(authorize::<Read>(&viewer, &facts).is_ok());
        assert!(authorize::<Read>(&staff, &facts).is_ok());
        assert!(authorize::<Secret>(&staff, &facts).is_ok());
        for role in Role::ALL.iter().filter(|r| r.side() == Side::ServiceOrganisation) {
            let who = actor(Side::ServiceOrganisation, organisation, *role);
            assert_eq!(authorize::<Secret>(&who, &facts).unwrap_err(), Refusal::NotFound);
            assert_eq!(scope::<Secret>(&who).unwrap_err(), Refusal::NotFound);
        }
        for who in [
            actor(Side::Firm, other, Role::Staff),
            actor(Side::ServiceOrganisation, other, Role::Viewer),
        ] {
            assert_eq!(authorize::<Read>(&who, &facts).unwrap_err(), Refusal::NotFound);
        }
    }

    #[test]
    fn locked_files_excluded_people_and_narrow_tokens_are_refused() {
        let (organisation, firm) = (party(1), party(2));
        let id = EngagementId::new(Timestamp(0), 5);
        let staff = actor(Side::Firm, firm, Role::Staff);
        let locked = Facts::engagement(id, organisation, Some(firm), true);
        assert!(matches!(authorize::<Secret>(&staff, &locked), Err(Refusal::State(_))));
        assert!(authorize::<Read>(&staff, &locked).is_ok());
        assert_eq!(
            authorize::<Read>(&staff, &locked.excluding(true)).unwrap_err(),
            Refusal::NotFound
        );
        let token = Actor { via: Via::Token { scopes: vec!["other:read".into()] }, ..staff };
        assert!(matches!(authorize::<Read>(&token, &locked), Err(Refusal::Forbidden(_))));
    }
}
