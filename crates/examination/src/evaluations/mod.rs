//! Papers of an evaluation: what the evaluations of reporting mechanisms and of commitments keep, write and
//! show alike. A paper has a kind, a key among those of its kind, and what it says; writing it again makes a
//! new version in the firm's log, and the table holds the newest.
//!
//! Each evaluation has kinds of events, a table and permits of its own; this has none.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | a paper as it is written and as it is kept |
//! | [`service`] | key and version, references to what shows something, the record |
//! | [`store`] | reading papers from the rows of a table |
//! | [`pages`] | forms of papers: fields they share, sending them, showing them again |

pub mod model;
pub mod pages;
pub mod service;
pub mod store;
