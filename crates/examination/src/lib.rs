//! Room 6, the auditor's room: populations, samples, tests, deviations, inquiries, conclusions, opinion.
//!
//! | file | holds |
//! |---|---|
//! | [`rules`] | the auditor's decisions as pure functions |
//! | [`cli`] | `tickmark sample size`, `sample evaluate` and `opinion propose` |

pub mod cli;
pub mod rules;
