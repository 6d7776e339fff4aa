//! `cargo run -p xtask -- tidy`: holds the repository against the rules of the house.

#![expect(clippy::print_stdout, reason = "a command line prints its findings")]

use std::process::ExitCode;

use xtask::licences::in_use;
use xtask::metadata::Metadata;
use xtask::tidy::{FUNCTION_LINES_WANTED, RULES, long_functions};
use xtask::tree::Tree;
use xtask::{house, root};

const USAGE: &str =
    "usage: cargo run -p xtask -- tidy       holds the repository against every rule
       cargo run -p xtask -- rules      the rules over files and why they exist
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
    let checked = house::check(&tree)?;
    for rule in checked.iter().filter(|rule| !rule.findings.is_empty()) {
        println!("\n{}: {}", rule.name, rule.why);
        for finding in &rule.findings {
            println!("  {finding}");
        }
    }
    let long = long_functions(&tree);
    if !long.is_empty() {
        let count = long.len();
        println!(
            "\n{count} functions have more than {FUNCTION_LINES_WANTED} lines (a report, not an error):"
        );
        for finding in long.iter().take(20) {
            println!("  {finding}");
        }
    }
    let findings: usize = checked.iter().map(|rule| rule.findings.len()).sum();
    println!("tidy: {} files, {} rules, {findings} findings", tree.files.len(), checked.len());
    Ok(findings == 0)
}

fn rules() -> bool {
    for rule in RULES {
        println!("{}: {}", rule.name, rule.why);
    }
    true
}

fn licences() -> Result<bool, String> {
    for (licence, packages) in in_use(&Metadata::ask()?) {
        println!("{packages:5}  {licence}");
    }
    Ok(true)
}
