//! Calendars as written: what is read, what is refused, what each day holds.

use super::*;
use jiff::civil::date;

const OFFICE: &str = r#"
version = "2026-1"
zone = "America/New_York"
always = false
holidays = ["2026-11-26", "2026-12-25"]
[hours]
mon = ["13:00-17:00", "09:00-12:00"]
tue = ["09:00-17:00"]
[special]
"2026-12-24" = ["09:00-12:00"]
"2026-12-29" = []
"2026-12-25" = ["10:00-11:00"]
"#;

fn refusal(text: &str) -> String {
    Calendar::parse(text).unwrap_err().to_string()
}

/// A calendar file with a zone and version in front of the given rest.
fn with(rest: &str) -> String {
    format!("version = \"1\"\nzone = \"Europe/Berlin\"\n{rest}")
}

#[test]
fn the_file_of_the_contract_is_read() {
    let calendar = Calendar::parse(OFFICE).unwrap();
    assert_eq!(calendar.version(), "2026-1");
    assert_eq!(calendar.zone().name(), "America/New_York");
    assert!(!calendar.is_always());
    let texts = |d| -> Vec<String> {
        let (_, spans) = calendar.hours_on(d);
        spans.iter().map(ToString::to_string).collect()
    };
    assert_eq!(texts(date(2026, 3, 9)), ["09:00-12:00", "13:00-17:00"]);
    assert_eq!(texts(date(2026, 3, 10)), ["09:00-17:00"]);
    assert_eq!(texts(date(2026, 3, 11)), [] as [&str; 0]);
    assert_eq!(calendar.hours_on(date(2026, 11, 26)).0, DayKind::Holiday);
    assert_eq!(texts(date(2026, 11, 26)), [] as [&str; 0]);
    assert_eq!(texts(date(2026, 12, 24)), ["09:00-12:00"]);
    assert_eq!(calendar.hours_on(date(2026, 12, 29)), (DayKind::Special, &[][..]));
    // A special day is the last word, also on a holiday.
    assert_eq!(texts(date(2026, 12, 25)), ["10:00-11:00"]);
}

#[test]
fn it_survives_storage_as_json() {
    let calendar = Calendar::parse(OFFICE).unwrap();
    let json = serde_json::to_string(&calendar).unwrap();
    assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), calendar);
    let always = Calendar::parse("version = \"1\"\nalways = true\n").unwrap();
    let json = serde_json::to_string(&always).unwrap();
    assert_eq!(json, r#"{"version":"1","zone":"UTC","always":true}"#);
    assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), always);
    let bad = r#"{"version":"1","zone":"UTC","hours":{"mon":["09:00-08:00"]}}"#;
    let error = serde_json::from_str::<Calendar>(bad).unwrap_err().to_string();
    assert!(error.contains("ends before it starts"), "{error}");
}

#[test]
fn always_is_open_on_every_day_in_its_zone() {
    let calendar = Calendar::parse(&with("always = true")).unwrap();
    assert!(calendar.is_always());
    let spans = calendar.open_spans(date(2026, 3, 29));
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].to.0 - spans[0].from.0, 23 * 3_600_000_000);
}

#[test]
fn every_refusal_is_a_sentence_that_names_the_place() {
    let cases = [
        ("zone = \"UTC\"", "needs a version"),
        ("version = \"\"\nzone = \"UTC\"", "needs a version"),
        ("version = \"a\\tb\"\nzone = \"UTC\"", "needs a version"),
        ("version = \"1\"", "needs a zone"),
        ("version = \"1\"\nzone = \"Mars/Olympus\"", "“Mars/Olympus” is not a time zone"),
        ("version = 1\nzone = \"UTC\"", "line 1: invalid type: integer"),
        ("version = \"1\"\nzone = \"UTC\"\nholliday = []", "line 3: unknown field `holliday`"),
        ("version = \"1\"\nzone = \"UTC\"\nversion = \"2\"", "line 3: duplicate key"),
        ("version = ", "line 1"),
    ];
    for (text, expected) in cases {
        let error = refusal(text);
        assert!(error.contains(expected), "{text}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
    let cases = [
        ("[hours]\nmonday = []", "“monday” under [hours] is not a day"),
        (
            "[hours]\nmon = [\"09:00-12:00\", \"11:00-13:00\"]",
            "09:00-12:00 and 11:00-13:00 of mon overlap",
        ),
        ("[hours]\nmon = [\"09:00-12:00\", \"09:00-12:00\"]", "overlap"),
        ("[hours]\nmon = [\"17:00-09:00\"]", "“17:00-09:00” of mon ends before it starts"),
        ("[hours]\nmon = [\"09:00-09:00\"]", "is empty"),
        ("[hours]\nmon = [\"09:00-24:01\"]", "goes past 24:00"),
        ("[hours]\nmon = [\"09:00-25:00\"]", "goes past 24:00"),
        ("[hours]\nmon = [\"09:60-10:00\"]", "more than 59 minutes"),
        ("[hours]\nmon = [\"9-17\"]", "write it as 09:00-17:00"),
        ("[hours]\nmon = [\"9:00-17:00\"]", "write it as 09:00-17:00"),
        ("[hours]\nmon = [\"09:00\"]", "write it as 09:00-17:00"),
        ("[hours]\nmon = [\"+9:00-17:00\"]", "write it as 09:00-17:00"),
        ("[hours]\nmon = \"09:00-17:00\"", "invalid type"),
        ("holidays = [\"2026-02-29\"]", "“2026-02-29” under holidays is not a date that exists"),
        ("holidays = [\"2026-2-3\"]", "is not a date that exists"),
        ("holidays = [\"20260203T1\"]", "is not a date that exists"),
        ("holidays = [\"1926-02-03\"]", "outside the years 1970 to 2999"),
        (
            "[special]\n\"2026-13-01\" = []",
            "“2026-13-01” under [special] is not a date that exists",
        ),
        ("[special]\n\"2026-12-24\" = [\"12:00-09:00\"]", "of 2026-12-24 ends before it starts"),
        ("always = true\nholidays = [\"2026-12-25\"]", "also lists holidays"),
        ("always = true\n[hours]\nmon = []", "also lists hours"),
    ];
    for (rest, expected) in cases {
        let error = refusal(&with(rest));
        assert!(error.contains(expected), "{rest}: {error}");
    }
}

#[test]
fn size_is_bounded() {
    let spans: Vec<String> = (0..25).map(|_| "\"09:00-10:00\"".to_owned()).collect();
    let error = refusal(&with(&format!("[hours]\nmon = [{}]", spans.join(","))));
    assert!(error.contains("more than 24 spans in one day"), "{error}");
    let days = vec!["\"2026-01-01\""; 5001].join(",");
    let error = refusal(&with(&format!("holidays = [{days}]")));
    assert!(error.contains("more than 5000 holidays"), "{error}");
    assert!(refusal(&" ".repeat(FILE_BYTES_MAX + 1)).contains("the most that is read"));
}

#[test]
fn touching_spans_and_a_day_to_midnight_are_allowed() {
    let rest = "[hours]\nfri = [\"00:00-12:00\", \"12:00-24:00\"]";
    let calendar = Calendar::parse(&with(rest)).unwrap();
    let friday = date(2026, 3, 6);
    let spans = calendar.open_spans(friday);
    assert_eq!(spans[0].to, spans[1].from);
    assert_eq!(calendar.close_of(friday), Some(calendar.zone().day_end(friday)));
    let before = Timestamp(spans[1].to.0 - 1);
    assert!(calendar.is_open_at(before));
    assert!(!calendar.is_open_at(spans[1].to));
}

#[test]
fn a_span_the_clocks_skip_is_not_open() {
    let rest = "[hours]\nsun = [\"02:10-02:50\"]";
    let calendar = Calendar::parse(&with(rest)).unwrap();
    assert_eq!(calendar.open_spans(date(2026, 3, 29)), []);
    assert_eq!(calendar.close_of(date(2026, 3, 29)), None);
    assert_eq!(calendar.open_spans(date(2026, 3, 22)).len(), 1);
}

#[test]
fn days_follow_one_another_where_the_clocks_go_back_over_midnight() {
    // Newfoundland went back from 00:01 to 23:01 of the day before until 2011.
    let calendar = Calendar::always("1", Zone::named("America/St_Johns").unwrap());
    let zone = calendar.zone();
    let start = zone.day_start(date(2010, 11, 7));
    assert_eq!(zone.rfc3339(start), "2010-11-07T00:00:00-02:30");
    let minute = 60_000_000;
    let later = |minutes: i64| Timestamp(start.0 + minutes * minute);
    assert_eq!(zone.local(later(30)).date(), date(2010, 11, 6));
    for minutes in 0..1500 {
        let expected = if minutes < 25 * 60 { 7 } else { 8 };
        assert_eq!(calendar.day_of(later(minutes)), date(2010, 11, expected), "{minutes}");
    }
}
