//! The ladder, the pauses and the targets as people write them, one line each.
//!
//! ```text
//! 80% of acknowledge -> owner
//! 100% -> owner, compliance_lead
//! no owner after 4 hours -> case_handler
//! owner away -> case_handler
//! severity raised -> compliance_lead
//! recurrence 3 -> compliance_lead
//! retaliation -> counsel, executive_sponsor
//! not heard -> compliance_lead
//! 200% -> executive_sponsor, trustee@example.org
//! ```
//!
//! What closing a case needs:
//!
//! ```text
//! critical incident -> impact, root cause, corrective action, effect checked, review, reporter told
//! critical other -> root cause, reporter told
//! low -> nothing
//! ```

use crate::model::Severity;
use crate::policy::model::{ClockKind, ClosingRow, Need, PauseRule, Recipient, Rung, Trigger};
use kernel::party::Role;
use kernel::refusal::{Refusal, excerpt};
use std::fmt::Write as _;

/// The longest ladder or list of pauses, in bytes.
const TEXT_BYTES_MAX: usize = 20_000;

/// The ladder of a text.
///
/// # Errors
/// [`Refusal::Input`] on `ladder` with the line that cannot be read, and how it is written.
pub fn ladder(text: &str) -> Result<Vec<Rung>, Refusal> {
    lines("ladder", text)?
        .map(|(number, line)| {
            rung(line).map_err(|why| {
                Refusal::field("ladder", format!("Line {number}, “{}”: {why}", excerpt(line, 80)))
            })
        })
        .collect()
}

fn lines<'t>(
    field: &'static str,
    text: &'t str,
) -> Result<impl Iterator<Item = (usize, &'t str)>, Refusal> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Refusal::field(field, "This is too long: at most 20,000 characters."));
    }
    let numbered = text.lines().enumerate().map(|(n, line)| (n + 1, line.trim()));
    Ok(numbered.filter(|(_, line)| !line.is_empty()))
}

fn rung(line: &str) -> Result<Rung, String> {
    let (on, to) = line
        .split_once("->")
        .or_else(|| line.split_once('\u{2192}'))
        .ok_or("write what sets it off, an arrow ->, and who is told")?;
    let to: Result<Vec<_>, _> = to.split(',').map(|one| recipient(one.trim())).collect();
    Ok(Rung { on: trigger(on.trim())?, to: to? })
}

fn trigger(text: &str) -> Result<Trigger, String> {
    if let Some((share, rest)) = text.split_once('%') {
        let percent: u32 = share
            .trim()
            .parse()
            .ok()
            .filter(|p| (1..=super::PERCENT_MAX).contains(p))
            .ok_or("a percentage is a whole number from 1 to 1000")?;
        let rest = rest.trim();
        let clock = match rest.strip_prefix("of").map_or(rest, str::trim) {
            "" | "any" | "any clock" => None,
            word => Some(
                ClockKind::from_word(word).ok_or_else(|| format!("there is no clock “{word}”"))?,
            ),
        };
        return Ok(Trigger::Percent { percent, clock });
    }
    if let Some(after) = text.strip_prefix("no owner after") {
        let after = after.trim().parse().map_err(|e| format!("{e}"))?;
        return Ok(Trigger::NoOwner { after });
    }
    if let Some(times) = text.strip_prefix("recurrence") {
        let times = times.trim().parse().ok().filter(|t| (2..=1_000).contains(t));
        return Ok(Trigger::Recurrence {
            times: times.ok_or("write from which one on: recurrence 3")?,
        });
    }
    Ok(match text {
        "owner away" => Trigger::OwnerAway,
        "severity raised" => Trigger::SeverityRaised,
        "retaliation" => Trigger::Retaliation,
        "not heard" => Trigger::NotHeard,
        _ => return Err(
            "begin with a percentage (80% of resolve), no owner after 4 hours, owner away, severity raised, recurrence 3, retaliation or not heard".into(),
        ),
    })
}

fn recipient(text: &str) -> Result<Recipient, String> {
    if text == "owner" {
        return Ok(Recipient::Owner);
    }
    if text.contains('@') {
        let email = identity::model::Email::parse(text).map_err(|e| e.to_string())?;
        return Ok(Recipient::Address(email.as_str().to_owned()));
    }
    match Role::parse(text) {
        Some(role) if role.side() == kernel::party::Side::ServiceOrganisation => {
            Ok(Recipient::Role(text.to_owned()))
        }
        _ => Err(format!(
            "“{text}” is nobody: write owner, a role such as compliance_lead, or an address"
        )),
    }
}

/// The ladder as text.
#[must_use]
pub fn ladder_text(ladder: &[Rung]) -> String {
    ladder.iter().fold(String::new(), |mut text, rung| {
        let to: Vec<String> = rung.to.iter().map(recipient_text).collect();
        let _ = writeln!(text, "{} -> {}", trigger_text(&rung.on), to.join(", "));
        text
    })
}

/// A trigger as text.
#[must_use]
pub fn trigger_text(on: &Trigger) -> String {
    match on {
        Trigger::Percent { percent, clock: None } => format!("{percent}% of any clock"),
        Trigger::Percent { percent, clock: Some(clock) } => {
            format!("{percent}% of {}", clock.word())
        }
        Trigger::NoOwner { after } => format!("no owner after {after}"),
        Trigger::OwnerAway => "owner away".into(),
        Trigger::SeverityRaised => "severity raised".into(),
        Trigger::Recurrence { times } => format!("recurrence {times}"),
        Trigger::Retaliation => "retaliation".into(),
        Trigger::NotHeard => "not heard".into(),
    }
}

/// A recipient as text.
#[must_use]
pub fn recipient_text(to: &Recipient) -> String {
    match to {
        Recipient::Owner => "owner".into(),
        Recipient::Role(role) => role.clone(),
        Recipient::Address(address) => address.clone(),
    }
}

/// What closing needs, of a text.
///
/// # Errors
/// [`Refusal::Input`] on `closing` with the line that cannot be read, and how it is written.
pub fn closing(text: &str) -> Result<Vec<ClosingRow>, Refusal> {
    lines("closing", text)?
        .map(|(number, line)| {
            closing_row(line).map_err(|why| {
                Refusal::field("closing", format!("Line {number}, “{}”: {why}.", excerpt(line, 80)))
            })
        })
        .collect()
}

fn closing_row(line: &str) -> Result<ClosingRow, String> {
    let (which, needs) = line
        .split_once("->")
        .or_else(|| line.split_once('\u{2192}'))
        .ok_or("write of which cases, an arrow ->, and what closing them needs")?;
    let mut which = which.split_whitespace();
    let severity = which
        .next()
        .and_then(Severity::from_word)
        .ok_or("begin with a severity: critical, high, moderate or low")?;
    let incident = match (which.next(), which.next()) {
        (None, _) => None,
        (Some("incident"), None) => Some(true),
        (Some("other"), None) => Some(false),
        _ => return Err("after the severity write incident, other, or nothing".into()),
    };
    let needs = match needs.trim() {
        "nothing" => Ok(Default::default()),
        needs => needs.split(',').map(|one| need(one.trim())).collect(),
    };
    Ok(ClosingRow { severity, incident, needs: needs? })
}

fn need(words: &str) -> Result<Need, String> {
    Need::from_words(words).ok_or_else(|| {
        let known: Vec<&str> = Need::ALL.into_iter().map(Need::words).collect();
        format!("“{words}” cannot be asked for; these can: {}, or nothing", known.join(", "))
    })
}

/// What closing needs, as text.
#[must_use]
pub fn closing_text(rows: &[ClosingRow]) -> String {
    rows.iter().fold(String::new(), |mut text, row| {
        let of = match row.incident {
            None => "",
            Some(true) => " incident",
            Some(false) => " other",
        };
        let needs: Vec<&str> = row.needs.iter().map(|need| need.words()).collect();
        let needs = if needs.is_empty() { "nothing".to_owned() } else { needs.join(", ") };
        let _ = writeln!(text, "{}{of} -> {needs}", row.severity.word());
        text
    })
}

/// The pauses of a text: `awaiting the reporter: 10 business days`.
///
/// # Errors
/// [`Refusal::Input`] on `pauses` with the line that cannot be read.
pub fn pauses(text: &str) -> Result<Vec<PauseRule>, Refusal> {
    lines("pauses", text)?
        .map(|(number, line)| {
            let wrong = |why: String| {
                Refusal::field("pauses", format!("Line {number}, “{}”: {why}", excerpt(line, 80)))
            };
            let (reason, most) = line.rsplit_once(':').ok_or_else(|| {
                wrong("write the reason, a colon, and for how long at most".into())
            })?;
            let most = most.trim().parse().map_err(|e| wrong(format!("{e}")))?;
            Ok(PauseRule { reason: reason.trim().to_owned(), most })
        })
        .collect()
}

/// The pauses as text.
#[must_use]
pub fn pauses_text(pauses: &[PauseRule]) -> String {
    pauses.iter().fold(String::new(), |mut text, pause| {
        let _ = writeln!(text, "{}: {}", pause.reason, pause.most);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_closing_needs_is_written_and_read() {
        let body: crate::policy::model::PolicyBody =
            toml::from_str(crate::policy::TEMPLATE).unwrap();
        let text = closing_text(&body.closing);
        assert!(text.contains("high other -> root cause, reporter told\n"), "{text}");
        assert_eq!(closing(&text).unwrap(), body.closing);
        let nothing = closing("low \u{2192} nothing").unwrap();
        assert!(nothing[0].needs.is_empty() && nothing[0].incident.is_none());
        for (line, why) in [
            ("low", "an arrow"),
            ("grave -> review", "begin with a severity"),
            ("low sometimes -> review", "write incident, other, or nothing"),
            ("low other case -> review", "write incident, other, or nothing"),
            ("low -> review, cake", "“cake” cannot be asked for"),
        ] {
            let refused = closing(line).unwrap_err().to_string();
            assert!(refused.contains(why) && refused.contains("Line 1"), "{refused}");
        }
    }
    use proptest::prelude::*;

    fn any_trigger() -> impl Strategy<Value = Trigger> {
        let clock = prop::option::of(prop::sample::select(ClockKind::ALL.to_vec()));
        prop_oneof![
            (1..=1_000_u32, clock).prop_map(|(percent, clock)| Trigger::Percent { percent, clock }),
            (1..90_u32)
                .prop_map(|n| Trigger::NoOwner { after: format!("{n} hours").parse().unwrap() }),
            (2..9_u32).prop_map(|times| Trigger::Recurrence { times }),
            Just(Trigger::OwnerAway),
            Just(Trigger::SeverityRaised),
            Just(Trigger::Retaliation),
            Just(Trigger::NotHeard),
        ]
    }

    fn any_recipient() -> impl Strategy<Value = Recipient> {
        prop_oneof![
            Just(Recipient::Owner),
            Just(Recipient::Role("compliance_lead".into())),
            "[a-z]{1,8}@[a-z]{1,8}\\.org".prop_map(Recipient::Address),
        ]
    }

    proptest! {
        #[test]
        fn a_ladder_that_is_written_is_read_back(
            ladder in prop::collection::vec(
                (any_trigger(), prop::collection::vec(any_recipient(), 1..4))
                    .prop_map(|(on, to)| Rung { on, to }),
                0..12,
            )
        ) {
            prop_assert_eq!(super::ladder(&ladder_text(&ladder)).unwrap(), ladder);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,200}") {
            let _ = super::ladder(&text);
            let _ = pauses(&text);
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let wrong = |text: &str| ladder(text).unwrap_err().to_string();
        assert!(wrong("100% -> owner\n\nsoon -> owner").contains("Line 3"));
        assert!(wrong("100% owner").contains("arrow"));
        assert!(wrong("0% -> owner").contains("1 to 1000"));
        assert!(wrong("50% of sleep -> owner").contains("no clock"));
        assert!(wrong("50% -> partner").contains("nobody"));
        assert!(pauses("waiting").unwrap_err().to_string().contains("colon"));
    }
}
