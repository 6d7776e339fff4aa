//! Which incidents the description of the system discloses (DC4): questions, decision, approval, text.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | answers, decisions, texts |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`rules`] | which decision the answers propose, and what is missing |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`pages`] | its pages |

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
pub const ROOM: Room = Room::new::<events::DisclosureEvent>(
    &["disclosure"],
    &[Migration {
        room: "r4_disclosures",
        name: "0001_disclosures",
        sql: include_str!("migrations/0001_disclosures.sql"),
    }],
);
