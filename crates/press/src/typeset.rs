//! Typst to PDF in process: one call, no clock, no network, no fonts but ours.
//!
//! What comes out conforms to PDF/A-3a (archival, accessible) and PDF/UA-1 (universal accessibility) at
//! once. Conformance is checked while writing: a document that does not meet both standards is an error,
//! never a quieter file. The same [`Document`] gives the same bytes on every machine and in every run.

use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;

use jiff::civil::Date;
use serde_json::{Value, json};
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Smart};
use typst::model::Document as _;
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::fonts::FONTS;
use crate::world::ClosedWorld;

/// The most bytes of JSON a document's data may have: 32 MiB, about 15,000 pages of tables.
pub const DATA_BYTES_MAX: usize = 32 << 20;
/// How deep a document's data may be nested.
pub const DATA_DEPTH_MAX: usize = 64;
/// The most bytes one template file or image may have: 16 MiB.
pub const FILE_BYTES_MAX: usize = 16 << 20;
/// The most template files a document may have.
pub const FILES_MAX: usize = 64;
/// The most attachments a document may carry.
pub const ATTACHMENTS_MAX: usize = 64;
/// The most bytes all attachments together may have: 256 MiB.
pub const ATTACHMENT_BYTES_MAX: usize = 256 << 20;

/// Stack of each typesetting thread. Nested lists and tables recurse; unoptimised builds need the room.
const STACK_BYTES: usize = 16 << 20;
/// Threads per document: layout runs in parallel over pages, and the server has other work.
const THREADS: usize = 4;

const PRELUDE: &str = include_str!("prelude.typ");

/// A document to typeset.
///
/// The template begins with `#import "/press.typ": *` and `#show: press-document`. It then has `data` (the
/// document's data) and `press` (what is said here about the document), and the families `serif`, `sans`
/// and `mono`. Strings of the data are text, not markup, unless a template evaluates them; ours never do.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The main Typst source.
    pub template: &'a str,
    /// Further sources and images, by the path that the template names them by.
    pub files: &'a [File<'a>],
    /// What the template renders.
    pub data: &'a Value,
    /// Title in the window, the outline and the metadata.
    pub title: &'a str,
    /// Who the document is by.
    pub authors: &'a [&'a str],
    /// One sentence on what it is, for the metadata. May be empty.
    pub description: &'a str,
    /// Words to find it by, for the metadata.
    pub keywords: &'a [&'a str],
    /// Language as `en` or `en-GB`: two or three letters, with a region of two letters or without.
    pub language: &'a str,
    /// The document's own date. It becomes the creation date in the metadata, so that the same document
    /// has the same bytes whenever it is built.
    pub date: Date,
    /// What identifies this document over all its builds, for example the report's id. Only its hash is
    /// written.
    pub identifier: &'a str,
    /// Files carried inside the PDF.
    pub attachments: &'a [Attachment<'a>],
}

/// A template source or an image.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Absolute virtual path, for example `/report/cover.typ`. Static because Typst remembers each path
    /// for the life of the process: paths must not depend on data.
    pub path: &'static str,
    /// Its bytes; UTF-8 for a source.
    pub bytes: &'a [u8],
}

/// A file carried inside the PDF as an associated file (PDF/A-3).
#[derive(Clone, Copy, Debug)]
pub struct Attachment<'a> {
    /// File name as the reader sees it: letters, digits, `.`, `-` and `_`; 1 to 100 of them.
    pub name: &'a str,
    /// Media type, for example `application/json`.
    pub mime: &'a str,
    /// The bytes, embedded unchanged.
    pub bytes: &'a [u8],
    /// What it is, in a sentence.
    pub description: &'a str,
    /// How it relates to the document.
    pub relationship: Relationship,
}

/// How an attachment relates to the document (`AFRelationship` of ISO 32000-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relationship {
    /// The document was made from it.
    Source,
    /// What the document shows was computed from it.
    Data,
    /// It says the same in another form.
    Alternative,
    /// It adds to the document, for example a proof.
    Supplement,
}

impl Relationship {
    fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Data => "data",
            Self::Alternative => "alternative",
            Self::Supplement => "supplement",
        }
    }
}

/// A finished document.
#[derive(Clone, Debug)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// What the typesetter thought worth saying, for example an unknown font. Ours give none.
    pub warnings: Vec<String>,
}

/// The steps of typesetting, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The inputs are checked.
    Check,
    /// Pages are laid out; most of the time goes here.
    Layout,
    /// The laid-out pages are written as PDF.
    Write,
}

/// Why a document could not be made.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum PressError {
    /// Something is larger than the engine takes.
    #[error("{what} is too large: {found}, and at most {limit} can be typeset; make it shorter")]
    TooLarge {
        /// What is too large.
        what: String,
        /// How large it is.
        found: usize,
        /// How large it may be.
        limit: usize,
    },
    /// A text has a character that no font of documents has.
    #[error(
        "the text at {place} has the character “{character}” (U+{code:04X}), which documents cannot print; \
         write it in Latin, Greek or Cyrillic letters",
        code = u32::from(*.character)
    )]
    Unprintable {
        /// Where: `title`, `description` or a JSON pointer into the data such as `/organisation/name`.
        place: String,
        /// The character.
        character: char,
    },
    /// An argument has a form that cannot be used.
    #[error("{0}")]
    Argument(String),
    /// The template is wrong, or refuses its data.
    #[error("the document could not be laid out: {message} ({place})")]
    Template {
        /// What the typesetter said.
        message: String,
        /// File, line and column, or `no place known`.
        place: String,
    },
    /// The result would not conform to PDF/A-3a and PDF/UA-1.
    #[error(
        "the document does not meet the archival and accessibility standards: {message} ({place})"
    )]
    Standard {
        /// Which rule, as the writer said it.
        message: String,
        /// File, line and column, or `no place known`.
        place: String,
    },
    /// The observer asked to stop.
    #[error("typesetting was cancelled; nothing was kept")]
    Cancelled,
    /// The typesetter failed in a way it never should.
    #[error("the typesetter failed: {0}; nothing was kept")]
    Crashed(String),
}

/// Typesets `document`.
///
/// Blocks for about 10 ms a page in an optimised build and uses up to four threads, each on a run of pages
/// between two page breaks of the template: call it from a blocking task.
///
/// # Errors
/// [`PressError`] says in a sentence what is wrong and where.
pub fn typeset(document: &Document<'_>) -> Result<Pdf, PressError> {
    typeset_observed(document, &|_| ControlFlow::Continue(()))
}

/// Typesets `document` and tells `observer` as each step begins; it may stop the work between steps.
///
/// # Errors
/// As [`typeset`], and [`PressError::Cancelled`] when the observer breaks off.
pub fn typeset_observed(
    document: &Document<'_>,
    observer: &(dyn Fn(Step) -> ControlFlow<()> + Sync),
) -> Result<Pdf, PressError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(THREADS)
        .stack_size(STACK_BYTES)
        .thread_name(|n| format!("press-{n}"))
        .build()
        .map_err(|e| PressError::Crashed(e.to_string()))?;
    let outcome =
        std::panic::catch_unwind(AssertUnwindSafe(|| pool.install(|| run(document, observer))));
    forget();
    outcome.unwrap_or_else(|panic| Err(PressError::Crashed(panic_text(panic.as_ref()))))
}

/// Drops what Typst memoised: it is of no use to the next document and holds some 2 MB a page.
fn forget() {
    typst::comemo::evict(0);
}

fn run(
    document: &Document<'_>,
    observer: &(dyn Fn(Step) -> ControlFlow<()> + Sync),
) -> Result<Pdf, PressError> {
    let begin = |step| match observer(step) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(PressError::Cancelled),
    };
    begin(Step::Check)?;
    let world = closed_world(document)?;
    begin(Step::Layout)?;
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    let laid_out = output.map_err(|errors| {
        let (message, place) = explain(&world, errors.first());
        PressError::Template { message, place }
    })?;
    if laid_out.info().title.as_deref() != Some(document.title) {
        return Err(PressError::Argument(
            "the template does not begin with `#show: press-document`, so the document has no title".into(),
        ));
    }
    begin(Step::Write)?;
    let options = options(document)?;
    // Writing needs hardly anything of what layout memoised, and dropping that takes a fifth as long.
    let (written, ()) = rayon::join(|| typst_pdf::pdf(&laid_out, &options), forget);
    let bytes = written.map_err(|errors| {
        let (message, place) = explain(&world, errors.first());
        PressError::Standard { message, place }
    })?;
    Ok(Pdf {
        bytes,
        pages: laid_out.pages().len(),
        warnings: warnings
            .iter()
            .map(|warning| {
                let (message, place) = explain(&world, Some(warning));
                format!("{message} ({place})")
            })
            .collect(),
    })
}

fn options(document: &Document<'_>) -> Result<PdfOptions, PressError> {
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
        .map_err(|e| PressError::Crashed(e.message().to_string()))?;
    Ok(PdfOptions {
        ident: Smart::Custom(document.identifier.to_owned()),
        creator: Smart::Custom(Some("Tickmark".to_owned())),
        timestamp: typst_date(document.date).map(Timestamp::new_utc),
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    })
}

fn typst_date(date: Date) -> Option<Datetime> {
    let month = u8::try_from(date.month()).ok()?;
    let day = u8::try_from(date.day()).ok()?;
    Datetime::from_ymd(i32::from(date.year()), month, day)
}

fn closed_world(document: &Document<'_>) -> Result<ClosedWorld, PressError> {
    check_sizes(document)?;
    check_text(document)?;
    let (language, region) = language_of(document.language)?;
    for (n, attachment) in document.attachments.iter().enumerate() {
        check_attachment(attachment)?;
        if document.attachments[..n].iter().any(|a| a.name == attachment.name) {
            return Err(PressError::Argument(format!(
                "two attachments are named “{}”; give each its own name",
                attachment.name
            )));
        }
    }
    if !(0..=9999).contains(&document.date.year()) {
        return Err(PressError::Argument("a document's date has a year between 0 and 9999".into()));
    }
    let about = json!({
        "title": document.title,
        "authors": document.authors,
        "description": (!document.description.is_empty()).then_some(document.description),
        "keywords": document.keywords,
        "language": language,
        "region": region,
        "date": {
            "year": document.date.year(),
            "month": document.date.month(),
            "day": document.date.day(),
        },
        "attachments": document.attachments.iter().enumerate().map(|(n, a)| json!({
            "path": attachment_path(n),
            "name": a.name,
            "mime": a.mime,
            "description": a.description,
            "relationship": a.relationship.as_str(),
        })).collect::<Vec<_>>(),
    });

    let unusable = |path: &str| PressError::Argument(format!("“{path}” is not a usable file path"));
    let mut world = ClosedWorld::new(document.template).ok_or_else(|| unusable("/main.typ"))?;
    let mut insert =
        |path: &str, bytes: Bytes| world.insert(path, bytes).ok_or_else(|| unusable(path));
    insert("/press.typ", Bytes::from_string(PRELUDE))?;
    insert("/press.json", Bytes::from_string(about.to_string()))?;
    let data = document.data.to_string();
    within("the document's data", data.len(), DATA_BYTES_MAX)?;
    insert("/data.json", Bytes::from_string(data))?;
    for file in document.files {
        insert(file.path, Bytes::new(file.bytes.to_vec()))?;
    }
    for (n, attachment) in document.attachments.iter().enumerate() {
        insert(&attachment_path(n), Bytes::new(attachment.bytes.to_vec()))?;
    }
    Ok(world)
}

fn attachment_path(n: usize) -> String {
    format!("/attachments/{n}")
}

fn within(what: &str, found: usize, limit: usize) -> Result<(), PressError> {
    if found <= limit {
        return Ok(());
    }
    Err(PressError::TooLarge { what: what.to_owned(), found, limit })
}

fn check_sizes(document: &Document<'_>) -> Result<(), PressError> {
    within("the template", document.template.len(), FILE_BYTES_MAX)?;
    within("the number of template files", document.files.len(), FILES_MAX)?;
    for file in document.files {
        within(&format!("the file {}", file.path), file.bytes.len(), FILE_BYTES_MAX)?;
    }
    within("the number of attachments", document.attachments.len(), ATTACHMENTS_MAX)?;
    let attached = document.attachments.iter().map(|a| a.bytes.len()).sum();
    within("the attachments together", attached, ATTACHMENT_BYTES_MAX)?;
    within("the title", document.title.len(), 1_000)?;
    within("the description", document.description.len(), 10_000)
}

fn check_text(document: &Document<'_>) -> Result<(), PressError> {
    if document.title.trim().is_empty() {
        return Err(PressError::Argument("a document needs a title".into()));
    }
    if document.identifier.is_empty() {
        return Err(PressError::Argument("a document needs an identifier".into()));
    }
    printable("title", document.title)?;
    printable("description", document.description)?;
    for text in document.authors.iter().chain(document.keywords) {
        printable("authors and keywords", text)?;
    }
    let mut pointer = String::new();
    check_value(&mut pointer, 0, document.data)
}

fn printable(place: &str, text: &str) -> Result<(), PressError> {
    match text.chars().find(|c| !FONTS.can_print(*c)) {
        None => Ok(()),
        Some(character) => Err(PressError::Unprintable { place: place.to_owned(), character }),
    }
}

/// Walks the data; `pointer` is the JSON pointer of `value`, extended and cut back as the walk goes.
fn check_value(pointer: &mut String, depth: usize, value: &Value) -> Result<(), PressError> {
    within("the nesting of the document's data", depth, DATA_DEPTH_MAX)?;
    match value {
        Value::String(text) => printable(pointer, text),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(n, item)| {
            at(pointer, &n.to_string(), |pointer| check_value(pointer, depth + 1, item))
        }),
        Value::Object(fields) => fields.iter().try_for_each(|(name, item)| {
            at(pointer, name, |pointer| check_value(pointer, depth + 1, item))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn at<T>(pointer: &mut String, step: &str, work: impl FnOnce(&mut String) -> T) -> T {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(step);
    let outcome = work(pointer);
    pointer.truncate(length);
    outcome
}

/// `en-GB` → (`en`, `GB`).
fn language_of(tag: &str) -> Result<(String, Option<String>), PressError> {
    let letters = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic())
    };
    let (language, region) = match tag.split_once('-') {
        Some((language, region)) => (language, Some(region)),
        None => (tag, None),
    };
    if !letters(language, 2..=3) || !region.is_none_or(|r| letters(r, 2..=2)) {
        return Err(PressError::Argument(format!(
            "“{}” is not a language such as `en` or `en-GB`",
            tag.escape_default()
        )));
    }
    Ok((language.to_ascii_lowercase(), region.map(str::to_ascii_uppercase)))
}

fn check_attachment(attachment: &Attachment<'_>) -> Result<(), PressError> {
    let name = attachment.name;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    if !(1..=100).contains(&name.len()) || !name.bytes().all(plain) || name.starts_with('.') {
        return Err(PressError::Argument(format!(
            "the attachment name “{}” has something other than letters, digits, `.`, `-` and `_`, begins with \
             a dot, or has not between 1 and 100 of them",
            name.escape_default()
        )));
    }
    if attachment.description.trim().is_empty() {
        return Err(PressError::Argument(format!(
            "the attachment “{name}” needs a description, so that a reader knows what it is"
        )));
    }
    printable("the description of an attachment", attachment.description)
}

/// The message of a diagnostic with its hints, and its place as `file:line:column`.
fn explain(world: &ClosedWorld, diagnostic: Option<&SourceDiagnostic>) -> (String, String) {
    let Some(diagnostic) = diagnostic else {
        return ("no reason was given".into(), "no place known".into());
    };
    let mut message = diagnostic.message.to_string();
    for hint in &diagnostic.hints {
        message.push_str("; ");
        message.push_str(&hint.v);
    }
    let place = place_of(world, diagnostic).unwrap_or_else(|| "no place known".into());
    (message, place)
}

fn place_of(world: &ClosedWorld, diagnostic: &SourceDiagnostic) -> Option<String> {
    let id = diagnostic.span.id()?;
    let path = id.vpath().get_without_slash();
    let Some((line, column)) = world.range(diagnostic.span).and_then(|range| {
        let source = world.source(id).ok()?;
        source.lines().byte_to_line_column(range.start)
    }) else {
        return Some(path.to_owned());
    };
    Some(format!("{path}:{}:{}", line + 1, column + 1))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "it gave no reason".into())
}

#[cfg(test)]
mod tests;
