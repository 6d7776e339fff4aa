//! A Rust file taken apart, as far as the rules need it: which bytes are code, which are comments,
//! which texts (string literals) it holds, which lines are tests, how long its functions are.

use std::ops::Range;

/// A string literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Line it begins on, from 1.
    pub line: usize,
    /// What stands between the quotes, escapes unread.
    pub value: String,
}

/// A function with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Line of its `fn`, from 1.
    pub line: usize,
    /// Lines from its `fn` to its closing brace.
    pub lines: usize,
}

/// A file taken apart.
#[derive(Debug, Clone)]
pub struct RustSource {
    /// The file with comments and the inside of literals blanked; same length, same lines.
    pub code: String,
    /// String literals in order.
    pub texts: Vec<Text>,
    /// Byte ranges of `#[cfg(test)]` modules; the whole file for a file of tests.
    tests: Vec<Range<usize>>,
}

impl RustSource {
    /// Takes a file apart. `path` tells whether the whole file is a test.
    #[must_use]
    pub fn new(path: &str, source: &str) -> Self {
        let (code, texts) = mask(source);
        let whole_file = path.ends_with("/tests.rs")
            || path.ends_with("_tests.rs")
            || path.contains("/tests/")
            || path.starts_with("tests/")
            || path.starts_with("benches/")
            || path.starts_with("fuzz/");
        let tests =
            if whole_file { std::iter::once(0..code.len()).collect() } else { test_modules(&code) };
        Self { code, texts, tests }
    }

    /// Line of a byte, from 1.
    #[must_use]
    pub fn line_of(&self, byte: usize) -> usize {
        self.code.as_bytes()[..byte].iter().filter(|b| **b == b'\n').count() + 1
    }

    /// Whether a line belongs to a test.
    #[must_use]
    pub fn is_test_line(&self, line: usize) -> bool {
        self.tests
            .iter()
            .any(|range| (self.line_of(range.start)..=self.line_of(range.end)).contains(&line))
    }

    /// Every place in the code (not in comments or texts) where `needle` stands: its lines.
    pub fn code_lines_with<'a>(&'a self, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.code.match_indices(needle).map(|(at, _)| self.line_of(at))
    }

    /// Every function that has a body.
    #[must_use]
    pub fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("fn ") {
            let before = self.code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = &self.code[at + 3..];
            let name: String =
                rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // A name is missing in a function type, a body in a declaration.
            let Some(open) = body(rest).filter(|_| !name.is_empty()) else { continue };
            let end = closing_brace(&self.code, at + 3 + open);
            let line = self.line_of(at);
            found.push(Function { name, line, lines: self.line_of(end) - line + 1 });
        }
        found
    }
}

/// The byte of the brace that opens a body, unless a `;` ends a declaration first. The `;` of an
/// array type stands inside brackets.
fn body(signature: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in signature.bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'{' if depth == 0 => return Some(at),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// The bytes of every `#[cfg(test)] mod … { … }`.
fn test_modules(code: &str) -> Vec<Range<usize>> {
    code.match_indices("#[cfg(test)]")
        .filter_map(|(at, _)| {
            let rest = &code[at..];
            let open = rest.find(['{', ';'])?;
            rest[open..].starts_with('{').then(|| at..closing_brace(code, at + open))
        })
        .collect()
}

/// The byte of the brace that closes the one at `open`, or the end of the file.
fn closing_brace(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// Blanks comments and literals, and collects the texts.
fn mask(source: &str) -> (String, Vec<Text>) {
    let bytes = source.as_bytes();
    let mut code = bytes.to_vec();
    let mut texts = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while at < bytes.len() {
        let (kind, end) = piece(source, at);
        let inside = &source[at..end];
        if let Piece::Text { open, close } = kind {
            let value = source[at + open..end - close].to_owned();
            texts.push(Text { line, value });
        }
        if !matches!(kind, Piece::Code) {
            for byte in &mut code[at..end] {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
        }
        line += inside.bytes().filter(|b| *b == b'\n').count();
        at = end;
    }
    // Only whole pieces were replaced, each by as many ASCII spaces, so this stays UTF-8.
    (String::from_utf8(code).unwrap_or_default(), texts)
}

enum Piece {
    Code,
    Comment,
    Character,
    /// `open` and `close` are the bytes of the delimiters on each side.
    Text {
        open: usize,
        close: usize,
    },
}

/// What begins at `at`, and where it ends (never at `at` itself).
fn piece(source: &str, at: usize) -> (Piece, usize) {
    let rest = &source[at..];
    if rest.starts_with("//") {
        return (Piece::Comment, at + rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Piece::Comment, at + block_comment(rest));
    }
    let after_word =
        source[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
    if !after_word && let Some((open, close, end)) = raw_text(rest) {
        return (Piece::Text { open, close }, at + end);
    }
    if rest.starts_with('"') {
        let end = quoted(rest, '"');
        return (
            Piece::Text { open: 1, close: usize::from(end > 1 && rest[..end].ends_with('"')) },
            at + end,
        );
    }
    if rest.starts_with('\'') && is_character(rest) {
        return (Piece::Character, at + quoted(rest, '\''));
    }
    (Piece::Code, at + rest.chars().next().map_or(1, char::len_utf8))
}

/// Length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// A raw text (`r"…"`, `r#"…"#`, `br"…"`): bytes of its opening, of its closing, and its whole length.
fn raw_text(rest: &str) -> Option<(usize, usize, usize)> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.bytes().take_while(|b| *b == b'#').count();
    if !after[hashes..].starts_with('"') {
        return None;
    }
    let open = rest.len() - after.len() + hashes + 1;
    let closing = format!("\"{}", "#".repeat(hashes));
    let end = rest[open..].find(&closing)?;
    Some((open, closing.len(), open + end + closing.len()))
}

/// Length of a quoted literal including both quotes; a backslash takes the next character with it.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + c.len_utf8();
        }
    }
    rest.len()
}

/// Whether a quote begins a character and not a lifetime.
fn is_character(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    matches!((chars.next(), chars.next()), (Some('\\'), _) | (_, Some('\'')))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r##"//! "not a text"
fn first<'a>(x: &'a [u8; 2]) -> char {
    /* fn hidden() { /* "nested" */ } */
    let quote = '"';
    let escaped = "a \" b // not a comment";
    'x'
}

const SQL: &str = r#"SELECT "x"
FROM y"#;

trait T {
    fn declared(&self);
}

#[cfg(test)]
mod tests {
    fn checked() {
        let s = "in a test";
    }
}
"##;

    #[test]
    fn texts_are_found_and_comments_are_not() {
        let source = RustSource::new("crates/x/src/lib.rs", SOURCE);
        let texts: Vec<(usize, &str)> =
            source.texts.iter().map(|text| (text.line, text.value.as_str())).collect();
        assert_eq!(
            texts,
            [(5, "a \\\" b // not a comment"), (9, "SELECT \"x\"\nFROM y"), (19, "in a test"),]
        );
        assert_eq!(source.code.len(), SOURCE.len());
        assert!(!source.code.contains("hidden"));
        assert!(!source.code.contains("SELECT"));
    }

    #[test]
    fn functions_have_lengths_and_tests_are_known() {
        let source = RustSource::new("crates/x/src/lib.rs", SOURCE);
        let functions = source.functions();
        let seen: Vec<(&str, usize, usize)> =
            functions.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
        assert_eq!(seen, [("first", 2, 6), ("checked", 18, 3)]);
        assert!(!source.is_test_line(5));
        assert!(source.is_test_line(19));
        assert!(RustSource::new("crates/x/src/a/tests.rs", SOURCE).is_test_line(5));
    }

    #[test]
    fn broken_sources_do_not_panic() {
        for source in ["\"open", "'", "r#\"open", "/* open", "fn f() {", "#[cfg(test)] mod", "é'é'"]
        {
            let taken = RustSource::new("x.rs", source);
            assert_eq!(taken.code.len(), source.len(), "{source}");
            let _ = taken.functions();
        }
    }
}
