//! The people, the plans and the papers that the tests of the firm's file share.

pub(crate) use controls::model::{ControlId, ControlText};
pub(crate) use controls::permits::ManageControls;
pub(crate) use examination::model::{
    About, Attribute, CensusBody, CensusRow, DeviationBody, DeviationSource, Disposition, Matters,
    Particulars, PopulationBody, PopulationJudgement, PopulationUse, RowOutcome, SelectionMethod,
    Standing, TestId, TestPlan, Verdict,
};
pub(crate) use examination::permits::{
    ACTIONS, ConcludeControl, ConcludeCriterion, ConcludeOpinion, KeepPopulations, PerformTests,
    PlanTests, ReadFile, ReadPopulationHash, ReviewWork, SecondConclusion,
};
pub(crate) use examination::rules::control::{DesignState, OperationState};
pub(crate) use examination::rules::deviation::{Nature, Procedure, TestBasis};
pub(crate) use examination::rules::facts::{Opinion, Status};
pub(crate) use examination::rules::item::{AttributeFacts, AttributeResult, ItemFacts, ItemState};
pub(crate) use examination::service::{
    CensusInput, ConclusionInput, DeviationInput, ItemInput, SampleInput, conclude, draw_sample,
    effective_seed, judge_population, judge_rows, plan_test, record_census, record_deviation,
    record_item, record_population, review_items, second, state_matters, update_deviation,
};
pub(crate) use examination::store::{self, Papers};
pub(crate) use kernel::env::Env;
pub(crate) use kernel::ids::{EngagementId, PartyId, PersonId};
pub(crate) use kernel::party::{Actor, Role, Roles, Side, Via};
pub(crate) use kernel::period::Period;
pub(crate) use kernel::permit::{Action, Facts, Permit, authorize};
pub(crate) use kernel::refusal::Refusal;
pub(crate) use kernel::time::Timestamp;
pub(crate) use platform::blobs::BlobRef;
pub(crate) use platform::db::{Error, Result};
pub(crate) use platform::journal::{Expected, Room};
pub(crate) use platform::testing::{TestDb, env, on_both};
pub(crate) use scope::catalogue::{
    Category, ControlType, CriterionId, Frequency, Nature as ControlNature,
};
pub(crate) use scope::model::ReportType;
pub(crate) use scope::permits::{JoinFirm, ManageEngagement};
pub(crate) use scope::service::EngagementInput;
pub(crate) use sha2::{Digest, Sha256};
pub(crate) use std::collections::BTreeMap;
pub(crate) use std::sync::Mutex;

pub(crate) const ROOMS: [Room; 14] = [
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    evidence::ROOM,
    evidence::collectors::ROOM,
    examination::ROOM,
    examination::ipe::ROOM,
    examination::supplied::ROOM,
    examination::sheets::ROOM,
    examination::firm::ROOM,
    examination::planning::ROOM,
    examination::deviations::ROOM,
    examination::completion::ROOM,
];

pub(crate) fn party(n: u128) -> PartyId {
    PartyId::new(Timestamp(0), n)
}
pub(crate) const ORGANISATION: u128 = 1;
pub(crate) const FIRM: u128 = 2;

pub(crate) fn actor(side: Side, party: PartyId, person: u128, role: Role) -> Actor {
    Actor {
        person: Some(PersonId::new(Timestamp(0), person)),
        party: Some(party),
        side,
        roles: Roles::NONE.with(role),
        via: Via::Session,
    }
}
pub(crate) fn lead() -> Actor {
    actor(Side::ServiceOrganisation, party(ORGANISATION), 10, Role::ComplianceLead)
}
pub(crate) fn firm(person: u128, role: Role) -> Actor {
    actor(Side::Firm, party(FIRM), person, role)
}
pub(crate) fn manager() -> Actor {
    firm(20, Role::Manager)
}
pub(crate) fn partner() -> Actor {
    firm(21, Role::Partner)
}
pub(crate) fn staff() -> Actor {
    firm(22, Role::Staff)
}

/// A deployment with one engagement and two controls, and a clock that moves with every command.
pub(crate) struct World<'a> {
    pub(crate) t: &'a TestDb,
    pub(crate) env: Mutex<Env>,
    pub(crate) engagement: EngagementId,
    pub(crate) facts: Facts,
    pub(crate) leavers: ControlId,
    pub(crate) changes: ControlId,
}

pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}
pub(crate) fn state_refusal<T: std::fmt::Debug>(result: Result<T>) -> String {
    match refused(result) {
        Refusal::State(text) => text,
        other => panic!("a refusal of the state was expected, not {other:?}"),
    }
}

pub(crate) fn control_text(code: &str, criterion: &str) -> ControlText {
    ControlText {
        code: code.into(),
        statement: "Access of leavers ends within one day.".into(),
        frequency: Frequency::PerEvent,
        owner_role: "Head of IT".into(),
        owner: None,
        control_type: ControlType::Preventive,
        nature: ControlNature::Manual,
        criteria: vec![criterion.parse().unwrap()],
        requirements: Vec::new(),
    }
}

/// Where the shared evidence of these tests gets its id from: it is known before it is supplied.
fn evidence_env() -> Env {
    Env::new(env().now(), [3; 32])
}

/// The evidence that results name.
pub(crate) fn evidence_id() -> evidence::model::EvidenceId {
    evidence_env().id()
}

/// Supplies it, for this engagement.
fn supplied(tx: &mut platform::db::Tx<'_>, engagement: EngagementId) -> Result<()> {
    let facts = scope::facts(tx, engagement)?;
    let permit = authorize::<evidence::permits::SupplyEvidence>(&lead(), &facts)?;
    let at = evidence_env().now();
    let input = evidence::service::EvidenceInput {
        name: "W-1 termination.png".into(),
        blob: BlobRef { sha256: digest("picture"), bytes: 7 },
        media_type: "image/png".into(),
        speaks_for: evidence::model::SpeaksFor { from: at, to: at },
        source: "Screenshot of the directory, 2 January".into(),
        extracted_at: at,
        controls: Vec::new(),
    };
    let id = evidence::service::supply(tx, &mut evidence_env(), &permit, &input)?;
    assert_eq!(id, evidence_id());
    Ok(())
}

impl<'a> World<'a> {
    pub(crate) fn new(t: &'a TestDb) -> Self {
        Self::of_type(t, ReportType::Type2)
    }

    pub(crate) fn of_type(t: &'a TestDb, report_type: ReportType) -> Self {
        let mut e = env();
        let owner = Facts::of(party(ORGANISATION));
        let manage = authorize::<ManageEngagement>(&lead(), &owner).unwrap();
        let start = if report_type == ReportType::Type1 { "2025-12-31" } else { "2025-01-01" };
        let input = EngagementInput {
            name: "2025".into(),
            system_name: "Ledgerly".into(),
            report_type,
            period: Period::parse(start, "2025-12-31", "Europe/London").unwrap(),
            categories: vec![Category::Security],
        };
        let mut e2 = e.clone();
        let (engagement, leavers, changes) =
            t.db.write_blocking(move |tx| {
                let e = &mut e2;
                let setup =
                    authorize(&Actor::system(party(FIRM), "setup"), &Facts::of(party(FIRM)))?;
                identity::service::register_party(tx, e, &setup, Side::Firm, "Hale & Brook LLP")?;
                let id = scope::service::open_engagement(tx, e, &manage, &input)?;
                let join = authorize::<JoinFirm>(&lead(), &scope::facts(tx, id)?)?;
                scope::service::join_firm(tx, e, &join, party(FIRM))?;
                let keep = authorize::<ManageControls>(&lead(), &owner)?;
                let one = controls::service::state_control(
                    tx,
                    e,
                    &keep,
                    None,
                    &control_text("IAM-05", "CC6.2"),
                )?;
                supplied(tx, id)?;
                let two = controls::service::state_control(
                    tx,
                    e,
                    &keep,
                    None,
                    &control_text("CHG-01", "CC8.1"),
                )?;
                crate::staffed::staffed(tx, e, id, &[manager(), partner(), staff()])?;
                Ok((id, one, two))
            })
            .unwrap();
        // Other randomness than the set-up had, a second later.
        e = Env::new(e.now().plus_seconds(1), [9; 32]);
        let facts = Facts::engagement(engagement, party(ORGANISATION), Some(party(FIRM)), false);
        Self { t, env: Mutex::new(e), engagement, facts, leavers, changes }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.env.lock().unwrap().now()
    }

    pub(crate) fn run<A: Action, T: Send + 'static>(
        &self,
        who: &Actor,
        f: impl Fn(&mut platform::db::Tx<'_>, &mut Env, &Permit<A>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = authorize::<A>(who, &self.facts)?;
        let mut env = self.env.lock().unwrap();
        let now = env.now().plus_seconds(1);
        env.set_now(now);
        let _: [u8; 32] = env.bytes();
        let mut used = Env::new(now, env.bytes());
        drop(env);
        self.t.db.write_blocking(move |tx| f(tx, &mut used, &permit))
    }

    pub(crate) fn papers(&self) -> Papers {
        let id = self.engagement;
        self.t.db.read_blocking(move |conn| Papers::load(conn, id)).unwrap()
    }

    pub(crate) fn plan(&self, control: ControlId, code: &str, basis: TestBasis) -> TestId {
        let plan = test_plan(control, code, basis);
        self.run::<PlanTests, _>(&manager(), move |tx, e, p| plan_test(tx, e, p, None, &plan))
            .unwrap()
    }

    pub(crate) fn freeze(&self, name: &str, rows: u64) -> examination::model::PopulationId {
        let body = population(name, rows, self.now());
        let id = self
            .run::<KeepPopulations, _>(&staff(), move |tx, e, p| record_population(tx, e, p, &body))
            .unwrap();
        let yes =
            PopulationJudgement { accepted: true, reason: "Totals agree with the source.".into() };
        self.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            evaluated(tx, e, p, id, rows)?;
            judge_population(tx, e, p, id, 1, &yes)
        })
        .unwrap();
        id
    }

    pub(crate) fn census(
        &self,
        test: TestId,
        population: examination::model::PopulationId,
        input: [u64; 4],
    ) -> Result<examination::model::CensusId> {
        let input = census_input(test, population, input);
        self.run::<PerformTests, _>(&staff(), move |tx, e, p| record_census(tx, e, p, &input))
    }

    pub(crate) fn conclude_control(
        &self,
        control: ControlId,
        operation: OperationState,
        proof: Option<&str>,
    ) -> Result<Standing> {
        let input = ConclusionInput {
            about: About::Control { control },
            verdict: Verdict::Control { design: DesignState::Suitable, operation: Some(operation) },
            reason: "The tests show it.".into(),
            proof: proof.map(str::to_owned),
        };
        self.run::<ConcludeControl, _>(&manager(), move |tx, e, p| {
            conclude(tx, e, p, Expected::Any, &input)
        })
    }
}

pub(crate) fn test_plan(control: ControlId, code: &str, basis: TestBasis) -> TestPlan {
    TestPlan {
        control,
        code: code.into(),
        procedure: Procedure::Inspection,
        basis,
        evidence: "termination records and directory logs".into(),
        items: "terminated workers".into(),
        attributes: vec![
            Attribute { letter: "A".into(), text: "access ended within one day".into() },
            Attribute { letter: "B".into(), text: "the request was approved".into() },
        ],
        confidence: None,
        tolerable: None,
        observation_dates: None,
    }
}

pub(crate) fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

pub(crate) fn population(name: &str, rows: u64, frozen_at: Timestamp) -> PopulationBody {
    PopulationBody {
        name: name.into(),
        controls: Vec::new(),
        rows,
        canonical_sha256: digest(name),
        schema_sha256: digest("schema"),
        meaning: None,
        key: vec!["id".into()],
        columns: serde_json::json!([{ "name": "id" }]),
        checks: checks(),
        source: "HR system, all leavers of the period".into(),
        speaks_for: Vec::new(),
        rows_blob: BlobRef { sha256: digest("rows"), bytes: 10 },
        record_blob: BlobRef { sha256: digest("record"), bytes: 10 },
        frozen_at,
        coverage: Some(coverage()),
        origin: Some(examination::supplied::model::Origin::Organisation),
    }
}

/// All of 2025, or its last day.
pub(crate) fn coverage() -> examination::supplied::model::Coverage {
    examination::supplied::model::Coverage {
        kind: populations::schema::Kind::Events,
        zone: "Europe/London".into(),
        from: "2025-01-01".parse().unwrap(),
        to: "2025-12-31".parse().unwrap(),
    }
}

/// The checks as a freeze leaves them: those of the file are answered, those of people are not.
pub(crate) fn checks() -> serde_json::Value {
    let outcome = |n: u8| {
        if matches!(n, 1 | 2 | 3 | 8 | 9 | 10 | 12 | 13) { "not-applicable" } else { "pass" }
    };
    let check = |n: u8| serde_json::json!({ "number": n, "id": format!("check_{n}"), "outcome": outcome(n), "detail": "Looked at." });
    (0..14).map(check).collect()
}

/// How a list was made, while somebody of the firm watched.
pub(crate) fn retrieval(made_at: Timestamp) -> examination::ipe::model::Retrieval {
    examination::ipe::model::Retrieval {
        system: "HR system".into(),
        generator: examination::ipe::model::Generator::Script,
        query: "select * from workers where end_date between '2025-01-01' and '2025-12-31'".into(),
        parameters: "Europe/London".into(),
        made_by: "Mei Tanaka".into(),
        made_at,
        output_sha256: Some(digest("output")),
        observed: true,
        operates_control: true,
        collector: None,
    }
}

/// Does every check that people do, and reconciles with a second source; the zero of an empty list is
/// proven.
pub(crate) fn evaluated(
    tx: &mut platform::db::Tx<'_>,
    e: &mut Env,
    p: &Permit<KeepPopulations>,
    id: examination::model::PopulationId,
    rows: u64,
) -> Result<()> {
    use examination::ipe::model::{CheckAnswer, Outcome, Reconciliation, ZeroProof};
    use examination::ipe::service as ipe;
    ipe::record_retrieval(tx, e, p, id, &retrieval(e.now()))?;
    let source = "the payroll".into();
    let counts = Reconciliation {
        source,
        opening: rows,
        additions: 0,
        removals: 0,
        returns: 0,
        lists: Vec::new(),
    };
    ipe::reconcile(tx, e, p, id, &counts)?;
    for check in [1, 2, 8, 9] {
        let answer = CheckAnswer {
            outcome: Outcome::Pass,
            detail: "Looked at.".into(),
            evidence: Vec::new(),
        };
        ipe::answer_check(tx, e, p, id, check, &answer)?;
    }
    if rows == 0 {
        let proof = ZeroProof { how: "The payroll has no end.".into(), evidence: Vec::new() };
        ipe::prove_zero(tx, e, p, id, &proof)?;
    }
    Ok(())
}

/// pass, exceptions, unmatched, excluded
pub(crate) fn census_input(
    test: TestId,
    population: examination::model::PopulationId,
    [pass, exceptions, unmatched, excluded]: [u64; 4],
) -> CensusInput {
    let row = |outcome, n: u64| CensusRow {
        key: format!("{outcome:?}-{n}"),
        outcome,
        detail: "closed after 30 hours".into(),
    };
    CensusInput {
        body: CensusBody {
            test,
            procedure: "leavers".into(),
            procedure_sha256: digest("test"),
            procedure_blob: None,
            parameters: BTreeMap::from([("hours".to_owned(), "24".to_owned())]),
            populations: vec![PopulationUse {
                population,
                alias: "leavers".into(),
                canonical_sha256: digest("Leavers"),
            }],
            population: pass + exceptions + unmatched + excluded,
            pass,
            exceptions,
            unmatched,
            excluded,
            result_sha256: digest("all rows"),
            result_blob: BlobRef { sha256: digest("result"), bytes: 10 },
            rows_blob: BlobRef { sha256: digest("rows"), bytes: 10 },
        },
        rows: (0..exceptions)
            .map(|n| row(RowOutcome::Exception, n))
            .chain((0..unmatched).map(|n| row(RowOutcome::Unmatched, n)))
            .collect(),
    }
}

pub(crate) fn deviation_body(nature: Nature) -> DeviationBody {
    DeviationBody {
        facts: "Access stayed open for 30 hours.".into(),
        attribute: Some("A".into()),
        from: Some("2025-03-01".into()),
        to: Some("2025-03-02".into()),
        cause: "The ticket was forgotten.".into(),
        nature,
        undisclosed: false,
        mitigating: String::new(),
        client_statement: "We agree.".into(),
        correction: String::new(),
        more: Particulars::default(),
    }
}

pub(crate) fn sample_input(
    test: TestId,
    population: examination::model::PopulationId,
    drawn: Timestamp,
    size: usize,
) -> SampleInput {
    SampleInput {
        test,
        population: Some(population),
        method: SelectionMethod::Random,
        strata_column: None,
        size,
        seed: "demo-seed-1".into(),
        seed_drawn_at: drawn,
        named: Vec::new(),
        reason: String::new(),
        notes: examination::model::SelectionNotes::default(),
    }
}

/// Ranks the ids of a population as the rule of selection says.
pub(crate) fn ranked(seed: &str, ids: &[String], size: usize) -> Vec<String> {
    let mut all: Vec<(Vec<u8>, &String)> = ids
        .iter()
        .map(|id| {
            (
                Sha256::new()
                    .chain_update(seed)
                    .chain_update([0x1f])
                    .chain_update(id)
                    .finalize()
                    .to_vec(),
                id,
            )
        })
        .collect();
    all.sort();
    all.into_iter().take(size).map(|(_, id)| id.clone()).collect()
}

pub(crate) fn result(item: &str, a: AttributeResult, b: AttributeResult) -> ItemInput {
    let attribute = |letter: &str, result| AttributeFacts {
        attribute: letter.into(),
        result,
        accepted_alternative: None,
    };
    ItemInput {
        facts: ItemFacts {
            id: item.into(),
            state: ItemState::Tested,
            attributes: vec![attribute("A", a), attribute("B", b)],
            replacement: None,
        },
        evidence: vec![evidence_id()],
        note: String::new(),
    }
}
