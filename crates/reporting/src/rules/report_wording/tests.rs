//! Section I and the assertion in every combination of type, conclusions and complementary controls.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::*;
use crate::report_document::{Conclusion, MatterNature, Sample, sample};

fn texts(report: &AuditorsReport, element: Element) -> String {
    report
        .parts
        .iter()
        .filter(|part| part.element == element)
        .flat_map(|part| &part.blocks)
        .flat_map(Block::prose)
        .map(|prose| format!("{}\n", prose.plain()))
        .collect()
}

fn opinion(conclusions: [Conclusion; 3]) -> (Option<String>, String) {
    let report = sample::with_opinion(conclusions).auditors_report;
    let heading =
        report.parts.iter().find(|p| p.element == Element::Opinion).unwrap().heading.clone();
    (heading, texts(&report, Element::Opinion))
}

#[test]
fn the_unmodified_opinion_of_a_type_2_report() {
    let report = sample::type_2().auditors_report;
    assert_eq!(
        texts(&report, Element::Opinion),
        "In our opinion,\n\
         the description presents, in all material respects, the Larkfield Payroll system as it was designed and in \
         place throughout the period July 1, 2025 to June 30, 2026, according to the description criteria;\n\
         the controls stated in the description were, in all material respects, suitably designed throughout the period \
         July 1, 2025 to June 30, 2026 to give reasonable assurance that Larkfield would meet its principal service \
         commitments and system requirements, measured by the applicable criteria, provided they worked as described \
         and user entities and the subservice organizations applied the complementary controls that the design of \
         Larkfield’s controls assumes; and\n\
         the controls stated in the description operated effectively, in all material respects, throughout the period \
         July 1, 2025 to June 30, 2026 to give reasonable assurance that Larkfield met its principal service \
         commitments and system requirements, measured by the applicable criteria, provided user entities and the \
         subservice organizations applied the complementary controls that the design of Larkfield’s controls assumes.\n"
    );
}

#[test]
fn each_kind_of_opinion_has_its_heading_and_words() {
    use Conclusion::{Adverse, Disclaimer, Qualified, Unmodified};
    let (heading, text) = opinion([Unmodified, Unmodified, Qualified]);
    assert_eq!(heading.as_deref(), Some("Qualified opinion"));
    assert_eq!(text.matches("except for the effects of the matter described under “Basis for qualified opinion” (Removal of access)").count(), 1);
    let (heading, text) = opinion([Unmodified, Adverse, Adverse]);
    assert_eq!(heading.as_deref(), Some("Adverse opinion"));
    assert!(
        text.contains("were not suitably designed") && text.contains("did not operate effectively"),
        "{text}"
    );
    assert!(text.contains("the description presents, in all material respects"), "{text}");
    let (heading, text) = opinion([Disclaimer, Disclaimer, Disclaimer]);
    assert_eq!(heading.as_deref(), Some("Disclaimer of opinion"));
    assert!(text.contains("We do not give an opinion on the description of the Larkfield Payroll system, the suitability"), "{text}");
    assert!(!text.contains("In our opinion"), "{text}");
    let (_, text) = opinion([Unmodified, Unmodified, Disclaimer]);
    assert!(text.contains("On the rest, in our opinion,"), "{text}");
}

#[test]
fn a_disclaimer_says_what_the_auditor_was_engaged_to_do() {
    use Conclusion::{Disclaimer, Qualified, Unmodified};
    let scope =
        |conclusions| texts(&sample::with_opinion(conclusions).auditors_report, Element::Scope);
    let given = scope([Unmodified, Unmodified, Qualified]);
    assert!(given.starts_with("We have examined the description"), "{given}");
    let disclaimed = scope([Disclaimer, Disclaimer, Disclaimer]);
    assert!(disclaimed.starts_with("We were engaged to examine the description"), "{disclaimed}");
    assert!(!disclaimed.contains("have examined"), "{disclaimed}");
}

#[test]
fn a_scope_limitation_that_is_not_pervasive_speaks_of_possible_effects() {
    let mut report = sample::with_opinion([
        Conclusion::Unmodified,
        Conclusion::Unmodified,
        Conclusion::Qualified,
    ]);
    let concluded = &mut report.auditors_report.opinion;
    concluded.matters[0].nature = MatterNature::ScopeLimitation;
    let input = WordingInput {
        facts: &report.facts,
        description: &report.description,
        other_information: false,
        opinion: concluded,
        signature: None,
    };
    let worded = auditors_report(&input, &FirmWording::default());
    assert!(
        texts(&worded, Element::Opinion).contains("except for the possible effects of the matter")
    );
    assert!(texts(&worded, Element::OtherInformation).is_empty());
}

#[test]
fn complementary_controls_enter_the_words_one_by_one() {
    for (cuecs, csocs, expected, absent) in [
        (true, true, "user entities and the subservice organizations applied", "—"),
        (true, false, "user entities applied", "subservice organizations applied"),
        (false, true, "the subservice organizations applied", "user entities applied"),
        (false, false, "provided they worked as described", "applied the complementary controls"),
    ] {
        let mut report = sample::type_2();
        if !cuecs {
            report.description.cuecs.clear();
        }
        if !csocs {
            report.description.subservices.clear();
        }
        let input = WordingInput {
            facts: &report.facts,
            description: &report.description,
            other_information: true,
            opinion: &report.auditors_report.opinion,
            signature: None,
        };
        let worded = auditors_report(&input, &FirmWording::default());
        let text = texts(&worded, Element::Opinion);
        assert!(text.contains(expected) && !text.contains(absent), "{expected}: {text}");
        assert_eq!(texts(&worded, Element::UserEntityControls).is_empty(), !cuecs);
        assert_eq!(texts(&worded, Element::SubserviceControls).is_empty(), !csocs);
        let knowledge = texts(&worded, Element::RestrictedUse);
        assert_eq!(
            knowledge.contains("the complementary controls assumed"),
            cuecs || csocs,
            "{knowledge}"
        );
    }
}

#[test]
fn type_1_speaks_of_a_date_in_the_chosen_spelling_and_of_no_operation() {
    let report = sample::type_1();
    let all: String = report
        .auditors_report
        .parts
        .iter()
        .flat_map(|part| &part.blocks)
        .chain(&report.assertion.blocks)
        .flat_map(Block::prose)
        .map(|prose| format!("{}\n", prose.plain()))
        .collect();
    assert!(
        all.contains("as of 30 June 2026") && all.contains("subservice organisations"),
        "{all}"
    );
    for absent in
        ["throughout", "organization", "operated effectively to give", "Section V", "Section IV"]
    {
        assert!(!all.contains(absent), "{absent}: {all}");
    }
    assert!(all.contains("we give no opinion on that"));
}

#[test]
fn a_firm_puts_its_own_words_in_place_of_ours() {
    let report = sample::type_2();
    let own = FirmWording(BTreeMap::from([
        (
            Element::RestrictedUse,
            vec![Block::text("Only for {organization} and users of {system} {when}.")],
        ),
        (Element::Subservice, vec![Block::text("Our own words on providers.")]),
    ]));
    let input = WordingInput {
        facts: &report.facts,
        description: &report.description,
        other_information: true,
        opinion: &report.auditors_report.opinion,
        signature: None,
    };
    let worded = auditors_report(&input, &own);
    assert_eq!(
        texts(&worded, Element::RestrictedUse),
        "Only for Larkfield Payroll, Inc. and users of Larkfield Payroll throughout the period July 1, 2025 to June 30, 2026.\n"
    );
    assert_eq!(texts(&worded, Element::Subservice), "Our own words on providers.\n");
    assert_eq!(worded.parts.len(), report.auditors_report.parts.len() - 1);
}

#[test]
fn management_asserts_no_more_than_the_opinion_allows() {
    use Conclusion::{Adverse, Qualified, Unmodified};
    let words = |conclusions| {
        let report = sample::with_opinion(conclusions);
        assertion(&report.facts, &report.description, &report.auditors_report.opinion)
    };
    let qualified = words([Unmodified, Unmodified, Qualified]).unwrap();
    let text: String = qualified.blocks.iter().flat_map(Block::prose).map(Prose::plain).collect();
    assert_eq!(
        text.matches(
            "except for the matter that the service auditor’s report describes (Removal of access)"
        )
        .count(),
        1
    );
    assert!(words([Unmodified, Unmodified, Adverse]).is_none());
    assert!(qualified.signers.is_empty() && qualified.date.is_none());
}

#[test]
fn procedures_and_results_state_their_figures() {
    let sample = Sample { items: 25, population: 412 };
    let text = procedure(
        "Inspected",
        "tickets",
        sample,
        "grants",
        Selection::Random,
        "each was approved",
        (1, 2),
    );
    assert_eq!(
        text.plain(),
        "Inspected tickets for a sample of 25 of 412 grants, selected at random, to determine whether each was approved."
    );
    assert_eq!(text.traces().collect::<Vec<_>>(), [1, 2]);
    let all = Sample { items: 34, population: 34 };
    let text =
        procedure("Compared", "dates", all, "leavers", Selection::Census, "access ended", (3, 3));
    assert_eq!(
        text.plain(),
        "Compared dates for all 34 leavers to determine whether access ended."
    );
    let text =
        exception(1, sample, "grants", "the approval was late", "It came a day later.", (4, 1));
    assert_eq!(
        text.plain(),
        "Exception noted: for 1 of 25 grants tested, the approval was late. It came a day later."
    );
}

#[test]
fn dates_are_written_as_each_side_of_the_ocean_does() {
    let day = date(2026, 6, 3);
    assert_eq!(crate::report_document::Spelling::American.date(day), "June 3, 2026");
    assert_eq!(crate::report_document::Spelling::British.date(day), "3 June 2026");
}
