//! The same matter again.

use std::collections::BTreeMap;

use serde::Serialize;

use super::facts::CaseFacts;
use super::numbers::Tally;

/// Thirty times 24 hours, in microseconds.
pub const REPEAT_WINDOW_MICROS: i64 = 30 * 24 * 3_600_000_000;

/// How many groups and callers are listed.
const LISTED: usize = 10;

/// Cases of one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// What they share.
    pub key: Vec<String>,
    /// How many.
    pub incidents: u64,
}

/// Figures about the same matter coming again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recurrence {
    /// Different keys of category, subcategory and symptom.
    pub groups: u64,
    /// Of them, with two cases or more.
    pub groups_with_2plus: u64,
    /// The ten with the most cases.
    pub top10: Vec<Group>,
    /// Cases that follow another of the same category, subcategory and symptom within 30 days.
    pub repeat_30d_category_subcategory_symptom: u64,
    /// Cases that follow another of the same caller, category and subcategory within 30 days.
    pub repeat_30d_caller_category_subcategory: u64,
    /// The ten callers with the most cases.
    pub top10_callers: Vec<Group>,
}

/// When a case was opened, and whether it belongs to the period.
type Opening = (Option<i64>, bool);

type Groups = BTreeMap<[String; 3], Vec<Opening>>;

/// Gathers cases by what they share.
#[derive(Clone, Debug, Default)]
pub struct Recurrences {
    matters: Groups,
    callers_matters: Groups,
    callers: Tally,
}

impl Recurrences {
    /// Counts a case. Cases outside the period count only as something a later one repeats.
    pub fn add(&mut self, case: &CaseFacts, selected: bool) {
        let opening = (case.opened_at.map(|at| at.0), selected);
        if let (Some(category), Some(subcategory)) = (&case.category, &case.subcategory) {
            if let Some(symptom) = &case.symptom {
                let key = [category.clone(), subcategory.clone(), symptom.clone()];
                self.matters.entry(key).or_default().push(opening);
            }
            if let Some(caller) = &case.caller {
                let key = [caller.clone(), category.clone(), subcategory.clone()];
                self.callers_matters.entry(key).or_default().push(opening);
            }
        }
        if selected && case.caller.is_some() {
            self.callers.add(case.caller.as_deref());
        }
    }

    /// The figures.
    #[must_use]
    pub fn finish(self) -> Recurrence {
        let mut groups: Vec<Group> = self
            .matters
            .iter()
            .map(|(key, openings)| Group {
                key: key.to_vec(),
                incidents: openings.iter().filter(|(_, selected)| *selected).count() as u64,
            })
            .filter(|group| group.incidents > 0)
            .collect();
        let groups_with_2plus = groups.iter().filter(|group| group.incidents > 1).count() as u64;
        let all = groups.len() as u64;
        // Equal groups stay in the order of their keys.
        groups.sort_by_key(|group| std::cmp::Reverse(group.incidents));
        groups.truncate(LISTED);
        let callers = self.callers.top(LISTED).0;
        Recurrence {
            groups: all,
            groups_with_2plus,
            top10: groups,
            repeat_30d_category_subcategory_symptom: repeats(&self.matters),
            repeat_30d_caller_category_subcategory: repeats(&self.callers_matters),
            top10_callers: callers
                .into_iter()
                .map(|(caller, incidents)| Group { key: vec![caller], incidents })
                .collect(),
        }
    }
}

/// Cases of the period that were opened within 30 days of an earlier one of their group. Of cases
/// opened at the same instant, all but one follow another.
fn repeats(groups: &Groups) -> u64 {
    let mut count = 0;
    for openings in groups.values() {
        let mut dated: Vec<(i64, bool)> =
            openings.iter().filter_map(|(at, selected)| Some(((*at)?, *selected))).collect();
        dated.sort_unstable();
        count += dated
            .windows(2)
            .filter(|pair| match pair {
                [(before, _), (after, selected)] => {
                    *selected && after.saturating_sub(*before) <= REPEAT_WINDOW_MICROS
                }
                _ => false,
            })
            .count() as u64;
    }
    count
}
