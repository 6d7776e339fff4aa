//! Writes frozen rows as Parquet: under a temporary name until they are complete.

use std::fs::File;
use std::path::{Path, PathBuf};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;

use crate::error::{Error, Result};
use crate::frozen::{RECORD_FILE, ROWS_FILE, file_sha256};

/// Rows of one row group, and the memory at which one is closed early.
const GROUP_ROWS_MAX: usize = 256 * 1024;
const GROUP_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A Parquet file that is being written. Dropped unfinished, it takes the part away.
pub(crate) struct RowWriter {
    writer: Option<ArrowWriter<File>>,
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
        let file = File::create(&part).map_err(|error| Error::io("writing", &part, error))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS_MAX))
            .set_created_by("tickmark".to_owned())
            .build();
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties))?;
        Ok(Self { writer: Some(writer), part, whole: whole.to_owned() })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write(batch)?;
        if writer.in_progress_size() > GROUP_BYTES_MAX {
            writer.flush()?;
        }
        Ok(())
    }

    /// Completes the file and returns its SHA-256 in hexadecimal.
    pub(crate) fn finish(mut self) -> Result<String> {
        if let Some(writer) = self.writer.take() {
            let file = writer.into_inner()?;
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
