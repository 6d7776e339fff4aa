//! Writing SVG.

use std::fmt::Write as _;

use super::{About, Chart, Table};

/// The width of every chart in user units; CSS scales it to the column.
pub(super) const WIDTH: f64 = 720.0;
/// The size of chart text in user units; `charts.css` sets the same.
const TEXT_SIZE: f64 = 13.0;

/// An SVG being written.
pub(super) struct Svg {
    id: String,
    kind: &'static str,
    body: String,
}

impl Svg {
    pub(super) fn new(about: &About<'_>, kind: &'static str) -> Self {
        let id: String =
            about.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        Self { id, kind, body: String::new() }
    }

    /// `attributes` are written as they are: only literals and numbers may go there.
    pub(super) fn element(&mut self, name: &str, attributes: &str) {
        let _ = write!(self.body, "<{name} {attributes}/>");
    }

    /// An element with a tooltip, for a reader with a pointer; a screen reader has the table.
    pub(super) fn element_with_title(&mut self, name: &str, attributes: &str, title: &str) {
        let _ = write!(self.body, "<{name} {attributes}><title>{}</title></{name}>", escape(title));
    }

    pub(super) fn rect(&mut self, class: &str, x: f64, y: f64, w: f64, h: f64, title: &str) {
        let attributes = format!(
            r#"class="{class}" x="{}" y="{}" width="{}" height="{}""#,
            n(x),
            n(y),
            n(w.max(0.0)),
            n(h.max(0.0))
        );
        if title.is_empty() {
            self.element("rect", &attributes);
        } else {
            self.element_with_title("rect", &attributes, title);
        }
    }

    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.element(
            "line",
            &format!(
                r#"class="{class}" x1="{}" y1="{}" x2="{}" y2="{}""#,
                n(from.0),
                n(from.1),
                n(to.0),
                n(to.1)
            ),
        );
    }

    pub(super) fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let _ = write!(
            self.body,
            r#"<text class="{class}" x="{}" y="{}">{}</text>"#,
            n(x),
            n(y),
            escape(text)
        );
    }

    /// Text that reads upwards, for the label of an axis at the side.
    pub(super) fn rotated(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let _ = write!(
            self.body,
            r#"<text class="{class}" transform="translate({} {}) rotate(-90)">{}</text>"#,
            n(x),
            n(y),
            escape(text)
        );
    }

    /// Text that rises to the right, for column headings wider than their columns.
    pub(super) fn slanted(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let shown = fit(text, 90.0);
        let _ = write!(
            self.body,
            r#"<text class="{class}" transform="translate({} {}) rotate(-48)">{}</text>"#,
            n(x),
            n(y),
            escape(&shown)
        );
    }

    /// Text cut to `width` with an ellipsis; the whole of it is the tooltip.
    pub(super) fn text_within(&mut self, class: &str, x: f64, y: f64, width: f64, text: &str) {
        let shown = fit(text, width);
        if shown == text {
            self.text(class, x, y, text);
        } else {
            let _ = write!(
                self.body,
                r#"<text class="{class}" x="{}" y="{}">{}<title>{}</title></text>"#,
                n(x),
                n(y),
                escape(&shown),
                escape(text)
            );
        }
    }

    pub(super) fn finish(self, about: &About<'_>, height: f64, table: Table) -> Chart {
        let Self { id, kind, body } = self;
        let svg = format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-{kind}" "#,
                r#"viewBox="0 0 {width} {height}" role="img" "#,
                r#"aria-labelledby="{id}-title {id}-desc">"#,
                r#"<title id="{id}-title">{title}</title><desc id="{id}-desc">{desc}</desc>{body}</svg>"#
            ),
            kind = kind,
            width = n(WIDTH),
            height = n(height),
            id = id,
            title = escape(about.title),
            desc = escape(about.description),
            body = body,
        );
        Chart { svg, table }
    }

    /// A chart without figures: a sentence in place of a picture.
    pub(super) fn empty(mut self, about: &About<'_>, table: Table) -> Chart {
        self.text("chart-label chart-middle", WIDTH / 2.0, 44.0, about.empty);
        self.finish(about, 80.0, table)
    }
}

/// How many of something, as a coordinate.
#[expect(clippy::cast_precision_loss, reason = "a chart has at most 5,000 of anything")]
pub(super) fn times(count: usize) -> f64 {
    count as f64
}

/// The width kept for names on the left: as wide as the widest, within reason.
pub(super) fn names_width<'a>(names: impl Iterator<Item = &'a str>) -> f64 {
    (names.map(width_of).fold(0.0, f64::max) + 14.0).clamp(40.0, WIDTH * 0.36)
}

/// A coordinate: at most two decimals, no trailing zeros, never `-0`.
pub(super) fn n(value: f64) -> String {
    let mut text = format!("{value:.2}");
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    if text == "-0" { "0".to_owned() } else { text }
}

/// Text safe between tags and in double-quoted attributes. Characters XML cannot hold become U+FFFD.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// About how wide `text` is in user units: Source Sans 3 averages half an em a letter.
pub(super) fn width_of(text: &str) -> f64 {
    text.chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => {
                0.29
            }
            'm' | 'w' | 'M' | 'W' | '—' | '…' | '@' | '%' => 0.84,
            c if c.is_ascii_uppercase() => 0.61,
            c if u32::from(c) >= 0x1100 => 1.0,
            _ => 0.51,
        })
        .sum::<f64>()
        * TEXT_SIZE
        // Room for the reader's own font, should ours not load.
        * 1.06
}

/// `text`, or as much of it as fits in `width` with an ellipsis.
fn fit(text: &str, width: f64) -> String {
    if width_of(text) <= width {
        return text.to_owned();
    }
    let mut shown = String::new();
    for c in text.chars() {
        shown.push(c);
        if width_of(&shown) + width_of("…") > width {
            shown.pop();
            break;
        }
    }
    format!("{}…", shown.trim_end())
}
