//! The room's commands.
//!
//! | module | command |
//! |---|---|
//! | [`clock`] | `tickmark clock deadline` and `tickmark clock elapsed` |
//! | [`register`] | `tickmark cases import` and `tickmark cases analyse` |

pub mod clock;
pub mod register;
