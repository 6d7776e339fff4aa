//! A register that is a folder of Markdown files, each with a head of named values: made one table.
//!
//! Status pages and post-mortem collections are kept so. The head stands between two lines `---` and
//! holds `name: value` lines and lists (`name:` and then `- value` lines); of YAML nothing else is read,
//! and a value is text, whatever it looks like. The table has a column for each name that occurs, and the
//! columns `file` (the file's name without its ending) and `body`.

use std::collections::{BTreeMap, BTreeSet};

/// Between the values of a list in one cell.
const BETWEEN: &str = "; ";
/// The longest file, in bytes.
pub const FILE_BYTES_MAX: u64 = 1 << 20;
/// Files of one folder at most.
pub const FILES_MAX: usize = 100_000;
/// Different names in all heads at most.
const NAMES_MAX: usize = 200;

/// A file's named values.
pub type Head = BTreeMap<String, String>;

/// Reads one file.
///
/// # Errors
/// A plain sentence when it has no head, or a line of the head is none that is read.
pub fn read(text: &str) -> Result<Head, String> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let rest = text
        .strip_prefix("---\n")
        .ok_or("it does not begin with a line “---”, so it has no named values")?;
    let (head, body) =
        rest.split_once("\n---").ok_or("no second line “---” ends its named values")?;
    let body = body.split_once('\n').map_or("", |(_, body)| body);
    let mut values = Head::new();
    let mut list: Option<String> = None;
    for (n, line) in head.lines().enumerate() {
        let plain = line.trim();
        if plain.is_empty() || plain.starts_with('#') {
            continue;
        }
        if let Some(item) = plain.strip_prefix("- ").or_else(|| (plain == "-").then_some("")) {
            let name = list.as_ref().ok_or_else(|| format!("line {} is in no list", n + 2))?;
            let value = values.entry(name.clone()).or_default();
            if !value.is_empty() {
                value.push_str(BETWEEN);
            }
            value.push_str(&unquoted(item));
            continue;
        }
        let (name, value) = plain
            .split_once(':')
            .ok_or_else(|| format!("line {} has no colon after a name", n + 2))?;
        let name = name.trim().to_owned();
        if values.insert(name.clone(), unquoted(value)).is_some() {
            return Err(format!("“{name}” stands twice"));
        }
        list = Some(name);
    }
    values.insert("body".to_owned(), body.trim().to_owned());
    Ok(values)
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner = ['"', '\''].iter().find_map(|q| value.strip_prefix(*q)?.strip_suffix(*q));
    inner.unwrap_or(value).to_owned()
}

/// One table of all files, in the order given, as CSV.
///
/// # Errors
/// A plain sentence naming the file that cannot be read, or the bound that was passed.
pub fn table(files: &[(String, String)]) -> Result<Vec<u8>, String> {
    let mut heads = Vec::with_capacity(files.len());
    let mut names = BTreeSet::from(["file".to_owned()]);
    for (file, text) in files {
        let mut head = read(text).map_err(|e| format!("{file}: {e}."))?;
        head.insert("file".to_owned(), file.trim_end_matches(".md").to_owned());
        names.extend(head.keys().cloned());
        heads.push(head);
        if names.len() > NAMES_MAX {
            return Err(format!("The files have more than {NAMES_MAX} different names of values."));
        }
    }
    let odd = |e: csv::Error| format!("The table could not be made: {e}.");
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&names).map_err(odd)?;
    for head in &heads {
        let row = names.iter().map(|name| head.get(name).map_or("", String::as_str));
        out.write_record(row).map_err(odd)?;
    }
    out.into_inner().map_err(|e| format!("The table could not be made: {e}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &str = "---\r\ntitle: \"Slow: very\"\r\ndate: 2022-06-13T08:30:00-00:00\r\n# a remark\r\naffected:\r\n  - portal\r\n  - mail\r\n---\r\n\r\nIt was --- slow.\r\n";

    #[test]
    fn heads_become_columns_and_the_rest_becomes_a_body() {
        let head = read(FILE).unwrap();
        assert_eq!(head["title"], "Slow: very");
        assert_eq!(head["affected"], "portal; mail");
        assert_eq!(head["body"], "It was --- slow.");
        let other = "---\ntitle: b\nsection: issue\n---\n";
        let table = table(&[("1.md".into(), FILE.into()), ("2.md".into(), other.into())]).unwrap();
        assert_eq!(
            String::from_utf8(table).unwrap(),
            "affected,body,date,file,section,title\nportal; mail,It was --- slow.,2022-06-13T08:30:00-00:00,1,,Slow: very\n,,,2,issue,b\n"
        );
    }

    #[test]
    fn what_is_no_such_file_is_named() {
        for (text, why) in [
            ("title: a\n", "does not begin"),
            ("---\ntitle: a\n", "no second line"),
            ("---\n- a\n---\n", "line 2 is in no list"),
            ("---\ntitle\n---\n", "no colon"),
            ("---\na: 1\na: 2\n---\n", "stands twice"),
        ] {
            let refused = table(&[("x.md".into(), text.into())]).unwrap_err();
            assert!(refused.contains(why) && refused.starts_with("x.md"), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(---\n)?(\\PC{0,30}\n){0,6}(---\n)?\\PC{0,20}") {
            let _ = read(&text);
        }
    }
}
