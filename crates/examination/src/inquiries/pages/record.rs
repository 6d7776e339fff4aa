//! `/examination/{engagement}/inquiries/{inquiry}`: what one procedure gave, and what is done with it.

mod forms;

use self::forms::{Forms, entry_of, follow_up_form};
use super::super::appointments;
use super::super::model::{
    Entry, InquiryId, KeptEntry, Meeting, Procedure, ProcedureState, Support,
};
use super::super::permits::{HoldInquiries, ScheduleInquiry};
use super::super::rules::supports;
use super::super::service::{self, work};
use super::{Seen, enough, frame, moment, named, question, seen, state, tone};
use crate::evaluations::pages::{opened, page, shown_by};
use crate::pages::{alone, done, href, id, submit, version};
use axum::extract::Path;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Column, Empty, Form, Html, Page, Row, Status, Table, Tone, facts, fold, heading, prose,
    stack,
};
use platform::words::Words;

fn known<'s>(seen: &'s Seen, inquiry: &str) -> Result<&'s Procedure, Failure> {
    let id: InquiryId = id(inquiry)?;
    seen.procedures.iter().find(|p| p.id == id).ok_or(Failure::Refused(Refusal::NotFound))
}

fn plan_facts(w: Words, seen: &Seen, p: &Procedure) -> Html {
    let e = seen.papers.engagement.id;
    let plan = &p.plan;
    let asked = stack(plan.asked.iter().map(|a| {
        Html::text(&w.ta(
            "inquiries-asked-line",
            &[
                ("name", a.name.as_str().into()),
                ("function", a.function.as_str().into()),
                ("tenure", named(w, "tenure", a.tenure.word()).into()),
                ("why", a.reason.as_str().into()),
            ],
        ))
    }));
    let controls = stack(plan.controls.iter().filter_map(|id| {
        let control = seen.papers.control(*id)?;
        let link = Html::link(&href(e, &format!("/controls/{id}")), Html::id(&control.text.code));
        Some(link.and(Html::text(&format!(" {}", control.text.statement))))
    }));
    let tests = plan.tests.iter().filter_map(|id| seen.papers.tests.iter().find(|t| t.id == *id));
    let tests: Vec<&str> = tests.map(|t| t.plan.code.as_str()).collect();
    let questions: Vec<String> =
        plan.questions.iter().chain(&plan.own).map(|q| question(w, q)).collect();
    facts(vec![
        (w.t("inquiries-kind"), named(w, "kind", plan.kind.word()).into()),
        (w.t("inquiries-purpose"), prose(&plan.purpose)),
        (w.t("inquiries-whom"), asked),
        (w.t("inquiries-controls"), controls),
        (w.t("inquiries-tests"), tests.join(", ").into()),
        (w.t("inquiries-questions"), stack(questions.iter().map(|q| Html::text(q)))),
    ])
}

fn entry_row(w: Words, seen: &Seen, kept: &KeptEntry) -> Row {
    let zone = seen.zone();
    let (what, said) = match &kept.entry {
        Entry::Answer { question: q, who, role, at, answer } => (
            prose(&question(w, q)),
            prose(answer).and(prose(&w.ta(
                "inquiries-said-by",
                &[
                    ("who", who.as_str().into()),
                    ("role", role.as_str().into()),
                    ("at", w.moment(*at, &zone).into()),
                ],
            ))),
        ),
        Entry::Session { on, place, present, seen } => (
            prose(&w.t2("inquiries-session-line", "on", on.as_str(), "place", place.as_str())),
            prose(seen).and(prose(&w.t1("inquiries-present-line", "present", present.as_str()))),
        ),
        Entry::FollowUp { what, due } => {
            let status = match &kept.outcome {
                Some(outcome) => Html::from(Status::new(Tone::Good, w.t("inquiries-follow-done")))
                    .and(prose(outcome)),
                None => {
                    Status::new(Tone::Waiting, w.t1("inquiries-follow-due", "due", due.as_str()))
                        .into()
                }
            };
            (prose(what), status)
        }
        Entry::Corroboration { by, found, evidence } => (
            named(w, "by", by.word()).into(),
            prose(found).and(shown_by(seen.papers.engagement.id, evidence)),
        ),
    };
    Row::new(vec![
        w.number(kept.number).into(),
        named(w, "entry", kept.entry.word()).into(),
        what.into(),
        said.into(),
        seen.name(&kept.actor).into(),
    ])
}

fn appointment(w: Words, seen: &Seen, p: &Procedure) -> Option<Html> {
    let a = seen.appointments.iter().find(|a| Some(a.id) == p.appointment)?;
    let person = seen.people.iter().find(|(id, _)| *id == a.meeting.person);
    Some(facts(vec![
        (w.t("inquiries-with"), person.map_or("", |(_, name)| name.as_str()).into()),
        (w.t("inquiries-when"), w.moment(a.meeting.at, &seen.zone()).into()),
        (w.t("inquiries-place"), a.meeting.place.as_str().into()),
        (w.t("inquiries-released"), prose(&a.meeting.topics)),
        (w.t("inquiries-state"), named(w, "appointment", a.state.word()).into()),
        (w.t("inquiries-reply"), prose(&a.reply)),
    ]))
}

/// What the work so far can be used for.
fn used_for(w: Words, seen: &Seen, p: &Procedure) -> Html {
    let done = work(p, seen.entries(p.id));
    facts(
        Support::ALL
            .iter()
            .map(|support| {
                let status = match supports(&done, *support) {
                    Ok(()) => Status::new(tone(*support), enough(w, *support)).into(),
                    Err(lack) => {
                        Html::from(Status::new(Tone::Waiting, w.t("inquiries-not-enough")))
                            .and(prose(&lack.to_string()))
                    }
                };
                (named(w, "support", support.word()), status)
            })
            .collect(),
    )
}

fn entries_table(w: Words, seen: &Seen, p: &Procedure) -> Table {
    let columns = ["n", "entry", "about", "result", "written-by"]
        .map(|k| Column::new(w.t(&format!("inquiries-{k}"))));
    Table::new(w, "entries", w.t("inquiries-entries"), columns.to_vec())
        .rows(seen.entries(p.id).iter().map(|e| entry_row(w, seen, e)))
        .cards()
        .empty(Empty::new(w.t("inquiries-entries-none"), w.t("inquiries-entries-none-next")))
}

fn record_page(cx: &Cx, seen: &Seen, p: &Procedure, forms: Forms) -> Page {
    let w = cx.w;
    let mut parts = vec![plan_facts(w, seen, p), entries_table(w, seen, p).into()];
    let over = matches!(p.state, ProcedureState::Concluded | ProcedureState::Cancelled);
    let may = cx.can::<HoldInquiries>() && !over;
    if over && let Some(refused) = forms.refused() {
        // It was concluded or cancelled meanwhile: what was typed for it still comes back.
        parts.insert(0, refused.clone().into());
    }
    if may {
        for kept in seen.entries(p.id) {
            if matches!(kept.entry, Entry::FollowUp { .. }) && kept.outcome.is_none() {
                let title = w.t1("inquiries-close-follow-up", "n", kept.number);
                parts.push(fold(&title, false, follow_up_form(cx, seen, p, kept.number)));
            }
        }
        for (key, open, form) in forms.entries {
            parts.push(fold(&w.t(key), open, form));
        }
    }
    parts.push(heading(&w.t("inquiries-appointment")));
    parts
        .push(appointment(w, seen, p).unwrap_or_else(|| prose(&w.t("inquiries-appointment-none"))));
    if cx.can::<ScheduleInquiry>() && !over {
        let (open, form) = forms.schedule;
        parts.push(fold(&w.t("inquiries-schedule"), open, form));
        let live = seen.appointments.iter().find(|a| Some(a.id) == p.appointment);
        if live.is_some_and(|a| a.state != super::super::model::AppointmentState::Cancelled) {
            let open = !forms.call_off.ok();
            parts.push(fold(&w.t("inquiries-call-off"), open, forms.call_off));
        }
    }
    parts.push(heading(&w.t("inquiries-conclusion")));
    if let Some(outcome) = &p.outcome {
        parts.push(facts(vec![
            (w.t("inquiries-used-for"), named(w, "support", outcome.support.word()).into()),
            (w.t("inquiries-learnt"), prose(&outcome.text)),
        ]));
    } else {
        parts.push(used_for(w, seen, p));
    }
    if may {
        let (open, form) = forms.conclude;
        parts.push(fold(&w.t("inquiries-conclude"), open, form));
        parts.push(fold(&w.t("inquiries-cancel"), !forms.cancel.ok(), forms.cancel));
    }
    let answer = Html::text(&w.t1("inquiries-record-answer", "entries", seen.entries(p.id).len()))
        .and(state(w, p.state));
    let mut shell = frame(cx, seen, p.plan.title.clone(), answer);
    if may {
        shell = shell
            .action(Button::link(seen.href(&format!("/{}/plan", p.id)), w.t("inquiries-change")));
    }
    page(shell, parts)
}

/// `GET /examination/{engagement}/inquiries/{inquiry}`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn record(cx: Cx, Path((engagement, inquiry)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let p = known(&seen, &inquiry)?;
    let forms = Forms::new(&cx, &seen, p);
    cx.page(&record_page(&cx, &seen, p, forms))
}

fn filled(form: &mut Form, pairs: &Pairs) -> i64 {
    form.fill(&pairs.0);
    form.check();
    version(form)
}

/// `POST /examination/{engagement}/inquiries/{inquiry}/entries`: an answer, a session, something left to do
/// or a corroboration.
///
/// # Errors
/// As [`record`].
pub async fn add(
    cx: Cx,
    Path((engagement, inquiry)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    let seen = opened::<HoldInquiries, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let p = known(&seen, &inquiry)?;
    let mut forms = Forms::new(&cx, &seen, p);
    let kind = pairs.get("entry").unwrap_or_default();
    let Some((_, open, form)) =
        forms.entries.iter_mut().find(|(_, _, form)| form.hidden("entry") == Some(kind))
    else {
        return Err(Failure::Refused(Refusal::NotFound));
    };
    *open = true;
    let (id, version) = (p.id, filled(form, &pairs));
    if form.ok() {
        match entry_of(kind, form, |text| moment(text, &seen)) {
            Some(entry) => {
                let command =
                    move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<HoldInquiries>| {
                        service::add(tx, env, permit, (id, version), &entry)
                    };
                if submit(&cx, &pairs, seen.papers.engagement.id, form, command).await? {
                    return done(&cx, &seen.href(&format!("/{id}")), "inquiries-saved").await;
                }
            }
            None => form.error("at", cx.w.t("inquiries-when-wrong")),
        }
    }
    cx.page_again(&record_page(&cx, &seen, p, forms))
}

/// `POST /examination/{engagement}/inquiries/{inquiry}/follow-up`: what came of something left to do.
///
/// # Errors
/// As [`record`].
pub async fn follow_up(
    cx: Cx,
    Path((engagement, inquiry)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    let seen = opened::<HoldInquiries, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let p = known(&seen, &inquiry)?;
    let number: i64 = pairs
        .get("number")
        .and_then(|n| n.parse().ok())
        .ok_or(Failure::Refused(Refusal::NotFound))?;
    let mut form = follow_up_form(&cx, &seen, p, number);
    let (id, version) = (p.id, filled(&mut form, &pairs));
    let outcome = form.typed("outcome").to_owned();
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<HoldInquiries>| {
        service::follow_up(tx, env, permit, (id, version), (number, &outcome))
    };
    if submit(&cx, &pairs, seen.papers.engagement.id, &mut form, command).await? {
        return done(&cx, &seen.href(&format!("/{id}")), "inquiries-saved").await;
    }
    alone(&cx, frame(&cx, &seen, p.plan.title.clone(), ""), form)
}

/// `POST /examination/{engagement}/inquiries/{inquiry}/conclude`
///
/// # Errors
/// As [`record`].
pub async fn conclude(
    cx: Cx,
    Path((engagement, inquiry)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    let seen = opened::<HoldInquiries, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let p = known(&seen, &inquiry)?;
    let mut forms = Forms::new(&cx, &seen, p);
    let (open, form) = &mut forms.conclude;
    *open = true;
    let (id, version) = (p.id, filled(form, &pairs));
    if let Some(support) = Support::from_word(form.typed("support")) {
        let text = form.typed("text").to_owned();
        let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<HoldInquiries>| {
            service::conclude(tx, env, permit, (id, version), (support, &text))
        };
        if submit(&cx, &pairs, seen.papers.engagement.id, form, command).await? {
            return done(&cx, &seen.href(&format!("/{id}")), "inquiries-saved").await;
        }
    }
    cx.page_again(&record_page(&cx, &seen, p, forms))
}

/// `POST /examination/{engagement}/inquiries/{inquiry}/cancel`
///
/// # Errors
/// As [`record`].
pub async fn cancel(
    cx: Cx,
    Path((engagement, inquiry)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    let seen = opened::<HoldInquiries, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let p = known(&seen, &inquiry)?;
    let mut forms = Forms::new(&cx, &seen, p);
    let (id, version) = (p.id, filled(&mut forms.cancel, &pairs));
    let reason = forms.cancel.typed("reason").to_owned();
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<HoldInquiries>| {
        service::cancel(tx, env, permit, (id, version), &reason)
    };
    if submit(&cx, &pairs, seen.papers.engagement.id, &mut forms.cancel, command).await? {
        return done(&cx, &seen.href(""), "inquiries-saved").await;
    }
    cx.page_again(&record_page(&cx, &seen, p, forms))
}

/// `POST /examination/{engagement}/inquiries/{inquiry}/schedule`
///
/// # Errors
/// As [`record`].
pub async fn schedule(
    cx: Cx,
    Path((engagement, inquiry)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    let seen = opened::<ScheduleInquiry, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let p = known(&seen, &inquiry)?;
    let contact = cx.person()?;
    let mut forms = Forms::new(&cx, &seen, p);
    let (open, form) = &mut forms.schedule;
    *open = true;
    let (id, version) = (p.id, filled(form, &pairs));
    let at = moment(form.typed("at"), &seen);
    let person = form.typed("person").parse().ok();
    if let Some((at, person)) = at.zip(person) {
        let meeting = Meeting {
            person,
            at,
            minutes: form.typed("minutes").parse().unwrap_or(0),
            place: form.typed("place").to_owned(),
            topics: form.typed("topics").to_owned(),
            contact,
        };
        let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<ScheduleInquiry>| {
            appointments::schedule(tx, env, permit, (id, version), &meeting)
        };
        if submit(&cx, &pairs, seen.papers.engagement.id, form, command).await? {
            return done(&cx, &seen.href(&format!("/{id}")), "inquiries-saved").await;
        }
    }
    cx.page_again(&record_page(&cx, &seen, p, forms))
}

/// `POST /examination/{engagement}/inquiries/{inquiry}/call-off`: takes the appointment back.
///
/// # Errors
/// As [`record`].
pub async fn call_off(
    cx: Cx,
    Path((engagement, inquiry)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    let seen = opened::<ScheduleInquiry, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let p = known(&seen, &inquiry)?;
    let mut forms = Forms::new(&cx, &seen, p);
    filled(&mut forms.call_off, &pairs);
    let (id, reason) = (p.id, forms.call_off.typed("reason").to_owned());
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<ScheduleInquiry>| {
        appointments::call_off(tx, env, permit, id, &reason)
    };
    if submit(&cx, &pairs, seen.papers.engagement.id, &mut forms.call_off, command).await? {
        return done(&cx, &seen.href(&format!("/{id}")), "inquiries-saved").await;
    }
    cx.page_again(&record_page(&cx, &seen, p, forms))
}
