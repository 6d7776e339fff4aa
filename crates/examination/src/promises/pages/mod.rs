//! Pages of the firm's side: all commitments, and one.

mod list;
mod record;

pub use list::list;
pub use record::{conclude, judge, recommend, record, regulation, understand};

use crate::evaluations::pages::page;
use crate::firm::store::facts_for;
use crate::model::{About, Standing};
use crate::pages::{Names, framed, href, id};
use crate::permits::ReadFile;
use crate::rules::facts::Answer;
use crate::store::Papers;
use kernel::ids::{EngagementId, PersonId};
use kernel::permit::authorize;
use platform::http::{Cx, Failure};
use platform::ui::{Choice, Html, Shell, Status, Tone};
use platform::words::Words;

/// What the pages of one engagement know.
struct Seen {
    papers: Papers,
    names: Names,
}

impl Seen {
    fn href(&self, rest: &str) -> String {
        href(self.papers.engagement.id, &format!("/promises{rest}"))
    }
    fn engagement(&self) -> EngagementId {
        self.papers.engagement.id
    }
}

async fn seen(cx: &Cx, engagement: &str) -> Result<Seen, Failure> {
    let engagement: EngagementId = id(engagement)?;
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadFile>(actor, &facts_for(conn, actor, engagement, now)?)?;
        let papers = Papers::load(conn, engagement)?;
        let mut names = Names::default();
        for actor in papers.promises.conclusions.iter().map(|c| &c.actor) {
            if let Ok(person) = actor.parse::<PersonId>() {
                names.0.insert(actor.clone(), identity::store::name_of(conn, person)?);
            }
        }
        Ok(Seen { papers, names })
    })
    .await
}

fn frame(cx: &Cx, seen: &Seen, title: String, answer: impl Into<Html>) -> Shell {
    let shell = framed(cx.shell(), &seen.papers, "promises").title(title).answer(answer);
    if cx.uri.path().ends_with("/promises") {
        shell
    } else {
        shell.crumb(seen.href(""), cx.w.t("promises-title-short"))
    }
}

fn named(w: Words, prefix: &str, word: &str) -> String {
    w.t(&format!("promises-{prefix}-{}", word.replace('_', "-")))
}

fn choices(w: Words, prefix: &str, all: &[&'static str]) -> Vec<Choice> {
    all.iter().map(|word| Choice::new(*word, named(w, prefix, word))).collect()
}

/// Whether there is reasonable assurance, in a word; `void` where the conclusion no longer speaks of the file.
fn assurance(w: Words, concluded: Option<Answer>, stands: bool) -> Status {
    match (concluded, stands) {
        (None, _) => Status::new(Tone::Waiting, w.t("promises-not-concluded")),
        (Some(_), false) => Status::new(Tone::Attention, w.t("promises-void")),
        (Some(Answer::Yes), true) => Status::new(Tone::Good, named(w, "assurance", "yes")),
        (Some(Answer::No), true) => Status::new(Tone::Missed, named(w, "assurance", "no")),
        (Some(Answer::Unknown), true) => {
            Status::new(Tone::Attention, named(w, "assurance", "unknown"))
        }
    }
}

/// Where the conclusion on a control stands, in a word.
fn control_state(w: Words, papers: &Papers, control: controls::model::ControlId) -> Status {
    match papers.conclusion(About::Control { control }) {
        None => Status::new(Tone::Waiting, w.t("examination-not-concluded")),
        Some(c) if c.stands == Standing::Stands => {
            Status::new(Tone::Neutral, crate::pages::verdict(w, &c.concluded))
        }
        Some(_) => Status::new(Tone::Attention, w.t("examination-void")),
    }
}
