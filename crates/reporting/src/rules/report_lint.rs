//! Holds a finished [`ReportData`] against what a SOC 2 report must say and how its parts must agree.
//!
//! Pure: the same report gives the same findings. Nothing here is a standard; the rules are proposals of
//! this product that a firm may read as a checklist. A finding that must be mended keeps the report from
//! being issued; one to consider is for a person to weigh.
//!
//! | file | holds |
//! |---|---|
//! | `facts.rs` | names, dates, signatures, categories |
//! | `auditor.rs` | Section I: elements, form of the opinion, complementary controls, subservice organisations |
//! | `description.rs` | Sections II and III: the nine description criteria, wording |
//! | `testing.rs` | Section IV: mapping, tests, results, deviations, responses |
//! | `traces.rs` | the appendix of traces |
//! | `text.rs` | every text: blanks, placeholders, other clients, copied passages |

mod auditor;
mod description;
mod facts;
mod testing;
mod text;
mod traces;

use std::fmt;

use serde::Serialize;

use crate::report_document::ReportData;

pub use text::shingles;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A name is missing where it must stand, or stands otherwise than on the cover.
    NamesAgree,
    /// A date stands otherwise than on the cover, or lies outside what the report speaks for.
    DatesAgree,
    /// The report date lies before the end of what the report speaks for, or before the assertion.
    ReportDate,
    /// An issued report lacks a signature or a date; or a draft has one.
    Signed,
    /// An element of Section I is missing, out of order, or there without cause.
    Elements,
    /// “Throughout the period” in a Type 1 report, or “as of” in the opinion of a Type 2 report.
    TimeWording,
    /// The opinion, its basis and its wording do not fit together.
    OpinionForm,
    /// Wording on complementary controls stands without such controls, or is missing with them.
    ComplementaryControls,
    /// A subservice organisation is described otherwise in Section I than in Section III.
    Subservices,
    /// The criteria in Section IV are not those of the categories in scope.
    CriteriaInScope,
    /// Criteria, controls and complementary controls do not point at each other.
    Mapping,
    /// Two things share an id.
    DuplicateId,
    /// A description criterion is not addressed.
    DescriptionCriteria,
    /// Section III and Section IV name different frequencies for one control.
    Frequency,
    /// Praise, or a plan, in the description.
    DescriptionWording,
    /// A control without test in a Type 2 report, or a test in a Type 1 report.
    Tests,
    /// A result is blank or does not say what its outcome is.
    Results,
    /// The sample is not stated, or makes no sense.
    Samples,
    /// Nothing but inquiry supports a conclusion on operation.
    InquiryAlone,
    /// Section IV and the released deviations differ.
    Deviations,
    /// A response of management points at nothing, or an exception has none.
    Responses,
    /// A figure has no trace, a trace no figure, or one of them is malformed.
    Traces,
    /// A placeholder was left in.
    Placeholder,
    /// A text is empty.
    Blank,
    /// The name of another client of the firm.
    OtherClient,
    /// A long passage is the same as in another report of the firm.
    CopiedText,
}

/// What a finding asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The report cannot be issued as it stands.
    Mend,
    /// Worth a second look; issuing it as it stands can be right.
    Consider,
}

/// One remark on a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub rule: Rule,
    /// What it asks.
    pub weight: Weight,
    /// Where: a JSON pointer into the report's data, such as `/testing/groups/0/controls/3`.
    pub place: String,
    /// A plain sentence: what is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.place)
    }
}

/// What the firm knows beyond this report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// Names of the firm's other clients and of their systems.
    pub other_clients: &'a [&'a str],
    /// Sections III and IV of the firm's other reports, each with a name to call it by, as [`shingles`].
    pub other_reports: &'a [(&'a str, &'a std::collections::BTreeSet<u64>)],
    /// The share of this report's eight-word passages found in one other report from which it is remarked
    /// on, in thousandths; 0 turns the comparison off.
    pub copied_thousandths: u32,
}

/// Reads the report and remarks on it, gravest first.
#[must_use]
pub fn lint(report: &ReportData, context: &Context<'_>) -> Vec<Finding> {
    let mut remarks = Remarks { findings: Vec::new() };
    facts::check(report, &mut remarks);
    auditor::check(report, &mut remarks);
    description::check(report, &mut remarks);
    testing::check(report, &mut remarks);
    traces::check(report, &mut remarks);
    text::check(report, context, &mut remarks);
    let mut findings = remarks.findings;
    findings.sort_by_key(|finding| (finding.weight, finding.rule));
    findings
}

/// Whether anything must be mended before the report is issued.
#[must_use]
pub fn can_be_issued(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.weight == Weight::Consider)
}

/// The remarks as they are made.
struct Remarks {
    findings: Vec<Finding>,
}

impl Remarks {
    fn mend(&mut self, rule: Rule, place: impl Into<String>, message: impl Into<String>) {
        self.add(rule, Weight::Mend, place.into(), message.into());
    }

    fn consider(&mut self, rule: Rule, place: impl Into<String>, message: impl Into<String>) {
        self.add(rule, Weight::Consider, place.into(), message.into());
    }

    fn add(&mut self, rule: Rule, weight: Weight, place: String, message: String) {
        self.findings.push(Finding { rule, weight, place, message });
    }
}

#[cfg(test)]
mod tests;
