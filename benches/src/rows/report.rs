//! How long a report takes to build and typeset.

use crate::figures::{Line, Target};
use crate::product::output;
use crate::{Bench, Result};
use kernel::ids::EngagementId;
use platform::db::read_only;
use platform::edge::{Edge, SystemEdge};
use reporting::assemble;
use reporting::model::BuildKind;
use reporting::report_document::{Block, ReportData, Run, typeset_report};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Pages of the long report.
const PAGES: usize = 200;
/// More copies than this are never needed.
const COPIES_MAX: usize = 200;

/// The engagement that a firm has joined in the demonstration, and the address of a partner.
pub fn engagement(database: &Path) -> Result<(String, String)> {
    let conn = rusqlite::Connection::open(database)?;
    Ok(conn.query_row(
        "SELECT e.id, p.email FROM engagement e
         JOIN identity_membership m ON m.organisation = e.firm AND m.roles LIKE '%partner%'
         JOIN identity_person p ON p.id = m.person ORDER BY e.id, p.email LIMIT 1",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?)
}

/// The same report with everything of its Section IV so many times, under ids and in words of its own: no
/// two paragraphs of two copies are the same, so that none is set for another.
fn lengthened(report: &ReportData, copies: usize) -> ReportData {
    let mut long = report.clone();
    for copy in 2..=copies {
        for group in &report.testing.groups {
            let mut group = group.clone();
            group.title = format!("{} ({copy})", group.title);
            for control in &mut group.controls {
                control.id = format!("{}-{copy}", control.id);
                let number = Run::Text(format!(" This is copy {copy}."));
                control.statement.0.push(number.clone());
                for test in &mut control.tests {
                    test.procedure.0.push(number.clone());
                    test.result.text.0.push(number.clone());
                    for id in &mut test.result.deviations {
                        *id = format!("{id}-{copy}");
                    }
                }
            }
            long.testing.groups.push(group);
        }
    }
    long
}

/// The same report with one sentence more in the introduction to Section IV and in a control in its midst.
fn changed(report: &ReportData, number: usize) -> ReportData {
    let mut changed = report.clone();
    let words = Run::Text(format!(" This sentence came with change {number}."));
    if let Some(Block::Paragraph(prose)) = changed.testing.introduction.first_mut() {
        prose.0.push(words.clone());
    }
    let middle = changed.testing.groups.len() / 2;
    if let Some(control) =
        changed.testing.groups.get_mut(middle).and_then(|group| group.controls.first_mut())
    {
        control.statement.0.push(words);
    }
    changed
}

fn typeset(report: &ReportData) -> Result<(usize, f64)> {
    let began = Instant::now();
    let pdf = typeset_report(report, &[])?;
    Ok((pdf.pages, began.elapsed().as_secs_f64()))
}

fn warm(bench: &Bench, report: &ReportData) -> Result<(usize, Vec<f64>)> {
    let (mut pages, mut took) = (0, Vec::new());
    for _ in 0..=bench.runs() {
        let (n, seconds) = typeset(report)?;
        pages = n;
        took.push(seconds);
    }
    // The first of a kind is not warm.
    took.remove(0);
    Ok((pages, took))
}

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let folder = bench.fresh("demonstration");
    let began = Instant::now();
    let mut demo = Command::new(&bench.program);
    output(demo.args(["--json", "--data"]).arg(&folder).args(["demo", "--no-serve"]))?;
    let made = began.elapsed().as_secs_f64();
    let database = folder.join("tickmark.db");
    let (id, email) = engagement(&database)?;
    let began = Instant::now();
    let mut build = Command::new(&bench.program);
    build.args(["--json", "--data"]).arg(&folder).args(["--as", &email, "report", "build"]);
    output(build.args(["--engagement", &id, "--out"]).arg(folder.join("report.pdf")))?;
    let command = began.elapsed().as_secs_f64();
    let engagement: EngagementId = id.parse()?;
    let read = || {
        read_only(&database, |conn| {
            assemble::build(conn, engagement, SystemEdge.env().id(), BuildKind::Draft)
        })
    };
    let began = Instant::now();
    let report = read()?;
    let assembled = began.elapsed().as_secs_f64();
    let (_, first) = typeset(&report)?;
    let (pages, short) = warm(bench, &report)?;
    let mut lines = vec![
        Line::new("making the demonstration, half a year through the write path", "s", vec![made]),
        Line::new(
            format!("tickmark report build, {pages} pages, a process of its own"),
            "s",
            vec![command],
        ),
        Line::new("assembling its data from the record", "s", vec![assembled]),
        Line::new(format!("typesetting {pages} pages, first in its process"), "s", vec![first]),
        Line::new(format!("typesetting {pages} pages, warm"), "s", short),
    ];
    if !bench.quick {
        let (twice, _) = typeset(&lengthened(&report, 2))?;
        let each = twice.saturating_sub(pages).max(1);
        let copies = 1 + PAGES.saturating_sub(pages).div_ceil(each);
        let report = lengthened(&report, copies.min(COPIES_MAX));
        let (pages, long) = warm(bench, &report)?;
        let line = Line::new(format!("typesetting {pages} pages, warm"), "s", long);
        lines.push(line.target(Target::Below(2.0)));
        let mut long = Vec::new();
        for number in 1..=bench.runs() {
            long.push(typeset(&changed(&report, number))?.1);
        }
        let line = Line::new("the same with a sentence and a control changed each time", "s", long);
        lines.push(line.target(Target::Below(2.0)));
    }
    Ok(lines)
}
