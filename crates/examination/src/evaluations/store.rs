//! Reading papers from the rows of a table. The tables and their queries are the evaluations' own.

use super::model::{Kept, Written};
use crate::model::File;
use kernel::ids::EngagementId;
use platform::db::{Result, Row, json_text, read_json};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The subject under which a paper of `evaluation` is kept in the log.
#[must_use]
pub fn subject(file: File, evaluation: &str, kind: &str, key: &str) -> String {
    format!("{}/{}/{evaluation}/{kind}/{key}", file.engagement, file.firm)
}

/// What a table holds of a paper: kind, engagement, key, content.
///
/// # Errors
/// None for papers built in Rust.
pub fn text<K, T: Serialize>(kind: K, x: &Written<T>) -> Result<(K, EngagementId, &str, String)> {
    Ok((kind, x.engagement, &x.key, json_text(&x.body)?))
}

/// The papers of one kind among these rows.
///
/// # Errors
/// When a row does not have the columns of a paper.
pub fn kept<'r, T: DeserializeOwned>(
    rows: impl IntoIterator<Item = &'r Row>,
    kind: &str,
) -> Result<Vec<Kept<T>>> {
    let mut out = Vec::new();
    for row in rows {
        let found: String = row.get("kind")?;
        if found == kind {
            out.push(Kept {
                key: row.get("paper_key")?,
                body: read_json(row, "content")?,
                actor: row.get("actor")?,
                at: row.get("recorded_at")?,
                version: row.get("version")?,
                event: row.get("event")?,
            });
        }
    }
    Ok(out)
}
