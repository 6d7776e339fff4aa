//! Serves the page of all components alone, for looking at it and for the browser tests:
//! `cargo run -p platform --example design -- 127.0.0.1:8499`, then open `/design`.
//!
//! `?side=org|firm|public`, `?theme=system|light|dark` and `?lang=…` choose the frame;
//! `/design/public` shows the frame of a public page. The answers carry the product's own content
//! security policy, so that a page which needs more than it allows fails here too.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::{StatusCode, header};
use axum::response::{Html as HtmlAnswer, IntoResponse, Response};
use axum::routing::get;
use kernel::party::Side;
use platform::ui::{
    Engagement, Field, Form, Kind, Language, ListQuery, NavItem, Person, Shell, Theme, assets,
    design_page,
};
use platform::words::Words;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8499".to_owned());
    let routes = axum::Router::new()
        .route("/design", get(design).post(design))
        .route("/design/public", get(public))
        .route("/static/{*path}", get(fixed));
    let listener = tokio::net::TcpListener::bind(&address).await?;
    axum::serve(listener, routes).await?;
    Ok(())
}

fn shell(path: &str, query: Option<String>) -> Shell {
    let query = ListQuery::parse(path, query.as_deref().unwrap_or_default());
    let w = query.get("lang").and_then(Words::of).unwrap_or_default();
    let side = match query.get("side") {
        Some("firm") => Side::Firm,
        Some("public") => Side::Public,
        _ => Side::ServiceOrganisation,
    };
    let mut shell = Shell::new(w, side);
    shell.theme = Theme::parse(query.get("theme").unwrap_or_default());
    shell.path = path.to_owned();
    shell.csrf = "sample-token".to_owned();
    shell.demonstration = true;
    shell
}

async fn design(RawQuery(query): RawQuery) -> Response {
    let mut shell = shell("/design", query);
    let room = |id: &str, label: &str| NavItem::new(id, format!("/design#{id}"), label);
    shell.nav = vec![
        room("overview", "Overview"),
        room("scope", "Scope"),
        room("commitments", "Commitments").waiting(2),
        room("controls", "Controls").with(vec![
            room("risks", "Risks"),
            room("interface", "Interface"),
            room("training", "Training").waiting(1),
        ]),
        room("cases", "Cases").waiting(4),
        room("evidence", "Evidence"),
        room("reporting", "Report"),
    ];
    shell.person = Some(Person {
        name: "Maria Okafor".to_owned(),
        role: "Compliance lead".to_owned(),
        party: "Halden Payroll".to_owned(),
    });
    let engagement = |name: &str, period: &str, current| Engagement {
        href: "/design".to_owned(),
        name: name.to_owned(),
        period: period.to_owned(),
        current,
        locked: false,
    };
    shell.engagements = vec![
        engagement("SOC 2 Type 2, 2026", "1 January to 30 June 2026", true),
        engagement("SOC 2 Type 1, 2025", "as of 31 October 2025", false),
    ];
    page(design_page(&shell.at("interface")))
}

#[derive(Template)]
#[template(
    source = "{% extends \"public.html\" %}{% block content %}{{ form }}{% endblock %}",
    ext = "html"
)]
struct Public {
    shell: Shell,
    form: Form,
}

async fn public(RawQuery(query): RawQuery) -> Response {
    let mut shell = shell("/design/public", query);
    shell.side = Side::Public;
    shell.languages = Words::all()
        .map(|words| Language { words, href: format!("/design/public?lang={}", words.tag()) })
        .collect();
    let w = shell.w;
    let mut form = Form::post(w, "/design", &shell.csrf, w.t("search"))
        .field(Field::new(w, "title", w.t("search-label"), Kind::Text).required());
    form.check();
    page(Public { shell: shell.title(w.t("search-label")), form }.render())
}

fn page(rendered: Result<String, askama::Error>) -> Response {
    match rendered {
        Ok(text) => ([(header::CONTENT_SECURITY_POLICY, POLICY)], HtmlAnswer(text)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn fixed(Path(path): Path<String>) -> Response {
    match assets::lookup(&path) {
        Some(a) => {
            let headers = [
                (header::CONTENT_TYPE, a.mime),
                (header::CACHE_CONTROL, a.cache),
                (header::ETAG, a.etag),
            ];
            (headers, a.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
