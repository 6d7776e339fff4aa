//! Commands of work on a case and their tables, on both databases.

use crate::common::{Cast, blamed, cast, refusal, run, state};
use crate::rooms::ROOMS;
use cases::events::CaseEvent;
use cases::model::casework::{
    CauseCode, CauseMethod, DataKind, Fact, FactKind, Impact, MessagePurpose, Review, RootCause,
};
use cases::model::{CaseId, CaseKind, CaseState, Severity};
use cases::permits::{FileReport, HandleCase};
use cases::service::{self, ReportInput, casework};
use cases::store;
use kernel::env::Env;
use kernel::ids::EventId;
use kernel::party::Actor;
use kernel::party::Role::CaseHandler;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::journal::history;
use platform::testing::{TestDb, env, on_both};
use scope::catalogue::Category;

fn file(t: &TestDb, c: &Cast, contact: Option<&'static str>) -> CaseId {
    file_in(t, c, contact, "en")
}

fn file_in(t: &TestDb, c: &Cast, contact: Option<&'static str>, language: &'static str) -> CaseId {
    let owner = c.organisation;
    run(t, move |tx, env| {
        let input = ReportInput {
            channel: "portal".into(),
            kind: CaseKind::Incident,
            title: "A list went astray".into(),
            description: "A list of pay was sent to the wrong customer.".into(),
            occurred_at: None,
            reporter: cases::service::Reporter::Open { contact: contact.map(str::to_owned) },
            about_people: String::new(),
            parcel: None,
            language: language.into(),
        };
        let permit = authorize::<FileReport>(&Actor::public(owner), &Facts::of(owner))?;
        Ok(service::file_report(tx, env, &permit, &input)?.id)
    })
    .unwrap()
}

/// A command of the organisation's case handler.
fn act<T: Send + 'static>(
    t: &TestDb,
    c: &Cast,
    f: impl Fn(&mut Tx<'_>, &mut Env, &Permit<HandleCase>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (who, owner) = (c.of(c.organisation, CaseHandler), c.organisation);
    run(t, move |tx, env| f(tx, env, &authorize(&who, &Facts::of(owner))?))
}

fn before(hours: i64) -> Timestamp {
    Timestamp(env().now().0 - hours * 3_600_000_000)
}

#[test]
fn a_judgement_is_made_once_and_changed_with_a_reason() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = file(t, &c, None);
        let early = act(t, &c, move |tx, env, p| {
            casework::change_severity(tx, env, p, id, 1, (Severity::Low, false, "x"))
        });
        assert!(state(early).contains("no decision yet"));
        act(t, &c, move |tx, env, p| {
            service::triage(tx, env, p, id, 1, (Severity::Moderate, false, "One list"))
        })
        .unwrap();
        let twice = act(t, &c, move |tx, env, p| {
            service::triage(tx, env, p, id, 2, (Severity::High, true, "Many"))
        });
        assert!(state(twice).contains("first decision stays"));
        let same = act(t, &c, move |tx, env, p| {
            casework::change_severity(tx, env, p, id, 2, (Severity::Moderate, false, "x"))
        });
        assert_eq!(blamed(same).0, "severity");
        act(t, &c, move |tx, env, p| {
            casework::change_severity(tx, env, p, id, 2, (Severity::High, true, "Pay of many"))
        })
        .unwrap();
        t.db.read_blocking(|conn| {
            let judged = store::judged(conn, c.organisation, id)?.unwrap();
            assert_eq!((judged.incident, judged.changes), (true, 1));
            assert_eq!(judged.reason, "Pay of many");
            assert_eq!(judged.first_at, env().now());
            let case = store::case(conn, c.organisation, id)?.unwrap();
            assert_eq!(case.severity, Some(Severity::High));
            assert!(store::judged(conn, c.other, id)?.is_none());
            // Both decisions stand in the record.
            let both: Vec<String> = history(conn, &id.to_string())?
                .into_iter()
                .filter_map(|(_, _, payload)| payload)
                .filter_map(|p| match serde_json::from_slice::<CaseEvent>(&p).unwrap() {
                    CaseEvent::CaseTriaged(x) => Some(x.severity.word().to_owned()),
                    CaseEvent::SeverityChanged(x) => {
                        Some(format!("{}-{}", x.from.word(), x.to.word()))
                    }
                    _ => None,
                })
                .collect();
            assert_eq!(both, ["moderate", "moderate-high"]);
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn facts_have_their_own_times_and_the_last_statement_counts() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = file(t, &c, None);
        let fact = |what, hours: i64, evidence: &str| Fact {
            what,
            at: before(hours),
            evidence: evidence.into(),
        };
        let ahead = fact(FactKind::Aware, -1, "A mail");
        let refused = act(t, &c, move |tx, env, p| casework::state_fact(tx, env, p, id, 1, &ahead));
        assert_eq!(blamed(refused).0, "at");
        let bare = fact(FactKind::Aware, 1, " ");
        let refused = act(t, &c, move |tx, env, p| casework::state_fact(tx, env, p, id, 1, &bare));
        assert_eq!(blamed(refused).0, "evidence");
        for (version, fact) in [
            (1, fact(FactKind::Occurred, 9, "Log of the mail server")),
            (2, fact(FactKind::Contained, 2, "Mail recalled")),
            (3, fact(FactKind::Aware, 5, "Call of the customer")),
            (4, fact(FactKind::Contained, 3, "Receipt of the recall")),
        ] {
            act(t, &c, move |tx, env, p| casework::state_fact(tx, env, p, id, version, &fact))
                .unwrap();
        }
        t.db.read_blocking(|conn| {
            let facts = store::facts(conn, c.organisation, id)?;
            let all: Vec<_> = facts.iter().map(|f| (f.what, f.at)).collect();
            let wanted = [
                (FactKind::Occurred, before(9)),
                (FactKind::Aware, before(5)),
                (FactKind::Contained, before(3)),
            ];
            assert_eq!(all, wanted);
            let case = store::case(conn, c.organisation, id)?.unwrap();
            assert_eq!(case.occurred_at, Some(before(9)));
            assert!(store::facts(conn, c.other, id)?.is_empty());
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn what_a_case_touched_is_of_the_own_registers_and_found_from_both_ends() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = file(t, &c, None);
        let lead = c.lead();
        let component = run(t, move |tx, env| {
            let owner = lead.party.unwrap();
            let input = scope::service::ComponentInput {
                kind: scope::model::ComponentKind::Software,
                name: "Mailer".into(),
                purpose: "Sends lists".into(),
                owner: None,
                location: "eu-west".into(),
            };
            scope::service::describe_component(
                tx,
                env,
                &authorize(&lead, &Facts::of(owner))?,
                &input,
            )
        })
        .unwrap();
        let impact = Impact {
            categories: vec![Category::Confidentiality, Category::Security, Category::Security],
            criteria: vec!["C1.1".parse().unwrap(), "CC7.3".parse().unwrap()],
            components: vec![component],
            data: vec![DataKind::Personal],
            extent: "One customer, 240 people".into(),
            ..Impact::default()
        };
        assert!(impact.personal_data());
        let strange = Impact {
            controls: vec![controls::model::ControlId::new(Timestamp(0), 1)],
            ..impact.clone()
        };
        let refused =
            act(t, &c, move |tx, env, p| casework::state_impact(tx, env, p, id, 1, &strange));
        assert_eq!(blamed(refused).0, "controls");
        let first = impact.clone();
        act(t, &c, move |tx, env, p| casework::state_impact(tx, env, p, id, 1, &first)).unwrap();
        t.db.read_blocking(|conn| {
            let kept = store::impact(conn, c.organisation, id)?.unwrap();
            assert_eq!(kept.categories, [Category::Security, Category::Confidentiality]);
            let touched = store::touched(conn, c.organisation, "component")?;
            assert_eq!(touched, [(component.to_string(), id)]);
            assert!(store::touched(conn, c.other, "component")?.is_empty());
            Ok(())
        })
        .unwrap();
        let less = Impact { components: Vec::new(), ..impact };
        act(t, &c, move |tx, env, p| casework::state_impact(tx, env, p, id, 2, &less)).unwrap();
        let none = t.db.read_blocking(|conn| store::touched(conn, c.organisation, "component"));
        assert!(none.unwrap().is_empty(), "the whole is stated each time");
    });
}

#[test]
fn a_correction_names_the_entry_that_it_corrects() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let (id, other) = (file(t, &c, None), file(t, &c, None));
        act(t, &c, move |tx, env, p| service::note(tx, env, p, id, 1, "Two lists")).unwrap();
        let entry_of = |case: CaseId, n: usize| -> EventId {
            t.db.read_blocking(|conn| Ok(history(conn, &case.to_string())?[n].0.id)).unwrap()
        };
        let (entry, strange) = (entry_of(id, 1), entry_of(other, 0));
        let refused = act(t, &c, move |tx, env, p| {
            casework::correct(tx, env, p, id, 2, (strange, "One list", "Counted twice"))
        });
        assert_eq!(blamed(refused).0, "entry");
        act(t, &c, move |tx, env, p| {
            casework::correct(tx, env, p, id, 2, (entry, "One list", "Counted twice"))
        })
        .unwrap();
        let said = t.db.read_blocking(|conn| history(conn, &id.to_string())).unwrap();
        assert_eq!(said.len(), 3, "both stay");
        let last = serde_json::from_slice(said[2].2.as_ref().unwrap()).unwrap();
        let CaseEvent::EntryCorrected(correction) = last else { panic!("{last:?}") };
        assert_eq!(correction.entry, entry);
    });
}

#[test]
fn cause_review_and_reopening_follow_their_rules() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = file(t, &c, None);
        let cause = RootCause {
            method: CauseMethod::FiveWhys,
            steps: vec!["Why sent?".into(), " ".into(), "Why not checked?".into()],
            code: CauseCode::Process,
            cause: "Nobody compares the address with the customer.".into(),
        };
        let empty = RootCause { steps: vec![" ".into()], ..cause.clone() };
        let refused =
            act(t, &c, move |tx, env, p| casework::state_cause(tx, env, p, id, 1, &empty));
        assert_eq!(blamed(refused).0, "steps");
        act(t, &c, move |tx, env, p| casework::state_cause(tx, env, p, id, 1, &cause)).unwrap();
        let review = Review {
            held_on: "2026-01-01".into(),
            participants: vec!["Hana".into(), "Mei".into()],
            went_well: String::new(),
            went_badly: "Late".into(),
            lessons: "Compare addresses".into(),
        };
        for (held_on, why) in [("soon", "like"), ("2036-01-01", "future")] {
            let odd = Review { held_on: held_on.into(), ..review.clone() };
            let refused =
                act(t, &c, move |tx, env, p| casework::hold_review(tx, env, p, id, 2, &odd));
            let (field, sentence) = blamed(refused);
            assert!(field == "held_on" && sentence.contains(why), "{sentence}");
        }
        act(t, &c, move |tx, env, p| casework::hold_review(tx, env, p, id, 2, &review)).unwrap();
        let early = act(t, &c, move |tx, env, p| casework::reopen(tx, env, p, id, 3, "Again"));
        assert!(state(early).contains("resolved"));
        act(t, &c, move |tx, env, p| {
            service::triage(tx, env, p, id, 3, (Severity::High, true, "Pay"))?;
            service::resolve(tx, env, p, id, 4, ("Process", "Checked by two"))?;
            casework::reopen(tx, env, p, id, 5, "It happened again")
        })
        .unwrap();
        t.db.read_blocking(|conn| {
            let case = store::case(conn, c.organisation, id)?.unwrap();
            assert_eq!((case.state, case.resolved_at), (CaseState::InProgress, None));
            let kept = store::cause(conn, c.organisation, id)?.unwrap();
            assert_eq!(kept.steps, ["Why sent?", "Why not checked?"]);
            let by_code = store::cases_with_cause(conn, c.organisation, CauseCode::Process)?;
            assert_eq!(by_code, [id]);
            assert!(store::cases_with_cause(conn, c.other, CauseCode::Process)?.is_empty());
            assert_eq!(store::reviews(conn, c.organisation, id)?.len(), 1);
            assert!(store::cause(conn, c.other, id)?.is_none());
            assert!(store::reviews(conn, c.other, id)?.is_empty());
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn who_left_a_mail_address_is_told_by_mail_once() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let mails = || {
            t.db.read_blocking(|conn| {
                conn.query("SELECT about FROM job WHERE kind = 'mail'", &[])?
                    .iter()
                    .map(|row| row.get::<String>("about"))
                    .collect::<Result<Vec<_>>>()
            })
            .unwrap()
        };
        for (contact, sent) in
            [(None, 0), (Some("call +1 555 0100"), 0), (Some("ann@customer.example"), 1)]
        {
            let id = file(t, &c, contact);
            let tell = move |version: i64| {
                move |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<HandleCase>| {
                    let said = (MessagePurpose::Outcome, "It is mended.");
                    casework::tell(tx, env, p, id, version, said)
                }
            };
            act(t, &c, tell(1)).unwrap();
            assert!(matches!(refusal(act(t, &c, tell(1))), Refusal::Stale { .. }));
            let about = mails();
            assert_eq!(about.len(), sent, "{contact:?}");
            assert!(about.iter().all(|a| a.starts_with("TM-")), "the list names no person");
            t.db.read_blocking(|conn| {
                let case = store::case(conn, c.organisation, id)?.unwrap();
                assert!(casework::outcome_told(conn, &case)?);
                let said = store::messages(conn, c.organisation, id)?;
                assert_eq!((said.len(), said[0].purpose), (1, MessagePurpose::Outcome));
                Ok(())
            })
            .unwrap();
        }
    });
}

#[test]
fn a_mail_to_the_reporter_speaks_the_language_of_the_report() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        for (language, frame) in [
            ("de", "mit der Vorgangsnummer TM-"),
            ("ar", "يمكنك الرد في صفحة المتابعة"),
            ("en", "with the tracking number TM-"),
            ("tlh", "with the tracking number TM-"),
        ] {
            let id = file_in(t, &c, Some("ann@customer.example"), language);
            act(t, &c, move |tx, env, p| {
                casework::tell(tx, env, p, id, 1, (MessagePurpose::Outcome, "It is mended."))
            })
            .unwrap();
            let number =
                t.db.read_blocking(|conn| Ok(store::case(conn, c.organisation, id)?.unwrap()))
                    .unwrap()
                    .tracking_number;
            let mail =
                t.db.read_blocking(|conn| {
                    let row = conn.query_one(
                        "SELECT payload FROM job WHERE kind = 'mail' AND about = $1",
                        &[number.as_str().into()],
                    )?;
                    row.get::<String>("payload")
                })
                .unwrap();
            assert!(mail.contains(frame) && mail.contains("It is mended."), "{mail}");
        }
    });
}
