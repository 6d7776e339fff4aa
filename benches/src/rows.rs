//! The rows of the table, in order.

mod drivers;
mod flood;
mod history;
mod leavers;
mod populations;
mod process;
mod register;
mod reperform;
mod report;
mod selection;
mod submissions;
mod verify;

use crate::figures::Line;
use crate::{Bench, Result};

/// A row: what it measures and how.
pub struct Row {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it measures.
    pub about: &'static str,
    /// Measures it.
    pub run: fn(&Bench) -> Result<Vec<Line>>,
}

/// Every row.
pub const ALL: &[Row] = &[
    Row {
        name: "submissions",
        about: "durable case submissions over HTTP, beside an empty POST and bare group commit",
        run: submissions::run,
    },
    Row {
        name: "flood",
        about: "100,000 junk reports over HTTP, and people who report and return meanwhile",
        run: flood::run,
    },
    Row {
        name: "register",
        about: "import, replay, list, search and dashboard of a growing register",
        run: register::run,
    },
    Row {
        name: "history",
        about: "import of a history of 24,918 incidents in 141,712 events, interrupted, resumed, repeated",
        run: history::run,
    },
    Row {
        name: "populations",
        about: "freeze and test of a population, beside a plain read",
        run: populations::run,
    },
    Row {
        name: "leavers",
        about: "10,000,000 logons frozen and searched for those of leavers, beside DuckDB where there is one",
        run: leavers::run,
    },
    Row {
        name: "selection",
        about: "60 items of 10,000,000 by seed, beside one digest per id",
        run: selection::run,
    },
    Row { name: "verify", about: "hashing of files, beside SHA-256 alone", run: verify::run },
    Row { name: "report", about: "typesetting a report", run: report::run },
    Row {
        name: "reperform",
        about: "export, verification and re-performance of the demonstration engagement",
        run: reperform::run,
    },
    Row { name: "process", about: "cold start and idle memory", run: process::run },
    Row {
        name: "drivers",
        about: "the write path without HTTP, by disk, memory and database",
        run: drivers::run,
    },
];
