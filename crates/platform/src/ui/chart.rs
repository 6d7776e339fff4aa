//! A chart on a page: the picture, its caption, and its figures as a table.

use super::Html;
use super::html::component;
use crate::words::Words;
use askama::Template;

/// A chart made on the server (SVG with its own title and description) and the same figures as rows.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/chart.html")]
pub struct Chart {
    w: Words,
    id: String,
    caption: String,
    svg: Html,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}
component!(Chart);

impl Chart {
    /// `id` is unique in the page; `svg` is markup that the product drew. The first cell of each
    /// row is its heading.
    #[must_use]
    pub fn new(
        w: Words,
        id: impl Into<String>,
        caption: impl Into<String>,
        svg: Html,
        header: Vec<String>,
        rows: Vec<Vec<String>>,
    ) -> Self {
        Self { w, id: id.into(), caption: caption.into(), svg, header, rows }
    }
}
