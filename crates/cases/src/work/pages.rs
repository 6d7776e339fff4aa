//! The work of a case as people see it: a part of the case's page, its forms, and letters.

mod findings;
mod forms;
mod lists;

use super::model::{Action, Finding, FindingKind, Link, Notice, PrivilegedNote, Task};
use super::permits::{DecideNotice, KeepPrivileged};
use super::rules::letters;
use super::{service, store};
use crate::model::{Case, CaseId};
use crate::pages::key_of;
use crate::pages::record::{Filled, Seen, page, seen};
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use controls::permits::ManageGaps;
use controls::risks::model::Risk;
use controls::risks::permits::ManageRisks;
use jiff::tz::TimeZone;
use kernel::ids::PartyId;
use kernel::party::Actor;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::db::{Conn, Result};
use platform::http::{Answer, Cx, Pairs};
use platform::ui::{Flash, Page};

use findings::Shown;
use forms::Act;

/// The other end of a link.
pub(crate) struct Linked {
    pub(crate) link: Link,
    pub(crate) other: Case,
}

/// The work of a case, as far as the reader may see it.
pub(crate) struct Work {
    pub(crate) tasks: Vec<Task>,
    pub(crate) actions: Vec<Action>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) links: Vec<Linked>,
    pub(crate) findings: Vec<(Finding, Shown)>,
    /// Risks that are watched, for the choice of one that the case changes.
    pub(crate) risks: Vec<Risk>,
    /// Whether the reader opens risks and deficiencies, and gaps.
    pub(crate) manages: (bool, bool),
    /// None for everybody but counsel.
    pub(crate) privileged: Option<Vec<PrivilegedNote>>,
    pub(crate) privileged_count: i64,
    /// Whether the reader decides on notifying.
    pub(crate) decides: bool,
}

impl Work {
    pub(crate) fn read(
        conn: &mut Conn<'_>,
        actor: &Actor,
        organisation: PartyId,
        id: CaseId,
    ) -> Result<Self> {
        let facts = Facts::of(organisation);
        let privileged = match authorize::<KeepPrivileged>(actor, &facts) {
            Ok(permit) => Some(service::privileged_notes(conn, &permit, id)?),
            Err(_) => None,
        };
        let mut links = Vec::new();
        for link in store::links(conn, organisation, id)? {
            let other = if link.case == id { link.other } else { link.case };
            // Whom the other report concerns does not learn of it here.
            let kept_out = match actor.person {
                Some(person) => crate::store::kept_out(conn, other, person)?,
                None => false,
            };
            if kept_out {
                continue;
            }
            if let Some(other) = crate::store::case(conn, organisation, other)? {
                links.push(Linked { link, other });
            }
        }
        Ok(Self {
            tasks: store::tasks(conn, organisation, id)?,
            actions: store::actions(conn, organisation, id)?,
            notices: store::notices(conn, organisation, id)?,
            links,
            findings: shown(conn, organisation, id)?,
            risks: controls::risks::store::risks(conn, organisation)?
                .into_iter()
                .filter(|r| r.closed.is_none())
                .collect(),
            manages: (
                authorize::<ManageRisks>(actor, &facts).is_ok(),
                authorize::<ManageGaps>(actor, &facts).is_ok(),
            ),
            privileged,
            privileged_count: store::privileged_count(conn, organisation, id)?,
            decides: authorize::<DecideNotice>(actor, &facts).is_ok(),
        })
    }
}

/// What a case opened or changed, as the room of controls shows it now.
fn shown(conn: &mut Conn<'_>, owner: PartyId, id: CaseId) -> Result<Vec<(Finding, Shown)>> {
    let mut all = Vec::new();
    for finding in store::findings(conn, owner, id)? {
        let reference = finding.reference.as_str();
        let (title, done) = match finding.kind {
            FindingKind::Risk => match reference.parse() {
                Ok(id) => controls::risks::store::risk(conn, owner, id)?
                    .map(|r| (r.text.title, r.closed.is_some())),
                Err(_) => None,
            },
            FindingKind::Deficiency => match reference.parse() {
                Ok(id) => controls::risks::store::deficiency(conn, owner, id)?
                    .map(|d| (d.text.finding, d.mended.is_some())),
                Err(_) => None,
            },
            FindingKind::Gap => controls::store::gaps(conn, owner)?
                .into_iter()
                .find(|g| g.id.to_string() == reference)
                .map(|g| (g.finding, g.closed.is_some())),
        }
        .unwrap_or_default();
        let href = match finding.kind {
            FindingKind::Gap => format!("/controls/gaps/{reference}"),
            _ => format!("/risks/{reference}"),
        };
        all.push((finding, Shown { href, title, done }));
    }
    Ok(all)
}

/// Adds the work to the page of its case.
pub(crate) fn section(
    cx: &Cx,
    page: Page,
    seen: &Seen,
    csrf: &str,
    mut filled: Option<Filled>,
) -> Page {
    let mut desk = lists::Desk { cx, seen, csrf, filled: &mut filled };
    let page = desk.tasks(page);
    let page = desk.actions(page);
    let page = desk.notices(page);
    let page = desk.links(page);
    let page = desk.findings(page);
    desk.privileged(page)
}

/// `POST /cases/{id}/work/{what}`: `task`, `action`, `notice`, `link` or `privileged`.
///
/// # Errors
/// When the form is another session's, there is no such case, or the person may not.
pub async fn begin(cx: Cx, Path((id, what)): Path<(String, String)>, pairs: Pairs) -> Answer {
    let act = Act::named(&what, None).ok_or(Refusal::NotFound)?;
    carry_out(cx, id, act, pairs).await
}

/// `POST /cases/{id}/work/{what}/{item}`: `finish` a task, `carry-out` or `check` an action, a notice was
/// `sent`, `unlink` cases.
///
/// # Errors
/// As [`begin`].
pub async fn go_on(
    cx: Cx,
    Path((id, what, item)): Path<(String, String, String)>,
    pairs: Pairs,
) -> Answer {
    let act = Act::named(&what, Some(&item)).ok_or(Refusal::NotFound)?;
    carry_out(cx, id, act, pairs).await
}

async fn carry_out(cx: Cx, id: String, act: Act, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    act.may(&cx)?;
    let seen = seen(&cx, &id).await?;
    let csrf = cx.shell().csrf;
    let mut form = act.form(cx.w, &seen, &csrf, &cx.form_key()).ok_or(Refusal::NotFound)?;
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match act.send(&cx, &seen, &form, &pairs).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&key_of("work-done", act.word())));
                let to = format!("/cases/{}#{}", seen.case.id, act.place());
                return cx.see_other(&to, done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let filled = Filled { at: act.at(), form };
    cx.page_again(&page(&cx, &seen, Some(filled))?)
}

/// `GET /cases/{id}/letters/{letter}`: a letter filled from the case, as text. A person completes and
/// sends it.
///
/// # Errors
/// When there is no such case or letter, or the reader does not decide on notifying.
pub async fn letter(cx: Cx, Path((id, code)): Path<(String, String)>) -> Answer {
    cx.may::<DecideNotice>()?;
    let letter = letters::template(&code).ok_or(Refusal::NotFound)?;
    let seen = seen(&cx, &id).await?;
    let owner = seen.case.organisation;
    let party = cx.read(move |conn, _| identity::store::party(conn, owner)).await?;
    let organisation = party.map_or_else(String::new, |p| p.name);
    let now = cx.env().now();
    let text = letters::fill(&letter.body, |place| value(&cx, &seen, place, &organisation, now));
    let name = format!("{}-{}.txt", seen.case.tracking_number, letter.code);
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// What is known of a place of a letter.
fn value(
    cx: &Cx,
    seen: &Seen,
    place: &str,
    organisation: &str,
    now: kernel::time::Timestamp,
) -> Option<String> {
    let w = cx.w;
    let moment = |at| w.moment(at, &TimeZone::UTC);
    let fact = |what: &str| seen.facts.iter().find(|f| f.what.word() == what).map(|f| moment(f.at));
    match place {
        "organisation" => Some(organisation.to_owned()),
        "today" => Some(now.to_rfc3339().chars().take(10).collect()),
        "number" => Some(seen.case.tracking_number.clone()),
        "title" => Some(seen.case.title.clone()),
        "occurred" => fact("occurred").or_else(|| seen.case.occurred_at.map(moment)),
        "detected" | "aware" | "contained" => fact(place),
        "extent" => seen.impact.as_ref().map(|i| i.extent.clone()),
        "data" => seen.impact.as_ref().map(|i| {
            let words = i.data.iter().map(|d| w.t(&key_of("casework-data", d.word())));
            words.collect::<Vec<_>>().join(", ")
        }),
        "cause" => seen.cause.as_ref().map(|c| c.cause.clone()),
        "measures" => {
            let all = seen.work.actions.iter().map(|a| a.done.as_ref().unwrap_or(&a.what).clone());
            Some(all.collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}
