//! The status page as readers, subscribers, programs and the desk meet it, on both databases.

use crate::people::{party, who};
use crate::rooms::ROOMS;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use cases::status::model::{NoticeKind, NoticeState};
use cases::status::{ROOM, api, jobs, pages, store};
use kernel::env::Env;
use kernel::party::{Actor, Role, Side};
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use platform::http::App;
use platform::jobs::{Ended, Handler, Runner, Work, mail, webhook};
use platform::testing::{TestDb, Web, beside, env, hidden, on_both};
use std::sync::{Arc, Mutex};

fn routes() -> Router<App> {
    Router::new()
        .route("/status", get(pages::public::show))
        .route("/status/history", get(pages::public::history))
        .route("/status/follow", post(pages::follow::ask))
        .route(
            "/status/confirm/{token}",
            get(pages::follow::confirm_page).post(pages::follow::confirm),
        )
        .route("/status/leave/{token}", get(pages::follow::leave_page).post(pages::follow::leave))
        .route("/status/{reference}", get(pages::public::one))
        .route("/status.atom", get(pages::feed::feed))
        .route("/api/v1/status", get(api::status))
        .route("/cases/status", get(pages::desk::show))
        .route(
            "/cases/status/components/new",
            get(pages::desk::new_component).post(pages::desk::add_component),
        )
        .route(
            "/cases/status/components/{id}",
            get(pages::desk::edit_component).post(pages::desk::save_component),
        )
        .route("/cases/status/notices/new", get(pages::notice::new).post(pages::notice::publish))
        .route("/cases/status/notices/{id}", get(pages::notice::show))
        .route("/cases/status/notices/{id}/{action}", post(pages::notice::act))
        .route("/cases/status/notices/{id}/proofs/{event}", get(pages::desk::proof))
}

fn lead() -> Actor {
    who(1, party(1), &[Role::ComplianceLead])
}
fn viewer() -> Actor {
    who(2, party(1), &[Role::Viewer])
}
fn stranger() -> Actor {
    who(3, party(2), &[Role::ComplianceLead])
}

fn world(t: &TestDb) -> Web<'_> {
    for (n, name) in [(1u8, "Palmetto <Payroll>"), (2, "Other")] {
        let mut env = Env::new(env().now(), [n; 32]);
        t.db.write_blocking(move |tx| {
            let owner = party(u128::from(n));
            let permit = authorize(&Actor::system(owner, "test"), &Facts::of(owner))?;
            identity::service::register_party(
                tx,
                &mut env,
                &permit,
                Side::ServiceOrganisation,
                name,
            )
        })
        .unwrap();
    }
    Web::new(t, routes(), vec![lead(), viewer(), stranger()], 1_000)
}

/// The organisation named, as every public address of a deployment with several does.
fn at(path: &str) -> String {
    format!("{path}?to={}", party(1))
}

fn add_component(web: &Web<'_>, name: &str, public: &str) -> String {
    let page = "/cases/status/components/new";
    let said = web.fill(page, page, &[("name", name), ("public_name", public), ("place", "1")]);
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let public = public.to_owned();
    let all = web.t.db.read_blocking(|c| store::components(c, party(1))).unwrap();
    all.into_iter().find(|c| c.public_name == public).unwrap().id.to_string()
}

/// Publishes an incident that breaks the component; gives the address of its page at the desk.
fn publish(web: &Web<'_>, component: &str, title: &str) -> String {
    let page = "/cases/status/notices/new?kind=incident";
    let on = format!("on-{component}");
    let fields = [
        ("title", title),
        ("text", "Nobody can <b>sign in</b> & we look for the cause."),
        ("state", "investigating"),
        (on.as_str(), "major"),
        ("mail", "on"),
    ];
    let said = web.fill(page, page, &fields);
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    said.location().to_owned()
}

/// What would have been sent.
#[derive(Clone, Default)]
struct Box_(Arc<Mutex<Vec<Sent>>>);

/// Key, mail, and the address that leaves the list.
type Sent = (String, mail::Mail, Option<String>);

#[derive(serde::Deserialize)]
struct List {
    leave: Option<String>,
}

impl Handler for Box_ {
    fn run(&self, work: &Work<'_>) -> Ended {
        let (mail, list): (_, List) = (work.payload().unwrap(), work.payload().unwrap());
        self.0.lock().unwrap().push((work.key().to_owned(), mail, list.leave));
        Ended::done()
    }
}

/// Does every job that is due; gives the mails that this sent.
fn work(web: &Web<'_>) -> Vec<Sent> {
    let sent = Box_::default();
    let runner = Runner::new(web.t.db.clone(), web.edge.clone())
        .with(mail::KIND, sent.clone())
        .with(jobs::KIND, jobs::Teller);
    while runner.tick().unwrap() != platform::jobs::Ran::Nothing {}
    let all = sent.0.lock().unwrap();
    all.clone()
}

fn link(mail: &mail::Mail, path: &str) -> String {
    let line = mail.text.lines().find(|l| l.contains(path)).unwrap();
    let from = line.find("http://tickmark.example").unwrap();
    line[from..].trim().replace("http://tickmark.example", "")
}

#[test]
fn an_incident_is_published_updated_corrected_and_ends() {
    on_both(&ROOMS, |t| {
        let mut web = world(t);
        web.sign_in(&lead());
        let component = add_component(&web, "portal-eu-3", "Portal");
        let before = web.get(&at("/status"));
        assert!(before.body.contains("Yes. Everything works"), "{}", before.body);
        assert!(!before.body.contains("<Payroll>"));
        let desk = publish(&web, &component, "Nobody can sign in");
        let now = web.get(&at("/status"));
        assert!(now.body.contains("No. Something fails for everybody"));
        assert!(now.body.contains("Nobody can &lt;b&gt;sign in&lt;/b&gt; &amp; we look"));

        web.edge.advance_seconds(600);
        let update = [
            ("state", "resolved"),
            ("text", "Signing in works again since 09:40."),
            (&*format!("on-{component}"), "major"),
        ];
        let said = web.fill(&desk, &format!("{desk}/update"), &update);
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        // What is over stays over.
        let mut again = update;
        again[0].1 = "investigating";
        let refused = web.fill(&desk, &format!("{desk}/update"), &again);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

        let wrong = [("corrects", "2"), ("text", "It was 09:50.")];
        let said = web.fill(&desk, &format!("{desk}/correct"), &wrong);
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        let twice = web.fill(&desk, &format!("{desk}/correct"), &wrong);
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "corrected once only");

        assert!(web.get(&at("/status")).body.contains("Yes. Everything works"));
        let history = web.get(&at("/status/history"));
        assert!(history.body.contains("Nobody can sign in") && history.body.contains("10"));
        let notice =
            t.db.read_blocking(|c| store::notices(c, party(1), None, 9)).unwrap().remove(0);
        assert_eq!((notice.kind, notice.state), (NoticeKind::Incident, NoticeState::Resolved));
        let one = web.get(&at(&format!("/status/{}", notice.reference)));
        for word in [
            "09:40",
            "09:50",
            "This was wrong. See the correction of",
            "This corrects what was said on",
        ] {
            assert!(one.body.contains(word), "{word}: {}", one.body);
        }
    });
}

#[test]
fn every_publication_has_its_author_and_a_proof_that_verifies() {
    on_both(&ROOMS, |t| {
        let mut web = world(t);
        web.sign_in(&lead());
        let component = add_component(&web, "portal-eu-3", "Portal");
        let desk = publish(&web, &component, "Nobody can sign in");
        t.sequence();
        let body = web.get("/cases/status").body;
        let href = body
            .split("href=\"")
            .map(|p| p.split('"').next().unwrap())
            .find(|h| h.contains("/proofs/"))
            .unwrap();
        let proof = web.get(href);
        assert_eq!(proof.status, StatusCode::OK, "{}", proof.body);
        let update =
            t.db.read_blocking(|c| {
                let id = desk.rsplit('/').next().unwrap().parse().unwrap();
                store::updates(c, party(1), id)
            })
            .unwrap()
            .remove(0);
        assert_eq!(update.actor, lead().person.unwrap().to_string());
        let parsed: ledger::TlogProof = ledger::TlogProof::parse(proof.body.as_bytes()).unwrap();
        let entry =
            t.db.read_blocking(|c| platform::journal::history(c, &update.notice.to_string()))
                .unwrap()
                .into_iter()
                .find(|(e, ..)| e.id == update.event)
                .unwrap();
        let verifier = t.journal.signer(party(1)).unwrap().verifier().clone();
        parsed.verify(&entry.0.to_bytes(), &t.journal.origin(party(1)), &[verifier]).unwrap();
        let csv = web.get("/cases/status?format=csv");
        assert!(csv.body.contains("Nobody can sign in"));
        // Another organisation's lead finds neither the notice nor its proof; a viewer no desk.
        web.sign_in(&stranger());
        assert_eq!(web.get(href).status, StatusCode::NOT_FOUND);
        assert_eq!(web.get(&desk).status, StatusCode::NOT_FOUND);
        web.sign_in(&viewer());
        assert_eq!(web.get("/cases/status").status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_subscriber_confirms_is_told_once_and_leaves_without_a_trace() {
    on_both(&ROOMS, |t| {
        let mut web = world(t);
        web.sign_in(&lead());
        let component = add_component(&web, "portal-eu-3", "Portal");
        web.sign_out();
        let to = party(1).to_string();
        let ask = |email: &str| {
            web.post("/status/follow?lang=de", &[("to", to.as_str()), ("email", email)])
        };
        let asked = ask("Ada@Example.COM");
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
        // Asking again at once gives the same answer and no second mail: nobody's mailbox is filled.
        assert_eq!(ask("ada@example.com").body, asked.body);
        assert_eq!(ask("not an address").status, StatusCode::UNPROCESSABLE_ENTITY);
        let mails = work(&web);
        assert_eq!(mails.len(), 1, "one mail of confirmation");
        assert!(mails[0].1.subject.starts_with("Best\u{e4}tigen"), "{}", mails[0].1.subject);

        // Before confirmation nothing is sent; opening the link alone confirms nothing.
        web.sign_in(&lead());
        publish(&web, &component, "First");
        web.sign_out();
        assert!(work(&web).is_empty());
        let confirm = link(&mails[0].1, "/status/confirm/");
        assert_eq!(web.get(&confirm).status, StatusCode::OK);
        let count = |t: &TestDb| t.db.read_blocking(|c| store::followers(c, party(1))).unwrap();
        assert_eq!(count(t).confirmed, 0);
        assert_eq!(web.post(&confirm, &[]).status, StatusCode::OK);
        assert_eq!((count(t).confirmed, count(t).asked), (1, 0));
        assert_eq!(web.post(&confirm, &[]).status, StatusCode::UNPROCESSABLE_ENTITY, "works once");

        web.edge.advance_seconds(60);
        web.sign_in(&lead());
        publish(&web, &component, "Second");
        web.sign_out();
        let told = work(&web);
        assert_eq!(told.len(), 1);
        assert!(
            told[0].1.text.contains("Second")
                && told[0].1.text.contains("Nobody can <b>sign in</b>")
        );
        assert!(told[0].1.text.contains("Die Ursache wird gesucht"), "{}", told[0].1.text);
        assert!(work(&web).is_empty(), "nobody is told twice");

        let leave = link(&told[0].1, "/status/leave/");
        assert_eq!(web.get(&leave).status, StatusCode::OK);
        assert_eq!(count(t).confirmed, 1, "opening the link leaves nothing");
        // The button of a mail program: its header names this address, and it posts as RFC 8058 says,
        // without a session, a page before or a token.
        let named = format!("http://tickmark.example{leave}");
        assert_eq!(told[0].2, Some(named));
        let one_click = [("List-Unsubscribe", "One-Click")];
        assert_eq!(web.post(&leave, &one_click).status, StatusCode::OK);
        assert_eq!((count(t).confirmed, count(t).left), (0, 1));
        assert!(
            t.db.read_blocking(|c| store::by_email(c, party(1), "ada@example.com"))
                .unwrap()
                .is_none()
        );
        // The log never held the address.
        let entries =
            t.db.read_blocking(|c| {
                let mut all = Vec::new();
                for (kind, _) in ROOM.kinds {
                    platform::journal::each_payload(c, party(1), kind, |p| {
                        all.push(String::from_utf8_lossy(p).to_lowercase());
                        Ok(())
                    })?;
                }
                Ok(all)
            })
            .unwrap();
        assert!(entries.len() > 4 && entries.iter().all(|p| !p.contains("example.com")));
    });
}

#[test]
fn a_link_of_confirmation_runs_out_and_its_address_is_forgotten() {
    on_both(&ROOMS, |t| {
        let web = world(t);
        let to = party(1).to_string();
        let _ = web.post("/status/follow", &[("to", to.as_str()), ("email", "ada@example.com")]);
        let confirm = link(&work(&web)[0].1, "/status/confirm/");
        web.edge.advance_seconds(4 * 86_400);
        assert_eq!(web.post(&confirm, &[]).status, StatusCode::UNPROCESSABLE_ENTITY);
        let _ = web.post("/status/follow", &[("to", to.as_str()), ("email", "bob@example.com")]);
        assert!(
            t.db.read_blocking(|c| store::by_email(c, party(1), "ada@example.com"))
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn webhooks_are_told_in_the_same_transaction() {
    on_both(&ROOMS, |t| {
        let mut web = world(t);
        let mut env = Env::new(env().now(), [7; 32]);
        t.db.write_blocking(move |tx| {
            webhook::add_endpoint(
                tx,
                &mut env,
                party(1),
                webhook::Reach::default(),
                "https://hooks.example/x",
            )
        })
        .unwrap();
        web.sign_in(&lead());
        let component = add_component(&web, "portal-eu-3", "Portal");
        publish(&web, &component, "Nobody can sign in");
        let waiting =
            t.db.read_blocking(|c| {
                platform::jobs::store::list_any(c, platform::jobs::JobState::Waiting, 10)
            })
            .unwrap();
        assert!(
            waiting.iter().any(|j| j.kind == webhook::KIND && j.about.contains("status.published"))
        );
    });
}

#[test]
fn the_feed_holds_what_rfc_4287_requires_and_any_text_is_well_formed() {
    on_both(&ROOMS, |t| {
        let mut web = world(t);
        let empty = web.get(&at("/status.atom"));
        roxmltree::Document::parse(&empty.body).unwrap();
        web.sign_in(&lead());
        let component = add_component(&web, "portal-eu-3", "Portal");
        let desk = publish(&web, &component, "]]> & \"quotes\" <i>");

        let fields = [
            ("state", "monitoring"),
            ("text", "Mended \u{1f600} & watched."),
            (&*format!("on-{component}"), "degraded"),
        ];
        assert_eq!(
            web.fill(&desk, &format!("{desk}/update"), &fields).status,
            StatusCode::SEE_OTHER
        );
        let feed = web.get(&at("/status.atom"));
        assert!(feed.headers["content-type"].to_str().unwrap().starts_with("application/atom+xml"));
        let document = roxmltree::Document::parse(&feed.body).unwrap();
        let atom = "http://www.w3.org/2005/Atom";
        let root = document.root_element();
        assert!(root.has_tag_name((atom, "feed")));
        let one = |node: roxmltree::Node<'_, '_>, name: &str| {
            let found: Vec<_> = node.children().filter(|c| c.has_tag_name((atom, name))).collect();
            assert_eq!(found.len(), 1, "exactly one {name}");
            found[0].text().unwrap_or_default().to_owned()
        };
        // RFC 4287, 4.1.1: exactly one id, title and updated; an author unless every entry has one.
        for name in ["id", "title", "updated"] {
            assert!(!one(root, name).is_empty());
        }
        assert!(Timestamp::parse(&one(root, "updated")).is_ok());
        let author = root.children().find(|c| c.has_tag_name((atom, "author"))).unwrap();
        assert_eq!(one(author, "name"), "Palmetto <Payroll>");
        let links: Vec<_> = root.children().filter(|c| c.has_tag_name((atom, "link"))).collect();
        assert!(links.iter().any(|l| l.attribute("rel") == Some("self")));
        let entries: Vec<_> = root.children().filter(|c| c.has_tag_name((atom, "entry"))).collect();
        assert_eq!(entries.len(), 2);
        let mut ids = std::collections::BTreeSet::new();
        for entry in entries {
            let id = one(entry, "id");
            assert!(id.starts_with("http://tickmark.example/status/"), "an IRI: {id}");
            assert!(ids.insert(id), "every id is its own");
            assert!(one(entry, "title").contains("]]> & "));
            assert!(Timestamp::parse(&one(entry, "updated")).is_ok());
            assert!(!one(entry, "content").is_empty());
        }
    });
}

#[test]
fn nothing_that_is_named_inside_appears_outside() {
    on_both(&ROOMS, |t| {
        let mut web = world(t);
        web.sign_in(&lead());
        let component = add_component(&web, "portal-eu-3-internal", "Portal");
        let desk = publish(&web, &component, "Nobody can sign in");
        web.sign_out();
        let reference = t.db.read_blocking(|c| store::notices(c, party(1), None, 1)).unwrap()[0]
            .reference
            .clone();
        let person = lead().person.unwrap().to_string();
        let id = desk.rsplit('/').next().unwrap();
        for path in [
            "/status",
            "/status/history",
            "/status.atom",
            "/api/v1/status",
            &format!("/status/{reference}"),
        ] {
            let body = web.get(&at(path)).body;
            assert!(body.contains("Nobody can sign in"), "{path}");
            for inside in [
                component.as_str(),
                "portal-eu-3-internal",
                id,
                &person,
                "stc_",
                "stn_",
                "evt_",
                "/cases",
            ] {
                assert!(!body.contains(inside), "{path} shows {inside}");
            }
        }
        // Signed in or not, the public page is the same.
        let outside = web.get(&at("/status")).body;
        web.sign_in(&lead());
        assert_eq!(web.get(&at("/status")).body, outside);
    });
}

#[test]
fn the_public_pages_speak_seven_languages() {
    on_both(&ROOMS, |t| {
        let mut web = world(t);
        web.sign_in(&lead());
        let component = add_component(&web, "p", "Portal");
        publish(&web, &component, "Nobody can sign in");
        web.sign_out();
        let mut titles = std::collections::BTreeSet::new();
        for tag in ["en", "de", "fr", "es", "pt", "ja", "ar"] {
            let body = web.get(&format!("{}&lang={tag}", at("/status"))).body;
            assert!(body.contains(&format!("<html lang=\"{tag}\"")), "{tag}");
            assert!(!body.contains(">status-"), "a word is missing in {tag}");
            let h1 = body.split("<h1").nth(1).unwrap().split("</h1>").next().unwrap().to_owned();
            assert!(titles.insert(h1), "{tag} has its own words");
            assert!(body.contains("Nobody can sign in"), "own text stays as it is written");
        }
    });
}

#[test]
fn planned_work_is_announced_begins_and_ends_by_the_clock() {
    on_both(&ROOMS, |t| {
        let mut web = world(t);
        web.sign_in(&lead());
        let component = add_component(&web, "p", "Portal");
        let page = "/cases/status/notices/new?kind=maintenance";
        let on = format!("on-{component}");
        let now = web.edge_now();
        let local = |s: i64| now.plus_seconds(s).to_rfc3339()[..16].to_owned();
        let (from, to) = (local(3_600), local(7_200));
        let fields = |from: &str, to: &str| {
            web.fill(
                page,
                page,
                &[
                    ("title", "Database upgrade"),
                    ("text", "Short breaks."),
                    ("state", "scheduled"),
                    (&on, "maintenance"),
                    ("begins_at", from),
                    ("ends_at", to),
                ],
            )
        };
        let wrong = fields(&to, &from);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(beside(&wrong.body, "ends_at").is_some());
        assert_eq!(fields(&from, &to).status, StatusCode::SEE_OTHER);
        assert!(hidden(&web.get(page).body, "key").is_some());
        assert!(web.get(&at("/status")).body.contains("Yes. Everything works"));
        web.edge.advance_seconds(4_000);
        assert!(web.get(&at("/status")).body.contains("apart from planned work"));
        web.edge.advance_seconds(4_000);
        assert!(web.get(&at("/status")).body.contains("Yes. Everything works"));
    });
}

/// The clock of the test's browser.
trait Now {
    fn edge_now(&self) -> Timestamp;
}
impl Now for Web<'_> {
    fn edge_now(&self) -> Timestamp {
        use platform::edge::Edge as _;
        self.edge.env().now()
    }
}
