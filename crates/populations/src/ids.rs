//! Lists of item ids, as `tickmark sample select --ids FILE` reads them, and the hash of a list.

use std::collections::HashMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result, excerpt};
use crate::records::parse_records;

/// Largest list that is read.
pub const IDS_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// Longest id.
pub const ID_BYTES_MAX: usize = 1_000;
const RECORD_BYTES_MAX: usize = 1024 * 1024;

/// One item that can be selected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Its stratum, when the list has a column for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stratum: Option<String>,
}

/// Reads a list of ids: one id a line, or CSV whose first column holds the id.
///
/// A file of several columns must begin with a header; so may a list. A first record is taken as a
/// header when its first field is `id`, ends in `_id`, ` id`, `_key` or `_number`, or is one of the
/// plain words `key` and `number`, without regard to case, or when it holds `strata_column`. White
/// space around ids and strata is removed.
///
/// # Errors
/// [`Error::Selection`] naming the row: an empty, doubled or overlong id, one with control
/// characters, a missing header or a missing column.
pub fn parse_ids(bytes: &[u8], strata_column: Option<&str>) -> Result<Vec<Item>> {
    let refuse = |message: String| Err(Error::Selection(message));
    if bytes.len() > IDS_BYTES_MAX {
        return refuse(format!("the list is larger than {IDS_BYTES_MAX} bytes"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let records = parse_records(bytes, b',', RECORD_BYTES_MAX)
        .map_err(|error| Error::Selection(format!("the list cannot be read: {error}")))?;
    let Some(first) = records.first() else {
        return refuse("the list is empty".into());
    };
    let strata_place = match strata_column {
        None => None,
        Some(name) => match first.iter().position(|heading| heading.trim() == name) {
            Some(0) => {
                return refuse(
                    "the first column holds the ids and cannot be the strata column too".into(),
                );
            }
            Some(place) => Some(place),
            None => {
                return refuse(format!(
                    "the list has no column \"{}\"; its header must name it",
                    excerpt(name, 60)
                ));
            }
        },
    };
    let headed = strata_place.is_some() || first.first().is_some_and(|field| names_an_id(field));
    if !headed && records.iter().any(|record| record.len() > 1) {
        return refuse("the list has several columns, so it must begin with a header whose first heading is id".into());
    }
    let width = first.len();
    let mut items = Vec::with_capacity(records.len());
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(records.len());
    for (at, record) in records.iter().enumerate().skip(usize::from(headed)) {
        let row = at + 1;
        if record.len() != width {
            return refuse(format!(
                "row {row} has {} fields, and the first has {width}",
                record.len()
            ));
        }
        let id = record.first().map(|field| field.trim()).unwrap_or_default();
        check_id(id).map_err(|reason| Error::Selection(format!("row {row}: {reason}")))?;
        if let Some(earlier) = seen.insert(id.to_owned(), row) {
            return refuse(format!(
                "the id \"{}\" is on row {earlier} and on row {row}; every item must be there once",
                excerpt(id, 60)
            ));
        }
        let stratum =
            strata_place.and_then(|place| record.get(place)).map(|text| text.trim().to_owned());
        items.push(Item { id: id.to_owned(), stratum });
    }
    if items.is_empty() {
        return refuse("the list has a header and no ids".into());
    }
    Ok(items)
}

/// Whether a text can be an id.
fn check_id(id: &str) -> std::result::Result<(), String> {
    if id.is_empty() {
        Err("the id is empty".into())
    } else if id.len() > ID_BYTES_MAX {
        Err(format!("the id is longer than {ID_BYTES_MAX} bytes"))
    } else if id.chars().any(char::is_control) {
        Err("the id holds a control character".into())
    } else {
        Ok(())
    }
}

fn names_an_id(heading: &str) -> bool {
    let heading = heading.trim().to_ascii_lowercase();
    ["id", "key", "number"].contains(&heading.as_str())
        || ["_id", " id", "_key", "_number"].iter().any(|end| heading.ends_with(end))
}

/// The population hash of a bare list of ids: SHA-256, in hexadecimal, of the ids in ascending order
/// of their bytes, joined by line feeds, without one at the end. It does not depend on the order of
/// the list. With LF line ends `sort` and `sha256sum` make it again:
/// `LC_ALL=C sort ids.txt | head -c -1 | sha256sum`.
pub fn population_sha256<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let mut sorted: Vec<&str> = ids.collect();
    sorted.sort_unstable();
    let mut hasher = Sha256::new();
    for (at, id) in sorted.iter().enumerate() {
        if at > 0 {
            hasher.update(b"\n");
        }
        hasher.update(id.as_bytes());
    }
    hex::encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(text: &str) -> Result<Vec<String>> {
        Ok(parse_ids(text.as_bytes(), None)?.into_iter().map(|item| item.id).collect())
    }

    #[test]
    fn lists_and_tables() {
        assert_eq!(ids("a\nb\r\n c \n").unwrap(), ["a", "b", "c"]);
        assert_eq!(ids("id\na\nb").unwrap(), ["a", "b"]);
        assert_eq!(ids("change_id,team\na,x\nb,y\n").unwrap(), ["a", "b"]);
        let items = parse_ids(b"ref,team\na,x\nb,y\n", Some("team")).unwrap();
        assert_eq!(items.last().unwrap().stratum.as_deref(), Some("y"));
    }

    #[test]
    fn what_cannot_be_a_population_is_refused() {
        let reason = |text: &str| ids(text).unwrap_err().to_string();
        assert!(reason("a\nb\na\n").contains("row 1 and on row 3"));
        assert!(reason("").contains("empty"));
        assert!(reason("id\n").contains("no ids"));
        assert!(reason("CHG-1,x\nCHG-2,y\n").contains("must begin with a header"));
        assert!(reason("a\n\"\"\n").contains("row 2: the id is empty"));
        assert!(reason("a\n\"b\nc\"\n").contains("control character"));
        assert!(
            parse_ids(b"id,team\na,x\n", Some("squad")).unwrap_err().to_string().contains("squad")
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse_ids(&bytes, None);
            let _ = parse_ids(&bytes, Some("x"));
        }
    }
}
