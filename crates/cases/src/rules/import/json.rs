//! One JSON document: read whole and strictly, its values addressed by paths.
//!
//! A path names members from the outermost inwards, with dots between them: `service.summary`. What a path
//! gives is text, as a cell of a table is:
//!
//! | path | gives |
//! |---|---|
//! | `$` | the whole document, members sorted, without blanks |
//! | `timeline.incident.year` | the value there; a number as it is written; nothing for `null` |
//! | `teams.summary`, where `teams` is a list | the value in each of its elements, with `; ` between them |
//! | `assignments.0.at` | the value in the first element |
//! | `action.*`, where `action` is an object | the names of its members, with `; ` between them |
//! | a path to an object, or to a list of objects or lists | that part as JSON |
//!
//! serde_json reads JSON everywhere else, and is the oracle of the tests here. It is not used for foreign
//! registers because it rounds numbers (a key `1.10` becomes `1.1`) unless a feature is set that would
//! change numbers in the whole program, and because of a name that stands twice it keeps the last in
//! silence.

/// Between the values that one path finds.
const BETWEEN: &str = "; ";

/// The path of the whole document.
pub const WHOLE: &str = "$";

/// How deep objects and lists may lie in each other.
pub const DEPTH_MAX: usize = 32;

/// The most parts of a path.
pub const STEPS_MAX: usize = 16;

/// A value. Numbers are kept as they are written: nothing is rounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number's digits.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object; its members sorted by name, each name once.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one document and nothing after it.
    ///
    /// # Errors
    /// Why it is none: the end of a sentence.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.blanks();
        if reader.at == text.len() { Ok(value) } else { Err("something follows after its end") }
    }

    /// What a path gives; empty when there is nothing.
    #[must_use]
    pub fn cell(&self, path: &str) -> String {
        if path == WHOLE {
            return self.to_string();
        }
        let steps: Vec<&str> = path.split('.').collect();
        let mut found = Vec::new();
        self.gather(&steps, &mut found);
        found.join(BETWEEN)
    }

    fn gather(&self, steps: &[&str], found: &mut Vec<String>) {
        let Some((step, rest)) = steps.split_first() else {
            found.extend(self.text());
            return;
        };
        match self {
            Self::Object(members) if *step == "*" && rest.is_empty() => {
                found.extend(members.iter().map(|(name, _)| name.clone()));
            }
            Self::Object(members) => {
                if let Ok(at) = members.binary_search_by(|(name, _)| name.as_str().cmp(step))
                    && let Some((_, value)) = members.get(at)
                {
                    value.gather(rest, found);
                }
            }
            Self::List(values) => match step.parse::<usize>() {
                Ok(place) => {
                    if let Some(value) = values.get(place) {
                        value.gather(rest, found);
                    }
                }
                Err(_) => values.iter().for_each(|value| value.gather(steps, found)),
            },
            _ => {}
        }
    }

    /// The value as the text of a cell.
    fn text(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Text(text) if text.is_empty() => None,
            Self::Text(text) => Some(text.clone()),
            Self::List(values) if values.iter().all(Self::is_plain) => {
                let texts: Vec<String> = values.iter().filter_map(Self::text).collect();
                (!texts.is_empty()).then(|| texts.join(BETWEEN))
            }
            other => Some(other.to_string()),
        }
    }

    const fn is_plain(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Object(_))
    }
}

/// The document without blanks and with sorted members: equal for documents that say the same.
impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(true) => f.write_str("true"),
            Self::Bool(false) => f.write_str("false"),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => write_text(text, f),
            Self::List(values) => {
                for (at, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if at == 0 { "[" } else { "," })?;
                }
                f.write_str(if values.is_empty() { "[]" } else { "]" })
            }
            Self::Object(members) => {
                for (at, (name, value)) in members.iter().enumerate() {
                    f.write_str(if at == 0 { "{" } else { "," })?;
                    write_text(name, f)?;
                    write!(f, ":{value}")?;
                }
                f.write_str(if members.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

fn write_text(text: &str, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    use std::fmt::Write as _;
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            control if u32::from(control) < 0x20 => write!(f, "\\u{:04x}", u32::from(control))?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

/// Reads from the left to the right; `at` is always between two characters.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Result<Json, &'static str> {
        if depth > DEPTH_MAX {
            return Err("its objects and lists lie too deep in each other");
        }
        self.blanks();
        match self.peek() {
            None => Err("it ends where a value should stand"),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => {
                for (word, value) in
                    [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))]
                {
                    if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err("something else stands where a value should")
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, &'static str> {
        self.at += 1;
        let mut members = Vec::new();
        self.blanks();
        if self.eat(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err("the name of a member is not in quotation marks");
            }
            let name = self.string()?;
            self.blanks();
            if !self.eat(b':') {
                return Err("a colon is missing after the name of a member");
            }
            members.push((name, self.value(depth + 1)?));
            self.blanks();
            if self.eat(b'}') {
                break;
            }
            if !self.eat(b',') {
                return Err("a comma or the end of an object is missing");
            }
        }
        members.sort_by(|(a, _), (b, _)| a.cmp(b));
        if members.array_windows().any(|[(a, _), (b, _)]| a == b) {
            return Err("an object names a member twice, so it is not clear which one is meant");
        }
        Ok(Json::Object(members))
    }

    fn list(&mut self, depth: usize) -> Result<Json, &'static str> {
        self.at += 1;
        let mut values = Vec::new();
        self.blanks();
        if self.eat(b']') {
            return Ok(Json::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            self.blanks();
            if self.eat(b']') {
                return Ok(Json::List(values));
            }
            if !self.eat(b',') {
                return Err("a comma or the end of a list is missing");
            }
        }
    }

    fn string(&mut self) -> Result<String, &'static str> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let plain = rest.find(|c: char| c == '"' || c == '\\' || u32::from(c) < 0x20);
            let Some(plain) = plain else { return Err("a quotation mark is never closed") };
            text.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain + 1;
            match rest.as_bytes().get(plain) {
                Some(b'"') => return Ok(text),
                Some(b'\\') => text.push(self.escape()?),
                _ => return Err("a text holds a line break or another control character"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, &'static str> {
        let sign = self.peek().ok_or("a quotation mark is never closed")?;
        self.at += 1;
        Ok(match sign {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err("a backslash stands before a character that has no such form"),
        })
    }

    /// The four digits after `\u`, and those of the second half where it is the first of a pair.
    fn unicode(&mut self) -> Result<char, &'static str> {
        const HALF: &str = "half of a character stands alone";
        let first = self.four_digits()?;
        let code = match first {
            0xd800..=0xdbff => {
                if !(self.eat(b'\\') && self.eat(b'u')) {
                    return Err(HALF);
                }
                let second = self.four_digits()?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(HALF);
                }
                0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            other => other,
        };
        char::from_u32(code).ok_or(HALF)
    }

    fn four_digits(&mut self) -> Result<u32, &'static str> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|d| d.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        code.ok_or("four digits are missing after \\u")
    }

    fn number(&mut self) -> Result<Json, &'static str> {
        const ODD: &str = "a number is not written as JSON writes numbers";
        let from = self.at;
        self.eat(b'-');
        if !self.eat(b'0') && self.digits() == 0 {
            return Err(ODD);
        }
        if self.eat(b'.') && self.digits() == 0 {
            return Err(ODD);
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            if self.digits() == 0 {
                return Err(ODD);
            }
        }
        Ok(Json::Number(self.text.get(from..self.at).unwrap_or_default().to_owned()))
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - from
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DOCUMENT: &str = r#"{"z": 1.10, "service": {"summary": "Mail \u00e9\ud83d\ude00"}, "teams":
        [{"summary": "Ops"}, {"name": "x"}, {"summary": "Web"}], "tags": ["a", 2, true, null], "none": null,
        "action": {"malware": {}, "hacking": {"variety": ["Brute force"]}}, "big": 12345678901234567890123}"#;

    #[test]
    fn paths_give_what_the_table_says() {
        let document = Json::parse(DOCUMENT).unwrap();
        for (path, cell) in [
            ("z", "1.10"),
            ("service.summary", "Mail é😀"),
            ("service", r#"{"summary":"Mail é😀"}"#),
            ("teams.summary", "Ops; Web"),
            ("teams.2.summary", "Web"),
            ("teams.9.summary", ""),
            ("tags", "a; 2; true"),
            ("none", ""),
            ("action.*", "hacking; malware"),
            ("action.hacking.variety", "Brute force"),
            ("big", "12345678901234567890123"),
            ("z.deeper", ""),
            ("absent", ""),
            ("teams", r#"[{"summary":"Ops"},{"name":"x"},{"summary":"Web"}]"#),
        ] {
            assert_eq!(document.cell(path), cell, "{path}");
        }
        // The whole document says the same however its members stood.
        let whole = document.cell(WHOLE);
        assert!(whole.starts_with(r#"{"action":{"hacking":"#), "{whole}");
        assert_eq!(Json::parse(&whole).unwrap(), document);
    }

    #[test]
    fn what_is_no_document_is_said_so() {
        let deep = "[".repeat(DEPTH_MAX + 2);
        for (text, why) in [
            ("", "it ends"),
            ("{\"a\":1,\"a\":2}", "twice"),
            ("{\"a\":1} x", "after its end"),
            ("{a:1}", "quotation marks"),
            ("{\"a\" 1}", "colon"),
            ("[1 2]", "comma or the end of a list"),
            ("{\"a\":1 \"b\":2}", "comma or the end of an object"),
            ("\"a\nb\"", "control character"),
            ("\"a", "never closed"),
            ("\"\\x\"", "no such form"),
            ("\"\\ud800\"", "half of a character"),
            ("\"\\ud800\\u0041\"", "half of a character"),
            ("\"\\u12\"", "four digits"),
            ("01", "after its end"),
            ("-", "a number"),
            ("1.", "a number"),
            ("1e", "a number"),
            ("nul", "something else"),
            (deep.as_str(), "too deep"),
        ] {
            let refused = Json::parse(text).unwrap_err();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }

    fn same(ours: &Json, theirs: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (ours, theirs) {
            (Json::Null, Value::Null) => true,
            (Json::Bool(a), Value::Bool(b)) => a == b,
            // The other reader may be off by one in the last place.
            (Json::Number(a), Value::Number(b)) => {
                let both = a.parse::<f64>().ok().zip(b.as_f64());
                both.is_some_and(|(a, b)| (a - b).abs() <= a.abs() * 4.0 * f64::EPSILON)
            }
            (Json::Text(a), Value::String(b)) => a == b,
            (Json::List(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Json::Object(a), Value::Object(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
            }
            _ => false,
        }
    }

    proptest! {
        /// Against another reader: what either takes the other takes, but for what is stricter here (depth,
        /// members named twice) and there (numbers that no machine number holds).
        #[test]
        fn another_reader_says_the_same(text in prop_oneof![
            "[\\[\\]{}\",:0-9eE.+\\-tfn \\\\u]{0,24}",
            "(\\[|\\{\"[ab]\":|\\{\"\\\\u00(4|d8)1\":){0,4}(1|-0\\.5e3|\"x\"|null|true|\"\\\\n\")([\\]}]|,\"c\":0\\}){0,4}",
        ]) {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match (Json::parse(&text), theirs) {
                (Ok(ours), Ok(theirs)) => prop_assert!(same(&ours, &theirs), "{}", text),
                (Err(why), Ok(_)) => {
                    prop_assert!(why.contains("twice") || why.contains("too deep"), "{}: {}", text, why);
                }
                (Ok(_), Err(e)) => prop_assert!(e.to_string().contains("out of range"), "{}: {}", text, e),
                (Err(_), Err(_)) => {}
            }
        }

        #[test]
        fn a_document_that_is_written_is_read_back(name in "\\PC{0,6}", text in any::<String>()) {
            let document = Json::Object(vec![(name, Json::List(vec![Json::Text(text), Json::Null]))]);
            prop_assert_eq!(Json::parse(&document.to_string()), Ok(document));
        }
    }
}
