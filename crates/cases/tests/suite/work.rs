//! Tasks, corrective actions, duties to notify, links, privileged notes, findings and disclosure: each
//! command and its tables, on both databases.

use crate::common::{Cast, blamed, cast, refusal, run, state};
use crate::rooms::ROOMS;
use cases::disclosures::model::{Answer, DecisionState, DecisionText, Draft, Question};
use cases::disclosures::permits::{ApproveDisclosure, PrepareDisclosure};
use cases::disclosures::{service as disclosing, store as disclosed};
use cases::model::casework::MessagePurpose;
use cases::model::{CaseId, CaseKind, Severity};
use cases::permits::{FileReport, HandleCase};
use cases::service::{self, ReportInput, casework, closing};
use cases::work::model::{ActionKind, NoticeText, Recipient, Relation};
use cases::work::permits::{DecideNotice, KeepPrivileged};
use cases::work::service::{self as work, ActionInput, CheckInput};
use cases::work::store;
use controls::model::{ControlId, ControlText};
use controls::permits::{ManageControls, ManageGaps};
use controls::risks::model::{DeficiencyText, Gravity, Mended, RiskText, Told, Treatment};
use controls::risks::permits::ManageRisks;
use controls::risks::{service as risks, store as register};
use controls::service::{GapInput, GapPlan};
use kernel::env::Env;
use kernel::party::Actor;
use kernel::party::Role::{CaseHandler, ComplianceLead, ControlOwner, Counsel, ExecutiveSponsor};
use kernel::period::Period;
use kernel::permit::{Action, Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::testing::{TestDb, env, on_both};

fn file(t: &TestDb, c: &Cast, title: &'static str) -> CaseId {
    let owner = c.organisation;
    run(t, move |tx, env| {
        let input = ReportInput::new("portal", CaseKind::Incident, title, "It went astray.");
        let permit = authorize::<FileReport>(&Actor::public(owner), &Facts::of(owner))?;
        Ok(service::file_report(tx, env, &permit, &input)?.id)
    })
    .unwrap()
}

/// A command of somebody of the organisation.
fn by<A: Action, T: Send + 'static>(
    t: &TestDb,
    who: Actor,
    f: impl Fn(&mut Tx<'_>, &mut Env, &Permit<A>) -> Result<T> + Send + 'static,
) -> Result<T> {
    run(t, move |tx, env| {
        let owner = who.party.unwrap();
        f(tx, env, &authorize(&who, &Facts::of(owner))?)
    })
}

/// A control of the organisation.
pub fn control(t: &TestDb, c: &Cast) -> ControlId {
    by::<ManageControls, _>(t, c.lead(), |tx, env, p| {
        let text = ControlText {
            code: "IAM-05".into(),
            statement: "Access ends within 24 hours.".into(),
            frequency: "per event".parse().unwrap(),
            owner_role: "Head of IT".into(),
            owner: None,
            control_type: "preventive".parse().unwrap(),
            nature: "manual".parse().unwrap(),
            criteria: vec!["CC6.2".parse().unwrap()],
            requirements: Vec::new(),
        };
        controls::service::state_control(tx, env, p, None, &text)
    })
    .unwrap()
}

#[test]
fn tasks_and_actions_are_owned_done_and_checked_by_somebody_else() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let (id, control) = (file(t, &c, "A list"), control(t, &c));
        let handler = || c.of(c.organisation, CaseHandler);
        let task = by::<HandleCase, _>(t, handler(), move |tx, env, p| {
            work::set_task(tx, env, p, id, ("Ring them", p.person(), "2026-01-20"))
        })
        .unwrap();
        let stranger = c.of(c.other, CaseHandler).person;
        let refused = by::<HandleCase, _>(t, handler(), move |tx, env, p| {
            work::set_task(tx, env, p, id, ("Ring them", stranger, "2026-01-20"))
        });
        assert_eq!(blamed(refused).0, "owner");
        let refused = by::<HandleCase, _>(t, handler(), move |tx, env, p| {
            work::set_task(tx, env, p, id, ("Ring them", None, "soon"))
        });
        assert_eq!(blamed(refused).0, "due");
        let finish = move |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<HandleCase>| {
            work::finish_task(tx, env, p, task, 1, "All reached")
        };
        by::<HandleCase, _>(t, handler(), finish).unwrap();
        assert!(state(by::<HandleCase, _>(t, handler(), finish)).contains("done already"));

        let owner = c.of(c.organisation, ControlOwner).person;
        let input = ActionInput {
            kind: ActionKind::Preventive,
            what: "Compare addresses".into(),
            owner,
            due: "2026-01-20".into(),
            control: Some(control),
        };
        let nobody = ActionInput { owner: None, ..input.clone() };
        let refused = by::<HandleCase, _>(t, handler(), move |tx, env, p| {
            work::plan_action(tx, env, p, id, &nobody)
        });
        assert_eq!(blamed(refused).0, "owner");
        let planned = ActionInput { owner: handler().person, ..input };
        let action = by::<HandleCase, _>(t, handler(), move |tx, env, p| {
            work::plan_action(tx, env, p, id, &planned)
        })
        .unwrap();
        let check = |effective| CheckInput {
            effective,
            on: "2025-12-31".into(),
            how: "Provoked twice".into(),
            result: "Alarm came".into(),
        };
        let checks = move |version, effective| {
            let input = check(effective);
            move |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<HandleCase>| {
                work::check_action(tx, env, p, action, version, &input)
            }
        };
        let early = by::<HandleCase, _>(t, c.lead(), checks(1, true));
        assert!(state(early).contains("done"));
        let done = |version, on: &'static str| {
            move |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<HandleCase>| {
                work::finish_action(tx, env, p, action, version, ("Built", on))
            }
        };
        by::<HandleCase, _>(t, handler(), done(1, "2025-12-30")).unwrap();
        let own = by::<HandleCase, _>(t, handler(), checks(2, true));
        assert!(state(own).contains("somebody else"));
        by::<HandleCase, _>(t, c.lead(), checks(2, false)).unwrap();
        let progress = |t: &TestDb| {
            t.db.read_blocking(move |conn| {
                let case = cases::store::case(conn, c.organisation, id)?.unwrap();
                closing::progress(conn, &case)
            })
            .unwrap()
        };
        let seen = progress(t);
        assert_eq!((seen.actions, seen.actions_open, seen.actions_unproven), (1, 0, 1));
        // What had no effect is done again, from another date on, and checked anew.
        by::<HandleCase, _>(t, handler(), done(3, "2026-02-01")).unwrap();
        let before = by::<HandleCase, _>(t, c.lead(), checks(4, true));
        assert_eq!(blamed(before).0, "on", "not before it works");
        let again = by::<HandleCase, _>(t, handler(), done(4, "2025-12-30"));
        assert!(state(again).contains("done already"));
        assert_eq!(progress(t).actions_unproven, 1);
        t.db.read_blocking(|conn| {
            let all = store::actions_in_effect(conn, c.organisation)?;
            assert_eq!(all[0].effective_on.as_deref(), Some("2026-02-01"));
            assert!(store::action(conn, c.other, action)?.is_none());
            assert!(store::tasks(conn, c.other, id)?.is_empty());
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn duties_are_decided_by_counsel_and_met_once() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = file(t, &c, "A list");
        c.only::<DecideNotice>(&Facts::of(c.organisation), &[Counsel, ComplianceLead], &[]);
        let counsel = || c.of(c.organisation, Counsel);
        let text = NoticeText {
            to: Recipient::Regulator,
            regime: "gdpr-33".into(),
            reference: "Art. 33(1)".into(),
            duty: true,
            reason: "People can be harmed".into(),
            due_at: Some(Timestamp(env().now().0 + 1)),
        };
        for (odd, field) in [
            (NoticeText { due_at: None, ..text.clone() }, "due_at"),
            (NoticeText { regime: "mars-1".into(), ..text.clone() }, "regime"),
            (NoticeText { reason: " ".into(), ..text.clone() }, "reason"),
        ] {
            let refused = by::<DecideNotice, _>(t, counsel(), move |tx, env, p| {
                work::decide_notice(tx, env, p, id, &odd)
            });
            let Refusal::Input { field: blamed, .. } = refusal(refused) else { unreachable!() };
            assert_eq!(blamed, Some(field));
        }
        let none = NoticeText { duty: false, to: Recipient::Customers, ..text.clone() };
        let (yes, no) = by::<DecideNotice, _>(t, counsel(), move |tx, env, p| {
            let yes = work::decide_notice(tx, env, p, id, &text)?;
            Ok((yes, work::decide_notice(tx, env, p, id, &none)?))
        })
        .unwrap();
        let sends = |notice, version| {
            move |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<DecideNotice>| {
                let at = env.now();
                work::sent_notice(tx, env, p, notice, version, (at, "By the form of the authority"))
            }
        };
        assert!(state(by::<DecideNotice, _>(t, counsel(), sends(no, 1))).contains("nobody"));
        by::<DecideNotice, _>(t, counsel(), sends(yes, 1)).unwrap();
        assert!(state(by::<DecideNotice, _>(t, counsel(), sends(yes, 2))).contains("already"));
        t.db.read_blocking(|conn| {
            let all = store::notices(conn, c.organisation, id)?;
            assert_eq!(all.len(), 2);
            assert_eq!(all.iter().filter(|n| n.sent.is_some()).count(), 1);
            assert_eq!(all.iter().filter(|n| n.text.due_at.is_some()).count(), 1);
            assert!(store::notice(conn, c.other, yes)?.is_none());
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn cases_are_linked_once_and_a_duplicate_needs_only_an_answer() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let (id, other) = (file(t, &c, "Again"), file(t, &c, "A list"));
        let number = |id| {
            t.db.read_blocking(move |conn| cases::store::case(conn, c.organisation, id))
                .unwrap()
                .unwrap()
                .tracking_number
        };
        let (own, first) = (number(id), number(other));
        let links = |number: String, relation| {
            move |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<HandleCase>| {
                work::link_cases(
                    tx,
                    env,
                    p,
                    id,
                    (&number.to_lowercase(), relation, "The same list"),
                )
            }
        };
        let handler = || c.of(c.organisation, CaseHandler);
        for odd in ["TM-NONE".to_owned(), own] {
            let refused = by::<HandleCase, _>(t, handler(), links(odd, Relation::Related));
            assert_eq!(blamed(refused).0, "number");
        }
        let link =
            by::<HandleCase, _>(t, handler(), links(first.clone(), Relation::DuplicateOf)).unwrap();
        let twice = by::<HandleCase, _>(t, handler(), links(first, Relation::DuplicateOf));
        assert_eq!(blamed(twice).0, "number");
        by::<HandleCase, _>(t, handler(), move |tx, env, p| {
            service::triage(tx, env, p, id, 1, (Severity::Critical, true, "Pay"))?;
            service::resolve(tx, env, p, id, 2, ("See the other", "See the other"))
        })
        .unwrap();
        let close = move |version| {
            move |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<HandleCase>| {
                service::close(tx, env, p, id, version, "Dealt with in the other case")
            }
        };
        let refused = state(by::<HandleCase, _>(t, handler(), close(3)));
        assert!(refused.contains("reporter") && !refused.contains("root cause"), "{refused}");
        by::<HandleCase, _>(t, handler(), move |tx, env, p| {
            let told = (MessagePurpose::Outcome, "We know of it already.");
            casework::tell(tx, env, p, id, 3, told)
        })
        .unwrap();
        by::<HandleCase, _>(t, handler(), close(4)).unwrap();
        t.db.read_blocking(|conn| {
            assert_eq!(store::links(conn, c.organisation, other)?.len(), 1, "from both ends");
            let all = store::links_of(conn, c.organisation, Relation::DuplicateOf)?;
            assert_eq!((all.len(), all[0].other), (1, other));
            assert!(store::links(conn, c.other, other)?.is_empty());
            Ok(())
        })
        .unwrap();
        let unlink = move |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<HandleCase>| {
            work::unlink(tx, env, p, link, 1, "Not the same")
        };
        by::<HandleCase, _>(t, handler(), unlink).unwrap();
        assert_eq!(refusal(by::<HandleCase, _>(t, handler(), unlink)), Refusal::NotFound);
    });
}

#[test]
fn privileged_notes_are_counsels_alone() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = file(t, &c, "A list");
        c.only::<KeepPrivileged>(&Facts::of(c.organisation), &[Counsel], &[]);
        let counsel = c.of(c.organisation, Counsel);
        by::<KeepPrivileged, _>(t, counsel.clone(), move |tx, env, p| {
            work::note_privileged(tx, env, p, id, "Advice on claims")
        })
        .unwrap();
        let foreign = by::<KeepPrivileged, _>(t, c.of(c.other, Counsel), move |tx, env, p| {
            work::note_privileged(tx, env, p, id, "Curious")
        });
        assert_eq!(refusal(foreign), Refusal::NotFound);
        t.db.read_blocking(|conn| {
            let permit = authorize::<KeepPrivileged>(&counsel, &Facts::of(c.organisation))?;
            let notes = work::privileged_notes(conn, &permit, id)?;
            assert_eq!((notes.len(), notes[0].text.as_str()), (1, "Advice on claims"));
            assert_eq!(store::privileged_count(conn, c.organisation, id)?, 1);
            assert_eq!(store::privileged_count(conn, c.other, id)?, 0);
            let all = store::subjects(conn, c.organisation, id, false)?;
            assert!(all.is_empty(), "no subject of the timeline leads there: {all:?}");
            assert_eq!(store::subjects(conn, c.organisation, id, true)?.len(), 1);
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_case_opens_risks_deficiencies_and_gaps_and_they_name_it() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let (id, control) = (file(t, &c, "A list"), control(t, &c));
        let lead = c.lead();
        let facts = Facts::of(c.organisation);
        let owner = c.of(c.organisation, ControlOwner).person.unwrap();
        let risk = RiskText {
            title: "Lists go astray".into(),
            description: "Pay becomes known".into(),
            likelihood: 2,
            impact: 4,
            treatment: Treatment::Mitigate,
            owner: Some(owner),
            controls: vec![control, control],
            review_on: "2026-06-30".into(),
        };
        let deficiency = DeficiencyText {
            control,
            design: false,
            finding: "Nobody compared the address".into(),
            gravity: Gravity::Significant,
            owner,
            due: "2026-02-01".into(),
        };
        let gap = GapInput {
            criterion: "C1.1".parse().unwrap(),
            finding: "Nothing checks outgoing lists".into(),
            plan: GapPlan {
                action: "A second pair of eyes".into(),
                owner: None,
                due: "2026-02-01".into(),
            },
            origin: controls::risks::model::Origin::default(),
        };
        let raised = risk.clone();
        let (opened, failed) = run(t, move |tx, env| {
            let handles = authorize::<HandleCase>(&lead, &facts)?;
            let manages = authorize::<ManageRisks>(&lead, &facts)?;
            let both = (&handles, &manages);
            let opened = work::raise_risk(tx, env, both, id, None, (&raised, "It happened"))?;
            let worse = RiskText { likelihood: 4, ..raised.clone() };
            let change = Some((opened, 1));
            work::raise_risk(tx, env, both, id, change, (&worse, "Twice a year now"))?;
            let failed = work::open_deficiency(tx, env, both, id, &deficiency)?;
            let gaps = authorize::<ManageGaps>(&lead, &facts)?;
            work::open_gap(tx, env, (&handles, &gaps), id, &gap)?;
            Ok((opened, failed))
        })
        .unwrap();
        for (likelihood, field) in [(0, "likelihood"), (6, "likelihood")] {
            let odd = RiskText { likelihood, ..risk.clone() };
            let refused = by::<ManageRisks, _>(t, c.lead(), move |tx, env, p| {
                risks::state_risk(tx, env, p, None, (&odd, &Default::default()))
            });
            assert_eq!(blamed(refused).0, field);
        }
        t.db.read_blocking(|conn| {
            let one = register::risk(conn, c.organisation, opened)?.unwrap();
            assert_eq!((one.text.likelihood, one.text.controls.len()), (4, 1));
            assert_eq!(one.origin.href(), Some(format!("/cases/{id}")));
            let found = register::deficiency(conn, c.organisation, failed)?.unwrap();
            assert_eq!(found.origin.reference, id.to_string());
            let gaps = controls::store::gaps(conn, c.organisation)?;
            assert_eq!(gaps[0].origin.reference, id.to_string());
            assert_eq!(store::findings(conn, c.organisation, id)?.len(), 4);
            assert!(store::findings(conn, c.other, id)?.is_empty());
            assert!(register::risk(conn, c.other, opened)?.is_none());
            assert!(register::risks(conn, c.other)?.is_empty());
            assert!(register::deficiencies(conn, c.other)?.is_empty());
            Ok(())
        })
        .unwrap();

        // A deficiency closes with evidence, and after the leadership knows of it.
        let mend = move |version, evidence: &'static str| {
            move |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<ManageRisks>| {
                let mended = Mended { action: "Two people look".into(), evidence: evidence.into() };
                risks::mend_deficiency(tx, env, p, failed, version, &mended)
            }
        };
        let untold = by::<ManageRisks, _>(t, c.lead(), mend(1, "Test of 3 January"));
        assert!(state(untold).contains("leadership"));
        by::<ManageRisks, _>(t, c.lead(), move |tx, env, p| {
            let told = Told { to: "The board".into(), on: "2026-01-02".into() };
            risks::tell_deficiency(tx, env, p, failed, 1, &told)
        })
        .unwrap();
        let bare = by::<ManageRisks, _>(t, c.lead(), mend(2, " "));
        assert_eq!(blamed(bare).0, "evidence");
        by::<ManageRisks, _>(t, c.lead(), mend(2, "Test of 3 January")).unwrap();
        let twice = by::<ManageRisks, _>(t, c.lead(), mend(3, "Test of 3 January"));
        assert!(state(twice).contains("already"));
        by::<ManageRisks, _>(t, c.lead(), move |tx, env, p| {
            risks::close_risk(tx, env, p, opened, 2, "The list is gone")
        })
        .unwrap();
        let after = by::<ManageRisks, _>(t, c.lead(), move |tx, env, p| {
            risks::close_risk(tx, env, p, opened, 3, "Again")
        });
        assert!(state(after).contains("no longer watched"));
    });
}

#[test]
fn a_disclosure_is_prepared_by_one_and_approved_by_another() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let engagement = c.engagement(t, "2026", Some(c.firm));
        let id = file(t, &c, "A list");
        by::<HandleCase, _>(t, c.of(c.organisation, CaseHandler), move |tx, env, p| {
            service::triage(tx, env, p, id, 1, (Severity::Critical, true, "Pay"))
        })
        .unwrap();
        // Over years that hold the tests' present.
        let grave = || {
            t.db.read_blocking(|conn| {
                let mut found = scope::store::engagement(conn, engagement)?.unwrap();
                found.period = Period::parse("2020-01-01", "2049-12-31", "UTC").unwrap();
                disclosing::grave_undecided(conn, &found)
            })
            .unwrap()
        };
        assert_eq!(grave().len(), 1);
        let text = DecisionText {
            answers: Question::ALL
                .iter()
                .map(|q| Answer { question: *q, yes: *q == Question::Controls, why: "See".into() })
                .collect(),
            disclose: true,
            rationale: "The control failed".into(),
            draft: Draft {
                nature: "A list went to the wrong customer".into(),
                timing: "For one day".into(),
                extent: "240 people".into(),
            },
        };
        let prepares = |who: Actor, case, seen, text: DecisionText| {
            run(t, move |tx, env| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<PrepareDisclosure>(&who, &facts)?;
                disclosing::prepare(tx, env, &permit, case, seen, &text)
            })
        };
        let judges = |who: Actor, case, seen, approve, said: &'static str| {
            run(t, move |tx, env| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<ApproveDisclosure>(&who, &facts)?;
                disclosing::judge(tx, env, &permit, case, seen, (approve, said))
            })
        };
        let (lead, sponsor) = (c.lead(), c.of(c.organisation, ExecutiveSponsor));
        let some = Some(id);
        let silent = DecisionText { answers: Vec::new(), ..text.clone() };
        assert_eq!(blamed(prepares(lead.clone(), some, 0, silent)).0, "controls");
        let bare = DecisionText { draft: Draft::default(), ..text.clone() };
        assert_eq!(blamed(prepares(lead.clone(), some, 0, bare)).0, "nature");
        prepares(lead.clone(), some, 0, text.clone()).unwrap();
        assert!(state(judges(lead.clone(), some, 1, true, "")).contains("Another person"));
        let reason = judges(sponsor.clone(), some, 1, false, " ");
        assert_eq!(blamed(reason).0, "remark");
        judges(sponsor.clone(), some, 1, false, "How many people?").unwrap();
        assert!(state(judges(sponsor.clone(), some, 2, true, "")).contains("does not wait"));
        let texts = || t.db.read_blocking(|conn| disclosed::disclosed(conn, engagement)).unwrap();
        assert!(texts().is_empty());
        assert!(matches!(
            refusal(prepares(lead.clone(), some, 1, text.clone())),
            Refusal::Stale { .. }
        ));
        prepares(lead.clone(), some, 2, text.clone()).unwrap();
        assert_eq!(grave().len(), 1, "prepared is not approved");
        judges(sponsor.clone(), some, 3, true, "").unwrap();
        assert_eq!(grave(), Vec::<String>::new());
        let whole = DecisionText { answers: Vec::new(), ..text.clone() };
        prepares(lead.clone(), None, 0, whole).unwrap();
        judges(sponsor.clone(), None, 1, true, "Agreed").unwrap();
        let all = texts();
        assert_eq!(all.iter().map(|d| d.case).collect::<Vec<_>>(), [None, some]);
        assert_eq!(all[1].draft.extent, "240 people");
        // What was approved and is changed has to be approved anew.
        prepares(lead, some, 4, text).unwrap();
        assert_eq!(texts().len(), 1);
        assert_eq!(grave().len(), 1, "the statement about the whole period does not stand in");
        t.db.read_blocking(|conn| {
            let one = disclosed::decision(conn, engagement, some)?.unwrap();
            assert_eq!(one.state, DecisionState::Prepared);
            let engagement = scope::store::engagement(conn, engagement)?.unwrap();
            // The tests' present lies after the period of the engagement.
            assert!(disclosing::incidents(conn, &engagement)?.is_empty());
            assert_eq!(disclosing::undecided(conn, &engagement)?, 0);
            let now = env().now();
            let after = Timestamp(now.0 + 1);
            let all = cases::store::incidents(conn, c.organisation, Some(now), after)?;
            assert_eq!(all.len(), 1);
            assert!(cases::store::incidents(conn, c.other, None, after)?.is_empty());
            assert!(cases::store::incidents(conn, c.organisation, Some(after), after)?.is_empty());
            Ok(())
        })
        .unwrap();
        let sponsor_only = c.of(c.organisation, ControlOwner);
        assert!(matches!(refusal(judges(sponsor_only, some, 5, true, "")), Refusal::Forbidden(_)));
        assert_eq!(refusal(judges(c.manager(), some, 5, true, "")), Refusal::NotFound);
    });
}
