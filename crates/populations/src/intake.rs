//! The reading side of a freeze: opens each file, checks its header, and cuts it into batches.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use jiff::civil::Date;

use crate::batch::{FileContext, RawBatch, RawRow};
use crate::error::{Error, Result, excerpt};
use crate::freeze::FreezeOptions;
use crate::frozen::Source;
use crate::records::{Next, Records};
use crate::schema::{HeaderBinding, Schema};
use crate::source::{SourceFile, open_text, reading_error};
use crate::times::epoch_day;

/// Batches in flight for each worker.
pub(crate) const READ_AHEAD: usize = 3;
const BATCH_BYTES: usize = 1024 * 1024;
const BATCH_ROWS: usize = 16 * 1024;

/// Reads every file to its end. Stops early, without an error, when the other side has gone.
pub(crate) fn read_all(
    schema: &Schema,
    sources: Vec<SourceFile>,
    options: &FreezeOptions<'_>,
    spare: &Receiver<RawBatch>,
    send: &dyn Fn(RawBatch) -> bool,
) -> Result<Vec<Source>> {
    let mut intake =
        Intake { schema, options, spare, send, held: None, batches: 0, records: 0, bytes: 0 };
    let mut read = Vec::with_capacity(sources.len());
    for (at, source) in sources.into_iter().enumerate() {
        match intake.file(source, at)? {
            Some(found) => read.push(found),
            None => break,
        }
    }
    Ok(read)
}

struct Intake<'a> {
    schema: &'a Schema,
    options: &'a FreezeOptions<'a>,
    spare: &'a Receiver<RawBatch>,
    send: &'a dyn Fn(RawBatch) -> bool,
    /// The buffer that found the end of the file before, for the next.
    held: Option<RawBatch>,
    batches: u64,
    /// Records of the files before this one, headers included.
    records: u64,
    /// Stored bytes of the files before this one.
    bytes: u64,
}

impl Intake<'_> {
    fn file(&mut self, source: SourceFile, at: usize) -> Result<Option<Source>> {
        let name = excerpt(&source.name, 200);
        let speaks_for = self.speaks_for(&source, &name)?;
        let (text, tally) = open_text(source.reader, &self.schema.file)
            .map_err(|error| reading_error(error, &name))?;
        let format = &self.schema.file;
        let mut records = Records::new(text, &name, format.delimiter, format.record_bytes_max);
        let binding = self.header(&mut records)?;
        let columns_not_frozen = binding.unused.clone();
        let file = Arc::new(FileContext {
            number: i64::try_from(at + 1).unwrap_or(i64::MAX),
            name: name.clone(),
            base: self.records,
            binding,
            speaks_for: speaks_for.map(epoch_day),
        });
        let mut record = 1;
        loop {
            if self.options.watch.cancelled() {
                return Err(Error::Cancelled);
            }
            let Some(mut raw) = self.held.take().or_else(|| self.spare.recv().ok()) else {
                return Ok(None);
            };
            fill(&mut records, &mut raw, &mut record)?;
            if raw.rows.is_empty() {
                self.held = Some(raw);
                break;
            }
            if self.records + record > self.options.rows_max + at as u64 + 1 {
                return Err(Error::Limit(format!(
                    "There are more than {} rows, which is the limit of one population. Split it by period.",
                    self.options.rows_max
                )));
            }
            raw.number = self.batches;
            raw.bytes = self.bytes + tally.bytes();
            raw.file = Some(Arc::clone(&file));
            self.batches += 1;
            if !(self.send)(raw) {
                return Ok(None);
            }
        }
        self.records += record;
        self.bytes += tally.bytes();
        Ok(Some(Source {
            name,
            bytes: tally.bytes(),
            sha256: tally.sha256_hex(),
            records: record - 1,
            speaks_for,
            columns_not_frozen,
        }))
    }

    fn speaks_for(&self, source: &SourceFile, name: &str) -> Result<Option<Date>> {
        let declared = self.schema.speaks_for.as_ref().and_then(|speaks_for| speaks_for.date);
        let date = source.speaks_for.or(declared);
        if date.is_none() && self.schema.snapshot_column().is_some() {
            return Err(Error::Refused(format!(
                "{name} is a snapshot, and nobody has said what date it speaks for. Give speaks_for.date in the schema, or a date with the file."
            )));
        }
        Ok(date)
    }

    fn header(
        &self,
        records: &mut Records<Box<dyn std::io::Read + Send>>,
    ) -> Result<HeaderBinding> {
        let (mut text, mut ends) = (Vec::new(), Vec::new());
        match records.next(&mut text, &mut ends)? {
            Next::Record => {}
            Next::End => {
                return Err(Error::File(
                    "The file has no header: it holds no record at all.".into(),
                ));
            }
            Next::TooLong | Next::TooManyFields => {
                return Err(Error::File(
                    "The header is too long. Check the delimiter and the encoding in the schema."
                        .into(),
                ));
            }
        }
        let mut start = 0;
        let mut headings = Vec::with_capacity(ends.len());
        for end in ends {
            let end = end as usize;
            let heading = text.get(start..end).unwrap_or_default();
            let heading = std::str::from_utf8(heading).map_err(|_| {
                Error::File("The header is not valid UTF-8. Name the file's encoding in the schema, such as windows-1252.".into())
            })?;
            headings.push(heading.trim().to_owned());
            start = end;
        }
        self.schema.bind_header(&headings)
    }
}

/// Fills a batch up to its size or to the end of the file.
fn fill(
    records: &mut Records<Box<dyn std::io::Read + Send>>,
    raw: &mut RawBatch,
    record: &mut u64,
) -> Result<()> {
    raw.clear();
    while raw.text.len() < BATCH_BYTES && raw.rows.len() < BATCH_ROWS {
        let (text_start, ends_start) = (raw.text.len(), raw.ends.len());
        let verdict = records.next(&mut raw.text, &mut raw.ends)?;
        if verdict == Next::End {
            break;
        }
        *record += 1;
        raw.rows.push(RawRow {
            record: *record,
            text_start,
            ends_start,
            fields: raw.ends.len() - ends_start,
            verdict,
        });
    }
    Ok(())
}
