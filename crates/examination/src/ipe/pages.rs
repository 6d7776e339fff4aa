//! The page of one population's checks, and what a person records there.

use super::model::{
    CheckAnswer, Count, Counted, Explanation, Generator, Ipe, Outcome, Reconciliation,
    Representation, Retrieval, Superseded, ZeroProof,
};
use super::rules::{self, State};
use super::service;
use crate::model::Population;
use crate::pages::{
    Names, done, facts, framed, fresh_key, heading, href, id, onto, papers, paragraph, sentences,
};
use crate::permits::KeepPopulations;
use crate::service::register::Grown;
use crate::store::Papers;
use axum::extract::Path;
use evidence::model::{EvidenceId, EvidenceItem};
use kernel::ids::{EngagementId, PersonId};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Field, Form, Html, Kind, Note, Row, Shell, Status, Table, Tone,
};
use platform::words::{ToArg, Words};
use std::collections::BTreeMap;

/// A page of which the components are put together in the handler.
#[derive(askama::Template)]
#[template(path = "examination/page.html")]
struct Page {
    shell: Shell,
    parts: Vec<Html>,
}

/// Everything the page is made of.
struct Seen {
    papers: Papers,
    population: Population,
    ipe: Ipe,
    states: Vec<State>,
    items: Vec<EvidenceItem>,
    names: Names,
    /// How a collector says that it retrieved the list.
    proposed: Option<Retrieval>,
    /// What its source gained since it was frozen.
    grown: Option<Grown>,
}

async fn seen(cx: &Cx, engagement: &str, population: &str) -> Result<Seen, Failure> {
    let (papers, mut names) = papers(cx, id(engagement)?).await?;
    let wanted = id(population)?;
    let population =
        papers.populations.get(&wanted).cloned().ok_or(Failure::Refused(Refusal::NotFound))?;
    let (file, owner, looked) = (papers.file, papers.engagement.organisation, population.clone());
    let (ipe, states, items, people, proposed, grown) = cx
        .read(move |conn, _| {
            let (ipe, states, _) = service::standing(conn, file, &looked)?;
            let items = evidence::store::items(conn, owner)?;
            let mut people = Vec::new();
            for actor in actors(&ipe) {
                if let Ok(person) = actor.parse::<PersonId>() {
                    people.push((actor, identity::store::name_of(conn, person)?));
                }
            }
            let proposed = service::proposed(conn, owner, &looked)?;
            let grown = service::growth(conn, owner, &looked)?;
            Ok((ipe, states, items, people, proposed, grown))
        })
        .await?;
    names.0.extend(people);
    Ok(Seen { papers, population, ipe, states, items, names, proposed, grown })
}

/// Everybody who recorded something.
fn actors(ipe: &Ipe) -> Vec<String> {
    let one = [
        ipe.retrieval.as_ref().map(|r| r.by.clone()),
        ipe.reconciliation.as_ref().map(|r| r.by.clone()),
        ipe.representation.as_ref().map(|r| r.by.clone()),
        ipe.zero.as_ref().map(|z| z.by.clone()),
        ipe.superseded.as_ref().map(|s| s.by.clone()),
        ipe.growth.as_ref().map(|g| g.by.clone()),
    ];
    let answers = ipe.answers.values().map(|a| a.by.clone());
    let explained = ipe.explanations.iter().map(|e| e.by.clone());
    one.into_iter().flatten().chain(answers).chain(explained).collect()
}

/// How a check stands, in a word.
pub(crate) fn status(w: Words, outcome: Outcome) -> Status {
    let tone = match outcome {
        Outcome::Pass => Tone::Good,
        Outcome::Fail => Tone::Attention,
        Outcome::NotApplicable => Tone::Neutral,
        Outcome::NotDone => Tone::Waiting,
    };
    Status::new(tone, w.t(&format!("ipe-outcome-{}", outcome.as_str().replace('_', "-"))))
}

fn check_name(w: Words, number: u8) -> String {
    w.t(&format!("ipe-check-{number}"))
}

fn table(cx: &Cx, seen: &Seen) -> Table {
    let w = cx.w;
    let columns = vec![
        Column::new(w.t("ipe-check")),
        Column::new(w.t("ipe-outcome")),
        Column::new(w.t("ipe-found")),
        Column::new(w.t("ipe-explained")),
    ];
    let by = |check: u8, item: &str| {
        seen.ipe
            .explanations
            .iter()
            .find(|e| e.what.check == check && e.what.item == item)
            .map_or_else(String::new, |e| seen.names.of(&e.by))
    };
    let rows = seen.states.iter().map(|state| {
        let mut told: Vec<String> = state
            .explained
            .iter()
            .map(|e| {
                let about = if e.item.is_empty() { String::new() } else { format!("{}: ", e.item) };
                format!("{about}{} ({})", e.reason, by(e.check, &e.item))
            })
            .collect();
        told.extend(state.open.iter().map(|item| {
            if item.is_empty() {
                w.t("ipe-needs-explanation")
            } else {
                w.t1("ipe-item-needs-explanation", "item", item.clone())
            }
        }));
        Row::new(vec![
            check_name(w, state.number).into(),
            status(w, state.outcome).into(),
            state.detail.clone().into(),
            told.join("\n").into(),
        ])
    });
    Table::new(w, "checks", w.t("ipe-checks"), columns).rows(rows)
}

fn post(cx: &Cx, seen: &Seen, act: &str) -> Form {
    let w = cx.w;
    let to = format!("/populations/{}/completeness/{act}", seen.population.id);
    let action = href(seen.papers.engagement.id, &to);
    Form::post(w, action, &cx.shell().csrf, w.t(&format!("ipe-{act}-submit")))
        .apart(act)
        .key(fresh_key(cx))
}

fn evidence_field(cx: &Cx, seen: &Seen, required: bool) -> Field {
    let w = cx.w;
    let none = Choice::new("", w.t("ipe-no-evidence"));
    let items = seen.items.iter().map(|item| Choice::new(item.id.to_string(), item.name.clone()));
    let choices = std::iter::once(none).chain(items).collect();
    let field = Field::new(w, "evidence", w.t("ipe-evidence"), Kind::Select(choices));
    if required { field.required() } else { field }
}

/// What a retrieval says in a field of the form.
fn own_value(own: &Retrieval, name: &str) -> String {
    match name {
        "system" => own.system.clone(),
        "generator" => own.generator.as_str().to_owned(),
        "query" => own.query.clone(),
        "parameters" => own.parameters.clone(),
        "made_by" => own.made_by.clone(),
        "made_at" => own.made_at.to_rfc3339(),
        "output_sha256" => own.output_sha256.clone().unwrap_or_default(),
        "operates_control" if own.operates_control => "on".to_owned(),
        _ => String::new(),
    }
}

fn retrieval_form(cx: &Cx, seen: &Seen) -> Form {
    let w = cx.w;
    let ways = Generator::ALL
        .map(|g| Choice::new(g.as_str(), w.t(&format!("ipe-generator-{}", g.as_str()))));
    // What a collector put on record need not be typed again; once it is recorded nothing is proposed.
    let proposed = seen.proposed.as_ref().filter(|_| seen.ipe.retrieval.is_none());
    let own = |name: &str| proposed.map_or_else(String::new, |own| own_value(own, name));
    let text = |name: &'static str| {
        let label = w.t(&format!("ipe-{}", name.replace('_', "-")));
        Field::new(w, name, label, Kind::Text).max(200).value(own(name))
    };
    let mut form = post(cx, seen, "retrieval");
    if proposed.is_some() {
        form = form.say(paragraph(&w.t("ipe-proposed")));
    }
    form.field(text("system").required())
        .field(
            Field::new(w, "generator", w.t("ipe-generator"), Kind::Radio(ways.to_vec()))
                .value(own("generator"))
                .required(),
        )
        .field(
            Field::new(w, "query", w.t("ipe-query"), Kind::Area(5))
                .hint(w.t("ipe-query-hint"))
                .value(own("query"))
                .required()
                .max(20_000),
        )
        .field(
            Field::new(w, "parameters", w.t("ipe-parameters"), Kind::Area(2))
                .hint(w.t("ipe-parameters-hint"))
                .value(own("parameters"))
                .max(4_000),
        )
        .field(text("made_by").required())
        .field(text("made_at").hint(w.t("ipe-made-at-hint")).required())
        .field(text("output_sha256").hint(w.t("ipe-output-hint")))
        .field(Field::new(w, "observed", w.t("ipe-observed"), Kind::Box))
        .field(
            Field::new(w, "operates_control", w.t("ipe-operates-control"), Kind::Box)
                .value(own("operates_control")),
        )
}

fn reconcile_form(cx: &Cx, seen: &Seen) -> Form {
    let w = cx.w;
    let number = |name: &'static str| {
        Field::new(w, name, w.t(&format!("ipe-{name}")), Kind::Number).required()
    };
    post(cx, seen, "reconcile")
        .field(
            Field::new(w, "source", w.t("ipe-second-source"), Kind::Text)
                .hint(w.t("ipe-second-source-hint"))
                .required()
                .max(200),
        )
        .field(number("opening"))
        .field(number("additions").value("0"))
        .field(counted_field(cx, seen, "additions_list"))
        .field(number("removals").value("0"))
        .field(counted_field(cx, seen, "removals_list"))
        .field(number("returns").value("0"))
}

/// The list of the file that holds what a count counted, where there is one.
fn counted_field(cx: &Cx, seen: &Seen, name: &'static str) -> Field {
    let w = cx.w;
    let mut lists = vec![Choice::new("", w.t("ipe-list-none"))];
    let others = seen.papers.populations.values().filter(|p| p.id != seen.population.id);
    lists.extend(others.map(|p| {
        let label = w.t2("ipe-list-rows", "name", p.body.name.clone(), "rows", p.body.rows);
        Choice::new(p.id.to_string(), label)
    }));
    Field::new(w, name, w.t(&format!("ipe-{}", name.replace('_', "-"))), Kind::Select(lists))
        .hint(w.t("ipe-list-hint"))
}

fn answer_form(cx: &Cx, seen: &Seen) -> Option<Form> {
    let w = cx.w;
    let recorded = Ipe { answers: BTreeMap::new(), ..seen.ipe.clone() };
    let frozen = rules::of_population(&seen.population.body, &recorded);
    let open: Vec<Choice> = frozen
        .iter()
        .filter(|s| s.outcome == Outcome::NotDone && rules::ANSWERABLE.contains(&s.number))
        .map(|s| Choice::new(s.number.to_string(), check_name(w, s.number)))
        .collect();
    if open.is_empty() {
        return None;
    }
    let outcomes = ["pass", "fail", "not_applicable"]
        .map(|o| Choice::new(o, w.t(&format!("ipe-outcome-{}", o.replace('_', "-")))));
    Some(
        post(cx, seen, "answer")
            .field(Field::new(w, "check", w.t("ipe-check"), Kind::Select(open)).required())
            .field(
                Field::new(w, "outcome", w.t("ipe-outcome"), Kind::Radio(outcomes.to_vec()))
                    .required(),
            )
            .field(
                Field::new(w, "detail", w.t("ipe-detail"), Kind::Area(3))
                    .hint(w.t("ipe-detail-hint"))
                    .required()
                    .max(4_000),
            )
            .field(evidence_field(cx, seen, false)),
    )
}

fn explain_form(cx: &Cx, seen: &Seen) -> Option<Form> {
    let w = cx.w;
    let open: Vec<Choice> = seen
        .states
        .iter()
        .flat_map(|s| s.open.iter().map(move |item| (s.number, item)))
        .map(|(number, item)| {
            let name = check_name(w, number);
            let label = if item.is_empty() { name } else { format!("{name}: {item}") };
            Choice::new(format!("{number}:{item}"), label)
        })
        .collect();
    if open.is_empty() {
        return None;
    }
    Some(
        post(cx, seen, "explain")
            .field(Field::new(w, "finding", w.t("ipe-finding"), Kind::Select(open)).required())
            .field(
                Field::new(w, "reason", w.t("ipe-reason"), Kind::Area(3))
                    .hint(w.t("ipe-reason-hint"))
                    .required()
                    .max(4_000),
            )
            .field(evidence_field(cx, seen, false)),
    )
}

fn representation_form(cx: &Cx, seen: &Seen) -> Option<Form> {
    let w = cx.w;
    if seen.ipe.reconciliation.is_some() {
        return None;
    }
    Some(
        post(cx, seen, "representation")
            .field(Field::new(w, "why", w.t("ipe-why-none"), Kind::Area(2)).required().max(4_000))
            .field(Field::new(w, "signed_by", w.t("ipe-signed-by"), Kind::Text).required().max(200))
            .field(Field::new(w, "dated", w.t("ipe-dated"), Kind::Date).required())
            .field(evidence_field(cx, seen, true)),
    )
}

fn zero_form(cx: &Cx, seen: &Seen) -> Option<Form> {
    let w = cx.w;
    (seen.population.body.rows == 0 && seen.ipe.zero.is_none()).then(|| {
        post(cx, seen, "zero")
            .field(
                Field::new(w, "how", w.t("ipe-how-zero"), Kind::Area(3))
                    .hint(w.t("ipe-how-zero-hint"))
                    .required()
                    .max(4_000),
            )
            .field(evidence_field(cx, seen, false))
    })
}

fn supersede_form(cx: &Cx, seen: &Seen) -> Option<Form> {
    let w = cx.w;
    let old = &seen.population;
    let later: Vec<Choice> = seen
        .papers
        .populations
        .values()
        .filter(|p| p.body.frozen_at > old.body.frozen_at)
        .map(|p| Choice::new(p.id.to_string(), p.body.name.clone()))
        .collect();
    if later.is_empty() || seen.ipe.superseded.is_some() {
        return None;
    }
    let why = Field::new(w, "why", w.t("ipe-why-new"), Kind::Area(2)).required().max(4_000);
    Some(
        post(cx, seen, "supersede")
            .field(Field::new(w, "new", w.t("ipe-new-list"), Kind::Select(later)).required())
            .field(why),
    )
}

fn growth_form(cx: &Cx, seen: &Seen) -> Option<Form> {
    let w = cx.w;
    seen.grown.filter(|grown| !decided(&seen.ipe, *grown))?;
    let why = Field::new(w, "why", w.t("ipe-growth-why"), Kind::Area(2))
        .hint(w.t("ipe-growth-hint"))
        .required()
        .max(4_000);
    Some(post(cx, seen, "growth").field(why))
}

/// Whether somebody decided about as many further rows of the period as there are.
fn decided(ipe: &Ipe, grown: Grown) -> bool {
    ipe.growth.as_ref().is_some_and(|said| said.what.in_period >= grown.in_period)
}

/// What the source gained since the freeze, and what was decided about it.
pub(crate) fn growth_note(w: Words, ipe: &Ipe, grown: Grown) -> Html {
    let told = w.t2("ipe-growth-told", "rows", grown.rows, "within", grown.in_period);
    let mut body = paragraph(&told);
    if let Some(said) = &ipe.growth {
        body = body.and(paragraph(&said.what.why));
    }
    let settled = decided(ipe, grown);
    if !settled {
        body = body.and(paragraph(&w.t("ipe-growth-next")));
    }
    let tone = if settled { Tone::Neutral } else { Tone::Attention };
    Note::new(tone, w.t("ipe-growth"), body).into()
}

/// What was recorded of the retrieval.
fn retrieved(cx: &Cx, seen: &Seen) -> Option<Html> {
    let w = cx.w;
    let found = seen.ipe.retrieval.as_ref()?;
    let made = &found.what;
    let yes_no = |yes: bool| w.t(if yes { "ipe-yes" } else { "ipe-no" });
    let zone = jiff::tz::TimeZone::get(seen.papers.engagement.period.zone().name())
        .unwrap_or(jiff::tz::TimeZone::UTC);
    let mut pairs = vec![
        (w.t("ipe-system"), Html::text(&made.system)),
        (
            w.t("ipe-generator"),
            Html::text(&w.t(&format!("ipe-generator-{}", made.generator.as_str()))),
        ),
        (w.t("ipe-query"), Html::code(&made.query)),
        (w.t("ipe-parameters"), Html::text(&made.parameters)),
        (w.t("ipe-made-by"), Html::text(&made.made_by)),
        (w.t("ipe-made-at"), Html::text(&w.moment(made.made_at, &zone))),
        (w.t("ipe-observed"), Html::text(&yes_no(made.observed))),
        (w.t("ipe-operates-control"), Html::text(&yes_no(made.operates_control))),
        (w.t("ipe-recorded-by"), Html::text(&seen.names.of(&found.by))),
    ];
    if let Some(run) = &made.collector {
        pairs.push((w.t("ipe-collector"), Html::text(&w.t("ipe-collector-said"))));
        pairs.push((w.t("ipe-collector-run"), Html::code(&run.to_string())));
    }
    if let Some(hash) = &made.output_sha256 {
        pairs.push((w.t("ipe-output-sha256"), Html::code(hash)));
    }
    Some(facts(&pairs))
}

/// Puts a form that was sent in the place of the fresh one.
fn page(cx: &Cx, seen: &Seen, sent: Option<(&str, Form)>) -> Page {
    let w = cx.w;
    let mut stops = rules::stops(&seen.states, seen.population.body.rows, &seen.ipe);
    stops.extend(rules::missing(&seen.states));
    let mut parts: Vec<Html> = Vec::new();
    if !stops.is_empty() {
        parts.extend([heading(&w.t("ipe-stops")), sentences(&stops)]);
    }
    parts.extend(seen.grown.map(|grown| growth_note(w, &seen.ipe, grown)));
    parts.push(table(cx, seen).into());
    parts.extend([
        heading(&w.t("ipe-report-line")),
        paragraph(&rules::report_line(&seen.states, &seen.ipe)),
    ]);
    if let Some(retrieved) = retrieved(cx, seen) {
        parts.extend([heading(&w.t("ipe-retrieval")), retrieved]);
    }
    if let Some(zero) = &seen.ipe.zero {
        parts.extend([heading(&w.t("ipe-zero")), paragraph(&zero.what.how)]);
    }
    if cx.can::<KeepPopulations>() {
        let forms = [
            ("explain", explain_form(cx, seen)),
            ("retrieval", Some(retrieval_form(cx, seen))),
            ("reconcile", Some(reconcile_form(cx, seen))),
            ("answer", answer_form(cx, seen)),
            ("representation", representation_form(cx, seen)),
            ("zero", zero_form(cx, seen)),
            ("supersede", supersede_form(cx, seen)),
            ("growth", growth_form(cx, seen)),
        ];
        let mut sent = sent;
        for (act, fresh) in forms {
            let form = match &sent {
                Some((name, _)) if *name == act => sent.take().map(|(_, form)| form),
                _ => fresh,
            };
            if let Some(form) = form {
                parts.extend([heading(&w.t(&format!("ipe-{act}-heading"))), form.into()]);
            }
        }
    }
    let count =
        |outcome| seen.states.iter().filter(|s| s.outcome == outcome && s.number > 0).count();
    let e = seen.papers.engagement.id;
    let shell = framed(cx.shell(), &seen.papers, "populations")
        .title(w.t1("ipe-title", "name", seen.population.body.name.clone()))
        .answer(w.ta(
            "ipe-answer",
            &[
                ("pass", count(Outcome::Pass).to_arg()),
                ("fail", count(Outcome::Fail).to_arg()),
                ("open", count(Outcome::NotDone).to_arg()),
            ],
        ))
        .crumb(href(e, "/populations"), w.t("examination-tab-populations"))
        .crumb(
            href(e, &format!("/populations/{}", seen.population.id)),
            seen.population.body.name.clone(),
        );
    Page { shell, parts }
}

/// `GET /examination/{engagement}/populations/{population}/completeness`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn completeness(
    cx: Cx,
    Path((engagement, population)): Path<(String, String)>,
) -> Answer {
    let seen = seen(&cx, &engagement, &population).await?;
    cx.page(&page(&cx, &seen, None))
}

/// What a form asks to be recorded.
#[derive(Clone)]
enum Asked {
    Retrieval(Retrieval),
    Answer(u8, CheckAnswer),
    Explain(Explanation),
    Reconcile(Reconciliation),
    Representation(Representation),
    Zero(ZeroProof),
    Supersede(Superseded),
    Growth(String),
}

fn asked(act: &str, form: &mut Form, w: Words) -> Option<Asked> {
    let text = |form: &Form, name: &str| form.typed(name).to_owned();
    let evidence: Vec<EvidenceId> = form.typed("evidence").parse().ok().into_iter().collect();
    Some(match act {
        "retrieval" => {
            let Ok(made_at) = Timestamp::parse(form.typed("made_at").trim()) else {
                form.error("made_at", w.t("ipe-made-at-hint"));
                return None;
            };
            Asked::Retrieval(Retrieval {
                system: text(form, "system"),
                generator: Generator::parse(form.typed("generator"))?,
                query: text(form, "query"),
                parameters: text(form, "parameters"),
                made_by: text(form, "made_by"),
                made_at,
                output_sha256: Some(text(form, "output_sha256")).filter(|hash| !hash.is_empty()),
                observed: !form.typed("observed").is_empty(),
                operates_control: !form.typed("operates_control").is_empty(),
                collector: None,
            })
        }
        "answer" => Asked::Answer(
            form.typed("check").parse().ok()?,
            CheckAnswer {
                outcome: Outcome::answered(form.typed("outcome"))?,
                detail: text(form, "detail"),
                evidence,
            },
        ),
        "explain" => {
            let (check, item) = form.typed("finding").split_once(':')?;
            let (check, item) = (check.parse().ok()?, item.to_owned());
            Asked::Explain(Explanation { check, item, reason: text(form, "reason"), evidence })
        }
        "reconcile" => {
            let mut counts = [0_u64; 4];
            for (count, name) in
                counts.iter_mut().zip(["opening", "additions", "removals", "returns"])
            {
                match form.typed(name).parse() {
                    Ok(number) => *count = number,
                    Err(_) => {
                        form.error(name, w.t("ipe-whole-number"));
                        return None;
                    }
                }
            }
            let [opening, additions, removals, returns] = counts;
            let sides = [(Count::Additions, "additions_list"), (Count::Removals, "removals_list")];
            let lists = sides.into_iter().filter_map(|(count, name)| {
                let list = form.typed(name).parse().ok()?;
                Some(Counted { count, list, name: String::new(), rows: 0 })
            });
            Asked::Reconcile(Reconciliation {
                lists: lists.collect(),
                source: text(form, "source"),
                opening,
                additions,
                removals,
                returns,
            })
        }
        "representation" => Asked::Representation(Representation {
            why: text(form, "why"),
            signed_by: text(form, "signed_by"),
            dated: text(form, "dated"),
            evidence: *evidence.first()?,
        }),
        "supersede" => Asked::Supersede(Superseded {
            new: form.typed("new").parse().ok()?,
            why: text(form, "why"),
        }),
        "growth" => Asked::Growth(text(form, "why")),
        _ => Asked::Zero(ZeroProof { how: text(form, "how"), evidence }),
    })
}

fn fresh(cx: &Cx, seen: &Seen, act: &str) -> Option<Form> {
    match act {
        "retrieval" => Some(retrieval_form(cx, seen)),
        "answer" => answer_form(cx, seen),
        "explain" => explain_form(cx, seen),
        "reconcile" => Some(reconcile_form(cx, seen)),
        "representation" => representation_form(cx, seen),
        "zero" => zero_form(cx, seen),
        "supersede" => supersede_form(cx, seen),
        "growth" => growth_form(cx, seen),
        _ => None,
    }
}

async fn recorded(
    cx: &Cx,
    pairs: &Pairs,
    engagement: EngagementId,
    population: crate::model::PopulationId,
    asked: Asked,
) -> Result<(), Failure> {
    cx.write_once(pairs, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<KeepPopulations>(actor, &facts)?;
        match &asked {
            Asked::Retrieval(x) => service::record_retrieval(tx, env, &permit, population, x),
            Asked::Answer(check, x) => {
                service::answer_check(tx, env, &permit, population, *check, x)
            }
            Asked::Explain(x) => service::explain(tx, env, &permit, population, x),
            Asked::Reconcile(x) => service::reconcile(tx, env, &permit, population, x),
            Asked::Representation(x) => {
                service::rely_on_representation(tx, env, &permit, population, x)
            }
            Asked::Supersede(x) => service::supersede(tx, env, &permit, population, x),
            Asked::Growth(why) => service::explain_growth(tx, env, &permit, population, why),
            Asked::Zero(x) => service::prove_zero(tx, env, &permit, population, x),
        }
    })
    .await
}

/// `POST /examination/{engagement}/populations/{population}/completeness/{act}`.
///
/// # Errors
/// Nothing is there for who may not read the file, nor for another act.
pub async fn act(
    cx: Cx,
    Path((engagement, population, act)): Path<(String, String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let seen = seen(&cx, &engagement, &population).await?;
    cx.may::<KeepPopulations>()?;
    let mut form = fresh(&cx, &seen, &act).ok_or(Failure::Refused(Refusal::NotFound))?;
    form.fill(&pairs.0);
    form.check();
    let asked = if form.ok() { asked(&act, &mut form, cx.w) } else { None };
    if let Some(asked) = asked {
        let (e, id) = (seen.papers.engagement.id, seen.population.id);
        match recorded(&cx, &pairs, e, id, asked).await {
            Ok(()) => {
                let to = href(e, &format!("/populations/{id}/completeness"));
                return done(&cx, &to, "ipe-saved").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some((act.as_str(), form))))
}
