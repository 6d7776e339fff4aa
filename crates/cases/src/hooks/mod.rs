//! Subject: signed messages of other systems that become cases (Standard Webhooks).
//!
//! Each system is a source with a secret of its own, and says where in its messages a report stands. A
//! message that is not signed, is too old, or was sent before is refused; one that is signed and cannot
//! be read is kept for a person.

pub mod api;
pub mod events;
pub mod model;
pub mod pages;
pub mod permits;
pub mod rules;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this subject. Secrets and tallies are not of the record.
pub const ROOM: Room = Room::new::<events::HookEvent>(
    &["hook_source", "hook_delivery"],
    &[Migration {
        room: "r4_hooks",
        name: "0001_hooks",
        sql: include_str!("migrations/0001_hooks.sql"),
    }],
);
