//! The thirteen checks on information produced by the entity (completeness and accuracy of a
//! population), and one of our own: that every record of the file could be read.
//!
//! Source: the procedures that AT-C 205.36 asks for, in our own list. What only a person can do
//! (tracing rows to their source and back, watching the export) is answered "not applicable" here
//! and says what to do; it is recorded in the auditor's room.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::error::excerpt;
use crate::profile::{EXAMPLES_MAX, Profile, Tally};
use crate::schema::{Kind, Schema};
use crate::times::Span;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not hold; the detail says why.
    Fail,
    /// It cannot be answered from the file and what was declared; the detail says what is needed.
    NotApplicable,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its number among the thirteen; 0 is the check that every record could be read.
    pub number: u8,
    /// Its name in files.
    pub id: String,
    /// How it came out.
    pub outcome: Outcome,
    /// Why, in a plain sentence.
    pub detail: String,
    /// First examples, at most [`EXAMPLES_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
}

/// What is declared about the export by those who made or watched it.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// The number of rows that the source system shows for the same query.
    pub control_total: Option<u64>,
    /// The from and to dates that were given to the export.
    pub window: Option<Span>,
    /// When the export was made.
    pub generated_at: Option<Timestamp>,
    /// SHA-256 of the file as the connector produced it, in hexadecimal.
    pub source_sha256: Option<String>,
    /// Counts that must lead from the opening to the closing list.
    pub reconciliation: Option<Reconciliation>,
}

/// Opening count, what came in, what went out: must give the number of rows in the closing list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Rows in the opening list.
    pub opening: u64,
    /// Hires, creations.
    pub additions: u64,
    /// Leavers, removals.
    pub removals: u64,
    /// Rehires, restorations.
    pub returns: u64,
}

impl Reconciliation {
    /// The closing count that follows, and the listing's difference from it.
    pub fn difference(&self, listed: u64) -> (i128, i128) {
        let expected =
            i128::from(self.opening) + i128::from(self.additions) + i128::from(self.returns)
                - i128::from(self.removals);
        (expected, i128::from(listed) - expected)
    }
}

/// All that the checks are answered from.
pub(crate) struct Facts<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) span: Option<Span>,
    pub(crate) declared: &'a Declared,
    pub(crate) profile: &'a Profile,
    pub(crate) duplicates: &'a Tally,
    pub(crate) rows: u64,
    pub(crate) refused: u64,
    /// SHA-256 of each source file, in hexadecimal.
    pub(crate) sources: &'a [String],
    /// What the source files hide or compute.
    pub(crate) findings: &'a [String],
    pub(crate) now: Timestamp,
}

/// Answers every check.
pub(crate) fn answer(facts: &Facts<'_>) -> Vec<Check> {
    vec![
        all_read(facts),
        control_total(facts),
        window(facts),
        generated(facts),
        unique_key(facts),
        dates(facts),
        sequence(facts),
        months(facts),
        by_hand(
            8,
            "reverse_test",
            "Pick items outside the list, in the systems where they happened, and find them in it.",
        ),
        by_hand(9, "forward_test", "Pick rows of the list and trace each to its source."),
        reconciliation(facts),
        formulas(facts),
        source_hash(facts),
        by_hand(
            13,
            "independent_export",
            "Record who exported the list, and whether that person operates the tested control or an auditor watched.",
        ),
    ]
}

fn check(number: u8, id: &str, outcome: Outcome, detail: impl Into<String>) -> Check {
    Check { number, id: id.to_owned(), outcome, detail: detail.into(), examples: Vec::new() }
}

fn by_hand(number: u8, id: &str, detail: &str) -> Check {
    check(number, id, Outcome::NotApplicable, detail)
}

fn verdict(good: bool) -> Outcome {
    if good { Outcome::Pass } else { Outcome::Fail }
}

fn all_read(facts: &Facts<'_>) -> Check {
    let total = facts.rows + facts.refused;
    let detail = if facts.refused == 0 {
        format!("All {total} records of the file were read.")
    } else {
        format!(
            "{} of {total} records were refused and are not in the population; each is listed with its row, column and reason.",
            facts.refused
        )
    };
    check(0, "every_record_read", verdict(facts.refused == 0), detail)
}

fn control_total(facts: &Facts<'_>) -> Check {
    let (number, id) = (1, "row_count_matches_source");
    let total = facts.rows + facts.refused;
    match facts.declared.control_total {
        None => by_hand(
            number,
            id,
            "Enter the number of rows that the source system shows for the same query.",
        ),
        Some(shown) => check(
            number,
            id,
            verdict(shown == total),
            format!("The source shows {shown} rows and the file holds {total}."),
        ),
    }
}

fn window(facts: &Facts<'_>) -> Check {
    let (number, id) = (2, "window_contains_span");
    match (facts.declared.window, facts.span) {
        (Some(window), Some(span)) => check(
            number,
            id,
            verdict(window.from <= span.from && window.to >= span.to),
            format!(
                "The export covers {} to {} and the span is {} to {}.",
                window.from, window.to, span.from, span.to
            ),
        ),
        _ => by_hand(
            number,
            id,
            "Enter the dates the export was asked for, and the span under examination.",
        ),
    }
}

fn generated(facts: &Facts<'_>) -> Check {
    let (number, id) = (3, "generated_after_span");
    let end = facts.span.and_then(|span| span.instants_us(&facts.schema.zone).ok());
    match (facts.declared.generated_at, end, facts.span) {
        (Some(at), Some((_, after)), Some(span)) => check(
            number,
            id,
            verdict(at.as_microsecond() >= after && at <= facts.now),
            if at > facts.now {
                format!("The export is said to have been made at {at}, which lies in the future.")
            } else {
                format!("The export was made at {at} and the span ends on {}.", span.to)
            },
        ),
        _ => by_hand(number, id, "Enter when the export was made, and the span under examination."),
    }
}

fn unique_key(facts: &Facts<'_>) -> Check {
    let (number, id) = (4, "unique_key");
    if facts.schema.key.is_empty() {
        return by_hand(
            number,
            id,
            "The schema declares no key, so doubled rows cannot be told from true repetitions.",
        );
    }
    let (duplicates, undated) = (facts.duplicates.count, facts.profile.undated);
    let mut found = check(
        number,
        id,
        verdict(duplicates == 0 && undated == 0),
        match (duplicates, undated) {
            (0, 0) => "Every key occurs once and none is empty.".to_owned(),
            (0, undated) => format!("Every key occurs once, but {undated} rows have no date."),
            (duplicates, 0) => format!(
                "{duplicates} rows repeat the key of an earlier row; they are not in the population."
            ),
            (duplicates, undated) => format!(
                "{duplicates} rows repeat the key of an earlier row, and {undated} rows have no date."
            ),
        },
    );
    found.examples.clone_from(&facts.duplicates.examples);
    found
}

fn dates(facts: &Facts<'_>) -> Check {
    let (number, id) = (5, "dates_inside_span");
    if facts.schema.dated_by.is_none() {
        return by_hand(number, id, "The schema names no column that dates the rows.");
    }
    let after_now = &facts.profile.after_now;
    if after_now.count > 0 {
        let mut found = check(
            number,
            id,
            Outcome::Fail,
            format!("{} rows are dated after the freeze, in the future.", after_now.count),
        );
        found.examples.clone_from(&after_now.examples);
        return found;
    }
    let Some(span) = facts.span else {
        return by_hand(number, id, "No span was given; no row is dated after the freeze.");
    };
    let outside = &facts.profile.outside_span;
    let mut found = check(
        number,
        id,
        verdict(outside.count == 0),
        format!(
            "{} rows lie outside {} to {} in {}.",
            outside.count, span.from, span.to, facts.schema.zone_name
        ),
    );
    found.examples.clone_from(&outside.examples);
    found
}

fn sequence(facts: &Facts<'_>) -> Check {
    let (number, id) = (6, "sequence_without_gaps");
    let Some(column) = facts.schema.sequence.and_then(|at| facts.schema.columns.get(at)) else {
        return by_hand(number, id, "The schema names no column that is numbered without gaps.");
    };
    let gaps = gaps(&facts.profile.numbers);
    let unnumbered = &facts.profile.unnumbered;
    let good = gaps.missing == 0 && gaps.repeated == 0 && unnumbered.count == 0;
    let mut found = check(
        number,
        id,
        verdict(good),
        format!(
            "Column {}: {} numbers are missing, {} are used more than once, {} rows have no number. Each missing number needs an explanation.",
            column.name, gaps.missing, gaps.repeated, unnumbered.count
        ),
    );
    found.examples = gaps.examples;
    found.examples.extend(unnumbered.examples.iter().cloned());
    found.examples.truncate(EXAMPLES_MAX);
    found
}

#[derive(Default)]
struct Gaps {
    missing: u64,
    repeated: u64,
    examples: Vec<String>,
}

/// Finds gaps in numbers that are already sorted.
fn gaps(numbers: &BTreeMap<String, Vec<u64>>) -> Gaps {
    let mut found = Gaps::default();
    for (prefix, used) in numbers {
        let prefix = excerpt(prefix, 40);
        for pair in used.windows(2) {
            let [before, after] = *pair else { continue };
            let room = found.examples.len() < EXAMPLES_MAX;
            match after - before {
                1 => {}
                0 => {
                    found.repeated += 1;
                    if room {
                        found.examples.push(format!("{prefix}{after} is used more than once"));
                    }
                }
                2 => {
                    found.missing += 1;
                    if room {
                        found.examples.push(format!("{prefix}{} is missing", before + 1));
                    }
                }
                step => {
                    found.missing = found.missing.saturating_add(step - 1);
                    if room {
                        found.examples.push(format!(
                            "{prefix}{} to {prefix}{} are missing",
                            before + 1,
                            after - 1
                        ));
                    }
                }
            }
        }
    }
    found
}

fn months(facts: &Facts<'_>) -> Check {
    let (number, id) = (7, "no_empty_month");
    if facts.schema.dated_by.is_none() {
        return by_hand(number, id, "The schema names no column that dates the rows.");
    }
    if facts.rows == 0 {
        return by_hand(
            number,
            id,
            "The list is empty: whether nothing happened is proven for all of it at once.",
        );
    }
    let counted = &facts.profile.months;
    let edges = match facts.span {
        Some(span) => {
            Some(((span.from.year(), span.from.month()), (span.to.year(), span.to.month())))
        }
        None => counted.keys().next().copied().zip(counted.keys().next_back().copied()),
    };
    let Some((first, last)) = edges else {
        return by_hand(number, id, "There are no dated rows and no span was given.");
    };
    let mut empty = Tally::default();
    let (mut at, mut counts) = (first, Vec::new());
    while at <= last {
        let count = counted.get(&at).copied().unwrap_or(0);
        let shown = format!("{:04}-{:02}: {count}", at.0, at.1);
        if count == 0 {
            empty.add(|| shown.clone());
        }
        if counts.len() < 36 {
            counts.push(shown);
        }
        at = if at.1 >= 12 { (at.0.saturating_add(1), 1) } else { (at.0, at.1 + 1) };
    }
    let mut found = check(
        number,
        id,
        verdict(empty.count == 0),
        format!("{} months without a row. Rows by month: {}.", empty.count, counts.join(", ")),
    );
    found.examples = empty.examples;
    found
}

fn reconciliation(facts: &Facts<'_>) -> Check {
    let (number, id) = (10, "reconciles");
    match facts.declared.reconciliation {
        None => by_hand(
            number,
            id,
            "Enter the opening count, additions, removals and returns that must lead to this list.",
        ),
        Some(counts) => {
            let (expected, difference) = counts.difference(facts.rows);
            check(
                number,
                id,
                verdict(difference == 0),
                format!(
                    "{} + {} − {} + {} = {expected}; the list has {} ({difference:+}).",
                    counts.opening, counts.additions, counts.removals, counts.returns, facts.rows
                ),
            )
        }
    }
}

fn formulas(facts: &Facts<'_>) -> Check {
    let (formulas, hidden) = (&facts.profile.formulas, facts.findings);
    let mut found = check(
        11,
        "no_formulas",
        verdict(formulas.count == 0 && hidden.is_empty()),
        match (formulas.count, hidden.len()) {
            (0, 0) => {
                "Nothing is hidden or computed, and no value would be run as a formula by a spreadsheet.".to_owned()
            }
            (0, _) => format!("The workbook is not a plain list: {}.", hidden.join("; ")),
            (count, 0) => format!(
                "{count} values would be run as formulas by a spreadsheet; they are kept as text."
            ),
            (count, _) => format!(
                "The workbook is not a plain list: {}. {count} values would be run as formulas by a spreadsheet; they are kept as text.",
                hidden.join("; ")
            ),
        },
    );
    found.examples.clone_from(&formulas.examples);
    found
}

fn source_hash(facts: &Facts<'_>) -> Check {
    let (number, id) = (12, "hash_matches_connector");
    match (&facts.declared.source_sha256, facts.sources) {
        (Some(expected), [found]) => check(
            number,
            id,
            verdict(expected.eq_ignore_ascii_case(found)),
            format!("The file's SHA-256 is {found}; the connector's is {}.", excerpt(expected, 64)),
        ),
        _ => by_hand(number, id, "Enter the SHA-256 that the connector gave for the file."),
    }
}

/// Refuses to freeze an event population whose period is still running: a list of "all occurrences"
/// is not complete before the last of them can have happened.
///
/// # Errors
/// A plain sentence.
pub(crate) fn period_closed(
    schema: &Schema,
    span: Option<Span>,
    zone: &TimeZone,
    now: Timestamp,
) -> std::result::Result<(), String> {
    let (Kind::Events, Some(span)) = (schema.kind, span) else { return Ok(()) };
    let (_, after) = span.instants_us(zone)?;
    if now.as_microsecond() < after {
        return Err(format!(
            "The population \"{}\" cannot be frozen yet: its period runs to the end of {} in {}, and it is now {now}. Freeze it after that, or give a span that has closed and freeze the rest later.",
            schema.name, span.to, schema.zone_name
        ));
    }
    Ok(())
}

/// Refuses a configuration capture that was made after the period: what stands then says nothing of how
/// it stood within.
///
/// # Errors
/// A plain sentence with the date.
pub(crate) fn captured_within(
    schema: &Schema,
    span: Option<Span>,
    dates: impl Iterator<Item = Date>,
    declared: &Declared,
    now: Timestamp,
) -> std::result::Result<(), String> {
    let (Kind::Capture, Some(span)) = (schema.kind, span) else { return Ok(()) };
    let said = schema.speaks_for.as_ref().and_then(|speaks_for| speaks_for.date);
    let made = declared.generated_at.unwrap_or(now);
    let captured = dates.max().or(said).unwrap_or_else(|| schema.zone.to_datetime(made).date());
    if captured > span.to {
        return Err(format!(
            "The capture \"{}\" is of {captured}, after the period ended on {}: it does not show how things stood within the period. Capture within it, or give the date that the capture speaks for.",
            schema.name, span.to
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle of section 3.7.
    #[test]
    fn reconciliation_fails_by_one() {
        let counts = Reconciliation { opening: 120, additions: 34, removals: 21, returns: 1 };
        assert_eq!(counts.difference(134), (134, 0));
        assert_eq!(counts.difference(133), (134, -1));
    }

    #[test]
    fn gaps_and_repetitions_are_counted_per_prefix() {
        let numbers = BTreeMap::from([
            ("CHG-".to_owned(), vec![1, 2, 4, 9]),
            ("INC-".to_owned(), vec![7, 7]),
        ]);
        let found = gaps(&numbers);
        assert_eq!((found.missing, found.repeated), (5, 1));
        assert_eq!(
            found.examples,
            ["CHG-3 is missing", "CHG-5 to CHG-8 are missing", "INC-7 is used more than once"]
        );
    }
}
