//! `/training/manage/courses/…`: a course, its material, who has to take it.

use super::manage::owner;
use super::{rhythm_word, status};
use crate::training::model::{Assignment, Course, CourseId, Material, Rhythm, Rule};
use crate::training::permits::ManageTraining;
use crate::training::rules::{markup, quiz};
use crate::training::service::{self, CourseInput};
use crate::training::store;
use axum::extract::Path;
use jiff::tz::TimeZone;
use kernel::ids::PersonId;
use kernel::party::{Role, Side};
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Shell, Table, facts, fold,
};
use std::collections::BTreeMap;

fn frame(cx: &Cx) -> Shell {
    let mut shell = cx.shell().at("training");
    if cx.can::<crate::training::permits::TakeTraining>() {
        shell = shell.crumb("/training", cx.w.t("training-room"));
    }
    shell.crumb("/training/manage", cx.w.t("training-manage"))
}

fn role_word(cx: &Cx, role: Role) -> String {
    cx.w.t(&format!("identity-role-{}", role.as_str().replace('_', "-")))
}

fn form(cx: &Cx, before: Option<&Course>) -> Form {
    let w = cx.w;
    let action = before.map_or_else(
        || "/training/manage/courses/new".to_owned(),
        |c| format!("/training/manage/courses/{}/state", c.id),
    );
    let rhythms = Rhythm::ALL
        .iter()
        .map(|r| {
            Choice::new(r.word(), rhythm_word(w, *r))
                .hint(w.t(&format!("training-rhythm-{}-hint", r.word())))
        })
        .collect();
    let roles = Role::ALL
        .iter()
        .filter(|r| r.side() == Side::ServiceOrganisation)
        .map(|r| Choice::new(r.as_str(), role_word(cx, *r)))
        .collect();
    let rule = before.map(|c| &c.rule);
    let mut retired = Field::new(w, "retired", w.t("training-retire"), Kind::Box)
        .hint(w.t("training-retire-hint"));
    if before.is_some_and(|c| c.retired) {
        retired = retired.values(["on"]);
    }
    let mut form = Form::post(w, action, &cx.shell().csrf, w.t("training-course-save"))
        .key(cx.form_key())
        .field(
            Field::new(w, "title", w.t("training-title"), Kind::Text)
                .required()
                .max(service::TITLE_MAX)
                .value(before.map(|c| c.title.clone()).unwrap_or_default()),
        )
        .field(
            Field::new(w, "rhythm", w.t("training-why"), Kind::Radio(rhythms))
                .required()
                .value(rule.map_or("onboarding", |r| r.rhythm.word())),
        )
        .field(
            Field::new(w, "who", w.t("training-whom"), Kind::Boxes(roles))
                .hint(w.t("training-whom-hint"))
                .values(rule.into_iter().flat_map(|r| r.who.iter().map(|x| x.as_str()))),
        )
        .field(
            Field::new(w, "due_days", w.t("training-due-days"), Kind::Number)
                .required()
                .value(rule.map_or(30, |r| r.due_days).to_string()),
        );
    if let Some(c) = before {
        form = form.field(retired).version(u64::try_from(c.version).unwrap_or(0)).apart("state");
    }
    form
}

fn input(form: &Form) -> Result<CourseInput, Refusal> {
    Ok(CourseInput {
        title: form.typed("title").to_owned(),
        rule: Rule {
            rhythm: Rhythm::from_word(form.typed("rhythm"))
                .ok_or_else(|| Refusal::field("rhythm", "Choose how often."))?,
            who: form.ticked("who").iter().filter_map(|r| Role::parse(r)).collect(),
            due_days: form
                .typed("due_days")
                .parse()
                .map_err(|_| Refusal::field("due_days", "Give a whole number of days."))?,
        },
        retired: form.typed("retired") == "on",
    })
}

fn version(form: &Form) -> i64 {
    form.hidden("version").and_then(|v| v.parse().ok()).unwrap_or_default()
}

fn new_page(cx: &Cx, form: Form) -> Page {
    let w = cx.w;
    Page::new(
        frame(cx)
            .title(w.t("training-new-course-question"))
            .answer(w.t("training-new-course-answer")),
    )
    .part(form)
}

/// `GET /training/manage/courses/new`
///
/// # Errors
/// When the person may not.
pub async fn new(cx: Cx) -> Answer {
    cx.may::<ManageTraining>()?;
    cx.page(&new_page(&cx, form(&cx, None)))
}

/// `POST /training/manage/courses/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn add(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageTraining>()?;
    let mut form = form(&cx, None);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let done = match input(&form) {
            Ok(input) => {
                cx.write_once(&pairs, move |tx, env, actor| {
                    let owner = actor.party.ok_or(Refusal::NotFound)?;
                    let permit = authorize::<ManageTraining>(actor, &Facts::of(owner))?;
                    service::state_course(tx, env, &permit, None, &input)
                })
                .await
            }
            Err(refusal) => Err(refusal.into()),
        };
        match done {
            Ok(id) => {
                let said = Flash::Done(cx.w.t("training-course-saved"));
                return cx.see_other(&format!("/training/manage/courses/{id}"), said).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&new_page(&cx, form))
}

struct Seen {
    course: Course,
    material: Option<Material>,
    assignments: Vec<Assignment>,
    names: BTreeMap<PersonId, String>,
}

async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: CourseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let organisation = owner(conn, actor, chosen)?;
        let course = store::course(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
        let people = store::members(conn, organisation)?;
        Ok(Seen {
            material: store::material(conn, organisation, id, course.material)?,
            assignments: store::assignments(conn, organisation, Some(id), None)?,
            names: people.into_iter().map(|(f, name, _)| (f.person, name)).collect(),
            course,
        })
    })
    .await
}

fn material_form(cx: &Cx, seen: &Seen) -> Form {
    let w = cx.w;
    let (text, quiz, mark) = seen.material.as_ref().map_or_else(
        || (String::new(), String::new(), 80),
        |m| (m.text.clone(), quiz::written(&m.questions), m.pass_percent),
    );
    Form::post(
        w,
        format!("/training/manage/courses/{}/material", seen.course.id),
        &cx.shell().csrf,
        w.t("training-material-send"),
    )
    .key(cx.form_key())
    .version(u64::try_from(seen.course.version).unwrap_or(0))
    .apart("material")
    .field(
        Field::new(w, "text", w.t("training-material-text"), Kind::Area(14))
            .required()
            .max(service::TEXT_MAX)
            .hint(w.t("training-material-text-hint"))
            .value(text),
    )
    .field(
        Field::new(w, "quiz", w.t("training-material-quiz"), Kind::Area(12))
            .required()
            .max(service::TEXT_MAX)
            .hint(w.t("training-material-quiz-hint"))
            .value(quiz),
    )
    .field(
        Field::new(w, "pass_percent", w.t("training-material-mark"), Kind::Number)
            .required()
            .value(mark.to_string()),
    )
}

fn page(cx: &Cx, seen: &Seen, stated: Option<Form>, material: Option<Form>) -> Page {
    let (w, now) = (cx.w, cx.env().now());
    let c = &seen.course;
    let who = if c.rule.who.is_empty() {
        w.t("training-everybody")
    } else {
        c.rule.who.iter().map(|r| role_word(cx, *r)).collect::<Vec<_>>().join(", ")
    };
    let open = seen.assignments.iter().filter(|a| a.is_open()).count();
    let shell = frame(cx).title(c.title.clone()).answer(w.t2(
        "training-course-answer",
        "open",
        open,
        "all",
        seen.assignments.len(),
    ));
    let columns = [
        "training-who",
        "training-assigned",
        "training-due",
        "training-state",
        "training-score",
        "training-attempts",
    ]
    .map(|k| Column::new(w.t(k)))
    .to_vec();
    let rows = seen.assignments.iter().map(|a| {
        Row::new(vec![
            seen.names.get(&a.person).cloned().unwrap_or_else(|| a.person.to_string()).into(),
            w.moment(a.assigned_at, &TimeZone::UTC).into(),
            w.moment(a.due_at, &TimeZone::UTC).into(),
            status(w, a, now).into(),
            a.score
                .map_or_else(String::new, |(r, of)| w.t2("training-score-of", "right", r, "of", of))
                .into(),
            a.attempts.into(),
        ])
        .missed(a.is_open() && now > a.due_at)
    });
    let table = Table::new(w, "assignments", w.t("training-assignments"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("training-assignments-none"), w.t("training-assignments-none-text")));
    let mut page = Page::new(shell)
        .part(facts(vec![
            (w.t("training-why"), rhythm_word(w, c.rule.rhythm).into()),
            (w.t("training-whom"), who.into()),
            (w.t("training-due-days"), c.rule.due_days.into()),
            (w.t("training-version"), c.material.into()),
        ]))
        .part(table);
    if let Some(m) = &seen.material {
        page = page.part(fold(&w.t("training-material-now"), false, markup::page(&m.text)));
    }
    if cx.can::<ManageTraining>() {
        let wrong = (stated.is_some(), material.is_some());
        page = page
            .part(fold(
                &w.t("training-material-new"),
                wrong.1 || c.material == 0,
                Html::from(material.unwrap_or_else(|| material_form(cx, seen))),
            ))
            .part(fold(
                &w.t("training-course-change"),
                wrong.0,
                Html::from(stated.unwrap_or_else(|| form(cx, Some(c)))),
            ));
    }
    page
}

/// `GET /training/manage/courses/{id}`
///
/// # Errors
/// When there is none in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    cx.page(&page(&cx, &seen, None, None))
}

/// `POST /training/manage/courses/{id}/state`
///
/// # Errors
/// When the form is another session's, there is no such course, or the person may not.
pub async fn state(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageTraining>()?;
    let seen = seen(&cx, &id).await?;
    let mut form = form(&cx, Some(&seen.course));
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let (id, version) = (seen.course.id, version(&form));
        let done = match input(&form) {
            Ok(input) => {
                cx.write_once(&pairs, move |tx, env, actor| {
                    let owner = actor.party.ok_or(Refusal::NotFound)?;
                    let permit = authorize::<ManageTraining>(actor, &Facts::of(owner))?;
                    service::state_course(tx, env, &permit, Some((id, version)), &input)
                })
                .await
            }
            Err(refusal) => Err(refusal.into()),
        };
        match done {
            Ok(_) => {
                let said = Flash::Done(cx.w.t("training-course-saved"));
                return cx.see_other(&format!("/training/manage/courses/{id}"), said).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some(form), None))
}

/// `POST /training/manage/courses/{id}/material`
///
/// # Errors
/// As [`state`].
pub async fn material(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageTraining>()?;
    let seen = seen(&cx, &id).await?;
    let mut form = material_form(&cx, &seen);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let (id, version) = (seen.course.id, version(&form));
        let (text, written) = (form.typed("text").to_owned(), form.typed("quiz").to_owned());
        let mark: i64 = form.typed("pass_percent").parse().unwrap_or_default();
        let done = cx
            .write_once(&pairs, move |tx, env, actor| {
                let owner = actor.party.ok_or(Refusal::NotFound)?;
                let permit = authorize::<ManageTraining>(actor, &Facts::of(owner))?;
                service::publish_material(tx, env, &permit, (id, version), (&text, &written, mark))
            })
            .await;
        match done {
            Ok(number) => {
                let said = Flash::Done(cx.w.t1("training-material-published", "number", number));
                return cx.see_other(&format!("/training/manage/courses/{id}"), said).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, None, Some(form)))
}
