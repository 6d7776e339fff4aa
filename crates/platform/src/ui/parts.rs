//! Small components: statuses, figures, next steps, empty states, progress, hashes, buttons.

use super::html::component;
use super::{Html, icon, safe_href};
use crate::words::Words;
use askama::Template;

/// What a status means; decides its shape and then its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Not begun, or a plain fact. An empty circle.
    Neutral,
    /// Somebody must act. A circle half full.
    Waiting,
    /// Work goes on. A circle three quarters full.
    Underway,
    /// Done, met, accepted. A full circle with a tick.
    Good,
    /// Look at it before it is late. A triangle.
    Attention,
    /// A promise was missed. A diamond, and the only red thing on a page.
    Missed,
    /// Closed or withdrawn. A square.
    Closed,
}

impl Tone {
    /// All of them, in the order above.
    pub const ALL: [Self; 7] = [
        Self::Neutral,
        Self::Waiting,
        Self::Underway,
        Self::Good,
        Self::Attention,
        Self::Missed,
        Self::Closed,
    ];

    /// The name of the shape and of the class.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Waiting => "waiting",
            Self::Underway => "underway",
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Missed => "missed",
            Self::Closed => "closed",
        }
    }
}

/// A status: shape, word, colour, in that order of importance.
#[derive(Clone, Debug, Template)]
#[template(
    source = "<span class=\"status {{ tone.as_str() }}\">{{ shape }}<span>{{ word }}</span></span>",
    ext = "html"
)]
pub struct Status {
    tone: Tone,
    shape: Html,
    word: String,
}
component!(Status);

impl Status {
    /// A status in the reader's language.
    #[must_use]
    pub fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self { tone, shape: icon(&format!("status-{}", tone.as_str())), word: word.into() }
    }
}

/// A button or a link that looks like one.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/button.html")]
pub struct Button {
    label: String,
    href: String,
    csrf: Option<String>,
    hidden: Vec<(String, String)>,
    class: &'static str,
    key: Option<char>,
}
component!(Button);

impl Button {
    /// Goes somewhere. An unsafe address becomes `#`.
    #[must_use]
    pub fn link(href: impl Into<String>, label: impl Into<String>) -> Self {
        let href = Some(href.into()).filter(|h| safe_href(h)).unwrap_or_else(|| "#".to_owned());
        Self {
            label: label.into(),
            href,
            csrf: None,
            hidden: Vec::new(),
            class: "button",
            key: None,
        }
    }

    /// Does something: a form of its own with one button, sent by POST.
    #[must_use]
    pub fn post(
        action: impl Into<String>,
        csrf: impl Into<String>,
        label: impl Into<String>,
    ) -> Self {
        Self { csrf: Some(csrf.into()), ..Self::link(action, label) }
    }

    /// Sends a further value along (POST only).
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// The page's one main action.
    #[must_use]
    pub const fn primary(mut self) -> Self {
        self.class = "button primary";
        self
    }

    /// Less weight, for rows.
    #[must_use]
    pub const fn quiet(mut self) -> Self {
        self.class = "button quiet";
        self
    }

    /// Something that cannot be taken back.
    #[must_use]
    pub const fn grave(mut self) -> Self {
        self.class = "button grave";
        self
    }

    /// The letter that presses it while the keyboard is in its table row.
    #[must_use]
    pub const fn key(mut self, key: char) -> Self {
        self.key = Some(key);
        self
    }
}

/// What was counted, in which zone, under which rule: stands beside a figure and opens on demand.
/// It is a block: not inside a `<p>`.
#[derive(Clone, Debug, Template)]
#[template(
    source = "<details class=\"def\"><summary>{{ mark }}<span class=\"hidden\">{{ w.t1(\"definition-of\", \"what\", what) }}</span></summary><div class=\"def-text\">{{ text }}</div></details>",
    ext = "html"
)]
pub struct Definition {
    w: Words,
    mark: Html,
    what: String,
    text: Html,
}
component!(Definition);

impl Definition {
    /// The definition of a figure called `what`.
    #[must_use]
    pub fn new(w: Words, what: impl Into<String>, text: impl Into<Html>) -> Self {
        Self { w, mark: icon("definition"), what: what.into(), text: text.into() }
    }
}

/// A figure: a link to what it counts, its tick mark once traced, its definition beside it.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/figure.html")]
pub struct Figure {
    w: Words,
    label: String,
    value: String,
    unit: String,
    href: Option<String>,
    traced: Option<String>,
    definition: Option<Definition>,
    note: Html,
    missed: bool,
}
component!(Figure);

impl Figure {
    /// A figure as it is printed (`w.number(n)`, `w.percent(x, 1)`).
    #[must_use]
    pub fn new(w: Words, label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            w,
            label: label.into(),
            value: value.into(),
            unit: String::new(),
            href: None,
            traced: None,
            definition: None,
            note: Html::empty(),
            missed: false,
        }
    }

    /// The unit, after the value.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// The list of what was counted.
    #[must_use]
    pub fn of(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into()).filter(|h| safe_href(h));
        self
    }

    /// The tick mark: the figure was traced to its evidence, which lies at `href`.
    #[must_use]
    pub fn traced(mut self, href: impl Into<String>) -> Self {
        self.traced = Some(href.into()).filter(|h| safe_href(h));
        self
    }

    /// What was counted, in which zone, under which rule.
    #[must_use]
    pub fn definition(mut self, text: impl Into<Html>) -> Self {
        self.definition = Some(Definition::new(self.w, self.label.clone(), text));
        self
    }

    /// A line under the figure.
    #[must_use]
    pub fn note(mut self, note: impl Into<Html>) -> Self {
        self.note = note.into();
        self
    }

    /// The figure tells of a missed promise.
    #[must_use]
    pub const fn missed(mut self, missed: bool) -> Self {
        self.missed = missed;
        self
    }
}

/// Figures in a row.
#[derive(Clone, Debug, Default, Template)]
#[template(
    source = "<ul class=\"figures\">{% for f in figures %}<li>{{ f }}</li>{% endfor %}</ul>",
    ext = "html"
)]
pub struct Figures {
    figures: Vec<Figure>,
}
component!(Figures);

impl Figures {
    /// Figures in a row.
    #[must_use]
    pub const fn new(figures: Vec<Figure>) -> Self {
        Self { figures }
    }
}

/// Who must act and until when, in words.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/next_step.html")]
pub struct NextStep {
    w: Words,
    who: String,
    what: Html,
    until: Option<(String, String, i64)>,
    action: Html,
}
component!(NextStep);

impl NextStep {
    /// `who` is a person's or a group's name; `what` says the step in a sentence.
    #[must_use]
    pub fn new(w: Words, who: impl Into<String>, what: impl Into<Html>) -> Self {
        Self { w, who: who.into(), what: what.into(), until: None, action: Html::empty() }
    }

    /// Until when. `now` decides how much is left or by how much it is late.
    #[must_use]
    pub fn until(
        mut self,
        due: kernel::time::Timestamp,
        now: kernel::time::Timestamp,
        zone: &jiff::tz::TimeZone,
    ) -> Self {
        let left = due.seconds_since(now);
        self.until = Some((self.w.due(due, zone), due.to_rfc3339(), left));
        self
    }

    /// The button that does it.
    #[must_use]
    pub fn action(mut self, action: impl Into<Html>) -> Self {
        self.action = action.into();
        self
    }

    fn left(&self, seconds: &i64) -> String {
        let key = if *seconds < 0 { "late-by" } else { "left-in" };
        self.w.t1(key, "span", self.w.span(*seconds))
    }
}

/// Nothing is here yet: says what to do first.
#[derive(Clone, Debug, Template)]
#[template(
    source = "<div class=\"empty\"><p class=\"empty-title\">{{ title }}</p><div>{{ text }}</div>{% if !action.is_empty() %}<div class=\"empty-action\">{{ action }}</div>{% endif %}</div>",
    ext = "html"
)]
pub struct Empty {
    title: String,
    text: Html,
    action: Html,
}
component!(Empty);

impl Empty {
    /// `title` says what is missing, `text` what to do first.
    #[must_use]
    pub fn new(title: impl Into<String>, text: impl Into<Html>) -> Self {
        Self { title: title.into(), text: text.into(), action: Html::empty() }
    }

    /// The button that does it.
    #[must_use]
    pub fn action(mut self, action: impl Into<Html>) -> Self {
        self.action = self.action.and(action);
        self
    }
}

/// A remark set apart from the text.
#[derive(Clone, Debug, Template)]
#[template(
    source = "<div class=\"note {{ tone.as_str() }}\">{{ shape }}<div>{% if !title.is_empty() %}<p class=\"note-title\">{{ title }}</p>{% endif %}<div>{{ text }}</div></div></div>",
    ext = "html"
)]
pub struct Note {
    tone: Tone,
    shape: Html,
    title: String,
    text: Html,
}
component!(Note);

impl Note {
    /// A remark; `title` may be empty.
    #[must_use]
    pub fn new(tone: Tone, title: impl Into<String>, text: impl Into<Html>) -> Self {
        Self {
            tone,
            shape: icon(&format!("status-{}", tone.as_str())),
            title: title.into(),
            text: text.into(),
        }
    }
}

/// How a long piece of work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressState {
    /// Waits for its turn.
    Queued,
    /// Goes on.
    Running,
    /// Is done.
    Done,
    /// Ended with an error.
    Failed,
    /// Was cancelled.
    Cancelled,
}

/// Long work: how far, how fast, how long still. Polls its own address with script; without, the
/// page reloads itself ([`super::Shell::refresh`]).
#[derive(Clone, Debug, Template)]
#[template(path = "ui/progress.html")]
pub struct Progress {
    w: Words,
    id: String,
    label: String,
    state: ProgressState,
    done: u64,
    total: Option<u64>,
    per_second: Option<f64>,
    poll: Option<String>,
    cancel: Option<Button>,
    note: Html,
}
component!(Progress);

impl Progress {
    /// `id` is unique in the page (letters, digits, `-`); `done` and `total` count the same things.
    #[must_use]
    pub fn new(
        w: Words,
        id: impl Into<String>,
        label: impl Into<String>,
        state: ProgressState,
        done: u64,
        total: Option<u64>,
    ) -> Self {
        Self {
            w,
            id: id.into(),
            label: label.into(),
            state,
            done,
            total,
            per_second: None,
            poll: None,
            cancel: None,
            note: Html::empty(),
        }
    }

    /// How many were done per second of late.
    #[must_use]
    pub fn rate(mut self, per_second: f64) -> Self {
        self.per_second = Some(per_second).filter(|r| r.is_finite() && *r > 0.0);
        self
    }

    /// Where this component alone can be fetched again (a fragment).
    #[must_use]
    pub fn poll(mut self, href: impl Into<String>) -> Self {
        self.poll = Some(href.into()).filter(|h| safe_href(h));
        self
    }

    /// The button that cancels it.
    #[must_use]
    pub fn cancel(mut self, button: Button) -> Self {
        self.cancel = Some(button);
        self
    }

    /// A line under the bar: what was kept, what was refused, what to do.
    #[must_use]
    pub fn note(mut self, note: impl Into<Html>) -> Self {
        self.note = note.into();
        self
    }

    fn running(&self) -> bool {
        matches!(self.state, ProgressState::Queued | ProgressState::Running)
    }

    fn status(&self) -> Status {
        let (tone, key) = match self.state {
            ProgressState::Queued => (Tone::Neutral, "progress-queued"),
            ProgressState::Running => (Tone::Underway, "progress-running"),
            ProgressState::Done => (Tone::Good, "progress-done"),
            ProgressState::Failed => (Tone::Attention, "progress-failed"),
            ProgressState::Cancelled => (Tone::Closed, "progress-cancelled"),
        };
        Status::new(tone, self.w.t(key))
    }

    fn counted(&self) -> String {
        match self.total {
            Some(total) => self.w.t2("progress-of", "done", self.done, "total", total),
            None => self.w.number(self.done),
        }
    }

    fn rate_words(&self) -> Option<String> {
        let rate = self.per_second.filter(|_| self.state == ProgressState::Running)?;
        let places = usize::from(rate < 10.0);
        Some(self.w.t1("progress-rate", "rate", self.w.decimal(rate, places)))
    }

    #[expect(clippy::cast_possible_truncation, reason = "at most a month in seconds")]
    fn remaining(&self) -> Option<String> {
        let rate = self.per_second.filter(|_| self.state == ProgressState::Running)?;
        let left = self.total?.saturating_sub(self.done) as f64 / rate;
        // A remaining time beyond a month says nothing that a person could plan with.
        (left < 2_592_000.0)
            .then(|| self.w.t1("progress-remaining", "span", self.w.span(left.ceil() as i64)))
    }
}

/// A hash: its first characters for the eye, all of it to copy.
#[derive(Clone, Debug, Template)]
#[template(
    source = "<span class=\"hash\"><code title=\"{{ full }}\" data-copy=\"{{ full }}\">{{ short }}</code></span>",
    ext = "html"
)]
pub struct Hash {
    full: String,
    short: String,
}
component!(Hash);

impl Hash {
    /// From lower-case hexadecimal (or any identifier); twelve characters are shown.
    #[must_use]
    pub fn new(full: impl Into<String>) -> Self {
        let full = full.into();
        let short: String = full.chars().take(12).collect();
        let short = if short.len() < full.len() { format!("{short}…") } else { short };
        Self { full, short }
    }
}

/// The steps of a longer form: which are done, which is now.
#[derive(Clone, Debug, Template)]
#[template(
    source = "<ol class=\"steps\" aria-label=\"{{ w.t(\"steps\") }}\">{% for (i, step) in steps.iter().enumerate() %}<li{% if i == at %} aria-current=\"step\"{% endif %} class=\"{% if i < at %}done{% elif i == at %}now{% else %}later{% endif %}\"><span class=\"step-n\">{{ i + 1 }}</span> {{ step }}{% if i < at %} <span class=\"hidden\">{{ w.t(\"step-done\") }}</span>{% endif %}</li>{% endfor %}</ol>",
    ext = "html"
)]
pub struct Steps {
    w: Words,
    steps: Vec<String>,
    at: usize,
}
component!(Steps);

impl Steps {
    /// The steps in order; `at` counts from 0.
    #[must_use]
    pub const fn new(w: Words, steps: Vec<String>, at: usize) -> Self {
        Self { w, steps, at }
    }
}
