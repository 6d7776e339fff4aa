//! `/training`: what must I learn, and by when? A course and its quiz; a text to confirm.

use super::{rhythm_word, status};
use crate::training::model::{
    Acknowledgement, Assignment, AssignmentId, Course, CourseId, Material, PutForward, TextId,
};
use crate::training::permits::TakeTraining;
use crate::training::rules::markup;
use crate::training::rules::quiz::Marked;
use crate::training::{service, store};
use axum::extract::Path;
use identity::pages::told::proof_file;
use jiff::tz::TimeZone;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Html, Kind, Note, Page, Row, Shell, Table,
    Tone, facts,
};
use std::collections::BTreeMap;

struct Mine {
    assignments: Vec<Assignment>,
    courses: BTreeMap<CourseId, Course>,
    texts: Vec<(PutForward, Option<Acknowledgement>)>,
}

async fn mine(cx: &Cx) -> Result<Mine, Failure> {
    cx.may::<TakeTraining>()?;
    let me = cx.person()?;
    cx.read(move |conn, actor| {
        let organisation = actor.party.ok_or(Refusal::NotFound)?;
        let courses = store::courses(conn, organisation)?;
        let mut texts = Vec::new();
        for text in store::texts(conn, organisation)? {
            if text.who.is_empty() || actor.roles.any(&text.who) {
                let known = store::acknowledgements(conn, organisation, text.id)?;
                texts.push((text, known.into_iter().find(|a| a.person == me)));
            }
        }
        // A version that a later one replaced no longer waits; that it was confirmed stays shown.
        let latest = texts.iter().fold(BTreeMap::new(), |mut all, (t, _)| {
            let latest = all.entry(t.subject.clone()).or_insert(t.number);
            *latest = t.number.max(*latest);
            all
        });
        texts.retain(|(t, known)| known.is_some() || latest.get(&t.subject) == Some(&t.number));
        Ok(Mine {
            assignments: store::assignments(conn, organisation, None, Some(me))?,
            courses: courses.into_iter().map(|c| (c.id, c)).collect(),
            texts,
        })
    })
    .await
}

/// `GET /training`
///
/// # Errors
/// When the reader does not belong to an organisation.
pub async fn show(cx: Cx) -> Answer {
    let w = cx.w;
    let (mine, now, zone) = (mine(&cx).await?, cx.env().now(), TimeZone::UTC);
    let open = mine.assignments.iter().filter(|a| a.is_open()).count();
    let unread = mine.texts.iter().filter(|(_, a)| a.is_none()).count();
    let late = mine.assignments.iter().filter(|a| a.is_open() && now > a.due_at).count();
    let mut shell = cx
        .shell()
        .at("training")
        .title(w.t("training-question"))
        .answer(w.ta(
            "training-answer",
            &[("open", open.into()), ("unread", unread.into()), ("late", late.into())],
        ))
        .action(Button::link("/training/practice", w.t("training-practise")));
    if cx.can::<crate::training::permits::ReadTraining>() {
        shell = shell.action(Button::link("/training/manage", w.t("training-manage")).quiet());
    }
    let columns =
        ["training-course", "training-why", "training-due", "training-state", "training-score"]
            .map(|k| Column::new(w.t(k)))
            .to_vec();
    let rows = mine.assignments.iter().map(|a| {
        let title = mine.courses.get(&a.course).map_or_else(String::new, |c| c.title.clone());
        let score = a
            .score
            .map_or_else(String::new, |(r, of)| w.t2("training-score-of", "right", r, "of", of));
        Row::new(vec![
            title.into(),
            rhythm_word(w, a.reason).into(),
            w.moment(a.due_at, &zone).into(),
            status(w, a, now).into(),
            score.into(),
        ])
        .to(format!("/training/assignments/{}", a.id))
        .missed(a.is_open() && now > a.due_at)
    });
    let courses = Table::new(w, "courses", w.t("training-courses"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("training-none"), w.t("training-none-text")));
    let columns = ["training-text", "training-version", "training-due", "training-state"]
        .map(|k| Column::new(w.t(k)))
        .to_vec();
    let rows = mine.texts.iter().map(|(t, known)| {
        let state: Html = match known {
            Some(a) => w.t1("training-read-on", "when", w.moment(a.at, &zone)).into(),
            None => w.t("training-unread").into(),
        };
        Row::new(vec![
            (&t.title).into(),
            t.number.into(),
            w.moment(t.due_at, &zone).into(),
            state.into(),
        ])
        .to(format!("/training/texts/{}", t.id))
    });
    let texts = Table::new(w, "texts", w.t("training-texts"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("training-texts-none"), w.t("training-texts-none-text")));
    cx.page(&Page::new(shell).part(courses).part(texts))
}

struct Seen {
    assignment: Assignment,
    course: Course,
    material: Material,
}

async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    cx.may::<TakeTraining>()?;
    let id: AssignmentId = id.parse().map_err(|_| Refusal::NotFound)?;
    let me = cx.person()?;
    cx.read(move |conn, actor| {
        let organisation = actor.party.ok_or(Refusal::NotFound)?;
        let assignment = store::assignment(conn, organisation, id)?
            .filter(|a| a.person == me)
            .ok_or(Refusal::NotFound)?;
        let course =
            store::course(conn, organisation, assignment.course)?.ok_or(Refusal::NotFound)?;
        let number = assignment.material.unwrap_or(course.material);
        let material =
            store::material(conn, organisation, course.id, number)?.ok_or(Refusal::NotFound)?;
        Ok(Seen { assignment, course, material })
    })
    .await
}

fn frame(cx: &Cx, title: &str) -> Shell {
    cx.shell().at("training").crumb("/training", cx.w.t("training-room")).title(title)
}

/// The quiz as a form. What is right is not in it.
fn form(cx: &Cx, seen: &Seen) -> Form {
    let w = cx.w;
    let action = format!("/training/assignments/{}", seen.assignment.id);
    let mut form = Form::post(w, action, &cx.shell().csrf, w.t("training-send"))
        .key(cx.form_key())
        .hide("material", seen.course.material.to_string());
    for (n, q) in seen.material.questions.iter().enumerate() {
        let choices = q
            .choices
            .iter()
            .enumerate()
            .map(|(i, c)| Choice::new(i.to_string(), c.clone()))
            .collect();
        let label = w.t2("training-question-n", "n", n + 1, "text", &q.text);
        // How many are right is not told by the kind of the field: every question takes several.
        form = form.field(Field::new(w, format!("q{n}"), label, Kind::Boxes(choices)).required());
    }
    form
}

fn page(cx: &Cx, seen: &Seen, form: Form, note: Option<Note>) -> Page {
    let (w, zone) = (cx.w, TimeZone::UTC);
    let a = &seen.assignment;
    let answer = match a.completed_at {
        Some(at) => w.t1("training-completed-answer", "when", w.moment(at, &zone)),
        None => w.t1("training-open-answer", "when", w.moment(a.due_at, &zone)),
    };
    let score = a
        .score
        .map_or_else(Html::empty, |(r, of)| w.t2("training-score-of", "right", r, "of", of).into());
    let mut page = Page::new(frame(cx, &seen.course.title).answer(answer));
    if let Some(note) = note {
        page = page.part(note);
    }
    page = page
        .part(facts(vec![
            (w.t("training-why"), rhythm_word(w, a.reason).into()),
            (w.t("training-state"), status(w, a, cx.env().now()).into()),
            (w.t("training-version"), a.material.unwrap_or(seen.course.material).into()),
            (
                w.t("training-mark"),
                w.t1("training-mark-value", "percent", seen.material.pass_percent).into(),
            ),
            (w.t("training-score"), score),
            (w.t("training-attempts"), a.attempts.into()),
        ]))
        .part(markup::page(&seen.material.text));
    if let Some(event) = a.completed_event {
        let href = format!("/training/assignments/{}/proofs/{event}", a.id);
        page = page.part(Html::link(&href, w.t("training-proof")));
        page = page.heading(&w.t("training-answers"));
        for q in &seen.material.questions {
            let right: Vec<&str> =
                q.right.iter().filter_map(|i| q.choices.get(*i)).map(String::as_str).collect();
            page = page.part(facts(vec![
                (w.t("training-asked"), q.text.as_str().into()),
                (w.t("training-right"), right.join("; ").into()),
                (w.t("training-because"), q.why.as_str().into()),
            ]));
        }
        page
    } else if a.is_open() {
        page.heading(&w.t("training-quiz")).part(form)
    } else {
        page
    }
}

/// `GET /training/assignments/{id}`
///
/// # Errors
/// When it is not the reader's.
pub async fn assignment(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    let form = form(&cx, &seen);
    cx.page(&page(&cx, &seen, form, None))
}

/// `POST /training/assignments/{id}`: answers the quiz.
///
/// # Errors
/// When the form is another session's, or the assignment another's.
pub async fn answer(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let now = seen(&cx, &id).await?;
    let mut form = form(&cx, &now);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let answers: Vec<Vec<usize>> = (0..now.material.questions.len())
            .map(|n| form.ticked(&format!("q{n}")).iter().filter_map(|v| v.parse().ok()).collect())
            .collect();
        let number: i64 = pairs.get("material").and_then(|m| m.parse().ok()).unwrap_or_default();
        let id = now.assignment.id;
        let done: Result<(bool, Vec<bool>), Failure> = cx
            .write_once(&pairs, move |tx, env, actor| {
                let owner = actor.party.ok_or(Refusal::NotFound)?;
                let permit = authorize::<TakeTraining>(actor, &Facts::of(owner))?;
                let Marked { each, passed } =
                    service::answer(tx, env, &permit, id, number, answers.clone())?;
                Ok((passed, each))
            })
            .await;
        match done {
            Ok((true, _)) => {
                let href = format!("/training/assignments/{id}");
                return cx.see_other(&href, Flash::Done(cx.w.t("training-passed"))).await;
            }
            Ok((false, each)) => {
                let wrong: Vec<String> = each
                    .iter()
                    .enumerate()
                    .filter(|(_, r)| !**r)
                    .map(|(n, _)| (n + 1).to_string())
                    .collect();
                let note = Note::new(
                    Tone::Attention,
                    cx.w.t("training-failed"),
                    cx.w.t1("training-failed-text", "questions", wrong.join(", ")),
                );
                let fresh = seen(&cx, &id.to_string()).await?;
                let mut again = self::form(&cx, &fresh);
                let kept: Vec<(String, String)> =
                    pairs.0.iter().filter(|(n, _)| n.starts_with('q')).cloned().collect();
                again.fill(&kept);
                return cx.page_again(&page(&cx, &fresh, again, Some(note)));
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &now, form, None))
}

/// `GET /training/assignments/{id}/proofs/{event}`: the proof of one's own completion.
///
/// # Errors
/// When it is not the reader's.
pub async fn proof(cx: Cx, Path((id, event)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, &id).await?;
    let event = event.parse().map_err(|_| Refusal::NotFound)?;
    if seen.assignment.completed_event != Some(event) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}

async fn text_seen(cx: &Cx, id: &str) -> Result<(PutForward, Option<Acknowledgement>), Failure> {
    cx.may::<TakeTraining>()?;
    let id: TextId = id.parse().map_err(|_| Refusal::NotFound)?;
    let me = cx.person()?;
    cx.read(move |conn, actor| {
        let organisation = actor.party.ok_or(Refusal::NotFound)?;
        let text = store::text(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
        let known = store::acknowledgements(conn, organisation, id)?;
        Ok((text, known.into_iter().find(|a| a.person == me)))
    })
    .await
}

/// `GET /training/texts/{id}`
///
/// # Errors
/// When there is none.
pub async fn text(cx: Cx, Path(id): Path<String>) -> Answer {
    let (w, zone) = (cx.w, TimeZone::UTC);
    let (text, known) = text_seen(&cx, &id).await?;
    let answer = match &known {
        Some(a) => w.t1("training-read-on", "when", w.moment(a.at, &zone)),
        None => w.t1("training-read-until", "when", w.moment(text.due_at, &zone)),
    };
    let mut page = Page::new(frame(&cx, &text.title).answer(answer))
        .part(facts(vec![(w.t("training-version"), text.number.into())]))
        .part(markup::page(&text.body));
    if known.is_none() {
        let href = format!("/training/texts/{}", text.id);
        page = page.part(Button::post(href, &cx.shell().csrf, w.t("training-confirm")).primary());
    }
    cx.page(&page)
}

/// `POST /training/texts/{id}`: confirms to have read it.
///
/// # Errors
/// When the form is another session's, or there is none.
pub async fn confirm(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let (text, _) = text_seen(&cx, &id).await?;
    cx.write(move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<TakeTraining>(actor, &Facts::of(owner))?;
        service::acknowledge(tx, env, &permit, text.id)
    })
    .await?;
    cx.see_other("/training", Flash::Done(cx.w.t("training-confirmed"))).await
}
