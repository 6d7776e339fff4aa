//! Promises kept, how long things take, what is worst, backlog, paused time.

use super::Seen;
use crate::model::Severity;
use crate::pages::{severity_word, state_status};
use crate::rules::analysis::survival::SurvivalSummary;
use crate::views::service::figures::{Figures as Timed, Kept, Worst};
use exhibits::charts::{
    About, Axis, ChartError, Estimate, Intervals, Line, LinePoint, Lines, Shape, Steps, as_count,
    as_duration, as_percent, intervals, lines,
};
use jiff::tz::TimeZone;
use platform::http::Failure;
use platform::ui::{Chart, Column, Empty, Figure, Figures, Html, Row, Table, prose};
use platform::words::Words;

fn odd(e: &ChartError) -> Failure {
    Failure::Fault(format!("a chart could not be drawn: {e}"))
}

fn chart(w: Words, id: &str, made: exhibits::charts::Chart) -> Html {
    let table = made.table;
    Chart::new(w, id, table.caption, Html::trusted(made.svg), table.header, table.rows).into()
}

/// The sections: heading and parts.
pub(super) fn sections(
    w: Words,
    timed: &Timed,
    seen: &Seen,
) -> Result<Vec<(&'static str, Vec<Html>)>, Failure> {
    let mut sections = Vec::new();
    let as_of = prose(&w.t1("figures-as-of", "when", w.moment(timed.counted_at, &TimeZone::UTC)));
    let mut promises = vec![as_of, prose(&w.t("figures-kept-definition"))];
    promises.extend(kept(w, &timed.kept)?);
    sections.push(("figures-kept", promises));
    sections.push((
        "figures-durations",
        vec![
            prose(&w.t("figures-durations-definition")),
            if timed.counted.exact { Html::empty() } else { prose(&w.t("figures-rounded")) },
            durations(w, timed).into(),
            survival(w, timed)?,
        ],
    ));
    sections.push((
        "figures-worst",
        vec![prose(&w.t("figures-worst-definition")), worst(w, timed, seen)],
    ));
    sections.push((
        "figures-backlog",
        vec![prose(&w.t("figures-backlog-definition")), backlog(w, timed)?],
    ));
    if !timed.paused.is_empty() {
        sections.push((
            "figures-paused",
            vec![prose(&w.t("figures-paused-definition")), paused(w, timed, seen)],
        ));
    }
    Ok(sections)
}

fn clock_name(w: Words, clock: &str) -> String {
    let key = format!("figures-clock-{clock}");
    if w.has(&key) { w.t(&key) } else { clock.trim_start_matches("duty:").to_owned() }
}

fn kept(w: Words, all: &[Kept]) -> Result<Vec<Html>, Failure> {
    let columns = ["clock", "severity", "kept-of", "share", "interval"]
        .map(|c| Column::new(w.t(&format!("figures-column-{c}"))));
    let named: Vec<(String, &Kept)> = all
        .iter()
        .map(|k| {
            let severity = severity_word(w, Severity::from_word(&k.severity));
            (format!("{}, {severity}", clock_name(w, &k.clock)), k)
        })
        .collect();
    let rows = all.iter().map(|k| {
        let of = k.kept + k.late;
        let interval = k.interval().map_or_else(String::new, |i| {
            let [low, high] = i.wilson.map(|end| w.percent(end, 1));
            w.t2("figures-interval", "low", low, "high", high)
        });
        Row::new(vec![
            clock_name(w, &k.clock).into(),
            severity_word(w, Severity::from_word(&k.severity)).into(),
            w.t2("figures-of", "part", k.kept, "whole", of).into(),
            w.percent(k.kept as f64 / of.max(1) as f64, 1).into(),
            interval.into(),
        ])
    });
    let table = Table::new(w, "kept", w.t("figures-kept"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("figures-kept-none"), w.t("figures-kept-none-next")));
    if named.is_empty() {
        return Ok(vec![table.into()]);
    }
    let estimates: Vec<Estimate<'_>> = named
        .iter()
        .filter_map(|(name, k)| {
            let [low, high] = k.interval()?.wilson;
            let value = k.kept as f64 / (k.kept + k.late) as f64;
            Some(Estimate { name, value, low, high })
        })
        .collect();
    let (title, about, empty) =
        (w.t("figures-kept-chart"), w.t("figures-kept-definition"), w.t("figures-kept-none"));
    let (names, interval, share) =
        (w.t("figures-column-clock"), w.t("figures-column-interval"), w.t("figures-column-share"));
    let made = intervals(&Intervals {
        about: About { id: "kept-chart", title: &title, description: &about, empty: &empty },
        names: &names,
        interval: &interval,
        axis: Axis { label: &share, steps: Steps::Decimal, write: &as_percent },
        range: Some((0.0, 1.0)),
        estimates: &estimates,
        target: None,
    })
    .map_err(|e| odd(&e))?;
    Ok(vec![chart(w, "kept-chart", made), table.into()])
}

fn span(w: Words, hours: Option<f64>) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "seconds of a lifetime fit")]
    hours.map_or_else(|| w.t("figures-not-reached"), |hours| w.span((hours * 3_600.0) as i64))
}

fn durations(w: Words, timed: &Timed) -> Figures {
    let figure = |name: &str, of: &SurvivalSummary, value: Option<f64>, ends: [Option<f64>; 2]| {
        let definition = w.ta(
            "figures-duration-of",
            &[
                ("ended", of.ended.into()),
                ("censored", of.censored.into()),
                ("low", span(w, ends[0]).into()),
                ("high", span(w, ends[1]).into()),
            ],
        );
        Figure::new(w, w.t(&format!("figures-{name}")), span(w, value)).definition(definition)
    };
    let (first, done) = (&timed.counted.time_to_acknowledge, &timed.counted.time_to_resolve);
    Figures::new(vec![
        figure("acknowledge-median", first, first.median_hours, first.median_hours_interval),
        figure("acknowledge-p90", first, first.p90_hours, first.p90_hours_interval),
        figure("resolve-median", done, done.median_hours, done.median_hours_interval),
        figure("resolve-p90", done, done.p90_hours, done.p90_hours_interval),
    ])
}

fn survival(w: Words, timed: &Timed) -> Result<Html, Failure> {
    let points = |of: &SurvivalSummary| -> Vec<LinePoint> {
        let start = LinePoint { x: 0.0, y: 1.0, band: None, censored: false };
        let rest = of.curve.iter().map(|p| LinePoint {
            x: p.hours * 3_600.0,
            y: p.share_open,
            band: None,
            censored: false,
        });
        if of.n == 0 { Vec::new() } else { std::iter::once(start).chain(rest).collect() }
    };
    let (first, done) =
        (points(&timed.counted.time_to_acknowledge), points(&timed.counted.time_to_resolve));
    let (a, b) = (w.t("figures-acknowledge"), w.t("figures-resolve"));
    let (title, about, empty) =
        (w.t("figures-survival"), w.t("figures-survival-definition"), w.t("figures-kept-none"));
    let (x, y) = (w.t("figures-survival-x"), w.t("figures-survival-y"));
    let made = lines(&Lines {
        about: About { id: "survival", title: &title, description: &about, empty: &empty },
        names: &w.t("figures-survival-names"),
        x: Axis { label: &x, steps: Steps::Duration, write: &as_duration },
        y: Axis { label: &y, steps: Steps::Decimal, write: &as_percent },
        y_range: Some((0.0, 1.0)),
        lines: &[
            Line { name: &a, shape: Shape::Step, points: &first },
            Line { name: &b, shape: Shape::Step, points: &done },
        ],
        target_x: None,
        target_y: Some((0.5, &w.t("figures-half"))),
    })
    .map_err(|e| odd(&e))?;
    Ok(chart(w, "survival", made))
}

fn reason(w: Words, timed: &Timed, worst: &Worst) -> String {
    let seconds = (timed.counted_at.0 - worst.since.0) / 1_000_000;
    let span = w.span(seconds.max(0));
    if worst.clock.is_empty() {
        return w.t1("figures-worst-old", "span", span);
    }
    w.t2("figures-worst-overdue", "clock", clock_name(w, &worst.clock), "span", span)
}

fn worst(w: Words, timed: &Timed, seen: &Seen) -> Html {
    let columns = ["number", "title", "severity", "state", "owner"]
        .map(|c| Column::new(w.t(&format!("cases-{c}"))))
        .into_iter()
        .chain([Column::new(w.t("figures-column-reason"))])
        .collect();
    let rows = seen.worst.iter().filter_map(|case| {
        let why = timed.worst.iter().find(|one| one.case == case.id)?;
        let owner = case.owner.and_then(|o| seen.owners.get(&o)).cloned();
        let owner = owner.unwrap_or_else(|| w.t("cases-owner-nobody"));
        let cells = vec![
            Html::id(&case.tracking_number).into(),
            (&case.title).into(),
            severity_word(w, case.severity).into(),
            state_status(w, case).into(),
            owner.into(),
            reason(w, timed, why).into(),
        ];
        Some(Row::new(cells).to(format!("/cases/{}", case.id)).missed(!why.clock.is_empty()))
    });
    Table::new(w, "worst", w.t("figures-worst"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("figures-worst-none"), w.t("figures-worst-none-next")))
        .into()
}

fn backlog(w: Words, timed: &Timed) -> Result<Html, Failure> {
    let months: Vec<&String> = timed.counted.per_month.iter().map(|(month, _)| month).collect();
    let points = |of: &[(String, u64)]| -> Vec<LinePoint> {
        of.iter()
            .enumerate()
            .map(|(x, (_, n))| LinePoint { x: x as f64, y: *n as f64, band: None, censored: false })
            .collect()
    };
    let (reported, open) =
        (points(&timed.counted.per_month), points(&timed.counted.backlog_month_end));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list"
    )]
    let named = |x: f64| -> String {
        let place = x.round().max(0.0) as usize;
        months.get(place).map_or_else(String::new, |month| (*month).clone())
    };
    let (title, about, empty) =
        (w.t("figures-backlog"), w.t("figures-backlog-definition"), w.t("figures-kept-none"));
    let (a, b) = (w.t("figures-backlog-reported"), w.t("figures-backlog-open"));
    let (x, y) = (w.t("figures-backlog-x"), w.t("figures-backlog-y"));
    let made = lines(&Lines {
        about: About { id: "backlog", title: &title, description: &about, empty: &empty },
        names: &w.t("figures-backlog-names"),
        x: Axis { label: &x, steps: Steps::Whole, write: &named },
        y: Axis { label: &y, steps: Steps::Whole, write: &as_count },
        y_range: None,
        lines: &[
            Line { name: &a, shape: Shape::Straight, points: &reported },
            Line { name: &b, shape: Shape::Straight, points: &open },
        ],
        target_x: None,
        target_y: None,
    })
    .map_err(|e| odd(&e))?;
    Ok(chart(w, "backlog", made))
}

fn paused(w: Words, timed: &Timed, seen: &Seen) -> Html {
    let columns = ["handler", "cases", "open-for", "paused-for", "share"]
        .map(|c| Column::new(w.t(&format!("figures-column-{c}"))));
    let rows = timed.paused.iter().map(|p| {
        let name = seen.owners.get(&p.owner).cloned().unwrap_or_default();
        Row::new(vec![
            name.into(),
            w.number(p.cases).into(),
            w.span(p.seconds).into(),
            w.span(p.paused).into(),
            w.percent(p.paused as f64 / p.seconds.max(1) as f64, 1).into(),
        ])
        .to(format!("/cases?owner={}", p.owner))
    });
    Table::new(w, "paused", w.t("figures-paused"), columns.to_vec()).rows(rows).cards().into()
}
