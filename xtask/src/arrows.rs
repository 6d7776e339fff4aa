//! Which crate may depend on which.
//!
//! The arrows of ARCHITECTURE.md: `kernel ← ledger ← platform ← rooms`, rooms in the order of an
//! engagement, each using only rooms before it. `populations`, `exhibits` and `press` are engines that
//! know no room. Nothing on the service organisation's side may depend on the auditor's room, so a `use`
//! across that wall does not compile.

use std::collections::BTreeSet;

use crate::Finding;
use crate::metadata::Metadata;

/// The rooms in the order of an engagement. A room may use the rooms before it.
pub const ROOMS: [&str; 8] = [
    "identity",
    "scope",
    "commitments",
    "controls",
    "cases",
    "evidence",
    "examination",
    "reporting",
];

/// Engines beside the rooms.
const ENGINES: [&str; 3] = ["populations", "exhibits", "press"];

/// Packages that test, measure or check the others and may depend on any of them.
const CHECKING: [&str; 4] = ["it", "bench", "fuzz", "xtask"];

/// Outside libraries that only some of our crates may name, each with the reason.
const RESERVED: [(&[&str], &[&str], &str); 6] = [
    (&["rusqlite", "postgres"], &["platform"], "statements go through platform's connection"),
    (
        &["object_store", "lettre", "ureq", "standardwebhooks", "imap", "rustls"],
        &["platform"],
        "effects go through platform's outbox and blobs",
    ),
    (
        &["tokio", "tower", "tower-http", "futures-util"],
        &["platform", "populations", "tickmark"],
        "services and stores are synchronous; async lives at the edge",
    ),
    (&["datafusion", "arrow", "parquet"], &["populations"], "one engine holds data sets"),
    (&["typst", "typst-pdf", "typst-layout"], &["press"], "one engine sets documents"),
    (&["getrandom"], &["platform", "tickmark"], "randomness enters at the edge"),
];

/// What the pure crates may not hold even behind other libraries.
const IMPURE: [&str; 8] =
    ["tokio", "async-std", "smol", "mio", "hyper", "rusqlite", "postgres", "socket2"];

/// Crates that are pure through and through.
const PURE: [&str; 2] = ["kernel", "ledger"];

/// A package of ours and what it names in its manifest, for any purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Every dependency, development and build ones too.
    pub names: BTreeSet<String>,
}

/// Our packages and what they name.
#[must_use]
pub fn packages(metadata: &Metadata) -> Vec<Package> {
    metadata
        .ours()
        .map(|package| Package {
            name: package.name.clone(),
            names: package.dependencies.iter().map(|named| named.name.clone()).collect(),
        })
        .collect()
}

/// Which of our own crates a crate may name; nothing for a crate nobody has thought about.
fn allowed(name: &str, ours: &BTreeSet<&str>) -> Option<BTreeSet<&'static str>> {
    if let Some(place) = ROOMS.iter().position(|room| *room == name) {
        let mut allowed: BTreeSet<&str> =
            ["kernel", "ledger", "platform"].into_iter().chain(ENGINES).collect();
        allowed.extend(&ROOMS[..place]);
        return Some(allowed);
    }
    let list: &[&'static str] = match name {
        "kernel" => &[],
        "ledger" | "populations" | "exhibits" => &["kernel"],
        "press" => &["kernel", "exhibits"],
        "platform" => &["kernel", "ledger", "exhibits"],
        "tickmark" => &["kernel", "ledger", "platform", "populations", "exhibits", "press"],
        _ if CHECKING.contains(&name) => return Some(every_crate(ours)),
        _ => return None,
    };
    let mut allowed: BTreeSet<&str> = list.iter().copied().collect();
    if name == "tickmark" {
        allowed.extend(ROOMS);
    }
    Some(allowed)
}

fn every_crate(ours: &BTreeSet<&str>) -> BTreeSet<&'static str> {
    let known = ["kernel", "ledger", "platform", "tickmark"];
    known.into_iter().chain(ENGINES).chain(ROOMS).filter(|name| ours.contains(name)).collect()
}

/// Arrows that are not among the allowed ones.
#[must_use]
pub fn wrong_arrows(packages: &[Package]) -> Vec<Finding> {
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut findings = Vec::new();
    for package in packages {
        let Some(allowed) = allowed(&package.name, &ours) else {
            let message = "is a new package: say in xtask/src/arrows.rs what it may depend on";
            findings.push(Finding::on(&package.name, message));
            continue;
        };
        // A package may name itself, to switch on features of its own for its tests.
        let others = package.names.iter().filter(|name| **name != package.name);
        for name in others.filter(|name| ours.contains(name.as_str())) {
            if !allowed.contains(name.as_str()) {
                let message = if name == "examination" {
                    format!("{} must not depend on the auditor's room", package.name)
                } else {
                    format!(
                        "{} must not depend on {name}: arrows point from later rooms to earlier ones",
                        package.name
                    )
                };
                findings.push(Finding::on(&package.name, message));
            }
        }
    }
    findings
}

/// Uses of an outside library by a crate it is not meant for.
#[must_use]
pub fn wrong_libraries(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages.iter().filter(|package| !CHECKING.contains(&package.name.as_str())) {
        for (libraries, users, reason) in RESERVED {
            if users.contains(&package.name.as_str()) {
                continue;
            }
            for library in libraries.iter().filter(|library| package.names.contains(**library)) {
                let message =
                    format!("must not use {library}: {reason} (only {})", users.join(", "));
                findings.push(Finding::on(&package.name, message));
            }
        }
    }
    findings
}

/// Impure libraries that a pure crate reaches through others, in a build that ships.
#[must_use]
pub fn impure(metadata: &Metadata) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in metadata.ours().filter(|package| PURE.contains(&package.name.as_str())) {
        for name in metadata.shipped_with(package) {
            if IMPURE.contains(&name) {
                let message = format!("reaches {name}, and is meant to be pure");
                findings.push(Finding::on(&package.name, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, names: &[&str]) -> Package {
        Package {
            name: name.to_owned(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn house(extra: &[Package]) -> Vec<Package> {
        let mut all: Vec<Package> =
            ["kernel", "ledger", "platform", "populations", "exhibits", "press"]
                .into_iter()
                .chain(ROOMS)
                .chain(["tickmark", "it"])
                .filter(|name| !extra.iter().any(|package| package.name == **name))
                .map(|name| package(name, &[]))
                .collect();
        all.extend_from_slice(extra);
        all
    }

    fn broken(name: &str, names: &[&str]) -> Vec<String> {
        wrong_arrows(&house(&[package(name, names)])).into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn arrows_of_the_house_are_allowed() {
        for (name, names) in [
            ("ledger", &["kernel"][..]),
            ("platform", &["kernel", "ledger", "serde"]),
            ("platform", &["platform"]),
            ("evidence", &["platform", "identity", "scope", "commitments", "controls", "cases"]),
            ("examination", &["evidence", "populations"]),
            ("reporting", &["examination", "press"]),
            ("tickmark", &["reporting", "examination", "press"]),
            ("it", &["tickmark", "examination", "kernel"]),
        ] {
            assert_eq!(broken(name, names), Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn every_other_arrow_is_refused() {
        for (name, on) in [
            ("kernel", "ledger"),
            ("ledger", "platform"),
            ("platform", "identity"),
            ("populations", "platform"),
            ("press", "reporting"),
            ("scope", "controls"),
            ("cases", "evidence"),
            ("examination", "reporting"),
            ("reporting", "tickmark"),
            ("tickmark", "it"),
        ] {
            assert_eq!(broken(name, &[on]).len(), 1, "{name} on {on}");
        }
    }

    #[test]
    fn nothing_on_the_organisations_side_sees_the_auditors_room() {
        for room in
            ["kernel", "platform", "identity", "scope", "controls", "cases", "evidence", "press"]
        {
            assert_eq!(
                broken(room, &["examination"]),
                [format!("{room} must not depend on the auditor's room")]
            );
        }
    }

    #[test]
    fn a_new_package_has_to_be_thought_about() {
        let found = broken("helpers", &[]);
        assert!(found[0].contains("is a new package"));
    }

    #[test]
    fn reserved_libraries_are_refused_elsewhere() {
        let found = wrong_libraries(&[
            package("platform", &["rusqlite", "tokio"]),
            package("cases", &["rusqlite", "tokio", "axum"]),
            package("it", &["postgres"]),
            package("reporting", &["typst"]),
        ]);
        let places: Vec<&str> = found.iter().map(|f| f.place.as_str()).collect();
        assert_eq!(places, ["cases", "cases", "reporting"]);
    }
}
