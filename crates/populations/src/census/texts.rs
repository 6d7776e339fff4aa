//! How long a text may grow that a query puts together. The query engine counts the memory of its sorts,
//! joins and groups; a text that a function makes is counted nowhere, and one that is joined to itself, or
//! put in the place of each of its letters, doubles or squares with every step. So whatever can make a
//! text longer than what it was given is asked here first.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::kernels::concat_elements::concat_elements_utf8;
use datafusion::arrow::datatypes::{DataType, FieldRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, DataFusionError, Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::expr_rewriter::FunctionRewrite;
use datafusion::logical_expr::{
    BinaryExpr, ColumnarValue, Expr, Operator, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility,
};

/// Longest text that a query may put together; what a population holds may be longer.
pub const TEXT_BYTES_MAX: usize = 32 * 1024;
/// Most bytes of texts that one step may make for the rows that it is given at once.
const STEP_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Longest texts that are compared letter by letter with each other.
const COMPARED_BYTES_MAX: usize = 1_000;

/// The name under which a text that an aggregate made is held to its bound.
pub(super) const BOUNDED: &str = "text_within_bounds";

/// Functions whose answer can be longer than each of their arguments, or take the product of their lengths.
const GROWING: [&str; 5] = ["replace", "concat", "concat_ws", "overlay", "levenshtein"];

/// The same functions, each with a look at how much it would make before it makes it.
pub(super) fn bounded(function: Arc<ScalarUDF>) -> Arc<ScalarUDF> {
    if !GROWING.contains(&function.name()) {
        return function;
    }
    Arc::new(ScalarUDF::new_from_impl(Bounded { inner: function }))
}

/// What stands for `||`, and what holds an aggregate's text to its bound.
pub(super) fn all() -> Vec<Arc<ScalarUDF>> {
    let signature = || Signature::user_defined(Volatility::Immutable);
    vec![
        Arc::new(ScalarUDF::new_from_impl(Joined { signature: signature() })),
        Arc::new(ScalarUDF::new_from_impl(Held { signature: signature() })),
    ]
}

/// The length of each text of an argument.
enum Lengths<'a> {
    One(Option<&'a str>),
    Many(&'a ArrayRef),
}

impl<'a> Lengths<'a> {
    fn of(value: &'a ColumnarValue) -> Self {
        match value {
            ColumnarValue::Scalar(scalar) => Self::One(scalar.try_as_str().flatten()),
            ColumnarValue::Array(array) => Self::Many(array),
        }
    }

    fn text(&self, row: usize) -> &str {
        match self {
            Self::One(text) => text.unwrap_or_default(),
            Self::Many(array) if array.is_null(row) => "",
            Self::Many(array) => match array.data_type() {
                DataType::Utf8 => array.as_string::<i32>().value(row),
                DataType::LargeUtf8 => array.as_string::<i64>().value(row),
                DataType::Utf8View => array.as_string_view().value(row),
                _ => "",
            },
        }
    }

    fn at(&self, row: usize) -> usize {
        self.text(row).len()
    }
}

/// How many bytes a function makes of one row.
fn made(name: &str, given: &[Lengths<'_>], row: usize) -> usize {
    let all = || given.iter().map(|g| g.at(row)).fold(0_usize, usize::saturating_add);
    match (name, given) {
        ("replace", [text, from, to]) => {
            let grows = to.at(row).saturating_sub(from.at(row));
            let most = text.at(row) / from.at(row).max(1) + 1;
            let roughly = most.saturating_mul(grows).saturating_add(text.at(row));
            if grows == 0 || roughly <= TEXT_BYTES_MAX || from.at(row) == 0 {
                return roughly;
            }
            let times = text.text(row).matches(from.text(row)).count();
            times.saturating_mul(grows).saturating_add(text.at(row))
        }
        ("concat_ws", [between, rest @ ..]) => {
            all().saturating_add(between.at(row).saturating_mul(rest.len()))
        }
        _ => all(),
    }
}

/// Refuses a step that would make a text, or texts together, longer than they may be.
fn within(name: &str, arguments: &[ColumnarValue], rows: usize) -> Result<()> {
    let given: Vec<Lengths<'_>> = arguments.iter().map(Lengths::of).collect();
    let rows = if given.iter().any(|g| matches!(g, Lengths::Many(_))) { rows } else { 1 };
    let mut together = 0_usize;
    for row in 0..rows {
        let longest = given.iter().map(|g| g.at(row)).max().unwrap_or(0);
        if name == "levenshtein" {
            if longest > COMPARED_BYTES_MAX {
                return exec_err!(
                    "levenshtein compares texts of at most {COMPARED_BYTES_MAX} bytes; shorten them with left first"
                );
            }
            continue;
        }
        let long = made(name, &given, row);
        // What only copies a long text of a population makes nothing longer.
        if long > TEXT_BYTES_MAX && long > longest {
            return too_long();
        }
        together = together.saturating_add(long);
        if together > STEP_BYTES_MAX {
            return exec_err!(
                "the query puts together more than {STEP_BYTES_MAX} bytes of texts in one step; shorten them first"
            );
        }
    }
    Ok(())
}

fn too_long<T>() -> Result<T> {
    exec_err!(
        "the query puts together a text of more than {TEXT_BYTES_MAX} bytes, which is the limit; shorten its parts with left"
    )
}

/// A function of the engine, asked first how much it would make.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Bounded {
    inner: Arc<ScalarUDF>,
}

impl ScalarUDFImpl for Bounded {
    fn name(&self) -> &str {
        self.inner.name()
    }
    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }
    fn signature(&self) -> &Signature {
        self.inner.signature()
    }
    fn return_type(&self, given: &[DataType]) -> Result<DataType> {
        self.inner.return_type(given)
    }
    fn return_field_from_args(&self, given: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.inner.return_field_from_args(given)
    }
    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(given)
    }
    fn invoke_with_args(&self, given: ScalarFunctionArgs) -> Result<ColumnarValue> {
        within(self.inner.name(), &given.args, given.number_rows)?;
        self.inner.invoke_with_args(given)
    }
}

/// Two texts one after the other, as `||` gives them: nothing where one of them is nothing.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Joined {
    signature: Signature,
}

impl ScalarUDFImpl for Joined {
    fn name(&self) -> &'static str {
        "text_joined"
    }
    fn signature(&self) -> &Signature {
        &self.signature
    }
    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }
    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        if let Some(other) = given.iter().find(|kind| kind.is_nested()) {
            return plan_err!("|| joins texts, and this is {other}");
        }
        Ok(vec![DataType::Utf8; 2])
    }
    fn invoke_with_args(&self, given: ScalarFunctionArgs) -> Result<ColumnarValue> {
        within(self.name(), &given.args, given.number_rows)?;
        if let [ColumnarValue::Scalar(left), ColumnarValue::Scalar(right)] = &given.args[..] {
            let both = left.try_as_str().flatten().zip(right.try_as_str().flatten());
            let text = both.map(|(left, right)| format!("{left}{right}"));
            return Ok(ColumnarValue::Scalar(ScalarValue::Utf8(text)));
        }
        let [left, right] = two(given)?;
        let texts = concat_elements_utf8(left.as_string::<i32>(), right.as_string::<i32>())?;
        Ok(ColumnarValue::Array(Arc::new(texts)))
    }
}

fn two(given: ScalarFunctionArgs) -> Result<[ArrayRef; 2]> {
    let rows = given.number_rows;
    let arrays: Vec<ArrayRef> =
        given.args.into_iter().map(|a| a.into_array(rows)).collect::<Result<_>>()?;
    arrays.try_into().map_err(|_| DataFusionError::Execution("|| joins two texts".into()))
}

/// A text that an aggregate made, as it is, where it is not too long.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Held {
    signature: Signature,
}

impl ScalarUDFImpl for Held {
    fn name(&self) -> &'static str {
        BOUNDED
    }
    fn signature(&self) -> &Signature {
        &self.signature
    }
    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }
    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        Ok(vec![DataType::Utf8; given.len()])
    }
    fn invoke_with_args(&self, given: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = given.number_rows;
        let Some(text) = given.args.into_iter().next() else {
            return exec_err!("{BOUNDED} holds one text");
        };
        let long = match Lengths::of(&text) {
            Lengths::One(text) => text.map_or(0, str::len),
            many @ Lengths::Many(_) => (0..rows).map(|row| many.at(row)).max().unwrap_or(0),
        };
        if long > TEXT_BYTES_MAX { too_long() } else { Ok(text) }
    }
}

/// Puts the bounded joining of texts in the place of `||`.
#[derive(Debug)]
pub(super) struct JoinsTexts(pub(super) Arc<ScalarUDF>);

impl JoinsTexts {
    pub(super) fn new() -> Self {
        let signature = Signature::user_defined(Volatility::Immutable);
        Self(Arc::new(ScalarUDF::new_from_impl(Joined { signature })))
    }
}

impl FunctionRewrite for JoinsTexts {
    fn name(&self) -> &'static str {
        "texts are joined within bounds"
    }
    fn rewrite(
        &self,
        expression: Expr,
        _: &DFSchema,
        _: &ConfigOptions,
    ) -> Result<Transformed<Expr>> {
        match expression {
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::StringConcat, right }) => {
                Ok(Transformed::yes(self.0.call(vec![*left, *right])))
            }
            other => Ok(Transformed::no(other)),
        }
    }
}
