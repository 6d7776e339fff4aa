//! Text with traced figures in it.

use serde::{Deserialize, Serialize};

/// A count as the report prints it: `12`, `1,184`.
#[must_use]
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Run {
    /// Plain text. Never markup.
    Text(String),
    /// A figure that carries a tick mark.
    #[serde(rename_all = "snake_case")]
    Figure {
        /// The figure as printed, for example `25`.
        figure: String,
        /// The number of its [`super::Trace`].
        trace: u32,
    },
}

/// A paragraph: text in which figures may carry tick marks. In JSON an array of strings and
/// `{"figure": "25", "trace": 3}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Prose(pub Vec<Run>);

impl Prose {
    /// An empty paragraph, to build up with [`Prose::and`] and [`Prose::figure`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text.
    #[must_use]
    pub fn and(mut self, text: impl Into<String>) -> Self {
        self.0.push(Run::Text(text.into()));
        self
    }

    /// Adds a figure with the number of its trace.
    #[must_use]
    pub fn figure(mut self, figure: impl Into<String>, trace: u32) -> Self {
        self.0.push(Run::Figure { figure: figure.into(), trace });
        self
    }

    /// The text without its marks.
    #[must_use]
    pub fn plain(&self) -> String {
        self.0
            .iter()
            .map(|run| match run {
                Run::Text(text) => text.as_str(),
                Run::Figure { figure, .. } => figure.as_str(),
            })
            .collect()
    }

    /// Whether nothing would be printed.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.plain().trim().is_empty()
    }

    /// The numbers of the traces it uses, in order.
    pub fn traces(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().filter_map(|run| match run {
            Run::Figure { trace, .. } => Some(*trace),
            Run::Text(_) => None,
        })
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        Self(vec![Run::Text(text.to_owned())])
    }
}

impl From<String> for Prose {
    fn from(text: String) -> Self {
        Self(vec![Run::Text(text)])
    }
}

/// A piece of a section: a paragraph, or a list with an introduction of its own before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph(Prose),
    /// A bulleted list.
    List(Vec<Prose>),
    /// A list lettered a, b, c.
    Lettered(Vec<Prose>),
}

impl Block {
    /// A paragraph of plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Paragraph(Prose::from(text.into()))
    }

    /// Its paragraphs or items, in order.
    pub fn prose(&self) -> impl Iterator<Item = &Prose> {
        match self {
            Self::Paragraph(prose) => std::slice::from_ref(prose).iter(),
            Self::List(items) | Self::Lettered(items) => items.iter(),
        }
    }
}
