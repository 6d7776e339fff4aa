//! Estimates with their uncertainty: a dot and the line that says how far off it may be.

use super::scale::{Axis, Scale};
use super::svg::{Svg, WIDTH, n, names_width, times, width_of};
use super::{About, Chart, ChartError, Table, check_count, check_finite};

const ROW: f64 = 30.0;
/// The least room for the written estimates.
const RIGHT: f64 = 150.0;

/// A chart of estimates.
pub struct Intervals<'a> {
    /// What it says about itself.
    pub about: About<'a>,
    /// What the names are, for the table's heading.
    pub names: &'a str,
    /// What the interval is, for the table's heading, for example `95 % interval`.
    pub interval: &'a str,
    /// The axis of the estimates.
    pub axis: Axis<'a>,
    /// Fixed ends of the axis, for example 0 and 1 for shares.
    pub range: Option<(f64, f64)>,
    /// The estimates, top to bottom.
    pub estimates: &'a [Estimate<'a>],
    /// A reference with its name, for example a target.
    pub target: Option<(f64, &'a str)>,
}

/// One estimate.
#[derive(Clone, Copy, Debug)]
pub struct Estimate<'a> {
    /// Its name.
    pub name: &'a str,
    /// The estimate.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end of its interval.
    pub high: f64,
}

/// Draws a chart of estimates.
///
/// # Errors
/// Too many estimates, or a figure that is not finite.
pub fn intervals(chart: &Intervals<'_>) -> Result<Chart, ChartError> {
    check_count(chart.estimates.len())?;
    for estimate in chart.estimates {
        for value in [estimate.value, estimate.low, estimate.high] {
            check_finite(estimate.name, value)?;
        }
    }
    let ends = chart.range.into_iter().flat_map(|(low, high)| [low, high]);
    for value in ends.chain(chart.target.map(|(value, _)| value)) {
        check_finite(chart.about.title, value)?;
    }
    let table = table(chart);
    let mut svg = Svg::new(&chart.about, "interval");
    if chart.estimates.is_empty() {
        return Ok(svg.empty(&chart.about, table));
    }
    let top = if chart.target.is_some() { 28.0 } else { 12.0 };
    let bottom = top + times(chart.estimates.len()) * ROW + 4.0;
    let left = names_width(chart.estimates.iter().map(|e| e.name));
    let right = WIDTH - written_width(chart);
    let scale = axis(&mut svg, chart, (left, right), top, bottom);
    if let Some((value, name)) = chart.target {
        let x = scale.at(value);
        svg.line("chart-target", (x, top - 6.0), (x, bottom));
        let text = format!("{name} {}", (chart.axis.write)(value));
        svg.text("chart-label chart-middle", x, top - 11.0, &text);
    }
    for (i, estimate) in chart.estimates.iter().enumerate() {
        let y = top + (times(i) + 0.5) * ROW;
        svg.text_within("chart-name chart-end", left - 8.0, y + 4.5, left - 10.0, estimate.name);
        draw(&mut svg, &scale, (right, y), estimate, &write(chart, estimate));
    }
    Ok(svg.finish(&chart.about, bottom + 46.0, table))
}

/// How much room the longest of the written estimates needs, at the end of its row.
fn written_width(chart: &Intervals<'_>) -> f64 {
    let longest = chart.estimates.iter().map(|e| width_of(&write(chart, e))).fold(0.0, f64::max);
    (longest + 20.0).clamp(RIGHT, WIDTH * 0.36)
}

fn draw(
    svg: &mut Svg,
    scale: &Scale,
    (right, y): (f64, f64),
    estimate: &Estimate<'_>,
    written: &str,
) {
    let (from, to) = (scale.at(estimate.low), scale.at(estimate.high));
    svg.line("chart-interval chart-l1", (from, y), (to, y));
    for x in [from, to] {
        svg.line("chart-interval chart-l1", (x, y - 5.0), (x, y + 5.0));
    }
    let (cx, cy) = (n(scale.at(estimate.value)), n(y));
    let place = format!(r#"class="chart-mark chart-s1" cx="{cx}" cy="{cy}" r="5""#);
    svg.element_with_title("circle", &place, &format!("{}: {written}", estimate.name));
    svg.text("chart-value", right + 12.0, y + 4.5, written);
}

fn write(chart: &Intervals<'_>, estimate: &Estimate<'_>) -> String {
    let write = chart.axis.write;
    format!("{} ({} – {})", write(estimate.value), write(estimate.low), write(estimate.high))
}

fn table(chart: &Intervals<'_>) -> Table {
    let write = chart.axis.write;
    Table {
        caption: chart.about.title.to_owned(),
        header: vec![
            chart.names.to_owned(),
            chart.axis.label.to_owned(),
            chart.interval.to_owned(),
        ],
        rows: chart
            .estimates
            .iter()
            .map(|e| {
                vec![
                    e.name.to_owned(),
                    write(e.value),
                    format!("{} – {}", write(e.low), write(e.high)),
                ]
            })
            .collect(),
    }
}

fn axis(
    svg: &mut Svg,
    chart: &Intervals<'_>,
    (left, right): (f64, f64),
    top: f64,
    bottom: f64,
) -> Scale {
    let scale = match chart.range {
        Some((low, high)) => Scale::exact(low, high, left, right, 5, chart.axis.steps),
        None => {
            let target = chart.target.map(|(value, _)| value);
            let low = chart
                .estimates
                .iter()
                .map(|e| e.low.min(e.value))
                .chain(target)
                .fold(0.0, f64::min);
            let high = chart
                .estimates
                .iter()
                .map(|e| e.high.max(e.value))
                .chain(target)
                .fold(low, f64::max);
            Scale::new(low, high, left, right, 5, chart.axis.steps)
        }
    };
    for tick in &scale.ticks {
        let x = scale.at(*tick);
        svg.line("chart-grid", (x, top), (x, bottom));
        svg.text("chart-tick chart-middle", x, bottom + 17.0, &(chart.axis.write)(*tick));
    }
    svg.line("chart-axis", (left, bottom), (right, bottom));
    svg.text(
        "chart-label chart-middle",
        f64::midpoint(left, right),
        bottom + 38.0,
        chart.axis.label,
    );
    scale
}
