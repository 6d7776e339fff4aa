//! `/report/follow-up`: the reporter comes back with number and code. The code travels in forms alone,
//! never in an address.

use super::arrival::{Arrived, Sent};
use super::report::{files_field, not_taken};
use super::{in_language, key_of, languages, public_shell, state_status};
use crate::door;
use crate::model::{Case, Message};
use crate::rules::numbers;
use crate::sealed::model::{Contents, FileRole};
use crate::sealed::rules::CaseKey;
use crate::sealed::service as sealing;
use crate::service;
use crate::store;
use jiff::tz::TimeZone;
use kernel::refusal::Refusal;
use platform::db::Error;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::once;
use platform::ui::{
    Button, Empty, Field, Flash, Form, Html, Kind, PublicPage, Timeline, facts, prose, stack,
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
    let verify = Html::link(&in_language(cx, "/report/verify"), cx.w.t("cases-verify-link"));
    PublicPage::new(shell).part(form).part(verify)
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

/// A report as its reporter sees it.
struct Found {
    case: Case,
    messages: Vec<Message>,
    /// What is sealed of it; none where nothing is, or where it was destroyed.
    contents: Option<Contents>,
    destroyed: bool,
    promised: service::Promised,
}

async fn found(cx: &Cx, way: Way) -> Result<Found, Failure> {
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
            let armed = crate::clocks::store::armed(conn, case.id)?;
            let promised = service::Promised::of(armed.as_ref());
            let mut found = Found { case, messages, contents: None, destroyed: false, promised };
            match sealing::key_of_reporter(conn, found.case.id, &way.code) {
                Ok(key) => found.contents = Some(sealing::contents(conn, found.case.id, &key)?),
                // An open report without files has no key; of a sealed one it is gone.
                Err(Error::Refused(Refusal::State(_))) => {
                    found.destroyed = sealing::is_sealed(&found.case);
                }
                Err(other) => return Err(other),
            }
            Ok(found)
        })
        .await?)
}

/// The key under which a reporter's files are sealed.
async fn files_key(cx: Cx, pairs: Pairs) -> Result<CaseKey, Failure> {
    let code = pairs.get("return_code").unwrap_or_default().to_owned();
    let mut env = cx.env();
    Ok(cx
        .app
        .db
        .read(move |conn| {
            let case = service::followed(conn, &code)?;
            sealing::key_for_files(conn, &mut env, &case, &code)
        })
        .await?)
}

/// `POST /report/follow-up`: shows where the report stands; with `do=say`, records what the reporter
/// adds first.
///
/// # Errors
/// When the machinery fails. A number and a code that do not belong together give the form again.
pub async fn look(cx: Cx, sent: Sent) -> Answer {
    let arrived = match sent.receive(&cx, files_key).await {
        Ok(arrived) => arrived,
        // The files belong to no report.
        Err(Failure::Refused(Refusal::NotFound)) => return unknown(&cx, door_form(&cx)),
        Err(other) => return Err(other),
    };
    let mut form = door_form(&cx);
    form.fill(&arrived.pairs.0);
    form.check();
    if !form.ok() {
        return cx.page_again(&door_page(&cx, form));
    }
    let way = Way {
        number: form.typed("tracking_number").to_owned(),
        code: form.typed("return_code").to_owned(),
    };
    let seen = match found(&cx, way.clone()).await {
        Ok(seen) => seen,
        Err(Failure::Refused(Refusal::NotFound)) => return unknown(&cx, form),
        Err(other) => return Err(other),
    };
    if arrived.pairs.get("do") != Some("say") {
        return cx.page(&report_page(&cx, &way, &seen, say_form(&cx, &way), None, Html::empty()));
    }
    let mut form = say_form(&cx, &way);
    form.fill(&arrived.pairs.0);
    form.check();
    if form.ok() {
        match say(&cx, &way, &seen.case, &form, &arrived).await {
            Ok(()) => {
                let seen = found(&cx, way.clone()).await?;
                let said = Flash::Done(cx.w.t("cases-follow-said"));
                let left = not_taken(cx.w, &arrived);
                let form = say_form(&cx, &way);
                return cx.page(&report_page(&cx, &way, &seen, form, Some(said), left));
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&report_page(&cx, &way, &seen, form, None, Html::empty()))
}

fn unknown(cx: &Cx, mut form: Form) -> Answer {
    form.error("", cx.w.t("cases-follow-unknown"));
    cx.page_again(&door_page(cx, form))
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
        .field(files_field(w))
}

async fn say(
    cx: &Cx,
    way: &Way,
    case: &Case,
    form: &Form,
    arrived: &Arrived,
) -> Result<(), Failure> {
    let key = form.hidden("key").filter(|k| !k.is_empty()).map(str::to_owned);
    let (code, text, organisation) =
        (way.code.clone(), form.typed("text").to_owned(), case.organisation);
    let request = serde_json::to_vec(&(&code, &text, &arrived.digests)).unwrap_or_default();
    let (mut env, parcel) = (cx.env(), arrived.parcel.clone());
    // The key of the form is kept with a time too, no finer than that of the report.
    let (exact, kept_at) = (env.now(), service::kept_time(case, env.now()));
    Ok(cx
        .app
        .db
        .write(move |tx| {
            let permit = door::permit(organisation)?;
            let caller = door::caller(organisation);
            once(tx, &mut env, &caller, key.as_deref(), &request, |tx, env| {
                env.set_now(exact);
                service::reporter_says(tx, env, &permit, &code, &text, parcel.as_ref())?;
                env.set_now(kept_at);
                Ok(())
            })
        })
        .await?)
}

fn report_page(
    cx: &Cx,
    way: &Way,
    seen: &Found,
    form: Form,
    flash: Option<Flash>,
    remark: Html,
) -> PublicPage {
    let (w, case) = (cx.w, &seen.case);
    let mut shell = public_shell(cx)
        .title(w.t1("cases-followed-question", "number", &case.tracking_number))
        .answer(w.t(&key_of("cases-told", case.state.word())));
    shell.flash.extend(flash);
    let zone = TimeZone::UTC;
    let mut said = Timeline::new(w, zone.clone());
    for message in &seen.messages {
        let who = if message.from_reporter { "cases-you" } else { "cases-they" };
        let hidden = seen.contents.as_ref().and_then(|c| c.messages.get(&message.version));
        let text = hidden.unwrap_or(&message.text);
        said = said.entry(message.at, w.t(who), Html::empty()).detail(prose(text));
    }
    let said: Html = if said.is_empty() {
        Empty::new(w.t("cases-follow-none"), w.t("cases-follow-none-text")).into()
    } else {
        said.into()
    };
    let report = seen.contents.as_ref().and_then(|c| c.report.as_ref());
    let title = report.map_or(&case.title, |r| &r.title);
    let by = |at: Option<kernel::time::Timestamp>| -> Html {
        at.map_or_else(Html::empty, |at| w.moment(at, &zone).into())
    };
    let receipt = Button::post("/report/receipt", "", w.t("cases-filed-download"))
        .with("return_code", &way.code);
    let mut page = PublicPage::new(shell)
        .part(state_status(w, case))
        .part(facts(vec![
            (w.t("cases-report-title"), Html::text(title)),
            (w.t("cases-reported"), Html::text(&w.moment(case.reported_at, &zone))),
            (w.t("cases-promised-acknowledge"), by(seen.promised.acknowledge_by)),
            (w.t("cases-promised-answer"), by(seen.promised.answer_by)),
            (w.t("cases-report-files"), files(w, seen)),
        ]))
        .part(remark)
        .heading(&w.t("cases-messages"))
        .part(said);
    page = if seen.destroyed {
        page.part(prose(&w.t("cases-follow-destroyed")))
    } else {
        page.heading(&w.t("cases-follow-more")).part(form)
    };
    page.part(receipt)
        .part(Html::link(&in_language(cx, "/report/verify"), w.t("cases-verify-link")))
}

/// The names of the files that a reporter sent.
fn files(w: platform::words::Words, seen: &Found) -> Html {
    let files = seen.contents.iter().flat_map(|c| &c.files);
    let mut lines = files
        .filter(|(_, d)| d.role != FileRole::Stripped)
        .map(|(_, d)| Html::from(format!("{} ({})", d.name, w.size(d.bytes))))
        .peekable();
    if lines.peek().is_none() { Html::empty() } else { stack(lines) }
}
