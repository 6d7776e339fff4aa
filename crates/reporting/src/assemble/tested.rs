//! Sections IV and V: criteria, controls, tests, results, responses, and where each figure comes from.

use super::{Record, Traces, described, placed};
use crate::report_document::{
    ControlEntry, ControlGroup, CriterionEntry, CriterionSeries, Description, OtherInformation,
    Outcome, Prose, ReportFacts, Response, Run, Sample, TestEntry, TestResult, Testing, count,
};
use crate::rules::report_wording::testing_introduction;
use crate::store::LogPlace;
use controls::model::ControlId;
use examination::deviations::model::Answer;
use examination::model::DeviationId;
use examination::store::{ControlResult, Results, TestResult as Tested};
use jiff::civil::Date;
use kernel::ids::EventId;
use platform::db::{Conn, Result};
use scope::catalogue::{Catalogue, CriterionId, ReportType, Series};
use std::collections::{BTreeMap, BTreeSet};

/// Section IV, with the traces of its figures, and the deviations that it discloses.
pub(super) fn testing(
    conn: &mut Conn<'_>,
    record: &Record,
    results: &Results,
    facts: &ReportFacts,
    description: &Description,
    traces: &mut Traces,
) -> Result<(Testing, Vec<String>)> {
    let criteria = described::relevant(&record.papers.engagement, &record.sections);
    let mut released = Vec::new();
    let deviations: BTreeMap<EventId, String> =
        record.papers.deviations.iter().map(|d| (d.event, d.id.to_string())).collect();
    let mut groups: BTreeMap<String, Vec<ControlEntry>> = BTreeMap::new();
    for result in &results.controls {
        let Some(control) = record.papers.control(result.control) else { continue };
        let served: Vec<CriterionId> =
            result.criteria.iter().copied().filter(|c| criteria.contains(c)).collect();
        if served.is_empty() {
            continue;
        }
        let type_2 = record.papers.engagement.report_type == ReportType::Type2;
        let tests =
            if type_2 { tests(conn, result, (&deviations, facts), traces)? } else { Vec::new() };
        released.extend(tests.iter().flat_map(|t| t.result.deviations.iter().cloned()));
        groups.entry(prefix(&result.code)).or_default().push(ControlEntry {
            id: result.code.clone(),
            title: None,
            statement: result.statement.as_str().into(),
            criteria: served,
            frequency: control.text.frequency,
            operated_by: None,
            stretches: stretches(record, result.control, facts),
            tests,
        });
    }
    let groups: Vec<ControlGroup> =
        groups.into_iter().map(|(title, controls)| ControlGroup { title, controls }).collect();
    let testing = Testing {
        introduction: testing_introduction(facts, description),
        series: series(&criteria, &groups, description),
        groups,
    };
    Ok((testing, released))
}

/// The stretches of a control that changed in the period, each with its days and the tests that speak for it.
fn stretches(record: &Record, control: ControlId, facts: &ReportFacts) -> Vec<Prose> {
    let Some(stated) = record.papers.spans.get(&control) else { return Vec::new() };
    let tests: Vec<_> = record.papers.tests_of(control).map(|t| t.id).collect();
    let day = |date| facts.spelling.date(date);
    stated
        .spans
        .iter()
        .map(|span| {
            let numbers: Vec<String> = (1_usize..)
                .zip(&tests)
                .filter(|(_, id)| span.tests.contains(id))
                .map(|(n, _)| n.to_string())
                .collect();
            let tested = match numbers.as_slice() {
                [] => String::new(),
                [one] => format!(" Test {one}."),
                more => format!(" Tests {}.", more.join(", ")),
            };
            let (from, to) = (day(span.days.from), day(span.days.to));
            let what = span.what.trim().trim_end_matches('.');
            Prose::from(format!("{from} to {to}: {what}.{tested}"))
        })
        .collect()
}

/// Controls are grouped by the part of their code before the hyphen.
fn prefix(code: &str) -> String {
    let before = code.split('-').next().unwrap_or(code);
    format!("{before} controls")
}

fn series(
    criteria: &BTreeSet<CriterionId>,
    groups: &[ControlGroup],
    description: &Description,
) -> Vec<CriterionSeries> {
    let catalogue = Catalogue::built_in();
    Series::all()
        .filter_map(|series| {
            let entries: Vec<CriterionEntry> = criteria
                .iter()
                .filter(|c| c.series() == series)
                .map(|c| entry(*c, catalogue, groups, description))
                .collect();
            (!entries.is_empty()).then(|| CriterionSeries {
                id: series.label().to_owned(),
                title: catalogue.series_title(series).to_owned(),
                criteria: entries,
            })
        })
        .collect()
}

fn entry(
    id: CriterionId,
    catalogue: &Catalogue,
    groups: &[ControlGroup],
    description: &Description,
) -> CriterionEntry {
    let controls = groups.iter().flat_map(|g| &g.controls);
    let csocs = description.subservices.iter().flat_map(|s| &s.csocs);
    CriterionEntry {
        id,
        text: catalogue.criterion(id).paraphrase.clone(),
        controls: controls.filter(|c| c.criteria.contains(&id)).map(|c| c.id.clone()).collect(),
        cuecs: description
            .cuecs
            .iter()
            .filter(|c| c.criteria.contains(&id))
            .map(|c| c.id.clone())
            .collect(),
        csocs: csocs.filter(|c| c.criteria.contains(&id)).map(|c| c.id.clone()).collect(),
    }
}

fn tests(
    conn: &mut Conn<'_>,
    result: &ControlResult,
    (deviations, facts): (&BTreeMap<EventId, String>, &ReportFacts),
    traces: &mut Traces,
) -> Result<Vec<TestEntry>> {
    if let (true, Some(stated)) = (result.tests.is_empty(), &result.stated) {
        return Ok(vec![untested(&result.code, stated)]);
    }
    result.tests.iter().map(|t| test(conn, t, (deviations, facts), traces)).collect()
}

/// A control that is stated not to have operated, or could not be tested.
fn untested(code: &str, stated: &str) -> TestEntry {
    let outcome = outcome(stated);
    let procedure = if outcome == Outcome::NotOperated {
        "Inspected what shows whether the control had an occasion to operate in the period."
    } else {
        "Sought evidence by inspection; it could not be obtained."
    };
    TestEntry {
        procedure: procedure.into(),
        information: Vec::new(),
        sample: None,
        result: TestResult { outcome, text: stated.into(), deviations: Vec::new() },
        workpaper: code.to_owned(),
    }
}

fn outcome(result: &str) -> Outcome {
    if result.starts_with("No exceptions") {
        Outcome::NoException
    } else if result.starts_with("Exception noted") {
        Outcome::Exception
    } else if result.starts_with("Not tested: the event") {
        Outcome::NotOperated
    } else {
        Outcome::NotTested
    }
}

/// The log's places of a test's entries, by kind.
struct Places(Vec<(EventId, LogPlace)>);

impl Places {
    fn read(conn: &mut Conn<'_>, entries: &[EventId]) -> Result<Self> {
        let mut all = Vec::with_capacity(entries.len());
        for event in entries {
            all.push((*event, placed(conn, *event)?));
        }
        Ok(Self(all))
    }

    /// The first entry whose kind has one of these words, else the first of all.
    fn of(&self, words: &[&str]) -> Option<&(EventId, LogPlace)> {
        let has = |p: &&(EventId, LogPlace)| words.iter().any(|w| p.1.kind.contains(w));
        self.0.iter().find(has).or_else(|| self.0.first())
    }
}

fn test(
    conn: &mut Conn<'_>,
    test: &Tested,
    (deviations, facts): (&BTreeMap<EventId, String>, &ReportFacts),
    traces: &mut Traces,
) -> Result<TestEntry> {
    let places = Places::read(conn, &test.entries)?;
    let found = outcome(&test.result);
    let mut procedure = Prose::from(test.text.as_str());
    let mut text = Prose::from(spelled_days(&test.result, |day| facts.spelling.date(day)));
    let code = &test.code;
    if let (Some(n), Some((event, place))) = (test.n, places.of(&["sample", "census"])) {
        let figure = count(n);
        let what = format!("Items tested by {code}");
        let number = traces.add(&figure, what, &format!("{code}, {event}"), place);
        let marked = mark(&mut procedure, n, number);
        let again = found == Outcome::Exception && mark_after(&mut text, n, number, " of ");
        if !marked && !again {
            traces.all.pop();
        }
    }
    if let (Some(population), Some((event, place))) = (test.population, places.of(&["population"]))
        && test.n != test.population
    {
        let figure = count(population);
        let hash = test.population_sha256.as_deref().unwrap_or("none");
        let what = format!("Rows of the frozen population of {code}, population hash {hash}");
        let number = traces.add(&figure, what, &format!("{code}, {event}"), place);
        if !mark(&mut procedure, population, number) {
            traces.all.pop();
        }
    }
    if let (Outcome::Exception, Some((event, place))) = (found, places.of(&["deviation"])) {
        // Where only items that were named on purpose deviated, theirs is the figure.
        let deviating = if test.deviations == 0 { test.named_deviations } else { test.deviations };
        let figure = count(deviating);
        let number = traces.add(
            &figure,
            format!("Items that deviated in {code}"),
            &format!("{code}, {event}"),
            place,
        );
        if !mark(&mut text, deviating, number) {
            traces.all.pop();
        }
    }
    let sample = match (test.n, test.population) {
        (Some(items), Some(population)) if items > 0 => Some(Sample { items, population }),
        _ => None,
    };
    let named = test.exceptions.iter().filter_map(|e| deviations.get(&e.entry).cloned()).collect();
    Ok(TestEntry {
        procedure,
        information: test.information.iter().map(|line| line.as_str().into()).collect(),
        sample,
        result: TestResult { outcome: found, text, deviations: named },
        workpaper: code.clone(),
    })
}

/// Days that stand in parentheses, as the file keeps them (`(2026-03-31)`, `(2026-03-31 to 2026-04-02)`), as the
/// report writes days.
fn spelled_days(text: &str, spelled: impl Fn(Date) -> String) -> String {
    let days = |inside: &str| {
        let days: Option<Vec<Date>> = inside.split(" to ").map(|day| day.parse().ok()).collect();
        let days = days.filter(|days| days.len() <= 2)?;
        Some(days.into_iter().map(&spelled).collect::<Vec<_>>().join(" to "))
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        out.push_str(before);
        out.push('(');
        rest = after;
        if let Some((inside, behind)) = after.split_once(')')
            && let Some(written) = days(inside)
        {
            out.push_str(&written);
            out.push(')');
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

/// Puts a mark on the first plain occurrence of a count as a word of its own, and prints it as the report
/// prints counts.
fn mark(prose: &mut Prose, value: u64, trace: u32) -> bool {
    mark_after(prose, value, trace, "")
}

/// The same, directly after `before`.
fn mark_after(prose: &mut Prose, value: u64, trace: u32, before: &str) -> bool {
    let figure = value.to_string();
    let wanted = format!("{before}{figure}");
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
    for n in 0..prose.0.len() {
        let Run::Text(text) = &prose.0[n] else { continue };
        let found = text.match_indices(&wanted).find(|(at, _)| {
            let start = at + before.len();
            let after = text[start + figure.len()..].chars().next().filter(|c| c.is_alphanumeric());
            !joins(text[..start].chars().next_back()) && after.is_none()
        });
        let Some((at, _)) = found else { continue };
        let start = at + before.len();
        let (left, right) = (text[..start].to_owned(), text[start + figure.len()..].to_owned());
        let mut runs = Vec::with_capacity(3);
        if !left.is_empty() {
            runs.push(Run::Text(left));
        }
        runs.push(Run::Figure { figure: count(value), trace });
        if !right.is_empty() {
            runs.push(Run::Text(right));
        }
        prose.0.splice(n..=n, runs);
        return true;
    }
    false
}

/// Section V: what management said to each exception, by control. The section is management's own: what the
/// firm noted of a conversation, or of what was put right, is no statement and is not printed.
pub(super) fn responses(
    conn: &mut Conn<'_>,
    record: &Record,
    results: &Results,
) -> Result<Option<OtherInformation>> {
    let ids: BTreeMap<EventId, DeviationId> =
        record.papers.deviations.iter().map(|d| (d.event, d.id)).collect();
    let mut responses = Vec::new();
    for result in &results.controls {
        let Some(control) = record.papers.control(result.control) else { continue };
        let mut said = Vec::new();
        let mut answers = Vec::new();
        let mut due = None;
        for exception in result.tests.iter().flat_map(|t| &t.exceptions) {
            let Some(id) = ids.get(&exception.entry) else { continue };
            let Some(answer) = given(conn, record, *id)? else { continue };
            let parts = [answer.text.trim(), answer.correction.trim()];
            said.push(parts.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" "));
            answers.push(id.to_string());
            due = due.max(answer.corrected_on.and_then(|day| day.parse().ok()));
        }
        if !said.is_empty() {
            responses.push(Response {
                control: result.code.clone(),
                deviations: answers,
                text: said.join(" ").into(),
                owner: control.text.owner_role.clone(),
                due,
            });
        }
    }
    Ok((!responses.is_empty()).then(|| OtherInformation { responses, topics: Vec::new() }))
}

/// The last statement that management gave on a deviation.
fn given(conn: &mut Conn<'_>, record: &Record, id: DeviationId) -> Result<Option<Answer>> {
    let asked = examination::deviations::store::statements_about(conn, record.papers.file, id)?;
    Ok(asked.into_iter().find_map(|statement| statement.answer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report_document::Spelling;

    #[test]
    fn days_in_parentheses_are_written_as_the_report_writes_days() {
        let spelled = |text: &str| spelled_days(text, |day| Spelling::American.date(day));
        for (kept, written) in [
            (
                "It was late (2025-08-22 to 2025-08-24) (W-104).",
                "It was late (August 22, 2025 to August 24, 2025) (W-104).",
            ),
            ("Seen (2025-08-22).", "Seen (August 22, 2025)."),
            (
                "Ticket 2025-08-22 (see 2025-08-22 (again))",
                "Ticket 2025-08-22 (see 2025-08-22 (again))",
            ),
            ("((2025-08-22)", "((August 22, 2025)"),
            ("(2025-02-30 to 2025-03-01) (", "(2025-02-30 to 2025-03-01) ("),
        ] {
            assert_eq!(spelled(kept), written);
        }
    }

    #[test]
    fn a_figure_is_marked_once_and_only_where_it_stands_alone() {
        let mut prose = Prose::from("Inspected 125 logs for a sample of 25 of 1250 changes, R-25.");
        assert!(mark(&mut prose, 25, 1));
        assert!(mark(&mut prose, 1250, 2));
        assert!(!mark(&mut prose, 25, 3));
        assert_eq!(prose.plain(), "Inspected 125 logs for a sample of 25 of 1,250 changes, R-25.");
        assert_eq!(prose.traces().collect::<Vec<_>>(), [1, 2]);
        let mut prose = Prose::from("Exception noted: for 25 of 25 changes");
        assert!(mark_after(&mut prose, 25, 4, " of "));
        assert!(mark(&mut prose, 25, 5));
        assert_eq!(prose.traces().collect::<Vec<_>>(), [5, 4]);
    }
}
