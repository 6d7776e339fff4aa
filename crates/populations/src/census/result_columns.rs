//! The columns a test's result may have, brought to the types that populations hold.

use datafusion::arrow::datatypes::{DataType, Field, Schema as ArrowSchema, TimeUnit};
use datafusion::common::DFSchema;
use datafusion::logical_expr::{Expr, cast, col, ident};

use crate::error::{Error, Result, excerpt};
use crate::schema_file::is_identifier;
use crate::views::timestamp_type;

/// Columns every result has, in this order; the query's others follow in its own order.
pub(super) const FIXED: [&str; 3] = ["unit", "result", "reason"];
const COLUMNS_MAX: usize = 100;

/// The result's columns, as expressions over the query's output and as they come out.
pub(super) struct ResultColumns {
    pub(super) expressions: Vec<Expr>,
    pub(super) schema: ArrowSchema,
}

/// Plans the result's columns from what the query gives.
///
/// # Errors
/// [`Error::Test`] when `unit`, `result` or `reason` is missing or no text, or a column has a type
/// that results cannot hold.
pub(super) fn plan(query: &DFSchema) -> Result<ResultColumns> {
    let fields = query.fields();
    if fields.len() > COLUMNS_MAX {
        return Err(Error::Test(format!("the query gives more than {COLUMNS_MAX} columns")));
    }
    let mut columns = ResultColumns { expressions: Vec::new(), schema: ArrowSchema::empty() };
    let mut out = Vec::new();
    for name in FIXED {
        let field = query.field_with_unqualified_name(name).map_err(|_| {
            Error::Test(format!(
                "the query gives no column \"{name}\"; it must give unit, result and reason, each once"
            ))
        })?;
        if name != "unit" && !is_text(field.data_type()) {
            return Err(Error::Test(format!("the column {name} must be text")));
        }
        if name == "unit" && !is_text(field.data_type()) && !field.data_type().is_integer() {
            return Err(Error::Test("the column unit must be text or a whole number".into()));
        }
        columns.expressions.push(cast(ident(name), DataType::Utf8).alias(name));
        out.push(Field::new(name, DataType::Utf8, true));
    }
    for field in fields.iter().filter(|field| !FIXED.contains(&field.name().as_str())) {
        let name = field.name();
        if !is_identifier(name) {
            return Err(Error::Test(format!(
                "the column \"{}\" needs a name of lower-case letters, digits and _; write … AS name",
                excerpt(name, 60)
            )));
        }
        if out.iter().any(|known: &Field| known.name() == name) {
            return Err(Error::Test(format!("the query gives the column {name} twice")));
        }
        let kind = held_type(field.data_type()).ok_or_else(|| {
            Error::Test(format!(
                "the column {name} has the type {}, which a result cannot hold; cast it to text, a number, a date or an instant",
                field.data_type()
            ))
        })?;
        columns.expressions.push(cast(ident(name), kind.clone()).alias(name));
        out.push(Field::new(name, kind, true));
    }
    columns.schema = ArrowSchema::new(out);
    Ok(columns)
}

/// The one column of the units query.
pub(super) fn plan_units(query: &DFSchema) -> Result<Expr> {
    let field = query
        .field_with_unqualified_name("unit")
        .map_err(|_| Error::Test("the units query gives no column \"unit\"".into()))?;
    if !is_text(field.data_type()) && !field.data_type().is_integer() {
        return Err(Error::Test(
            "the column unit of the units query must be text or a whole number".into(),
        ));
    }
    Ok(cast(col("unit"), DataType::Utf8).alias("unit"))
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null)
}

fn held_type(kind: &DataType) -> Option<DataType> {
    Some(match kind {
        kind if is_text(kind) => DataType::Utf8,
        kind if kind.is_integer() => DataType::Int64,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => DataType::Float64,
        DataType::Decimal128(_, scale) if (0..=18).contains(scale) => {
            DataType::Decimal128(38, *scale)
        }
        DataType::Boolean => DataType::Boolean,
        DataType::Date32 | DataType::Date64 => DataType::Date32,
        DataType::Timestamp(_, Some(_)) => timestamp_type(),
        _ => return None,
    })
}

/// What the columns mean, as text that enters the result's hash; the form is that of a population.
pub(super) fn meaning(test: &str, zone: Option<&str>, schema: &ArrowSchema) -> String {
    let mut out = format!(
        "tickmark population schema 1\nname result of {test}\nkind test result\nzone {}\norder free\nkey unit\ndated_by -\n",
        zone.unwrap_or("-")
    );
    for field in schema.fields() {
        let kind = match field.data_type() {
            DataType::Int64 => "integer".to_owned(),
            DataType::Float64 => "real".to_owned(),
            DataType::Decimal128(_, scale) => format!("decimal {scale}"),
            DataType::Boolean => "bool".to_owned(),
            DataType::Date32 => "date".to_owned(),
            DataType::Timestamp(TimeUnit::Microsecond, _) => "timestamp".to_owned(),
            _ => "text".to_owned(),
        };
        out.push_str(&format!("column {} {kind}\n", field.name()));
    }
    out
}
