//! The public doors of the whole product under load, and canaries through each of them meanwhile.

use crate::site::{Caller, LEAD, Reply, Site};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cases::canaries::jobs::look;
use cases::canaries::model::{Settings, Way};
use cases::canaries::permits::ManageCanaries;
use cases::canaries::{service as canaries, store as flights};
use cases::rules::flood::{bits_asked, zero_bits};
use cases::service::Promised;
use kernel::ids::PartyId;
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use platform::edge::Edge as _;
use tickmark::carrier::Sender;

/// Reports of the flood; the benchmark's row `flood` sends 100,000.
const FLOOD: usize = 2_000;
/// Reports in a minute up to which a channel is calm here. A request takes a second of this clock.
const CALM: u32 = 20;

fn number_for(challenge: &str) -> String {
    let bits = bits_asked(challenge);
    (0_u64..).map(|n| n.to_string()).find(|n| zero_bits(challenge, n) >= bits).unwrap()
}

fn report(title: &str) -> serde_json::Value {
    serde_json::json!({
        "channel": "portal", "kind": "failure", "title": title, "description": "Since this morning.",
    })
}

async fn send(site: &Site, body: &serde_json::Value) -> serde_json::Value {
    let request = Request::post("/api/v1/reports")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let reply = site.send(&Caller::default(), request).await;
    assert_eq!(reply.status, StatusCode::CREATED, "the channel is open: {}", reply.body);
    serde_json::from_str(&reply.body).unwrap()
}

/// The same by the page; whether it was held.
async fn by_page(site: &Site, title: &str, work: bool) -> bool {
    let nobody = Caller::default();
    let page = site.form(&nobody, "/report", "/report").await;
    let challenge = page.values.iter().find(|(name, _)| name == "challenge");
    let challenge = challenge.map(|(_, value)| value.clone()).unwrap_or_default();
    let number = if work { number_for(&challenge) } else { String::new() };
    let typed = [
        ("kind", "concern"),
        ("title", title),
        ("description", "Since this morning."),
        ("privacy", "open"),
        ("work", number.as_str()),
    ];
    let pairs = crate::site::typed_over(&page.values, &typed);
    let reply = site.upload(&nobody, "/report", &pairs, None).await;
    assert_eq!(reply.status, StatusCode::OK, "the channel is open: {}", reply.body);
    assert!(reply.body.contains("<code>"), "number and code are told: {}", reply.body);
    reply.body.contains("within a day")
}

async fn challenge(site: &Site) -> serde_json::Value {
    let reply = site.get(&Caller::default(), "/api/v1/reports/challenge?channel=portal").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    serde_json::from_str(&reply.body).unwrap()
}

/// A report by a program that did the work it was asked for.
async fn worked(site: &Site, title: &str) -> serde_json::Value {
    let asked = challenge(site).await;
    let mut body = report(title);
    if let Some(text) = asked["challenge"].as_str() {
        assert_eq!(asked["bits"].as_u64(), Some(u64::from(bits_asked(text))));
        body["challenge"] = text.into();
        body["work"] = number_for(text).into();
    }
    send(site, &body).await
}

async fn follow_up(site: &Site, told: &serde_json::Value) -> Reply {
    let pair = |name: &str| (name.to_owned(), told[name].as_str().unwrap().to_owned());
    let way = [pair("tracking_number"), pair("return_code")];
    site.post(&Caller::default(), "/report/follow-up", &way).await
}

/// How long after its report a person acknowledges and answers it at the latest.
async fn promised(site: &Site, told: &serde_json::Value) -> [Option<i64>; 2] {
    let number = told["tracking_number"].as_str().unwrap().to_owned();
    let (organisation, _) = site.parties().await;
    site.app
        .db
        .read(move |conn| {
            let case = cases::store::by_number(conn, organisation, &number)?.unwrap();
            assert!(!case.held);
            let armed = cases::clocks::store::armed(conn, case.id)?;
            let promised = Promised::of(armed.as_ref());
            let after = |at: Option<Timestamp>| at.map(|at| at.0 - case.reported_at.0);
            Ok([after(promised.acknowledge_by), after(promised.answer_by)])
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_flood_closes_no_channel_holds_nobody_who_did_the_work_and_delays_no_promise() {
    let site = Site::under(false, CALM);
    let asked = challenge(&site).await;
    assert_eq!((asked["challenge"].as_str(), asked["bits"].as_u64()), (None, Some(0)), "calm");
    let before = send(&site, &report("Before the flood")).await;
    assert_eq!(before["held"], false);
    let (mut held, mut real) = (0, Vec::new());
    for n in 0..FLOOD {
        // Every tenth by the page, which is the same channel.
        let junk = if n % 10 == 0 {
            by_page(&site, "Buy pills", false).await
        } else {
            send(&site, &report("Buy pills")).await["held"] == true
        };
        held += usize::from(junk);
        if n % 500 == 499 {
            let told = worked(&site, "The backup failed").await;
            assert_eq!(told["held"], false, "who did the work is not held, report {n}");
            real.push(told);
            assert!(!by_page(&site, "The restore failed, too", true).await);
            // Who holds a return code passes no gate.
            let seen = follow_up(&site, &before).await;
            assert_eq!(seen.status, StatusCode::OK);
            assert!(seen.body.contains("Before the flood"));
        }
    }
    assert!(held >= FLOOD - 2 * usize::try_from(CALM).unwrap(), "{held} of {FLOOD} held");
    let usual = promised(&site, &before).await;
    assert!(usual.iter().all(Option::is_some), "{usual:?}");
    for told in &real {
        assert_eq!(promised(&site, told).await, usual, "no promise is later in a flood");
        assert!(follow_up(&site, told).await.body.contains("The backup failed"));
    }
    // Work serves once; work for easier or forged challenges serves nobody.
    let asked = challenge(&site).await["challenge"].as_str().unwrap().to_owned();
    let mut body = report("Once");
    body["challenge"] = asked.clone().into();
    body["work"] = number_for(&asked).into();
    assert_eq!(send(&site, &body).await["held"], false);
    assert_eq!(send(&site, &body).await["held"], true);
    body["challenge"] = asked.replacen('.', ".0", 1).into();
    assert_eq!(send(&site, &body).await["held"], true);
    // What is held is for a person to look at, and none of it was refused.
    let lead = site.signed_in(LEAD).await;
    let waiting = site.get(&lead, "/cases/held").await;
    assert!(waiting.body.contains("Buy pills"), "{}", waiting.body);
}

fn lead(organisation: PartyId) -> Actor {
    Actor {
        person: None,
        party: Some(organisation),
        side: Side::ServiceOrganisation,
        roles: Roles::NONE.with(Role::ComplianceLead),
        via: Via::CommandLine,
    }
}

/// A canary of each way, planned anew: ways and when they fly.
fn planned(site: &Site, organisation: PartyId) -> Vec<(Way, Timestamp)> {
    let all = site
        .app
        .db
        .read_blocking(move |conn| flights::flying(conn, organisation, Timestamp(i64::MAX)));
    let now = site.edge.env().now();
    all.unwrap().iter().filter(|c| c.due_at > now).map(|c| (c.way, c.due_at)).collect()
}

#[test]
fn canaries_fly_by_page_program_and_signed_message_through_a_flood() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let site = Site::under(false, CALM);
    let (organisation, _) = runtime.block_on(site.parties());
    runtime.block_on(async {
        let lead = site.signed_in(LEAD).await;
        let source = [
            ("name", "Support desk"),
            ("channel", "chat"),
            ("reference", "/ticket/id"),
            ("title", "/ticket/subject"),
            ("description", "/ticket/text"),
            ("kind", "/ticket/kind"),
        ];
        let made = site.submit(&lead, "/channels/sources", "/channels/sources", &source).await;
        assert!(made.body.contains("whsec_"), "{}", made.body);
    });
    // In a month for which none are planned yet.
    site.edge.set(Timestamp::parse("2026-12-01T06:00:00Z").unwrap());
    let mut env = site.edge.env();
    site.app
        .db
        .write_blocking(move |tx| {
            let permit =
                authorize::<ManageCanaries>(&lead(organisation), &Facts::of(organisation))?;
            let version = flights::settings(tx, organisation)?.map_or(0, |(_, version)| version);
            let settings = Settings {
                on: true,
                per_month: 1,
                receive_minutes: 30,
                acknowledge_hours: 24,
                alarm_to: Vec::new(),
            };
            canaries::state_settings(tx, &mut env, &permit, version, &settings)
        })
        .unwrap();
    let sender = Sender::new(&site.app, None);
    look(&site.app.db, &*site.edge, &sender).unwrap();
    let mut flown = Vec::new();
    for (way, due) in planned(&site, organisation) {
        site.edge.set(due);
        // The channel is far from calm when it flies.
        runtime.block_on(async {
            let mut junk = serde_json::json!({});
            for _ in 0..=CALM {
                junk = send(&site, &report("Buy pills")).await;
                let mut by_api = report("Buy pills");
                by_api["channel"] = "api".into();
                send(&site, &by_api).await;
            }
            assert_eq!(junk["held"], true, "the flood is on");
        });
        look(&site.app.db, &*site.edge, &sender).unwrap();
        let now = site.edge.env().now();
        let all = site
            .app
            .db
            .read_blocking(move |conn| flights::flying(conn, organisation, now))
            .unwrap();
        let canary = all.iter().find(|c| c.way == way && c.due_at == due).unwrap();
        assert!(canary.received_at.is_some(), "{way:?} came in: {canary:?}");
        let case = canary.case.unwrap();
        let case = site
            .app
            .db
            .read_blocking(move |conn| cases::store::case(conn, organisation, case))
            .unwrap()
            .unwrap();
        assert!(case.canary, "{way:?} is recognised");
        assert!(!case.held, "{way:?} is not held, as a handler must see it");
        let counted = site.app.db.read_blocking(move |conn| {
            let mut seen = false;
            cases::store::each_case(conn, organisation, |one, _| {
                seen |= one.id == case.id;
                Ok(())
            })?;
            Ok(seen)
        });
        assert!(!counted.unwrap(), "{way:?} is in no figure");
        flown.push(way);
    }
    for way in [Way::Portal, Way::Api, Way::Webhook] {
        assert!(flown.contains(&way), "{way:?}: {flown:?}");
    }
}
