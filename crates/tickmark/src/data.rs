//! Where a deployment keeps its things, and how it is opened.
//!
//! A data directory holds:
//!
//! | path | what |
//! |---|---|
//! | `tickmark.db` | the database, where it is SQLite |
//! | `blobs/` | files, by their digest |
//! | `keys/log.seed` | 32 secret bytes from which the logs' signing keys follow; readable by the owner alone |
//! | `keys/name` | the deployment's name, under which checkpoints are signed |
//! | `guard` | the last checkpoint of each log, outside the database |

use kernel::ids::PartyId;
use ledger::Hash;
use platform::blobs::{Blobs, LocalStore, ObjectBlobs, store_at};
use platform::cli::Failed;
use platform::db::{Db, Location};
use platform::edge::Edge;
use platform::journal::{FileGuard, Guard, Journal, ObjectGuard, SharedGuard};
use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An opened deployment.
#[derive(Clone)]
pub struct Deployment {
    /// The database.
    pub db: Db,
    /// Its journal.
    pub journal: Arc<Journal>,
    /// Files by their content.
    pub blobs: Arc<Blobs>,
    /// The data directory.
    pub folder: PathBuf,
}

/// How to open.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A PostgreSQL URL, instead of the database in the folder.
    pub database_url: Option<String>,
    /// An object store for files (`s3://bucket/prefix`), instead of the folder.
    pub blobs: Option<String>,
    /// Options of that store, by name.
    pub blob_options: Vec<(String, String)>,
    /// Where the checkpoint guard is kept besides the folder.
    pub guard: Option<GuardPlace>,
    /// Take a restored database as the truth.
    pub accept_restored: bool,
}

/// A place of the checkpoint guard besides the data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardPlace {
    /// A file outside the data directory.
    File(PathBuf),
    /// An object store that servers share, by URL, with its options by name.
    Store(String, Vec<(String, String)>),
}

impl GuardPlace {
    /// What is kept at this place, without writing there.
    ///
    /// # Errors
    /// [`Failed`] when it cannot be read.
    pub fn kept(&self, data: &Path) -> Result<HashMap<PartyId, (u64, Hash)>, Failed> {
        if let Self::File(path) = self {
            return FileGuard::read(path)
                .map_err(|e| Failed(format!("[guard] path {}: {e}.", path.display())));
        }
        let there = self.open(data)?;
        let mut kept = HashMap::new();
        for log in there.logs()? {
            kept.extend(there.last(log)?.map(|last| (log, last)));
        }
        Ok(kept)
    }

    /// The guard at this place, which must not be in the data directory `data`: whoever puts an older
    /// copy of that back would put the guard back with it.
    ///
    /// # Errors
    /// [`Failed`] when it cannot be opened.
    pub fn open(&self, data: &Path) -> Result<Box<dyn Guard>, Failed> {
        match self {
            Self::File(path) => {
                let named = |e: &dyn std::fmt::Display| {
                    Failed(format!("[guard] path {}: {e}.", path.display()))
                };
                // A disk that is not there must not begin a guard that knows nothing.
                let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
                let folder = folder.unwrap_or_else(|| Path::new("."));
                let folder = fs::canonicalize(folder).map_err(|e| {
                    named(&format!("its folder cannot be opened ({e}). Is its disk there?"))
                })?;
                if fs::canonicalize(data).is_ok_and(|data| folder.starts_with(data)) {
                    return Err(named(
                        &"it lies in the data directory, so an older copy put back there would take it along. Choose a place outside, best on another disk",
                    ));
                }
                Ok(Box::new(FileGuard::open(path).map_err(|e| named(&e))?))
            }
            Self::Store(url, options) => {
                let (store, prefix) = store_at(url, options).map_err(|e| Failed(e.to_string()))?;
                Ok(Box::new(ObjectGuard::new(store, &prefix)?))
            }
        }
    }
}

fn cannot(what: &str, path: &Path, e: &std::io::Error) -> Failed {
    Failed(format!(
        "{} cannot be {what}: {e}. Check that the folder exists and is yours.",
        path.display()
    ))
}

/// The SQLite file of a data directory.
#[must_use]
pub fn database_file(folder: &Path) -> PathBuf {
    folder.join("tickmark.db")
}

/// Makes a new data directory: folders, keys, guard. Refuses one that already holds a deployment.
///
/// # Errors
/// [`Failed`] when it cannot be written or is in use.
pub fn create(folder: &Path, name: &str, edge: &dyn Edge) -> Result<(), Failed> {
    if folder.join("keys/log.seed").exists() {
        return Err(Failed(format!(
            "{} already holds a deployment. Choose another folder, or start it with `tickmark serve --data {}`.",
            folder.display(),
            folder.display()
        )));
    }
    let keys = folder.join("keys");
    fs::create_dir_all(&keys).map_err(|e| cannot("made", &keys, &e))?;
    private(&keys, 0o700)?;
    let seed: [u8; 32] = edge.env().bytes();
    write_private(&keys.join("log.seed"), format!("{}\n", hex::encode(seed)).as_bytes())?;
    write_private(&keys.join("name"), format!("{name}\n").as_bytes())?;
    fs::create_dir_all(folder.join("blobs")).map_err(|e| cannot("made", folder, &e))?;
    Ok(())
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    let mut file = fs::File::create(path).map_err(|e| cannot("written", path, &e))?;
    private(path, 0o600)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| cannot("written", path, &e))
}

#[cfg(unix)]
fn private(path: &Path, mode: u32) -> Result<(), Failed> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .map_err(|e| cannot("made private", path, &e))
}

#[cfg(not(unix))]
fn private(_: &Path, _: u32) -> Result<(), Failed> {
    Ok(())
}

/// The deployment's name and signing seed.
///
/// # Errors
/// [`Failed`] when the folder holds no deployment.
pub fn keys(folder: &Path) -> Result<(String, [u8; 32]), Failed> {
    let path = folder.join("keys/log.seed");
    let text = fs::read_to_string(&path).map_err(|_| {
        Failed(format!(
            "{} holds no deployment. Make one with `tickmark init --data {} --organization NAME --admin EMAIL`.",
            folder.display(),
            folder.display()
        ))
    })?;
    let seed = hex::decode(text.trim())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| Failed(format!("{} is not a key: it should hold 64 hexadecimal digits. Restore it from your backup.", path.display())))?;
    let name = fs::read_to_string(folder.join("keys/name"))
        .map_err(|e| cannot("read", &folder.join("keys/name"), &e))?;
    Ok((name.trim().to_owned(), seed))
}

/// Opens a deployment and brings its schema up to date.
///
/// # Errors
/// [`Failed`] when there is none, or its database is newer than this version or older than promised.
pub fn open(folder: &Path, options: &Options) -> Result<Deployment, Failed> {
    let (name, seed) = keys(folder)?;
    let failed = |e: platform::blobs::BlobError| Failed(e.to_string());
    let file = FileGuard::open(&folder.join("guard"))?;
    let guard: Box<dyn Guard> = match &options.guard {
        None => Box::new(file),
        Some(place) => Box::new(SharedGuard::new(file, place.open(folder)?)),
    };
    let mut journal = Journal::new(&name, seed, guard);
    if options.accept_restored {
        journal = journal.accepting_restored();
    }
    let journal = Arc::new(journal);
    let location = match &options.database_url {
        Some(url) => Location::Url(url.clone()),
        None => Location::File(database_file(folder)),
    };
    let db = Db::open(&location, &crate::rooms::migrations(), journal.clone())?;
    let blobs = match &options.blobs {
        Some(url) => Blobs::new(ObjectBlobs::from_url(url, &options.blob_options).map_err(failed)?),
        None => Blobs::new(LocalStore::open(&folder.join("blobs")).map_err(failed)?),
    };
    Ok(Deployment { db, journal, blobs: Arc::new(blobs), folder: folder.to_owned() })
}

/// Takes back a data directory that [`create`] has just made, when what should follow failed.
///
/// # Errors
/// [`Failed`] when it cannot be removed.
pub fn remove_new(folder: &Path) -> Result<(), Failed> {
    for part in ["keys", "blobs"] {
        let path = folder.join(part);
        fs::remove_dir_all(&path).map_err(|e| cannot("removed", &path, &e))?;
    }
    for file in ["tickmark.db", "tickmark.db-wal", "tickmark.db-shm", "guard"] {
        match fs::remove_file(folder.join(file)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(cannot("removed", &folder.join(file), &e));
            }
            _ => {}
        }
    }
    Ok(())
}
