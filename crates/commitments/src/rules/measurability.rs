//! How measurable the wording of a commitment is.
//!
//! A commitment that nobody can measure cannot be shown to have been kept. Eight points, one each:
//!
//! | point | the statement, or its structured measure, says |
//! |---|---|
//! | metric | what is measured |
//! | target | how much, with a comparison |
//! | unit | in what unit |
//! | window | over what time, or from what event |
//! | scope | of what part of the system, or for whom |
//! | source | where the figure comes from |
//! | precise | nothing vague, unless the word is defined |
//! | attainable | nothing absolute, unless it is meant |
//!
//! Fewer than five points: restate it, or treat it as a commitment that controls are designed for
//! and nobody measures. Subject, tense, obligation and effective date earn no points and give
//! advice.
//!
//! The words are looked for in English. A field of the structured measure always counts, whatever
//! the language of the statement.

#[cfg(test)]
mod tests;
mod text;
mod words;

use std::fmt;

use kernel::period::Date;
use serde::{Deserialize, Serialize};

use text::Text;

/// The points of a measurable commitment, and of a score.
pub const POINTS_MAX: u8 = 8;
/// Fewer points than this: restate, or treat as a commitment by design.
pub const MEASURABLE_FROM: u8 = 5;

/// A commitment as far as its wording matters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Draft<'a> {
    /// The statement.
    pub statement: &'a str,
    /// What is recorded beside the statement.
    pub measure: MeasureDraft<'a>,
    /// Words that the commitment's own documents define, so that they are not vague.
    pub defined_terms: &'a [&'a str],
    /// Whether an absolute promise is meant.
    pub absolute_intended: bool,
    /// Names of the service organisation, for the subject of the statement.
    pub organisation: &'a [&'a str],
    /// From which date it holds.
    pub effective_from: Option<Date>,
}

/// The structured measure of a commitment; empty text counts as absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct MeasureDraft<'a> {
    /// What is measured.
    pub metric: Option<&'a str>,
    /// How much.
    pub target: Option<&'a str>,
    /// In what unit.
    pub unit: Option<&'a str>,
    /// Over what time.
    pub window: Option<&'a str>,
    /// Of what.
    pub scope: Option<&'a str>,
    /// Where the figure comes from.
    pub data_source: Option<&'a str>,
}

/// One of the eight points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// What is measured.
    Metric,
    /// How much, with a comparison.
    Target,
    /// In what unit.
    Unit,
    /// Over what time, or from what event.
    Window,
    /// Of what part of the system, or for whom.
    Scope,
    /// Where the figure comes from.
    Source,
    /// Nothing vague.
    Precise,
    /// Nothing absolute.
    Attainable,
}

/// Whether a point was earned, and by which words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The point.
    pub point: Point,
    /// Whether it was earned.
    pub earned: bool,
    /// The words that earned it, or that cost it; empty if there are none.
    pub words: Vec<String>,
}

/// What would make the wording better without a point at stake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// The statement does not begin with the organisation that promises.
    Subject,
    /// It speaks of the past or the future: the word found.
    Tense(String),
    /// It states an aim instead of an obligation: the word found.
    Obligation(String),
    /// An absolute promise that is meant: the words found. Counsel should know.
    AbsoluteIntended(Vec<String>),
    /// No date from which it holds.
    NoEffectiveDate,
}

/// The wording's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurability {
    /// Points earned, 0 to 8.
    pub score: u8,
    /// Each point, in the order of the table above.
    pub findings: Vec<Finding>,
    /// What would make the wording better.
    pub advice: Vec<Advice>,
}

impl Measurability {
    /// Whether the commitment can be measured as it stands.
    #[must_use]
    pub fn is_measurable(&self) -> bool {
        self.score >= MEASURABLE_FROM
    }
}

/// Reads the wording of a commitment. A blank statement earns nothing.
#[must_use]
pub fn measurability(draft: &Draft<'_>) -> Measurability {
    let text = Text::of(draft.statement);
    let blank = text.is_blank();
    let recorded = |field: Option<&str>| -> Vec<String> {
        let field = field.map(str::trim).filter(|f| !f.is_empty());
        field.into_iter().map(str::to_owned).collect()
    };
    let measure = &draft.measure;
    let said = |point, field, found: Option<String>| {
        let mut words = recorded(field);
        words.extend(found);
        Finding { point, earned: !blank && !words.is_empty(), words }
    };
    let defined: Vec<Text> = draft.defined_terms.iter().map(|term| Text::of(term)).collect();
    let vague = text.all_of(&words::VAGUE, &defined);
    let absolute = text.absolutes();
    let findings = vec![
        said(Point::Metric, measure.metric, text.metric()),
        said(Point::Target, measure.target, text.target()),
        said(Point::Unit, measure.unit, text.unit()),
        said(Point::Window, measure.window, text.window()),
        said(Point::Scope, measure.scope, text.scope()),
        said(Point::Source, measure.data_source, text.source()),
        Finding { point: Point::Precise, earned: !blank && vague.is_empty(), words: vague },
        Finding {
            point: Point::Attainable,
            earned: !blank && (absolute.is_empty() || draft.absolute_intended),
            words: absolute.clone(),
        },
    ];
    let score = findings.iter().map(|finding| u8::from(finding.earned)).sum();
    Measurability { score, findings, advice: advice(draft, &text, absolute) }
}

fn advice(draft: &Draft<'_>, text: &Text, absolute: Vec<String>) -> Vec<Advice> {
    let mut advice = Vec::new();
    if !text.begins_with_subject(draft.organisation) {
        advice.push(Advice::Subject);
    }
    advice.extend(text.first_of(&words::NOT_PRESENT).map(Advice::Tense));
    advice.extend(text.first_of(&words::NOT_BINDING).map(Advice::Obligation));
    if draft.absolute_intended && !absolute.is_empty() {
        advice.push(Advice::AbsoluteIntended(absolute));
    }
    if draft.effective_from.is_none() {
        advice.push(Advice::NoEffectiveDate);
    }
    advice
}

impl Point {
    /// What is missing where the point was not earned, as one sentence.
    #[must_use]
    pub fn missing(self) -> &'static str {
        match self {
            Self::Metric => {
                "Say what is measured, such as availability, response time or hours until notice."
            }
            Self::Target => "Say how much, with a comparison: at least, at most, within.",
            Self::Unit => "Say in what unit the target is.",
            Self::Window => {
                "Say over what time it is measured, such as each month, or from what event it runs."
            }
            Self::Scope => "Say what part of the system it covers, or which customers or data.",
            Self::Source => {
                "Say where the figure comes from, such as external probes or a register."
            }
            Self::Precise => "Replace the vague words, or define them.",
            Self::Attainable => "Replace the absolute words, or record that they are meant.",
        }
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subject => f.write_str("Begin with who promises: the service organisation."),
            Self::Tense(word) => {
                write!(f, "Write in the present tense; “{word}” speaks of another time.")
            }
            Self::Obligation(word) => {
                write!(f, "State an obligation; “{word}” states an aim.")
            }
            Self::AbsoluteIntended(words) => write!(
                f,
                "The promise is absolute (“{}”) and one failure breaks it; counsel should know.",
                words.join("”, “")
            ),
            Self::NoEffectiveDate => f.write_str("Record the date from which it holds."),
        }
    }
}
