//! The appendix: every mark has an entry, every entry a mark, and they say the same.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Remarks, Rule};
use crate::report_document::ReportData;

pub(super) fn check(report: &ReportData, remarks: &mut Remarks) {
    let place = "/traces";
    for (n, (expected, trace)) in (1u32..).zip(&report.traces).enumerate() {
        let place = format!("{place}/{n}");
        if trace.number != expected {
            remarks.mend(
                Rule::Traces,
                &place,
                format!(
                    "marks are numbered without gaps; here stands {} in place of {expected}",
                    trace.number
                ),
            );
        }
        let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        if trace.sha256.len() != 64 || !trace.sha256.chars().all(is_hex) {
            remarks.mend(
                Rule::Traces,
                &place,
                format!("mark {} has no SHA-256 of 64 lower-case hexadecimal digits", trace.number),
            );
        }
        if trace.what.trim().is_empty() || trace.source.trim().is_empty() {
            remarks.mend(
                Rule::Traces,
                &place,
                format!("mark {} needs what it is and where it comes from", trace.number),
            );
        }
    }
    let mut used: BTreeMap<u64, Vec<(String, String)>> = BTreeMap::new();
    if let Ok(data) = serde_json::to_value(report) {
        figures(&mut String::new(), &data, &mut used);
    }
    let traces: BTreeMap<u64, &str> =
        report.traces.iter().map(|t| (u64::from(t.number), t.figure.as_str())).collect();
    for (number, places) in &used {
        for (place, figure) in places {
            match traces.get(number) {
                None => remarks.mend(
                    Rule::Traces,
                    place,
                    format!("the figure {figure} carries mark {number}, and the appendix has no such entry"),
                ),
                Some(traced) if traced != figure => remarks.mend(
                    Rule::Traces,
                    place,
                    format!("the figure {figure} carries mark {number}, whose entry traces {traced}"),
                ),
                Some(_) => {}
            }
        }
    }
    for number in traces.keys().filter(|number| !used.contains_key(number)) {
        remarks.consider(Rule::Traces, place, format!("mark {number} stands beside no figure"));
    }
}

/// Collects every `{"figure": …, "trace": …}` with its place.
fn figures(pointer: &mut String, value: &Value, used: &mut BTreeMap<u64, Vec<(String, String)>>) {
    match value {
        Value::Object(fields) => {
            if let (Some(Value::String(figure)), Some(trace)) =
                (fields.get("figure"), fields.get("trace"))
                && let Some(number) = trace.as_u64()
            {
                used.entry(number).or_default().push((pointer.clone(), figure.clone()));
                return;
            }
            for (name, item) in fields {
                step(pointer, name, |pointer| figures(pointer, item, used));
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                step(pointer, &n.to_string(), |pointer| figures(pointer, item, used));
            }
        }
        _ => {}
    }
}

/// Runs `work` with `pointer` one step deeper.
pub(super) fn step(pointer: &mut String, name: &str, work: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(name);
    work(pointer);
    pointer.truncate(length);
}
