//! What is known of a case, and the shape of an answer.

use kernel::time::Timestamp;
use serde::Serialize;

/// Microseconds of a day of 24 hours.
pub const DAY: i64 = 86_400_000_000;

/// From when on a matter counts as mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The date from which a corrective action was effective.
    CorrectiveAction,
    /// The time of resolution: no corrective action is recorded.
    Resolution,
}

/// What is known of a case, as far as patterns need it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PatternCase {
    /// The text of its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// The channel it came by; empty where none is known.
    pub channel: String,
    /// Whether it is an incident: something that harmed, or could have.
    pub incident: bool,
    /// Whether its severity is high or critical.
    pub grave: bool,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// When it happened, if that is known.
    pub occurred_at: Option<Timestamp>,
    /// When a person first confirmed it.
    pub acknowledged_at: Option<Timestamp>,
    /// When its severity first became high or critical.
    pub grave_at: Option<Timestamp>,
    /// From when on it counts as mended, and by which rule.
    pub mended: Option<(Timestamp, Basis)>,
    /// Title and text; empty where they are sealed.
    pub text: String,
    /// What it has in common with another of the same matter, where all parts are known: category,
    /// subcategory and symptom, or cause, control and component.
    pub fingerprint: Option<Vec<String>>,
    /// The components that it touched.
    pub components: Vec<String>,
    /// The controls that failed or were missing.
    pub controls: Vec<String>,
    /// Its root cause in one word.
    pub cause: Option<String>,
}

/// One answer about the history, with how it was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Signal {
    /// Which question it answers: `silence`, `lag`, …; its definition is documented under this name.
    pub kind: &'static str,
    /// What it speaks of: a channel, a component, a month.
    pub subject: String,
    /// Whether it calls for somebody's attention.
    pub flagged: bool,
    /// What went in and what came out, in the order in which it is told.
    pub inputs: Vec<(&'static str, f64)>,
    /// The chance of at least this much where nothing is wrong; `None` where there is too little to
    /// say, or where the method gives none.
    pub chance: Option<f64>,
    /// An interval of the figure that matters, at 95 %; `None` where the method gives none.
    pub interval: Option<[f64; 2]>,
    /// The cases it speaks of, by id, at most a hundred.
    pub cases: Vec<String>,
}

/// Cases named by one answer at most.
pub const NAMED_MAX: usize = 100;

impl Signal {
    /// An answer that calls for nobody's attention and says nothing of chance.
    #[must_use]
    pub fn of(kind: &'static str, subject: impl Into<String>) -> Self {
        Self {
            kind,
            subject: subject.into(),
            flagged: false,
            inputs: Vec::new(),
            chance: None,
            interval: None,
            cases: Vec::new(),
        }
    }

    /// Adds a figure.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: f64) -> Self {
        self.inputs.push((name, value));
        self
    }

    /// Names the cases.
    #[must_use]
    pub fn naming<'c>(mut self, cases: impl IntoIterator<Item = &'c PatternCase>) -> Self {
        self.cases = cases.into_iter().take(NAMED_MAX).map(|c| c.id.clone()).collect();
        self
    }

    /// The figure of this name.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.inputs.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
    }
}

/// A span in days.
#[must_use]
pub fn days(micros: i64) -> f64 {
    micros as f64 / DAY as f64
}
