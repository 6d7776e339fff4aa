//! Files that the browser fetches, embedded in the binary.
//!
//! All of them share one digest in their address, `/static/<digest>/app.css`. So every address may
//! be kept for ever, relative addresses inside a style sheet (`url("fonts/…")`) stay right, and a
//! release that changes anything changes every address at once.

use sha2::{Digest, Sha256};
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/static_files.rs"));

/// Where the assets are served; the route is `/static/{*path}`.
pub const PREFIX: &str = "/static/";

/// `Cache-Control` of an address that carries the current digest.
pub const FOREVER: &str = "public, max-age=31536000, immutable";

/// `Cache-Control` of an address without digest or with that of another release.
pub const ASK_AGAIN: &str = "public, no-cache";

/// One embedded file.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// The content, uncompressed.
    pub bytes: &'static [u8],
    /// The media type, with its charset where it is text.
    pub mime: &'static str,
    /// A strong entity tag, quotes included.
    pub etag: &'static str,
    /// The `Cache-Control` header that suits the address which was asked for.
    pub cache: &'static str,
}

struct Entry {
    path: &'static str,
    bytes: &'static [u8],
    etag: String,
}

struct Bundle {
    digest: String,
    entries: Vec<Entry>,
}

static BUNDLE: LazyLock<Bundle> = LazyLock::new(|| {
    let mut all = Sha256::new();
    let mut entries = Vec::with_capacity(FILES.len());
    for (path, bytes) in FILES {
        let own = Sha256::digest(bytes);
        all.update(path.as_bytes());
        all.update([0]);
        all.update(own);
        entries.push(Entry { path, bytes, etag: format!("\"{}\"", short_hex(&own)) });
    }
    Bundle { digest: short_hex(&all.finalize()), entries }
});

fn short_hex(digest: &[u8]) -> String {
    hex::encode(digest.get(..8).unwrap_or(digest))
}

/// The address of an asset for pages: `asset_url("app.css")` is `/static/<digest>/app.css`.
#[must_use]
pub fn asset_url(path: &str) -> String {
    format!("{PREFIX}{}/{path}", BUNDLE.digest)
}

/// Finds an asset by what follows `/static/`, with or without the digest. `None` is a 404.
#[must_use]
pub fn lookup(path: &str) -> Option<Asset> {
    let bundle = &*BUNDLE;
    let find = |wanted: &str| {
        let at = bundle.entries.binary_search_by(|e| e.path.cmp(wanted)).ok()?;
        bundle.entries.get(at)
    };
    // A page of the last release may still ask for its own digest: it gets today's file, not kept.
    let (entry, cache) = match path.split_once('/') {
        Some((digest, rest)) if digest == bundle.digest => (find(rest)?, FOREVER),
        Some((digest, rest)) if is_digest(digest) => (find(rest)?, ASK_AGAIN),
        _ => (find(path)?, ASK_AGAIN),
    };
    Some(Asset { bytes: entry.bytes, mime: mime(entry.path), etag: &entry.etag, cache })
}

/// The paths of all assets, without digest.
pub fn paths() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(path, _)| *path)
}

fn is_digest(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_from_a_page_is_found_and_kept_for_ever() {
        let url = asset_url("app.css");
        let asset = lookup(url.strip_prefix(PREFIX).unwrap()).unwrap();
        assert_eq!(asset.mime, "text/css; charset=utf-8");
        assert_eq!(asset.cache, FOREVER);
        assert!(asset.etag.starts_with('"') && asset.etag.ends_with('"') && asset.etag.len() == 18);
        assert_eq!(lookup("app.css").unwrap().cache, ASK_AGAIN);
        assert_eq!(lookup("0123456789abcdef/app.css").unwrap().cache, ASK_AGAIN);
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for path in
            ["", "/", "../Cargo.toml", "app.css/", "0123456789abcdef/../app.css", "nothing.css"]
        {
            assert!(lookup(path).is_none(), "{path}");
        }
    }

    #[test]
    fn every_file_is_found_under_its_own_path() {
        for path in paths() {
            assert_eq!(
                lookup(&format!("{}/{path}", BUNDLE.digest)).unwrap().cache,
                FOREVER,
                "{path}"
            );
        }
    }

    #[test]
    fn style_sheets_point_only_at_files_that_are_there() {
        let mut seen = 0;
        for path in paths().filter(|p| p.ends_with(".css")) {
            let css = std::str::from_utf8(lookup(path).unwrap().bytes).unwrap();
            let folder = path.rsplit_once('/').map_or(String::new(), |(dir, _)| format!("{dir}/"));
            for part in css.split("url(").skip(1) {
                let target = part.split(')').next().unwrap().trim_matches('"');
                assert!(lookup(&format!("{folder}{target}")).is_some(), "{path} names {target}");
                seen += 1;
            }
        }
        assert!(seen > 5, "the fonts are named by a style sheet");
    }
}
