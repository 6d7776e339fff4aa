//! Subject: collectors, which ask another system for evidence and keep its answer as it came.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | what is asked, of whom, when, and what a run found |
//! | [`permits`] | who may do what |
//! | [`rules`] | what an answer must be, what it speaks for, what an address may hold |
//! | [`events`] | what can happen |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`jobs`] | asking, at the time that was set |
//! | [`pages`] | declaring collectors, running them, what they found |
//! | [`cli`] | `tickmark evidence` |
//!
//! A secret is sealed under a key of the deployment and opened only to be sent. No error page becomes
//! evidence, and what was collected is never edited: a changed request is another version, and another
//! answer another item.

pub mod cli;
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

/// What the composition knows of this subject. Secrets are not of the record.
pub const ROOM: Room = Room::new::<events::CollectorEvent>(
    &["collector", "collector_version", "collector_run"],
    &[
        Migration {
            room: "r5_collectors",
            name: "0001_collectors",
            sql: include_str!("migrations/0001_collectors.sql"),
        },
        Migration {
            room: "r5_collectors",
            name: "0002_answers",
            sql: include_str!("migrations/0002_answers.sql"),
        },
    ],
);
