//! Lists of what happened in the period, frozen before items are taken from them: an event-driven control is not
//! tested on items that somebody happened to name.

use super::Story;
use super::examined::freeze;
use super::people::Cast;
use examination::model::PopulationId;
use examination::store::Papers;
use kernel::refusal::Refusal;
use platform::db::Result;

const SCHEMA: &str = r#"
name = "Events"
kind = "event population"
zone = "America/New_York"
key = ["item"]
dated_by = "on"
span = { from = "2026-01-01", to = "2026-06-30" }
columns = [
  { name = "item", type = "text", required = true },
  { name = "on", type = "date", required = true },
]
"#;

/// How the list of the register is called.
pub(super) const REGISTER: &str = "Reports of the register";

/// What happened: of which control, how the list is called, under which name its file came, and each event with
/// its day.
/// Who joined in the period, and when.
pub(super) const NEW_WORKERS: [(&str, &str); 8] = [
    ("W-041", "2026-01-12"),
    ("W-042", "2026-02-02"),
    ("W-043", "2026-02-16"),
    ("W-044", "2026-03-09"),
    ("W-046", "2026-03-23"),
    ("W-047", "2026-04-13"),
    ("W-049", "2026-05-11"),
    ("W-050", "2026-06-01"),
];

struct Listed(&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const LISTED: [Listed; 3] = [
    Listed("HR-04", "New workers of the period", "new-workers.csv", &NEW_WORKERS),
    Listed(
        "IAM-04",
        "Grants beyond the role default",
        "grants.csv",
        &[
            ("T-2107", "2026-01-20"),
            ("T-2120", "2026-02-06"),
            ("T-2133", "2026-02-24"),
            ("T-2151", "2026-03-17"),
            ("T-2168", "2026-04-08"),
            ("T-2179", "2026-04-29"),
            ("T-2190", "2026-05-13"),
            ("T-2202", "2026-05-28"),
            ("T-2214", "2026-06-15"),
        ],
    ),
    Listed(
        "LOG-02",
        "Alerts that paged somebody",
        "alerts.csv",
        &[
            ("A-311", "2026-01-14"),
            ("A-327", "2026-02-11"),
            ("A-349", "2026-03-19"),
            ("A-402", "2026-04-22"),
            ("A-433", "2026-05-20"),
            ("A-458", "2026-06-17"),
        ],
    ),
];

/// The list of a control's events as it was frozen; none where it has no such list.
pub(super) fn list_of(story: &Story<'_>, cast: &Cast, name: &str) -> Result<Option<PopulationId>> {
    let (engagement, name) = (cast.engagement, name.to_owned());
    story.deployment.db.read_blocking(move |conn| {
        let papers = Papers::load(conn, engagement)?;
        Ok(papers.populations.values().find(|p| p.body.name == name).map(|p| p.id))
    })
}

/// The list of the events of a control, frozen now; none for a control that runs by the calendar.
pub(super) fn events(story: &Story<'_>, cast: &Cast, code: &str) -> Result<Option<PopulationId>> {
    let Some(Listed(code, name, file, rows)) = LISTED.iter().find(|l| l.0 == code) else {
        return Ok(None);
    };
    let rows: String = std::iter::once("item,on\n".to_owned())
        .chain(rows.iter().map(|(item, on)| format!("{item},{on}\n")))
        .collect();
    freeze(story, cast, code, SCHEMA, name, file, rows).map(Some)
}

/// The reports of the register, frozen from it.
pub(super) fn register(story: &Story<'_>, cast: &Cast) -> Result<PopulationId> {
    let mut rows = "item,on\n".to_owned();
    let mut found = Vec::new();
    story.deployment.db.read_blocking(|conn| {
        found.clear();
        cases::store::each_case(conn, cast.organisation, |case, _| {
            let day = case.reported_at.to_rfc3339();
            found.push((case.tracking_number, day.get(..10).unwrap_or_default().to_owned()));
            Ok(())
        })
    })?;
    for (number, day) in &found {
        if ("2026-01-02".."2026-06-30").contains(&day.as_str()) {
            rows.push_str(&format!("{number},{day}\n"));
        }
    }
    if rows.lines().count() < 2 {
        return Err(Refusal::input("the register holds no report of the period").into());
    }
    freeze(story, cast, "INC-03", SCHEMA, REGISTER, "register.csv", rows)
}
