//! What bears on the opinion beyond controls and criteria: limits on the scope, criteria that are not relevant,
//! evidence that as such cannot be relied on, and whether a limit or a misstatement is material.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | what can be judged not material; the second signature under it |
//! | [`rules`] | what counts without that signature, what waits for it |
//! | [`service`] | commands |
//! | [`store`] | signatures, and who stated what |
//! | [`pages`] | the page of limits; the forms for misstatements and second signatures |
//!
//! The statements themselves are one document of the file ([`crate::model::Matters`]); each command here changes
//! a part of it.

pub mod model;
pub mod pages;
pub mod rules;
pub mod service;
pub mod store;
