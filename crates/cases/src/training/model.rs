//! Courses, assignments, practice reports, texts put forward.

use kernel::ids::{EventId, PartyId, PersonId};
use kernel::party::Role;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(CourseId, CourseIdKind, "crs", "course");
kernel::id_kind!(AssignmentId, AssignmentIdKind, "asg", "assignment");
kernel::id_kind!(PracticeId, PracticeIdKind, "prc", "practice report");
kernel::id_kind!(TextId, TextIdKind, "txv", "text put forward");

/// How often a course is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Once, when somebody joins.
    Onboarding,
    /// Within every 365 days.
    Yearly,
    /// Once, for whoever holds one of the roles.
    Role,
}

impl Rhythm {
    /// Every rhythm.
    pub const ALL: [Self; 3] = [Self::Onboarding, Self::Yearly, Self::Role];

    /// The word in tables and forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Onboarding => "onboarding",
            Self::Yearly => "yearly",
            Self::Role => "role",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.word() == word)
    }
}

/// Who must take a course, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// How often.
    pub rhythm: Rhythm,
    /// Holders of one of these roles; empty: everybody.
    pub who: Vec<Role>,
    /// Days from the assignment until it is due.
    pub due_days: i64,
}

/// One question of a quiz.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The question.
    pub text: String,
    /// What can be chosen.
    pub choices: Vec<String>,
    /// The numbers of the right choices, from 0, ascending.
    pub right: Vec<usize>,
    /// Why; shown after the quiz was passed.
    pub why: String,
}

/// What is taught, in one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// The prose.
    pub text: String,
    /// The quiz.
    pub questions: Vec<Question>,
    /// The share of questions that must be right, in per cent.
    pub pass_percent: i64,
}

/// A course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
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
    /// Since when it is given.
    pub since: Timestamp,
    /// The number of the present material; 0 before the first.
    pub material: i64,
    /// The version, for forms.
    pub version: i64,
}

/// Somebody has to take a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// The organisation.
    pub organisation: PartyId,
    /// The course.
    pub course: CourseId,
    /// Who.
    pub person: PersonId,
    /// Why: the rhythm of the rule at the time.
    pub reason: Rhythm,
    /// When it was assigned.
    pub assigned_at: Timestamp,
    /// By when.
    pub due_at: Timestamp,
    /// Answers sent so far.
    pub attempts: i64,
    /// The last reminder, in days from the due time.
    pub reminded: Option<i64>,
    /// When the quiz was passed.
    pub completed_at: Option<Timestamp>,
    /// With which material.
    pub material: Option<i64>,
    /// Questions answered rightly, of how many.
    pub score: Option<(i64, i64)>,
    /// The entry of the log that says so.
    pub completed_event: Option<EventId>,
    /// When it was let go because the person had left.
    pub released_at: Option<Timestamp>,
    /// The version, for forms.
    pub version: i64,
}

impl Assignment {
    /// Whether it is still to be done.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.completed_at.is_none() && self.released_at.is_none()
    }
}

/// A member of the organisation, as far as the rules need to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFact {
    /// Who.
    pub person: PersonId,
    /// What they are trusted with.
    pub roles: kernel::party::Roles,
    /// Since when.
    pub since: Timestamp,
    /// Whether they still act for the organisation.
    pub active: bool,
}

/// A report that was filed to practise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practice {
    /// Its id.
    pub id: PracticeId,
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
    /// When it was filed.
    pub filed_at: Timestamp,
    /// How far the practice has come, from 0.
    pub stage: i64,
    /// When it was gone through to the end.
    pub finished_at: Option<Timestamp>,
    /// The version, for forms.
    pub version: i64,
}

/// A version of a text that people confirm to have read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutForward {
    /// Its id.
    pub id: TextId,
    /// The organisation.
    pub organisation: PartyId,
    /// Of what it is a version: the text of an id, such as a policy's.
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
    /// When it was put forward.
    pub put_at: Timestamp,
}

/// Somebody confirmed to have read a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Which.
    pub text: TextId,
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// The entry of the log.
    pub event: EventId,
}

/// How far a course has reached. `applies` = `done` + `within` + `late`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// People who act for the organisation now and whom the rule concerns.
    pub applies: i64,
    /// Of these, who have passed, for a yearly course within the last 365 days.
    pub done: i64,
    /// Who have not, and still have time.
    pub within: i64,
    /// Who have not, and whose time has run out.
    pub late: i64,
}

/// A coverage figure as it was taken at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageTaken {
    /// The course.
    pub course: CourseId,
    /// The month in UTC, `2026-03`.
    pub month: String,
    /// When.
    pub taken_at: Timestamp,
    /// The figure.
    pub coverage: Coverage,
}
