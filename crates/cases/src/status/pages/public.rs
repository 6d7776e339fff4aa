//! `/status`: does it work? For everybody, in every language, without script.

use super::{Shown, impact_status, impact_word, state_status, state_word};
use crate::door;
use crate::pages::{languages, public_shell};
use crate::status::model::{Component, Impact, Notice, NoticeId, NoticeKind, Update};
use crate::status::{rules, store};
use axum::extract::Path;
use identity::model::Party;
use jiff::tz::TimeZone;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx};
use platform::ui::{
    Button, Column, Empty, Html, ListQuery, PublicPage, Row, Table, Timeline, facts, prose, stack,
};
use platform::words::Words;

/// Notices on one page of the history.
const HISTORY_ROWS: i64 = 50;

/// An address of these pages that keeps whose page it is, and the language that the address chose.
pub(super) fn at(cx: &Cx, party: &Party, path: &str) -> String {
    let mut query = ListQuery::parse(path, "");
    if cx.param("to").is_some() {
        query = ListQuery::parse(path, &format!("to={}", party.id));
    }
    match cx.param("lang").filter(|tag| Words::of(tag).is_some()) {
        Some(_) => query.href_with("lang", cx.w.tag()),
        None if cx.param("to").is_some() => format!("{path}?to={}", party.id),
        None => path.to_owned(),
    }
}

/// Text that somebody wrote, in whatever language: its own direction, not that of the page.
fn own(text: Html) -> Html {
    Html::trusted("<div dir=\"auto\">").and(text).and(Html::trusted("</div>"))
}

/// What was said, newest first; what was corrected says so, and so does the correction.
pub(super) fn said(w: Words, updates: &[Update]) -> Html {
    let mut line = Timeline::new(w, TimeZone::UTC);
    let when = |version: i64| {
        let of = updates.iter().find(|u| u.version == version);
        of.map_or_else(String::new, |u| w.moment(u.at, &TimeZone::UTC))
    };
    for update in updates.iter().rev() {
        let mut detail = Html::empty();
        if let Some(wrong) = update.corrects {
            detail = detail.and(prose(&w.t1("status-corrects", "when", when(wrong))));
        }
        if let Some(right) = update.corrected_by {
            detail = detail.and(prose(&w.t1("status-corrected", "when", when(right))));
        }
        line = line
            .entry(update.at, state_word(w, update.state), Html::empty())
            .detail(detail.and(own(prose(&update.text))));
    }
    line.into()
}

/// When a notice began and ended, and what it affects.
pub(super) fn particulars(
    w: Words,
    notice: &Notice,
    components: &[Component],
    now: Timestamp,
) -> Html {
    let zone = TimeZone::UTC;
    let affected: Vec<Html> = components
        .iter()
        .filter_map(|c| notice.affected.get(&c.id).map(|i| (c, *i)))
        .map(|(c, i)| Html::text(&c.public_name).and(" \u{b7} ").and(impact_word(w, i)))
        .collect();
    let affected = if affected.is_empty() { Html::empty() } else { stack(affected) };
    let at = |t: Option<Timestamp>| t.map_or_else(Html::empty, |t| w.moment(t, &zone).into());
    let state = rules::shown_state(notice, now);
    let (begins, ends) = match notice.kind {
        NoticeKind::Incident => ("status-began", "status-ended"),
        NoticeKind::Maintenance => ("status-from", "status-until"),
    };
    let end = if notice.kind == NoticeKind::Incident { notice.ended_at } else { notice.ends_at };
    facts(vec![
        (w.t("status-state"), state_status(w, state).into()),
        (w.t(begins), at(Some(notice.begins_at))),
        (w.t(ends), at(end)),
        (w.t("status-affects"), affected),
    ])
}

fn titled(cx: &Cx, party: &Party, notice: &Notice) -> Html {
    let href = at(cx, party, &format!("/status/{}", notice.reference));
    Html::trusted("<h3 dir=\"auto\">")
        .and(Html::link(&href, notice.title.as_str()))
        .and(Html::trusted("</h3>"))
}

fn table(w: Words, shown: &Shown) -> Html {
    if shown.components.is_empty() {
        return Empty::new(w.t("status-none"), w.t("status-none-text")).into();
    }
    let columns = vec![Column::new(w.t("status-component")), Column::new(w.t("status-state"))];
    let rows = shown.components.iter().map(|c| {
        let mut name = Html::text(&c.public_name);
        if !c.description.is_empty() {
            name = name
                .and(Html::trusted("<br><small>"))
                .and(c.description.as_str())
                .and(Html::trusted("</small>"));
        }
        Row::new(vec![name.into(), impact_status(w, shown.stands(c)).into()])
    });
    Table::new(w, "components", w.t("status-components"), columns).rows(rows).into()
}

/// `GET /status`
///
/// # Errors
/// When no organisation can be told.
pub async fn show(cx: Cx) -> Answer {
    let w = cx.w;
    let shown = Shown::of(&cx).await?;
    let answer = match shown.overall() {
        Impact::Operational => "status-answer-operational",
        Impact::Maintenance => "status-answer-maintenance",
        Impact::Degraded => "status-answer-degraded",
        Impact::Partial => "status-answer-partial",
        Impact::Major => "status-answer-major",
    };
    let mut shell = public_shell(&cx)
        .title(w.t1("status-question", "party", &shown.party.name))
        .answer(w.t1(answer, "when", w.moment(shown.now, &TimeZone::UTC)));
    shell.languages = languages(&cx);
    let mut page = PublicPage::new(shell).part(table(w, &shown));
    let (incidents, work): (Vec<_>, Vec<_>) =
        (shown.incidents().collect(), shown.maintenance().collect());
    for (heading, notices) in [("status-incidents", incidents), ("status-maintenance", work)] {
        if notices.is_empty() {
            continue;
        }
        page = page.heading(&w.t(heading));
        for (notice, updates) in notices {
            page = page
                .part(titled(&cx, &shown.party, notice))
                .part(particulars(w, notice, &shown.components, shown.now))
                .part(said(w, updates));
        }
    }
    let feed = at(&cx, &shown.party, "/status.atom");
    page = page
        .part(stack([
            Html::link(&at(&cx, &shown.party, "/status/history"), w.t("status-history")),
            Html::link(&feed, w.t("status-feed")),
            Html::link(&at(&cx, &shown.party, "/report"), w.t("status-report")),
        ]))
        .heading(&w.t("status-follow"))
        .part(prose(&w.t("status-follow-text")))
        .part(super::follow::form(&cx, &shown.party));
    cx.page(&page)
}

/// A place in the history: `1767621600000000~stn_…` would show an id, so the reference stands for it.
async fn place(
    cx: &Cx,
    party: &Party,
) -> Result<Option<(Timestamp, NoticeId)>, platform::http::Failure> {
    let Some(reference) = cx.list_query().after().map(str::to_owned) else { return Ok(None) };
    let organisation = party.id;
    let found =
        cx.app.db.read(move |conn| store::by_reference(conn, organisation, &reference)).await?;
    Ok(found.map(|n| (n.begins_at, n.id)))
}

/// `GET /status/history`: what was published, newest first.
///
/// # Errors
/// When no organisation can be told.
pub async fn history(cx: Cx) -> Answer {
    let w = cx.w;
    let named = cx.param("to");
    let party = cx.app.db.read(move |conn| door::organisation(conn, named.as_deref())).await?;
    let (before, organisation) = (place(&cx, &party).await?, party.id);
    let mut notices = cx
        .app
        .db
        .read(move |conn| store::notices(conn, organisation, before, HISTORY_ROWS + 1))
        .await?;
    let more = notices.len() > usize::try_from(HISTORY_ROWS).unwrap_or(usize::MAX);
    notices.truncate(usize::try_from(HISTORY_ROWS).unwrap_or(usize::MAX));
    let now = cx.env().now();
    let mut shell = public_shell(&cx)
        .title(w.t1("status-history-question", "party", &party.name))
        .answer(w.t1("status-history-answer", "count", notices.len()));
    shell.languages = languages(&cx);
    let columns = vec![
        Column::new(w.t("status-began")),
        Column::new(w.t("status-what")),
        Column::new(w.t("status-kind")),
        Column::new(w.t("status-state")),
        Column::new(w.t("status-lasted")),
    ];
    let rows = notices.iter().map(|n| {
        let lasted = n.ended_at.map_or_else(String::new, |end| {
            if n.kind == NoticeKind::Incident {
                w.span(end.seconds_since(n.begins_at))
            } else {
                String::new()
            }
        });
        Row::new(vec![
            w.moment(n.begins_at, &TimeZone::UTC).into(),
            Html::link(&at(&cx, &party, &format!("/status/{}", n.reference)), n.title.as_str())
                .into(),
            super::kind_word(w, n.kind).into(),
            state_status(w, rules::shown_state(n, now)).into(),
            lasted.into(),
        ])
    });
    let table = Table::new(w, "history", w.t("status-history"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("status-history-none"), w.t("status-history-none-text")));
    let mut page = PublicPage::new(shell).part(table);
    if let Some(last) = notices.last().filter(|_| more) {
        page = page
            .part(Html::link(&cx.list_query().href_after(&last.reference), w.t("status-older")));
    }
    cx.page(&page.part(Button::link(at(&cx, &party, "/status"), w.t("status-now")).quiet()))
}

/// `GET /status/{reference}`: one incident, or planned work.
///
/// # Errors
/// When nothing was published under this reference.
pub async fn one(cx: Cx, Path(reference): Path<String>) -> Answer {
    let w = cx.w;
    let named = cx.param("to");
    let (party, notice, updates, components) = cx
        .app
        .db
        .read(move |conn| {
            let party = door::organisation(conn, named.as_deref())?;
            let notice =
                store::by_reference(conn, party.id, &reference)?.ok_or(Refusal::NotFound)?;
            let updates = store::updates(conn, party.id, notice.id)?;
            let components = store::components(conn, party.id)?;
            Ok((party, notice, updates, components))
        })
        .await?;
    let now = cx.env().now();
    let state = state_word(w, rules::shown_state(&notice, now));
    let last = updates.last().map_or(notice.published_at, |u| u.at);
    let mut shell = public_shell(&cx).title(notice.title.clone()).answer(w.ta(
        "status-one-answer",
        &[
            ("party", party.name.as_str().into()),
            ("state", state.into()),
            ("when", w.moment(last, &TimeZone::UTC).into()),
        ],
    ));
    shell.languages = languages(&cx);
    let page = PublicPage::new(shell)
        .part(particulars(w, &notice, &components, now))
        .heading(&w.t("status-said"))
        .part(said(w, &updates))
        .part(Button::link(at(&cx, &party, "/status"), w.t("status-now")).quiet());
    cx.page(&page)
}
