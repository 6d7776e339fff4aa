//! `tickmark watchdog`: one pass over the open cases, from a process of its own.

use super::jobs;
use super::model::Pass;
use platform::db::{Db, Result};
use platform::edge::Edge;
use std::fmt::Write as _;

/// Watches every organisation now.
///
/// # Errors
/// When the database refuses.
pub fn watchdog(db: &Db, edge: &dyn Edge) -> Result<Vec<Pass>> {
    jobs::watch(db, edge, true)
}

/// What the passes found, for a person at the terminal.
#[must_use]
pub fn told(passes: &[Pass]) -> String {
    let mut text = String::new();
    for pass in passes {
        let _ = writeln!(
            text,
            "{}: {} open cases, {} of {} rungs climbed, {} missing, {} silent, {} with nobody to tell",
            pass.organisation,
            pass.open,
            pass.climbed,
            pass.planned,
            pass.missing.len(),
            pass.silent.len(),
            pass.nobody.len()
        );
    }
    text.trim_end().to_owned()
}
