//! The fields of the longer forms of a case.

use super::super::super::{key_of, severity_word};
use super::super::Seen;
use crate::model::Severity;
use crate::model::casework::{
    CauseCode, CauseMethod, DataKind, FactKind, Impact, MessagePurpose, RootCause,
};
use crate::rules::messages;
use crate::service::TEXT_MAX;
use kernel::refusal::Refusal;
use platform::ui::{Choice, Field, Form, Html, Kind};
use platform::words::Words;
use scope::catalogue::{Category, CriterionId};

fn choices<T: Copy>(
    w: Words,
    prefix: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Vec<Choice> {
    all.iter().map(|v| Choice::new(word(*v), w.t(&key_of(prefix, word(*v))))).collect()
}

/// A field whose label is `casework-NAME` and whose hint, if there is one, `casework-NAME-hint`.
fn field(w: Words, name: &str, kind: Kind) -> Field {
    Field::new(w, name, w.t(&key_of("casework-field", name)), kind).max(TEXT_MAX)
}

pub(super) fn judgement(w: Words, seen: &Seen, form: Form) -> Form {
    let severities =
        Severity::ALL.iter().map(|s| Choice::new(s.word(), severity_word(w, Some(*s)))).collect();
    let incident = vec![
        Choice::new("yes", w.t("cases-is-incident")).hint(w.t("cases-is-incident-hint")),
        Choice::new("no", w.t("cases-is-event")).hint(w.t("cases-is-event-hint")),
    ];
    let mut severity =
        Field::new(w, "severity", w.t("cases-severity"), Kind::Radio(severities)).required();
    if let Some(now) = seen.case.severity {
        severity = severity.value(now.word());
    }
    let mut question =
        Field::new(w, "incident", w.t("cases-incident"), Kind::Radio(incident)).required();
    if let Some(judged) = &seen.judged {
        question = question.value(if judged.incident { "yes" } else { "no" });
    }
    form.field(severity).field(question)
}

/// People of the organisation; none chosen means the person who sends the form.
pub(super) fn owner(w: Words, seen: &Seen, form: Form) -> Form {
    let all = std::iter::once(Choice::new("", w.t("casework-me")))
        .chain(seen.registers.people.iter().map(|(id, name)| Choice::new(id.to_string(), name)))
        .collect();
    form.field(field(w, "owner", Kind::Select(all)))
}

pub(super) fn impact(w: Words, seen: &Seen, form: Form) -> Form {
    let now = seen.impact.clone().unwrap_or_default();
    let registers = &seen.registers;
    let categories =
        Category::ALL.iter().map(|c| Choice::new(c.as_str(), c.name())).collect::<Vec<_>>();
    let criteria = if seen.impact.is_some() {
        now.criteria.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    } else {
        super::proposed(&seen.case).to_owned()
    };
    let codes: Vec<&str> = registers
        .controls
        .iter()
        .filter(|(id, ..)| now.controls.contains(id))
        .map(|(_, code, _)| code.as_str())
        .collect();
    let mut form = form
        .field(
            field(w, "categories", Kind::Boxes(categories))
                .values(now.categories.iter().map(|c| c.as_str())),
        )
        .field(
            field(w, "criteria", Kind::Text)
                .value(criteria)
                .hint(w.t("casework-field-criteria-hint")),
        )
        .field(
            field(w, "controls", Kind::Text)
                .value(codes.join(", "))
                .hint(w.t("casework-field-controls-hint")),
        );
    if !registers.commitments.is_empty() {
        let all = registers
            .commitments
            .iter()
            .map(|(id, code, text)| Choice::new(id.to_string(), code).hint(text))
            .collect();
        let chosen = now.commitments.iter().map(ToString::to_string);
        form = form.field(field(w, "commitments", Kind::Boxes(all)).values(chosen));
    }
    if !registers.components.is_empty() {
        let all = registers
            .components
            .iter()
            .map(|(id, name)| Choice::new(id.to_string(), name))
            .collect();
        let chosen = now.components.iter().map(ToString::to_string);
        form = form.field(field(w, "components", Kind::Boxes(all)).values(chosen));
    }
    let data = choices(w, "casework-data", DataKind::ALL, DataKind::word);
    form.field(field(w, "data", Kind::Boxes(data)).values(now.data.iter().map(|d| d.word()))).field(
        field(w, "extent", Kind::Area(2))
            .required()
            .value(now.extent)
            .hint(w.t("casework-field-extent-hint")),
    )
}

pub(super) fn read_impact(form: &Form, seen: &Seen) -> Result<Impact, Refusal> {
    let list = |name: &str| -> Vec<String> {
        let words = form.typed(name).split([',', ';', ' ', '\n']);
        words.map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let mut impact = Impact { extent: form.typed("extent").to_owned(), ..Impact::default() };
    for id in list("criteria") {
        let id: CriterionId = id.parse().map_err(|e| {
            Refusal::field("criteria", format!("{e} Write ids such as CC7.3, A1.2."))
        })?;
        impact.criteria.push(id);
    }
    for code in list("controls") {
        let known = seen.registers.controls.iter().find(|(_, c, _)| c.eq_ignore_ascii_case(&code));
        let Some((id, ..)) = known else {
            return Err(Refusal::field(
                "controls",
                format!("No control of yours is called {code}. Write codes such as IAM-05."),
            ));
        };
        impact.controls.push(*id);
    }
    let odd = |field| Refusal::field(field, "Choose from the list.");
    for word in form.ticked("categories") {
        let found = Category::ALL.iter().find(|c| c.as_str() == word);
        impact.categories.push(*found.ok_or_else(|| odd("categories"))?);
    }
    for id in form.ticked("commitments") {
        impact.commitments.push(id.parse().map_err(|_| odd("commitments"))?);
    }
    for id in form.ticked("components") {
        impact.components.push(id.parse().map_err(|_| odd("components"))?);
    }
    for word in form.ticked("data") {
        impact.data.push(DataKind::from_word(word).ok_or_else(|| odd("data"))?);
    }
    Ok(impact)
}

pub(super) fn fact(w: Words, form: Form) -> Form {
    let what = choices(w, "casework-fact", FactKind::ALL, FactKind::word);
    form.field(field(w, "what", Kind::Select(what)).required())
        .field(field(w, "at", Kind::DateTime).required())
        .field(
            field(w, "evidence", Kind::Area(2))
                .required()
                .hint(w.t("casework-field-evidence-hint")),
        )
}

pub(super) fn cause(w: Words, seen: &Seen, form: Form) -> Form {
    let method = choices(w, "casework-method", CauseMethod::ALL, CauseMethod::word);
    let code = choices(w, "casework-code", CauseCode::ALL, CauseCode::word);
    let mut method = field(w, "method", Kind::Select(method)).required();
    let mut steps =
        field(w, "steps", Kind::Area(5)).required().hint(w.t("casework-field-steps-hint"));
    let mut code =
        field(w, "code", Kind::Select(code)).required().hint(w.t("casework-field-code-hint"));
    let mut cause = field(w, "cause", Kind::Area(2)).required();
    if let Some(now) = &seen.cause {
        method = method.value(now.method.word());
        steps = steps.value(now.steps.join("\n"));
        code = code.value(now.code.word());
        cause = cause.value(&now.cause);
    }
    form.field(method).field(steps).field(cause).field(code)
}

pub(super) fn read_cause(form: &Form) -> Result<RootCause, Refusal> {
    Ok(RootCause {
        method: CauseMethod::from_word(form.typed("method"))
            .ok_or_else(|| Refusal::field("method", "Choose a method."))?,
        steps: form.typed("steps").lines().map(str::to_owned).collect(),
        code: CauseCode::from_word(form.typed("code"))
            .ok_or_else(|| Refusal::field("code", "Choose the kind of cause."))?,
        cause: form.typed("cause").to_owned(),
    })
}

pub(super) fn review(w: Words, form: Form) -> Form {
    form.field(field(w, "held_on", Kind::Date).required())
        .field(
            field(w, "participants", Kind::Area(3))
                .required()
                .hint(w.t("casework-field-participants-hint")),
        )
        .field(field(w, "went_well", Kind::Area(2)))
        .field(field(w, "went_badly", Kind::Area(2)))
        .field(field(w, "lessons", Kind::Area(3)).required())
}

pub(super) fn close(w: Words, seen: &Seen, form: Form) -> Form {
    let told =
        seen.messages.iter().any(|m| !m.from_reporter && m.purpose == MessagePurpose::Outcome);
    let key = if told { "casework-field-told-again-hint" } else { "casework-field-told-hint" };
    form.field(field(w, "told", Kind::Area(3)).hint(w.t(key)))
}

pub(super) fn tell(w: Words, seen: &Seen, form: Form) -> Form {
    let case = &seen.case;
    let begun = messages::ALL.iter().find(|o| Some(o.code.as_str()) == seen.opening.as_deref());
    let links = messages::ALL.iter().map(|o| {
        let href = format!("/cases/{}?message={}#do-tell", case.id, o.code);
        Html::link(&href, w.t(&key_of("casework-opening", &o.code)))
    });
    let mut offer = Html::text(&w.t("casework-begin-with"));
    for (n, link) in links.enumerate() {
        offer = offer.and(if n == 0 { " " } else { " · " }).and(link);
    }
    let mut purposes = choices(w, "casework-purpose", MessagePurpose::ALL, MessagePurpose::word);
    // A receipt goes out by itself, never by hand.
    purposes.retain(|p| p.value != MessagePurpose::Receipt.word());
    let purpose = begun.map_or(MessagePurpose::Answer, |o| o.purpose);
    let text =
        begun.map_or_else(String::new, |o| messages::begin(o, &case.tracking_number, &case.title));
    let hint = if seen.mails { "casework-message-mailed-hint" } else { "cases-message-hint" };
    form.say(offer).field(field(w, "purpose", Kind::Radio(purposes)).value(purpose.word())).field(
        Field::new(w, "message", w.t("cases-message"), Kind::Area(4))
            .required()
            .max(TEXT_MAX)
            .value(text)
            .hint(w.t(hint)),
    )
}

pub(super) fn correct(w: Words, seen: &Seen, form: Form) -> Form {
    let entries = seen.happened.choices(w);
    form.field(field(w, "entry", Kind::Select(entries)).required())
        .field(field(w, "text", Kind::Area(2)).required())
        .field(
            Field::new(w, "reason", w.t("casework-field-why-wrong"), Kind::Area(2))
                .required()
                .max(TEXT_MAX),
        )
}
