//! The room's decisions and arithmetic: pure functions of their arguments.
//!
//! | module | holds |
//! |---|---|
//! | [`import`] | foreign case registers: mapping file, bounded reader, changes and how they fold into a case |

pub mod import;
