//! Reads every template and style of the workspace for what the content security policy forbids,
//! and the colours for their contrast.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn templates() -> Vec<(String, String)> {
    fn walk(dir: &Path, found: &mut Vec<(String, String)>) {
        let Ok(entries) = fs::read_dir(dir) else { return };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "html") {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(crates()).unwrap() {
        walk(&entry.unwrap().path().join("templates"), &mut found);
    }
    found
}

/// What a template holds that the policy forbids, or that would need evaluation in the browser.
fn faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let tag = tag_of(rest);
        let lower = tag.to_ascii_lowercase();
        if lower.starts_with("style") {
            faults.push("a <style> element".to_owned());
        }
        if lower.starts_with("script") && !lower.contains(" src=") {
            faults.push("a <script> without src".to_owned());
        }
        if lower.contains("javascript:") {
            faults.push("a javascript: address".to_owned());
        }
        for name in attributes(&lower) {
            if name == "style"
                || name.starts_with("hx-on")
                || name == "hx-vals" && lower.contains("js:")
            {
                faults.push(format!("the attribute {name}"));
            }
            if name.starts_with("on") && name.len() > 4 {
                faults.push(format!("the handler {name}"));
            }
        }
        if lower.contains("hx-trigger") && lower.contains('[') && !lower.contains("{%") {
            faults.push("an hx-trigger with a condition, which needs evaluation".to_owned());
        }
    }
    faults
}

/// The text of a tag up to its `>`, which may stand inside quotes or template expressions.
fn tag_of(text: &str) -> &str {
    let (mut quote, mut braces) = (None, 0_usize);
    let mut previous = ' ';
    for (i, c) in text.char_indices() {
        match c {
            '{' | '%' if previous == '{' => braces += 1,
            '}' if (previous == '}' || previous == '%') && braces > 0 => braces -= 1,
            '"' | '\'' if braces == 0 && quote.is_none() => quote = Some(c),
            _ if braces == 0 && quote == Some(c) => quote = None,
            '>' if braces == 0 && quote.is_none() => return text.split_at(i).0,
            _ => {}
        }
        previous = c;
    }
    text
}

/// Names before `=` in a tag.
fn attributes(tag: &str) -> impl Iterator<Item = &str> {
    tag.split('=').map(|before| {
        let end = before.trim_end();
        end.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == ':'))
            .next()
            .unwrap_or_default()
    })
}

#[test]
fn no_template_holds_what_the_policy_forbids() {
    let all = templates();
    assert!(all.len() > 15, "the templates are found");
    let wrong: BTreeMap<_, _> = all
        .iter()
        .map(|(path, text)| (path, faults(text)))
        .filter(|(_, f)| !f.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_reader_finds_each_thing_it_looks_for() {
    for bad in [
        "<p style=\"color:red\">",
        "<style>a{}</style>",
        "<script>1</script>",
        "<a href=\"javascript:x\">",
        "<a onclick=\"x\">",
        "<img alt=\"a>b\" onerror='x'>",
        "<div hx-on:click=\"x\">",
        "<p class=\"{% if a > b %}c{% endif %}\" style=\"x\">",
        "<a hx-trigger=\"click[ctrlKey]\">",
    ] {
        assert!(!faults(bad).is_empty(), "{bad}");
    }
    for good in [
        "<script src=\"/a.js\" defer></script>",
        "<p class=\"one\">a style=b</p>",
        "<link rel=\"stylesheet\" href=\"a\">",
        "<button name=\"on\" value=\"on\">",
        "{% if content == once %}<p>{% endif %}",
    ] {
        assert_eq!(faults(good), Vec::<String>::new(), "{good}");
    }
}

#[test]
fn templates_trust_markup_only_where_it_is_made() {
    // `|safe` prints without escaping. Components make it needless; whoever needs it names the place here.
    let known: [&str; 0] = [];
    for (path, text) in templates() {
        let unescaped =
            text.contains("|safe") || text.contains("| safe") || text.contains("escape(\"none\")");
        assert!(
            !unescaped || known.iter().any(|k| path.ends_with(k)),
            "{path} prints without escaping"
        );
    }
}

// colours --------------------------------------------------------------------------------------

type Colour = (f64, f64, f64);

fn colour(hex: &str) -> Colour {
    let part = |at: usize| {
        f64::from(u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0
    };
    (part(1), part(3), part(5))
}

/// Relative luminance, WCAG 2.2.
fn luminance((r, g, b): Colour) -> f64 {
    let f = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b)
}

/// Contrast ratio, WCAG 2.2.
fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(colour(a)), luminance(colour(b)));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The variables of each side (light, dark), as `app.css` gives them.
fn schemes() -> Vec<(String, BTreeMap<String, String>)> {
    let css = fs::read_to_string(crates().join("platform/static/app.css")).unwrap();
    let block = |selector: &str| {
        let after = css.split(&format!("{selector} {{")).nth(1).unwrap();
        after.split('}').next().unwrap().to_owned()
    };
    let mut found = Vec::new();
    for side in ["public", "org", "firm"] {
        let mut text = block("\n:root");
        if side != "public" {
            text.push_str(&block(&format!(":root[data-side=\"{side}\"]")));
        }
        for (scheme, index) in [("light", 0), ("dark", 1)] {
            let mut variables = BTreeMap::new();
            for line in text.lines() {
                let Some((name, value)) = line.trim().split_once(": ") else { continue };
                let value = value.trim_end_matches(';');
                let picked = match value.strip_prefix("light-dark(") {
                    Some(pair) => pair.trim_end_matches(')').split(", ").nth(index).unwrap(),
                    None => value,
                };
                if name.starts_with("--") && picked.starts_with('#') {
                    variables.insert(name.trim_start_matches("--").to_owned(), picked.to_owned());
                }
            }
            found.push((format!("{side} {scheme}"), variables));
        }
    }
    found
}

#[test]
fn text_and_marks_have_enough_contrast_on_every_side_in_light_and_dark() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.001);
    let text = [
        ("ink", "paper"),
        ("ink", "surface"),
        ("ink", "raised"),
        ("ink", "accent-weak"),
        ("ink", "missed-weak"),
        ("muted", "paper"),
        ("muted", "surface"),
        ("muted", "raised"),
        ("muted", "accent-weak"),
        ("accent", "paper"),
        ("accent", "surface"),
        ("accent", "raised"),
        ("accent", "accent-weak"),
        ("accent", "missed-weak"),
        ("paper", "accent"),
        ("paper", "ink"),
        ("on-band", "band"),
        ("good", "paper"),
        ("good", "surface"),
        ("attention", "paper"),
        ("attention", "surface"),
        ("missed", "paper"),
        ("missed", "surface"),
        ("missed", "accent-weak"),
        ("missed", "missed-weak"),
        ("missed", "raised"),
    ];
    let marks = [
        ("edge", "paper"),
        ("edge", "surface"),
        ("edge", "raised"),
        ("edge", "accent-weak"),
        ("focus", "paper"),
        ("focus", "surface"),
        ("focus", "accent-weak"),
    ];
    for (name, colours) in schemes() {
        let measure = |a: &str, b: &str| contrast(&colours[a], &colours[b]);
        for (front, ground) in text {
            let ratio = measure(front, ground);
            assert!(ratio >= 4.5, "{name}: {front} on {ground} has {ratio:.2}, text needs 4.5");
        }
        for (front, ground) in marks {
            let ratio = measure(front, ground);
            assert!(ratio >= 3.0, "{name}: {front} on {ground} has {ratio:.2}, marks need 3");
        }
    }
}

#[test]
fn red_is_for_a_missed_promise_only() {
    // A rule that uses the red says in its selector that it is about something missed.
    for file in ["app.css", "parts.css"] {
        let css = fs::read_to_string(crates().join("platform/static").join(file)).unwrap();
        for rule in css.split('}') {
            let Some((selector, body)) = rule.rsplit_once('{') else { continue };
            if body.contains("var(--missed") {
                assert!(selector.contains("missed"), "{file}: {}", selector.trim());
            }
        }
    }
}
