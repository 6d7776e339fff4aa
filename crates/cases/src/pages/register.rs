//! `/cases`: the list, and the list as a file.

mod asked;
mod file;

pub(crate) use asked::{filter, key_after};

use super::{kind_word, owner_seen, severity_word, state_status, state_word};
use crate::model::{Case, CaseId, CaseKind, CaseState, Severity};
use crate::permits::{FileReport, HandleCase};
use crate::store;
use crate::views::permits::KeepViews;
use crate::views::{jobs, store as views};
use jiff::tz::TimeZone;
use kernel::ids::{PartyId, PersonId};
use platform::db::{Conn, Result};
use platform::http::{Answer, Cx};
use platform::ui::{
    Button, Choice, Column, ColumnChoice, Empty, Field, Filter, Form, Html, Kind, ListFormat,
    ListQuery, Note, Page, Pager, Row, SavedFilter, Table, Tone, prose,
};
use platform::words::Words;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one page.
const PAGE_ROWS: i64 = 50;
/// What the list and the file can show; all but the last unless the reader chooses.
const COLUMNS: [&str; 9] =
    ["number", "title", "kind", "severity", "state", "channel", "owner", "reported", "tags"];

/// The columns that are shown.
fn columns(query: &ListQuery) -> Vec<&'static str> {
    let asked: Vec<&str> = query.all("col").collect();
    let chosen: Vec<_> = COLUMNS.into_iter().filter(|c| asked.contains(c)).collect();
    if chosen.is_empty() {
        return COLUMNS
            .into_iter()
            .filter(|c| *c != "tags" || query.get("tag").is_some())
            .collect();
    }
    // The number leads to the case.
    if chosen.contains(&"number") { chosen } else { [&["number"], &chosen[..]].concat() }
}

/// What stands beside the cases of a list.
#[derive(Debug, Default)]
struct Beside {
    owners: BTreeMap<PersonId, String>,
    tags: BTreeMap<CaseId, BTreeSet<String>>,
}

impl Beside {
    /// Learns what the columns need to know of more cases.
    fn learn(
        &mut self,
        conn: &mut Conn<'_>,
        organisation: PartyId,
        columns: &[&str],
        cases: &[Case],
    ) -> Result<()> {
        for case in cases {
            if let Some(owner) = case.owner.filter(|o| !self.owners.contains_key(o)) {
                self.owners.insert(owner, identity::store::name_of(conn, owner)?);
            }
            if columns.contains(&"tags") {
                self.tags.insert(case.id, views::tags_of(conn, organisation, case.id)?);
            }
        }
        Ok(())
    }

    fn owner(&self, case: &Case) -> String {
        case.owner.and_then(|o| self.owners.get(&o)).cloned().unwrap_or_default()
    }

    fn tags(&self, case: &Case) -> String {
        let tags = self.tags.get(&case.id).into_iter().flatten();
        tags.map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// What a page shows.
struct Seen {
    cases: Vec<Case>,
    open: i64,
    beside: Beside,
    behind: i64,
    /// Reports that came in a flood and wait for a person.
    held: i64,
    views: Vec<crate::views::model::SavedView>,
    tags: Vec<String>,
    channels: Vec<String>,
    people: Vec<(PersonId, String)>,
}

async fn seen(cx: &Cx, query: &ListQuery) -> std::result::Result<Seen, platform::http::Failure> {
    let me = cx.person().ok();
    let mut wanted = filter(query, PAGE_ROWS + 1, me, cx.env().now())?;
    wanted.canaries = cx.can::<HandleCase>();
    let (chosen, columns) = (cx.engagement(), columns(query));
    cx.read(move |conn, actor| {
        let owner = owner_seen(conn, actor, chosen)?;
        let inside = actor.party == Some(owner);
        let counts = store::counts(conn, owner)?;
        let concluded =
            |state: &str| CaseState::from_word(state).is_some_and(CaseState::is_concluded);
        let open = counts.iter().filter(|c| !concluded(&c.state)).map(|c| c.n).sum();
        let channels: BTreeSet<_> = counts.into_iter().map(|c| c.channel).collect();
        let cases = store::cases(conn, owner, &wanted)?;
        let mut beside = Beside::default();
        beside.learn(conn, owner, &columns, &cases)?;
        let views = match (inside, me) {
            (true, Some(me)) => views::views(conn, owner, me)?,
            _ => Vec::new(),
        };
        let behind = if wanted.text.is_some() { jobs::behind(conn, owner)? } else { 0 };
        let people = if inside {
            let all = identity::store::people_of(conn, owner)?;
            all.into_iter().map(|m| (m.profile.id, m.profile.name)).collect()
        } else {
            Vec::new()
        };
        let tags = views::tags(conn, owner)?;
        let channels = channels.into_iter().filter(|c| !c.is_empty()).collect();
        let (held, _) = store::held::waiting(conn, owner)?;
        Ok(Seen { cases, open, beside, behind, held, views, tags, channels, people })
    })
    .await
}

fn select(w: Words, name: &str, choices: Vec<(String, String)>, query: &ListQuery) -> Field {
    let mut all = vec![Choice::new("", w.t("cases-any"))];
    all.extend(choices.into_iter().map(|(value, label)| Choice::new(value, label)));
    Field::new(w, name, w.t(&format!("cases-{name}")), Kind::Select(all))
        .value(query.get(name).unwrap_or_default())
}

fn same(words: &[String]) -> Vec<(String, String)> {
    words.iter().map(|x| (x.clone(), x.clone())).collect()
}

/// The words that a filter may have, with what a reader sees for each.
fn choices(w: Words, name: &str, seen: &Seen) -> Vec<(String, String)> {
    match name {
        "state" => CaseState::ALL.iter().map(|x| (x.word().into(), state_word(w, *x))).collect(),
        "open" => {
            ["yes", "no"].iter().map(|x| ((*x).into(), w.t(&format!("cases-open-{x}")))).collect()
        }
        "overdue" => vec![("yes".into(), w.t("cases-overdue-yes"))],
        "severity" => {
            let all = Severity::ALL.iter().map(|x| (x.word().into(), severity_word(w, Some(*x))));
            all.chain([("none".into(), severity_word(w, None))]).collect()
        }
        "kind" => CaseKind::ALL.iter().map(|x| (x.word().into(), kind_word(w, *x))).collect(),
        "channel" => same(&seen.channels),
        "owner" => {
            let mut all: Vec<(String, String)> = vec![
                ("me".into(), w.t("cases-owner-me")),
                ("nobody".into(), w.t("cases-owner-nobody")),
            ];
            all.extend(seen.people.iter().map(|(id, name)| (id.to_string(), name.clone())));
            all
        }
        "tag" => same(&seen.tags),
        _ => Vec::new(),
    }
}

const CHOSEN: [&str; 8] =
    ["open", "overdue", "state", "severity", "kind", "channel", "owner", "tag"];

fn filters(w: Words, query: &ListQuery, seen: &Seen) -> Form {
    let mut form = Form::get(w, "/cases", w.t("cases-filter")).compact().field(
        Field::new(w, "q", w.t("cases-search"), Kind::Search)
            .value(query.get("q").unwrap_or_default())
            .max(400),
    );
    for name in CHOSEN {
        let choices = choices(w, name, seen);
        if choices.is_empty() && query.get(name).is_none() {
            continue;
        }
        form = form.field(select(w, name, choices, query));
    }
    for name in ["from", "to"] {
        let field = Field::new(w, name, w.t(&format!("cases-{name}")), Kind::Date);
        form = form.field(field.value(query.get(name).unwrap_or_default()));
    }
    for column in query.all("col") {
        form = form.hide("col", column);
    }
    form
}

/// The filters that are set, in words, each with the way to drop it.
fn set(w: Words, query: &ListQuery, seen: &Seen) -> Vec<Filter> {
    query
        .filters()
        .filter_map(|(name, value)| {
            let label = match name {
                "q" => value.to_owned(),
                "from" | "to" => format!("{} {value}", w.t(&format!("cases-{name}"))),
                _ if CHOSEN.contains(&name) => {
                    let all = choices(w, name, seen);
                    let said = all.into_iter().find(|(v, _)| v == value).map(|(_, l)| l);
                    let said = said.unwrap_or_else(|| value.to_owned());
                    format!("{}: {said}", w.t(&format!("cases-{name}")))
                }
                _ => return None,
            };
            Some(Filter { label, drop: query.href_drop(name, value) })
        })
        .collect()
}

fn cell(w: Words, column: &str, case: &Case, beside: &Beside) -> String {
    match column {
        "number" => case.tracking_number.clone(),
        "title" => case.title.clone(),
        "kind" => kind_word(w, case.kind),
        "severity" => severity_word(w, case.severity),
        "state" => state_word(w, case.state),
        "channel" => case.channel.clone(),
        "owner" => beside.owner(case),
        "tags" => beside.tags(case),
        _ => case.reported_at.to_rfc3339(),
    }
}

fn row(w: Words, columns: &[&str], case: &Case, beside: &Beside) -> Row {
    let cells = columns.iter().map(|column| match *column {
        "number" => Html::id(&case.tracking_number).into(),
        "state" => state_status(w, case).into(),
        "reported" => w.moment(case.reported_at, &TimeZone::UTC).into(),
        other => cell(w, other, case, beside).into(),
    });
    Row::new(cells.collect()).to(format!("/cases/{}", case.id))
}

fn table(cx: &Cx, query: &ListQuery, seen: &mut Seen, csrf: &str) -> Table {
    let w = cx.w;
    let rows = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let more = seen.cases.len() > rows;
    seen.cases.truncate(rows);
    let next = seen.cases.last().filter(|_| more).map(key_after);
    let shown = columns(query);
    let headings = shown.iter().map(|c| Column::new(w.t(&format!("cases-{c}")))).collect();
    let choice = |c: &&str| ColumnChoice {
        key: (*c).to_owned(),
        label: w.t(&format!("cases-{c}")),
        shown: shown.contains(c),
    };
    let empty = if query.filtered() {
        Empty::new(w.t("cases-none-match"), w.t("cases-none-match-next"))
            .action(Button::link("/cases", w.t("cases-all")))
    } else {
        Empty::new(w.t("cases-none"), w.t("cases-none-next"))
    };
    let handles = cx.can::<HandleCase>();
    let rows = seen.cases.iter().map(|case| {
        let row = row(w, &shown, case, &seen.beside);
        if handles {
            let label = w.t1("cases-choose", "number", &case.tracking_number);
            row.select(format!("{}:{}", case.id, case.version), label)
        } else {
            row
        }
    });
    let mut table = Table::new(w, "cases", w.t("cases-room"), headings)
        .rows(rows)
        .pager(Pager::keyset(query, None, next.as_deref()))
        .exports(query)
        .choose(query, COLUMNS.iter().map(choice).collect())
        .filters(set(w, query, seen))
        .empty(empty)
        .wide();
    if handles {
        let buttons = ["assign", "tag", "untag", "close"];
        let buttons = buttons.map(|b| (b.to_owned(), w.t(&format!("views-bulk-{b}"))));
        table = table.bulk("/cases/bulk", csrf, buttons.to_vec());
    }
    let now = crate::views::service::canonical(cx.uri.query().unwrap_or_default());
    let saved = seen.views.iter().map(|view| SavedFilter {
        label: view.name.clone(),
        href: format!("/cases?{}", view.query),
        current: view.query == now,
    });
    let keep = query.filtered() && cx.can::<KeepViews>();
    let keep = keep.then(|| Button::link(format!("/cases/views/new?{now}"), w.t("views-save")));
    table.saved(saved.collect(), keep)
}

/// `GET /cases`
///
/// # Errors
/// When the reader may not see cases, or a filter is none.
pub async fn list(cx: Cx) -> Answer {
    let query = cx.list_query();
    if let Some(format) = query.get("format").and_then(ListFormat::parse) {
        return file::send(&cx, &query, format).await;
    }
    let mut seen = seen(&cx, &query).await?;
    let w = cx.w;
    let mut shell = cx
        .shell()
        .title(w.t("cases-question"))
        .answer(w.t1("cases-answer", "count", seen.open))
        .at("cases")
        .action(Button::link("/cases/dashboard", w.t("cases-dashboard")))
        .action(Button::link("/cases/patterns", w.t("figures-patterns")))
        .action(Button::link("/cases/overdue", w.t("clocks-tab-overdue")));
    if !seen.views.is_empty() {
        shell = shell.action(Button::link("/cases/views", w.t("views-caption")));
    }
    if cx.can::<crate::disclosures::permits::ReadDisclosures>() {
        shell = shell.action(Button::link("/cases/disclosures", w.t("casework-disclosure")));
    }
    if cx.can::<controls::risks::permits::ReadRisks>() {
        shell = shell.action(Button::link("/risks", w.t("risks-title")));
    }
    if cx.can::<FileReport>() {
        shell = shell.action(Button::link("/cases/hotline", w.t("cases-hotline")));
    }
    let csrf = shell.csrf.clone();
    let table = table(&cx, &query, &mut seen, &csrf);
    let mut page = Page::new(shell).part(filters(w, &query, &seen));
    if seen.behind > store::WAITING_READ_MAX {
        page = page.part(prose(&w.t1("cases-search-behind", "count", seen.behind)));
    }
    if seen.held > 0 {
        let text = w.t1("cases-held-waiting-text", "count", seen.held);
        let link = Html::link("/cases/held", w.t("cases-held-look"));
        page = page.part(Note::new(Tone::Attention, text, link));
    }
    page = page.part(table);
    if query.after().is_some() {
        page = page.part(Html::link(&query.href_first(), w.t("pager-first")));
    }
    cx.page(&page)
}
