//! Evaluating service commitments and system requirements: what was promised, what carries it, whether it is
//! designed and operates, and, for each principal commitment, whether there is reasonable assurance that it
//! was achieved. A person concludes that; the conclusion is one of the facts an opinion is proposed from.
//! Nothing here is an opinion on compliance with a law.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | the papers |
//! | [`rules`] | findings on design, results against targets, what a conclusion rests on, pure |
//! | [`events`] | what can happen; all of it in the firm's log |
//! | [`permits`] | who may do what: the firm alone |
//! | [`service`] | commands |
//! | [`store`] | the table |
//! | [`pages`] | pages of the firm's side |

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
pub const ROOM: Room = Room::new::<events::PromiseEvent>(
    &["promise_paper"],
    // The facts of an opinion read the conclusions on commitments, so their table is made with the room's.
    &[],
);

/// Its migration, run with those of the room.
pub const MIGRATION: Migration = Migration {
    room: "r6_promises",
    name: "0001_promises",
    sql: include_str!("migrations/0001_promises.sql"),
};
