//! Room 2: what was promised, what that requires, and whether it was kept.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | commitments, requirements, results per window |
//! | [`rules`] | decisions and arithmetic, pure: availability, recovery, wording, sufficiency |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`pages`] | what people see |
//! | [`cli`] | the command `tickmark availability` |

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

/// What the composition knows of this room.
pub const ROOM: Room = Room::new::<events::CommitmentEvent>(
    &["commitment", "requirement", "commitment_kept"],
    &[Migration {
        room: "r2_commitments",
        name: "0001_commitments",
        sql: include_str!("../migrations/0001_commitments.sql"),
    }],
);
