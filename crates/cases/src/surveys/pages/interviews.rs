//! `/interviews`: whom have we talked to, what came up, and what is still to be done?

use super::{frame, moment, owner, question_fields, questions_chosen};
use crate::surveys::model::{Answers, FollowUp, Interview, InterviewId, InterviewState};
use crate::surveys::permits::ManageSurveys;
use crate::surveys::rules::bank::{self, Group};
use crate::surveys::service::interviews::{self, InterviewInput, TEXT_MAX};
use crate::surveys::store;
use axum::extract::Path;
use jiff::tz::TimeZone;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Figure, Figures, Flash, Form, Kind, Page, Row, Status,
    Table, Tone, facts, fold, heading, prose,
};
use platform::words::Words;
use std::collections::BTreeMap;

fn status(w: Words, i: &Interview) -> Status {
    match i.state {
        InterviewState::Planned => Status::new(Tone::Waiting, w.t("surveys-planned")),
        InterviewState::Held => Status::new(Tone::Underway, w.t("surveys-held")),
        InterviewState::Closed => Status::new(Tone::Closed, w.t("surveys-closed")),
    }
}

/// `GET /interviews`
///
/// # Errors
/// When the reader may not see them.
pub async fn list(cx: Cx) -> Answer {
    let (w, chosen, zone) = (cx.w, cx.engagement(), TimeZone::UTC);
    let (all, open) = cx
        .read(move |conn, actor| {
            let organisation = owner(conn, actor, chosen)?;
            Ok((
                store::interviews(conn, organisation)?,
                store::open_follow_ups(conn, organisation)?,
            ))
        })
        .await?;
    let held = all.iter().filter(|i| i.state != InterviewState::Planned).count();
    let mut shell =
        frame(&cx, "/interviews").title(w.t("surveys-interviews-question")).answer(w.ta(
            "surveys-interviews-answer",
            &[("held", held.into()), ("all", all.len().into()), ("open", open.into())],
        ));
    if cx.can::<ManageSurveys>() {
        shell = shell.action(Button::link("/interviews/new", w.t("surveys-plan")).primary());
    }
    let columns =
        ["surveys-who", "surveys-position", "surveys-when", "surveys-state", "surveys-themes"]
            .map(|k| Column::new(w.t(k)))
            .to_vec();
    let rows = all.iter().map(|i| {
        Row::new(vec![
            (&i.who).into(),
            (&i.position).into(),
            w.moment(i.held_at.unwrap_or(i.planned_at), &zone).into(),
            status(w, i).into(),
            i.themes.join(", ").into(),
        ])
        .to(format!("/interviews/{}", i.id))
    });
    let table = Table::new(w, "interviews", w.t("surveys-interviews"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("surveys-interviews-none"), w.t("surveys-interviews-none-text")));
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for theme in all.iter().flat_map(|i| &i.themes) {
        *counted.entry(theme).or_default() += 1;
    }
    let mut counted: Vec<(&str, usize)> = counted.into_iter().collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let columns =
        vec![Column::new(w.t("surveys-theme")), Column::new(w.t("surveys-times")).numeric()];
    let rows = counted.into_iter().map(|(t, n)| Row::new(vec![t.into(), w.number(n).into()]));
    let themes = Table::new(w, "themes", w.t("surveys-themes-all"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("surveys-themes-none"), w.t("surveys-themes-none-text")));
    let figures = Figures::new(vec![
        Figure::new(w, w.t("surveys-open-follow-ups"), w.number(open))
            .definition(w.t("surveys-open-follow-ups-counted")),
    ]);
    cx.page(&Page::new(shell).part(figures).part(table).part(themes))
}

fn new_form(cx: &Cx) -> Form {
    let w = cx.w;
    let form = Form::post(w, "/interviews/new", &cx.shell().csrf, w.t("surveys-plan-send"))
        .key(cx.form_key())
        .cancel("/interviews")
        .field(Field::new(w, "who", w.t("surveys-who"), Kind::Text).required().max(120))
        .field(Field::new(w, "position", w.t("surveys-position"), Kind::Text).required().max(120))
        .field(
            Field::new(w, "reason", w.t("surveys-reason"), Kind::Area(2))
                .required()
                .max(1_000)
                .hint(w.t("surveys-reason-hint")),
        )
        .field(Field::new(w, "planned_at", w.t("surveys-when-utc"), Kind::DateTime).required());
    question_fields(form, cx, &Group::ALL, &[])
}

fn new_page(cx: &Cx, form: Form) -> Page {
    let w = cx.w;
    Page::new(
        frame(cx, "/interviews")
            .title(w.t("surveys-plan-question"))
            .answer(w.t("surveys-plan-answer")),
    )
    .part(form)
}

/// `GET /interviews/new`
///
/// # Errors
/// When the person may not.
pub async fn new(cx: Cx) -> Answer {
    cx.may::<ManageSurveys>()?;
    cx.page(&new_page(&cx, new_form(&cx)))
}

async fn plan(cx: &Cx, form: &Form, pairs: &Pairs) -> Result<InterviewId, Failure> {
    let input = InterviewInput {
        who: form.typed("who").to_owned(),
        position: form.typed("position").to_owned(),
        reason: form.typed("reason").to_owned(),
        planned_at: moment("planned_at", form.typed("planned_at"))?,
        questions: questions_chosen(form),
    };
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        interviews::plan(tx, env, &authorize::<ManageSurveys>(actor, &Facts::of(owner))?, &input)
    })
    .await
}

/// `POST /interviews/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn add(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageSurveys>()?;
    let mut form = new_form(&cx);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match plan(&cx, &form, &pairs).await {
            Ok(id) => {
                return cx
                    .see_other(
                        &format!("/interviews/{id}"),
                        Flash::Done(cx.w.t("surveys-plan-done")),
                    )
                    .await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&new_page(&cx, form))
}

struct Seen {
    interview: Interview,
    follow_ups: Vec<FollowUp>,
    interviewer: String,
}

async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: InterviewId = id.parse().map_err(|_| Refusal::NotFound)?;
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let organisation = owner(conn, actor, chosen)?;
        let interview = store::interview(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
        let interviewer = identity::store::name_of(conn, interview.interviewer)?;
        Ok(Seen { follow_ups: store::follow_ups(conn, organisation, id)?, interview, interviewer })
    })
    .await
}

/// What can be done with an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Hold,
    Follow,
    Done,
    Close,
}

impl Act {
    const ALL: [Self; 4] = [Self::Hold, Self::Follow, Self::Done, Self::Close];

    const fn word(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Follow => "follow",
            Self::Done => "done",
            Self::Close => "close",
        }
    }

    fn possible(self, seen: &Seen) -> bool {
        let open = seen.follow_ups.iter().any(|f| f.closed_at.is_none());
        match (seen.interview.state, self) {
            (InterviewState::Closed, _) => false,
            (_, Self::Hold | Self::Follow) => true,
            (_, Self::Done) => open,
            (state, Self::Close) => state == InterviewState::Held && !open,
        }
    }
}

fn form(cx: &Cx, act: Act, seen: &Seen) -> Form {
    let (w, i) = (cx.w, &seen.interview);
    let action = format!("/interviews/{}/{}", i.id, act.word());
    let form = Form::post(
        w,
        action,
        &cx.shell().csrf,
        w.t(&format!("surveys-interview-{}-send", act.word())),
    )
    .key(cx.form_key())
    .version(u64::try_from(i.version).unwrap_or(0))
    .apart(act.word());
    let area = |name: &str, label: &str, rows| {
        Field::new(w, name, w.t(label), Kind::Area(rows)).max(TEXT_MAX)
    };
    match act {
        Act::Hold => {
            let mut form = form.field(
                Field::new(w, "held_at", w.t("surveys-held-utc"), Kind::DateTime).required(),
            );
            for q in i.questions.iter().filter_map(|id| bank::question(id)) {
                let label = format!("{} \u{b7} {}", q.id, q.text(w));
                form = form.field(
                    Field::new(w, q.id.clone(), label, Kind::Area(3))
                        .max(TEXT_MAX)
                        .value(i.answers.get(&q.id).cloned().unwrap_or_default()),
                );
            }
            form.field(
                Field::new(w, "themes", w.t("surveys-themes"), Kind::Text)
                    .max(800)
                    .hint(w.t("surveys-themes-hint"))
                    .value(i.themes.join(", ")),
            )
        }
        Act::Follow => form
            .field(area("what", "surveys-follow-what", 2).required())
            .field(
                Field::new(w, "owner", w.t("surveys-follow-owner"), Kind::Text).required().max(120),
            )
            .field(Field::new(w, "due_at", w.t("surveys-follow-due"), Kind::DateTime).required()),
        Act::Done => {
            let choices = seen
                .follow_ups
                .iter()
                .filter(|f| f.closed_at.is_none())
                .map(|f| Choice::new(f.number.to_string(), format!("{}. {}", f.number, f.what)))
                .collect();
            form.field(
                Field::new(w, "number", w.t("surveys-follow-which"), Kind::Radio(choices))
                    .required(),
            )
            .field(area("outcome", "surveys-follow-outcome", 2).required())
        }
        Act::Close => form.field(area("conclusion", "surveys-conclusion", 3).required()),
    }
}

fn page(cx: &Cx, seen: &Seen, filled: Option<(Act, Form)>) -> Page {
    let (w, i, zone) = (cx.w, &seen.interview, TimeZone::UTC);
    let open = seen.follow_ups.iter().filter(|f| f.closed_at.is_none()).count();
    let shell = frame(cx, "")
        .crumb("/interviews", w.t("surveys-tab-interviews"))
        .title(w.t2("surveys-interview-title", "who", &i.who, "position", &i.position))
        .answer(w.t1("surveys-interview-answer", "open", open));
    let at = |t: Option<Timestamp>| t.map_or_else(String::new, |t| w.moment(t, &zone));
    let mut page = Page::new(shell).part(facts(vec![
        (w.t("surveys-state"), status(w, i).into()),
        (w.t("surveys-interviewer"), seen.interviewer.as_str().into()),
        (w.t("surveys-planned"), w.moment(i.planned_at, &zone).into()),
        (w.t("surveys-held"), at(i.held_at).into()),
        (w.t("surveys-reason"), prose(&i.reason)),
        (w.t("surveys-themes"), i.themes.join(", ").into()),
        (w.t("surveys-conclusion"), prose(&i.conclusion)),
    ]));
    for q in i.questions.iter().filter_map(|id| bank::question(id)) {
        let answer = i.answers.get(&q.id).map_or_else(|| w.t("surveys-not-answered"), Clone::clone);
        page = page.part(heading(&format!("{} \u{b7} {}", q.id, q.text(w)))).part(prose(&answer));
    }
    let columns = [
        "surveys-number",
        "surveys-follow-what",
        "surveys-follow-owner",
        "surveys-follow-due",
        "surveys-state",
        "surveys-follow-outcome",
    ]
    .map(|k| Column::new(w.t(k)))
    .to_vec();
    let now = cx.env().now();
    let rows = seen.follow_ups.iter().map(|f| {
        let late = f.closed_at.is_none() && now > f.due_at;
        let state = match (f.closed_at, late) {
            (Some(at), _) => {
                Status::new(Tone::Good, w.t1("surveys-follow-done", "when", w.moment(at, &zone)))
            }
            (None, true) => Status::new(Tone::Missed, w.t("surveys-follow-late")),
            (None, false) => Status::new(Tone::Waiting, w.t("surveys-open")),
        };
        Row::new(vec![
            f.number.into(),
            (&f.what).into(),
            (&f.owner).into(),
            w.moment(f.due_at, &zone).into(),
            state.into(),
            (&f.outcome).into(),
        ])
        .missed(late)
    });
    page = page.part(
        Table::new(w, "follow-ups", w.t("surveys-follow-ups"), columns)
            .rows(rows)
            .cards()
            .empty(Empty::new(w.t("surveys-follow-ups-none"), w.t("surveys-follow-ups-none-text"))),
    );
    if cx.can::<ManageSurveys>() {
        let (wrong, mut filled) = filled.map_or((None, None), |(a, f)| (Some(a), Some(f)));
        for act in Act::ALL {
            let again = filled.take_if(|_| wrong == Some(act));
            if again.is_none() && !act.possible(seen) {
                continue;
            }
            let first = act == Act::Hold && i.state == InterviewState::Planned;
            let shown = again.unwrap_or_else(|| form(cx, act, seen));
            page = page.part(fold(
                &w.t(&format!("surveys-interview-{}", act.word())),
                first || wrong == Some(act),
                shown,
            ));
        }
    }
    page
}

/// `GET /interviews/{id}`
///
/// # Errors
/// When there is none in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    cx.page(&page(&cx, &seen, None))
}

/// What a form asks for.
enum Command {
    Hold(Timestamp, Answers, Vec<String>),
    Follow(String, String, Timestamp),
    Done(i64, String),
    Close(String),
}

fn command(act: Act, form: &Form, seen: &Seen) -> Result<Command, Refusal> {
    let typed = |name: &str| form.typed(name).to_owned();
    Ok(match act {
        Act::Hold => {
            let given = seen.interview.questions.iter().map(|id| (id.clone(), typed(id))).collect();
            Command::Hold(
                moment("held_at", form.typed("held_at"))?,
                given,
                interviews::themes(form.typed("themes")),
            )
        }
        Act::Follow => {
            Command::Follow(typed("what"), typed("owner"), moment("due_at", form.typed("due_at"))?)
        }
        Act::Done => Command::Done(
            form.typed("number").parse().map_err(|_| Refusal::field("number", "Choose one."))?,
            typed("outcome"),
        ),
        Act::Close => Command::Close(typed("conclusion")),
    })
}

/// `POST /interviews/{id}/{action}`: `hold`, `follow`, `done` or `close`.
///
/// # Errors
/// When the form is another session's, there is no such interview, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let act = Act::ALL.into_iter().find(|a| a.word() == action).ok_or(Refusal::NotFound)?;
    cx.may::<ManageSurveys>()?;
    let seen = seen(&cx, &id).await?;
    let mut form = form(&cx, act, &seen);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, act, &seen, &form, &pairs).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&format!("surveys-interview-{}-done", act.word())));
                return cx.see_other(&format!("/interviews/{}", seen.interview.id), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some((act, form))))
}

async fn carry_out(
    cx: &Cx,
    act: Act,
    seen: &Seen,
    form: &Form,
    pairs: &Pairs,
) -> Result<(), Failure> {
    let version: i64 = form.hidden("version").and_then(|v| v.parse().ok()).unwrap_or_default();
    let (at, command) = ((seen.interview.id, version), command(act, form, seen)?);
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit: Permit<ManageSurveys> = authorize(actor, &Facts::of(owner))?;
        match &command {
            Command::Hold(held, given, themes) => {
                interviews::hold(tx, env, &permit, at, (*held, given, themes.clone()))
            }
            Command::Follow(what, who, due) => {
                interviews::add_follow_up(tx, env, &permit, at, (what, who, *due)).map(|_| ())
            }
            Command::Done(number, outcome) => {
                interviews::close_follow_up(tx, env, &permit, at, (*number, outcome))
            }
            Command::Close(conclusion) => interviews::close(tx, env, &permit, at, conclusion),
        }
    })
    .await
}
