//! From the record to the issued report and the package, on both databases; and every change is seen.

use controls::model::ControlText;
use controls::permits::ManageControls;
use examination::model::{
    About, Attribute, CensusBody, Matters, PopulationBody, PopulationJudgement, PopulationUse,
    TestPlan, Verdict,
};
use examination::permits::{
    ConcludeControl, ConcludeCriterion, ConcludeOpinion, KeepPopulations, PerformTests, PlanTests,
};
use examination::rules::control::{DesignState, OperationState};
use examination::rules::deviation::{Procedure, TestBasis};
use examination::rules::facts::{Given, Opinion};
use examination::service::{CensusInput, ConclusionInput};
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
use platform::testing::{TestDb, env, on_both};
use reporting::model::{AssertionBody, Letter, Terms};
use reporting::package::verify_package;
use reporting::permits::{
    ACTIONS, ExportPackage, IssueReport, PrepareReport, ReadDraft, ReadReport, SignAssertion,
    WriteDescription,
};
use reporting::verify_report::verify_report;
use reporting::{assemble, package, press_room, service, store};
use scope::catalogue::{Category, ControlType, CriterionId, Frequency, Nature};
use scope::model::{ComponentKind, EngagementState, ReportType};
use scope::permits::{DescribeSystem, JoinFirm, ManageEngagement, MoveEngagement};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

const ROOMS: [Room; 7] = [
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    evidence::ROOM,
    examination::ROOM,
    reporting::ROOM,
];

fn actor(side: Side, party: PartyId, person: u128, roles: &[Role]) -> Actor {
    Actor {
        person: Some(PersonId::new(Timestamp(0), person)),
        party: Some(party),
        side,
        roles: roles.iter().copied().collect(),
        via: Via::Session,
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
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
struct World<'a> {
    t: &'a TestDb,
    blobs: Blobs,
    env: Mutex<Env>,
    organisation: PartyId,
    firm: PartyId,
    engagement: EngagementId,
}

impl<'a> World<'a> {
    fn new(t: &'a TestDb) -> Self {
        let mut e = env();
        let (organisation, firm, engagement) =
            t.db.write_blocking(move |tx| {
                let e = &mut e;
                let machine = PartyId::new(Timestamp(0), 99);
                let machine = authorize::<identity::permits::RegisterParty>(
                    &Actor::system(machine, "setup"),
                    &Facts::of(machine),
                )?;
                let mut register =
                    |side, name| identity::service::register_party(tx, e, &machine, side, name);
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
                Ok((organisation, firm, id))
            })
            .unwrap();
        let blobs = Blobs::new(LocalStore::open(&t.folder.path().join("blobs")).unwrap());
        // Other randomness than the set-up had, a second later.
        let env = Mutex::new(Env::new(env().now().plus_seconds(1), [9; 32]));
        Self { t, blobs, env, organisation, firm, engagement }
    }

    fn lead(&self) -> Actor {
        actor(Side::ServiceOrganisation, self.organisation, 10, &[Role::ComplianceLead])
    }
    fn sponsor(&self) -> Actor {
        actor(Side::ServiceOrganisation, self.organisation, 11, &[Role::ExecutiveSponsor])
    }
    fn manager(&self) -> Actor {
        actor(Side::Firm, self.firm, 20, &[Role::Manager])
    }
    fn partner(&self) -> Actor {
        actor(Side::Firm, self.firm, 21, &[Role::Partner])
    }
    fn facts(&self) -> Facts {
        let id = self.engagement;
        self.t.db.read_blocking(|c| scope::facts(c, id)).unwrap()
    }

    fn next(&self) -> Env {
        let mut env = self.env.lock().unwrap();
        let now = env.now().plus_seconds(1);
        env.set_now(now);
        Env::new(now, env.bytes())
    }

    fn run<A: Action, T: Send + 'static>(
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
    fn registers(&self) {
        let criteria: Vec<CriterionId> =
            CriterionId::all().filter(|c| c.category() == Category::Security).collect();
        for (n, kind) in ComponentKind::ALL.into_iter().enumerate() {
            self.run::<DescribeSystem, _>(&self.lead(), move |tx, e, p| {
                let input = scope::service::ComponentInput {
                    kind,
                    name: format!("Component {n}"),
                    purpose: "Keeps the ledgers.".into(),
                    owner: Some(PersonId::new(Timestamp(0), 10)),
                    location: "London".into(),
                };
                scope::service::describe_component(tx, e, p, &input)
            })
            .unwrap();
        }
        self.run::<commitments::permits::ManageCommitments, _>(&self.lead(), |tx, e, p| {
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
                requirements: Vec::new(),
            };
            controls::service::state_control(tx, e, p, None, &text)
        })
        .unwrap();
    }

    fn describe(&self) {
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

    fn sign_assertion(&self) -> Result<()> {
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

    fn state_terms(&self, date: Date) -> Result<()> {
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

    fn receive_letter(&self, date: Date) -> Result<()> {
        self.run::<PrepareReport, _>(&self.manager(), move |tx, e, p| {
            let letter = Letter {
                text: "We confirm what we have represented.".into(),
                signer: "Ada Lovelace".into(),
                date,
            };
            service::receive_letter(tx, e, p, &letter)
        })
    }

    /// The firm tests the control over its whole population and concludes.
    fn examine(&self) {
        let blob = |text: &str| self.blobs.put_bytes(text.as_bytes()).unwrap();
        let (rows, record, result) = (blob("rows"), blob("record"), blob("result"));
        let id = self.engagement;
        let control = self
            .t
            .db
            .read_blocking(|c| controls::store::by_code(c, scope::facts(c, id)?.owner, "IAM-05"))
            .unwrap()
            .unwrap()
            .id;
        let hash = hex::encode(Sha256::digest("leavers"));
        let body = PopulationBody {
            name: "Leavers".into(),
            controls: vec![control],
            rows: 41,
            canonical_sha256: hash.clone(),
            schema_sha256: hex::encode(Sha256::digest("schema")),
            key: vec!["id".into()],
            columns: serde_json::json!([{ "name": "id" }]),
            checks: serde_json::json!([]),
            source: "HR system".into(),
            speaks_for: None,
            rows_blob: rows,
            record_blob: record,
            frozen_at: env().now(),
        };
        let population = self
            .run::<KeepPopulations, _>(&self.manager(), move |tx, e, p| {
                examination::service::record_population(tx, e, p, &body)
            })
            .unwrap();
        self.run::<KeepPopulations, _>(&self.manager(), move |tx, e, p| {
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
                result_blob: result,
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

    fn conclude_opinion(&self) {
        let verdict = Verdict::Opinion { opinion: Opinion::Unmodified };
        conclude!(self, ConcludeOpinion, About::Opinion, verdict);
    }

    fn draft(&self) -> Result<(service::Built, platform::blobs::BlobRef, Vec<u8>)> {
        let (who, id) = (self.manager(), self.engagement);
        press_room::draft(&self.t.db, &self.t.journal, &self.blobs, self.next(), move |c| {
            Ok(authorize::<PrepareReport>(&who, &scope::facts(c, id)?)?)
        })
    }

    fn issue(&self, who: Actor) -> Result<(reporting::model::Issued, Vec<u8>)> {
        let id = self.engagement;
        press_room::issue(&self.t.db, &self.t.journal, &self.blobs, &self.next(), move |c| {
            Ok(authorize::<IssueReport>(&who, &scope::facts(c, id)?)?)
        })
    }

    fn vkey(&self) -> String {
        self.t.journal.vkey(self.firm).unwrap()
    }

    fn export(&self, name: &str) -> PathBuf {
        let path = self.t.folder.path().join(name);
        let file = std::fs::File::create(&path).unwrap();
        let permit = authorize::<ExportPackage>(&self.partner(), &self.facts()).unwrap();
        self.t
            .db
            .read_blocking(|c| package::export(c, &self.t.journal, &self.blobs, &permit, file))
            .unwrap();
        path
    }

    /// Everything up to the moment of issue.
    fn ready(t: &'a TestDb) -> Self {
        let world = Self::new(t);
        world.registers();
        world.describe();
        world.examine();
        world.state_terms(date(2026, 1, 1)).unwrap();
        world.sign_assertion().unwrap();
        world.receive_letter(date(2026, 1, 1)).unwrap();
        world.conclude_opinion();
        world
            .run::<MoveEngagement, _>(&world.partner(), |tx, e, p| {
                scope::service::move_on(tx, e, p, EngagementState::Fieldwork)
            })
            .unwrap();
        world
    }
}

fn date(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

#[test]
fn from_an_empty_record_to_the_issued_report() {
    on_both(&ROOMS, |t| {
        let world = World::new(t);
        let id = world.engagement;
        let open = |w: &World<'_>| -> Vec<&'static str> {
            let all = w.t.db.read_blocking(|c| service::conditions(c, id)).unwrap();
            all.iter().filter(|c| !c.met).map(|c| c.name).collect()
        };
        assert_eq!(open(&world), ["description", "assertion", "date", "letter", "opinion", "lint"]);
        let missing = t.db.read_blocking(|c| service::organisation_conditions(c, id)).unwrap();
        assert!(
            missing[0].missing.contains("DC1") && missing[0].missing.contains("DC5"),
            "{missing:?}"
        );
        world.registers();
        world.describe();
        assert_eq!(open(&world), ["assertion", "date", "letter", "opinion", "lint"]);
        world.examine();
        // A report cannot be dated before the end of what it speaks for, nor a letter otherwise than it.
        assert!(matches!(
            refused(world.state_terms(date(2025, 12, 30))),
            Refusal::Input { field: Some("report_date"), .. }
        ));
        world.state_terms(date(2026, 1, 1)).unwrap();
        assert!(matches!(
            refused(world.receive_letter(date(2026, 1, 2))),
            Refusal::Input { field: Some("date"), .. }
        ));
        world.receive_letter(date(2026, 1, 1)).unwrap();
        // Management signs; nobody else can.
        assert!(matches!(
            authorize::<SignAssertion>(&world.lead(), &world.facts()),
            Err(Refusal::Forbidden(_))
        ));
        assert!(matches!(
            authorize::<SignAssertion>(&world.partner(), &world.facts()),
            Err(Refusal::NotFound)
        ));
        world.sign_assertion().unwrap();
        assert!(
            matches!(refused(world.issue(world.partner())), Refusal::State(why) if why.contains("opinion"))
        );
        world.conclude_opinion();
        let left = t.db.read_blocking(|c| service::conditions(c, id)).unwrap();
        assert!(left.iter().all(|c| c.met), "{left:#?}");
        assert!(matches!(refused(world.issue(world.manager())), Refusal::Forbidden(_)));
        assert_eq!(t.db.read_blocking(|c| store::issued(c, id)).unwrap(), None);
        let (issued, bytes) = world.issue(world.partner()).unwrap();
        assert_eq!(issued.pdf.bytes, bytes.len() as u64);
        assert_eq!(world.blobs.read(&issued.pdf.sha256, 1 << 26).unwrap(), bytes);
        // What was issued stays as it was.
        assert!(matches!(refused(world.sign_assertion()), Refusal::State(_)));
        assert!(matches!(refused(world.issue(world.partner())), Refusal::State(_)));
        let shown = verify_report(&bytes, Some(&world.vkey()));
        assert_eq!(shown.findings, []);
        assert!(shown.pinned && shown.issued);
        assert_eq!(shown.names.unwrap(), ["Ledgerly Ltd", "Ledgerly Payroll", "Hale & Brook LLP"]);
    });
}

#[test]
fn the_same_record_is_the_same_file() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        let (first, blob, bytes) = world.draft().unwrap();
        let (second, again, same) = world.draft().unwrap();
        assert_eq!((first.build.event, &blob), (second.build.event, &again));
        assert!(bytes == same, "two files of one state");
        // Another text is another build.
        world.state_terms(date(2026, 1, 2)).unwrap();
        let (third, other, _) = world.draft().unwrap();
        assert_ne!((first.build.event, &blob), (third.build.event, &other));
        assert_eq!(first.build.report, third.build.report);
        // The figures lead to the entries they come from.
        let data = third.data;
        assert_eq!(data.traces.len(), 1, "{:?}", data.traces);
        assert_eq!((data.traces[0].figure.as_str(), data.traces[0].sha256.len()), ("41", 64));
        let place =
            t.db.read_blocking(|c| {
                let papers = examination::store::Papers::load(c, world.engagement)?;
                let census = papers.censuses.values().next().unwrap().event;
                store::log_place(c, census)
            })
            .unwrap()
            .unwrap();
        assert_eq!(
            (place.index, place.sha256.as_str()),
            (data.traces[0].log_index, data.traces[0].sha256.as_str())
        );
    });
}

#[test]
fn sections_have_versions_and_the_wall_stands() {
    on_both(&ROOMS, |t| {
        let world = World::new(t);
        let id = world.engagement;
        let write = |expected, text: &'static str| {
            world.run::<WriteDescription, _>(&world.lead(), move |tx, e, p| {
                let body = reporting::model::SectionBody { text: text.into(), entries: Vec::new() };
                service::write_section(tx, e, p, "DC3".parse().unwrap(), expected, &body)
            })
        };
        write(Expected::Version(0), "One.").unwrap();
        assert!(matches!(
            refused(write(Expected::Version(0), "Two.")),
            Refusal::Stale { seen: 0, now: 1 }
        ));
        write(Expected::Version(1), "Two.").unwrap();
        let sections = t.db.read_blocking(|c| store::sections(c, id)).unwrap();
        assert_eq!(sections.len(), 9);
        assert_eq!((sections[2].body.text.as_str(), sections[2].version), ("Two.", 2));
        assert_eq!(sections[0].version, 0);
        // Nothing of the firm's exists for the organisation.
        for role in Role::ALL.iter().filter(|r| r.side() == Side::ServiceOrganisation) {
            let who = actor(Side::ServiceOrganisation, world.organisation, 12, &[*role]);
            for refused in [
                authorize::<ReadDraft>(&who, &world.facts()).err(),
                authorize::<PrepareReport>(&who, &world.facts()).err(),
                authorize::<IssueReport>(&who, &world.facts()).err(),
                authorize::<ExportPackage>(&who, &world.facts()).err(),
            ] {
                assert_eq!(refused, Some(Refusal::NotFound));
            }
        }
        assert!(authorize::<ReadReport>(&world.lead(), &world.facts()).is_ok());
        assert_eq!(ACTIONS.len(), 8);
    });
}

/// Changes one byte inside the bytes of `within` of a file.
fn changed(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out[at] ^= 1;
    out
}

#[test]
fn a_changed_report_is_refused_with_the_reason() {
    let t = TestDb::sqlite(&ROOMS);
    let world = World::ready(&t);
    let (_, bytes) = world.issue(world.partner()).unwrap();
    let kinds = |bytes: &[u8], key: Option<&str>| -> Vec<&'static str> {
        verify_report(bytes, key).findings.iter().map(|f| f.kind).collect()
    };
    assert_eq!(kinds(&bytes, None), Vec::<&str>::new());
    assert!(!verify_report(&bytes, None).pinned);
    // Another key than the reader's.
    let other = t.journal.vkey(world.organisation).unwrap();
    assert!(kinds(&bytes, Some(&other)).contains(&"key"));
    // A byte of the comment after the header, and one of the last line.
    assert!(kinds(&changed(&bytes, 11), None).contains(&"pdf"));
    for at in [bytes.len() / 7, bytes.len() / 3, bytes.len() / 2, bytes.len() - 20] {
        assert!(!kinds(&changed(&bytes, at), None).is_empty(), "byte {at} of {}", bytes.len());
    }
    assert!(!kinds(b"%PDF-1.7 nothing", None).is_empty());
    // A file made anew from changed data, with the true proof.
    let file = t.db.read_blocking(|c| {
        let build = store::latest_build(c, world.engagement, world.firm, None)?.unwrap();
        press_room::proof_file(c, &t.journal, &build)
    });
    let proof = serde_json::to_vec_pretty(&file.unwrap()).unwrap();
    let mut data = {
        let (id, build) = (
            world.engagement,
            t.db.read_blocking(|c| store::latest_build(c, world.engagement, world.firm, None))
                .unwrap()
                .unwrap(),
        );
        t.db.read_blocking(|c| assemble::build(c, id, build.report, build.kind)).unwrap()
    };
    let again = press_room::typeset(&data, &proof).unwrap();
    assert!(kinds(&again, None).is_empty());
    data.facts.organization.name = "Other Ltd".into();
    let forged = press_room::typeset(&data, &proof).unwrap();
    assert_eq!(kinds(&forged, None), ["data"]);
}

/// The files of a zip.
fn unzip(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    (0..zip.len())
        .map(|n| {
            let name = zip.name_for_index(n).unwrap().unwrap().into_owned();
            let mut bytes = Vec::new();
            zip.by_index(n).unwrap().read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

fn rezip(path: &Path, files: &[(String, Vec<u8>)]) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in files {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn a_package_verifies_and_every_change_is_seen() {
    on_both(&ROOMS, |t| {
        let world = World::ready(t);
        world.issue(world.partner()).unwrap();
        t.sequence();
        let path = world.export("a.zip");
        let keys = [world.vkey(), t.journal.vkey(world.organisation).unwrap()];
        let found = verify_package(&path, &keys);
        assert_eq!(found.findings, []);
        assert!(found.pinned && found.report, "{found:?}");
        assert_eq!(found.blobs, 3);
        assert!(
            found.disclosed < found.entries,
            "the other engagement is not disclosed: {found:?}"
        );
        assert!(!verify_package(&path, &[]).pinned);
        // The same state gives the same bytes.
        let again = world.export("b.zip");
        assert!(std::fs::read(&path).unwrap() == std::fs::read(&again).unwrap());
        // Another organisation's key is not this log's.
        let files = unzip(&path);
        let kinds = |files: &[(String, Vec<u8>)]| -> Vec<&'static str> {
            let at = t.folder.path().join("changed.zip");
            rezip(&at, files);
            let mut kinds: Vec<_> =
                verify_package(&at, &keys).findings.iter().map(|f| f.kind).collect();
            kinds.dedup();
            kinds
        };
        assert_eq!(kinds(&files), Vec::<&str>::new());
        let edit = |prefix: &str, f: &dyn Fn(&mut Vec<u8>)| {
            let mut files = files.clone();
            let file = files.iter_mut().rfind(|(n, _)| n.starts_with(prefix)).unwrap();
            f(&mut file.1);
            files
        };
        // A changed file.
        assert_eq!(kinds(&edit("blobs/", &|b| b[0] ^= 1)), ["blob"]);
        // A file taken out.
        let fewer: Vec<_> =
            files.iter().filter(|(n, _)| !n.starts_with("blobs/")).cloned().collect();
        assert_eq!(kinds(&fewer), ["blob"]);
        // A changed report.
        let report = kinds(&edit("report.pdf", &|b| b[11] ^= 1));
        assert!(report.contains(&"blob") && report.contains(&"pdf"), "{report:?}");
        // An entry taken away, two exchanged, one hidden that a figure leads to.
        let lines = |f: &dyn Fn(&mut Vec<String>)| {
            let firm = format!("logs/{}", world.firm);
            edit(&firm, &|b| {
                let mut lines: Vec<String> =
                    String::from_utf8(b.clone()).unwrap().lines().map(str::to_owned).collect();
                f(&mut lines);
                *b = lines.iter().map(|l| format!("{l}\n")).collect::<String>().into_bytes();
            })
        };
        assert!(
            kinds(&lines(&|l| {
                l.remove(1);
            }))
            .contains(&"log")
        );
        assert!(kinds(&lines(&|l| l.swap(1, 2))).contains(&"log"));
        // A changed payload, and a changed entry.
        let altered = |member: &'static str| {
            lines(&move |l: &mut Vec<String>| {
                let line = l.iter_mut().find(|l| l.contains("\"payload\"")).unwrap();
                let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
                let text = value[member].as_str().unwrap().to_owned();
                let flipped = if text.as_bytes()[20] == b'A' { "B" } else { "A" };
                value[member] = format!("{}{flipped}{}", &text[..20], &text[21..]).into();
                *line = value.to_string();
            })
        };
        assert_eq!(kinds(&altered("payload")), ["payload"]);
        assert!(kinds(&altered("entry")).contains(&"log"));
        // Something that no package has.
        let mut more = files.clone();
        more.push(("../evil".into(), b"x".to_vec()));
        assert_eq!(kinds(&more), ["file"]);
    });
}
