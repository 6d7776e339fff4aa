//! A fresh database per test, on both databases; compiled for tests only.
//!
//! ```ignore
//! on_both(&rooms, |t| { … t.db … });
//! ```
//! At the end of each test every log must verify and the tables must equal a replay. PostgreSQL is
//! used when `TICKMARK_TEST_POSTGRES` names a server; otherwise the test says that it was left out.

mod web;

pub use web::{Part, Web, beside, encoded, hidden};

use crate::db::{Db, Location, Migration};
use crate::journal::{FileGuard, Journal, Report, Room, verify_entries, verify_replay};
use kernel::env::Env;
use kernel::time::Timestamp;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The variable that names a PostgreSQL server for tests.
pub const POSTGRES: &str = "TICKMARK_TEST_POSTGRES";

/// A fresh database with its journal, in a folder of its own.
pub struct TestDb {
    /// The database.
    pub db: Db,
    /// Its journal.
    pub journal: Arc<Journal>,
    /// The folder that holds the guard and, on SQLite, the database.
    pub folder: tempfile::TempDir,
    /// Where the database is.
    pub location: Location,
    migrations: Vec<Migration>,
    rooms: Vec<Room>,
    schema: Option<(String, String)>,
}

/// An environment at a fixed time with a fixed seed.
#[must_use]
pub fn env() -> Env {
    Env::new(Timestamp(1_767_225_600_000_000), [7; 32])
}

fn migrations(rooms: &[Room]) -> Vec<Migration> {
    crate::MIGRATIONS.iter().chain(rooms.iter().flat_map(|r| r.migrations)).copied().collect()
}

/// A journal with a fixed key whose guard is a file in `folder`.
///
/// # Panics
/// When the guard cannot be opened.
#[must_use]
pub fn journal(folder: &Path) -> Arc<Journal> {
    let guard = FileGuard::open(&folder.join("guard")).expect("the guard opens");
    Arc::new(Journal::new("test.example", [3; 32], Box::new(guard)))
}

impl TestDb {
    /// A fresh SQLite database.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn sqlite(rooms: &[Room]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let location = Location::File(folder.path().join("tickmark.db"));
        Self::open(folder, location, rooms, None)
    }

    /// A fresh schema on the PostgreSQL server that the tests were given, if they were.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn postgres(rooms: &[Room]) -> Option<Self> {
        let server = std::env::var(POSTGRES).ok()?;
        let folder = tempfile::tempdir().expect("a folder");
        let name: String = folder
            .path()
            .file_name()
            .map(|n| n.to_string_lossy().to_lowercase())
            .unwrap_or_default()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let schema = format!("t_{name}_{}", std::process::id());
        let mut client = ::postgres::Client::connect(&server, ::postgres::NoTls).expect("a server");
        client.batch_execute(&format!("CREATE SCHEMA {schema}")).expect("a schema");
        let join = if server.contains('?') { '&' } else { '?' };
        let location = Location::Url(format!("{server}{join}options=-csearch_path%3D{schema}"));
        Some(Self::open(folder, location, rooms, Some((server, schema))))
    }

    fn open(
        folder: tempfile::TempDir,
        location: Location,
        rooms: &[Room],
        schema: Option<(String, String)>,
    ) -> Self {
        let journal = journal(folder.path());
        let migrations = migrations(rooms);
        let db = Db::open(&location, &migrations, journal.clone()).expect("the database opens");
        Self { db, journal, folder, location, migrations, rooms: rooms.to_vec(), schema }
    }

    /// The SQLite file.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("tickmark.db")
    }

    /// Places what waits (PostgreSQL has no writer that does so by itself).
    ///
    /// # Panics
    /// When the sequencer fails, or somebody else is it for half a minute.
    pub fn sequence(&self) {
        for _ in 0..30_000 {
            while self.journal.sequence_once(&self.db).expect("the sequencer") {}
            let totals = self.db.read_blocking(crate::journal::totals).expect("the totals");
            if totals.waiting == 0 {
                return;
            }
            // Another connection of the test is the sequencer at this moment.
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        panic!("entries wait for their place, and nobody gives it to them");
    }

    /// What verification finds.
    ///
    /// # Panics
    /// When the database cannot be read.
    #[must_use]
    pub fn verify(&self) -> Report {
        self.sequence();
        let journal = self.journal.clone();
        let guard = FileGuard::read(&self.folder.path().join("guard")).expect("the guard");
        let (migrations, rooms) = (&self.migrations, &self.rooms);
        self.db
            .read_blocking(|conn| {
                let mut report = Report::default();
                let keys: HashMap<_, _> = journal.keys(conn)?;
                verify_entries(conn, &keys, &guard, &mut report)?;
                verify_replay(conn, migrations, rooms, &mut report)?;
                Ok(report)
            })
            .expect("the verification runs")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some((server, schema)) = &self.schema
            && let Ok(mut client) = ::postgres::Client::connect(server, ::postgres::NoTls)
        {
            let _ = client.batch_execute(&format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

/// Runs a test on a fresh SQLite database and, where there is a server, on a fresh PostgreSQL schema;
/// afterwards the log must verify and the tables must equal a replay.
///
/// # Panics
/// When the test does, or the log does not verify.
pub fn on_both(rooms: &[Room], test: impl Fn(&TestDb)) {
    let run = |t: TestDb| {
        test(&t);
        let report = t.verify();
        assert!(report.verified(), "after the test: {:#?}", report.findings);
    };
    run(TestDb::sqlite(rooms));
    match TestDb::postgres(rooms) {
        Some(t) => run(t),
        None => eprintln!("PostgreSQL left out: {POSTGRES} names no server"),
    }
}

/// What an application answered.
#[derive(Debug)]
pub struct Answered {
    /// The status.
    pub status: axum::http::StatusCode,
    /// The headers.
    pub headers: axum::http::HeaderMap,
    /// The body as text.
    pub body: String,
}

/// Sends one request to an application and waits for its whole answer.
///
/// # Panics
/// When the body cannot be read.
#[must_use]
pub fn answer(router: axum::Router, request: axum::http::Request<axum::body::Body>) -> Answered {
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async move {
        let response = router.oneshot(request).await.unwrap_or_else(|e| match e {});
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answered { status: parts.status, headers: parts.headers, body }
    })
}
