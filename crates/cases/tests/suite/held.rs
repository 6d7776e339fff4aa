//! A flood at the public door: nothing is refused, what came without work is held, and a person lets it
//! in or judges it to be junk.

use crate::common::{Cast, cast};
use crate::rooms::ROOMS;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use cases::model::CaseState;
use cases::pages::{follow_up, held, register, report};
use cases::rules::flood::{BITS_LEAST, zero_bits};
use cases::service::gate::{Gate, Work};
use cases::{api, store};
use kernel::party::Actor;
use kernel::party::Role::CaseHandler;
use kernel::time::Timestamp;
use platform::http::App;
use platform::testing::{Part, Web};
use platform::testing::{TestDb, env, on_both};

const SECRET: [u8; 32] = [9; 32];

fn router() -> Router<App> {
    Router::new()
        .route("/report", get(report::ask).post(report::send))
        .route("/report/follow-up", get(follow_up::ask).post(follow_up::look))
        .route("/cases", get(register::list))
        .route("/cases/held", get(held::show))
        .route("/cases/held/discard", post(held::discard))
        .route("/cases/held/{id}/release", post(held::release))
        .route("/api/v1/reports", post(api::report))
}

fn web<'t>(t: &'t TestDb, c: &Cast, calm: u32) -> Web<'t> {
    Web::with(t, router(), c.people.clone(), 1 << 20, Gate::new(calm, SECRET))
}

fn send(web: &Web<'_>, c: &Cast, title: &str, challenge: &str, work: &str) -> String {
    let to = c.organisation.to_string();
    let answered = web.upload(
        "/report",
        &[
            Part::Text("to", &to),
            Part::Text("kind", "concern"),
            Part::Text("title", title),
            Part::Text("description", "In full."),
            Part::Text("privacy", "open"),
            Part::Text("challenge", challenge),
            Part::Text("work", work),
        ],
    );
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    answered.body.clone()
}

fn handler(c: &Cast) -> Actor {
    c.of(c.organisation, CaseHandler)
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    platform::testing::hidden(page, name).unwrap_or_default()
}

fn solved(challenge: &str) -> String {
    (0_u64..).map(|n| n.to_string()).find(|n| zero_bits(challenge, n) > BITS_LEAST).unwrap()
}

#[test]
fn a_flood_closes_no_channel_and_who_did_the_work_is_not_held() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let mut web = web(t, &c, 2);
        let organisation = c.organisation;
        let calm = web.get(&format!("/report?to={organisation}")).body.clone();
        assert_eq!(hidden(&calm, "challenge"), "", "while it is calm nothing is asked for");
        for n in 0..5 {
            let page = send(&web, &c, "Buy pills", "", "");
            assert_eq!(page.contains("held") || page.contains("within a day"), n >= 2, "{n}");
        }
        // Who comes now by a browser is asked for work, and files as always.
        let page = web.get(&format!("/report?to={organisation}")).body.clone();
        let challenge = hidden(&page, "challenge");
        let number = solved(&challenge);
        let real = send(&web, &c, "The backup failed", &challenge, &number);
        assert!(!real.contains("within a day"));
        // The same answer serves once.
        let again = send(&web, &c, "The backup failed again", &challenge, &number);
        assert!(again.contains("within a day"));
        let count = |kind: &str| -> i64 {
            let counts = t.db.read_blocking(move |conn| store::counts(conn, organisation)).unwrap();
            counts.iter().filter(|x| x.kind == kind).map(|x| x.n).sum()
        };
        assert_eq!(count("concern"), 3, "two while it was calm, and the one that did the work");
        // A person looks: rare titles first.
        web.sign_in(&handler(&c));
        let list = web.get("/cases/held").body.clone();
        let (rare, many) = (list.find("The backup failed again"), list.find("Buy pills"));
        assert!(rare.unwrap() < many.unwrap(), "{list}");
        let (n, _) =
            t.db.read_blocking(move |conn| store::held::waiting(conn, organisation)).unwrap();
        assert_eq!(n, 4);
        let groups =
            t.db.read_blocking(move |conn| store::held::groups(conn, organisation, 9)).unwrap();
        assert_eq!(groups.iter().map(|g| g.n).collect::<Vec<_>>(), [1, 3]);
        let let_in = groups[0].example;
        let answered = web.fill("/cases/held", &format!("/cases/held/{let_in}/release"), &[]);
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.body);
        assert_eq!(count("concern"), 4);
        let answered = web.fill(
            "/cases/held",
            "/cases/held/discard",
            &[("title", "Buy pills"), ("reason", "The same text three times.")],
        );
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.body);
        let junk =
            t.db.read_blocking(move |conn| store::case(conn, organisation, groups[1].example))
                .unwrap()
                .unwrap();
        assert_eq!((junk.state, junk.held), (CaseState::Withdrawn, true));
        assert_eq!(count("concern"), 4, "junk is in no figure");
        let left =
            t.db.read_blocking(move |conn| store::held::waiting(conn, organisation)).unwrap();
        assert_eq!(left.0, 0);
        let register = web.get("/cases").body.clone();
        assert!(register.contains("The backup failed again"));
    });
}

#[test]
fn channels_count_for_themselves_and_a_minute_later_all_is_calm() {
    let gate = Gate::new(10, SECRET);
    let (a, now) = (kernel::ids::PartyId::new(Timestamp(0), 1), env().now());
    let held = |channel: &str, n: usize, at: Timestamp| {
        (0..n).filter(|_| gate.holds(a, channel, at, Work::default())).count()
    };
    assert_eq!(held("portal", 100_000, now), 99_990);
    assert_eq!(held("email", 10, now), 0, "another channel is untouched");
    let b = kernel::ids::PartyId::new(Timestamp(0), 2);
    assert!(!gate.holds(b, "portal", now, Work::default()), "another organisation too");
    assert_eq!(held("portal", 1, now.plus_seconds(70)), 0);
    let open = Gate::new(0, SECRET);
    assert!((0..50).all(|_| !open.holds(a, "portal", now, Work::default())));
}
