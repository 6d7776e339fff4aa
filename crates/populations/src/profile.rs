//! What a population looks like: per column its missing values, distinct values and extremes, and
//! the tallies from which the checks on completeness and accuracy are answered.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use datafusion::arrow::array::RecordBatch;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::cell::Cell;
use crate::digest::DigestHashing;
use crate::error::{Result, excerpt};
use crate::schema::{ColumnType, Schema};
use crate::times::date_of_epoch_day;
use crate::views::View;

/// Distinct values are counted up to this number.
pub const DISTINCT_MAX: usize = 10_000;
/// Most examples a check shows.
pub const EXAMPLES_MAX: usize = 20;
/// Most different prefixes of numbered keys that are followed.
const PREFIXES_MAX: usize = 100;
const EXTREME_CHARS_MAX: usize = 120;

/// What is known of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Its name.
    pub name: String,
    /// Its type: text, integer, decimal, bool, date or timestamp.
    #[serde(rename = "type")]
    pub kind: String,
    /// Decimal places, for a decimal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scale: Option<u8>,
    /// Rows without a value.
    pub nulls: u64,
    /// Number of different values, counted up to [`DISTINCT_MAX`].
    pub distinct: u64,
    /// True when there are more different values than were counted.
    pub distinct_is_more: bool,
    /// Smallest value in canonical text; text is compared by its bytes.
    pub min: Option<String>,
    /// Largest value in canonical text.
    pub max: Option<String>,
}

/// A count with its first examples.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    pub(crate) examples: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, example: impl FnOnce() -> String) {
        self.count += 1;
        if self.examples.len() < EXAMPLES_MAX {
            self.examples.push(example());
        }
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        let room = EXAMPLES_MAX - self.examples.len();
        self.examples.extend(other.examples.into_iter().take(room));
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Extreme {
    Text(String),
    Number(i128),
    None,
}

#[derive(Debug, Clone)]
struct ColumnTally {
    nulls: u64,
    min: Extreme,
    max: Extreme,
    distinct: HashSet<u64, DigestHashing>,
}

/// The tallies of a run of rows.
#[derive(Debug)]
pub(crate) struct Profile {
    columns: Vec<ColumnTally>,
    /// Rows by month of the dating column, in the declared zone.
    pub(crate) months: BTreeMap<(i16, i8), u64>,
    /// Rows without a date.
    pub(crate) undated: u64,
    pub(crate) outside_span: Tally,
    pub(crate) after_now: Tally,
    pub(crate) formulas: Tally,
    pub(crate) numbers: BTreeMap<String, Vec<u64>>,
    pub(crate) unnumbered: Tally,
}

impl Profile {
    /// Sorts the numbers of numbered keys, as the search for gaps needs them.
    pub(crate) fn sort_numbers(&mut self) {
        self.numbers.values_mut().for_each(|numbers| numbers.sort_unstable());
    }
}

/// Makes profiles of batches.
pub(crate) struct Profiler<'a> {
    schema: &'a Schema,
    /// First instant of the span and first after it.
    span_us: Option<(i64, i64)>,
    now_us: i64,
    /// Columns whose distinct values have been counted to the limit.
    counted_out: Vec<AtomicBool>,
}

impl<'a> Profiler<'a> {
    pub(crate) fn new(schema: &'a Schema, span_us: Option<(i64, i64)>, now_us: i64) -> Self {
        let counted_out = schema.columns.iter().map(|_| AtomicBool::new(false)).collect();
        Self { schema, span_us, now_us, counted_out }
    }

    pub(crate) fn empty(&self) -> Profile {
        let column = ColumnTally {
            nulls: 0,
            min: Extreme::None,
            max: Extreme::None,
            distinct: HashSet::default(),
        };
        Profile {
            columns: vec![column; self.schema.columns.len()],
            months: BTreeMap::new(),
            undated: 0,
            outside_span: Tally::default(),
            after_now: Tally::default(),
            formulas: Tally::default(),
            numbers: BTreeMap::new(),
            unnumbered: Tally::default(),
        }
    }

    /// The profile of one batch of frozen rows.
    pub(crate) fn batch(&self, batch: &RecordBatch) -> Result<Profile> {
        let mut profile = self.empty();
        let views = View::all(batch, batch.num_columns())?;
        let number = views.last();
        let place = |row: usize| match number.map(|view| view.cell(row)) {
            Some(Cell::Integer(number)) => number,
            _ => 0,
        };
        for (at, (view, column)) in views.iter().zip(&self.schema.columns).enumerate() {
            let counting = !self.counted_out.get(at).is_some_and(|out| out.load(Ordering::Relaxed));
            let Some(tally) = profile.columns.get_mut(at) else { continue };
            for row in 0..batch.num_rows() {
                let cell = view.cell(row);
                tally.take(cell, counting);
                if let Cell::Text(text) = cell
                    && looks_like_formula(text)
                {
                    profile.formulas.add(|| {
                        format!("row {}, column {}: {}", place(row), column.name, excerpt(text, 40))
                    });
                }
            }
        }
        if let Some(view) = self.schema.dated_by.and_then(|at| views.get(at)) {
            let mut months = Months { same: 0..0, month: (0, 0) };
            for row in 0..batch.num_rows() {
                self.date(&mut profile, &mut months, view.cell(row), || place(row));
            }
        }
        if let Some(view) = self.schema.sequence.and_then(|at| views.get(at)) {
            for row in 0..batch.num_rows() {
                number_of(&mut profile, view.cell(row), || place(row));
            }
        }
        Ok(profile)
    }

    fn date(
        &self,
        profile: &mut Profile,
        months: &mut Months,
        cell: Cell<'_>,
        place: impl Fn() -> i64,
    ) {
        let zone = &self.schema.zone;
        let (month, instants) = match cell {
            Cell::Date(days) => match date_of_epoch_day(days) {
                Some(date) => {
                    let start = crate::times::start_of_day(date, zone).unwrap_or(i64::MAX);
                    ((date.year(), date.month()), start)
                }
                None => return,
            },
            Cell::Timestamp(micros) => match months.of(micros, zone) {
                Some(month) => (month, micros),
                None => return,
            },
            _ => {
                profile.undated += 1;
                return;
            }
        };
        *profile.months.entry(month).or_default() += 1;
        let shown = || format!("row {}: {}", place(), cell.canonical().unwrap_or_default());
        if self.span_us.is_some_and(|(from, after)| instants < from || instants >= after) {
            profile.outside_span.add(shown);
        }
        if instants > self.now_us {
            profile.after_now.add(shown);
        }
    }

    /// Adds a later batch's profile to an earlier one.
    pub(crate) fn merge(&self, into: &mut Profile, from: Profile) {
        let pairs = into.columns.iter_mut().zip(from.columns).zip(&self.counted_out);
        for ((into, from), counted_out) in pairs {
            into.merge(from);
            if into.distinct.len() > DISTINCT_MAX {
                counted_out.store(true, Ordering::Relaxed);
            }
        }
        for (month, count) in from.months {
            *into.months.entry(month).or_default() += count;
        }
        into.undated += from.undated;
        into.outside_span.merge(from.outside_span);
        into.after_now.merge(from.after_now);
        into.formulas.merge(from.formulas);
        into.unnumbered.merge(from.unnumbered);
        for (prefix, numbers) in from.numbers {
            if into.numbers.len() < PREFIXES_MAX || into.numbers.contains_key(&prefix) {
                into.numbers.entry(prefix).or_default().extend(numbers);
            } else {
                let count = numbers.len() as u64;
                into.unnumbered.add(|| format!("prefix {} and others", excerpt(&prefix, 40)));
                into.unnumbered.count += count - 1;
            }
        }
    }

    /// What the columns look like.
    pub(crate) fn columns(&self, profile: &Profile) -> Vec<ColumnProfile> {
        let pairs = self.schema.columns.iter().zip(&profile.columns);
        pairs
            .map(|(column, tally)| ColumnProfile {
                name: column.name.clone(),
                kind: column.kind.name().to_owned(),
                scale: match column.kind {
                    ColumnType::Decimal { scale, .. } => Some(scale),
                    _ => None,
                },
                nulls: tally.nulls,
                distinct: tally.distinct.len().min(DISTINCT_MAX) as u64,
                distinct_is_more: tally.distinct.len() > DISTINCT_MAX,
                min: shown(&tally.min, &column.kind),
                max: shown(&tally.max, &column.kind),
            })
            .collect()
    }
}

impl ColumnTally {
    fn take(&mut self, cell: Cell<'_>, counting: bool) {
        match cell {
            Cell::Missing => {
                self.nulls += 1;
                return;
            }
            Cell::Text(text) => {
                if !matches!(&self.min, Extreme::Text(min) if min.as_str() <= text) {
                    self.min = Extreme::Text(text.to_owned());
                }
                if !matches!(&self.max, Extreme::Text(max) if max.as_str() >= text) {
                    self.max = Extreme::Text(text.to_owned());
                }
            }
            _ => {
                let number = number_in(cell);
                if !matches!(self.min, Extreme::Number(min) if min <= number) {
                    self.min = Extreme::Number(number);
                }
                if !matches!(self.max, Extreme::Number(max) if max >= number) {
                    self.max = Extreme::Number(number);
                }
            }
        }
        if counting {
            self.distinct.insert(value_hash(cell));
        }
    }

    fn merge(&mut self, other: Self) {
        self.nulls += other.nulls;
        let less = |a: &Extreme, b: &Extreme| match (a, b) {
            (Extreme::Text(a), Extreme::Text(b)) => a < b,
            (Extreme::Number(a), Extreme::Number(b)) => a < b,
            (Extreme::Text(_) | Extreme::Number(_), Extreme::None) => true,
            _ => false,
        };
        if less(&other.min, &self.min) {
            self.min = other.min;
        }
        if other.max != Extreme::None && (self.max == Extreme::None || less(&self.max, &other.max))
        {
            self.max = other.max;
        }
        if self.distinct.len() <= DISTINCT_MAX {
            self.distinct.extend(other.distinct);
        }
    }
}

/// A hash of a value, by which values of one column are counted. Numbers of 64 bits and texts of up
/// to eight bytes of one length never share one.
pub(crate) fn value_hash(cell: Cell<'_>) -> u64 {
    match cell {
        Cell::Text(text) => {
            let (words, rest) = text.as_bytes().as_chunks::<8>();
            let mut last = [0; 8];
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            let mut hash = mixed(text.len() as u64);
            for word in words {
                hash = mixed(hash ^ u64::from_le_bytes(*word));
            }
            mixed(hash ^ u64::from_le_bytes(last))
        }
        _ => {
            let bytes = number_in(cell).to_le_bytes();
            let (words, _) = bytes.as_chunks::<8>();
            words.iter().fold(0, |hash, word| mixed(hash ^ u64::from_le_bytes(*word)))
        }
    }
}

/// Spreads 64 bits over 64 bits, one to one: the last step of `MurmurHash3`.
const fn mixed(mut bits: u64) -> u64 {
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xff51_afd7_ed55_8ccd);
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    bits ^ (bits >> 33)
}

fn number_in(cell: Cell<'_>) -> i128 {
    match cell {
        Cell::Integer(value) | Cell::Timestamp(value) => i128::from(value),
        Cell::Decimal(units, _) => units,
        Cell::Bool(value) => i128::from(value),
        Cell::Date(days) => i128::from(days),
        Cell::Missing | Cell::Text(_) | Cell::Real(_) => 0,
    }
}

fn shown(extreme: &Extreme, kind: &ColumnType) -> Option<String> {
    let number = match extreme {
        Extreme::None => return None,
        Extreme::Text(text) => return Some(excerpt(text, EXTREME_CHARS_MAX)),
        Extreme::Number(number) => *number,
    };
    let small = i64::try_from(number).unwrap_or_default();
    match kind {
        ColumnType::Decimal { scale, .. } => Cell::Decimal(number, *scale),
        ColumnType::Bool { .. } => Cell::Bool(number != 0),
        ColumnType::Date { .. } => Cell::Date(i32::try_from(small).unwrap_or_default()),
        ColumnType::Timestamp { .. } => Cell::Timestamp(small),
        ColumnType::Integer | ColumnType::Text { .. } => Cell::Integer(small),
    }
    .canonical()
}

/// Local months of instants, with the last found kept: neighbours usually share theirs.
struct Months {
    /// Instants that surely lie in the month.
    same: Range<i64>,
    month: (i16, i8),
}

impl Months {
    fn of(&mut self, micros: i64, zone: &TimeZone) -> Option<(i16, i8)> {
        const DAY: i64 = 86_400_000_000;
        if !self.same.contains(&micros) {
            let date = zone.to_datetime(Timestamp::from_microsecond(micros).ok()?).date();
            self.month = (date.year(), date.month());
            let day = i64::from(date.day());
            // From the third to the 27th at this time of day: no change of clocks moves a time by
            // more than a day, so all of it lies in the month.
            self.same = if (3..27).contains(&day) {
                micros - (day - 3) * DAY..micros + (27 - day) * DAY
            } else {
                0..0
            };
        }
        Some(self.month)
    }
}

/// Whether a spreadsheet would run this text as a formula: it begins with `=`, or with `+`, `-` or
/// `@` and holds a call or a pipe. Plain signed numbers, telephone numbers and @names are not.
pub(crate) fn looks_like_formula(text: &str) -> bool {
    match text.as_bytes() {
        [b'=', _, ..] => true,
        [b'+' | b'-' | b'@', rest @ ..] => rest.iter().any(|byte| matches!(byte, b'(' | b'|')),
        _ => false,
    }
}

/// Splits a numbered key such as `CHG-0126` into its prefix and its number.
pub(crate) fn split_number(text: &str) -> Option<(&str, u64)> {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (prefix, number) = text.split_at(text.len() - digits);
    Some((prefix, number.parse().ok()?))
}

fn number_of(profile: &mut Profile, cell: Cell<'_>, place: impl Fn() -> i64) {
    let found = match cell {
        Cell::Text(text) => split_number(text),
        Cell::Integer(value) => u64::try_from(value).ok().map(|value| ("", value)),
        Cell::Missing => None,
        _ => None,
    };
    let Some((prefix, number)) = found else {
        profile.unnumbered.add(|| {
            let value = cell.canonical().map_or("no value".to_owned(), |text| excerpt(&text, 40));
            format!("row {}: {value}", place())
        });
        return;
    };
    if let Some(numbers) = profile.numbers.get_mut(prefix) {
        numbers.push(number);
    } else if profile.numbers.len() < PREFIXES_MAX {
        profile.numbers.insert(prefix.to_owned(), vec![number]);
    } else {
        profile.unnumbered.add(|| format!("row {}: one prefix too many", place()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_told_from_plain_values() {
        for text in ["=1+1", "=HYPERLINK(\"x\")", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|x"] {
            assert!(looks_like_formula(text), "{text}");
        }
        for text in ["=", "+1 202 555 0100", "-", "-5", "@alice", "a=b", "", "- none"] {
            assert!(!looks_like_formula(text), "{text}");
        }
    }

    #[test]
    fn numbered_keys_are_split() {
        assert_eq!(split_number("CHG-0126"), Some(("CHG-", 126)));
        assert_eq!(split_number("42"), Some(("", 42)));
        assert_eq!(split_number("CHG-"), None);
        assert_eq!(split_number("é7"), Some(("é", 7)));
        assert_eq!(split_number("9999999999999999999999"), None);
    }
}
