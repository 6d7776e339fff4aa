//! Figures of made-up cases, worked out by hand, and of the real register where it is at hand.

use std::collections::BTreeMap;

use kernel::time::Timestamp;

use super::*;
use crate::rules::import::mapping::Zone;
use crate::rules::import::{
    CaseSnapshot, FileEnd, ImportReader, ImportReport, Mapping, ReadOptions, RowOutcome, fold,
};

mod estimates;
mod figures;
mod real;

/// A time in UTC, or as written where no zone is known.
pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{}:00Z", text.replace(' ', "T"))).unwrap()
}

/// Cases with their histories, as an import gives them.
pub(super) type Register = BTreeMap<String, (CaseSnapshot, Vec<ChangeFacts>)>;

/// Imports a file whole; every row must be good or stand there twice.
pub(super) fn imported(mapping: &str, bytes: &[u8]) -> (Register, ImportReport) {
    let mapping = Mapping::parse(mapping).unwrap();
    let mut reader = ImportReader::open(bytes, mapping, ReadOptions::default()).unwrap();
    let mut report = ImportReport::default();
    let mut register = Register::new();
    while let Some(outcome) = reader.next_row() {
        report.add(&outcome);
        match outcome {
            RowOutcome::Accepted(row) => {
                let (snapshot, history) = register.entry(row.change.key.clone()).or_default();
                fold(snapshot, &row.change);
                history.push(ChangeFacts::from(&row.change));
            }
            RowOutcome::Duplicate(_) => {}
            RowOutcome::Refused(row) => panic!("{row:?}"),
        }
    }
    assert_eq!(reader.end(), Some(&FileEnd::Complete { final_line_break: true }));
    (register, report)
}

pub(super) fn analysed(register: &Register, options: AnalysisOptions) -> Analysis {
    analyse(
        register.values().map(|(snapshot, history)| (snapshot.into(), history.clone())),
        options,
    )
}
