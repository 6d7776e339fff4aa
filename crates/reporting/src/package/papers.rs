//! The workpapers of a package: what the file says, in the words of the file, readable without the
//! program. They are made from the tables; whoever re-performs the package makes them again from the log
//! and compares.

use examination::store::{Papers, control_paper, entries_of, opinion_paper, populations_paper};
use kernel::ids::{EngagementId, EventId};
use platform::db::{Conn, DbError, Result};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The folder of workpapers in a package.
pub(super) const FOLDER: &str = "workpapers";

/// Workpapers with the entries that they name.
#[derive(Default)]
pub(super) struct Workpapers {
    /// Their texts by name.
    pub texts: BTreeMap<String, Vec<u8>>,
    /// What each is about, for people: the code of a control, or a word.
    pub subjects: BTreeMap<String, String>,
    /// The entries of the firm's log that they name.
    pub entries: BTreeSet<EventId>,
}

/// The text of a paper. The same record gives the same bytes.
fn text(paper: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(paper)
        .map_err(|e| DbError::Shape(format!("a workpaper cannot be written: {e}")))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Makes the workpapers of an engagement from the tables.
pub(super) fn workpapers(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Workpapers> {
    let papers = Papers::load(conn, engagement)?;
    let mut out = Workpapers::default();
    let mut add = |name: String, subject: &str, bytes: Vec<u8>| {
        let name = format!("{FOLDER}/{name}.json");
        out.subjects.insert(name.clone(), subject.to_owned());
        out.texts.insert(name, bytes);
    };
    let mut entries = BTreeSet::new();
    for control in &papers.controls {
        let paper = control_paper(conn, &papers, control)?;
        entries.extend(entries_of(&paper));
        add(control.id.to_string(), &format!("control {}", paper.code), text(&paper)?);
    }
    let opinion = opinion_paper(&papers);
    entries.extend(opinion.criteria.iter().filter_map(|c| Some(c.conclusion.as_ref()?.event)));
    entries.extend(opinion.conclusion.as_ref().map(|c| c.event));
    add("opinion".to_owned(), "the opinion", text(&opinion)?);
    let populations = populations_paper(&papers);
    entries.extend(populations.populations.iter().map(|p| p.event));
    add("populations".to_owned(), "the populations", text(&populations)?);
    out.entries = entries;
    Ok(out)
}
