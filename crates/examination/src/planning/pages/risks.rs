//! Risks of material misstatement, by prong and criterion.

use super::{risk, word};
use crate::firm::pages::{choices, name, people, send};
use crate::pages::{done, framed, fresh_key, href, id, papers};
use crate::planning::model::{AssessedRisk, RiskAbout, RiskText};
use crate::planning::permits::Plan as MayPlan;
use crate::planning::{rules, service, store};
use crate::rules::facts::Prong;
use crate::rules::frequency::Risk;
use crate::store::Papers;
use axum::extract::Path;
use kernel::ids::{EngagementId, PersonId};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Field, Form, Html, Kind, Page, Row, Shell, Status, Table, Tone, fold,
};
use platform::words::Words;
use std::collections::{BTreeMap, BTreeSet};

struct Seen {
    papers: Papers,
    assessed: Vec<AssessedRisk>,
    people: BTreeMap<PersonId, String>,
}

async fn seen(cx: &Cx, engagement: EngagementId) -> Result<Seen, Failure> {
    let (papers, _) = papers(cx, engagement).await?;
    cx.read(move |conn, _| {
        Ok(Seen {
            assessed: store::risks(conn, papers.file)?,
            people: people(conn, papers.file.firm)?,
            papers,
        })
    })
    .await
}

/// The name of a risk in an address: `operation-CC6.2`.
fn address(about: RiskAbout) -> String {
    match about.criterion {
        None => about.prong.word().to_owned(),
        Some(criterion) => format!("{}-{criterion}", about.prong.word()),
    }
}

fn about_name(w: Words, about: RiskAbout) -> String {
    let prong = word(w, "prong", about.prong.word());
    match about.criterion {
        None => prong,
        Some(criterion) => format!("{criterion}, {prong}"),
    }
}

fn chosen(cx: &Cx, seen: &Seen) -> Result<Option<RiskAbout>, Failure> {
    let Some(text) = cx.param("about") else { return Ok(None) };
    let all = store::risk_subjects(&seen.papers.engagement);
    let found = all.into_iter().find(|a| address(*a) == text);
    found.map(Some).ok_or(Failure::Refused(Refusal::NotFound))
}

fn risk_form(shell: &Shell, seen: &Seen, key: &str, about: RiskAbout) -> Form {
    let w = shell.w;
    let said = seen.assessed.iter().find(|r| r.about == about).map(|r| &r.text);
    let action = href(seen.papers.engagement.id, &format!("/plan/risks?about={}", address(about)));
    let form = Form::post(w, action, &shell.csrf, w.t("planning-assess")).key(key);
    assessment(shell, form, said)
}

/// The risks of a prong and series that nobody has assessed: `operation-CC6`, with their names.
fn open_groups(seen: &Seen) -> BTreeMap<String, Vec<RiskAbout>> {
    let mut out: BTreeMap<String, Vec<RiskAbout>> = BTreeMap::new();
    for about in store::risk_subjects(&seen.papers.engagement) {
        let Some(criterion) = about.criterion else { continue };
        if seen.assessed.iter().all(|r| r.about != about) {
            let group = format!("{}-{}", about.prong.word(), criterion.series());
            out.entry(group).or_default().push(about);
        }
    }
    out
}

/// One assessment for whole series: each box names the criteria that it stands for, so that nobody assesses
/// what they did not read. None when nothing is left.
fn together_form(shell: &Shell, seen: &Seen, key: &str) -> Option<Form> {
    let w = shell.w;
    let groups = open_groups(seen);
    if groups.is_empty() {
        return None;
    }
    let boxes = groups.iter().map(|(group, about)| {
        let names: Vec<String> =
            about.iter().filter_map(|a| Some(a.criterion?.to_string())).collect();
        let prong = about.first().map_or_else(String::new, |a| word(w, "prong", a.prong.word()));
        let label = w.ta(
            "planning-together-group",
            &[("prong", prong.into()), ("criteria", names.join(", ").into())],
        );
        Choice::new(format!("{group}:{}", names.join("+")), label)
    });
    let boxes: Vec<Choice> = boxes.collect();
    let action = href(seen.papers.engagement.id, "/plan/risks");
    let form = Form::post(w, action, &shell.csrf, w.t("planning-assess"))
        .key(key)
        .apart("together")
        .field(Field::new(w, "which", w.t("planning-which"), Kind::Boxes(boxes)).required());
    Some(assessment(shell, form, None))
}

/// The part of a form that assesses.
fn assessment(shell: &Shell, form: Form, said: Option<&RiskText>) -> Form {
    let w = shell.w;
    let field = |name: &str, value: Option<Risk>| {
        let all = choices(w, "risk", Risk::ALL, Risk::word);
        Field::new(w, name, w.t(&format!("planning-{name}")), Kind::Radio(all))
            .hint(w.t(&format!("planning-{name}-hint")))
            .required()
            .value(value.map_or("", Risk::word))
    };
    form.field(field("inherent", said.map(|r| r.inherent)))
        .field(field("control-risk", said.map(|r| r.control)))
        .field(
            Field::new(w, "basis", w.t("planning-basis"), Kind::Area(3))
                .required()
                .max(4_000)
                .value(said.map(|r| r.basis.clone()).unwrap_or_default()),
        )
}

fn read(form: &Form) -> RiskText {
    RiskText {
        inherent: form.typed("inherent").parse().unwrap_or(Risk::High),
        control: form.typed("control-risk").parse().unwrap_or(Risk::High),
        basis: form.typed("basis").to_owned(),
    }
}

/// The risks whose boxes are ticked, as long as each box still stands for the same.
fn ticked(seen: &Seen, pairs: &Pairs) -> BTreeSet<RiskAbout> {
    let groups = open_groups(seen);
    let ticked = pairs.0.iter().filter(|(name, _)| name == "which");
    ticked
        .filter_map(|(_, value)| groups.get(value.split_once(':')?.0))
        .flatten()
        .copied()
        .collect()
}

fn prong_table(w: Words, seen: &Seen, prong: Prong) -> Table {
    let names = ["about", "inherent", "control-risk", "class", "basis", "assessed-by"];
    let columns = names.iter().map(|c| Column::new(w.t(&format!("planning-{c}")))).collect();
    let all = store::risk_subjects(&seen.papers.engagement);
    let rows = all.into_iter().filter(|a| a.prong == prong).map(|about| {
        let label =
            about.criterion.map_or_else(|| word(w, "prong", prong.word()), |c| c.to_string());
        let to = href(seen.papers.engagement.id, &format!("/plan/risks?about={}", address(about)));
        let Some(r) = seen.assessed.iter().find(|r| r.about == about) else {
            let waits = Status::new(Tone::Waiting, w.t("planning-not-assessed"));
            let mut cells = vec![Html::id(&label).into(), "".into(), "".into(), waits.into()];
            cells.extend(["".into(), "".into()]);
            return Row::new(cells).to(to);
        };
        Row::new(vec![
            Html::id(&label).into(),
            word(w, "risk", r.text.inherent.word()).into(),
            word(w, "risk", r.text.control.word()).into(),
            risk(w, rules::class(r.text.inherent, r.text.control)).into(),
            (&r.text.basis).into(),
            name(&seen.people, &r.assessed_by).into(),
        ])
        .to(to)
    });
    let id = format!("risks-{}", prong.word());
    Table::new(w, id, word(w, "prong", prong.word()), columns).rows(rows).cards()
}

/// What a form of this page is about.
enum Asked {
    One(RiskAbout),
    Together,
}

fn risks_page(cx: &Cx, seen: &Seen, form: Option<(Asked, Form)>) -> Page {
    let w = cx.w;
    let e = seen.papers.engagement.id;
    let all = store::risk_subjects(&seen.papers.engagement);
    let high = seen
        .assessed
        .iter()
        .filter(|r| rules::class(r.text.inherent, r.text.control) == Risk::High)
        .count();
    let shell = framed(cx.shell(), &seen.papers, "plan")
        .crumb(href(e, "/plan"), w.t("planning-tab"))
        .title(w.t("planning-risks-title"))
        .answer(w.ta(
            "planning-risks-answer",
            &[
                ("assessed", seen.assessed.len().into()),
                ("all", all.len().into()),
                ("high", high.into()),
            ],
        ));
    let mut page = Page::new(shell);
    let mut together = None;
    match form {
        Some((Asked::One(about), form)) => {
            page = page.heading(&about_name(w, about));
            if cx.can::<MayPlan>() {
                page = page.part(form);
            }
        }
        Some((Asked::Together, form)) => together = Some(form),
        None => {}
    }
    if cx.can::<MayPlan>() {
        let open = together.is_some();
        let form = together.or_else(|| together_form(&cx.shell(), seen, &fresh_key(cx)));
        if let Some(form) = form {
            page = page.part(fold(&w.t("planning-together"), open, form));
        }
    }
    for prong in [Prong::Description, Prong::Operation, Prong::Design] {
        if all.iter().any(|a| a.prong == prong) {
            page = page.part(prong_table(w, seen, prong));
        }
    }
    page
}

/// `GET /examination/{engagement}/plan/risks`, with `?about=operation-CC6.2` the form for one.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn list(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, id(&engagement)?).await?;
    let form = chosen(&cx, &seen)?
        .map(|a| (Asked::One(a), risk_form(&cx.shell(), &seen, &fresh_key(&cx), a)));
    cx.page(&risks_page(&cx, &seen, form))
}

/// `POST /examination/{engagement}/plan/risks?about=operation-CC6.2`, or without `about` one assessment of
/// every risk whose series is ticked.
///
/// # Errors
/// When the form is another session's, nothing is there for the person, or they may not.
pub async fn assess(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let seen = seen(&cx, engagement).await?;
    cx.may::<MayPlan>()?;
    let (asked, mut form, about) = match chosen(&cx, &seen)? {
        Some(about) => {
            let form = risk_form(&cx.shell(), &seen, "", about);
            (Asked::One(about), form, BTreeSet::from([about]))
        }
        None => {
            let form = together_form(&cx.shell(), &seen, "").ok_or_else(|| {
                Refusal::state("Every risk of this engagement has been assessed. Choose one in the list to assess it anew.")
            })?;
            (Asked::Together, form, ticked(&seen, &pairs))
        }
    };
    form.fill(&pairs.0);
    form.check();
    let input = read(&form);
    let again = send(&cx, &pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<MayPlan>(actor, &facts)?;
        service::assess_risks(tx, env, &permit, &about, &input)
    });
    match again.await? {
        None => done(&cx, &href(engagement, "/plan/risks"), "planning-saved").await,
        Some(form) => cx.page_again(&risks_page(&cx, &seen, Some((asked, form)))),
    }
}
