//! The room's commands.
//!
//! | module | command |
//! |---|---|
//! | [`clock`] | `tickmark clock deadline` and `tickmark clock elapsed` |
//! | [`register`] | `tickmark cases import` and `tickmark cases analyse` |
//! | [`folder`] | what the import reads: a file, or a folder of files |
//! | [`export`] | `tickmark cases export` |

pub mod clock;
pub mod export;
pub mod folder;
pub mod register;
