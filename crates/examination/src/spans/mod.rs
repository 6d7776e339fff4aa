//! Controls that changed in the period: their stretches, and a conclusion on each.
//!
//! A control that was replaced, moved or introduced in the middle of the period is two controls to the
//! auditor: each has its own days, its own design, its own tests and its own conclusion. What failed in
//! one stretch is not made up for by the other.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | stretches and what is concluded on them |
//! | [`service`] | stating the stretches, concluding on each |
//! | [`pages`] | the pages of both |

pub mod model;
pub mod pages;
pub mod service;
