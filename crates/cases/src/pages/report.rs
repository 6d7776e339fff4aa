//! `/report`: anybody reports, without an account and without script.

use super::arrival::{Arrived, Sent};
use super::{in_language, kind_word, languages, public_shell};
use crate::door;
use crate::model::{CaseKind, Privacy};
use crate::rules::concerned::CONCERNED_MAX;
use crate::rules::files::{FILE_BYTES_MAX, FILES_MAX};
use crate::sealed::model::FileRole;
use crate::sealed::rules::CaseKey;
use crate::service::gate::{Gate, Work};
use crate::service::{self, Filed, ReportInput, Reporter};
use axum::http::header;
use axum::response::IntoResponse;
use identity::model::Party;
use jiff::tz::TimeZone;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::assets::asset_url;
use platform::ui::{
    Button, Choice, Field, Form, Html, Kind, Note, PublicPage, Tone, facts, icon, prose, stack,
};
use platform::words::Words;

/// The channel of what comes in by this page.
const CHANNEL: &str = "portal";

async fn party(cx: &Cx, named: Option<String>) -> Result<Party, Failure> {
    Ok(cx.app.db.read(move |conn| door::organisation(conn, named.as_deref())).await?)
}

/// The form, with the privacy that a reporter chooses and what that means.
fn form(cx: &Cx, party: &Party, key: &str) -> Form {
    let w = cx.w;
    let kinds = CaseKind::ALL
        .iter()
        .map(|k| {
            Choice::new(k.word(), kind_word(w, *k))
                .hint(w.t(&format!("cases-kind-{}-hint", k.word())))
        })
        .collect();
    let ways = [Privacy::Open, Privacy::Confidential, Privacy::Anonymous]
        .map(|p| {
            Choice::new(p.word(), w.t(&format!("cases-privacy-{}", p.word())))
                .hint(w.t(&format!("cases-privacy-{}-hint", p.word())))
        })
        .to_vec();
    Form::post(w, in_language(cx, "/report"), "", w.t("cases-report-send"))
        .key(key)
        .hide("to", party.id.to_string())
        .hide("challenge", asked(cx, party))
        .hide("work", "")
        .field(Field::new(w, "kind", w.t("cases-report-kind"), Kind::Radio(kinds)).required())
        .field(
            Field::new(w, "title", w.t("cases-report-title"), Kind::Text)
                .required()
                .max(service::TITLE_MAX)
                .autocomplete("off"),
        )
        .field(
            Field::new(w, "description", w.t("cases-report-description"), Kind::Area(6))
                .required()
                .max(service::TEXT_MAX),
        )
        .field(
            Field::new(w, "occurred_at", w.t("cases-report-occurred"), Kind::DateTime)
                .hint(w.t("cases-report-occurred-hint")),
        )
        .field(
            Field::new(w, "about_people", w.t("cases-report-about"), Kind::Text)
                .hint(w.t("cases-report-about-hint"))
                .max(CONCERNED_MAX)
                .autocomplete("off"),
        )
        .field(files_field(w))
        .field(Field::new(w, "privacy", w.t("cases-report-privacy"), Kind::Radio(ways)).required())
        .field(
            Field::new(w, "contact", w.t("cases-report-contact"), Kind::Text)
                .hint(w.t("cases-report-contact-hint"))
                .max(service::CONTACT_MAX)
                .autocomplete("off"),
        )
        .say(draft(w))
        .say(Note::new(
            Tone::Attention,
            w.t("cases-report-code-title"),
            w.t("cases-report-code-before"),
        ))
}

/// The work that the door asks for now; empty while it is calm.
fn asked(cx: &Cx, party: &Party) -> String {
    let gate = cx.app.extensions.get::<Gate>();
    gate.and_then(|gate| gate.asks(party.id, CHANNEL, cx.env().now())).unwrap_or_default()
}

/// The field for files, with what is taken and what becomes of it.
pub(super) fn files_field(w: Words) -> Field {
    let most = w.size(FILE_BYTES_MAX);
    Field::new(w, "files", w.t("cases-report-files"), Kind::File(String::new()))
        .several()
        .hint(w.t2("cases-report-files-hint", "count", FILES_MAX, "size", most))
}

/// The box that keeps a draft on this device. Hidden until the script shows it: without script nothing
/// is kept.
fn draft(w: Words) -> Html {
    Html::trusted(format!(
        "<div data-draft data-restored=\"{}\" hidden><label class=\"choice\"><input type=\"checkbox\"> <span>{} <small>{}</small></span></label></div>",
        Html::text(&w.t("cases-draft-restored")),
        Html::text(&w.t("cases-draft-keep")),
        Html::text(&w.t("cases-draft-keep-hint")),
    ))
}

/// One of our own scripts, beside what every page has.
pub(super) fn script(path: &str) -> Html {
    Html::trusted(format!("<script src=\"{}\" defer></script>", asset_url(path)))
}

fn page(cx: &Cx, party: &Party, form: Form) -> PublicPage {
    let w = cx.w;
    let shell = public_shell(cx)
        .title(w.t1("cases-report-question", "party", &party.name))
        .answer(w.t("cases-report-answer"));
    PublicPage::new(shell)
        .part(Html::link(&in_language(cx, "/report/follow-up"), w.t("cases-report-follow")))
        .part(form)
        .part(script("report.js"))
        .part(script("work.js"))
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
fn moment(w: Words, text: &str, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Refusal::field("occurred_at", w.t("cases-report-occurred-wrong"));
    // The parser would pass over an offset; the label promises UTC, so nothing else is taken.
    if !text.chars().all(|c| c.is_ascii_digit() || "-:T .".contains(c)) {
        return Err(wrong());
    }
    let local: jiff::civil::DateTime = text.parse().map_err(|_| wrong())?;
    let at = Zone::utc().instant(local);
    if at > now {
        return Err(Refusal::field("occurred_at", w.t("cases-report-occurred-future")));
    }
    Ok(Some(at))
}

fn reporter(w: Words, form: &Form) -> Result<Reporter, Refusal> {
    let contact = Some(form.typed("contact").to_owned()).filter(|c| !c.is_empty());
    match Privacy::from_word(form.typed("privacy")) {
        Some(Privacy::Open) => Ok(Reporter::Open { contact }),
        Some(Privacy::Confidential) => Ok(Reporter::Confidential { contact }),
        Some(Privacy::Anonymous) if contact.is_none() => Ok(Reporter::Anonymous),
        Some(Privacy::Anonymous) => {
            Err(Refusal::field("contact", w.t("cases-report-contact-anonymous")))
        }
        None => Err(Refusal::field("privacy", w.t("cases-report-privacy-choose"))),
    }
}

fn input(cx: &Cx, form: &Form) -> Result<ReportInput, Failure> {
    let w = cx.w;
    let kind = CaseKind::from_word(form.typed("kind"))
        .ok_or_else(|| Refusal::field("kind", w.t("cases-report-kind-choose")))?;
    Ok(ReportInput {
        occurred_at: moment(w, form.typed("occurred_at"), cx.env().now())?,
        reporter: reporter(w, form)?,
        about_people: form.typed("about_people").to_owned(),
        language: w.tag().to_owned(),
        ..ReportInput::new(CHANNEL, kind, form.typed("title"), form.typed("description"))
    })
}

/// What makes two submissions the same.
fn request(form: &Form, files: &[String]) -> Vec<u8> {
    let fields =
        ["kind", "title", "description", "occurred_at", "contact", "privacy", "about_people"];
    serde_json::to_vec(&(fields.map(|f| form.typed(f)), files)).unwrap_or_default()
}

async fn submit(
    cx: &Cx,
    party: &Party,
    form: &Form,
    arrived: &Arrived,
) -> Result<(Filed, String), Failure> {
    let mut input = input(cx, form)?;
    input.parcel.clone_from(&arrived.parcel);
    let request = request(form, &arrived.digests);
    let key = form.hidden("key").filter(|k| !k.is_empty()).map(str::to_owned);
    let (organisation, mut env) = (party.id, cx.env());
    let work = Work {
        challenge: arrived.pairs.get("challenge").unwrap_or_default(),
        number: arrived.pairs.get("work").unwrap_or_default(),
    };
    let gate = cx.app.extensions.get::<Gate>();
    let held = gate.is_some_and(|gate| gate.holds(organisation, CHANNEL, env.now(), work));
    crate::api::file_with_receipt(&cx.app, move |tx| {
        let filed =
            door::file(tx, &mut env, organisation, key.as_deref(), &request, (&input, held))?;
        Ok((filed, organisation))
    })
    .await
}

/// `POST /report`: needs no account, so there is no session whose token could be checked; posts from
/// other sites are refused before they come here.
///
/// # Errors
/// When no organisation can be told, or the machinery fails.
pub async fn send(cx: Cx, sent: Sent) -> Answer {
    let arrived =
        sent.receive(&cx, |cx: Cx, _| async move { Ok(CaseKey::draw(&mut cx.env())) }).await?;
    let party = party(&cx, arrived.pairs.get("to").map(str::to_owned)).await?;
    let mut form = form(&cx, &party, &cx.form_key());
    form.fill(&arrived.pairs.0);
    form.check();
    if form.ok() {
        match submit(&cx, &party, &form, &arrived).await {
            Ok((filed, receipt)) => return confirm(&cx, &party, &filed, &receipt, &arrived),
            Err(Failure::Refused(Refusal::KeyReused)) => {
                // The same form filed another report before: with a key of its own this one is new.
                let mut pairs = arrived.pairs.0.clone();
                pairs.retain(|(name, _)| name != "key");
                form = self::form(&cx, &party, &cx.form_key());
                form.fill(&pairs);
                form.error("", cx.w.t("cases-report-again"));
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    if !arrived.digests.is_empty() || !arrived.refused.is_empty() {
        form.error("files", cx.w.t("cases-report-files-again"));
    }
    cx.page_again(&page(&cx, &party, form))
}

/// The files that were not taken, each with the reason.
pub(super) fn not_taken(w: Words, arrived: &Arrived) -> Html {
    if arrived.refused.is_empty() {
        return Html::empty();
    }
    let lines = arrived
        .refused
        .iter()
        .map(|(name, why)| Html::from(w.t2(why, "name", name, "size", w.size(FILE_BYTES_MAX))));
    Note::new(Tone::Attention, w.t("cases-file-refused"), stack(lines)).into()
}

/// What became of the files that were taken.
fn taken(w: Words, arrived: &Arrived) -> String {
    let files = || arrived.parcel.iter().flat_map(|p| &p.files);
    let sent = files().filter(|f| f.details.role != FileRole::Stripped).count();
    let kept_whole = files().filter(|f| f.details.role == FileRole::Unstripped).count();
    match (sent, kept_whole) {
        (0, _) => String::new(),
        (_, 0) => w.t1("cases-file-taken", "count", sent),
        _ => format!(
            "{} {}",
            w.t1("cases-file-taken", "count", sent),
            w.t1("cases-file-unstripped", "count", kept_whole)
        ),
    }
}

/// What becomes of a report that came in a flood.
fn held(w: Words, filed: &Filed) -> Html {
    if !filed.held {
        return Html::empty();
    }
    Note::new(Tone::Waiting, w.t("cases-filed-held-title"), w.t("cases-filed-held")).into()
}

fn confirm(cx: &Cx, party: &Party, filed: &Filed, receipt: &str, arrived: &Arrived) -> Answer {
    let w = cx.w;
    let shell = public_shell(cx).title(w.t("cases-filed-title")).answer(w.t1(
        "cases-filed-answer",
        "party",
        &party.name,
    ));
    let shown = Html::trusted(format!(
        "<details><summary>{}</summary><pre dir=\"ltr\">{}</pre></details>",
        Html::text(&w.t("cases-filed-receipt")),
        Html::text(receipt)
    ));
    let by = |at: Option<Timestamp>| -> Html {
        at.map_or_else(Html::empty, |at| w.moment(at, &TimeZone::UTC).into())
    };
    let download = Button::post("/report/receipt", "", w.t("cases-filed-download"))
        .with("return_code", &filed.return_code);
    let page = PublicPage::new(shell)
        .part(facts(vec![
            (w.t("cases-number"), Html::code(&filed.tracking_number)),
            (w.t("cases-code"), Html::code(&filed.return_code)),
            (w.t("cases-promised-acknowledge"), by(filed.promised.acknowledge_by)),
            (w.t("cases-promised-answer"), by(filed.promised.answer_by)),
        ]))
        .part(Note::new(Tone::Attention, w.t("cases-filed-once-title"), w.t("cases-filed-once")))
        .part(held(w, filed))
        .part(not_taken(w, arrived))
        .part(prose(&taken(w, arrived)))
        .heading(&w.t("cases-filed-next"))
        .part(prose(&w.t(&format!("cases-filed-{}", filed.privacy.word()))))
        .part(prose(&w.t("cases-filed-next-text")))
        .part(Html::link(&in_language(cx, "/report/follow-up"), w.t("cases-report-follow")))
        .heading(&w.t("cases-filed-proof"))
        .part(icon("tickmark").and(w.t("cases-filed-proof-text")))
        .part(shown)
        .part(download)
        .part(Html::link(&in_language(cx, "/report/verify"), w.t("cases-verify-link")))
        .part(Html::trusted("<span data-report-sent></span>"))
        .part(script("report.js"));
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
