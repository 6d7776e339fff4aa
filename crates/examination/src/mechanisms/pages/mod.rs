//! Pages of the firm's side: one for each phase, and the memorandum.
//!
//! | file | holds |
//! |---|---|
//! | `overview.rs` | how far the evaluation has come, signature and review |
//! | `channels.rs` | channels identified, against the register |
//! | `policy.rs` | the twelve questions, alignment with security and availability |
//! | `people.rs` | what interviews and surveys gave |
//! | `history.rs` | cases drawn and read, questions about patterns |
//! | `rubric.rs` | five scores, weights |
//! | `findings.rs` | strengths, weaknesses, recommendations, logs |
//! | `memorandum.rs` | all of it on one page to print |

mod channels;
mod findings;
mod history;
mod memorandum;
mod overview;
mod people;
mod policy;
mod rubric;

pub use channels::{channels, identify};
pub use findings::{change, findings, improvement, point, recommendation, withdraw};
pub use history::{case, draw, history, pattern, patterns, read_case};
pub use memorandum::{Memorandum, document, memorandum};
pub use overview::{overview, review, sign};
pub use people::{hear, people};
pub use policy::{policy, review_policy};
pub use rubric::{rubric, score, weights};

use super::figures::{self, Figures};
use super::model::Evaluation;
use super::store;
pub(super) use crate::evaluations::pages::{
    at, evidence_field, lines, page, paper_of, seen_version, shown_by,
};
use crate::firm::store::facts_for;
use crate::mechanisms::rules::rubric::CutOffs;
pub(super) use crate::pages::version;
use crate::pages::{Names, framed, href, id};
use crate::permits::ReadFile;
use crate::store::Papers;
use kernel::ids::{EngagementId, PersonId};
use kernel::party::Role;
use kernel::permit::authorize;
use platform::db::Conn;
use platform::http::{Cx, Failure};
use platform::ui::{Choice, Field, Html, Kind, Shell, Status, Tone};
use platform::words::Words;

/// What the pages of one engagement know.
pub(super) struct Seen {
    pub(super) papers: Papers,
    pub(super) evaluation: Evaluation,
    pub(super) figures: Figures,
    pub(super) names: Names,
    pub(super) parties: Parties,
}

/// Who the memorandum names beside its signers.
#[derive(Default)]
pub(super) struct Parties {
    pub(super) firm: String,
    pub(super) organisation: String,
    /// The engagement partner; several where several are on the team.
    pub(super) partner: String,
}

impl Parties {
    fn read(conn: &mut Conn<'_>, papers: &Papers) -> platform::db::Result<Self> {
        let mut partners = Vec::new();
        for member in crate::firm::store::team(conn, papers.file)? {
            if member.assignment.role == Role::Partner && member.released.is_none() {
                partners.push(identity::store::name_of(conn, member.person)?);
            }
        }
        let mut name = |party| {
            let found = identity::store::party(conn, party)?;
            Ok::<_, platform::db::Error>(found.map_or_else(String::new, |p| p.name))
        };
        Ok(Self {
            firm: name(papers.file.firm)?,
            organisation: name(papers.engagement.organisation)?,
            partner: partners.join(", "),
        })
    }
}

impl Seen {
    pub(super) fn href(&self, rest: &str) -> String {
        href(self.papers.engagement.id, &format!("/mechanisms{rest}"))
    }

    fn engagement(&self) -> EngagementId {
        self.papers.engagement.id
    }
}

/// Reads the file, the evaluation and the organisation's figures, for who may read the file.
pub(super) async fn seen(cx: &Cx, engagement: &str) -> Result<Seen, Failure> {
    let engagement: EngagementId = id(engagement)?;
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        let facts = facts_for(conn, actor, engagement, now)?;
        authorize::<ReadFile>(actor, &facts)?;
        let papers = Papers::load(conn, engagement)?;
        let evaluation = store::evaluation(conn, papers.file)?;
        let figures = figures::read(conn, &papers.engagement, now)?;
        let mut names = Names::default();
        let scores = evaluation.scores.iter().map(|s| &s.actor);
        let signers = evaluation.memo.iter().map(|m| &m.actor);
        let reviewers = evaluation.review.iter().map(|r| &r.actor);
        let cases = evaluation.cases.iter().map(|c| &c.actor);
        for actor in scores.chain(signers).chain(reviewers).chain(cases) {
            if let Ok(person) = actor.parse::<PersonId>() {
                names.0.insert(actor.clone(), identity::store::name_of(conn, person)?);
            }
        }
        let parties = Parties::read(conn, &papers)?;
        Ok(Seen { papers, evaluation, figures, names, parties })
    })
    .await
}

/// The frame of a page of the evaluation.
pub(super) fn frame(cx: &Cx, seen: &Seen, title: String, answer: impl Into<Html>) -> Shell {
    let shell = framed(cx.shell(), &seen.papers, "mechanisms").title(title).answer(answer);
    if cx.uri.path().ends_with("/mechanisms") {
        shell
    } else {
        shell.crumb(seen.href(""), cx.w.t("mechanisms-title-short"))
    }
}

/// A field of several lines that must be filled in.
pub(super) fn area(w: Words, name: &str, rows: u16, value: &str) -> Field {
    // The sentence of the overview has the plain name.
    let word = if name == "answer" { "answer-given" } else { name };
    Field::new(w, name, w.t(&format!("mechanisms-{}", word.replace('_', "-"))), Kind::Area(rows))
        .required()
        .max(4_000)
        .value(value)
}

pub(super) fn choices(w: Words, prefix: &str, all: &[&'static str]) -> Vec<Choice> {
    all.iter().map(|word| Choice::new(*word, named(w, prefix, word))).collect()
}

/// A word of this subject in the reader's language.
pub(super) fn named(w: Words, prefix: &str, word: &str) -> String {
    w.t(&format!("mechanisms-{prefix}-{}", word.replace('_', "-")))
}

/// Done or still to do.
pub(super) fn state(w: Words, done: bool) -> Status {
    if done {
        Status::new(Tone::Good, w.t("mechanisms-done"))
    } else {
        Status::new(Tone::Waiting, w.t("mechanisms-open"))
    }
}

/// By which rule the whole is classified, with the firm's policy where it has one.
fn overall_rule(w: Words, cut: &CutOffs) -> String {
    let score = |tenths: u32| match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    };
    let by = cut.policy.as_ref().map_or_else(
        || w.t("mechanisms-overall-shipped"),
        |policy| w.t1("mechanisms-overall-policy", "policy", policy.clone()),
    );
    w.ta(
        "mechanisms-overall-rule",
        &[
            ("strong", score(cut.strong_from).into()),
            ("weak", score(cut.weak_below).into()),
            ("by", by.into()),
        ],
    )
}
