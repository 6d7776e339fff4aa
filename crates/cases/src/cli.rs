//! The room's commands.
//!
//! | module | command |
//! |---|---|
//! | [`clock`] | `tickmark clock deadline` and `tickmark clock elapsed` |

pub mod clock;
