//! Walkthroughs, inquiries, observations and surveys of the firm: planned, scheduled with the people of the
//! organisation, answered, followed up, corroborated, concluded.
//!
//! What the firm asks and what it concludes is the firm's. Two things belong to the organisation and stand in
//! its log: the appointments that it is given, with the topics that the firm released, and its consent to
//! surveys, without which none is started.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | procedures, answers, sessions, appointments, consent |
//! | [`rules`] | what such work can support, pure |
//! | [`events`] | what can happen |
//! | [`permits`] | who may do what |
//! | [`service`] | commands of the firm |
//! | [`appointments`] | commands about appointments and consent |
//! | [`store`] | tables |
//! | [`pages`] | the firm's pages, and the page of the organisation |

pub mod appointments;
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
pub const ROOM: Room = Room::new::<events::InquiryEvent>(
    &["inq_procedure", "inq_entry", "inq_appointment", "inq_consent"],
    &[Migration {
        room: "r6_inquiries",
        name: "0001_inquiries",
        sql: include_str!("migrations/0001_inquiries.sql"),
    }],
);
