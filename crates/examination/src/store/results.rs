//! What the report prints: tests, results, exceptions, conclusions, each with the entries it comes from.
//!
//! The sentences follow the templates of section IV of a report: what was looked at, for how many of
//! how many items, chosen how, to determine what; and what came of it. A result is never blank.

use crate::model::{
    About, Concluded, Deviation, DeviationSource, PopulationId, Sample, SelectionMethod, Standing,
    Test, Verdict,
};
use crate::planning::rules::ASSUMED_EVENTS;
use crate::rules::control::{DesignState, OperationState};
use crate::rules::cover::in_words;
use crate::rules::deviation::{Procedure, TestBasis};
use crate::rules::item::{ItemFacts, Tally, tally};
use crate::rules::opinion::Proposal;
use crate::store::facts::test_evidence;
use crate::store::{Papers, Proposed, Uncovered, criteria_proposed, proposed};
use controls::model::{Control, ControlId};
use kernel::ids::{EngagementId, EventId};
use platform::db::{Conn, Result};
use scope::catalogue::CriterionId;
use serde::Serialize;
use std::collections::BTreeSet;

/// Everything of the examination that the report needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Results {
    /// Every control in force, by code.
    pub controls: Vec<ControlResult>,
    /// Every criterion in scope, in order.
    pub criteria: Vec<CriterionResult>,
    /// What the rules propose now; absent when the record contradicts itself.
    pub proposal: Option<Proposal>,
    /// Why there is no proposal.
    pub no_proposal: Option<String>,
    /// The opinion as concluded, if somebody concluded.
    pub opinion: Option<Concluded>,
    /// Deviations recorded, over all controls.
    pub deviations: usize,
    /// Results that nobody has reviewed.
    pub unreviewed: usize,
}

/// One control's line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ControlResult {
    /// The control.
    pub control: ControlId,
    /// Its code.
    pub code: String,
    /// Its statement, as tested.
    pub statement: String,
    /// The criteria it serves.
    pub criteria: Vec<CriterionId>,
    /// Its tests.
    pub tests: Vec<TestResult>,
    /// Its conclusion, with whether it stands.
    pub conclusion: Option<Concluded>,
    /// What is still open, in sentences.
    pub open: Vec<String>,
    /// Days of the period for which its tests rest on no list of occurrences.
    pub uncovered: Vec<Uncovered>,
    /// What the report prints where a control has no test: that it did not operate, or was not tested.
    pub stated: Option<String>,
}

/// One test's line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestResult {
    /// The test's code.
    pub code: String,
    /// How evidence was obtained.
    pub procedure: Procedure,
    /// On what it rests.
    pub basis: TestBasis,
    /// Items tested.
    pub n: Option<u64>,
    /// Items in the population.
    pub population: Option<u64>,
    /// Deviating items among them.
    pub deviations: u64,
    /// Items that were named on purpose beside a sample; they count in no rate.
    pub named: u64,
    /// Deviating items among those.
    pub named_deviations: u64,
    /// Hash of the population, if there is one.
    pub population_sha256: Option<String>,
    /// How items were chosen, as the report says it.
    pub method: String,
    /// What was done.
    pub text: String,
    /// How completeness and accuracy was evaluated of each list that the organisation produced and the
    /// test used.
    pub information: Vec<String>,
    /// What was not done of the checks of a population when a sample was drawn from it, in sentences.
    pub drawn_before_checks: Vec<String>,
    /// What came of it. Never blank.
    pub result: String,
    /// The exceptions.
    pub exceptions: Vec<ExceptionResult>,
    /// The entries of the firm's log from which the figures come.
    pub entries: Vec<EventId>,
}

/// One exception as the report prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExceptionResult {
    /// What happened.
    pub facts: String,
    /// From and to, where known.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// What the organisation said.
    pub client_statement: String,
    /// What was put right.
    pub correction: String,
    /// The entry that holds it.
    pub entry: EventId,
}

/// One criterion's line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriterionResult {
    /// The criterion.
    pub criterion: CriterionId,
    /// What the rules propose.
    pub proposed: Option<Verdict>,
    /// Why it is not plainly met, in sentences.
    pub reasons: Vec<String>,
    /// What was concluded, with whether it stands.
    pub conclusion: Option<Concluded>,
}

/// Results of an engagement for its report. Callers hold a permit of this room, or, once the report is
/// issued, of the report.
///
/// # Errors
/// [`kernel::refusal::Refusal::NotFound`] when there is no such engagement or no firm has joined it.
pub fn results(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Results> {
    Ok(Papers::load(conn, engagement)?.results())
}

impl Papers {
    /// Results for the report.
    #[must_use]
    pub fn results(&self) -> Results {
        let proposal = proposed(self, About::Opinion, DesignState::Suitable);
        let (proposal, no_proposal) = match proposal {
            Ok(Proposed::Opinion(proposal)) => (Some(*proposal), None),
            Ok(_) => (None, None),
            Err(fault) => (None, Some(fault.to_string())),
        };
        Results {
            controls: self.controls.iter().map(|c| self.control_result(c)).collect(),
            criteria: self.criterion_results(),
            proposal,
            no_proposal,
            opinion: self.conclusion(About::Opinion),
            deviations: self.deviations.len(),
            unreviewed: self.unreviewed(),
        }
    }

    /// One control's line.
    #[must_use]
    pub fn control_result(&self, control: &Control) -> ControlResult {
        let conclusion = self.conclusion(About::Control { control: control.id });
        let stated = conclusion.as_ref().and_then(stated);
        ControlResult {
            control: control.id,
            code: control.text.code.clone(),
            statement: control.text.statement.clone(),
            criteria: control.text.criteria.clone(),
            tests: self.tests_of(control.id).map(|t| self.test_result(t)).collect(),
            open: self.open_for(control.id),
            uncovered: self.uncovered(control.id),
            conclusion,
            stated,
        }
    }

    /// What is still open of a control, in sentences: unfinished tests, days that no list covers.
    #[must_use]
    pub fn open_for(&self, control: ControlId) -> Vec<String> {
        let mut open = self.evidence_for(control).open;
        open.extend(self.uncovered(control).iter().map(Uncovered::sentence));
        open
    }

    /// Every criterion's line, in order.
    #[must_use]
    pub fn criterion_results(&self) -> Vec<CriterionResult> {
        let found = criteria_proposed(self).unwrap_or_default();
        let line = |criterion: CriterionId| {
            let finding = found.iter().find(|f| f.id.to_string() == criterion.to_string());
            CriterionResult {
                criterion,
                proposed: finding
                    .map(|f| Verdict::Criterion { design: f.design, operation: f.operation }),
                reasons: finding.map_or_else(Vec::new, |f| {
                    f.design_reasons.iter().chain(&f.operation_reasons).cloned().collect()
                }),
                conclusion: self.conclusion(About::Criterion { criterion }),
            }
        };
        self.criteria().into_iter().map(line).collect()
    }

    /// One test's line.
    #[must_use]
    pub fn test_result(&self, test: &Test) -> TestResult {
        let figures = self.figures(test);
        let exceptions: Vec<ExceptionResult> =
            self.deviations_of(test.id).map(exception_of).collect();
        let open = test_evidence(self, test).open;
        let result = if open.is_empty() {
            result_text(self, test, &figures)
        } else {
            format!("Not finished: {}", open.join(" "))
        };
        let mut entries = vec![test.event];
        entries.extend(&figures.entries);
        entries.extend(exceptions.iter().map(|e| e.entry));
        TestResult {
            code: test.plan.code.clone(),
            procedure: test.plan.procedure,
            basis: test.plan.basis,
            n: figures.n,
            population: figures.population,
            deviations: figures.deviations,
            named: figures.named.iter().map(|g| g.n).sum(),
            named_deviations: figures.named.iter().map(|g| g.deviations).sum(),
            population_sha256: figures.sha256.clone(),
            method: figures.method.clone(),
            text: test_text(test, &figures, self.sizes.get(&test.id).map(|s| s.population)),
            information: self.information(test),
            drawn_before_checks: self.drawn_before_checks(test),
            result,
            exceptions,
            entries,
        }
    }

    /// How completeness and accuracy was evaluated of the lists that a test used, as the report says it.
    fn information(&self, test: &Test) -> Vec<String> {
        let census = self.censuses.get(&test.id);
        let samples = self.samples.get(&test.id).into_iter().flatten();
        let used: BTreeSet<PopulationId> = match census {
            Some(census) => census.body.populations.iter().map(|u| u.population).collect(),
            None => samples.filter_map(|s| s.body.population).collect(),
        };
        used.into_iter()
            .filter_map(|id| self.populations.get(&id))
            .map(|population| {
                let ipe = self.ipe_of(population.id);
                let states = crate::ipe::rules::of_population(&population.body, &ipe);
                let line = crate::ipe::rules::report_line(&states, &ipe);
                let left_out = self.days_left_out(population);
                if left_out.is_empty() {
                    return format!("Information used: {}. {line}", population.body.name);
                }
                format!(
                    "Information used: {}. {line} Of the period the list leaves out {}.",
                    population.body.name,
                    in_words(&left_out)
                )
            })
            .collect()
    }

    /// What was not done yet of the checks of the lists when the test's samples were drawn.
    fn drawn_before_checks(&self, test: &Test) -> Vec<String> {
        let samples = self.samples.get(&test.id).into_iter().flatten();
        samples
            .filter(|s| !s.body.notes.before_checks.is_empty())
            .map(|s| {
                let name = s.body.population.and_then(|id| self.populations.get(&id));
                let name = name.map_or("a list", |p| p.body.name.as_str());
                let lacked = s.body.notes.before_checks.join(" ");
                format!("Sample {} was drawn from “{name}” before: {lacked}", s.id)
            })
            .collect()
    }

    fn figures(&self, test: &Test) -> Figures {
        if let Some(census) = self.censuses.get(&test.id) {
            let followed = self.followed.get(&census.id).copied().unwrap_or_default();
            let items = census
                .body
                .population
                .saturating_sub(census.body.excluded)
                .saturating_sub(followed.not_in_population);
            let first = census.body.populations.first();
            let mut entries = vec![census.event];
            let used = census.body.populations.iter();
            entries
                .extend(used.filter_map(|u| self.populations.get(&u.population)).map(|p| p.event));
            return Figures {
                n: Some(items),
                population: Some(items),
                deviations: (followed.deviations + followed.undetermined).min(items),
                sha256: first.map(|u| u.canonical_sha256.clone()),
                method: "the whole population".to_owned(),
                sampled: false,
                named: Vec::new(),
                census: true,
                undetermined: followed.undetermined,
                entries,
            };
        }
        let samples = self.samples.get(&test.id).map(Vec::as_slice).unwrap_or_default();
        let (standing, further) = apart(samples);
        let counts = counted(self, &standing);
        let population =
            samples.iter().find_map(|s| s.body.population).and_then(|id| self.populations.get(&id));
        let mut entries: Vec<EventId> = samples.iter().map(|s| s.event).collect();
        entries.extend(population.map(|p| p.event));
        Figures {
            n: (!samples.is_empty()).then_some(counts.tested),
            population: population.map(|p| p.body.rows),
            deviations: counts.deviations,
            sha256: population.map(|p| p.body.canonical_sha256.clone()),
            method: method_words(&standing),
            sampled: standing.iter().any(|s| represents(s)),
            named: grouped(self, &further),
            census: false,
            undetermined: 0,
            entries,
        }
    }
}

struct Figures {
    n: Option<u64>,
    population: Option<u64>,
    deviations: u64,
    sha256: Option<String>,
    method: String,
    /// Whether the items stand for the population, so that a rate may be told of them.
    sampled: bool,
    /// Items beside the sample, by how they were chosen.
    named: Vec<Named>,
    census: bool,
    undetermined: u64,
    entries: Vec<EventId>,
}

/// Items that were chosen for themselves, beside a sample.
struct Named {
    method: String,
    n: u64,
    deviations: u64,
}

/// Whether the items of a sample stand for the population.
fn represents(sample: &Sample) -> bool {
    !matches!(sample.body.method, SelectionMethod::Targeted | SelectionMethod::Block)
}

/// The samples whose items stand for the population, and those that are told apart: items derived by seed
/// first, else items chosen haphazardly. Where there are none of either kind, what was named is all.
pub(crate) fn apart(samples: &[Sample]) -> (Vec<&Sample>, Vec<&Sample>) {
    let derived = samples.iter().any(|s| s.body.method.is_derived());
    let any = samples.iter().any(represents);
    samples
        .iter()
        .partition(|s| if derived { s.body.method.is_derived() } else { represents(s) || !any })
}

/// The items of some samples; a replaced item's successor that was also drawn counts once.
pub(crate) fn items_once<'a>(
    papers: &'a Papers,
    samples: &[&Sample],
) -> impl Iterator<Item = &'a ItemFacts> {
    let mut seen = std::collections::BTreeSet::new();
    let items: Vec<&'a ItemFacts> = samples
        .iter()
        .filter_map(|s| papers.items.get(&s.id))
        .flatten()
        .map(|i| &i.facts)
        .filter(|facts| seen.insert(facts.id.as_str()))
        .collect();
    items.into_iter()
}

fn counted(papers: &Papers, samples: &[&Sample]) -> Tally {
    let facts: Vec<ItemFacts> = items_once(papers, samples).cloned().collect();
    tally(&facts).unwrap_or_default()
}

fn grouped(papers: &Papers, samples: &[&Sample]) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    for sample in samples {
        let counts = counted(papers, &[sample]);
        let method = method_words(&[sample]);
        match out.iter_mut().find(|g| g.method == method) {
            Some(group) => {
                group.n += counts.tested;
                group.deviations += counts.deviations;
            }
            None => out.push(Named { method, n: counts.tested, deviations: counts.deviations }),
        }
    }
    out
}

fn method_words(samples: &[&Sample]) -> String {
    let mut words: Vec<&str> = samples
        .iter()
        .map(|s| match s.body.method {
            SelectionMethod::Random => "at random",
            SelectionMethod::Systematic => "systematically from a random start",
            SelectionMethod::Stratified => "at random within strata",
            SelectionMethod::Haphazard => "haphazardly",
            SelectionMethod::Targeted => "for stated reasons",
            SelectionMethod::Block => "as every item of a stated run",
        })
        .collect();
    words.dedup();
    words.join(" and ")
}

fn exception_of(deviation: &Deviation) -> ExceptionResult {
    let body = &deviation.body;
    ExceptionResult {
        facts: body.facts.clone(),
        from: body.from.clone(),
        to: body.to.clone(),
        client_statement: body.client_statement.clone(),
        correction: body.correction.clone(),
        entry: deviation.event,
    }
}

/// What was done: “Inspected … for a sample of 25 of 250 changes selected at random to determine
/// whether …”. Where items were chosen without a list, `planned` is how many the plan says there are.
fn test_text(test: &Test, figures: &Figures, planned: Option<u64>) -> String {
    let plan = &test.plan;
    let verb = match plan.procedure {
        Procedure::Inquiry => "Inquired about",
        Procedure::Observation => "Observed",
        Procedure::Inspection => "Inspected",
        Procedure::Reperformance => "Reperformed the control from",
    };
    let whether: Vec<&str> = plan.attributes.iter().map(|a| a.text.trim_end_matches('.')).collect();
    let items = match (figures.n, figures.population) {
        (Some(n), _) if figures.census => format!(" for all {n} {}", plan.items),
        (Some(n), Some(population)) if figures.sampled => format!(
            " for a sample of {n} of {population} {} selected {}",
            plan.items, figures.method
        ),
        (Some(n), Some(population)) => {
            format!(" for {n} of {population} {} selected {}", plan.items, figures.method)
        }
        (Some(1), None) if planned == Some(1) => {
            format!(" for 1 {}, the only one of the period,", one_of(&plan.items))
        }
        (Some(n), None) if planned == Some(n) => {
            format!(" for all {n} {} of the period", plan.items)
        }
        (Some(n), None) => {
            let of = planned.filter(|all| *all > n && *all != ASSUMED_EVENTS);
            let of = of.map_or_else(String::new, |all| format!(" of {all}"));
            let items =
                if n == 1 && of.is_empty() { one_of(&plan.items) } else { plan.items.clone() };
            format!(" for {n}{of} {items} selected {}", figures.method)
        }
        _ => String::new(),
    };
    let further: String = figures
        .named
        .iter()
        .map(|g| format!(", and for {} further {} selected {}", g.n, plan.items, g.method))
        .collect();
    let items = if further.is_empty() { items } else { format!("{items}{further},") };
    format!("{verb} {}{items} to determine whether {}.", plan.evidence, whether.join("; "))
}

/// The name of one item, from the name of several: “configurations of the portal”, “configuration of the
/// portal”.
fn one_of(items: &str) -> String {
    let at = [" of ", " in ", " with ", " that ", " who ", " for ", " from "]
        .iter()
        .filter_map(|word| items.find(word))
        .min()
        .unwrap_or(items.len());
    let (head, rest) = items.split_at(at);
    let one = if let Some(stem) = head.strip_suffix("ies") {
        format!("{stem}y")
    } else if let Some(stem) = ["sses", "ches", "shes", "xes"].iter().find_map(|end| {
        head.strip_suffix(end).map(|stem| format!("{stem}{}", end.trim_end_matches("es")))
    }) {
        stem
    } else {
        head.strip_suffix('s').filter(|stem| !stem.ends_with('s')).unwrap_or(head).to_owned()
    };
    format!("{one}{rest}")
}

/// What came of it.
fn result_text(papers: &Papers, test: &Test, figures: &Figures) -> String {
    let plan = &test.plan;
    let Some(n) = figures.n else { return "Not tested.".to_owned() };
    if n == 0 {
        return "Not tested: the event that would trigger this control did not occur in the period; the auditor inspected the population, which holds no item.".to_owned();
    }
    let named: u64 = figures.named.iter().map(|g| g.deviations).sum();
    if figures.deviations == 0 && named == 0 {
        return "No exceptions noted.".to_owned();
    }
    let deviations: Vec<&Deviation> = papers.deviations_of(test.id).collect();
    let mut letters: Vec<&str> =
        deviations.iter().filter_map(|d| d.body.attribute.as_deref()).collect();
    letters.sort_unstable();
    letters.dedup();
    let attributes: Vec<&str> = plan
        .attributes
        .iter()
        .filter(|a| letters.is_empty() || letters.contains(&a.letter.as_str()))
        .map(|a| a.text.trim_end_matches('.'))
        .collect();
    // A rate is told of the items that stand for the population; what was named beside them is told apart.
    let mut told = Vec::new();
    if figures.deviations > 0 {
        let kind = if figures.sampled { "sampled" } else { "tested" };
        told.push(format!("for {} of {n} {} {kind}", figures.deviations, plan.items));
    }
    let beside = figures.named.iter().filter(|g| g.deviations > 0);
    told.extend(beside.map(|g| {
        format!("for {} of {} further {} selected {}", g.deviations, g.n, plan.items, g.method)
    }));
    // What was seen not to be so is told apart from what nobody could show.
    let found = match figures.undetermined {
        0 => "this was not so",
        some if some >= figures.deviations => "this could not be shown",
        _ => "this was not so or could not be shown",
    };
    let mut text =
        format!("Exception noted: {}, {found}: {}", told.join(" and "), attributes.join("; "));
    if figures.deviations == 0 {
        text.push_str(&format!(". None of the {n} {} sampled deviated", plan.items));
    }
    for deviation in &deviations {
        let body = &deviation.body;
        text.push_str(". ");
        text.push_str(body.facts.trim().trim_end_matches('.'));
        if let (Some(from), Some(to)) = (&body.from, &body.to) {
            let days = if from == to { from.clone() } else { format!("{from} to {to}") };
            text.push_str(&format!(" ({days})"));
        }
        if let DeviationSource::Sample { items, .. } = &deviation.source {
            text.push_str(&format!(" ({})", items.join(", ")));
        }
    }
    if figures.undetermined > 0 {
        text.push_str(&format!(
            ". For {} of them it could not be determined",
            figures.undetermined
        ));
    }
    text.push('.');
    text
}

/// What is printed for a control by its conclusion alone.
fn stated(concluded: &Concluded) -> Option<String> {
    if concluded.stands != Standing::Stands {
        return None;
    }
    let Verdict::Control { operation, .. } = concluded.concluded else { return None };
    match operation {
        Some(OperationState::NotOperated) => Some(format!(
            "Not tested: the event that would trigger this control did not occur in the period; {}",
            concluded.proof.as_deref().unwrap_or(&concluded.reason)
        )),
        Some(OperationState::Unable) => Some(format!("Not tested: {}", concluded.reason)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::one_of;

    #[test]
    fn one_item_is_named_in_the_singular() {
        for (several, one) in [
            ("configurations", "configuration"),
            ("configurations of the portal", "configuration of the portal"),
            ("policies in force", "policy in force"),
            ("access reviews", "access review"),
            ("switches", "switch"),
            ("processes", "process"),
            ("access", "access"),
        ] {
            assert_eq!(one_of(several), one);
        }
    }
}
