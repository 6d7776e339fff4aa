//! How each of the thirteen checks stands, what stops a population from being accepted, and the line
//! that the report has on it.
//!
//! Source: the procedures that AT-C 205.36 asks for on information produced by the entity, in our own
//! list. Check 0 is our own: that every record of the file could be read.

use super::model::{Count, Counted, Explanation, Generator, Ipe, Outcome};
use crate::model::{Population, PopulationBody};
use kernel::zone::Zone;
use populations::checks::{Check, Outcome as Frozen};
use populations::schema::Kind;

/// Checks that are answered by a person or by what is recorded, when the file did not answer them.
const BY_PEOPLE: [u8; 8] = [1, 2, 3, 8, 9, 10, 12, 13];
/// Checks that a person answers directly; reconciliation and retrieval have their own records.
pub const ANSWERABLE: [u8; 6] = [1, 2, 3, 8, 9, 12];
/// Checks of which every gap or month is explained on its own.
const ITEM_BY_ITEM: [u8; 2] = [6, 7];
const WINDOW: u8 = 2;
const MADE_AFTER: u8 = 3;
const REVERSE: u8 = 8;
const FORWARD: u8 = 9;
const RECONCILES: u8 = 10;
const CONNECTOR: u8 = 12;
const INDEPENDENT: u8 = 13;

/// The thirteen checks, and what is missing while nobody has done one.
const UNDONE: [(u8, &str); 13] = [
    (1, "its rows were not counted against the number that the source shows"),
    (WINDOW, "the dates that the export was asked for were not compared with the period"),
    (MADE_AFTER, "it is not recorded when the list was made, before or after its period had ended"),
    (4, "its keys were not checked"),
    (5, "its dates were not checked"),
    (6, "its sequence was not checked for gaps"),
    (7, "its months were not looked at"),
    (REVERSE, "no items from outside were looked for in it (completeness)"),
    (FORWARD, "no rows of it were traced to their source (accuracy)"),
    (
        RECONCILES,
        "it was not reconciled with a second source, and no written representation stands in the place of one",
    ),
    (11, "it was not looked through for what is hidden or computed"),
    (CONNECTOR, "its file was not compared with what the source gave out"),
    (INDEPENDENT, "it is not recorded how and by whom it was retrieved"),
];

/// How a check stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Its number.
    pub number: u8,
    /// Its name in files.
    pub id: String,
    /// How it came out.
    pub outcome: Outcome,
    /// Why, in a plain sentence.
    pub detail: String,
    /// What still needs an explanation; an empty text is the check as a whole.
    pub open: Vec<String>,
    /// What was explained.
    pub explained: Vec<Explanation>,
}

/// The checks of a population as they stand.
#[must_use]
pub fn assess(checks: &serde_json::Value, rows: u64, ipe: &Ipe) -> Vec<State> {
    let frozen: Vec<Check> = serde_json::from_value(checks.clone()).unwrap_or_default();
    frozen.iter().map(|check| state(check, rows, ipe)).collect()
}

/// The checks of a population as they stand, with what its kind and the record of its retrieval answer:
/// a capture has no period that an export could miss, and a list is made before or after its period ends.
#[must_use]
pub fn of_population(body: &PopulationBody, ipe: &Ipe) -> Vec<State> {
    let mut states = assess(&body.checks, body.rows, ipe);
    let Some(coverage) = &body.coverage else { return states };
    for state in &mut states {
        // Only what the file itself did not answer.
        let by_file = frozen_outcome(&body.checks, state.number) != Some(Frozen::NotApplicable);
        if by_file {
            continue;
        }
        let found = match (state.number, coverage.kind) {
            (WINDOW, Kind::Capture) => Some((
                Outcome::NotApplicable,
                format!("A configuration capture, which speaks for {}.", coverage.to),
            )),
            (MADE_AFTER, Kind::Capture) => Some((
                Outcome::NotApplicable,
                "A configuration capture is made within the period, not after it.".to_owned(),
            )),
            (MADE_AFTER, Kind::Events) => made_after(coverage, ipe),
            _ => None,
        };
        if let Some((outcome, detail)) = found {
            let told = state.explained.iter().any(|e| e.item.is_empty());
            state.open =
                if outcome == Outcome::Fail && !told { vec![String::new()] } else { Vec::new() };
            (state.outcome, state.detail) = (outcome, detail);
        }
    }
    states
}

fn frozen_outcome(checks: &serde_json::Value, number: u8) -> Option<Frozen> {
    let frozen: Vec<Check> = serde_json::from_value(checks.clone()).unwrap_or_default();
    frozen.iter().find(|check| check.number == number).map(|check| check.outcome)
}

fn made_after(coverage: &crate::supplied::model::Coverage, ipe: &Ipe) -> Option<(Outcome, String)> {
    let made = ipe.retrieval.as_ref()?.what.made_at;
    let zone = Zone::named(&coverage.zone).ok()?;
    let day = zone.local(made).date();
    Some(if made >= zone.day_end(coverage.to) {
        (
            Outcome::Pass,
            format!("The list was made on {day}, after its period had ended on {}.", coverage.to),
        )
    } else {
        (
            Outcome::Fail,
            format!(
                "The list was made on {day}, before its period ended on {}: what came later is not in it.",
                coverage.to
            ),
        )
    })
}

fn state(check: &Check, rows: u64, ipe: &Ipe) -> State {
    let (outcome, detail) = outcome(check, rows, ipe);
    let explained: Vec<Explanation> = ipe
        .explanations
        .iter()
        .map(|explained| explained.what.clone())
        .filter(|explained| explained.check == check.number)
        .collect();
    let told = |item: &str| explained.iter().any(|e| e.item == item);
    let open = if outcome == Outcome::Fail {
        let mut items = items(check);
        items.retain(|item| !told(item));
        items
    } else {
        Vec::new()
    };
    State { number: check.number, id: check.id.clone(), outcome, detail, open, explained }
}

/// What of a failed check is to be explained.
fn items(check: &Check) -> Vec<String> {
    if !ITEM_BY_ITEM.contains(&check.number) || check.examples.is_empty() {
        return vec![String::new()];
    }
    let mut items = check.examples.clone();
    // The freeze lists the first of them; what it does not list is explained together.
    if check.examples.len() >= populations::profile::EXAMPLES_MAX {
        items.push(String::new());
    }
    items
}

fn outcome(check: &Check, rows: u64, ipe: &Ipe) -> (Outcome, String) {
    let as_frozen = |outcome| (outcome, check.detail.clone());
    if check.number == RECONCILES
        && let Some(found) = reconciled(rows, ipe)
    {
        return found;
    }
    match check.outcome {
        Frozen::Pass => return as_frozen(Outcome::Pass),
        Frozen::Fail => return as_frozen(Outcome::Fail),
        Frozen::NotApplicable if !BY_PEOPLE.contains(&check.number) => {
            return as_frozen(Outcome::NotApplicable);
        }
        Frozen::NotApplicable => {}
    }
    if check.number == INDEPENDENT {
        return independent(ipe).unwrap_or_else(|| as_frozen(Outcome::NotDone));
    }
    if let Some(answer) = ipe.answers.get(&check.number) {
        return (answer.what.outcome, answer.what.detail.clone());
    }
    let instead = match check.number {
        CONNECTOR => no_connector(ipe),
        REVERSE => represented(ipe),
        _ => None,
    };
    instead.map_or_else(|| as_frozen(Outcome::NotDone), |detail| (Outcome::NotApplicable, detail))
}

fn no_connector(ipe: &Ipe) -> Option<String> {
    let made = &ipe.retrieval.as_ref()?.what;
    (made.generator != Generator::Connector).then(|| {
        "No connector made the list, so there is no hash of its own to compare.".to_owned()
    })
}

/// Without a second source nothing can be picked from outside: the representation stands for that too.
fn represented(ipe: &Ipe) -> Option<String> {
    let said = &ipe.representation.as_ref().filter(|_| ipe.reconciliation.is_none())?.what;
    Some(format!(
        "There is no second source to pick items from: {} Completeness rests on the written representation of {}, dated {}.",
        sentence(&said.why),
        said.signed_by,
        said.dated
    ))
}

/// The rows that the counts of a second source lead to, and the list's difference from them.
#[must_use]
pub fn difference(rows: u64, counts: &super::model::Reconciliation) -> (i128, i128) {
    populations::checks::Reconciliation {
        opening: counts.opening,
        additions: counts.additions,
        removals: counts.removals,
        returns: counts.returns,
    }
    .difference(rows)
}

/// The counts that a list of the file contradicts, in sentences.
#[must_use]
pub fn contradicted(counts: &super::model::Reconciliation) -> Vec<String> {
    let told = |counted: &Counted| {
        let (count, what) = match counted.count {
            Count::Additions => (counts.additions, "came in"),
            Count::Removals => (counts.removals, "went out"),
        };
        let Counted { name, rows, .. } = counted;
        (count != *rows)
            .then(|| format!("{count} {what}, and the list \u{201c}{name}\u{201d} has {rows}."))
    };
    counts.lists.iter().filter_map(told).collect()
}

/// Whether a second source is by its name the one that made the list: its system, what the list says of its
/// source, or a count that calls itself their own. Such a count shows that nothing was lost on the way; it says
/// nothing of what the system never held.
#[must_use]
pub fn own_source(second: &str, of_list: &[&str]) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty() && !matches!(*word, "the" | "a" | "an" | "s"))
            .map(str::to_owned)
            .collect()
    };
    let second = words(second);
    let own_count = second.windows(2).any(|pair| {
        pair[0] == "own" && matches!(pair[1].as_str(), "total" | "totals" | "count" | "counts")
    });
    own_count || of_list.iter().any(|source| words(source) == second)
}

fn reconciled(rows: u64, ipe: &Ipe) -> Option<(Outcome, String)> {
    if let Some(found) = &ipe.reconciliation {
        let counts = &found.what;
        let (expected, difference) = difference(rows, counts);
        let sum = format!(
            "{} + {} − {} + {} = {expected} by {}; the list has {rows}",
            counts.opening, counts.additions, counts.removals, counts.returns, counts.source
        );
        let agrees: Vec<String> = (counts.lists.iter())
            .map(|counted| format!("\u{201c}{}\u{201d}", counted.name))
            .collect();
        let against = contradicted(counts);
        let mut said = vec![match difference {
            0 => format!("{sum}."),
            by => format!("{sum}: it fails by {}.", by.unsigned_abs()),
        }];
        if against.is_empty() && !agrees.is_empty() {
            said.push(format!("The counts are those of {}.", agrees.join(" and ")));
        }
        said.extend(against.iter().cloned());
        let holds = difference == 0 && against.is_empty();
        return Some((if holds { Outcome::Pass } else { Outcome::Fail }, said.join(" ")));
    }
    ipe.representation.as_ref().map(|found| {
        let said = &found.what;
        (
            Outcome::NotApplicable,
            format!(
                "There is no second source: {} A written representation of {}, dated {}, stands in its place.",
                sentence(&said.why),
                said.signed_by,
                said.dated
            ),
        )
    })
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

fn independent(ipe: &Ipe) -> Option<(Outcome, String)> {
    let found = &ipe.retrieval.as_ref()?.what;
    Some(match (found.operates_control, found.observed) {
        (_, true) => (
            Outcome::Pass,
            format!("{} made the list while somebody of the firm watched.", found.made_by),
        ),
        (false, false) => (
            Outcome::Pass,
            format!("{} made the list and does not operate the tested control.", found.made_by),
        ),
        (true, false) => (
            Outcome::Fail,
            format!(
                "{} made the list, operates the tested control, and nobody watched.",
                found.made_by
            ),
        ),
    })
}

/// What stands in the way of accepting the population, in sentences.
#[must_use]
pub fn stops(states: &[State], rows: u64, ipe: &Ipe) -> Vec<String> {
    let mut out: Vec<String> = states
        .iter()
        .filter(|state| !state.open.is_empty())
        .map(|state| {
            format!(
                "Check {} fails and is not explained: {} {}",
                state.number,
                sentence(&state.detail),
                match state.open.as_slice() {
                    [one] if one.is_empty() => "Explain it, or freeze a corrected list.".to_owned(),
                    several => format!(
                        "{} of its findings still need an explanation by a person.",
                        several.len()
                    ),
                }
            )
        })
        .collect();
    out.extend(superseded(ipe));
    if rows == 0 && ipe.zero.is_none() {
        out.push(
            "The list is empty, and nobody has proven that nothing happened. Prove the zero first."
                .to_owned(),
        );
    }
    out
}

/// What nobody has done yet of the thirteen checks, in sentences. A check that the freeze never answered
/// counts as not done.
#[must_use]
pub fn missing(states: &[State]) -> Vec<String> {
    let done = |number: u8| {
        states.iter().any(|state| state.number == number && state.outcome != Outcome::NotDone)
    };
    UNDONE
        .iter()
        .filter(|(number, _)| !done(*number))
        .map(|(number, what)| format!("Check {number} is not done: {what}."))
        .collect()
}

/// What keeps a population from supporting a conclusion, if anything does: checks that nobody did or that
/// fail unexplained, or that nobody has accepted it by them. The sentence names the population.
#[must_use]
pub fn unready(population: &Population, ipe: &Ipe) -> Option<String> {
    let lacks = lacking(population, ipe);
    (!lacks.is_empty()).then(|| {
        let name = &population.body.name;
        format!("The population “{name}” supports no conclusion yet. {}", lacks.join(" "))
    })
}

/// Why something may not be recorded of an accepted population: by it a check would be open again, and
/// the acceptance, which is a person's, would fall without anybody deciding so. `after` is what would be
/// recorded then.
#[must_use]
pub fn reopens(population: &Population, after: &Ipe) -> Option<String> {
    let body = &population.body;
    if !population.judgement.as_ref().is_some_and(|judgement| judgement.accepted) {
        return None;
    }
    let states = of_population(body, after);
    let mut open = stops(&states, body.rows, after);
    open.extend(missing(&states));
    (!open.is_empty()).then(|| {
        format!(
            "The population “{}” was accepted as it was frozen, and this would open it again. {} Where its source grew since, freeze that anew and put it in the place of this one, or say why the further rows do not belong to it. Where it was wrong to accept it, judge it as not complete and accurate first; then record this.",
            body.name,
            open.join(" ")
        )
    })
}

/// What a population lacks to be relied on, a sentence for each.
#[must_use]
pub fn lacking(population: &Population, ipe: &Ipe) -> Vec<String> {
    let body = &population.body;
    let states = of_population(body, ipe);
    let mut lacks = stops(&states, body.rows, ipe);
    lacks.extend(missing(&states));
    if lacks.is_empty() && population.judgement.is_none() {
        lacks.push("All checks are done, and nobody has judged the population by them.".to_owned());
    }
    lacks
}

/// That a corrected list took the place of this one.
#[must_use]
pub fn superseded(ipe: &Ipe) -> Option<String> {
    ipe.superseded.as_ref().map(|found| {
        format!("A corrected list has taken the place of this one: {}", sentence(&found.what.why))
    })
}

/// Why nothing may be selected from the population, if so: it does not reconcile with its second source
/// and nobody explained the difference.
#[must_use]
pub fn unreconciled(states: &[State]) -> Option<String> {
    let state = states.iter().find(|state| state.number == RECONCILES)?;
    (!state.open.is_empty()).then(|| {
        format!(
            "The population does not reconcile with its second source. {} Explain the difference, or freeze a corrected list.",
            state.detail
        )
    })
}

/// What the report says of how the list's completeness was evaluated.
#[must_use]
pub fn report_line(states: &[State], ipe: &Ipe) -> String {
    let retrieval = ipe.retrieval.as_ref().map(|found| &found.what);
    let inspected = match retrieval {
        Some(found) if found.observed => {
            "The query and its parameters were inspected and its execution was observed."
        }
        Some(_) => "The query and its parameters were inspected.",
        None => "The query that produced the list was not inspected.",
    };
    let check = states.iter().find(|state| state.number == RECONCILES);
    let fails = check.is_some_and(|state| state.outcome == Outcome::Fail);
    let open = check.is_some_and(|state| !state.open.is_empty());
    let compared = match (&ipe.reconciliation, &ipe.representation) {
        (Some(found), _) => {
            let source = &found.what.source;
            match (fails, open) {
                (false, _) => format!("The list was reconciled with {source} without difference."),
                (true, false) => {
                    format!("The list was reconciled with {source}; the difference was explained.")
                }
                (true, true) => format!(
                    "The list does not reconcile with {source}, and the difference is not explained."
                ),
            }
        }
        (None, Some(found)) => format!(
            "No second source exists; completeness rests on a written representation of {} dated {}.",
            found.what.signed_by, found.what.dated
        ),
        (None, None) => "The list was not compared with a second source.".to_owned(),
    };
    format!("{inspected} {compared} {}", traced(states))
}

/// What the report says of items that were traced in either direction.
fn traced(states: &[State]) -> String {
    let passed = |number: u8| {
        states.iter().any(|state| state.number == number && state.outcome == Outcome::Pass)
    };
    match (passed(REVERSE), passed(FORWARD)) {
        (true, true) => {
            "Items selected from outside the list were found in it, and rows of it were agreed to their source."
        }
        (true, false) => "Items selected from outside the list were found in it.",
        (false, true) => "Rows of the list were agreed to their source.",
        (false, false) => "No items were traced between the list and its source.",
    }
    .to_owned()
}

#[cfg(test)]
mod tests;
