//! Pages of clocks and escalation.
//!
//! | module | pages |
//! |---|---|
//! | [`record`] | `/cases/{id}/clocks`: what is promised about a case, how each deadline comes about, who was told |
//! | [`overdue`] | `/cases/overdue`: open cases whose time is over |
//! | [`escalation`] | `/cases/escalation`: absences, rungs climbed, and what the watchdog found |

pub mod escalation;
pub mod overdue;
pub mod record;

use super::model::{ClockRef, Promise, Standing};
use crate::pages::severity_word;
use crate::policy::pages::clock_word;
use kernel::time::Timestamp;
use platform::http::Cx;
use platform::ui::{Column, Html, Row, Shell, Status, Table, Tone};
use platform::words::Words;

/// What a clock is called.
pub(crate) fn clock_name(w: Words, clock: &ClockRef) -> String {
    match clock {
        ClockRef::Service(kind) => clock_word(w, *kind),
        ClockRef::Duty(id) => w.t1("clocks-duty", "duty", id),
    }
}

/// How a promise stands, as a word with its colour.
pub(crate) fn standing(w: Words, promise: &Promise, now: Timestamp) -> Status {
    let (tone, key) = match promise.standing(now) {
        Standing::Running => (Tone::Underway, "clocks-running"),
        Standing::Kept => (Tone::Good, "clocks-kept"),
        Standing::Late => (Tone::Missed, "clocks-late"),
        Standing::Overdue => (Tone::Missed, "clocks-overdue"),
        Standing::Superseded => (Tone::Closed, "clocks-superseded"),
    };
    Status::new(tone, w.t(key))
}

/// The promises about a case.
pub(crate) fn promise_table(w: Words, promises: &[Promise], now: Timestamp) -> Table {
    let columns = ["clock", "severity", "target", "from", "due", "stopped", "state"]
        .map(|k| Column::new(w.t(&format!("clocks-{k}"))))
        .to_vec();
    let rows = promises.iter().map(|p| {
        let stopped = p.stopped_at.or(p.superseded_at);
        Row::new(vec![
            clock_name(w, &p.clock).into(),
            severity_word(w, p.severity).into(),
            p.target.to_string().into(),
            w.moment_utc(p.from).into(),
            w.moment_utc(p.due_at).into(),
            stopped.map_or_else(Html::empty, |at| w.moment_utc(at).into()).into(),
            standing(w, p, now).into(),
        ])
    });
    Table::new(w, "promises", w.t("clocks-promises"), columns).rows(rows).cards()
}

/// The frame of a page about clocks, with the views beside it.
pub(crate) fn shell(cx: &Cx, current: &str) -> Shell {
    let w = cx.w;
    let mut shell = cx.shell().at("cases").crumb("/cases", w.t("cases-room"));
    for (href, key) in
        [("/cases/overdue", "clocks-tab-overdue"), ("/cases/escalation", "clocks-tab-escalation")]
    {
        shell = shell.tab(href, w.t(key), None, href == current);
    }
    shell
}
