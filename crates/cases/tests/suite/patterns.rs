//! What the history says: decisions and pages on both databases, and the real histories.
//!
//! `TICKMARK_REAL_DATA` names the folder with `incidents-servicenow` (UCI data set 498, CC BY 4.0) and
//! `status-jenkins` (MIT). Without it the tests on real records say so and pass.

use crate::common::{Cast, cast};
use crate::rooms::ROOMS;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use cases::intake;
use cases::model::{CaseId, CaseKind};
use cases::patterns::permits::DecideLinks;
use cases::patterns::rules::outages::{Outage, outages};
use cases::patterns::rules::proposals::Method;
use cases::patterns::service::{Decision, decide, report};
use cases::patterns::{model::PatternReport, pages, store};
use cases::permits::{FileReport, HandleCase, ImportCases};
use cases::rules::import::mapping::SHIPPED;
use cases::rules::import::{Mapping, front_matter};
use cases::service::{self, ReportInput};
use kernel::env::Env;
use kernel::party::{Actor, Role};
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::Error;
use platform::edge::{Edge, FixedEdge};
use platform::http::App;
use platform::testing::{TestDb, Web, env, on_both};
use std::path::PathBuf;
use std::sync::Arc;

fn fresh(n: u64, day: i64) -> Env {
    let mut seed = [3; 32];
    seed[..8].copy_from_slice(&n.to_be_bytes());
    Env::new(env().now().plus_seconds(day * 86_400), seed)
}

fn file(t: &TestDb, c: &Cast, n: u64, day: i64, title: &str) -> CaseId {
    let (organisation, title) = (c.organisation, title.to_owned());
    let filed = t.db.write_blocking(move |tx| {
        let actor = Actor::public(organisation);
        let permit = authorize::<FileReport>(&actor, &Facts::of(organisation))?;
        let input = ReportInput::new("portal", CaseKind::Failure, &title, "As before.");
        service::file_report(tx, &mut fresh(n, day), &permit, &input)
    });
    filed.unwrap().id
}

fn seen(t: &TestDb, c: &Cast, day: i64) -> PatternReport {
    let until = env().now().plus_seconds(day * 86_400);
    let reader = c.lead().person;
    t.db.read_blocking(|conn| report(conn, c.organisation, reader, (until, 1_000))).unwrap()
}

fn web<'t>(t: &'t TestDb, c: &Cast) -> Web<'t> {
    let routes: Router<App> =
        Router::new().route("/cases/patterns", get(pages::show).post(pages::decide));
    Web::new(t, routes, c.people.clone(), 1 << 20)
}

#[test]
fn people_decide_what_is_the_same_matter_and_recurrence_counts_their_decisions_alone() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let first =
            file(t, &c, 1, 0, "Payslips of the north branch cannot be opened by anybody there");
        let second =
            file(t, &c, 2, 20, "Payslips of the south branch cannot be opened by anybody there");
        let other = file(t, &c, 3, 21, "Coffee machine leaks");
        let lead = c.lead();
        let who = lead.clone();
        t.db.write_blocking(move |tx| {
            let permit = authorize::<HandleCase>(&who, &Facts::of(who.party.unwrap()))?;
            service::triage(
                tx,
                &mut fresh(4, 1),
                &permit,
                first,
                1,
                (cases::model::Severity::Low, false, "x"),
            )?;
            service::resolve(tx, &mut fresh(5, 2), &permit, first, 2, ("cause", "done"))
        })
        .unwrap();
        t.sequence();
        let before = seen(t, &c, 40);
        assert_eq!((before.looked_at, before.waiting.len()), (3, 1));
        let pair = &before.waiting[0];
        assert_eq!(
            (pair.earlier.clone(), pair.later.clone()),
            (first.to_string(), second.to_string())
        );
        assert_eq!(pair.proposal.method, Method::Lexical);
        assert_eq!(before.recurrence.within[0].came_again, 0, "a proposal is no finding");

        let mut w = web(t, &c);
        w.edge.set(env().now().plus_seconds(40 * 86_400));
        w.sign_in(&lead);
        let page = w.get("/cases/patterns");
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(
            page.body.contains("north branch") && !page.body.contains("patterns-"),
            "{}",
            page.body
        );
        let (a, b) = (second.to_string(), first.to_string());
        let pairs = [("earlier", &*a), ("later", &*b), ("same", "yes"), ("method", "lexical")];
        assert_eq!(w.post("/cases/patterns", &pairs).status, StatusCode::FORBIDDEN, "forged");
        for _ in 0..2 {
            let done = w.fill("/cases/patterns", "/cases/patterns", &pairs);
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        }
        let after = seen(t, &c, 40);
        assert_eq!((after.confirmed, after.waiting.len()), (1, 0));
        let within: Vec<_> =
            after.recurrence.within.iter().map(|x| (x.days, x.watched, x.came_again)).collect();
        assert_eq!(within, [(30, 1, 1), (90, 0, 0), (180, 0, 0)]);
        assert_eq!(after.came_again, [(second.to_string(), first.to_string())]);
        assert!(w.get("/cases/patterns").body.contains("100.0"), "one of one");

        // A later decision replaces the earlier one; a case is no pair with itself; strangers see nothing.
        let run = |who: Actor, one, other, same| {
            t.db.write_blocking(move |tx| {
                let permit = authorize::<DecideLinks>(&who, &Facts::of(who.party.unwrap()))?;
                let decision = Decision {
                    one,
                    other,
                    same,
                    method: None,
                    likeness: 7_000,
                    reason: String::new(),
                };
                decide(tx, &mut fresh(9, 41), &permit, &decision)
            })
        };
        run(lead.clone(), first, second, false).unwrap();
        assert_eq!((seen(t, &c, 42).confirmed, seen(t, &c, 42).rejected), (0, 1));
        assert!(seen(t, &c, 42).waiting.is_empty(), "what was rejected is not proposed again");
        assert!(matches!(
            run(lead.clone(), other, other, true),
            Err(Error::Refused(Refusal::Input { .. }))
        ));
        let stranger = c.of(c.other, Role::ComplianceLead);
        assert!(matches!(
            run(stranger, first, second, true),
            Err(Error::Refused(Refusal::NotFound))
        ));
        let decided = t.db.read_blocking(|conn| store::decided(conn, c.organisation)).unwrap();
        assert_eq!(decided.len(), 1);
        w.sign_in(&c.of(c.organisation, Role::ExecutiveSponsor));
        let page = w.get("/cases/patterns");
        assert!(page.status == StatusCode::OK && !page.body.contains("value=\"yes\""));
        w.sign_in(&c.of(c.organisation, Role::Viewer));
        assert_eq!(w.get("/cases/patterns").status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_sealed_text_is_not_compared_and_nobody_is_told_of_what_concerns_them() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let (organisation, lead) = (c.organisation, c.lead().person.unwrap());
        file(t, &c, 1, 0, "Payslips of the north branch cannot be opened by anybody there");
        t.db.write_blocking(move |tx| {
            use cases::events::{CaseEvent, ReportFiled};
            use platform::journal::{Expected, Origin, record};
            for (n, privacy, kept_out) in [
                (50, cases::model::Privacy::Anonymous, vec![]),
                (51, cases::model::Privacy::Open, vec![lead]),
            ] {
                let mut env = fresh(n, 3);
                let id: CaseId = env.id();
                let event = ReportFiled {
                    id,
                    organisation,
                    tracking_number: format!("TM-{n}"),
                    channel: "portal".into(),
                    kind: CaseKind::Concern,
                    title: "Payslips of the north branch cannot be opened by anybody there".into(),
                    description: String::new(),
                    occurred_at: None,
                    contact: None,
                    language: "en".into(),
                    canary: false,
                    privacy,
                    about_people: String::new(),
                    kept_out,
                    armed: None,
                    held: false,
                };
                let origin =
                    Origin { log: organisation, actor: "public".into(), occurred_at: None };
                let subject = id.to_string();
                record(
                    tx,
                    &mut env,
                    &origin,
                    &subject,
                    Expected::New,
                    vec![CaseEvent::from(event)],
                )?;
            }
            Ok(())
        })
        .unwrap();
        t.sequence();
        let found = seen(t, &c, 10);
        assert_eq!((found.looked_at, found.waiting.len()), (2, 0));
        let until = env().now().plus_seconds(10 * 86_400);
        let all =
            t.db.read_blocking(|conn| report(conn, organisation, None, (until, 1_000))).unwrap();
        assert_eq!((all.looked_at, all.waiting.len()), (3, 1), "who may see both compares both");
    });
}

#[expect(
    clippy::disallowed_methods,
    reason = "real records are found by an environment variable, in tests only"
)]
fn real(folder: &str) -> Option<PathBuf> {
    let all = std::env::var_os("TICKMARK_REAL_DATA").map(PathBuf::from);
    if all.is_none() {
        eprintln!("left out: TICKMARK_REAL_DATA names no folder of real records");
    }
    all.map(|all| all.join(folder))
}

fn taken_over(
    t: &TestDb,
    c: &Cast,
    mapping: &str,
    bytes: &[u8],
) -> cases::rules::import::ImportReport {
    let edge: Arc<dyn Edge> = Arc::new(FixedEdge::new(env().now(), [5; 32]));
    let mapping = Mapping::parse(mapping).unwrap();
    let permit = authorize::<ImportCases>(&c.lead(), &Facts::of(c.organisation)).unwrap();
    let taken = intake::import(
        &t.db,
        &edge,
        permit,
        mapping,
        bytes,
        |_| true,
        |row| {
            eprintln!("refused: {row:?}");
        },
    );
    taken.unwrap()
}

#[test]
fn the_real_incidents_repeat_as_their_oracle_says() {
    let Some(folder) = real("incidents-servicenow") else { return };
    let t = TestDb::sqlite(&ROOMS);
    let c = cast(&t);
    let bytes = std::fs::read(folder.join("incident_event_log.csv")).unwrap();
    assert_eq!(taken_over(&t, &c, SHIPPED[0].1, &bytes).accepted, 10_383);
    let oracle = std::fs::read_to_string(folder.join("ORACLE.json")).unwrap();
    let oracle: serde_json::Value = serde_json::from_str(&oracle).unwrap();
    let until = Timestamp::parse("2017-06-01T00:00:00Z").unwrap();
    let reader = c.lead().person;
    let found =
        t.db.read_blocking(|conn| report(conn, c.organisation, reader, (until, 5_000))).unwrap();
    assert_eq!(found.looked_at, 1_500);
    let all = cases::patterns::rules::proposals::proposals(&found.cases);
    let prints: Vec<_> = all.iter().filter(|p| p.method == Method::Fingerprint).collect();
    // The oracle counts incidents that follow another of their group within 30 days: the same chain.
    let near = prints.iter().filter(|p| p.days <= 30.0).count();
    let recurrence = &oracle["recurrence"];
    assert_eq!(near, recurrence["repeat_30d_category_subcategory_symptom"]);
    let grouped = found.cases.iter().filter(|c| c.fingerprint.is_some()).count();
    assert_eq!(
        prints.len(),
        grouped - usize::try_from(recurrence["groups"].as_u64().unwrap()).unwrap()
    );
    let top: Vec<_> = found
        .signals
        .iter()
        .filter(|s| s.kind == "matter_recurs")
        .take(10)
        .map(|s| (s.subject.clone(), s.figure("cases").unwrap()))
        .collect();
    for ((name, n), expected) in top.iter().zip(recurrence["top10"].as_array().unwrap()) {
        let key: Vec<_> =
            expected["key"].as_array().unwrap().iter().map(|k| k.as_str().unwrap()).collect();
        assert_eq!(
            (name.as_str(), *n),
            (&*key.join(" · "), expected["incidents"].as_f64().unwrap())
        );
    }
    // Nothing was confirmed, so nothing has come again; nobody said when anything happened.
    assert_eq!((found.recurrence.groups, found.came_again.len()), (0, 0));
    assert!(!found.signals.iter().any(|s| s.kind == "lag"));
    let phone = found.signals.iter().find(|s| s.kind == "silence").unwrap();
    assert_eq!(
        (phone.subject.as_str(), phone.flagged),
        ("Phone", true),
        "the extract ends in March 2016"
    );

    // Were every fingerprint confirmed, recurrence would be this, counted plainly.
    let pairs: Vec<_> = prints.iter().map(|p| (p.earlier, p.later)).collect();
    let counted = cases::patterns::rules::recurrence::recurrence(&found.cases, &pairs, until, 0.95);
    let (mut watched, mut again) = (0, 0);
    for one in &found.cases {
        let Some((mended, _)) = one.mended else { continue };
        if until.0 - mended.0 < 30 * 86_400_000_000 {
            continue;
        }
        watched += 1;
        again += u64::from(
            one.fingerprint.is_some()
                && found.cases.iter().any(|other| {
                    other.id != one.id
                        && other.fingerprint == one.fingerprint
                        && other.reported_at > mended
                        && other.reported_at.0 - mended.0 <= 30 * 86_400_000_000
                }),
        );
    }
    assert_eq!((counted.within[0].watched, counted.within[0].came_again), (watched, again));
    assert!(again > 0, "{again} of {watched}");
}

#[test]
fn the_real_status_history_is_read_with_its_traps() {
    let Some(folder) = real("status-jenkins") else { return };
    let mut names: Vec<_> = std::fs::read_dir(folder.join("content/issues"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    names.sort();
    let files: Vec<(String, String)> = names
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    let table = front_matter::table(&files).unwrap();
    let t = TestDb::sqlite(&ROOMS);
    let c = cast(&t);
    let taken = taken_over(&t, &c, SHIPPED[1].1, &table);
    assert_eq!((taken.rows, taken.accepted, taken.refused), (297, 297, 0));
    let until = Timestamp::parse("2026-12-01T00:00:00Z").unwrap();
    let reader = c.lead().person;
    let found =
        t.db.read_blocking(|conn| report(conn, c.organisation, reader, (until, 5_000))).unwrap();
    assert_eq!(found.looked_at, 297);
    // Trap: some end before they start. They are told, and left out of survival.
    let analysis = t
        .db
        .read_blocking(|conn| cases::figures::analyse(conn, c.organisation, Default::default()))
        .unwrap();
    let backwards =
        found.cases.iter().filter(|c| c.mended.is_some_and(|(at, _)| at < c.reported_at));
    assert_eq!(analysis.resolved_before_opened, backwards.count() as u64);
    assert!(analysis.resolved_before_opened > 0);
    let part = found.signals.iter().find(|s| s.kind == "component_recurs").unwrap();
    assert!(part.flagged && part.subject.contains("jenkins"), "{part:?}");
    assert!(found.proposed.iter().any(|(m, n)| *m == Method::Lexical && *n > 10));

    // Every second incident taken away: the outages that then have none are found by plain search too.
    let published: Vec<Outage> = found
        .cases
        .iter()
        .map(|c| Outage {
            reference: c.number.clone(),
            begun_at: c.reported_at,
            ended_at: c.mended.map(|(at, _)| at),
            components: c.components.clone(),
            linked: None,
        })
        .collect();
    let kept: Vec<_> = found.cases.iter().step_by(2).cloned().collect();
    let signals = outages(&kept, &published, until);
    let day = 86_400_000_000;
    let plain = published
        .iter()
        .filter(|o| {
            let end = o.ended_at.unwrap_or(until).0.max(o.begun_at.0);
            !kept.iter().any(|c| {
                c.reported_at.0 >= o.begun_at.0 - day
                    && c.reported_at.0 <= end + 3 * day
                    && (c.components.is_empty()
                        || c.components.iter().any(|p| o.components.contains(p)))
            })
        })
        .count();
    assert_eq!(signals.len() - 1, plain);
    assert!(plain > 20 && signals[0].figure("estimated_in_all").is_some());
}
