//! Full-population tests: one SQL query decides every unit of a population.
//!
//! | file | holds |
//! |---|---|
//! | `test_file.rs` | `TEST.toml` and its parameters |
//! | `values.rs` | parameter values: typed, asked for when nobody declared them |
//! | `sandbox.rs` | what a query may say: reading only, the same answer every time |
//! | `functions.rs` | functions for local days and for what a snapshot speaks for |
//! | `texts.rs` | how long a text may grow that a query puts together |
//! | `plan_size.rs` | how large a query may become once everything that it names is put in its place |
//! | `spans.rs` | so many days, business days or minutes later |
//! | `engine.rs` | the query engine with its limits on memory and time |
//! | `result_columns.rs` | the types a result may have |
//! | `run.rs` | running a test the quick way or the careful way |
//! | `parallel.rs` | the quick way: on all threads, in no order |
//! | `sorted.rs` | the careful way: units and answers side by side, in order |
//! | `tally.rs` | counting rows |
//! | `outcome.rs` | the answer: totals, rows, digests |
//!
//! A test names its units with one query and answers for each with another, and the two must agree:
//! a query that loses a unit in a join is refused instead of reporting a smaller population. So
//! population = pass + exceptions + unmatched + excluded holds by construction.

mod engine;
mod functions;
mod outcome;
mod parallel;
mod plan_size;
mod result_columns;
mod run;
mod sandbox;
mod sorted;
mod spans;
mod tally;
mod test_file;
mod texts;
mod values;

pub use outcome::{
    Census, PopulationUsed, RESULT_FILE, ReasonCount, UnitResult, UnitRow, verify_result,
};
pub use run::{CensusOptions, run};
pub use sandbox::check_sql;
pub use test_file::{
    DeclaredFile, Parameter, ParameterType, PopulationRef, TEST_BYTES_MAX, TestFile, parse_test,
};
pub use values::{Value, Values, resolve};
