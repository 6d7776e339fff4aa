//! Who is told when a rung is climbed.
//!
//! People whom the report concerns are left out. Who is away is told through their deputy, or all the
//! same where they have none. When nobody of a rung remains, those of the rungs above are told, then
//! everybody who runs the organisation's reporting; only then is the answer "nobody", which the
//! watchdog reports.

use crate::clocks::model::{Planned, Route};
use crate::policy::model::{Recipient, Rung, Trigger};
use kernel::ids::PersonId;
use kernel::party::{Role, Roles};
use std::collections::{BTreeMap, BTreeSet};

/// A member of the organisation as routing sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// With which roles.
    pub roles: Roles,
    /// At which address.
    pub email: String,
}

/// What routing knows.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// The active members.
    pub members: Vec<Member>,
    /// Who answers for the case.
    pub owner: Option<PersonId>,
    /// Whom the report concerns.
    pub excluded: BTreeSet<PersonId>,
    /// Who is away, and who stands in.
    pub away: BTreeMap<PersonId, Option<PersonId>>,
}

/// Who is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// People of the organisation.
    pub people: BTreeSet<PersonId>,
    /// Addresses of others.
    pub addresses: BTreeSet<String>,
    /// People whom the report concerns and who were left out.
    pub left_out: BTreeSet<PersonId>,
}

impl Told {
    fn nobody(&self) -> bool {
        self.people.is_empty() && self.addresses.is_empty()
    }
}

/// The roles that run reporting, told when the ladder reaches nobody.
const RUNS_REPORTING: [Role; 4] =
    [Role::ComplianceLead, Role::CaseHandler, Role::Counsel, Role::ExecutiveSponsor];

/// Who is told when a rung is climbed.
#[must_use]
pub fn route(planned: &Planned, ladder: &[Rung], people: &People) -> (Told, Route) {
    let mut told = people.of(&planned.to);
    if !told.nobody() {
        return (told, Route::Ladder);
    }
    let mut left_out = std::mem::take(&mut told.left_out);
    let mut higher: Vec<(u32, &Rung)> = ladder
        .iter()
        .filter_map(|rung| match rung.on {
            Trigger::Percent { percent, .. } => Some((percent, rung)),
            _ => None,
        })
        .collect();
    higher.sort_by_key(|(percent, _)| *percent);
    for (_, rung) in higher {
        let mut told = people.of(&rung.to);
        left_out.append(&mut told.left_out);
        if !told.nobody() {
            return (Told { left_out, ..told }, Route::Higher);
        }
    }
    let everybody: Vec<Recipient> =
        RUNS_REPORTING.iter().map(|r| Recipient::Role(r.as_str().to_owned())).collect();
    let mut told = people.of(&everybody);
    told.left_out.append(&mut left_out);
    let route = if told.nobody() { Route::Nobody } else { Route::Everybody };
    (told, route)
}

impl People {
    fn of(&self, to: &[Recipient]) -> Told {
        let mut told = Told::default();
        for one in to {
            match one {
                Recipient::Owner => match self.owner {
                    Some(owner) => self.tell(owner, &mut told),
                    None => self.role(Role::CaseHandler, &mut told),
                },
                Recipient::Role(_) => {
                    if let Some(role) = one.role() {
                        self.role(role, &mut told);
                    }
                }
                Recipient::Address(address) => self.address(address, &mut told),
            }
        }
        told
    }

    fn role(&self, role: Role, told: &mut Told) {
        for member in self.members.iter().filter(|m| m.roles.has(role)) {
            self.tell(member.person, told);
        }
    }

    fn tell(&self, person: PersonId, told: &mut Told) {
        if self.excluded.contains(&person) {
            told.left_out.insert(person);
            return;
        }
        let Some(away) = self.away.get(&person) else {
            if self.members.iter().any(|m| m.person == person) {
                told.people.insert(person);
            }
            return;
        };
        let deputy = away.filter(|d| {
            !self.excluded.contains(d)
                && !self.away.contains_key(d)
                && self.members.iter().any(|m| m.person == *d)
        });
        // Somebody who is away and has nobody to stand in is told all the same: better late than never.
        told.people.insert(deputy.unwrap_or(person));
    }

    fn address(&self, address: &str, told: &mut Told) {
        let theirs = self.members.iter().find(|m| m.email.eq_ignore_ascii_case(address));
        match theirs {
            Some(member) => self.tell(member.person, told),
            None => {
                told.addresses.insert(address.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clocks::model::RungKey;
    use kernel::time::Timestamp;

    fn person(n: u128) -> PersonId {
        PersonId::from_u128(n)
    }

    fn member(n: u128, role: Role) -> Member {
        Member {
            person: person(n),
            roles: [role].into_iter().collect(),
            email: format!("p{n}@a.example"),
        }
    }

    fn planned(to: Vec<Recipient>) -> Planned {
        Planned {
            key: RungKey("k".into()),
            at: Timestamp(0),
            why: String::new(),
            to,
            due_at: None,
            repeats: false,
        }
    }

    fn people() -> People {
        People {
            members: vec![
                member(1, Role::CaseHandler),
                member(2, Role::ComplianceLead),
                member(3, Role::ExecutiveSponsor),
            ],
            owner: Some(person(1)),
            ..People::default()
        }
    }

    fn ladder() -> Vec<Rung> {
        crate::policy::rules::notation::ladder(
            "100% -> owner, compliance_lead\n200% -> executive_sponsor",
        )
        .unwrap()
    }

    #[test]
    fn whom_a_report_concerns_is_never_told() {
        let mut people = people();
        people.excluded.insert(person(1));
        let (told, route) = route(&planned(vec![Recipient::Owner]), &ladder(), &people);
        assert_eq!(route, Route::Higher);
        assert_eq!(told.people, BTreeSet::from([person(2)]));
        assert_eq!(told.left_out, BTreeSet::from([person(1)]));
        // Also not by the address.
        let by_address = planned(vec![Recipient::Address("P1@a.example".into())]);
        assert!(!super::route(&by_address, &ladder(), &people).0.people.contains(&person(1)));
        // Nor as somebody's deputy.
        people.away.insert(person(2), Some(person(1)));
        let (told, _) = super::route(
            &planned(vec![Recipient::Role("compliance_lead".into())]),
            &ladder(),
            &people,
        );
        assert_eq!(told.people, BTreeSet::from([person(2)]));
    }

    #[test]
    fn a_deputy_stands_in() {
        let mut people = people();
        people.away.insert(person(1), Some(person(3)));
        let (told, _) = route(&planned(vec![Recipient::Owner]), &ladder(), &people);
        assert_eq!(told.people, BTreeSet::from([person(3)]));
    }

    #[test]
    fn when_everybody_is_concerned_the_trustee_is_told_and_without_one_it_says_nobody() {
        let mut people = people();
        people.excluded.extend([person(1), person(2), person(3)]);
        let (told, route) = super::route(&planned(vec![Recipient::Owner]), &ladder(), &people);
        assert_eq!((told.people.len(), route), (0, Route::Nobody));
        let with = crate::policy::rules::notation::ladder("300% -> trustee@law.example").unwrap();
        let (told, route) = super::route(&planned(vec![Recipient::Owner]), &with, &people);
        assert_eq!(route, Route::Higher);
        assert_eq!(told.addresses, BTreeSet::from(["trustee@law.example".to_owned()]));
    }
}
