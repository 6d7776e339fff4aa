//! Work that a case asks for: tasks, corrective actions, duties to notify, links, privileged notes.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | tasks, corrective actions, notices, links, privileged notes, findings |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`rules`] | letters filled from a case |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`pages`] | their part of the page of a case, letters |

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
pub const ROOM: Room = Room::new::<events::WorkEvent>(
    &["work_task", "work_action", "work_notice", "work_link", "work_privileged", "work_finding"],
    // The clocks of a case read its tables, so they are made with those of the cases.
    &[],
);

/// Its migration, run with those of the cases.
pub const MIGRATION: Migration =
    Migration { room: "r4_work", name: "0001_work", sql: include_str!("migrations/0001_work.sql") };
