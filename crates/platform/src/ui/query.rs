//! What a list page was asked for: order, place, columns, filters.

use std::fmt::Write as _;

const VALUES_MAX: usize = 64;
const TEXT_MAX: usize = 400;

/// The query of a list page, read from the address and written back into links.
///
/// `sort=-opened` orders by `opened`, newest first; `after=…` continues behind a row (keyset);
/// `before=…` goes back; `col=…` (repeated) chooses columns; everything else is a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    path: String,
    pairs: Vec<(String, String)>,
}

impl ListQuery {
    /// Reads the query part of an address (without `?`). At most 64 values of at most 400
    /// characters are kept; the rest is ignored.
    #[must_use]
    pub fn parse(path: impl Into<String>, query: &str) -> Self {
        let mut pairs = Vec::new();
        for piece in query.split('&').filter(|p| !p.is_empty()).take(VALUES_MAX) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let (name, value) = (decode(name), decode(value));
            if !value.is_empty()
                && name.chars().count() <= TEXT_MAX
                && value.chars().count() <= TEXT_MAX
            {
                pairs.push((name, value));
            }
        }
        Self { path: path.into(), pairs }
    }

    /// The first value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The order asked for: a column out of `allowed` and whether it descends; else the first of
    /// `allowed`, written `-opened` for descending.
    #[must_use]
    pub fn sort<'a>(&self, allowed: &[&'a str]) -> (&'a str, bool) {
        let wanted = self.get("sort").unwrap_or_default();
        let plain = wanted.strip_prefix('-').unwrap_or(wanted);
        let known = allowed.iter().find(|a| a.strip_prefix('-').unwrap_or(a) == plain);
        match (known, allowed.first()) {
            (Some(name), _) => (name.strip_prefix('-').unwrap_or(name), wanted.starts_with('-')),
            (None, Some(first)) => {
                (first.strip_prefix('-').unwrap_or(first), first.starts_with('-'))
            }
            (None, None) => ("", false),
        }
    }

    /// The key of the row behind which the page starts.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.get("after")
    }

    /// The key of the row before which the page ends.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        self.get("before")
    }

    /// Whether any filter is set.
    #[must_use]
    pub fn filtered(&self) -> bool {
        self.filters().next().is_some()
    }

    /// Filters alone: everything but order, place and columns.
    pub fn filters(&self) -> impl Iterator<Item = (&str, &str)> {
        const OTHER: [&str; 5] = ["sort", "after", "before", "col", "format"];
        self.pairs
            .iter()
            .filter(|(n, _)| !OTHER.contains(&n.as_str()))
            .map(|(n, v)| (n.as_str(), v.as_str()))
    }

    /// Every value but those of the names given, for hidden fields.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Vec<(String, String)> {
        self.pairs.iter().filter(|(n, _)| !names.contains(&n.as_str())).cloned().collect()
    }

    /// This list in another order, from its start.
    #[must_use]
    pub fn href_sort(&self, column: &str, descending: bool) -> String {
        let sort = if descending { format!("-{column}") } else { column.to_owned() };
        self.href(&["sort", "after", "before"], &[("sort", &sort)])
    }

    /// The next page.
    #[must_use]
    pub fn href_after(&self, key: &str) -> String {
        self.href(&["after", "before"], &[("after", key)])
    }

    /// The page before.
    #[must_use]
    pub fn href_before(&self, key: &str) -> String {
        self.href(&["after", "before"], &[("before", key)])
    }

    /// The first page.
    #[must_use]
    pub fn href_first(&self) -> String {
        self.href(&["after", "before"], &[])
    }

    /// This list, in this order and with these filters, as a file: `csv` or `xlsx`.
    #[must_use]
    pub fn href_format(&self, format: &str) -> String {
        self.href(&["after", "before", "format"], &[("format", format)])
    }

    /// This list with one filter set (or removed, with an empty value), from its start.
    #[must_use]
    pub fn href_with(&self, name: &str, value: &str) -> String {
        let put: &[(&str, &str)] = if value.is_empty() { &[] } else { &[(name, value)] };
        self.href(&["after", "before", name], put)
    }

    /// This list without the one filter value, from its start.
    #[must_use]
    pub fn href_drop(&self, name: &str, value: &str) -> String {
        let mut rest = self.clone();
        rest.pairs.retain(|(n, v)| !(n == name && v == value));
        rest.href_first()
    }

    /// The path of the list.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    fn href(&self, without: &[&str], put: &[(&str, &str)]) -> String {
        let kept = self.pairs.iter().filter(|(n, _)| !without.contains(&n.as_str()));
        let all = kept.map(|(n, v)| (n.as_str(), v.as_str())).chain(put.iter().copied());
        let mut out = self.path.clone();
        for (i, (name, value)) in all.enumerate() {
            let _ =
                write!(out, "{}{}={}", if i == 0 { '?' } else { '&' }, encode(name), encode(value));
        }
        out
    }
}

/// Percent-encodes everything but unreserved characters.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

/// Reads `application/x-www-form-urlencoded`; broken escapes stay as they are.
fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&b, tail)) = rest.split_first() {
        rest = tail;
        match b {
            b'+' => out.push(b' '),
            b'%' => match tail
                .get(..2)
                .and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok())
            {
                Some(byte) => {
                    out.push(byte);
                    rest = tail.get(2..).unwrap_or_default();
                }
                None => out.push(b),
            },
            _ => out.push(b),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_filters_and_change_one_thing() {
        let q = ListQuery::parse("/cases", "kind=incident&sort=-opened&after=7&q=a+b%26c");
        assert_eq!(q.get("q"), Some("a b&c"));
        assert_eq!(q.sort(&["number", "opened"]), ("opened", true));
        assert_eq!(q.href_after("9"), "/cases?kind=incident&sort=-opened&q=a%20b%26c&after=9");
        assert_eq!(q.href_sort("number", false), "/cases?kind=incident&q=a%20b%26c&sort=number");
        assert_eq!(q.href_with("kind", ""), "/cases?sort=-opened&q=a%20b%26c");
        assert_eq!(q.href_drop("q", "a b&c"), "/cases?kind=incident&sort=-opened");
        assert_eq!(q.filters().collect::<Vec<_>>(), [("kind", "incident"), ("q", "a b&c")]);
    }

    #[test]
    fn an_unknown_order_falls_back_to_the_first() {
        let q = ListQuery::parse("/cases", "sort=-password");
        assert_eq!(q.sort(&["-opened", "number"]), ("opened", true));
        assert_eq!(ListQuery::parse("/", "").sort(&[]), ("", false));
    }

    #[test]
    fn hostile_queries_are_bounded() {
        let long = format!("q={}", "x".repeat(401));
        assert!(!ListQuery::parse("/", &long).filtered());
        let many = "a=1&".repeat(1000);
        assert_eq!(ListQuery::parse("/", &many).filters().count(), 64);
        assert_eq!(ListQuery::parse("/", "a=%zz%f&b=%ff").get("a"), Some("%zz%f"));
        assert_eq!(ListQuery::parse("/", "b=%ff").get("b"), Some("\u{fffd}"));
    }

    mod properties {
        use super::*;
        use proptest::prelude::*;
        proptest! {
            #[test]
            fn encode_then_decode_is_the_same(text in "\\PC{0,40}") {
                prop_assert_eq!(decode(&encode(&text)), text);
            }
        }
    }
}
