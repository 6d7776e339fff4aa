//! The papers of an evaluation. Each belongs to the firm's file of one engagement.

pub use crate::evaluations::model::Kept;

use super::rules::priority::Effect;
use super::rules::rubric::{CutOffs, Dimension, Rating};
use cases::channels::model::{Audience, ChannelId, ChannelKind, Place};
use cases::policy::model::Topic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

kernel::id_kind!(PaperId, PaperIdKind, "mec", "paper of the evaluation");

kernel::words! {
    /// Whether the auditor found something.
    Found {
        /// It is there.
        Yes = "yes",
        /// It is not there.
        No = "no",
        /// Nobody looked.
        NotLooked = "not_looked",
    }
}

kernel::words! {
    /// An answer with evidence.
    Said {
        /// It holds.
        Yes = "yes",
        /// It does not.
        No = "no",
        /// It does not apply.
        NotApplicable = "na",
    }
}

kernel::words! {
    /// How a policy answers a question.
    Covered {
        /// It does.
        Yes = "yes",
        /// In part.
        Partly = "partly",
        /// It does not.
        No = "no",
    }
}

kernel::words! {
    /// Who was heard.
    Heard {
        /// Those who manage.
        Management = "management",
        /// Those who work there.
        Staff = "staff",
        /// Those who use the system.
        Users = "users",
    }
}

kernel::words! {
    /// What a finding of the evaluation is.
    PointKind {
        /// Something that holds the reporting up.
        Strength = "strength",
        /// Something through which reports or answers get lost.
        Weakness = "weakness",
    }
}

kernel::words! {
    /// What the organisation decided about a recommendation. The auditor decides nothing of it.
    Response {
        /// Nothing is known yet.
        Open = "open",
        /// It takes it up.
        Accepted = "accepted",
        /// It does not.
        Declined = "declined",
        /// It says that it is done.
        Done = "done",
    }
}

kernel::words! {
    /// The kinds of paper, as they stand in the table.
    PaperKind {
        /// A channel that the auditor identified.
        Channel = "channel",
        /// The review of the policy.
        Policy = "policy",
        /// What interviews and surveys of one group gave.
        People = "people",
        /// The cases drawn for reading.
        Draw = "draw",
        /// A case that was read.
        Case = "case",
        /// A question about patterns.
        Pattern = "pattern",
        /// The score of a dimension.
        Score = "score",
        /// The weights of the dimensions.
        Weights = "weights",
        /// A strength or a weakness.
        Point = "point",
        /// A recommendation.
        Recommendation = "recommendation",
        /// An improvement that the organisation made.
        Improvement = "improvement",
        /// A change of the mechanisms.
        Change = "change",
        /// The signature under the memorandum.
        Memo = "memo",
        /// Its review.
        Review = "review",
    }
}

/// A channel that the auditor came across: by reading, asking, trying.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentifiedChannel {
    /// What it is called.
    pub name: String,
    /// For whom it is in fact.
    pub audience: Audience,
    /// What it is.
    pub kind: ChannelKind,
    /// Which of the organisation's register it is; none where the register does not know it.
    pub registered: Option<ChannelId>,
    /// Whether it was found in each place.
    pub found: BTreeMap<Place, Found>,
    /// Whether it worked when the auditor tried it.
    pub works: Found,
    /// What was seen: how it works, how easily it is found, what stands in the way.
    pub note: String,
    /// What shows it.
    pub evidence: Vec<String>,
}

/// How the policy answers one question, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyAnswer {
    /// Whether it does.
    pub covered: Covered,
    /// Where in the policy, or what is missing.
    pub place: String,
}

/// The review of the reporting policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyReview {
    /// The number of the version that was read.
    pub number: i64,
    /// The twelve answers.
    pub answers: BTreeMap<Topic, PolicyAnswer>,
    /// What it does for security.
    pub security: String,
    /// What it does for availability.
    pub availability: String,
    /// Whether it is kept up to date, and how that was seen.
    pub upkeep: String,
    /// What shows it.
    pub evidence: Vec<String>,
}

/// What interviews and surveys of one group gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleHeard {
    /// Who.
    pub group: Heard,
    /// What they said, in sum.
    pub summary: String,
    /// Where what is written and what is done differ.
    pub gaps: String,
    /// The inquiries, interviews and surveys it rests on.
    pub evidence: Vec<String>,
}

/// The cases drawn for reading. Drawn once; a larger draw begins with the smaller one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// How many cases were reported in the period.
    pub population: u64,
    /// SHA-256 of their numbers, sorted and joined by line feeds.
    pub population_sha256: String,
    /// The seed, drawn after the numbers were fixed.
    pub seed: String,
    /// The seed under which the numbers are ranked.
    pub effective_seed: String,
    /// The numbers, in the order of selection.
    pub numbers: Vec<String>,
}

/// An answer about one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseAnswer {
    /// Whether it holds.
    pub said: Said,
    /// What shows it.
    pub note: String,
    /// What the record said when the answer was given, where it speaks against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
}

/// A case that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseReview {
    /// Its number.
    pub number: String,
    /// Why it was read, where it was not drawn.
    pub reason: String,
    /// The answers by the question's id: `H1`.
    pub answers: BTreeMap<String, CaseAnswer>,
}

/// A question about all cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatternAnswer {
    /// What the figures said when it was answered.
    pub figures: Vec<String>,
    /// What the auditor concludes.
    pub answer: String,
    /// Whether it points to a weakness.
    pub weakness: bool,
    /// What shows it.
    pub evidence: Vec<String>,
}

/// The score of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    /// Which.
    pub dimension: Dimension,
    /// 1 to 5.
    pub score: u8,
    /// What was proposed when it was given.
    pub proposed: Option<u8>,
    /// Why.
    pub reason: String,
    /// What shows it; at least one.
    pub evidence: Vec<String>,
}

/// How much each dimension weighs, in the order of [`Dimension::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// 0 to 100 each.
    pub weights: [u8; 5],
    /// Why not all alike.
    pub reason: String,
}

/// A strength or a weakness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Which of the two.
    pub kind: PointKind,
    /// Of which dimension.
    pub dimension: Dimension,
    /// What it is.
    pub text: String,
    /// What shows it; at least one.
    pub evidence: Vec<String>,
}

/// What the auditor recommends. The organisation decides, and does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// What.
    pub text: String,
    /// The key of the weakness it speaks to.
    pub weakness: Option<String>,
    /// What following it would do for security.
    pub security: Effect,
    /// What following it would do for availability.
    pub availability: Effect,
    /// What the organisation decided.
    pub response: Response,
    /// In its own words.
    pub response_note: String,
}

/// An improvement that the organisation made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Improvement {
    /// When it took effect: `2026-05-04`.
    pub on: String,
    /// What changed.
    pub change: String,
    /// What is expected of it.
    pub expected: String,
    /// By when the next look is taken; empty while nobody said.
    pub follow_up_on: String,
    /// What came of it.
    pub follow_up: String,
}

/// A change of the mechanisms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When: `2026-03-02`.
    pub on: String,
    /// What changed.
    pub change: String,
    /// Why.
    pub reason: String,
}

/// The signature under the memorandum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memo {
    /// Digest of every paper it rests on.
    pub digest: String,
    /// The whole, as shown: `3.80`.
    pub overall: String,
    /// How it is classified.
    pub rating: Rating,
    /// What is concluded, in words.
    pub conclusion: String,
    /// The cut-offs, with the version of the firm's policy, under which it was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_offs: Option<CutOffs>,
}

/// The review of the memorandum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoReview {
    /// The same digest as the signature's.
    pub digest: String,
    /// What the reviewer notes.
    pub note: String,
}

/// All papers of one evaluation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// Channels that the auditor identified.
    pub channels: Vec<Kept<IdentifiedChannel>>,
    /// The review of the policy.
    pub policy: Option<Kept<PolicyReview>>,
    /// What people said.
    pub people: Vec<Kept<PeopleHeard>>,
    /// The cases drawn.
    pub draw: Option<Kept<Draw>>,
    /// The cases read.
    pub cases: Vec<Kept<CaseReview>>,
    /// The questions about patterns.
    pub patterns: Vec<Kept<PatternAnswer>>,
    /// The scores.
    pub scores: Vec<Kept<Scored>>,
    /// The weights; all alike where none were set.
    pub weights: Option<Kept<Weights>>,
    /// Strengths and weaknesses.
    pub points: Vec<Kept<Point>>,
    /// Recommendations, in the order of their effect.
    pub recommendations: Vec<Kept<Recommendation>>,
    /// Improvements, by date.
    pub improvements: Vec<Kept<Improvement>>,
    /// Changes, by date.
    pub changes: Vec<Kept<Change>>,
    /// The signature.
    pub memo: Option<Kept<Memo>>,
    /// The review.
    pub review: Option<Kept<MemoReview>>,
    /// The cut-offs by which the whole is classified.
    pub cut_offs: CutOffs,
    /// Digest of every paper but signature and review, and of the firm's cut-offs where it has its own.
    pub digest: String,
}

impl Evaluation {
    /// The score of a dimension, if one was given.
    #[must_use]
    pub fn score(&self, dimension: Dimension) -> Option<&Kept<Scored>> {
        self.scores.iter().find(|s| s.body.dimension == dimension)
    }

    /// The weights in force.
    #[must_use]
    pub fn weights(&self) -> [u8; 5] {
        self.weights.as_ref().map_or([1; 5], |w| w.body.weights)
    }

    /// The whole, once every dimension has a score.
    #[must_use]
    pub fn overall(&self) -> Option<super::rules::rubric::Overall> {
        let mut scores = [0; 5];
        for (place, dimension) in scores.iter_mut().zip(Dimension::ALL) {
            *place = self.score(*dimension)?.body.score;
        }
        super::rules::rubric::overall(scores, self.weights(), &self.cut_offs)
    }

    /// Whether the signature still speaks of the papers as they stand.
    #[must_use]
    pub fn signed(&self) -> bool {
        self.memo.as_ref().is_some_and(|m| m.body.digest == self.digest)
    }

    /// Whether somebody else reviewed what was signed, and it still stands.
    #[must_use]
    pub fn reviewed(&self) -> bool {
        self.signed() && self.review.as_ref().is_some_and(|r| r.body.digest == self.digest)
    }

    /// The phases with whether each has its papers: channels, policy, people, history, evaluation.
    #[must_use]
    pub fn phases(&self) -> [bool; 5] {
        let read = |number: &String| self.cases.iter().any(|c| c.body.number == *number);
        [
            !self.channels.is_empty(),
            self.policy.is_some(),
            self.people.len() == Heard::ALL.len(),
            self.draw.as_ref().is_some_and(|d| d.body.numbers.iter().all(read))
                && self.patterns.len() == 7,
            self.overall().is_some(),
        ]
    }
}
