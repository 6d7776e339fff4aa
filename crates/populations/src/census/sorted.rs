//! Counting in the order of units: units and answers are read side by side, so that a missing,
//! doubled or unknown unit is named without holding either list in memory.

use std::cmp::Ordering;
use std::path::Path;

use datafusion::arrow::array::{Array, AsArray, RecordBatch, StringArray};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::{DataFrame, col};
use futures_util::StreamExt;

use crate::census::engine::engine_error;
use crate::census::tally::{Tally, as_planned, unit_of};
use crate::error::{Error, Result, excerpt};
use crate::frozen::ROWS_FILE;
use crate::progress::{Progress, Stage, Watch};
use crate::views::View;
use crate::writer::RowWriter;

const SHOWN_UNITS: usize = 5;

/// Counts all answers and, with `out`, writes them to a file there. Returns the count and the file's
/// SHA-256 in hexadecimal, empty without one.
///
/// # Errors
/// [`Error::Test`] when units and answers do not agree, or a row is wrong; [`Error::Limit`],
/// [`Error::Io`].
pub(super) async fn count(
    units: DataFrame,
    answers: DataFrame,
    tally: Tally,
    out: Option<&Path>,
    watch: &dyn Watch,
) -> Result<(Tally, String)> {
    let units = in_order(units).await?;
    let answers = in_order(answers).await?;
    let writer = match out {
        Some(out) => {
            std::fs::create_dir_all(out)
                .map_err(|error| Error::io("making the directory", out, error))?;
            Some(RowWriter::create_file(&out.join(ROWS_FILE), tally.schema())?)
        }
        None => None,
    };
    let mut reading = Reading {
        tally,
        writer,
        last: None,
        unanswered: Strays::default(),
        unknown: Strays::default(),
    };
    reading.read(units, answers, watch).await?;
    let rows_sha256 = match reading.writer.take() {
        Some(writer) => writer.finish()?,
        None => String::new(),
    };
    Ok((reading.tally, rows_sha256))
}

async fn in_order(frame: DataFrame) -> Result<SendableRecordBatchStream> {
    let frame =
        frame.sort(vec![col("unit").sort(true, true)]).map_err(|error| engine_error(&error))?;
    frame.execute_stream().await.map_err(|error| engine_error(&error))
}

/// A sorted stream of unit names.
struct Units {
    stream: SendableRecordBatchStream,
    batch: Option<StringArray>,
    at: usize,
    last: Option<String>,
    count: u64,
}

impl Units {
    /// The unit at hand, or `None` when all have been read.
    async fn current(&mut self) -> Result<Option<String>> {
        loop {
            if let Some(batch) = &self.batch
                && self.at < batch.len()
            {
                if batch.is_null(self.at) {
                    return Err(Error::Test("the units query names an empty unit".into()));
                }
                return Ok(Some(batch.value(self.at).to_owned()));
            }
            match self.stream.next().await {
                None => return Ok(None),
                Some(batch) => {
                    let batch = batch.map_err(|error| engine_error(&error))?;
                    self.batch =
                        batch.columns().first().map(|array| array.as_string::<i32>().clone());
                    self.at = 0;
                }
            }
        }
    }

    /// Goes on behind `unit`, the one at hand.
    fn advance(&mut self, unit: String) -> Result<()> {
        if self.last.as_ref() == Some(&unit) {
            return Err(Error::Test(format!(
                "the units query names \"{}\" twice",
                excerpt(&unit, 60)
            )));
        }
        self.count += 1;
        self.at += 1;
        self.last = Some(unit);
        Ok(())
    }
}

#[derive(Default)]
struct Strays {
    count: u64,
    first: Vec<String>,
}

impl Strays {
    fn add(&mut self, unit: &str) {
        self.count += 1;
        if self.first.len() < SHOWN_UNITS {
            self.first.push(format!("\"{}\"", excerpt(unit, 60)));
        }
    }
}

struct Reading {
    tally: Tally,
    writer: Option<RowWriter>,
    last: Option<String>,
    unanswered: Strays,
    unknown: Strays,
}

impl Reading {
    async fn read(
        &mut self,
        units: SendableRecordBatchStream,
        mut answers: SendableRecordBatchStream,
        watch: &dyn Watch,
    ) -> Result<()> {
        let mut units = Units { stream: units, batch: None, at: 0, last: None, count: 0 };
        while let Some(batch) = answers.next().await {
            let batch = batch.map_err(|error| engine_error(&error))?;
            self.batch(&batch, &mut units).await?;
            watch.progress(Progress { stage: Stage::Querying, rows: self.tally.count(), bytes: 0 });
        }
        while let Some(unit) = units.current().await? {
            self.unanswered.add(&unit);
            units.advance(unit)?;
        }
        self.agree(units.count)
    }

    async fn batch(&mut self, batch: &RecordBatch, units: &mut Units) -> Result<()> {
        let batch = as_planned(batch, self.tally.schema())?;
        let views = View::all(&batch, batch.num_columns())?;
        for row in 0..batch.num_rows() {
            let unit = unit_of(&views, row)?;
            if self.last.as_deref() == Some(unit) {
                return Err(Error::Test(format!(
                    "the test query gives more than one row for the unit \"{}\"; each unit has one result. Group by unit.",
                    excerpt(unit, 60)
                )));
            }
            self.meet(unit, units).await?;
            self.tally.row(&views, row, unit)?;
            unit.clone_into(self.last.get_or_insert_default());
        }
        match &mut self.writer {
            Some(writer) => writer.write(&batch),
            None => Ok(()),
        }
    }

    /// Finds a unit of the answers among the units; both come in the same order.
    async fn meet(&mut self, unit: &str, units: &mut Units) -> Result<()> {
        while let Some(next) = units.current().await? {
            match next.as_str().cmp(unit) {
                Ordering::Less => {
                    self.unanswered.add(&next);
                    units.advance(next)?;
                }
                Ordering::Equal => return units.advance(next),
                Ordering::Greater => break,
            }
        }
        self.unknown.add(unit);
        Ok(())
    }

    fn agree(&self, units: u64) -> Result<()> {
        let mut faults = Vec::new();
        if self.unanswered.count > 0 {
            faults.push(format!(
                "{} of {units} units have no result, for example {}; a join has lost them",
                self.unanswered.count,
                self.unanswered.first.join(", ")
            ));
        }
        if self.unknown.count > 0 {
            faults.push(format!(
                "{} results belong to no unit, for example {}",
                self.unknown.count,
                self.unknown.first.join(", ")
            ));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Error::Test(format!("units and results do not agree: {}", faults.join("; "))))
        }
    }
}
