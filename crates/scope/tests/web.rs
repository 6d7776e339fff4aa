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
use scope::pages::{self, change, others};
use scope::store;

const ROOMS: [Room; 2] = [identity::ROOM, scope::ROOM];

fn routes() -> Router<App> {
    Router::new()
        .route("/engagements", get(pages::list))
        .route("/engagements/new", get(pages::new_form).post(pages::new_submit))
        .route("/engagements/{id}", get(pages::show))
        .route("/engagements/{id}/proofs/{event}", get(pages::proof))
        .route("/engagements/{id}/scope", get(change::scope_page).post(change::scope_submit))
        .route("/engagements/{id}/firm", get(change::firm_page).post(change::firm_submit))
        .route("/engagements/{id}/stage", get(change::stage_page).post(change::stage_submit))
        .route("/system", get(pages::system).post(pages::describe))
        .route("/system/others", get(others::show).post(others::submit))
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

#[test]
fn an_engagement_goes_from_its_opening_to_fieldwork_on_its_pages() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = c.engagement(t, "2025", None);
        let home = format!("/engagements/{id}");
        let at = |page: &str| format!("{home}/{page}");
        let mut w = web(t, &c);
        w.sign_in(&c.manager());
        for page in ["scope", "firm", "stage"] {
            assert_eq!(w.get(&at(page)).status, StatusCode::NOT_FOUND, "{page}");
        }
        w.sign_in(&c.of(c.organisation, Viewer));
        assert_eq!(w.get(&at("scope")).status, StatusCode::FORBIDDEN);
        assert_eq!(w.get(&at("firm")).status, StatusCode::FORBIDDEN);
        assert!(!w.get(&home).body.contains("/scope\""), "nothing is offered that is refused");

        w.sign_in(&c.lead());
        assert!(w.get(&at("stage")).body.contains("No firm is joined yet"));
        let change = at("scope");
        let mut pairs = with("name", "2025, wider");
        let silent = w.fill(&change, &change, &pairs);
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(beside(&silent.body, "reason").is_some() && silent.body.contains("2025, wider"));
        pairs.push(("reason", "Customers ask for <privacy>."));
        let old = w.get(&change).body;
        let done = w.fill(&change, &change, &pairs);
        assert_eq!(done.location(), home, "{}", done.body);
        let csrf = platform::testing::hidden(&old, "csrf").unwrap();
        let version = platform::testing::hidden(&old, "version").unwrap();
        let mut stale = vec![("csrf", &*csrf), ("version", &*version)];
        stale.extend(pairs.clone());
        let stale = w.post(&change, &stale);
        assert!(!stale.status.is_redirection(), "somebody else changed it meanwhile: {stale:?}");
        let page = w.get(&home).body;
        assert!(page.contains("2025, wider") && page.contains("Privacy"), "{page}");
        assert!(page.contains("changed the scope") && !page.contains("<privacy>"));

        let join = at("firm");
        let organisation = c.organisation.to_string();
        let wrong = w.fill(&join, &join, &[("firm", organisation.as_str())]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(beside(&wrong.body, "firm").is_some());
        let firm = c.firm.to_string();
        assert_eq!(w.fill(&join, &join, &[("firm", firm.as_str())]).location(), home);
        assert!(w.get(&join).body.contains("A change of auditor is a new engagement."));
        assert!(!w.get(&at("stage")).body.contains("Begin fieldwork"), "that is the firm's to do");

        w.sign_in(&c.staff());
        assert!(!w.get(&at("stage")).body.contains("Begin fieldwork"));
        w.sign_in(&c.manager());
        assert!(
            w.get(&home).body.contains("made Party 3 &lt;b&gt; the service auditor"),
            "{}",
            w.get(&home).body
        );
        let begun = w.fill(&at("stage"), &at("stage"), &[]);
        assert_eq!(begun.location(), home, "{}", begun.body);
        assert!(!w.get(&at("stage")).body.contains("Begin fieldwork"), "once");
        t.sequence();
        let page = w.get(&home).body;
        let proof = page.split(&format!("{home}/proofs/")).nth(1).expect("entries have proofs");
        let event = proof.split('"').next().unwrap();
        let proof = w.get(&at(&format!("proofs/{event}")));
        assert!(proof.body.starts_with("c2sp.org/tlog-proof@v1"), "{}", proof.body);
        let other = event.replace(|c: char| c.is_ascii_digit(), "0");
        assert_eq!(w.get(&at(&format!("proofs/{other}"))).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn who_else_has_to_do_their_part_is_kept_by_two_forms() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        c.engagement(t, "2025", Some(c.firm));
        let page = "/system/others";
        let mut w = web(t, &c);
        w.sign_in(&c.lead());
        let mut pairs = vec![
            ("do", "subservice"),
            ("name", "<Cloud>"),
            ("service", "Runs the machines"),
            ("method", "carve_out"),
        ];
        let bare = w.fill(page, page, &pairs);
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bare.body);
        for (line, says) in [
            ("Guard the doors", "Line 1: Write the criteria"),
            ("CC6.4: Guard the doors\n\nCC66: Burn", "Line 3: CC66 is not one of the 61 criteria"),
        ] {
            let mut pairs = pairs.clone();
            pairs.push(("assumed_controls", line));
            let wrong = w.fill(page, page, &pairs);
            let said = beside(&wrong.body, "assumed_controls").unwrap_or_default();
            assert!(said.contains(says), "{said}");
            assert!(wrong.body.contains("Guard the doors"), "what was typed is kept");
        }
        pairs.push(("assumed_controls", "CC6.4, A1.2: Guard the doors"));
        let done = w.fill(page, page, &pairs);
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, page), "{}", done.body);
        let users = [("do", "users"), ("controls", "CC6.2: Remove who leaves\nCC6.1: Guard keys")];
        assert_eq!(w.fill(page, page, &users).location(), page);
        let shown = w.get(page).body;
        assert!(shown.contains("CC6.4, A1.2: Guard the doors"), "{shown}");
        assert!(shown.contains("Remove who leaves") && !shown.contains("<Cloud>"));
        w.sign_in(&c.manager());
        let read = w.get(page).body;
        assert!(read.contains("Guard keys") && !read.contains("name=\"controls\""));
        w.sign_in(&c.of(c.other, ComplianceLead));
        assert!(!w.get(page).body.contains("Guard keys"));
        t.db.read_blocking(|conn| {
            assert_eq!(store::user_entity_controls(conn, c.organisation)?.len(), 2);
            Ok(())
        })
        .unwrap();
    });
}
