//! Inquiries, appointments and consent; the evaluation of reporting mechanisms; commitments: on both databases.

use crate::support::*;
use cases::channels::model::{Audience, ChannelKind};
use cases::model::CaseKind;
use cases::permits::FileReport;
use cases::service::ReportInput;
use commitments::model::{Kept, RequirementKind, Source};
use commitments::permits::{ManageCommitments, MeasureCommitment};
use commitments::service::{CommitmentInput, RequirementInput};
use examination::inquiries::model::{
    Agreed, AppointmentState, Asked, CorroborationKind, Entry, InquiryId, Meeting, Plan,
    ProcedureKind, ProcedureState, Support, Tenure,
};
use examination::inquiries::permits::{
    AnswerAppointment, GiveConsent, HoldInquiries, ScheduleInquiry,
};
use examination::inquiries::{appointments, service as inquiries, store as asked};
use examination::mechanisms::model::{Found, IdentifiedChannel, PaperKind, Weights};
use examination::mechanisms::permits::{EvaluateMechanisms, ReviewMemorandum, SignMemorandum};
use examination::mechanisms::rules::rubric::{Dimension, Rating};
use examination::mechanisms::{service as mechanisms, store as evaluated};
use examination::promises::model::{Agrees, Judged, Understood};
use examination::promises::permits::{ConcludeCommitment, EvaluateCommitments};
use examination::promises::{rules as promise_rules, service as promises};
use examination::rules::facts::Answer;
use examination::store::{facts_for_opinion, file_of, inputs_sha256};

pub(crate) const ALL: &[Room] = &[
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    cases::ROOM,
    cases::channels::ROOM,
    cases::mailroom::ROOM,
    cases::hooks::ROOM,
    cases::canaries::ROOM,
    cases::totals::ROOM,
    cases::sealed::ROOM,
    cases::status::ROOM,
    cases::policy::ROOM,
    cases::clocks::ROOM,
    cases::views::ROOM,
    cases::work::ROOM,
    cases::training::ROOM,
    cases::patterns::ROOM,
    cases::surveys::ROOM,
    cases::disclosures::ROOM,
    evidence::ROOM,
    evidence::collectors::ROOM,
    examination::ROOM,
    examination::ipe::ROOM,
    examination::supplied::ROOM,
    examination::sheets::ROOM,
    examination::deviations::ROOM,
    examination::firm::ROOM,
    examination::planning::ROOM,
    examination::inquiries::ROOM,
    examination::mechanisms::ROOM,
    examination::promises::ROOM,
];

fn inquiry(w: &World<'_>, kind: ProcedureKind) -> Plan {
    Plan {
        kind,
        title: "Leavers".into(),
        purpose: "How leavers are told of.".into(),
        controls: vec![w.leavers],
        tests: Vec::new(),
        asked: vec![Asked {
            name: "Ada".into(),
            function: "Head of IT".into(),
            tenure: Tenure::Settled,
            reason: "Owns the control.".into(),
        }],
        questions: vec!["M1".into()],
        own: Vec::new(),
    }
}

fn plan(w: &World<'_>, kind: ProcedureKind) -> Result<InquiryId> {
    let plan = inquiry(w, kind);
    w.run::<HoldInquiries, _>(&staff(), move |tx, e, p| inquiries::plan(tx, e, p, None, &plan))
}

fn add(w: &World<'_>, id: InquiryId, version: i64, entry: Entry) -> Result<i64> {
    w.run::<HoldInquiries, _>(&staff(), move |tx, e, p| {
        inquiries::add(tx, e, p, (id, version), &entry)
    })
}

fn conclude_it(w: &World<'_>, id: InquiryId, version: i64, support: Support) -> Result<()> {
    w.run::<HoldInquiries, _>(&staff(), move |tx, e, p| {
        inquiries::conclude(tx, e, p, (id, version), (support, "Learnt."))
    })
}

fn answer(at: Timestamp) -> Entry {
    Entry::Answer {
        question: "M1".into(),
        who: "Ada".into(),
        role: "Head of IT".into(),
        at,
        answer: "By ticket.".into(),
    }
}

#[test]
fn the_organisation_learns_nothing_of_the_firms_papers() {
    let facts = Facts::engagement(
        EngagementId::new(Timestamp(0), 5),
        party(ORGANISATION),
        Some(party(FIRM)),
        false,
    );
    fn closed<A: Action + std::fmt::Debug>(facts: &Facts) {
        for role in Role::ALL.iter().filter(|r| r.side() == Side::ServiceOrganisation) {
            let who = actor(Side::ServiceOrganisation, party(ORGANISATION), 10, *role);
            assert_eq!(authorize::<A>(&who, facts).unwrap_err(), Refusal::NotFound);
        }
    }
    closed::<HoldInquiries>(&facts);
    closed::<ScheduleInquiry>(&facts);
    closed::<EvaluateMechanisms>(&facts);
    closed::<SignMemorandum>(&facts);
    closed::<ReviewMemorandum>(&facts);
    closed::<EvaluateCommitments>(&facts);
    closed::<ConcludeCommitment>(&facts);
    // What is the organisation's, the firm does not answer for it.
    for role in Role::ALL.iter().filter(|r| r.side() == Side::Firm) {
        assert_eq!(
            authorize::<AnswerAppointment>(&firm(20, *role), &facts).unwrap_err(),
            Refusal::NotFound
        );
        assert_eq!(
            authorize::<GiveConsent>(&firm(20, *role), &facts).unwrap_err(),
            Refusal::NotFound
        );
    }
}

#[test]
fn inquiry_alone_is_never_concluded_on_for_operation() {
    on_both(ALL, |t| {
        let w = World::new(t);
        let id = plan(&w, ProcedureKind::Inquiry).unwrap();
        assert!(
            state_refusal(conclude_it(&w, id, 1, Support::Understanding))
                .contains("Nothing is on record")
        );
        assert!(matches!(
            refused(add(&w, id, 1, answer(w.now().plus_seconds(3_600)))),
            Refusal::Input { field: Some("at"), .. }
        ));
        add(&w, id, 1, answer(w.now())).unwrap();
        let alone = state_refusal(conclude_it(&w, id, 2, Support::Operation));
        assert!(alone.contains("Inquiry alone is not enough"), "{alone}");
        let session = Entry::Session {
            on: "2025-06-01".into(),
            place: "Room 1".into(),
            present: "Ada".into(),
            seen: "s".into(),
        };
        assert!(matches!(refused(add(&w, id, 2, session)), Refusal::Input { .. }));
        let shown = Entry::Corroboration {
            by: CorroborationKind::Inspection,
            found: "The tickets.".into(),
            evidence: vec!["Ticket 7".into()],
        };
        add(&w, id, 2, shown).unwrap();
        add(&w, id, 3, Entry::FollowUp { what: "Ask HR.".into(), due: "2026-01-31".into() })
            .unwrap();
        assert!(state_refusal(conclude_it(&w, id, 4, Support::Operation)).contains("follow-ups"));
        assert!(matches!(refused(conclude_it(&w, id, 3, Support::Operation)), Refusal::State(_)));
        w.run::<HoldInquiries, _>(&staff(), move |tx, e, p| {
            inquiries::follow_up(tx, e, p, (id, 4), (3, "HR agrees."))
        })
        .unwrap();
        // Somebody else's version is refused.
        assert!(matches!(
            refused(conclude_it(&w, id, 4, Support::Operation)),
            Refusal::Stale { .. }
        ));
        conclude_it(&w, id, 5, Support::Operation).unwrap();
        assert!(state_refusal(add(&w, id, 6, answer(w.now()))).contains("concluded"));
        let file = file_of(&w.facts).unwrap();
        let (one, entries) =
            t.db.read_blocking(move |conn| {
                Ok((asked::procedure(conn, file, id)?.unwrap(), asked::entries(conn, file, id)?))
            })
            .unwrap();
        assert_eq!(one.state, ProcedureState::Concluded);
        assert_eq!(one.outcome.unwrap().support, Support::Operation);
        assert_eq!(entries.len(), 3);
        assert_eq!(entries[2].outcome.as_deref(), Some("HR agrees."));
        // Another firm that joins later finds nothing.
        let other = examination::model::File { firm: party(9), ..file };
        assert!(t.db.read_blocking(move |conn| asked::procedures(conn, other)).unwrap().is_empty());
    });
}

#[test]
fn a_survey_of_user_entities_needs_the_organisations_consent() {
    on_both(ALL, |t| {
        let w = World::new(t);
        assert!(state_refusal(plan(&w, ProcedureKind::Survey)).contains("has not consented"));
        let engagement = w.engagement;
        let give = |what| {
            w.run::<GiveConsent, _>(&lead(), move |tx, e, p| {
                appointments::consent(tx, e, p, engagement, (what, "Fifty customers, once."))
            })
        };
        // Consent to something else is none to this.
        give(Agreed::OwnSurveys).unwrap();
        assert!(state_refusal(plan(&w, ProcedureKind::Survey)).contains("has not consented"));
        give(Agreed::UserEntities).unwrap();
        assert!(state_refusal(give(Agreed::UserEntities)).contains("already"));
        let id = plan(&w, ProcedureKind::Survey).unwrap();
        add(&w, id, 1, answer(w.now())).unwrap();
        w.run::<GiveConsent, _>(&lead(), move |tx, e, p| {
            appointments::withdraw(tx, e, p, engagement, (Agreed::UserEntities, "No more."))
        })
        .unwrap();
        assert!(state_refusal(add(&w, id, 2, answer(w.now()))).contains("has not consented"));
        give(Agreed::UserEntities).unwrap();
        add(&w, id, 2, answer(w.now())).unwrap();
    });
}

#[test]
fn the_organisation_sees_its_appointments_and_nothing_else_of_a_procedure() {
    on_both(ALL, |t| {
        let w = World::new(t);
        let person =
            t.db.write_blocking(|tx| {
                let us = party(ORGANISATION);
                let setup = authorize(&Actor::system(us, "setup"), &Facts::of(us))?;
                let mut e = Env::new(env().now(), [6; 32]);
                identity::service::register_party(
                    tx,
                    &mut e,
                    &setup,
                    Side::ServiceOrganisation,
                    "Ledgerly",
                )?;
                identity::service::add_person_directly(
                    tx,
                    &mut e,
                    party(ORGANISATION),
                    "ada@example.com",
                    "Ada",
                    &[Role::ControlOwner],
                )
            })
            .unwrap();
        let id = plan(&w, ProcedureKind::Inquiry).unwrap();
        let meeting = Meeting {
            person,
            at: w.now().plus_seconds(86_400),
            minutes: 30,
            place: "Video".into(),
            topics: "How leavers are told of".into(),
            contact: PersonId::new(Timestamp(0), 22),
        };
        let stranger = Meeting { person: PersonId::new(Timestamp(0), 99), ..meeting.clone() };
        let schedule = |version, meeting: Meeting| {
            w.run::<ScheduleInquiry, _>(&staff(), move |tx, e, p| {
                appointments::schedule(tx, e, p, (id, version), &meeting)
            })
        };
        assert!(matches!(
            refused(schedule(1, stranger)),
            Refusal::Input { field: Some("person"), .. }
        ));
        let past = Meeting { at: w.now(), ..meeting.clone() };
        assert!(matches!(refused(schedule(1, past)), Refusal::Input { field: Some("at"), .. }));
        let given = schedule(1, meeting.clone()).unwrap();
        // Their log holds the appointment and no word of the plan.
        let mut theirs = Vec::new();
        for kind in
            ["inquiries.appointment_set.v1", "inquiries.planned.v1", "inquiries.scheduled.v1"]
        {
            t.db.read_blocking(|conn| {
                platform::journal::each_payload(conn, party(ORGANISATION), kind, |payload| {
                    theirs.push(String::from_utf8(payload.to_vec()).unwrap());
                    Ok(())
                })
            })
            .unwrap();
        }
        assert_eq!(theirs.len(), 1);
        assert!(theirs[0].contains("How leavers are told of"));
        assert!(!theirs[0].contains("Owns the control") && !theirs[0].contains(&id.to_string()));
        let reply = |who: Actor, version, comes, words: &'static str| {
            w.run::<AnswerAppointment, _>(&who, move |tx, e, p| {
                appointments::answer(tx, e, p, (given, version), (comes, words))
            })
        };
        let owner = Actor {
            person: Some(person),
            ..actor(Side::ServiceOrganisation, party(ORGANISATION), 1, Role::ControlOwner)
        };
        let other = actor(Side::ServiceOrganisation, party(ORGANISATION), 77, Role::ControlOwner);
        assert_eq!(refused(reply(other, 1, true, "")), Refusal::NotFound);
        assert!(matches!(
            refused(reply(owner.clone(), 1, false, "")),
            Refusal::Input { field: Some("reply"), .. }
        ));
        reply(owner.clone(), 1, false, "On Tuesday.").unwrap();
        let seen = |who: Option<PersonId>| {
            t.db.read_blocking(move |conn| asked::appointments(conn, party(ORGANISATION), who))
                .unwrap()
        };
        assert_eq!(seen(Some(person))[0].state, AppointmentState::OtherTime);
        assert!(seen(Some(PersonId::new(Timestamp(0), 77))).is_empty());
        // Moved: the same appointment, waiting for an answer again.
        let moved = Meeting { at: w.now().plus_seconds(172_800), ..meeting };
        assert_eq!(schedule(2, moved).unwrap(), given);
        assert_eq!(seen(None)[0].state, AppointmentState::Proposed);
        w.run::<ScheduleInquiry, _>(&staff(), move |tx, e, p| {
            appointments::call_off(tx, e, p, id, "Ill.")
        })
        .unwrap();
        assert!(state_refusal(reply(owner, 4, true, "")).contains("took this appointment back"));
    });
}

pub(crate) fn report(w: &World<'_>, n: u8) {
    let at = Timestamp::parse("2025-03-01T10:00:00Z").unwrap().plus_seconds(i64::from(n) * 3_600);
    reported(w, n, at);
}

/// A report that came in at a moment.
pub(crate) fn reported(w: &World<'_>, n: u8, at: Timestamp) {
    let public = Actor::public(party(ORGANISATION));
    let permit = authorize::<FileReport>(&public, &Facts::of(party(ORGANISATION))).unwrap();
    w.t.db
        .write_blocking(move |tx| {
            let mut seed = [3; 32];
            seed[0] = n;
            let mut e = Env::new(at, seed);
            let input =
                ReportInput::new("portal", CaseKind::Failure, "It fails", "It fails each day.");
            cases::service::file_report(tx, &mut e, &permit, &input)
        })
        .unwrap();
}

pub(crate) fn draw(w: &World<'_>, version: i64, size: usize) -> Result<usize> {
    w.run::<EvaluateMechanisms, _>(&staff(), move |tx, e, p| {
        mechanisms::draw(tx, e, p, version, size)
    })
}

pub(crate) fn evaluation(w: &World<'_>) -> examination::mechanisms::model::Evaluation {
    let file = file_of(&w.facts).unwrap();
    w.t.db.read_blocking(move |conn| evaluated::evaluation(conn, file)).unwrap()
}

#[test]
fn cases_are_drawn_once_and_a_larger_draw_begins_with_the_smaller() {
    on_both(ALL, |t| {
        let w = World::new(t);
        w.env.lock().unwrap().set_now(Timestamp::parse("2025-12-31T20:00:00Z").unwrap());
        (0..12).for_each(|n| report(&w, n));
        assert!(state_refusal(draw(&w, 0, 3)).contains("period has not ended"));
        w.env.lock().unwrap().set_now(Timestamp::parse("2026-01-10T00:00:00Z").unwrap());
        assert!(matches!(refused(draw(&w, 0, 13)), Refusal::Input { field: Some("size"), .. }));
        draw(&w, 0, 3).unwrap();
        let first = evaluation(&w).draw.unwrap().body;
        assert_eq!((first.population, first.numbers.len()), (12, 3));
        // The draw follows from hash and seed alone.
        let effective =
            populations::select::effective_seed(&first.population_sha256, &first.seed).unwrap();
        assert_eq!(effective, first.effective_seed);
        assert!(matches!(refused(draw(&w, 1, 3)), Refusal::Input { .. }));
        draw(&w, 1, 8).unwrap();
        let second = evaluation(&w).draw.unwrap().body;
        assert_eq!(second.numbers[..3], first.numbers[..]);
        assert_eq!(second.seed, first.seed);
        // A case that turns up in the period afterwards changes the population: no draw from another one.
        report(&w, 40);
        assert!(state_refusal(draw(&w, 2, 9)).contains("not those that were drawn from"));
    });
}

fn channel() -> IdentifiedChannel {
    IdentifiedChannel {
        name: "old mailbox".into(),
        audience: Audience::External,
        kind: ChannelKind::Email,
        registered: None,
        found: BTreeMap::new(),
        works: Found::No,
        note: "Nobody answers.".into(),
        evidence: vec!["Agreement of 2024".into()],
    }
}

fn score(w: &World<'_>, dimension: Dimension, version: i64, score: u8) -> Result<()> {
    w.run::<EvaluateMechanisms, _>(&staff(), move |tx, e, p| {
        let shown = ["/channels".to_owned()];
        mechanisms::score(tx, e, p, version, (dimension, score, "Seen.", &shown))
    })
}

#[test]
fn the_memorandum_rests_on_its_papers_and_never_feeds_the_opinion() {
    on_both(ALL, |t| {
        let w = World::new(t);
        w.env.lock().unwrap().set_now(Timestamp::parse("2026-01-10T00:00:00Z").unwrap());
        let engagement = w.engagement;
        let facts = || t.db.read_blocking(move |conn| facts_for_opinion(conn, engagement)).unwrap();
        let (facts_before, digest_before) = (facts(), inputs_sha256(&w.papers(), About::Opinion));
        let sign = |who: Actor, version| {
            w.run::<SignMemorandum, _>(&who, move |tx, e, p| {
                mechanisms::sign(tx, e, p, version, "It holds.")
            })
        };
        let review = |who: Actor| {
            w.run::<ReviewMemorandum, _>(&who, move |tx, e, p| {
                mechanisms::review(tx, e, p, 0, "Read.")
            })
        };
        let bare = IdentifiedChannel { evidence: vec![" ".into()], ..channel() };
        let identify = |input: IdentifiedChannel| {
            w.run::<EvaluateMechanisms, _>(&staff(), move |tx, e, p| {
                mechanisms::identify_channel(tx, e, p, None, &input)
            })
        };
        assert!(matches!(refused(identify(bare)), Refusal::Input { field: Some("evidence"), .. }));
        let key = identify(channel()).unwrap();
        assert!(state_refusal(sign(manager(), 0)).contains("Score all five"));
        assert!(matches!(
            refused(score(&w, Dimension::Tracking, 0, 6)),
            Refusal::Input { field: Some("score"), .. }
        ));
        for (n, dimension) in Dimension::ALL.iter().enumerate() {
            score(&w, *dimension, 0, if n == 1 { 2 } else { 5 }).unwrap();
        }
        let overall = evaluation(&w).overall().unwrap();
        assert_eq!((overall.shown(), overall.rating), ("3.00".into(), Rating::Adequate));
        sign(manager(), 0).unwrap();
        assert!(evaluation(&w).signed() && !evaluation(&w).reviewed());
        assert!(state_refusal(review(manager())).contains("Somebody else"));
        review(partner()).unwrap();
        assert!(evaluation(&w).reviewed());
        // The very strongest evaluation and the weakest leave the opinion's facts alone.
        assert_eq!(facts(), facts_before);
        assert_eq!(inputs_sha256(&w.papers(), About::Opinion), digest_before);
        // Any later change of a paper voids signature and review.
        w.run::<EvaluateMechanisms, _>(&staff(), move |tx, e, p| {
            mechanisms::withdraw(tx, e, p, PaperKind::Channel, (&key, 1), "It was closed.")
        })
        .unwrap();
        let now = evaluation(&w);
        assert!(now.channels.is_empty() && !now.signed() && !now.reviewed());
        assert!(state_refusal(review(partner())).contains("not signed"));
        let weights = Weights { weights: [0, 1, 0, 0, 0], reason: "Users are many.".into() };
        w.run::<EvaluateMechanisms, _>(&staff(), move |tx, e, p| {
            mechanisms::set_weights(tx, e, p, 0, &weights)
        })
        .unwrap();
        assert_eq!(evaluation(&w).overall().unwrap().rating, Rating::Weak);
        assert_eq!(inputs_sha256(&w.papers(), About::Opinion), digest_before);
    });
}

#[test]
fn a_later_version_of_the_rubric_leaves_a_signed_memorandum_as_it_was_signed() {
    use examination::firm::model::PolicyBody;
    on_both(ALL, |t| {
        let w = World::new(t);
        let policy = |label: &str, strong_from, weak_below| {
            let now = w.now().plus_seconds(60);
            w.env.lock().unwrap().set_now(now);
            w.policy(label, PolicyBody::Rubric { strong_from, weak_below });
        };
        w.env.lock().unwrap().set_now(Timestamp::parse("2025-06-10T00:00:00Z").unwrap());
        policy("2025-1", 40, 30);
        for dimension in Dimension::ALL {
            score(&w, *dimension, 0, 4).unwrap();
        }
        let sign = |version| {
            w.run::<SignMemorandum, _>(&manager(), move |tx, e, p| {
                mechanisms::sign(tx, e, p, version, "It holds.")
            })
        };
        let told = |e: &examination::mechanisms::model::Evaluation| {
            (e.signed(), e.cut_offs.policy.clone().unwrap(), e.overall().unwrap().rating)
        };
        sign(0).unwrap();
        assert_eq!(told(&evaluation(&w)), (true, "2025-1".into(), Rating::Strong));
        policy("2025-2", 45, 30);
        // Signed under the older version, it stands, says which, and is classified as it was.
        assert_eq!(told(&evaluation(&w)), (true, "2025-1".into(), Rating::Strong));
        w.run::<ReviewMemorandum, _>(&partner(), |tx, e, p| {
            mechanisms::review(tx, e, p, 0, "Read.")
        })
        .unwrap();
        assert!(evaluation(&w).reviewed());
        // A changed paper voids the signature; what is signed next takes the version in force.
        score(&w, Dimension::Tracking, 1, 4).unwrap();
        assert_eq!(told(&evaluation(&w)), (false, "2025-2".into(), Rating::Adequate));
        sign(1).unwrap();
        assert_eq!(told(&evaluation(&w)), (true, "2025-2".into(), Rating::Adequate));
    });
}

#[test]
fn a_judged_finding_stays_judgeable_after_its_commitment_was_restated() {
    on_both(ALL, |t| {
        let w = World::new(t);
        let (commitment, _) = promise(&w);
        let all = promise_rules::findings(&w.papers());
        let own = all.iter().filter(|f| f.commitment == Some(commitment));
        let keys: Vec<String> = own.map(promise_rules::Finding::key).collect();
        assert!(keys.len() >= 2, "{all:?}");
        let judge = |key: &str, version, judged| {
            let key = key.to_owned();
            w.run::<EvaluateCommitments, _>(&staff(), move |tx, e, p| {
                promises::judge(tx, e, p, (&key, version), (judged, "Technology is bought in."))
            })
        };
        judge(&keys[0], 0, Judged::None).unwrap();
        w.run::<ManageCommitments, _>(&lead(), move |tx, e, p| {
            let input = CommitmentInput {
                code: "SC-09".into(),
                category: Category::Security,
                statement: "We are careful.".into(),
                principal: false,
                sources: vec![Source { kind: "contract".into(), reference: "Clause 3".into() }],
                owner: None,
            };
            commitments::service::state_commitment(tx, e, p, Some((commitment, 1)), &input)
        })
        .unwrap();
        let papers = w.papers();
        let past = promise_rules::past_findings(&papers, commitment);
        assert_eq!(past.len(), 1, "{past:?}");
        judge(&keys[0], 1, Judged::Stands).unwrap();
        let papers = w.papers();
        let kept = &promise_rules::past_findings(&papers, commitment)[0].body;
        assert_eq!((kept.judged, kept.commitment), (Judged::Stands, Some(commitment)));
        assert!(kept.finding.contains("SC-01"), "as the check said it: {}", kept.finding);
        // What was never judged and is found no longer says so.
        let gone = state_refusal(judge(&keys[1], 0, Judged::Stands));
        assert!(gone.contains("The checks no longer find this"), "{gone}");
    });
}

/// A commitment with the requirement behind it.
fn promise(w: &World<'_>) -> (commitments::model::CommitmentId, commitments::model::RequirementId) {
    let owner = Facts::of(party(ORGANISATION));
    let keep = authorize::<ManageCommitments>(&lead(), &owner).unwrap();
    w.t.db
        .write_blocking(move |tx| {
            let mut e = Env::new(env().now(), [5; 32]);
            let input = CommitmentInput {
                code: "SC-01".into(),
                category: Category::Security,
                statement: "Access of leavers to the payroll system ends within 24 hours of their last day, as the directory's log shows.".into(),
                principal: true,
                sources: vec![Source { kind: "contract".into(), reference: "Clause 3".into() }],
                owner: None,
            };
            let one = commitments::service::state_commitment(tx, &mut e, &keep, None, &input)?;
            let input = RequirementInput {
                code: "SR-01".into(),
                kind: RequirementKind::Process,
                statement: "Departures reach IT the same day.".into(),
                commitments: vec![one],
                criteria: vec!["CC6.2".parse().unwrap()],
            };
            let two = commitments::service::state_requirement(tx, &mut e, &keep, None, &input)?;
            Ok((one, two))
        })
        .unwrap()
}

#[test]
fn a_persons_conclusion_on_a_commitment_feeds_the_opinion_while_it_stands() {
    on_both(ALL, |t| {
        let w = World::new(t);
        let (commitment, requirement) = promise(&w);
        let leavers = w.leavers;
        w.run::<ManageControls, _>(&lead(), move |tx, e, p| {
            let mut text = control_text("IAM-05", "CC6.2");
            text.requirements = vec![requirement];
            controls::service::state_control(
                tx,
                e,
                p,
                Some((leavers, 1, "It meets a requirement.")),
                &text,
            )
        })
        .unwrap();
        let engagement = w.engagement;
        let assured = || {
            let facts =
                t.db.read_blocking(move |conn| facts_for_opinion(conn, engagement)).unwrap();
            facts.commitments[0].assurance
        };
        let conclude = |version, answer| {
            w.run::<ConcludeCommitment, _>(&manager(), move |tx, e, p| {
                let shown = ["The tests of IAM-05".to_owned()];
                promises::conclude(
                    tx,
                    e,
                    p,
                    version,
                    (commitment, answer, "The tests show it.", &shown),
                )
            })
        };
        assert_eq!(assured(), None);
        let early = state_refusal(conclude(0, Answer::Yes));
        assert!(early.contains("has not been read") && early.contains("IAM-05"), "{early}");
        conclude(0, Answer::Unknown).unwrap();
        assert_eq!(assured(), Some(Answer::Unknown));
        let understood = Understood {
            commitment,
            version: 0,
            agrees: Agrees::Yes,
            read: "The contract.".into(),
            evidence: vec!["Contract".into()],
        };
        w.run::<EvaluateCommitments, _>(&staff(), move |tx, e, p| {
            promises::understand(tx, e, p, 0, &understood)
        })
        .unwrap();
        // What was concluded before more was read no longer stands, and nothing is known again.
        assert_eq!(assured(), None);
        for finding in promise_rules::findings(&w.papers()) {
            if finding.commitment == Some(commitment) {
                w.run::<EvaluateCommitments, _>(&staff(), move |tx, e, p| {
                    promises::judge(
                        tx,
                        e,
                        p,
                        (&finding.key(), 0),
                        (Judged::None, "Technology is bought in."),
                    )
                })
                .unwrap();
            }
        }
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        let population = w.freeze("Leavers", 10);
        w.census(test, population, [10, 0, 0, 0]).unwrap();
        w.conclude_control(w.leavers, OperationState::Effective, None).unwrap();
        let digest = inputs_sha256(&w.papers(), About::Opinion);
        conclude(1, Answer::Yes).unwrap();
        assert_eq!(assured(), Some(Answer::Yes));
        assert_ne!(inputs_sha256(&w.papers(), About::Opinion), digest, "the opinion rests on it");
        // The organisation measures: another fact that the conclusion did not know.
        w.run::<MeasureCommitment, _>(&lead(), move |tx, e, p| {
            let kept = Kept {
                commitment,
                window: "2025-02".into(),
                value: "97 %".into(),
                met: false,
                source: "Log".into(),
            };
            commitments::service::measure(tx, e, p, &kept)
        })
        .unwrap();
        assert_eq!(assured(), None);
        // Eleven months without a result are a finding now, to be judged before a favourable conclusion.
        assert!(state_refusal(conclude(2, Answer::Yes)).contains("Not judged yet"));
        conclude(2, Answer::No).unwrap();
        assert_eq!(assured(), Some(Answer::No));
        // A version that somebody else has changed is refused.
        assert!(matches!(refused(conclude(2, Answer::No)), Refusal::Stale { .. }));
    });
}
