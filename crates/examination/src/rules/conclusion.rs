//! What a person concludes from a proposal, and when one signature is not enough.
//!
//! The product proposes and a person concludes. A conclusion that differs needs a reason; one that is
//! more favourable than the proposal also needs a second signer.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

use super::control::{DesignState, OperationState};
use super::deviation::TestState;
use super::facts::{Opinion, Status};

/// Something that can be concluded, ordered by how unfavourable it is.
pub trait Graded: Copy + PartialEq + Display {
    /// Higher is less favourable; equal grades are a person's choice.
    fn grade(self) -> u8;
}

impl Graded for Opinion {
    fn grade(self) -> u8 {
        self.severity()
    }
}

impl Graded for Status {
    fn grade(self) -> u8 {
        match self {
            Self::Met => 0,
            Self::Unknown => 1,
            Self::NotMet => 2,
        }
    }
}

impl Graded for DesignState {
    fn grade(self) -> u8 {
        u8::from(self.fails())
    }
}

impl Graded for OperationState {
    fn grade(self) -> u8 {
        match self {
            Self::Effective | Self::NotOperated => 0,
            Self::EffectiveWithDeviations => 1,
            Self::Unable => 2,
            Self::Ineffective => 3,
        }
    }
}

impl Graded for TestState {
    fn grade(self) -> u8 {
        match self {
            Self::NoDev | Self::NotOperated => 0,
            Self::DevWithin => 1,
            Self::Unable => 2,
            Self::DevExceeds => 3,
        }
    }
}

/// A person's conclusion on a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conclusion<T> {
    /// What was proposed.
    pub proposed: T,
    /// What is concluded.
    pub concluded: T,
    /// Why it differs.
    #[serde(default)]
    pub reason: Option<String>,
    /// Who concludes.
    pub signer: String,
    /// Who agrees to a more favourable conclusion.
    #[serde(default)]
    pub second_signer: Option<String>,
}

/// How a conclusion relates to its proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same.
    AsProposed,
    /// Another one of equal weight, such as a disclaimer for an adverse opinion.
    EqualWeight,
    /// Less favourable.
    LessFavourable,
    /// More favourable.
    MoreFavourable,
}

/// Why a conclusion is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConclusionError {
    /// Nobody signed.
    #[error("A conclusion needs a signer.")]
    NoSigner,
    /// It differs without saying why.
    #[error(
        "The proposal is {proposed} and the conclusion {concluded}; give the reason for the difference."
    )]
    NoReason {
        /// Proposed.
        proposed: String,
        /// Concluded.
        concluded: String,
    },
    /// It is more favourable and only one person signed.
    #[error(
        "{concluded} is more favourable than the proposed {proposed}; a second person must sign."
    )]
    NeedsSecondSigner {
        /// Proposed.
        proposed: String,
        /// Concluded.
        concluded: String,
    },
    /// The second signer is the first.
    #[error("The second signer must be another person than the first.")]
    SameSigner,
}

impl<T: Graded> Conclusion<T> {
    /// How the conclusion relates to the proposal.
    pub fn relation(&self) -> Relation {
        let (proposed, concluded) = (self.proposed.grade(), self.concluded.grade());
        if self.proposed == self.concluded {
            Relation::AsProposed
        } else if concluded == proposed {
            Relation::EqualWeight
        } else if concluded > proposed {
            Relation::LessFavourable
        } else {
            Relation::MoreFavourable
        }
    }

    /// Whether the conclusion may stand.
    pub fn check(&self) -> Result<Relation, ConclusionError> {
        let relation = self.relation();
        let filled = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let both = || (self.proposed.to_string(), self.concluded.to_string());
        if self.signer.trim().is_empty() {
            return Err(ConclusionError::NoSigner);
        }
        if relation != Relation::AsProposed && filled(&self.reason).is_none() {
            let (proposed, concluded) = both();
            return Err(ConclusionError::NoReason { proposed, concluded });
        }
        match filled(&self.second_signer) {
            Some(second) if second == self.signer.trim() => Err(ConclusionError::SameSigner),
            None if relation == Relation::MoreFavourable => {
                let (proposed, concluded) = both();
                Err(ConclusionError::NeedsSecondSigner { proposed, concluded })
            }
            _ => Ok(relation),
        }
    }
}
