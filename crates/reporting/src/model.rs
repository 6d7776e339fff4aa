//! What the room keeps: the description's sections, the assertion, the firm's terms, the letter, builds.

use crate::report_document::Spelling;
use crate::rules::report_lint::Finding;
use jiff::civil::Date;
use kernel::ids::{EngagementId, EventId, PartyId};
use kernel::time::Timestamp;
use platform::blobs::BlobRef;
use scope::catalogue::{CriterionId, DescriptionCriterionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

kernel::id_kind!(ReportId, ReportIdKind, "rpt", "report");

/// One statement of a description section that stands on its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case", deny_unknown_fields)]
pub enum SectionEntry {
    /// DC1: a service.
    Service {
        /// Its name.
        name: String,
        /// What it is for.
        purpose: String,
        /// Who uses it.
        users: String,
    },
    /// DC4: a disclosed incident.
    Incident {
        /// Its id, such as `INC-01`.
        id: String,
        /// A short name.
        title: String,
        /// When it began.
        began: Date,
        /// When it ended; none while it lasts.
        ended: Option<Date>,
        /// What happened and why.
        nature: String,
        /// Whom and what it affected, and how much.
        effect: String,
        /// How it ended.
        outcome: String,
        /// The criteria it bears on.
        criteria: Vec<CriterionId>,
    },
    /// DC5: a topic of the control environment.
    Topic {
        /// Its heading.
        heading: String,
        /// Its text.
        text: String,
    },
    /// DC7: how a subservice organisation is watched over.
    Monitoring {
        /// Its name, as in the scope.
        subservice: String,
        /// How.
        text: String,
    },
    /// DC8: a criterion that is not relevant.
    NotRelevant {
        /// Which.
        criterion: CriterionId,
        /// Why.
        reason: String,
    },
    /// DC9: a significant change.
    Change {
        /// When it took effect.
        on: Date,
        /// What changed, from what to what.
        what: String,
        /// Codes of the controls concerned.
        controls: Vec<String>,
    },
}

/// What management says under one description criterion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionBody {
    /// Paragraphs, separated by empty lines; lines that begin with `- ` are a list.
    pub text: String,
    /// The statements that stand on their own.
    pub entries: Vec<SectionEntry>,
}

/// A section as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Which criterion it answers.
    pub criterion: DescriptionCriterionId,
    /// What it says.
    #[serde(flatten)]
    pub body: SectionBody,
    /// The version of the record; 0 when nothing was written yet.
    pub version: i64,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
}

/// Management's assertion as signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssertionBody {
    /// Its text; items of a lettered list begin with `(a) `.
    pub text: String,
    /// Full name of who signed.
    pub signer: String,
    /// Their position.
    pub position: String,
    /// The day it was signed.
    pub date: Date,
}

/// The assertion of an engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignedAssertion {
    /// What was signed.
    #[serde(flatten)]
    pub body: AssertionBody,
    /// The version of the record.
    pub version: i64,
    /// The event that holds it.
    pub event: EventId,
}

/// What the firm decides about its report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The city it signs in.
    pub city: String,
    /// The state it signs in.
    pub state: String,
    /// Its licence.
    pub licence: Option<String>,
    /// Its latest peer review.
    pub peer_review: Option<String>,
    /// The date of the auditor's report; not before the evidence was complete.
    pub report_date: Option<Date>,
    /// American or British spelling in the words that are the product's.
    pub spelling: Spelling,
    /// Printed at the top of every page.
    pub confidentiality: String,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            city: String::new(),
            state: String::new(),
            licence: None,
            peer_review: None,
            report_date: None,
            spelling: Spelling::American,
            confidentiality: "Confidential".to_owned(),
        }
    }
}

kernel::words! {
    /// What management represents in its letter.
    Representation {
        /// The assertion, once more.
        Assertion = "assertion",
        /// Responsibility for description, assertion and criteria.
        Responsibility = "responsibility",
        /// All relevant matters, also contrary ones, are disclosed.
        Matters = "matters",
        /// Records and people were accessible.
        Access = "access",
        /// Supplied lists are complete and accurate.
        Lists = "lists",
        /// Known deficiencies are disclosed.
        Deficiencies = "deficiencies",
        /// Fraud, actual, suspected or alleged, is disclosed.
        Fraud = "fraud",
        /// Breaches of law, regulation and contract are disclosed.
        Noncompliance = "noncompliance",
        /// Incidents are disclosed.
        Incidents = "incidents",
        /// Communications of regulators and others are disclosed.
        Regulators = "regulators",
        /// Subsequent events are disclosed.
        Subsequent = "subsequent",
        /// What was found and not corrected is not material.
        Uncorrected = "uncorrected",
        /// Included subservice organisations gave their own.
        Inclusive = "inclusive",
    }
}

/// Management's written representations, as the firm received them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// Its text.
    pub text: String,
    /// Who signed it.
    pub signer: String,
    /// Its date: that of the report.
    pub date: Date,
    /// What the firm found in it of the list of representations; empty while nobody looked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub given: BTreeSet<Representation>,
    /// What it gives otherwise or not at all, and what the firm does about that.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reservations: String,
}

/// Whether a build carries the firm's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuildKind {
    /// For discussion.
    Draft,
    /// Signed, to be issued.
    Final,
}

impl BuildKind {
    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Final => "final",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Draft, Self::Final].into_iter().find(|k| k.as_str() == text)
    }
}

/// A build of the report: the digest of its data, and what the linter said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Build {
    /// The report, the same over all builds.
    pub report: ReportId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The firm.
    pub firm: PartyId,
    /// Draft or final.
    pub kind: BuildKind,
    /// SHA-256 of `report-data.json`.
    pub data_sha256: String,
    /// SHA-256 over the templates it is typeset with.
    pub template_sha256: String,
    /// Remarks that must be mended before issue.
    pub to_mend: u64,
    /// All remarks, as far as they are kept.
    pub findings: Vec<KeptFinding>,
    /// When.
    pub built_at: Timestamp,
    /// The event, whose proof travels in the PDF.
    pub event: EventId,
}

/// A remark of the linter as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFinding {
    /// Whether it must be mended before issue.
    pub mend: bool,
    /// Where: a JSON pointer into the report's data.
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl From<&Finding> for KeptFinding {
    fn from(f: &Finding) -> Self {
        Self {
            mend: f.weight == crate::rules::report_lint::Weight::Mend,
            place: f.place.clone(),
            message: f.message.clone(),
        }
    }
}

/// The issued report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Issued {
    /// The report.
    pub report: ReportId,
    /// The build that was issued.
    pub build: EventId,
    /// The PDF.
    pub pdf: BlobRef,
    /// When.
    pub issued_at: Timestamp,
    /// The event.
    pub event: EventId,
}
