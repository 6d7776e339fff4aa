//! Sections II and III: the nine description criteria are addressed, and nothing in them is praise or plan.

use std::collections::BTreeSet;

use controls::rules::wording::{find_phrase, stated_frequencies, words};
use jiff::civil::Date;

use super::facts::block_text;
use super::{Remarks, Rule};
use crate::report_document::{
    Block, ComponentKind, ControlEntry, Incidents, ReportData, ReportKind, Significant, Subservice,
    SubserviceMethod,
};

pub(super) fn check(report: &ReportData, remarks: &mut Remarks) {
    services_and_commitments(report, remarks);
    components(report, remarks);
    incidents_and_changes(report, remarks);
    complementary(report, remarks);
    frequencies(report, remarks);
    wording(report, remarks);
}

/// DC1 and DC2.
fn services_and_commitments(report: &ReportData, remarks: &mut Remarks) {
    let description = &report.description;
    if description.services.is_empty() {
        remarks.mend(
            Rule::DescriptionCriteria,
            "/description/services",
            "DC1: no service is described",
        );
    }
    for (n, service) in description.services.iter().enumerate() {
        if service.purpose.is_blank() || service.users.trim().is_empty() {
            remarks.mend(
                Rule::DescriptionCriteria,
                format!("/description/services/{n}"),
                format!("DC1: the service “{}” needs its purpose and its users", service.name),
            );
        }
    }
    for category in report.facts.categories.iter() {
        let of_category: Vec<_> =
            description.commitments.iter().filter(|c| c.category == category).collect();
        let place = "/description/commitments";
        if of_category.is_empty() {
            remarks.mend(
                Rule::DescriptionCriteria,
                place,
                format!("DC2: the category {category} has no principal service commitment"),
            );
        } else if of_category.iter().all(|c| c.requirements.is_empty()) {
            remarks.mend(
                Rule::DescriptionCriteria,
                place,
                format!("DC2: no system requirement follows from a commitment on {category}"),
            );
        }
    }
    for (n, commitment) in description.commitments.iter().enumerate() {
        if !report.facts.categories.contains(commitment.category) {
            remarks.mend(
                Rule::DescriptionCriteria,
                format!("/description/commitments/{n}"),
                format!(
                    "{} belongs to {}, which is not in scope",
                    commitment.id, commitment.category
                ),
            );
        }
    }
}

/// DC3.
fn components(report: &ReportData, remarks: &mut Remarks) {
    let kinds = [
        (ComponentKind::Infrastructure, "infrastructure"),
        (ComponentKind::Software, "software"),
        (ComponentKind::People, "people"),
        (ComponentKind::Procedures, "procedures"),
        (ComponentKind::Data, "data"),
    ];
    for (kind, name) in kinds {
        if !report.description.components.iter().any(|c| c.kind == kind) {
            remarks.mend(
                Rule::DescriptionCriteria,
                "/description/components",
                format!("DC3: the description lists no {name}"),
            );
        }
    }
    for (n, component) in report.description.components.iter().enumerate() {
        if component.owner.trim().is_empty() || component.location.trim().is_empty() {
            remarks.mend(
                Rule::DescriptionCriteria,
                format!("/description/components/{n}"),
                format!("DC3: “{}” needs an owner and a location", component.name),
            );
        }
    }
}

/// DC4 and DC9, and that their dates lie where they can.
fn incidents_and_changes(report: &ReportData, remarks: &mut Remarks) {
    let description = &report.description;
    match &description.incidents {
        Incidents::None(why) if why.is_blank() => remarks.mend(
            Rule::DescriptionCriteria,
            "/description/incidents",
            "DC4: say that no incident had to be disclosed and how this was established",
        ),
        Incidents::None(_) => {}
        Incidents::Disclosed(incidents) => {
            for (n, incident) in incidents.iter().enumerate() {
                let place = format!("/description/incidents/disclosed/{n}");
                if incident.ended.is_some_and(|ended| ended < incident.began) {
                    remarks.mend(
                        Rule::DatesAgree,
                        &place,
                        format!("{} ends before it begins", incident.id),
                    );
                }
                inside(report, incident.began, &incident.id, &place, remarks);
            }
        }
    }
    match (&description.changes, report.facts.kind.is_type_2()) {
        (None, true) => remarks.mend(
            Rule::DescriptionCriteria,
            "/description/changes",
            "DC9: list the significant changes of the period, or state that there were none",
        ),
        (Some(_), false) => remarks.mend(
            Rule::DescriptionCriteria,
            "/description/changes",
            "DC9 belongs to a Type 2 report; take the changes out",
        ),
        (Some(Significant::None(why)), true) if why.is_blank() => remarks.mend(
            Rule::DescriptionCriteria,
            "/description/changes",
            "DC9: state that there were no significant changes and how this was established",
        ),
        (Some(Significant::Changes(changes)), true) => {
            for (n, change) in changes.iter().enumerate() {
                inside(
                    report,
                    change.on,
                    "the change",
                    &format!("/description/changes/changes/{n}"),
                    remarks,
                );
            }
        }
        _ => {}
    }
}

fn inside(report: &ReportData, date: Date, what: &str, place: &str, remarks: &mut Remarks) {
    if let ReportKind::Type2 { from, to } = report.facts.kind
        && !(from..=to).contains(&date)
    {
        remarks.consider(
            Rule::DatesAgree,
            place,
            format!("{what} is dated {date}, outside the period; a subsequent event is disclosed as such"),
        );
    }
}

/// DC6 and DC7.
fn complementary(report: &ReportData, remarks: &mut Remarks) {
    let controls: BTreeSet<&str> = report.testing.controls().map(|c| c.id.as_str()).collect();
    for (n, cuec) in report.description.cuecs.iter().enumerate() {
        let place = format!("/description/cuecs/{n}");
        if cuec.criteria.is_empty() {
            remarks.mend(
                Rule::ComplementaryControls,
                &place,
                format!(
                    "{} is needed for no criterion; what is only good advice is not such a control",
                    cuec.id
                ),
            );
        }
        if !cuec.statement.plain().to_lowercase().contains("user entit") {
            remarks.consider(
                Rule::ComplementaryControls,
                &place,
                format!("{} does not say that user entities do it", cuec.id),
            );
        }
    }
    for (n, subservice) in report.description.subservices.iter().enumerate() {
        one_subservice(
            report,
            subservice,
            &format!("/description/subservices/{n}"),
            &controls,
            remarks,
        );
    }
}

/// DC7, one organisation.
fn one_subservice(
    report: &ReportData,
    subservice: &Subservice,
    place: &str,
    controls: &BTreeSet<&str>,
    remarks: &mut Remarks,
) {
    let name = &subservice.name;
    let carved_out = subservice.method == SubserviceMethod::CarveOut;
    if carved_out && subservice.csocs.is_empty() {
        remarks.mend(
            Rule::Subservices,
            place,
            format!("DC7: {name} is carved out, and no type of control is assumed of it"),
        );
    }
    let operates = |c: &ControlEntry| c.operated_by.as_ref() == Some(name);
    if !carved_out && !report.testing.controls().any(operates) {
        remarks.mend(
            Rule::Subservices,
            place,
            format!("DC7: {name} is included, and Section IV has none of its controls"),
        );
    }
    if subservice.criteria.is_empty() {
        remarks.mend(Rule::Subservices, place, format!("DC7: {name} is needed for no criterion"));
    }
    if subservice.monitoring.is_blank() {
        remarks.mend(Rule::Subservices, place, format!("DC7: say how {name} is monitored"));
    }
    for csoc in &subservice.csocs {
        if let Some(monitor) = &csoc.monitored_by
            && !controls.contains(monitor.as_str())
        {
            remarks.mend(
                Rule::Mapping,
                place,
                format!(
                    "{} is said to be monitored by {monitor}, which is no control of this report",
                    csoc.id
                ),
            );
        }
    }
}

/// One control has one frequency, in Section III as in Section IV.
fn frequencies(report: &ReportData, remarks: &mut Remarks) {
    for (n, component) in report.description.components.iter().enumerate() {
        let Some(id) = &component.control else { continue };
        let place = format!("/description/components/{n}");
        let Some(control) = report.testing.controls().find(|c| &c.id == id) else {
            remarks.mend(
                Rule::Mapping,
                place,
                format!(
                    "“{}” puts {id} into practice, which is no control of this report",
                    component.name
                ),
            );
            continue;
        };
        if let Some(frequency) = component.frequency
            && frequency != control.frequency
        {
            remarks.mend(
                Rule::Frequency,
                &place,
                format!(
                    "Section III says that “{}” happens {frequency}, and Section IV says that {id} operates {}",
                    component.name, control.frequency
                ),
            );
        }
    }
    // In running text: a paragraph that names one control and one frequency.
    for (place, text) in paragraphs(report) {
        let mentioned: Vec<_> =
            report.testing.controls().filter(|c| super::text::has_words(&text, &c.id)).collect();
        let spoken = words(&text);
        let stated = stated_frequencies(&spoken);
        if let ([control], [(frequency, _)]) = (mentioned.as_slice(), stated.as_slice())
            && *frequency != control.frequency
        {
            remarks.consider(
                Rule::Frequency,
                place,
                format!(
                    "a paragraph names {} and “{frequency}”, and Section IV says that it operates {}",
                    control.id, control.frequency
                ),
            );
        }
    }
}

/// Words that promise or praise. A description holds what can be measured, as it was.
const PRAISE: [&str; 16] = [
    "world class",
    "world-class",
    "best in breed",
    "best-in-breed",
    "best in class",
    "best-in-class",
    "leading",
    "state of the art",
    "state-of-the-art",
    "cutting edge",
    "cutting-edge",
    "unparalleled",
    "military grade",
    "bank grade",
    "industry leading",
    "robust",
];

fn wording(report: &ReportData, remarks: &mut Remarks) {
    for (place, text) in paragraphs(report) {
        let spoken = words(&text.to_lowercase());
        for phrase in PRAISE {
            if find_phrase(&spoken, phrase).next().is_some() {
                remarks.consider(
                    Rule::DescriptionWording,
                    &place,
                    format!("“{phrase}” cannot be measured; say what is so"),
                );
            }
        }
        if find_phrase(&spoken, "will").next().is_some() {
            remarks.consider(
                Rule::DescriptionWording,
                &place,
                "“will” speaks of the future; a description says what was in place",
            );
        }
    }
}

/// The paragraphs of Section III that management writes freely.
fn paragraphs(report: &ReportData) -> Vec<(String, String)> {
    let description = &report.description;
    let mut all = Vec::new();
    let mut add = |place: String, blocks: &[Block]| {
        for (n, block) in blocks.iter().enumerate() {
            all.push((format!("{place}/{n}"), block_text(block)));
        }
    };
    add("/description/overview".into(), &description.overview);
    add("/description/commitments_text".into(), &description.commitments_text);
    add("/description/boundary".into(), &description.boundary);
    for (n, topic) in description.control_topics.iter().enumerate() {
        add(format!("/description/control_topics/{n}/blocks"), &topic.blocks);
    }
    for (n, service) in description.services.iter().enumerate() {
        all.push((format!("/description/services/{n}"), service.purpose.plain()));
    }
    for (n, component) in description.components.iter().enumerate() {
        all.push((format!("/description/components/{n}"), component.purpose.plain()));
    }
    all
}
