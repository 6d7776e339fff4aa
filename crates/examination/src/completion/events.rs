//! What can happen when a file is completed. Kinds are frozen: a changed shape is a new version.
//!
//! Everything goes to the firm's log, but for management's acknowledgement of a letter, which is the
//! organisation's.

use super::model::{
    AddendumId, Inputs, LetterBody, LetterId, ProcedureBody, ProcedureId, RaisedRisk, Recipe, Step,
};
use evidence::model::EvidenceId;
use kernel::ids::{EngagementId, PartyId};
use kernel::period::Date;
use serde::{Deserialize, Serialize};

/// A procedure was performed, or more became known of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProcedurePerformed {
    /// Its id.
    pub id: ProcedureId,
    /// The engagement.
    pub engagement: EngagementId,
    /// What was done.
    pub body: ProcedureBody,
}

/// A procedure was reviewed by somebody else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProcedureReviewed {
    /// The engagement.
    pub engagement: EngagementId,
}

/// The file was signed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileSigned {
    /// The engagement.
    pub engagement: EngagementId,
    /// As what.
    pub step: Step,
    /// The report's date.
    pub report_date: Date,
    /// What the signer states.
    pub statement: String,
    /// What it binds.
    pub inputs: Inputs,
    /// Digest of the inputs.
    pub inputs_sha256: String,
}

/// The letter on deficiencies as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterWritten {
    /// Its id.
    pub id: LetterId,
    /// The engagement.
    pub engagement: EngagementId,
    /// To which organisation it goes.
    pub organisation: PartyId,
    /// What it says.
    pub body: LetterBody,
}

/// The letter was released to management.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterReleased {
    /// The engagement.
    pub engagement: EngagementId,
}

/// Management acknowledged a released letter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterAcknowledged {
    /// The engagement.
    pub engagement: EngagementId,
    /// Which letter.
    pub letter: LetterId,
}

/// The assembled file was locked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileLocked {
    /// The engagement.
    pub engagement: EngagementId,
    /// The report's date.
    pub report_date: Date,
    /// The last day on which it could be assembled.
    pub due: Date,
    /// The first day on which it need no longer be kept.
    pub keep_until: Date,
    /// Why it was late; empty when it was not.
    pub late_reason: String,
}

/// Something was added to a locked file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddendumMade {
    /// Its id.
    pub id: AddendumId,
    /// The engagement.
    pub engagement: EngagementId,
    /// What it belongs to.
    pub about: String,
    /// What is added.
    pub text: String,
    /// Why.
    pub reason: String,
    /// What shows it.
    pub evidence: Vec<EvidenceId>,
}

/// A file was begun from that of the period before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileCarried {
    /// The engagement.
    pub engagement: EngagementId,
    /// The engagement it came from.
    pub from: EngagementId,
    /// How the populations were got.
    pub recipes: Vec<Recipe>,
    /// Controls whose risk class is raised.
    pub risks: Vec<RaisedRisk>,
    /// Tests that were left behind, each with why.
    pub left_behind: Vec<String>,
}

kernel::events! {
    /// What can happen when a file is completed.
    pub enum CompletionEvent in "completion" {
        /// A procedure was performed after the period's end.
        ProcedurePerformed(ProcedurePerformed) = "completion.procedure_performed.v1",
        /// A procedure was reviewed by somebody else.
        ProcedureReviewed(ProcedureReviewed) = "completion.procedure_reviewed.v1",
        /// The file was signed, bound to all that it rests on.
        FileSigned(FileSigned) = "completion.file_signed.v1",
        /// The letter on deficiencies was written.
        LetterWritten(LetterWritten) = "completion.letter_written.v1",
        /// The letter on deficiencies was released to management.
        LetterReleased(LetterReleased) = "completion.letter_released.v1",
        /// Management acknowledged the letter on deficiencies.
        LetterAcknowledged(LetterAcknowledged) = "completion.letter_acknowledged.v1",
        /// The assembled file was locked.
        FileLocked(FileLocked) = "completion.file_locked.v1",
        /// Something was added to a locked file, beside what is there.
        AddendumMade(AddendumMade) = "completion.addendum_made.v1",
        /// A file was begun from that of the period before.
        FileCarried(FileCarried) = "completion.file_carried.v1",
    }
}
