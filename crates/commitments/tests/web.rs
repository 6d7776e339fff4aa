//! The room's pages as a browser meets them, on both databases.

#[path = "../../scope/tests/common/mod.rs"]
mod common;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use commitments::{pages, store};
use common::{Cast, cast};
use kernel::party::Role::*;
use platform::http::App;
use platform::journal::Room;
use platform::testing::{TestDb, Web, beside, hidden, on_both};

const ROOMS: [Room; 3] = [identity::ROOM, scope::ROOM, commitments::ROOM];

fn web<'t>(t: &'t TestDb, c: &Cast) -> Web<'t> {
    let routes: Router<App> = Router::new()
        .route("/commitments", get(pages::list))
        .route("/commitments/new", get(pages::new_form).post(pages::new_submit))
        .route("/commitments/{id}", get(pages::show))
        .route(
            "/requirements/new",
            get(pages::new_requirement_form).post(pages::new_requirement_submit),
        );
    Web::new(t, routes, c.people.clone(), 1_000)
}

const FORM: [(&str, &str); 5] = [
    ("code", "SC-01"),
    ("category", "availability"),
    ("statement", "The <portal> answers."),
    ("principal", "on"),
    ("sources", "SLA, section 2"),
];

#[test]
fn commitments_and_requirements_are_stated_by_their_forms() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        c.engagement(t, "2025", Some(c.firm));
        let mut w = web(t, &c);
        assert_eq!(w.get("/commitments").status, StatusCode::SEE_OTHER);
        w.sign_in(&c.lead());
        assert!(w.get("/commitments").body.contains("/commitments/new"));
        for field in ["code", "category", "statement", "sources"] {
            let lacking: Vec<_> = FORM.iter().filter(|(n, _)| *n != field).copied().collect();
            let again = w.fill("/commitments/new", "/commitments/new", &lacking);
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(beside(&again.body, field).is_some(), "{field}: {}", again.body);
            assert!(!again.body.contains("<portal>"), "escaped");
            let kept = if field == "code" { "SLA, section 2" } else { "SC-01" };
            assert!(again.body.contains(kept), "what was typed is kept");
        }
        let page = w.get("/commitments/new").body;
        let (csrf, key) = (hidden(&page, "csrf").unwrap(), hidden(&page, "key").unwrap());
        let mut all = vec![("csrf", &*csrf), ("key", &*key)];
        all.extend(FORM);
        let done = w.post("/commitments/new", &all);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert_eq!(w.post("/commitments/new", &all).location(), done.location(), "once");
        let again = w.fill("/commitments/new", "/commitments/new", &FORM);
        assert!(beside(&again.body, "code").unwrap().contains("SC-01"), "{}", again.body);

        let id = done.location().trim_start_matches("/commitments/").to_owned();
        let needed = [
            ("code", "SR-01"),
            ("kind", "technology"),
            ("statement", "Two sites."),
            ("commitments", &*id),
            ("criteria", "A1.2"),
        ];
        let lacking = w.fill("/requirements/new", "/requirements/new", &needed[..3]);
        assert!(beside(&lacking.body, "commitments").is_some(), "{}", lacking.body);
        let odd = [needed[0], needed[1], needed[2], ("commitments", "com_nothing")];
        let odd = w.fill("/requirements/new", "/requirements/new", &odd);
        assert!(beside(&odd.body, "commitments").is_some(), "{}", odd.body);
        let carried = w.fill("/requirements/new", "/requirements/new", &needed);
        assert_eq!(carried.status, StatusCode::SEE_OTHER, "{}", carried.body);
        let one = w.get(done.location()).body;
        assert!(one.contains("SR-01") && one.contains("SLA, section 2"), "{one}");

        let formula = [("code", "SC-02"), FORM[1], ("statement", "=1+1"), FORM[4]];
        assert_eq!(w.fill("/commitments/new", "/commitments/new", &formula).status, 303);
        let file = w.get("/commitments?format=csv").body;
        assert!(file.contains("\r\nSC-01,The <portal> answers.,Availability,1,"), "{file}");
        assert!(file.contains("\r\nSC-02,'=1+1,"), "{file}");

        // The firm reads and changes nothing; others do not learn of it.
        w.sign_in(&c.staff());
        let list = w.get("/commitments");
        assert!(list.body.contains("SC-01") && !list.body.contains("/commitments/new"));
        assert_eq!(w.get(done.location()).status, StatusCode::OK);
        for path in ["/commitments/new", "/requirements/new"] {
            assert_eq!(w.get(path).status, StatusCode::NOT_FOUND, "{path}");
            let csrf = hidden(&list.body, "csrf").unwrap_or_default();
            let sent = w.post(path, &[("csrf", &*csrf), ("code", "X")]);
            assert!(matches!(sent.status.as_u16(), 403 | 404), "{path}: {}", sent.status);
        }
        w.sign_in(&c.of(c.organisation, Viewer));
        assert_eq!(w.get("/commitments/new").status, StatusCode::FORBIDDEN);
        w.sign_in(&c.of(c.organisation, Administrator));
        assert_eq!(w.get("/commitments").status, StatusCode::FORBIDDEN);
        for who in [c.of(c.other, ComplianceLead), c.of(c.other_firm, Manager)] {
            w.sign_in(&who);
            assert_eq!(w.get(done.location()).status, StatusCode::NOT_FOUND);
            assert!(!w.get("/commitments").body.contains("SC-01"));
        }
        t.db.read_blocking(|conn| {
            assert_eq!(store::commitments(conn, c.organisation)?.len(), 2);
            assert_eq!(store::requirements(conn, c.organisation)?.len(), 1);
            Ok(())
        })
        .unwrap();
    });
}
