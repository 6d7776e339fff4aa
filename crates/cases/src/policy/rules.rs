//! What a policy must hold to be used, in writing and at work.

pub mod alignment;
pub mod checklist;
pub mod notation;

use super::model::{ClockKind, PolicyBody, Recipient, Trigger};
use crate::model::Severity;
use kernel::refusal::{Refusal, line, remark, sentence};
use std::collections::BTreeSet;

/// The longest text to one question.
pub const TEXT_MAX: usize = 10_000;
/// Rungs at most.
pub const RUNGS_MAX: usize = 60;
/// Pause reasons at most.
pub const PAUSES_MAX: usize = 20;
/// The longest time for which sealed content is kept after a case is closed, in days: ten years.
pub const SEALED_DAYS_MAX: u32 = 3_660;
/// The largest percentage of a rung.
pub const PERCENT_MAX: u32 = 1_000;

/// A policy whose parts can be used, with its texts trimmed.
///
/// # Errors
/// [`Refusal::Input`] naming the part.
pub fn checked(mut body: PolicyBody) -> Result<PolicyBody, Refusal> {
    body.title = line("title", &body.title, 200)?;
    if body.covers.is_empty() {
        return Err(Refusal::field(
            "covers",
            "Choose at least one kind of report that is covered.",
        ));
    }
    for text in body.texts.values_mut() {
        *text = remark("texts", text, TEXT_MAX)?;
    }
    body.texts.retain(|_, text| !text.is_empty());
    for text in body.severities.values_mut() {
        *text = remark("severities", text, 500)?;
    }
    body.severities.retain(|_, text| !text.is_empty());
    if body.pauses.len() > PAUSES_MAX {
        return Err(Refusal::field("pauses", "List at most 20 reasons to pause."));
    }
    for pause in &mut body.pauses {
        pause.reason = sentence("pauses", &pause.reason, 100)?;
    }
    if body.ladder.len() > RUNGS_MAX {
        return Err(Refusal::field("ladder", "A ladder has at most 60 rungs."));
    }
    for rung in &body.ladder {
        if let Trigger::Percent { percent, .. } = rung.on
            && !(1..=PERCENT_MAX).contains(&percent)
        {
            return Err(Refusal::field("ladder", "A percentage lies between 1 and 1000."));
        }
        if rung.to.is_empty() {
            return Err(Refusal::field("ladder", "Every rung tells somebody: name who."));
        }
        if rung.to.iter().any(|to| matches!(to, Recipient::Role(_)) && to.role().is_none()) {
            return Err(Refusal::field("ladder", "A rung names a role that does not exist."));
        }
    }
    within("repeat_hours", body.repeat_hours, 1, 24 * 31)?;
    within("idle_days", body.idle_days, 1, 366)?;
    within("retention_months", body.retention_months, 1, 1_200)?;
    if let Some(days) = body.sealed_days {
        within("sealed_days", days, 1, SEALED_DAYS_MAX)?;
    }
    let mut said = BTreeSet::new();
    if body.closing.iter().any(|row| !said.insert((row.severity, row.incident))) {
        return Err(Refusal::field("closing", "Say once what closing such a case needs."));
    }
    within("review_months", body.review_months, 1, 36)?;
    Ok(body)
}

fn within(field: &'static str, value: u32, least: u32, most: u32) -> Result<(), Refusal> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(Refusal::field(field, format!("Give a whole number from {least} to {most}.")))
    }
}

/// Why a policy cannot be put in force: without these parts a case could lie with nobody told.
#[must_use]
pub fn cannot_run(body: &PolicyBody) -> Option<String> {
    let has = |severity: Option<Severity>, clock| {
        body.rows.iter().any(|r| r.severity == severity && r.targets.contains_key(&clock))
    };
    for clock in [ClockKind::Acknowledge, ClockKind::Triage] {
        if !has(None, clock) {
            return Some(format!(
                "Give a target for “{}” while the severity is undecided: until somebody decides, only these clocks run.",
                clock.word()
            ));
        }
    }
    for severity in Severity::ALL {
        if !has(Some(*severity), ClockKind::Resolve) {
            return Some(format!(
                "Give a target for “resolve” at severity {}: without one its cases could lie for ever.",
                severity.word()
            ));
        }
    }
    let late =
        |on: &Trigger| matches!(on, Trigger::Percent { percent, clock: None } if *percent >= 100);
    if !body.ladder.iter().any(|rung| late(&rung.on)) {
        return Some(
            "The ladder needs a rung at 100 % or more of any clock: who is told when a promise is broken?".into(),
        );
    }
    None
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::policy::TEMPLATE;

    /// The template, read.
    pub(crate) fn template() -> PolicyBody {
        toml::from_str(TEMPLATE).unwrap()
    }

    #[test]
    fn the_template_can_be_put_in_force() {
        let body = checked(template()).unwrap();
        assert_eq!(cannot_run(&body), None);
        let json = serde_json::to_string(&body).unwrap();
        assert_eq!(serde_json::from_str::<PolicyBody>(&json).unwrap(), body);
    }

    #[test]
    fn a_policy_written_before_closing_and_sealed_content_were_part_of_it_is_read() {
        let mut old = serde_json::to_value(template()).unwrap();
        let parts = old.as_object_mut().unwrap();
        assert!(parts.remove("closing").is_some() && parts.remove("sealed_days").is_some());
        let read: PolicyBody = serde_json::from_value(old.clone()).unwrap();
        assert_eq!((read.sealed_days, read.closing.len()), (None, 0));
        // Written again it says what it said: the digest of what is pinned stays.
        assert_eq!(serde_json::to_value(&read).unwrap(), old);
        assert_eq!(checked(read.clone()).unwrap(), read);
    }

    #[test]
    fn a_policy_under_which_nobody_is_told_is_not_put_in_force() {
        let mut body = template();
        body.ladder.retain(|r| !matches!(r.on, Trigger::Percent { .. }));
        assert!(cannot_run(&body).unwrap().contains("ladder"));
        let mut body = template();
        body.rows.retain(|r| r.severity.is_some());
        assert!(cannot_run(&body).unwrap().contains("acknowledge"));
        let mut body = template();
        for row in &mut body.rows {
            row.targets.remove(&ClockKind::Resolve);
        }
        assert!(cannot_run(&body).unwrap().contains("resolve"));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let refused = |change: &dyn Fn(&mut PolicyBody)| {
            let mut body = template();
            change(&mut body);
            checked(body).unwrap_err().to_string()
        };
        assert!(refused(&|b| b.covers.clear()).contains("kind of report"));
        assert!(refused(&|b| b.repeat_hours = 0).contains("from 1"));
        assert!(refused(&|b| b.sealed_days = Some(0)).contains("from 1 to 3660"));
        assert!(refused(&|b| b.sealed_days = Some(SEALED_DAYS_MAX + 1)).contains("to 3660"));
        assert!(refused(&|b| b.closing.extend(b.closing.clone())).contains("Say once"));
        assert!(refused(&|b| b.ladder[0].to.clear()).contains("name who"));
        assert!(
            refused(&|b| b.ladder[0].to = vec![Recipient::Role("king".into())]).contains("role")
        );
    }
}
