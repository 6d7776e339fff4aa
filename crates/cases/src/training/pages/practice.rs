//! `/training/practice`: a report filed to practise. It is no case, and shows step by step what would
//! happen to a real one.

use crate::training::model::{Practice, PracticeId};
use crate::training::permits::TakeTraining;
use crate::training::rules::practice::{SCENARIOS, STAGES, advice};
use crate::training::service::{self, PracticeInput};
use crate::training::store;
use axum::extract::Path;
use jiff::tz::TimeZone;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Empty, Field, Flash, Form, Html, Kind, Note, Page, Row, Shell, Steps, Table,
    Tone, facts, heading, prose,
};
use platform::words::Words;

fn frame(cx: &Cx) -> Shell {
    cx.shell().at("training").crumb("/training", cx.w.t("training-room"))
}

fn form(cx: &Cx) -> Form {
    let w = cx.w;
    let scenarios = SCENARIOS
        .iter()
        .map(|s| {
            Choice::new(*s, w.t(&format!("training-scenario-{s}")))
                .hint(w.t(&format!("training-scenario-{s}-hint")))
        })
        .collect();
    Form::post(w, "/training/practice", &cx.shell().csrf, w.t("training-practice-send"))
        .key(cx.form_key())
        .field(
            Field::new(w, "scenario", w.t("training-scenario"), Kind::Radio(scenarios)).required(),
        )
        .field(
            Field::new(w, "title", w.t("training-practice-title"), Kind::Text)
                .required()
                .max(service::TITLE_MAX),
        )
        .field(
            Field::new(w, "text", w.t("training-practice-text"), Kind::Area(6))
                .required()
                .max(service::PRACTICE_MAX)
                .hint(w.t("training-practice-text-hint")),
        )
        .field(Field::new(w, "occurred", w.t("training-practice-when"), Kind::Text).max(100))
}

fn new_page(cx: &Cx, form: Form, before: &[Practice]) -> Page {
    let w = cx.w;
    let columns = ["training-practice-when-filed", "training-scenario", "training-state"]
        .map(|k| Column::new(w.t(k)))
        .to_vec();
    let rows = before.iter().map(|p| {
        let state = if p.finished_at.is_some() {
            "training-practice-finished"
        } else {
            "training-practice-underway"
        };
        Row::new(vec![
            w.moment(p.filed_at, &TimeZone::UTC).into(),
            w.t(&format!("training-scenario-{}", p.scenario)).into(),
            w.t(state).into(),
        ])
        .to(format!("/training/practice/{}", p.id))
    });
    let table = Table::new(w, "practice", w.t("training-practice-before"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("training-practice-none"), w.t("training-practice-none-text")));
    Page::new(
        frame(cx).title(w.t("training-practice-question")).answer(w.t("training-practice-answer")),
    )
    .part(Note::new(
        Tone::Neutral,
        w.t("training-practice-note"),
        w.t("training-practice-note-text"),
    ))
    .part(form)
    .part(table)
}

async fn before(cx: &Cx) -> Result<Vec<Practice>, Failure> {
    cx.may::<TakeTraining>()?;
    let me = cx.person()?;
    cx.read(move |conn, actor| store::practices(conn, actor.party.ok_or(Refusal::NotFound)?, me))
        .await
}

/// `GET /training/practice`
///
/// # Errors
/// When the reader does not belong to an organisation.
pub async fn new(cx: Cx) -> Answer {
    let before = before(&cx).await?;
    cx.page(&new_page(&cx, form(&cx), &before))
}

/// `POST /training/practice`
///
/// # Errors
/// When the form is another session's, or the reader does not belong to an organisation.
pub async fn send(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let before = before(&cx).await?;
    let mut form = form(&cx);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let typed = |name: &str| form.typed(name).to_owned();
        let input = PracticeInput {
            scenario: typed("scenario"),
            title: typed("title"),
            text: typed("text"),
            occurred: typed("occurred"),
        };
        let done = cx
            .write_once(&pairs, move |tx, env, actor| {
                let owner = actor.party.ok_or(Refusal::NotFound)?;
                let permit = authorize::<TakeTraining>(actor, &Facts::of(owner))?;
                service::practise(tx, env, &permit, &input)
            })
            .await;
        match done {
            Ok(id) => {
                let said = Flash::Done(cx.w.t("training-practice-filed"));
                return cx.see_other(&format!("/training/practice/{id}"), said).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&new_page(&cx, form, &before))
}

async fn seen(cx: &Cx, id: &str) -> Result<Practice, Failure> {
    cx.may::<TakeTraining>()?;
    let id: PracticeId = id.parse().map_err(|_| Refusal::NotFound)?;
    let me = cx.person()?;
    let found = cx
        .read(move |conn, actor| {
            store::practice(conn, actor.party.ok_or(Refusal::NotFound)?, me, id)
        })
        .await?;
    Ok(found.ok_or(Refusal::NotFound)?)
}

fn stage_part(w: Words, stage: &str) -> Html {
    heading(&w.t(&format!("training-stage-{stage}"))).and(facts(vec![
        (w.t("training-stage-who"), w.t(&format!("training-stage-{stage}-who")).into()),
        (w.t("training-stage-what"), w.t(&format!("training-stage-{stage}-what")).into()),
        (w.t("training-stage-see"), w.t(&format!("training-stage-{stage}-see")).into()),
        (w.t("training-stage-when"), w.t(&format!("training-stage-{stage}-when")).into()),
    ]))
}

/// `GET /training/practice/{id}`
///
/// # Errors
/// When it is not the reader's.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let w = cx.w;
    let p = seen(&cx, &id).await?;
    let reached = usize::try_from(p.stage).unwrap_or_default();
    let shell = frame(&cx)
        .crumb("/training/practice", w.t("training-practise"))
        .title(w.t("training-practice-next-question"))
        .answer(w.t2("training-practice-next-answer", "at", reached + 1, "of", STAGES.len()));
    let names = STAGES.iter().map(|s| w.t(&format!("training-stage-{s}"))).collect();
    let mut page = Page::new(shell)
        .part(Note::new(
            Tone::Neutral,
            w.t("training-practice-note"),
            w.t("training-practice-note-text"),
        ))
        .part(Steps::new(w, names, reached));
    for stage in STAGES.iter().take(reached + 1) {
        page = page.part(stage_part(w, stage));
    }
    if reached + 1 < STAGES.len() {
        let form = Form::post(
            w,
            format!("/training/practice/{}/next", p.id),
            &cx.shell().csrf,
            w.t("training-practice-on"),
        )
        .key(cx.form_key())
        .version(u64::try_from(p.version).unwrap_or(0));
        page = page.part(form);
    } else {
        let found = advice(&p.title, &p.text, &p.occurred);
        let said = if found.is_empty() {
            prose(&w.t("training-advice-none"))
        } else {
            platform::ui::stack(
                found.iter().map(|a| Html::from(w.t(&format!("training-advice-{a}")))),
            )
        };
        page = page
            .heading(&w.t("training-advice"))
            .part(said)
            .part(Html::link("/report", w.t("training-practice-real")));
    }
    cx.page(&page.beside(&p.title, prose(&p.text)))
}

/// `POST /training/practice/{id}/next`
///
/// # Errors
/// When the form is another session's or an earlier one, or it is not the reader's.
pub async fn next(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let p = seen(&cx, &id).await?;
    let version: i64 = pairs.get("version").and_then(|v| v.parse().ok()).unwrap_or_default();
    cx.write_once(&pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<TakeTraining>(actor, &Facts::of(owner))?;
        service::step(tx, env, &permit, (p.id, version))
    })
    .await?;
    cx.see_other(
        &format!("/training/practice/{}", p.id),
        Flash::Done(cx.w.t("training-practice-stepped")),
    )
    .await
}
