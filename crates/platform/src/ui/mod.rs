//! What a page is made of: the shell around it and the components inside it.
//!
//! A page is an askama template that says `{% extends "shell.html" %}` and a struct with a field
//! `shell: Shell`. Components are values that print themselves: `{{ table }}`, `{{ form }}`,
//! `{{ status }}`. They hold their [`Words`](crate::words::Words), escape what they are given and
//! need no script. `docs/guide/interface.md` shows a list page and a form page from end to end.

pub mod assets;
mod chart;
mod design;
#[cfg(test)]
mod example;
mod export;
mod form;
mod html;
mod page;
mod parts;
mod query;
mod shell;
mod table;
mod timeline;

pub use assets::asset_url;
pub use chart::Chart;
pub use design::design_page;
pub use export::{ListFormat, WordList};
pub use form::{Choice, Field, Form, FormFault, Kind};
pub use html::{Html, safe_href};
pub use page::{Page, PublicPage, buttons, facts, fold, heading, prose, stack};
pub use parts::{
    Button, Definition, Empty, Figure, Figures, Hash, NextStep, Note, Progress, ProgressState,
    Status, Steps, Tone,
};
pub use query::ListQuery;
pub use shell::{Crumb, Engagement, Flash, Language, NavItem, Person, Shell, Tab, Theme};
pub use table::{Cell, Column, ColumnChoice, Export, Filter, Pager, Row, SavedFilter, Table};
pub use timeline::{Entry, Proof, Timeline};

/// The name of the form field that carries the session's anti-forgery token.
pub const CSRF_FIELD: &str = "csrf";
/// The name of the form field that makes a repeated submission harmless (a command's key).
pub const KEY_FIELD: &str = "key";
/// The name of the form field that carries the version of what was shown.
pub const VERSION_FIELD: &str = "version";

/// A sign from the product's own small set (`static/icons.svg`), hidden from screen readers: a
/// word stands beside it.
#[must_use]
pub fn icon(name: &str) -> Html {
    Html::trusted(format!(
        "<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"{}#{}\"></use></svg>",
        asset_url("icons.svg"),
        Html::text(name)
    ))
}

#[cfg(test)]
mod tests;
