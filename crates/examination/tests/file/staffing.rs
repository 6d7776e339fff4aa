//! The firm's file and the plan on both databases: who may sign, which policy applies, what is proposed.

use crate::support::*;
use examination::firm::model::{
    AcceptanceKind, AcceptanceText, Activity, Assessed, Assignment, Decision, Judgement, NonAttest,
    PolicyBody, PolicyText, Precondition, Threat, ThreatKind,
};
use examination::firm::permits::{
    ACTIONS as FIRM_ACTIONS, ApprovePolicy, ConfirmIndependence, DecideAcceptance, DraftPolicy,
    JudgeThreats, KeepServices, KeepTeam, PrepareAcceptance, ReadFirm,
};
use examination::firm::{service as house, store as houses};
use examination::planning::model::{
    Area, BudgetLine, Due, Milestone, RiskAbout, RiskText, TimeText, Topic, Understood,
};
use examination::planning::permits::ApproveSize;
use examination::planning::permits::{
    ACTIONS as PLAN_ACTIONS, Plan as MayPlan, RecordTime, Schedule,
};
use examination::planning::rules::sizes;
use examination::planning::service as planning;
use examination::planning::store::{self as plans, Plan};
use examination::rules::facts::Prong;
use examination::rules::frequency::Risk;

fn threat(safeguard: &str) -> Threat {
    Threat {
        kind: ThreatKind::Familiarity,
        circumstances: "A cousin works there.".into(),
        safeguard: safeguard.into(),
    }
}

fn concluding(w: &World<'_>, who: &Actor) -> Result<Standing> {
    let input = ConclusionInput {
        about: About::Control { control: w.changes },
        verdict: Verdict::Control {
            design: DesignState::Suitable,
            operation: Some(OperationState::NotOperated),
        },
        reason: "No change was made.".into(),
        proof: Some("A complete population without rows.".into()),
    };
    w.run::<ConcludeControl, _>(who, move |tx, e, p| conclude(tx, e, p, Expected::Any, &input))
}

#[test]
fn nobody_signs_without_a_confirmation_of_independence_that_holds() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let stranger = firm(40, Role::Manager);
        assert!(state_refusal(concluding(&w, &stranger)).contains("confirmation of independence"));
        assert!(concluding(&w, &manager()).is_ok());

        // A threat is judged by somebody else before its declarer signs anything.
        let declare = |safeguard: &str| {
            let threats = vec![threat(safeguard)];
            w.run::<ConfirmIndependence, _>(&manager(), move |tx, e, p| {
                house::confirm(tx, e, p, &threats)
            })
            .unwrap();
        };
        let judge = |who: &Actor, person: u128, acceptable| {
            let input = Judgement { acceptable, reason: "Weighed.".into() };
            let person = PersonId::new(Timestamp(0), person);
            let at = w.papers().file;
            let version = t.db.read_blocking(move |c| {
                Ok(houses::confirmations(c, at)?
                    .iter()
                    .find(|c| c.person == person)
                    .unwrap()
                    .version)
            });
            let version = version.unwrap();
            w.run::<JudgeThreats, _>(who, move |tx, e, p| {
                house::judge_threats(tx, e, p, (person, version), &input)
            })
        };
        declare("");
        assert!(state_refusal(concluding(&w, &manager())).contains("nobody has judged"));
        assert!(matches!(refused(judge(&partner(), 20, true)), Refusal::Input { .. }));
        declare("Another person reviews.");
        // Nobody judges their own threats.
        let own = firm(20, Role::Partner);
        assert!(state_refusal(judge(&own, 20, true)).contains("declared themselves"));
        judge(&partner(), 20, false).unwrap();
        assert!(state_refusal(concluding(&w, &manager())).contains("not acceptable"));
        judge(&partner(), 20, true).unwrap();
        assert!(concluding(&w, &manager()).is_ok());

        // Management's own work stops every signature, whatever safeguards are stated.
        let service = NonAttest {
            description: "Runs the change board".into(),
            from: "2025-02-01".parse().unwrap(),
            to: None,
            activities: vec![Activity::OperateControls],
            overseen_by: "The head of IT".into(),
            threats: Vec::new(),
            safeguards: "Another team.".into(),
        };
        w.run::<KeepServices, _>(&manager(), move |tx, e, p| {
            house::state_service(tx, e, p, None, &service)
        })
        .unwrap();
        assert!(state_refusal(concluding(&w, &manager())).contains("management's own work"));

        // A confirmation holds for a year.
        let later = w.now().plus_seconds(400 * 86_400);
        w.env.lock().unwrap().set_now(later);
        assert!(state_refusal(concluding(&w, &partner())).contains("more than a year old"));
    });
}

#[test]
fn a_team_is_of_the_firm_and_a_peer_reviewer_reads_for_a_limited_time() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let mut e = Env::new(w.now(), [5; 32]);
        let engagement = w.engagement;
        let (one, other) =
            t.db.write_blocking(move |tx| {
                let setup = authorize(&Actor::system(party(1), "setup"), &Facts::of(party(1)))?;
                identity::service::register_party(
                    tx,
                    &mut e,
                    &setup,
                    Side::ServiceOrganisation,
                    "Ledgerly",
                )?;
                let roles = [Role::PeerReviewer];
                let add = identity::service::add_person_directly;
                let one = add(tx, &mut e, party(FIRM), "p@firm.example", "P", &roles)?;
                let client = [Role::Viewer];
                let other = add(tx, &mut e, party(1), "c@client.example", "C", &client)?;
                Ok((one, other))
            })
            .unwrap();
        let assign = |person, role, until: Option<&str>| {
            let input = Assignment {
                role,
                from: "2020-01-01".parse().unwrap(),
                until: until.map(|u| u.parse().unwrap()),
            };
            w.run::<KeepTeam, _>(&manager(), move |tx, e, p| {
                house::assign(tx, e, p, person, &input)
            })
        };
        assert!(refused(assign(other, Role::Staff, None)).to_string().contains("client"));
        assert!(refused(assign(one, Role::Staff, None)).to_string().contains("role"));
        assert!(refused(assign(one, Role::PeerReviewer, None)).to_string().contains("last day"));

        let today = examination::firm::rules::day(w.now());
        let peer = Actor {
            person: Some(one),
            party: Some(party(FIRM)),
            side: Side::Firm,
            roles: Roles::NONE.with(Role::PeerReviewer),
            via: Via::Session,
        };
        let reads = |now: Timestamp| {
            let peer = peer.clone();
            t.db.read_blocking(move |c| {
                let facts = houses::facts_for(c, &peer, engagement, now)?;
                Ok((
                    authorize::<ReadFile>(&peer, &facts).is_ok(),
                    houses::peer_review_open(c, party(FIRM), one, now)?,
                ))
            })
            .unwrap()
        };
        assert_eq!(reads(w.now()), (false, false), "not assigned");
        let input = Assignment { role: Role::PeerReviewer, from: today, until: Some(today) };
        w.run::<KeepTeam, _>(&manager(), move |tx, e, p| house::assign(tx, e, p, one, &input))
            .unwrap();
        assert_eq!(reads(w.now()), (true, true));
        // The one place that pages and the command line ask: the role is there today and gone tomorrow.
        let held = |now: Timestamp| {
            let peer = peer.clone();
            let actor = t.db.read_blocking(move |c| houses::timed(c, peer, now)).unwrap();
            actor.roles.has(Role::PeerReviewer)
        };
        assert!(held(w.now()) && !held(w.now().plus_seconds(86_400)));
        assert_eq!(reads(w.now().plus_seconds(86_400)), (false, false), "the time is over");
        w.run::<KeepTeam, _>(&manager(), move |tx, e, p| {
            house::release(tx, e, p, (one, 1), "The review is done.")
        })
        .unwrap();
        assert_eq!(reads(w.now()), (false, false), "released");
    });
}

#[test]
fn acceptance_is_decided_by_somebody_else_and_only_when_nothing_stands_against_it() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let text = AcceptanceText {
            kind: AcceptanceKind::Continuance,
            preconditions: Precondition::ALL
                .iter()
                .map(|p| Assessed { precondition: *p, met: true, basis: "Looked at.".into() })
                .collect(),
            integrity: "Nothing adverse.".into(),
            letter_signed: None,
        };
        w.run::<PrepareAcceptance, _>(&partner(), move |tx, e, p| {
            house::prepare_acceptance(tx, e, p, Expected::Any, &text)
        })
        .unwrap();
        let decide = |who: &Actor, accepted| {
            let input = Decision { accepted, reason: "So decided.".into() };
            w.run::<DecideAcceptance, _>(who, move |tx, e, p| {
                house::decide_acceptance(tx, e, p, 3, &input)
            })
        };
        assert!(state_refusal(decide(&partner(), true)).contains("does not decide"));
        let reviewer = firm(41, Role::QualityReviewer);
        assert!(state_refusal(decide(&reviewer, true)).contains("The team has no partner"));
        decide(&reviewer, false).unwrap();
        // A declined engagement gets no opinion.
        let input = ConclusionInput {
            about: About::Opinion,
            verdict: Verdict::Opinion { opinion: Opinion::Disclaimer },
            reason: "r".into(),
            proof: None,
        };
        let signed = w.run::<ConcludeOpinion, _>(&partner(), move |tx, e, p| {
            conclude(tx, e, p, Expected::Any, &input)
        });
        assert!(state_refusal(signed).contains("declined"));
    });
}

fn firm_facts() -> Facts {
    Facts::of(party(FIRM))
}

impl World<'_> {
    /// Drafts and approves a policy that applies to the engagement of these tests.
    pub(crate) fn policy(&self, label: &str, body: PolicyBody) {
        let text = PolicyText {
            label: label.into(),
            effective_from: examination::firm::rules::day(self.now()),
            reason: "r".into(),
            body,
        };
        let draft = authorize::<DraftPolicy>(&manager(), &firm_facts()).unwrap();
        let mine = authorize::<ApprovePolicy>(&firm(20, Role::Partner), &firm_facts()).unwrap();
        let approve = authorize::<ApprovePolicy>(&partner(), &firm_facts()).unwrap();
        let mut env = Env::new(self.now().plus_seconds(1), rand(label));
        let own = self.t.db.write_blocking(move |tx| {
            let id = house::draft_policy(tx, &mut env, &draft, &text)?;
            let own = house::approve_policy(tx, &mut env, &mine, (id, 1), "").unwrap_err();
            house::approve_policy(tx, &mut env, &approve, (id, 1), "")?;
            Ok(own.to_string())
        });
        assert!(own.unwrap().contains("does not approve"));
    }
}

fn rand(label: &str) -> [u8; 32] {
    Sha256::digest(label.as_bytes()).into()
}

#[test]
fn a_policy_in_force_feeds_the_rules_and_names_itself() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let facts = |w: &World<'_>| {
            let id = w.engagement;
            w.t.db.read_blocking(move |c| store::facts_for_opinion(c, id)).unwrap()
        };
        assert_eq!(facts(&w).policy.version, "default-1");
        w.policy(
            "strict-1",
            PolicyBody::Pervasiveness {
                categories: 1,
                series: 2,
                share_bp: 1_000,
                entity_level_series: vec!["CC1".into()],
            },
        );
        w.policy("exp-1", PolicyBody::Expansion { add: 10, accept_total: 1 });
        w.policy(
            "tenth",
            PolicyBody::Sampling {
                table: include_str!("../../../../catalog/sampling/tenth-of-population.toml").into(),
            },
        );
        // The engagement of these tests ends before any policy of today applies.
        assert_eq!(facts(&w).policy.version, "default-1");
        let firm_policies = t.db.read_blocking(|c| {
            houses::in_force(c, party(FIRM), "2099-12-31".parse().unwrap(), None)
        });
        let found = firm_policies.unwrap();
        assert_eq!(found.sampling.version, "tenth");
        assert!(found.sampling_approved && found.rubric.is_none());
        assert_eq!(found.expansion.unwrap().1, "exp-1");
        assert_eq!(found.pervasiveness.unwrap().version, "strict-1");
    });
}

#[test]
fn the_matrix_proposes_and_what_is_accepted_keeps_its_size_and_policy() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let plan = |w: &World<'_>| {
            let papers = w.papers();
            w.t.db
                .read_blocking(move |c| {
                    let plan = Plan::load(c, &papers)?;
                    Ok(plan.proposals(&papers))
                })
                .unwrap()
        };
        let proposals = plan(&w);
        assert_eq!(proposals.len(), 2);
        let about =
            RiskAbout { prong: Prong::Operation, criterion: Some("CC6.2".parse().unwrap()) };
        let high = RiskText { inherent: Risk::High, control: Risk::High, basis: "b".into() };
        w.run::<MayPlan, _>(&manager(), move |tx, e, p| {
            planning::assess_risk(tx, e, p, about, &high)
        })
        .unwrap();
        let outside = RiskAbout { criterion: Some("A1.1".parse().unwrap()), ..about };
        let low = RiskText { inherent: Risk::Low, control: Risk::Low, basis: "b".into() };
        let refusal = w.run::<MayPlan, _>(&manager(), move |tx, e, p| {
            planning::assess_risk(tx, e, p, outside, &low)
        });
        assert_eq!(refused(refusal), Refusal::NotFound);
        let leavers = plan(&w).into_iter().find(|p| p.control == w.leavers).unwrap();
        assert_eq!(leavers.size.risk, Risk::High);
        let before = proposals.iter().find(|p| p.control == w.leavers).unwrap();
        assert!(leavers.size.items > before.size.items);

        let accept = |procedure: Procedure, items: u64, reason: &str| {
            let input = planning::AcceptInput {
                plan: TestPlan {
                    control: leavers.control,
                    code: leavers.code.clone(),
                    procedure,
                    basis: leavers.basis,
                    evidence: leavers.evidence.clone(),
                    items: leavers.items.clone(),
                    attributes: leavers.attributes.clone(),
                    confidence: leavers.levels.map(|(c, _)| c),
                    tolerable: leavers.levels.map(|(_, t)| t),
                    observation_dates: None,
                },
                items,
                reason: reason.into(),
            };
            let tests = authorize::<PlanTests>(&manager(), &w.facts).unwrap();
            let tests = std::sync::Arc::new(tests);
            w.run::<MayPlan, _>(&manager(), move |tx, e, p| {
                planning::accept_proposal(tx, e, (p, &tests), &input)
            })
        };
        let n = leavers.size.items;
        assert!(refused(accept(Procedure::Inquiry, n, "")).to_string().contains("Inquiry alone"));
        assert!(refused(accept(Procedure::Inspection, n - 1, "")).to_string().contains("Say why"));
        let test = accept(Procedure::Inspection, n, "").unwrap();
        let papers = w.papers();
        let size = &papers.sizes[&test];
        assert_eq!((size.items, size.by_policy), (n, n));
        assert_eq!(size.policy, papers.policies.sampling.version);
        assert!(plan(&w).iter().all(|p| p.control != w.leavers));
        // A second test of the control may be an inquiry: it is not alone.
        let again = accept(Procedure::Inquiry, n, "");
        assert!(refused(again).to_string().contains("Another test is called"));
    });
}

#[test]
fn fewer_items_than_the_policy_asks_for_need_a_reason_and_a_second_person() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let plan = test_plan(w.leavers, "T-SIZE", TestBasis::Judgemental);
        let test = w
            .run::<PlanTests, _>(&manager(), move |tx, e, p| {
                planning::plan_by_hand(tx, e, p, &plan)
            })
            .unwrap();
        let fault = || {
            let papers = w.papers();
            let test = papers.tests.iter().find(|t| t.id == test).unwrap();
            sizes::fault(&papers, test).unwrap_or_default()
        };
        // What is planned by hand takes as many as the policy asks for.
        let size = w.papers().sizes[&test].clone();
        assert_eq!((size.items, size.reason.as_str()), (size.by_policy, ""));
        assert!(size.by_policy > 3, "{size:?}");
        assert!(fault().starts_with("0 of the "), "{}", fault());
        let state = |items, reason: &'static str, version| {
            w.run::<MayPlan, _>(&manager(), move |tx, e, p| {
                planning::size_test(tx, e, p, (test, version), (items, reason))
            })
        };
        assert!(refused(state(2, " ", 1)).to_string().contains("Say why 2 are tested"));
        assert!(matches!(refused(state(2, "Few.", 0)), Refusal::Stale { .. }));
        state(2, "Both were read in full.", 1).unwrap();
        assert!(fault().contains("has to approve"), "{}", fault());
        let approve = |who: &Actor| {
            w.run::<ApproveSize, _>(who, move |tx, e, p| {
                planning::approve_size(tx, e, p, test, "The walkthrough supports it.")
            })
        };
        assert!(refused(approve(&manager())).to_string().contains("Somebody else"));
        assert!(authorize::<ApproveSize>(&staff(), &w.facts).is_err());
        approve(&partner()).unwrap();
        assert!(fault().starts_with("0 of the 2 items"), "{}", fault());
        // Stated anew, it is approved anew; the policy's own size needs nobody.
        state(1, "One is all there is to read.", 3).unwrap();
        assert!(fault().contains("has to approve"), "{}", fault());
        state(size.by_policy, "", 4).unwrap();
        assert!(refused(approve(&partner())).to_string().contains("needs no approval"));
        // Items that were named by hand, of no list of the events.
        let input = SampleInput {
            population: None,
            method: SelectionMethod::Haphazard,
            named: vec!["Leaver 1".into()],
            reason: "At hand.".into(),
            ..sample_input(test, examination::model::PopulationId::new(Timestamp(0), 1), w.now(), 1)
        };
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
            draw_sample(tx, e, p, &input, &mut |_| Ok(Vec::new()))
        })
        .unwrap();
        let papers = w.papers();
        let (control, known) = (papers.control(w.leavers).unwrap(), &papers.tests[0]);
        assert!(sizes::unlisted(&papers, control, known));
    });
}

#[test]
fn timeline_budget_and_time_are_kept_with_reasons() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let state = |due: &str, expected, reason: &str| {
            let dates = vec![Due {
                milestone: Milestone::ReportDated,
                due: due.parse().unwrap(),
                done: None,
            }];
            let reason = reason.to_owned();
            w.run::<Schedule, _>(&manager(), move |tx, e, p| {
                planning::state_timeline(tx, e, p, expected, (&dates, &reason))
            })
        };
        assert!(
            refused(state("2025-12-31", Expected::New, "")).to_string().contains("period ends")
        );
        state("2026-02-20", Expected::New, "").unwrap();
        assert!(matches!(
            refused(state("2026-02-27", Expected::Version(1), "")),
            Refusal::Input { field: Some("reason"), .. }
        ));
        state("2026-02-27", Expected::Version(1), "The client asked.").unwrap();
        assert!(matches!(
            refused(state("2026-03-01", Expected::Version(1), "r")),
            Refusal::Stale { .. }
        ));

        let lines = vec![BudgetLine { area: Area::parse("CC6").unwrap(), hours: 30 }];
        w.run::<Schedule, _>(&manager(), move |tx, e, p| {
            planning::state_budget(tx, e, p, Expected::New, (&lines, ""))
        })
        .unwrap();
        let today = examination::firm::rules::day(w.now());
        let spend = |who: &Actor, minutes| {
            let text = TimeText {
                on: today,
                area: Area::parse("CC6").unwrap(),
                minutes,
                note: "Leavers".into(),
            };
            w.run::<RecordTime, _>(who, move |tx, e, p| planning::record_time(tx, e, p, &text))
        };
        let first = spend(&staff(), 600).unwrap();
        assert!(spend(&staff(), 900).is_err(), "a day has 24 hours");
        spend(&manager(), 900).unwrap();
        let withdraw = |who: &Actor| {
            w.run::<RecordTime, _>(who, move |tx, e, p| {
                planning::withdraw_time(tx, e, p, (first, 1), "Another engagement.")
            })
        };
        assert_eq!(refused(withdraw(&manager())), Refusal::NotFound, "another's time");
        withdraw(&staff()).unwrap();
        let file = w.papers().file;
        let (budget, times) =
            t.db.read_blocking(move |c| Ok((plans::budget(c, file)?, plans::times(c, file)?)))
                .unwrap();
        let spent = examination::planning::progress::spent(&budget, &times);
        assert_eq!(spent, (30, 900));
        let parts = vec![
            Understood { topic: Topic::Services, text: "Payroll.".into() },
            Understood { topic: Topic::Risks, text: " ".into() },
        ];
        w.run::<MayPlan, _>(&manager(), move |tx, e, p| {
            planning::state_understanding(tx, e, p, Expected::New, &parts)
        })
        .unwrap();
        let kept = t.db.read_blocking(move |c| plans::understanding(c, file)).unwrap().unwrap();
        assert_eq!(kept.parts.len(), 1);
    });
}

#[test]
fn no_role_of_the_client_learns_of_the_firms_file_and_replaying_the_log_gives_the_same_tables() {
    for rule in FIRM_ACTIONS.iter().chain(PLAN_ACTIONS) {
        assert!(rule.organisation.is_empty() && !rule.public, "{}", rule.name);
    }
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        for role in Role::ALL.iter().filter(|r| r.side() == Side::ServiceOrganisation) {
            let who = actor(Side::ServiceOrganisation, party(ORGANISATION), 50, *role);
            assert_eq!(authorize::<ReadFirm>(&who, &w.facts).unwrap_err(), Refusal::NotFound);
            let house = authorize::<ReadFirm>(&who, &firm_facts());
            assert_eq!(house.unwrap_err(), Refusal::NotFound);
            assert_eq!(authorize::<MayPlan>(&who, &w.facts).unwrap_err(), Refusal::NotFound);
        }
        w.policy("exp-1", PolicyBody::Expansion { add: 10, accept_total: 1 });
    });
}
