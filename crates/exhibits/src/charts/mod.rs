//! Charts as accessible SVG, made on the server.
//!
//! Each chart is a pure function of its figures. It gives an SVG with `role="img"`, a title and a
//! description, and beside it the same figures as a [`Table`]: whoever cannot see the picture, or doubts
//! it, reads the rows. There is no script and no inline style: colours come from the classes of
//! [`STYLE`], which follow the page's light or dark scheme. Nothing is told by colour alone: series have
//! names and dash patterns, states have signs.
//!
//! | file | holds |
//! |---|---|
//! | `svg.rs` | writing SVG: escaping, numbers, text that must fit |
//! | `scale.rs` | axes: where the ticks go, how figures are written |
//! | `bar.rs` | [`bar`], [`stacked_bar`] |
//! | `line.rs` | [`lines`]: curves, steps, bands, censored observations |
//! | `heat.rs` | [`heat_map`] of levels or states |
//! | `interval.rs` | [`intervals`]: estimates with their uncertainty |
//! | `charts.css` | the classes |

mod bar;
mod heat;
mod interval;
mod line;
mod scale;
mod svg;

pub use bar::{Bar, Bars, Stack, StackedBars, bar, stacked_bar};
pub use heat::{HeatCell, HeatMap, HeatRow, State, heat_map};
pub use interval::{Estimate, Intervals, intervals};
pub use line::{Line, LinePoint, Lines, Shape, lines};
pub use scale::{Axis, Steps, as_count, as_duration, as_percent};

/// The classes charts use, for the page's stylesheet. Needs no other rule; the page sets `color`.
pub const STYLE: &str = include_str!("charts.css");

/// The most rows, series, columns or points a chart may have; more is a table, not a picture.
pub const ITEMS_MAX: usize = 5_000;

/// A chart: the picture and its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The SVG element, ready to stand in HTML.
    pub svg: String,
    /// The same figures as rows.
    pub table: Table,
}

/// The figures of a chart. The first cell of each row is its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The chart's title.
    pub caption: String,
    /// One heading for each column.
    pub header: Vec<String>,
    /// As many cells in each row as there are headings.
    pub rows: Vec<Vec<String>>,
}

/// What every chart says about itself.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Unique on the page: letters, digits and `-`. Other characters are left out.
    pub id: &'a str,
    /// The title, read first by a screen reader; the page shows it as the chart's heading.
    pub title: &'a str,
    /// What the chart shows in one or two sentences, with the figure that matters.
    pub description: &'a str,
    /// What to say in place of the picture when there are no figures.
    pub empty: &'a str,
}

/// Why a chart could not be drawn.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChartError {
    /// More items than a picture can hold.
    #[error(
        "a chart can show at most {ITEMS_MAX} items and this one has {0}; choose a shorter span or a coarser grouping"
    )]
    TooMany(usize),
    /// A figure is not a number, or is infinite.
    #[error("“{0}” has a figure that is not a finite number")]
    NotFinite(String),
    /// Rows have different numbers of cells.
    #[error("“{0}” has {1} figures where {2} are expected")]
    Ragged(String, usize, usize),
    /// A figure is negative where only amounts make sense.
    #[error("“{0}” has a negative figure where only amounts from 0 up can be drawn")]
    Negative(String),
}

fn check_count(count: usize) -> Result<(), ChartError> {
    if count > ITEMS_MAX {
        return Err(ChartError::TooMany(count));
    }
    Ok(())
}

fn check_amount(name: &str, value: f64) -> Result<(), ChartError> {
    check_finite(name, value)?;
    if value < 0.0 {
        return Err(ChartError::Negative(name.to_owned()));
    }
    Ok(())
}

fn check_finite(name: &str, value: f64) -> Result<(), ChartError> {
    if value.is_finite() {
        return Ok(());
    }
    Err(ChartError::NotFinite(name.to_owned()))
}

#[cfg(test)]
mod tests;
