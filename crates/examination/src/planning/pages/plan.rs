//! `/examination/{engagement}/plan`: how the work is planned, and how far it is.

use super::{forms, hours, word};
use crate::firm::pages::{maybe, people, send, version};
use crate::firm::rules::day;
use crate::pages::{done, filled, framed, fresh_key, href, id, papers};
use crate::planning::events::PlanningEvent;
use crate::planning::model::{Budget, Materiality, Time, TimeId, Timeline, Understanding};
use crate::planning::permits::{Plan as MayPlan, RecordTime, Schedule};
use crate::planning::{progress, rules, service, store};
use crate::store::Papers;
use axum::extract::Path;
use identity::pages::told::{Told, proof_file};
use jiff::civil::Date;
use kernel::ids::{EngagementId, EventId, PersonId};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{
    Button, Column, Empty, Figure, Figures, Form, Html, Page, Row, Status, Table, Tone, buttons,
    facts, fold, prose,
};
use platform::words::Words;
use std::collections::BTreeMap;

/// What the page shows.
pub(super) struct Seen {
    pub(super) papers: Papers,
    pub(super) understanding: Option<Understanding>,
    pub(super) materiality: Option<Materiality>,
    pub(super) timeline: Timeline,
    pub(super) budget: Budget,
    pub(super) times: Vec<Time>,
    pub(super) today: Date,
    pub(super) me: Option<PersonId>,
    understanding_told: Told<PlanningEvent>,
    materiality_told: Told<PlanningEvent>,
    people: BTreeMap<PersonId, String>,
    proposals: usize,
    assessed: usize,
    risks: usize,
}

impl Seen {
    pub(super) fn href(&self, rest: &str) -> String {
        href(self.papers.engagement.id, rest)
    }
}

async fn seen(cx: &Cx, engagement: EngagementId) -> Result<Seen, Failure> {
    let (papers, _) = papers(cx, engagement).await?;
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        let file = papers.file;
        let plan = store::Plan::load(conn, &papers)?;
        Ok(Seen {
            understanding: store::understanding(conn, file)?,
            materiality: store::materiality(conn, file)?,
            understanding_told: Told::read(conn, &store::subject(file, "understanding"))?,
            materiality_told: Told::read(conn, &store::subject(file, "materiality"))?,
            timeline: store::timeline(conn, file)?,
            budget: store::budget(conn, file)?,
            times: store::times(conn, file)?,
            today: day(now),
            me: actor.person,
            people: people(conn, file.firm)?,
            proposals: plan.proposals(&papers).len(),
            assessed: plan.assessed.len(),
            risks: store::risk_subjects(&papers.engagement).len(),
            papers,
        })
    })
    .await
}

fn columns(w: Words, names: &[&str], numeric: &[&str]) -> Vec<Column> {
    let column = |name: &&str| {
        let column = Column::new(w.t(&format!("planning-{name}")));
        if numeric.contains(name) { column.numeric() } else { column }
    };
    names.iter().map(column).collect()
}

fn series_table(w: Words, seen: &Seen) -> Table {
    let names = [
        "series",
        "criteria",
        "controls",
        "with-test",
        "concluded",
        "deviations",
        "budget",
        "recorded",
    ];
    let all = progress::by_series(&seen.papers, &seen.budget, &seen.times);
    let rows = all.iter().map(|s| {
        Row::new(vec![
            Html::id(s.series.label()).into(),
            w.t2("examination-n-of-n", "n", s.concluded_criteria, "of", s.criteria).into(),
            w.number(s.controls).into(),
            w.number(s.planned).into(),
            w.number(s.concluded).into(),
            w.number(s.deviations).into(),
            w.number(s.hours).into(),
            hours(w, s.minutes).into(),
        ])
    });
    Table::new(w, "series", w.t("planning-by-series"), columns(w, &names, &names[2..]))
        .rows(rows)
        .cards()
}

fn timeline_table(w: Words, seen: &Seen) -> Table {
    let rows = seen.timeline.dates.iter().map(|d| {
        let status = match d.done {
            Some(on) => Status::new(Tone::Good, w.t1("planning-done-at", "on", w.date(on))),
            None if rules::overdue(d, seen.today) => {
                Status::new(Tone::Attention, w.t("planning-overdue"))
            }
            None => Status::new(Tone::Waiting, w.t("planning-to-come")),
        };
        Row::new(vec![
            word(w, "milestone", d.milestone.word()).into(),
            w.date(d.due).into(),
            status.into(),
        ])
    });
    let names = ["milestone", "due", "status"];
    Table::new(w, "timeline", w.t("planning-timeline"), columns(w, &names, &[]))
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("planning-timeline-none"), w.t("planning-timeline-none-next")))
}

fn time_table(w: Words, seen: &Seen) -> Table {
    let kept = seen.times.iter().rev().filter(|t| t.withdrawn.is_none()).take(50);
    let rows = kept.map(|t| {
        Row::new(vec![
            w.date(t.text.on).into(),
            seen.people.get(&t.person).cloned().unwrap_or_default().into(),
            forms::area_name(w, t.text.area.as_str()).into(),
            hours(w, u64::from(t.text.minutes)).into(),
            (&t.text.note).into(),
        ])
    });
    let names = ["on", "person", "area", "hours", "note"];
    Table::new(w, "times", w.t("planning-times"), columns(w, &names, &["hours"]))
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("planning-times-none"), w.t("planning-times-none-next")))
}

fn figures(w: Words, seen: &Seen) -> Figures {
    let (budget, minutes) = progress::spent(&seen.budget, &seen.times);
    Figures::new(vec![
        Figure::new(w, w.t("planning-proposals"), w.number(seen.proposals))
            .of(seen.href("/plan/tests"))
            .definition(w.t("planning-proposals-counted")),
        Figure::new(w, w.t("planning-risks-assessed"), w.number(seen.assessed))
            .unit(w.t1("examination-of-n", "of", seen.risks))
            .of(seen.href("/plan/risks")),
        Figure::new(w, w.t("planning-recorded"), hours(w, minutes))
            .unit(w.t1("examination-of-n", "of", budget))
            .definition(w.t("planning-recorded-counted")),
    ])
}

fn understood(w: Words, seen: &Seen) -> Html {
    let Some(u) = &seen.understanding else {
        return Empty::new(
            w.t("planning-understanding-none"),
            w.t("planning-understanding-none-next"),
        )
        .into();
    };
    facts(u.parts.iter().map(|p| (word(w, "topic", p.topic.word()), prose(&p.text))).collect())
}

fn weighed(w: Words, seen: &Seen) -> Html {
    let Some(m) = &seen.materiality else {
        return Empty::new(w.t("planning-materiality-none"), w.t("planning-materiality-none-next"))
            .into();
    };
    let mut pairs = vec![(w.t("planning-conclusion"), prose(&m.text.conclusion))];
    pairs.extend(
        m.text.factors.iter().map(|f| (word(w, "factor", f.factor.word()), prose(&f.note))),
    );
    if let Some(policy) = &m.text.policy {
        pairs.push((w.t("planning-policy"), Html::link("/firm", Html::id(policy))));
    }
    facts(pairs)
}

/// What an entry about the understanding or the considerations of materiality says.
fn said(w: Words, event: &PlanningEvent) -> (String, Html) {
    let key = match event {
        PlanningEvent::MaterialityConsidered(_) => "planning-told-materiality",
        _ => "planning-told-understanding",
    };
    (w.t(key), Html::empty())
}

type Again = Option<(&'static str, Form)>;

fn folded(page: Page, w: Words, act: &'static str, again: &mut Again, form: Form) -> Page {
    let back = again.take_if(|(which, _)| *which == act).map(|(_, form)| form);
    let open = back.is_some();
    page.part(fold(&w.t(&format!("planning-do-{act}")), open, back.unwrap_or(form)))
}

fn plan_page(cx: &Cx, seen: &Seen, mut again: Again) -> Page {
    let w = cx.w;
    let shell = cx.shell();
    let late = seen.timeline.dates.iter().filter(|d| rules::overdue(d, seen.today)).count();
    let framed = framed(cx.shell(), &seen.papers, "plan")
        .title(w.t("planning-title"))
        .answer(w.t2("planning-answer", "proposals", seen.proposals, "late", late));
    let key = || fresh_key(cx);
    let (plans, schedules) = (cx.can::<MayPlan>(), cx.can::<Schedule>());
    let links = [("/plan/tests", "planning-open-tests"), ("/plan/risks", "planning-open-risks")];
    let links = links.map(|(rest, words)| Button::link(seen.href(rest), w.t(words)).into());
    let mut page = Page::new(framed)
        .part(figures(w, seen))
        .part(buttons(links))
        .part(series_table(w, seen))
        .part(timeline_table(w, seen));
    if schedules {
        page = folded(page, w, "timeline", &mut again, forms::timeline(&shell, seen, &key()));
        page = folded(page, w, "budget", &mut again, forms::budget(&shell, seen, &key()));
    }
    let proofs = seen.href("/plan/proofs");
    page = page.heading(&w.t("planning-understanding")).part(understood(w, seen));
    if seen.understanding.is_some() {
        let told = seen.understanding_told.timeline(w, &proofs, |e| said(w, e));
        page = page.part(fold(&w.t("planning-history-understanding"), true, told));
    }
    if plans {
        let form = forms::understanding(&shell, seen, &key());
        page = folded(page, w, "understanding", &mut again, form);
    }
    page = page.heading(&w.t("planning-materiality")).part(weighed(w, seen));
    if seen.materiality.is_some() {
        let told = seen.materiality_told.timeline(w, &proofs, |e| said(w, e));
        page = page.part(fold(&w.t("planning-history-materiality"), true, told));
    }
    if plans {
        let form = forms::materiality(&shell, seen, &key());
        page = folded(page, w, "materiality", &mut again, form);
    }
    page = page.part(time_table(w, seen));
    if cx.can::<RecordTime>() {
        page = folded(page, w, "time", &mut again, forms::time(&shell, seen, &key()));
        if let Some(form) = forms::withdraw(&shell, seen, &key()) {
            page = folded(page, w, "withdraw", &mut again, form);
        }
    }
    page
}

/// `GET /examination/{engagement}/plan`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn show(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, id(&engagement)?).await?;
    cx.page(&plan_page(&cx, &seen, None))
}

/// `GET /examination/{engagement}/plan/proofs/{event}`: the proof that the firm's log holds who stated the
/// understanding or considered materiality.
///
/// # Errors
/// Nothing is there for who may not read the file, nor for any other entry.
pub async fn proof(cx: Cx, Path((engagement, event)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, id(&engagement)?).await?;
    let event: EventId = event.parse().map_err(|_| Refusal::NotFound)?;
    if !seen.understanding_told.holds(event) && !seen.materiality_told.holds(event) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}

/// `POST /examination/{engagement}/plan/{act}`: `understanding`, `materiality`, `timeline`, `budget`,
/// `time`, `withdraw`.
///
/// # Errors
/// When the form is another session's, nothing is there for the person, or they may not.
pub async fn act(cx: Cx, Path((engagement, act)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let seen = seen(&cx, engagement).await?;
    let again: Again = match act.as_str() {
        "understanding" | "materiality" => state(&cx, &seen, &act, &pairs).await?,
        "timeline" | "budget" => schedule(&cx, &seen, &act, &pairs).await?,
        "time" => record(&cx, &seen, &pairs).await?.map(|f| ("time", f)),
        "withdraw" => withdraw(&cx, &seen, &pairs).await?.map(|f| ("withdraw", f)),
        _ => return Err(Refusal::NotFound.into()),
    };
    match again {
        None => done(&cx, &href(engagement, "/plan"), "planning-saved").await,
        Some(again) => cx.page_again(&plan_page(&cx, &seen, Some(again))),
    }
}

async fn state(cx: &Cx, seen: &Seen, act: &str, pairs: &Pairs) -> Result<Again, Failure> {
    cx.may::<MayPlan>()?;
    let engagement = seen.papers.engagement.id;
    if act == "understanding" {
        let form = filled(forms::understanding(&cx.shell(), seen, ""), pairs);
        let (at, parts) = (Expected::Version(version(&form)), forms::read_understanding(&form));
        let again = send(cx, pairs, form, move |tx, env, actor| {
            let facts = scope::facts(tx, engagement)?;
            let permit = authorize::<MayPlan>(actor, &facts)?;
            service::state_understanding(tx, env, &permit, at, &parts)
        });
        return Ok(again.await?.map(|f| ("understanding", f)));
    }
    let form = filled(forms::materiality(&cx.shell(), seen, ""), pairs);
    let (at, (factors, conclusion)) =
        (Expected::Version(version(&form)), forms::read_materiality(&form));
    let again = send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<MayPlan>(actor, &facts)?;
        service::consider_materiality(tx, env, &permit, at, (&factors, &conclusion))
    });
    Ok(again.await?.map(|f| ("materiality", f)))
}

async fn schedule(cx: &Cx, seen: &Seen, act: &str, pairs: &Pairs) -> Result<Again, Failure> {
    cx.may::<Schedule>()?;
    let engagement = seen.papers.engagement.id;
    if act == "timeline" {
        let form = filled(forms::timeline(&cx.shell(), seen, ""), pairs);
        let (at, dates) = (Expected::Version(version(&form)), forms::read_timeline(&form));
        let reason = form.typed("reason").to_owned();
        let again = send(cx, pairs, form, move |tx, env, actor| {
            let facts = scope::facts(tx, engagement)?;
            let permit = authorize::<Schedule>(actor, &facts)?;
            service::state_timeline(tx, env, &permit, at, (&dates, &reason))
        });
        return Ok(again.await?.map(|f| ("timeline", f)));
    }
    let mut form = filled(forms::budget(&cx.shell(), seen, ""), pairs);
    let lines = forms::read_budget(&mut form, seen, &cx.w.t("firm-a-number"));
    let (at, reason) = (Expected::Version(version(&form)), form.typed("reason").to_owned());
    let again = send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<Schedule>(actor, &facts)?;
        service::state_budget(tx, env, &permit, at, (&lines, &reason))
    });
    Ok(again.await?.map(|f| ("budget", f)))
}

async fn record(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Result<Option<Form>, Failure> {
    cx.may::<RecordTime>()?;
    let mut form = filled(forms::time(&cx.shell(), seen, ""), pairs);
    let read = forms::read_time(&mut form, seen, &cx.w.t("firm-a-number"));
    let engagement = seen.papers.engagement.id;
    send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<RecordTime>(actor, &facts)?;
        let text = read.as_ref().ok_or(Refusal::NotFound)?;
        service::record_time(tx, env, &permit, text)
    })
    .await
}

async fn withdraw(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Result<Option<Form>, Failure> {
    cx.may::<RecordTime>()?;
    let form = forms::withdraw(&cx.shell(), seen, "").ok_or(Refusal::NotFound)?;
    let mut form = filled(form, pairs);
    let time: Option<TimeId> = maybe(&mut form, "time", "");
    let found = seen.times.iter().find(|t| Some(t.id) == time).map(|t| (t.id, t.version));
    let reason = form.typed("reason").to_owned();
    let engagement = seen.papers.engagement.id;
    send(cx, pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<RecordTime>(actor, &facts)?;
        service::withdraw_time(tx, env, &permit, found.ok_or(Refusal::NotFound)?, &reason)
    })
    .await
}
