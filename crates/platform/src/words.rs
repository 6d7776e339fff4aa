//! Everything a person reads, in their language: Fluent messages under `/locales/<language>/*.ftl`,
//! embedded in the binary.
//!
//! [`Words`] is a small `Copy` handle on one language. A key that a language lacks is read in
//! English; a test holds that every key used anywhere exists in English and that other languages
//! have no keys of their own. Numbers and dates follow the language; every time of day is printed
//! with its offset from UTC.

use crate::ui::Html;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::fmt::Write as _;
use std::sync::LazyLock;

mod format;
pub use format::{Style, Whole};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The longest `Accept-Language` header that is read; the rest is ignored.
const ACCEPT_LANGUAGE_MAX: usize = 512;

/// A language that the product speaks: tag, its own name for itself, direction, number style.
struct Known {
    tag: &'static str,
    name: &'static str,
    rtl: bool,
    style: Style,
}

const KNOWN: &[Known] = &[
    Known { tag: "en", name: "English", rtl: false, style: Style::COMMA },
    Known { tag: "de", name: "Deutsch", rtl: false, style: Style::DOT },
    Known { tag: "fr", name: "Français", rtl: false, style: Style::SPACE },
    Known { tag: "es", name: "Español", rtl: false, style: Style::DOT_FROM_FIVE },
    Known { tag: "pt", name: "Português", rtl: false, style: Style::DOT },
    Known { tag: "ja", name: "日本語", rtl: false, style: Style::COMMA },
    Known { tag: "ar", name: "العربية", rtl: true, style: Style::COMMA },
];

struct Language {
    known: &'static Known,
    bundle: FluentBundle<FluentResource>,
    /// What could not be read; empty in a good build, held by a test.
    faults: Vec<String>,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| KNOWN.iter().map(load).collect());

fn load(known: &'static Known) -> Language {
    let id = known.tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks matter only where a Latin name stands inside right-to-left text; elsewhere
    // they would be copied into mails and spreadsheets.
    bundle.set_use_isolating(known.rtl);
    bundle.set_formatter(Some(known.style.fluent_formatter()));
    let mut faults = Vec::new();
    for (path, text) in MESSAGES {
        if path.split_once('/').map(|(folder, _)| folder) != Some(known.tag) {
            continue;
        }
        let resource =
            FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(part, errors)| {
                faults.extend(errors.iter().map(|e| format!("{path}: {e}")));
                part
            });
        if let Err(errors) = bundle.add_resource(resource) {
            faults.extend(errors.iter().map(|e| format!("{path}: {e}")));
        }
    }
    Language { known, bundle, faults }
}

/// A value that a message mentions.
#[derive(Clone, Debug)]
pub struct Arg(FluentValue<'static>);

/// What can be a value of a message: text, numbers, and references to them (templates pass
/// references).
pub trait ToArg {
    /// The value.
    fn to_arg(&self) -> Arg;
}

impl ToArg for str {
    fn to_arg(&self) -> Arg {
        Arg(FluentValue::String(self.to_owned().into()))
    }
}
impl ToArg for String {
    fn to_arg(&self) -> Arg {
        self.as_str().to_arg()
    }
}
impl<T: ToArg + ?Sized> ToArg for &T {
    fn to_arg(&self) -> Arg {
        (**self).to_arg()
    }
}
macro_rules! numeric_args { ($($kind:ty),+) => { $(
    impl ToArg for $kind { fn to_arg(&self) -> Arg { Arg(FluentValue::from(*self)) } }
)+ } }
numeric_args!(i32, i64, u16, u32, u64, usize, f64);

impl<T: ToArg> From<T> for Arg {
    fn from(value: T) -> Self {
        value.to_arg()
    }
}

/// One language. Cheap to copy; goes into every page and component.
#[derive(Clone, Copy)]
pub struct Words {
    language: &'static Language,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Words").field(&self.tag()).finish()
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.tag() == other.tag()
    }
}
impl Eq for Words {}

impl Default for Words {
    fn default() -> Self {
        Self::english()
    }
}

impl Words {
    /// English, the language of the source.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "KNOWN is a constant that starts with English")]
    pub fn english() -> Self {
        Self { language: &LANGUAGES[0] }
    }

    /// The language with this tag (`de`, `pt-BR` is read as `pt`), where the product speaks it.
    #[must_use]
    pub fn of(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        let language = LANGUAGES.iter().find(|l| l.known.tag.eq_ignore_ascii_case(primary))?;
        Some(Self { language })
    }

    /// The best language for an `Accept-Language` header; English where none fits.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        let end = accept_language.floor_char_boundary(ACCEPT_LANGUAGE_MAX);
        let mut best: Option<(Self, f32)> = None;
        for part in accept_language.split_at(end).0.split(',') {
            let mut pieces = part.split(';');
            let Some(words) = pieces.next().and_then(Self::of) else { continue };
            let quality = pieces
                .find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok())
                .map_or(1.0, |q| q.min(1.0));
            if quality > 0.0 && best.is_none_or(|(_, held)| quality > held) {
                best = Some((words, quality));
            }
        }
        best.map_or_else(Self::english, |(words, _)| words)
    }

    /// Every language, for a language switch.
    pub fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(|language| Self { language })
    }

    /// The tag for `lang="…"`.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        self.language.known.tag
    }

    /// The language's own name for itself.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.language.known.name
    }

    /// `rtl` or `ltr`, for `dir="…"`.
    #[must_use]
    pub fn dir(&self) -> &'static str {
        if self.language.known.rtl { "rtl" } else { "ltr" }
    }

    /// Whether the language itself (not only English) has the key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.language.bundle.has_message(key)
    }

    /// A message without values.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.ta(key, &[])
    }

    /// A message with one value: `w.t1("form-faults", "count", 3)`. A number chooses the plural.
    #[must_use]
    pub fn t1(&self, key: &str, name: &str, value: impl ToArg) -> String {
        self.ta(key, &[(name, value.to_arg())])
    }

    /// A message with two values.
    #[must_use]
    pub fn t2(
        &self,
        key: &str,
        name: &str,
        value: impl ToArg,
        name2: &str,
        value2: impl ToArg,
    ) -> String {
        self.ta(key, &[(name, value.to_arg()), (name2, value2.to_arg())])
    }

    /// A message with any values. A key that exists nowhere is returned as it is, so that a
    /// missing word is seen and nothing fails.
    #[must_use]
    pub fn ta(&self, key: &str, args: &[(&str, Arg)]) -> String {
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, Arg(value)) in args {
            values.set((*name).to_owned(), value.clone());
        }
        self.format(key, &values)
            .or_else(|| Self::english().format(key, &values))
            .unwrap_or_else(|| key.to_owned())
    }

    /// A sentence with links, figures or statuses inside. `args` are plain values (they choose
    /// plurals and are escaped); `parts` are markup that replaces `{ $name }`.
    ///
    /// ```
    /// # use platform::{words::Words, ui::Html};
    /// let w = Words::english();
    /// let link = Html::link("/cases?late=1", "4 cases");
    /// assert_eq!(w.rich("ui-example-late", &[], &[("cases", link)]).as_str(),
    ///            "<a href=\"/cases?late=1\">4 cases</a> are late.");
    /// ```
    #[must_use]
    pub fn rich(&self, key: &str, args: &[(&str, Arg)], parts: &[(&str, Html)]) -> Html {
        // Markup cannot pass through the message (it would be escaped with it), so a private-use
        // character stands for each part. Such characters in the values are removed first.
        let mut all: Vec<(&str, Arg)> = Vec::with_capacity(args.len() + parts.len());
        for (name, Arg(value)) in args {
            let value = match value {
                FluentValue::String(text) => Arg::from(text.replace(is_marker, "")),
                other => Arg(other.clone()),
            };
            all.push((name, value));
        }
        for (marker, (name, _)) in MARKERS.zip(parts) {
            all.push((name, Arg::from(marker.to_string())));
        }
        let mut out = String::new();
        for piece in self.ta(key, &all).split_inclusive(is_marker) {
            let marker = piece.chars().next_back().filter(|c| is_marker(*c));
            let text = marker.map_or(piece, |m| piece.strip_suffix(m).unwrap_or(piece));
            let _ = write!(out, "{}", Html::text(text));
            if let Some((_, part)) =
                marker.and_then(|m| parts.get(m as usize - FIRST_MARKER as usize))
            {
                out.push_str(part.as_str());
            }
        }
        Html::trusted(out)
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = &self.language.bundle;
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::warn!(key, language = self.tag(), ?errors, "a message lacks a value");
        }
        Some(text)
    }

    pub(crate) fn style(&self) -> Style {
        self.language.known.style
    }
}

const FIRST_MARKER: char = '\u{e000}';
const LAST_MARKER: char = '\u{e0ff}';
const MARKERS: std::ops::RangeInclusive<char> = FIRST_MARKER..=LAST_MARKER;

fn is_marker(c: char) -> bool {
    MARKERS.contains(&c)
}

/// What could not be read in the embedded messages, by language. Empty in a good build.
#[must_use]
pub fn faults() -> Vec<String> {
    LANGUAGES.iter().flat_map(|l| l.faults.iter().cloned()).collect()
}

#[cfg(test)]
mod tests;
