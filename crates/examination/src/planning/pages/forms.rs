//! The forms of the plan's page.

use super::plan::Seen;
use super::word;
use crate::planning::model::{
    BudgetLine, COMMON_AREAS, Due, Factor, Milestone, TimeText, Topic, Understood, Weighed,
};
use crate::planning::progress;
use jiff::civil::Date;
use platform::ui::{Choice, Field, Form, Kind, Shell};
use platform::words::Words;

fn post(shell: &Shell, seen: &Seen, act: &str, key: &str) -> Form {
    let action = seen.href(&format!("/plan/{act}"));
    Form::post(shell.w, action, &shell.csrf, shell.w.t("planning-save")).key(key).apart(act)
}

fn seen_version(form: Form, version: i64) -> Form {
    form.version(u64::try_from(version).unwrap_or_default())
}

/// What an area of a budget is called.
pub(super) fn area_name(w: Words, area: &str) -> String {
    if COMMON_AREAS.contains(&area) { word(w, "area", area) } else { area.to_owned() }
}

/// The understanding of the system, part by part.
pub(super) fn understanding(shell: &Shell, seen: &Seen, key: &str) -> Form {
    let w = shell.w;
    let before = seen.understanding.as_ref();
    let mut form = post(shell, seen, "understanding", key);
    form = seen_version(form, before.map_or(0, |u| u.version));
    for topic in Topic::ALL {
        let said = before.and_then(|u| u.parts.iter().find(|p| p.topic == *topic));
        form = form.field(
            Field::new(w, topic.word(), word(w, "topic", topic.word()), Kind::Area(3))
                .max(4_000)
                .value(said.map(|p| p.text.clone()).unwrap_or_default()),
        );
    }
    form
}

/// What was typed of the understanding.
pub(super) fn read_understanding(form: &Form) -> Vec<Understood> {
    let text = |t: &Topic| Understood { topic: *t, text: form.typed(t.word()).to_owned() };
    Topic::ALL.iter().map(text).collect()
}

/// Materiality considerations: a factor with a note is considered.
pub(super) fn materiality(shell: &Shell, seen: &Seen, key: &str) -> Form {
    let w = shell.w;
    let before = seen.materiality.as_ref();
    let mut form = post(shell, seen, "materiality", key);
    form = seen_version(form, before.map_or(0, |m| m.version));
    for factor in Factor::ALL {
        let said = before.and_then(|m| m.text.factors.iter().find(|f| f.factor == *factor));
        form = form.field(
            Field::new(w, factor.word(), word(w, "factor", factor.word()), Kind::Area(2))
                .max(4_000)
                .value(said.map(|f| f.note.clone()).unwrap_or_default()),
        );
    }
    form.field(
        Field::new(w, "conclusion", w.t("planning-conclusion"), Kind::Area(3))
            .required()
            .max(4_000)
            .value(before.map(|m| m.text.conclusion.clone()).unwrap_or_default()),
    )
}

/// What was typed of materiality.
pub(super) fn read_materiality(form: &Form) -> (Vec<Weighed>, String) {
    let weighed = |f: &Factor| Weighed { factor: *f, note: form.typed(f.word()).to_owned() };
    let all = Factor::ALL.iter().map(weighed).filter(|w| !w.note.is_empty()).collect();
    (all, form.typed("conclusion").to_owned())
}

fn reason(w: Words, version: i64) -> Field {
    let field = Field::new(w, "reason", w.t("planning-reason"), Kind::Text)
        .hint(w.t("planning-reason-hint"))
        .max(400);
    if version > 0 { field.required() } else { field }
}

/// The timeline: when each milestone is due, and when it was done.
pub(super) fn timeline(shell: &Shell, seen: &Seen, key: &str) -> Form {
    let w = shell.w;
    let mut form = seen_version(post(shell, seen, "timeline", key), seen.timeline.version);
    for milestone in Milestone::ALL {
        let said = seen.timeline.dates.iter().find(|d| d.milestone == *milestone);
        let name = word(w, "milestone", milestone.word());
        let date = |field: String, label: String, value: Option<Date>| {
            Field::new(w, field, label, Kind::Date)
                .value(value.map_or_else(String::new, |d| d.to_string()))
        };
        let done = w.t1("planning-done-on", "what", name.clone());
        form = form
            .field(date(milestone.word().to_owned(), name, said.map(|d| d.due)))
            .field(date(format!("done-{}", milestone.word()), done, said.and_then(|d| d.done)));
    }
    form.field(reason(w, seen.timeline.version))
}

/// What was typed of the timeline; a milestone without a day is left out.
pub(super) fn read_timeline(form: &Form) -> Vec<Due> {
    let date = |name: &str| form.typed(name).parse::<Date>().ok();
    Milestone::ALL
        .iter()
        .filter_map(|m| {
            let due = date(m.word())?;
            Some(Due { milestone: *m, due, done: date(&format!("done-{}", m.word())) })
        })
        .collect()
}

/// The budget by area.
pub(super) fn budget(shell: &Shell, seen: &Seen, key: &str) -> Form {
    let w = shell.w;
    let mut form = seen_version(post(shell, seen, "budget", key), seen.budget.version);
    for area in progress::areas(&seen.papers) {
        let hours = progress::hours_for(&seen.budget, area.as_str());
        let name = area_name(w, area.as_str());
        form = form.field(
            Field::new(w, format!("hours-{}", area.as_str()), name, Kind::Number)
                .value(if hours == 0 { String::new() } else { hours.to_string() }),
        );
    }
    form.field(reason(w, seen.budget.version))
}

/// What was typed of the budget; an area without hours is left out.
pub(super) fn read_budget(form: &mut Form, seen: &Seen, wrong: &str) -> Vec<BudgetLine> {
    let mut out = Vec::new();
    for area in progress::areas(&seen.papers) {
        let field = format!("hours-{}", area.as_str());
        if let Some(hours) = crate::firm::pages::maybe(form, &field, wrong) {
            out.push(BudgetLine { area, hours });
        }
    }
    out
}

/// One's own time.
pub(super) fn time(shell: &Shell, seen: &Seen, key: &str) -> Form {
    let w = shell.w;
    let areas = progress::areas(&seen.papers);
    let areas = areas.iter().map(|a| Choice::new(a.as_str(), area_name(w, a.as_str()))).collect();
    post(shell, seen, "time", key)
        .field(
            Field::new(w, "on", w.t("planning-on"), Kind::Date)
                .required()
                .value(seen.today.to_string()),
        )
        .field(Field::new(w, "area", w.t("planning-area"), Kind::Select(areas)).required())
        .field(Field::new(w, "minutes", w.t("planning-minutes"), Kind::Number).required())
        .field(Field::new(w, "note", w.t("planning-note"), Kind::Text).required().max(400))
}

/// What was typed of one's time.
pub(super) fn read_time(form: &mut Form, seen: &Seen, wrong: &str) -> Option<TimeText> {
    let area = crate::planning::model::Area::parse(form.typed("area"))?;
    Some(TimeText {
        on: crate::firm::pages::maybe(form, "on", wrong).unwrap_or(seen.today),
        minutes: crate::firm::pages::maybe(form, "minutes", wrong).unwrap_or(0),
        note: form.typed("note").to_owned(),
        area,
    })
}

/// Withdraws one's own time.
pub(super) fn withdraw(shell: &Shell, seen: &Seen, key: &str) -> Option<Form> {
    let w = shell.w;
    let own: Vec<Choice> = seen
        .times
        .iter()
        .filter(|t| Some(t.person) == seen.me && t.withdrawn.is_none())
        .map(|t| {
            let label = w.ta(
                "planning-time-line",
                &[
                    ("on", w.date(t.text.on).into()),
                    ("area", area_name(w, t.text.area.as_str()).into()),
                    ("minutes", t.text.minutes.into()),
                    ("note", t.text.note.clone().into()),
                ],
            );
            Choice::new(t.id.to_string(), label)
        })
        .collect();
    if own.is_empty() {
        return None;
    }
    let form = post(shell, seen, "withdraw", key)
        .field(Field::new(w, "time", w.t("planning-time"), Kind::Select(own)).required())
        .field(
            Field::new(w, "reason", w.t("planning-withdraw-reason"), Kind::Text)
                .required()
                .max(400),
        );
    Some(form)
}
