//! The authorisation matrix, printed from the code into a reviewed file.

use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::permit::{Facts, decide};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use std::fmt::Write as _;

fn printed() -> String {
    let mut out =
        String::from("# Who may do what: printed from the code by a test; review every change\n");
    for (room, rules) in tickmark::rooms::actions() {
        let _ = writeln!(out, "\n## {room}");
        for rule in rules {
            let words =
                |roles: &[Role]| roles.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(" ");
            let side = |roles: &[Role]| {
                if roles.is_empty() { "never learns of it".to_owned() } else { words(roles) }
            };
            let _ = writeln!(out, "{}", rule.name);
            let _ = writeln!(out, "    organisation: {}", side(rule.organisation));
            let _ = writeln!(out, "    firm:         {}", side(rule.firm));
            let flags = [
                ("public", rule.public),
                ("system", rule.system),
                ("also when locked", rule.when_locked),
            ];
            let flags: Vec<&str> =
                flags.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect();
            let _ = writeln!(
                out,
                "    also:         {} · token scope {}",
                flags.join(", "),
                rule.scope
            );
        }
    }
    out
}

#[test]
fn the_matrix_is_the_reviewed_one() {
    insta::assert_snapshot!("authorisation_matrix", printed());
}

#[test]
fn roles_stand_on_the_side_that_a_rule_gives_them() {
    for (_, rules) in tickmark::rooms::actions() {
        for rule in rules {
            assert!(
                rule.organisation.iter().all(|r| r.side() == Side::ServiceOrganisation),
                "{}",
                rule.name
            );
            assert!(rule.firm.iter().all(|r| r.side() == Side::Firm), "{}", rule.name);
        }
    }
}

/// Whatever roles of the organisation somebody holds, whoever owns the object, whether a firm has joined,
/// the file is locked or they come by a token with every scope: of what only the firm knows they learn
/// nothing, and “forbidden” would be something.
#[test]
fn invariant_12_client_roles_learn_nothing_of_what_only_the_firm_knows() {
    let party = |n: u128| PartyId::new(Timestamp(0), n);
    let (organisation, firm, other) = (party(1), party(2), party(3));
    let engagement = EngagementId::new(Timestamp(0), 5);
    let mut places = vec![Facts::of(organisation), Facts::of(firm), Facts::of(other)];
    for joined in [None, Some(firm), Some(other)] {
        for locked in [false, true] {
            places.push(Facts::engagement(engagement, organisation, joined, locked));
            places.push(Facts::engagement(engagement, other, joined, locked));
        }
    }
    let roles: Vec<Role> =
        Role::ALL.iter().copied().filter(|r| r.side() == Side::ServiceOrganisation).collect();
    let mut firm_only = 0;
    for (room, rules) in tickmark::rooms::actions() {
        for rule in rules.iter().filter(|r| r.organisation.is_empty() && !r.firm.is_empty()) {
            firm_only += 1;
            let scopes = vec![rule.scope.to_owned()];
            for choice in 0..1_u32 << roles.len() {
                let held = roles.iter().enumerate().filter(|(n, _)| choice & (1 << n) != 0);
                let roles = held.map(|(_, role)| *role).collect::<Roles>();
                for via in [Via::Session, Via::Token { scopes: scopes.clone() }] {
                    let who = Actor {
                        person: Some(PersonId::new(Timestamp(0), 9)),
                        party: Some(organisation),
                        side: Side::ServiceOrganisation,
                        roles,
                        via,
                    };
                    for facts in &places {
                        let got = decide(rule, &who, facts);
                        assert_eq!(got, Err(Refusal::NotFound), "{room}: {} {roles:?}", rule.name);
                    }
                }
            }
        }
    }
    assert!(firm_only >= 8, "{firm_only}");
}
