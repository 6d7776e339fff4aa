//! The firm's file on both databases: what may be done, in what order, by whom, and who sees nothing.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it stands")]

mod asks;
mod asks_pages;
mod asks_record;
mod cover;
mod deviations;
mod grown;
mod ipe;
mod matters;
mod sheets;
mod spans;
#[path = "../common/staffed.rs"]
mod staffed;
mod staffing;
mod support;

use support::*;

#[test]
fn a_seed_drawn_before_the_freeze_is_refused_and_a_selection_can_be_made_again() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Judgemental);
        let population = w.freeze("Leavers", 40);
        let frozen_at = w.papers().populations[&population].body.frozen_at;
        let ids: Vec<String> = (1..=40).map(|n| format!("W-{n:03}")).collect();
        let draw = |drawn: Timestamp, size: usize, ids: Vec<String>| {
            let input = sample_input(test, population, drawn, size);
            w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                draw_sample(tx, e, p, &input, &mut |seed| Ok(ranked(seed, &ids, input.size)))
            })
        };
        let early = state_refusal(draw(frozen_at.plus_seconds(-1), 5, ids.clone()));
        assert!(early.contains("before the population was frozen"), "{early}");
        assert!(matches!(
            refused(draw(w.now().plus_seconds(600), 5, ids.clone())),
            Refusal::Input { field: Some("seed_drawn_at"), .. }
        ));
        assert!(w.papers().samples[&test].is_empty());
        draw(frozen_at, 5, ids.clone()).unwrap();
        let drawn = w.papers().samples[&test][0].body.clone();
        let seed = effective_seed(&digest("Leavers"), "demo-seed-1").unwrap();
        let mut hash = Sha256::digest("Leavers").to_vec();
        hash.extend(b"demo-seed-1");
        assert_eq!(seed, hex::encode(Sha256::digest(hash)));
        assert_eq!(drawn.effective_seed.as_deref(), Some(seed.as_str()));
        let mut reversed = ids.clone();
        reversed.reverse();
        assert_eq!(drawn.selected, ranked(&seed, &reversed, 5));
        // More items than the derivation can give.
        assert!(matches!(
            refused(draw(frozen_at, 41, ids)),
            Refusal::Input { field: Some("size"), .. }
        ));
    });
}

#[test]
fn the_tester_does_not_review_and_missing_evidence_is_a_deviation() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Judgemental);
        let population = w.freeze("Leavers", 3);
        let input = sample_input(test, population, w.now(), 2);
        let sample = w
            .run::<PerformTests, _>(&manager(), move |tx, e, p| {
                draw_sample(tx, e, p, &input, &mut |_| Ok(vec!["W-1".into(), "W-2".into()]))
            })
            .unwrap();
        let enter = |who: &Actor, input: ItemInput| {
            w.run::<PerformTests, _>(who, move |tx, e, p| {
                record_item(tx, e, p, sample, Expected::Any, &input)
            })
        };
        let review = |who: &Actor, item: &str| {
            let item = vec![item.to_owned()];
            w.run::<ReviewWork, _>(who, move |tx, e, p| review_items(tx, e, p, sample, &item))
        };
        assert!(state_refusal(review(&partner(), "W-1")).contains("no result"));
        let partial = ItemInput {
            facts: ItemFacts {
                attributes: vec![AttributeFacts {
                    attribute: "A".into(),
                    result: AttributeResult::Pass,
                    accepted_alternative: None,
                }],
                ..result("W-1", AttributeResult::Pass, AttributeResult::Pass).facts
            },
            ..result("W-1", AttributeResult::Pass, AttributeResult::Pass)
        };
        assert!(matches!(
            refused(enter(&manager(), partial)),
            Refusal::Input { field: Some("result"), .. }
        ));
        assert_eq!(
            refused(enter(&manager(), result("W-9", AttributeResult::Pass, AttributeResult::Pass))),
            Refusal::NotFound
        );
        enter(&manager(), result("W-1", AttributeResult::Pass, AttributeResult::Pass)).unwrap();
        assert!(state_refusal(review(&manager(), "W-1")).contains("yourself"));
        review(&partner(), "W-1").unwrap();
        let mut gone = result("W-2", AttributeResult::Pass, AttributeResult::Pass);
        gone.facts.state = ItemState::Unavailable;
        gone.facts.attributes.clear();
        enter(&staff(), gone).unwrap();
        let line = w.papers();
        let result_line = line.test_result(&line.tests[0]);
        assert_eq!(
            (result_line.n, result_line.deviations, result_line.population),
            (Some(2), 1, Some(3))
        );
        assert_eq!(line.unreviewed(), 1);
        // A new result needs a new review.
        enter(&staff(), result("W-1", AttributeResult::Pass, AttributeResult::NotApplicable))
            .unwrap();
        assert_eq!(w.papers().unreviewed(), 2);
    });
}

#[test]
fn totals_of_a_full_population_run_must_add_up_and_nothing_unmatched_passes() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        let population = w.freeze("Leavers", 100);
        let wrong = |change: fn(&mut CensusInput)| {
            let mut input = census_input(test, population, [5, 2, 1, 1]);
            change(&mut input);
            refused(
                w.run::<PerformTests, _>(&staff(), move |tx, e, p| record_census(tx, e, p, &input)),
            )
        };
        for (change, field) in [
            ((|i: &mut CensusInput| i.body.pass += 1) as fn(&mut CensusInput), "population"),
            (|i| i.body.pass = u64::MAX, "population"),
            (
                |i| {
                    i.rows.pop();
                },
                "rows",
            ),
            (|i| i.rows[0].outcome = RowOutcome::Unmatched, "rows"),
            (|i| i.body.populations[0].canonical_sha256 = digest("other"), "populations"),
        ] {
            let refusal = wrong(change);
            assert!(
                matches!(&refusal, Refusal::Input { field: Some(f), .. } if *f == field),
                "{refusal:?}"
            );
        }
        let census = w.census(test, population, [5, 2, 1, 1]).unwrap();
        let judge = |outcome, disposition| {
            w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                judge_rows(tx, e, p, census, outcome, None, disposition, "Looked into it.", &[])
            })
        };
        // Not to be concluded while rows are open.
        let open = state_refusal(w.conclude_control(w.leavers, OperationState::Effective, None));
        assert!(open.contains("2 exceptions and 1 unmatched"), "{open}");
        assert!(matches!(
            refused(judge(RowOutcome::Unmatched, Disposition::NotADeviation)),
            Refusal::Input { .. }
        ));
        assert!(matches!(
            refused(judge(RowOutcome::Exception, Disposition::Deviation)),
            Refusal::Input { .. }
        ));
        assert_eq!(judge(RowOutcome::Unmatched, Disposition::OtherEvidence).unwrap(), 1);
        let keys = vec!["Exception-0".to_owned()];
        let deviation = DeviationInput {
            source: DeviationSource::Census {
                census,
                keys: Some(keys.clone()),
                outcome: RowOutcome::Exception,
            },
            body: deviation_body(Nature::Isolated),
        };
        let again = deviation.clone();
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| record_deviation(tx, e, p, &deviation))
            .unwrap();
        // A deviation is not taken away, and not recorded twice.
        assert!(
            state_refusal(w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                judge_rows(
                    tx,
                    e,
                    p,
                    census,
                    RowOutcome::Exception,
                    Some(&keys),
                    Disposition::NotADeviation,
                    "No.",
                    &[],
                )
            }))
            .contains("not taken away")
        );
        assert!(
            state_refusal(w.run::<PerformTests, _>(&staff(), move |tx, e, p| record_deviation(
                tx, e, p, &again
            )))
            .contains("not taken away")
        );
        assert_eq!(judge(RowOutcome::Exception, Disposition::NotADeviation).unwrap(), 1);
        let papers = w.papers();
        let body = &papers.censuses[&test].body;
        assert_eq!((body.pass, body.unmatched), (5, 1));
        let line = papers.test_result(&papers.tests[0]);
        assert_eq!((line.n, line.population, line.deviations), (Some(8), Some(8), 1));
        assert!(
            line.result.starts_with("Exception noted: for 1 of 8 terminated workers tested"),
            "{}",
            line.result
        );
        assert!(line.result.contains("Access stayed open for 30 hours (2025-03-01 to 2025-03-02)"));
        assert!(line.entries.len() >= 4);
    });
}

#[test]
fn nothing_is_concluded_before_its_evidence_and_a_later_change_voids_the_signature() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        assert!(
            state_refusal(w.conclude_control(w.leavers, OperationState::Effective, None))
                .contains("no evidence yet")
        );
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        assert!(
            state_refusal(w.conclude_control(w.leavers, OperationState::Ineffective, None))
                .contains("nothing has been tested")
        );
        assert!(matches!(
            refused(w.conclude_control(w.leavers, OperationState::NotOperated, None)),
            Refusal::Input { field: Some("proof"), .. }
        ));
        w.conclude_control(
            w.changes,
            OperationState::NotOperated,
            Some("inspected the complete list, which is empty"),
        )
        .unwrap();
        let population = w.freeze("Leavers", 8);
        w.census(test, population, [8, 0, 0, 0]).unwrap();
        assert_eq!(
            w.conclude_control(w.leavers, OperationState::Effective, None).unwrap(),
            Standing::Stands
        );
        let about = About::Control { control: w.leavers };
        assert_eq!(w.papers().conclusion(about).unwrap().stands, Standing::Stands);
        // Another run voids what rested on the first; the other control's conclusion stands.
        w.census(test, population, [7, 1, 0, 0]).unwrap();
        let papers = w.papers();
        assert_eq!(papers.conclusion(about).unwrap().stands, Standing::Void);
        assert_eq!(
            papers.conclusion(About::Control { control: w.changes }).unwrap().stands,
            Standing::Stands
        );
        // The firm judges the population unreliable: the second conclusion falls as well.
        let no = PopulationJudgement { accepted: false, reason: "A month is missing.".into() };
        w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            judge_population(tx, e, p, population, 2, &no)
        })
        .unwrap();
        assert_eq!(w.papers().conclusion(about).unwrap().stands, Standing::Void);
    });
}

#[test]
fn a_more_favourable_conclusion_waits_for_a_second_person() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        let population = w.freeze("Leavers", 8);
        let census = w.census(test, population, [7, 1, 0, 0]).unwrap();
        let deviation = DeviationInput {
            source: DeviationSource::Census { census, keys: None, outcome: RowOutcome::Exception },
            body: deviation_body(Nature::Systematic),
        };
        let id = w
            .run::<PerformTests, _>(&staff(), move |tx, e, p| {
                record_deviation(tx, e, p, &deviation)
            })
            .unwrap();
        let about = About::Control { control: w.leavers };
        assert_eq!(
            w.conclude_control(w.leavers, OperationState::Effective, None).unwrap(),
            Standing::AwaitsSecond
        );
        let sign = |who: &Actor, version: i64| {
            w.run::<SecondConclusion, _>(who, move |tx, e, p| {
                second(tx, e, p, about, version, "I agree.")
            })
        };
        let waiting = w.papers().conclusion(about).unwrap();
        assert_eq!(waiting.stands, Standing::AwaitsSecond);
        assert_eq!(
            waiting.proposed,
            Verdict::Control {
                design: DesignState::Suitable,
                operation: Some(OperationState::Ineffective)
            }
        );
        assert!(state_refusal(sign(&manager(), waiting.version)).contains("another person"));
        assert!(matches!(refused(sign(&partner(), waiting.version + 5)), Refusal::Stale { .. }));
        sign(&partner(), waiting.version).unwrap();
        assert_eq!(w.papers().conclusion(about).unwrap().stands, Standing::Stands);
        assert!(state_refusal(sign(&partner(), waiting.version + 1)).contains("no second"));
        // More becomes known of the deviation: both signatures are void, and the first facts remain in the log.
        let body = DeviationBody {
            cause: "Nobody was told.".into(),
            ..deviation_body(Nature::Systematic)
        };
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
            update_deviation(tx, e, p, id, 1, &body, "HR answered.")
        })
        .unwrap();
        assert_eq!(w.papers().conclusion(about).unwrap().stands, Standing::Void);
        let history =
            t.db.read_blocking(move |c| platform::journal::history(c, &id.to_string())).unwrap();
        assert_eq!(history.len(), 2);
        // Less favourable or as proposed needs one signature only.
        assert_eq!(
            w.conclude_control(w.leavers, OperationState::Ineffective, None).unwrap(),
            Standing::Stands
        );
    });
}

#[test]
fn an_opinion_follows_from_conclusions_and_falls_with_them() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        let population = w.freeze("Leavers", 8);
        let census = w.census(test, population, [7, 1, 0, 0]).unwrap();
        let facts = {
            let id = w.engagement;
            t.db.read_blocking(move |c| store::facts_for_opinion(c, id)).unwrap()
        };
        assert_eq!(facts.controls.len(), 2);
        assert!(facts.controls.iter().all(|c| c.open && c.operation.is_none()));
        assert_eq!(w.papers().results().proposal.unwrap().open.controls, ["CHG-01", "IAM-05"]);
        let deviation = DeviationInput {
            source: DeviationSource::Census { census, keys: None, outcome: RowOutcome::Exception },
            body: deviation_body(Nature::Systematic),
        };
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| record_deviation(tx, e, p, &deviation))
            .unwrap();
        w.conclude_control(w.leavers, OperationState::Ineffective, None).unwrap();
        w.conclude_control(
            w.changes,
            OperationState::NotOperated,
            Some("inspected the complete, empty list"),
        )
        .unwrap();
        // The other criteria are concluded directly in this small file.
        let criteria: Vec<CriterionId> = w.papers().engagement.criteria();
        let cc62: CriterionId = "CC6.2".parse().unwrap();
        for criterion in criteria.iter().copied() {
            let failed = criterion == cc62;
            let status = if failed { Status::NotMet } else { Status::Met };
            let design = Status::Met;
            let input = ConclusionInput {
                about: About::Criterion { criterion },
                verdict: Verdict::Criterion { design, operation: Some(status) },
                reason: "From the controls mapped to it.".into(),
                proof: None,
            };
            let about = input.about;
            let standing = w
                .run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
                    conclude(tx, e, p, Expected::Any, &input)
                })
                .unwrap();
            if standing == Standing::AwaitsSecond {
                let version = w.papers().conclusion(about).unwrap().version;
                w.run::<SecondConclusion, _>(&partner(), move |tx, e, p| {
                    second(tx, e, p, about, version, "Agreed.")
                })
                .unwrap();
            }
        }
        let results = w.papers().results();
        let proposal = results.proposal.clone().unwrap();
        assert_eq!(proposal.headline, Opinion::Qualified, "{:?}", proposal.reasons);
        assert_eq!(results.controls.len(), 2);
        assert!(results.controls.iter().any(|c| c.code == "CHG-01"
            && c.stated.as_deref().is_some_and(|s| s.contains("did not occur"))));
        assert!(
            results
                .controls
                .iter()
                .flat_map(|c| &c.tests)
                .all(|t| !t.result.is_empty() && !t.entries.is_empty())
        );
        let opinion = |opinion, who: &Actor| {
            let input = ConclusionInput {
                about: About::Opinion,
                verdict: Verdict::Opinion { opinion },
                reason: "As the record shows.".into(),
                proof: None,
            };
            w.run::<ConcludeOpinion, _>(who, move |tx, e, p| {
                conclude(tx, e, p, Expected::Any, &input)
            })
        };
        assert!(matches!(refused(opinion(Opinion::Qualified, &manager())), Refusal::Forbidden(_)));
        assert_eq!(opinion(Opinion::Unmodified, &partner()).unwrap(), Standing::AwaitsSecond);
        assert_eq!(opinion(Opinion::Qualified, &partner()).unwrap(), Standing::Stands);
        assert_eq!(w.papers().results().opinion.unwrap().stands, Standing::Stands);
        // A further statement changes the facts: the opinion is void until it is signed again.
        let matters =
            Matters { evidence_unreliable: Some("Logs were edited".into()), ..Matters::default() };
        w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
            state_matters(tx, e, p, 0, &matters, "Found in fieldwork.")
        })
        .unwrap();
        assert_eq!(w.papers().results().opinion.unwrap().stands, Standing::Void);
    });
}

#[test]
fn type_1_concludes_on_design_alone() {
    on_both(&ROOMS, |t| {
        let w = World::of_type(t, ReportType::Type1);
        assert!(matches!(
            refused(w.conclude_control(w.leavers, OperationState::Effective, None)),
            Refusal::Input { field: Some("operation"), .. }
        ));
        let input = ConclusionInput {
            about: About::Control { control: w.leavers },
            verdict: Verdict::Control { design: DesignState::Suitable, operation: None },
            reason: "Walked through.".into(),
            proof: None,
        };
        w.run::<ConcludeControl, _>(&manager(), move |tx, e, p| {
            conclude(tx, e, p, Expected::Any, &input)
        })
        .unwrap();
        let papers = w.papers();
        assert!(papers.results().proposal.is_some(), "{:?}", papers.results().no_proposal);
    });
}

#[test]
fn another_firm_reads_nothing_of_its_predecessors_file() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        let other = examination::model::File { engagement: w.engagement, firm: party(3) };
        let (mine, theirs) =
            t.db.read_blocking(move |c| {
                let mine = store::file_of(&scope::facts(c, other.engagement)?)?;
                Ok((store::test(c, mine, test)?, store::tests(c, other)?))
            })
            .unwrap();
        assert!(mine.is_some() && theirs.is_empty());
    });
}

/// Every action of the room but the population's hash.
fn refusals_of(who: &Actor, facts: &Facts) -> Vec<Option<Refusal>> {
    vec![
        authorize::<ReadFile>(who, facts).err(),
        authorize::<PlanTests>(who, facts).err(),
        authorize::<KeepPopulations>(who, facts).err(),
        authorize::<PerformTests>(who, facts).err(),
        authorize::<ReviewWork>(who, facts).err(),
        authorize::<ConcludeControl>(who, facts).err(),
        authorize::<ConcludeCriterion>(who, facts).err(),
        authorize::<ConcludeOpinion>(who, facts).err(),
        authorize::<SecondConclusion>(who, facts).err(),
    ]
}

proptest::proptest! {
    #[test]
    fn the_organisation_never_learns_of_the_file(
        engagement in 1u128..1_000, owner in 1u128..1_000, firm in 1_000u128..2_000, locked: bool, with_firm: bool,
    ) {
        let facts = Facts::engagement(
            EngagementId::new(Timestamp(0), engagement), party(owner), with_firm.then(|| party(firm)), locked,
        );
        for role in Role::ALL.iter().copied().filter(|r| r.side() == Side::ServiceOrganisation) {
            let who = actor(Side::ServiceOrganisation, party(owner), 5, role);
            for refusal in refusals_of(&who, &facts) {
                proptest::prop_assert_eq!(refusal, Some(Refusal::NotFound));
            }
        }
        // A firm that has not joined, and the public, are told the same.
        for who in [actor(Side::Firm, party(firm + 5_000), 6, Role::Partner), Actor::public(party(owner))] {
            for refusal in refusals_of(&who, &facts) {
                proptest::prop_assert_eq!(refusal, Some(Refusal::NotFound));
            }
        }
        // What both sides may see is the hash.
        let lead = actor(Side::ServiceOrganisation, party(owner), 5, Role::ComplianceLead);
        proptest::prop_assert!(authorize::<ReadPopulationHash>(&lead, &facts).is_ok());
    }
}

#[test]
fn only_the_hash_has_a_role_of_the_organisation() {
    assert_eq!(ACTIONS.len(), 10);
    for rule in ACTIONS {
        assert_eq!(
            rule.organisation.is_empty(),
            rule.name != "examination.population.hash",
            "{}",
            rule.name
        );
        assert!(!rule.public, "{}", rule.name);
    }
}

/// What the organisation supplied stands in its own log, under the hash that the firm works with; of what
/// the firm obtained elsewhere it holds nothing.
#[test]
fn both_sides_see_the_hash_of_what_the_organisation_supplied_and_no_more() {
    use examination::supplied::{self, model::Origin};
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let id = w.freeze("Leavers", 12);
        let ours =
            PopulationBody { origin: Some(Origin::Firm), ..population("Dark web", 3, w.now()) };
        w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| record_population(tx, e, p, &ours))
            .unwrap();
        let engagement = w.engagement;
        let of = move |owner: u128| {
            t.db.read_blocking(move |c| supplied::store::of(c, party(owner), engagement)).unwrap()
        };
        let shown = of(ORGANISATION);
        assert_eq!(shown.len(), 1);
        let known = w.papers().populations[&id].body.clone();
        assert_eq!(
            (shown[0].shown.rows, &shown[0].shown.canonical_sha256, shown[0].shown.frozen_at),
            (12, &known.canonical_sha256, known.frozen_at)
        );
        assert!(of(FIRM).is_empty());
        let json = serde_json::to_string(&shown).unwrap();
        assert!(!json.contains(&id.to_string()), "the firm's id is not in it: {json}");
        let mut names: Vec<String> =
            serde_json::to_value(&shown[0]).unwrap().as_object().unwrap().keys().cloned().collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "canonical_sha256",
                "coverage",
                "engagement",
                "event",
                "frozen_at",
                "id",
                "name",
                "origin",
                "rows",
                "schema_sha256"
            ]
        );
    });
}
