//! The register of channels through its pages, on both databases.

use crate::people::{party, who};
use crate::rooms::ROOMS;
use axum::Router;
use axum::routing::{get, post};
use cases::channels::model::{Audience, ChannelKind};
use cases::channels::pages::{public, record, register};
use cases::channels::store;
use kernel::env::Env;
use kernel::party::{Actor, Role, Side};
use kernel::permit::{Facts, authorize};
use platform::http::App;
use platform::testing::{TestDb, Web, beside, env, on_both};

fn routes() -> Router<App> {
    Router::new()
        .route("/channels", get(register::list))
        .route("/channels/new", get(register::new_form_page).post(register::new_submit))
        .route("/channels/{id}", get(record::show))
        .route("/channels/{id}/{action}", post(record::act))
        .route("/channels/{id}/proofs/{event}", get(record::proof))
        .route("/report/channels", get(public::show))
        .route("/report/channels.txt", get(public::plain))
}

fn web(t: &TestDb) -> (Web<'_>, [Actor; 3]) {
    for (n, side, name) in [
        (1, Side::ServiceOrganisation, "Palmetto <Payroll>"),
        (2, Side::ServiceOrganisation, "Other"),
    ] {
        let mut env = Env::new(env().now(), [u8::try_from(n).unwrap(); 32]);
        t.db.write_blocking(move |tx| {
            let permit = authorize(&Actor::system(party(n), "test"), &Facts::of(party(n)))?;
            identity::service::register_party(tx, &mut env, &permit, side, name)
        })
        .unwrap();
    }
    let people = [
        who(1, party(1), &[Role::CaseHandler]),
        who(2, party(2), &[Role::CaseHandler]),
        who(3, party(1), &[Role::Viewer]),
    ];
    (Web::new(t, routes(), people.to_vec(), 1_000), people)
}

const HOTLINE: [(&str, &str); 7] = [
    ("name", "hotline"),
    ("kind", "hotline"),
    ("audience", "internal"),
    ("address", "+1 614 555 0142"),
    ("instructions", "Call.\n2. Forged channel"),
    ("languages", "en, de"),
    ("anonymous", "on"),
];

#[test]
fn a_channel_is_stated_published_tried_and_closed_and_the_log_tells_of_it() {
    on_both(&ROOMS, |t| {
        let (mut web, [handler, other, viewer]) = web(t);
        web.sign_in(&handler);
        let made = web.fill("/channels/new", "/channels/new", &HOTLINE);
        let page = made.location().to_owned();
        assert!(page.starts_with("/channels/chn_"), "{}", made.body);
        let again = web.fill("/channels/new", "/channels/new", &HOTLINE);
        assert!(beside(&again.body, "name").unwrap().contains("Another channel"), "{}", again.body);
        let act = |action: &str, pairs: &[(&str, &str)]| {
            web.fill(&page, &format!("{page}/{action}"), pairs)
        };
        assert!(web.get("/channels").body.contains("No owner"));
        let published = [
            ("place", "agreement"),
            ("title", "Clause 14.2"),
            ("link", "javascript:x"),
            ("from", "2026-01-01"),
        ];
        let refused = act("publish", &published);
        assert!(beside(&refused.body, "link").is_some(), "{}", refused.body);
        let mut good = published;
        good[2].1 = "https://alder.example/terms";
        assert_eq!(act("publish", &good).location(), page);
        let tried =
            [("on", "2026-01-01"), ("result", "failed"), ("evidence", "Nobody <answered>.")];
        assert_eq!(act("test", &tried).location(), page);
        let future = [("on", "2026-02-01"), ("result", "passed"), ("evidence", "It will work.")];
        assert!(beside(&act("test", &future).body, "on").is_some());
        let body = web.get(&page).body;
        assert!(
            body.contains("Nobody &#60;answered&#62;.")
                || body.contains("Nobody &lt;answered&gt;."),
            "{body}"
        );
        assert!(body.contains("tried it on") && body.contains("it failed"), "{body}");

        // The other organisation learns of nothing, a viewer reads and changes nothing.
        t.sequence();
        let proof = body
            .split("/proofs/")
            .nth(1)
            .or_else(|| web.get(&page).body.split("/proofs/").nth(1).map(|_| ""));
        assert!(proof.is_some() || t.db.backend() == platform::db::Backend::Postgres);
        let body = web.get(&page).body;
        let event = body.split("/proofs/").nth(1).unwrap().split('"').next().unwrap();
        let proof = web.get(&format!("{page}/proofs/{event}")).body;
        assert!(proof.contains("c2sp.org/tlog-proof"), "{proof}");
        web.sign_in(&other);
        assert_eq!(web.get(&page).status, 404);
        assert_eq!(web.get(&format!("{page}/proofs/{event}")).status, 404);
        web.sign_in(&viewer);
        let seen = web.get(&page).body;
        assert!(!seen.contains("<form method=\"post\" action=\"/channels/"), "{seen}");
        assert_eq!(web.get("/channels/new").status, 403);

        web.sign_in(&handler);
        let retire = web.fill(&page, &format!("{page}/retire"), &[("reason", "Nobody used it.")]);
        assert_eq!(retire.location(), page);
        let again = web.post(&format!("{page}/retire"), &[("reason", "x"), ("csrf", "wrong")]);
        assert_eq!(again.status, 403);
        let all = t.db.read_blocking(|c| store::channels(c, party(1))).unwrap();
        assert_eq!((all[0].kind, all[0].audience), (ChannelKind::Hotline, Audience::Internal));
        assert_eq!(all[0].languages, ["en", "de"]);
        assert!(all[0].retired_at.is_some() && all[0].version == 4, "{all:?}");
    });
}

#[test]
fn the_public_page_and_text_follow_from_the_register() {
    on_both(&ROOMS, |t| {
        let (mut web, [handler, ..]) = web(t);
        web.sign_in(&handler);
        let page = web.fill("/channels/new", "/channels/new", &HOTLINE).location().to_owned();
        web.sign_out();
        assert_eq!(web.get("/report/channels").status, 422, "two organisations receive reports");
        let to = party(1);
        let inside = web.get(&format!("/report/channels?audience=internal&to={to}")).body;
        assert!(
            inside.contains("+1 614 555 0142") && inside.contains("You need not give it."),
            "{inside}"
        );
        assert!(!inside.contains("<Payroll>") && !inside.contains("Sign out"));
        let outside = web.get(&format!("/report/channels?audience=external&to={to}")).body;
        assert!(!outside.contains("+1 614 555 0142") && outside.contains("No channel is open"));
        assert_eq!(web.get(&format!("/report/channels?audience=all&to={to}")).status, 422);
        let text = web.get(&format!("/report/channels.txt?audience=internal&to={to}")).body;
        assert_eq!(text.lines().filter(|l| l.starts_with("2. ")).count(), 0, "{text}");
        assert!(
            text.contains("1. Telephone hotline") && text.contains("Palmetto <Payroll>"),
            "{text}"
        );
        web.sign_in(&handler);
        let _ = web.fill(&page, &format!("{page}/retire"), &[("reason", "Nobody used it.")]);
        let gone = web.get(&format!("/report/channels?audience=internal&to={to}")).body;
        assert!(!gone.contains("+1 614 555 0142"), "{gone}");
    });
}
