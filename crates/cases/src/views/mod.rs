//! Subject of room 4: how the register is looked at. Saved views, tags, search, acts on several cases.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | views, tags, what is done with several cases |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`rules`] | words of a text; figures too small to show; pure |
//! | [`service`] | commands |
//! | [`store`] | tables; the index of words |
//! | [`jobs`] | the index follows the log |
//! | [`pages`] | views and acts on several cases |

pub mod events;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod permits;
pub mod rules;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this subject.
pub const ROOM: Room = Room::new::<events::ViewEvent>(
    &["case_view", "case_tag"],
    &[
        Migration {
            room: "r4_views",
            name: "0001_views",
            sql: include_str!("migrations/0001_views.sql"),
        },
        Migration {
            room: "r4_views",
            name: "0002_few",
            sql: include_str!("migrations/0002_few.sql"),
        },
    ],
);
