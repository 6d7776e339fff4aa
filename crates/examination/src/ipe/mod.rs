//! Completeness and accuracy: whether a population that the organisation produced can be relied on.
//!
//! The thirteen checks are answered from the frozen file, from what was recorded of its retrieval, and
//! by people. What fails stands until a person explains it, item by item, or a corrected list is frozen:
//! until then the population is not accepted, and nothing is selected from a list that does not
//! reconcile. An empty list proves nothing unless somebody proves the zero.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | retrieval, answers, explanations, reconciliation, representation, the proven zero |
//! | [`events`] | what can happen |
//! | [`rules`] | how each check stands, what stops acceptance, what the report says |
//! | [`service`] | commands |
//! | [`store`] | the table |
//! | [`pages`] | the page of one population's checks |

pub mod events;
pub mod model;
pub mod pages;
pub mod rules;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// The subject's table. It comes with the room's own, because no population is judged without it.
pub const MIGRATION: Migration = Migration {
    room: "r6_examination",
    name: "0002_ipe",
    sql: include_str!("../../migrations/0002_ipe.sql"),
};

/// What the composition knows of this subject.
pub const ROOM: Room = Room::new::<events::IpeEvent>(&["exam_ipe"], &[]);
