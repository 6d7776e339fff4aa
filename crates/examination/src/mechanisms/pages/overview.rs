//! `/examination/{engagement}/mechanisms`: how far the evaluation has come, signature and review.

use super::{Seen, area, frame, page, seen, seen_version, state, version};
use crate::evaluations::pages::opened;
use crate::mechanisms::permits::{ReviewMemorandum, SignMemorandum};
use crate::mechanisms::rules::rubric::Rating;
use crate::mechanisms::service;
use crate::pages::{done, facts, filled, heading, submit};
use axum::extract::Path;
use kernel::env::Env;
use kernel::permit::Permit;
use platform::db::Tx;
use platform::http::{Answer, Cx, Pairs};
use platform::ui::{
    Button, Cell, Column, Figure, Figures, Form, Html, Note, Page, Row, Status, Table, Tone,
};
use platform::words::Words;

const PHASES: [(&str, &str); 5] = [
    ("channels", "/channels"),
    ("policy", "/policy"),
    ("people", "/people"),
    ("history", "/history"),
    ("rubric", "/rubric"),
];

pub(super) fn rating(w: Words, rating: Rating) -> Status {
    let tone = match rating {
        Rating::Strong => Tone::Good,
        Rating::Adequate => Tone::Neutral,
        Rating::Weak => Tone::Attention,
    };
    Status::new(tone, w.t(&format!("mechanisms-rating-{}", rating.word())))
}

fn sign_form(cx: &Cx, seen: &Seen) -> Form {
    let (w, memo) = (cx.w, seen.evaluation.memo.as_ref());
    Form::post(w, seen.href("/sign"), &cx.shell().csrf, w.t("mechanisms-sign"))
        .apart("sign")
        .key(cx.form_key())
        .version(seen_version(memo.map(|m| m.version)))
        .field(
            area(w, "conclusion", 4, memo.map_or("", |m| m.body.conclusion.as_str()))
                .hint(w.t("mechanisms-conclusion-hint")),
        )
}

fn review_form(cx: &Cx, seen: &Seen) -> Form {
    let w = cx.w;
    Form::post(w, seen.href("/review"), &cx.shell().csrf, w.t("mechanisms-review"))
        .apart("review")
        .key(cx.form_key())
        .version(seen_version(seen.evaluation.review.as_ref().map(|r| r.version)))
        .field(area(w, "note", 3, ""))
}

fn signature(cx: &Cx, seen: &Seen, sign: Form, review: Form) -> Vec<Html> {
    let (w, e) = (cx.w, &seen.evaluation);
    let mut parts = vec![heading(&w.t("mechanisms-signature"))];
    if let Some(memo) = &e.memo {
        let mut pairs = vec![
            (w.t("mechanisms-overall"), Html::text(&memo.body.overall)),
            (w.t("mechanisms-rating"), rating(w, memo.body.rating).into()),
            (w.t("mechanisms-conclusion"), Html::text(&memo.body.conclusion)),
            (w.t("mechanisms-signed-by"), Html::text(&seen.names.of(&memo.actor))),
            (w.t("mechanisms-digest"), Html::code(&memo.body.digest)),
        ];
        if let Some(r) = e.review.as_ref().filter(|_| e.reviewed()) {
            pairs.push((w.t("mechanisms-reviewed-by"), Html::text(&seen.names.of(&r.actor))));
            pairs.push((w.t("mechanisms-note"), Html::text(&r.body.note)));
        }
        if !e.signed() {
            let (title, text) = (w.t("mechanisms-void"), w.t("mechanisms-void-why"));
            parts.push(Note::new(Tone::Attention, title, text).into());
        }
        parts.push(facts(&pairs));
    }
    if cx.can::<SignMemorandum>() && e.overall().is_some() && !e.signed() {
        parts.push(sign.into());
    }
    if cx.can::<ReviewMemorandum>() && e.signed() && !e.reviewed() {
        parts.push(review.into());
    }
    if e.overall().is_none() {
        parts.push(Html::text(&w.t("mechanisms-sign-later")));
    }
    parts
}

fn overview_page(cx: &Cx, seen: &Seen, sign: Form, review: Form) -> Page {
    let (w, e) = (cx.w, &seen.evaluation);
    let phases = e.phases();
    let done = phases.iter().filter(|p| **p).count();
    let answer = match e.overall() {
        Some(overall) => Html::text(&w.t1("mechanisms-answer", "overall", overall.shown()))
            .and(rating(w, overall.rating)),
        None => Html::text(&w.t1("mechanisms-answer-open", "done", done)),
    };
    let c = &seen.figures.cases;
    let share = |s: Option<crate::mechanisms::rules::rubric::Share>| {
        s.map_or_else(
            || w.t("mechanisms-not-counted"),
            |s| w.t2("mechanisms-of", "n", s.n, "of", s.of),
        )
    };
    let figure = |key: &str, value: String| {
        Figure::new(w, w.t(&format!("mechanisms-figure-{key}")), value)
            .definition(w.t(&format!("mechanisms-figure-{key}-counted")))
    };
    let figures = Figures::new(vec![
        figure("cases", w.number(c.numbers.len())),
        figure("in-time", share(c.in_time)),
        figure("escalated", share(c.escalated)),
        figure("complete", share(c.complete)),
        figure("trained", share(seen.figures.trained)),
    ]);
    let rows = PHASES.iter().zip(phases).enumerate().map(|(n, ((key, to), done))| {
        let cells: Vec<Cell> = vec![
            w.number(n + 1).into(),
            w.t(&format!("mechanisms-phase-{key}")).into(),
            w.t(&format!("mechanisms-phase-{key}-what")).into(),
            state(w, done).into(),
        ];
        Row::new(cells).to(seen.href(to))
    });
    let columns = vec![
        Column::new(w.t("mechanisms-n")).numeric(),
        Column::new(w.t("mechanisms-phase")),
        Column::new(w.t("mechanisms-phase-do")),
        Column::new(w.t("mechanisms-state")),
    ];
    let mut parts: Vec<Html> = vec![
        Note::new(Tone::Neutral, w.t("mechanisms-outside"), w.t("mechanisms-outside-why")).into(),
        Table::new(w, "phases", w.t("mechanisms-phases"), columns).rows(rows).cards().into(),
        heading(&w.t("mechanisms-figures")),
        figures.into(),
    ];
    parts.extend(signature(cx, seen, sign, review));
    let shell = frame(cx, seen, w.t("mechanisms-title"), answer)
        .action(Button::link(seen.href("/findings"), w.t("mechanisms-findings")))
        .action(Button::link(seen.href("/memorandum"), w.t("mechanisms-memorandum")));
    page(shell, parts)
}

/// `GET /examination/{engagement}/mechanisms`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn overview(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let (sign, review) = (sign_form(&cx, &seen), review_form(&cx, &seen));
    cx.page(&overview_page(&cx, &seen, sign, review))
}

/// `POST /examination/{engagement}/mechanisms/sign`
///
/// # Errors
/// As [`overview`].
pub async fn sign(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<SignMemorandum, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let mut form = filled(sign_form(&cx, &seen), &pairs);
    let (at, text) = (version(&form), form.typed("conclusion").to_owned());
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<SignMemorandum>| {
        service::sign(tx, env, permit, at, &text)
    };
    if submit(&cx, &pairs, seen.engagement(), &mut form, command).await? {
        return done(&cx, &seen.href(""), "mechanisms-saved-sign").await;
    }
    let review = review_form(&cx, &seen);
    cx.page_again(&overview_page(&cx, &seen, form, review))
}

/// `POST /examination/{engagement}/mechanisms/review`
///
/// # Errors
/// As [`overview`].
pub async fn review(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<ReviewMemorandum, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let mut form = filled(review_form(&cx, &seen), &pairs);
    let (at, text) = (version(&form), form.typed("note").to_owned());
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<ReviewMemorandum>| {
        service::review(tx, env, permit, at, &text)
    };
    if submit(&cx, &pairs, seen.engagement(), &mut form, command).await? {
        return done(&cx, &seen.href(""), "mechanisms-saved-review").await;
    }
    let sign = sign_form(&cx, &seen);
    cx.page_again(&overview_page(&cx, &seen, sign, form))
}
