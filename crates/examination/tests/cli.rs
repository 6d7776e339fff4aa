//! The firm's file from the command line, on both databases.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use clap::Parser;
use controls::model::ControlText;
use controls::permits::ManageControls;
use examination::cli::examine::ExamineCommand;
use examination::model::{
    CensusBody, CensusRow, PopulationBody, PopulationUse, RowOutcome, TestId,
};
use examination::permits::{KeepPopulations, PerformTests};
use examination::service::{CensusInput, record_census, record_population};
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
use scope::catalogue::{Category, ControlType, Frequency, Nature};
use scope::model::ReportType;
use scope::permits::{JoinFirm, ManageEngagement};
use scope::service::EngagementInput;
use std::collections::BTreeMap;
use std::sync::Arc;

const ROOMS: [Room; 6] = [
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    evidence::ROOM,
    examination::ROOM,
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

fn set_up(t: &TestDb) -> EngagementId {
    let mut e = env();
    t.db.write_blocking(move |tx| {
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
        let edge = Arc::new(FixedEdge::new(env().now().plus_seconds(60), [4; 32]));
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
                    key: vec!["id".into()],
                    columns: serde_json::json!([]),
                    checks: serde_json::json!([]),
                    source: String::new(),
                    speaks_for: Vec::new(),
                    rows_blob: blob.clone(),
                    record_blob: blob.clone(),
                    frozen_at: now,
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
        assert_eq!(conclude("ineffective").unwrap().json["standing"], "stands");
        let proposal = w.run(&["opinion"]).unwrap();
        assert_eq!(
            proposal.json["prongs"]["operation"]["criteria"][0], "CC1.1",
            "what nobody tested is unknown"
        );
        assert!(proposal.text.starts_with("Proposed opinion: "));
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
