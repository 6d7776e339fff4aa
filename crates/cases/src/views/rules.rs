//! The subject's decisions and arithmetic, pure.

pub mod counting;
pub mod suppress;
pub mod words;
