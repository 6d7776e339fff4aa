//! What Alder Payroll promised, what that requires, and the controls that carry it.

use super::people::Cast;
use super::{Story, permit};
use commitments::model::{RequirementKind, Source};
use commitments::permits::ManageCommitments;
use commitments::service::{
    CommitmentInput, RequirementInput, state_commitment, state_requirement,
};
use controls::model::{ControlId, ControlText};
use controls::permits::ManageControls;
use controls::service::state_control;
use kernel::ids::EngagementId;
use kernel::period::Period;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::db::Result;
use scope::catalogue::{Catalogue, Category};
use scope::model::{AssumedControl, ComponentKind, EngagementState, ReportType, SubserviceMethod};
use scope::permits::{DescribeSystem, JoinFirm, ManageEngagement, MoveEngagement};
use scope::service::{
    ComponentInput, EngagementInput, SubserviceInput, describe_component, describe_subservice,
    join_firm, move_on, open_engagement, state_user_entity_controls,
};

/// What later chapters need.
#[derive(Debug, Clone)]
pub struct Register {
    /// The engagement.
    pub engagement: EngagementId,
    /// Its controls, by code.
    pub controls: Vec<(String, ControlId)>,
}

/// Controls of the catalogue that Alder Payroll runs.
const CONTROLS: [&str; 16] = [
    "GOV-01", "HR-04", "COM-01", "COM-03", "COM-08", "RSK-02", "MON-01", "IAM-02", "IAM-04",
    "IAM-05", "IAM-07", "CHG-02", "INC-03", "LOG-02", "AVL-04", "AVL-09",
];

pub(super) fn write_down(story: &Story<'_>, cast: &Cast) -> Result<Register> {
    let engagement = engagement(story, cast)?;
    system(story, cast)?;
    promises(story, cast)?;
    let controls = controls(story, cast)?;
    Ok(Register { engagement, controls })
}

fn engagement(story: &Story<'_>, cast: &Cast) -> Result<EngagementId> {
    let period = Period::parse("2026-01-01", "2026-06-30", "America/New_York")
        .map_err(|e| Refusal::input(e.to_string()))?;
    let input = EngagementInput {
        name: "SOC 2 Type 2, first half of 2026".into(),
        system_name: "Alder Payroll Platform".into(),
        report_type: ReportType::Type2,
        period,
        categories: vec![Category::Security, Category::Availability],
    };
    let lead = cast.lead.clone();
    let id = story.run(move |tx, env| {
        open_engagement(tx, env, &permit::<ManageEngagement>(&lead)?, &input)
    })?;
    let (lead, firm, manager) = (cast.lead.clone(), cast.firm, cast.manager.clone());
    story.run(move |tx, env| {
        let facts = scope::facts(tx, id)?;
        join_firm(tx, env, &authorize::<JoinFirm>(&lead, &facts)?, firm)
    })?;
    story.run(move |tx, env| {
        let facts = scope::facts(tx, id)?;
        move_on(
            tx,
            env,
            &authorize::<MoveEngagement>(&manager, &facts)?,
            EngagementState::Fieldwork,
        )
    })?;
    Ok(id)
}

fn system(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let parts = [
        (
            ComponentKind::Infrastructure,
            "Two cloud regions",
            "Run the platform in two isolated zones each.",
            "Ohio and Oregon",
        ),
        (
            ComponentKind::Software,
            "Payroll engine",
            "Computes pay, tax and transfers.",
            "Both regions",
        ),
        (
            ComponentKind::Software,
            "Customer portal",
            "Where employers enter hours and see results.",
            "Both regions",
        ),
        (
            ComponentKind::People,
            "Platform team",
            "Builds and runs the platform around the clock.",
            "Remote, United States and Portugal",
        ),
        (
            ComponentKind::Procedures,
            "Incident response",
            "Says who does what when something fails.",
            "Company handbook",
        ),
        (
            ComponentKind::Data,
            "Payroll records",
            "Pay, tax and bank details of customers' staff.",
            "Encrypted databases in Ohio",
        ),
    ];
    for (kind, name, purpose, location) in parts {
        let lead = cast.lead.clone();
        let owner = cast.engineer.person;
        story.run(move |tx, env| {
            let input = ComponentInput {
                kind,
                name: name.into(),
                purpose: purpose.into(),
                owner,
                location: location.into(),
            };
            describe_component(tx, env, &permit::<DescribeSystem>(&lead)?, &input)
        })?;
    }
    let criterion =
        |id: &str| id.parse().map_err(|_| Refusal::input(format!("{id} is not a criterion")));
    let (physical, removal) = (criterion("CC6.4")?, criterion("CC6.2")?);
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        let input = SubserviceInput {
            name: "Northfield Cloud".into(),
            service: "Hosting of the platform in two regions".into(),
            method: SubserviceMethod::CarveOut,
            assumed_controls: vec![AssumedControl {
                statement: "Restrict physical entry to data centres to approved people.".into(),
                criteria: vec![physical],
            }],
        };
        describe_subservice(tx, env, &permit::<DescribeSystem>(&lead)?, &input)
    })?;
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        let controls = [AssumedControl {
            statement: "Remove portal users who leave the customer's employment.".into(),
            criteria: vec![removal],
        }];
        state_user_entity_controls(tx, env, &permit::<DescribeSystem>(&lead)?, &controls)
    })
}

fn promises(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let source =
        |reference: &str| vec![Source { kind: "contract".into(), reference: reference.into() }];
    let uptime = CommitmentInput {
        code: "SC-01".into(),
        category: Category::Availability,
        statement: "Monthly availability of the portal is at least 99.9 %, excluding announced maintenance of up to four hours a month.".into(),
        principal: true,
        sources: source("Service agreement, clause 5.1"),
        owner: cast.engineer.person,
    };
    let leavers = CommitmentInput {
        code: "SC-02".into(),
        category: Category::Security,
        statement:
            "Access of people who leave Alder Payroll is removed from every system within 24 hours."
                .into(),
        principal: true,
        sources: source("Security schedule, section 3"),
        owner: cast.engineer.person,
    };
    let mut ids = Vec::new();
    for input in [uptime, leavers] {
        let lead = cast.lead.clone();
        ids.push(story.run(move |tx, env| {
            state_commitment(tx, env, &permit::<ManageCommitments>(&lead)?, None, &input)
        })?);
    }
    let requirements = [
        (
            "SR-01",
            RequirementKind::Technology,
            "The portal runs in two zones with automatic failover, probed each minute.",
            0,
            "A1.2",
        ),
        (
            "SR-02",
            RequirementKind::Process,
            "Availability is computed each month by the documented rule and misses are reviewed.",
            0,
            "A1.1",
        ),
        (
            "SR-03",
            RequirementKind::Process,
            "Departures reach the platform team the same day and accounts are disabled.",
            1,
            "CC6.2",
        ),
        (
            "SR-04",
            RequirementKind::People,
            "A trained engineer is on call around the clock.",
            0,
            "CC7.4",
        ),
    ];
    for (code, kind, statement, commitment, criterion) in requirements {
        let lead = cast.lead.clone();
        let needed = ids[commitment];
        let criterion = criterion.parse().map_err(|_| Refusal::input("a criterion"))?;
        story.run(move |tx, env| {
            let input = RequirementInput {
                code: code.into(),
                kind,
                statement: statement.into(),
                commitments: vec![needed],
                criteria: vec![criterion],
            };
            state_requirement(tx, env, &permit::<ManageCommitments>(&lead)?, None, &input)
        })?;
    }
    Ok(())
}

fn controls(story: &Story<'_>, cast: &Cast) -> Result<Vec<(String, ControlId)>> {
    let mut made = Vec::new();
    for code in CONTROLS {
        let row = Catalogue::built_in()
            .control(code)
            .ok_or_else(|| Refusal::input(format!("{code} is not in the catalogue")))?;
        let text = ControlText {
            code: code.to_owned(),
            statement: row.statement.clone(),
            frequency: row.frequency,
            owner_role: row.owner_role.to_string(),
            owner: cast.engineer.person,
            control_type: row.control_type,
            nature: row.nature,
            criteria: row.criteria.clone(),
            requirements: Vec::new(),
        };
        let lead = cast.lead.clone();
        let id = story.run(move |tx, env| {
            state_control(tx, env, &permit::<ManageControls>(&lead)?, None, &text)
        })?;
        made.push((code.to_owned(), id));
    }
    Ok(made)
}
