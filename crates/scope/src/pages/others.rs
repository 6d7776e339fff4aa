//! Who else has to do their part: subservice organisations, and the user entities themselves.

use crate::catalogue::CriterionId;
use crate::model::{AssumedControl, Subservice, SubserviceMethod};
use crate::permits::{DescribeSystem, ReadEngagement};
use crate::service::{self, SubserviceInput};
use crate::store;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Empty, Field, Flash, Form, Kind, Page, Row, Shell, Table, prose,
};
use platform::words::Words;

const ACTION: &str = "/system/others";

struct Others {
    subservices: Vec<Subservice>,
    users: Vec<AssumedControl>,
}

async fn others(cx: &Cx) -> Result<Others, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        scope::<ReadEngagement>(actor)?;
        let owner = service::organisation_seen(conn, actor, chosen)?;
        let subservices = store::subservices(conn, owner)?;
        Ok(Others { subservices, users: store::user_entity_controls(conn, owner)? })
    })
    .await
}

/// One control a line, as [`controls`] reads it.
fn lines(controls: &[AssumedControl]) -> String {
    let line = |c: &AssumedControl| format!("{}: {}", named(&c.criteria), c.statement);
    controls.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn named(criteria: &[CriterionId]) -> String {
    criteria.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Complementary controls as they are typed: one a line, the criteria first, then a colon and what must
/// be done.
fn controls(field: &'static str, text: &str) -> Result<Vec<AssumedControl>, Refusal> {
    let mut all = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = number + 1;
        let parts = line.split_once(':').filter(|(_, what)| !what.trim().is_empty());
        let (criteria, statement) = parts.ok_or_else(|| {
            let how = "Write the criteria, a colon and what must be done, such as “CC6.2: Remove the accounts of people who leave.”";
            Refusal::field(field, format!("Line {number}: {how}"))
        })?;
        let criteria = criteria
            .split([',', ' '])
            .filter(|id| !id.is_empty())
            .map(|id| {
                let unknown = |_| {
                    let text = format!("Line {number}: {id:.20} is not one of the 61 criteria.");
                    Refusal::field(field, text)
                };
                id.parse::<CriterionId>().map_err(unknown)
            })
            .collect::<Result<Vec<_>, _>>()?;
        all.push(AssumedControl { statement: statement.trim().to_owned(), criteria });
    }
    Ok(all)
}

fn subservice_form(shell: &Shell, key: &str) -> Form {
    let w = shell.w;
    let methods = ["carve_out", "inclusive"].map(|m| {
        let key = format!("subservice-{}", m.replace('_', "-"));
        Choice::new(m, w.t(&key)).hint(w.t(&format!("{key}-means")))
    });
    Form::post(w, ACTION, &shell.csrf, w.t("subservice-add"))
        .key(key)
        .hide("do", "subservice")
        .field(Field::new(w, "name", w.t("subservice-name"), Kind::Text).required().max(200))
        .field(
            Field::new(w, "service", w.t("subservice-service"), Kind::Area(2))
                .required()
                .max(service::TEXT_MAX),
        )
        .field(
            Field::new(w, "method", w.t("subservice-method"), Kind::Radio(methods.to_vec()))
                .required(),
        )
        .field(
            Field::new(w, "assumed_controls", w.t("subservice-assumed"), Kind::Area(4))
                .max(service::TEXT_MAX)
                .hint(w.t("assumed-hint")),
        )
}

fn users_form(shell: &Shell, users: &[AssumedControl], key: &str) -> Form {
    let w = shell.w;
    Form::post(w, ACTION, &shell.csrf, w.t("user-entity-send"))
        .key(key)
        .hide("do", "users")
        .apart("users")
        .field(
            Field::new(w, "controls", w.t("user-entity-controls"), Kind::Area(8))
                .max(service::TEXT_MAX)
                .value(lines(users))
                .hint(w.t("assumed-hint")),
        )
}

fn assumed_table(w: Words, id: &'static str, caption: String, all: &[AssumedControl]) -> Table {
    let columns = vec![Column::new(w.t("assumed-criteria")), Column::new(w.t("assumed-what"))];
    let rows =
        all.iter().map(|c| Row::new(vec![named(&c.criteria).into(), prose(&c.statement).into()]));
    Table::new(w, id, caption, columns)
        .rows(rows)
        .empty(Empty::new(w.t("assumed-none"), w.t("assumed-none-next")))
        .cards()
}

fn subservices_table(w: Words, all: &[Subservice]) -> Table {
    let columns = ["name", "service", "method", "assumed"]
        .map(|k| Column::new(w.t(&format!("subservice-{k}"))))
        .to_vec();
    let rows = all.iter().map(|s| {
        Row::new(vec![
            (&s.name).into(),
            prose(&s.service).into(),
            w.t(&format!("subservice-{}", s.method.as_str().replace('_', "-"))).into(),
            prose(&lines(&s.assumed_controls)).into(),
        ])
    });
    Table::new(w, "subservices", w.t("subservices"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("subservice-none"), w.t("subservice-none-next")))
        .cards()
}

fn shell(cx: &Cx) -> Shell {
    let w = cx.w;
    cx.shell()
        .title(w.t("others-question"))
        .at("scope")
        .tab("/engagements", w.t("engagements"), None, false)
        .tab("/system", w.t("system"), None, false)
        .tab(ACTION, w.t("others"), None, true)
}

fn page(cx: &Cx, others: &Others, refused: Option<Form>) -> Page {
    let w = cx.w;
    let shell = shell(cx);
    let may = cx.may::<DescribeSystem>().is_ok();
    let of = |what: &str| refused.clone().filter(|f| f.hidden("do") == Some(what));
    let subservice = of("subservice").unwrap_or_else(|| subservice_form(&shell, &cx.form_key()));
    let users = of("users").unwrap_or_else(|| users_form(&shell, &others.users, &cx.form_key()));
    let shell = shell.answer(w.ta(
        "others-answer",
        &[("subservices", others.subservices.len().into()), ("users", others.users.len().into())],
    ));
    let mut page = Page::new(shell).part(subservices_table(w, &others.subservices));
    if may {
        page = page.heading(&w.t("subservice-add")).part(subservice);
    }
    page = page.heading(&w.t("user-entities")).part(assumed_table(
        w,
        "user-entity-controls",
        w.t("user-entity-controls"),
        &others.users,
    ));
    if may {
        page = page.heading(&w.t("user-entity-send")).part(users);
    }
    page
}

/// `GET /system/others`
///
/// # Errors
/// When the reader may not see the system.
pub async fn show(cx: Cx) -> Answer {
    let others = others(&cx).await?;
    cx.page(&page(&cx, &others, None))
}

/// `POST /system/others`: a subservice organisation, or all controls of user entities.
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn submit(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<DescribeSystem>()?;
    let shell = shell(&cx);
    let users = pairs.0.iter().any(|(n, v)| n == "do" && v == "users");
    let mut form = if users { users_form(&shell, &[], "") } else { subservice_form(&shell, "") };
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let done = if users {
            state_users(&cx, &pairs, &form).await
        } else {
            describe(&cx, &pairs, &form).await
        };
        let said = if users { "user-entity-saved" } else { "subservice-saved" };
        match done {
            Ok(()) => return cx.see_other(ACTION, Flash::Done(cx.w.t(said))).await,
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let others = others(&cx).await?;
    cx.page_again(&page(&cx, &others, Some(form)))
}

async fn describe(cx: &Cx, pairs: &Pairs, form: &Form) -> Result<(), Failure> {
    let input = SubserviceInput {
        name: form.typed("name").to_owned(),
        service: form.typed("service").to_owned(),
        method: SubserviceMethod::parse(form.typed("method"))
            .ok_or_else(|| Refusal::field("method", "Choose one of the two."))?,
        assumed_controls: controls("assumed_controls", form.typed("assumed_controls"))?,
    };
    cx.write_once(pairs, move |tx, env, actor| {
        let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
        let permit = authorize::<DescribeSystem>(actor, &facts)?;
        service::describe_subservice(tx, env, &permit, &input).map(|_| ())
    })
    .await
}

async fn state_users(cx: &Cx, pairs: &Pairs, form: &Form) -> Result<(), Failure> {
    let all = controls("controls", form.typed("controls"))?;
    cx.write_once(pairs, move |tx, env, actor| {
        let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
        let permit = authorize::<DescribeSystem>(actor, &facts)?;
        service::state_user_entity_controls(tx, env, &permit, &all)
    })
    .await
}
