//! The proposed opinion with its reasons, the conclusion, the second signer.

use super::{
    Names, Page, concluded, done, filled, framed, heading, href, id, onto, page_of, papers,
    second_form, second_offered, sentences, submit, version, void_note, word,
};
use crate::model::{About, Concluded, Standing, Verdict};
use crate::permits::{ConcludeOpinion, SecondConclusion};
use crate::rules::facts::{Given, Opinion};
use crate::rules::opinion::{TAKEN_AS_GIVEN, UNMONITORED};
use crate::service::{self, ConclusionInput, RefusedInput};
use crate::store::{Papers, Results};
use axum::extract::Path;
use kernel::env::Env;
use kernel::permit::{Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{
    Choice, Column, Field, Flash, Form, Html, Kind, Note, Row, Shell, Table, Tone, fold,
};
use platform::words::Words;

fn conclusion_form(shell: &Shell, papers: &Papers, results: &Results) -> Form {
    let w = shell.w;
    let choices =
        Opinion::ALL.iter().map(|o| Choice::new(o.word(), word(w, "opinion", o.word()))).collect();
    let seen = results.opinion.as_ref().map_or(0, |c| c.version);
    // Nothing is chosen beforehand: what the rules propose stands beside the choice.
    let mut field =
        Field::new(w, "opinion", w.t("examination-opinion"), Kind::Radio(choices)).required();
    if let Some(p) = results.proposal.as_ref().filter(|p| p.open.is_empty()) {
        let found = word(w, "opinion", p.headline.word());
        field = field.hint(w.t1("examination-rules-propose", "verdict", found));
    }
    Form::post(
        w,
        href(papers.engagement.id, "/opinion"),
        &shell.csrf,
        w.t("examination-conclude-opinion"),
    )
    .version(u64::try_from(seen).unwrap_or_default())
    .field(field)
    .field(Field::new(w, "reason", w.t("examination-reason"), Kind::Area(4)).required().max(4_000))
}

/// A file that is still worked on: what the rules propose then is no opinion on what was examined.
fn unfinished(w: Words, results: &Results) -> Option<Note> {
    let open = |c: &Option<Concluded>| c.as_ref().is_none_or(|c| c.stands != Standing::Stands);
    let controls = results.controls.iter().filter(|c| open(&c.conclusion)).count();
    let criteria = results.criteria.iter().filter(|c| open(&c.conclusion)).count();
    if controls + criteria == 0 {
        return None;
    }
    let why = w.ta(
        "examination-unfinished-why",
        &[("controls", controls.into()), ("criteria", criteria.into())],
    );
    Some(Note::new(Tone::Waiting, w.t("examination-unfinished"), why))
}

/// The points for the auditor. Whether management's documents are there is not a fact of this room: nothing
/// is taken as given, for the file is not complete before they are there.
fn matters(w: Words, papers: &Papers, found: &[String]) -> Vec<String> {
    let management = &papers.matters.management;
    // Nor is it a fact of this room which control the description names for a subservice organisation.
    let elsewhere = |m: &String| m.ends_with(TAKEN_AS_GIVEN) || m.ends_with(UNMONITORED);
    let mut out: Vec<String> = found.iter().filter(|m| !elsewhere(m)).cloned().collect();
    if found.iter().any(|m| m.ends_with(UNMONITORED)) {
        out.push(w.t("examination-monitoring-at-description"));
    }
    if management.assertion.is_none() || management.representation_letter.is_none() {
        out.push(w.t("examination-documents-at-completion"));
    }
    out
}

/// What management refused; the opinion follows from it.
fn refused_form(shell: &Shell, papers: &Papers) -> Form {
    let w = shell.w;
    let management = &papers.matters.management;
    let refused = |given: Option<Given>| if given == Some(Given::Refused) { "on" } else { "" };
    let area = |name: &str, label: &str| Field::new(w, name, w.t(label), Kind::Area(2)).max(4_000);
    Form::post(
        w,
        href(papers.engagement.id, "/opinion"),
        &shell.csrf,
        w.t("examination-refused-save"),
    )
    .apart("refused")
    .version(u64::try_from(papers.matters_version).unwrap_or_default())
    .hide("do", "refused")
    .field(
        Field::new(w, "assertion", w.t("examination-refused-assertion"), Kind::Box)
            .value(refused(management.assertion)),
    )
    .field(
        Field::new(w, "letter", w.t("examination-refused-letter"), Kind::Box)
            .hint(w.t("examination-refused-letter-hint"))
            .value(refused(management.representation_letter)),
    )
    .field(
        area("amendment", "examination-refused-amendment")
            .hint(w.t("examination-refused-amendment-hint"))
            .value(management.amendment_refused.clone().unwrap_or_default()),
    )
    .field(area("reason", "examination-refused-reason").required())
}

async fn state_refused(cx: Cx, papers: Papers, names: Names, pairs: Pairs) -> Answer {
    let engagement = papers.engagement.id;
    let mut form = refused_form(&cx.shell(), &papers);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let input = RefusedInput {
            assertion: form.typed("assertion") == "on",
            letter: form.typed("letter") == "on",
            amendment: form.typed("amendment").to_owned(),
            reason: form.typed("reason").to_owned(),
        };
        let seen = pairs.get("version").and_then(|v| v.parse().ok()).unwrap_or(0);
        let written = cx
            .write(move |tx, env, actor| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<ConcludeOpinion>(actor, &facts)?;
                service::state_refused(tx, env, &permit, seen, &input)
            })
            .await;
        match written {
            Ok(()) => {
                let to = href(engagement, "/opinion");
                return done(&cx, &to, "examination-refused-saved").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    let results = papers.results();
    let blank = conclusion_form(&cx.shell(), &papers, &results);
    cx.page_again(&opinion_page(&cx, &papers, &names, &results, (blank, Some(form))))
}

fn opinion_page(
    cx: &Cx,
    papers: &Papers,
    names: &Names,
    results: &Results,
    (form, refused): (Form, Option<Form>),
) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let mut parts: Vec<Html> = unfinished(w, results).into_iter().map(Html::from).collect();
    let answer = match &results.proposal {
        Some(p) => {
            let columns =
                ["examination-prong", "examination-opinion", "examination-criteria-not-met"]
                    .map(|k| Column::new(w.t(k)));
            let rows = p.prongs.each().map(|(prong, found)| {
                let criteria: Vec<String> =
                    found.criteria.iter().map(ToString::to_string).collect();
                Row::new(vec![
                    word(w, "prong", prong.word()).into(),
                    word(w, "opinion", found.opinion.word()).into(),
                    criteria.join(", ").into(),
                ])
            });
            parts.push(
                Table::new(w, "prongs", w.t("examination-prongs"), columns.to_vec())
                    .rows(rows)
                    .into(),
            );
            parts.push(heading(&w.t("examination-reasons")));
            parts.push(sentences(&p.reasons));
            let matters = matters(w, papers, &p.matters);
            if !matters.is_empty() {
                parts.push(heading(&w.t("examination-matters")));
                parts.push(sentences(&matters));
            }
            let found = word(w, "opinion", p.headline.word());
            if p.open.is_empty() {
                w.t1("examination-opinion-answer", "opinion", found)
            } else {
                w.t1("examination-opinion-so-far", "opinion", found)
            }
        }
        None => {
            let why = results.no_proposal.clone().unwrap_or_default();
            parts.push(Note::new(Tone::Attention, w.t("examination-no-proposal"), why).into());
            w.t("examination-no-proposal")
        }
    };
    let beyond = href(papers.engagement.id, "/matters");
    parts.push(Html::trusted(format!("<p>{}</p>", Html::link(&beyond, w.t("matters-link")))));
    parts.push(heading(&w.t("examination-conclusion")));
    if let Some(c) = &results.opinion {
        parts.extend(void_note(w, c));
        parts.push(concluded(w, names, c));
        parts.extend(second_offered(cx, papers, c).map(Html::from));
    }
    if cx.can::<ConcludeOpinion>() && !papers.engagement.locked() {
        let blank = refused_form(&shell, papers);
        parts.push(form.into());
        let open = refused.is_some();
        parts.push(fold(&w.t("examination-refused"), open, refused.unwrap_or(blank)));
    }
    let shell =
        framed(shell, papers, "opinion").title(w.t("examination-opinion-title")).answer(answer);
    Page { shell, parts }
}

/// `GET /examination/{engagement}/opinion`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn opinion(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let (papers, names) = papers(&cx, id(&engagement)?).await?;
    let results = papers.results();
    let form = conclusion_form(&cx.shell(), &papers, &results);
    cx.page(&opinion_page(&cx, &papers, &names, &results, (form, None)))
}

/// `POST /examination/{engagement}/opinion`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn conclude_opinion(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, names) = papers(&cx, engagement).await?;
    cx.may::<ConcludeOpinion>()?;
    if pairs.get("do") == Some("refused") {
        return state_refused(cx, papers, names, pairs).await;
    }
    let results = papers.results();
    let mut form = conclusion_form(&cx.shell(), &papers, &results);
    form.fill(&pairs.0);
    form.check();
    if let (true, Ok(opinion)) = (form.ok(), form.typed("opinion").parse::<Opinion>()) {
        let input = ConclusionInput {
            about: About::Opinion,
            verdict: Verdict::Opinion { opinion },
            reason: form.typed("reason").to_owned(),
            proof: None,
        };
        let seen = Expected::Version(version(&form));
        let written = cx
            .write(move |tx, env, actor| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<ConcludeOpinion>(actor, &facts)?;
                service::conclude(tx, env, &permit, seen, &input)
            })
            .await;
        match written {
            Ok(Standing::AwaitsSecond) => {
                return done(&cx, &href(engagement, "/opinion"), "examination-saved-awaits").await;
            }
            Ok(_) => {
                return done(&cx, &href(engagement, "/opinion"), "examination-saved-conclusion")
                    .await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&opinion_page(&cx, &papers, &names, &results, (form, None)))
}

/// `POST /examination/{engagement}/second`: the second signature on any conclusion.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn second(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, names) = papers(&cx, engagement).await?;
    cx.may::<SecondConclusion>()?;
    let about: About = pairs
        .get("about")
        .and_then(|text| serde_json::from_str(text).ok())
        .ok_or(Failure::Refused(Refusal::NotFound))?;
    let standing = papers.conclusion(about).ok_or(Failure::Refused(Refusal::NotFound))?;
    let to = page_of(engagement, about);
    // Somebody else may have signed meanwhile.
    let Some(blank) = second_form(&cx, &papers, &standing) else {
        return cx.see_other(&to, Flash::Info(cx.w.t("examination-second-not-needed"))).await;
    };
    let mut form = filled(blank, &pairs);
    let (seen, reason) = (version(&form), form.typed("reason").to_owned());
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<SecondConclusion>| {
        service::second(tx, env, permit, about, seen, &reason)
    };
    if submit(&cx, &pairs, engagement, &mut form, command).await? {
        return done(&cx, &to, "examination-saved-second").await;
    }
    let w = cx.w;
    let shell = framed(cx.shell(), &papers, "")
        .title(w.t("examination-sign-second"))
        .crumb(to, w.t("examination-conclusion"));
    let parts = vec![concluded(w, &names, &standing), form.into()];
    cx.page_again(&Page { shell, parts })
}
