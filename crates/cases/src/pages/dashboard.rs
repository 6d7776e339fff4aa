//! `/cases/dashboard`: how many cases, whether promises are kept, how long things take, what is worst.

mod counted;
mod timed;

pub use counted::{By, Cell as CountCell, by_all};

use super::owner_seen;
use crate::model::{Case, CaseState, Count};
use crate::store;
use crate::views::service::figures::{self as counting, Figures as Timed};
use crate::views::store as views;
use kernel::ids::PersonId;
use platform::http::{Answer, Cx, Failure};
use platform::ui::{Button, Empty, Figure, Figures, Page, prose};
use std::collections::BTreeMap;

fn kind_label(w: platform::words::Words, word: &str) -> String {
    crate::model::CaseKind::from_word(word)
        .map_or_else(|| word.to_owned(), |kind| super::kind_word(w, kind))
}

/// What the page shows.
pub(super) struct Seen {
    pub(super) counts: Vec<Count>,
    pub(super) private: Vec<Count>,
    pub(super) timed: Option<Timed>,
    /// The worst cases that the reader may know of.
    pub(super) worst: Vec<Case>,
    pub(super) owners: BTreeMap<PersonId, String>,
}

pub(super) fn sum<'c>(counts: impl Iterator<Item = &'c Count>) -> i64 {
    counts.map(|c| c.n).sum()
}

pub(super) fn concluded(count: &Count) -> bool {
    CaseState::from_word(&count.state).is_some_and(CaseState::is_concluded)
}

async fn seen(cx: &Cx) -> Result<Seen, Failure> {
    let (chosen, now) = (cx.engagement(), cx.env().now());
    cx.read(move |conn, actor| {
        let owner = owner_seen(conn, actor, chosen)?;
        let counts = store::counts(conn, owner)?;
        let private = views::private_counts(conn, owner)?;
        let timed = counting::seen(conn, owner, sum(counts.iter()), now)?;
        let (mut worst, mut owners) = (Vec::new(), BTreeMap::new());
        for one in timed.iter().flat_map(|t| &t.worst) {
            let kept_out = match actor.person {
                Some(person) => store::kept_out(conn, one.case, person)?,
                None => false,
            };
            // What was the worst when it was counted may be concluded by now.
            let case = store::case(conn, owner, one.case)?;
            worst.extend(case.filter(|c| !kept_out && !c.state.is_concluded()));
        }
        let of_worst = worst.iter().filter_map(|c| c.owner);
        let of_paused = timed.iter().flat_map(|t| &t.paused).map(|p| p.owner);
        for person in of_worst.chain(of_paused).collect::<Vec<_>>() {
            owners.insert(person, identity::store::name_of(conn, person)?);
        }
        Ok(Seen { counts, private, timed, worst, owners })
    })
    .await
}

fn heads(cx: &Cx, counts: &[Count]) -> Figures {
    let w = cx.w;
    let open = sum(counts.iter().filter(|c| !concluded(c)));
    let undecided = sum(counts.iter().filter(|c| c.severity.is_empty() && !concluded(c)));
    let waiting = sum(counts.iter().filter(|c| c.state == CaseState::New.word()));
    let figure = |name: &str, n: i64, href: &str| {
        Figure::new(w, w.t(&format!("cases-figure-{name}")), w.number(n))
            .definition(w.t(&format!("cases-figure-{name}-definition")))
            .of(href)
    };
    Figures::new(vec![
        figure("all", sum(counts.iter()), "/cases"),
        figure("open", open, "/cases?open=yes"),
        figure("new", waiting, "/cases?state=new"),
        figure("undecided", undecided, "/cases?open=yes&severity=none"),
    ])
}

/// `GET /cases/dashboard`
///
/// # Errors
/// When the reader may not see cases.
pub async fn show(cx: Cx) -> Answer {
    let seen = seen(&cx).await?;
    let w = cx.w;
    let all = sum(seen.counts.iter());
    let open = sum(seen.counts.iter().filter(|c| !concluded(c)));
    let shell = cx
        .shell()
        .title(w.t("cases-dashboard-question"))
        .answer(w.t2("cases-dashboard-answer", "all", all, "open", open))
        .at("cases")
        .crumb("/cases", w.t("cases-room"))
        .action(Button::link("/cases/patterns", w.t("figures-patterns")))
        .action(Button::link("/cases", w.t("cases-room")));
    let mut page = Page::new(shell).part(heads(&cx, &seen.counts));
    if all == 0 {
        page = page.part(Empty::new(w.t("cases-none"), w.t("cases-none-next")));
        return cx.page(&page);
    }
    match &seen.timed {
        Some(timed) => {
            for (heading, parts) in timed::sections(w, timed, &seen)? {
                page = page.heading(&w.t(heading));
                for part in parts {
                    page = page.part(part);
                }
            }
        }
        None => page = page.part(prose(&w.t("figures-not-counted"))),
    }
    for by in by_all(&seen.counts, &seen.private) {
        page = page
            .heading(&w.t(&format!("cases-by-{}", by.name)))
            .part(prose(&w.t(&format!("cases-by-{}-definition", by.name))))
            .part(counted::table(w, &by));
        if by.hides() {
            page = page.part(prose(&w.t("figures-hidden-definition")));
        }
    }
    cx.page(&page)
}
