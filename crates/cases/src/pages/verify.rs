//! `/report/verify`: a receipt is verified in the browser, by a script that can be taken away and used
//! without us.

use super::report::script;
use super::{in_language, languages, public_shell};
use axum::http::header;
use axum::response::IntoResponse;
use platform::http::{Answer, Cx, Failure};
use platform::ui::{Html, PublicPage, assets, prose};
use platform::words::Words;

/// The words that the script says, as attributes by their own names.
const SAID: [(&str, &str); 12] = [
    ("empty", "cases-verify-empty"),
    ("unable", "cases-verify-unable"),
    ("verified", "cases-verify-good"),
    ("logged", "cases-verify-logged"),
    ("promised", "cases-verify-promised"),
    ("as-stated", "cases-verify-as-stated"),
    ("bad-key", "cases-verify-bad-key"),
    ("other-key", "cases-verify-other-key"),
    ("malformed", "cases-verify-malformed"),
    ("bad-signature", "cases-verify-bad-signature"),
    ("bad-proof", "cases-verify-bad-proof"),
    ("not-a-receipt", "cases-verify-not-a-receipt"),
];

/// The verifier, hidden until its script runs.
fn verifier(w: Words) -> Html {
    let said: String = SAID
        .iter()
        .map(|(name, key)| format!(" data-{name}=\"{}\"", Html::text(&w.t(key))))
        .collect();
    let word = |key: &str| Html::text(&w.t(key));
    Html::trusted(format!(
        "<div data-verify hidden{said}><form class=\"form\">\
         <div class=\"field\"><label for=\"v-file\">{}</label><input type=\"file\" id=\"v-file\" accept=\".txt,text/plain\"></div>\
         <div class=\"field\"><label for=\"v-text\">{}</label><textarea id=\"v-text\" rows=\"8\" dir=\"ltr\" spellcheck=\"false\" autocomplete=\"off\"></textarea></div>\
         <div class=\"field\"><label for=\"v-key\">{}</label><p class=\"hint\" id=\"h-v-key\">{}</p><input id=\"v-key\" dir=\"ltr\" spellcheck=\"false\" autocomplete=\"off\" aria-describedby=\"h-v-key\" data-key></div>\
         <div class=\"submit\"><button type=\"submit\" class=\"button primary\">{}</button></div></form>\
         <div data-outcome role=\"status\"></div></div>",
        word("cases-verify-file"),
        word("cases-verify-text"),
        word("cases-verify-key"),
        word("cases-verify-key-hint"),
        word("cases-verify-do"),
    ))
}

/// `GET /report/verify`
///
/// # Errors
/// When the page cannot be printed.
pub async fn show(cx: Cx) -> Answer {
    let w = cx.w;
    let mut shell =
        public_shell(&cx).title(w.t("cases-verify-question")).answer(w.t("cases-verify-answer"));
    shell.languages = languages(&cx);
    let without = Html::trusted(format!(
        "<noscript><p>{}</p></noscript>",
        Html::text(&w.t("cases-verify-no-script"))
    ));
    let page = PublicPage::new(shell)
        .part(without)
        .part(verifier(w))
        .heading(&w.t("cases-verify-away"))
        .part(prose(&w.t("cases-verify-away-text")))
        .part(Html::link(&in_language(&cx, "/report/verifier.html"), w.t("cases-verify-download")))
        .part(script("verify.js"));
    cx.page(&page)
}

/// `GET /report/verifier.html`: the same page as one file that needs nothing else, to be kept.
///
/// # Errors
/// When the script is missing (a fault of the build).
pub async fn download(cx: Cx) -> Answer {
    let w = cx.w;
    let missing = || Failure::Fault("the verifier's script is missing".into());
    let script = assets::lookup("verify.js").ok_or_else(missing)?;
    let script = std::str::from_utf8(script.bytes).map_err(|_| missing())?;
    let page = format!(
        "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <h1>{title}</h1>\n<p>{}</p>\n{}\n<script>\n{script}</script>\n</html>\n",
        w.tag(),
        w.dir(),
        Html::text(&w.t("cases-verify-answer")),
        verifier(w),
        title = Html::text(&w.t("cases-verify-question")),
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"tickmark-verifier.html\""),
    ];
    Ok((headers, page).into_response())
}
