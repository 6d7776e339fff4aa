//! The memorandum on the reporting mechanisms as a PDF. The page is the examination's; the press is known
//! here.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse as _;
use examination::mechanisms::pages::{Memorandum, document};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx};
use press::{Attachment, Document, Pdf, PressError, Relationship};

const MAIN: &str = include_str!("../../templates/memorandum/main.typ");

/// Typesets the memorandum to PDF/A-3a and PDF/UA-1; its words travel inside as `memorandum.json`. The same
/// memorandum has the same bytes.
///
/// # Errors
/// [`PressError`] says what cannot be printed and where.
pub fn typeset(memorandum: &Memorandum) -> Result<Pdf, PressError> {
    let words = serde_json::to_vec_pretty(&memorandum.words)
        .map_err(|e| PressError::Argument(e.to_string()))?;
    press::typeset(&Document {
        template: MAIN,
        files: &[],
        data: &memorandum.words,
        title: &memorandum.title,
        authors: &[],
        description: "Memorandum on how reports of failures, incidents, concerns and complaints are taken in",
        keywords: &["memorandum", "reporting mechanisms"],
        language: "en-GB",
        date: memorandum.date,
        identifier: &format!("{}/memorandum/{}", memorandum.engagement, memorandum.digest),
        attachments: &[Attachment {
            name: "memorandum.json",
            mime: "application/json",
            bytes: &words,
            description: "Every word of this memorandum as data",
            relationship: Relationship::Source,
        }],
    })
}

/// `GET /examination/{engagement}/mechanisms/memorandum.pdf`
///
/// # Errors
/// Nothing is there for who may not read the file; a character that no font of documents has is named.
pub async fn pdf(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let memorandum = document(&cx, &engagement).await?;
    let name = format!("memorandum-{}.pdf", memorandum.engagement);
    let made = cx.app.blocking(move || typeset(&memorandum)).await?;
    let pdf = made.map_err(|e| Refusal::state(e.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Body::from(pdf.bytes)).into_response())
}
