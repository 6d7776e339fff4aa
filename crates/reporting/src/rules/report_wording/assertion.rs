//! Section II: management's assertion.

use super::{Words, items, list};
use crate::report_document::{
    Assertion, Block, Conclusion, Description, Matter, Opinion, Prong, Prose, ReportFacts,
};

/// Words management's assertion so that it agrees with the opinion: where the opinion on a prong is
/// modified, management asserts no more than it can. Unsigned; the signers add themselves.
///
/// `None` where a prong is adverse or disclaimed: then no standard wording fits, and management writes what
/// it can assert in its own words.
#[must_use]
pub fn assertion(
    facts: &ReportFacts,
    description: &Description,
    opinion: &Opinion,
) -> Option<Assertion> {
    let beyond_wording =
        |conclusion| matches!(conclusion, Conclusion::Adverse | Conclusion::Disclaimer);
    if opinion.prongs.iter().any(|p| beyond_wording(p.conclusion)) {
        return None;
    }
    let words = Words::new(facts, description);
    let short = words.short();
    let full = &facts.organization.name;
    let introduced = if full == short {
        format!("We, the management of {full},")
    } else {
        format!("We, the management of {full} (“{short}”),")
    };
    let mut blocks = vec![Block::text(format!(
        "{introduced} wrote the description of the {} system in Section III (the “description”). It is meant \
         to give users of the system information about it {}, and about the controls that {short} has for \
         it, which they may consider together with other information, including on controls that they run \
         themselves.",
        facts.system.name, words.when
    ))];
    blocks.extend(dependencies(&words));
    blocks.push(Block::text("We confirm, to the best of our knowledge and belief, that"));
    blocks.push(Block::Lettered(points(&words, facts, opinion)));
    blocks.push(Block::text(format!(
        "The applicable criteria are the trust services criteria for {} (TSP section 100: {}). The \
         description criteria are those of DC section 200 ({}).",
        words.categories, facts.trust_services_criteria, facts.description_criteria
    )));
    Some(Assertion {
        title: format!("Assertion of the management of {full}"),
        blocks,
        signers: Vec::new(),
        date: None,
    })
}

fn dependencies(words: &Words<'_>) -> Option<Block> {
    let parties = words.complementary_parties()?;
    Some(Block::text(format!(
        "The description also names the complementary controls that the design of {}’s controls assumes \
         {parties} to run. It does not describe those controls themselves.",
        words.short()
    )))
}

fn points(words: &Words<'_>, facts: &ReportFacts, opinion: &Opinion) -> Vec<Prose> {
    let provided = words.complementary_parties().map(|parties| {
        format!(
            "{parties} applied the complementary controls that the design of {}’s controls assumes",
            words.short()
        )
    });
    let design_provided = provided.as_ref().map_or_else(
        || ", provided they worked as described".to_owned(),
        |condition| format!(", provided they worked as described and {condition}"),
    );
    let mut points = items([
        format!(
            "{}the description presents the {} system as it was designed and in place {}, according to \
             the description criteria;",
            exception(Prong::Description, opinion),
            facts.system.name,
            words.when
        ),
        format!(
            "{}the controls stated in the description were suitably designed {} to give {}{design_provided}{}",
            exception(Prong::Design, opinion),
            words.when,
            words.assurance("would meet"),
            if words.type_2 { "; and" } else { "." }
        ),
    ]);
    if words.type_2 {
        let provided =
            provided.map_or_else(String::new, |condition| format!(", provided {condition}"));
        points.push(Prose::from(format!(
            "{}the controls stated in the description operated effectively {} to give {}{provided}.",
            exception(Prong::Operation, opinion),
            words.when,
            words.assurance("met")
        )));
    }
    points
}

/// `except for the matter described below (…), ` where the opinion on the prong is qualified.
fn exception(prong: Prong, opinion: &Opinion) -> String {
    let matters: Vec<&Matter> =
        opinion.matters.iter().filter(|matter| matter.prongs.contains(&prong)).collect();
    if matters.is_empty() {
        return String::new();
    }
    let names = list(matters.iter().map(|matter| matter.heading.as_str()));
    let noun = if matters.len() == 1 { "matter" } else { "matters" };
    format!("except for the {noun} that the service auditor’s report describes ({names}), ")
}
