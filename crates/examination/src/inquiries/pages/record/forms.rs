//! The forms of a procedure's page.

use super::super::super::model::{CorroborationKind, Entry, Procedure, ProcedureKind, Support};
use super::super::{Seen, choices, question, typed};
use kernel::time::Timestamp;
use platform::http::Cx;
use platform::ui::{Choice, Field, Form, Kind};

/// Every form of the page; of each whether it stands open.
pub(super) struct Forms {
    /// What can be written down: title, open, form.
    pub(super) entries: Vec<(&'static str, bool, Form)>,
    pub(super) schedule: (bool, Form),
    pub(super) call_off: Form,
    pub(super) conclude: (bool, Form),
    pub(super) cancel: Form,
}

fn begin(cx: &Cx, seen: &Seen, p: &Procedure, to: &str, save: &str) -> Form {
    let w = cx.w;
    Form::post(w, seen.href(&format!("/{}/{to}", p.id)), &cx.shell().csrf, w.t(save))
        .apart(to)
        .key(cx.form_key())
        .version(u64::try_from(p.version).unwrap_or(0))
}

fn entry(cx: &Cx, seen: &Seen, p: &Procedure, word: &'static str) -> Form {
    begin(cx, seen, p, "entries", "inquiries-save").apart(word).hide("entry", word)
}

fn text(cx: &Cx, name: &str) -> Field {
    let key = format!("inquiries-{}", name.replace('_', "-"));
    Field::new(cx.w, name, cx.w.t(&key), Kind::Text).required().max(200)
}

fn area(cx: &Cx, name: &str, rows: u16) -> Field {
    // The sentence of the list page has the plain name.
    let name_of_word = if name == "answer" { "answer-field" } else { name };
    let key = format!("inquiries-{}", name_of_word.replace('_', "-"));
    Field::new(cx.w, name, cx.w.t(&key), Kind::Area(rows)).required().max(4_000)
}

fn answer_form(cx: &Cx, seen: &Seen, p: &Procedure) -> Form {
    let w = cx.w;
    let asked = p.plan.questions.iter().chain(&p.plan.own);
    let questions: Vec<Choice> = asked.map(|q| Choice::new(q.clone(), question(w, q))).collect();
    let first = p.plan.asked.first();
    let form = entry(cx, seen, p, "answer");
    let form = if questions.is_empty() {
        form.field(text(cx, "question"))
    } else {
        form.field(
            Field::new(w, "question", w.t("inquiries-question"), Kind::Select(questions))
                .required(),
        )
    };
    form.field(area(cx, "answer", 4))
        .field(text(cx, "who").value(first.map_or("", |a| a.name.as_str())))
        .field(text(cx, "role").value(first.map_or("", |a| a.function.as_str())))
        .field(
            Field::new(
                w,
                "at",
                w.t1("inquiries-said-at", "zone", seen.papers.engagement.period.zone().name()),
                Kind::DateTime,
            )
            .required(),
        )
}

fn session_form(cx: &Cx, seen: &Seen, p: &Procedure) -> Form {
    let w = cx.w;
    let hint = if p.plan.kind == ProcedureKind::Walkthrough {
        "inquiries-traced-hint"
    } else {
        "inquiries-watched-hint"
    };
    entry(cx, seen, p, "session")
        .field(Field::new(w, "on", w.t("inquiries-on"), Kind::Date).required())
        .field(text(cx, "place"))
        .field(text(cx, "present"))
        .field(area(cx, "seen", 5).hint(w.t(hint)))
}

fn corroboration_form(cx: &Cx, seen: &Seen, p: &Procedure) -> Form {
    let w = cx.w;
    let kinds: Vec<&'static str> = CorroborationKind::ALL.iter().map(|k| k.word()).collect();
    entry(cx, seen, p, "corroboration")
        .field(
            Field::new(w, "by", w.t("inquiries-by"), Kind::Radio(choices(w, "by", &kinds)))
                .required(),
        )
        .field(area(cx, "found", 3))
        .field(area(cx, "evidence", 3).hint(w.t("mechanisms-evidence-hint")))
}

fn schedule_form(cx: &Cx, seen: &Seen, p: &Procedure) -> Form {
    let w = cx.w;
    let old = seen.appointments.iter().find(|a| Some(a.id) == p.appointment).map(|a| &a.meeting);
    let people = seen.people.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    begin(cx, seen, p, "schedule", "inquiries-schedule-it")
        .field(
            Field::new(w, "person", w.t("inquiries-with"), Kind::Select(people))
                .required()
                .value(old.map(|m| m.person.to_string()).unwrap_or_default()),
        )
        .field(
            Field::new(
                w,
                "at",
                w.t1("inquiries-when-in", "zone", seen.papers.engagement.period.zone().name()),
                Kind::DateTime,
            )
            .required()
            .value(old.map(|m| typed(m.at, &seen.zone())).unwrap_or_default()),
        )
        .field(
            Field::new(w, "minutes", w.t("inquiries-minutes"), Kind::Number)
                .required()
                .value(old.map_or(45, |m| m.minutes).to_string()),
        )
        .field(text(cx, "place").value(old.map_or("", |m| m.place.as_str())))
        .field(
            area(cx, "topics", 3)
                .hint(w.t("inquiries-topics-hint"))
                .value(old.map_or("", |m| m.topics.as_str())),
        )
}

/// The form that says what came of something left to do.
pub(super) fn follow_up_form(cx: &Cx, seen: &Seen, p: &Procedure, number: i64) -> Form {
    begin(cx, seen, p, "follow-up", "inquiries-save")
        .apart(&format!("follow-up-{number}"))
        .hide("number", number.to_string())
        .field(area(cx, "outcome", 2))
}

impl Forms {
    pub(super) fn new(cx: &Cx, seen: &Seen, p: &Procedure) -> Self {
        let w = cx.w;
        let supports: Vec<&'static str> = Support::ALL.iter().map(|s| s.word()).collect();
        let mut entries = vec![(
            "inquiries-add-answer",
            p.plan.kind == ProcedureKind::Inquiry,
            answer_form(cx, seen, p),
        )];
        if matches!(p.plan.kind, ProcedureKind::Walkthrough | ProcedureKind::Observation) {
            entries.insert(0, ("inquiries-add-session", true, session_form(cx, seen, p)));
        }
        entries.push(("inquiries-add-corroboration", false, corroboration_form(cx, seen, p)));
        let follow_up = entry(cx, seen, p, "follow_up")
            .field(area(cx, "what", 2))
            .field(Field::new(w, "due", w.t("inquiries-due"), Kind::Date).required());
        entries.push(("inquiries-add-follow-up", false, follow_up));
        Self {
            entries,
            schedule: (false, schedule_form(cx, seen, p)),
            call_off: begin(cx, seen, p, "call-off", "inquiries-call-off")
                .field(text(cx, "reason")),
            conclude: (
                false,
                begin(cx, seen, p, "conclude", "inquiries-conclude")
                    .field(
                        Field::new(
                            w,
                            "support",
                            w.t("inquiries-used-for"),
                            Kind::Radio(choices(w, "support", &supports)),
                        )
                        .required(),
                    )
                    .field(area(cx, "text", 3)),
            ),
            cancel: begin(cx, seen, p, "cancel", "inquiries-cancel").field(text(cx, "reason")),
        }
    }
}

impl Forms {
    /// The form that came back with something wrong.
    pub(super) fn refused(&self) -> Option<&Form> {
        let written = self.entries.iter().map(|(_, _, form)| form);
        let others = [&self.schedule.1, &self.call_off, &self.conclude.1, &self.cancel];
        written.chain(others).find(|form| !form.ok())
    }
}

/// What a sent form holds. None where a moment cannot be read.
pub(super) fn entry_of(
    kind: &str,
    form: &Form,
    moment: impl Fn(&str) -> Option<Timestamp>,
) -> Option<Entry> {
    let text = |name: &str| form.typed(name).to_owned();
    Some(match kind {
        "answer" => Entry::Answer {
            question: text("question"),
            who: text("who"),
            role: text("role"),
            at: moment(form.typed("at"))?,
            answer: text("answer"),
        },
        "session" => Entry::Session {
            on: text("on"),
            place: text("place"),
            present: text("present"),
            seen: text("seen"),
        },
        "follow_up" => Entry::FollowUp { what: text("what"), due: text("due") },
        _ => Entry::Corroboration {
            by: CorroborationKind::from_word(form.typed("by"))?,
            found: text("found"),
            evidence: form.typed("evidence").lines().map(str::to_owned).collect(),
        },
    })
}
