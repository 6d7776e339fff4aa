//! The rules of the firm's file, on worked examples and on random ones.

use super::*;
use crate::firm::model::{
    Acceptance, AcceptanceKind, Activity, Assessed, Decision, FirmPolicyId, Judgement, PeerReview,
    Service, ServiceId, Threat, ThreatKind,
};
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}
fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}T12:00:00Z")).unwrap()
}
fn person(n: u128) -> PersonId {
    PersonId::new(Timestamp(0), n)
}
fn profile() -> FirmProfile {
    FirmProfile {
        licence: "F-1".into(),
        jurisdiction: "Ohio".into(),
        licence_expires: date("2026-12-31"),
        office: "Columbus, Ohio".into(),
        peer_review: Some(PeerReview {
            dated: date("2023-07-01"),
            rating: PeerRating::Pass,
            reviewer: "Lane CPAs".into(),
        }),
    }
}

#[test]
fn a_peer_review_speaks_for_three_years_and_a_licence_to_its_last_day() {
    let none = |d: &str| concerns(Some(&profile()), date(d)).is_empty();
    assert!(none("2026-07-01"));
    assert!(!none("2026-07-02"));
    let mut p = profile();
    p.peer_review.as_mut().unwrap().dated = date("2025-07-01");
    assert!(concerns(Some(&p), date("2026-10-31")).is_empty());
    let soon = concerns(Some(&p), date("2026-11-01"));
    assert!(!soon[0].blocks && soon[0].text.contains("2026-12-31"));
    assert!(!concerns(Some(&p), date("2026-12-31"))[0].blocks);
    assert!(concerns(Some(&p), date("2027-01-01"))[0].blocks);
    p.peer_review.as_mut().unwrap().rating = PeerRating::Fail;
    assert_eq!(concerns(Some(&p), date("2026-05-01")).len(), 1);
    assert!(concerns(None, date("2026-05-01"))[0].blocks);
}

fn policy(n: u128, from: &str, approved: Option<&str>) -> FirmPolicy {
    FirmPolicy {
        id: FirmPolicyId::new(Timestamp(0), n),
        text: PolicyText {
            label: n.to_string(),
            effective_from: date(from),
            reason: "r".into(),
            body: PolicyBody::Expansion { add: 10, accept_total: 1 },
        },
        drafted_by: "per_a".into(),
        drafted_at: at("2026-01-01"),
        approved_by: approved.map(|_| "per_b".to_owned()),
        approved_at: approved.map(at),
        version: 1,
    }
}

#[test]
fn the_newest_approved_policy_that_has_begun_applies() {
    let all = [
        policy(1, "2025-01-01", Some("2024-12-01")),
        policy(2, "2026-01-01", Some("2025-12-01")),
        policy(3, "2026-03-01", None),
        policy(4, "2026-01-01", Some("2025-12-20")),
    ];
    let label =
        |on: &str| in_force(&all, PolicyKind::Expansion, date(on)).map(|p| p.text.label.clone());
    assert_eq!(label("2024-12-31"), None);
    assert_eq!(label("2025-12-31").as_deref(), Some("1"));
    assert_eq!(label("2026-06-30").as_deref(), Some("4"));
    assert!(in_force(&all, PolicyKind::Sampling, date("2026-06-30")).is_none());
}

#[test]
fn a_policy_is_approved_by_another_person_and_before_it_applies() {
    let text = policy(1, "2026-02-01", None).text;
    assert!(approve("per_a", false, &text, "per_b", date("2026-02-01")).is_ok());
    for (approved, by, on) in [
        (true, "per_b", "2026-01-01"),
        (false, "per_a", "2026-01-01"),
        (false, "per_b", "2026-02-02"),
    ] {
        assert!(approve("per_a", approved, &text, by, date(on)).is_err());
    }
}

#[test]
fn policies_that_contradict_themselves_are_refused() {
    let share = |share_bp| PolicyBody::Pervasiveness {
        categories: 2,
        series: 3,
        share_bp,
        entity_level_series: vec!["CC1".into()],
    };
    let good = [
        PolicyBody::Sampling { table: crate::rules::frequency::GENERAL_PRACTICE.into() },
        PolicyBody::Materiality { text: "Weigh nature and cause.".into() },
        PolicyBody::Expansion { add: 15, accept_total: 1 },
        share(2_500),
        PolicyBody::Rubric { strong_from: 40, weak_below: 30 },
    ];
    for body in good {
        check_policy(&body).unwrap();
    }
    let mut odd = share(2_500);
    if let PolicyBody::Pervasiveness { entity_level_series, .. } = &mut odd {
        entity_level_series.push("CC10".into());
    }
    let wrong = [
        PolicyBody::Sampling { table: "version = 1".into() },
        PolicyBody::Materiality { text: " ".into() },
        PolicyBody::Expansion { add: 0, accept_total: 0 },
        PolicyBody::Expansion { add: 5, accept_total: 5 },
        share(0),
        share(10_001),
        odd,
        PolicyBody::Rubric { strong_from: 30, weak_below: 40 },
    ];
    for body in wrong {
        assert!(check_policy(&body).is_err(), "{body:?}");
    }
}

fn assignment(role: Role, until: Option<&str>) -> Assignment {
    Assignment { role, from: date("2026-01-10"), until: until.map(date) }
}

#[test]
fn a_team_is_of_one_side_with_roles_that_people_hold() {
    assert!(assign(&assignment(Role::Senior, None), true, false).is_ok());
    assert!(assign(&assignment(Role::Senior, None), false, false).is_err());
    assert!(assign(&assignment(Role::Senior, None), true, true).is_err());
    assert!(assign(&assignment(Role::ComplianceLead, None), true, false).is_err());
    assert!(assign(&assignment(Role::FirmAdministrator, None), true, false).is_err());
    assert!(assign(&assignment(Role::Senior, Some("2026-01-09")), true, false).is_err());
    assert!(assign(&assignment(Role::PeerReviewer, None), true, false).is_err());
    assert!(assign(&assignment(Role::PeerReviewer, Some("2026-02-10")), true, false).is_ok());
    assert!(assign(&assignment(Role::PeerReviewer, Some("2027-02-10")), true, false).is_err());
}

#[test]
fn a_time_that_does_not_run_is_told_with_its_day() {
    use kernel::party::LapsedWhen::{Begins, Ended, Never};
    let member = |from: &str, until: Option<&str>, released: bool| Member {
        person: person(1),
        assignment: Assignment {
            role: Role::PeerReviewer,
            from: date(from),
            until: until.map(date),
        },
        released: released.then(|| "The review is done.".to_owned()),
        version: 1,
    };
    let today = date("2026-08-15");
    let of = |m: &Member, written: Option<&str>| lapsed(m, written.map(date), today);
    let over = member("2026-07-20", Some("2026-08-14"), false);
    assert_eq!(of(&over, Some("2026-07-01")), Ended(date("2026-08-14")));
    let to_come = member("2026-09-01", Some("2026-09-30"), false);
    assert_eq!(of(&to_come, Some("2026-07-01")), Begins(date("2026-09-01")));
    let released = member("2026-07-20", Some("2026-08-14"), true);
    assert_eq!(of(&released, Some("2026-08-02")), Ended(date("2026-08-02")));
    assert_eq!(of(&released, None), Ended(date("2026-08-14")));
    // The next time is told before the last one, and that before none.
    assert!(speaks_before(Begins(today), Ended(today)) && speaks_before(Ended(today), Never));
    assert!(speaks_before(Ended(date("2026-08-14")), Ended(date("2026-08-02"))));
    assert!(!speaks_before(Never, Never) && !speaks_before(Ended(today), Begins(today)));
}

fn confirmation(on: &str, threats: usize, judged: Option<bool>) -> Independence {
    Independence {
        person: person(1),
        threats: vec![
            Threat {
                kind: ThreatKind::Familiarity,
                circumstances: "A cousin works there.".into(),
                safeguard: "Does not test payroll.".into(),
            };
            threats
        ],
        confirmed_at: at(on),
        judgement: judged.map(|acceptable| Judgement { acceptable, reason: "r".into() }),
        judged_by: judged.map(|_| "per_b".to_owned()),
        version: 1,
    }
}

#[test]
fn a_confirmation_holds_for_a_year_and_threats_are_judged() {
    let holds = |c: &Independence, on: &str| independent(Some(c), date(on)).is_ok();
    let plain = confirmation("2026-01-10", 0, None);
    assert!(holds(&plain, "2026-01-10") && holds(&plain, "2027-01-10"));
    assert!(!holds(&plain, "2027-01-11"));
    assert!(independent(None, date("2026-01-10")).is_err());
    assert!(!holds(&confirmation("2026-01-10", 1, None), "2026-02-01"));
    assert!(holds(&confirmation("2026-01-10", 1, Some(true)), "2026-02-01"));
    assert!(!holds(&confirmation("2026-01-10", 1, Some(false)), "2026-02-01"));
}

fn service(activities: &[Activity]) -> NonAttest {
    NonAttest {
        description: "Readiness assessment".into(),
        from: date("2025-06-01"),
        to: Some(date("2025-07-31")),
        activities: activities.to_vec(),
        overseen_by: "Chief information security officer".into(),
        threats: vec![ThreatKind::SelfReview],
        safeguards: "Another team examines.".into(),
    }
}

fn standing() -> Standing {
    let member = |n, role| Member {
        person: person(n),
        assignment: assignment(role, None),
        released: None,
        version: 1,
    };
    let confirmed = |n| Independence { person: person(n), ..confirmation("2026-01-10", 0, None) };
    Standing {
        profile: Some(FirmProfile { licence_expires: date("2027-12-31"), ..profile() }),
        team: vec![
            member(1, Role::Partner),
            member(2, Role::QualityReviewer),
            member(3, Role::Senior),
        ],
        confirmations: (1..=3).map(confirmed).collect(),
        services: Vec::new(),
        acceptance: None,
    }
}

fn assessed() -> AcceptanceText {
    AcceptanceText {
        kind: AcceptanceKind::Acceptance,
        preconditions: Precondition::ALL
            .iter()
            .map(|p| Assessed { precondition: *p, met: true, basis: "Looked at.".into() })
            .collect(),
        integrity: "Nothing adverse.".into(),
        letter_signed: Some(date("2026-01-12")),
    }
}

#[test]
fn an_engagement_is_accepted_only_when_every_precondition_is_met_with_a_basis() {
    let on = date("2026-01-15");
    assert!(against_acceptance(&standing(), &assessed(), on).is_empty());
    for (n, precondition) in Precondition::ALL.iter().enumerate() {
        let mut text = assessed();
        text.preconditions[n].met = false;
        let found = against_acceptance(&standing(), &text, on);
        assert!(found[0].contains(&precondition.word().replace('_', " ")), "{found:?}");
        text.preconditions.remove(n);
        assert_eq!(against_acceptance(&standing(), &text, on).len(), 1);
    }
    let mut s = standing();
    s.confirmations.pop();
    assert_eq!(against_acceptance(&s, &assessed(), on).len(), 1);
    s.team.remove(1);
    assert_eq!(against_acceptance(&s, &assessed(), on).len(), 2);
    let mut s = standing();
    s.profile = None;
    assert_eq!(against_acceptance(&s, &assessed(), on).len(), 1);
}

#[test]
fn the_opinion_needs_an_accepted_engagement_and_a_licence() {
    let on = date("2026-07-01");
    let mut s = standing();
    assert!(may_sign(&s, person(1), on).is_ok());
    assert!(may_sign(&s, person(9), on).is_err());
    assert!(may_sign_opinion(&s, person(1), on).is_err());
    let decided = |accepted| Acceptance {
        text: assessed(),
        prepared_by: "per_c".into(),
        prepared_at: at("2026-01-12"),
        decision: Some(Decision { accepted, reason: "r".into() }),
        decided_by: Some("per_a".into()),
        decided_at: Some(at("2026-01-13")),
        version: 2,
    };
    s.acceptance = Some(decided(false));
    assert!(may_sign_opinion(&s, person(1), on).is_err());
    s.acceptance = Some(decided(true));
    assert!(may_sign_opinion(&s, person(1), on).is_ok());
    s.profile.as_mut().unwrap().licence_expires = date("2026-06-30");
    assert!(may_sign_opinion(&s, person(1), on).is_err());
    assert!(may_sign(&s, person(1), on).is_ok());
}

#[test]
fn the_quality_reviewer_of_the_engagement_stays_outside_whatever_else_they_are_in_the_firm() {
    let on = date("2026-07-01");
    let mut s = standing();
    // Person 2 reviews the quality of this engagement.
    let said = may_sign(&s, person(2), on).unwrap_err().to_string();
    assert!(said.contains("you stay outside what its team decides"), "{said}");
    assert!(stays_outside(&s, person(2)).is_err());
    assert!(stays_outside(&s, person(1)).is_ok());
    // With another part in it, they are one of the team.
    for member in s.team.iter_mut().filter(|m| m.person == person(2)) {
        member.assignment.role = Role::Manager;
    }
    assert!(stays_outside(&s, person(2)).is_ok() && may_sign(&s, person(2), on).is_ok());
}

fn activities() -> impl Strategy<Value = Vec<Activity>> {
    prop::collection::vec(prop::sample::select(Activity::ALL), 1..6)
}

proptest! {
    /// Whatever safeguards are stated, the firm that does management's work signs nothing and accepts
    /// nothing; without such work a service alone never stops a signature.
    #[test]
    fn no_safeguard_makes_managements_own_work_compatible(all in activities(), safeguards in "[a-z ]{0,20}") {
        let mut s = standing();
        let body = NonAttest { safeguards, ..service(&all) };
        let own = all.iter().any(|a| a.is_managements());
        let faults = service_faults(&body);
        s.services.push(Service { id: ServiceId::new(Timestamp(0), 1), body, version: 1 });
        let on = date("2026-01-15");
        prop_assert_eq!(may_sign(&s, person(1), on).is_err(), own);
        prop_assert!(!own || !faults.is_empty());
        prop_assert_eq!(against_acceptance(&s, &assessed(), on).is_empty(), faults.is_empty());
    }

    /// The policy that applies was approved, had begun, and none that had begun is newer; a later day
    /// never goes back to an older policy; drafts change nothing.
    #[test]
    fn policies_in_force(rows in prop::collection::vec((0_i64..800, prop::option::of(0_i64..800)), 0..12), on in 0_i64..900, later in 0_i64..200) {
        let day0 = date("2025-01-01");
        let all: Vec<FirmPolicy> = (1_u128..).zip(&rows).map(|(n, (from, approved))| {
            let from = days_after(day0, *from).to_string();
            let approved = approved.map(|a| days_after(day0, a).to_string());
            policy(n, &from, approved.as_deref())
        }).collect();
        let found = |d| in_force(&all, PolicyKind::Expansion, d);
        let today = days_after(day0, on);
        if let Some(p) = found(today) {
            prop_assert!(p.approved_at.is_some() && p.text.effective_from <= today);
            prop_assert!(all.iter().all(|o| o.approved_at.is_none() || o.text.effective_from > today || o.text.effective_from <= p.text.effective_from));
            let next = found(days_after(today, later)).unwrap();
            prop_assert!(next.text.effective_from >= p.text.effective_from);
        } else {
            prop_assert!(all.iter().all(|o| o.approved_at.is_none() || o.text.effective_from > today));
        }
        let approved: Vec<FirmPolicy> = all.iter().filter(|p| p.approved_at.is_some()).cloned().collect();
        prop_assert_eq!(found(today), in_force(&approved, PolicyKind::Expansion, today));
    }

    /// Whoever is put on a team and once acted for the client is refused, whatever else holds.
    #[test]
    fn nobody_of_the_client_joins_the_team(role in prop::sample::select(Role::ALL), holds: bool, until in prop::option::of(0_i64..400)) {
        let a = Assignment { role, from: date("2026-01-10"), until: until.map(|d| days_after(date("2026-01-10"), d)) };
        prop_assert!(assign(&a, holds, true).is_err());
        if assign(&a, holds, false).is_ok() {
            prop_assert!(holds && role.side() == Side::Firm);
            prop_assert!(role != Role::PeerReviewer || a.until.is_some());
        }
    }
}
