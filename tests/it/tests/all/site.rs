//! The whole product in memory: the demonstration behind the real router, and people who use it.

use crate::html::{self, FormSeen};
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use identity::model::Email;
use identity::permits::RegisterParty;
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Actor, Role, Side};
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::edge::FixedEdge;
use platform::http::{App, layered, session};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;
use tickmark::data;
use tickmark::serve::{ServeOptions, UPLOAD_BYTES_MAX, app};
use tower::ServiceExt as _;

/// The people of the demonstration whom tests sign in.
pub const LEAD: &str = "nadia.lindqvist@alder.example";
pub const HANDLER: &str = "tomas.okafor@alder.example";
pub const SPONSOR: &str = "ruth.abernathy@alder.example";
pub const PARTNER: &str = "samuel.osei@whitcombe.example";
pub const MANAGER: &str = "ines.carvalho@whitcombe.example";
pub const SENIOR: &str = "dev.raman@whitcombe.example";

/// Where the clock stands: after the story of the demonstration.
const NOW: &str = "2026-11-02T15:00:00Z";

/// The demonstration as `tickmark demo` makes it, made once: every site is a copy. That making it twice
/// gives the same is a test of its own.
fn made() -> PathBuf {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let folder = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        drop(tickmark::demo::make(&folder.path().join("demo")).unwrap());
        folder
    });
    folder.path().join("demo")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A served demonstration.
pub struct Site {
    pub router: axum::Router,
    pub app: App,
    pub edge: Arc<FixedEdge>,
    folder: TempDir,
}

/// An answer with its body as text.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// Whether it is shown, and not kept as a file.
    pub fn is_page(&self) -> bool {
        let text = |name| self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        text(header::CONTENT_TYPE).starts_with("text/html")
            && !text(header::CONTENT_DISPOSITION).starts_with("attachment")
    }
}

/// How somebody asks.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The session's cookie.
    pub cookie: Option<String>,
    /// The session's anti-forgery token.
    pub csrf: String,
    /// An API token.
    pub bearer: Option<String>,
}

/// Text as forms carry it.
pub fn encoded(pairs: &[(String, String)]) -> String {
    let escape = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
    let pairs: Vec<_> = pairs.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
    pairs.join("&")
}

/// Pairs of a form with some of them typed over; a name that stands several times is replaced as a
/// whole.
pub fn typed_over(values: &[(String, String)], typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> =
        values.iter().filter(|(n, _)| !typed.iter().any(|(t, _)| t == n)).cloned().collect();
    out.extend(typed.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
    out
}

impl Site {
    /// The demonstration as `tickmark demo` makes it.
    pub fn new() -> Self {
        Self::serving(true)
    }

    /// The same data behind an ordinary server.
    pub fn serving(demonstration: bool) -> Self {
        Self::under(demonstration, 0)
    }

    /// The same where a channel is calm up to so many reports in a minute; 0: always.
    pub fn under(demonstration: bool, calm_per_minute: u32) -> Self {
        let now = Timestamp::parse(NOW).unwrap();
        Self::started(&made(), now, [11; 32], demonstration, calm_per_minute)
    }

    /// Goes on with a copy of data that another site has left at that time.
    pub fn over(data: &Path, now: Timestamp) -> Self {
        Self::started(data, now, [12; 32], true, 0)
    }

    fn started(
        from: &Path,
        now: Timestamp,
        seed: [u8; 32],
        demonstration: bool,
        calm_per_minute: u32,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("demo");
        copy(from, &data);
        let deployment = data::open(&data, &data::Options::default()).unwrap();
        let options = ServeOptions {
            listen: "127.0.0.1:0".into(),
            base_url: None,
            upload_bytes_max: UPLOAD_BYTES_MAX,
            calm_per_minute,
            demonstration,
        };
        let edge = Arc::new(FixedEdge::new(now, seed));
        let app = app(&deployment, "http://demo.example".into(), &options, edge.clone());
        let router = layered(&app, tickmark::router::router());
        Self { router, app, edge, folder }
    }

    /// Stops, and leaves its data there.
    pub fn end(self, to: &Path) {
        let Self { router, app, edge, folder } = self;
        drop((router, app, edge));
        copy(&folder.path().join("demo"), to);
    }

    pub async fn send(&self, caller: &Caller, mut request: Request<Body>) -> Reply {
        let headers = request.headers_mut();
        headers.insert(header::HOST, "demo.example".parse().unwrap());
        if let Some(cookie) = &caller.cookie {
            headers.insert(header::COOKIE, cookie.parse().unwrap());
        }
        if let Some(token) = &caller.bearer {
            headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        }
        self.edge.advance_seconds(1);
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        // A workbook or another file is no text, and holds nothing that a page could.
        let text = headers.get(header::CONTENT_TYPE).is_none_or(|kind| {
            let kind = kind.to_str().unwrap_or_default();
            kind.starts_with("text/") || kind.contains("json") || kind.contains("xml;")
        });
        let body = if text { String::from_utf8_lossy(&body).into_owned() } else { String::new() };
        Reply { status, headers, body }
    }

    pub async fn get(&self, caller: &Caller, path: &str) -> Reply {
        self.send(caller, Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, caller: &Caller, path: &str, pairs: &[(String, String)]) -> Reply {
        let request = Request::builder().method(Method::POST).uri(path);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(caller, request.body(Body::from(encoded(pairs))).unwrap()).await
    }

    /// Sends a form with files: the fields first, as a browser does.
    pub async fn upload(
        &self,
        caller: &Caller,
        path: &str,
        pairs: &[(String, String)],
        file: Option<(&str, &str, &str)>,
    ) -> Reply {
        let mut body = String::new();
        for (name, value) in pairs {
            let _ = write!(
                body,
                "--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        if let Some((field, name, content)) = file {
            let _ = write!(
                body,
                "--cut\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{content}\r\n"
            );
        }
        body.push_str("--cut--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
            .body(Body::from(body))
            .unwrap();
        self.send(caller, request).await
    }

    /// The form of a page that is sent to `action`.
    pub async fn form(&self, caller: &Caller, page: &str, action: &str) -> FormSeen {
        let reply = self.get(caller, page).await;
        assert_eq!(reply.status, StatusCode::OK, "{page}: {:.400}", reply.body);
        html::forms(&reply.body)
            .into_iter()
            .find(|f| f.post && f.action == action)
            .unwrap_or_else(|| panic!("{page} has no form for {action}: {}", reply.body))
    }

    /// Fills in a form of a page and sends it.
    pub async fn submit(
        &self,
        caller: &Caller,
        page: &str,
        action: &str,
        typed: &[(&str, &str)],
    ) -> Reply {
        let form = self.form(caller, page, action).await;
        let pairs = typed_over(&form.values, typed);
        if form.multipart {
            self.upload(caller, action, &pairs, None).await
        } else {
            self.post(caller, action, &pairs).await
        }
    }

    async fn profile(&self, email: &str) -> identity::model::PersonProfile {
        let address = Email::parse(email).unwrap();
        let read = self.app.db.read(move |c| identity::store::person_by_email(c, &address));
        read.await.unwrap().unwrap()
    }

    /// Somebody of the demonstration.
    pub async fn person(&self, email: &str) -> PersonId {
        self.profile(email).await.id
    }

    /// Somebody of the demonstration, signed in.
    pub async fn signed_in(&self, email: &str) -> Caller {
        let found = self.profile(email).await;
        self.session(found.id, found.home).await
    }

    pub async fn session(&self, person: PersonId, party: PartyId) -> Caller {
        let (mut env, now) = (self.app.env(), self.app.env().now());
        let (token, csrf) = self
            .app
            .db
            .write(move |tx| {
                let token = session::start(tx, &mut env, person, party)?;
                let csrf = session::find(tx, &token, now)?.map(|s| s.csrf).unwrap_or_default();
                Ok((token, csrf))
            })
            .await
            .unwrap();
        assert!(!csrf.is_empty());
        Caller { cookie: Some(format!("tickmark={token}")), csrf, bearer: None }
    }

    /// A new party.
    pub async fn found(&self, side: Side, name: &'static str) -> PartyId {
        let mut env = self.app.env();
        self.app
            .db
            .write(move |tx| {
                let party: PartyId = env.id();
                let permit =
                    authorize::<RegisterParty>(&Actor::system(party, "setup"), &Facts::of(party))?;
                identity::service::register_party(tx, &mut env, &permit, side, name)
            })
            .await
            .unwrap()
    }

    /// A new person of a party.
    pub async fn hire(&self, party: PartyId, email: &str, roles: &[Role]) -> PersonId {
        let (mut env, email, roles) = (self.app.env(), email.to_owned(), roles.to_vec());
        self.app
            .db
            .write(move |tx| {
                let person = identity::service::add_person_directly(
                    tx,
                    &mut env,
                    party,
                    &email,
                    "Somebody Else",
                    &roles,
                )?;
                if roles.contains(&Role::PeerReviewer) {
                    let_in(tx, &mut env, party, person)?;
                }
                Ok(person)
            })
            .await
            .unwrap()
    }

    /// The parties of the demonstration: the organisation and the firm.
    pub async fn parties(&self) -> (PartyId, PartyId) {
        let all = self.app.db.read(identity::store::parties).await.unwrap();
        let of = |side| all.iter().find(|p| p.side == side).unwrap().id;
        (of(Side::ServiceOrganisation), of(Side::Firm))
    }

    /// Follows every link from the front page on, and sends nothing.
    pub async fn crawl(&self, caller: &Caller) -> Crawl {
        let mut crawl = Crawl::default();
        let mut queue: VecDeque<(String, String)> = VecDeque::new();
        queue.push_back(("the front door".to_owned(), "/".to_owned()));
        let mut seen: BTreeSet<String> = BTreeSet::from(["/".to_owned()]);
        let mut per_path: BTreeMap<String, usize> = BTreeMap::new();
        while let Some((from, path)) = queue.pop_front() {
            let reply = self.get(caller, &path).await;
            let page = reply.is_page();
            if page && reply.status == StatusCode::OK {
                let read = html::Page::read(&reply.body);
                crawl.meet(&read);
                for link in read.links() {
                    let target = link.split('#').next().unwrap_or_default().to_owned();
                    if !target.starts_with('/') || target.starts_with("/design") {
                        if !target.is_empty() {
                            crawl.outside.insert(format!("{path} → {target}"));
                        }
                        continue;
                    }
                    let bare = target.split('?').next().unwrap_or_default().to_owned();
                    // Sorting and filters multiply, and so do proofs, which are files that lead
                    // nowhere: some of each are enough.
                    let group = match bare.split_once("/proofs/") {
                        Some((of, _)) => kind(of),
                        None => bare,
                    };
                    let count = per_path.entry(group).or_default();
                    if *count < 8 && seen.insert(target.clone()) {
                        *count += 1;
                        queue.push_back((path.clone(), target));
                    }
                }
            }
            crawl.addresses.insert(path.split('?').next().unwrap_or_default().to_owned());
            crawl.pages.insert(path, Visit { from, reply });
            assert!(crawl.pages.len() < 3_000, "the site does not end");
        }
        crawl
    }
}

/// An address without its ids: pages that differ in nothing else are of one kind.
fn kind(path: &str) -> String {
    let part = |part: &str| if is_id(part) { "{id}".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Whether a part of an address is the id of a record.
pub fn is_id(part: &str) -> bool {
    part.split_once('_').is_some_and(|(kind, rest)| kind.len() == 3 && rest.len() == 26)
}

/// A page as it was met.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The page whose link led here.
    pub from: String,
    /// What came.
    pub reply: Reply,
}

/// What somebody finds by following links.
#[derive(Debug, Default)]
pub struct Crawl {
    pub pages: BTreeMap<String, Visit>,
    /// Links that lead out of the site.
    pub outside: BTreeSet<String>,
    /// Every address that was met, that a page loads or that a form is sent to.
    pub addresses: BTreeSet<String>,
}

impl Crawl {
    /// Takes in what a page loads and where its forms are sent.
    fn meet(&mut self, page: &html::Page) {
        let loaded =
            page.tags().filter_map(|t| t.get(if t.name == "link" { "href" } else { "src" }));
        self.addresses.extend(loaded.map(str::to_owned));
        for form in page.forms() {
            self.addresses.insert(form.action.split('?').next().unwrap_or_default().to_owned());
        }
    }
}

/// A peer reviewer reads the engagements of the firm for a limited time: here from today on.
fn let_in(tx: &mut Tx<'_>, env: &mut Env, firm: PartyId, person: PersonId) -> Result<()> {
    use examination::firm::model::Assignment;
    use examination::firm::permits::KeepTeam;
    let machine = Actor::system(firm, "setup");
    let from = examination::firm::rules::day(env.now());
    let until = from.last_of_year();
    let seen = kernel::permit::scope::<scope::permits::ReadEngagement>(&Actor {
        side: Side::Firm,
        roles: kernel::party::Roles::NONE.with(Role::Partner),
        via: kernel::party::Via::Session,
        ..machine.clone()
    })?;
    // The team of a locked file can no longer change.
    for engagement in scope::store::engagements(tx, &seen)?.into_iter().filter(|e| !e.locked()) {
        let permit = authorize::<KeepTeam>(&machine, &scope::facts(tx, engagement.id)?)?;
        let input = Assignment { role: Role::PeerReviewer, from, until: Some(until) };
        examination::firm::service::assign(tx, env, &permit, person, &input)?;
    }
    Ok(())
}
