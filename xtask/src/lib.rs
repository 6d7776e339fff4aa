//! Keeps the house tidy: what the compiler and clippy cannot say about this repository.
//!
//! | file | holds |
//! |---|---|
//! | [`tree`] | the repository's own files, read once |
//! | [`rust_source`] | a Rust file taken apart: code, comments, texts, tests, functions |
//! | [`tidy`] | the rules over files, each with its reason |
//! | [`metadata`] | our packages and everything below them, as cargo sees them |
//! | [`arrows`] | which crate may depend on which, and who may use which outside library |
//! | [`one_build`] | program and tests share one build of every outside library |
//! | [`house`] | all of it, in one list |
//! | [`licences`] | which licences outside libraries may have |
//!
//! Every rule is a function from what it looks at to a list of [`Finding`]s, and has a test that
//! breaks it on purpose. `cargo run -p xtask -- tidy` prints what is wrong; `cargo test -p xtask`
//! fails on it.

pub mod arrows;
pub mod house;
pub mod licences;
pub mod metadata;
pub mod one_build;
pub mod rust_source;
pub mod tidy;
pub mod tree;

use std::fmt;
use std::path::PathBuf;

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// File, relative to the repository, or the name of a package.
    pub place: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// A finding on one line of a file.
    pub fn at(place: &str, line: usize, message: impl Into<String>) -> Self {
        Self { place: place.to_owned(), line, message: message.into() }
    }

    /// A finding on a whole file or package.
    pub fn on(place: &str, message: impl Into<String>) -> Self {
        Self::at(place, 0, message)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.place, self.message),
            line => write!(f, "{}:{line}: {}", self.place, self.message),
        }
    }
}

/// The repository's root folder, known from where this package lies.
#[must_use]
pub fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}
