//! A bridge letter: management says what it knows of the time between the end of the last report and
//! today. No auditor stands behind it, so it may not sound as if one did.
//!
//! | rule | why |
//! |---|---|
//! | it begins on the day after the report's last | no day is left out, none is spoken of twice |
//! | it ends on or before the day of its signature | nobody knows the future |
//! | it covers at most [`DAYS_MAX`] days, or says why | beyond a quarter a reader wants a report |
//! | it speaks of changes, never of exceptions | nothing was tested |
//! | a new report that covers its days ends it | the report says more |

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most days that a letter covers without a reason. Practice, not a standard: about three months.
pub const DAYS_MAX: i32 = 92;
/// The longest change or reason, in bytes.
pub const TEXT_BYTES_MAX: usize = 2_000;

/// Phrases that only somebody who tested may use, in lower case.
const TESTED: [&str; 7] = [
    "no exception",
    "without exception",
    "operated effectively",
    "operating effectively",
    "were tested",
    "was tested",
    "audited",
];

/// What management states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BridgeLetter {
    /// The last day that the report speaks for.
    pub report_end: Date,
    /// The last day that the letter speaks for.
    pub covers_to: Date,
    /// The day of signature.
    pub signed_on: Date,
    /// Material changes since the report; empty: none is known.
    pub changes: Vec<String>,
    /// Why it covers more than [`DAYS_MAX`] days; empty where it does not.
    pub reason: String,
    /// Who signs.
    pub signer: String,
    /// Their position.
    pub position: String,
}

impl BridgeLetter {
    /// The first day that it speaks for: the one after the report's last.
    #[must_use]
    pub fn covers_from(&self) -> Date {
        self.report_end.tomorrow().unwrap_or(self.report_end)
    }

    /// How many days it speaks for; 0 or less where it ends before it begins.
    #[must_use]
    pub fn days(&self) -> i32 {
        // Dates lie within twenty thousand years, so the difference in days fits.
        self.report_end.until(self.covers_to).map_or(0, |span| span.get_days())
    }

    /// Everything that is wrong with it, in sentences that say what to do; empty where it may be signed.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.covers_to < self.covers_from() {
            faults.push(format!(
                "The letter begins on {} and would end before that; choose a later last day.",
                self.covers_from()
            ));
        }
        if self.covers_to > self.signed_on {
            faults.push(format!(
                "It is signed on {} and cannot speak for days after that; end it on or before it.",
                self.signed_on
            ));
        }
        if self.days() > DAYS_MAX && self.reason.trim().is_empty() {
            faults.push(format!(
                "It covers {} days. Beyond {DAYS_MAX} say why no report is there yet.",
                self.days()
            ));
        }
        if self.signer.trim().is_empty() || self.position.trim().is_empty() {
            faults.push("Say who signs, and in which position.".to_owned());
        }
        for text in self.changes.iter().chain([&self.reason]) {
            if text.len() > TEXT_BYTES_MAX {
                faults.push(format!("A text is longer than {TEXT_BYTES_MAX} bytes; shorten it."));
            }
            let lower = text.to_lowercase();
            if let Some(phrase) = TESTED.iter().find(|phrase| lower.contains(**phrase)) {
                faults.push(format!(
                    "Nothing was tested for this letter, so it may not say “{phrase}”. State the change alone."
                ));
            }
        }
        if self.changes.iter().any(|change| change.trim().is_empty()) {
            faults
                .push("A change without words says nothing; write it or leave it out.".to_owned());
        }
        faults
    }

    /// Whether a report that speaks for these days, both included, ends the letter.
    #[must_use]
    pub fn is_superseded_by(&self, from: Date, to: Date) -> bool {
        from <= self.covers_from() && to >= self.covers_to
    }

    /// The letter of an organisation about a system, in paragraphs.
    ///
    /// # Errors
    /// The faults, where there are any.
    pub fn paragraphs(&self, organisation: &str, system: &str) -> Result<Vec<String>, Vec<String>> {
        let faults = self.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut all = vec![
            format!("To the readers of the report on the {system} system:"),
            format!(
                "The last SOC 2 report on the {system} system of {organisation} speaks for the time until \
                 {}. This letter speaks for {} to {}.",
                self.report_end,
                self.covers_from(),
                self.covers_to
            ),
        ];
        if self.changes.is_empty() {
            all.push(format!(
                "{organisation} knows of no material change to the system, or to the controls that the report \
                 describes, in that time."
            ));
        } else {
            all.push(format!("{organisation} knows of these material changes in that time:"));
            all.extend(self.changes.iter().map(|change| format!("– {}", change.trim())));
        }
        if !self.reason.trim().is_empty() {
            all.push(self.reason.trim().to_owned());
        }
        all.push(
            "The complementary user entity controls that the report names are needed in that time as before."
                .to_owned(),
        );
        all.push(format!(
            "This letter is a statement of the management of {organisation}. No auditor examined it; it gives no \
             assurance, and it does not take the place of the report, which should be read with it."
        ));
        all.push(format!("{}, {}, {}", self.signer.trim(), self.position.trim(), self.signed_on));
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn letter(days: i32, signed_after: i32) -> BridgeLetter {
        let report_end = date(2026, 6, 30);
        let on = |days: i32| report_end.checked_add(jiff::Span::new().days(days)).unwrap();
        BridgeLetter {
            report_end,
            covers_to: on(days),
            signed_on: on(signed_after),
            changes: Vec::new(),
            reason: String::new(),
            signer: "Ruth Abernathy".into(),
            position: "Chief executive officer".into(),
        }
    }

    /// For every length and every day of signature in more than a year around the end of the report.
    #[test]
    fn invariant_17_a_bridge_letter_ends_on_or_before_its_signature() {
        for days in -10..200 {
            for signed in -10..200 {
                let mut letter = letter(days, signed);
                letter.reason = "The next report follows in autumn.".into();
                let sound = letter.faults().is_empty();
                assert_eq!(
                    sound,
                    days >= 1 && days <= signed,
                    "{days} days, signed after {signed}"
                );
                assert_eq!(letter.days(), days);
                letter.reason.clear();
                assert_eq!(letter.faults().is_empty(), sound && days <= DAYS_MAX);
                assert_eq!(
                    letter.paragraphs("Alder", "Payroll").is_ok(),
                    letter.faults().is_empty()
                );
            }
        }
    }

    #[test]
    fn it_may_not_sound_as_if_something_was_tested() {
        for text in
            ["No exceptions were noted.", "All controls OPERATED EFFECTIVELY.", "It was audited."]
        {
            let changed = BridgeLetter { changes: vec![text.into()], ..letter(30, 31) };
            assert_eq!(changed.faults().len(), 1, "{text}");
        }
        let moved = vec!["The database moved to another region on 14 July 2026.".into()];
        let stated = BridgeLetter { changes: moved, ..letter(30, 31) };
        let text = stated.paragraphs("Alder", "Payroll").unwrap().join("\n");
        for said in [
            "2026-07-01 to 2026-07-30",
            "another region",
            "No auditor examined it",
            "Ruth Abernathy",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let none = letter(30, 31).paragraphs("Alder", "Payroll").unwrap().join("\n");
        assert!(none.contains("knows of no material change"));
        assert!(TESTED.iter().all(|phrase| !none.to_lowercase().contains(phrase)), "{none}");
    }

    #[test]
    fn a_report_that_covers_its_days_ends_it() {
        let letter = letter(30, 31);
        assert!(letter.is_superseded_by(date(2026, 7, 1), date(2026, 12, 31)));
        assert!(letter.is_superseded_by(date(2026, 1, 1), date(2026, 7, 30)));
        assert!(
            !letter.is_superseded_by(date(2026, 7, 2), date(2026, 12, 31)),
            "a day is left out"
        );
        assert!(!letter.is_superseded_by(date(2026, 7, 1), date(2026, 7, 29)));
    }
}
