//! Room 4: reporting channels, cases, clocks, escalation, updates, reviews, status page.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | channels and cases |
//! | [`permits`] | who may do what |
//! | [`events`] | what can happen |
//! | [`rules`] | the room's decisions and arithmetic, pure |
//! | [`service`] | commands |
//! | [`intake`] | taking over a register kept elsewhere |
//! | [`door`] | the public door: reports filed once |
//! | [`figures`] | the figures, from the tables |
//! | [`store`] | tables |
//! | [`sealed`] | what confidential and anonymous cases keep sealed |
//! | [`disclosures`] | which incidents the description of the system discloses |
//! | [`work`] | tasks, corrective actions, duties to notify, links, privileged notes |
//! | [`pages`] | its pages |
//! | [`api`] | its endpoints |
//! | [`cli`] | its commands at the command line |
//!
//! Subjects with a state of their own, each with the same files inside:
//!
//! | module | subject |
//! |---|---|
//! | [`channels`] | the register of reporting channels |
//! | [`mailroom`] | the door for mail |
//! | [`hooks`] | signed messages of other systems |
//! | [`totals`] | control totals of every door, day by day |
//! | [`canaries`] | synthetic reports that prove that the channels work |
//! | [`sealed`] | what confidential and anonymous reports hold, readable by those allowed |
//! | [`status`] | the status page |
//! | [`policy`] | the reporting policy, version by version |
//! | [`clocks`] | what is promised about a case, who is told when it is not kept, and the proof |
//! | [`patterns`] | what comes again, what may not be reported, what fails again and again |
//! | [`views`] | how the register is looked at: search, saved views, tags, acts on several cases |
//! | [`training`] | what people must learn, and have read |
//! | [`surveys`] | what people say when they are asked, and interviews |

pub mod api;
pub mod canaries;
pub mod channels;
pub mod cli;
pub mod clocks;
pub mod disclosures;
pub mod events;
pub mod hooks;
pub mod mailroom;
pub mod model;
pub mod pages;
pub mod patterns;
pub mod permits;
pub mod policy;
pub mod rules;
pub mod sealed;
pub mod service;
pub mod status;
pub mod store;
pub mod surveys;
pub mod totals;
pub mod training;
pub mod views;
pub mod work;

pub use service::{door, figures, intake};

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this room.
pub const ROOM: Room = Room::new::<events::CaseEvent>(
    &[
        "case_record",
        "case_count",
        "case_message",
        "case_import_row",
        "case_kept_out",
        "case_judged",
        "case_fact",
        "case_impact",
        "case_touch",
        "case_cause",
        "case_review",
    ],
    &[
        Migration {
            room: "r4_cases",
            name: "0001_cases",
            sql: include_str!("../migrations/0001_cases.sql"),
        },
        Migration {
            room: "r4_cases",
            name: "0002_casework",
            sql: include_str!("../migrations/0002_casework.sql"),
        },
        Migration {
            room: "r4_cases",
            name: "0003_privacy",
            sql: include_str!("../migrations/0003_privacy.sql"),
        },
        Migration {
            room: "r4_cases",
            name: "0004_held",
            sql: include_str!("../migrations/0004_held.sql"),
        },
        Migration {
            room: "r4_cases",
            name: "0005_ways",
            sql: include_str!("../migrations/0005_ways.sql"),
        },
        policy::MIGRATION,
        clocks::MIGRATION,
        work::MIGRATION,
        patterns::MIGRATION,
        training::MIGRATION,
    ],
);
