//! How many items a test takes, held against the firm's policy; the approval of fewer.

use super::risk;
use crate::firm::pages::{maybe, name, people, send};
use crate::model::{Test, TestId};
use crate::pages::{done, framed, fresh_key, href, id, papers, version};
use crate::planning::model::Proposal;
use crate::planning::permits::{ApproveSize, Plan as MayPlan};
use crate::planning::rules::sizes;
use crate::planning::store::{Approved, Plan, Sized};
use crate::planning::{service, store};
use crate::store::Papers;
use axum::extract::Path;
use kernel::ids::{EngagementId, PersonId};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Field, Form, Html, Kind, Note, Page, Status, Tone, facts};
use std::collections::BTreeMap;

struct Seen {
    papers: Papers,
    test: Test,
    proposal: Proposal,
    sized: Option<Sized>,
    approved: Option<Approved>,
    people: BTreeMap<PersonId, String>,
}

async fn seen(cx: &Cx, engagement: EngagementId, test: &str) -> Result<Seen, Failure> {
    let (papers, _) = papers(cx, engagement).await?;
    let test: TestId = id(test)?;
    cx.read(move |conn, _| {
        let found = papers.tests.iter().find(|t| t.id == test).cloned();
        let test = found.ok_or(Refusal::NotFound)?;
        let control = papers.control(test.plan.control).ok_or(Refusal::NotFound)?;
        let matrix = Plan::load(conn, &papers)?;
        Ok(Seen {
            proposal: matrix.proposal(&papers, control).ok_or(Refusal::NotFound)?,
            sized: store::size_of(conn, papers.file, test.id)?,
            approved: store::approvals(conn, papers.file)?.remove(&test.id),
            people: people(conn, papers.file.firm)?,
            papers,
            test,
        })
    })
    .await
}

impl Seen {
    fn address(&self) -> String {
        href(self.papers.engagement.id, &format!("/plan/sizes/{}", self.test.id))
    }
}

fn size_form(cx: &Cx, seen: &Seen) -> Form {
    let w = cx.w;
    let said = seen.sized.as_ref();
    let asked = &seen.proposal.size;
    let items = said.map_or(asked.items, |s| s.size.items);
    let version = said.map_or(0, |s| u64::try_from(s.version).unwrap_or(0));
    Form::post(w, seen.address(), &cx.shell().csrf, w.t("planning-size-save"))
        .key(fresh_key(cx))
        .version(version)
        .hide("do", "size")
        .field(
            Field::new(w, "size", w.t("planning-size"), Kind::Number)
                .hint(w.t2("planning-size-hint", "n", asked.by_policy, "of", asked.population))
                .required()
                .value(items.to_string()),
        )
        .field(
            Field::new(w, "size_reason", w.t("planning-size-reason"), Kind::Area(2))
                .hint(w.t("planning-size-reason-hint"))
                .max(4_000)
                .value(said.map(|s| s.size.reason.clone()).unwrap_or_default()),
        )
}

fn approve_form(cx: &Cx, seen: &Seen) -> Form {
    let w = cx.w;
    Form::post(w, seen.address(), &cx.shell().csrf, w.t("planning-size-approve"))
        .key(fresh_key(cx))
        .apart("approve")
        .hide("do", "approve")
        .field(
            Field::new(w, "reason", w.t("planning-size-enough"), Kind::Area(2))
                .required()
                .max(4_000),
        )
}

fn told(cx: &Cx, seen: &Seen) -> Html {
    let w = cx.w;
    let mut pairs = Vec::new();
    if let Some(s) = &seen.sized {
        pairs.push((w.t("planning-class"), risk(w, s.size.risk).into()));
        pairs.push((
            w.t("planning-policy"),
            Html::text(&w.t2(
                "planning-table-row",
                "policy",
                s.size.policy.clone(),
                "row",
                s.size.row,
            )),
        ));
        let counted = w.t2("planning-size-frozen", "n", s.size.items, "of", s.size.population);
        pairs.push((w.t("planning-size"), Html::text(&counted)));
        pairs.push((w.t("planning-size-by-policy"), Html::text(&w.number(s.size.by_policy))));
        if !s.size.reason.is_empty() {
            pairs.push((w.t("planning-size-reason"), Html::text(&s.size.reason)));
        }
        pairs.push((w.t("planning-size-stated"), Html::text(&name(&seen.people, &s.stated_by))));
    }
    let chosen = sizes::chosen(&seen.papers, &seen.test);
    pairs.push((w.t("planning-size-chosen"), Html::text(&w.number(chosen))));
    if let Some(a) = &seen.approved {
        let zone = jiff::tz::TimeZone::get(seen.papers.engagement.period.zone().name())
            .unwrap_or(jiff::tz::TimeZone::UTC);
        let by = format!("{}, {}: {}", name(&seen.people, &a.by), w.moment(a.at, &zone), a.reason);
        pairs.push((w.t("planning-size-approved"), Html::text(&by)));
    }
    facts(pairs)
}

fn size_page(cx: &Cx, seen: &Seen, again: Option<(bool, Form)>) -> Page {
    let w = cx.w;
    let e = seen.papers.engagement.id;
    let fault = sizes::fault(&seen.papers, &seen.test);
    let answer = fault.clone().unwrap_or_else(|| w.t("planning-size-fine"));
    let shell = framed(cx.shell(), &seen.papers, "plan")
        .crumb(href(e, "/plan"), w.t("planning-tab"))
        .crumb(href(e, "/plan/tests"), w.t("planning-tests"))
        .title(w.t1("planning-size-title", "code", seen.test.plan.code.clone()))
        .answer(answer);
    let mut page = Page::new(shell).part(told(cx, seen));
    let waits = seen.sized.as_ref().is_some_and(|s| sizes::below_policy(&s.size))
        && seen.approved.is_none();
    if waits {
        page = page.part(Status::new(Tone::Waiting, w.t("planning-size-waits")));
    }
    let (mut size, mut approve) = (None, None);
    match again {
        Some((true, form)) => approve = Some(form),
        Some((false, form)) => size = Some(form),
        None => {}
    }
    let own = seen.sized.as_ref().is_some_and(|s| {
        cx.actor().map(kernel::party::Actor::name).is_ok_and(|me| me == s.stated_by)
    });
    if waits && own && approve.is_none() {
        page = page.part(Note::new(Tone::Neutral, "", w.t("planning-size-own").as_str()));
    } else if cx.can::<ApproveSize>() && (waits || approve.is_some()) {
        page = page
            .heading(&w.t("planning-size-approve"))
            .part(approve.unwrap_or_else(|| approve_form(cx, seen)));
    }
    if cx.can::<MayPlan>() && sizes::is_sampled(&seen.papers, &seen.test) {
        page = page
            .heading(&w.t("planning-size-state"))
            .part(size.unwrap_or_else(|| size_form(cx, seen)));
    }
    page
}

/// `GET /examination/{engagement}/plan/sizes/{test}`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn size(cx: Cx, Path((engagement, test)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, id(&engagement)?, &test).await?;
    cx.page(&size_page(&cx, &seen, None))
}

/// `POST /examination/{engagement}/plan/sizes/{test}`: states the size anew, or approves the one that is there.
///
/// # Errors
/// When the form is another session's, nothing is there for the person, or they may not.
pub async fn resize(
    cx: Cx,
    Path((engagement, test)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let seen = seen(&cx, engagement, &test).await?;
    let test = seen.test.id;
    let approves = pairs.get("do") == Some("approve");
    let again = if approves {
        cx.may::<ApproveSize>()?;
        let mut form = approve_form(&cx, &seen);
        form.fill(&pairs.0);
        form.check();
        let reason = form.typed("reason").to_owned();
        send(&cx, &pairs, form, move |tx, env, actor| {
            let permit = authorize::<ApproveSize>(actor, &scope::facts(tx, engagement)?)?;
            service::approve_size(tx, env, &permit, test, &reason)
        })
        .await?
    } else {
        cx.may::<MayPlan>()?;
        let mut form = size_form(&cx, &seen);
        form.fill(&pairs.0);
        form.check();
        let items = maybe(&mut form, "size", &cx.w.t("firm-a-number")).unwrap_or(0);
        let reason = form.typed("size_reason").to_owned();
        let at = version(&form);
        send(&cx, &pairs, form, move |tx, env, actor| {
            let permit = authorize::<MayPlan>(actor, &scope::facts(tx, engagement)?)?;
            service::size_test(tx, env, &permit, (test, at), (items, &reason))
        })
        .await?
    };
    match again {
        None => done(&cx, &seen.address(), "planning-saved").await,
        Some(form) => cx.page_again(&size_page(&cx, &seen, Some((approves, form)))),
    }
}
