//! What the demonstration does not hold, because it only comes to be when somebody makes it: made here on
//! the pages, so that every route has something real to answer about.

use crate::html;
use crate::site::{Caller, HANDLER, LEAD, SPONSOR, Site, is_id, typed_over};
use axum::http::{Request, StatusCode};
use cases::hooks::store as sources;
use platform::inbound::hook::sign;
use platform::jobs::webhook::{self, Reach};
use std::collections::BTreeMap;

/// What was made.
pub struct Made {
    /// Addresses that a page does not link to.
    pub addresses: Vec<String>,
    /// What may stand in a route, by its name there.
    pub values: BTreeMap<String, String>,
}

/// Makes one of everything.
pub async fn everything(site: &Site) -> Made {
    let lead = site.signed_in(LEAD).await;
    let code = invited(site, &lead).await;
    token(site, &lead).await;
    outgoing(site).await;
    let file = sealed(site).await;
    away(site, &lead).await;
    practised(site).await;
    let source = unread(site).await;
    // What a mail says is a secret: that nobody holds this one is what everybody is told.
    let token = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let values = [("source", source), ("token", token)].map(|(n, v)| (n.to_owned(), v));
    Made { addresses: vec![format!("/invitation/{code}"), file], values: BTreeMap::from(values) }
}

async fn invited(site: &Site, lead: &Caller) -> String {
    let typed = [("email", "new.person@alder.example"), ("roles", "viewer")];
    let invited = site.submit(lead, "/people/invite", "/people/invite", &typed).await;
    let code = invited.body.split("/invitation/").nth(1).unwrap();
    code.chars().take_while(|c| *c != '<').collect()
}

/// A token that may read controls and nothing else.
pub async fn token(site: &Site, lead: &Caller) -> String {
    let typed = [("name", "Narrow"), ("scopes", "controls:read"), ("days", "30")];
    let reply = site.submit(lead, "/account/tokens", "/account/tokens", &typed).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let note = reply.body.split("<code").nth(1).unwrap();
    html::unescape(note.split_once('>').unwrap().1.split('<').next().unwrap())
}

/// A message that waits, and an address that is no longer told.
async fn outgoing(site: &Site) {
    let (organisation, _) = site.parties().await;
    let mut env = site.app.env();
    let made = site.app.db.write(move |tx| {
        let (reach, url) = (Reach::default(), "https://receiver.example/in");
        let (made, _) = webhook::add_endpoint(tx, &mut env, organisation, reach, url)?;
        webhook::tell(tx, &mut env, organisation, "first", "test", &serde_json::json!({}))?;
        webhook::disable_endpoint(tx, organisation, made.id, "Not wanted for now.")
    });
    made.await.unwrap();
}

/// A report in confidence with a file, opened by somebody who may; where the file is.
async fn sealed(site: &Site) -> String {
    let nobody = Caller::default();
    let form = site.form(&nobody, "/report", "/report").await;
    let typed = [
        ("title", "A picture"),
        ("description", "It shows what I saw."),
        ("kind", "concern"),
        ("privacy", "confidential"),
    ];
    let pairs = typed_over(&form.values, &typed);
    let file = Some(("files", "seen.csv", "what,when\nlight,10:00\n"));
    let filed = site.upload(&nobody, "/report", &pairs, file).await;
    assert_eq!(filed.status, StatusCode::OK, "{}", filed.body);
    let handler = site.signed_in(HANDLER).await;
    let register = site.get(&handler, "/cases").await;
    let is_case = |l: &String| l.strip_prefix("/cases/").is_some_and(is_id);
    let case = html::links(&register.body).into_iter().find(is_case).expect("the newest case");
    let opened = site.submit(&handler, &case, &format!("{case}/seal/open"), &[]).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    let page = site.get(&handler, &case).await;
    let file = html::links(&page.body).into_iter().find(|l| l.contains("/seal/files/"));
    file.expect("the opened report shows its file")
}

/// Somebody who is away, with a deputy.
async fn away(site: &Site, lead: &Caller) {
    let id = async |email: &'static str| {
        let caller = site.person(email).await;
        caller.to_string()
    };
    let (who, deputy) = (id(HANDLER).await, id(SPONSOR).await);
    let typed = [
        ("person", who.as_str()),
        ("deputy", &deputy),
        ("from", "2026-11-03T08:00"),
        ("to", "2026-11-09T18:00"),
    ];
    let page = "/cases/escalation";
    let stated = site.submit(lead, page, "/cases/escalation/absences", &typed).await;
    assert_eq!(stated.status, StatusCode::SEE_OTHER, "{}", stated.body);
}

/// A report filed to practise.
async fn practised(site: &Site) {
    let handler = site.signed_in(HANDLER).await;
    let page = "/training/practice";
    let form = site.form(&handler, page, page).await;
    let choices = form.fields.iter().find(|f| f.name == "scenario").map(|f| f.choices.clone());
    let scenario = choices.and_then(|c| c.into_iter().find(|c| !c.is_empty())).unwrap();
    let typed =
        [("scenario", scenario.as_str()), ("title", "A practice"), ("text", "As if it were.")];
    let filed = site.submit(&handler, page, page, &typed).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.body);
}

/// A message of another system that could not be read; the id of the system.
async fn unread(site: &Site) -> String {
    let (organisation, _) = site.parties().await;
    let read = site.app.db.read(move |conn| {
        let source = sources::sources(conn, organisation)?.remove(0);
        sources::with_secret(conn, source.id)
    });
    let (source, secret) = read.await.unwrap().expect("the demonstration has a source");
    let (body, at) = ("[]", site.app.env().now().0.div_euclid(1_000_000));
    let request = Request::post(format!("/api/v1/hooks/{}", source.id))
        .header("content-type", "application/json")
        .header("webhook-id", "msg_unread")
        .header("webhook-timestamp", at.to_string())
        .header("webhook-signature", sign(&secret, "msg_unread", at, body.as_bytes()).unwrap());
    let reply = site.send(&Caller::default(), request.body(body.into()).unwrap()).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.body);
    source.id.to_string()
}
