//! Entries as lines a person can type, paragraphs as text.

use crate::model::SectionEntry;
use crate::report_document::{Block, Prose};
use jiff::civil::Date;
use scope::catalogue::{CriterionId, DescriptionCriterionId};

/// A line that is not an entry of its section.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\u{201c}{line}\u{201d} is not understood: {problem}")]
pub struct BadLine {
    /// The line, cut to what can be shown.
    pub line: String,
    /// What is wrong and how to write it.
    pub problem: String,
}

/// How a line of a section is written; none where a section has no entries of its own.
#[must_use]
pub fn line_form(criterion: DescriptionCriterionId) -> Option<&'static str> {
    Some(match criterion.to_string().as_str() {
        "DC1" => "name | purpose | users",
        "DC4" => "id | title | began | ended or - | nature | effect | outcome | criteria",
        "DC5" => "heading | text",
        "DC7" => {
            "subservice organisation | how it is monitored, with the code of the control that does it"
        }
        "DC8" => "criterion | reason",
        "DC9" => "date | what changed | controls",
        _ => return None,
    })
}

/// Reads one line of a section's entries: parts separated by `|`.
///
/// # Errors
/// [`BadLine`] with the form that is expected.
pub fn parse_line(criterion: DescriptionCriterionId, line: &str) -> Result<SectionEntry, BadLine> {
    let bad = |problem: String| BadLine { line: line.chars().take(60).collect(), problem };
    let form = line_form(criterion).ok_or_else(|| {
        bad(format!("{criterion} has no entries; its list is kept in another register"))
    })?;
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let wrong = || bad(format!("write it as {form}"));
    if parts.len() != form.split('|').count() {
        return Err(wrong());
    }
    // The last part of an incident and a change may be empty: no criteria, no controls.
    let lists = matches!(criterion.to_string().as_str(), "DC4" | "DC9");
    let needed = if lists { parts.len() - 1 } else { parts.len() };
    if parts.iter().take(needed).any(|p| p.is_empty()) {
        return Err(wrong());
    }
    let date = |text: &str| kernel::period::parse_date(text).map_err(|e| bad(e.to_string()));
    match (criterion.to_string().as_str(), parts.as_slice()) {
        ("DC1", [name, purpose, users]) => Ok(SectionEntry::Service {
            name: (*name).into(),
            purpose: (*purpose).into(),
            users: (*users).into(),
        }),
        ("DC4", [id, title, began, ended, nature, effect, outcome, criteria]) => {
            Ok(SectionEntry::Incident {
                id: (*id).into(),
                title: (*title).into(),
                began: date(began)?,
                ended: if *ended == "-" { None } else { Some(date(ended)?) },
                nature: (*nature).into(),
                effect: (*effect).into(),
                outcome: (*outcome).into(),
                criteria: words(criteria)
                    .map(|c| c.parse::<CriterionId>().map_err(|e| bad(e.to_string())))
                    .collect::<Result<_, _>>()?,
            })
        }
        ("DC5", [heading, text]) => {
            Ok(SectionEntry::Topic { heading: (*heading).into(), text: (*text).into() })
        }
        ("DC7", [subservice, text]) => {
            Ok(SectionEntry::Monitoring { subservice: (*subservice).into(), text: (*text).into() })
        }
        ("DC8", [criterion, reason]) => Ok(SectionEntry::NotRelevant {
            criterion: criterion
                .parse()
                .map_err(|e: scope::catalogue::UnknownCriterion| bad(e.to_string()))?,
            reason: (*reason).into(),
        }),
        ("DC9", [on, what, controls]) => Ok(SectionEntry::Change {
            on: date(on)?,
            what: (*what).into(),
            controls: words(controls).map(str::to_owned).collect(),
        }),
        _ => Err(wrong()),
    }
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ' ']).map(str::trim).filter(|w| !w.is_empty())
}

/// The line of an entry; [`parse_line`] reads it back.
#[must_use]
pub fn print_line(entry: &SectionEntry) -> String {
    let day = |d: &Date| d.to_string();
    match entry {
        SectionEntry::Service { name, purpose, users } => format!("{name} | {purpose} | {users}"),
        SectionEntry::Incident { id, title, began, ended, nature, effect, outcome, criteria } => {
            let criteria: Vec<String> = criteria.iter().map(ToString::to_string).collect();
            format!(
                "{id} | {title} | {began} | {} | {nature} | {effect} | {outcome} | {}",
                ended.as_ref().map_or_else(|| "-".to_owned(), day),
                criteria.join(", ")
            )
        }
        SectionEntry::Topic { heading, text } => format!("{heading} | {text}"),
        SectionEntry::Monitoring { subservice, text } => format!("{subservice} | {text}"),
        SectionEntry::NotRelevant { criterion, reason } => format!("{criterion} | {reason}"),
        SectionEntry::Change { on, what, controls } => {
            format!("{} | {what} | {}", day(on), controls.join(", "))
        }
    }
}

/// Text as blocks: paragraphs are separated by empty lines; a run of lines that begin with `- ` is a
/// list, one of lines that begin with `(a) `, `(b) ` … a lettered list. Other lines of a paragraph are
/// joined.
#[must_use]
pub fn blocks_of(text: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut fresh = true;
    let flush = |paragraph: &mut Vec<&str>, out: &mut Vec<Block>| {
        if !paragraph.is_empty() {
            out.push(Block::text(paragraph.join(" ")));
            paragraph.clear();
        }
    };
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            flush(&mut paragraph, &mut out);
            fresh = true;
        } else if let Some(item) = line.strip_prefix("- ") {
            flush(&mut paragraph, &mut out);
            match out.last_mut() {
                Some(Block::List(items)) if !fresh => items.push(Prose::from(item)),
                _ => out.push(Block::List(vec![Prose::from(item)])),
            }
            fresh = false;
        } else if let Some(item) = lettered(line) {
            flush(&mut paragraph, &mut out);
            match out.last_mut() {
                Some(Block::Lettered(items)) if !fresh => items.push(Prose::from(item)),
                _ => out.push(Block::Lettered(vec![Prose::from(item)])),
            }
            fresh = false;
        } else {
            paragraph.push(line);
            fresh = true;
        }
    }
    flush(&mut paragraph, &mut out);
    out
}

/// The item after `(a) `.
fn lettered(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('(')?;
    let (letter, item) = rest.split_once(") ")?;
    let one = letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_lowercase());
    one.then_some(item)
}

/// Blocks as text; [`blocks_of`] reads it back.
#[must_use]
pub fn text_of(blocks: &[Block]) -> String {
    let parts: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(prose) => prose.plain(),
            Block::List(items) => {
                let lines: Vec<String> = items.iter().map(|i| format!("- {}", i.plain())).collect();
                lines.join("\n")
            }
            Block::Lettered(items) => {
                let lines: Vec<String> = (b'a'..=b'z')
                    .zip(items)
                    .map(|(letter, i)| format!("({}) {}", char::from(letter), i.plain()))
                    .collect();
                lines.join("\n")
            }
        })
        .collect();
    parts.join("\n\n")
}
