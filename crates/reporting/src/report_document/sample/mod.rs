//! A made-up report, complete enough to read from cover to cover: Larkfield Payroll, Inc., examined by
//! Hale & Brook LLP. Tests and the timing example build on it.

mod controls;
mod description;

use jiff::civil::date;
use scope::catalogue::{Categories, Category};

use super::{
    AssertionSigner, Block, Conclusion, ControlGroup, FirmFacts, Matter, MatterNature, Opinion,
    OrganizationFacts, OtherInformation, Prong, ProngConclusion, Prose, REPORT_DATA_VERSION,
    Recipient, ReportData, ReportFacts, ReportKind, ReportStatus, Response, Signature, Spelling,
    SystemFacts, Testing, Topic, Trace,
};
use crate::rules::report_wording::{
    FirmWording, WordingInput, assertion, auditors_report, testing_introduction,
};

/// Numbers the marks and keeps their traces.
#[derive(Default)]
struct Marks {
    traces: Vec<Trace>,
}

impl Marks {
    fn mark(&mut self, figure: &str, what: &str, source: &str) -> u32 {
        let number = u32::try_from(self.traces.len()).unwrap() + 1;
        self.traces.push(Trace {
            number,
            figure: figure.to_owned(),
            what: what.to_owned(),
            source: source.to_owned(),
            sha256: digest(source),
            log_index: 1_000 + 37 * u64::from(number),
        });
        number
    }
}

/// 64 hexadecimal digits that differ from source to source; no digest of anything.
fn digest(source: &str) -> String {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    (0..4)
        .map(|round: u8| {
            for byte in source.bytes().chain([round]) {
                state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
            format!("{state:016x}")
        })
        .collect()
}

/// The period of the Type 2 samples.
pub fn period() -> ReportKind {
    ReportKind::Type2 { from: date(2025, 7, 1), to: date(2026, 6, 30) }
}

/// A Type 2 report with three exceptions and an unmodified opinion.
#[must_use]
pub fn type_2() -> ReportData {
    build(period(), &unmodified(true), Spelling::American, controls::CASES.len())
}

/// A Type 1 report in British spelling.
#[must_use]
pub fn type_1() -> ReportData {
    let kind = ReportKind::Type1 { on: date(2026, 6, 30) };
    build(kind, &unmodified(false), Spelling::British, controls::CASES.len())
}

/// A Type 2 report whose opinion has the given conclusions on description, design and operation.
#[must_use]
pub fn with_opinion(conclusions: [Conclusion; 3]) -> ReportData {
    build(period(), &modified(conclusions), Spelling::American, controls::CASES.len())
}

/// A draft of the Type 2 report: unsigned and undated.
#[must_use]
pub fn draft() -> ReportData {
    let mut report = type_2();
    report.facts.status = ReportStatus::Draft;
    report.facts.report_date = None;
    report.auditors_report.signature = None;
    report
}

/// A copy of the Type 2 report for one reader.
#[must_use]
pub fn copy() -> ReportData {
    let mut report = type_2();
    report.recipient = Some(Recipient {
        name: "Anna Weber".into(),
        organization: "Contoso GmbH".into(),
        date: date(2026, 9, 1),
        grant: "GR-0042".into(),
    });
    report
}

/// A Type 2 report in which everything in Section IV stands `times` times, under ids of its own: for timing.
#[must_use]
pub fn long(times: usize) -> ReportData {
    let mut report = type_2();
    let groups = report.testing.groups.clone();
    for copy in 2..=times {
        for group in &groups {
            let mut group: ControlGroup = group.clone();
            group.title = format!("{} ({copy})", group.title);
            for control in &mut group.controls {
                control.id = format!("{}-{copy}", control.id);
                for test in &mut control.tests {
                    test.result.deviations =
                        test.result.deviations.iter().map(|id| format!("{id}-{copy}")).collect();
                }
            }
            report.testing.groups.push(group);
        }
    }
    report
}

fn unmodified(type_2: bool) -> Opinion {
    let mut prongs = vec![Prong::Description, Prong::Design];
    if type_2 {
        prongs.push(Prong::Operation);
    }
    Opinion {
        prongs: prongs
            .into_iter()
            .map(|prong| ProngConclusion { prong, conclusion: Conclusion::Unmodified })
            .collect(),
        matters: Vec::new(),
        unamended: false,
    }
}

fn modified(conclusions: [Conclusion; 3]) -> Opinion {
    let prongs: Vec<ProngConclusion> = [Prong::Description, Prong::Design, Prong::Operation]
        .into_iter()
        .zip(conclusions)
        .map(|(prong, conclusion)| ProngConclusion { prong, conclusion })
        .collect();
    let concerned: Vec<Prong> =
        prongs.iter().filter(|p| p.conclusion != Conclusion::Unmodified).map(|p| p.prong).collect();
    let scope_limited = conclusions.contains(&Conclusion::Disclaimer);
    Opinion {
        prongs,
        unamended: false,
        matters: vec![Matter {
            heading: "Removal of access".into(),
            nature: if scope_limited {
                MatterNature::ScopeLimitation
            } else {
                MatterNature::Operation
            },
            prongs: concerned,
            criteria: vec!["CC6.2".parse().unwrap(), "CC6.3".parse().unwrap()],
            controls: vec!["IAM-05".into()],
            blocks: vec![Block::text(
                "The description states that access of departing workers is disabled within 24 hours of separation. \
                 Between 1 July 2025 and 31 January 2026 the feed from the personnel system to the identity provider \
                 was interrupted, and accounts were disabled by hand between two and nineteen days after separation.",
            )],
            effect: Prose::from(
                "As a result, criteria CC6.2 and CC6.3 were not met from 1 July 2025 to 31 January 2026, and there was no \
                 reasonable assurance for that time that commitment SC-01 was kept.",
            ),
        }],
    }
}

fn facts(kind: ReportKind, spelling: Spelling) -> ReportFacts {
    let categories = [Category::Security, Category::Availability, Category::Confidentiality];
    ReportFacts {
        report_id: "RPT-2026-0417".into(),
        status: ReportStatus::Issued,
        kind,
        categories: Categories::new(categories).unwrap(),
        organization: OrganizationFacts {
            name: "Larkfield Payroll, Inc.".into(),
            short_name: "Larkfield".into(),
        },
        system: SystemFacts { name: "Larkfield Payroll".into() },
        firm: FirmFacts {
            name: "Hale & Brook LLP".into(),
            city: "Columbus".into(),
            state: "Ohio".into(),
            licence: Some("CPA firm license 04418, State of Ohio".into()),
            peer_review: Some("Peer review accepted May 14, 2024: pass".into()),
        },
        description_criteria:
            "2018 description criteria, with revised implementation guidance (2022)".into(),
        trust_services_criteria:
            "2017 trust services criteria, with revised points of focus (2022)".into(),
        standards: "AT-C sections 105 and 205".into(),
        report_date: Some(date(2026, 8, 21)),
        zone: "America/New_York".into(),
        confidentiality: "Confidential".into(),
        spelling,
    }
}

fn build(kind: ReportKind, opinion: &Opinion, spelling: Spelling, cases: usize) -> ReportData {
    let facts = facts(kind, spelling);
    let type_2 = facts.kind.is_type_2();
    let mut marks = Marks::default();
    let description = description::description(type_2, &mut marks);
    let groups = controls::groups(facts.categories, &controls::CASES[..cases], type_2, &mut marks);
    let csocs: Vec<_> = description.subservices.iter().flat_map(|s| s.csocs.clone()).collect();
    let series = controls::series(facts.categories, &groups, &description.cuecs, &csocs);
    let signature = Signature {
        firm: facts.firm.name.clone(),
        city: facts.firm.city.clone(),
        state: facts.firm.state.clone(),
        date: date(2026, 8, 21),
    };
    let input = WordingInput {
        facts: &facts,
        description: &description,
        other_information: type_2,
        opinion,
        signature: Some(&signature),
    };
    let auditors_report = auditors_report(&input, &FirmWording::default());
    let mut assertion =
        assertion(&facts, &description, opinion).unwrap_or_else(|| own_assertion(&facts));
    assertion.signers = vec![
        AssertionSigner { name: "Miriam Okafor".into(), position: "Chief Executive".into() },
        AssertionSigner { name: "Daniel Reyes".into(), position: "Security Manager".into() },
    ];
    assertion.date = Some(date(2026, 8, 20));
    let introduction = testing_introduction(&facts, &description);
    let deviations = groups
        .iter()
        .flat_map(|group| &group.controls)
        .flat_map(|control| &control.tests)
        .flat_map(|test| test.result.deviations.clone())
        .collect();
    ReportData {
        version: REPORT_DATA_VERSION,
        facts,
        auditors_report,
        assertion,
        description,
        testing: Testing { introduction, series, groups },
        other_information: type_2.then(other_information),
        traces: marks.traces,
        deviations_released: deviations,
        recipient: None,
    }
}

/// What management writes where the opinion is adverse or disclaimed.
fn own_assertion(facts: &ReportFacts) -> super::Assertion {
    super::Assertion {
        title: format!("Assertion of the management of {}", facts.organization.name),
        blocks: vec![Block::text(format!(
            "We, the management of {}, wrote the description of the {} system in Section III for the period July 1, 2025 \
             to June 30, 2026. Because of the matter that the service auditor’s report describes we do not assert that \
             the controls stated in it operated effectively.",
            facts.organization.name, facts.system.name
        ))],
        signers: Vec::new(),
        date: None,
    }
}

fn other_information() -> OtherInformation {
    let response = |control: &str, deviation: &str, text: &str, owner: &str, due| Response {
        control: control.into(),
        deviations: vec![deviation.into()],
        text: text.into(),
        owner: owner.into(),
        due: Some(due),
    };
    OtherInformation {
        responses: vec![
            response(
                "HR-05",
                "DEV-0003",
                "Return from long leave now opens a training task that blocks sign-in until it is done.",
                "People Operations",
                date(2026, 7, 31),
            ),
            response(
                "IAM-04",
                "DEV-0001",
                "Provisioning is now started by the second approval and cannot be started by hand.",
                "IT Manager",
                date(2026, 4, 30),
            ),
            response(
                "IAM-07",
                "DEV-0002",
                "The document archive was missing from the review calendar after its move in October 2025. The calendar is now made from the inventory of systems.",
                "Compliance Lead",
                date(2026, 3, 31),
            ),
        ],
        topics: vec![Topic {
            heading: "Planned changes".into(),
            blocks: vec![Block::text(
                "Larkfield plans to add the category processing integrity to its next examination.",
            )],
        }],
    }
}
