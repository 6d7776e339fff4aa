//! The risk register, and deficiencies: controls that failed, and what is done about them.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | risks, deficiencies, where they came from |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`rules`] | how grave a risk is |
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
pub const ROOM: Room = Room::new::<events::RiskEvent>(
    &["risk", "deficiency"],
    &[Migration {
        room: "r3_risks",
        name: "0001_risks",
        sql: include_str!("migrations/0001_risks.sql"),
    }],
);
