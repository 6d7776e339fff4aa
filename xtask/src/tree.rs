//! The repository's own files, read once.

use std::fs;
use std::io;
use std::path::Path;

use crate::rust_source::RustSource;

/// Folders that hold nothing written by us.
const SKIPPED: [&str; 6] = [".git", "target", "node_modules", "demo-data", ".venv", "corpus"];

/// Larger files are data, not text that a person reviews.
const TEXT_BYTES_MAX: u64 = 2_000_000;

/// One file of the repository.
#[derive(Debug, Clone)]
pub struct File {
    /// Path relative to the repository, with forward slashes.
    pub path: String,
    /// Its text; empty for a file that is not UTF-8 or is very large.
    pub text: String,
}

impl File {
    /// The part of the path after the last slash.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the name ends with this extension, given with its dot.
    #[must_use]
    pub fn is(&self, extension: &str) -> bool {
        self.path.ends_with(extension)
    }

    /// The lines, numbered from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

/// All files, in the order of their paths.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Every file.
    pub files: Vec<File>,
}

impl Tree {
    /// Reads the repository that lies at `root`.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        read_folder(root, "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    /// A tree of these files, for tests of the rules.
    #[must_use]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect();
        Self { files }
    }

    /// Whether a file or folder lies at this path.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.files.iter().any(|file| file.path == path || file.path.starts_with(&folder))
    }

    /// Every Rust file, taken apart.
    pub fn rust(&self) -> impl Iterator<Item = (&File, RustSource)> {
        self.files
            .iter()
            .filter(|file| file.is(".rs"))
            .map(|file| (file, RustSource::new(&file.path, &file.text)))
    }
}

fn read_folder(root: &Path, below: &str, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if SKIPPED.contains(&name.as_str()) {
            continue;
        }
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        // Symbolic links are not followed: they could lead out of the repository.
        let kind = entry.file_type()?;
        if kind.is_dir() {
            read_folder(root, &path, files)?;
        } else if kind.is_file() {
            let small = entry.metadata()?.len() <= TEXT_BYTES_MAX;
            let bytes = if small { fs::read(entry.path())? } else { Vec::new() };
            files.push(File { path, text: String::from_utf8(bytes).unwrap_or_default() });
        }
    }
    Ok(())
}
