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
pub use memorandum::memorandum;
pub use overview::{overview, review, sign};
pub use people::{hear, people};
pub use policy::{policy, review_policy};
pub use rubric::{rubric, score, weights};

use super::figures::{self, Figures};
use super::model::{Evaluation, Kept};
use super::store;
pub(super) use crate::pages::version;
use crate::pages::{Names, framed, href, id};
use crate::permits::ReadFile;
use crate::store::Papers;
use evidence::model::EvidenceId;
use kernel::ids::{EngagementId, PersonId};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Html, Kind, Page, Shell, Status, Tone, stack};
use platform::words::Words;

/// What the pages of one engagement know.
pub(super) struct Seen {
    pub(super) papers: Papers,
    pub(super) evaluation: Evaluation,
    pub(super) figures: Figures,
    pub(super) names: Names,
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
        let facts = scope::facts(conn, engagement)?;
        authorize::<ReadFile>(actor, &facts)?;
        let papers = Papers::load(conn, engagement)?;
        let evaluation = store::evaluation(conn, papers.file)?;
        let (owner, period) = (papers.engagement.organisation, papers.engagement.period.clone());
        let figures = figures::read(conn, owner, &period, now)?;
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
        Ok(Seen { papers, evaluation, figures, names })
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

/// What shows something: items of evidence and pages as links, the rest as words.
pub(crate) fn shown_by(engagement: EngagementId, lines: &[String]) -> Html {
    stack(lines.iter().map(|line| {
        if line.parse::<EvidenceId>().is_ok() {
            Html::link(&format!("/evidence/{line}"), broken(line))
        } else if line.parse::<crate::inquiries::model::InquiryId>().is_ok() {
            Html::link(&href(engagement, &format!("/inquiries/{line}")), broken(line))
        } else if line.starts_with('/') && platform::ui::safe_href(line) {
            Html::link(line, line.as_str())
        } else {
            Html::text(line)
        }
    }))
}

/// An id that may be broken over lines on a narrow screen. Ids hold letters, digits and `_` alone.
fn broken(id: &str) -> Html {
    let parts: Vec<String> =
        id.as_bytes().chunks(8).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
    let parts: Vec<String> = parts.iter().map(|p| Html::text(p).to_string()).collect();
    Html::trusted(parts.join("<wbr>"))
}

/// The field for what shows something.
pub(super) fn evidence_field(w: Words, given: &[String], needed: bool) -> Field {
    let field = Field::new(w, "evidence", w.t("mechanisms-evidence"), Kind::Area(3))
        .hint(w.t("mechanisms-evidence-hint"))
        .max(4_000)
        .value(given.join("\n"));
    if needed { field.required() } else { field }
}

pub(super) fn lines(form: &Form, name: &str) -> Vec<String> {
    form.typed(name).lines().map(str::to_owned).collect()
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

pub(super) fn seen_version(version: Option<i64>) -> u64 {
    version.and_then(|v| u64::try_from(v).ok()).unwrap_or(0)
}

/// Done or still to do.
pub(super) fn state(w: Words, done: bool) -> Status {
    if done {
        Status::new(Tone::Good, w.t("mechanisms-done"))
    } else {
        Status::new(Tone::Waiting, w.t("mechanisms-open"))
    }
}

/// A page made of parts.
pub(super) fn page(shell: Shell, parts: Vec<Html>) -> Page {
    parts.into_iter().fold(Page::new(shell), Page::part)
}

/// The key of a paper of a list with the version that was seen, as a form sends it.
pub(super) fn at(form: &Form) -> super::service::At {
    let key = form.hidden("paper").filter(|k| !k.is_empty())?;
    Some((key.to_owned(), version(form)))
}

/// The paper of a list that a sent form speaks of; none for a new one.
pub(super) fn paper_of<'p, T>(
    all: &'p [Kept<T>],
    pairs: &Pairs,
) -> Result<Option<&'p Kept<T>>, Failure> {
    match pairs.get("paper").filter(|k| !k.is_empty()) {
        None => Ok(None),
        Some(key) => {
            let found = all.iter().find(|k| k.key == key);
            found.map(Some).ok_or(Failure::Refused(Refusal::NotFound))
        }
    }
}
