//! The room's commands and tables, on both databases.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "../../scope/tests/common/mod.rs"]
mod common;

use commitments::model::{CommitmentId, Kept, RequirementId, RequirementKind, Source};
use commitments::permits::{ManageCommitments, MeasureCommitment, ReadCommitments};
use commitments::service::{
    CommitmentInput, LINKS_MAX, RequirementInput, measure, state_commitment, state_requirement,
};
use commitments::store;
use common::{Cast, blamed, cast, refusal, run};
use kernel::party::Actor;
use kernel::party::Role::*;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::journal::Room;
use platform::testing::{TestDb, on_both};
use scope::catalogue::Category;

const ROOMS: [Room; 3] = [identity::ROOM, scope::ROOM, commitments::ROOM];

fn input(code: &str) -> CommitmentInput {
    CommitmentInput {
        code: code.into(),
        category: Category::Availability,
        statement: "The portal answers 99.9 % of each month.".into(),
        principal: true,
        sources: vec![Source { kind: "sla".into(), reference: "SLA 2025, section 2".into() }],
        owner: None,
    }
}

fn say(
    t: &TestDb,
    who: &Actor,
    change: Option<(CommitmentId, i64)>,
    input: CommitmentInput,
) -> Result<CommitmentId> {
    let who = who.clone();
    run(t, move |tx, env| {
        let permit = authorize::<ManageCommitments>(&who, &Facts::of(who.party.unwrap()))?;
        state_commitment(tx, env, &permit, change, &input)
    })
}

fn require(
    t: &TestDb,
    c: &Cast,
    change: Option<(RequirementId, i64)>,
    code: &'static str,
    needed: Vec<CommitmentId>,
) -> Result<RequirementId> {
    let permit = c.permit::<ManageCommitments>();
    run(t, move |tx, env| {
        let input = RequirementInput {
            code: code.into(),
            kind: RequirementKind::Technology,
            statement: "Two sites serve the portal.".into(),
            commitments: needed.clone(),
            criteria: vec![
                "A1.2".parse().unwrap(),
                "A1.1".parse().unwrap(),
                "A1.2".parse().unwrap(),
            ],
        };
        state_requirement(tx, env, &permit, change, &input)
    })
}

#[test]
fn who_may_do_what() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = c.engagement(t, "2025", Some(c.firm));
        let facts = t.db.read_blocking(move |conn| scope::facts(conn, id)).unwrap();
        c.only::<ReadCommitments>(
            &facts,
            &[ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel, Viewer],
            &[Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer],
        );
        c.only::<ManageCommitments>(&facts, &[ComplianceLead, Counsel], &[]);
        c.only::<MeasureCommitment>(&facts, &[ComplianceLead, ControlOwner], &[]);
    });
}

#[test]
fn a_commitment_names_its_place_its_owner_and_a_code_of_its_own() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let lead = c.lead();
        let bad = |change: fn(&mut CommitmentInput)| {
            let mut input = input("SC-01");
            change(&mut input);
            blamed(say(t, &lead, None, input)).0
        };
        assert_eq!(bad(|i| i.code = "  ".into()), "code");
        assert_eq!(bad(|i| i.code = "SC\n01".into()), "code");
        assert_eq!(bad(|i| i.code = "S".repeat(21)), "code");
        assert_eq!(bad(|i| i.statement = "\u{7}".into()), "statement");
        assert_eq!(bad(|i| i.statement = "x".repeat(4_001)), "statement");
        assert_eq!(bad(|i| i.sources.clear()), "sources");
        assert_eq!(bad(|i| i.sources = vec![i.sources[0].clone(); LINKS_MAX + 1]), "sources");
        assert_eq!(bad(|i| i.sources[0].reference = " ".into()), "sources");
        assert_eq!(bad(|i| i.sources[0].kind = "rumour".into()), "sources");
        let foreign =
            CommitmentInput { owner: c.of(c.other, ControlOwner).person, ..input("SC-01") };
        assert_eq!(blamed(say(t, &lead, None, foreign)).0, "owner");

        let own = c.of(c.organisation, ControlOwner).person;
        let id = say(t, &lead, None, CommitmentInput { owner: own, ..input(" SC-01 ") }).unwrap();
        let (field, text) = blamed(say(t, &lead, None, input("SC-01")));
        assert_eq!(field, "code");
        assert!(text.contains("Another commitment is called SC-01"), "{text}");
        let second = say(t, &lead, None, input("SC-02")).unwrap();
        assert_eq!(blamed(say(t, &lead, Some((second, 1)), input("SC-01"))).0, "code");

        // Another organisation has codes of its own, and cannot change this one's.
        let other = c.of(c.other, ComplianceLead);
        say(t, &other, None, input("SC-01")).unwrap();
        assert_eq!(refusal(say(t, &other, Some((id, 1)), input("SC-09"))), Refusal::NotFound);

        let changed = CommitmentInput { principal: false, ..input("SC-01") };
        say(t, &lead, Some((id, 1)), changed).unwrap();
        let late = say(t, &lead, Some((id, 1)), input("SC-01"));
        assert_eq!(refusal(late), Refusal::Stale { seen: 1, now: 2 });
        t.db.read_blocking(|conn| {
            let codes: Vec<_> = store::commitments(conn, c.organisation)?;
            assert_eq!(codes.iter().map(|c| &*c.code).collect::<Vec<_>>(), ["SC-01", "SC-02"]);
            let one = store::commitment(conn, c.organisation, id)?.expect("the commitment");
            assert_eq!((one.version, one.principal, one.owner), (2, false, None));
            assert!(store::commitment(conn, c.other, id)?.is_none());
            assert_eq!(store::commitments(conn, c.other)?.len(), 1);
            assert!(store::commitments(conn, c.firm)?.is_empty());
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_requirement_carries_commitments_of_the_same_register() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let mine = say(t, &c.lead(), None, input("SC-01")).unwrap();
        let theirs = say(t, &c.of(c.other, ComplianceLead), None, input("SC-01")).unwrap();
        for needed in [vec![], vec![theirs], vec![mine, theirs]] {
            assert_eq!(blamed(require(t, &c, None, "SR-01", needed)).0, "commitments");
        }
        let id = require(t, &c, None, "SR-01", vec![mine, mine]).unwrap();
        assert_eq!(blamed(require(t, &c, None, "SR-01", vec![mine])).0, "code");
        require(t, &c, Some((id, 1)), "SR-02", vec![mine]).unwrap();
        let late = require(t, &c, Some((id, 1)), "SR-03", vec![mine]);
        assert_eq!(refusal(late), Refusal::Stale { seen: 1, now: 2 });
        let unknown = RequirementId::from_u128(9);
        assert_eq!(refusal(require(t, &c, Some((unknown, 1)), "X", vec![mine])), Refusal::NotFound);
        t.db.read_blocking(|conn| {
            let all = store::requirements(conn, c.organisation)?;
            assert_eq!((all.len(), &*all[0].code, all[0].version), (1, "SR-02", 2));
            assert_eq!(all[0].commitments, [mine], "each named once");
            assert_eq!(all[0].criteria.len(), 2);
            assert!(store::requirements(conn, c.other)?.is_empty());
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_window_is_measured_and_measured_anew() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = say(t, &c.lead(), None, input("SC-01")).unwrap();
        let other = c.of(c.other, ComplianceLead);
        let measured = |who: Actor, window: &'static str, value: &'static str, met| {
            run(t, move |tx, env| {
                let permit = authorize::<MeasureCommitment>(&who, &Facts::of(who.party.unwrap()))?;
                let kept = Kept {
                    commitment: id,
                    window: window.into(),
                    value: value.into(),
                    met,
                    source: "Monitoring".into(),
                };
                measure(tx, env, &permit, &kept)
            })
        };
        assert_eq!(refusal(measured(other, "2025-01", "100 %", true)), Refusal::NotFound);
        assert_eq!(blamed(measured(c.lead(), "", "100 %", true)).0, "window");
        assert_eq!(blamed(measured(c.lead(), "2025-01", " ", true)).0, "value");
        measured(c.lead(), "2025-02", "99.95 %", true).unwrap();
        measured(c.lead(), "2025-01", "99.91 %", true).unwrap();
        measured(c.lead(), "2025-01", "99.80 %", false).unwrap();
        t.db.read_blocking(|conn| {
            let kept = store::kept(conn, c.organisation, id)?;
            let told: Vec<_> = kept.iter().map(|k| (&*k.window, &*k.value, k.met)).collect();
            assert_eq!(told, [("2025-01", "99.80 %", false), ("2025-02", "99.95 %", true)]);
            assert!(store::kept(conn, c.other, id)?.is_empty());
            Ok(())
        })
        .unwrap();
    });
}
