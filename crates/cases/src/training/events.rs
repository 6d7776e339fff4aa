//! What can happen in training. Kinds are frozen: a changed shape is a new version.

use super::model::{AssignmentId, CourseId, Coverage, Material, PracticeId, Rhythm, Rule, TextId};
use kernel::ids::{PartyId, PersonId};
use kernel::party::Role;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A course as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CourseStated {
    /// Its id.
    pub id: CourseId,
    /// The organisation.
    pub organisation: PartyId,
    /// What it is called.
    pub title: String,
    /// Who must take it.
    pub rule: Rule,
    /// Whether it is no longer given.
    pub retired: bool,
}

/// A course has new material.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MaterialPublished {
    /// Its number, from 1.
    pub number: i64,
    /// What is taught and asked.
    pub material: Material,
}

/// Somebody has to take a course.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CourseAssigned {
    /// The assignment's id.
    pub id: AssignmentId,
    /// The organisation.
    pub organisation: PartyId,
    /// The course.
    pub course: CourseId,
    /// Who.
    pub person: PersonId,
    /// Why.
    pub reason: Rhythm,
    /// By when.
    pub due_at: Timestamp,
}

/// Somebody answered a quiz and did not pass.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QuizFailed {
    /// The number of the material.
    pub material: i64,
    /// What was chosen, question by question.
    pub answers: Vec<Vec<usize>>,
    /// Questions answered rightly.
    pub right: i64,
    /// Questions in all.
    pub of: i64,
}

/// Somebody passed the quiz: the course is completed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CourseCompleted {
    /// The number of the material.
    pub material: i64,
    /// What was chosen, question by question.
    pub answers: Vec<Vec<usize>>,
    /// Questions answered rightly.
    pub right: i64,
    /// Questions in all.
    pub of: i64,
}

/// Somebody was reminded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LearnerReminded {
    /// Days from the due time; negative before it.
    pub days: i64,
    /// Whether the compliance leads were told as well.
    pub escalated: bool,
}

/// An open assignment was let go because the person had left.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AssignmentReleased {}

/// The coverage of a course at a moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CoverageRecorded {
    /// The course.
    pub course: CourseId,
    /// The organisation.
    pub organisation: PartyId,
    /// The month in UTC.
    pub month: String,
    /// The figure.
    pub coverage: Coverage,
}

/// A report was filed to practise. It is no case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PracticeFiled {
    /// Its id.
    pub id: PracticeId,
    /// The organisation.
    pub organisation: PartyId,
    /// Who practises.
    pub person: PersonId,
    /// What they were asked to report.
    pub scenario: String,
    /// In a few words.
    pub title: String,
    /// In full.
    pub text: String,
    /// When it happened, as written.
    pub occurred: String,
}

/// The practice went one stage on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PracticeStepped {
    /// The stage reached.
    pub stage: i64,
    /// Whether it is the last.
    pub last: bool,
}

/// A version of a text was put forward to be confirmed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TextPutForward {
    /// The id.
    pub id: TextId,
    /// The organisation.
    pub organisation: PartyId,
    /// Of what it is a version.
    pub subject: String,
    /// Which version.
    pub number: i64,
    /// What it is called.
    pub title: String,
    /// The text itself.
    pub body: String,
    /// Who confirms; empty: everybody.
    pub who: Vec<Role>,
    /// By when.
    pub due_at: Timestamp,
}

/// Somebody confirmed to have read it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TextAcknowledged {
    /// Who.
    pub person: PersonId,
    /// The organisation.
    pub organisation: PartyId,
}

kernel::events! {
    /// What can happen in training.
    pub enum TrainingEvent in "training" {
        /// A course was stated, or stated anew.
        CourseStated(CourseStated) = "training.course_stated.v1",
        /// A course has new material and a new quiz.
        MaterialPublished(MaterialPublished) = "training.material_published.v1",
        /// Somebody has to take a course by a date.
        CourseAssigned(CourseAssigned) = "training.assigned.v1",
        /// A quiz was answered and not passed.
        QuizFailed(QuizFailed) = "training.quiz_failed.v1",
        /// A quiz was passed: the course is completed.
        CourseCompleted(CourseCompleted) = "training.completed.v1",
        /// A learner was reminded; past the date the compliance leads were told too.
        LearnerReminded(LearnerReminded) = "training.reminded.v1",
        /// An open assignment was let go because the person had left.
        AssignmentReleased(AssignmentReleased) = "training.released.v1",
        /// The coverage of a course was taken down.
        CoverageRecorded(CoverageRecorded) = "training.coverage_recorded.v1",
        /// A report was filed to practise; it is no case.
        PracticeFiled(PracticeFiled) = "training.practice_filed.v1",
        /// The practice went one stage on.
        PracticeStepped(PracticeStepped) = "training.practice_stepped.v1",
        /// A version of a text was put forward to be confirmed.
        TextPutForward(TextPutForward) = "training.text_put_forward.v1",
        /// Somebody confirmed to have read it.
        TextAcknowledged(TextAcknowledged) = "training.text_acknowledged.v1",
    }
}
