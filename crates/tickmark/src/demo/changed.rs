//! Controls that changed in the period: until March a technician wiped returned devices by hand, from April on
//! the device management service does; and people sign in at another identity provider. Each stretch has its own
//! test and its own conclusion.

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

/// First and last day, what the control was, code of its test, what must hold, the items, and why it is
/// concluded as it is.
struct Stretch {
    days: [&'static str; 2],
    what: &'static str,
    code: &'static str,
    attribute: &'static str,
    items: &'static [&'static str],
    reason: &'static str,
}

/// A control that changed in the period.
struct Changed {
    code: &'static str,
    /// What is looked at, and what an item is called.
    about: [&'static str; 2],
    /// The list that the items are taken from.
    list: Option<&'static str>,
    /// How the change is known.
    known: &'static str,
    stretches: [Stretch; 2],
}

const CHANGED: [Changed; 2] = [
    Changed {
        code: "AST-04",
        about: ["return records of devices and badges", "leavers"],
        list: Some("Leavers of the period"),
        known: "Change ticket of 30 March; the first record of the service is of 1 April.",
        stretches: [
            Stretch {
                days: ["2026-01-01", "2026-03-31"],
                what: "A technician wiped the returned device by hand and signed for it.",
                code: "T-AST-04-1",
                attribute: "device and badge came back within ten business days and a technician signed for the wipe",
                items: &["W-014", "W-018"],
                reason: "Two leavers of the quarter.",
            },
            Stretch {
                days: ["2026-04-01", "2026-06-30"],
                what: "The device management service wipes the device and keeps the record.",
                code: "T-AST-04-2",
                attribute: "device and badge came back within ten business days and the service recorded the wipe",
                items: &["W-024", "W-031"],
                reason: "Two of the leavers since April.",
            },
        ],
    },
    Changed {
        code: "IAM-02",
        about: ["the sign-in policy of the identity provider", "configurations"],
        list: None,
        known: "Change ticket of 9 April; the former provider was switched off on the evening of 12 April.",
        stretches: [
            Stretch {
                days: ["2026-01-01", "2026-04-12"],
                what: "The former identity provider asks everybody for a second factor.",
                code: "T-IAM-02-1",
                attribute: "every sign-in requires a second factor, at the former provider",
                items: &["31 March 2026"],
                reason: "The capture of the former provider's policy, taken before it was switched off.",
            },
            Stretch {
                days: ["2026-04-13", "2026-06-30"],
                what: "The new identity provider asks everybody for a second factor.",
                code: "T-IAM-02-2",
                attribute: "every sign-in requires a second factor, at the new provider",
                items: &["30 June 2026"],
                reason: "The capture of the new provider's policy.",
            },
        ],
    },
];

/// Each control that changed: tests, stretches and a conclusion on each.
pub(super) fn moved(story: &Story<'_>, cast: &Cast) -> Result<()> {
    CHANGED.iter().try_for_each(|changed| one(story, cast, changed))
}

fn one(story: &Story<'_>, cast: &Cast, changed: &'static Changed) -> Result<()> {
    let control = story.control(cast, changed.code)?;
    let day =
        |text: &str| kernel::period::parse_date(text).map_err(|e| Refusal::input(e.to_string()));
    let mut spans = Vec::new();
    for stretch in &changed.stretches {
        let about = [changed.about[0], changed.about[1], stretch.attribute];
        let mut plan = test_plan(story, cast, changed.code, about, TestBasis::Judgemental)?;
        stretch.code.clone_into(&mut plan.code);
        let test = story.act::<PlanTests, _>(cast, &cast.manager, move |tx, env, permit| {
            plan_by_hand(tx, env, permit, &plan)
        })?;
        let list = match changed.list {
            Some(name) => list_of(story, cast, name)?,
            None => None,
        };
        let sample = pick(story, cast, (test, list), stretch.items)?;
        let what = (changed.code, stretch.attribute);
        record(story, cast, what, sample, (stretch.items, &[]))?;
        let [from, to] = stretch.days;
        let days = Span::new(day(from)?, day(to)?).map_err(|e| Refusal::input(e.to_string()))?;
        spans.push(ControlSpan { days, what: stretch.what.into(), tests: vec![test] });
    }
    story.act::<PlanTests, _>(cast, &cast.manager, move |tx, env, permit| {
        state_spans(tx, env, permit, 0, control, (&spans, changed.known))
    })?;
    let inputs = changed.stretches.each_ref().map(|stretch| SpanInput {
        design: DesignState::Suitable,
        operation: OperationState::Effective,
        reason: stretch.reason.into(),
    });
    story.act::<ConcludeControl, _>(cast, &cast.manager, move |tx, env, permit| {
        let why = "Designed and operated as described before and after the change.";
        conclude_spans(tx, env, permit, Expected::Any, control, (&inputs, why))
    })?;
    Ok(())
}
