//! Logons of a large organisation, frozen and searched for those of leavers; beside what somebody with
//! DuckDB needs for the same file and question.

use crate::figures::{Line, Target};
use crate::limits::read_plainly;
use crate::product::output_and_peak;
use crate::{Bench, Result};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const LOGONS: &str =
    include_str!("../../../crates/populations/library/leavers-against-logons/logons.toml");
/// What somebody does who has DuckDB and the two files.
const DUCKDB: &str = include_str!("leavers_duckdb.py");
/// Names a Python that can import `duckdb`; without it nothing is compared.
const PYTHON: &str = "TICKMARK_BENCH_DUCKDB_PYTHON";
const USERS: i64 = 4_000;
/// Rosters speak for the end of their month: January to December 2025.
const MONTHS: i64 = 12;
/// The share of DuckDB's time that freezing and testing may take.
const TIMES_MAX: f64 = 1.5;
const MEMORY_MB_MAX: f64 = 2_000.0;

/// The month after which somebody is on no roster any more: one in twenty leaves in the course of the year.
const fn last_month(user: i64) -> i64 {
    if user % 20 == 0 { 1 + (user / 20) % (MONTHS - 1) } else { MONTHS }
}

/// Whether somebody who left logs on once more, after the roster without them holds; no other leaver does.
const fn comes_back(user: i64) -> bool {
    user % 400 == 0 && last_month(user) + 2 <= MONTHS
}

fn leavers() -> (i64, i64) {
    let count = |of: fn(i64) -> bool| (0..USERS).map(|user| i64::from(of(user))).sum();
    (count(|user| last_month(user) < MONTHS), count(comes_back))
}

/// The logons: one row each, spread evenly over the months that somebody is on the staff.
fn write_logons(path: &Path, rows: i64) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(out, "id,date,user,pc,activity")?;
    let mut n = 0;
    let mut turn = 0;
    while n < rows {
        for user in 0..USERS {
            if n == rows {
                break;
            }
            let month = 1 + turn % last_month(user);
            // Between six and ten o'clock: no change of the clocks falls there.
            let (day, second) = (1 + turn % 28, 21_600 + (turn * 7 + user * 11) % 57_600);
            let activity = if turn % 2 == 0 { "Logon" } else { "Logoff" };
            // Every row of somebody's own has another computer or another moment.
            let pc = turn / 28;
            logon(&mut out, n, (month, day, second), user, pc, activity)?;
            n += 1;
        }
        turn += 1;
    }
    for user in (0..USERS).filter(|u| comes_back(*u)) {
        logon(&mut out, n, (last_month(user) + 2, 28, 43_200), user, 999_999, "Logon")?;
        n += 1;
    }
    Ok(out.flush()?)
}

fn logon(
    out: &mut impl Write,
    n: i64,
    (month, day, second): (i64, i64, i64),
    user: i64,
    pc: i64,
    activity: &str,
) -> Result<()> {
    let (h, m, s) = (second / 3_600, second / 60 % 60, second % 60);
    writeln!(
        out,
        "L{n:08},{month:02}/{day:02}/2025 {h:02}:{m:02}:{s:02},U{user:04},PC-{pc:06},{activity}"
    )?;
    Ok(())
}

fn write_rosters(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for month in 1..=MONTHS {
        let path = folder.join(format!("2025-{month:02}.csv"));
        let mut out = BufWriter::new(File::create(&path)?);
        writeln!(out, "employee_name,user_id,email,role,department,supervisor")?;
        for user in (0..USERS).filter(|u| month <= last_month(*u)) {
            writeln!(out, "Name {user},U{user:04},u{user:04}@example.com,Clerk,Sales,")?;
        }
        out.flush()?;
        all.push(path);
    }
    Ok(all)
}

/// Seconds that DuckDB took for the same question, with the same answer; none where it is not there.
fn duckdb(folder: &Path, found: i64) -> Result<Option<f64>> {
    let Some(python) = std::env::var_os(PYTHON) else { return Ok(None) };
    let database = folder.join("duckdb.db");
    let began = Instant::now();
    let (said, _) =
        output_and_peak(Command::new(python).args(["-c", DUCKDB]).arg(folder).arg(&database))?;
    let took = began.elapsed().as_secs_f64();
    if said["exceptions"].as_i64() != Some(found) {
        return Err(format!("DuckDB found {}, and there are {found}", said["exceptions"]).into());
    }
    fs::remove_file(database)?;
    Ok(Some(took))
}

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let rows: i64 = if bench.quick { 200_000 } else { 10_000_000 };
    let folder = bench.fresh("leavers");
    fs::create_dir(&folder)?;
    let (csv, schema) = (folder.join("logons.csv"), folder.join("logons.toml"));
    write_logons(&csv, rows)?;
    fs::write(&schema, LOGONS)?;
    let rosters = write_rosters(&folder)?;
    let (all, late) = leavers();
    let given: Vec<String> = rosters
        .iter()
        .map(|p| {
            let name = p.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            format!("{}@{name}", p.display())
        })
        .collect();
    let (mut seconds, mut peaks, mut reads, mut others) = (vec![], vec![], vec![], vec![]);
    for run in 0..bench.runs() {
        reads.push(read_plainly(&csv, |_| {})?.1);
        let frozen = folder.join(format!("frozen-{run}"));
        let began = Instant::now();
        let mut freeze = Command::new(&bench.program);
        freeze.args(["--json", "population", "freeze"]).arg(&csv).arg("--schema").arg(&schema);
        freeze.args(["--from", "2025-01-01", "--to", "2025-12-31"]);
        let (_, freezing) = output_and_peak(freeze.arg("--out").arg(&frozen))?;
        let mut test = Command::new(&bench.program);
        test.args(["--json", "population", "test", "library:leavers-against-logons"])
            .args(["--with", &format!("rosters={}", given.join(","))])
            .args(["--with", &format!("logons={}", frozen.display())])
            .args(["--set", "period_from=2025-01-01", "--set", "period_to=2025-12-31"])
            .args(["--set", "roster_reading=end-of-month"]);
        let (said, testing) = output_and_peak(&mut test)?;
        seconds.push(began.elapsed().as_secs_f64());
        peaks.push(freezing.max(testing));
        let found = (said["population"].as_i64(), said["exceptions"].as_i64());
        if found != (Some(all), Some(late)) {
            return Err(format!("{found:?} instead of {all} leavers, {late} late").into());
        }
        fs::remove_dir_all(&frozen)?;
        others.extend(duckdb(&folder, late)?);
    }
    fs::remove_dir_all(&folder)?;
    let least = |runs: &[f64]| runs.iter().copied().fold(f64::INFINITY, f64::min);
    let count = crate::figures::number(rows as f64);
    let times: Vec<f64> = seconds.iter().zip(&others).map(|(ours, other)| ours / other).collect();
    let mut lines = vec![
        Line::new(format!("freeze {count} logons and find those of leavers"), "s", seconds)
            .beside("reading the file", least(&reads)),
        Line::new("peak of resident memory, leavers", "MB", peaks)
            .target(Target::Below(MEMORY_MB_MAX)),
    ];
    if !times.is_empty() {
        lines.push(Line::new("load the file into DuckDB and ask the same", "s", others));
        lines.push(
            Line::new("freezing and testing, times DuckDB's", "×", times)
                .target(Target::Below(TIMES_MAX)),
        );
    }
    Ok(lines)
}
