//! Forms and JSON, with bounds.

use super::{App, Failure};
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

/// The longest form or JSON body, in bytes. Files have a bound of their own.
pub const BODY_BYTES_MAX: usize = 1 << 20;
/// The most fields in one form.
const FIELDS_MAX: usize = 2_000;

/// A submitted form: decoded pairs in their order. Give them to `ui::Form::fill`.
#[derive(Debug, Clone, Default)]
pub struct Pairs(pub Vec<(String, String)>);

impl Pairs {
    /// The first value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

fn too_large() -> Failure {
    Failure::Request(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!(
            "This is more than {BODY_BYTES_MAX} bytes. Nothing was recorded. Send large things as files."
        ),
    )
}

async fn bytes(req: Request, app: &App) -> Result<Bytes, Failure> {
    Bytes::from_request(req, app).await.map_err(|e| {
        if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_large()
        } else {
            Failure::Request(
                StatusCode::BAD_REQUEST,
                "The request was cut off before its end. Send it again.".into(),
            )
        }
    })
}

impl FromRequest<App> for Pairs {
    type Rejection = Failure;

    async fn from_request(req: Request, app: &App) -> Result<Self, Failure> {
        let body = bytes(req, app).await?;
        if body.len() > BODY_BYTES_MAX {
            return Err(too_large());
        }
        std::str::from_utf8(&body).map_err(|_| not_text())?;
        let pairs = decode(&body);
        if pairs.len() > FIELDS_MAX {
            return Err(Failure::Request(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("The form has more than {FIELDS_MAX} fields. Send it in parts."),
            ));
        }
        Ok(Self(pairs))
    }
}

fn not_text() -> Failure {
    Failure::Request(
        StatusCode::BAD_REQUEST,
        "The form is not UTF-8 text. Send it as UTF-8.".into(),
    )
}

fn decode(body: &[u8]) -> Vec<(String, String)> {
    body.split(|b| *b == b'&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let mut halves = part.splitn(2, |b| *b == b'=');
            let name = unescape(halves.next().unwrap_or_default());
            (name, unescape(halves.next().unwrap_or_default()))
        })
        .collect()
}

fn unescape(part: &[u8]) -> String {
    let mut out = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match (*first, hex) {
            (b'%', Some(byte)) => {
                out.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => {
                out.push(b' ');
                rest = tail;
            }
            (byte, _) => {
                out.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A JSON body with the digest of its bytes, which idempotency keys are compared by.
#[derive(Debug, Clone)]
pub struct JsonBody<T> {
    /// What was sent.
    pub value: T,
    /// The bytes as they came.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> FromRequest<App> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(req: Request, app: &App) -> Result<Self, Failure> {
        let kind = req
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        if !kind.starts_with("application/json") {
            return Err(Failure::Request(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send JSON, with the header Content-Type: application/json.".into(),
            ));
        }
        let bytes = bytes(req, app).await?;
        if bytes.len() > BODY_BYTES_MAX {
            return Err(too_large());
        }
        let value = serde_json::from_slice(&bytes).map_err(|e| {
            let what = if e.is_data() {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::BAD_REQUEST
            };
            Failure::Request(what, format!("The JSON cannot be read: {e}."))
        })?;
        Ok(Self { value, bytes })
    }
}

/// A form with files, read part by part; each file goes to the blob store while it arrives.
pub struct Upload(pub Multipart);

/// One file of an upload, already stored.
#[derive(Debug, Clone)]
pub struct Uploaded {
    /// The name that the person's machine gave it, cut to 200 characters, without folders.
    pub name: String,
    /// The media type that the browser claims.
    pub media_type: String,
    /// Lower-case hex of its SHA-256: its name in the blob store.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
}

impl FromRequest<App> for Upload {
    type Rejection = Failure;

    async fn from_request(req: Request, app: &App) -> Result<Self, Failure> {
        Multipart::from_request(req, app).await.map(Self).map_err(|_| {
            Failure::Request(
                StatusCode::BAD_REQUEST,
                "This is not a form with files. Use the page's own form.".into(),
            )
        })
    }
}

/// A file name as it may be shown and stored: without folders, control characters, marks that turn the
/// direction of the text (`gpj.exe` would read as `exe.jpg`) or great length.
#[must_use]
pub fn plain_file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !kernel::refusal::turns_direction(*c))
        .take(200)
        .collect();
    // A name of dots alone is a folder's.
    if kept.chars().all(|c| c == '.' || c.is_whitespace()) { "file".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_decode_as_browsers_encode() {
        let pairs = decode(b"a=1+2&b=%C3%A4%26&c&=x&d=%zz");
        let expect = [("a", "1 2"), ("b", "ä&"), ("c", ""), ("", "x"), ("d", "%zz")];
        assert_eq!(pairs, expect.map(|(n, v)| (n.to_owned(), v.to_owned())));
    }

    #[test]
    fn file_names_lose_folders_and_controls() {
        assert_eq!(plain_file_name("../../etc/pass\u{7}wd"), "passwd");
        assert_eq!(plain_file_name("C:\\x\\report.pdf"), "report.pdf");
        assert_eq!(plain_file_name("///"), "file");
        assert_eq!(plain_file_name("a/.."), "file");
        assert_eq!(plain_file_name("invoice\u{202e}fdp.exe\0"), "invoicefdp.exe");
        assert_eq!(plain_file_name(&"ä".repeat(1_000)).chars().count(), 200);
    }
}
