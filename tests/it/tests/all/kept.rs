//! Forms of the examination whose text is refused: what was typed comes back, in view.

use crate::html::{self, FormSeen};
use crate::pages::{good, of_form};
use crate::routes;
use crate::site::{Caller, LEAD, MANAGER, PARTNER, SENIOR, Site, typed_over};
use crate::walked::{Walk, walked};
use axum::http::StatusCode;
use std::collections::BTreeSet;

/// Sends a form with one text longer than its field takes: the form comes back with that text and all
/// others, and in view.
async fn keeps_a_long_text(
    site: &Site,
    caller: &Caller,
    page: &str,
    form: &FormSeen,
    (name, max): &(String, usize),
) -> Result<(), String> {
    let text = "Typed & kept. ".repeat(max / 14 + 1);
    let shown = |f: &&html::FieldSeen| !f.name.is_empty() && f.kind != "file" && f.name != *name;
    let mut typed: Vec<(String, String)> =
        form.fields.iter().filter(shown).map(|f| (f.name.clone(), good(f))).collect();
    typed.push((name.clone(), text.trim_end().to_owned()));
    let over: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let pairs = typed_over(&form.values, &over);
    let reply = if form.multipart {
        site.upload(caller, &form.action, &pairs, None).await
    } else {
        site.post(caller, &form.action, &pairs).await
    };
    let what = format!("{page}: {} with a long {name}", form.action);
    if reply.status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err(format!("{what}: it answers {}", reply.status));
    }
    let bare = form.action.split('?').next().unwrap_or_default();
    let again = html::forms(&reply.body).into_iter().find(|f| {
        f.action.split('?').next() == Some(bare)
            && f.values.iter().any(|(n, v)| n == name && v.trim_end() == text.trim_end())
    });
    let again = again.ok_or_else(|| format!("{what}: the text did not come back"))?;
    for (name, value) in &typed {
        let secret = form.fields.iter().any(|f| f.name == *name && f.kind == "password");
        let came = again.values.iter().any(|(n, v)| n == name && v.trim_end() == value);
        if !came && !secret && !value.is_empty() {
            return Err(format!("{what}: {name} lost {value:.60}"));
        }
    }
    // A closed part of the page hides what came back.
    let Some(at) = reply.body.find("error-summary") else {
        // A test sheet says above itself what was wrong with which row.
        return if name.contains('.') { Ok(()) } else { Err(format!("{what}: no summary")) };
    };
    let before = &reply.body[..at];
    let hidden = before.rfind("<details").is_some_and(|from| {
        let part = &before[from..];
        !part.contains("</details>") && !part.split('>').next().is_some_and(|t| t.contains(" open"))
    });
    if hidden { Err(format!("{what}: it came back in a closed part")) } else { Ok(()) }
}

/// The longest text that each text field of a form takes, as the page tells the browser.
fn longest(page: &html::Page, form: &FormSeen) -> Vec<(String, usize)> {
    let tags = of_form(page, form);
    let bounded = form.fields.iter().filter(|f| matches!(f.kind.as_str(), "text" | "textarea"));
    bounded
        .filter_map(|f| {
            let mut all = tags.iter().filter(|t| t.get("name") == Some(&f.name));
            let max = all.find_map(|t| t.get("maxlength")?.parse().ok())?;
            Some((f.name.clone(), max))
        })
        .filter(|(_, max)| *max <= 20_000)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_the_examination_keeps_a_text_that_is_too_long() {
    let walked = walked().await;
    let site = walked.site();
    let routes = routes::routes();
    let mut tried: BTreeSet<String> = BTreeSet::new();
    let mut wrong = Vec::new();
    let rooms = ["/examination", "/firm", "/reporting", "/statements", "/appointments"];
    for email in [SENIOR, MANAGER, PARTNER, LEAD] {
        let Walk { caller, crawl, .. } = walked.of(email);
        for (page, visit) in crawl.pages.iter().filter(|(_, v)| v.reply.is_page()) {
            let read = html::Page::read(&visit.reply.body);
            for form in read.forms().into_iter().filter(|f| f.post) {
                let bare = form.action.split('?').next().unwrap_or_default().to_owned();
                let Some(route) = routes::find(&routes, &bare) else { continue };
                if !rooms.iter().any(|room| bare.starts_with(room)) {
                    continue;
                }
                for field in longest(&read, &form) {
                    // Forms that do different things are sent to one address.
                    let of = |n: &str| form.values.iter().find(|(name, _)| name == n);
                    let act = [of("do"), of("entry"), of("step")];
                    // The rows of a sheet differ in their numbers alone.
                    let name = field.0.replace(|c: char| c.is_ascii_digit(), "");
                    if tried.insert(format!("{} {act:?} {name}", route.path)) {
                        let kept = keeps_a_long_text(&site, caller, page, &form, &field).await;
                        wrong.extend(kept.err());
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried.len() > 120, "{} fields of forms: {tried:#?}", tried.len());
    for route in ["/annotations/{annotation}/strike", "/notes/{note}/answer", "/statements/{id}"] {
        assert!(tried.iter().any(|t| t.contains(route)), "{route} among {tried:#?}");
    }
}
