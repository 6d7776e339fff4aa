//! Every page as people meet it: it opens, its links and forms lead somewhere, nothing runs inline,
//! what was typed comes back, and the edges of a request are refused in plain words.

use crate::html::{self, FormSeen, Piece};
use crate::routes;
use crate::site::{Caller, LEAD, PARTNER, Reply, SENIOR, SPONSOR, Site, typed_over};
use crate::walked::{Walk, Walked, walked};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const PUBLIC: [&str; 7] =
    ["/", "/report", "/report/follow-up", "/design", "/glossary", "/healthz", "/readyz"];

/// Markup that the content security policy would refuse.
fn inline(page: &html::Page) -> Option<String> {
    for tag in page.tags() {
        let named = |n: &str| tag.get(n).is_some();
        let handler =
            tag.attributes.iter().find(|(n, _)| n.starts_with("on") || n.starts_with("hx-on"));
        let odd = match tag.name.as_str() {
            "script" => !named("src"),
            "style" => true,
            _ => {
                named("style")
                    || tag.get("href").is_some_and(|h| h.trim().starts_with("javascript:"))
            }
        };
        if odd || handler.is_some() {
            return Some(format!("{tag:?}"));
        }
    }
    None
}

/// What stands wrong on a page whatever it shows.
fn faults(page: &html::Page) -> Vec<String> {
    let mut out: Vec<String> = inline(page).into_iter().collect();
    let mut ids = BTreeSet::new();
    for id in page.tags().filter_map(|t| t.get("id")) {
        if !ids.insert(id) {
            out.push(format!("the id {id} stands twice"));
        }
    }
    for of in page.tags().filter(|t| t.name == "label").filter_map(|t| t.get("for")) {
        if !ids.contains(of) {
            out.push(format!("a label for {of}, which is not there"));
        }
    }
    // What a person chooses from may have a name of that form.
    let chosen: BTreeSet<&str> =
        page.tags().filter(|t| t.name == "option").filter_map(|t| t.get("value")).collect();
    for piece in &page.pieces {
        if let Piece::Text(text) = piece
            && let Some(key) =
                text.split_whitespace().find(|word| is_key(word) && !chosen.contains(word))
        {
            out.push(format!("{key} looks like the key of a missing word"));
        }
    }
    out
}

/// Rooms whose names begin the keys of their words.
const ROOMS: [&str; 12] = [
    "cases",
    "commitments",
    "controls",
    "engagement",
    "evidence",
    "examination",
    "identity",
    "overview",
    "reporting",
    "requests",
    "requirements",
    "search",
];

fn is_key(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    parts.len() > 1
        && ROOMS.contains(&parts[0])
        && parts.iter().all(|p| {
            !p.is_empty() && p.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// Where one comes by other ways than a link of a page of the demonstration.
const BY_OTHER_WAYS: [&str; 14] = [
    // Endpoints, what monitoring asks, what a script of every page loads.
    "/api/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/search/palette",
    // A mail says them.
    "/invitation/",
    "/status/confirm/",
    "/status/leave/",
    "/survey/",
    // For developers.
    "/design",
    // What is there only after somebody has opened, tried or built something.
    "/cases/{id}/seal/files/",
    "/training/practice/{id}",
    // Proposed where a control has no test yet; the work done before has planned the last one.
    "/examination/{engagement}/plan/tests/{control}",
    "/reporting/{engagement}/report.pdf",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_site_as_everybody_walks_over_it() {
    let walked = walked().await;
    let mut wrong = every_link_and_form_leads_somewhere(walked);
    wrong.extend(every_form_keeps_what_was_typed_when_it_is_refused(walked).await);
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
    insta::assert_snapshot!("main_pages", shapes(walked));
}

fn every_link_and_form_leads_somewhere(walked: &Walked) -> Vec<String> {
    let routes = routes::routes();
    let mut wrong = Vec::new();
    let mut met = BTreeSet::new();
    for Walk { who, crawl, .. } in &walked.by {
        met.extend(crawl.addresses.iter().map(String::as_str));
        assert!(*who == "nobody" || crawl.pages.len() > 20, "{who}: {}", crawl.pages.len());
        for (path, visit) in &crawl.pages {
            let reply = &visit.reply;
            let answers = matches!(reply.status, StatusCode::OK | StatusCode::SEE_OTHER);
            if !answers {
                wrong.push(format!(
                    "{who}: {path} answers {}, linked from {}",
                    reply.status, visit.from
                ));
            }
            if !reply.is_page() {
                continue;
            }
            let read = html::Page::read(&reply.body);
            wrong.extend(faults(&read).into_iter().map(|f| format!("{who}: {path}: {f}")));
            for form in read.forms() {
                let bare = form.action.split('?').next().unwrap_or_default();
                let method = if form.post { "POST" } else { "GET" };
                let known =
                    routes::find(&routes, bare).is_some_and(|r| r.methods.contains(&method));
                // The dialog of the palette closes itself and sends nothing.
                if !known && !form.action.is_empty() {
                    wrong.push(format!("{who}: {path}: a form goes to {method} {}", form.action));
                }
            }
        }
        let foreign = crawl.outside.iter().filter(|l| !l.contains("→ /design"));
        wrong.extend(foreign.map(|l| format!("{who}: a link leads out of the site: {l}")));
    }
    // A page that nobody finds is none; machines find theirs by the description of the endpoints.
    let found: BTreeSet<&str> = met
        .into_iter()
        .filter_map(|path| Some(routes::find(&routes, path)?.path.as_str()))
        .collect();
    let lonely = |r: &&routes::Route| r.methods.contains(&"GET") && !found.contains(&*r.path);
    for route in routes.iter().filter(lonely) {
        if !BY_OTHER_WAYS.iter().any(|begins| route.path.starts_with(begins)) {
            wrong.push(format!("no page leads to {}", route.path));
        }
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn public_pages_open_and_rooms_do_not() {
    let site = Site::new();
    let nobody = Caller::default();
    for path in PUBLIC {
        let reply = site.get(&nobody, path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {:.300}", reply.body);
        assert_eq!(inline(&html::Page::read(&reply.body)), None, "{path}");
    }
    for path in ["/engagements", "/cases", "/examination", "/account", "/search?q=payroll"] {
        let reply = site.get(&nobody, path).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path}");
        assert!(reply.location().starts_with("/?next="), "{path}");
    }
    // A form cannot be gone back to by a link; the page that it stood on can.
    let request = Request::post("/commitments/new")
        .header(header::REFERER, "http://demo.example/commitments/new")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let reply = site.send(&nobody, request.body(Body::from("csrf=x")).unwrap()).await;
    assert_eq!(reply.location(), "/?next=%2Fcommitments%2Fnew");
    let away = Request::post("/commitments/new").header(header::REFERER, "http://evil.example/x");
    let reply = site.send(&nobody, away.body(Body::from("csrf=x")).unwrap()).await;
    assert_eq!(reply.location(), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_policy() {
    let site = Site::new();
    let lead = site.signed_in(LEAD).await;
    for (caller, path) in [
        (&Caller::default(), "/"),
        (&Caller::default(), "/report"),
        (&Caller::default(), "/api/v1/cases"),
        (&Caller::default(), "/nothing"),
        (&Caller::default(), "/sign-out"),
        (&Caller::default(), "/healthz"),
        (&lead, "/cases"),
        (&lead, "/evidence"),
    ] {
        let reply = site.get(caller, path).await;
        let policy = reply.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("script-src 'self'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(reply.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(reply.headers[header::REFERRER_POLICY], "same-origin", "{path}");
    }
}

/// A value that the field's own shape refuses, or none where every text is taken.
fn bad(kind: &str) -> Option<&'static str> {
    match kind {
        "date" => Some("2026-02-31"),
        "email" => Some("nobody at all"),
        _ => None,
    }
}

/// Something that the field takes.
pub fn good(field: &html::FieldSeen) -> String {
    match field.kind.as_str() {
        "date" => "2026-03-31".into(),
        "datetime-local" => "2026-03-31T10:00".into(),
        "email" => "somebody@alder.example".into(),
        "select" | "radio" | "checkbox" => {
            field.choices.iter().find(|c| !c.is_empty()).cloned().unwrap_or_default()
        }
        _ if field.name == "size" || field.name == "days" => "7".into(),
        _ => format!("Typed <b>& kept</b> in {}", field.name),
    }
}

/// Sends a form with one field wrong: the page comes back, says so beside the field, and still holds
/// everything else that was typed.
async fn refuses_and_keeps(
    site: &Site,
    caller: &Caller,
    page: &str,
    form: &FormSeen,
    required: &str,
) -> Result<(), String> {
    let typed: Vec<(String, String)> = form
        .fields
        .iter()
        // A box without a name is not sent: a script of the page reads it.
        .filter(|f| f.kind != "file" && f.kind != "password" && !f.name.is_empty())
        .map(|f| (f.name.clone(), if f.name == required { String::new() } else { good(f) }))
        .map(|(n, v)| {
            let kind = form.fields.iter().find(|f| f.name == n).map_or("", |f| f.kind.as_str());
            let wrong = if n == required { bad(kind).unwrap_or_default().to_owned() } else { v };
            (n, wrong)
        })
        .collect();
    let over: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let pairs = typed_over(&form.values, &over);
    let reply = if form.multipart {
        site.upload(caller, &form.action, &pairs, None).await
    } else {
        site.post(caller, &form.action, &pairs).await
    };
    let what = format!("{page}: {} without {required}", form.action);
    kept(&reply, form, required, &typed).map_err(|wrong| format!("{what}: {wrong}"))
}

/// Whether a refusal says so beside the field and still holds everything else that was typed.
fn kept(
    reply: &Reply,
    form: &FormSeen,
    required: &str,
    typed: &[(String, String)],
) -> Result<(), String> {
    if reply.status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err(format!("it answers {}", reply.status));
    }
    if !reply.body.contains("error-summary") {
        return Err("it has no summary".to_owned());
    }
    let to_field = html::links(&reply.body)
        .into_iter()
        .filter_map(|l| l.strip_prefix('#').map(str::to_owned))
        .find(|id| id.ends_with(required) && id.starts_with("f-"));
    let id = to_field.ok_or("the summary does not lead to the field")?;
    let tags = html::tags(&reply.body);
    if !tags.iter().any(|t| t.get("id") == Some(&id)) {
        return Err(format!("the summary leads to {id}, which is not there"));
    }
    let bare = form.action.split('?').next().unwrap_or_default();
    // Where nothing else could be typed, the form itself has to come back.
    let nothing_else = typed.iter().all(|(n, t)| n == required || t.is_empty());
    let again = html::forms(&reply.body)
        .into_iter()
        .find(|f| {
            f.action.split('?').next() == Some(bare)
                && form.fields.iter().all(|x| f.fields.iter().any(|y| y.name == x.name))
                && (nothing_else
                    || f.values.iter().any(|(_, v)| {
                        typed.iter().any(|(n, t)| n != required && t == v && !t.is_empty())
                    }))
        })
        .ok_or("the form did not come back with what was typed")?;
    for (name, value) in typed {
        let field = form.fields.iter().find(|f| f.name == *name).unwrap();
        if name == required || field.kind == "password" || name == "code" && bare == "/sign-in" {
            continue;
        }
        if !again.values.iter().any(|(n, v)| n == name && v == value) {
            return Err(format!("{name} lost {value}: {:?}", again.values));
        }
    }
    Ok(())
}

async fn every_form_keeps_what_was_typed_when_it_is_refused(walked: &Walked) -> Vec<String> {
    let site = &walked.site();
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let routes = routes::routes();
    for Walk { caller, crawl, .. } in &walked.by {
        for (page, visit) in crawl.pages.iter().filter(|(_, v)| v.reply.is_page()) {
            let read = html::Page::read(&visit.reply.body);
            for form in read.forms().into_iter().filter(|f| f.post) {
                let bare = form.action.split('?').next().unwrap_or_default().to_owned();
                let Some(route) = routes::find(&routes, &bare) else { continue };
                let marked = required(&read, &form);
                let name = format!("{} {}", route.path, marked.join(" "));
                if form.fields.len() < 2 || tried.contains_key(&name) {
                    continue;
                }
                for field in &marked {
                    wrong.extend(refuses_and_keeps(site, caller, page, &form, field).await.err());
                }
                tried.insert(name, marked.len());
            }
        }
    }
    let fields: usize = tried.values().sum();
    let forms = tried.values().filter(|n| **n > 0).count();
    assert!(forms >= 18 && fields > 50, "{forms} forms, {fields} fields: {tried:#?}");
    wrong
}

/// The tags of one form: other forms of the page may have a field of the same name.
pub fn of_form<'p>(page: &'p html::Page, form: &FormSeen) -> Vec<&'p html::Tag> {
    let begins = |t: &&html::Tag| {
        t.name == "form" && t.get("action").is_some_and(|a| html::unescape(a) == form.action)
    };
    // Where no form begins so, the page is looked at as a whole.
    let skipped = page.tags().position(|t| begins(&t)).map_or(0, |at| at + 1);
    page.tags().skip(skipped).take_while(|t| t.name != "form").collect()
}

/// The fields of a form that must be filled in and can be left empty by a browser.
fn required(page: &html::Page, form: &FormSeen) -> Vec<String> {
    let tags = of_form(page, form);
    let mut names = Vec::new();
    for field in &form.fields {
        if matches!(field.kind.as_str(), "file" | "password" | "radio" | "checkbox") {
            continue;
        }
        let marked = tags.iter().any(|t| {
            t.get("name") == Some(&field.name) && t.get("required").is_some() && t.name != "meta"
        });
        if marked {
            names.push(field.name.clone());
        }
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_have_bounds_and_problems_have_details() {
    let site = Site::new();
    let lead = site.signed_in(LEAD).await;
    let large = vec![
        ("csrf".to_owned(), lead.csrf.clone()),
        ("statement".to_owned(), "x".repeat(platform::http::BODY_BYTES_MAX)),
    ];
    let reply = site.post(&lead, "/commitments/new", &large).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.is_page() && reply.body.contains("Nothing was recorded"), "{}", reply.body);
    let many: Vec<_> = (0..2_100).map(|n| (format!("f{n}"), "x".to_owned())).collect();
    let reply = site.post(&lead, "/commitments/new", &many).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    let send = |kind: &'static str, body: String| {
        let request = Request::post("/api/v1/reports").header(header::CONTENT_TYPE, kind);
        request.body(Body::from(body)).unwrap()
    };
    let nobody = Caller::default();
    for (kind, body, status) in [
        ("application/json", "{".to_owned(), StatusCode::BAD_REQUEST),
        ("application/json", "{}".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        ("text/plain", "{}".to_owned(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/json", format!("\"{}\"", "x".repeat(1 << 20)), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let reply = site.send(&nobody, send(kind, body)).await;
        assert_eq!(reply.status, status, "{kind}: {}", reply.body);
        problem(&reply);
    }
    for (path, status) in [
        ("/api/v1/cases", StatusCode::UNAUTHORIZED),
        ("/api/v1/nothing", StatusCode::NOT_FOUND),
        ("/api/v1/reports", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let reply = site.get(&nobody, path).await;
        assert_eq!(reply.status, status, "{path}");
        problem(&reply);
    }
}

/// An error for a program: RFC 9457.
fn problem(reply: &Reply) {
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json", "{}", reply.body);
    let json: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(json["status"], reply.status.as_u16());
    assert!(json["type"].as_str().unwrap().starts_with("/problems/"), "{json}");
    for member in ["title", "detail"] {
        assert!(json[member].as_str().unwrap().len() > 10, "{json}");
    }
}

/// A peer reviewer whose last day is over reads that on every page, with the day and whom to ask, and
/// nothing of the firm's; one whose time runs reads the file and fills in nothing.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_whose_time_is_over_reads_when_it_ended_and_nothing_else() {
    let site = Site::new();
    let owen = site.signed_in("owen.price@lanecpas.example").await;
    let partner = site.signed_in(PARTNER).await;
    let overview = site.get(&partner, "/examination").await.body;
    let id = overview.split("/examination/eng_").nth(1).unwrap();
    let engagement = format!("/examination/eng_{}", id.split(['"', '/']).next().unwrap());
    let mut told = Vec::new();
    for path in [
        "/".to_owned(),
        "/examination".into(),
        "/firm".into(),
        "/engagements".into(),
        engagement.clone(),
    ] {
        let reply = site.get(&owen, &path).await;
        assert!(reply.status.is_client_error(), "{path}: {}", reply.status);
        for words in ["Your access has ended", "ended on 14 August 2026", "ask Samuel Osei"] {
            assert!(reply.body.contains(words), "{path}: {words} in {}", reply.body);
        }
        assert!(!reply.body.contains("Alder"), "{path}");
        told.push(outline(&reply.body));
    }
    assert!(told.iter().all(|page| *page == told[0]), "the same everywhere: {told:#?}");
    // Whoever is not there is told nothing else than before, and a program gets its problem.
    let api = site.get(&owen, &format!("/api/v1{engagement}")).await;
    problem(&api);
    assert!(!api.body.contains("14 August"), "{}", api.body);

    let mara = site.signed_in("mara.duarte@lanecpas.example").await;
    for path in
        ["/".to_owned(), "/examination".into(), engagement.clone(), format!("{engagement}/plan")]
    {
        let reply = site.get(&mara, &path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoints_are_described() {
    let site = Site::new();
    let reply = site.get(&Caller::default(), "/api/openapi.json").await;
    assert_eq!(reply.status, StatusCode::OK);
    let json: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    assert!(json["openapi"].as_str().unwrap().starts_with("3.1"));
    // Every endpoint of the router is described, and nothing that is not there.
    let mut described: Vec<String> = Vec::new();
    for (path, item) in json["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                assert!(
                    operation["responses"].as_object().is_some_and(|r| !r.is_empty()),
                    "{path}"
                );
                described.push(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    let mut routed: Vec<String> = routes::routes()
        .into_iter()
        .filter(|route| route.path.starts_with("/api/v"))
        .flat_map(|route| route.methods.into_iter().map(move |m| format!("{m} {}", route.path)))
        .collect();
    described.sort();
    routed.sort();
    assert_eq!(described, routed);
}

/// A page as a list of what stands on it, without figures, ids and people's texts: what a review of
/// a page's shape needs.
fn outline(html: &str) -> String {
    let from = html.find("<main").unwrap_or_default();
    let to = html.find("</main>").unwrap_or(html.len());
    let all = html::pieces(&html[from..to]);
    let mut out = String::new();
    let mut at = 0;
    let text = |from: usize, name: &str| -> String {
        let inside = all[from + 1..].iter().take_while(|p| **p != Piece::Close(name.to_owned()));
        let words = inside.filter_map(|p| match p {
            Piece::Text(text) => Some(text.as_str()),
            _ => None,
        });
        words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    while at < all.len() {
        if let Piece::Open(tag) = &all[at] {
            let name = tag.name.as_str();
            match name {
                "h1" | "h2" | "h3" | "caption" | "legend" | "button" => {
                    let _ = writeln!(out, "{name} {}", text(at, name));
                }
                "th" if tag.get("scope") == Some("col") => {
                    let _ = writeln!(out, "column {}", text(at, "th"));
                }
                "dt" => {
                    let _ = writeln!(out, "fact {}", text(at, "dt"));
                }
                "label" if tag.get("for").is_some() => {
                    let _ = writeln!(out, "field {}", text(at, "label"));
                }
                "a" if tag.get("class").is_some_and(|c| c.contains("button")) => {
                    let _ = writeln!(out, "link {}", text(at, "a"));
                }
                _ => {}
            }
        }
        at += 1;
    }
    let masked = out.split_inclusive([' ', '\n', ',']).map(masked).collect::<String>();
    let mut lines: Vec<&str> = Vec::new();
    for line in masked.lines() {
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// A word with its digits hidden, and the whole of what is drawn: an id, a tracking number.
fn masked(word: &str) -> String {
    let end = word.trim_end_matches([' ', '\n', ',', '?']);
    let rest = &word[end.len()..];
    let id = |(kind, drawn): (&str, &str)| kind.len() <= 4 && drawn.len() == 26;
    if end.split_once('_').is_some_and(id) {
        return format!("(id){rest}");
    }
    if end.starts_with("TM-") && end.len() == 14 {
        return format!("(number){rest}");
    }
    word.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// The outline of one page of each kind, as it is reviewed: the longest, which holds the most.
fn shapes(walked: &Walked) -> String {
    let routes = routes::routes();
    let mut out = String::new();
    let mut done = BTreeSet::new();
    for name in ["nobody", LEAD, SPONSOR, SENIOR, PARTNER] {
        let who = name.split('@').next().unwrap_or_default();
        let mut longest: BTreeMap<&str, &Reply> = BTreeMap::new();
        for (path, visit) in &walked.of(name).crawl.pages {
            let bare = path.split('?').next().unwrap_or_default();
            let Some(route) = routes::find(&routes, bare) else { continue };
            let reply = &visit.reply;
            if reply.is_page() && reply.status == StatusCode::OK && route.path != "/design" {
                let kept = longest.entry(&route.path).or_insert(reply);
                if reply.body.len() > kept.body.len() {
                    *kept = reply;
                }
            }
        }
        for (path, reply) in longest {
            if done.insert((who == "nobody", path.to_owned())) {
                let _ = writeln!(out, "\n## {path} ({who})\n{}", outline(&reply.body));
            }
        }
    }
    out
}
