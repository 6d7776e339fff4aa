//! Rules over the messages in `locales/`, one folder per language, Fluent files inside.
//!
//! English holds every file. Another language holds the files that are translated (the public pages,
//! receipts and mail), each complete.

use std::collections::{BTreeMap, BTreeSet};

use crate::Finding;
use crate::tree::{File, Tree};

/// Messages of one file: id (with `.attribute`) to the variables it uses.
type Messages<'a> = BTreeMap<String, BTreeSet<&'a str>>;

pub(super) fn languages_complete(tree: &Tree) -> Vec<Finding> {
    let files: Vec<&File> = tree
        .files
        .iter()
        .filter(|file| file.path.starts_with("locales/") && file.is(".ftl"))
        .collect();
    let mut findings = Vec::new();
    let mut translated: BTreeSet<&str> = BTreeSet::new();
    let mut languages: BTreeSet<&str> = BTreeSet::new();
    for file in &files {
        let Some((language, name)) = parts(file) else { continue };
        let (messages, doubles) = messages(file);
        findings.extend(doubles);
        if language == "en" {
            continue;
        }
        languages.insert(language);
        translated.insert(name);
        let Some(english) = files.iter().find(|other| parts(other) == Some(("en", name))) else {
            findings.push(Finding::on(&file.path, format!("locales/en/{name} does not exist")));
            continue;
        };
        let (wanted, _) = self::messages(english);
        findings.extend(compare(file, &messages, &wanted));
    }
    for language in &languages {
        for name in &translated {
            let path = format!("locales/{language}/{name}");
            if !tree.has(&path) {
                findings.push(Finding::on(&path, "is missing, while other languages have it"));
            }
        }
    }
    findings
}

/// Language and file name of `locales/LANGUAGE/NAME.ftl`.
fn parts(file: &File) -> Option<(&str, &str)> {
    file.path.strip_prefix("locales/")?.split_once('/')
}

fn compare(file: &File, messages: &Messages<'_>, wanted: &Messages<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, variables) in wanted {
        match messages.get(id) {
            None => findings.push(Finding::on(&file.path, format!("{id} is not translated"))),
            Some(used) if !used.is_subset(variables) => {
                let strange: Vec<&str> = used.difference(variables).copied().collect();
                let message =
                    format!("{id} uses ${}, which English does not give it", strange.join(", $"));
                findings.push(Finding::on(&file.path, message));
            }
            Some(_) => {}
        }
    }
    for id in messages.keys().filter(|id| !wanted.contains_key(*id)) {
        findings.push(Finding::on(&file.path, format!("{id} does not exist in English")));
    }
    findings
}

/// Reads a Fluent file as far as needed: `id = …`, indented `.attribute = …`, `$variable`.
fn messages(file: &File) -> (Messages<'_>, Vec<Finding>) {
    let mut messages = Messages::new();
    let mut findings = Vec::new();
    let mut message = String::new();
    let mut current = String::new();
    for (line, text) in file.lines() {
        if text.starts_with('#') {
            continue;
        }
        let indented = text.starts_with(' ');
        let name = text.split('=').next().unwrap_or_default().trim();
        let is_name = text.contains('=')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if is_name && !indented && !name.is_empty() {
            name.clone_into(&mut message);
            name.clone_into(&mut current);
        } else if is_name && indented && name.starts_with('.') {
            current = format!("{message}{name}");
        }
        let fresh = is_name && (!indented || name.starts_with('.'));
        if fresh && messages.contains_key(&current) {
            findings.push(Finding::at(&file.path, line, format!("{current} stands twice")));
        }
        if !current.is_empty() {
            let used = messages.entry(current.clone()).or_default();
            used.extend(variables(text));
        }
    }
    (messages, findings)
}

fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('$').map(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// American beginnings of words and what we write.
const SPELLINGS: [(&str, &str); 14] = [
    ("organiz", "organis"),
    ("authoriz", "authoris"),
    ("recogniz", "recognis"),
    ("summariz", "summaris"),
    ("categoriz", "categoris"),
    ("prioritiz", "prioritis"),
    ("finaliz", "finalis"),
    ("customiz", "customis"),
    ("behavior", "behaviour"),
    ("favorite", "favourite"),
    ("center", "centre"),
    ("canceled", "cancelled"),
    ("fulfill ", "fulfil "),
    ("analyze", "analyse"),
];

pub(super) fn british_spelling(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| {
        file.path.starts_with("locales/en/")
            || file.path.starts_with("catalog/")
            || (file.is(".md") && !file.path.contains("/vendor/"))
    }) {
        let mut in_code = false;
        for (line, text) in file.lines() {
            in_code ^= text.starts_with("```");
            if in_code {
                continue;
            }
            // What stands in `code` or in a key is a name and keeps its spelling.
            let prose: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
            let prose = prose.to_lowercase();
            for (american, british) in SPELLINGS {
                if prose
                    .split(|c: char| !c.is_alphabetic() && c != ' ')
                    .any(|part| part.split_inclusive(' ').any(|word| word.starts_with(american)))
                {
                    let message = format!(
                        "\u{201c}{american}\u{2026}\u{201d} is written \u{201c}{british}\u{2026}\u{201d} here"
                    );
                    findings.push(Finding::at(&file.path, line, message));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_language_with_gaps_is_found() {
        let tree = Tree::of(&[
            (
                "locales/en/report.ftl",
                "title = Report\n    .hint = For { $name }\nsent = At { $when }\n",
            ),
            ("locales/en/inside.ftl", "only = English\n"),
            (
                "locales/de/report.ftl",
                "title = Melden\nsent = Um { $wann }\nextra = x\nextra = y\n",
            ),
            ("locales/fr/other.ftl", "a = b\n"),
        ]);
        assert_eq!(
            all(&languages_complete(&tree)),
            [
                "locales/de/report.ftl:4: extra stands twice",
                "locales/de/report.ftl: sent uses $wann, which English does not give it",
                "locales/de/report.ftl: title.hint is not translated",
                "locales/de/report.ftl: extra does not exist in English",
                "locales/fr/other.ftl: locales/en/other.ftl does not exist",
                "locales/de/other.ftl: is missing, while other languages have it",
                "locales/fr/report.ftl: is missing, while other languages have it",
            ]
        );
    }

    #[test]
    fn selectors_belong_to_their_message() {
        let file = File {
            path: "locales/en/a.ftl".to_owned(),
            text:
                "days =\n    { $n ->\n        [one] one day\n       *[other] { $n } days\n    }\n"
                    .to_owned(),
        };
        let (messages, doubles) = messages(&file);
        assert!(doubles.is_empty());
        assert_eq!(messages, Messages::from([("days".to_owned(), BTreeSet::from(["n"]))]));
    }

    #[test]
    fn american_spelling_is_found_in_prose_only() {
        let text = "The organization\n`organization` and --organisation\nAnalyzed twice\n```\nauthorize()\n```\n";
        let tree = Tree::of(&[("README.md", text), ("crates/a/src/lib.rs", text)]);
        let found: Vec<usize> = british_spelling(&tree).iter().map(|f| f.line).collect();
        assert_eq!(found, [1, 3]);
    }
}
