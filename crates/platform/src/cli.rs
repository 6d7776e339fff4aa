//! What every subcommand shares: where the data is, who acts, and how an answer is printed.
//!
//! Exit codes: 0 success, 1 the answer is "no" (verification failed, not supported), 2 a usage or
//! input error with one plain sentence on standard error.

use crate::db::Db;
use crate::edge::Edge;
use crate::journal::Journal;
use kernel::env::Env;
use kernel::party::Actor;
use serde::Serialize;
use std::sync::Arc;

/// An opened deployment and the person at the command line.
#[derive(Clone)]
pub struct Context {
    /// The database.
    pub db: Db,
    /// Its journal.
    pub journal: Arc<Journal>,
    /// Files by their content.
    pub blobs: Arc<crate::blobs::Blobs>,
    /// Clock and randomness.
    pub edge: Arc<dyn Edge>,
    /// Who acts: whoever holds the data directory acts as a person of it, and the log says so.
    pub actor: Actor,
}

impl Context {
    /// A fresh environment.
    #[must_use]
    pub fn env(&self) -> Env {
        self.edge.env()
    }
}

/// An answer: one document for `--json`, a text for a person, and whether it is a "no".
#[derive(Debug, Clone)]
pub struct Answer {
    /// The document.
    pub json: serde_json::Value,
    /// The text, without a line feed at the end.
    pub text: String,
    /// Whether the answer is "no": exit code 1.
    pub no: bool,
}

impl Answer {
    /// An answer of a value and a text.
    ///
    /// # Errors
    /// [`Failed`] when the value cannot be written as JSON (a fault of the code).
    pub fn new(value: &impl Serialize, text: impl Into<String>) -> Result<Self, Failed> {
        let json = serde_json::to_value(value)
            .map_err(|e| Failed(format!("the answer cannot be written: {e}")))?;
        Ok(Self { json, text: text.into(), no: false })
    }

    /// The same answer, as a "no" when `no` holds.
    #[must_use]
    pub const fn no_if(mut self, no: bool) -> Self {
        self.no = no;
        self
    }
}

/// A usage or input error: one plain sentence that says what is wrong and what to do. Exit code 2.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failed(pub String);

impl From<crate::db::Error> for Failed {
    fn from(e: crate::db::Error) -> Self {
        Self(e.to_string())
    }
}
impl From<kernel::refusal::Refusal> for Failed {
    fn from(e: kernel::refusal::Refusal) -> Self {
        Self(e.to_string())
    }
}

/// What a subcommand returns.
pub type Outcome = Result<Answer, Failed>;
