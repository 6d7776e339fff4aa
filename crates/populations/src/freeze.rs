//! Freezing: a file becomes typed rows with a population hash that depends on the rows alone.
//!
//! One thread reads and splits, several type and digest, the caller's thread collects in file order.
//! A fixed pool of buffers goes round between them, so memory does not grow with the file except by
//! 32 bytes a row for the digest and about 20 for the key.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{BooleanArray, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::datatypes::SchemaRef;
use jiff::Timestamp;

use crate::batch::{FileContext, RawBatch, RefusedRow, type_batch};
use crate::checks::{self, Declared, Facts};
use crate::digest::{DigestHashing, Digester, KeyDigest, PopulationHasher, RowDigest, key_of};
use crate::error::{Error, Result};
use crate::frozen::{Frozen, RECORD_FILE, Refused, Source, write_whole};
use crate::intake::{READ_AHEAD, read_all};
use crate::profile::{Profile, Profiler, Tally};
use crate::progress::{Progress, Stage, Watch};
use crate::schema::Schema;
use crate::source::SourceFile;
use crate::times::Span;
use crate::views::{View, arrow_schema};
use crate::writer::RowWriter;

/// Most rows one population may have, so that digests and keys stay within 1.6 GB of memory.
pub const ROWS_MAX: u64 = 29_000_000;
/// Most refused rows that are listed; the rest are counted.
pub const REFUSED_LISTED_MAX: usize = 1_000;

/// How to freeze.
pub struct FreezeOptions<'a> {
    /// The present instant.
    pub now: Timestamp,
    /// The period whose occurrences these are; takes the place of the schema's own.
    pub span: Option<Span>,
    /// What is declared about the export.
    pub declared: Declared,
    /// Directory that receives the frozen population; must not hold one. `None` checks and hashes
    /// without keeping the rows.
    pub out: Option<&'a Path>,
    /// Most rows that are accepted.
    pub rows_max: u64,
    /// Most refused rows that are listed.
    pub refused_max: usize,
    /// Threads that type and digest rows, 1 to 64.
    pub threads: usize,
    /// Who watches.
    pub watch: &'a dyn Watch,
}

impl FreezeOptions<'_> {
    /// Freezing at `now`, with nothing declared, nothing kept and nobody watching.
    pub fn at(now: Timestamp) -> Self {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            now,
            span: None,
            declared: Declared::default(),
            out: None,
            rows_max: ROWS_MAX,
            refused_max: REFUSED_LISTED_MAX,
            threads: threads.clamp(1, 16),
            watch: &(),
        }
    }
}

/// Freezes one or more files into one population.
///
/// Rows that cannot be read, and rows whose key an earlier row has, are refused one by one and
/// reported; the good rows are frozen.
///
/// # Errors
/// [`Error::File`] when a file as a whole cannot be trusted (cut off, not text, wrong header),
/// [`Error::Refused`] when an event population's period has not closed or `out` already holds a
/// frozen population, [`Error::Limit`], [`Error::Cancelled`], [`Error::Io`]. Nothing is kept then.
pub fn freeze(
    schema: &Schema,
    sources: Vec<SourceFile>,
    options: &FreezeOptions<'_>,
) -> Result<Frozen> {
    let span = options.span.or(schema.span);
    checks::period_closed(schema, span, &schema.zone, options.now).map_err(Error::Refused)?;
    let dates = sources.iter().filter_map(|source| source.speaks_for);
    checks::captured_within(schema, span, dates, &options.declared, options.now)
        .map_err(Error::Refused)?;
    if sources.is_empty() {
        return Err(Error::File("There is no file to freeze.".into()));
    }
    let span_us = match span {
        Some(span) => Some(span.instants_us(&schema.zone).map_err(Error::Refused)?),
        None => None,
    };
    let arrow = arrow_schema(schema);
    let writer = match options.out {
        Some(out) => Some(RowWriter::create(out, &arrow)?),
        None => None,
    };
    let profiler = Profiler::new(schema, span_us, options.now.as_microsecond());
    let mut collector = Collector {
        schema,
        options,
        profile: profiler.empty(),
        profiler: &profiler,
        hasher: PopulationHasher::new(&schema.digest(), schema.order_matters),
        keys: HashMap::default(),
        duplicates: Tally::default(),
        refused: Refused::default(),
        files: Vec::new(),
        records: 0,
        writer,
    };
    let read = run(schema, sources, options, &arrow, &mut collector)?;
    collector.finish(read, span)
}

/// Work on its way from a worker to the collector.
struct Done {
    raw: RawBatch,
    file: Arc<FileContext>,
    bytes: u64,
    rows: RecordBatch,
    digests: Vec<RowDigest>,
    keys: Vec<KeyDigest>,
    profile: Profile,
    refused: Vec<RefusedRow>,
    refused_count: u64,
}

/// Runs reader, workers and collector; returns what was read of each file.
fn run(
    schema: &Schema,
    sources: Vec<SourceFile>,
    options: &FreezeOptions<'_>,
    arrow: &SchemaRef,
    collector: &mut Collector<'_>,
) -> Result<Vec<Source>> {
    let threads = options.threads.clamp(1, 64);
    let profiler = collector.profiler;
    let (pool, spare) = channel();
    for _ in 0..threads * READ_AHEAD {
        // The receiver is right here, so sending cannot fail.
        let _ = pool.send(RawBatch::default());
    }
    let (raw_out, raw_in) = sync_channel::<RawBatch>(threads * READ_AHEAD);
    let raw_in = Mutex::new(raw_in);
    let (done_out, done_in) = sync_channel::<Result<Done>>(threads * READ_AHEAD);
    std::thread::scope(|scope| {
        let raw_in = &raw_in;
        let reader = scope.spawn(move || {
            let send = move |batch| raw_out.send(batch).is_ok();
            read_all(schema, sources, options, &spare, &send)
        });
        for _ in 0..threads {
            let done_out = done_out.clone();
            scope.spawn(move || {
                let next = || raw_in.lock().unwrap_or_else(PoisonError::into_inner).recv();
                while let Ok(raw) = next() {
                    let done = work(schema, arrow, profiler, raw, options.refused_max);
                    if done_out.send(done).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done_out);
        let collected = collect(done_in, pool, collector);
        let read = reader.join().unwrap_or_else(|_| {
            Err(Error::Engine("the reading thread stopped unexpectedly".into()))
        });
        // A failure to read explains everything that follows from it.
        match (read, collected) {
            (Err(error), Ok(())) => Err(error),
            (_, Err(error)) => Err(error),
            (Ok(read), Ok(())) => Ok(read),
        }
    })
}

fn work(
    schema: &Schema,
    arrow: &SchemaRef,
    profiler: &Profiler<'_>,
    mut raw: RawBatch,
    refused_max: usize,
) -> Result<Done> {
    let file = raw.file.take().ok_or_else(|| Error::Engine("a batch without a file".into()))?;
    let typed = type_batch(schema, arrow, &raw, &file, refused_max)?;
    let views = View::all(&typed.rows, schema.columns.len())?;
    let mut digester = Digester::default();
    let count = typed.rows.num_rows();
    let digests: Vec<RowDigest> =
        (0..count).map(|row| digester.row(views.iter().map(|view| view.cell(row)))).collect();
    // Where the whole row is the key, its digest is the row's.
    let keys = if schema.key.iter().copied().eq(0..schema.columns.len()) {
        digests.iter().map(key_of).collect()
    } else {
        let keyed = if schema.key.is_empty() { 0 } else { count };
        (0..keyed)
            .map(|row| {
                let cells = schema.key.iter().filter_map(|at| views.get(*at));
                digester.key(cells.map(|view| view.cell(row)))
            })
            .collect()
    };
    let profile = profiler.batch(&typed.rows)?;
    Ok(Done {
        bytes: raw.bytes,
        raw,
        file,
        rows: typed.rows,
        digests,
        keys,
        profile,
        refused: typed.refused,
        refused_count: typed.refused_count,
    })
}

/// Puts batches back into file order and hands each to the collector.
fn collect(
    done: Receiver<Result<Done>>,
    pool: Sender<RawBatch>,
    collector: &mut Collector<'_>,
) -> Result<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for batch in done {
        let batch = batch?;
        waiting.insert(batch.raw.number, batch);
        while let Some(mut batch) = waiting.remove(&next) {
            next += 1;
            let mut raw = std::mem::take(&mut batch.raw);
            collector.accept(batch, raw.rows.len() as u64)?;
            raw.clear();
            // The reader may be done and gone; the buffer is then no longer needed.
            let _ = pool.send(raw);
        }
    }
    Ok(())
}

struct Collector<'a> {
    schema: &'a Schema,
    options: &'a FreezeOptions<'a>,
    profiler: &'a Profiler<'a>,
    profile: Profile,
    hasher: PopulationHasher,
    /// Key digest → number of the record in all files together.
    keys: HashMap<KeyDigest, u32, DigestHashing>,
    duplicates: Tally,
    refused: Refused,
    files: Vec<Arc<FileContext>>,
    records: u64,
    writer: Option<RowWriter>,
}

impl Collector<'_> {
    fn accept(&mut self, mut batch: Done, records: u64) -> Result<()> {
        self.records += records;
        if self.files.last().is_none_or(|file| file.number != batch.file.number) {
            self.files.push(Arc::clone(&batch.file));
        }
        let mut refused = std::mem::take(&mut batch.refused);
        self.refused.count += batch.refused_count;
        if let Some(kept) = self.drop_repeated(&batch, &mut refused)? {
            let mut keep = kept.values().iter();
            batch.digests.retain(|_| keep.next().unwrap_or(false));
            batch.rows = filter_record_batch(&batch.rows, &kept)?;
            batch.profile = self.profiler.batch(&batch.rows)?;
        }
        refused.sort_by_key(|row| row.row);
        let room = self.options.refused_max.saturating_sub(self.refused.rows.len());
        self.refused.rows.extend(refused.into_iter().take(room));
        batch.digests.iter().for_each(|digest| self.hasher.push(*digest));
        self.profiler.merge(&mut self.profile, batch.profile);
        if let Some(writer) = &mut self.writer {
            writer.write(&batch.rows)?;
        }
        self.options.watch.progress(Progress {
            stage: Stage::Reading,
            rows: self.records,
            bytes: batch.bytes,
        });
        Ok(())
    }

    /// Refuses rows whose key an earlier row has; returns which rows stay, or `None` if all do.
    fn drop_repeated(
        &mut self,
        batch: &Done,
        refused: &mut Vec<RefusedRow>,
    ) -> Result<Option<BooleanArray>> {
        let mut keep: Option<Vec<bool>> = None;
        let views = View::all(&batch.rows, batch.rows.num_columns())?;
        for (row, key) in batch.keys.iter().enumerate() {
            let record = views.last().map_or(0, |view| match view.cell(row) {
                crate::cell::Cell::Integer(record) => u64::try_from(record).unwrap_or(0),
                _ => 0,
            });
            let overall = u32::try_from(batch.file.base + record).unwrap_or(u32::MAX);
            let first = match self.keys.entry(*key) {
                Entry::Vacant(place) => {
                    place.insert(overall);
                    continue;
                }
                Entry::Occupied(known) => *known.get(),
            };
            let keep = keep.get_or_insert_with(|| vec![true; batch.keys.len()]);
            if let Some(keep) = keep.get_mut(row) {
                *keep = false;
            }
            let text = self.key_text(&views, row);
            let first = self.place(u64::from(first), &batch.file);
            self.refused.count += 1;
            self.duplicates.add(|| format!("row {record}: {text}, first on {first}"));
            if refused.len() < self.options.refused_max {
                refused.push(RefusedRow {
                    file: batch.file.name.clone(),
                    row: record,
                    column: self.key_column(),
                    reason: format!("has the key {text}, which is already on {first}"),
                });
            }
        }
        Ok(keep.map(BooleanArray::from))
    }

    fn key_column(&self) -> Option<String> {
        let names: Vec<&str> = self
            .schema
            .key
            .iter()
            .filter_map(|at| self.schema.columns.get(*at))
            .map(|column| column.name.as_str())
            .collect();
        Some(names.join(", "))
    }

    fn key_text(&self, views: &[View<'_>], row: usize) -> String {
        let texts: Vec<String> = self
            .schema
            .key
            .iter()
            .filter_map(|at| views.get(*at))
            .map(|view| crate::error::excerpt(&view.cell(row).canonical().unwrap_or_default(), 60))
            .collect();
        format!("\"{}\"", texts.join("\", \""))
    }

    /// "row 5" or "row 5 of other.csv" for a record numbered over all files.
    fn place(&self, overall: u64, here: &FileContext) -> String {
        let file = self.files.iter().rev().find(|file| file.base < overall);
        match file {
            Some(file) if file.number != here.number => {
                format!("row {} of {}", overall - file.base, file.name)
            }
            Some(file) => format!("row {}", overall - file.base),
            None => format!("row {overall}"),
        }
    }

    fn finish(mut self, sources: Vec<Source>, span: Option<Span>) -> Result<Frozen> {
        if self.options.watch.cancelled() {
            return Err(Error::Cancelled);
        }
        self.keys = HashMap::default();
        self.profile.sort_numbers();
        let (schema, options) = (self.schema, self.options);
        let rows = self.hasher.count();
        let bytes = sources.iter().map(|source| source.bytes).sum();
        options.watch.progress(Progress { stage: Stage::Hashing, rows, bytes });
        let hashes: Vec<String> = sources.iter().map(|source| source.sha256.clone()).collect();
        let findings: Vec<String> =
            sources.iter().flat_map(|source| source.findings.iter().cloned()).collect();
        let checks = checks::answer(&Facts {
            findings: &findings,
            schema,
            span,
            declared: &options.declared,
            profile: &self.profile,
            duplicates: &self.duplicates,
            rows,
            refused: self.refused.count,
            sources: &hashes,
            now: options.now,
        });
        let names = |at: &usize| schema.columns.get(*at).map(|column| column.name.clone());
        let rows_sha256 = match self.writer.take() {
            Some(writer) => writer.finish()?,
            None => String::new(),
        };
        let frozen = Frozen {
            version: 1,
            name: schema.name.clone(),
            kind: schema.kind,
            zone: schema.zone_name.clone(),
            key: schema.key.iter().filter_map(names).collect(),
            rows,
            canonical_sha256: hex::encode(self.hasher.finish(options.threads)),
            schema_meaning: schema.meaning(),
            schema_sha256: hex::encode(schema.digest()),
            order_matters: schema.order_matters,
            span,
            reading: schema.speaks_for.as_ref().and_then(|speaks_for| speaks_for.reading),
            columns: self.profiler.columns(&self.profile),
            checks,
            refused: self.refused,
            sources,
            frozen_at: options.now,
            rows_sha256,
        };
        if let Some(out) = options.out {
            let text = serde_json::to_vec_pretty(&frozen)
                .map_err(|error| Error::Engine(error.to_string()))?;
            write_whole(&out.join(RECORD_FILE), &text)?;
        }
        Ok(frozen)
    }
}
