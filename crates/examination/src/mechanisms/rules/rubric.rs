//! Five dimensions of a reporting system, each scored 1 to 5, and the whole.
//!
//! A score is proposed where something is known: from figures first, from what was observed where no
//! figure exists. What was only observed never earns more than 4, because the best score asks for
//! figures. The auditor concludes each score with evidence; the whole follows from the scores by
//! arithmetic alone. It is no opinion.
//!
//! | score | accessibility | awareness | timeliness | tracking | escalation |
//! |---|---|---|---|---|---|
//! | 5 | two tried channels for each audience, round the clock, without a name, on a telephone, in the languages needed | 98 % trained, 90 % of those asked know, drills | 95 % of promises in time, severe ones reported within an hour (90th percentile) | one register, every field, numbers, trends | automatic, tried, every miss escalated |
//! | 4 | two for each audience, tried within the year | 95 %, 75 % | 90 % | 95 % complete | defined, 90 % |
//! | 3 | one for each audience that works | 85 %, 60 % | 75 % | 85 % complete | defined, 75 % |
//! | 2 | one audience only, or hard to find | 60 %, 40 % | 50 % | several registers | informal |
//! | 1 | one unclear way | less | less | notes here and there | none |

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

#[cfg(test)]
mod tests;

kernel::words! {
    /// What is scored.
    Dimension {
        /// Whether everybody who has something to report has a way that works.
        Accessibility = "accessibility",
        /// Whether people know of it and were taught.
        Awareness = "awareness",
        /// Whether reports come and are answered in time.
        Timeliness = "timeliness",
        /// Whether everything that happens to a report can be followed.
        Tracking = "tracking",
        /// Whether what is not answered reaches somebody who can answer.
        Escalation = "escalation",
    }
}

kernel::words! {
    /// How the whole is classified.
    Rating {
        /// 4 and more.
        Strong = "strong",
        /// 3 and more.
        Adequate = "adequate",
        /// Less than 3.
        Weak = "weak",
    }
}

kernel::words! {
    /// Where reports are kept.
    Registers {
        /// In one register.
        One = "one",
        /// In several that do not know of each other.
        Several = "several",
        /// Nowhere in particular.
        Notes = "notes",
    }
}

kernel::words! {
    /// How something is brought further up.
    Ladder {
        /// By the system itself.
        Automatic = "automatic",
        /// As written down.
        Defined = "defined",
        /// As people see fit.
        Informal = "informal",
        /// Not at all.
        None = "none",
    }
}

kernel::words! {
    /// From what a score is proposed.
    Basis {
        /// From figures of the record.
        Figures = "figures",
        /// From what was observed or read.
        Observed = "observed",
    }
}

/// `n` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub n: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// None where nothing was counted.
    #[must_use]
    pub const fn of(n: u64, of: u64) -> Option<Self> {
        if of == 0 { None } else { Some(Self { n, of }) }
    }

    /// Whether it reaches so many per cent; decided in whole numbers.
    #[must_use]
    pub const fn reaches(self, percent: u64) -> bool {
        self.n as u128 * 100 >= self.of as u128 * percent as u128
    }

    /// The lesser of two.
    #[must_use]
    pub fn lesser(self, other: Self) -> Self {
        let (a, b) =
            (u128::from(self.n) * u128::from(other.of), u128::from(other.n) * u128::from(self.of));
        if a.cmp(&b) == Ordering::Greater { other } else { self }
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.n, self.of)
    }
}

/// The channels of one audience.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Doors {
    /// Open to it.
    pub open: u32,
    /// Of them, made known to it.
    pub known: u32,
    /// Of them, tried with success within the year; none where nobody said.
    pub tried: Option<u32>,
}

/// What is known of a reporting system. What is not known stays none, and is never taken for good.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// For those who work there.
    pub inside: Doors,
    /// For customers, vendors and everybody else.
    pub outside: Doors,
    /// Whether people can tell when and how to report.
    pub clear: Option<bool>,
    /// Whether what is severe can be reported at any hour.
    pub round_the_clock: Option<bool>,
    /// Whether nobody need give a name.
    pub without_name: Option<bool>,
    /// Whether it works on a telephone.
    pub on_telephone: Option<bool>,
    /// Whether the languages needed are spoken.
    pub languages: Option<bool>,
    /// Who was taught, of those who should be.
    pub trained: Option<Share>,
    /// Who of the staff asked knows.
    pub staff_know: Option<Share>,
    /// Who of the users asked knows.
    pub users_know: Option<Share>,
    /// Whether staff are taught at the start and again.
    pub taught_again: Option<bool>,
    /// Whether users are told.
    pub users_told: Option<bool>,
    /// Whether reporting is practised.
    pub drills: Option<bool>,
    /// Promises kept in time, of those whose time was over.
    pub in_time: Option<Share>,
    /// Minutes from event to report of what is severe, 90th percentile.
    pub lag_minutes: Option<u64>,
    /// Whether reports are taken in and acted on at once.
    pub at_once: Option<bool>,
    /// Whether times are promised.
    pub promised: Option<bool>,
    /// Whether reports lie unanswered.
    pub left_lying: Option<bool>,
    /// Where reports are kept.
    pub registers: Option<Registers>,
    /// Cases with everything that a case must have, of all.
    pub complete: Option<Share>,
    /// Whether reporters get a number.
    pub numbers: Option<bool>,
    /// Whether trends are looked at.
    pub trends: Option<bool>,
    /// Whether causes are looked for after what was grave.
    pub causes: Option<bool>,
    /// How something is brought further up.
    pub ladder: Option<Ladder>,
    /// Whether it covers what is critical.
    pub ladder_for_critical: Option<bool>,
    /// Whether it was tried.
    pub ladder_tried: Option<bool>,
    /// Misses that were escalated, of all misses.
    pub escalated: Option<Share>,
}

/// A score with what it follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Of what.
    pub dimension: Dimension,
    /// 1 to 5; none where nothing is known.
    pub score: Option<u8>,
    /// From what.
    pub basis: Basis,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// What is proposed for each dimension.
#[must_use]
pub fn propose(known: &Known) -> Vec<Proposed> {
    vec![
        accessibility(known),
        awareness(known),
        timeliness(known),
        tracking(known),
        escalation(known),
    ]
}

fn proposed(
    dimension: Dimension,
    score: Option<u8>,
    basis: Basis,
    reasons: Vec<String>,
) -> Proposed {
    Proposed { dimension, score, basis, reasons }
}

fn accessibility(k: &Known) -> Proposed {
    let (inside, outside) = (k.inside, k.outside);
    let tried = inside.tried.zip(outside.tried).map(|(a, b)| a.min(b));
    let basis = if tried.is_some() { Basis::Figures } else { Basis::Observed };
    let mut reasons = vec![format!(
        "Open: {} for staff, {} for those outside; made known: {} and {}.",
        inside.open, outside.open, inside.known, outside.known
    )];
    if let (Some(a), Some(b)) = (inside.tried, outside.tried) {
        reasons.push(format!("Tried with success within the year: {a} and {b}."));
    }
    let open = inside.open.min(outside.open);
    let known = inside.known.min(outside.known);
    let score = if inside.open + outside.open <= 1 && k.clear != Some(true) {
        reasons.push(
            "There is one way at most, and nothing shows that people know when to use it.".into(),
        );
        1
    } else if open == 0 || known == 0 {
        reasons.push("One audience has no channel, or none that was made known to it.".into());
        2
    } else if tried == Some(0) {
        reasons.push("Nothing shows that a channel works for each audience.".into());
        2
    } else if open.min(known) < 2 || tried.is_some_and(|n| n < 2) {
        3
    } else {
        let best = [
            (k.round_the_clock, "that what is severe can be reported at any hour"),
            (k.without_name, "that nobody need give a name"),
            (k.on_telephone, "that it works on a telephone"),
            (k.languages, "that the languages needed are spoken"),
        ];
        let missing: Vec<&str> =
            best.iter().filter(|(held, _)| *held != Some(true)).map(|(_, what)| *what).collect();
        if missing.is_empty() && basis == Basis::Figures {
            5
        } else {
            if !missing.is_empty() {
                reasons.push(format!("For 5 it is not shown {}.", missing.join(", nor ")));
            }
            4
        }
    };
    proposed(Dimension::Accessibility, Some(score), basis, reasons)
}

fn awareness(k: &Known) -> Proposed {
    let asked = match (k.staff_know, k.users_know) {
        (Some(a), Some(b)) => Some(a.lesser(b)),
        (a, b) => a.or(b),
    };
    let mut reasons = Vec::new();
    for (who, know) in [("staff", k.staff_know), ("users", k.users_know)] {
        if let Some(share) = know {
            reasons.push(format!("Of the {who} who answered, {share} know how to report."));
        }
    }
    if let Some(trained) = k.trained {
        reasons.push(format!("Taught: {trained} people whom a course concerns."));
        let both = |t, a| trained.reaches(t) && asked.is_none_or(|s| s.reaches(a));
        let score = match asked {
            Some(asked) => {
                if k.staff_know.is_none() || k.users_know.is_none() {
                    reasons.push("For 5, staff and users have both to be asked.".into());
                } else {
                    reasons.push(format!("The lesser of the two counts: {asked}."));
                }
                if both(98, 90)
                    && k.drills == Some(true)
                    && k.staff_know.is_some()
                    && k.users_know.is_some()
                {
                    5
                } else if both(95, 75) {
                    4
                } else if both(85, 60) {
                    3
                } else if both(60, 40) {
                    2
                } else {
                    1
                }
            }
            None => {
                reasons.push(
                    "Nobody was asked whether they know, so that no more than 3 is shown.".into(),
                );
                if trained.reaches(85) {
                    3
                } else if trained.reaches(60) {
                    2
                } else {
                    1
                }
            }
        };
        return proposed(Dimension::Awareness, Some(score), Basis::Figures, reasons);
    }
    let score = match (k.taught_again, k.users_told) {
        (None, None) => None,
        (Some(true), Some(true)) => Some(4),
        (Some(true), None) | (None, Some(true)) => Some(3),
        (Some(true), Some(false)) | (Some(false), Some(true)) => Some(2),
        _ => Some(1),
    };
    let say =
        |held: Option<bool>, yes: &str, no: &str| held.map(|h| if h { yes } else { no }.to_owned());
    reasons.extend(say(
        k.taught_again,
        "Staff are taught at the start and again.",
        "Staff are not taught regularly.",
    ));
    reasons.extend(say(
        k.users_told,
        "Users are told how to report.",
        "Users are not told how to report.",
    ));
    proposed(Dimension::Awareness, score, Basis::Observed, reasons)
}

fn timeliness(k: &Known) -> Proposed {
    let mut reasons = Vec::new();
    if let Some(kept) = k.in_time {
        reasons.push(format!("Promises kept in time: {kept} whose time was over."));
        let score = if kept.reaches(95) {
            match k.lag_minutes {
                Some(minutes) => {
                    reasons.push(format!(
                        "From event to report of what was severe: {minutes} minutes (90th percentile)."
                    ));
                    if minutes <= 60 { 5 } else { 4 }
                }
                None => {
                    reasons.push(
                        "For 5 it is not known how long severe events took to be reported.".into(),
                    );
                    4
                }
            }
        } else if kept.reaches(90) {
            4
        } else if kept.reaches(75) {
            3
        } else if kept.reaches(50) {
            2
        } else {
            1
        };
        return proposed(Dimension::Timeliness, Some(score), Basis::Figures, reasons);
    }
    let score = if k.left_lying == Some(true) {
        reasons.push("Reports lie unanswered for long.".into());
        Some(1)
    } else if k.at_once == Some(true) {
        reasons.push("Reports are taken in and acted on at once.".into());
        Some(4)
    } else if k.promised == Some(true) {
        reasons.push("Times are promised; whether they are kept was not counted.".into());
        Some(3)
    } else if k.promised == Some(false) {
        reasons.push("No times are promised.".into());
        Some(2)
    } else {
        None
    };
    proposed(Dimension::Timeliness, score, Basis::Observed, reasons)
}

fn tracking(k: &Known) -> Proposed {
    let mut reasons = Vec::new();
    let Some(registers) = k.registers else {
        return proposed(Dimension::Tracking, None, Basis::Observed, reasons);
    };
    let (score, basis) = match (registers, k.complete) {
        (Registers::Notes, _) => {
            reasons.push("Reports are kept nowhere in particular.".into());
            (1, Basis::Observed)
        }
        (Registers::Several, _) => {
            reasons
                .push("Reports are kept in several places that do not know of each other.".into());
            (2, Basis::Observed)
        }
        (Registers::One, Some(complete)) => {
            reasons.push(format!("One register; complete: {complete} cases."));
            let all = complete.n == complete.of;
            let score = if all && k.numbers == Some(true) && k.trends == Some(true) {
                5
            } else if complete.reaches(95) {
                4
            } else if complete.reaches(85) {
                3
            } else {
                2
            };
            (score, Basis::Figures)
        }
        (Registers::One, None) => {
            reasons.push("One register; how complete it is was not counted.".into());
            let looked_into = k.causes == Some(true) || k.trends == Some(true);
            (if looked_into { 4 } else { 3 }, Basis::Observed)
        }
    };
    proposed(Dimension::Tracking, Some(score), basis, reasons)
}

fn escalation(k: &Known) -> Proposed {
    let mut reasons = Vec::new();
    let Some(ladder) = k.ladder else {
        return proposed(Dimension::Escalation, None, Basis::Observed, reasons);
    };
    if matches!(ladder, Ladder::None | Ladder::Informal) {
        reasons.push("Nothing is written down about who is told when nobody answers.".into());
        let score = if ladder == Ladder::Informal { 2 } else { 1 };
        return proposed(Dimension::Escalation, Some(score), Basis::Observed, reasons);
    }
    reasons.push(
        match ladder {
            Ladder::Automatic => "The system itself tells the next person.",
            _ => "Who is told when is written down.",
        }
        .into(),
    );
    if let Some(escalated) = k.escalated {
        reasons.push(format!("Misses that were escalated: {escalated}."));
        let every = escalated.n == escalated.of;
        let score = if ladder == Ladder::Automatic && k.ladder_tried == Some(true) && every {
            5
        } else if escalated.reaches(90) {
            4
        } else if escalated.reaches(75) {
            3
        } else {
            2
        };
        return proposed(Dimension::Escalation, Some(score), Basis::Figures, reasons);
    }
    reasons.push("No miss was counted that would show it at work.".into());
    let covers = ladder == Ladder::Automatic || k.ladder_for_critical == Some(true);
    proposed(Dimension::Escalation, Some(if covers { 4 } else { 3 }), Basis::Observed, reasons)
}

/// The score of the whole, as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overall {
    /// Numerator.
    pub n: u64,
    /// Denominator, never 0.
    pub of: u64,
    /// How it is classified; decided on the fraction, never on the rounded number.
    pub rating: Rating,
}

impl Overall {
    /// With two decimals, rounded half up.
    #[must_use]
    pub fn shown(self) -> String {
        let hundredths = (self.n * 200 + self.of) / (self.of * 2);
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

/// From which score on the whole is strong, and below which it is weak: the firm's policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutOffs {
    /// Strong from this score on, in tenths.
    pub strong_from: u32,
    /// Weak below this score, in tenths.
    pub weak_below: u32,
    /// The version of the firm's policy; none where it has approved none.
    pub policy: Option<String>,
}

impl Default for CutOffs {
    /// Strong from 4, weak below 3.
    fn default() -> Self {
        Self { strong_from: 40, weak_below: 30, policy: None }
    }
}

impl CutOffs {
    /// How a score of `n` in `of` is classified.
    fn rate(&self, n: u64, of: u64) -> Rating {
        let reaches = |tenths: u32| n.saturating_mul(10) >= u64::from(tenths) * of;
        if reaches(self.strong_from) {
            Rating::Strong
        } else if reaches(self.weak_below) {
            Rating::Adequate
        } else {
            Rating::Weak
        }
    }
}

/// The whole from five scores of 1 to 5 and their weights: the lesser of the weighted mean and the lowest
/// score plus one. None where a score lies outside, a weight is above 100, or all weights are 0.
#[must_use]
pub fn overall(scores: [u8; 5], weights: [u8; 5], cut: &CutOffs) -> Option<Overall> {
    if scores.iter().any(|s| !(1..=5).contains(s)) || weights.iter().any(|w| *w > 100) {
        return None;
    }
    let of: u64 = weights.iter().map(|w| u64::from(*w)).sum();
    if of == 0 {
        return None;
    }
    let sum: u64 = scores.iter().zip(weights).map(|(s, w)| u64::from(*s) * u64::from(w)).sum();
    let cap = u64::from(scores.iter().min().copied()?) + 1;
    let (n, of) = if sum <= cap * of { (sum, of) } else { (cap, 1) };
    let rating = cut.rate(n, of);
    Some(Overall { n, of, rating })
}
