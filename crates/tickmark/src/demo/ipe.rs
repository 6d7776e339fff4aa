//! July: a list that does not reconcile with its second source and waits for an explanation, an empty
//! list with its proven zero, and the retrieval of the lists that were accepted.

use super::Story;
use super::examined::frozen;
use super::people::Cast;
use examination::engine;
use examination::ipe::model::{
    CheckAnswer, Generator, Outcome, Reconciliation, Retrieval, ZeroProof,
};
use examination::ipe::service;
use examination::model::{PopulationId, PopulationJudgement};
use examination::permits::KeepPopulations;
use platform::db::Result;

/// Records how a list was made, and answers what only a person can.
pub(super) fn retrieved(
    story: &Story<'_>,
    cast: &Cast,
    population: PopulationId,
    system: &str,
    query: &str,
    operates_control: bool,
) -> Result<()> {
    let made = Retrieval {
        system: system.into(),
        generator: Generator::Export,
        query: query.into(),
        parameters: "1 January to 30 June 2026, America/New_York, no filter".into(),
        made_by: "Mei Tanaka".into(),
        made_at: story.now(),
        output_sha256: None,
        observed: operates_control,
        operates_control,
    };
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        service::record_retrieval(tx, env, permit, population, &made)
    })?;
    let answers = [
        (
            8,
            "Five items were picked from the badge system and the mail server; all are in the list.",
        ),
        (9, "Five rows were traced to the records they name; all agree."),
    ];
    for (check, detail) in answers {
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
    let counts = Reconciliation { source: source.into(), opening, additions, removals, returns };
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        service::reconcile(tx, env, permit, population, &counts)
    })
}

/// The staff list, which lacks one worker whom the payroll has; and a list without rows.
pub(super) fn complete(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let mut rows = String::new();
    for n in 1..=133_u32 {
        let kind = if n % 9 == 0 { "contractor" } else { "employee" };
        rows.push_str(&format!(
            "{{\"person_id\":\"W-{n:03}\",\"work_email\":\"w{n:03}@ledgerly.example\",\"worker_type\":\"{kind}\",\"start_date\":\"2024-{:02}-01\",\"end_date\":null,\"end_at\":null,\"notified_at\":null,\"involuntary\":null,\"work_zone\":\"America/New_York\"}}\n",
            n % 12 + 1
        ));
    }
    let schema = engine::library_schema("leaver-access-removed/workers.toml")?;
    let staff =
        frozen(story, cast, "IAM-05", schema, "Workers on 30 June", "workers.ndjson", rows)?;
    retrieved(story, cast, staff, "HR system", "Report “All workers”, status active", false)?;
    reconciled(story, cast, staff, "the payroll of June", [120, 34, 21, 1])?;

    let schema = engine::library_schema("bypasses-reviewed/bypasses.toml")?;
    let none = "event_id,at,actor,repository\n".to_owned();
    let zero =
        frozen(story, cast, "CHG-02", schema, "Bypasses of protection, May", "bypasses.csv", none)?;
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
        how: "The code host’s own log and the mirror agree that the protection was not bypassed in May; a bypass made on purpose in a sandbox appeared in both.".into(),
        evidence: Vec::new(),
    };
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        service::prove_zero(tx, env, permit, zero, &proof)?;
        let yes = PopulationJudgement { accepted: true, reason: "The zero is proven.".into() };
        examination::service::judge_population(tx, env, permit, zero, 1, &yes)
    })
}
