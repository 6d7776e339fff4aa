//! Room 5: the vault, collectors, the request list.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | evidence items with the time they speak for, requests |
//! | [`permits`] | who may do what |
//! | [`rules`] | what a file is, judged by its bytes |
//! | [`events`] | what can happen |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`collectors`] | asking other systems for evidence |

pub mod collectors;
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
pub const ROOM: Room = Room::new::<events::EvidenceEvent>(
    &["evidence_item", "request"],
    &[Migration {
        room: "r5_evidence",
        name: "0001_evidence",
        sql: include_str!("../migrations/0001_evidence.sql"),
    }],
);
