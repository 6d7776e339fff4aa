//! Reading a zip within bounds: how many files, how they are named, how large each may become.

use std::collections::BTreeSet;
use std::io::{BufReader, Read, Seek};
use zip::ZipArchive;

/// The most files in a package.
pub(super) const FILES_MAX: usize = 200_000;
/// The longest manifest, in bytes.
pub(super) const MANIFEST_BYTES_MAX: u64 = 64 << 20;
/// The longest file of a package, in bytes.
pub(super) const FILE_BYTES_MAX: u64 = 16 << 30;

/// Where a package is read from: a file, or bytes in memory.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// An opened package.
pub(super) struct Package {
    archive: ZipArchive<BufReader<Box<dyn Source>>>,
    /// The names inside.
    pub(super) names: BTreeSet<String>,
}

impl Package {
    /// Opens a package and reads the names of its files.
    pub(super) fn open(source: Box<dyn Source>) -> Result<Self, String> {
        let archive = ZipArchive::new(BufReader::new(source))
            .map_err(|e| format!("This is not a zip file that can be read: {e}"))?;
        if archive.len() > FILES_MAX {
            return Err(format!(
                "The package has {} files; at most {FILES_MAX} are read.",
                archive.len()
            ));
        }
        let mut names = BTreeSet::new();
        for n in 0..archive.len() {
            let name = archive
                .name_for_index(n)
                .and_then(Result::ok)
                .ok_or_else(|| "A file in the package has a name that cannot be read.".to_owned())?
                .into_owned();
            if !plain(&name) {
                let shown: String = name.chars().take(80).collect();
                return Err(format!(
                    "The package has a file named \u{201c}{shown}\u{201d}, which no package has."
                ));
            }
            if !names.insert(name.clone()) {
                return Err(format!("The package has the file {name} twice."));
            }
        }
        Ok(Self { archive, names })
    }

    /// A reader of one file that stops after `max` bytes.
    pub(super) fn reader(&mut self, name: &str, max: u64) -> Result<impl Read + '_, String> {
        let file = self.archive.by_name(name).map_err(|e| format!("{name} cannot be read: {e}"))?;
        if file.size() > max {
            return Err(format!("{name} is larger than {max} bytes."));
        }
        // What the directory says of the size is not believed.
        Ok(file.take(max + 1))
    }

    /// A whole file of at most `max` bytes.
    pub(super) fn read(&mut self, name: &str, max: u64) -> Result<Vec<u8>, String> {
        let mut out = Vec::new();
        let n = self
            .reader(name, max)?
            .read_to_end(&mut out)
            .map_err(|e| format!("{name} cannot be read: {e}"))?;
        if n as u64 > max {
            return Err(format!("{name} is larger than {max} bytes."));
        }
        Ok(out)
    }
}

/// The names that a package has: nothing absolute, nothing that leads out of a folder.
fn plain(name: &str) -> bool {
    let part = |p: &str| {
        !p.is_empty()
            && p != "."
            && p != ".."
            && p.len() <= 100
            && p.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    let mut parts = name.split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(file), None, None) => part(file),
        (Some(folder @ ("logs" | "blobs" | "workpapers" | "proofs")), Some(file), None) => {
            part(folder) && part(file)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn only_plain_names_are_read() {
        for good in [
            "manifest.json",
            "report.pdf",
            "logs/pty_01.ndjson",
            "blobs/ab12",
            "workpapers/opinion.json",
            "proofs/evt_1.tlog-proof",
        ] {
            assert!(plain(good), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "../x",
            "logs/../x",
            "logs/a/b",
            "other/x",
            "blobs/",
            "a\\b",
            "logs/..",
        ] {
            assert!(!plain(bad), "{bad}");
        }
    }
}
