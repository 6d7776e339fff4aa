//! Which days of the period the lists leave out that tests of operation select from or run over.

use crate::model::{Population, PopulationId, Test};
use crate::rules::cover::{Reach, in_words, uncovered};
use crate::rules::span::Span;
use crate::spans::model::ControlSpan;
use crate::store::Papers;
use crate::supplied::rules;
use controls::model::ControlId;
use scope::model::ReportType;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Days for which what a test looks for was looked for in no list of occurrences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Uncovered {
    /// The tests that look for the same in the same kind of items, by code.
    pub tests: Vec<String>,
    /// The lists that they select from or run over, by name.
    pub lists: Vec<String>,
    /// The days, in order.
    pub days: Vec<Span>,
}

impl Uncovered {
    /// The same as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let tests = if self.tests.len() == 1 { "Test" } else { "Tests" };
        let leave = if self.lists.len() == 1 { "which leaves" } else { "which together leave" };
        format!(
            "{tests} {}: rests on “{}”, {leave} out {}.",
            self.tests.join(" and "),
            self.lists.join("”, “"),
            in_words(&self.days)
        )
    }
}

/// What tests with the same attributes of the same items reach together.
#[derive(Default)]
struct Group {
    tests: Vec<String>,
    lists: BTreeSet<String>,
    reaches: Vec<Reach>,
}

impl Papers {
    /// The days of the period under examination that a list of occurrences leaves out. None of a capture,
    /// which speaks for its dates, and in a type 1 examination.
    #[must_use]
    pub fn days_left_out(&self, population: &Population) -> Vec<Span> {
        let coverage = population.body.coverage.as_ref();
        coverage.map_or_else(Vec::new, |coverage| rules::left_out(coverage, &self.engagement))
    }

    /// The days for which a control's tests rest on no list of occurrences: of the whole period, or of each
    /// stretch of a control that changed in it.
    #[must_use]
    pub fn uncovered(&self, control: ControlId) -> Vec<Uncovered> {
        let spans = self.spans_of(control);
        if spans.is_empty() {
            let tests: Vec<&Test> = self.tests_of(control).collect();
            return self.whole_period().map_or_else(Vec::new, |whole| self.left_by(whole, &tests));
        }
        spans.iter().flat_map(|span| self.uncovered_in(control, span)).collect()
    }

    /// The same for one stretch of a control.
    #[must_use]
    pub fn uncovered_in(&self, control: ControlId, span: &ControlSpan) -> Vec<Uncovered> {
        let tests: Vec<&Test> =
            self.tests_of(control).filter(|t| span.tests.contains(&t.id)).collect();
        self.whole_period().map_or_else(Vec::new, |_| self.left_by(span.days, &tests))
    }

    fn whole_period(&self) -> Option<Span> {
        let period = &self.engagement.period;
        (self.engagement.report_type == ReportType::Type2)
            .then(|| Span::new(period.start(), period.end()).ok())
            .flatten()
    }

    /// Tests that look for the same in the same items join: another list, or the rest of the period.
    /// Days of which only another attribute was tested stay uncovered.
    fn left_by(&self, wanted: Span, tests: &[&Test]) -> Vec<Uncovered> {
        let mut groups: BTreeMap<(String, Vec<String>), Group> = BTreeMap::new();
        for test in tests {
            let (reaches, lists) = self.reaches(test);
            if lists.is_empty() {
                continue;
            }
            let group = groups.entry(sought(test)).or_default();
            group.tests.push(test.plan.code.clone());
            group.lists.extend(lists);
            group.reaches.extend(reaches);
        }
        let left = |group: Group| {
            let days = uncovered(wanted, self.engagement.period.zone(), &group.reaches);
            let lists = group.lists.into_iter().collect();
            (!days.is_empty()).then_some(Uncovered { tests: group.tests, lists, days })
        };
        groups.into_values().filter_map(left).collect()
    }

    /// What one test reaches, and the names of its lists of occurrences. Samples of several lists add up; a
    /// run over several speaks for what all of them hold, because a missing row of any is a wrong answer.
    fn reaches(&self, test: &Test) -> (Vec<Reach>, Vec<String>) {
        let (mut reaches, mut lists) = (Vec::new(), Vec::new());
        for sample in self.samples.get(&test.id).into_iter().flatten() {
            if let Some((found, name)) = sample.body.population.and_then(|id| self.list(id)) {
                reaches.push(found);
                lists.push(name);
            }
        }
        if let Some(census) = self.censuses.get(&test.id) {
            let read: Vec<(Reach, String)> =
                census.body.populations.iter().filter_map(|u| self.list(u.population)).collect();
            let mut all = read.iter().map(|(found, _)| *found);
            let first = all.next();
            reaches.extend(first.and_then(|first| all.try_fold(first, Reach::and)));
            lists.extend(read.into_iter().map(|(_, name)| name));
        }
        (reaches, lists)
    }

    fn list(&self, id: PopulationId) -> Option<(Reach, String)> {
        let population = self.populations.get(&id)?;
        Some((reach(population)?, population.body.name.clone()))
    }
}

/// What a test looks for in which items, however it is spelt.
fn sought(test: &Test) -> (String, Vec<String>) {
    let plain = |text: &str| {
        text.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_lowercase()
    };
    let mut attributes: Vec<String> = test.plan.attributes.iter().map(|a| plain(&a.text)).collect();
    attributes.sort_unstable();
    (plain(&test.plan.items), attributes)
}

fn reach(population: &Population) -> Option<Reach> {
    population.body.coverage.as_ref().and_then(rules::reach)
}

/// The sentence that refuses a conclusion on operation over the whole of some days; none where every day
/// is covered.
#[must_use]
pub fn refused_for(left_out: &[Uncovered]) -> Option<String> {
    if left_out.is_empty() {
        return None;
    }
    let said: Vec<String> = left_out.iter().map(Uncovered::sentence).collect();
    Some(format!(
        "How a control operated over days of which no occurrence was looked at is not concluded. {} Freeze a list of the remaining days and test it too, or state the stretches of a control that changed in the period.",
        said.join(" ")
    ))
}

/// Every day that is left out, each once.
pub(super) fn days_of(left_out: &[Uncovered]) -> Vec<Span> {
    let mut all: Vec<Span> = left_out.iter().flat_map(|u| u.days.iter().copied()).collect();
    all.sort_unstable();
    let mut out: Vec<Span> = Vec::new();
    for span in all {
        match out.last_mut() {
            Some(last) if last.overlaps(span) => last.to = last.to.max(span.to),
            _ => out.push(span),
        }
    }
    out
}
