//! A heat map: rows by columns, each cell a level or a state.

use super::svg::{Svg, WIDTH, escape, n, names_width, times, width_of};
use super::{About, Chart, ChartError, Table, check_count, check_finite};

/// A heat map, for example controls by week.
pub struct HeatMap<'a> {
    /// What it says about itself.
    pub about: About<'a>,
    /// What the rows are, for the table's heading.
    pub names: &'a str,
    /// The columns, left to right.
    pub columns: &'a [&'a str],
    /// The rows, top to bottom.
    pub rows: &'a [HeatRow<'a>],
    /// What each state means, in the order of the legend. Empty for a map of levels.
    pub legend: &'a [(State, &'a str)],
}

/// One row.
#[derive(Clone, Debug)]
pub struct HeatRow<'a> {
    /// Its name.
    pub name: &'a str,
    /// One cell for each column.
    pub cells: &'a [HeatCell<'a>],
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HeatCell<'a> {
    /// Nothing was expected here.
    Empty,
    /// A level from 0 to 1 and the figure it stands for, as it is written.
    Level(f64, &'a str),
    /// A state, and what to say about it.
    State(State, &'a str),
}

/// The states of a thing that should have happened. Each has its own sign, so that colour is not needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It happened as it should: a filled square with a tick.
    Done,
    /// It happened, but late or in part: a half-filled square.
    Partial,
    /// It did not happen: an outlined square with a cross.
    Missed,
    /// It is not known yet: a dotted outline.
    Pending,
}

impl State {
    fn class(self) -> &'static str {
        match self {
            Self::Done => "chart-state-done",
            Self::Partial => "chart-state-partial",
            Self::Missed => "chart-state-missed",
            Self::Pending => "chart-state-pending",
        }
    }
}

const TOP: f64 = 10.0;
const GAP: f64 = 2.0;

/// Draws a heat map.
///
/// # Errors
/// Too many cells, a level that is not finite, or a row without one cell for each column.
pub fn heat_map(chart: &HeatMap<'_>) -> Result<Chart, ChartError> {
    check(chart)?;
    let table = table(chart);
    let mut svg = Svg::new(&chart.about, "heat");
    if chart.rows.is_empty() || chart.columns.is_empty() {
        return Ok(svg.empty(&chart.about, table));
    }
    let left = names_width(chart.rows.iter().map(|row| row.name));
    let side = ((WIDTH - left) / times(chart.columns.len())).min(72.0);
    let high = side.clamp(14.0, 24.0);
    let head = if chart.legend.is_empty() { TOP } else { legend(&mut svg, chart.legend) };
    let body = head + headings(&mut svg, chart.columns, left, side, head);
    for (i, row) in chart.rows.iter().enumerate() {
        let y = body + times(i) * high;
        let middle = y + high / 2.0 + 4.0;
        svg.text_within("chart-name chart-end", left - 8.0, middle, left - 10.0, row.name);
        for (k, (cell, column)) in row.cells.iter().zip(chart.columns).enumerate() {
            let at = (left + times(k) * side + GAP / 2.0, y + GAP / 2.0);
            let place = format!("{}, {column}", row.name);
            draw_cell(&mut svg, *cell, &place, at, (side - GAP, high - GAP));
        }
    }
    let bottom = body + times(chart.rows.len()) * high;
    Ok(svg.finish(&chart.about, bottom + 10.0, table))
}

fn check(chart: &HeatMap<'_>) -> Result<(), ChartError> {
    check_count(chart.rows.len().saturating_mul(chart.columns.len().max(1)))?;
    for row in chart.rows {
        let (found, expected) = (row.cells.len(), chart.columns.len());
        if found != expected {
            return Err(ChartError::Ragged(row.name.to_owned(), found, expected));
        }
        for cell in row.cells {
            if let HeatCell::Level(level, _) = cell {
                check_finite(row.name, *level)?;
            }
        }
    }
    Ok(())
}

fn table(chart: &HeatMap<'_>) -> Table {
    let mut header = vec![chart.names.to_owned()];
    header.extend(chart.columns.iter().map(|name| (*name).to_owned()));
    let row = |row: &HeatRow<'_>| {
        let mut out = vec![row.name.to_owned()];
        out.extend(row.cells.iter().map(|cell| match cell {
            HeatCell::Empty => "–".to_owned(),
            HeatCell::Level(_, text) | HeatCell::State(_, text) => (*text).to_owned(),
        }));
        out
    };
    Table {
        caption: chart.about.title.to_owned(),
        header,
        rows: chart.rows.iter().map(row).collect(),
    }
}

fn legend(svg: &mut Svg, states: &[(State, &str)]) -> f64 {
    let (mut x, mut y) = (0.0, 4.0);
    for (state, name) in states {
        let width = 22.0 + width_of(name) + 18.0;
        if x > 0.0 && x + width > WIDTH {
            x = 0.0;
            y += 22.0;
        }
        draw_state(svg, *state, "", (x, y), (14.0, 14.0));
        svg.text_within("chart-label", x + 21.0, y + 11.5, WIDTH - 21.0, name);
        x += width;
    }
    y + 26.0
}

/// Writes the column headings, upright where they fit and slanted where not; gives the height used.
fn headings(svg: &mut Svg, columns: &[&str], left: f64, side: f64, top: f64) -> f64 {
    let widest = columns.iter().map(|name| width_of(name)).fold(0.0, f64::max).min(90.0);
    let slanted = widest > side - 4.0;
    let height = if slanted { widest * 0.75 + 16.0 } else { 18.0 };
    // Where columns are narrower than a line of text, every other heading (or fewer) stands.
    let mut every = 1usize;
    while slanted && side * times(every) < 15.0 {
        every += 1;
    }
    for (k, name) in columns.iter().enumerate().step_by(every) {
        let x = left + (times(k) + 0.5) * side;
        let y = top + height - 5.0;
        if slanted {
            svg.slanted("chart-tick", x - 3.0, y, name);
        } else {
            svg.text("chart-tick chart-middle", x, y, name);
        }
    }
    height
}

fn draw_cell(svg: &mut Svg, cell: HeatCell<'_>, place: &str, at: (f64, f64), size: (f64, f64)) {
    match cell {
        HeatCell::Empty => svg.rect("chart-none", at.0, at.1, size.0, size.1, ""),
        HeatCell::Level(level, text) => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 5"
            )]
            let step = (level.clamp(0.0, 1.0) * 5.0).ceil() as u8;
            let title = format!("{place}: {text}");
            svg.rect(
                &format!("chart-level chart-level-{step}"),
                at.0,
                at.1,
                size.0,
                size.1,
                &title,
            );
            if width_of(text) <= size.0 - 2.0 && size.1 >= 14.0 {
                let class = format!("chart-inside chart-on-level-{step} chart-middle");
                svg.text(&class, at.0 + size.0 / 2.0, at.1 + size.1 / 2.0 + 4.5, text);
            }
        }
        HeatCell::State(state, text) => {
            draw_state(svg, state, &format!("{place}: {text}"), at, size)
        }
    }
}

fn draw_state(svg: &mut Svg, state: State, title: &str, (x, y): (f64, f64), (w, h): (f64, f64)) {
    let class = state.class();
    svg.rect(&format!("chart-state {class}"), x, y, w, h, title);
    let (cx, cy) = (x + w / 2.0, y + h / 2.0);
    let r = (w.min(h) * 0.28).min(6.0);
    let sign = match state {
        State::Done => {
            let (x1, y1, x2, y2) = (n(cx - r), n(cy), n(cx - r * 0.3), n(cy + r * 0.8));
            format!("M{x1} {y1}L{x2} {y2}L{} {}", n(cx + r), n(cy - r * 0.8))
        }
        State::Missed => {
            let (l, t, rr, b) = (n(cx - r), n(cy - r), n(cx + r), n(cy + r));
            format!("M{l} {t}L{rr} {b}M{l} {b}L{rr} {t}")
        }
        State::Partial => format!("M{} {}H{}", n(cx - r), n(cy), n(cx + r)),
        State::Pending => return,
    };
    svg.element("path", &format!(r#"class="chart-sign {}-sign" d="{}""#, class, escape(&sign)));
}
