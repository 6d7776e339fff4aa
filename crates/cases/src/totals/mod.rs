//! Subject: control totals. What came in by a door, counted at the door, against what was made of it,
//! counted where it ended; for each day. A difference is an exception with an owner and a resolution.

pub mod events;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod permits;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this subject.
pub const ROOM: Room = Room::new::<events::TotalEvent>(
    &["total_day", "total_figure", "total_exception"],
    &[Migration {
        room: "r4_totals",
        name: "0001_totals",
        sql: include_str!("migrations/0001_totals.sql"),
    }],
);
