//! `/cases/policy/draft`: writing the next version of the reporting policy.

use super::{clock_word, owner_seen, shell, topic_word};
use crate::model::{CaseKind, Severity};
use crate::pages::{kind_word, severity_word};
use crate::policy::model::{Carry, ClockKind, PolicyBody, PolicyState, TargetRow, Topic};
use crate::policy::permits::WritePolicy;
use crate::policy::rules::TEXT_MAX;
use crate::policy::rules::notation::{
    closing, closing_text, ladder, ladder_text, pauses, pauses_text,
};
use crate::policy::{TEMPLATE, service, store};
use crate::sealed::service::KEPT_DAYS;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::target::Target;
use platform::db::DbError;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Flash, Form, Kind, Page};
use platform::words::Words;
use std::collections::BTreeMap;

/// The rows of targets: while undecided, then by severity.
fn rows() -> impl Iterator<Item = Option<Severity>> {
    std::iter::once(None).chain(Severity::ALL.iter().copied().map(Some))
}

fn row_word(severity: Option<Severity>) -> &'static str {
    severity.map_or("undecided", Severity::word)
}

fn template() -> Result<PolicyBody, DbError> {
    toml::from_str(TEMPLATE).map_err(|e| DbError::Shape(format!("the template of a policy: {e}")))
}

/// What the form starts from: the draft there is, else the version in force, else the template.
async fn from(cx: &Cx) -> Result<PolicyBody, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let owner = owner_seen(conn, actor, chosen)?;
        let versions = store::versions(conn, owner)?;
        let draft = versions.iter().find(|v| v.state == PolicyState::Draft);
        let start = draft.or_else(|| versions.iter().find(|v| v.state == PolicyState::InForce));
        Ok(match start {
            Some(version) => version.body.clone(),
            None => template()?,
        })
    })
    .await
}

fn number_field(w: Words, name: &'static str, value: u32) -> Field {
    Field::new(w, name, w.t(&format!("policy-field-{}", name.replace('_', "-"))), Kind::Number)
        .required()
        .value(value.to_string())
}

fn form(cx: &Cx, body: &PolicyBody) -> Form {
    let w = cx.w;
    let csrf = cx.shell().csrf;
    let text = |name: String, label: String, kind, value: &str| {
        Field::new(w, name, label, kind).max(TEXT_MAX).value(value)
    };
    let covers = CaseKind::ALL.iter().map(|k| Choice::new(k.word(), kind_word(w, *k))).collect();
    let mut form = Form::post(w, "/cases/policy/draft", &csrf, w.t("policy-save"))
        .key(cx.form_key())
        .cancel("/cases/policy")
        .field(
            Field::new(w, "title", w.t("policy-name"), Kind::Text)
                .required()
                .max(200)
                .value(&body.title),
        )
        .field(
            Field::new(w, "covers", w.t("policy-covers"), Kind::Boxes(covers))
                .values(body.covers.iter().map(|k| k.word())),
        )
        .heading(w.t("policy-texts"));
    for topic in Topic::ALL {
        let value = body.texts.get(&topic).map_or("", String::as_str);
        let hint = w.t(&format!("policy-question-{}", topic.word()));
        let name = format!("text_{}", topic.word());
        form = form.field(text(name, topic_word(w, topic), Kind::Area(3), value).hint(hint));
    }
    form = form.heading(w.t("policy-severities"));
    for severity in Severity::ALL {
        let value = body.severities.get(severity).map_or("", String::as_str);
        let name = format!("severity_{}", severity.word());
        form = form.field(text(name, severity_word(w, Some(*severity)), Kind::Text, value));
    }
    for severity in rows() {
        let row = body.rows.iter().find(|r| r.severity == severity);
        let heading = w.t1("policy-targets-of", "severity", severity_word(w, severity));
        form = form.heading(heading);
        for clock in ClockKind::ALL {
            let value = row.and_then(|r| r.targets.get(&clock)).map(ToString::to_string);
            let name = format!("target_{}_{}", row_word(severity), clock.word());
            let field = Field::new(w, name, clock_word(w, clock), Kind::Text).max(40);
            form = form.field(field.value(value.unwrap_or_default()));
        }
        let mut around = Field::new(
            w,
            format!("around_{}", row_word(severity)),
            w.t("policy-around"),
            Kind::Box,
        );
        if row.is_some_and(|r| r.around_the_clock) {
            around = around.value("on");
        }
        form = form.field(around);
    }
    parts(w, body, form)
}

/// The parts below the targets: ladder, pauses, calendar and numbers.
fn parts(w: Words, body: &PolicyBody, form: Form) -> Form {
    let carry = [("from_start", "policy-carry-start"), ("proportional", "policy-carry-share")]
        .map(|(word, key)| Choice::new(word, w.t(key)))
        .to_vec();
    let carried = if body.carry == Carry::Proportional { "proportional" } else { "from_start" };
    let area = |name: &'static str, rows: u16, value: String| {
        Field::new(w, name, w.t(&format!("policy-{name}")), Kind::Area(rows))
            .required()
            .max(TEXT_MAX)
            .hint(w.t(&format!("policy-{name}-hint")))
            .value(value)
    };
    form.heading(w.t("policy-ladder"))
        .field(area("ladder", 12, ladder_text(&body.ladder)))
        .field(area("pauses", 4, pauses_text(&body.pauses)))
        .field(
            Field::new(w, "carry", w.t("policy-carry"), Kind::Radio(carry))
                .required()
                .value(carried),
        )
        .field(area("calendar", 12, body.calendar.clone()))
        .field(number_field(w, "repeat_hours", body.repeat_hours))
        .field(number_field(w, "idle_days", body.idle_days))
        .field(
            Field::new(w, "closing", w.t("policy-closing"), Kind::Area(8))
                .max(TEXT_MAX)
                .hint(w.t("policy-closing-hint"))
                .value(closing_text(&body.closing)),
        )
        .field(number_field(w, "retention_months", body.retention_months))
        .field(
            Field::new(w, "sealed_days", w.t("policy-field-sealed-days"), Kind::Number)
                .hint(w.t1("policy-sealed-days-hint", "count", KEPT_DAYS))
                .value(body.sealed_days.map(|days| days.to_string()).unwrap_or_default()),
        )
        .field(number_field(w, "review_months", body.review_months))
        .heading(w.t("policy-change"))
        .field(
            Field::new(w, "change_note", w.t("policy-change-note"), Kind::Area(3))
                .required()
                .max(service::NOTE_MAX),
        )
}

fn whole(form: &Form, field: &'static str) -> Result<u32, Refusal> {
    let typed = form.typed(field);
    typed.parse().map_err(|_| Refusal::field(field, "Give a whole number."))
}

/// A target as typed; the form shows what is wrong beside its own field.
fn target(form: &mut Form, name: &str) -> Option<Target> {
    let typed = form.typed(name).to_owned();
    if typed.is_empty() {
        return None;
    }
    match typed.parse() {
        Ok(target) => Some(target),
        Err(e) => {
            form.error(name, format!("{e}."));
            None
        }
    }
}

fn body(form: &mut Form) -> Result<PolicyBody, Refusal> {
    let mut rows_read = Vec::new();
    for severity in rows() {
        let mut targets = BTreeMap::new();
        for clock in ClockKind::ALL {
            let name = format!("target_{}_{}", row_word(severity), clock.word());
            if let Some(target) = target(form, &name) {
                targets.insert(clock, target);
            }
        }
        let around = format!("around_{}", row_word(severity));
        let around_the_clock = form.typed(&around) == "on";
        rows_read.push(TargetRow { severity, around_the_clock, targets });
    }
    let form = &*form;
    let texts = Topic::ALL.into_iter();
    let texts = texts.map(|t| (t, form.typed(&format!("text_{}", t.word())).to_owned()));
    let severities = Severity::ALL.iter().copied();
    let severities =
        severities.map(|s| (s, form.typed(&format!("severity_{}", s.word())).to_owned()));
    Ok(PolicyBody {
        title: form.typed("title").to_owned(),
        covers: form.ticked("covers").iter().filter_map(|k| CaseKind::from_word(k)).collect(),
        texts: texts.collect(),
        severities: severities.collect(),
        calendar: form.typed("calendar").to_owned(),
        rows: rows_read,
        carry: match form.typed("carry") {
            "proportional" => Carry::Proportional,
            _ => Carry::FromStart,
        },
        pauses: pauses(form.typed("pauses"))?,
        ladder: ladder(form.typed("ladder"))?,
        repeat_hours: whole(form, "repeat_hours")?,
        idle_days: whole(form, "idle_days")?,
        closing: closing(form.typed("closing"))?,
        retention_months: whole(form, "retention_months")?,
        sealed_days: match form.typed("sealed_days") {
            "" => None,
            _ => Some(whole(form, "sealed_days")?),
        },
        review_months: whole(form, "review_months")?,
    })
}

fn page(cx: &Cx, form: Form) -> Page {
    let w = cx.w;
    Page::new(shell(cx).title(w.t("policy-draft-question")).answer(w.t("policy-draft-answer")))
        .part(form)
}

/// `GET /cases/policy/draft`
///
/// # Errors
/// When the person may not write the policy.
pub async fn ask(cx: Cx) -> Answer {
    cx.may::<WritePolicy>()?;
    let start = from(&cx).await?;
    cx.page(&page(&cx, form(&cx, &start)))
}

/// `POST /cases/policy/draft`
///
/// # Errors
/// When the form is another session's, or the person may not write the policy.
pub async fn send(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<WritePolicy>()?;
    let start = from(&cx).await?;
    let mut form = form(&cx, &start);
    form.fill(&pairs.0);
    form.check();
    match body(&mut form) {
        Ok(body) if form.ok() => {
            let note = form.typed("change_note").to_owned();
            let saved = cx
                .write_once(&pairs, move |tx, env, actor| {
                    let owner = actor.party.ok_or(Refusal::NotFound)?;
                    let permit = authorize::<WritePolicy>(actor, &Facts::of(owner))?;
                    service::draft(tx, env, &permit, body.clone(), &note)
                })
                .await;
            match saved {
                Ok(number) => {
                    let done = Flash::Done(cx.w.t("policy-saved"));
                    return cx.see_other(&format!("/cases/policy/{number}"), done).await;
                }
                Err(failure) => Cx::refuse_on(&mut form, failure)?,
            }
        }
        Ok(_) => {}
        Err(refusal) => Cx::refuse_on(&mut form, refusal.into())?,
    }
    cx.page_again(&page(&cx, form))
}
