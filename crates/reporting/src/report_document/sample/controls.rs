//! Section IV of the made-up report: which controls, how they were tested, what came out.

use super::super::{
    ControlEntry, ControlGroup, CriterionEntry, CriterionSeries, Outcome, Prose, Sample, TestEntry,
    TestResult, count,
};
use super::Marks;
use crate::rules::report_wording::{self as wording, Selection};
use scope::catalogue::{Catalogue, Categories};

/// A control of the catalogue with a title and its tests.
pub(super) struct Case {
    pub(super) code: &'static str,
    title: &'static str,
    tests: &'static [Test],
}

enum Test {
    /// Verb, evidence, how many, of how many, of what, how selected, to determine what.
    Items(&'static str, &'static str, u64, u64, &'static str, Selection, &'static str, Found),
    /// A procedure on one thing.
    Once(&'static str, Found),
}

enum Found {
    Nothing,
    /// How many, what was not so, the facts, the deviation record.
    Exception(u64, &'static str, &'static str, &'static str),
    /// What showed that the event did not occur.
    NoEvent(&'static str),
}

use Found::{Exception, NoEvent, Nothing};
use Selection::{Census, Random, Stratified, Systematic};
use Test::{Items, Once};

#[rustfmt::skip]
pub(super) const CASES: [Case; 46] = [
    Case { code: "GOV-01", title: "Code of conduct", tests: &[
        Once("Inspected the code of conduct and the minutes of the executive meeting of 9 September 2025 to determine whether leadership approved the code and whether it states expected behaviour and consequences.", Nothing),
        Once("Inspected the intranet to determine whether the approved version was published to everyone who works for the company.", Nothing) ] },
    Case { code: "GOV-02", title: "Signing of the code", tests: &[
        Items("Inspected", "signed acknowledgements", 15, 41, "workers who joined in the period", Random, "each signed the code of conduct before system access was granted", Nothing),
        Items("Inspected", "signed acknowledgements", 25, 212, "workers employed on 30 June 2026", Random, "each signed again within the year", Nothing) ] },
    Case { code: "GOV-04", title: "Oversight board", tests: &[
        Items("Inspected", "the minutes", 4, 4, "quarterly meetings", Census, "the board met with at least one outside member and reviewed security, risk and control performance", Nothing),
        Once("Inspected the record of the board’s yearly check of its charter and expertise to determine whether it was carried out.", Nothing) ] },
    Case { code: "GOV-05", title: "Organisation chart", tests: &[
        Items("Inspected", "the review record", 2, 2, "half-yearly reviews of the chart", Census, "it was reviewed and shows reporting lines for the system", Nothing) ] },
    Case { code: "HR-02", title: "Background screening", tests: &[
        Items("Inspected", "screening reports and first-access dates", 15, 41, "workers who joined in the period", Random, "screening was complete before access to customer data", Nothing) ] },
    Case { code: "HR-03", title: "Confidentiality terms", tests: &[
        Items("Inspected", "signed terms", 15, 41, "workers who joined in the period", Random, "each was signed on or before the first day", Nothing) ] },
    Case { code: "HR-05", title: "Refresher training", tests: &[
        Items("Compared", "training completions with the staff roster", 212, 212, "workers employed on 30 June 2026", Census, "each completed refresher training within the year or was suspended from access", Exception(2, "refresher training was neither completed nor access suspended", "Both workers had been on long leave and completed the training 11 and 16 days after their return.", "DEV-0003")) ] },
    Case { code: "COM-01", title: "Internal reporting channels", tests: &[
        Once("Inspected the intranet page and its review record to determine whether the page states what to report, where, and how fast a reply comes, and was reviewed in the period.", Nothing),
        Once("Observed a member of staff who was not told in advance find the page and file a report.", Nothing) ] },
    Case { code: "COM-03", title: "External reporting channels", tests: &[
        Items("Inspected", "the verification record", 2, 2, "half-yearly verifications", Census, "contracts, site and in-product help told customers correctly how to report", Nothing) ] },
    Case { code: "COM-08", title: "Tracking of outside reports", tests: &[
        Items("Compared", "the case register with the receipts sent", 318, 318, "reports from customers", Census, "each received a tracking number and updates until it was closed", Nothing) ] },
    Case { code: "COM-09", title: "Architecture diagrams", tests: &[
        Items("Inspected", "the review record", 2, 2, "half-yearly reviews", Census, "architecture and data-flow diagrams were reviewed", Nothing) ] },
    Case { code: "COM-10", title: "Information used in controls", tests: &[
        Items("Inspected", "the recorded source, parameters and completeness check", 10, 64, "reports used to operate controls", Stratified, "the operator recorded them each time", Nothing) ] },
    Case { code: "RSK-01", title: "Risk method", tests: &[
        Once("Inspected the approved risk method to determine whether management approved its scales and the risk appetite in the period.", Nothing) ] },
    Case { code: "RSK-02", title: "Yearly risk assessment", tests: &[
        Once("Inspected the risk assessment of October 2025 to determine whether it covers assets, threats, vulnerabilities, vendors and commitments.", Nothing) ] },
    Case { code: "RSK-03", title: "Fraud-risk session", tests: &[
        Once("Inspected the record of the session of 4 November 2025 to determine whether it covers schemes, incentives, opportunities and responses, including misuse of privileged access.", Nothing) ] },
    Case { code: "RSK-04", title: "Risk register", tests: &[
        Items("Inspected", "the register and its review record", 2, 4, "quarterly reviews", Random, "the register was reviewed and overdue treatments escalated", Nothing) ] },
    Case { code: "RSK-08", title: "Incompatible duties", tests: &[
        Items("Reperformed", "the comparison of system roles with the duty matrix", 2, 2, "half-yearly checks", Census, "the check found what it should", Nothing) ] },
    Case { code: "MON-02", title: "Independent evaluation", tests: &[
        Once("Inspected the evaluation report of March 2026 and the reviewer’s reporting line to determine whether the review took place and was independent.", Nothing) ] },
    Case { code: "MON-04", title: "Deficiency log", tests: &[
        Items("Inspected", "the status reports to executives", 3, 12, "monthly reports", Random, "each lists deficiencies with severity, owner and due date", Nothing) ] },
    Case { code: "POL-01", title: "Policy reviews", tests: &[
        Items("Inspected", "policy records", 22, 22, "policies", Census, "each has an owner, a version and an approval within the year", Nothing) ] },
    Case { code: "AST-05", title: "Sanitised media", tests: &[
        Once("Inspected the disposal register and the asset inventory, and inquired of the IT manager, to determine whether storage media were disposed of in the period.", NoEvent("The inventory reconciles to the register with no disposals, and the hosting provider’s records show no released volumes.")) ] },
    Case { code: "IAM-02", title: "Multi-factor authentication", tests: &[
        Once("Inspected the sign-in policy of the identity provider, and observed a sign-in without a second factor being refused, to determine whether multi-factor authentication is enforced.", Nothing),
        Items("Compared", "the enrolment of factors with the list of active accounts", 231, 231, "active workforce accounts", Census, "each has a second factor enrolled", Nothing) ] },
    Case { code: "IAM-04", title: "Approval of access", tests: &[
        Items("Inspected", "access tickets", 25, 412, "grants beyond the role default", Random, "the manager and the system owner approved before access was provisioned", Exception(1, "the system owner’s approval was dated after provisioning", "Access to the reporting database was provisioned on 12 February 2026 and approved on 13 February 2026; the grant was appropriate for the worker’s role.", "DEV-0001")) ] },
    Case { code: "IAM-05", title: "Removal of access", tests: &[
        Items("Compared", "separation dates of the personnel system with the dates on which accounts were disabled", 34, 34, "workers who left in the period", Census, "access to every in-scope system was disabled within 24 hours", Nothing),
        Items("Compared", "sign-in records with separation times", 34, 34, "workers who left in the period", Census, "no sign-in occurred later than 24 hours after separation", Nothing) ] },
    Case { code: "IAM-07", title: "Access reviews", tests: &[
        Items("Inspected", "review records and the removals that followed", 8, 32, "reviews of a system in a quarter", Stratified, "the system owner reviewed all accounts and removals were completed within ten business days", Exception(1, "the review was not carried out", "The review of the document archive for the fourth quarter of 2025 was not performed. The first review of 2026 covered the same accounts and led to no removal.", "DEV-0002")) ] },
    Case { code: "PHY-01", title: "Office entry", tests: &[
        Items("Inspected", "badge requests", 10, 41, "badges issued", Random, "each was issued on approval", Nothing),
        Items("Inspected", "the review record", 2, 4, "quarterly reviews of badge rights", Random, "the review took place and rights of leavers were removed", Nothing) ] },
    Case { code: "NET-02", title: "Firewall rules", tests: &[
        Items("Inspected", "the review record and the rule changes that followed", 2, 2, "half-yearly reviews", Census, "rules were reviewed and unneeded rules removed", Nothing) ] },
    Case { code: "CRY-01", title: "Encryption in transit", tests: &[
        Once("Inspected the configuration of the load balancers, and reperformed a connection without encryption, to determine whether current TLS is required and plaintext refused.", Nothing) ] },
    Case { code: "CRY-02", title: "Encryption at rest", tests: &[
        Items("Inspected", "the encryption settings", 57, 57, "data stores that hold customer data", Census, "encryption at rest is on", Nothing) ] },
    Case { code: "MAL-01", title: "Endpoint protection", tests: &[
        Items("Compared", "the console’s list of protected devices with the inventory", 305, 305, "workstations and servers", Census, "each runs current endpoint protection", Nothing) ] },
    Case { code: "VUL-01", title: "Hardening baselines", tests: &[
        Once("Inspected the baselines of the four platform types to determine whether each was approved in the period.", Nothing) ] },
    Case { code: "VUL-02", title: "Vulnerability scans", tests: &[
        Items("Inspected", "scan reports", 3, 12, "monthly scans", Systematic, "the scan covered the in-scope assets", Nothing) ] },
    Case { code: "LOG-02", title: "Alert response", tests: &[
        Items("Inspected", "alert records", 40, 1_184, "alerts that paged a responder", Random, "triage was recorded within the severity target", Nothing) ] },
    Case { code: "INC-02", title: "Event log", tests: &[
        Items("Inspected", "case records", 25, 496, "reported or detected events", Stratified, "each has a time, a source, a severity and a decision whether it is an incident", Nothing) ] },
    Case { code: "INC-03", title: "Incident response", tests: &[
        Items("Compared", "times of acknowledgement and resolution with the severity targets", 61, 61, "incidents", Census, "each met its target or was escalated", Nothing) ] },
    Case { code: "INC-06", title: "Response exercise", tests: &[
        Once("Inspected the record of the exercise of 21 January 2026 to determine whether the plan was rehearsed and lessons were applied.", Nothing) ] },
    Case { code: "CHG-01", title: "Authorised changes", tests: &[
        Items("Inspected", "work items", 40, 2_317, "production changes", Random, "each change is tied to an approved work item with purpose, risk and test evidence", Nothing) ] },
    Case { code: "CHG-02", title: "Peer review", tests: &[
        Once("Inspected the branch rules of the repository, and reperformed a merge without a second approver, to determine whether the repository refuses it.", Nothing),
        Items("Compared", "author and approver", 2_317, 2_317, "merged changes", Census, "a person other than the author approved", Nothing) ] },
    Case { code: "CHG-06", title: "Emergency changes", tests: &[
        Items("Inspected", "review records", 7, 7, "changes labelled as emergency", Census, "each was reviewed and approved within two business days", Nothing) ] },
    Case { code: "AVL-01", title: "Monitoring of capacity", tests: &[
        Once("Inspected the alert thresholds of the critical components, and one alert for each, to determine whether thresholds alert the on-call engineer.", Nothing) ] },
    Case { code: "AVL-04", title: "Backups", tests: &[
        Items("Inspected", "backup job records", 25, 365, "days", Random, "jobs succeeded, or failures alerted and were resolved or rerun within one business day", Nothing) ] },
    Case { code: "AVL-06", title: "Restore tests", tests: &[
        Items("Inspected", "restore records", 2, 4, "quarterly restores", Random, "the restore was complete and within the recovery time", Nothing) ] },
    Case { code: "AVL-07", title: "Continuity plans", tests: &[
        Once("Inspected the continuity and recovery plans to determine whether they state recovery targets and were approved in the period.", Nothing) ] },
    Case { code: "VEN-01", title: "Vendor register", tests: &[
        Items("Inspected", "the register and its refresh record", 2, 4, "quarterly refreshes", Random, "vendors are tiered and subservice organizations flagged", Nothing) ] },
    Case { code: "VEN-04", title: "Assurance reports of vendors", tests: &[
        Items("Inspected", "review memoranda", 6, 6, "critical vendors", Census, "the assurance report was reviewed for opinion, exceptions, coverage and user-side controls", Nothing) ] },
    Case { code: "CON-02", title: "Deletion of customer data", tests: &[
        Items("Inspected", "deletion records", 9, 9, "customers whose contract ended", Census, "data was deleted within the contractual time and completion recorded", Nothing) ] },
];

/// The groups of controls, and the ids of the deviations they disclose.
pub(super) fn groups(
    categories: Categories,
    cases: &[Case],
    with_tests: bool,
    marks: &mut Marks,
) -> Vec<ControlGroup> {
    let catalogue = Catalogue::built_in();
    let mut groups: Vec<ControlGroup> = Vec::new();
    for case in cases {
        let control = catalogue.control(case.code).unwrap();
        if groups.last().is_none_or(|group| group.title != control.domain) {
            groups.push(ControlGroup { title: control.domain.clone(), controls: Vec::new() });
        }
        let entry = ControlEntry {
            id: case.code.to_owned(),
            title: Some(case.title.to_owned()),
            statement: Prose::from(control.statement.as_str()),
            criteria: control
                .criteria
                .iter()
                .copied()
                .filter(|id| categories.applies(id.series()))
                .collect(),
            frequency: control.frequency,
            operated_by: None,
            stretches: Vec::new(),
            tests: if with_tests {
                case.tests
                    .iter()
                    .enumerate()
                    .map(|(n, t)| test(case.code, n + 1, t, marks))
                    .collect()
            } else {
                Vec::new()
            },
        };
        groups.last_mut().unwrap().controls.push(entry);
    }
    groups
}

fn test(code: &str, n: usize, test: &Test, marks: &mut Marks) -> TestEntry {
    let workpaper = format!("WP-{code}.{n}");
    match test {
        Once(procedure, found) => TestEntry {
            procedure: Prose::from(*procedure),
            information: Vec::new(),
            sample: None,
            result: result(found, None, "", &workpaper, marks),
            workpaper,
        },
        Items(verb, evidence, items, population, name, how, attribute, found) => {
            let sample = Sample { items: *items, population: *population };
            let items_mark = (*how != Census).then(|| {
                marks.mark(&count(*items), &format!("number of {name} tested"), &workpaper)
            });
            let population_mark = marks.mark(
                &count(*population),
                &format!("number of {name}, counted in the frozen population"),
                &format!("POP-{code}.{n}"),
            );
            let items_mark = items_mark.unwrap_or(population_mark);
            TestEntry {
                procedure: wording::procedure(
                    verb,
                    evidence,
                    sample,
                    name,
                    *how,
                    attribute,
                    (items_mark, population_mark),
                ),
                information: Vec::new(),
                sample: Some(sample),
                result: result(found, Some((sample, items_mark)), name, &workpaper, marks),
                workpaper,
            }
        }
    }
}

fn result(
    found: &Found,
    sample: Option<(Sample, u32)>,
    name: &str,
    workpaper: &str,
    marks: &mut Marks,
) -> TestResult {
    match found {
        Nothing => TestResult {
            outcome: Outcome::NoException,
            text: wording::no_exception(),
            deviations: Vec::new(),
        },
        NoEvent(how) => TestResult {
            outcome: Outcome::NotOperated,
            text: wording::not_operated(how),
            deviations: Vec::new(),
        },
        Exception(failed, what, facts, deviation) => {
            let (sample, items_mark) = sample.unwrap();
            let failed_mark =
                marks.mark(&count(*failed), &format!("{name} for which {what}"), workpaper);
            TestResult {
                outcome: Outcome::Exception,
                text: wording::exception(
                    *failed,
                    sample,
                    name,
                    what,
                    facts,
                    (failed_mark, items_mark),
                ),
                deviations: vec![(*deviation).to_owned()],
            }
        }
    }
}

/// The criteria of the categories by series, each with the controls that name it.
pub(super) fn series(
    categories: Categories,
    groups: &[ControlGroup],
    cuecs: &[super::super::Cuec],
    csocs: &[super::super::Csoc],
) -> Vec<CriterionSeries> {
    let catalogue = Catalogue::built_in();
    let mut out: Vec<CriterionSeries> = Vec::new();
    for criterion in catalogue.criteria_in(categories) {
        let series = criterion.id.series();
        if out.last().is_none_or(|last| last.id != series.label()) {
            out.push(CriterionSeries {
                id: series.label().to_owned(),
                title: catalogue.series_title(series).to_owned(),
                criteria: Vec::new(),
            });
        }
        let controls = groups.iter().flat_map(|group| &group.controls);
        out.last_mut().unwrap().criteria.push(CriterionEntry {
            id: criterion.id,
            text: criterion.paraphrase.clone(),
            controls: controls
                .filter(|control| control.criteria.contains(&criterion.id))
                .map(|control| control.id.clone())
                .collect(),
            cuecs: cuecs
                .iter()
                .filter(|c| c.criteria.contains(&criterion.id))
                .map(|c| c.id.clone())
                .collect(),
            csocs: csocs
                .iter()
                .filter(|c| c.criteria.contains(&criterion.id))
                .map(|c| c.id.clone())
                .collect(),
        });
    }
    out
}
