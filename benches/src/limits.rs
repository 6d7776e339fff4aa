//! What the machine could do at best: the same bytes to the same disk, with nothing of the product.

use crate::Result;
use crate::http::{Load, closed_loop};
use rusqlite::Connection;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// Keeps a group of rows durably.
pub trait Sink: Send {
    /// Returns when all rows are on disk.
    fn keep(&mut self, rows: &[Vec<u8>]) -> Result<()>;
}

/// One table of SQLite, one transaction per group, as durable as the product's (`synchronous = FULL`).
pub struct SqliteSink(Connection);

impl SqliteSink {
    /// A new database at `path`.
    pub fn create(path: &Path) -> Result<Self> {
        let conn = Connection::open(path)?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;
             PRAGMA cache_size = -16384;
             CREATE TABLE row (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;",
        )?;
        Ok(Self(conn))
    }
}

impl Sink for SqliteSink {
    fn keep(&mut self, rows: &[Vec<u8>]) -> Result<()> {
        self.0.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut insert = self.0.prepare_cached("INSERT INTO row (bytes) VALUES (?1)")?;
        for row in rows {
            insert.execute([row])?;
        }
        self.0.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}

/// A plain file: append, `fdatasync`.
pub struct FileSink(File);

impl FileSink {
    /// A new file at `path`.
    pub fn create(path: &Path) -> Result<Self> {
        Ok(Self(OpenOptions::new().create_new(true).append(true).open(path)?))
    }
}

impl Sink for FileSink {
    fn keep(&mut self, rows: &[Vec<u8>]) -> Result<()> {
        self.0.write_all(&rows.concat())?;
        self.0.sync_data()?;
        Ok(())
    }
}

type Job = (Vec<u8>, SyncSender<bool>);

/// Many clients hand rows of `bytes` to one writer, which keeps as many as wait together, at most
/// `group_max`, and answers each.
pub fn group_commit(
    sink: &mut dyn Sink,
    bytes: usize,
    clients: usize,
    group_max: usize,
    (warm, measured): (Duration, Duration),
) -> Result<Load> {
    let (queue, jobs) = sync_channel::<Job>(clients);
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || write(sink, &jobs, group_max));
        let load = closed_loop(clients, warm, measured, |client| {
            let (queue, (answer, answered)) = (queue.clone(), sync_channel(1));
            let row = vec![b'a' + u8::try_from(client % 26)?; bytes];
            Ok(move |_| {
                queue.send((row.clone(), answer.clone())).map_err(|_| "the writer stopped")?;
                if answered.recv()? { Ok(()) } else { Err("the write failed".into()) }
            })
        });
        drop(queue);
        writer.join().map_err(|_| "the writer stopped")??;
        load
    })
}

fn write(sink: &mut dyn Sink, jobs: &Receiver<Job>, group_max: usize) -> Result<()> {
    while let Ok(first) = jobs.recv() {
        let (mut rows, mut answers) = (vec![first.0], vec![first.1]);
        while rows.len() < group_max
            && let Ok((row, answer)) = jobs.try_recv()
        {
            rows.push(row);
            answers.push(answer);
        }
        let kept = sink.keep(&rows);
        for answer in answers {
            let _ = answer.send(kept.is_ok());
        }
        kept?;
    }
    Ok(())
}

/// Rows per second of `total` rows of `bytes`, kept `batch` at a time by one writer.
pub fn batches(sink: &mut dyn Sink, bytes: usize, total: usize, batch: usize) -> Result<f64> {
    let rows = vec![vec![b'x'; bytes]; batch];
    let (began, mut done) = (Instant::now(), 0);
    while done < total {
        sink.keep(&rows)?;
        done += batch;
    }
    Ok(done as f64 / began.elapsed().as_secs_f64())
}

/// Reads a file from beginning to end; gives its bytes and the seconds that took.
pub fn read_plainly(path: &Path, mut each: impl FnMut(&[u8])) -> Result<(u64, f64)> {
    let began = Instant::now();
    let mut file = File::open(path)?;
    let (mut part, mut total) = (vec![0; 1 << 20], 0);
    loop {
        let n = file.read(&mut part)?;
        if n == 0 {
            return Ok((total, began.elapsed().as_secs_f64()));
        }
        each(&part[..n]);
        total += n as u64;
    }
}
