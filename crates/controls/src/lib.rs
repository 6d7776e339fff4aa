//! Room 3: risks, controls, policies, training, gaps and remediation.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | controls, coverage, gaps |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`rules`] | the wording of control statements |
//! | [`pages`] | controls, coverage, and the gaps with their history |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`risks`] | the risk register, and deficiencies of controls |

pub mod events;
pub mod model;
pub mod pages;
pub mod permits;
pub mod risks;
pub mod rules;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this room.
pub const ROOM: Room = Room::new::<events::ControlEvent>(
    &["control", "gap"],
    &[
        Migration {
            room: "r3_controls",
            name: "0001_controls",
            sql: include_str!("../migrations/0001_controls.sql"),
        },
        Migration {
            room: "r3_controls",
            name: "0002_origin",
            sql: include_str!("../migrations/0002_origin.sql"),
        },
        Migration {
            room: "r3_controls",
            name: "0003_gap_version",
            sql: include_str!("../migrations/0003_gap_version.sql"),
        },
    ],
);
