//! Section IV: criteria, controls, tests, results, deviations and responses.

use std::collections::{BTreeMap, BTreeSet};

use scope::catalogue::CriterionId;

use super::{Remarks, Rule};
use crate::report_document::{ControlEntry, Outcome, ReportData, TestEntry, count};

pub(super) fn check(report: &ReportData, remarks: &mut Remarks) {
    criteria_in_scope(report, remarks);
    mapping(report, remarks);
    duplicate_ids(report, remarks);
    for (g, group) in report.testing.groups.iter().enumerate() {
        for (n, control) in group.controls.iter().enumerate() {
            let place = format!("/testing/groups/{g}/controls/{n}");
            tests_of(report, control, &place, remarks);
        }
    }
    deviations(report, remarks);
    responses(report, remarks);
}

/// Every criterion of the categories stands in Section IV or, with a reason, under DC8; no other does.
fn criteria_in_scope(report: &ReportData, remarks: &mut Remarks) {
    let expected: BTreeSet<CriterionId> = report.facts.categories.criteria().collect();
    let listed: BTreeSet<CriterionId> = report.testing.criteria().map(|c| c.id).collect();
    let left_out: BTreeSet<CriterionId> =
        report.description.not_relevant.iter().map(|n| n.criterion).collect();
    for id in &expected {
        match (listed.contains(id), left_out.contains(id)) {
            (false, false) => remarks.mend(
                Rule::CriteriaInScope,
                "/testing/series",
                format!("{id} is in scope, and neither Section IV nor DC8 mentions it"),
            ),
            (true, true) => remarks.mend(
                Rule::CriteriaInScope,
                "/description/not_relevant",
                format!("{id} is said not to be relevant, and Section IV lists it"),
            ),
            _ => {}
        }
    }
    for id in listed.union(&left_out).filter(|id| !expected.contains(id)) {
        remarks.mend(
            Rule::CriteriaInScope,
            "/testing/series",
            format!("{id} belongs to {}, which is not in scope", id.category()),
        );
    }
}

/// What a criterion names must exist and name the criterion back.
fn mapping(report: &ReportData, remarks: &mut Remarks) {
    let controls: BTreeMap<&str, &ControlEntry> =
        report.testing.controls().map(|c| (c.id.as_str(), c)).collect();
    let cuecs: BTreeMap<&str, &[CriterionId]> =
        report.description.cuecs.iter().map(|c| (c.id.as_str(), c.criteria.as_slice())).collect();
    let csocs: BTreeMap<&str, &[CriterionId]> = report
        .description
        .subservices
        .iter()
        .flat_map(|s| &s.csocs)
        .map(|c| (c.id.as_str(), c.criteria.as_slice()))
        .collect();
    for criterion in report.testing.criteria() {
        let id = criterion.id;
        let place = "/testing/series";
        if criterion.controls.is_empty() && criterion.cuecs.is_empty() && criterion.csocs.is_empty()
        {
            remarks.mend(
                Rule::Mapping,
                place,
                format!("{id} has no control; map one or give a reason under DC8"),
            );
        } else if criterion.controls.is_empty() {
            remarks.consider(
                Rule::Mapping,
                place,
                format!("{id} rests on complementary controls alone; say how the organisation monitors them"),
            );
        }
        let named = criterion
            .controls
            .iter()
            .map(|name| (name, controls.get(name.as_str()).map(|c| c.criteria.as_slice())));
        let named = named
            .chain(criterion.cuecs.iter().map(|name| (name, cuecs.get(name.as_str()).copied())))
            .chain(criterion.csocs.iter().map(|name| (name, csocs.get(name.as_str()).copied())));
        for (name, back) in named {
            match back {
                None => remarks.mend(
                    Rule::Mapping,
                    place,
                    format!("{id} names {name}, which this report does not have"),
                ),
                Some(back) if !back.contains(&id) => {
                    remarks.mend(
                        Rule::Mapping,
                        place,
                        format!("{id} names {name}, and {name} does not name {id}"),
                    );
                }
                Some(_) => {}
            }
        }
    }
    mapping_back(report, remarks);
}

/// Every control serves a criterion that names it.
fn mapping_back(report: &ReportData, remarks: &mut Remarks) {
    let listed: BTreeMap<CriterionId, &[String]> =
        report.testing.criteria().map(|c| (c.id, c.controls.as_slice())).collect();
    for control in report.testing.controls() {
        if control.criteria.is_empty() {
            remarks.mend(
                Rule::Mapping,
                "/testing/groups",
                format!("{} serves no criterion", control.id),
            );
        }
        for id in &control.criteria {
            if !listed.get(id).is_some_and(|names| names.contains(&control.id)) {
                remarks.mend(
                    Rule::Mapping,
                    "/testing/groups",
                    format!("{} names {id}, and {id} does not name {}", control.id, control.id),
                );
            }
        }
    }
}

fn duplicate_ids(report: &ReportData, remarks: &mut Remarks) {
    let description = &report.description;
    let mut seen = BTreeSet::new();
    let ids = report
        .testing
        .controls()
        .map(|c| c.id.clone())
        .chain(report.testing.criteria().map(|c| c.id.to_string()))
        .chain(description.cuecs.iter().map(|c| c.id.clone()))
        .chain(description.subservices.iter().flat_map(|s| &s.csocs).map(|c| c.id.clone()))
        .chain(description.commitments.iter().map(|c| c.id.clone()))
        .chain(description.commitments.iter().flat_map(|c| &c.requirements).map(|r| r.id.clone()));
    for id in ids {
        if !seen.insert(id.clone()) {
            remarks.mend(
                Rule::DuplicateId,
                "/testing",
                format!("{id} stands twice; each id names one thing"),
            );
        }
    }
}

fn tests_of(report: &ReportData, control: &ControlEntry, place: &str, remarks: &mut Remarks) {
    let id = &control.id;
    if !report.facts.kind.is_type_2() {
        if !control.tests.is_empty() {
            remarks.mend(
                Rule::Tests,
                place,
                format!("{id} has a test, and a Type 1 report has none"),
            );
        }
        return;
    }
    if control.tests.is_empty() {
        remarks.mend(
            Rule::Tests,
            place,
            format!("{id} has no test; test it or take it out of the description"),
        );
    }
    for (n, test) in control.tests.iter().enumerate() {
        let place = format!("{place}/tests/{n}");
        result_of(id, test, &place, remarks);
        sample_of(id, test, &place, remarks);
    }
    let operated =
        |t: &TestEntry| matches!(t.result.outcome, Outcome::NoException | Outcome::Exception);
    if control.tests.iter().any(operated)
        && control.tests.iter().all(|t| is_inquiry(&t.procedure.plain()))
    {
        remarks.mend(
            Rule::InquiryAlone,
            place,
            format!(
                "{id} was tested by inquiry alone, which never supports a conclusion on operation"
            ),
        );
    }
}

/// Whether a procedure asked and did nothing else.
fn is_inquiry(procedure: &str) -> bool {
    const OTHER_KINDS: [&str; 8] = [
        "inspect",
        "observ",
        "reperform",
        "recalculat",
        "compar",
        "examin",
        "traced",
        "confirmed with",
    ];
    let procedure = procedure.to_lowercase();
    procedure.contains("inquir") && !OTHER_KINDS.iter().any(|kind| procedure.contains(kind))
}

fn result_of(id: &str, test: &TestEntry, place: &str, remarks: &mut Remarks) {
    let text = test.result.text.plain();
    let lower = text.to_lowercase();
    if text.trim().is_empty() {
        remarks.mend(
            Rule::Results,
            place,
            format!("{id} has a test without result; a result is never blank"),
        );
        return;
    }
    let says_exception = lower.contains("exception noted") || lower.contains("exceptions noted");
    let says_none = lower.contains("no exception");
    match test.result.outcome {
        Outcome::NoException if !says_none => remarks.mend(
            Rule::Results,
            place,
            format!(
                "{id}: the outcome is that there was no exception, and the result does not say so"
            ),
        ),
        Outcome::Exception if says_none || !says_exception => remarks.mend(
            Rule::Results,
            place,
            format!("{id}: the outcome is an exception, and the result does not say so"),
        ),
        Outcome::NotOperated | Outcome::NotTested if !lower.contains("not tested") => remarks.mend(
            Rule::Results,
            place,
            format!("{id}: the control was not tested, and the result does not say so and why"),
        ),
        _ => {}
    }
    let discloses = !test.result.deviations.is_empty();
    match (test.result.outcome == Outcome::Exception, discloses) {
        (true, false) => remarks.mend(
            Rule::Deviations,
            place,
            format!("{id}: the exception names no deviation record"),
        ),
        (false, true) => remarks.mend(
            Rule::Deviations,
            place,
            format!("{id}: deviations are recorded, and the outcome is not an exception"),
        ),
        _ => {}
    }
}

fn sample_of(id: &str, test: &TestEntry, place: &str, remarks: &mut Remarks) {
    let Some(sample) = test.sample else { return };
    if sample.items > sample.population || sample.items == 0 {
        remarks.mend(
            Rule::Samples,
            place,
            format!(
                "{id}: {} of {} items cannot have been tested",
                sample.items, sample.population
            ),
        );
    }
    let procedure = test.procedure.plain();
    let census = sample.items == sample.population;
    if !super::text::has_words(&procedure, &count(sample.population)) {
        remarks.mend(
            Rule::Samples,
            place,
            format!("{id}: the procedure does not state the population of {}", sample.population),
        );
    }
    if !census && !super::text::has_words(&procedure, &count(sample.items)) {
        remarks.mend(
            Rule::Samples,
            place,
            format!("{id}: the procedure does not state that {} items were tested", sample.items),
        );
    }
    if test.result.outcome == Outcome::Exception
        && !super::text::has_words(&test.result.text.plain(), &count(sample.items))
    {
        remarks.mend(
            Rule::Samples,
            place,
            format!("{id}: the exception does not say of how many items it was found"),
        );
    }
}

/// Every released deviation is printed once, and no other.
fn deviations(report: &ReportData, remarks: &mut Remarks) {
    let mut printed: BTreeMap<&str, usize> = BTreeMap::new();
    for control in report.testing.controls() {
        for deviation in control.tests.iter().flat_map(|t| &t.result.deviations) {
            *printed.entry(deviation).or_default() += 1;
        }
    }
    let mut released = BTreeSet::new();
    for deviation in &report.deviations_released {
        if !released.insert(deviation.as_str()) {
            remarks.mend(
                Rule::Deviations,
                "/deviations_released",
                format!("{deviation} is released twice"),
            );
        }
        match printed.get(deviation.as_str()) {
            None => remarks.mend(
                Rule::Deviations,
                "/deviations_released",
                format!(
                    "the deviation {deviation} is released, and Section IV does not disclose it"
                ),
            ),
            Some(1) => {}
            Some(times) => remarks.mend(
                Rule::Deviations,
                "/testing/groups",
                format!("the deviation {deviation} is disclosed {times} times; disclose it once"),
            ),
        }
    }
    for deviation in printed.keys().filter(|d| !released.contains(**d)) {
        remarks.mend(
            Rule::Deviations,
            "/testing/groups",
            format!("Section IV discloses {deviation}, which is no released deviation"),
        );
    }
}

fn responses(report: &ReportData, remarks: &mut Remarks) {
    let responses = report.other_information.as_ref().map_or(&[][..], |other| &other.responses);
    let mut answered = BTreeSet::new();
    for (n, response) in responses.iter().enumerate() {
        let place = format!("/other_information/responses/{n}");
        if !answered.insert(response.control.as_str()) {
            remarks.mend(
                Rule::Responses,
                &place,
                format!("{} has two responses; join them", response.control),
            );
        }
        let Some(control) = report.testing.controls().find(|c| c.id == response.control) else {
            remarks.mend(
                Rule::Responses,
                place,
                format!(
                    "a response is on {}, which is no control of this report",
                    response.control
                ),
            );
            continue;
        };
        let known: BTreeSet<&String> =
            control.tests.iter().flat_map(|t| &t.result.deviations).collect();
        for deviation in response.deviations.iter().filter(|d| !known.contains(d)) {
            remarks.mend(
                Rule::Responses,
                &place,
                format!(
                    "the response on {} answers {deviation}, which is not disclosed there",
                    control.id
                ),
            );
        }
    }
    for control in report.testing.controls() {
        let excepted = control.tests.iter().any(|t| t.result.outcome == Outcome::Exception);
        if excepted && !answered.contains(control.id.as_str()) {
            remarks.consider(
                Rule::Responses,
                "/other_information",
                format!("{} has an exception, and management has not responded", control.id),
            );
        }
    }
}
