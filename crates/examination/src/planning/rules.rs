//! Risk classes, proposed tests, what a timeline must hold. No clock: the day is an argument.

pub mod sizes;

use super::model::{
    BudgetLine, Due, Milestone, PlannedSize, Proposal, RiskAbout, RiskText, TimeText,
};
use crate::firm::store::InForce;
use crate::model::Attribute;
use crate::rules::deviation::{Procedure, TestBasis};
use crate::rules::expansion::Stage;
use crate::rules::facts::Prong;
use crate::rules::frequency::{Frequency, PolicySize, Risk};
use controls::model::Control;
use jiff::civil::{Date, Weekday};
use kernel::period::{Cycle, Period};
use kernel::refusal::Refusal;
use scope::catalogue::{CriterionId, Nature};
use std::collections::{BTreeMap, BTreeSet};

/// The size of a population of events that nobody has frozen yet: large enough that no table gives more.
pub const ASSUMED_EVENTS: u64 = 500;
/// The file is assembled and locked at most this many days after the report is dated.
pub const LOCK_DAYS_MAX: i32 = 60;
/// The most hours of one line of a budget.
pub const HOURS_MAX: u32 = 10_000;
/// The minutes of a day.
pub const DAY_MINUTES: u32 = 24 * 60;

const fn rank(risk: Risk) -> u8 {
    match risk {
        Risk::Low => 0,
        Risk::Normal => 1,
        Risk::High => 2,
    }
}

/// The class of a risk of material misstatement: low only when both parts are low, high when one is high
/// and the other at least normal.
#[must_use]
pub const fn class(inherent: Risk, control: Risk) -> Risk {
    match rank(inherent) + rank(control) {
        0 => Risk::Low,
        1 | 2 => Risk::Normal,
        _ => Risk::High,
    }
}

/// The risks that were assessed, by what they are about.
pub type Assessed = BTreeMap<RiskAbout, RiskText>;

/// The risk class of a control's test, with why: the highest class of the criteria in scope that it
/// serves, normal where nobody has assessed one, and a step higher where the control deviated before.
#[must_use]
pub fn control_class(
    prong: Prong,
    criteria: &[CriterionId],
    assessed: &Assessed,
    prior_deviations: u64,
) -> (Risk, Vec<String>) {
    let mut reasons = Vec::new();
    let mut highest = None;
    for criterion in criteria {
        let about = RiskAbout { prong, criterion: Some(*criterion) };
        let found = match assessed.get(&about) {
            Some(text) => class(text.inherent, text.control),
            None => {
                reasons.push(format!("{criterion} is not assessed and counts as normal risk."));
                Risk::Normal
            }
        };
        if highest.is_none_or(|(most, _)| rank(found) > rank(most)) {
            highest = Some((found, *criterion));
        }
    }
    let mut risk = Risk::Normal;
    if let Some((found, criterion)) = highest {
        risk = found;
        reasons.insert(0, format!("The highest risk of its criteria is {found} ({criterion})."));
    }
    if prior_deviations > 0 {
        let raised = risk.raised();
        let found = match prior_deviations {
            1 => "One deviation of this control was".to_owned(),
            n => format!("{n} deviations of this control were"),
        };
        reasons.push(format!(
            "{found} recorded in an earlier engagement, which raises the class to {raised}."
        ));
        risk = raised;
    }
    (risk, reasons)
}

/// A frequency of the register as the tables of sizes know it.
#[must_use]
pub const fn table_frequency(frequency: scope::catalogue::Frequency) -> Frequency {
    use scope::catalogue::Frequency as Register;
    match frequency {
        Register::Continuous => Frequency::Continuous,
        Register::PerEvent => Frequency::PerEvent,
        Register::Daily => Frequency::Daily,
        Register::Weekly => Frequency::Weekly,
        Register::Monthly => Frequency::Monthly,
        Register::Quarterly => Frequency::Quarterly,
        Register::Semiannual => Frequency::Semiannual,
        Register::Annual => Frequency::Annual,
    }
}

/// How often a control of this frequency is expected to have operated in a period; none for one that
/// acts on events or all the time.
#[must_use]
pub fn expected_population(frequency: Frequency, period: &Period) -> Option<u64> {
    let windows = |cycle| u64::try_from(period.windows(cycle).len()).unwrap_or(u64::MAX);
    let days = u64::from(period.days());
    let expected = match frequency {
        Frequency::Annual => windows(Cycle::Year),
        Frequency::Semiannual => windows(Cycle::Quarter).div_ceil(2),
        Frequency::Quarterly => windows(Cycle::Quarter),
        Frequency::Monthly => windows(Cycle::Month),
        Frequency::SemiMonthly => windows(Cycle::Month) * 2,
        Frequency::Weekly => days.div_ceil(7),
        Frequency::Daily => {
            let works = |d: &Date| !matches!(d.weekday(), Weekday::Saturday | Weekday::Sunday);
            u64::try_from(period.dates().filter(works).count()).unwrap_or(u64::MAX)
        }
        Frequency::ManyPerDay | Frequency::PerEvent | Frequency::Continuous => return None,
    };
    Some(expected.max(1))
}

/// What a proposal is made from.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a> {
    /// The control.
    pub control: &'a Control,
    /// The criteria in scope that it serves.
    pub criteria: &'a [CriterionId],
    /// Whether operation is examined.
    pub type_two: bool,
    /// The period.
    pub period: &'a Period,
    /// The risk class, with why.
    pub risk: (Risk, &'a [String]),
    /// Rows of the frozen population named for the control, if there is one.
    pub frozen: Option<u64>,
    /// Tests that the control has already.
    pub existing: usize,
    /// The firm's policies that apply.
    pub policies: &'a InForce,
}

/// The test that the control matrix asks for.
#[must_use]
pub fn propose(m: Matrix<'_>) -> Proposal {
    let text = &m.control.text;
    let code = format!("T-{}-{}", text.code, m.existing + 1);
    let mut reasons = m.risk.1.to_vec();
    let automated = text.nature == Nature::Automated;
    let (basis, size, levels) = if !m.type_two {
        reasons.push(
            "A type 1 examination looks at one instance, to see that the control is implemented."
                .into(),
        );
        (TestBasis::Judgemental, whole(m, 1), None)
    } else if automated || text.frequency == scope::catalogue::Frequency::Continuous {
        reasons.push("A system does the same thing every time: one instance of each configuration is tested, with the controls over changes to it.".into());
        (TestBasis::Automated, whole(m, 1), None)
    } else {
        sized(m, &mut reasons)
    };
    if text.nature == Nature::ItDependentManual {
        reasons.push(
            "It relies on data of a system, which has to be shown complete and accurate.".into(),
        );
    }
    Proposal {
        control: m.control.id,
        code,
        procedure: Procedure::Inspection,
        basis,
        evidence: format!("records of the operation of {}", text.code),
        items: if automated {
            "configurations".to_owned()
        } else {
            format!("occurrences of {}", text.code)
        },
        attributes: vec![Attribute { letter: "A".into(), text: attribute(&text.statement) }],
        size,
        levels,
        reasons,
    }
}

/// The statement of a control as the end of a sentence that begins with “to determine whether”.
fn attribute(statement: &str) -> String {
    let text = statement.trim().trim_end_matches('.');
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    // A word in capitals, such as a system's name, keeps them.
    if chars.clone().next().is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    first.to_lowercase().chain(chars).collect()
}

fn whole(m: Matrix<'_>, items: u64) -> PlannedSize {
    PlannedSize {
        items,
        by_policy: items,
        population: m.frozen.unwrap_or(items).max(items),
        expected: m.frozen.is_none(),
        risk: m.risk.0,
        policy: m.policies.sampling.version.clone(),
        row: 0,
        extension: None,
        reason: String::new(),
    }
}

type Sized = (
    TestBasis,
    PlannedSize,
    Option<(crate::rules::numbers::Confidence, crate::rules::numbers::Rate)>,
);

/// The size from the table in force.
fn sized(m: Matrix<'_>, reasons: &mut Vec<String>) -> Sized {
    let frequency = table_frequency(m.control.text.frequency);
    let expected = expected_population(frequency, m.period);
    let population = m.frozen.or(expected).unwrap_or(ASSUMED_EVENTS);
    reasons.push(match (m.frozen, expected) {
        (Some(n), _) => format!("The frozen population has {n} rows."),
        (None, Some(n)) => format!("A {frequency} control is expected to operate {n} times in the period."),
        (None, None) => "No population is frozen yet; the size is that of a large one and is read again once it is.".into(),
    });
    if population == 0 {
        reasons.push("The frozen population is empty: show that it is complete and conclude that the control did not operate.".into());
        return (
            TestBasis::Judgemental,
            PlannedSize { items: 0, by_policy: 0, population: 0, ..whole(m, 1) },
            None,
        );
    }
    match m.policies.sampling.size(frequency, population, m.risk.0) {
        Err(fault) => {
            reasons.push(fault.to_string());
            let size = PlannedSize { items: 0, by_policy: 0, population, ..whole(m, 1) };
            (TestBasis::Judgemental, size, None)
        }
        Ok(found) => {
            reasons.push(told(&found, m.risk.0));
            let extension = extension(&found, population, m.policies);
            let size = PlannedSize {
                items: found.n,
                by_policy: found.n,
                population,
                row: u64::try_from(found.row).unwrap_or(u64::MAX),
                extension,
                ..whole(m, 1)
            };
            match (found.confidence, found.tolerable) {
                (Some(confidence), Some(tolerable)) if !found.census => {
                    (TestBasis::Statistical, size, Some((confidence, tolerable)))
                }
                _ => (TestBasis::Judgemental, size, None),
            }
        }
    }
}

fn told(found: &PolicySize, risk: Risk) -> String {
    let n = found.n;
    let by = format!("Table {}, row {}, {risk} risk", found.version, found.row);
    match (found.census, found.confidence, found.tolerable) {
        (true, ..) => format!("{by}: every item is tested ({n})."),
        (false, Some(confidence), Some(tolerable)) => {
            format!("{by}: {n} items, statistical at {confidence} and {tolerable} tolerable.")
        }
        _ => format!("{by}: {n} items, judgemental; no confidence level stands for it."),
    }
}

/// The planned extension: that of the row, else for a judgemental size that of the firm's policy, as far
/// as the population has room for it.
fn extension(found: &PolicySize, population: u64, policies: &InForce) -> Option<(Stage, String)> {
    if found.census {
        return None;
    }
    if let Some(stage) = found.expansion {
        return Some((stage, found.version.clone()));
    }
    let room = population.saturating_sub(found.n);
    policies.expansion.clone().filter(|(stage, _)| found.confidence.is_none() && stage.add <= room)
}

/// Whether a proposed test may become a real one.
///
/// `stronger` says whether another test of the control inspects, reperforms or observes.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn may_accept(
    type_two: bool,
    procedure: Procedure,
    observation_dates: Option<u32>,
    stronger: bool,
    size: &PlannedSize,
) -> Result<(), Refusal> {
    if type_two && procedure == Procedure::Inquiry && !stronger {
        return Err(Refusal::field(
            "procedure",
            "Inquiry alone is never sufficient for operation. Inspect, reperform or observe, or plan such a test of the control first.",
        ));
    }
    if type_two && procedure == Procedure::Observation && observation_dates.unwrap_or(0) < 2 {
        return Err(Refusal::field(
            "observation_dates",
            "An observation speaks for its moment only: plan it on at least two dates.",
        ));
    }
    check_size(size)
}

/// Whether a size fits its population and says why it is another than the policy's.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn check_size(size: &PlannedSize) -> Result<(), Refusal> {
    if size.items == 0 {
        return Err(Refusal::field("size", "Say how many items are tested, at least one."));
    }
    if size.items > size.population {
        return Err(Refusal::field(
            "size",
            format!("The population has {} items; no more can be tested.", size.population),
        ));
    }
    if size.items != size.by_policy && size.reason.trim().is_empty() {
        return Err(Refusal::field(
            "size_reason",
            format!(
                "The firm's policy asks for {} items. Say why {} are tested.",
                size.by_policy, size.items
            ),
        ));
    }
    Ok(())
}

/// Whether a timeline holds together.
///
/// # Errors
/// [`Refusal::Input`] naming the milestone as field.
pub fn check_timeline(dates: &[Due], period_end: Date, today: Date) -> Result<(), Refusal> {
    let mut seen = BTreeMap::new();
    for due in dates {
        if seen.insert(due.milestone, due.due).is_some() {
            return Err(Refusal::input("Each milestone stands in the timeline once."));
        }
        if due.done.is_some_and(|done| done > today) {
            return Err(Refusal::field(
                due.milestone.word(),
                "What is done was done today at the latest.",
            ));
        }
    }
    let late = [Milestone::PopulationsFrozen, Milestone::RolledForward, Milestone::ReportDated];
    for milestone in late {
        if seen.get(&milestone).is_some_and(|date| *date <= period_end) {
            return Err(Refusal::field(
                milestone.word(),
                format!("This comes after the period ends on {period_end}."),
            ));
        }
    }
    let order = [
        (Milestone::FieldworkBegins, Milestone::FieldworkEnds),
        (Milestone::PopulationsFrozen, Milestone::FieldworkEnds),
        (Milestone::RolledForward, Milestone::FieldworkEnds),
        (Milestone::FieldworkEnds, Milestone::ReportDated),
        (Milestone::QualityReviewed, Milestone::ReportDated),
        (Milestone::ReportDated, Milestone::FileLocked),
    ];
    for (first, then) in order {
        if let (Some(a), Some(b)) = (seen.get(&first), seen.get(&then))
            && a > b
        {
            return Err(Refusal::field(
                then.word(),
                format!("This comes after “{}” on {a}.", first.word().replace('_', " ")),
            ));
        }
    }
    if let (Some(dated), Some(locked)) =
        (seen.get(&Milestone::ReportDated), seen.get(&Milestone::FileLocked))
        && locked.duration_since(*dated).as_hours() > i64::from(LOCK_DAYS_MAX) * 24
    {
        return Err(Refusal::field(
            Milestone::FileLocked.word(),
            "The file is assembled within 60 days after the report is dated.",
        ));
    }
    Ok(())
}

/// Whether something is overdue on a day.
#[must_use]
pub fn overdue(due: &Due, today: Date) -> bool {
    due.done.is_none() && due.due < today
}

/// Checks the lines of a budget.
///
/// # Errors
/// [`Refusal::Input`] naming the area as field.
pub fn check_budget(lines: &[BudgetLine]) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for line in lines {
        if !seen.insert(&line.area) {
            return Err(Refusal::input("Each area stands in the budget once."));
        }
        if line.hours > HOURS_MAX {
            return Err(Refusal::input("One line of a budget has at most 10000 hours."));
        }
    }
    Ok(())
}

/// Checks time that somebody records, beside what they recorded on the same day.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn check_time(text: &TimeText, same_day: u32, today: Date) -> Result<(), Refusal> {
    if text.on > today {
        return Err(Refusal::field(
            "on",
            "Time is recorded once it is worked. Choose a day that has come.",
        ));
    }
    if text.minutes == 0 {
        return Err(Refusal::field("minutes", "Record at least a minute."));
    }
    if same_day.saturating_add(text.minutes) > DAY_MINUTES {
        return Err(Refusal::field(
            "minutes",
            format!("A day has 24 hours, and {same_day} minutes of this one are recorded already."),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
