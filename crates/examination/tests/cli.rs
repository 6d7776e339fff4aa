//! The firm's file from the command line, on both databases.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it stands")]

#[path = "common/checked.rs"]
mod checked;
#[path = "common/natures_cli.rs"]
mod natures_cli;
#[path = "common/staffed.rs"]
mod staffed;
#[path = "common/stated_cli.rs"]
mod stated_cli;

use checked::{SCHEMA, TEST, checked};
use clap::Parser;
use controls::model::ControlText;
use controls::permits::ManageControls;
use examination::cli::examine::ExamineCommand;
use examination::model::{
    CensusBody, CensusRow, PopulationBody, PopulationUse, RowOutcome, TestId,
};
use examination::permits::{KeepPopulations, PerformTests};
use examination::service::{CensusInput, record_census, record_population};
use examination::supplied::model::{Coverage, Origin};
use kernel::env::Env;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::period::Period;
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use platform::blobs::{BlobRef, Blobs, LocalStore};
use platform::cli::{Answer, Context};
use platform::edge::FixedEdge;
use platform::journal::Room;
use platform::testing::{TestDb, env, on_both};
use populations::schema::Kind;
use scope::catalogue::{Category, ControlType, Frequency, Nature};
use scope::model::ReportType;
use scope::permits::{JoinFirm, ManageEngagement};
use scope::service::EngagementInput;
use std::collections::BTreeMap;
use std::sync::Arc;

const ROOMS: [Room; 14] = [
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    evidence::ROOM,
    evidence::collectors::ROOM,
    examination::ROOM,
    examination::firm::ROOM,
    examination::planning::ROOM,
    examination::sheets::ROOM,
    examination::ipe::ROOM,
    examination::supplied::ROOM,
    examination::deviations::ROOM,
    examination::completion::ROOM,
];

#[derive(Debug, Parser)]
struct Line {
    #[command(subcommand)]
    command: ExamineCommand,
}

fn party(n: u128) -> PartyId {
    PartyId::new(Timestamp(0), n)
}

fn lead() -> Actor {
    Actor {
        person: Some(PersonId::new(Timestamp(0), 1)),
        party: Some(party(1)),
        side: Side::ServiceOrganisation,
        roles: Roles::NONE.with(Role::ComplianceLead),
        via: Via::Session,
    }
}

/// Signs for the firm.
const SIGNER: &str = "ada@hale.example";
/// Signs as second person.
const SECOND: &str = "sam@hale.example";

fn set_up(t: &TestDb) -> EngagementId {
    let mut e = env();
    t.db.write_blocking(move |tx| {
        let setup = authorize(&Actor::system(party(2), "setup"), &Facts::of(party(2)))?;
        identity::service::register_party(tx, &mut e, &setup, Side::Firm, "Hale & Brook LLP")?;
        let owner = Facts::of(party(1));
        let manage = authorize::<ManageEngagement>(&lead(), &owner)?;
        let input = EngagementInput {
            name: "2025".into(),
            system_name: "Ledgerly".into(),
            report_type: ReportType::Type2,
            period: Period::parse("2025-01-01", "2025-12-31", "Europe/London").unwrap(),
            categories: vec![Category::Security],
        };
        let id = scope::service::open_engagement(tx, &mut e, &manage, &input)?;
        let join = authorize::<JoinFirm>(&lead(), &scope::facts(tx, id)?)?;
        scope::service::join_firm(tx, &mut e, &join, party(2))?;
        let keep = authorize::<ManageControls>(&lead(), &owner)?;
        let text = ControlText {
            code: "IAM-05".into(),
            statement: "Access of leavers ends within one day.".into(),
            frequency: Frequency::PerEvent,
            owner_role: "Head of IT".into(),
            owner: None,
            control_type: ControlType::Preventive,
            nature: Nature::Manual,
            criteria: vec!["CC6.2".parse().unwrap()],
            requirements: Vec::new(),
        };
        controls::service::state_control(tx, &mut e, &keep, None, &text)?;
        let roles = [Role::Partner, Role::Manager];
        let mut signer = |email: &str, name: &str| -> platform::db::Result<Actor> {
            let at = party(2);
            let person =
                identity::service::add_person_directly(tx, &mut e, at, email, name, &roles)?;
            Ok(Actor {
                person: Some(person),
                party: Some(at),
                side: Side::Firm,
                roles: roles.into_iter().collect(),
                via: Via::CommandLine,
            })
        };
        let people = [signer(SIGNER, "Ada Hale")?, signer(SECOND, "Sam Brook")?];
        staffed::staffed(tx, &mut e, id, &people)?;
        Ok(id)
    })
    .unwrap()
}

struct World {
    cx: Context,
    edge: Arc<FixedEdge>,
    engagement: EngagementId,
}

impl World {
    fn new(t: &TestDb) -> Self {
        let engagement = set_up(t);
        let edge = Arc::new(FixedEdge::new(env().now().plus_seconds(86_400), [4; 32]));
        let cx = Context {
            db: t.db.clone(),
            journal: t.journal.clone(),
            blobs: Arc::new(Blobs::new(LocalStore::open(&t.folder.path().join("blobs")).unwrap())),
            edge: edge.clone(),
            actor: Actor::system(party(2), "command-line"),
        };
        Self { cx, edge, engagement }
    }

    fn run(&self, words: &[&str]) -> Result<Answer, String> {
        self.edge.advance_seconds(1);
        let engagement = self.engagement.to_string();
        let (verb, rest) = words.split_first().unwrap();
        let line = ["tickmark", verb, "--engagement", &engagement];
        let line = line.iter().chain(rest);
        let parsed = Line::try_parse_from(line).map_err(|e| e.to_string())?;
        parsed.command.run(&self.cx).map_err(|e| e.to_string())
    }

    /// A frozen population and a run over it: six pass, one exception, one unmatched.
    fn census(&self, test: TestId) {
        self.edge.advance_seconds(1);
        let mut env: Env = self.cx.env();
        let blob = BlobRef { sha256: "ab".repeat(32), bytes: 1 };
        let (id, now) = (self.engagement, env.now());
        self.cx
            .db
            .write_blocking(move |tx| {
                let facts = scope::facts(tx, id)?;
                let actor = Actor::system(party(2), "command-line");
                let keep = authorize::<KeepPopulations>(&actor, &facts)?;
                let hash = "cd".repeat(32);
                let body = PopulationBody {
                    name: "Leavers".into(),
                    controls: Vec::new(),
                    rows: 8,
                    canonical_sha256: hash.clone(),
                    schema_sha256: hash.clone(),
                    meaning: None,
                    key: vec!["id".into()],
                    columns: serde_json::json!([]),
                    checks: (0..14_u8)
                        .map(|n| {
                            let by_people = matches!(n, 1 | 2 | 3 | 8 | 9 | 10 | 12 | 13);
                            let outcome = if by_people { "not-applicable" } else { "pass" };
                            serde_json::json!({ "number": n, "id": "check", "outcome": outcome, "detail": "Looked at." })
                        })
                        .collect(),
                    source: String::new(),
                    speaks_for: vec!["2025-12-31".into()],
                    rows_blob: blob.clone(),
                    record_blob: blob.clone(),
                    frozen_at: now,
                    coverage: Some(Coverage {
                        kind: Kind::Capture,
                        zone: "UTC".into(),
                        from: "2025-12-31".parse().unwrap(),
                        to: "2025-12-31".parse().unwrap(),
                    }),
                    origin: Some(Origin::Organisation),
                };
                let population = record_population(tx, &mut env, &keep, &body)?;
                let row = |key: &str, outcome| CensusRow {
                    key: key.into(),
                    outcome,
                    detail: String::new(),
                };
                let input = CensusInput {
                    body: CensusBody {
                        test,
                        procedure: "leavers".into(),
                        procedure_sha256: hash.clone(),
                        procedure_blob: None,
                        parameters: BTreeMap::new(),
                        populations: vec![PopulationUse {
                            population,
                            alias: "leavers".into(),
                            canonical_sha256: hash,
                        }],
                        population: 8,
                        pass: 6,
                        exceptions: 1,
                        unmatched: 1,
                        excluded: 0,
                        result_sha256: "ef".repeat(32),
                        result_blob: blob.clone(),
                        rows_blob: blob.clone(),
                    },
                    rows: vec![
                        row("W-7", RowOutcome::Exception),
                        row("W-8", RowOutcome::Unmatched),
                    ],
                };
                let perform = authorize::<PerformTests>(&actor, &facts)?;
                record_census(tx, &mut env, &perform, &input)
            })
            .unwrap();
    }
}

#[test]
fn from_plan_to_proposal_at_the_command_line() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let plan = |basis: &str| {
            w.run(&[
                "plan",
                "--control",
                "IAM-05",
                "--code",
                "T-1",
                "--basis",
                basis,
                "--evidence",
                "records",
                "--items",
                "leavers",
                "--attribute",
                "access ended in time",
            ])
        };
        assert!(plan("everything").unwrap_err().contains("not a known basis"));
        let planned = plan("census").unwrap();
        assert!(plan("census").unwrap_err().contains("Another test is called T-1"));
        let conclude = |operation: &str| {
            w.run(&[
                "conclude",
                "--as",
                SIGNER,
                "--control",
                "IAM-05",
                "--design",
                "suitable",
                "--operation",
                operation,
                "--reason",
                "As tested.",
            ])
        };
        assert!(conclude("effective").unwrap_err().contains("no evidence yet"));
        w.census(planned.json["test"].as_str().unwrap().parse().unwrap());
        assert!(conclude("ineffective").unwrap_err().contains("not followed up"));
        w.run(&[
            "deviation",
            "--test",
            "T-1",
            "--facts",
            "Open for 30 hours.",
            "--cause",
            "Forgotten.",
            "--nature",
            "systematic",
        ])
        .unwrap();
        let judged = w.run(&[
            "judge",
            "--test",
            "T-1",
            "--outcome",
            "unmatched",
            "--row",
            "W-8",
            "--decision",
            "undetermined",
            "--reason",
            "No record.",
        ]);
        assert_eq!(judged.unwrap().json["rows"], 1);
        let unchecked = conclude("ineffective").unwrap_err();
        assert!(unchecked.contains("“Leavers” supports no conclusion yet"), "{unchecked}");
        w.capture_relied_on(t);
        assert_eq!(conclude("ineffective").unwrap().json["standing"], "stands");
        let proposal = w.run(&["opinion"]).unwrap();
        assert_eq!(
            proposal.json["open"]["criteria"][0], "CC1.1",
            "what nobody tested is open, and limits no scope"
        );
        assert!(
            proposal.text.starts_with("No opinion is proposed yet. On what is concluded so far: ")
        );
        let facts = w.run(&["opinion", "--facts"]).unwrap();
        let again = examination::cli::propose_from(facts.text.as_bytes()).unwrap();
        assert_eq!(serde_json::to_value(&again).unwrap(), proposal.json);
        let results = w.run(&["results"]).unwrap();
        assert!(
            results.text.contains("IAM-05 T-1 | Inspected records for all 8 leavers"),
            "{}",
            results.text
        );
        assert!(
            results.text.contains("Exception noted: for 2 of 8 leavers tested"),
            "{}",
            results.text
        );
        // A second signature is a person's.
        let second = w.run(&["second", "IAM-05", "--reason", "Yes."]).unwrap_err();
        assert!(second.contains("--as"), "{second}");
        let nobody = w.run(&["results", "--as", "nobody@firm.example"]).unwrap_err();
        assert!(nobody.contains("Nobody of the firm"), "{nobody}");
    });
}

impl World {
    fn freeze(&self, words: &[&str]) -> Result<Answer, String> {
        self.run(&[&["freeze", "--supplied-by", "organisation"], words].concat())
    }

    fn plan(&self, code: &str, basis: &str) {
        self.run(&[
            "plan",
            "--control",
            "IAM-05",
            "--code",
            code,
            "--basis",
            basis,
            "--evidence",
            "the records",
            "--items",
            "items",
            "--attribute",
            "the control operated",
        ])
        .unwrap();
    }

    fn examine(&self, words: &[&str]) -> serde_json::Value {
        self.run(words).unwrap_or_else(|e| panic!("{words:?}: {e}")).json
    }
}

/// Nobody picks a seed without saying where it comes from, and nobody draws until it suits them.
fn once_only(select: &dyn Fn(&[&str]) -> Result<Answer, String>) -> serde_json::Value {
    let early = ["--seed", "s", "--seed-source", "x", "--seed-drawn-at", "2025-06-01T00:00:00Z"];
    let early = select(&early).unwrap_err();
    assert!(early.contains("before the population was frozen"), "{early}");
    assert!(select(&["--seed", "demo-seed-1"]).is_err());
    let given = ["--seed", "demo-seed-1", "--seed-source", "The state lottery of 2 July"];
    let drawn = select(&given).unwrap().json;
    let other = ["--seed", "demo-seed-2", "--seed-source", "The second draw"];
    let again = select(&other).unwrap_err();
    assert!(again.contains("never drawn anew"), "{again}");
    assert_eq!(select(&[]).unwrap().json["selected"], drawn["selected"]);
    drawn
}

#[test]
fn frozen_rows_are_drawn_by_seed_drawn_again_and_counted() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let at = |name: &str| t.folder.path().join(name).to_string_lossy().into_owned();
        let mut csv = "change_id,merged_at,approved\n".to_owned();
        for n in 1..=60 {
            let approved = if n == 7 {
                "no"
            } else if n == 9 {
                ""
            } else {
                "yes"
            };
            csv.push_str(&format!("CHG-{n:03},2025-03-{:02}T10:00:00Z,{approved}\n", n % 28 + 1));
        }
        for (name, text) in
            [("changes.csv", csv.as_str()), ("changes.toml", SCHEMA), ("test.toml", TEST)]
        {
            std::fs::write(at(name), text).unwrap();
        }
        let frozen = w
            .freeze(&[&at("changes.csv"), "--schema", &at("changes.toml"), "--name", "Changes"])
            .unwrap_err();
        assert!(
            frozen.contains("first and the last day") && frozen.contains("2025-12-31"),
            "{frozen}"
        );
        let checks = checked(&t.folder.path().join("checks.toml"), 60);
        let words = [
            &at("changes.csv"),
            "--schema",
            &at("changes.toml"),
            "--name",
            "Changes",
            "--from",
            "2025-03-01",
            "--to",
            "2025-03-31",
        ];
        let unchecked = w.freeze(&[&words[..], &["--accept", "Totals agree."]].concat());
        assert!(unchecked.unwrap_err().contains("Check 9 is not done"));
        let frozen = w.freeze(&words).unwrap();
        assert_eq!(frozen.json["rows"], 60);
        let open = w.examine(&["checks", "--population", "Changes"]);
        assert!(open["open"].as_str().unwrap().contains("Check 10 is not done"), "{open}");
        let done = w.examine(&[
            "checks",
            "--population",
            "Changes",
            "--checks",
            &checks,
            "--accept",
            "Totals agree.",
        ]);
        assert_eq!((done["accepted"].as_bool(), done["open"].is_null()), (Some(true), true));
        w.plan("T-S", "judgemental");
        let select = |extra: &[&str]| {
            let mut words =
                vec!["select", "--test", "T-S", "--population", "Changes", "--size", "10"];
            words.extend_from_slice(extra);
            w.run(&words)
        };
        let drawn = once_only(&select);
        assert_eq!(drawn["selected"].as_array().unwrap().len(), 10);
        assert_eq!(drawn["population_sha256"], frozen.json["canonical_sha256"]);
        let checked = w.run(&["check", "--test", "T-S"]).unwrap();
        assert_eq!((checked.json["samples"].as_u64(), checked.no), (Some(2), false));
        w.plan("T-C", "census");
        let run = w.examine(&[
            "census",
            "--test",
            "T-C",
            "--procedure",
            &at("test.toml"),
            "--population",
            "changes=Changes",
        ]);
        let totals = ["population", "pass", "exceptions", "unmatched", "excluded"]
            .map(|n| run[n].as_u64().unwrap());
        assert_eq!(totals, [60, 58, 1, 1, 0]);
        let stranger = w.run(&[
            "census",
            "--test",
            "T-C",
            "--procedure",
            &at("test.toml"),
            "--population",
            "changes=Nothing",
        ]);
        assert!(stranger.unwrap_err().contains("no frozen population Nothing"));
    });
}

#[expect(
    clippy::disallowed_methods,
    reason = "the folder of real records is named by the environment"
)]
fn real_data(folder: &str) -> Option<std::path::PathBuf> {
    let root = std::env::var_os("TICKMARK_REAL_DATA").map(std::path::PathBuf::from);
    let found = root.map(|root| root.join(folder)).filter(|path| path.is_dir());
    if found.is_none() {
        eprintln!("not run: TICKMARK_REAL_DATA names no directory with {folder}");
    }
    found
}

/// Leavers of a quarter against its logons, and the changes of a year, from files to a proposed
/// opinion.
#[test]
#[expect(clippy::too_many_lines, reason = "one engagement, told in order")]
fn real_records_from_files_to_a_proposed_opinion() {
    let (Some(logons), Some(changes)) = (real_data("logons-cert"), real_data("changes-git")) else {
        return;
    };
    let t = TestDb::sqlite(&ROOMS);
    let w = World::new(&t);
    let path = |p: std::path::PathBuf| p.to_string_lossy().into_owned();
    let rosters: Vec<String> = (6..=10)
        .map(|m| format!("{}@2010-{m:02}", path(logons.join(format!("rosters/2010-{m:02}.csv")))))
        .collect();
    let mut words: Vec<&str> = rosters.iter().map(String::as_str).collect();
    words.extend(["--schema", "library:leavers-against-logons/roster.toml", "--name", "Rosters"]);
    let frozen = w.freeze(&words).unwrap();
    w.relied_on(&t, "Rosters", &frozen);
    let logon = path(logons.join("logon-2010Q3.csv.gz"));
    let frozen = w
        .freeze(&[
            &logon,
            "--schema",
            "library:leavers-against-logons/logons.toml",
            "--name",
            "Logons",
            "--from",
            "2010-07-01",
            "--to",
            "2010-09-30",
        ])
        .unwrap();
    w.relied_on(&t, "Logons", &frozen);
    assert_eq!(frozen.json["rows"], 161_362);
    w.plan("T-LEAVERS", "census");
    let run = w.examine(&[
        "census",
        "--test",
        "T-LEAVERS",
        "--library",
        "leavers-against-logons",
        "--population",
        "rosters=Rosters",
        "--population",
        "logons=Logons",
        "--param",
        "roster_reading=end-of-month",
        "--param",
        "period_from=2010-07-01",
        "--param",
        "period_to=2010-09-30",
    ]);
    let totals = |run: &serde_json::Value| {
        ["population", "pass", "exceptions", "unmatched", "excluded"]
            .map(|n| run[n].as_u64().unwrap())
    };
    assert_eq!(totals(&run), [34, 21, 0, 13, 0]);
    w.examine(&[
        "judge",
        "--test",
        "T-LEAVERS",
        "--outcome",
        "unmatched",
        "--decision",
        "undetermined",
        "--reason",
        "The list of logons ends with the quarter.",
    ]);
    let change_file = path(changes.join("changes-2025.csv"));
    let frozen = w
        .freeze(&[
            &change_file,
            "--schema",
            "library:changes-second-person/changes.toml",
            "--name",
            "Changes",
            "--from",
            "2025-01-01",
            "--to",
            "2025-12-31",
        ])
        .unwrap();
    w.relied_on(&t, "Changes", &frozen);
    w.plan("T-CHANGES", "census");
    let run = w.examine(&[
        "census",
        "--test",
        "T-CHANGES",
        "--library",
        "changes-second-person",
        "--population",
        "changes=Changes",
    ]);
    assert_eq!(totals(&run), [2_036, 0, 1, 2_035, 0]);
    w.examine(&[
        "deviation",
        "--test",
        "T-CHANGES",
        "--facts",
        "One change was pushed without a pull request.",
        "--cause",
        "The main line is not protected against pushes.",
        "--nature",
        "isolated",
    ]);
    w.examine(&[
        "judge",
        "--test",
        "T-CHANGES",
        "--outcome",
        "unmatched",
        "--decision",
        "undetermined",
        "--reason",
        "Version control does not record the merger.",
    ]);
    w.plan("T-SAMPLE", "judgemental");
    let drawn =
        w.examine(&["select", "--test", "T-SAMPLE", "--population", "Changes", "--size", "25"]);
    assert_eq!(drawn["selected"].as_array().unwrap().len(), 25);
    assert!(!w.run(&["check", "--test", "T-SAMPLE"]).unwrap().no);
    // The sample is open, so nothing is concluded from the finished runs alone.
    let early = w.run(&[
        "conclude",
        "--as",
        SIGNER,
        "--control",
        "IAM-05",
        "--design",
        "suitable",
        "--operation",
        "ineffective",
        "--reason",
        "As tested.",
    ]);
    assert!(early.unwrap_err().contains("25 selected items have no result"));
    let proposal = w.examine(&["opinion"]);
    assert!(proposal["headline"].is_string());
    let results = w.run(&["results"]).unwrap();
    assert!(results.text.contains("for all 34 items"), "{}", results.text);
    assert!(
        results.text.contains("Exception noted: for 2036 of 2036 items tested"),
        "{}",
        results.text
    );
}

#[test]
fn a_team_is_staffed_and_an_engagement_accepted_at_the_command_line() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let mut env = w.cx.env();
        let firm = w.cx.db.write_blocking(move |tx| {
            let add = identity::service::add_person_directly;
            let roles = [Role::QualityReviewer];
            add(tx, &mut env, party(2), "eqr@hale.example", "Eve Quin", &roles)
        });
        firm.unwrap();
        let assign = |who: &str, role: &str| {
            let words = ["assign", "--as", SIGNER, "--person", who, "--role", role];
            w.run(&[&words[..], &["--from", "2026-01-01"]].concat())
        };
        assert!(assign("eqr@hale.example", "partner").unwrap_err().contains("does not hold"));
        assign("eqr@hale.example", "quality_reviewer").unwrap();
        assign(SIGNER, "partner").unwrap();
        let firm = ["firm", "--as", SIGNER, "--licence", "F-2", "--jurisdiction", "Ohio"];
        w.run(&[&firm[..], &["--expires", "2099-12-31", "--office", "Columbus"]].concat()).unwrap();
        let accept = |who: &str| w.run(&["accept", "--as", who, "--reason", "All is met."]);
        let assess = |met: &[&str]| {
            let mut words = vec!["assess", "--as", SIGNER, "--integrity", "Nothing adverse."];
            met.iter().for_each(|m| words.extend(["--met", m]));
            w.run(&words)
        };
        assert!(assess(&["independence"]).unwrap_err().contains("equals sign"));
        assess(&["independence=Confirmed."]).unwrap();
        assert!(accept("eqr@hale.example").unwrap_err().contains("is not met"));
        assess(&[
            "independence=Confirmed.",
            "subject_matter=A platform.",
            "criteria=Published.",
            "evidence=Promised.",
            "written_report=Agreed.",
            "competence=They know it.",
        ])
        .unwrap();
        assert!(accept(SIGNER).unwrap_err().contains("does not decide"));
        assert!(accept("eqr@hale.example").unwrap_err().contains("confirmation of independence"));
        w.run(&["independent", "--as", "eqr@hale.example"]).unwrap();
        accept("eqr@hale.example").unwrap();
        assert!(accept("eqr@hale.example").unwrap_err().contains("decided already"));
    });
}
