//! The dashboard: its figures are those of the analysis, and none singles a reporter out.

use crate::common::{Cast, cast};
use crate::rooms::ROOMS;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use cases::events::{CaseClosed, CaseEvent};
use cases::figures::analyse;
use cases::intake;
use cases::model::{CaseId, CaseKind, Severity};
use cases::permits::{FileReport, HandleCase, ImportCases};
use cases::rules::analysis::AnalysisOptions;
use cases::rules::import::Mapping;
use cases::service::{self, ReportInput};
use cases::views::{jobs, service::figures};
use kernel::env::Env;
use kernel::party::{Actor, Role};
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use platform::edge::{Edge, FixedEdge};
use platform::http::App;
use platform::journal::{Expected, Origin, record};
use platform::testing::{TestDb, Web, env, on_both};
use std::sync::Arc;

fn web<'t>(t: &'t TestDb, c: &Cast) -> Web<'t> {
    let routes: Router<App> = Router::new()
        .route("/cases", get(cases::pages::register::list))
        .route("/cases/dashboard", get(cases::pages::dashboard::show))
        .route("/api/v1/analysis/dashboard", get(cases::api::dashboard));
    Web::new(t, routes, c.people.clone(), 1 << 20)
}

fn day(n: i64) -> Timestamp {
    env().now().plus_seconds(n * 86_400 + n % 5 * 1_234)
}

fn fresh(n: u64, at: i64) -> Env {
    let mut seed = [6; 32];
    seed[..8].copy_from_slice(&n.to_be_bytes());
    Env::new(day(at), seed)
}

fn file(t: &TestDb, c: &Cast, n: u64, kind: CaseKind) -> CaseId {
    let organisation = c.organisation;
    let filed = t.db.write_blocking(move |tx| {
        let permit =
            authorize::<FileReport>(&Actor::public(organisation), &Facts::of(organisation))?;
        let input = ReportInput::new("portal", kind, "Something", "It happened again.");
        let at = i64::try_from(n).unwrap() * 3;
        service::file_report(tx, &mut fresh(n, at), &permit, &input)
    });
    filed.unwrap().id
}

/// Thirty cases over three months; of each three one is resolved, of each nine one is closed.
fn register(t: &TestDb, c: &Cast) {
    for n in 0..30_u64 {
        let id = file(t, c, n, CaseKind::ALL[usize::try_from(n % 4).unwrap()]);
        let who = c.lead();
        t.db.write_blocking(move |tx| {
            let permit = authorize::<HandleCase>(&who, &Facts::of(who.party.unwrap()))?;
            let at = |days: i64| {
                fresh(5_000 + n * 7 + days.cast_unsigned(), i64::try_from(n).unwrap() * 3 + days)
            };
            if n % 3 != 1 {
                let severity = Severity::ALL[usize::try_from(n % 4).unwrap()];
                service::triage(tx, &mut at(1), &permit, id, 1, (severity, false, "x"))?;
            }
            if n % 3 == 0 {
                service::resolve(tx, &mut at(4), &permit, id, 2, ("cause", "done"))?;
            }
            if n % 9 == 0 {
                // What closing demands is not what is counted here.
                let origin = Origin::by(permit.actor(), permit.owner());
                let event = CaseEvent::from(CaseClosed { outcome: "Delivered".into() });
                record(tx, &mut at(6), &origin, &id.to_string(), Expected::Any, vec![event])?;
            }
            Ok(())
        })
        .unwrap();
    }
    t.sequence();
}

#[test]
fn the_figures_are_those_of_the_analysis_and_link_to_their_cases() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        register(t, &c);
        let now = day(100);
        let mut w = web(t, &c);
        w.edge.set(now);
        w.sign_in(&c.lead());
        let page = w.get("/cases/dashboard");
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        for word in ["figures-", "cases-by-", "patterns-"] {
            assert!(!page.body.contains(&format!(">{word}")), "a word is missing");
        }
        assert!(page.body.contains("<svg") && page.body.contains("/cases?open=yes"));
        let json = w.get("/api/v1/analysis/dashboard").body;
        let found: serde_json::Value = serde_json::from_str(&json).unwrap();
        let options = AnalysisOptions { observed_until: Some(now), ..AnalysisOptions::default() };
        let analysis = t.db.read_blocking(|conn| analyse(conn, c.organisation, options)).unwrap();
        let analysis = serde_json::to_value(&analysis).unwrap();
        let counted = &found["figures"]["counted"];
        assert_eq!(counted["cases"], analysis["incidents"]);
        assert_eq!(found["cases"], analysis["incidents"]);
        assert_eq!(counted["exact"], true);
        for name in ["time_to_acknowledge", "time_to_resolve"] {
            assert_eq!(counted[name], analysis["survival"][name], "{name}");
        }
        for name in ["per_month", "backlog_month_end"] {
            let ours: serde_json::Map<_, _> = counted[name]
                .as_array()
                .unwrap()
                .iter()
                .map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].clone()))
                .collect();
            assert_eq!(serde_json::Value::Object(ours), analysis[name], "{name}");
        }
        let by = |name: &str| -> Vec<(String, i64)> {
            let all = found["by"].as_array().unwrap();
            let one = all.iter().find(|by| by["name"] == name).unwrap();
            let cells = one["cells"].as_array().unwrap();
            cells
                .iter()
                .map(|x| (x["value"].as_str().unwrap().into(), x["all"].as_i64().unwrap()))
                .collect()
        };
        assert_eq!(by("month").iter().map(|(_, n)| n).sum::<i64>(), 30);
        for (severity, n) in by("severity").into_iter().filter(|(s, _)| !s.is_empty()) {
            assert_eq!(analysis["by_priority"][&severity], n, "{severity}");
        }
        // Each figure leads to as many cases as it says.
        for (severity, n) in by("severity") {
            let word = if severity.is_empty() { "none" } else { &severity };
            let list = w.get(&format!("/cases?severity={word}&format=csv")).body;
            assert_eq!(i64::try_from(list.lines().count()).unwrap() - 1, n, "{word}");
        }
        let worst = found["figures"]["worst"].as_array().unwrap();
        assert_eq!(worst.len(), 10, "ten of the open ones");
        w.sign_in(&c.of(c.organisation, Role::Viewer));
        assert_eq!(w.get("/cases/dashboard").status, StatusCode::FORBIDDEN);
        assert_eq!(w.get("/api/v1/analysis/dashboard").status, StatusCode::FORBIDDEN);
    });
}

const MAPPING: &str = r#"
mapping = "1"
name = "Register"
source = "test"
revision = 1
shape = "case"

[file]
format = "csv"
delimiter = ","
quote = "\""
encoding = "utf-8"
compression = "none"

[time]
zone = "UTC"
formats = ["rfc3339"]

[columns]
key = "number"
title = "title"
state = "state"
opened_at = "opened"
resolved_at = "resolved"

[states]
"new" = "new"
"done" = "resolved"
"#;

#[test]
fn a_large_register_is_counted_behind_its_readers() {
    let t = TestDb::sqlite(&ROOMS);
    let c = cast(&t);
    let rows = figures::AT_ONCE + 200;
    let mut csv = String::from("number,title,state,opened,resolved\n");
    for n in 0..rows {
        let opened = day(0).plus_seconds(n * 600);
        let (state, resolved) = match n % 3 {
            0 => ("new", String::new()),
            _ => ("done", opened.plus_seconds(3_600 + n % 50 * 7_000).to_rfc3339()),
        };
        csv.push_str(&format!("N{n},A title,{state},{},{resolved}\n", opened.to_rfc3339()));
    }
    let edge: Arc<dyn Edge> = Arc::new(FixedEdge::new(env().now(), [5; 32]));
    let permit = authorize::<ImportCases>(&c.lead(), &Facts::of(c.organisation)).unwrap();
    let mapping = Mapping::parse(MAPPING).unwrap();
    let taken =
        intake::import(&t.db, &edge, permit, mapping, csv.as_bytes(), |_| true, |_| {}).unwrap();
    assert_eq!(i64::try_from(taken.accepted).unwrap(), rows);
    let now = day(60);
    let mut w = web(&t, &c);
    w.edge.set(now);
    w.sign_in(&c.lead());
    assert!(w.get("/cases/dashboard").body.contains("being counted"), "nobody waits for it");
    while jobs::follow(&t.db, now).unwrap() {}
    let page = w.get("/cases/dashboard").body;
    assert!(page.contains("<svg") && page.contains("rounded down"));
    let json: serde_json::Value =
        serde_json::from_str(&w.get("/api/v1/analysis/dashboard").body).unwrap();
    let options = AnalysisOptions { observed_until: Some(now), ..AnalysisOptions::default() };
    let analysis = t.db.read_blocking(|conn| analyse(conn, c.organisation, options)).unwrap();
    let counted = &json["figures"]["counted"];
    assert_eq!(counted["cases"], analysis.incidents);
    let median = counted["time_to_resolve"]["median_hours"].as_f64().unwrap();
    let exact = analysis.survival.time_to_resolve.median_hours.unwrap();
    assert!(median <= exact && exact - median < 1.0, "{median} {exact}");
    // Nothing happened since, so nothing is counted; then something does, and it stays for a minute.
    assert!(!figures::refresh(&t.db, c.organisation, day(70)).unwrap());
    file(&t, &c, 1, CaseKind::Concern);
    assert!(!figures::refresh(&t.db, c.organisation, now.plus_seconds(30)).unwrap());
    assert!(figures::refresh(&t.db, c.organisation, now.plus_seconds(90)).unwrap());
}
