//! The authorisation matrix, printed from the code into a reviewed file.

use kernel::party::{Role, Side};
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
