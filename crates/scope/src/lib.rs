//! Room 1: organisation, system and its components, criteria, vendors and subservice organisations, engagements.
//!
//! | file | holds |
//! |---|---|
//! | [`catalogue`] | criteria, description criteria, controls and requests as reviewed data |
//! | [`model`] | engagements, components, subservice organisations |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`service`] | commands |
//! | [`store`] | tables |

pub mod catalogue;
pub mod events;
pub mod model;
pub mod pages;
pub mod permits;
pub mod service;
pub mod store;

pub use service::{facts, facts_of};

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this room.
pub const ROOM: Room = Room::new::<events::ScopeEvent>(
    &["engagement", "system_component", "subservice", "user_entity_control"],
    &[
        Migration {
            room: "r1_scope",
            name: "0001_scope",
            sql: include_str!("../migrations/0001_scope.sql"),
        },
        Migration {
            room: "r1_scope",
            name: "0002_moved",
            sql: include_str!("../migrations/0002_moved.sql"),
        },
    ],
);
