//! The reading side of a freeze: opens each file, checks its header, and cuts it into batches.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use jiff::civil::Date;

use crate::batch::{FileContext, RawBatch, RawRow};
use crate::error::{Error, Result, excerpt};
use crate::forms::{self, Cells, Form};
use crate::freeze::FreezeOptions;
use crate::frozen::Source;
use crate::records::{Next, Records};
use crate::schema::{HeaderBinding, Schema};
use crate::source::{Content, Opened, SourceFile, Tally, open_source, reading_error};
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
        let Opened { content, form, tally } = open_source(source.reader, &self.schema.file)
            .map_err(|error| reading_error(error, &name))?;
        let text = match (content, form) {
            (Content::Text(text), Form::Csv) => text,
            (content, form) => {
                let about = About { name, at, speaks_for, form, tally };
                return self.other_form(content, about);
            }
        };
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
            self.within_limit(record, at)?;
            if !self.hand_over(raw, &file, &tally) {
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
            form: Form::Csv,
            findings: Vec::new(),
        }))
    }

    fn within_limit(&self, record: u64, at: usize) -> Result<()> {
        if self.records + record > self.options.rows_max + at as u64 + 1 {
            return Err(Error::Limit(format!(
                "There are more than {} rows, which is the limit of one population. Split it by period.",
                self.options.rows_max
            )));
        }
        Ok(())
    }

    /// Sends a batch on its way; false when the other side has gone.
    fn hand_over(&mut self, mut raw: RawBatch, file: &Arc<FileContext>, tally: &Tally) -> bool {
        raw.number = self.batches;
        raw.bytes = self.bytes + tally.bytes();
        raw.file = Some(Arc::clone(file));
        self.batches += 1;
        (self.send)(raw)
    }

    /// A file that is no text with a delimiter: its reader hands over one row at a time.
    fn other_form(&mut self, content: Content, about: About) -> Result<Option<Source>> {
        let schema = self.schema;
        let (wanted, binding) = forms::wanted(schema);
        let file = Arc::new(FileContext {
            number: i64::try_from(about.at + 1).unwrap_or(i64::MAX),
            name: about.name.clone(),
            base: self.records,
            binding,
            speaks_for: about.speaks_for.map(epoch_day),
        });
        let mut filling: Option<RawBatch> = None;
        let (mut last, mut rows, mut gone) = (0, 0, false);
        let mut take = |record: u64, cells: &Cells| {
            if self.options.watch.cancelled() {
                return Err(Error::Cancelled);
            }
            (last, rows) = (record, rows + 1);
            self.within_limit(rows, about.at)?;
            let Some(mut raw) = filling.take().or_else(|| self.spare.recv().ok()) else {
                gone = true;
                return Ok(false);
            };
            add(&mut raw, record, cells);
            if raw.text.len() < BATCH_BYTES && raw.rows.len() < BATCH_ROWS {
                filling = Some(raw);
            } else if !self.hand_over(raw, &file, &about.tally) {
                gone = true;
            }
            Ok(!gone)
        };
        let known = match content {
            Content::Text(text) => forms::read_text(about.form, text, schema, &wanted, &mut take),
            Content::Whole(whole) => {
                forms::read_file(about.form, whole, schema, &wanted, &mut take)
            }
        }?;
        if gone || filling.take().is_some_and(|raw| !self.hand_over(raw, &file, &about.tally)) {
            return Ok(None);
        }
        self.records += last + 1;
        self.bytes += about.tally.bytes();
        Ok(Some(Source {
            name: about.name,
            bytes: about.tally.bytes(),
            sha256: about.tally.sha256_hex(),
            records: rows,
            speaks_for: about.speaks_for,
            columns_not_frozen: known.unused,
            form: about.form,
            findings: known.findings,
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

/// What is known of a file before its rows.
struct About {
    name: String,
    at: usize,
    speaks_for: Option<Date>,
    form: Form,
    tally: Arc<Tally>,
}

/// Adds a row to a batch.
fn add(raw: &mut RawBatch, record: u64, cells: &Cells) {
    if raw.file.is_some() || raw.rows.is_empty() {
        raw.clear();
    }
    let (text_start, ends_start) = (raw.text.len(), raw.ends.len());
    let offset = u32::try_from(text_start).unwrap_or(u32::MAX);
    raw.text.extend_from_slice(&cells.text);
    raw.ends.extend(cells.ends.iter().map(|end| end.saturating_add(offset)));
    raw.kinds.extend_from_slice(&cells.kinds);
    if let Some((column, reason)) = &cells.fault {
        raw.faults.push((record, *column, reason.clone()));
    }
    raw.rows.push(RawRow {
        record,
        text_start,
        ends_start,
        fields: cells.kinds.len(),
        verdict: Next::Record,
    });
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
