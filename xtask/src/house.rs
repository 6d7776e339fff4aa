//! Everything that is checked, in one list, for the command line and for the tests.

use std::fs;

use crate::licences::Deny;
use crate::metadata::Metadata;
use crate::one_build::{UnitGraph, built_twice};
use crate::tidy::RULES;
use crate::tree::Tree;
use crate::{Finding, arrows, root};

/// A rule and what breaks it.
#[derive(Debug)]
pub struct Checked {
    /// Its name.
    pub name: &'static str,
    /// Why it exists.
    pub why: &'static str,
    /// What breaks it; empty when it holds.
    pub findings: Vec<Finding>,
}

/// Holds the repository against every rule.
///
/// # Errors
/// A sentence, if a file cannot be read or cargo cannot answer.
pub fn check(tree: &Tree) -> Result<Vec<Checked>, String> {
    let mut all: Vec<Checked> = RULES
        .iter()
        .map(|rule| Checked { name: rule.name, why: rule.why, findings: (rule.check)(tree) })
        .collect();
    let metadata = Metadata::ask()?;
    let packages = arrows::packages(&metadata);
    let program = UnitGraph::ask(&["build", "-p", "tickmark"])?;
    let tests = UnitGraph::ask(&["test", "--workspace", "--no-run"])?;
    let deny =
        fs::read_to_string(root().join("deny.toml")).map_err(|e| format!("deny.toml: {e}"))?;
    let graph = [
        ("arrows", "Dependencies point one way.", arrows::wrong_arrows(&packages)),
        ("libraries", "Each outside library has its place.", arrows::wrong_libraries(&packages)),
        ("pure crates", "The kernel and the ledger touch nothing.", arrows::impure(&metadata)),
        (
            "one build",
            "A library that is built twice costs minutes.",
            built_twice(&program, &tests),
        ),
        ("licences", "What we ship may be shipped.", Deny::read(&deny)?.findings(&metadata)),
    ];
    all.extend(graph.into_iter().map(|(name, why, findings)| Checked { name, why, findings }));
    Ok(all)
}
