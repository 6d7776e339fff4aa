//! `tickmark cases export`: the register as a table, one row for each case.

use crate::permits::ReadCases;
use crate::rules::analysis::CaseFacts;
use crate::store;
use clap::Args;
use kernel::ids::PartyId;
use kernel::permit::scope;
use kernel::time::Timestamp;
use platform::cli::{Answer, Context, Failed, Outcome};
use platform::db::DbError;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// The columns, in their order. Times are RFC 3339 in UTC; a register that states no zone is written
/// as it was read. An empty cell is a value that is not known.
pub const COLUMNS: [&str; 20] = [
    "number",
    "state",
    "active",
    "priority",
    "impact",
    "urgency",
    "contact_type",
    "category",
    "subcategory",
    "symptom",
    "caller",
    "assignment_group",
    "opened_at",
    "acknowledged_at",
    "resolved_at",
    "closed_at",
    "updated_at",
    "sla_made",
    "reopen_count",
    "reassignment_count",
];

/// `tickmark cases export`
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// The CSV file to write
    #[arg(long, value_name = "FILE.csv")]
    pub out: PathBuf,
}

impl ExportArgs {
    pub(super) fn run(&self, cx: &Context) -> Outcome {
        let owner = scope::<ReadCases>(&cx.actor)?.party();
        let failed = |e: &dyn std::fmt::Display| {
            Failed(format!("{} cannot be written: {e}", self.out.display()))
        };
        let aside = self.out.with_extension("csv.part");
        let file = File::create(&aside).map_err(|e| failed(&e))?;
        let written = self.write(cx, owner, file).and_then(|rows| {
            std::fs::rename(&aside, &self.out).map_err(|e| failed(&e))?;
            Ok(rows)
        });
        if written.is_err() {
            // What could not be finished is not left beside what was asked for.
            let _ = std::fs::remove_file(&aside);
        }
        let rows = written?;
        let json = serde_json::json!({ "out": self.out, "rows": rows, "columns": COLUMNS });
        Answer::new(&json, format!("{}: {rows} cases.", self.out.display()))
    }

    fn write(&self, cx: &Context, owner: PartyId, file: File) -> Result<u64, Failed> {
        let failed = |e: &dyn std::fmt::Display| {
            Failed(format!("{} cannot be written: {e}", self.out.display()))
        };
        let mut out = csv::Writer::from_writer(BufWriter::new(file));
        let rows = cx.db.read_blocking(|conn| {
            let odd = |e: csv::Error| DbError::Outside(format!("the file: {e}"));
            out.write_record(COLUMNS).map_err(odd)?;
            let mut rows: u64 = 0;
            store::each_case(conn, owner, |case, snapshot| {
                let facts =
                    snapshot.as_ref().map_or_else(|| store::facts_of(&case), CaseFacts::from);
                out.write_record(cells(&facts)).map_err(odd)?;
                rows += 1;
                Ok(())
            })?;
            Ok(rows)
        })?;
        out.into_inner().map_err(|e| failed(&e))?.into_inner().map_err(|e| failed(&e)).and_then(
            |mut file| file.flush().and_then(|()| file.sync_all()).map_err(|e| failed(&e)),
        )?;
        Ok(rows)
    }
}

/// A case as text, each cell safe to open in a spreadsheet.
fn cells(facts: &CaseFacts) -> [String; COLUMNS.len()] {
    let text = |value: &Option<String>| {
        exhibits::neutral(value.as_deref().unwrap_or_default()).into_owned()
    };
    let time = |value: Option<Timestamp>| value.map(|t| t.to_string()).unwrap_or_default();
    let truth = |value: Option<bool>| value.map(|b| b.to_string()).unwrap_or_default();
    [
        exhibits::neutral(&facts.number).into_owned(),
        text(&facts.state),
        truth(facts.active),
        text(&facts.priority),
        text(&facts.impact),
        text(&facts.urgency),
        text(&facts.contact_type),
        text(&facts.category),
        text(&facts.subcategory),
        text(&facts.symptom),
        text(&facts.caller),
        text(&facts.assignment_group),
        time(facts.opened_at),
        time(facts.acknowledged_at),
        time(facts.resolved_at),
        time(facts.closed_at),
        time(facts.updated_at),
        truth(facts.sla_made),
        facts.reopen_count.to_string(),
        facts.reassignment_count.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_becomes_a_row_that_a_spreadsheet_cannot_run() {
        let facts = CaseFacts {
            number: "INC1".into(),
            priority: Some("=1+1".into()),
            opened_at: Some(Timestamp(1_456_707_360_000_000)),
            sla_made: Some(false),
            reopen_count: 2,
            ..CaseFacts::default()
        };
        let row = cells(&facts);
        let of = |name: &str| {
            COLUMNS.iter().position(|c| *c == name).map(|n| row[n].as_str()).unwrap_or_default()
        };
        assert_eq!(of("number"), "INC1");
        assert_eq!(of("priority"), "'=1+1");
        assert_eq!(of("opened_at"), "2016-02-29T00:56:00Z");
        assert_eq!(of("resolved_at"), "");
        assert_eq!(of("sla_made"), "false");
        assert_eq!(of("reopen_count"), "2");
    }
}
