//! Every mechanism of input and output, and no SOC 2 knowledge.
//!
//! | module | holds |
//! |---|---|
//! | [`blobs`] | files by their content, in a directory or an S3-compatible store |
//! | [`cli`] | what every subcommand shares |
//! | [`db`] | one SQL text on SQLite and PostgreSQL, group commit |
//! | [`journal`] | the one write path: logs, tree, checkpoints, replay |
//! | [`jobs`] | what follows from a command: done later, under leases, at least once |
//! | [`http`] | what every page and endpoint shares |
//! | [`inbound`] | what comes in by itself: mail by IMAP, signed messages |
//! | [`edge`] | the one reading of clock and randomness |
//! | [`ui`] | the frame of a page and its components, the files that the browser fetches |
//! | [`words`] | everything a person reads, in their language |
//! | `testing` | a fresh database per test, on both databases (feature `testing`) |

pub mod blobs;
pub mod cli;
pub mod db;
pub mod edge;
pub mod http;
pub mod inbound;
pub mod jobs;
pub mod journal;
#[cfg(feature = "testing")]
#[expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test may stop where it stands"
)]
pub mod testing;
pub mod ui;
pub mod words;

use db::Migration;

/// The platform's own migrations; the composition puts them before those of the rooms.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        room: "a_platform",
        name: "0001_journal",
        sql: include_str!("../migrations/0001_journal.sql"),
    },
    Migration {
        room: "a_platform",
        name: "0002_session",
        sql: include_str!("../migrations/0002_session.sql"),
    },
    Migration {
        room: "a_platform",
        name: "0003_jobs",
        sql: include_str!("../migrations/0003_jobs.sql"),
    },
    Migration {
        room: "a_platform",
        name: "0004_versions",
        sql: include_str!("../migrations/0004_versions.sql"),
    },
];
