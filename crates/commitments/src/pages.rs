//! The register of promises, as people see it.

use crate::model::{Commitment, CommitmentId, Requirement, RequirementKind, Source};
use crate::permits::{ManageCommitments, ReadCommitments};
use crate::service::{self, CommitmentInput, RequirementInput};
use crate::store;
use axum::extract::Path;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Shell, Status, Table,
    Tone, facts, prose,
};
use platform::words::Words;
use scope::catalogue::{Catalogue, Category, CriterionId};

/// Reads a register in the reader's scope: their own organisation's, or that of the engagement that
/// they have chosen on the firm's side.
async fn register(cx: &Cx) -> Result<(Vec<Commitment>, Vec<Requirement>), platform::http::Failure> {
    let engagement = cx.engagement();
    cx.read(move |conn, actor| {
        scope::<ReadCommitments>(actor)?;
        let owner = ::scope::service::organisation_seen(conn, actor, engagement)?;
        Ok((store::commitments(conn, owner)?, store::requirements(conn, owner)?))
    })
    .await
}

fn category_status(w: Words, category: Category) -> Html {
    let _ = w;
    Html::text(category.name())
}

/// `GET /commitments`
///
/// # Errors
/// When the reader may not see the register.
pub async fn list(cx: Cx) -> Answer {
    let (commitments, requirements) = register(&cx).await?;
    let w = cx.w;
    let without: usize = commitments
        .iter()
        .filter(|c| c.principal && !requirements.iter().any(|r| r.commitments.contains(&c.id)))
        .count();
    let rows = commitments.iter().map(|c| {
        let carried = requirements.iter().filter(|r| r.commitments.contains(&c.id)).count();
        let status = match (c.principal, carried) {
            (true, 0) => Status::new(Tone::Attention, w.t("commitments-uncarried")),
            (true, _) => Status::new(Tone::Good, w.t("commitments-principal")),
            (false, _) => Status::new(Tone::Neutral, w.t("commitments-other")),
        };
        Row::new(vec![
            Html::id(&c.code).into(),
            (&c.statement).into(),
            category_status(w, c.category).into(),
            w.number(carried).into(),
            status.into(),
        ])
        .to(format!("/commitments/{}", c.id))
    });
    let columns =
        ["code", "statement", "category"].map(|k| Column::new(w.t(&format!("commitments-{k}"))));
    let mut columns = columns.to_vec();
    columns.push(Column::new(w.t("commitments-requirements")).numeric());
    columns.push(Column::new(w.t("commitments-status")));
    let may_add = cx.may::<ManageCommitments>().is_ok();
    let add = Button::link("/commitments/new", w.t("commitments-add")).primary();
    let mut empty = Empty::new(w.t("commitments-none"), w.t("commitments-none-next"));
    if may_add {
        empty = empty.action(add.clone());
    }
    let query = cx.list_query();
    let table = Table::new(w, "commitments", w.t("commitments-title"), columns)
        .rows(rows)
        .exports(&query)
        .empty(empty);
    if let Some(file) = cx.file("commitments", &table) {
        return file;
    }
    let requirement_rows = requirements.iter().map(|r| {
        let codes: Vec<&str> = commitments
            .iter()
            .filter(|c| r.commitments.contains(&c.id))
            .map(|c| c.code.as_str())
            .collect();
        Row::new(vec![
            Html::id(&r.code).into(),
            (&r.statement).into(),
            w.t(&format!("requirement-kind-{}", r.kind.as_str())).into(),
            codes.join(", ").into(),
        ])
    });
    let requirement_columns = ["code", "statement", "carried-by", "needed-for"]
        .map(|k| Column::new(w.t(&format!("commitments-{k}"))))
        .to_vec();
    let requirements_table =
        Table::new(w, "requirements", w.t("commitments-requirements"), requirement_columns)
            .rows(requirement_rows)
            .empty(Empty::new(w.t("requirements-none"), w.t("requirements-none-next")));
    let mut shell = cx
        .shell()
        .title(w.t("commitments-question"))
        .answer(w.t2("commitments-answer", "count", commitments.len(), "without", without))
        .at("commitments");
    if may_add {
        shell =
            shell.action(add).action(Button::link("/requirements/new", w.t("requirements-add")));
    }
    cx.page(
        &Page::new(shell)
            .part(table)
            .heading(&w.t("commitments-requirements"))
            .part(requirements_table),
    )
}

/// `GET /commitments/{id}`
///
/// # Errors
/// When there is no such commitment in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let id: CommitmentId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (commitments, requirements) = register(&cx).await?;
    let commitment = commitments.iter().find(|c| c.id == id).ok_or(Refusal::NotFound)?;
    let organisation = commitment.organisation;
    let kept = cx.read(move |conn, _| store::kept(conn, organisation, id)).await?;
    let w = cx.w;
    let sources: Vec<String> =
        commitment.sources.iter().map(|s| format!("{}: {}", s.kind, s.reference)).collect();
    let rows = kept.iter().map(|k| {
        let status = if k.met {
            Status::new(Tone::Good, w.t("commitments-kept"))
        } else {
            Status::new(Tone::Missed, w.t("commitments-missed"))
        };
        Row::new(vec![(&k.window).into(), (&k.value).into(), status.into(), (&k.source).into()])
    });
    let columns = ["window", "value", "status", "source"]
        .map(|k| Column::new(w.t(&format!("commitments-{k}"))))
        .to_vec();
    let results = Table::new(w, "kept", w.t("commitments-results"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("commitments-results-none"), w.t("commitments-results-none-next")));
    let needed: Vec<String> = requirements
        .iter()
        .filter(|r| r.commitments.contains(&id))
        .map(|r| format!("{} {}", r.code, r.statement))
        .collect();
    let page = Page::new(
        cx.shell()
            .title(commitment.code.clone())
            .answer(commitment.statement.as_str())
            .at("commitments")
            .crumb("/commitments", w.t("commitments-title")),
    )
    .part(facts(vec![
        (w.t("commitments-category"), Html::text(commitment.category.name())),
        (w.t("commitments-source"), prose(&sources.join("\n"))),
        (w.t("commitments-requirements"), prose(&needed.join("\n\n"))),
    ]))
    .heading(&w.t("commitments-results"))
    .part(results);
    cx.page(&page)
}

fn category_choices() -> Vec<Choice> {
    Category::ALL.iter().map(|c| Choice::new(c.as_str(), c.name())).collect()
}

fn commitment_form(shell: &Shell, key: &str) -> Form {
    let w = shell.w;
    Form::post(w, "/commitments/new", &shell.csrf, w.t("commitments-add"))
        .key(key)
        .cancel("/commitments")
        .field(
            Field::new(w, "code", w.t("commitments-code"), Kind::Text)
                .required()
                .max(20)
                .hint(w.t("commitments-code-hint")),
        )
        .field(
            Field::new(
                w,
                "category",
                w.t("commitments-category"),
                Kind::Select(category_choices()),
            )
            .required(),
        )
        .field(
            Field::new(w, "statement", w.t("commitments-statement"), Kind::Area(4))
                .required()
                .hint(w.t("commitments-statement-hint")),
        )
        .field(Field::new(w, "principal", w.t("commitments-principal-question"), Kind::Box))
        .field(
            Field::new(w, "sources", w.t("commitments-source"), Kind::Text)
                .required()
                .hint(w.t("commitments-source-hint")),
        )
}

/// `GET /commitments/new`
///
/// # Errors
/// When the person may not change the register.
pub async fn new_form(cx: Cx) -> Answer {
    cx.may::<ManageCommitments>()?;
    let shell = cx
        .shell()
        .title(cx.w.t("commitments-new"))
        .at("commitments")
        .crumb("/commitments", cx.w.t("commitments-title"));
    let form = commitment_form(&shell, &cx.form_key());
    cx.page(&Page::new(shell).part(form))
}

/// `POST /commitments/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn new_submit(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageCommitments>()?;
    let shell = cx
        .shell()
        .title(cx.w.t("commitments-new"))
        .at("commitments")
        .crumb("/commitments", cx.w.t("commitments-title"));
    let mut form = commitment_form(&shell, "");
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let category = Category::ALL
            .into_iter()
            .find(|c| c.as_str() == form.typed("category"))
            .unwrap_or(Category::Security);
        let input = CommitmentInput {
            code: form.typed("code").to_owned(),
            category,
            statement: form.typed("statement").to_owned(),
            principal: form.typed("principal") == "on",
            sources: vec![Source {
                kind: "other".into(),
                reference: form.typed("sources").to_owned(),
            }],
            owner: None,
        };
        let done = cx
            .write_once(&pairs, move |tx, env, actor| {
                let owner = actor.party.ok_or(Refusal::NotFound)?;
                let permit = authorize::<ManageCommitments>(actor, &Facts::of(owner))?;
                service::state_commitment(tx, env, &permit, None, &input)
            })
            .await;
        match done {
            Ok(id) => {
                return cx
                    .see_other(
                        &format!("/commitments/{id}"),
                        Flash::Done(cx.w.t("commitments-saved")),
                    )
                    .await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&Page::new(shell).part(form))
}

fn requirement_form(shell: &Shell, key: &str, commitments: &[Commitment]) -> Form {
    let w = shell.w;
    let kinds = RequirementKind::ALL
        .iter()
        .map(|k| Choice::new(k.as_str(), w.t(&format!("requirement-kind-{}", k.as_str()))))
        .collect();
    let choices = commitments
        .iter()
        .map(|c| Choice::new(c.id.to_string(), format!("{} {}", c.code, c.statement)))
        .collect();
    let criteria = Catalogue::built_in()
        .criteria()
        .iter()
        .map(|c| Choice::new(c.id.to_string(), c.id.to_string()).hint(c.paraphrase.clone()))
        .collect();
    Form::post(w, "/requirements/new", &shell.csrf, w.t("requirements-add"))
        .key(key)
        .cancel("/commitments")
        .field(
            Field::new(w, "code", w.t("commitments-code"), Kind::Text)
                .required()
                .max(20)
                .hint(w.t("requirements-code-hint")),
        )
        .field(Field::new(w, "kind", w.t("commitments-carried-by"), Kind::Radio(kinds)).required())
        .field(Field::new(w, "statement", w.t("requirements-statement"), Kind::Area(4)).required())
        .field(
            Field::new(w, "commitments", w.t("commitments-needed-for"), Kind::Boxes(choices))
                .required(),
        )
        .field(Field::new(w, "criteria", w.t("requirements-criteria"), Kind::Boxes(criteria)))
}

/// `GET /requirements/new`
///
/// # Errors
/// When the person may not change the register.
pub async fn new_requirement_form(cx: Cx) -> Answer {
    cx.may::<ManageCommitments>()?;
    let (commitments, _) = register(&cx).await?;
    let shell = cx
        .shell()
        .title(cx.w.t("requirements-new"))
        .at("commitments")
        .crumb("/commitments", cx.w.t("commitments-title"));
    let form = requirement_form(&shell, &cx.form_key(), &commitments);
    cx.page(&Page::new(shell).part(form))
}

/// `POST /requirements/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn new_requirement_submit(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageCommitments>()?;
    let (commitments, _) = register(&cx).await?;
    let shell = cx
        .shell()
        .title(cx.w.t("requirements-new"))
        .at("commitments")
        .crumb("/commitments", cx.w.t("commitments-title"));
    let mut form = requirement_form(&shell, "", &commitments);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let input = RequirementInput {
            code: form.typed("code").to_owned(),
            kind: RequirementKind::parse(form.typed("kind")).unwrap_or(RequirementKind::Process),
            statement: form.typed("statement").to_owned(),
            commitments: form.ticked("commitments").iter().filter_map(|c| c.parse().ok()).collect(),
            criteria: form
                .ticked("criteria")
                .iter()
                .filter_map(|c| c.parse::<CriterionId>().ok())
                .collect(),
        };
        let done = cx
            .write_once(&pairs, move |tx, env, actor| {
                let owner = actor.party.ok_or(Refusal::NotFound)?;
                let permit = authorize::<ManageCommitments>(actor, &Facts::of(owner))?;
                service::state_requirement(tx, env, &permit, None, &input)
            })
            .await;
        match done {
            Ok(_) => {
                return cx
                    .see_other("/commitments", Flash::Done(cx.w.t("requirements-saved")))
                    .await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&Page::new(shell).part(form))
}
