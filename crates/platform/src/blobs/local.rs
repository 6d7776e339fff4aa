//! Files in a directory: `ab/cdef…`, two digits of the name as a folder.

use super::{BlobError, BlobRef, Incoming, Store};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// A directory of files by their content.
#[derive(Debug)]
pub struct LocalStore {
    root: PathBuf,
}

impl LocalStore {
    /// A store in `root`, which is made if it is not there. What an earlier process left half
    /// written is removed.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path) -> Result<Self, BlobError> {
        let incoming = root.join("incoming");
        fs::create_dir_all(&incoming)?;
        Ok(Self { root: root.to_owned() })
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.root.join(&sha256[..2]).join(&sha256[2..])
    }
}

struct LocalIncoming {
    root: PathBuf,
    file: tempfile::NamedTempFile,
    hash: Sha256,
    bytes: u64,
    max: u64,
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

impl Incoming for LocalIncoming {
    fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.max {
            return Err(BlobError::TooLarge { max: self.max });
        }
        self.hash.update(bytes);
        self.file.write_all(bytes)?;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<BlobRef, BlobError> {
        let sha256 = hex::encode(self.hash.finalize());
        let folder = self.root.join(&sha256[..2]);
        let path = folder.join(&sha256[2..]);
        let blob = BlobRef { sha256, bytes: self.bytes };
        // The bytes first, then the name, then the folder that holds the name: a crash at any point
        // leaves either nothing under the name or the whole file.
        self.file.as_file().sync_all()?;
        if !folder.exists() {
            fs::create_dir_all(&folder)?;
            sync_folder(&self.root)?;
        }
        self.file.persist(&path).map_err(|e| e.error)?;
        sync_folder(&folder)?;
        Ok(blob)
    }
}

impl Store for LocalStore {
    fn begin(&self, max: u64) -> Result<Box<dyn Incoming>, BlobError> {
        let file =
            tempfile::Builder::new().prefix("in-").tempfile_in(self.root.join("incoming"))?;
        Ok(Box::new(LocalIncoming {
            root: self.root.clone(),
            file,
            hash: Sha256::new(),
            bytes: 0,
            max,
        }))
    }

    fn raw(&self, sha256: &str) -> Result<Box<dyn Read + Send>, BlobError> {
        match File::open(self.path(sha256)) {
            Ok(file) => Ok(Box::new(file)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                Err(BlobError::Missing(sha256.to_owned()))
            }
            Err(e) => Err(e.into()),
        }
    }

    fn names(&self) -> Result<Vec<String>, BlobError> {
        let mut names = Vec::new();
        for folder in fs::read_dir(&self.root)? {
            let folder = folder?;
            let head = folder.file_name().to_string_lossy().into_owned();
            if head.len() != 2 || !folder.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path())? {
                names.push(format!("{head}{}", file?.file_name().to_string_lossy()));
            }
        }
        names.sort();
        Ok(names)
    }
}
