//! `/report`: anybody reports, without an account and without script.

use super::{in_language, kind_word, languages, public_shell};
use crate::door;
use crate::model::CaseKind;
use crate::service::{self, Filed, ReportInput, Reporter};
use axum::http::header;
use axum::response::IntoResponse;
use identity::model::Party;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Field, Form, Html, Kind, Note, PublicPage, Tone, facts, icon, prose,
};

/// The channel of what comes in by this page.
const CHANNEL: &str = "portal";

async fn party(cx: &Cx, named: Option<String>) -> Result<Party, Failure> {
    Ok(cx.app.db.read(move |conn| door::organisation(conn, named.as_deref())).await?)
}

fn form(cx: &Cx, party: &Party, key: &str) -> Form {
    let w = cx.w;
    let kinds = CaseKind::ALL
        .iter()
        .map(|k| {
            Choice::new(k.word(), kind_word(w, *k))
                .hint(w.t(&format!("cases-kind-{}-hint", k.word())))
        })
        .collect();
    Form::post(w, in_language(cx, "/report"), "", w.t("cases-report-send"))
        .key(key)
        .hide("to", party.id.to_string())
        .field(Field::new(w, "kind", w.t("cases-report-kind"), Kind::Radio(kinds)).required())
        .field(
            Field::new(w, "title", w.t("cases-report-title"), Kind::Text)
                .required()
                .max(service::TITLE_MAX),
        )
        .field(
            Field::new(w, "description", w.t("cases-report-description"), Kind::Area(8))
                .required()
                .max(service::TEXT_MAX),
        )
        .field(
            Field::new(w, "occurred_at", w.t("cases-report-occurred"), Kind::DateTime)
                .hint(w.t("cases-report-occurred-hint")),
        )
        .field(
            Field::new(w, "contact", w.t("cases-report-contact"), Kind::Text)
                .hint(w.t("cases-report-contact-hint"))
                .max(service::CONTACT_MAX),
        )
        .say(Note::new(
            Tone::Attention,
            w.t("cases-report-code-title"),
            w.t("cases-report-code-before"),
        ))
}

fn page(cx: &Cx, party: &Party, form: Form) -> PublicPage {
    let w = cx.w;
    let shell = public_shell(cx)
        .title(w.t1("cases-report-question", "party", &party.name))
        .answer(w.t("cases-report-answer"));
    PublicPage::new(shell)
        .part(Html::link(&in_language(cx, "/report/follow-up"), w.t("cases-report-follow")))
        .part(form)
}

/// `GET /report?to=pty_…`
///
/// # Errors
/// When no organisation can be told.
pub async fn ask(cx: Cx) -> Answer {
    let party = party(&cx, cx.param("to")).await?;
    let mut page = page(&cx, &party, form(&cx, &party, &cx.form_key()));
    page.shell.languages = languages(&cx);
    cx.page(&page)
}

/// A date and time as the form sends it, taken in UTC.
fn moment(text: &str) -> Result<Option<Timestamp>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || {
        Refusal::field(
            "occurred_at",
            "Write date and time as 2026-03-09T16:30, in UTC, or leave it empty.",
        )
    };
    // The parser would pass over an offset; the label promises UTC, so nothing else is taken.
    if !text.chars().all(|c| c.is_ascii_digit() || "-:T .".contains(c)) {
        return Err(wrong());
    }
    let local: jiff::civil::DateTime = text.parse().map_err(|_| wrong())?;
    Ok(Some(Zone::utc().instant(local)))
}

fn input(cx: &Cx, form: &Form) -> Result<ReportInput, Failure> {
    let kind = CaseKind::from_word(form.typed("kind"))
        .ok_or_else(|| Refusal::field("kind", "Choose what you report."))?;
    Ok(ReportInput {
        channel: CHANNEL.to_owned(),
        kind,
        title: form.typed("title").to_owned(),
        description: form.typed("description").to_owned(),
        occurred_at: moment(form.typed("occurred_at"))?,
        reporter: Reporter::Open {
            contact: Some(form.typed("contact").to_owned()).filter(|c| !c.is_empty()),
        },
        about_people: String::new(),
        parcel: None,
        language: cx.w.tag().to_owned(),
    })
}

/// What makes two submissions the same.
fn request(form: &Form) -> Vec<u8> {
    let fields = ["kind", "title", "description", "occurred_at", "contact"];
    serde_json::to_vec(&fields.map(|f| form.typed(f))).unwrap_or_default()
}

async fn submit(cx: &Cx, party: &Party, form: &Form) -> Result<(Filed, String), Failure> {
    let input = input(cx, form)?;
    let request = request(form);
    let key = form.hidden("key").filter(|k| !k.is_empty()).map(str::to_owned);
    let (organisation, mut env) = (party.id, cx.env());
    let (filed, appended) = cx
        .app
        .db
        .write(move |tx| {
            let filed = door::file(tx, &mut env, organisation, key.as_deref(), &request, &input)?;
            Ok((filed, tx.appended().cloned()))
        })
        .await?;
    let receipt = crate::api::receipt(&cx.app, organisation, &filed, appended).await?;
    Ok((filed, receipt))
}

/// `POST /report`: needs no account, so there is no session whose token could be checked; posts from
/// other sites are refused before they come here.
///
/// # Errors
/// When no organisation can be told, or the machinery fails.
pub async fn send(cx: Cx, pairs: Pairs) -> Answer {
    let party = party(&cx, pairs.get("to").map(str::to_owned)).await?;
    let mut form = form(&cx, &party, &cx.form_key());
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match submit(&cx, &party, &form).await {
            Ok((filed, receipt)) => return confirm(&cx, &party, &filed, &receipt),
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &party, form))
}

fn confirm(cx: &Cx, party: &Party, filed: &Filed, receipt: &str) -> Answer {
    let w = cx.w;
    let shell = public_shell(cx).title(w.t("cases-filed-title")).answer(w.t1(
        "cases-filed-answer",
        "party",
        &party.name,
    ));
    let shown = Html::trusted(format!(
        "<details><summary>{}</summary><pre>{}</pre></details>",
        Html::text(&w.t("cases-filed-receipt")),
        Html::text(receipt)
    ));
    let download = Button::post("/report/receipt", "", w.t("cases-filed-download"))
        .with("return_code", &filed.return_code);
    let page = PublicPage::new(shell)
        .part(facts(vec![
            (w.t("cases-number"), Html::code(&filed.tracking_number)),
            (w.t("cases-code"), Html::code(&filed.return_code)),
        ]))
        .part(Note::new(Tone::Attention, w.t("cases-filed-once-title"), w.t("cases-filed-once")))
        .heading(&w.t("cases-filed-next"))
        .part(prose(&w.t("cases-filed-next-text")))
        .part(Html::link(&in_language(cx, "/report/follow-up"), w.t("cases-report-follow")))
        .heading(&w.t("cases-filed-proof"))
        .part(icon("tickmark").and(w.t("cases-filed-proof-text")))
        .part(shown)
        .part(download);
    cx.page(&page)
}

/// `POST /report/receipt`: the receipt as a file, for whoever has the code.
///
/// # Errors
/// When no report has this code.
pub async fn receipt(cx: Cx, pairs: Pairs) -> Answer {
    let code = pairs.get("return_code").unwrap_or_default().to_owned();
    let journal = cx.app.journal.clone();
    let (number, text) = cx
        .app
        .db
        .read(move |conn| {
            let case = service::followed(conn, &code)?;
            let text = service::receipt(conn, &journal, &case)?;
            Ok((case.tracking_number, text))
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"receipt-{number}.txt\"")),
    ];
    Ok((headers, text).into_response())
}
