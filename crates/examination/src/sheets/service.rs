//! Commands: permit, load, decide, record. Everything goes to the firm's log.
//!
//! | file | holds |
//! |---|---|
//! | `entry.rs` | results by tick marks, evidence matched to items |
//! | `review.rs` | review notes, the signatures of preparer and reviewer |
//! | `annotate.rs` | regions of documents, the legend |

mod annotate;
mod entry;
mod review;

pub use annotate::{AnnotationInput, LegendInput, annotate, state_legend, strike};
pub use entry::{Entered, Entry, enter, match_evidence};
pub use review::{answer_note, clear_note, raise_note, sign_prepared, sign_reviewed};

use super::events::SheetEvent;
use crate::model::{File, Item, Sample, SampleId};
use crate::store;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::{Conn, Result, Tx};
use platform::journal::{Expected, Origin, record};

/// The longest text of a note.
pub const NOTE_MAX: usize = 2_000;

fn file<A>(permit: &Permit<A>) -> Result<File, Refusal> {
    store::file_of(permit.facts())
}

/// The subject under which what belongs to a sheet is kept in the log.
fn subject(sample: SampleId) -> String {
    format!("{sample}/sheet")
}

fn write<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    subject: &str,
    expected: Expected,
    events: Vec<SheetEvent>,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), file(permit)?.firm);
    record(tx, env, &origin, subject, expected, events)?;
    Ok(())
}

fn sheet(conn: &mut Conn<'_>, file: File, sample: SampleId) -> Result<(Sample, Vec<Item>)> {
    let drawn = store::sample(conn, file, sample)?.ok_or(Refusal::NotFound)?;
    let items = store::items(conn, file, sample)?;
    Ok((drawn, items))
}
