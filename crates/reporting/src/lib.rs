//! Room 7: description, assertion, letters, the report and its distribution.
//!
//! | file | holds |
//! |---|---|
//! | [`report_document`] | the report as data, and its typesetting |
//! | [`rules`] | the linter, the wording, completeness of the description |
//! | [`model`] | sections, assertion, terms, letter, builds |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`assemble`] | the report's data from the record |
//! | [`press_room`] | from a build to the file: proof, typesetting, issue |
//! | [`verify_report`] | a report checked without server and network |
//! | [`package`] | an engagement as one file, and its verification |
//! | [`pages`] | what people see |
//! | [`cli`] | `tickmark report build`, `export package`, and what a file of texts says |

pub mod assemble;
pub mod cli;
pub mod events;
pub mod model;
pub mod package;
pub mod pages;
pub mod permits;
pub mod press_room;
pub mod report_document;
pub mod rules;
pub mod service;
pub mod store;
pub mod verify_report;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this room.
pub const ROOM: Room = Room::new::<events::ReportingEvent>(
    &[
        "description_section",
        "report_assertion",
        "report_terms",
        "report_letter",
        "report_build",
        "report_issue",
    ],
    &[Migration {
        room: "r7_reporting",
        name: "0001_reporting",
        sql: include_str!("../migrations/0001_reporting.sql"),
    }],
);
