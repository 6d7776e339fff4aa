//! Files in an S3-compatible store.
//!
//! The name is the digest, which is known only at the end, so a file is first kept aside in a
//! temporary local file while it is hashed, then sent under its name in parts.

use super::{BlobError, BlobRef, Incoming, Store};
use futures_util::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, WriteMultipart};
use sha2::{Digest, Sha256};
use std::io::{self, Read, Seek as _, Write as _};
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Files up to this length are sent in one request.
const ONE_REQUEST_BYTES: u64 = 8 << 20;

/// Files in any store that the `object_store` library reaches.
pub struct ObjectBlobs {
    store: Arc<dyn ObjectStore>,
    prefix: String,
    runtime: Arc<Runtime>,
}

fn failed(e: object_store::Error) -> BlobError {
    BlobError::Store(e.to_string())
}

/// The store that a URL names, and the prefix in it without a slash at its end.
///
/// # Errors
/// When the URL or an option is not understood.
pub fn store_at(
    url: &str,
    options: &[(String, String)],
) -> Result<(Arc<dyn ObjectStore>, String), BlobError> {
    let (bucket, prefix) = url
        .strip_prefix("s3://")
        .map(|rest| rest.split_once('/').unwrap_or((rest, "")))
        .filter(|(bucket, _)| !bucket.is_empty())
        .ok_or_else(|| {
            BlobError::Store(format!("{url} is not a store: write s3://bucket/prefix"))
        })?;
    let mut builder = object_store::aws::AmazonS3Builder::from_env().with_bucket_name(bucket);
    for (name, value) in options {
        let key = name.parse().map_err(|_| {
            BlobError::Store(format!("{name} is not an option of the object store"))
        })?;
        builder = builder.with_config(key, value);
    }
    Ok((Arc::new(builder.build().map_err(failed)?), prefix.trim_end_matches('/').to_owned()))
}

impl ObjectBlobs {
    /// Files under `prefix/` of a store.
    ///
    /// # Errors
    /// When no runtime can be started for its requests.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: &str) -> Result<Self, BlobError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("tickmark-objects")
            .enable_all()
            .build()?;
        Ok(Self { store, prefix: prefix.to_owned(), runtime: Arc::new(runtime) })
    }

    /// An S3-compatible store by URL (`s3://bucket/prefix`), with options such as `aws_endpoint`,
    /// `aws_access_key_id`, `aws_secret_access_key`, `aws_region`, `aws_allow_http`. What they do not
    /// say is taken from the environment variables of the same names in capitals.
    ///
    /// # Errors
    /// When the URL or an option is not understood.
    pub fn from_url(url: &str, options: &[(String, String)]) -> Result<Self, BlobError> {
        let (store, prefix) = store_at(url, options)?;
        Self::new(store, &prefix)
    }

    /// The store itself, for the checkpoint guard.
    #[must_use]
    pub fn store(&self) -> Arc<dyn ObjectStore> {
        self.store.clone()
    }

    fn path(&self, sha256: &str) -> Path {
        Path::from(format!("{}/blobs/{}/{}", self.prefix, &sha256[..2], &sha256[2..]))
    }

    /// Runs a request to its end, also when the caller is itself on an async worker.
    fn wait<T: Send>(&self, f: impl Future<Output = T> + Send) -> T {
        let runtime = &self.runtime;
        std::thread::scope(|scope| {
            let waiting = scope.spawn(move || runtime.block_on(f));
            match waiting.join() {
                Ok(value) => value,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }
}

struct ObjectIncoming {
    blobs: ObjectBlobs,
    file: std::fs::File,
    hash: Sha256,
    bytes: u64,
    max: u64,
}

impl Incoming for ObjectIncoming {
    fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.max {
            return Err(BlobError::TooLarge { max: self.max });
        }
        self.hash.update(bytes);
        self.file.write_all(bytes)?;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<BlobRef, BlobError> {
        let blob = BlobRef { sha256: hex::encode(self.hash.finalize()), bytes: self.bytes };
        let path = self.blobs.path(&blob.sha256);
        let mut file = self.file;
        file.rewind()?;
        let store = self.blobs.store.clone();
        self.blobs.wait(async move {
            if blob.bytes <= ONE_REQUEST_BYTES {
                let mut all = Vec::new();
                file.read_to_end(&mut all)?;
                store.put(&path, PutPayload::from(all)).await.map_err(failed)?;
            } else {
                let upload = store.put_multipart(&path).await.map_err(failed)?;
                let mut parts = WriteMultipart::new(upload);
                if let Err(e) = send(&mut file, &mut parts).await {
                    // What was sent so far would lie in the store, unnamed and paid for.
                    let _ = parts.abort().await;
                    return Err(e);
                }
                parts.finish().await.map_err(failed)?;
            }
            Ok(blob)
        })
    }
}

/// Sends a file in parts, a few of them on the way at a time.
async fn send(file: &mut std::fs::File, parts: &mut WriteMultipart) -> Result<(), BlobError> {
    let mut chunk = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut chunk)?;
        if n == 0 {
            return Ok(());
        }
        parts.wait_for_capacity(4).await.map_err(failed)?;
        parts.write(&chunk[..n]);
    }
}

impl Store for ObjectBlobs {
    fn begin(&self, max: u64) -> Result<Box<dyn Incoming>, BlobError> {
        let blobs = Self {
            store: self.store.clone(),
            prefix: self.prefix.clone(),
            runtime: self.runtime.clone(),
        };
        Ok(Box::new(ObjectIncoming {
            blobs,
            file: tempfile::tempfile()?,
            hash: Sha256::new(),
            bytes: 0,
            max,
        }))
    }

    fn raw(&self, sha256: &str) -> Result<Box<dyn Read + Send>, BlobError> {
        let path = self.path(sha256);
        let store = self.store.clone();
        let name = sha256.to_owned();
        let mut file = tempfile::tempfile()?;
        self.wait(async move {
            let got = store.get(&path).await.map_err(|e| match e {
                object_store::Error::NotFound { .. } => BlobError::Missing(name),
                other => failed(other),
            })?;
            let mut parts = got.into_stream();
            while let Some(part) = parts.try_next().await.map_err(failed)? {
                file.write_all(&part)?;
            }
            file.rewind()?;
            Ok::<_, BlobError>(Box::new(io::BufReader::new(file)) as Box<dyn Read + Send>)
        })
    }

    fn names(&self) -> Result<Vec<String>, BlobError> {
        let prefix = Path::from(format!("{}/blobs", self.prefix));
        let store = self.store.clone();
        let mut names: Vec<String> = self.wait(async move {
            let mut listed = store.list(Some(&prefix));
            let mut names = Vec::new();
            while let Some(meta) = listed.try_next().await.map_err(failed)? {
                let parts: Vec<String> =
                    meta.location.parts().map(|p| p.as_ref().to_owned()).collect();
                if let [.., head, tail] = parts.as_slice() {
                    names.push(format!("{head}{tail}"));
                }
            }
            Ok::<_, BlobError>(names)
        })?;
        names.sort();
        Ok(names)
    }
}
