//! Which criteria a reporting policy serves, and with which of its parts.

use crate::policy::model::{ClockKind, PolicyBody, Topic};
use crate::policy::rules::checklist::checklist;

/// A criterion with the questions of the checklist that it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The criterion's id.
    pub criterion: &'static str,
    /// The questions whose answers serve it.
    pub topics: &'static [Topic],
    /// The clocks without which it is not served in time.
    pub clocks: &'static [ClockKind],
}

/// What the criteria of security and availability ask of a reporting policy.
pub const ASKED: [Asked; 10] = [
    Asked {
        criterion: "CC2.2",
        topics: &[Topic::Types, Topic::Steps, Topic::Channels, Topic::Training],
        clocks: &[],
    },
    Asked {
        criterion: "CC2.3",
        topics: &[Topic::Channels, Topic::Tracking, Topic::Notice],
        clocks: &[ClockKind::Answer, ClockKind::Update],
    },
    Asked { criterion: "CC4.2", topics: &[Topic::Escalation, Topic::Outcome], clocks: &[] },
    Asked { criterion: "CC5.3", topics: &[Topic::Review], clocks: &[] },
    Asked { criterion: "CC7.2", topics: &[Topic::Types, Topic::Tracking], clocks: &[] },
    Asked { criterion: "CC7.3", topics: &[Topic::Severities], clocks: &[ClockKind::Triage] },
    Asked {
        criterion: "CC7.4",
        topics: &[Topic::Escalation, Topic::Targets, Topic::Notice],
        clocks: &[ClockKind::Acknowledge, ClockKind::Contain, ClockKind::Resolve],
    },
    Asked {
        criterion: "CC7.5",
        topics: &[Topic::Outcome, Topic::Evidence],
        clocks: &[ClockKind::Review],
    },
    Asked { criterion: "CC9.2", topics: &[Topic::Channels, Topic::Escalation], clocks: &[] },
    Asked {
        criterion: "A1.2",
        topics: &[Topic::Targets, Topic::Severities],
        clocks: &[ClockKind::Contain, ClockKind::Resolve],
    },
];

/// How a policy serves one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aligned {
    /// What was asked.
    pub asked: Asked,
    /// Questions without an answer.
    pub unanswered: Vec<Topic>,
    /// Clocks that no severity has.
    pub unmeasured: Vec<ClockKind>,
}

impl Aligned {
    /// Whether nothing is missing.
    #[must_use]
    pub fn served(&self) -> bool {
        self.unanswered.is_empty() && self.unmeasured.is_empty()
    }
}

/// How a policy serves the criteria of security and availability.
#[must_use]
pub fn alignment(body: &PolicyBody) -> Vec<Aligned> {
    let answers = checklist(body);
    let open = |topic: &Topic| answers.iter().any(|a| a.topic == *topic && !a.answered());
    let missing = |clock: &ClockKind| !body.rows.iter().any(|r| r.targets.contains_key(clock));
    ASKED
        .into_iter()
        .map(|asked| Aligned {
            unanswered: asked.topics.iter().copied().filter(|t| open(t)).collect(),
            unmeasured: asked.clocks.iter().copied().filter(|c| missing(c)).collect(),
            asked,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::template;
    use super::*;

    #[test]
    fn every_criterion_asked_exists_and_the_template_serves_it() {
        for aligned in alignment(&template()) {
            aligned.asked.criterion.parse::<scope::catalogue::CriterionId>().unwrap();
            assert!(aligned.served(), "{aligned:?}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let mut body = template();
        for row in &mut body.rows {
            row.targets.remove(&ClockKind::Contain);
        }
        let open: Vec<_> = alignment(&body)
            .into_iter()
            .filter(|a| !a.served())
            .map(|a| a.asked.criterion)
            .collect();
        assert_eq!(open, ["CC7.4", "A1.2"]);
    }
}
