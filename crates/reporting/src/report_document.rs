//! The SOC 2 report as data, and its typesetting.
//!
//! [`ReportData`] holds every word and figure that the report prints, already chosen and worded: the
//! template under `templates/report/` decides only how it looks. So what the linter
//! ([`crate::rules::report_lint`]) reads, what a firm signs, and what the attached `report-data.json` says
//! are the same text. The wording of the auditor's part comes from [`crate::rules::report_wording`], and a
//! firm may replace any paragraph of it with its own.
//!
//! | file | holds |
//! |---|---|
//! | `facts.rs` | who, what, when: the facts that cover, headers and every section repeat |
//! | `prose.rs` | text with traced figures in it |
//! | `auditor.rs` | Section I: the service auditor's report |
//! | `description.rs` | Sections II and III: assertion and description |
//! | `testing.rs` | Section IV: criteria, controls, tests, results |
//! | `other.rs` | Section V, the appendix of traces, the recipient of a copy |
//! | `typesetting.rs` | [`typeset_report`] |

mod auditor;
mod description;
mod facts;
mod other;
mod prose;
mod testing;
mod typesetting;

use serde::{Deserialize, Serialize};

pub use auditor::{
    AuditorsReport, Conclusion, Element, Matter, MatterNature, Opinion, Prong, ProngConclusion,
    ReportPart, Signature,
};
pub use description::{
    Assertion, AssertionSigner, Change, Commitment, Component, ComponentKind, Csoc, Cuec,
    Description, Incident, Incidents, NotRelevant, Requirement, Service, Significant, Subservice,
    SubserviceMethod, Topic,
};
pub use facts::{
    FirmFacts, OrganizationFacts, ReportFacts, ReportKind, ReportStatus, Spelling, SystemFacts,
};
pub use other::{OtherInformation, Recipient, Response, Trace};
pub use prose::{Block, Prose, Run, count};
pub use testing::{
    ControlEntry, ControlGroup, CriterionEntry, CriterionSeries, Outcome, Sample, TestEntry,
    TestResult, Testing,
};
pub use typesetting::{ReportAttachment, report_json, typeset_report};

/// The version of this data model, printed into `report-data.json`. Raised when a field changes meaning.
pub const REPORT_DATA_VERSION: u32 = 1;

/// Everything a SOC 2 report prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportData {
    /// [`REPORT_DATA_VERSION`].
    pub version: u32,
    /// Who, what, when.
    pub facts: ReportFacts,
    /// Section I.
    pub auditors_report: AuditorsReport,
    /// Section II.
    pub assertion: Assertion,
    /// Section III.
    pub description: Description,
    /// Section IV.
    pub testing: Testing,
    /// Section V; `None` leaves the section out.
    pub other_information: Option<OtherInformation>,
    /// Appendix: where each marked figure comes from, in the order of the marks.
    pub traces: Vec<Trace>,
    /// The ids of the deviation records released for this report. Section IV must print each exactly once.
    pub deviations_released: Vec<String>,
    /// Whom this copy is for; `None` for the master copy.
    pub recipient: Option<Recipient>,
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
