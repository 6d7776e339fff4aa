//! `/cases/{id}/clocks`: what is promised about a case, how each deadline comes about, what comes next,
//! who was told, and what may be done with its clocks.

use super::{clock_name, promise_table, standing};
use crate::clocks::events::{ClockEvent, Flag};
use crate::clocks::model::{Planned, Promise, Route, book_of};
use crate::clocks::permits::{ExcludePeople, KeepClocks};
use crate::clocks::rules::agenda::agenda;
use crate::clocks::rules::promises::explain;
use crate::clocks::service::{self, Read};
use crate::clocks::store::{self, Done};
use crate::model::{Case, CaseId};
use crate::pages::owner_seen;
use axum::extract::Path;
use identity::pages::told::{Told, proof_file};
use jiff::tz::TimeZone;
use kernel::ids::{EventId, PersonId};
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Empty, Field, Flash, Form, Html, Kind, Note, Page, Row, Table, Tone, fold,
    prose,
};
use platform::words::Words;
use std::collections::BTreeMap;

struct Seen {
    case: Case,
    read: Option<Read>,
    next: Option<Planned>,
    done: Vec<Done>,
    names: BTreeMap<PersonId, String>,
    told: Told<ClockEvent>,
    now: Timestamp,
}

async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (chosen, now) = (cx.engagement(), cx.env().now());
    cx.read(move |conn, actor| {
        let owner = owner_seen(conn, actor, chosen)?;
        let case = crate::store::case(conn, owner, id)?.ok_or(Refusal::NotFound)?;
        if let Some(person) = actor.person
            && crate::store::kept_out(conn, id, person)?
        {
            return Err(Refusal::NotFound.into());
        }
        let read = service::read(conn, owner, id)?;
        let done = store::climbed(conn, id)?;
        let next = read.as_ref().and_then(|read| upcoming(read, now));
        let mut names = BTreeMap::new();
        for person in done.iter().flat_map(|d| d.climbed.told.iter().chain(&d.climbed.left_out)) {
            if !names.contains_key(person) {
                names.insert(*person, identity::store::name_of(conn, *person)?);
            }
        }
        let told = Told::read(conn, &book_of(id).to_string())?;
        Ok(Seen { case, read, next, done, names, told, now })
    })
    .await
}

/// The next rung, as it would be climbed if nothing happened.
fn upcoming(read: &Read, now: Timestamp) -> Option<Planned> {
    let climbed = Default::default();
    let next = agenda(&read.plan, &read.facts, &read.armed.promises, &climbed, now).ok()?.next?;
    let then = agenda(&read.plan, &read.facts, &read.armed.promises, &climbed, next).ok()?;
    then.planned.into_iter().rev().find(|one| one.at == next)
}

/// The working of one deadline: step by step, what was counted and why.
fn working(w: Words, read: &Read, promise: &Promise, title: &str) -> Html {
    let name = read.plan.calendar(promise.around_the_clock).zone().name();
    let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
    let Ok(deadline) = explain(&read.plan, &read.facts, promise) else {
        return Html::from(w.t("clocks-no-working"));
    };
    if promise.used_before > 0 {
        return Html::from(w.t2(
            "clocks-carried",
            "used",
            promise.used_before,
            "from",
            w.moment_utc(promise.from),
        ));
    }
    let columns = ["step-from", "step-to", "counted", "why"]
        .map(|k| Column::new(w.t(&format!("clocks-{k}"))))
        .to_vec();
    let rows = deadline.trace.iter().map(|step| {
        Row::new(vec![
            w.moment(step.from, &zone).into(),
            w.moment(step.to, &zone).into(),
            w.span(step.counted_us / 1_000_000).into(),
            step.why.to_string().into(),
        ])
    });
    let name = format!("working-{}-{}", promise.clock.word().replace(':', "-"), promise.made_at.0);
    Table::new(w, name, title, columns).rows(rows).into()
}

fn done_table(w: Words, seen: &Seen) -> Table {
    let columns = ["planned", "told-at", "why", "told", "left-out", "route"]
        .map(|k| Column::new(w.t(&format!("clocks-{k}"))))
        .to_vec();
    let names = |people: &[PersonId]| {
        let known = people.iter().filter_map(|p| seen.names.get(p).cloned());
        known.collect::<Vec<_>>().join(", ")
    };
    let rows = seen.done.iter().map(|done| {
        let climbed = &done.climbed;
        let mut told = vec![names(&climbed.told)];
        told.extend(climbed.addresses.iter().cloned());
        told.retain(|one| !one.is_empty());
        let route = match climbed.route {
            Route::Ladder => "clocks-route-ladder",
            Route::Higher => "clocks-route-higher",
            Route::Everybody => "clocks-route-everybody",
            Route::Nobody => "clocks-route-nobody",
        };
        Row::new(vec![
            w.moment_utc(climbed.planned.at).into(),
            w.moment_utc(done.at).into(),
            (&climbed.planned.why).into(),
            told.join(", ").into(),
            names(&climbed.left_out).into(),
            w.t(route).into(),
        ])
    });
    Table::new(w, "told", w.t("clocks-told-title"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("clocks-told-none"), w.t("clocks-told-none-text")))
}

/// What can be done with the clocks of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Pause,
    Resume,
    Retaliation,
    NotHeard,
    Exclude,
}

impl Act {
    const ALL: [Self; 5] =
        [Self::Pause, Self::Resume, Self::Retaliation, Self::NotHeard, Self::Exclude];

    const fn word(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Retaliation => "retaliation",
            Self::NotHeard => "not-heard",
            Self::Exclude => "exclude",
        }
    }

    fn may(self, cx: &Cx) -> Result<(), Failure> {
        match self {
            Self::Pause | Self::Resume => cx.may::<KeepClocks>(),
            Self::Retaliation | Self::NotHeard | Self::Exclude => cx.may::<ExcludePeople>(),
        }
    }

    fn possible(self, cx: &Cx, seen: &Seen) -> bool {
        let Some(read) = &seen.read else { return false };
        let open = !seen.case.state.is_concluded();
        let stands = read.facts.pauses.last().is_some_and(|p| p.to.is_none());
        open && match self {
            Self::Pause => !stands && cx.can::<KeepClocks>() && !read.plan.body.pauses.is_empty(),
            Self::Resume => stands && cx.can::<KeepClocks>(),
            Self::Retaliation | Self::NotHeard | Self::Exclude => cx.can::<ExcludePeople>(),
        }
    }

    fn form(self, cx: &Cx, seen: &Seen, people: &[(PersonId, String)]) -> Form {
        let w = cx.w;
        let action = format!("/cases/{}/clocks/{}", seen.case.id, self.word());
        let csrf = cx.shell().csrf;
        let form = Form::post(w, action, &csrf, w.t(&format!("clocks-do-{}", self.word())))
            .apart(self.word())
            .key(cx.form_key());
        let area = |name: &'static str| {
            Field::new(w, name, w.t(&format!("clocks-{name}")), Kind::Area(2))
                .required()
                .max(service::NOTE_MAX)
        };
        match self {
            Self::Resume => form,
            Self::Retaliation | Self::NotHeard => form.field(area("note")),
            Self::Pause => {
                let rules = seen.read.as_ref().map(|r| r.plan.body.pauses.clone());
                let reasons = rules.unwrap_or_default().into_iter().map(|rule| {
                    let most = w.t1("clocks-at-most", "most", rule.most.to_string());
                    Choice::new(rule.reason.clone(), rule.reason).hint(most)
                });
                let reasons = Kind::Radio(reasons.collect());
                form.field(Field::new(w, "reason", w.t("clocks-reason"), reasons).required())
                    .field(area("note"))
            }
            Self::Exclude => {
                let all = people.iter().map(|(p, name)| Choice::new(p.to_string(), name.clone()));
                let all = Kind::Select(all.collect());
                form.field(Field::new(w, "person", w.t("clocks-person"), all).required())
                    .field(area("reason"))
            }
        }
    }
}

async fn people(cx: &Cx) -> Result<Vec<(PersonId, String)>, Failure> {
    cx.read(|conn, actor| {
        let Some(party) = actor.party else { return Ok(Vec::new()) };
        let all = identity::store::people_of(conn, party)?;
        Ok(all.into_iter().map(|m| (m.profile.id, m.profile.name)).collect())
    })
    .await
}

async fn page(cx: &Cx, seen: &Seen, filled: Option<(Act, Form)>) -> Result<Page, Failure> {
    let w = cx.w;
    let id = seen.case.id;
    let shell = cx
        .shell()
        .at("cases")
        .crumb("/cases", w.t("cases-room"))
        .crumb(format!("/cases/{id}"), seen.case.tracking_number.clone())
        .title(w.t1("clocks-question", "number", &seen.case.tracking_number));
    let Some(read) = &seen.read else {
        let shell = shell.answer(w.t("clocks-nothing"));
        return Ok(
            Page::new(shell).part(Empty::new(w.t("clocks-nothing"), w.t("clocks-nothing-text")))
        );
    };
    let open: Vec<&Promise> = read.armed.promises.iter().filter(|p| p.open()).collect();
    let late = open.iter().filter(|p| p.due_at < seen.now).count();
    let shell = shell.answer(w.t2("clocks-answer", "open", open.len(), "late", late));
    let mut page = Page::new(shell);
    if let Some(next) = &seen.next {
        let text = w.t2("clocks-next", "when", w.moment_utc(next.at), "why", &next.why);
        page = page.part(Note::new(Tone::Neutral, w.t("clocks-next-title"), text));
    }
    let policy = format!("/cases/policy/{}", read.plan.number);
    page = page
        .part(promise_table(w, &read.armed.promises, seen.now))
        .part(Html::link(&policy, w.t1("clocks-policy", "number", read.plan.number)))
        .heading(&w.t("clocks-workings"));
    for promise in &read.armed.promises {
        // The same clock may have been promised several times, each with a working of its own.
        let title = w.ta(
            "clocks-working-of",
            &[
                ("clock", clock_name(w, &promise.clock).into()),
                ("due", w.moment_utc(promise.due_at).into()),
                ("made", w.moment_utc(promise.made_at).into()),
            ],
        );
        let state = Html::from(standing(w, promise, seen.now));
        page = page.part(fold(&title, false, state.and(working(w, read, promise, &title))));
    }
    page = page.part(done_table(w, seen));
    let people = people(cx).await?;
    let (wrong, mut filled) = filled.map_or((None, None), |(act, form)| (Some(act), Some(form)));
    for act in Act::ALL {
        let again = filled.take_if(|_| wrong == Some(act));
        if again.is_some() || act.possible(cx, seen) {
            let form = again.unwrap_or_else(|| act.form(cx, seen, &people));
            let title = w.t(&format!("clocks-do-{}", act.word()));
            page = page.part(fold(&title, wrong == Some(act), form));
        }
    }
    let proofs = format!("/cases/{id}/clocks/proofs");
    Ok(page.beside(&w.t("clocks-log"), seen.told.timeline(w, &proofs, |e| say(w, e))))
}

fn say(w: Words, event: &ClockEvent) -> (String, Html) {
    match event {
        ClockEvent::Armed(x) => {
            let next = x.next_at.map_or_else(String::new, |at| w.moment_utc(at));
            (w.t1("clocks-event-armed", "next", next), Html::empty())
        }
        ClockEvent::Paused(x) => (w.t1("clocks-event-paused", "reason", &x.reason), prose(&x.note)),
        ClockEvent::Resumed(_) => (w.t("clocks-event-resumed"), Html::empty()),
        ClockEvent::RungClimbed(x) => {
            (w.t1("clocks-event-climbed", "why", &x.climbed.planned.why), Html::empty())
        }
        ClockEvent::PersonExcluded(_) => (w.t("clocks-event-excluded"), Html::empty()),
        ClockEvent::FlagSet(x) => {
            let key = match x.flag {
                Flag::Retaliation => "clocks-event-retaliation",
                Flag::NotHeard => "clocks-event-not-heard",
            };
            (w.t(key), prose(&x.note))
        }
        ClockEvent::DutyStarted(x) => {
            (w.t1("clocks-event-duty", "duty", &x.duty), Html::text(&x.reference))
        }
        ClockEvent::DutyEnded(x) => {
            (w.t1("clocks-event-duty-ended", "duty", &x.duty), prose(&x.note))
        }
        ClockEvent::AbsenceStated(_) | ClockEvent::AbsenceEnded(_) | ClockEvent::Watched(_) => {
            (String::new(), Html::empty())
        }
    }
}

/// `GET /cases/{id}/clocks`
///
/// # Errors
/// When there is no such case in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    cx.page(&page(&cx, &seen, None).await?)
}

/// `POST /cases/{id}/clocks/{action}`: `pause`, `resume`, `retaliation`, `not-heard` or `exclude`.
///
/// # Errors
/// When the form is another session's, there is no such case, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let act = Act::ALL.into_iter().find(|a| a.word() == action).ok_or(Refusal::NotFound)?;
    let seen = seen(&cx, &id).await?;
    act.may(&cx)?;
    let people = people(&cx).await?;
    let mut form = act.form(&cx, &seen, &people);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, &pairs, act, seen.case.id, &form).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&format!("clocks-do-{}-done", act.word())));
                return cx.see_other(&format!("/cases/{}/clocks", seen.case.id), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some((act, form))).await?)
}

async fn carry_out(
    cx: &Cx,
    pairs: &Pairs,
    act: Act,
    case: CaseId,
    form: &Form,
) -> Result<(), Failure> {
    let typed = |name: &str| form.typed(name).to_owned();
    let (reason, note, person) = (typed("reason"), typed("note"), typed("person"));
    cx.write_once(pairs, move |tx, env, actor| {
        let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
        match act {
            Act::Pause | Act::Resume => {
                let permit = authorize::<KeepClocks>(actor, &facts)?;
                match act {
                    Act::Pause => service::pause(tx, env, &permit, case, (&reason, &note)),
                    _ => service::resume(tx, env, &permit, case),
                }
            }
            Act::Retaliation | Act::NotHeard => {
                let permit = authorize::<ExcludePeople>(actor, &facts)?;
                let flag = if act == Act::NotHeard { Flag::NotHeard } else { Flag::Retaliation };
                service::flag(tx, env, &permit, case, flag, &note)
            }
            Act::Exclude => {
                let permit = authorize::<ExcludePeople>(actor, &facts)?;
                let person = person.parse().map_err(|_| {
                    Refusal::field("person", "Choose somebody of your organisation.")
                })?;
                service::exclude(tx, env, &permit, case, person, &reason)
            }
        }
    })
    .await
}

/// `GET /cases/{id}/clocks/proofs/{event}`
///
/// # Errors
/// When there is no such entry in the reader's scope, or it has no place in the log yet.
pub async fn proof(cx: Cx, Path((id, event)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, &id).await?;
    let event: EventId = event.parse().map_err(|_| Refusal::NotFound)?;
    if !seen.told.holds(event) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}
