//! The query engine with its limits. Nothing here can write, reach the network or open a file that
//! is not one of the test's populations: no file formats, table factories or table functions are
//! registered, and the query has been read by `sandbox.rs` before it comes here.

use std::collections::BTreeSet;
use std::future::Future;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use datafusion::common::DataFusionError;
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::registry::FunctionRegistry as _;
use datafusion::logical_expr::{AggregateUDF, ScalarUDF, Volatility, WindowUDF};
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};

use crate::census::functions;
use crate::census::sandbox::is_approximate;
use crate::census::texts::{self, JoinsTexts};
use crate::error::{Error, Result, excerpt};
use crate::progress::Watch;

/// Stack of the threads that plan and run queries: plans are trees and are walked by recursion.
const STACK_BYTES: usize = 256 * 1024 * 1024;
const WORKER_STACK_BYTES: usize = 32 * 1024 * 1024;
const CONSUMERS_NAMED: NonZeroUsize = NonZeroUsize::MIN;
/// How often a running query looks whether it is to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Functions that make one value of many: a list or a record is copied whole with every row that it is
/// joined to, and neither the bounds on texts nor a result can hold one.
const COMPOSES: [&str; 3] = ["array_agg", "struct", "named_struct"];

/// Limits of one run.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    pub(super) memory_bytes: usize,
    pub(super) spill_bytes: u64,
    pub(super) spill_directory: PathBuf,
    pub(super) time: Duration,
    pub(super) threads: usize,
}

/// The functions a query may call.
pub(super) struct Functions {
    scalar: Vec<Arc<ScalarUDF>>,
    aggregate: Vec<Arc<AggregateUDF>>,
    window: Vec<Arc<WindowUDF>>,
}

impl Functions {
    /// Every function whose answer depends on its arguments alone, and our own.
    pub(super) fn steady() -> Self {
        let mut scalar: Vec<_> = SessionStateDefaults::default_scalar_functions()
            .into_iter()
            .filter(|function| function.signature().volatility == Volatility::Immutable)
            .filter(|function| !COMPOSES.contains(&function.name()))
            .map(texts::bounded)
            .collect();
        scalar.extend(functions::all());
        scalar.extend(texts::all());
        let aggregate = SessionStateDefaults::default_aggregate_functions()
            .into_iter()
            .filter(|function| !is_approximate(function.name()))
            .filter(|function| !COMPOSES.contains(&function.name()))
            .collect();
        Self { scalar, aggregate, window: SessionStateDefaults::default_window_functions() }
    }

    /// Their names, aliases included.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut add = |name: &str, aliases: &[String]| {
            names.insert(name.to_lowercase());
            names.extend(aliases.iter().map(|alias| alias.to_lowercase()));
        };
        self.scalar.iter().for_each(|function| add(function.name(), function.aliases()));
        self.aggregate.iter().for_each(|function| add(function.name(), function.aliases()));
        self.window.iter().for_each(|function| add(function.name(), function.aliases()));
        names
    }
}

/// How two tables are brought together on equal keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joins {
    /// One of them is a table in memory: quick, and refused when it does not fit.
    InMemory,
    /// Both are sorted, with temporary files where memory does not suffice.
    Sorted,
}

/// A session that knows the given functions and no tables yet.
pub(super) fn session(
    functions: Functions,
    limits: &Limits,
    joins: Joins,
) -> Result<SessionContext> {
    let mut config = SessionConfig::new()
        .with_target_partitions(limits.threads.clamp(1, 64))
        .with_information_schema(false);
    let options = config.options_mut();
    options.execution.parquet.schema_force_view_types = false;
    options.execution.enable_recursive_ctes = false;
    options.optimizer.prefer_hash_join = joins == Joins::InMemory;
    // Every part of a query that can go on in temporary files gets an equal share of the memory, so
    // that none starves those behind it. Consumers are tracked so that a refusal can name them.
    let pool = TrackConsumersPool::new(FairSpillPool::new(limits.memory_bytes), CONSUMERS_NAMED);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(pool))
        .with_disk_manager_builder(
            DiskManagerBuilder::default()
                .with_mode(DiskManagerMode::Directories(vec![limits.spill_directory.clone()]))
                .with_max_temp_directory_size(limits.spill_bytes),
        )
        .build_arc()
        .map_err(|error| engine_error(&error))?;
    let mut state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_expr_planners(SessionStateDefaults::default_expr_planners())
        .with_scalar_functions(functions.scalar)
        .with_aggregate_functions(functions.aggregate)
        .with_window_functions(functions.window)
        .build();
    state
        .register_function_rewrite(Arc::new(JoinsTexts::new()))
        .map_err(|error| engine_error(&error))?;
    Ok(SessionContext::new_with_state(state))
}

/// Makes a frozen population's rows readable under a name.
pub(super) async fn register(context: &SessionContext, name: &str, rows: &Path) -> Result<()> {
    let url = file_url(rows)?;
    context
        .register_parquet(name, url, ParquetReadOptions::default())
        .await
        .map_err(|error| engine_error(&error))
}

/// A `file:` address, in which no character of the path means a pattern.
fn file_url(path: &Path) -> Result<String> {
    let whole = std::path::absolute(path).map_err(|error| Error::io("finding", path, error))?;
    let text = whole.to_str().ok_or_else(|| {
        Error::File(format!("The path {} is not UTF-8; move the population.", whole.display()))
    })?;
    let mut url = String::from("file://");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(url)
}

/// Runs asynchronous work to its end on threads of its own, within the time limit.
///
/// # Errors
/// Those of the work; [`Error::Limit`] when time runs out, [`Error::Cancelled`] on request.
pub(super) fn run_to_end<T: Send>(
    limits: &Limits,
    watch: &dyn Watch,
    work: impl Future<Output = Result<T>> + Send,
) -> Result<T> {
    let threads = limits.threads.clamp(1, 64);
    let time = limits.time;
    std::thread::scope(|scope| {
        let thread =
            std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, move || {
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(threads)
                    .thread_stack_size(WORKER_STACK_BYTES)
                    .enable_time()
                    .build()
                    .map_err(|error| Error::Engine(error.to_string()))?;
                let result = runtime.block_on(until_stopped(time, watch, work));
                runtime.shutdown_timeout(Duration::from_secs(10));
                result
            });
        match thread {
            Err(error) => Err(Error::Engine(format!("no thread could be started: {error}"))),
            Ok(thread) => thread.join().unwrap_or_else(|_| {
                Err(Error::Engine(
                    "it stopped unexpectedly; the query may be too deeply nested".into(),
                ))
            }),
        }
    })
}

async fn until_stopped<T>(
    time: Duration,
    watch: &dyn Watch,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let mut work = pin!(work);
    let mut end = pin!(tokio::time::sleep(time));
    let mut look = tokio::time::interval(LOOK_EVERY);
    loop {
        tokio::select! {
            result = &mut work => return result,
            () = &mut end => return Err(Error::Limit(format!(
                "The query was stopped after {} seconds, which is the limit. Make it join on keys and filter early.",
                time.as_secs_f64()
            ))),
            _ = look.tick() => if watch.cancelled() {
                return Err(Error::Cancelled);
            },
        }
    }
}

/// The engine's error in plain words: the query's author can act on most of them.
pub(super) fn engine_error(error: &DataFusionError) -> Error {
    let text = plainer(&error.find_root().strip_backtrace());
    let used_up = text.contains("max_temp_directory_size");
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => Error::Limit(too_large(&text)),
        _ if used_up => Error::Limit(too_large(&text)),
        DataFusionError::Internal(_)
        | DataFusionError::IoError(_)
        | DataFusionError::ObjectStore(_)
        | DataFusionError::ParquetError(_) => Error::Engine(text),
        _ => Error::Test(text),
    }
}

fn too_large(text: &str) -> String {
    format!(
        "The query needs more memory or temporary space than it may have. Make it join on keys and filter early. ({text})"
    )
}

/// Without the engine's own headings and the names of its catalogue, which say nothing to the author.
fn plainer(text: &str) -> String {
    let mut text = text.trim().to_owned();
    for noise in [
        "Error during planning: ",
        "Execution error: ",
        "Schema error: ",
        "SQL error: ",
        "Optimizer rule 'simplify_expressions' failed caused by ",
        "datafusion.public.",
    ] {
        text = text.replace(noise, "");
    }
    excerpt(&text, 500)
}
