//! Hashing of kept files by `tickmark verify`.

use crate::figures::Line;
use crate::limits::read_plainly;
use crate::product::{Deployment, output};
use crate::{Bench, Result};
use platform::blobs::{Blobs, LocalStore};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const FILES: u8 = 4;

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let deployment = Deployment::init(&bench.program, &bench.fresh("verify"), None)?;
    let folder = deployment.folder.join("blobs");
    let blobs = Blobs::new(LocalStore::open(&folder)?);
    let size: usize = if bench.quick { 16 << 20 } else { 128 << 20 };
    for n in 0..FILES {
        // Not all zero, so that no file system keeps it as a hole.
        let bytes: Vec<u8> = (0..size).map(|i| n ^ u8::try_from(i % 251).unwrap_or(0)).collect();
        blobs.put_bytes(&bytes)?;
    }
    let (mut rates, mut alone, mut side_by_side) = (vec![], vec![], vec![]);
    for _ in 0..bench.runs() {
        let mut total = 0;
        let began = Instant::now();
        for file in files(&folder)? {
            let mut hash = Sha256::new();
            total += read_plainly(&file, |part| hash.update(part))?.0;
            std::hint::black_box(hash.finalize());
        }
        let mega = total as f64 / 1e6;
        alone.push(mega / began.elapsed().as_secs_f64());
        let began = Instant::now();
        std::thread::scope(|scope| -> Result<()> {
            let hash = |file: PathBuf| {
                let mut hash = Sha256::new();
                read_plainly(&file, |part| hash.update(part)).map(|_| hash.finalize())
            };
            let threads: Vec<_> =
                files(&folder)?.into_iter().map(|file| scope.spawn(move || hash(file))).collect();
            for thread in threads {
                thread.join().map_err(|_| "a thread stopped")??;
            }
            Ok(())
        })?;
        side_by_side.push(mega / began.elapsed().as_secs_f64());
        let began = Instant::now();
        let mut verify = Command::new(&bench.program);
        let said = output(verify.args(["--json", "verify"]).arg(&deployment.folder))?;
        rates.push(mega / began.elapsed().as_secs_f64());
        if said["verified"].as_bool() != Some(true) || said["blobs"].as_u64() != Some(FILES.into())
        {
            return Err(format!("the directory does not verify: {said}").into());
        }
    }
    std::fs::remove_dir_all(&deployment.folder)?;
    let one = crate::figures::median(&alone);
    Ok(vec![
        Line::new("tickmark verify, the whole command", "MB/s", rates)
            .beside("SHA-256 alone, one thread", one),
        Line::new("SHA-256 alone, one thread", "MB/s", alone),
        Line::new("SHA-256 alone, a thread for each of the four files", "MB/s", side_by_side),
    ])
}
