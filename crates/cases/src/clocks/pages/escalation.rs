//! `/cases/escalation`: who is away, which rungs were climbed, and what the watchdog found.

use super::shell;
use crate::clocks::model::{Absence, AbsenceId, Pass, Route};
use crate::clocks::permits::StateAbsence;
use crate::clocks::service::{self, AbsenceInput};
use crate::clocks::store::{self, Done};
use crate::pages::owner_seen;
use axum::extract::Path;
use jiff::civil::DateTime;
use kernel::ids::PersonId;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Html, Kind, Note, Page, Row, Status, Table,
    Tone, fold,
};
use platform::words::Words;
use std::collections::BTreeMap;

/// Passes and rungs shown at most.
const SHOWN_MAX: i64 = 50;
/// How far back rungs are shown, in microseconds: thirty days.
const BACK_US: i64 = 30 * 86_400 * 1_000_000;

struct Seen {
    passes: Vec<(Timestamp, Pass)>,
    absences: Vec<Absence>,
    rungs: Vec<(Done, String)>,
    names: BTreeMap<PersonId, String>,
}

async fn seen(cx: &Cx) -> Result<Seen, Failure> {
    let (chosen, now) = (cx.engagement(), cx.env().now());
    cx.read(move |conn, actor| {
        let owner = owner_seen(conn, actor, chosen)?;
        let span = (Timestamp(now.0 - BACK_US), Timestamp(now.0 + 1));
        let mut rungs = Vec::new();
        for done in store::climbed_between(conn, owner, span, SHOWN_MAX)? {
            let hidden = match actor.person {
                Some(person) => crate::store::kept_out(conn, done.case, person)?,
                None => false,
            };
            if let Some(case) = crate::store::case(conn, owner, done.case)?.filter(|_| !hidden) {
                rungs.push((done, case.tracking_number));
            }
        }
        let all = identity::store::people_of(conn, owner)?;
        Ok(Seen {
            passes: store::passes(conn, owner, SHOWN_MAX)?,
            absences: store::absences(conn, owner, now)?,
            rungs,
            names: all.into_iter().map(|m| (m.profile.id, m.profile.name)).collect(),
        })
    })
    .await
}

fn absence_form(cx: &Cx, seen: &Seen) -> Form {
    let w = cx.w;
    let choices = || -> Vec<Choice> {
        seen.names.iter().map(|(p, name)| Choice::new(p.to_string(), name.clone())).collect()
    };
    let mut deputies = vec![Choice::new("", w.t("clocks-nobody"))];
    deputies.extend(choices());
    let csrf = cx.shell().csrf;
    let time = |name: &'static str| {
        Field::new(w, name, w.t(&format!("clocks-away-{name}")), Kind::DateTime).required()
    };
    Form::post(w, "/cases/escalation/absences", &csrf, w.t("clocks-away-save"))
        .key(cx.form_key())
        .field(Field::new(w, "person", w.t("clocks-away-who"), Kind::Select(choices())).required())
        .field(Field::new(w, "deputy", w.t("clocks-away-deputy"), Kind::Select(deputies)))
        .field(time("from"))
        .field(time("to"))
}

fn passes_table(w: Words, seen: &Seen) -> Table {
    let columns = ["watched-at", "open-cases", "planned-rungs", "climbed-rungs", "found"]
        .map(|k| Column::new(w.t(&format!("clocks-{k}"))))
        .to_vec();
    let rows = seen.passes.iter().map(|(at, pass)| {
        let status = if pass.good() {
            Status::new(Tone::Good, w.t("clocks-all-well"))
        } else {
            Status::new(
                Tone::Missed,
                w.ta(
                    "clocks-found-text",
                    &[
                        ("missing", pass.missing.len().into()),
                        ("silent", pass.silent.len().into()),
                        ("nobody", pass.nobody.len().into()),
                    ],
                ),
            )
        };
        Row::new(vec![
            w.moment_utc(*at).into(),
            w.number(pass.open).into(),
            w.number(pass.planned).into(),
            w.number(pass.climbed).into(),
            status.into(),
        ])
    });
    Table::new(w, "passes", w.t("clocks-watchdog"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("clocks-never-watched"), w.t("clocks-never-watched-text")))
}

fn rungs_table(w: Words, seen: &Seen) -> Table {
    let columns = ["told-at", "number", "why", "told", "route"]
        .map(|k| Column::new(w.t(&format!("clocks-{k}"))))
        .to_vec();
    let rows = seen.rungs.iter().map(|(done, number)| {
        let mut told: Vec<String> =
            done.climbed.told.iter().filter_map(|p| seen.names.get(p).cloned()).collect();
        told.extend(done.climbed.addresses.iter().cloned());
        let route = match done.climbed.route {
            Route::Ladder => "clocks-route-ladder",
            Route::Higher => "clocks-route-higher",
            Route::Everybody => "clocks-route-everybody",
            Route::Nobody => "clocks-route-nobody",
        };
        Row::new(vec![
            w.moment_utc(done.at).into(),
            Html::id(number).into(),
            (&done.climbed.planned.why).into(),
            told.join(", ").into(),
            w.t(route).into(),
        ])
        .to(format!("/cases/{}/clocks", done.case))
    });
    Table::new(w, "rungs", w.t("clocks-rungs"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("clocks-told-none"), w.t("clocks-rungs-none-text")))
}

fn absences_table(cx: &Cx, seen: &Seen) -> Table {
    let w = cx.w;
    let columns = ["away-who", "away-deputy", "away-from", "away-to"]
        .map(|k| Column::new(w.t(&format!("clocks-{k}"))))
        .to_vec();
    let name = |p: Option<PersonId>| {
        p.and_then(|p| seen.names.get(&p).cloned()).unwrap_or_else(|| w.t("clocks-nobody"))
    };
    let csrf = cx.shell().csrf;
    let rows = seen.absences.iter().map(|a| {
        let row = Row::new(vec![
            name(Some(a.person)).into(),
            name(a.deputy).into(),
            w.moment_utc(a.from).into(),
            w.moment_utc(a.to).into(),
        ]);
        let action = format!("/cases/escalation/absences/{}/end", a.id);
        if cx.can::<StateAbsence>() {
            row.action(Button::post(action, csrf.clone(), w.t("clocks-away-end")))
        } else {
            row
        }
    });
    Table::new(w, "absences", w.t("clocks-away"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("clocks-away-none"), w.t("clocks-away-none-text")))
}

fn page(cx: &Cx, seen: &Seen, filled: Option<Form>) -> Page {
    let w = cx.w;
    let wrong: Vec<&Pass> =
        seen.passes.first().map(|(_, p)| p).into_iter().filter(|p| !p.good()).collect();
    let answer = match seen.passes.first() {
        None => w.t("clocks-never-watched"),
        Some((at, pass)) => {
            let key = if pass.good() { "clocks-answer-well" } else { "clocks-answer-wrong" };
            w.t1(key, "at", w.moment_utc(*at))
        }
    };
    let shell =
        shell(cx, "/cases/escalation").title(w.t("clocks-escalation-question")).answer(answer);
    let mut page = Page::new(shell);
    for pass in wrong {
        let said = pass.missing.iter().map(|m| {
            let clock = m.key.0.split('~').next().unwrap_or_default();
            let text = w.t2("clocks-missing-one", "rung", clock, "at", w.moment_utc(m.at));
            Html::link(&format!("/cases/{}/clocks", m.case), text).and(" ")
        });
        let silent = pass.silent.iter().map(|case| {
            Html::link(&format!("/cases/{case}/clocks"), w.t("clocks-silent-one")).and(" ")
        });
        let list = said.chain(silent).fold(Html::empty(), Html::and);
        page = page.part(Note::new(Tone::Missed, w.t("clocks-found-title"), list));
    }
    page = page.part(rungs_table(w, seen)).part(absences_table(cx, seen));
    if cx.can::<StateAbsence>() {
        let open = filled.is_some();
        let form = filled.unwrap_or_else(|| absence_form(cx, seen));
        page = page.part(fold(&w.t("clocks-away-state"), open, form));
    }
    page.part(passes_table(w, seen))
}

/// `GET /cases/escalation`
///
/// # Errors
/// When the reader may not see cases.
pub async fn show(cx: Cx) -> Answer {
    let seen = seen(&cx).await?;
    cx.page(&page(&cx, &seen, None))
}

fn time(form: &Form, field: &'static str) -> Result<Timestamp, Refusal> {
    let local: DateTime = form
        .typed(field)
        .parse()
        .map_err(|_| Refusal::field(field, "Give a date and a time of day."))?;
    Ok(Zone::utc().instant(local))
}

fn input(form: &Form) -> Result<AbsenceInput, Refusal> {
    let person = form.typed("person").parse();
    let deputy = match form.typed("deputy") {
        "" => None,
        one => Some(one.parse().map_err(|_| Refusal::field("deputy", "Choose who stands in."))?),
    };
    Ok(AbsenceInput {
        person: person.map_err(|_| Refusal::field("person", "Choose who is away."))?,
        deputy,
        from: time(form, "from")?,
        to: time(form, "to")?,
    })
}

/// `POST /cases/escalation/absences`
///
/// # Errors
/// When the form is another session's, or the person may not state absences.
pub async fn state(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<StateAbsence>()?;
    let seen = seen(&cx).await?;
    let mut form = absence_form(&cx, &seen);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let saved = match input(&form) {
            Ok(input) => {
                cx.write_once(&pairs, move |tx, env, actor| {
                    let owner = actor.party.ok_or(Refusal::NotFound)?;
                    let permit = authorize::<StateAbsence>(actor, &Facts::of(owner))?;
                    service::state_absence(tx, env, &permit, input).map(|_| ())
                })
                .await
            }
            Err(refusal) => Err(refusal.into()),
        };
        match saved {
            Ok(()) => {
                let done = Flash::Done(cx.w.t("clocks-away-saved"));
                return cx.see_other("/cases/escalation", done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some(form)))
}

/// `POST /cases/escalation/absences/{id}/end`
///
/// # Errors
/// When the form is another session's, there is no such absence, or it is over.
pub async fn end(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id: AbsenceId = id.parse().map_err(|_| Refusal::NotFound)?;
    cx.write(move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<StateAbsence>(actor, &Facts::of(owner))?;
        service::end_absence(tx, env, &permit, id)
    })
    .await?;
    cx.see_other("/cases/escalation", Flash::Done(cx.w.t("clocks-away-ended"))).await
}
