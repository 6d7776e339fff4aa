//! From [`ReportData`] to PDF.

use jiff::civil::Date;
use press::{Attachment, Document, File, Pdf, PressError, Relationship};

use super::{ReportData, ReportKind};

/// The main template.
const MAIN: &str = include_str!("../../templates/report/main.typ");

/// The other templates, by the path they import each other by.
const TEMPLATES: [(&str, &str); 8] = [
    ("/report/base.typ", include_str!("../../templates/report/base.typ")),
    ("/report/front.typ", include_str!("../../templates/report/front.typ")),
    ("/report/auditor.typ", include_str!("../../templates/report/auditor.typ")),
    ("/report/assertion.typ", include_str!("../../templates/report/assertion.typ")),
    ("/report/description.typ", include_str!("../../templates/report/description.typ")),
    ("/report/testing.typ", include_str!("../../templates/report/testing.typ")),
    ("/report/other.typ", include_str!("../../templates/report/other.typ")),
    ("/report/traces.typ", include_str!("../../templates/report/traces.typ")),
];

/// A file carried inside the report beside its data, for example the proof that the log holds it.
#[derive(Clone, Copy, Debug)]
pub struct ReportAttachment<'a> {
    /// File name: letters, digits, `.`, `-` and `_`; not `report-data.json`.
    pub name: &'a str,
    /// Media type.
    pub mime: &'a str,
    /// What it is, in a sentence.
    pub description: &'a str,
    /// The bytes.
    pub bytes: &'a [u8],
}

/// The report's data as the attached `report-data.json`: JSON with two spaces of indent, keys in the order
/// of the model, a line feed at the end. The same data has the same bytes.
///
/// # Errors
/// None for data built in Rust; the type has no value that JSON cannot hold.
pub fn report_json(report: &ReportData) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(report)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Typesets the report to PDF/A-3a and PDF/UA-1. The data travels inside as `report-data.json`, with
/// `attachments` beside it.
///
/// It prints what it is given: run [`crate::rules::report_lint::lint`] first.
///
/// # Errors
/// [`PressError`] says what cannot be printed and where.
pub fn typeset_report(
    report: &ReportData,
    attachments: &[ReportAttachment<'_>],
) -> Result<Pdf, PressError> {
    let json = report_json(report).map_err(|e| PressError::Argument(e.to_string()))?;
    let data = serde_json::to_value(report).map_err(|e| PressError::Argument(e.to_string()))?;
    let files: Vec<File<'_>> =
        TEMPLATES.iter().map(|(path, source)| File { path, bytes: source.as_bytes() }).collect();
    let mut carried = vec![Attachment {
        name: "report-data.json",
        mime: "application/json",
        bytes: &json,
        description: "Every word and figure of this report as data",
        relationship: Relationship::Source,
    }];
    carried.extend(attachments.iter().map(|a| Attachment {
        name: a.name,
        mime: a.mime,
        bytes: a.bytes,
        description: a.description,
        relationship: Relationship::Supplement,
    }));
    press::typeset(&Document {
        template: MAIN,
        files: &files,
        data: &data,
        title: &title(report),
        authors: &[&report.facts.firm.name],
        description: &format!("SOC 2 report of {}", report.facts.organization.name),
        keywords: &["SOC 2", &report.facts.organization.name, &report.facts.system.name],
        language: report.facts.spelling.language(),
        date: metadata_date(report),
        identifier: &report.facts.report_id,
        attachments: &carried,
    })
}

fn title(report: &ReportData) -> String {
    let facts = &report.facts;
    let kind = match facts.kind {
        ReportKind::Type1 { on } => format!("Type 1, {}", facts.spelling.date(on)),
        ReportKind::Type2 { from, to } => {
            format!("Type 2, {} to {}", facts.spelling.date(from), facts.spelling.date(to))
        }
    };
    format!("SOC 2 report of {}, {} system, {kind}", facts.organization.name, facts.system.name)
}

/// The date in the file's metadata: the report date, or for a draft the end of what it speaks for.
fn metadata_date(report: &ReportData) -> Date {
    report.facts.report_date.unwrap_or_else(|| report.facts.kind.end())
}
