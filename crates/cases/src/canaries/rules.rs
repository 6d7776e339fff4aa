//! What a canary says, how it is recognised, when it is sent, and what follows: pure functions.

use super::model::{Alarm, Canary, CanaryId, RETIRED_AFTER_DAYS, Settings, Verdict};
use hmac::{Hmac, KeyInit, Mac};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::time::{MICROS_PER_SECOND, Timestamp};
use sha2::{Digest, Sha256};

/// Characters of a mark: 96 bits in hexadecimal, like the ids that people copy from error pages.
pub const MARK_CHARACTERS: usize = 24;
/// Marks that are looked at in one report.
const CANDIDATES_MAX: usize = 20;

/// The mark of a canary: HMAC-SHA-256 of its id under a key of the deployment.
#[must_use]
pub fn mark(key: &[u8; 32], organisation: PartyId, id: CanaryId) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(b"tickmark canary v1\0");
    mac.update(&organisation.to_u128().to_be_bytes());
    mac.update(&id.to_u128().to_be_bytes());
    let tag = mac.finalize().into_bytes();
    tag.get(..MARK_CHARACTERS / 2).map(hex::encode)
}

/// What is kept of a mark.
#[must_use]
pub fn digest(mark: &str) -> String {
    hex::encode(Sha256::digest(mark.as_bytes()))
}

/// Everything in a text that could be a mark: whole runs of lower-case hexadecimal of its length.
#[must_use]
pub fn candidates(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|run| {
            run.len() == MARK_CHARACTERS
                && run.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        })
        .take(CANDIDATES_MAX)
        .collect()
}

/// What canaries say: titles and texts such as customers and staff write, with the place of the mark.
const SAID: [(&str, &str); 8] = [
    (
        "Error when opening a document",
        "Since this morning a document does not open. The page shows an error with the id {mark}. Others in our office have the same.",
    ),
    (
        "Export does not finish",
        "The export of last month stops half way. Support asked for the request id: {mark}.",
    ),
    (
        "Signed out again and again",
        "I am signed out every few minutes. The page says to quote {mark} when reporting this.",
    ),
    (
        "Figures differ from yesterday",
        "A total differs from the one of yesterday although nothing was booked. Reference on the page: {mark}.",
    ),
    (
        "Mail to a person who left",
        "We still receive notices for somebody who left in spring. Trace {mark} stands at the end of the mail.",
    ),
    (
        "Upload refused",
        "A file that was accepted last week is refused now, with the message {mark}. Is this meant to be so?",
    ),
    (
        "Very slow since noon",
        "Every page takes half a minute. The one I looked at had the request id {mark}.",
    ),
    (
        "Button without effect",
        "The button for approving does nothing. In the corner of the page I see {mark}.",
    ),
];

/// The words of a canary, drawn at random: title and text.
pub fn words(env: &mut Env, mark: &str) -> (String, String) {
    let n = usize::try_from(env.below(SAID.len() as u64)).unwrap_or(0);
    let (title, text) = SAID[n];
    (title.to_owned(), text.replace("{mark}", mark))
}

/// Random times between two moments, in order. Each second is equally likely.
pub fn times(env: &mut Env, (from, to): (Timestamp, Timestamp), count: u8) -> Vec<Timestamp> {
    let seconds = (to.0 - from.0).div_euclid(MICROS_PER_SECOND);
    let Ok(seconds @ 1..) = u64::try_from(seconds) else { return Vec::new() };
    let mut all: Vec<_> = (0..count)
        .map(|_| from.plus_seconds(i64::try_from(env.below(seconds)).unwrap_or(0)))
        .collect();
    all.sort_unstable();
    all
}

/// What is known of a canary beside its own row.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    /// When a person first confirmed its case.
    pub acknowledged_at: Option<Timestamp>,
    /// When somebody was first told that nobody had.
    pub escalated_at: Option<Timestamp>,
}

/// What follows for a canary now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A person confirmed it.
    Acknowledged(Timestamp),
    /// Somebody was told that nobody had.
    Escalated(Timestamp),
    /// Something was not in time.
    Alarm(Alarm),
    /// It has served.
    Retire(Verdict),
}

/// What follows for a canary that was sent, or could not be, and is not retired.
#[must_use]
pub fn next(canary: &Canary, seen: &Seen, settings: &Settings, now: Timestamp) -> Vec<Step> {
    let mut steps = Vec::new();
    let alarm = |steps: &mut Vec<Step>, alarm: Alarm| {
        if !canary.alarms.contains(&alarm) {
            steps.push(Step::Alarm(alarm));
        }
    };
    let Some(sent_at) = canary.sent_at else { return steps };
    if !canary.unsent.is_empty() {
        alarm(&mut steps, Alarm::Sending);
        steps.push(Step::Retire(Verdict::NotSent));
        return steps;
    }
    let end = sent_at.plus_seconds(RETIRED_AFTER_DAYS * 86_400);
    let Some(received_at) = canary.received_at else {
        if now >= sent_at.plus_seconds(settings.receive_minutes * 60) {
            alarm(&mut steps, Alarm::Receipt);
        }
        if now >= end {
            steps.push(Step::Retire(Verdict::NotReceived));
        }
        return steps;
    };
    let due = received_at.plus_seconds(settings.acknowledge_hours * 3_600);
    if let (None, Some(at)) = (canary.escalated_at, seen.escalated_at) {
        steps.push(Step::Escalated(at));
    }
    if let Some(at) = seen.acknowledged_at {
        if canary.acknowledged_at.is_none() {
            steps.push(Step::Acknowledged(at));
        }
        let in_time = at <= due && !canary.alarms.contains(&Alarm::Receipt);
        steps.push(Step::Retire(if in_time { Verdict::Passed } else { Verdict::Late }));
        return steps;
    }
    if now >= due {
        alarm(&mut steps, Alarm::Acknowledgement);
        if seen.escalated_at.is_none() {
            alarm(&mut steps, Alarm::Escalation);
        }
    }
    if now >= end {
        steps.push(Step::Retire(Verdict::NotAcknowledged));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canaries::model::Way;
    use proptest::prelude::*;

    const SETTINGS: Settings = Settings {
        on: true,
        per_month: 2,
        receive_minutes: 30,
        acknowledge_hours: 24,
        alarm_to: Vec::new(),
    };

    fn canary() -> Canary {
        Canary {
            id: CanaryId::from_u128(1),
            organisation: PartyId::from_u128(1),
            way: Way::Email,
            channel: "email".into(),
            month: "2026-01".into(),
            due_at: Timestamp(0),
            sent_at: Some(Timestamp(0)),
            unsent: String::new(),
            case: None,
            received_at: None,
            acknowledged_at: None,
            escalated_at: None,
            alarms: Vec::new(),
            retired_at: None,
            verdict: None,
        }
    }
    fn hours(n: i64) -> Timestamp {
        Timestamp(0).plus_seconds(n * 3_600)
    }

    #[test]
    fn each_end_of_a_canary_follows_from_what_was_seen_and_when() {
        let none = Seen::default();
        let mut c = canary();
        assert_eq!(next(&c, &none, &SETTINGS, hours(0)), []);
        assert_eq!(next(&c, &none, &SETTINGS, hours(1)), [Step::Alarm(Alarm::Receipt)]);
        c.alarms.push(Alarm::Receipt);
        assert_eq!(next(&c, &none, &SETTINGS, hours(2)), [], "an alarm is given once");
        assert_eq!(next(&c, &none, &SETTINGS, hours(168)), [Step::Retire(Verdict::NotReceived)]);
        let mut c = Canary { received_at: Some(hours(0)), ..canary() };
        assert_eq!(next(&c, &none, &SETTINGS, hours(23)), []);
        assert_eq!(
            next(&c, &none, &SETTINGS, hours(24)),
            [Step::Alarm(Alarm::Acknowledgement), Step::Alarm(Alarm::Escalation)]
        );
        let told = Seen { escalated_at: Some(hours(12)), ..none };
        assert_eq!(
            next(&c, &told, &SETTINGS, hours(24)),
            [Step::Escalated(hours(12)), Step::Alarm(Alarm::Acknowledgement)]
        );
        let confirmed = |h| Seen { acknowledged_at: Some(hours(h)), ..none };
        let ends = |h, verdict| [Step::Acknowledged(hours(h)), Step::Retire(verdict)];
        assert_eq!(next(&c, &confirmed(3), &SETTINGS, hours(4)), ends(3, Verdict::Passed));
        assert_eq!(next(&c, &confirmed(25), &SETTINGS, hours(26)), ends(25, Verdict::Late));
        c.alarms = vec![Alarm::Acknowledgement, Alarm::Escalation];
        assert_eq!(
            next(&c, &none, &SETTINGS, hours(168)),
            [Step::Retire(Verdict::NotAcknowledged)]
        );
        let unsent = Canary { unsent: "no".into(), ..canary() };
        assert_eq!(
            next(&unsent, &none, &SETTINGS, hours(0)),
            [Step::Alarm(Alarm::Sending), Step::Retire(Verdict::NotSent)]
        );
        let planned = Canary { sent_at: None, ..canary() };
        assert_eq!(next(&planned, &none, &SETTINGS, hours(999)), []);
    }

    proptest! {
        #[test]
        fn a_mark_is_found_in_any_words_and_is_of_this_deployment(seed: [u8; 32], id: u128, org: u128) {
            let mut env = Env::new(Timestamp(0), seed);
            let (organisation, id) = (PartyId::from_u128(org), CanaryId::from_u128(id));
            let mark = mark(&[1; 32], organisation, id).unwrap();
            let (_, text) = words(&mut env, &mark);
            prop_assert_eq!(candidates(&text), [mark.as_str()]);
            prop_assert_ne!(Some(mark.clone()), super::mark(&[2; 32], organisation, id));
            let beside = format!("{mark}0 x{mark}");
            prop_assert!(candidates(&beside).is_empty());
        }

        #[test]
        fn times_lie_between_and_in_order(seed: [u8; 32], from in 0i64..1_000_000, length in 1i64..5_000_000, count in 0u8..32) {
            let mut env = Env::new(Timestamp(0), seed);
            let from = Timestamp(0).plus_seconds(from);
            let to = from.plus_seconds(length);
            let all = times(&mut env, (from, to), count);
            prop_assert_eq!(all.len(), usize::from(count));
            prop_assert!(all.iter().all(|at| from <= *at && *at < to) && all.is_sorted());
        }
    }
}
