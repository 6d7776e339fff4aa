//! Every route × every kind of caller, and the wall between the two sides.
//!
//! The routes are read from the router's source; the ids are those of the demonstration, with the
//! firm's own objects made on the firm's own pages ([`crate::work`]).

use crate::html::{self, FormSeen};
use crate::made;
use crate::routes::{self, Route};
use crate::site::{
    Caller, Crawl, HANDLER, LEAD, MANAGER, PARTNER, Reply, SENIOR, SPONSOR, Site, encoded, is_id,
};
use crate::walked::{Walked, walked};
use crate::work::MARK;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Role, Side};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Somebody who asks.
struct Asker {
    name: String,
    side: Side,
    /// Whether they have no part in the engagement.
    stranger: bool,
    who: Option<(PersonId, PartyId)>,
    caller: Caller,
}

/// Routes that end or change the session that calls them: each call gets a session of its own.
const SESSIONS: [&str; 5] = [
    "/sign-out",
    "/demo/sign-in",
    "/account/party",
    "/account/password",
    "/account/sessions/{id}/end",
];

async fn asker(site: &Site, party: PartyId, side: Side, name: &str, roles: &[Role]) -> Asker {
    let email = format!("{}@asker.example", name.replace(' ', "-"));
    let person = site.hire(party, &email, roles).await;
    Asker {
        name: name.to_owned(),
        side,
        stranger: false,
        who: Some((person, party)),
        caller: site.session(person, party).await,
    }
}

/// Everybody: nobody, each role alone, all roles of another organisation and of another firm, and a
/// token that may read controls and nothing else.
async fn askers(site: &Site) -> Vec<Asker> {
    let (organisation, firm) = site.parties().await;
    let nobody = Asker {
        name: "anonymous".into(),
        side: Side::Public,
        stranger: true,
        who: None,
        caller: Caller::default(),
    };
    let mut all = vec![nobody];
    for role in Role::ALL {
        let party = if role.side() == Side::Firm { firm } else { organisation };
        all.push(asker(site, party, role.side(), role.as_str(), &[*role]).await);
    }
    for (side, name) in
        [(Side::ServiceOrganisation, "another organisation"), (Side::Firm, "another firm")]
    {
        let party =
            site.found(side, if side == Side::Firm { "Elsewhere LLP" } else { "Elsewhere" });
        let party = party.await;
        let roles: Vec<Role> = Role::ALL.iter().copied().filter(|r| r.side() == side).collect();
        let mut stranger = asker(site, party, side, name, &roles).await;
        stranger.stranger = true;
        all.push(stranger);
    }
    let lead = site.signed_in(LEAD).await;
    let mut token = Caller { bearer: Some(made::token(site, &lead).await), ..Caller::default() };
    token.csrf = "none".into();
    all.push(Asker {
        name: "token for controls:read".into(),
        side: Side::ServiceOrganisation,
        stranger: false,
        who: None,
        caller: token,
    });
    all
}

/// Paths with real ids, one per route that takes ids; and every id that was met, by route.
struct Known {
    paths: BTreeMap<String, String>,
    /// Where a form for the route is sent, and what it carries unseen.
    forms: BTreeMap<String, (String, Vec<(String, String)>)>,
}

/// The hidden fields of a form, but for those that belong to one session or one submission.
fn unseen(form: &FormSeen) -> Vec<(String, String)> {
    let typed = |name: &String| form.fields.iter().any(|f| f.name == *name);
    let own = |name: &String| ["csrf", "key"].contains(&name.as_str());
    form.values.iter().filter(|(n, _)| !typed(n) && !own(n)).cloned().collect()
}

impl Known {
    fn find(walked: &Walked, routes: &[Route]) -> Self {
        let mut values = walked.made.values.clone();
        values.insert("note".to_owned(), walked.papers.note.clone());
        let mut order: Vec<&str> = walked.made.addresses.iter().map(String::as_str).collect();
        let mut addresses = BTreeSet::new();
        let mut forms: BTreeMap<String, (String, Vec<(String, String)>)> = BTreeMap::new();
        for email in [LEAD, SPONSOR, SENIOR, PARTNER, MANAGER, HANDLER] {
            let crawl = &walked.of(email).crawl;
            order.extend(
                crawl.addresses.iter().map(String::as_str).filter(|a| addresses.insert(*a)),
            );
            let pages = crawl.pages.values().filter(|v| v.reply.is_page());
            for form in pages.flat_map(|v| html::forms(&v.reply.body)) {
                if form.post && !form.fields.is_empty() {
                    let bare = form.action.split('?').next().unwrap_or_default().to_owned();
                    forms.entry(bare).or_insert_with(|| (form.action.clone(), unseen(&form)));
                }
            }
        }
        // Of two addresses of one route the one in the engagement that people work on, and then the one that
        // a form is sent to: what it carries unseen is known.
        let now = walked.papers.test.split('/').find(|part| part.starts_with("eng_")).unwrap();
        let other = |address: &str| address.contains("/eng_") && !address.contains(now);
        order.sort_by_key(|address| (other(address), !forms.contains_key(*address)));
        let mut paths = BTreeMap::new();
        for address in order {
            let Some(route) = routes::find(routes, address) else { continue };
            for (name, value) in route.captures(address).into_iter().flatten() {
                if name != "id" {
                    values.entry(name).or_insert(value);
                }
            }
            paths.entry(route.path.clone()).or_insert_with(|| address.to_owned());
        }
        // Endpoints are linked from nowhere: their ids are those of the pages.
        let mut unknown = Vec::new();
        for route in routes {
            if paths.contains_key(&route.path) {
                continue;
            }
            let page = route.path.replacen("/api/v1", "", 1);
            let path = match paths.get(&page) {
                Some(path) if route.path.starts_with("/api/") => Some(format!("/api/v1{path}")),
                _ => route.with(&values),
            };
            match path {
                Some(path) => drop(paths.insert(route.path.clone(), path)),
                None => unknown.push(&route.path),
            }
        }
        assert!(unknown.is_empty(), "no page leads to these, so no id is known: {unknown:#?}");
        Self { paths, forms }
    }

    /// A real path of the route, for this method.
    fn of(&self, route: &Route, method: &str) -> String {
        let path = &self.paths[&route.path];
        match self.forms.get(path).filter(|_| method == "POST") {
            Some((action, _)) => action.clone(),
            None => path.clone(),
        }
    }

    /// What a form for this path carries unseen.
    fn unseen(&self, route: &Route) -> Vec<(String, String)> {
        self.forms.get(&self.paths[&route.path]).map_or_else(Vec::new, |(_, pairs)| pairs.clone())
    }
}

/// The same path with ids that do not exist, in place of every id or of the last one alone.
fn unreal(path: &str, all: bool) -> String {
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    let ids: Vec<usize> = (0..parts.len()).filter(|i| is_id(&parts[*i])).collect();
    for (n, at) in ids.iter().enumerate() {
        if all || n + 1 == ids.len() {
            let (kind, _) = parts[*at].split_once('_').unwrap();
            parts[*at] = format!("{kind}_01KE7H0000ZZZZZZZZZZZZZZZZ");
        }
    }
    parts.join("/")
}

async fn ask(w: &World, asker: &Asker, method: &str, route: &Route, path: &str) -> Reply {
    let site = &w.site;
    // Where several organisations receive reports, the address says whose door is meant.
    let to = format!("{path}?to={}", w.organisation);
    let doors = ["/report", "/status", "/api/v1/status"];
    let door = doors.iter().any(|d| route.path == *d || route.path.starts_with(&format!("{d}/")));
    let path =
        if (door || route.path == "/status.atom") && !path.contains('?') { &to } else { path };
    let mut caller = asker.caller.clone();
    if let (true, Some((person, party))) = (SESSIONS.contains(&route.path.as_str()), asker.who) {
        caller = site.session(person, party).await;
    }
    if method == "GET" {
        return site.get(&caller, path).await;
    }
    let mut pairs = vec![("csrf".to_owned(), caller.csrf.clone())];
    pairs.extend(w.known.unseen(route));
    let files = ["/evidence/new", "/examination/{engagement}/populations"];
    if files.contains(&route.path.as_str()) {
        return site.upload(&caller, path, &pairs, None).await;
    }
    let json = path.starts_with("/api/");
    let (kind, body) = if json {
        ("application/json", "{}".to_owned())
    } else {
        ("application/x-www-form-urlencoded", encoded(&pairs))
    };
    let request =
        Request::builder().method(Method::POST).uri(path).header(header::CONTENT_TYPE, kind);
    site.send(&caller, request.body(Body::from(body)).unwrap()).await
}

/// An answer without what differs between two requests for the same thing: the path itself, the key of a
/// form, and which of the reader's own engagements the menu says that they are in.
fn plain(reply: &Reply, path: &str) -> (StatusCode, String) {
    let mut body = reply.body.replace(path, "PATH");
    let keyed = "name=\"key\" value=\"";
    while let Some(at) = body.find(keyed) {
        let from = at + keyed.len();
        let to = from + body[from..].find('"').unwrap();
        body.replace_range(at..to, "KEY");
    }
    let chosen = "<span class=\"menu-label\">Engagement</span>";
    if let Some(from) = body.find(chosen) {
        let to = from + body[from..].find("</ul>").unwrap();
        body.replace_range(from..to, "ENGAGEMENT");
    }
    (reply.status, body)
}

struct World {
    site: Site,
    routes: Vec<Route>,
    known: Known,
    askers: Vec<Asker>,
    organisation: PartyId,
}

async fn world() -> World {
    let walked = walked().await;
    let site = walked.site();
    let routes = routes::routes();
    let known = Known::find(walked, &routes);
    let askers = askers(&site).await;
    let (organisation, _) = site.parties().await;
    World { site, routes, known, askers, organisation }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_routes_is_complete() {
    let site = Site::new();
    let routes = routes::routes();
    assert!(routes.len() > 70, "{}", routes.len());
    let source = include_str!("../../../../crates/tickmark/src/router.rs");
    for other in [".nest(", ".route_service(", ".nest_service(", ".fallback_service(", ".any("] {
        assert!(!source.contains(other), "{other} adds routes that this test does not read");
    }
    for route in &routes {
        let path: Vec<&str> =
            route.path.split('/').map(|p| if p.starts_with('{') { "x" } else { p }).collect();
        let request = Request::builder().method("PROPFIND").uri(path.join("/"));
        let reply = site.send(&Caller::default(), request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{}", route.path);
        let allowed = reply.headers[header::ALLOW].to_str().unwrap().replace("GET,HEAD", "GET");
        let mut allowed: Vec<&str> = allowed.split(',').collect();
        allowed.sort_unstable();
        let mut read = route.methods.clone();
        read.sort_unstable();
        assert_eq!(allowed, read, "{}", route.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_every_kind_of_caller_as_reviewed() {
    let w = world().await;
    let mut out = String::from(
        "# What every route answers to every kind of caller: a form in which nothing was typed,\n\
         # with a valid anti-forgery token, where it is sent by POST. Printed by a test; review every change.\n",
    );
    for route in &w.routes {
        for method in &route.methods {
            let path = &w.known.of(route, method);
            let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
            for asker in &w.askers {
                let reply = ask(&w, asker, method, route, path).await;
                assert!(
                    !reply.status.is_server_error(),
                    "{method} {path} for {}: {:.600}",
                    asker.name,
                    reply.body
                );
                by_status.entry(reply.status.as_u16()).or_default().push(&asker.name);
            }
            let _ = writeln!(out, "\n{method} {}", route.path);
            for (status, names) in by_status {
                let _ = writeln!(out, "    {status} {}", who(&names, w.askers.len()));
            }
        }
    }
    insta::assert_snapshot!("every_route", out);
}

fn who(names: &[&str], all: usize) -> String {
    if names.len() == all {
        return "everybody".to_owned();
    }
    let roles = |side: Side| Role::ALL.iter().filter(move |r| r.side() == side);
    let mut left: Vec<&str> = names.to_vec();
    let mut out = Vec::new();
    for (side, word) in
        [(Side::ServiceOrganisation, "[the organisation]"), (Side::Firm, "[the firm]")]
    {
        if roles(side).all(|r| left.contains(&r.as_str())) {
            left.retain(|n| !roles(side).any(|r| r.as_str() == *n));
            out.push(word);
        }
    }
    out.extend(left);
    out.join(", ")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_yours_to_know_answers_as_what_is_not_there() {
    let w = world().await;
    let mut compared = 0;
    for route in w.routes.iter().filter(|r| !r.names().is_empty()) {
        for method in &route.methods {
            let path = &w.known.of(route, method);
            let unreals = [unreal(path, false), unreal(path, true)];
            if unreals[0] == *path {
                continue;
            }
            for asker in &w.askers {
                let real = ask(&w, asker, method, route, path).await;
                // A stranger never sees a difference; others see none where they are told of nothing.
                if !asker.stranger && real.status != StatusCode::NOT_FOUND {
                    // What was done is said once, on the next page: not on one that is compared.
                    w.site.get(&asker.caller, "/account").await;
                    continue;
                }
                for other in &unreals {
                    let none = ask(&w, asker, method, route, other).await;
                    assert_eq!(
                        plain(&real, path),
                        plain(&none, other),
                        "{method} {path} for {}",
                        asker.name
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 800, "{compared}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_firms_routes_do_not_exist_for_the_organisation() {
    let w = world().await;
    let theirs: Vec<&Role> = Role::ALL.iter().filter(|r| r.side() == Side::Firm).collect();
    let mut firm_only = 0;
    for route in w.routes.iter().filter(|r| {
        r.path.contains("/examination") && r.path != "/api/v1/examination/{engagement}/populations"
    }) {
        firm_only += 1;
        for method in &route.methods {
            let path = &w.known.of(route, method);
            let mut known_to_the_firm = false;
            for asker in &w.askers {
                let reply = ask(&w, asker, method, route, path).await;
                if asker.side == Side::ServiceOrganisation && asker.who.is_some() {
                    assert_eq!(
                        reply.status,
                        StatusCode::NOT_FOUND,
                        "{method} {path} {}",
                        asker.name
                    );
                    let nothing = w.site.get(&asker.caller, "/nothing-of-this-kind").await;
                    if !path.starts_with("/api/") {
                        assert_eq!(
                            plain(&reply, path),
                            plain(&nothing, "/nothing-of-this-kind"),
                            "{method} {path} {}",
                            asker.name
                        );
                    }
                }
                known_to_the_firm |= theirs.iter().any(|r| r.as_str() == asker.name)
                    && reply.status != StatusCode::NOT_FOUND;
            }
            assert!(known_to_the_firm, "{method} {path} exists for nobody");
        }
    }
    assert!(firm_only > 15);
}

/// Everything that the firm writes and nobody else may read.
fn ids_of_the_firm(crawl: &Crawl) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for visit in crawl.pages.values() {
        let parts = visit.reply.body.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        ids.extend(parts.filter(|p| is_id(p)).map(str::to_owned));
    }
    let kinds = ["tst_", "pop_", "smp_", "cen_", "dev_", "rpt_"];
    ids.retain(|id| kinds.iter().any(|k| id.starts_with(k)));
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_the_organisation_holds_anything_of_the_firms() {
    let walked = walked().await;
    let (site, papers) = (walked.site(), &walked.papers);
    let mut ids = BTreeSet::new();
    for email in [SENIOR, PARTNER, MANAGER] {
        let crawl = &walked.of(email).crawl;
        ids.extend(ids_of_the_firm(crawl));
        assert!(crawl.pages.values().any(|v| v.reply.body.contains(MARK)), "the mark is somewhere");
    }
    for path in [&papers.test, &papers.population, &papers.sample, &papers.census] {
        let id = path.rsplit('/').next().unwrap();
        assert!(ids.contains(id), "{id} was met");
    }
    let (organisation, _) = site.parties().await;
    let mut callers = vec![Caller::default()];
    for role in Role::ALL.iter().filter(|r| r.side() == Side::ServiceOrganisation) {
        let person = site.hire(organisation, &format!("{role}@reader.example"), &[*role]).await;
        callers.push(site.session(person, organisation).await);
    }
    let mut read = 0;
    for caller in callers {
        for (path, visit) in site.crawl(&caller).await.pages {
            read += 1;
            let body = &visit.reply.body;
            let found = ids.iter().find(|id| body.contains(id.as_str()));
            assert_eq!(found, None, "{path}, linked from {}", visit.from);
            for word in [MARK, "T-WHISPER-1", "seed-whisper", "/examination"] {
                assert!(!body.contains(word), "{path} holds {word}");
            }
        }
    }
    assert!(read > 150, "{read}");
}
