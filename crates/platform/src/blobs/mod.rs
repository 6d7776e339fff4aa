//! Files by their content: each is stored under the SHA-256 of its bytes.
//!
//! | file | holds |
//! |---|---|
//! | `mod.rs` | [`Blobs`]: put while hashing, get while verifying |
//! | `local.rs` | a directory: written aside, flushed, then named atomically |
//! | `object.rs` | any S3-compatible store |
//!
//! A file whose bytes do not have its name is an error, never an empty answer.

mod local;
mod object;

pub use local::LocalStore;
pub use object::{ObjectBlobs, store_at};

use crate::db::{DbError, Error};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::path::Path;

/// How much is read at a time.
const CHUNK: usize = 1 << 16;

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobRef {
    /// Lower-case hex of its SHA-256.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What went wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// Larger than allowed; nothing was kept.
    #[error(
        "The file is larger than {max} bytes. Nothing was kept: send it in parts or ask for a higher limit."
    )]
    TooLarge {
        /// The limit in bytes.
        max: u64,
    },
    /// Not a digest.
    #[error(
        "\u{201c}{0}\u{201d} does not name a file: it should be 64 lower-case hexadecimal digits"
    )]
    NotAName(String),
    /// Nothing is stored under this name.
    #[error("the file {0} is missing from the store")]
    Missing(String),
    /// The bytes are not those that the name promises.
    #[error("the file {0} was altered: its bytes no longer have this digest")]
    Altered(String),
    /// The sender or the store failed.
    #[error("the file could not be moved: {0}")]
    Io(#[from] io::Error),
    /// The object store failed.
    #[error("the object store: {0}")]
    Store(String),
}

impl From<BlobError> for Error {
    fn from(e: BlobError) -> Self {
        match e {
            BlobError::TooLarge { .. } | BlobError::NotAName(_) => {
                kernel::refusal::Refusal::input(e.to_string()).into()
            }
            other => DbError::Outside(other.to_string()).into(),
        }
    }
}

/// A file that arrives: bytes are hashed and kept aside until [`Incoming::finish`] names it.
pub trait Incoming: Send {
    /// Takes more bytes.
    ///
    /// # Errors
    /// When the store fails or the file grows too large.
    fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError>;
    /// Makes the file durable under its name. Before this returns, nobody can rely on it.
    ///
    /// # Errors
    /// When the store fails; then nothing is kept.
    fn finish(self: Box<Self>) -> Result<BlobRef, BlobError>;
}

/// Where files are kept.
pub trait Store: Send + Sync {
    /// Begins to take a file of at most `max` bytes. Dropping it keeps nothing.
    ///
    /// # Errors
    /// When the store fails.
    fn begin(&self, max: u64) -> Result<Box<dyn Incoming>, BlobError>;
    /// The bytes under a name, not yet verified.
    ///
    /// # Errors
    /// [`BlobError::Missing`], or when the store fails.
    fn raw(&self, sha256: &str) -> Result<Box<dyn Read + Send>, BlobError>;
    /// Every name in the store, in order.
    ///
    /// # Errors
    /// When the store fails.
    fn names(&self) -> Result<Vec<String>, BlobError>;
}

/// The vault's shelves: files by their content.
pub struct Blobs(Box<dyn Store>);

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Blobs")
    }
}

fn check_name(sha256: &str) -> Result<(), BlobError> {
    let good = sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if good { Ok(()) } else { Err(BlobError::NotAName(kernel::refusal::excerpt(sha256, 64))) }
}

impl Blobs {
    /// Over any store.
    #[must_use]
    pub fn new(store: impl Store + 'static) -> Self {
        Self(Box::new(store))
    }

    /// Begins to take a file of at most `max` bytes.
    ///
    /// # Errors
    /// When the store fails.
    pub fn begin(&self, max: u64) -> Result<Box<dyn Incoming>, BlobError> {
        self.0.begin(max)
    }

    /// Stores everything that a reader gives, up to `max` bytes.
    ///
    /// # Errors
    /// When the reader or the store fails, or there is more.
    pub fn put(&self, reader: &mut dyn Read, max: u64) -> Result<BlobRef, BlobError> {
        let mut incoming = self.begin(max)?;
        let mut chunk = vec![0; CHUNK];
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => return incoming.finish(),
                Ok(n) => incoming.write(&chunk[..n])?,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
    }

    /// Stores bytes.
    ///
    /// # Errors
    /// When the store fails.
    pub fn put_bytes(&self, bytes: &[u8]) -> Result<BlobRef, BlobError> {
        self.put(&mut &bytes[..], bytes.len() as u64)
    }

    /// Stores a working file of at most `max` bytes.
    ///
    /// # Errors
    /// When it cannot be read, or as [`Blobs::put`].
    pub fn put_file(&self, path: &Path, max: u64) -> Result<BlobRef, BlobError> {
        self.put(&mut std::fs::File::open(path)?, max)
    }

    /// Writes a file out to a working file, verified: when this returns, the bytes are those that the
    /// name promises.
    ///
    /// # Errors
    /// When it cannot be written, or as [`Blobs::open`].
    pub fn copy_out(&self, sha256: &str, path: &Path) -> Result<(), BlobError> {
        let mut reader = self.open(sha256)?;
        io::copy(&mut reader, &mut std::fs::File::create(path)?)?;
        Ok(())
    }

    /// Reads a file and verifies it on the way: the reader fails at the end when the bytes are not
    /// those that the name promises, so a caller that must not act on altered bytes reads to the end
    /// first, or uses [`Blobs::read`].
    ///
    /// # Errors
    /// [`BlobError::NotAName`], [`BlobError::Missing`], or when the store fails.
    pub fn open(&self, sha256: &str) -> Result<Verifying, BlobError> {
        check_name(sha256)?;
        Ok(Verifying {
            inner: self.0.raw(sha256)?,
            hash: Some(Sha256::new()),
            name: sha256.to_owned(),
        })
    }

    /// A whole file of at most `max` bytes, verified.
    ///
    /// # Errors
    /// As [`Blobs::open`]; [`BlobError::Altered`]; [`BlobError::TooLarge`].
    pub fn read(&self, sha256: &str, max: u64) -> Result<Vec<u8>, BlobError> {
        let mut out = Vec::new();
        let mut reader = self.open(sha256)?;
        match io::copy(&mut (&mut reader).take(max + 1), &mut out) {
            Ok(n) if n > max => Err(BlobError::TooLarge { max }),
            // `take` may stop exactly at the end without having seen it.
            Ok(_) => match reader.read(&mut [0]) {
                Ok(_) => Ok(out),
                Err(_) => Err(BlobError::Altered(sha256.to_owned())),
            },
            Err(e) if e.kind() == io::ErrorKind::InvalidData => {
                Err(BlobError::Altered(sha256.to_owned()))
            }
            Err(e) => Err(e.into()),
        }
    }

    /// Whether the bytes under a name are those that it promises; its length if so.
    ///
    /// # Errors
    /// As [`Blobs::read`].
    pub fn verify(&self, sha256: &str) -> Result<u64, BlobError> {
        let mut reader = self.open(sha256)?;
        io::copy(&mut reader, &mut io::sink()).map_err(|e| {
            if e.kind() == io::ErrorKind::InvalidData {
                BlobError::Altered(sha256.to_owned())
            } else {
                e.into()
            }
        })
    }

    /// Every name in the store, in order.
    ///
    /// # Errors
    /// When the store fails.
    pub fn names(&self) -> Result<Vec<String>, BlobError> {
        self.0.names()
    }
}

/// A reader that verifies on the way.
pub struct Verifying {
    inner: Box<dyn Read + Send>,
    hash: Option<Sha256>,
    name: String,
}

impl Read for Verifying {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let n = self.inner.read(buf)?;
        if n > 0 {
            if let Some(hash) = &mut self.hash {
                hash.update(&buf[..n]);
            }
            return Ok(n);
        }
        let altered =
            self.hash.take().is_some_and(|hash| hex::encode(hash.finalize()) != self.name);
        if altered {
            let error = BlobError::Altered(self.name.clone());
            return Err(io::Error::new(io::ErrorKind::InvalidData, error));
        }
        Ok(0)
    }
}
