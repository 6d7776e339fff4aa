//! Engine: freeze, profile, query and select from data sets. Knows no room.
//!
//! | file | holds |
//! |---|---|
//! | `schema.rs`, `schema_file.rs` | `SCHEMA.toml`: what a file's columns mean |
//! | `freeze.rs`, `intake.rs`, `batch.rs`, `writer.rs` | freezing: read, type, refuse, hash, store |
//! | `source.rs`, `records.rs` | from stored bytes to text to records, every size bounded |
//! | `forms/` | JSON, NDJSON, workbooks and Parquet as the same records |
//! | `cell.rs`, `times.rs` | one typed value, strict reading of dates, canonical text |
//! | `digest.rs` | row digests and the population hash |
//! | `profile.rs`, `checks.rs` | what the columns hold; the thirteen checks on completeness and accuracy |
//! | `frozen.rs` | a frozen population on disk |
//! | `select.rs`, `ids.rs` | sample selection and lists of item ids |
//! | `census/` | full-population tests in SQL |
//! | `coverage.rs` | what a population is declared to cover |
//! | `commands.rs` | the commands over files, for the command line |
//! | `library.rs` | the tests that come with the product |
//! | `progress.rs`, `error.rs` | progress, cancellation, plain errors |
//!
//! Words: a *population* is all items a control should have operated on; to *freeze* it is to fix
//! its rows under a hash that both sides know; a *census* is a test of every item instead of a sample.

mod batch;
pub mod cell;
pub mod census;
pub mod checks;
pub mod commands;
pub mod coverage;
mod digest;
mod error;
mod forms;
pub mod freeze;
pub mod frozen;
pub mod ids;
mod intake;
pub mod library;
pub mod profile;
pub mod progress;
pub mod records;
pub mod schema;
mod schema_file;
pub mod select;
mod source;
pub mod times;
mod views;
mod writer;

pub use batch::RefusedRow;
pub use digest::RowDigest;
pub use error::{Error, Result};
pub use forms::Form;
pub use freeze::{FreezeOptions, freeze};
pub use frozen::{Frozen, FrozenDir};
pub use schema::Schema;
pub use source::{SourceFile, TEXT_BYTES_MAX};
