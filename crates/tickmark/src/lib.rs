//! The binary: composition, every route on one screen, the command line, the demonstration.
//!
//! | file | holds |
//! |---|---|
//! | [`rooms`] | the rooms put together: schema, replay, navigation |
//! | [`router`] | every route |
//! | [`data`] | where a deployment keeps its things, and how it is opened |
//! | [`pages`] | pages that belong to no room |

pub mod data;
pub mod pages;
pub mod rooms;
pub mod router;
