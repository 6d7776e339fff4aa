//! `/cases/bulk`: the same act on several cases, with a look at what would happen first.
//!
//! Three steps, each a page: what is to be done, what would happen to each case (the commands are run
//! and taken back), what happened to each. Every case is a command of its own, so that one that cannot
//! be done keeps no other from it.

use super::super::model::{BulkAct, NAME_MAX};
use super::super::service;
use crate::model::{Case, CaseId};
use crate::pages::{severity_word, state_status};
use crate::permits::HandleCase;
use crate::service::TEXT_MAX;
use crate::store;
use kernel::ids::PersonId;
use kernel::refusal::Refusal;
use platform::db::Error;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::once;
use platform::ui::{
    Choice, Column, Field, Form, Html, Kind, Page, Row, Shell, Status, Table, Tone,
};

/// Cases of one act at most: a page of the list and some.
const ROWS_MAX: usize = 100;

/// What is to be done, as its button says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Do {
    Assign,
    Tag,
    Untag,
    Close,
}

impl Do {
    fn named(word: &str) -> Result<Self, Refusal> {
        match word {
            "assign" => Ok(Self::Assign),
            "tag" => Ok(Self::Tag),
            "untag" => Ok(Self::Untag),
            "close" => Ok(Self::Close),
            _ => Err(Refusal::input("Choose what shall be done with these cases.")),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Tag => "tag",
            Self::Untag => "untag",
            Self::Close => "close",
        }
    }

    /// The command that a typed value makes.
    fn act(self, value: &str) -> Result<BulkAct, Refusal> {
        Ok(match self {
            Self::Assign => BulkAct::Assign(
                value
                    .parse::<PersonId>()
                    .map_err(|_| Refusal::field("value", "Choose a person."))?,
            ),
            Self::Tag => BulkAct::Tag(value.to_owned()),
            Self::Untag => BulkAct::Untag(value.to_owned()),
            Self::Close => BulkAct::Close(value.to_owned()),
        })
    }
}

/// A chosen case, as it was when it was chosen.
type Chosen = (Case, i64);

fn rows(pairs: &Pairs) -> Result<Vec<(CaseId, i64)>, Refusal> {
    let mut rows = Vec::new();
    for (_, value) in pairs.0.iter().filter(|(name, _)| name == "row") {
        let wrong = || Refusal::input("This is not a row of the list. Go back and choose again.");
        let (id, version) = value.split_once(':').ok_or_else(wrong)?;
        rows.push((id.parse().map_err(|_| wrong())?, version.parse().map_err(|_| wrong())?));
    }
    rows.dedup();
    if rows.is_empty() {
        return Err(Refusal::input("No case was chosen. Tick the cases first."));
    }
    if rows.len() > ROWS_MAX {
        return Err(Refusal::input(format!(
            "At most {ROWS_MAX} cases go together. Choose fewer of them."
        )));
    }
    Ok(rows)
}

/// The cases chosen that there are, and the people who may answer for one.
async fn chosen(
    cx: &Cx,
    rows: Vec<(CaseId, i64)>,
) -> Result<(Vec<Chosen>, Vec<(PersonId, String)>), Failure> {
    let (organisation, me) = (cx.party()?, cx.person()?);
    cx.read(move |conn, _| {
        let mut cases = Vec::new();
        for (id, version) in rows {
            let case = store::case(conn, organisation, id)?.ok_or(Refusal::NotFound)?;
            if store::kept_out(conn, id, me)? {
                return Err(Refusal::NotFound.into());
            }
            cases.push((case, version));
        }
        let people = identity::store::people_of(conn, organisation)?;
        Ok((cases, people.into_iter().map(|m| (m.profile.id, m.profile.name)).collect()))
    })
    .await
}

fn field(cx: &Cx, what: Do, people: &[(PersonId, String)]) -> Field {
    let w = cx.w;
    let label = w.t(&format!("views-bulk-{}-value", what.word()));
    match what {
        Do::Assign => {
            let mut all = vec![Choice::new("", w.t("views-bulk-nobody-yet"))];
            all.extend(people.iter().map(|(id, name)| Choice::new(id.to_string(), name)));
            Field::new(w, "value", label, Kind::Select(all)).required()
        }
        Do::Tag | Do::Untag => Field::new(w, "value", label, Kind::Text).required().max(NAME_MAX),
        Do::Close => Field::new(w, "value", label, Kind::Area(3)).required().max(TEXT_MAX),
    }
}

/// The form of a step: the same rows, the same act.
fn step(cx: &Cx, shell: &Shell, what: Do, stage: &str, cases: &[Chosen]) -> Form {
    let label = match stage {
        "run" => cx.w.t(&format!("views-bulk-{}-run", what.word())),
        _ => cx.w.t("views-bulk-preview"),
    };
    let form = Form::post(cx.w, "/cases/bulk", &shell.csrf, label)
        .hide("do", what.word())
        .hide("stage", stage)
        .cancel("/cases");
    cases
        .iter()
        .fold(form, |form, (case, version)| form.hide("row", format!("{}:{version}", case.id)))
}

fn table(cx: &Cx, cases: &[Chosen], outcomes: Option<&[Result<(), String>]>, done: bool) -> Table {
    let w = cx.w;
    let mut columns = ["number", "title", "severity", "state"]
        .map(|c| Column::new(w.t(&format!("cases-{c}"))))
        .to_vec();
    if outcomes.is_some() {
        let heading = if done { "views-bulk-happened" } else { "views-bulk-would" };
        columns.push(Column::new(w.t(heading)));
    }
    let rows = cases.iter().enumerate().map(|(n, (case, _))| {
        let mut cells = vec![
            Html::id(&case.tracking_number).into(),
            (&case.title).into(),
            severity_word(w, case.severity).into(),
            state_status(w, case).into(),
        ];
        match outcomes.and_then(|all| all.get(n)) {
            Some(Ok(())) => {
                let word = if done { "views-bulk-done" } else { "views-bulk-can" };
                cells.push(Status::new(Tone::Good, w.t(word)).into());
            }
            Some(Err(why)) => {
                let word = w.t1("views-bulk-cannot", "why", why);
                cells.push(Status::new(Tone::Attention, word).into());
            }
            None => {}
        }
        Row::new(cells).to(format!("/cases/{}", case.id))
    });
    Table::new(w, "chosen", w.t("views-bulk-cases"), columns).rows(rows).cards()
}

fn page(cx: &Cx, shell: Shell, what: Do, answer: String) -> Page {
    let shell = shell
        .title(cx.w.t(&format!("views-bulk-{}-question", what.word())))
        .answer(answer)
        .at("cases")
        .crumb("/cases", cx.w.t("cases-room"));
    Page::new(shell)
}

fn sentence(failure: Failure) -> Result<String, Failure> {
    match failure {
        Failure::Refused(refusal) => Ok(refusal.to_string()),
        other => Err(other),
    }
}

/// What the act would do to each: run to its end and taken back.
async fn would(
    cx: &Cx,
    cases: &[Chosen],
    act: &BulkAct,
) -> Result<Vec<Result<(), String>>, Failure> {
    let rows: Vec<_> = cases.iter().map(|(case, version)| (case.id, *version)).collect();
    let (db, act, env) = (cx.app.db.clone(), act.clone(), cx.env());
    cx.read(move |_, actor| {
        let mut outcomes = Vec::new();
        for row in rows {
            let (act, actor, env) = (act.clone(), actor.clone(), env.clone());
            let tried =
                db.dry_run(move |tx| service::act_on_one(tx, &mut env.clone(), &actor, row, &act));
            outcomes.push(match tried {
                Ok(()) => Ok(()),
                Err(Error::Refused(refusal)) => Err(refusal.to_string()),
                Err(other) => return Err(other),
            });
        }
        Ok(outcomes)
    })
    .await
}

/// Does it to each, once per form and case.
async fn run(
    cx: &Cx,
    pairs: &Pairs,
    cases: &[Chosen],
    act: &BulkAct,
) -> Result<Vec<Result<(), String>>, Failure> {
    let key = pairs.get("key").filter(|k| !k.is_empty()).map(str::to_owned);
    let mut outcomes = Vec::new();
    for (case, version) in cases {
        let (row, act) = ((case.id, *version), act.clone());
        let key = key.as_ref().map(|key| format!("{key}-{}", case.id));
        let input = format!("{row:?} {act:?}").into_bytes();
        let done = cx
            .write(move |tx, env, actor| {
                once(tx, env, &actor.name(), key.as_deref(), &input, |tx, env| {
                    service::act_on_one(tx, env, actor, row, &act)
                })
            })
            .await;
        outcomes.push(match done {
            Ok(()) => Ok(()),
            Err(failure) => Err(sentence(failure)?),
        });
    }
    Ok(outcomes)
}

fn good(outcomes: &[Result<(), String>]) -> usize {
    outcomes.iter().filter(|o| o.is_ok()).count()
}

/// `POST /cases/bulk`
///
/// # Errors
/// When the form is another session's, the person may not handle cases, or a row is none.
pub async fn act(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<HandleCase>()?;
    let what = Do::named(pairs.get("do").unwrap_or_default())?;
    let (cases, people) = chosen(&cx, rows(&pairs)?).await?;
    let (w, shell) = (cx.w, cx.shell());
    let mut form = step(&cx, &shell, what, "preview", &cases).field(field(&cx, what, &people));
    let stage = pairs.get("stage").unwrap_or_default().to_owned();
    if stage.is_empty() {
        let answer = w.t1("views-bulk-chosen", "count", cases.len());
        let page = page(&cx, shell, what, answer).part(form).part(table(&cx, &cases, None, false));
        return cx.page(&page);
    }
    form.fill(&pairs.0);
    form.check();
    let act = what.act(form.typed("value"));
    let act = match act {
        Ok(act) if form.ok() => act,
        _ => {
            let answer = w.t1("views-bulk-chosen", "count", cases.len());
            let page = page(&cx, shell, what, answer).part(form);
            return cx.page_again(&page.part(table(&cx, &cases, None, false)));
        }
    };
    if stage == "run" {
        let outcomes = run(&cx, &pairs, &cases, &act).await?;
        let ids = cases.iter().map(|(case, version)| (case.id, *version)).collect();
        let (after, _) = chosen(&cx, ids).await?;
        let answer = w.t2("views-bulk-done-answer", "done", good(&outcomes), "all", outcomes.len());
        let page = page(&cx, shell, what, answer).part(table(&cx, &after, Some(&outcomes), true));
        return cx.page(&page.part(Html::link("/cases", w.t("views-bulk-back"))));
    }
    let outcomes = would(&cx, &cases, &act).await?;
    let answer = w.t2("views-bulk-would-answer", "can", good(&outcomes), "all", outcomes.len());
    let confirm = step(&cx, &shell, what, "run", &cases)
        .key(cx.form_key())
        .hide("value", form.typed("value"));
    let mut page = page(&cx, shell, what, answer).part(table(&cx, &cases, Some(&outcomes), false));
    if good(&outcomes) > 0 {
        page = page.part(confirm);
    }
    cx.page(&page)
}
