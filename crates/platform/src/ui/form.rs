//! Forms that keep what the person typed.
//!
//! A form is described once; the same description prints it, reads a submission back into it,
//! checks what can be checked without knowledge of the subject, and prints it again with what was
//! typed and what is wrong, beside each field and in a summary at the top.

use super::html::component;
use super::{CSRF_FIELD, Html, KEY_FIELD, VERSION_FIELD};
use crate::words::Words;
use askama::Template;

/// The longest text a field takes unless it says otherwise, in characters.
const LENGTH_MAX: usize = 2_000;

/// One of several values to choose from.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A further line, for radio buttons and boxes.
    pub hint: String,
}

impl Choice {
    /// A value and its word.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// A further line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// What kind of value a field takes.
#[derive(Clone, Debug)]
pub enum Kind {
    /// One line.
    Text,
    /// Several lines; the number of rows shown.
    Area(u16),
    /// An address for mail.
    Email,
    /// A secret: never printed back.
    Password,
    /// A code of digits sent to or made by the person's device.
    OneTimeCode,
    /// A number, decimal point allowed.
    Number,
    /// A date, `2026-03-09`.
    Date,
    /// A date and a time of day without zone, `2026-03-09T16:30`; the label names the zone.
    DateTime,
    /// A web address.
    Url,
    /// A search.
    Search,
    /// One of many, in a menu.
    Select(Vec<Choice>),
    /// One of few, all in view.
    Radio(Vec<Choice>),
    /// Any of few.
    Boxes(Vec<Choice>),
    /// Yes or no; yes is sent as `on`.
    Box,
    /// A file; what it accepts (`.csv,text/csv`). Never printed back.
    File(String),
    /// Not shown.
    Hidden,
}

/// A field of a form.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/field.html")]
pub struct Field {
    w: Words,
    name: String,
    /// The name within the page: several forms of a page may have a field of the same name.
    id: String,
    label: String,
    hint: String,
    kind: Kind,
    values: Vec<String>,
    error: Option<String>,
    required: bool,
    length_max: usize,
    autocomplete: Option<String>,
    several: bool,
}
component!(Field);

impl Field {
    /// A field. `name` is what is sent: letters, digits, `_`, `-`.
    #[must_use]
    pub fn new(w: Words, name: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        let name = name.into();
        Self {
            w,
            id: name.clone(),
            name,
            label: label.into(),
            hint: String::new(),
            kind,
            values: Vec::new(),
            error: None,
            required: false,
            length_max: LENGTH_MAX,
            autocomplete: None,
            several: false,
        }
    }

    /// A line that helps, under the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Must be filled in.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The longest text it takes, in characters.
    #[must_use]
    pub const fn max(mut self, length_max: usize) -> Self {
        self.length_max = length_max;
        self
    }

    /// What stands in it at first.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values = vec![value.into()];
        self
    }

    /// Which boxes are ticked at first.
    #[must_use]
    pub fn values(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.values = values.into_iter().map(Into::into).collect();
        self
    }

    /// Takes several files at once.
    #[must_use]
    pub const fn several(mut self) -> Self {
        self.several = true;
        self
    }

    /// What the browser may fill in (the `autocomplete` tokens of HTML).
    #[must_use]
    pub fn autocomplete(mut self, token: impl Into<String>) -> Self {
        self.autocomplete = Some(token.into());
        self
    }

    fn first(&self) -> &str {
        match self.kind {
            Kind::Password | Kind::OneTimeCode | Kind::File(_) => "",
            _ => self.values.first().map_or("", String::as_str),
        }
    }

    fn holds(&self, value: &str) -> bool {
        self.values.iter().any(|v| v == value)
    }

    fn input_type(&self) -> &'static str {
        match self.kind {
            Kind::Email => "email",
            Kind::Password => "password",
            Kind::Date => "date",
            Kind::DateTime => "datetime-local",
            Kind::Url => "url",
            Kind::Search => "search",
            _ => "text",
        }
    }

    fn inputmode(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Number => Some("decimal"),
            Kind::OneTimeCode => Some("numeric"),
            _ => None,
        }
    }

    fn is_radio(&self) -> bool {
        matches!(self.kind, Kind::Radio(_))
    }

    /// The ids of what describes the control, for `aria-describedby`.
    fn described_by(&self) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| format!("h-{}", self.id));
        let error = self.error.as_ref().map(|_| format!("e-{}", self.id));
        match (error, hint) {
            (Some(e), Some(h)) => Some(format!("{e} {h}")),
            (one, other) => one.or(other),
        }
    }

    /// What is wrong with what was typed, as far as the form itself can tell.
    fn fault(&self) -> Option<String> {
        let w = self.w;
        let text = self.values.first().map_or("", String::as_str);
        if self.values.iter().all(|v| v.trim().is_empty()) {
            let key = if matches!(self.kind, Kind::Select(_) | Kind::Radio(_) | Kind::Boxes(_)) {
                "field-choose"
            } else {
                "field-required"
            };
            return self.required.then(|| w.t1(key, "field", &self.label));
        }
        let length = text.chars().count();
        if length > self.length_max {
            return Some(w.ta(
                "field-too-long",
                &[
                    ("field", (&self.label).into()),
                    ("max", self.length_max.into()),
                    ("length", length.into()),
                ],
            ));
        }
        let one = |key: &str| Some(w.t1(key, "field", &self.label));
        match &self.kind {
            Kind::Select(choices) | Kind::Radio(choices) | Kind::Boxes(choices) => {
                let known = |v: &String| choices.iter().any(|c| c.value == *v);
                (!self.values.iter().all(known))
                    .then(|| w.t1("field-not-a-choice", "field", &self.label))
            }
            Kind::Number if text.trim().parse::<f64>().map_or(true, |n| !n.is_finite()) => {
                one("field-not-a-number")
            }
            Kind::Date if !is_date(text) => one("field-not-a-date"),
            Kind::DateTime if !is_date_time(text) => one("field-not-a-time"),
            Kind::Email if !looks_like_mail(text.trim()) => one("field-not-a-mail-address"),
            Kind::Url if !(text.starts_with("https://") || text.starts_with("http://")) => {
                one("field-not-a-web-address")
            }
            _ => None,
        }
    }
}

/// `2026-03-09` and nothing else (the parser alone would also take a time).
fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// `2026-03-09T16:30`, seconds allowed, without zone (the parser alone would also take a bare date).
fn is_date_time(text: &str) -> bool {
    text.len() >= 16 && !text.contains('[') && text.parse::<jiff::civil::DateTime>().is_ok()
}

/// One `@` with something on both sides and a dot-free or dotted host; mail itself is the proof.
fn looks_like_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && !text.chars().any(char::is_whitespace)
    })
}

/// One fault of a submission: the field's name (empty for the whole form) and the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormFault {
    /// The field, or empty.
    pub field: String,
    /// What is wrong and what to do.
    pub text: String,
}

#[derive(Clone, Debug)]
enum Part {
    Field(Box<Field>),
    Heading(String),
    Markup(Html),
}

/// A form.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/form.html")]
pub struct Form {
    w: Words,
    prefix: String,
    action: String,
    get: bool,
    hidden: Vec<(String, String)>,
    parts: Vec<Part>,
    submit: String,
    grave: bool,
    compact: bool,
    cancel: Option<String>,
    faults: Vec<FormFault>,
}
component!(Form);

impl Form {
    /// A form that is sent by POST with the session's anti-forgery token.
    #[must_use]
    pub fn post(
        w: Words,
        action: impl Into<String>,
        csrf: impl Into<String>,
        submit: impl Into<String>,
    ) -> Self {
        Self {
            w,
            prefix: String::new(),
            action: action.into(),
            get: false,
            hidden: vec![(CSRF_FIELD.to_owned(), csrf.into())],
            parts: Vec::new(),
            submit: submit.into(),
            grave: false,
            compact: false,
            cancel: None,
            faults: Vec::new(),
        }
    }

    /// A form that asks (search, filters): sent by GET, its values stand in the address.
    #[must_use]
    pub fn get(w: Words, action: impl Into<String>, submit: impl Into<String>) -> Self {
        Self { get: true, hidden: Vec::new(), ..Self::post(w, action, "", submit) }
    }

    /// Makes a repeated submission harmless: the command's idempotency key.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        self.hide(KEY_FIELD, key)
    }

    /// The version of the record that the form was filled in against.
    #[must_use]
    pub fn version(self, version: u64) -> Self {
        self.hide(VERSION_FIELD, version.to_string())
    }

    /// A value that is sent along unseen.
    #[must_use]
    pub fn hide(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// Keeps this form's fields apart from those of the other forms of its page, where two have a field
    /// of the same name. Letters, digits, `_`, `-`.
    #[must_use]
    pub fn apart(mut self, prefix: &str) -> Self {
        self.prefix = format!("{prefix}-");
        for part in &mut self.parts {
            if let Part::Field(field) = part {
                field.id = format!("{}{}", self.prefix, field.name);
            }
        }
        self
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, mut field: Field) -> Self {
        field.id = format!("{}{}", self.prefix, field.name);
        self.parts.push(Part::Field(Box::new(field)));
        self
    }

    /// Adds a heading between fields.
    #[must_use]
    pub fn heading(mut self, heading: impl Into<String>) -> Self {
        self.parts.push(Part::Heading(heading.into()));
        self
    }

    /// Adds text or a component between fields.
    #[must_use]
    pub fn say(mut self, markup: impl Into<Html>) -> Self {
        self.parts.push(Part::Markup(markup.into()));
        self
    }

    /// The way out without saving.
    #[must_use]
    pub fn cancel(mut self, href: impl Into<String>) -> Self {
        self.cancel = Some(href.into());
        self
    }

    /// Fields in a row: filters above a list.
    #[must_use]
    pub const fn compact(mut self) -> Self {
        self.compact = true;
        self
    }

    /// What it does cannot be taken back.
    #[must_use]
    pub const fn grave(mut self) -> Self {
        self.grave = true;
        self
    }

    /// Reads a submission into the fields: what was typed is kept, whether right or wrong.
    /// Unknown names are ignored; line ends become `\n`. Key and version are taken over, so that a
    /// form shown again is the same command against the same state.
    pub fn fill(&mut self, pairs: &[(String, String)]) {
        for field in self.fields_mut() {
            let sent = pairs
                .iter()
                .filter(|(n, _)| *n == field.name)
                .map(|(_, v)| v.replace("\r\n", "\n"));
            field.values = sent.filter(|v| !v.is_empty()).collect();
            if !matches!(field.kind, Kind::Boxes(_)) {
                field.values.truncate(1);
            }
        }
        for (name, value) in &mut self.hidden {
            if (name == KEY_FIELD || name == VERSION_FIELD)
                && let Some((_, sent)) = pairs.iter().find(|(n, _)| n == name)
            {
                value.clone_from(sent);
            }
        }
    }

    /// Checks what the form itself can tell: presence, length, shape, choices.
    pub fn check(&mut self) {
        let mut faults = Vec::new();
        for field in self.fields_mut() {
            field.error = field.fault();
            if let Some(text) = &field.error {
                faults.push(FormFault { field: field.name.clone(), text: text.clone() });
            }
        }
        self.faults.extend(faults);
    }

    /// Says what is wrong with one field; an unknown or empty name speaks of the whole form.
    pub fn error(&mut self, field: &str, text: impl Into<String>) {
        let text = text.into();
        let known = self.fields_mut().find(|f| f.name == field);
        let name = known.map_or(String::new(), |f| {
            f.error = Some(text.clone());
            f.name.clone()
        });
        self.faults.push(FormFault { field: name, text });
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.faults.is_empty()
    }

    /// What is wrong.
    #[must_use]
    pub fn faults(&self) -> &[FormFault] {
        &self.faults
    }

    /// What was typed into a field, trimmed; empty where nothing was.
    #[must_use]
    pub fn typed(&self, name: &str) -> &str {
        self.fields()
            .find(|f| f.name == name)
            .and_then(|f| f.values.first())
            .map_or("", |v| v.trim())
    }

    /// Which boxes were ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> &[String] {
        self.fields().find(|f| f.name == name).map_or(&[], |f| f.values.as_slice())
    }

    /// A value sent along unseen (key, version, or one added with [`Form::hide`]).
    #[must_use]
    pub fn hidden(&self, name: &str) -> Option<&str> {
        self.hidden.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.parts.iter().filter_map(|p| match p {
            Part::Field(field) => Some(field.as_ref()),
            _ => None,
        })
    }

    fn fields_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        self.parts.iter_mut().filter_map(|p| match p {
            Part::Field(field) => Some(field.as_mut()),
            _ => None,
        })
    }

    fn sends_files(&self) -> bool {
        self.fields().any(|f| matches!(f.kind, Kind::File(_)))
    }
}
