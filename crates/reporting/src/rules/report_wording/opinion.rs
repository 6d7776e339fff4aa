//! The basis for modification and the opinion, prong by prong.

use super::{WordingInput, Words, part};
use crate::report_document::{
    Block, Conclusion, Element, Matter, MatterNature, Opinion, Prong, Prose, ReportPart,
};

/// Whether any prong is disclaimed.
pub(super) fn is_disclaimed(opinion: &Opinion) -> bool {
    opinion.prongs.iter().any(|p| p.conclusion == Conclusion::Disclaimer)
}

/// `Basis for qualified opinion` and so on; `None` for an unmodified opinion.
pub(super) fn basis_heading(opinion: &Opinion) -> Option<&'static str> {
    match opinion.headline() {
        Conclusion::Unmodified => None,
        Conclusion::Qualified => Some("Basis for qualified opinion"),
        Conclusion::Adverse => Some("Basis for adverse opinion"),
        Conclusion::Disclaimer => Some("Basis for disclaimer of opinion"),
    }
}

/// The matters that modify the opinion, before it.
pub(super) fn basis(input: &WordingInput<'_>, words: &Words<'_>) -> Option<ReportPart> {
    let heading = basis_heading(input.opinion)?;
    let mut blocks = Vec::new();
    for matter in &input.opinion.matters {
        blocks.push(Block::Paragraph(introduction(matter, words)));
        blocks.extend(matter.blocks.iter().cloned());
        blocks.push(Block::Paragraph(matter.effect.clone()));
    }
    if input.opinion.unamended {
        blocks.push(Block::text(
            "Management’s assertion in section II does not state what is described here. We asked management to amend it, and management refused.",
        ));
    }
    Some(part(Element::BasisForModification, heading, blocks))
}

fn introduction(matter: &Matter, words: &Words<'_>) -> Prose {
    let nature = match matter.nature {
        MatterNature::Misstatement => "the description departs from the description criteria",
        MatterNature::Design => "controls were not suitably designed",
        MatterNature::Operation => "controls did not operate effectively",
        MatterNature::ScopeLimitation => "sufficient appropriate evidence could not be obtained",
    };
    let criteria: Vec<String> = matter.criteria.iter().map(ToString::to_string).collect();
    let criteria = super::list(criteria.iter().map(String::as_str));
    let about = match matter.criteria.len() {
        0 => String::new(),
        1 if matter.heading.contains(&criteria) => String::new(),
        1 => format!(" (criterion {criteria})"),
        _ => format!(" (criteria {criteria})"),
    };
    let when = if words.type_2 { "" } else { " as of the date examined" };
    Prose::from(format!("{}: {nature}{about}{when}.", matter.heading))
}

/// The opinion.
pub(super) fn opinion(input: &WordingInput<'_>, words: &Words<'_>) -> ReportPart {
    let opinion = input.opinion;
    let heading = match opinion.headline() {
        Conclusion::Unmodified => "Opinion",
        Conclusion::Qualified => "Qualified opinion",
        Conclusion::Adverse => "Adverse opinion",
        Conclusion::Disclaimer => "Disclaimer of opinion",
    };
    let mut blocks = Vec::new();
    if is_disclaimed(opinion) {
        blocks.push(disclaimer(opinion, words));
    }
    let given: Vec<_> =
        opinion.prongs.iter().filter(|p| p.conclusion != Conclusion::Disclaimer).collect();
    if !given.is_empty() {
        let rest =
            if is_disclaimed(opinion) { "On the rest, in our opinion," } else { "In our opinion," };
        blocks.push(Block::text(rest));
        let last = given.len() - 1;
        let prongs = given.iter().enumerate().map(|(n, prong)| {
            let end = match n {
                n if n == last => ".",
                n if n + 1 == last => "; and",
                _ => ";",
            };
            let text = prong_text(prong.prong, prong.conclusion, opinion, words);
            Prose::from(format!("{text}{end}"))
        });
        blocks.push(Block::Lettered(prongs.collect()));
    }
    part(Element::Opinion, heading, blocks)
}

fn prong_text(
    prong: Prong,
    conclusion: Conclusion,
    opinion: &Opinion,
    words: &Words<'_>,
) -> String {
    let adverse = conclusion == Conclusion::Adverse;
    let lead = match conclusion {
        Conclusion::Unmodified | Conclusion::Disclaimer => String::new(),
        Conclusion::Qualified => format!("except for {}, ", reference(prong, opinion, true)),
        Conclusion::Adverse => {
            format!("because of the significance of {}, ", reference(prong, opinion, false))
        }
    };
    let when = &words.when;
    let system = &words.facts.system.name;
    let provided = condition(words);
    let design_provided = match &provided {
        Some(condition) => format!(", provided they worked as described and {condition}"),
        None => ", provided they worked as described".to_owned(),
    };
    let operation_provided =
        provided.map_or_else(String::new, |condition| format!(", provided {condition}"));
    match (prong, adverse) {
        (Prong::Description, false) => format!(
            "{lead}the description presents, in all material respects, the {system} system as it was \
             designed and in place {when}, according to the description criteria"
        ),
        (Prong::Description, true) => format!(
            "{lead}the description does not present the {system} system as it was designed and in place \
             {when} according to the description criteria"
        ),
        (Prong::Design, false) => format!(
            "{lead}the controls stated in the description were, in all material respects, suitably \
             designed {when} to give {}{design_provided}",
            words.assurance("would meet")
        ),
        (Prong::Design, true) => format!(
            "{lead}the controls stated in the description were not suitably designed {when} to give \
             {}, even if they worked as described",
            words.assurance("would meet")
        ),
        (Prong::Operation, false) => format!(
            "{lead}the controls stated in the description operated effectively, in all material \
             respects, {when} to give {}{operation_provided}",
            words.assurance("met")
        ),
        (Prong::Operation, true) => format!(
            "{lead}the controls stated in the description did not operate effectively {when} to give \
             {}",
            words.assurance("met")
        ),
    }
}

/// What the opinion on design and operation assumes of others.
fn condition(words: &Words<'_>) -> Option<String> {
    let parties = words.complementary_parties()?;
    Some(format!(
        "{parties} applied the complementary controls that the design of {}’s controls assumes",
        words.short()
    ))
}

/// How a modified prong points at its matters: `the effects of the matter described under “…”`.
fn reference(prong: Prong, opinion: &Opinion, effects: bool) -> String {
    let matters: Vec<&Matter> =
        opinion.matters.iter().filter(|matter| matter.prongs.contains(&prong)).collect();
    let scope_only = !matters.is_empty()
        && matters.iter().all(|matter| matter.nature == MatterNature::ScopeLimitation);
    let noun = if matters.len() == 1 { "matter" } else { "matters" };
    let names = super::list(matters.iter().map(|matter| matter.heading.as_str()));
    let heading = basis_heading(opinion).unwrap_or("Basis");
    let described = format!("the {noun} described under “{heading}” ({names})");
    match (effects, scope_only) {
        (true, true) => format!("the possible effects of {described}"),
        (true, false) => format!("the effects of {described}"),
        (false, _) => described,
    }
}

fn disclaimer(opinion: &Opinion, words: &Words<'_>) -> Block {
    let prongs: Vec<Prong> = opinion
        .prongs
        .iter()
        .filter(|p| p.conclusion == Conclusion::Disclaimer)
        .map(|p| p.prong)
        .collect();
    let description = format!("the description of the {} system", words.facts.system.name);
    let subjects = super::list(prongs.iter().map(|prong| match prong {
        Prong::Description => description.as_str(),
        Prong::Design => "the suitability of the design of the controls stated in the description",
        Prong::Operation if !prongs.contains(&Prong::Design) => {
            "the operating effectiveness of the controls stated in the description"
        }
        Prong::Operation => "the operating effectiveness of those controls",
    }));
    let heading = basis_heading(opinion).unwrap_or("Basis");
    Block::text(format!(
        "We do not give an opinion on {subjects} {}. The significance of what is described under \
         “{heading}” is such that sufficient appropriate evidence for one could not be obtained.",
        words.when
    ))
}
