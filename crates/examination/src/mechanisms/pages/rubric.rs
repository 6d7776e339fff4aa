//! Phase 5: five scores, each with what the figures propose and what shows it; the weights.

use super::overview::rating;
use super::{
    Seen, area, evidence_field, frame, lines, named, page, seen, seen_version, shown_by, version,
};
use crate::evaluations::pages::opened;
use crate::mechanisms::model::Weights;
use crate::mechanisms::permits::EvaluateMechanisms;
use crate::mechanisms::rules::rubric::{Dimension, Proposed, propose};
use crate::mechanisms::service;
use crate::pages::{done, filled, heading, sentences, submit};
use axum::extract::Path;
use cases::surveys::model::SurveyId;
use cases::surveys::rules::bank;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Cell, Choice, Column, Field, Form, Html, Kind, Page, Row, Status, Table, Tone, facts, fold,
    prose, stack,
};
use platform::words::Words;
use std::collections::BTreeSet;

/// What is proposed as evidence of a dimension that has no score yet; whoever scores it keeps or removes it.
fn proposed_evidence(seen: &Seen, dimension: Dimension) -> Vec<String> {
    let voices = seen.figures.asked.iter().flatten().filter(|_| dimension == Dimension::Awareness);
    // One survey may have asked both groups.
    let surveys: BTreeSet<SurveyId> = voices.map(|v| v.survey).collect();
    surveys.iter().map(|id| format!("/surveys/{id}")).collect()
}

/// What the organisation's own surveys say of awareness, each with how many answered; or why nothing is read
/// of them.
fn voices(w: Words, seen: &Seen) -> Html {
    let Some(voices) = &seen.figures.asked else {
        return Html::text(&w.t("mechanisms-no-consent"));
    };
    if voices.is_empty() {
        return Html::text(&w.t("mechanisms-nobody-surveyed"));
    }
    let zone = seen.papers.engagement.period.zone();
    stack(voices.iter().map(|v| {
        let asked = bank::question(v.question).map_or("", |q| q.text(w));
        let said = w.ta(
            "mechanisms-voice",
            &[
                ("who", named(w, "heard", v.heard.word()).into()),
                ("question", asked.into()),
                ("n", v.share.n.into()),
                ("of", v.share.of.into()),
                ("closed", w.date(zone.local(v.closed_at).date()).into()),
            ],
        );
        let invited = v.invited.map(|n| w.t1("mechanisms-voice-invited", "invited", n));
        let link = Html::link(&format!("/surveys/{}", v.survey), v.title.as_str());
        link.and(Html::text(&format!(": {said} {}", invited.unwrap_or_default())))
    }))
}

fn score_form(cx: &Cx, seen: &Seen, dimension: Dimension) -> Form {
    let (w, old) = (cx.w, seen.evaluation.score(dimension));
    let proposed = proposed_evidence(seen, dimension);
    let scores = (1..=5_u8).rev().map(|n| {
        let key = format!("mechanisms-scale-{}-{n}", dimension.word());
        Choice::new(n.to_string(), w.number(u32::from(n))).hint(w.t(&key))
    });
    let action = seen.href(&format!("/rubric?dimension={}", dimension.word()));
    Form::post(w, action, &cx.shell().csrf, w.t("mechanisms-save-score"))
        .apart(dimension.word())
        .key(cx.form_key())
        .version(seen_version(old.map(|k| k.version)))
        .field(
            Field::new(w, "score", w.t("mechanisms-score"), Kind::Radio(scores.collect()))
                .required()
                .value(old.map(|k| k.body.score.to_string()).unwrap_or_default()),
        )
        .field(area(w, "reason", 3, old.map_or("", |k| k.body.reason.as_str())))
        .field(evidence_field(w, old.map_or(&proposed, |k| &k.body.evidence), true))
}

fn weights_form(cx: &Cx, seen: &Seen) -> Form {
    let (w, old) = (cx.w, seen.evaluation.weights.as_ref());
    let now = seen.evaluation.weights();
    let mut form =
        Form::post(w, seen.href("/weights"), &cx.shell().csrf, w.t("mechanisms-save-weights"))
            .apart("weights")
            .key(cx.form_key())
            .version(seen_version(old.map(|k| k.version)));
    for (dimension, weight) in Dimension::ALL.iter().zip(now) {
        form = form.field(
            Field::new(w, dimension.word(), named(w, "dimension", dimension.word()), Kind::Number)
                .required()
                .value(weight.to_string()),
        );
    }
    form.field(area(w, "reason", 2, old.map_or("", |k| k.body.reason.as_str())))
}

fn one(cx: &Cx, seen: &Seen, proposed: &Proposed, form: Form, open: bool) -> Vec<Html> {
    let w = cx.w;
    let dimension = proposed.dimension;
    let mut parts = vec![heading(&named(w, "dimension", dimension.word()))];
    let basis = named(w, "basis", proposed.basis.word());
    let mut pairs = vec![(
        w.t("mechanisms-proposed"),
        match proposed.score {
            Some(score) => Html::text(&w.t2(
                "mechanisms-proposed-score",
                "score",
                u32::from(score),
                "basis",
                basis,
            )),
            None => Html::text(&w.t("mechanisms-proposed-none")),
        },
    )];
    if !proposed.reasons.is_empty() {
        pairs.push((w.t("mechanisms-because"), sentences(&proposed.reasons)));
    }
    if dimension == Dimension::Awareness {
        pairs.push((w.t("mechanisms-voices"), voices(w, seen)));
    }
    if let Some(given) = seen.evaluation.score(dimension) {
        pairs.push((w.t("mechanisms-score"), w.number(u32::from(given.body.score)).into()));
        if given.body.proposed.is_some_and(|p| given.body.score > p) {
            let above = Status::new(Tone::Attention, w.t("mechanisms-above"));
            pairs.push((w.t("mechanisms-state"), above.into()));
        }
        pairs.push((w.t("mechanisms-reason"), prose(&given.body.reason)));
        pairs.push((w.t("mechanisms-evidence"), shown_by(seen.engagement(), &given.body.evidence)));
        pairs.push((w.t("mechanisms-scored-by"), seen.names.of(&given.actor).into()));
        if given.body.proposed != proposed.score {
            pairs.push((
                w.t("mechanisms-proposed-changed"),
                w.t("mechanisms-proposed-changed-why").into(),
            ));
        }
    }
    parts.push(facts(pairs));
    if cx.can::<EvaluateMechanisms>() {
        parts.push(fold(&w.t("mechanisms-score-it"), open, form));
    }
    parts
}

fn rubric_page(cx: &Cx, seen: &Seen, sent: Option<(Dimension, Form)>, weights: Form) -> Page {
    let (w, e) = (cx.w, &seen.evaluation);
    let all = propose(&seen.figures.known());
    let columns = ["dimension", "weight", "proposed", "score"]
        .map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let rows = all.iter().zip(e.weights()).map(|(p, weight)| {
        let given =
            e.score(p.dimension).map(|k| w.number(u32::from(k.body.score))).unwrap_or_default();
        let cells: Vec<Cell> = vec![
            named(w, "dimension", p.dimension.word()).into(),
            w.number(u32::from(weight)).into(),
            p.score.map(|s| w.number(u32::from(s))).unwrap_or_default().into(),
            given.into(),
        ];
        Row::new(cells)
    });
    let mut parts: Vec<Html> =
        vec![Table::new(w, "scores", w.t("mechanisms-scores"), columns.to_vec()).rows(rows).into()];
    parts.push(prose(&super::overall_rule(w, &seen.evaluation.cut_offs)));
    let (chosen, mut sent) = sent.map_or((None, None), |(d, form)| (Some(d), Some(form)));
    for p in &all {
        let form = match &mut sent {
            Some(_) if chosen == Some(p.dimension) => sent.take(),
            _ => None,
        };
        let open = form.is_some() || e.score(p.dimension).is_none();
        let form = form.unwrap_or_else(|| score_form(cx, seen, p.dimension));
        parts.extend(one(cx, seen, p, form, open));
    }
    if cx.can::<EvaluateMechanisms>() {
        let open = !weights.ok();
        parts.push(fold(&w.t("mechanisms-weights"), open, weights));
    }
    let given = e.scores.len();
    let answer = match e.overall() {
        Some(overall) => Html::text(&w.t1("mechanisms-answer", "overall", overall.shown()))
            .and(rating(w, overall.rating)),
        None => Html::text(&w.t1("mechanisms-rubric-answer-open", "given", given)),
    };
    page(frame(cx, seen, w.t("mechanisms-rubric-title"), answer), parts)
}

/// `GET /examination/{engagement}/mechanisms/rubric`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn rubric(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let weights = weights_form(&cx, &seen);
    cx.page(&rubric_page(&cx, &seen, None, weights))
}

/// `POST /examination/{engagement}/mechanisms/rubric?dimension=`
///
/// # Errors
/// As [`rubric`].
pub async fn score(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let dimension = cx
        .param("dimension")
        .and_then(|d| Dimension::from_word(&d))
        .ok_or(Failure::Refused(Refusal::NotFound))?;
    let mut form = filled(score_form(&cx, &seen, dimension), &pairs);
    let (at, score) = (version(&form), form.typed("score").parse().unwrap_or(0));
    let (reason, shown) = (form.typed("reason").to_owned(), lines(&form, "evidence"));
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
        service::score(tx, env, permit, at, (dimension, score, &reason, &shown))
    };
    if submit(&cx, &pairs, seen.engagement(), &mut form, command).await? {
        return done(&cx, &seen.href("/rubric"), "mechanisms-saved").await;
    }
    let weights = weights_form(&cx, &seen);
    cx.page_again(&rubric_page(&cx, &seen, Some((dimension, form)), weights))
}

/// `POST /examination/{engagement}/mechanisms/weights`
///
/// # Errors
/// As [`rubric`].
pub async fn weights(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let mut form = filled(weights_form(&cx, &seen), &pairs);
    let mut given = [0_u8; 5];
    for (place, dimension) in given.iter_mut().zip(Dimension::ALL) {
        match form.typed(dimension.word()).parse::<u8>() {
            Ok(weight) => *place = weight,
            Err(_) => form.error(dimension.word(), cx.w.t("mechanisms-weight-wrong")),
        }
    }
    let input = Weights { weights: given, reason: form.typed("reason").to_owned() };
    let at = version(&form);
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
        service::set_weights(tx, env, permit, at, &input)
    };
    if submit(&cx, &pairs, seen.engagement(), &mut form, command).await? {
        return done(&cx, &seen.href("/rubric"), "mechanisms-saved").await;
    }
    cx.page_again(&rubric_page(&cx, &seen, None, form))
}
