//! The 116 requests that an auditor's request list can start from.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::controls::words;
use super::{CatalogueError, Categories, CriterionId};

/// The file this module reads.
pub(super) const FILE: &str = "requests.toml";

words! {
    /// What kind of thing a request asks for; it decides what must be shown about it.
    RequestKind, "kind of request",
    /// A document.
    Document = "DOC",
    /// A full population, which must be shown complete and accurate.
    Population = "POP",
    /// Evidence for sampled items; exists only after the selection.
    Sample = "SMP",
    /// A configuration as the system itself shows it.
    Configuration = "CFG",
    /// A signed statement.
    Attestation = "ATT",
}

/// Code of a catalogue request: `R-` and three digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RequestCode(String);

impl RequestCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What a request serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestCriteria {
    /// The whole examination, whatever its categories.
    All,
    /// These criteria: at least one, each once.
    Some(Vec<CriterionId>),
}

impl RequestCriteria {
    /// Whether an examination of these categories needs the request.
    #[must_use]
    pub fn applies_to(&self, categories: Categories) -> bool {
        match self {
            Self::All => true,
            Self::Some(ids) => ids.iter().any(|id| categories.applies(id.series())),
        }
    }
}

/// One row of `requests.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CatalogueRequest {
    /// Its code, unique and never reused.
    pub code: RequestCode,
    /// The domain a person would be asked in, such as `Access`.
    pub domain: String,
    /// What is asked for.
    pub wording: String,
    /// What kind of thing it is.
    pub kind: RequestKind,
    /// What it serves.
    pub criteria: RequestCriteria,
}

/// The content of `requests.toml`.
#[derive(Debug)]
pub(super) struct Requests {
    pub(super) rows: Vec<CatalogueRequest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    domain: Vec<FileDomain>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDomain {
    name: String,
    request: Vec<FileRequest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRequest {
    code: String,
    wording: String,
    kind: RequestKind,
    criteria: FileCriteria,
}

/// Either the word `all` or a list of ids.
#[derive(Deserialize)]
#[serde(untagged)]
enum FileCriteria {
    Word(String),
    List(Vec<String>),
}

impl Requests {
    /// Reads the file and checks codes and references.
    pub(super) fn read(text: &str) -> Result<Self, CatalogueError> {
        let refuse = |problem: String| CatalogueError::new(FILE, problem);
        let file: File = toml::from_str(text).map_err(|error| refuse(error.to_string()))?;
        let mut rows = Vec::new();
        for domain in file.domain {
            for row in domain.request {
                // Codes count up without a gap, which also rules out doubles.
                let wanted = format!("R-{:03}", rows.len() + 1);
                if row.code != wanted {
                    return Err(refuse(format!("{} stands where {wanted} should", row.code)));
                }
                rows.push(check(row, &domain.name).map_err(refuse)?);
            }
        }
        Ok(Self { rows })
    }
}

/// Checks one row and gives it its types.
fn check(row: FileRequest, domain: &str) -> Result<CatalogueRequest, String> {
    let code = row.code;
    if row.wording.trim().is_empty() {
        return Err(format!("{code} asks for nothing"));
    }
    let criteria = match row.criteria {
        FileCriteria::Word(word) if word == "all" => RequestCriteria::All,
        FileCriteria::Word(word) => {
            return Err(format!("{code}: criteria is \"all\" or a list, not \"{word}\""));
        }
        FileCriteria::List(ids) => {
            let mut criteria = Vec::new();
            for id in ids {
                let id: CriterionId = id.parse().map_err(|error| format!("{code}: {error}"))?;
                if criteria.contains(&id) {
                    return Err(format!("{code} names {id} twice"));
                }
                criteria.push(id);
            }
            if criteria.is_empty() {
                return Err(format!("{code} serves no criterion"));
            }
            RequestCriteria::Some(criteria)
        }
    };
    Ok(CatalogueRequest {
        code: RequestCode(code),
        domain: domain.to_owned(),
        wording: row.wording,
        kind: row.kind,
        criteria,
    })
}
