//! Commands: permit, load, decide, record. Everything goes to the firm's log.
//!
//! | file | holds |
//! |---|---|
//! | `plan.rs` | planned tests; populations and their judgement |
//! | `work.rs` | samples, results, review |
//! | `census.rs` | full-population runs and what people decide about their rows |
//! | `deviations.rs` | deviations |
//! | `conclude.rs` | conclusions, second signatures |
//! | `together.rs` | one signature under the criteria that are plainly met |
//! | `stated.rs` | misstatements and limitations, compensation, materiality |
//! | `register.rs` | the case register as a population, which is read and not changed |

mod census;
mod conclude;
mod deviations;
mod plan;
pub mod register;
mod stated;
mod together;
mod work;

pub use census::{CENSUS_ROWS_MAX, CensusInput, judge_rows, record_census};
pub use conclude::{ConclusionInput, conclude, second, weigh, weigh_signed};
pub(crate) use conclude::{ask_second, backed_by_evidence, evaluated, may_sign};
pub use deviations::{DeviationInput, record_deviation, update_deviation};
pub use plan::{judge_population, plan_test, record_population};
pub use stated::{
    CompensationInput, MaterialityInput, RefusedInput, judge_materiality, propose_compensation,
    second_materiality, state_matters, state_refused,
};
pub use together::conclude_together;
pub use work::{
    ItemInput, SAMPLE_MAX, SampleInput, draw_sample, effective_seed, record_item, replace_item,
    review_items, seed_for,
};

use crate::events::ExaminationEvent;
use crate::model::File;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// The longest name.
pub const NAME_MAX: usize = 200;
/// The longest text.
pub const TEXT_MAX: usize = 4_000;

/// The file that a permit is for.
pub(crate) fn file<A>(permit: &Permit<A>) -> Result<File, Refusal> {
    crate::store::file_of(permit.facts())
}

/// Records in the firm's log.
pub(crate) fn write<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    subject: &str,
    expected: Expected,
    events: Vec<ExaminationEvent>,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), file(permit)?.firm);
    record(tx, env, &origin, subject, expected, events)?;
    Ok(())
}

/// A text that may be empty, within bounds.
fn optional(field: &'static str, value: &str, max: usize) -> Result<String, Refusal> {
    if value.trim().is_empty() {
        return Ok(String::new());
    }
    kernel::refusal::sentence(field, value, max)
}

/// 64 lower-case hexadecimal digits.
fn sha256_hex(field: &'static str, text: &str) -> Result<(), Refusal> {
    let good = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if good {
        Ok(())
    } else {
        Err(Refusal::field(field, "This must be a SHA-256 of 64 hexadecimal digits."))
    }
}
