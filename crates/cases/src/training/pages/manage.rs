//! `/training/manage`: has everybody learnt what they must? Coverage, who is late, completions, texts.

use super::{rhythm_word, status};
use crate::training::model::{
    Assignment, Course, CourseId, Coverage, CoverageTaken, MemberFact, PutForward,
};
use crate::training::permits::{ManageTraining, ReadTraining};
use crate::training::rules::due;
use crate::training::service::round;
use crate::training::store;
use axum::extract::Path;
use identity::pages::told::proof_file;
use jiff::tz::TimeZone;
use kernel::ids::{EngagementId, EventId, PartyId, PersonId};
use kernel::party::Actor;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::db::{Conn, Result};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Button, Cell, Column, Empty, Figure, Figures, Flash, Html, Page, Row, Table};
use platform::words::Words;
use std::collections::BTreeMap;

/// Rows of the list of completions shown on the page; the file holds all of them.
const SHOWN_MAX: usize = 100;

/// The organisation whose training a reader sees.
pub(super) fn owner(
    conn: &mut Conn<'_>,
    actor: &Actor,
    chosen: Option<EngagementId>,
) -> Result<PartyId> {
    scope::<ReadTraining>(actor)?;
    ::scope::service::organisation_seen(conn, actor, chosen)
}

struct Seen {
    courses: Vec<(Course, Coverage)>,
    assignments: Vec<Assignment>,
    names: BTreeMap<PersonId, String>,
    texts: Vec<(PutForward, usize, usize)>,
    taken: Vec<CoverageTaken>,
    practised: (i64, i64),
    members: usize,
}

async fn read(cx: &Cx) -> Result<Seen, Failure> {
    let (chosen, now) = (cx.engagement(), cx.env().now());
    cx.read(move |conn, actor| {
        let organisation = owner(conn, actor, chosen)?;
        let people = store::members(conn, organisation)?;
        let facts: Vec<MemberFact> = people.iter().map(|(f, ..)| f.clone()).collect();
        let assignments = store::assignments(conn, organisation, None, None)?;
        let courses = store::courses(conn, organisation)?
            .into_iter()
            .map(|c| {
                let coverage = due::coverage(&c, &facts, &assignments, now);
                (c, coverage)
            })
            .collect();
        let mut texts = Vec::new();
        for text in store::texts(conn, organisation)? {
            let known = store::acknowledgements(conn, organisation, text.id)?;
            let asked: Vec<PersonId> = facts
                .iter()
                .filter(|m| m.active && (text.who.is_empty() || m.roles.any(&text.who)))
                .map(|m| m.person)
                .collect();
            let confirmed = known.iter().filter(|a| asked.contains(&a.person)).count();
            texts.push((text, confirmed, asked.len()));
        }
        Ok(Seen {
            courses,
            assignments,
            names: people.iter().map(|(f, name, _)| (f.person, name.clone())).collect(),
            texts,
            taken: store::coverage_taken(conn, organisation)?,
            practised: store::practised(conn, organisation)?,
            members: facts.iter().filter(|m| m.active).count(),
        })
    })
    .await
}

/// A share in thousandths, rounded, but never the whole while one is missing.
pub(crate) const fn per_mille(done: i64, of: i64) -> i64 {
    if of <= 0 {
        return 0;
    }
    let rounded = (done.saturating_mul(1_000).saturating_add(of / 2)) / of;
    if done < of && rounded > 999 { 999 } else { rounded }
}

/// `done` of `applies` as a share; a dash where the rule concerns nobody.
pub(crate) fn share(w: Words, done: i64, of: i64) -> String {
    if of == 0 {
        return "\u{2013}".to_owned();
    }
    // Shown only: nothing is compared with it.
    let per_mille = per_mille(done, of);
    #[expect(clippy::cast_precision_loss, reason = "at most a thousand")]
    w.percent(per_mille as f64 / 1_000.0, 1)
}

fn figures(w: Words, seen: &Seen, now: &str) -> Figures {
    let sum = |f: fn(&Coverage) -> i64| seen.courses.iter().map(|(_, c)| f(c)).sum::<i64>();
    let (applies, done, late) = (sum(|c| c.applies), sum(|c| c.done), sum(|c| c.late));
    Figures::new(vec![
        Figure::new(w, w.t("training-coverage"), share(w, done, applies))
            .of("#coverage")
            .definition(w.t1("training-coverage-counted", "when", now))
            .note(w.t2("training-coverage-note", "done", done, "applies", applies)),
        Figure::new(w, w.t("training-late-people"), w.number(late))
            .of("#late")
            .missed(late > 0)
            .definition(w.t("training-late-counted")),
        Figure::new(w, w.t("training-practised"), w.number(seen.practised.0))
            .definition(w.t("training-practised-counted"))
            .note(w.t1("training-practised-note", "begun", seen.practised.1)),
    ])
}

fn coverage(w: Words, seen: &Seen) -> Table {
    let columns = vec![
        Column::new(w.t("training-course")),
        Column::new(w.t("training-why")),
        Column::new(w.t("training-applies")).numeric(),
        Column::new(w.t("training-have-done")).numeric(),
        Column::new(w.t("training-have-time")).numeric(),
        Column::new(w.t("training-are-late")).numeric(),
        Column::new(w.t("training-coverage")).numeric(),
    ];
    let rows = seen.courses.iter().map(|(c, n)| {
        let title: Cell = if c.retired {
            format!("{} ({})", c.title, w.t("training-retired")).into()
        } else {
            (&c.title).into()
        };
        Row::new(vec![
            title,
            rhythm_word(w, c.rule.rhythm).into(),
            w.number(n.applies).into(),
            w.number(n.done).into(),
            w.number(n.within).into(),
            w.number(n.late).into(),
            share(w, n.done, n.applies).into(),
        ])
        .to(format!("/training/manage/courses/{}", c.id))
        .missed(n.late > 0)
    });
    Table::new(w, "coverage", w.t("training-by-course"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("training-courses-none"), w.t("training-courses-none-text")))
}

fn late(w: Words, seen: &Seen, now: kernel::time::Timestamp) -> Table {
    let columns =
        ["training-who", "training-course", "training-due", "training-since", "training-reminded"]
            .map(|k| Column::new(w.t(k)))
            .to_vec();
    let title = |id: CourseId| {
        seen.courses
            .iter()
            .find(|(c, _)| c.id == id)
            .map_or_else(String::new, |(c, _)| c.title.clone())
    };
    let rows = seen.assignments.iter().filter(|a| a.is_open() && now > a.due_at).map(|a| {
        let reminded = a.reminded.map_or_else(String::new, |d| {
            let key = if d >= due::ESCALATES_DAYS {
                "training-reminded-lead"
            } else {
                "training-reminded-self"
            };
            w.t1(key, "days", d)
        });
        Row::new(vec![
            seen.names.get(&a.person).cloned().unwrap_or_default().into(),
            title(a.course).into(),
            w.moment(a.due_at, &TimeZone::UTC).into(),
            w.span(now.seconds_since(a.due_at)).into(),
            reminded.into(),
        ])
    });
    Table::new(w, "late", w.t("training-who-is-late"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("training-late-none"), w.t("training-late-none-text")))
}

/// Completions, newest first, each with the entry that proves it.
fn completions(cx: &Cx, seen: &Seen, all: bool) -> Table {
    let w = cx.w;
    let columns = [
        "training-who",
        "training-course",
        "training-why",
        "training-assigned",
        "training-due",
        "training-state",
        "training-completed",
        "training-score",
        "training-version",
        "training-proof",
    ]
    .map(|k| Column::new(w.t(k)))
    .to_vec();
    let now = cx.env().now();
    let mut done: Vec<&Assignment> =
        seen.assignments.iter().filter(|a| all || a.completed_at.is_some()).collect();
    done.sort_by_key(|a| std::cmp::Reverse((a.completed_at, a.id)));
    if !all {
        done.truncate(SHOWN_MAX);
    }
    let title = |id: CourseId| {
        seen.courses
            .iter()
            .find(|(c, _)| c.id == id)
            .map_or_else(String::new, |(c, _)| c.title.clone())
    };
    let at = |t: Option<kernel::time::Timestamp>| {
        t.map_or_else(String::new, |t| w.moment(t, &TimeZone::UTC))
    };
    let rows = done.into_iter().map(|a| {
        let proof: Html = a.completed_event.map_or_else(Html::empty, |e| {
            let text = if all { e.to_string() } else { w.t("training-proof-get") };
            Html::link(&format!("/training/manage/completions/{}/{e}", a.id), text)
        });
        Row::new(vec![
            seen.names.get(&a.person).cloned().unwrap_or_else(|| a.person.to_string()).into(),
            title(a.course).into(),
            rhythm_word(w, a.reason).into(),
            at(Some(a.assigned_at)).into(),
            at(Some(a.due_at)).into(),
            status(w, a, now).into(),
            at(a.completed_at).into(),
            a.score.map_or_else(String::new, |(r, of)| format!("{r}/{of}")).into(),
            a.material.map_or_else(String::new, |m| m.to_string()).into(),
            proof.into(),
        ])
    });
    Table::new(w, "completions", w.t("training-completions"), columns)
        .rows(rows)
        .cards()
        .exports(&cx.list_query())
        .empty(Empty::new(w.t("training-completions-none"), w.t("training-completions-none-text")))
}

fn texts(w: Words, seen: &Seen) -> Table {
    let columns = vec![
        Column::new(w.t("training-text")),
        Column::new(w.t("training-version")).numeric(),
        Column::new(w.t("training-due")),
        Column::new(w.t("training-confirmed-by")).numeric(),
        Column::new(w.t("training-asked-of")).numeric(),
    ];
    let rows = seen.texts.iter().map(|(t, confirmed, asked)| {
        Row::new(vec![
            (&t.title).into(),
            t.number.into(),
            w.moment(t.due_at, &TimeZone::UTC).into(),
            w.number(*confirmed).into(),
            w.number(*asked).into(),
        ])
    });
    Table::new(w, "texts", w.t("training-texts-by"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("training-texts-none"), w.t("training-texts-none-text")))
}

fn taken(w: Words, seen: &Seen) -> Table {
    let columns = vec![
        Column::new(w.t("training-month")),
        Column::new(w.t("training-course")),
        Column::new(w.t("training-applies")).numeric(),
        Column::new(w.t("training-have-done")).numeric(),
        Column::new(w.t("training-are-late")).numeric(),
        Column::new(w.t("training-coverage")).numeric(),
    ];
    let title = |id: CourseId| {
        seen.courses
            .iter()
            .find(|(c, _)| c.id == id)
            .map_or_else(String::new, |(c, _)| c.title.clone())
    };
    let rows = seen.taken.iter().rev().map(|t| {
        Row::new(vec![
            w.moment(t.taken_at, &TimeZone::UTC).into(),
            title(t.course).into(),
            w.number(t.coverage.applies).into(),
            w.number(t.coverage.done).into(),
            w.number(t.coverage.late).into(),
            share(w, t.coverage.done, t.coverage.applies).into(),
        ])
    });
    Table::new(w, "taken", w.t("training-taken"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("training-taken-none"), w.t("training-taken-none-text")))
}

/// `GET /training/manage`
///
/// # Errors
/// When the reader may not see it.
pub async fn show(cx: Cx) -> Answer {
    let w = cx.w;
    let seen = read(&cx).await?;
    if let Some(file) = cx.file("training-completions", &completions(&cx, &seen, true)) {
        return file;
    }
    let now = cx.env().now();
    let late_n: i64 = seen.courses.iter().map(|(_, c)| c.late).sum();
    let mut shell = cx.shell().at("training").title(w.t("training-manage-question")).answer(w.t2(
        "training-manage-answer",
        "late",
        late_n,
        "members",
        seen.members,
    ));
    if cx.can::<crate::training::permits::TakeTraining>() {
        shell = shell.crumb("/training", w.t("training-room"));
    }
    if cx.can::<ManageTraining>() {
        shell = shell
            .action(
                Button::link("/training/manage/courses/new", w.t("training-new-course")).primary(),
            )
            .action(Button::post(
                "/training/manage/round",
                &cx.shell().csrf,
                w.t("training-round"),
            ));
    }
    let page = Page::new(shell)
        .part(figures(w, &seen, &w.moment(now, &TimeZone::UTC)))
        .part(coverage(w, &seen))
        .part(late(w, &seen, now))
        .part(completions(&cx, &seen, false))
        .part(texts(w, &seen))
        .part(taken(w, &seen));
    cx.page(&page)
}

/// `POST /training/manage/round`: the daily round, now.
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn go_round(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let base = cx.app.base_url.clone();
    let done = cx
        .write(move |tx, env, actor| {
            let owner = actor.party.ok_or(Refusal::NotFound)?;
            let permit = authorize::<ManageTraining>(actor, &Facts::of(owner))?;
            round::go(tx, env, &permit, &base)
        })
        .await?;
    let said = cx.w.t2("training-round-done", "assigned", done.assigned, "reminded", done.reminded);
    cx.see_other("/training/manage", Flash::Done(said)).await
}

/// `GET /training/manage/completions/{assignment}/{event}`: the proof of a completion, in the
/// `tlog-proof` format.
///
/// # Errors
/// When there is no such completion in the reader's scope.
pub async fn proof(cx: Cx, Path((id, event)): Path<(String, String)>) -> Answer {
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    let event: EventId = event.parse().map_err(|_| Refusal::NotFound)?;
    let chosen = cx.engagement();
    let found = cx
        .read(move |conn, actor| {
            let organisation = owner(conn, actor, chosen)?;
            store::assignment(conn, organisation, id)
        })
        .await?;
    if found.and_then(|a| a.completed_event) != Some(event) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}
