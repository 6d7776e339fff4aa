//! Files and the checkpoint guard in an S3 store: against the server that `TICKMARK_TEST_S3` names,
//! an address such as `http://127.0.0.1:5000` that takes any credentials.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use kernel::event::Recorded;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutPayload, UpdateVersion};
use platform::blobs::{BlobError, Blobs, ObjectBlobs};
use platform::db::{Db, Location, Result, Tx};
use platform::journal::{
    Expected, FileGuard, Guard, Journal, ObjectGuard, Origin, Project, SharedGuard, record,
};
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::sync::Arc;

/// The variable that names an S3 server for tests.
const S3: &str = "TICKMARK_TEST_S3";

/// A bucket of its own on the server, if there is one.
struct Bucket {
    url: String,
    options: Vec<(String, String)>,
    store: Arc<dyn ObjectStore>,
    runtime: tokio::runtime::Runtime,
}

impl Bucket {
    #[expect(
        clippy::disallowed_methods,
        reason = "where the server is, is the environment's to say"
    )]
    fn new(name: &str) -> Option<Self> {
        let Ok(server) = std::env::var(S3) else {
            eprintln!("S3 left out: {S3} names no server");
            return None;
        };
        let bucket = format!("{name}-{}", std::process::id());
        let made = ureq::put(format!("{server}/{bucket}")).send_empty().unwrap();
        assert_eq!(made.status(), 200);
        let option = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let options = vec![
            option("aws_endpoint", &server),
            option("aws_allow_http", "true"),
            option("aws_region", "us-east-1"),
            option("aws_access_key_id", "test"),
            option("aws_secret_access_key", "test"),
        ];
        let url = format!("s3://{bucket}/some/prefix/");
        let store = ObjectBlobs::from_url(&url, &options).unwrap().store();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Some(Self { url, options, store, runtime })
    }

    fn blobs(&self) -> Blobs {
        Blobs::new(ObjectBlobs::from_url(&self.url, &self.options).unwrap())
    }

    fn path(sha256: &str) -> Path {
        Path::from(format!("some/prefix/blobs/{}/{}", &sha256[..2], &sha256[2..]))
    }

    fn put(&self, path: &Path, bytes: Vec<u8>) {
        self.runtime.block_on(self.store.put(path, PutPayload::from(bytes))).unwrap();
    }

    /// How many uploads were begun and neither ended nor given up.
    fn unfinished_uploads(&self) -> usize {
        let server = &self.options[0].1;
        let bucket = self.url.trim_start_matches("s3://").split('/').next().unwrap();
        let mut answer = ureq::get(format!("{server}/{bucket}?uploads"))
            .header("authorization", "AWS test:test")
            .call()
            .unwrap();
        answer.body_mut().read_to_string().unwrap().matches("<Upload>").count()
    }
}

/// Bytes that are not all alike.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|i| u8::try_from((i * 31 + i / 251) % 256).unwrap()).collect()
}

#[test]
fn small_and_large_files_come_back_as_they_went() {
    let Some(bucket) = Bucket::new("files") else { return };
    let blobs = bucket.blobs();
    // None, few, as much as goes in one request, and in several parts with an uneven end.
    let mut names = Vec::new();
    for length in [0, 3, 8 << 20, (8 << 20) + 1, (21 << 20) + 12_345] {
        let content = bytes(length);
        let blob = blobs.put(&mut &content[..], 1 << 30).unwrap();
        assert_eq!(blob.bytes, content.len() as u64);
        assert_eq!(blobs.put_bytes(&content).unwrap(), blob, "the same file again");
        assert!(blobs.read(&blob.sha256, 1 << 30).unwrap() == content, "{length} bytes");
        assert_eq!(blobs.verify(&blob.sha256).unwrap(), content.len() as u64);
        let mut streamed = Vec::new();
        blobs.open(&blob.sha256).unwrap().read_to_end(&mut streamed).unwrap();
        assert!(streamed == content);
        names.push(blob.sha256);
    }
    names.sort();
    assert_eq!(blobs.names().unwrap(), names);
    assert_eq!(bucket.unfinished_uploads(), 0);
}

#[test]
fn an_altered_or_missing_object_is_an_error() {
    let Some(bucket) = Bucket::new("altered") else { return };
    let blobs = bucket.blobs();
    for length in [100, 9 << 20] {
        let mut content = bytes(length);
        let blob = blobs.put_bytes(&content).unwrap();
        content[length / 2] ^= 1;
        bucket.put(&Bucket::path(&blob.sha256), content.clone());
        assert!(matches!(blobs.read(&blob.sha256, 1 << 30), Err(BlobError::Altered(_))));
        assert!(matches!(blobs.verify(&blob.sha256), Err(BlobError::Altered(_))));
        content.truncate(length / 2);
        bucket.put(&Bucket::path(&blob.sha256), content);
        assert!(matches!(blobs.verify(&blob.sha256), Err(BlobError::Altered(_))));
        bucket.runtime.block_on(bucket.store.delete(&Bucket::path(&blob.sha256))).unwrap();
        assert!(matches!(blobs.read(&blob.sha256, 1 << 30), Err(BlobError::Missing(_))));
    }
}

#[test]
fn an_upload_that_is_cut_off_leaves_nothing() {
    struct Cut(usize);
    impl Read for Cut {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            self.0 += buf.len();
            if self.0 > 12 << 20 {
                return Err(std::io::Error::new(std::io::ErrorKind::ConnectionReset, "gone"));
            }
            buf.fill(b'x');
            Ok(buf.len())
        }
    }
    let Some(bucket) = Bucket::new("cut") else { return };
    let blobs = bucket.blobs();
    assert!(matches!(blobs.put(&mut Cut(0), 1 << 30), Err(BlobError::Io(_))));
    let too_large = blobs.put(&mut std::io::repeat(1), 9 << 20);
    assert!(matches!(too_large, Err(BlobError::TooLarge { .. })));
    let mut dropped = blobs.begin(1 << 30).unwrap();
    dropped.write(&bytes(10 << 20)).unwrap();
    drop(dropped);
    assert!(blobs.names().unwrap().is_empty());
    assert_eq!(bucket.unfinished_uploads(), 0);
    // The count does see what was begun and left.
    let path = Path::from("left");
    bucket.runtime.block_on(bucket.store.put_multipart(&path)).unwrap();
    assert_eq!(bucket.unfinished_uploads(), 1);
}

#[test]
fn a_store_that_does_not_answer_is_an_error_and_not_a_missing_file() {
    let Some(mut bucket) = Bucket::new("wrong") else { return };
    bucket.url = "s3://no-such-bucket-here".to_owned();
    assert!(matches!(bucket.blobs().put_bytes(b"x"), Err(BlobError::Store(_))));
    for (url, option) in
        [("s3://", "aws_region"), ("file:///x", "aws_region"), ("s3://b", "aws_regoin")]
    {
        let options = [(option.to_owned(), "x".to_owned())];
        assert!(matches!(ObjectBlobs::from_url(url, &options), Err(BlobError::Store(_))), "{url}");
    }
}

// the guard ------------------------------------------------------------------------------------

/// The payload of the one event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Noted {}
kernel::events! {
    /// What can happen to a note.
    pub enum NoteEvent in "notes" {
        /// Somebody wrote it.
        Noted(Noted) = "notes.noted.v1",
    }
}
impl Project for NoteEvent {
    fn apply(_: &mut Tx<'_>, _: &Recorded<Self>) -> Result<()> {
        Ok(())
    }
}

fn log() -> PartyId {
    PartyId::new(Timestamp(0), 1)
}

/// A database whose last checkpoint is kept in the bucket.
fn open(bucket: &Bucket, file: &std::path::Path) -> Result<Db> {
    let kept_here = FileGuard::open(&file.with_extension("guard"))?;
    let guard =
        SharedGuard::new(kept_here, Box::new(ObjectGuard::new(bucket.store.clone(), "logs")?));
    let journal = Arc::new(Journal::new("test.example", [3; 32], Box::new(guard)));
    Db::open(&Location::File(file.to_owned()), platform::MIGRATIONS, journal)
}

fn note(db: &Db, name: &'static str) -> Result<()> {
    let mut env = platform::testing::env();
    env.set_now(env.now().plus_seconds(i64::try_from(name.len()).unwrap_or(0)));
    db.write_blocking(move |tx| {
        let origin = Origin { log: log(), actor: "public".into(), occurred_at: None };
        let event = NoteEvent::from(Noted {});
        record(tx, &mut env, &origin, name, Expected::New, vec![event]).map(|_| ())
    })
}

#[test]
fn a_database_older_than_what_the_store_promised_is_refused() {
    let Some(bucket) = Bucket::new("guard") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("live.db"), folder.path().join("copy.db"));
    let kept = || ObjectGuard::new(bucket.store.clone(), "logs").unwrap().last(log()).unwrap();
    assert_eq!(kept(), None);
    let db = open(&bucket, &file).unwrap();
    note(&db, "a").unwrap();
    assert_eq!(kept().map(|(size, _)| size), Some(1));
    db.copy_to(&copy).unwrap();
    note(&db, "bb").unwrap();
    note(&db, "ccc").unwrap();
    assert_eq!(kept().map(|(size, _)| size), Some(3));
    drop(db);
    open(&bucket, &file).unwrap();
    let refused = open(&bucket, &copy).unwrap_err().to_string();
    assert!(refused.contains("restored from an older copy"), "{refused}");
    assert_eq!(kept().map(|(size, _)| size), Some(3), "the refused database moved nothing");
}

#[test]
fn the_server_keeps_conditional_writes() {
    let Some(bucket) = Bucket::new("conditional") else { return };
    let path = Path::from("logs/guard/one");
    let put = |text: &'static str, mode: PutMode| {
        bucket.runtime.block_on(bucket.store.put_opts(&path, text.into(), mode.into()))
    };
    let first = put("1", PutMode::Create).unwrap();
    assert!(matches!(put("2", PutMode::Create), Err(object_store::Error::AlreadyExists { .. })));
    let version = UpdateVersion { e_tag: first.e_tag, version: first.version };
    put("3", PutMode::Update(version.clone())).unwrap();
    let stale = put("4", PutMode::Update(version));
    assert!(matches!(stale, Err(object_store::Error::Precondition { .. })), "{stale:?}");
    let now =
        bucket.runtime.block_on(async { bucket.store.get(&path).await.unwrap().bytes().await });
    assert_eq!(now.unwrap().as_ref(), b"3");
}
