//! Which answers are acceptable, and their tally.

use super::super::model::{Answers, SEGMENT, Survey};
use super::bank::{self, AnswerKind};
use super::suppress::Counts;
use kernel::refusal::{Refusal, sentence};

/// The longest answer in words.
pub const TEXT_MAX: usize = 2_000;

/// The answers of a form, checked against the survey: nothing that was not asked, nothing that could
/// not be chosen. Every question may be left open.
///
/// # Errors
/// [`Refusal::Input`] when an answer could not be chosen, or nothing was answered at all.
pub fn checked(survey: &Survey, given: &Answers) -> Result<Answers, Refusal> {
    let mut kept = Answers::new();
    for id in &survey.questions {
        let Some(question) = bank::question(id) else { continue };
        let Some(answer) = given.get(id).map(|a| a.trim()).filter(|a| !a.is_empty()) else {
            continue;
        };
        let answer = match question.kind {
            AnswerKind::Text => sentence("answer", answer, TEXT_MAX)?,
            kind if kind.values().contains(&answer) => answer.to_owned(),
            _ => {
                return Err(Refusal::input(
                    "One answer is not among those that can be chosen. Choose again.",
                ));
            }
        };
        kept.insert(id.clone(), answer);
    }
    if kept.is_empty() {
        return Err(Refusal::input("Nothing is answered yet. Answer at least one question."));
    }
    if let Some(segment) = given.get(SEGMENT).filter(|s| survey.segments.contains(s)) {
        kept.insert(SEGMENT.to_owned(), segment.clone());
    }
    Ok(kept)
}

/// How often each value of a question was chosen: one row per segment (one row in all where none are
/// asked), in the order of the survey; who chose no segment stands in the last row.
#[must_use]
pub fn tally(
    survey: &Survey,
    question: &str,
    answers: &[Answers],
) -> (Vec<Option<String>>, Counts) {
    let values = bank::question(question).map_or(&[][..], |q| q.kind.values());
    let mut rows: Vec<Option<String>> = survey.segments.iter().cloned().map(Some).collect();
    rows.push(None);
    let mut counts = vec![vec![0u32; values.len()]; rows.len()];
    for answer in answers {
        let Some(value) = answer.get(question) else { continue };
        let Some(column) = values.iter().position(|v| v == value) else { continue };
        let own = answer.get(SEGMENT);
        let row = rows.iter().position(|r| r.as_ref() == own).unwrap_or(rows.len() - 1);
        if let Some(cell) = counts.get_mut(row).and_then(|r| r.get_mut(column)) {
            *cell += 1;
        }
    }
    (rows, counts)
}

/// What was written in answer to a question, in alphabetical order, so that the order of arrival and
/// the answers of one person to several questions stay apart.
#[must_use]
pub fn written<'a>(question: &str, answers: &'a [Answers]) -> Vec<&'a str> {
    let mut all: Vec<&str> =
        answers.iter().filter_map(|a| a.get(question)).map(String::as_str).collect();
    all.sort_unstable();
    all
}
