//! Every page as every person of the demonstration: it opens, it holds no inline script or style, and
//! what is the firm's alone does not exist for the other side.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use platform::edge::SystemEdge;
use platform::http::{App, layered};
use std::sync::Arc;
use tickmark::serve::{ServeOptions, UPLOAD_BYTES_MAX, app};
use tower::ServiceExt as _;

struct Site {
    router: axum::Router,
    _folder: tempfile::TempDir,
    app: App,
}

fn site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    let deployment = tickmark::demo::make(&folder.path().join("demo")).unwrap();
    let options = ServeOptions {
        listen: "127.0.0.1:0".into(),
        base_url: None,
        upload_bytes_max: UPLOAD_BYTES_MAX,
        demonstration: true,
    };
    let app = app(&deployment, "http://demo.example".into(), &options, Arc::new(SystemEdge));
    Site { router: layered(&app, tickmark::router::router()), _folder: folder, app }
}

impl Site {
    async fn get(&self, path: &str, cookie: Option<&str>) -> (StatusCode, String) {
        let mut request = Request::get(path).header(header::HOST, "demo.example");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response =
            self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    /// A session of the person with this address, as the demonstration's one-click sign-in makes it.
    async fn signed_in(&self, email: &'static str) -> String {
        let mut env = self.app.env();
        let token = self
            .app
            .db
            .write(move |tx| {
                let address = identity::model::Email::parse(email)?;
                let person = identity::store::person_by_email(tx, &address)?
                    .ok_or(kernel::refusal::Refusal::NotFound)?;
                platform::http::session::start(tx, &mut env, person.id, person.home)
            })
            .await
            .unwrap();
        format!("tickmark={token}")
    }
}

const PEOPLE: [(&str, bool); 6] = [
    ("nadia.lindqvist@alder.example", false),
    ("tomas.okafor@alder.example", false),
    ("mei.tanaka@alder.example", false),
    ("ruth.abernathy@alder.example", false),
    ("samuel.osei@whitcombe.example", true),
    ("dev.raman@whitcombe.example", true),
];
const PAGES: [&str; 13] = [
    "/",
    "/engagements",
    "/commitments",
    "/controls",
    "/controls/coverage",
    "/cases",
    "/cases/dashboard",
    "/evidence",
    "/requests",
    "/people",
    "/account",
    "/search?q=payroll",
    "/glossary",
];
const PUBLIC: [&str; 6] = ["/", "/report", "/report/follow-up", "/design", "/healthz", "/readyz"];

fn inline(html: &str) -> Option<&'static str> {
    let folded = html.to_lowercase();
    if folded.contains("<script>") {
        return Some("<script> without an address");
    }
    [" style=", " onclick=", " onload=", " onsubmit=", " onchange=", "javascript:"]
        .into_iter()
        .find(|needle| folded.contains(needle))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_opens_for_whom_it_is_meant() {
    let site = site();
    for path in PUBLIC {
        let (status, html) = site.get(path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {html:.300}");
        assert_eq!(inline(&html), None, "{path}");
    }
    let mut opened = 0;
    for (email, _) in PEOPLE {
        let cookie = site.signed_in(email).await;
        for path in PAGES {
            let (status, html) = site.get(path, Some(&cookie)).await;
            assert!(!status.is_server_error(), "{email} {path}: {html:.500}");
            assert_eq!(inline(&html), None, "{email} {path}");
            opened += usize::from(status == StatusCode::OK);
        }
    }
    assert!(opened > 45, "only {opened} pages opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_firms_rooms_do_not_exist_for_the_organisation() {
    let site = site();
    for (email, firm) in PEOPLE {
        let cookie = site.signed_in(email).await;
        let (_, home) = site.get("/", Some(&cookie)).await;
        assert_eq!(home.contains("href=\"/examination\""), firm, "{email}");
        if !firm {
            for path in [
                "/examination",
                "/examination/eng_01KE7H0000AAAAAAAAAAAAAAAA",
                "/nothing-of-this-kind",
            ] {
                let (status, _) = site.get(path, Some(&cookie)).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "{email} {path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signed_in_sees_no_room() {
    let site = site();
    for path in PAGES.iter().filter(|p| !["/", "/glossary"].contains(p)) {
        let (status, _) = site.get(path, None).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path}");
    }
    let (status, body) = site.get("/api/v1/cases", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(body.contains("/problems/unauthenticated"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_policy() {
    let site = site();
    for path in ["/", "/report", "/api/v1/cases", "/nothing"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = site.router.clone().oneshot(request).await.unwrap();
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoints_are_described() {
    let site = site();
    let (status, body) = site.get("/api/openapi.json", None).await;
    assert_eq!(status, StatusCode::OK);
    let json: serde_json::Value = serde_json::from_str(&body).unwrap();
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
    let mut routed: Vec<String> = crate::routes::routes()
        .into_iter()
        .filter(|route| route.path.starts_with("/api/v"))
        .flat_map(|route| route.methods.into_iter().map(move |m| format!("{m} {}", route.path)))
        .collect();
    described.sort();
    routed.sort();
    assert_eq!(described, routed);
}
