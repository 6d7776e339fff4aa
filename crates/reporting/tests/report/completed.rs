//! A file is completed, signed, locked and carried into the next period, on both databases.

use crate::real;
use crate::world::*;
use examination::completion::model::*;
use examination::completion::permits::*;
use examination::completion::{rules, service as completion, store};
use examination::model::{About, File, Verdict};
use examination::permits::{ACTIONS, ConcludeCriterion, ConcludeOpinion, PerformTests, PlanTests};
use examination::planning::store::Plan;
use examination::rules::deviation::TestBasis;
use examination::rules::facts::Opinion;
use examination::rules::frequency::Risk;
use examination::service::{ConclusionInput, RefusedInput, conclude_together};
use examination::store::Papers;
use kernel::ids::EngagementId;
use kernel::party::{Role, Side};
use kernel::period::Period;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::journal::Expected;
use platform::testing::on_both;
use reporting::model::{Letter, Representation};
use reporting::permits::PrepareReport;
use reporting::service;
use scope::model::EngagementState;
use scope::permits::{JoinFirm, ManageEngagement, MoveEngagement};

fn file(world: &World<'_>) -> File {
    File { engagement: world.engagement, firm: world.firm }
}

/// Why the partner's signature does not stand; empty when it does.
fn void(world: &World<'_>) -> String {
    let id = world.engagement;
    let all = world.t.db.read_blocking(|c| service::conditions(c, id)).unwrap();
    all.into_iter().find(|c| c.name == "signature").unwrap().missing
}

fn procedure(kind: ProcedureKind) -> ProcedureBody {
    ProcedureBody {
        kind,
        control: None,
        performed_on: date(2026, 1, 1),
        covers_to: date(2026, 1, 1),
        source: "Minutes of the board, January 2026".into(),
        result: "Nothing bears on the description or the controls.".into(),
        matter: None,
        evidence: Vec::new(),
    }
}

fn perform(
    world: &World<'_>,
    who: &kernel::party::Actor,
    body: ProcedureBody,
) -> platform::db::Result<ProcedureId> {
    world.run::<PerformCompletion, _>(who, move |tx, e, p| {
        completion::perform(tx, e, p, None, &body)
    })
}

fn said(refusal: Refusal) -> String {
    refusal.to_string()
}

#[test]
fn invariant_11_editing_any_signed_input_voids_the_signature_and_says_what_changed() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        assert_eq!(void(&world), "");
        // Something is added.
        let body = procedure(ProcedureKind::Minutes);
        let id = perform(&world, &world.manager(), body.clone()).unwrap();
        assert!(
            void(&world).contains("minutes since the period's end, 2026-01-01"),
            "{}",
            void(&world)
        );
        // Nobody signs over what has not been reviewed, and nobody reviews their own.
        assert!(said(refused(world.sign())).contains("has not been reviewed"));
        let own = world.run::<ReviewCompletion, _>(&world.manager(), move |tx, e, p| {
            completion::review(tx, e, p, id)
        });
        assert!(said(refused(own)).contains("yourself"));
        world
            .run::<ReviewCompletion, _>(&world.partner(), move |tx, e, p| {
                completion::review(tx, e, p, id)
            })
            .unwrap();
        // The partner does not sign over a preparer's signature that is void.
        let over = world.run::<SignPartner, _>(&world.partner(), |tx, e, p| {
            let outside = service::outside(tx, p.facts().engagement.unwrap())?;
            completion::sign(tx, e, p, "Complete.", &outside)
        });
        assert!(said(refused(over)).contains("An earlier signature is void"));
        world.sign().unwrap();
        assert_eq!(void(&world), "");
        // The same procedure stated anew.
        let changed =
            ProcedureBody { result: "The board approved a new data centre.".into(), ..body };
        world
            .run::<PerformCompletion, _>(&world.manager(), move |tx, e, p| {
                completion::perform(tx, e, p, Some((id, 2)), &changed)
            })
            .unwrap();
        assert!(void(&world).contains("changed"), "{}", void(&world));
        world
            .run::<ReviewCompletion, _>(&world.partner(), move |tx, e, p| {
                completion::review(tx, e, p, id)
            })
            .unwrap();
        world.sign().unwrap();
        // Management's side: the report's terms.
        world.state_terms(date(2026, 1, 1)).unwrap();
        assert!(void(&world).contains("the report's terms changed"), "{}", void(&world));
        world.sign().unwrap();
        // The examination itself: one more test planned for the control.
        world.examine_more();
        assert!(void(&world).contains("control IAM-05 changed"), "{}", void(&world));
        assert!(
            matches!(refused(world.issue(world.partner())), Refusal::State(why) if why.contains("void"))
        );
    });
}

#[test]
fn what_the_rules_propose_as_met_is_nobodys_conclusion_until_somebody_signs_it() {
    on_both(&ROOMS, |t| {
        let world = World::new(t);
        world.registers();
        world.describe();
        world.examine();
        let papers = || t.db.read_blocking(|c| Papers::load(c, world.engagement)).unwrap();
        let open = || {
            let all = rules::missing_of_file(&papers());
            let lines = all.iter().filter(|m| {
                m.text.contains("no conclusion on criteri") || m.text.contains(" criteria: ")
            });
            lines.map(|m| m.text.matches(", ").count() + 1).sum::<usize>()
        };
        let before = open();
        assert_eq!(before, papers().engagement.criteria().len());
        let plain = rules::plainly_met(&papers());
        assert!(!plain.is_empty());
        // Nobody signs for criteria that they did not read, and nobody signs without a reason.
        let sign = |read: std::collections::BTreeSet<_>, reason: &'static str| {
            world.run::<ConcludeCriterion, _>(&world.partner(), move |tx, e, p| {
                conclude_together(tx, e, p, &read, reason)
            })
        };
        let fewer = plain.iter().copied().skip(1).collect();
        assert!(said(refused(sign(fewer, "All effective."))).contains("Read the list"));
        assert!(matches!(refused(sign(plain.clone(), " ")), Refusal::Input { .. }));
        sign(plain.clone(), "Every control was effective.").unwrap();
        assert_eq!(open(), before - plain.len());
        assert!(said(refused(sign(plain, "Again."))).contains("one by one"));
    });
}

#[test]
fn a_file_waits_for_its_plan_and_for_a_conclusion_on_each_principal_commitment() {
    on_both(&ROOMS, |t| {
        let world = World::new(t);
        world.registers();
        world.describe();
        world.examine();
        let open = || {
            let id = world.engagement;
            let all = t.db.read_blocking(move |c| {
                let papers = Papers::load(c, id)?;
                let outside = service::outside(c, id)?;
                completion::missing(c, &papers, &outside)
            });
            let of_plan = |m: &rules::Missing| ["planning", "commitments"].contains(&m.what);
            let all = all.unwrap().into_iter().filter(of_plan);
            all.map(|m| (m.to.split('/').nth(1).unwrap().to_owned(), m.text)).collect::<Vec<_>>()
        };
        let before = open();
        let pages: Vec<&str> = before.iter().map(|(page, _)| page.as_str()).collect();
        assert_eq!(pages, ["plan", "plan", "plan", "promises"], "{before:#?}");
        assert!(before[1].1.starts_with("67 of 67 risks"), "{before:#?}");
        world.plan();
        world.conclude_commitments();
        assert_eq!(open(), []);
        // What a conclusion rests on changes: it is said, and asked for again.
        world.examine_more();
        let after = open();
        assert_eq!(after.len(), 1, "{after:#?}");
        assert!(after[0].1.contains("commitment SC-01 is void"), "{after:#?}");
    });
}

#[test]
fn beside_a_qualified_opinion_the_file_waits_for_an_amended_assertion() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        let waits = || {
            let outside = t.db.read_blocking(|c| service::outside(c, world.engagement)).unwrap();
            outside.missing.iter().any(|m| m.contains("amend its assertion"))
        };
        assert!(!waits());
        world
            .run::<ConcludeOpinion, _>(&world.partner(), |tx, e, p| {
                let input = ConclusionInput {
                    about: About::Opinion,
                    verdict: Verdict::Opinion { opinion: Opinion::Qualified },
                    reason: "One matter is not as described.".into(),
                    proof: None,
                };
                examination::service::conclude(tx, e, p, Expected::Any, &input)
            })
            .unwrap();
        assert!(waits());
        // Management refuses to amend it: that is stated, and the report says so.
        world
            .run::<ConcludeOpinion, _>(&world.partner(), |tx, e, p| {
                let input = RefusedInput {
                    amendment: "The board holds the exception to be minor.".into(),
                    reason: "Told to the partner on 30 December.".into(),
                    ..RefusedInput::default()
                };
                let papers = Papers::load(tx, p.facts().engagement.unwrap())?;
                examination::service::state_refused(tx, e, p, papers.matters_version, &input)
            })
            .unwrap();
        assert!(!waits());
    });
}

#[test]
fn a_letter_that_lacks_what_an_examination_rests_on_stops_the_file_until_that_is_stated() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        let open = || {
            let outside = t.db.read_blocking(|c| service::outside(c, world.engagement)).unwrap();
            outside.missing.join(" ")
        };
        assert_eq!(open(), "");
        let receive = |given: &'static [Representation], reservations: &'static str| {
            world
                .run::<PrepareReport, _>(&world.manager(), move |tx, e, p| {
                    let letter = Letter {
                        text: "We confirm what we have represented.".into(),
                        signer: "Ada Lovelace".into(),
                        date: date(2026, 1, 1),
                        given: given.iter().copied().collect(),
                        reservations: reservations.into(),
                    };
                    service::receive_letter(tx, e, p, &letter)
                })
                .unwrap();
        };
        receive(&[], "");
        assert!(open().contains("not been held against the list"), "{}", open());
        receive(&[Representation::Assertion, Representation::Matters], "A case is before a court.");
        assert!(open().contains("responsible for the description"), "{}", open());
        assert!(open().contains("at the auditor's disposal") && !open().contains("Fraud"));
        world
            .run::<ConcludeOpinion, _>(&world.partner(), |tx, e, p| {
                let input = RefusedInput {
                    letter: true,
                    reason: "The chief executive will not sign more.".into(),
                    ..RefusedInput::default()
                };
                let papers = Papers::load(tx, p.facts().engagement.unwrap())?;
                examination::service::state_refused(tx, e, p, papers.matters_version, &input)
            })
            .unwrap();
        assert_eq!(open(), "");
        // The opinion follows from it: what was concluded before does not stand.
        let papers = t.db.read_blocking(|c| Papers::load(c, world.engagement)).unwrap();
        assert_eq!(papers.results().proposal.unwrap().headline, Opinion::Disclaimer);
        assert!(papers.standing_conclusion(About::Opinion).is_none());
    });
}

#[test]
fn preparer_reviewer_and_quality_reviewer_are_different_people() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        let sign = |who: kernel::party::Actor| {
            world.run::<SignQuality, _>(&who, |tx, e, p| {
                let outside = service::outside(tx, p.facts().engagement.unwrap())?;
                completion::sign(tx, e, p, "I took no part.", &outside)
            })
        };
        // The manager performed the procedures and signed as preparer.
        let both = actor(Side::Firm, world.firm, 20, &[Role::Manager, Role::QualityReviewer]);
        assert!(said(refused(sign(both))).contains("different people"));
        // The partner concluded.
        let partner = actor(Side::Firm, world.firm, 21, &[Role::Partner, Role::QualityReviewer]);
        assert!(said(refused(sign(partner))).contains("took part"));
        sign(world.quality()).unwrap();
    });
}

#[test]
fn invariant_10_nothing_dated_after_the_report_feeds_it() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        let id = world.engagement;
        let later =
            t.db.read_blocking(move |c| {
                let papers = Papers::load(c, id)?;
                let procedures = store::procedures(c, papers.file)?;
                let day = date(2025, 12, 31);
                Ok((
                    rules::dated_after(&papers, &procedures, day),
                    rules::dated_after(&papers, &procedures, date(2026, 1, 1)),
                ))
            })
            .unwrap();
        assert_eq!(later.1, []);
        let text: Vec<String> = later.0.into_iter().map(|m| m.text).collect();
        for what in ["plan of test", "population Leavers", "conclusion on the opinion", "minutes"] {
            assert!(
                text.iter().any(|t| t.to_lowercase().contains(&what.to_lowercase())),
                "{what}: {text:#?}"
            );
        }
        // Work goes on after the date: it cannot be signed any more until the report is dated later.
        {
            let mut env = world.env.lock().unwrap();
            env.set_now(Timestamp::parse("2026-01-02T09:00:00Z").unwrap());
        }
        let body =
            ProcedureBody { performed_on: date(2026, 1, 2), ..procedure(ProcedureKind::Changes) };
        let id = perform(&world, &world.manager(), body).unwrap();
        world
            .run::<ReviewCompletion, _>(&world.partner(), move |tx, e, p| {
                completion::review(tx, e, p, id)
            })
            .unwrap();
        assert!(
            said(refused(world.sign())).contains("is dated 2026-01-02, after the report's date")
        );
    });
}

#[test]
fn procedures_are_measured_against_period_and_report() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        let field = |body: ProcedureBody| match refused(perform(&world, &world.manager(), body)) {
            Refusal::Input { field, .. } => field,
            other => panic!("{other:?}"),
        };
        let of = procedure;
        let early = ProcedureBody {
            performed_on: date(2025, 12, 31),
            covers_to: date(2025, 12, 31),
            ..of(ProcedureKind::Inquiry)
        };
        assert_eq!(field(early), Some("performed_on"));
        let future = ProcedureBody { performed_on: date(2026, 5, 1), ..of(ProcedureKind::Inquiry) };
        assert_eq!(field(future), Some("performed_on"));
        let beyond = ProcedureBody { covers_to: date(2026, 1, 2), ..of(ProcedureKind::Inquiry) };
        assert_eq!(field(beyond), Some("covers_to"));
        assert_eq!(field(of(ProcedureKind::RollForward)), Some("control"));
        // What is missing is named by kind, and an inquiry must reach the date itself.
        let (id, day) = (world.engagement, date(2026, 1, 20));
        let missing =
            t.db.read_blocking(move |c| {
                let papers = Papers::load(c, id)?;
                let procedures = store::procedures(c, papers.file)?;
                Ok(rules::missing_procedures(&papers, &procedures, Some(day)))
            })
            .unwrap();
        assert_eq!(missing.iter().filter(|m| m.what == "subsequent_events").count(), 6);
        // Every control was tested after the period's end: no roll-forward is due.
        assert!(missing.iter().all(|m| m.what != "roll_forward"), "{missing:#?}");
    });
}

fn moved(world: &World<'_>, to: EngagementState) {
    world
        .run::<MoveEngagement, _>(&world.partner(), move |tx, e, p| {
            scope::service::move_on(tx, e, p, to)
        })
        .unwrap();
}

#[test]
fn a_locked_file_is_read_only_with_its_date_and_additions_stand_beside_it() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        let lock = |years, why: &'static str| {
            world.run::<LockFile, _>(&world.partner(), move |tx, e, p| {
                completion::lock(tx, e, p, years, why)
            })
        };
        let add = || {
            world.run::<AddToLocked, _>(&world.partner(), |tx, e, p| {
                completion::add(
                    tx,
                    e,
                    p,
                    "IAM-05",
                    "The ticket was found again.",
                    "It was filed under another name.",
                    &[],
                )
            })
        };
        assert!(said(refused(lock(5, ""))).contains("after its report is issued"));
        assert!(said(refused(add())).contains("not locked"));
        moved(&world, EngagementState::Issued);
        assert!(matches!(refused(lock(4, "")), Refusal::Input { field: Some("years"), .. }));
        // Sixty days after the report's date are over: a reason is asked for.
        {
            let mut env = world.env.lock().unwrap();
            env.set_now(Timestamp::parse("2026-03-03T09:00:00Z").unwrap());
        }
        assert!(matches!(refused(lock(7, " ")), Refusal::Input { field: Some("late_reason"), .. }));
        let done = lock(7, "The partner was ill.").unwrap();
        assert_eq!((done.due, done.keep_until), (date(2026, 3, 2), date(2033, 1, 1)));
        let before = t.db.read_blocking({
            let id = world.engagement;
            move |c| examination::store::results(c, id)
        });
        // Every write to the file is refused, with the date.
        for rule in ACTIONS.iter().chain(examination::completion::permits::ACTIONS) {
            let reads = rule.name.contains("read") || rule.name.contains("hash");
            let beside = ["completion.add", "completion.letter.acknowledge"].contains(&rule.name);
            assert_eq!(rule.when_locked, reads || beside, "{}", rule.name);
        }
        for refusal in [
            authorize::<PerformTests>(&world.manager(), &world.facts()).unwrap_err(),
            authorize::<PlanTests>(&world.manager(), &world.facts()).unwrap_err(),
            authorize::<PerformCompletion>(&world.manager(), &world.facts()).unwrap_err(),
            authorize::<PrepareReport>(&world.manager(), &world.facts()).unwrap_err(),
        ] {
            assert!(said(refusal).contains("was locked on 2026-03-03"));
        }
        add().unwrap();
        let (addenda, after) =
            t.db.read_blocking({
                let (file, id) = (file(&world), world.engagement);
                move |c| Ok((store::addenda(c, file)?, examination::store::results(c, id)?))
            })
            .unwrap();
        assert_eq!((addenda.len(), addenda[0].about.as_str()), (1, "IAM-05"));
        assert_eq!(addenda[0].added_by, world.partner().name());
        assert_eq!(before.unwrap(), after, "an addition changes nothing of what was there");
        // The client knows of none of it.
        assert_eq!(
            authorize::<ReadCompletion>(&world.lead(), &world.facts()).unwrap_err(),
            Refusal::NotFound
        );
    });
}

#[test]
fn management_sees_the_letter_on_deficiencies_when_it_is_released() {
    on_both(&ROOMS, |t| {
        let world = World::ready_with(t, real::examine);
        let id = world.engagement;
        let drafted =
            t.db.read_blocking(move |c| Ok(rules::draft_letter(&Papers::load(c, id)?)))
                .unwrap()
                .unwrap();
        assert_eq!(drafted.deficiencies.len(), 1);
        assert!(drafted.deficiencies[0].found.contains("39 hours"), "{drafted:?}");
        let body = drafted.clone();
        world
            .run::<WriteLetter, _>(&world.manager(), move |tx, e, p| {
                completion::write_letter(tx, e, p, 0, &body)
            })
            .unwrap();
        let seen = || t.db.read_blocking(move |c| store::released_letter(c, id)).unwrap();
        let acknowledge = || {
            world.run::<AcknowledgeLetter, _>(&world.sponsor(), |tx, e, p| {
                completion::acknowledge_letter(tx, e, p)
            })
        };
        assert!(seen().is_none());
        assert_eq!(refused(acknowledge()), Refusal::NotFound);
        world
            .run::<WriteLetter, _>(&world.partner(), |tx, e, p| {
                completion::release_letter(tx, e, p, 1)
            })
            .unwrap();
        assert!(seen().unwrap().acknowledged_at.is_none());
        // What was released stays as it was.
        let again = world.run::<WriteLetter, _>(&world.manager(), move |tx, e, p| {
            completion::write_letter(tx, e, p, 2, &drafted)
        });
        assert!(said(refused(again)).contains("can no longer change"));
        acknowledge().unwrap();
        assert_eq!(seen().unwrap().acknowledged_by, Some(world.sponsor().name()));
        assert!(said(refused(acknowledge())).contains("already"));
        assert!(authorize::<WriteLetter>(&world.lead(), &world.facts()).is_err());
    });
}

/// Opens the engagement of the next year between the same parties.
pub(crate) fn next_year(world: &World<'_>) -> EngagementId {
    let mut env = world.next();
    let (lead, owner, firm) = (world.lead(), world.organisation, world.firm);
    world
        .t
        .db
        .write_blocking(move |tx| {
            let manage = authorize::<ManageEngagement>(&lead, &kernel::permit::Facts::of(owner))?;
            let input = scope::service::EngagementInput {
                name: "2026".into(),
                system_name: "Ledgerly Payroll".into(),
                report_type: scope::model::ReportType::Type2,
                period: Period::parse("2026-01-01", "2026-12-31", "Europe/London").unwrap(),
                categories: vec![scope::catalogue::Category::Security],
            };
            let id = scope::service::open_engagement(tx, &mut env, &manage, &input)?;
            let join = authorize::<JoinFirm>(&lead, &scope::facts(tx, id)?)?;
            scope::service::join_firm(tx, &mut env, &join, firm)?;
            Ok(id)
        })
        .unwrap()
}

#[test]
fn the_next_period_begins_from_plans_and_recipes_and_carries_no_conclusion() {
    on_both(&ROOMS, |t| {
        let world = World::ready_with(t, real::examine);
        let (before, next) = (world.engagement, next_year(&world));
        let carry = |from: EngagementId, into: EngagementId| {
            let (who, mut env) = (world.partner(), world.next());
            let done = t.db.write_blocking(move |tx| {
                let permit = authorize::<CarryForward>(&who, &scope::facts(tx, into)?)?;
                completion::carry(tx, &mut env, &permit, from)
            });
            t.sequence();
            done
        };
        assert!(said(refused(carry(next, before))).contains("an earlier period"));
        assert_eq!(refused(carry(next, next)), Refusal::NotFound);
        assert_eq!(carry(before, next).unwrap(), 2);
        let (papers, carried, old) =
            t.db.read_blocking(move |c| {
                let papers = Papers::load(c, next)?;
                let carried = store::carried(c, papers.file)?.unwrap();
                Ok((papers, carried, Papers::load(c, before)?))
            })
            .unwrap();
        // Plans come along as they were, under ids of their own.
        let plans = |p: &Papers| p.tests.iter().map(|t| t.plan.clone()).collect::<Vec<_>>();
        assert_eq!(plans(&papers), plans(&old));
        assert!(papers.tests.iter().all(|t| old.tests.iter().all(|o| o.id != t.id)));
        // Nothing that was found, seen or concluded does.
        assert!(
            papers.populations.is_empty()
                && papers.censuses.is_empty()
                && papers.deviations.is_empty()
        );
        assert!(papers.items.is_empty() && papers.samples.values().all(Vec::is_empty));
        assert_eq!(papers.conclusions(), []);
        assert_eq!(papers.matters_version, 0);
        assert!(
            t.db.read_blocking({
                let file = papers.file;
                move |c| {
                    Ok(store::procedures(c, file)?.is_empty()
                        && store::signatures(c, file)?.is_empty())
                }
            })
            .unwrap()
        );
        // How the populations were got, and nothing of their rows.
        let names: Vec<&str> = carried.recipes.iter().map(|r| r.name.as_str()).collect();
        assert_eq!(names, ["Changes", "Leavers"]);
        assert_eq!(carried.recipes[1].columns, ["worker", "left_on"]);
        let told = serde_json::to_string(&carried).unwrap();
        for population in old.populations.values() {
            assert!(
                !told.contains(&population.body.canonical_sha256)
                    && !told.contains(&population.body.rows_blob.sha256)
            );
        }
        // The deviation of last year raises the control's risk class.
        assert_eq!((carried.risks.len(), carried.risks[0].deviations), (1, 1));
        assert!(carried.risks[0].reason.contains("2025"), "{:?}", carried.risks);
        assert!(said(refused(carry(before, next))).contains("already"));
        // That class decides how much is planned, and the plan says why.
        let control = papers.control(carried.risks[0].control).unwrap();
        let plan = t.db.read_blocking(|c| Plan::load(c, &papers)).unwrap();
        let (risk, reasons) = plan.class(&papers, control);
        assert_eq!(risk, Risk::High);
        assert!(reasons.contains(&carried.risks[0].reason), "{reasons:?}");
        assert!(plan.raise(&papers, control).contains("from normal to high"));
        for test in &papers.tests {
            let size = papers.sizes.get(&test.id);
            let sampled =
                matches!(test.plan.basis, TestBasis::Statistical | TestBasis::Judgemental);
            assert_eq!(size.is_some(), sampled, "{}", test.plan.code);
            if let Some(size) = size.filter(|_| test.plan.control == control.id) {
                assert_eq!((size.risk, size.items), (Risk::High, size.by_policy));
                assert!(size.reason.contains(&carried.risks[0].reason), "{size:?}");
            }
        }
    });
}

#[test]
fn a_deviation_raises_the_class_and_the_sample_of_the_next_period_is_larger() {
    on_both(&ROOMS, |t| {
        let mut world = World::new(t);
        world.registers();
        let (before, owner) = (world.engagement, world.organisation);
        let control =
            t.db.read_blocking(move |c| controls::store::by_code(c, owner, "IAM-05"))
                .unwrap()
                .unwrap()
                .id;
        let sized = |engagement, test| {
            let papers = t.db.read_blocking(move |c| Papers::load(c, engagement)).unwrap();
            papers.sizes[&test].clone()
        };
        // Thirty leavers of normal risk: ten are tested, and one of them deviates.
        let population = real::leavers(&world, control, 2025, 30);
        let test = real::accepted(&world, control, "T-IAM-05-1");
        let then = sized(before, test);
        assert_eq!((then.risk, then.population, then.expected), (Risk::Normal, 30, false));
        let (sample, tested) =
            real::sample(&world, test, population, usize::try_from(then.items).unwrap());
        assert_eq!(tested.len(), 10);
        real::results(&world, sample, &tested);

        let next = next_year(&world);
        let (who, mut env) = (world.partner(), world.next());
        let carried = t.db.write_blocking(move |tx| {
            let permit = authorize::<CarryForward>(&who, &scope::facts(tx, next)?)?;
            completion::carry(tx, &mut env, &permit, before)
        });
        t.sequence();
        assert_eq!(carried.unwrap(), 1);
        let papers = t.db.read_blocking(move |c| Papers::load(c, next)).unwrap();
        let test = papers.tests[0].id;
        // No population is frozen yet: the class is raised, and the size is that of a large one.
        let planned = sized(next, test);
        assert_eq!((planned.risk, planned.expected), (Risk::High, true));
        assert!(planned.items > then.items);
        assert!(planned.reason.contains("from normal to high"), "{}", planned.reason);

        // The year is over, and as many left: the size is read again, and is larger for the class alone.
        world.engagement = next;
        world.env.lock().unwrap().set_now(Timestamp::parse("2027-01-11T09:00:00Z").unwrap());
        let population = real::leavers(&world, control, 2026, 30);
        let now = sized(next, test);
        assert_eq!((now.risk, now.population, now.expected), (Risk::High, 30, false));
        assert_eq!((then.items, now.items, now.by_policy), (10, 15, 15));
        assert_eq!(now.reason, planned.reason);
        let papers = t.db.read_blocking(move |c| Papers::load(c, next)).unwrap();
        let mut plan = t.db.read_blocking(|c| Plan::load(c, &papers)).unwrap();
        let known = papers.control(control).unwrap();
        assert_eq!(plan.proposal(&papers, known).unwrap().size.items, 15);
        (plan.prior, plan.raised) = Default::default();
        assert_eq!(plan.proposal(&papers, known).unwrap().size.items, 10);
        let (_, drawn) =
            real::sample(&world, test, population, usize::try_from(now.items).unwrap());
        assert!(drawn.len() > tested.len());
        // Once a sample is drawn, another freeze changes nothing.
        real::leavers(&world, control, 2026, 60);
        assert_eq!(sized(next, test), now);
    });
}
