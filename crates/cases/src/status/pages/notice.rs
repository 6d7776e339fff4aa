//! `/cases/status/notices/…`: publishing an incident or planned work, updating it, correcting it.

use super::desk::owner;
use super::public::{particulars, said};
use super::{impact_word, state_word};
use crate::model::CaseId;
use crate::status::model::{
    Affected, Component, Impact, Notice, NoticeId, NoticeKind, NoticeState, Update,
};
use crate::status::permits::PublishStatus;
use crate::status::service::{self, NoticeInput, UpdateInput, Voice};
use crate::status::{rules, store};
use axum::extract::Path;
use kernel::ids::PersonId;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::history;
use platform::ui::{
    Button, Choice, Field, Flash, Form, Html, Kind, Page, Proof, Shell, Timeline, fold, prose,
};

struct Seen {
    notice: Notice,
    updates: Vec<Update>,
    components: Vec<Component>,
    /// Each publication with its place in the log, who published it, and the hash of its entry.
    placed: Vec<(Update, Option<i64>, String, String)>,
    case: Option<String>,
}

async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: NoticeId = id.parse().map_err(|_| Refusal::NotFound)?;
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let organisation = owner(conn, actor, chosen)?;
        let notice = store::notice(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
        let updates = store::updates(conn, organisation, id)?;
        let entries = history(conn, &id.to_string())?;
        let mut placed = Vec::new();
        for update in &updates {
            let found = entries.iter().find(|(e, ..)| e.id == update.event);
            let leaf = found.and_then(|(_, leaf, _)| *leaf);
            let hash =
                found.map(|(e, ..)| ledger::leaf_hash(&e.to_bytes()).to_hex()).unwrap_or_default();
            let who = match update.actor.parse::<PersonId>() {
                Ok(person) => identity::store::name_of(conn, person)?,
                Err(_) => update.actor.clone(),
            };
            placed.push((update.clone(), leaf, who, hash));
        }
        let case = match notice.case {
            Some(case) => crate::store::case(conn, organisation, case)?.map(|c| c.tracking_number),
            None => None,
        };
        let components = store::components(conn, organisation)?;
        Ok(Seen { notice, updates, components, placed, case })
    })
    .await
}

fn frame(cx: &Cx) -> Shell {
    let w = cx.w;
    cx.shell()
        .at("status")
        .crumb("/cases", w.t("cases-room"))
        .crumb("/cases/status", w.t("status-desk"))
}

/// A date and time as the form sends it, in UTC.
fn moment(field: &'static str, text: &str) -> Result<Option<Timestamp>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Refusal::field(field, "Write date and time as 2026-03-09T16:30, in UTC.");
    if !text.chars().all(|c| c.is_ascii_digit() || "-:T .".contains(c)) {
        return Err(wrong());
    }
    let local: jiff::civil::DateTime = text.parse().map_err(|_| wrong())?;
    Ok(Some(Zone::utc().instant(local)))
}

/// The fields that say how each component stands.
fn affected_fields(
    mut form: Form,
    cx: &Cx,
    components: &[Component],
    kind: NoticeKind,
    now: &Affected,
) -> Form {
    let w = cx.w;
    let choices = |kind: NoticeKind| -> Vec<Choice> {
        let all: &[Impact] = match kind {
            NoticeKind::Incident => {
                &[Impact::Operational, Impact::Degraded, Impact::Partial, Impact::Major]
            }
            NoticeKind::Maintenance => &[Impact::Operational, Impact::Maintenance],
        };
        let word = |i: &Impact| match i {
            Impact::Operational => w.t("status-not-affected"),
            other => impact_word(w, *other),
        };
        all.iter().map(|i| Choice::new(i.word(), word(i))).collect()
    };
    for c in components.iter().filter(|c| !c.retired || now.contains_key(&c.id)) {
        let impact = now.get(&c.id).copied().unwrap_or(Impact::Operational);
        form = form.field(
            Field::new(
                w,
                format!("on-{}", c.id),
                c.public_name.clone(),
                Kind::Select(choices(kind)),
            )
            .value(impact.word()),
        );
    }
    form
}

fn affected(form: &Form, components: &[Component]) -> Affected {
    components
        .iter()
        .filter_map(|c| {
            let impact = Impact::from_word(form.typed(&format!("on-{}", c.id)))?;
            (impact != Impact::Operational).then_some((c.id, impact))
        })
        .collect()
}

fn state_field(cx: &Cx, states: &[NoticeState], now: NoticeState) -> Field {
    let w = cx.w;
    let choices = states.iter().map(|s| Choice::new(s.word(), state_word(w, *s))).collect();
    Field::new(w, "state", w.t("status-state"), Kind::Radio(choices)).required().value(now.word())
}

fn tell_field(cx: &Cx) -> Field {
    let w = cx.w;
    Field::new(w, "mail", w.t("status-tell"), Kind::Box)
        .hint(w.t("status-tell-hint"))
        .values(["on"])
}

fn text_field(cx: &Cx, label: &str, hint: &str) -> Field {
    let w = cx.w;
    Field::new(w, "text", w.t(label), Kind::Area(5))
        .required()
        .max(service::TEXT_MAX)
        .hint(w.t(hint))
}

fn voice(cx: &Cx, form: &Form) -> Voice {
    let mail = form.ticked("mail").iter().any(|v| v == "on") || form.typed("mail") == "on";
    Voice { base_url: cx.app.base_url.clone(), mail }
}

fn kind_asked(cx: &Cx) -> NoticeKind {
    cx.param("kind").and_then(|k| NoticeKind::from_word(&k)).unwrap_or(NoticeKind::Incident)
}

fn new_form(cx: &Cx, kind: NoticeKind, components: &[Component]) -> Form {
    let w = cx.w;
    let (states, first): (&[NoticeState], _) = match kind {
        NoticeKind::Incident => (
            &[
                NoticeState::Investigating,
                NoticeState::Identified,
                NoticeState::Monitoring,
                NoticeState::Resolved,
            ],
            NoticeState::Investigating,
        ),
        NoticeKind::Maintenance => (&[NoticeState::Scheduled], NoticeState::Scheduled),
    };
    let action = format!("/cases/status/notices/new?kind={}", kind.word());
    let mut form = Form::post(w, action, &cx.shell().csrf, w.t("status-publish"))
        .key(cx.form_key())
        .cancel("/cases/status")
        .field(
            Field::new(w, "title", w.t("status-title"), Kind::Text)
                .required()
                .max(service::TITLE_MAX)
                .hint(w.t("status-title-hint")),
        )
        .field(text_field(cx, "status-text", "status-text-hint"))
        .field(state_field(cx, states, first));
    form = match kind {
        NoticeKind::Incident => form.field(
            Field::new(w, "begins_at", w.t("status-began-at"), Kind::DateTime)
                .hint(w.t("status-began-hint")),
        ),
        NoticeKind::Maintenance => form
            .field(Field::new(w, "begins_at", w.t("status-from-utc"), Kind::DateTime).required())
            .field(Field::new(w, "ends_at", w.t("status-until-utc"), Kind::DateTime).required()),
    };
    form = affected_fields(
        form.heading(w.t("status-affects")),
        cx,
        components,
        kind,
        &Affected::new(),
    );
    form.field(
        Field::new(w, "case", w.t("status-case"), Kind::Text)
            .max(40)
            .hint(w.t("status-case-hint"))
            .value(cx.param("case").unwrap_or_default()),
    )
    .field(tell_field(cx))
}

async fn components(cx: &Cx) -> Result<Vec<Component>, Failure> {
    cx.may::<PublishStatus>()?;
    cx.read(|conn, actor| store::components(conn, actor.party.ok_or(Refusal::NotFound)?)).await
}

fn new_page(cx: &Cx, kind: NoticeKind, form: Form) -> Page {
    let w = cx.w;
    let title = format!("status-new-{}-question", kind.word());
    Page::new(frame(cx).title(w.t(&title)).answer(w.t("status-new-answer"))).part(form)
}

/// `GET /cases/status/notices/new`
///
/// # Errors
/// When the person may not.
pub async fn new(cx: Cx) -> Answer {
    let kind = kind_asked(&cx);
    let form = new_form(&cx, kind, &components(&cx).await?);
    cx.page(&new_page(&cx, kind, form))
}

/// A case by its id or its tracking number.
async fn case_named(cx: &Cx, text: &str) -> Result<Option<CaseId>, Failure> {
    let text = text.trim().to_owned();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(id) = text.parse() {
        return Ok(Some(id));
    }
    let found = cx
        .read(move |conn, actor| {
            let owner = actor.party.ok_or(Refusal::NotFound)?;
            crate::store::by_number(conn, owner, &text)
        })
        .await?;
    Ok(Some(found.ok_or_else(|| Refusal::field("case", "There is no case under this number."))?.id))
}

/// `POST /cases/status/notices/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn publish(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let (kind, all) = (kind_asked(&cx), components(&cx).await?);
    let mut form = new_form(&cx, kind, &all);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match send_new(&cx, kind, &all, &form, &pairs).await {
            Ok(id) => {
                let done = Flash::Done(cx.w.t("status-publish-done"));
                return cx.see_other(&format!("/cases/status/notices/{id}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&new_page(&cx, kind, form))
}

async fn send_new(
    cx: &Cx,
    kind: NoticeKind,
    all: &[Component],
    form: &Form,
    pairs: &Pairs,
) -> Result<NoticeId, Failure> {
    let input = NoticeInput {
        kind,
        title: form.typed("title").to_owned(),
        state: NoticeState::from_word(form.typed("state"))
            .ok_or_else(|| Refusal::field("state", "Choose where it stands."))?,
        affected: affected(form, all),
        text: form.typed("text").to_owned(),
        begins_at: moment("begins_at", form.typed("begins_at"))?,
        ends_at: moment("ends_at", form.typed("ends_at"))?,
        case: case_named(cx, form.typed("case")).await?,
    };
    let voice = voice(cx, form);
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<PublishStatus>(actor, &Facts::of(owner))?;
        service::publish(tx, env, &permit, &input, &voice)
    })
    .await
}

/// What can be done with a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Update,
    Correct,
    Link,
}

impl Act {
    const ALL: [Self; 3] = [Self::Update, Self::Correct, Self::Link];

    const fn word(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Correct => "correct",
            Self::Link => "link",
        }
    }
}

fn form(cx: &Cx, act: Act, seen: &Seen) -> Form {
    let w = cx.w;
    let notice = &seen.notice;
    let action = format!("/cases/status/notices/{}/{}", notice.id, act.word());
    let base = Form::post(w, action, &cx.shell().csrf, w.t(&format!("status-{}-send", act.word())))
        .key(cx.form_key())
        .version(u64::try_from(notice.version).unwrap_or(0))
        .apart(act.word());
    match act {
        Act::Update => {
            let mut form = base
                .field(state_field(cx, &rules::next_states(notice.state), notice.state))
                .field(text_field(cx, "status-text", "status-text-hint"));
            if notice.kind == NoticeKind::Maintenance && !notice.state.is_over() {
                form = form
                    .field(
                        Field::new(w, "begins_at", w.t("status-from-utc"), Kind::DateTime)
                            .hint(w.t("status-window-hint")),
                    )
                    .field(Field::new(w, "ends_at", w.t("status-until-utc"), Kind::DateTime));
            }
            affected_fields(
                form.heading(w.t("status-affects")),
                cx,
                &seen.components,
                notice.kind,
                &notice.affected,
            )
            .field(tell_field(cx))
        }
        Act::Correct => {
            let zone = jiff::tz::TimeZone::UTC;
            let choices = seen
                .updates
                .iter()
                .filter(|u| u.corrected_by.is_none())
                .map(|u| {
                    Choice::new(u.version.to_string(), w.moment(u.at, &zone))
                        .hint(u.text.chars().take(120).collect::<String>())
                })
                .collect();
            base.field(
                Field::new(w, "corrects", w.t("status-which"), Kind::Radio(choices)).required(),
            )
            .field(text_field(cx, "status-right", "status-right-hint"))
            .field(tell_field(cx))
        }
        Act::Link => base.field(
            Field::new(w, "case", w.t("status-case"), Kind::Text)
                .max(40)
                .hint(w.t("status-case-hint"))
                .value(seen.case.clone().unwrap_or_default()),
        ),
    }
}

fn page(cx: &Cx, seen: &Seen, filled: Option<(Act, Form)>) -> Page {
    let w = cx.w;
    let notice = &seen.notice;
    let zone = jiff::tz::TimeZone::UTC;
    let shell = frame(cx)
        .title(notice.title.clone())
        .answer(w.t2(
            "status-notice-answer",
            "count",
            seen.updates.len(),
            "state",
            state_word(w, notice.state),
        ))
        .action(Button::link(format!("/status/{}", notice.reference), w.t("status-see-public")));
    let mut page = Page::new(shell).part(particulars(w, notice, &seen.components, cx.env().now()));
    if let (Some(case), Some(number)) = (notice.case, &seen.case) {
        let link = Html::link(&format!("/cases/{case}"), number.as_str());
        page = page.part(w.rich("status-of-case", &[], &[("case", link)]));
    }
    page = page.heading(&w.t("status-said")).part(said(w, &seen.updates));
    if cx.can::<PublishStatus>() {
        let (wrong, mut filled) = filled.map_or((None, None), |(a, f)| (Some(a), Some(f)));
        for act in Act::ALL {
            let shown =
                filled.take_if(|_| wrong == Some(act)).unwrap_or_else(|| form(cx, act, seen));
            let open = wrong == Some(act)
                || (wrong.is_none() && act == Act::Update && !notice.state.is_over());
            page = page.part(fold(&w.t(&format!("status-do-{}", act.word())), open, shown));
        }
    }
    let mut line = Timeline::new(w, zone);
    for (update, leaf, who, hash) in &seen.placed {
        let proof = match leaf.and_then(|leaf| u64::try_from(leaf).ok()) {
            Some(index) => Proof::Placed {
                index,
                hash: hash.clone(),
                href: format!("/cases/status/notices/{}/proofs/{}", notice.id, update.event),
            },
            None => Proof::Pending,
        };
        let what =
            if update.corrects.is_some() { "status-did-correct" } else { "status-did-publish" };
        line = line
            .entry(update.at, who.clone(), w.t(what))
            .detail(prose(&state_word(w, update.state)))
            .proof(proof);
    }
    page.beside(&w.t("status-evidence"), line)
}

/// `GET /cases/status/notices/{id}`
///
/// # Errors
/// When there is none in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    cx.page(&page(&cx, &seen, None))
}

/// `POST /cases/status/notices/{id}/{action}`: `update`, `correct` or `link`.
///
/// # Errors
/// When the form is another session's, there is no such notice, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let act = Act::ALL.into_iter().find(|a| a.word() == action).ok_or(Refusal::NotFound)?;
    let seen = seen(&cx, &id).await?;
    cx.may::<PublishStatus>()?;
    let mut form = form(&cx, act, &seen);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, act, &seen, &form, &pairs).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&format!("status-{}-done", act.word())));
                return cx
                    .see_other(&format!("/cases/status/notices/{}", seen.notice.id), done)
                    .await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some((act, form))))
}

async fn carry_out(
    cx: &Cx,
    act: Act,
    seen: &Seen,
    form: &Form,
    pairs: &Pairs,
) -> Result<(), Failure> {
    let version = form.hidden("version").unwrap_or_default().parse::<i64>().map_err(|_| {
        Refusal::input(
            "This form does not say which version of the notice you saw. Reload the page.",
        )
    })?;
    let (id, voice) = (seen.notice.id, voice(cx, form));
    let text = form.typed("text").to_owned();
    let case = if act == Act::Link { case_named(cx, form.typed("case")).await? } else { None };
    let corrects: i64 = form.typed("corrects").parse().unwrap_or_default();
    let input = match act {
        Act::Update => Some(UpdateInput {
            state: NoticeState::from_word(form.typed("state"))
                .ok_or_else(|| Refusal::field("state", "Choose where it stands."))?,
            affected: affected(form, &seen.components),
            text: text.clone(),
            begins_at: moment("begins_at", form.typed("begins_at"))?,
            ends_at: moment("ends_at", form.typed("ends_at"))?,
        }),
        Act::Correct | Act::Link => None,
    };
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<PublishStatus>(actor, &Facts::of(owner))?;
        match (act, &input) {
            (Act::Update, Some(input)) => {
                service::post_update(tx, env, &permit, (id, version), input, &voice)
            }
            (Act::Correct, _) => {
                service::correct(tx, env, &permit, (id, version), corrects, &text, &voice)
            }
            _ => service::link(tx, env, &permit, (id, version), case),
        }
    })
    .await
}
