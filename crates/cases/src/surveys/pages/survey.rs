//! `/surveys/{id}`: inviting, closing, and what was answered, with what is kept back.

use super::desk::{rate, status};
use super::{frame, owner};
use crate::surveys::model::{Answers, Survey, SurveyId, SurveyState};
use crate::surveys::permits::ManageSurveys;
use crate::surveys::rules::answers::{tally, written};
use crate::surveys::rules::bank::{self, AnswerKind, Question};
use crate::surveys::rules::suppress::{self, K};
use crate::surveys::{service, store};
use axum::extract::Path;
use jiff::tz::TimeZone;
use kernel::party::Side;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Cell, Column, Empty, Field, Figure, Figures, Flash, Form, Html, Kind, Note, Page, Row,
    Table, Tone, facts, fold, heading, prose, stack,
};
use platform::words::Words;

struct Seen {
    survey: Survey,
    answers: Vec<(Option<String>, Answers)>,
    invited: Vec<(String, bool)>,
    link: Option<String>,
    /// Whether the reader stands on the organisation's side; others see no names.
    inside: bool,
}

async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: SurveyId = id.parse().map_err(|_| Refusal::NotFound)?;
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let organisation = owner(conn, actor, chosen)?;
        let survey = store::survey(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
        let inside = actor.side == Side::ServiceOrganisation;
        Ok(Seen {
            answers: store::answers(conn, organisation, id)?,
            invited: if inside { store::invited(conn, organisation, id)? } else { Vec::new() },
            link: if inside { store::link(conn, organisation, id)? } else { None },
            survey,
            inside,
        })
    })
    .await
}

fn value_word(w: Words, kind: AnswerKind, value: &str) -> String {
    let prefix = if kind == AnswerKind::Agree { "survey-agree" } else { "survey-answer" };
    w.t(&format!("{prefix}-{value}"))
}

/// The table of a question, with what must not be shown kept back; a word where too few answered.
fn result(w: Words, survey: &Survey, q: &Question, answers: &[Answers]) -> Html {
    let (names, counts) = tally(survey, &q.id, answers);
    let Some(shown) = suppress::shown(&counts) else {
        return prose(&w.t1("surveys-kept-back-all", "k", K));
    };
    let mut columns = vec![Column::new(w.t("surveys-segment"))];
    columns.extend(q.kind.values().iter().map(|v| Column::new(value_word(w, q.kind, v)).numeric()));
    columns.push(Column::new(w.t("surveys-total")).numeric());
    let last = shown.groups.len();
    let rows =
        shown.cells.iter().enumerate().filter(|(n, _)| *n == last || last > 1).map(|(n, cells)| {
            let name = match shown.groups.get(n) {
                Some(group) => {
                    let of = group
                        .iter()
                        .filter_map(|r| names.get(*r))
                        .map(|n| n.clone().unwrap_or_else(|| w.t("surveys-no-segment")));
                    of.collect::<Vec<_>>().join(", ")
                }
                None => w.t("surveys-everybody"),
            };
            let mut row: Vec<Cell> = vec![name.into()];
            row.extend(
                cells.iter().map(|c| {
                    Cell::from(c.map_or_else(|| w.t("surveys-kept-back"), |n| w.number(n)))
                }),
            );
            Row::new(row)
        });
    Table::new(w, format!("q-{}", q.id), q.text(w), columns).rows(rows).cards().into()
}

fn results(w: Words, seen: &Seen) -> Html {
    let survey = &seen.survey;
    let answers: Vec<Answers> = seen.answers.iter().map(|(_, a)| a.clone()).collect();
    if survey.anonymous && survey.state == SurveyState::Open {
        return Note::new(Tone::Waiting, w.t("surveys-sealed"), w.t("surveys-sealed-text")).into();
    }
    if survey.too_few {
        return Note::new(
            Tone::Attention,
            w.t1("surveys-too-few", "k", K),
            w.t("surveys-too-few-text"),
        )
        .into();
    }
    if answers.is_empty() {
        return Empty::new(w.t("surveys-no-answers"), w.t("surveys-no-answers-text")).into();
    }
    let mut out = prose(&w.t1("surveys-kept-back-text", "k", K));
    for q in survey.questions.iter().filter_map(|id| bank::question(id)) {
        if q.kind == AnswerKind::Text {
            let texts = written(&q.id, &answers);
            out = out.and(heading(q.text(w)));
            // Words stand alone: apart from the figures and from the same person's other words.
            out = if u32::try_from(answers.len()).unwrap_or(u32::MAX) < K {
                out.and(prose(&w.t1("surveys-kept-back-all", "k", K)))
            } else if texts.is_empty() {
                out.and(prose(&w.t("surveys-no-words")))
            } else {
                out.and(stack(texts.into_iter().map(Html::text)))
            };
        } else {
            out = out.and(result(w, survey, q, &answers));
        }
    }
    out
}

fn figures(w: Words, s: &Survey) -> Figures {
    let mut all = vec![
        Figure::new(w, w.t("surveys-invited"), w.number(s.invited))
            .definition(w.t("surveys-invited-counted")),
    ];
    if !(s.anonymous && s.state == SurveyState::Open) {
        all.push(
            Figure::new(w, w.t("surveys-answered"), w.number(s.answered))
                .definition(w.t("surveys-answered-counted")),
        );
    }
    if let Some(rate) = rate(w, s) {
        all.push(Figure::new(w, w.t("surveys-rate"), rate).definition(w.t("surveys-rate-counted")));
    }
    Figures::new(all)
}

fn invite_form(cx: &Cx, s: &Survey) -> Form {
    let w = cx.w;
    let hint = if s.anonymous { "surveys-addresses-anonymous" } else { "surveys-addresses-named" };
    Form::post(w, format!("/surveys/{}/invite", s.id), &cx.shell().csrf, w.t("surveys-invite-send"))
        .key(cx.form_key())
        .version(u64::try_from(s.version).unwrap_or(0))
        .apart("invite")
        .field(
            Field::new(w, "addresses", w.t("surveys-addresses"), Kind::Area(6))
                .required()
                .max(60_000)
                .hint(w.t(hint)),
        )
}

fn press(cx: &Cx, s: &Survey, action: &str, grave: bool) -> Form {
    let form = Form::post(
        cx.w,
        format!("/surveys/{}/{action}", s.id),
        &cx.shell().csrf,
        cx.w.t(&format!("surveys-{action}-send")),
    )
    .key(cx.form_key())
    .version(u64::try_from(s.version).unwrap_or(0))
    .apart(action)
    .say(prose(&cx.w.t(&format!("surveys-{action}-text"))));
    if grave { form.grave() } else { form }
}

fn page(cx: &Cx, seen: &Seen, invite: Option<Form>, close: Option<Form>) -> Page {
    let (w, s) = (cx.w, &seen.survey);
    let zone = TimeZone::UTC;
    let answer =
        if s.state == SurveyState::Open { "surveys-one-open" } else { "surveys-one-closed" };
    let at = s.closed_at.unwrap_or(s.closes_at);
    let shell = frame(cx, "")
        .crumb("/surveys", w.t("surveys-room"))
        .title(s.title.clone())
        .answer(w.t1(answer, "when", w.moment(at, &zone)));
    let tags: Vec<&str> = bank::languages(&s.questions).iter().map(|l| l.name()).collect();
    let mut page = Page::new(shell).part(figures(w, s)).part(facts(vec![
        (w.t("surveys-state"), status(w, s).into()),
        (
            w.t("surveys-kind"),
            w.t(if s.anonymous { "surveys-anonymous" } else { "surveys-named" }).into(),
        ),
        (w.t("surveys-questions"), s.questions.join(", ").into()),
        (w.t("surveys-languages"), tags.join(", ").into()),
        (w.t("surveys-segments"), s.segments.join(", ").into()),
        (w.t("surveys-intro"), prose(&s.intro)),
    ]));
    if let Some(token) = &seen.link {
        let href = format!("{}/survey/{token}", cx.app.base_url.trim_end_matches('/'));
        page = page.part(facts(vec![(
            w.t("surveys-link"),
            Html::link(&format!("/survey/{token}"), href.as_str()),
        )]));
    }
    page = page.heading(&w.t("surveys-results")).part(results(w, seen));
    if !s.anonymous && seen.inside {
        let columns = ["surveys-who", "surveys-answered"].map(|k| Column::new(w.t(k))).to_vec();
        let rows = seen.invited.iter().map(|(email, done)| {
            Row::new(vec![
                email.into(),
                w.t(if *done { "survey-answer-yes" } else { "survey-answer-no" }).into(),
            ])
        });
        page = page.part(Table::new(w, "invited", w.t("surveys-whom"), columns).rows(rows));
    }
    if cx.can::<ManageSurveys>() && s.state == SurveyState::Open {
        let wrong = (invite.is_some(), close.is_some());
        page = page.part(fold(
            &w.t("surveys-invite"),
            wrong.0 || s.invited == 0,
            invite.unwrap_or_else(|| invite_form(cx, s)),
        ));
        if s.anonymous && !s.by_link {
            page = page.part(fold(&w.t("surveys-make-link"), false, press(cx, s, "link", false)));
        }
        page = page.part(fold(
            &w.t("surveys-close"),
            wrong.1,
            close.unwrap_or_else(|| press(cx, s, "close", true)),
        ));
    }
    if s.anonymous {
        page = page.beside(&w.t("surveys-promise"), prose(&w.t("surveys-promise-text")));
    }
    page.part(Button::link("/surveys", w.t("surveys-back")).quiet())
}

/// `GET /surveys/{id}`
///
/// # Errors
/// When there is none in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    cx.page(&page(&cx, &seen, None, None))
}

/// `POST /surveys/{id}/{action}`: `invite`, `link` or `close`.
///
/// # Errors
/// When the form is another session's, there is no such survey, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageSurveys>()?;
    let seen = seen(&cx, &id).await?;
    let mut form = match action.as_str() {
        "invite" => invite_form(&cx, &seen.survey),
        "link" | "close" => press(&cx, &seen.survey, &action, action == "close"),
        _ => return Err(Refusal::NotFound.into()),
    };
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, &seen.survey, &action, &form, &pairs).await {
            Ok(n) => {
                let done = Flash::Done(cx.w.t1(&format!("surveys-{action}-done"), "count", n));
                return cx.see_other(&format!("/surveys/{}", seen.survey.id), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let (invite, close) = if action == "invite" { (Some(form), None) } else { (None, Some(form)) };
    cx.page_again(&page(&cx, &seen, invite, close))
}

async fn carry_out(
    cx: &Cx,
    s: &Survey,
    action: &str,
    form: &Form,
    pairs: &Pairs,
) -> Result<i64, Failure> {
    let version: i64 = form.hidden("version").and_then(|v| v.parse().ok()).unwrap_or_default();
    let (id, action, base) = (s.id, action.to_owned(), cx.app.base_url.clone());
    let addresses = form.typed("addresses").to_owned();
    let run = move |tx: &mut platform::db::Tx<'_>,
                    env: &mut kernel::env::Env,
                    actor: &kernel::party::Actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<ManageSurveys>(actor, &Facts::of(owner))?;
        match action.as_str() {
            "invite" => service::invite(tx, env, &permit, (id, version), &addresses, &base)
                .map(|n| i64::try_from(n).unwrap_or(i64::MAX)),
            "link" => service::make_link(tx, env, &permit, (id, version)).map(|()| 1),
            _ => service::close(tx, env, &permit, (id, version)),
        }
    };
    cx.write_once(pairs, run).await
}
