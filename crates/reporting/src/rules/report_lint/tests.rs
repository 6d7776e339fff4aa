//! A sound report gives nothing to mend; each fault, made on purpose, is found by its rule and no other.

use std::collections::BTreeSet;

use jiff::civil::date;

use super::*;
use crate::report_document::*;

fn rules(report: &ReportData) -> BTreeSet<Rule> {
    lint(report, &Context::default())
        .into_iter()
        .filter(|finding| finding.weight == Weight::Mend)
        .map(|finding| finding.rule)
        .collect()
}

fn considered(report: &ReportData) -> BTreeSet<Rule> {
    lint(report, &Context::default())
        .into_iter()
        .filter(|finding| finding.weight == Weight::Consider)
        .map(|finding| finding.rule)
        .collect()
}

/// Breaks a sound Type 2 report and expects exactly these rules.
#[track_caller]
fn breaks(expected: &[Rule], fault: impl FnOnce(&mut ReportData)) {
    let mut report = sample::type_2();
    fault(&mut report);
    let expected: BTreeSet<Rule> = expected.iter().copied().collect();
    assert_eq!(rules(&report), expected, "{:#?}", lint(&report, &Context::default()));
}

fn part(report: &mut ReportData, element: Element) -> &mut ReportPart {
    report.auditors_report.parts.iter_mut().find(|part| part.element == element).unwrap()
}

fn without(report: &mut ReportData, element: Element) {
    report.auditors_report.parts.retain(|part| part.element != element);
}

fn control<'a>(report: &'a mut ReportData, id: &str) -> &'a mut ControlEntry {
    report
        .testing
        .groups
        .iter_mut()
        .flat_map(|group| &mut group.controls)
        .find(|control| control.id == id)
        .unwrap()
}

#[test]
fn sound_reports_of_every_kind_have_nothing_to_mend() {
    use Conclusion::{Adverse, Disclaimer, Qualified, Unmodified};
    let mut reports = vec![sample::type_2(), sample::type_1()];
    for conclusions in [
        [Unmodified, Unmodified, Qualified],
        [Qualified, Qualified, Qualified],
        [Unmodified, Qualified, Adverse],
        [Unmodified, Adverse, Adverse],
        [Qualified, Unmodified, Unmodified],
        [Unmodified, Unmodified, Disclaimer],
        [Disclaimer, Disclaimer, Disclaimer],
    ] {
        reports.push(sample::with_opinion(conclusions));
    }
    for report in &reports {
        let findings = lint(report, &Context::default());
        assert!(
            can_be_issued(&findings),
            "{:?}: {findings:#?}",
            report.auditors_report.opinion.prongs
        );
    }
    assert_eq!(considered(&reports[0]), BTreeSet::new());
}

#[test]
fn names_and_dates_agree() {
    breaks(&[Rule::NamesAgree], |r| r.facts.system.name = "Larkfield Pay".into());
    breaks(&[Rule::NamesAgree], |r| r.facts.firm.name = "Hale and Brook LLP".into());
    breaks(&[Rule::DatesAgree, Rule::NamesAgree], |r| {
        r.facts.kind = ReportKind::Type2 { from: date(2025, 7, 1), to: date(2026, 5, 31) };
    });
    breaks(&[Rule::DatesAgree], |r| {
        let scope = part(r, Element::Scope);
        scope.blocks.push(Block::text("We visited the office on March 3, 2024."));
    });
    breaks(&[Rule::DatesAgree], |r| {
        r.auditors_report.signature.as_mut().unwrap().date = date(2026, 8, 22);
    });
    breaks(&[Rule::DatesAgree], |r| {
        let Incidents::Disclosed(incidents) = &mut r.description.incidents else { panic!() };
        incidents[0].ended = Some(date(2025, 11, 27));
    });
}

#[test]
fn the_report_date_comes_after_what_it_speaks_for() {
    breaks(&[Rule::ReportDate, Rule::DatesAgree], |r| {
        r.facts.report_date = Some(date(2026, 6, 30))
    });
    breaks(&[Rule::ReportDate], |r| r.assertion.date = Some(date(2026, 8, 22)));
    breaks(&[Rule::ReportDate, Rule::DatesAgree], |r| r.facts.report_date = None);
    let mut type_1 = sample::type_1();
    type_1.facts.report_date = Some(date(2026, 6, 30));
    type_1.auditors_report.signature.as_mut().unwrap().date = date(2026, 6, 30);
    type_1.assertion.date = Some(date(2026, 6, 30));
    assert_eq!(rules(&type_1), BTreeSet::new(), "a Type 1 report may bear its own date");
}

#[test]
fn an_issued_report_is_signed_and_a_draft_is_not() {
    breaks(&[Rule::Signed], |r| r.auditors_report.signature = None);
    breaks(&[Rule::Signed], |r| r.assertion.signers.clear());
    breaks(&[Rule::Signed], |r| r.facts.status = ReportStatus::Draft);
}

#[test]
fn every_element_stands_where_it_is_needed() {
    for element in [
        Element::Scope,
        Element::Subservice,
        Element::UserEntityControls,
        Element::SubserviceControls,
        Element::OtherInformation,
        Element::OrganizationResponsibilities,
        Element::AuditorResponsibilities,
        Element::InherentLimitations,
        Element::TestsOfControls,
        Element::RestrictedUse,
    ] {
        let mut report = sample::type_2();
        without(&mut report, element);
        assert!(rules(&report).contains(&Rule::Elements), "{element:?}");
    }
    breaks(&[Rule::Elements], |r| without(r, Element::Opinion));
    breaks(&[Rule::Elements], |r| r.auditors_report.title = "Service auditor’s report".into());
    breaks(&[Rule::Elements], |r| r.other_information = None);
    let mut qualified = sample::with_opinion([
        Conclusion::Unmodified,
        Conclusion::Unmodified,
        Conclusion::Qualified,
    ]);
    let at = qualified
        .auditors_report
        .parts
        .iter()
        .position(|p| p.element == Element::BasisForModification)
        .unwrap();
    qualified.auditors_report.parts.swap(at, at + 1);
    assert_eq!(rules(&qualified), BTreeSet::from([Rule::Elements]), "basis after opinion");
    without(&mut qualified, Element::BasisForModification);
    assert_eq!(rules(&qualified), BTreeSet::from([Rule::Elements]), "no basis");
    breaks(&[Rule::Blank], |r| {
        part(r, Element::InherentLimitations).blocks = vec![Block::text(" ")]
    });
}

#[test]
fn each_type_speaks_of_its_own_time() {
    let mut type_1 = sample::type_1();
    part(&mut type_1, Element::InherentLimitations)
        .blocks
        .push(Block::text("Controls operated throughout the period."));
    assert_eq!(rules(&type_1), BTreeSet::from([Rule::TimeWording]));
    breaks(&[Rule::TimeWording], |r| {
        part(r, Element::Opinion).blocks.push(Block::text("This is so as of today."));
    });
    // A Type 2 text under the flag of Type 1 is wrong in every way.
    let mut mixed = sample::type_2();
    mixed.facts.kind = ReportKind::Type1 { on: date(2026, 6, 30) };
    let found = rules(&mixed);
    for rule in [Rule::Tests, Rule::DescriptionCriteria, Rule::OpinionForm, Rule::TimeWording] {
        assert!(found.contains(&rule), "{rule:?}: {found:?}");
    }
}

#[test]
fn the_opinion_says_what_was_concluded() {
    use Conclusion::{Qualified, Unmodified};
    let qualified = || sample::with_opinion([Unmodified, Unmodified, Qualified]);
    let with = |fault: fn(&mut ReportData)| {
        let mut report = qualified();
        fault(&mut report);
        rules(&report)
    };
    let only = BTreeSet::from([Rule::OpinionForm]);
    assert!(with(|r| r.auditors_report.opinion.prongs.truncate(2)).contains(&Rule::OpinionForm));
    assert!(with(|r| r.auditors_report.opinion.matters.clear()).contains(&Rule::OpinionForm));
    assert_eq!(with(|r| r.auditors_report.opinion.matters[0].prongs.push(Prong::Design)), only);
    assert_eq!(with(|r| r.assertion.blocks = sample::type_2().assertion.blocks), only);
    assert_eq!(
        with(|r| {
            let sound = sample::type_2();
            let opinion =
                sound.auditors_report.parts.iter().find(|p| p.element == Element::Opinion);
            part(r, Element::Opinion).blocks = opinion.unwrap().blocks.clone();
        }),
        only,
        "an unmodified text under a qualified opinion"
    );
    assert_eq!(
        with(|r| r.auditors_report.opinion.matters[0].criteria = vec!["PI1.1".parse().unwrap()]),
        only
    );
    let design_only = sample::with_opinion([Unmodified, Qualified, Unmodified]);
    assert_eq!(rules(&design_only), only, "what is not designed well cannot operate well");
}

#[test]
fn complementary_controls_are_worded_if_and_only_if_they_exist() {
    breaks(&[Rule::Elements, Rule::ComplementaryControls, Rule::Mapping], |r| {
        r.description.cuecs.clear()
    });
    breaks(&[Rule::ComplementaryControls, Rule::NamesAgree], |r| {
        part(r, Element::Opinion).blocks =
            vec![Block::text("In our opinion, in all material respects, all is well.")];
    });
    breaks(&[Rule::ComplementaryControls, Rule::Mapping], |r| {
        r.description.cuecs[1].criteria.clear()
    });
}

#[test]
fn subservice_organisations_are_the_same_in_both_sections() {
    breaks(&[Rule::Subservices], |r| r.description.subservices[0].name = "Southcloud, Inc.".into());
    breaks(&[Rule::Subservices], |r| {
        r.description.subservices[1].method = SubserviceMethod::Inclusive
    });
    breaks(&[Rule::Subservices, Rule::Mapping], |r| r.description.subservices[1].csocs.clear());
    breaks(&[Rule::Mapping], |r| {
        r.description.subservices[0].csocs[0].monitored_by = Some("VEN-99".into());
    });
}

#[test]
fn criteria_are_those_of_the_categories_and_every_link_has_two_ends() {
    breaks(&[Rule::CriteriaInScope, Rule::Mapping], |r| {
        r.testing.series.retain(|series| series.id != "A1");
    });
    breaks(&[Rule::CriteriaInScope], |r| {
        r.description.not_relevant = vec![NotRelevant {
            criterion: "CC6.4".parse().unwrap(),
            reason: Prose::from("No office."),
        }];
    });
    breaks(&[Rule::Mapping], |r| r.testing.series[0].criteria[0].controls.clear());
    breaks(&[Rule::Mapping], |r| r.testing.series[0].criteria[0].controls.push("XYZ-99".into()));
    breaks(&[Rule::Mapping], |r| control(r, "CHG-06").criteria.push("CC1.2".parse().unwrap()));
    breaks(&[Rule::DuplicateId, Rule::Mapping], |r| control(r, "CHG-06").id = "CHG-01".into());
}

#[test]
fn tests_and_results_are_complete() {
    breaks(&[Rule::Tests], |r| control(r, "CHG-06").tests.clear());
    breaks(&[Rule::Results, Rule::Blank], |r| {
        control(r, "CHG-06").tests[0].result.text = Prose::from("");
    });
    breaks(&[Rule::Results], |r| {
        control(r, "CHG-06").tests[0].result.text = Prose::from("Fine.");
    });
    breaks(&[Rule::Results, Rule::Samples, Rule::Deviations], |r| {
        control(r, "CHG-06").tests[0].result.outcome = Outcome::Exception;
    });
    breaks(&[Rule::Results], |r| {
        control(r, "CHG-06").tests[0].result.outcome = Outcome::NotTested;
    });
    breaks(&[Rule::InquiryAlone], |r| {
        let test = &mut control(r, "AVL-07").tests[0];
        test.procedure =
            Prose::from("Inquired of the operations manager whether the plans were approved.");
    });
    breaks(&[Rule::Samples], |r| {
        control(r, "CHG-06").tests[0].sample = Some(Sample { items: 8, population: 7 });
    });
    breaks(&[Rule::Samples], |r| {
        control(r, "IAM-04").tests[0].sample = Some(Sample { items: 24, population: 412 });
    });
}

/// Whatever of the deviations is released, and however often each is printed: the report stands exactly
/// where each released one is printed once and nothing else is.
#[test]
fn invariant_08_every_released_exception_is_in_section_iv_once_and_no_other() {
    let sound = sample::type_2();
    let printed = sound.deviations_released.clone();
    assert!((2..10).contains(&printed.len()), "enough to choose from");
    for choice in 0..1_usize << printed.len() {
        let chosen = |place: usize| choice & (1 << place) != 0;
        let mut some = sound.clone();
        some.deviations_released.retain(|id| chosen(printed.iter().position(|p| p == id).unwrap()));
        let all = choice + 1 == 1 << printed.len();
        assert_eq!(rules(&some).contains(&Rule::Deviations), !all, "released: {choice:b}");
        // The same choice, taken out of Section IV and then printed twice there.
        for copies in [0, 2] {
            let mut other = sound.clone();
            for test in other
                .testing
                .groups
                .iter_mut()
                .flat_map(|g| &mut g.controls)
                .flat_map(|c| &mut c.tests)
            {
                let ids = std::mem::take(&mut test.result.deviations);
                for id in ids {
                    let whole = chosen(printed.iter().position(|p| *p == id).unwrap());
                    let times = if whole { 1 } else { copies };
                    test.result.deviations.extend(std::iter::repeat_n(id, times));
                }
            }
            assert_eq!(rules(&other).contains(&Rule::Deviations), !all, "{choice:b} × {copies}");
        }
    }
}

/// A test put to any control of a Type 1 report, with any result, is found.
#[test]
fn invariant_18_a_type_1_report_has_no_result_of_operation() {
    let (sound, with_tests) = (sample::type_1(), sample::type_2());
    assert!(sound.testing.controls().all(|control| control.tests.is_empty()));
    let tests: Vec<_> = with_tests.testing.controls().flat_map(|c| c.tests.clone()).collect();
    let controls: Vec<String> = sound.testing.controls().map(|c| c.id.clone()).collect();
    for (n, id) in controls.iter().enumerate() {
        let mut report = sound.clone();
        control(&mut report, id).tests.push(tests[n % tests.len()].clone());
        assert!(rules(&report).contains(&Rule::Tests), "{id}");
    }
}

#[test]
fn released_deviations_are_disclosed_once_each() {
    breaks(&[Rule::Deviations], |r| r.deviations_released.push("DEV-0009".into()));
    breaks(&[Rule::Deviations], |r| {
        r.deviations_released.pop();
    });
    breaks(&[Rule::Deviations], |r| {
        control(r, "IAM-07").tests[0].result.deviations.push("DEV-0001".into());
    });
    breaks(&[Rule::Responses], |r| {
        r.other_information.as_mut().unwrap().responses[0].control = "ZZZ-01".into();
    });
    let mut silent = sample::type_2();
    silent.other_information.as_mut().unwrap().responses.clear();
    assert_eq!(considered(&silent), BTreeSet::from([Rule::Responses]));
}

#[test]
fn the_description_addresses_its_criteria_in_measurable_words() {
    breaks(&[Rule::DescriptionCriteria], |r| r.description.services.clear());
    breaks(&[Rule::DescriptionCriteria], |r| {
        r.description
            .commitments
            .retain(|c| c.category != scope::catalogue::Category::Availability);
    });
    breaks(&[Rule::DescriptionCriteria], |r| {
        r.description.components.retain(|c| c.kind != ComponentKind::Data);
    });
    breaks(&[Rule::DescriptionCriteria], |r| r.description.changes = None);
    breaks(&[Rule::Frequency], |r| {
        let review =
            r.description.components.iter_mut().find(|c| c.name == "Access review").unwrap();
        review.frequency = Some(scope::catalogue::Frequency::Annual);
    });
    let mut proud = sample::type_2();
    proud
        .description
        .overview
        .push(Block::text("Our world-class platform will soon be everywhere."));
    proud
        .description
        .overview
        .push(Block::text("By IAM-07 system owners review accounts every month."));
    assert_eq!(considered(&proud), BTreeSet::from([Rule::DescriptionWording, Rule::Frequency]));
}

#[test]
fn every_mark_has_its_trace() {
    breaks(&[Rule::Traces], |r| {
        r.traces.pop();
    });
    breaks(&[Rule::Traces], |r| r.traces[0].figure = "1,147".into());
    breaks(&[Rule::Traces], |r| r.traces[0].sha256 = "ABC".into());
    breaks(&[Rule::Traces], |r| r.traces.swap(0, 1));
}

#[test]
fn placeholders_and_other_clients_are_found() {
    for text in [
        "As of [date] we",
        "Owner: TBD",
        "Lorem ipsum dolor",
        "{organization} is",
        "See <name here>.",
        "XX %",
    ] {
        breaks(&[Rule::Placeholder], |r| r.description.boundary.push(Block::text(text)));
    }
    breaks(&[], |r| {
        r.description.boundary.push(Block::text("Response below < 5 s and above > 1 s."))
    });
    let report = sample::type_2();
    let context = Context { other_clients: &["Northcloud"], ..Context::default() };
    let found = lint(&report, &context);
    assert!(found.iter().any(|f| f.rule == Rule::OtherClient), "{found:#?}");
}

#[test]
fn copied_passages_are_measured() {
    let report = sample::type_2();
    let own: String =
        report.testing.controls().map(|c| format!("{} ", c.statement.plain())).collect();
    let (same, different) =
        (shingles(&own), shingles("an entirely different report with words of its own and more"));
    let others = [("RPT-1", &same), ("RPT-2", &different)];
    let context = Context { other_reports: &others, copied_thousandths: 100, ..Context::default() };
    let found: Vec<_> =
        lint(&report, &context).into_iter().filter(|f| f.rule == Rule::CopiedText).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("RPT-1"), "{}", found[0].message);
    assert_eq!(shingles("one two three"), BTreeSet::new());
    assert_eq!(shingles("A b c d e f g h.").len(), 1);
    assert_eq!(shingles("a, B c D e f G h"), shingles("A b c d e f g h."));
}

#[test]
fn findings_say_where_and_come_gravest_first() {
    let mut report = sample::type_2();
    report.description.overview.push(Block::text("We will."));
    report.description.boundary.push(Block::text("[to come]"));
    let findings = lint(&report, &Context::default());
    assert_eq!(findings[0].weight, Weight::Mend);
    assert_eq!(
        findings[0].to_string(),
        "“[to come]” is a placeholder; replace it (/description/boundary/2/paragraph)"
    );
    assert_eq!(findings.last().unwrap().weight, Weight::Consider);
    assert!(!can_be_issued(&findings));
}
