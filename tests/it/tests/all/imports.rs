//! A register as it should not be, at the command line: a plain report, the good rows, bounded memory.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MAPPING: &str = r#"
mapping = "1"
name = "Made-up list"
source = "made-up"
shape = "case"
required = ["opened_at"]
[time]
zone = "UTC"
formats = ["%Y-%m-%d %H:%M"]
[columns]
key = "id"
title = "title"
opened_at = "opened"
"#;

fn program() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("tickmark")
}

fn tickmark(folder: &Path, args: &[&str]) -> Output {
    let data = folder.join("data");
    Command::new(program()).args(args).arg("--data").arg(data).output().unwrap()
}

/// Runs the program where no more than so many kibibytes of addresses can be had.
fn within(folder: &Path, kibibytes: u64, args: &[&str]) -> Output {
    let script = format!("ulimit -v {kibibytes} && exec \"$0\" \"$@\"");
    Command::new("sh")
        .args(["-c", &script])
        .arg(program())
        .args(args)
        .arg("--data")
        .arg(folder.join("data"))
        .output()
        .unwrap()
}

fn deployment() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = tickmark(
        folder.path(),
        &["init", "--organization", "Example Ltd", "--admin", "a@b.example"],
    );
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    fs::write(folder.path().join("mapping.toml"), MAPPING).unwrap();
    folder
}

fn said(out: &Output) -> String {
    String::from_utf8(out.stdout.clone()).unwrap()
}

#[test]
fn bad_rows_are_named_with_row_line_and_column_and_a_second_run_changes_nothing() {
    let folder = deployment();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mut bytes = b"id,title,opened\n".to_vec();
    for row in [
        &b"A-1,First,2024-02-29 10:00"[..],
        b"A-2,\"two\nlines\",2024-02-30 10:00",
        b"A-3,caf\xe9,2024-03-01 10:00",
        b"A-1,Another,2024-03-01 10:00",
        b"A-4,=cmd|' /C calc'!A0,2024-03-01 10:00",
        b"A-5,nul\0,2024-03-01 10:00",
        b"A-6,only two",
        b"A-7,esc\x1b[2J,yesterday",
        b"A-8,Last,2024-03-02 10:00",
        b"A-9,cut of",
    ] {
        bytes.extend_from_slice(row);
        bytes.push(b'\n');
    }
    bytes.pop();
    fs::write(at("list.csv"), &bytes).unwrap();
    let (file, mapping, refused) = (at("list.csv"), at("mapping.toml"), at("refused.jsonl"));
    let import = ["cases", "import", &file, "--mapping", &mapping, "--refused", &refused];
    let first = tickmark(folder.path(), &import);
    assert_eq!(first.status.code(), Some(0), "{}", String::from_utf8_lossy(&first.stderr));
    let text = said(&first);
    assert!(text.starts_with("10 rows: 3 recorded, 7 refused, 0 said nothing new."), "{text}");
    for line in [
        "row 3 (line 3): column opened, “2024-02-30 10:00”: this date does not exist",
        "row 4 (line 5): column title, “caf\u{fffd}”: byte ",
        "row 5 (line 6): column id, “A-1”: row 2 has the same number",
        "row 7 (line 8): column title, “nul\\u{0}”: the value holds a NUL character",
        "row 8 (line 9): the row has 2 values where the heading names 3 columns",
        "row 9 (line 10): column opened, “yesterday”: this cannot be read as a date",
        "row 11 (line 12): the file ends in the middle of this row",
        "The last row has no line break",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "a terminal is not told what to do");
    let lines = fs::read_to_string(&refused).unwrap();
    assert_eq!(lines.lines().count(), 7);
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(row["row"].is_u64() && row["faults"][0]["reason"].is_string(), "{line}");
    }
    let again = said(&tickmark(folder.path(), &import));
    assert!(again.starts_with("10 rows: 0 recorded, 7 refused, 3 said nothing new."), "{again}");
    let report = said(&tickmark(folder.path(), &["--json", "cases", "analyse"]));
    let figures: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(figures["incidents"], 3, "the good rows are there");
    let data = at("data");
    let verified = Command::new(program()).args(["verify", &data]).output().unwrap();
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
}

#[test]
fn a_line_of_two_gigabytes_is_refused_where_there_is_not_that_much_memory() {
    let folder = deployment();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    // A hole in the file: two gigabytes of NUL bytes that take no room on the disk.
    let mut file = File::create(at("long.csv")).unwrap();
    file.write_all(b"id,title,opened\nA-1,First,2024-02-29 10:00\nA-2,").unwrap();
    file.seek(SeekFrom::Current(2 << 30)).unwrap();
    file.write_all(b",2024-03-01 10:00\nA-3,Last,2024-03-01 10:00\n").unwrap();
    drop(file);
    let (long, mapping) = (at("long.csv"), at("mapping.toml"));
    let import = ["cases", "import", &long, "--mapping", &mapping];
    let out = within(folder.path(), 1_500_000, &import);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let text = said(&out);
    assert!(text.starts_with("3 rows: 2 recorded, 1 refused"), "{text}");
    assert!(text.contains("row 3 (line 3): the row is longer than 1048576 bytes"), "{text}");
}

#[test]
fn what_is_no_register_or_no_mapping_is_one_sentence_and_exit_2() {
    let folder = deployment();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(at("good.csv"), "id,title,opened\n").unwrap();
    fs::write(at("book.xlsx"), b"PK\x03\x04\x14\0\x06\0").unwrap();
    fs::write(at("empty.csv"), "").unwrap();
    fs::write(at("unknown.toml"), MAPPING.replace("title =", "titel =")).unwrap();
    fs::write(at("extra.toml"), format!("colour = \"red\"\n{MAPPING}")).unwrap();
    fs::write(at("latin.toml"), b"name = \"caf\xe9\"").unwrap();
    fs::write(at("long.toml"), "#".repeat(2 << 20)).unwrap();
    for (file, mapping, says) in [
        ("book.xlsx", "mapping.toml", "ZIP archive or a workbook"),
        ("empty.csv", "mapping.toml", "the file is empty"),
        ("none.csv", "mapping.toml", "cannot be read"),
        ("good.csv", "none.toml", "cannot be read"),
        ("good.csv", "unknown.toml", "titel"),
        ("good.csv", "extra.toml", "colour"),
        ("good.csv", "latin.toml", "not a mapping file"),
        ("good.csv", "long.toml", "longer than"),
    ] {
        let out =
            tickmark(folder.path(), &["cases", "import", &at(file), "--mapping", &at(mapping)]);
        let error = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{file} {mapping}: {error}");
        assert!(out.stdout.is_empty());
        assert!(error.contains(says), "{file} {mapping}: {error}");
        assert!(error.trim().lines().count() <= 2, "{error}");
    }
}
