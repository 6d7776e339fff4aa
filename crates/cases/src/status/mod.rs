//! The status page: what works, what does not, what is planned, and who is told.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | components, notices and what was said in them |
//! | [`rules`] | which state may follow which, how a component stands, pure |
//! | [`events`] | what can happen |
//! | [`permits`] | who may do what |
//! | [`service`] | commands |
//! | [`store`] | tables |
//! | [`feed`](pages::feed) | the Atom feed |
//! | [`pages`] | the public pages and the desk behind them |
//! | [`api`] | the page as JSON |
//! | [`jobs`] | mail to subscribers |

pub mod api;
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

/// What the composition knows of this subject. Addresses of subscribers are no projection of the log:
/// they are forgotten when somebody leaves, and the log never holds them.
pub const ROOM: Room = Room::new::<events::StatusEvent>(
    &["status_component", "status_notice", "status_update", "status_subscriber"],
    &[Migration {
        room: "r4_status",
        name: "0001_status",
        sql: include_str!("migrations/0001_status.sql"),
    }],
);
