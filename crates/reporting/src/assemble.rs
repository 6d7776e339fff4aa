//! The report's data from the record. A function of the record alone: the same state gives the same data.
//!
//! | file | holds |
//! |---|---|
//! | `described.rs` | Sections II and III: assertion, description |
//! | `opined.rs` | what is concluded, with the matters that modify it |
//! | `tested.rs` | Section IV and V: criteria, controls, tests, results, responses, traces |

mod described;
mod opined;
mod tested;

pub use described::proposed_assertion;

use crate::model::{BuildKind, ReportId, Section, SignedAssertion, Terms};
use crate::report_document::{
    FirmFacts, OrganizationFacts, REPORT_DATA_VERSION, ReportData, ReportFacts, ReportKind,
    ReportStatus, Signature, SystemFacts, Trace,
};
use crate::rules::description::Registers;
use crate::rules::report_wording::{FirmWording, WordingInput, auditors_report};
use crate::store::{self, LogPlace};
use cases::disclosures::store::Disclosed;
use cases::model::Case;
use examination::store::Papers;
use kernel::ids::{EngagementId, EventId};
use kernel::refusal::Refusal;
use platform::db::{Conn, DbError, Result};
use scope::catalogue::{Catalogue, Categories, ReportType};
use scope::model::Engagement;

/// The standards under which the examination is made.
const STANDARDS: &str = "AT-C sections 105 and 205";

/// Everything that a report is assembled from, read once.
#[derive(Debug, Clone)]
pub struct Record {
    /// The firm's file, with the engagement and the registers that it refers to.
    pub papers: Papers,
    /// Components of the system with the name of who answers for each.
    pub components: Vec<(scope::model::Component, String)>,
    /// Description sections.
    pub sections: Vec<Section>,
    /// What management approved for disclosure, each with its case.
    pub disclosed: Vec<(Disclosed, Option<Case>)>,
    /// The signed assertion.
    pub assertion: Option<SignedAssertion>,
    /// The firm's terms.
    pub terms: Terms,
    /// Full name of the organisation.
    pub organisation: String,
    /// Full name of the firm.
    pub firm: String,
}

impl Record {
    /// Reads the record of an engagement that a firm has joined.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is no such engagement or no firm.
    pub fn load(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Self> {
        let papers = Papers::load(conn, engagement)?;
        let owner = papers.engagement.organisation;
        let name = |conn: &mut Conn<'_>, id| -> Result<String> {
            Ok(identity::store::party(conn, id)?.map_or_else(String::new, |p| p.name))
        };
        let mut components = Vec::new();
        for component in scope::store::components(conn, owner)? {
            let answers = match component.owner {
                Some(person) => identity::store::name_of(conn, person)?,
                None => String::new(),
            };
            components.push((component, answers));
        }
        let mut disclosed = Vec::new();
        for one in cases::disclosures::store::disclosed(conn, engagement)? {
            let case = match one.case {
                Some(id) => cases::store::case(conn, owner, id)?,
                None => None,
            };
            disclosed.push((one, case));
        }
        Ok(Self {
            components,
            disclosed,
            sections: store::sections(conn, engagement)?,
            assertion: store::assertion(conn, engagement)?,
            terms: store::terms(conn, engagement, papers.file.firm)?.0,
            organisation: name(conn, owner)?,
            firm: name(conn, papers.file.firm)?,
            papers,
        })
    }

    /// The entries that management wrote under one criterion, and its text.
    #[must_use]
    pub fn section(&self, criterion: &str) -> Option<&Section> {
        self.sections.iter().find(|s| s.criterion.to_string() == criterion)
    }
}

/// The registers against which a description is complete or not.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such engagement.
pub fn registers(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Registers> {
    let engagement = scope::store::engagement(conn, engagement)?.ok_or(Refusal::NotFound)?;
    let owner = engagement.organisation;
    Ok(Registers {
        commitments: commitments::store::commitments(conn, owner)?,
        requirements: commitments::store::requirements(conn, owner)?,
        components: scope::store::components(conn, owner)?,
        controls: controls::store::controls(conn, owner)?
            .into_iter()
            .filter(|c| c.active)
            .collect(),
        subservices: scope::store::subservices(conn, owner)?,
        user_entity_controls: scope::store::user_entity_controls(conn, owner)?,
        disclosed: cases::disclosures::store::disclosed(conn, engagement.id)?.len(),
        undecided: cases::disclosures::service::grave_undecided(conn, &engagement)?,
        engagement,
    })
}

/// The traces as they are numbered: in the order in which their figures stand in the report.
#[derive(Default)]
struct Traces {
    all: Vec<Trace>,
}

impl Traces {
    /// The number of a new trace.
    fn add(&mut self, figure: &str, what: String, source: &str, place: &LogPlace) -> u32 {
        let number = u32::try_from(self.all.len() + 1).unwrap_or(u32::MAX);
        self.all.push(Trace {
            number,
            figure: figure.to_owned(),
            what,
            source: source.to_owned(),
            sha256: place.sha256.clone(),
            log_index: place.index,
        });
        number
    }
}

/// Where the log has placed an entry.
fn placed(conn: &mut Conn<'_>, event: EventId) -> Result<LogPlace> {
    Ok(store::log_place(conn, event)?.ok_or_else(|| {
        Refusal::state("The log has not placed every entry yet. Try again in a moment.")
    })?)
}

/// Who, what, when.
fn facts(
    engagement: &Engagement,
    report: &str,
    (organisation, firm): (&str, &str),
    terms: &Terms,
    status: ReportStatus,
) -> Result<ReportFacts> {
    let catalogue = Catalogue::built_in();
    let period = &engagement.period;
    Ok(ReportFacts {
        report_id: report.to_owned(),
        status,
        kind: match engagement.report_type {
            ReportType::Type1 => ReportKind::Type1 { on: period.end() },
            ReportType::Type2 => ReportKind::Type2 { from: period.start(), to: period.end() },
        },
        categories: Categories::new(engagement.categories.iter().copied())
            .map_err(|e| DbError::Shape(e.to_string()))?,
        organization: OrganizationFacts {
            name: organisation.to_owned(),
            short_name: organisation.to_owned(),
        },
        system: SystemFacts { name: engagement.system_name.clone() },
        firm: FirmFacts {
            name: firm.to_owned(),
            city: terms.city.clone(),
            state: terms.state.clone(),
            licence: terms.licence.clone(),
            peer_review: terms.peer_review.clone(),
        },
        description_criteria: catalogue.description_edition().to_owned(),
        trust_services_criteria: catalogue.criteria_edition().to_owned(),
        standards: STANDARDS.to_owned(),
        report_date: terms.report_date,
        zone: period.zone().name().to_owned(),
        confidentiality: terms.confidentiality.clone(),
        spelling: terms.spelling,
    })
}

/// Assembles the report's data from the record.
///
/// # Errors
/// [`Refusal::NotFound`] without engagement or firm; [`Refusal::State`] when the record contradicts
/// itself, the firm withdraws, or the log has not placed an entry that a figure comes from.
pub fn build(
    conn: &mut Conn<'_>,
    engagement: EngagementId,
    report: ReportId,
    kind: BuildKind,
) -> Result<ReportData> {
    let record = Record::load(conn, engagement)?;
    let results = record.papers.results();
    let status = match kind {
        BuildKind::Draft => ReportStatus::Draft,
        BuildKind::Final => ReportStatus::Issued,
    };
    let names = (record.organisation.as_str(), record.firm.as_str());
    let facts =
        facts(&record.papers.engagement, &report.to_string(), names, &record.terms, status)?;
    let opinion = opined::opinion(&record, &results)?;
    let mut traces = Traces::default();
    let description = described::description(conn, &record, &facts, &mut traces)?;
    let (testing, released) =
        tested::testing(conn, &record, &results, &facts, &description, &mut traces)?;
    let other_information = tested::responses(conn, &record, &results)?;
    let signature = match (kind, record.terms.report_date) {
        (BuildKind::Final, Some(date)) => Some(Signature {
            firm: record.firm.clone(),
            city: record.terms.city.clone(),
            state: record.terms.state.clone(),
            date,
        }),
        _ => None,
    };
    let input = WordingInput {
        facts: &facts,
        description: &description,
        other_information: other_information.is_some(),
        opinion: &opinion,
        signature: signature.as_ref(),
    };
    let auditors_report = auditors_report(&input, &FirmWording::default());
    let assertion = described::assertion(&record, &facts, &description);
    Ok(ReportData {
        version: REPORT_DATA_VERSION,
        auditors_report,
        assertion,
        description,
        testing,
        other_information,
        traces: traces.all,
        deviations_released: released,
        recipient: None,
        facts,
    })
}
