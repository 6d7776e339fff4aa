//! The firm: its licence and peer review, its policies, who works on an engagement, whether they are
//! independent, and whether the engagement was accepted.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | profile, policies, team, independence, services beside the examination, acceptance |
//! | [`permits`] | who may do what; nobody of the organisation learns of any of it |
//! | [`events`] | what can happen; everything in the firm's log |
//! | [`rules`] | what is wrong, what is in force, who may sign |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`pages`] | `/firm`, the team of an engagement |

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
pub const ROOM: Room = Room::new::<events::FirmEvent>(
    &[
        "firm_profile",
        "firm_policy",
        "firm_member",
        "firm_independence",
        "firm_service",
        "firm_acceptance",
    ],
    &[Migration {
        room: "r6_firm",
        name: "0001_firm",
        sql: include_str!("migrations/0001_firm.sql"),
    }],
);
