//! How long it takes to export, verify and re-perform the demonstration engagement.

use super::report::engagement;
use crate::figures::{Line, Target};
use crate::product::output;
use crate::{Bench, Result};
use std::process::Command;
use std::time::Instant;

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let folder = bench.fresh("reperform");
    let mut demo = Command::new(&bench.program);
    output(demo.args(["--json", "--data"]).arg(&folder).args(["demo", "--no-serve"]))?;
    let (id, email) = engagement(&folder.join("tickmark.db"))?;
    let package = folder.join("package.zip");
    let began = Instant::now();
    let mut export = Command::new(&bench.program);
    export.args(["--json", "--data"]).arg(&folder).args(["--as", &email, "export", "package"]);
    output(export.args(["--engagement", &id, "--out"]).arg(&package))?;
    let exported = began.elapsed().as_secs_f64();
    let timed = |command: &str| -> Result<Vec<f64>> {
        let mut took = Vec::new();
        for _ in 0..bench.runs() {
            let began = Instant::now();
            output(Command::new(&bench.program).args(["--json", command]).arg(&package))?;
            took.push(began.elapsed().as_secs_f64());
        }
        Ok(took)
    };
    Ok(vec![
        Line::new("tickmark export package, a process of its own", "s", vec![exported]),
        Line::new("tickmark verify of the package, a process of its own", "s", timed("verify")?),
        Line::new(
            "tickmark reperform of the package, a process of its own",
            "s",
            timed("reperform")?,
        )
        .target(Target::Below(10.0)),
    ])
}
