//! Subject of room 4: what the history of cases says. Recurrence, gaps in reporting, what fails again.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | decided pairs, and the report on the history |
//! | [`permits`] | who decides about pairs |
//! | [`events`] | what can happen |
//! | [`rules`] | the methods, pure |
//! | [`service`] | commands, and the report |
//! | [`store`] | tables; what is known of the cases |
//! | [`pages`] | `/cases/patterns` |
//! | [`cli`] | `tickmark cases patterns` |

pub mod cli;
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
pub const ROOM: Room = Room::new::<events::PatternEvent>(
    &["case_link_decided"],
    // The clocks of a case read its tables, so they are made with those of the cases.
    &[],
);

/// Its migration, run with those of the cases.
pub const MIGRATION: Migration = Migration {
    room: "r4_patterns",
    name: "0001_patterns",
    sql: include_str!("migrations/0001_patterns.sql"),
};
