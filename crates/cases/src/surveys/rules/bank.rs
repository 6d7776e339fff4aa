//! The bank of questions, from `catalog/questions.toml`.

use platform::words::Words;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// For whom a question is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Those who manage.
    Management,
    /// Those who work.
    Staff,
    /// Those who use the system.
    External,
    /// Read from the record of one case.
    History,
    /// Read from the record of all cases.
    Patterns,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 5] =
        [Self::Management, Self::Staff, Self::External, Self::History, Self::Patterns];

    /// The word in message keys.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::Staff => "staff",
            Self::External => "external",
            Self::History => "history",
            Self::Patterns => "patterns",
        }
    }
}

/// What kind of answer a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// 1 (not at all) to 5 (wholly).
    Agree,
    /// Yes or no.
    YesNo,
    /// Words.
    Text,
}

impl AnswerKind {
    /// The answers that may be chosen; none for words.
    #[must_use]
    pub const fn values(self) -> &'static [&'static str] {
        match self {
            Self::Agree => &["1", "2", "3", "4", "5"],
            Self::YesNo => &["yes", "no"],
            Self::Text => &[],
        }
    }
}

/// A question of the bank.
#[derive(Debug, Clone, Deserialize)]
pub struct Question {
    /// `X1`
    pub id: String,
    /// For whom.
    pub group: Group,
    /// What kind of answer it takes.
    pub kind: AnswerKind,
    /// The text by language.
    #[serde(flatten)]
    texts: BTreeMap<String, String>,
}

impl Question {
    /// The text in this language, else in English.
    #[must_use]
    pub fn text(&self, w: Words) -> &str {
        let own = self.texts.get(w.tag()).or_else(|| self.texts.get("en"));
        own.map_or(self.id.as_str(), String::as_str)
    }

    /// Whether there is a text in this language.
    #[must_use]
    pub fn speaks(&self, tag: &str) -> bool {
        self.texts.contains_key(tag)
    }
}

#[derive(Deserialize)]
struct File {
    question: Vec<Question>,
}

static BANK: LazyLock<Result<Vec<Question>, String>> = LazyLock::new(|| {
    let text = include_str!("../../../../../catalog/questions.toml");
    toml::from_str::<File>(text).map(|f| f.question).map_err(|e| e.to_string())
});

/// Every question, in the order of the file. A test holds that the file can be read.
#[must_use]
pub fn all() -> &'static [Question] {
    BANK.as_deref().unwrap_or_default()
}

/// The question with this id.
#[must_use]
pub fn question(id: &str) -> Option<&'static Question> {
    all().iter().find(|q| q.id == id)
}

/// The languages in which each of these questions has a text.
#[must_use]
pub fn languages(ids: &[String]) -> Vec<Words> {
    Words::all()
        .filter(|w| ids.iter().all(|id| question(id).is_some_and(|q| q.speaks(w.tag()))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_bank_holds_every_theme_once_and_speaks_to_users_in_seven_languages() {
        assert!(BANK.is_ok(), "{:?}", BANK.as_ref().err());
        let ids: BTreeSet<&str> = all().iter().map(|q| q.id.as_str()).collect();
        assert_eq!(ids.len(), all().len(), "no id twice");
        let wanted = [("M", 10), ("E", 11), ("X", 10), ("H", 12), ("R", 7)];
        for (letter, n) in wanted {
            for i in 1..=n {
                assert!(ids.contains(format!("{letter}{i}").as_str()), "{letter}{i}");
            }
        }
        assert_eq!(ids.len(), wanted.iter().map(|(_, n)| n).sum::<usize>());
        let known: BTreeSet<&str> = Words::all().map(|w| w.tag()).collect();
        for q in all() {
            assert!(q.speaks("en") && !q.text(Words::english()).is_empty(), "{}", q.id);
            assert!(
                q.texts.keys().all(|tag| known.contains(tag.as_str())),
                "{}: {:?}",
                q.id,
                q.texts.keys()
            );
            if q.group == Group::External {
                assert!(Words::all().all(|w| q.speaks(w.tag())), "{} is for everybody", q.id);
                let texts: BTreeSet<&String> = q.texts.values().collect();
                assert_eq!(texts.len(), 7, "{} is translated", q.id);
            }
        }
        assert_eq!(languages(&["X1".into(), "X10".into()]).len(), 7);
        assert_eq!(languages(&["X1".into(), "E4".into()]).len(), 1);
    }
}
