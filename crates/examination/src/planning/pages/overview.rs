//! `/examination`: every engagement of the firm, by stage, with what waits for whom.

use super::{hours, word};
use crate::firm::pages::people;
use crate::firm::permits::ReadFirm;
use crate::firm::rules::day;
use crate::pages::href;
use crate::permits::ReadFile;
use crate::planning::model::{Budget, Milestone, Time, Timeline};
use crate::planning::progress::{self, Around, Waiting, Whom};
use crate::planning::{rules, store};
use crate::store::Papers;
use ::scope::catalogue::Series;
use ::scope::model::EngagementState;
use ::scope::permits::ReadEngagement;
use evidence::model::RequestState;
use jiff::civil::Date;
use kernel::permit::{authorize, scope};
use kernel::time::Timestamp;
use platform::db::{Conn, Result};
use platform::http::{Answer, Cx, Failure};
use platform::ui::{
    Button, Cell, Column, Empty, Figure, Figures, Html, Page, Row, Status, Table, Tone, buttons,
};
use platform::words::Words;
use std::collections::BTreeMap;

/// What the overview shows of one engagement.
struct Card {
    papers: Papers,
    client: String,
    timeline: Timeline,
    budget: Budget,
    times: Vec<Time>,
    waiting: Vec<Waiting>,
    partner: String,
}

fn card(conn: &mut Conn<'_>, papers: Papers, today: Date) -> Result<Card> {
    let file = papers.file;
    let staffing = crate::firm::store::standing(conn, file)?;
    let names = people(conn, file.firm)?;
    let requests = evidence::store::requests(conn, file.engagement)?;
    let count = |of: &[RequestState]| requests.iter().filter(|r| of.contains(&r.state)).count();
    let ids = |of: &[RequestState]| {
        let all = requests.iter().filter(|r| of.contains(&r.state));
        all.map(|r| progress::made(r.id.to_u128())).min()
    };
    let answers = requests.iter().filter(|r| r.state == RequestState::Submitted);
    let answered_since =
        answers.filter_map(|r| r.items.iter().map(|i| progress::made(i.to_u128())).max()).min();
    let timeline = store::timeline(conn, file)?;
    let late = timeline.dates.iter().filter(|d| rules::overdue(d, today));
    let overdue_since = late.map(|d| d.due).min().and_then(start_of);
    let open = [RequestState::Open, RequestState::InProgress, RequestState::Returned];
    let client = identity::store::party(conn, papers.engagement.organisation)?;
    let partner = staffing
        .team
        .iter()
        .find(|m| m.released.is_none() && m.assignment.role == kernel::party::Role::Partner)
        .and_then(|m| names.get(&m.person).cloned());
    let around = Around {
        requests_open: count(&open),
        open_since: ids(&open),
        answered_since,
        overdue_since,
        requests_answered: count(&[RequestState::Submitted]),
        overdue: timeline.dates.iter().filter(|d| rules::overdue(d, today)).count(),
        staffing,
    };
    Ok(Card {
        waiting: progress::waiting(&papers, &around, today),
        client: client.map(|p| p.name).unwrap_or_default(),
        budget: store::budget(conn, file)?,
        times: store::times(conn, file)?,
        partner: partner.unwrap_or_default(),
        timeline,
        papers,
    })
}

/// The first moment of a day, as ages of what waits are counted.
fn start_of(day: Date) -> Option<Timestamp> {
    let zoned = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from(zoned.timestamp()))
}

/// The files that may be read, and when each policy that waits for its approval was drafted.
async fn cards(cx: &Cx) -> Result<(Vec<Card>, Vec<Timestamp>, Date), Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        scope::<ReadFile>(actor)?;
        let today = day(now);
        let visible = ::scope::store::engagements(conn, &scope::<ReadEngagement>(actor)?)?;
        let mut out = Vec::new();
        for engagement in visible {
            // A peer reviewer sees the engagements to which they are let in, and only those.
            let facts = crate::firm::store::facts_for(conn, actor, engagement.id, now)?;
            if authorize::<ReadFile>(actor, &facts).is_ok() {
                let papers = Papers::load(conn, engagement.id)?;
                out.push(card(conn, papers, today)?);
            }
        }
        let party = actor.party.ok_or(kernel::refusal::Refusal::NotFound)?;
        let drafts = match authorize::<ReadFirm>(actor, &kernel::permit::Facts::of(party)) {
            Ok(_) => crate::firm::store::policies(conn, party)?,
            Err(_) => Vec::new(),
        };
        let drafts = drafts.iter().filter(|p| p.approved_at.is_none());
        let drafts = drafts.map(|p| p.drafted_at).collect();
        Ok((out, drafts, today))
    })
    .await
}

fn stage(w: Words, card: &Card) -> Status {
    let state = card.papers.engagement.state;
    let tone = match state {
        EngagementState::Preparation => Tone::Waiting,
        EngagementState::Fieldwork => Tone::Underway,
        EngagementState::Issued => Tone::Good,
        EngagementState::Locked => Tone::Closed,
    };
    Status::new(tone, word(w, "stage", state.as_str()))
}

fn next_due(w: Words, card: &Card, today: Date) -> Cell {
    let next = card.timeline.dates.iter().filter(|d| d.done.is_none()).min_by_key(|d| d.due);
    let Some(next) = next else { return "".into() };
    let name = |m: Milestone| word(w, "milestone", m.word());
    let line = w.t2("planning-next-due", "what", name(next.milestone), "on", w.date(next.due));
    if rules::overdue(next, today) {
        let mark: Html = Status::new(Tone::Attention, w.t("planning-overdue")).into();
        return mark.and(" ").and(Html::text(&line)).into();
    }
    line.into()
}

fn engagement_table(w: Words, cards: &[Card], today: Date) -> Table {
    let names = [
        "engagement",
        "client",
        "stage",
        "partner",
        "period",
        "concluded-controls",
        "waits",
        "hours-of",
        "next",
    ];
    let columns = names.iter().map(|c| {
        let column = Column::new(w.t(&format!("planning-{c}")));
        if matches!(*c, "concluded-controls" | "hours-of" | "waits") {
            column.numeric()
        } else {
            column
        }
    });
    let rows = cards.iter().map(|card| {
        let e = &card.papers.engagement;
        let concluded = card
            .papers
            .controls
            .iter()
            .filter(|c| {
                let about = crate::model::About::Control { control: c.id };
                card.papers.standing_conclusion(about).is_some()
            })
            .count();
        let (budget, minutes) = progress::spent(&card.budget, &card.times);
        let waits: usize = card.waiting.iter().map(|x| x.count).sum();
        Row::new(vec![
            (&e.name).into(),
            (&card.client).into(),
            stage(w, card).into(),
            (&card.partner).into(),
            format!("{} – {}", w.date(e.period.start()), w.date(e.period.end())).into(),
            w.t2("examination-n-of-n", "n", concluded, "of", card.papers.controls.len()).into(),
            w.number(waits).into(),
            w.t2("planning-hours-line", "recorded", hours(w, minutes), "budget", w.number(budget))
                .into(),
            next_due(w, card, today),
        ])
        .to(href(e.id, ""))
    });
    Table::new(w, "engagements", w.t("planning-engagements"), columns.collect())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("examination-list-none"), w.t("examination-list-none-next")))
}

/// Where something that waits is looked at.
fn place(card: &Card, waiting: &Waiting) -> String {
    match waiting.whom {
        _ if waiting.at.starts_with("/requests") => waiting.at.clone(),
        _ => href(card.papers.engagement.id, &waiting.at),
    }
}

/// The policies of the firm that wait for their approval.
fn policies_row(w: Words, drafts: &[Timestamp], today: Date) -> Option<Row> {
    let since = drafts.iter().min()?;
    let row = Row::new(vec![
        w.t1("planning-waits-policies", "count", drafts.len()).into(),
        word(w, "whom", Whom::Partner.word()).into(),
        "".into(),
        w.t1("planning-days", "count", progress::age_days(*since, today)).into(),
    ]);
    Some(row.to("/firm"))
}

fn waiting_table(
    w: Words,
    (cards, drafts): (&[Card], &[Timestamp]),
    only: Option<&str>,
    today: Date,
) -> Table {
    let names = ["what", "whom", "engagement", "age"];
    let columns = names.iter().map(|c| {
        let column = Column::new(w.t(&format!("planning-{c}")));
        if *c == "age" { column.numeric() } else { column }
    });
    let mut all: Vec<(&Card, &Waiting)> =
        cards.iter().flat_map(|c| c.waiting.iter().map(move |x| (c, x))).collect();
    all.retain(|(_, x)| only.is_none_or(|o| o == x.whom.word()));
    all.sort_by_key(|(_, x)| (x.whom, x.since.is_none(), x.since));
    let rows = all.into_iter().map(|(card, x)| {
        let age = x.since.map(|s| w.t1("planning-days", "count", progress::age_days(s, today)));
        Row::new(vec![
            w.t1(&format!("planning-waits-{}", x.what), "count", x.count).into(),
            word(w, "whom", x.whom.word()).into(),
            (&card.papers.engagement.name).into(),
            age.unwrap_or_default().into(),
        ])
        .to(place(card, x))
    });
    let partner = only.is_none_or(|o| o == Whom::Partner.word());
    let policies = if partner { policies_row(w, drafts, today) } else { None };
    Table::new(w, "waiting", w.t("planning-waiting"), columns.collect())
        .rows(policies.into_iter().chain(rows))
        .cards()
        .empty(Empty::new(w.t("planning-waiting-none"), w.t("planning-waiting-none-next")))
}

fn deviation_table(w: Words, cards: &[Card]) -> Table {
    let mut columns = vec![Column::new(w.t("planning-series"))];
    columns.extend(cards.iter().map(|c| Column::new(&c.papers.engagement.name).numeric()));
    let mut by: BTreeMap<Series, Vec<usize>> = BTreeMap::new();
    for (n, card) in cards.iter().enumerate() {
        for s in progress::by_series(&card.papers, &card.budget, &card.times) {
            by.entry(s.series).or_insert_with(|| vec![0; cards.len()])[n] = s.deviations;
        }
    }
    let rows =
        by.into_iter().filter(|(_, counts)| counts.iter().any(|n| *n > 0)).map(|(s, counts)| {
            let mut cells: Vec<Cell> = vec![Html::id(s.label()).into()];
            for (card, n) in cards.iter().zip(counts) {
                let to = href(card.papers.engagement.id, "/plan");
                cells.push(if n == 0 {
                    w.number(n).into()
                } else {
                    Html::link(&to, w.number(n)).into()
                });
            }
            Row::new(cells)
        });
    Table::new(w, "deviations", w.t("planning-deviations-by-series"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("planning-deviations-none"), w.t("planning-deviations-none-next")))
}

/// `GET /examination`, with `?for=partner|reviewer|team|client` only what waits for them.
///
/// # Errors
/// Nothing is there for the organisation's side.
pub async fn overview(cx: Cx) -> Answer {
    let (cards, drafts, today) = cards(&cx).await?;
    let w = cx.w;
    let only = cx.param("for");
    let total = |whom: Whom| -> usize {
        let all = cards.iter().flat_map(|c| &c.waiting).filter(|x| x.whom == whom);
        let of_firm = if whom == Whom::Partner { drafts.len() } else { 0 };
        all.map(|x| x.count).sum::<usize>() + of_firm
    };
    let figure = |whom: Whom| {
        Figure::new(w, word(w, "waits-for", whom.word()), w.number(total(whom)))
            .of(format!("/examination?for={}#waiting", whom.word()))
    };
    let waiting =
        waiting_table(w, (&cards, &drafts), only.as_deref(), today).exports(&cx.list_query());
    if let Some(file) = cx.file("waiting", &waiting) {
        return file;
    }
    let busy = cards.iter().filter(|c| !c.waiting.is_empty()).count();
    let shell = cx
        .shell()
        .title(w.t("planning-overview-title"))
        .answer(w.t2("planning-overview-answer", "count", cards.len(), "waiting", busy))
        .at("examination");
    let all = vec![
        figure(Whom::Partner),
        figure(Whom::Reviewer),
        figure(Whom::Team),
        figure(Whom::Client),
    ];
    let mut page = Page::new(shell);
    if cx.can::<ReadFirm>() {
        page = page.part(buttons([Button::link("/firm", w.t("planning-open-firm")).into()]));
    }
    cx.page(
        &page
            .part(Figures::new(all))
            .part(engagement_table(w, &cards, today))
            .part(waiting)
            .part(deviation_table(w, &cards)),
    )
}
