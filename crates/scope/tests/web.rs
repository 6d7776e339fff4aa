//! The room's pages as a browser meets them, on both databases.

mod common;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use common::{Cast, cast};
use kernel::party::Role::*;
use platform::http::App;
use platform::journal::Room;
use platform::testing::{TestDb, Web, beside, on_both};
use scope::{pages, store};

const ROOMS: [Room; 2] = [identity::ROOM, scope::ROOM];

fn routes() -> Router<App> {
    Router::new()
        .route("/engagements", get(pages::list))
        .route("/engagements/new", get(pages::new_form).post(pages::new_submit))
        .route("/engagements/{id}", get(pages::show))
        .route("/system", get(pages::system).post(pages::describe))
}

fn web<'t>(t: &'t TestDb, c: &Cast) -> Web<'t> {
    Web::new(t, routes(), c.people.clone(), 1_000)
}

const FORM: [(&str, &str); 8] = [
    ("name", "<2025>"),
    ("system_name", "Payroll"),
    ("type", "type2"),
    ("start", "2025-01-01"),
    ("end", "2025-12-31"),
    ("zone", "Europe/London"),
    ("categories", "security"),
    ("categories", "privacy"),
];

fn with<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    FORM.iter().map(|(n, v)| if *n == name { (*n, value) } else { (*n, *v) }).collect()
}

#[test]
fn an_engagement_is_opened_once_by_its_form() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let mut w = web(t, &c);
        assert_eq!(w.get("/engagements").status, StatusCode::SEE_OTHER, "sign in first");
        w.sign_in(&c.of(c.organisation, Viewer));
        let list = w.get("/engagements");
        assert_eq!(list.status, StatusCode::OK);
        assert!(!list.body.contains("/engagements/new"), "nothing is offered that is refused");
        assert_eq!(w.get("/engagements/new").status, StatusCode::FORBIDDEN);
        w.sign_in(&c.manager());
        assert_eq!(w.get("/engagements/new").status, StatusCode::NOT_FOUND);

        w.sign_in(&c.lead());
        for (pairs, field) in [
            (with("name", " "), "name"),
            (with("name", "a\u{202e}b"), "name"),
            (with("type", "type9"), "type"),
            (with("type", "type1"), "end"),
            (with("start", "2025-02-30"), "start"),
            (with("end", "2024-12-31"), "end"),
            (with("zone", "Mars/Base"), "end"),
            (with("categories", "privacy"), "categories"),
        ] {
            let again = w.fill("/engagements/new", "/engagements/new", &pairs);
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", again.body);
            let text = beside(&again.body, field).unwrap_or_default();
            assert!(text.len() > 10, "{field}: {text:?}");
            assert!(again.body.contains("value=\"Payroll\""), "what was typed is kept");
            assert!(!again.body.contains("<2025>"));
        }
        let forged = w.post("/engagements/new", &FORM);
        assert_eq!(forged.status, StatusCode::FORBIDDEN);

        let page = w.get("/engagements/new").body;
        let csrf = platform::testing::hidden(&page, "csrf").unwrap();
        let key = platform::testing::hidden(&page, "key").unwrap();
        let mut pairs = vec![("csrf", &*csrf), ("key", &*key)];
        pairs.extend(FORM);
        let done = w.post("/engagements/new", &pairs);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let twice = w.post("/engagements/new", &pairs);
        assert_eq!(twice.location(), done.location(), "sent twice, opened once");
        let mut other = pairs.clone();
        other[2] = ("name", "Another");
        let reused = w.post("/engagements/new", &other);
        assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reused.body.contains("idempotency key was used before"), "{}", reused.body);

        let page = w.get(done.location());
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("&lt;2025&gt;") || page.body.contains("&#60;2025&#62;"));
        assert!(!page.body.contains("<2025>"));
        let list = w.get("/engagements");
        assert_eq!(list.body.matches(done.location()).count(), 1, "{}", list.body);
        let file = w.get("/engagements?format=csv").body;
        assert!(file.contains("\r\n<2025>,Payroll,"), "{file}");
        for who in [c.of(c.other, ComplianceLead), c.manager()] {
            w.sign_in(&who);
            assert_eq!(w.get("/engagements?format=csv").body.lines().count(), 1);
            assert_eq!(w.get(done.location()).status, StatusCode::NOT_FOUND);
            assert!(!w.get("/engagements").body.contains("Payroll"));
        }
        assert_eq!(w.get("/engagements/eng_nonsense").status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_system_s_components_are_kept_by_their_form() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        c.engagement(t, "2025", Some(c.firm));
        let mut w = web(t, &c);
        w.sign_in(&c.lead());
        let pairs = [
            ("kind", "software"),
            ("name", "<App>"),
            ("purpose", "Pays <people>"),
            ("location", "Cork"),
        ];
        let wrong = w.fill("/system", "/system", &pairs[..3]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(beside(&wrong.body, "location").is_some());
        assert!(wrong.body.contains("&lt;App&gt;") || wrong.body.contains("&#60;App&#62;"));
        let odd = [("kind", "magic"), pairs[1], pairs[2], pairs[3]];
        assert!(beside(&w.fill("/system", "/system", &odd).body, "kind").is_some());
        let done = w.fill("/system", "/system", &pairs);
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/system"));
        let file = w.get("/system?format=csv").body;
        assert_eq!(file.lines().nth(1), Some("Software,<App>,Pays <people>,Cork"), "{file}");
        w.sign_in(&c.manager());
        let page = w.get("/system");
        assert!(page.body.contains("App") && !page.body.contains("<App>"));
        assert!(!page.body.contains("name=\"purpose\""), "the firm only reads");
        let csrf = platform::testing::hidden(&page.body, "csrf").unwrap();
        let mut all = vec![("csrf", &*csrf)];
        all.extend(pairs);
        assert_eq!(w.post("/system", &all).status, StatusCode::NOT_FOUND);
        w.sign_in(&c.of(c.other, ComplianceLead));
        assert!(!w.get("/system").body.contains("Cork"));
        t.db.read_blocking(|conn| {
            assert_eq!(store::components(conn, c.organisation)?.len(), 1);
            assert_eq!(store::components(conn, c.firm)?.len(), 0);
            Ok(())
        })
        .unwrap();
    });
}
