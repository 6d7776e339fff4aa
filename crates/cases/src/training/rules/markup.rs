//! How prose becomes a page: headings, lists, bold, emphasis and links of a plain text; everything
//! else is text. Nothing that the writer types becomes markup of its own.

use platform::ui::{Html, safe_href};

/// The page of a prose. `## ` is a heading, `- ` an item, `1. ` a numbered item, `**bold**`,
/// `*emphasis*`, `[text](address)` for addresses that may be linked; an empty line ends a paragraph.
#[must_use]
pub fn page(text: &str) -> Html {
    let mut out = String::new();
    let mut open: Option<&'static str> = None;
    let mut close = |out: &mut String, now: Option<&'static str>| {
        if open != now {
            if let Some(tag) = open {
                out.push_str(&format!("</{tag}>"));
            }
            if let Some(tag) = now {
                out.push_str(&format!("<{tag}>"));
            }
            open = now;
        } else if now == Some("p") {
            out.push_str("<br>");
        }
    };
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() {
            close(&mut out, None);
        } else if let Some(heading) = line.strip_prefix("## ") {
            close(&mut out, None);
            out.push_str(&format!("<h2>{}</h2>", inline(heading)));
        } else if let Some(item) = line.strip_prefix("- ") {
            close(&mut out, Some("ul"));
            out.push_str(&format!("<li>{}</li>", inline(item)));
        } else if let Some(item) = numbered(line) {
            close(&mut out, Some("ol"));
            out.push_str(&format!("<li>{}</li>", inline(item)));
        } else {
            close(&mut out, Some("p"));
            out.push_str(&inline(line));
        }
    }
    close(&mut out, None);
    Html::trusted(out)
}

fn numbered(line: &str) -> Option<&str> {
    let (number, rest) = line.split_once(". ")?;
    (!number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit()))
        .then_some(rest)
}

/// Text with its bold, emphasis and links.
fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['*', '[']) {
        let (before, from) = rest.split_at(at);
        out.push_str(Html::text(before).as_str());
        let bold = from.strip_prefix("**").and_then(|r| r.split_once("**"));
        let weak = from.strip_prefix('*').and_then(|r| r.split_once('*'));
        let link = from
            .strip_prefix('[')
            .and_then(|r| r.split_once("]("))
            .and_then(|(label, r)| r.split_once(')').map(|(href, after)| (label, href, after)))
            .filter(|(label, href, _)| {
                !label.contains('[') && safe_href(href) && !href.contains(char::is_whitespace)
            });
        if let Some((label, href, after)) = link {
            out.push_str(Html::link(href, label).as_str());
            rest = after;
        } else if let Some((strong, after)) = bold.filter(|(s, _)| !s.is_empty()) {
            out.push_str(&format!("<b>{}</b>", Html::text(strong)));
            rest = after;
        } else if let Some((word, after)) = weak.filter(|(s, _)| !s.is_empty()) {
            out.push_str(&format!("<em>{}</em>", Html::text(word)));
            rest = after;
        } else {
            let (sign, after) = from.split_at(1);
            out.push_str(sign);
            rest = after;
        }
    }
    out.push_str(Html::text(rest).as_str());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prose_has_headings_lists_and_links() {
        let html = page(
            "## Why\nA **bold** and *soft* word\non two lines.\n\n- one\n- [two](/report)\n1. first\n",
        );
        assert_eq!(
            html.as_str(),
            "<h2>Why</h2><p>A <b>bold</b> and <em>soft</em> word<br>on two lines.</p><ul><li>one</li><li><a href=\"/report\">two</a></li></ul><ol><li>first</li></ol>"
        );
    }

    #[test]
    fn nothing_typed_becomes_markup_of_its_own() {
        let html = page("<script>alert(1)</script> [x](javascript:alert(1)) **<b onclick=x>**");
        let text = html.as_str();
        assert!(
            !text.contains("<script")
                && !text.contains("href=\"javascript")
                && !text.contains("<b "),
            "{text}"
        );
    }

    proptest! {
        #[test]
        fn only_these_elements_are_made(text in "[<>\\[\\]()*#\\-.\"'a-c1 \n:/]{0,80}") {
            let html = page(&text);
            let mut rest = html.as_str();
            while let Some(at) = rest.find('<') {
                let tag = rest[at + 1..].split('>').next().unwrap_or_default();
                let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
                prop_assert!(["h2", "p", "br", "ul", "ol", "li", "b", "em", "a"].contains(&name), "{tag}");
                prop_assert!(name == "a" || !tag.contains(' '), "no attributes: {tag}");
                rest = &rest[at + 1..];
            }
        }
    }
}
