//! A browser for tests of pages: signed in as somebody, sending forms and files as browsers do.

use super::{Answered, TestDb, answer};
use crate::blobs::{Blobs, LocalStore};
use crate::db::{Conn, Result};
use crate::edge::{Edge, FixedEdge};
use crate::http::{App, AppParts, Identities, Identity, layered, session};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::party::{Actor, Via};
use kernel::time::Timestamp;
use std::sync::Arc;

/// The boundary between the parts of a form with files.
const BOUNDARY: &str = "----tickmark-test-boundary";

struct People(Vec<Actor>);

fn identity_of(actor: Actor) -> Identity {
    Identity {
        actor,
        name: "Test Person".into(),
        role: "Role".into(),
        party: "Party".into(),
        lapsed: None,
    }
}

impl Identities for People {
    fn by_session(&self, _: &mut Conn<'_>, p: PersonId, at: PartyId) -> Result<Option<Identity>> {
        let found = self.0.iter().find(|a| a.person == Some(p) && a.party == Some(at));
        Ok(found.cloned().map(identity_of))
    }
    /// A token is the number of a person, a colon and its scopes: `0:cases:read,people:read`.
    fn by_token(&self, _: &mut Conn<'_>, token: &str, _: Timestamp) -> Result<Option<Identity>> {
        let Some((number, scopes)) = token.split_once(':') else { return Ok(None) };
        let found = number.parse::<usize>().ok().and_then(|n| self.0.get(n)).cloned();
        let scopes = scopes.split(',').map(str::to_owned).collect();
        Ok(found.map(|actor| identity_of(Actor { via: Via::Token { scopes }, ..actor })))
    }
}

/// A browser at an application over a test database.
pub struct Web<'t> {
    /// The database.
    pub t: &'t TestDb,
    /// The clock.
    pub edge: Arc<FixedEdge>,
    /// The files.
    pub blobs: Arc<Blobs>,
    router: Router,
    cookie: Option<String>,
}

/// One part of a form with files: a text, or a file with its name and the type that a browser claims.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// Name and text.
    Text(&'a str, &'a str),
    /// Name, file name, claimed media type, bytes.
    File(&'a str, &'a str, &'a str, &'a [u8]),
}

impl<'t> Web<'t> {
    /// An application with these routes and people; files of at most `upload_bytes_max` bytes.
    ///
    /// # Panics
    /// When the folder of files cannot be made.
    #[must_use]
    pub fn new(
        t: &'t TestDb,
        routes: Router<App>,
        people: Vec<Actor>,
        upload_bytes_max: u64,
    ) -> Self {
        Self::with(t, routes, people, upload_bytes_max, ())
    }

    /// The same, with something that a room keeps for the life of the process.
    ///
    /// # Panics
    /// When the folder of files cannot be made.
    #[must_use]
    pub fn with(
        t: &'t TestDb,
        routes: Router<App>,
        people: Vec<Actor>,
        upload_bytes_max: u64,
        kept: impl Clone + Send + Sync + 'static,
    ) -> Self {
        let mut extensions = http::Extensions::new();
        extensions.insert(kept);
        let edge = Arc::new(FixedEdge::new(super::env().now(), [9; 32]));
        let store = LocalStore::open(&t.folder.path().join("blobs")).expect("the files' folder");
        let blobs = Arc::new(Blobs::new(store));
        let app = App::new(AppParts {
            db: t.db.clone(),
            journal: t.journal.clone(),
            blobs: blobs.clone(),
            edge: edge.clone(),
            identities: Arc::new(People(people)),
            nav: |_, _| Vec::new(),
            base_url: "http://tickmark.example".into(),
            demonstration: false,
            upload_bytes_max,
            extensions,
        });
        Self { t, edge, blobs, router: layered(&app, routes), cookie: None }
    }

    /// Signs somebody in.
    ///
    /// # Panics
    /// When the actor has no person or party.
    pub fn sign_in(&mut self, actor: &Actor) {
        let mut env = self.edge.env();
        let person = actor.person.expect("a person");
        let party = actor.party.expect("a party");
        let token = self
            .t
            .db
            .write_blocking(move |tx| session::start(tx, &mut env, person, party))
            .expect("a session");
        self.cookie = Some(format!("tickmark={token}"));
    }

    /// Signs out.
    pub fn sign_out(&mut self) {
        self.cookie = None;
    }

    /// Chooses the engagement that the pages speak of.
    ///
    /// # Panics
    /// When nobody is signed in.
    pub fn choose(&self, engagement: EngagementId) {
        let cookie = self.cookie.as_deref().expect("a session");
        let token = session::digest(cookie.trim_start_matches("tickmark="));
        self.t
            .db
            .write_blocking(move |tx| session::choose(tx, &token, engagement))
            .expect("a choice");
    }

    /// Sends a request with the session's cookie.
    ///
    /// # Panics
    /// When the answer has no content security policy, or shows the key of a word that is missing.
    #[must_use]
    pub fn send(&self, mut request: Request<Body>) -> Answered {
        if let Some(cookie) = &self.cookie {
            let value = cookie.parse().expect("a cookie");
            request.headers_mut().insert(header::COOKIE, value);
        }
        let answered = answer(self.router.clone(), request);
        assert!(answered.headers.contains_key(header::CONTENT_SECURITY_POLICY), "no policy");
        answered
    }

    /// Opens an address.
    ///
    /// # Panics
    /// When the address is not one.
    #[must_use]
    pub fn get(&self, path: &str) -> Answered {
        self.send(Request::get(path).body(Body::empty()).expect("a request"))
    }

    /// Opens an address with an API token of the numbered person, `0:cases:read`.
    ///
    /// # Panics
    /// When the address is not one.
    #[must_use]
    pub fn with_token(&self, token: &str, path: &str) -> Answered {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).expect("a request"))
    }

    /// Sends pairs as they are.
    ///
    /// # Panics
    /// When the address is not one.
    #[must_use]
    pub fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answered {
        self.send(Request::post(path).body(Body::from(encoded(pairs))).expect("a request"))
    }

    /// Fills in the form that a page shows and sends it: `pairs` and the page's hidden fields.
    ///
    /// # Panics
    /// When the page shows no form.
    #[must_use]
    pub fn fill(&self, page: &str, path: &str, pairs: &[(&str, &str)]) -> Answered {
        let body = self.get(page).body;
        let mut all: Vec<(String, String)> = Vec::new();
        for name in ["csrf", "key", "version"] {
            if let Some(value) = hidden(&body, name) {
                all.push((name.to_owned(), value));
            }
        }
        assert!(all.iter().any(|(n, _)| n == "csrf"), "{page} shows no form: {body}");
        let mut all: Vec<(&str, &str)> = all.iter().map(|(n, v)| (&**n, &**v)).collect();
        all.extend_from_slice(pairs);
        self.post(path, &all)
    }

    /// Sends a form with files.
    ///
    /// # Panics
    /// When the address is not one.
    #[must_use]
    pub fn upload(&self, path: &str, parts: &[Part<'_>]) -> Answered {
        let mut body = Vec::new();
        for part in parts {
            body.extend_from_slice(format!("--{BOUNDARY}\r\n").as_bytes());
            match part {
                Part::Text(name, value) => {
                    let head = format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n");
                    body.extend_from_slice(head.as_bytes());
                    body.extend_from_slice(value.as_bytes());
                }
                Part::File(name, file, kind, bytes) => {
                    let head = format!(
                        "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: {kind}\r\n\r\n"
                    );
                    body.extend_from_slice(head.as_bytes());
                    body.extend_from_slice(bytes);
                }
            }
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.send_multipart(path, Body::from(body))
    }

    /// Sends bytes as a body of this media type, whatever they are.
    ///
    /// # Panics
    /// When the address or the type is not one.
    #[must_use]
    pub fn send_bytes(&self, path: &str, kind: &str, bytes: &[u8]) -> Answered {
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::from(bytes.to_vec())).expect("a request"))
    }

    /// Sends a body as a form with files, whatever it is.
    ///
    /// # Panics
    /// When the address is not one.
    #[must_use]
    pub fn send_multipart(&self, path: &str, body: Body) -> Answered {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = Request::post(path).header(header::CONTENT_TYPE, kind).body(body);
        self.send(request.expect("a request"))
    }
}

impl Answered {
    /// Where the answer sends the browser.
    #[must_use]
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

/// Pairs as a browser encodes them.
#[must_use]
pub fn encoded(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
    let pairs: Vec<_> = pairs.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
    pairs.join("&")
}

/// The value of the first hidden field of this name.
#[must_use]
pub fn hidden(body: &str, name: &str) -> Option<String> {
    let from = body.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
    Some(from.split('"').next().unwrap_or_default().to_owned())
}

/// What a page says is wrong beside one field; none when nothing is.
#[must_use]
pub fn beside(body: &str, field: &str) -> Option<String> {
    // Where a page has several forms, the ids of each begin with the form's own name.
    let named = format!("{field}\">");
    let from = body.split("id=\"e-").skip(1).find_map(|rest| {
        let id = rest.find('"').map(|end| &rest[..end])?;
        let own = id == field || id.ends_with(&format!("-{field}"));
        own.then(|| rest.split_once(&named)).flatten().map(|(_, after)| after)
    })?;
    let inner = from.split("</p>").next().unwrap_or_default();
    // The sentence stands after the icon.
    Some(inner.rsplit("</svg>").next().unwrap_or_default().trim().to_owned())
}
