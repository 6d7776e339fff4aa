//! `/examination/{engagement}/promises/{commitment}`: one commitment through its phases.

use super::super::model::{Agrees, Judged, Recommended, Regulation, Understood};
use super::super::permits::{ConcludeCommitment, EvaluateCommitments};
use super::super::rules::{
    Finding, assurance as standing_assurance, controls, findings, judgement, open_points,
    past_findings, requirements,
};
use super::super::service;
use super::{Seen, assurance, choices, control_state, frame, named, page, seen};
use crate::evaluations::pages::{evidence_field, finish, lines, opened, seen_version, shown_by};
use crate::pages::{filled, heading, href, id, sentences, version};
use crate::rules::facts::Answer as Assurance;
use axum::extract::Path;
use commitments::model::{Commitment, CommitmentId};
use kernel::env::Env;
use kernel::ids::EngagementId;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Cell, Choice, Column, Empty, Field, Form, Html, Kind, Note, Page, Row, Status, Table, Tone,
    facts, fold, prose, stack,
};

fn known<'s>(seen: &'s Seen, commitment: &str) -> Result<&'s Commitment, Failure> {
    let id: CommitmentId = id(commitment)?;
    seen.papers.commitments.iter().find(|c| c.id == id).ok_or(Failure::Refused(Refusal::NotFound))
}

fn begin(cx: &Cx, seen: &Seen, c: &Commitment, to: &str, save: &str, version: Option<i64>) -> Form {
    Form::post(cx.w, seen.href(&format!("/{}/{to}", c.id)), &cx.shell().csrf, cx.w.t(save))
        .apart(to)
        .key(cx.form_key())
        .version(seen_version(version))
}

fn area(cx: &Cx, name: &str, rows: u16, value: &str) -> Field {
    Field::new(cx.w, name, cx.w.t(&format!("promises-{name}")), Kind::Area(rows))
        .required()
        .max(4_000)
        .value(value)
}

fn understand_form(cx: &Cx, seen: &Seen, c: &Commitment) -> Form {
    let old = seen.papers.promises.understood(c.id);
    let words: Vec<&'static str> = Agrees::ALL.iter().map(|a| a.word()).collect();
    begin(cx, seen, c, "understood", "promises-save-understood", old.map(|k| k.version))
        .field(
            area(cx, "read", 4, old.map_or("", |k| k.body.read.as_str()))
                .hint(cx.w.t("promises-read-hint")),
        )
        .field(
            Field::new(
                cx.w,
                "agrees",
                cx.w.t("promises-agrees"),
                Kind::Radio(choices(cx.w, "agrees", &words)),
            )
            .required()
            .value(old.map_or("", |k| k.body.agrees.word())),
        )
        .field(evidence_field(cx.w, old.map_or(&[], |k| k.body.evidence.as_slice()), true))
}

fn judge_form(cx: &Cx, seen: &Seen, c: &Commitment, key: &str) -> Form {
    let old = seen.papers.promises.findings.iter().find(|k| k.key == key);
    let words: Vec<&'static str> = Judged::ALL.iter().map(|j| j.word()).collect();
    begin(cx, seen, c, "findings", "promises-save-judgement", old.map(|k| k.version))
        .apart(key)
        .hide("finding", key)
        .field(
            Field::new(
                cx.w,
                "judged",
                cx.w.t("promises-judged"),
                Kind::Radio(choices(cx.w, "judged", &words)),
            )
            .required()
            .value(old.map_or("", |k| k.body.judged.word())),
        )
        .field(area(cx, "reason", 2, old.map_or("", |k| k.body.reason.as_str())))
}

fn regulation_form(cx: &Cx, seen: &Seen, c: &Commitment) -> Form {
    let criteria = seen.papers.engagement.criteria();
    let criteria = criteria.iter().map(|id| Choice::new(id.to_string(), id.to_string())).collect();
    begin(cx, seen, c, "regulations", "promises-save-regulation", None)
        .field(
            Field::new(cx.w, "reference", cx.w.t("promises-reference"), Kind::Text)
                .required()
                .max(300),
        )
        .field(area(cx, "taken", 3, "").hint(cx.w.t("promises-taken-hint")))
        .field(Field::new(cx.w, "criteria", cx.w.t("promises-criteria"), Kind::Boxes(criteria)))
}

fn recommend_form(cx: &Cx, seen: &Seen, c: &Commitment) -> Form {
    begin(cx, seen, c, "recommendations", "promises-save-recommendation", None)
        .field(area(cx, "finding", 2, ""))
        .field(area(cx, "text", 2, "").hint(cx.w.t("mechanisms-recommend-hint")))
}

fn conclude_form(cx: &Cx, seen: &Seen, c: &Commitment) -> Form {
    let old = seen.papers.promises.conclusion(c.id);
    let words: Vec<&'static str> =
        [Assurance::Yes, Assurance::No, Assurance::Unknown].iter().map(|a| a.word()).collect();
    begin(cx, seen, c, "conclusion", "promises-conclude", old.map(|k| k.version))
        .field(
            Field::new(
                cx.w,
                "assurance",
                cx.w.t("promises-assurance"),
                Kind::Radio(choices(cx.w, "assurance", &words)),
            )
            .required()
            .value(old.map_or("", |k| k.body.assurance.word())),
        )
        .field(area(cx, "reason", 3, old.map_or("", |k| k.body.reason.as_str())))
        .field(evidence_field(cx.w, old.map_or(&[], |k| k.body.evidence.as_slice()), false))
}

fn understood_parts(cx: &Cx, seen: &Seen, c: &Commitment, form: Option<Form>) -> Vec<Html> {
    let w = cx.w;
    let sources: Vec<String> =
        c.sources.iter().map(|s| format!("{}: {}", s.kind, s.reference)).collect();
    let mut pairs = vec![
        (w.t("promises-category"), c.category.name().into()),
        (w.t("promises-sources"), stack(sources.iter().map(|s| Html::text(s)))),
    ];
    let old = seen.papers.promises.understood(c.id);
    if let Some(k) = old {
        pairs.push((w.t("promises-read"), prose(&k.body.read)));
        pairs.push((w.t("promises-agrees"), named(w, "agrees", k.body.agrees.word()).into()));
        pairs.push((w.t("mechanisms-evidence"), shown_by(seen.engagement(), &k.body.evidence)));
    }
    let mut parts = vec![heading(&w.t("promises-phase-understand"))];
    if old.is_some_and(|k| k.body.version != c.version) {
        let (title, text) = (w.t("promises-restated"), w.t("promises-restated-why"));
        parts.push(Note::new(Tone::Attention, title, text).into());
    }
    parts.push(facts(pairs));
    if cx.can::<EvaluateCommitments>() {
        let open = old.is_none() || form.is_some();
        let form = form.unwrap_or_else(|| understand_form(cx, seen, c));
        parts.push(fold(&w.t("promises-write-understood"), open, form));
    }
    parts
}

fn identified(cx: &Cx, seen: &Seen, c: &Commitment) -> Table {
    let (w, papers) = (cx.w, &seen.papers);
    let columns = ["requirement", "carried-by", "statement", "controls"]
        .map(|k| Column::new(w.t(&format!("promises-{k}"))));
    let rows = requirements(papers, c.id).into_iter().map(|r| {
        let met = papers.controls.iter().filter(|k| k.text.requirements.contains(&r.id));
        let links = stack(met.map(|k| {
            Html::link(
                &href(seen.engagement(), &format!("/controls/{}", k.id)),
                Html::id(&k.text.code),
            )
        }));
        let cells: Vec<Cell> = vec![
            Html::id(&r.code).into(),
            w.t(&format!("requirement-kind-{}", r.kind.as_str())).into(),
            (&r.statement).into(),
            links.into(),
        ];
        Row::new(cells)
    });
    Table::new(w, "requirements", w.t("promises-requirements"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("promises-no-requirements"), w.t("promises-no-requirements-next")))
}

fn design_parts(cx: &Cx, seen: &Seen, c: &Commitment, sent: Option<(String, Form)>) -> Vec<Html> {
    let (w, papers) = (cx.w, &seen.papers);
    let mut sent = sent;
    let mut parts = vec![heading(&w.t("promises-phase-design"))];
    let own: Vec<Finding> =
        findings(papers).into_iter().filter(|f| f.commitment == Some(c.id)).collect();
    if own.is_empty() {
        parts.push(prose(&w.t("promises-no-findings")));
    }
    for finding in own {
        let judged = judgement(papers, &finding);
        let status = match judged.map(|k| k.body.judged) {
            None => Status::new(Tone::Waiting, w.t("promises-to-judge")),
            Some(Judged::Stands) => Status::new(Tone::Attention, named(w, "judged", "stands")),
            Some(Judged::None) => Status::new(Tone::Neutral, named(w, "judged", "none")),
        };
        let mut pairs = vec![
            (w.t("promises-check"), Html::id(&finding.check)),
            (w.t("promises-found"), prose(&finding.text)),
            (w.t("promises-judged"), status.into()),
        ];
        if let Some(k) = judged {
            pairs.push((w.t("promises-reason"), prose(&k.body.reason)));
        }
        parts.push(facts(pairs));
        if cx.can::<EvaluateCommitments>() {
            let mine = sent.take_if(|(key, _)| *key == finding.key()).map(|(_, form)| form);
            let open = mine.is_some();
            let form = mine.unwrap_or_else(|| judge_form(cx, seen, c, &finding.key()));
            parts.push(fold(&w.t("promises-judge-it"), open, form));
        }
    }
    let past = past_findings(papers, c.id);
    if !past.is_empty() {
        let (title, why) = (w.t("promises-past"), w.t("promises-past-why"));
        parts.push(Note::new(Tone::Neutral, title, why).into());
    }
    for k in past {
        parts.push(facts(vec![
            (w.t("promises-found"), prose(&k.body.finding)),
            (w.t("promises-judged"), named(w, "judged", k.body.judged.word()).into()),
            (w.t("promises-reason"), prose(&k.body.reason)),
        ]));
        if cx.can::<EvaluateCommitments>() {
            let mine = sent.take_if(|(key, _)| *key == k.key).map(|(_, form)| form);
            let open = mine.is_some();
            let form = mine.unwrap_or_else(|| judge_form(cx, seen, c, &k.key));
            parts.push(fold(&w.t("promises-judge-it"), open, form));
        }
    }
    // A finding that went away while somebody judged it: what was typed is kept, and it is said why.
    if let Some((_, form)) = sent {
        parts.push(form.into());
    }
    parts
}

fn operation_parts(cx: &Cx, seen: &Seen, c: &Commitment) -> Vec<Html> {
    let (w, papers) = (cx.w, &seen.papers);
    let columns = ["control", "statement", "tests", "deviations", "conclusion"]
        .map(|k| Column::new(w.t(&format!("promises-{k}"))));
    let rows = controls(papers, c.id).into_iter().map(|k| {
        let deviations = papers.deviations.iter().filter(|d| d.control == k.id).count();
        let cells: Vec<Cell> = vec![
            Html::id(&k.text.code).into(),
            (&k.text.statement).into(),
            w.number(papers.tests_of(k.id).count()).into(),
            w.number(deviations).into(),
            control_state(w, papers, k.id).into(),
        ];
        Row::new(cells).to(href(seen.engagement(), &format!("/controls/{}", k.id)))
    });
    let tests = Table::new(w, "controls", w.t("promises-controls"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("promises-no-controls"), w.t("promises-no-controls-next")));
    let columns =
        ["window", "value", "kept", "source"].map(|k| Column::new(w.t(&format!("promises-{k}"))));
    let rows = papers.kept.get(&c.id).into_iter().flatten().map(|k| {
        let status = if k.met {
            Status::new(Tone::Good, w.t("promises-kept-yes"))
        } else {
            Status::new(Tone::Missed, w.t("promises-kept-no"))
        };
        let cells: Vec<Cell> =
            vec![(&k.window).into(), (&k.value).into(), status.into(), (&k.source).into()];
        Row::new(cells)
    });
    let results = Table::new(w, "windows", w.t("promises-results"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("promises-no-results"), w.t("promises-no-results-next")));
    vec![
        heading(&w.t("promises-phase-operation")),
        tests.into(),
        prose(&w.t("promises-results-what")),
        results.into(),
    ]
}

fn regulation_parts(cx: &Cx, seen: &Seen, c: &Commitment, form: Option<Form>) -> Vec<Html> {
    let w = cx.w;
    let mut parts = vec![
        heading(&w.t("promises-phase-regulation")),
        Note::new(Tone::Neutral, w.t("promises-no-legal"), w.t("promises-no-legal-why")).into(),
    ];
    for k in seen.papers.promises.regulations.iter().filter(|k| k.body.commitment == c.id) {
        let criteria: Vec<String> = k.body.criteria.iter().map(ToString::to_string).collect();
        parts.push(facts(vec![
            (w.t("promises-reference"), k.body.reference.as_str().into()),
            (w.t("promises-taken"), prose(&k.body.taken)),
            (w.t("promises-criteria"), criteria.join(", ").into()),
        ]));
    }
    if cx.can::<EvaluateCommitments>() {
        let open = form.is_some();
        let form = form.unwrap_or_else(|| regulation_form(cx, seen, c));
        parts.push(fold(&w.t("promises-add-regulation"), open, form));
    }
    parts
}

fn conclusion_parts(cx: &Cx, seen: &Seen, c: &Commitment, form: Option<Form>) -> Vec<Html> {
    let (w, papers) = (cx.w, &seen.papers);
    let mut parts = vec![heading(&w.t("promises-phase-conclusion"))];
    let open = open_points(papers, c.id);
    if !open.is_empty() {
        parts.push(prose(&w.t("promises-open-points")));
        parts.push(sentences(&open));
    }
    if let Some(k) = papers.promises.conclusion(c.id) {
        let stands = standing_assurance(papers, c.id).is_some();
        if !stands {
            let (title, text) = (w.t("promises-void"), w.t("promises-void-why"));
            parts.push(Note::new(Tone::Attention, title, text).into());
        }
        parts.push(facts(vec![
            (w.t("promises-assurance"), assurance(w, Some(k.body.assurance), stands).into()),
            (w.t("promises-reason"), prose(&k.body.reason)),
            (w.t("mechanisms-evidence"), shown_by(seen.engagement(), &k.body.evidence)),
            (w.t("promises-concluded-by"), seen.names.of(&k.actor).into()),
            (w.t("promises-digest"), Html::code(&k.body.inputs_sha256)),
        ]));
    }
    if cx.can::<ConcludeCommitment>() {
        let show = form.is_some() || papers.promises.conclusion(c.id).is_none();
        let form = form.unwrap_or_else(|| conclude_form(cx, seen, c));
        parts.push(fold(&w.t("promises-conclude"), show, form));
    }
    parts
}

/// One of the forms of the page, as it was sent.
enum Sent {
    Nothing,
    Understood(Form),
    Finding(String, Form),
    Regulation(Form),
    Recommendation(Form),
    Conclusion(Form),
}

fn record_page(cx: &Cx, seen: &Seen, c: &Commitment, sent: Sent) -> Page {
    let (w, papers) = (cx.w, &seen.papers);
    let (mut u, mut f, mut g, mut r, mut k) = (None, None, None, None, None);
    match sent {
        Sent::Nothing => {}
        Sent::Understood(form) => u = Some(form),
        Sent::Finding(key, form) => f = Some((key, form)),
        Sent::Regulation(form) => g = Some(form),
        Sent::Recommendation(form) => r = Some(form),
        Sent::Conclusion(form) => k = Some(form),
    }
    let mut parts = understood_parts(cx, seen, c, u);
    parts.push(heading(&w.t("promises-phase-identify")));
    parts.push(identified(cx, seen, c).into());
    parts.extend(design_parts(cx, seen, c, f));
    parts.extend(operation_parts(cx, seen, c));
    parts.extend(regulation_parts(cx, seen, c, g));
    parts.extend(conclusion_parts(cx, seen, c, k));
    parts.push(heading(&w.t("promises-recommendations")));
    parts.push(prose(&w.t("promises-recommendations-outside")));
    for one in papers.promises.recommendations.iter().filter(|k| k.body.commitment == c.id) {
        parts.push(facts(vec![
            (w.t("promises-finding"), prose(&one.body.finding)),
            (w.t("promises-text"), prose(&one.body.text)),
        ]));
    }
    if cx.can::<EvaluateCommitments>() {
        let open = r.is_some();
        let form = r.unwrap_or_else(|| recommend_form(cx, seen, c));
        parts.push(fold(&w.t("promises-add-recommendation"), open, form));
    }
    let concluded = papers.promises.conclusion(c.id).map(|k| k.body.assurance);
    let stands = standing_assurance(papers, c.id).is_some();
    let answer = Html::text(&c.statement).and(" ").and(assurance(w, concluded, stands));
    page(frame(cx, seen, w.t1("promises-record-title", "code", c.code.as_str()), answer), parts)
}

/// `GET /examination/{engagement}/promises/{commitment}`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn record(cx: Cx, Path((engagement, commitment)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let c = known(&seen, &commitment)?;
    cx.page(&record_page(&cx, &seen, c, Sent::Nothing))
}

/// Where a form of the page leads: the commitment's record.
fn known_at<'s>(
    seen: &'s Seen,
    commitment: &str,
) -> Result<(&'s Commitment, EngagementId, String), Failure> {
    let c = known(seen, commitment)?;
    Ok((c, seen.engagement(), seen.href(&format!("/{}", c.id))))
}

/// `POST /examination/{engagement}/promises/{commitment}/understood`
///
/// # Errors
/// As [`record`].
pub async fn understand(cx: Cx, Path(at): Path<(String, String)>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateCommitments, _>(&cx, &pairs, seen(&cx, &at.0)).await?;
    let (c, engagement, to) = known_at(&seen, &at.1)?;
    let form = filled(understand_form(&cx, &seen, c), &pairs);
    let at = version(&form);
    let agrees = Agrees::from_word(form.typed("agrees"));
    let command = agrees.map(|agrees| {
        let (read, evidence) = (form.typed("read").to_owned(), lines(&form, "evidence"));
        let input = Understood { commitment: c.id, version: c.version, agrees, read, evidence };
        move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateCommitments>| {
            service::understand(tx, env, permit, at, &input)
        }
    });
    finish(&cx, &pairs, form, (engagement, &to, "promises-saved"), command, |form| {
        record_page(&cx, &seen, c, Sent::Understood(form))
    })
    .await
}

/// `POST /examination/{engagement}/promises/{commitment}/findings`
///
/// # Errors
/// As [`record`].
pub async fn judge(cx: Cx, Path(at): Path<(String, String)>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateCommitments, _>(&cx, &pairs, seen(&cx, &at.0)).await?;
    let (c, engagement, to) = known_at(&seen, &at.1)?;
    let key = pairs.get("finding").unwrap_or_default().to_owned();
    if key.len() != 24 || !key.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Failure::Refused(Refusal::NotFound));
    }
    let form = filled(judge_form(&cx, &seen, c, &key), &pairs);
    let at = version(&form);
    let command = Judged::from_word(form.typed("judged")).map(|judged| {
        let (name, reason) = (key.clone(), form.typed("reason").to_owned());
        move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateCommitments>| {
            service::judge(tx, env, permit, (&name, at), (judged, &reason))
        }
    });
    finish(&cx, &pairs, form, (engagement, &to, "promises-saved"), command, |form| {
        record_page(&cx, &seen, c, Sent::Finding(key, form))
    })
    .await
}

/// `POST /examination/{engagement}/promises/{commitment}/regulations`
///
/// # Errors
/// As [`record`].
pub async fn regulation(cx: Cx, Path(at): Path<(String, String)>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateCommitments, _>(&cx, &pairs, seen(&cx, &at.0)).await?;
    let (c, engagement, to) = known_at(&seen, &at.1)?;
    let form = filled(regulation_form(&cx, &seen, c), &pairs);
    let input = Regulation {
        commitment: c.id,
        reference: form.typed("reference").to_owned(),
        taken: form.typed("taken").to_owned(),
        criteria: form.ticked("criteria").iter().filter_map(|id| id.parse().ok()).collect(),
    };
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateCommitments>| {
        service::note_regulation(tx, env, permit, None, &input)
    };
    finish(&cx, &pairs, form, (engagement, &to, "promises-saved"), Some(command), |form| {
        record_page(&cx, &seen, c, Sent::Regulation(form))
    })
    .await
}

/// `POST /examination/{engagement}/promises/{commitment}/recommendations`
///
/// # Errors
/// As [`record`].
pub async fn recommend(cx: Cx, Path(at): Path<(String, String)>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateCommitments, _>(&cx, &pairs, seen(&cx, &at.0)).await?;
    let (c, engagement, to) = known_at(&seen, &at.1)?;
    let form = filled(recommend_form(&cx, &seen, c), &pairs);
    let input = Recommended {
        commitment: c.id,
        finding: form.typed("finding").to_owned(),
        text: form.typed("text").to_owned(),
    };
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateCommitments>| {
        service::recommend(tx, env, permit, None, &input)
    };
    finish(&cx, &pairs, form, (engagement, &to, "promises-saved"), Some(command), |form| {
        record_page(&cx, &seen, c, Sent::Recommendation(form))
    })
    .await
}

/// `POST /examination/{engagement}/promises/{commitment}/conclusion`
///
/// # Errors
/// As [`record`].
pub async fn conclude(cx: Cx, Path(at): Path<(String, String)>, pairs: Pairs) -> Answer {
    let seen = opened::<ConcludeCommitment, _>(&cx, &pairs, seen(&cx, &at.0)).await?;
    let (c, engagement, to) = known_at(&seen, &at.1)?;
    let form = filled(conclude_form(&cx, &seen, c), &pairs);
    let at = version(&form);
    let command = form.typed("assurance").parse::<Assurance>().ok().map(|answer| {
        let (id, reason) = (c.id, form.typed("reason").to_owned());
        let shown = lines(&form, "evidence");
        move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<ConcludeCommitment>| {
            service::conclude(tx, env, permit, at, (id, answer, &reason, &shown))
        }
    });
    finish(&cx, &pairs, form, (engagement, &to, "promises-saved"), command, |form| {
        record_page(&cx, &seen, c, Sent::Conclusion(form))
    })
    .await
}
