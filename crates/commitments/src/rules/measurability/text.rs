//! A statement as words, and the patterns looked for in it.

use super::words;

/// The words of a statement, lower case. Numbers are words; `%` and signs of comparison are words
/// of their own, so that `99.9%` and `99.9 %` read the same.
pub(super) struct Text {
    words: Vec<String>,
}

/// Marks the end of a clause: no phrase runs over it.
const CLAUSE_END: &str = "|";

impl Text {
    pub(super) fn of(statement: &str) -> Self {
        let mut words = Vec::new();
        let mut word = String::new();
        let mut chars = statement.chars().flat_map(char::to_lowercase).peekable();
        while let Some(c) = chars.next() {
            let inside_number = word.ends_with(|d: char| d.is_ascii_digit())
                && chars.peek().is_some_and(char::is_ascii_digit);
            let digits_end = word.ends_with(|d: char| d.is_ascii_digit()) && c.is_alphabetic();
            if c == '.' || c == ':' || c == ',' {
                if inside_number {
                    word.push(c);
                    continue;
                }
                finish(&mut words, &mut word);
                words.push(CLAUSE_END.to_owned());
            } else if c == ';' || c == '(' || c == ')' {
                finish(&mut words, &mut word);
                words.push(CLAUSE_END.to_owned());
            } else if "%≥≤<>=".contains(c) {
                finish(&mut words, &mut word);
                let mut sign = c.to_string();
                if (c == '<' || c == '>') && chars.next_if_eq(&'=').is_some() {
                    sign.push('=');
                }
                words.push(sign);
            } else if c == '\u{2019}' || c == '\'' {
                word.push('\'');
            } else if c.is_alphanumeric() {
                // `4h` is a number and a unit.
                if digits_end {
                    finish(&mut words, &mut word);
                }
                word.push(c);
            } else {
                // Hyphens too: state-of-the-art is written both ways.
                finish(&mut words, &mut word);
            }
        }
        finish(&mut words, &mut word);
        Self { words }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.words.iter().all(|word| word == CLAUSE_END)
    }

    /// Which of the phrases stand in the text, leaving out those that a defined term covers.
    pub(super) fn all_of(&self, phrases: &[&str], defined: &[Self]) -> Vec<String> {
        let covered = |phrase: &str| defined.iter().any(|term| term.has(phrase));
        let found = phrases.iter().filter(|phrase| self.has(phrase) && !covered(phrase));
        found.map(|phrase| (*phrase).to_owned()).collect()
    }

    pub(super) fn first_of(&self, phrases: &[&str]) -> Option<String> {
        phrases.iter().find(|phrase| self.has(phrase)).map(|phrase| (*phrase).to_owned())
    }

    pub(super) fn absolutes(&self) -> Vec<String> {
        let mut found = self.all_of(&words::ABSOLUTE, &[]);
        let hundred = ["100 %", "100 percent", "100.0 %", "100.00 %"];
        if hundred.iter().any(|phrase| self.has(phrase)) {
            found.push("100 %".to_owned());
        }
        found
    }

    /// A thing that is measured; or a deadline, which measures time.
    pub(super) fn metric(&self) -> Option<String> {
        let words = self.without_exceptions();
        let deadline = || {
            words.after_any(&words::DEADLINES).find_map(|(lead, at)| {
                let (amount, next) = words.amount_at(at)?;
                let unit = words.phrase_at(next, &words::TIME_UNITS);
                let clock = amount.contains(':').then_some("");
                let unit = unit.or(clock)?;
                Some(format!("{lead} {amount} {unit}").trim_end().to_owned())
            })
        };
        words.first_of(&words::METRICS).or_else(deadline)
    }

    /// A number with a comparison before it.
    pub(super) fn target(&self) -> Option<String> {
        let words = self.without_exceptions();
        let mut comparisons =
            words.after_any(&words::COMPARISONS).chain(words.after_any(&words::SIGNS));
        comparisons.find_map(|(lead, at)| {
            let (amount, next) = words.amount_at(at)?;
            // "every month" has no number; "a month" is not a target, "within an hour" is one.
            let article = amount == "a" || amount == "an";
            let timed = words.phrase_at(next, &words::TIME_UNITS).is_some();
            (!article || (lead == "within" && timed)).then(|| format!("{lead} {amount}"))
        })
    }

    /// A number with a unit after it, or a time of day.
    pub(super) fn unit(&self) -> Option<String> {
        let words = self.without_exceptions();
        (0..words.words.len()).find_map(|at| {
            let (amount, next) = words.amount_at(at)?;
            if amount.contains(':') {
                return Some(amount);
            }
            let mut units =
                [words::TIME_UNITS.as_slice(), words::OTHER_UNITS.as_slice()].into_iter();
            let unit = units.find_map(|units| words.phrase_at(next, units))?;
            Some(format!("{amount} {unit}"))
        })
    }

    /// A span of time that recurs, or an event from which a deadline runs.
    pub(super) fn window(&self) -> Option<String> {
        let words = self.without_exceptions();
        let recurring = || {
            words.after_any(&words::WINDOW_LEADS).find_map(|(lead, at)| {
                let span = words.phrase_at(at, &words::WINDOW_SPANS)?;
                Some(format!("{lead} {span}"))
            })
        };
        let event = || {
            words.after_any(&words::DEADLINES).find_map(|(by, at)| {
                let (amount, next) = words.amount_at(at)?;
                let unit = words.phrase_at(next, &words::TIME_UNITS)?;
                if by == "every" {
                    return Some(format!("{by} {amount} {unit}"));
                }
                let after = next + unit.split(' ').count();
                let lead = words.phrase_at(after, &words::EVENT_LEADS)?;
                let event = words.words.get(after + 1).filter(|w| *w != CLAUSE_END)?;
                Some(format!("{lead} {event}"))
            })
        };
        words.first_of(&words::WINDOWS).or_else(recurring).or_else(event)
    }

    /// A certain part of the system, or of those it serves.
    pub(super) fn scope(&self) -> Option<String> {
        self.after_any(&words::SCOPE_LEADS).find_map(|(lead, at)| {
            // Up to two words may stand between: "the payroll processing service".
            (at..at + 3).find_map(|noun_at| {
                let between = self.words.get(at..noun_at)?;
                let noun = self.phrase_at(noun_at, &words::SCOPE_NOUNS)?;
                let plain = between.iter().all(|w| w.chars().all(char::is_alphabetic));
                plain.then(|| format!("{lead} {} {noun}", between.join(" ")).replace("  ", " "))
            })
        })
    }

    /// Where the figure comes from.
    pub(super) fn source(&self) -> Option<String> {
        self.after_any(&words::SOURCES).find_map(|(lead, at)| {
            let named = self.words.get(at).filter(|w| *w != CLAUSE_END)?;
            Some(format!("{lead} {named}"))
        })
    }

    /// Whether the statement begins with "we" or one of the names, perhaps after an article.
    pub(super) fn begins_with_subject(&self, names: &[&str]) -> bool {
        let start = usize::from(self.words.first().is_some_and(|w| w == "the"));
        let named = names.iter().any(|name| {
            let name = Self::of(name);
            !name.is_blank() && self.words.get(start..).is_some_and(|w| w.starts_with(&name.words))
        });
        named || self.words.first().is_some_and(|w| w == "we")
    }

    /// The text without what an exclusion says: "excluding maintenance of up to 4 h per month" is
    /// not the target.
    fn without_exceptions(&self) -> Self {
        let mut kept = Vec::new();
        let mut inside = false;
        for word in &self.words {
            match word.as_str() {
                "excluding" | "except" | "excepting" => inside = true,
                CLAUSE_END => inside = false,
                _ => {}
            }
            if !inside {
                kept.push(word.clone());
            }
        }
        Self { words: kept }
    }

    fn has(&self, phrase: &str) -> bool {
        (0..self.words.len()).any(|at| self.is_at(at, phrase))
    }

    fn is_at(&self, at: usize, phrase: &str) -> bool {
        let mut words = self.words.iter().skip(at);
        phrase.split(' ').all(|part| words.next().is_some_and(|word| word == part))
    }

    /// The longest of the phrases that stands at a place.
    fn phrase_at<'p>(&self, at: usize, phrases: &[&'p str]) -> Option<&'p str> {
        let found = phrases.iter().filter(|phrase| self.is_at(at, phrase));
        found.max_by_key(|phrase| phrase.len()).copied()
    }

    /// Each place where one of the phrases stands, with the place after it.
    fn after_any<'s, 'p: 's>(
        &'s self,
        phrases: &'s [&'p str],
    ) -> impl Iterator<Item = (&'p str, usize)> + 's {
        (0..self.words.len()).filter_map(|at| {
            let phrase = self.phrase_at(at, phrases)?;
            Some((phrase, at + phrase.split(' ').count()))
        })
    }

    /// A number at a place, in digits or words, and the place after it.
    fn amount_at(&self, at: usize) -> Option<(String, usize)> {
        let word = self.words.get(at)?;
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return Some((word.clone(), at + 1));
        }
        let number = self.phrase_at(at, &words::NUMBERS)?;
        Some((number.to_owned(), at + number.split(' ').count()))
    }
}

fn finish(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}
