//! The five categories, and the 61 criteria with our paraphrases.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{CatalogueError, CriterionId, Series};

/// The file this module reads.
pub(super) const FILE: &str = "criteria.toml";

/// One of the five categories that an examination can cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Security: the common criteria CC1 to CC9.
    Security,
    /// Availability: A1.
    Availability,
    /// Confidentiality: C1.
    Confidentiality,
    /// Processing integrity: PI1.
    ProcessingIntegrity,
    /// Privacy: P1 to P8.
    Privacy,
}

impl Category {
    /// All five, in report order.
    pub const ALL: [Self; 5] = [
        Self::Security,
        Self::Availability,
        Self::Confidentiality,
        Self::ProcessingIntegrity,
        Self::Privacy,
    ];

    /// The word in records and addresses, such as `processing_integrity`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Availability => "availability",
            Self::Confidentiality => "confidentiality",
            Self::ProcessingIntegrity => "processing_integrity",
            Self::Privacy => "privacy",
        }
    }

    /// The name as a person reads it, such as `Processing integrity`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Security => "Security",
            Self::Availability => "Availability",
            Self::Confidentiality => "Confidentiality",
            Self::ProcessingIntegrity => "Processing integrity",
            Self::Privacy => "Privacy",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The categories of one examination: at least one, each once, in report order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Category>", into = "Vec<Category>")]
pub struct Categories {
    /// Bit `n` stands for `Category::ALL[n]`.
    bits: u8,
}

/// An examination was given no category at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("An examination covers at least one category. Choose Security, and others as needed.")]
pub struct NoCategory;

impl Categories {
    /// The given categories; naming one twice changes nothing.
    ///
    /// # Errors
    /// [`NoCategory`] if there is none.
    pub fn new(categories: impl IntoIterator<Item = Category>) -> Result<Self, NoCategory> {
        let bits = categories.into_iter().fold(0, |bits, category| bits | bit(category));
        if bits == 0 {
            return Err(NoCategory);
        }
        Ok(Self { bits })
    }

    /// Whether the category was chosen.
    #[must_use]
    pub fn contains(self, category: Category) -> bool {
        self.bits & bit(category) != 0
    }

    /// The chosen categories in report order.
    pub fn iter(self) -> impl Iterator<Item = Category> {
        Category::ALL.into_iter().filter(move |category| self.contains(*category))
    }

    /// Whether the criteria of a series apply. The common criteria always do: the other categories
    /// have no criteria of their own for governance, access or change and rest on these.
    #[must_use]
    pub fn applies(self, series: Series) -> bool {
        series.category() == Category::Security || self.contains(series.category())
    }

    /// The criteria that apply, in report order.
    pub fn criteria(self) -> impl Iterator<Item = CriterionId> {
        CriterionId::all().filter(move |id| self.applies(id.series()))
    }
}

fn bit(category: Category) -> u8 {
    match category {
        Category::Security => 1,
        Category::Availability => 1 << 1,
        Category::Confidentiality => 1 << 2,
        Category::ProcessingIntegrity => 1 << 3,
        Category::Privacy => 1 << 4,
    }
}

impl TryFrom<Vec<Category>> for Categories {
    type Error = NoCategory;

    fn try_from(categories: Vec<Category>) -> Result<Self, Self::Error> {
        Self::new(categories)
    }
}

impl From<Categories> for Vec<Category> {
    fn from(categories: Categories) -> Self {
        categories.iter().collect()
    }
}

/// One row of `criteria.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// The profession's identifier.
    pub id: CriterionId,
    /// What the criterion asks for, in our words.
    pub paraphrase: String,
    /// Beginnings of words, lower case. A control statement that serves the criterion uses at least
    /// one of them; see [`Criterion::is_spoken_of`].
    pub speaks_of: Vec<String>,
    /// Number of the COSO principle it restates; present for CC1 to CC5 and nowhere else.
    pub coso_principle: Option<u8>,
    /// How many points of focus the 2022 revision lists, where known. They are guidance: a criterion
    /// can be met without each of them.
    pub points_of_focus: Option<u8>,
    /// Why the count is open to doubt, where sources differ.
    pub points_of_focus_note: Option<String>,
}

impl Criterion {
    /// Whether a text uses a word of this criterion's subject. A control whose statement does not is
    /// probably mapped to the wrong criterion: a statement for CC6.2 speaks of accounts or rights.
    /// English only; upper and lower case and punctuation do not matter.
    #[must_use]
    pub fn is_spoken_of(&self, text: &str) -> bool {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric() && c != '-')
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        // A leading space on both sides lets a beginning match only where a word begins.
        let spaced = format!(" {}", words.join(" "));
        self.speaks_of.iter().any(|stem| spaced.contains(&format!(" {stem}")))
    }
}

/// COSO numbers its 2013 principles 1 to 17.
const COSO_PRINCIPLES: RangeInclusive<u8> = 1..=17;

/// The content of `criteria.toml`.
#[derive(Debug)]
pub(super) struct Criteria {
    pub(super) edition: String,
    /// By [`Series::ordinal`].
    pub(super) series_titles: Vec<String>,
    /// By [`CriterionId::ordinal`].
    pub(super) rows: Vec<Criterion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    edition: String,
    series: Vec<FileSeries>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSeries {
    id: String,
    title: String,
    criterion: Vec<FileCriterion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCriterion {
    id: CriterionId,
    paraphrase: String,
    speaks_of: Vec<String>,
    coso: Option<u8>,
    points_of_focus: Option<u8>,
    points_of_focus_note: Option<String>,
}

impl Criteria {
    /// Reads the file and holds it against the closed set of ids: every one, once, in report order.
    pub(super) fn read(text: &str) -> Result<Self, CatalogueError> {
        let refuse = |problem: String| CatalogueError::new(FILE, problem);
        let file: File = toml::from_str(text).map_err(|error| refuse(error.to_string()))?;
        let found: Vec<&str> = file.series.iter().map(|s| s.id.as_str()).collect();
        let wanted: Vec<&str> = Series::all().map(Series::label).collect();
        if found != wanted {
            return Err(refuse(format!(
                "the series are {}; they must be {}, in this order",
                found.join(" "),
                wanted.join(" ")
            )));
        }
        let mut series_titles = Vec::new();
        let mut rows = Vec::new();
        for (series, entry) in Series::all().zip(file.series) {
            let found: Vec<CriterionId> = entry.criterion.iter().map(|row| row.id).collect();
            let wanted: Vec<CriterionId> = series.criteria().collect();
            if found != wanted {
                return Err(refuse(format!(
                    "series {series} must hold its {} criteria, each once and in order",
                    series.count()
                )));
            }
            series_titles.push(entry.title);
            for row in entry.criterion {
                rows.push(check(row).map_err(refuse)?);
            }
        }
        Ok(Self { edition: file.edition, series_titles, rows })
    }
}

/// Checks what can be wrong inside one row.
fn check(row: FileCriterion) -> Result<Criterion, String> {
    let id = row.id;
    if !row.paraphrase.ends_with('.') && !row.paraphrase.contains('?') {
        return Err(format!("the paraphrase of {id} must be a sentence"));
    }
    // The common criteria up to CC5 restate the 17 COSO principles; the rest have no counterpart.
    let restates_coso = matches!(id.series().label(), "CC1" | "CC2" | "CC3" | "CC4" | "CC5");
    if row.coso.is_some() != restates_coso {
        return Err(format!("{id}: only CC1 to CC5 carry a COSO principle, all of them"));
    }
    if row.coso.is_some_and(|n| !COSO_PRINCIPLES.contains(&n)) {
        return Err(format!("{id}: COSO principles are numbered 1 to 17"));
    }
    let bad_stem = |stem: &String| stem.trim().is_empty() || *stem != stem.to_lowercase();
    if row.speaks_of.is_empty() || row.speaks_of.iter().any(bad_stem) {
        return Err(format!(
            "{id}: speaks_of holds at least one beginning of a word, in lower case"
        ));
    }
    if row.points_of_focus == Some(0) {
        return Err(format!("{id}: leave points_of_focus out where it is unknown"));
    }
    Ok(Criterion {
        id,
        paraphrase: row.paraphrase,
        speaks_of: row.speaks_of,
        coso_principle: row.coso,
        points_of_focus: row.points_of_focus,
        points_of_focus_note: row.points_of_focus_note,
    })
}

#[cfg(test)]
mod tests {
    use super::Category::{
        Availability as A, Confidentiality as C, Privacy as P, ProcessingIntegrity as PI,
        Security as S,
    };
    use super::*;

    fn total(categories: &[Category]) -> usize {
        Categories::new(categories.iter().copied()).unwrap().criteria().count()
    }

    #[test]
    fn scope_totals_are_those_of_the_profession() {
        assert_eq!(total(&[S]), 33);
        assert_eq!(total(&[S, A]), 36);
        assert_eq!(total(&[S, C]), 35);
        assert_eq!(total(&[S, A, C]), 38);
        assert_eq!(total(&[S, PI]), 38);
        assert_eq!(total(&[S, P]), 51);
        assert_eq!(total(&[S, A, C, PI]), 43);
        assert_eq!(total(&[S, A, C, P]), 56);
        assert_eq!(total(&[S, A, C, PI, P]), 61);
    }

    #[test]
    fn the_common_criteria_apply_to_every_category() {
        assert_eq!(total(&[A]), 36);
        assert_eq!(total(&[P, P]), 51);
    }

    #[test]
    fn an_examination_of_nothing_is_refused() {
        assert_eq!(Categories::new([]), Err(NoCategory));
        assert!(serde_json::from_str::<Categories>("[]").is_err());
    }

    #[test]
    fn categories_are_written_in_report_order() {
        let given: Categories =
            serde_json::from_str(r#"["privacy","security","privacy"]"#).unwrap();
        assert_eq!(serde_json::to_string(&given).unwrap(), r#"["security","privacy"]"#);
        for category in Category::ALL {
            let json = serde_json::to_string(&category).unwrap();
            assert_eq!(json, format!("\"{}\"", category.as_str()));
        }
    }
}
