//! `/report/follow-up`: the reporter comes back with number and code. The code travels in forms alone,
//! never in an address.

use super::{in_language, key_of, languages, public_shell, state_status};
use crate::door;
use crate::model::{Case, Message};
use crate::rules::numbers;
use crate::service;
use crate::store;
use jiff::tz::TimeZone;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::once;
use platform::ui::{
    Button, Empty, Field, Flash, Form, Html, Kind, PublicPage, Timeline, facts, prose,
};

fn door_form(cx: &Cx) -> Form {
    let w = cx.w;
    Form::post(w, in_language(cx, "/report/follow-up"), "", w.t("cases-follow-look"))
        .field(
            Field::new(w, "tracking_number", w.t("cases-number"), Kind::Text)
                .required()
                .max(40)
                .autocomplete("off"),
        )
        .field(
            Field::new(w, "return_code", w.t("cases-code"), Kind::Text)
                .required()
                .max(100)
                .hint(w.t("cases-code-hint"))
                .autocomplete("off"),
        )
}

fn door_page(cx: &Cx, form: Form) -> PublicPage {
    let w = cx.w;
    let shell =
        public_shell(cx).title(w.t("cases-follow-question")).answer(w.t("cases-follow-answer"));
    PublicPage::new(shell).part(form)
}

/// `GET /report/follow-up`
///
/// # Errors
/// When the page cannot be printed.
pub async fn ask(cx: Cx) -> Answer {
    let mut page = door_page(&cx, door_form(&cx));
    page.shell.languages = languages(&cx);
    cx.page(&page)
}

/// The reporter's way back: both must belong together.
#[derive(Clone)]
struct Way {
    number: String,
    code: String,
}

async fn found(cx: &Cx, way: Way) -> Result<(Case, Vec<Message>), Failure> {
    Ok(cx
        .app
        .db
        .read(move |conn| {
            let case = service::followed(conn, &way.code)?;
            if numbers::parse_tracking_number(&way.number).as_deref() != Some(&case.tracking_number)
            {
                return Err(Refusal::NotFound.into());
            }
            let messages = store::messages(conn, case.organisation, case.id)?;
            Ok((case, messages))
        })
        .await?)
}

/// `POST /report/follow-up`: shows where the report stands; with `do=say`, records what the reporter
/// adds first.
///
/// # Errors
/// When the machinery fails. A number and a code that do not belong together give the form again.
pub async fn look(cx: Cx, pairs: Pairs) -> Answer {
    let mut form = door_form(&cx);
    form.fill(&pairs.0);
    form.check();
    if !form.ok() {
        return cx.page_again(&door_page(&cx, form));
    }
    let way = Way {
        number: form.typed("tracking_number").to_owned(),
        code: form.typed("return_code").to_owned(),
    };
    let (case, messages) = match found(&cx, way.clone()).await {
        Ok(found) => found,
        Err(Failure::Refused(Refusal::NotFound)) => {
            form.error("", cx.w.t("cases-follow-unknown"));
            return cx.page_again(&door_page(&cx, form));
        }
        Err(other) => return Err(other),
    };
    if pairs.get("do") != Some("say") {
        return cx.page(&report_page(&cx, &way, &case, &messages, say_form(&cx, &way), None));
    }
    let mut form = say_form(&cx, &way);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match say(&cx, &way, &case, &form).await {
            Ok(()) => {
                let (case, messages) = found(&cx, way.clone()).await?;
                let said = Flash::Done(cx.w.t("cases-follow-said"));
                let page =
                    report_page(&cx, &way, &case, &messages, say_form(&cx, &way), Some(said));
                return cx.page(&page);
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&report_page(&cx, &way, &case, &messages, form, None))
}

fn say_form(cx: &Cx, way: &Way) -> Form {
    let w = cx.w;
    Form::post(w, in_language(cx, "/report/follow-up"), "", w.t("cases-follow-say"))
        .key(cx.form_key())
        .hide("do", "say")
        .hide("tracking_number", &way.number)
        .hide("return_code", &way.code)
        .field(
            Field::new(w, "text", w.t("cases-follow-text"), Kind::Area(5))
                .required()
                .max(service::TEXT_MAX),
        )
}

async fn say(cx: &Cx, way: &Way, case: &Case, form: &Form) -> Result<(), Failure> {
    let key = form.hidden("key").filter(|k| !k.is_empty()).map(str::to_owned);
    let (code, text, organisation) =
        (way.code.clone(), form.typed("text").to_owned(), case.organisation);
    let request = serde_json::to_vec(&[&code, &text]).unwrap_or_default();
    let mut env = cx.env();
    Ok(cx
        .app
        .db
        .write(move |tx| {
            let permit = door::permit(organisation)?;
            once(tx, &mut env, &door::caller(organisation), key.as_deref(), &request, |tx, env| {
                service::reporter_says(tx, env, &permit, &code, &text, None)
            })
        })
        .await?)
}

fn report_page(
    cx: &Cx,
    way: &Way,
    case: &Case,
    messages: &[Message],
    form: Form,
    flash: Option<Flash>,
) -> PublicPage {
    let w = cx.w;
    let mut shell = public_shell(cx)
        .title(w.t1("cases-followed-question", "number", &case.tracking_number))
        .answer(w.t(&key_of("cases-told", case.state.word())));
    shell.flash.extend(flash);
    let zone = TimeZone::UTC;
    let mut said = Timeline::new(w, zone.clone());
    for message in messages {
        let who = if message.from_reporter { "cases-you" } else { "cases-they" };
        said = said.entry(message.at, w.t(who), Html::empty()).detail(prose(&message.text));
    }
    let said: Html = if said.is_empty() {
        Empty::new(w.t("cases-follow-none"), w.t("cases-follow-none-text")).into()
    } else {
        said.into()
    };
    let receipt = Button::post("/report/receipt", "", w.t("cases-filed-download"))
        .with("return_code", &way.code);
    PublicPage::new(shell)
        .part(state_status(w, case))
        .part(facts(vec![
            (w.t("cases-report-title"), Html::text(&case.title)),
            (w.t("cases-reported"), Html::text(&w.moment(case.reported_at, &zone))),
        ]))
        .heading(&w.t("cases-messages"))
        .part(said)
        .heading(&w.t("cases-follow-more"))
        .part(form)
        .part(receipt)
}
