//! Engagements and the system under examination, as people see them.
//!
//! | file | holds |
//! |---|---|
//! | this one | the engagements, one of them with its history, the system's components |
//! | `change.rs` | another scope, a firm that joins, the begin of fieldwork |
//! | `others.rs` | who else has to do their part: subservice organisations and user entities |

pub mod change;
pub mod others;

use crate::catalogue::Category;
use crate::events::ScopeEvent;
use crate::model::{Component, ComponentKind, Engagement, EngagementState, ReportType};
use crate::permits::{DescribeSystem, JoinFirm, ManageEngagement, ReadEngagement};
use crate::service::{self, ComponentInput, EngagementInput};
use crate::store;
use axum::extract::Path;
use identity::pages::told::{Told, proof_file};
use kernel::ids::{EngagementId, EventId};
use kernel::party::Side;
use kernel::period::Period;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs, session};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Shell, Status, Table,
    Tone, facts, prose,
};
use platform::words::Words;

async fn seen(cx: &Cx) -> Result<Vec<Engagement>, Failure> {
    cx.read(|conn, actor| store::engagements(conn, &scope::<ReadEngagement>(actor)?)).await
}

fn state(w: Words, engagement: &Engagement) -> Status {
    let tone = match engagement.state {
        EngagementState::Preparation => Tone::Waiting,
        EngagementState::Fieldwork => Tone::Underway,
        EngagementState::Issued => Tone::Good,
        EngagementState::Locked => Tone::Closed,
    };
    Status::new(tone, w.t(&format!("engagement-{}", engagement.state.as_str().replace('_', "-"))))
}

/// The period of an engagement in words: first and last day, and the zone they are days of.
#[must_use]
pub fn period(w: Words, engagement: &Engagement) -> String {
    let (start, end) = (engagement.period.start(), engagement.period.end());
    let zone = engagement.period.zone().name();
    if start == end {
        return format!("{}, {zone}", w.date(start));
    }
    format!("{} \u{2013} {}, {zone}", w.date(start), w.date(end))
}

fn report_type(w: Words, value: ReportType) -> String {
    w.t(match value {
        ReportType::Type1 => "engagement-type-1",
        ReportType::Type2 => "engagement-type-2",
    })
}

/// `GET /engagements`
///
/// # Errors
/// When nobody is signed in.
pub async fn list(cx: Cx) -> Answer {
    let engagements = seen(&cx).await?;
    let w = cx.w;
    let rows = engagements.iter().map(|e| {
        Row::new(vec![
            (&e.name).into(),
            (&e.system_name).into(),
            report_type(w, e.report_type).into(),
            period(w, e).into(),
            state(w, e).into(),
        ])
        .to(format!("/engagements/{}", e.id))
    });
    let columns = ["name", "system", "type", "period", "state"]
        .map(|k| Column::new(w.t(&format!("engagement-{k}"))))
        .to_vec();
    let may_open = cx.may::<ManageEngagement>().is_ok();
    let organisation = cx.actor()?.side == Side::ServiceOrganisation;
    let add = Button::link("/engagements/new", w.t("engagement-add")).primary();
    let mut empty = Empty::new(w.t("engagements-none"), w.t("engagements-none-next"));
    let mut shell = cx
        .shell()
        .title(w.t("engagement-question"))
        .answer(w.t1("engagement-answer", "count", engagements.len()))
        .at("scope");
    if may_open {
        empty = empty.action(add.clone());
        shell = shell.action(add);
    }
    if organisation {
        shell = shell
            .tab("/engagements", w.t("engagements"), Some(engagements.len() as u64), true)
            .tab("/system", w.t("system"), None, false)
            .tab("/system/others", w.t("others"), None, false);
    }
    let query = cx.list_query();
    let table = Table::new(w, "engagements", w.t("engagements"), columns)
        .rows(rows)
        .exports(&query)
        .empty(empty);
    if let Some(file) = cx.file("engagements", &table) {
        return file;
    }
    cx.page(&Page::new(shell).part(table))
}

/// An engagement of the reader's scope with the name of its firm.
struct Seen {
    engagement: Engagement,
    /// None until one is joined.
    firm: Option<String>,
    told: Told<ScopeEvent>,
}

async fn one(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: EngagementId = id.parse().map_err(|_| Refusal::NotFound)?;
    cx.read(move |conn, actor| {
        let engagement = store::engagement(conn, id)?.ok_or(Refusal::NotFound)?;
        authorize::<ReadEngagement>(actor, &service::facts_of(&engagement))?;
        let firm = match engagement.firm {
            Some(firm) => identity::store::party(conn, firm)?.map(|p| p.name),
            None => None,
        };
        let told = Told::read(conn, &engagement.id.to_string())?;
        Ok(Seen { engagement, firm, told })
    })
    .await
}

/// Whether the reader may do something to this engagement.
fn may<A: kernel::permit::Action>(cx: &Cx, engagement: &Engagement) -> bool {
    cx.actor().is_ok_and(|actor| authorize::<A>(actor, &service::facts_of(engagement)).is_ok())
}

/// `GET /engagements/{id}`
///
/// # Errors
/// When there is no such engagement in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let Seen { engagement, firm, told } = one(&cx, &id).await?;
    let id = engagement.id;
    if let Some(session) = &cx.session {
        let token = session.token.clone();
        cx.app.db.write(move |tx| session::choose(tx, &token, id)).await?;
    }
    let w = cx.w;
    let name = firm.unwrap_or_else(|| w.t("engagement-no-firm"));
    let firm = if may::<JoinFirm>(&cx, &engagement) {
        Html::link(&format!("/engagements/{id}/firm"), name.as_str())
    } else {
        Html::text(&name)
    };
    let categories: Vec<&str> = engagement.categories.iter().map(|c| c.name()).collect();
    let mut shell = cx
        .shell()
        .title(engagement.name.clone())
        .answer(w.t1("engagement-criteria-answer", "count", engagement.criteria().len()))
        .at("scope")
        .crumb("/engagements", w.t("engagements"));
    let open =
        matches!(engagement.state, EngagementState::Preparation | EngagementState::Fieldwork);
    if open && may::<ManageEngagement>(&cx, &engagement) {
        let href = format!("/engagements/{id}/scope");
        shell = shell.action(Button::link(href, w.t("engagement-change")));
    }
    let stands = Html::link(&format!("/engagements/{id}/stage"), w.t("engagement-stage-question"));
    let page = Page::new(shell)
        .part(facts(vec![
            (w.t("engagement-system"), Html::text(&engagement.system_name)),
            (w.t("engagement-type"), Html::text(&report_type(w, engagement.report_type))),
            (w.t("engagement-period"), Html::text(&period(w, &engagement))),
            (w.t("engagement-categories"), Html::text(&categories.join(", "))),
            (w.t("engagement-firm"), firm),
            (
                w.t("engagement-state"),
                Html::from(state(w, &engagement)).and(Html::text(" ")).and(stands),
            ),
        ]))
        .heading(&w.t("engagement-history"))
        .part(
            told.timeline(w, &format!("/engagements/{id}/proofs"), |e| change::said(w, e, &name)),
        );
    cx.page(&page)
}

/// `GET /engagements/{id}/proofs/{event}`
///
/// # Errors
/// When there is no such entry about an engagement of the reader's scope, or it has no place in the log
/// yet.
pub async fn proof(cx: Cx, Path((id, event)): Path<(String, String)>) -> Answer {
    let seen = one(&cx, &id).await?;
    let event: EventId = event.parse().map_err(|_| Refusal::NotFound)?;
    if !seen.told.holds(event) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}

fn engagement_form(shell: &Shell, key: &str) -> Form {
    let w = shell.w;
    let form = Form::post(w, "/engagements/new", &shell.csrf, w.t("engagement-add"))
        .key(key)
        .cancel("/engagements");
    described(w, form, None)
}

/// The fields of what an engagement is about, with what stands now.
fn described(w: Words, form: Form, now: Option<&Engagement>) -> Form {
    let types = vec![
        Choice::new("type2", w.t("engagement-type-2")),
        Choice::new("type1", w.t("engagement-type-1")),
    ];
    let categories = Category::ALL.iter().map(|c| Choice::new(c.as_str(), c.name())).collect();
    let text = |field: Field, value: &dyn Fn(&Engagement) -> String| match now {
        Some(engagement) => field.value(value(engagement)),
        None => field,
    };
    let name = Field::new(w, "name", w.t("engagement-name"), Kind::Text)
        .required()
        .max(200)
        .hint(w.t("engagement-name-hint"));
    let system =
        Field::new(w, "system_name", w.t("engagement-system"), Kind::Text).required().max(200);
    let kind = Field::new(w, "type", w.t("engagement-type"), Kind::Radio(types)).required();
    let start = Field::new(w, "start", w.t("engagement-start"), Kind::Date).required();
    let end = Field::new(w, "end", w.t("engagement-end"), Kind::Date)
        .required()
        .hint(w.t("engagement-end-hint"));
    let zone = Field::new(w, "zone", w.t("engagement-zone"), Kind::Text)
        .required()
        .hint(w.t("engagement-zone-hint"));
    let chosen = now.into_iter().flat_map(|e| e.categories.iter().map(|c| c.as_str()));
    let categories =
        Field::new(w, "categories", w.t("engagement-categories"), Kind::Boxes(categories))
            .required()
            .hint(w.t("engagement-categories-hint"))
            .values(chosen);
    form.field(text(name, &|e| e.name.clone()))
        .field(text(system, &|e| e.system_name.clone()))
        .field(text(kind, &|e| {
            if e.report_type == ReportType::Type1 { "type1" } else { "type2" }.to_owned()
        }))
        .field(text(start, &|e| e.period.start().to_string()))
        .field(text(end, &|e| e.period.end().to_string()))
        .field(text(zone, &|e| e.period.zone().name().to_owned()))
        .field(categories)
}

/// `GET /engagements/new`
///
/// # Errors
/// When the person may not open an engagement.
pub async fn new_form(cx: Cx) -> Answer {
    cx.may::<ManageEngagement>()?;
    let shell = cx
        .shell()
        .title(cx.w.t("engagement-new"))
        .at("scope")
        .crumb("/engagements", cx.w.t("engagements"));
    let form = engagement_form(&shell, &cx.form_key());
    cx.page(&Page::new(shell).part(form))
}

fn read(form: &Form) -> Result<EngagementInput, Failure> {
    let period = Period::parse(form.typed("start"), form.typed("end"), form.typed("zone"))
        .map_err(|e| Refusal::field("end", format!("{e}.")))?;
    Ok(EngagementInput {
        name: form.typed("name").to_owned(),
        system_name: form.typed("system_name").to_owned(),
        report_type: if form.typed("type") == "type1" {
            ReportType::Type1
        } else {
            ReportType::Type2
        },
        period,
        categories: Category::ALL
            .into_iter()
            .filter(|c| form.ticked("categories").iter().any(|t| t == c.as_str()))
            .collect(),
    })
}

/// `POST /engagements/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn new_submit(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageEngagement>()?;
    let shell = cx
        .shell()
        .title(cx.w.t("engagement-new"))
        .at("scope")
        .crumb("/engagements", cx.w.t("engagements"));
    let mut form = engagement_form(&shell, "");
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let done = match read(&form) {
            Err(failure) => Err(failure),
            Ok(input) => {
                cx.write_once(&pairs, move |tx, env, actor| {
                    let permit = authorize::<ManageEngagement>(
                        actor,
                        &Facts::of(actor.party.ok_or(Refusal::NotFound)?),
                    )?;
                    service::open_engagement(tx, env, &permit, &input)
                })
                .await
            }
        };
        match done {
            Ok(id) => {
                return cx
                    .see_other(
                        &format!("/engagements/{id}"),
                        Flash::Done(cx.w.t("engagement-saved")),
                    )
                    .await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&Page::new(shell).part(form))
}

fn component_form(shell: &Shell, key: &str) -> Form {
    let w = shell.w;
    let kinds = ComponentKind::ALL
        .iter()
        .map(|k| Choice::new(k.as_str(), w.t(&format!("component-{}", k.as_str()))))
        .collect();
    Form::post(w, "/system", &shell.csrf, w.t("component-add"))
        .key(key)
        .field(Field::new(w, "kind", w.t("component-kind"), Kind::Select(kinds)).required())
        .field(Field::new(w, "name", w.t("component-name"), Kind::Text).required().max(200))
        .field(Field::new(w, "purpose", w.t("component-purpose"), Kind::Area(3)).required())
        .field(Field::new(w, "location", w.t("component-location"), Kind::Text).required().max(200))
}

async fn components(cx: &Cx) -> Result<Vec<Component>, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        scope::<ReadEngagement>(actor)?;
        let owner = service::organisation_seen(conn, actor, chosen)?;
        store::components(conn, owner)
    })
    .await
}

fn components_table(cx: &Cx, components: &[Component]) -> Table {
    let w = cx.w;
    let rows = components.iter().map(|c| {
        Row::new(vec![
            w.t(&format!("component-{}", c.kind.as_str())).into(),
            (&c.name).into(),
            prose(&c.purpose).into(),
            (&c.location).into(),
        ])
    });
    let columns = ["kind", "name", "purpose", "location"]
        .map(|k| Column::new(w.t(&format!("component-{k}"))))
        .to_vec();
    Table::new(w, "components", w.t("system"), columns)
        .rows(rows)
        .exports(&cx.list_query())
        .empty(Empty::new(w.t("component-none"), w.t("component-none-next")))
}

fn system_page(cx: &Cx, shell: Shell, components: &[Component], form: Option<Form>) -> Page {
    let w = cx.w;
    let missing =
        ComponentKind::ALL.iter().filter(|k| !components.iter().any(|c| c.kind == **k)).count();
    let shell = shell.answer(w.t1("system-answer", "missing", missing));
    let page = Page::new(shell).part(components_table(cx, components));
    match form {
        Some(form) => page.heading(&w.t("component-add")).part(form),
        None => page,
    }
}

fn system_shell(cx: &Cx) -> Shell {
    let w = cx.w;
    cx.shell()
        .title(w.t("system-question"))
        .at("scope")
        .tab("/engagements", w.t("engagements"), None, false)
        .tab("/system", w.t("system"), None, true)
        .tab("/system/others", w.t("others"), None, false)
}

/// `GET /system`
///
/// # Errors
/// When the reader may not see the system.
pub async fn system(cx: Cx) -> Answer {
    let components = components(&cx).await?;
    if let Some(file) = cx.file("system", &components_table(&cx, &components)) {
        return file;
    }
    let shell = system_shell(&cx);
    let form = cx.may::<DescribeSystem>().is_ok().then(|| component_form(&shell, &cx.form_key()));
    cx.page(&system_page(&cx, shell, &components, form))
}

/// `POST /system`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn describe(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<DescribeSystem>()?;
    let shell = system_shell(&cx);
    let mut form = component_form(&shell, "");
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let input = ComponentInput {
            kind: ComponentKind::parse(form.typed("kind")).unwrap_or(ComponentKind::Software),
            name: form.typed("name").to_owned(),
            purpose: form.typed("purpose").to_owned(),
            owner: None,
            location: form.typed("location").to_owned(),
        };
        let done = cx
            .write_once(&pairs, move |tx, env, actor| {
                let permit = authorize::<DescribeSystem>(
                    actor,
                    &Facts::of(actor.party.ok_or(Refusal::NotFound)?),
                )?;
                service::describe_component(tx, env, &permit, &input)
            })
            .await;
        match done {
            Ok(_) => return cx.see_other("/system", Flash::Done(cx.w.t("component-saved"))).await,
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let components = components(&cx).await?;
    cx.page_again(&system_page(&cx, shell, &components, Some(form)))
}
