//! Service clocks and escalation: what is promised for each case, by when somebody is told that it is
//! not being kept, who is told, and the proof that they were.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | promises, rungs, absences, what a watchdog found |
//! | [`rules`] | the fold from facts to promises, the agenda of rungs, who is told; pure |
//! | [`permits`] | who may pause, flag, exclude, state absences |
//! | [`events`] | what can happen |
//! | [`service`] | commands, and what time does |
//! | [`store`] | its tables |
//! | [`jobs`] | the turn of the clock and the watchdog's pass |
//! | [`pages`] | its pages |
//! | [`api`] | its endpoint |
//! | [`cli`] | its commands |

pub mod api;
pub mod cli;
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
pub const ROOM: Room = Room::new::<events::ClockEvent>(
    &["clock_case", "clock_outcome", "clock_rung", "clock_absence", "clock_watch"],
    // Filing a report writes the first of them, so they are made with those of the cases.
    &[],
);

/// Its migration, run with those of the cases.
pub const MIGRATION: Migration = Migration {
    room: "r4_clocks",
    name: "0001_clocks",
    sql: include_str!("migrations/0001_clocks.sql"),
};
