//! What confidential and anonymous cases keep sealed: narrative, messages, notes and files, under a key
//! of the case; who may open it, who did, what holds it, and how it ends.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | parts, files, state |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`rules`] | the cipher, and how keys follow from each other |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`pages`] | opening, holding, restricting, destroying |

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
pub const ROOM: Room = Room::new::<events::SealedEvent>(
    &["sealed_content", "sealed_file", "sealed_opening", "sealed_state"],
    &[Migration {
        room: "r4_sealed",
        name: "0001_sealed",
        sql: include_str!("migrations/0001_sealed.sql"),
    }],
);
