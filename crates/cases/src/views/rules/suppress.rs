//! Figures so small that they could single a reporter out: what is not shown, and what must go with it
//! so that it cannot be worked out from the rest.

/// A figure of fewer cases than this may single somebody out.
pub const K: i64 = 5;

/// A row of a table of counts whose sums are shown elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// All cases of the row.
    pub all: i64,
    /// Of them, open.
    pub open: i64,
    /// Of all, anonymous or confidential.
    pub private: i64,
    /// Of the open ones, anonymous or confidential.
    pub private_open: i64,
}

impl Counts {
    /// Whether a figure of the row could single out somebody who reported in confidence.
    const fn small(self) -> bool {
        (self.private > 0 && self.all < K) || (self.private_open > 0 && self.open < K)
    }
}

/// How a table is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Row by row: `true` where the row's figures are shown.
    Rows(Vec<bool>),
    /// Not at all: too few cases to show any part of it.
    Nothing,
}

/// Which rows of a table are shown, where the sums over all rows are known from elsewhere.
///
/// Rows that could single somebody out are hidden. With the sums, the hidden rows together are known; so
/// further rows, the smallest first, are hidden with them until each hidden figure could still have
/// [`K`] values or more. Where the whole table is too small for that, nothing of it is shown.
#[must_use]
pub fn shown(rows: &[Counts]) -> Shown {
    let mut hidden: Vec<bool> = rows.iter().map(|row| row.small()).collect();
    if !hidden.contains(&true) {
        return Shown::Rows(vec![true; rows.len()]);
    }
    let small_open = rows.iter().any(|row| row.private_open > 0 && row.open < K);
    loop {
        let of = |figure: fn(&Counts) -> i64| -> i64 {
            rows.iter()
                .zip(&hidden)
                .filter(|(_, hidden)| **hidden)
                .map(|(row, _)| figure(row))
                .sum()
        };
        let count = i64::try_from(hidden.iter().filter(|h| **h).count()).unwrap_or(i64::MAX);
        let (all, open) = (of(|row| row.all), of(|row| row.open));
        // Each hidden row has at least one case, so one of them has at most all but one for each other;
        // its open ones lie between none and those of all hidden rows.
        let wide = count > 1 && all - (count - 1) >= K && (!small_open || open >= K);
        if wide {
            return Shown::Rows(hidden.iter().map(|hidden| !hidden).collect());
        }
        let next = rows
            .iter()
            .enumerate()
            .filter(|(place, _)| hidden.get(*place) == Some(&false))
            .min_by_key(|(place, row)| (small_open && row.open == 0, row.all, *place))
            .map(|(place, _)| place);
        match next.and_then(|place| hidden.get_mut(place)) {
            Some(row) => *row = true,
            None => return Shown::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn row(all: i64, open: i64, private: i64, private_open: i64) -> Counts {
        Counts { all, open, private, private_open }
    }

    #[test]
    fn small_rows_take_others_with_them_until_they_cannot_be_worked_out() {
        let safe = [row(9, 2, 0, 0), row(2, 1, 0, 0)];
        assert_eq!(shown(&safe), Shown::Rows(vec![true, true]), "nobody reported in confidence");
        let one = [row(40, 9, 3, 0), row(3, 0, 2, 0), row(7, 2, 0, 0)];
        assert_eq!(shown(&one), Shown::Rows(vec![true, false, false]));
        assert_eq!(shown(&[row(3, 1, 3, 1), row(1, 0, 0, 0)]), Shown::Nothing);
        assert_eq!(shown(&[]), Shown::Rows(Vec::new()));
    }

    /// Every value that a figure of a hidden row can have, for somebody who knows the rows that are
    /// shown, the sums, and that each hidden row has at least one case.
    fn possible(rows: &[Counts], hidden: &[usize], of: usize) -> (BTreeSet<i64>, BTreeSet<i64>) {
        let sum =
            |figure: fn(&Counts) -> i64| hidden.iter().map(|n| figure(&rows[*n])).sum::<i64>();
        let (all, open) = (sum(|r| r.all), sum(|r| r.open));
        let others = i64::try_from(hidden.len() - 1).unwrap();
        let (mut alls, mut opens) = (BTreeSet::new(), BTreeSet::new());
        for one in 1..=all {
            for one_open in 0..=one {
                let (rest, rest_open) = (all - one, open - one_open);
                // The others can share the rest in any way in which each has a case and no more open
                // ones than cases.
                if rest >= others
                    && (0..=rest).contains(&rest_open)
                    && (others > 0 || (rest, rest_open) == (0, 0))
                {
                    alls.insert(one);
                    opens.insert(one_open);
                }
            }
        }
        assert!(alls.contains(&rows[of].all) && opens.contains(&rows[of].open));
        (alls, opens)
    }

    proptest! {
        #[test]
        fn no_hidden_figure_that_singles_out_can_be_worked_out(
            rows in prop::collection::vec((1_i64..14, 0_i64..14, 0_i64..5, 0_i64..4), 1..7),
        ) {
            let rows: Vec<Counts> = rows
                .into_iter()
                .map(|(all, open, private, private_open)| {
                    let (open, private) = (open.min(all), private.min(all));
                    row(all, open, private, private_open.min(open).min(private))
                })
                .collect();
            match shown(&rows) {
                Shown::Nothing => {
                    prop_assert!(rows.iter().any(|r| r.small()));
                }
                Shown::Rows(shown) => {
                    let hidden: Vec<usize> =
                        (0..rows.len()).filter(|n| !shown[*n]).collect();
                    for (n, row) in rows.iter().enumerate() {
                        if row.small() {
                            prop_assert!(!shown[n]);
                            let (alls, opens) = possible(&rows, &hidden, n);
                            prop_assert!(alls.len() >= 5, "{:?} {:?}", rows, alls);
                            if row.private_open > 0 && row.open < K {
                                prop_assert!(opens.len() >= 5, "{:?} {:?}", rows, opens);
                            }
                        }
                    }
                    if !rows.iter().any(|r| r.small()) {
                        prop_assert!(hidden.is_empty());
                    }
                }
            }
        }
    }
}
