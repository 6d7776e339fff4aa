//! `tickmark backup` and `restore`: the data directory as one file.
//!
//! The copy of the database is made first, then the files that it names are read: files are never
//! changed or removed, so every file that the copied record names is there. The guard goes along for
//! reading only; a restore does not bring it back over a newer one.

use crate::data::{self, Deployment};
use platform::cli::{Answer, Failed, Outcome};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;

fn failed(what: &str, e: &dyn std::fmt::Display) -> Failed {
    Failed(format!("{what}: {e}."))
}

/// Writes a backup.
///
/// # Errors
/// [`Failed`] when something cannot be read or written; a half-written backup is removed.
pub fn backup(folder: &Path, deployment: &Deployment, to: &Path) -> Outcome {
    let partial = to.with_extension("partial");
    let written = write(folder, deployment, &partial);
    let files = match written {
        Ok(files) => files,
        Err(e) => {
            let _ = fs::remove_file(&partial);
            return Err(e);
        }
    };
    fs::rename(&partial, to).map_err(|e| failed("The backup cannot be named", &e))?;
    let json = serde_json::json!({ "backup": to, "files": files });
    Answer::new(
        &json,
        format!(
            "{} holds the whole deployment, with its signing key: keep it as safe as the data directory. {files} files.",
            to.display()
        ),
    )
}

fn write(folder: &Path, deployment: &Deployment, to: &Path) -> Result<u64, Failed> {
    let copy = tempfile::tempdir_in(folder).map_err(|e| failed("No room for a copy", &e))?;
    let database = copy.path().join("tickmark.db");
    deployment.db.copy_to(&database)?;
    let file = File::create(to).map_err(|e| failed("The backup cannot be written", &e))?;
    let mut zip = zip::ZipWriter::new(file);
    let plain = SimpleFileOptions::default().large_file(true).unix_permissions(0o600);
    let mut add = |name: &str, from: &mut dyn Read| -> Result<(), Failed> {
        zip.start_file(name, plain).map_err(|e| failed("The backup cannot be written", &e))?;
        io::copy(from, &mut zip)
            .map(|_| ())
            .map_err(|e| failed(&format!("{name} cannot be copied"), &e))
    };
    for name in ["keys/log.seed", "keys/name", "guard"] {
        let mut from = File::open(folder.join(name))
            .map_err(|e| failed(&format!("{name} cannot be read"), &e))?;
        add(name, &mut from)?;
    }
    let mut from = File::open(&database).map_err(|e| failed("The copy cannot be read", &e))?;
    add("tickmark.db", &mut from)?;
    let names = deployment.blobs.names().map_err(|e| failed("The files cannot be listed", &e))?;
    for name in &names {
        let mut from =
            deployment.blobs.open(name).map_err(|e| failed("A file cannot be read", &e))?;
        add(&format!("blobs/{}/{}", &name[..2], &name[2..]), &mut from)?;
    }
    let file = zip.finish().map_err(|e| failed("The backup cannot be finished", &e))?;
    file.sync_all().map_err(|e| failed("The backup cannot be flushed to the disk", &e))?;
    Ok(names.len() as u64)
}

/// Restores a backup into an empty directory.
///
/// # Errors
/// [`Failed`] when the directory holds a deployment or the file is not a backup.
pub fn restore(folder: &Path, from: &Path) -> Outcome {
    if data::keys(folder).is_ok() {
        return Err(Failed(format!(
            "{} already holds a deployment. Restore into an empty folder.",
            folder.display()
        )));
    }
    let file =
        File::open(from).map_err(|e| failed(&format!("{} cannot be read", from.display()), &e))?;
    let mut zip = zip::ZipArchive::new(file)
        .map_err(|e| failed(&format!("{} is not a backup", from.display()), &e))?;
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i).map_err(|e| failed("The backup is damaged", &e))?;
        // Names that would leave the folder are refused, not cut.
        let name = entry.enclosed_name().ok_or_else(|| {
            Failed(
                "The backup holds a name that leaves its folder; it was not made by this product."
                    .into(),
            )
        })?;
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| failed("The folder cannot be made", &e))?;
        }
        let mut out = File::create(&path)
            .map_err(|e| failed(&format!("{} cannot be written", path.display()), &e))?;
        io::copy(&mut entry, &mut out)
            .and_then(|_| out.flush())
            .map_err(|e| failed(&format!("{} cannot be written", path.display()), &e))?;
        out.sync_all()
            .map_err(|e| failed("The restored file cannot be flushed to the disk", &e))?;
    }
    data::keys(folder)?;
    let json = serde_json::json!({ "restored": folder });
    Answer::new(
        &json,
        format!(
            "Restored into {}. Run `tickmark verify {}` before you serve it.",
            folder.display(),
            folder.display()
        ),
    )
}
