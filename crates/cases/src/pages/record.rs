//! `/cases/{id}`: one case, and the work on it.

mod forms;
mod history;

use super::{kind_word, owner_seen, proof_file, severity_word, state_status};
use crate::model::{Case, CaseId, CaseState, Message};
use crate::permits::HandleCase;
use crate::store;
use axum::extract::Path;
use jiff::tz::TimeZone;
use kernel::ids::EventId;
use kernel::party::Side;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::once;
use platform::ui::{Empty, Flash, Form, Html, NextStep, Page, Timeline, facts, fold, prose};
use platform::words::Words;

use forms::Act;
use history::Happened;

/// A case with what its page shows.
struct Seen {
    case: Case,
    owner: Option<String>,
    messages: Vec<Message>,
    happened: Happened,
    /// Whether the reader may work on it.
    handles: bool,
    /// Whether the reader stands on the organisation's side.
    inside: bool,
}

async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let organisation = owner_seen(conn, actor, chosen)?;
        let case = store::case(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
        if let Some(person) = actor.person
            && store::kept_out(conn, id, person)?
        {
            return Err(Refusal::NotFound.into());
        }
        let owner = case.owner.map(|p| identity::store::name_of(conn, p)).transpose()?;
        Ok(Seen {
            messages: store::messages(conn, organisation, id)?,
            happened: Happened::read(conn, &id.to_string())?,
            handles: authorize::<HandleCase>(actor, &Facts::of(organisation)).is_ok(),
            inside: actor.side == Side::ServiceOrganisation,
            owner,
            case,
        })
    })
    .await
}

/// What must happen next, and who must do it.
fn next_step(w: Words, seen: &Seen) -> Option<NextStep> {
    let case = &seen.case;
    let handlers = || seen.owner.clone().unwrap_or_else(|| w.t("cases-handlers"));
    let (who, what) = match case.state {
        CaseState::Closed | CaseState::Withdrawn => return None,
        CaseState::Resolved => (handlers(), "cases-next-close"),
        CaseState::AwaitingReporter => (w.t("cases-reporter"), "cases-next-reporter"),
        CaseState::AwaitingVendor => (w.t("cases-vendor"), "cases-next-vendor"),
        _ if case.severity.is_none() => (handlers(), "cases-next-triage"),
        _ if case.owner.is_none() => (w.t("cases-handlers"), "cases-next-assign"),
        _ => (handlers(), "cases-next-resolve"),
    };
    Some(NextStep::new(w, who, w.t(what)))
}

fn known(w: Words, seen: &Seen) -> Html {
    let case = &seen.case;
    let zone = TimeZone::UTC;
    let at = |time: Option<Timestamp>| time.map_or_else(Html::empty, |t| w.moment(t, &zone).into());
    // How to reach a reporter is not the firm's to know.
    let contact = case.contact.as_deref().filter(|_| seen.inside).unwrap_or_default();
    facts(vec![
        (w.t("cases-number"), Html::id(&case.tracking_number)),
        (w.t("cases-state"), state_status(w, case).into()),
        (w.t("cases-kind"), kind_word(w, case.kind).into()),
        (w.t("cases-severity"), severity_word(w, case.severity).into()),
        (w.t("cases-channel"), Html::text(&case.channel)),
        (w.t("cases-owner"), seen.owner.as_deref().unwrap_or_default().into()),
        (w.t("cases-reported"), at(Some(case.reported_at))),
        (w.t("cases-occurred"), at(case.occurred_at)),
        (w.t("cases-acknowledged"), at(case.acknowledged_at)),
        (w.t("cases-resolved"), at(case.resolved_at)),
        (w.t("cases-closed"), at(case.closed_at)),
        (w.t("cases-contact"), contact.into()),
        (w.t("cases-language"), Html::text(&case.language)),
    ])
}

fn said(w: Words, messages: &[Message]) -> Html {
    if messages.is_empty() {
        return Empty::new(w.t("cases-messages-none"), w.t("cases-messages-none-text")).into();
    }
    let line = Timeline::new(w, TimeZone::UTC);
    messages
        .iter()
        .fold(line, |line, m| {
            let who = if m.from_reporter { "cases-reporter" } else { "cases-us" };
            line.entry(m.at, w.t(who), Html::empty()).detail(prose(&m.text))
        })
        .into()
}

fn page(cx: &Cx, seen: &Seen, filled: Option<(Act, Form)>) -> Result<Page, Failure> {
    let w = cx.w;
    let shell = cx
        .shell()
        .title(seen.case.title.clone())
        .answer(w.t2(
            "cases-one-answer",
            "kind",
            kind_word(w, seen.case.kind),
            "when",
            w.moment(seen.case.reported_at, &TimeZone::UTC),
        ))
        .at("cases")
        .crumb("/cases", w.t("cases-room"));
    let csrf = shell.csrf.clone();
    let mut page = Page::new(shell);
    if let Some(step) = next_step(w, seen) {
        page = page.part(step);
    }
    page = page
        .part(known(w, seen))
        .heading(&w.t("cases-description"))
        .part(prose(&seen.case.description))
        .heading(&w.t("cases-messages"))
        .part(said(w, &seen.messages));
    if seen.handles {
        let me = cx.person()?;
        let mut first = true;
        let (wrong, mut filled) =
            filled.map_or((None, None), |(act, form)| (Some(act), Some(form)));
        for act in Act::ALL {
            let again = filled.take_if(|_| wrong == Some(act));
            if again.is_none() && !act.possible(&seen.case, me) {
                continue;
            }
            let form = again.unwrap_or_else(|| act.form(w, &seen.case, &csrf, &cx.form_key()));
            // The first thing to do is in view, and so is a form that came back.
            page = page.part(fold(&w.t(&act.key()), first || wrong == Some(act), form));
            first = false;
        }
    }
    Ok(page.beside(&w.t("cases-history"), seen.happened.timeline(w, seen.case.id)))
}

/// `GET /cases/{id}`
///
/// # Errors
/// When there is no such case in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    cx.page(&page(&cx, &seen, None)?)
}

/// `POST /cases/{id}/{action}`: `triage`, `assign`, `note`, `tell`, `resolve` or `close`.
///
/// # Errors
/// When the form is another session's, there is no such case, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let act = Act::named(&action).ok_or(Refusal::NotFound)?;
    let seen = seen(&cx, &id).await?;
    cx.may::<HandleCase>()?;
    let csrf = cx.shell().csrf;
    let mut form = act.form(cx.w, &seen.case, &csrf, &cx.form_key());
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, act, &seen.case, &form).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&format!("{}-done", act.key())));
                return cx.see_other(&format!("/cases/{}", seen.case.id), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some((act, form)))?)
}

async fn carry_out(cx: &Cx, act: Act, case: &Case, form: &Form) -> Result<(), Failure> {
    let me = cx.person()?;
    let version = form.hidden("version").unwrap_or_default().parse::<i64>().map_err(|_| {
        Refusal::input("This form does not say which version of the case you saw. Reload the page.")
    })?;
    let command = act.command(form, me)?;
    let key = form.hidden("key").filter(|k| !k.is_empty()).map(str::to_owned);
    let id = case.id;
    let request = format!("{id} {version} {command:?}").into_bytes();
    cx.write(move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<HandleCase>(actor, &Facts::of(owner))?;
        once(tx, env, &me.to_string(), key.as_deref(), &request, |tx, env| {
            command.carry_out(tx, env, &permit, id, version)
        })
    })
    .await
}

/// `GET /cases/{id}/proofs/{event}`: the proof that the log holds an entry about the case, in the
/// `tlog-proof` format.
///
/// # Errors
/// When there is no such entry in the reader's scope, or it has no place in the log yet.
pub async fn proof(cx: Cx, Path((id, event)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, &id).await?;
    let event: EventId = event.parse().map_err(|_| Refusal::NotFound)?;
    if !seen.happened.holds(event) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}
