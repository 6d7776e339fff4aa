//! The pages of inquiries, mechanisms and commitments through a real router: the firm's people read and write
//! them, the organisation's find nothing but their appointments.

use crate::asks::ALL;
use crate::support::*;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use examination::{inquiries, mechanisms, promises};
use platform::http::App;
use platform::testing::Web;

fn routes() -> Router<App> {
    use inquiries::pages as asks;
    use mechanisms::pages as mech;
    use promises::pages as prom;
    Router::new()
        .route("/appointments", get(asks::appointments))
        .route("/appointments/consent", post(asks::consent))
        .route("/appointments/{appointment}", post(asks::answer))
        .route("/examination/{engagement}/inquiries", get(asks::list))
        .route("/examination/{engagement}/inquiries/new", get(asks::new_form).post(asks::new))
        .route("/examination/{engagement}/inquiries/{inquiry}", get(asks::record))
        .route("/examination/{engagement}/inquiries/{inquiry}/entries", post(asks::add))
        .route("/examination/{engagement}/inquiries/{inquiry}/conclude", post(asks::conclude))
        .route("/examination/{engagement}/mechanisms", get(mech::overview))
        .route(
            "/examination/{engagement}/mechanisms/channels",
            get(mech::channels).post(mech::identify),
        )
        .route("/examination/{engagement}/mechanisms/policy", get(mech::policy))
        .route("/examination/{engagement}/mechanisms/people", get(mech::people))
        .route("/examination/{engagement}/mechanisms/history", get(mech::history).post(mech::draw))
        .route("/examination/{engagement}/mechanisms/patterns", get(mech::patterns))
        .route("/examination/{engagement}/mechanisms/rubric", get(mech::rubric).post(mech::score))
        .route("/examination/{engagement}/mechanisms/findings", get(mech::findings))
        .route("/examination/{engagement}/mechanisms/recommendations", post(mech::recommendation))
        .route("/examination/{engagement}/mechanisms/memorandum", get(mech::memorandum))
        .route("/examination/{engagement}/promises", get(prom::list))
}

const PAGES: [&str; 11] = [
    "inquiries",
    "mechanisms",
    "mechanisms/channels",
    "mechanisms/policy",
    "mechanisms/people",
    "mechanisms/history",
    "mechanisms/patterns",
    "mechanisms/rubric",
    "mechanisms/findings",
    "mechanisms/memorandum",
    "promises",
];

#[test]
fn the_firm_works_on_its_pages_and_the_organisation_finds_nothing_there() {
    on_both(ALL, |t| {
        let w = World::new(t);
        let mut web = Web::new(t, routes(), vec![staff(), manager(), lead()], 1_000);
        web.edge.set(Timestamp::parse("2026-02-01T12:00:00Z").unwrap());
        let at = |rest: &str| format!("/examination/{}/{rest}", w.engagement);
        web.sign_in(&lead());
        for page in PAGES {
            assert_eq!(web.get(&at(page)).status, StatusCode::NOT_FOUND, "{page}");
        }
        assert_eq!(web.get(&at("inquiries/new")).status, StatusCode::NOT_FOUND);
        let own = web.get("/appointments");
        assert_eq!(own.status, StatusCode::OK);
        assert!(own.body.contains("The auditor has asked for no appointment"), "{}", own.body);
        web.sign_in(&staff());
        assert_eq!(web.get("/appointments").status, StatusCode::NOT_FOUND);
        for page in PAGES {
            let shown = web.get(&at(page));
            assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.body);
        }
        // A walkthrough without a control comes back with what was typed.
        let typed = [
            ("kind", "walkthrough"),
            ("title", "Leavers, end to end"),
            ("purpose", "How accounts end."),
            ("name-0", "Ada"),
            ("function-0", "Head of IT"),
            ("tenure-0", "settled"),
            ("why-0", "Owns it."),
            ("own", "What starts it?"),
        ];
        let again = web.fill(&at("inquiries/new"), &at("inquiries/new"), &typed);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            again.body.contains("Choose the control") && again.body.contains("Leavers, end to end")
        );
        let control = w.leavers.to_string();
        let mut whole = typed.to_vec();
        whole.push(("controls", &control));
        let made = web.fill(&at("inquiries/new"), &at("inquiries/new"), &whole);
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        assert!(web.get(&at("inquiries")).body.contains("Leavers, end to end"));
        // A channel needs evidence; a script in its name stays text.
        let channel = [
            ("name", "<script>alert(1)</script>"),
            ("kind", "email"),
            ("audience", "external"),
            ("note", "Nobody answers."),
            ("works", "no"),
        ];
        let page = at("mechanisms/channels");
        let again = web.fill(&page, &page, &channel);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut whole = channel.to_vec();
        whole.push(("evidence", "Agreement of 2024"));
        assert_eq!(web.fill(&page, &page, &whole).status, StatusCode::SEE_OTHER);
        let shown = web.get(&page).body;
        assert!(shown.contains("&lt;script&gt;") && !shown.contains("<script>alert"));
        assert!(shown.contains("the register does not know it"), "{shown}");
        // An unknown engagement is nothing, for the firm too.
        assert_eq!(
            web.get("/examination/eng_00000000000000000000000001/mechanisms").status,
            StatusCode::NOT_FOUND
        );
    });
}
