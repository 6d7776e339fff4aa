//! The room's pages as a browser meets them, on both databases.

#[path = "../../scope/tests/common/mod.rs"]
mod common;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
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
        .route("/controls/gaps", get(pages::gaps::list))
        .route("/controls/gaps/new", get(pages::gaps::new_form).post(pages::gaps::new_submit))
        .route("/controls/gaps/{id}", get(pages::gaps::show))
        .route("/controls/gaps/{id}/{action}", post(pages::gaps::act))
        .route("/controls/gaps/{id}/proofs/{event}", get(pages::gaps::proof))
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

const GAP: [(&str, &str); 4] = [
    ("criterion", "CC7.1"),
    ("finding", "Nobody <scans> for weaknesses."),
    ("action", "Buy a scanner"),
    ("due", "1969-12-31"),
];

#[test]
fn a_gap_is_found_planned_anew_and_closed_by_its_forms_and_its_history_has_proofs() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        c.engagement(t, "2025", Some(c.firm));
        let mut w = web(t, &c);
        assert_eq!(w.get("/controls/gaps").status, StatusCode::SEE_OTHER);
        w.sign_in(&c.lead());
        assert!(w.get("/controls/gaps").body.contains("No gap"));
        let covered = w.get("/controls/coverage").body;
        assert!(covered.contains("/controls/gaps?criterion=CC7.1"), "{covered}");
        assert!(w.get("/controls").body.contains("href=\"/controls/gaps\""));
        let chosen = w.get("/controls/gaps/new?criterion=CC7.1").body;
        assert!(chosen.contains("value=\"CC7.1\" selected"), "{chosen}");
        for (field, _) in GAP {
            let lacking: Vec<_> = GAP.iter().filter(|(n, _)| *n != field).copied().collect();
            let again = w.fill("/controls/gaps/new", "/controls/gaps/new", &lacking);
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(beside(&again.body, field).is_some(), "{field}: {}", again.body);
            assert!(!again.body.contains("<scans>"), "escaped");
            let kept = if field == "action" { "for weaknesses." } else { "Buy a scanner" };
            assert!(again.body.contains(kept), "{field}: what was typed is kept");
        }
        let done = w.fill("/controls/gaps/new", "/controls/gaps/new", &GAP);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let one = done.location().to_owned();
        let page = w.get(&one).body;
        assert!(page.contains("Past its date") && page.contains("Nobody yet"), "{page}");
        let second =
            [("criterion", "CC6.1"), ("finding", "F"), ("action", "A"), ("due", "2099-01-01")];
        let other = w.fill("/controls/gaps/new", "/controls/gaps/new", &second);
        assert_eq!(other.status, StatusCode::SEE_OTHER, "{}", other.body);

        let owner = c.of(c.organisation, ControlOwner);
        let person = owner.person.unwrap().to_string();
        let plan = [
            ("action", "Rent a scanner"),
            ("owner", &*person),
            ("due", "2099-06-30"),
            ("reason", "The supplier sells none."),
        ];
        let act = |what: &str| format!("{one}/{what}");
        let again = w.fill(&one, &act("plan"), &plan[..3]);
        assert!(beside(&again.body, "reason").is_some(), "{}", again.body);
        assert!(again.body.contains("Rent a scanner"));
        // A page that somebody kept open speaks of the gap as it was.
        let old = w.get(&one).body;
        let (csrf, version) = (hidden(&old, "csrf").unwrap(), hidden(&old, "version").unwrap());
        w.sign_in(&owner);
        assert_eq!(w.fill(&one, &act("plan"), &plan).status, StatusCode::SEE_OTHER);
        w.sign_in(&c.lead());
        let mut late = vec![("csrf", &*csrf), ("version", &*version)];
        late.extend(plan);
        assert_ne!(w.post(&act("plan"), &late).status, StatusCode::SEE_OTHER);
        let page = w.get(&one).body;
        for told in ["Rent a scanner", "2099-06-30", "The supplier sells none.", "Buy a scanner"] {
            assert!(page.contains(told), "{told}: {page}");
        }

        let count = |path: &str| w.get(path).body.lines().count() - 1;
        assert_eq!(count("/controls/gaps?format=csv"), 2);
        assert_eq!(count("/controls/gaps?criterion=CC7.1&format=csv"), 1);
        assert_eq!(count("/controls/gaps?criterion=CC9.9&format=csv"), 0);
        assert_eq!(count("/controls/gaps?state=open&format=csv"), 2);
        assert_eq!(count("/controls/gaps?state=overdue&format=csv"), 0);
        assert!(w.get("/controls/gaps?format=xlsx").status.is_success());
        let again = w.fill(&one, &act("close"), &[("outcome", " ")]);
        assert!(beside(&again.body, "outcome").is_some(), "{}", again.body);
        let shut = w.fill(&one, &act("close"), &[("outcome", "It scans every night.")]);
        assert_eq!(shut.status, StatusCode::SEE_OTHER, "{}", shut.body);
        let closed = w.get("/controls/gaps?state=closed&format=csv").body;
        assert!(closed.contains("Closed") && closed.lines().count() == 2, "{closed}");
        let page = w.get(&one).body;
        assert!(page.contains("It scans every night.") && !page.contains(&act("close")));

        // Each entry has its proof, and the proof of another record is not here.
        t.sequence();
        let page = w.get(&one).body;
        let proofs: Vec<&str> = page
            .match_indices("/proofs/")
            .map(|(at, _)| page[at + 8..].split('"').next().unwrap())
            .collect();
        assert_eq!(proofs.len(), 3, "{page}");
        for event in &proofs {
            let file = w.get(&format!("{one}/proofs/{event}"));
            assert!(file.body.starts_with("c2sp.org/tlog-proof"), "{}", file.body);
        }
        let others = w.get("/controls/gaps?criterion=CC6.1").body;
        let other = others.split("/controls/gaps/gap_").nth(1).unwrap().split('"').next().unwrap();
        let elsewhere = format!("/controls/gaps/gap_{other}/proofs/{}", proofs[0]);
        assert_eq!(w.get(&elsewhere).status, StatusCode::NOT_FOUND);

        // The firm reads and changes nothing; nobody else learns of it.
        w.sign_in(&c.staff());
        let page = w.get(&one);
        assert!(page.status.is_success() && !page.body.contains(&act("plan")));
        assert_eq!(w.get("/controls/gaps/new").status, StatusCode::NOT_FOUND);
        w.sign_in(&c.of(c.organisation, Viewer));
        assert_eq!(w.get(&one).status, StatusCode::FORBIDDEN);
        assert!(!w.get("/controls").body.contains("/controls/gaps"));
        for who in [c.of(c.other, ComplianceLead), c.of(c.other_firm, Manager)] {
            w.sign_in(&who);
            assert_eq!(w.get(&one).status, StatusCode::NOT_FOUND);
            assert_eq!(w.get(&format!("{one}/proofs/{}", proofs[0])).status, StatusCode::NOT_FOUND);
            assert!(!w.get("/controls/gaps").body.contains("scans"));
        }
    });
}
