//! The same matter again: since when a case is known to be the second, the third, … of its kind.
//!
//! People say it, by linking a case as the recurrence of another or by confirming a proposed pair.
//! What is tied to the same case is one matter, so that the third of a chain counts as the third
//! whoever tied it to which.

use crate::model::CaseId;
use kernel::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Two cases that somebody said are one matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// The one that came first, as they said.
    pub earlier: CaseId,
    /// The one that came again.
    pub later: CaseId,
    /// Since when it is said.
    pub at: Timestamp,
}

/// The times at which a case became known to be the second, the third, … of its kind: as many as there
/// are earlier cases of the same matter. Which of two came first is as somebody said of just these two,
/// otherwise the order in which they were reported.
#[must_use]
pub fn known(case: CaseId, ties: &[Tie], reported: &BTreeMap<CaseId, Timestamp>) -> Vec<Timestamp> {
    let mut ties = ties.to_vec();
    ties.sort_by_key(|tie| (tie.at, tie.earlier, tie.later));
    let before = |other: CaseId| {
        let said = ties.iter().find_map(|tie| match (tie.earlier, tie.later) {
            (earlier, later) if earlier == other && later == case => Some(true),
            (earlier, later) if earlier == case && later == other => Some(false),
            _ => None,
        });
        said.unwrap_or_else(|| (reported.get(&other), other) < (reported.get(&case), case))
    };
    let mut matter = BTreeSet::from([case]);
    let mut times = Vec::new();
    for (n, tie) in ties.iter().enumerate() {
        let said = ties.get(..=n).unwrap_or_default();
        while let Some(other) = one_more(&matter, said) {
            matter.insert(other);
            if before(other) {
                times.push(tie.at);
            }
        }
    }
    times
}

/// A case that is tied to one of the matter and not of it yet.
fn one_more(matter: &BTreeSet<CaseId>, ties: &[Tie]) -> Option<CaseId> {
    ties.iter().find_map(|tie| match (matter.contains(&tie.earlier), matter.contains(&tie.later)) {
        (true, false) => Some(tie.later),
        (false, true) => Some(tie.earlier),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: u8) -> CaseId {
        CaseId::from_u128(u128::from(n))
    }

    fn tie(earlier: u8, later: u8, at: i64) -> Tie {
        Tie { earlier: id(earlier), later: id(later), at: Timestamp(at) }
    }

    fn reported() -> BTreeMap<CaseId, Timestamp> {
        (0..10).map(|n| (id(n), Timestamp(i64::from(n)))).collect()
    }

    #[test]
    fn the_third_of_a_chain_is_the_third_from_when_the_chain_is_closed() {
        let reported = reported();
        assert_eq!(known(id(3), &[], &reported), []);
        let chain = [tie(2, 3, 50), tie(1, 2, 70)];
        assert_eq!(known(id(3), &chain, &reported), [Timestamp(50), Timestamp(70)]);
        assert_eq!(known(id(2), &chain, &reported), [Timestamp(70)]);
        assert_eq!(known(id(1), &chain, &reported), []);
        // Tied to the first by two people, they are three all the same.
        let star = [tie(1, 2, 50), tie(1, 3, 60)];
        assert_eq!(known(id(3), &star, &reported), [Timestamp(60), Timestamp(60)]);
        // What somebody says of two goes before the order of their reports.
        assert_eq!(known(id(1), &[tie(3, 1, 5)], &reported), [Timestamp(5)]);
        assert_eq!(known(id(3), &[tie(3, 1, 5)], &reported), []);
    }

    proptest! {
        /// However the ties are listed the answer is the same, its times never go back, and one more
        /// tie never makes a matter smaller.
        #[test]
        fn more_is_never_less(said in prop::collection::vec((0u8..10, 0u8..10, 0i64..100), 0..12)) {
            let ties: Vec<Tie> = said
                .iter()
                .filter(|(a, b, _)| a < b)
                .map(|(a, b, at)| tie(*a, *b, *at))
                .collect();
            let mut turned = ties.clone();
            turned.reverse();
            for n in 0..10 {
                let all = known(id(n), &ties, &reported());
                prop_assert_eq!(&all, &known(id(n), &turned, &reported()));
                prop_assert!(all.is_sorted());
                prop_assert!(all.len() <= usize::from(n));
                let fewer = ties.get(1..).unwrap_or_default();
                prop_assert!(known(id(n), fewer, &reported()).len() <= all.len());
            }
        }
    }
}
