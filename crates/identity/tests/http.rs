//! The pages and endpoints as a browser and a program meet them, on both databases.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it stands")]

mod common;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::{get, post};
use common::*;
use identity::rules::one_time;
use identity::service;
use identity::{Directory, Door, ROOM, api, pages, permits};
use kernel::ids::PersonId;
use kernel::party::Role;
use platform::blobs::{Blobs, LocalStore};
use platform::edge::FixedEdge;
use platform::http::{App, AppParts, layered};
use platform::jobs::mail::MailIsSent;
use platform::testing::{TestDb, answer, on_both};
use std::sync::Arc;

fn router() -> Router<App> {
    Router::new()
        .route("/", get(pages::sign_in_page))
        .route("/sign-in", post(pages::sign_in))
        .route("/sign-out", post(pages::sign_out))
        .route("/demo/sign-in", post(pages::demo_sign_in))
        .route("/invitation/{code}", get(pages::invitation::show).post(pages::invitation::accept))
        .route("/account", get(pages::account::show))
        .route("/account/name", get(pages::account::name).post(pages::account::rename))
        .route(
            "/account/password",
            get(pages::account::password).post(pages::account::change_password),
        )
        .route("/account/party", post(pages::account::switch_party))
        .route("/account/sessions/{id}/end", post(pages::account::end_session))
        .route("/account/second-factor", get(pages::factor::show).post(pages::factor::submit))
        .route("/account/second-factor/start", post(pages::factor::start))
        .route("/account/tokens", get(pages::tokens::show).post(pages::tokens::make))
        .route("/account/tokens/{id}/revoke", post(pages::tokens::revoke))
        .route("/people", get(pages::people::list))
        .route("/people/invite", get(pages::people::invite_form_page).post(pages::people::invite))
        .route("/people/invitations/{id}/withdraw", post(pages::people::withdraw))
        .route("/people/{id}", get(pages::people::show).post(pages::people::change))
        .route("/people/{id}/deactivate", post(pages::people::deactivate))
        .route("/people/{id}/password-link", post(pages::people::password_link))
        .route("/api/v1/me", get(api::me))
        .route("/api/v1/tokens", get(api::tokens).post(api::make_token))
        .route("/api/v1/people", get(api::people))
}

/// A running application and a browser in front of it.
struct Browser {
    router: Router,
    edge: Arc<FixedEdge>,
    cookie: Option<String>,
}

struct Seen {
    status: StatusCode,
    location: String,
    body: String,
}

fn browser(t: &TestDb, demonstration: bool) -> Browser {
    browser_of(t, demonstration, http::Extensions::new())
}

/// In front of an application that sends mail.
fn browser_with_mail(t: &TestDb) -> Browser {
    let mut extensions = http::Extensions::new();
    extensions.insert(MailIsSent);
    browser_of(t, false, extensions)
}

fn browser_of(t: &TestDb, demonstration: bool, mut extensions: http::Extensions) -> Browser {
    let edge = Arc::new(FixedEdge::new(noon(), at(noon()).bytes()));
    let scopes = identity::door::scopes_of(&[permits::ACTIONS]);
    let door = Door::new(scopes);
    extensions.insert(door.clone());
    let app = App::new(AppParts {
        db: t.db.clone(),
        journal: t.journal.clone(),
        blobs: Arc::new(Blobs::new(LocalStore::open(&t.folder.path().join("blobs")).unwrap())),
        edge: edge.clone(),
        identities: Arc::new(Directory::new(door)),
        nav: |_, _| Vec::new(),
        base_url: "http://tickmark.example".into(),
        demonstration,
        upload_bytes_max: 1_000,
        extensions,
    });
    Browser { router: layered(&app, router()), edge, cookie: None }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect()
    };
    let pairs: Vec<_> = pairs.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
    pairs.join("&")
}

impl Browser {
    fn send(&mut self, mut request: Request<Body>) -> Seen {
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        let answered = answer(self.router.clone(), request);
        let (status, headers, body) = (answered.status, answered.headers, answered.body);
        if let Some(set) = headers.get(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
            self.cookie = Some(set.split(';').next().unwrap().to_owned());
        }
        let location = headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap()).to_owned();
        assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY));
        assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
        Seen { status, location, body }
    }
    fn get(&mut self, path: &str) -> Seen {
        self.send(Request::get(path).body(Body::empty()).unwrap())
    }
    fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Seen {
        self.send(Request::post(path).body(Body::from(encoded(pairs))).unwrap())
    }
    /// A form as a person sends it: with the token of the page it stands on.
    fn submit(&mut self, page: &str, path: &str, pairs: &[(&str, &str)]) -> Seen {
        let body = self.get(page).body;
        let csrf = body.split("name=\"csrf\" value=\"").nth(1).expect("a token on the page");
        let csrf = csrf.split('"').next().unwrap().to_owned();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(pairs);
        self.post(path, &all)
    }
    fn sign_in(&mut self, email: &str) {
        let seen = self.post("/sign-in", &[("email", email), ("password", PASSWORD)]);
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.body);
    }
    fn api(&mut self, method: &str, path: &str, token: &str, json: &str) -> Seen {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json.to_owned()))
            .unwrap();
        self.send(request)
    }
}

#[test]
fn the_front_door() {
    on_both(&[ROOM], |t| {
        world(t);
        let mut b = browser(t, false);
        let page = b.get("/?next=/people");
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("value=\"/people\"") && page.body.contains("type=\"password\""));
        assert!(!page.body.contains("demo/sign-in"));
        assert_eq!(b.get("/people").location, "/?next=%2Fpeople");
        let ada = ("email", "Ada@Palmetto.example");
        let wrong = b.post("/sign-in", &[ada, ("password", "wrong horse entirely")]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("do not match") && wrong.body.contains("Ada@Palmetto.example"));
        assert!(!wrong.body.contains("wrong horse"));
        let nobody = b.post("/sign-in", &[("email", "no@x.example"), ("password", "wrong horse")]);
        let said = |body: &str| body.split("error-summary").nth(1).unwrap()[..400].to_owned();
        assert_eq!(said(&nobody.body), said(&wrong.body), "the same for an address nobody has");
        let right = b.post("/sign-in", &[ada, ("password", PASSWORD), ("next", "/people")]);
        assert_eq!((right.status, &*right.location), (StatusCode::SEE_OTHER, "/people"));
        let people = b.get("/people");
        assert!(people.body.contains("Ada Admin") && !people.body.contains("Paul"));
        let file = b.get("/people?format=csv").body;
        assert!(file.contains("\r\nAda Admin,ada@") && !file.contains("Paul"), "{file}");
        let evil = ("next", "//evil.example");
        assert_eq!(b.post("/sign-in", &[ada, ("password", PASSWORD), evil]).location, "/");
        let out = b.submit("/account", "/sign-out", &[]);
        assert_eq!(out.location, "/");
        assert_eq!(b.get("/account").location, "/?next=%2Faccount");
    });
}

#[test]
fn where_mail_is_sent_no_page_shows_the_link() {
    on_both(&[ROOM], |t| {
        world(t);
        let mut b = browser_with_mail(t);
        b.sign_in("ada@palmetto.example");
        let form = [("email", "hal@palmetto.example"), ("roles", "case_handler")];
        let sent = b.submit("/people/invite", "/people/invite", &form);
        assert_eq!((sent.status, &*sent.location), (StatusCode::SEE_OTHER, "/people"));
        let page = b.get("/people").body;
        assert!(page.contains("goes to hal@palmetto.example by mail"), "{page}");
        assert!(!page.contains("/invitation/"));
        assert!(!whole_log(t).contains("/invitation/"));
        let mails = t.db.read_blocking(|c| platform::jobs::store::waiting_of_kind(c, "mail"));
        assert_eq!(mails.unwrap(), 1);
    });
}

#[test]
fn other_sites_sign_nobody_in_or_out() {
    let t = TestDb::sqlite(&[ROOM]);
    world(&t);
    let mut b = browser(&t, false);
    let form = encoded(&[("email", "ada@palmetto.example"), ("password", PASSWORD)]);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = Request::post("/sign-in")
            .header(name, value)
            .header(header::HOST, "tickmark.example")
            .body(Body::from(form.clone()))
            .unwrap();
        let seen = b.send(request);
        assert_eq!(seen.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(b.cookie.is_none());
    }
    b.sign_in("ada@palmetto.example");
    assert_eq!(b.post("/sign-out", &[]).status, StatusCode::FORBIDDEN, "without its token");
    assert_eq!(b.get("/account").status, StatusCode::OK);
}

#[test]
fn guessing_is_slowed_and_time_opens_again() {
    let t = TestDb::sqlite(&[ROOM]);
    world(&t);
    let mut b = browser(&t, false);
    let try_it = |b: &mut Browser, email: &str, password: &str| {
        b.post("/sign-in", &[("email", email), ("password", password)]).status
    };
    for email in ["ada@palmetto.example", "nobody@palmetto.example"] {
        for _ in 0..5 {
            let status = try_it(&mut b, email, "wrong horse entirely");
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(try_it(&mut b, email, PASSWORD), StatusCode::TOO_MANY_REQUESTS, "{email}");
    }
    let slow = b.post("/sign-in", &[("email", "ada@palmetto.example"), ("password", PASSWORD)]);
    assert!(slow.body.contains("Too many attempts") && slow.body.contains("2 seconds"));
    b.edge.advance_seconds(2);
    let open = try_it(&mut b, "ada@palmetto.example", PASSWORD);
    assert_eq!(open, StatusCode::SEE_OTHER);
}

#[test]
fn an_account_gets_a_second_factor_on_its_pages() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let mut b = browser(t, false);
        b.sign_in("ada@palmetto.example");
        let factor = "/account/second-factor";
        let begun = b.submit(factor, "/account/second-factor/start", &[]);
        assert_eq!(begun.location, factor);
        let page = b.get(factor).body;
        let typed = page.split("<code>").nth(1).unwrap().split('<').next().unwrap();
        assert!(page.contains("<svg") && page.contains("<title>"), "the picture");
        let pending = t.db.read_blocking(|c| identity::store::secrets::credential(c, w.admin));
        let secret = pending.unwrap().pending.unwrap();
        assert_eq!(typed, one_time::in_words(&secret).unwrap());
        let wrong = b.submit(factor, factor, &[("code", "000000")]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("<svg"), "the picture is still there");
        let code = one_time::code_at(&secret, noon()).unwrap();
        let done = b.submit(factor, factor, &[("code", &code)]);
        assert_eq!(done.body.matches("<li><code>").count(), 10, "{}", done.body);
        let recovery = done.body.split("<li><code>").nth(1).unwrap()[..19].to_owned();
        assert!(!b.get(factor).body.contains(&recovery), "shown once");
        let mut other = browser(t, false);
        let ada = [("email", "ada@palmetto.example"), ("password", PASSWORD)];
        let without = other.post("/sign-in", &ada);
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let with = other.post("/sign-in", &[ada[0], ada[1], ("code", &recovery)]);
        assert_eq!(with.status, StatusCode::SEE_OTHER);
        let account = other.get("/account").body;
        assert!(account.contains("9 recovery codes") && account.contains("This browser"));
        let end = account.split("/account/sessions/").nth(1).unwrap();
        let end = format!("/account/sessions/{}/end", end.split('/').next().unwrap());
        assert_eq!(other.submit("/account", &end, &[]).status, StatusCode::SEE_OTHER);
        assert_eq!(b.get("/account").status, StatusCode::SEE_OTHER, "signed out from afar");
    });
}

#[test]
fn people_are_invited_trusted_and_deactivated_on_pages() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let mut b = browser(t, false);
        b.sign_in("ada@palmetto.example");
        let form = [("email", "hal@palmetto.example"), ("roles", "case_handler")];
        let missing = b.submit("/people/invite", "/people/invite", &form[..1]);
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(missing.body.contains("hal@palmetto.example"), "what was typed is kept");
        let foreign = [form[0], ("roles", "partner")];
        let foreign = b.submit("/people/invite", "/people/invite", &foreign);
        assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
        let link = b.submit("/people/invite", "/people/invite", &form).body;
        let path = link.split("http://tickmark.example").nth(1).unwrap();
        let path = path.split('<').next().unwrap().to_owned();
        assert!(path.starts_with("/invitation/"));
        assert!(b.get("/people").body.contains("hal@palmetto.example"));

        let mut hal = browser(t, false);
        let page = hal.get(&path).body;
        assert!(page.contains("Palmetto Payroll") && page.contains("Case handler"));
        assert_eq!(hal.get("/invitation/none").status, StatusCode::NOT_FOUND);
        let weak = [("name", "Hal"), ("password", "short"), ("again", "short")];
        assert!(hal.post(&path, &weak).body.contains("at least 12"));
        let other = [("name", "Hal"), ("password", PASSWORD), ("again", "another horse now")];
        assert!(hal.post(&path, &other).body.contains("not the same"));
        let good = [("name", "Hal <b>"), ("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(hal.post(&path, &good).location, "/");
        let again = browser(t, false).post(&path, &good);
        assert_eq!(again.status, StatusCode::CONFLICT, "once");
        let people = hal.get("/people").body;
        assert!(people.contains("Hal &#60;b&#62;") || people.contains("Hal &lt;b&gt;"));
        assert!(!people.contains("/people/invite"), "Hal invites nobody");
        assert_eq!(hal.get("/people/invite").status, StatusCode::FORBIDDEN);
        assert_eq!(hal.get(&format!("/people/{}", w.partner)).status, StatusCode::NOT_FOUND);
        let changed =
            hal.submit("/account", &format!("/people/{}", w.admin), &[("roles", "viewer")]);
        assert_ne!(changed.status, StatusCode::SEE_OTHER, "Hal changes nobody");

        let id: PersonId =
            t.db.read_blocking(|c| identity::store::people_of(c, w.organisation))
                .unwrap()
                .into_iter()
                .find(|m| m.profile.id != w.admin)
                .unwrap()
                .profile
                .id;
        let page = format!("/people/{id}");
        let roles = [("roles", "viewer"), ("roles", "counsel"), ("version", "1")];
        assert_eq!(b.submit(&page, &page, &roles).location, "/people");
        let stale = b.submit(&page, &page, &[("roles", "viewer"), ("version", "1")]);
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stale.body.contains("Somebody changed this record"));
        let gone = b.submit(&page, &format!("{page}/deactivate"), &[("version", "2")]);
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert!(b.get("/people").body.contains("Deactivated"));
        assert_eq!(hal.get("/people").status, StatusCode::SEE_OTHER, "signed out at once");
    });
}

#[test]
fn programs_come_in_by_tokens() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let mut b = browser(t, false);
        b.sign_in("ada@palmetto.example");
        let tokens = "/account/tokens";
        let form = [
            ("name", "sync"),
            ("scopes", "people:read"),
            ("scopes", "tokens:write"),
            ("days", "30"),
        ];
        let page = b.submit(tokens, tokens, &form).body;
        let secret = page.split("<code>tmk_").nth(1).unwrap().split('<').next().unwrap();
        let secret = format!("tmk_{secret}");
        assert!(!b.get(tokens).body.contains(&secret), "shown once");
        let mut p = browser(t, false);
        let me = p.api("GET", "/api/v1/me", &secret, "");
        let json: serde_json::Value = serde_json::from_str(&me.body).unwrap();
        assert_eq!(json["person"], w.admin.to_string());
        assert_eq!(json["scopes"], serde_json::json!(["people:read", "tokens:write"]));
        let people = p.api("GET", "/api/v1/people", &secret, "").body;
        assert!(people.contains("Ada Admin") && !people.contains("Paul"));
        let over = format!("/api/v1/people?after={}", w.partner);
        assert_eq!(p.api("GET", &over, &secret, "").status, StatusCode::NOT_FOUND);
        let narrow = p.api("GET", "/api/v1/tokens", &secret, "");
        assert_eq!(narrow.status, StatusCode::FORBIDDEN);
        assert!(narrow.body.contains("tokens:read"));
        let body = r#"{"name":"child","scopes":["people:read"]}"#;
        let child = p.api("POST", "/api/v1/tokens", &secret, body);
        assert_eq!(child.status, StatusCode::CREATED, "{}", child.body);
        let more = r#"{"name":"child","scopes":["people:write"]}"#;
        let more = p.api("POST", "/api/v1/tokens", &secret, more);
        assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
        let odd = p.api("POST", "/api/v1/tokens", &secret, r#"{"name":"x","scopes":[],"x":1}"#);
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(p.get("/api/v1/me").status, StatusCode::UNAUTHORIZED);
        assert_eq!(p.api("GET", "/api/v1/me", "tmk_no", "").status, StatusCode::UNAUTHORIZED);
        assert_eq!(p.api("GET", "/account", &secret, "").status, StatusCode::FORBIDDEN);
        let token = b.get(tokens).body;
        assert!(token.contains("2026"), "when it was used");
        let revoke = token.split("/account/tokens/tok_").nth(1).unwrap();
        let revoke = format!("/account/tokens/tok_{}/revoke", revoke.split('/').next().unwrap());
        assert_eq!(b.submit(tokens, &revoke, &[]).status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn one_click_enters_the_demonstration_and_nothing_else() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        run(t, noon(), move |tx, env| {
            let email = "dee@palmetto.example";
            let roles = [Role::CaseHandler];
            service::add_person_directly(tx, env, w.organisation, email, "Dee", &roles)
        })
        .unwrap();
        let person = [("person", &*w.admin.to_string())].map(|(n, v)| (n, v.to_owned()));
        let person = [(person[0].0, &*person[0].1)];
        let mut real = browser(t, false);
        assert_eq!(real.post("/demo/sign-in", &person).status, StatusCode::NOT_FOUND);
        assert!(real.cookie.is_none());
        let mut demo = browser(t, true);
        let page = demo.get("/").body;
        assert!(page.contains("Enter as Dee") && page.contains("Enter as Paul Partner"));
        assert_eq!(demo.post("/demo/sign-in", &person).location, "/");
        assert!(demo.get("/account").body.contains("ada@palmetto.example"));
        let nobody = demo.post("/demo/sign-in", &[("person", "per_00000000000000000000000000")]);
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn names_and_passwords_are_changed_on_pages() {
    on_both(&[ROOM], |t| {
        world(t);
        let mut b = browser(t, false);
        b.sign_in("ada@palmetto.example");
        let name = b.submit("/account/name", "/account/name", &[("name", "Ada Lovelace")]);
        assert_eq!(name.location, "/account");
        let account = b.get("/account").body;
        assert!(account.contains("Ada Lovelace") && account.contains("Saved."));
        let new = "another horse entirely";
        let page = "/account/password";
        let wrong = [("current", "wrong horse here"), ("password", new), ("again", new)];
        let wrong = b.submit(page, page, &wrong);
        assert!(wrong.body.contains("not your present password"));
        let old_cookie = b.cookie.clone();
        let right =
            b.submit(page, page, &[("current", PASSWORD), ("password", new), ("again", new)]);
        assert_eq!(right.location, "/account");
        assert_ne!(b.cookie, old_cookie);
        assert!(b.get("/account").body.contains("Your password was changed"));
        let old = b.post("/sign-in", &[("email", "ada@palmetto.example"), ("password", PASSWORD)]);
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}
