//! `/survey/{token}`: a survey as people answer it, without an account. Who is signed in is not looked
//! at, and no key or time is kept with an anonymous answer.

use crate::pages::public_shell;
use crate::surveys::model::{Answers, SEGMENT, Survey};
use crate::surveys::rules::answers::TEXT_MAX;
use crate::surveys::rules::bank::{self, AnswerKind};
use crate::surveys::service::{self, Asked};
use axum::extract::Path;
use jiff::tz::TimeZone;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Kind, Language, Note, PublicPage, Tone, prose};

async fn asked(cx: &Cx, token: &str) -> Result<Option<Asked>, Failure> {
    let (token, now) = (token.to_owned(), cx.env().now());
    match cx.app.db.read(move |conn| service::asked(conn, &token, now)).await.map_err(Failure::from)
    {
        Ok(asked) => Ok(Some(asked)),
        Err(Failure::Refused(Refusal::NotFound)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The languages that the survey speaks, for the switch on its page.
fn languages(cx: &Cx, survey: &Survey) -> Vec<Language> {
    let query = cx.list_query();
    bank::languages(&survey.questions)
        .into_iter()
        .map(|words| Language { words, href: query.href_with("lang", words.tag()) })
        .collect()
}

fn form(cx: &Cx, token: &str, survey: &Survey) -> Form {
    let w = cx.w;
    let action = match cx.param("lang") {
        Some(_) => format!("/survey/{token}?lang={}", w.tag()),
        None => format!("/survey/{token}"),
    };
    let mut form = Form::post(w, action, "", w.t("survey-send"));
    if !survey.segments.is_empty() {
        let choices = survey.segments.iter().map(|s| Choice::new(s.clone(), s.clone())).collect();
        form = form.field(
            Field::new(w, SEGMENT, w.t("survey-segment"), Kind::Radio(choices))
                .hint(w.t("survey-segment-hint")),
        );
    }
    for (n, id) in survey.questions.iter().enumerate() {
        let Some(q) = bank::question(id) else { continue };
        let label = format!("{}. {}", n + 1, q.text(w));
        let field = match q.kind {
            AnswerKind::Text => Field::new(w, id.clone(), label, Kind::Area(3)).max(TEXT_MAX),
            kind => {
                let prefix =
                    if kind == AnswerKind::Agree { "survey-agree" } else { "survey-answer" };
                let choices = kind
                    .values()
                    .iter()
                    .map(|v| Choice::new(*v, w.t(&format!("{prefix}-{v}"))))
                    .collect();
                Field::new(w, id.clone(), label, Kind::Radio(choices))
            }
        };
        form = form.field(field);
    }
    form
}

fn page(cx: &Cx, asked: &Asked, form: Form) -> PublicPage {
    let w = cx.w;
    let survey = &asked.survey;
    let mut shell = public_shell(cx).title(survey.title.clone()).answer(w.t2(
        "survey-asks",
        "party",
        &asked.party,
        "until",
        w.moment(survey.closes_at, &TimeZone::UTC),
    ));
    shell.languages = languages(cx, survey);
    let (title, text) = if survey.anonymous {
        ("survey-anonymous", "survey-anonymous-text")
    } else {
        ("survey-named", "survey-named-text")
    };
    PublicPage::new(shell)
        .part(prose(&survey.intro))
        .part(Note::new(Tone::Neutral, w.t(title), w.t(text)))
        .part(form)
}

fn plain(cx: &Cx, title: &str, text: &str) -> PublicPage {
    let mut shell = public_shell(cx).title(cx.w.t(title)).answer(cx.w.t(text));
    shell.languages = cx.languages();
    PublicPage::new(shell)
}

/// `GET /survey/{token}`
///
/// # Errors
/// When the machinery fails. A link that leads nowhere gives a page that says so.
pub async fn show(cx: Cx, Path(token): Path<String>) -> Answer {
    match asked(&cx, &token).await? {
        None => cx.page_again(&plain(&cx, "survey-over", "survey-over-text")),
        Some(asked) if asked.used => cx.page(&plain(&cx, "survey-used", "survey-used-text")),
        Some(asked) => {
            let form = form(&cx, &token, &asked.survey);
            cx.page(&page(&cx, &asked, form))
        }
    }
}

/// `POST /survey/{token}`
///
/// # Errors
/// As [`show`].
pub async fn send(cx: Cx, Path(token): Path<String>, pairs: Pairs) -> Answer {
    let Some(asked) = asked(&cx, &token).await? else {
        return cx.page_again(&plain(&cx, "survey-over", "survey-over-text"));
    };
    let mut form = form(&cx, &token, &asked.survey);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let mut given = Answers::new();
        for id in asked.survey.questions.iter().map(String::as_str).chain([SEGMENT]) {
            given.insert(id.to_owned(), form.typed(id).to_owned());
        }
        let mut env = cx.env();
        let done = cx.app.db.write(move |tx| service::answer(tx, &mut env, &token, &given)).await;
        match done.map_err(Failure::from) {
            Ok(()) => return cx.page(&plain(&cx, "survey-thanks", "survey-thanks-text")),
            Err(Failure::Refused(Refusal::NotFound)) => {
                return cx.page_again(&plain(&cx, "survey-over", "survey-over-text"));
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &asked, form))
}
