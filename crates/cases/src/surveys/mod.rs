//! Surveys and interviews: what people who report, and people who manage, say about it.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | surveys, interviews, follow-ups |
//! | [`rules`] | the bank of questions, how answers are checked and tallied, what is kept back, pure |
//! | [`events`] | what can happen |
//! | [`permits`] | who may do what |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`pages`] | the survey as people answer it, and the desk behind it |
//!
//! **Anonymous answers.** No name, address, time or session is stored with an answer. An invitation is a
//! random ticket of which only a digest is kept, marked when it is used, without a time and without what
//! was answered. Answers lie in a box in no order, and enter the log in one entry, shuffled, when the
//! survey is closed; then tickets and box are emptied. What remains inferable: whoever can read the raw
//! files of the database while the survey is open may see by the traces of a transaction which ticket
//! and which answer came together; a mail server and the deployment's own list of sent mail know who was
//! invited (not who answered); and words that somebody writes may give them away. Fewer answers than
//! [`rules::suppress::K`] are destroyed unread, and figures of fewer people are kept back.

pub mod events;
pub mod model;
pub mod pages;
pub mod permits;
pub mod rules;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this subject. Tickets and the box of anonymous answers are no
/// projection of the log.
pub const ROOM: Room = Room::new::<events::SurveyEvent>(
    &["survey", "survey_invited", "survey_answer", "interview", "interview_follow_up"],
    &[Migration {
        room: "r4_surveys",
        name: "0001_surveys",
        sql: include_str!("migrations/0001_surveys.sql"),
    }],
);
