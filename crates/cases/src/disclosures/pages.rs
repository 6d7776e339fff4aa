//! `/cases/disclosures`: which incidents of the period the description of the system discloses.

mod forms;

use super::model::{Decision, DecisionState, Draft, Question};
use super::permits::{ApproveDisclosure, PrepareDisclosure, ReadDisclosures};
use super::rules::{self, Proposal};
use super::{service, store};
use crate::model::casework::{Fact, Impact, RootCause};
use crate::model::{Case, CaseId};
use crate::pages::{key_of, severity_word};
use ::scope::model::Engagement;
use ::scope::permits::ReadEngagement;
use axum::extract::Path;
use jiff::tz::TimeZone;
use kernel::ids::PersonId;
use kernel::party::Side;
use kernel::permit::{authorize, scope};
use kernel::refusal::Refusal;
use platform::db::{Conn, Result};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Column, Empty, Flash, Form, Html, NextStep, Note, Page, Row, Status, Table, Tone, facts, fold,
    prose,
};
use platform::words::Words;
use std::collections::BTreeMap;

/// The engagement whose description is spoken of: the one that is chosen, else the newest.
fn engagement(
    conn: &mut Conn<'_>,
    actor: &kernel::party::Actor,
    chosen: Option<kernel::ids::EngagementId>,
) -> Result<Engagement> {
    scope::<ReadDisclosures>(actor)?;
    let all = ::scope::store::engagements(conn, &scope::<ReadEngagement>(actor)?)?;
    let one = all.iter().find(|e| Some(e.id) == chosen).or_else(|| all.first()).cloned();
    let one = one.ok_or_else(|| {
        Refusal::state(
            "There is no engagement yet. Its period says which incidents are asked about.",
        )
    })?;
    authorize::<ReadDisclosures>(actor, &::scope::service::facts_of(&one))?;
    Ok(one)
}

/// What the list shows.
struct Listed {
    engagement: Engagement,
    incidents: Vec<Case>,
    decisions: Vec<Decision>,
    names: BTreeMap<String, String>,
    inside: bool,
}

fn names_of(conn: &mut Conn<'_>, decisions: &[Decision]) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for actor in
        decisions.iter().flat_map(|d| [Some(&d.prepared_by), d.judged_by.as_ref()]).flatten()
    {
        if let Ok(person) = actor.parse::<PersonId>()
            && !names.contains_key(actor)
        {
            names.insert(actor.clone(), identity::store::name_of(conn, person)?);
        }
    }
    Ok(names)
}

async fn listed(cx: &Cx) -> std::result::Result<Listed, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let engagement = engagement(conn, actor, chosen)?;
        let mut incidents = Vec::new();
        for case in service::incidents(conn, &engagement)? {
            // Whom a report concerns does not learn of it here.
            let out = match actor.person {
                Some(person) => crate::store::kept_out(conn, case.id, person)?,
                None => false,
            };
            if !out {
                incidents.push(case);
            }
        }
        let decisions = store::decisions(conn, engagement.id)?;
        Ok(Listed {
            names: names_of(conn, &decisions)?,
            inside: actor.side == Side::ServiceOrganisation,
            engagement,
            incidents,
            decisions,
        })
    })
    .await
}

fn state(w: Words, decision: Option<&Decision>) -> Status {
    match decision.map(|d| (d.state, d.text.disclose)) {
        None => Status::new(Tone::Attention, w.t("disclosures-state-none")),
        Some((DecisionState::Prepared, _)) => {
            Status::new(Tone::Waiting, w.t("disclosures-state-prepared"))
        }
        Some((DecisionState::Returned, _)) => {
            Status::new(Tone::Attention, w.t("disclosures-state-returned"))
        }
        Some((DecisionState::Approved, true)) => {
            Status::new(Tone::Good, w.t("disclosures-state-disclosed"))
        }
        Some((DecisionState::Approved, false)) => {
            Status::new(Tone::Good, w.t("disclosures-state-left-out"))
        }
    }
}

/// What a reader may see of a decision: the firm reads it once it is approved.
fn visible(decision: Option<&Decision>, inside: bool) -> Option<&Decision> {
    decision.filter(|d| inside || d.state == DecisionState::Approved)
}

/// `GET /cases/disclosures`
///
/// # Errors
/// When the reader may not see the decisions.
pub async fn list(cx: Cx) -> Answer {
    let seen = listed(&cx).await?;
    let w = cx.w;
    let of = |id: Option<CaseId>| seen.decisions.iter().find(|d| d.case == id);
    let approved =
        |case: &&Case| of(Some(case.id)).is_some_and(|d| d.state == DecisionState::Approved);
    let done = seen.incidents.iter().filter(approved).count();
    let name = |actor: &str| seen.names.get(actor).cloned().unwrap_or_default();
    let rows = seen.incidents.iter().map(|case| {
        let decision = of(Some(case.id));
        let shown = visible(decision, seen.inside);
        let proposal = shown.map_or_else(String::new, |d| {
            w.t(&format!("disclosures-proposal-{}", rules::proposal(&d.text.answers).word()))
        });
        Row::new(vec![
            Html::id(&case.tracking_number).and(" ").and(Html::text(&case.title)).into(),
            severity_word(w, case.severity).into(),
            w.moment(case.reported_at, &TimeZone::UTC).into(),
            proposal.into(),
            state(w, decision).into(),
            shown.map_or_else(String::new, |d| name(&d.prepared_by)).into(),
            shown.and_then(|d| d.judged_by.as_deref()).map_or_else(String::new, name).into(),
        ])
        .to(format!("/cases/disclosures/{}", case.id))
    });
    let columns =
        ["incident", "severity", "reported", "proposal", "state", "prepared-by", "approved-by"]
            .map(|c| Column::new(w.t(&format!("disclosures-{c}"))))
            .to_vec();
    let query = cx.list_query();
    let table = Table::new(w, "disclosures", w.t("disclosures-title"), columns)
        .rows(rows)
        .exports(&query)
        .empty(Empty::new(w.t("disclosures-none"), w.t("disclosures-none-next")));
    if let Some(file) = cx.file("disclosures", &table) {
        return file;
    }
    let period = of(None);
    let shell = cx
        .shell()
        .title(w.t("disclosures-question"))
        .answer(w.ta(
            "disclosures-answer",
            &[
                ("all", seen.incidents.len().into()),
                ("done", done.into()),
                ("engagement", (&seen.engagement.name).into()),
            ],
        ))
        .at("cases")
        .crumb("/cases", w.t("cases-room"));
    let whole = Html::link("/cases/disclosures/period", w.t("disclosures-period-link"))
        .and(" ")
        .and(state(w, period));
    cx.page(
        &Page::new(shell)
            .part(table)
            .heading(&w.t("disclosures-period"))
            .part(prose(&w.t("disclosures-period-text")))
            .part(whole),
    )
}

/// What the page of one decision shows.
struct One {
    engagement: Engagement,
    /// None for the whole period.
    case: Option<Case>,
    impact: Option<Impact>,
    cause: Option<RootCause>,
    facts: Vec<Fact>,
    /// Commitments that the case touched, by code.
    commitments: Vec<String>,
    decision: Option<Decision>,
    names: BTreeMap<String, String>,
    inside: bool,
}

async fn one(cx: &Cx, of: &str) -> std::result::Result<One, Failure> {
    let chosen = cx.engagement();
    let of: Option<CaseId> = match of {
        "period" => None,
        id => Some(id.parse().map_err(|_| Refusal::NotFound)?),
    };
    cx.read(move |conn, actor| {
        let engagement = engagement(conn, actor, chosen)?;
        let owner = engagement.organisation;
        if let (Some(id), Some(person)) = (of, actor.person)
            && crate::store::kept_out(conn, id, person)?
        {
            return Err(Refusal::NotFound.into());
        }
        let (mut impact, mut cause, mut facts, mut case) = (None, None, Vec::new(), None);
        if let Some(id) = of {
            case = Some(crate::store::case(conn, owner, id)?.ok_or(Refusal::NotFound)?);
            impact = crate::store::impact(conn, owner, id)?;
            cause = crate::store::cause(conn, owner, id)?;
            facts = crate::store::facts(conn, owner, id)?;
        }
        let touched = impact.as_ref().map_or(&[][..], |i| &i.commitments);
        let commitments = commitments::store::commitments(conn, owner)?
            .into_iter()
            .filter(|c| touched.contains(&c.id))
            .map(|c| format!("{}: {}", c.code, c.statement))
            .collect();
        let decision = store::decision(conn, engagement.id, of)?;
        let names = names_of(conn, decision.as_slice())?;
        let inside = actor.side == Side::ServiceOrganisation;
        Ok(One { engagement, case, impact, cause, facts, commitments, decision, names, inside })
    })
    .await
}

/// The text that the case itself suggests.
fn suggested(w: Words, one: &One) -> Draft {
    let Some(case) = &one.case else { return Draft::default() };
    let moment = |at| w.moment(at, &TimeZone::UTC);
    let mut nature = case.title.clone();
    if let Some(cause) = &one.cause {
        nature = format!("{nature}. {}", cause.cause);
    }
    let mut timing =
        vec![w.t1("disclosures-began", "at", moment(case.occurred_at.unwrap_or(case.reported_at)))];
    for fact in one.facts.iter().filter(|f| matches!(f.what.word(), "contained" | "recovered")) {
        let what = w.t(&key_of("casework-fact", fact.what.word()));
        timing.push(w.t2("casework-fact-at", "what", what, "at", moment(fact.at)));
    }
    if let Some(at) = case.resolved_at {
        timing.push(w.t1("disclosures-ended", "at", moment(at)));
    }
    let extent = one.impact.as_ref().map_or_else(String::new, |i| i.extent.clone());
    Draft { nature, timing: timing.join("; "), extent }
}

fn known(w: Words, one: &One) -> Html {
    let Some(case) = &one.case else { return prose(&w.t("disclosures-period-text")) };
    let moment = |at| w.moment(at, &TimeZone::UTC);
    let extent = one.impact.as_ref().map_or_else(Html::empty, |i| prose(&i.extent));
    let cause = one.cause.as_ref().map_or_else(Html::empty, |c| prose(&c.cause));
    facts(vec![
        (
            w.t("disclosures-incident"),
            Html::link(&format!("/cases/{}", case.id), Html::id(&case.tracking_number))
                .and(" ")
                .and(Html::text(&case.title)),
        ),
        (w.t("cases-severity"), severity_word(w, case.severity).into()),
        (w.t("cases-reported"), moment(case.reported_at).into()),
        (w.t("cases-resolved"), case.resolved_at.map(moment).unwrap_or_default().into()),
        (w.t("casework-field-extent"), extent),
        (w.t("casework-field-cause"), cause),
        (w.t("casework-field-commitments"), Html::text(&one.commitments.join("; "))),
    ])
}

fn decided(w: Words, one: &One, decision: &Decision) -> Html {
    let text = &decision.text;
    let name = |actor: &str| one.names.get(actor).cloned().unwrap_or_default();
    let proposal = rules::proposal(&text.answers);
    let answers = text.answers.iter().map(|a| {
        let yes = w.t(if a.yes { "disclosures-yes" } else { "disclosures-no" });
        Row::new(vec![
            w.t(&key_of("disclosures-q", a.question.word())).into(),
            yes.into(),
            (&a.why).into(),
        ])
    });
    let columns = ["question-asked", "answer-given", "reason"]
        .map(|c| Column::new(w.t(&format!("disclosures-{c}"))))
        .to_vec();
    let answers = Table::new(w, "answers", w.t("disclosures-answers"), columns)
        .rows(answers)
        .caption_hidden()
        .cards();
    let mut rows: Vec<(String, Html)> = Vec::new();
    let decision_word =
        w.t(if text.disclose { "disclosures-disclose" } else { "disclosures-leave-out" });
    if one.case.is_some() {
        let word = format!("disclosures-proposal-{}", proposal.word());
        rows.push((w.t("disclosures-proposal"), w.t(&word).into()));
    }
    rows.extend([
        (w.t("disclosures-decision"), Html::text(&decision_word).and(prose(&text.rationale))),
        (w.t("disclosures-nature-short"), prose(&text.draft.nature)),
        (w.t("disclosures-timing-short"), prose(&text.draft.timing)),
        (w.t("disclosures-extent-short"), prose(&text.draft.extent)),
        (w.t("disclosures-state"), state(w, Some(decision)).into()),
        (w.t("disclosures-prepared-by"), name(&decision.prepared_by).into()),
        (
            w.t("disclosures-approved-by"),
            decision.judged_by.as_deref().map(name).unwrap_or_default().into(),
        ),
        (w.t("disclosures-remark"), prose(decision.remark.as_deref().unwrap_or_default())),
    ]);
    let contradicts = (proposal == Proposal::Disclose && !text.disclose)
        || (proposal == Proposal::LeaveOut && text.disclose);
    let warning = if contradicts && one.case.is_some() {
        Note::new(
            Tone::Attention,
            w.t("disclosures-contradicts"),
            w.t("disclosures-contradicts-text"),
        )
        .into()
    } else {
        Html::empty()
    };
    let asked = if one.case.is_some() { Html::from(answers) } else { Html::empty() };
    warning.and(facts(rows)).and(asked)
}

fn page(cx: &Cx, one: &One, filled: Option<(&str, Form)>) -> Page {
    let w = cx.w;
    let title = if one.case.is_some() { "disclosures-one-question" } else { "disclosures-period" };
    let shell = cx
        .shell()
        .title(w.t(title))
        .answer(w.t1("disclosures-one-answer", "engagement", &one.engagement.name))
        .at("cases")
        .crumb("/cases", w.t("cases-room"))
        .crumb("/cases/disclosures", w.t("disclosures-title"));
    let csrf = shell.csrf.clone();
    let decision = visible(one.decision.as_ref(), one.inside);
    let prepares = cx.can::<PrepareDisclosure>();
    let mut page = Page::new(shell);
    let step = match decision.map(|d| d.state) {
        Some(DecisionState::Prepared) => Some(("disclosures-somebody", "disclosures-next-approve")),
        Some(DecisionState::Approved) => None,
        _ => Some(("cases-handlers", "disclosures-next-prepare")),
    };
    if let Some((who, what)) = step.filter(|_| one.inside) {
        page = page.part(NextStep::new(w, w.t(who), w.t(what)));
    }
    page = page.part(known(w, one));
    if let Some(decision) = decision {
        page = page.heading(&w.t("disclosures-decision")).part(decided(w, one, decision));
    } else if !one.inside {
        page = page.part(prose(&w.t("disclosures-not-yet")));
    }
    let mut filled = filled;
    let mine = decision.is_some_and(|d| cx.actor().is_ok_and(|a| a.name() == d.prepared_by));
    if decision.is_some_and(|d| d.state == DecisionState::Prepared)
        && cx.can::<ApproveDisclosure>()
        && (!mine || filled.as_ref().is_some_and(|(at, _)| *at == "judge"))
    {
        let again = filled.take_if(|(at, _)| *at == "judge").map(|(_, form)| form);
        let form = again.unwrap_or_else(|| forms::judge(w, one, &csrf, &cx.form_key()));
        page = page.part(fold(&w.t("disclosures-do-judge"), true, form));
    }
    if prepares {
        let again = filled.take_if(|(at, _)| *at == "prepare").map(|(_, form)| form);
        let open = again.is_some() || decision.is_none();
        let form = again.unwrap_or_else(|| forms::prepare(w, one, &csrf, &cx.form_key()));
        page = page.part(fold(&w.t("disclosures-do-prepare"), open, form));
    }
    page
}

/// `GET /cases/disclosures/{of}`: the decision about a case, or with `period` about the whole period.
///
/// # Errors
/// When there is no such case in the reader's scope.
pub async fn show(cx: Cx, Path(of): Path<String>) -> Answer {
    let one = one(&cx, &of).await?;
    cx.page(&page(&cx, &one, None))
}

/// `POST /cases/disclosures/{of}/prepare`
///
/// # Errors
/// When the form is another session's, there is no such case, or the person may not.
pub async fn prepare(cx: Cx, Path(of): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<PrepareDisclosure>()?;
    let one = one(&cx, &of).await?;
    let csrf = cx.shell().csrf;
    let mut form = forms::prepare(cx.w, &one, &csrf, &cx.form_key());
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match forms::send_prepared(&cx, &one, &form, &pairs).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t("disclosures-prepared"));
                return cx.see_other(&format!("/cases/disclosures/{of}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &one, Some(("prepare", form))))
}

/// `POST /cases/disclosures/{of}/judge`
///
/// # Errors
/// As [`prepare`].
pub async fn judge(cx: Cx, Path(of): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ApproveDisclosure>()?;
    let one = one(&cx, &of).await?;
    let csrf = cx.shell().csrf;
    let mut form = forms::judge(cx.w, &one, &csrf, &cx.form_key());
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match forms::send_judged(&cx, &one, &form, &pairs).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t("disclosures-judged"));
                return cx.see_other(&format!("/cases/disclosures/{of}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &one, Some(("judge", form))))
}

/// The questions in their order.
const QUESTIONS: &[Question] = Question::ALL;
