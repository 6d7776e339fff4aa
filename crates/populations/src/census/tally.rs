//! Counting the rows of a result. Nothing depends on the order in which rows come: what is kept of
//! many is what stands first by unit. So parts of a result can be counted apart and put together.

use std::collections::BTreeMap;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use crate::cell::Cell;
use crate::census::outcome::{Census, ReasonCount, UnitResult, UnitRow};
use crate::census::result_columns::FIXED;
use crate::census::test_file::TestFile;
use crate::digest::{Digester, PopulationHasher};
use crate::error::{Error, Result, excerpt};
use crate::freeze::ROWS_MAX;
use crate::views::View;

/// Most reasons in an answer.
const REASONS_MAX: usize = 200;
/// Most reasons that are followed while counting. Where more occur, the first
/// [`REASONS_MAX`] are known only when rows come in the order of their units.
const REASONS_FOLLOWED_MAX: usize = 20_000;
const REASON_CHARS_MAX: usize = 300;

/// What is known of one reason.
struct Reason {
    count: u64,
    /// The first unit that has it, by the order of units.
    first: String,
}

/// The count of some rows of a result.
pub(super) struct Tally {
    schema: SchemaRef,
    listed_max: usize,
    hasher: PopulationHasher,
    digester: Digester,
    counts: BTreeMap<UnitResult, u64>,
    /// The first rows by unit.
    listed: BTreeMap<UnitResult, BTreeMap<String, UnitRow>>,
    reasons: BTreeMap<(UnitResult, String), Reason>,
    /// Rows whose reason is not followed.
    reasons_lost: u64,
}

/// The unit of a row, or the refusal of a row without one.
pub(super) fn unit_of<'a>(views: &[View<'a>], row: usize) -> Result<&'a str> {
    match views.first().map(|view| view.cell(row)) {
        Some(Cell::Text(unit)) if !unit.is_empty() => Ok(unit),
        _ => Err(Error::Test("the test query gives a row without a unit".into())),
    }
}

/// A batch as planned: the engine may call a column nullable otherwise; the values are the same.
pub(super) fn as_planned(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    Ok(RecordBatch::try_new(SchemaRef::clone(schema), batch.columns().to_vec())?)
}

impl Tally {
    /// Of no rows. `digest` is that of the result's meaning; `listed_max` rows are kept of each
    /// result.
    pub(super) fn new(schema: SchemaRef, digest: &[u8; 32], listed_max: usize) -> Self {
        Self {
            schema,
            listed_max,
            hasher: PopulationHasher::new(digest, false),
            digester: Digester::default(),
            counts: BTreeMap::new(),
            listed: BTreeMap::new(),
            reasons: BTreeMap::new(),
            reasons_lost: 0,
        }
    }

    /// The columns it counts.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Rows counted.
    pub(super) fn count(&self) -> u64 {
        self.hasher.count()
    }

    /// Whether the reasons that come first are known although rows came in any order.
    pub(super) fn knows_first_reasons(&self) -> bool {
        self.reasons_lost == 0
    }

    /// Counts one row.
    ///
    /// # Errors
    /// [`Error::Test`] when it has no result that is known, or no reason where one is needed;
    /// [`Error::Refused`] when the result has too many rows.
    pub(super) fn row(&mut self, views: &[View<'_>], row: usize, unit: &str) -> Result<()> {
        let text = |at: usize| match views.get(at).map(|view| view.cell(row)) {
            Some(Cell::Text(text)) => text,
            _ => "",
        };
        let named = text(1);
        let Some(result) = UnitResult::named(named) else {
            return Err(Error::Test(format!(
                "the unit \"{}\" has the result \"{}\"; it must be pass, exception, unmatched or excluded",
                excerpt(unit, 60),
                excerpt(named, 40)
            )));
        };
        let reason = Some(text(2)).filter(|reason| !reason.trim().is_empty());
        if reason.is_none() && result != UnitResult::Pass {
            return Err(Error::Test(format!(
                "the unit \"{}\" is \"{named}\" without a reason; only a pass needs none",
                excerpt(unit, 60)
            )));
        }
        within_rows_max(self.count() + 1)?;
        *self.counts.entry(result).or_default() += 1;
        self.hasher.push(self.digester.row(views.iter().map(|view| view.cell(row))));
        if let Some(reason) = reason {
            self.reason(result, reason, unit);
        }
        self.list(views, row, unit, result, reason);
        Ok(())
    }

    fn reason(&mut self, result: UnitResult, reason: &str, unit: &str) {
        let key = (result, excerpt(reason, REASON_CHARS_MAX));
        if let Some(known) = self.reasons.get_mut(&key) {
            known.count += 1;
            if unit < known.first.as_str() {
                unit.clone_into(&mut known.first);
            }
        } else if self.reasons.len() < REASONS_FOLLOWED_MAX {
            self.reasons.insert(key, Reason { count: 1, first: unit.to_owned() });
        } else {
            self.reasons_lost += 1;
        }
    }

    fn list(
        &mut self,
        views: &[View<'_>],
        row: usize,
        unit: &str,
        result: UnitResult,
        reason: Option<&str>,
    ) {
        let listed = self.listed.entry(result).or_default();
        let full = listed.len() >= self.listed_max;
        if full && listed.last_key_value().is_none_or(|(last, _)| last.as_str() <= unit) {
            return;
        }
        let names = self.schema.fields().iter().map(|field| field.name().clone());
        let detail = names
            .zip(views)
            .skip(FIXED.len())
            .map(|(name, view)| (name, json(view.cell(row))))
            .collect();
        let kept =
            UnitRow { unit: unit.to_owned(), result, reason: reason.map(str::to_owned), detail };
        listed.insert(unit.to_owned(), kept);
        if full {
            listed.pop_last();
        }
    }

    /// Adds the count of other rows.
    ///
    /// # Errors
    /// [`Error::Refused`] when the result has too many rows.
    pub(super) fn merge(&mut self, other: Self) -> Result<()> {
        within_rows_max(self.count() + other.count())?;
        self.hasher.merge(other.hasher);
        for (result, count) in other.counts {
            *self.counts.entry(result).or_default() += count;
        }
        for (result, rows) in other.listed {
            let listed = self.listed.entry(result).or_default();
            listed.extend(rows);
            while listed.len() > self.listed_max {
                listed.pop_last();
            }
        }
        self.reasons_lost += other.reasons_lost;
        for (key, reason) in other.reasons {
            if let Some(known) = self.reasons.get_mut(&key) {
                known.count += reason.count;
                if reason.first < known.first {
                    known.first = reason.first;
                }
            } else if self.reasons.len() < REASONS_FOLLOWED_MAX {
                self.reasons.insert(key, reason);
            } else {
                self.reasons_lost += reason.count;
            }
        }
        Ok(())
    }

    /// The answer, still without parameters and populations.
    pub(super) fn finish(
        self,
        test: &TestFile,
        result_meaning: String,
        rows_sha256: String,
        threads: usize,
    ) -> Census {
        let of = |result| self.counts.get(&result).copied().unwrap_or(0);
        let population = self.hasher.count();
        let (pass, exceptions) = (of(UnitResult::Pass), of(UnitResult::Exception));
        let (unmatched, excluded) = (of(UnitResult::Unmatched), of(UnitResult::Excluded));
        let rows: Vec<UnitRow> = self
            .listed
            .into_values()
            .flat_map(BTreeMap::into_values)
            .take(self.listed_max)
            .collect();
        let (reasons, not_listed) = first_reasons(self.reasons);
        Census {
            version: 1,
            test: test.name.clone(),
            test_sha256: test.sha256.clone(),
            population,
            pass,
            exceptions,
            unmatched,
            excluded,
            reasons,
            reasons_not_listed: not_listed + self.reasons_lost,
            parameters: BTreeMap::new(),
            populations: BTreeMap::new(),
            result_meaning,
            result_sha256: hex::encode(self.hasher.finish(threads)),
            rows_sha256,
            rows_not_listed: population - rows.len() as u64,
            rows,
        }
    }
}

/// The reasons whose units come first, by result and reason, and how many rows have others.
fn first_reasons(reasons: BTreeMap<(UnitResult, String), Reason>) -> (Vec<ReasonCount>, u64) {
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    let mut others = 0;
    if reasons.len() > REASONS_MAX {
        reasons.sort_by(|(_, a), (_, b)| a.first.cmp(&b.first));
        others = reasons.drain(REASONS_MAX..).map(|(_, reason)| reason.count).sum();
        reasons.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
    let listed = reasons
        .into_iter()
        .map(|((result, reason), known)| ReasonCount { result, reason, count: known.count })
        .collect();
    (listed, others)
}

/// Refuses a result whose digests would not fit the memory that is meant for them.
pub(super) fn within_rows_max(rows: u64) -> Result<()> {
    if rows <= ROWS_MAX {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "The result has more than {ROWS_MAX} rows, which is the limit of one result. Test the population in parts, by period for example."
    )))
}

fn json(cell: Cell<'_>) -> serde_json::Value {
    match cell {
        Cell::Missing => serde_json::Value::Null,
        Cell::Integer(value) => value.into(),
        Cell::Bool(value) => value.into(),
        Cell::Real(value) => value.into(),
        other => other.canonical().into(),
    }
}
