//! Pages about other systems that report.
//!
//! | module | pages |
//! |---|---|
//! | [`sources`] | `/channels/sources`: which systems report, and a new one with its secret |
//! | [`unread`] | `/channels/sources/unread`: signed messages that could not be read |

pub mod sources;
pub mod unread;
