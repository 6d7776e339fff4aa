//! Pages of training.
//!
//! | module | pages |
//! |---|---|
//! | [`learn`] | `/training`: what I must learn; a course and its quiz; a text to confirm |
//! | [`practice`] | `/training/practice`: a report filed to practise |
//! | [`manage`] | `/training/manage`: coverage, who is late, completions |
//! | [`course`] | `/training/manage/courses/…`: a course, its material, who has to take it |

pub mod course;
pub mod learn;
pub mod manage;
pub mod practice;

use super::model::{Assignment, Rhythm};
use kernel::time::Timestamp;
use platform::ui::{Status, Tone};
use platform::words::Words;

pub(crate) fn rhythm_word(w: Words, rhythm: Rhythm) -> String {
    w.t(&format!("training-rhythm-{}", rhythm.word()))
}

pub(crate) fn status(w: Words, a: &Assignment, now: Timestamp) -> Status {
    if a.completed_at.is_some() {
        Status::new(Tone::Good, w.t("training-done"))
    } else if a.released_at.is_some() {
        Status::new(Tone::Closed, w.t("training-released"))
    } else if now > a.due_at {
        Status::new(Tone::Missed, w.t("training-late"))
    } else {
        Status::new(Tone::Waiting, w.t("training-open"))
    }
}
