//! What can happen in surveys and interviews. Kinds are frozen: a changed shape is a new version.

use super::model::{Answers, InterviewId, SurveyId};
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A survey was opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SurveyOpened {
    /// Its id.
    pub id: SurveyId,
    /// The organisation.
    pub organisation: PartyId,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub intro: String,
    /// The ids of its questions.
    pub questions: Vec<String>,
    /// Groups to choose from.
    pub segments: Vec<String>,
    /// Whether nobody's identity is kept.
    pub anonymous: bool,
    /// Until when.
    pub closes_at: Timestamp,
}

/// People were invited. Who, only where the survey is named.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PeopleInvited {
    /// How many.
    pub count: i64,
    /// Whom, of a named survey; empty of an anonymous one.
    pub named: Vec<String>,
    /// Whether a common link was made.
    pub link: bool,
}

/// Somebody answered a named survey.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NamedAnswer {
    /// Who.
    pub email: String,
    /// What.
    pub answers: Answers,
}

/// A survey was closed. The answers of an anonymous one are here, in random order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SurveyClosed {
    /// How many answered.
    pub count: i64,
    /// What, of an anonymous survey.
    pub answers: Vec<Answers>,
    /// Whether they were too few, so that they were destroyed unread.
    pub too_few: bool,
}

/// An interview was planned.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InterviewPlanned {
    /// Its id.
    pub id: InterviewId,
    /// The organisation.
    pub organisation: PartyId,
    /// Who is asked.
    pub who: String,
    /// Their role.
    pub position: String,
    /// Why they were chosen.
    pub reason: String,
    /// Who asks.
    pub interviewer: PersonId,
    /// The date.
    pub planned_at: Timestamp,
    /// The ids of its questions.
    pub questions: Vec<String>,
}

/// An interview was held, or what was written of it was completed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InterviewHeld {
    /// When.
    pub held_at: Timestamp,
    /// What was answered.
    pub answers: Answers,
    /// What it was about.
    pub themes: Vec<String>,
}

/// Something is left to be done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowUpAdded {
    /// Its number.
    pub number: i64,
    /// What.
    pub what: String,
    /// Who does it.
    pub owner: String,
    /// By when.
    pub due_at: Timestamp,
}

/// It was done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowUpClosed {
    /// Its number.
    pub number: i64,
    /// What came of it.
    pub outcome: String,
}

/// An interview was closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InterviewClosed {
    /// What was concluded.
    pub conclusion: String,
}

kernel::events! {
    /// What can happen in surveys and interviews.
    pub enum SurveyEvent in "surveys" {
        /// A survey was opened.
        SurveyOpened(SurveyOpened) = "surveys.opened.v1",
        /// People were invited to answer it.
        PeopleInvited(PeopleInvited) = "surveys.invited.v1",
        /// Somebody answered a named survey.
        NamedAnswer(NamedAnswer) = "surveys.answered.v1",
        /// A survey was closed; anonymous answers enter the log here, in random order.
        SurveyClosed(SurveyClosed) = "surveys.closed.v1",
        /// An interview was planned.
        InterviewPlanned(InterviewPlanned) = "surveys.interview_planned.v1",
        /// An interview was held.
        InterviewHeld(InterviewHeld) = "surveys.interview_held.v1",
        /// It left something to be done.
        FollowUpAdded(FollowUpAdded) = "surveys.follow_up_added.v1",
        /// That was done.
        FollowUpClosed(FollowUpClosed) = "surveys.follow_up_closed.v1",
        /// The interview was closed.
        InterviewClosed(InterviewClosed) = "surveys.interview_closed.v1",
    }
}
