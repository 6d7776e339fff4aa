//! What can go wrong, in plain sentences that say what to do.

use std::path::Path;

/// The result of every fallible function of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// An error whose text is a plain sentence for the person who gave the input.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The schema file is wrong.
    #[error("The schema cannot be used: {0}")]
    Schema(String),
    /// The data file as a whole is wrong, so that nothing of it was frozen.
    #[error("{0}")]
    File(String),
    /// The request is understood and refused by a rule (for example: the period has not closed).
    #[error("{0}")]
    Refused(String),
    /// The selection cannot be made.
    #[error("The selection cannot be made: {0}")]
    Selection(String),
    /// The test file, its parameters or its query is wrong.
    #[error("The test cannot be run: {0}")]
    Test(String),
    /// A limit on size, memory or time was reached.
    #[error("{0}")]
    Limit(String),
    /// Somebody asked for the work to stop.
    #[error("The work was stopped on request; nothing was kept.")]
    Cancelled,
    /// The operating system refused a file operation.
    #[error("{what}: {source}")]
    Io {
        /// What was being done, with the path.
        what: String,
        /// The system's own words.
        source: std::io::Error,
    },
    /// The query engine or the Parquet library failed in a way the input does not explain.
    #[error("The query engine failed: {0}")]
    Engine(String),
}

impl Error {
    /// Wraps an operating system error with what was being done to which path.
    pub(crate) fn io(what: &str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { what: format!("{what} {}", path.display()), source }
    }
}

impl From<datafusion::arrow::error::ArrowError> for Error {
    fn from(error: datafusion::arrow::error::ArrowError) -> Self {
        Self::Engine(error.to_string())
    }
}

impl From<datafusion::parquet::errors::ParquetError> for Error {
    fn from(error: datafusion::parquet::errors::ParquetError) -> Self {
        Self::Engine(error.to_string())
    }
}

/// Shortens foreign text for a message: at most `chars_max` characters, control characters escaped.
pub(crate) fn excerpt(text: &str, chars_max: usize) -> String {
    let mut out = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == chars_max {
            out.push('…');
            break;
        }
        if character.is_control() {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}
