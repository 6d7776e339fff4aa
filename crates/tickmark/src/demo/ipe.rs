//! July: a list that does not reconcile with its second source and waits for an explanation, an empty
//! list with its proven zero, and the retrieval of the lists that were accepted.

use super::Story;
use super::examined::{LEFT, engagement_period, frozen};
use super::listed::{NEW_WORKERS, list_of};
use super::people::Cast;
use examination::engine::{self, Declared, FreezeInput, SourceFile, Span};
use examination::ipe::model::{
    CheckAnswer, Count, Counted, Generator, Outcome, Reconciliation, Retrieval, ZeroProof,
};
use examination::ipe::service;
use examination::model::{PopulationId, PopulationJudgement};
use examination::permits::KeepPopulations;
use examination::service::register;
use examination::supplied::model::{Kind, Origin};
use kernel::refusal::Refusal;
use platform::db::Result;
use sha2::{Digest as _, Sha256};

/// Records how a list was made, and answers what only a person can.
pub(super) fn retrieved(
    story: &Story<'_>,
    cast: &Cast,
    population: PopulationId,
    system: &str,
    query: &str,
    operates_control: bool,
) -> Result<()> {
    let period = engagement_period(story, cast)?;
    let (from, to) = (period.start().strftime("%-d %B"), period.end().strftime("%-d %B %Y"));
    let span = format!("{from} to {to}");
    let made = Retrieval {
        system: system.into(),
        generator: Generator::Export,
        query: query.into(),
        parameters: format!("{span}, America/New_York, no filter"),
        made_by: "Mei Tanaka".into(),
        made_at: story.now(),
        output_sha256: None,
        observed: operates_control,
        operates_control,
        collector: None,
    };
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        service::record_retrieval(tx, env, permit, population, &made)
    })?;
    let capture = super::examined::population_of(story, cast, population)?
        .coverage
        .is_some_and(|covered| covered.kind == Kind::Capture);
    let asked = format!("The export was asked for {span}, the whole period.");
    let answers = [
        (1, "The number of rows is the one that the system showed for the same query."),
        (2, asked.as_str()),
        (
            8,
            "Five items were picked from the badge system and the mail server; all are in the list.",
        ),
        (9, "Five rows were traced to the records they name; all agree."),
    ];
    for (check, detail) in answers {
        // A capture has no period that an export could miss.
        if check == 2 && capture {
            continue;
        }
        let answer =
            CheckAnswer { outcome: Outcome::Pass, detail: detail.into(), evidence: Vec::new() };
        story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
            service::answer_check(tx, env, permit, population, check, &answer)
        })?;
    }
    Ok(())
}

pub(super) fn reconciled(
    story: &Story<'_>,
    cast: &Cast,
    population: PopulationId,
    source: &str,
    [opening, additions, removals, returns]: [u64; 4],
) -> Result<()> {
    let counts = Reconciliation {
        source: source.into(),
        opening,
        additions,
        removals,
        returns,
        lists: Vec::new(),
    };
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        service::reconcile(tx, env, permit, population, &counts)
    })
}

/// The case register itself, frozen by this deployment as it stands in the period.
fn register(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let period = engagement_period(story, cast)?;
    let (owner, of) = (cast.organisation, period.clone());
    let found = story.deployment.db.read_blocking(|conn| register::extract(conn, owner, &of))?;
    let (query, count) = (found.query.clone(), found.count);
    let sha256 = hex::encode(Sha256::digest(&found.rows));
    let whole = Span { from: period.start(), to: period.end() };
    let zone = format!("\"{}\"", period.zone().name());
    let input = FreezeInput {
        schema: register::schema()?.replace("\"UTC\"", &zone),
        name: "Cases opened in the period".into(),
        source: found.query.clone(),
        controls: vec![story.control(cast, "INC-03")?],
        span: Some(whole),
        period,
        origin: Origin::Register,
        declared: Declared {
            control_total: Some(found.count),
            window: Some(whole),
            generated_at: Some(story.now().to_jiff()),
            source_sha256: Some(sha256.clone()),
            reconciliation: None,
        },
        sources: vec![SourceFile {
            name: "case-register.json".into(),
            reader: Box::new(std::io::Cursor::new(found.rows)),
            speaks_for: None,
        }],
    };
    let body = engine::freeze(&story.deployment.blobs, story.now(), input, &())?;
    let made = register::retrieval(&sha256, &query, "Dev Raman".into(), story.now());
    let counts = Reconciliation {
        source: "the control totals of the doors".into(),
        opening: count,
        additions: 0,
        removals: 0,
        returns: 0,
        lists: Vec::new(),
    };
    let traced = [
        (
            8,
            "Five reports were picked from the mailbox and the hotline's sheet; all are in the list.",
        ),
        (9, "Five rows were traced to the entries of the log that they come from; all agree."),
    ];
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        let id = examination::service::record_population(tx, env, permit, &body)?;
        service::record_retrieval(tx, env, permit, id, &made)?;
        service::reconcile(tx, env, permit, id, &counts)?;
        for (check, detail) in traced {
            let answer =
                CheckAnswer { outcome: Outcome::Pass, detail: detail.into(), evidence: Vec::new() };
            service::answer_check(tx, env, permit, id, check, &answer)?;
        }
        let reason = "Every check is done, and the doors counted as many.".into();
        let yes = PopulationJudgement { accepted: true, reason };
        examination::service::judge_population(tx, env, permit, id, 1, &yes)
    })
}

/// The staff list, which lacks one worker whom the payroll has; and a list without rows.
pub(super) fn complete(story: &Story<'_>, cast: &Cast) -> Result<()> {
    register(story, cast)?;
    // Everybody of a year before who did not leave, and who joined in the period.
    let mut rows = String::new();
    for n in 1..=149_u32 {
        let worker = format!("W-{n:03}");
        if LEFT.iter().any(|(left, _)| *left == worker) {
            continue;
        }
        let kind = if n % 9 == 0 { "contractor" } else { "employee" };
        let joined = NEW_WORKERS.iter().find(|(new, _)| *new == worker);
        let since = joined.map_or_else(|| format!("2024-{:02}-01", n % 12 + 1), |j| j.1.to_owned());
        rows.push_str(&format!(
            "{{\"person_id\":\"{worker}\",\"work_email\":\"w{n:03}@alder.example\",\"worker_type\":\"{kind}\",\"start_date\":\"{since}\",\"end_date\":null,\"end_at\":null,\"notified_at\":null,\"involuntary\":null,\"work_zone\":\"America/New_York\"}}\n"
        ));
    }
    let schema = engine::library_schema("leaver-access-removed/workers.toml")?;
    let staff =
        frozen(story, cast, "IAM-05", schema, "Workers on 30 June", "workers.ndjson", rows)?;
    retrieved(story, cast, staff, "HR system", "Report “All workers”, status active", false)?;
    let held = |count, name: &str| -> Result<Counted> {
        let list = list_of(story, cast, name)?.ok_or(Refusal::NotFound)?;
        Ok(Counted { count, list, name: String::new(), rows: 0 })
    };
    let counts = Reconciliation {
        source: "the payroll of June".into(),
        opening: 141,
        additions: 8,
        removals: 16,
        returns: 1,
        lists: vec![
            held(Count::Additions, "New workers of the period")?,
            held(Count::Removals, "Leavers of the period")?,
        ],
    };
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        service::reconcile(tx, env, permit, staff, &counts)
    })?;

    let schema = engine::library_schema("bypasses-reviewed/bypasses.toml")?;
    let none = "event_id,at,actor,repository\n".to_owned();
    let zero =
        frozen(story, cast, "CHG-02", schema, "Bypasses of protection", "bypasses.csv", none)?;
    retrieved(
        story,
        cast,
        zero,
        "Code host",
        "Audit log, action protected_branch.policy_override",
        false,
    )?;
    reconciled(story, cast, zero, "the log of the mirror", [0, 0, 0, 0])?;
    let proof = ZeroProof {
        how: "The code host’s own log and the mirror agree that the protection was not bypassed in the period; a bypass made on purpose in a sandbox appeared in both.".into(),
        evidence: Vec::new(),
    };
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        service::prove_zero(tx, env, permit, zero, &proof)?;
        let yes = PopulationJudgement { accepted: true, reason: "The zero is proven.".into() };
        examination::service::judge_population(tx, env, permit, zero, 1, &yes)
    })
}
