//! The parties and people that the tests of the first rooms share.
#![expect(dead_code, reason = "each room's tests use a part of it")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it stands")]

use kernel::env::Env;
use kernel::ids::{EngagementId, PartyId};
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::period::Period;
use kernel::permit::{Action, Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Error, Result, Tx};
use platform::testing::{TestDb, env};
use scope::catalogue::Category;
use scope::model::ReportType;
use scope::permits::{JoinFirm, ManageEngagement};
use scope::service::{EngagementInput, join_firm, open_engagement};
use std::sync::atomic::{AtomicU64, Ordering};

static SEED: AtomicU64 = AtomicU64::new(1);

/// Two organisations and two firms, each with a person of every role of its side.
pub struct Cast {
    pub organisation: PartyId,
    pub other: PartyId,
    pub firm: PartyId,
    pub other_firm: PartyId,
    pub people: Vec<Actor>,
}

/// An environment at the time of all tests, with randomness of its own.
pub fn fresh() -> Env {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&SEED.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    Env::new(env().now(), seed)
}

/// Runs a command.
pub fn run<T: Send + 'static>(
    t: &TestDb,
    f: impl Fn(&mut Tx<'_>, &mut Env) -> Result<T> + Send + 'static,
) -> Result<T> {
    let env = fresh();
    t.db.write_blocking(move |tx| f(tx, &mut env.clone()))
}

/// Registers everybody. The pages' clock runs from the same time.
pub fn cast(t: &TestDb) -> Cast {
    let party = |n: u128| PartyId::new(Timestamp(0), n);
    let mut people = Vec::new();
    for (n, side) in [
        (1, Side::ServiceOrganisation),
        (2, Side::ServiceOrganisation),
        (3, Side::Firm),
        (4, Side::Firm),
    ] {
        let at = party(n);
        let roles: Vec<Role> = Role::ALL.iter().copied().filter(|r| r.side() == side).collect();
        let made = run(t, move |tx, env| {
            let permit = authorize(&Actor::system(at, "test"), &Facts::of(at))?;
            let name = format!("Party {n} <b>");
            identity::service::register_party(tx, env, &permit, side, &name)?;
            let mut made = Vec::new();
            for role in &roles {
                let mail = format!("{role}@{n}.example");
                let name = format!("{role} of {n}");
                let person =
                    identity::service::add_person_directly(tx, env, at, &mail, &name, &[*role])?;
                made.push((*role, person));
            }
            Ok(made)
        })
        .unwrap();
        people.extend(made.into_iter().map(|(role, person)| Actor {
            person: Some(person),
            party: Some(at),
            side,
            roles: Roles::NONE.with(role),
            via: Via::Session,
        }));
    }
    Cast { organisation: party(1), other: party(2), firm: party(3), other_firm: party(4), people }
}

impl Cast {
    /// The person of a party in a role.
    pub fn of(&self, party: PartyId, role: Role) -> Actor {
        self.people
            .iter()
            .find(|a| a.party == Some(party) && a.roles.has(role))
            .cloned()
            .unwrap_or_else(|| panic!("nobody is {role}"))
    }
    /// The organisation's compliance lead.
    pub fn lead(&self) -> Actor {
        self.of(self.organisation, Role::ComplianceLead)
    }
    /// The firm's manager.
    pub fn manager(&self) -> Actor {
        self.of(self.firm, Role::Manager)
    }
    /// Somebody of the firm's staff.
    pub fn staff(&self) -> Actor {
        self.of(self.firm, Role::Staff)
    }
    /// A permit of the organisation's lead outside any engagement.
    pub fn permit<A: Action>(&self) -> Permit<A> {
        authorize(&self.lead(), &Facts::of(self.organisation)).unwrap()
    }

    /// Exactly these roles of the organisation and of the joined firm may; other roles are told so;
    /// other parties and the public are told that nothing is there.
    pub fn only<A: Action>(&self, facts: &Facts, organisation: &[Role], firm: &[Role]) {
        let name = A::RULE.name;
        for actor in &self.people {
            let role = actor.roles.iter().next().unwrap();
            let got = authorize::<A>(actor, facts).map(|_| ());
            let (list, inside) = match actor.side {
                Side::Firm => (firm, actor.party == facts.firm),
                _ => (organisation, actor.party == Some(facts.owner)),
            };
            if !inside || list.is_empty() {
                assert_eq!(got, Err(Refusal::NotFound), "{name}: {role}");
            } else if list.contains(&role) {
                assert_eq!(got, Ok(()), "{name}: {role}");
            } else {
                assert!(matches!(got, Err(Refusal::Forbidden(_))), "{name}: {role}: {got:?}");
            }
            let narrow = Actor { via: Via::Token { scopes: vec!["none".into()] }, ..actor.clone() };
            assert!(authorize::<A>(&narrow, facts).is_err(), "{name}: a token without scope");
        }
        let public = Actor::public(facts.owner);
        assert_eq!(authorize::<A>(&public, facts).map(|_| ()), Err(Refusal::NotFound), "{name}");
    }

    /// An engagement of the organisation, joined with the firm if one is given.
    pub fn engagement(
        &self,
        t: &TestDb,
        name: &'static str,
        firm: Option<PartyId>,
    ) -> EngagementId {
        let (lead, owner) = (self.lead(), self.organisation);
        run(t, move |tx, env| {
            let permit = authorize::<ManageEngagement>(&lead, &Facts::of(owner))?;
            let id = open_engagement(tx, env, &permit, &engagement_input(name))?;
            if let Some(firm) = firm {
                let permit = authorize::<JoinFirm>(&lead, &scope::facts(tx, id)?)?;
                join_firm(tx, env, &permit, firm)?;
            }
            Ok(id)
        })
        .unwrap()
    }
}

/// A Type 2 engagement over the year before the tests' time.
pub fn engagement_input(name: &str) -> EngagementInput {
    EngagementInput {
        name: name.into(),
        system_name: "Payroll".into(),
        report_type: ReportType::Type2,
        period: Period::parse("2025-01-01", "2025-12-31", "Europe/London").unwrap(),
        categories: vec![Category::Security],
    }
}

/// Why a command was refused.
pub fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

/// The field that a refusal blames, and its sentence, which must be one for a person.
pub fn blamed<T: std::fmt::Debug>(result: Result<T>) -> (&'static str, String) {
    match refusal(result) {
        Refusal::Input { field: Some(field), message } => {
            assert!(message.ends_with('.') && message.len() > 20, "{message}");
            (field, message)
        }
        other => panic!("a refusal of a field was expected, not {other:?}"),
    }
}

/// The sentence of a refusal because of the state.
pub fn state<T: std::fmt::Debug>(result: Result<T>) -> String {
    match refusal(result) {
        Refusal::State(text) => text,
        other => panic!("a refusal of the state was expected, not {other:?}"),
    }
}
