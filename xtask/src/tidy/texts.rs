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
}
