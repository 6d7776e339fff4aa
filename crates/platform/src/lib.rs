//! Every mechanism of input and output, and no SOC 2 knowledge.
//!
//! | module | holds |
//! |---|---|
//! | [`db`] | one SQL text on SQLite and PostgreSQL, group commit |
//! | [`journal`] | the one write path: logs, tree, checkpoints, replay |
//! | [`ui`] | the frame of a page and its components, the files that the browser fetches |
//! | [`words`] | everything a person reads, in their language |

pub mod db;
pub mod journal;
pub mod ui;
pub mod words;

use db::Migration;

/// The platform's own migrations; the composition puts them before those of the rooms.
pub const MIGRATIONS: &[Migration] = &[Migration {
    room: "a_platform",
    name: "0001_journal",
    sql: include_str!("../migrations/0001_journal.sql"),
}];
