//! Pages of the reporting policy.
//!
//! | module | pages |
//! |---|---|
//! | this | `/cases/policy`, `/cases/policy/{number}`: a version, its checklist, what is done with it |
//! | [`draft`] | `/cases/policy/draft`: writing the next version |

pub mod draft;

use super::events::PolicyEvent;
use super::model::{
    ClockKind, Need, Plan, PolicyBody, PolicyState, PolicyVersion, TargetRow, Topic,
};
use super::permits::{ApprovePolicy, ReadPolicy, WritePolicy};
use super::rules::alignment::alignment;
use super::rules::checklist::checklist;
use super::rules::notation::{closing_text, recipient_text, trigger_text};
use super::{service, store};
use crate::model::Severity;
use crate::pages::{kind_word, severity_word};
use crate::rules::closing::Demands;
use crate::sealed::service::KEPT_DAYS;
use axum::extract::Path;
use identity::pages::told::{Told, proof_file, version_seen};
use kernel::ids::{EngagementId, EventId, PartyId, PersonId};
use kernel::party::Actor;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::db::{Conn, Result};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Column, Empty, Field, Flash, Form, Html, Kind, NextStep, Note, Page, Row, Shell,
    Status, Table, Tone, facts, fold, prose,
};
use platform::words::Words;

/// The organisation whose policy a reader sees.
///
/// # Errors
/// When the reader may not see it, or must choose an engagement first.
pub(crate) fn owner_seen(
    conn: &mut Conn<'_>,
    actor: &Actor,
    engagement: Option<EngagementId>,
) -> Result<PartyId> {
    scope::<ReadPolicy>(actor)?;
    ::scope::service::organisation_seen(conn, actor, engagement)
}

pub(crate) fn topic_word(w: Words, topic: Topic) -> String {
    w.t(&format!("policy-topic-{}", topic.word()))
}

pub(crate) fn clock_word(w: Words, clock: ClockKind) -> String {
    w.t(&format!("policy-clock-{}", clock.word()))
}

struct Seen {
    shown: Option<PolicyVersion>,
    versions: Vec<PolicyVersion>,
    names: Vec<(PersonId, String)>,
    told: Option<Told<PolicyEvent>>,
}

impl Seen {
    fn name(&self, person: Option<PersonId>) -> String {
        let found = self.names.iter().find(|(p, _)| Some(*p) == person);
        found.map(|(_, name)| name.clone()).unwrap_or_default()
    }
}

async fn seen(cx: &Cx, number: Option<i64>) -> std::result::Result<Seen, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let owner = owner_seen(conn, actor, chosen)?;
        let mut versions = store::versions(conn, owner)?;
        // What is being written is the organisation's own until somebody approves it.
        if scope::<WritePolicy>(actor).is_err() && scope::<ApprovePolicy>(actor).is_err() {
            versions.retain(|v| v.approved_at.is_some());
        }
        let shown = match number {
            Some(number) => {
                let found = versions.iter().find(|v| v.number == number);
                Some(found.ok_or(Refusal::NotFound)?.clone())
            }
            None => versions
                .iter()
                .find(|v| v.state == PolicyState::InForce)
                .or_else(|| versions.first())
                .cloned(),
        };
        let mut names = Vec::new();
        for version in &versions {
            for person in [Some(version.drafted_by), version.approved_by].into_iter().flatten() {
                if !names.iter().any(|(p, _)| *p == person) {
                    names.push((person, identity::store::name_of(conn, person)?));
                }
            }
        }
        let told = match &shown {
            Some(shown) => Some(Told::read(conn, &shown.id.to_string())?),
            None => None,
        };
        Ok(Seen { shown, versions, names, told })
    })
    .await
}

fn state_status(w: Words, state: PolicyState) -> Status {
    let tone = match state {
        PolicyState::Draft => Tone::Waiting,
        PolicyState::InForce => Tone::Good,
        PolicyState::Superseded | PolicyState::Withdrawn => Tone::Closed,
    };
    Status::new(tone, w.t(&crate::pages::key_of("policy-state", state.word())))
}

fn shell(cx: &Cx) -> Shell {
    let w = cx.w;
    cx.shell()
        .at("cases")
        .crumb("/cases", w.t("cases-room"))
        .crumb("/cases/policy", w.t("policy-title"))
}

fn target_table(w: Words, rows: &[TargetRow]) -> Table {
    let columns = std::iter::once(Column::new(w.t("cases-severity")))
        .chain(ClockKind::ALL.map(|c| Column::new(clock_word(w, c))))
        .chain([Column::new(w.t("policy-hours"))])
        .collect();
    let rows = rows.iter().map(|row| {
        let mut cells = vec![severity_word(w, row.severity).into()];
        for clock in ClockKind::ALL {
            let target = row.targets.get(&clock).map(ToString::to_string);
            cells.push(target.unwrap_or_else(|| w.t("policy-no-target")).into());
        }
        let hours = if row.around_the_clock { "policy-around" } else { "policy-business" };
        cells.push(w.t(hours).into());
        Row::new(cells)
    });
    Table::new(w, "targets", w.t("policy-targets"), columns).rows(rows)
}

fn checklist_table(w: Words, version: &PolicyVersion) -> Table {
    let columns =
        ["asked", "says", "state"].map(|k| Column::new(w.t(&format!("policy-{k}")))).to_vec();
    let rows = checklist(&version.body).into_iter().map(|answer| {
        let status = match (answer.text, answer.parts) {
            (true, None | Some(true)) => Status::new(Tone::Good, w.t("policy-answered")),
            (true, Some(false)) => Status::new(Tone::Attention, w.t("policy-not-borne-out")),
            (false, _) => Status::new(Tone::Missed, w.t("policy-left-out")),
        };
        let text = version.body.texts.get(&answer.topic).map_or_else(String::new, Clone::clone);
        Row::new(vec![
            w.t(&format!("policy-question-{}", answer.topic.word())).into(),
            prose(&text).into(),
            status.into(),
        ])
    });
    Table::new(w, "checklist", w.t("policy-checklist"), columns).rows(rows)
}

fn alignment_table(w: Words, version: &PolicyVersion) -> Table {
    let columns =
        ["criterion", "serves", "state"].map(|k| Column::new(w.t(&format!("policy-{k}")))).to_vec();
    let rows = alignment(&version.body).into_iter().map(|aligned| {
        let asked: Vec<String> = aligned.asked.topics.iter().map(|t| topic_word(w, *t)).collect();
        let status = if aligned.served() {
            Status::new(Tone::Good, w.t("policy-served"))
        } else {
            let missing: Vec<String> = aligned
                .unanswered
                .iter()
                .map(|t| topic_word(w, *t))
                .chain(aligned.unmeasured.iter().map(|c| clock_word(w, *c)))
                .collect();
            Status::new(Tone::Attention, w.t1("policy-misses", "what", missing.join(", ")))
        };
        Row::new(vec![
            Html::id(aligned.asked.criterion).into(),
            asked.join(", ").into(),
            status.into(),
        ])
    });
    Table::new(w, "alignment", w.t("policy-alignment"), columns).rows(rows)
}

fn ladder_table(w: Words, version: &PolicyVersion) -> Table {
    let columns = ["when", "whom"].map(|k| Column::new(w.t(&format!("policy-{k}")))).to_vec();
    let rows = version.body.ladder.iter().map(|rung| {
        let to: Vec<String> = rung.to.iter().map(recipient_text).collect();
        Row::new(vec![trigger_text(&rung.on).into(), to.join(", ").replace('_', " ").into()])
    });
    Table::new(w, "ladder", w.t("policy-ladder"), columns).rows(rows)
}

/// What closing a case needs, by severity: as the version says, or the usual.
fn closing_table(w: Words, body: &PolicyBody) -> Table {
    let columns = [w.t("cases-severity"), w.t("policy-of-incidents"), w.t("policy-of-others")]
        .map(Column::new)
        .to_vec();
    let cell = |severity: Severity, incident: bool| {
        let said = body.closing_needs(severity, incident);
        let needs =
            said.cloned().unwrap_or_else(|| Demands::usual(Some(severity), incident).needs());
        let words: Vec<String> = needs.iter().map(|need| need_word(w, *need)).collect();
        let words = if words.is_empty() { w.t("policy-needs-nothing") } else { words.join(", ") };
        if said.is_some() { words } else { w.t1("policy-usual", "what", words) }
    };
    let rows = Severity::ALL.iter().map(|severity| {
        Row::new(vec![
            severity_word(w, Some(*severity)).into(),
            cell(*severity, true).into(),
            cell(*severity, false).into(),
        ])
    });
    Table::new(w, "closing", w.t("policy-closing"), columns).rows(rows)
}

fn need_word(w: Words, need: Need) -> String {
    w.t(&format!("policy-need-{}", need.words().replace(' ', "-")))
}

fn versions_table(w: Words, seen: &Seen) -> Table {
    let columns = ["number", "state", "note", "drafted", "approved"]
        .map(|k| Column::new(w.t(&format!("policy-{k}"))))
        .to_vec();
    let rows = seen.versions.iter().map(|v| {
        Row::new(vec![
            w.number(v.number).into(),
            state_status(w, v.state).into(),
            (&v.change_note).into(),
            seen.name(Some(v.drafted_by)).into(),
            seen.name(v.approved_by).into(),
        ])
        .to(format!("/cases/policy/{}", v.number))
    });
    Table::new(w, "versions", w.t("policy-versions"), columns).rows(rows)
}

/// What can be done with a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Approve,
    Withdraw,
    Review,
}

impl Act {
    const ALL: [Self; 3] = [Self::Approve, Self::Withdraw, Self::Review];

    const fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Withdraw => "withdraw",
            Self::Review => "review",
        }
    }

    fn may(self, cx: &Cx) -> std::result::Result<(), Failure> {
        match self {
            Self::Approve => cx.may::<ApprovePolicy>(),
            Self::Withdraw | Self::Review => cx.may::<WritePolicy>(),
        }
    }

    fn possible(self, cx: &Cx, version: &PolicyVersion) -> bool {
        let draft = version.state == PolicyState::Draft;
        match self {
            Self::Approve => {
                draft
                    && cx.can::<ApprovePolicy>()
                    && cx.person().is_ok_and(|me| me != version.drafted_by)
            }
            Self::Withdraw => draft && cx.can::<WritePolicy>(),
            Self::Review => version.state == PolicyState::InForce && cx.can::<WritePolicy>(),
        }
    }

    fn form(self, cx: &Cx, version: &PolicyVersion) -> Form {
        let w = cx.w;
        let action = format!("/cases/policy/{}/{}", version.number, self.word());
        let csrf = cx.shell().csrf;
        let form = Form::post(w, action, &csrf, w.t(&format!("policy-do-{}", self.word())))
            .apart(self.word())
            .key(cx.form_key())
            .version(u64::try_from(version.version).unwrap_or(0));
        let area = |name: &'static str| {
            Field::new(w, name, w.t(&format!("policy-{name}")), Kind::Area(3))
                .required()
                .max(service::NOTE_MAX)
        };
        match self {
            Self::Approve => form,
            Self::Withdraw => form.field(area("reason")),
            Self::Review => form.field(area("finding")),
        }
    }
}

fn page(cx: &Cx, seen: &Seen, filled: Option<(Act, Form)>) -> Page {
    let w = cx.w;
    let write = Button::link("/cases/policy/draft", w.t("policy-write")).primary();
    let Some(version) = &seen.shown else {
        let mut empty = Empty::new(w.t("policy-none"), w.t("policy-none-text"));
        if cx.can::<WritePolicy>() {
            empty = empty.action(write);
        }
        return Page::new(
            cx.shell()
                .at("cases")
                .crumb("/cases", w.t("cases-room"))
                .title(w.t("policy-question"))
                .answer(w.t("policy-none")),
        )
        .part(empty);
    };
    let open = checklist(&version.body).iter().filter(|a| !a.answered()).count();
    let mut shell = shell(cx)
        .title(w.t1("policy-one-title", "number", version.number))
        .answer(w.t1("policy-answer", "open", open));
    if cx.can::<WritePolicy>() {
        shell = shell.action(write);
    }
    let mut page = Page::new(shell);
    page = status_part(cx, seen, version, page);
    let (wrong, mut filled) = filled.map_or((None, None), |(act, form)| (Some(act), Some(form)));
    for act in Act::ALL {
        let again = filled.take_if(|_| wrong == Some(act));
        if again.is_some() || act.possible(cx, version) {
            let form = again.unwrap_or_else(|| act.form(cx, version));
            let open = wrong == Some(act) || act == Act::Approve;
            page = page.part(fold(&w.t(&format!("policy-do-{}", act.word())), open, form));
        }
    }
    let body = &version.body;
    let covers: Vec<String> = body.covers.iter().map(|k| kind_word(w, *k)).collect();
    let zone = Plan::new(version.id, version.number, body.clone())
        .map(|plan| plan.calendar(false).zone().name().to_owned())
        .unwrap_or_default();
    let mut page = page
        .part(facts(vec![
            (w.t("policy-name"), Html::text(&body.title)),
            (w.t("policy-covers"), covers.join(", ").into()),
            (w.t("policy-zone"), Html::text(&zone)),
            (w.t("policy-retention"), w.t1("policy-months", "count", body.retention_months).into()),
            (w.t("policy-sealed-kept"), sealed_kept(w, body).into()),
            (w.t("policy-cycle"), w.t1("policy-months", "count", body.review_months).into()),
            (w.t("policy-repeat"), w.t1("policy-hours-n", "count", body.repeat_hours).into()),
        ]))
        .part(target_table(w, &body.rows))
        .part(ladder_table(w, version))
        .part(closing_table(w, body))
        .part(checklist_table(w, version))
        .part(alignment_table(w, version))
        .part(fold(&w.t("policy-calendar"), false, prose(&body.calendar)))
        .part(versions_table(w, seen));
    if let Some(told) = &seen.told {
        let proofs = format!("/cases/policy/{}/proofs", version.number);
        page = page.beside(&w.t("policy-log"), told.timeline(w, &proofs, |e| say(w, e)));
    }
    page
}

/// For how long sealed content is kept after closing.
fn sealed_kept(w: Words, body: &PolicyBody) -> String {
    match body.sealed_days {
        Some(days) => w.t1("policy-days", "count", days),
        None => w.t1("policy-usual", "what", w.t1("policy-days", "count", KEPT_DAYS)),
    }
}

/// Where the version stands, and what comes next.
fn status_part(cx: &Cx, seen: &Seen, version: &PolicyVersion, page: Page) -> Page {
    let w = cx.w;
    let page = page.part(facts(vec![
        (w.t("policy-state"), state_status(w, version.state).into()),
        (w.t("policy-drafted"), seen.name(Some(version.drafted_by)).into()),
        (w.t("policy-approved"), seen.name(version.approved_by).into()),
        (
            w.t("policy-in-force-since"),
            version.approved_at.map_or_else(Html::empty, |at| w.moment_utc(at).into()),
        ),
        (
            w.t("policy-review-due"),
            version.review_due.map_or_else(Html::empty, |at| w.moment_utc(at).into()),
        ),
    ]));
    match version.state {
        PolicyState::Draft => {
            page.part(NextStep::new(w, w.t("policy-next-who"), w.t("policy-next-approve")))
        }
        PolicyState::InForce if version.review_due.is_some_and(|at| at < cx.env().now()) => page
            .part(Note::new(
                Tone::Missed,
                w.t("policy-review-late"),
                w.t("policy-review-late-text"),
            )),
        _ => page,
    }
}

fn say(w: Words, event: &PolicyEvent) -> (String, Html) {
    match event {
        PolicyEvent::PolicyDrafted(x) => {
            let closing = closing_text(&x.body.closing);
            let mut detail = prose(&x.change_note);
            if !closing.is_empty() {
                detail = detail.and(fold(&w.t("policy-closing"), false, prose(&closing)));
            }
            let kept = format!("{}: {}", w.t("policy-sealed-kept"), sealed_kept(w, &x.body));
            (w.t("policy-event-drafted"), detail.and(prose(&kept)))
        }
        PolicyEvent::PolicyApproved(_) => (w.t("policy-event-approved"), Html::empty()),
        PolicyEvent::PolicyWithdrawn(x) => (w.t("policy-event-withdrawn"), prose(&x.reason)),
        PolicyEvent::PolicyReviewed(x) => (w.t("policy-event-reviewed"), prose(&x.finding)),
        PolicyEvent::ReviewReminded(_) => (w.t("policy-event-reminded"), Html::empty()),
    }
}

/// `GET /cases/policy`
///
/// # Errors
/// When the reader may not see the policy.
pub async fn show(cx: Cx) -> Answer {
    let seen = seen(&cx, None).await?;
    cx.page(&page(&cx, &seen, None))
}

/// `GET /cases/policy/{number}`
///
/// # Errors
/// When there is no such version in the reader's scope.
pub async fn one(cx: Cx, Path(number): Path<String>) -> Answer {
    let seen = seen(&cx, Some(parse(&number)?)).await?;
    cx.page(&page(&cx, &seen, None))
}

fn parse(number: &str) -> std::result::Result<i64, Refusal> {
    number.parse().map_err(|_| Refusal::NotFound)
}

/// `POST /cases/policy/{number}/{action}`: `approve`, `withdraw` or `review`.
///
/// # Errors
/// When the form is another session's, there is no such version, or the person may not.
pub async fn act(cx: Cx, Path((number, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let act = Act::ALL.into_iter().find(|a| a.word() == action).ok_or(Refusal::NotFound)?;
    let number = parse(&number)?;
    let seen = seen(&cx, Some(number)).await?;
    let version = seen.shown.as_ref().ok_or(Refusal::NotFound)?;
    act.may(&cx)?;
    let mut form = act.form(&cx, version);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, &pairs, act, number, &form).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&format!("policy-do-{}-done", act.word())));
                return cx.see_other(&format!("/cases/policy/{number}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some((act, form))))
}

async fn carry_out(
    cx: &Cx,
    pairs: &Pairs,
    act: Act,
    number: i64,
    form: &Form,
) -> std::result::Result<(), Failure> {
    let version = version_seen(form)?;
    let (reason, finding) = (form.typed("reason").to_owned(), form.typed("finding").to_owned());
    cx.write_once(pairs, move |tx, env, actor| {
        let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
        match act {
            Act::Approve => {
                let permit = authorize::<ApprovePolicy>(actor, &facts)?;
                service::approve(tx, env, &permit, number, version)
            }
            Act::Withdraw => {
                let permit = authorize::<WritePolicy>(actor, &facts)?;
                service::withdraw(tx, env, &permit, number, version, &reason)
            }
            Act::Review => {
                let permit = authorize::<WritePolicy>(actor, &facts)?;
                service::review(tx, env, &permit, number, version, &finding)
            }
        }
    })
    .await
}

/// `GET /cases/policy/{number}/proofs/{event}`
///
/// # Errors
/// When there is no such entry in the reader's scope, or it has no place in the log yet.
pub async fn proof(cx: Cx, Path((number, event)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, Some(parse(&number)?)).await?;
    let event: EventId = event.parse().map_err(|_| Refusal::NotFound)?;
    if !seen.told.is_some_and(|told| told.holds(event)) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}
