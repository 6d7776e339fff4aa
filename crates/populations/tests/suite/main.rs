//! The engine's behaviour from outside: freezing, hostile files, tests in SQL, the library's tests on
//! fixtures of our own, and the same on real records where they are at hand.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    reason = "a test may stop where it stands, and finds the real records by the environment"
)]

mod census_rules;
mod forms;
mod freezing;
mod hostile;
mod library_fixtures;
mod library_tests;
mod real_records;
mod support;
