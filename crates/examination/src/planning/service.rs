//! Commands: permit, load, decide, record. Everything goes to the firm's log.

use super::events::{
    BudgetStated, MaterialityConsidered, PlanningEvent, RiskAssessed, SizeApproved, TestSized,
    TimeRecorded, TimeWithdrawn, TimelineStated, UnderstandingStated,
};
use super::model::{
    BudgetLine, Due, MaterialityText, PlannedSize, RiskAbout, RiskText, TimeId, TimeText,
    Understood, Weighed,
};
use super::permits::{ApproveSize, Plan as MayPlan, RecordTime, Schedule};
use super::rules;
use super::store::{self, Plan};
use crate::model::{File, TestId, TestPlan};
use crate::permits::PlanTests;
use crate::rules::deviation::{Procedure, TestBasis};
use crate::service::{TEXT_MAX, plan_test};
use crate::store::{Papers, file_of};
use controls::model::ControlId;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, remark, sentence};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};
use scope::model::ReportType;
use std::collections::BTreeSet;

fn file<A>(permit: &Permit<A>) -> Result<File, Refusal> {
    file_of(permit.facts())
}

fn write<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    (subject, expected): (&str, Expected),
    event: impl Into<PlanningEvent>,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), file(permit)?.firm);
    record(tx, env, &origin, subject, expected, vec![event.into()])?;
    Ok(())
}

/// States the understanding of the system. Parts left empty are left out.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn state_understanding(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<MayPlan>,
    expected: Expected,
    parts: &[Understood],
) -> Result<()> {
    let file = file(permit)?;
    let mut kept: Vec<Understood> = Vec::new();
    for part in parts.iter().filter(|p| !p.text.trim().is_empty()) {
        if kept.iter().any(|k| k.topic == part.topic) {
            return Err(Refusal::input("Each part of the understanding is stated once.").into());
        }
        let text = sentence(part.topic.word(), &part.text, TEXT_MAX)?;
        kept.push(Understood { topic: part.topic, text });
    }
    if kept.is_empty() {
        return Err(Refusal::input("Write what is understood of at least one part.").into());
    }
    let event = UnderstandingStated { engagement: file.engagement, parts: kept };
    write(tx, env, permit, (&store::subject(file, "understanding"), expected), event)
}

/// Assesses a risk of material misstatement, for one prong and criterion in scope.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not in scope; [`Refusal::Input`] naming the field.
pub fn assess_risk(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<MayPlan>,
    about: RiskAbout,
    input: &RiskText,
) -> Result<()> {
    assess_risks(tx, env, permit, &BTreeSet::from([about]), input)
}

/// Assesses several risks alike: one deliberate act of a person, kept as an assessment of each.
///
/// # Errors
/// As [`assess_risk`]; [`Refusal::Input`] when none is named.
pub fn assess_risks(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<MayPlan>,
    about: &BTreeSet<RiskAbout>,
    input: &RiskText,
) -> Result<()> {
    let file = file(permit)?;
    let engagement = scope::store::engagement(tx, file.engagement)?.ok_or(Refusal::NotFound)?;
    let known = store::risk_subjects(&engagement);
    if about.is_empty() {
        return Err(Refusal::field("which", "Name at least one risk.").into());
    }
    if !about.iter().all(|a| known.contains(a)) {
        return Err(Refusal::NotFound.into());
    }
    let text = RiskText { basis: sentence("basis", &input.basis, TEXT_MAX)?, ..input.clone() };
    for about in about.iter().copied() {
        let event = RiskAssessed { engagement: file.engagement, about, text: text.clone() };
        let subject = store::subject(file, &format!("risk/{about}"));
        write(tx, env, permit, (&subject, Expected::Any), event)?;
    }
    Ok(())
}

/// States what is weighed when something is judged material; the version of the firm's policy that
/// applies is noted with it.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn consider_materiality(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<MayPlan>,
    expected: Expected,
    (factors, conclusion): (&[Weighed], &str),
) -> Result<()> {
    let file = file(permit)?;
    let engagement = scope::store::engagement(tx, file.engagement)?.ok_or(Refusal::NotFound)?;
    let policies = crate::firm::store::in_force(tx, file.firm, engagement.period.end(), None)?;
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for weighed in factors {
        if !seen.insert(weighed.factor) {
            return Err(Refusal::input("Each factor is weighed once.").into());
        }
        kept.push(Weighed {
            factor: weighed.factor,
            note: remark("note", &weighed.note, TEXT_MAX)?,
        });
    }
    if kept.is_empty() {
        return Err(Refusal::field("factors", "Choose at least one factor.").into());
    }
    let text = MaterialityText {
        factors: kept,
        conclusion: sentence("conclusion", conclusion, TEXT_MAX)?,
        policy: policies.materiality.map(|(_, label)| label),
    };
    let event = MaterialityConsidered { engagement: file.engagement, text };
    write(tx, env, permit, (&store::subject(file, "materiality"), expected), event)
}

/// A proposed test as somebody accepts or edits it.
#[derive(Debug, Clone)]
pub struct AcceptInput {
    /// The test.
    pub plan: TestPlan,
    /// How many items.
    pub items: u64,
    /// Why that is another number than the policy's; empty where it is not.
    pub reason: String,
}

/// Makes a proposed test a real one: plans it and keeps its size with the policy, row and risk class that
/// it was read from.
///
/// # Errors
/// [`Refusal::NotFound`] when the control serves no criterion in scope; [`Refusal::Input`] naming the
/// field: inquiry alone for operation, a size that departs from the policy without a reason.
pub fn accept_proposal(
    tx: &mut Tx<'_>,
    env: &mut Env,
    (permit, tests): (&Permit<MayPlan>, &Permit<PlanTests>),
    input: &AcceptInput,
) -> Result<TestId> {
    let file = file(permit)?;
    let papers = Papers::load(tx, file.engagement)?;
    let control = papers.control(input.plan.control).ok_or(Refusal::NotFound)?.clone();
    let plan = Plan::load(tx, &papers)?;
    let proposal = plan.proposal(&papers, &control).ok_or(Refusal::NotFound)?;
    let mut size = proposal.size;
    size.items = input.items;
    size.reason = if size.items == size.by_policy {
        String::new()
    } else {
        remark("size_reason", &input.reason, TEXT_MAX)?
    };
    // An extension belongs to the size and basis that the policy states it for.
    let room = size.population.saturating_sub(size.items);
    let as_stated = size.items >= size.by_policy && input.plan.basis == proposal.basis;
    size.extension = size.extension.filter(|(stage, _)| as_stated && stage.add <= room);
    let stronger = papers.tests_of(control.id).any(|t| t.plan.procedure != Procedure::Inquiry);
    let type_two = papers.engagement.report_type == ReportType::Type2;
    rules::may_accept(
        type_two,
        input.plan.procedure,
        input.plan.observation_dates,
        stronger,
        &size,
    )?;
    let test = plan_test(tx, env, tests, None, &input.plan)?;
    let event = TestSized { engagement: file.engagement, test, size };
    let subject = store::subject(file, &format!("size/{test}"));
    write(tx, env, permit, (&subject, Expected::New), event)?;
    Ok(test)
}

/// Plans a test as somebody wrote it, and gives it the size that the firm's policy asks for.
///
/// # Errors
/// As [`plan_test`].
pub fn plan_by_hand(
    tx: &mut Tx<'_>,
    env: &mut Env,
    tests: &Permit<PlanTests>,
    plan: &TestPlan,
) -> Result<TestId> {
    let file = file(tests)?;
    let id = plan_test(tx, env, tests, None, plan)?;
    let papers = Papers::load(tx, file.engagement)?;
    let matrix = Plan::load(tx, &papers)?;
    let sampled = papers.tests.iter().any(|t| t.id == id && rules::sizes::is_sampled(&papers, t));
    let proposal = papers.control(plan.control).and_then(|c| matrix.proposal(&papers, c));
    if let Some(proposal) = proposal.filter(|p| sampled && p.size.items > 0) {
        let mut size = proposal.size;
        size.extension = size.extension.filter(|_| plan.basis == proposal.basis);
        let event = TestSized { engagement: file.engagement, test: id, size };
        let subject = store::subject(file, &format!("size/{id}"));
        write(tx, env, tests, (&subject, Expected::New), event)?;
    }
    Ok(id)
}

/// States how many items a test takes, read against the policy of now. Another number than the policy's needs
/// a reason, and one below it an approval: an earlier one no longer counts.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn size_test(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<MayPlan>,
    (test, version): (TestId, i64),
    (items, reason): (u64, &str),
) -> Result<()> {
    let file = file(permit)?;
    let papers = Papers::load(tx, file.engagement)?;
    let known = papers.tests.iter().find(|t| t.id == test).ok_or(Refusal::NotFound)?;
    let control = papers.control(known.plan.control).ok_or(Refusal::NotFound)?;
    let matrix = Plan::load(tx, &papers)?;
    let proposal = matrix.proposal(&papers, control).ok_or(Refusal::NotFound)?;
    let mut size = proposal.size;
    size.items = items;
    size.reason = if items == size.by_policy {
        String::new()
    } else {
        remark("size_reason", reason, TEXT_MAX)?
    };
    let room = size.population.saturating_sub(items);
    let as_stated = items >= size.by_policy && known.plan.basis == proposal.basis;
    size.extension = size.extension.filter(|(stage, _)| as_stated && stage.add <= room);
    rules::check_size(&size)?;
    let event = TestSized { engagement: file.engagement, test, size };
    let subject = store::subject(file, &format!("size/{test}"));
    let expected = if version == 0 { Expected::New } else { Expected::Version(version) };
    write(tx, env, permit, (&subject, expected), event)
}

/// Approves a size below the firm's policy. Whoever stated it cannot approve it.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::State`] where nothing waits for an approval or the person stated the size;
/// [`Refusal::Input`] naming the field.
pub fn approve_size(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ApproveSize>,
    test: TestId,
    reason: &str,
) -> Result<()> {
    let file = file(permit)?;
    crate::firm::service::stays_outside(tx, permit)?;
    let known = store::size_of(tx, file, test)?.ok_or(Refusal::NotFound)?;
    if !rules::sizes::below_policy(&known.size) {
        return Err(Refusal::state(
            "This size is not below what the firm's policy asks for, so it needs no approval.",
        )
        .into());
    }
    if known.stated_by == permit.actor().name() {
        return Err(Refusal::state(
            "You stated this size yourself. Somebody else has to approve it.",
        )
        .into());
    }
    let event = SizeApproved {
        engagement: file.engagement,
        test,
        reason: sentence("reason", reason, TEXT_MAX)?,
    };
    let subject = store::subject(file, &format!("size/{test}"));
    write(tx, env, permit, (&subject, Expected::Any), event)
}

/// Gives a test that was carried from an earlier file the size that the matrix asks for now: for the
/// population and the policy of this period, and for a class that deviations of the earlier one raised.
/// A test of every item or of one instance keeps what it is.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such test.
pub fn size_carried(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<MayPlan>,
    test: TestId,
) -> Result<()> {
    let file = file(permit)?;
    let papers = Papers::load(tx, file.engagement)?;
    let known = papers.tests.iter().find(|t| t.id == test).ok_or(Refusal::NotFound)?;
    let control = papers.control(known.plan.control).ok_or(Refusal::NotFound)?;
    let plan = Plan::load(tx, &papers)?;
    let sampled = matches!(known.plan.basis, TestBasis::Statistical | TestBasis::Judgemental);
    let Some(proposal) = plan.proposal(&papers, control).filter(|p| sampled && p.size.items > 0)
    else {
        return Ok(());
    };
    let mut size = proposal.size;
    size.reason = plan.raise(&papers, control);
    size.extension = size.extension.filter(|_| known.plan.basis == proposal.basis);
    let event = TestSized { engagement: file.engagement, test, size };
    let subject = store::subject(file, &format!("size/{test}"));
    write(tx, env, permit, (&subject, Expected::New), event)
}

/// Reads the sizes of tests again once the population is frozen that they were sized without: a size that
/// somebody chose stays, and so does that of a test of which a sample is drawn. The permit is of whoever
/// froze the population; what follows from it needs no decision of theirs.
///
/// # Errors
/// When the database refuses.
pub(crate) fn read_sizes_again<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    controls: &[ControlId],
) -> Result<()> {
    let file = file(permit)?;
    let waiting = |size: &PlannedSize| size.expected && size.items == size.by_policy;
    if !store::sizes(tx, file)?.values().any(waiting) {
        return Ok(());
    }
    let papers = Papers::load(tx, file.engagement)?;
    let plan = Plan::load(tx, &papers)?;
    for test in papers.tests.iter().filter(|t| controls.contains(&t.plan.control)) {
        let Some(before) = papers.sizes.get(&test.id).filter(|s| waiting(s)) else { continue };
        if papers.samples.get(&test.id).is_some_and(|drawn| !drawn.is_empty()) {
            continue;
        }
        let Some(control) = papers.control(test.plan.control) else { continue };
        let Some(proposal) = plan.proposal(&papers, control).filter(|p| p.size.items > 0) else {
            continue;
        };
        let extension = proposal.size.extension.clone().filter(|_| before.extension.is_some());
        let reason = before.reason.clone();
        let size = PlannedSize { extension, reason, ..proposal.size };
        let event = TestSized { engagement: file.engagement, test: test.id, size };
        let subject = store::subject(file, &format!("size/{}", test.id));
        write(tx, env, permit, (&subject, Expected::Any), event)?;
    }
    Ok(())
}

/// States the timeline.
///
/// # Errors
/// [`Refusal::Input`] naming the milestone as field, [`Refusal::Stale`].
pub fn state_timeline(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<Schedule>,
    expected: Expected,
    (dates, reason): (&[Due], &str),
) -> Result<()> {
    let file = file(permit)?;
    let engagement = scope::store::engagement(tx, file.engagement)?.ok_or(Refusal::NotFound)?;
    let today = crate::firm::rules::day(env.now());
    rules::check_timeline(dates, engagement.period.end(), today)?;
    let mut dates = dates.to_vec();
    dates.sort_by_key(|d| d.milestone);
    let before = store::timeline(tx, file)?;
    let reason = changed(before.version, reason)?;
    let event = TimelineStated { engagement: file.engagement, dates, reason };
    write(tx, env, permit, (&store::subject(file, "timeline"), expected), event)
}

/// A change of what was stated before has a reason.
fn changed(version: i64, reason: &str) -> Result<String, Refusal> {
    if version == 0 {
        remark("reason", reason, TEXT_MAX)
    } else {
        sentence("reason", reason, TEXT_MAX)
    }
}

/// States the budget.
///
/// # Errors
/// [`Refusal::Input`], [`Refusal::Stale`].
pub fn state_budget(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<Schedule>,
    expected: Expected,
    (lines, reason): (&[BudgetLine], &str),
) -> Result<()> {
    let file = file(permit)?;
    rules::check_budget(lines)?;
    let before = store::budget(tx, file)?;
    let reason = changed(before.version, reason)?;
    let event = BudgetStated { engagement: file.engagement, lines: lines.to_vec(), reason };
    write(tx, env, permit, (&store::subject(file, "budget"), expected), event)
}

/// Records the time of whoever acts.
///
/// # Errors
/// [`Refusal::Input`] naming the field; [`Refusal::State`] when no person acts.
pub fn record_time(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RecordTime>,
    input: &TimeText,
) -> Result<TimeId> {
    let file = file(permit)?;
    let person = permit.person().ok_or_else(|| Refusal::state("Only a person records time."))?;
    let all = store::times_of(tx, file, person)?;
    let same_day = all.iter().filter(|t| t.text.on == input.on).map(|t| t.text.minutes).sum();
    rules::check_time(input, same_day, crate::firm::rules::day(env.now()))?;
    let text = TimeText { note: sentence("note", &input.note, 400)?, ..input.clone() };
    let id: TimeId = env.id();
    let event = TimeRecorded { id, engagement: file.engagement, person, text };
    write(tx, env, permit, (&id.to_string(), Expected::New), event)?;
    Ok(id)
}

/// Withdraws time that whoever acts recorded themselves.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when it is withdrawn, [`Refusal::Input`], [`Refusal::Stale`].
pub fn withdraw_time(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RecordTime>,
    (id, version): (TimeId, i64),
    reason: &str,
) -> Result<()> {
    let file = file(permit)?;
    let all = store::times(tx, file)?;
    let own = |t: &&super::model::Time| t.id == id && Some(t.person) == permit.person();
    let found = all.iter().find(own).ok_or(Refusal::NotFound)?;
    if found.withdrawn.is_some() {
        return Err(Refusal::state("This time is withdrawn already.").into());
    }
    let event = TimeWithdrawn { reason: sentence("reason", reason, 400)? };
    write(tx, env, permit, (&id.to_string(), Expected::Version(version)), event)
}
