//! `/risks`: what could go wrong, which controls failed, which are missing, and what is done about it.

mod forms;

use super::model::{Deficiency, Gravity, Origin, Risk, RiskId};
use super::permits::{ManageRisks, ReadRisks};
use super::{rules, store};
use crate::model::{Control, ControlId, Gap};
use axum::extract::Path;
use identity::model::MemberState;
use kernel::ids::{PartyId, PersonId};
use kernel::permit::scope;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Cell, Column, Empty, Flash, Html, Page, Row, Status, Table, Tone, facts, fold, prose,
};
use platform::words::Words;

use forms::Act;

/// What the pages of this subject show.
struct Seen {
    organisation: PartyId,
    risks: Vec<Risk>,
    deficiencies: Vec<Deficiency>,
    gaps: Vec<Gap>,
    controls: Vec<Control>,
    people: Vec<(PersonId, String)>,
    /// Whether the reader may see the controls.
    reads_controls: bool,
    /// Whether the reader may see the cases.
    reads_cases: bool,
}

impl Seen {
    fn person(&self, id: Option<PersonId>) -> String {
        let found = self.people.iter().find(|(p, _)| Some(*p) == id);
        found.map_or_else(String::new, |(_, name)| name.clone())
    }
    /// Where something came from: a link for those whom it leads somewhere.
    fn origin(&self, origin: &Origin) -> Html {
        match origin.href() {
            Some(href) if self.reads_cases => Html::link(&href, Html::id(&origin.label)),
            Some(_) => Html::id(&origin.label),
            None => Html::text(&origin.label),
        }
    }
    fn control(&self, id: ControlId) -> Html {
        self.controls.iter().find(|c| c.id == id).map_or_else(Html::empty, |c| {
            let code = Html::id(&c.text.code);
            if self.reads_controls { Html::link(&format!("/controls/{id}"), code) } else { code }
        })
    }
}

async fn seen(cx: &Cx) -> Result<Seen, Failure> {
    let engagement = cx.engagement();
    let reads_cases = cx.enters("cases");
    cx.read(move |conn, actor| {
        scope::<ReadRisks>(actor)?;
        let organisation = ::scope::service::organisation_seen(conn, actor, engagement)?;
        let people = identity::store::people_of(conn, organisation)?
            .into_iter()
            .filter(|m| m.membership.state == MemberState::Active)
            .map(|m| (m.profile.id, m.profile.name))
            .collect();
        Ok(Seen {
            organisation,
            risks: store::risks(conn, organisation)?,
            deficiencies: store::deficiencies(conn, organisation)?,
            gaps: crate::store::gaps(conn, organisation)?,
            controls: crate::store::controls(conn, organisation)?,
            people,
            reads_controls: scope::<crate::permits::ReadControls>(actor).is_ok(),
            reads_cases,
        })
    })
    .await
}

fn level(w: Words, risk: &Risk) -> Status {
    let level = rules::level(risk.text.likelihood, risk.text.impact);
    let tone = match level {
        _ if risk.closed.is_some() => Tone::Closed,
        rules::Level::High => Tone::Attention,
        rules::Level::Medium => Tone::Waiting,
        rules::Level::Low => Tone::Neutral,
    };
    Status::new(tone, w.t(&format!("risks-level-{}", level.word())))
}

fn gravity(w: Words, found: Gravity) -> String {
    w.t(&format!("risks-gravity-{}", found.as_str()))
}

fn mended(w: Words, deficiency: &Deficiency) -> Status {
    match (&deficiency.mended, &deficiency.told) {
        (Some(_), _) => Status::new(Tone::Good, w.t("risks-mended")),
        (None, Some(_)) => Status::new(Tone::Underway, w.t("risks-told")),
        (None, None) => Status::new(Tone::Attention, w.t("risks-open")),
    }
}

fn table(w: Words, id: &str, columns: &[&str], rows: Vec<Row>) -> Table {
    let columns = columns.iter().map(|c| Column::new(w.t(&format!("risks-{c}")))).collect();
    Table::new(w, id, w.t(&format!("risks-heading-{id}")), columns)
        .rows(rows)
        .caption_hidden()
        .cards()
        .empty(Empty::new(w.t(&format!("risks-none-{id}")), w.t(&format!("risks-none-{id}-next"))))
}

fn risks_table(w: Words, seen: &Seen) -> Table {
    let rows = seen
        .risks
        .iter()
        .map(|r| {
            Row::new(vec![
                (&r.text.title).into(),
                level(w, r).into(),
                w.t(&format!("risks-treatment-{}", r.text.treatment.as_str())).into(),
                seen.person(r.text.owner).into(),
                (&r.text.review_on).into(),
                seen.origin(&r.origin).into(),
            ])
            .to(format!("/risks/{}", r.id))
        })
        .collect();
    table(w, "risks", &["risk", "level", "treatment", "owner", "review-on", "origin"], rows)
}

fn deficiencies_table(w: Words, seen: &Seen) -> Table {
    let rows = seen
        .deficiencies
        .iter()
        .map(|d| {
            let finding: String = d.text.finding.chars().take(120).collect();
            Row::new(vec![
                Cell::from(finding.as_str()),
                seen.control(d.text.control).into(),
                w.t(&format!("risks-short-{}", d.text.gravity.as_str())).into(),
                seen.person(Some(d.text.owner)).into(),
                (&d.text.due).into(),
                mended(w, d).into(),
                seen.origin(&d.origin).into(),
            ])
            .to(format!("/risks/{}", d.id))
        })
        .collect();
    let columns = ["finding", "control", "gravity", "owner", "due", "status", "origin"];
    table(w, "deficiencies", &columns, rows)
}

fn gaps_table(w: Words, seen: &Seen) -> Table {
    let rows = seen
        .gaps
        .iter()
        .map(|g| {
            let status = match &g.closed {
                Some(_) => Status::new(Tone::Good, w.t("risks-closed")),
                None => Status::new(Tone::Attention, w.t("risks-open")),
            };
            Row::new(vec![
                (&g.finding).into(),
                Html::id(&g.criterion.to_string()).into(),
                (&g.action).into(),
                seen.person(g.owner).into(),
                (&g.due).into(),
                status.into(),
                seen.origin(&g.origin).into(),
            ])
            .to(format!("/controls/gaps/{}", g.id))
        })
        .collect();
    let columns = ["finding", "criterion", "action", "owner", "due", "status", "origin"];
    table(w, "gaps", &columns, rows)
}

/// `GET /risks`
///
/// # Errors
/// When the reader may not see the risks.
pub async fn list(cx: Cx) -> Answer {
    let seen = seen(&cx).await?;
    let w = cx.w;
    let query = cx.list_query();
    let risks = risks_table(w, &seen).exports(&query);
    if let Some(file) = cx.file("risks", &risks) {
        return file;
    }
    let open = seen.deficiencies.iter().filter(|d| d.mended.is_none()).count();
    let high = |r: &&Risk| {
        r.closed.is_none() && rules::level(r.text.likelihood, r.text.impact) == rules::Level::High
    };
    let high = seen.risks.iter().filter(high).count();
    let mut shell = cx
        .shell()
        .title(w.t("risks-question"))
        .answer(w.t2("risks-answer", "high", high, "open", open))
        .at("controls");
    if seen.reads_controls {
        shell = shell.crumb("/controls", w.t("controls-title"));
    }
    if cx.can::<ManageRisks>() {
        shell = shell
            .action(Button::link("/risks/new/risk", w.t("risks-add")).primary())
            .action(Button::link("/risks/new/deficiency", w.t("risks-open-deficiency")));
    }
    cx.page(
        &Page::new(shell)
            .heading(&w.t("risks-heading-risks"))
            .part(risks)
            .heading(&w.t("risks-heading-deficiencies"))
            .part(deficiencies_table(w, &seen))
            .heading(&w.t("risks-heading-gaps"))
            .part(gaps_table(w, &seen)),
    )
}

fn one(
    cx: &Cx,
    seen: &Seen,
    id: &str,
    filled: Option<(Act, platform::ui::Form)>,
) -> Result<Page, Failure> {
    let w = cx.w;
    let shell = cx.shell().at("controls").crumb("/risks", w.t("risks-title"));
    let csrf = shell.csrf.clone();
    let label = |name: &str| w.t(&format!("risks-{name}"));
    let (mut page, acts) = if let Some(r) = seen.risks.iter().find(|r| r.id.to_string() == id) {
        let t = &r.text;
        let all: Vec<Html> = t.controls.iter().map(|c| seen.control(*c)).collect();
        let controls = all.into_iter().reduce(|a, b| a.and(", ").and(b));
        let page = Page::new(shell.title(t.title.clone()).answer(w.t2(
            "risks-one-answer",
            "likelihood",
            i64::from(t.likelihood),
            "impact",
            i64::from(t.impact),
        )))
        .part(facts(vec![
            (label("level"), level(w, r).into()),
            (label("treatment"), w.t(&format!("risks-treatment-{}", t.treatment.as_str())).into()),
            (label("owner"), seen.person(t.owner).into()),
            (label("controls"), controls.unwrap_or_else(Html::empty)),
            (label("review-on"), Html::text(&t.review_on)),
            (label("origin"), seen.origin(&r.origin)),
            (label("closed"), prose(r.closed.as_deref().unwrap_or_default())),
        ]))
        .part(prose(&t.description));
        (page, if r.closed.is_none() { vec![Act::Change(r.id), Act::Close(r.id)] } else { vec![] })
    } else if let Some(d) = seen.deficiencies.iter().find(|d| d.id.to_string() == id) {
        (deficiency(w, seen, d, shell), forms::of_deficiency(d))
    } else {
        return Err(Refusal::NotFound.into());
    };
    if cx.can::<ManageRisks>() {
        let mut filled = filled;
        for act in acts {
            let again = filled.take_if(|(which, _)| *which == act).map(|(_, form)| form);
            let open = again.is_some();
            let form = match again {
                Some(form) => Some(form),
                None => act.form(w, seen, &csrf, &cx.form_key()),
            };
            if let Some(form) = form {
                page = page.part(fold(&w.t(&format!("risks-do-{}", act.word())), open, form));
            }
        }
    }
    Ok(page)
}

fn deficiency(w: Words, seen: &Seen, d: &Deficiency, shell: platform::ui::Shell) -> Page {
    let label = |name: &str| w.t(&format!("risks-{name}"));
    let t = &d.text;
    let told = d
        .told
        .as_ref()
        .map_or_else(String::new, |told| w.t2("risks-told-to", "to", &told.to, "on", &told.on));
    let at_fault = w.t(if t.design { "risks-design" } else { "risks-operation" });
    let mut page = Page::new(shell.title(w.t("risks-deficiency")).answer(prose(&t.finding))).part(
        facts(vec![
            (label("status"), mended(w, d).into()),
            (label("control"), seen.control(t.control)),
            (label("at-fault"), at_fault.into()),
            (label("gravity"), gravity(w, t.gravity).into()),
            (label("owner"), seen.person(Some(t.owner)).into()),
            (label("due"), Html::text(&t.due)),
            (label("origin"), seen.origin(&d.origin)),
            (label("leadership"), told.into()),
        ]),
    );
    if let Some(mended) = &d.mended {
        page = page
            .heading(&w.t("risks-action"))
            .part(prose(&mended.action))
            .heading(&w.t("risks-evidence"))
            .part(prose(&mended.evidence));
    }
    page
}

/// `GET /risks/{id}`: a risk or a deficiency.
///
/// # Errors
/// When there is none in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx).await?;
    cx.page(&one(&cx, &seen, &id, None)?)
}

/// `POST /risks/{id}/{action}`: `change` or `close` a risk; a deficiency was `told` or `mended`.
///
/// # Errors
/// When the form is another session's, there is none in the reader's scope, or the person may not.
pub async fn act(cx: Cx, Path((id, what)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageRisks>()?;
    let seen = seen(&cx).await?;
    let act = Act::named(&what, &id).ok_or(Refusal::NotFound)?;
    let csrf = cx.shell().csrf;
    let mut form = act.form(cx.w, &seen, &csrf, &cx.form_key()).ok_or(Refusal::NotFound)?;
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match act.send(&cx, &seen, &form, &pairs).await {
            Ok(id) => {
                let done = Flash::Done(cx.w.t("risks-saved"));
                return cx.see_other(&format!("/risks/{id}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&one(&cx, &seen, &id, Some((act, form)))?)
}

async fn new_page(
    cx: &Cx,
    what: &str,
    filled: Option<platform::ui::Form>,
) -> Result<Page, Failure> {
    cx.may::<ManageRisks>()?;
    let act = Act::new(what).ok_or(Refusal::NotFound)?;
    let seen = seen(cx).await?;
    let shell = cx
        .shell()
        .title(cx.w.t(&format!("risks-new-{what}")))
        .at("controls")
        .crumb("/risks", cx.w.t("risks-title"));
    let form = match filled {
        Some(form) => form,
        None => act.form(cx.w, &seen, &shell.csrf, &cx.form_key()).ok_or(Refusal::NotFound)?,
    };
    Ok(Page::new(shell).part(form))
}

/// `GET /risks/new/{what}`: the form of a new `risk` or `deficiency`.
///
/// # Errors
/// When the person may not.
pub async fn new_form(cx: Cx, Path(what): Path<String>) -> Answer {
    cx.page(&new_page(&cx, &what, None).await?)
}

/// `POST /risks/new/{what}`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn new_submit(cx: Cx, Path(what): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageRisks>()?;
    let act = Act::new(&what).ok_or(Refusal::NotFound)?;
    let seen = seen(&cx).await?;
    let csrf = cx.shell().csrf;
    let mut form = act.form(cx.w, &seen, &csrf, &cx.form_key()).ok_or(Refusal::NotFound)?;
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match act.send(&cx, &seen, &form, &pairs).await {
            Ok(id) => {
                let done = Flash::Done(cx.w.t("risks-saved"));
                return cx.see_other(&format!("/risks/{id}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&new_page(&cx, &what, Some(form)).await?)
}

/// A risk of the list.
fn risk_of(seen: &Seen, id: RiskId) -> Option<&Risk> {
    seen.risks.iter().find(|r| r.id == id)
}
