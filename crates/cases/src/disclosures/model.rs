//! Answers, decisions and texts of disclosure.

use crate::model::CaseId;
use kernel::ids::{EngagementId, PartyId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(DisclosureId, DisclosureKind, "dsc", "decision on disclosure");

kernel::words! {
    /// What is asked about an incident before it is decided whether the description discloses it.
    Question {
        /// Did it result from controls that were not suitably designed, or did not operate effectively?
        Controls = "controls",
        /// Did it otherwise cause a significant failure to achieve a service commitment or a system requirement?
        Failure = "failure",
        /// Was it disclosed publicly, or does law ask for that?
        Public = "public",
        /// Did an authority impose a sanction, or open a case?
        Sanctions = "sanctions",
        /// Did customers end or change their agreements because of it?
        Contracts = "contracts",
        /// Would readers of the report decide otherwise if they knew of it?
        Readers = "readers",
    }
}

kernel::words! {
    /// Where a decision stands.
    DecisionState {
        /// Prepared; another person has to approve it.
        Prepared = "prepared",
        /// Sent back to whoever prepares it.
        Returned = "returned",
        /// Approved.
        Approved = "approved",
    }
}

/// An answer with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// To which question.
    pub question: Question,
    /// Yes or no.
    pub yes: bool,
    /// Why.
    pub why: String,
}

/// The text for the description: what, when, how far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What it was.
    pub nature: String,
    /// When it was, and when it ended.
    pub timing: String,
    /// How far it reached, what came of it, and what was done.
    pub extent: String,
}

/// A decision with all that it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionText {
    /// The answers.
    pub answers: Vec<Answer>,
    /// Whether the description discloses it.
    pub disclose: bool,
    /// Why, or why not.
    pub rationale: String,
    /// The text, where it is disclosed.
    pub draft: Draft,
}

/// A decision as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Its id.
    pub id: DisclosureId,
    /// The organisation.
    pub organisation: PartyId,
    /// For which engagement's description.
    pub engagement: EngagementId,
    /// About which case; none for the statement about the whole period.
    pub case: Option<CaseId>,
    /// What was decided.
    pub text: DecisionText,
    /// Where it stands.
    pub state: DecisionState,
    /// Who prepared it.
    pub prepared_by: String,
    /// When.
    pub prepared_at: Timestamp,
    /// Who approved it or sent it back.
    pub judged_by: Option<String>,
    /// When.
    pub judged_at: Option<Timestamp>,
    /// What they said.
    pub remark: Option<String>,
    /// The version of the record.
    pub version: i64,
}
