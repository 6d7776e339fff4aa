//! From facts to promises, from promises to rungs, from rungs to people. Pure, and without a "now" that
//! is not an argument.

pub mod agenda;
pub mod facts;
pub mod promises;
pub mod recurrence;
pub mod route;

#[cfg(test)]
mod tests;
