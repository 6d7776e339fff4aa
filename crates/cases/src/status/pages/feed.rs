//! `/status.atom`: what was published, as an Atom feed (RFC 4287).

use super::state_word;
use crate::door;
use crate::status::model::{Notice, Update};
use crate::status::{jobs, store};
use axum::http::header;
use axum::response::IntoResponse;
use identity::model::Party;
use platform::http::{Answer, Cx};
use platform::words::Words;
use std::fmt::Write as _;

/// Entries of the feed.
const ENTRIES: i64 = 50;

/// Text inside XML 1.0: what has a meaning there is escaped, what may not stand there is left out.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// The feed of an organisation: one entry per thing said, newest first. An entry is named by the
/// address of its notice and its number there; neither ever changes.
pub(crate) fn atom(w: Words, party: &Party, base_url: &str, said: &[(Update, Notice)]) -> String {
    let updated = said.first().map_or(party.created_at, |(u, _)| u.at).to_rfc3339();
    let own = xml(&jobs::link(base_url, party.id, "/status.atom"));
    let page = xml(&jobs::link(base_url, party.id, "/status"));
    let title = xml(&w.t1("status-feed-title", "party", &party.name));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>{own}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n\
         <author><name>{}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>\n",
        w.tag(),
        xml(&party.name)
    );
    for (update, notice) in said {
        let href = xml(&jobs::link(base_url, party.id, &format!("/status/{}", notice.reference)));
        let correction =
            if update.corrects.is_some() { w.t("status-correction") } else { String::new() };
        let text = [correction.as_str(), update.text.as_str()].join("\n");
        let at = update.at.to_rfc3339();
        let _ = write!(
            out,
            "<entry>\n<id>{href}#{}</id>\n<title>{} \u{b7} {}</title>\n<published>{at}</published>\n<updated>{at}</updated>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{href}\"/>\n<content type=\"text\">{}</content>\n</entry>\n",
            update.version,
            xml(&notice.title),
            xml(&state_word(w, update.state)),
            xml(text.trim())
        );
    }
    out.push_str("</feed>\n");
    out
}

/// `GET /status.atom`
///
/// # Errors
/// When no organisation can be told.
pub async fn feed(cx: Cx) -> Answer {
    let named = cx.param("to");
    let (party, said) = cx
        .app
        .db
        .read(move |conn| {
            let party = door::organisation(conn, named.as_deref())?;
            let said = store::published_last(conn, party.id, ENTRIES)?;
            Ok((party, said))
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "application/atom+xml; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=60"),
    ];
    Ok((headers, atom(cx.w, &party, &cx.app.base_url, &said)).into_response())
}
