//! Pages of planning: the plan, its risks and proposed tests; all engagements of the firm.
//!
//! | file | holds |
//! |---|---|
//! | `plan.rs`, `forms.rs` | `/examination/{engagement}/plan` |
//! | `risks.rs` | risks of material misstatement |
//! | `matrix.rs` | tests that the control matrix asks for |
//! | `sizes.rs` | how many items a test takes, and the approval of fewer |
//! | `overview.rs` | `/examination`: all engagements of the firm |

mod forms;
mod matrix;
mod overview;
mod plan;
mod risks;
mod sizes;

pub use matrix::{accept, proposal, proposals};
pub use overview::overview;
pub use plan::{act, proof, show};
pub use risks::{assess, list as risks};
pub use sizes::{resize, size};

use crate::rules::frequency::Risk;
use platform::ui::{Status, Tone};
use platform::words::Words;

/// A word of this subject in the reader's language.
fn word(w: Words, kind: &str, word: &str) -> String {
    w.t(&format!("planning-{kind}-{}", word.replace('_', "-").to_lowercase()))
}

/// A risk class with its shape.
fn risk(w: Words, risk: Risk) -> Status {
    let tone = match risk {
        Risk::Low => Tone::Good,
        Risk::Normal => Tone::Neutral,
        Risk::High => Tone::Attention,
    };
    Status::new(tone, word(w, "risk", risk.word()))
}

/// Minutes as hours with one decimal.
fn hours(w: Words, minutes: u64) -> String {
    let tenths = minutes.saturating_mul(10).saturating_add(30) / 60;
    // Figures of a budget are far below what a float holds exactly.
    let shown = f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0;
    w.decimal(shown, usize::from(!tenths.is_multiple_of(10)))
}
