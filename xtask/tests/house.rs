//! This repository keeps its own rules.

use xtask::metadata::Metadata;
use xtask::tree::Tree;
use xtask::{house, root};

#[test]
fn every_rule_holds() {
    let tree = Tree::read(&root()).unwrap();
    assert!(tree.has("Cargo.toml") && tree.has("crates/kernel/src/lib.rs"), "wrong folder");
    let broken: Vec<String> = house::check(&tree)
        .unwrap()
        .into_iter()
        .flat_map(|rule| {
            rule.findings.into_iter().map(move |finding| format!("{}: {finding}", rule.name))
        })
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// A graph that was read wrongly would have no arrows to find fault with.
#[test]
fn cargo_answers_with_the_whole_graph() {
    let metadata = Metadata::ask().unwrap();
    assert!(metadata.ours().count() > 15);
    let platform = metadata.ours().find(|package| package.name == "platform").unwrap();
    let below = metadata.shipped_with(platform);
    for library in ["platform", "kernel", "rusqlite", "tokio", "serde_core"] {
        assert!(below.contains(library), "{library}");
    }
    assert!(!below.contains("proptest"), "a test's library does not ship");
}
