//! `/report/channels`: how to report, for everybody, made from the register; and the same as plain text
//! to copy into an agreement or an intranet.

use super::{heading, languages_said};
use crate::channels::model::{Audience, Channel};
use crate::channels::rules::{TextChannel, TextWords, open_to, text_block};
use crate::channels::store;
use crate::door;
use crate::pages::{in_language, languages, public_shell};
use axum::http::header;
use axum::response::IntoResponse;
use identity::model::Party;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure};
use platform::ui::{Button, Empty, Html, PublicPage, facts, fold, prose};
use platform::words::Words;

async fn register(cx: &Cx) -> Result<(Party, Vec<Channel>, Audience), Failure> {
    let audience = match cx.param("audience") {
        None => Audience::Both,
        Some(word) => Audience::from_word(&word).ok_or_else(|| {
            Refusal::field("audience", "The audience is internal, external or both.")
        })?,
    };
    let named = cx.param("to");
    let (party, all) = cx
        .app
        .db
        .read(move |conn| {
            let party = door::organisation(conn, named.as_deref())?;
            let all = store::channels(conn, party.id)?;
            Ok((party, all))
        })
        .await?;
    let open = open_to(&all, audience).into_iter().cloned().collect();
    Ok((party, open, audience))
}

fn name_words(w: Words, channel: &Channel) -> String {
    w.t(if channel.anonymous { "channels-public-anonymous" } else { "channels-public-named" })
}

fn text(w: Words, party: &Party, channels: &[Channel]) -> String {
    let words = TextWords {
        opening: w.t1("channels-text-opening", "party", &party.name),
        labels: ["address", "hours", "languages", "your-name"]
            .map(|k| w.t(&format!("channels-public-{k}"))),
        closing: w.t("channels-text-closing"),
    };
    let channels: Vec<_> = channels
        .iter()
        .map(|c| TextChannel {
            heading: heading(w, c),
            instructions: c.instructions.clone(),
            values: [
                c.address.clone(),
                c.hours.clone(),
                languages_said(&c.languages),
                name_words(w, c),
            ],
        })
        .collect();
    text_block(&words, &channels)
}

/// Where the same is, for another audience or as text, in the language of the address.
fn href(cx: &Cx, path: &str, party: &Party, audience: Audience) -> String {
    let path = in_language(cx, path);
    let join = if path.contains('?') { '&' } else { '?' };
    format!("{path}{join}audience={}&to={}", audience.word(), party.id)
}

/// `GET /report/channels?audience=&to=`
///
/// # Errors
/// When no organisation can be told, or the audience is none.
pub async fn show(cx: Cx) -> Answer {
    let (party, channels, audience) = register(&cx).await?;
    let w = cx.w;
    let mut shell = public_shell(&cx)
        .title(w.t1("channels-public-question", "party", &party.name))
        .answer(w.t1("channels-public-answer", "count", channels.len()));
    shell.languages = languages(&cx);
    for view in [Audience::Both, Audience::External, Audience::Internal] {
        let label = w.t(&format!("channels-public-for-{}", view.word()));
        shell =
            shell.tab(href(&cx, "/report/channels", &party, view), label, None, view == audience);
    }
    let mut page = PublicPage::new(shell);
    if channels.is_empty() {
        page = page.part(Empty::new(w.t("channels-public-none"), w.t("channels-public-none-text")));
    }
    for channel in &channels {
        page = page.heading(&heading(w, channel)).part(prose(&channel.instructions)).part(facts(
            vec![
                (w.t("channels-public-address"), Html::text(&channel.address)),
                (w.t("channels-public-hours"), Html::text(&channel.hours)),
                (w.t("channels-public-languages"), Html::text(&languages_said(&channel.languages))),
                (w.t("channels-public-your-name"), name_words(w, channel).into()),
            ],
        ));
    }
    let shown = Html::trusted(format!("<pre>{}</pre>", Html::text(&text(w, &party, &channels))));
    let file = Button::link(
        href(&cx, "/report/channels.txt", &party, audience),
        w.t("channels-public-text-file"),
    );
    let report = format!(
        "{}{}to={}",
        in_language(&cx, "/report"),
        if cx.param("lang").is_some() { '&' } else { '?' },
        party.id
    );
    page = page.part(Button::link(report, w.t("channels-public-report")).primary()).part(fold(
        &w.t("channels-public-text"),
        false,
        prose(&w.t("channels-public-text-hint")).and(shown).and(file),
    ));
    cx.page(&page)
}

/// `GET /report/channels.txt?audience=&to=`: plain text.
///
/// # Errors
/// As [`show`].
pub async fn plain(cx: Cx) -> Answer {
    let (party, channels, _) = register(&cx).await?;
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, text(cx.w, &party, &channels)).into_response())
}
