//! The room's commands and tables, on both databases.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "../../scope/tests/common/mod.rs"]
mod common;

use commitments::model::RequirementId;
use common::{Cast, blamed, cast, refusal, run, state};
use controls::model::{ControlId, ControlText, Coverage, GapId, GapState};
use controls::permits::{ManageControls, ManageGaps, ReadControls};
use controls::service::{
    GapInput, GapPlan, close_gap, coverage, open_gap, plan_gap, retire, state_control,
};
use controls::store;
use kernel::party::Actor;
use kernel::party::Role::*;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::journal::Room;
use platform::testing::{TestDb, on_both};
use scope::catalogue::{ControlType, CriterionId, Frequency, Nature};

const ROOMS: [Room; 4] = [identity::ROOM, scope::ROOM, commitments::ROOM, controls::ROOM];

fn criterion(id: &str) -> CriterionId {
    id.parse().unwrap()
}

fn text(code: &str) -> ControlText {
    ControlText {
        code: code.into(),
        statement: "Access of leavers ends within one day.".into(),
        frequency: Frequency::PerEvent,
        owner_role: "Head of IT".into(),
        owner: None,
        control_type: ControlType::Preventive,
        nature: Nature::Manual,
        criteria: vec![criterion("CC6.2"), criterion("CC6.1"), criterion("CC6.2")],
        requirements: Vec::new(),
    }
}

fn say(
    t: &TestDb,
    who: &Actor,
    change: Option<(ControlId, i64, &'static str)>,
    text: ControlText,
) -> Result<ControlId> {
    let who = who.clone();
    run(t, move |tx, env| {
        let permit = authorize::<ManageControls>(&who, &Facts::of(who.party.unwrap()))?;
        state_control(tx, env, &permit, change, &text)
    })
}

fn withdraw(t: &TestDb, who: &Actor, id: ControlId, version: i64) -> Result<()> {
    let who = who.clone();
    run(t, move |tx, env| {
        let permit = authorize::<ManageControls>(&who, &Facts::of(who.party.unwrap()))?;
        retire(tx, env, &permit, id, version, "Replaced by IAM-06")
    })
}

#[test]
fn who_may_do_what() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = c.engagement(t, "2025", Some(c.firm));
        let facts = t.db.read_blocking(move |conn| scope::facts(conn, id)).unwrap();
        c.only::<ReadControls>(
            &facts,
            &[ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel, Viewer],
            &[Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        );
        c.only::<ManageControls>(&facts, &[ComplianceLead], &[]);
        c.only::<ManageGaps>(&facts, &[ComplianceLead, ControlOwner], &[]);
    });
}

#[test]
fn a_control_is_stated_changed_with_a_reason_and_retired() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let (lead, other) = (c.lead(), c.of(c.other, ComplianceLead));
        let bad = |change: fn(&mut ControlText)| {
            let mut text = text("IAM-05");
            change(&mut text);
            blamed(say(t, &lead, None, text)).0
        };
        assert_eq!(bad(|x| x.code.clear()), "code");
        assert_eq!(bad(|x| x.code = "IAM\t05".into()), "code");
        assert_eq!(bad(|x| x.statement = " ".into()), "statement");
        assert_eq!(bad(|x| x.statement = "x".repeat(4_001)), "statement");
        assert_eq!(bad(|x| x.owner_role = "\u{202e}TI fo daeH".into()), "owner_role");
        assert_eq!(bad(|x| x.criteria.clear()), "criteria");
        assert_eq!(bad(|x| x.requirements = vec![RequirementId::from_u128(5)]), "requirements");
        let foreign = ControlText { owner: c.of(c.other, ControlOwner).person, ..text("IAM-05") };
        assert_eq!(blamed(say(t, &lead, None, foreign)).0, "owner");

        let id = say(t, &lead, None, text("IAM-05")).unwrap();
        assert_eq!(blamed(say(t, &lead, None, text("IAM-05"))).0, "code");
        say(t, &other, None, text("IAM-05")).unwrap();
        assert_eq!(blamed(say(t, &lead, Some((id, 1, "  ")), text("IAM-05"))).0, "reason");
        let reason = "The owner changed";
        assert_eq!(refusal(say(t, &other, Some((id, 1, reason)), text("X"))), Refusal::NotFound);
        let owner = c.of(c.organisation, ControlOwner).person;
        let changed = ControlText { owner, ..text("IAM-05") };
        say(t, &lead, Some((id, 1, reason)), changed.clone()).unwrap();
        let late = say(t, &lead, Some((id, 1, reason)), changed);
        assert_eq!(refusal(late), Refusal::Stale { seen: 1, now: 2 });
        t.db.read_blocking(|conn| {
            let one = store::control(conn, c.organisation, id)?.expect("the control");
            assert_eq!((one.version, one.active, one.text.owner), (2, true, owner));
            assert_eq!(one.text.criteria, [criterion("CC6.1"), criterion("CC6.2")]);
            assert_eq!(store::by_code(conn, c.organisation, "IAM-05")?.map(|x| x.id), Some(id));
            assert!(store::by_code(conn, c.organisation, "iam-05")?.is_none());
            assert!(store::control(conn, c.other, id)?.is_none());
            assert_eq!(coverage(criterion("CC6.1"), &[one]), Coverage::Covered);
            Ok(())
        })
        .unwrap();

        assert_eq!(refusal(withdraw(t, &other, id, 2)), Refusal::NotFound);
        assert_eq!(refusal(withdraw(t, &lead, id, 1)), Refusal::Stale { seen: 1, now: 2 });
        withdraw(t, &lead, id, 2).unwrap();
        assert!(state(withdraw(t, &lead, id, 3)).contains("retired already"));
        t.db.read_blocking(|conn| {
            let all = store::controls(conn, c.organisation)?;
            assert_eq!((all.len(), all[0].active), (1, false));
            assert_eq!(coverage(criterion("CC6.1"), &all), Coverage::Gap);
            assert_eq!(store::controls(conn, c.other)?.len(), 1);
            Ok(())
        })
        .unwrap();
        // Its code stays its own: the past speaks of it.
        assert_eq!(blamed(say(t, &lead, None, text("IAM-05"))).0, "code");
    });
}

#[test]
fn coverage_needs_somebody_who_answers() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        say(t, &c.lead(), None, text("IAM-05")).unwrap();
        let seen = |id: &'static str| {
            let owner = c.organisation;
            t.db.read_blocking(move |conn| {
                Ok(coverage(criterion(id), &store::controls(conn, owner)?))
            })
            .unwrap()
        };
        assert_eq!((seen("CC6.1"), seen("CC7.1")), (Coverage::Partial, Coverage::Gap));
        let owner = c.of(c.organisation, ControlOwner).person;
        say(t, &c.lead(), None, ControlText { owner, ..text("IAM-06") }).unwrap();
        assert_eq!(seen("CC6.1"), Coverage::Covered);
    });
}

fn gap(t: &TestDb, c: &Cast, finding: &'static str, due: &'static str) -> Result<GapId> {
    let permit = c.permit::<ManageGaps>();
    let owner = c.of(c.organisation, ControlOwner).person;
    run(t, move |tx, env| {
        let input = GapInput {
            criterion: "CC7.1".parse().unwrap(),
            finding: finding.into(),
            plan: GapPlan { action: "Write one".into(), owner, due: due.into() },
            origin: controls::risks::model::Origin::default(),
        };
        open_gap(tx, env, &permit, &input)
    })
}

#[test]
fn gaps_are_opened_and_closed_once() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        for due in ["", "30.6.2026", "2026-02-30", "2026-06-30T00:00"] {
            assert_eq!(blamed(gap(t, &c, "No procedure", due)).0, "due", "{due}");
        }
        assert_eq!(blamed(gap(t, &c, "", "2026-06-30")).0, "finding");
        let late = gap(t, &c, "No procedure", "2026-06-30").unwrap();
        let early = gap(t, &c, "No scanner", " 2026-03-31 ").unwrap();
        let close = |who: Actor, seen, outcome: &'static str| {
            run(t, move |tx, env| {
                let permit = authorize::<ManageGaps>(&who, &Facts::of(who.party.unwrap()))?;
                close_gap(tx, env, &permit, seen, outcome)
            })
        };
        let other = c.of(c.other, ComplianceLead);
        assert_eq!(refusal(close(other, (early, 1), "Done")), Refusal::NotFound);
        assert_eq!(blamed(close(c.lead(), (early, 1), " ")).0, "outcome");
        close(c.lead(), (early, 1), "A scanner runs nightly").unwrap();
        assert!(state(close(c.lead(), (early, 2), "Again")).contains("closed already"));
        t.db.read_blocking(|conn| {
            let gaps = store::gaps(conn, c.organisation)?;
            let told: Vec<_> = gaps.iter().map(|g| (g.id, g.closed.as_deref())).collect();
            assert_eq!(told, [(late, None), (early, Some("A scanner runs nightly"))]);
            assert!(store::gaps(conn, c.other)?.is_empty());
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_gap_is_planned_anew_with_a_reason_until_it_is_closed() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = gap(t, &c, "No procedure", "2026-03-31").unwrap();
        let plan = |who: Actor, version, due: &'static str, reason: &'static str| {
            run(t, move |tx, env| {
                let permit = authorize::<ManageGaps>(&who, &Facts::of(who.party.unwrap()))?;
                let plan = GapPlan { action: "Buy one".into(), owner: None, due: due.into() };
                plan_gap(tx, env, &permit, (id, version), (&plan, reason))
            })
        };
        assert_eq!(blamed(plan(c.lead(), 1, "soon", "Late")).0, "due");
        assert_eq!(blamed(plan(c.lead(), 1, "2026-06-30", " ")).0, "reason");
        let other = c.of(c.other, ComplianceLead);
        assert_eq!(refusal(plan(other, 1, "2026-06-30", "Late")), Refusal::NotFound);
        plan(c.lead(), 1, "2026-06-30", "The supplier is late").unwrap();
        // Somebody else has still the old plan before them.
        assert!(matches!(refusal(plan(c.lead(), 1, "2026-07-31", "Late")), Refusal::Stale { .. }));
        let seen = || t.db.read_blocking(|conn| store::gaps(conn, c.organisation)).unwrap();
        let now = &seen()[0];
        let told = (now.action.as_str(), now.due.as_str(), now.owner, now.version);
        assert_eq!(told, ("Buy one", "2026-06-30", None, 2));
        let on = |day: &str| now.state(day.parse().unwrap());
        assert_eq!(on("2026-06-30"), GapState::Open, "the day itself is not over");
        assert_eq!(on("2026-07-01"), GapState::Overdue);
        let lead = c.lead();
        run(t, move |tx, env| {
            let permit = authorize::<ManageGaps>(&lead, &Facts::of(lead.party.unwrap()))?;
            close_gap(tx, env, &permit, (id, 2), "Bought")
        })
        .unwrap();
        assert_eq!(seen()[0].state("2027-01-01".parse().unwrap()), GapState::Closed);
        assert!(state(plan(c.lead(), 3, "2026-08-31", "Late")).contains("closed already"));
    });
}
