//! The pass over a file, row by row or in batches.

use std::collections::HashMap;
use std::io::Read;

use super::change::RowDigest;
use super::mapping::{Mapping, Shape};
use super::records::Limits;
use super::report::{
    DuplicateRow, Fault, FileEnd, ImportError, ImportedRow, Reason, RefusedRow, excerpt,
};
use super::row::Plan;
use super::source::Source;

/// How a file is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Number of this import run among those of the source, rising. Where two rows of one case
    /// have the same sequence, the later run's counts.
    pub run: u32,
    /// Bounds.
    pub limits: Limits,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOutcome {
    /// It can be recorded.
    Accepted(Box<ImportedRow>),
    /// It cannot.
    Refused(RefusedRow),
    /// The same row stands earlier in the file.
    Duplicate(DuplicateRow),
}

/// A number of rows that are recorded together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Rows to record, in the order of the file.
    pub accepted: Vec<ImportedRow>,
    /// Rows refused.
    pub refused: Vec<RefusedRow>,
    /// Rows that stand earlier in the file.
    pub duplicates: Vec<DuplicateRow>,
    /// Rows that an earlier run recorded, see [`Self::set_aside_known`].
    pub already_imported: u64,
}

impl Batch {
    /// Takes out the rows that an earlier run recorded, and counts them.
    ///
    /// The caller looks up the digests of [`Self::accepted`] in one query and says which it knows.
    pub fn set_aside_known(&mut self, known: impl Fn(&RowDigest) -> bool) {
        let before = self.accepted.len();
        self.accepted.retain(|row| !known(&row.change.digest));
        self.already_imported += (before - self.accepted.len()) as u64;
    }
}

/// Reads a file under a mapping, once, from the first row to the last.
///
/// Memory is bounded by [`Limits`]: one row, one chunk of 64 KiB on each side of the decoder, and
/// a digest per row already seen.
pub struct ImportReader<R: Read> {
    mapping: Mapping,
    plan: Plan,
    records: Source<R>,
    options: ReadOptions,
    rows: u64,
    seen: HashMap<[u8; 16], u64>,
    keys: HashMap<String, u64>,
    stopped: Option<FileEnd>,
}

impl<R: Read> ImportReader<R> {
    /// Opens a file and reads its heading.
    ///
    /// # Errors
    /// When nothing of the file can be read under this mapping: an archive, another encoding, an
    /// empty file, a heading without the mapped columns.
    pub fn open(input: R, mapping: Mapping, options: ReadOptions) -> Result<Self, ImportError> {
        let (records, plan) = Source::open(input, &mapping, options.limits)?;
        Ok(Self {
            mapping,
            plan,
            records,
            options,
            rows: 0,
            seen: HashMap::new(),
            keys: HashMap::new(),
            stopped: None,
        })
    }

    /// The columns of the file, in its order.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.plan.names()
    }

    /// The paths of the mapping at which no document read so far had anything: perhaps misspelt.
    #[must_use]
    pub fn never_found(&self) -> Vec<String> {
        self.records.never_found()
    }

    /// Rows read so far, without the heading.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// How the file ended; `None` until the last row has been given.
    #[must_use]
    pub fn end(&self) -> Option<&FileEnd> {
        self.stopped.as_ref().or_else(|| self.records.end())
    }

    /// Bytes held for reading, without the digests of rows already seen.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.records.memory_bytes()
    }

    /// The next row; `None` at the end of the file, of which [`Self::end`] says how it was.
    pub fn next_row(&mut self) -> Option<RowOutcome> {
        if self.stopped.is_some() {
            return None;
        }
        if self.rows == self.options.limits.rows {
            self.stopped = self.too_many_rows();
            return None;
        }
        if !self.records.advance() {
            return None;
        }
        self.rows += 1;
        let read =
            self.plan.read(&self.mapping, &self.options.limits, self.options.run, &self.records);
        Some(match read {
            Err(faults) => self.refused(faults),
            Ok(row) => self.sorted_out(row),
        })
    }

    /// The next rows, at most `rows_max` (at least one); `None` at the end of the file.
    pub fn next_batch(&mut self, rows_max: usize) -> Option<Batch> {
        let mut batch = Batch::default();
        let mut taken = 0;
        while taken < rows_max.max(1)
            && let Some(outcome) = self.next_row()
        {
            taken += 1;
            match outcome {
                RowOutcome::Accepted(row) => batch.accepted.push(*row),
                RowOutcome::Refused(row) => batch.refused.push(row),
                RowOutcome::Duplicate(row) => batch.duplicates.push(row),
            }
        }
        (taken > 0).then_some(batch)
    }

    fn refused(&self, faults: Vec<Fault>) -> RowOutcome {
        RowOutcome::Refused(RefusedRow {
            row: self.records.row(),
            line: self.records.line(),
            faults,
        })
    }

    /// Tells a new row from one that stands earlier in the file.
    fn sorted_out(&mut self, row: ImportedRow) -> RowOutcome {
        let digest = row.change.digest;
        if let Some(first_row) = self.seen.get(&digest.short()) {
            return RowOutcome::Duplicate(DuplicateRow {
                row: row.row,
                first_row: *first_row,
                digest,
            });
        }
        if self.mapping.shape == Shape::Case {
            if let Some(first_row) = self.keys.get(&row.change.key) {
                let fault = Fault {
                    column: self.mapping.columns.get(&super::mapping::Field::Key).cloned(),
                    value: excerpt(&row.change.key),
                    reason: Reason::KeyTaken { first_row: *first_row },
                };
                return self.refused(vec![fault]);
            }
            self.keys.insert(row.change.key.clone(), row.row);
        }
        self.seen.insert(digest.short(), row.row);
        RowOutcome::Accepted(Box::new(row))
    }

    /// Why reading stops at the limit of rows; `None` when the file happens to end there.
    fn too_many_rows(&mut self) -> Option<FileEnd> {
        if !self.records.advance() {
            return self.records.end().cloned();
        }
        Some(FileEnd::CutShort {
            reason: format!(
                "the file has more than {} rows; split it and import the parts",
                self.options.limits.rows
            ),
        })
    }
}

impl<R: Read> Iterator for ImportReader<R> {
    type Item = RowOutcome;

    fn next(&mut self) -> Option<RowOutcome> {
        self.next_row()
    }
}
