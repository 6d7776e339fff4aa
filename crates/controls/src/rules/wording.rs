//! Reading a control statement: its words, numbers, stated frequencies and promised actions.
//!
//! English only. The lists are short on purpose: what is not in them is not noticed, which is safer
//! than noticing what is not there.

use std::ops::Range;

use scope::catalogue::Frequency;

/// One word of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word in lower case; hyphens inside it are kept.
    pub text: String,
    /// Where it stands, in bytes of the statement.
    pub at: Range<usize>,
    /// Number of the clause it stands in; punctuation other than a hyphen or apostrophe starts a new one.
    pub clause: usize,
}

/// Splits a statement into words.
#[must_use]
pub fn words(statement: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open: Option<usize> = None;
    let mut clause = 0;
    let mut end_word = |from: usize, to: usize, clause: usize| {
        let text = statement[from..to].to_lowercase();
        words.push(Word { text, at: from..to, clause });
    };
    for (at, c) in statement.char_indices() {
        let inside = c.is_alphanumeric() || (open.is_some() && matches!(c, '-' | '\'' | '’'));
        match (inside, open) {
            (true, None) => open = Some(at),
            (false, Some(from)) => {
                end_word(from, at, clause);
                open = None;
            }
            _ => {}
        }
        if matches!(c, ',' | ';' | ':' | '.' | '(' | ')') {
            clause += 1;
        }
    }
    if let Some(from) = open {
        end_word(from, statement.len(), clause);
    }
    words
}

/// Every place where the words of `phrase` (separated by single spaces) follow one another.
pub fn find_phrase<'a>(
    words: &'a [Word],
    phrase: &'a str,
) -> impl Iterator<Item = &'a [Word]> + use<'a> {
    let wanted: Vec<&str> = phrase.split(' ').collect();
    words.windows(wanted.len()).filter(move |window| {
        window.iter().map(|word| word.text.as_str()).eq(wanted.iter().copied())
    })
}

/// A number in a statement with its unit, such as `ten business days` or `60`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Where it stands, in bytes of the statement.
    pub at: Range<usize>,
    /// Number of its clause, as in [`Word::clause`].
    pub clause: usize,
}

const NUMBER_WORDS: [&str; 27] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "forty-five",
    "fifty",
    "sixty",
    "ninety",
    "hundred",
];

const UNITS: [&str; 18] = [
    "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks",
    "month", "months", "quarter", "quarters", "year", "years", "percent", "per",
];

/// Every number of a statement, in order. Each is a proposal that the service organisation has to
/// confirm, because the auditor will hold it to the letter.
#[must_use]
pub fn figures(words: &[Word]) -> Vec<Figure> {
    let is_number =
        |word: &str| NUMBER_WORDS.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit());
    let unit_after = |place: usize| {
        let second = words.get(place + 1).map(|word| word.text.as_str());
        let unit = match second {
            Some("business" | "working" | "calendar") => place + 2,
            _ => place + 1,
        };
        words.get(unit).filter(|word| UNITS.contains(&word.text.as_str()))
    };
    let number_at = |(place, word): (usize, &Word)| {
        is_number(&word.text).then(|| Figure {
            at: word.at.start..unit_after(place).map_or(word.at.end, |unit| unit.at.end),
            clause: word.clause,
        })
    };
    words.iter().enumerate().filter_map(number_at).collect()
}

/// How a statement says how often.
const CADENCES: [(&str, Frequency); 29] = [
    ("annually", Frequency::Annual),
    ("annual", Frequency::Annual),
    ("yearly", Frequency::Annual),
    ("each year", Frequency::Annual),
    ("every year", Frequency::Annual),
    ("once a year", Frequency::Annual),
    ("twice a year", Frequency::Semiannual),
    ("twice yearly", Frequency::Semiannual),
    ("half-yearly", Frequency::Semiannual),
    ("semiannually", Frequency::Semiannual),
    ("every six months", Frequency::Semiannual),
    ("every 6 months", Frequency::Semiannual),
    ("quarterly", Frequency::Quarterly),
    ("each quarter", Frequency::Quarterly),
    ("every quarter", Frequency::Quarterly),
    ("monthly", Frequency::Monthly),
    ("each month", Frequency::Monthly),
    ("every month", Frequency::Monthly),
    ("weekly", Frequency::Weekly),
    ("each week", Frequency::Weekly),
    ("every week", Frequency::Weekly),
    ("daily", Frequency::Daily),
    ("nightly", Frequency::Daily),
    ("each day", Frequency::Daily),
    ("every day", Frequency::Daily),
    ("each business day", Frequency::Daily),
    ("every business day", Frequency::Daily),
    ("continuously", Frequency::Continuous),
    ("at all times", Frequency::Continuous),
];

/// Every frequency that the statement itself names, with where it stands.
#[must_use]
pub fn stated_frequencies(words: &[Word]) -> Vec<(Frequency, Range<usize>)> {
    CADENCES
        .iter()
        .flat_map(|(phrase, frequency)| {
            find_phrase(words, phrase).map(|found| (*frequency, span(found)))
        })
        .collect()
}

/// What controls do: as it reads after "is" or "are", and in the present tense of one actor.
const ACTIONS: [(&str, &str); 37] = [
    ("acknowledged", "acknowledges"),
    ("analysed", "analyses"),
    ("approved", "approves"),
    ("assessed", "assesses"),
    ("assigned", "assigns"),
    ("authorised", "authorises"),
    ("backed", "backs"),
    ("blocked", "blocks"),
    ("changed", "changes"),
    ("checked", "checks"),
    ("closed", "closes"),
    ("completed", "completes"),
    ("confirmed", "confirms"),
    ("deleted", "deletes"),
    ("disabled", "disables"),
    ("documented", "documents"),
    ("encrypted", "encrypts"),
    ("escalated", "escalates"),
    ("evaluated", "evaluates"),
    ("investigated", "investigates"),
    ("logged", "logs"),
    ("monitored", "monitors"),
    ("notified", "notifies"),
    ("published", "publishes"),
    ("reconciled", "reconciles"),
    ("recorded", "records"),
    ("rehearsed", "rehearses"),
    ("remediated", "remediates"),
    ("removed", "removes"),
    ("reported", "reports"),
    ("reviewed", "reviews"),
    ("rotated", "rotates"),
    ("scanned", "scans"),
    ("signed", "signs"),
    ("tested", "tests"),
    ("tracked", "tracks"),
    ("updated", "updates"),
];

/// Words before a participle that make it describe a noun ("a named, approved list").
const ARTICLES: [&str; 17] = [
    "a", "an", "the", "each", "every", "any", "all", "no", "its", "their", "of", "to", "with",
    "by", "on", "in", "from",
];

/// Words after a verb that begin its object ("reviews the list", "tests it").
const OBJECTS: [&str; 14] = [
    "a", "an", "the", "each", "every", "any", "all", "no", "its", "their", "it", "them", "this",
    "these",
];

/// The distinct actions that a statement promises, in order. Present-tense verbs and participles
/// from a fixed list; words that describe a noun, and clauses opened by "that", "which" or "who",
/// are left out.
#[must_use]
pub fn actions(words: &[Word]) -> Vec<&Word> {
    let mut found: Vec<(&str, &Word)> = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let Some((action, present)) =
            ACTIONS.iter().find(|(past, present)| word.text == *past || word.text == *present)
        else {
            continue;
        };
        let before = place.checked_sub(1).and_then(|before| words.get(before));
        // The first word of a statement is a noun or an adjective: "Reported breaches are …".
        let Some(before) = before else { continue };
        let describes = ARTICLES.contains(&before.text.as_str());
        // "Audit logs exist" and "logs the decision" differ in what follows.
        let plural_noun = word.text == *present
            && !words.get(place + 1).is_some_and(|next| OBJECTS.contains(&next.text.as_str()));
        let relative = words[..place]
            .iter()
            .rev()
            .take_while(|earlier| earlier.clause == word.clause)
            .any(|earlier| matches!(earlier.text.as_str(), "that" | "which" | "who" | "whose"));
        if describes || plural_noun || relative || found.iter().any(|(seen, _)| seen == action) {
            continue;
        }
        found.push((action, word));
    }
    found.into_iter().map(|(_, word)| word).collect()
}

/// From the first word's beginning to the last word's end.
pub(super) fn span(words: &[Word]) -> Range<usize> {
    let start = words.first().map_or(0, |word| word.at.start);
    start..words.last().map_or(start, |word| word.at.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(statement: &str, spans: impl IntoIterator<Item = Range<usize>>) -> Vec<String> {
        spans.into_iter().map(|at| statement[at].to_owned()).collect()
    }

    #[test]
    fn figures_carry_their_units() {
        let statement = "Removals are completed within ten business days; 60-day-old keys and 24 hours, 5% of two zones.";
        let found = figures(&words(statement)).into_iter().map(|figure| figure.at);
        assert_eq!(
            texts(statement, found),
            ["ten business days", "60-day-old", "24 hours", "5", "two"]
        );
    }

    #[test]
    fn frequencies_are_read_in_words() {
        let statement = "Rules are reviewed every six months and keys rotated yearly.";
        let found = stated_frequencies(&words(statement));
        let kinds: Vec<Frequency> = found.iter().map(|(frequency, _)| *frequency).collect();
        assert_eq!(kinds, [Frequency::Annual, Frequency::Semiannual]);
        assert_eq!(
            texts(statement, found.into_iter().map(|(_, at)| at)),
            ["yearly", "every six months"]
        );
    }

    #[test]
    fn actions_are_verbs_and_not_descriptions() {
        let of = |statement: &str| -> Vec<String> {
            actions(&words(statement)).into_iter().map(|word| word.text.clone()).collect()
        };
        assert_eq!(
            of(
                "Reported breaches are logged, investigated by someone without a conflict, and closed."
            ),
            ["logged", "investigated", "closed"]
        );
        assert_eq!(of("Privileged rights are limited to a reviewed list."), Vec::<String>::new());
        assert_eq!(
            of("The Chief Executive approves the plan and signs it."),
            ["approves", "signs"]
        );
        assert_eq!(of("Alerts reach a person who records the triage."), Vec::<String>::new());
        assert_eq!(of("The plan is reviewed, then reviewed again."), ["reviewed"]);
        assert_eq!(of("Audit reports and logs exist."), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_statement(statement in any::<String>()) {
            let words = words(&statement);
            for word in &words {
                prop_assert_eq!(statement[word.at.clone()].to_lowercase(), word.text.clone());
            }
            for figure in figures(&words) {
                prop_assert!(statement.get(figure.at).is_some());
            }
        }
    }
}
