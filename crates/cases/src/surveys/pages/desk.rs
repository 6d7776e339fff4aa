//! `/surveys`: whom have we asked? The list, the bank of questions, opening a survey.

use super::{frame, moment, owner, question_fields, questions_chosen};
use crate::surveys::model::{Survey, SurveyState};
use crate::surveys::permits::ManageSurveys;
use crate::surveys::rules::bank::{self, Group};
use crate::surveys::service::{self, SurveyInput};
use crate::surveys::store;
use jiff::tz::TimeZone;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Kind, Page, Row, Status, Table, Tone,
};
use platform::words::Words;

/// Where a survey stands.
pub(super) fn status(w: Words, s: &Survey) -> Status {
    match s.state {
        SurveyState::Open => Status::new(Tone::Underway, w.t("surveys-open")),
        SurveyState::Closed => Status::new(Tone::Closed, w.t("surveys-closed")),
    }
}

/// Answers per invitation in per cent; nothing where there was a common link or nobody was invited.
pub(super) fn rate(w: Words, s: &Survey) -> Option<String> {
    if s.by_link || s.invited == 0 || (s.anonymous && s.state == SurveyState::Open) {
        return None;
    }
    let per_mille = crate::training::pages::manage::per_mille(s.answered, s.invited);
    #[expect(clippy::cast_precision_loss, reason = "at most a thousand")]
    Some(w.percent(per_mille as f64 / 1_000.0, 1))
}

/// `GET /surveys`
///
/// # Errors
/// When the reader may not see them.
pub async fn list(cx: Cx) -> Answer {
    let (w, chosen) = (cx.w, cx.engagement());
    let surveys = cx
        .read(move |conn, actor| {
            let organisation = owner(conn, actor, chosen)?;
            store::surveys(conn, organisation)
        })
        .await?;
    let open = surveys.iter().filter(|s| s.state == SurveyState::Open).count();
    let mut shell = frame(&cx, "/surveys").title(w.t("surveys-question")).answer(w.t2(
        "surveys-answer",
        "open",
        open,
        "all",
        surveys.len(),
    ));
    if cx.can::<ManageSurveys>() {
        shell = shell.action(Button::link("/surveys/new", w.t("surveys-new")).primary());
    }
    let columns = [
        "surveys-title",
        "surveys-kind",
        "surveys-state",
        "surveys-closes",
        "surveys-invited",
        "surveys-answered",
        "surveys-rate",
    ]
    .map(|k| Column::new(w.t(k)))
    .to_vec();
    let rows = surveys.iter().map(|s| {
        let answered = if s.anonymous && s.state == SurveyState::Open {
            w.t("surveys-not-yet")
        } else {
            w.number(s.answered)
        };
        Row::new(vec![
            (&s.title).into(),
            w.t(if s.anonymous { "surveys-anonymous" } else { "surveys-named" }).into(),
            status(w, s).into(),
            w.moment(s.closes_at, &TimeZone::UTC).into(),
            w.number(s.invited).into(),
            answered.into(),
            rate(w, s).unwrap_or_default().into(),
        ])
        .to(format!("/surveys/{}", s.id))
    });
    let table = Table::new(w, "surveys", w.t("surveys-all"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("surveys-none"), w.t("surveys-none-text")));
    cx.page(&Page::new(shell).part(table))
}

/// `GET /surveys/bank`
///
/// # Errors
/// When the reader may not see it.
pub async fn bank(cx: Cx) -> Answer {
    let w = cx.w;
    cx.may::<crate::surveys::permits::ReadSurveys>()?;
    let shell = frame(&cx, "/surveys/bank").title(w.t("surveys-bank-question")).answer(w.t1(
        "surveys-bank-answer",
        "count",
        bank::all().len(),
    ));
    let mut page = Page::new(shell);
    for group in Group::ALL {
        let columns =
            ["surveys-number", "surveys-text", "surveys-answer-kind", "surveys-languages"]
                .map(|k| Column::new(w.t(k)))
                .to_vec();
        let rows = bank::all().iter().filter(|q| q.group == group).map(|q| {
            let kind = match q.kind {
                bank::AnswerKind::Agree => "surveys-takes-agree",
                bank::AnswerKind::YesNo => "surveys-takes-yes-no",
                bank::AnswerKind::Text => "surveys-takes-text",
            };
            let tags: Vec<&str> =
                Words::all().filter(|l| q.speaks(l.tag())).map(|l| l.tag()).collect();
            Row::new(vec![
                (&q.id).into(),
                q.text(w).into(),
                w.t(kind).into(),
                tags.join(" ").into(),
            ])
        });
        page = page.part(
            Table::new(w, group.word(), w.t(&format!("surveys-group-{}", group.word())), columns)
                .rows(rows),
        );
    }
    cx.page(&page)
}

fn form(cx: &Cx) -> Form {
    let w = cx.w;
    let kinds = vec![
        Choice::new("anonymous", w.t("surveys-anonymous")).hint(w.t("surveys-anonymous-hint")),
        Choice::new("named", w.t("surveys-named")).hint(w.t("surveys-named-hint")),
    ];
    let form = Form::post(w, "/surveys/new", &cx.shell().csrf, w.t("surveys-new-send"))
        .key(cx.form_key())
        .cancel("/surveys")
        .field(
            Field::new(w, "title", w.t("surveys-title"), Kind::Text)
                .required()
                .max(service::TITLE_MAX),
        )
        .field(
            Field::new(w, "intro", w.t("surveys-intro"), Kind::Area(4))
                .required()
                .max(service::INTRO_MAX)
                .hint(w.t("surveys-intro-hint")),
        )
        .field(
            Field::new(w, "kind", w.t("surveys-kind"), Kind::Radio(kinds))
                .required()
                .value("anonymous"),
        )
        .field(Field::new(w, "closes_at", w.t("surveys-closes-utc"), Kind::DateTime).required())
        .field(
            Field::new(w, "segments", w.t("surveys-segments"), Kind::Area(3))
                .hint(w.t("surveys-segments-hint")),
        );
    question_fields(form, cx, &[Group::External, Group::Staff], &[])
}

fn new_page(cx: &Cx, form: Form) -> Page {
    let w = cx.w;
    Page::new(
        frame(cx, "/surveys").title(w.t("surveys-new-question")).answer(w.t("surveys-new-answer")),
    )
    .part(form)
}

/// `GET /surveys/new`
///
/// # Errors
/// When the person may not.
pub async fn new(cx: Cx) -> Answer {
    cx.may::<ManageSurveys>()?;
    cx.page(&new_page(&cx, form(&cx)))
}

async fn open(
    cx: &Cx,
    form: &Form,
    pairs: &Pairs,
) -> Result<crate::surveys::model::SurveyId, Failure> {
    let input = SurveyInput {
        title: form.typed("title").to_owned(),
        intro: form.typed("intro").to_owned(),
        questions: questions_chosen(form),
        segments: form
            .typed("segments")
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(str::to_owned)
            .collect(),
        anonymous: form.typed("kind") == "anonymous",
        closes_at: moment("closes_at", form.typed("closes_at"))?,
    };
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<ManageSurveys>(actor, &Facts::of(owner))?;
        service::open(tx, env, &permit, &input)
    })
    .await
}

/// `POST /surveys/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn add(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageSurveys>()?;
    let mut form = form(&cx);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match open(&cx, &form, &pairs).await {
            Ok(id) => {
                return cx
                    .see_other(&format!("/surveys/{id}"), Flash::Done(cx.w.t("surveys-opened")))
                    .await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&new_page(&cx, form))
}
