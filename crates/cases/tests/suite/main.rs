//! The room's tests in one binary: each file is a subject.

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
mod patterns;
mod sealed;
mod status;
mod store;
mod surveys;
mod training;
mod views;
mod walk;
mod web;
mod work;
