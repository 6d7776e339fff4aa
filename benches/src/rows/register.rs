//! A register that grows: taking it over, replaying its record, and reading it.

use crate::figures::{Line, Target, quantile};
use crate::http::{Client, get};
use crate::limits::{SqliteSink, batches};
use crate::product::{Deployment, Server};
use crate::{Bench, Result};
use platform::db::{Migration, read_only};
use platform::journal::{Report, verify_replay};
use rusqlite::Connection;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

/// Rows that the product makes durable together while it imports.
const BATCH_ROWS: usize = cases::intake::BATCH_ROWS;
/// 2024-01-01 in microseconds; the reports of a register lie one every 40 seconds from here.
const FIRST_US: i64 = 1_704_067_200_000_000;
const EVERY_US: i64 = 40_000_000;

const MAPPING: &str = r#"
mapping = "1"
name = "Benchmark register"
source = "benchmark"
revision = 1
shape = "case"
required = ["opened_at", "state"]

[file]
format = "csv"
delimiter = ","
quote = "\""
encoding = "utf-8"
compression = "none"

[time]
zone = "UTC"
formats = ["%Y-%m-%dT%H:%M:%SZ"]

[columns]
key = "number"
title = "title"
state = "state"
priority = "priority"
category = "category"
contact_type = "channel"
assignment_group = "team"
opened_at = "opened"

[defaults]
kind = "incident"

[states]
"new" = "new"
"work" = "in_progress"
"done" = "resolved"
"closed" = "closed"

[severities]
"1" = "critical"
"2" = "high"
"3" = "moderate"
"4" = "low"
"#;

const WORDS: [&str; 24] = [
    "payslip",
    "missing",
    "export",
    "slow",
    "sign-in",
    "refused",
    "bank",
    "file",
    "rejected",
    "holiday",
    "balance",
    "wrong",
    "printer",
    "access",
    "branch",
    "report",
    "timeout",
    "mail",
    "not",
    "delivered",
    "account",
    "locked",
    "after",
    "change",
];

/// Steps of a plain congruential generator: the same register on every machine.
fn shuffled(n: u64, turns: u64) -> usize {
    let mut x = n.wrapping_mul(turns + 1).wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((x ^ (x >> 31)) >> 33).unwrap_or(0)
}

fn title(n: u64) -> String {
    let mut words: Vec<&str> = (0..5).map(|k| WORDS[shuffled(n, k) % WORDS.len()]).collect();
    if n % 5_000 == 77 {
        words.push("zeppelin");
    }
    words.join(" ")
}

/// Writes rows `from..to` of the register.
fn write_register(path: &Path, from: u64, to: u64) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "number,title,state,priority,category,channel,team,opened")?;
    for n in from..to {
        // Reports come in the order of their times, as they would.
        let at = kernel::time::Timestamp(FIRST_US + i64::try_from(n)? * EVERY_US).to_rfc3339();
        let at = at.get(..19).ok_or("a time of another shape")?;
        let state = ["closed", "closed", "closed", "done", "work", "new"][shuffled(n, 7) % 6];
        let channel = ["mail", "portal", "phone"][shuffled(n, 8) % 3];
        writeln!(
            out,
            "INC{n:08},{},{state},{},area {},{channel},team {},{at}Z",
            title(n),
            1 + shuffled(n, 9) % 4,
            shuffled(n, 10) % 40,
            shuffled(n, 11) % 60
        )?;
    }
    Ok(out.flush()?)
}

struct Imported {
    rate: f64,
    bytes_per_event: usize,
}

fn import(bench: &Bench, deployment: &Deployment, from: u64, to: u64) -> Result<Imported> {
    let (file, mapping) = (bench.fresh("register.csv"), bench.fresh("mapping.toml"));
    write_register(&file, from, to)?;
    std::fs::write(&mapping, MAPPING)?;
    let before = deployment.database_bytes()?;
    let began = Instant::now();
    let said = deployment.run(&[
        "cases",
        "import",
        &file.to_string_lossy(),
        "--mapping",
        &mapping.to_string_lossy(),
    ])?;
    let seconds = began.elapsed().as_secs_f64();
    std::fs::remove_file(&file)?;
    if said["report"]["accepted"].as_u64() != Some(to - from) {
        return Err(format!("the import refused rows: {said}").into());
    }
    let grown = deployment.database_bytes()?.saturating_sub(before);
    Ok(Imported {
        rate: (to - from) as f64 / seconds,
        bytes_per_event: usize::try_from(grown / (to - from))?,
    })
}

/// Cases per second that the index of words takes in.
fn index(deployment: &Deployment, cases: u64) -> Result<f64> {
    let began = Instant::now();
    let said = deployment.run(&["cases", "index"])?;
    let seconds = began.elapsed().as_secs_f64();
    match said["entries"].as_u64() {
        Some(entries) if entries >= cases => Ok(cases as f64 / seconds),
        _ => Err(format!("the index took in less: {said}").into()),
    }
}

/// Lets a server count the figures of the dashboard once, so that what is read afterwards is read while
/// nothing is counted.
fn settle(deployment: &Deployment) -> Result<()> {
    let server = Server::start(deployment)?;
    let conn = Connection::open(deployment.database())?;
    let began = Instant::now();
    while began.elapsed().as_secs() < 60 {
        let behind: i64 = conn.query_row(
            "SELECT (SELECT SUM(n) FROM case_count) > 3000
                AND NOT EXISTS (SELECT 1 FROM case_figures f JOIN journal_log l ON l.log = f.organisation WHERE f.place = l.size)",
            [],
            |row| row.get(0),
        )?;
        if behind == 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    server.stop()
}

/// Events per second of a replay of the whole record with the comparison of the room's tables, and of
/// reading the record alone.
fn replay(deployment: &Deployment, events: u64) -> Result<(f64, f64)> {
    let migrations: Vec<Migration> =
        platform::MIGRATIONS.iter().chain(cases::ROOM.migrations).copied().collect();
    let mut report = Report::default();
    let began = Instant::now();
    read_only(&deployment.database(), |conn| {
        verify_replay(conn, &migrations, &[cases::ROOM], &mut report)
    })?;
    let replayed = events as f64 / began.elapsed().as_secs_f64();
    // The few events with which the deployment was made belong to another room.
    let unlike = report.findings.iter().find(|f| !f.message.contains("identity."));
    if let Some(unlike) = unlike {
        return Err(format!("the replay differs: {unlike:?}").into());
    }
    let began = Instant::now();
    let conn = Connection::open(deployment.database())?;
    let mut read = conn.prepare("SELECT entry, payload FROM journal_entry ORDER BY seq")?;
    let mut rows = read.query([])?;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        bytes += row.get_ref(0)?.as_blob()?.len() + row.get_ref(1)?.as_blob()?.len();
    }
    if bytes == 0 {
        return Err("the record is empty".into());
    }
    Ok((replayed, events as f64 / began.elapsed().as_secs_f64()))
}

/// How long answers of one kind take, in milliseconds, shortest first: for two seconds, but at least
/// 10 and at most 500 of them.
fn timed(mut once: impl FnMut() -> Result<()>) -> Result<Vec<f64>> {
    once()?;
    let (began, mut took) = (Instant::now(), Vec::new());
    while took.len() < 10 || (took.len() < 500 && began.elapsed().as_secs_f64() < 2.0) {
        let one = Instant::now();
        once()?;
        took.push(one.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    Ok(took)
}

/// What is read, by whom it is asked for, and the statement that alone would answer it.
struct Reading {
    name: &'static str,
    path: String,
    sql: String,
    first_page: bool,
}

fn readings(total: u64) -> Vec<Reading> {
    let newest = |clause: &str| {
        format!(
            "SELECT * FROM case_record WHERE organisation = ?1{clause} ORDER BY reported_at DESC, id DESC LIMIT 51"
        )
    };
    let middle = FIRST_US + i64::try_from(total / 2).unwrap_or(0) * EVERY_US;
    // What the index of words answers, without the rest of the page.
    let words = |words: &[&str]| {
        let each = words.iter().map(|word| {
            format!(
                " AND EXISTS (SELECT 1 FROM case_word w WHERE w.organisation = ?1 AND w.word = CAST('{word}' AS BLOB) AND w.case_id = case_record.id)"
            )
        });
        newest(&each.collect::<String>())
    };
    let rare = "SELECT c.* FROM case_word w CROSS JOIN case_record c ON c.id = w.case_id
                WHERE w.organisation = ?1 AND w.word = CAST('zeppelin' AS BLOB) ORDER BY c.reported_at DESC, c.id DESC LIMIT 51";
    let reading =
        |name, path: &str, sql| Reading { name, path: path.into(), sql, first_page: false };
    vec![
        Reading { first_page: true, ..reading("first page of the list", "/cases", newest("")) },
        reading(
            "first page of a severity and channel",
            "/cases?severity=critical&channel=phone",
            newest(" AND severity = 'critical' AND channel = 'phone'"),
        ),
        reading(
            "first page of a kind that is not there",
            "/cases?kind=complaint",
            newest(" AND kind = 'complaint'"),
        ),
        reading("search for two words", "/cases?q=payslip+missing", words(&["payslip", "missing"])),
        reading(
            "a page from the middle",
            &format!("/cases?after={middle}.cas_00000000000000000000000000"),
            newest(&format!(" AND reported_at < {middle}")),
        ),
        reading("first page of one state", "/cases?state=new", newest(" AND state = 'new'")),
        reading("search for a common word", "/cases?q=payslip", words(&["payslip"])),
        reading("search for a rare word", "/cases?q=zeppelin", rare.into()),
        reading(
            "search for a number",
            "/cases?q=INC00000500",
            newest(" AND tracking_number = 'INC00000500'"),
        ),
        reading(
            "dashboard",
            "/cases/dashboard",
            "SELECT month, kind, severity, channel, state, n FROM case_count WHERE organisation = ?1".into(),
        ),
        reading("first page as JSON, 50 rows", "/api/v1/cases?limit=50", newest("")),
    ]
}

fn read_pages(
    deployment: &Deployment,
    cookie: &str,
    total: u64,
    largest: bool,
) -> Result<Vec<Line>> {
    let server = Server::start(deployment)?;
    let bare = Connection::open(deployment.database())?;
    let mut client = Client::connect(server.address)?;
    let mut lines = Vec::new();
    for reading in readings(total) {
        let request = get(&reading.path, Some(cookie));
        let took = timed(|| {
            let answer = client.send(&request)?;
            if answer.status == 200 {
                Ok(())
            } else {
                Err(format!("{}: {}", reading.path, answer.status).into())
            }
        })?;
        let mut statement = bare.prepare(&reading.sql)?;
        let alone = timed(|| {
            let mut rows = statement.query([&deployment.organisation])?;
            while rows.next()?.is_some() {}
            Ok(())
        })?;
        let size = crate::figures::number(total as f64);
        let line = |share: f64, p: &str| {
            Line::new(
                format!("{}, {size} cases, {p}", reading.name),
                "ms",
                vec![quantile(&took, share)],
            )
            .beside("its statement alone", quantile(&alone, share))
        };
        let mut p50 = line(0.5, "p50");
        if reading.first_page && largest {
            p50 = p50.target(Target::Below(10.0));
        }
        lines.extend([p50, line(0.99, "p99")]);
    }
    lines.push(Line::new(
        format!("resident memory after these, {} cases", crate::figures::number(total as f64)),
        "MB",
        vec![server.resident_mb()?],
    ));
    server.stop()?;
    let began = Server::start(deployment)?;
    lines.push(Line::new(
        format!("cold start to the first page, {} cases", crate::figures::number(total as f64)),
        "ms",
        vec![began.started_in.as_secs_f64() * 1e3],
    ));
    began.stop()?;
    Ok(lines)
}

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let sizes: &[u64] = if bench.quick { &[1_000, 10_000] } else { &[1_000, 100_000, 1_000_000] };
    let deployment = Deployment::init(&bench.program, &bench.fresh("register"), None)?;
    // The session is kept in the database and outlives the servers below.
    let server = Server::start(&deployment)?;
    let cookie = server.sign_in(&deployment)?;
    server.stop()?;
    let (mut lines, mut before) = (Vec::new(), 0);
    let target = Target::AtLeast(20_000.0);
    for size in sizes.iter().copied() {
        let largest = sizes.last() == Some(&size);
        let imported = import(bench, &deployment, before, size)?;
        let indexed = index(&deployment, size - before)?;
        if size > 1_000 {
            let limit = {
                let path = bench.fresh("limit.db");
                let total = usize::try_from((size - before).min(200_000))?;
                let mut sink = SqliteSink::create(&path)?;
                let rate = batches(&mut sink, imported.bytes_per_event, total, BATCH_ROWS)?;
                drop(sink);
                std::fs::remove_file(path)?;
                rate
            };
            let (replayed, read) = replay(&deployment, size)?;
            let size = crate::figures::number(size as f64);
            lines.push(
                Line::new(format!("import, up to {size} cases"), "events/s", vec![imported.rate])
                    .beside("the same bytes in bare rows", limit)
                    .target(target),
            );
            lines.push(
                Line::new(
                    format!("replay and comparison, {size} events"),
                    "events/s",
                    vec![replayed],
                )
                .beside("reading the record alone", read)
                .target(target),
            );
        }
        lines.push(Line::new(
            format!("index of words, up to {} cases", crate::figures::number(size as f64)),
            "cases/s",
            vec![indexed],
        ));
        settle(&deployment)?;
        lines.extend(read_pages(&deployment, &cookie, size, largest)?);
        before = size;
    }
    std::fs::remove_dir_all(&deployment.folder)?;
    Ok(lines)
}
