//! The room's decisions and arithmetic: pure functions of their arguments.
//!
//! | module | holds |
//! |---|---|
//! | [`availability`] | whether an availability target was kept, from outages and maintenance |
//! | [`recovery`] | whether recovery time and recovery point objectives were kept |
//! | [`measurability`] | how measurable the wording of a commitment is |
//! | [`sufficiency`] | what is missing between commitments, requirements, controls and results |

pub mod availability;
pub mod measurability;
pub mod recovery;
pub mod sufficiency;
