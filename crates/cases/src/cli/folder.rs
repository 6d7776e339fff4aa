//! What `tickmark cases import` reads: a file as it is, or a folder of files as one register.

use crate::rules::import::documents::BETWEEN_FILES;
use crate::rules::import::front_matter::{self, FILE_BYTES_MAX, FILES_MAX};
use crate::rules::import::mapping::FileFormat;
use platform::cli::Failed;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// Opens a file.
///
/// # Errors
/// A sentence with its path.
pub fn open(path: &Path) -> Result<File, Failed> {
    File::open(path).map_err(|e| unread(path, &e))
}

fn unread(path: &Path, e: &dyn std::fmt::Display) -> Failed {
    Failed(format!("{} cannot be read: {e}. Check the path.", path.display()))
}

/// What is read.
pub struct Input {
    /// The bytes of one register.
    pub from: Box<dyn Read>,
    /// Where it is made of a folder of documents: the first line and the name of each.
    pub files: Vec<(u64, String)>,
}

impl Input {
    /// Of a file, or of a folder: of Markdown files as one table, of JSON documents one after the other.
    ///
    /// # Errors
    /// A sentence that names the file that cannot be read, or the bound that was passed.
    pub fn of(path: &Path, format: &FileFormat) -> Result<Self, Failed> {
        if !path.is_dir() {
            return Ok(Self { from: Box::new(open(path)?), files: Vec::new() });
        }
        if matches!(format, FileFormat::Csv) {
            let mut files = Vec::new();
            for name in listed(path, "md", "Markdown files")? {
                let text = String::from_utf8(bounded(&name)?).map_err(|e| unread(&name, &e))?;
                files.push((shown(&name), text));
            }
            let table = front_matter::table(&files).map_err(Failed)?;
            return Ok(Self { from: Box::new(Cursor::new(table)), files: Vec::new() });
        }
        let mut files = Vec::new();
        let mut lines: u64 = 1;
        let mut bytes = Vec::new();
        for name in listed(path, "json", "JSON files")? {
            files.push((lines, shown(&name)));
            let text = bounded(&name)?;
            lines += 1 + text.iter().filter(|byte| **byte == b'\n').count() as u64;
            bytes.extend_from_slice(&text);
            bytes.extend_from_slice(&[BETWEEN_FILES, b'\n']);
            if bytes.len() > FOLDER_BYTES_MAX {
                return Err(Failed(format!(
                    "The files of {} are longer than {FOLDER_BYTES_MAX} bytes together; import them in parts.",
                    path.display()
                )));
            }
        }
        Ok(Self { from: Box::new(Cursor::new(bytes)), files })
    }
}

/// The longest folder of documents.
const FOLDER_BYTES_MAX: usize = 1 << 30;

fn shown(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The files of a folder with this ending, in the order of their names: the same however it lists them.
fn listed(path: &Path, ending: &str, what: &str) -> Result<Vec<PathBuf>, Failed> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|e| unread(path, &e))? {
        let file = entry.map_err(|e| unread(path, &e))?.path();
        if file.extension().is_some_and(|e| e == ending) {
            names.push(file);
        }
    }
    names.sort();
    if names.is_empty() || names.len() > FILES_MAX {
        return Err(Failed(format!(
            "{} holds {} {what}; from 1 to {FILES_MAX} can be read together.",
            path.display(),
            names.len(),
        )));
    }
    Ok(names)
}

fn bounded(path: &Path) -> Result<Vec<u8>, Failed> {
    let mut bytes = Vec::new();
    let read = open(path)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
    let length = read.map_err(|e| unread(path, &e))?;
    if length as u64 > FILE_BYTES_MAX {
        return Err(Failed(format!("{} is longer than {FILE_BYTES_MAX} bytes.", path.display())));
    }
    Ok(bytes)
}
