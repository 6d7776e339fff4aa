//! The forms of a decision on disclosure, and the commands that they make.

use super::super::model::{Answer, DecisionText, Draft, Question};
use super::super::permits::{ApproveDisclosure, PrepareDisclosure};
use super::super::service;
use super::{One, QUESTIONS, suggested};
use crate::pages::key_of;
use crate::service::TEXT_MAX;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Kind};
use platform::words::Words;

fn of(one: &One) -> String {
    one.case.as_ref().map_or_else(|| "period".to_owned(), |case| case.id.to_string())
}

fn version(one: &One) -> u64 {
    one.decision.as_ref().map_or(0, |d| u64::try_from(d.version).unwrap_or(0))
}

fn area(w: Words, name: &str, value: &str) -> Field {
    let label = w.t(&key_of("disclosures", name));
    Field::new(w, name, label, Kind::Area(3)).max(TEXT_MAX).value(value)
}

/// The questions, the decision and the text; what stands is filled in, else what the case suggests.
pub(super) fn prepare(w: Words, one: &One, csrf: &str, key: &str) -> Form {
    let action = format!("/cases/disclosures/{}/prepare", of(one));
    let mut form = Form::post(w, action, csrf, w.t("disclosures-send-prepare"))
        .apart("prepare")
        .key(key)
        .version(version(one));
    let now = one.decision.as_ref().map(|d| &d.text);
    let yes_no = || {
        vec![Choice::new("yes", w.t("disclosures-yes")), Choice::new("no", w.t("disclosures-no"))]
    };
    if one.case.is_some() {
        for question in QUESTIONS {
            let word = question.word();
            let answer = now.and_then(|t| t.answers.iter().find(|a| a.question == *question));
            let mut field =
                Field::new(w, word, w.t(&key_of("disclosures-q", word)), Kind::Radio(yes_no()))
                    .required();
            if let Some(answer) = answer {
                field = field.value(if answer.yes { "yes" } else { "no" });
            }
            let why = Field::new(w, format!("{word}_why"), w.t("disclosures-why"), Kind::Text)
                .max(2_000)
                .value(answer.map_or("", |a| a.why.as_str()));
            form = form.field(field).field(why);
        }
    }
    let decisions = vec![
        Choice::new("yes", w.t("disclosures-disclose")),
        Choice::new("no", w.t("disclosures-leave-out")),
    ];
    let mut decision =
        Field::new(w, "disclose", w.t("disclosures-decision"), Kind::Radio(decisions)).required();
    if let Some(now) = now {
        decision = decision.value(if now.disclose { "yes" } else { "no" });
    }
    let draft = match now {
        Some(now) if now.disclose => now.draft.clone(),
        _ => suggested(w, one),
    };
    let rationale = now.map_or("", |t| t.rationale.as_str());
    form.field(decision)
        .field(area(w, "rationale", rationale).required())
        .heading(w.t("disclosures-text"))
        .field(area(w, "nature", &draft.nature).hint(w.t("disclosures-text-hint")))
        .field(area(w, "timing", &draft.timing))
        .field(area(w, "extent", &draft.extent))
}

fn answer(form: &Form, question: Question) -> Result<Answer, Refusal> {
    let word = question.word();
    let yes = match form.typed(word) {
        "yes" => true,
        "no" => false,
        _ => return Err(Refusal::field(word, "Answer this question with yes or no.")),
    };
    Ok(Answer { question, yes, why: form.typed(&format!("{word}_why")).to_owned() })
}

fn seen_version(form: &Form) -> Result<i64, Refusal> {
    form.hidden("version").unwrap_or_default().parse().map_err(|_| {
        Refusal::input("This form does not say which version you saw. Reload the page.")
    })
}

pub(super) async fn send_prepared(
    cx: &Cx,
    one: &One,
    form: &Form,
    pairs: &Pairs,
) -> Result<(), Failure> {
    let typed = |name: &str| form.typed(name).to_owned();
    let answers = match one.case {
        Some(_) => QUESTIONS.iter().map(|q| answer(form, *q)).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let text = DecisionText {
        answers,
        disclose: form.typed("disclose") == "yes",
        rationale: typed("rationale"),
        draft: Draft { nature: typed("nature"), timing: typed("timing"), extent: typed("extent") },
    };
    let (engagement, case) = (one.engagement.id, one.case.as_ref().map(|c| c.id));
    let seen = seen_version(form)?;
    cx.write_once(pairs, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<PrepareDisclosure>(actor, &facts)?;
        service::prepare(tx, env, &permit, case, seen, &text).map(|_| ())
    })
    .await
}

/// Approve, or send back with a reason.
pub(super) fn judge(w: Words, one: &One, csrf: &str, key: &str) -> Form {
    let action = format!("/cases/disclosures/{}/judge", of(one));
    let choices = vec![
        Choice::new("yes", w.t("disclosures-approve")),
        Choice::new("no", w.t("disclosures-return")),
    ];
    Form::post(w, action, csrf, w.t("disclosures-send-judge"))
        .apart("judge")
        .key(key)
        .version(version(one))
        .field(
            Field::new(w, "approve", w.t("disclosures-judgement"), Kind::Radio(choices)).required(),
        )
        .field(area(w, "remark", "").hint(w.t("disclosures-remark-hint")))
}

pub(super) async fn send_judged(
    cx: &Cx,
    one: &One,
    form: &Form,
    pairs: &Pairs,
) -> Result<(), Failure> {
    let (approve, said) = (form.typed("approve") == "yes", form.typed("remark").to_owned());
    let (engagement, case) = (one.engagement.id, one.case.as_ref().map(|c| c.id));
    let seen = seen_version(form)?;
    cx.write_once(pairs, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<ApproveDisclosure>(actor, &facts)?;
        service::judge(tx, env, &permit, case, seen, (approve, &said))
    })
    .await
}
