//! Who, what, when.

use jiff::civil::Date;
use scope::catalogue::Categories;
use serde::{Deserialize, Serialize};

/// The facts that cover, headers and every section repeat. Printed from here only, so that they agree;
/// names inside prose are checked by the linter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportFacts {
    /// The report's id, stable over all its builds.
    pub report_id: String,
    /// Draft or issued.
    pub status: ReportStatus,
    /// Type 1 or Type 2, with its date or period.
    pub kind: ReportKind,
    /// The categories in scope, in report order.
    pub categories: Categories,
    /// The service organisation.
    pub organization: OrganizationFacts,
    /// Its system.
    pub system: SystemFacts,
    /// The service auditor.
    pub firm: FirmFacts,
    /// The edition of the description criteria.
    pub description_criteria: String,
    /// The edition of the trust services criteria.
    pub trust_services_criteria: String,
    /// The attestation standards, for example `AT-C sections 105 and 205`.
    pub standards: String,
    /// The date of the auditor's report: not before the evidence was complete. `None` in a draft.
    pub report_date: Option<Date>,
    /// The IANA zone in which the date or period is meant.
    pub zone: String,
    /// Printed at the top of every page, for example `Confidential`.
    pub confidentiality: String,
    /// American or British spelling and dates in the words we choose; words of the parties stay as written.
    pub spelling: Spelling,
}

/// Draft or issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportStatus {
    /// For discussion: every page says so.
    Draft,
    /// Signed.
    Issued,
}

/// Type 1 or Type 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ReportKind {
    /// Description and design, at one date.
    Type1 {
        /// The date.
        on: Date,
    },
    /// Description, design and operation, throughout a period.
    Type2 {
        /// The first day.
        from: Date,
        /// The last day, inclusive.
        to: Date,
    },
}

impl ReportKind {
    /// Whether operation was examined.
    #[must_use]
    pub fn is_type_2(&self) -> bool {
        matches!(self, Self::Type2 { .. })
    }

    /// The last day the report speaks for.
    #[must_use]
    pub fn end(&self) -> Date {
        match self {
            Self::Type1 { on } => *on,
            Self::Type2 { to, .. } => *to,
        }
    }
}

/// The service organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationFacts {
    /// Its full legal name, as it stands on the cover.
    pub name: String,
    /// The shorter name used after the first mention; may equal the full one.
    pub short_name: String,
}

/// The system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemFacts {
    /// Its name, written so that “the … system” reads well, for example `Meridian Payroll`.
    pub name: String,
}

/// The service auditor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmFacts {
    /// The firm's name, as it signs.
    pub name: String,
    /// The city it signs in.
    pub city: String,
    /// The state it signs in.
    pub state: String,
    /// Its licence, for example `CPA firm licence 012345, State of Ohio`.
    pub licence: Option<String>,
    /// Its latest peer review, for example `Peer review accepted 14 May 2024: pass`.
    pub peer_review: Option<String>,
}

/// How the words we choose are spelled, and dates written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spelling {
    /// `organization`, `June 30, 2026`.
    American,
    /// `organisation`, `30 June 2026`.
    British,
}

impl Spelling {
    /// The document's language tag.
    #[must_use]
    pub fn language(self) -> &'static str {
        match self {
            Self::American => "en-US",
            Self::British => "en-GB",
        }
    }

    /// A date as it is written in running text.
    #[must_use]
    pub fn date(self, date: Date) -> String {
        let month = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ][usize::from(date.month().unsigned_abs().clamp(1, 12)) - 1];
        match self {
            Self::American => format!("{month} {}, {}", date.day(), date.year()),
            Self::British => format!("{} {month} {}", date.day(), date.year()),
        }
    }

    /// Our words in this spelling: written British, changed where American differs.
    #[must_use]
    pub fn word<'a>(self, british: &'a str, american: &'a str) -> &'a str {
        match self {
            Self::American => american,
            Self::British => british,
        }
    }
}
