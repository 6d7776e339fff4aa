//! Planning: understanding, risk, materiality, the test plan, the timeline, budget and time.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | what is planned |
//! | [`permits`] | who may do what; nobody of the organisation learns of any of it |
//! | [`events`] | what can happen; everything in the firm's log |
//! | [`rules`] | risk classes, proposed tests, what a timeline must hold |
//! | [`progress`] | how far the work is, what waits for whom |
//! | [`service`] | commands |
//! | [`store`] | tables; what is proposed and how far the work is |
//! | [`pages`] | the plan of an engagement; all engagements of the firm |

pub mod events;
pub mod model;
pub mod pages;
pub mod permits;
pub mod progress;
pub mod rules;
pub mod service;
pub mod store;

use platform::db::Migration;
use platform::journal::Room;

/// What the composition knows of this subject.
pub const ROOM: Room = Room::new::<events::PlanningEvent>(
    &[
        "plan_understanding",
        "plan_risk",
        "plan_materiality",
        "plan_size",
        "plan_size_approval",
        "plan_timeline",
        "plan_budget",
        "plan_time",
    ],
    &[
        Migration {
            room: "r6_planning",
            name: "0001_planning",
            sql: include_str!("migrations/0001_planning.sql"),
        },
        Migration {
            room: "r6_planning",
            name: "0002_sizes",
            sql: include_str!("migrations/0002_sizes.sql"),
        },
    ],
);
