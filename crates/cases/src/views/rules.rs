//! The subject's decisions and arithmetic, pure.

pub mod suppress;
pub mod words;
