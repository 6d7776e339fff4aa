//! What follows a deviation: its markers, a second signer for a softer nature, the statement that the
//! firm asks of the organisation.
//!
//! The deviation itself is an object of the examination ([`crate::model::Deviation`]). The statement is
//! the organisation's own, in its log: it sees what the firm released to it and nothing of the file.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | second signatures, statements |
//! | [`rules`] | markers of a systematic cause, the nature they propose |
//! | [`events`] | what can happen, in either log |
//! | [`permits`] | who may do what |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`pages`] | a deviation on the firm's side, a statement on the organisation's |

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
pub const ROOM: Room = Room::new::<events::DeviationEvent>(
    &["deviation_second", "deviation_statement", "statement"],
    &[Migration {
        room: "r6_deviations",
        name: "0001_deviations",
        sql: include_str!("migrations/0001_deviations.sql"),
    }],
);
