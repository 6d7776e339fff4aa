//! The pages as people of both sides meet them, on both databases.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it stands")]

#[path = "common/staffed.rs"]
mod staffed;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{Request, StatusCode, header};
use axum::routing::{get, post};
use controls::model::{ControlId, ControlText};
use controls::permits::ManageControls;
use examination::{api, firm, pages, planning};
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::period::Period;
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use platform::blobs::{Blobs, LocalStore};
use platform::db::{Conn, Result};
use platform::edge::{Edge, FixedEdge};
use platform::http::{App, AppParts, Identities, Identity, layered, session};
use platform::journal::Room;
use platform::testing::{TestDb, answer, env, on_both};
use scope::catalogue::{Category, ControlType, Frequency, Nature};
use scope::model::ReportType;
use scope::permits::{JoinFirm, ManageEngagement};
use scope::service::EngagementInput;
use std::sync::Arc;

const ROOMS: &[Room] = population_pages::ALL;

fn party(n: u128) -> PartyId {
    PartyId::new(Timestamp(0), n)
}

/// People by number: 1 leads compliance at the organisation (party 1); 2 manager, 3 partner and
/// 4 staff of the firm (party 2); 5 is a partner of another firm (party 3). 6 reviews the quality of the
/// firm's engagements, 7 reads for a peer review.
fn who(n: u128) -> Actor {
    let (at, side, role) = match n {
        1 => (1, Side::ServiceOrganisation, Role::ComplianceLead),
        2 => (2, Side::Firm, Role::Manager),
        3 => (2, Side::Firm, Role::Partner),
        4 => (2, Side::Firm, Role::Staff),
        6 => (2, Side::Firm, Role::QualityReviewer),
        7 => (2, Side::Firm, Role::PeerReviewer),
        _ => (3, Side::Firm, Role::Partner),
    };
    Actor {
        person: Some(PersonId::new(Timestamp(0), n)),
        party: Some(party(at)),
        side,
        roles: Roles::NONE.with(role),
        via: Via::Session,
    }
}

struct People;

impl Identities for People {
    fn by_session(&self, _: &mut Conn<'_>, p: PersonId, at: PartyId) -> Result<Option<Identity>> {
        let found = (1..=7).map(who).find(|a| a.person == Some(p) && a.party == Some(at));
        Ok(found.map(|actor| Identity {
            actor,
            name: "Somebody".into(),
            role: "Role".into(),
            party: "Party".into(),
            lapsed: None,
        }))
    }
    fn by_token(&self, _: &mut Conn<'_>, _: &str, _: Timestamp) -> Result<Option<Identity>> {
        Ok(None)
    }
}

struct World<'t> {
    t: &'t TestDb,
    router: Router,
    edge: Arc<FixedEdge>,
    cookie: String,
    engagement: EngagementId,
    control: ControlId,
    blobs: Arc<Blobs>,
}

struct Seen {
    status: StatusCode,
    location: String,
    body: String,
}

fn set_up(t: &TestDb) -> (EngagementId, ControlId) {
    let mut e = env();
    t.db.write_blocking(move |tx| {
        let setup = authorize(&Actor::system(party(2), "setup"), &Facts::of(party(2)))?;
        identity::service::register_party(tx, &mut e, &setup, Side::Firm, "Hale & Brook LLP")?;
        let owner = Facts::of(party(1));
        let manage = authorize::<ManageEngagement>(&who(1), &owner)?;
        let input = EngagementInput {
            name: "Ledgerly <2025>".into(),
            system_name: "Ledgerly".into(),
            report_type: ReportType::Type2,
            period: Period::parse("2025-01-01", "2025-12-31", "Europe/London").unwrap(),
            categories: vec![Category::Security],
        };
        let id = scope::service::open_engagement(tx, &mut e, &manage, &input)?;
        let join = authorize::<JoinFirm>(&who(1), &scope::facts(tx, id)?)?;
        scope::service::join_firm(tx, &mut e, &join, party(2))?;
        let keep = authorize::<ManageControls>(&who(1), &owner)?;
        let text = ControlText {
            code: "IAM-05".into(),
            statement: "Access of leavers ends <within one day>.".into(),
            frequency: Frequency::PerEvent,
            owner_role: "Head of IT".into(),
            owner: None,
            control_type: ControlType::Preventive,
            nature: Nature::Manual,
            criteria: vec!["CC6.2".parse().unwrap()],
            requirements: Vec::new(),
        };
        let control = controls::service::state_control(tx, &mut e, &keep, None, &text)?;
        staffed::staffed(tx, &mut e, id, &[2, 3, 4].map(who))?;
        Ok((id, control))
    })
    .unwrap()
}

fn world(t: &TestDb) -> World<'_> {
    let (engagement, control) = set_up(t);
    let edge = Arc::new(FixedEdge::new(env().now().plus_seconds(60), [9; 32]));
    let blobs = Arc::new(Blobs::new(LocalStore::open(&t.folder.path().join("blobs")).unwrap()));
    let app = App::new(AppParts {
        db: t.db.clone(),
        journal: t.journal.clone(),
        blobs: blobs.clone(),
        edge: edge.clone(),
        identities: Arc::new(People),
        nav: |_, _| Vec::new(),
        base_url: "http://tickmark.example".into(),
        demonstration: false,
        upload_bytes_max: 2_000,
        extensions: Default::default(),
    });
    let router = layered(&app, router());
    World { t, router, edge, cookie: String::new(), engagement, control, blobs }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
    let pairs: Vec<_> = pairs.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
    pairs.join("&")
}

/// Every hidden field of the form that is sent to `action`.
fn hidden(body: &str, action: &str) -> Vec<(String, String)> {
    let form = body
        .split("<form")
        .find(|f| f.contains(&format!("action=\"{action}\"")))
        .unwrap_or_else(|| panic!("a form for {action} in {body}"));
    let form = form.split("</form>").next().unwrap();
    form.split("<input type=\"hidden\"")
        .skip(1)
        .map(|field| {
            let value = |name: &str| {
                let from = field.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
                from.split('"').next().unwrap().replace("&quot;", "\"").replace("&#34;", "\"")
            };
            (value("name"), value("value"))
        })
        .collect()
}

impl World<'_> {
    fn send(&self, mut request: Request<Body>) -> Seen {
        if !self.cookie.is_empty() {
            request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        }
        self.edge.advance_seconds(1);
        let answered = answer(self.router.clone(), request);
        let word = answered.body.split(">examination-").nth(1);
        let word = word.map(|rest| rest.chars().take(40).collect::<String>());
        assert!(word.is_none(), "a word is missing: {word:?}");
        let page = answered.body.trim_start().starts_with("<!");
        assert!(
            !page || !answered.body.contains("<within one day>"),
            "what people typed is escaped"
        );
        let location = answered.headers.get(header::LOCATION);
        Seen {
            status: answered.status,
            location: location.map_or(String::new(), |v| v.to_str().unwrap().to_owned()),
            body: answered.body,
        }
    }

    fn get(&self, path: &str) -> Seen {
        self.send(Request::get(path).body(Body::empty()).unwrap())
    }

    fn at(&self, rest: &str) -> String {
        format!("/examination/{}{rest}", self.engagement)
    }

    /// Fills in the form for `action` on the page `from` and sends it.
    fn submit(&self, from: &str, action: &str, pairs: &[(&str, &str)]) -> Seen {
        let page = self.get(from);
        assert_eq!(page.status, StatusCode::OK, "{from}: {}", page.body);
        let hidden = hidden(&page.body, action);
        let mut all: Vec<(&str, &str)> =
            hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        all.extend_from_slice(pairs);
        self.send(Request::post(action).body(Body::from(encoded(&all))).unwrap())
    }

    /// Sends a form with a file; hidden fields first, as a browser does.
    fn upload(&self, action: &str, texts: &[(&str, &str)], file: &str) -> Seen {
        let hidden = hidden(&self.get(action).body, action);
        let mut body = String::new();
        let all = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(texts.iter().copied());
        for (name, value) in all {
            body.push_str(&format!(
                "--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../changes.csv\"\r\nContent-Type: text/csv\r\n\r\n");
        body.push_str(file);
        body.push_str("\r\n--cut--\r\n");
        let request =
            Request::post(action).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        self.send(request.body(Body::from(body)).unwrap())
    }

    /// Supplies a file for the engagement; gives its id.
    fn supply(&self, name: &str, bytes: &[u8]) -> String {
        let blob = self.blobs.put_bytes(bytes).unwrap();
        let (mut env, engagement) = (self.edge.env(), self.engagement);
        let at = env.now();
        let input = evidence::service::EvidenceInput {
            name: name.into(),
            blob,
            media_type: evidence::rules::media_type(bytes).into(),
            speaks_for: evidence::model::SpeaksFor { from: at, to: at },
            source: "The directory's log".into(),
            extracted_at: at,
            controls: Vec::new(),
        };
        self.t
            .db
            .write_blocking(move |tx| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<evidence::permits::SupplyEvidence>(&who(1), &facts)?;
                evidence::service::supply(tx, &mut env, &permit, &input)
            })
            .unwrap()
            .to_string()
    }

    fn sign_in(&mut self, n: u128) {
        let (mut env, actor) = (self.edge.env(), who(n));
        let (person, at) = (actor.person.unwrap(), actor.party.unwrap());
        let token =
            self.t.db.write_blocking(move |tx| session::start(tx, &mut env, person, at)).unwrap();
        self.cookie = format!("tickmark={token}");
    }

    fn control(&self, rest: &str) -> String {
        self.at(&format!("/controls/{}{rest}", self.control))
    }

    /// Plans a test and names two items; gives the address of the item sheet.
    fn prepared(&self) -> String {
        let plan = self.control("/plan");
        let sent = self.submit(
            &plan,
            &plan,
            &[
                ("code", "T-1"),
                ("procedure", "inspection"),
                ("basis", "judgemental"),
                ("evidence", "termination records"),
                ("items", "terminated workers"),
                ("attributes", "access ended in time\nthe request was approved"),
            ],
        );
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let page = self.get(&self.control("")).body;
        let test = page.split("/tests/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let name = self.at(&format!("/tests/{test}/sample"));
        let sent = self.submit(
            &name,
            &name,
            &[
                ("method", "targeted"),
                ("named", "W-1\nW-2"),
                ("reason", "The two leavers of the period."),
            ],
        );
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        sent.location
    }
}

#[test]
fn a_control_is_planned_tested_reviewed_and_concluded_on_pages() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        assert!(w.get("/examination").body.contains("Ledgerly &lt;2025&gt;"));
        let sheet = w.prepared();
        let entries = format!("{sheet}/entries");
        let log = w.supply("Deactivations W-1.csv", b"worker,at\nW-1,2025-03-01\nW-2,2025-04-01\n");
        // A row without all its marks comes back with what was typed; the other is recorded.
        let wrong = w.submit(
            &sheet,
            &entries,
            &[("m.1.A", "p"), ("m.1.B", "P"), ("m.2.A", "D"), ("note.2", "late")],
        );
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("W-2, attribute B: no mark yet"), "{}", wrong.body);
        assert!(wrong.body.contains("value=\"late\"") && wrong.body.contains("1 of 2 have no"));
        let conclude = w.control("/conclude");
        let early = w.submit(
            &w.control(""),
            &conclude,
            &[("design", "suitable"), ("operation", "effective"), ("reason", "Too early.")],
        );
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(early.body.contains("no evidence yet") && early.body.contains("Too early."));
        let one = format!("{sheet}/items/2");
        let sent = w.submit(&one, &one, &[("m.A", "D"), ("m.B", "P"), ("state", "tested")]);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        // Nothing is concluded before the results name their evidence.
        let bare = w.submit(
            &w.control(""),
            &conclude,
            &[("design", "suitable"), ("operation", "ineffective"), ("reason", "Bare.")],
        );
        assert!(bare.body.contains("2 results name no evidence (W-1, W-2)"), "{}", bare.body);
        let matches = format!("{sheet}/matches");
        let proposed = w.get(&matches).body;
        assert!(proposed.contains("2 matches are proposed") && proposed.contains("W-2,2025-04-01"));
        let sent = w.submit(
            &matches,
            &matches,
            &[("pair", &format!("{log}\u{1f}W-1")), ("pair", &format!("{log}\u{1f}W-2"))],
        );
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let pane = w.get(&one).body;
        assert!(pane.contains("<mark>W-2,2025-04-01</mark>"), "{pane}");
        let prepared = format!("{sheet}/prepared");
        let sent = w.submit(&sheet, &prepared, &[]);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        // The tester is not offered the review; somebody else is.
        let reviewed = format!("{sheet}/reviewed");
        assert!(!w.get(&sheet).body.contains(&reviewed));
        w.sign_in(3);
        let sent = w.submit(&sheet, &reviewed, &[]);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        // More favourable than proposed: it waits, the same person cannot sign, another can.
        let sent = w.submit(
            &w.control(""),
            &conclude,
            &[("design", "suitable"), ("operation", "effective"), ("reason", "One slip.")],
        );
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let second = w.at("/second");
        let form = format!("action=\"{second}\"");
        let page = w.get(&w.control("")).body;
        assert!(!page.contains(&form), "who concluded is not offered the second signature: {page}");
        // Sent all the same, it is refused, and what was typed is kept.
        let value = |fields: &[(String, String)], name: &str| {
            fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap()
        };
        w.sign_in(2);
        let fields = hidden(&w.get(&w.control("")).body, &second);
        let (about, version) = (value(&fields, "about"), value(&fields, "version"));
        w.sign_in(3);
        let csrf = value(&hidden(&w.get(&w.control("")).body, &conclude), "csrf");
        let typed = [
            ("csrf", csrf.as_str()),
            ("about", about.as_str()),
            ("version", version.as_str()),
            ("reason", "Mine."),
        ];
        let refused = w.send(Request::post(&second).body(Body::from(encoded(&typed))).unwrap());
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        let refused = refused.body;
        assert!(refused.contains("must be another person"), "{refused}");
        assert!(refused.contains("Mine."), "what was typed is kept");
        w.sign_in(2);
        w.submit(&w.control(""), &second, &[("reason", "Agreed.")]);
        let page = w.get(&w.control("")).body;
        assert!(page.contains("The second signature is recorded."), "{page}");
        assert!(w.get(&w.at("")).body.contains("1 of 1 controls are concluded"));
        // Once its control is concluded on, the criterion waits for the partner, and so does the opinion.
        let waits = w.get("/examination?for=partner").body;
        for line in ["One criterion to conclude on", "The opinion is to be concluded on", "today"] {
            assert!(waits.contains(line), "{line}: {waits}");
        }
        for page in ["/criteria", "/criteria/CC6.2", "/opinion"] {
            assert_eq!(w.get(&w.at(page)).status, StatusCode::OK, "{page}");
        }
        assert_eq!(w.get(&w.at("/criteria/P1.1")).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_form_sent_twice_does_its_work_once() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        let sheet = w.prepared();
        let test = w.get(&w.control("")).body;
        let test = test.split("/tests/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let name = w.at(&format!("/tests/{test}/sample"));
        let fields = hidden(&w.get(&name).body, &name);
        let mut all: Vec<(&str, &str)> =
            fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        all.extend([("method", "targeted"), ("named", "W-7"), ("reason", "Again.")]);
        let send =
            || w.send(Request::post(&name).body(Body::from(encoded(&all))).unwrap()).location;
        let (first, again) = (send(), send());
        assert!(!first.is_empty() && first == again && first != sheet);
    });
}

#[test]
fn the_organisation_and_other_firms_find_nothing() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        let sheet = w.prepared();
        let addresses = [
            w.at(""),
            w.control(""),
            w.control("/plan"),
            w.at("/criteria"),
            w.at("/opinion"),
            sheet.clone(),
            format!("{sheet}/items/1"),
            format!("{sheet}/paste"),
            format!("{sheet}/matches"),
            format!("/api/v1/examination/{}", w.engagement),
        ];
        for address in &addresses {
            assert_eq!(w.get(address).status, StatusCode::OK, "{address}");
        }
        let populations = format!("/api/v1/examination/{}/populations", w.engagement);
        for n in [1, 5] {
            w.sign_in(n);
            for address in &addresses {
                let seen = w.get(address);
                assert_eq!(seen.status, StatusCode::NOT_FOUND, "{n} at {address}");
                assert!(!seen.body.contains("T-1") && !seen.body.contains("IAM-05"));
            }
        }
        assert_eq!(w.get(&populations).status, StatusCode::NOT_FOUND);
        w.sign_in(1);
        assert_eq!(w.get("/examination").status, StatusCode::NOT_FOUND);
        let shown = w.get(&populations);
        assert_eq!((shown.status, shown.body.as_str()), (StatusCode::OK, "{\"populations\":[]}"));
    });
}

const SCHEMA: &str = r#"
name = "changes"
kind = "event population"
zone = "Europe/London"
key = ["change_id"]
dated_by = "merged_at"
[[columns]]
name = "change_id"
type = "text"
[[columns]]
name = "merged_at"
type = "timestamp"
required = true
[[columns]]
name = "approved"
type = "text"
"#;

const TEST: &str = r#"
name = "Every change was approved"
[populations.changes]
schema = "changes.toml"
[units]
sql = "SELECT change_id AS unit FROM changes"
[test]
sql = """
SELECT change_id AS unit,
       CASE WHEN approved = 'yes' THEN 'pass' ELSE 'exception' END AS result,
       CASE WHEN approved = 'yes' THEN NULL ELSE 'not approved' END AS reason
FROM changes
"""
"#;

#[test]
fn a_population_is_frozen_judged_drawn_from_and_counted_on_pages() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        w.prepared();
        let list = w.at("/populations");
        let mut csv = "change_id,merged_at,approved\n".to_owned();
        for n in 1..=20 {
            let approved = if n == 3 { "no" } else { "yes" };
            csv.push_str(&format!("CHG-{n:02},2025-03-{n:02}T10:00:00Z,{approved}\n"));
        }
        let texts = [
            ("name", "Changes"),
            ("schema", SCHEMA),
            ("source", "The code host, March 2025."),
            ("supplied_by", "organisation"),
        ];
        let wrong = [&texts[..1], &[("schema", "name = 1")], &texts[2..]].concat();
        let wrong = w.upload(&list, &wrong, &csv);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.body);
        assert!(wrong.body.contains("The schema cannot be used"));
        let large = w.upload(&list, &texts, &"x".repeat(3_000));
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
        let texts = population_pages::covered(&w, &list, &texts, &csv);
        let sent = w.upload(&list, &texts, &csv);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let page = w.get(&sent.location).body;
        assert!(page.contains("20 rows.") && page.contains("Key unique"), "{page}");
        let accept = [("accepted", "yes"), ("reason", "Totals agree.")];
        let judged = w.submit(&sent.location, &sent.location, &accept);
        assert_eq!(judged.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", judged.body);
        assert!(judged.body.contains("Check 9 is not done"), "{}", judged.body);
        population_pages::evaluated(&w, &sent.location, "20");
        let judged = w.submit(&sent.location, &sent.location, &accept);
        assert_eq!(judged.status, StatusCode::SEE_OTHER, "{}", judged.body);
        let population = sent.location.rsplit('/').next().unwrap().to_owned();
        let control = w.get(&w.control("")).body;
        let test = control.split("/tests/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let draw = w.at(&format!("/tests/{test}/draw"));
        let fields = [("population", population.as_str()), ("method", "random"), ("size", "5")];
        let drawn = w.submit(&draw, &draw, &fields);
        assert_eq!(drawn.status, StatusCode::SEE_OTHER, "{}", drawn.body);
        let sheet = w.get(&drawn.location).body;
        assert!(sheet.contains("5 of 5 have no result yet"));
        assert!(sheet.contains("tickmark sample select --method random --seed"), "{sheet}");
        // An item that never belonged gives its place to the next of the ranking, whoever asks.
        let six = [&fields[..2], &[("size", "6")]].concat();
        // What a page does not offer is not read: the seed is drawn by the system, once for these rows.
        let chosen = [&six[..], &[("seed", "mine")]].concat();
        let six = w.submit(&draw, &draw, &chosen);
        let ranked = listed(&w.get(&six.location).body);
        assert_eq!(listed(&sheet), ranked[..5], "a larger sample only adds");
        let first = format!("{}/items/1", drawn.location);
        let replace = format!("{first}/replace");
        let gone =
            w.submit(&first, &replace, &[("reason", "duplicate"), ("note", "Listed twice.")]);
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
        assert_eq!(listed(&w.get(&drawn.location).body), ranked, "the sixth of the ranking joined");
        takes_a_run(&w, &test, &population);
        let census = w.at(&format!("/tests/{test}/census"));
        let run =
            w.submit(&census, &census, &[("procedure", TEST), ("populations", "changes=Changes")]);
        assert_eq!(run.status, StatusCode::SEE_OTHER, "{}", run.body);
        let rows = w.get(&run.location).body;
        assert!(rows.contains("1 exceptions and 0 unmatched") && rows.contains("CHG-03"), "{rows}");
        let decided = w.submit(
            &run.location,
            &run.location,
            &[
                ("outcome", "exception"),
                ("disposition", "not_a_deviation"),
                ("reason", "Approved by telephone; the note is in the file."),
            ],
        );
        assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.body);
        assert!(w.get(&run.location).body.contains("0 exceptions"));
        // The organisation sees the hash and nothing else.
        w.sign_in(1);
        for address in [&list, &sent.location, &draw, &census, &run.location] {
            assert_eq!(w.get(address).status, StatusCode::NOT_FOUND, "{address}");
        }
        population_pages::shown_alike(&w, &population);
    });
}

#[path = "common/collected_pages.rs"]
mod collected_pages;
#[path = "common/conclusion_pages.rs"]
mod conclusion_pages;
#[path = "common/firm_pages.rs"]
mod firm_pages;
#[path = "common/population_pages.rs"]
mod population_pages;
#[path = "common/routes.rs"]
mod routes;
#[path = "common/sheet_pages.rs"]
mod sheet_pages;
#[path = "common/stated_api.rs"]
mod stated_api;
use routes::router;
use sheet_pages::{listed, takes_a_run};
