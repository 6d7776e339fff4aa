//! Statements over either driver.

use super::{Backend, DbError, Result, Row, Value};
use crate::journal::{Appended, Group, Pending};
use kernel::ids::PartyId;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) enum Inner<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres { tx: &'a mut (dyn PgTransaction + 'a), statements: &'a mut Statements },
}

/// What is used of a PostgreSQL transaction; a trait so that its own borrow of the client can be
/// longer than ours of it.
pub(super) trait PgTransaction {
    fn prepare(&mut self, sql: &str) -> Result<::postgres::Statement, ::postgres::Error>;
    fn execute(
        &mut self,
        statement: &::postgres::Statement,
        params: &[PgParam<'_>],
    ) -> Result<u64, ::postgres::Error>;
    fn query_raw(
        &mut self,
        statement: &::postgres::Statement,
        params: Vec<PgParam<'_>>,
    ) -> Result<::postgres::RowIter<'_>, ::postgres::Error>;
    fn batch_execute(&mut self, sql: &str) -> Result<(), ::postgres::Error>;
}

impl PgTransaction for ::postgres::Transaction<'_> {
    fn prepare(&mut self, sql: &str) -> Result<::postgres::Statement, ::postgres::Error> {
        ::postgres::Transaction::prepare(self, sql)
    }
    fn execute(
        &mut self,
        statement: &::postgres::Statement,
        params: &[PgParam<'_>],
    ) -> Result<u64, ::postgres::Error> {
        ::postgres::Transaction::execute(self, statement, params)
    }
    fn query_raw(
        &mut self,
        statement: &::postgres::Statement,
        params: Vec<PgParam<'_>>,
    ) -> Result<::postgres::RowIter<'_>, ::postgres::Error> {
        ::postgres::Transaction::query_raw(self, statement, params)
    }
    fn batch_execute(&mut self, sql: &str) -> Result<(), ::postgres::Error> {
        ::postgres::Transaction::batch_execute(self, sql)
    }
}

/// Statements prepared on a PostgreSQL connection, by their text.
pub(super) type Statements = HashMap<String, ::postgres::Statement>;
/// A connection forgets its prepared statements beyond this many.
const STATEMENTS_MAX: usize = 500;

/// A connection that reads one consistent state.
pub struct Conn<'a> {
    pub(super) inner: Inner<'a>,
    /// The deployment's secret, which is kept outside the database; none in a replay.
    pub(super) secret: Option<[u8; 32]>,
}

/// A connection that may also write. Only `journal` and each room's `apply` write.
pub struct Tx<'a> {
    conn: Conn<'a>,
    pub(crate) effects: Pending,
    /// What gives entries their places at once, where there is one writer.
    group: Option<&'a mut Group>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(inner: Inner<'a>) -> Self {
        Self { conn: Conn { inner, secret: None }, effects: Pending::default(), group: None }
    }

    /// The same, for a command whose entries get their places at once.
    pub(super) fn in_group(inner: Inner<'a>, group: &'a mut Group) -> Self {
        let secret = group.secret();
        Self { group: Some(group), ..Self::new(inner) }.knowing(secret)
    }

    /// The same, for commands that may derive keys from the deployment's secret.
    pub(super) const fn knowing(mut self, secret: [u8; 32]) -> Self {
        self.conn.secret = Some(secret);
        self
    }

    /// The entry that this transaction has appended last, if any.
    #[must_use]
    pub const fn appended(&self) -> Option<&Appended> {
        self.effects.last()
    }

    /// The place of the next entry of a log, where it is known already.
    pub(crate) fn next_place(&mut self, log: PartyId) -> Result<Option<i64>> {
        let own = self.effects.of(log);
        match &mut self.group {
            Some(group) => group.next(&mut self.conn, log, own).map(Some),
            None => Ok(None),
        }
    }

    /// Runs a statement that writes; returns how many rows it touched.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        match &mut self.conn.inner {
            Inner::Sqlite(conn) => {
                let mut statement = conn.prepare_cached(&numbered(sql))?;
                let n = statement.execute(rusqlite::params_from_iter(params.iter().map(Bound)))?;
                Ok(n as u64)
            }
            Inner::Postgres { tx, statements } => {
                let statement = prepared(*tx, statements, sql)?;
                Ok(tx.execute(&statement, &pg_params(params)).map_err(DbError::from)?)
            }
        }
    }

    /// Runs several statements without parameters (migrations).
    pub(super) fn batch(&mut self, sql: &str) -> Result<()> {
        match &mut self.conn.inner {
            Inner::Sqlite(conn) => Ok(conn.execute_batch(sql)?),
            Inner::Postgres { tx, .. } => Ok(tx.batch_execute(sql).map_err(DbError::from)?),
        }
    }
}

impl<'a> std::ops::Deref for Tx<'a> {
    type Target = Conn<'a>;
    fn deref(&self) -> &Conn<'a> {
        &self.conn
    }
}
impl std::ops::DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.conn
    }
}

impl Conn<'_> {
    /// Which database this is; only `dialect.rs` should need to ask.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        match self.inner {
            Inner::Sqlite(_) => Backend::Sqlite,
            Inner::Postgres { .. } => Backend::Postgres,
        }
    }

    /// A key for one purpose, derived from the deployment's secret, which is kept outside the
    /// database: what is keyed with it cannot be made or opened from the database alone.
    ///
    /// # Errors
    /// Where no deployment stands behind the connection: in a replay, which must not need secrets.
    pub fn key_for(&self, purpose: &str) -> Result<[u8; 32]> {
        use sha2::Digest as _;
        let secret = self
            .secret
            .ok_or_else(|| DbError::Outside("a replay asked for a key of the deployment".into()))?;
        let mut hash = sha2::Sha256::new();
        hash.update(b"tickmark key for a purpose v1\0");
        hash.update(secret);
        hash.update(purpose.as_bytes());
        Ok(hash.finalize().into())
    }

    /// Every row of a query.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        self.for_each(sql, params, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Each row of a query in turn, without holding them all.
    ///
    /// # Errors
    /// When the database or the closure refuses.
    pub fn for_each(
        &mut self,
        sql: &str,
        params: &[Value],
        mut f: impl FnMut(Row) -> Result<()>,
    ) -> Result<()> {
        match &mut self.inner {
            Inner::Sqlite(conn) => {
                let mut statement = conn.prepare_cached(&numbered(sql))?;
                let mut rows =
                    statement.query(rusqlite::params_from_iter(params.iter().map(Bound)))?;
                // Most looks at a row that is not there yet: names are copied with the first row.
                let mut known: Option<Arc<[String]>> = None;
                while let Some(row) = rows.next()? {
                    let names = known.get_or_insert_with(|| {
                        row.as_ref().column_names().map(str::to_owned).collect()
                    });
                    let values =
                        (0..names.len()).map(|i| from_sqlite(row, i)).collect::<Result<_>>()?;
                    f(Row { names: names.clone(), values })?;
                }
                Ok(())
            }
            Inner::Postgres { tx, statements } => {
                use ::postgres::fallible_iterator::FallibleIterator;
                let statement = prepared(*tx, statements, sql)?;
                let names: Arc<[String]> =
                    statement.columns().iter().map(|c| c.name().to_owned()).collect();
                let mut rows =
                    tx.query_raw(&statement, pg_params(params)).map_err(DbError::from)?;
                while let Some(row) = rows.next().map_err(DbError::from)? {
                    let values =
                        (0..names.len()).map(|i| from_postgres(&row, i)).collect::<Result<_>>()?;
                    f(Row { names: names.clone(), values })?;
                }
                Ok(())
            }
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn query_opt(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// The first row; its absence is a fault of the code, not of the person.
    ///
    /// # Errors
    /// When there is none, or the database refuses it.
    pub fn query_one(&mut self, sql: &str, params: &[Value]) -> Result<Row> {
        self.query_opt(sql, params)?
            .ok_or_else(|| DbError::Shape("a row was expected and none came".into()).into())
    }
}

/// `$1` is a *named* parameter to SQLite, numbered by first use; `?1` is what we mean.
fn numbered(sql: &str) -> std::borrow::Cow<'_, str> {
    if sql.contains('$') { sql.replace('$', "?").into() } else { sql.into() }
}

struct Bound<'v>(&'v Value);
impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(v) => ValueRef::Integer(*v),
            Value::Text(v) => ValueRef::Text(v.as_bytes()),
            Value::Bytes(v) => ValueRef::Blob(v),
        }))
    }
}

fn from_sqlite(row: &rusqlite::Row<'_>, i: usize) -> Result<Value> {
    use rusqlite::types::ValueRef;
    Ok(match row.get_ref(i)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(v) => Value::Int(v),
        ValueRef::Text(v) => Value::Text(
            std::str::from_utf8(v)
                .map_err(|_| DbError::Shape("a text that is not UTF-8".into()))?
                .to_owned(),
        ),
        ValueRef::Blob(v) => Value::Bytes(v.to_vec()),
        ValueRef::Real(_) => {
            return Err(
                DbError::Shape("a floating-point number: cast it to an integer".into()).into()
            );
        }
    })
}

type PgParam<'v> = &'v (dyn ::postgres::types::ToSql + Sync);

fn pg_params(params: &[Value]) -> Vec<PgParam<'_>> {
    params.iter().map(|v| v as PgParam<'_>).collect()
}

fn prepared(
    tx: &mut dyn PgTransaction,
    statements: &mut Statements,
    sql: &str,
) -> Result<::postgres::Statement> {
    if let Some(statement) = statements.get(sql) {
        return Ok(statement.clone());
    }
    let statement = tx.prepare(sql).map_err(DbError::from)?;
    if statements.len() >= STATEMENTS_MAX {
        statements.clear();
    }
    statements.insert(sql.to_owned(), statement.clone());
    Ok(statement)
}

impl ::postgres::types::ToSql for Value {
    fn to_sql(
        &self,
        ty: &::postgres::types::Type,
        out: &mut bytes::BytesMut,
    ) -> std::result::Result<::postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>>
    {
        use ::postgres::types::{IsNull, Type};
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(v) if *ty == Type::INT4 => i32::try_from(*v)?.to_sql(ty, out),
            Self::Int(v) if *ty == Type::INT2 => i16::try_from(*v)?.to_sql(ty, out),
            Self::Int(v) if *ty == Type::INT8 => v.to_sql(ty, out),
            Self::Text(v) if <String as ::postgres::types::ToSql>::accepts(ty) => v.to_sql(ty, out),
            Self::Bytes(v) if *ty == Type::BYTEA => v.to_sql(ty, out),
            other => Err(format!("a parameter of type {ty} was given {other:?}").into()),
        }
    }
    fn accepts(_: &::postgres::types::Type) -> bool {
        true
    }
    ::postgres::types::to_sql_checked!();
}

fn from_postgres(row: &::postgres::Row, i: usize) -> Result<Value> {
    use ::postgres::types::Type;
    let ty = row.columns()[i].type_().clone();
    let value = match ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(i).map(|v| v.map(Value::Int)),
        Type::INT4 => row.try_get::<_, Option<i32>>(i).map(|v| v.map(|v| Value::Int(v.into()))),
        Type::INT2 => row.try_get::<_, Option<i16>>(i).map(|v| v.map(|v| Value::Int(v.into()))),
        Type::BOOL => row.try_get::<_, Option<bool>>(i).map(|v| v.map(|v| Value::Int(v.into()))),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i).map(|v| v.map(Value::Bytes)),
        Type::TEXT | Type::VARCHAR | Type::NAME => {
            row.try_get::<_, Option<String>>(i).map(|v| v.map(Value::Text))
        }
        other => {
            return Err(DbError::Shape(format!("a column of type {other}: cast it")).into());
        }
    };
    Ok(value.map_err(DbError::from)?.unwrap_or(Value::Null))
}
