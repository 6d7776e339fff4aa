//! The room's commands.
//!
//! | module | command |
//! |---|---|
//! | [`clock`] | `tickmark clock deadline` and `tickmark clock elapsed` |
//! | [`register`] | `tickmark cases import` and `tickmark cases analyse` |
//! | [`export`] | `tickmark cases export` |

pub mod clock;
pub mod export;
pub mod register;
