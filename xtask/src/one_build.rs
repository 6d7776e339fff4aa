//! The program and its tests share one build of every outside library.
//!
//! Cargo builds a library anew when one of two commands asks it, or anything below it, for one more
//! feature. A small library in a test's dependencies can so have DataFusion and Typst compiled twice,
//! minutes each. This module compares what cargo would build for `./x demo` and for `./x test`.
//!
//! The unit graph is an unstable output of cargo; the toolchain is pinned, so its shape is known.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::process::Command;

use serde::Deserialize;

use crate::{Finding, root};

/// What cargo would build, and what each piece is built from.
#[derive(Debug, Deserialize)]
pub struct UnitGraph {
    units: Vec<Unit>,
}

#[derive(Debug, Deserialize)]
struct Unit {
    pkg_id: String,
    target: Target,
    mode: String,
    platform: Option<String>,
    features: BTreeSet<String>,
    profile: BTreeMap<String, serde_json::Value>,
    dependencies: Vec<Needs>,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Needs {
    index: usize,
}

impl UnitGraph {
    /// Asks cargo what `cargo ARGUMENTS` would build.
    ///
    /// # Errors
    /// A sentence, if cargo cannot answer.
    pub fn ask(arguments: &[&str]) -> Result<Self, String> {
        let output = Command::new("cargo")
            .args(arguments)
            .args(["--locked", "-Z", "unstable-options", "--unit-graph"])
            .env("RUSTC_BOOTSTRAP", "1")
            .current_dir(root())
            .output()
            .map_err(|error| format!("cargo: {error}"))?;
        if !output.status.success() {
            return Err(format!("cargo: {}", String::from_utf8_lossy(&output.stderr)));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| format!("unit graph: {error}"))
    }

    /// For each unit a number that is equal where cargo would reuse the same built files.
    fn identities(&self) -> Vec<u64> {
        let mut known = vec![None; self.units.len()];
        for unit in 0..self.units.len() {
            self.identity(unit, &mut known);
        }
        known.into_iter().map(Option::unwrap_or_default).collect()
    }

    fn identity(&self, index: usize, known: &mut [Option<u64>]) -> u64 {
        if let Some(identity) = known[index] {
            return identity;
        }
        let unit = &self.units[index];
        let mut below: Vec<u64> =
            unit.dependencies.iter().map(|needs| self.identity(needs.index, known)).collect();
        below.sort_unstable();
        let mut hasher = DefaultHasher::new();
        (&unit.pkg_id, &unit.target.kind, &unit.target.name, &unit.mode, &unit.platform)
            .hash(&mut hasher);
        (&unit.features, below).hash(&mut hasher);
        // `dev` and `test` are the same profile here but for its name.
        for (key, value) in unit.profile.iter().filter(|(key, _)| *key != "name") {
            (key, value.to_string()).hash(&mut hasher);
        }
        let identity = hasher.finish();
        known[index] = Some(identity);
        identity
    }
}

/// Outside libraries that the first command builds and the second cannot reuse. Named are those that
/// start it: everything below them is shared.
#[must_use]
pub fn built_twice(first: &UnitGraph, second: &UnitGraph) -> Vec<Finding> {
    let identities = first.identities();
    let shared: BTreeSet<u64> = second.identities().into_iter().collect();
    let is_shared = |index: usize| shared.contains(&identities[index]);
    let foreign = |unit: &Unit| unit.pkg_id.starts_with("registry+");
    let lost: Vec<usize> = (0..first.units.len())
        .filter(|index| foreign(&first.units[*index]) && !is_shared(*index))
        .collect();
    lost.iter()
        .map(|index| &first.units[*index])
        .filter(|unit| unit.dependencies.iter().all(|needs| is_shared(needs.index)))
        .map(|unit| {
            let name = unit.pkg_id.rsplit(['#', '/']).next().unwrap_or(&unit.pkg_id);
            let more: BTreeSet<&String> = second
                .units
                .iter()
                .filter(|other| other.pkg_id == unit.pkg_id && other.mode == unit.mode)
                .flat_map(|other| other.features.symmetric_difference(&unit.features))
                .collect();
            let message = format!(
                "is built once for the program and once for the tests, and with it {} other libraries; the two differ in {more:?}: give [workspace.dependencies] the union",
                lost.len() - 1
            );
            Finding::on(name, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One library below another, the lower with these features, the profile called `profile`.
    fn graph(profile: &str, features: &str) -> UnitGraph {
        let unit = |name: &str, features: &str, below: &str| {
            format!(
                r#"{{"pkg_id":"registry+https://example.org#{name}@1.0.0","target":{{"kind":["lib"],"name":"{name}"}},"mode":"build","platform":null,"features":[{features}],"profile":{{"name":"{profile}","opt_level":"1"}},"dependencies":[{below}]}}"#
            )
        };
        let low = unit("low", features, "");
        let high = unit("high", "", "{\"index\":0}");
        serde_json::from_str(&format!("{{\"units\":[{low},{high}]}}")).unwrap()
    }

    #[test]
    fn equal_graphs_share_everything() {
        assert_eq!(built_twice(&graph("dev", "\"std\""), &graph("test", "\"std\"")), []);
    }

    #[test]
    fn one_more_feature_below_is_named_at_its_root() {
        let found = built_twice(&graph("dev", "\"std\""), &graph("dev", "\"std\",\"serde\""));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "low@1.0.0");
        assert!(found[0].message.contains("with it 1 other libraries"));
        assert!(found[0].message.contains("{\"serde\"}"));
    }
}
