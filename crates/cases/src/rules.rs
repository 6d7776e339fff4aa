//! The room's decisions and arithmetic: pure functions of their arguments.
//!
//! | module | holds |
//! |---|---|
//! | [`import`] | foreign case registers: mapping file, bounded reader, changes and how they fold into a case |
//! | [`concerned`] | whom a report concerns |
//! | [`numbers`] | tracking numbers and return codes |
//! | [`analysis`] | every figure about a set of cases, each with its definition |

pub mod analysis;
pub mod concerned;
pub mod import;
pub mod numbers;
