//! Endpoints for what the auditor states beyond the tests: the stretches of a control that changed, what
//! makes up for a failure under a criterion, and how material the failure is. Each is read and written in
//! the same shape, and written against the version that was read.

use crate::firm::store::facts_for;
use crate::model::TestId;
use crate::permits::{ConcludeCriterion, PlanTests, ReadFile, SecondConclusion};
use crate::rules::compensation::{Fitness, Weighed};
use crate::rules::facts::{CriterionFacts, MaterialityFactor};
use crate::rules::span::Span;
use crate::service::{self, CompensationInput, MaterialityInput};
use crate::spans::model::ControlSpan;
use crate::spans::service::state_spans;
use crate::store::{self, CriterionStated, Papers, StatedBy, stated_by};
use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use controls::model::ControlId;
use kernel::env::Env;
use kernel::ids::EngagementId;
use kernel::permit::{Action, Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::{Result as DbResult, Tx};
use platform::http::{Answer, Cx, Failure, JsonBody, Problem};
use scope::catalogue::CriterionId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

fn known<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::Refused(Refusal::NotFound))
}

/// The file, for who may read it.
async fn papers(cx: &Cx, engagement: EngagementId) -> Result<Papers, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadFile>(actor, &facts_for(conn, actor, engagement, now)?)?;
        Papers::load(conn, engagement)
    })
    .await
}

/// Reads the body as late as this, after it is known that the caller may do what the body asks for: who
/// may not is told the same whatever they send.
fn body<T: DeserializeOwned>(value: Value) -> Result<T, Failure> {
    serde_json::from_value(value)
        .map_err(|e| Failure::Refused(Refusal::input(format!("The JSON cannot be used: {e}."))))
}

async fn write<A, F>(cx: &Cx, engagement: EngagementId, mut f: F) -> Result<(), Failure>
where
    A: Action,
    F: FnMut(&mut Tx<'_>, &mut Env, &Permit<A>) -> DbResult<()> + Send + 'static,
{
    cx.write(move |tx, env, actor| {
        let now = env.now();
        let permit = authorize::<A>(actor, &facts_for(tx, actor, engagement, now)?)?;
        f(tx, env, &permit)
    })
    .await
}

/// Days in which a control was of one kind.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpanJson {
    /// The first day, `2026-01-01`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What the control was.
    pub what: String,
    /// Codes of the tests of this control that speak for these days.
    #[serde(default)]
    pub tests: Vec<String>,
}

/// The stretches of a control.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpansOut {
    /// The control's code.
    pub control: String,
    /// The version of the statement; 0 where nothing is stated.
    pub version: i64,
    /// Every day of the period once, in order; none for a control that stayed the same.
    pub spans: Vec<SpanJson>,
    /// How the change is known.
    pub reason: Option<String>,
}

/// The stretches to state.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpansIn {
    /// The version that was read.
    pub version: i64,
    /// Every day of the period once; none says that it did not change after all.
    pub spans: Vec<SpanJson>,
    /// How the change is known.
    pub reason: String,
}

fn spans_of(papers: &Papers, control: ControlId) -> Result<SpansOut, Failure> {
    let known = papers.control(control).ok_or(Failure::Refused(Refusal::NotFound))?;
    let stated = papers.spans.get(&control);
    let code = |id: &TestId| papers.tests.iter().find(|t| t.id == *id).map(|t| t.plan.code.clone());
    let spans = papers.spans_of(control).iter().map(|span| SpanJson {
        from: span.days.from.to_string(),
        to: span.days.to.to_string(),
        what: span.what.clone(),
        tests: span.tests.iter().filter_map(code).collect(),
    });
    Ok(SpansOut {
        control: known.text.code.clone(),
        version: stated.map_or(0, |s| s.version),
        spans: spans.collect(),
        reason: stated.map(|s| s.reason.clone()),
    })
}

fn span_of(papers: &Papers, control: ControlId, span: &SpanJson) -> Result<ControlSpan, Refusal> {
    let day = |text: &str| {
        kernel::period::parse_date(text).map_err(|e| Refusal::field("spans", e.to_string()))
    };
    let days = Span::new(day(&span.from)?, day(&span.to)?)
        .map_err(|e| Refusal::field("spans", e.to_string()))?;
    let test = |code: &String| {
        let found = papers.tests_of(control).find(|t| t.plan.code == *code);
        found.map(|t| t.id).ok_or_else(|| {
            let code = kernel::refusal::excerpt(code, 60);
            Refusal::field("spans", format!("No test of this control is called {code}."))
        })
    };
    let tests = span.tests.iter().map(test).collect::<Result<Vec<TestId>, Refusal>>()?;
    Ok(ControlSpan { days, what: span.what.clone(), tests })
}

/// `GET /api/v1/examination/{engagement}/controls/{control}/spans` (scope `examination:read`).
///
/// # Errors
/// 401 without session or token; 404 for who may not read the file.
#[utoipa::path(get, path = "/api/v1/examination/{engagement}/controls/{control}/spans", tag = "examination",
    params(("engagement" = String, Path, description = "`eng_…`"), ("control" = String, Path, description = "`ctl_…`")),
    responses((status = 200, body = SpansOut), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn spans(cx: Cx, Path((engagement, control)): Path<(String, String)>) -> Answer {
    let papers = papers(&cx, known(&engagement)?).await?;
    Ok(Json(spans_of(&papers, known(&control)?)?).into_response())
}

/// `POST /api/v1/examination/{engagement}/controls/{control}/spans` (scope `examination:write`): states the
/// stretches of a control that changed in the period. A conclusion that was signed before is void.
///
/// # Errors
/// 401 without session or token; 403 for who may read the file and not plan its tests; 404 for who may not
/// read it; 409 where the stretches were stated anew since; 422 for what cannot be so.
#[utoipa::path(post, path = "/api/v1/examination/{engagement}/controls/{control}/spans", tag = "examination", request_body = SpansIn,
    params(("engagement" = String, Path, description = "`eng_…`"), ("control" = String, Path, description = "`ctl_…`")),
    responses((status = 200, body = SpansOut), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn state(
    cx: Cx,
    Path((engagement, control)): Path<(String, String)>,
    sent: JsonBody<Value>,
) -> Answer {
    let (engagement, control): (EngagementId, ControlId) = (known(&engagement)?, known(&control)?);
    let seen = papers(&cx, engagement).await?;
    spans_of(&seen, control)?;
    cx.may::<PlanTests>()?;
    let input: SpansIn = body(sent.value)?;
    let spans = input.spans.iter().map(|span| span_of(&seen, control, span));
    let spans = spans.collect::<Result<Vec<ControlSpan>, Refusal>>()?;
    write::<PlanTests, _>(&cx, engagement, move |tx, env, permit| {
        state_spans(tx, env, permit, input.version, control, (&spans, &input.reason))
    })
    .await?;
    Ok(Json(spans_of(&papers(&cx, engagement).await?, control)?).into_response())
}

/// Who stated something last, and when.
#[derive(Debug, Serialize, ToSchema)]
pub struct ByOut {
    /// `per_…`, or what acted.
    pub who: String,
    /// RFC 3339.
    pub at: String,
}

fn by_out(by: Option<StatedBy>) -> Option<ByOut> {
    by.map(|by| ByOut { who: by.actor, at: by.at.to_rfc3339() })
}

/// Days, both included.
#[derive(Debug, Serialize, ToSchema)]
pub struct DaysOut {
    /// The first day, `2026-01-01`.
    pub from: String,
    /// The last day.
    pub to: String,
}

impl From<Span> for DaysOut {
    fn from(days: Span) -> Self {
        Self { from: days.from.to_string(), to: days.to.to_string() }
    }
}

/// One control that is, or could be, proposed to make up for a failure.
#[derive(Debug, Serialize, ToSchema)]
pub struct FitnessOut {
    /// Its code.
    pub control: String,
    /// Whether the description holds it.
    pub described: bool,
    /// Whether it is mapped to the criterion.
    pub mapped: bool,
    /// Whether it was tested to a conclusion.
    pub tested: bool,
    /// Whether it was effective over the very days of the failure.
    pub same_days: bool,
    /// The days that it was tested over.
    pub tested_over: Option<DaysOut>,
    /// The days of the failure, which a compensating control has to cover.
    pub failed_over: Option<DaysOut>,
    /// The first condition that fails; null when it is admissible.
    pub why_not: Option<String>,
}

impl From<Fitness> for FitnessOut {
    fn from(fit: Fitness) -> Self {
        Self {
            control: fit.control,
            described: fit.described,
            mapped: fit.mapped,
            tested: fit.tested,
            same_days: fit.same_days,
            tested_over: fit.tested_over.map(DaysOut::from),
            failed_over: fit.failed_over.map(DaysOut::from),
            why_not: fit.why_not.map(str::to_owned),
        }
    }
}

/// One failure under a criterion.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailureOut {
    /// The code of the control that failed.
    pub control: String,
    /// `design`, `operation` or `unable`.
    pub kind: String,
    /// The first day of the failure; null for the whole period.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// What was wrong.
    pub reason: String,
    /// Whether it is made up for.
    pub compensated: bool,
    /// The controls proposed in its place.
    pub offered: Vec<FitnessOut>,
    /// Further controls that could be proposed.
    pub candidates: Vec<FitnessOut>,
}

impl From<Weighed> for FailureOut {
    fn from(failure: Weighed) -> Self {
        let fits = |all: Vec<Fitness>| all.into_iter().map(FitnessOut::from).collect();
        Self {
            control: failure.control,
            kind: failure.kind.word().to_owned(),
            from: failure.span.map(|s| s.from.to_string()),
            to: failure.span.map(|s| s.to.to_string()),
            reason: failure.reason,
            compensated: failure.compensated,
            offered: fits(failure.offered),
            candidates: fits(failure.candidates),
        }
    }
}

/// What failed under a criterion, and what makes up for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompensationOut {
    /// The criterion, such as `CC6.2`.
    pub criterion: String,
    /// The version of the auditor's statements; 0 where nothing is stated.
    pub version: i64,
    /// Codes of the controls that are proposed; empty where none are.
    pub controls: Vec<String>,
    /// Whether the auditor agrees that they give the same outcome.
    pub accepted: bool,
    /// Why.
    pub reason: Option<String>,
    /// Who proposed it.
    pub stated: Option<ByOut>,
    /// What failed, with what the rules make of the proposal.
    pub failures: Vec<FailureOut>,
}

/// What to propose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompensationIn {
    /// The version that was read.
    pub version: i64,
    /// Codes of the controls; none takes the proposal back.
    pub controls: Vec<String>,
    /// Whether you agree that they give the same outcome.
    pub accepted: bool,
    /// Why.
    pub reason: String,
}

/// The file and who stated what of a criterion in scope.
async fn criterion_papers(
    cx: &Cx,
    engagement: EngagementId,
    criterion: CriterionId,
) -> Result<(Papers, CriterionStated), Failure> {
    let papers = papers(cx, engagement).await?;
    if !papers.engagement.criteria().contains(&criterion) {
        return Err(Failure::Refused(Refusal::NotFound));
    }
    let (file, now) = (papers.file, cx.env().now());
    let by = cx
        .read(move |conn, actor| {
            authorize::<ReadFile>(actor, &facts_for(conn, actor, engagement, now)?)?;
            stated_by(conn, file, criterion)
        })
        .await?;
    Ok((papers, by))
}

fn stated(papers: &Papers, criterion: CriterionId) -> Option<&CriterionFacts> {
    papers.matters.criteria.iter().find(|c| c.id.to_string() == criterion.to_string())
}

fn contradicts(fault: crate::rules::item::Fault) -> Failure {
    Failure::Refused(Refusal::state(fault.to_string()))
}

async fn compensation_of(
    cx: &Cx,
    engagement: EngagementId,
    criterion: CriterionId,
) -> Result<CompensationOut, Failure> {
    let (papers, by) = criterion_papers(cx, engagement, criterion).await?;
    let offered = stated(&papers, criterion).and_then(|c| c.compensation.clone());
    let weighed = store::compensations(&papers, criterion).map_err(contradicts)?;
    Ok(CompensationOut {
        criterion: criterion.to_string(),
        version: papers.matters_version,
        accepted: offered.as_ref().is_some_and(|o| o.accepted),
        reason: offered.as_ref().and_then(|o| o.reason.clone()),
        controls: offered.map(|o| o.controls).unwrap_or_default(),
        stated: by_out(by.compensation),
        failures: weighed.into_iter().map(FailureOut::from).collect(),
    })
}

/// `GET /api/v1/examination/{engagement}/criteria/{criterion}/compensation` (scope `examination:read`).
///
/// # Errors
/// 401 without session or token; 404 for who may not read the file and for a criterion out of scope; 409
/// where the record contradicts itself.
#[utoipa::path(get, path = "/api/v1/examination/{engagement}/criteria/{criterion}/compensation", tag = "examination",
    params(("engagement" = String, Path, description = "`eng_…`"), ("criterion" = String, Path, description = "Such as `CC6.2`")),
    responses((status = 200, body = CompensationOut), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn compensation(cx: Cx, Path((engagement, criterion)): Path<(String, String)>) -> Answer {
    let out = compensation_of(&cx, known(&engagement)?, known(&criterion)?).await?;
    Ok(Json(out).into_response())
}

/// `POST /api/v1/examination/{engagement}/criteria/{criterion}/compensation` (scope `examination:write`):
/// proposes controls that make up for those that failed. The rules decide whether each is admissible.
///
/// # Errors
/// 401 without session or token; 403 for who may read the file and not conclude on criteria; 404 for who
/// may not read it; 409 where something was stated since; 422 for what cannot be so.
#[utoipa::path(post, path = "/api/v1/examination/{engagement}/criteria/{criterion}/compensation", tag = "examination", request_body = CompensationIn,
    params(("engagement" = String, Path, description = "`eng_…`"), ("criterion" = String, Path, description = "Such as `CC6.2`")),
    responses((status = 200, body = CompensationOut), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn propose_compensation(
    cx: Cx,
    Path((engagement, criterion)): Path<(String, String)>,
    sent: JsonBody<Value>,
) -> Answer {
    let engagement: EngagementId = known(&engagement)?;
    let criterion: CriterionId = known(&criterion)?;
    criterion_papers(&cx, engagement, criterion).await?;
    cx.may::<ConcludeCriterion>()?;
    let CompensationIn { version, controls, accepted, reason } = body(sent.value)?;
    let input = CompensationInput { criterion, controls, accepted, reason };
    write::<ConcludeCriterion, _>(&cx, engagement, move |tx, env, permit| {
        service::propose_compensation(tx, env, permit, version, &input)
    })
    .await?;
    Ok(Json(compensation_of(&cx, engagement, criterion).await?).into_response())
}

/// How material the failure of a criterion is.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialityOut {
    /// The criterion, such as `CC6.2`.
    pub criterion: String,
    /// The version of the auditor's statements; 0 where nothing is stated.
    pub version: i64,
    /// What the rules propose: `met`, `unknown` or `not_met`.
    pub status: String,
    /// Whether the failure counts as material; false for a criterion that is met.
    pub counts_as_material: bool,
    /// What the auditor judged; null where nobody has.
    pub material: Option<bool>,
    /// Whether it is held to be pervasive by itself.
    pub pervasive: bool,
    /// The factors that were weighed.
    pub factors: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who judged.
    pub stated: Option<ByOut>,
    /// Who signed, as second person, that it is not material.
    pub second: Option<ByOut>,
    /// Whether it counts as material only because nobody has signed as second person yet.
    pub awaits_second: bool,
    /// What the rules make of it, in sentences.
    pub weighed: Vec<String>,
}

/// What to judge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialityIn {
    /// The version that was read.
    pub version: i64,
    /// Whether the failure is material to users of the report. False waits for a second signature.
    pub material: bool,
    /// Whether it is pervasive by itself, whatever the firm's thresholds say.
    #[serde(default)]
    pub pervasive: bool,
    /// At least one of `nature_and_cause`, `duration`, `customer_data_or_outage`, `compensating_controls`,
    /// `intentional`, `prior_period`, `user_reliance`, `known_and_hidden`.
    pub factors: Vec<String>,
    /// Why.
    pub reason: String,
}

/// A second person's signature.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondIn {
    /// The version that was read.
    pub version: i64,
    /// Why you agree.
    pub reason: String,
}

async fn materiality_of(
    cx: &Cx,
    engagement: EngagementId,
    criterion: CriterionId,
) -> Result<MaterialityOut, Failure> {
    let (papers, by) = criterion_papers(cx, engagement, criterion).await?;
    let name = criterion.to_string();
    let found = store::criteria_proposed(&papers).map_err(contradicts)?;
    let found = found.into_iter().find(|f| f.id.to_string() == name);
    let found = found.ok_or(Failure::Refused(Refusal::NotFound))?;
    let said = stated(&papers, criterion);
    let second = said.and_then(|c| papers.materiality_second(c));
    Ok(MaterialityOut {
        version: papers.matters_version,
        status: found.worst().word().to_owned(),
        counts_as_material: found.material,
        material: said.and_then(|c| c.material),
        pervasive: said.is_some_and(|c| c.pervasive),
        factors: said
            .map(|c| c.materiality_factors.iter().map(|f| f.word().to_owned()).collect())
            .unwrap_or_default(),
        reason: said.and_then(|c| c.material_reason.clone()),
        stated: by_out(by.materiality),
        second: second.map(|s| ByOut { who: s.signer.clone(), at: s.signed_at.to_rfc3339() }),
        awaits_second: papers.materiality_open().contains(&found.id),
        weighed: found.materiality,
        criterion: name,
    })
}

/// `GET /api/v1/examination/{engagement}/criteria/{criterion}/materiality` (scope `examination:read`).
///
/// # Errors
/// 401 without session or token; 404 for who may not read the file and for a criterion out of scope; 409
/// where the record contradicts itself.
#[utoipa::path(get, path = "/api/v1/examination/{engagement}/criteria/{criterion}/materiality", tag = "examination",
    params(("engagement" = String, Path, description = "`eng_…`"), ("criterion" = String, Path, description = "Such as `CC6.2`")),
    responses((status = 200, body = MaterialityOut), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn materiality(cx: Cx, Path((engagement, criterion)): Path<(String, String)>) -> Answer {
    let out = materiality_of(&cx, known(&engagement)?, known(&criterion)?).await?;
    Ok(Json(out).into_response())
}

/// `POST /api/v1/examination/{engagement}/criteria/{criterion}/materiality` (scope `examination:write`):
/// judges how material the failure is.
///
/// # Errors
/// 401 without session or token; 403 for who may read the file and not conclude on criteria; 404 for who
/// may not read it; 409 where something was stated since or the criterion is met; 422 for what cannot be so.
#[utoipa::path(post, path = "/api/v1/examination/{engagement}/criteria/{criterion}/materiality", tag = "examination", request_body = MaterialityIn,
    params(("engagement" = String, Path, description = "`eng_…`"), ("criterion" = String, Path, description = "Such as `CC6.2`")),
    responses((status = 200, body = MaterialityOut), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn judge_materiality(
    cx: Cx,
    Path((engagement, criterion)): Path<(String, String)>,
    sent: JsonBody<Value>,
) -> Answer {
    let engagement: EngagementId = known(&engagement)?;
    let criterion: CriterionId = known(&criterion)?;
    criterion_papers(&cx, engagement, criterion).await?;
    cx.may::<ConcludeCriterion>()?;
    let MaterialityIn { version, material, pervasive, factors, reason } = body(sent.value)?;
    let factors = factors
        .iter()
        .map(|text| text.parse().map_err(|e| Refusal::field("factors", format!("{e}"))))
        .collect::<Result<Vec<MaterialityFactor>, Refusal>>()?;
    let input = MaterialityInput { criterion, material, pervasive, factors, reason };
    write::<ConcludeCriterion, _>(&cx, engagement, move |tx, env, permit| {
        service::judge_materiality(tx, env, permit, version, &input).map(drop)
    })
    .await?;
    Ok(Json(materiality_of(&cx, engagement, criterion).await?).into_response())
}

/// `POST /api/v1/examination/{engagement}/criteria/{criterion}/materiality/second` (scope
/// `examination:write`): signs, as second person, that the failure is not material.
///
/// # Errors
/// 401 without session or token; 403 for who may read the file and not sign; 404 for who may not read it;
/// 409 where nothing waits for a signature, for who judged it, and where something was stated since.
#[utoipa::path(post, path = "/api/v1/examination/{engagement}/criteria/{criterion}/materiality/second", tag = "examination", request_body = SecondIn,
    params(("engagement" = String, Path, description = "`eng_…`"), ("criterion" = String, Path, description = "Such as `CC6.2`")),
    responses((status = 200, body = MaterialityOut), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn second_materiality(
    cx: Cx,
    Path((engagement, criterion)): Path<(String, String)>,
    sent: JsonBody<Value>,
) -> Answer {
    let engagement: EngagementId = known(&engagement)?;
    let criterion: CriterionId = known(&criterion)?;
    criterion_papers(&cx, engagement, criterion).await?;
    cx.may::<SecondConclusion>()?;
    let SecondIn { version, reason } = body(sent.value)?;
    write::<SecondConclusion, _>(&cx, engagement, move |tx, env, permit| {
        service::second_materiality(tx, env, permit, version, criterion, &reason)
    })
    .await?;
    Ok(Json(materiality_of(&cx, engagement, criterion).await?).into_response())
}
