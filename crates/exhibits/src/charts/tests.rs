//! What every chart must hold, and a picture of each kind.

use super::*;

const ABOUT: About<'static> = About {
    id: "readiness",
    title: "Are we ready, by series?",
    description: "CC6 has the fewest criteria with evidence: 5 of 8.",
    empty: "No criteria are in scope yet.",
};

fn counts(label: &str) -> Axis<'_> {
    Axis { label, steps: Steps::Whole, write: &as_count }
}

fn shares(label: &str) -> Axis<'_> {
    Axis { label, steps: Steps::Decimal, write: &as_percent }
}

/// What must hold of every chart, whatever its kind.
fn check(chart: &Chart) {
    let svg = &chart.svg;
    assert!(svg.contains("role=\"img\"") && svg.contains("aria-labelledby="), "{svg}");
    assert!(svg.contains("<title id=") && svg.contains("<desc id="));
    for forbidden in ["style=", "<style", "<script", " on", "javascript:", "NaN", "inf", "href"] {
        let text = svg.replace("chart-on", "").replace(" on ", "");
        assert!(!text.contains(forbidden), "{forbidden} in {svg}");
    }
    let columns = chart.table.header.len();
    assert!(chart.table.rows.iter().all(|row| row.len() == columns), "{:?}", chart.table);
    assert!(chart.table.header.iter().all(|name| !name.is_empty()), "{:?}", chart.table.header);
    for class in svg.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        for class in class.split(' ').filter(|c| !is_structural(c)) {
            assert!(STYLE.contains(&format!(".{class}")), "no rule for .{class}");
        }
    }
    let mut open = left_open(svg);
    assert!(open.next().is_none(), "tags do not balance");
}

/// Classes that name a chart's kind for the page, or that need no rule of their own.
fn is_structural(class: &str) -> bool {
    ["chart-bar", "chart-stacked", "chart-line", "chart-heat", "chart-interval"].contains(&class)
        || ["chart-mark", "chart-level", "chart-on-level-0", "chart-on-level-1", "chart-on-level-2"]
            .contains(&class)
}

/// Open tags left over after all end tags: none in well-formed SVG.
fn left_open(svg: &str) -> impl Iterator<Item = String> {
    let mut open: Vec<String> = Vec::new();
    for tag in svg.split('<').skip(1) {
        let body = tag.split('>').next().unwrap_or_default();
        if let Some(name) = body.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "in {svg}");
        } else if !body.ends_with('/') {
            open.push(body.split(' ').next().unwrap_or_default().to_owned());
        }
    }
    open.into_iter()
}

#[test]
fn bars_with_a_target() {
    let bars = [
        Bar { name: "Acknowledge within 30 business minutes", value: 0.962, missed: false },
        Bar { name: "Resolve within 8 business hours", value: 0.874, missed: true },
    ];
    let chart = bar(&Bars {
        about: ABOUT,
        names: "Promise",
        axis: shares("Share kept"),
        bars: &bars,
        target: Some((0.95, "target")),
    })
    .unwrap();
    check(&chart);
    assert_eq!(chart.table.rows[1], ["Resolve within 8 business hours", "87.4 %"]);
    insta::assert_snapshot!(chart.svg.replace("><", ">\n<"));
}

#[test]
fn stacked_bars() {
    let stacks = [
        Stack { name: "CC6", values: &[5.0, 2.0, 1.0] },
        Stack { name: "CC7", values: &[4.0, 0.0, 1.0] },
    ];
    let chart = stacked_bar(&StackedBars {
        about: ABOUT,
        names: "Series",
        axis: counts("Criteria"),
        series: &["with evidence", "in progress", "not begun"],
        stacks: &stacks,
    })
    .unwrap();
    check(&chart);
    assert_eq!(chart.table.rows[0], ["CC6", "5", "2", "1", "8"]);
    insta::assert_snapshot!(chart.svg.replace("><", ">\n<"));
}

#[test]
fn survival_steps_with_a_band_and_open_cases() {
    let point = |x: f64, y: f64, censored| LinePoint {
        x,
        y,
        band: Some((y - 0.08, (y + 0.06).min(1.0))),
        censored,
    };
    let high = [
        point(0.0, 1.0, false),
        point(3_600.0, 0.6, false),
        point(14_400.0, 0.3, true),
        point(86_400.0, 0.1, false),
    ];
    let low = [point(0.0, 1.0, false), point(43_200.0, 0.5, true), point(90_000.0, 0.4, false)];
    let chart = lines(&Lines {
        about: ABOUT,
        names: "Severity",
        x: Axis { label: "Time since the report", steps: Steps::Duration, write: &as_duration },
        y: shares("Still open"),
        y_range: Some((0.0, 1.0)),
        lines: &[
            Line { name: "High", shape: Shape::Step, points: &high },
            Line { name: "Low", shape: Shape::Step, points: &low },
        ],
        target_x: Some((28_800.0, "promised")),
        target_y: None,
    })
    .unwrap();
    check(&chart);
    assert_eq!(
        chart.table.header,
        ["Time since the report", "Severity", "Still open", "95 % interval"]
    );
    assert_eq!(chart.table.rows[2], ["4 h+", "High", "30 %", "22 % – 36 %"]);
    insta::assert_snapshot!(chart.svg.replace("><", ">\n<"));
}

#[test]
fn straight_lines_over_months_against_a_promise() {
    let points: Vec<LinePoint> = [0.9995, 0.9989, 0.9999]
        .into_iter()
        .zip([1.0, 2.0, 3.0])
        .map(|(y, x)| LinePoint { x, y, band: None, censored: false })
        .collect();
    let chart = lines(&Lines {
        about: ABOUT,
        names: "Service",
        x: counts("Month"),
        y: shares("Availability"),
        y_range: Some((0.998, 1.0)),
        lines: &[Line { name: "Availability", shape: Shape::Straight, points: &points }],
        target_x: None,
        target_y: Some((0.999, "promised")),
    })
    .unwrap();
    check(&chart);
    assert_eq!(chart.table.header, ["Month", "Availability"]);
    insta::assert_snapshot!(chart.svg.replace("><", ">\n<"));
}

#[test]
fn heat_maps_of_states_and_of_levels() {
    let done = HeatCell::State(State::Done, "reviewed on 2 March");
    let missed = HeatCell::State(State::Missed, "no review found");
    let late = HeatCell::State(State::Partial, "reviewed 9 days late");
    let pending = HeatCell::State(State::Pending, "due on 30 June");
    let chart = heat_map(&HeatMap {
        about: ABOUT,
        names: "Control",
        columns: &["January", "February", "March", "April"],
        rows: &[
            HeatRow { name: "IAM-05 Access review", cells: &[done, missed, late, pending] },
            HeatRow { name: "OPS-02 Restore test", cells: &[HeatCell::Empty, done, done, pending] },
        ],
        legend: &[
            (State::Done, "operated"),
            (State::Partial, "late or in part"),
            (State::Missed, "did not operate"),
            (State::Pending, "not due yet"),
        ],
    })
    .unwrap();
    check(&chart);
    assert_eq!(chart.table.rows[0][2], "no review found");
    insta::assert_snapshot!("heat_states", chart.svg.replace("><", ">\n<"));

    let cells: Vec<HeatCell<'_>> =
        [0.0, 0.1, 0.45, 0.8, 1.0].into_iter().map(|l| HeatCell::Level(l, "7")).collect();
    let chart = heat_map(&HeatMap {
        about: ABOUT,
        names: "Day",
        columns: &["1", "2", "3", "4", "5"],
        rows: &[HeatRow { name: "Mon", cells: &cells }],
        legend: &[],
    })
    .unwrap();
    check(&chart);
    insta::assert_snapshot!("heat_levels", chart.svg.replace("><", ">\n<"));
}

#[test]
fn a_year_of_weeks_keeps_its_headings_apart() {
    let weeks: Vec<String> = (1..=52).map(|w| format!("W{w:02}")).collect();
    let columns: Vec<&str> = weeks.iter().map(String::as_str).collect();
    let cells = vec![HeatCell::State(State::Done, "operated"); 52];
    let chart = heat_map(&HeatMap {
        about: ABOUT,
        names: "Control",
        columns: &columns,
        rows: &[HeatRow { name: "LOG-01", cells: &cells }],
        legend: &[],
    })
    .unwrap();
    check(&chart);
    let headings = chart.svg.matches(">W").count();
    assert!((26..=52).contains(&headings), "{headings}");
}

#[test]
fn estimates_with_intervals() {
    let chart = intervals(&Intervals {
        about: ABOUT,
        names: "Kind",
        interval: "95 % interval",
        axis: shares("Share within target"),
        range: Some((0.0, 1.0)),
        estimates: &[
            Estimate { name: "Failure", value: 0.91, low: 0.84, high: 0.95 },
            Estimate { name: "Complaint", value: 0.6, low: 0.3, high: 0.85 },
        ],
        target: Some((0.9, "promised")),
    })
    .unwrap();
    check(&chart);
    assert_eq!(chart.table.rows[1], ["Complaint", "60 %", "30 % – 85 %"]);
    insta::assert_snapshot!(chart.svg.replace("><", ">\n<"));
}

#[test]
fn written_estimates_stay_within_the_picture() {
    let chart = intervals(&Intervals {
        about: ABOUT,
        names: "Kind",
        interval: "95 % interval",
        axis: shares("Share within target"),
        range: Some((0.0, 1.0)),
        estimates: &[
            Estimate { name: "Failure", value: 0.7368, low: 0.5121, high: 0.8819 },
            Estimate { name: "Complaint", value: 1.0, low: 0.2065, high: 1.0 },
        ],
        target: None,
    })
    .unwrap();
    check(&chart);
    let written: Vec<(f64, &str)> = chart
        .svg
        .split(r#"<text class="chart-value" x=""#)
        .skip(1)
        .map(|rest| {
            let (x, rest) = rest.split_once('"').unwrap();
            let (_, rest) = rest.split_once('>').unwrap();
            (x.parse().unwrap(), rest.split_once('<').unwrap().0)
        })
        .collect();
    assert_eq!(written[0].1, "73.68 % (51.21 % – 88.19 %)");
    for (x, text) in written {
        assert!(x + svg::width_of(text) <= svg::WIDTH, "{text} begins at {x}");
    }
}

#[test]
fn no_figures_is_a_sentence_and_bad_figures_are_refused() {
    let axis = counts("Cases");
    let empty = bar(&Bars { about: ABOUT, names: "Kind", axis, bars: &[], target: None }).unwrap();
    check(&empty);
    assert!(empty.svg.contains("No criteria are in scope yet."));
    let one = |value| {
        let bars = [Bar { name: "x", value, missed: false }];
        bar(&Bars { about: ABOUT, names: "Kind", axis, bars: &bars, target: None })
    };
    assert_eq!(one(f64::NAN), Err(ChartError::NotFinite("x".into())));
    assert_eq!(one(-1.0), Err(ChartError::Negative("x".into())));
    check(&one(0.0).unwrap());
    let many = vec![Bar { name: "x", value: 1.0, missed: false }; ITEMS_MAX + 1];
    let error = bar(&Bars { about: ABOUT, names: "Kind", axis, bars: &many, target: None });
    assert_eq!(error, Err(ChartError::TooMany(ITEMS_MAX + 1)));
    let ragged = stacked_bar(&StackedBars {
        about: ABOUT,
        names: "Kind",
        axis,
        series: &["a", "b"],
        stacks: &[Stack { name: "x", values: &[1.0] }],
    });
    assert_eq!(ragged, Err(ChartError::Ragged("x".into(), 1, 2)));
}

#[test]
fn names_cannot_break_out_of_the_picture() {
    let name = "</text><script>alert(1)</script>\" onload=\"x\u{0}";
    let bars = [Bar { name, value: 3.0, missed: false }];
    let about = About { id: "a\"><b", title: name, description: name, empty: "" };
    let chart = bar(&Bars {
        about,
        names: name,
        axis: counts(name),
        bars: &bars,
        target: Some((2.0, name)),
    });
    let svg = chart.unwrap().svg;
    assert!(!svg.contains("<script") && !svg.contains("\" onload") && !svg.contains('\0'), "{svg}");
    assert!(svg.contains("aria-labelledby=\"ab-title ab-desc\""), "{svg}");
}

#[test]
fn figures_are_written_for_people() {
    assert_eq!(as_count(1_234_567.0), "1,234,567");
    assert_eq!(as_count(-12.0), "−12");
    assert_eq!(as_count(-0.2), "0");
    assert_eq!(as_percent(0.9987), "99.87 %");
    assert_eq!(as_percent(0.5), "50 %");
    assert_eq!(as_percent(-0.1), "−10 %");
    assert_eq!(as_duration(0.0), "0");
    assert_eq!(as_duration(59.6), "1 min");
    assert_eq!(as_duration(5_400.0), "1 h 30 min");
    assert_eq!(as_duration(187_200.0), "2 d 4 h");
    assert_eq!(as_duration(86_400.0), "1 d");
}

proptest::proptest! {
    #[test]
    fn any_amounts_give_a_chart_that_stays_inside(values in proptest::collection::vec(0.0..1e12_f64, 0..40)) {
        let bars: Vec<Bar<'_>> = values.iter().map(|value| Bar { name: "n", value: *value, missed: false }).collect();
        let chart = bar(&Bars { about: ABOUT, names: "n", axis: counts("c"), bars: &bars, target: None }).unwrap();
        check(&chart);
        let width: f64 = super::svg::WIDTH;
        for at in chart.svg.split(" x=\"").skip(1) {
            let x: f64 = at.split('"').next().unwrap().parse().unwrap();
            proptest::prop_assert!((0.0..=width).contains(&x));
        }
    }
}

/// Relative luminance of `#rgb` or `#rrggbb` (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let hex = colour.trim().trim_start_matches('#');
    let wide: String =
        if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&wide[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn colours_have_contrast_in_both_schemes() {
    let schemes: Vec<Vec<(&str, &str)>> = STYLE
        .split('}')
        .filter(|rule| rule.contains("--c1:"))
        .map(|rule| {
            rule.split([';', '{'])
                .filter_map(|declaration| declaration.trim().strip_prefix("--")?.split_once(':'))
                .collect()
        })
        .collect();
    assert_eq!(schemes.len(), 3, "light, dark by the system, dark by choice");
    assert_eq!(schemes[1], schemes[2], "both ways to dark are the same dark");
    for scheme in &schemes {
        let value = |name: &str| scheme.iter().find(|(n, _)| *n == name).unwrap().1;
        let ground = value("ground");
        for mark in ["c1", "c2", "c3", "c4", "c5", "c6", "missed", "axis"] {
            let found = contrast(value(mark), ground);
            assert!(found >= 3.0, "{mark} on {ground}: {found:.2}");
        }
        for n in 1..=6 {
            let found = contrast(value(&format!("on{n}")), value(&format!("c{n}")));
            assert!(found >= 4.5, "text on c{n}: {found:.2}");
        }
        for n in 3..=5 {
            let found = contrast(value(&format!("t{n}")), value(&format!("v{n}")));
            assert!(found >= 4.5, "text on level {n}: {found:.2}");
        }
        for text in ["soft", "missed"] {
            let found = contrast(value(text), ground);
            assert!(found >= 4.5, "{text} on {ground}: {found:.2}");
        }
    }
}
