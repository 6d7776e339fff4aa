//! The pages and endpoints as a browser and a program meet them, on both databases.
#![expect(clippy::expect_used, reason = "a test may stop where it stands")]

use crate::people::{party, person, who};
use crate::rooms::ROOMS;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::{get, post};
use cases::model::{Case, CaseState, Severity};
use cases::pages::{dashboard, follow_up, record, register, report};
use cases::{api, store};
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use ledger::{Receipt, receipt::Trust};
use platform::blobs::{Blobs, LocalStore};
use platform::db::{Conn, Result};
use platform::edge::{Edge, FixedEdge};
use platform::http::{App, AppParts, Identities, Identity, layered, session};
use platform::testing::{TestDb, answer, env, on_both};
use std::sync::Arc;

fn router() -> Router<App> {
    Router::new()
        .route("/report", get(report::ask).post(report::send))
        .route("/report/receipt", post(report::receipt))
        .route("/report/follow-up", get(follow_up::ask).post(follow_up::look))
        .route("/cases", get(register::list))
        .route("/cases/dashboard", get(dashboard::show))
        .route("/cases/{id}", get(record::show))
        .route("/cases/{id}/{action}", post(record::act))
        .route("/cases/{id}/proofs/{event}", get(record::proof))
        .route("/api/v1/reports", post(api::report))
        .route("/api/v1/cases", get(api::list))
        .route("/api/v1/cases/{id}", get(api::one))
        .route("/api/v1/analysis/cases", get(api::analysis))
}

/// Parties and people: 1 the organisation, 2 another one, 3 the firm; each has the person of its
/// number, and 4 is a viewer of the organisation.
struct People;

fn reader(n: u128) -> Actor {
    let (at, role) = match n {
        1 => (1, Role::CaseHandler),
        2 => (2, Role::CaseHandler),
        3 => (3, Role::Staff),
        _ => (1, Role::Viewer),
    };
    who(n, party(at), &[role])
}

fn identity_of(actor: Actor) -> Identity {
    Identity {
        actor,
        name: "Hana Handler".into(),
        role: "Case handler".into(),
        party: "P".into(),
        lapsed: None,
    }
}

impl Identities for People {
    fn by_session(&self, _: &mut Conn<'_>, p: PersonId, at: PartyId) -> Result<Option<Identity>> {
        let found = (1..=4).map(reader).find(|a| a.person == Some(p) && a.party == Some(at));
        Ok(found.map(identity_of))
    }
    fn by_token(&self, _: &mut Conn<'_>, token: &str, _: Timestamp) -> Result<Option<Identity>> {
        let scopes = match token {
            "reader" => vec!["cases:read".to_owned()],
            "other" => vec!["people:read".to_owned()],
            _ => return Ok(None),
        };
        Ok(Some(identity_of(Actor { via: Via::Token { scopes }, ..reader(1) })))
    }
}

struct World<'t> {
    t: &'t TestDb,
    router: Router,
    edge: Arc<FixedEdge>,
    cookie: Option<String>,
}

struct Seen {
    status: StatusCode,
    location: String,
    disposition: String,
    body: String,
}

fn register_party(t: &TestDb, n: u128, side: Side, name: &'static str) {
    let mut env = Env::new(env().now(), [u8::try_from(n).unwrap(); 32]);
    t.db.write_blocking(move |tx| {
        let actor = Actor::system(party(n), "test");
        let permit = authorize(&actor, &Facts::of(party(n)))?;
        identity::service::register_party(tx, &mut env, &permit, side, name)
    })
    .unwrap();
}

fn world(t: &TestDb) -> World<'_> {
    register_party(t, 1, Side::ServiceOrganisation, "Palmetto <Payroll>");
    let edge = Arc::new(FixedEdge::new(env().now(), [9; 32]));
    let app = App::new(AppParts {
        db: t.db.clone(),
        journal: t.journal.clone(),
        blobs: Arc::new(Blobs::new(LocalStore::open(&t.folder.path().join("blobs")).unwrap())),
        edge: edge.clone(),
        identities: Arc::new(People),
        nav: |_, _| Vec::new(),
        base_url: "http://tickmark.example".into(),
        demonstration: false,
        upload_bytes_max: 1_000,
        extensions: Default::default(),
    });
    World { t, router: layered(&app, router()), edge, cookie: None }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
    let pairs: Vec<_> = pairs.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
    pairs.join("&")
}

/// The value of the first hidden field of this name.
fn hidden(body: &str, name: &str) -> String {
    let from = body.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("a hidden field");
    from.split('"').next().unwrap().to_owned()
}

fn codes(body: &str) -> Vec<String> {
    let parts = body.split("<code>").skip(1);
    parts.map(|p| p.split("</code>").next().unwrap().to_owned()).collect()
}

impl World<'_> {
    fn send(&self, mut request: Request<Body>) -> Seen {
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        // On a server the sequencer runs beside the requests.
        self.t.sequence();
        let answered = answer(self.router.clone(), request);
        self.t.sequence();
        assert!(answered.headers.contains_key(header::CONTENT_SECURITY_POLICY));
        let word = answered.body.split(">cases-").nth(1).map(|rest| rest.chars().take(40));
        assert!(word.is_none(), "a word is missing: {:?}", word.map(|w| w.collect::<String>()));
        let text = |name: header::HeaderName| {
            answered.headers.get(name).map_or(String::new(), |v| v.to_str().unwrap().to_owned())
        };
        Seen {
            status: answered.status,
            location: text(header::LOCATION),
            disposition: text(header::CONTENT_DISPOSITION),
            body: answered.body,
        }
    }
    fn get(&self, path: &str) -> Seen {
        self.send(Request::get(path).body(Body::empty()).unwrap())
    }
    fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Seen {
        self.send(Request::post(path).body(Body::from(encoded(pairs))).unwrap())
    }
    fn sign_in(&mut self, n: u128) {
        let (mut env, actor) = (self.edge.env(), reader(n));
        let (person, at) = (actor.person.unwrap(), actor.party.unwrap());
        let token =
            self.t.db.write_blocking(move |tx| session::start(tx, &mut env, person, at)).unwrap();
        self.cookie = Some(format!("tickmark={token}"));
    }
    fn sign_out(&mut self) {
        self.cookie = None;
    }
    fn api(&self, json: &str, key: Option<&str>) -> Seen {
        let mut request =
            Request::post("/api/v1/reports").header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(Body::from(json.to_owned())).unwrap())
    }
    fn token(&self, token: &str, path: &str) -> Seen {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap())
    }
    fn cases(&self, organisation: PartyId) -> Vec<Case> {
        let filter = store::CaseFilter { limit: 100, ..Default::default() };
        self.t.db.read_blocking(|c| store::cases(c, organisation, &filter)).unwrap()
    }
    /// A form of a case as a handler sends it.
    fn act(&self, case: &Case, action: &str, pairs: &[(&str, &str)]) -> Seen {
        let page = self.get(&format!("/cases/{}", case.id)).body;
        let (csrf, key) = (hidden(&page, "csrf"), hidden(&page, "key"));
        let version = case.version.to_string();
        let mut all = vec![("csrf", &*csrf), ("key", &*key), ("version", &*version)];
        all.extend_from_slice(pairs);
        self.post(&format!("/cases/{}/{action}", case.id), &all)
    }
}

const HOSTILE: &str = "<script>alert('x')</script>\"&";

fn filed_by_form<'w>(w: &World<'w>) -> (String, String) {
    let key = hidden(&w.get("/report").body, "key");
    let pairs = [
        ("key", &*key),
        ("kind", "failure"),
        ("title", HOSTILE),
        ("description", "Nothing arrives.\n\n<img src=x onerror=y>"),
        ("occurred_at", "2025-12-31T23:30"),
        ("privacy", "open"),
        ("contact", ""),
    ];
    let seen = w.post("/report", &pairs);
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
    let again = w.post("/report", &pairs);
    assert_eq!(codes(&seen.body)[..2], codes(&again.body)[..2], "a reload shows the same report");
    assert!(!seen.body.contains("<script>alert") && !seen.body.contains("<Payroll>"));
    assert!(seen.body.contains("<details><summary>"));
    let mut codes = codes(&seen.body).into_iter();
    (codes.next().unwrap(), codes.next().unwrap())
}

#[test]
fn a_report_by_the_form_is_filed_once_and_followed_up() {
    on_both(&ROOMS, |t| {
        let w = world(t);
        let page = w.get("/report");
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("cannot be recovered") && page.body.contains("Payroll&#62;"));
        let wrong = w.post("/report", &[("kind", "failure"), ("title", HOSTILE)]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("&#60;script&#62;") && !wrong.body.contains("<script>alert"));
        let zoned = [
            ("kind", "failure"),
            ("title", "t"),
            ("description", "d"),
            ("privacy", "open"),
            ("occurred_at", "2025-12-31T23:30+05:00"),
        ];
        assert_eq!(w.post("/report", &zoned).status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(w.cases(party(1)).is_empty());

        let (number, code) = filed_by_form(&w);
        let all = w.cases(party(1));
        assert_eq!(all.len(), 1, "sent twice, filed once");
        assert_eq!(all[0].occurred_at, Some(Timestamp::parse("2025-12-31T23:30:00Z").unwrap()));
        assert_eq!((all[0].tracking_number.as_str(), all[0].contact.as_deref()), (&*number, None));
        assert_eq!(all[0].channel, "portal");

        let receipt = w.post("/report/receipt", &[("return_code", &code)]);
        assert!(receipt.disposition.starts_with("attachment"), "{}", receipt.disposition);
        let key = t.journal.signer(party(1)).unwrap().verifier().clone();
        let verified =
            Receipt::parse(receipt.body.as_bytes()).unwrap().verify(Trust::Pinned(&[key])).unwrap();
        assert_eq!(verified.fields["tracking_number"], number);
        assert_eq!(
            w.post("/report/receipt", &[("return_code", "x")]).status,
            StatusCode::NOT_FOUND
        );

        assert_eq!(w.get("/report/follow-up").status, StatusCode::OK);
        let spoken = code.to_lowercase().replace('-', " ");
        let way = [("tracking_number", &*number), ("return_code", &*spoken)];
        let seen = w.post("/report/follow-up", &way);
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        assert!(seen.body.contains("Nobody has confirmed it yet"));
        assert!(!seen.body.contains(&format!("?return_code={code}")));
        let key = hidden(&seen.body, "key");
        let more = [way[0], way[1], ("do", "say"), ("key", &*key), ("text", "<b>More</b>")];
        for _ in 0..2 {
            let said = w.post("/report/follow-up", &more);
            assert_eq!(said.status, StatusCode::OK);
            assert!(said.body.contains("&lt;b&gt;More") && !said.body.contains("<b>More"));
        }
        let id = all[0].id;
        let messages = t.db.read_blocking(|c| store::messages(c, party(1), id)).unwrap();
        assert_eq!(messages.len(), 1, "said twice, recorded once");
        for bad in [("TM-00000-00000", &*code), (&*number, "0000-0000-0000-0000-00000")] {
            let pairs = [("tracking_number", bad.0), ("return_code", bad.1)];
            let seen = w.post("/report/follow-up", &pairs);
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(seen.body.contains("No report has this tracking number"));
        }
    });
}

#[test]
fn a_report_by_a_program_is_filed_once_per_key() {
    on_both(&ROOMS, |t| {
        let w = world(t);
        let body = r#"{"channel":"hotline","kind":"incident","title":"Leak","description":"A list was sent to the wrong address.","occurred_at":"2025-12-30T10:00:00-05:00","contact":"a@b.example"}"#;
        let first = w.api(body, Some("key-1"));
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        let one: serde_json::Value = serde_json::from_str(&first.body).unwrap();
        let again: serde_json::Value =
            serde_json::from_str(&w.api(body, Some("key-1")).body).unwrap();
        assert_eq!(one["tracking_number"], again["tracking_number"]);
        assert_eq!(one["return_code"], again["return_code"]);
        let key = t.journal.signer(party(1)).unwrap().verifier().clone();
        let receipt = Receipt::parse(one["receipt"].as_str().unwrap().as_bytes()).unwrap();
        assert!(receipt.verify(Trust::Pinned(&[key])).is_ok());
        assert_eq!(w.cases(party(1)).len(), 1);
        // What the database holds of the answer gives no way back to the report.
        let code = one["return_code"].as_str().unwrap().to_owned();
        let kept =
            t.db.read_blocking(|c| {
                let rows = c.query("SELECT key, answer FROM journal_idempotency", &[])?;
                let row = rows.first().expect("a kept answer");
                let answer = String::from_utf8_lossy(&row.get::<Vec<u8>>("answer")?).into_owned();
                Ok(format!("{} {answer}", row.get::<String>("key")?))
            })
            .unwrap();
        assert!(kept.contains(one["tracking_number"].as_str().unwrap()));
        assert!(!kept.contains(&code) && !kept.contains("key-1"), "{kept}");

        let other = w.api(&body.replace("Leak", "Another"), Some("key-1"));
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", other.body);
        assert_eq!(w.api(body, None).status, StatusCode::CREATED);
        assert_eq!(w.cases(party(1)).len(), 2);
        for bad in [
            body.replace("\"kind\"", "\"extra\":1,\"kind\""),
            body.replace("\"incident\"", "\"nonsense\""),
            body.replace("-05:00", ""),
            body.replace("2025-12-30", "2036-12-30"),
            body.replace("Leak", " "),
            body.replace("\"channel\"", "\"organisation\":\"nobody\",\"channel\""),
        ] {
            let refused = w.api(&bad, None);
            let expected = if bad.contains("nobody") { 404 } else { 422 };
            assert_eq!(refused.status.as_u16(), expected, "{bad}: {}", refused.body);
        }
        assert_eq!(w.cases(party(1)).len(), 2);

        assert_eq!(w.get("/api/v1/cases").status, StatusCode::UNAUTHORIZED);
        assert_eq!(w.token("other", "/api/v1/cases").status, StatusCode::FORBIDDEN);
        let page = w.token("reader", "/api/v1/cases?limit=1&kind=incident");
        let page: serde_json::Value = serde_json::from_str(&page.body).unwrap();
        assert_eq!(page["cases"].as_array().unwrap().len(), 1);
        let next = page["next"].as_str().unwrap();
        let rest = w.token("reader", &format!("/api/v1/cases?limit=1&kind=incident&after={next}"));
        let rest: serde_json::Value = serde_json::from_str(&rest.body).unwrap();
        assert!(rest["next"].is_null() && rest["cases"][0]["id"] != page["cases"][0]["id"]);
        assert_eq!(w.token("reader", "/api/v1/cases?state=x").status.as_u16(), 422);
        let id = page["cases"][0]["id"].as_str().unwrap();
        let case = w.token("reader", &format!("/api/v1/cases/{id}"));
        let case: serde_json::Value = serde_json::from_str(&case.body).unwrap();
        assert_eq!((&case["contact"], &case["title"]), (&"a@b.example".into(), &"Leak".into()));
        let figures = w.token("reader", "/api/v1/analysis/cases");
        let figures: serde_json::Value = serde_json::from_str(&figures.body).unwrap();
        assert_eq!(figures["incidents"], 2);
        assert_eq!(figures["by_contact_type"]["hotline"], 2, "{figures}");
        assert!(figures["definitions"]["incidents"].is_string());
    });
}

#[test]
fn several_organisations_are_told_apart_by_name() {
    let t = TestDb::sqlite(&ROOMS);
    let w = world(&t);
    register_party(&t, 3, Side::Firm, "Oak LLP");
    assert_eq!(w.get("/report").status, StatusCode::OK, "a firm receives no reports");
    register_party(&t, 2, Side::ServiceOrganisation, "Other");
    let unnamed = w.get("/report");
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!unnamed.body.contains("Other") && !unnamed.body.contains("Palmetto"));
    let named = w.get(&format!("/report?to={}", party(2)));
    assert_eq!(named.status, StatusCode::OK);
    let to = hidden(&named.body, "to");
    let sent = [
        ("to", &*to),
        ("kind", "concern"),
        ("title", "t"),
        ("description", "d"),
        ("privacy", "open"),
    ];
    assert_eq!(w.post("/report", &sent).status, StatusCode::OK);
    assert_eq!((w.cases(party(1)).len(), w.cases(party(2)).len()), (0, 1));
    assert_eq!(w.get(&format!("/report?to={}", party(3))).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_handler_works_on_a_case_and_nobody_else_does() {
    on_both(&ROOMS, |t| {
        let mut w = world(t);
        let (_, code) = filed_by_form(&w);
        let case = w.cases(party(1)).remove(0);
        let address = format!("/cases/{}", case.id);
        assert_eq!(w.get(&address).status, StatusCode::SEE_OTHER, "sign in first");
        w.sign_in(4);
        assert_eq!(w.get("/cases").status, StatusCode::FORBIDDEN);
        w.sign_in(2);
        assert_eq!(w.get("/cases").status, StatusCode::OK);
        for path in [address.clone(), format!("/api/v1/cases/{}", case.id)] {
            assert_eq!(w.get(&path).status, StatusCode::NOT_FOUND, "another organisation's");
        }

        w.sign_in(1);
        let list = w.get("/cases?q=SCRIPT&state=new");
        assert!(list.body.contains(&case.tracking_number), "{}", list.body);
        assert!(!list.body.contains("<script>alert"));
        assert!(!w.get("/cases?severity=low").body.contains(&case.tracking_number));
        assert_eq!(w.get("/cases?state=x").status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = w.get(&address);
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("<img src=x") && page.body.contains("&lt;img"));

        let decision = [("severity", "high"), ("incident", "yes"), ("reason", "Many are hit")];
        let forged = w.post(&format!("{address}/triage"), &decision);
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        let lacking = w.act(&case, "triage", &decision[..2]);
        assert_eq!(lacking.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = w.act(&case, "triage", &decision);
        assert_eq!(
            (done.status, &*done.location),
            (StatusCode::SEE_OTHER, &*address),
            "{}",
            done.body
        );
        let triaged = w.cases(party(1)).remove(0);
        assert_eq!(
            (triaged.state, triaged.severity),
            (CaseState::InProgress, Some(Severity::High))
        );
        let stale = w.act(&case, "note", &[("note", "Late")]);
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stale.body.contains("Late") && stale.body.contains("Somebody changed"));
        assert_eq!(w.act(&triaged, "close", &[("outcome", "x")]).status.as_u16(), 422);
        assert_eq!(w.act(&triaged, "erase", &[]).status, StatusCode::NOT_FOUND);
        for (action, pairs) in [
            ("assign", vec![]),
            ("tell", vec![("message", "We are on it.")]),
            ("note", vec![("note", "Inside only")]),
            ("resolve", vec![("root_cause", "A stuck queue"), ("measures", "Restarted")]),
            ("severity", vec![("severity", "low"), ("incident", "no"), ("reason", "Few are hit")]),
            ("close", vec![("outcome", "Delivered"), ("told", "It is mended.")]),
        ] {
            let now = w.cases(party(1)).remove(0);
            let done = w.act(&now, action, &pairs);
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{action}: {}", done.body);
        }
        let closed = w.cases(party(1)).remove(0);
        assert_eq!((closed.state, closed.owner), (CaseState::Closed, Some(person(1))));
        let page = w.get(&address).body;
        for text in ["Many are hit", "Inside only", "A stuck queue", "Delivered", "/proofs/"] {
            assert!(page.contains(text), "{text}");
        }
        let from = page.split("/proofs/").nth(1).unwrap();
        let proof = format!("{address}/proofs/{}", from.split('"').next().unwrap());
        let seen = w.get(&proof);
        assert!(ledger::TlogProof::parse(seen.body.as_bytes()).is_ok(), "{}", seen.body);
        let figures = w.get("/cases/dashboard");
        assert!(figures.body.contains("One case was reported; open: 0."), "{}", figures.body);

        w.sign_in(2);
        let csrf = hidden(&w.get("/cases").body, "csrf");
        let pairs = [("csrf", &*csrf), ("note", "x"), ("version", "1")];
        assert_eq!(w.post(&format!("{address}/note"), &pairs).status, StatusCode::NOT_FOUND);
        assert_eq!(w.get(&proof).status, StatusCode::NOT_FOUND);
        w.sign_out();
        let number = &case.tracking_number;
        let seen =
            w.post("/report/follow-up", &[("tracking_number", number), ("return_code", &code)]);
        assert!(
            seen.body.contains("We are on it.")
                && seen.body.contains("It is mended.")
                && !seen.body.contains("Inside only")
        );
        assert!(seen.body.contains("The case is concluded"));
    });
}

#[test]
fn the_register_as_a_file_starts_no_formula() {
    let t = TestDb::sqlite(&ROOMS);
    let mut w = world(&t);
    for n in 0..60 {
        let body = format!(
            r#"{{"channel":"email","kind":"concern","title":"=HYPERLINK({n})","description":"d"}}"#
        );
        assert_eq!(w.api(&body, None).status, StatusCode::CREATED);
        w.edge.advance_seconds(1);
    }
    w.sign_in(1);
    let first = w.get("/cases?kind=concern").body;
    assert_eq!(first.matches("HYPERLINK").count(), 50);
    let next = first.split("after=").nth(1).unwrap().split(['"', '&']).next().unwrap();
    let second = w.get(&format!("/cases?kind=concern&after={next}")).body;
    assert_eq!(second.matches("HYPERLINK").count(), 10);
    let file = w.get("/cases?kind=concern&format=csv");
    assert_eq!(file.disposition, "attachment; filename=\"cases.csv\"");
    assert_eq!(file.body.lines().count(), 61);
    assert_eq!(file.body.matches(",'=HYPERLINK(").count(), 60, "{}", file.body);
}

#[test]
fn the_firm_of_the_engagement_reads_and_no_other() {
    on_both(&ROOMS, |t| {
        let mut w = world(t);
        register_party(t, 3, Side::Firm, "Oak LLP");
        let body = r#"{"channel":"email","kind":"concern","title":"Odd log","description":"d","contact":"a@b.example"}"#;
        assert_eq!(w.api(body, None).status, StatusCode::CREATED);
        let address = format!("/cases/{}", w.cases(party(1))[0].id);
        w.sign_in(3);
        assert_eq!(w.get("/cases").status, StatusCode::NOT_FOUND, "no engagement joins them");
        assert_eq!(w.get(&address).status, StatusCode::NOT_FOUND);
        let mut env = w.edge.env();
        t.db.write_blocking(move |tx| {
            let lead = Actor { roles: Roles::NONE.with(Role::ComplianceLead), ..reader(1) };
            let input = scope::service::EngagementInput {
                name: "2026".into(),
                system_name: "Payroll".into(),
                report_type: scope::model::ReportType::Type2,
                period: kernel::period::Period::parse("2026-01-01", "2026-06-30", "UTC").unwrap(),
                categories: vec![scope::catalogue::Category::Security],
            };
            let permit = authorize(&lead, &Facts::of(party(1)))?;
            let id = scope::service::open_engagement(tx, &mut env, &permit, &input)?;
            let permit = authorize(&lead, &scope::facts(tx, id)?)?;
            scope::service::join_firm(tx, &mut env, &permit, party(3))
        })
        .unwrap();
        let page = w.get(&address);
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains("Odd log") && !page.body.contains("a@b.example"));
        assert!(!page.body.contains("/triage"), "read only");
        let csrf = hidden(&page.body, "csrf");
        let pairs = [("csrf", &*csrf), ("note", "x"), ("version", "1")];
        assert_eq!(w.post(&format!("{address}/note"), &pairs).status, StatusCode::NOT_FOUND);
        let json = w.get(&format!("/api/v1{address}")).body;
        assert!(json.contains("Odd log") && !json.contains("a@b.example"));
        assert_eq!(w.get("/cases/dashboard").status, StatusCode::OK);
    });
}
