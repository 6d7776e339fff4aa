//! What walkthroughs, inquiries and observations can support.
//!
//! | used for | needs |
//! |---|---|
//! | understanding | an answer or a session |
//! | design | a walkthrough that was held, or an answer with an inspection, an observation or a reperformance beside it |
//! | operation | an inspection or a reperformance; or observation at two dates or more, and an answer |
//!
//! Inquiry alone never suffices, and a walkthrough says nothing about a period.

use super::model::{CorroborationKind, Entry, ProcedureKind, Support};
use std::collections::BTreeSet;

/// What was done, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// Answers written down.
    pub answers: usize,
    /// Sessions of a walkthrough.
    pub traced: usize,
    /// Different dates on which something was watched.
    pub watched: BTreeSet<String>,
    /// Corroborations by inspection.
    pub inspected: usize,
    /// Corroborations by observation.
    pub seen_beside: usize,
    /// Corroborations by reperformance.
    pub reperformed: usize,
}

impl Work {
    /// Counts what a procedure gave.
    #[must_use]
    pub fn of<'e>(kind: ProcedureKind, entries: impl IntoIterator<Item = &'e Entry>) -> Self {
        let mut work = Self::default();
        for entry in entries {
            match entry {
                Entry::Answer { .. } => work.answers += 1,
                Entry::Session { on, .. } if kind == ProcedureKind::Observation => {
                    work.watched.insert(on.clone());
                }
                Entry::Session { .. } if kind == ProcedureKind::Walkthrough => work.traced += 1,
                Entry::Session { .. } | Entry::FollowUp { .. } => {}
                Entry::Corroboration { by, .. } => match by {
                    CorroborationKind::Inspection => work.inspected += 1,
                    CorroborationKind::Observation => work.seen_beside += 1,
                    CorroborationKind::Reperformance => work.reperformed += 1,
                },
            }
        }
        work
    }

    /// The same with another procedure's work about the same control.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        self.answers += other.answers;
        self.traced += other.traced;
        self.watched.extend(other.watched.iter().cloned());
        self.inspected += other.inspected;
        self.seen_beside += other.seen_beside;
        self.reperformed += other.reperformed;
        self
    }
}

/// Why work does not support what it is to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// Nothing was done.
    #[error("Nothing is on record yet. Write down an answer or a session first.")]
    Nothing,
    /// Only somebody's word.
    #[error(
        "Inquiry alone is not enough. Trace an item in a walkthrough, or lay an inspection, an observation or a reperformance beside what was said."
    )]
    InquiryAlone,
    /// Nothing that speaks for a period.
    #[error(
        "Operation needs an inspection or a reperformance, or observation at two dates at least together with inquiry. A walkthrough shows design, not operation."
    )]
    NotOperation,
}

/// Whether work supports what it is to be used for.
///
/// # Errors
/// [`Lack`] with what is missing.
pub fn supports(work: &Work, support: Support) -> Result<(), Lack> {
    let beside = work.inspected + work.seen_beside + work.reperformed;
    let anything = work.answers + work.traced + work.watched.len() + beside;
    if anything == 0 {
        return Err(Lack::Nothing);
    }
    match support {
        Support::Understanding => Ok(()),
        Support::Design if work.traced > 0 || beside > 0 || !work.watched.is_empty() => Ok(()),
        Support::Design => Err(Lack::InquiryAlone),
        Support::Operation if work.inspected + work.reperformed > 0 => Ok(()),
        Support::Operation if work.watched.len() >= 2 && work.answers > 0 => Ok(()),
        Support::Operation if work.traced + beside + work.watched.len() == 0 => {
            Err(Lack::InquiryAlone)
        }
        Support::Operation => Err(Lack::NotOperation),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Timestamp;
    use proptest::prelude::*;

    fn answer() -> Entry {
        Entry::Answer {
            question: "M1".into(),
            who: "a".into(),
            role: "b".into(),
            at: Timestamp(0),
            answer: "c".into(),
        }
    }
    fn session(on: &str) -> Entry {
        Entry::Session { on: on.into(), place: "p".into(), present: "q".into(), seen: "s".into() }
    }
    fn beside(by: CorroborationKind) -> Entry {
        Entry::Corroboration { by, found: "f".into(), evidence: vec!["e".into()] }
    }
    fn may(kind: ProcedureKind, entries: &[Entry], support: Support) -> Result<(), Lack> {
        supports(&Work::of(kind, entries), support)
    }

    #[test]
    fn inquiry_alone_supports_understanding_and_nothing_else() {
        let said = [answer(), answer(), answer()];
        assert_eq!(may(ProcedureKind::Inquiry, &said, Support::Understanding), Ok(()));
        assert_eq!(may(ProcedureKind::Inquiry, &said, Support::Design), Err(Lack::InquiryAlone));
        assert_eq!(may(ProcedureKind::Inquiry, &said, Support::Operation), Err(Lack::InquiryAlone));
        assert_eq!(may(ProcedureKind::Inquiry, &[], Support::Understanding), Err(Lack::Nothing));
        let todo = [Entry::FollowUp { what: "w".into(), due: "2026-07-01".into() }];
        assert_eq!(may(ProcedureKind::Inquiry, &todo, Support::Understanding), Err(Lack::Nothing));
    }

    #[test]
    fn a_walkthrough_shows_design_and_never_operation_by_itself() {
        let traced = [answer(), session("2026-07-01"), session("2026-07-02")];
        assert_eq!(may(ProcedureKind::Walkthrough, &traced, Support::Design), Ok(()));
        assert_eq!(
            may(ProcedureKind::Walkthrough, &traced, Support::Operation),
            Err(Lack::NotOperation)
        );
        let inspected = [traced.as_slice(), &[beside(CorroborationKind::Inspection)]].concat();
        assert_eq!(may(ProcedureKind::Walkthrough, &inspected, Support::Operation), Ok(()));
    }

    #[test]
    fn observation_needs_two_dates_and_an_answer() {
        let once = [answer(), session("2026-07-01"), session("2026-07-01")];
        assert_eq!(
            may(ProcedureKind::Observation, &once, Support::Operation),
            Err(Lack::NotOperation)
        );
        let silent = [session("2026-07-01"), session("2026-07-15")];
        assert_eq!(
            may(ProcedureKind::Observation, &silent, Support::Operation),
            Err(Lack::NotOperation)
        );
        let twice = [answer(), session("2026-07-01"), session("2026-07-15")];
        assert_eq!(may(ProcedureKind::Observation, &twice, Support::Operation), Ok(()));
    }

    proptest! {
        #[test]
        fn more_work_never_supports_less(
            kinds in proptest::collection::vec(0usize..6, 0..12),
            more in 0usize..6,
            kind in 0usize..4,
        ) {
            let one = |n: usize| match n {
                0 => answer(),
                1 => session("2026-07-01"),
                2 => session("2026-07-02"),
                3 => beside(CorroborationKind::Inspection),
                4 => beside(CorroborationKind::Observation),
                _ => beside(CorroborationKind::Reperformance),
            };
            let kind = ProcedureKind::ALL[kind];
            let before: Vec<Entry> = kinds.iter().map(|n| one(*n)).collect();
            let after = [before.as_slice(), &[one(more)]].concat();
            for support in Support::ALL {
                if may(kind, &before, *support).is_ok() {
                    prop_assert!(may(kind, &after, *support).is_ok());
                }
            }
            // What operation needs is never less than what understanding needs.
            if may(kind, &before, Support::Operation).is_ok() {
                prop_assert!(may(kind, &before, Support::Understanding).is_ok());
            }
        }
    }
}
