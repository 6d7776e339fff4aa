//! The real register, where it is at hand: every figure of its oracle.
//!
//! `TICKMARK_REAL_DATA` names the folder that holds `incidents-servicenow/incident_event_log.csv`
//! and `ORACLE.json` (UCI data set 498, CC BY 4.0). Without it these tests say so and pass.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::Value;

use super::*;
use crate::rules::import::mapping::SHIPPED;

/// Parts of the oracle that are no figures of an analysis.
const NOT_FIGURES: [&str; 3] = ["dataset", "source_file_md5", "definitions"];

#[expect(
    clippy::disallowed_methods,
    reason = "real records are found by an environment variable, in tests only"
)]
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TICKMARK_REAL_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("TICKMARK_REAL_DATA is not set: the real register was not read");
    }
    folder.map(|folder| folder.join("incidents-servicenow"))
}

fn log() -> Option<Vec<u8>> {
    Some(std::fs::read(folder()?.join("incident_event_log.csv")).unwrap())
}

/// What differs from the oracle, by path. Objects of ours may say more than the oracle's, except
/// where the keys are words of the data.
fn differences(path: &str, expected: &Value, found: &Value, out: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (name, value) in expected {
                differences(&format!("{path}/{name}"), value, &found[name], out);
            }
            let of_words = expected.values().all(Value::is_u64) && !path.ends_with("/traps");
            if of_words && expected.len() != found.len() {
                out.push(format!("{path}: {} keys, expected {}", found.len(), expected.len()));
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                differences(&format!("{path}/{index}"), expected, found, out);
            }
        }
        (Value::Number(expected), Value::Number(found)) => {
            if expected.as_f64() != found.as_f64() {
                out.push(format!("{path}: {found}, expected {expected}"));
            }
        }
        _ if expected == found => {}
        _ => out.push(format!("{path}: {found}, expected {expected}")),
    }
}

fn against_the_oracle(register: &Register, report: &ImportReport) -> Vec<String> {
    let oracle = std::fs::read_to_string(folder().unwrap().join("ORACLE.json")).unwrap();
    let mut oracle: Value = serde_json::from_str(&oracle).unwrap();
    for name in NOT_FIGURES {
        oracle.as_object_mut().unwrap().remove(name).unwrap();
    }
    // A remark about the text, checked on its own below.
    oracle["traps"].as_object_mut().unwrap().remove("opened_by_has_two_spaces").unwrap();
    let moments = oracle["state_as_of"].as_object().unwrap().keys();
    let options = AnalysisOptions {
        states_as_of: moments.map(|label| AsOf { label: label.clone(), at: at(label) }).collect(),
        rows_exact_duplicate: Some(report.duplicates_in_file),
        ..AnalysisOptions::default()
    };
    let found = serde_json::to_value(analysed(register, options)).unwrap();
    let mut out = Vec::new();
    differences("", &oracle, &found, &mut out);
    out
}

#[test]
fn every_figure_of_the_oracle_is_reproduced() {
    let Some(bytes) = log() else { return };
    let (register, report) = imported(SHIPPED[0].1, &bytes);
    assert_eq!((report.rows, report.accepted, report.refused), (10_383, 10_383, 0));
    assert_eq!(against_the_oracle(&register, &report), Vec::<String>::new());
    assert_eq!(register["INC0000045"].0.fields.opened_by.as_deref(), Some("Opened by  8"));
}

#[test]
fn the_comparison_can_fail() {
    let Some(bytes) = log() else { return };
    let (mut register, report) = imported(SHIPPED[0].1, &bytes);
    register.remove("INC0000045");
    let out = against_the_oracle(&register, &report);
    for part in ["/incidents:", "/hours_to_resolve/n:", "/per_month/2016-02:", "/events:"] {
        assert!(out.iter().any(|line| line.starts_with(part)), "{part} {out:?}");
    }
}

#[test]
fn packed_and_in_another_row_order_it_is_the_same_register() {
    let Some(bytes) = log() else { return };
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&bytes).unwrap();
    let (plain, _) = imported(SHIPPED[0].1, &bytes);
    let (unpacked, _) = imported(SHIPPED[0].1, &packed.finish().unwrap());
    assert_eq!(plain, unpacked);

    // Cases in turn: the first row of each, then the second of each, and so on. Rows with the same
    // sequence keep their order, because there the file decides.
    let text = String::from_utf8(bytes).unwrap();
    let (heading, rows) = text.split_once('\n').unwrap();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut dealt: Vec<(usize, &str)> = rows
        .lines()
        .map(|row| {
            let turn = seen.entry(row.split(',').next().unwrap()).or_default();
            *turn += 1;
            (*turn, row)
        })
        .collect();
    dealt.sort_by_key(|(turn, _)| *turn);
    let mut dealt_text = format!("{heading}\n");
    for (_, row) in dealt {
        dealt_text.push_str(row);
        dealt_text.push('\n');
    }
    let (register, report) = imported(SHIPPED[0].1, dealt_text.as_bytes());
    assert_eq!(against_the_oracle(&register, &report), Vec::<String>::new());
}
