//! `/cases/{id}`: one case, and the work on it.

mod forms;
mod history;
mod known;

pub(crate) use forms::utc;

use super::{kind_word, owner_seen};
use crate::model::casework::{Fact, Impact, Judged, Review, RootCause};
use crate::model::{Case, CaseId, CaseState, Message};
use crate::permits::HandleCase;
use crate::rules::closing::Missing;
use crate::sealed::pages::Panel;
use crate::service::closing;
use crate::store;
use crate::work::pages::Work;
use axum::extract::Path;
use commitments::model::CommitmentId;
use controls::model::ControlId;
use identity::model::MemberState;
use identity::pages::told::proof_file;
use jiff::tz::TimeZone;
use kernel::ids::{EventId, PartyId, PersonId};
use kernel::party::Side;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::db::Conn;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::once;
use platform::ui::{Button, Empty, Flash, Form, Html, NextStep, Page, Timeline, fold, prose};
use platform::words::Words;
use scope::model::ComponentId;

use forms::Act;
use history::Happened;

/// What the organisation keeps elsewhere and a case can name.
#[derive(Default)]
pub(crate) struct Registers {
    pub(crate) people: Vec<(PersonId, String)>,
    pub(crate) controls: Vec<(ControlId, String, String)>,
    pub(crate) commitments: Vec<(CommitmentId, String, String)>,
    pub(crate) components: Vec<(ComponentId, String)>,
}

impl Registers {
    fn read(conn: &mut Conn<'_>, organisation: PartyId) -> platform::db::Result<Self> {
        let people = identity::store::people_of(conn, organisation)?
            .into_iter()
            .filter(|m| m.membership.state == MemberState::Active)
            .map(|m| (m.profile.id, m.profile.name))
            .collect();
        let controls = controls::store::controls(conn, organisation)?
            .into_iter()
            .map(|c| (c.id, c.text.code, c.text.statement))
            .collect();
        let commitments = commitments::store::commitments(conn, organisation)?
            .into_iter()
            .map(|c| (c.id, c.code, c.statement))
            .collect();
        let components = scope::store::components(conn, organisation)?
            .into_iter()
            .map(|c| (c.id, c.name))
            .collect();
        Ok(Self { people, controls, commitments, components })
    }

    /// The name of somebody, as far as they act for the organisation.
    pub(crate) fn person(&self, id: Option<PersonId>) -> String {
        let found = self.people.iter().find(|(p, _)| Some(*p) == id);
        found.map_or_else(String::new, |(_, name)| name.clone())
    }
}

/// A case with what its page shows.
pub(crate) struct Seen {
    pub(crate) case: Case,
    owner: Option<String>,
    messages: Vec<Message>,
    /// What is promised about it.
    armed: Option<crate::clocks::model::Armed>,
    happened: Happened,
    judged: Option<Judged>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) impact: Option<Impact>,
    pub(crate) cause: Option<RootCause>,
    reviews: Vec<Review>,
    /// What was published about it.
    published: Vec<crate::status::model::Notice>,
    missing: Vec<Missing>,
    pub(crate) registers: Registers,
    pub(crate) work: Work,
    /// What is sealed of it, where something is.
    pub(crate) seal: Option<Panel>,
    /// Whether the reader may work on it.
    pub(crate) handles: bool,
    /// Whether the reader stands on the organisation's side.
    pub(crate) inside: bool,
    /// Whether the reporter is reached by mail as well.
    mails: bool,
    /// With which text a message begins, where the address asks for one.
    opening: Option<String>,
}

pub(crate) async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let chosen = cx.engagement();
    let opening = cx.param("message");
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        let organisation = owner_seen(conn, actor, chosen)?;
        let case = store::case(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
        if let Some(person) = actor.person
            && store::kept_out(conn, id, person)?
        {
            return Err(Refusal::NotFound.into());
        }
        let owner = case.owner.map(|p| identity::store::name_of(conn, p)).transpose()?;
        let work = Work::read(conn, actor, organisation, id)?;
        let mut subjects = vec![id.to_string()];
        subjects.extend(crate::work::store::subjects(
            conn,
            organisation,
            id,
            work.privileged.is_some(),
        )?);
        let contact = case.contact.as_deref().unwrap_or_default();
        Ok(Seen {
            messages: store::messages(conn, organisation, id)?,
            happened: Happened::read(conn, &subjects)?,
            judged: store::judged(conn, organisation, id)?,
            facts: store::facts(conn, organisation, id)?,
            impact: store::impact(conn, organisation, id)?,
            cause: store::cause(conn, organisation, id)?,
            reviews: store::reviews(conn, organisation, id)?,
            published: crate::status::store::of_case(conn, organisation, id)?,
            missing: closing::missing_of(conn, &case)?,
            registers: Registers::read(conn, organisation)?,
            armed: crate::clocks::store::armed(conn, id)?,
            handles: authorize::<HandleCase>(actor, &Facts::of(organisation)).is_ok(),
            inside: actor.side == Side::ServiceOrganisation,
            seal: Panel::read(conn, actor, &case, now)?,
            mails: identity::model::Email::parse(contact).is_ok(),
            work,
            opening,
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

fn said(w: Words, messages: &[Message], seal: Option<&Panel>) -> Html {
    if messages.is_empty() {
        return Empty::new(w.t("cases-messages-none"), w.t("cases-messages-none-text")).into();
    }
    let line = Timeline::new(w, TimeZone::UTC);
    messages
        .iter()
        .fold(line, |line, m| {
            let who = if m.from_reporter { "cases-reporter" } else { "cases-us" };
            line.entry(m.at, w.t(who), Html::empty())
                .detail(prose(seal.map_or(&m.text, |s| s.message(m))))
        })
        .into()
}

/// A form that came back: where it was sent to below the case, and what it holds.
pub(crate) struct Filled {
    pub(crate) at: String,
    pub(crate) form: Form,
}

/// A place that a link leads to; browsers open the fold around it.
pub(crate) fn anchor(id: &str) -> Html {
    Html::trusted(format!("<span id=\"{id}\"></span>"))
}

/// A part with its heading, where there is something.
fn headed(page: Page, title: &str, part: Html) -> Page {
    if part.is_empty() { page } else { page.heading(title).part(part) }
}

/// What still waits to be kept, and where the rest is.
fn promised(cx: &Cx, seen: &Seen) -> Html {
    let w = cx.w;
    let Some(armed) = &seen.armed else { return Html::empty() };
    let waits: Vec<_> = armed.promises.iter().filter(|p| p.open()).cloned().collect();
    let all = Html::link(&format!("/cases/{}/clocks", seen.case.id), w.t("cases-clocks-all"));
    if waits.is_empty() {
        return all;
    }
    let table = crate::clocks::pages::promise_table(w, &waits, cx.env().now());
    Html::from(table).and(all)
}

pub(crate) fn page(cx: &Cx, seen: &Seen, mut filled: Option<Filled>) -> Result<Page, Failure> {
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
    // What was judged to be an incident is asked about in the description of the system.
    let incident = seen.judged.as_ref().is_some_and(|j| j.incident);
    let shell = if incident && cx.can::<crate::disclosures::permits::ReadDisclosures>() {
        let href = format!("/cases/disclosures/{}", seen.case.id);
        shell.action(Button::link(href, w.t("casework-disclosure")))
    } else {
        shell
    };
    let csrf = shell.csrf.clone();
    let mut page = Page::new(shell);
    if let Some(step) = next_step(w, seen) {
        page = page.part(step);
    }
    page = page.part(known::known(w, seen)).part(known::missing(w, seen)).part(promised(cx, seen));
    page = headed(page, &w.t("cases-description"), prose(&seen.case.description));
    if let Some(seal) = &seen.seal {
        page = seal.section(w, page, (&csrf, &cx.form_key()), &mut filled);
    }
    page = page
        .part(crate::status::pages::published(cx, seen.case.id, &seen.published))
        .heading(&w.t("cases-messages"))
        .part(said(w, &seen.messages, seen.seal.as_ref()));
    page = headed(page, &w.t("casework-impact"), known::impact(w, seen));
    page = headed(page, &w.t("casework-cause"), known::cause(w, seen));
    for review in &seen.reviews {
        page = headed(page, &w.t("casework-review"), known::review(w, review));
    }
    if seen.handles {
        page = page.heading(&w.t("casework-do"));
        let next = Act::next(seen);
        for act in Act::ALL {
            let again = filled.take_if(|f| f.at == act.word());
            if again.is_none() && !act.possible(seen) {
                continue;
            }
            // The next thing to do is in view, and so is a form that came back.
            let open = again.is_some() || (filled.is_none() && act == next);
            let form =
                again.map_or_else(|| act.form(w, seen, &csrf, &cx.form_key()), |again| again.form);
            let place = anchor(&format!("do-{}", act.word()));
            page = page.part(fold(&w.t(&act.key()), open, place.and(form)));
        }
    }
    page = crate::work::pages::section(cx, page, seen, &csrf, filled);
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

/// `POST /cases/{id}/{action}`: what the forms of a case do: `triage`, `tell`, `close` and the others.
///
/// # Errors
/// When the form is another session's, there is no such case, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let act = Act::named(&action).ok_or(Refusal::NotFound)?;
    let seen = seen(&cx, &id).await?;
    cx.may::<HandleCase>()?;
    let csrf = cx.shell().csrf;
    let mut form = act.form(cx.w, &seen, &csrf, &cx.form_key());
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, act, &seen, &form).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&format!("{}-done", act.key())));
                return cx.see_other(&format!("/cases/{}", seen.case.id), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let filled = Filled { at: act.word().to_owned(), form };
    cx.page_again(&page(&cx, &seen, Some(filled))?)
}

async fn carry_out(cx: &Cx, act: Act, seen: &Seen, form: &Form) -> Result<(), Failure> {
    let me = cx.person()?;
    let version = form.hidden("version").unwrap_or_default().parse::<i64>().map_err(|_| {
        Refusal::input("This form does not say which version of the case you saw. Reload the page.")
    })?;
    let command = act.command(form, seen, me)?;
    let key = form.hidden("key").filter(|k| !k.is_empty()).map(str::to_owned);
    let id = seen.case.id;
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
