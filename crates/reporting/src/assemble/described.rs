//! Sections II and III.

use super::{Record, Traces, placed};
use crate::model::{Section, SectionEntry, Terms};
use crate::report_document::{
    Assertion, AssertionSigner, Block, Change, Commitment, Component, ComponentKind, Conclusion,
    Csoc, Cuec, Description, Incident, Incidents, NotRelevant, Opinion, Prong, ProngConclusion,
    Prose, ReportFacts, ReportStatus, Requirement, Service, Significant, Subservice,
    SubserviceMethod, Topic,
};
use crate::rules::description::{blocks_of, text_of};
use crate::rules::report_wording;
use crate::store;
use cases::disclosures::model::Draft;
use cases::disclosures::store::Disclosed;
use cases::model::Case;
use kernel::ids::EngagementId;
use kernel::refusal::Refusal;
use kernel::zone::Zone;
use platform::db::{Conn, Result};
use scope::catalogue::{CriterionId, ReportType};
use scope::model::{AssumedControl, Engagement};
use std::collections::BTreeSet;

/// The signed assertion as Section II, or, unsigned, the usual wording.
pub(super) fn assertion(
    record: &Record,
    facts: &ReportFacts,
    description: &Description,
) -> Assertion {
    let title = format!("Assertion of the management of {}", facts.organization.name);
    match &record.assertion {
        Some(signed) => Assertion {
            title,
            blocks: blocks_of(&signed.body.text),
            signers: vec![AssertionSigner {
                name: signed.body.signer.clone(),
                position: signed.body.position.clone(),
            }],
            date: Some(signed.body.date),
        },
        None => usual(facts, description).unwrap_or(Assertion {
            title,
            blocks: Vec::new(),
            signers: Vec::new(),
            date: None,
        }),
    }
}

/// The wording for an assertion without exceptions. It rests on nothing that the firm alone knows.
fn usual(facts: &ReportFacts, description: &Description) -> Option<Assertion> {
    let prongs = [Prong::Description, Prong::Design, Prong::Operation];
    let prongs = prongs
        .into_iter()
        .filter(|p| *p != Prong::Operation || facts.kind.is_type_2())
        .map(|prong| ProngConclusion { prong, conclusion: Conclusion::Unmodified })
        .collect();
    report_wording::assertion(
        facts,
        description,
        &Opinion { prongs, matters: Vec::new(), unamended: false },
    )
}

/// A text of the assertion for management to start from, made of the organisation's own records.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such engagement.
pub fn proposed_assertion(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<String> {
    let engagement = scope::store::engagement(conn, engagement)?.ok_or(Refusal::NotFound)?;
    let owner = engagement.organisation;
    let name = identity::store::party(conn, owner)?.map_or_else(String::new, |p| p.name);
    let terms = match engagement.firm {
        // Spelling only: how dates are written is no secret of the firm, and must agree.
        Some(firm) => Terms {
            spelling: store::terms(conn, engagement.id, firm)?.0.spelling,
            ..Terms::default()
        },
        None => Terms::default(),
    };
    let facts = super::facts(&engagement, "", (&name, ""), &terms, ReportStatus::Draft)?;
    let mut description = blank();
    let criteria = relevant(&engagement, &store::sections(conn, engagement.id)?);
    description.cuecs = cuecs(&scope::store::user_entity_controls(conn, owner)?, &criteria);
    description.subservices =
        subservices(&scope::store::subservices(conn, owner)?, None, &criteria);
    Ok(usual(&facts, &description).map_or_else(String::new, |a| text_of(&a.blocks)))
}

fn blank() -> Description {
    Description {
        overview: Vec::new(),
        services: Vec::new(),
        commitments: Vec::new(),
        commitments_text: Vec::new(),
        boundary: Vec::new(),
        components: Vec::new(),
        incidents: Incidents::None(Prose::new()),
        control_topics: Vec::new(),
        cuecs: Vec::new(),
        subservices: Vec::new(),
        not_relevant: Vec::new(),
        changes: None,
    }
}

/// The criteria in scope that management does not call irrelevant.
pub(super) fn relevant(engagement: &Engagement, sections: &[Section]) -> BTreeSet<CriterionId> {
    let left_out = crate::rules::description::left_out(sections);
    engagement.criteria().into_iter().filter(|c| !left_out.contains(c)).collect()
}

fn text(section: Option<&Section>) -> &str {
    section.map_or("", |s| s.body.text.trim())
}

fn entries<'a>(record: &'a Record, criterion: &str) -> impl Iterator<Item = &'a SectionEntry> {
    record.section(criterion).into_iter().flat_map(|s| &s.body.entries)
}

/// A paragraph from a section's text, its line breaks as spaces.
fn one_paragraph(text: &str) -> Prose {
    Prose::from(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Section III.
///
/// # Errors
/// When the database refuses, or the log has not placed an approval yet.
pub(super) fn description(
    conn: &mut Conn<'_>,
    record: &Record,
    facts: &ReportFacts,
    traces: &mut Traces,
) -> Result<Description> {
    let engagement = &record.papers.engagement;
    let criteria = relevant(engagement, &record.sections);
    Ok(Description {
        overview: blocks_of(text(record.section("DC1"))),
        services: entries(record, "DC1")
            .filter_map(|e| match e {
                SectionEntry::Service { name, purpose, users } => Some(Service {
                    name: name.clone(),
                    purpose: purpose.as_str().into(),
                    users: users.clone(),
                }),
                _ => None,
            })
            .collect(),
        commitments: commitments(record, &criteria),
        commitments_text: blocks_of(text(record.section("DC2"))),
        boundary: blocks_of(text(record.section("DC3"))),
        components: components(record),
        incidents: incidents(conn, record, facts, traces)?,
        control_topics: topics(record),
        cuecs: cuecs(&record.papers.user_entity_controls, &criteria),
        subservices: subservices(&record.papers.subservices, Some(record), &criteria),
        not_relevant: entries(record, "DC8")
            .filter_map(|e| match e {
                SectionEntry::NotRelevant { criterion, reason } => {
                    Some(NotRelevant { criterion: *criterion, reason: reason.as_str().into() })
                }
                _ => None,
            })
            .collect(),
        changes: (engagement.report_type == ReportType::Type2).then(|| changes(record)),
    })
}

/// Principal commitments of the categories in scope. A requirement that several commitments need is
/// printed once, under the one that has fewest so far.
fn commitments(record: &Record, criteria: &BTreeSet<CriterionId>) -> Vec<Commitment> {
    let papers = &record.papers;
    let principal: Vec<_> = papers
        .commitments
        .iter()
        .filter(|c| c.principal && papers.engagement.categories.contains(&c.category))
        .collect();
    let mut out: Vec<Commitment> = principal
        .iter()
        .map(|c| Commitment {
            id: c.code.clone(),
            category: c.category,
            statement: c.statement.as_str().into(),
            source: c.sources.iter().map(|s| s.reference.as_str()).collect::<Vec<_>>().join("; "),
            requirements: Vec::new(),
        })
        .collect();
    for requirement in &papers.requirements {
        let under = (0..principal.len())
            .filter(|n| requirement.commitments.contains(&principal[*n].id))
            .min_by_key(|n| (out[*n].requirements.len(), *n));
        if let Some(n) = under {
            out[n].requirements.push(Requirement {
                id: requirement.code.clone(),
                statement: requirement.statement.as_str().into(),
                criteria: requirement
                    .criteria
                    .iter()
                    .copied()
                    .filter(|c| criteria.contains(c))
                    .collect(),
            });
        }
    }
    out
}

fn components(record: &Record) -> Vec<Component> {
    record
        .components
        .iter()
        .map(|(c, answers)| Component {
            kind: match c.kind {
                scope::model::ComponentKind::Infrastructure => ComponentKind::Infrastructure,
                scope::model::ComponentKind::Software => ComponentKind::Software,
                scope::model::ComponentKind::People => ComponentKind::People,
                scope::model::ComponentKind::Procedures => ComponentKind::Procedures,
                scope::model::ComponentKind::Data => ComponentKind::Data,
            },
            name: c.name.clone(),
            purpose: c.purpose.as_str().into(),
            owner: answers.clone(),
            location: c.location.clone(),
            control: None,
            frequency: None,
        })
        .collect()
}

/// DC4: what management wrote, and what it approved for disclosure case by case. An incident that the
/// section names by the number of its case is printed once, as it stands there.
fn incidents(
    conn: &mut Conn<'_>,
    record: &Record,
    facts: &ReportFacts,
    traces: &mut Traces,
) -> Result<Incidents> {
    let mut disclosed: Vec<Incident> = entries(record, "DC4").filter_map(written).collect();
    let mut whole_period = Vec::new();
    for (one, case) in &record.disclosed {
        let Some(case) = case else {
            whole_period.push(one);
            continue;
        };
        if disclosed.iter().all(|incident| incident.id != case.tracking_number) {
            disclosed.push(approved(conn, record, facts, (one, case), traces)?);
        }
    }
    if !disclosed.is_empty() {
        return Ok(Incidents::Disclosed(disclosed));
    }
    let mut prose = one_paragraph(text(record.section("DC4")));
    for one in whole_period {
        let Draft { nature, timing, extent } = &one.draft;
        let said = [nature, timing, extent].map(|t| t.trim()).join(" ");
        let blank = if prose.is_blank() { "" } else { " " };
        prose = prose.and(format!("{blank}{said} "));
        prose.0.extend(approval(conn, facts, (one, "the period"), traces)?.0);
    }
    Ok(Incidents::None(prose))
}

fn written(entry: &SectionEntry) -> Option<Incident> {
    let SectionEntry::Incident { id, title, began, ended, nature, effect, outcome, criteria } =
        entry
    else {
        return None;
    };
    Some(Incident {
        id: id.clone(),
        title: title.clone(),
        began: *began,
        ended: *ended,
        nature: nature.as_str().into(),
        effect: effect.as_str().into(),
        outcome: outcome.as_str().into(),
        criteria: criteria.clone(),
    })
}

/// A case as its approved text discloses it. Nothing of the case is printed but its number and its days:
/// its title and text are the reporter's.
fn approved(
    conn: &mut Conn<'_>,
    record: &Record,
    facts: &ReportFacts,
    (one, case): (&Disclosed, &Case),
    traces: &mut Traces,
) -> Result<Incident> {
    let zone = record.papers.engagement.period.zone();
    let began = zone.local(case.occurred_at.unwrap_or(case.reported_at)).date();
    let Draft { nature, timing, extent } = &one.draft;
    let outcome = approval(conn, facts, (one, case.tracking_number.as_str()), traces)?;
    Ok(Incident {
        id: case.tracking_number.clone(),
        title: format!("Incident of {}", facts.spelling.date(began)),
        began,
        ended: case.resolved_at.map(|at| zone.local(at).date()),
        nature: Prose::from(format!("{} {}", nature.trim(), timing.trim())),
        effect: Prose::from(extent.trim()),
        outcome,
        criteria: Vec::new(),
    })
}

/// When management approved a disclosure, traced to the entry of the log that says so.
fn approval(
    conn: &mut Conn<'_>,
    facts: &ReportFacts,
    (one, about): (&Disclosed, &str),
    traces: &mut Traces,
) -> Result<Prose> {
    let subject = one.decision.to_string();
    let told = platform::journal::history(conn, &subject)?;
    let event = told.iter().rev().map(|(entry, ..)| entry).find(|e| e.kind.contains("approved"));
    let event = event.map(|entry| entry.id).ok_or(Refusal::NotFound)?;
    let place = placed(conn, event)?;
    let zone = Zone::named(&facts.zone).unwrap_or_else(|_| Zone::utc());
    let day = facts.spelling.date(zone.local(one.approved_at).date());
    let what = format!("Approval of the disclosure about {about}");
    let number = traces.add(&day, what, &format!("{subject}, {event}"), &place);
    Ok(Prose::from("Management approved this disclosure on ").figure(day, number).and("."))
}

/// DC5: the section's own text first, then its topics. Whatever management wrote under DC6 and DC7 around
/// the lists is printed with them.
fn topics(record: &Record) -> Vec<Topic> {
    let own = |heading: &str, criterion: &str| {
        let blocks = blocks_of(text(record.section(criterion)));
        (!blocks.is_empty()).then(|| Topic { heading: heading.to_owned(), blocks })
    };
    let mut out: Vec<Topic> = own("Control environment", "DC5").into_iter().collect();
    out.extend(entries(record, "DC5").filter_map(|e| match e {
        SectionEntry::Topic { heading, text } => {
            Some(Topic { heading: heading.clone(), blocks: vec![Block::text(text.as_str())] })
        }
        _ => None,
    }));
    out.extend(own("Responsibilities of user entities", "DC6"));
    out
}

fn cuecs(controls: &[AssumedControl], criteria: &BTreeSet<CriterionId>) -> Vec<Cuec> {
    (1..)
        .zip(controls)
        .map(|(n, c)| Cuec {
            id: format!("UE-{n}"),
            statement: c.statement.as_str().into(),
            criteria: c.criteria.iter().copied().filter(|c| criteria.contains(c)).collect(),
        })
        .collect()
}

fn subservices(
    all: &[scope::model::Subservice],
    record: Option<&Record>,
    criteria: &BTreeSet<CriterionId>,
) -> Vec<Subservice> {
    let mut number = 0_usize;
    all.iter()
        .map(|s| {
            let csocs: Vec<Csoc> = s
                .assumed_controls
                .iter()
                .map(|c| {
                    number += 1;
                    Csoc {
                        id: format!("SS-{number}"),
                        statement: c.statement.as_str().into(),
                        criteria: c
                            .criteria
                            .iter()
                            .copied()
                            .filter(|c| criteria.contains(c))
                            .collect(),
                        monitored_by: record.and_then(|r| monitor(r, &s.name)),
                    }
                })
                .collect();
            let needed: BTreeSet<CriterionId> =
                csocs.iter().flat_map(|c| c.criteria.iter().copied()).collect();
            let inclusive = s.method == scope::model::SubserviceMethod::Inclusive;
            Subservice {
                name: s.name.clone(),
                service: s.service.clone(),
                method: if inclusive {
                    SubserviceMethod::Inclusive
                } else {
                    SubserviceMethod::CarveOut
                },
                criteria: needed.into_iter().collect(),
                csocs: if inclusive { Vec::new() } else { csocs },
                monitoring: record.map_or_else(Prose::new, |r| monitoring(r, &s.name)),
            }
        })
        .collect()
}

/// How a subservice organisation is watched over: what is said of it by name, else the section's text.
fn monitoring(record: &Record, name: &str) -> Prose {
    let by_name = entries(record, "DC7").find_map(|e| match e {
        SectionEntry::Monitoring { subservice, text } if subservice == name => Some(text.as_str()),
        _ => None,
    });
    by_name.map_or_else(|| one_paragraph(text(record.section("DC7"))), Prose::from)
}

/// The control that watches over a subservice organisation: the first of the controls in force that what is
/// said of its monitoring names by code.
fn monitor(record: &Record, name: &str) -> Option<String> {
    let said = monitoring(record, name).plain();
    let words: Vec<&str> =
        said.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '.')).collect();
    let named = words.into_iter().map(|word| word.trim_end_matches('.'));
    let codes: BTreeSet<&str> =
        record.papers.controls.iter().map(|c| c.text.code.as_str()).collect();
    named.into_iter().find(|word| codes.contains(word)).map(str::to_owned)
}

fn changes(record: &Record) -> Significant {
    let mut changes: Vec<Change> = entries(record, "DC9")
        .filter_map(|e| match e {
            SectionEntry::Change { on, what, controls } => {
                Some(Change { on: *on, what: what.as_str().into(), controls: controls.clone() })
            }
            _ => None,
        })
        .collect();
    changes.sort_by_key(|c| c.on);
    if changes.is_empty() {
        Significant::None(one_paragraph(text(record.section("DC9"))))
    } else {
        Significant::Changes(changes)
    }
}
