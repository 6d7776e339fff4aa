//! What a reporting policy leaves out: the twelve questions an examination asks of it.

use crate::model::Severity;
use crate::policy::model::{ClockKind, PolicyBody, Topic};

/// The shortest text that can answer a question, in characters: a word or two say nothing.
const SAYS_SOMETHING_CHARS: usize = 20;

/// How a policy answers one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub topic: Topic,
    /// Whether its text says something.
    pub text: bool,
    /// Whether the parts that the clocks read bear it out; none where no part does.
    pub parts: Option<bool>,
}

impl Answer {
    /// Whether the question is answered.
    #[must_use]
    pub fn answered(&self) -> bool {
        self.text && self.parts != Some(false)
    }
}

/// The answers, in the order of the questions. Words and parts are judged apart: a text that promises
/// what no clock measures is no answer.
#[must_use]
pub fn checklist(body: &PolicyBody) -> Vec<Answer> {
    Topic::ALL
        .into_iter()
        .map(|topic| Answer {
            topic,
            text: body
                .texts
                .get(&topic)
                .is_some_and(|t| t.trim().chars().count() >= SAYS_SOMETHING_CHARS),
            parts: parts(body, topic),
        })
        .collect()
}

fn parts(body: &PolicyBody, topic: Topic) -> Option<bool> {
    let every = |clock: ClockKind| {
        Severity::ALL.iter().all(|s| {
            body.rows.iter().any(|r| r.severity == Some(*s) && r.targets.contains_key(&clock))
        })
    };
    let while_undecided = |clock: ClockKind| {
        body.rows.iter().any(|r| r.severity.is_none() && r.targets.contains_key(&clock))
    };
    match topic {
        Topic::Types => Some(body.covers.len() == crate::model::CaseKind::ALL.len()),
        Topic::Severities => Some(Severity::ALL.iter().all(|s| body.severities.contains_key(s))),
        Topic::Targets => {
            Some(while_undecided(ClockKind::Acknowledge) && every(ClockKind::Resolve))
        }
        Topic::Escalation => Some(super::cannot_run(body).is_none()),
        Topic::Notice => Some(every(ClockKind::Answer) && every(ClockKind::Update)),
        Topic::Evidence => Some(body.retention_months > 0),
        Topic::Review => Some(body.review_months <= 12),
        Topic::Steps | Topic::Channels | Topic::Tracking | Topic::Outcome | Topic::Training => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::template;
    use super::*;

    #[test]
    fn the_template_answers_all_twelve() {
        let answers = checklist(&template());
        assert_eq!(answers.len(), 12);
        let open: Vec<_> = answers.iter().filter(|a| !a.answered()).collect();
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn a_text_without_its_part_is_no_answer_and_a_part_without_text_neither() {
        let mut body = template();
        body.review_months = 24;
        body.texts.insert(Topic::Steps, "Call us.".into());
        body.texts.remove(&Topic::Training);
        let open: Vec<Topic> =
            checklist(&body).iter().filter(|a| !a.answered()).map(|a| a.topic).collect();
        assert_eq!(open, [Topic::Steps, Topic::Training, Topic::Review]);
    }
}
