//! Subject: the door for mail.
//!
//! Every message that comes in is kept whole before anything looks at it, then recorded as accepted,
//! then sorted: a new report, words of a reporter who holds the address for answers, a bounce, a loop,
//! or set aside for a person to decide. Nothing is thrown away, and nothing is answered twice.
//!
//! The raw messages are files named by the record; see [`store::files`].

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
pub const ROOM: Room = Room::new::<events::MailEvent>(
    &["mail_in"],
    &[Migration {
        room: "r4_mailroom",
        name: "0001_mailroom",
        sql: include_str!("migrations/0001_mailroom.sql"),
    }],
);
