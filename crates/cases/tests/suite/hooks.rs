//! Signed messages of other systems and the operator's form, through the endpoint and the pages, on
//! both databases.

use crate::people::{organisation, who};
use crate::rooms::ROOMS;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::{get, post};
use cases::hooks::model::SourceId;
use cases::hooks::pages::{sources, unread};
use cases::hooks::{api, store};
use cases::model::{Case, CaseKind};
use cases::pages::hotline;
use cases::store::CaseFilter;
use kernel::env::Env;
use kernel::party::{Actor, Role, Side};
use kernel::permit::{Facts, authorize};
use platform::edge::Edge;
use platform::http::App;
use platform::inbound::hook::sign;
use platform::testing::{Answered, TestDb, Web, beside, env, on_both};

fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/hooks/{source}", post(api::take_in))
        .route("/cases/hotline", get(hotline::ask).post(hotline::send))
        .route("/channels/sources", get(sources::list).post(sources::add))
        .route("/channels/sources/unread", get(unread::list))
        .route("/channels/sources/unread/{id}/{action}", post(unread::act))
        .route("/channels/sources/{id}", get(sources::show))
        .route("/channels/sources/{id}/{action}", post(sources::act))
}

fn web(t: &TestDb) -> (Web<'_>, Actor, Actor) {
    let mut env = Env::new(env().now(), [1; 32]);
    t.db.write_blocking(move |tx| {
        let permit = authorize(&Actor::system(organisation(), "test"), &Facts::of(organisation()))?;
        identity::service::register_party(tx, &mut env, &permit, Side::ServiceOrganisation, "Alder")
    })
    .unwrap();
    let lead = who(1, organisation(), &[Role::ComplianceLead, Role::CaseHandler]);
    let viewer = who(2, organisation(), &[Role::Viewer]);
    let mut web = Web::new(t, routes(), vec![lead.clone(), viewer.clone()], 1_000);
    web.sign_in(&lead);
    (web, lead, viewer)
}

fn after<'b>(body: &'b str, label: &str) -> &'b str {
    let from = body.split(label).nth(1).unwrap();
    from.split("<code>").nth(1).unwrap().split("</code>").next().unwrap()
}

/// Adds a source through the page; its address and its secret.
fn source(web: &Web<'_>, name: &str) -> (String, String) {
    let pairs = [
        ("name", name),
        ("channel", "chat"),
        ("reference", "/data/id"),
        ("title", "/data/title"),
        ("description", "/data/text"),
        ("kind", "/data/kind"),
    ];
    let made = web.fill("/channels/sources", "/channels/sources", &pairs).body;
    let address = after(&made, "Address").trim_start_matches("http://tickmark.example").to_owned();
    let secret = after(&made, "Secret<").to_owned();
    assert!(secret.starts_with("whsec_") && address.starts_with("/api/v1/hooks/hks_"), "{made}");
    assert!(!web.get("/channels/sources").body.contains(&secret), "shown once");
    (address, secret)
}

struct Sent<'s> {
    id: &'s str,
    at: i64,
    signature: String,
    body: &'s str,
}

fn signed<'s>(web: &Web<'_>, secret: &str, id: &'s str, body: &'s str) -> Sent<'s> {
    let at = web.edge.env().now().0 / 1_000_000;
    Sent { id, at, signature: sign(secret, id, at, body.as_bytes()).unwrap(), body }
}

fn send(web: &Web<'_>, address: &str, sent: &Sent<'_>) -> Answered {
    let request = Request::post(address)
        .header("content-type", "application/json")
        .header("webhook-id", sent.id)
        .header("webhook-timestamp", sent.at.to_string())
        .header("webhook-signature", &sent.signature);
    web.send(request.body(Body::from(sent.body.to_owned())).unwrap())
}

fn all_cases(t: &TestDb) -> Vec<Case> {
    let filter = CaseFilter { limit: 100, ..CaseFilter::default() };
    t.db.read_blocking(|c| cases::store::cases(c, organisation(), &filter)).unwrap()
}

fn field(body: &str, name: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap();
    value[name].as_str().unwrap_or_default().to_owned()
}

const REPORT: &str = r#"{"type":"chat.report","data":{"id":"C-17","title":"Cannot sign in","text":"Since noon.","kind":"failure"}}"#;

#[test]
fn a_signed_message_becomes_one_case_and_a_forged_or_replayed_one_none() {
    on_both(&ROOMS, |t| {
        let (web, ..) = web(t);
        let (address, secret) = source(&web, "Chat");
        let first = signed(&web, &secret, "msg_1", REPORT);
        let made = send(&web, &address, &first);
        assert_eq!(made.status, 201, "{}", made.body);
        let number = field(&made.body, "tracking_number");
        let code = field(&made.body, "return_code");
        let case = t.db.read_blocking(|c| cases::service::followed(c, &code)).unwrap();
        assert_eq!(
            (case.tracking_number.as_str(), case.channel.as_str(), case.kind),
            (number.as_str(), "chat", CaseKind::Failure)
        );

        // Played again, byte for byte; tried again and signed anew; the same matter under a new id.
        assert_eq!(send(&web, &address, &first).status, 409);
        web.edge.advance_seconds(60);
        let again = send(&web, &address, &signed(&web, &secret, "msg_1", REPORT));
        assert_eq!(
            (again.status.as_u16(), field(&again.body, "tracking_number")),
            (200, number.clone())
        );
        assert_eq!(field(&again.body, "return_code"), "", "the code is told once");
        let same = send(&web, &address, &signed(&web, &secret, "msg_2", REPORT));
        assert_eq!((same.status.as_u16(), field(&same.body, "became")), (200, "known".to_owned()));
        let other_body = send(&web, &address, &signed(&web, &secret, "msg_1", "{}"));
        assert_eq!(other_body.status, 422);

        // Forged: another secret, another body, another source, too old, from the future, unsigned.
        let (elsewhere, _) = source(&web, "Elsewhere");
        let good = signed(&web, &secret, "msg_3", REPORT);
        assert_eq!(send(&web, &elsewhere, &good).status, 401);
        let foreign = signed(&web, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_3", REPORT);
        assert_eq!(send(&web, &address, &foreign).status, 401);
        let changed = REPORT.replace("noon", "dawn");
        assert_eq!(
            send(
                &web,
                &address,
                &Sent { body: &changed, ..signed(&web, &secret, "msg_3", REPORT) }
            )
            .status,
            401
        );
        web.edge.advance_seconds(301);
        assert_eq!(send(&web, &address, &good).status, 401);
        let at = web.edge.env().now().0 / 1_000_000 + 301;
        let signature = sign(&secret, "msg_3", at, REPORT.as_bytes()).unwrap();
        assert_eq!(
            send(&web, &address, &Sent { id: "msg_3", at, signature, body: REPORT }).status,
            401
        );
        assert_eq!(web.send_bytes(&address, "application/json", REPORT.as_bytes()).status, 401);
        let nobody = format!("/api/v1/hooks/{}", SourceId::from_u128(1));
        // Who does not know a secret does not learn whether there is a source.
        for (none, some) in [(&nobody, &address), (&"/api/v1/hooks/none".to_owned(), &address)] {
            let forged = Sent { signature: "v1,AAAA".into(), ..signed(&web, &secret, "m", REPORT) };
            let (none, some) = (send(&web, none, &forged), send(&web, some, &forged));
            assert_eq!((none.status, &none.body), (some.status, &some.body));
            assert_eq!(some.status, 401);
        }
        assert_eq!(all_cases(t).len(), 1);

        // Everything that arrived is accounted for.
        let day = store::day_of(web.edge.env().now());
        let tallies = t.db.read_blocking(|c| store::tallies(c, organisation(), day)).unwrap();
        let of = |what: &str| tallies.iter().find(|(w, _)| w == what).map_or(0, |(_, n)| *n);
        let refused: i64 =
            tallies.iter().filter(|(w, _)| w.starts_with("refused.")).map(|(_, n)| n).sum();
        assert_eq!(
            (of("arrived"), of("case"), of("duplicate"), refused),
            (13, 1, 2, 10),
            "{tallies:?}"
        );
    });
}

#[test]
fn a_message_that_cannot_be_read_is_kept_and_a_person_decides() {
    on_both(&ROOMS, |t| {
        let (mut web, lead, viewer) = web(t);
        let (address, secret) = source(&web, "Monitoring");
        let body = r#"{"alarm":"<script>alert(1)</script> disk full"}"#;
        let kept = send(&web, &address, &signed(&web, &secret, "a-1", body));
        assert_eq!((kept.status.as_u16(), field(&kept.body, "became")), (202, "kept".to_owned()));
        // Unsigned bodies fill no store.
        assert_eq!(web.send_bytes(&address, "application/json", b"junk").status, 401);
        assert_eq!(web.blobs.names().unwrap().len(), 1);
        let not_json = send(&web, &address, &signed(&web, &secret, "a-2", "<alarm/>"));
        assert_eq!(not_json.status, 202);
        let page = web.get("/channels/sources/unread").body;
        assert!(page.contains("disk full") && !page.contains("<script>alert"), "{page}");
        let waiting = t.db.read_blocking(|c| store::unread(c, organisation())).unwrap();
        assert_eq!(waiting.len(), 2);
        let act = |id: String, what: &str, pairs: &[(&str, &str)]| {
            web.fill(
                "/channels/sources/unread",
                &format!("/channels/sources/unread/{id}/{what}"),
                pairs,
            )
        };
        let first = waiting[0].id.to_string();
        let unread = act(first.clone(), "release", &[("why", "An alarm.")]);
        assert!(
            beside(&unread.body, "title").unwrap().contains("still cannot be read"),
            "{}",
            unread.body
        );
        // The source's places are corrected; then it can be read.
        let source = address.rsplit('/').next().unwrap();
        let at = format!("/channels/sources/{source}");
        let places = [
            ("name", "Monitoring"),
            ("channel", "chat"),
            ("title", "/alarm"),
            ("reference", ""),
            ("description", ""),
        ];
        assert_eq!(web.fill(&at, &format!("{at}/restate"), &places).location(), at);
        let done = act(first, "release", &[("why", "An alarm.")]);
        assert_eq!(done.location(), "/channels/sources/unread", "{}", done.body);
        assert!(all_cases(t)[0].title.contains("disk full"));
        let gone = act(waiting[1].id.to_string(), "dismiss", &[("why", "A test of theirs.")]);
        assert_eq!(gone.location(), "/channels/sources/unread");
        assert!(web.get("/channels/sources/unread").body.contains("Every message was read"));

        // A new secret ends the old one; a stopped source takes nothing.
        let renewed = web.fill(&at, &format!("{at}/renew"), &[]).body;
        let fresh = after(&renewed, "Secret<").to_owned();
        assert_eq!(send(&web, &address, &signed(&web, &secret, "b-1", body)).status, 401);
        assert_eq!(send(&web, &address, &signed(&web, &fresh, "b-1", body)).status, 201);
        assert_eq!(web.fill(&at, &format!("{at}/stop"), &[]).location(), at);
        assert_eq!(send(&web, &address, &signed(&web, &fresh, "b-2", body)).status, 410);
        web.sign_in(&viewer);
        assert_eq!(web.get("/channels/sources").status, 403);
        assert_eq!(web.get("/channels/sources/unread").status, 403);
        web.sign_in(&lead);
        let seen = web.get(&at).body;
        assert!(seen.contains("Refused: the source was stopped"), "{seen}");
    });
}

#[test]
fn an_operator_files_for_a_caller_and_reads_number_and_code_once() {
    on_both(&ROOMS, |t| {
        let (mut web, lead, viewer) = web(t);
        let call = [
            ("caller", "anonymous"),
            ("kind", "concern"),
            ("title", "Pressure to skip a review"),
            ("description", "I was told to merge without one."),
            ("contact", "614 555 0100"),
            ("language", "en"),
        ];
        let refused = web.fill("/cases/hotline", "/cases/hotline", &call);
        assert!(
            beside(&refused.body, "contact").unwrap().contains("anonymous caller"),
            "{}",
            refused.body
        );
        let mut call = call;
        call[4].1 = "";
        let filed = web.fill("/cases/hotline", "/cases/hotline", &call);
        assert_eq!(filed.status, 200, "{}", filed.body);
        let code = after(&filed.body, "Return code").to_owned();
        let number = after(&filed.body, "Tracking number").to_owned();
        let case = t.db.read_blocking(|c| cases::service::followed(c, &code)).unwrap();
        assert_eq!((case.tracking_number, case.channel.as_str()), (number, "hotline"));
        assert_eq!(
            case.reported_at.0 % 3_600_000_000,
            0,
            "the time of an anonymous call is that of its hour"
        );
        // The record does not say who was on duty.
        let subject = case.id.to_string();
        let told = t.db.read_blocking(|c| platform::journal::history(c, &subject)).unwrap();
        assert!(told.iter().all(|(entry, ..)| entry.actor == "public"));
        call[0].1 = "open";
        call[4].1 = "614 555 0100";
        let open = web.fill("/cases/hotline", "/cases/hotline", &call);
        let code = after(&open.body, "Return code").to_owned();
        let case = t.db.read_blocking(|c| cases::service::followed(c, &code)).unwrap();
        assert_eq!(case.contact.as_deref(), Some("614 555 0100"));
        web.sign_in(&viewer);
        assert_eq!(web.get("/cases/hotline").status, 403);
        web.sign_in(&lead);
    });
}
