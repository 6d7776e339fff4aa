//! The marks of JSON, read one byte at a time with every length bounded.

use std::io::Read;

use crate::error::{Error, Result};
use crate::source::reading_error;

/// Deepest nesting that is passed over in a value that is refused anyway.
const DEPTH_MAX: usize = 64;
/// Longest number, in characters.
const NUMBER_MAX: usize = 400;
/// Most zeros that writing out an exponent may add.
const EXPONENT_MAX: i32 = 60;

/// What a value was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Text,
    Number,
    Bool,
    Null,
    /// A list or an object, passed over.
    Nested,
    /// Text longer than a record may be, passed over.
    TooLong,
}

pub(super) struct Tokens {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    at: usize,
    len: usize,
    ended: bool,
    /// The object that is being read, from 1, for messages.
    pub(super) row: u64,
    text_max: usize,
}

impl Tokens {
    pub(super) fn new(reader: Box<dyn Read + Send>, text_max: usize) -> Self {
        let buffer = vec![0; 256 * 1024];
        Self { reader, buffer, at: 0, len: 0, ended: false, row: 0, text_max }
    }

    /// A fault in the writing of the file, after which nothing of it can be trusted.
    pub(super) fn broken(&self, what: &str) -> Error {
        Error::File(format!(
            "The file is not JSON: row {} {what}. Nothing was frozen; export it again.",
            self.row.max(1)
        ))
    }

    pub(super) fn peek(&mut self) -> Result<Option<u8>> {
        if self.at == self.len && !self.ended {
            self.len = self
                .reader
                .read(&mut self.buffer)
                .map_err(|error| reading_error(error, "the file"))?;
            self.at = 0;
            self.ended = self.len == 0;
        }
        Ok(self.buffer.get(self.at..self.len).and_then(|left| left.first()).copied())
    }

    pub(super) fn next(&mut self) -> Result<Option<u8>> {
        let found = self.peek()?;
        self.at += usize::from(found.is_some());
        Ok(found)
    }

    /// The next byte that is no white space, without taking it.
    pub(super) fn mark(&mut self) -> Result<Option<u8>> {
        while let Some(byte) = self.peek()? {
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Ok(Some(byte));
            }
            self.at += 1;
        }
        Ok(None)
    }

    /// Takes a mark that must come next.
    pub(super) fn expect(&mut self, mark: u8, where_: &str) -> Result<()> {
        match self.mark()? {
            Some(found) if found == mark => {
                self.at += 1;
                Ok(())
            }
            Some(_) => {
                Err(self.broken(&format!("lacks \u{201c}{}\u{201d} {where_}", char::from(mark))))
            }
            None => Err(self.broken("ends too early: the file was cut off")),
        }
    }

    /// Reads a text into `out`; false when it is longer than a record may be.
    pub(super) fn text(&mut self, out: &mut Vec<u8>) -> Result<bool> {
        self.expect(b'"', "before a name or a text")?;
        let start = out.len();
        let mut fits = true;
        loop {
            let Some(byte) = self.next()? else {
                return Err(self.broken("ends inside a text: the file was cut off"));
            };
            match byte {
                b'"' => return Ok(fits),
                b'\\' => self.escape(out)?,
                0..=0x1f => {
                    return Err(self.broken("has a line end or a control character inside a text"));
                }
                _ => out.push(byte),
            }
            if out.len() - start > self.text_max {
                fits = false;
                out.truncate(start);
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let plain = match self.next()? {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                let character = self.escaped_character()?;
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err(self.broken("has an escape that JSON does not know")),
        };
        out.push(plain);
        Ok(())
    }

    fn escaped_character(&mut self) -> Result<char> {
        let first = self.four_digits()?;
        let code = match first {
            0xd800..=0xdbff => {
                let pair = self.next()? == Some(b'\\') && self.next()? == Some(b'u');
                let second = if pair { self.four_digits()? } else { 0 };
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(self.broken("has half of an escaped character"));
                }
                0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            other => other,
        };
        char::from_u32(code).ok_or_else(|| self.broken("has half of an escaped character"))
    }

    fn four_digits(&mut self) -> Result<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.next()?.and_then(|byte| char::from(byte).to_digit(16));
            let digit =
                digit.ok_or_else(|| self.broken("has an escape without its four digits"))?;
            code = code * 16 + digit;
        }
        Ok(code)
    }

    /// Reads any value; its text goes to `out`.
    pub(super) fn value(&mut self, out: &mut Vec<u8>) -> Result<Token> {
        match self.mark()? {
            Some(b'"') => Ok(if self.text(out)? { Token::Text } else { Token::TooLong }),
            Some(b'-' | b'0'..=b'9') => self.number(out),
            Some(b't') => self.word("true", out).map(|()| Token::Bool),
            Some(b'f') => self.word("false", out).map(|()| Token::Bool),
            Some(b'n') => self.word("null", &mut Vec::new()).map(|()| Token::Null),
            Some(b'{' | b'[') => self.pass_over(out).map(|()| Token::Nested),
            Some(_) => Err(self.broken("has something that is no value")),
            None => Err(self.broken("ends too early: the file was cut off")),
        }
    }

    fn word(&mut self, word: &str, out: &mut Vec<u8>) -> Result<()> {
        for expected in word.bytes() {
            if self.next()? != Some(expected) {
                return Err(self.broken("has a word that is none of true, false and null"));
            }
        }
        out.extend_from_slice(word.as_bytes());
        Ok(())
    }

    fn number(&mut self, out: &mut Vec<u8>) -> Result<Token> {
        let mut written = Vec::new();
        while let Some(byte) = self.peek()? {
            if !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E') {
                break;
            }
            written.push(byte);
            self.at += 1;
            if written.len() > NUMBER_MAX {
                return Err(self.broken("has a number that is too long to be one"));
            }
        }
        let text = std::str::from_utf8(&written).unwrap_or_default();
        match plain_number(text) {
            Some(plain) => out.extend_from_slice(plain.as_bytes()),
            None => return Err(self.broken("has a number that JSON does not allow")),
        }
        Ok(Token::Number)
    }

    /// Passes over a list or an object, whose marks must match.
    fn pass_over(&mut self, scratch: &mut Vec<u8>) -> Result<()> {
        let kept = scratch.len();
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.mark()? {
                Some(mark @ (b'{' | b'[')) => {
                    open.push(mark);
                    self.at += 1;
                    if open.len() > DEPTH_MAX {
                        return Err(self.broken("is nested too deeply"));
                    }
                }
                Some(mark @ (b'}' | b']')) => {
                    self.at += 1;
                    let wanted = if mark == b'}' { b'{' } else { b'[' };
                    if open.pop() != Some(wanted) {
                        return Err(self.broken("has brackets that do not match"));
                    }
                    if open.is_empty() {
                        return Ok(());
                    }
                }
                Some(b',' | b':') => self.at += 1,
                Some(_) => {
                    self.value(scratch)?;
                    scratch.truncate(kept);
                }
                None => return Err(self.broken("ends too early: the file was cut off")),
            }
        }
    }
}

/// A number of JSON without an exponent, to the last digit; none when it is no number of JSON.
pub(super) fn plain_number(text: &str) -> Option<String> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (mantissa, ""),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 1 && whole.starts_with('0')
        || !digits(whole)
        || !digits(fraction)
    {
        return None;
    }
    let Some(exponent) = exponent else { return Some(text.to_owned()) };
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if unsigned.is_empty() || !digits(unsigned) {
        return None;
    }
    let shift: i32 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    if shift.abs() > EXPONENT_MAX {
        // Left as it is: no column takes it, and the refusal shows what the file wrote.
        return Some(text.to_owned());
    }
    let mut all = format!("{whole}{fraction}");
    let mut point = i32::try_from(whole.len()).ok()? + shift;
    while point <= 0 {
        all.insert(0, '0');
        point += 1;
    }
    let point = usize::try_from(point).ok()?;
    while all.len() < point {
        all.push('0');
    }
    let (whole, fraction) = all.split_at(point);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let sign = if negative { "-" } else { "" };
    Some(if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        let cases = [
            ("0", Some("0")),
            ("-0", Some("-0")),
            ("12.50", Some("12.50")),
            ("9007199254740993", Some("9007199254740993")),
            ("0.1000000000000000055511151231257827", Some("0.1000000000000000055511151231257827")),
            ("1e3", Some("1000")),
            ("1.25E1", Some("12.5")),
            ("-1.5e-7", Some("-0.00000015")),
            ("100e-2", Some("1")),
            ("0e5", Some("0")),
            ("1e999999999", Some("1e999999999")),
            ("01", None),
            ("1.", None),
            (".5", None),
            ("+1", None),
            ("1e", None),
            ("--1", None),
            ("1-1", None),
        ];
        for (written, plain) in cases {
            assert_eq!(plain_number(written).as_deref(), plain, "{written}");
        }
    }

    proptest! {
        #[test]
        fn whole_numbers_survive_any_exponent(value in 0_u64..1_000_000_000, zeros in 0_u32..9) {
            let written = format!("{value}e{zeros}");
            let expected = u128::from(value) * 10_u128.pow(zeros);
            prop_assert_eq!(plain_number(&written), Some(expected.to_string()));
        }
    }
}
