//! Values that go into statements and rows that come out.
//!
//! Only four kinds exist, so that both databases mean the same by each: nothing, a 64-bit integer, a
//! text and bytes. Times are microseconds; yes and no are 1 and 0.

use super::{DbError, Result};
use kernel::ids::{Id, Kind};
use kernel::time::Timestamp;
use std::sync::Arc;

/// A value in a statement or a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// NULL.
    Null,
    /// A 64-bit integer.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

macro_rules! from {
    ($($t:ty => |$v:ident| $e:expr;)+) => { $(impl From<$t> for Value { fn from($v: $t) -> Self { $e } })+ };
}
from! {
    i64 => |v| Self::Int(v);
    i32 => |v| Self::Int(i64::from(v));
    u32 => |v| Self::Int(i64::from(v));
    bool => |v| Self::Int(i64::from(v));
    String => |v| Self::Text(v);
    &str => |v| Self::Text(v.to_owned());
    &String => |v| Self::Text(v.clone());
    Vec<u8> => |v| Self::Bytes(v);
    &[u8] => |v| Self::Bytes(v.to_vec());
    Timestamp => |v| Self::Int(v.0);
}
impl<K: Kind> From<Id<K>> for Value {
    fn from(v: Id<K>) -> Self {
        Self::Text(v.to_string())
    }
}
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}

/// The values of a statement, in the order of `$1`, `$2`, …
#[macro_export]
macro_rules! params {
    ($($v:expr),* $(,)?) => { &[$($crate::db::Value::from($v)),*] };
}

/// One row: values by column name.
#[derive(Debug, Clone)]
pub struct Row {
    pub(super) names: Arc<[String]>,
    pub(super) values: Vec<Value>,
}

/// A type that can be read from a column.
pub trait FromValue: Sized {
    /// Reads the value; `None` when it is of another kind.
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Int(v) = value { Some(*v) } else { None }
    }
}
impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(|v| v != 0)
    }
}
impl FromValue for Timestamp {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(Timestamp)
    }
}
impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(v) = value { Some(v.clone()) } else { None }
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Bytes(v) = value { Some(v.clone()) } else { None }
    }
}
impl<K: Kind> FromValue for Id<K> {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(v) = value { v.parse().ok() } else { None }
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        if *value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

impl Row {
    /// The value of a column.
    ///
    /// # Errors
    /// [`DbError::Shape`] when the row has no such column or it holds another kind of value.
    pub fn get<T: FromValue>(&self, name: &str) -> Result<T> {
        let value = self
            .names
            .iter()
            .position(|n| n == name)
            .and_then(|i| self.values.get(i))
            .ok_or_else(|| DbError::Shape(format!("the row has no column {name}")))?;
        T::from_value(value).ok_or_else(|| {
            DbError::Shape(format!("column {name} holds another kind of value")).into()
        })
    }

    /// The value in the first column, for counts.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn first<T: FromValue>(&self) -> Result<T> {
        self.values.first().and_then(T::from_value).ok_or_else(|| {
            DbError::Shape("the first column holds another kind of value".into()).into()
        })
    }

    /// Every value in the order of the columns.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The names of the columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// A small structure as the JSON text of a column.
///
/// # Errors
/// When it cannot be written (a fault of the code).
pub fn json_text(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|e| DbError::Shape(format!("a value that cannot be stored: {e}")).into())
}

/// The structure in a column of JSON text.
///
/// # Errors
/// [`DbError::Shape`] when it is not of this shape.
pub fn read_json<T: serde::de::DeserializeOwned>(row: &Row, column: &str) -> Result<T> {
    serde_json::from_str(&row.get::<String>(column)?)
        .map_err(|e| DbError::Shape(format!("column {column}: {e}")).into())
}
