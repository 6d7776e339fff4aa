//! `/channels/canaries`: the proof, per channel and month, that the channels worked; and how canaries
//! are sent.

use super::model::{Canary, Settings, Verdict};
use super::permits::ManageCanaries;
use super::service;
use super::store;
use crate::channels::pages as channels;
use identity::pages::told::version_seen;
use kernel::party::Side;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Column, Empty, Field, Flash, Form, Html, Kind, Note, Page, Row, Status, Table, Tone, fold,
    prose,
};
use platform::words::Words;
use std::collections::BTreeMap;

/// Canaries read for the page: some years of them.
const READ_MAX: i64 = 2_000;
/// Canaries listed one by one.
const LISTED_MAX: usize = 50;

struct Seen {
    settings: Option<(Settings, i64)>,
    retired: Vec<Canary>,
    inside: bool,
}

async fn seen(cx: &Cx) -> Result<Seen, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let owner = channels::owner_seen(conn, actor, chosen)?;
        Ok(Seen {
            settings: store::settings(conn, owner)?,
            retired: store::retired(conn, owner, READ_MAX)?,
            inside: actor.side == Side::ServiceOrganisation,
        })
    })
    .await
}

fn verdict(w: Words, canary: &Canary) -> Status {
    let Some(verdict) = canary.verdict else { return Status::new(Tone::Neutral, "") };
    let tone = match verdict {
        Verdict::Passed => Tone::Good,
        Verdict::Late => Tone::Attention,
        Verdict::NotSent | Verdict::NotReceived | Verdict::NotAcknowledged => Tone::Missed,
    };
    let word = verdict.word().replace('_', "-");
    Status::new(tone, w.t(&format!("canaries-verdict-{word}")))
}

/// Sent, came in, confirmed in time, alarms.
type Sums = [usize; 4];

fn sums<'c>(canaries: impl Iterator<Item = &'c Canary>) -> BTreeMap<(String, String), Sums> {
    let mut all: BTreeMap<(String, String), Sums> = BTreeMap::new();
    for c in canaries {
        let sums = all.entry((c.month.clone(), c.channel.clone())).or_default();
        sums[0] += 1;
        sums[1] += usize::from(c.received_at.is_some());
        sums[2] += usize::from(c.verdict == Some(Verdict::Passed));
        sums[3] += c.alarms.len();
    }
    all
}

fn months(w: Words, canaries: &[Canary]) -> Table {
    let columns = ["month", "channel", "sent", "received", "passed", "alarms", "state"].map(|k| {
        let column = Column::new(w.t(&format!("canaries-{k}")));
        if matches!(k, "sent" | "received" | "passed" | "alarms") {
            column.numeric()
        } else {
            column
        }
    });
    let all = sums(canaries.iter());
    let rows = all.iter().rev().map(|((month, channel), [sent, received, passed, alarms])| {
        let state = if passed == sent {
            Status::new(Tone::Good, w.t("canaries-worked"))
        } else if received == sent {
            Status::new(Tone::Attention, w.t("canaries-slow"))
        } else {
            Status::new(Tone::Missed, w.t("canaries-lost"))
        };
        Row::new(vec![
            month.as_str().into(),
            channel.as_str().into(),
            w.number(*sent).into(),
            w.number(*received).into(),
            w.number(*passed).into(),
            w.number(*alarms).into(),
            state.into(),
        ])
    });
    Table::new(w, "months", w.t("canaries-by-month"), columns.to_vec())
        .rows(rows)
        .empty(Empty::new(w.t("canaries-none"), w.t("canaries-none-next")))
}

fn flown(w: Words, canaries: &[Canary]) -> Table {
    let columns = ["channel", "sent-at", "received-at", "confirmed-at", "alarms", "verdict"]
        .map(|k| Column::new(w.t(&format!("canaries-{k}"))));
    let at = |t: Option<kernel::time::Timestamp>| t.map_or_else(String::new, |t| w.moment_utc(t));
    let rows = canaries.iter().take(LISTED_MAX).map(|c| {
        let alarms: Vec<_> =
            c.alarms.iter().map(|a| w.t(&format!("canaries-alarm-{}", a.word()))).collect();
        Row::new(vec![
            (&c.channel).into(),
            at(c.sent_at).into(),
            at(c.received_at).into(),
            at(c.acknowledged_at).into(),
            alarms.join(" ").into(),
            verdict(w, c).into(),
        ])
    });
    Table::new(w, "flown", w.t("canaries-flown"), columns.to_vec())
        .rows(rows)
        .empty(Empty::new(w.t("canaries-none"), w.t("canaries-none-next")))
}

fn form(cx: &Cx, now: Option<&(Settings, i64)>) -> Form {
    let w = cx.w;
    let csrf = cx.session.as_ref().map_or("", |s| s.csrf.as_str());
    let number = |name: &'static str, value: i64| {
        let key = name.replace('_', "-");
        Field::new(w, name, w.t(&format!("canaries-{key}")), Kind::Number)
            .required()
            .value(value.to_string())
    };
    let settings = now.map(|(s, _)| s);
    let mut on = Field::new(w, "on", w.t("canaries-on"), Kind::Box).hint(w.t("canaries-on-hint"));
    if settings.is_some_and(|s| s.on) {
        on = on.value("on");
    }
    Form::post(w, "/channels/canaries", csrf, w.t("canaries-save"))
        .key(cx.form_key())
        .version(now.map_or(0, |(_, v)| u64::try_from(*v).unwrap_or(0)))
        .field(on)
        .field(number("per_month", settings.map_or(2, |s| i64::from(s.per_month))))
        .field(number("receive_minutes", settings.map_or(30, |s| s.receive_minutes)))
        .field(number("acknowledge_hours", settings.map_or(24, |s| s.acknowledge_hours)))
        .field(
            Field::new(w, "alarm_to", w.t("canaries-alarm-to"), Kind::Area(3))
                .max(2_000)
                .hint(w.t("canaries-alarm-to-hint"))
                .value(settings.map(|s| s.alarm_to.join("\n")).unwrap_or_default()),
        )
}

fn page(cx: &Cx, seen: &Seen, filled: Option<Form>) -> Page {
    let w = cx.w;
    let lost = seen.retired.iter().filter(|c| c.verdict != Some(Verdict::Passed)).count();
    let answer = w.t2("canaries-answer", "count", seen.retired.len(), "lost", lost);
    let shell = channels::shell(cx, "/channels/canaries")
        .title(w.t("canaries-question"))
        .answer(Html::text(&answer));
    let mut page = Page::new(shell)
        .part(Note::new(Tone::Neutral, w.t("canaries-what"), prose(&w.t("canaries-what-text"))))
        .part(months(w, &seen.retired).exports(&cx.list_query()))
        .heading(&w.t("canaries-flown"))
        .part(flown(w, &seen.retired));
    if seen.inside && cx.can::<ManageCanaries>() {
        let wrong = filled.is_some();
        let form = filled.unwrap_or_else(|| form(cx, seen.settings.as_ref()));
        page = page.part(fold(&w.t("canaries-settings"), wrong, form));
    }
    page
}

/// `GET /channels/canaries`
///
/// # Errors
/// When the reader may not see the channels.
pub async fn show(cx: Cx) -> Answer {
    let seen = seen(&cx).await?;
    if let Some(file) = cx.file("canaries", &months(cx.w, &seen.retired)) {
        return file;
    }
    cx.page(&page(&cx, &seen, None))
}

fn settings(form: &Form) -> Result<Settings, Refusal> {
    let number = |field: &'static str| {
        form.typed(field).parse::<i64>().map_err(|_| Refusal::field(field, "Write a whole number."))
    };
    Ok(Settings {
        on: form.typed("on") == "on",
        per_month: u8::try_from(number("per_month")?)
            .map_err(|_| Refusal::field("per_month", "Write a whole number from 1 to 31."))?,
        receive_minutes: number("receive_minutes")?,
        acknowledge_hours: number("acknowledge_hours")?,
        alarm_to: form
            .typed("alarm_to")
            .lines()
            .map(|l| l.trim().to_owned())
            .filter(|l| !l.is_empty())
            .collect(),
    })
}

/// `POST /channels/canaries`: how canaries are sent.
///
/// # Errors
/// When the form is another session's or the person may not.
pub async fn save(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageCanaries>()?;
    let seen = seen(&cx).await?;
    let mut form = form(&cx, seen.settings.as_ref());
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, &pairs, &form).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t("canaries-saved"));
                return cx.see_other("/channels/canaries", done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some(form)))
}

async fn carry_out(cx: &Cx, pairs: &Pairs, form: &Form) -> Result<(), Failure> {
    let (settings, version) = (settings(form)?, version_seen(form)?);
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<ManageCanaries>(actor, &Facts::of(owner))?;
        service::state_settings(tx, env, &permit, version, &settings)
    })
    .await
}
