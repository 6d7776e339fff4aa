//! Pages made of parts that print themselves, where no layout of their own is needed.

use super::{Html, Shell};
use askama::Template;

/// A signed-in page.
#[derive(Debug, Template)]
#[template(path = "page.html")]
pub struct Page {
    /// The frame.
    pub shell: Shell,
    /// What the page shows, from top to bottom.
    pub parts: Vec<Html>,
    /// What stands beside it: the record's history, its proofs.
    pub aside: Vec<Html>,
}

/// A page for everybody.
#[derive(Debug, Template)]
#[template(path = "public_page.html")]
pub struct PublicPage {
    /// The frame.
    pub shell: Shell,
    /// What the page shows, from top to bottom.
    pub parts: Vec<Html>,
}

impl Page {
    /// A page in this frame.
    #[must_use]
    pub const fn new(shell: Shell) -> Self {
        Self { shell, parts: Vec::new(), aside: Vec::new() }
    }

    /// Adds a part.
    #[must_use]
    pub fn part(mut self, part: impl Into<Html>) -> Self {
        self.parts.push(part.into());
        self
    }

    /// Adds a heading with an anchor.
    #[must_use]
    pub fn heading(self, text: &str) -> Self {
        self.part(heading(text))
    }

    /// Adds a panel beside the page, under it on narrow screens.
    #[must_use]
    pub fn beside(mut self, title: &str, part: impl Into<Html>) -> Self {
        self.aside.push(heading(title).and(part));
        self
    }
}

impl PublicPage {
    /// A page in this frame.
    #[must_use]
    pub const fn new(shell: Shell) -> Self {
        Self { shell, parts: Vec::new() }
    }

    /// Adds a part.
    #[must_use]
    pub fn part(mut self, part: impl Into<Html>) -> Self {
        self.parts.push(part.into());
        self
    }

    /// Adds a heading.
    #[must_use]
    pub fn heading(self, text: &str) -> Self {
        self.part(heading(text))
    }
}

/// A second-level heading.
#[must_use]
pub fn heading(text: &str) -> Html {
    Html::trusted(format!("<h2>{}</h2>", Html::text(text)))
}

/// A part that opens in place; it works without script.
#[must_use]
pub fn fold(title: &str, open: bool, part: impl Into<Html>) -> Html {
    let part: Html = part.into();
    let open = if open { " open" } else { "" };
    Html::trusted(format!(
        "<details class=\"fold\"{open}><summary>{}</summary>{part}</details>",
        Html::text(title)
    ))
}

/// Buttons beside each other.
#[must_use]
pub fn buttons(all: impl IntoIterator<Item = Html>) -> Html {
    let all: String = all.into_iter().map(|b| b.to_string()).collect();
    Html::trusted(format!("<div class=\"buttons\">{all}</div>"))
}

/// Short parts one under the other.
#[must_use]
pub fn stack(parts: impl IntoIterator<Item = impl Into<Html>>) -> Html {
    let items: String = parts.into_iter().map(|p| format!("<li>{}</li>", p.into())).collect();
    Html::trusted(format!("<ul class=\"stack\">{items}</ul>"))
}

/// A paragraph of text that a person wrote; line breaks are kept.
#[must_use]
pub fn prose(text: &str) -> Html {
    let paragraphs: String = text
        .split("\n\n")
        .filter(|p| !p.trim().is_empty())
        .map(|p| format!("<p>{}</p>", Html::text(p.trim()).to_string().replace('\n', "<br>")))
        .collect();
    Html::trusted(paragraphs)
}

/// Facts of a record: what each is called, and what it is.
#[must_use]
pub fn facts(pairs: Vec<(String, Html)>) -> Html {
    let rows: String = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("<dt>{}</dt><dd>{value}</dd>", Html::text(&name)))
        .collect();
    Html::trusted(format!("<dl class=\"facts\">{rows}</dl>"))
}
