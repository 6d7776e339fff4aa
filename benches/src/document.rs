//! docs/benchmarks.md: tables between marks, so that what people wrote around them stays.

use crate::{Result, machine};
use platform::edge::{Edge, SystemEdge};
use std::path::Path;
use std::time::Duration;

/// When a row was taken and how busy the machine was.
pub fn taken(load_before: &str, took: Duration, quick: bool) -> String {
    let now = SystemEdge.env().now().to_rfc3339();
    let now = now.get(..16).unwrap_or(&now).replace('T', " ");
    let build = if cfg!(debug_assertions) { " **Development build, not optimised.**" } else { "" };
    let sizes = if quick { " Small sizes (`--quick`)." } else { "" };
    format!(
        "Taken {now} UTC in {:.0} s. Load average {load_before} before, {} after.{sizes}{build}",
        took.as_secs_f64(),
        machine::load_average()
    )
}

/// Puts a text between the marks of a name; a file without them receives them at its end.
pub fn put(path: &Path, name: &str, text: &str) -> Result<()> {
    let (open, close) = (format!("<!-- bench: {name} -->"), format!("<!-- end: {name} -->"));
    let before = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(e.into()),
    };
    let block = format!("{open}\n\n{}\n\n{close}", text.trim_end());
    let after = match (before.find(&open), before.find(&close)) {
        (Some(from), Some(to)) if from < to => {
            format!("{}{block}{}", &before[..from], &before[to + close.len()..])
        }
        (None, None) => format!("{before}\n{block}\n"),
        _ => return Err(format!("{}: the marks of {name} are not in pairs", path.display()).into()),
    };
    std::fs::write(path, after)?;
    Ok(())
}
