//! The SOC 3 report: for everybody, and so without controls, tests, results or exceptions.
//!
//! It is made from the data of the SOC 2 report by a list of what goes in, never by taking out what must
//! not: a field that is added to the report tomorrow stays out until somebody puts it here. In it are the
//! auditor's opinion on management's assertion, that assertion, the boundary of the system, and the
//! principal service commitments and system requirements. A modified SOC 2 opinion modifies this one.

use crate::report_document::{Block, Conclusion, Prose, ReportData, ReportKind, ReportStatus};
use serde::Serialize;

/// One section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneralUseSection {
    /// Its heading.
    pub heading: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneralUseReport {
    /// Its title.
    pub title: String,
    /// Whether the opinion on the assertion is modified.
    pub modified: bool,
    /// Its sections, in print order.
    pub sections: Vec<GeneralUseSection>,
}

impl GeneralUseReport {
    /// As plain text, for the letterhead of either side.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.title);
        for section in &self.sections {
            text.push_str(&format!("\n{}\n", section.heading));
            for paragraph in &section.paragraphs {
                text.push_str(&format!("\n{paragraph}\n"));
            }
        }
        text
    }
}

/// Derives the SOC 3 report of an issued Type 2 report.
///
/// # Errors
/// A sentence, where there is none: of a Type 1 report, of a draft, or where the opinion is disclaimed.
pub fn general_use(report: &ReportData) -> Result<GeneralUseReport, String> {
    let facts = &report.facts;
    let ReportKind::Type2 { from, to } = &facts.kind else {
        return Err("A SOC 3 report speaks for a period; this report is of Type 1, for one date."
            .to_owned());
    };
    if facts.status != ReportStatus::Issued {
        return Err(
            "A SOC 3 report follows from an issued SOC 2 report; issue that first.".to_owned()
        );
    }
    let headline = report.auditors_report.opinion.headline();
    if headline == Conclusion::Disclaimer {
        return Err("The opinion is disclaimed, so there is nothing to tell everybody.".to_owned());
    }
    let names = Names {
        organisation: &facts.organization.name,
        system: &facts.system.name,
        when: format!("throughout the period {from} to {to}"),
        categories: categories(report),
        condition: condition(report),
    };
    let section =
        |heading: &str, paragraphs| GeneralUseSection { heading: heading.into(), paragraphs };
    let mut sections = vec![
        section("Independent service auditor’s report", opinion(report, headline, &names)),
        section("Management’s assertion", assertion(&names, headline)),
        section("The system and its boundary", plain(&report.description.boundary)),
    ];
    let promised = commitments(report);
    sections.push(section("Principal service commitments and system requirements", promised));
    Ok(GeneralUseReport {
        title: format!("SOC 3 report: {} system of {}", names.system, names.organisation),
        modified: headline != Conclusion::Unmodified,
        sections,
    })
}

struct Names<'a> {
    organisation: &'a str,
    system: &'a str,
    when: String,
    categories: String,
    condition: String,
}

fn categories(report: &ReportData) -> String {
    let names: Vec<String> =
        report.facts.categories.iter().map(|category| category.name().to_lowercase()).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.join(""),
    }
}

/// On whose controls the conclusion also rests, without naming one.
fn condition(report: &ReportData) -> String {
    let users = !report.description.cuecs.is_empty();
    let vendors = !report.description.subservices.is_empty();
    let who = match (users, vendors) {
        (false, false) => return String::new(),
        (true, false) => "user entities",
        (false, true) => "subservice organisations",
        (true, true) => "user entities and subservice organisations",
    };
    format!(
        ", provided that {who} applied the complementary controls that the system’s design assumes"
    )
}

fn opinion(report: &ReportData, headline: Conclusion, names: &Names<'_>) -> Vec<String> {
    let Names { organisation, system, when, categories, condition } = names;
    let firm = &report.facts.firm;
    let mut all = vec![
        format!("To the management of {organisation}:"),
        format!(
            "We examined management’s assertion that the controls within the {system} system were effective \
             {when} to give reasonable assurance that {organisation} kept its service commitments and met \
             its system requirements, based on the trust services criteria for {categories} ({}).",
            report.facts.trust_services_criteria
        ),
        format!(
            "Management is responsible for the assertion, for the commitments and requirements, and for \
             controls that let it keep them. We are responsible for an opinion on the assertion. We made \
             our examination according to {}, which ask that we plan and perform it to obtain reasonable \
             assurance. Controls can fail, and what they did in the past says little about what they will do.",
            report.facts.standards
        ),
    ];
    let stated =
        format!("management’s assertion is fairly stated, in all material respects{condition}");
    all.push(match headline {
        Conclusion::Unmodified => format!("In our opinion, {stated}."),
        Conclusion::Qualified => format!(
            "In our opinion, except that not every one of the criteria was met as the restricted-use report \
             tells, {stated}."
        ),
        Conclusion::Adverse | Conclusion::Disclaimer => format!(
            "In our opinion, because of what the restricted-use report tells, management’s assertion that \
             the controls within the {system} system were effective {when} is not fairly stated."
        ),
    });
    all.push(match report.facts.report_date {
        Some(date) => format!("{}, {}, {}, {date}", firm.name, firm.city, firm.state),
        None => format!("{}, {}, {}", firm.name, firm.city, firm.state),
    });
    all
}

fn assertion(names: &Names<'_>, headline: Conclusion) -> Vec<String> {
    let Names { organisation, system, when, categories, condition } = names;
    let effective = match headline {
        Conclusion::Unmodified => "were effective",
        // Management cannot assert what it knows to be otherwise.
        _ => "were effective but for what the restricted-use report tells",
    };
    vec![format!(
        "The management of {organisation} designed, put in place, operates and maintains controls within \
         the {system} system. We evaluated them {when}, based on the trust services criteria for \
         {categories}, and assert that they {effective}{condition}, to give reasonable assurance that our \
         service commitments and system requirements were met."
    )]
}

fn commitments(report: &ReportData) -> Vec<String> {
    report
        .description
        .commitments
        .iter()
        .map(|commitment| {
            let required: Vec<String> =
                commitment.requirements.iter().map(|r| r.statement.plain()).collect();
            format!("{} {}", commitment.statement.plain(), required.join(" ")).trim().to_owned()
        })
        .collect()
}

fn plain(blocks: &[Block]) -> Vec<String> {
    blocks.iter().flat_map(Block::prose).map(Prose::plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report_document::sample;
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// Every place of a document in which a text stands, one of each kind: `description.cuecs.*.id`.
    fn texts(
        value: &Value,
        path: &str,
        kinds: &mut BTreeSet<String>,
        found: &mut Vec<(String, String)>,
    ) {
        let below =
            |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        match value {
            Value::String(_) => {
                let kind: String = path
                    .split('/')
                    .map(|step| if step.parse::<usize>().is_ok() { "*" } else { step })
                    .collect::<Vec<_>>()
                    .join("/");
                if kinds.insert(kind.clone()) {
                    found.push((path.to_owned(), kind));
                }
            }
            Value::Array(items) => {
                for (n, item) in items.iter().enumerate() {
                    texts(item, &below(&n.to_string()), kinds, found);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    texts(member, &below(name), kinds, found);
                }
            }
            _ => {}
        }
    }

    /// Marks one text of the report after the other and looks whether the mark comes out: the list of what
    /// does is this, whatever else the report may hold.
    #[test]
    fn invariant_13_a_soc_3_report_holds_what_is_listed_and_nothing_else() {
        let mut report = serde_json::to_value(sample::copy()).unwrap();
        report["facts"]["status"] = "issued".into();
        let mut places = Vec::new();
        texts(&report, "", &mut BTreeSet::new(), &mut places);
        assert!(places.len() > 90, "{} kinds of text", places.len());
        let (mut comes_out, mut marked) = (BTreeSet::new(), 0);
        for (path, kind) in places {
            let mut changed = report.clone();
            *changed.pointer_mut(&format!("/{path}")).unwrap() = "MARK-7f3a".into();
            // Words of a fixed list, dates and ids take no mark.
            let Ok(changed) = serde_json::from_value::<ReportData>(changed) else { continue };
            marked += 1;
            let made = general_use(&changed).unwrap();
            if serde_json::to_string(&made).unwrap().contains("MARK-7f3a") {
                assert!(made.text().contains("MARK-7f3a"));
                comes_out.insert(kind);
            }
        }
        assert!(marked > 70, "{marked} kinds of text were marked");
        let listed: Vec<&str> = comes_out.iter().map(String::as_str).collect();
        let says = |part: &str| listed.iter().any(|kind| kind.starts_with(part));
        for allowed in ["facts/", "description/boundary/", "description/commitments/"] {
            assert!(says(allowed), "{allowed}: {listed:?}");
        }
        for kind in &listed {
            let allowed = [
                "facts/organization/name",
                "facts/system/name",
                "facts/firm/name",
                "facts/firm/city",
                "facts/firm/state",
                "facts/trust_services_criteria",
                "facts/standards",
            ];
            let statement = kind.starts_with("description/commitments/*/statement")
                || kind.starts_with("description/commitments/*/requirements/*/statement")
                || kind.starts_with("description/boundary/");
            assert!(statement || allowed.contains(kind), "{kind} is not meant for everybody");
        }
    }

    #[test]
    fn a_modified_opinion_modifies_it_and_of_some_there_is_none() {
        let mut report = sample::type_2();
        report.facts.status = ReportStatus::Issued;
        let opinion = |report: &ReportData| {
            general_use(report).map(|made| (made.modified, made.sections[0].paragraphs.join(" ")))
        };
        let (modified, text) = opinion(&report).unwrap();
        assert!(
            !modified && text.contains("In our opinion, management’s assertion is fairly stated")
        );
        for (conclusion, said) in [
            (Conclusion::Qualified, "except that not every one of the criteria was met"),
            (Conclusion::Adverse, "is not fairly stated"),
        ] {
            report.auditors_report.opinion.prongs[2].conclusion = conclusion;
            let (modified, text) = opinion(&report).unwrap();
            assert!(modified && text.contains(said), "{text}");
        }
        report.auditors_report.opinion.prongs[2].conclusion = Conclusion::Disclaimer;
        assert!(opinion(&report).unwrap_err().contains("disclaimed"));
        assert!(general_use(&sample::type_1()).unwrap_err().contains("Type 1"));
        assert!(general_use(&sample::draft()).unwrap_err().contains("issue that first"));
    }
}
