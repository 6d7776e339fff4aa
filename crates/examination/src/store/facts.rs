//! The facts an opinion is proposed from, assembled from the record.

use crate::ipe::model::Ipe;
use crate::model::{
    About, Census, Concluded, Deviation, DeviationSource, Population, PopulationId, Sample, Test,
    Verdict,
};
use crate::rules::control::{
    ControlConclusion, ControlFacts, DesignState, Frame, SpanFacts, conclude_control,
};
use crate::rules::criteria::{Category, Criterion};
use crate::rules::deviation::{DeviationRecord, ExpansionFacts, TestBasis, TestFacts};
use crate::rules::expansion::Stage;
use crate::rules::facts::{
    CommitmentFacts, CriterionFacts, CsocFacts, CuecFacts, Facts, OtherCriteria, ReportType,
};
use crate::rules::item::{Fault, ItemFacts, tally};
use crate::rules::span::Span;
use crate::spans::model::{ControlSpan, SpanVerdict};
use crate::store::cover::days_of;
use crate::store::{Followed, Papers};
use controls::model::{Control, ControlId};
use kernel::ids::EngagementId;
use platform::db::{Conn, Result as DbResult};
use scope::catalogue::CriterionId;
use scope::model::SubserviceMethod;
use std::collections::BTreeSet;

/// One deviation is written out per item up to this many, so that its days can be told; beyond, once.
const RECORDS_PER_DEVIATION: usize = 50;

/// What one planned test gives: facts for the rules, or what is still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestEvidence {
    /// Facts of finished work.
    pub facts: Vec<TestFacts>,
    /// What is missing, in sentences.
    pub open: Vec<String>,
}

/// The facts that an opinion on the engagement is proposed from. Callers hold a permit of this room.
///
/// # Errors
/// [`kernel::refusal::Refusal::NotFound`] when there is no such engagement or no firm has joined it.
pub fn facts_for_opinion(conn: &mut Conn<'_>, engagement: EngagementId) -> DbResult<Facts> {
    Ok(facts_of(&Papers::load(conn, engagement)?))
}

/// A criterion as the rules know it.
pub(crate) fn rule_criterion(id: CriterionId) -> Result<Criterion, Fault> {
    id.to_string()
        .parse()
        .map_err(|e: crate::rules::criteria::UnknownCriterion| Fault(e.to_string()))
}

fn rule_criteria(ids: &[CriterionId]) -> Vec<Criterion> {
    // Both rooms know the same 61 identifiers; a test holds that.
    ids.iter().filter_map(|id| rule_criterion(*id).ok()).collect()
}

fn is_type_two(papers: &Papers) -> bool {
    papers.engagement.report_type == scope::model::ReportType::Type2
}

pub(super) fn frame(papers: &Papers) -> Frame {
    let period = &papers.engagement.period;
    let type_two = is_type_two(papers);
    Frame {
        type_two,
        period: if type_two { Span::new(period.start(), period.end()).ok() } else { None },
        as_of: (!type_two).then(|| period.end()),
    }
}

/// The facts of a file already read.
pub(super) fn facts_of(papers: &Papers) -> Facts {
    facts_with(papers, true)
}

/// The same without what people concluded on criteria.
pub(super) fn facts_without_criteria(papers: &Papers) -> Facts {
    facts_with(papers, false)
}

fn facts_with(papers: &Papers, concluded_criteria: bool) -> Facts {
    let frame = frame(papers);
    let matters = &papers.matters;
    let categories: Vec<Category> = papers
        .engagement
        .categories
        .iter()
        .filter_map(|c| serde_json::to_value(c).ok())
        .filter_map(|v| serde_json::from_value(v).ok())
        .collect();
    let scope: BTreeSet<Criterion> = Criterion::in_scope(&categories)
        .into_iter()
        .filter(|id| !matters.not_applicable.iter().any(|na| na.criterion == *id))
        .collect();
    Facts {
        report_type: if frame.type_two { ReportType::Two } else { ReportType::One },
        period: frame.period,
        as_of: frame.as_of,
        categories,
        not_applicable: matters.not_applicable.clone(),
        controls: papers.controls.iter().map(|c| control_facts(papers, c)).collect(),
        criteria: criteria(papers, &scope, concluded_criteria),
        // What nobody tested is not known to be met; nor is it evidence that could not be had.
        other_criteria: OtherCriteria::Open,
        commitments: commitments(papers),
        description: crate::rules::facts::DescriptionFacts {
            misstatements: papers.misstatements_weighed(),
        },
        scope_limitations: papers.limits_weighed(),
        management: matters.management.clone(),
        evidence_unreliable: matters.evidence_unreliable.clone(),
        cuecs: cuecs(papers),
        csocs: csocs(papers),
        policy: papers.thresholds(),
    }
}

fn blank(papers: &Papers, control: &Control) -> ControlFacts {
    ControlFacts {
        id: control.text.code.clone(),
        criteria: rule_criteria(&control.text.criteria),
        described: papers.describes(control),
        design: None,
        operation: None,
        open: false,
        reason: None,
        tests: Vec::new(),
        frequency: control.text.frequency.as_str().parse().ok(),
        automated: control.text.nature == scope::catalogue::Nature::Automated,
        tested_over: None,
        uncovered: Vec::new(),
        spans: Vec::new(),
    }
}

/// What is known of a control: its standing conclusion, or that there is none.
fn control_facts(papers: &Papers, control: &Control) -> ControlFacts {
    let mut facts = blank(papers, control);
    let standing = papers.standing_conclusion(About::Control { control: control.id });
    match standing {
        Some(Concluded { spans, .. }) if !spans.is_empty() => {
            facts.spans = spans.iter().filter_map(span_facts).collect();
        }
        Some(Concluded {
            concluded: Verdict::Control { design, operation },
            proposed,
            reason,
            ..
        }) => {
            facts.design = Some(design);
            let work = control_tests(papers, control.id);
            let as_proposed = proposed == Verdict::Control { design, operation };
            if as_proposed && operation.is_some() && !work.facts.is_empty() {
                // The tests say more than the word: exceptions, days, reasons.
                facts.tests = work.facts;
                facts.uncovered = days_of(&papers.uncovered(control.id));
            } else {
                facts.operation = operation;
            }
            facts.reason = Some(reason);
        }
        _ => facts.open = true,
    }
    facts
}

/// One stretch of a control that changed in the period, as concluded.
fn span_facts(concluded: &SpanVerdict) -> Option<SpanFacts> {
    let Verdict::Control { design, operation } = concluded.concluded else { return None };
    Some(SpanFacts {
        from: concluded.days.from,
        to: concluded.days.to,
        design: Some(design),
        operation,
        reason: Some(concluded.reason.clone()),
    })
}

/// What is concluded of criteria, over what the auditor stated of them.
fn criteria(
    papers: &Papers,
    scope: &BTreeSet<Criterion>,
    with_concluded: bool,
) -> Vec<CriterionFacts> {
    let mut out: Vec<CriterionFacts> =
        papers.matters.criteria.iter().filter(|c| scope.contains(&c.id)).cloned().collect();
    for entry in &mut out {
        // Nothing but the signature in the record counts, whatever a statement says of one.
        entry.material_second_signer =
            papers.materiality_second(entry).map(|second| second.signer.clone());
    }
    if with_concluded {
        concluded_criteria(papers, scope, &mut out);
    }
    out
}

/// Lays what people concluded on criteria over the rest.
fn concluded_criteria(papers: &Papers, scope: &BTreeSet<Criterion>, out: &mut Vec<CriterionFacts>) {
    // One by one: the opinion's own standing rests on these facts.
    for criterion in papers.engagement.criteria() {
        let Some(concluded) = papers.standing_conclusion(About::Criterion { criterion }) else {
            continue;
        };
        let Verdict::Criterion { design, operation } = concluded.concluded else { continue };
        let Some(id) = rule_criterion(criterion).ok().filter(|id| scope.contains(id)) else {
            continue;
        };
        let entry = entry_of(out, id);
        entry.status = None;
        entry.design = Some(design);
        entry.operation = operation;
        entry.reason = Some(concluded.reason);
    }
}

/// What is stated of a criterion beyond its controls, made if there is nothing yet.
pub(crate) fn stated_of(
    all: &mut Vec<CriterionFacts>,
    criterion: CriterionId,
) -> Result<&mut CriterionFacts, Fault> {
    Ok(entry_of(all, rule_criterion(criterion)?))
}

fn entry_of(all: &mut Vec<CriterionFacts>, id: Criterion) -> &mut CriterionFacts {
    let at = all.iter().position(|c| c.id == id).unwrap_or_else(|| {
        all.push(CriterionFacts {
            id,
            status: None,
            design: None,
            operation: None,
            reason: None,
            compensation: None,
            material: None,
            material_reason: None,
            material_second_signer: None,
            materiality_factors: Vec::new(),
            pervasive: false,
            affects: Vec::new(),
            undermines_evidence: false,
        });
        all.len() - 1
    });
    &mut all[at]
}

fn commitments(papers: &Papers) -> Vec<CommitmentFacts> {
    papers
        .commitments
        .iter()
        .map(|commitment| {
            let needed =
                papers.requirements.iter().filter(|r| r.commitments.contains(&commitment.id));
            let criteria: BTreeSet<Criterion> =
                needed.flat_map(|r| rule_criteria(&r.criteria)).collect();
            CommitmentFacts {
                id: commitment.code.clone(),
                principal: commitment.principal,
                criteria: criteria.into_iter().collect(),
                // What a person concluded and what still stands; without it nothing is known.
                assurance: crate::promises::rules::assurance(papers, commitment.id),
            }
        })
        .collect()
}

pub(super) fn cuecs(papers: &Papers) -> Vec<CuecFacts> {
    (1..)
        .zip(&papers.user_entity_controls)
        .map(|(n, control)| CuecFacts {
            id: format!("CUEC-{n:02}"),
            criteria: rule_criteria(&control.criteria),
            necessary: true,
        })
        .collect()
}

pub(super) fn csocs(papers: &Papers) -> Vec<CsocFacts> {
    // Numbered as section III of the report numbers them: over all subservice organisations.
    let assumed =
        papers.subservices.iter().flat_map(|s| s.assumed_controls.iter().map(move |c| (s, c)));
    (1..)
        .zip(assumed)
        .filter(|(_, (s, _))| s.method == SubserviceMethod::CarveOut)
        .map(|(n, (subservice, control))| CsocFacts {
            id: format!("SS-{n}"),
            subservice: Some(subservice.name.clone()),
            criteria: rule_criteria(&control.criteria),
            monitored_by: None,
            report_opinion: None,
            effect: None,
            reason: None,
        })
        .collect()
}

/// What the rules propose for a control from its finished tests; none when nothing is finished.
///
/// # Errors
/// [`Fault`] when the record contradicts itself.
pub fn proposal(
    papers: &Papers,
    control: ControlId,
    design: DesignState,
) -> Result<Option<ControlConclusion>, Fault> {
    let Some(known) = papers.control(control) else { return Ok(None) };
    let frame = frame(papers);
    let tests = control_tests(papers, control).facts;
    if frame.type_two && tests.is_empty() {
        return Ok(None);
    }
    let tests = if frame.type_two { tests } else { Vec::new() };
    let uncovered = days_of(&papers.uncovered(control));
    let facts = ControlFacts { design: Some(design), tests, uncovered, ..blank(papers, known) };
    conclude_control(&facts, frame).map(Some)
}

/// What the rules propose for one stretch of a control, from the finished tests that speak for it; none
/// when nothing is finished. A test that speaks for several stretches counts in full in each: its rate is
/// that of all its items.
///
/// # Errors
/// [`Fault`] when the record contradicts itself: a deviation outside the days that its test speaks for.
pub fn span_proposal(
    papers: &Papers,
    control: ControlId,
    span: &ControlSpan,
    design: DesignState,
) -> Result<Option<ControlConclusion>, Fault> {
    let Some(known) = papers.control(control) else { return Ok(None) };
    let mut tests = span_tests(papers, control, span).facts;
    if tests.is_empty() && !design.fails() {
        return Ok(None);
    }
    let shared = |code: Option<&str>| {
        let id = papers.tests.iter().find(|t| Some(t.plan.code.as_str()) == code).map(|t| t.id);
        let spans = papers.spans_of(control).iter();
        spans.filter(|s| id.is_some_and(|id| s.tests.contains(&id))).count() > 1
    };
    for test in &mut tests {
        if shared(test.id.as_deref()) {
            for record in &mut test.deviation_records {
                (record.from, record.to) = (None, None);
            }
        }
    }
    let frame = Frame { period: Some(span.days), ..frame(papers) };
    let uncovered = days_of(&papers.uncovered_in(control, span));
    let facts = ControlFacts { design: Some(design), tests, uncovered, ..blank(papers, known) };
    conclude_control(&facts, frame).map(Some)
}

/// Everything that the tests of one stretch give.
pub(crate) fn span_tests(papers: &Papers, control: ControlId, span: &ControlSpan) -> TestEvidence {
    let mut all = TestEvidence { facts: Vec::new(), open: Vec::new() };
    for test in papers.tests_of(control).filter(|t| span.tests.contains(&t.id)) {
        let found = test_evidence(papers, test);
        all.facts.extend(found.facts);
        all.open.extend(found.open);
    }
    if span.tests.is_empty() {
        all.open.push(format!("No test speaks for the days from {}.", span.days));
    }
    all
}

/// Everything that a control's tests give.
pub(super) fn control_tests(papers: &Papers, control: ControlId) -> TestEvidence {
    let mut all = TestEvidence { facts: Vec::new(), open: Vec::new() };
    for test in papers.tests_of(control) {
        let found = test_evidence(papers, test);
        all.facts.extend(found.facts);
        all.open.extend(found.open);
    }
    all
}

impl Papers {
    /// The thresholds of pervasiveness: the firm's policy that applies, else what the file states.
    #[must_use]
    pub fn thresholds(&self) -> crate::rules::facts::OpinionPolicy {
        self.policies.pervasiveness.clone().unwrap_or_else(|| self.matters.policy.clone())
    }

    /// What keeps populations from supporting a conclusion, each named once with what is missing. One that
    /// was judged not complete and accurate is not among them: the rules themselves say that it supports
    /// nothing.
    #[must_use]
    pub fn unready(&self, read: impl Iterator<Item = PopulationId>) -> Vec<String> {
        let ids: BTreeSet<PopulationId> = read.collect();
        ids.into_iter()
            .filter_map(|id| self.populations.get(&id))
            .filter(|p| p.judgement.as_ref().is_none_or(|judgement| judgement.accepted))
            .filter_map(|p| crate::ipe::rules::unready(p, &self.ipe_of(p.id)))
            .collect()
    }

    /// What is recorded of a population's completeness and accuracy.
    #[must_use]
    pub fn ipe_of(&self, population: PopulationId) -> Ipe {
        self.ipe.get(&population).cloned().unwrap_or_default()
    }

    /// What keeps the populations that a control's tests read from supporting a conclusion on it.
    #[must_use]
    pub fn unready_for(&self, control: ControlId) -> Vec<String> {
        let mut read = Vec::new();
        for test in self.tests_of(control) {
            let samples = self.samples.get(&test.id).into_iter().flatten();
            read.extend(samples.filter_map(|s| s.body.population));
            let census = self.censuses.get(&test.id).into_iter();
            read.extend(census.flat_map(|c| c.body.populations.iter().map(|u| u.population)));
        }
        self.unready(read.into_iter())
    }

    /// What a control's tests give, and what is still open.
    #[must_use]
    pub fn evidence_for(&self, control: ControlId) -> TestEvidence {
        control_tests(self, control)
    }
}

pub(super) fn test_evidence(papers: &Papers, test: &Test) -> TestEvidence {
    let mut out = TestEvidence { facts: Vec::new(), open: Vec::new() };
    let code = &test.plan.code;
    if let Some(census) = papers.censuses.get(&test.id) {
        let followed = papers.followed.get(&census.id).copied().unwrap_or_default();
        if followed.open_exceptions + followed.open_unmatched > 0 {
            out.open.push(format!(
                "Test {code}: {} exceptions and {} unmatched rows are not followed up yet.",
                followed.open_exceptions, followed.open_unmatched
            ));
        } else {
            let read = census.body.populations.iter().map(|used| used.population);
            let unready = papers.unready(read);
            if unready.is_empty() {
                out.facts.push(census_facts(papers, test, census, followed));
            } else {
                out.open.extend(unready.into_iter().map(|u| format!("Test {code}: {u}")));
            }
        }
    }
    let samples: Vec<&Sample> = papers.samples.get(&test.id).into_iter().flatten().collect();
    let open = papers.open_items(test.id);
    if open > 0 {
        out.open.push(format!("Test {code}: {open} selected items have no result yet."));
    } else {
        let (derived, named): (Vec<&Sample>, Vec<&Sample>) =
            samples.iter().partition(|s| s.body.method.is_derived());
        let unready = papers.unready(samples.iter().filter_map(|s| s.body.population));
        if let Some(fault) = beside_the_plan(papers, test, &derived) {
            out.open.push(fault);
        } else if !unready.is_empty() {
            out.open.extend(unready.into_iter().map(|u| format!("Test {code}: {u}")));
            return out;
        } else if !derived.is_empty() {
            out.facts.push(sample_facts(papers, test, &derived));
        }
        out.facts.extend(named.iter().map(|s| sample_facts(papers, test, &[s])));
    }
    if out.facts.is_empty() && out.open.is_empty() {
        out.open.push(format!("Test {code}: nothing has been tested yet."));
    }
    out
}

fn base(test: &Test) -> TestFacts {
    TestFacts {
        id: Some(test.plan.code.clone()),
        procedure: Some(test.plan.procedure),
        observation_dates: test.plan.observation_dates,
        basis: Some(test.plan.basis),
        confidence: test.plan.confidence,
        tolerable: test.plan.tolerable,
        ..TestFacts::default()
    }
}

/// A run over every item. Rows that could not be found out count like deviations; rows with other
/// evidence count as tested and never as a pass of the run.
fn census_facts(papers: &Papers, test: &Test, census: &Census, followed: Followed) -> TestFacts {
    let body = &census.body;
    let items =
        body.population.saturating_sub(body.excluded).saturating_sub(followed.not_in_population);
    let accepted =
        |id| papers.populations.get(&id).and_then(|p| p.judgement.as_ref()).map(|j| j.accepted);
    let complete = all_complete(body.populations.iter().map(|used| accepted(used.population)));
    TestFacts {
        basis: Some(TestBasis::Census),
        population: Some(items),
        population_complete: complete,
        sample: Some(items),
        deviations: Some((followed.deviations + followed.undetermined).min(items)),
        deviation_records: records(
            papers,
            test,
            |d| matches!(&d.source, DeviationSource::Census { census: c, .. } if *c == census.id),
        ),
        ..base(test)
    }
}

/// Whether all of several lists are complete: not when one is judged not to be, unknown while one is not
/// judged, or when there is none.
fn all_complete(judged: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let judged: Vec<Option<bool>> = judged.collect();
    if judged.contains(&Some(false)) {
        return Some(false);
    }
    (!judged.is_empty() && judged.iter().all(|j| *j == Some(true))).then_some(true)
}

/// The lists that samples were drawn from, each once.
fn populations_of<'a>(papers: &'a Papers, samples: &[&Sample]) -> Vec<&'a Population> {
    let ids: BTreeSet<PopulationId> = samples.iter().filter_map(|s| s.body.population).collect();
    ids.into_iter().filter_map(|id| papers.populations.get(&id)).collect()
}

/// Whether each of several lists gave its share of the items, to the next whole item.
fn proportional(drawn_from: &[&Population], samples: &[&Sample]) -> bool {
    let drawn = |id: Option<PopulationId>| -> u128 {
        let of = |s: &&&Sample| id.is_none_or(|id| s.body.population == Some(id));
        samples.iter().filter(of).map(|s| s.body.selected.len() as u128).sum()
    };
    let rows: u128 = drawn_from.iter().map(|p| u128::from(p.body.rows)).sum();
    let all = drawn(None);
    // What each gave and its share differ by less than one item.
    let shared =
        |p: &&Population| (drawn(Some(p.id)) * rows).abs_diff(all * u128::from(p.body.rows)) < rows;
    drawn_from.len() < 2 || drawn_from.iter().all(shared)
}

fn sample_facts(papers: &Papers, test: &Test, samples: &[&Sample]) -> TestFacts {
    let drawn_from = populations_of(papers, samples);
    // A replaced item's successor may also come with the next draw: an item counts once.
    let mut seen = BTreeSet::new();
    let mut items_of = |samples: &[&Sample]| -> Vec<ItemFacts> {
        samples
            .iter()
            .filter_map(|s| papers.items.get(&s.id))
            .flatten()
            .filter(|i| seen.insert(i.facts.id.clone()))
            .map(|i| i.facts.clone())
            .collect()
    };
    // Where an extension was planned, what was drawn after the first sample is that extension.
    let planned = planned_extension(papers, test, samples);
    let (first, further) =
        if planned.is_some() { samples.split_at(samples.len().min(1)) } else { (samples, &[][..]) };
    let items = items_of(first);
    let expansion = planned.map(|stage| {
        let drawn = tally(&items_of(further)).ok().filter(|_| !further.is_empty());
        ExpansionFacts {
            add: drawn.as_ref().map_or(stage.add, |t| t.tested),
            accept_total: stage.accept_total,
            deviations: drawn.map(|t| t.deviations),
        }
    });
    let judgemental = samples
        .iter()
        .any(|s| !s.body.method.is_derived())
        // Shares with a minimum are not proportional: their results are not pooled for a limit.
        || samples.iter().any(|s| s.body.notes.strata_minimum > 0)
        // Nor are those of several lists, unless each gave its share.
        || !proportional(&drawn_from, samples);
    let basis = match test.plan.basis {
        TestBasis::Statistical if judgemental => TestBasis::Judgemental,
        // A census that was planned but sampled rests on judgement.
        TestBasis::Census => TestBasis::Judgemental,
        other => other,
    };
    let of_these = |d: &Deviation| matches!(&d.source, DeviationSource::Sample { sample, .. } if samples.iter().any(|s| s.id == *sample));
    TestFacts {
        basis: Some(basis),
        population: (!drawn_from.is_empty()).then(|| drawn_from.iter().map(|p| p.body.rows).sum()),
        population_complete: all_complete(
            drawn_from.iter().map(|p| p.judgement.as_ref().map(|j| j.accepted)),
        ),
        items,
        expansion,
        deviation_records: records(papers, test, of_these),
        ..base(test)
    }
}

/// The planned extension of a test's derived samples, once one has deviations to extend for: until then
/// there is nothing to follow, and an automated test or a census has none.
fn planned_extension(papers: &Papers, test: &Test, samples: &[&Sample]) -> Option<Stage> {
    let sampled = matches!(test.plan.basis, TestBasis::Statistical | TestBasis::Judgemental);
    let derived = samples.iter().all(|s| s.body.method.is_derived());
    let (stage, _) = papers.sizes.get(&test.id)?.extension.as_ref()?;
    (sampled && derived).then_some(*stage)
}

/// What was added to a first sample otherwise than planned, in a sentence; adding until the result is
/// good is refused.
fn beside_the_plan(papers: &Papers, test: &Test, derived: &[&Sample]) -> Option<String> {
    let stage = planned_extension(papers, test, derived)?;
    let further = derived.get(1..).filter(|f| !f.is_empty())?;
    let first: BTreeSet<&String> = derived.first()?.body.selected.iter().collect();
    let added: BTreeSet<&String> =
        further.iter().flat_map(|s| &s.body.selected).filter(|i| !first.contains(i)).collect();
    let n = u64::try_from(added.len()).unwrap_or(u64::MAX);
    (n != stage.add).then(|| {
        format!(
            "Test {}: {n} items were added to the first sample where the plan adds {}; draw what is missing, or plan the test anew with the reason.",
            test.plan.code, stage.add
        )
    })
}

fn records(
    papers: &Papers,
    test: &Test,
    wanted: impl Fn(&Deviation) -> bool,
) -> Vec<DeviationRecord> {
    let mut out = Vec::new();
    for deviation in papers.deviations_of(test.id).filter(|d| wanted(d)) {
        let keys: Vec<Option<String>> = match &deviation.source {
            DeviationSource::Sample { items, .. } => items.iter().cloned().map(Some).collect(),
            DeviationSource::Census { keys: Some(keys), .. } => {
                keys.iter().cloned().map(Some).collect()
            }
            DeviationSource::Census { keys: None, .. } => vec![None],
        };
        let body = &deviation.body;
        let date = |text: &Option<String>| text.as_deref().and_then(|d| d.parse().ok());
        let many = keys.len() > RECORDS_PER_DEVIATION;
        for (nth, item) in keys.into_iter().take(if many { 1 } else { usize::MAX }).enumerate() {
            out.push(DeviationRecord {
                item: if many { None } else { item },
                nature: body.nature,
                undisclosed: body.undisclosed,
                from: date(&body.from),
                to: date(&body.to),
                // Said once, however many items it covers.
                facts: (nth == 0).then(|| body.facts.clone()),
            });
        }
    }
    out
}
