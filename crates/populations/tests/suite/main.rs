//! The engine's behaviour from outside: freezing, hostile files, tests in SQL, the library's tests on
//! fixtures of our own, and the same on real records where they are at hand.

mod census_rules;
mod freezing;
mod hostile;
mod library_tests;
mod real_records;
mod support;
