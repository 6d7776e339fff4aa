//! Checks a mapping file that has the right shape: what TOML alone cannot say.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Field, FileFormat, MAPPING_VERSION, Mapping, MappingError, NAMES_MAX, RawFile, RawMapping,
    RawYesNo, Unlisted, Zone,
};
use crate::rules::import::cells::DateFormat;
use crate::rules::import::json::STEPS_MAX;
use crate::rules::import::vocabulary::{CaseKind, CaseState, Severity};

/// The beginning of a text of the file, for an error.
pub(super) fn cut(text: &str) -> String {
    kernel::refusal::excerpt(text, 64)
}

/// What the TOML reader found, in one line with its place.
pub(super) fn toml_error(toml: &str, error: &toml::de::Error) -> MappingError {
    let message = error.message().replace('\n', " ");
    match error.span().and_then(|span| toml.get(..span.start)) {
        Some(before) => {
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            MappingError(format!("line {line} of the mapping file: {message}"))
        }
        None => MappingError(format!("the mapping file: {message}")),
    }
}

/// The mapping, or the first thing that is wrong with it.
pub(super) fn checked(raw: RawMapping) -> Result<Mapping, MappingError> {
    if raw.mapping != MAPPING_VERSION {
        return Err(MappingError(format!(
            "mapping = \"{}\" is not a version of the format this program reads; write mapping = \"{MAPPING_VERSION}\"",
            cut(&raw.mapping)
        )));
    }
    check_names(&raw)?;
    let zone = Zone::parse(&raw.time.zone)?;
    let formats = check_formats(&raw.time.formats, &zone)?;
    let format = check_format(&raw)?;
    let (delimiter, quote) = check_delimiters(&raw.file)?;
    let encoding = check_encoding(&raw.file.encoding)?;
    check_yes_no(&raw.yes_no)?;
    check_tables(&raw)?;
    let required = raw.required.unwrap_or_else(|| BTreeSet::from([Field::OpenedAt]));
    if let Some(field) = required.iter().find(|field| !raw.columns.contains_key(field)) {
        return Err(MappingError(format!(
            "required names {name}, but [columns] does not say which column that is; add {name} = \"…\" there or take it out of required",
            name = field.name()
        )));
    }
    Ok(Mapping {
        name: raw.name,
        source: raw.source,
        revision: raw.revision,
        shape: raw.shape,
        required,
        keep: raw.keep,
        format,
        delimiter,
        quote,
        encoding,
        compression: raw.file.compression,
        zone,
        formats,
        skipped: raw.time.skipped,
        repeated: raw.time.repeated,
        markers: raw.missing.markers,
        order: raw.order,
        columns: raw.columns,
        default_kind: raw.defaults.kind,
        yes: raw.yes_no.yes,
        no: raw.yes_no.no,
        states: check_words("states", raw.states, CaseState::from_word, || {
            list(CaseState::ALL.iter().map(|word| word.word()))
        })?,
        severities: check_words("severities", raw.severities, Severity::from_word, || {
            list(Severity::ALL.iter().map(|word| word.word()))
        })?,
        kinds: check_words("kinds", raw.kinds, CaseKind::from_word, || {
            list(CaseKind::ALL.iter().map(|word| word.word()))
        })?,
        unlisted: raw.unlisted,
    })
}

fn check_names(raw: &RawMapping) -> Result<(), MappingError> {
    let source_ok = !raw.source.is_empty()
        && raw.source.len() <= 64
        && raw.source.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !source_ok {
        return Err(MappingError(
            "source must be 1 to 64 letters, digits, dots, dashes or underscores, such as \"servicenow\""
                .to_owned(),
        ));
    }
    if raw.name.is_empty() || raw.name.chars().count() > 200 {
        return Err(MappingError("name must have 1 to 200 characters".to_owned()));
    }
    if !raw.columns.contains_key(&Field::Key) {
        return Err(MappingError(
            "[columns] has no key; add key = \"…\" with the column that holds the case's number"
                .to_owned(),
        ));
    }
    let sizes = [
        raw.columns.len(),
        raw.keep.len(),
        raw.states.len(),
        raw.severities.len(),
        raw.kinds.len(),
        raw.missing.markers.len(),
    ];
    if sizes.iter().any(|size| *size > NAMES_MAX) || raw.order.len() > 8 {
        return Err(MappingError(format!(
            "the mapping file lists too many names; at most {NAMES_MAX} in one table and 8 order columns"
        )));
    }
    let mut kept = BTreeSet::new();
    for column in &raw.keep {
        if !kept.insert(column) {
            return Err(MappingError(format!(
                "keep names the column \u{201c}{}\u{201d} twice",
                cut(column)
            )));
        }
    }
    Ok(())
}

/// A state or a kind without a table would refuse every row.
fn check_tables(raw: &RawMapping) -> Result<(), MappingError> {
    let tables = [
        (Field::State, "states", raw.states.is_empty(), raw.unlisted.states),
        (Field::Kind, "kinds", raw.kinds.is_empty(), raw.unlisted.kinds),
    ];
    for (field, table, empty, unlisted) in tables {
        if raw.columns.contains_key(&field) && empty && unlisted == Unlisted::Refuse {
            return Err(MappingError(format!(
                "[columns] maps {}, but the table [{table}] is empty; list the column's words there and what each means",
                field.name()
            )));
        }
    }
    Ok(())
}

fn check_formats(formats: &[String], zone: &Zone) -> Result<Vec<DateFormat>, MappingError> {
    if formats.is_empty() || formats.len() > 16 {
        return Err(MappingError(
            "time.formats must list 1 to 16 formats, such as \"%d/%m/%Y %H:%M\" (day first) or \"rfc3339\""
                .to_owned(),
        ));
    }
    let parsed: Vec<DateFormat> = formats
        .iter()
        .map(|format| {
            let parsed = DateFormat::parse(format).map_err(MappingError)?;
            if parsed.has_offset() && matches!(zone, Zone::Naive) {
                return Err(MappingError(format!(
                    "time.formats: \u{201c}{}\u{201d} carries an offset from UTC, so the times have a zone; write time.zone = \"UTC\" or the zone in which days and months are to be counted",
                    cut(format)
                )));
            }
            Ok(parsed)
        })
        .collect::<Result<_, _>>()?;
    for (index, first) in parsed.iter().enumerate() {
        let rest = parsed.get(index + 1..).unwrap_or_default();
        if let Some(other) = rest.iter().find(|other| first.contradicts(other)) {
            return Err(MappingError(format!(
                "time.formats: \u{201c}{}\u{201d} and \u{201c}{}\u{201d} read the same text as different dates; keep the one in which the file is written",
                cut(first.name()),
                cut(other.name())
            )));
        }
    }
    Ok(parsed)
}

/// What the file is made of; where it is JSON, whether every column is a path.
fn check_format(raw: &RawMapping) -> Result<FileFormat, MappingError> {
    let file = &raw.file;
    match file.format.as_str() {
        "csv" if file.records.is_empty() => return Ok(FileFormat::Csv),
        "csv" => {
            return Err(MappingError(
                "file.records names a list in a JSON document; take it out where file.format is \"csv\""
                    .to_owned(),
            ));
        }
        "json" => {}
        other => {
            return Err(MappingError(format!(
                "file.format = \"{}\" is not known; this program reads \"csv\" (with any delimiter) and \"json\" (documents one after the other, or a list)",
                cut(other)
            )));
        }
    }
    let order = raw.order.iter().map(|order| &order.column);
    for path in raw.columns.values().chain(&raw.keep).chain(order) {
        let steps: Vec<&str> = path.split('.').collect();
        let stars_before_the_end =
            steps.iter().rev().skip(1).any(|step| *step == "*") || path == "*";
        if steps.len() > STEPS_MAX
            || path.chars().count() > 200
            || steps.iter().any(|step| step.is_empty())
            || stars_before_the_end
        {
            return Err(MappingError(format!(
                "\u{201c}{}\u{201d} is not a path in a JSON document; write the names of members with dots between them, such as \"service.summary\", \"action.*\" for the names of an object\u{2019}s members, or \"$\" for the whole document",
                cut(path)
            )));
        }
    }
    Ok(FileFormat::Json { records: file.records.clone() })
}

fn check_delimiters(file: &RawFile) -> Result<(u8, Option<u8>), MappingError> {
    let single = |text: &str| match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | 0) => Some(*byte),
        _ => None,
    };
    let Some(delimiter) = single(&file.delimiter) else {
        return Err(MappingError(
            "file.delimiter must be one ASCII character, such as \",\", \";\" or \"\\t\""
                .to_owned(),
        ));
    };
    if file.quote.is_empty() {
        return Ok((delimiter, None));
    }
    match single(&file.quote) {
        Some(quote) if quote != delimiter => Ok((delimiter, Some(quote))),
        _ => Err(MappingError(
            "file.quote must be one ASCII character other than the delimiter, or \"\" when values are never quoted"
                .to_owned(),
        )),
    }
}

fn check_encoding(label: &str) -> Result<&'static encoding_rs::Encoding, MappingError> {
    encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(|| {
        MappingError(format!(
            "file.encoding = \"{}\" is not a known character encoding; write \"utf-8\", \"windows-1252\", \"utf-16le\" or another name of the WHATWG list",
            cut(label)
        ))
    })
}

fn check_yes_no(words: &RawYesNo) -> Result<(), MappingError> {
    match words.yes.iter().find(|word| words.no.contains(word)) {
        Some(word) => Err(MappingError(format!(
            "[yes_no]: \u{201c}{}\u{201d} stands for both yes and no",
            cut(word)
        ))),
        None => Ok(()),
    }
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

fn check_words<T>(
    table: &str,
    words: BTreeMap<String, String>,
    read: impl Fn(&str) -> Option<T>,
    known: impl Fn() -> String,
) -> Result<BTreeMap<String, Option<T>>, MappingError> {
    words
        .into_iter()
        .map(|(word, meaning)| {
            if meaning == "none" {
                return Ok((word, None));
            }
            match read(&meaning) {
                Some(value) => Ok((word, Some(value))),
                None => Err(MappingError(format!(
                    "[{table}]: \u{201c}{}\u{201d} = \"{}\" is none of our words; use {}, or \"none\" for a word without a meaning",
                    cut(&word),
                    cut(&meaning),
                    known()
                ))),
            }
        })
        .collect()
}
