//! The room's tables: `apply` writes them, named queries read them.
//!
//! | file | holds |
//! |---|---|
//! | `apply.rs` | what each event means in rows |
//! | `read.rs` | plans, populations, samples, items, full-population tests, deviations |
//! | `papers.rs` | the whole file of one engagement, read once |
//! | `frozen.rs` | the organisation's registers as they were when the file was locked |
//! | `conclusions.rs` | conclusions, what they rest on, whether they still stand |
//! | `cover.rs` | days of the period that no list of occurrences covers |
//! | `described.rs` | what the description holds, who stated what of a criterion |
//! | `facts.rs` | the facts an opinion is proposed from, assembled from the record |
//! | `workpapers.rs` | what somebody who was not there needs to follow each test |
//! | `results.rs` | what the report prints: tests, results, exceptions, each with its entries |

mod apply;
mod conclusions;
mod cover;
mod described;
mod facts;
mod frozen;
mod papers;
mod read;
mod results;
mod workpapers;

pub use conclusions::{
    Proposed, compensations, conclusion_subject, criteria_proposed, inputs_rule, inputs_sha256,
    materiality_subject, matters_subject, proposed, spans_subject,
};
pub use cover::{Uncovered, refused_for};
pub use described::{CriterionStated, MaterialitySecond, StatedBy, stated_by};
pub use facts::{TestEvidence, facts_for_opinion, proposal, span_proposal};
pub(crate) use facts::{rule_criterion, span_tests, stated_of};
pub use papers::Papers;
pub use read::{
    Followed, census, census_row_disposition, census_rows, census_rows_open, censuses, deviation,
    deviations, file_of, followed, items, open_items, population, populations, sample, samples,
    test, test_by_code, tests, unreviewed,
};
pub use results::{ControlResult, CriterionResult, ExceptionResult, Results, TestResult, results};
pub(crate) use results::{apart, items_once};
pub use workpapers::{
    ControlPaper, OpinionPaper, PopulationsPaper, RunPaper, SamplePaper, TestPaper, control_paper,
    entries_of, opinion_paper, populations_paper,
};
