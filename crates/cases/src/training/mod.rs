//! Training and awareness: courses, who must take them by when, what was learnt, and texts that
//! people confirm to have read.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | courses, assignments, practice reports, texts put forward |
//! | [`rules`] | who must learn what, what is due, how an answer is marked, pure |
//! | [`events`] | what can happen |
//! | [`permits`] | who may do what |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`jobs`] | the daily round: assignments, reminders, escalation, coverage |
//! | [`pages`] | the learner's pages and the lead's |

pub mod events;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod permits;
pub mod rules;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this subject.
pub const ROOM: Room = Room::new::<events::TrainingEvent>(
    &[
        "training_course",
        "training_material",
        "training_assignment",
        "training_practice",
        "training_text",
        "training_acknowledgement",
        "training_coverage",
    ],
    // Putting a reporting policy in force puts its text forward, so they are made with those of the cases.
    &[],
);

/// Its migration, run with those of the cases.
pub const MIGRATION: Migration = Migration {
    room: "r4_training",
    name: "0001_training",
    sql: include_str!("migrations/0001_training.sql"),
};
