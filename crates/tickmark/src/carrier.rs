//! How canaries are sent: by the public page, the interface for programs, a mail and a signed message,
//! each through everything that a stranger's report goes through.

use crate::router;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cases::canaries::jobs::Carrier;
use cases::canaries::model::Way;
use cases::canaries::service::Flight;
use cases::hooks::model::{Places, Source};
use cases::hooks::store as hooks;
use cases::mailroom::service::Setup;
use kernel::ids::PartyId;
use platform::http::{App, layered};
use platform::inbound::hook::sign;
use platform::jobs::mail::{self, Mail};
use tower::ServiceExt as _;

/// The boundary between the parts of a form with files.
const BOUNDARY: &str = "tickmark-part";

/// Sends canaries into the application itself, and by its mail server.
pub struct Sender {
    app: App,
    router: Router,
    /// The door for mail, where mail is both sent and received.
    mail: Option<Setup>,
}

impl Sender {
    /// A sender over an application.
    #[must_use]
    pub fn new(app: &App, mail: Option<Setup>) -> Self {
        Self { app: app.clone(), router: layered(app, router::router()), mail }
    }

    /// Hands a request to the application, as its server does.
    fn send(&self, request: Request<Body>) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| format!("a request cannot be made: {e}"))?;
        let router = self.router.clone();
        let answer = runtime
            .block_on(async move { router.oneshot(request).await })
            .unwrap_or_else(|never| match never {});
        let status = answer.status();
        if matches!(status, StatusCode::OK | StatusCode::CREATED | StatusCode::SEE_OTHER) {
            Ok(())
        } else {
            Err(format!("the answer was {status}"))
        }
    }

    fn by_page(&self, organisation: PartyId, flight: &Flight) -> Result<(), String> {
        let to = organisation.to_string();
        let fields = [
            ("to", to.as_str()),
            ("kind", flight.kind.word()),
            ("title", &flight.title),
            ("description", &flight.text),
            ("privacy", "open"),
        ];
        let mut body = String::new();
        for (name, value) in fields {
            body.push_str(&format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(&format!("--{BOUNDARY}--\r\n"));
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send(request("/report", &kind, body)?)
    }

    fn by_program(&self, organisation: PartyId, flight: &Flight) -> Result<(), String> {
        let body = serde_json::json!({
            "channel": flight.channel, "kind": flight.kind.word(), "title": flight.title,
            "description": flight.text, "organisation": organisation,
        });
        self.send(request("/api/v1/reports", "application/json", body.to_string())?)
    }

    fn by_mail(&self, organisation: PartyId, flight: &Flight) -> Result<(), String> {
        let setup = self.mail.clone().ok_or("there is no door for mail")?;
        let (mail, key) = (
            Mail { to: setup.address, subject: flight.title.clone(), text: flight.text.clone() },
            format!("canaries.mail.{}", flight.id),
        );
        let mut env = self.app.env();
        self.app
            .db
            .write_blocking(move |tx| {
                mail::post(tx, &mut env, Some(organisation), &key, &mail, None).map(|_| ())
            })
            .map_err(|e| e.to_string())
    }

    fn source(&self, organisation: PartyId) -> Result<Option<Source>, String> {
        let all = self.app.db.read_blocking(|conn| hooks::sources(conn, organisation));
        let open = |s: &Source| s.stopped_at.is_none() && !s.places.title.is_empty();
        Ok(all.map_err(|e| e.to_string())?.into_iter().find(open))
    }

    fn by_message(&self, organisation: PartyId, flight: &Flight) -> Result<(), String> {
        let source = self.source(organisation)?.ok_or("no system reports here any more")?;
        let found = self
            .app
            .db
            .read_blocking(|conn| hooks::with_secret(conn, source.id))
            .map_err(|e| e.to_string())?;
        let (source, secret) = found.ok_or("no system reports here any more")?;
        let body = message(&source.places, flight).to_string();
        let (id, at) = (flight.id.to_string(), self.app.env().now().0.div_euclid(1_000_000));
        let signature = sign(&secret, &id, at, body.as_bytes()).map_err(|e| e.to_string())?;
        let request = Request::post(format!("/api/v1/hooks/{}", source.id))
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", at.to_string())
            .header("webhook-signature", signature)
            .body(Body::from(body))
            .map_err(|e| e.to_string())?;
        self.send(request)
    }
}

fn request(path: &str, kind: &str, body: String) -> Result<Request<Body>, String> {
    Request::post(path)
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body))
        .map_err(|e| e.to_string())
}

/// A message with the report where its source puts reports.
fn message(places: &Places, flight: &Flight) -> serde_json::Value {
    let mut body = serde_json::json!({});
    let id = flight.id.to_string();
    for (pointer, value) in [
        (&places.title, flight.title.as_str()),
        (&places.description, flight.text.as_str()),
        (&places.kind, flight.kind.word()),
        (&places.reference, id.as_str()),
    ] {
        put(&mut body, pointer, value);
    }
    if places.description.is_empty() {
        // The mark stands in the text, so the text must be somewhere.
        put(&mut body, &places.title, &flight.text);
    }
    body
}

/// Puts a text where a JSON pointer says, making the objects on the way.
fn put(body: &mut serde_json::Value, pointer: &str, value: &str) {
    let mut place = body;
    for name in pointer.split('/').skip(1) {
        let name = name.replace("~1", "/").replace("~0", "~");
        if !place.is_object() {
            *place = serde_json::json!({});
        }
        let Some(object) = place.as_object_mut() else { return };
        place = object.entry(name).or_insert(serde_json::Value::Null);
    }
    if !pointer.is_empty() {
        *place = serde_json::Value::String(value.to_owned());
    }
}

impl Carrier for Sender {
    fn ways(&self, organisation: PartyId) -> Result<Vec<(Way, String)>, String> {
        let mut ways = vec![(Way::Portal, "portal".to_owned()), (Way::Api, "api".to_owned())];
        if let Some(setup) = self.mail.as_ref().filter(|s| s.organisation == organisation) {
            ways.push((Way::Email, setup.channel.clone()));
        }
        if let Some(source) = self.source(organisation)? {
            ways.push((Way::Webhook, source.channel));
        }
        Ok(ways)
    }

    fn carry(&self, organisation: PartyId, flight: &Flight) -> Result<(), String> {
        match flight.way {
            Way::Portal => self.by_page(organisation, flight),
            Way::Api => self.by_program(organisation, flight),
            Way::Email => self.by_mail(organisation, flight),
            Way::Webhook => self.by_message(organisation, flight),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_put_where_its_source_puts_reports() {
        let mut body = serde_json::json!({});
        put(&mut body, "/issue/fields/summary", "x");
        put(&mut body, "/issue/key", "y");
        put(&mut body, "", "z");
        assert_eq!(
            body,
            serde_json::json!({ "issue": { "fields": { "summary": "x" }, "key": "y" } })
        );
    }
}
