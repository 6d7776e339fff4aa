//! `/cases/patterns`: what comes again, what may not be reported, what fails again and again.

mod parts;

use super::permits::DecideLinks;
use super::rules::proposals::Method;
use super::service::{self, Decision, LOOKED_AT};
use crate::pages::owner_seen;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Pairs};
use platform::ui::{Button, Flash, Page, prose};

/// `GET /cases/patterns`
///
/// # Errors
/// When the reader may not see cases.
pub async fn show(cx: Cx) -> Answer {
    let (chosen, now) = (cx.engagement(), cx.env().now());
    let found = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            service::report(conn, owner, actor.person, (now, LOOKED_AT))
        })
        .await?;
    let w = cx.w;
    let flagged = found.signals.iter().filter(|s| s.flagged).count();
    let shell = cx
        .shell()
        .title(w.t("patterns-question"))
        .answer(w.t2("patterns-answer", "waiting", found.waiting.len(), "flagged", flagged))
        .at("cases")
        .crumb("/cases", w.t("cases-room"))
        .action(Button::link("/cases/dashboard", w.t("cases-dashboard")));
    let csrf = shell.csrf.clone();
    let mut page = Page::new(shell);
    page = page.part(prose(&w.t1("patterns-looked-at", "count", found.looked_at)));
    if found.cut {
        page = page.part(prose(&w.t("patterns-cut")));
    }
    page = page
        .heading(&w.t("patterns-recurrence"))
        .part(prose(&w.t("patterns-recurrence-definition")))
        .part(parts::recurrence(w, &found));
    if let Some(table) = parts::came_again(w, &found) {
        page = page.part(table);
    }
    let decides = cx.can::<DecideLinks>();
    page = page
        .heading(&w.t("patterns-proposals"))
        .part(prose(&w.t("patterns-proposals-definition")))
        .part(parts::waiting(w, &found, decides.then_some(csrf.as_str())));
    for (heading, kinds) in parts::SECTIONS {
        let tables = parts::signals(w, &found, kinds);
        if tables.is_empty() {
            continue;
        }
        page = page.heading(&w.t(heading));
        for part in tables {
            page = page.part(part);
        }
    }
    cx.page(&page)
}

/// `POST /cases/patterns`: whether two cases are the same matter.
///
/// # Errors
/// When the form is another session's, or there are no such cases.
pub async fn decide(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<DecideLinks>()?;
    let given = |name: &str| pairs.get(name).unwrap_or_default();
    let case = |name: &str| given(name).parse().map_err(|_| Refusal::NotFound);
    let decision = Decision {
        one: case("earlier")?,
        other: case("later")?,
        same: match given("same") {
            "yes" => true,
            "no" => false,
            _ => return Err(Refusal::input("Say whether they are the same matter.").into()),
        },
        method: Method::from_word(given("method")),
        likeness: given("likeness").parse().unwrap_or(0),
        reason: given("reason").to_owned(),
    };
    let said = if decision.same { "patterns-confirmed" } else { "patterns-rejected" };
    cx.write(move |tx, env, actor| {
        let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
        service::decide(tx, env, &authorize::<DecideLinks>(actor, &facts)?, &decision)
    })
    .await?;
    cx.see_other("/cases/patterns", Flash::Done(cx.w.t(said))).await
}
