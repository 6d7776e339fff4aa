//! Rules over the shape of crates and rooms.

use std::collections::{BTreeMap, BTreeSet};

use crate::Finding;
use crate::arrows::ROOMS;
use crate::tree::{File, Tree};

/// What a room's folder may hold. A name stands for `name.rs`, for the folder `name/`, or both.
const ROOM_NAMES: [&str; 12] = [
    "lib",
    "model",
    "permits",
    "rules",
    "events",
    "service",
    "store",
    "pages",
    "api",
    "jobs",
    "cli",
    "migrations",
];

/// Folders of a room that hold another subject or no state of their own, and why.
const SUBJECTS: [(&str, &str, &str); 10] = [
    ("scope", "catalogue", "the profession's knowledge: data files and their reader"),
    ("examination", "engine", "work over frozen rows that takes a processor and no database"),
    (
        "examination",
        "spans",
        "conclusions on the stretches of a control, kept with those of the file",
    ),
    (
        "examination",
        "matters",
        "what bears on the opinion beyond controls, kept with those of the file",
    ),
    ("examination", "evaluations", "papers that two evaluations keep, write and show alike"),
    ("reporting", "report_document", "the SOC 2 report as data, and its typesetting"),
    ("reporting", "assemble", "the report's data, put together from the records of every room"),
    ("reporting", "press_room", "drafts and issues: data, proof and document in one file"),
    ("reporting", "verify_report", "an issued report checked without its database"),
    ("reporting", "package", "an engagement as one file, written and checked"),
];

/// Files that a room with state cannot do without.
const WITH_STATE: [&str; 4] = ["model", "events", "service", "store"];

pub(super) fn files_say_what_they_are(tree: &Tree) -> Vec<Finding> {
    tree.files
        .iter()
        // The programs for libFuzzer are one line each; the target they name says what it does.
        .filter(|file| file.is(".rs") && !file.path.starts_with("fuzz/libfuzzer/"))
        .filter(|file| {
            let first = file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            // "//! " and more than one word.
            !first.starts_with("//! ") || first.split_whitespace().count() < 3
        })
        .map(|file| {
            Finding::at(&file.path, 1, "begin with a //! sentence that says what this file holds")
        })
        .collect()
}

pub(super) fn rooms_look_alike(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for room in ROOMS {
        let src = format!("crates/{room}/src/");
        let mut present = BTreeSet::new();
        for file in tree.files.iter().filter(|file| file.path.starts_with(&src)) {
            let inside = &file.path[src.len()..];
            let top = inside.split('/').next().unwrap_or(inside);
            let name = top.strip_suffix(".rs").unwrap_or(top);
            let subject = SUBJECTS.iter().any(|(of, subject, _)| *of == room && *subject == name)
                || is_subject(tree, &src, name);
            if ROOM_NAMES.contains(&name) || subject {
                present.insert(name);
                continue;
            }
            let message = format!(
                "a room holds {}; put this under one of them, or name a new subject in xtask/src/tidy/layout.rs",
                ROOM_NAMES.join(", ")
            );
            findings.push(Finding::on(&file.path, message));
        }
        if WITH_STATE.iter().any(|name| present.contains(name)) {
            for missing in WITH_STATE.iter().filter(|name| !present.contains(*name)) {
                let message =
                    format!("has state but no {missing}.rs; see the table in ARCHITECTURE.md");
                findings.push(Finding::on(&src, message));
            }
        }
    }
    findings
}

/// Whether a folder of a room is a subject with a state of its own: it holds the same files as a room.
fn is_subject(tree: &Tree, src: &str, name: &str) -> bool {
    WITH_STATE.iter().all(|file| {
        let (one, many) = (format!("{src}{name}/{file}.rs"), format!("{src}{name}/{file}/"));
        tree.files.iter().any(|f| f.path == one || f.path.starts_with(&many))
    })
}

/// Whose events a file holds: those of a subject in a folder of its own, else of the room.
fn events_of(path: &str) -> &str {
    let mut parts = path.split('/').skip(1);
    let room = parts.next().unwrap_or_default();
    match parts.nth(1) {
        Some(subject) if subject != "events" && subject != "events.rs" => subject,
        _ => room,
    }
}

/// Folders that the root's `[workspace] exclude` names: they cannot take anything from it.
fn outside_the_workspace(tree: &Tree) -> Vec<String> {
    let root = tree.files.iter().find(|file| file.path == "Cargo.toml");
    let manifest = root.and_then(|root| root.text.parse::<toml::Table>().ok()).unwrap_or_default();
    let excluded = manifest.get("workspace").and_then(|workspace| workspace.get("exclude"));
    let folders = excluded.and_then(|list| list.as_array()).into_iter().flatten();
    folders.filter_map(|folder| folder.as_str()).map(|folder| format!("{folder}/")).collect()
}

pub(super) fn crates_share_settings(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let outside = outside_the_workspace(tree);
    for file in tree.files.iter().filter(|f| f.name() == "Cargo.toml" && f.path != "Cargo.toml") {
        if outside.iter().any(|folder| file.path.starts_with(folder)) {
            continue;
        }
        let Ok(manifest) = file.text.parse::<toml::Table>() else {
            findings.push(Finding::on(&file.path, "is not TOML"));
            continue;
        };
        // A workspace of its own (fuzz/libfuzzer needs another compiler) has nothing to share.
        if manifest.contains_key("workspace") {
            continue;
        }
        let shares_lints = manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"))
            .is_some_and(|value| value.as_bool() == Some(true));
        if !shares_lints {
            findings.push(Finding::on(&file.path, "add [lints] workspace = true"));
        }
        let described = manifest.get("package").and_then(|package| package.get("description"));
        if described.and_then(|text| text.as_str()).is_none_or(str::is_empty) {
            findings.push(Finding::on(&file.path, "say in `description` what this package is"));
        }
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let own = manifest.get("package").and_then(|package| package.get("name"));
            let Some(list) = manifest.get(section).and_then(|list| list.as_table()) else {
                continue;
            };
            for (name, wanted) in
                list.iter().filter(|(name, _)| own.and_then(|o| o.as_str()) != Some(name))
            {
                let shared =
                    wanted.get("workspace").is_some_and(|value| value.as_bool() == Some(true));
                if !shared {
                    let message = format!("{name} is not taken from [workspace.dependencies]");
                    findings.push(Finding::on(&file.path, message));
                }
            }
        }
    }
    findings
}

/// Kinds as they stand in `events.rs`: `Opened(Opened) = "room.opened.v1"`.
pub(super) fn event_kinds(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for file in tree.files.iter().filter(|file| file.path.starts_with("crates/")) {
        if file.name() != "events.rs" && !file.path.contains("/events/") {
            continue;
        }
        let room = events_of(&file.path);
        let lines: Vec<&str> = file.text.lines().collect();
        for (place, line) in lines.iter().enumerate() {
            let Some(kind) = kind_on(line) else { continue };
            let at = |message: String| Finding::at(&file.path, place + 1, message);
            if !is_kind_of(kind, room) {
                findings.push(at(format!(
                    "\u{201c}{kind}\u{201d} must be written {room}.what_happened.vN"
                )));
            }
            if let Some(first) = seen.insert(kind, file.path.clone()) {
                findings.push(at(format!("\u{201c}{kind}\u{201d} stands also in {first}")));
            }
            let meaning = place.checked_sub(1).map_or("", |before| lines[before].trim());
            if !meaning.starts_with("/// ") && !meaning.starts_with("#[") {
                findings.push(at(format!("say in a /// line above what {kind} means")));
            }
        }
    }
    findings
}

/// The kind that a line of `events!` gives to a variant.
fn kind_on(line: &str) -> Option<&str> {
    let (variant, kind) = line.trim().split_once(") = \"")?;
    let named = variant.chars().next().is_some_and(char::is_uppercase) && variant.contains('(');
    named.then(|| kind.split('"').next().unwrap_or(kind))
}

fn is_kind_of(kind: &str, room: &str) -> bool {
    let mut parts = kind.split('.');
    let word = |part: Option<&str>| {
        part.is_some_and(|p| {
            !p.is_empty()
                && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
    };
    let version = |part: Option<&str>| {
        part.and_then(|p| p.strip_prefix('v'))
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    parts.next() == Some(room)
        && word(parts.next())
        && version(parts.next())
        && parts.next().is_none()
}

pub(super) fn migrations_in_order(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut folders: BTreeMap<&str, Vec<&File>> = BTreeMap::new();
    for file in tree.files.iter().filter(|file| file.is(".sql")) {
        if let Some((folder, _)) = file.path.rsplit_once('/')
            && folder.ends_with("migrations")
        {
            folders.entry(folder).or_default().push(file);
        }
    }
    for files in folders.values() {
        for (place, file) in files.iter().enumerate() {
            let wanted = format!("{:04}_", place + 1);
            if !file.name().starts_with(&wanted) {
                let message =
                    format!("migrations count up without a gap: this one must begin with {wanted}");
                findings.push(Finding::on(&file.path, message));
                break;
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_silent_file_is_found() {
        let tree = Tree::of(&[
            ("a.rs", "\n//! What this file holds.\n"),
            ("b.rs", "use std::fmt;\n"),
            ("c.rs", "//! Stores.\n"),
            ("d.rs", "//! Mapping files.\n"),
        ]);
        let places: Vec<String> =
            files_say_what_they_are(&tree).into_iter().map(|f| f.place).collect();
        assert_eq!(places, ["b.rs", "c.rs"]);
    }

    #[test]
    fn a_subject_of_a_room_holds_the_same_files_and_its_kinds_bear_its_name() {
        let files = ["events", "model", "service", "store"];
        let whole: Vec<(String, String)> = files
            .iter()
            .flat_map(|name| {
                [
                    format!("crates/cases/src/{name}.rs"),
                    format!("crates/cases/src/status/{name}.rs"),
                ]
            })
            .map(|path| (path, String::new()))
            .collect();
        let as_tree = |files: &[(String, String)]| {
            Tree::of(&files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect::<Vec<_>>())
        };
        assert!(rooms_look_alike(&as_tree(&whole)).is_empty());
        assert_eq!(rooms_look_alike(&as_tree(&whole[..7])).len(), 3);
        assert_eq!(events_of("crates/cases/src/status/events.rs"), "status");
        assert_eq!(events_of("crates/cases/src/events.rs"), "cases");
        assert_eq!(events_of("crates/cases/src/events/old.rs"), "cases");
    }

    #[test]
    fn a_strange_file_in_a_room_is_found_and_a_missing_one_too() {
        let tree = Tree::of(&[
            ("crates/cases/src/lib.rs", ""),
            ("crates/cases/src/service.rs", ""),
            ("crates/cases/src/events.rs", ""),
            ("crates/cases/src/model/kinds.rs", ""),
            ("crates/cases/src/helpers.rs", ""),
            ("crates/scope/src/catalogue.rs", ""),
            ("crates/cases/src/pages/list.html", ""),
        ]);
        let found = messages(&rooms_look_alike(&tree));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("crates/cases/src/helpers.rs: a room holds lib, model"));
        assert_eq!(
            found[1],
            "crates/cases/src/: has state but no store.rs; see the table in ARCHITECTURE.md"
        );
    }

    #[test]
    fn a_crate_that_goes_its_own_way_is_found() {
        let tree = Tree::of(&[
            ("Cargo.toml", "[workspace]\nexclude = [\"apart\"]"),
            (
                "crates/a/Cargo.toml",
                "[package]\nname = \"a\"\ndescription = \"A\"\n[lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\nhex = { workspace = true, features = [\"std\"] }\na = { path = \".\" }",
            ),
            ("crates/b/Cargo.toml", "[package]\n[dependencies]\nserde = \"1\""),
            ("apart/Cargo.toml", "[package]\nname = \"apart\"\n"),
        ]);
        assert_eq!(
            messages(&crates_share_settings(&tree)),
            [
                "crates/b/Cargo.toml: add [lints] workspace = true",
                "crates/b/Cargo.toml: say in `description` what this package is",
                "crates/b/Cargo.toml: serde is not taken from [workspace.dependencies]",
            ]
        );
    }

    #[test]
    fn event_kinds_name_room_and_version_once() {
        let tree = Tree::of(&[(
            "crates/cases/src/events.rs",
            "    /// Somebody reported it.\n    Reported(Reported) = \"cases.reported.v1\",\n    Closed(Closed) = \"case.closed\",\n    /// Again.\n    Again(Reported) = \"cases.reported.v1\",\n",
        )]);
        assert_eq!(
            messages(&event_kinds(&tree)),
            [
                "crates/cases/src/events.rs:3: “case.closed” must be written cases.what_happened.vN",
                "crates/cases/src/events.rs:3: say in a /// line above what case.closed means",
                "crates/cases/src/events.rs:5: “cases.reported.v1” stands also in crates/cases/src/events.rs",
            ]
        );
        for wrong in
            ["cases.reported", "cases.reported.1", "cases.Reported.v1", "cases..v1", "x.a.v1"]
        {
            assert!(!is_kind_of(wrong, "cases"), "{wrong}");
        }
    }

    #[test]
    fn migrations_with_a_gap_are_found() {
        let tree = Tree::of(&[
            ("crates/a/src/migrations/0001_a.sql", ""),
            ("crates/a/src/migrations/0003_b.sql", ""),
            ("crates/b/src/migrations/0001_a.sql", ""),
        ]);
        let found = migrations_in_order(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "crates/a/src/migrations/0003_b.sql");
    }
}
