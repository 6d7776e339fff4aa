//! A public form with its files, as it arrives: each file is sealed on its way into the vault.

use crate::rules::files::{
    FILE_BYTES_MAX, FILES_MAX, HEAD_BYTES, PICTURE_BYTES_MAX, Sniffed, can_strip, sniff,
    without_metadata,
};
use crate::sealed::model::{FileDetails, FileRole, Parcel, StoredFile};
use crate::sealed::rules::{CaseKey, FileSealer};
use axum::body::Body;
use axum::extract::multipart::{Field as Part, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest};
use axum::http::{Request, StatusCode, header};
use platform::blobs::{BlobError, Incoming};
use platform::http::{App, BODY_BYTES_MAX, Cx, Failure, Pairs, plain_file_name};
use sha2::{Digest, Sha256};

/// The most fields beside the files.
const FIELDS_MAX: usize = 100;

/// As many bytes of files are read in all, taken or not.
const ALL_BYTES_MAX: u64 = FILE_BYTES_MAX * 12;

/// What came with a form.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    /// The fields, in their order.
    pub pairs: Pairs,
    /// The files that were taken, with the key under which they were sealed.
    pub parcel: Option<Parcel>,
    /// The digests of the files before they were sealed, by which two submissions are compared.
    pub digests: Vec<String>,
    /// How many more bytes of files are read.
    left: u64,
    /// The files that were not taken: name, and the key of the sentence that says why.
    pub refused: Vec<(String, &'static str)>,
}

/// A form, with files or without.
pub struct Sent(Request<Body>);

impl FromRequest<App> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, _: &App) -> Result<Self, Failure> {
        Ok(Self(request))
    }
}

fn cut_off(fault: &MultipartError) -> Failure {
    if fault.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_long("This is more than is taken at once. Nothing was recorded.");
    }
    let text = "The form was cut off before its end. Send it again; nothing was recorded.";
    Failure::Request(StatusCode::BAD_REQUEST, text.into())
}

fn too_long(text: &str) -> Failure {
    Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, text.into())
}

impl Sent {
    /// Reads the form to its end. `key` gives the key of the case for which files are sealed, from the
    /// fields that came before them; none where no file can be taken.
    ///
    /// # Errors
    /// When the form breaks off, or is longer beside its files than forms are.
    pub(super) async fn receive<K, F>(self, cx: &Cx, key: K) -> Result<Arrived, Failure>
    where
        K: Fn(Cx, Pairs) -> F,
        F: Future<Output = Result<CaseKey, Failure>>,
    {
        let kind = self.0.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        if !kind.is_some_and(|k| k.starts_with("multipart/")) {
            let mut request = self.0;
            DefaultBodyLimit::max(BODY_BYTES_MAX).apply(&mut request);
            let pairs = Pairs::from_request(request, &cx.app).await?;
            return Ok(Arrived { pairs, ..Arrived::default() });
        }
        let mut parts = Multipart::from_request(self.0, &cx.app)
            .await
            .map_err(|_| Failure::Request(StatusCode::BAD_REQUEST, "This is not a form.".into()))?;
        let mut arrived = Arrived { left: ALL_BYTES_MAX, ..Arrived::default() };
        let mut room = BODY_BYTES_MAX;
        while let Some(mut part) = parts.next_field().await.map_err(|e| cut_off(&e))? {
            let name = part.name().unwrap_or_default().to_owned();
            if let Some(file) = part.file_name().map(str::to_owned) {
                if arrived.parcel.is_none() {
                    let key = key(cx.clone(), arrived.pairs.clone()).await?;
                    arrived.parcel = Some(Parcel { key, files: Vec::new() });
                }
                arrived.file(cx, part, &plain_file_name(&file)).await?;
                continue;
            }
            if arrived.pairs.0.len() >= FIELDS_MAX {
                return Err(too_long("The form has too many fields."));
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
            arrived.pairs.0.push((name, value));
        }
        if arrived.parcel.as_ref().is_some_and(|p| p.files.is_empty()) {
            arrived.parcel = None;
        }
        Ok(arrived)
    }
}

/// A file on its way: hashed as it is, sealed into the vault.
struct Way {
    number: [u8; 16],
    sealer: FileSealer,
    incoming: Box<dyn Incoming>,
    digest: Sha256,
    bytes: u64,
}

fn faulty() -> Failure {
    Failure::Fault("a file could not be sealed".into())
}

fn stored(e: &BlobError) -> Failure {
    Failure::Fault(e.to_string())
}

impl Way {
    fn begin(cx: &Cx, key: &CaseKey) -> Result<Self, Failure> {
        let number: [u8; 16] = cx.env().bytes();
        let sealer = FileSealer::new(&key.of_file(&number)).ok_or_else(faulty)?;
        // A little more than the file: each piece carries its tag.
        let incoming = cx.app.blobs.begin(FILE_BYTES_MAX * 2).map_err(|e| stored(&e))?;
        Ok(Self { number, sealer, incoming, digest: Sha256::new(), bytes: 0 })
    }

    fn write(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        self.digest.update(chunk);
        self.bytes += chunk.len() as u64;
        let sealed = self.sealer.push(chunk).ok_or_else(faulty)?;
        self.incoming.write(&sealed).map_err(|e| stored(&e))
    }

    async fn end(mut self, cx: &Cx) -> Result<([u8; 16], String, String, u64), Failure> {
        let sealed = self.sealer.finish().ok_or_else(faulty)?;
        self.incoming.write(&sealed).map_err(|e| stored(&e))?;
        let incoming = self.incoming;
        let blob = cx.app.blocking(move || incoming.finish()).await?.map_err(|e| stored(&e))?;
        Ok((self.number, blob.sha256, hex::encode(self.digest.finalize()), self.bytes))
    }
}

impl Arrived {
    /// Takes one file, or says why not; what follows it in the form is read all the same.
    async fn file(&mut self, cx: &Cx, mut part: Part<'_>, name: &str) -> Result<(), Failure> {
        let Some(key) = self.parcel.as_ref().map(|p| p.key.clone()) else { return Ok(()) };
        let mut head = Vec::new();
        while head.len() < HEAD_BYTES {
            let Some(chunk) = part.chunk().await.map_err(|e| cut_off(&e))? else { break };
            self.count(chunk.len())?;
            head.extend_from_slice(&chunk);
        }
        // A file input that was left empty sends an empty file.
        if head.is_empty() {
            return Ok(());
        }
        let kept = self.parcel.iter().flat_map(|p| &p.files);
        let sent = kept.filter(|f| f.details.role != FileRole::Stripped).count();
        let start = head.get(..HEAD_BYTES.min(head.len())).unwrap_or_default();
        let media_type = match sniff(start) {
            _ if sent >= FILES_MAX => return self.refuse(part, name, "cases-file-many").await,
            Sniffed::Runs => return self.refuse(part, name, "cases-file-runs").await,
            Sniffed::Taken(media_type) => media_type,
        };
        let most = FILE_BYTES_MAX.min(cx.app.upload_bytes_max);
        let mut way = Way::begin(cx, &key)?;
        way.write(&head)?;
        let mut picture = can_strip(media_type).then_some(head);
        while let Some(chunk) = part.chunk().await.map_err(|e| cut_off(&e))? {
            self.count(chunk.len())?;
            if way.bytes + chunk.len() as u64 > most {
                return self.refuse(part, name, "cases-file-large").await;
            }
            way.write(&chunk)?;
            picture = picture.filter(|p| p.len() + chunk.len() <= PICTURE_BYTES_MAX);
            if let Some(picture) = &mut picture {
                picture.extend_from_slice(&chunk);
            }
        }
        if way.bytes > most {
            return self.refuse(part, name, "cases-file-large").await;
        }
        let (number, sha256, digest, bytes) = way.end(cx).await?;
        let stripped = match picture {
            Some(picture) => strip(cx, &key, picture, media_type).await?,
            None => None,
        };
        let role = if stripped.is_some() { FileRole::Original } else { FileRole::Unstripped };
        self.digests.push(format!("{name}:{digest}"));
        let mut keep = |number, sha256, bytes, role| {
            let details = FileDetails { name: name.to_owned(), bytes, role, from_reporter: true };
            let file = StoredFile { number, sha256, media_type: media_type.to_owned(), details };
            if let Some(parcel) = &mut self.parcel {
                parcel.files.push(file);
            }
        };
        keep(number, sha256, bytes, role);
        if let Some((number, sha256, bytes)) = stripped {
            keep(number, sha256, bytes, FileRole::Stripped);
        }
        Ok(())
    }

    async fn refuse(
        &mut self,
        mut part: Part<'_>,
        name: &str,
        why: &'static str,
    ) -> Result<(), Failure> {
        if self.refused.len() < FILES_MAX * 2 {
            self.refused.push((name.to_owned(), why));
        }
        // The rest is read and forgotten, so that what comes behind it arrives.
        while let Some(chunk) = part.chunk().await.map_err(|e| cut_off(&e))? {
            self.count(chunk.len())?;
        }
        Ok(())
    }

    fn count(&mut self, bytes: usize) -> Result<(), Failure> {
        self.left = self.left.checked_sub(bytes as u64).ok_or_else(|| {
            too_long("The files are too large together. Nothing was recorded. Send fewer at once.")
        })?;
        Ok(())
    }
}

/// The copy of a picture without metadata, sealed into the vault.
async fn strip(
    cx: &Cx,
    key: &CaseKey,
    picture: Vec<u8>,
    media_type: &'static str,
) -> Result<Option<([u8; 16], String, u64)>, Failure> {
    let made = cx.app.blocking(move || without_metadata(&picture, media_type)).await?;
    let Some(copy) = made else { return Ok(None) };
    let mut way = Way::begin(cx, key)?;
    way.write(&copy)?;
    let (number, sha256, _, bytes) = way.end(cx).await?;
    Ok(Some((number, sha256, bytes)))
}
