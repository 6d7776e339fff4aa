//! The reporting policy: what is covered, how severe it is, by when it is answered, who is told when it
//! is not, how long it is kept. A versioned text with parts that the clocks read.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | the policy, its versions, targets, ladder and pauses |
//! | [`rules`] | its written form, what it leaves out, and which criteria it serves |
//! | [`permits`] | who may read, draft and approve it |
//! | [`events`] | what can happen to it |
//! | [`service`] | commands |
//! | [`store`] | its table |
//! | [`jobs`] | the reminder of its review |
//! | [`pages`] | its pages |

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
pub const ROOM: Room = Room::new::<events::PolicyEvent>(
    &["policy_version"],
    // Filing a report reads the table, so it is made with those of the cases.
    &[],
);

/// Its migration, run with those of the cases.
pub const MIGRATION: Migration = Migration {
    room: "r4_policy",
    name: "0001_policy",
    sql: include_str!("migrations/0001_policy.sql"),
};

/// The policy that a new organisation starts from, as reviewed data.
pub const TEMPLATE: &str = include_str!("../../../../catalog/reporting_policy.toml");
