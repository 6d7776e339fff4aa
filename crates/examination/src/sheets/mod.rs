//! Test sheets: tick marks from the firm's legend, entry by keyboard, evidence beside the item,
//! regions marked on documents, review notes, the signatures of preparer and reviewer.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | the legend, annotations, review notes, signatures |
//! | [`rules`] | what a mark stands for, pasted blocks, names that match, what each test type supports |
//! | [`events`] | what can happen; everything in the firm's log |
//! | [`permits`] | who may do what |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`pages`] | the sheet, an item beside its evidence, paste, matching, the legend |

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
pub const ROOM: Room = Room::new::<events::SheetEvent>(
    &[
        "sheet_legend",
        "sheet_mark",
        "sheet_match",
        "sheet_annotation",
        "sheet_note",
        "sheet_signature",
    ],
    &[Migration {
        room: "r6_sheets",
        name: "0001_sheets",
        sql: include_str!("migrations/0001_sheets.sql"),
    }],
);
