//! Counting on all threads at once, without bringing rows into any order. That units and answers
//! agree is seen from digests of their names. Where anything is not as it should be, this says only
//! that: the reading in order, in `sorted.rs`, then finds what it is and names it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::DataFrame;
use futures_util::StreamExt;
use tokio::task::JoinSet;

use crate::cell::Cell;
use crate::census::engine::engine_error;
use crate::census::tally::{Tally, as_planned, unit_of, within_rows_max};
use crate::digest::{DigestSet, Digester};
use crate::error::{Error, Result};
use crate::progress::{Progress, Stage, Watch};
use crate::views::View;

/// How often progress is reported.
const REPORT_EVERY: Duration = Duration::from_millis(200);

/// Counts all answers. `None` when some row is wrong, units and answers do not agree, or there are too
/// many reasons to know in no order which come first.
///
/// # Errors
/// [`Error::Limit`] when a query needs more memory than it may have; [`Error::Refused`] when the
/// result has too many rows; [`Error::Engine`].
pub(super) async fn count(
    units: DataFrame,
    answers: DataFrame,
    empty: impl Fn() -> Tally,
    threads: usize,
    watch: &dyn Watch,
) -> Result<Option<Tally>> {
    let rows = Arc::new(AtomicU64::new(0));
    let mut named = DigestSet::default();
    let reading = start(units, |stream| units_of(stream, Arc::clone(&rows))).await?;
    for part in together(reading, &rows, &()).await? {
        let Some(part) = part else { return Ok(None) };
        named.merge(part);
    }
    rows.store(0, Ordering::Relaxed);
    let reading = start(answers, |stream| answers_of(stream, empty(), Arc::clone(&rows))).await?;
    let mut answered = DigestSet::default();
    let mut whole = empty();
    for part in together(reading, &rows, watch).await? {
        let Some((digests, tally)) = part else { return Ok(None) };
        answered.merge(digests);
        whole.merge(tally)?;
    }
    let sound = whole.knows_first_reasons() && named.same_without_repeats(answered, threads);
    Ok(sound.then_some(whole))
}

/// Starts to read every part of a query's answer on a task of its own.
async fn start<T: Send + 'static, F: Future<Output = Result<T>> + Send + 'static>(
    frame: DataFrame,
    read: impl Fn(SendableRecordBatchStream) -> F,
) -> Result<JoinSet<Result<T>>> {
    let streams = frame.execute_stream_partitioned().await.map_err(|error| engine_error(&error))?;
    Ok(streams.into_iter().map(read).collect())
}

/// What all tasks found; order is of no interest. After a failure all have ended.
async fn together<T: Send + 'static>(
    mut tasks: JoinSet<Result<T>>,
    rows: &AtomicU64,
    watch: &dyn Watch,
) -> Result<Vec<T>> {
    let mut found = Vec::with_capacity(tasks.len());
    let mut report = tokio::time::interval(REPORT_EVERY);
    loop {
        tokio::select! {
            ended = tasks.join_next() => {
                let failure = match ended {
                    None => return Ok(found),
                    Some(Ok(Ok(part))) => {
                        found.push(part);
                        continue;
                    }
                    Some(Ok(Err(error))) => error,
                    Some(Err(error)) => Error::Engine(error.to_string()),
                };
                tasks.shutdown().await;
                return Err(failure);
            }
            _ = report.tick() => watch.progress(Progress {
                stage: Stage::Querying,
                rows: rows.load(Ordering::Relaxed),
                bytes: 0,
            }),
        }
    }
}

/// The digests of the units in one part; `None` when one is empty.
async fn units_of(
    mut stream: SendableRecordBatchStream,
    rows: Arc<AtomicU64>,
) -> Result<Option<DigestSet>> {
    let (mut digests, mut digester) = (DigestSet::default(), Digester::default());
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(|error| engine_error(&error))?;
        let Some(units) = batch.columns().first() else { return Ok(None) };
        if units.null_count() > 0 {
            return Ok(None);
        }
        for unit in units.as_string::<i32>().iter().flatten() {
            digests.push(digester.key([Cell::Text(unit)].into_iter()));
        }
        advance(&rows, &batch)?;
    }
    Ok(Some(digests))
}

/// The count of one part of the answers with the digests of its units; `None` when a row is wrong.
async fn answers_of(
    mut stream: SendableRecordBatchStream,
    mut tally: Tally,
    rows: Arc<AtomicU64>,
) -> Result<Option<(DigestSet, Tally)>> {
    let (mut digests, mut digester) = (DigestSet::default(), Digester::default());
    while let Some(batch) = stream.next().await {
        let batch = as_planned(&batch.map_err(|error| engine_error(&error))?, tally.schema())?;
        let views = View::all(&batch, batch.num_columns())?;
        for row in 0..batch.num_rows() {
            let Ok(unit) = unit_of(&views, row) else { return Ok(None) };
            digests.push(digester.key([Cell::Text(unit)].into_iter()));
            if tally.row(&views, row, unit).is_err() {
                return Ok(None);
            }
        }
        advance(&rows, &batch)?;
    }
    Ok(Some((digests, tally)))
}

/// Counts a batch; refuses a result that grows too large in all its parts together.
fn advance(rows: &AtomicU64, batch: &RecordBatch) -> Result<()> {
    let more = batch.num_rows() as u64;
    within_rows_max(rows.fetch_add(more, Ordering::Relaxed) + more)
}
