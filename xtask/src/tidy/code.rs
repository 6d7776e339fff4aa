//! Rules over Rust sources.

use super::FUNCTION_LINES_WANTED;
use crate::Finding;
use crate::tree::Tree;

/// Longest file of code, in lines.
const FILE_LINES_MAX: usize = 700;

/// Beginnings of SQL statements. Upper case only: that is how ours are written, and "Select a file"
/// is a sentence.
const SQL: [&str; 14] = [
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "WITH ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE ",
    "CREATE VIEW ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
    "TRUNCATE ",
];

/// Where SQL may stand beside a `store.rs`: the platform's own tables, the engine whose business is
/// SQL over data sets, and tests, which tamper with tables on purpose.
const SQL_HOMES: [&str; 6] =
    ["crates/platform/src/", "crates/populations/", "tests/", "benches/", "fuzz/", "xtask/"];

/// Where a ban on clocks, randomness and the environment may be set aside.
const EDGE: [&str; 6] = [
    "crates/platform/src/",
    "crates/tickmark/",
    // A program beside the crate that prints how long something takes.
    "crates/reporting/examples/",
    "tests/",
    "benches/",
    "xtask/",
];

pub(super) fn sql_at_home(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        let store = file.name() == "store.rs" || file.path.contains("/store/");
        if store || SQL_HOMES.iter().any(|home| file.path.starts_with(home)) {
            continue;
        }
        for text in &source.texts {
            let value = text.value.trim_start_matches(['\\', 'n', ' ', '\n']);
            // `SELECT 1` asks whether a database answers; it reads no table.
            let reads_nothing = value.starts_with("SELECT ") && !value.contains("FROM ");
            let statement = SQL.iter().any(|verb| value.starts_with(verb)) && !reads_nothing;
            if statement && !source.is_test_line(text.line) {
                findings.push(Finding::at(
                    &file.path,
                    text.line,
                    "an SQL statement outside store.rs: make it a named query of the room's store",
                ));
            }
        }
    }
    findings
}

/// The one place that speaks to a database driver; the test harness makes and drops databases.
const DRIVER_HOMES: [&str; 2] = ["crates/platform/src/db/", "crates/platform/src/testing.rs"];

pub(super) fn drivers_at_home(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        let ours = file.path.starts_with("crates/");
        if !ours || DRIVER_HOMES.iter().any(|home| file.path.starts_with(home)) {
            continue;
        }
        for driver in ["rusqlite::", "::postgres::"] {
            for line in source.code_lines_with(driver).filter(|line| !source.is_test_line(*line)) {
                let message = "a database driver by name: go through platform's connection";
                findings.push(Finding::at(&file.path, line, message));
            }
        }
    }
    findings
}

pub(super) fn clock_at_the_edge(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        // Cargo speaks to a build script through the environment.
        if file.name() == "build.rs" || EDGE.iter().any(|edge| file.path.starts_with(edge)) {
            continue;
        }
        for line in source.code_lines_with("clippy::disallowed_methods") {
            if !source.is_test_line(line) {
                findings.push(Finding::at(
                    &file.path,
                    line,
                    "a ban of clippy.toml is set aside below the edge: take the value as an argument",
                ));
            }
        }
    }
    findings
}

pub(super) fn files_at_the_edge(tree: &Tree) -> Vec<Finding> {
    let edge = ["platform", "populations", "press", "tickmark"];
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        let Some(inside) = file.path.strip_prefix("crates/") else { continue };
        let krate = inside.split('/').next().unwrap_or_default();
        // A room's commands are handed file names by a person; they are the edge of their room.
        if edge.contains(&krate) || file.name() == "cli.rs" || file.path.contains("/cli/") {
            continue;
        }
        for call in ["std::fs", "File::open", "File::create", "std::net", "std::process::Command"] {
            for line in source.code_lines_with(call) {
                if !source.is_test_line(line) {
                    findings.push(Finding::at(
                        &file.path,
                        line,
                        format!("{call} in a room: take bytes or a reader as an argument, or do it in cli.rs"),
                    ));
                }
            }
        }
    }
    findings
}

pub(super) fn expect_not_allow(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        for attribute in ["#[allow(", "#![allow("] {
            for line in source.code_lines_with(attribute) {
                findings.push(Finding::at(
                    &file.path,
                    line,
                    "write #[expect(…, reason = \"…\")] in place of #[allow(…)]",
                ));
            }
        }
    }
    findings
}

pub(super) fn nothing_unfinished(tree: &Tree) -> Vec<Finding> {
    // Joined at run time, so that this file does not find itself.
    let marks =
        [["FIX", "ME"], ["XX", "X:"], ["HA", "CK:"], ["TO", "DO"]].map(|parts| parts.concat());
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| {
        [".rs", ".html", ".css", ".js", ".mjs", ".ftl", ".sql", ".toml"].iter().any(|e| file.is(e))
            && !file.path.contains("/vendor/")
    }) {
        for (line, text) in file.lines() {
            if let Some(mark) = marks.iter().find(|mark| text.contains(mark.as_str())) {
                findings.push(Finding::at(
                    &file.path,
                    line,
                    format!("{mark}: finish it, or open an issue and take the note out"),
                ));
            }
        }
    }
    for (file, source) in tree.rust() {
        for line in source.code_lines_with("#[ignore") {
            // A maker of kept files (seeds, snapshots) is run by hand and says so; it is no test.
            let text = file.text.lines().nth(line - 1).unwrap_or_default();
            if text.contains("#[ignore = \"writes ") {
                continue;
            }
            findings.push(Finding::at(
                &file.path,
                line,
                "an ignored test proves nothing: run it or remove it",
            ));
        }
    }
    findings
}

pub(super) fn file_length(tree: &Tree) -> Vec<Finding> {
    let code = [".rs", ".js", ".mjs", ".css", ".html", ".typ"];
    tree.files
        .iter()
        .filter(|file| code.iter().any(|extension| file.is(extension)))
        .filter(|file| !file.path.contains("/vendor/"))
        .filter_map(|file| {
            let lines = file.text.lines().count();
            (lines > FILE_LINES_MAX).then(|| {
                let message = format!("{lines} lines; past {FILE_LINES_MAX} look for the second idea and give it a file");
                Finding::on(&file.path, message)
            })
        })
        .collect()
}

pub(super) fn long_functions(tree: &Tree) -> Vec<Finding> {
    let mut long: Vec<(usize, Finding)> = Vec::new();
    for (file, source) in tree.rust() {
        for function in source.functions() {
            if function.lines > FUNCTION_LINES_WANTED && !source.is_test_line(function.line) {
                let message = format!("fn {} has {} lines", function.name, function.lines);
                long.push((function.lines, Finding::at(&file.path, function.line, message)));
            }
        }
    }
    long.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    long.into_iter().map(|(_, finding)| finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(|f| format!("{}:{}", f.place, f.line)).collect()
    }

    #[test]
    fn sql_is_found_only_away_from_home() {
        let sql = "fn f() {\n    run(\"SELECT a FROM b\");\n}\n";
        let in_test = format!("#[cfg(test)]\nmod tests {{\n{sql}}}\n");
        let tree = Tree::of(&[
            ("crates/cases/src/store.rs", sql),
            ("crates/cases/src/store/list.rs", sql),
            ("crates/cases/src/service.rs", sql),
            ("crates/cases/src/rules/a.rs", &in_test),
            (
                "crates/cases/src/model.rs",
                "const A: &str = \"Select a file\"; const B: &str = \"SELECT 1\"; // SELECT a\n",
            ),
            ("crates/platform/src/journal.rs", sql),
            ("crates/scope/src/pages.rs", "const A: &str = r#\"\n  DELETE FROM b\"#;\n"),
        ]);
        assert_eq!(
            places(&sql_at_home(&tree)),
            ["crates/cases/src/service.rs:2", "crates/scope/src/pages.rs:1"]
        );
    }

    #[test]
    fn a_driver_away_from_home_is_found() {
        let uses = "use rusqlite::Connection;\n";
        let tree = Tree::of(&[
            ("crates/platform/src/db/sqlite.rs", uses),
            ("crates/platform/src/jobs.rs", uses),
            ("crates/platform/tests/journal.rs", uses),
        ]);
        assert_eq!(places(&drivers_at_home(&tree)), ["crates/platform/src/jobs.rs:1"]);
    }

    #[test]
    fn a_clock_below_the_edge_is_found() {
        let set_aside = "#[expect(clippy::disallowed_methods, reason = \"why\")]\nfn f() {}\n";
        let tree = Tree::of(&[
            ("crates/platform/src/clock.rs", set_aside),
            ("crates/cases/src/service.rs", set_aside),
            ("tests/it/src/lib.rs", set_aside),
        ]);
        assert_eq!(places(&clock_at_the_edge(&tree)), ["crates/cases/src/service.rs:1"]);
    }

    #[test]
    fn files_are_opened_only_at_the_edge() {
        let opens = "fn f() { std::fs::read(\"x\"); }\n";
        let tree = Tree::of(&[
            ("crates/cases/src/cli.rs", opens),
            ("crates/cases/src/service.rs", opens),
            ("crates/platform/src/blobs.rs", opens),
        ]);
        assert_eq!(places(&files_at_the_edge(&tree)), ["crates/cases/src/service.rs:1"]);
    }

    #[test]
    fn allow_is_found_in_code_and_not_in_comments() {
        let tree = Tree::of(&[("a.rs", "// #[allow(x)]\n#[allow(dead_code)]\nfn f() {}\n")]);
        assert_eq!(places(&expect_not_allow(&tree)), ["a.rs:2"]);
    }

    #[test]
    fn unfinished_work_is_found() {
        let note = ["// FIX", "ME later\n#[ignore]\nfn f() {}\n#[ignore = \"slow\"]\n#[ignore = \"writes the seeds\"]\n"].concat();
        let tree = Tree::of(&[("a.rs", &note)]);
        assert_eq!(places(&nothing_unfinished(&tree)), ["a.rs:1", "a.rs:2", "a.rs:4"]);
    }

    #[test]
    fn long_files_and_functions_are_found() {
        let tree = Tree::of(&[
            ("a.rs", &format!("fn f() {{\n{}}}\n", "    g();\n".repeat(59))),
            ("b.rs", &"\n".repeat(701)),
            ("c.rs", &"\n".repeat(700)),
        ]);
        assert_eq!(places(&file_length(&tree)), ["b.rs:0"]);
        assert_eq!(long_functions(&tree)[0].message, "fn f has 61 lines");
    }
}
