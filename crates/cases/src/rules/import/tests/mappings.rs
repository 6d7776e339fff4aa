//! Mapping files: what is accepted and how mistakes are told.

use super::*;

fn refusal(change: impl Fn(&str) -> String) -> String {
    let text = change(EVENTS);
    assert_ne!(text, EVENTS, "the change must hit something");
    Mapping::parse(&text).unwrap_err().to_string()
}

#[test]
fn the_shipped_mappings_are_valid() {
    for (name, text) in mapping::SHIPPED {
        Mapping::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let mapping = Mapping::parse(mapping::SHIPPED[0].1).unwrap();
    assert_eq!(mapping.source(), "servicenow");
    assert_eq!(mapping.shape(), mapping::Shape::Event);
    assert_eq!(mapping.column(Field::Key), Some("number"));
    assert_eq!(mapping.zone().name(), "naive");
    assert_eq!(mapping.revision(), 1);
    assert!(!mapping.name().is_empty());
}

/// What a shipped mapping makes of a small export: state, severity, kind and title of each row.
fn taken(name: &str, export: &str) -> Vec<[String; 4]> {
    let (_, text) = mapping::SHIPPED.iter().find(|(shipped, _)| *shipped == name).unwrap();
    let (outcomes, report) = read(Mapping::parse(text).unwrap(), export.as_bytes());
    assert_eq!(report.refused, 0, "{:?}", refused(&outcomes));
    let rows = accepted(&outcomes);
    rows.iter()
        .map(|row| {
            let f = &row.change.fields;
            [
                f.state.map_or("", CaseState::word).to_owned(),
                f.severity.map_or("", Severity::word).to_owned(),
                f.kind.map_or("", CaseKind::word).to_owned(),
                f.title.clone().unwrap_or_default(),
            ]
        })
        .collect()
}

#[test]
fn the_shipped_mappings_read_what_their_systems_export() {
    let jira = "Summary,Issue key,Issue Type,Status,Priority,Resolution,Reporter,Assignee,Creator,Created,Updated,Resolved,Description\n\
        Portal down,OPS-1,Incident,Done,Highest,Done,Ann,Tom,Ann,03/Feb/26 3:05 AM,03/Feb/26 9:00 AM,03/Feb/26 8:59 AM,\"503, everywhere\"\n\
        Slow,OPS-2,Story,To Do,Unusual,,Ann,,Ann,04/Feb/26 11:00 PM,04/Feb/26 11:00 PM,,\n";
    assert_eq!(
        taken("jira-issues", jira),
        [["closed", "critical", "incident", "Portal down"], ["new", "", "", "Slow"]]
            .map(|row| row.map(str::to_owned))
    );
    let sheet = "number,title,description,kind,state,severity,channel,reporter,owner,reported,acknowledged,resolved,closed\n\
        7,Wrong tax,Oregon,failure,resolved,medium,email,Ann,Tom,2026-03-17 09:30,2026-03-17 11:00,2026-03-18,\n";
    assert_eq!(
        taken("spreadsheet", sheet),
        [["resolved", "moderate", "failure", "Wrong tax"].map(str::to_owned)]
    );
}

#[test]
fn unknown_keys_are_refused_with_their_line() {
    let error = refusal(|text| text.replace("keep = ", "keeep = "));
    assert!(error.starts_with("line 7 of the mapping file:"), "{error}");
    assert!(error.contains("keeep"), "{error}");

    let error = refusal(|text| text.replace("priority = ", "prioritty = "));
    assert!(error.contains("prioritty") && error.contains("reassignment_count"), "{error}");
    for table in ["[time]", "[missing]", "[[order]]", "[unlisted]"] {
        let error = refusal(|text| text.replace(table, &format!("{table}\nsurprise = 1")));
        assert!(error.contains("surprise"), "{error}");
    }
}

#[test]
fn each_mistake_has_a_sentence_that_says_what_to_write() {
    type Change = fn(&str) -> String;
    let cases: &[(Change, &str)] = &[
        (|t| t.replace("mapping = \"1\"", "mapping = \"7\""), "write mapping = \"1\""),
        (|t| t.replace("\"made-up\"", "\"made up!\""), "source must be"),
        (|t| t.replace("\"Made-up event log\"", "\"\""), "name must have"),
        (|t| t.replace("key = \"id\"", ""), "add key ="),
        (|t| t.replace("\"naive\"", "\"Europe/Atlantis\""), "is not a time zone"),
        (|t| t.replace("%d/%m/%Y %H:%M", "%d/%m"), "does not describe a full date"),
        (|t| t.replace("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M %Q"), "does not describe a full date"),
        (|t| t.replace("[\"%d/%m/%Y %H:%M\"]", "[]"), "time.formats must list"),
        (
            |t| t.replace("%d/%m/%Y %H:%M\"", "%d/%m/%Y %H:%M\", \"%m/%d/%Y %H:%M\""),
            "different dates",
        ),
        (|t| t.replace("%d/%m/%Y %H:%M", "rfc3339"), "carries an offset"),
        (|t| t.replace("\"New\" = \"new\"", "\"New\" = \"nwe\""), "use new, acknowledged"),
        (|t| t.replace("\"P1\" = \"critical\"", "\"P1\" = \"worst\""), "use critical, high"),
        (|t| t.replace("[\"opened_at\"]", "[\"closed_at\"]"), "required names closed_at"),
        (|t| t.replace("[time]", "[file]\ndelimiter = \"::\"\n[time]"), "file.delimiter"),
        (|t| t.replace("[time]", "[file]\nquote = \",\"\n[time]"), "file.quote"),
        (|t| t.replace("[time]", "[file]\nformat = \"xlsx\"\n[time]"), "file.format"),
        (|t| t.replace("[time]", "[file]\nencoding = \"klingon\"\n[time]"), "file.encoding"),
        (|t| t.replace("[\"note\"]", "[\"note\", \"note\"]"), "twice"),
        (
            |t| t.replace("[time]", "[yes_no]\nyes = [\"1\"]\nno = [\"1\"]\n[time]"),
            "both yes and no",
        ),
        (
            |t| {
                let from = t.find("[states]").unwrap();
                let to = t.find("[severities]").unwrap();
                format!("{}{}", &t[..from], &t[to..])
            },
            "the table [states] is empty",
        ),
    ];
    for (change, expected) in cases {
        let error = refusal(change);
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
}

#[test]
fn a_huge_mapping_is_refused_unread() {
    let text = format!("{EVENTS}# {}", "x".repeat(mapping::MAPPING_BYTES_MAX));
    assert!(Mapping::parse(&text).unwrap_err().to_string().contains("longer than"));
}

#[test]
fn the_examples_of_the_guide_are_valid() {
    let guide = include_str!("../../../../../../docs/guide/import-mapping.md");
    let examples: Vec<&str> =
        guide.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let [whole, part, json] = examples[..] else { panic!("three examples: {examples:?}") };
    let mapping = Mapping::parse(whole).unwrap();
    assert_eq!(mapping.shape(), mapping::Shape::Case);
    assert_eq!(mapping.zone().name(), "Europe/Lisbon");
    assert!(part.starts_with("# part of a mapping"));
    let keyed = whole.replace("key = \"Ticket\"", "key = \"Ticket\"\nupdated_at = \"Changed\"");
    Mapping::parse(&format!("{}\n{part}", keyed.replace("\"case\"", "\"event\""))).unwrap();
    // The part about JSON takes the place of the file's format and of the columns that it names.
    let json: toml::Table = toml::from_str(json).unwrap();
    let mut mixed: toml::Table = toml::from_str(whole).unwrap();
    mixed.insert("file".into(), json["file"].clone());
    let columns = mixed["columns"].as_table_mut().unwrap();
    columns.extend(json["columns"].as_table().unwrap().clone());
    Mapping::parse(&toml::to_string(&mixed).unwrap()).unwrap();
    // Every field and every word has its place in the guide.
    for field in Field::ALL {
        assert!(guide.contains(&format!("`{}`", field.name())), "{}", field.name());
    }
    let states = CaseState::ALL.iter().map(|word| word.word());
    let severities = Severity::ALL.iter().map(|word| word.word());
    let kinds = CaseKind::ALL.iter().map(|word| word.word());
    for word in states.chain(severities).chain(kinds) {
        assert!(guide.contains(&format!("`{word}`")), "{word}");
    }
}
