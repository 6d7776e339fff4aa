//! Every text: blanks, placeholders, other clients' names, passages copied from other reports.

use std::collections::BTreeSet;

use serde_json::Value;

use super::traces::step;
use super::{Context, Remarks, Rule};
use crate::report_document::ReportData;

/// How many words in a row count as a passage.
const PASSAGE_WORDS: usize = 8;

pub(super) fn check(report: &ReportData, context: &Context<'_>, remarks: &mut Remarks) {
    let Ok(data) = serde_json::to_value(report) else { return };
    let mut texts = Vec::new();
    collect(&mut String::new(), &data, &mut texts);
    for (place, text) in &texts {
        if text.trim().is_empty() {
            remarks.mend(Rule::Blank, place, "a text is empty; write it or take its place out");
        }
        if let Some(found) = placeholder(text) {
            remarks.mend(
                Rule::Placeholder,
                place,
                format!("“{found}” is a placeholder; replace it"),
            );
        }
        for client in context.other_clients {
            if has_words(text, client) {
                remarks.mend(
                    Rule::OtherClient,
                    place,
                    format!("“{client}” is another client of the firm; this text may be copied"),
                );
            }
        }
    }
    copied(&texts, context, remarks);
}

/// Every text with its place. Runs of one paragraph are joined.
fn collect(pointer: &mut String, value: &Value, texts: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => texts.push((pointer.clone(), text.clone())),
        Value::Array(items) => match paragraph(items) {
            Some(text) => texts.push((pointer.clone(), text)),
            None => {
                for (n, item) in items.iter().enumerate() {
                    step(pointer, &n.to_string(), |pointer| collect(pointer, item, texts));
                }
            }
        },
        Value::Object(fields) => {
            for (name, item) in fields {
                step(pointer, name, |pointer| collect(pointer, item, texts));
            }
        }
        _ => {}
    }
}

/// The text of an array of runs; `None` for an array of anything else.
fn paragraph(items: &[Value]) -> Option<String> {
    if items.is_empty() {
        return None;
    }
    let mut text = String::new();
    for item in items {
        match item {
            Value::String(run) => text.push_str(run),
            Value::Object(run) if run.len() == 2 && run.contains_key("trace") => {
                text.push_str(run.get("figure")?.as_str()?);
            }
            _ => return None,
        }
    }
    Some(text)
}

/// Something in brackets, braces or angles, or a word that stands for text to come.
fn placeholder(text: &str) -> Option<String> {
    const WORDS: [&str; 8] = ["lorem", "ipsum", "tbd", "tbc", "todo", "fixme", "xxx", "xx"];
    for (open, close) in [('[', ']'), ('{', '}'), ('<', '>')] {
        let Some(start) = text.find(open) else { continue };
        let rest = &text[start..];
        // `<` and `>` also compare numbers: only words between them are a placeholder.
        let words = |c: char| c.is_alphabetic() || matches!(c, ' ' | '_' | '-');
        if let Some(end) = rest.find(close)
            && (1..=80).contains(&end)
            && (open != '<' || rest[1..end].chars().all(words))
        {
            return Some(rest[..end + close.len_utf8()].to_owned());
        }
    }
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| WORDS.contains(&word.to_lowercase().as_str())).map(str::to_owned).next()
}

/// Whether `phrase` stands in `text` with no letter or digit directly before or after it.
pub(super) fn has_words(text: &str, phrase: &str) -> bool {
    if phrase.is_empty() {
        return false;
    }
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(phrase).any(|(at, found)| {
        !joins(text[..at].chars().next_back()) && !joins(text[at + found.len()..].chars().next())
    })
}

/// The passages of a text: a hash of each run of eight words, lower case, punctuation left out. Two texts
/// share a passage if they share its hash.
#[must_use]
pub fn shingles(text: &str) -> BTreeSet<u64> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.windows(PASSAGE_WORDS).map(|passage| fnv_1a(&passage.join(" "))).collect()
}

/// FNV-1a, 64 bits: the same in every release, so that passages may be kept and compared years later.
fn fnv_1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Sections III and IV against the firm's other reports.
fn copied(texts: &[(String, String)], context: &Context<'_>, remarks: &mut Remarks) {
    if context.copied_thousandths == 0 || context.other_reports.is_empty() {
        return;
    }
    let own: BTreeSet<u64> = texts
        .iter()
        .filter(|(place, _)| place.starts_with("/description") || place.starts_with("/testing"))
        .flat_map(|(_, text)| shingles(text))
        .collect();
    if own.is_empty() {
        return;
    }
    for (name, other) in context.other_reports {
        let shared = own.intersection(other).count();
        let thousandths = shared * 1000 / own.len();
        if thousandths >= context.copied_thousandths as usize {
            remarks.consider(
                Rule::CopiedText,
                "/description",
                format!(
                    "{}.{} % of the eight-word passages of Sections III and IV stand in the same words in {name}",
                    thousandths / 10,
                    thousandths % 10
                ),
            );
        }
    }
}
