//! The room's pages: what is missing before the report can be issued, and the forms that mend it.
//!
//! | file | holds |
//! |---|---|
//! | `pages.rs` | the overview |
//! | `completion.rs` | what is missing before the report is dated, procedures, signatures on the file |
//! | `described.rs` | the description and the assertion |
//! | `memorandum.rs` | the memorandum on the reporting mechanisms as a PDF |
//! | `issued.rs` | terms, letter, drafts, issue, download |

pub mod completion;
pub mod described;
pub mod issued;
pub mod memorandum;

use crate::permits::ReadDescription;
use crate::service::{self, Condition};
use crate::store;
use examination::completion::permits::ReadLetter;
use examination::firm::store::facts_for;
use kernel::ids::EngagementId;
use kernel::party::Side;
use kernel::permit::{authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure};
use platform::ui::{Column, Empty, Html, ListQuery, Page, Row, Status, Table, Tone};
use platform::words::Words;
use scope::model::Engagement;

/// An engagement with what it still needs.
struct Line {
    engagement: Engagement,
    conditions: Vec<Condition>,
    issued: bool,
    /// Whether a letter on deficiencies has been released to management.
    letter: bool,
}

/// The engagement of an address.
fn id_of(text: &str) -> Result<EngagementId, Failure> {
    Ok(text.parse().map_err(|_| Refusal::NotFound)?)
}

/// The engagement, for a reader who may see its description.
async fn engagement(cx: &Cx, id: EngagementId) -> Result<Engagement, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadDescription>(actor, &facts_for(conn, actor, id, now)?)?;
        Ok(::scope::store::engagement(conn, id)?.ok_or(Refusal::NotFound)?)
    })
    .await
}

/// `GET /reporting`
///
/// # Errors
/// When the reader may not see any description.
pub async fn overview(cx: Cx) -> Answer {
    let now = cx.env().now();
    let mut lines = cx
        .read(move |conn, actor| {
            scope::<ReadDescription>(actor)?;
            let seen = ::scope::store::engagements(
                conn,
                &scope::<::scope::permits::ReadEngagement>(actor)?,
            )?;
            let mut lines = Vec::with_capacity(seen.len());
            for engagement in seen {
                // A peer reviewer learns of the engagements that let them in, and of no other.
                let facts = facts_for(conn, actor, engagement.id, now)?;
                if authorize::<ReadDescription>(actor, &facts).is_err() {
                    continue;
                }
                // The organisation's list rests on its own records alone.
                let conditions = if actor.side == Side::Firm {
                    service::conditions(conn, engagement.id)?
                } else {
                    service::organisation_conditions(conn, engagement.id)?
                };
                let issued = store::issued(conn, engagement.id)?.is_some();
                let letter = examination::completion::store::released_letter(conn, engagement.id)?;
                lines.push(Line { engagement, conditions, issued, letter: letter.is_some() });
            }
            Ok(lines)
        })
        .await?;
    let w = cx.w;
    let waiting = lines.iter().filter(|l| !l.issued).count();
    let shell = cx
        .shell()
        .title(w.t("reporting-question"))
        .answer(w.t1("reporting-answer", "count", waiting))
        .at("reporting");
    // Each table's file is that of its engagement; without one it is that of all.
    let wanted = cx.list_query();
    let wanted = wanted.get("engagement");
    let asked = |l: &&Line| wanted.is_none_or(|id| l.engagement.id.to_string() == id);
    if let Some(file) = cx.file("missing", &all_checklists(w, lines.iter().filter(asked))) {
        return file;
    }
    let firm = cx.actor()?.side == Side::Firm;
    let letters = cx.can::<ReadLetter>();
    let mut page = Page::new(shell);
    if lines.is_empty() {
        page = page.part(Empty::new(w.t("reporting-none"), w.t("reporting-none-next")));
    }
    for line in &mut lines {
        line.letter &= letters;
        page =
            page.heading(&line.engagement.name).part(links(w, line, firm)).part(checklist(w, line));
    }
    cx.page(&page)
}

fn links(w: Words, line: &Line, firm: bool) -> Html {
    let base = format!("/reporting/{}", line.engagement.id);
    let link = |to: &str| Html::link(&format!("{base}/{to}"), w.t(&format!("reporting-{to}")));
    // The organisation learns of the report when it is issued.
    let shown = if firm || line.issued {
        &["description", "assertion", "report"][..]
    } else {
        &["description", "assertion"]
    };
    let mut all: Vec<String> = shown.iter().map(|to| link(to).to_string()).collect();
    if line.letter {
        let to = format!("/engagements/{}/deficiencies", line.engagement.id);
        all.push(Html::link(&to, w.t("completion-letter-title")).to_string());
    }
    Html::trusted(format!("<p>{}</p>", all.join(" \u{b7} ")))
}

fn status(w: Words, condition: &Condition) -> Status {
    if condition.met {
        Status::new(Tone::Good, w.t("reporting-met"))
    } else {
        Status::new(Tone::Waiting, w.t("reporting-open"))
    }
}

fn condition(w: Words, condition: &Condition) -> String {
    w.t(&format!("reporting-condition-{}", condition.name))
}

/// The lists of all engagements as one, for a file: each row names its engagement.
fn all_checklists<'a>(w: Words, lines: impl Iterator<Item = &'a Line>) -> Table {
    let rows = lines.flat_map(|line| {
        line.conditions.iter().map(move |c| {
            Row::new(vec![
                (&line.engagement.name).into(),
                condition(w, c).into(),
                status(w, c).into(),
                (&c.missing).into(),
            ])
        })
    });
    let columns = ["engagement", "condition", "status", "missing"]
        .map(|k| Column::new(w.t(&format!("reporting-{k}"))))
        .to_vec();
    Table::new(w, "missing", w.t("reporting-question"), columns).rows(rows)
}

fn checklist(w: Words, line: &Line) -> Table {
    let base = format!("/reporting/{}", line.engagement.id);
    let rows = line.conditions.iter().map(|c| {
        let to = match c.name {
            "description" => format!("{base}/description"),
            "assertion" => format!("{base}/assertion"),
            "opinion" => format!("/examination/{}/opinion", line.engagement.id),
            "signature" => format!("/examination/{}/completion", line.engagement.id),
            _ => format!("{base}/report"),
        };
        Row::new(vec![condition(w, c).into(), status(w, c).into(), (&c.missing).into()]).to(to)
    });
    let columns = ["condition", "status", "missing"]
        .map(|k| Column::new(w.t(&format!("reporting-{k}"))))
        .to_vec();
    let id = format!("conditions-{}", line.engagement.id);
    let caption = w.t1("reporting-checklist", "engagement", line.engagement.name.as_str());
    let query = ListQuery::parse("/reporting", &format!("engagement={}", line.engagement.id));
    Table::new(w, id, caption, columns).rows(rows).exports(&query)
}
