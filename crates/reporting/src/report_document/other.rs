//! Section V, the appendix of traces, and the recipient of a copy.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::description::Topic;
use super::prose::Prose;

/// Section V: not covered by the opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherInformation {
    /// Management's responses to exceptions.
    pub responses: Vec<Response>,
    /// Anything else management wants to say, for example planned changes.
    pub topics: Vec<Topic>,
}

/// Management's response to an exception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The control.
    pub control: String,
    /// The deviations it answers.
    pub deviations: Vec<String>,
    /// What management says.
    pub text: Prose,
    /// Who sees to it.
    pub owner: String,
    /// By when it was or is to be done.
    pub due: Option<Date>,
}

/// Where a marked figure comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// The number beside the figure; 1, 2, 3 … without gaps.
    pub number: u32,
    /// The figure as printed.
    pub figure: String,
    /// What it is, so that it can be recomputed: what was counted, over what, by which rule.
    pub what: String,
    /// The evidence item or workpaper, for example `EV-0143` or `WP-IAM-05.2`.
    pub source: String,
    /// SHA-256 of that source, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// The index of the log entry that recorded it.
    pub log_index: u64,
}

/// Whom a copy is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// The person.
    pub name: String,
    /// Their organisation.
    pub organization: String,
    /// When the copy was made.
    pub date: Date,
    /// The grant under which it was made.
    pub grant: String,
}
