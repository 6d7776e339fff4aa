//! Every key that is used exists in English; other languages have none of their own; numbers,
//! dates and spans as each language writes them.

use super::*;
use jiff::tz::TimeZone;
use kernel::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Keys of the messages of a language, by file.
fn keys(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in MESSAGES {
        let Some((folder, file)) = path.split_once('/') else { continue };
        if folder != language {
            continue;
        }
        let keys = text.lines().filter_map(|l| {
            let (key, _) = l.split_once('=')?;
            let key = key.trim_end();
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            (!key.is_empty()
                && key.starts_with(|c: char| c.is_ascii_alphabetic())
                && key.chars().all(plain))
            .then(|| key.to_owned())
        });
        found.entry(file.to_owned()).or_default().extend(keys);
    }
    found
}

/// Keys that templates and code name in `.t("…")`, `.t1("…"`, `.t2("…"`, `.ta("…"`, `.rich("…"`.
fn used() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in sources(&root().join("crates")) {
        let text = fs::read_to_string(&file).unwrap();
        // A call may be broken over lines by the formatter.
        let flat: String =
            text.split_whitespace().collect::<Vec<_>>().join(" ").replace("( \"", "(\"");
        for call in [".t(\"", ".t1(\"", ".t2(\"", ".ta(\"", ".rich(\""] {
            for rest in flat.split(call).skip(1) {
                if let Some((key, _)) = rest.split_once('"') {
                    found.insert(key.to_owned(), file.display().to_string());
                }
            }
        }
    }
    found
}

fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs" || e == "html")
            && !path.ends_with("words/tests.rs")
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_key_in_use_exists_in_english() {
    let w = Words::english();
    let used = used();
    assert!(used.len() > 50, "the search finds calls");
    let missing: Vec<_> =
        used.iter().filter(|(key, _)| !key.contains(['{', '$']) && !w.has(key)).collect();
    assert!(missing.is_empty(), "not in locales/en: {missing:#?}");
}

#[test]
fn messages_can_be_read_and_no_key_is_given_twice() {
    assert_eq!(faults(), Vec::<String>::new());
}

#[test]
fn other_languages_have_no_keys_of_their_own_and_name_the_same_values() {
    let english: BTreeSet<String> = keys("en").into_values().flatten().collect();
    for words in Words::all().filter(|w| w.tag() != "en") {
        for (file, keys) in keys(words.tag()) {
            let strange: Vec<_> = keys.difference(&english).collect();
            assert!(
                strange.is_empty(),
                "{}/{file} has keys that English lacks: {strange:?}",
                words.tag()
            );
        }
    }
    let mut values: BTreeMap<String, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
    for (path, text) in MESSAGES {
        let (language, _) = path.split_once('/').unwrap();
        let mut key = String::new();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            if !line.starts_with([' ', '}', ']']) {
                key = line.split('=').next().unwrap().trim().to_owned();
            }
            let names =
                line.split("{ $").skip(1).map(|r| r.split([' ', '}']).next().unwrap().to_owned());
            values.entry(key.clone()).or_default().entry(language).or_default().extend(names);
        }
    }
    for (key, by_language) in values {
        let Some(english) = by_language.get("en") else { continue };
        for (language, names) in &by_language {
            assert!(
                names.is_subset(english),
                "{language}: {key} names {names:?}, English {english:?}"
            );
        }
    }
}

#[test]
fn the_frame_and_its_forms_speak_every_language() {
    let frame: BTreeSet<String> =
        ["ui.ftl", "format.ftl"].iter().flat_map(|f| keys("en").remove(*f).unwrap()).collect();
    for words in Words::all() {
        let missing: Vec<_> =
            frame.iter().filter(|k| !words.has(k) && *k != "ui-example-late").collect();
        assert!(missing.is_empty(), "{} lacks {missing:?}", words.tag());
    }
}

#[test]
fn a_language_is_found_by_tag_or_header() {
    assert_eq!(Words::of("pt-BR").unwrap().tag(), "pt");
    assert!(Words::of("tlh").is_none() && Words::of("").is_none());
    assert_eq!(Words::negotiate("da, de;q=0.8, en;q=0.9").tag(), "en");
    assert_eq!(Words::negotiate("de-AT,en;q=0.5").tag(), "de");
    assert_eq!(Words::negotiate("fr;q=0, ja;q=0.1").tag(), "ja");
    for odd in ["", "*", ";;;,,,", "de;q=NaN", "\u{1f600}", &"x,".repeat(5000)] {
        let _ = Words::negotiate(odd);
    }
    assert_eq!(Words::of("ar").unwrap().dir(), "rtl");
}

#[test]
fn a_missing_key_is_seen_and_a_missing_language_reads_english() {
    assert_eq!(Words::english().t("no-such-key"), "no-such-key");
    assert_eq!(Words::of("de").unwrap().t("design-title"), "What is a page made of?");
}

#[test]
fn plurals_follow_the_number() {
    let w = Words::english();
    assert_eq!(w.t1("form-faults", "count", 1), "One thing needs your attention");
    assert_eq!(w.t1("form-faults", "count", 3_u64), "3 things need your attention");
    assert_eq!(w.t2("pager-shown-of", "shown", 50, "total", 1_264_u64), "50 of 1,264 shown");
}

#[test]
fn markup_passes_through_a_sentence_and_text_is_escaped() {
    let w = Words::english();
    let link = Html::link("/a", "<4>");
    assert_eq!(
        w.rich("ui-example-late", &[], &[("cases", link)]).as_str(),
        "<a href=\"/a\">&lt;4&gt;</a> are late."
    );
    // Plain values cannot smuggle in the sign that stands for markup, nor markup itself.
    let odd = w.rich(
        "design-answer",
        &[("count", "<b>\u{e000}\u{e001}".into())],
        &[("other", Html::trusted("<hr>"))],
    );
    assert_eq!(odd.as_str(), "&lt;b&gt; kinds of parts, all of them below with fictional data.");
}

#[test]
fn numbers_are_grouped_as_the_language_does() {
    let show = |tag: &str| {
        let w = Words::of(tag).unwrap();
        (w.number(1_234_567), w.number(-1234), w.decimal(1234.5, 1), w.percent(0.9921, 1))
    };
    let owned = |a: &str, b: &str, c: &str, d: &str| (a.into(), b.into(), c.into(), d.into());
    assert_eq!(show("en"), owned("1,234,567", "\u{2212}1,234", "1,234.5", "99.2\u{a0}%"));
    assert_eq!(show("de"), owned("1.234.567", "\u{2212}1.234", "1.234,5", "99,2\u{a0}%"));
    assert_eq!(
        show("fr"),
        owned("1\u{202f}234\u{202f}567", "\u{2212}1\u{202f}234", "1\u{202f}234,5", "99,2\u{a0}%")
    );
    assert_eq!(show("es"), owned("1.234.567", "\u{2212}1234", "1234,5", "99,2\u{a0}%"));
    let w = Words::english();
    assert_eq!(
        (w.number(0), w.number(999), w.number(u64::MAX)),
        ("0".into(), "999".into(), "18,446,744,073,709,551,615".into())
    );
    assert_eq!((w.size(900), w.size(4_404_019)), ("900\u{a0}B".into(), "4.2\u{a0}MiB".into()));
    assert_eq!(Style::COMMA.decimal("NaN"), "NaN");
}

#[test]
fn moments_carry_their_offset_on_both_sides_of_a_clock_change() {
    let w = Words::english();
    let zone = TimeZone::get("America/New_York").unwrap();
    let at = |t: &str| Timestamp::parse(t).unwrap();
    assert_eq!(w.moment(at("2026-03-08T06:59:00Z"), &zone), "8 March 2026, 01:59 UTC\u{2212}5");
    assert_eq!(w.moment(at("2026-03-08T07:00:00Z"), &zone), "8 March 2026, 03:00 UTC\u{2212}4");
    assert_eq!(
        w.due(at("2026-03-13T21:00:00Z"), &zone),
        "Friday 13 March 2026, 17:00 UTC\u{2212}4"
    );
    let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
    assert_eq!(w.moment(at("2026-01-01T00:00:00Z"), &kolkata), "1 January 2026, 05:30 UTC+5:30");
    assert_eq!(w.moment(at("2026-01-01T00:00:00Z"), &TimeZone::UTC), "1 January 2026, 00:00 UTC");
}

#[test]
fn dates_are_written_as_the_language_does() {
    let first = jiff::civil::date(2026, 3, 1);
    let show = |tag: &str| Words::of(tag).unwrap().date(first);
    assert_eq!(show("de"), "1. März 2026");
    assert_eq!(show("fr"), "1er mars 2026");
    assert_eq!(show("es"), "1 de marzo de 2026");
    assert_eq!(show("ja"), "2026年3月1日");
    // In right-to-left text each value is set apart, so that numbers keep their place.
    assert_eq!(show("ar").replace(['\u{2068}', '\u{2069}'], ""), "\u{200f}1 مارس 2026");
    assert!(show("ar").contains('\u{2068}') && !show("de").contains('\u{2068}'));
}

#[test]
fn spans_have_at_most_two_units() {
    let w = Words::english();
    let spans = [0, 59, 60, 3599, 3600, 23_400, 86_400, 187_500, -90]
        .map(|s| w.span(s).replace('\u{a0}', ""));
    assert_eq!(spans, ["0s", "59s", "1min", "59min", "1h", "6h 30min", "1d", "2d 4h", "1min"]);
}
