//! Work of the firm, done on its pages, so that every kind of its objects exists. Every text that the
//! firm writes here carries [`MARK`], which no page of the other side may hold.

use crate::html;
use crate::site::{Caller, MANAGER, PARTNER, SENIOR, Site, typed_over};
use axum::http::StatusCode;

/// Stands in everything that the firm writes for itself.
pub const MARK: &str = "Whisper-of-the-firm";

const SCHEMA: &str = r#"
name = "changes"
kind = "event population"
zone = "America/New_York"
key = ["change_id"]
dated_by = "merged_at"
[[columns]]
name = "change_id"
type = "text"
[[columns]]
name = "merged_at"
type = "timestamp"
required = true
[[columns]]
name = "approved"
type = "text"
"#;

const TEST: &str = r#"
name = "Every change was approved"
[populations.changes]
schema = "changes.toml"
[units]
sql = "SELECT change_id AS unit FROM changes"
[test]
sql = """
SELECT change_id AS unit,
       CASE WHEN approved = 'yes' THEN 'pass' ELSE 'exception' END AS result,
       CASE WHEN approved = 'yes' THEN NULL ELSE 'not approved' END AS reason
FROM changes
"""
"#;

/// Where the firm's objects are.
#[derive(Debug, Clone)]
pub struct Papers {
    /// `/examination/eng_…/tests/tst_…`
    pub test: String,
    pub population: String,
    pub sample: String,
    pub census: String,
    /// The id of a review note that waits for its answer.
    pub note: String,
}

/// The one address on a page that begins so.
async fn linked(site: &Site, who: &Caller, page: &str, begins: &str) -> String {
    let reply = site.get(who, page).await;
    html::links(&reply.body)
        .into_iter()
        .find(|l| l.starts_with(begins) && !l.contains('?'))
        .unwrap_or_else(|| panic!("{page} has no link to {begins}…: {}", reply.body))
}

async fn done(
    site: &Site,
    who: &Caller,
    page: &str,
    action: &str,
    typed: &[(&str, &str)],
) -> String {
    let reply = site.submit(who, page, action, typed).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{action}: {}", reply.body);
    reply.location().to_owned()
}

/// Plans a test, freezes a population, draws from it, records results, counts the whole of it, records
/// a deviation and concludes: each through its page.
pub async fn perform(site: &Site) -> Papers {
    let senior = site.signed_in(SENIOR).await;
    let marked = |text: &str| format!("{MARK}: {text}");
    let file = linked(site, &senior, "/examination", "/examination/eng_").await;
    // A control that the story has left alone.
    let list = site.get(&senior, &file).await;
    let of = format!("{file}/controls/");
    let mut control = String::new();
    for link in html::links(&list.body).into_iter().filter(|l| l.starts_with(&of)) {
        if !site.get(&senior, &link).await.body.contains("/tests/") {
            control = link;
            break;
        }
    }
    assert!(!control.is_empty(), "every control has a test already");
    let plan = format!("{control}/plan");
    let evidence = marked("merge records");
    let typed = [
        ("code", "T-WHISPER-1"),
        ("procedure", "inspection"),
        ("basis", "judgemental"),
        ("evidence", evidence.as_str()),
        ("items", "merged changes"),
        ("attributes", "approved before the merge\nmerged by another person"),
    ];
    done(site, &senior, &plan, &plan, &typed).await;
    let draw = linked(site, &senior, &control, &format!("{file}/tests/")).await;
    let test = draw.rsplit_once('/').unwrap().0.to_owned();
    let population = freeze(site, &senior, &file).await;
    let draw = format!("{test}/draw");
    let id = population.rsplit('/').next().unwrap();
    let typed = [("population", id), ("method", "random"), ("size", "2"), ("seed", "seed-whisper")];
    let sample = done(site, &senior, &draw, &draw, &typed).await;
    results(site, &senior, &sample).await;
    let note = noted(site, &sample).await;
    let census = format!("{test}/census");
    let typed = [("procedure", TEST), ("populations", "changes=Whispered changes")];
    let census = done(site, &senior, &census, &census, &typed).await;
    let reason = marked("approved by telephone");
    let typed =
        [("outcome", "exception"), ("disposition", "not_a_deviation"), ("reason", reason.as_str())];
    done(site, &senior, &census, &census, &typed).await;
    deviation(site, &senior, &test).await;
    conclude(site, &control).await;
    Papers { test, population, sample, census, note }
}

async fn freeze(site: &Site, senior: &Caller, file: &str) -> String {
    let list = format!("{file}/populations");
    let mut csv = "change_id,merged_at,approved\n".to_owned();
    for n in 1..=9 {
        let approved = if n == 3 { "no" } else { "yes" };
        // In each month of the period: one without a row would have to be explained.
        let month = (n - 1) % 6 + 1;
        csv.push_str(&format!("CHG-{n:02},2026-0{month}-0{n}T10:00:00Z,{approved}\n"));
    }
    let form = site.form(senior, &list, &list).await;
    let source = format!("{MARK}: the code host");
    let typed = [
        ("name", "Whispered changes"),
        ("schema", SCHEMA),
        ("source", source.as_str()),
        ("supplied_by", "firm"),
        ("covers_from", "2026-01-01"),
        ("covers_to", "2026-06-30"),
    ];
    let pairs = typed_over(&form.values, &typed);
    let reply = site.upload(senior, &list, &pairs, Some(("file", "changes.csv", &csv))).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    let population = reply.location().to_owned();
    evaluated(site, senior, &population).await;
    let reason = format!("{MARK}: totals agree");
    let typed = [("accepted", "yes"), ("reason", reason.as_str())];
    done(site, senior, &population, &population, &typed).await;
    population
}

/// The checks on completeness and accuracy that people do.
async fn evaluated(site: &Site, senior: &Caller, population: &str) {
    let checks = format!("{population}/completeness");
    let said = format!("{MARK}: five of five");
    let retrieval = [
        ("system", "Code host"),
        ("generator", "export"),
        ("query", said.as_str()),
        ("made_by", "Mei Tanaka"),
        ("made_at", "2026-07-02T14:00:00-04:00"),
        ("observed", "on"),
    ];
    done(site, senior, &checks, &format!("{checks}/retrieval"), &retrieval).await;
    for check in ["1", "2", "8", "9"] {
        let typed = [("check", check), ("outcome", "pass"), ("detail", said.as_str())];
        done(site, senior, &checks, &format!("{checks}/answer"), &typed).await;
    }
    let counts = [
        ("source", said.as_str()),
        ("opening", "9"),
        ("additions", "0"),
        ("removals", "0"),
        ("returns", "0"),
    ];
    done(site, senior, &checks, &format!("{checks}/reconcile"), &counts).await;
}

async fn results(site: &Site, senior: &Caller, sample: &str) {
    let entries = format!("{sample}/entries");
    let note = format!("{MARK}: seen");
    let typed = [
        ("m.1.A", "P"),
        ("m.1.B", "P"),
        ("note.1", note.as_str()),
        ("m.2.A", "D"),
        ("m.2.B", "P"),
        ("note.2", note.as_str()),
    ];
    done(site, senior, sample, &entries, &typed).await;
    // Nothing is concluded before the results name what was looked at.
    for position in [1, 2] {
        let item = format!("{sample}/items/{position}");
        let form = site.form(senior, &item, &item).await;
        let boxes = form.fields.iter().find(|f| f.name == "evidence").unwrap();
        let seen = boxes.choices.first().unwrap().clone();
        done(site, senior, &item, &item, &[("evidence", seen.as_str())]).await;
    }
}

/// A reviewer raises a note; nobody has answered it.
async fn noted(site: &Site, sample: &str) -> String {
    let manager = site.signed_in(MANAGER).await;
    let text = format!("{MARK}: which approval is this?");
    let typed = [("text", text.as_str())];
    done(site, &manager, sample, &format!("{sample}/notes"), &typed).await;
    // Whoever tests answers it there.
    let page = site.get(&site.signed_in(SENIOR).await, sample).await;
    let of = html::forms(&page.body).into_iter().find(|f| f.action.ends_with("/answer"));
    let action = of.expect("a form to answer the note").action;
    action.rsplit('/').nth(1).unwrap().to_owned()
}

async fn deviation(site: &Site, senior: &Caller, test: &str) {
    let page = format!("{test}/deviation");
    let form = site.form(senior, &page, &page).await;
    let source = form.fields.iter().find(|f| f.name == "source").unwrap();
    let found = source.choices.iter().find(|c| c.contains("sample")).unwrap().clone();
    let facts = format!("{MARK}: merged without approval");
    let typed = [
        ("source", found.as_str()),
        ("facts", facts.as_str()),
        ("cause", facts.as_str()),
        ("nature", "isolated"),
    ];
    done(site, senior, &page, &page, &typed).await;
}

async fn conclude(site: &Site, control: &str) {
    // More favourable than the rules propose, so that it waits for a second person.
    let partner = site.signed_in(PARTNER).await;
    let action = format!("{control}/conclude");
    let reason = format!("{MARK}: one slip");
    let typed = [("design", "suitable"), ("operation", "effective"), ("reason", reason.as_str())];
    done(site, &partner, control, &action, &typed).await;
}
