//! Verification from the inside: is every log what its checkpoint says, and are the tables what the
//! log says?

use super::{Journal, Room, proofs};
use crate::db::{Conn, DbError, Migration, Result, Row, Value, in_memory};
use crate::params;
use kernel::event::{Entry, payload_commitment};
use kernel::ids::PartyId;
use ledger::{Checkpoint, Frontier, Hash, Verifier, leaf_hash};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// Findings of one kind are listed up to this many; the rest are counted.
const FINDINGS_MAX: usize = 50;

/// Something that is not as the record says. Each is a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind: `entry`, `payload`, `place`, `tree`, `checkpoint`, `guard`, `table`, `blob`, `key`.
    pub kind: &'static str,
    /// Where.
    pub at: String,
    /// What is wrong.
    pub message: String,
}

/// What a verification looked at, and what it found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Logs read.
    pub logs: u64,
    /// Entries read.
    pub entries: u64,
    /// Bytes of entries and payloads read.
    pub bytes: u64,
    /// Entries whose content has been erased; their places in the tree were verified.
    pub erased: u64,
    /// Entries that wait for their place in the tree.
    pub waiting: u64,
    /// Tables compared with a replay.
    pub tables: u64,
    /// Rows compared with a replay.
    pub rows: u64,
    /// Findings beyond those listed.
    pub findings_unlisted: u64,
    /// What is wrong; empty when nothing is.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Notes a finding.
    pub fn find(&mut self, kind: &'static str, at: impl Into<String>, message: impl Into<String>) {
        if self.findings.iter().filter(|f| f.kind == kind).count() < FINDINGS_MAX {
            self.findings.push(Finding { kind, at: at.into(), message: message.into() });
        } else {
            self.findings_unlisted += 1;
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn verified(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Verifies every log: the stored columns against the frozen entry, the payload against its
/// commitment, the places, the tree against the signed checkpoint, and the guard.
///
/// `keys` are the logs' public keys; `guard` what is kept outside the database.
///
/// # Errors
/// When the database cannot be read; everything else is a finding.
pub fn verify_entries<S: std::hash::BuildHasher>(
    conn: &mut Conn<'_>,
    keys: &HashMap<PartyId, (String, Verifier), S>,
    guard: &HashMap<PartyId, (u64, Hash), S>,
    report: &mut Report,
) -> Result<()> {
    let logs: Vec<(PartyId, String, i64)> = conn
        .query("SELECT log, checkpoint, size FROM journal_log ORDER BY log", &[])?
        .iter()
        .map(|row| Ok((row.get("log")?, row.get("checkpoint")?, row.get("size")?)))
        .collect::<Result<_>>()?;
    for (log, signed, size) in &logs {
        verify_log(conn, *log, signed, *size, keys.get(log), guard.get(log).copied(), report)?;
        report.logs += 1;
    }
    let promised = guard.iter().filter(|(_, (size, _))| *size > 0).map(|(log, _)| log);
    for log in promised.filter(|log| !logs.iter().any(|(l, ..)| l == *log)) {
        report.find(
            "guard",
            log.to_string(),
            "a checkpoint of this log was promised, and the database has no such log",
        );
    }
    report.waiting = conn
        .query_one("SELECT count(*) AS n FROM journal_entry WHERE leaf IS NULL", &[])?
        .get::<i64>("n")?
        .cast_unsigned();
    Ok(())
}

/// Where a log stands while its entries are read in the order of the tree.
struct Walk {
    frontier: Frontier,
    versions: HashMap<String, i64>,
    guarded: Option<(u64, Hash)>,
}

fn verify_log(
    conn: &mut Conn<'_>,
    log: PartyId,
    signed: &str,
    size: i64,
    key: Option<&(String, Verifier)>,
    guarded: Option<(u64, Hash)>,
    report: &mut Report,
) -> Result<()> {
    let mut walk = Walk { frontier: Frontier::new(), versions: HashMap::new(), guarded };
    conn.for_each(
        "SELECT leaf, id, log, subject, version, recorded_at, entry, salt, payload
         FROM journal_entry WHERE log = $1 AND leaf IS NOT NULL ORDER BY leaf",
        params![log],
        |row| verify_entry(&row, log, &mut walk, report),
    )?;
    let name = log.to_string();
    let Some((origin, verifier)) = key else {
        report.find(
            "key",
            name,
            "there is no public key for this log, so its checkpoint cannot be verified",
        );
        return Ok(());
    };
    match Checkpoint::open(signed.as_bytes(), origin, std::slice::from_ref(verifier)) {
        Err(e) => {
            report.find("checkpoint", &name, format!("the signed checkpoint does not verify: {e}"))
        }
        Ok(checkpoint) => {
            let (has, root) = (walk.frontier.size(), walk.frontier.root());
            if checkpoint.size != has || size.cast_unsigned() != has {
                report.find(
                    "tree",
                    &name,
                    format!(
                        "the checkpoint promises {} entries and {has} are here",
                        checkpoint.size
                    ),
                );
            } else if checkpoint.root != root {
                report.find("tree", &name, "the entries are not those that were signed: one was changed, moved, added or taken away");
            }
        }
    }
    match walk.guarded {
        // A root still to be met was promised for a larger tree than is here.
        Some((then, _)) if then > walk.frontier.size() => report.find(
            "guard",
            &name,
            format!("{then} entries were promised outside the database and {} are here: it was restored from an older copy. Restore the right database, or, if you restored this one knowingly, run `tickmark doctor --accept-restored`", walk.frontier.size()),
        ),
        Some(_) | None => {}
    }
    Ok(())
}

fn verify_entry(row: &Row, log: PartyId, walk: &mut Walk, report: &mut Report) -> Result<()> {
    let bytes = row.get::<Vec<u8>>("entry")?;
    let leaf = row.get::<i64>("leaf")?;
    let at = format!("{log} entry {leaf}");
    report.entries += 1;
    report.bytes += bytes.len() as u64;
    if leaf.cast_unsigned() != walk.frontier.size() {
        report.find("place", &at, format!("entry {} is missing", walk.frontier.size()));
    }
    walk.frontier.append(leaf_hash(&bytes));
    if let Some((size, root)) = walk.guarded
        && size == walk.frontier.size()
    {
        if root != walk.frontier.root() {
            report.find(
                "guard",
                &at,
                "the entries up to here are not those that were promised outside the database",
            );
        }
        walk.guarded = None;
    }
    let entry = match Entry::parse(&bytes) {
        Ok(entry) => entry,
        Err(e) => {
            report.find("entry", &at, e.to_string());
            return Ok(());
        }
    };
    let same = row.get::<String>("id")? == entry.id.to_string()
        && row.get::<PartyId>("log")? == entry.log
        && row.get::<String>("subject")? == entry.subject
        && row.get::<i64>("version")? == entry.version
        && row.get::<i64>("recorded_at")? == entry.recorded_at.0;
    if !same {
        report.find("entry", &at, "the columns beside the entry do not say what the entry says");
    }
    let version = walk.versions.entry(entry.subject.clone()).or_insert(0);
    if entry.version != *version + 1 {
        report.find(
            "place",
            &at,
            format!("version {} of {} follows version {version}", entry.version, entry.subject),
        );
    }
    *version = entry.version;
    match (row.get::<Option<Vec<u8>>>("salt")?, row.get::<Option<Vec<u8>>>("payload")?) {
        (Some(salt), Some(payload)) => {
            report.bytes += payload.len() as u64;
            if payload_commitment(&salt, &payload) != entry.payload {
                report.find("payload", &at, "the content is not what was recorded");
            }
        }
        (None, None) => report.erased += 1,
        _ => report.find("payload", &at, "content and salt must be kept or erased together"),
    }
    Ok(())
}

/// Plays the whole log into an empty database and compares every projected table with the live one.
///
/// # Errors
/// When the database cannot be read; everything else is a finding.
pub fn verify_replay(
    conn: &mut Conn<'_>,
    migrations: &[Migration],
    rooms: &[Room],
    report: &mut Report,
) -> Result<()> {
    let by_name: BTreeMap<&str, &Room> = rooms.iter().map(|room| (room.name, room)).collect();
    let mut replayed = BTreeMap::new();
    in_memory(migrations, |tx| {
        conn.for_each("SELECT entry, payload FROM journal_entry ORDER BY seq", &[], |row| {
            let Ok(entry) = Entry::parse(&row.get::<Vec<u8>>("entry")?) else { return Ok(()) };
            let Some(payload) = row.get::<Option<Vec<u8>>>("payload")? else { return Ok(()) };
            let room = entry.kind.split('.').next().unwrap_or_default();
            match by_name.get(room) {
                None => report.find(
                    "entry",
                    entry.id.to_string(),
                    format!("no room knows events of the kind {}", entry.kind),
                ),
                Some(room) => {
                    if let Err(e) = (room.apply)(tx, &entry, &payload) {
                        report.find(
                            "entry",
                            entry.id.to_string(),
                            format!("it cannot be replayed: {e}"),
                        );
                    }
                }
            }
            Ok(())
        })?;
        for table in rooms.iter().flat_map(|room| room.tables) {
            replayed.insert(*table, counted(tx, table)?);
        }
        Ok(())
    })?;
    for (table, expected) in replayed {
        compare(conn, table, expected, report)?;
    }
    Ok(())
}

type Counted = HashMap<[u8; 32], i64>;

fn all(table: &str) -> String {
    // Table names come from the rooms' own lists, never from input.
    format!("SELECT * FROM {table}")
}

/// The order of a table's columns by their names: the two databases may hold them in another.
fn by_name(row: &Row) -> Vec<usize> {
    let mut order: Vec<usize> = (0..row.names().len()).collect();
    order.sort_by_key(|i| row.names().get(*i));
    order
}

/// The digest of a row whose columns are taken in `order`.
fn digest(row: &Row, order: &[usize]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (name, value) in order.iter().filter_map(|i| row.names().get(*i).zip(row.values().get(*i)))
    {
        let number;
        let (tag, bytes): (u8, &[u8]) = match value {
            Value::Null => (0, &[]),
            Value::Int(v) => {
                number = v.to_be_bytes();
                (1, &number)
            }
            Value::Text(v) => (2, v.as_bytes()),
            Value::Bytes(v) => (3, v),
        };
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name.as_bytes());
        hash.update([tag]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
    hash.finalize().into()
}

/// Calls `f` with each row of a table and its digest.
fn each_digest(conn: &mut Conn<'_>, table: &str, mut f: impl FnMut(&Row, [u8; 32])) -> Result<()> {
    let mut order = Vec::new();
    conn.for_each(&all(table), &[], |row| {
        if order.is_empty() {
            order = by_name(&row);
        }
        f(&row, digest(&row, &order));
        Ok(())
    })
}

fn counted(conn: &mut Conn<'_>, table: &str) -> Result<Counted> {
    let mut rows = Counted::new();
    each_digest(conn, table, |_, digest| *rows.entry(digest).or_insert(0) += 1)?;
    Ok(rows)
}

fn compare(
    conn: &mut Conn<'_>,
    table: &str,
    mut expected: Counted,
    report: &mut Report,
) -> Result<()> {
    report.tables += 1;
    each_digest(conn, table, |row, digest| {
        report.rows += 1;
        let left = expected.entry(digest).or_insert(0);
        *left -= 1;
        if *left < 0 {
            report.find(
                "table",
                format!("{table}: {}", key(row)),
                "this row is not what the record says it is",
            );
        }
    })?;
    let missing: i64 = expected.values().filter(|n| **n > 0).sum();
    if missing > 0 {
        report.find(
            "table",
            table,
            format!("{missing} rows that the record says should be here are changed or missing"),
        );
    }
    Ok(())
}

/// Names a row by its first column, cut short, so that a finding does not print content.
fn key(row: &Row) -> String {
    let value = match row.values().first() {
        Some(Value::Text(v)) => v.chars().take(40).collect(),
        Some(Value::Int(v)) => v.to_string(),
        _ => "a row".to_owned(),
    };
    format!("{} = {value}", row.names().first().map_or("?", String::as_str))
}

impl Journal {
    /// The public keys of every log in the database.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn keys(&self, conn: &mut Conn<'_>) -> Result<HashMap<PartyId, (String, Verifier)>> {
        conn.query("SELECT log FROM journal_log ORDER BY log", &[])?
            .iter()
            .map(|row| {
                let log: PartyId = row.get("log")?;
                Ok((log, (self.origin(log), self.signer(log)?.verifier().clone())))
            })
            .collect()
    }

    /// The root of a log at an earlier size, from what is stored.
    ///
    /// # Errors
    /// When the database refuses or the stored tree is incomplete.
    pub fn root_at(&self, conn: &mut Conn<'_>, log: PartyId, then: u64) -> Result<Hash> {
        let size = conn
            .query_opt("SELECT size FROM journal_log WHERE log = $1", params![log])?
            .ok_or_else(|| DbError::Shape("no such log".into()))?
            .get::<i64>("size")?;
        proofs::root_at(conn, log, then, size.cast_unsigned())
    }
}
