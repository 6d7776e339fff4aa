//! Fixtures here are made up; the real register is read by `tests/import_real.rs`.

use super::*;

mod documents;
mod files;
mod mappings;
mod properties;
mod rows;

/// A mapping of one row per event with a made-up register's columns.
pub(super) const EVENTS: &str = r#"
mapping = "1"
name = "Made-up event log"
source = "made-up"
shape = "event"
required = ["opened_at"]
keep = ["note"]
[time]
zone = "naive"
formats = ["%d/%m/%Y %H:%M"]
[missing]
markers = ["?"]
[[order]]
column = "seq"
[columns]
key = "id"
state = "state"
priority = "prio"
opened_at = "opened"
updated_at = "changed"
sla_made = "kept"
reopen_count = "reopened"
[states]
"New" = "new"
"Working" = "in_progress"
"Done" = "closed"
"-100" = "none"
[severities]
"P1" = "critical"
"P2" = "high"
[unlisted]
severities = "keep"
"#;

/// The heading that [`EVENTS`] reads.
pub(super) const HEADING: &str = "id,seq,state,prio,opened,changed,kept,reopened,note\n";

/// A mapping of one row per case.
pub(super) fn one_row_per_case() -> Mapping {
    let text = EVENTS
        .replace("shape = \"event\"", "shape = \"case\"")
        .replace("[[order]]\ncolumn = \"seq\"\n", "");
    Mapping::parse(&text).unwrap()
}

pub(super) fn events() -> Mapping {
    Mapping::parse(EVENTS).unwrap()
}

/// Reads a whole file: every outcome, the totals and how the file ended.
pub(super) fn read(mapping: Mapping, bytes: &[u8]) -> (Vec<RowOutcome>, ImportReport) {
    read_with(mapping, bytes, ReadOptions::default())
}

pub(super) fn read_with(
    mapping: Mapping,
    input: impl std::io::Read,
    options: ReadOptions,
) -> (Vec<RowOutcome>, ImportReport) {
    let mut reader = ImportReader::open(input, mapping, options).unwrap();
    let mut report = ImportReport::default();
    let outcomes: Vec<RowOutcome> =
        reader.by_ref().inspect(|outcome| report.add(outcome)).collect();
    report.end = reader.end().cloned();
    assert_eq!(report.rows, report.accepted + report.refused + report.duplicates);
    assert_eq!(report.rows, reader.rows());
    (outcomes, report)
}

/// Rows under [`HEADING`].
pub(super) fn file(rows: &[&str]) -> Vec<u8> {
    let mut text = HEADING.to_owned();
    for row in rows {
        text.push_str(row);
        text.push('\n');
    }
    text.into_bytes()
}

pub(super) fn accepted(outcomes: &[RowOutcome]) -> Vec<&ImportedRow> {
    outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            RowOutcome::Accepted(row) => Some(row.as_ref()),
            _ => None,
        })
        .collect()
}

pub(super) fn refused(outcomes: &[RowOutcome]) -> Vec<&RefusedRow> {
    outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            RowOutcome::Refused(row) => Some(row),
            _ => None,
        })
        .collect()
}

/// Column, value and code of the only fault of the only refused row.
pub(super) fn only_fault(outcomes: &[RowOutcome]) -> (Option<&str>, &str, &'static str) {
    let rows = refused(outcomes);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0].faults.len(), 1, "{rows:?}");
    let fault = &rows[0].faults[0];
    (fault.column.as_deref(), fault.value.as_str(), fault.reason.code())
}

/// Good rows, used around bad ones.
pub(super) const GOOD: &str = "A-1,0,New,P1,29/2/2016 01:16,29/2/2016 01:23,true,0,?";
pub(super) const GOOD_TOO: &str = "A-2,0,New,P2,1/3/2016 08:00,1/3/2016 08:01,true,0,?";
