//! One deviation: what is known, what points further, who signs, what the organisation says.

use crate::deviations::model::Statement;
use crate::deviations::permits::{AskStatement, SecondNature};
use crate::deviations::service::{self, markers_of, nature_of};
use crate::deviations::store as stored;
use crate::model::{Deviation, DeviationBody, DeviationId, DeviationSource, Particulars};
use crate::pages::{
    Names, alone, done, filled, framed, fresh_key, heading, href, id, papers, paragraph, sentences,
    submit, version, word,
};
use crate::permits::{PerformTests, ReadFile};
use crate::rules::deviation::Nature;
use crate::store::Papers;
use axum::extract::Path;
use kernel::env::Env;
use kernel::ids::{EngagementId, PersonId};
use kernel::permit::{Permit, authorize};
use kernel::refusal::Refusal;
use kernel::zone::Zone;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Html, Kind, Note, Page, Status, Tone, facts, fold};
use platform::words::Words;

fn known(papers: &Papers, id: DeviationId) -> Result<&Deviation, Failure> {
    let found = papers.deviations.iter().find(|d| d.id == id);
    found.ok_or(Failure::Refused(Refusal::NotFound))
}

async fn statements(
    cx: &Cx,
    papers: &Papers,
    id: DeviationId,
) -> Result<(Vec<Statement>, Names), Failure> {
    let file = papers.file;
    let (all, named) = cx
        .read(move |conn, actor| {
            authorize::<ReadFile>(actor, &scope::facts(conn, file.engagement)?)?;
            let all = stored::statements_about(conn, file, id)?;
            let seconds = stored::seconds(conn, file)?;
            let mut named = std::collections::BTreeMap::new();
            let who = all.iter().filter_map(|s| s.given_by.clone());
            for who in who.chain(seconds.into_iter().map(|s| s.signer)) {
                if let Ok(person) = who.parse::<PersonId>() {
                    named.insert(who, identity::store::name_of(conn, person)?);
                }
            }
            Ok((all, named))
        })
        .await?;
    Ok((all, Names(named)))
}

fn places(source: &DeviationSource) -> String {
    match source {
        DeviationSource::Sample { items, .. } => items.join(", "),
        DeviationSource::Census { keys: Some(keys), .. } => keys.join(", "),
        DeviationSource::Census { keys: None, outcome, .. } => outcome.as_str().to_owned(),
    }
}

fn known_facts(w: Words, papers: &Papers, d: &Deviation) -> Html {
    let b = &d.body;
    let m = &b.more;
    let days = match (&b.from, &b.to) {
        (Some(from), Some(to)) => format!("{from} – {to}"),
        _ => String::new(),
    };
    let control = m.mitigating_control.and_then(|c| papers.control(c));
    let mitigating = match control {
        Some(control) => format!("{} {}", control.text.code, b.mitigating),
        None => b.mitigating.clone(),
    };
    let corrected = match &m.corrected_on {
        Some(day) => format!("{} ({day})", b.correction),
        None => b.correction.clone(),
    };
    let yes = if m.design { w.t("deviations-design-yes") } else { String::new() };
    let text = |key: &str, value: &str| (w.t(key), Html::text(value));
    facts(vec![
        text("examination-what-happened", &b.facts),
        text("deviations-units", &places(&d.source)),
        text("examination-attribute", b.attribute.as_deref().unwrap_or_default()),
        text("examination-from-to", &days),
        text("examination-cause", &b.cause),
        text("deviations-system", &m.system),
        text("deviations-person", &m.person),
        text("deviations-design", &yes),
        text("deviations-prior", &m.prior_period),
        (w.t("deviations-others"), others_checked(w, d)),
        text("deviations-anomaly", &m.anomaly_proof),
        text("deviations-impact", &m.customer_impact),
        text("examination-mitigating", mitigating.trim()),
        text("examination-correction", &corrected),
        text("examination-nature", &word(w, "nature", b.nature.word())),
        text("deviations-nature-reason", &m.nature_reason),
    ])
}

/// What was looked at beside the deviation; of a systematic cause also that nothing was.
fn others_checked(w: Words, d: &Deviation) -> Html {
    let said = &d.body.more.others_checked;
    if said.is_empty() && d.body.nature != Nature::Isolated {
        return Html::text(&w.t("deviations-others-none"));
    }
    Html::text(said)
}

fn fields(cx: &Cx, papers: &Papers, d: &Deviation) -> Form {
    let w = cx.w;
    let (b, m) = (&d.body, &d.body.more);
    let area = |name: &str, key: &str, value: &str| {
        Field::new(w, name, w.t(key), Kind::Area(2)).max(4_000).value(value)
    };
    let line = |name: &str, key: &str, value: &str| {
        Field::new(w, name, w.t(key), Kind::Text).max(200).value(value)
    };
    let day = |name: &str, key: &str, value: &Option<String>| {
        Field::new(w, name, w.t(key), Kind::Date).value(value.clone().unwrap_or_default())
    };
    let natures =
        Nature::ALL.iter().map(|n| Choice::new(n.word(), word(w, "nature", n.word()))).collect();
    let controls =
        papers.controls.iter().map(|c| Choice::new(c.id.to_string(), c.text.code.clone()));
    let chosen = m.mitigating_control.map(|c| c.to_string()).unwrap_or_default();
    let tick = |name: &str, key: &str, on: bool| {
        let field = Field::new(w, name, w.t(key), Kind::Box);
        if on { field.value("on") } else { field }
    };
    Form::post(
        w,
        href(papers.engagement.id, &format!("/deviations/{}", d.id)),
        &cx.shell().csrf,
        w.t("deviations-update"),
    )
    .version(u64::try_from(d.version).unwrap_or_default())
    .field(area("facts", "examination-what-happened", &b.facts).required())
    .field(day("from", "examination-from", &b.from))
    .field(day("to", "examination-to", &b.to))
    .field(area("cause", "examination-cause", &b.cause).required())
    .field(line("system", "deviations-system", &m.system))
    .field(line("person", "deviations-person", &m.person))
    .field(tick("design", "deviations-design", m.design))
    .field(area("prior_period", "deviations-prior", &m.prior_period))
    .field(
        area("others_checked", "deviations-others", &m.others_checked)
            .hint(w.t("deviations-others-hint")),
    )
    .field(
        area("anomaly_proof", "deviations-anomaly", &m.anomaly_proof)
            .hint(w.t("deviations-anomaly-hint")),
    )
    .field(area("customer_impact", "deviations-impact", &m.customer_impact))
    .field(
        Field::new(
            w,
            "mitigating_control",
            w.t("deviations-mitigating-control"),
            Kind::Select(controls.collect()),
        )
        .hint(w.t("deviations-mitigating-hint"))
        .value(chosen),
    )
    .field(area("mitigating", "examination-mitigating", &b.mitigating))
    .field(
        area("correction", "examination-correction", &b.correction)
            .hint(w.t("deviations-correction-hint")),
    )
    .field(day("corrected_on", "deviations-corrected-on", &m.corrected_on))
    .field(
        Field::new(w, "nature", w.t("examination-nature"), Kind::Radio(natures))
            .required()
            .value(b.nature.word()),
    )
    .field(
        area("nature_reason", "deviations-nature-reason", &m.nature_reason)
            .hint(w.t("deviations-nature-reason-hint")),
    )
    .field(tick("undisclosed", "examination-undisclosed", b.undisclosed))
    .field(area("reason", "deviations-became-known", "").required())
}

fn marked(cx: &Cx, papers: &Papers, names: &Names, d: &Deviation) -> Vec<Html> {
    let w = cx.w;
    let found = markers_of(papers, d);
    let standing = nature_of(papers, d);
    let mut parts = vec![heading(&w.t("deviations-markers"))];
    if found.is_empty() {
        parts.push(paragraph(&w.t("deviations-no-markers")));
    } else {
        let told: Vec<String> = found.into_iter().map(|m| m.reason).collect();
        parts.push(sentences(&told));
        let nature = word(w, "nature", standing.proposed.word());
        parts.push(paragraph(&w.t1("deviations-proposed", "nature", nature)));
    }
    if standing.open {
        let said = paragraph(&w.t("deviations-softer"));
        parts.push(Note::new(Tone::Attention, w.t("deviations-softer-title"), said).into());
        if cx.can::<SecondNature>() && !papers.stays_outside(crate::pages::me(cx)) {
            parts.push(second_form(cx, papers, d).into());
        }
    }
    if let Some(signed) =
        papers.seconds.iter().find(|s| s.deviation == d.id && standing.softer && !standing.open)
    {
        let who = names.of(&signed.signer);
        parts.push(paragraph(&w.t1("deviations-seconded", "who", who)));
    }
    if d.body.nature == Nature::Systematic {
        parts.push(paragraph(&w.t("deviations-extend")));
        let to = href(papers.engagement.id, &format!("/tests/{}/block?deviation={}", d.test, d.id));
        let button = platform::ui::Button::link(to, w.t("deviations-extend-button"));
        parts.push(platform::ui::buttons([button.into()]));
    }
    parts
}

fn said(cx: &Cx, papers: &Papers, d: &Deviation, all: &[Statement], names: &Names) -> Vec<Html> {
    let w = cx.w;
    let mut parts = vec![heading(&w.t("deviations-statement"))];
    for s in all {
        let state = match &s.answer {
            Some(a) if a.agrees => Status::new(Tone::Good, w.t("deviations-agrees")),
            Some(_) => Status::new(Tone::Attention, w.t("deviations-disagrees")),
            None => Status::new(Tone::Waiting, w.t1("deviations-waits", "due", s.due.clone())),
        };
        let mut pairs = vec![
            (w.t("deviations-released"), Html::text(&s.released)),
            (w.t("deviations-state"), Html::from(state)),
        ];
        if let (Some(a), Some(by), Some(at)) = (&s.answer, &s.given_by, s.given_at) {
            let when = Zone::utc().rfc3339(at);
            let day = a.corrected_on.clone().unwrap_or_default();
            pairs.push((w.t("deviations-said"), Html::text(&a.text)));
            pairs.push((
                w.t("examination-correction"),
                Html::text(format!("{} {day}", a.correction).trim()),
            ));
            pairs.push((w.t("deviations-by"), Html::text(&format!("{}, {when}", names.of(by)))));
        }
        parts.push(facts(pairs));
    }
    if !d.body.client_statement.is_empty() {
        parts.push(facts(vec![(w.t("deviations-heard"), Html::text(&d.body.client_statement))]));
    }
    if cx.can::<AskStatement>() {
        let form = ask_form(cx, papers, d);
        parts.push(fold(&w.t("deviations-ask"), all.is_empty(), form));
    }
    parts
}

fn second_form(cx: &Cx, papers: &Papers, d: &Deviation) -> Form {
    let w = cx.w;
    let to = href(papers.engagement.id, &format!("/deviations/{}/second", d.id));
    Form::post(w, to, &cx.shell().csrf, w.t("examination-sign-second"))
        .apart("second")
        .version(u64::try_from(d.version).unwrap_or_default())
        .field(
            Field::new(w, "reason", w.t("deviations-second-reason"), Kind::Area(2))
                .required()
                .max(4_000),
        )
}

fn ask_form(cx: &Cx, papers: &Papers, d: &Deviation) -> Form {
    let w = cx.w;
    let to = href(papers.engagement.id, &format!("/deviations/{}/statement", d.id));
    Form::post(w, to, &cx.shell().csrf, w.t("deviations-ask"))
        .apart("ask")
        .key(fresh_key(cx))
        .field(
            Field::new(w, "released", w.t("deviations-released"), Kind::Area(4))
                .hint(w.t("deviations-released-hint"))
                .required()
                .max(4_000)
                .value(d.body.facts.clone()),
        )
        .field(Field::new(w, "due", w.t("deviations-due"), Kind::Date).required())
}

async fn page(cx: &Cx, papers: &Papers, d: &Deviation, form: Form) -> Result<Page, Failure> {
    let w = cx.w;
    let (all, names) = statements(cx, papers, d.id).await?;
    let code = papers.control(d.control).map_or_else(String::new, |c| c.text.code.clone());
    let standing = nature_of(papers, d);
    let shell = framed(cx.shell(), papers, "controls")
        .title(w.t1("deviations-title", "code", code.clone()))
        .answer(if standing.open {
            w.t("deviations-answer-open")
        } else {
            w.t1("deviations-answer", "nature", word(w, "nature", d.body.nature.word()))
        })
        .crumb(href(papers.engagement.id, &format!("/controls/{}", d.control)), code);
    let mut page = Page::new(shell).part(known_facts(w, papers, d));
    page = page.part(paragraph(&w.t("deviations-never")));
    for part in marked(cx, papers, &names, d) {
        page = page.part(part);
    }
    for part in said(cx, papers, d, &all, &names) {
        page = page.part(part);
    }
    if cx.can::<PerformTests>() {
        let open = !form.faults().is_empty();
        page = page.part(fold(&w.t("deviations-more"), open, form));
    }
    Ok(page)
}

/// A form of a deviation that was refused; the way back stands above it.
fn refused(cx: &Cx, papers: &Papers, d: &Deviation, title: &str, form: Form) -> Answer {
    let to = href(papers.engagement.id, &format!("/deviations/{}", d.id));
    let shell = framed(cx.shell(), papers, "controls").title(cx.w.t(title));
    alone(cx, shell.crumb(to, word(cx.w, "nature", d.body.nature.word())), form)
}

/// `GET /examination/{engagement}/deviations/{deviation}`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn deviation(cx: Cx, Path((engagement, deviation)): Path<(String, String)>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    let found = known(&papers, id(&deviation)?)?;
    let form = fields(&cx, &papers, found);
    cx.page(&page(&cx, &papers, found, form).await?)
}

fn body_of(form: &Form, before: &DeviationBody) -> DeviationBody {
    let text = |name: &str| form.typed(name).to_owned();
    let maybe = |name: &str| Some(text(name)).filter(|t| !t.is_empty());
    DeviationBody {
        facts: text("facts"),
        attribute: before.attribute.clone(),
        from: maybe("from"),
        to: maybe("to"),
        cause: text("cause"),
        nature: form.typed("nature").parse().unwrap_or(before.nature),
        undisclosed: !form.ticked("undisclosed").is_empty(),
        mitigating: text("mitigating"),
        client_statement: before.client_statement.clone(),
        correction: text("correction"),
        more: Particulars {
            system: text("system"),
            person: text("person"),
            design: !form.ticked("design").is_empty(),
            prior_period: text("prior_period"),
            others_checked: text("others_checked"),
            customer_impact: text("customer_impact"),
            mitigating_control: form.typed("mitigating_control").parse().ok(),
            corrected_on: maybe("corrected_on"),
            anomaly_proof: text("anomaly_proof"),
            nature_reason: text("nature_reason"),
        },
    }
}

/// `POST /examination/{engagement}/deviations/{deviation}`: more became known.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn update(
    cx: Cx,
    Path((engagement, deviation)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, deviation): (EngagementId, DeviationId) = (id(&engagement)?, id(&deviation)?);
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<PerformTests>()?;
    let found = known(&papers, deviation)?;
    let mut form = filled(fields(&cx, &papers, found), &pairs);
    let (body, reason) = (body_of(&form, &found.body), form.typed("reason").to_owned());
    let version = version(&form);
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<PerformTests>| {
        crate::service::update_deviation(tx, env, permit, deviation, version, &body, &reason)
    };
    if submit(&cx, &pairs, engagement, &mut form, command).await? {
        let to = href(engagement, &format!("/deviations/{deviation}"));
        return done(&cx, &to, "deviations-saved").await;
    }
    cx.page_again(&page(&cx, &papers, found, form).await?)
}

/// `POST /examination/{engagement}/deviations/{deviation}/second`: the second signer of a softer nature.
///
/// # Errors
/// Nothing is there for who may not read the file; who may not sign is told why.
pub async fn second(
    cx: Cx,
    Path((engagement, deviation)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, deviation): (EngagementId, DeviationId) = (id(&engagement)?, id(&deviation)?);
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<SecondNature>()?;
    let found = known(&papers, deviation)?;
    let mut form = filled(second_form(&cx, &papers, found), &pairs);
    let (version, why) = (version(&form), form.typed("reason").to_owned());
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<SecondNature>| {
        service::second_nature(tx, env, permit, deviation, version, &why)
    };
    if submit(&cx, &pairs, engagement, &mut form, command).await? {
        let to = href(engagement, &format!("/deviations/{deviation}"));
        return done(&cx, &to, "examination-saved-second").await;
    }
    refused(&cx, &papers, found, "examination-sign-second", form)
}

/// `POST /examination/{engagement}/deviations/{deviation}/statement`: facts are released and the
/// organisation is asked.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn ask(
    cx: Cx,
    Path((engagement, deviation)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, deviation): (EngagementId, DeviationId) = (id(&engagement)?, id(&deviation)?);
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<AskStatement>()?;
    let found = known(&papers, deviation)?;
    let mut form = filled(ask_form(&cx, &papers, found), &pairs);
    let (released, due) = (form.typed("released").to_owned(), form.typed("due").to_owned());
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<AskStatement>| {
        service::ask_statement(tx, env, permit, deviation, &released, &due)
    };
    if submit(&cx, &pairs, engagement, &mut form, command).await? {
        let to = href(engagement, &format!("/deviations/{deviation}"));
        return done(&cx, &to, "deviations-asked").await;
    }
    refused(&cx, &papers, found, "deviations-statement", form)
}
