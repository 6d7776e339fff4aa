//! The room's tests in one binary: each file is a subject, but `people`, `outbox` and `rooms`, which
//! they share.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "../../../scope/tests/common/mod.rs"]
mod common;

mod canaries;
mod casework;
mod channels;
mod clocks;
mod dashboard;
mod door;
mod held;
mod hooks;
mod import;
mod mailroom;
mod outbox;
mod patterns;
mod people;
mod rooms;
mod sealed;
mod status;
mod store;
mod surveys;
mod training;
mod views;
mod walk;
mod web;
mod work;
