//! Which licences outside libraries may have. The list stands in `deny.toml`, where cargo-deny reads
//! it too; this module holds the dependency graph against it without any further tool.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Finding;
use crate::metadata::Metadata;

/// The part of `deny.toml` that is read here.
#[derive(Debug, Deserialize)]
pub struct Deny {
    licenses: Licences,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    #[serde(default)]
    deny: Vec<Banned>,
}

#[derive(Debug, Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

impl Deny {
    /// Reads `deny.toml`.
    ///
    /// # Errors
    /// A sentence, if the file is not of the shape that is needed here.
    pub fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| format!("deny.toml: {error}"))
    }

    /// Packages whose licence is not on the list, that say none, or that are banned.
    #[must_use]
    pub fn findings(&self, metadata: &Metadata) -> Vec<Finding> {
        let mut findings = Vec::new();
        let foreign = metadata.packages.iter().filter(|package| package.source.is_some());
        for package in foreign {
            let place = format!("{} {}", package.name, package.version);
            if let Some(banned) = self.bans.deny.iter().find(|b| b.name == package.name) {
                findings.push(Finding::on(&place, format!("is banned: {}", banned.reason)));
            }
            match &package.license {
                None => findings.push(Finding::on(&place, "names no licence")),
                Some(licence) if !self.allows(&package.name, licence) => {
                    let message =
                        format!("has the licence {licence}, which deny.toml does not allow");
                    findings.push(Finding::on(&place, message));
                }
                Some(_) => {}
            }
        }
        findings
    }

    fn allows(&self, package: &str, expression: &str) -> bool {
        let extra = self
            .licenses
            .exceptions
            .iter()
            .filter(|exception| exception.name == package)
            .flat_map(|exception| &exception.allow);
        let allowed: Vec<&str> =
            self.licenses.allow.iter().chain(extra).map(String::as_str).collect();
        satisfied(expression, &allowed)
    }
}

/// Every licence in use and how many packages have it.
#[must_use]
pub fn in_use(metadata: &Metadata) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for package in metadata.packages.iter().filter(|package| package.source.is_some()) {
        *counts.entry(package.license.as_deref().unwrap_or("none named")).or_insert(0) += 1;
    }
    counts
}

/// Whether an SPDX expression can be met with these licences. `/` is an old way of writing OR; AND
/// binds tighter than OR; WITH belongs to the licence before it.
fn satisfied(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let met = either(&mut rest, allowed);
    rest.is_empty() && met == Some(true)
}

/// `a OR b OR …`; nothing if it cannot be read.
fn either(rest: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut met = both(rest, allowed)?;
    while rest.first() == Some(&"OR") {
        *rest = &rest[1..];
        met |= both(rest, allowed)?;
    }
    Some(met)
}

/// `a AND b AND …`.
fn both(rest: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut met = one(rest, allowed)?;
    while rest.first() == Some(&"AND") {
        *rest = &rest[1..];
        met &= one(rest, allowed)?;
    }
    Some(met)
}

/// One licence, with its exception, or a bracket.
fn one(rest: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    if *first == "(" {
        let met = either(rest, allowed)?;
        let (close, after) = rest.split_first()?;
        *rest = after;
        return (*close == ")").then_some(met);
    }
    if matches!(*first, ")" | "OR" | "AND" | "WITH") {
        return None;
    }
    if rest.first() == Some(&"WITH") {
        let exception = rest.get(1)?;
        let name = format!("{first} WITH {exception}");
        *rest = &rest[2..];
        // An exception only adds permissions, so the licence alone is enough as well.
        return Some(allowed.contains(&name.as_str()) || allowed.contains(first));
    }
    Some(allowed.contains(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_met_as_spdx_says() {
        let allowed = ["MIT", "Apache-2.0", "Unicode-3.0"];
        for met in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
            "MIT AND (Apache-2.0 OR GPL-3.0)",
        ] {
            assert!(satisfied(met, &allowed), "{met}");
        }
        for unmet in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "GPL-3.0 OR AGPL-3.0",
            "(MIT OR Apache-2.0) AND GPL-3.0",
            "",
            "MIT OR",
            "(MIT",
            "MIT)",
            "MIT Apache-2.0",
            "WITH x",
        ] {
            assert!(!satisfied(unmet, &allowed), "{unmet}");
        }
    }

    #[test]
    fn exceptions_hold_for_one_package() {
        let deny = Deny::read(
            "[licenses]\nallow = [\"MIT\"]\nexceptions = [{ crate = \"a\", allow = [\"MPL-2.0\"] }]\n[bans]\ndeny = []\n",
        )
        .unwrap();
        assert!(deny.allows("a", "MPL-2.0"));
        assert!(!deny.allows("b", "MPL-2.0"));
    }
}
