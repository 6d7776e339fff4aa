//! Lines and steps: figures over time, and survival curves with their censored observations.

use std::fmt::Write as _;

use super::scale::{Axis, Scale};
use super::svg::{Svg, WIDTH, n, width_of};
use super::{About, Chart, ChartError, Table, check_count, check_finite};

const HEIGHT: f64 = 300.0;
const BOTTOM: f64 = 50.0;
const RIGHT: f64 = 16.0;

/// A line chart.
pub struct Lines<'a> {
    /// What it says about itself.
    pub about: About<'a>,
    /// What the names of the lines are: the heading of their column in the table, for example
    /// “Severity”. A chart of one line has no such column.
    pub names: &'a str,
    /// The axis along the bottom.
    pub x: Axis<'a>,
    /// The axis up the side.
    pub y: Axis<'a>,
    /// Fixed ends of the axis up the side, for example 0 and 1 for shares; otherwise 0 to the largest figure.
    pub y_range: Option<(f64, f64)>,
    /// The lines.
    pub lines: &'a [Line<'a>],
    /// A vertical reference with its name, for example a target time.
    pub target_x: Option<(f64, &'a str)>,
    /// A horizontal reference with its name, for example a promised share.
    pub target_y: Option<(f64, &'a str)>,
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its name.
    pub name: &'a str,
    /// How points are joined.
    pub shape: Shape,
    /// Its points in the order of `x`.
    pub points: &'a [LinePoint],
}

/// How points are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Straight from point to point.
    Straight,
    /// Level until the next point, as an estimate of survival is.
    Step,
}

/// One point.
#[derive(Clone, Copy, Debug)]
pub struct LinePoint {
    /// Where along the bottom.
    pub x: f64,
    /// How high.
    pub y: f64,
    /// The interval of uncertainty, lower end first.
    pub band: Option<(f64, f64)>,
    /// An observation ended here without the event (a case still open): marked with a short stroke.
    pub censored: bool,
}

/// Draws a line chart.
///
/// # Errors
/// Too many points, or a figure that is not finite.
pub fn lines(chart: &Lines<'_>) -> Result<Chart, ChartError> {
    check(chart)?;
    let table = table(chart);
    let mut svg = Svg::new(&chart.about, "line");
    if chart.lines.iter().all(|line| line.points.is_empty()) {
        return Ok(svg.empty(&chart.about, table));
    }
    let top = if chart.lines.len() > 1 { legend(&mut svg, chart.lines) } else { 10.0 };
    let top = if chart.target_x.is_some() { top + 18.0 } else { top };
    let (x, y) = axes(&mut svg, chart, top);
    targets(&mut svg, chart, &x, &y, top);
    for (k, line) in chart.lines.iter().enumerate() {
        let tone = k % 6 + 1;
        if let Some(path) = band_path(line, &x, &y) {
            svg.element("path", &format!(r#"class="chart-band chart-s{tone}" d="{path}""#));
        }
        let path = line_path(line, &x, &y);
        svg.element_with_title(
            "path",
            &format!(r#"class="chart-line chart-l{tone}" d="{path}""#),
            line.name,
        );
        for point in line.points.iter().filter(|point| point.censored) {
            let (px, py) = (x.at(point.x), y.at(point.y));
            svg.line(&format!("chart-censored chart-l{tone}"), (px, py - 5.0), (px, py + 5.0));
        }
    }
    Ok(svg.finish(&chart.about, top + HEIGHT + BOTTOM, table))
}

fn check(chart: &Lines<'_>) -> Result<(), ChartError> {
    check_count(chart.lines.iter().map(|line| line.points.len()).sum())?;
    for line in chart.lines {
        for point in line.points {
            let (low, high) = point.band.unwrap_or((point.y, point.y));
            for value in [point.x, point.y, low, high] {
                check_finite(line.name, value)?;
            }
        }
    }
    let range = chart.y_range.unwrap_or((0.0, 1.0));
    let targets = chart.target_x.into_iter().chain(chart.target_y).map(|(value, _)| value);
    for value in [range.0, range.1].into_iter().chain(targets) {
        check_finite(chart.about.title, value)?;
    }
    Ok(())
}

fn table(chart: &Lines<'_>) -> Table {
    let several = chart.lines.len() > 1;
    let bands = chart.lines.iter().any(|l| l.points.iter().any(|p| p.band.is_some()));
    let mut header = vec![chart.x.label.to_owned()];
    if several {
        header.push(chart.names.to_owned());
    }
    header.push(chart.y.label.to_owned());
    if bands {
        header.push("95 % interval".to_owned());
    }
    let mut rows = Vec::new();
    for line in chart.lines {
        for point in line.points {
            let sign = if point.censored { "+" } else { "" };
            let mut row = vec![format!("{}{sign}", (chart.x.write)(point.x))];
            if several {
                row.push(line.name.to_owned());
            }
            row.push((chart.y.write)(point.y));
            if bands {
                row.push(point.band.map_or(String::new(), |(low, high)| {
                    format!("{} – {}", (chart.y.write)(low), (chart.y.write)(high))
                }));
            }
            rows.push(row);
        }
    }
    Table { caption: chart.about.title.to_owned(), header, rows }
}

fn legend(svg: &mut Svg, lines: &[Line<'_>]) -> f64 {
    let (mut left, mut y) = (0.0, 14.0);
    for (k, line) in lines.iter().enumerate() {
        let width = 34.0 + width_of(line.name) + 18.0;
        if left > 0.0 && left + width > WIDTH {
            left = 0.0;
            y += 20.0;
        }
        svg.line(
            &format!("chart-line chart-l{}", k % 6 + 1),
            (left, y - 3.0),
            (left + 28.0, y - 3.0),
        );
        svg.text_within("chart-label", left + 34.0, y + 1.5, WIDTH - 34.0, line.name);
        left += width;
    }
    y + 18.0
}

fn axes(svg: &mut Svg, chart: &Lines<'_>, top: f64) -> (Scale, Scale) {
    let points = || chart.lines.iter().flat_map(|line| line.points);
    let bottom = top + HEIGHT;
    let y = match chart.y_range {
        Some((low, high)) => Scale::exact(low, high, bottom, top, 5, chart.y.steps),
        None => {
            let ends = |p: &LinePoint| p.band.unwrap_or((p.y, p.y));
            let high = points().map(|p| ends(p).1.max(p.y));
            let high = high.chain(chart.target_y.map(|(value, _)| value)).fold(0.0, f64::max);
            let low = points().map(|p| ends(p).0.min(p.y)).fold(0.0, f64::min);
            Scale::new(low, high, bottom, top, 5, chart.y.steps)
        }
    };
    let widest = y.ticks.iter().map(|tick| width_of(&(chart.y.write)(*tick))).fold(0.0, f64::max);
    let left = widest + 34.0;
    let low = points().map(|p| p.x).fold(f64::INFINITY, f64::min);
    let high = points().map(|p| p.x).chain(chart.target_x.map(|(value, _)| value));
    let x = Scale::new(low, high.fold(low, f64::max), left, WIDTH - RIGHT, 6, chart.x.steps);
    for tick in &y.ticks {
        let at = y.at(*tick);
        svg.line("chart-grid", (left, at), (WIDTH - RIGHT, at));
        svg.text("chart-tick chart-end", left - 7.0, at + 4.5, &(chart.y.write)(*tick));
    }
    svg.rotated("chart-label chart-middle", 13.0, f64::midpoint(top, bottom), chart.y.label);
    bottom_axis(svg, chart, &x, (left, bottom));
    (x, y)
}

/// The axis along the bottom; where its labels would touch, every other one stands.
fn bottom_axis(svg: &mut Svg, chart: &Lines<'_>, x: &Scale, (left, bottom): (f64, f64)) {
    let written: Vec<String> = x.ticks.iter().map(|tick| (chart.x.write)(*tick)).collect();
    let crowded = written.iter().map(|text| width_of(text) + 14.0).sum::<f64>() > WIDTH - left;
    for (i, (tick, text)) in x.ticks.iter().zip(&written).enumerate() {
        let at = x.at(*tick);
        svg.line("chart-axis", (at, bottom), (at, bottom + 4.0));
        if !crowded || i.is_multiple_of(2) {
            let last = i + 1 == written.len();
            let class = if last { "chart-tick chart-end" } else { "chart-tick chart-middle" };
            svg.text(class, at, bottom + 19.0, text);
        }
    }
    svg.line("chart-axis", (left, bottom), (WIDTH - RIGHT, bottom));
    let middle = f64::midpoint(left, WIDTH - RIGHT);
    svg.text("chart-label chart-middle", middle, bottom + 42.0, chart.x.label);
}

fn targets(svg: &mut Svg, chart: &Lines<'_>, x: &Scale, y: &Scale, top: f64) {
    if let Some((value, name)) = chart.target_x {
        let at = x.at(value);
        svg.line("chart-target", (at, top - 4.0), (at, top + HEIGHT));
        let text = format!("{name} {}", (chart.x.write)(value));
        let half = width_of(&text) / 2.0;
        let centre = at.clamp(half, WIDTH - half);
        svg.text("chart-label chart-middle", centre, top - 9.0, &text);
    }
    if let Some((value, name)) = chart.target_y {
        let at = y.at(value);
        svg.line("chart-target", (x.start(), at), (WIDTH - RIGHT, at));
        let text = format!("{name} {}", (chart.y.write)(value));
        svg.text("chart-label chart-end", WIDTH - RIGHT - 2.0, at - 5.0, &text);
    }
}

fn line_path(line: &Line<'_>, x: &Scale, y: &Scale) -> String {
    let mut path = String::new();
    for (i, point) in line.points.iter().enumerate() {
        let (px, py) = (n(x.at(point.x)), n(y.at(point.y)));
        let _ = match (i, line.shape) {
            (0, _) => write!(path, "M{px} {py}"),
            (_, Shape::Straight) => write!(path, "L{px} {py}"),
            (_, Shape::Step) => write!(path, "H{px}V{py}"),
        };
    }
    path
}

/// The area between the ends of the intervals, over the points that have one.
fn band_path(line: &Line<'_>, x: &Scale, y: &Scale) -> Option<String> {
    let with_band: Vec<(f64, (f64, f64))> =
        line.points.iter().filter_map(|p| p.band.map(|band| (p.x, band))).collect();
    if with_band.len() < 2 {
        return None;
    }
    // Forward along the upper ends, back along the lower ones. A step is level until the next point, so
    // on the way back it falls before it moves.
    let mut path = String::new();
    for (i, (px, (_, high))) in with_band.iter().enumerate() {
        let (px, py) = (n(x.at(*px)), n(y.at(*high)));
        let _ = match (i, line.shape) {
            (0, _) => write!(path, "M{px} {py}"),
            (_, Shape::Straight) => write!(path, "L{px} {py}"),
            (_, Shape::Step) => write!(path, "H{px}V{py}"),
        };
    }
    for (i, (px, (low, _))) in with_band.iter().rev().enumerate() {
        let (px, py) = (n(x.at(*px)), n(y.at(*low)));
        let _ = match (i, line.shape) {
            (0, _) | (_, Shape::Straight) => write!(path, "L{px} {py}"),
            (_, Shape::Step) => write!(path, "V{py}H{px}"),
        };
    }
    path.push('Z');
    Some(path)
}
