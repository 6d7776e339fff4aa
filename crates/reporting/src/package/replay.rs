//! The disclosed entries of a package, in the order in which they were recorded.

use super::check::{LINE_BYTES_MAX, Stop};
use super::read::{FILE_BYTES_MAX, Package};
use super::{Line, LogFile, Manifest};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use kernel::event::{Entry, payload_commitment};
use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _};

/// A disclosed entry with its content.
pub(super) struct Said {
    /// The entry.
    pub entry: Entry,
    /// Its content.
    pub payload: Vec<u8>,
}

/// Reads the disclosed entries of one log in the order of its tree. What is not what was recorded is left
/// out: the verification has named it.
fn read(package: &mut Package, log: &LogFile) -> Result<VecDeque<Said>, Stop> {
    let mut out = VecDeque::new();
    let reader = package.reader(&log.file, FILE_BYTES_MAX).map_err(|e| ("log", e))?;
    let mut reader = BufReader::new(reader);
    loop {
        let mut text = Vec::new();
        let n = reader
            .by_ref()
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut text)
            .map_err(|e| ("log", format!("{} cannot be read: {e}", log.file)))?;
        if n == 0 {
            return Ok(out);
        }
        let Ok(Line::Entry { entry, salt: Some(salt), payload: Some(payload) }) =
            serde_json::from_slice(&text)
        else {
            continue;
        };
        let decoded = |text: &str| BASE64_STANDARD.decode(text).unwrap_or_default();
        let payload = decoded(&payload);
        let salt = hex::decode(salt).unwrap_or_default();
        if let Ok(entry) = Entry::parse(&decoded(&entry))
            && payload_commitment(&salt, &payload) == entry.payload
        {
            out.push_back(Said { entry, payload });
        }
    }
}

/// The disclosed entries of both logs. Each log keeps the order of its tree; between the logs the time of
/// recording decides, and the organisation's come first where it is the same.
pub(super) fn entries(package: &mut Package, manifest: &Manifest) -> Result<Vec<Said>, Stop> {
    let mut logs = Vec::new();
    for log in &manifest.logs {
        logs.push(read(package, log)?);
    }
    let mut out = Vec::with_capacity(logs.iter().map(VecDeque::len).sum());
    loop {
        let next = logs
            .iter_mut()
            .filter(|log| !log.is_empty())
            .min_by_key(|log| log.front().map(|s| s.entry.recorded_at));
        match next.and_then(VecDeque::pop_front) {
            Some(said) => out.push(said),
            None => return Ok(out),
        }
    }
}
