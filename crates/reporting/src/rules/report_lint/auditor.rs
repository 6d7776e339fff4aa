//! Section I: its elements, the form of the opinion, complementary controls, subservice organisations.

use super::facts::{block_text, section_1_text};
use super::{Remarks, Rule};
use crate::report_document::{Conclusion, Element, Opinion, Prong, ReportData, SubserviceMethod};

const PARTS: &str = "/auditors_report/parts";

pub(super) fn check(report: &ReportData, remarks: &mut Remarks) {
    elements(report, remarks);
    time_wording(report, remarks);
    opinion_form(report, remarks);
    opinion_words(report, remarks);
    complementary(report, remarks);
    subservices(report, remarks);
}

/// Which elements this report needs.
fn needed(report: &ReportData) -> Vec<(Element, bool)> {
    let description = &report.description;
    let modified = report.auditors_report.opinion.headline() != Conclusion::Unmodified;
    vec![
        (Element::Scope, true),
        (Element::Subservice, !description.subservices.is_empty()),
        (Element::UserEntityControls, !description.cuecs.is_empty()),
        (Element::SubserviceControls, has_csocs(report)),
        (Element::OtherInformation, report.other_information.is_some()),
        (Element::OrganizationResponsibilities, true),
        (Element::AuditorResponsibilities, true),
        (Element::InherentLimitations, true),
        (Element::TestsOfControls, true),
        (Element::BasisForModification, modified),
        (Element::Opinion, true),
        (Element::RestrictedUse, true),
    ]
}

fn has_csocs(report: &ReportData) -> bool {
    let carved_out = |method| method == SubserviceMethod::CarveOut;
    report.description.subservices.iter().any(|s| carved_out(s.method) && !s.csocs.is_empty())
}

fn elements(report: &ReportData, remarks: &mut Remarks) {
    let ours = &report.auditors_report;
    if !ours.title.to_lowercase().contains("independent") {
        remarks.mend(
            Rule::Elements,
            "/auditors_report/title",
            "the title of the auditor’s report must contain the word “independent”",
        );
    }
    if ours.addressee.trim().is_empty() {
        remarks.mend(Rule::Elements, "/auditors_report/addressee", "the report has no addressee");
    }
    for (element, is_needed) in needed(report) {
        let present = ours.parts.iter().any(|part| part.element == element);
        let name = element_name(element);
        match (is_needed, present) {
            (true, false) => {
                remarks.mend(Rule::Elements, PARTS, format!("Section I lacks {name}; add it"))
            }
            (false, true) => remarks.mend(
                Rule::Elements,
                PARTS,
                format!(
                    "Section I has {name}, and nothing in this report calls for it; take it out"
                ),
            ),
            _ => {}
        }
    }
    let place = |element| ours.parts.iter().position(|part| part.element == element);
    if let (Some(basis), Some(opinion)) =
        (place(Element::BasisForModification), place(Element::Opinion))
        && basis > opinion
    {
        remarks.mend(
            Rule::Elements,
            PARTS,
            "the basis for modification must stand before the opinion",
        );
    }
    for (n, part) in ours.parts.iter().enumerate() {
        if part.blocks.iter().map(block_text).all(|text| text.trim().is_empty()) {
            let name = element_name(part.element);
            remarks.mend(Rule::Blank, format!("{PARTS}/{n}"), format!("{name} has no text"));
        }
    }
}

fn element_name(element: Element) -> &'static str {
    match element {
        Element::Scope => "the scope",
        Element::Subservice => "the paragraph on subservice organisations",
        Element::UserEntityControls => "the paragraph on complementary user entity controls",
        Element::SubserviceControls => {
            "the paragraph on complementary subservice organisation controls"
        }
        Element::OtherInformation => "the paragraph on other information",
        Element::OrganizationResponsibilities => "the organisation’s responsibilities",
        Element::AuditorResponsibilities => "the auditor’s responsibilities",
        Element::InherentLimitations => "the inherent limitations",
        Element::TestsOfControls => "the paragraph on tests of controls",
        Element::BasisForModification => "the basis for modification",
        Element::Opinion => "the opinion",
        Element::RestrictedUse => "the restricted-use paragraph",
    }
}

fn time_wording(report: &ReportData, remarks: &mut Remarks) {
    if report.facts.kind.is_type_2() {
        let opinion = section_1_text(report, &[Element::Opinion]).to_lowercase();
        if super::text::has_words(&opinion, "as of") {
            remarks.mend(
                Rule::TimeWording,
                PARTS,
                "the opinion of a Type 2 report says “as of”; it speaks of the whole period",
            );
        }
        return;
    }
    let mut all: String =
        report.auditors_report.parts.iter().flat_map(|p| &p.blocks).map(block_text).collect();
    all.extend(report.assertion.blocks.iter().map(block_text));
    if all.to_lowercase().contains("throughout the period") {
        remarks.mend(
            Rule::TimeWording,
            PARTS,
            "a Type 1 report says “throughout the period”; it speaks of one date",
        );
    }
}

/// Prongs, matters and their links.
fn opinion_form(report: &ReportData, remarks: &mut Remarks) {
    let opinion = &report.auditors_report.opinion;
    let place = "/auditors_report/opinion";
    let found: Vec<Prong> = opinion.prongs.iter().map(|prong| prong.prong).collect();
    let expected: &[Prong] = if report.facts.kind.is_type_2() {
        &[Prong::Description, Prong::Design, Prong::Operation]
    } else {
        &[Prong::Description, Prong::Design]
    };
    if found != expected {
        let kind = if report.facts.kind.is_type_2() { "Type 2" } else { "Type 1" };
        remarks.mend(
            Rule::OpinionForm,
            place,
            format!(
                "a {kind} opinion has {} prongs, and this one has {}",
                expected.len(),
                found.len()
            ),
        );
    }
    for prong in &opinion.prongs {
        let matters = opinion.matters.iter().filter(|m| m.prongs.contains(&prong.prong)).count();
        let modified = prong.conclusion != Conclusion::Unmodified;
        if modified && matters == 0 {
            remarks.mend(
                Rule::OpinionForm,
                place,
                format!(
                    "the opinion on {} is modified, and no matter says why",
                    prong_name(prong.prong)
                ),
            );
        }
        if !modified && matters > 0 {
            remarks.mend(
                Rule::OpinionForm,
                place,
                format!(
                    "a matter modifies {}, and the opinion on it does not",
                    prong_name(prong.prong)
                ),
            );
        }
    }
    prongs_and_criteria(report, remarks);
}

/// How the prongs depend on each other, and which criteria the matters name.
fn prongs_and_criteria(report: &ReportData, remarks: &mut Remarks) {
    let opinion = &report.auditors_report.opinion;
    let place = "/auditors_report/opinion";
    if is_modified(opinion, Prong::Design)
        && opinion.prongs.iter().any(|p| p.prong == Prong::Operation)
        && !is_modified(opinion, Prong::Operation)
    {
        remarks.mend(
            Rule::OpinionForm,
            place,
            "the opinion on design is modified and the one on operation is not; a control that is not suitably \
             designed cannot operate effectively",
        );
    }
    let in_scope: Vec<_> = report.testing.criteria().map(|c| c.id).collect();
    for (n, matter) in opinion.matters.iter().enumerate() {
        for criterion in matter.criteria.iter().filter(|c| !in_scope.contains(c)) {
            remarks.mend(
                Rule::OpinionForm,
                format!("{place}/matters/{n}"),
                format!("the matter names {criterion}, which is not in scope"),
            );
        }
    }
}

fn is_modified(opinion: &Opinion, prong: Prong) -> bool {
    opinion.prongs.iter().any(|p| p.prong == prong && p.conclusion != Conclusion::Unmodified)
}

fn prong_name(prong: Prong) -> &'static str {
    match prong {
        Prong::Description => "the description",
        Prong::Design => "the design of controls",
        Prong::Operation => "the operation of controls",
    }
}

/// The words of the opinion must say what its data says.
fn opinion_words(report: &ReportData, remarks: &mut Remarks) {
    let ours = &report.auditors_report;
    let text = section_1_text(report, &[Element::Opinion]).to_lowercase();
    if text.is_empty() {
        return;
    }
    let has = |conclusion| ours.opinion.prongs.iter().any(|p| p.conclusion == conclusion);
    let words = [
        (Conclusion::Qualified, "except for", "is qualified", "does not say “except for”"),
        (Conclusion::Adverse, " not ", "is adverse", "does not say what is not so"),
        (Conclusion::Disclaimer, "do not", "is disclaimed", "does not say that none is given"),
    ];
    for (conclusion, phrase, is, lacks) in words {
        if has(conclusion) && !text.contains(phrase) {
            remarks.mend(
                Rule::OpinionForm,
                PARTS,
                format!("a prong {is}, and the opinion {lacks}"),
            );
        }
    }
    if !has(Conclusion::Qualified) && text.contains("except for") {
        remarks.mend(
            Rule::OpinionForm,
            PARTS,
            "the opinion says “except for” and no prong is qualified",
        );
    }
    if has(Conclusion::Unmodified) && !text.contains("in all material respects") {
        remarks.mend(
            Rule::OpinionForm,
            PARTS,
            "the opinion does not say “in all material respects”",
        );
    }
    let assertion: String = report.assertion.blocks.iter().map(block_text).collect();
    // Where a prong is adverse or disclaimed, management asserts what it can in words of its own.
    let own_words = has(Conclusion::Adverse) || has(Conclusion::Disclaimer);
    if has(Conclusion::Qualified) && !own_words && !assertion.to_lowercase().contains("except for")
    {
        remarks.mend(
            Rule::OpinionForm,
            "/assertion/blocks",
            "the opinion is qualified, and management asserts without exception; amend the assertion",
        );
    }
}

/// The opinion depends on others' controls if and only if there are such controls.
fn complementary(report: &ReportData, remarks: &mut Remarks) {
    let affirmed = |prong| {
        let conclusion = report
            .auditors_report
            .opinion
            .prongs
            .iter()
            .find(|p| p.prong == prong)
            .map(|p| p.conclusion);
        matches!(conclusion, Some(Conclusion::Unmodified | Conclusion::Qualified))
    };
    if !affirmed(Prong::Design) && !affirmed(Prong::Operation) {
        return;
    }
    let text = section_1_text(report, &[Element::Opinion])
        .to_lowercase()
        .replace("organisation", "organization");
    if text.is_empty() {
        return;
    }
    let wanted = [
        (
            "user entities",
            !report.description.cuecs.is_empty(),
            "complementary user entity controls",
        ),
        (
            "subservice organization",
            has_csocs(report),
            "complementary subservice organisation controls",
        ),
    ];
    for (phrase, exist, what) in wanted {
        match (exist, text.contains(phrase)) {
            (true, false) => remarks.mend(
                Rule::ComplementaryControls,
                PARTS,
                format!(
                    "the design assumes {what}, and the opinion does not make itself depend on them"
                ),
            ),
            (false, true) => remarks.mend(
                Rule::ComplementaryControls,
                PARTS,
                format!("the opinion depends on {what}, and the description has none"),
            ),
            _ => {}
        }
    }
}

fn subservices(report: &ReportData, remarks: &mut Remarks) {
    let text = section_1_text(report, &[Element::Subservice]);
    for (n, subservice) in report.description.subservices.iter().enumerate() {
        let place = format!("/description/subservices/{n}");
        let method = match subservice.method {
            SubserviceMethod::CarveOut => "carve-out",
            SubserviceMethod::Inclusive => "inclusive",
        };
        let paragraph = text.lines().find(|line| line.contains(&subservice.name));
        match paragraph {
            None => remarks.mend(
                Rule::Subservices,
                place,
                format!("Section III names {}, and Section I does not", subservice.name),
            ),
            Some(paragraph) if !paragraph.contains(method) => remarks.mend(
                Rule::Subservices,
                place,
                format!(
                    "Section III presents {} by the {method} method, and Section I does not say so",
                    subservice.name
                ),
            ),
            Some(_) => {}
        }
    }
}
