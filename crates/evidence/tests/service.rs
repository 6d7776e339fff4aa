//! The vault's and the requests' commands and tables, on both databases.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "../../scope/tests/common/mod.rs"]
mod common;

use common::{Cast, blamed, cast, refusal, run, state};
use controls::model::{ControlId, ControlText};
use controls::permits::ManageControls;
use evidence::model::{EvidenceId, RequestId, RequestState, SpeaksFor};
use evidence::permits::{
    AnswerRequest, AskRequest, JudgeRequest, ReadEvidence, ReadRequests, SupplyEvidence,
};
use evidence::service::{
    self, CONTROLS_MAX, EvidenceInput, ITEMS_MAX, RequestInput, answer, ask, judge, supply,
};
use evidence::store;
use kernel::ids::EngagementId;
use kernel::party::Actor;
use kernel::party::Role::*;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::blobs::BlobRef;
use platform::db::Result;
use platform::journal::Room;
use platform::testing::{TestDb, env, on_both};
use scope::catalogue::{ControlType, Frequency, Nature};
use scope::permits::MoveEngagement;

const ROOMS: [Room; 5] =
    [identity::ROOM, scope::ROOM, commitments::ROOM, controls::ROOM, evidence::ROOM];

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn input() -> EvidenceInput {
    EvidenceInput {
        name: "Leavers, December".into(),
        blob: BlobRef { sha256: "ab".repeat(32), bytes: 12 },
        media_type: "text/plain; charset=utf-8".into(),
        speaks_for: SpeaksFor { from: at("2025-12-01T00:00:00Z"), to: at("2025-12-31T23:59:59Z") },
        source: "HR system, report LV-1".into(),
        extracted_at: env().now(),
        controls: Vec::new(),
    }
}

fn give(
    t: &TestDb,
    who: &Actor,
    engagement: Option<EngagementId>,
    input: EvidenceInput,
) -> Result<EvidenceId> {
    let who = who.clone();
    run(t, move |tx, env| {
        let facts = match engagement {
            Some(id) => scope::facts(tx, id)?,
            None => Facts::of(who.party.unwrap()),
        };
        supply(tx, env, &authorize::<SupplyEvidence>(&who, &facts)?, &input)
    })
}

fn control(t: &TestDb, who: Actor) -> ControlId {
    run(t, move |tx, env| {
        let permit = authorize::<ManageControls>(&who, &Facts::of(who.party.unwrap()))?;
        let text = ControlText {
            code: "IAM-05".into(),
            statement: "Access of leavers ends within one day.".into(),
            frequency: Frequency::PerEvent,
            owner_role: "Head of IT".into(),
            owner: None,
            control_type: ControlType::Preventive,
            nature: Nature::Manual,
            criteria: vec!["CC6.2".parse().unwrap()],
            requirements: Vec::new(),
        };
        controls::service::state_control(tx, env, &permit, None, &text)
    })
    .unwrap()
}

#[test]
fn who_may_do_what() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = c.engagement(t, "2025", Some(c.firm));
        let facts = t.db.read_blocking(move |conn| scope::facts(conn, id)).unwrap();
        let inside = [ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel];
        let readers = [Partner, QualityReviewer, Manager, Senior, Staff, Specialist, PeerReviewer];
        c.only::<ReadEvidence>(&facts, &inside, &readers);
        c.only::<ReadRequests>(&facts, &inside, &readers);
        let givers = [ComplianceLead, ControlOwner, EvidenceProvider];
        c.only::<SupplyEvidence>(&facts, &givers, &[]);
        c.only::<AnswerRequest>(&facts, &givers, &[]);
        let askers = [Partner, Manager, Senior, Staff];
        c.only::<AskRequest>(&facts, &[], &askers);
        c.only::<JudgeRequest>(&facts, &[], &askers);
    });
}

#[test]
fn evidence_says_what_it_is_and_for_which_time_it_speaks() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let lead = c.lead();
        let bad = |change: fn(&mut EvidenceInput)| {
            let mut input = input();
            change(&mut input);
            blamed(give(t, &lead, None, input))
        };
        assert_eq!(bad(|i| i.name = "".into()).0, "name");
        assert_eq!(bad(|i| i.name = "../x\u{0}".into()).0, "name");
        assert_eq!(bad(|i| i.name = "invoice\u{202e}fdp.exe".into()).0, "name");
        assert_eq!(bad(|i| i.source = "  ".into()).0, "source");
        let (field, text) = bad(|i| i.speaks_for.to = Timestamp(i.speaks_for.from.0 - 1));
        assert_eq!(field, "speaks_to");
        assert!(text.contains("ends before it begins"), "{text}");
        let (field, text) = bad(|i| i.speaks_for.to = Timestamp(i.extracted_at.0 + 1));
        assert_eq!(field, "speaks_to");
        assert!(text.contains("after it was extracted"), "{text}");
        let (field, _) = bad(|i| {
            i.speaks_for = SpeaksFor {
                from: Timestamp(i.extracted_at.0 + 1),
                to: Timestamp(i.extracted_at.0 + 2),
            };
        });
        assert_eq!(field, "speaks_from");
        assert_eq!(bad(|i| i.speaks_for.from = Timestamp(-1)).0, "speaks_from");
        let (field, text) = bad(|i| i.extracted_at = Timestamp(env().now().0 + 1));
        assert_eq!(field, "extracted_at");
        assert!(text.contains("in the future"), "{text}");
        assert_eq!(bad(|i| i.controls = vec![ControlId::from_u128(7)]).0, "controls");
        assert_eq!(
            bad(|i| i.controls = vec![ControlId::from_u128(7); CONTROLS_MAX + 1]).0,
            "controls"
        );
        let foreign = control(t, c.of(c.other, ComplianceLead));
        let theirs = EvidenceInput { controls: vec![foreign], ..input() };
        assert_eq!(blamed(give(t, &lead, None, theirs)).0, "controls");

        let mine = control(t, c.lead());
        let good = EvidenceInput {
            controls: vec![mine, mine],
            speaks_for: SpeaksFor { from: env().now(), to: env().now() },
            ..input()
        };
        let id = give(t, &lead, None, good.clone()).unwrap();
        let twice = give(t, &lead, None, good).unwrap();
        assert_ne!(id, twice, "the same bytes may be supplied twice, each with its own account");
        t.db.read_blocking(|conn| {
            let item = store::item(conn, c.organisation, id)?.expect("the item");
            assert_eq!((item.controls, item.bytes), (vec![mine], 12));
            assert_eq!(item.supplied_by, lead.name());
            assert_eq!(item.speaks_for.from, env().now());
            assert_eq!(store::files(conn)?.len(), 1, "one file");
            assert_eq!(store::owner_of(conn, id)?, Some((c.organisation, None)));
            assert!(store::owner_of(conn, EvidenceId::from_u128(3))?.is_none());
            assert!(store::item(conn, c.other, id)?.is_none());
            assert_eq!(store::items(conn, c.organisation)?.len(), 2);
            assert!(store::items(conn, c.other)?.is_empty());
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_firm_sees_what_was_supplied_for_its_own_engagements_and_for_none() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let ours = c.engagement(t, "2025", Some(c.firm));
        let theirs = c.engagement(t, "2026", Some(c.other_firm));
        for (name, engagement) in [("A", Some(ours)), ("B", Some(theirs)), ("C", None)] {
            give(t, &c.lead(), engagement, EvidenceInput { name: name.into(), ..input() }).unwrap();
        }
        let seen = |who: Actor| {
            let found = t.db.read_blocking(move |conn| service::seen(conn, &who, None)).unwrap();
            let mut names: Vec<_> = found.into_iter().map(|i| i.name).collect();
            names.sort();
            names.join("")
        };
        assert_eq!(seen(c.lead()), "ABC");
        assert_eq!(seen(c.manager()), "AC");
        assert_eq!(seen(c.of(c.other_firm, Manager)), "BC");
        assert_eq!(seen(c.of(c.other, ComplianceLead)), "");
        let viewer = c.of(c.organisation, Viewer);
        let refused = t.db.read_blocking(move |conn| service::seen(conn, &viewer, None));
        assert!(matches!(refusal(refused), Refusal::Forbidden(_)));
    });
}

struct Asked<'t> {
    t: &'t TestDb,
    c: Cast,
    engagement: EngagementId,
}

impl Asked<'_> {
    fn ask(&self, change: fn(&mut RequestInput, &Cast)) -> Result<RequestId> {
        let (who, id) = (self.c.staff(), self.engagement);
        let mut input = RequestInput {
            code: "R-024".into(),
            text: "The list of leavers".into(),
            control: None,
            owner: None,
            due: "2026-01-31".into(),
        };
        change(&mut input, &self.c);
        run(self.t, move |tx, env| {
            let permit = authorize::<AskRequest>(&who, &scope::facts(tx, id)?)?;
            ask(tx, env, &permit, &input)
        })
    }
    fn answer(&self, id: RequestId, v: i64, items: Vec<EvidenceId>, said: &str) -> Result<()> {
        self.answer_as(self.engagement, id, v, items, said)
    }
    fn answer_as(
        &self,
        engagement: EngagementId,
        id: RequestId,
        version: i64,
        items: Vec<EvidenceId>,
        said: &str,
    ) -> Result<()> {
        let (who, said) = (self.c.lead(), said.to_owned());
        run(self.t, move |tx, env| {
            let permit = authorize::<AnswerRequest>(&who, &scope::facts(tx, engagement)?)?;
            answer(tx, env, &permit, id, version, &items, &said)
        })
    }
    fn judge(&self, id: RequestId, version: i64, accepted: bool, said: &str) -> Result<()> {
        let (who, engagement, said) = (self.c.manager(), self.engagement, said.to_owned());
        run(self.t, move |tx, env| {
            let permit = authorize::<JudgeRequest>(&who, &scope::facts(tx, engagement)?)?;
            judge(tx, env, &permit, id, version, accepted, &said)
        })
    }
    fn request(&self, id: RequestId) -> evidence::model::Request {
        self.t.db.read_blocking(move |conn| store::request(conn, id)).unwrap().unwrap()
    }
}

#[test]
fn a_request_is_asked_answered_returned_and_accepted() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let engagement = c.engagement(t, "2025", Some(c.firm));
        let elsewhere = c.engagement(t, "2026", Some(c.other_firm));
        let item = give(t, &c.lead(), Some(engagement), input()).unwrap();
        let shared = give(t, &c.lead(), None, input()).unwrap();
        let walled = give(t, &c.lead(), Some(elsewhere), input()).unwrap();
        let foreign = give(t, &c.of(c.other, ComplianceLead), None, input()).unwrap();
        let a = Asked { t, c, engagement };

        assert_eq!(blamed(a.ask(|i, _| i.code = "R\n1".into())).0, "code");
        assert_eq!(blamed(a.ask(|i, _| i.text = " ".into())).0, "text");
        assert_eq!(blamed(a.ask(|i, _| i.due = "2026-02-30".into())).0, "due");
        assert_eq!(blamed(a.ask(|i, _| i.control = Some(ControlId::from_u128(1)))).0, "control");
        assert_eq!(blamed(a.ask(|i, c| i.owner = c.staff().person)).0, "owner");
        let id = a.ask(|i, c| i.owner = c.of(c.organisation, ControlOwner).person).unwrap();
        assert_eq!(blamed(a.ask(|_, _| ())).0, "code");
        a.ask(|i, _| i.code = "R-001".into()).unwrap();

        assert!(state(a.judge(id, 1, true, "")).contains("Nothing has been submitted"));
        assert_eq!(blamed(a.answer(id, 1, vec![], "")).0, "items");
        assert_eq!(blamed(a.answer(id, 1, vec![item; ITEMS_MAX + 1], "")).0, "items");
        assert_eq!(blamed(a.answer(id, 1, vec![foreign], "")).0, "items");
        let (field, text) = blamed(a.answer(id, 1, vec![item, walled], ""));
        assert_eq!(field, "items");
        assert!(text.contains("another engagement"), "{text}");
        assert_eq!(blamed(a.answer(id, 1, vec![item], &"x".repeat(4_001))).0, "remark");
        let by_another = a.answer_as(elsewhere, id, 1, vec![item], "");
        assert_eq!(refusal(by_another), Refusal::NotFound);
        let none = RequestId::from_u128(4);
        assert_eq!(refusal(a.answer(none, 1, vec![item], "")), Refusal::NotFound);

        a.answer(id, 1, vec![item], "As of yesterday").unwrap();
        let late = a.answer(id, 1, vec![item], "");
        assert_eq!(refusal(late), Refusal::Stale { seen: 1, now: 2 });
        assert_eq!(blamed(a.judge(id, 2, false, " ")).0, "remark");
        a.judge(id, 2, false, "December is missing").unwrap();
        let back = a.request(id);
        assert_eq!((back.state, &*back.remark), (RequestState::Returned, "December is missing"));
        assert!(state(a.judge(id, 3, true, "")).contains("Nothing has been submitted"));
        a.answer(id, 3, vec![item, shared], "").unwrap();
        let sent = a.request(id);
        assert_eq!((sent.state, sent.items), (RequestState::Submitted, vec![item, shared]));
        assert_eq!(refusal(a.judge(id, 3, true, "")), Refusal::Stale { seen: 3, now: 4 });
        a.judge(id, 4, true, "").unwrap();
        assert!(state(a.answer(id, 5, vec![item], "")).contains("accepted this already"));
        assert_eq!(a.request(id).state, RequestState::Accepted);
        t.db.read_blocking(|conn| {
            let all = store::requests(conn, engagement)?;
            let codes: Vec<_> = all.iter().map(|r| &*r.code).collect();
            assert_eq!(codes, ["R-001", "R-024"]);
            assert!(store::requests(conn, elsewhere)?.is_empty());
            assert!(store::request(conn, none)?.is_none());
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_locked_file_takes_nothing_more() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let engagement = c.engagement(t, "2025", Some(c.firm));
        let manager = c.manager();
        for to in ["fieldwork", "issued", "locked"] {
            let manager = manager.clone();
            run(t, move |tx, env| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<MoveEngagement>(&manager, &facts)?;
                let to = scope::model::EngagementState::parse(to).unwrap();
                scope::service::move_on(tx, env, &permit, to)
            })
            .unwrap();
        }
        let late = give(t, &c.lead(), Some(engagement), input());
        assert!(state(late).contains("file was locked on"));
        let a = Asked { t, c, engagement };
        assert!(state(a.ask(|_, _| ())).contains("file was locked on"));
    });
}
