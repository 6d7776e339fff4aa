//! This repository keeps its own rules.

use xtask::licences::Deny;
use xtask::tidy::RULES;
use xtask::tree::Tree;
use xtask::{Finding, arrows, root};

fn assert_none(findings: &[Finding], rule: &str) {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{rule}\n{}", lines.join("\n"));
}

#[test]
fn every_rule_over_files_holds() {
    let tree = Tree::read(&root()).unwrap();
    assert!(tree.has("Cargo.toml") && tree.has("crates/kernel/src/lib.rs"), "wrong folder");
    let broken: Vec<String> = RULES
        .iter()
        .flat_map(|rule| {
            let findings = (rule.check)(&tree);
            findings.into_iter().map(move |finding| format!("{}: {finding}", rule.name))
        })
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn dependencies_point_one_way_and_licences_are_allowed() {
    let metadata = arrows::metadata().unwrap();
    let packages = arrows::packages(&metadata);
    assert!(packages.len() > 10, "cargo named only {} packages", packages.len());
    assert_none(&arrows::wrong_arrows(&packages), "arrows");
    assert_none(&arrows::wrong_libraries(&packages), "libraries");
    assert_none(&arrows::impure(&metadata), "pure crates");
    let deny = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    assert_none(&Deny::read(&deny).unwrap().findings(&metadata), "licences");
}
