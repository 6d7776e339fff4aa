//! A large population: frozen and tested whole.

use crate::figures::{Line, Target};
use crate::limits::read_plainly;
use crate::product::output_and_peak;
use crate::{Bench, Result};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const SCHEMA: &str =
    include_str!("../../../crates/populations/library/changes-second-person/changes.toml");
/// 2025-01-01 in microseconds; changes lie one every second from here.
const FIRST_US: i64 = 1_735_689_600_000_000;
/// Memory that freezing and testing may take.
const MEMORY_MB_MAX: f64 = 2_000.0;

fn write_changes(path: &Path, rows: i64) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(out, "change_id,merged_at,kind,pr,authors,merged_by,n_commits")?;
    for n in 0..rows {
        let at = kernel::time::Timestamp(FIRST_US + n * 1_000_000).to_rfc3339();
        let at = at.get(..19).ok_or("a time of another shape")?;
        // One in a thousand was pushed straight to the main line.
        let pr = if n % 1_000 == 3 { String::new() } else { n.to_string() };
        writeln!(out, "C{n:08},{at}Z,merge,{pr},dev{},dev{},{}", n % 50, 50 + n % 7, 1 + n % 4)?;
    }
    Ok(out.flush()?)
}

/// Seconds and megabytes at most, run by run.
#[derive(Default)]
struct Taken {
    seconds: Vec<f64>,
    peaks: Vec<f64>,
}

impl Taken {
    fn run(&mut self, command: &mut Command) -> Result<serde_json::Value> {
        let began = Instant::now();
        let (said, peak) = output_and_peak(command)?;
        self.seconds.push(began.elapsed().as_secs_f64());
        self.peaks.push(peak);
        Ok(said)
    }

    fn peak(self, what: &str) -> Line {
        Line::new(format!("peak of resident memory, {what}"), "MB", self.peaks)
            .target(Target::Below(MEMORY_MB_MAX))
    }
}

fn read_folder(folder: &Path) -> Result<(u64, f64)> {
    let (mut bytes, mut took) = (0, 0.0);
    for entry in fs::read_dir(folder)? {
        let (n, seconds) = read_plainly(&entry?.path(), |_| {})?;
        bytes += n;
        took += seconds;
    }
    Ok((bytes, took))
}

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let rows: i64 = if bench.quick { 200_000 } else { 10_000_000 };
    let folder = bench.fresh("populations");
    fs::create_dir(&folder)?;
    let (csv, schema) = (folder.join("changes.csv"), folder.join("changes.toml"));
    write_changes(&csv, rows)?;
    fs::write(&schema, SCHEMA)?;
    let (mut freezes, mut tests) = (Taken::default(), Taken::default());
    let (mut reads, mut frozen_reads) = (vec![], vec![]);
    let (mut bytes, mut frozen_bytes) = (0, 0);
    for run in 0..bench.runs() {
        let frozen = folder.join(format!("frozen-{run}"));
        let (read, took) = read_plainly(&csv, |_| {})?;
        bytes = read;
        reads.push(took);
        let mut freeze = Command::new(&bench.program);
        freeze.args(["--json", "population", "freeze"]).arg(&csv).arg("--schema").arg(&schema);
        freeze.args(["--from", "2025-01-01", "--to", "2025-12-31"]);
        let said = freezes.run(freeze.arg("--out").arg(&frozen))?;
        if said["rows"].as_i64() != Some(rows) {
            return Err(format!("{} rows were frozen", said["rows"]).into());
        }
        let (read, took) = read_folder(&frozen)?;
        frozen_bytes = read;
        frozen_reads.push(took);
        let mut test = Command::new(&bench.program);
        test.args(["--json", "population", "test", "library:changes-second-person", "--with"]);
        let said = tests.run(test.arg(format!("changes={}", frozen.display())))?;
        let (all, found) = (said["population"].as_i64(), said["exceptions"].as_i64());
        if (all, found) != (Some(rows), Some((rows - 4) / 1_000 + 1)) {
            return Err(format!("{all:?} units with {found:?} exceptions").into());
        }
        fs::remove_dir_all(&frozen)?;
    }
    fs::remove_dir_all(&folder)?;
    let mega = |bytes: u64| crate::figures::number(bytes as f64 / 1e6);
    let count = crate::figures::number(rows as f64);
    let least = |runs: &[f64]| runs.iter().copied().fold(f64::INFINITY, f64::min);
    let both = freezes.seconds.iter().zip(&tests.seconds).map(|(f, t)| f + t).collect();
    Ok(vec![
        Line::new(
            format!("freeze {count} rows, {} MB of CSV", mega(bytes)),
            "s",
            freezes.seconds.clone(),
        )
        .beside("reading the file", least(&reads)),
        Line::new(
            format!("test every row of it, {} MB frozen", mega(frozen_bytes)),
            "s",
            tests.seconds.clone(),
        )
        .beside("reading the frozen files", least(&frozen_reads)),
        Line::new("freeze and test", "s", both).beside("reading the file", least(&reads)),
        freezes.peak("freezing"),
        tests.peak("testing"),
    ])
}
