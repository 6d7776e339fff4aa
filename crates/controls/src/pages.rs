//! Controls and how far criteria are covered, as people see them.

pub mod gaps;

use crate::model::{Control, ControlId, ControlText, Coverage};
use crate::permits::{ManageControls, ReadControls};
use crate::service;
use crate::store;
use axum::extract::Path;
use kernel::ids::PersonId;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Shell, Status, Table,
    Tone, facts, prose,
};
use scope::catalogue::{Catalogue, ControlType, CriterionId, Frequency, Nature};

async fn seen(cx: &Cx) -> Result<Vec<Control>, Failure> {
    let engagement = cx.engagement();
    cx.read(move |conn, actor| {
        scope::<ReadControls>(actor)?;
        let owner = ::scope::service::organisation_seen(conn, actor, engagement)?;
        store::controls(conn, owner)
    })
    .await
}

fn ids(criteria: &[CriterionId]) -> String {
    criteria.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// `GET /controls`
///
/// # Errors
/// When the reader may not see the controls.
pub async fn list(cx: Cx) -> Answer {
    let controls = seen(&cx).await?;
    let w = cx.w;
    let uncovered = CriterionId::all()
        .filter(|c| c.series().category() == ::scope::catalogue::Category::Security)
        .filter(|c| service::coverage(*c, &controls) == Coverage::Gap)
        .count();
    let rows = controls.iter().map(|c| {
        let status = match (c.active, c.text.owner) {
            (false, _) => Status::new(Tone::Closed, w.t("controls-retired")),
            (true, None) => Status::new(Tone::Attention, w.t("controls-nobody")),
            (true, Some(_)) => Status::new(Tone::Good, w.t("controls-in-force")),
        };
        Row::new(vec![
            Html::id(&c.text.code).into(),
            (&c.text.statement).into(),
            c.text.frequency.as_str().into(),
            (&c.text.owner_role).into(),
            ids(&c.text.criteria).into(),
            status.into(),
        ])
        .to(format!("/controls/{}", c.id))
    });
    let columns = ["code", "statement", "frequency", "owner", "criteria", "status"]
        .map(|k| Column::new(w.t(&format!("controls-{k}"))))
        .to_vec();
    let may_add = cx.may::<ManageControls>().is_ok();
    let add = Button::link("/controls/new", w.t("controls-add")).primary();
    let mut empty = Empty::new(w.t("controls-none"), w.t("controls-none-next"));
    if may_add {
        empty = empty.action(add.clone());
    }
    let query = cx.list_query();
    let table = Table::new(w, "controls", w.t("controls-title"), columns)
        .rows(rows)
        .exports(&query)
        .empty(empty);
    if let Some(file) = cx.file("controls", &table) {
        return file;
    }
    let mut shell = cx
        .shell()
        .title(w.t("controls-question"))
        .answer(w.t2(
            "controls-answer",
            "count",
            controls.iter().filter(|c| c.active).count(),
            "uncovered",
            uncovered,
        ))
        .at("controls")
        .tab("/controls", w.t("controls-title"), Some(controls.len() as u64), true)
        .tab("/controls/coverage", w.t("controls-coverage"), None, false);
    shell = further(&cx, shell);
    if may_add {
        shell = shell.action(add);
    }
    cx.page(&Page::new(shell).part(table))
}

/// What belongs to the controls and is not for every reader of them.
fn further(cx: &Cx, shell: Shell) -> Shell {
    if !cx.can::<crate::risks::permits::ReadRisks>() {
        return shell;
    }
    shell.tab("/controls/gaps", cx.w.t("gaps-title"), None, false).tab(
        "/risks",
        cx.w.t("risks-title"),
        None,
        false,
    )
}

/// `GET /controls/coverage`
///
/// # Errors
/// When the reader may not see the controls.
pub async fn coverage(cx: Cx) -> Answer {
    let controls = seen(&cx).await?;
    let w = cx.w;
    let catalogue = Catalogue::built_in();
    let reads_gaps = cx.can::<crate::risks::permits::ReadRisks>();
    let rows = catalogue.criteria().iter().map(|criterion| {
        let serving: Vec<&str> = controls
            .iter()
            .filter(|c| c.active && c.text.criteria.contains(&criterion.id))
            .map(|c| c.text.code.as_str())
            .collect();
        let coverage = service::coverage(criterion.id, &controls);
        let status = match coverage {
            Coverage::Covered => Status::new(Tone::Good, w.t("controls-covered")),
            Coverage::Partial => Status::new(Tone::Attention, w.t("controls-partial")),
            Coverage::Gap => Status::new(Tone::Waiting, w.t("controls-gap")),
        };
        let row = Row::new(vec![
            Html::id(&criterion.id.to_string()).into(),
            (&criterion.paraphrase).into(),
            serving.join(", ").into(),
            status.into(),
        ]);
        // What is done about it, or the way to say so.
        if coverage != Coverage::Covered && reads_gaps {
            row.to(format!("/controls/gaps?criterion={}", criterion.id))
        } else {
            row
        }
    });
    let columns = ["criterion", "outcome", "title", "status"]
        .map(|k| Column::new(w.t(&format!("controls-{k}"))))
        .to_vec();
    let gaps =
        CriterionId::all().filter(|c| service::coverage(*c, &controls) == Coverage::Gap).count();
    let shell = cx
        .shell()
        .title(w.t("controls-coverage-question"))
        .answer(w.t1("controls-coverage-answer", "count", gaps))
        .at("controls")
        .tab("/controls", w.t("controls-title"), Some(controls.len() as u64), false)
        .tab("/controls/coverage", w.t("controls-coverage"), None, true);
    let shell = further(&cx, shell);
    let query = cx.list_query();
    let table =
        Table::new(w, "coverage", w.t("controls-coverage"), columns).rows(rows).exports(&query);
    if let Some(file) = cx.file("coverage", &table) {
        return file;
    }
    cx.page(&Page::new(shell).part(table))
}

/// What would trouble a test of this control's wording.
fn remarks(text: &ControlText) -> Vec<String> {
    use crate::rules::statement_lint::{Draft, Rule, lint};
    let draft = Draft {
        statement: &text.statement,
        procedure: "the control's own procedure",
        owner_role: &text.owner_role,
        frequency: Some(text.frequency),
        components: &["the system"],
        evidence_source: "the vault",
        criteria: &text.criteria,
        described_frequency: None,
    };
    // Procedure, components and source are kept elsewhere; only the wording is judged here.
    lint(&draft, &[text.owner_role.as_str()], Catalogue::built_in())
        .into_iter()
        .filter(|f| {
            !matches!(f.rule, Rule::MissingFact | Rule::NoEvidenceSource | Rule::UnknownOwner)
        })
        .map(|f| f.message)
        .collect()
}

/// `GET /controls/{id}`
///
/// # Errors
/// When there is no such control in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let id: ControlId = id.parse().map_err(|_| Refusal::NotFound)?;
    let controls = seen(&cx).await?;
    let control = controls.into_iter().find(|c| c.id == id).ok_or(Refusal::NotFound)?;
    let w = cx.w;
    let remarks = remarks(&control.text);
    let owner = match control.text.owner {
        Some(person) => cx.read(move |conn, _| identity::store::name_of(conn, person)).await?,
        None => w.t("controls-nobody"),
    };
    let mut page = Page::new(
        cx.shell()
            .title(control.text.code.clone())
            .answer(control.text.statement.as_str())
            .at("controls")
            .crumb("/controls", w.t("controls-title")),
    )
    .part(facts(vec![
        (w.t("controls-frequency"), control.text.frequency.as_str().into()),
        (w.t("controls-owner"), Html::text(&format!("{owner} ({})", control.text.owner_role))),
        (w.t("controls-type"), control.text.control_type.as_str().into()),
        (w.t("controls-nature"), control.text.nature.as_str().into()),
        (w.t("controls-criteria"), Html::text(&ids(&control.text.criteria))),
    ]));
    if !remarks.is_empty() {
        page = page.heading(&w.t("controls-wording")).part(prose(&remarks.join("\n\n")));
    }
    cx.page(&page)
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<Choice> {
    all.iter().map(|v| Choice::new(word(*v), word(*v))).collect()
}

fn form(shell: &Shell, key: &str, people: &[(PersonId, String)]) -> Form {
    let w = shell.w;
    let criteria = Catalogue::built_in()
        .criteria()
        .iter()
        .map(|c| Choice::new(c.id.to_string(), c.id.to_string()).hint(c.paraphrase.clone()))
        .collect();
    let owners = std::iter::once(Choice::new("", w.t("controls-nobody")))
        .chain(people.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())))
        .collect();
    Form::post(w, "/controls/new", &shell.csrf, w.t("controls-add"))
        .key(key)
        .cancel("/controls")
        .field(Field::new(w, "code", w.t("controls-code"), Kind::Text).required().max(20))
        .field(
            Field::new(w, "statement", w.t("controls-statement"), Kind::Area(4))
                .required()
                .hint(w.t("controls-statement-hint")),
        )
        .field(
            Field::new(
                w,
                "frequency",
                w.t("controls-frequency"),
                Kind::Select(words(Frequency::ALL, Frequency::as_str)),
            )
            .required(),
        )
        .field(
            Field::new(w, "owner_role", w.t("controls-owner-role"), Kind::Text).required().max(100),
        )
        .field(Field::new(w, "owner", w.t("controls-owner"), Kind::Select(owners)))
        .field(
            Field::new(
                w,
                "type",
                w.t("controls-type"),
                Kind::Select(words(ControlType::ALL, ControlType::as_str)),
            )
            .required(),
        )
        .field(
            Field::new(
                w,
                "nature",
                w.t("controls-nature"),
                Kind::Select(words(Nature::ALL, Nature::as_str)),
            )
            .required(),
        )
        .field(
            Field::new(w, "criteria", w.t("controls-criteria"), Kind::Boxes(criteria)).required(),
        )
}

async fn people(cx: &Cx) -> Result<Vec<(PersonId, String)>, Failure> {
    cx.read(|conn, actor| {
        let party = actor.party.ok_or(Refusal::NotFound)?;
        Ok(identity::store::people_of(conn, party)?
            .into_iter()
            .map(|m| (m.profile.id, m.profile.name))
            .collect())
    })
    .await
}

/// `GET /controls/new`
///
/// # Errors
/// When the person may not change the controls.
pub async fn new_form(cx: Cx) -> Answer {
    cx.may::<ManageControls>()?;
    let people = people(&cx).await?;
    let shell = cx
        .shell()
        .title(cx.w.t("controls-new"))
        .at("controls")
        .crumb("/controls", cx.w.t("controls-title"));
    let form = form(&shell, &cx.form_key(), &people);
    cx.page(&Page::new(shell).part(form))
}

/// `POST /controls/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn new_submit(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageControls>()?;
    let people = people(&cx).await?;
    let shell = cx
        .shell()
        .title(cx.w.t("controls-new"))
        .at("controls")
        .crumb("/controls", cx.w.t("controls-title"));
    let mut form = form(&shell, "", &people);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let odd = |field| Failure::from(Refusal::field(field, "Choose one of the list."));
        let input = ControlText {
            code: form.typed("code").to_owned(),
            statement: form.typed("statement").to_owned(),
            frequency: form.typed("frequency").parse().map_err(|_| odd("frequency"))?,
            owner_role: form.typed("owner_role").to_owned(),
            owner: form.typed("owner").parse().ok(),
            control_type: form.typed("type").parse().map_err(|_| odd("type"))?,
            nature: form.typed("nature").parse().map_err(|_| odd("nature"))?,
            criteria: form.ticked("criteria").iter().filter_map(|c| c.parse().ok()).collect(),
            requirements: Vec::new(),
        };
        let done = cx
            .write_once(&pairs, move |tx, env, actor| {
                let permit = authorize::<ManageControls>(
                    actor,
                    &Facts::of(actor.party.ok_or(Refusal::NotFound)?),
                )?;
                service::state_control(tx, env, &permit, None, &input)
            })
            .await;
        match done {
            Ok(id) => {
                return cx
                    .see_other(&format!("/controls/{id}"), Flash::Done(cx.w.t("controls-saved")))
                    .await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&Page::new(shell).part(form))
}
