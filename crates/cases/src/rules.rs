//! The room's decisions and arithmetic: pure functions of their arguments.
//!
//! | module | holds |
//! |---|---|
//! | [`import`] | foreign case registers: mapping file, bounded reader, changes and how they fold into a case |
//! | [`concerned`] | whom a report concerns |
//! | [`closing`] | what must be there before a case may be concluded |
//! | [`messages`] | what can be said to a reporter to begin with |
//! | [`files`] | files that come with a report |
//! | [`flood`] | how a public door copes with a flood |
//! | [`numbers`] | tracking numbers and return codes |
//! | [`analysis`] | every figure about a set of cases, each with its definition |

pub mod analysis;
pub mod closing;
pub mod concerned;
pub mod files;
pub mod flood;
pub mod import;
pub mod messages;
pub mod numbers;
