//! Lines, blocks, wording.

use super::*;
use crate::model::SectionBody;

fn dc(text: &str) -> DescriptionCriterionId {
    text.parse().unwrap()
}

#[test]
fn lines_read_back_as_they_were_printed() {
    for (criterion, line) in [
        ("DC1", "Payroll | runs payrolls | employers"),
        (
            "DC4",
            "INC-01 | Outage | 2026-02-03 | 2026-02-04 | A disk failed. | Two customers waited. | Replaced. | A1.2, CC7.4",
        ),
        (
            "DC4",
            "INC-02 | Outage | 2026-02-03 | - | A disk failed. | Two customers waited. | Ongoing. | ",
        ),
        ("DC5", "Risk assessment | Management meets every quarter."),
        ("DC7", "Hosting Ltd | Its report is read each year."),
        ("DC8", "CC6.4 | No premises are run."),
        ("DC9", "2026-03-01 | Moved to a second site | CHG-01, OPS-02"),
    ] {
        let entry = parse_line(dc(criterion), line).unwrap();
        assert_eq!(print_line(&entry).trim(), line.trim());
        assert_eq!(parse_line(dc(criterion), &print_line(&entry)).unwrap(), entry);
    }
}

#[test]
fn wrong_lines_say_how_to_write_them() {
    let told =
        |criterion: &str, line: &str| parse_line(dc(criterion), line).unwrap_err().to_string();
    assert!(told("DC1", "Payroll | runs payrolls").contains("name | purpose | users"));
    assert!(told("DC1", "Payroll | | employers").contains("name | purpose | users"));
    assert!(told("DC9", "31 March | moved | ").contains("2026-06-30"));
    assert!(told("DC8", "CC99.1 | no").contains("CC99.1"));
    assert!(told("DC2", "a | b").contains("another register"));
}

#[test]
fn text_and_blocks_are_the_same_thing() {
    let text = "First paragraph.\n\n- one\n- two\n\n(a) alpha\n(b) beta\n\nLast.";
    let blocks = blocks_of(text);
    assert_eq!(blocks.len(), 4);
    assert_eq!(text_of(&blocks), text);
    assert_eq!(blocks_of("one\ntwo").len(), 1);
    assert!(blocks_of(" \n\n").is_empty());
}

#[test]
fn praise_and_plans_are_remarked_on() {
    let section = |text: &str| Section {
        criterion: dc("DC3"),
        body: SectionBody { text: text.into(), entries: Vec::new() },
        version: 1,
        edited_at: None,
    };
    let found =
        remarks(&[section("Our world-class platform will be moved. The team plans to hire.")]);
    let words: Vec<&str> = found.iter().map(|r| r.words.as_str()).collect();
    assert!(words.contains(&"will") && words.contains(&"plans to"), "{words:?}");
    assert!(words.iter().any(|w| w.starts_with("world")), "{words:?}");
    assert!(
        remarks(&[section("Backups were made every day and restored each quarter.")]).is_empty()
    );
}

#[test]
fn each_critical_incident_needs_an_approved_decision_whatever_the_section_says() {
    assert_eq!(incidents(true, &[]), Vec::<String>::new());
    assert_eq!(incidents(false, &[]).len(), 1);
    let left = incidents(true, &["TM-1".into(), "TM-2".into()]);
    assert_eq!(left.len(), 1);
    assert!(left[0].contains("TM-1, TM-2"), "{left:?}");
}
