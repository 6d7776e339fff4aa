//! Commands and tables of the room, on both databases.
#![expect(
    clippy::disallowed_methods,
    reason = "the folder of real records is named by the environment"
)]

use crate::people::{organisation, who};
use crate::rooms::ROOMS;
use cases::channels::model::ChannelKind;
use cases::channels::permits::ManageChannels;
use cases::channels::service::{ChannelInput, state_channel};
use cases::model::{Audience, CaseKind, CaseState, Severity};
use cases::permits::{FileReport, HandleCase, ImportCases};
use cases::rules::analysis::{Analyser, AnalysisOptions, CaseFacts};
use cases::rules::import::Mapping;
use cases::service::ReportInput;
use cases::{intake, service, store};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::{Actor, Role};
use kernel::permit::{Action, Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use ledger::{Receipt, receipt::Trust};
use platform::db::{Error, Result};
use platform::edge::{Edge, FixedEdge};
use platform::testing::{TestDb, env, on_both};
use std::sync::Arc;

fn handler() -> Actor {
    who(2, organisation(), &[Role::CaseHandler, Role::ComplianceLead])
}

fn permit<A: Action>(actor: &Actor) -> Permit<A> {
    authorize(actor, &Facts::of(organisation())).unwrap()
}
fn fresh(n: u8) -> Env {
    Env::new(env().now(), [n; 32])
}
fn report(title: &str) -> ReportInput {
    ReportInput::new("portal", CaseKind::Failure, title, "Nothing arrives since Tuesday.")
}
fn file(t: &TestDb, n: u8, title: &str) -> service::Filed {
    let input = report(title);
    t.db.write_blocking(move |tx| {
        service::file_report(
            tx,
            &mut fresh(n),
            &permit::<FileReport>(&Actor::public(organisation())),
            &input,
        )
    })
    .unwrap()
}

#[test]
fn a_report_goes_from_filing_to_closing() {
    on_both(&ROOMS, |t| {
        t.db.write_blocking(|tx| {
            let input = ChannelInput {
                name: "portal".into(),
                kind: ChannelKind::Portal,
                audience: Audience::Both,
                instructions: "Tell us.".into(),
                anonymous: true,
                ..ChannelInput::default()
            };
            state_channel(tx, &mut fresh(1), &permit::<ManageChannels>(&handler()), &input)
        })
        .unwrap();
        let filed = file(t, 2, "Payslips are missing");
        let id = filed.id;
        t.sequence();
        let journal = t.journal.clone();
        let text =
            t.db.read_blocking(|c| {
                assert_eq!(cases::channels::store::channels(c, organisation())?.len(), 1);
                let case =
                    store::by_number(c, organisation(), &filed.tracking_number)?.expect("the case");
                assert_eq!(case.state, CaseState::New);
                assert_eq!(service::followed(c, &filed.return_code.to_lowercase())?.id, id);
                assert!(service::followed(c, "0000-0000-0000-0000-00000").is_err());
                // The number follows from the code, but nobody finds the report by a digest that is not its own.
                let found = store::by_code(c, (&filed.tracking_number, &[0; 32]))?;
                assert!(found.is_none());
                service::receipt(c, &journal, &case)
            })
            .unwrap();
        let receipt = Receipt::parse(text.as_bytes()).unwrap();
        let key = t.journal.signer(organisation()).unwrap().verifier().clone();
        let verified = receipt.verify(Trust::Pinned(std::slice::from_ref(&key))).unwrap();
        assert_eq!(verified.fields["tracking_number"], filed.tracking_number);
        let forged = text.replace("portal", "hotlin");
        assert!(
            Receipt::parse(forged.as_bytes())
                .and_then(|r| r.verify(Trust::Pinned(&[key])).map(|_| ()))
                .is_err()
        );

        let early = run(t, 9, move |tx, env, p| service::resolve(tx, env, p, id, 1, ("x", "y")));
        assert!(matches!(early, Err(Error::Refused(Refusal::State(_)))), "{early:?}");
        run(t, 3, move |tx, env, p| {
            service::triage(tx, env, p, id, 1, (Severity::High, true, "Many customers"))
        })
        .unwrap();
        run(t, 4, move |tx, env, p| service::tell_reporter(tx, env, p, id, 2, "We are on it."))
            .unwrap();
        let stale = run(t, 5, move |tx, env, p| service::note(tx, env, p, id, 2, "Seen late"));
        assert!(matches!(stale, Err(Error::Refused(Refusal::Stale { seen: 2, now: 3 }))));
        run(t, 6, move |tx, env, p| {
            service::resolve(tx, env, p, id, 3, ("A stuck queue", "Restarted, alarm added"))
        })
        .unwrap();
        let early = run(t, 7, move |tx, env, p| service::close(tx, env, p, id, 4, "Delivered"));
        let Err(Error::Refused(Refusal::State(sentence))) = early else { panic!("{early:?}") };
        for wanted in ["root cause", "corrective action", "review", "notified", "reporter"] {
            assert!(sentence.contains(wanted), "{sentence}");
        }
        run(t, 7, move |tx, env, p| {
            let less = (Severity::Low, false, "The list was empty");
            service::casework::change_severity(tx, env, p, id, 4, less)?;
            let said = (cases::model::casework::MessagePurpose::Outcome, "It is mended.");
            service::casework::tell(tx, env, p, id, 5, said)?;
            service::close(tx, env, p, id, 6, "Delivered late; customers told")
        })
        .unwrap();
        let after = run(t, 8, move |tx, env, p| {
            service::triage(tx, env, p, id, 7, (Severity::Low, false, "no"))
        });
        assert!(matches!(after, Err(Error::Refused(Refusal::State(_)))));
        t.db.read_blocking(|c| {
            let case = store::case(c, organisation(), id)?.expect("the case");
            assert_eq!((case.state, case.severity), (CaseState::Closed, Some(Severity::Low)));
            assert_eq!(store::messages(c, organisation(), id)?.len(), 2);
            assert_eq!(store::counts(c, organisation())?.iter().map(|c| c.n).sum::<i64>(), 1);
            assert!(store::case(c, PartyId::new(Timestamp(0), 99), id)?.is_none());
            Ok(())
        })
        .unwrap();
    });
}

fn run<F>(t: &TestDb, n: u8, f: F) -> Result<()>
where
    F: Fn(&mut platform::db::Tx<'_>, &mut Env, &Permit<HandleCase>) -> Result<()> + Send + 'static,
{
    t.db.write_blocking(move |tx| f(tx, &mut fresh(n), &permit::<HandleCase>(&handler())))
}

#[test]
fn lists_page_by_key_and_filter() {
    on_both(&ROOMS, |t| {
        for n in 0..7 {
            file(t, 20 + n, &format!("Größe {n}"));
        }
        t.sequence();
        t.db.read_blocking(|c| {
            let mut filter = store::CaseFilter { limit: 3, ..Default::default() };
            let mut seen = Vec::new();
            loop {
                let page = store::cases(c, organisation(), &filter)?;
                let Some(last) = page.last() else { break };
                filter.after = Some((last.reported_at, last.id));
                seen.extend(page.into_iter().map(|c| c.id));
            }
            assert_eq!(seen.len(), 7);
            let found = store::cases(
                c,
                organisation(),
                &store::CaseFilter {
                    text: Some("GRÖSSE".to_lowercase()),
                    limit: 10,
                    ..Default::default()
                },
            )?;
            assert!(found.is_empty());
            let found = store::cases(
                c,
                organisation(),
                &store::CaseFilter {
                    text: Some("GRÖßE 3".into()),
                    limit: 10,
                    ..Default::default()
                },
            )?;
            assert_eq!(found.len(), 1);
            Ok(())
        })
        .unwrap();
    });
}

const MAPPING: &str = include_str!("../../../../catalog/mappings/servicenow-event-log.toml");
const HEADINGS: &str = "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,vendor,caused_by,closed_code,resolved_by,resolved_at,closed_at";

fn event(number: &str, state: &str, sequence: u32, opened: &str, closed: &str) -> String {
    format!(
        "{number},{state},true,0,0,{sequence},true,Caller 1,Opened by  8,{opened},?,?,?,1/3/2026 10:0{sequence},Phone,?,Category 1,Sub 1,Symptom 1,?,2 - Medium,2 - Medium,3 - Moderate,Group 1,?,true,false,Do Not Notify,?,?,?,?,code 5,?,?,{closed}"
    )
}

fn import(t: &TestDb, text: &str) -> cases::rules::import::ImportReport {
    let mapping = Mapping::parse(MAPPING).unwrap();
    let edge: Arc<dyn Edge> = Arc::new(FixedEdge::new(env().now(), [5; 32]));
    let mut named = Vec::new();
    let report = intake::import(
        &t.db,
        &edge,
        permit::<ImportCases>(&handler()),
        mapping,
        text.as_bytes(),
        |_| true,
        |r| named.push(r.row),
    )
    .unwrap();
    assert_eq!(named.len() as u64, report.refused);
    assert_eq!(report.rows, report.accepted + report.refused + report.duplicates);
    report
}

#[test]
fn good_rows_land_bad_rows_are_named_and_a_second_run_changes_nothing() {
    on_both(&ROOMS, |t| {
        let text = [
            HEADINGS.to_owned(),
            event("INC1", "Closed", 3, "1/3/2026 09:00", "2/3/2026 09:00"),
            event("INC1", "New", 1, "1/3/2026 09:00", "2/3/2026 09:00"),
            event("INC2", "New", 1, "31/2/2026 09:00", "?"),
            event("INC3", "Active", 1, "1/3/2026 09:00", "?"),
        ]
        .join("\n");
        let first = import(t, &text);
        assert_eq!((first.accepted, first.refused), (3, 1));
        let again = import(t, &text);
        assert_eq!((again.accepted, again.refused, again.already_imported), (0, 1, 3));
        t.db.read_blocking(|c| {
            let all = store::cases(
                c,
                organisation(),
                &store::CaseFilter { limit: 10, ..Default::default() },
            )?;
            assert_eq!(all.len(), 2);
            let closed = store::by_number(c, organisation(), "INC1")?.expect("INC1");
            assert_eq!(closed.state, CaseState::Closed);
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn the_real_event_log_becomes_the_register() {
    let Ok(folder) = std::env::var("TICKMARK_REAL_DATA") else {
        eprintln!("left out: TICKMARK_REAL_DATA names no folder of real records");
        return;
    };
    let text =
        std::fs::read_to_string(format!("{folder}/incidents-servicenow/incident_event_log.csv"))
            .unwrap();
    let t = TestDb::sqlite(&ROOMS);
    let report = import(&t, &text);
    assert_eq!((report.accepted, report.refused), (10_383, 0));
    let mut analyser = Analyser::new(AnalysisOptions::default());
    t.db.read_blocking(|c| {
        let mut n = 0;
        store::each_case(c, organisation(), |_, snapshot| {
            n += 1;
            analyser.add(&CaseFacts::from(&snapshot.expect("imported")), &mut []);
            Ok(())
        })?;
        assert_eq!(n, 1_500);
        Ok(())
    })
    .unwrap();
    assert_eq!(import(&t, &text).already_imported, 10_383);
    let report = t.verify();
    assert!(report.verified(), "{:#?}", report.findings);
    assert_eq!(report.entries, 10_383);
}

#[test]
fn a_code_given_out_before_numbers_followed_from_codes_still_leads_to_its_report() {
    on_both(&ROOMS, |t| {
        let filed = file(t, 2, "Payslips are missing");
        t.db.write_blocking(|tx| {
            tx.execute(
                "INSERT INTO case_return (code, case_id, organisation) SELECT code, case_id, organisation FROM case_way",
                &[],
            )?;
            tx.execute("DELETE FROM case_way", &[])
        })
        .unwrap();
        let found = t.db.read_blocking(|c| service::followed(c, &filed.return_code)).unwrap();
        assert_eq!(found.id, filed.id);
    });
}
