//! What the auditor states of a criterion beyond its controls: what makes up for a failure, and how
//! material it is; with who stated it and when.

use super::criteria::{criterion_page, forms, known};
use super::{Names, done, facts, heading, href, id, papers, paragraph, sentences, submit, version};
use crate::firm::store::facts_for;
use crate::permits::{ConcludeCriterion, ReadFile, SecondConclusion};
use crate::planning::model::{Factor, Materiality};
use crate::rules::criterion::CriterionFinding;
use crate::rules::facts::CriterionFacts;
use crate::service::{self, CompensationInput, MaterialityInput};
use crate::store::{CriterionStated, Papers, StatedBy, stated_by};
use axum::extract::Path;
use kernel::ids::PersonId;
use kernel::permit::authorize;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Html, Kind};
use platform::words::Words;
use scope::catalogue::CriterionId;

/// Who stated what, and what planning holds to be material in this engagement.
pub(super) struct Stated {
    by: CriterionStated,
    names: Names,
    planned: Option<Materiality>,
}

/// Reads both.
pub(super) async fn stated(
    cx: &Cx,
    papers: &Papers,
    criterion: CriterionId,
) -> Result<Stated, Failure> {
    let (file, now) = (papers.file, cx.env().now());
    let second = entry(papers, criterion).and_then(|c| papers.materiality_second(c)).cloned();
    cx.read(move |conn, actor| {
        authorize::<ReadFile>(actor, &facts_for(conn, actor, file.engagement, now)?)?;
        let by = stated_by(conn, file, criterion)?;
        let planned = crate::planning::store::materiality(conn, file)?;
        let mut names = Names::default();
        let said = [&by.compensation, &by.materiality].into_iter().flatten();
        for actor in said.map(|said| &said.actor).chain(second.iter().map(|s| &s.signer)) {
            if let Ok(person) = actor.parse::<PersonId>() {
                let name = identity::store::name_of(conn, person)?;
                names.0.insert(actor.clone(), name);
            }
        }
        Ok(Stated { by, names, planned })
    })
    .await
}

fn entry(papers: &Papers, criterion: CriterionId) -> Option<&CriterionFacts> {
    papers.matters.criteria.iter().find(|c| c.id.to_string() == criterion.to_string())
}

fn factor(w: Words, factor: Factor) -> String {
    w.t(&format!("planning-factor-{}", factor.word().replace('_', "-")))
}

/// Who stated something, and when.
fn signed(w: Words, stated: &Stated, by: Option<&StatedBy>) -> Option<(String, Html)> {
    let by = by?;
    let text = w.t2("criterion-by", "who", stated.names.of(&by.actor), "at", w.moment_utc(by.at));
    Some((w.t("criterion-stated-by"), Html::text(&text)))
}

/// What is proposed to make up for a failure, by whom and why; nothing where nothing is proposed.
pub(super) fn compensation_stated(
    w: Words,
    papers: &Papers,
    criterion: CriterionId,
    stated: &Stated,
) -> Option<Html> {
    let offered = entry(papers, criterion)?.compensation.as_ref()?;
    let agrees = if offered.accepted { "criterion-agrees-yes" } else { "criterion-agrees-no" };
    let mut pairs = vec![
        (w.t("criterion-offered"), Html::text(&offered.controls.join(", "))),
        (w.t("criterion-agrees"), Html::text(&w.t(agrees))),
        (w.t("examination-reason"), Html::text(offered.reason.as_deref().unwrap_or_default())),
    ];
    pairs.extend(signed(w, stated, stated.by.compensation.as_ref()));
    Some(facts(&pairs))
}

pub(super) fn compensation_form(cx: &Cx, papers: &Papers, criterion: CriterionId) -> Form {
    let shell = cx.shell();
    let w = shell.w;
    let action = href(papers.engagement.id, &format!("/criteria/{criterion}/compensation"));
    let stated = papers.matters.criteria.iter().find(|c| c.id.to_string() == criterion.to_string());
    let offered = stated.and_then(|c| c.compensation.as_ref());
    let answers = ["yes", "no"]
        .map(|answer| Choice::new(answer, w.t(&format!("criterion-agrees-{answer}"))))
        .to_vec();
    let mut agrees =
        Field::new(w, "accepted", w.t("criterion-agrees"), Kind::Radio(answers)).required();
    if let Some(offered) = offered {
        agrees = agrees.value(if offered.accepted { "yes" } else { "no" });
    }
    Form::post(w, action, &shell.csrf, w.t("criterion-propose"))
        .apart("compensation")
        .key(super::fresh_key(cx))
        .version(u64::try_from(papers.matters_version).unwrap_or_default())
        .field(
            Field::new(w, "controls", w.t("criterion-codes"), Kind::Text)
                .hint(w.t("criterion-codes-hint"))
                .value(offered.map_or_else(String::new, |o| o.controls.join(", ")))
                .max(1_000),
        )
        .field(agrees)
        .field(
            Field::new(w, "reason", w.t("examination-reason"), Kind::Area(2))
                .value(offered.and_then(|o| o.reason.clone()).unwrap_or_default())
                .required()
                .max(4_000),
        )
}

/// How material the failure counts as, what was weighed, by whom and why.
pub(super) fn materiality_parts(
    w: Words,
    papers: &Papers,
    finding: &CriterionFinding,
    stated: &Stated,
) -> Vec<Html> {
    let mut parts = vec![heading(&w.t("criterion-materiality"))];
    let counts = if finding.material { "criterion-is-material" } else { "criterion-not-material" };
    parts.push(paragraph(&w.t(counts)));
    if !finding.materiality.is_empty() {
        parts.push(sentences(&finding.materiality));
    }
    let said = papers.matters.criteria.iter().find(|c| c.id == finding.id);
    if let Some(said) = said.filter(|said| said.material.is_some()) {
        let reason = said.material_reason.as_deref().unwrap_or_default();
        let judged = match (said.material, said.pervasive) {
            (Some(false), _) => "criterion-material-no",
            (_, true) => "criterion-material-pervasive",
            _ => "criterion-material-yes",
        };
        let mut pairs = vec![
            (w.t("criterion-judged"), Html::text(&w.t(judged))),
            (w.t("examination-reason"), Html::text(reason)),
        ];
        pairs.extend(signed(w, stated, stated.by.materiality.as_ref()));
        if let Some(second) = papers.materiality_second(said) {
            let at = w.moment_utc(second.signed_at);
            let by = w.t2("criterion-by", "who", stated.names.of(&second.signer), "at", at);
            pairs.push((w.t("examination-second-signer"), Html::text(&by)));
            pairs.push((w.t("criterion-second-why"), Html::text(&second.remark)));
        }
        parts.push(facts(&pairs));
    }
    let plan = href(papers.engagement.id, "/plan");
    let planned = match &stated.planned {
        Some(planned) => {
            Html::text(&w.t1("criterion-planned", "conclusion", planned.text.conclusion.clone()))
        }
        None => Html::text(&w.t("criterion-planned-none")),
    };
    let link = Html::link(&plan, w.t("criterion-planned-link"));
    parts.push(Html::trusted(format!("<p>{planned} {link}</p>")));
    parts
}

/// Whether the judgement that a failure is not material waits for a second signature.
pub(super) fn awaits_second(papers: &Papers, criterion: CriterionId) -> bool {
    papers.materiality_open().iter().any(|id| id.to_string() == criterion.to_string())
}

/// The form with which a second person signs that a failure is not material.
pub(super) fn second_form(cx: &Cx, papers: &Papers, criterion: CriterionId) -> Form {
    let w = cx.w;
    let to = href(papers.engagement.id, &format!("/criteria/{criterion}/materiality/second"));
    Form::post(w, to, &cx.shell().csrf, w.t("examination-sign-second"))
        .apart("materiality-second")
        .key(super::fresh_key(cx))
        .version(u64::try_from(papers.matters_version).unwrap_or_default())
        .field(
            Field::new(w, "reason", w.t("examination-second-reason"), Kind::Area(2))
                .required()
                .max(4_000),
        )
}

/// The form that judges how material the failure is. Its factors are those of the plan.
pub(super) fn materiality_form(
    cx: &Cx,
    papers: &Papers,
    criterion: CriterionId,
    stated: &Stated,
) -> Form {
    let shell = cx.shell();
    let w = shell.w;
    let action = href(papers.engagement.id, &format!("/criteria/{criterion}/materiality"));
    let said = entry(papers, criterion);
    let note = |of: Factor| {
        let planned = stated.planned.iter().flat_map(|p| &p.text.factors);
        planned.filter(|f| f.factor == of).map(|f| f.note.clone()).next().unwrap_or_default()
    };
    let factors =
        Factor::ALL.iter().map(|f| Choice::new(f.word(), factor(w, *f)).hint(note(*f))).collect();
    let weighed = Factor::ALL
        .iter()
        .filter(|f| said.is_some_and(|s| s.materiality_factors.contains(&f.weighed())))
        .map(|f| f.word());
    let answers = ["yes", "pervasive", "no"]
        .map(|answer| Choice::new(answer, w.t(&format!("criterion-material-{answer}"))));
    let mut judged =
        Field::new(w, "material", w.t("criterion-judged"), Kind::Radio(answers.to_vec()))
            .hint(w.t("criterion-material-rule"))
            .required();
    judged = match said.map(|s| (s.material, s.pervasive)) {
        Some((Some(false), _)) => judged.value("no"),
        Some((Some(true), true)) => judged.value("pervasive"),
        Some((Some(true), false)) => judged.value("yes"),
        _ => judged,
    };
    Form::post(w, action, &shell.csrf, w.t("criterion-judge"))
        .apart("materiality")
        .key(super::fresh_key(cx))
        .version(u64::try_from(papers.matters_version).unwrap_or_default())
        .field(
            Field::new(w, "factors", w.t("criterion-factors"), Kind::Boxes(factors))
                .values(weighed),
        )
        .field(judged)
        .field(
            Field::new(w, "reason", w.t("examination-reason"), Kind::Area(2))
                .value(said.and_then(|s| s.material_reason.clone()).unwrap_or_default())
                .required()
                .max(4_000),
        )
}

/// `POST /examination/{engagement}/criteria/{criterion}/compensation`.
///
/// # Errors
/// Nothing is there for who may not conclude on criteria of the file.
pub async fn propose_compensation(
    cx: Cx,
    Path((engagement, criterion)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, names) = papers(&cx, engagement).await?;
    cx.may::<ConcludeCriterion>()?;
    let criterion = known(&papers, &criterion)?;
    let stated = stated(&cx, &papers, criterion).await?;
    let mut forms = forms(&cx, &papers, criterion, &stated);
    let form = &mut forms.compensation;
    form.fill(&pairs.0);
    form.check();
    let codes = form.typed("controls").split([',', ' ']).map(str::trim);
    let input = CompensationInput {
        criterion,
        controls: codes.filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        accepted: form.typed("accepted") == "yes",
        reason: form.typed("reason").to_owned(),
    };
    let seen = version(form);
    let sent =
        submit::<ConcludeCriterion, _, _>(&cx, &pairs, engagement, form, move |tx, env, permit| {
            service::propose_compensation(tx, env, permit, seen, &input)
        })
        .await?;
    if sent {
        let to = href(engagement, &format!("/criteria/{criterion}"));
        return done(&cx, &to, "criterion-saved").await;
    }
    cx.page_again(&criterion_page(&cx, &papers, (&names, &stated), criterion, forms))
}

/// `POST /examination/{engagement}/criteria/{criterion}/materiality`.
///
/// # Errors
/// Forbidden for who may read the file and not conclude on criteria; nothing is there for anybody else.
pub async fn judge_materiality(
    cx: Cx,
    Path((engagement, criterion)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, names) = papers(&cx, engagement).await?;
    cx.may::<ConcludeCriterion>()?;
    let criterion = known(&papers, &criterion)?;
    let stated = stated(&cx, &papers, criterion).await?;
    let mut forms = forms(&cx, &papers, criterion, &stated);
    let form = &mut forms.materiality;
    form.fill(&pairs.0);
    form.check();
    let chosen = form.ticked("factors");
    let factors = Factor::ALL.iter().filter(|f| chosen.iter().any(|c| c == f.word()));
    let input = MaterialityInput {
        criterion,
        material: form.typed("material") != "no",
        pervasive: form.typed("material") == "pervasive",
        factors: factors.map(|f| f.weighed()).collect(),
        reason: form.typed("reason").to_owned(),
    };
    let (seen, waits) = (version(form), !input.material);
    let sent =
        submit::<ConcludeCriterion, _, _>(&cx, &pairs, engagement, form, move |tx, env, permit| {
            service::judge_materiality(tx, env, permit, seen, &input)
        })
        .await?;
    if sent {
        let to = href(engagement, &format!("/criteria/{criterion}"));
        let key = if waits { "criterion-judged-awaits" } else { "criterion-judged-saved" };
        return done(&cx, &to, key).await;
    }
    cx.page_again(&criterion_page(&cx, &papers, (&names, &stated), criterion, forms))
}

/// `POST /examination/{engagement}/criteria/{criterion}/materiality/second`: a second person signs that the
/// failure is not material.
///
/// # Errors
/// Forbidden for who may read the file and not sign; nothing is there for anybody else.
pub async fn second_materiality(
    cx: Cx,
    Path((engagement, criterion)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, names) = papers(&cx, engagement).await?;
    cx.may::<SecondConclusion>()?;
    let criterion = known(&papers, &criterion)?;
    let stated = stated(&cx, &papers, criterion).await?;
    let mut forms = forms(&cx, &papers, criterion, &stated);
    let form = &mut forms.second;
    form.fill(&pairs.0);
    form.check();
    let (seen, remark) = (version(form), form.typed("reason").to_owned());
    let sent =
        submit::<SecondConclusion, _, _>(&cx, &pairs, engagement, form, move |tx, env, permit| {
            service::second_materiality(tx, env, permit, seen, criterion, &remark)
        })
        .await?;
    if sent {
        let to = href(engagement, &format!("/criteria/{criterion}"));
        return done(&cx, &to, "criterion-second-saved").await;
    }
    cx.page_again(&criterion_page(&cx, &papers, (&names, &stated), criterion, forms))
}
