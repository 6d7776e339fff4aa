//! A message of another system to a report: a pure function of its bytes.

use super::model::Places;
use crate::model::CaseKind;
use crate::service::{CONTACT_MAX, TEXT_MAX, TITLE_MAX};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use serde_json::Value;

/// The longest message, in bytes.
pub const BODY_BYTES_MAX: usize = 1 << 20;
/// The longest name that a source gives to a matter, in bytes.
pub const REFERENCE_BYTES_MAX: usize = 200;
/// The longest pointer.
pub const POINTER_MAX: usize = 200;

/// What a message reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookReport {
    /// What the source calls the matter; empty where it says nothing.
    pub reference: String,
    /// In a few words.
    pub title: String,
    /// In full.
    pub description: String,
    /// What is reported.
    pub kind: CaseKind,
    /// When it happened.
    pub occurred_at: Option<Timestamp>,
    /// How to reach the reporter.
    pub contact: Option<String>,
}

fn clean(text: &str, max: usize) -> String {
    let kept: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .take(max)
        .collect();
    kept.trim().to_owned()
}

fn at(body: &Value, pointer: &str) -> Option<String> {
    if pointer.is_empty() {
        return None;
    }
    match body.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
    .filter(|text| !text.trim().is_empty())
}

/// Reads a message.
///
/// # Errors
/// A plain sentence that says what is missing.
pub fn read(bytes: &[u8], places: &Places) -> Result<HookReport, String> {
    let body: Value =
        serde_json::from_slice(bytes).map_err(|e| format!("The body is not JSON: {e}."))?;
    let title = at(&body, &places.title).map(|t| clean(&t.replace('\n', " "), TITLE_MAX));
    let description = at(&body, &places.description).map(|t| clean(&t, TEXT_MAX));
    let (title, description) = match (title, description) {
        (Some(title), Some(description)) => (title, description),
        (Some(title), None) => (title.clone(), title),
        (None, Some(description)) => {
            let first = description.lines().next().unwrap_or_default();
            (first.chars().take(TITLE_MAX).collect(), description)
        }
        (None, None) => {
            return Err(format!(
                "There is no text at {} nor at {}.",
                shown(&places.title),
                shown(&places.description)
            ));
        }
    };
    if title.is_empty() || description.is_empty() {
        return Err("The text holds nothing that can be shown.".to_owned());
    }
    let occurred_at = match at(&body, &places.occurred_at) {
        None => None,
        Some(text) => Some(
            Timestamp::parse(&text)
                .map_err(|e| format!("At {}: {e}.", shown(&places.occurred_at)))?,
        ),
    };
    let kind = at(&body, &places.kind).map(|k| k.to_lowercase());
    let reference: String = at(&body, &places.reference)
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(REFERENCE_BYTES_MAX / 4)
        .collect();
    Ok(HookReport {
        reference,
        title,
        description,
        kind: kind.as_deref().and_then(CaseKind::from_word).unwrap_or(CaseKind::Concern),
        occurred_at,
        contact: at(&body, &places.contact)
            .map(|c| clean(&c.replace('\n', " "), CONTACT_MAX))
            .filter(|c| !c.is_empty()),
    })
}

fn shown(pointer: &str) -> String {
    if pointer.is_empty() { "(nowhere)".to_owned() } else { kernel::refusal::excerpt(pointer, 60) }
}

/// A pointer as it may be kept: empty, or beginning with a slash.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn pointer(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let good = text.is_empty()
        || (text.starts_with('/')
            && text.chars().count() <= POINTER_MAX
            && !text.chars().any(char::is_control));
    if good {
        Ok(text.to_owned())
    } else {
        Err(Refusal::field(
            field,
            "Write where it stands in the message as a JSON pointer, such as /data/title, or leave it empty.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read_where_their_source_puts_them() {
        let body = br#"{"type":"x","data":{"id":7,"title":" Disk\nfull ","description":"a\u0007b","kind":"Incident","occurred_at":"2026-01-02T03:04:05Z"}}"#;
        let read = read(body, &Places::default()).unwrap();
        assert_eq!(
            (read.reference.as_str(), read.title.as_str(), read.description.as_str()),
            ("7", "Disk full", "ab")
        );
        assert_eq!(
            (read.kind, read.occurred_at.is_some(), read.contact),
            (CaseKind::Incident, true, None)
        );
        let jira = Places {
            reference: "/issue/key".into(),
            title: "/issue/fields/summary".into(),
            description: String::new(),
            kind: "/issue/fields/issuetype/name".into(),
            occurred_at: String::new(),
            contact: String::new(),
        };
        let body =
            br#"{"issue":{"key":"OPS-1","fields":{"summary":"Down","issuetype":{"name":"Bug"}}}}"#;
        let read = super::read(body, &jira).unwrap();
        assert_eq!(
            (read.description.as_str(), read.kind, read.reference.as_str()),
            ("Down", CaseKind::Concern, "OPS-1")
        );
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let places = Places::default();
        assert!(read(b"<xml/>", &places).unwrap_err().contains("not JSON"));
        assert!(read(br#"{"data":{"title":{}}}"#, &places).unwrap_err().contains("/data/title"));
        let when =
            read(br#"{"data":{"title":"x","occurred_at":"yesterday"}}"#, &places).unwrap_err();
        assert!(when.contains("yesterday"), "{when}");
        assert!(read(br#"{"data":{"title":"\u0007"}}"#, &places).is_err());
        assert!(pointer("title", "data/title").is_err() && pointer("title", " /a ").is_ok());
    }

    proptest::proptest! {
        #[test]
        fn no_body_panics(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), text in ".{0,60}") {
            let _ = read(&bytes, &Places::default());
            let body = serde_json::json!({ "data": { "title": text, "description": text, "id": text } });
            if let Ok(report) = read(body.to_string().as_bytes(), &Places::default()) {
                proptest::prop_assert!(report.title.chars().all(|c| !c.is_control() || c == '\t'));
                proptest::prop_assert!(!report.title.trim().is_empty() && report.reference.len() <= REFERENCE_BYTES_MAX);
            }
        }
    }
}
