//! A deviation on the firm's side; statements on the organisation's.

mod deviation;
mod statements;

pub use deviation::{ask, deviation, second, update};
pub use statements::{give, list, statement};
