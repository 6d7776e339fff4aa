//! Checks the wording of a control before somebody promises it.
//!
//! A control statement is tested literally, so it has to say five things (what is done, how, by whom,
//! when and where) in words that can be tested. The rules are our own judgement of good wording; none
//! of them is a requirement of the criteria, and a person decides.

use std::fmt;
use std::ops::Range;

use scope::catalogue::{Catalogue, CriterionId, Frequency};
use serde::Serialize;

use super::wording::{Word, actions, figures, find_phrase, span, stated_frequencies, words};

/// Longest statement that is read, in characters. A longer one is refused unread.
pub const STATEMENT_CHARS_MAX: usize = 2_000;

/// A control as its author has it so far. A fact that is not there yet is an empty text or list.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// What is done.
    pub statement: &'a str,
    /// How it is carried out: the procedure, or the name of the document that holds it.
    pub procedure: &'a str,
    /// The role that answers for it.
    pub owner_role: &'a str,
    /// How often it operates.
    pub frequency: Option<Frequency>,
    /// The components of the system that it operates on.
    pub components: &'a [&'a str],
    /// Where the proof that it operated comes from.
    pub evidence_source: &'a str,
    /// The criteria it is mapped to.
    pub criteria: &'a [CriterionId],
    /// How often the system description says it operates, where it says so.
    pub described_frequency: Option<Frequency>,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// One of the five facts is missing.
    MissingFact,
    /// The statement is longer than [`STATEMENT_CHARS_MAX`].
    TooLong,
    /// A word that no test can confirm or refute.
    VagueWord,
    /// More than one action is promised.
    SeveralActions,
    /// The statement names another frequency than the control's.
    OtherFrequency,
    /// The system description names another frequency than the control's.
    DescriptionDiffers,
    /// The owner is no role of the organisation.
    UnknownOwner,
    /// No source of evidence is named.
    NoEvidenceSource,
    /// The control is mapped to no criterion.
    NoCriterion,
    /// The statement does not speak of a criterion that it is mapped to.
    UnlikelyCriterion,
}

/// What a finding asks of the author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The control cannot be tested as it stands; mend it before adopting it.
    Mend,
    /// Worth a second look; adopting it as it stands can be right.
    Consider,
}

/// One remark on a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub rule: Rule,
    /// What it asks.
    pub weight: Weight,
    /// Where in the statement, in bytes; absent when it concerns another field.
    pub at: Option<Range<usize>>,
    /// A plain sentence: what is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Words that sound like a promise and cannot be tested. A number with a unit in the same clause
/// makes the first group measurable; nothing does so for the second.
const VAGUE_WITHOUT_NUMBER: [&str; 19] = [
    "as needed",
    "as necessary",
    "as appropriate",
    "as required",
    "when needed",
    "when necessary",
    "if needed",
    "if necessary",
    "periodically",
    "periodic",
    "regularly",
    "on a regular basis",
    "from time to time",
    "timely",
    "promptly",
    "as soon as possible",
    "appropriate",
    "appropriately",
    "adequate",
];
const VAGUE_ALWAYS: [&str; 14] = [
    "sufficient",
    "reasonable",
    "generally",
    "typically",
    "usually",
    "normally",
    "where possible",
    "where practical",
    "where feasible",
    "best effort",
    "should",
    "may",
    "will",
    "and/or",
];

/// Reads a draft and says what would trouble a test of it, gravest first. `roles` are the roles that
/// exist in the organisation.
#[must_use]
pub fn lint(draft: &Draft<'_>, roles: &[&str], catalogue: &Catalogue) -> Vec<Finding> {
    if draft.statement.chars().nth(STATEMENT_CHARS_MAX).is_some() {
        return vec![mend(
            Rule::TooLong,
            None,
            format!(
                "The statement is longer than {STATEMENT_CHARS_MAX} characters. Say what is done in one sentence and keep the procedure apart."
            ),
        )];
    }
    let words = words(draft.statement);
    let mut findings = missing_facts(draft, &words);
    findings.extend(vague_words(&words, draft.statement));
    findings.extend(owner_and_evidence(draft, roles));
    findings.extend(frequencies(draft, &words));
    findings.extend(several_actions(&words));
    findings.extend(criteria(draft, catalogue));
    findings.sort_by_key(|finding| finding.weight);
    findings
}

fn mend(rule: Rule, at: Option<Range<usize>>, message: String) -> Finding {
    Finding { rule, weight: Weight::Mend, at, message }
}

fn consider(rule: Rule, at: Option<Range<usize>>, message: String) -> Finding {
    Finding { rule, weight: Weight::Consider, at, message }
}

/// The five facts: what, how, who, when, where.
fn missing_facts(draft: &Draft<'_>, words: &[Word]) -> Vec<Finding> {
    let facts = [
        (words.is_empty(), "what is done: write the statement"),
        (draft.procedure.trim().is_empty(), "how it is done: name or write the procedure"),
        (draft.owner_role.trim().is_empty(), "who answers for it: choose the owner's role"),
        (draft.frequency.is_none(), "when it operates: choose its frequency"),
        (
            draft.components.iter().all(|name| name.trim().is_empty()),
            "where it operates: choose the components of the system that it covers",
        ),
    ];
    facts
        .into_iter()
        .filter(|(missing, _)| *missing)
        .map(|(_, fact)| mend(Rule::MissingFact, None, format!("The control does not say {fact}.")))
        .collect()
}

fn vague_words(words: &[Word], statement: &str) -> Vec<Finding> {
    let measured: Vec<usize> = figures(words)
        .into_iter()
        // A bare number ("two approvers") does not measure time or frequency; a unit does.
        .filter(|figure| statement[figure.at.clone()].contains(char::is_whitespace))
        .map(|figure| figure.clause)
        .collect();
    let in_measured_clause =
        |found: &[Word]| found.iter().any(|word| measured.contains(&word.clause));
    let first = VAGUE_WITHOUT_NUMBER
        .iter()
        .flat_map(|phrase| find_phrase(words, phrase))
        .filter(|found| !in_measured_clause(found));
    let second = VAGUE_ALWAYS.iter().flat_map(|phrase| find_phrase(words, phrase));
    let mut spans: Vec<Range<usize>> = first.chain(second).map(span).collect();
    spans.sort_by_key(|at| (at.start, at.end));
    spans
        .into_iter()
        .map(|at| {
            let message = format!(
                "No test can confirm \u{201c}{}\u{201d}. Say how often, within what time, or by what measure.",
                &statement[at.clone()]
            );
            mend(Rule::VagueWord, Some(at), message)
        })
        .collect()
}

fn owner_and_evidence(draft: &Draft<'_>, roles: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let owner = draft.owner_role.trim();
    if !owner.is_empty() && !roles.contains(&owner) {
        let message = format!(
            "\u{201c}{owner}\u{201d} is no role of this organisation. Choose one that exists, or add it first."
        );
        findings.push(mend(Rule::UnknownOwner, None, message));
    }
    if draft.evidence_source.trim().is_empty() {
        let message = "No source of evidence is named. Say which system or document shows that the control operated.";
        findings.push(mend(Rule::NoEvidenceSource, None, message.to_owned()));
    }
    findings
}

/// Three texts name a frequency: the record, the statement and the system description. They agree.
fn frequencies(draft: &Draft<'_>, words: &[Word]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(frequency) = draft.frequency else { return findings };
    if let Some(described) = draft.described_frequency.filter(|described| *described != frequency) {
        let message = format!(
            "The system description says {described} and the control says {frequency}. Both are read by the auditor: make them agree."
        );
        findings.push(mend(Rule::DescriptionDiffers, None, message));
    }
    // A control that follows events or runs all the time may well name a second, slower rhythm
    // ("and re-signs every year"); a periodic one that names only another rhythm contradicts itself.
    let periodic = !matches!(frequency, Frequency::PerEvent | Frequency::Continuous);
    let stated = stated_frequencies(words);
    if periodic
        && !stated.iter().any(|(named, _)| *named == frequency)
        && let Some((named, at)) = stated.into_iter().next()
    {
        let message = format!(
            "The statement says {named} and the control is recorded as {frequency}. Name the frequency that will be tested."
        );
        findings.push(consider(Rule::OtherFrequency, Some(at), message));
    }
    findings
}

fn several_actions(words: &[Word]) -> Option<Finding> {
    let found = actions(words);
    if found.len() < 2 {
        return None;
    }
    let names: Vec<&str> = found.iter().map(|word| word.text.as_str()).collect();
    let at = found.first().map(|word| word.at.clone());
    let message = format!(
        "The statement promises {} actions ({}). If one of them is missed the whole control has failed: consider a control for each.",
        names.len(),
        names.join(", ")
    );
    Some(consider(Rule::SeveralActions, at, message))
}

fn criteria(draft: &Draft<'_>, catalogue: &Catalogue) -> Vec<Finding> {
    if draft.criteria.is_empty() {
        let message =
            "The control is mapped to no criterion. Map it, or leave it out of the examination.";
        return vec![mend(Rule::NoCriterion, None, message.to_owned())];
    }
    draft
        .criteria
        .iter()
        .map(|id| catalogue.criterion(*id))
        .filter(|row| !row.is_spoken_of(draft.statement))
        .map(|row| {
            let message = format!(
                "The statement does not speak of what {} asks for: \u{201c}{}\u{201d} Check the mapping.",
                row.id, row.paraphrase
            );
            consider(Rule::UnlikelyCriterion, None, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROLES: [&str; 2] = ["IT Manager", "System Owners"];

    fn sound() -> Draft<'static> {
        Draft {
            statement: "Accounts of leavers are disabled within 24 hours of the end of employment.",
            procedure: "Leaver procedure, step 4",
            owner_role: "IT Manager",
            frequency: Some(Frequency::PerEvent),
            components: &["Company directory"],
            evidence_source: "Directory audit log",
            criteria: &[],
            described_frequency: None,
        }
    }

    fn id(text: &str) -> CriterionId {
        text.parse().unwrap()
    }

    fn rules(draft: &Draft<'_>) -> Vec<Rule> {
        lint(draft, &ROLES, Catalogue::built_in()).into_iter().map(|f| f.rule).collect()
    }

    fn rules_of(statement: &str) -> Vec<Rule> {
        rules(&Draft { statement, criteria: &[id("CC6.2")], ..sound() })
    }

    #[test]
    fn a_sound_draft_draws_no_remark() {
        assert_eq!(rules(&Draft { criteria: &[id("CC6.2")], ..sound() }), []);
    }

    #[test]
    fn each_of_the_five_facts_is_asked_for() {
        let draft = Draft {
            statement: " ",
            procedure: "",
            owner_role: "",
            frequency: None,
            components: &[""],
            criteria: &[id("CC6.2")],
            ..sound()
        };
        let missing = rules(&draft).into_iter().filter(|rule| *rule == Rule::MissingFact).count();
        assert_eq!(missing, 5);
    }

    #[test]
    fn vague_words_are_found_where_they_stand() {
        let statement = "Account rights are reviewed Periodically.";
        let draft = Draft { statement, criteria: &[id("CC6.2")], ..sound() };
        let findings = lint(&draft, &ROLES, Catalogue::built_in());
        assert_eq!(findings.len(), 1);
        assert_eq!(&statement[findings[0].at.clone().unwrap()], "Periodically");
        assert_eq!(findings[0].weight, Weight::Mend);
        assert!(findings[0].message.starts_with("No test can confirm “Periodically”."));
    }

    #[test]
    fn a_number_with_a_unit_in_the_same_clause_makes_a_vague_word_testable() {
        assert_eq!(
            rules_of("Access is withdrawn promptly, at the latest in a day or so."),
            [Rule::VagueWord]
        );
        assert_eq!(rules_of("Access is withdrawn promptly and within 24 hours."), []);
        // A number elsewhere, or a bare one, does not.
        assert_eq!(
            rules_of("Access is withdrawn promptly, and two people know."),
            [Rule::VagueWord]
        );
        assert_eq!(rules_of("Access should be withdrawn within 24 hours."), [Rule::VagueWord]);
    }

    #[test]
    fn the_three_frequencies_agree() {
        let quarterly = Draft {
            statement: "System owners review all account rights each quarter.",
            frequency: Some(Frequency::Quarterly),
            criteria: &[id("CC6.2")],
            ..sound()
        };
        assert_eq!(rules(&quarterly), []);
        let annual = Draft { frequency: Some(Frequency::Annual), ..quarterly };
        assert_eq!(rules(&annual), [Rule::OtherFrequency]);
        let described = Draft { described_frequency: Some(Frequency::Monthly), ..quarterly };
        assert_eq!(rules(&described), [Rule::DescriptionDiffers]);
        let same = Draft { described_frequency: Some(Frequency::Quarterly), ..quarterly };
        assert_eq!(rules(&same), []);
    }

    #[test]
    fn owner_evidence_and_mapping_are_checked() {
        let stranger = Draft { owner_role: "Wizard", criteria: &[id("CC6.2")], ..sound() };
        assert_eq!(rules(&stranger), [Rule::UnknownOwner]);
        let unproven = Draft { evidence_source: " ", criteria: &[id("CC6.2")], ..sound() };
        assert_eq!(rules(&unproven), [Rule::NoEvidenceSource]);
        assert_eq!(rules(&sound()), [Rule::NoCriterion]);
        let elsewhere = Draft { criteria: &[id("CC6.2"), id("PI1.2")], ..sound() };
        assert_eq!(rules(&elsewhere), [Rule::UnlikelyCriterion]);
    }

    #[test]
    fn several_actions_are_named() {
        let draft = Draft {
            statement: "Breaches of access rules are logged, investigated and closed.",
            criteria: &[id("CC6.2")],
            ..sound()
        };
        let findings = lint(&draft, &ROLES, Catalogue::built_in());
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.contains("3 actions (logged, investigated, closed)"));
    }

    #[test]
    fn a_statement_without_end_is_refused_unread() {
        let statement = "a ".repeat(STATEMENT_CHARS_MAX);
        let draft = Draft { statement: &statement, ..sound() };
        assert_eq!(rules(&draft), [Rule::TooLong]);
    }

    /// Our own starting set keeps the rules it is judged by. Only the advice to split a control is
    /// left open: how finely to cut is for the service organisation to say.
    #[test]
    fn the_catalogue_passes_its_own_linter() {
        let catalogue = Catalogue::built_in();
        let roles: Vec<&str> = catalogue.owner_roles().iter().map(|role| role.as_str()).collect();
        for control in catalogue.controls() {
            let draft = Draft {
                statement: &control.statement,
                owner_role: control.owner_role.as_str(),
                frequency: Some(control.frequency),
                criteria: &control.criteria,
                ..sound()
            };
            let findings = lint(&draft, &roles, catalogue);
            let other = findings.iter().find(|finding| finding.rule != Rule::SeveralActions);
            assert_eq!(other, None, "{}", control.code);
        }
    }

    proptest! {
        #[test]
        fn no_statement_breaks_it(statement in any::<String>(), owner in any::<String>()) {
            let draft = Draft { statement: &statement, owner_role: &owner, ..sound() };
            for finding in lint(&draft, &ROLES, Catalogue::built_in()) {
                prop_assert!(finding.at.is_none_or(|at| statement.get(at).is_some()));
            }
        }
    }
}
