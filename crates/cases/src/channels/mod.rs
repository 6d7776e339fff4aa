//! Subject: the register of reporting channels.
//!
//! Which ways there are to report, for whom, where they are published, when each was last tried and
//! what came of it. The public pages and the texts for agreements are made from it.

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
pub const ROOM: Room = Room::new::<events::ChannelEvent>(
    &["channel", "channel_publication", "channel_test"],
    &[Migration {
        room: "r4_channels",
        name: "0001_channels",
        sql: include_str!("migrations/0001_channels.sql"),
    }],
);
