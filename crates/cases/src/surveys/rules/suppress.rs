//! Which figures are kept back so that nobody is singled out.
//!
//! A table has one row per group and one column per answer, with row totals, column totals and the grand
//! total beside them. A cell with 1 to `K − 1` people is kept back. That alone would not do: it could be
//! had by subtraction from a total. So further cells are kept back until, in every row and column,
//! either nothing is kept back, or at least two cells that together hold at least `K` people; and until
//! no kept-back cell follows from what is shown. Groups of fewer than `K` people are first put together,
//! and where a whole group chose the same answer, that is kept back too.

/// Nobody is shown among fewer than this many.
pub const K: u32 = 5;

/// Counts: rows of groups, columns of answers.
pub type Counts = Vec<Vec<u32>>;

/// A table as it may be shown. The last row holds the column totals, the last column the row totals; a
/// cell that is kept back is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which of the given rows each shown row puts together; the row of totals is not among them.
    pub groups: Vec<Vec<usize>>,
    /// The cells, with the totals.
    pub cells: Vec<Vec<Option<u32>>>,
}

/// Which rows are shown together: those of fewer than [`K`] people with the smallest other ones.
fn groups(counts: &Counts) -> Vec<Vec<usize>> {
    let total = |row: &Vec<u32>| row.iter().sum::<u32>();
    let mut all: Vec<(u32, Vec<usize>)> = counts
        .iter()
        .enumerate()
        .map(|(n, row)| (total(row), vec![n]))
        .filter(|(n, _)| *n > 0)
        .collect();
    while all.len() > 1 {
        all.sort_by_key(|(n, rows)| (*n, rows.first().copied()));
        let Some((smallest, _)) = all.first() else { break };
        if *smallest >= K {
            break;
        }
        let (n, rows) = all.remove(0);
        if let Some(next) = all.first_mut() {
            next.0 += n;
            next.1.extend(rows);
            next.1.sort_unstable();
        }
    }
    let mut groups: Vec<Vec<usize>> = all.into_iter().map(|(_, rows)| rows).collect();
    groups.sort();
    groups
}

/// A table while it is decided. The last row holds the column totals; row totals are shown always.
struct Table {
    cells: Counts,
    hidden: Vec<Vec<bool>>,
}

impl Table {
    fn at(&self, r: usize, c: usize) -> u32 {
        self.cells.get(r).and_then(|row| row.get(c)).copied().unwrap_or_default()
    }
    fn is_hidden(&self, r: usize, c: usize) -> bool {
        self.hidden.get(r).and_then(|row| row.get(c)).copied().unwrap_or_default()
    }
    fn hide(&mut self, r: usize, c: usize) {
        if let Some(cell) = self.hidden.get_mut(r).and_then(|row| row.get_mut(c)) {
            *cell = true;
        }
    }
    fn rows(&self) -> usize {
        self.cells.len()
    }
    fn columns(&self) -> usize {
        self.cells.first().map_or(0, Vec::len)
    }

    /// The lines that must add up: each row across, each column down with its total.
    fn lines(&self) -> Vec<Vec<(usize, usize)>> {
        let across = (0..self.rows()).map(|r| (0..self.columns()).map(|c| (r, c)).collect());
        let down = (0..self.columns()).map(|c| (0..self.rows()).map(|r| (r, c)).collect());
        across.chain(down).collect()
    }

    /// The cell to keep back next so that a line no longer gives one away: the smallest with anybody in
    /// it, so that as little as possible is lost; an empty one only where there is no other.
    fn helper(&self, line: &[(usize, usize)]) -> Option<(usize, usize)> {
        let open = || line.iter().copied().filter(|(r, c)| !self.is_hidden(*r, *c));
        open()
            .filter(|(r, c)| self.at(*r, *c) > 0)
            .min_by_key(|(r, c)| (self.at(*r, *c), *r, *c))
            .or_else(|| open().next())
    }

    /// Whether a line keeps one cell back, or cells of too few people. A total is the sum of the others,
    /// so it counts as a cell among cells.
    fn unsafe_line(&self, line: &[(usize, usize)]) -> bool {
        let hidden: Vec<_> = line.iter().filter(|(r, c)| self.is_hidden(*r, *c)).collect();
        let last = self.rows() - 1;
        // The total of a column is never counted to the people behind what is kept back: it holds
        // the same people again.
        let across = line.first().map(|f| f.0) == line.last().map(|l| l.0);
        let people: u32 =
            hidden.iter().filter(|(r, _)| across || *r != last).map(|(r, c)| self.at(*r, *c)).sum();
        let shown_total = across || !hidden.iter().any(|(r, _)| *r == last);
        !hidden.is_empty() && (hidden.len() < 2 || (shown_total && people < K))
    }

    /// Whether what is shown leaves only one value for a cell: whether no other table of whole numbers,
    /// none below zero, agrees with all that is shown. A change of one there must be made good along
    /// kept-back cells in turn, up in one and down in the next; a search through rows and columns finds
    /// such a way or none.
    fn given_away(&self, r: usize, c: usize) -> bool {
        !(self.way(r, c, true) || self.way(r, c, false))
    }

    /// Whether a cell may go up, or down. The row of totals moves against the others.
    fn movable(&self, r: usize, c: usize, up: bool) -> bool {
        let total = r == self.rows() - 1;
        if up == total { self.at(r, c) > 0 } else { true }
    }

    fn way(&self, r: usize, c: usize, up: bool) -> bool {
        if !self.movable(r, c, up) {
            return false;
        }
        // From the column of the cell back to its row, without the cell itself.
        let (mut rows, mut columns) = (vec![false; self.rows()], vec![false; self.columns()]);
        let mut open = vec![(false, c)];
        while let Some((is_row, at)) = open.pop() {
            let seen = if is_row { rows.get_mut(at) } else { columns.get_mut(at) };
            match seen {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            if is_row && at == r {
                return true;
            }
            if is_row {
                let next = (0..self.columns()).filter(|x| {
                    (at, *x) != (r, c) && self.is_hidden(at, *x) && self.movable(at, *x, up)
                });
                open.extend(next.map(|x| (false, x)));
            } else {
                let next = (0..self.rows()).filter(|x| {
                    (*x, at) != (r, c) && self.is_hidden(*x, at) && self.movable(*x, at, !up)
                });
                open.extend(next.map(|x| (true, x)));
            }
        }
        false
    }

    /// One more cell that must be kept back; none when the table may be shown.
    fn next(&self) -> Option<(usize, usize)> {
        for line in self.lines() {
            if self.unsafe_line(&line)
                && let Some(helper) = self.helper(&line)
            {
                return Some(helper);
            }
        }
        for r in 0..self.rows() {
            for c in 0..self.columns() {
                if self.is_hidden(r, c) && self.given_away(r, c) {
                    let across: Vec<_> = (0..self.columns()).map(|x| (r, x)).collect();
                    let down: Vec<_> = (0..self.rows()).map(|x| (x, c)).collect();
                    if let Some(helper) = self.helper(&across).or_else(|| self.helper(&down)) {
                        return Some(helper);
                    }
                }
            }
        }
        None
    }
}

/// The table as it may be shown; none at all where fewer than [`K`] people answered.
#[must_use]
pub fn shown(counts: &Counts) -> Option<Shown> {
    let grand: u32 = counts.iter().flatten().sum();
    if grand < K {
        return None;
    }
    let groups = groups(counts);
    let columns = counts.first().map_or(0, Vec::len);
    let sum = |rows: &[usize], c: usize| -> u32 {
        rows.iter().filter_map(|r| counts.get(*r).and_then(|row| row.get(c))).sum()
    };
    let every: Vec<usize> = (0..counts.len()).collect();
    let mut cells: Counts =
        groups.iter().map(|g| (0..columns).map(|c| sum(g, c)).collect()).collect();
    cells.push((0..columns).map(|c| sum(&every, c)).collect());
    // Where a whole group chose the same, its members' answers would be known to whoever knows that
    // they are members.
    let last = groups.len();
    let hidden = cells
        .iter()
        .enumerate()
        .map(|(r, row)| {
            let whole: u32 = row.iter().sum();
            let told = |n: &u32| *n > 0 && (*n < K || (*n == whole && r < last && last > 1));
            row.iter().map(told).collect()
        })
        .collect();
    let mut table = Table { cells, hidden };
    while let Some((r, c)) = table.next() {
        table.hide(r, c);
    }
    let cells = table
        .cells
        .iter()
        .zip(&table.hidden)
        .map(|(row, hidden)| {
            let mut out: Vec<Option<u32>> =
                row.iter().zip(hidden).map(|(n, h)| (!h).then_some(*n)).collect();
            out.push(Some(row.iter().sum()));
            out
        })
        .collect();
    Some(Shown { groups, cells })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_small_cell_takes_another_with_it() {
        let table = shown(&vec![vec![12, 9, 2, 0]]).unwrap();
        assert_eq!(table.cells[0], [Some(12), None, None, Some(0), Some(23)]);
        assert_eq!(shown(&vec![vec![2, 2]]), None);
        assert_eq!(shown(&vec![vec![6, 7]]).unwrap().cells[0], [Some(6), Some(7), Some(13)]);
    }

    #[test]
    fn small_groups_are_put_together() {
        let table = shown(&vec![vec![10, 10], vec![1, 1], vec![0, 0], vec![2, 2]]).unwrap();
        assert_eq!(table.groups, [vec![0], vec![1, 3]]);
    }

    /// Every table of whole numbers that agrees with what is shown, up to a bound per cell.
    fn agreeing(shown: &Shown) -> Vec<Vec<Vec<u32>>> {
        let columns = shown.cells[0].len() - 1;
        let rows = shown.groups.len();
        let mut found = Vec::new();
        let mut table = vec![vec![0; columns]; rows];
        fn fill(
            shown: &Shown,
            table: &mut Vec<Vec<u32>>,
            at: usize,
            columns: usize,
            found: &mut Vec<Vec<Vec<u32>>>,
        ) {
            let rows = table.len();
            if at == rows * columns {
                for c in 0..columns {
                    let sum: u32 = table.iter().map(|r| r[c]).sum();
                    if shown.cells[rows][c].is_some_and(|n| n != sum) {
                        return;
                    }
                }
                found.push(table.clone());
                return;
            }
            let (r, c) = (at / columns, at % columns);
            let left = shown.cells[r][columns].unwrap() - table[r][..c].iter().sum::<u32>();
            let values: Vec<u32> = match shown.cells[r][c] {
                Some(n) => vec![n],
                None => (0..=left).collect(),
            };
            for v in values.into_iter().filter(|v| *v <= left && (c + 1 < columns || *v == left)) {
                table[r][c] = v;
                fill(shown, table, at + 1, columns, found);
            }
        }
        fill(shown, &mut table, 0, columns, &mut found);
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        /// Whoever knows everything that is shown cannot tell the value of a kept-back cell, nor find
        /// fewer than `K` people in what a row keeps back.
        #[test]
        fn nothing_kept_back_follows_from_what_is_shown(
            counts in (1usize..4, 2usize..4).prop_flat_map(|(rows, columns)|
                proptest::collection::vec(proptest::collection::vec(0u32..9, columns), rows)),
        ) {
            let Some(table) = shown(&counts) else {
                prop_assert!(counts.iter().flatten().sum::<u32>() < K);
                return Ok(());
            };
            let columns = counts[0].len();
            let rows = table.groups.len();
            let all = agreeing(&table);
            prop_assert!(!all.is_empty());
            for r in 0..=rows {
                for c in 0..columns {
                    match table.cells[r][c] {
                        Some(n) => prop_assert!(n == 0 || n >= K, "{n} people are shown"),
                        None => {
                            let value = |t: &Vec<Vec<u32>>| if r == rows { t.iter().map(|x| x[c]).sum() } else { t[r][c] };
                            let first: u32 = value(&all[0]);
                            prop_assert!(all.iter().any(|t| value(t) != first), "cell {r},{c} of {counts:?} follows: {table:?}");
                        }
                    }
                }
            }
            for cells in &table.cells {
                let seen: u32 = cells[..columns].iter().flatten().sum();
                let rest = cells[columns].unwrap() - seen;
                prop_assert!(rest == 0 || rest >= K, "{rest} people are kept back in a row of {counts:?}");
            }
            if rows > 1 {
                for cells in &table.cells[..rows] {
                    prop_assert!(cells[..columns].iter().flatten().all(|n| *n == 0 || Some(*n) != cells[columns]), "a whole group is told");
                }
            }
            // Totals are shown and true.
            prop_assert_eq!(table.cells[rows][columns].unwrap(), counts.iter().flatten().sum::<u32>());
            prop_assert!(table.groups.len() == 1 || table.groups.iter().all(|g| g.iter().map(|r| counts[*r].iter().sum::<u32>()).sum::<u32>() >= K));
        }
    }
}
