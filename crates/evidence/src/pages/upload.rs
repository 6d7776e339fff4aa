//! A file with its form, as it arrives: bounded, and stored while it comes.

use crate::rules::{HEAD_BYTES, media_type};
use axum::extract::multipart::{Field as Part, MultipartError};
use axum::http::StatusCode;
use platform::blobs::{BlobError, BlobRef};
use platform::http::{BODY_BYTES_MAX, Cx, Failure, Pairs, Upload, plain_file_name};

/// The most fields beside the file.
const FIELDS_MAX: usize = 500;

/// A file that is durable in the store.
#[derive(Clone)]
pub(super) struct Stored {
    /// Its digest and length.
    pub blob: BlobRef,
    /// What it is, by its bytes.
    pub media_type: &'static str,
}

/// What came with the form.
#[derive(Default)]
pub(super) struct Sent {
    /// The fields, in their order; a file's value is its plain name.
    pub pairs: Pairs,
    /// The file, unless none came or it was refused.
    pub file: Option<Stored>,
    /// Why the file was refused.
    pub fault: Option<String>,
}

fn cut_off(fault: &MultipartError) -> Failure {
    if fault.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let text = "This is more than this deployment takes at once. Nothing was recorded.";
        return Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, text.into());
    }
    let text =
        "The upload was cut off before its end, or is not a form with a file. Send it again.";
    Failure::Request(StatusCode::BAD_REQUEST, text.into())
}

fn too_long(text: &str) -> Failure {
    Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, text.into())
}

/// Reads the form to its end.
///
/// # Errors
/// When the form is another session's, breaks off, or is longer beside its file than forms are.
pub(super) async fn receive(cx: &Cx, mut upload: Upload) -> Result<Sent, Failure> {
    let mut sent = Sent::default();
    let mut room = BODY_BYTES_MAX;
    while let Some(mut part) = upload.0.next_field().await.map_err(|e| cut_off(&e))? {
        if sent.pairs.0.len() >= FIELDS_MAX {
            return Err(too_long("The form has too many fields."));
        }
        let name = part.name().unwrap_or_default().to_owned();
        if let Some(file) = part.file_name().map(plain_file_name) {
            // Nothing is stored for somebody whose form is not this session's own.
            cx.check_csrf(&sent.pairs)?;
            if sent.file.is_some() || sent.fault.is_some() {
                sent.fault =
                    Some("One file is taken at a time. Send the others on their own.".into());
                sent.file = None;
                break;
            }
            let whole = store(cx, part, &mut sent).await?;
            if sent.file.is_some() || sent.fault.is_some() {
                sent.pairs.0.push((name, file));
            }
            if !whole {
                break;
            }
            continue;
        }
        let mut value = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|e| cut_off(&e))? {
            room = room
                .checked_sub(chunk.len())
                .ok_or_else(|| too_long("The texts of the form are too long. Shorten them."))?;
            value.extend_from_slice(&chunk);
        }
        let value = String::from_utf8(value).map_err(|_| {
            let text = "The form is not UTF-8 text. Send it as UTF-8.";
            Failure::Request(StatusCode::BAD_REQUEST, text.into())
        })?;
        sent.pairs.0.push((name, value));
    }
    cx.check_csrf(&sent.pairs)?;
    Ok(sent)
}

/// Stores a file while it arrives. `false` when it is too large: the rest is not read.
async fn store(cx: &Cx, mut part: Part<'_>, sent: &mut Sent) -> Result<bool, Failure> {
    let failed = |e: BlobError| Failure::Fault(e.to_string());
    let mut incoming = cx.app.blobs.begin(cx.app.upload_bytes_max).map_err(failed)?;
    let mut head = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|e| cut_off(&e))? {
        let wanted = HEAD_BYTES.saturating_sub(head.len()).min(chunk.len());
        head.extend_from_slice(chunk.get(..wanted).unwrap_or_default());
        match incoming.write(&chunk) {
            Ok(()) => {}
            Err(e @ BlobError::TooLarge { .. }) => {
                sent.fault = Some(e.to_string());
                return Ok(false);
            }
            Err(e) => return Err(failed(e)),
        }
    }
    if !head.is_empty() {
        let blob = cx.app.blocking(move || incoming.finish()).await?.map_err(failed)?;
        sent.file = Some(Stored { blob, media_type: media_type(&head) });
    }
    Ok(true)
}
