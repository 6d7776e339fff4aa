//! Section IV: how tests were done, and the sentences of procedures and results.

use super::Words;
use crate::report_document::{Block, Description, Prose, ReportFacts, Sample, count};

/// How items were selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Every item.
    Census,
    /// At random from the frozen population.
    Random,
    /// At a fixed interval from a random start.
    Systematic,
    /// At random within strata.
    Stratified,
    /// Chosen by judgement, with the reason in the workpaper.
    Judgemental,
}

/// Introduces Section IV: kinds of test, sampling, information produced by the entity, how exceptions are
/// shown and what tick marks are. For a Type 1 report it says that there are no tests.
#[must_use]
pub fn testing_introduction(facts: &ReportFacts, description: &Description) -> Vec<Block> {
    let words = Words::new(facts, description);
    let short = words.short();
    let firm = &facts.firm.name;
    let mapping = Block::text(format!(
        "The first part of this section lists the applicable criteria and, for each, the controls that {short} \
         relies on to meet it. The second part states each control once, in {short}’s words. The criteria and \
         the controls are {short}’s selection; short statements of the criteria are not the profession’s own \
         text, which is published as TSP section 100."
    ));
    if !words.type_2 {
        return vec![
            mapping,
            Block::text(
                "In a Type 1 examination the design of controls is considered at one date. Their operation \
                 is not tested, so no tests and no results appear here.",
            ),
        ];
    }
    let whole = words.facts.spelling.word("judgement", "judgment");
    vec![
        mapping,
        Block::text(format!(
            "Below each control stand the tests that {firm} performed and their results. The kinds of test are"
        )),
        Block::List(kinds_of_test()),
        Block::text(
            "Asking alone was never enough to conclude that a control operated effectively. Where a test \
             used a list or report produced by the organisation’s systems, we first obtained evidence that \
             it was complete and accurate for the purpose."
                .replace("organisation", facts.spelling.word("organisation", "organization")),
        ),
        Block::text(format!(
            "Where a sample was drawn from a list of all items, the number of items and the size of the list \
             are stated. Where items were chosen without such a list, their number is stated, and how many \
             there were where the control’s own schedule says so. How many to test was a matter of professional {whole}, considering how often the control \
             operates, how it operates and the risk that it fails."
        )),
        Block::text(
            "An exception is an instance, among those tested, in which a control did not do what its \
             statement says. Every exception is shown, whether or not it bears on the opinion. A figure \
             followed by a tick mark can be traced to its source in the appendix.",
        ),
    ]
}

fn kinds_of_test() -> Vec<Prose> {
    [
        "inquiry: asking the people who run or oversee the control, and weighing their answers against \
         other evidence;",
        "observation: watching the control being carried out;",
        "inspection: examining documents, records, settings or logs that show whether it was carried out;",
        "reperformance: carrying out the control, or its calculation, anew and comparing the outcome; and",
        "full-population test: comparing every item of a complete data set with what the control requires.",
    ]
    .into_iter()
    .map(Prose::from)
    .collect()
}

/// `Inspected <evidence> for a sample of <n> of <N> <items>, selected at random, to determine whether
/// <attribute>.` With a census: `Inspected <evidence> for all <N> <items> to determine whether <attribute>.`
///
/// `trace_items` and `trace_population` are the numbers of the traces of the two figures.
#[must_use]
pub fn procedure(
    verb: &str,
    evidence: &str,
    sample: Sample,
    items: &str,
    selection: Selection,
    attribute: &str,
    (trace_items, trace_population): (u32, u32),
) -> Prose {
    let start = Prose::new().and(format!("{verb} {evidence} for "));
    let start = match selection {
        Selection::Census => start.and("all ").figure(count(sample.population), trace_population),
        _ => start
            .and("a sample of ")
            .figure(count(sample.items), trace_items)
            .and(" of ")
            .figure(count(sample.population), trace_population),
    };
    let how = match selection {
        Selection::Census => "",
        Selection::Random => ", selected at random,",
        Selection::Systematic => ", selected at a fixed interval from a random start,",
        Selection::Stratified => ", selected at random within strata,",
        Selection::Judgemental => ", selected by the auditor,",
    };
    start.and(format!(" {items}{how} to determine whether {attribute}."))
}

/// `No exceptions noted.`
#[must_use]
pub fn no_exception() -> Prose {
    Prose::from("No exceptions noted.")
}

/// `Exception noted: for <k> of <n> <items> tested, <what was not so>. <facts>`
#[must_use]
pub fn exception(
    failed: u64,
    sample: Sample,
    items: &str,
    what: &str,
    facts: &str,
    (trace_failed, trace_items): (u32, u32),
) -> Prose {
    let facts = if facts.is_empty() { String::new() } else { format!(" {facts}") };
    Prose::new()
        .and("Exception noted: for ")
        .figure(count(failed), trace_failed)
        .and(" of ")
        .figure(count(sample.items), trace_items)
        .and(format!(" {items} tested, {what}.{facts}"))
}

/// `Not tested: the event that would trigger this control did not occur in the period. <procedure>`
#[must_use]
pub fn not_operated(procedure: &str) -> Prose {
    Prose::from(format!(
        "Not tested: the event that would trigger this control did not occur in the period. {procedure}"
    ))
}
