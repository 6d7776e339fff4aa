//! Completion: what is done between the last test and the report, the signatures on the file, its lock,
//! and what is carried into the next period's file.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | procedures, signatures, the letter on deficiencies, the lock, what was carried |
//! | [`rules`] | what is missing, what voids a signature, when a file must be locked; pure |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`pages`] | the file after the report, deficiencies, what is carried |
//!
//! What joins this with the assertion, the letter of representations and the report is one room further on.

pub mod events;
pub mod model;
pub mod pages;
pub mod permits;
pub mod rules;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this subject.
pub const ROOM: Room = Room::new::<events::CompletionEvent>(
    &[
        "completion_procedure",
        "completion_signature",
        "completion_letter",
        "completion_lock",
        "completion_addendum",
        "completion_carried",
    ],
    &[Migration {
        room: "r6_completion",
        name: "0001_completion",
        sql: include_str!("migrations/0001_completion.sql"),
    }],
);
