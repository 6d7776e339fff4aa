//! Rules over templates, documents and whatever else is text.

use std::collections::BTreeSet;

use crate::Finding;
use crate::tree::Tree;

/// Attributes that hold script, without the leading space and the equals sign.
const HANDLERS: [&str; 12] = [
    "onclick",
    "onchange",
    "oninput",
    "onsubmit",
    "onload",
    "onerror",
    "onfocus",
    "onblur",
    "onkeydown",
    "onkeyup",
    "onmouseover",
    "ontoggle",
];

pub(super) fn no_inline_script(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.is(".html") || file.is(".svg")) {
        if !file.path.starts_with("crates/") || file.path.contains("/vendor/") {
            continue;
        }
        for (line, text) in file.lines() {
            let lower = text.to_lowercase();
            let mut say = |message: &str| findings.push(Finding::at(&file.path, line, message));
            if lower.contains("<script") && !lower.contains("src=") {
                say("script inside a page: put it in a file under static/ and refer to it");
            }
            if lower.contains("<style") || lower.contains(" style=") {
                say("style inside a page: give it a class in the style sheet");
            }
            if lower.contains("javascript:") {
                say("a javascript: address: make it a form or a link that works without script");
            }
            if HANDLERS.iter().any(|name| lower.contains(&format!(" {name}="))) {
                say("an event handler in a page: attach it from a file under static/");
            }
            if text.contains("|safe") || text.contains("| safe") {
                // Only text that this program rendered itself may skip escaping, and it says so there.
                let explained = lower.contains("{# safe:");
                if !explained {
                    say("escaping is switched off: say on the same line why, as {# safe: … #}");
                }
            }
        }
    }
    findings
}

pub(super) fn no_private_paths(tree: &Tree) -> Vec<Finding> {
    // Joined at run time, so that this file does not find itself.
    let paths: Vec<String> =
        [["/wo", "rk/"], ["../sha", "red"], ["/ro", "ot/"], ["/ho", "me/"], ["/fa", "rm/"]]
            .iter()
            .map(|parts| parts.concat())
            .collect();
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path != ".ci/run") {
        if file.name() == "package-lock.json" || file.name() == "Cargo.lock" {
            continue;
        }
        for (line, text) in file.lines() {
            for path in &paths {
                let found = text.match_indices(path.as_str()).any(|(at, _)| {
                    // "https://example.org/home/" is an address and not a path.
                    let before = text[..at].chars().next_back();
                    before.is_none_or(|c| !c.is_alphanumeric() && c != '.' && c != '}' && c != '$')
                });
                if found {
                    findings.push(Finding::at(
                        &file.path,
                        line,
                        format!("names {path}, a place on one machine"),
                    ));
                }
            }
        }
    }
    findings
}

pub(super) fn links_lead_somewhere(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.is(".md") && !file.path.contains("/vendor/")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (line, text) in file.lines() {
            for target in link_targets(text) {
                if let Some(path) = resolve(folder, target)
                    && !path.is_empty()
                    && !tree.has(&path)
                {
                    findings.push(Finding::at(
                        &file.path,
                        line,
                        format!("the link to {target} leads nowhere"),
                    ));
                }
            }
        }
    }
    findings
}

/// What stands in the round brackets of `[text](target)`, outside of `code`.
fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("](").filter_map(|(at, _)| {
        let in_code = line[..at].matches('`').count() % 2 == 1;
        let rest = &line[at + 2..];
        (!in_code).then(|| rest.split([')', ' ', '#']).next()).flatten()
    })
}

/// The path a link means, from the repository's root; nothing for addresses.
fn resolve(folder: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

pub(super) fn vendored_with_licence(tree: &Tree) -> Vec<Finding> {
    let foreign = [".ttf", ".otf", ".woff2", ".min.js"];
    let folders: BTreeSet<&str> = tree
        .files
        .iter()
        .filter(|file| foreign.iter().any(|extension| file.is(extension)))
        .filter_map(|file| file.path.rsplit_once('/').map(|(folder, _)| folder))
        .collect();
    folders
        .into_iter()
        .filter(|folder| {
            // The licence lies beside the file or one folder up.
            let up = folder.rsplit_once('/').map_or("", |(up, _)| up);
            !tree.files.iter().any(|file| {
                let (lies_in, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
                let name = name.to_uppercase();
                let licence =
                    ["LICENSE", "LICENCE", "OFL", "COPYING"].iter().any(|n| name.contains(n));
                licence && (lies_in == *folder || lies_in == up)
            })
        })
        .map(|folder| {
            Finding::on(folder, "holds files that others made; put their licence beside them")
        })
        .collect()
}

/// Where the invariants of the profession are listed with the tests that hold them.
const INVARIANTS: &str = "docs/guide/invariants.md";
/// How many there are.
const INVARIANTS_COUNT: u32 = 18;

/// The name of a test that begins at `at`, with its number: `invariant_07_a_census_…`.
fn invariant_at(text: &str, at: usize) -> Option<(u32, &str)> {
    let rest = &text[at..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let name = &rest[..end];
    let number = name.strip_prefix("invariant_")?.split('_').next()?;
    (number.len() == 2).then(|| number.parse().ok().map(|n| (n, name)))?
}

pub(super) fn invariants_have_tests(tree: &Tree) -> Vec<Finding> {
    let Some(list) = tree.files.iter().find(|file| file.path == INVARIANTS) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let mut tests = BTreeSet::new();
    for file in tree.files.iter().filter(|f| f.is(".rs") && !f.path.starts_with("xtask/")) {
        for (line, text) in file.lines() {
            let Some(found) = text.trim_start().strip_prefix("fn ") else { continue };
            let Some((_, name)) = invariant_at(found, 0) else { continue };
            tests.insert(name);
            if !list.text.contains(&format!("`{name}`")) {
                let message = format!("the test of an invariant is not listed in {INVARIANTS}");
                findings.push(Finding::at(&file.path, line, &message));
            }
        }
    }
    let mut held = BTreeSet::new();
    for (line, text) in list.lines() {
        for (at, _) in text.match_indices("`invariant_") {
            let Some((number, name)) = invariant_at(text, at + 1) else { continue };
            if tests.contains(name) {
                held.insert(number);
            } else {
                findings.push(Finding::at(INVARIANTS, line, "there is no test of this name"));
            }
        }
    }
    for number in (1..=INVARIANTS_COUNT).filter(|n| !held.contains(n)) {
        let message = format!("no test is listed for invariant {number}");
        findings.push(Finding::at(INVARIANTS, 1, &message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(findings: &[Finding]) -> Vec<usize> {
        findings.iter().map(|f| f.line).collect()
    }

    #[test]
    fn inline_script_and_style_are_found() {
        let page = concat!(
            "<script src=\"/static/a.js\" defer></script>\n",
            "<script>alert(1)</script>\n",
            "<p style=\"color: red\">\n",
            "<button onclick=\"x()\">\n",
            "<a href=\"javascript:x()\">\n",
            "{{ body|safe }}\n",
            "{{ chart|safe }}{# safe: drawn by our own SVG writer #}\n",
            "<p data-onclick-count=\"1\">\n",
        );
        let tree = Tree::of(&[("crates/a/src/pages/a.html", page), ("docs/a.html", page)]);
        assert_eq!(lines(&no_inline_script(&tree)), [2, 3, 4, 5, 6]);
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        let text = ["cd /wo", "rk/main\nhttps://example.org/ho", "me/page\n`/ho", "me/someone`\n"]
            .concat();
        let tree = Tree::of(&[("a.md", &text), (".ci/run", &text)]);
        assert_eq!(lines(&no_private_paths(&tree)), [1, 3]);
    }

    #[test]
    fn broken_links_are_found() {
        let text = concat!(
            "[a](docs/adr/README.md) [b](docs/adr/) [c](https://example.org/x) [d](#part)\n",
            "[gone](docs/gone.md)\n",
            "`[code](gone.md)`\n",
        );
        let tree = Tree::of(&[
            ("README.md", text),
            ("docs/adr/README.md", "[up](../../README.md#top) [sideways](0009-x.md)\n"),
        ]);
        let found: Vec<String> =
            links_lead_somewhere(&tree).iter().map(|f| format!("{}:{}", f.place, f.line)).collect();
        assert_eq!(found, ["README.md:2", "docs/adr/README.md:1"]);
    }

    #[test]
    fn fonts_need_their_licence() {
        let tree = Tree::of(&[
            ("a/fonts/x.ttf", ""),
            ("a/fonts/OFL.txt", ""),
            ("b/fonts/x.woff2", ""),
            ("c/fonts/x/x.ttf", ""),
            ("c/fonts/LICENSE-x", ""),
        ]);
        let found: Vec<String> =
            vendored_with_licence(&tree).into_iter().map(|f| f.place).collect();
        assert_eq!(found, ["b/fonts"]);
    }

    #[test]
    fn an_invariant_without_a_test_is_found() {
        let listed: String =
            (1..=18).map(|n| format!("| {n} | It holds | `invariant_{n:02}_holds` |\n")).collect();
        let tests: String =
            (1..=18).map(|n| format!("    fn invariant_{n:02}_holds() {{}}\n")).collect();
        let of = |list: &str, tests: &str| {
            invariants_have_tests(&Tree::of(&[(INVARIANTS, list), ("crates/a/src/a.rs", tests)]))
        };
        assert!(of(&listed, &tests).is_empty());
        assert_eq!(of(&listed, &tests.replace("_07_holds", "_07_broke")).len(), 3);
        assert_eq!(of(&listed.replace("| `invariant_18_holds` |", "|"), &tests).len(), 2);
    }
}
