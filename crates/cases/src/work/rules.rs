//! The subject's decisions and arithmetic: pure functions of their arguments.

pub mod letters;
