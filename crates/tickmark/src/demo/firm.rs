//! The firm's own file: licence, policies, the team and its independence, acceptance, the plan, hours.

use super::people::{Cast, actor};
use super::{Story, permit, planned};
use examination::firm::model::{
    AcceptanceKind, AcceptanceText, Activity, Assessed, Assignment, Decision, FirmProfile,
    Judgement, NonAttest, PeerRating, PeerReview, PolicyBody, PolicyText, Precondition, Threat,
    ThreatKind,
};
use examination::firm::permits::{
    ApprovePolicy, ConfirmIndependence, DecideAcceptance, DraftPolicy, JudgeThreats, KeepServices,
    KeepTeam, PrepareAcceptance, StateProfile,
};
use examination::firm::service;
use examination::model::{TestId, TestPlan};
use examination::permits::PlanTests;
use examination::planning::model::{Area, BudgetLine, Due, Milestone, TimeText};
use examination::planning::permits::{Plan as MayPlan, RecordTime, Schedule};
use examination::planning::service::{self as planning, AcceptInput};
use examination::planning::store::Plan;
use examination::rules::frequency::GENERAL_PRACTICE;
use examination::store::Papers;
use identity::service::add_person_directly;
use kernel::party::{Actor, Role};
use kernel::period::Date;
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::journal::Expected;

/// A date of the story.
const fn date(year: i16, month: i8, day: i8) -> Date {
    Date::constant(year, month, day)
}

/// Reviews the engagement's quality.
pub(super) const REVIEWER: &str = "helen.marsh@whitcombe.example";
/// Performs tests.
const STAFF: &str = "noor.haddad@whitcombe.example";
/// Reads for a peer review, for a limited time.
const PEER: &str = "owen.price@lanecpas.example";
/// A peer reviewer whose time runs for as long as a firm may let one in.
const SECOND_PEER: &str = "mara.duarte@lanecpas.example";

/// Plans a test from what the control matrix proposes, with this many items; as entered, where the matrix
/// knows of fewer.
pub(super) fn plan_sized(
    story: &Story<'_>,
    cast: &Cast,
    plan: &TestPlan,
    items: u64,
) -> Result<TestId> {
    let (engagement, control) = (cast.engagement, plan.control);
    let proposal = story.deployment.db.read_blocking(move |conn| {
        let papers = Papers::load(conn, engagement)?;
        let known = papers.control(control).cloned().ok_or(Refusal::NotFound)?;
        Ok(Plan::load(conn, &papers)?.proposal(&papers, &known))
    })?;
    let (plan, manager) = (plan.clone(), cast.manager.clone());
    let fits = proposal.is_some_and(|p| items <= p.size.population);
    story.act::<MayPlan, _>(cast, &cast.manager, move |tx, env, may| {
        let facts = scope::facts(tx, engagement)?;
        let tests = kernel::permit::authorize::<PlanTests>(&manager, &facts)?;
        if !fits {
            return planning::plan_by_hand(tx, env, &tests, &plan);
        }
        let input = AcceptInput {
            plan: plan.clone(),
            items,
            reason: "As many as there were up to the fieldwork.".into(),
        };
        planning::accept_proposal(tx, env, (may, &tests), &input)
    })
}

/// The firm itself: its people, its standing and its policies.
pub(super) fn house(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let firm = cast.partner.party.ok_or(Refusal::NotFound)?;
    for (email, name, role) in [
        (REVIEWER, "Helen Marsh", Role::QualityReviewer),
        (STAFF, "Noor Haddad", Role::Staff),
        (PEER, "Owen Price", Role::PeerReviewer),
        (SECOND_PEER, "Mara Duarte", Role::PeerReviewer),
    ] {
        story.run(move |tx, env| add_person_directly(tx, env, firm, email, name, &[role]))?;
    }
    profile(story, cast)?;
    policies(story, cast)
}

/// What the firm does before it begins the present engagement: it staffs, accepts and plans.
pub(super) fn found(story: &Story<'_>, cast: &Cast) -> Result<()> {
    staff(story, cast, date(2026, 1, 26))?;
    peer(story, cast)?;
    accept(story, cast, AcceptanceKind::Continuance, date(2026, 1, 26))?;
    planned::understand(story, cast)?;
    planned::materiality(story, cast)?;
    planned::risks(story, cast)?;
    schedule(story, cast)
}

fn profile(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let input = FirmProfile {
        licence: "CPA.FIRM.08214".into(),
        jurisdiction: "Accountancy Board of Ohio".into(),
        licence_expires: date(2027, 12, 31),
        office: "Columbus, Ohio".into(),
        peer_review: Some(PeerReview {
            dated: date(2024, 9, 12),
            rating: PeerRating::Pass,
            reviewer: "Lane CPAs LLC".into(),
        }),
    };
    let may = permit::<StateProfile>(&cast.partner)?;
    story.run(move |tx, env| service::state_profile(tx, env, &may, Expected::New, &input))
}

fn policies(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let from = date(2026, 2, 1);
    let all = [
        (
            PolicyBody::Sampling { table: GENERAL_PRACTICE.into() },
            "Sizes inside the ranges in common use; statistical rows at 90% and 10%.",
        ),
        (
            PolicyBody::Materiality {
                text: "Materiality is judged by what users of the report rely on: the principal service commitments. Every deviation is weighed for nature and cause, duration, effect on customers, compensating controls, intent and recurrence.".into(),
            },
            "Restated after the training of autumn 2025.",
        ),
        (
            PolicyBody::Expansion { add: 15, accept_total: 1 },
            "One planned extension of a judgemental sample; a second deviation ends it.",
        ),
        (
            PolicyBody::Pervasiveness {
                categories: 2,
                series: 3,
                share_bp: 2_500,
                entity_level_series: ["CC1", "CC3", "CC4", "CC5"].map(str::to_owned).to_vec(),
            },
            "As in the year before.",
        ),
    ];
    for (body, reason) in all {
        let text = PolicyText {
            label: "2026-1".into(),
            effective_from: from,
            reason: reason.into(),
            body,
        };
        let (draft, approve) =
            (permit::<DraftPolicy>(&cast.manager)?, permit::<ApprovePolicy>(&cast.partner)?);
        story.edge.advance_seconds(60);
        let id = story.run(move |tx, env| service::draft_policy(tx, env, &draft, &text))?;
        story.edge.advance_seconds(60);
        story.run(move |tx, env| {
            service::approve_policy(tx, env, &approve, (id, 1), "Agreed in the partners' meeting.")
        })?;
    }
    let text = PolicyText {
        label: "2026-2".into(),
        effective_from: date(2026, 12, 31),
        reason: "The cut-offs of the effectiveness rubric, to be agreed by the partners.".into(),
        body: PolicyBody::Rubric { strong_from: 40, weak_below: 30 },
    };
    let draft = permit::<DraftPolicy>(&cast.manager)?;
    story.run(move |tx, env| service::draft_policy(tx, env, &draft, &text))?;
    Ok(())
}

fn assign(story: &Story<'_>, cast: &Cast, who: &Actor, input: Assignment) -> Result<()> {
    let person = who.person.ok_or(Refusal::NotFound)?;
    story.act::<KeepTeam, _>(cast, &cast.partner, move |tx, env, p| {
        service::assign(tx, env, p, person, &input)
    })
}

/// A peer reviewer comes once the fieldwork is under way, and goes; another stays on.
fn peer(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let role = Role::PeerReviewer;
    for (who, until) in [(PEER, date(2026, 8, 14)), (SECOND_PEER, date(2027, 7, 20))] {
        let input = Assignment { role, from: date(2026, 7, 20), until: Some(until) };
        assign(story, cast, &actor(story, who)?, input)?;
    }
    Ok(())
}

/// The team of an engagement, from a day on, and its independence.
pub(super) fn staff(story: &Story<'_>, cast: &Cast, from: Date) -> Result<()> {
    let (reviewer, staff) = (actor(story, REVIEWER)?, actor(story, STAFF)?);
    let people = [
        (&cast.partner, Role::Partner),
        (&reviewer, Role::QualityReviewer),
        (&cast.manager, Role::Manager),
        (&cast.senior, Role::Senior),
        (&staff, Role::Staff),
    ];
    for (who, role) in people {
        assign(story, cast, who, Assignment { role, from, until: None })?;
    }
    let cousin = Threat {
        kind: ThreatKind::Familiarity,
        circumstances: "A former colleague leads customer support at the client.".into(),
        safeguard: "Does not test controls that customer support operates; the manager reviews all of this work.".into(),
    };
    for (who, threats) in [
        (&cast.partner, Vec::new()),
        (&reviewer, Vec::new()),
        (&cast.manager, Vec::new()),
        (&cast.senior, Vec::new()),
        (&staff, vec![cousin]),
    ] {
        story.act::<ConfirmIndependence, _>(cast, who, move |tx, env, p| {
            service::confirm(tx, env, p, &threats)
        })?;
    }
    let person = staff.person.ok_or(Refusal::NotFound)?;
    let judgement = Judgement {
        acceptable: true,
        reason: "No family tie and no financial interest; the safeguard keeps the two apart."
            .into(),
    };
    story.act::<JudgeThreats, _>(cast, &cast.partner, move |tx, env, p| {
        service::judge_threats(tx, env, p, (person, 1), &judgement)
    })
}

pub(super) fn accept(
    story: &Story<'_>,
    cast: &Cast,
    kind: AcceptanceKind,
    letter_signed: Date,
) -> Result<()> {
    let again = kind == AcceptanceKind::Continuance;
    let gap = NonAttest {
        description: "Gap assessment against the criteria, autumn 2025".into(),
        from: date(2025, 9, 15),
        to: Some(date(2025, 10, 31)),
        activities: vec![Activity::AssessGaps, Activity::Advise],
        overseen_by: "Nadia Lindqvist, compliance lead, who decided on every finding".into(),
        threats: vec![ThreatKind::SelfReview],
        safeguards: "Nobody of that team works on the examination; management chose and built every control.".into(),
    };
    story.act::<KeepServices, _>(cast, &cast.manager, move |tx, env, p| {
        service::state_service(tx, env, p, None, &gap)
    })?;
    let basis = |p: Precondition| match p {
        Precondition::Independence => {
            "Everybody on the team confirmed; one declared threat was judged."
        }
        Precondition::SubjectMatter => {
            "A payroll platform with an executive sponsor who answers for its description."
        }
        Precondition::Criteria => {
            "The trust services criteria for security and availability, published and free to read."
        }
        Precondition::Evidence => {
            "Access to people, systems and records is promised in the engagement letter."
        }
        Precondition::WrittenReport => "A SOC 2 Type 2 report is agreed.",
        Precondition::Competence if !again => {
            "Partner and manager have led examinations of payroll platforms; 90 hours are budgeted."
        }
        Precondition::Competence => {
            "Partner and manager have led examinations of payroll platforms; 330 hours are budgeted."
        }
    };
    let text = AcceptanceText {
        kind,
        preconditions: Precondition::ALL
            .iter()
            .map(|p| Assessed { precondition: *p, met: true, basis: basis(*p).into() })
            .collect(),
        integrity: if again {
            "Nothing adverse came up in the examination of the second half of 2025 or in public records since."
        } else {
            "References of two customers and a search of public records show nothing adverse."
        }
        .into(),
        letter_signed: Some(letter_signed),
    };
    story.act::<PrepareAcceptance, _>(cast, &cast.manager, move |tx, env, p| {
        service::prepare_acceptance(tx, env, p, Expected::New, &text)
    })?;
    let decision = Decision {
        accepted: true,
        reason: if again {
            "All preconditions are met and the team is free for the fieldwork in July."
        } else {
            "All preconditions are met; the controls are few and the team is free in January."
        }
        .into(),
    };
    story.act::<DecideAcceptance, _>(cast, &cast.partner, move |tx, env, p| {
        service::decide_acceptance(tx, env, p, 1, &decision)
    })
}

fn timeline(done: &[(Milestone, Date)]) -> Vec<Due> {
    [
        (Milestone::Planned, date(2026, 1, 30)),
        (Milestone::FieldworkBegins, date(2026, 7, 6)),
        (Milestone::PopulationsFrozen, date(2026, 7, 10)),
        (Milestone::FieldworkEnds, date(2026, 7, 31)),
        (Milestone::QualityReviewed, date(2026, 8, 14)),
        (Milestone::ReportDated, date(2026, 8, 21)),
        (Milestone::FileLocked, date(2026, 10, 16)),
    ]
    .map(|(milestone, due)| {
        let done = done.iter().find(|(m, _)| *m == milestone).map(|(_, on)| *on);
        Due { milestone, due, done }
    })
    .to_vec()
}

fn schedule(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let dates = timeline(&[]);
    story.act::<Schedule, _>(cast, &cast.manager, move |tx, env, p| {
        planning::state_timeline(tx, env, p, Expected::New, (&dates, ""))
    })?;
    let hours = [
        ("planning", 40),
        ("description", 24),
        ("review", 40),
        ("completion", 30),
        ("CC1", 12),
        ("CC2", 10),
        ("CC3", 12),
        ("CC4", 10),
        ("CC5", 12),
        ("CC6", 48),
        ("CC7", 32),
        ("CC8", 28),
        ("CC9", 12),
        ("A1", 20),
    ];
    let lines = hours
        .iter()
        .filter_map(|(area, hours)| Some(BudgetLine { area: Area::parse(area)?, hours: *hours }))
        .collect::<Vec<_>>();
    story.act::<Schedule, _>(cast, &cast.manager, move |tx, env, p| {
        planning::state_budget(tx, env, p, Expected::New, (&lines, ""))
    })
}

/// What the team does while it works: hours are recorded, milestones reached.
pub(super) fn work(story: &Story<'_>, cast: &Cast) -> Result<()> {
    hours(story, cast)?;
    let dates = timeline(&[
        (Milestone::Planned, date(2026, 1, 28)),
        (Milestone::FieldworkBegins, date(2026, 7, 6)),
        (Milestone::PopulationsFrozen, date(2026, 7, 9)),
    ]);
    story.act::<Schedule, _>(cast, &cast.manager, move |tx, env, p| {
        planning::state_timeline(tx, env, p, Expected::Version(1), (&dates, "Milestones reached."))
    })
}

fn hours(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let staff = actor(story, STAFF)?;
    let all: [(&Actor, Date, &str, u32, &str); 12] = [
        (
            &cast.manager,
            date(2026, 1, 27),
            "planning",
            360,
            "Understanding and risks with the senior",
        ),
        (&cast.senior, date(2026, 1, 28), "planning", 450, "Control matrix and proposed tests"),
        (
            &cast.senior,
            date(2026, 1, 29),
            "planning",
            420,
            "Walk through the register with the client",
        ),
        (&cast.senior, date(2026, 7, 6), "CC6", 480, "Populations of leavers and access"),
        (&staff, date(2026, 7, 7), "CC6", 450, "Leavers against directory logs"),
        (&staff, date(2026, 7, 8), "CC8", 480, "Changes against reviews"),
        (&cast.senior, date(2026, 7, 8), "CC8", 300, "Deviations on changes"),
        (&cast.senior, date(2026, 7, 9), "CC7", 420, "Incident records, one by one"),
        (&staff, date(2026, 7, 9), "CC5", 240, "Release checks"),
        (&staff, date(2026, 7, 10), "A1", 360, "Backups and restores"),
        (&cast.manager, date(2026, 7, 10), "review", 300, "Review of results"),
        (&cast.partner, date(2026, 7, 10), "review", 120, "Deviations with the manager"),
    ];
    for (who, on, area, minutes, note) in all {
        let area = Area::parse(area).ok_or(Refusal::NotFound)?;
        let text = TimeText { on, area, minutes, note: note.into() };
        story.act::<RecordTime, _>(cast, who, move |tx, env, p| {
            planning::record_time(tx, env, p, &text)
        })?;
    }
    Ok(())
}
