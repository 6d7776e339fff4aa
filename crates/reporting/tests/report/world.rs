//! A deployment with one engagement, from its registers to the issued report.

use controls::model::ControlText;
use controls::permits::ManageControls;
use examination::completion::model::{ProcedureBody, ProcedureKind};
use examination::completion::permits::{
    PerformCompletion, ReviewCompletion, SignPartner, SignPrepared, SignQuality,
};
use examination::completion::service::{self as completion, Signs};
use examination::model::{
    About, Attribute, CensusBody, Matters, PopulationBody, PopulationJudgement, PopulationUse,
    TestPlan, Verdict,
};
use examination::permits::{
    ConcludeControl, ConcludeCriterion, ConcludeOpinion, KeepPopulations, PerformTests, PlanTests,
};
use examination::planning::model::{Factor, RiskText, Topic, Understood, Weighed};
use examination::planning::permits::Plan;
use examination::planning::service as planning;
use examination::planning::store::risk_subjects;
use examination::promises::model::{self as promises, Agrees};
use examination::promises::permits::{ConcludeCommitment, EvaluateCommitments};
use examination::promises::rules::findings;
use examination::promises::service as keeping;
use examination::rules::control::{DesignState, OperationState};
use examination::rules::deviation::{Procedure, TestBasis};
use examination::rules::facts::Answer::Yes;
use examination::rules::facts::Given;
use examination::rules::frequency::Risk;
use examination::service::{CensusInput, ConclusionInput};
use examination::store::Papers;
use examination::supplied::model::{Coverage, Kind, Origin};
use kernel::env::Env;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::party::{Actor, Role, Side, Via};
use kernel::period::{Date, Period};
use kernel::permit::{Action, Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::blobs::{Blobs, LocalStore};
use platform::db::{Error, Result, Tx};
use platform::journal::{Expected, Room};
use platform::testing::{TestDb, env};
use reporting::model::{AssertionBody, Letter, Representation, Terms};
use reporting::permits::{
    ExportPackage, IssueReport, PrepareReport, SignAssertion, WriteDescription,
};
use reporting::{assemble, package, press_room, service};
use scope::catalogue::{Category, ControlType, CriterionId, Frequency, Nature};
use scope::model::{ComponentKind, EngagementState, ReportType};
use scope::permits::{DescribeSystem, JoinFirm, ManageEngagement, MoveEngagement};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

pub const ROOMS: [Room; 20] = [
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    cases::ROOM,
    cases::disclosures::ROOM,
    evidence::ROOM,
    evidence::collectors::ROOM,
    examination::ROOM,
    examination::ipe::ROOM,
    examination::supplied::ROOM,
    examination::sheets::ROOM,
    examination::firm::ROOM,
    examination::planning::ROOM,
    examination::inquiries::ROOM,
    examination::mechanisms::ROOM,
    examination::promises::ROOM,
    examination::completion::ROOM,
    examination::deviations::ROOM,
    reporting::ROOM,
];

pub fn actor(side: Side, party: PartyId, person: u128, roles: &[Role]) -> Actor {
    Actor {
        person: Some(PersonId::new(Timestamp(0), person)),
        party: Some(party),
        side,
        roles: roles.iter().copied().collect(),
        via: Via::Session,
    }
}

pub fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

/// Concludes with the partner's signature.
macro_rules! conclude {
    ($world:expr, $action:ty, $about:expr, $verdict:expr) => {{
        let input = ConclusionInput {
            about: $about,
            verdict: $verdict,
            reason: "The tests show it.".into(),
            proof: None,
        };
        $world
            .run::<$action, _>(&$world.partner(), move |tx, e, p| {
                examination::service::conclude(tx, e, p, Expected::Any, &input)
            })
            .unwrap();
    }};
}

/// A deployment with one engagement, a clock that moves with every command, and a vault.
pub struct World<'a> {
    pub t: &'a TestDb,
    pub blobs: Blobs,
    pub env: Mutex<Env>,
    pub organisation: PartyId,
    pub firm: PartyId,
    pub owner: PersonId,
    pub engagement: EngagementId,
}

impl<'a> World<'a> {
    pub fn new(t: &'a TestDb) -> Self {
        let mut e = env();
        let (organisation, firm, owner, engagement) =
            t.db.write_blocking(move |tx| {
                let e = &mut e;
                let mut register = |side, name| {
                    let party: PartyId = e.id();
                    let machine = authorize::<identity::permits::RegisterParty>(
                        &Actor::system(party, "setup"),
                        &Facts::of(party),
                    )?;
                    identity::service::register_party(tx, e, &machine, side, name)
                };
                let organisation = register(Side::ServiceOrganisation, "Ledgerly Ltd")?;
                let firm = register(Side::Firm, "Hale & Brook LLP")?;
                let lead =
                    actor(Side::ServiceOrganisation, organisation, 10, &[Role::ComplianceLead]);
                let manage = authorize::<ManageEngagement>(&lead, &Facts::of(organisation))?;
                let input = scope::service::EngagementInput {
                    name: "2025".into(),
                    system_name: "Ledgerly Payroll".into(),
                    report_type: ReportType::Type2,
                    period: Period::parse("2025-01-01", "2025-12-31", "Europe/London").unwrap(),
                    categories: vec![Category::Security],
                };
                let id = scope::service::open_engagement(tx, e, &manage, &input)?;
                // Another engagement, of which nothing may be told.
                let other =
                    scope::service::EngagementInput { name: "2026".into(), ..input.clone() };
                scope::service::open_engagement(tx, e, &manage, &other)?;
                let join = authorize::<JoinFirm>(&lead, &scope::facts(tx, id)?)?;
                scope::service::join_firm(tx, e, &join, firm)?;
                let owner = identity::service::add_person_directly(
                    tx,
                    e,
                    organisation,
                    "olu@ledgerly.example",
                    "Olu Owner",
                    &[Role::ControlOwner],
                )?;
                let signers = [
                    actor(Side::Firm, firm, 20, &[Role::Manager]),
                    actor(Side::Firm, firm, 21, &[Role::Partner]),
                ];
                crate::staffed::staffed(tx, e, id, &signers)?;
                Ok((organisation, firm, owner, id))
            })
            .unwrap();
        let blobs = Blobs::new(LocalStore::open(&t.folder.path().join("blobs")).unwrap());
        // Other randomness than the set-up had, a second later.
        let env = Mutex::new(Env::new(env().now().plus_seconds(1), [9; 32]));
        Self { t, blobs, env, organisation, firm, owner, engagement }
    }

    pub fn lead(&self) -> Actor {
        actor(Side::ServiceOrganisation, self.organisation, 10, &[Role::ComplianceLead])
    }
    pub fn sponsor(&self) -> Actor {
        actor(Side::ServiceOrganisation, self.organisation, 11, &[Role::ExecutiveSponsor])
    }
    pub fn manager(&self) -> Actor {
        actor(Side::Firm, self.firm, 20, &[Role::Manager])
    }
    pub fn partner(&self) -> Actor {
        actor(Side::Firm, self.firm, 21, &[Role::Partner])
    }
    pub fn facts(&self) -> Facts {
        let id = self.engagement;
        self.t.db.read_blocking(|c| scope::facts(c, id)).unwrap()
    }

    pub fn next(&self) -> Env {
        let mut env = self.env.lock().unwrap();
        let now = env.now().plus_seconds(1);
        env.set_now(now);
        Env::new(now, env.bytes())
    }

    pub fn run<A: Action, T: Send + 'static>(
        &self,
        who: &Actor,
        f: impl Fn(&mut Tx<'_>, &mut Env, &Permit<A>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = authorize::<A>(who, &self.facts())?;
        let mut used = self.next();
        let done = self.t.db.write_blocking(move |tx| f(tx, &mut used, &permit));
        self.t.sequence();
        done
    }

    /// Registers that a complete description rests on.
    pub fn registers(&self) {
        let criteria: Vec<CriterionId> =
            CriterionId::all().filter(|c| c.category() == Category::Security).collect();
        let owner = Some(self.owner);
        for (n, kind) in ComponentKind::ALL.into_iter().enumerate() {
            self.run::<DescribeSystem, _>(&self.lead(), move |tx, e, p| {
                let input = scope::service::ComponentInput {
                    kind,
                    name: format!("Component {n}"),
                    purpose: "Keeps the ledgers.".into(),
                    owner,
                    location: "London".into(),
                };
                scope::service::describe_component(tx, e, p, &input)
            })
            .unwrap();
        }
        let required = self
            .run::<commitments::permits::ManageCommitments, _>(&self.lead(), |tx, e, p| {
                let input = commitments::service::CommitmentInput {
                    code: "SC-01".into(),
                    category: Category::Security,
                    statement: "Access to customer data is limited to those who need it.".into(),
                    principal: true,
                    sources: vec![commitments::model::Source {
                        kind: "contract".into(),
                        reference: "Terms, section 4".into(),
                    }],
                    owner: None,
                };
                let commitment = commitments::service::state_commitment(tx, e, p, None, &input)?;
                let input = commitments::service::RequirementInput {
                    code: "SR-01".into(),
                    kind: commitments::model::RequirementKind::Process,
                    statement: "Access ends within one day of leaving.".into(),
                    commitments: vec![commitment],
                    criteria: vec!["CC6.2".parse().unwrap()],
                };
                commitments::service::state_requirement(tx, e, p, None, &input)
            })
            .unwrap();
        self.run::<ManageControls, _>(&self.lead(), move |tx, e, p| {
            let text = ControlText {
                code: "IAM-05".into(),
                statement: "The IT team ends the access of leavers within one day.".into(),
                frequency: Frequency::PerEvent,
                owner_role: "Head of IT".into(),
                owner: None,
                control_type: ControlType::Preventive,
                nature: Nature::Manual,
                criteria: criteria.clone(),
                requirements: vec![required],
            };
            controls::service::state_control(tx, e, p, None, &text)
        })
        .unwrap();
    }

    pub fn describe(&self) {
        let sections = reporting::cli::sections_of(
            r#"
            [DC1]
            text = "Ledgerly runs payrolls for employers."
            entries = ["Payroll | calculates and files payrolls | employers"]
            [DC2]
            text = "The commitments are part of every contract."
            [DC3]
            text = "The system is the payroll service and what it runs on."
            [DC4]
            text = "No incident had to be disclosed; every incident of the period was reviewed against the commitments."
            [DC5]
            text = "Management meets each quarter and reviews risks."
            [DC9]
            text = "There were no significant changes; the change register of the period was reviewed."
            "#,
        )
        .unwrap();
        for (criterion, body) in sections {
            self.run::<WriteDescription, _>(&self.lead(), move |tx, e, p| {
                service::write_section(tx, e, p, criterion, Expected::Any, &body)
            })
            .unwrap();
        }
    }

    pub fn sign_assertion(&self) -> Result<()> {
        let id = self.engagement;
        self.run::<SignAssertion, _>(&self.sponsor(), move |tx, e, p| {
            let body = AssertionBody {
                text: assemble::proposed_assertion(tx, id)?,
                signer: "Ada Lovelace".into(),
                position: "Chief executive officer".into(),
                date: date(2026, 1, 1),
            };
            service::sign_assertion(tx, e, p, &body)
        })
    }

    pub fn state_terms(&self, date: Date) -> Result<()> {
        self.run::<PrepareReport, _>(&self.manager(), move |tx, e, p| {
            let terms = Terms {
                city: "Columbus".into(),
                state: "Ohio".into(),
                report_date: Some(date),
                ..Terms::default()
            };
            service::state_terms(tx, e, p, Expected::Any, &terms)
        })
    }

    pub fn receive_letter(&self, date: Date) -> Result<()> {
        self.run::<PrepareReport, _>(&self.manager(), move |tx, e, p| {
            let letter = Letter {
                text: "We confirm what we have represented.".into(),
                signer: "Ada Lovelace".into(),
                date,
                given: Representation::ALL.iter().copied().collect(),
                reservations: String::new(),
            };
            service::receive_letter(tx, e, p, &letter)
        })
    }

    /// The firm tests the control over its whole population and concludes.
    pub fn examine(&self) {
        let blob = |text: &str| self.blobs.put_bytes(text.as_bytes()).unwrap();
        let (rows, record, result) = (blob("rows"), blob("record"), blob("result"));
        let owner = self.organisation;
        let found = self.t.db.read_blocking(|c| controls::store::by_code(c, owner, "IAM-05"));
        let control = found.unwrap().unwrap().id;
        let hash = hex::encode(Sha256::digest("leavers"));
        let body = PopulationBody {
            name: "Leavers".into(),
            controls: vec![control],
            rows: 41,
            canonical_sha256: hash.clone(),
            schema_sha256: hex::encode(Sha256::digest("schema")),
            meaning: None,
            key: vec!["id".into()],
            columns: serde_json::json!([{ "name": "id" }]),
            checks: checks(),
            source: "HR system".into(),
            speaks_for: Vec::new(),
            rows_blob: rows,
            record_blob: record,
            frozen_at: env().now(),
            coverage: Some(coverage()),
            origin: Some(Origin::Organisation),
        };
        let population = self
            .run::<KeepPopulations, _>(&self.manager(), move |tx, e, p| {
                examination::service::record_population(tx, e, p, &body)
            })
            .unwrap();
        self.run::<KeepPopulations, _>(&self.manager(), move |tx, e, p| {
            evaluated(tx, e, p, population, 41)?;
            let yes = PopulationJudgement { accepted: true, reason: "Totals agree.".into() };
            examination::service::judge_population(tx, e, p, population, 1, &yes)
        })
        .unwrap();
        let test = self
            .run::<PlanTests, _>(&self.manager(), move |tx, e, p| {
                let plan = TestPlan {
                    control,
                    code: "T-IAM-05-1".into(),
                    procedure: Procedure::Inspection,
                    basis: TestBasis::Census,
                    evidence: "termination records and directory logs".into(),
                    items: "terminated workers".into(),
                    attributes: vec![Attribute {
                        letter: "A".into(),
                        text: "access ended within one day".into(),
                    }],
                    confidence: None,
                    tolerable: None,
                    observation_dates: None,
                };
                examination::service::plan_test(tx, e, p, None, &plan)
            })
            .unwrap();
        let input = CensusInput {
            body: CensusBody {
                test,
                procedure: "leavers".into(),
                procedure_sha256: hex::encode(Sha256::digest("test")),
                procedure_blob: None,
                parameters: BTreeMap::new(),
                populations: vec![PopulationUse {
                    population,
                    alias: "leavers".into(),
                    canonical_sha256: hash,
                }],
                population: 41,
                pass: 41,
                exceptions: 0,
                unmatched: 0,
                excluded: 0,
                result_sha256: hex::encode(Sha256::digest("rows of the result")),
                result_blob: result.clone(),
                rows_blob: result,
            },
            rows: Vec::new(),
        };
        self.run::<PerformTests, _>(&self.manager(), move |tx, e, p| {
            examination::service::record_census(tx, e, p, &input)
        })
        .unwrap();
        let verdict = Verdict::Control {
            design: DesignState::Suitable,
            operation: Some(OperationState::Effective),
        };
        conclude!(self, ConcludeControl, About::Control { control }, verdict);
        self.run::<ConcludeCriterion, _>(&self.partner(), |tx, e, p| {
            let mut matters = Matters::default();
            matters.management.assertion = Some(Given::Given);
            matters.management.representation_letter = Some(Given::Given);
            examination::service::state_matters(tx, e, p, 0, &matters, "Both were received.")
        })
        .unwrap();
    }

    /// What the firm writes down before it tests: the system, where it could go wrong, what is material.
    pub fn plan(&self) {
        let id = self.engagement;
        self.run::<Plan, _>(&self.manager(), move |tx, e, p| {
            let parts =
                [Understood { topic: Topic::Services, text: "Payroll for employers.".into() }];
            planning::state_understanding(tx, e, p, Expected::New, &parts)?;
            let engagement = scope::store::engagement(tx, id)?.unwrap();
            let all = risk_subjects(&engagement).into_iter().collect();
            let (inherent, control) = (Risk::Normal, Risk::Normal);
            let text =
                RiskText { inherent, control, basis: "Usual; one test of the control.".into() };
            planning::assess_risks(tx, e, p, &all, &text)?;
            let note = "Weeks around a pay run weigh more.".into();
            let factors = [Weighed { factor: Factor::Duration, note }];
            planning::consider_materiality(tx, e, p, Expected::New, (&factors, "Pay that is late."))
        })
        .unwrap();
    }

    /// The firm reads each commitment, judges what the checks find, and concludes that it was kept.
    pub fn conclude_commitments(&self) {
        let id = self.engagement;
        let papers = || self.t.db.read_blocking(|c| Papers::load(c, id)).unwrap();
        for commitment in papers().commitments.iter().map(|c| c.id) {
            self.run::<EvaluateCommitments, _>(&self.manager(), move |tx, e, p| {
                let (read, evidence) = ("The terms.".into(), vec!["Terms, section 4".into()]);
                let agrees = Agrees::Yes;
                let body = promises::Understood { commitment, version: 0, agrees, read, evidence };
                keeping::understand(tx, e, p, 0, &body)?;
                let found = findings(&Papers::load(tx, id)?);
                for one in found.iter().filter(|f| f.commitment == Some(commitment)) {
                    let judged = (promises::Judged::Stands, "Of no weight here.");
                    keeping::judge(tx, e, p, (&one.key(), 0), judged)?;
                }
                Ok(())
            })
            .unwrap();
            self.run::<ConcludeCommitment, _>(&self.manager(), move |tx, e, p| {
                let shown = ["Comparison of all leavers".to_owned()];
                keeping::conclude(tx, e, p, 0, (commitment, Yes, "Every leaver in time.", &shown))
            })
            .unwrap();
        }
    }

    pub fn conclude_opinion(&self) {
        let id = self.engagement;
        let results = || self.t.db.read_blocking(|c| examination::store::results(c, id)).unwrap();
        for line in results().criteria.into_iter().filter(|line| line.conclusion.is_none()) {
            let about = About::Criterion { criterion: line.criterion };
            conclude!(self, ConcludeCriterion, about, line.proposed.unwrap());
        }
        let found = results();
        let verdict = Verdict::Opinion { opinion: found.proposal.unwrap().headline };
        conclude!(self, ConcludeOpinion, About::Opinion, verdict);
    }

    pub fn draft(&self) -> Result<(service::Built, platform::blobs::BlobRef, Vec<u8>)> {
        let (who, id) = (self.manager(), self.engagement);
        press_room::draft(&self.t.db, &self.t.journal, &self.blobs, self.next(), move |c| {
            Ok(authorize::<PrepareReport>(&who, &scope::facts(c, id)?)?)
        })
    }

    pub fn issue(&self, who: Actor) -> Result<(reporting::model::Issued, Vec<u8>)> {
        let id = self.engagement;
        press_room::issue(&self.t.db, &self.t.journal, &self.blobs, &self.next(), move |c| {
            Ok(authorize::<IssueReport>(&who, &scope::facts(c, id)?)?)
        })
    }

    pub fn vkey(&self) -> String {
        self.t.journal.vkey(self.firm).unwrap()
    }

    pub fn export(&self, name: &str) -> PathBuf {
        let path = self.t.folder.path().join(name);
        let file = std::fs::File::create(&path).unwrap();
        let permit = authorize::<ExportPackage>(&self.partner(), &self.facts()).unwrap();
        self.t
            .db
            .read_blocking(|c| package::export(c, &self.t.journal, &self.blobs, &permit, file))
            .unwrap();
        path
    }

    /// Procedures up to the report's date, each performed and reviewed, and the three signatures.
    pub fn complete(&self) {
        for kind in ProcedureKind::REQUIRED {
            let id = self
                .run::<PerformCompletion, _>(&self.manager(), move |tx, e, p| {
                    let body = ProcedureBody {
                        kind,
                        control: None,
                        performed_on: date(2026, 1, 1),
                        covers_to: date(2026, 1, 1),
                        source: "Ruth, chief executive".into(),
                        result: "Nothing was found.".into(),
                        matter: None,
                        evidence: Vec::new(),
                    };
                    completion::perform(tx, e, p, None, &body)
                })
                .unwrap();
            self.run::<ReviewCompletion, _>(&self.partner(), move |tx, e, p| {
                completion::review(tx, e, p, id)
            })
            .unwrap();
        }
        self.sign().unwrap();
    }

    /// Plans one more test of the control.
    pub fn examine_more(&self) {
        let id = self.engagement;
        self.run::<PlanTests, _>(&self.manager(), move |tx, e, p| {
            let papers = examination::store::Papers::load(tx, id)?;
            let plan = TestPlan { code: "T-IAM-05-9".into(), ..papers.tests[0].plan.clone() };
            examination::service::plan_test(tx, e, p, None, &plan)
        })
        .unwrap();
    }

    pub fn quality(&self) -> Actor {
        actor(Side::Firm, self.firm, 22, &[Role::QualityReviewer])
    }

    /// The three signatures on the file, in their order.
    pub fn sign(&self) -> Result<()> {
        fn one<A: Signs>(tx: &mut Tx<'_>, e: &mut Env, p: &Permit<A>) -> Result<()> {
            let id = p.facts().engagement.unwrap();
            let outside = service::outside(tx, id)?;
            completion::sign(tx, e, p, "The file is complete.", &outside)
        }
        self.run::<SignPrepared, _>(&self.manager(), one)?;
        self.run::<SignQuality, _>(&self.quality(), one)?;
        self.run::<SignPartner, _>(&self.partner(), one)
    }

    /// Everything up to the moment of issue.
    pub fn ready(t: &'a TestDb) -> Self {
        Self::ready_with(t, Self::examine)
    }

    /// The same, with an examination of one's own.
    pub fn ready_with(t: &'a TestDb, examine: impl FnOnce(&Self)) -> Self {
        let world = Self::new(t);
        world.registers();
        world.describe();
        world.plan();
        examine(&world);
        world.conclude_commitments();
        world.state_terms(date(2026, 1, 1)).unwrap();
        world.sign_assertion().unwrap();
        world.receive_letter(date(2026, 1, 1)).unwrap();
        world.conclude_opinion();
        world.complete();
        world
            .run::<MoveEngagement, _>(&world.partner(), |tx, e, p| {
                scope::service::move_on(tx, e, p, EngagementState::Fieldwork)
            })
            .unwrap();
        world
    }
}

pub fn date(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn coverage() -> Coverage {
    Coverage {
        kind: Kind::Events,
        zone: "Europe/London".into(),
        from: "2025-01-01".parse().unwrap(),
        to: "2025-12-31".parse().unwrap(),
    }
}

/// The checks as a freeze leaves them: those of the file are answered, those of people are not.
fn checks() -> serde_json::Value {
    let by_people = |n: u8| matches!(n, 1 | 2 | 3 | 8 | 9 | 10 | 12 | 13);
    let outcome = |n| if by_people(n) { "not-applicable" } else { "pass" };
    let check = |n: u8| serde_json::json!({ "number": n, "id": format!("check_{n}"), "outcome": outcome(n), "detail": "Looked at." });
    (0..14).map(check).collect()
}

/// Does every check that people do, and reconciles with a second source.
pub fn evaluated(
    tx: &mut Tx<'_>,
    e: &mut Env,
    p: &Permit<KeepPopulations>,
    population: examination::model::PopulationId,
    rows: u64,
) -> Result<()> {
    use examination::ipe::model::{CheckAnswer, Generator, Outcome, Reconciliation, Retrieval};
    use examination::ipe::service as ipe;
    let made = Retrieval {
        system: "HR system".into(),
        generator: Generator::Export,
        query: "All leavers of 2025, no filter".into(),
        parameters: String::new(),
        made_by: "Mei Tanaka".into(),
        made_at: e.now(),
        output_sha256: None,
        observed: true,
        operates_control: false,
        collector: None,
    };
    ipe::record_retrieval(tx, e, p, population, &made)?;
    let source = "the payroll".into();
    let counts = Reconciliation {
        source,
        opening: rows,
        additions: 0,
        removals: 0,
        returns: 0,
        lists: Vec::new(),
    };
    ipe::reconcile(tx, e, p, population, &counts)?;
    for check in [1, 2, 8, 9] {
        let detail = "Five of five.".into();
        let answer = CheckAnswer { outcome: Outcome::Pass, detail, evidence: Vec::new() };
        ipe::answer_check(tx, e, p, population, check, &answer)?;
    }
    Ok(())
}
