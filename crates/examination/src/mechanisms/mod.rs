//! Evaluating how the organisation takes in reports of failures, incidents, concerns and complaints:
//! channels, policy, what people say, past cases, and a rubric of five dimensions. What comes of it is a
//! memorandum outside the report. It is no opinion, and no proposal of an opinion reads it.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | the papers of an evaluation |
//! | [`rules`] | the rubric, the comparison of channels, the order of recommendations, pure |
//! | [`events`] | what can happen; all of it in the firm's log |
//! | [`permits`] | who may do what: the firm alone |
//! | [`figures`] | what the organisation's own record says, read from the room of cases |
//! | [`asked`] | what its own surveys say of whether people know how to report |
//! | [`service`] | commands |
//! | [`store`] | the table |
//! | [`pages`] | pages of the firm's side |

pub mod asked;
pub mod events;
pub mod figures;
pub mod model;
pub mod pages;
pub mod permits;
pub mod rules;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this subject.
pub const ROOM: Room = Room::new::<events::MechanismEvent>(
    &["mech_paper"],
    &[Migration {
        room: "r6_mechanisms",
        name: "0001_mechanisms",
        sql: include_str!("migrations/0001_mechanisms.sql"),
    }],
);
