//! The room's pages as a browser meets them, on both databases.

#[path = "../../scope/tests/common/mod.rs"]
mod common;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use common::{Cast, cast};
use controls::{pages, store};
use kernel::party::Role::*;
use platform::http::App;
use platform::journal::Room;
use platform::testing::{TestDb, Web, beside, hidden, on_both};

const ROOMS: [Room; 4] = [identity::ROOM, scope::ROOM, commitments::ROOM, controls::ROOM];

fn web<'t>(t: &'t TestDb, c: &Cast) -> Web<'t> {
    let routes: Router<App> = Router::new()
        .route("/controls", get(pages::list))
        .route("/controls/new", get(pages::new_form).post(pages::new_submit))
        .route("/controls/coverage", get(pages::coverage))
        .route("/controls/{id}", get(pages::show));
    Web::new(t, routes, c.people.clone(), 1_000)
}

const FORM: [(&str, &str); 8] = [
    ("code", "IAM-05"),
    ("statement", "Access of <leavers> ends."),
    ("frequency", "per event"),
    ("owner_role", "Head of IT"),
    ("type", "preventive"),
    ("nature", "manual"),
    ("criteria", "CC6.2"),
    ("criteria", "CC6.3"),
];

#[test]
fn a_control_is_stated_by_its_form_and_counts_for_coverage() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        c.engagement(t, "2025", Some(c.firm));
        let mut w = web(t, &c);
        assert_eq!(w.get("/controls").status, StatusCode::SEE_OTHER);
        w.sign_in(&c.lead());
        for field in ["code", "statement", "frequency", "owner_role", "type", "nature", "criteria"]
        {
            let lacking: Vec<_> = FORM.iter().filter(|(n, _)| *n != field).copied().collect();
            let again = w.fill("/controls/new", "/controls/new", &lacking);
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(beside(&again.body, field).is_some(), "{field}: {}", again.body);
            assert!(!again.body.contains("<leavers>"), "escaped");
            let kept = if field == "code" { "Head of IT" } else { "IAM-05" };
            assert!(again.body.contains(kept), "what was typed is kept");
        }
        for (name, value) in
            [("frequency", "sometimes"), ("criteria", "CC99.1"), ("owner", "per_somebody")]
        {
            let mut odd: Vec<_> = FORM.iter().filter(|(n, _)| *n != name).copied().collect();
            odd.push((name, value));
            let again = w.fill("/controls/new", "/controls/new", &odd);
            assert!(beside(&again.body, name).is_some(), "{name}: {}", again.body);
        }
        let page = w.get("/controls/new").body;
        let (csrf, key) = (hidden(&page, "csrf").unwrap(), hidden(&page, "key").unwrap());
        let owner = c.of(c.organisation, ControlOwner).person.unwrap().to_string();
        assert!(page.contains(&owner), "people of the organisation are offered");
        let stranger = c.of(c.other, ControlOwner).person.unwrap().to_string();
        assert!(!page.contains(&stranger));
        let mut all = vec![("csrf", &*csrf), ("key", &*key), ("owner", &*owner)];
        all.extend(FORM);
        let done = w.post("/controls/new", &all);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert_eq!(w.post("/controls/new", &all).location(), done.location(), "once");
        let again = w.fill("/controls/new", "/controls/new", &FORM);
        assert!(beside(&again.body, "code").unwrap().contains("IAM-05"), "{}", again.body);
        let one = w.get(done.location());
        assert!(one.body.contains("control_owner of 1") && one.body.contains("CC6.2, CC6.3"));
        let covered = w.get("/controls/coverage").body;
        assert_eq!(covered.matches("IAM-05").count(), 2, "{covered}");

        let file = w.get("/controls?format=csv");
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        let lines: Vec<_> = file.body.lines().collect();
        assert_eq!(lines.len(), 2, "{}", file.body);
        assert!(lines[1].starts_with("IAM-05,Access of <leavers> ends.,per event,Head of IT,"));
        assert!(lines[1].contains("\"CC6.2, CC6.3\""), "{}", file.body);
        assert_eq!(w.get("/controls/coverage?format=csv").body.lines().count(), 62);

        w.sign_in(&c.staff());
        let list = w.get("/controls").body;
        assert!(list.contains("IAM-05") && !list.contains("/controls/new"));
        assert_eq!(w.get("/controls/new").status, StatusCode::NOT_FOUND);
        assert_eq!(w.get("/controls/coverage").status, StatusCode::OK);
        w.sign_in(&c.of(c.organisation, ControlOwner));
        assert_eq!(w.get("/controls/new").status, StatusCode::FORBIDDEN);
        for who in [c.of(c.other, ComplianceLead), c.of(c.other_firm, Manager)] {
            w.sign_in(&who);
            assert_eq!(w.get(done.location()).status, StatusCode::NOT_FOUND);
            assert!(!w.get("/controls/coverage").body.contains("IAM-05"));
        }
        let n = t.db.read_blocking(|conn| Ok(store::controls(conn, c.organisation)?.len()));
        assert_eq!(n.unwrap(), 1);
    });
}
