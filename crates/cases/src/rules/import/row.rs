//! One record to one change, or to its faults.

use std::io::Read;

use sha2::{Digest as _, Sha256};

use super::cells::{is_formula, read_count, read_integer, read_time, read_yes_no};
use super::change::{CaseFields, ChangeOrder, ImportedChange, RowDigest};
use super::json::WHOLE;
use super::mapping::{Field, FieldKind, FileFormat, Mapping, OrderAs, Unlisted};
use super::records::{Limits, RecordFault};
use super::report::{FAULTS_MAX, Fault, ImportError, ImportedRow, Reason, RowFlag, excerpt};
use super::source::Source;
use super::text::REPLACEMENT;

/// The longest name or word of a case, in characters.
pub const LABEL_CHARS_MAX: usize = 1_000;

/// The longest number of a case, in characters.
pub const KEY_CHARS_MAX: usize = 200;

/// Separates this digest from every other use of SHA-256 in the record.
const DIGEST_DOMAIN: &[u8] = b"tickmark case import row v1";

/// How the columns of one file meet the fields of the mapping.
#[derive(Clone, Debug)]
pub struct Plan {
    names: Vec<String>,
    key: usize,
    targets: Vec<(usize, Field)>,
    order: Vec<(usize, OrderAs)>,
    keep: Vec<usize>,
    /// All columns by name, so that their order in the file does not matter to the digest.
    by_name: Vec<usize>,
    /// Where severity is read from when no column is mapped to it.
    severity_from: Field,
}

/// What reading one record gathers.
struct Gathered {
    fields: CaseFields,
    sequence: Vec<i64>,
    faults: Vec<Fault>,
    flags: Vec<RowFlag>,
}

impl Plan {
    /// Finds the mapped columns in the heading.
    ///
    /// # Errors
    /// A sentence that names the columns that are missing or that stand there twice.
    pub fn new(mapping: &Mapping, names: Vec<String>) -> Result<Self, ImportError> {
        let mut absent = Vec::new();
        let mut twice = Vec::new();
        let mut find = |column: &str| {
            let mut places = names.iter().enumerate().filter(|(_, name)| *name == column);
            let place = places.next().map(|(index, _)| index);
            if place.is_none() {
                absent.push(excerpt(column));
            } else if places.next().is_some() {
                twice.push(excerpt(column));
            }
            place.unwrap_or(0)
        };
        let targets: Vec<(usize, Field)> =
            mapping.columns.iter().map(|(field, column)| (find(column), *field)).collect();
        let order: Vec<(usize, OrderAs)> =
            mapping.order.iter().map(|order| (find(&order.column), order.read_as)).collect();
        let keep: Vec<usize> = mapping.keep.iter().map(|column| find(column)).collect();
        if !absent.is_empty() {
            return Err(ImportError(format!(
                "the heading of the file has no column {}; it names {}. Correct the mapping, or its delimiter and encoding",
                quoted(&absent),
                quoted(&names.iter().take(12).map(|name| excerpt(name)).collect::<Vec<_>>())
            )));
        }
        if !twice.is_empty() {
            return Err(ImportError(format!(
                "the heading of the file names {} more than once, so it is not clear which one is meant; rename one of them",
                quoted(&twice)
            )));
        }
        let key = targets.iter().find(|(_, field)| *field == Field::Key).map_or(0, |(at, _)| *at);
        // A whole document says everything, whatever the mapping reads of it.
        let whole = matches!(mapping.format, FileFormat::Json { .. })
            .then(|| names.iter().position(|name| name == WHOLE));
        let mut by_name: Vec<usize> = match whole.flatten() {
            Some(whole) => vec![whole],
            None => (0..names.len()).collect(),
        };
        by_name.sort_by(|a, b| names.get(*a).cmp(&names.get(*b)).then(a.cmp(b)));
        let severity_from = if mapping.columns.contains_key(&Field::Severity) {
            Field::Severity
        } else {
            Field::Priority
        };
        Ok(Self { names, key, targets, order, keep, by_name, severity_from })
    }

    /// The columns of the file.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads the current record.
    ///
    /// # Errors
    /// All that is wrong with it, at most [`FAULTS_MAX`] faults.
    pub fn read<R: Read>(
        &self,
        mapping: &Mapping,
        limits: &Limits,
        run: u32,
        records: &Source<R>,
    ) -> Result<ImportedRow, Vec<Fault>> {
        if let Some(fault) = self.record_fault(mapping, limits, records) {
            return Err(vec![fault]);
        }
        let mut row = Gathered {
            fields: CaseFields::default(),
            sequence: Vec::with_capacity(self.order.len()),
            faults: Vec::new(),
            flags: Vec::new(),
        };
        let key = self.read_key(mapping, records, &mut row);
        for (at, field) in &self.targets {
            if *field != Field::Key {
                self.read_target(mapping, records, *at, *field, &mut row);
            }
        }
        for (at, read_as) in &self.order {
            self.read_order(mapping, records, *at, *read_as, &mut row);
        }
        self.read_kept(mapping, records, &mut row);
        if row.fields.kind.is_none() && row.fields.kind_source.is_none() {
            row.fields.kind = mapping.default_kind;
        }
        if !row.faults.is_empty() {
            row.faults.truncate(FAULTS_MAX);
            return Err(row.faults);
        }
        let digest = self.digest(mapping, records, &key, &row.sequence);
        Ok(ImportedRow {
            row: records.row(),
            line: records.line(),
            change: ImportedChange {
                key,
                order: ChangeOrder { sequence: row.sequence, run, row: records.row() },
                digest,
                fields: row.fields,
            },
            flags: row.flags,
        })
    }

    /// The fault of the record as a whole, if it has one.
    fn record_fault<R: Read>(
        &self,
        mapping: &Mapping,
        limits: &Limits,
        records: &Source<R>,
    ) -> Option<Fault> {
        let (found, expected) = (records.len(), self.names.len());
        let reason = match records.fault() {
            Some(RecordFault::TooLong) => Reason::TooLong { limit: limits.record_bytes },
            Some(RecordFault::TooManyValues) => Reason::TooManyValues { limit: limits.columns },
            Some(RecordFault::UnclosedQuote) => Reason::UnclosedQuote,
            Some(RecordFault::NotJson(why)) => Reason::NotJson { why },
            Some(RecordFault::BrokenOff) => Reason::CutOff { found, expected },
            Some(RecordFault::NotText { byte }) => {
                return Some(self.not_text(mapping, records, byte));
            }
            None if found == expected => return None,
            None if found < expected && records.is_unfinished() => {
                Reason::CutOff { found, expected }
            }
            None => Reason::WrongWidth { found, expected },
        };
        Some(Fault { column: None, value: records.beginning(), reason })
    }

    fn not_text<R: Read>(&self, mapping: &Mapping, records: &Source<R>, byte: u64) -> Fault {
        let at = (0..records.len()).find(|at| records.value(*at).contains(REPLACEMENT));
        Fault {
            column: at.and_then(|at| self.names.get(at)).cloned(),
            value: at.map_or_else(|| records.beginning(), |at| excerpt(records.value(at))),
            reason: Reason::NotText { byte, encoding: mapping.encoding.name() },
        }
    }

    fn fault(&self, at: usize, value: &str, reason: Reason) -> Fault {
        Fault { column: self.names.get(at).cloned(), value: excerpt(value), reason }
    }

    fn read_key<R: Read>(
        &self,
        mapping: &Mapping,
        records: &Source<R>,
        row: &mut Gathered,
    ) -> String {
        let raw = records.value(self.key);
        let Some(cell) = present(mapping, raw) else {
            row.faults.push(self.fault(self.key, raw, Reason::Missing));
            return String::new();
        };
        self.read_text(self.key, cell, KEY_CHARS_MAX, row).unwrap_or_default()
    }

    fn read_target<R: Read>(
        &self,
        mapping: &Mapping,
        records: &Source<R>,
        at: usize,
        field: Field,
        row: &mut Gathered,
    ) {
        let raw = records.value(at);
        let Some(cell) = present(mapping, raw) else {
            if mapping.required.contains(&field) {
                row.faults.push(self.fault(at, raw, Reason::Missing));
            }
            return;
        };
        let failed = match field.kind() {
            FieldKind::Key => None,
            FieldKind::LongText => {
                let text = self.read_text(at, raw, usize::MAX, row);
                store(row.fields.text_mut(field), text);
                None
            }
            FieldKind::Label => {
                // Words stay as written, blanks and all; their meaning is looked up without blanks.
                let text = self.read_text(at, raw, LABEL_CHARS_MAX, row);
                store(row.fields.text_mut(field), text);
                self.read_meaning(mapping, field, cell, row)
            }
            FieldKind::Time => read_time(mapping, cell)
                .map(|time| store(row.fields.time_mut(field), Some(time)))
                .err(),
            FieldKind::Count => {
                read_count(cell).map(|count| store(row.fields.count_mut(field), Some(count))).err()
            }
            FieldKind::YesNo => read_yes_no(mapping, cell)
                .map(|answer| store(row.fields.yes_no_mut(field), Some(answer)))
                .err(),
        };
        if let Some(reason) = failed {
            row.faults.push(self.fault(at, raw, reason));
        }
    }

    /// Looks up our meaning of a word.
    fn read_meaning(
        &self,
        mapping: &Mapping,
        field: Field,
        cell: &str,
        row: &mut Gathered,
    ) -> Option<Reason> {
        let (table, listed, unlisted) = match field {
            Field::State => {
                let found = mapping.states.get(cell);
                row.fields.state = found.copied().flatten();
                ("states", found.map(Option::is_some), mapping.unlisted.states)
            }
            Field::Kind => {
                let found = mapping.kinds.get(cell);
                row.fields.kind = found.copied().flatten();
                ("kinds", found.map(Option::is_some), mapping.unlisted.kinds)
            }
            _ if field == self.severity_from && !mapping.severities.is_empty() => {
                let found = mapping.severities.get(cell);
                row.fields.severity = found.copied().flatten();
                ("severities", found.map(Option::is_some), mapping.unlisted.severities)
            }
            _ => return None,
        };
        match (listed, unlisted) {
            (Some(true), _) => None,
            (None, Unlisted::Refuse) => Some(Reason::UnlistedWord { table }),
            (Some(false), _) | (None, Unlisted::Keep) => {
                row.flags.push(RowFlag::WordWithoutMeaning { field, word: excerpt(cell) });
                None
            }
        }
    }

    fn read_text(
        &self,
        at: usize,
        text: &str,
        chars_max: usize,
        row: &mut Gathered,
    ) -> Option<String> {
        if text.contains('\0') {
            row.faults.push(self.fault(at, text, Reason::NulCharacter));
            return None;
        }
        if text.len() > chars_max && text.chars().count() > chars_max {
            row.faults.push(self.fault(at, text, Reason::TextTooLong { limit: chars_max }));
            return None;
        }
        if is_formula(text) {
            let column = self.names.get(at).cloned().unwrap_or_default();
            row.flags.push(RowFlag::Formula { column });
        }
        Some(text.to_owned())
    }

    fn read_order<R: Read>(
        &self,
        mapping: &Mapping,
        records: &Source<R>,
        at: usize,
        read_as: OrderAs,
        row: &mut Gathered,
    ) {
        let raw = records.value(at);
        let read = match (present(mapping, raw), read_as) {
            (None, _) => Err(Reason::Missing),
            (Some(cell), OrderAs::Integer) => read_integer(cell),
            (Some(cell), OrderAs::Time) => read_time(mapping, cell).map(|time| time.0),
        };
        match read {
            Ok(value) => row.sequence.push(value),
            Err(reason) => row.faults.push(self.fault(at, raw, reason)),
        }
    }

    fn read_kept<R: Read>(&self, mapping: &Mapping, records: &Source<R>, row: &mut Gathered) {
        for at in &self.keep {
            let raw = records.value(*at);
            if present(mapping, raw).is_none() {
                continue;
            }
            if let (Some(text), Some(name)) =
                (self.read_text(*at, raw, usize::MAX, row), self.names.get(*at))
            {
                row.fields.extra.insert(name.clone(), text);
            }
        }
    }

    /// The digest of what the row says; see [`RowDigest`].
    fn digest<R: Read>(
        &self,
        mapping: &Mapping,
        records: &Source<R>,
        key: &str,
        sequence: &[i64],
    ) -> RowDigest {
        let mut bytes = Vec::with_capacity(1024);
        let put = |part: &[u8], bytes: &mut Vec<u8>| {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part);
        };
        put(DIGEST_DOMAIN, &mut bytes);
        put(mapping.source.as_bytes(), &mut bytes);
        bytes.extend_from_slice(&mapping.revision.to_le_bytes());
        put(key.as_bytes(), &mut bytes);
        bytes.extend_from_slice(&(sequence.len() as u64).to_le_bytes());
        for value in sequence {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        for at in &self.by_name {
            let value = records.value(*at);
            if present(mapping, value).is_some() {
                put(self.names.get(*at).map_or(&[], |name| name.as_bytes()), &mut bytes);
                put(value.as_bytes(), &mut bytes);
            }
        }
        RowDigest(Sha256::digest(&bytes).into())
    }
}

/// The cell without surrounding blanks, or `None` when it is empty or a marker of the missing.
fn present<'a>(mapping: &Mapping, raw: &'a str) -> Option<&'a str> {
    let cell = raw.trim();
    let missing = cell.is_empty() || mapping.markers.iter().any(|marker| marker == cell);
    (!missing).then_some(cell)
}

fn store<T>(place: Option<&mut Option<T>>, value: Option<T>) {
    if let Some(place) = place {
        *place = value;
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\u{201c}{name}\u{201d}")).collect::<Vec<_>>().join(", ")
}
