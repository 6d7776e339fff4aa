//! Bars and stacked bars, lying, so that names of any length can be read.

use super::scale::{Axis, Scale};
use super::svg::{Svg, WIDTH, n, names_width, times, width_of};
use super::{About, Chart, ChartError, Table, check_amount, check_count};

const ROW: f64 = 30.0;
const THICK: f64 = 18.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 46.0;
const RIGHT: f64 = 84.0;
/// Where figures stand: a column of their own, clear of bars and of the target's line.
const VALUES: f64 = WIDTH - RIGHT + 14.0;

/// A bar chart: one amount for each name.
pub struct Bars<'a> {
    /// What it says about itself.
    pub about: About<'a>,
    /// What the names are, for the table's heading.
    pub names: &'a str,
    /// The axis of amounts.
    pub axis: Axis<'a>,
    /// The bars, top to bottom.
    pub bars: &'a [Bar<'a>],
    /// A reference line with its name, for example a target.
    pub target: Option<(f64, &'a str)>,
}

/// One bar.
#[derive(Clone, Copy, Debug)]
pub struct Bar<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its length, from 0 up.
    pub value: f64,
    /// Drawn in the colour of a missed promise, with a sign beside the figure.
    pub missed: bool,
}

/// A stacked bar chart: amounts by name and series.
pub struct StackedBars<'a> {
    /// What it says about itself.
    pub about: About<'a>,
    /// What the names are, for the table's heading.
    pub names: &'a str,
    /// The axis of amounts.
    pub axis: Axis<'a>,
    /// The names of the series, left to right; at most six are told apart by tone.
    pub series: &'a [&'a str],
    /// The bars, top to bottom.
    pub stacks: &'a [Stack<'a>],
}

/// One stacked bar.
#[derive(Clone, Copy, Debug)]
pub struct Stack<'a> {
    /// Its name.
    pub name: &'a str,
    /// One amount for each series, from 0 up.
    pub values: &'a [f64],
}

/// Draws a bar chart.
///
/// # Errors
/// Too many bars, or an amount that is negative or not finite.
pub fn bar(chart: &Bars<'_>) -> Result<Chart, ChartError> {
    check_count(chart.bars.len())?;
    let amounts = chart.bars.iter().map(|bar| (bar.name, bar.value));
    for (name, value) in amounts.chain(chart.target.map(|(value, name)| (name, value))) {
        check_amount(name, value)?;
    }
    let row = |bar: &Bar<'_>| vec![bar.name.to_owned(), (chart.axis.write)(bar.value)];
    let table = Table {
        caption: chart.about.title.to_owned(),
        header: vec![chart.names.to_owned(), chart.axis.label.to_owned()],
        rows: chart.bars.iter().map(row).collect(),
    };
    let mut svg = Svg::new(&chart.about, "bar");
    if chart.bars.is_empty() {
        return Ok(svg.empty(&chart.about, table));
    }
    let names = chart.bars.iter().map(|bar| bar.name);
    let ends = chart.bars.iter().map(|bar| bar.value).chain(chart.target.map(|(value, _)| value));
    let head = if chart.target.is_some() { TOP + 16.0 } else { TOP };
    let high = ends.fold(0.0, f64::max);
    let frame = frame(&mut svg, names, chart.bars.len(), high, head, &chart.axis);
    for (i, bar) in chart.bars.iter().enumerate() {
        draw_bar(&mut svg, &frame, frame.row(i), bar, &(chart.axis.write)(bar.value));
    }
    if let Some((value, name)) = chart.target {
        let text = format!("{name} {}", (chart.axis.write)(value));
        target(&mut svg, &frame, head, value, &text);
    }
    Ok(svg.finish(&chart.about, frame.bottom + BOTTOM, table))
}

fn draw_bar(svg: &mut Svg, frame: &Frame, y: f64, bar: &Bar<'_>, written: &str) {
    let tone = if bar.missed { "chart-missed" } else { "chart-s1" };
    let length = frame.scale.at(bar.value) - frame.left;
    let title = format!("{}: {written}", bar.name);
    svg.rect(&format!("chart-mark {tone}"), frame.left, y - THICK / 2.0, length, THICK, &title);
    let sign = if bar.missed { "✗ " } else { "" };
    svg.text("chart-value", VALUES, y + 4.5, &format!("{sign}{written}"));
}

/// The reference line with its name above it.
fn target(svg: &mut Svg, frame: &Frame, head: f64, value: f64, text: &str) {
    let x = frame.scale.at(value);
    svg.line("chart-target", (x, head - 8.0), (x, frame.bottom));
    let half = width_of(text) / 2.0;
    svg.text("chart-label chart-middle", x.clamp(half, WIDTH - half), head - 13.0, text);
}

/// Draws a stacked bar chart.
///
/// # Errors
/// Too many bars, an amount that is negative or not finite, or a bar without one amount for each series.
pub fn stacked_bar(chart: &StackedBars<'_>) -> Result<Chart, ChartError> {
    check_count(chart.stacks.len().saturating_mul(chart.series.len().max(1)))?;
    for stack in chart.stacks {
        let (found, expected) = (stack.values.len(), chart.series.len());
        if found != expected {
            return Err(ChartError::Ragged(stack.name.to_owned(), found, expected));
        }
        stack.values.iter().try_for_each(|value| check_amount(stack.name, *value))?;
    }
    let table = stack_table(chart);
    let mut svg = Svg::new(&chart.about, "stacked");
    if chart.stacks.is_empty() || chart.series.is_empty() {
        return Ok(svg.empty(&chart.about, table));
    }
    let head = legend(&mut svg, chart.series) + TOP;
    let names = chart.stacks.iter().map(|stack| stack.name);
    let sums = chart.stacks.iter().map(|stack| stack.values.iter().sum());
    let high = sums.fold(0.0, f64::max);
    let frame = frame(&mut svg, names, chart.stacks.len(), high, head, &chart.axis);
    for (i, stack) in chart.stacks.iter().enumerate() {
        draw_stack(&mut svg, &frame, frame.row(i), stack, chart);
    }
    Ok(svg.finish(&chart.about, frame.bottom + BOTTOM, table))
}

fn draw_stack(svg: &mut Svg, frame: &Frame, y: f64, stack: &Stack<'_>, chart: &StackedBars<'_>) {
    let mut sum = 0.0;
    for (k, (value, series)) in stack.values.iter().zip(chart.series).enumerate() {
        let (from, to) = (frame.scale.at(sum), frame.scale.at(sum + value));
        sum += value;
        if *value <= 0.0 {
            continue;
        }
        let written = (chart.axis.write)(*value);
        let tone = k % 6 + 1;
        let class = format!("chart-mark chart-part chart-s{tone}");
        let title = format!("{}, {series}: {written}", stack.name);
        svg.rect(&class, from, y - THICK / 2.0, to - from, THICK, &title);
        if width_of(&written) + 8.0 <= to - from {
            let class = format!("chart-inside chart-on-s{tone} chart-middle");
            svg.text(&class, f64::midpoint(from, to), y + 4.5, &written);
        }
    }
    svg.text("chart-value", VALUES, y + 4.5, &(chart.axis.write)(sum));
}

fn stack_table(chart: &StackedBars<'_>) -> Table {
    let mut header = vec![chart.names.to_owned()];
    header.extend(chart.series.iter().map(|name| (*name).to_owned()));
    header.push(chart.axis.label.to_owned());
    let row = |stack: &Stack<'_>| {
        let mut row = vec![stack.name.to_owned()];
        row.extend(stack.values.iter().map(|value| (chart.axis.write)(*value)));
        row.push((chart.axis.write)(stack.values.iter().sum()));
        row
    };
    Table {
        caption: chart.about.title.to_owned(),
        header,
        rows: chart.stacks.iter().map(row).collect(),
    }
}

/// Draws swatches with the names of series and gives the height used.
pub(super) fn legend(svg: &mut Svg, series: &[&str]) -> f64 {
    let (mut x, mut y) = (0.0, 14.0);
    for (k, name) in series.iter().enumerate() {
        let width = 18.0 + width_of(name) + 18.0;
        if x > 0.0 && x + width > WIDTH {
            x = 0.0;
            y += 20.0;
        }
        svg.rect(&format!("chart-mark chart-s{}", k % 6 + 1), x, y - 9.0, 12.0, 12.0, "");
        svg.text_within("chart-label", x + 18.0, y + 1.5, WIDTH - 18.0, name);
        x += width;
    }
    y + 12.0
}

struct Frame {
    left: f64,
    top: f64,
    bottom: f64,
    scale: Scale,
}

impl Frame {
    fn row(&self, i: usize) -> f64 {
        self.top + (times(i) + 0.5) * ROW
    }
}

/// Names on the left, grid and ticks below.
fn frame<'a>(
    svg: &mut Svg,
    names: impl Iterator<Item = &'a str> + Clone,
    rows: usize,
    high: f64,
    top: f64,
    axis: &Axis<'_>,
) -> Frame {
    let left = names_width(names.clone());
    let bottom = top + times(rows) * ROW + 4.0;
    let frame = Frame {
        left,
        top,
        bottom,
        scale: Scale::new(0.0, high, left, WIDTH - RIGHT, 5, axis.steps),
    };
    for tick in &frame.scale.ticks {
        let x = frame.scale.at(*tick);
        svg.line("chart-grid", (x, top), (x, bottom));
        svg.text("chart-tick chart-middle", x, bottom + 17.0, &(axis.write)(*tick));
    }
    svg.element(
        "line",
        &format!(
            r#"class="chart-axis" x1="{0}" y1="{1}" x2="{0}" y2="{2}""#,
            n(left),
            n(top),
            n(bottom)
        ),
    );
    svg.text(
        "chart-label chart-middle",
        f64::midpoint(left, WIDTH - RIGHT),
        bottom + 38.0,
        axis.label,
    );
    for (i, name) in names.enumerate() {
        svg.text_within("chart-name chart-end", left - 8.0, frame.row(i) + 4.5, left - 10.0, name);
    }
    frame
}
