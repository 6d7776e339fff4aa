//! The forms of the work of a case, and the commands that they make.

use super::findings;
use crate::model::CaseId;
use crate::pages::key_of;
use crate::pages::record::{Seen, utc};
use crate::permits::HandleCase;
use crate::service::TEXT_MAX;
use crate::work::model::{
    Action, ActionId, ActionKind, LinkId, NoticeId, NoticeText, Recipient, Relation, TaskId,
};
use crate::work::permits::{DecideNotice, KeepPrivileged};
use crate::work::rules::letters;
use crate::work::service::{self, ActionInput, CheckInput, TITLE_MAX};
use controls::permits::ManageGaps;
use controls::risks::permits::ManageRisks;
use kernel::ids::PersonId;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Kind};
use platform::words::Words;

/// What can be done about the work of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Task,
    Action,
    Notice,
    Link,
    Privileged,
    Risk,
    Deficiency,
    Gap,
    Finish(TaskId),
    CarryOut(ActionId),
    Check(ActionId),
    Sent(NoticeId),
    Unlink(LinkId),
}

fn choices<T: Copy>(
    w: Words,
    prefix: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Vec<Choice> {
    all.iter().map(|v| Choice::new(word(*v), w.t(&key_of(prefix, word(*v))))).collect()
}

/// A field whose label is `work-field-NAME`.
pub(super) fn field(w: Words, name: &str, kind: Kind) -> Field {
    Field::new(w, name, w.t(&key_of("work-field", name)), kind).max(TEXT_MAX)
}

fn people(w: Words, seen: &Seen) -> Vec<Choice> {
    let all = seen.registers.people.iter();
    std::iter::once(Choice::new("", w.t("work-nobody")))
        .chain(all.map(|(id, name)| Choice::new(id.to_string(), name)))
        .collect()
}

impl Act {
    pub(super) fn named(what: &str, item: Option<&str>) -> Option<Self> {
        Some(match (what, item) {
            ("task", None) => Self::Task,
            ("action", None) => Self::Action,
            ("notice", None) => Self::Notice,
            ("link", None) => Self::Link,
            ("privileged", None) => Self::Privileged,
            ("risk", None) => Self::Risk,
            ("deficiency", None) => Self::Deficiency,
            ("gap", None) => Self::Gap,
            ("finish", Some(id)) => Self::Finish(id.parse().ok()?),
            ("carry-out", Some(id)) => Self::CarryOut(id.parse().ok()?),
            ("check", Some(id)) => Self::Check(id.parse().ok()?),
            ("sent", Some(id)) => Self::Sent(id.parse().ok()?),
            ("unlink", Some(id)) => Self::Unlink(id.parse().ok()?),
            _ => return None,
        })
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Action => "action",
            Self::Notice => "notice",
            Self::Link => "link",
            Self::Privileged => "privileged",
            Self::Risk => "risk",
            Self::Deficiency => "deficiency",
            Self::Gap => "gap",
            Self::Finish(_) => "finish",
            Self::CarryOut(_) => "carry-out",
            Self::Check(_) => "check",
            Self::Sent(_) => "sent",
            Self::Unlink(_) => "unlink",
        }
    }

    fn item(self) -> Option<String> {
        match self {
            Self::Finish(id) => Some(id.to_string()),
            Self::CarryOut(id) | Self::Check(id) => Some(id.to_string()),
            Self::Sent(id) => Some(id.to_string()),
            Self::Unlink(id) => Some(id.to_string()),
            _ => None,
        }
    }

    /// Where its form is sent to, below the case.
    pub(super) fn at(self) -> String {
        match self.item() {
            Some(item) => format!("work/{}/{item}", self.word()),
            None => format!("work/{}", self.word()),
        }
    }

    /// Where on the page its list stands.
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Task | Self::Finish(_) => "tasks",
            Self::Action | Self::CarryOut(_) | Self::Check(_) => "actions",
            Self::Notice | Self::Sent(_) => "notices",
            Self::Link | Self::Unlink(_) => "links",
            Self::Privileged => "privileged",
            Self::Risk | Self::Deficiency | Self::Gap => "findings",
        }
    }

    /// Lets nobody past who could not send this form for any case.
    pub(super) fn may(self, cx: &Cx) -> Result<(), Failure> {
        match self {
            Self::Notice | Self::Sent(_) => cx.may::<DecideNotice>(),
            Self::Privileged => cx.may::<KeepPrivileged>(),
            Self::Gap => cx.may::<ManageGaps>(),
            Self::Risk | Self::Deficiency => {
                cx.may::<ManageRisks>()?;
                cx.may::<HandleCase>()
            }
            _ => cx.may::<HandleCase>(),
        }
    }

    /// The version of the thing it is about, where there is one; none when there is no such thing.
    fn version(self, seen: &Seen) -> Option<Option<i64>> {
        let work = &seen.work;
        match self {
            Self::Finish(id) => work.tasks.iter().find(|t| t.id == id).map(|t| Some(t.version)),
            Self::CarryOut(id) | Self::Check(id) => {
                work.actions.iter().find(|a| a.id == id).map(|a| Some(a.version))
            }
            Self::Sent(id) => work.notices.iter().find(|n| n.id == id).map(|n| Some(n.version)),
            Self::Unlink(id) => {
                work.links.iter().find(|l| l.link.id == id).map(|l| Some(l.link.version))
            }
            _ => Some(None),
        }
    }

    /// Its form; none when the thing it is about is not this case's.
    pub(super) fn form(self, w: Words, seen: &Seen, csrf: &str, key: &str) -> Option<Form> {
        let version = self.version(seen)?;
        let action = format!("/cases/{}/{}", seen.case.id, self.at());
        let apart =
            self.item().map_or_else(|| self.word().to_owned(), |i| format!("{}-{i}", self.word()));
        let mut form = Form::post(w, action, csrf, w.t(&key_of("work-send", self.word())))
            .apart(&apart)
            .key(key);
        if let Some(version) = version {
            form = form.version(u64::try_from(version).unwrap_or(0));
        }
        let area = |name: &str| field(w, name, Kind::Area(2)).required();
        Some(match self {
            Self::Task => form
                .field(field(w, "title", Kind::Text).required().max(TITLE_MAX))
                .field(field(w, "owner", Kind::Select(people(w, seen))))
                .field(field(w, "due", Kind::Date).required()),
            Self::Action => {
                let kinds = choices(w, "work-kind", ActionKind::ALL, ActionKind::word);
                form.field(field(w, "kind", Kind::Radio(kinds)).required())
                    .field(area("what"))
                    .field(field(w, "owner", Kind::Select(people(w, seen))).required())
                    .field(field(w, "due", Kind::Date).required())
                    .field(field(w, "control", Kind::Text).hint(w.t("work-field-control-hint")))
            }
            Self::Notice => notice(w, form),
            Self::Link => {
                let relations = choices(w, "work-relation", Relation::ALL, Relation::word);
                form.field(field(w, "relation", Kind::Select(relations)).required())
                    .field(field(w, "number", Kind::Text).required())
                    .field(area("reason"))
            }
            Self::Privileged => {
                form.field(area("privileged").hint(w.t("work-field-privileged-hint")))
            }
            Self::Risk => findings::risk(w, seen, form, people(w, seen)),
            Self::Deficiency => findings::deficiency(w, seen, form, people(w, seen)),
            Self::Gap => findings::gap(w, form, people(w, seen)),
            Self::Finish(_) => form.field(area("done")),
            Self::CarryOut(_) => form.field(area("done")).field(
                field(w, "effective_on", Kind::Date)
                    .required()
                    .hint(w.t("work-field-effective-on-hint")),
            ),
            Self::Check(_) => {
                let results = vec![
                    Choice::new("yes", w.t("work-effective")),
                    Choice::new("no", w.t("work-without-effect")),
                ];
                form.field(field(w, "effective", Kind::Radio(results)).required())
                    .field(field(w, "on", Kind::Date).required())
                    .field(area("how"))
                    .field(area("result"))
            }
            Self::Sent(_) => form.field(field(w, "at", Kind::DateTime).required()).field(
                Field::new(w, "how", w.t("work-field-how-sent"), Kind::Area(2))
                    .required()
                    .max(TEXT_MAX),
            ),
            Self::Unlink(_) => form.field(area("reason")),
        })
    }

    /// Runs the command of a form that was sent, once.
    pub(super) async fn send(
        self,
        cx: &Cx,
        seen: &Seen,
        form: &Form,
        pairs: &Pairs,
    ) -> Result<(), Failure> {
        let version = match form.hidden("version") {
            None => 0,
            Some(text) => text.parse().map_err(|_| {
                Refusal::input("This form does not say which version you saw. Reload the page.")
            })?,
        };
        let command = self.read(form, seen)?;
        let case = seen.case.id;
        cx.write_once(pairs, move |tx, env, actor| {
            let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
            let may = || authorize::<HandleCase>(actor, &facts);
            let decides = || authorize::<DecideNotice>(actor, &facts);
            match &command {
                Command::Task(title, owner, due) => {
                    service::set_task(tx, env, &may()?, case, (title, *owner, due)).map(|_| ())
                }
                Command::Finish(id, what) => {
                    service::finish_task(tx, env, &may()?, *id, version, what)
                }
                Command::Action(input) => {
                    service::plan_action(tx, env, &may()?, case, input).map(|_| ())
                }
                Command::CarryOut(id, what, on) => {
                    service::finish_action(tx, env, &may()?, *id, version, (what, on))
                }
                Command::Check(id, input) => {
                    service::check_action(tx, env, &may()?, *id, version, input)
                }
                Command::Notice(text) => {
                    service::decide_notice(tx, env, &decides()?, case, text).map(|_| ())
                }
                Command::Sent(id, at, how) => {
                    service::sent_notice(tx, env, &decides()?, *id, version, (*at, how))
                }
                Command::Link(number, relation, reason) => {
                    let link = (number.as_str(), *relation, reason.as_str());
                    service::link_cases(tx, env, &may()?, case, link).map(|_| ())
                }
                Command::Unlink(id, reason) => {
                    service::unlink(tx, env, &may()?, *id, version, reason)
                }
                Command::Privileged(text) => {
                    let permit: Permit<KeepPrivileged> = authorize(actor, &facts)?;
                    service::note_privileged(tx, env, &permit, case, text).map(|_| ())
                }
                Command::Finding(found) => {
                    let permit = may()?;
                    found.carry_out(tx, env, actor, (&permit, &facts), case)
                }
            }
        })
        .await
    }

    fn read(self, form: &Form, seen: &Seen) -> Result<Command, Refusal> {
        let typed = |name: &str| form.typed(name).to_owned();
        let owner = || form.typed("owner").parse::<PersonId>().ok();
        Ok(match self {
            Self::Task => Command::Task(typed("title"), owner(), typed("due")),
            Self::Action => Command::Action(ActionInput {
                kind: ActionKind::from_word(form.typed("kind"))
                    .ok_or_else(|| Refusal::field("kind", "Choose what the action is for."))?,
                what: typed("what"),
                owner: owner(),
                due: typed("due"),
                control: control(seen, form.typed("control"))?,
            }),
            Self::Notice => Command::Notice(read_notice(form, seen)?),
            Self::Link => Command::Link(
                typed("number"),
                Relation::from_word(form.typed("relation"))
                    .ok_or_else(|| Refusal::field("relation", "Choose how they are related."))?,
                typed("reason"),
            ),
            Self::Privileged => Command::Privileged(typed("privileged")),
            Self::Risk => Command::Finding(findings::read_risk(form, seen)?),
            Self::Deficiency => Command::Finding(findings::read_deficiency(form, seen)?),
            Self::Gap => Command::Finding(findings::read_gap(form)?),
            Self::Finish(id) => Command::Finish(id, typed("done")),
            Self::CarryOut(id) => Command::CarryOut(id, typed("done"), typed("effective_on")),
            Self::Check(id) => Command::Check(
                id,
                CheckInput {
                    effective: form.typed("effective") == "yes",
                    on: typed("on"),
                    how: typed("how"),
                    result: typed("result"),
                },
            ),
            Self::Sent(id) => Command::Sent(id, utc("at", form.typed("at"))?, typed("how")),
            Self::Unlink(id) => Command::Unlink(id, typed("reason")),
        })
    }
}

/// What can be done next about an action.
pub(super) fn next_of(action: &Action) -> Option<Act> {
    match (&action.done, &action.check) {
        (None, _) => Some(Act::CarryOut(action.id)),
        (Some(_), None) => Some(Act::Check(action.id)),
        // Without effect: what is done next is recorded, and checked again.
        (Some(_), Some(check)) => (!check.effective).then_some(Act::CarryOut(action.id)),
    }
}

/// The control of this code; none where no code was typed.
pub(super) fn control(
    seen: &Seen,
    code: &str,
) -> Result<Option<controls::model::ControlId>, Refusal> {
    if code.is_empty() {
        return Ok(None);
    }
    let found = seen.registers.controls.iter().find(|(_, c, _)| c.eq_ignore_ascii_case(code));
    found.map(|(id, ..)| Some(*id)).ok_or_else(|| {
        Refusal::field(
            "control",
            format!("No control of yours is called {code}. Leave it empty if none is meant."),
        )
    })
}

fn notice(w: Words, form: Form) -> Form {
    let regimes = std::iter::once(Choice::new("", w.t("work-no-regime")))
        .chain(letters::ALL_REGIMES.iter().map(|r| Choice::new(&r.code, &r.name)))
        .collect();
    let to = choices(w, "work-to", Recipient::ALL, Recipient::word);
    let duty = vec![Choice::new("yes", w.t("work-duty")), Choice::new("no", w.t("work-no-duty"))];
    form.field(field(w, "regime", Kind::Select(regimes)).hint(w.t("work-field-regime-hint")))
        .field(field(w, "to", Kind::Select(to)).required())
        .field(
            field(w, "reference", Kind::Text).hint(w.t("work-field-reference-hint")).max(TITLE_MAX),
        )
        .field(field(w, "duty", Kind::Radio(duty)).required())
        .field(field(w, "reason", Kind::Area(3)).required())
        .field(field(w, "due_at", Kind::DateTime).hint(w.t("work-field-due-at-hint")))
}

/// Where a regime is chosen, its reference and, from the milestone it starts at, its time are taken
/// over unless something else is typed.
fn read_notice(form: &Form, seen: &Seen) -> Result<NoticeText, Refusal> {
    let regime = letters::regime(form.typed("regime"));
    let start = |r: &letters::Regime| seen.facts.iter().find(|f| f.what == r.starts).map(|f| f.at);
    let computed = regime.and_then(|r| start(r).and_then(|at| r.due(at)));
    let due_at = match form.typed("due_at") {
        "" => computed,
        text => Some(utc("due_at", text)?),
    };
    let reference = match form.typed("reference") {
        "" => regime.map_or_else(String::new, |r| r.reference.clone()),
        text => text.to_owned(),
    };
    Ok(NoticeText {
        to: Recipient::from_word(form.typed("to"))
            .ok_or_else(|| Refusal::field("to", "Choose who would be notified."))?,
        regime: form.typed("regime").to_owned(),
        reference,
        duty: form.typed("duty") == "yes",
        reason: form.typed("reason").to_owned(),
        due_at,
    })
}

/// A command about the work of a case.
enum Command {
    Task(String, Option<PersonId>, String),
    Finish(TaskId, String),
    Action(ActionInput),
    CarryOut(ActionId, String, String),
    Check(ActionId, CheckInput),
    Notice(NoticeText),
    Sent(NoticeId, Timestamp, String),
    Link(String, Relation, String),
    Unlink(LinkId, String),
    Privileged(String),
    Finding(findings::Found),
}

/// Kept so that a letter's address is made in one place.
pub(super) fn letter_href(case: CaseId, code: &str) -> String {
    format!("/cases/{case}/letters/{code}")
}
