//! Pages of test sheets, on the firm's side.
//!
//! | file | holds |
//! |---|---|
//! | `grid.rs` | the sheet: items by attributes, entered by keyboard, saved as it goes |
//! | `item.rs` | one item beside its evidence |
//! | `document.rs` | evidence shown in place, annotations on its regions |
//! | `outline.rs` | the pages of a document with the regions that were noted on them |
//! | `bulk.rs` | a block pasted from a spreadsheet, evidence matched to items |
//! | `review.rs` | review notes and the signatures of preparer and reviewer |
//! | `legend.rs` | the firm's legend of tick marks |

mod bulk;
mod document;
mod grid;
mod item;
mod legend;
mod outline;
mod review;

pub use bulk::{confirm_matches, matches, paste, paste_form};
pub use document::{annotate, bytes, strike};
pub use grid::{entries, sheet};
pub use item::{enter_item, item, replace_item};
pub use legend::{legend, state_legend};
pub use review::{answer_note, clear_note, raise_note, sign_prepared, sign_reviewed};

use super::model::{Legend, ReviewNote, Signature};
use super::store as sheets;
use crate::firm::store::facts_for;
use crate::model::{Item, Sample, SampleId, Test};
use crate::pages::{Names, href, papers};
use crate::permits::ReadFile;
use crate::rules::deviation::Procedure;
use crate::rules::item::{ItemOutcome, item_outcome};
use crate::store::{self, Papers};
use evidence::model::{EvidenceId, EvidenceItem};
use kernel::ids::{EngagementId, PersonId};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure};
use platform::ui::assets::asset_url;
use platform::ui::{Form, Html, Shell, Status, Tone};
use platform::words::Words;
use std::collections::BTreeMap;

/// A sheet with everything that its pages show.
struct Sheet {
    papers: Papers,
    names: Names,
    test: Test,
    sample: Sample,
    items: Vec<Item>,
    marks: BTreeMap<(String, String), String>,
    matched: BTreeMap<String, Vec<EvidenceId>>,
    legend: Legend,
    notes: Vec<ReviewNote>,
    signatures: Vec<Signature>,
}

impl Sheet {
    fn engagement(&self) -> EngagementId {
        self.papers.engagement.id
    }

    /// The address of the sheet or of something on it.
    fn href(&self, rest: &str) -> String {
        href(self.engagement(), &format!("/samples/{}{rest}", self.sample.id))
    }

    fn open(&self) -> u64 {
        store::open_items(&self.items)
    }

    fn item(&self, position: i64) -> Result<&Item, Failure> {
        self.items.iter().find(|i| i.position == position).ok_or_else(nothing)
    }

    /// The key of the mark that shows for an attribute: the one that was typed, as long as the result is
    /// the one that it stands for.
    fn key(&self, item: &Item, attribute: &str) -> Option<String> {
        let result = item.facts.attributes.iter().find(|a| a.attribute == attribute)?.result;
        let typed = self.marks.get(&(item.facts.id.clone(), attribute.to_owned()));
        let typed = typed
            .filter(|key| self.legend.marks.iter().any(|m| m.key == **key && m.result == result));
        typed.cloned().or_else(|| {
            self.legend.marks.iter().find(|m| m.result == result).map(|m| m.key.clone())
        })
    }

    fn sign_of(&self, key: &str) -> &str {
        self.legend.marks.iter().find(|m| m.key == key).map_or("", |m| m.sign.as_str())
    }

    /// Evidence of an item: what its result names and what was matched to it.
    fn evidence(&self, item: &Item) -> Vec<EvidenceId> {
        let mut all = item.evidence.clone();
        for id in self.matched.get(&item.facts.id).into_iter().flatten() {
            if !all.contains(id) {
                all.push(*id);
            }
        }
        all
    }

    fn letters(&self) -> Vec<&str> {
        self.test.plan.attributes.iter().map(|a| a.letter.as_str()).collect()
    }
}

fn nothing() -> Failure {
    Failure::Refused(Refusal::NotFound)
}

/// Reads a sheet for who may read the firm's file.
async fn load(cx: &Cx, engagement: EngagementId, sample: SampleId) -> Result<Sheet, Failure> {
    let (papers, mut names) = papers(cx, engagement).await?;
    let hit = papers.tests.iter().find_map(|t| {
        let drawn = papers.samples.get(&t.id)?.iter().find(|s| s.id == sample)?;
        Some((t.clone(), drawn.clone()))
    });
    let (test, sample) = hit.ok_or_else(nothing)?;
    let (file, id) = (papers.file, sample.id);
    let read = cx
        .read(move |conn, actor| {
            authorize::<ReadFile>(actor, &scope::facts(conn, file.engagement)?)?;
            let notes = sheets::notes(conn, file, id)?;
            let signatures = sheets::signatures(conn, file, id)?;
            let people = notes
                .iter()
                .flat_map(|n| [Some(&n.raised_by), n.answered_by.as_ref(), n.cleared_by.as_ref()])
                .flatten()
                .chain(signatures.iter().map(|s| &s.signer));
            let mut named = BTreeMap::new();
            for who in people {
                if let Ok(person) = who.parse::<PersonId>() {
                    named.insert(who.clone(), identity::store::name_of(conn, person)?);
                }
            }
            let marks = sheets::marks(conn, file.firm, id)?;
            let matched = sheets::matches(conn, file.firm, id)?;
            let legend = sheets::legend(conn, file.firm)?;
            Ok((notes, signatures, named, marks, matched, legend))
        })
        .await?;
    let (notes, signatures, named, marks, matched, legend) = read;
    names.0.extend(named);
    let items = papers.items.get(&sample.id).cloned().unwrap_or_default();
    Ok(Sheet { papers, names, test, sample, items, marks, matched, legend, notes, signatures })
}

/// The evidence of the engagement that the firm may see, those first that bear on the control.
async fn vault(cx: &Cx, sheet: &Sheet) -> Result<Vec<EvidenceItem>, Failure> {
    let (engagement, owner) = (sheet.engagement(), sheet.papers.engagement.organisation);
    let control = sheet.test.plan.control;
    let now = cx.env().now();
    let mut all = cx
        .read(move |conn, actor| {
            authorize::<ReadFile>(actor, &facts_for(conn, actor, engagement, now)?)?;
            evidence::store::items(conn, owner)
        })
        .await?;
    all.retain(|e| e.engagement.is_none_or(|id| id == engagement));
    all.sort_by_key(|e| !e.controls.contains(&control));
    Ok(all)
}

fn outcome(w: Words, item: &Item) -> Status {
    match item_outcome(&item.facts) {
        Ok(ItemOutcome::Pass) => Status::new(Tone::Good, w.t("examination-item-pass")),
        Ok(ItemOutcome::Deviation { .. }) => {
            Status::new(Tone::Attention, w.t("examination-item-deviation"))
        }
        Ok(ItemOutcome::Replaced) => Status::new(Tone::Closed, w.t("examination-item-replaced")),
        Ok(ItemOutcome::Open) | Err(_) => Status::new(Tone::Waiting, w.t("examination-item-open")),
    }
}

/// What the kind of test supports, said where results are entered.
fn supports(w: Words, procedure: Procedure) -> String {
    w.t(&format!("sheets-supports-{}", procedure.word()))
}

/// A form that was refused; the way back stands above it.
fn refused(cx: &Cx, sheet: &Sheet, title: String, form: Form) -> Answer {
    crate::pages::alone(cx, below(cx, sheet, title), form)
}

/// The frame of a page below the sheet.
fn below(cx: &Cx, sheet: &Sheet, title: String) -> Shell {
    let code = sheet.test.plan.code.clone();
    let control = href(sheet.engagement(), &format!("/controls/{}", sheet.test.plan.control));
    crate::pages::framed(cx.shell(), &sheet.papers, "controls")
        .title(title)
        .crumb(control, code)
        .crumb(sheet.href(""), cx.w.t("sheets-sheet"))
}

fn script(path: &str) -> Html {
    Html::trusted(format!("<script src=\"{}\" defer></script>", asset_url(path)))
}

/// The legend in one line per mark: key, sign, meaning.
fn legend_list(w: Words, legend: &Legend) -> Html {
    let rows: String = legend
        .marks
        .iter()
        .map(|m| {
            format!(
                "<li><kbd>{}</kbd> <span class=\"sign\">{}</span> {} <small>{}</small></li>",
                Html::text(&m.key),
                Html::text(&m.sign),
                Html::text(&m.meaning),
                Html::text(&w.t(&format!("sheets-result-{}", m.result.word().replace('_', "-"))))
            )
        })
        .collect();
    Html::trusted(format!("<ul class=\"legend\">{rows}</ul>"))
}
