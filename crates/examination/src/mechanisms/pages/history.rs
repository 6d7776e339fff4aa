//! Phase 4: cases drawn by seed and read with twelve questions, and seven questions about all cases.

use super::{
    Seen, area, choices, evidence_field, frame, lines, named, page, seen, seen_version, shown_by,
    state, version,
};
use crate::evaluations::pages::opened;
use crate::mechanisms::figures::{self, answered};
use crate::mechanisms::model::{CaseAnswer, CaseReview, Kept, PatternAnswer, Said};
use crate::mechanisms::permits::EvaluateMechanisms;
use crate::mechanisms::service;
use crate::pages::{done, filled, heading, sentences, submit};
use axum::extract::Path;
use cases::model::Case;
use cases::surveys::rules::bank::{self, Group};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Cell, Column, Empty, Field, Form, Html, Kind, Page, Row, Status, Table, Tone, facts, fold,
    prose,
};
use std::collections::BTreeMap;

fn review_of<'s>(seen: &'s Seen, number: &str) -> Option<&'s Kept<CaseReview>> {
    seen.evaluation.cases.iter().find(|c| c.body.number == number)
}

/// The numbers to be read: those drawn in their order, then those read for another reason.
pub(super) fn to_read(seen: &Seen) -> Vec<String> {
    let mut out: Vec<String> =
        seen.evaluation.draw.iter().flat_map(|d| d.body.numbers.clone()).collect();
    for case in &seen.evaluation.cases {
        if !out.contains(&case.body.number) {
            out.push(case.body.number.clone());
        }
    }
    out
}

fn draw_form(cx: &Cx, seen: &Seen) -> Form {
    let (w, old) = (cx.w, seen.evaluation.draw.as_ref());
    let drawn = old.map_or(0, |d| d.body.numbers.len());
    let proposed = seen.figures.cases.numbers.len().min(if drawn == 0 { 10 } else { drawn + 5 });
    Form::post(w, seen.href("/history"), &cx.shell().csrf, w.t("mechanisms-draw"))
        .key(cx.form_key())
        .version(seen_version(old.map(|d| d.version)))
        .field(
            Field::new(w, "size", w.t("mechanisms-size"), Kind::Number)
                .required()
                .hint(w.t2(
                    "mechanisms-size-hint",
                    "drawn",
                    drawn,
                    "of",
                    seen.figures.cases.numbers.len(),
                ))
                .value(proposed.to_string()),
        )
}

/// How many answered yes to each question, of those that apply.
pub(super) fn answers_table(w: platform::words::Words, seen: &Seen) -> Table {
    let found = answered(seen.evaluation.cases.iter().map(|c| &c.body));
    let columns = vec![
        Column::new(w.t("mechanisms-n")),
        Column::new(w.t("mechanisms-question")),
        Column::new(w.t("mechanisms-yes-of")).numeric(),
    ];
    let rows = bank::all().iter().filter(|q| q.group == Group::History).map(|q| {
        let share = found.get(&q.id).filter(|s| s.of > 0);
        let value = share.map_or_else(
            || w.t("mechanisms-not-counted"),
            |s| w.t2("mechanisms-of", "n", s.n, "of", s.of),
        );
        Row::new(vec![Html::id(&q.id).into(), q.text(w).into(), value.into()])
    });
    Table::new(w, "answers", w.t("mechanisms-answers"), columns).rows(rows).cards()
}

fn history_page(cx: &Cx, seen: &Seen, form: Form) -> Page {
    let (w, e) = (cx.w, &seen.evaluation);
    let numbers = to_read(seen);
    let read = numbers.iter().filter(|n| review_of(seen, n).is_some()).count();
    let columns = ["case", "chosen", "state", "no-answers"]
        .map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let rows = numbers.iter().map(|number| {
        let review = review_of(seen, number);
        let drawn = e.draw.as_ref().is_some_and(|d| d.body.numbers.contains(number));
        let how = if drawn { "mechanisms-by-seed" } else { "mechanisms-by-name" };
        let no: Vec<&str> = review
            .iter()
            .flat_map(|r| &r.body.answers)
            .filter(|(_, a)| a.said == Said::No)
            .map(|(id, _)| id.as_str())
            .collect();
        let cells: Vec<Cell> = vec![
            Html::id(number).into(),
            w.t(how).into(),
            state(w, review.is_some()).into(),
            no.join(", ").into(),
        ];
        Row::new(cells).to(seen.href(&format!("/cases/{number}")))
    });
    let table = Table::new(w, "cases", w.t("mechanisms-cases"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("mechanisms-cases-none"), w.t("mechanisms-cases-none-next")));
    let mut parts: Vec<Html> = vec![table.into()];
    if let Some(d) = &e.draw {
        parts.push(facts(vec![
            (w.t("mechanisms-population"), w.number(d.body.population).into()),
            (w.t("mechanisms-population-hash"), Html::code(&d.body.population_sha256)),
            (w.t("mechanisms-seed"), Html::code(&d.body.seed)),
            (w.t("mechanisms-effective-seed"), Html::code(&d.body.effective_seed)),
        ]));
    }
    if cx.can::<EvaluateMechanisms>() {
        let open = e.draw.is_none() || !form.ok();
        parts.push(fold(&w.t("mechanisms-draw-more"), open, form));
    }
    parts.push(heading(&w.t("mechanisms-answers")));
    parts.push(answers_table(w, seen).into());
    parts.push(heading(&w.t("mechanisms-patterns")));
    let columns = ["n", "question", "state"].map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let rows = bank::all().iter().filter(|q| q.group == Group::Patterns).map(|q| {
        let given = e.patterns.iter().find(|p| p.key == q.id);
        let status = match given {
            Some(p) if p.body.weakness => {
                Status::new(Tone::Attention, w.t("mechanisms-weakness-found"))
            }
            given => state(w, given.is_some()),
        };
        let cells: Vec<Cell> = vec![Html::id(&q.id).into(), q.text(w).into(), status.into()];
        Row::new(cells).to(seen.href("/patterns"))
    });
    parts.push(
        Table::new(w, "patterns", w.t("mechanisms-patterns"), columns.to_vec())
            .rows(rows)
            .cards()
            .into(),
    );
    let answer = w.t2("mechanisms-history-answer", "read", read, "of", numbers.len());
    page(frame(cx, seen, w.t("mechanisms-history-title"), answer), parts)
}

/// `GET /examination/{engagement}/mechanisms/history`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn history(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let form = draw_form(&cx, &seen);
    cx.page(&history_page(&cx, &seen, form))
}

/// `POST /examination/{engagement}/mechanisms/history`: draws cases.
///
/// # Errors
/// As [`history`].
pub async fn draw(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let mut form = filled(draw_form(&cx, &seen), &pairs);
    let (at, size) = (version(&form), form.typed("size").parse().unwrap_or(0));
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
        service::draw(tx, env, permit, at, size)
    };
    if submit(&cx, &pairs, seen.engagement(), &mut form, command).await? {
        return done(&cx, &seen.href("/history"), "mechanisms-saved").await;
    }
    cx.page_again(&history_page(&cx, &seen, form))
}

/// A case with what its record says to each question.
struct Looked {
    case: Case,
    says: BTreeMap<&'static str, figures::Says>,
}

async fn looked(cx: &Cx, seen: &Seen, number: &str) -> Result<Looked, Failure> {
    let (owner, number) = (seen.papers.engagement.organisation, number.to_owned());
    let now = cx.env().now();
    cx.read(move |conn, _| {
        let case = cases::store::by_number(conn, owner, &number)?.ok_or(Refusal::NotFound)?;
        if case.canary || case.held {
            return Err(Refusal::NotFound.into());
        }
        let says = figures::of_case(conn, owner, &case, now)?;
        Ok(Looked { case, says })
    })
    .await
}

fn case_form(cx: &Cx, seen: &Seen, looked: &Looked) -> Form {
    let w = cx.w;
    let number = &looked.case.tracking_number;
    let old = review_of(seen, number);
    let said: Vec<&'static str> = Said::ALL.iter().map(|s| s.word()).collect();
    let action = seen.href(&format!("/cases/{number}"));
    let mut form = Form::post(w, action, &cx.shell().csrf, w.t("mechanisms-save-case"))
        .key(cx.form_key())
        .version(seen_version(old.map(|k| k.version)));
    for q in bank::all().iter().filter(|q| q.group == Group::History) {
        let given = old.and_then(|k| k.body.answers.get(&q.id));
        let record = looked.says.get(q.id.as_str()).map(|s| s.text.clone()).unwrap_or_default();
        form = form
            .heading(format!("{} {}", q.id, q.text(w)))
            .field(
                Field::new(
                    w,
                    format!("said-{}", q.id),
                    w.t("mechanisms-said"),
                    Kind::Radio(choices(w, "said", &said)),
                )
                .required()
                .hint(w.t1("mechanisms-record-says", "says", record))
                .value(given.map_or("", |g| g.said.word())),
            )
            .field(
                Field::new(w, format!("note-{}", q.id), w.t("mechanisms-shows-it"), Kind::Text)
                    .max(2_000)
                    .value(given.map_or("", |g| g.note.as_str())),
            );
    }
    let drawn = seen.evaluation.draw.as_ref().is_some_and(|d| d.body.numbers.contains(number));
    let reason = Field::new(w, "reason", w.t("mechanisms-why-this-case"), Kind::Area(2))
        .max(2_000)
        .value(old.map_or("", |k| k.body.reason.as_str()));
    if drawn { form } else { form.field(reason.required()) }
}

fn case_page(cx: &Cx, seen: &Seen, looked: &Looked, form: Form) -> Page {
    let (w, case) = (cx.w, &looked.case);
    let review = review_of(seen, &case.tracking_number);
    let answer = match review {
        Some(k) => {
            let no = k.body.answers.values().filter(|a| a.said == Said::No).count();
            w.t2("mechanisms-case-answer", "no", no, "by", seen.names.of(&k.actor))
        }
        None => w.t("mechanisms-case-answer-open"),
    };
    let zone = jiff::tz::TimeZone::UTC;
    let mut parts = vec![facts(vec![
        (
            w.t("mechanisms-case"),
            Html::link(&format!("/cases/{}", case.id), Html::id(&case.tracking_number)),
        ),
        (
            w.t("mechanisms-case-title"),
            if case.privacy == cases::model::Privacy::Open {
                case.title.as_str().into()
            } else {
                w.t("mechanisms-sealed").into()
            },
        ),
        (w.t("mechanisms-reported"), w.moment(case.reported_at, &zone).into()),
        (
            w.t("mechanisms-severity"),
            case.severity.map(|s| named(w, "severity", s.word())).unwrap_or_default().into(),
        ),
    ])];
    if cx.can::<EvaluateMechanisms>() {
        parts.push(form.into());
    } else if let Some(k) = review {
        let lines: Vec<String> = k
            .body
            .answers
            .iter()
            .map(|(id, a)| {
                let against =
                    a.against.as_ref().map(|says| w.t1("mechanisms-against", "says", says));
                let said = named(w, "said", a.said.word());
                format!("{id}: {said}. {} {}", a.note, against.unwrap_or_default())
            })
            .collect();
        parts.push(sentences(&lines));
    }
    let shell =
        frame(cx, seen, w.t1("mechanisms-case-read", "number", &case.tracking_number), answer)
            .crumb(seen.href("/history"), w.t("mechanisms-phase-history"));
    page(shell, parts)
}

/// `GET /examination/{engagement}/mechanisms/cases/{number}`
///
/// # Errors
/// Nothing is there for who may not read the file, and where there is no such case.
pub async fn case(cx: Cx, Path((engagement, number)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let looked = looked(&cx, &seen, &number).await?;
    let form = case_form(&cx, &seen, &looked);
    cx.page(&case_page(&cx, &seen, &looked, form))
}

/// `POST /examination/{engagement}/mechanisms/cases/{number}`
///
/// # Errors
/// As [`case`].
pub async fn read_case(
    cx: Cx,
    Path((engagement, number)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let looked = looked(&cx, &seen, &number).await?;
    let mut form = filled(case_form(&cx, &seen, &looked), &pairs);
    let answers = bank::all().iter().filter(|q| q.group == Group::History).filter_map(|q| {
        let said = Said::from_word(form.typed(&format!("said-{}", q.id)))?;
        let note = form.typed(&format!("note-{}", q.id)).to_owned();
        Some((q.id.clone(), CaseAnswer { said, note, against: None }))
    });
    let input = CaseReview {
        number: looked.case.tracking_number.clone(),
        reason: form.typed("reason").to_owned(),
        answers: answers.collect(),
    };
    let at = version(&form);
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
        service::read_case(tx, env, permit, at, &input)
    };
    if submit(&cx, &pairs, seen.engagement(), &mut form, command).await? {
        return done(&cx, &seen.href("/history"), "mechanisms-saved").await;
    }
    cx.page_again(&case_page(&cx, &seen, &looked, form))
}

fn pattern_form(cx: &Cx, seen: &Seen, question: &str) -> Form {
    let w = cx.w;
    let old = seen.evaluation.patterns.iter().find(|p| p.key == question);
    let body = old.map(|k| &k.body);
    let action = seen.href(&format!("/patterns?question={question}"));
    Form::post(w, action, &cx.shell().csrf, w.t("mechanisms-save-answer"))
        .apart(question)
        .key(cx.form_key())
        .version(seen_version(old.map(|k| k.version)))
        .field(area(w, "answer", 3, body.map_or("", |b| b.answer.as_str())))
        .field(
            Field::new(w, "weakness", w.t("mechanisms-points-to-weakness"), Kind::Box)
                .value(if body.is_some_and(|b| b.weakness) { "on" } else { "" }),
        )
        .field(evidence_field(w, body.map_or(&[], |b| b.evidence.as_slice()), false))
}

fn patterns_page(cx: &Cx, seen: &Seen, mut sent: Option<(String, Form)>) -> Page {
    let (w, e) = (cx.w, &seen.evaluation);
    let mut parts = vec![prose(&w.t("mechanisms-patterns-from"))];
    for q in bank::all().iter().filter(|q| q.group == Group::Patterns) {
        parts.push(heading(&format!("{} {}", q.id, q.text(w))));
        let mut pairs =
            vec![(w.t("mechanisms-figures-say"), sentences(&seen.figures.pattern(&q.id)))];
        let given = e.patterns.iter().find(|p| p.key == q.id);
        if let Some(k) = given {
            pairs.push((w.t("mechanisms-answer-given"), prose(&k.body.answer)));
            pairs.push((w.t("mechanisms-evidence"), shown_by(seen.engagement(), &k.body.evidence)));
            if k.body.weakness {
                pairs.push((
                    w.t("mechanisms-state"),
                    Status::new(Tone::Attention, w.t("mechanisms-weakness-found")).into(),
                ));
            }
        }
        parts.push(facts(pairs));
        if cx.can::<EvaluateMechanisms>() {
            let mine = sent.take_if(|(id, _)| *id == q.id);
            let open = mine.is_some() || given.is_none();
            let form = mine.map_or_else(|| pattern_form(cx, seen, &q.id), |(_, form)| form);
            parts.push(fold(&w.t("mechanisms-answer-it"), open, form));
        }
    }
    let answer = w.t1("mechanisms-patterns-answer", "given", e.patterns.len());
    let shell = frame(cx, seen, w.t("mechanisms-patterns-title"), answer)
        .crumb(seen.href("/history"), w.t("mechanisms-phase-history"));
    page(shell, parts)
}

/// `GET /examination/{engagement}/mechanisms/patterns`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn patterns(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    cx.page(&patterns_page(&cx, &seen, None))
}

/// `POST /examination/{engagement}/mechanisms/patterns?question=`
///
/// # Errors
/// As [`patterns`].
pub async fn pattern(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let question = cx
        .param("question")
        .filter(|id| bank::question(id).is_some_and(|q| q.group == Group::Patterns))
        .ok_or(Failure::Refused(Refusal::NotFound))?;
    let mut form = filled(pattern_form(&cx, &seen, &question), &pairs);
    let input = PatternAnswer {
        figures: Vec::new(),
        answer: form.typed("answer").to_owned(),
        weakness: form.typed("weakness") == "on",
        evidence: lines(&form, "evidence"),
    };
    let (at, asked) = (version(&form), question.clone());
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
        service::answer_pattern(tx, env, permit, (&asked, at), &input)
    };
    if submit(&cx, &pairs, seen.engagement(), &mut form, command).await? {
        return done(&cx, &seen.href("/patterns"), "mechanisms-saved").await;
    }
    cx.page_again(&patterns_page(&cx, &seen, Some((question, form))))
}
