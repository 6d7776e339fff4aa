//! How large a query becomes once everything that it names is put in the place of its name. A list that is
//! named twice in each of thirty steps is read a thousand million times, and a value that is written twice
//! in each becomes an expression of that length: planning such a query takes all memory before it has run
//! for a second, where no limit on running reaches it. So lists are counted in the query's text before
//! there is a plan, and values in the plan before the engine optimises it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use datafusion::common::DFSchema;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::sql::sqlparser::ast::{ObjectName, Query, Statement, Visit, Visitor};

use crate::census::engine::engine_error;
use crate::error::{Error, Result};

/// Most readings of lists, each counted as often as what names it is named itself.
const LISTS_MAX: u64 = 1_000;
/// Most parts of one expression, each value that it names written out.
const PARTS_MAX: u64 = 100_000;

/// Refuses a query that reads its lists too often, without writing it out: breaks with a plain
/// sentence.
pub(super) fn lists(statement: &Statement) -> ControlFlow<String> {
    let mut reader = Reader::default();
    statement.visit(&mut reader)
}

/// One query on the way from the outermost to the one being read.
#[derive(Default)]
struct Scope {
    /// How often lists are read by each query that `WITH` names here.
    named: BTreeMap<String, u64>,
    /// Where each of those queries stands in memory, with its name.
    places: BTreeMap<usize, String>,
    /// How often lists are read by this query so far.
    reads: u64,
}

#[derive(Default)]
struct Reader {
    scopes: Vec<Scope>,
}

fn place(query: &Query) -> usize {
    std::ptr::from_ref(query).addr()
}

impl Visitor for Reader {
    type Break = String;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<String> {
        let with = query.with.iter().flat_map(|with| &with.cte_tables);
        let named = with.map(|cte| (place(&cte.query), cte.alias.name.value.to_lowercase()));
        self.scopes.push(Scope { places: named.collect(), ..Scope::default() });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &Query) -> ControlFlow<String> {
        let Some(done) = self.scopes.pop() else { return ControlFlow::Continue(()) };
        let Some(outer) = self.scopes.last_mut() else { return ControlFlow::Continue(()) };
        match outer.places.get(&place(query)) {
            // What WITH names is read where it is named, as often as that.
            Some(name) => drop(outer.named.insert(name.clone(), done.reads.max(1))),
            None => outer.reads = outer.reads.saturating_add(done.reads),
        }
        self.within()
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<String> {
        let name = relation.to_string().trim_matches('"').to_lowercase();
        let times = self.scopes.iter().rev().find_map(|scope| scope.named.get(&name)).copied();
        if let Some(scope) = self.scopes.last_mut() {
            scope.reads = scope.reads.saturating_add(times.unwrap_or(1));
        }
        self.within()
    }
}

impl Reader {
    fn within(&self) -> ControlFlow<String> {
        if self.scopes.iter().any(|scope| scope.reads > LISTS_MAX) {
            return ControlFlow::Break(format!(
                "it reads its lists more than {LISTS_MAX} times once every name is written out; name fewer of them twice from step to step"
            ));
        }
        ControlFlow::Continue(())
    }
}

/// Refuses a plan of which a value is too large.
///
/// # Errors
/// [`Error::Test`] in plain words.
pub(super) fn check(plan: &LogicalPlan) -> Result<()> {
    weights(plan).map(drop)
}

/// How many parts each column of a plan has when it is written out down to the rows of the populations.
fn weights(plan: &LogicalPlan) -> Result<Vec<u64>> {
    let mut below = Vec::new();
    let mut inside: Vec<u64> = Vec::new();
    for input in plan.inputs() {
        let columns = weights(input)?;
        inside.extend(&columns);
        below.push((input.schema(), columns));
    }
    let weigh = |expression: &Expr| weight(expression, &below);
    let all = plan.expressions().iter().map(weigh).collect::<Result<Vec<u64>>>()?;
    let wide = plan.schema().fields().len();
    let columns = match plan {
        LogicalPlan::Projection(_) => all,
        // What is counted, or numbered, over rows is written out nowhere else.
        LogicalPlan::Aggregate(aggregate) => {
            let groups = aggregate.group_expr.len();
            all.iter().enumerate().map(|(at, own)| if at < groups { *own } else { 1 }).collect()
        }
        LogicalPlan::Window(window) => {
            inside.extend(window.window_expr.iter().map(|_| 1));
            inside
        }
        LogicalPlan::Union(_) => Vec::new(),
        _ => inside,
    };
    if columns.len() == wide {
        return Ok(columns);
    }
    // As many columns as one side has, or none of its own: the longest stands for each.
    let longest = below.iter().flat_map(|(_, columns)| columns).max().copied();
    Ok(vec![longest.unwrap_or(1); wide])
}

/// How many parts an expression has.
fn weight(
    expression: &Expr,
    below: &[(&datafusion::common::DFSchemaRef, Vec<u64>)],
) -> Result<u64> {
    let mut parts = 0_u64;
    let mut inner = Ok(());
    expression
        .apply(|part| {
            let own = match part {
                Expr::Column(column) => below
                    .iter()
                    .find_map(|(schema, columns)| {
                        let schema: &DFSchema = schema;
                        let at = schema.maybe_index_of_column(column)?;
                        columns.get(at).copied()
                    })
                    .unwrap_or(1),
                Expr::ScalarSubquery(query) => {
                    inner = weights(&query.subquery).map(drop);
                    1
                }
                Expr::Exists(query) => {
                    inner = weights(&query.subquery.subquery).map(drop);
                    1
                }
                Expr::InSubquery(query) => {
                    inner = weights(&query.subquery.subquery).map(drop);
                    1
                }
                _ => 1,
            };
            parts = parts.saturating_add(own);
            let go_on = inner.is_ok() && parts <= PARTS_MAX;
            Ok(if go_on { TreeNodeRecursion::Continue } else { TreeNodeRecursion::Stop })
        })
        .map_err(|error| engine_error(&error))?;
    inner?;
    if parts > PARTS_MAX {
        return Err(Error::Test(format!(
            "one of its values has more than {PARTS_MAX} parts once everything that it names is written out; name fewer values twice from step to step"
        )));
    }
    Ok(parts)
}
