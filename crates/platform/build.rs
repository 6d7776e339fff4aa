//! Writes two tables of embedded files: what the browser fetches (`static/`) and what people read
//! (`/locales`). A table is generated so that a new file is never forgotten.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script where things lie through the environment"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    let fixed = here.join("static");
    let mut rows = embed("include_bytes!", &fixed, &files(&fixed)?)?;
    // Charts are drawn by another crate, which keeps the rules of its classes beside its code.
    let charts = here.join("../exhibits/src/charts/charts.css");
    println!("cargo::rerun-if-changed={}", charts.display());
    let charts = charts.canonicalize().map(|path| format!("include_bytes!({path:?})"));
    rows.push(("charts.css".to_owned(), charts.unwrap_or_else(|_| "b\"\"".to_owned())));
    fs::write(out.join("static_files.rs"), table("FILES", "&[u8]", rows))?;
    let locales = here.join("../../locales").canonicalize()?;
    let messages: Vec<PathBuf> = files(&locales)?
        .into_iter()
        .filter(|f| f.extension().is_some_and(|e| e == "ftl"))
        .collect();
    let rows = embed("include_str!", &locales, &messages)?;
    fs::write(out.join("messages.rs"), table("MESSAGES", "&str", rows))?;
    Ok(())
}

/// Every file under `dir`, sorted by path, and a note to cargo for each folder passed.
fn files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    println!("cargo::rerun-if-changed={}", dir.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Pairs of the path below `root` and the expression that embeds the file.
fn embed(
    include: &str,
    root: &Path,
    paths: &[PathBuf],
) -> Result<Vec<(String, String)>, Box<dyn std::error::Error>> {
    let mut rows = Vec::with_capacity(paths.len());
    for path in paths {
        let short = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        rows.push((short, format!("{include}({path:?})")));
    }
    Ok(rows)
}

/// A table sorted by path, as Rust.
fn table(name: &str, kind: &str, mut rows: Vec<(String, String)>) -> String {
    rows.sort();
    let mut text = format!("pub(super) static {name}: &[(&str, {kind})] = &[\n");
    for (path, expression) in rows {
        let _ = writeln!(text, "    ({path:?}, {expression}),");
    }
    text.push_str("];\n");
    text
}
