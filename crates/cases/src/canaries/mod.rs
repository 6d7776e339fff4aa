//! Subject: canaries, synthetic reports that prove day by day that the channels work.
//!
//! A canary goes the whole way that a report goes: in by a channel, into the register, to a person who
//! confirms it. It carries a mark that only this deployment can make and that looks like one of the ids
//! that people copy into reports. Until a person has confirmed it, it looks like any other case to those
//! who handle cases: that is the point, and the policy says that canaries exist. Then it is closed by
//! itself and says what it was. No figure, register, population or export counts it.

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
pub const ROOM: Room = Room::new::<events::CanaryEvent>(
    &["canary_settings", "canary"],
    &[Migration {
        room: "r4_canaries",
        name: "0001_canaries",
        sql: include_str!("migrations/0001_canaries.sql"),
    }],
);
