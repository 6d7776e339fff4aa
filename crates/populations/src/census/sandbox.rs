//! What a test's query may say: one SELECT over the test's populations, with functions that give the
//! same answer every time. Everything else is refused with a plain sentence before planning.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::parser::{DFParser, Statement as DfStatement};
use datafusion::sql::sqlparser::ast::{
    Distinct, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArgumentList, FunctionArguments, Ident, Interval, ObjectName, Query, Select, SetExpr,
    Statement, TableFactor, Value as SqlValue, Visit, VisitMut, Visitor, VisitorMut, WindowType,
};

use crate::census::plan_size;
use crate::census::texts::BOUNDED;
use crate::census::values::{Value, Values};
use crate::error::{Error, Result, excerpt};

/// Longest query.
pub const SQL_BYTES_MAX: usize = 64 * 1024;
/// Most expressions in one query, so that planning stays bounded.
const EXPRESSIONS_MAX: usize = 5_000;

/// Aggregates whose answer depends on the order in which rows arrive, unless one is given.
const NEED_ORDER: [&str; 5] = ["string_agg", "first_value", "last_value", "nth_value", "any_value"];

/// Functions the query engine knows whose answer depends on when or where the query runs.
const UNSTEADY: [&str; 12] = [
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "today",
    "localtime",
    "localtimestamp",
    "random",
    "uuid",
    "version",
    "input_file_name",
    "current_user",
];

/// Functions that answer from a sketch of the data and not exactly.
pub(super) fn is_approximate(name: &str) -> bool {
    name.starts_with("approx_")
}

/// Checks a query without running it; for tests and for fuzzing.
///
/// # Errors
/// [`Error::Test`] in plain words.
pub fn check_sql(sql: &str, functions: &BTreeSet<String>) -> Result<()> {
    parse_query("query", sql, functions, &Values::new()).map(|_| ())
}

/// Parses a query, checks it, and puts parameter values in the place of their names.
pub(super) fn parse_query(
    what: &str,
    sql: &str,
    functions: &BTreeSet<String>,
    values: &Values,
) -> Result<Statement> {
    let refuse = |message: String| Error::Test(format!("the {what}: {message}"));
    if sql.len() > SQL_BYTES_MAX {
        return Err(refuse(format!("it is longer than {SQL_BYTES_MAX} bytes")));
    }
    let mut statements =
        DFParser::parse_sql(sql).map_err(|error| refuse(excerpt(&error.strip_backtrace(), 400)))?;
    let first = statements.pop_front();
    if !statements.is_empty() {
        return Err(refuse("it must be one SELECT and not several statements".into()));
    }
    let mut statement = match first {
        Some(DfStatement::Statement(statement)) if matches!(*statement, Statement::Query(_)) => {
            *statement
        }
        _ => {
            return Err(refuse(
                "it must be a SELECT: a test reads its populations and changes nothing".into(),
            ));
        }
    };
    let mut inspector = Inspector { functions, expressions: 0 };
    if let ControlFlow::Break(message) = Visit::visit(&statement, &mut inspector) {
        return Err(refuse(message));
    }
    if let ControlFlow::Break(message) = plan_size::lists(&statement) {
        return Err(refuse(message));
    }
    let mut binder = Binder { values };
    if let ControlFlow::Break(message) = VisitMut::visit(&mut statement, &mut binder) {
        return Err(refuse(message));
    }
    Ok(statement)
}

/// Functions that make a text of any length out of a number: a few bytes of query could ask for more
/// memory than there is, outside what the query is given.
const ANY_LENGTH: [&str; 4] = ["repeat", "lpad", "rpad", "space"];
/// Functions of a window whose answer is the place of a row: without an order they number as rows arrive.
const NUMBERS_ROWS: [&str; 8] =
    ["row_number", "ntile", "lag", "lead", "first_value", "last_value", "nth_value", "cume_dist"];

/// Whether a window says in which order its rows stand.
fn ordered_window(over: &WindowType) -> bool {
    match over {
        WindowType::WindowSpec(spec) => !spec.order_by.is_empty() || spec.window_name.is_some(),
        WindowType::NamedWindow(_) => true,
    }
}

struct Inspector<'a> {
    functions: &'a BTreeSet<String>,
    expressions: usize,
}

impl Visitor for Inspector<'_> {
    type Break = String;

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<String> {
        match statement {
            Statement::Query(_) => ControlFlow::Continue(()),
            _ => ControlFlow::Break(
                "it must only read: a statement inside it would change something".into(),
            ),
        }
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<String> {
        if query.with.as_ref().is_some_and(|with| with.recursive) {
            return ControlFlow::Break(
                "WITH RECURSIVE is not available: it may not come to an end".into(),
            );
        }
        if query.order_by.is_none() && (query.limit_clause.is_some() || query.fetch.is_some()) {
            return ControlFlow::Break(
                "LIMIT without ORDER BY takes any rows; say which come first".into(),
            );
        }
        if let Some(clause) = ignored_of_query(query) {
            return ignored(clause);
        }
        body_is_steady(query.body.as_ref(), query.order_by.is_some())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<String> {
        match ignored_of_select(select) {
            Some(clause) => ignored(clause),
            None => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<String> {
        match table {
            TableFactor::Table { sample: Some(_), .. } | TableFactor::Derived { sample: Some(_), .. } => {
                ControlFlow::Break(
                    "TABLESAMPLE takes any rows; a full-population test reads all of them, and a sample is drawn by seed".into(),
                )
            }
            TableFactor::Table { with_hints, version, with_ordinality, partitions, json_path, index_hints, .. } => {
                let clauses = [
                    (!with_hints.is_empty(), "WITH (…)"),
                    (version.is_some(), "the version of a table"),
                    (*with_ordinality, "WITH ORDINALITY"),
                    (!partitions.is_empty(), "PARTITION"),
                    (json_path.is_some(), "a path behind a table's name"),
                    (!index_hints.is_empty(), "a hint on indexes"),
                ];
                first_of(&clauses).map_or(ControlFlow::Continue(()), ignored)
            }
            TableFactor::Derived { .. } | TableFactor::NestedJoin { .. } => {
                ControlFlow::Continue(())
            }
            // Table functions are looked up, and refused, by their name.
            TableFactor::TableFunction { .. } | TableFactor::Function { .. } => {
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Break(
                "it reads from something that is no population; name populations and queries over them".into(),
            ),
        }
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<String> {
        self.expressions += 1;
        if self.expressions > EXPRESSIONS_MAX {
            return ControlFlow::Break(format!("it has more than {EXPRESSIONS_MAX} expressions"));
        }
        match expression {
            Expr::Function(function) => self.function(function),
            // The engine plans it around the bounds on texts.
            Expr::Overlay { .. } => ControlFlow::Break(
                "OVERLAY is not available in a test; write it with left, || and substr".into(),
            ),
            Expr::Struct { .. }
            | Expr::Dictionary(_)
            | Expr::Map(_)
            | Expr::Array(_)
            | Expr::Tuple(_)
            | Expr::Named { .. } => ControlFlow::Break(
                "a value made of several values is not available in a test; compare them one by one".into(),
            ),
            _ => ControlFlow::Continue(()),
        }
    }
}

/// The first clause that is there.
fn first_of<'a>(clauses: &[(bool, &'a str)]) -> Option<&'a str> {
    clauses.iter().find(|(there, _)| *there).map(|(_, clause)| *clause)
}

/// What the query engine would read over in silence is refused: whoever wrote it meant something by it.
fn ignored(clause: &str) -> ControlFlow<String> {
    ControlFlow::Break(format!("{clause} is not available in a test; leave it out"))
}

fn ignored_of_query(query: &Query) -> Option<&'static str> {
    first_of(&[
        (!query.locks.is_empty(), "FOR UPDATE"),
        (query.for_clause.is_some(), "FOR XML, FOR JSON or FOR BROWSE"),
        (query.settings.is_some(), "SETTINGS"),
        (query.format_clause.is_some(), "FORMAT"),
        (!query.pipe_operators.is_empty(), "|>"),
    ])
}

fn ignored_of_select(select: &Select) -> Option<&'static str> {
    first_of(&[
        (!select.optimizer_hints.is_empty(), "a hint to the optimiser"),
        (select.select_modifiers.is_some(), "a modifier of SELECT"),
        (select.top.is_some(), "TOP"),
        (!select.lateral_views.is_empty(), "LATERAL VIEW"),
        (select.prewhere.is_some(), "PREWHERE"),
        (!select.connect_by.is_empty(), "CONNECT BY"),
        (!select.cluster_by.is_empty(), "CLUSTER BY"),
        (!select.distribute_by.is_empty(), "DISTRIBUTE BY"),
        (!select.sort_by.is_empty(), "SORT BY"),
        (select.value_table_mode.is_some(), "AS STRUCT or AS VALUE"),
    ])
}

/// The selects of a query, also those that a set operation brings together.
fn body_is_steady(body: &SetExpr, ordered: bool) -> ControlFlow<String> {
    match body {
        SetExpr::Select(select) => select_is_steady(select, ordered),
        // The order of the whole says nothing of which rows a part keeps.
        SetExpr::SetOperation { left, right, .. } => {
            body_is_steady(left, false)?;
            body_is_steady(right, false)
        }
        SetExpr::Query(_) | SetExpr::Values(_) => ControlFlow::Continue(()),
        _ => ControlFlow::Break("it must only read".into()),
    }
}

impl Inspector<'_> {
    fn function(&self, function: &Function) -> ControlFlow<String> {
        let name = function.name.to_string().to_lowercase();
        let shown = excerpt(&name, 60);
        if UNSTEADY.contains(&name.as_str()) {
            return ControlFlow::Break(format!(
                "the function {shown} gives another answer each time it runs, so nobody could make the result again; use a parameter"
            ));
        }
        if is_approximate(&name) {
            return ControlFlow::Break(format!(
                "the function {shown} is approximate; a test counts exactly"
            ));
        }
        if !self.functions.contains(&name) {
            return ControlFlow::Break(format!("the function {shown} is not available in a test"));
        }
        if ANY_LENGTH.contains(&name.as_str()) {
            return ControlFlow::Break(format!(
                "the function {shown} can make a text of any length, which no bound on memory holds; write the text out"
            ));
        }
        if name == "string_agg" && function.over.is_some() {
            return ControlFlow::Break(format!(
                "the function {shown} over a window makes a longer text with every row; use it with GROUP BY"
            ));
        }
        if NUMBERS_ROWS.contains(&name.as_str())
            && function.over.as_ref().is_some_and(|over| !ordered_window(over))
        {
            return ControlFlow::Break(format!(
                "the function {shown} depends on the order of rows; give its window ORDER BY"
            ));
        }
        if NEED_ORDER.contains(&name.as_str()) && function.over.is_none() && !has_order(function) {
            return ControlFlow::Break(format!(
                "the function {shown} depends on the order of rows; give it ORDER BY inside its parentheses"
            ));
        }
        ControlFlow::Continue(())
    }
}

fn has_order(function: &Function) -> bool {
    let inside = match &function.args {
        FunctionArguments::List(list) => {
            list.clauses.iter().any(|clause| matches!(clause, FunctionArgumentClause::OrderBy(_)))
        }
        _ => false,
    };
    inside || !function.within_group.is_empty()
}

fn select_is_steady(select: &Select, ordered: bool) -> ControlFlow<String> {
    if select.into.is_some() {
        return ControlFlow::Break("it must only read: SELECT INTO writes a table".into());
    }
    if !ordered && matches!(select.distinct, Some(Distinct::On(_))) {
        return ControlFlow::Break(
            "DISTINCT ON without ORDER BY keeps any row; say which comes first".into(),
        );
    }
    ControlFlow::Continue(())
}

struct Binder<'a> {
    values: &'a Values,
}

impl VisitorMut for Binder<'_> {
    type Break = String;

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<String> {
        if let Expr::Function(function) = expression
            && function.name.to_string().eq_ignore_ascii_case("string_agg")
        {
            // What it made is copied with every row that it is joined to, so it is held to a bound.
            let made = expression.clone();
            *expression = call(BOUNDED, made);
            return ControlFlow::Continue(());
        }
        let Expr::Value(literal) = expression else { return ControlFlow::Continue(()) };
        let SqlValue::Placeholder(name) = &literal.value else { return ControlFlow::Continue(()) };
        let name = name.trim_start_matches('$');
        match self.values.get(name) {
            Some(value) => {
                *expression = literal_of(value);
                ControlFlow::Continue(())
            }
            None => ControlFlow::Break(format!(
                "it uses ${}, and the test has no such parameter",
                excerpt(name, 60)
            )),
        }
    }
}

/// A value as a literal of the query; built as a syntax tree, so that no text can break out of it.
fn literal_of(value: &Value) -> Expr {
    let quoted = |text: String| Expr::Value(SqlValue::SingleQuotedString(text).into());
    match value {
        Value::Integer(number) if *number < 0 => Expr::Nested(Box::new(Expr::UnaryOp {
            op: datafusion::sql::sqlparser::ast::UnaryOperator::Minus,
            expr: Box::new(number_literal(number.unsigned_abs())),
        })),
        Value::Integer(number) => number_literal(number.unsigned_abs()),
        Value::Text(text) => quoted(text.clone()),
        Value::Bool(value) => Expr::Value(SqlValue::Boolean(*value).into()),
        Value::Date(date) => call("date_of", quoted(date.to_string())),
        Value::Timestamp(_) => call("instant", quoted(value.shown())),
        Value::Duration(seconds) => Expr::Interval(Interval {
            value: Box::new(quoted(format!("{seconds} seconds"))),
            leading_field: None,
            leading_precision: None,
            last_field: None,
            fractional_seconds_precision: None,
        }),
    }
}

fn number_literal(number: u64) -> Expr {
    Expr::Value(SqlValue::Number(number.to_string(), false).into())
}

fn call(name: &str, argument: Expr) -> Expr {
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))],
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}
