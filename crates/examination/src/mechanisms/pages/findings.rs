//! Strengths and weaknesses, recommendations by effect, the logs of improvements and changes.

use super::{
    Seen, area, at, choices, evidence_field, frame, lines, named, page, paper_of, seen,
    seen_version, shown_by, version,
};
use crate::evaluations::pages::{finish, opened};
use crate::mechanisms::model::{
    Change, Improvement, Kept, PaperKind, Point, PointKind, Recommendation, Response,
};
use crate::mechanisms::permits::EvaluateMechanisms;
use crate::mechanisms::rules::priority::Effect;
use crate::mechanisms::rules::rubric::Dimension;
use crate::mechanisms::service;
use crate::pages::{alone, done, filled, heading, submit};
use axum::extract::Path;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::{Result as Stored, Tx};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Empty, Field, Form, Html, Kind, Note, Page, Status, Tone, facts, fold, prose,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One of the forms of the page, as it was sent.
enum Sent {
    Point(Form),
    Recommendation(Form),
    Improvement(Form),
    Change(Form),
}

fn begin(cx: &Cx, seen: &Seen, to: &str, save: &str, paper: Option<(&str, i64)>) -> Form {
    let w = cx.w;
    Form::post(w, seen.href(to), &cx.shell().csrf, w.t(save))
        .apart(to.trim_start_matches('/'))
        .key(cx.form_key())
        .hide("paper", paper.map_or("", |(key, _)| key))
        .version(seen_version(paper.map(|(_, v)| v)))
}

fn place<T>(old: Option<&Kept<T>>) -> Option<(&str, i64)> {
    old.map(|k| (k.key.as_str(), k.version))
}

fn point_form(cx: &Cx, seen: &Seen, old: Option<&Kept<Point>>) -> Form {
    let (w, body) = (cx.w, old.map(|k| &k.body));
    let kinds: Vec<&'static str> = PointKind::ALL.iter().map(|k| k.word()).collect();
    let dimensions: Vec<&'static str> = Dimension::ALL.iter().map(|d| d.word()).collect();
    begin(cx, seen, "/points", "mechanisms-save-point", place(old))
        .field(
            Field::new(
                w,
                "kind",
                w.t("mechanisms-point-kind"),
                Kind::Radio(choices(w, "point", &kinds)),
            )
            .required()
            .value(body.map_or("", |b| b.kind.word())),
        )
        .field(
            Field::new(
                w,
                "dimension",
                w.t("mechanisms-dimension"),
                Kind::Select(choices(w, "dimension", &dimensions)),
            )
            .required()
            .value(body.map_or("", |b| b.dimension.word())),
        )
        .field(area(w, "text", 3, body.map_or("", |b| b.text.as_str())))
        .field(evidence_field(w, body.map_or(&[], |b| b.evidence.as_slice()), true))
}

fn recommendation_form(cx: &Cx, seen: &Seen, old: Option<&Kept<Recommendation>>) -> Form {
    let (w, body) = (cx.w, old.map(|k| &k.body));
    let effects: Vec<&'static str> = Effect::ALL.iter().map(|e| e.word()).collect();
    let responses: Vec<&'static str> = Response::ALL.iter().map(|r| r.word()).collect();
    let mut weaknesses = vec![Choice::new("", w.t("mechanisms-no-weakness"))];
    let all = seen.evaluation.points.iter().filter(|p| p.body.kind == PointKind::Weakness);
    weaknesses.extend(
        all.map(|p| Choice::new(p.key.clone(), kernel::refusal::excerpt(&p.body.text, 80))),
    );
    let effect = |name: &str, value: Option<Effect>| {
        Field::new(
            w,
            name,
            w.t(&format!("mechanisms-effect-on-{name}")),
            Kind::Radio(choices(w, "effect", &effects)),
        )
        .required()
        .value(value.map_or("", Effect::word))
    };
    begin(cx, seen, "/recommendations", "mechanisms-save-recommendation", place(old))
        .field(
            area(w, "text", 3, body.map_or("", |b| b.text.as_str()))
                .hint(w.t("mechanisms-recommend-hint")),
        )
        .field(
            Field::new(w, "weakness", w.t("mechanisms-speaks-to"), Kind::Select(weaknesses))
                .value(body.and_then(|b| b.weakness.clone()).unwrap_or_default()),
        )
        .field(effect("security", body.map(|b| b.security)))
        .field(effect("availability", body.map(|b| b.availability)))
        .field(
            Field::new(
                w,
                "response",
                w.t("mechanisms-response"),
                Kind::Radio(choices(w, "response", &responses)),
            )
            .required()
            .value(body.map_or(Response::Open, |b| b.response).word()),
        )
        .field(
            Field::new(w, "response_note", w.t("mechanisms-response-note"), Kind::Area(2))
                .max(4_000)
                .hint(w.t("mechanisms-response-note-hint"))
                .value(body.map_or("", |b| b.response_note.as_str())),
        )
}

fn date(cx: &Cx, name: &str, value: &str) -> Field {
    Field::new(cx.w, name, cx.w.t(&format!("mechanisms-{}", name.replace('_', "-"))), Kind::Date)
        .value(value)
}

fn improvement_form(cx: &Cx, seen: &Seen, old: Option<&Kept<Improvement>>) -> Form {
    let (w, body) = (cx.w, old.map(|k| &k.body));
    begin(cx, seen, "/improvements", "mechanisms-save-improvement", place(old))
        .field(date(cx, "on", body.map_or("", |b| b.on.as_str())).required())
        .field(area(w, "change", 2, body.map_or("", |b| b.change.as_str())))
        .field(area(w, "expected", 2, body.map_or("", |b| b.expected.as_str())))
        .field(date(cx, "follow_up_on", body.map_or("", |b| b.follow_up_on.as_str())))
        .field(
            Field::new(w, "follow_up", w.t("mechanisms-follow-up"), Kind::Area(2))
                .max(4_000)
                .value(body.map_or("", |b| b.follow_up.as_str())),
        )
}

fn change_form(cx: &Cx, seen: &Seen, old: Option<&Kept<Change>>) -> Form {
    let (w, body) = (cx.w, old.map(|k| &k.body));
    begin(cx, seen, "/changes", "mechanisms-save-change", place(old))
        .field(date(cx, "on", body.map_or("", |b| b.on.as_str())).required())
        .field(area(w, "change", 2, body.map_or("", |b| b.change.as_str())))
        .field(area(w, "reason", 2, body.map_or("", |b| b.reason.as_str())))
}

fn withdraw_form(cx: &Cx, seen: &Seen, kind: PaperKind, (key, version): (&str, i64)) -> Form {
    let w = cx.w;
    Form::post(w, seen.href("/withdraw"), &cx.shell().csrf, w.t("mechanisms-withdraw"))
        .apart(key)
        .key(cx.form_key())
        .hide("kind", kind.word())
        .hide("paper", key)
        .version(seen_version(Some(version)))
        .field(
            Field::new(w, "reason", w.t("mechanisms-withdraw-why"), Kind::Text)
                .required()
                .max(1_000),
        )
}

/// The way to change or withdraw a paper.
fn links(cx: &Cx, seen: &Seen, kind: PaperKind, key: &str, version: i64) -> Html {
    let w = cx.w;
    if !cx.can::<EvaluateMechanisms>() {
        return Html::text("");
    }
    let to = seen.href(&format!("/findings?{}={key}", kind.word()));
    let form = withdraw_form(cx, seen, kind, (key, version));
    Html::link(&to, w.t("mechanisms-change-it")).and(fold(
        &w.t("mechanisms-withdraw-it"),
        false,
        form,
    ))
}

fn point_parts(cx: &Cx, seen: &Seen, kind: PointKind) -> Vec<Html> {
    let w = cx.w;
    let all: Vec<&Kept<Point>> =
        seen.evaluation.points.iter().filter(|p| p.body.kind == kind).collect();
    if all.is_empty() {
        return vec![prose(&w.t("mechanisms-points-none"))];
    }
    all.into_iter()
        .map(|k| {
            let body = facts(vec![
                (
                    w.t("mechanisms-dimension"),
                    named(w, "dimension", k.body.dimension.word()).into(),
                ),
                (w.t("mechanisms-text"), prose(&k.body.text)),
                (w.t("mechanisms-evidence"), shown_by(seen.engagement(), &k.body.evidence)),
                (w.t("mechanisms-paper"), links(cx, seen, PaperKind::Point, &k.key, k.version)),
            ]);
            fold(&kernel::refusal::excerpt(&k.body.text, 100), true, body)
        })
        .collect()
}

pub(super) fn response(w: platform::words::Words, response: Response) -> Status {
    let tone = match response {
        Response::Open => Tone::Waiting,
        Response::Accepted | Response::Done => Tone::Good,
        Response::Declined => Tone::Neutral,
    };
    Status::new(tone, named(w, "response", response.word()))
}

fn recommendation_parts(cx: &Cx, seen: &Seen) -> Vec<Html> {
    let (w, e) = (cx.w, &seen.evaluation);
    if e.recommendations.is_empty() {
        return vec![
            Empty::new(
                w.t("mechanisms-recommendations-none"),
                w.t("mechanisms-recommendations-none-next"),
            )
            .into(),
        ];
    }
    e.recommendations
        .iter()
        .enumerate()
        .map(|(n, k)| {
            let b = &k.body;
            let weakness =
                b.weakness.as_ref().and_then(|key| e.points.iter().find(|p| p.key == *key));
            let body = facts(vec![
                (w.t("mechanisms-text"), prose(&b.text)),
                (w.t("mechanisms-speaks-to"), weakness.map_or("", |p| p.body.text.as_str()).into()),
                (
                    w.t("mechanisms-effect-on-security"),
                    named(w, "effect", b.security.word()).into(),
                ),
                (
                    w.t("mechanisms-effect-on-availability"),
                    named(w, "effect", b.availability.word()).into(),
                ),
                (w.t("mechanisms-response"), response(w, b.response).into()),
                (w.t("mechanisms-response-note"), prose(&b.response_note)),
                (
                    w.t("mechanisms-paper"),
                    links(cx, seen, PaperKind::Recommendation, &k.key, k.version),
                ),
            ]);
            fold(&format!("{}. {}", n + 1, kernel::refusal::excerpt(&b.text, 100)), true, body)
        })
        .collect()
}

fn log_parts(cx: &Cx, seen: &Seen) -> (Vec<Html>, Vec<Html>) {
    let (w, e) = (cx.w, &seen.evaluation);
    let improvements = e.improvements.iter().map(|k| {
        let b = &k.body;
        let body = facts(vec![
            (w.t("mechanisms-change"), prose(&b.change)),
            (w.t("mechanisms-expected"), prose(&b.expected)),
            (w.t("mechanisms-follow-up-on"), b.follow_up_on.as_str().into()),
            (w.t("mechanisms-follow-up"), prose(&b.follow_up)),
            (w.t("mechanisms-paper"), links(cx, seen, PaperKind::Improvement, &k.key, k.version)),
        ]);
        fold(&format!("{}: {}", b.on, kernel::refusal::excerpt(&b.change, 80)), true, body)
    });
    let changes = e.changes.iter().map(|k| {
        let b = &k.body;
        let body = facts(vec![
            (w.t("mechanisms-change"), prose(&b.change)),
            (w.t("mechanisms-reason"), prose(&b.reason)),
            (w.t("mechanisms-paper"), links(cx, seen, PaperKind::Change, &k.key, k.version)),
        ]);
        fold(&format!("{}: {}", b.on, kernel::refusal::excerpt(&b.change, 80)), true, body)
    });
    (improvements.collect(), changes.collect())
}

/// The paper of a list that the address asks to change.
fn asked<'s, T>(cx: &Cx, kind: PaperKind, all: &'s [Kept<T>]) -> Option<&'s Kept<T>> {
    let key = cx.param(kind.word())?;
    all.iter().find(|k| k.key == key)
}

fn findings_page(cx: &Cx, seen: &Seen, sent: Option<Sent>) -> Page {
    let (w, e) = (cx.w, &seen.evaluation);
    let weak = e.points.iter().filter(|p| p.body.kind == PointKind::Weakness).count();
    let answer = w.t2(
        "mechanisms-findings-answer",
        "weaknesses",
        weak,
        "recommendations",
        e.recommendations.len(),
    );
    let (mut p, mut r, mut i, mut c) = (None, None, None, None);
    match sent {
        Some(Sent::Point(form)) => p = Some(form),
        Some(Sent::Recommendation(form)) => r = Some(form),
        Some(Sent::Improvement(form)) => i = Some(form),
        Some(Sent::Change(form)) => c = Some(form),
        None => {}
    }
    let may = cx.can::<EvaluateMechanisms>();
    let mut parts: Vec<Html> = Vec::new();
    let add = |parts: &mut Vec<Html>, key: &str, open: bool, form: Form| {
        if may {
            parts.push(fold(&w.t(key), open, form));
        }
    };
    let old = asked(cx, PaperKind::Point, &e.points);
    let open = p.is_some() || old.is_some();
    for kind in PointKind::ALL {
        parts.push(heading(&named(w, "points", kind.word())));
        parts.extend(point_parts(cx, seen, *kind));
    }
    add(&mut parts, "mechanisms-add-point", open, p.unwrap_or_else(|| point_form(cx, seen, old)));
    parts.push(heading(&w.t("mechanisms-recommendations")));
    parts.push(
        Note::new(
            Tone::Neutral,
            w.t("mechanisms-independence"),
            w.t("mechanisms-independence-why"),
        )
        .into(),
    );
    parts.extend(recommendation_parts(cx, seen));
    let old = asked(cx, PaperKind::Recommendation, &e.recommendations);
    let open = r.is_some() || old.is_some();
    add(
        &mut parts,
        "mechanisms-add-recommendation",
        open,
        r.unwrap_or_else(|| recommendation_form(cx, seen, old)),
    );
    let (improvements, changes) = log_parts(cx, seen);
    parts.push(heading(&w.t("mechanisms-improvements")));
    parts.extend(improvements);
    let old = asked(cx, PaperKind::Improvement, &e.improvements);
    let open = i.is_some() || old.is_some();
    add(
        &mut parts,
        "mechanisms-add-improvement",
        open,
        i.unwrap_or_else(|| improvement_form(cx, seen, old)),
    );
    parts.push(heading(&w.t("mechanisms-changes")));
    parts.extend(changes);
    let old = asked(cx, PaperKind::Change, &e.changes);
    let open = c.is_some() || old.is_some();
    add(&mut parts, "mechanisms-add-change", open, c.unwrap_or_else(|| change_form(cx, seen, old)));
    page(frame(cx, seen, w.t("mechanisms-findings-title"), answer), parts)
}

/// `GET /examination/{engagement}/mechanisms/findings`, with `?point=` and the like the form of one.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn findings(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    cx.page(&findings_page(&cx, &seen, None))
}

/// A form of a paper as it was sent. Where the paper was withdrawn meanwhile, it says so and is one for a
/// new paper, with what was typed.
fn sent(cx: &Cx, pairs: &Pairs, blank: Form, gone: bool) -> Form {
    let mut form = filled(blank, pairs);
    if gone {
        form.error("", cx.w.t("mechanisms-paper-gone"));
    }
    form
}

/// Carries out what a form of the page asks for.
async fn write<T, F>(
    cx: &Cx,
    pairs: &Pairs,
    seen: &Seen,
    (form, of): (Form, fn(Form) -> Sent),
    command: Option<F>,
) -> Answer
where
    T: Serialize + DeserializeOwned + Send + 'static,
    F: FnMut(&mut Tx<'_>, &mut Env, &Permit<EvaluateMechanisms>) -> Stored<T> + Send + 'static,
{
    let to = seen.href("/findings");
    finish(cx, pairs, form, (seen.engagement(), &to, "mechanisms-saved"), command, |form| {
        findings_page(cx, seen, Some(of(form)))
    })
    .await
}

/// `POST /examination/{engagement}/mechanisms/points`
///
/// # Errors
/// As [`findings`].
pub async fn point(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let (old, gone) = paper_of(&seen.evaluation.points, &pairs);
    let form = sent(&cx, &pairs, point_form(&cx, &seen, old), gone);
    let kind = PointKind::from_word(form.typed("kind"));
    let input = kind.zip(Dimension::from_word(form.typed("dimension"))).map(|(kind, dimension)| {
        let (text, evidence) = (form.typed("text").to_owned(), lines(&form, "evidence"));
        Point { kind, dimension, text, evidence }
    });
    let at = at(&form);
    let command = input.map(|input| {
        move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
            service::state_point(tx, env, permit, at.clone(), &input)
        }
    });
    write(&cx, &pairs, &seen, (form, Sent::Point), command).await
}

/// `POST /examination/{engagement}/mechanisms/recommendations`
///
/// # Errors
/// As [`findings`].
pub async fn recommendation(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let (old, gone) = paper_of(&seen.evaluation.recommendations, &pairs);
    let form = sent(&cx, &pairs, recommendation_form(&cx, &seen, old), gone);
    let effect = |name: &str| Effect::from_word(form.typed(name));
    let words = effect("security")
        .zip(effect("availability"))
        .zip(Response::from_word(form.typed("response")));
    let input = words.map(|((security, availability), response)| Recommendation {
        text: form.typed("text").to_owned(),
        weakness: Some(form.typed("weakness").to_owned()).filter(|k| !k.is_empty()),
        security,
        availability,
        response,
        response_note: form.typed("response_note").to_owned(),
    });
    let at = at(&form);
    let command = input.map(|input| {
        move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
            service::recommend(tx, env, permit, at.clone(), &input)
        }
    });
    write(&cx, &pairs, &seen, (form, Sent::Recommendation), command).await
}

/// `POST /examination/{engagement}/mechanisms/improvements`
///
/// # Errors
/// As [`findings`].
pub async fn improvement(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let (old, gone) = paper_of(&seen.evaluation.improvements, &pairs);
    let form = sent(&cx, &pairs, improvement_form(&cx, &seen, old), gone);
    let text = |name: &str| form.typed(name).to_owned();
    let input = Improvement {
        on: text("on"),
        change: text("change"),
        expected: text("expected"),
        follow_up_on: text("follow_up_on"),
        follow_up: text("follow_up"),
    };
    let at = at(&form);
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
        service::log_improvement(tx, env, permit, at.clone(), &input)
    };
    write(&cx, &pairs, &seen, (form, Sent::Improvement), Some(command)).await
}

/// `POST /examination/{engagement}/mechanisms/changes`
///
/// # Errors
/// As [`findings`].
pub async fn change(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let (old, gone) = paper_of(&seen.evaluation.changes, &pairs);
    let form = sent(&cx, &pairs, change_form(&cx, &seen, old), gone);
    let text = |name: &str| form.typed(name).to_owned();
    let input = Change { on: text("on"), change: text("change"), reason: text("reason") };
    let at = at(&form);
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
        service::log_change(tx, env, permit, at.clone(), &input)
    };
    write(&cx, &pairs, &seen, (form, Sent::Change), Some(command)).await
}

/// `POST /examination/{engagement}/mechanisms/withdraw`: takes a paper of a list back.
///
/// # Errors
/// As [`findings`].
pub async fn withdraw(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let nothing = || Failure::Refused(Refusal::NotFound);
    let kind = pairs.get("kind").and_then(PaperKind::from_word).ok_or_else(nothing)?;
    let key = pairs.get("paper").map(str::to_owned).ok_or_else(nothing)?;
    let blank = withdraw_form(&cx, &seen, kind, (&key, 0)).cancel(seen.href("/findings"));
    let mut form = filled(blank, &pairs);
    let (at, reason) = (version(&form), form.typed("reason").to_owned());
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
        service::withdraw(tx, env, permit, kind, (&key, at), &reason)
    };
    if submit(&cx, &pairs, seen.engagement(), &mut form, command).await? {
        return done(&cx, &seen.href("/findings"), "mechanisms-saved").await;
    }
    alone(&cx, frame(&cx, &seen, cx.w.t("mechanisms-withdraw-it"), ""), form)
}
