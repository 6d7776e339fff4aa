//! The pages of inquiries, mechanisms and commitments through a real router: the firm's people read and write
//! them, the organisation's find nothing but their appointments.

use crate::asks::ALL;
use crate::support::*;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use cases::surveys::model::SurveyId;
use cases::surveys::permits::ManageSurveys;
use cases::surveys::service::{self as surveys, SurveyInput};
use examination::inquiries::appointments;
use examination::inquiries::model::Agreed;
use examination::inquiries::permits::GiveConsent;
use examination::mechanisms::rules::rubric::Share;
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

/// An anonymous survey of the organisation, answered by so many: who knows where and how to report (E11,
/// yes or no) and who agrees to know where to report (X1). Closed on `day`.
fn surveyed(w: &World<'_>, day: &str, seed: u8, (yes, no): (u8, u8)) -> SurveyId {
    let at = |time: &str| Timestamp::parse(&format!("{day}T{time}Z")).unwrap();
    let (opens, closes) = (at("08:00:00"), at("18:00:00"));
    w.t.db
        .write_blocking(move |tx| {
            let mut e = Env::new(opens, [seed; 32]);
            let permit = authorize::<ManageSurveys>(&lead(), &Facts::of(party(ORGANISATION)))?;
            let input = SurveyInput {
                title: "Could you report <something>?".into(),
                intro: "Once a year.".into(),
                questions: vec!["E11".into(), "X1".into()],
                segments: Vec::new(),
                anonymous: true,
                closes_at: closes,
            };
            let id = surveys::open(tx, &mut e, &permit, &input)?;
            surveys::make_link(tx, &mut e, &permit, (id, 1))?;
            let link = cases::surveys::store::link(tx, party(ORGANISATION), id)?.unwrap();
            for n in 0..yes + no {
                let (knows, agrees) = if n < yes { ("yes", "5") } else { ("no", "2") };
                let given = [("E11", knows), ("X1", agrees)];
                let given = given.map(|(q, a)| (q.to_owned(), a.to_owned())).into();
                surveys::answer(tx, &mut e, &link, &given)?;
            }
            e.set_now(closes);
            surveys::close(tx, &mut e, &permit, (id, 2))?;
            Ok(id)
        })
        .unwrap()
}

#[test]
fn surveys_of_the_organisation_are_proposed_as_evidence_of_awareness_where_it_consented() {
    on_both(ALL, |t| {
        let w = World::new(t);
        // Whoever answers is told who asks.
        t.db.write_blocking(|tx| {
            let (owner, mut e) = (party(ORGANISATION), Env::new(env().now(), [8; 32]));
            let setup = authorize(&Actor::system(owner, "setup"), &Facts::of(owner))?;
            let side = Side::ServiceOrganisation;
            identity::service::register_party(tx, &mut e, &setup, side, "Ledgerly Ltd")
        })
        .unwrap();
        let older = surveyed(&w, "2025-03-03", 1, (6, 14));
        let newest = surveyed(&w, "2025-09-01", 2, (12, 8));
        surveyed(&w, "2026-01-15", 3, (20, 0));
        surveyed(&w, "2025-10-01", 4, (3, 1));
        let engagement = w.papers().engagement;
        let asked = || {
            let (engagement, now) = (engagement.clone(), w.now().plus_seconds(90 * 86_400));
            t.db.read_blocking(move |conn| mechanisms::figures::read(conn, &engagement, now))
                .unwrap()
        };
        let mut web = Web::new(t, routes(), vec![staff(), manager(), lead()], 1_000);
        web.edge.set(Timestamp::parse("2026-02-01T12:00:00Z").unwrap());
        web.sign_in(&staff());
        let page = format!("/examination/{}/mechanisms/rubric", w.engagement);
        assert!(asked().asked.is_none() && asked().known().staff_know.is_none());
        let shown = web.get(&page).body;
        assert!(shown.contains("own surveys are not shown"), "{shown}");
        assert!(!shown.contains(&newest.to_string()));

        let id = w.engagement;
        w.run::<GiveConsent, _>(&lead(), move |tx, e, p| {
            appointments::consent(tx, e, p, id, (Agreed::OwnSurveys, "Our survey of staff."))
        })
        .unwrap();
        // The newest that was closed in the period; one with four answers was destroyed unread.
        let known = asked().known();
        let share = Share::of(12, 20);
        assert_eq!((known.staff_know, known.users_know), (share, share));
        let shown = web.get(&page).body;
        assert!(shown.contains(&format!("href=\"/surveys/{newest}\"")), "{shown}");
        assert!(!shown.contains(&older.to_string()));
        assert!(shown.contains("12 of 20 who answered; closed on 1 September 2025"), "{shown}");
        assert!(shown.contains("Of the staff who answered, 12 of 20 know how to report."));
        assert!(!shown.contains("<something>"), "the title is escaped");
        // It stands in the form as proposed evidence; a person writes the score.
        assert!(shown.contains(&format!("/surveys/{newest}</textarea>")), "{shown}");
        let score = format!("{page}?dimension=awareness");
        let typed = [
            ("score", "3"),
            ("reason", "Staff and users were asked; the training was seen."),
            ("evidence", &format!("/surveys/{newest}")),
        ];
        let sent = web.fill(&page, &score, &typed);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        w.run::<GiveConsent, _>(&lead(), move |tx, e, p| {
            appointments::withdraw(tx, e, p, id, (Agreed::OwnSurveys, "No more."))
        })
        .unwrap();
        assert!(asked().known().users_know.is_none(), "nothing is read any more");
    });
}
