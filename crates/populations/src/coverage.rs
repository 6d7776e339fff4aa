//! What a population is declared to cover: the first and the last day of occurrences, the dates that
//! captures speak for. One rule for a freeze in the auditor's file and for one at the command line.

use jiff::civil::Date;

use crate::schema::{Kind, Schema};
use crate::times::Span;

/// Why nothing, or two different things, are said of what a population covers. The text is a plain
/// sentence that says what to give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undeclared {
    /// The schema and whoever freezes say different spans.
    #[error(
        "The schema says that the population covers {} to {}, and you say {} to {}. Let both say the same.",
        own.from, own.to, given.from, given.to
    )]
    Disagree {
        /// What the schema says.
        own: Span,
        /// What was given with the freeze.
        given: Span,
    },
    /// The span ends before it begins.
    #[error("The population ends on {} before it begins on {}.", .0.to, .0.from)]
    Reversed(Span),
    /// A span was given for a capture.
    #[error(
        "\u{201c}{0}\u{201d} is a configuration capture: it speaks for a date and covers no span. Give the date on which things stood as it shows."
    )]
    SpanOfCapture(String),
    /// An event population without a span.
    #[error(
        "Nothing says which period the population \u{201c}{name}\u{201d} covers. It is an event population: give the first and the last day whose occurrences it holds{}.",
        whole.map_or_else(String::new, |w| format!(", {} and {} for the whole period under examination", w.from, w.to))
    )]
    NoSpan {
        /// The schema's name.
        name: String,
        /// The period under examination, where one is known.
        whole: Option<Span>,
    },
    /// A capture without a date.
    #[error(
        "Nothing says which date the capture \u{201c}{name}\u{201d} speaks for. It is a configuration capture: give the date on which things stood as it shows{}.",
        whole.map_or_else(String::new, |w| format!(", such as {}", w.to))
    )]
    NoDate {
        /// The schema's name.
        name: String,
        /// The period under examination, where one is known.
        whole: Option<Span>,
    },
}

impl Undeclared {
    /// The field of a form or the option that is to be corrected.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Disagree { .. } | Self::NoSpan { .. } | Self::SpanOfCapture(_) => "covers_from",
            Self::Reversed(_) => "covers_to",
            Self::NoDate { .. } => "speaks_for",
        }
    }
}

/// What a population covers: of an event population the span that whoever freezes gives, else the
/// schema's own; of a configuration capture the earliest and the latest date that it speaks for, given
/// with its files, else in the schema. `whole` is the period under examination, for the sentence that
/// says what to give.
///
/// # Errors
/// [`Undeclared`].
pub fn declared(
    schema: &Schema,
    given: Option<Span>,
    dates: &[Date],
    whole: Option<Span>,
) -> Result<Span, Undeclared> {
    let name = || schema.name.clone();
    match schema.kind {
        Kind::Events => match (given, schema.span) {
            (Some(given), Some(own)) if given != own => Err(Undeclared::Disagree { own, given }),
            (given, own) => match given.or(own) {
                Some(span) if span.to < span.from => Err(Undeclared::Reversed(span)),
                Some(span) => Ok(span),
                None => Err(Undeclared::NoSpan { name: name(), whole }),
            },
        },
        Kind::Capture => {
            if given.is_some() {
                return Err(Undeclared::SpanOfCapture(name()));
            }
            let own = schema.speaks_for.as_ref().and_then(|said| said.date);
            let all = || dates.iter().copied().chain(own.filter(|_| dates.is_empty()));
            match (all().min(), all().max()) {
                (Some(from), Some(to)) => Ok(Span { from, to }),
                _ => Err(Undeclared::NoDate { name: name(), whole }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }
    fn span(from: &str, to: &str) -> Span {
        Span { from: date(from), to: date(to) }
    }
    fn schema(text: &str) -> Schema {
        crate::schema::parse(&format!(
            "name = \"changes\"\nzone = \"UTC\"\nkey = [\"id\"]\n{text}\ncolumns = [{{ name = \"id\", type = \"text\" }}, {{ name = \"on\", type = \"date\" }}]"
        ))
        .unwrap()
    }

    #[test]
    fn occurrences_have_one_span_and_captures_a_date() {
        let events = schema("kind = \"event population\"\ndated_by = \"on\"");
        let own = schema(
            "kind = \"event population\"\ndated_by = \"on\"\nspan = { from = \"2026-01-01\", to = \"2026-06-30\" }",
        );
        let quarter = span("2026-01-01", "2026-03-31");
        assert_eq!(declared(&events, Some(quarter), &[], None), Ok(quarter));
        assert_eq!(declared(&own, None, &[], None), Ok(span("2026-01-01", "2026-06-30")));
        let told = |found: Result<Span, Undeclared>| found.unwrap_err();
        assert_eq!(told(declared(&own, Some(quarter), &[], None)).field(), "covers_from");
        let backwards = declared(&events, Some(span("2026-02-01", "2026-01-01")), &[], None);
        assert_eq!(told(backwards).field(), "covers_to");
        let none = told(declared(&events, None, &[], None)).to_string();
        assert!(none.ends_with("the first and the last day whose occurrences it holds."), "{none}");
        let none = told(declared(&events, None, &[], Some(quarter))).to_string();
        assert!(none.contains("2026-03-31 for the whole period"), "{none}");

        let capture = schema("kind = \"configuration capture\"");
        assert_eq!(told(declared(&capture, None, &[], None)).field(), "speaks_for");
        assert!(matches!(
            declared(&capture, Some(quarter), &[date("2026-06-30")], None),
            Err(Undeclared::SpanOfCapture(_))
        ));
        let dates = [date("2026-05-31"), date("2026-04-30")];
        assert_eq!(declared(&capture, None, &dates, None), Ok(span("2026-04-30", "2026-05-31")));
    }
}
