//! The pages of a document that regions were noted on, drawn as outlines beside the browser's own view of
//! it: where each annotation lies, with its number in the list below.

use crate::sheets::model::Annotation;
use crate::sheets::rules::PARTS;
use crate::sheets::rules::page_shape::Shape;
use platform::ui::Html;
use platform::words::Words;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A hundred parts of a drawing for each point of a page: whole numbers are exact enough.
const FINE: u64 = 100;

/// An annotation with its number in the list of the document's annotations, struck ones counted.
pub(super) fn numbered(all: &[Annotation]) -> impl Iterator<Item = (usize, &Annotation)> {
    (1..).zip(all).filter(|(_, a)| a.struck.is_none())
}

/// The outlines of the pages with annotations, in order. `shape` is none where it is not known: then the
/// outline is that of an upright page of A4, and says so.
pub(super) fn outlines(w: Words, all: &[Annotation], shape: Option<Shape>) -> Html {
    let mut pages: BTreeMap<u32, Vec<(usize, &Annotation)>> = BTreeMap::new();
    for (n, a) in numbered(all) {
        pages.entry(a.page).or_default().push((n, a));
    }
    if pages.is_empty() {
        return Html::default();
    }
    let drawn: String =
        pages.iter().map(|(page, on)| outline(w, *page, on, shape.unwrap_or(Shape::A4))).collect();
    let said = if shape.is_some() { "sheets-outline-said" } else { "sheets-outline-unknown" };
    Html::trusted(format!("<p>{}</p><div class=\"outlines\">{drawn}</div>", Html::text(&w.t(said))))
}

fn outline(w: Words, page: u32, on: &[(usize, &Annotation)], shape: Shape) -> String {
    let (width, height) = (u64::from(shape.width) * FINE, u64::from(shape.height) * FINE);
    let part = |of: u16, edge: u64| u64::from(of) * edge / u64::from(PARTS);
    // Letters as high as this part of the longer edge can be read at the size of an outline.
    let letter = width.max(height) / 22;
    let mut regions = String::new();
    for (n, a) in on {
        let r = a.region;
        let (x, y) = (part(r.x, width), part(r.y, height));
        let _ = write!(
            regions,
            "<g><title>{n}. {}</title><rect class=\"region\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\"></rect>\
             <text x=\"{}\" y=\"{}\" font-size=\"{letter}\">{n}</text></g>",
            Html::text(&a.note),
            part(r.width, width),
            part(r.height, height),
            x + letter / 4,
            y + letter,
        );
    }
    let caption = w.t1("sheets-outline-page", "page", page);
    let label = w.t2("sheets-outline-label", "page", page, "count", on.len());
    format!(
        "<figure class=\"outline\"><svg viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"xMinYMin meet\" role=\"img\" aria-label=\"{}\">\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\"></rect>{regions}</svg>\
         <figcaption>{}</figcaption></figure>",
        Html::text(&label),
        Html::text(&caption)
    )
}
