//! Tests of the rules against independent figures, the profession's tables and random cases.

mod compensation;
mod conclusions;
mod expansion;
mod frequency;
mod numbers;
mod opinion_properties;
mod opinion_rules;
mod opinions;
mod oracles;
mod properties;
mod tables;

use super::numbers::{Confidence, Rate};
use super::sampling::{Plan, TableMode};

/// A rate from its written form.
fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

/// A confidence level from its written form.
fn confidence(text: &str) -> Confidence {
    text.parse().unwrap()
}

/// A plan for a large or known population, exact.
fn plan(level: &str, tolerable: Rate, expected: Rate, population: Option<u64>) -> Plan {
    Plan {
        confidence: confidence(level),
        tolerable,
        expected,
        population,
        table_mode: TableMode::Exact,
    }
}
