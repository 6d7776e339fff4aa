//! Phase 2: what the reporting policy answers, and how it serves security and availability.

use super::{
    Seen, area, choices, evidence_field, frame, lines, named, page, seen, seen_version, shown_by,
    version,
};
use crate::evaluations::pages::opened;
use crate::mechanisms::model::{Covered, PolicyAnswer, PolicyReview};
use crate::mechanisms::permits::EvaluateMechanisms;
use crate::mechanisms::service;
use crate::pages::{done, filled, heading, submit};
use axum::extract::Path;
use cases::policy::model::{PolicyVersion, Topic};
use cases::policy::rules::checklist::checklist;
use kernel::env::Env;
use kernel::permit::Permit;
use platform::db::Tx;
use platform::http::{Answer, Cx, Pairs};
use platform::ui::{
    Cell, Column, Empty, Field, Form, Html, Kind, Note, Page, Row, Status, Table, Tone, facts,
    fold, prose,
};
use platform::words::Words;

fn words() -> Vec<&'static str> {
    Covered::ALL.iter().map(|c| c.word()).collect()
}

fn review_form(cx: &Cx, seen: &Seen, policy: &PolicyVersion) -> Form {
    let (w, old) = (cx.w, seen.evaluation.policy.as_ref());
    let body = old.map(|k| &k.body);
    let mut form =
        Form::post(w, seen.href("/policy"), &cx.shell().csrf, w.t("mechanisms-save-policy"))
            .key(cx.form_key())
            .hide("number", policy.number.to_string())
            .version(seen_version(old.map(|k| k.version)));
    for topic in Topic::ALL {
        let given = body.and_then(|b| b.answers.get(&topic));
        form = form
            .heading(named(w, "topic", topic.word()))
            .field(
                Field::new(
                    w,
                    format!("covered-{}", topic.word()),
                    w.t("mechanisms-covered"),
                    Kind::Radio(choices(w, "covered", &words())),
                )
                .required()
                .value(given.map_or("", |g| g.covered.word())),
            )
            .field(
                Field::new(
                    w,
                    format!("place-{}", topic.word()),
                    w.t("mechanisms-place"),
                    Kind::Text,
                )
                .required()
                .max(1_000)
                .value(given.map_or("", |g| g.place.as_str())),
            );
    }
    form.heading(w.t("mechanisms-alignment"))
        .field(
            area(w, "security", 3, body.map_or("", |b| b.security.as_str()))
                .hint(w.t("mechanisms-security-hint")),
        )
        .field(
            area(w, "availability", 3, body.map_or("", |b| b.availability.as_str()))
                .hint(w.t("mechanisms-availability-hint")),
        )
        .field(
            area(w, "upkeep", 3, body.map_or("", |b| b.upkeep.as_str()))
                .hint(w.t("mechanisms-upkeep-hint")),
        )
        .field(evidence_field(w, body.map_or(&[], |b| b.evidence.as_slice()), true))
}

fn read(form: &Form, number: i64) -> PolicyReview {
    let answers = Topic::ALL.into_iter().filter_map(|topic| {
        let covered = Covered::from_word(form.typed(&format!("covered-{}", topic.word())))?;
        let place = form.typed(&format!("place-{}", topic.word())).to_owned();
        Some((topic, PolicyAnswer { covered, place }))
    });
    PolicyReview {
        number,
        answers: answers.collect(),
        security: form.typed("security").to_owned(),
        availability: form.typed("availability").to_owned(),
        upkeep: form.typed("upkeep").to_owned(),
        evidence: lines(form, "evidence"),
    }
}

/// The twelve questions: what the text itself bears out, and what the auditor answered.
pub(super) fn checklist_table(w: Words, seen: &Seen, policy: &PolicyVersion) -> Table {
    let review = seen.evaluation.policy.as_ref();
    let columns = ["question", "text-says", "auditor-says", "place"]
        .map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let rows = checklist(&policy.body).into_iter().map(|answer| {
        let given = review.and_then(|r| r.body.answers.get(&answer.topic));
        let own = given.map_or_else(
            || Status::new(Tone::Waiting, w.t("mechanisms-open")),
            |g| {
                let tone = match g.covered {
                    Covered::Yes => Tone::Good,
                    Covered::Partly => Tone::Neutral,
                    Covered::No => Tone::Attention,
                };
                Status::new(tone, named(w, "covered", g.covered.word()))
            },
        );
        let cells: Vec<Cell> = vec![
            named(w, "topic", answer.topic.word()).into(),
            named(w, "covered", if answer.answered() { "yes" } else { "no" }).into(),
            own.into(),
            given.map_or("", |g| g.place.as_str()).into(),
        ];
        Row::new(cells)
    });
    Table::new(w, "checklist", w.t("mechanisms-checklist"), columns.to_vec()).rows(rows).cards()
}

/// Which criteria the policy serves, by what its text and its clocks hold.
pub(super) fn alignment_table(w: Words, seen: &Seen) -> Table {
    let columns =
        ["criterion", "serves", "missing"].map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let rows = seen.figures.alignment.iter().map(|a| {
        let missing: Vec<String> = a
            .unanswered
            .iter()
            .map(|t| named(w, "topic", t.word()))
            .chain(a.unmeasured.iter().map(|c| w.t1("mechanisms-clock", "clock", c.word())))
            .collect();
        let status = if a.served() {
            Status::new(Tone::Good, w.t("mechanisms-served"))
        } else {
            Status::new(Tone::Attention, w.t("mechanisms-not-served"))
        };
        let cells: Vec<Cell> =
            vec![Html::id(a.asked.criterion).into(), status.into(), missing.join("; ").into()];
        Row::new(cells)
    });
    Table::new(w, "alignment", w.t("mechanisms-alignment"), columns.to_vec()).rows(rows).cards()
}

fn policy_page(cx: &Cx, seen: &Seen, form: Option<Form>) -> Page {
    let w = cx.w;
    let Some(policy) = &seen.figures.policy else {
        let empty = Empty::new(w.t("mechanisms-policy-none"), w.t("mechanisms-policy-none-next"));
        let answer = w.t("mechanisms-policy-none");
        return page(frame(cx, seen, w.t("mechanisms-policy-title"), answer), vec![empty.into()]);
    };
    let review = seen.evaluation.policy.as_ref();
    let answer = match review {
        Some(r) => {
            let held = r.body.answers.values().filter(|a| a.covered == Covered::Yes).count();
            w.t2("mechanisms-policy-answer", "yes", held, "number", r.body.number)
        }
        None => w.t1("mechanisms-policy-answer-open", "number", policy.number),
    };
    let day = |at: Option<kernel::time::Timestamp>| {
        at.map(|t| w.date(t.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date())).unwrap_or_default()
    };
    let mut parts: Vec<Html> = Vec::new();
    if review.is_some_and(|r| r.body.number != policy.number) {
        let text = w.t1("mechanisms-policy-newer", "number", policy.number);
        parts.push(Note::new(Tone::Attention, w.t("mechanisms-policy-changed"), text).into());
    }
    parts.push(facts(vec![
        (w.t("mechanisms-policy-version"), Html::link("/cases/policy", w.number(policy.number))),
        (w.t("mechanisms-policy-approved"), day(policy.approved_at).into()),
        (w.t("mechanisms-policy-reviewed"), day(policy.reviewed_at).into()),
        (w.t("mechanisms-policy-due"), day(policy.review_due).into()),
    ]));
    parts.push(checklist_table(w, seen, policy).into());
    parts.push(heading(&w.t("mechanisms-alignment")));
    parts.push(alignment_table(w, seen).into());
    if let Some(r) = review {
        parts.push(facts(vec![
            (w.t("mechanisms-security"), prose(&r.body.security)),
            (w.t("mechanisms-availability"), prose(&r.body.availability)),
            (w.t("mechanisms-upkeep"), prose(&r.body.upkeep)),
            (w.t("mechanisms-evidence"), shown_by(seen.engagement(), &r.body.evidence)),
        ]));
    }
    if let Some(form) = form.filter(|_| cx.can::<EvaluateMechanisms>()) {
        let open = review.is_none() || !form.ok();
        parts.push(fold(&w.t("mechanisms-review-policy"), open, form));
    }
    page(frame(cx, seen, w.t("mechanisms-policy-title"), answer), parts)
}

/// `GET /examination/{engagement}/mechanisms/policy`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn policy(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let form = seen.figures.policy.as_ref().map(|p| review_form(&cx, &seen, p));
    cx.page(&policy_page(&cx, &seen, form))
}

/// `POST /examination/{engagement}/mechanisms/policy`
///
/// # Errors
/// As [`policy`].
pub async fn review_policy(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let Some(policy) = &seen.figures.policy else {
        return cx.page_again(&policy_page(&cx, &seen, None));
    };
    let mut form = filled(review_form(&cx, &seen, policy), &pairs);
    // What was read is the version that the form was made for.
    let number = pairs.get("number").and_then(|n| n.parse().ok()).unwrap_or(policy.number);
    let (at, input) = (version(&form), read(&form, number));
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
        service::review_policy(tx, env, permit, at, &input)
    };
    if submit(&cx, &pairs, seen.engagement(), &mut form, command).await? {
        return done(&cx, &seen.href("/policy"), "mechanisms-saved").await;
    }
    cx.page_again(&policy_page(&cx, &seen, Some(form)))
}
