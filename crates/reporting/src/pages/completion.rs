//! What is missing before the report can be dated; procedures after the period's end; signatures on the
//! file. It joins the firm's file with the assertion, the letter of representations and the report's date.

use super::id_of;
use crate::service::outside;
use crate::store as report;
use axum::extract::Path;
use controls::model::ControlId;
use examination::completion::model::{
    EventKind, Inputs, Matter, Procedure, ProcedureBody, ProcedureId, ProcedureKind, Signature,
    Step,
};
use examination::completion::permits::{
    PerformCompletion, ReadCompletion, ReviewCompletion, SignPartner, SignPrepared, SignQuality,
};
use examination::completion::rules::{self, Missing, interim};
use examination::completion::service::{self, Outside, Signs};
use examination::completion::store;
use examination::firm::store::facts_for;
use examination::pages::framed;
use examination::permits::ConcludeCriterion;
use examination::service::conclude_together;
use examination::store::Papers;
use kernel::ids::{EngagementId, PersonId};
use kernel::period::{Date, parse_date};
use kernel::permit::{Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::{Conn, Result};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Shell, Status, Table,
    Tone, facts, stack,
};
use platform::words::Words;
use scope::catalogue::CriterionId;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the page shows.
struct Seen {
    papers: Papers,
    outside: Outside,
    missing: Vec<Missing>,
    reminders: Vec<Missing>,
    procedures: Vec<Procedure>,
    signatures: Vec<Signature>,
    inputs: Inputs,
    letter: Option<crate::model::Letter>,
    names: BTreeMap<String, String>,
}

impl Seen {
    fn load(conn: &mut Conn<'_>, id: EngagementId) -> Result<Self> {
        let papers = Papers::load(conn, id)?;
        let outside = outside(conn, id)?;
        let mut seen = Self {
            missing: service::missing(conn, &papers, &outside)?,
            reminders: service::reminders(conn, &papers)?,
            procedures: store::procedures(conn, papers.file)?,
            signatures: store::signatures(conn, papers.file)?,
            inputs: service::inputs_now(conn, &papers, &outside)?,
            letter: report::letter(conn, id, papers.file.firm)?,
            names: BTreeMap::new(),
            outside,
            papers,
        };
        let changes = crate::service::changes_not_described(conn, &seen.papers)?;
        seen.reminders.extend(changes.into_iter().map(|text| Missing {
            what: "representations",
            text,
            to: String::new(),
        }));
        let by =
            seen.procedures.iter().flat_map(|p| [Some(&p.performed_by), p.reviewed_by.as_ref()]);
        let signers = seen.signatures.iter().map(|s| Some(&s.signer));
        for actor in by.chain(signers).flatten().cloned().collect::<Vec<_>>() {
            if let Ok(person) = actor.parse::<PersonId>() {
                let name = identity::store::name_of(conn, person)?;
                seen.names.insert(actor, name);
            }
        }
        Ok(seen)
    }

    fn name(&self, actor: &str) -> String {
        self.names.get(actor).cloned().unwrap_or_else(|| actor.to_owned())
    }
}

async fn seen(cx: &Cx, id: EngagementId) -> Result<Seen, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadCompletion>(actor, &facts_for(conn, actor, id, now)?)?;
        Seen::load(conn, id)
    })
    .await
}

fn base(id: EngagementId) -> String {
    format!("/examination/{id}")
}

fn address(id: EngagementId) -> String {
    format!("/examination/{id}/completion")
}

/// Where something missing is mended.
fn mended(id: EngagementId, missing: &Missing) -> String {
    match missing.what {
        "requests" => missing.to.clone(),
        "representations" | "date" if missing.to.is_empty() => format!("/reporting/{id}/report"),
        _ => format!("{}{}", base(id), missing.to),
    }
}

fn lines<'s>(w: Words, seen: &'s Seen, all: &'s [Missing]) -> impl Iterator<Item = Row> + 's {
    let id = seen.papers.engagement.id;
    all.iter().map(move |m| {
        Row::new(vec![
            w.t(&format!("completion-missing-{}", m.what.replace('_', "-"))).into(),
            Html::link(&mended(id, m), m.text.as_str()).into(),
        ])
    })
}

/// What stops no signature and is worth a thought before one.
fn reminders_table(w: Words, seen: &Seen) -> Option<Table> {
    let columns = ["completion-what", "completion-reminder"].map(|k| Column::new(w.t(k))).to_vec();
    let rows = lines(w, seen, &seen.reminders);
    (!seen.reminders.is_empty())
        .then(|| Table::new(w, "reminders", w.t("completion-reminders"), columns).rows(rows))
}

fn missing_table(w: Words, seen: &Seen) -> Table {
    let rows = lines(w, seen, &seen.missing);
    let columns = ["completion-what", "completion-missing"].map(|k| Column::new(w.t(k))).to_vec();
    let stands = |step: Step| {
        seen.signatures.iter().any(|s| s.step == step && rules::changed(s, &seen.inputs).is_empty())
    };
    let next = match (Step::ALL.into_iter().all(stands), seen.papers.engagement.locked()) {
        (true, true) => "completion-nothing-missing-locked",
        (true, false) => "completion-nothing-missing-signed",
        _ => "completion-nothing-missing-next",
    };
    Table::new(w, "missing", w.t("completion-checklist"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("completion-nothing-missing"), w.t(next)))
}

fn kind_word(w: Words, kind: ProcedureKind) -> String {
    w.t(&format!("completion-kind-{}", kind.word().replace('_', "-")))
}

fn procedures_table(cx: &Cx, shell: &Shell, seen: &Seen) -> Table {
    let w = cx.w;
    let id = seen.papers.engagement.id;
    let me = cx.actor().map(kernel::party::Actor::name).unwrap_or_default();
    let open = !seen.papers.engagement.locked();
    let rows = seen.procedures.iter().map(|p| {
        let what = match p.body.control.and_then(|c| seen.papers.control(c)) {
            Some(control) => format!("{} · {}", kind_word(w, p.body.kind), control.text.code),
            None => kind_word(w, p.body.kind),
        };
        let mut found = Html::text(&p.body.result);
        if let Some(m) = &p.body.matter {
            let kind = w.t(&format!("completion-event-{}", m.kind.word()));
            found = found
                .and(Html::trusted("<br>"))
                .and(format!("{kind}: {} {}", m.text, m.effect).as_str());
        }
        let reviewed: Html = match &p.reviewed_by {
            Some(by) => Html::text(&seen.name(by)),
            None if open && cx.can::<ReviewCompletion>() && p.performed_by != me => {
                Button::post(address(id), shell.csrf.clone(), w.t("completion-review"))
                    .with("do", "review")
                    .with("procedure", p.id.to_string())
                    .quiet()
                    .into()
            }
            None => Status::new(Tone::Waiting, w.t("completion-not-reviewed")).into(),
        };
        Row::new(vec![
            what.into(),
            w.date(p.body.performed_on).into(),
            w.date(p.body.covers_to).into(),
            p.body.source.as_str().into(),
            found.into(),
            seen.name(&p.performed_by).into(),
            reviewed.into(),
        ])
    });
    let columns =
        ["kind", "performed-on", "covers-to", "source", "result", "performed-by", "reviewed-by"]
            .map(|k| Column::new(w.t(&format!("completion-{k}"))))
            .to_vec();
    Table::new(w, "procedures", w.t("completion-procedures"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("completion-no-procedures"), w.t("completion-no-procedures-next")))
}

fn perform_form(cx: &Cx, shell: &Shell, seen: &Seen) -> Form {
    let w = cx.w;
    let id = seen.papers.engagement.id;
    let kinds = ProcedureKind::ALL.map(|k| Choice::new(k.word(), kind_word(w, k))).to_vec();
    let due: Vec<ControlId> = interim(&seen.papers).iter().map(|(c, _)| c.id).collect();
    let mut controls = vec![Choice::new("", w.t("completion-no-control"))];
    controls.extend(seen.papers.controls.iter().map(|c| {
        let choice = Choice::new(c.id.to_string(), c.text.code.clone());
        if due.contains(&c.id) { choice.hint(w.t("completion-interim")) } else { choice }
    }));
    let events = [
        ("", "completion-event-none"),
        ("within", "completion-event-within"),
        ("after", "completion-event-after"),
    ]
    .map(|(v, k)| Choice::new(v, w.t(k)))
    .to_vec();
    let text =
        |name: &str, key: &str, rows| Field::new(w, name, w.t(key), Kind::Area(rows)).max(4_000);
    Form::post(w, address(id), &shell.csrf, w.t("completion-record"))
        .key(cx.form_key())
        .hide("do", "perform")
        .field(Field::new(w, "kind", w.t("completion-kind"), Kind::Select(kinds)).required())
        .field(Field::new(w, "control", w.t("completion-control"), Kind::Select(controls)))
        .field(Field::new(w, "performed_on", w.t("completion-performed-on"), Kind::Date).required())
        .field(
            Field::new(w, "covers_to", w.t("completion-covers-to"), Kind::Date)
                .required()
                .hint(w.t("completion-covers-to-hint")),
        )
        .field(
            text("source", "completion-source", 2).required().hint(w.t("completion-source-hint")),
        )
        .field(text("result", "completion-result", 3).required())
        .field(Field::new(w, "event", w.t("completion-event"), Kind::Select(events)))
        .field(text("matter", "completion-matter", 2))
        .field(text("effect", "completion-effect", 2))
}

/// One signature: who, when, and whether it still stands, with what changed.
fn signature_part(w: Words, seen: &Seen, step: Step) -> Html {
    let title = w.t(&format!("completion-step-{}", step.word()));
    let Some(found) = seen.signatures.iter().find(|s| s.step == step) else {
        return facts(vec![(
            title,
            Status::new(Tone::Waiting, w.t("completion-not-signed")).into(),
        )]);
    };
    let zone = seen.papers.engagement.period.zone();
    let changed = rules::changed(found, &seen.inputs);
    let standing: Html = if changed.is_empty() {
        Status::new(Tone::Good, w.t("completion-stands")).into()
    } else {
        Html::from(Status::new(Tone::Attention, w.t("completion-void")))
            .and(stack(changed.iter().map(|c| Html::text(c))))
    };
    facts(vec![
        (title, Html::text(&seen.name(&found.signer))),
        (w.t("completion-signed-at"), Html::text(&zone.rfc3339(found.signed_at))),
        (w.t("completion-report-date"), Html::text(&w.date(found.report_date))),
        (w.t("completion-statement"), Html::text(&found.statement)),
        (w.t("completion-standing"), standing),
        (w.t("completion-digest"), Html::code(&found.inputs_sha256)),
    ])
}

/// The form of a signature. It carries the digest of the file as this page shows it: nobody signs a file
/// that changed while they were reading it.
fn sign_form(cx: &Cx, shell: &Shell, seen: &Seen, step: Step) -> Form {
    let (w, id) = (cx.w, seen.papers.engagement.id);
    let word = step.word();
    let proposed = w.t(&format!("completion-statement-{word}"));
    Form::post(w, address(id), &shell.csrf, w.t(&format!("completion-sign-{word}")))
        .key(cx.form_key())
        .hide("do", "sign")
        .hide("step", word)
        .hide("seen", rules::digest(&seen.inputs))
        .apart(word)
        .field(
            Field::new(w, "statement", w.t("completion-statement"), Kind::Area(2))
                .required()
                .max(4_000)
                .value(proposed),
        )
}

/// The form of one signature under the criteria that are plainly met. It names them: nobody concludes on
/// others than those that were read.
fn together_form(cx: &Cx, shell: &Shell, seen: &Seen) -> Option<Form> {
    let (w, id) = (cx.w, seen.papers.engagement.id);
    let plain: Vec<String> =
        rules::plainly_met(&seen.papers).iter().map(ToString::to_string).collect();
    (!plain.is_empty()).then(|| {
        let said =
            w.t2("completion-together-what", "count", plain.len(), "criteria", plain.join(", "));
        Form::post(w, address(id), &shell.csrf, w.t("completion-together"))
            .key(cx.form_key())
            .hide("do", "together")
            .hide("criteria", plain.join(","))
            .apart("together")
            .say(said.as_str())
            .field(
                Field::new(w, "reason", w.t("completion-together-reason"), Kind::Area(2))
                    .required()
                    .max(4_000),
            )
    })
}

fn may_sign(cx: &Cx, step: Step) -> bool {
    match step {
        Step::Prepared => cx.can::<SignPrepared>(),
        Step::Quality => cx.can::<SignQuality>(),
        Step::Partner => cx.can::<SignPartner>(),
    }
}

/// A form that was sent and has to be shown again, by what it does.
type Filled = Option<(String, Form)>;

fn page(cx: &Cx, seen: &Seen, filled: Filled) -> Page {
    let w = cx.w;
    let shell = cx.shell();
    let id = seen.papers.engagement.id;
    let date = seen.outside.report_date.map_or_else(|| w.t("completion-no-date"), |d| w.date(d));
    let shell = framed(shell, &seen.papers, "completion")
        .title(w.t("completion-title"))
        .answer(w.t2("completion-answer", "count", seen.missing.len(), "date", date));
    let (mut perform, mut signing, mut together) = (None, None, None);
    match filled {
        Some((what, form)) if what == "perform" => perform = Some(form),
        Some((what, form)) if what == "together" => together = Some(form),
        Some((what, form)) => signing = Some((what, form)),
        None => {}
    }
    let csrf = shell.clone();
    // Nothing in a locked file changes; what was typed before the lock still comes back.
    let locked = seen.papers.engagement.locked();
    let mut page = Page::new(shell).part(missing_table(w, seen));
    if let Some(reminders) = reminders_table(w, seen) {
        page = page.part(reminders);
    }
    let concludes = cx.can::<ConcludeCriterion>() && !locked;
    let plain = || together_form(cx, &csrf, seen).filter(|_| concludes);
    if let Some(form) = together.or_else(plain) {
        page = page.heading(&w.t("completion-together")).part(form);
    }
    page = page.heading(&w.t("completion-procedures")).part(procedures_table(cx, &csrf, seen));
    let blank = || perform_form(cx, &csrf, seen);
    let offered = cx.can::<PerformCompletion>() && !locked;
    if let Some(form) = perform.or_else(|| offered.then(blank)) {
        page = page.heading(&w.t("completion-record")).part(form);
    }
    let letter = match &seen.letter {
        Some(letter) => w.t2(
            "completion-letter-received",
            "signer",
            letter.signer.as_str(),
            "date",
            w.date(letter.date),
        ),
        None => w.t("completion-letter-none"),
    };
    page = page
        .heading(&w.t("completion-representations"))
        .part(Html::link(&format!("/reporting/{id}/report"), letter))
        .heading(&w.t("completion-deficiencies"))
        .part(Html::link(
            &format!("{}/deficiencies", base(id)),
            w.t("completion-deficiencies-title"),
        ))
        .heading(&w.t("completion-signatures"));
    for step in Step::ALL {
        page = page.part(signature_part(w, seen, step));
        let open = seen.missing.is_empty() && !locked && may_sign(cx, step);
        match signing.take() {
            Some((what, form)) if what == step.word() => page = page.part(form),
            other => {
                signing = other;
                if open {
                    page = page.part(sign_form(cx, &csrf, seen, step));
                }
            }
        }
    }
    page
}

/// `GET /examination/{engagement}/completion`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, id_of(&id)?).await?;
    cx.page(&page(&cx, &seen, None))
}

/// `POST /examination/{engagement}/completion`: records or reviews a procedure, concludes on
/// criteria that are plainly met, or signs the file.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn act(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id = id_of(&id)?;
    let seen = seen(&cx, id).await?;
    match pairs.get("do").unwrap_or_default() {
        "perform" => perform(&cx, &seen, &pairs).await,
        "review" => {
            let procedure: ProcedureId = pairs
                .get("procedure")
                .and_then(|text| text.parse().ok())
                .ok_or(Failure::Refused(Refusal::NotFound))?;
            let done = cx
                .write(move |tx, env, actor| {
                    let permit = authorize::<ReviewCompletion>(actor, &scope::facts(tx, id)?)?;
                    service::review(tx, env, &permit, procedure)
                })
                .await;
            match done {
                Ok(()) => saved(&cx, id, "completion-reviewed").await,
                Err(Failure::Refused(Refusal::State(why))) => {
                    cx.see_other(&address(id), Flash::Info(why)).await
                }
                Err(other) => Err(other),
            }
        }
        "sign" => sign(&cx, &seen, &pairs).await,
        "together" => together(&cx, &seen, &pairs).await,
        _ => Err(Refusal::NotFound.into()),
    }
}

async fn saved(cx: &Cx, id: EngagementId, key: &str) -> Answer {
    cx.see_other(&address(id), Flash::Done(cx.w.t(key))).await
}

fn day(form: &mut Form, field: &str) -> Option<Date> {
    let found = parse_date(form.typed(field));
    if let Err(e) = &found {
        form.error(field, e.to_string());
    }
    found.ok()
}

/// The procedure that a form describes.
fn body_of(form: &mut Form) -> Option<ProcedureBody> {
    let (performed_on, covers_to) = (day(form, "performed_on"), day(form, "covers_to"));
    let typed = |name: &str| form.typed(name).to_owned();
    let matter = EventKind::parse(form.typed("event")).map(|kind| Matter {
        text: typed("matter"),
        kind,
        effect: typed("effect"),
    });
    Some(ProcedureBody {
        kind: ProcedureKind::parse(form.typed("kind"))?,
        control: form.typed("control").parse().ok(),
        performed_on: performed_on?,
        covers_to: covers_to?,
        source: typed("source"),
        result: typed("result"),
        matter,
        evidence: Vec::new(),
    })
}

async fn perform(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Answer {
    cx.may::<PerformCompletion>()?;
    let id = seen.papers.engagement.id;
    let mut form = perform_form(cx, &cx.shell(), seen);
    form.fill(&pairs.0);
    form.check();
    let body = if form.ok() { body_of(&mut form) } else { None };
    if let (true, Some(body)) = (form.ok(), body) {
        let written = cx
            .write_once(pairs, move |tx, env, actor| {
                let permit = authorize::<PerformCompletion>(actor, &scope::facts(tx, id)?)?;
                service::perform(tx, env, &permit, None, &body)
            })
            .await;
        match written {
            Ok(_) => return saved(cx, id, "completion-recorded").await,
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(cx, seen, Some(("perform".to_owned(), form))))
}

async fn together(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Answer {
    cx.may::<ConcludeCriterion>()?;
    let id = seen.papers.engagement.id;
    let Some(mut form) = together_form(cx, &cx.shell(), seen) else {
        let why = cx.w.t("completion-together-none");
        return cx.see_other(&address(id), Flash::Info(why)).await;
    };
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let reason = form.typed("reason").to_owned();
        let read = pairs.get("criteria").unwrap_or_default();
        let read: BTreeSet<CriterionId> = read.split(',').filter_map(|c| c.parse().ok()).collect();
        let written = cx
            .write_once(pairs, move |tx, env, actor| {
                let permit = authorize::<ConcludeCriterion>(actor, &scope::facts(tx, id)?)?;
                conclude_together(tx, env, &permit, &read, &reason)
            })
            .await;
        match written {
            Ok(()) => return saved(cx, id, "completion-together-done").await,
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(cx, seen, Some(("together".to_owned(), form))))
}

fn signed<A: Signs>(
    tx: &mut platform::db::Tx<'_>,
    env: &mut kernel::env::Env,
    actor: &kernel::party::Actor,
    id: EngagementId,
    (statement, seen): (&str, &str),
) -> Result<()> {
    let permit: Permit<A> = authorize(actor, &scope::facts(tx, id)?)?;
    let outside = outside(tx, id)?;
    let papers = Papers::load(tx, id)?;
    if rules::digest(&service::inputs_now(tx, &papers, &outside)?) != seen {
        return Err(Refusal::state(
            "The file changed after you opened this page. It is shown as it is now: read what changed, then sign.",
        )
        .into());
    }
    service::sign(tx, env, &permit, statement, &outside)
}

async fn sign(cx: &Cx, seen: &Seen, pairs: &Pairs) -> Answer {
    let step =
        pairs.get("step").and_then(Step::parse).ok_or(Failure::Refused(Refusal::NotFound))?;
    match step {
        Step::Prepared => cx.may::<SignPrepared>()?,
        Step::Quality => cx.may::<SignQuality>()?,
        Step::Partner => cx.may::<SignPartner>()?,
    }
    let id = seen.papers.engagement.id;
    let mut form = sign_form(cx, &cx.shell(), seen, step);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let said = form.typed("statement").to_owned();
        let digest = pairs.get("seen").unwrap_or_default().to_owned();
        let written = cx
            .write_once(pairs, move |tx, env, actor| match step {
                Step::Prepared => signed::<SignPrepared>(tx, env, actor, id, (&said, &digest)),
                Step::Quality => signed::<SignQuality>(tx, env, actor, id, (&said, &digest)),
                Step::Partner => signed::<SignPartner>(tx, env, actor, id, (&said, &digest)),
            })
            .await;
        match written {
            Ok(()) => return saved(cx, id, "completion-signed").await,
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(cx, seen, Some((step.word().to_owned(), form))))
}
