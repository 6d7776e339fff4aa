//! Writes frozen rows as Parquet: under a temporary name until they are complete. Groups of rows are
//! encoded on threads of their own and put into the file in order, so that the bytes depend on the
//! rows alone.

use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves,
};
use datafusion::parquet::basic::{Compression, Encoding};
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::file::writer::SerializedFileWriter;
use datafusion::parquet::schema::types::ColumnPath;

use crate::digest::DigestHashing;
use crate::error::{Error, Result};
use crate::frozen::{RECORD_FILE, ROWS_FILE, file_sha256};
use crate::profile::value_hash;
use crate::views::View;

/// Rows of one row group, and the size in memory at which one is closed early.
const GROUP_ROWS_MAX: usize = 256 * 1024;
const GROUP_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Groups that are encoded at the same time.
const ENCODERS: usize = 3;
/// Rows from which it is judged whether a column's values repeat.
const SAMPLE_ROWS: usize = 10_000;

/// A Parquet file that is being written. Dropped unfinished, it takes the part away.
pub(crate) struct RowWriter {
    schema: SchemaRef,
    /// The file, from its first group on.
    writer: Option<GroupWriter>,
    waiting: Vec<RecordBatch>,
    waiting_rows: usize,
    waiting_bytes: usize,
    part: PathBuf,
    whole: PathBuf,
}

impl RowWriter {
    pub(crate) fn create(directory: &Path, schema: &SchemaRef) -> Result<Self> {
        if directory.join(RECORD_FILE).exists() {
            return Err(Error::Refused(format!(
                "{} already holds a frozen population, and a frozen population is never written over. Choose another directory.",
                directory.display()
            )));
        }
        std::fs::create_dir_all(directory)
            .map_err(|error| Error::io("making the directory", directory, error))?;
        Self::create_file(&directory.join(ROWS_FILE), schema)
    }

    /// Writes to a file of this name.
    pub(crate) fn create_file(whole: &Path, schema: &SchemaRef) -> Result<Self> {
        let part = whole.with_extension("parquet.part");
        // Where nothing can be written, that is said before the work and not after it.
        File::create(&part).map_err(|error| Error::io("writing", &part, error))?;
        Ok(Self {
            schema: SchemaRef::clone(schema),
            writer: None,
            waiting: Vec::new(),
            waiting_rows: 0,
            waiting_bytes: 0,
            part,
            whole: whole.to_owned(),
        })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let mut from = 0;
        while from < batch.num_rows() {
            let count = (batch.num_rows() - from).min(GROUP_ROWS_MAX - self.waiting_rows);
            let rows = batch.slice(from, count);
            from += count;
            self.waiting_rows += count;
            for column in rows.columns() {
                self.waiting_bytes += column.to_data().get_slice_memory_size()?;
            }
            self.waiting.push(rows);
            if self.waiting_rows >= GROUP_ROWS_MAX || self.waiting_bytes >= GROUP_BYTES_MAX {
                self.group()?;
            }
        }
        Ok(())
    }

    /// Closes a group.
    fn group(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        (self.waiting_rows, self.waiting_bytes) = (0, 0);
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(GroupWriter::new(&self.part, &self.schema, &rows)?),
        };
        if rows.is_empty() { Ok(()) } else { writer.start(rows) }
    }

    /// Completes the file and returns its SHA-256 in hexadecimal.
    pub(crate) fn finish(mut self) -> Result<String> {
        if self.waiting_rows > 0 || self.writer.is_none() {
            self.group()?;
        }
        if let Some(writer) = self.writer.take() {
            let file = writer.finish()?;
            file.sync_all().map_err(|error| Error::io("writing", &self.part, error))?;
        }
        std::fs::rename(&self.part, &self.whole)
            .map_err(|error| Error::io("naming", &self.whole, error))?;
        file_sha256(&self.whole)
    }
}

impl Drop for RowWriter {
    fn drop(&mut self) {
        drop(self.writer.take());
        // After a finished write there is no part any more; otherwise it is of no use to anybody.
        let _ = std::fs::remove_file(&self.part);
    }
}

/// The file with the groups that are being encoded, oldest first.
struct GroupWriter {
    file: SerializedFileWriter<File>,
    factory: Arc<ArrowRowGroupWriterFactory>,
    schema: SchemaRef,
    encoding: VecDeque<JoinHandle<Result<Vec<ArrowColumnChunk>>>>,
    groups: usize,
}

impl GroupWriter {
    fn new(part: &Path, schema: &SchemaRef, first: &[RecordBatch]) -> Result<Self> {
        let file = File::create(part).map_err(|error| Error::io("writing", part, error))?;
        let properties = properties(schema, first)?;
        let writer = ArrowWriter::try_new(file, SchemaRef::clone(schema), Some(properties))?;
        let (file, factory) = writer.into_serialized_writer()?;
        Ok(Self {
            file,
            factory: Arc::new(factory),
            schema: SchemaRef::clone(schema),
            encoding: VecDeque::new(),
            groups: 0,
        })
    }

    fn start(&mut self, rows: Vec<RecordBatch>) -> Result<()> {
        while self.encoding.len() >= ENCODERS {
            self.put_oldest()?;
        }
        let (factory, schema) = (Arc::clone(&self.factory), SchemaRef::clone(&self.schema));
        let number = self.groups;
        self.groups += 1;
        let thread = std::thread::Builder::new()
            .spawn(move || encode(&factory, &schema, number, &rows))
            .map_err(|error| Error::Engine(format!("no thread could be started: {error}")))?;
        self.encoding.push_back(thread);
        Ok(())
    }

    /// Puts the oldest group into the file once it is encoded.
    fn put_oldest(&mut self) -> Result<()> {
        let Some(thread) = self.encoding.pop_front() else { return Ok(()) };
        let chunks = thread
            .join()
            .map_err(|_| Error::Engine("an encoding thread stopped unexpectedly".into()))??;
        let mut group = self.file.next_row_group()?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut group)?;
        }
        group.close()?;
        Ok(())
    }

    fn finish(mut self) -> Result<File> {
        while !self.encoding.is_empty() {
            self.put_oldest()?;
        }
        Ok(self.file.into_inner()?)
    }
}

fn encode(
    factory: &ArrowRowGroupWriterFactory,
    schema: &SchemaRef,
    number: usize,
    rows: &[RecordBatch],
) -> Result<Vec<ArrowColumnChunk>> {
    let writers = factory.create_column_writers(number)?;
    let mut chunks = Vec::with_capacity(writers.len());
    // No column holds others, so each has one writer.
    for (at, (mut writer, field)) in writers.into_iter().zip(schema.fields()).enumerate() {
        for column in rows.iter().filter_map(|batch| batch.columns().get(at)) {
            for leaf in compute_leaves(field, column)? {
                writer.write(&leaf)?;
            }
        }
        chunks.push(writer.close()?);
    }
    Ok(chunks)
}

/// How the columns are stored. A dictionary costs a look-up for every value and saves nothing where
/// values do not repeat; the first rows tell. Numbers that do not repeat are stored as differences.
fn properties(schema: &SchemaRef, first: &[RecordBatch]) -> Result<WriterProperties> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by("tickmark".to_owned());
    let mut seen: Vec<HashSet<u64, DigestHashing>> =
        vec![HashSet::default(); schema.fields().len()];
    let mut rows = 0;
    for batch in first {
        let count = batch.num_rows().min(SAMPLE_ROWS - rows);
        for (view, seen) in View::all(batch, batch.num_columns())?.iter().zip(&mut seen) {
            seen.extend((0..count).map(|row| value_hash(view.cell(row))));
        }
        rows += count;
    }
    for (field, seen) in schema.fields().iter().zip(&seen) {
        if seen.len() * 2 < rows.max(1) {
            continue;
        }
        let column = ColumnPath::new(vec![field.name().clone()]);
        properties = properties.set_column_dictionary_enabled(column.clone(), false);
        if matches!(field.data_type(), DataType::Int64 | DataType::Timestamp(..)) {
            properties = properties.set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
        }
    }
    Ok(properties.build())
}
