//! What management represents in its letter, and whether a letter holds all of it. Our own words; the list follows
//! what the attestation standards have a practitioner ask for.

use crate::model::{Letter, Representation};
use scope::model::{Subservice, SubserviceMethod};

impl Representation {
    /// What is represented, in a sentence.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Assertion => "The assertion is stated again.",
            Self::Responsibility => {
                "Management is responsible for the description, for the assertion and for choosing the criteria."
            }
            Self::Matters => {
                "Every matter it knows of that bears on the description or the controls was told, also what speaks against the assertion."
            }
            Self::Access => "All records and all people were at the auditor's disposal.",
            Self::Lists => "The lists and records that it supplied are complete and accurate.",
            Self::Deficiencies => {
                "Every deficiency of design or operation that it knows of was told, also those that it does not mend for their cost."
            }
            Self::Fraud => {
                "Fraud that happened, is suspected or was alleged and could bear on the service was told."
            }
            Self::Noncompliance => {
                "Breaches of law, regulation or contract that could bear on the service were told."
            }
            Self::Incidents => {
                "Incidents that kept or could have kept it from its commitments were told."
            }
            Self::Regulators => "What regulators and others wrote about the service was told.",
            Self::Subsequent => "What happened after the period and bears on the report was told.",
            Self::Uncorrected => {
                "What was found and not corrected is not material, taken one by one and together."
            }
            Self::Inclusive => {
                "Each subservice organisation that the description includes gave its own assertion and representations."
            }
        }
    }

    /// Whether there is no examination without it: refused, it limits the scope of the whole.
    #[must_use]
    pub const fn is_essential(self) -> bool {
        matches!(self, Self::Assertion | Self::Responsibility | Self::Matters | Self::Access)
    }
}

/// The representations that a letter has to hold, in the order of the list.
#[must_use]
pub fn wanted(subservices: &[Subservice], deviations: bool, lists: bool) -> Vec<Representation> {
    let inclusive = subservices.iter().any(|s| s.method == SubserviceMethod::Inclusive);
    Representation::ALL
        .iter()
        .copied()
        .filter(|r| match r {
            Representation::Inclusive => inclusive,
            Representation::Uncorrected => deviations,
            Representation::Lists => lists,
            _ => true,
        })
        .collect()
}

/// What a received letter lacks, in sentences. `refused` says that the auditor states that the letter was refused,
/// so that the opinion follows from that.
#[must_use]
pub fn lacking(letter: &Letter, wanted: &[Representation], refused: bool) -> Vec<String> {
    if letter.given.is_empty() {
        return vec![
            "The representation letter has not been held against the list of representations."
                .to_owned(),
        ];
    }
    let open = wanted.iter().filter(|r| !letter.given.contains(r));
    let (essential, other): (Vec<&Representation>, Vec<_>) = open.partition(|r| r.is_essential());
    let mut out = Vec::new();
    if !refused {
        out.extend(essential.iter().map(|r| {
            format!(
                "The letter does not represent this: {} Ask management again, or state with the opinion that it refused.",
                r.text()
            )
        }));
    }
    if letter.reservations.is_empty() {
        out.extend(other.iter().map(|r| {
            format!("The letter does not represent this, and nothing says why: {}", r.text())
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;
    use std::collections::BTreeSet;

    fn letter(given: &[Representation], reservations: &str) -> Letter {
        Letter {
            text: "t".into(),
            signer: "s".into(),
            date: Date::constant(2026, 1, 1),
            given: given.iter().copied().collect::<BTreeSet<_>>(),
            reservations: reservations.into(),
        }
    }

    #[test]
    fn a_letter_of_one_sentence_lacks_what_it_was_not_held_against() {
        let all = wanted(&[], true, true);
        assert_eq!(all.len(), Representation::ALL.len() - 1, "no inclusive organisation");
        assert_eq!(lacking(&letter(&[], ""), &all, false).len(), 1);
        assert_eq!(lacking(&letter(&all, ""), &all, false), Vec::<String>::new());
        // Nothing was found and no list was supplied: there is nothing to say of either.
        assert_eq!(wanted(&[], false, false).len(), all.len() - 2);
    }

    #[test]
    fn what_is_not_given_is_explained_or_limits_the_scope() {
        let all = wanted(&[], true, true);
        let without = |left: Representation| -> Vec<Representation> {
            all.iter().copied().filter(|r| *r != left).collect()
        };
        let given = without(Representation::Fraud);
        assert_eq!(lacking(&letter(&given, ""), &all, false).len(), 1);
        assert!(lacking(&letter(&given, "One case is before a court."), &all, false).is_empty());
        // No explanation stands in for what an examination rests on.
        let given = without(Representation::Access);
        for reservations in ["", "They were too busy."] {
            let open = lacking(&letter(&given, reservations), &all, false);
            assert!(open[0].contains("state with the opinion"), "{open:?}");
        }
        assert!(lacking(&letter(&given, ""), &all, true).is_empty());
    }
}
