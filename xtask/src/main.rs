//! `cargo run -p xtask -- tidy`: holds the repository against the rules of the house.

#![expect(clippy::print_stdout, reason = "a command line prints its findings")]

use std::process::ExitCode;

use xtask::licences::{Deny, in_use};
use xtask::tidy::{FUNCTION_LINES_WANTED, RULES, long_functions};
use xtask::tree::Tree;
use xtask::{Finding, arrows, root};

const USAGE: &str = "usage: cargo run -p xtask -- tidy       rules over files, arrows and licences
       cargo run -p xtask -- rules      the rules and why they exist
       cargo run -p xtask -- licences   every licence in use, with its number of packages";

fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        Some("tidy") => tidy(),
        Some("rules") => Ok(rules()),
        Some("licences") => licences(),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            println!("{message}");
            ExitCode::from(2)
        }
    }
}

/// Prints every finding; true when there is none.
fn tidy() -> Result<bool, String> {
    let tree = Tree::read(&root()).map_err(|error| error.to_string())?;
    let metadata = arrows::metadata()?;
    let packages = arrows::packages(&metadata);
    let mut broken = 0;
    let mut show = |name: &str, why: &str, findings: &[Finding]| {
        if findings.is_empty() {
            return;
        }
        println!("\n{name}: {why}");
        for finding in findings {
            println!("  {finding}");
        }
        broken += findings.len();
    };
    for rule in RULES {
        show(rule.name, rule.why, &(rule.check)(&tree));
    }
    show("arrows", "Dependencies point one way.", &arrows::wrong_arrows(&packages));
    show("libraries", "Each outside library has its place.", &arrows::wrong_libraries(&packages));
    show("pure crates", "The kernel and the ledger touch nothing.", &arrows::impure(&metadata));
    let deny =
        std::fs::read_to_string(root().join("deny.toml")).map_err(|e| format!("deny.toml: {e}"))?;
    show("licences", "What we ship may be shipped.", &Deny::read(&deny)?.findings(&metadata));

    let long = long_functions(&tree);
    if !long.is_empty() {
        println!(
            "\n{} functions have more than {FUNCTION_LINES_WANTED} lines (a report, not an error):",
            long.len()
        );
        for finding in long.iter().take(20) {
            println!("  {finding}");
        }
    }
    println!("\ntidy: {} files, {} rules, {broken} findings", tree.files.len(), RULES.len() + 4);
    Ok(broken == 0)
}

fn rules() -> bool {
    for rule in RULES {
        println!("{}: {}", rule.name, rule.why);
    }
    true
}

fn licences() -> Result<bool, String> {
    for (licence, packages) in in_use(&arrows::metadata()?) {
        println!("{packages:5}  {licence}");
    }
    Ok(true)
}
