//! The closed world a document is typeset in: its own sources, its own data, the vendored fonts.
//! Nothing is read from disk, from the network, from the clock or from the machine's fonts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Features, Library, LibraryExt, World};

use crate::fonts::FONTS;

/// Typst's own functions. The accessibility extras give row header cells, without which a reader of a
/// control table who cannot see it is told a result but not which control it belongs to.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let features: Features = std::iter::once(Feature::A11yExtras).collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

/// One document's files, by virtual path.
pub(crate) struct ClosedWorld {
    main: FileId,
    sources: BTreeMap<String, Source>,
    files: BTreeMap<String, Bytes>,
}

impl ClosedWorld {
    /// A world whose main source is `main`, at `/main.typ`.
    pub(crate) fn new(main: &str) -> Option<Self> {
        let id = file_id("/main.typ")?;
        let mut world = Self { main: id, sources: BTreeMap::new(), files: BTreeMap::new() };
        world.sources.insert("/main.typ".to_owned(), Source::new(id, main.to_owned()));
        Some(world)
    }

    /// Adds a file; one that ends in `.typ` and is UTF-8 can be imported. `None`: the path is not usable.
    pub(crate) fn insert(&mut self, path: &str, bytes: Bytes) -> Option<()> {
        let id = file_id(path)?;
        let key = key(id);
        if path.ends_with(".typ")
            && let Ok(text) = bytes.as_str()
        {
            self.sources.insert(key.clone(), Source::new(id, text.to_owned()));
        }
        self.files.insert(key, bytes);
        Some(())
    }
}

/// Typst keeps every path it ever saw for the life of the process (at most 65,535), so paths must come
/// from a bounded set: callers name files by `&'static str`, attachments are numbered.
fn file_id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn key(id: FileId) -> String {
    format!("/{}", id.vpath().get_without_slash())
}

impl World for ClosedWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id.root() {
            VirtualRoot::Project => self.sources.get(&key(id)).cloned(),
            VirtualRoot::Package(_) => None,
        }
        .ok_or_else(|| FileError::NotFound(key(id).into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id.root() {
            VirtualRoot::Project => self.files.get(&key(id)).cloned(),
            VirtualRoot::Package(_) => None,
        }
        .ok_or_else(|| FileError::NotFound(key(id).into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.faces.get(index).cloned()
    }

    /// No clock: a document's date is an argument, so `datetime.today()` is an error.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
