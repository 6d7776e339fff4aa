//! What `cargo metadata` says about our packages and everything below them, as far as it is needed.
//!
//! Read by hand: the library that does this asks serde_json and semver for features that the program
//! itself does not have, and then DataFusion and Typst would be built twice, for program and tests.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde::Deserialize;

use crate::root;

/// The answer of `cargo metadata --format-version 1`.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// Every package of the graph.
    pub packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

/// One package, ours or foreign.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Cargo's unique name for it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The SPDX expression it declares.
    pub license: Option<String>,
    /// Where it comes from; absent for packages of this repository.
    pub source: Option<String>,
    /// What its manifest names, for any purpose.
    pub dependencies: Vec<Named>,
}

/// A dependency as a manifest names it.
#[derive(Debug, Deserialize)]
pub struct Named {
    /// Name of the package.
    pub name: String,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    /// Absent for an ordinary dependency; `dev` or `build` otherwise.
    kind: Option<String>,
}

impl Metadata {
    /// Asks cargo, for this platform only, so that nothing is fetched that a build here does not need.
    ///
    /// # Errors
    /// A sentence, if cargo cannot answer.
    pub fn ask() -> Result<Self, String> {
        let host = host_triple()?;
        let arguments =
            ["metadata", "--format-version", "1", "--locked", "--filter-platform", host.as_str()];
        let answer = run("cargo", &arguments)?;
        serde_json::from_str(&answer).map_err(|error| format!("cargo metadata: {error}"))
    }

    /// The packages of this repository.
    pub fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }

    /// Every package that ends up in a program built from `start`, itself included. Dependencies of
    /// tests and of building do not count.
    #[must_use]
    pub fn shipped_with(&self, start: &Package) -> BTreeSet<&str> {
        let nodes: BTreeMap<&str, &Node> =
            self.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
        let names: BTreeMap<&str, &str> =
            self.packages.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect();
        let mut reached = BTreeSet::new();
        let mut waiting = vec![start.id.as_str()];
        while let Some(id) = waiting.pop() {
            if !reached.insert(id) {
                continue;
            }
            let Some(node) = nodes.get(id) else { continue };
            let ships = |dep: &&Dependency| dep.dep_kinds.iter().any(|kind| kind.kind.is_none());
            waiting.extend(node.deps.iter().filter(ships).map(|dep| dep.pkg.as_str()));
        }
        reached.into_iter().filter_map(|id| names.get(id).copied()).collect()
    }
}

/// The platform that is built for, as `rustc -vV` names its host.
fn host_triple() -> Result<String, String> {
    run("rustc", &["-vV"])?
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| "rustc -vV names no host".to_owned())
}

/// What a command prints, run in the repository.
pub(crate) fn run(command: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(command)
        .args(arguments)
        .current_dir(root())
        .output()
        .map_err(|error| format!("{command}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{command}: {error}"))
}
