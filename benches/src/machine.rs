//! The machine on which the figures were taken.

use crate::Result;
use std::fs;
use std::path::Path;
use std::process::Command;

fn said(program: &str, arguments: &[&str]) -> String {
    Command::new(program)
        .args(arguments)
        .output()
        .ok()
        .filter(|out| out.status.success())
        .map_or_else(
            || "not known".to_owned(),
            |out| String::from_utf8_lossy(&out.stdout).trim().to_owned(),
        )
}

fn field(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The load of the machine in the last minute: threads that ran or waited to run.
pub fn load_average() -> String {
    fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split(' ').next().map(str::to_owned))
        .unwrap_or_else(|| "not known".into())
}

/// A table: processor, memory, disk, kernel, compiler.
pub fn described(work: &Path) -> Result<String> {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib: f64 = field(&memory, "MemTotal")
        .and_then(|m| m.split(' ').next().and_then(|n| n.parse().ok()))
        .unwrap_or(0.0);
    let device = said("df", &["--output=source,fstype", &work.to_string_lossy()]);
    let device = device.lines().last().unwrap_or_default().split_whitespace().collect::<Vec<_>>();
    let rows = [
        ("Processor", field(&cpu, "model name").unwrap_or_else(|| said("uname", &["-m"]))),
        ("Cores", std::thread::available_parallelism()?.to_string()),
        ("Memory", format!("{:.1} GB", kib * 1024.0 / 1e9)),
        ("Disk of the data", device.join(", ")),
        ("Append of 4 KiB with fdatasync", format!("{:.0} µs (median of 400)", append_us(work)?)),
        ("System", format!("{} {}", said("uname", &["-s"]), said("uname", &["-r"]))),
        ("Compiler", said("rustc", &["--version"])),
    ];
    let mut out = "| | |\n|---|---|\n".to_owned();
    for (name, value) in rows {
        out.push_str(&format!("| {name} | {value} |\n"));
    }
    Ok(out)
}

fn append_us(work: &Path) -> Result<f64> {
    use crate::limits::{FileSink, Sink};
    let mut sink = FileSink::create(&work.join("append"))?;
    let row = [vec![0; 4096]];
    let mut took = Vec::new();
    for _ in 0..400 {
        let began = std::time::Instant::now();
        sink.keep(&row)?;
        took.push(began.elapsed().as_secs_f64() * 1e6);
    }
    Ok(crate::figures::median(&took))
}
