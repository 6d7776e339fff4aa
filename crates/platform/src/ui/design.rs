//! The living page of all components, at `/design`.

use super::Shell;
use askama::Template;

/// Renders the page; the caller gives the frame (rooms, person, theme).
///
/// # Errors
/// Only when the template itself fails, which no input can cause.
pub fn design_page(shell: &Shell) -> Result<String, askama::Error> {
    DesignPage { shell }.render()
}

#[derive(Template)]
#[template(path = "design.html")]
struct DesignPage<'a> {
    shell: &'a Shell,
}
