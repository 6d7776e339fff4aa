//! The frame around every page.

use super::Html;
use super::html::component;
use crate::words::Words;
use askama::Template;
use kernel::party::Side;

/// Light, dark, or what the reader's system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Follow the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The name of the cookie that remembers the choice.
    pub const COOKIE: &'static str = "theme";

    /// The word in the cookie and in `data-theme`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the word; anything unknown follows the system.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// One room in the left rail.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// What [`Shell::at`] names, for example `cases`.
    pub id: String,
    /// Where it leads.
    pub href: String,
    /// The word, already in the reader's language.
    pub label: String,
    /// What waits there for this person, where that is known.
    pub waiting: Option<u64>,
    /// Items one level down, shown while the room is active.
    pub inside: Vec<NavItem>,
    active: bool,
}

impl NavItem {
    /// A room.
    #[must_use]
    pub fn new(id: impl Into<String>, href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            href: href.into(),
            label: label.into(),
            waiting: None,
            inside: Vec::new(),
            active: false,
        }
    }

    /// With the number of items that wait there.
    #[must_use]
    pub fn waiting(mut self, count: u64) -> Self {
        self.waiting = Some(count).filter(|n| *n > 0);
        self
    }

    /// With items one level down.
    #[must_use]
    pub fn with(mut self, inside: Vec<Self>) -> Self {
        self.inside = inside;
        self
    }

    fn mark(&mut self, id: &str) -> bool {
        let mut below = false;
        for item in &mut self.inside {
            below |= item.mark(id);
        }
        self.active = self.id == id || below;
        self.active
    }
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person's name.
    pub name: String,
    /// Their role on this side, in words.
    pub role: String,
    /// The party they act for: the organisation's or the firm's name.
    pub party: String,
}

/// One engagement in the switcher.
#[derive(Clone, Debug)]
pub struct Engagement {
    /// Where choosing it leads.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its period, with the zone it is declared in.
    pub period: String,
    /// Whether it is the one shown.
    pub current: bool,
    /// Whether its file is locked: nothing of it is offered to be changed.
    pub locked: bool,
}

/// One step of the way from the room to this page.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub label: String,
}

/// A view beside this one. Tabs are links: each has an address of its own.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// What it shows.
    pub label: String,
    /// How many items it holds, where known.
    pub count: Option<u64>,
    /// Whether it is the one shown.
    pub current: bool,
}

/// What has just happened, said once at the top of the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flash {
    /// It was done.
    Done(String),
    /// Something to know.
    Info(String),
    /// It was not done: what happened, what was kept, what to do.
    Problem(String),
}

impl Flash {
    /// The message.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Done(text) | Self::Info(text) | Self::Problem(text) => text,
        }
    }

    /// The word in the class and for the stored form.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Info(_) => "info",
            Self::Problem(_) => "problem",
        }
    }

    const fn icon(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Info(_) => "info",
            Self::Problem(_) => "attention",
        }
    }
}

/// A language in the switch of a public page.
#[derive(Clone, Debug)]
pub struct Language {
    /// The language.
    pub words: Words,
    /// The same page in it.
    pub href: String,
}

/// Everything around a page's own content. The HTTP layer makes one per request
/// ([`Shell::new`] and the fields it knows); the page says its title, its answer and where it is.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The reader's language.
    pub w: Words,
    /// On which side of the wall this page stands; decides the band.
    pub side: Side,
    /// The question that the page answers; heading and window title.
    pub title: String,
    /// The answer in one sentence with its figure.
    pub answer: Html,
    /// The rooms, in the engagement's order.
    pub nav: Vec<NavItem>,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Views beside this one.
    pub tabs: Vec<Tab>,
    /// Buttons of the page, beside the heading.
    pub actions: Html,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Engagements this person may enter.
    pub engagements: Vec<Engagement>,
    /// The session's anti-forgery token.
    pub csrf: String,
    /// What has just happened.
    pub flash: Vec<Flash>,
    /// Light or dark.
    pub theme: Theme,
    /// Path and query of this page, to come back to it.
    pub path: String,
    /// Without script, the page reloads itself after so many seconds (while work is under way).
    pub refresh_s: Option<u32>,
    /// Whether this is the fictional demonstration; said at the top of every page.
    pub demonstration: bool,
    /// The same page in other languages; shown on public pages.
    pub languages: Vec<Language>,
}

impl Shell {
    /// An empty frame.
    #[must_use]
    pub fn new(w: Words, side: Side) -> Self {
        Self {
            w,
            side,
            title: String::new(),
            answer: Html::empty(),
            nav: Vec::new(),
            crumbs: Vec::new(),
            tabs: Vec::new(),
            actions: Html::empty(),
            person: None,
            engagements: Vec::new(),
            csrf: String::new(),
            flash: Vec::new(),
            theme: Theme::default(),
            path: "/".to_owned(),
            refresh_s: None,
            demonstration: false,
            languages: Vec::new(),
        }
    }

    /// The question that the page answers.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The answer in one sentence with its figure; see [`Words::rich`].
    #[must_use]
    pub fn answer(mut self, answer: impl Into<Html>) -> Self {
        self.answer = answer.into();
        self
    }

    /// Marks the room (or the item inside it) that the page belongs to.
    #[must_use]
    pub fn at(mut self, id: &str) -> Self {
        for item in &mut self.nav {
            item.mark(id);
        }
        self
    }

    /// Adds a step to the way here.
    #[must_use]
    pub fn crumb(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { href: href.into(), label: label.into() });
        self
    }

    /// Adds a view beside this one.
    #[must_use]
    pub fn tab(
        mut self,
        href: impl Into<String>,
        label: impl Into<String>,
        count: Option<u64>,
        current: bool,
    ) -> Self {
        self.tabs.push(Tab { href: href.into(), label: label.into(), count, current });
        self
    }

    /// Adds a button beside the heading.
    #[must_use]
    pub fn action(mut self, action: impl Into<Html>) -> Self {
        self.actions = self.actions.and(action);
        self
    }

    /// Adds what has just happened.
    #[must_use]
    pub fn flash(mut self, flash: Flash) -> Self {
        self.flash.push(flash);
        self
    }

    /// Reloads the page after so many seconds where there is no script.
    #[must_use]
    pub fn refresh(mut self, seconds: u32) -> Self {
        self.refresh_s = Some(seconds.max(2));
        self
    }

    /// The band's class: `org`, `firm` or `public`.
    #[must_use]
    pub const fn band(&self) -> &'static str {
        match self.side {
            Side::ServiceOrganisation => "org",
            Side::Firm => "firm",
            Side::Public | Side::System => "public",
        }
    }

    /// What the band says.
    #[must_use]
    pub fn band_words(&self) -> String {
        self.w.t(match self.side {
            Side::ServiceOrganisation => "band-org",
            Side::Firm => "band-firm",
            Side::Public | Side::System => "band-public",
        })
    }

    /// A message; short for `shell.w.t(key)`.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.w.t(key)
    }

    /// The part of `<head>` that every page shares.
    #[must_use]
    pub fn head(&self) -> Head<'_> {
        Head { shell: self, w: self.w }
    }

    /// Band and top bar.
    #[must_use]
    pub fn top(&self) -> Top<'_> {
        Top { shell: self, w: self.w }
    }

    /// The rooms.
    #[must_use]
    pub fn rail(&self) -> Rail<'_> {
        Rail { shell: self, w: self.w }
    }

    /// Way here, heading, answer, actions, tabs and what has just happened.
    #[must_use]
    pub fn heading(&self) -> Heading<'_> {
        Heading { shell: self, w: self.w }
    }

    /// What closes every page: footer and command palette.
    #[must_use]
    pub fn foot(&self) -> Foot<'_> {
        Foot { shell: self, w: self.w }
    }

    /// Band and head line of a public page.
    #[must_use]
    pub fn public_top(&self) -> PublicTop<'_> {
        PublicTop { shell: self, w: self.w }
    }

    fn current_engagement(&self) -> Option<&Engagement> {
        self.engagements.iter().find(|e| e.current)
    }

    fn themes(&self) -> [(Theme, String); 3] {
        [
            (Theme::System, self.w.t("theme-system")),
            (Theme::Light, self.w.t("theme-light")),
            (Theme::Dark, self.w.t("theme-dark")),
        ]
    }
}

macro_rules! pieces { ($($name:ident, $path:literal, $doc:literal;)+) => { $(
    #[doc = $doc]
    #[derive(Template)]
    #[template(path = $path)]
    pub struct $name<'a> { shell: &'a Shell, w: Words }
    component!($name<'_>);
)+ } }

pieces! {
    Head, "ui/head.html", "The part of `<head>` that every page shares.";
    Top, "ui/top.html", "Band and top bar.";
    Rail, "ui/rail.html", "The rooms.";
    Heading, "ui/heading.html", "Way here, heading, answer, actions, tabs, flash.";
    Foot, "ui/foot.html", "Footer and command palette.";
    PublicTop, "ui/public_top.html", "Band and head line of a public page.";
}
