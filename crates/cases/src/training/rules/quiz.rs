//! How a quiz is written down, and how an answer is marked.
//!
//! A quiz is plain text: `? ` begins a question, `* ` a right choice, `- ` a wrong one, `! ` says why.

use super::super::model::{Material, Question};
use kernel::refusal::Refusal;
use std::fmt::Write as _;

/// Questions of a quiz at most.
pub const QUESTIONS_MAX: usize = 40;
/// Choices of a question at most.
pub const CHOICES_MAX: usize = 8;

fn wrong(line: usize, why: &str) -> Refusal {
    Refusal::field("quiz", format!("Line {line}: {why}"))
}

/// Reads a quiz.
///
/// # Errors
/// [`Refusal::Input`] on the field `quiz`, naming the line.
pub fn parse(text: &str) -> Result<Vec<Question>, Refusal> {
    let mut questions: Vec<Question> = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let (n, line) = (n + 1, line.trim());
        if line.is_empty() {
            continue;
        }
        let (mark, rest) = line.split_at(line.chars().next().map_or(0, char::len_utf8));
        let rest = rest.trim();
        if rest.is_empty() || rest.chars().count() > 500 {
            return Err(wrong(n, "write 1 to 500 characters after the sign."));
        }
        if mark == "?" {
            questions.push(Question {
                text: rest.to_owned(),
                choices: vec![],
                right: vec![],
                why: String::new(),
            });
            continue;
        }
        let Some(question) = questions.last_mut() else {
            return Err(wrong(n, "begin with a question, a line that starts with “?”."));
        };
        match mark {
            "*" | "-" => {
                if mark == "*" {
                    question.right.push(question.choices.len());
                }
                question.choices.push(rest.to_owned());
            }
            "!" => rest.clone_into(&mut question.why),
            _ => return Err(wrong(n, "a line starts with “?”, “*”, “-” or “!”.")),
        }
    }
    if questions.is_empty() || questions.len() > QUESTIONS_MAX {
        return Err(Refusal::field("quiz", format!("Write 1 to {QUESTIONS_MAX} questions.")));
    }
    for (n, q) in questions.iter().enumerate() {
        let fits = (2..=CHOICES_MAX).contains(&q.choices.len())
            && !q.right.is_empty()
            && q.right.len() < q.choices.len();
        if !fits {
            return Err(Refusal::field(
                "quiz",
                format!(
                    "Question {}: give 2 to {CHOICES_MAX} choices, at least one of them right (“*”) and one wrong (“-”).",
                    n + 1
                ),
            ));
        }
    }
    Ok(questions)
}

/// The quiz as it is written down.
#[must_use]
pub fn written(questions: &[Question]) -> String {
    let mut out = String::new();
    for q in questions {
        let _ = writeln!(out, "? {}", q.text);
        for (n, choice) in q.choices.iter().enumerate() {
            let _ = writeln!(out, "{} {choice}", if q.right.contains(&n) { '*' } else { '-' });
        }
        if !q.why.is_empty() {
            let _ = writeln!(out, "! {}", q.why);
        }
        out.push('\n');
    }
    out
}

/// How an answer was marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Question by question, whether it was answered rightly.
    pub each: Vec<bool>,
    /// Whether it is enough.
    pub passed: bool,
}

impl Marked {
    /// Questions answered rightly, of how many.
    #[must_use]
    pub fn score(&self) -> (i64, i64) {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        (count(self.each.iter().filter(|r| **r).count()), count(self.each.len()))
    }
}

/// Marks an answer: a question is right when exactly the right choices were made. It is passed when
/// the share of right ones reaches the mark, compared as whole numbers.
#[must_use]
pub fn mark(material: &Material, answers: &[Vec<usize>]) -> Marked {
    let each: Vec<bool> = material
        .questions
        .iter()
        .enumerate()
        .map(|(n, q)| {
            let mut chosen = answers.get(n).cloned().unwrap_or_default();
            chosen.sort_unstable();
            chosen.dedup();
            chosen == q.right
        })
        .collect();
    let mut marked = Marked { each, passed: false };
    let (right, of) = marked.score();
    marked.passed = of > 0 && right * 100 >= material.pass_percent * of;
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const QUIZ: &str =
        "? Where?\n* The page\n- A friend\n! It is answered.\n\n? Which two?\n* a\n- b\n* c\n";

    #[test]
    fn a_quiz_is_read_written_and_read_again() {
        let questions = parse(QUIZ).unwrap();
        assert_eq!(questions.len(), 2);
        assert_eq!(questions[1].right, [0, 2]);
        assert_eq!(parse(&written(&questions)).unwrap(), questions);
        for bad in ["", "* no question", "? q\n* only right", "? q\n- a\n- b", "? q\nx", "?"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mark_reached_exactly_is_passed_and_half_a_set_is_wrong() {
        let questions = parse(QUIZ).unwrap();
        let material = |pass_percent| Material {
            text: String::new(),
            questions: questions.clone(),
            pass_percent,
        };
        let half = [vec![0], vec![0]];
        assert_eq!(mark(&material(50), &half), Marked { each: vec![true, false], passed: true });
        assert!(!mark(&material(51), &half).passed);
        assert!(mark(&material(100), &[vec![0], vec![2, 0, 0]]).passed);
        assert!(!mark(&material(1), &[]).passed);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_is_read_is_whole(text in "([?*! -][ a-z]{0,6}\n){0,12}") {
            if let Ok(questions) = parse(&text) {
                prop_assert!(questions.iter().all(|q| q.right.iter().all(|r| *r < q.choices.len())));
                let right: Vec<_> = questions.iter().map(|q| q.right.clone()).collect();
                let material = Material { text: String::new(), questions, pass_percent: 100 };
                prop_assert!(mark(&material, &right).passed);
            }
        }
    }
}
