//! Words of a text, folded so that a search finds them, and what a search asks for.

use std::collections::BTreeSet;

/// The longest word, in bytes; what follows is left out of the index and of the search alike.
pub const WORD_BYTES_MAX: usize = 40;
/// Different words of one text that are indexed at most.
pub const WORDS_MAX: usize = 2_000;
/// Words of one search; more are left out.
pub const TERMS_MAX: usize = 8;
/// Characters from which the last word of a search also finds words that it begins.
const PREFIX_FROM: usize = 3;

/// A word that a search asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The word, folded.
    pub word: String,
    /// Whether words that it begins are meant too.
    pub prefix: bool,
}

/// Scripts that are written without blanks: there a word is a pair of characters.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn cut(word: &str) -> &str {
    let mut end = word.len().min(WORD_BYTES_MAX);
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    word.get(..end).unwrap_or_default()
}

/// Calls `f` with every run of letters and digits, in lower case of every language.
fn runs(text: &str, mut f: impl FnMut(&str)) {
    let mut run = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || (c == '\u{307}' && !run.is_empty()) {
            // A Turkish capital İ becomes i and a dot above: the dot is left out.
            if c != '\u{307}' {
                run.push(c);
            }
        } else if !run.is_empty() {
            f(&run);
            run.clear();
        }
    }
    if !run.is_empty() {
        f(&run);
    }
}

/// Cuts a run into what is indexed: itself, or pairs of characters in scripts without blanks.
fn pieces(run: &str, mut f: impl FnMut(&str)) {
    if !run.chars().any(is_unspaced) {
        return f(cut(run));
    }
    let characters: Vec<char> = run.chars().collect();
    if let [only] = characters.as_slice() {
        return f(&only.to_string());
    }
    for pair in characters.windows(2) {
        f(&pair.iter().collect::<String>());
    }
}

/// The different words of some texts.
#[must_use]
pub fn words_of(texts: &[&str]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for text in texts {
        runs(text, |run| {
            pieces(run, |piece| {
                if words.len() < WORDS_MAX && !words.contains(piece) {
                    words.insert(piece.to_owned());
                }
            });
        });
    }
    words
}

/// What a search asks for: every word must stand in the case. A word with `*` behind it, and the last
/// word where it has three characters or more, also finds words that it begins.
#[must_use]
pub fn terms(text: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let parts: Vec<&str> = text.split_whitespace().collect();
    for (n, part) in parts.iter().enumerate() {
        let last_part = n + 1 == parts.len();
        let mut of_part = Vec::new();
        runs(part, |run| {
            let unspaced = run.chars().any(is_unspaced);
            pieces(run, |piece| of_part.push((piece.to_owned(), unspaced)));
        });
        let count = of_part.len();
        for (k, (word, unspaced)) in of_part.into_iter().enumerate() {
            let last = k + 1 == count;
            let open = last && (part.ends_with('*') || last_part);
            let long = part.ends_with('*') || word.chars().count() >= PREFIX_FROM;
            let single = unspaced && word.chars().count() == 1;
            let term = Term { word, prefix: (open && long && !unspaced) || single };
            if !terms.iter().any(|t| t.word == term.word) {
                terms.push(term);
            }
        }
    }
    terms.truncate(TERMS_MAX);
    terms
}

/// Whether texts with these words are what a search asks for.
#[must_use]
pub fn matches(words: &BTreeSet<String>, terms: &[Term]) -> bool {
    terms.iter().all(|term| {
        if term.prefix {
            words.range(term.word.clone()..).next().is_some_and(|w| w.starts_with(&term.word))
        } else {
            words.contains(&term.word)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        words_of(&[text]).into_iter().collect()
    }

    #[test]
    fn texts_of_every_script_fall_into_words() {
        assert_eq!(words("Payslips: MISSING, payslips!"), ["missing", "payslips"]);
        assert_eq!(words("Größe ÉTÉ İstanbul"), ["größe", "istanbul", "été"]);
        assert_eq!(words("給与明細 A"), ["a", "与明", "明細", "給与"]);
        assert_eq!(words("لم تصل"), ["تصل", "لم"]);
        assert_eq!(words("TM-7K3Q"), ["7k3q", "tm"]);
        assert_eq!(words(&"x".repeat(100)), ["x".repeat(WORD_BYTES_MAX)]);
        assert_eq!(words("  \u{0} -- "), [] as [&str; 0]);
    }

    #[test]
    fn a_search_asks_for_every_word_and_for_beginnings_at_its_end() {
        let asked = |text: &str| -> Vec<(String, bool)> {
            terms(text).into_iter().map(|t| (t.word, t.prefix)).collect()
        };
        let term = |word: &str, prefix| (word.to_owned(), prefix);
        assert_eq!(
            asked("pay* bank fi"),
            [term("pay", true), term("bank", false), term("fi", false)]
        );
        assert_eq!(asked("bank file"), [term("bank", false), term("file", true)]);
        assert_eq!(
            asked("給与明細"),
            [term("給与", false), term("与明", false), term("明細", false)]
        );
        assert_eq!(asked("' OR 1=1; --"), [term("or", false), term("1", false)]);
        assert_eq!(terms(&"a b c d e f g h i j k".repeat(5)).len(), TERMS_MAX);
    }

    proptest! {
        #[test]
        fn a_text_is_found_by_each_of_its_words(text in "\\PC{0,200}") {
            let indexed = words_of(&[&text]);
            for part in text.split_whitespace() {
                for term in terms(part) {
                    prop_assert!(
                        indexed.iter().any(|w| *w == term.word || (term.prefix && w.starts_with(&term.word))),
                        "{:?} in {:?}", term, indexed
                    );
                }
            }
            for word in &indexed {
                prop_assert!(word.len() <= WORD_BYTES_MAX && !word.is_empty());
            }
        }
    }
}
