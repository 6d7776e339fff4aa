//! Section I around the opinion: scope, complementary controls, responsibilities, limits, restricted use.

use super::{WordingInput, Words, items, part};
use crate::report_document::{Block, Element, Prose, ReportPart, Subservice, SubserviceMethod};

/// Everything before the basis for modification and the opinion.
pub(super) fn opening(input: &WordingInput<'_>, words: &Words<'_>) -> Vec<ReportPart> {
    let mut parts = vec![scope(words, super::opinion::is_disclaimed(input.opinion))];
    for (n, subservice) in input.description.subservices.iter().enumerate() {
        parts.push(subservice_part(subservice, words, n == 0));
    }
    if words.has_cuecs {
        parts.push(user_entity_controls(words));
    }
    if words.has_csocs {
        parts.push(subservice_controls(words));
    }
    if input.other_information {
        parts.push(other_information(words));
    }
    parts.push(organization_responsibilities(words));
    parts.push(auditor_responsibilities(input, words));
    parts.push(inherent_limitations(words));
    parts.push(tests_of_controls(words));
    parts
}

/// A disclaimer says what the auditor was engaged to do, not that it was done.
fn scope(words: &Words<'_>, disclaimed: bool) -> ReportPart {
    let (examined, asked) = if disclaimed {
        ("were engaged to examine", "The examination was to ask")
    } else {
        ("have examined", "Our examination asked")
    };
    let facts = words.facts;
    let mut subjects = vec![
        Prose::from(format!(
            "whether the description presents that system according to the description criteria \
             (DC section 200: {});",
            facts.description_criteria
        )),
        Prose::from(format!(
            "whether the controls stated in the description were suitably designed {} to give {} \
             (TSP section 100, for {}: {}){}",
            words.when_again,
            words.assurance("would meet"),
            words.categories,
            facts.trust_services_criteria,
            if words.type_2 { "; and" } else { "." }
        )),
    ];
    if words.type_2 {
        subjects.push(Prose::from(
            "whether those controls operated effectively throughout the period to give that \
             assurance, by the same criteria.",
        ));
    }
    let full = &facts.organization.name;
    let introduced = if full == words.short() {
        full.clone()
    } else {
        format!("{full} (“{}”)", words.short())
    };
    part(
        Element::Scope,
        "Scope",
        vec![
            Block::text(format!(
                "We {examined} the description of the {} system that the management of {introduced} \
                 presents in Section III (the “description”), and the controls stated in it, {}. {asked}",
                facts.system.name, words.when
            )),
            Block::Lettered(subjects),
        ],
    )
}

fn subservice_part(subservice: &Subservice, words: &Words<'_>, first: bool) -> ReportPart {
    let short = words.short();
    let Subservice { name, service, .. } = subservice;
    let operated = if words.type_2 { ", or whether they operated effectively" } else { "" };
    let text = match subservice.method {
        SubserviceMethod::CarveOut => format!(
            "{short} relies on {name} for {service}. Management has used the carve-out method: the \
             description names the types of control at {name} that the design of {short}’s own controls \
             assumes, and leaves the controls of {name} themselves out. The controls of {name} were not \
             examined, and we have formed no view on whether they were suitably designed{operated}."
        ),
        SubserviceMethod::Inclusive => format!(
            "{short} relies on {name} for {service}. Management has used the inclusive method: the \
             description takes in the services and controls of {name} that the system depends on, and our \
             examination covered them. The management of {name} has given a written assertion of its own."
        ),
    };
    let heading = words.facts.spelling.word("Subservice organisations", "Subservice organizations");
    part(Element::Subservice, if first { heading } else { "" }, vec![Block::text(text)])
}

fn user_entity_controls(words: &Words<'_>) -> ReportPart {
    let short = words.short();
    let operated = if words.type_2 { " or their operation" } else { "" };
    part(
        Element::UserEntityControls,
        "Complementary user entity controls",
        vec![Block::text(format!(
            "Some of {short}’s controls were designed on the assumption that user entities run certain \
             controls of their own. The description lists these complementary user entity controls; they \
             are needed, alongside {short}’s controls, for the commitments and requirements to be met. We \
             examined no control of any user entity and have formed no view on the design of such \
             controls{operated}."
        ))],
    )
}

fn subservice_controls(words: &Words<'_>) -> ReportPart {
    let heading = words.facts.spelling.word(
        "Complementary subservice organisation controls",
        "Complementary subservice organization controls",
    );
    let singular = words.facts.spelling.word("subservice organisation", "subservice organization");
    let operated = if words.type_2 { " or their operation" } else { "" };
    part(
        Element::SubserviceControls,
        heading,
        vec![Block::text(format!(
            "Some of {}’s controls were likewise designed on the assumption that carved-out {} run \
             controls of certain types. The description lists these complementary {singular} controls. \
             They were not part of our examination, and we have formed no view on their design{operated}.",
            words.short(),
            words.subservice_organizations
        ))],
    )
}

fn other_information(words: &Words<'_>) -> ReportPart {
    part(
        Element::OtherInformation,
        "Other information",
        vec![Block::text(format!(
            "Section V holds information that {}’s management adds to this report and that is not part of \
             the description. Our opinion does not extend to it. We read it to see whether it contradicts \
             the description or what we learnt during the examination; beyond that we did no work on it \
             and give no assurance on it.",
            words.short()
        ))],
    )
}

fn organization_responsibilities(words: &Words<'_>) -> ReportPart {
    let short = words.short();
    let operate = if words.type_2 { "put in place and operated" } else { "and put in place" };
    part(
        Element::OrganizationResponsibilities,
        &format!("What {short} is responsible for"),
        vec![
            Block::text(format!("{short}’s management is responsible for")),
            Block::List(items([
                "its principal service commitments and its system requirements, and for meeting them;"
                    .to_owned(),
                "identifying the risks that threaten those commitments and requirements;".to_owned(),
                format!(
                    "controls, designed{} {operate}, that give reasonable assurance of meeting them;",
                    if words.type_2 { "," } else { "" }
                ),
                "choosing the trust services categories and the criteria that apply, and stating the \
                 controls related to each;"
                    .to_owned(),
                "the description in Section III and the assertion in Section II: that they are complete \
                 and accurate, and how they are presented; and"
                    .to_owned(),
                "providing the services that the description covers.".to_owned(),
            ])),
        ],
    )
}

fn auditor_responsibilities(input: &WordingInput<'_>, words: &Words<'_>) -> ReportPart {
    let short = words.short();
    let operated = if words.type_2 { " and operation" } else { "" };
    let (suitable, effective) = if words.type_2 {
        ("were suitably designed and operated effectively", ", or did not operate effectively")
    } else {
        ("were suitably designed", "")
    };
    let disclaimed = super::opinion::is_disclaimed(input.opinion);
    let mut blocks = vec![
        Block::text(format!(
            "We are responsible for giving an opinion on the description and on the design{operated} of \
             the controls stated in it, based on our examination. We conducted it under the attestation \
             standards of the American Institute of Certified Public Accountants ({}). Under those \
             standards we plan and perform our work to obtain reasonable assurance about whether, in all \
             material respects, the description accords with the description criteria and the controls \
             {suitable}.{}",
            words.facts.standards,
            if disclaimed {
                " The matters set out below kept us from obtaining the evidence that an opinion needs."
                    .to_owned()
            } else {
                format!(
                    " In our {} the evidence gathered is sufficient and appropriate to support our \
                     opinion.",
                    words.judgment
                )
            }
        )),
        Block::text(format!(
            "We are independent of {short}, as the standards require, and have met the other ethical \
             duties that bind us in an engagement of this kind. Our firm keeps a system of quality \
             management as the quality management standards of the Institute demand."
        )),
        Block::text("Our work included"),
    ];
    let mut work = vec![
        "gaining an understanding of the system and of what was promised and required of it;"
            .to_owned(),
        format!(
            "assessing the risk that the description departs from its criteria, or that controls were \
             not suitably designed{effective}, and choosing procedures that answer that risk;"
        ),
        "obtaining evidence about the description and about the design of the controls it states;"
            .to_owned(),
    ];
    if words.type_2 {
        work.push("testing whether those controls operated effectively;".to_owned());
    }
    work.push("considering the presentation of the description as a whole; and".to_owned());
    work.push("such other procedures as the circumstances called for.".to_owned());
    blocks.push(Block::List(work.into_iter().map(Prose::from).collect()));
    part(Element::AuditorResponsibilities, "What we are responsible for", blocks)
}

fn inherent_limitations(words: &Words<'_>) -> ReportPart {
    let operation = if words.type_2 { " or on how they operated" } else { "" };
    part(
        Element::InherentLimitations,
        "Inherent limitations",
        vec![
            Block::text(
                "The description is written for a wide range of users. It may leave out something about \
                 the system that matters to one of them in its own circumstances.",
            ),
            Block::text(format!(
                "Controls have limits that no design removes. People make mistakes, act together against \
                 a control, or set it aside; so controls may fail to prevent, or to find and put right, \
                 a failure to meet a commitment or requirement. And a conclusion on the design of \
                 controls{operation} cannot safely be carried over to a later time, when circumstances \
                 may have changed or controls may be followed less well.",
            )),
        ],
    )
}

fn tests_of_controls(words: &Words<'_>) -> ReportPart {
    if words.type_2 {
        return part(
            Element::TestsOfControls,
            "Tests of controls",
            vec![Block::text(
                "Section IV shows, control by control, what we tested, how and on how many items, and \
                 what we found.",
            )],
        );
    }
    part(
        Element::TestsOfControls,
        "Operation of controls",
        vec![Block::text(
            "This is a Type 1 examination. We did not test whether the controls operated effectively, \
             and we give no opinion on that.",
        )],
    )
}

/// Who may use the report.
pub(super) fn restricted_use(words: &Words<'_>) -> ReportPart {
    let facts = words.facts;
    let tests = if words.type_2 {
        "This report, including the tests and results in Section IV,"
    } else {
        "This report"
    };
    let span = if words.type_2 {
        "during all or part of the period"
    } else {
        "at the date of this report’s opinion"
    };
    let mut knowledge = vec![
        format!("what the service is that {} provides;", words.short()),
        "how the system works together with user entities, business partners and others;"
            .to_owned(),
        "what internal control is, and what it cannot do;".to_owned(),
    ];
    if let Some(parties) = words.complementary_parties() {
        knowledge.push(format!(
            "the complementary controls assumed of {parties}, and how they work with {}’s own;",
            words.short()
        ));
    }
    knowledge.push("the applicable criteria; and".to_owned());
    knowledge.push(
        "the risks to the commitments and requirements, and how controls answer them.".to_owned(),
    );
    part(
        Element::RestrictedUse,
        "Restricted use",
        vec![
            Block::text(format!(
                "{tests} is restricted. It is meant for {}; for user entities of the {} system {span}; for \
                 business partners exposed to risk through their dealings with that system; for \
                 practitioners who serve any of these; for prospective user entities and business \
                 partners; and for regulators; each of whom must know enough about",
                facts.organization.name, facts.system.name
            )),
            Block::List(knowledge.into_iter().map(Prose::from).collect()),
            Block::text("It is not meant for anyone else, and no one else should use it."),
        ],
    )
}
