//! Surveys, answers, interviews, follow-ups.

use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

kernel::id_kind!(SurveyId, SurveyIdKind, "srv", "survey");
kernel::id_kind!(InterviewId, InterviewIdKind, "itv", "interview");

/// What one person answered: question id to answer. The segment, where one was chosen, stands under
/// [`SEGMENT`].
pub type Answers = BTreeMap<String, String>;
/// The key of the segment among the answers.
pub const SEGMENT: &str = "segment";

/// Where a survey stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurveyState {
    /// It can be answered.
    Open,
    /// It can not.
    Closed,
}

/// A survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Its id.
    pub id: SurveyId,
    /// The organisation.
    pub organisation: PartyId,
    /// What it is called.
    pub title: String,
    /// What it is for, as people read it before they answer.
    pub intro: String,
    /// The ids of its questions in the bank.
    pub questions: Vec<String>,
    /// Groups of which a person may choose their own; empty: none are asked.
    pub segments: Vec<String>,
    /// Whether nobody's identity is kept.
    pub anonymous: bool,
    /// Where it stands.
    pub state: SurveyState,
    /// Until when it can be answered.
    pub closes_at: Timestamp,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Invitations sent to one person each.
    pub invited: i64,
    /// Answers; of an anonymous survey known when it is closed.
    pub answered: i64,
    /// Whether there is a common link as well.
    pub by_link: bool,
    /// Whether answers were destroyed because they were too few.
    pub too_few: bool,
    /// The version, for forms.
    pub version: i64,
}

/// Where an interview stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterviewState {
    /// A date is set.
    Planned,
    /// It was held; follow-ups may be open.
    Held,
    /// Nothing is open any more.
    Closed,
}

/// An interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    /// Its id.
    pub id: InterviewId,
    /// The organisation.
    pub organisation: PartyId,
    /// Who is asked.
    pub who: String,
    /// Their role or function.
    pub position: String,
    /// Why they were chosen.
    pub reason: String,
    /// Who asks.
    pub interviewer: PersonId,
    /// The date.
    pub planned_at: Timestamp,
    /// The ids of its questions in the bank.
    pub questions: Vec<String>,
    /// Where it stands.
    pub state: InterviewState,
    /// When it was held.
    pub held_at: Option<Timestamp>,
    /// What was answered.
    pub answers: Answers,
    /// What it was about, in words that are counted over all interviews.
    pub themes: Vec<String>,
    /// What was concluded.
    pub conclusion: String,
    /// The version, for forms.
    pub version: i64,
}

/// Something that an interview left to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// Its number within the interview, from 1.
    pub number: i64,
    /// What.
    pub what: String,
    /// Who does it.
    pub owner: String,
    /// By when.
    pub due_at: Timestamp,
    /// When it was done.
    pub closed_at: Option<Timestamp>,
    /// What came of it.
    pub outcome: String,
}
