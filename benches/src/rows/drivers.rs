//! The write path without HTTP: what the disk, the statements and the way of committing cost.

use crate::figures::{Line, median};
use crate::http::{Load, closed_loop};
use crate::limits::{SqliteSink, group_commit};
use crate::product::{Deployment, Server};
use crate::{Bench, Result};
use cases::model::CaseKind;
use cases::service::ReportInput;
use kernel::ids::PartyId;
use platform::db::{Db, Location, Migration};
use platform::edge::{Edge, SystemEdge};
use platform::journal::{FileGuard, Journal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Bytes of a bare row, about what a report adds to the database.
const ROW_BYTES: usize = 3_000;
const CLIENTS: usize = 32;

fn input(turn: u64) -> ReportInput {
    ReportInput::new(
        "portal",
        CaseKind::Failure,
        format!("Payslips of run {turn} are missing"),
        "Since this morning the payslips are not shown. The list is empty for everybody \
            whom I asked, also after signing in again with another browser. Last month's are there.",
    )
}

struct Opened {
    db: Db,
    journal: Arc<Journal>,
    organisation: PartyId,
}

fn open(location: &Location, guard: &Path) -> Result<Opened> {
    let migrations: Vec<Migration> =
        platform::MIGRATIONS.iter().chain(cases::ROOM.migrations).copied().collect();
    let guard = FileGuard::open(guard)?;
    let journal = Arc::new(Journal::new("bench.example", [7; 32], Box::new(guard)));
    let db = Db::open(location, &migrations, journal.clone())?;
    Ok(Opened { db, journal, organisation: SystemEdge.env().id() })
}

/// Reports filed through the product's own write path by threads of this process.
fn filed(bench: &Bench, opened: &Opened, clients: usize) -> Result<Load> {
    let (warm, measured) = bench.spans();
    closed_loop(clients, warm, measured, |_| {
        let (db, organisation) = (opened.db.clone(), opened.organisation);
        Ok(move |turn| {
            let permit = cases::door::permit(organisation)?;
            let (mut env, input) = (SystemEdge.env(), input(turn));
            db.write_blocking(move |tx| {
                cases::service::file_report(tx, &mut env, &permit, &input)
            })?;
            Ok(())
        })
    })
}

/// Rates of one place for the database, one per run.
fn rates(bench: &Bench, opened: &Opened, clients: usize) -> Result<Vec<f64>> {
    (0..bench.runs()).map(|_| Ok(filed(bench, opened, clients)?.rate)).collect()
}

fn on_sqlite(bench: &Bench, folder: &Path, clients: usize) -> Result<Vec<f64>> {
    std::fs::create_dir_all(folder)?;
    let opened = open(&Location::File(folder.join("db")), &folder.join("guard"))?;
    let found = rates(bench, &opened, clients);
    drop(opened);
    std::fs::remove_dir_all(folder)?;
    found
}

/// A schema of its own on the server, gone at the end.
struct Schema {
    server: String,
    name: String,
}

impl Schema {
    fn create(server: &str, name: &str) -> Result<Self> {
        let name = format!("bench_{name}_{}", std::process::id());
        let mut client = postgres::Client::connect(server, postgres::NoTls)?;
        client.batch_execute(&format!("CREATE SCHEMA {name}"))?;
        Ok(Self { server: server.to_owned(), name })
    }
    fn url(&self) -> String {
        let join = if self.server.contains('?') { '&' } else { '?' };
        format!("{}{join}options=-csearch_path%3D{}", self.server, self.name)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if let Ok(mut client) = postgres::Client::connect(&self.server, postgres::NoTls) {
            let _ = client.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.name));
        }
    }
}

/// The same on PostgreSQL, with the sequencer beside it as in `tickmark serve`.
fn on_postgres(bench: &Bench, server: &str, clients: usize) -> Result<Vec<f64>> {
    let schema = Schema::create(server, &format!("direct{clients}"))?;
    let opened = open(&Location::Url(schema.url()), &bench.fresh("guard"))?;
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let sequencer = scope.spawn(|| -> Result<()> {
            while !stop.load(Ordering::Relaxed) {
                if !opened.journal.sequence_once(&opened.db)? {
                    opened.journal.wait(Duration::from_millis(50));
                }
            }
            Ok(())
        });
        let found = rates(bench, &opened, clients);
        stop.store(true, Ordering::Relaxed);
        sequencer.join().map_err(|_| "the sequencer stopped")??;
        found
    })
}

fn http_on_postgres(bench: &Bench, server: &str) -> Result<[Line; 3]> {
    let schema = Schema::create(server, "http")?;
    let url = schema.url();
    let deployment = Deployment::init(&bench.program, &bench.fresh("postgres"), Some(&url))?;
    let running = Server::start(&deployment)?;
    let (mut rates, mut p50, mut p99) = (vec![], vec![], vec![]);
    for _ in 0..bench.runs() {
        let load = super::submissions::file_reports(bench, running.address, CLIENTS)?;
        rates.push(load.rate);
        p50.push(load.within(0.5));
        p99.push(load.within(0.99));
    }
    running.stop()?;
    Ok([
        Line::new("PostgreSQL over HTTP, 32 clients", "/s", rates),
        Line::new("PostgreSQL over HTTP, 32 clients, p50", "ms", p50),
        Line::new("PostgreSQL over HTTP, 32 clients, p99", "ms", p99),
    ])
}

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let memory = PathBuf::from("/dev/shm");
    let in_memory = memory.is_dir().then(|| tempfile::tempdir_in(&memory)).transpose()?;
    let mut disk = None;
    for clients in [1, CLIENTS] {
        let s = if clients == 1 { "" } else { "s" };
        let rates = on_sqlite(bench, &bench.fresh("sqlite"), clients)?;
        let mut line = Line::new(
            format!("write path on SQLite, {clients} thread{s}, group commit"),
            "/s",
            rates.clone(),
        );
        if let Some(folder) = &in_memory {
            let rates = on_sqlite(bench, &folder.path().join("db"), clients)?;
            line = line.beside("the same without a disk", median(&rates));
        }
        disk = Some(median(&rates));
        lines.push(line);
    }
    let spans = bench.spans();
    let bare = |name: &str, group_max: usize| -> Result<Line> {
        let path = bench.fresh("bare.db");
        let mut sink = SqliteSink::create(&path)?;
        let mut rates = Vec::new();
        for _ in 0..bench.runs() {
            rates.push(group_commit(&mut sink, ROW_BYTES, CLIENTS, group_max, spans)?.rate);
        }
        drop(sink);
        std::fs::remove_file(path)?;
        Ok(Line::new(format!("bare rows of {ROW_BYTES} bytes, 32 threads, {name}"), "/s", rates))
    };
    lines.push(bare("group commit", 512)?);
    lines.push(bare("a transaction each", 1)?);
    if let Some(server) = &bench.postgres {
        for clients in [1, CLIENTS] {
            let s = if clients == 1 { "" } else { "s" };
            let rates = on_postgres(bench, server, clients)?;
            let mut line =
                Line::new(format!("write path on PostgreSQL, {clients} thread{s}"), "/s", rates);
            if let (CLIENTS, Some(disk)) = (clients, disk) {
                line = line.beside("SQLite", disk);
            }
            lines.push(line);
        }
        lines.extend(http_on_postgres(bench, server)?);
    }
    Ok(lines)
}
