//! What both sides know of a population: the hash of what the organisation supplied, as it was frozen.
//!
//! Whose record is whose. A population is the firm's: its rows, checks, judgement and use stand in the
//! firm's log. That rows which the organisation supplied were frozen, under which hash and when, stands
//! in the organisation's own log, written in the same transaction: neither side can change it alone, and
//! the organisation's page reads nothing else. What the firm obtained elsewhere stands there not at all.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | what a population covers, where its rows came from, what the organisation is shown |
//! | [`rules`] | whether it may be frozen yet, or still, by what it covers |
//! | [`events`] | what can happen, in the organisation's log |
//! | [`service`] | the entry that goes with each freeze |
//! | [`store`] | the table |
//! | [`pages`] | the organisation's page |

pub mod events;
pub mod model;
pub mod pages;
pub mod rules;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// The subject's table. It comes with the room's own, because no population is frozen without it.
pub const MIGRATION: Migration = Migration {
    room: "r6_supplied",
    name: "0001_supplied",
    sql: include_str!("migrations/0001_supplied.sql"),
};

/// What the composition knows of this subject.
pub const ROOM: Room = Room::new::<events::SuppliedEvent>(&["supplied_population"], &[]);
