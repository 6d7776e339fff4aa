//! What can happen in this room. Kinds are frozen: a changed shape is a new version.

use crate::model::{AssertionBody, BuildKind, KeptFinding, Letter, ReportId, SectionBody, Terms};
use kernel::ids::{EngagementId, EventId, PartyId};
use platform::blobs::BlobRef;
use scope::catalogue::DescriptionCriterionId;
use serde::{Deserialize, Serialize};

/// A section of the description as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SectionWritten {
    /// The engagement.
    pub engagement: EngagementId,
    /// Which criterion it answers.
    pub criterion: DescriptionCriterionId,
    /// What it says.
    pub body: SectionBody,
}

/// Management signed its assertion.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AssertionSigned {
    /// The engagement.
    pub engagement: EngagementId,
    /// What was signed.
    pub body: AssertionBody,
}

/// The firm's terms for its report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TermsStated {
    /// The engagement.
    pub engagement: EngagementId,
    /// What was decided.
    pub terms: Terms,
}

/// The firm received management's written representations.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterReceived {
    /// The engagement.
    pub engagement: EngagementId,
    /// The letter.
    pub letter: Letter,
}

/// The report was built from the record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportBuilt {
    /// The report, the same over all builds.
    pub report: ReportId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The organisation.
    pub organisation: PartyId,
    /// Draft or final.
    pub kind: BuildKind,
    /// SHA-256 of `report-data.json`.
    pub data_sha256: String,
    /// SHA-256 over the templates.
    pub template_sha256: String,
    /// How many remarks must be mended before issue.
    pub to_mend: u64,
    /// The remarks, gravest first; the first two hundred.
    pub findings: Vec<KeptFinding>,
}

/// The report was issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportIssued {
    /// The report.
    pub report: ReportId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The organisation.
    pub organisation: PartyId,
    /// The build that was issued.
    pub build: EventId,
    /// The PDF.
    pub pdf: BlobRef,
}

kernel::events! {
    /// What can happen in this room.
    pub enum ReportingEvent in "reporting" {
        /// A section of the description was written.
        SectionWritten(SectionWritten) = "reporting.section_written.v1",
        /// Management signed its assertion.
        AssertionSigned(AssertionSigned) = "reporting.assertion_signed.v1",
        /// The firm stated its terms for the report.
        TermsStated(TermsStated) = "reporting.terms_stated.v1",
        /// The firm received the representation letter.
        LetterReceived(LetterReceived) = "reporting.letter_received.v1",
        /// The report was built from the record.
        ReportBuilt(ReportBuilt) = "reporting.report_built.v1",
        /// The report was issued.
        ReportIssued(ReportIssued) = "reporting.report_issued.v1",
    }
}
