//! What SQLite alone does with the rows of a report: the same tables, the same indexes, rows that differ
//! from those of the product in their keys only, and nothing of the product. What the product's write
//! path costs beside it is the product's own.

use crate::Result;
use crate::limits::Sink;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Statement, params_from_iter};
use std::path::Path;

/// The tables into which a report writes a row of its own, each with the column that names the report,
/// and the columns that hold keys.
const TABLES: [(&str, &str, &[Key]); 4] = [
    (
        "journal_entry",
        "subject",
        &[Key::Case("subject"), Key::Event("id"), Key::Number("leaf"), Key::Skip("seq")],
    ),
    ("case_record", "id", &[Key::Case("id"), Key::Drawn("tracking_number")]),
    ("case_way", "case_id", &[Key::Case("case_id"), Key::Digest("code")]),
    ("clock_case", "case_id", &[Key::Case("case_id")]),
];

/// How a column of a new row differs from the row that it is made after.
#[derive(Clone, Copy)]
enum Key {
    /// The id of the case: as long as before, sorting by time.
    Case(&'static str),
    /// The id of the event: the same.
    Event(&'static str),
    /// The next number.
    Number(&'static str),
    /// As long as before, drawn anew.
    Drawn(&'static str),
    /// 32 bytes, drawn anew.
    Digest(&'static str),
    /// Left to SQLite.
    Skip(&'static str),
}

impl Key {
    const fn column(self) -> &'static str {
        match self {
            Self::Case(c)
            | Self::Event(c)
            | Self::Number(c)
            | Self::Drawn(c)
            | Self::Digest(c)
            | Self::Skip(c) => c,
        }
    }

    fn value(self, before: &Value, turn: u64) -> Value {
        // Odd and large, so that neighbouring numbers lie far apart (a step of 64-bit Weyl sequences).
        let drawn = turn.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let with_end = |end: String| match before {
            Value::Text(t) => Value::Text(format!(
                "{}{end}",
                t.get(..t.len().saturating_sub(end.len())).unwrap_or_default()
            )),
            other => other.clone(),
        };
        match self {
            Self::Case(_) | Self::Event(_) => with_end(format!("{turn:016}")),
            Self::Number(_) => Value::Integer(turn.cast_signed()),
            Self::Drawn(_) => with_end(format!("{:010X}", drawn >> 24)),
            Self::Digest(_) => Value::Blob(
                [drawn, drawn.rotate_left(17), turn, drawn]
                    .iter()
                    .flat_map(|n| n.to_be_bytes())
                    .collect(),
            ),
            Self::Skip(_) => before.clone(),
        }
    }
}

/// A row to write again and again under other keys.
struct Shape {
    insert: String,
    values: Vec<(Value, Option<Key>)>,
}

/// The rows of a report, into a database of the same tables.
pub struct ReportRows {
    conn: Connection,
    shapes: Vec<Shape>,
    count: String,
    turn: u64,
}

impl ReportRows {
    /// A new database at `path` with the tables of the product's at `like`, in which reports were filed.
    pub fn create(path: &Path, like: &Path) -> Result<Self> {
        let product = Connection::open(like)?;
        let conn = Connection::open(path)?;
        // As the product's writer sets it.
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;
             PRAGMA cache_size = -16384; PRAGMA secure_delete = FAST;",
        )?;
        conn.set_prepared_statement_cache_capacity(32);
        let case: String =
            product.query_row("SELECT max(id) FROM case_record", [], |r| r.get(0))?;
        let mut shapes = Vec::new();
        for (table, by, keys) in TABLES {
            schema(&product, &conn, table)?;
            let statement = product.prepare(&format!("SELECT * FROM {table} WHERE {by} = ?1"))?;
            shapes.extend(shape(statement, table, &case, keys)?);
        }
        schema(&product, &conn, "case_count")?;
        let count = "INSERT INTO case_count (organisation, month, kind, severity, channel, state, n) VALUES ('o', '2026-01', 'failure', '', 'portal', 'new', 1)
             ON CONFLICT (organisation, month, kind, severity, channel, state) DO UPDATE SET n = case_count.n + EXCLUDED.n".to_owned();
        Ok(Self { conn, shapes, count, turn: 0 })
    }
}

fn schema(from: &Connection, to: &Connection, table: &str) -> Result<()> {
    let mut made = from.prepare(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ?1 AND sql IS NOT NULL ORDER BY type DESC",
    )?;
    let statements = made.query_map([table], |r| r.get::<_, String>(0))?;
    for statement in statements {
        to.execute_batch(&statement?)?;
    }
    Ok(())
}

fn shape(
    mut statement: Statement<'_>,
    table: &str,
    case: &str,
    keys: &[Key],
) -> Result<Option<Shape>> {
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let row = statement
        .query_row([case], |row| {
            (0..columns.len()).map(|i| row.get::<_, Value>(i)).collect::<rusqlite::Result<Vec<_>>>()
        })
        .optional()?;
    // A table into which this deployment's reports write nothing.
    let Some(row) = row else { return Ok(None) };
    let key = |column: &str| keys.iter().copied().find(|k| k.column() == column);
    let kept = columns.iter().zip(row).filter(|(c, _)| !matches!(key(c), Some(Key::Skip(_))));
    let (names, values): (Vec<&str>, Vec<_>) = kept.map(|(c, v)| (c.as_str(), (v, key(c)))).unzip();
    let places: Vec<String> = (1..=names.len()).map(|n| format!("?{n}")).collect();
    let insert =
        format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
    Ok(Some(Shape { insert, values }))
}

impl Sink for ReportRows {
    /// Writes the rows of as many reports as there are `rows`, whatever is in them.
    fn keep(&mut self, rows: &[Vec<u8>]) -> Result<()> {
        self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for _ in rows {
            self.turn += 1;
            for shape in &self.shapes {
                let values = shape
                    .values
                    .iter()
                    .map(|(v, key)| key.map_or_else(|| v.clone(), |k| k.value(v, self.turn)));
                self.conn.prepare_cached(&shape.insert)?.execute(params_from_iter(values))?;
            }
            self.conn.prepare_cached(&self.count)?.execute([])?;
        }
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}
