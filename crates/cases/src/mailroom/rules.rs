//! The mail door's decisions: pure functions of their arguments.
//!
//! | module | holds |
//! |---|---|
//! | [`letter`] | a raw message to what a person wrote, whatever its shape |
//! | [`results`] | `Authentication-Results` of the server that we trust |
//! | [`token`] | addresses for answers, which only this deployment can make |
//! | [`sorting`] | what a message is |

pub mod letter;
pub mod results;
pub mod sorting;
pub mod token;
