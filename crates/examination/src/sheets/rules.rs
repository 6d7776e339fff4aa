//! What a tick mark stands for, what a sheet's signatures are bound to, and what may be annotated.

pub mod matching;
pub mod page_shape;
pub mod paste;
pub mod support;

use super::model::{Legend, Mark, Region};
use crate::model::Item;
use crate::rules::item::AttributeResult;
use kernel::refusal::{Refusal, line, sentence};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Most marks that a firm adds to the four of every sheet.
pub const MARKS_MAX: usize = 24;
/// The edge of a page, in parts.
pub const PARTS: u16 = 10_000;

/// The four marks that every sheet knows, whatever a firm adds. Their keys never change, so that a hand
/// that knows one firm's sheets knows them all.
#[must_use]
pub fn basic_marks() -> Vec<Mark> {
    [
        (
            "P",
            "✓",
            "Agrees with the attribute, traced to the evidence named.",
            AttributeResult::Pass,
        ),
        ("D", "✗", "Does not agree: a deviation.", AttributeResult::Deviation),
        (
            "M",
            "∅",
            "No evidence: a deviation unless other evidence was accepted.",
            AttributeResult::MissingEvidence,
        ),
        ("N", "–", "The attribute does not apply to this item.", AttributeResult::NotApplicable),
    ]
    .map(|(key, sign, meaning, result)| Mark {
        key: key.into(),
        sign: sign.into(),
        meaning: meaning.into(),
        result,
    })
    .into()
}

/// The mark that was typed: by its key in either case, by its sign, or by a word for the result. Digits
/// 1 and 0 and a hyphen are read as in older sheets unless the firm gave them to a mark of its own.
#[must_use]
pub fn mark<'a>(legend: &'a Legend, typed: &str) -> Option<&'a Mark> {
    let typed = typed.trim();
    let by_key = |key: &str| legend.marks.iter().find(|m| m.key.eq_ignore_ascii_case(key));
    if let Some(found) = by_key(typed) {
        return Some(found);
    }
    if let Some(found) = legend.marks.iter().find(|m| m.sign == typed) {
        return Some(found);
    }
    match typed {
        "1" | "√" | "✔" => by_key("P"),
        "0" => by_key("D"),
        "-" => by_key("N"),
        "x" | "X" => by_key("D"),
        _ => {
            let result: AttributeResult = typed.parse().ok()?;
            legend.marks.iter().find(|m| m.result == result)
        }
    }
}

/// Checks the marks that a firm adds.
///
/// # Errors
/// [`Refusal::Input`] that names the mark and what is wrong with it.
pub fn check_marks(own: &[Mark]) -> Result<Vec<Mark>, Refusal> {
    if own.len() > MARKS_MAX {
        return Err(Refusal::field(
            "marks",
            format!("A legend has at most {MARKS_MAX} marks of the firm’s own."),
        ));
    }
    let basic = basic_marks();
    let mut keys: BTreeSet<String> = basic.iter().map(|m| m.key.clone()).collect();
    let mut signs: BTreeSet<String> = basic.iter().map(|m| m.sign.clone()).collect();
    let mut out = Vec::with_capacity(own.len());
    for mark in own {
        let key = mark.key.trim().to_ascii_uppercase();
        let good = key.len() == 1 && key.bytes().all(|b| b.is_ascii_alphanumeric());
        if !good {
            return Err(Refusal::field(
                "marks",
                format!("The key of “{}” must be one letter or digit.", mark.meaning),
            ));
        }
        if !keys.insert(key.clone()) {
            return Err(Refusal::field(
                "marks",
                format!(
                    "The key {key} is taken. P, D, M and N are the same on every sheet; choose another."
                ),
            ));
        }
        let sign = line("marks", &mark.sign, 3)?;
        if !signs.insert(sign.clone()) {
            return Err(Refusal::field(
                "marks",
                format!("The sign {sign} is taken. Choose another."),
            ));
        }
        out.push(Mark {
            key,
            sign,
            meaning: sentence("marks", &mark.meaning, 200)?,
            result: mark.result,
        });
    }
    Ok(out)
}

/// Digest of a sheet's results: what preparer and reviewer sign. A later result changes it.
#[must_use]
pub fn digest(items: &[Item]) -> String {
    let mut text = String::new();
    for item in items {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {} {}", item.position, item.facts.id, item.event);
    }
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// A region inside its page.
///
/// # Errors
/// [`Refusal::Input`] naming the side.
pub fn check_region(region: Region) -> Result<Region, Refusal> {
    let inside =
        |from: u16, size: u16| size > 0 && u32::from(from) + u32::from(size) <= u32::from(PARTS);
    for (field, from, size) in
        [("width", region.x, region.width), ("height", region.y, region.height)]
    {
        if !inside(from, size) {
            return Err(Refusal::field(
                field,
                format!(
                    "The region reaches beyond the page: {from} and {size} are more than {PARTS} parts, or it has no {field}."
                ),
            ));
        }
    }
    Ok(region)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn legend(own: Vec<Mark>) -> Legend {
        let mut marks = basic_marks();
        marks.extend(own);
        Legend { version: 1, marks, reason: String::new() }
    }

    fn own(key: &str, sign: &str) -> Mark {
        Mark {
            key: key.into(),
            sign: sign.into(),
            meaning: "Traced to the ticket.".into(),
            result: AttributeResult::Pass,
        }
    }

    #[test]
    fn marks_are_read_by_key_sign_and_word_and_the_firms_own_come_first() {
        let basic = legend(Vec::new());
        for (typed, result) in [
            ("p", AttributeResult::Pass),
            (" P ", AttributeResult::Pass),
            ("✓", AttributeResult::Pass),
            ("1", AttributeResult::Pass),
            ("ok", AttributeResult::Pass),
            ("x", AttributeResult::Deviation),
            ("Deviation", AttributeResult::Deviation),
            ("n/a", AttributeResult::NotApplicable),
            ("-", AttributeResult::NotApplicable),
            ("m", AttributeResult::MissingEvidence),
        ] {
            assert_eq!(mark(&basic, typed).map(|m| m.result), Some(result), "{typed}");
        }
        assert_eq!(mark(&basic, "T"), None);
        assert_eq!(mark(&basic, ""), None);
        let extended = legend(vec![own("T", "TT"), own("X", "✕")]);
        assert_eq!(mark(&extended, "t").map(|m| m.sign.as_str()), Some("TT"));
        assert_eq!(mark(&extended, "x").map(|m| m.result), Some(AttributeResult::Pass));
    }

    #[test]
    fn a_legend_keeps_the_four_marks_and_refuses_two_of_a_kind() {
        assert_eq!(check_marks(&[own("t", "TT")]).unwrap()[0].key, "T");
        for (marks, says) in [
            (vec![own("p", "T")], "key P is taken"),
            (vec![own("T", "✓")], "sign ✓ is taken"),
            (vec![own("T", "T"), own("t", "U")], "key T is taken"),
            (vec![own("TT", "T")], "one letter or digit"),
            (vec![own("é", "T")], "one letter or digit"),
            (vec![own("T", "long sign")], "longer than 3"),
        ] {
            let told = check_marks(&marks).unwrap_err().to_string();
            assert!(told.contains(says), "{told}");
        }
    }

    proptest! {
        #[test]
        fn a_region_is_inside_its_page_or_refused(x: u16, y: u16, width: u16, height: u16) {
            let region = Region { x, y, width, height };
            let inside = width > 0 && height > 0
                && u32::from(x) + u32::from(width) <= 10_000
                && u32::from(y) + u32::from(height) <= 10_000;
            prop_assert_eq!(check_region(region).is_ok(), inside);
        }
    }
}
