//! A control that changed in the period: until March a technician wiped returned devices by hand, from
//! April on the device management service does. Each stretch has its own test and its own conclusion.

use super::Story;
use super::examined::{pick, record, test_plan};
use super::listed::list_of;
use super::people::Cast;
use examination::permits::{ConcludeControl, PlanTests};
use examination::planning::service::plan_by_hand;
use examination::rules::control::{DesignState, OperationState};
use examination::rules::deviation::TestBasis;
use examination::rules::span::Span;
use examination::spans::model::ControlSpan;
use examination::spans::service::{SpanInput, conclude_spans, state_spans};
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::journal::Expected;

/// First and last day, what the control was, code of its test, what must hold, and the items.
struct Stretch(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const STRETCHES: [Stretch; 2] = [
    Stretch(
        "2026-01-01",
        "2026-03-31",
        "A technician wiped the returned device by hand and signed for it.",
        "T-AST-04-1",
        "device and badge came back within ten business days and a technician signed for the wipe",
        &["W-014", "W-018"],
    ),
    Stretch(
        "2026-04-01",
        "2026-06-30",
        "The device management service wipes the device and keeps the record.",
        "T-AST-04-2",
        "device and badge came back within ten business days and the service recorded the wipe",
        &["W-024", "W-031"],
    ),
];

pub(super) fn moved(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let control = story.control(cast, "AST-04")?;
    let day =
        |text: &str| kernel::period::parse_date(text).map_err(|e| Refusal::input(e.to_string()));
    let mut spans = Vec::new();
    for Stretch(from, to, what, code, attribute, items) in STRETCHES {
        let about = ["return records of devices and badges", "leavers", attribute];
        let mut plan = test_plan(story, cast, "AST-04", about, TestBasis::Judgemental)?;
        code.clone_into(&mut plan.code);
        let test = story.act::<PlanTests, _>(cast, &cast.manager, move |tx, env, permit| {
            plan_by_hand(tx, env, permit, &plan)
        })?;
        let list = list_of(story, cast, "Leavers of the period")?;
        let sample = pick(story, cast, (test, list), items)?;
        record(story, cast, ("AST-04", attribute), sample, (items, &[]))?;
        let days = Span::new(day(from)?, day(to)?).map_err(|e| Refusal::input(e.to_string()))?;
        spans.push(ControlSpan { days, what: what.into(), tests: vec![test] });
    }
    story.act::<PlanTests, _>(cast, &cast.manager, move |tx, env, permit| {
        let why = "Change ticket of 30 March; the first record of the service is of 1 April.";
        state_spans(tx, env, permit, 0, control, (&spans, why))
    })?;
    let inputs =
        ["The two leavers of the quarter.", "Two of the leavers since April."].map(|reason| {
            SpanInput {
                design: DesignState::Suitable,
                operation: OperationState::Effective,
                reason: reason.into(),
            }
        });
    story.act::<ConcludeControl, _>(cast, &cast.manager, move |tx, env, permit| {
        let why = "Designed and operated as described before and after the change.";
        conclude_spans(tx, env, permit, Expected::Any, control, (&inputs, why))
    })?;
    Ok(())
}
