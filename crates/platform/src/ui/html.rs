//! Markup that is already safe to print.

use askama::filters::HtmlSafe;
use std::fmt::{self, Write as _};

/// Markup made by the product. Everything that a person typed enters it escaped.
///
/// Table cells, answer lines and timeline entries take `impl Into<Html>`: a plain string is
/// escaped on the way in, a component (a status, a figure, a link) is rendered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Escapes plain text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        for c in text.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                // Control characters have no meaning in a page; browsers disagree about them.
                '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}' => {
                    out.push(char::REPLACEMENT_CHARACTER);
                }
                _ => out.push(c),
            }
        }
        Self(out)
    }

    /// Takes markup as it is. Only for markup that the product itself made (a chart, a rendered
    /// template); never for anything that came over the wire.
    #[must_use]
    pub fn trusted(markup: impl Into<String>) -> Self {
        Self(markup.into())
    }

    /// A link. An address that is not relative, `http(s)` or `mailto` becomes plain text, so
    /// that no data can make a `javascript:` link.
    #[must_use]
    pub fn link(href: &str, text: impl Into<Self>) -> Self {
        let inner = text.into();
        if !safe_href(href) {
            return inner;
        }
        Self(format!("<a href=\"{}\">{inner}</a>", Self::text(href)))
    }

    /// Text in the fixed-width face: identifiers, tracking numbers, file names.
    #[must_use]
    pub fn code(text: &str) -> Self {
        Self(format!("<code>{}</code>", Self::text(text)))
    }

    /// An identifier that a line must not break: `CASE-0412`.
    #[must_use]
    pub fn id(text: &str) -> Self {
        Self(format!("<span class=\"id\">{}</span>", Self::text(text)))
    }

    /// Nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self(String::new())
    }

    /// Whether nothing would be printed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This and then that, with one space between.
    #[must_use]
    pub fn and(mut self, next: impl Into<Self>) -> Self {
        let next = next.into();
        if !self.0.is_empty() && !next.is_empty() {
            self.0.push(' ');
        }
        let _ = write!(self.0, "{next}");
        self
    }
}

/// Whether an address may stand in a link: relative, `http`, `https` or `mailto`.
#[must_use]
pub fn safe_href(href: &str) -> bool {
    let href = href.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    if href.starts_with("//") || href.starts_with("/\\") {
        return false;
    }
    let scheme_end = href.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.\t\n\r".contains(c)));
    match scheme_end.and_then(|at| href.split_at_checked(at)) {
        Some((scheme, rest)) if rest.starts_with(':') => {
            ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        }
        _ => true,
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

impl From<&String> for Html {
    fn from(text: &String) -> Self {
        Self::text(text)
    }
}

macro_rules! numbers { ($($kind:ty),+) => { $(impl From<$kind> for Html {
    fn from(number: $kind) -> Self { Self(number.to_string()) }
})+ } }
numbers!(i32, i64, u16, u32, u64, usize);

impl From<Option<Self>> for Html {
    fn from(some: Option<Self>) -> Self {
        some.unwrap_or_default()
    }
}

/// Lets a component stand where markup is wanted: `{{ component }}` in a template prints it
/// unescaped (its own template escaped what it was given), and `.into()` makes it [`Html`].
macro_rules! component {
    ($($name:ty),+ $(,)?) => { $(
        impl askama::filters::HtmlSafe for $name {}
        impl From<$name> for $crate::ui::Html {
            fn from(component: $name) -> Self { Self::from(&component) }
        }
        impl From<&$name> for $crate::ui::Html {
            fn from(component: &$name) -> Self { $crate::ui::Html::trusted(component.to_string()) }
        }
    )+ };
}
pub(crate) use component;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_escaped() {
        assert_eq!(
            Html::from("<b onclick='x'>&\"").as_str(),
            "&lt;b onclick=&#39;x&#39;&gt;&amp;&quot;"
        );
        assert_eq!(Html::text("a\u{0}b\u{1b}c\n").as_str(), "a\u{fffd}b\u{fffd}c\n");
    }

    #[test]
    fn links_refuse_addresses_that_run_something() {
        for bad in [
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//elsewhere.example/",
            "/\\elsewhere.example/",
        ] {
            assert!(!safe_href(bad), "{bad:?}");
            assert_eq!(Html::link(bad, "x").as_str(), "x");
        }
        for good in [
            "/cases?after=1:2",
            "?sort=-at",
            "#f-title",
            "https://a.example/",
            "mailto:a@b.example",
            "a/b:c",
            "",
        ] {
            assert!(safe_href(good), "{good:?}");
        }
        assert_eq!(
            Html::link("/a?b=\"><i>", "<i>").as_str(),
            "<a href=\"/a?b=&quot;&gt;&lt;i&gt;\">&lt;i&gt;</a>"
        );
    }
}
