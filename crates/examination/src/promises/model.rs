//! The papers of an evaluation of commitments and requirements.

pub use crate::evaluations::model::Kept;
use crate::rules::facts::Answer;
use commitments::model::CommitmentId;
use scope::catalogue::CriterionId;
use serde::{Deserialize, Serialize};

kernel::id_kind!(PromiseId, PromiseIdKind, "prm", "paper on commitments");

kernel::words! {
    /// The kinds of paper, as they stand in the table.
    PaperKind {
        /// What was read of a commitment.
        Understood = "understood",
        /// A finding on design that was judged.
        Finding = "finding",
        /// A regulation that a commitment refers to.
        Regulation = "regulation",
        /// The conclusion on a commitment.
        Conclusion = "conclusion",
        /// A recommendation.
        Recommendation = "recommendation",
    }
}

kernel::words! {
    /// Whether the register says what the sources say.
    Agrees {
        /// It does.
        Yes = "yes",
        /// It does not.
        No = "no",
        /// The sources were not read.
        NotRead = "not_read",
    }
}

kernel::words! {
    /// What becomes of a finding that the checks made.
    Judged {
        /// It stands: something is missing.
        Stands = "stands",
        /// It is none, for a reason.
        None = "none",
    }
}

/// What was read of a commitment and its requirements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// Which.
    pub commitment: CommitmentId,
    /// The version of its record that was read.
    pub version: i64,
    /// Whether the register says what the sources say.
    pub agrees: Agrees,
    /// What was read: contracts, agreements on service levels, notices; and what carries the commitment.
    pub read: String,
    /// What shows it.
    pub evidence: Vec<String>,
}

/// A finding of the checks, judged by the auditor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingJudged {
    /// The commitment that it concerned; none where a whole category has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<CommitmentId>,
    /// The finding, as the check said it.
    pub finding: String,
    /// What becomes of it.
    pub judged: Judged,
    /// Why.
    pub reason: String,
}

/// A regulation that a commitment or a requirement refers to. Whether the law is obeyed is not judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regulation {
    /// The commitment.
    pub commitment: CommitmentId,
    /// Which regulation or standard, and where in it.
    pub reference: String,
    /// What the commitment or its requirements take from it.
    pub taken: String,
    /// The criteria that the controls behind it answer.
    pub criteria: Vec<CriterionId>,
}

/// A person's conclusion on a commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concluded {
    /// Which.
    pub commitment: CommitmentId,
    /// Whether there is reasonable assurance that it was achieved.
    pub assurance: Answer,
    /// Why.
    pub reason: String,
    /// What shows it.
    pub evidence: Vec<String>,
    /// Digest of what it rests on, when it was signed.
    pub inputs_sha256: String,
}

/// What the auditor recommends, outside the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommended {
    /// The commitment that it concerns.
    pub commitment: CommitmentId,
    /// What was found.
    pub finding: String,
    /// What is recommended.
    pub text: String,
}

/// All papers of one evaluation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromisePapers {
    /// What was read, by commitment.
    pub understood: Vec<Kept<Understood>>,
    /// Findings judged.
    pub findings: Vec<Kept<FindingJudged>>,
    /// Regulations.
    pub regulations: Vec<Kept<Regulation>>,
    /// Conclusions, by commitment.
    pub conclusions: Vec<Kept<Concluded>>,
    /// Recommendations.
    pub recommendations: Vec<Kept<Recommended>>,
}

impl PromisePapers {
    /// The conclusion on a commitment.
    #[must_use]
    pub fn conclusion(&self, commitment: CommitmentId) -> Option<&Kept<Concluded>> {
        self.conclusions.iter().find(|c| c.body.commitment == commitment)
    }

    /// What was read of a commitment.
    #[must_use]
    pub fn understood(&self, commitment: CommitmentId) -> Option<&Kept<Understood>> {
        self.understood.iter().find(|u| u.body.commitment == commitment)
    }
}
