//! Why a command was not carried out.

use std::fmt;

/// A command that was understood but not carried out. Nothing was written.
///
/// The text is a plain sentence for the person: what is wrong, what was kept, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The input itself is wrong; `field` names where, when it is one field's fault.
    Input {
        /// The form field or JSON member, if one is to blame.
        field: Option<&'static str>,
        /// The sentence.
        message: String,
    },
    /// No such thing, or none that this person may know of. The two are never told apart.
    NotFound,
    /// Known to the person, but not theirs to do.
    Forbidden(String),
    /// The record changed since the person last saw it.
    Stale {
        /// The version the person saw.
        seen: i64,
        /// The version now.
        now: i64,
    },
    /// The rules of the subject do not allow it in its present state.
    State(String),
    /// The same idempotency key came before with other input.
    KeyReused,
}

impl Refusal {
    /// A refusal of the input as a whole.
    pub fn input(message: impl Into<String>) -> Self {
        Self::Input { field: None, message: message.into() }
    }

    /// A refusal of one field.
    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Input { field: Some(field), message: message.into() }
    }

    /// A refusal because of the subject's state.
    pub fn state(message: impl Into<String>) -> Self {
        Self::State(message.into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input { message, .. } | Self::Forbidden(message) | Self::State(message) => {
                f.write_str(message)
            }
            Self::NotFound => f.write_str("There is nothing here under that name."),
            Self::Stale { seen, now } => write!(
                f,
                "Somebody changed this record after you opened it (you saw version {seen}, it is now {now}). \
                 What you typed is kept: compare and send it again."
            ),
            Self::KeyReused => f.write_str(
                "This idempotency key was used before for a different request. Send the first request again unchanged, or choose a new key.",
            ),
        }
    }
}

impl std::error::Error for Refusal {}

/// A name or a code: as [`sentence`], on one line, without characters that turn the direction of the
/// text around them (they make a name read as another one).
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn line(field: &'static str, value: &str, max: usize) -> Result<String, Refusal> {
    let value = sentence(field, value, max)?;
    if value.chars().any(|c| c.is_control() || turns_direction(c)) {
        return Err(Refusal::field(
            field,
            "This holds a line break or a character that turns the direction of the text. Type it again on one line.",
        ));
    }
    Ok(value)
}

/// A text that may be left empty: trimmed, else as [`sentence`].
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn remark(field: &'static str, value: &str, max: usize) -> Result<String, Refusal> {
    if value.trim().is_empty() { Ok(String::new()) } else { sentence(field, value, max) }
}

/// The beginning of somebody's text for a message: at most `max` characters, with control characters
/// and those that turn the direction of text written as escapes, so that neither a terminal nor a
/// reader is misled.
#[must_use]
pub fn excerpt(text: &str, max: usize) -> String {
    let mut out = String::new();
    for c in text.chars().take(max) {
        if c.is_control() || turns_direction(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a character turns the direction of the text around it (Unicode's bidirectional marks,
/// embeddings, overrides and isolates).
#[must_use]
pub const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text field: trimmed, not empty, at most `max` characters, without control characters other than
/// line feeds and tabs.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn sentence(field: &'static str, value: &str, max: usize) -> Result<String, Refusal> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Refusal::field(field, "Write something here; it is needed."));
    }
    if value.chars().count() > max {
        return Err(Refusal::field(
            field,
            format!("This is longer than {max} characters. Shorten it."),
        ));
    }
    if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return Err(Refusal::field(
            field,
            "This holds characters that cannot be shown. Type it again.",
        ));
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_reads_as_it_is_written() {
        assert_eq!(line("name", " Größe \u{5e9} ", 9), Ok("Größe \u{5e9}".to_owned()));
        for bad in
            ["", "  ", "a\nb", "a\u{7}", "invoice\u{202e}fdp.exe", "a\u{200f}b", "0123456789"]
        {
            let refusal = line("name", bad, 9).unwrap_err();
            assert!(matches!(refusal, Refusal::Input { field: Some("name"), .. }), "{bad:?}");
        }
        assert_eq!(excerpt("a\u{1b}[2J\u{202e}bcd", 6), "a\\u{1b}[2J\\u{202e}");
        assert_eq!(remark("remark", " \n", 5), Ok(String::new()));
        assert_eq!(remark("remark", "a\nb", 5), Ok("a\nb".to_owned()));
        assert!(remark("remark", "123456", 5).is_err());
    }
}
