//! Section III of the made-up report.

use jiff::civil::date;
use scope::catalogue::{Category, CriterionId, Frequency};

use super::super::{
    Block, Change, Commitment, Component, ComponentKind, Csoc, Cuec, Description, Incident,
    Incidents, Prose, Requirement, Service, Significant, Subservice, SubserviceMethod, Topic,
};
use super::Marks;

fn ids<const N: usize>(texts: [&str; N]) -> Vec<CriterionId> {
    texts.map(|text| text.parse().unwrap()).to_vec()
}

pub(super) fn description(type_2: bool, marks: &mut Marks) -> Description {
    Description {
        overview: overview(marks),
        services: services(),
        commitments: commitments(),
        commitments_text: vec![Block::text(
            "Larkfield’s commitments to user entities are made in the master services agreement and the service \
             level schedule that is part of it. They are the same for every user entity. The system requirements \
             below are those that Larkfield derived from these commitments, from its policies and from the law \
             that applies to payroll records.",
        )],
        boundary: vec![
            Block::text(
                "The system consists of the payroll application, the interfaces through which user entities send \
                 hours and receive results, the document archive, and the people and procedures that develop, \
                 run and support them.",
            ),
            Block::text(
                "Outside the system lie the banks that carry out payments, the tax authorities that receive \
                 filings, the user entities’ own personnel systems, and Larkfield’s marketing site.",
            ),
        ],
        components: components(),
        incidents: Incidents::Disclosed(vec![incident(marks)]),
        control_topics: topics(),
        cuecs: cuecs(),
        subservices: subservices(),
        not_relevant: Vec::new(),
        changes: type_2.then(|| {
            Significant::Changes(vec![
                Change {
                    on: date(2025, 10, 13),
                    what: Prose::from(
                        "The document archive moved from a self-run file store to the object store of the hosting \
                         provider. Encryption keys moved to the managed key service.",
                    ),
                    controls: vec!["CRY-02".into()],
                },
                Change {
                    on: date(2026, 2, 2),
                    what: Prose::from(
                        "Emergency changes, until then recorded by e-mail, are labelled in the change system and \
                         reviewed there.",
                    ),
                    controls: vec!["CHG-06".into()],
                },
            ])
        }),
    }
}

fn overview(marks: &mut Marks) -> Vec<Block> {
    let customers =
        marks.mark("1,146", "user entities with a running contract on 30 June 2026", "EV-0007");
    let slips = marks.mark(
        "2.9 million",
        "pay slips produced in the period, rounded to 0.1 million",
        "EV-0008",
    );
    vec![
        Block::text(
            "Larkfield Payroll, Inc. computes wages and salaries for employers in the United States and Canada, \
             produces pay slips, prepares filings, and keeps the records that the law requires. It was founded in \
             2011 and has offices in Columbus, Ohio, and Halifax, Nova Scotia.",
        ),
        Block::Paragraph(
            Prose::new()
                .and("On 30 June 2026 it served ")
                .figure("1,146", customers)
                .and(" user entities, for whom the system produced ")
                .figure("2.9 million", slips)
                .and(" pay slips in the period."),
        ),
    ]
}

fn services() -> Vec<Service> {
    [
        ("Payroll computation", "Computes gross and net pay from hours, rates and deductions that user entities send or enter, and shows every step of the computation.", "Employers of 20 to 2,000 people; their payroll clerks"),
        ("Pay slips and archive", "Produces pay slips and yearly statements, delivers them to employees, and keeps them for the period that the law sets.", "Employers and their employees"),
        ("Filings", "Prepares tax and benefit filings in the form that each authority asks for, and hands them to the user entity or, on its order, to the authority.", "Payroll clerks; tax advisers"),
    ]
    .map(|(name, purpose, users)| Service { name: name.into(), purpose: purpose.into(), users: users.into() })
    .to_vec()
}

fn commitments() -> Vec<Commitment> {
    let requirement = |id: &str, text: &str, criteria: Vec<CriterionId>| Requirement {
        id: id.into(),
        statement: text.into(),
        criteria,
    };
    vec![
        Commitment {
            id: "SC-01".into(),
            category: Category::Security,
            statement: "Customer data is accessible only to people whom the user entity or Larkfield has authorized.".into(),
            source: "Master services agreement, section 7.1".into(),
            requirements: vec![
                requirement("SR-01", "Access is granted on approval and removed within 24 hours of a worker’s separation.", ids(["CC6.2", "CC6.3"])),
                requirement("SR-02", "Workforce sign-in requires a second factor.", ids(["CC6.1", "CC6.6"])),
                requirement("SR-03", "Changes reach production only after review by a second person.", ids(["CC8.1"])),
            ],
        },
        Commitment {
            id: "SC-02".into(),
            category: Category::Security,
            statement: "Larkfield acknowledges a report of a security incident within one hour and informs affected user entities within 48 hours of confirming it.".into(),
            source: "Service level schedule, section 4".into(),
            requirements: vec![
                requirement("SR-04", "Every report receives a tracking number, a severity and a decision.", ids(["CC7.3", "CC2.3"])),
                requirement("SR-05", "Incidents are handled within targets set by severity.", ids(["CC7.4"])),
            ],
        },
        Commitment {
            id: "SC-03".into(),
            category: Category::Availability,
            statement: "The payroll application is available 99.9 % of each calendar month, announced maintenance excluded.".into(),
            source: "Service level schedule, section 2".into(),
            requirements: vec![
                requirement("SR-06", "Capacity is monitored and expanded ahead of demand.", ids(["A1.1"])),
                requirement("SR-07", "Data is backed up daily and can be restored within four hours.", ids(["A1.2", "A1.3"])),
            ],
        },
        Commitment {
            id: "SC-04".into(),
            category: Category::Confidentiality,
            statement: "Customer data is deleted within 90 days after the contract ends.".into(),
            source: "Master services agreement, section 11.3".into(),
            requirements: vec![requirement("SR-08", "Deletion is recorded for each customer.", ids(["C1.2"]))],
        },
    ]
}

#[rustfmt::skip]
const COMPONENTS: [(ComponentKind, &str, &str, &str, &str); 14] = [
    (ComponentKind::Infrastructure, "Production account", "Hosts the application in two isolated zones", "Platform Engineering", "Northcloud, region us-east"),
    (ComponentKind::Infrastructure, "Recovery account", "Holds backups, apart from production", "Platform Engineering", "Northcloud, region us-central"),
    (ComponentKind::Infrastructure, "Office networks", "Connect workstations; carry no customer data", "IT Manager", "Columbus; Halifax"),
    (ComponentKind::Software, "Payroll application", "Computes pay and serves the user interface", "Engineering Director", "Production account"),
    (ComponentKind::Software, "Ledger database", "Holds pay runs and their history", "Platform Engineering", "Production account"),
    (ComponentKind::Software, "Identity provider", "Signs workers in; source of the account population", "IT Manager", "Service of Signet ID"),
    (ComponentKind::Software, "Change system", "Holds work items, reviews and releases; source of the change population", "Engineering Director", "Service of Forgehub"),
    (ComponentKind::Software, "Personnel system", "Source of joiners and leavers", "People Operations", "Service of Rolla HR"),
    (ComponentKind::People, "Engineering", "Develops and runs the application", "Engineering Director", "Columbus; Halifax"),
    (ComponentKind::People, "Customer support", "Answers user entities and files their reports", "Support Director", "Halifax"),
    (ComponentKind::People, "Security and compliance", "Oversees controls and incidents", "Security Manager", "Columbus"),
    (ComponentKind::Data, "Pay data", "Hours, rates, deductions, results; class confidential", "Product Manager", "Ledger database"),
    (ComponentKind::Data, "Personal data of employees", "Names, addresses, bank and tax numbers; class confidential", "Product Manager", "Ledger database; document archive"),
    (ComponentKind::Data, "Logs", "Sign-ins, administrative actions, alerts; class internal", "Security Operations", "Log store, kept 400 days"),
];

#[rustfmt::skip]
const PROCEDURES: [(&str, &str, &str, &str, Frequency); 4] = [
    ("Access review", "System owners review accounts and rights", "System Owners", "IAM-07", Frequency::Quarterly),
    ("Restore test", "A backup is restored and checked", "Site Reliability", "AVL-06", Frequency::Quarterly),
    ("Vulnerability scan", "Assets are scanned and findings ticketed", "Security Operations", "VUL-02", Frequency::Monthly),
    ("Change release", "Reviewed changes are released through the pipeline", "Engineering Director", "CHG-01", Frequency::PerEvent),
];

fn components() -> Vec<Component> {
    let component =
        |(kind, name, purpose, owner, location): (_, &str, &str, &str, &str)| Component {
            kind,
            name: name.into(),
            purpose: purpose.into(),
            owner: owner.into(),
            location: location.into(),
            control: None,
            frequency: None,
        };
    let procedure = |(name, purpose, owner, control, frequency): (_, _, _, &str, _)| Component {
        control: Some(control.into()),
        frequency: Some(frequency),
        ..component((ComponentKind::Procedures, name, purpose, owner, "Columbus"))
    };
    COMPONENTS.into_iter().map(component).chain(PROCEDURES.into_iter().map(procedure)).collect()
}

fn incident(marks: &mut Marks) -> Incident {
    let affected =
        marks.mark("37", "user entities whose pay runs were delayed by INC-2025-118", "EV-0112");
    let hours =
        marks.mark("3 h 42 min", "from first failed pay run to recovery of the queue", "EV-0113");
    Incident {
        id: "INC-2025-118".into(),
        title: "Delayed pay runs".into(),
        began: date(2025, 11, 28),
        ended: Some(date(2025, 11, 28)),
        nature: Prose::from(
            "A release doubled the number of connections that each worker process opens to the ledger database. At the \
             end-of-month peak the database refused further connections, and queued pay runs failed.",
        ),
        effect: Prose::new()
            .and("Pay runs of ")
            .figure("37", affected)
            .and(" user entities were delayed by up to ")
            .figure("3 h 42 min", hours)
            .and(". No data was lost or disclosed. The availability commitment for November 2025 was met."),
        outcome: Prose::from(
            "The release was withdrawn. A limit on connections and an alert on their number were added, and the load \
             test before release now includes the end-of-month peak.",
        ),
        criteria: ids(["A1.1", "CC7.4", "CC8.1"]),
    }
}

fn topics() -> Vec<Topic> {
    let topic = |heading: &str, texts: &[&str]| Topic {
        heading: heading.into(),
        blocks: texts.iter().map(|text| Block::text(*text)).collect(),
    };
    vec![
        topic(
            "Control environment",
            &[
                "Larkfield’s board has five members, two of them from outside management. It meets each quarter and receives reports on security, risk and the performance of controls. The Security Manager reports to the Chief Executive.",
                "People are screened before they receive access to customer data, sign the code of conduct and confidentiality terms, and are trained when they join and every year.",
            ],
        ),
        topic(
            "Risk assessment",
            &[
                "Management assesses risks once a year and after major change, by a method it approves yearly. Each risk has an owner, a treatment and a date; each risk above appetite is tied to at least one control.",
            ],
        ),
        topic(
            "Monitoring",
            &[
                "Compliance staff test controls on a rotating plan. A reviewer who owns no control evaluates the programme every year. Deficiencies are logged and reported to executives each month until closed.",
            ],
        ),
        topic(
            "Information and communication",
            &[
                "Staff and user entities report failures, incidents, concerns and complaints through channels described on the intranet, in the product and in contracts. Every report receives a tracking number and is answered.",
            ],
        ),
    ]
}

fn cuecs() -> Vec<Cuec> {
    [
        ("UE-1", "User entities grant, review and remove their own users’ access to the payroll application, and protect the credentials of those users.", ids(["CC6.1", "CC6.2", "CC6.3"])),
        ("UE-2", "User entities inform Larkfield without delay of suspected misuse of the system or of their users’ credentials.", ids(["CC7.3"])),
        ("UE-3", "User entities name people who may authorize changes of bank details, and keep that list current.", ids(["CC6.3"])),
    ]
    .map(|(id, statement, criteria)| Cuec { id: id.into(), statement: statement.into(), criteria })
    .to_vec()
}

fn subservices() -> Vec<Subservice> {
    let csoc = |id: &str, statement: &str, criteria, monitored_by: &str| Csoc {
        id: id.into(),
        statement: statement.into(),
        criteria,
        monitored_by: Some(monitored_by.into()),
    };
    vec![
        Subservice {
            name: "Northcloud, Inc.".into(),
            service: "hosting of the production and recovery accounts".into(),
            method: SubserviceMethod::CarveOut,
            criteria: ids(["CC6.4", "CC6.5", "A1.2"]),
            csocs: vec![
                csoc(
                    "SS-1",
                    "Physical entry to data centers is limited to approved people and reviewed.",
                    ids(["CC6.4"]),
                    "VEN-04",
                ),
                csoc(
                    "SS-2",
                    "Storage media are sanitized or destroyed before they leave the data center.",
                    ids(["CC6.5"]),
                    "VEN-04",
                ),
                csoc(
                    "SS-3",
                    "Power, cooling, fire detection and their maintenance keep the facilities running.",
                    ids(["A1.2"]),
                    "VEN-04",
                ),
            ],
            monitoring: Prose::from(
                "Larkfield reviews Northcloud’s assurance report every year and its status messages as they appear. The \
                 report available covers 1 April 2025 to 31 March 2026; a letter from Northcloud covers the rest of the period.",
            ),
        },
        Subservice {
            name: "Signet ID".into(),
            service: "the identity provider through which workers sign in".into(),
            method: SubserviceMethod::CarveOut,
            criteria: ids(["CC6.1"]),
            csocs: vec![csoc(
                "SS-4",
                "Credentials and sign-in policies that customers set are stored and enforced securely.",
                ids(["CC6.1"]),
                "VEN-04",
            )],
            monitoring: Prose::from("Larkfield reviews Signet ID’s assurance report every year."),
        },
    ]
}
