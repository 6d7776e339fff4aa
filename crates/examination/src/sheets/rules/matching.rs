//! Which evidence belongs to which item: by the item's key in the name of a file, or in its text.

/// A file that may belong to items.
#[derive(Debug, Clone)]
pub struct Candidate<I> {
    /// Which.
    pub id: I,
    /// Its name.
    pub name: String,
    /// Its text, where it is text that is short enough to be read.
    pub text: Option<String>,
}

/// Why a file was proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Its name holds the item's key.
    Name,
    /// A line of its text holds the item's key.
    Text,
}

/// A proposed match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal<I> {
    /// The item's key.
    pub item: String,
    /// The file.
    pub evidence: I,
    /// Why.
    pub by: By,
    /// The line that holds the key, for a match in the text; cut to a length that can be shown.
    pub line: Option<String>,
}

/// Whether a character goes on a key: `W-1` is not found in `W-10`, and it is in `W-1.png`.
fn joins(c: char) -> bool {
    c.is_alphanumeric()
}

/// Where `key` stands by itself in `text`, both already folded.
fn places(text: &str, key: &str) -> Vec<usize> {
    text.match_indices(key)
        .filter(|(at, _)| {
            let before = text.get(..*at).and_then(|t| t.chars().next_back());
            let after = text.get(at + key.len()..).and_then(|t| t.chars().next());
            !before.is_some_and(joins) && !after.is_some_and(joins)
        })
        .map(|(at, _)| at)
        .collect()
}

fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Keys that stand by themselves in a text. Where one key is part of another at the same place
/// (`W-1` in `W-1-2`), only the longer one counts.
fn found<'a>(text: &str, keys: &'a [(String, String)]) -> Vec<&'a str> {
    let text = fold(text);
    let mut hits: Vec<(usize, usize, &str)> = Vec::new();
    for (folded, key) in keys {
        for at in places(&text, folded) {
            hits.push((at, at + folded.len(), key));
        }
    }
    let mut out: Vec<&str> = hits
        .iter()
        .filter(|(from, to, _)| {
            !hits.iter().any(|(f, t, _)| f <= from && t >= to && (t - f) > (to - from))
        })
        .map(|(_, _, key)| *key)
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Proposes matches: a name that holds an item's key, else a line of text that does. Sorted by item, in
/// the order of the sheet.
#[must_use]
pub fn propose<I: Clone>(items: &[&str], files: &[Candidate<I>]) -> Vec<Proposal<I>> {
    let keys: Vec<(String, String)> = items
        .iter()
        .filter(|i| i.trim().chars().count() >= 2)
        .map(|i| (fold(i.trim()), (*i).to_owned()))
        .collect();
    let mut out: Vec<(usize, Proposal<I>)> = Vec::new();
    let place = |item: &str| items.iter().position(|i| *i == item).unwrap_or(usize::MAX);
    for file in files {
        let named = found(&file.name, &keys);
        for item in &named {
            let proposal = Proposal {
                item: (*item).to_owned(),
                evidence: file.id.clone(),
                by: By::Name,
                line: None,
            };
            out.push((place(item), proposal));
        }
        let mut seen: Vec<&str> = named;
        for line in file.text.as_deref().unwrap_or_default().lines() {
            for item in found(line, &keys) {
                if seen.contains(&item) {
                    continue;
                }
                seen.push(item);
                let proposal = Proposal {
                    item: item.to_owned(),
                    evidence: file.id.clone(),
                    by: By::Text,
                    line: Some(kernel::refusal::excerpt(line, 160)),
                };
                out.push((place(item), proposal));
            }
        }
    }
    out.sort_by_key(|(at, proposal)| (*at, proposal.by));
    out.into_iter().map(|(_, proposal)| proposal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(id: u32, name: &str, text: Option<&str>) -> Candidate<u32> {
        Candidate { id, name: name.into(), text: text.map(str::to_owned) }
    }

    fn told(items: &[&str], files: &[Candidate<u32>]) -> Vec<String> {
        propose(items, files)
            .into_iter()
            .map(|p| format!("{} {} {:?}", p.item, p.evidence, p.by))
            .collect()
    }

    #[test]
    fn a_key_is_found_by_itself_and_in_either_case() {
        let items = ["W-1", "W-10", "chg-0007"];
        let files = [
            file(1, "w-10 termination.png", None),
            file(2, "Ticket CHG-0007_v2.pdf", None),
            file(3, "W-100.png", None),
            file(4, "log.csv", Some("worker,at\nW-1,2026-01-02\nW-100,2026-01-03\n")),
        ];
        assert_eq!(told(&items, &files), ["W-1 4 Text", "W-10 1 Name", "chg-0007 2 Name"]);
    }

    #[test]
    fn the_longer_key_wins_where_both_stand() {
        let items = ["W-1", "W-1-2"];
        assert_eq!(told(&items, &[file(1, "W-1-2.png", None)]), ["W-1-2 1 Name"]);
        assert_eq!(
            told(&items, &[file(1, "W-1-2 and W-1.png", None)]),
            ["W-1 1 Name", "W-1-2 1 Name"]
        );
        // A key of one character would be found everywhere.
        assert!(told(&["1"], &[file(1, "1.png", None)]).is_empty());
    }
}
